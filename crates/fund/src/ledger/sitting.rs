//! The state machine: what is asked, what is there, and what comes of it.
//!
//! A sitting takes one command after the other over a [`Book`]. Each command is transfers that are
//! posted all or none. It gives what is to be written, or a [`Refusal`] and then nothing of it holds; the
//! next command meets what the earlier ones of the sitting did. So many commands can share one
//! transaction of a store, with each account read once and written once.

mod make;
mod repeat;

use super::{Account, Asked, Balance, Book, Kind, Limit, Refusal, Reservation, Transfer};
use jiff::civil::Date;
use kernel::limits::LINKED_TRANSFERS;
use kernel::{LedgerAccountId, Month, Pence, TransferId};
use repeat::differences;
use std::collections::{BTreeMap, HashMap, HashSet};

/// Why a command came to nothing.
#[derive(Debug)]
pub enum Stopped<E> {
    /// The rules refuse it.
    Refused(Refusal),
    /// The book could not answer.
    Book(E),
}

impl<E> From<Refusal> for Stopped<E> {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

/// What came of a command.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// These transfers are made.
    Made(Vec<Transfer>),
    /// They were there already, just so: nothing changes.
    Repeated,
}

/// What a sitting or one command of it has changed so far. What is walked through is in order, so
/// that of several refusals the same one is told each time.
#[derive(Clone, Debug, Default)]
struct Changes {
    accounts: BTreeMap<LedgerAccountId, (Account, Balance)>,
    periods: BTreeMap<(LedgerAccountId, Month), Balance>,
    made: HashMap<TransferId, Transfer>,
    reservations: BTreeMap<TransferId, Reservation>,
    reversals: BTreeMap<TransferId, TransferId>,
    sets: HashMap<TransferId, Vec<TransferId>>,
}

/// A run of commands over a book, on one day.
pub struct Sitting<'b, B: Book> {
    book: &'b mut B,
    today: Date,
    closed_to: Option<Month>,
    changes: Changes,
}

impl<'b, B: Book> Sitting<'b, B> {
    /// Begins a sitting on a day.
    ///
    /// # Errors
    /// The book's.
    pub fn new(book: &'b mut B, today: Date) -> Result<Self, B::Error> {
        let closed_to = book.closed_to()?;
        Ok(Self {
            book,
            today,
            closed_to,
            changes: Changes::default(),
        })
    }

    /// Accounts that commands moved, as they now stand.
    pub fn accounts(&self) -> impl Iterator<Item = &(Account, Balance)> {
        self.changes.accounts.values()
    }

    /// What moved on each account in each month.
    pub fn periods(&self) -> &BTreeMap<(LedgerAccountId, Month), Balance> {
        &self.changes.periods
    }

    /// Reservations as they now stand, of those that were made or drawn on.
    pub fn reservations(&self) -> impl Iterator<Item = &Reservation> {
        self.changes.reservations.values()
    }

    /// Takes a command: transfers that are made all or none.
    ///
    /// # Errors
    /// Refused, and then nothing of it holds; or the book's.
    pub fn post(&mut self, asked: &[Asked]) -> Result<Outcome, Stopped<B::Error>> {
        if self.is_repeat(asked)? {
            return Ok(Outcome::Repeated);
        }
        let set = (asked.len() > 1).then_some(asked[0].id);
        let mut draft = Changes::default();
        let mut transfers = Vec::with_capacity(asked.len());
        for one in asked {
            self.check_day(one.effective)?;
            let made = self.make(&mut draft, one, set)?;
            self.enter(&mut draft, &made)?;
            draft.made.insert(made.id, made.clone());
            transfers.push(made);
        }
        for (account, balance) in draft.accounts.values() {
            within(account, balance)?;
        }
        self.whole_sets_reversed(&draft)?;
        if let Some(first) = set {
            let ids = transfers.iter().map(|one| one.id).collect();
            draft.sets.insert(first, ids);
        }
        self.take_over(draft);
        Ok(Outcome::Made(transfers))
    }

    /// Whether exactly this is there already.
    fn is_repeat(&mut self, asked: &[Asked]) -> Result<bool, Stopped<B::Error>> {
        if asked.is_empty() {
            return Err(Refusal::Nothing.into());
        }
        if asked.len() > LINKED_TRANSFERS {
            let (asked, most) = (asked.len(), LINKED_TRANSFERS);
            return Err(Refusal::TooMany { asked, most }.into());
        }
        let mut ids = HashSet::new();
        if let Some(twice) = asked.iter().find(|one| !ids.insert(one.id)) {
            return Err(Refusal::Twice { id: twice.id }.into());
        }
        let mut there = Vec::new();
        for one in asked {
            if let Some(known) = self.transfer(one.id)? {
                let differences = differences(&known, one);
                if !differences.is_empty() {
                    let id = one.id;
                    return Err(Refusal::Differs { id, differences }.into());
                }
                there.push(known);
            }
        }
        let Some(known) = there.first() else {
            return Ok(false);
        };
        let set = match known.set {
            None => vec![known.id],
            Some(first) => self.set(first)?,
        };
        match there.len() == asked.len() && set.len() == asked.len() && set[0] == asked[0].id {
            true => Ok(true),
            false => Err(Refusal::PartlyThere { id: known.id }.into()),
        }
    }

