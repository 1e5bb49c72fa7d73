//! How commands are written: decided together in an open transaction, then each account and month
//! once.

use super::book::{Kept, StoreBook};
use crate::{Clock, Error, lock};
use ::fund::ledger::{Asked, Outcome, Refusal, Sitting, Stopped, Transfer};
use kernel::calendar::local;
use kernel::limits;
use std::borrow::Borrow;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use store::{Store, Tx, Unsettled, journal, ledger};

/// A command with the row of the journal that it will have.
pub(crate) struct Command {
    pub(crate) asked: Vec<Asked>,
    pub(crate) entry: journal::Entry,
}

/// What came of each command, in order.
pub(crate) type Outcomes = Vec<Result<Outcome, Refusal>>;

/// The books of one place: the store, and what is kept of the ledger from one transaction to the next.
pub(crate) struct Books {
    store: Store,
    clock: Arc<dyn Clock>,
    /// What the last run of commands left to the next. Whoever locks it holds the store's writer, so
    /// nobody is waited for.
    kept: Mutex<Kept>,
    /// About how many transfers are not on the lists of their accounts.
    unlisted: AtomicUsize,
}

impl Books {
    /// What was left by whoever ran before is not known: the first transaction lists it.
    pub(super) fn of(store: Store, clock: Arc<dyn Clock>) -> Self {
        Self {
            store,
            clock,
            kept: Mutex::default(),
            unlisted: AtomicUsize::new(limits::LEDGER_UNLISTED),
        }
    }

    /// Counts transfers that were added, and says whether so many have come together that they are to be listed.
    fn is_to_list(&self, added: usize) -> bool {
        let before = self.unlisted.fetch_add(added, Ordering::Relaxed);
        let is_full = before + added >= limits::LEDGER_UNLISTED;
        if is_full {
            self.unlisted.store(0, Ordering::Relaxed);
        }
        is_full
    }

    /// Takes commands in a transaction of their own.
    pub(crate) fn enter_all(&self, commands: &[Command]) -> Result<Outcomes, Error> {
        self.store.write(|tx| self.enter(tx, commands))
    }

    /// As [`Books::enter_all`]; nobody may be told of them before they are settled.
    pub(super) fn enter_ahead(
        &self,
        commands: &[&Command],
    ) -> Result<(Outcomes, Unsettled), Error> {
        self.store.write_ahead(|tx| self.enter(tx, commands))
    }

    /// Takes commands in an open transaction. All are decided first; then what they made is
    /// written, each account and month once.
    pub(super) fn enter<C: Borrow<Command>>(
        &self,
        tx: &mut dyn Tx,
        commands: &[C],
    ) -> Result<Outcomes, Error> {
        let commands: Vec<&Command> = commands.iter().map(Borrow::borrow).collect();
        let asked = commands.iter().flat_map(|one| &one.asked);
        let mut book = StoreBook::about(tx, lock(&self.kept), asked)?;
        let mut sitting = Sitting::new(&mut book, local(self.clock.now()).date())?;
        let mut outcomes = Vec::with_capacity(commands.len());
        for command in &commands {
            outcomes.push(match sitting.post(&command.asked) {
                Ok(outcome) => Ok(outcome),
                Err(Stopped::Refused(refusal)) => Err(refusal),
                Err(Stopped::Book(error)) => return Err(error),
            });
        }
        let moved = sitting.periods().clone();
        let accounts: Vec<_> = sitting.accounts().cloned().collect();
        let held: Vec<_> = sitting.reservations().cloned().collect();
        drop(sitting);
        let (entries, made): (Vec<_>, Vec<&[Transfer]>) = commands
            .iter()
            .zip(&outcomes)
            .filter_map(|(command, outcome)| match outcome {
                Ok(Outcome::Made(made)) => {
                    let person = book.person(made);
                    let entry = command.entry.clone();
                    Some((journal::Entry { person, ..entry }, made.as_slice()))
                }
                _ => None,
            })
            .unzip();
        let mut kept = book.into_kept();
        write_down(tx, &entries, &made)?;
        ledger::move_balances(tx, &moved)?;
        for one in &held {
            ledger::put_reservation(tx, one)?;
        }
        let added = made.iter().map(|some| some.len()).sum();
        if added > 0 && self.is_to_list(added) {
            ledger::list_postings(tx)?;
        }
        kept.keep(tx, accounts)?;
        Ok(outcomes)
    }
}

/// Writes the journal's rows, one a command, and the transfers under their numbers.
fn write_down(
    tx: &mut dyn Tx,
    entries: &[journal::Entry],
    made: &[&[Transfer]],
) -> Result<(), Error> {
    if entries.is_empty() {
        return Ok(());
    }
    let last = journal::append_all(tx, entries)?;
    let before = last - i64::try_from(entries.len()).unwrap_or(0);
    for (number, (entry, transfers)) in (before + 1..).zip(entries.iter().zip(made)) {
        for (line, one) in (1..).zip(*transfers) {
            ledger::add(tx, one, (number, line), entry.at)?;
        }
    }
    Ok(())
}
