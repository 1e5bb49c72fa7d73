//! `almoner fund figure`: what came of a planned metric.

use super::read;
use crate::failure::Failure;
use crate::open::At;
use access::Actor;
use app::fund::NewFigure;
use clap::Args;
use fund::ledger::Code;
use kernel::Month;

/// Keep what came of a metric of the plan in a month, with where the figure is from.
///
/// A later figure of the same month stands in place of an earlier one, which is kept.
///
/// Example: almoner fund figure average-discharge-delay 2026-09 1.4 --of 1900 --source "trust, 14 October"
#[derive(Args)]
pub(super) struct KeepFigure {
    /// Short name of the metric in the plan.
    #[arg(value_name = "METRIC")]
    metric: String,
    /// The month.
    #[arg(value_name = "YYYY-MM")]
    month: Month,
    /// The figure.
    #[arg(value_name = "FIGURE")]
    figure: String,
    /// Of how many it is: discharges of an average delay, people of a rate.
    #[arg(long, value_name = "NUMBER", default_value = "")]
    of: String,
    /// Where it is from.
    #[arg(long, value_name = "TEXT")]
    source: String,
    /// Code of the fund; needed where there are several.
    #[arg(long, value_name = "CODE")]
    fund: Option<Code>,
}

impl KeepFigure {
    pub(super) fn run(&self, at: &At) -> Result<(), Failure> {
        let app = at.open()?;
        let operator = Actor::operator();
        let fund = read::fund(&app, self.fund.as_ref())?;
        let new = NewFigure {
            fund: &fund,
            metric: &self.metric,
            month: self.month,
            figure: &self.figure,
            of: &self.of,
            source: &self.source,
        };
        let kept = app.keep_fund_figure(&operator, &new)?;
        let (figure, number) = (kept.figure.value, kept.figure.number);
        println!(
            "{} of {}: {figure}, number {number}",
            self.metric, self.month
        );
        Ok(())
    }
}
