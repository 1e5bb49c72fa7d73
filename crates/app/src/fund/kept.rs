//! Files of a fund, kept among the ledger's as they came: those that are taken, and those that are
//! refused with what was wrong.

use crate::{App, Error, FieldError, Subject};
use ::fund::ledger::Code;
use access::{Action, Actor, Allowed};
use kernel::{InboxId, limits};
use sha2::{Digest, Sha256};
use store::ledger::{File, KeptFile};
use store::{Tx, journal, ledger};

/// A file as it is handed in: its name and its bytes.
pub(super) type Given<'a> = (&'a str, &'a [u8]);

/// Longest text that is typed about a fund, in characters.
pub(super) const WORDS: usize = 4_000;

impl App {
    /// A page of the files that were kept of funds and of their ledger, newest first: all, or those of
    /// which something was refused. Pages count from 1.
    ///
    /// # Errors
    /// Not allowed, or the store's.
    pub fn fund_files(
        &self,
        actor: &Actor,
        only_refused: bool,
        page: u64,
    ) -> Result<Vec<KeptFile>, Error> {
        let allowed = access::decide(actor, Action::SeeLedger)?;
        let size = limits::ROWS_A_PAGE as u64;
        let from = page.saturating_sub(1).saturating_mul(size);
        self.store().write(|tx| {
            let files = ledger::files(tx, only_refused, (from, size))?;
            let subject = Subject {
                thing: "files of funds".to_owned(),
                results: files.len(),
                ..Subject::default()
            };
            self.looked(tx, actor, allowed, Action::SeeLedger, subject)?;
            Ok(files)
        })
    }

    /// The bytes of a kept file, as they came.
    ///
    /// # Errors
    /// Not allowed, not there, not as it came, or the store's.
    pub fn fund_file(&self, actor: &Actor, id: InboxId) -> Result<Vec<u8>, Error> {
        let allowed = access::decide(actor, Action::SeeLedger)?;
        self.store().write(|tx| {
            let bytes = bytes_of(tx, id)?;
            let subject = Subject {
                thing: format!("file {id}"),
                results: 1,
                ..Subject::default()
            };
            self.looked(tx, actor, allowed, Action::SeeLedger, subject)?;
            Ok(bytes)
        })
    }

    /// Keeps a file in an open transaction.
    pub(super) fn put_fund_file(
        &self,
        tx: &mut dyn Tx,
        actor: &Actor,
        id: InboxId,
        (name, bytes): Given<'_>,
    ) -> Result<(), Error> {
        let name: String = name.chars().take(200).collect();
        let sha256 = Sha256::digest(bytes);
        let file = File {
            id,
            name: &name,
            sha256: sha256.as_slice(),
            bytes,
        };
        Ok(ledger::put_file(
            tx,
            &file,
            (self.now(), &actor.display_name),
        )?)
    }

    /// Keeps a file that is refused, with what was wrong, and gives that as the error.
    pub(super) fn refuse_fund_file(
        &self,
        (actor, allowed): (&Actor, Allowed),
        given: Given<'_>,
        wrong: &[String],
    ) -> Result<Error, Error> {
        let id = self.ids().inbox();
        let kept: Vec<&str> = wrong
            .iter()
            .take(limits::ISSUES_KEPT)
            .map(String::as_str)
            .collect();
        self.store().write(|tx| {
            self.put_fund_file(tx, actor, id, given)?;
            ledger::settle_file(tx, id, [0, 0, 1], &kept.join("\n"))?;
            let subject = Subject {
                thing: format!("file {id}"),
                detail: format!("refused, {} faults", wrong.len()),
                ..Subject::default()
            };
            let kind = journal::Kind::Load;
            self.record(tx, actor, allowed, kind, "fund: refuse file", subject)
        })?;
        let errors = wrong.iter().map(|text| FieldError {
            field: "file",
            text: text.clone(),
        });
        Ok(Error::Invalid(errors.collect()))
    }
}

/// Refuses a file that is too large before anything of it is read.
pub(super) fn not_too_large(bytes: &[u8]) -> Result<(), Error> {
    let most = limits::RECORD_BYTES;
    match bytes.len() > most {
        true => Err(Error::invalid(
            "file",
            format!("is larger than {} MiB", most >> 20),
        )),
        false => Ok(()),
    }
}

/// A kept file's bytes.
pub(super) fn bytes_of(tx: &mut dyn Tx, file: InboxId) -> Result<Vec<u8>, Error> {
    let (bytes, _) = ledger::file_bytes(tx, file)?.ok_or(Error::NotFound("file"))?;
    Ok(bytes)
}

/// The code of a fund, as it was typed.
pub(super) fn fund_code(fund: &str) -> Result<Code, Error> {
    fund.trim()
        .parse()
        .map_err(|error: ::fund::ledger::NameError| Error::invalid("fund", error.to_string()))
}

/// Words that must be there and not be too long.
pub(super) fn needed(field: &'static str, text: &str, missing: &str) -> Result<String, Error> {
    let text = text.trim();
    match text.chars().count() {
        0 => Err(Error::invalid(field, missing)),
        long if long > WORDS => Err(Error::invalid(
            field,
            format!("Use at most {WORDS} characters"),
        )),
        _ => Ok(text.to_owned()),
    }
}
