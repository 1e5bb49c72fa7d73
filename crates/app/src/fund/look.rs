//! One transfer with all that belongs to it, an account month by month, and the months that are closed.

use crate::{App, Error, Subject};
use ::fund::ledger::{Account, Balance, Code, Frozen, Name, Reservation, Side};
use access::{Action, Actor};
use jiff::Timestamp;
use jiff::civil::Date;
use kernel::{Month, PersonId, TransferId, limits};
use std::collections::{BTreeMap, BTreeSet};
use store::Tx;
use store::ledger::{self, At, Posted, Posting};

/// A transfer with all that belongs to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TransferLook {
    /// The transfer, with where it stands and when it was made.
    pub posted: Posted,
    /// The account debited.
    pub debit: Account,
    /// The account credited.
    pub credit: Account,
    /// The others that were posted all or none with it, in order.
    pub others: Vec<TransferId>,
    /// The transfer that took it back, if one did.
    pub reversed_by: Option<TransferId>,
    /// How it stands, if it set money apart.
    pub held: Option<Reservation>,
    /// The first day in which anything can count now.
    pub open_from: Option<Date>,
}

/// An account with what moved on it in each month.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccountLook {
    /// The account.
    pub account: Account,
    /// Everything posted and reserved on it.
    pub balance: Balance,
    /// What moved in each month in which anything did, in order.
    pub months: Vec<(Month, Balance)>,
    /// A page of its transfers, in the order of their months and then as they were made.
    pub lines: Vec<PostingLook>,
    /// Where the next page begins, if there is one.
    pub next: Option<At>,
}

/// A transfer as one account sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PostingLook {
    /// The transfer, and the side of this account.
    pub posting: Posting,
    /// Name of the account on the other side.
    pub other: Name,
}

/// A month that is closed, and by whom.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Closing {
    /// How it was frozen.
    pub frozen: Frozen,
    /// When.
    pub at: Timestamp,
    /// Name of whoever closed it.
    pub by: String,
}

impl App {
    /// Codes of the funds that have accounts, in order.
    ///
    /// # Errors
    /// Not allowed, or the store's.
    pub fn ledger_funds(&self, actor: &Actor) -> Result<Vec<Code>, Error> {
        access::decide(actor, Action::SeeLedger)?;
        self.store().read(|tx| Ok(ledger::funds(tx)?))
    }

    /// One transfer, by its id.
    ///
    /// # Errors
    /// Not allowed, not there, or the store's.
    pub fn ledger_transfer(&self, actor: &Actor, id: TransferId) -> Result<TransferLook, Error> {
        let allowed = access::decide(actor, Action::SeeLedger)?;
        let found = self.store().read(|tx| transfer(tx, id))?;
        if let Some(person) = person_of(&found) {
            self.store().write(|tx| {
                let subject = Subject {
                    person: Some(person),
                    results: 1,
                    ..Subject::default()
                };
                self.looked(tx, actor, allowed, Action::SeeLedger, subject)
            })?;
        }
        Ok(found)
    }

    /// An account with what moved on it in each month, and a page of its transfers in some months.
    ///
    /// # Errors
    /// Not allowed, not there, or the store's.
    pub fn ledger_account(
        &self,
        actor: &Actor,
        name: &Name,
        months: Option<(Month, Month)>,
        after: Option<At>,
    ) -> Result<AccountLook, Error> {
        self.ledger_look(actor, name, &|tx| account(tx, name, months, after))
    }

    /// Months that are closed, with their hashes and who closed them.
    ///
    /// # Errors
    /// Not allowed, or the store's.
    pub fn ledger_closings(&self, actor: &Actor) -> Result<Vec<Closing>, Error> {
        access::decide(actor, Action::SeeLedger)?;
        self.store().read(|tx| {
            let all = ledger::closings(tx)?.into_iter();
            Ok(all
                .map(|(frozen, at, by)| Closing { frozen, at, by })
                .collect())
        })
    }
}

fn account(
    tx: &mut dyn Tx,
    name: &Name,
    months: Option<(Month, Month)>,
    after: Option<At>,
) -> Result<AccountLook, Error> {
    let found = ledger::by_name(tx, &name.to_string())?;
    let (account, balance) = found.ok_or(Error::NotFound("account"))?;
    let always = (Month::of(Date::ZERO), Month::of(Date::MAX));
    let most = limits::ROWS_A_PAGE;
    let wanted = months.unwrap_or(always);
    let mut postings = ledger::postings(tx, account.id, wanted, after, most + 1)?;
    let more = postings.len() > most;
    postings.truncate(most);
    let other = |one: &Posting| match one.side {
        Side::Debit => one.posted.transfer.credit,
        Side::Credit => one.posted.transfer.debit,
    };
    let ids: BTreeSet<_> = postings.iter().map(other).collect();
    let ids: Vec<_> = ids.into_iter().collect();
    let names: BTreeMap<_, _> = ledger::accounts(tx, &ids)?
        .into_iter()
        .map(|(account, _)| (account.id, account.name))
        .collect();
    let next = postings.last().map(|one| one.posted.at).filter(|_| more);
    let lines = postings
        .into_iter()
        .map(|posting| {
            let name = names.get(&other(&posting)).cloned();
            let other = name.ok_or(Error::NotFound("account"))?;
            Ok(PostingLook { posting, other })
        })
        .collect::<Result<_, Error>>()?;
    Ok(AccountLook {
        months: ledger::balances_upto(tx, account.id, always.1)?,
        account,
        balance,
        lines,
        next,
    })
}

fn transfer(tx: &mut dyn Tx, id: TransferId) -> Result<TransferLook, Error> {
    let posted = ledger::posted_transfer(tx, id)?.ok_or(Error::NotFound("transfer"))?;
    let one = &posted.transfer;
    let accounts = ledger::accounts(tx, &[one.debit, one.credit])?;
    let side = |id| {
        let found = accounts.iter().find(|(account, _)| account.id == id);
        found
            .map(|(account, _)| account.clone())
            .ok_or(Error::NotFound("account"))
    };
    let (debit, credit) = (side(one.debit)?, side(one.credit)?);
    let mut others = match one.set {
        Some(first) => ledger::set(tx, first)?,
        None => Vec::new(),
    };
    others.retain(|other| *other != id);
    Ok(TransferLook {
        debit,
        credit,
        others,
        reversed_by: ledger::reversal(tx, id)?,
        held: ledger::reservation(tx, id)?,
        open_from: ledger::closed_to(tx)?.map(|closed| closed.next().first()),
        posted,
    })
}

/// Whose accounts it is between; of two people's the one debited.
fn person_of(found: &TransferLook) -> Option<PersonId> {
    let of = |account: &Account| account.name.of.person;
    of(&found.debit).or(of(&found.credit))
}
