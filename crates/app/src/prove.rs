//! The journal's chain, for somebody to keep and check.

use crate::{App, Error, Subject};
use access::{Action, Actor};
use std::io::Write;
use store::journal::{self, proof};

impl App {
    /// Writes the chain of the whole journal: the digest of every row up to now. The making
    /// of it is the next row.
    ///
    /// # Errors
    /// Not allowed, the writer's, or the store's.
    pub fn prove_journal(&self, actor: &Actor, out: &mut dyn Write) -> Result<proof::Head, Error> {
        let allowed = access::decide(actor, Action::CheckStore)?;
        let failed =
            |error: std::io::Error| Error::Policy(format!("the proof cannot be written: {error}"));
        let (rows, hash) = self.store().read(journal::head)?;
        let head = proof::Head {
            place: self.store().place().to_string(),
            made: self.now().to_string(),
            rows,
            hash,
        };
        proof::begin(out, &head).map_err(failed)?;
        let mut done = 0;
        while done < rows {
            let digests = self.store().read(|tx| journal::digests(tx, done))?;
            if digests.is_empty() {
                return Err(Error::Policy(format!(
                    "the journal ends at row {done} and should at {rows}"
                )));
            }
            for digest in digests
                .iter()
                .take(usize::try_from(rows - done).unwrap_or(usize::MAX))
            {
                writeln!(out, "{digest}").map_err(failed)?;
                done += 1;
            }
        }
        self.store().write(|tx| {
            let subject = Subject {
                thing: "journal".to_owned(),
                results: usize::try_from(rows).unwrap_or(usize::MAX),
                ..Subject::default()
            };
            self.record(
                tx,
                actor,
                allowed,
                journal::Kind::Look,
                "prove the journal",
                subject,
            )
        })?;
        Ok(head)
    }
}
