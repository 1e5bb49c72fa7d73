//! Opening accounts of the ledger.

use crate::{App, Error, Subject};
use ::fund::ledger::{Account, Limit, Name};
use access::{Action, Actor, Allowed};
use kernel::LedgerAccountId;
use store::{Tx, journal, ledger};

/// Whether an account was opened or was there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Opened {
    /// It is new.
    New(LedgerAccountId),
    /// It was there, just so.
    There(LedgerAccountId),
}

impl Opened {
    /// The account's id.
    pub const fn id(self) -> LedgerAccountId {
        match self {
            Self::New(id) | Self::There(id) => id,
        }
    }
}

impl App {
    /// Opens an account. One with this name and limit that is there already is that account.
    ///
    /// # Errors
    /// Not allowed, there with another limit, of a person who is not here, or the store's.
    pub fn open_ledger_account(
        &self,
        actor: &Actor,
        name: &Name,
        limit: Limit,
    ) -> Result<Opened, Error> {
        let allowed = access::decide(actor, Action::PostLedger)?;
        self.store()
            .write(|tx| self.open_account(tx, (actor, allowed), name, Some(limit)))
    }

    /// Opens an account in an open transaction. Without a limit any one that is there will do.
    pub(super) fn open_account(
        &self,
        tx: &mut dyn Tx,
        (actor, allowed): (&Actor, Allowed),
        name: &Name,
        limit: Option<Limit>,
    ) -> Result<Opened, Error> {
        if let Some((known, _)) = ledger::by_name(tx, &name.to_string())? {
            return match limit.is_none_or(|limit| limit == known.limit) {
                true => Ok(Opened::There(known.id)),
                false => Err(Error::invalid(
                    "limit",
                    format!("{name} is there with the limit `{}`", known.limit.as_str()),
                )),
            };
        }
        if let Some(person) = name.of.person
            && store::person::by_id(tx, person)?.is_none()
        {
            return Err(Error::invalid("person", "Nobody with that id is here"));
        }
        let account = Account {
            id: self.ids().ledger_account(),
            name: name.clone(),
            limit: limit.unwrap_or_default(),
        };
        ledger::open(tx, &account, (self.now(), &actor.display_name))?;
        let subject = Subject {
            thing: format!("account {}", account.id),
            results: 1,
            person: name.of.person,
            ..Subject::default()
        };
        let kind = journal::Kind::Command;
        self.record(tx, actor, allowed, kind, "ledger: open account", subject)?;
        Ok(Opened::New(account.id))
    }
}
