//! Accounts of people at home.

use crate::session::NewAccount;
use crate::{App, Error, Subject};
use ::person::relationship::Relationship;
use access::{Action, Actor, Role};
use kernel::PersonId;
use store::relationship::{self, Kept};
use store::{account, journal};

impl App {
    /// Makes an account with which a person sees their own record. Whoever asks has made sure
    /// that it is they. The role of `new` must be [`Role::Person`].
    ///
    /// # Errors
    /// Not allowed, another role, the username is taken, no such person, or the store's.
    pub fn make_own_account(
        &self,
        actor: &Actor,
        new: &NewAccount<'_>,
        person: PersonId,
    ) -> Result<(), Error> {
        let allowed = access::decide(actor, Action::Administer)?;
        if new.role != Role::Person {
            return Err(Error::invalid(
                "role",
                "Only a person has a record of their own",
            ));
        }
        let account = self.new_account(new)?;
        self.store().write(|tx| {
            if account::by_username(tx, new.username)?.is_some() {
                return Err(Error::invalid("username", "is taken; choose another"));
            }
            let head = store::person::head_of(tx, person)?.ok_or(Error::NotFound("person"))?;
            account::insert(tx, &account)?;
            store::own::give(tx, account.id, head)?;
            let kept = Kept {
                id: self.ids().relationship(),
                person: head,
                kind: Relationship::Oneself,
                holder: account.id.to_string(),
                capacity: String::new(),
                starts_at: self.now(),
                ends_at: None,
                follows: format!("account {}", account.id),
                made_at: self.now(),
                made_by: actor.display_name.clone(),
            };
            relationship::put(tx, &kept)?;
            let subject = Subject {
                person: Some(head),
                thing: format!("account {}", account.id),
                results: 1,
                ..Subject::default()
            };
            let kind = journal::Kind::Command;
            self.record(tx, actor, allowed, kind, "account: make own", subject)
        })
    }
}
