//! Agreements of pooled funds: kept as they came, a version each, and the one in force on a day.

use super::kept::{bytes_of, fund_code, not_too_large};
use crate::{App, Error, Subject};
use ::fund::agreement::{self, Agreement};
use ::fund::ledger::Code;
use ::fund::tie;
use access::{Action, Actor};
use jiff::civil::Date;
use store::fund::{self as rows, AgreementRow};
use store::{Tx, journal};

/// A version of an agreement, and whether it stands on the day of asking.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AgreementVersion {
    /// Fund, number, title, days, who kept it and when.
    pub row: AgreementRow,
    /// It is the one in force today.
    pub in_force: bool,
}

/// A version with what it says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeptAgreement {
    /// Fund, number, title, days, who kept it and when.
    pub row: AgreementRow,
    /// What it says.
    pub agreement: Agreement,
    /// Its file as it came.
    pub text: String,
}

impl App {
    /// Every version of every fund's agreement, by fund and number.
    ///
    /// # Errors
    /// Not allowed, or the store's.
    pub fn fund_agreements(&self, actor: &Actor) -> Result<Vec<AgreementVersion>, Error> {
        access::decide(actor, Action::SeeLedger)?;
        let today = self.today();
        let all = self.store().read(rows::agreements)?;
        let versions = all.iter().map(|row| AgreementVersion {
            in_force: in_force(&all, &row.fund, today).is_some_and(|one| one.number == row.number),
            row: row.clone(),
        });
        Ok(versions.collect())
    }

    /// The agreement of a fund that is in force on a day: of those whose days hold it, the one that
    /// was kept last.
    ///
    /// # Errors
    /// Not allowed, none is in force, or the store's.
    pub fn fund_agreement_on(
        &self,
        actor: &Actor,
        fund: &Code,
        on: Date,
    ) -> Result<KeptAgreement, Error> {
        access::decide(actor, Action::SeeLedger)?;
        self.store()
            .read(|tx| standing(tx, fund, on)?.ok_or(Error::NotFound("agreement in force")))
    }

    /// One version of a fund's agreement.
    ///
    /// # Errors
    /// Not allowed, not there, or the store's.
    pub fn fund_agreement_version(
        &self,
        actor: &Actor,
        fund: &Code,
        number: i64,
    ) -> Result<KeptAgreement, Error> {
        access::decide(actor, Action::SeeLedger)?;
        self.store().read(|tx| version(tx, fund, number))
    }

    /// Keeps a new version of a fund's agreement. A file with a fault is kept too, and refused with
    /// every fault.
    ///
    /// # Errors
    /// Not allowed, too large, with a fault ([`Error::Invalid`], one entry a fault), just as the
    /// last one, or the store's.
    pub fn keep_fund_agreement(
        &self,
        actor: &Actor,
        fund: &str,
        (name, bytes): (&str, &[u8]),
    ) -> Result<AgreementRow, Error> {
        let allowed = access::decide(actor, Action::PostLedger)?;
        let fund = fund_code(fund)?;
        not_too_large(bytes)?;
        let new = read(bytes).and_then(|agreement| match tie::faults_of_sources(&agreement) {
            wrong if wrong.is_empty() => Ok(agreement),
            wrong => Err(wrong.iter().map(ToString::to_string).collect()),
        });
        let agreement = match new {
            Ok(agreement) => agreement,
            Err(wrong) => {
                return Err(self.refuse_fund_file((actor, allowed), (name, bytes), &wrong)?);
            }
        };
        let file = self.ids().inbox();
        self.store().write(|tx| {
            let all = rows::agreements(tx)?;
            let last = all.iter().rfind(|one| one.fund == fund);
            if let Some(last) = last
                && bytes_of(tx, last.file)? == bytes
            {
                let text = format!("This is version {} as it is kept already", last.number);
                return Err(Error::invalid("file", text));
            }
            let row = AgreementRow {
                fund: fund.clone(),
                number: last.map_or(1, |one| one.number + 1),
                file,
                title: agreement.title.clone(),
                begins: agreement.begins,
                ends: agreement.ends,
                kept: (self.now(), actor.display_name.clone()),
            };
            self.put_fund_file(tx, actor, file, (name, bytes))?;
            rows::put_agreement(tx, &row)?;
            let subject = Subject {
                thing: format!("agreement {} {}", row.fund, row.number),
                results: 1,
                ..Subject::default()
            };
            let kind = journal::Kind::Command;
            self.record(tx, actor, allowed, kind, "fund: keep agreement", subject)?;
            Ok(row)
        })
    }
}

/// Reads and checks an agreement; every fault, a line each.
fn read(bytes: &[u8]) -> Result<Agreement, Vec<String>> {
    let text = std::str::from_utf8(bytes)
        .map_err(|_| vec!["is not a text in UTF-8; save it so".to_owned()])?;
    let lines = |faults: Vec<::fund::reading::Fault>| -> Vec<String> {
        faults.iter().map(ToString::to_string).collect()
    };
    let agreement = agreement::read(text).map_err(lines)?;
    match tie::faults(&agreement) {
        faults if faults.is_empty() => Ok(agreement),
        faults => Err(lines(faults)),
    }
}

fn in_force<'a>(all: &'a [AgreementRow], fund: &Code, on: Date) -> Option<&'a AgreementRow> {
    all.iter()
        .filter(|one| one.fund == *fund && one.begins <= on && on <= one.ends)
        .max_by_key(|one| one.number)
}

fn opened(tx: &mut dyn Tx, row: AgreementRow) -> Result<KeptAgreement, Error> {
    let bytes = bytes_of(tx, row.file)?;
    let agreement = read(&bytes).map_err(|wrong| {
        // It was read when it was kept: only the rules can have changed since.
        Error::Policy(format!(
            "version {} of the agreement of {} no longer reads: {}",
            row.number,
            row.fund,
            wrong.join("; ")
        ))
    })?;
    Ok(KeptAgreement {
        row,
        agreement,
        text: String::from_utf8_lossy(&bytes).into_owned(),
    })
}

/// The agreement in force on a day, in an open transaction.
pub(super) fn standing(
    tx: &mut dyn Tx,
    fund: &Code,
    on: Date,
) -> Result<Option<KeptAgreement>, Error> {
    let all = rows::agreements(tx)?;
    match in_force(&all, fund, on) {
        None => Ok(None),
        Some(row) => opened(tx, row.clone()).map(Some),
    }
}

/// One version, in an open transaction.
pub(super) fn version(tx: &mut dyn Tx, fund: &Code, number: i64) -> Result<KeptAgreement, Error> {
    let all = rows::agreements(tx)?;
    let found = all
        .into_iter()
        .find(|one| one.fund == *fund && one.number == number)
        .ok_or(Error::NotFound("agreement"))?;
    opened(tx, found)
}

/// Funds that have an agreement, by code.
pub(super) fn funds(tx: &mut dyn Tx) -> Result<Vec<Code>, Error> {
    let mut all: Vec<Code> = rows::agreements(tx)?
        .into_iter()
        .map(|one| one.fund)
        .collect();
    all.dedup();
    Ok(all)
}
