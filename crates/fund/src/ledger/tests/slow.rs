//! An accountant with one list and no cache, who works everything out from it each time.

use super::*;
use std::collections::BTreeMap;

#[derive(Default)]
pub(super) struct Accountant {
    list: Vec<Transfer>,
    sealed: Vec<(Month, String)>,
}

/// Debits and credits: posted, then reserved.
type Sums = [i64; 4];

impl Accountant {
    pub(super) fn write_down(&mut self, made: &[Transfer]) {
        for one in made {
            assert!(!self.has(one.id), "an id is used once");
            let closed = self.sealed.iter().any(|(month, _)| *month >= one.period());
            assert!(!closed, "nothing counts in a closed month");
            self.list.push(one.clone());
        }
    }

    pub(super) fn has(&self, id: TransferId) -> bool {
        self.list.iter().any(|one| one.id == id)
    }

    pub(super) fn earliest(&self) -> Option<Month> {
        self.list.iter().map(Transfer::period).min()
    }

    pub(super) fn seal(&mut self, period: Month) {
        self.sealed.push((period, self.lines(period)));
    }

    fn lines(&self, last: Month) -> String {
        let lines = self.list.iter().filter(|one| one.period() <= last);
        lines.map(Transfer::frozen_line).collect()
    }

    /// What is left of a reservation, from the list alone.
    fn left(&self, reservation: TransferId) -> i64 {
        self.list
            .iter()
            .map(|one| match one.kind {
                Kind::Reserve { .. } if one.id == reservation => one.amount.0,
                Kind::PostReserved {
                    reservation: of, ..
                } if of == reservation => -one.amount.0 - one.released.0,
                Kind::Release { reservation: of } if of == reservation => -one.released.0,
                _ => 0,
            })
            .sum()
    }

    fn sums(&self, account: LedgerAccountId, in_month: Option<Month>) -> Sums {
        let mut sums = [0; 4];
        let months = |one: &&Transfer| in_month.is_none_or(|month| one.period() == month);
        for one in self.list.iter().filter(months) {
            let (posted, reserved) = match one.kind {
                Kind::Post | Kind::Reverse { .. } => (one.amount.0, 0),
                Kind::Reserve { .. } => (0, one.amount.0),
                Kind::PostReserved { .. } => (one.amount.0, -one.amount.0 - one.released.0),
                Kind::Release { .. } => (0, -one.released.0),
            };
            if one.debit == account {
                sums[0] += posted;
                sums[2] += reserved;
            }
            if one.credit == account {
                sums[1] += posted;
                sums[3] += reserved;
            }
        }
        sums
    }

    /// Holds a book against the list.
    pub(super) fn audit(&self, memory: &Memory) {
        assert_eq!(memory.transfers, self.list);
        let mut all = [0; 4];
        for (id, (account, kept)) in &memory.accounts {
            let sums = self.sums(*id, None);
            assert_eq!(flat(kept), sums, "{}", account.name);
            for (sum, of) in all.iter_mut().zip(sums) {
                *sum += of;
            }
            match account.limit {
                Limit::None => {}
                Limit::DebitsNotOverCredits => assert!(sums[0] + sums[2] <= sums[1]),
                Limit::CreditsNotOverDebits => assert!(sums[1] + sums[3] <= sums[0]),
            }
        }
        assert_eq!((all[0], all[2]), (all[1], all[3]), "the sum is nought");
        for ((id, month), kept) in &memory.periods {
            assert_eq!(flat(kept), self.sums(*id, Some(*month)));
        }
        for (id, held) in &memory.reservations {
            assert_eq!(held.remaining.0, self.left(*id));
            assert!(held.remaining.0 >= 0);
        }
        for (month, lines) in &self.sealed {
            assert_eq!(*lines, self.lines(*month), "a closed month stays as it was");
        }
        self.reversals_fit();
        self.recount(memory);
    }

    fn reversals_fit(&self) {
        for one in &self.list {
            let Kind::Reverse { of } = one.kind else {
                continue;
            };
            let wrong = self.list.iter().find(|wrong| wrong.id == of).unwrap();
            assert_eq!((one.debit, one.credit), (wrong.credit, wrong.debit));
            assert_eq!(one.amount, wrong.amount);
            assert!(!one.note.is_empty() && one.effective >= wrong.effective);
            let times = self.list.iter().filter(|other| other.kind == one.kind);
            assert_eq!(times.count(), 1, "reversed once");
            // Whoever was posted with it is reversed with it.
            for other in self
                .list
                .iter()
                .filter(|other| wrong.set.is_some() && other.set == wrong.set)
            {
                if matches!(other.kind, Kind::Post | Kind::PostReserved { .. }) {
                    let by = self
                        .list
                        .iter()
                        .find(|by| by.kind == Kind::Reverse { of: other.id });
                    assert_eq!(by.unwrap().set.is_some(), one.set.is_some());
                }
            }
        }
    }

    /// The doctor's own count agrees, and finds one wrong penny.
    fn recount(&self, memory: &Memory) {
        let count = || {
            let mut recount = Recount::default();
            self.list.iter().rev().for_each(|one| recount.add(one));
            recount
        };
        let accounts: Vec<_> = memory.accounts.values().cloned().collect();
        let remaining: BTreeMap<_, _> = memory
            .reservations
            .iter()
            .map(|(id, held)| (*id, held.remaining))
            .collect();
        let faults = count().compare(&accounts, &memory.periods, &remaining);
        assert_eq!(faults, vec![]);
        if let Some(first) = memory.periods.keys().next() {
            let mut wrong = memory.periods.clone();
            wrong.get_mut(first).unwrap().debits_posted.0 += 1;
            assert_eq!(count().compare(&accounts, &wrong, &remaining).len(), 1);
        }
    }
}

fn flat(balance: &Balance) -> Sums {
    [
        balance.debits_posted.0,
        balance.credits_posted.0,
        balance.debits_pending.0,
        balance.credits_pending.0,
    ]
}
