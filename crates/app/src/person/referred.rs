//! The person of a request for help, as whoever asks describes them.
//!
//! They are never linked with somebody who is here: a record of their own is made, and where it
//! may be that of a person who is here somebody is asked, side by side, as of any other record.

use super::identity::Doubtful;
use crate::{App, Error};
use ::person::Person;
use kernel::{InboxId, PersonId};
use store::Tx;
use store::person::{by_nhs_number, insert};

const ASKED_ABOUT: &str = "Somebody asked for help for this person. The record has a page of its own, and may be that \
     of a person who is here already. Look at both, then link them or keep them apart.";

impl App {
    /// Makes the record of somebody for whom help is asked; whether somebody has to decide whose
    /// it is.
    pub(crate) fn meet_referred(
        &self,
        tx: &mut dyn Tx,
        inbox: InboxId,
        said: &Person,
    ) -> Result<(PersonId, bool), Error> {
        let same_number = match said.nhs_number {
            Some(number) => by_nhs_number(tx, number)?,
            None => Vec::new(),
        };
        let likely = self.likely(tx, said)?;
        let mut own = said.clone();
        if !same_number.is_empty() {
            // Two people never have one number here; what was said stays with the question.
            own.nhs_number = None;
        }
        insert(tx, &own, self.now())?;
        let doubt = !likely.is_empty() || !same_number.is_empty();
        if doubt {
            let key = format!("Patient/referral-{}", own.id);
            let doubtful = Doubtful {
                why: ASKED_ABOUT,
                key: &key,
                inbox,
                person: Some(own.id),
                said,
            };
            let others: Vec<Person> = same_number
                .into_iter()
                .filter(|one| likely.iter().all(|kept| kept.person != one.id))
                .collect();
            self.ask_whose_of(tx, &doubtful, &likely, &others)?;
        }
        Ok((own.id, doubt))
    }
}
