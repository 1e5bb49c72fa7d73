//! Closing a month: sharing what was spent over, and freezing it.

use super::id_for;
use super::read::each_between;
use crate::{App, Error, Subject};
use ::fund::ledger::close::{Part, Share, parts, standings};
use ::fund::ledger::{Asked, Frozen, Name, Outcome, What, frozen_heading, may_close};
use access::{Action, Actor, Allowed};
use jiff::civil::date;
use kernel::{Month, Pence, hex};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use store::ledger::{self, At};
use store::{Tx, journal};

/// A month that was closed just now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Closed {
    /// How it was frozen.
    pub frozen: Frozen,
    /// What each partner was asked for, or given back.
    pub parts: Vec<Part>,
}

impl App {
    /// Closes a month: gives back what has lapsed, posts each partner's part of what was spent over
    /// in the financial year if a share is passed in, and freezes the month. One transaction.
    ///
    /// # Errors
    /// Not allowed, not the next month or not over, a share that does not add up, or the store's.
    pub fn close_ledger_period(
        &self,
        actor: &Actor,
        period: Month,
        share: Option<Share<'_>>,
    ) -> Result<Closed, Error> {
        let allowed = access::decide(actor, Action::CloseLedger)?;
        let shared = share.map(|share| (share, access::decide(actor, Action::PostLedger)));
        self.store().write(|tx| {
            let last = ledger::last_frozen(tx)?;
            let closed_to = last.as_ref().map(|frozen| frozen.period);
            may_close(period, closed_to, ledger::earliest(tx)?, self.today())?;
            if access::decide(actor, Action::PostLedger).is_ok() {
                self.lapse(tx, actor)?;
            }
            let parts = match &shared {
                None => Vec::new(),
                Some((share, may)) => {
                    let allowed = may.clone()?;
                    self.post_shares(tx, (actor, allowed), period, share)?
                }
            };
            let frozen = freeze(tx, period, last.as_ref())?;
            ledger::freeze(tx, &frozen, (self.now(), &actor.display_name))?;
            let subject = Subject {
                thing: format!("period {period}"),
                results: usize::try_from(frozen.transfers).unwrap_or(usize::MAX),
                detail: format!("hash {}", frozen.hash),
                ..Subject::default()
            };
            let kind = journal::Kind::Command;
            self.record(tx, actor, allowed, kind, "ledger: close", subject)?;
            Ok(Closed { frozen, parts })
        })
    }

    /// Posts each partner's part, those of one fund all or none, on the month's last day.
    fn post_shares(
        &self,
        tx: &mut dyn Tx,
        (actor, allowed): (&Actor, Allowed),
        period: Month,
        share: Share<'_>,
    ) -> Result<Vec<Part>, Error> {
        let year = date(period.financial_year(), 4, 1);
        let moved = ledger::accounts_upto(tx, Some(Month::of(year)), period)?;
        let accounts = ledger::every_account(tx)?;
        let names = accounts.iter().filter_map(|(account, _)| {
            moved
                .get(&account.id)
                .map(|balance| (&account.name, balance))
        });
        let wrong =
            |error: ::fund::ledger::close::ShareError| Error::invalid("share", error.to_string());
        let funds = standings(names).map_err(wrong)?;
        let all = parts(&funds, share).map_err(wrong)?;
        let mut by_fund: BTreeMap<_, Vec<Asked>> = BTreeMap::new();
        for part in &all {
            let account = |kind: &str| {
                format!("{kind}:{}:{}", part.fund, part.partner)
                    .parse::<Name>()
                    .map_err(|error| Error::invalid("share", error.to_string()))
            };
            let due = account("assets:due-from-partner")?;
            let shared = account("income:risk-share")?;
            let due = self.open_account(tx, (actor, allowed), &due, None)?.id();
            let shared = self.open_account(tx, (actor, allowed), &shared, None)?.id();
            let (debit, credit) = match part.amount.0 > 0 {
                true => (due, shared),
                false => (shared, due),
            };
            let month = period.to_string();
            let id = ["share", part.fund.as_str(), part.partner.as_str(), &month];
            by_fund.entry(part.fund.clone()).or_default().push(Asked {
                id: id_for(&id),
                effective: period.last(),
                what: What::Post {
                    debit,
                    credit,
                    amount: Pence(part.amount.0.saturating_abs()),
                },
                note: format!("share of the variance to {}", period.in_words()),
            });
        }
        for asked in by_fund.into_values() {
            let command = self.ledger_command(actor, asked)?;
            match self.enter(tx, &[command])?.pop() {
                Some(Ok(Outcome::Made(_))) => {}
                Some(Err(refusal)) => return Err(refusal.into()),
                // The month was open, so its shares cannot have been posted.
                _ => return Err(Error::NotFound("share that was just made")),
            }
        }
        Ok(all)
    }
}

/// The hash over a month, chained to the one before.
fn freeze(tx: &mut dyn Tx, period: Month, last: Option<&Frozen>) -> Result<Frozen, Error> {
    let mut seal = Seal::new(period, last);
    let after = last.map(|last| At {
        period: last.period.next(),
        entry: 0,
        line: 0,
    });
    each_between(tx, after, Some(period), &mut |posted| {
        seal.add(&posted.transfer.frozen_line());
        Ok(())
    })?;
    Ok(seal.frozen())
}

/// A hash over a month in the making.
pub(super) struct Seal {
    period: Month,
    previous: String,
    hasher: Sha256,
    transfers: u64,
}

impl Seal {
    /// Begins a month after the last one.
    pub(super) fn new(period: Month, last: Option<&Frozen>) -> Self {
        let previous = last.map(|last| last.hash.clone()).unwrap_or_default();
        let mut hasher = Sha256::new();
        hasher.update(frozen_heading(period, &previous));
        Self {
            period,
            previous,
            hasher,
            transfers: 0,
        }
    }

    /// Adds a transfer's line.
    pub(super) fn add(&mut self, line: &str) {
        self.hasher.update(line);
        self.transfers += 1;
    }

    /// The month as it is frozen.
    pub(super) fn frozen(self) -> Frozen {
        Frozen {
            period: self.period,
            transfers: self.transfers,
            previous: self.previous,
            hash: hex(&self.hasher.finalize()),
        }
    }
}