    fn check_day(&self, effective: Date) -> Result<(), Refusal> {
        let period = Month::of(effective);
        match self.closed_to {
            Some(closed) if period <= closed => Err(Refusal::Closed {
                effective,
                period,
                open: closed.next(),
            }),
            _ => Ok(()),
        }
    }

    /// Enters a transfer on its accounts.
    fn enter(&mut self, draft: &mut Changes, made: &Transfer) -> Result<(), Stopped<B::Error>> {
        if made.debit == made.credit {
            let (account, _) = self.account(draft, made.debit)?;
            let account = account.name.to_string();
            return Err(Refusal::OneAccount { account }.into());
        }
        let (debited, _) = self.account(draft, made.debit)?;
        let too_large = |account: &Account| Refusal::TooLarge {
            account: account.name.to_string(),
        };
        let entries = made.entries().ok_or_else(|| too_large(&debited))?;
        for (id, moved) in entries {
            let (account, balance) = self.account(draft, id)?;
            let balance = balance.plus(&moved).ok_or_else(|| too_large(&account))?;
            let period = draft.periods.entry((id, made.period())).or_default();
            *period = period.plus(&moved).ok_or_else(|| too_large(&account))?;
            draft.accounts.insert(id, (account, balance));
        }
        Ok(())
    }

    /// A set that is reversed is reversed whole, by one command.
    fn whole_sets_reversed(&mut self, draft: &Changes) -> Result<(), Stopped<B::Error>> {
        let reversed: Vec<TransferId> = draft.reversals.keys().copied().collect();
        for id in reversed {
            let set = self.transfer(id)?.and_then(|wrong| wrong.set);
            let Some(first) = set else { continue };
            for member in self.set(first)? {
                let kind = self.transfer(member)?.map(|one| one.kind);
                let money = matches!(kind, Some(Kind::Post | Kind::PostReserved { .. }));
                if money && !draft.reversals.contains_key(&member) {
                    return Err(Refusal::HalfOfSet { id }.into());
                }
            }
        }
        Ok(())
    }

    fn take_over(&mut self, draft: Changes) {
        for (of, moved) in draft.periods {
            let period = self.changes.periods.entry(of).or_default();
            // Each month's sums are within the whole balance, which fits.
            *period = period.plus(&moved).unwrap_or(*period);
        }
        self.changes.accounts.extend(draft.accounts);
        self.changes.made.extend(draft.made);
        self.changes.reservations.extend(draft.reservations);
        self.changes.reversals.extend(draft.reversals);
        self.changes.sets.extend(draft.sets);
    }

    fn account(
        &mut self,
        draft: &Changes,
        id: LedgerAccountId,
    ) -> Result<(Account, Balance), Stopped<B::Error>> {
        let known = draft
            .accounts
            .get(&id)
            .or_else(|| self.changes.accounts.get(&id));
        if let Some(known) = known {
            return Ok(known.clone());
        }
        let found = self.book.account(id).map_err(Stopped::Book)?;
        found.ok_or_else(|| Refusal::NoAccount(id.to_string()).into())
    }

    fn transfer(&mut self, id: TransferId) -> Result<Option<Transfer>, Stopped<B::Error>> {
        match self.changes.made.get(&id) {
            Some(made) => Ok(Some(made.clone())),
            None => self.book.transfer(id).map_err(Stopped::Book),
        }
    }

    fn set(&mut self, first: TransferId) -> Result<Vec<TransferId>, Stopped<B::Error>> {
        match self.changes.sets.get(&first) {
            Some(set) => Ok(set.clone()),
            None => self.book.set(first).map_err(Stopped::Book),
        }
    }

    fn reversal(
        &mut self,
        draft: &Changes,
        of: TransferId,
    ) -> Result<Option<TransferId>, Stopped<B::Error>> {
        let known = draft
            .reversals
            .get(&of)
            .or_else(|| self.changes.reversals.get(&of));
        match known {
            Some(by) => Ok(Some(*by)),
            None => self.book.reversal(of).map_err(Stopped::Book),
        }
    }

    fn reservation(
        &mut self,
        draft: &Changes,
        id: TransferId,
    ) -> Result<Reservation, Stopped<B::Error>> {
        let known = draft
            .reservations
            .get(&id)
            .or_else(|| self.changes.reservations.get(&id));
        if let Some(known) = known {
            return Ok(known.clone());
        }
        if let Some(held) = self.book.reservation(id).map_err(Stopped::Book)? {
            return Ok(held);
        }
        Err(match self.transfer(id)? {
            Some(_) => Refusal::NotAReservation(id).into(),
            None => Refusal::NoTransfer(id).into(),
        })
    }
}

fn within(account: &Account, balance: &Balance) -> Result<(), Refusal> {
    let over = account.limit.over(balance);
    if over <= 0 {
        return Ok(());
    }
    Err(Refusal::Limit {
        account: account.name.to_string(),
        over: Pence(i64::try_from(over).unwrap_or(i64::MAX)),
        limit: match account.limit {
            Limit::None => "none",
            Limit::DebitsNotOverCredits => "debits and what is reserved may not exceed credits",
            Limit::CreditsNotOverDebits => "credits and what is reserved may not exceed debits",
        },
    })
}
