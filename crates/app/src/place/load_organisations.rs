//! The reader of arrivals of kind `organisations`: lists of the NHS Organisation Data Service.
//!
//! Every line is kept in the register of listed organisations, by code, in the place of what was
//! listed under it before; nothing is deleted. An organisation that the place has to do with is
//! one of its own organisations too: for now the practices that records here name.

use crate::inbox::Outcome;
use crate::{App, Error, Subject};
use ::place::register::{Listed, ListedAs, spoken_name};
use access::{Action, Actor};
use kernel::limits;
use std::collections::HashSet;
use store::inbox::Arrival;
use store::organisation::{self, Organisation};
use store::{Tx, journal, person, register};

impl App {
    /// Reads an arrival of kind `organisations` into the store, some lines a transaction. Read
    /// again, it ends as if it had been read once.
    pub(crate) fn load_organisations(
        &self,
        actor: &Actor,
        arrival: &Arrival,
        bytes: &[u8],
    ) -> Result<Outcome, Error> {
        let allowed = access::decide(actor, Action::LoadInbox)?;
        let read = match workbook::organisations::read(&arrival.name, bytes) {
            Ok(read) => read,
            Err(issues) => return Ok(Outcome::rejected(issues)),
        };
        let mut outcome = Outcome {
            issues: read.issues,
            ..Outcome::default()
        };
        outcome.counts.records = u64::from(read.records);
        outcome.counts.rejected = outcome.counts.records - read.listed.len() as u64;
        for part in read.listed.chunks(limits::RECORDS_A_TRANSACTION) {
            let changed = self.store().write(|tx| {
                let mut changed = 0;
                for listed in part {
                    if register::by_code(tx, &listed.code)?.as_ref() != Some(listed) {
                        register::put(tx, listed, arrival.id, self.now())?;
                        changed += 1;
                    }
                }
                Ok::<_, Error>(changed)
            })?;
            outcome.counts.accepted += changed;
            outcome.counts.repeated += part.len() as u64 - changed;
        }
        self.store().write(|tx| {
            let made = self.make_named_practices(tx, &read.listed)?;
            let subject = Subject {
                thing: format!("inbox {}", arrival.id),
                results: read.listed.len(),
                detail: format!("{made} practices that records name"),
                ..Subject::default()
            };
            let kind = journal::Kind::Load;
            self.record(tx, actor, allowed, kind, "list organisations", subject)
        })?;
        Ok(outcome)
    }

    /// Makes organisations of the practices listed that records here name, and begins the
    /// relationships that follow; how many were made.
    fn make_named_practices(&self, tx: &mut dyn Tx, listed: &[Listed]) -> Result<usize, Error> {
        let named: HashSet<String> = person::named_practices(tx)?.into_iter().collect();
        let mut made = 0;
        for one in listed.iter().filter(|one| named.contains(&one.code)) {
            if organisation::by_code(tx, "practice", &one.code)?.is_some() {
                continue;
            }
            if self.practice(tx, &one.code)?.is_none() {
                continue;
            }
            made += 1;
            for person in person::of_practice(tx, &one.code)? {
                self.follow_practice(tx, &person)?;
            }
        }
        Ok(made)
    }

    /// The practice with a code: one of the place's own, or else one that is listed as a
    /// practice, which becomes one of the place's own.
    ///
    /// # Errors
    /// The store's.
    pub(crate) fn practice(
        &self,
        tx: &mut dyn Tx,
        code: &str,
    ) -> Result<Option<Organisation>, Error> {
        if let Some(practice) = organisation::by_code(tx, "practice", code)? {
            return Ok(Some(practice));
        }
        let listed = register::by_code(tx, code)?;
        let Some(listed) = listed.filter(|one| one.listed_as == ListedAs::Practice) else {
            return Ok(None);
        };
        let practice = Organisation {
            id: self.ids().organisation(),
            kind: "practice".to_owned(),
            code: Some(listed.code.clone()),
            name: spoken_name(&listed.name),
            parent: None,
        };
        organisation::insert(tx, &practice)?;
        Ok(Some(practice))
    }
}
