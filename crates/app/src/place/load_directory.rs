//! The reader of arrivals of kind `directory`: services, by their source and key.
//!
//! A line with new content takes the place of the entry of its source and key. One that was
//! checked on an earlier day than the entry that is here changes nothing: somebody has looked
//! since. What a later file no longer has stays; a service ends by its last day.

use crate::inbox::Outcome;
use crate::{App, Error, Subject};
use access::{Action, Actor};
use kernel::{Issue, Severity, limits};
use store::directory::{self, Kept};
use store::inbox::Arrival;
use store::{Tx, journal};
use workbook::directory::Entry;

/// What became of a line.
enum Became {
    Accepted,
    Repeated,
    Older,
}

impl App {
    /// Reads an arrival of kind `directory` into the store, some lines a transaction.
    pub(crate) fn load_directory(
        &self,
        actor: &Actor,
        arrival: &Arrival,
        bytes: &[u8],
    ) -> Result<Outcome, Error> {
        let allowed = access::decide(actor, Action::LoadInbox)?;
        let read = match workbook::directory::read(bytes, &self.policy().needs, self.today()) {
            Ok(read) => read,
            Err(issues) => return Ok(Outcome::rejected(issues)),
        };
        let mut outcome = Outcome {
            issues: read.issues,
            ..Outcome::default()
        };
        outcome.counts.records = u64::from(read.records);
        outcome.counts.rejected = outcome.counts.records - read.entries.len() as u64;
        for part in read.entries.chunks(limits::RECORDS_A_TRANSACTION) {
            let became = self.store().write(|tx| {
                let became = part
                    .iter()
                    .map(|entry| self.put_entry(tx, actor, arrival, entry))
                    .collect::<Result<Vec<_>, Error>>()?;
                let subject = Subject {
                    thing: format!("inbox {}", arrival.id),
                    results: part.len(),
                    ..Subject::default()
                };
                let kind = journal::Kind::Load;
                self.record(tx, actor, allowed, kind, "load the directory", subject)?;
                Ok::<_, Error>(became)
            })?;
            for (entry, became) in part.iter().zip(became) {
                match became {
                    Became::Accepted => outcome.counts.accepted += 1,
                    Became::Repeated => outcome.counts.repeated += 1,
                    Became::Older => {
                        outcome.counts.repeated += 1;
                        outcome.issues.push(Issue::new(
                            Severity::Note,
                            entry.record,
                            format!("line {}, column checked_on", entry.line),
                            "checked-since",
                            "The entry that is here was checked on a later day. It stays as it is.",
                        ));
                    }
                }
            }
        }
        Ok(outcome)
    }

    fn put_entry(
        &self,
        tx: &mut dyn Tx,
        actor: &Actor,
        arrival: &Arrival,
        entry: &Entry,
    ) -> Result<Became, Error> {
        let before = directory::by_source(tx, &entry.source, &entry.key)?;
        let (id, version, what) = match &before {
            None => (self.ids().service(), 1, "all of it".to_owned()),
            Some(before) if before.service == entry.service => return Ok(Became::Repeated),
            Some(before) if before.service.checked_on > entry.service.checked_on => {
                return Ok(Became::Older);
            }
            Some(before) => (
                before.id,
                before.version + 1,
                before.service.differences(&entry.service).join(", "),
            ),
        };
        let kept = Kept {
            id,
            service: entry.service.clone(),
            source: entry.source.clone(),
            source_key: Some(entry.key.clone()),
            inbox: Some(arrival.id),
            version,
            changed_at: self.now(),
            changed_by: actor.display_name.clone(),
            changed_what: what,
        };
        if before.is_none() {
            directory::insert(tx, &kept)?;
        } else {
            directory::update(tx, &kept)?;
        }
        Ok(Became::Accepted)
    }
}
