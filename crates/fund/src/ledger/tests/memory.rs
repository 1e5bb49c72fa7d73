//! A book in memory, kept as a store keeps it.

use super::*;
use std::collections::BTreeMap;
use std::convert::Infallible;
use uuid::Uuid;

pub(super) fn account_id(number: u8) -> LedgerAccountId {
    LedgerAccountId::new(Uuid::from_u128(0x1000 + u128::from(number)))
}

pub(super) fn transfer_id(number: u8) -> TransferId {
    TransferId::new(Uuid::from_u128(0x2000 + u128::from(number)))
}

/// Accounts of the examples: names and limits.
const ACCOUNTS: [(&str, Limit); 5] = [
    ("assets:cash:bcf", Limit::CreditsNotOverDebits),
    ("income:contribution:bcf:icb", Limit::None),
    ("equity:budget:bcf:reablement", Limit::DebitsNotOverCredits),
    ("equity:budget-control:bcf", Limit::None),
    ("expenses:expenditure:bcf:reablement", Limit::None),
];

#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Memory {
    pub(super) accounts: BTreeMap<LedgerAccountId, (Account, Balance)>,
    pub(super) periods: BTreeMap<(LedgerAccountId, Month), Balance>,
    pub(super) transfers: Vec<Transfer>,
    pub(super) reservations: BTreeMap<TransferId, Reservation>,
    pub(super) closed_to: Option<Month>,
}

impl Memory {
    pub(super) fn with_accounts() -> Self {
        let mut memory = Self::default();
        for (number, (name, limit)) in (0_u8..).zip(ACCOUNTS) {
            let id = account_id(number);
            let account = Account {
                id,
                name: name.parse().unwrap(),
                limit,
            };
            memory.accounts.insert(id, (account, Balance::default()));
        }
        memory
    }

    pub(super) fn post(&mut self, asked: &[Asked], today: Date) -> Result<Outcome, Refusal> {
        self.post_all(std::slice::from_ref(&asked.to_vec()), today)
            .remove(0)
    }

    pub(super) fn post_all(
        &mut self,
        commands: &[Vec<Asked>],
        today: Date,
    ) -> Vec<Result<Outcome, Refusal>> {
        let mut sitting = Sitting::new(self, today).unwrap();
        let outcomes: Vec<_> = commands
            .iter()
            .map(|one| match sitting.post(one) {
                Ok(outcome) => Ok(outcome),
                Err(Stopped::Refused(refusal)) => Err(refusal),
                Err(Stopped::Book(never)) => match never {},
            })
            .collect();
        let periods = sitting.periods().clone();
        let reservations: Vec<_> = sitting.reservations().cloned().collect();
        for outcome in outcomes.iter().flatten() {
            if let Outcome::Made(made) = outcome {
                self.transfers.extend(made.iter().cloned());
            }
        }
        for held in reservations {
            self.reservations.insert(held.id, held);
        }
        for ((id, period), moved) in periods {
            let kept = self.periods.entry((id, period)).or_default();
            *kept = kept.plus(&moved).unwrap();
            let (_, total) = self.accounts.get_mut(&id).unwrap();
            *total = total.plus(&moved).unwrap();
        }
        outcomes
    }
}

impl Book for Memory {
    type Error = Infallible;

    fn account(&mut self, id: LedgerAccountId) -> Result<Option<(Account, Balance)>, Infallible> {
        Ok(self.accounts.get(&id).cloned())
    }

    fn transfer(&mut self, id: TransferId) -> Result<Option<Transfer>, Infallible> {
        Ok(self.transfers.iter().find(|one| one.id == id).cloned())
    }

    fn set(&mut self, first: TransferId) -> Result<Vec<TransferId>, Infallible> {
        let set = self.transfers.iter().filter(|one| one.set == Some(first));
        Ok(set.map(|one| one.id).collect())
    }

    fn reservation(&mut self, id: TransferId) -> Result<Option<Reservation>, Infallible> {
        Ok(self.reservations.get(&id).cloned())
    }

    fn reversal(&mut self, of: TransferId) -> Result<Option<TransferId>, Infallible> {
        let reversal = self
            .transfers
            .iter()
            .find(|one| one.kind == Kind::Reverse { of });
        Ok(reversal.map(|one| one.id))
    }

    fn closed_to(&mut self) -> Result<Option<Month>, Infallible> {
        Ok(self.closed_to)
    }
}
