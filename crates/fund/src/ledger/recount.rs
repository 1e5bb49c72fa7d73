//! The ledger counted anew from its transfers, to be held against what is kept beside them.
//!
//! Transfers may come in any order. Nothing here is shared with the rules that made them but what a
//! transfer says of itself.

use super::{Account, Balance, Kind, Limit, Transfer};
use kernel::{LedgerAccountId, Month, Pence, TransferId};
use std::collections::{BTreeMap, HashMap};

/// Something that is not as it must be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// Which rule, in a few words.
    pub check: &'static str,
    /// What is wrong; ids and amounts only.
    pub what: String,
}

impl Fault {
    fn new(check: &'static str, what: String) -> Self {
        Self { check, what }
    }
}

/// Sums of transfers.
#[derive(Clone, Debug, Default)]
pub struct Recount {
    balances: BTreeMap<(LedgerAccountId, Month), Balance>,
    remaining: HashMap<TransferId, i128>,
    faults: Vec<Fault>,
}

/// Most faults that are told of.
const TOLD: usize = 50;

impl Recount {
    /// Counts a transfer.
    pub fn add(&mut self, transfer: &Transfer) {
        let amounts = match transfer.kind {
            Kind::Release { .. } => transfer.amount.0 == 0 && transfer.released.0 > 0,
            _ => transfer.amount.0 > 0 && transfer.released.0 >= 0,
        };
        if !amounts || transfer.debit == transfer.credit {
            self.fault(
                "a transfer moves more than nought between two accounts",
                transfer,
            );
        }
        let Some(entries) = transfer.entries() else {
            return self.fault("a transfer's amounts fit", transfer);
        };
        for (account, moved) in entries {
            let kept = self
                .balances
                .entry((account, transfer.period()))
                .or_default();
            match kept.plus(&moved) {
                Some(sum) => *kept = sum,
                None => return self.fault("a balance fits", transfer),
            }
        }
        let drawn = i128::from(transfer.amount.0) + i128::from(transfer.released.0);
        match transfer.kind {
            Kind::Reserve { .. } => *self.remaining.entry(transfer.id).or_default() += drawn,
            Kind::PostReserved { reservation, .. } | Kind::Release { reservation } => {
                *self.remaining.entry(reservation).or_default() -= drawn;
            }
            Kind::Post | Kind::Reverse { .. } => {}
        }
    }

    fn fault(&mut self, check: &'static str, transfer: &Transfer) {
        self.faults
            .push(Fault::new(check, format!("transfer {}", transfer.id)));
    }

    /// What moved on each account in each month.
    pub fn balances(&self) -> &BTreeMap<(LedgerAccountId, Month), Balance> {
        &self.balances
    }

    /// Everything that does not fit: the kept sums of months and of accounts, and what the
    /// reservations that are kept say remains.
    pub fn compare(
        self,
        accounts: &[(Account, Balance)],
        periods: &BTreeMap<(LedgerAccountId, Month), Balance>,
        reservations: &BTreeMap<TransferId, Pence>,
    ) -> Vec<Fault> {
        let mut faults = self.faults;
        let none = Balance::default();
        let mut keys: Vec<_> = self.balances.keys().chain(periods.keys()).collect();
        keys.sort_unstable();
        keys.dedup();
        for key in keys {
            let (counted, kept) = (self.balances.get(key), periods.get(key));
            if counted.unwrap_or(&none) != kept.unwrap_or(&none) {
                let what = format!("account {} in {}", key.0, key.1);
                faults.push(Fault::new(
                    "what moved in a month is the sum of its transfers",
                    what,
                ));
            }
        }
        faults.extend(wrong_totals(accounts, &self.balances));
        let mut held: Vec<_> = self.remaining.keys().chain(reservations.keys()).collect();
        held.sort_unstable();
        held.dedup();
        for id in held {
            let counted = self.remaining.get(id).copied();
            let kept = reservations.get(id).map(|pence| i128::from(pence.0));
            if counted != kept || kept.is_none_or(|remaining| remaining < 0) {
                let check =
                    "what remains of a reservation is what was set apart less what was drawn";
                faults.push(Fault::new(check, format!("reservation {id}")));
            }
        }
        faults.truncate(TOLD);
        faults
    }
}

/// Sums over all months, and what they must be: those that are kept, within limits, and nought
/// over all accounts.
fn wrong_totals(
    accounts: &[(Account, Balance)],
    counted: &BTreeMap<(LedgerAccountId, Month), Balance>,
) -> Vec<Fault> {
    let mut faults = Vec::new();
    let mut totals: HashMap<LedgerAccountId, Option<Balance>> = HashMap::new();
    for ((account, _), moved) in counted {
        let total = totals.entry(*account).or_insert(Some(Balance::default()));
        *total = total.and_then(|total| total.plus(moved));
    }
    let (mut posted, mut pending) = (0_i128, 0_i128);
    for (account, kept) in accounts {
        let total = totals
            .remove(&account.id)
            .unwrap_or(Some(Balance::default()));
        if total.as_ref() != Some(kept) {
            let check = "an account's balance is the sum of its transfers";
            faults.push(Fault::new(check, account.name.to_string()));
        }
        if account.limit != Limit::None && account.limit.over(kept) > 0 {
            faults.push(Fault::new(
                "an account is within its limit",
                account.name.to_string(),
            ));
        }
        posted += i128::from(kept.debits_posted.0) - i128::from(kept.credits_posted.0);
        pending += i128::from(kept.debits_pending.0) - i128::from(kept.credits_pending.0);
    }
    for account in totals.into_keys() {
        let check = "each transfer is between accounts that are there";
        faults.push(Fault::new(check, format!("account {account}")));
    }
    if posted != 0 || pending != 0 {
        let what = format!("debits less credits: {posted} pence posted, {pending} reserved");
        faults.push(Fault::new("debits are credits over all accounts", what));
    }
    faults
}
