//! The store as the ledger's rules ask it: what a run of commands is about is read at once, and
//! accounts are kept from one run to the next while nobody else changes the ledger.

use crate::Error;
use ::fund::ledger::{Account, Asked, Balance, Book, Reservation, Transfer, What};
use kernel::{LedgerAccountId, Month, PersonId, TransferId};
use std::collections::{HashMap, HashSet};
use std::sync::MutexGuard;
use store::{Content, Of, Tx, ledger};

/// Most accounts that are kept.
const ACCOUNTS: usize = 10_000;

/// What was read of accounts and months, and how it stands since. It holds inside a write
/// transaction whose ledger has the same content as when it was put here; on an engine that cannot
/// tell, for one run.
#[derive(Default)]
pub(super) struct Kept {
    /// `None` while a run changes the ledger, and where it cannot be told.
    of: Option<Content>,
    accounts: HashMap<LedgerAccountId, (Account, Balance)>,
    /// The last month that is closed, once it was read.
    closed_to: Option<Option<Month>>,
}

impl Kept {
    /// Forgets what does not hold in an open transaction. What is left holds until the
    /// transaction changes the ledger.
    fn begin(&mut self, tx: &mut dyn Tx) -> Result<(), Error> {
        let content = tx.content(Of::Ledger)?;
        let of = self.of.take();
        if of.is_none() || of != content || self.accounts.len() > ACCOUNTS {
            *self = Self::default();
        }
        Ok(())
    }

    /// Keeps how accounts stand now that the transaction has changed them.
    pub(super) fn keep(
        &mut self,
        tx: &mut dyn Tx,
        moved: Vec<(Account, Balance)>,
    ) -> Result<(), Error> {
        self.accounts
            .extend(moved.into_iter().map(|one| (one.0.id, one)));
        self.of = tx.content(Of::Ledger)?;
        Ok(())
    }
}

/// A book over an open transaction.
pub(super) struct StoreBook<'t, 'k> {
    tx: &'t mut dyn Tx,
    kept: MutexGuard<'k, Kept>,
    transfers: HashMap<TransferId, Option<Transfer>>,
}

impl<'t, 'k> StoreBook<'t, 'k> {
    /// A book that has read what commands are about.
    pub(super) fn about<'a>(
        tx: &'t mut dyn Tx,
        mut kept: MutexGuard<'k, Kept>,
        asked: impl Iterator<Item = &'a Asked>,
    ) -> Result<Self, Error> {
        kept.begin(tx)?;
        let (mut accounts, mut ids) = (HashSet::new(), Vec::new());
        for one in asked {
            ids.push(one.id);
            match one.what {
                What::Post { debit, credit, .. } | What::Reserve { debit, credit, .. } => {
                    accounts.extend([debit, credit]);
                }
                What::Reverse { of } => ids.push(of),
                What::PostReserved { .. } | What::Release { .. } => {}
            }
        }
        accounts.retain(|id| !kept.accounts.contains_key(id));
        let accounts: Vec<_> = accounts.into_iter().collect();
        let found = ledger::accounts(tx, &accounts)?;
        kept.accounts
            .extend(found.into_iter().map(|one| (one.0.id, one)));
        let mut transfers: HashMap<_, _> = ids.iter().map(|id| (*id, None)).collect();
        for one in ledger::transfers(tx, &ids)? {
            transfers.insert(one.id, Some(one));
        }
        Ok(Self {
            tx,
            kept,
            transfers,
        })
    }

    /// What is kept, for when all is written.
    pub(super) fn into_kept(self) -> MutexGuard<'k, Kept> {
        self.kept
    }

    /// The person whose accounts transfers are between, where it is one person.
    pub(super) fn person(&self, made: &[Transfer]) -> Option<PersonId> {
        let sides = made.iter().flat_map(|one| [one.debit, one.credit]);
        let mut people = sides.filter_map(|id| self.kept.accounts.get(&id)?.0.name.of.person);
        let first = people.next()?;
        people.all(|other| other == first).then_some(first)
    }
}

impl Book for StoreBook<'_, '_> {
    type Error = Error;

    fn account(&mut self, id: LedgerAccountId) -> Result<Option<(Account, Balance)>, Error> {
        if let Some(known) = self.kept.accounts.get(&id) {
            return Ok(Some(known.clone()));
        }
        let found = ledger::accounts(self.tx, &[id])?.pop();
        if let Some(found) = &found {
            self.kept.accounts.insert(id, found.clone());
        }
        Ok(found)
    }

    fn transfer(&mut self, id: TransferId) -> Result<Option<Transfer>, Error> {
        if let Some(known) = self.transfers.get(&id) {
            return Ok(known.clone());
        }
        let found = ledger::transfers(self.tx, &[id])?.pop();
        self.transfers.insert(id, found.clone());
        Ok(found)
    }

    fn set(&mut self, first: TransferId) -> Result<Vec<TransferId>, Error> {
        Ok(ledger::set(self.tx, first)?)
    }

    fn reservation(&mut self, id: TransferId) -> Result<Option<Reservation>, Error> {
        Ok(ledger::reservation(self.tx, id)?)
    }

    fn reversal(&mut self, of: TransferId) -> Result<Option<TransferId>, Error> {
        Ok(ledger::reversal(self.tx, of)?)
    }

    fn closed_to(&mut self) -> Result<Option<Month>, Error> {
        if let Some(known) = self.kept.closed_to {
            return Ok(known);
        }
        let found = ledger::closed_to(self.tx)?;
        self.kept.closed_to = Some(found);
        Ok(found)
    }
}
