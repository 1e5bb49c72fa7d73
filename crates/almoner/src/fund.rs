//! `almoner fund`: pooled money.

mod figure;
mod files;
mod forecast;
mod give;
mod ledger;
mod pack;
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
    /// A page for the partnership board, from the ledger and the agreement.
    Pack(pack::Pack),
    Forecast(forecast::ForecastOf),
    Return(give::Give),
    Figure(figure::KeepFigure),
    Files(files::Files),
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
            What::Pack(pack) => pack.run(at),
            What::Forecast(forecast) => forecast.run(at),
            What::Return(give) => give.run(at),
            What::Figure(figure) => figure.run(at),
            What::Files(files) => files.run(at),
            What::Plan(plan) => plan.run(at),
            What::P4p(performance) => performance.run(at),
        }
    }
}
