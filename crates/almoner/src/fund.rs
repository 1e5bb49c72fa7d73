//! `almoner fund`.

mod ledger;

use crate::failure::Failure;
use crate::open::At;
use clap::{Args, Subcommand};

/// Pooled money.
///
/// Example: almoner fund balances --on 2026-04-30
#[derive(Args)]
pub(crate) struct Fund {
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand)]
enum What {
    #[command(flatten)]
    Ledger(ledger::What),
}

impl Fund {
    pub(crate) fn run(&self, at: &At) -> Result<(), Failure> {
        match &self.what {
            What::Ledger(what) => what.run(at),
        }
    }
}
