//! The store as the ledger's rules ask it: what a run of commands is about is read at once.

use crate::Error;
use ::fund::ledger::{Account, Asked, Balance, Book, Reservation, Transfer, What};
use kernel::{LedgerAccountId, Month, PersonId, TransferId};
use std::collections::{HashMap, HashSet};
use store::{Tx, ledger};

/// A book over an open transaction.
pub(super) struct StoreBook<'t> {
    tx: &'t mut dyn Tx,
    accounts: HashMap<LedgerAccountId, (Account, Balance)>,
    transfers: HashMap<TransferId, Option<Transfer>>,
}

impl<'t> StoreBook<'t> {
    /// A book that has read what commands are about.
    pub(super) fn about<'a>(
        tx: &'t mut dyn Tx,
        asked: impl Iterator<Item = &'a Asked>,
    ) -> Result<Self, Error> {
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
        let accounts: Vec<_> = accounts.into_iter().collect();
        let found = ledger::accounts(tx, &accounts)?;
        let mut transfers: HashMap<_, _> = ids.iter().map(|id| (*id, None)).collect();
        for one in ledger::transfers(tx, &ids)? {
            transfers.insert(one.id, Some(one));
        }
        Ok(Self {
            tx,
            accounts: found.into_iter().map(|one| (one.0.id, one)).collect(),
            transfers,
        })
    }

    /// The person whose accounts transfers are between, where it is one person.
    pub(super) fn person(&self, made: &[Transfer]) -> Option<PersonId> {
        let sides = made.iter().flat_map(|one| [one.debit, one.credit]);
        let mut people = sides.filter_map(|id| self.accounts.get(&id)?.0.name.of.person);
        let first = people.next()?;
        people.all(|other| other == first).then_some(first)
    }
}

impl Book for StoreBook<'_> {
    type Error = Error;

    fn account(&mut self, id: LedgerAccountId) -> Result<Option<(Account, Balance)>, Error> {
        if let Some(known) = self.accounts.get(&id) {
            return Ok(Some(known.clone()));
        }
        let found = ledger::accounts(self.tx, &[id])?.pop();
        if let Some(found) = &found {
            self.accounts.insert(id, found.clone());
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
        Ok(ledger::closed_to(self.tx)?)
    }
}
