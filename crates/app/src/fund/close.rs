//! Closing a month: sharing what was spent over, and freezing it.

use super::read::each_between;
use crate::{App, Error, Subject};
use ::fund::ledger::close::{Part, Share};
use ::fund::ledger::{Code, Frozen, frozen_heading, may_close};
use access::{Action, Actor};
use kernel::{Month, hex};
use sha2::{Digest, Sha256};
use store::ledger::{self, At};
use store::{Tx, journal};

/// A month that was closed just now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Closed {
    /// How it was frozen.
    pub frozen: Frozen,
    /// What each partner was asked for, or given back.
    pub parts: Vec<Part>,
    /// How that was worked out by each fund's agreement, step by step, if it was.
    pub explained: Vec<(Code, String)>,
}

/// How what was spent over is shared.
enum Sharing<'a> {
    /// Not now.
    No,
    /// By a rule that is passed in.
    By(Share<'a>),
    /// By each fund's agreement.
    Agreement,
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
        let sharing = share.map_or(Sharing::No, Sharing::By);
        self.closed(actor, period, &sharing)
    }

    /// Closes a month and posts what each partner is asked for by its fund's agreement: shares of the
    /// year so far less what was asked for before ([`::fund::share::to_date`]). The working is kept. One transaction.
    ///
    /// # Errors
    /// As [`App::close_ledger_period`]; or a fund with spending has no agreement for the month, or its
    /// shares cannot be worked out.
    pub fn close_ledger_period_by_agreement(
        &self,
        actor: &Actor,
        period: Month,
    ) -> Result<Closed, Error> {
        self.closed(actor, period, &Sharing::Agreement)
    }

    fn closed(&self, actor: &Actor, period: Month, sharing: &Sharing<'_>) -> Result<Closed, Error> {
        let allowed = access::decide(actor, Action::CloseLedger)?;
        let may_post = access::decide(actor, Action::PostLedger);
        self.store().write(|tx| {
            let last = ledger::last_frozen(tx)?;
            let closed_to = last.as_ref().map(|frozen| frozen.period);
            may_close(period, closed_to, ledger::earliest(tx)?, self.today())?;
            if may_post.is_ok() {
                self.lapse(tx, actor)?;
            }
            let (parts, explained) = match sharing {
                Sharing::No => Default::default(),
                Sharing::By(share) => {
                    let allowed = may_post.clone()?;
                    let parts = self.post_shares(tx, (actor, allowed), period, *share)?;
                    (parts, Vec::new())
                }
                Sharing::Agreement => {
                    let allowed = may_post.clone()?;
                    self.post_agreed(tx, (actor, allowed), period)?
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
            Ok(Closed {
                frozen,
                parts,
                explained,
            })
        })
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
