//! The accountant's doctor: everything the ledger must be, counted anew.

use super::close::Seal;
use super::read::each_transfer;
use crate::{App, Error};
use ::fund::ledger::{Fault, Frozen, Recount};
use access::{Action, Actor};
use store::{Tx, ledger};

impl App {
    /// Checks the ledger: debits are credits, balances are the sums of their transfers, limits hold,
    /// closed months are as they were frozen, reversals and reservations fit, nothing is orphaned.
    /// Empty when all is well.
    ///
    /// # Errors
    /// Not allowed, or the store's.
    pub fn check_ledger(&self, actor: &Actor) -> Result<Vec<Fault>, Error> {
        access::decide(actor, Action::SeeLedger)?;
        self.store().read(|tx| self.ledger_faults(tx))
    }

    /// As [`App::check_ledger`], in an open transaction.
    pub(crate) fn ledger_faults(&self, tx: &mut dyn Tx) -> Result<Vec<Fault>, Error> {
        let frozen = ledger::frozen(tx)?;
        let mut recount = Recount::default();
        let mut seals = Seals::new(&frozen);
        each_transfer(tx, None, &mut |posted| {
            recount.add(&posted.transfer);
            seals.add(posted.transfer.period(), &posted.transfer.frozen_line());
            Ok(())
        })?;
        let mut faults = seals.faults();
        let remaining = ledger::audit::remaining(tx)?;
        let (accounts, months) = (ledger::every_account(tx)?, ledger::sums_of_all(tx)?);
        faults.extend(recount.compare(&accounts, &months, &remaining));
        faults.extend(ledger::audit::faults(tx)?);
        Ok(faults)
    }
}

/// The hashes of closed months, made again while transfers pass in order.
struct Seals<'f> {
    frozen: &'f [Frozen],
    at: usize,
    seal: Option<Seal>,
    faults: Vec<Fault>,
}

impl<'f> Seals<'f> {
    fn new(frozen: &'f [Frozen]) -> Self {
        let seal = frozen.first().map(|first| Seal::new(first.period, None));
        Self {
            frozen,
            at: 0,
            seal,
            faults: Vec::new(),
        }
    }

    /// Ends months that are before one.
    fn end_before(&mut self, period: Option<kernel::Month>) {
        while let Some(kept) = self.frozen.get(self.at)
            && period.is_none_or(|period| kept.period < period)
        {
            let made = self.seal.take().map(Seal::frozen);
            if made.as_ref() != Some(kept) {
                self.faults.push(Fault {
                    check: "a closed month is as it was frozen",
                    what: format!("period {}", kept.period),
                });
            }
            self.at += 1;
            let next = self.frozen.get(self.at);
            if let Some(gap) = next.filter(|next| next.period != kept.period.next()) {
                self.faults.push(Fault {
                    check: "closed months follow one another",
                    what: format!("period {}", gap.period),
                });
            }
            self.seal = next.map(|next| Seal::new(next.period, Some(kept)));
        }
    }

    fn add(&mut self, period: kernel::Month, line: &str) {
        self.end_before(Some(period));
        if let Some(seal) = &mut self.seal {
            seal.add(line);
        }
    }

    fn faults(mut self) -> Vec<Fault> {
        self.end_before(None);
        self.faults
    }
}
