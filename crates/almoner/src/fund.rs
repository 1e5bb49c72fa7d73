//! `almoner fund`: pooled money.

mod ledger;
mod performance;
mod plan;
mod read;
mod share;

pub(crate) use read::periods;

use crate::failure::Failure;
use crate::open::At;
use clap::{Args, Subcommand};

/// Pooled money: its ledger, shares by the agreement, Better Care Fund plans, payment for
/// performance.
///
/// Example: almoner fund share section75.toml --outturn outturn.csv
#[derive(Args)]
pub(crate) struct Fund {
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand)]
enum What {
    #[command(flatten)]
    Ledger(ledger::What),
    /// Each partner's share of an overspend or underspend, with every step.
    Share(share::Share),
    /// An agreement in plain words.
    Words(share::Words),
    /// Better Care Fund plans.
    Plan(plan::Plans),
    /// What the payment for performance of 2015/16 pays by quarter.
    P4p(performance::Performance),
}

impl Fund {
    pub(crate) fn run(&self, at: &At) -> Result<(), Failure> {
        match &self.what {
            What::Ledger(what) => what.run(at),
            What::Share(share) => share.run(),
            What::Words(words) => words.run(),
            What::Plan(plan) => plan.run(at),
            What::P4p(performance) => performance.run(at),
        }
    }
}
