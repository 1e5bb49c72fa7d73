//! What somebody may see of a person's record: one decision, asked for in the transaction that
//! reads, so that what it rests on is still true when the page is sent.

use crate::{App, Error};
use access::{Action, Actor, Allowed};
use kernel::PersonId;
use store::Tx;
use store::scope::ItemScope;

/// What somebody may see of a person's record, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sight {
    /// The person: the head of their records.
    pub person: PersonId,
    /// What the use rests on, for the journal.
    pub allowed: Allowed,
    /// Why the record is shown, in words: `Shown because …`.
    pub because: String,
    /// Which lines of the record are shown. Every query of lines is given it.
    pub items: ItemScope,
    /// What is withheld and why, a sentence each.
    pub withheld: Vec<String>,
    /// Whether address, telephone and practice are shown.
    pub address: bool,
}

impl App {
    /// What somebody may see of a person's record. Any of the person's records may be named.
    ///
    /// # Errors
    /// The role does not permit it; there is no such person, or none whom they may know of;
    /// they have no relationship with the person; or the store's.
    pub(crate) fn sight(
        &self,
        tx: &mut dyn Tx,
        actor: &Actor,
        id: PersonId,
    ) -> Result<Sight, Error> {
        let allowed = access::decide(actor, Action::SeePerson)?;
        let person = store::person::head_of(tx, id)?.ok_or(Error::NotFound("person"))?;
        Ok(Sight {
            person,
            allowed,
            because: String::new(),
            items: ItemScope::default(),
            withheld: Vec::new(),
            address: true,
        })
    }
}
