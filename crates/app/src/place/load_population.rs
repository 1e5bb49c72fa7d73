//! The reader of arrivals of kind `population`: people by area and year of age.
//!
//! An area and year that arrive again with other figures replace those that were
//! there; with the same figures they are repeated and change nothing.

use crate::inbox::Outcome;
use crate::{App, Error, Subject};
use access::{Action, Actor};
use store::inbox::Arrival;
use store::journal;

impl App {
    /// Reads an arrival of kind `population` into the store, in one transaction.
    pub(crate) fn load_population(
        &self,
        actor: &Actor,
        arrival: &Arrival,
        bytes: &[u8],
    ) -> Result<Outcome, Error> {
        let allowed = access::decide(actor, Action::LoadInbox)?;
        let read = match workbook::population::read(bytes) {
            Ok(read) => read,
            Err(issues) => return Ok(Outcome::rejected(issues)),
        };
        self.store().write(|tx| {
            let mut outcome = Outcome {
                issues: read.issues.clone(),
                ..Outcome::default()
            };
            for area in &read.areas {
                let known = store::place::population(tx, area.code.as_str(), area.year)?;
                let repeated = known == area.people;
                if !repeated {
                    store::place::put_population(tx, area.code.as_str(), area.year, &area.people)?;
                }
                // England as the sum of the rest is no record of the file.
                if outcome.counts.accepted + outcome.counts.repeated < read.used() {
                    outcome.counts.accepted += u64::from(!repeated);
                    outcome.counts.repeated += u64::from(repeated);
                }
            }
            outcome.counts.records = u64::from(read.records);
            outcome.counts.rejected = outcome.counts.records - read.used();
            let subject = Subject {
                thing: format!("inbox {}", arrival.id),
                results: read.areas.len(),
                ..Subject::default()
            };
            self.record(
                tx,
                actor,
                allowed,
                journal::Kind::Load,
                "population",
                subject,
            )?;
            Ok(outcome)
        })
    }
}
