//! `almoner fund figure`: what came of a planned metric.

use super::read;
use crate::failure::Failure;
use crate::open::At;
use access::Actor;
use app::fund::NewFigure;
use clap::Args;
use fund::ledger::Code;
use kernel::Month;

/// Keep what came of a metric of the plan in a month, with where the figure is from; or count it.
///
/// A later figure of the same month stands in place of an earlier one, which is kept. With --counted it
/// is counted from the stays in the store, as the return of delays or of adult social care counts it. What was counted
/// is never covered by what is typed: both are shown, and the counted one is held against the plan.
///
/// Example: almoner fund figure average-discharge-delay 2026-09 1.4 --of 1900 --source "trust, 14 October"
/// Example: almoner fund figure average-discharge-delay 2026-09 --counted
#[derive(Args)]
pub(super) struct KeepFigure {
    /// Short name of the metric in the plan.
    #[arg(value_name = "METRIC")]
    metric: String,
    /// The month.
    #[arg(value_name = "YYYY-MM")]
    month: Month,
    /// The figure.
    #[arg(value_name = "FIGURE", required_unless_present = "counted")]
    figure: Option<String>,
    /// Count it from stays and services: average-discharge-delay, usual-residence, at-home-91-days,
    /// delayed-transfers or care-home-admissions.
    #[arg(long, conflicts_with_all = ["figure", "of", "source"])]
    counted: bool,
    /// Of how many it is: discharges of an average delay, people of a rate.
    #[arg(long, value_name = "NUMBER")]
    of: Option<String>,
    /// Where it is from.
    #[arg(long, value_name = "TEXT", required_unless_present = "counted")]
    source: Option<String>,
    /// Code of the fund; needed where there are several.
    #[arg(long, value_name = "CODE")]
    fund: Option<Code>,
}

impl KeepFigure {
    pub(super) fn run(&self, at: &At) -> Result<(), Failure> {
        let app = at.open()?;
        let operator = Actor::operator();
        let fund = read::fund(&app, self.fund.as_ref())?;
        let kept = match self.counted {
            true => app.count_fund_figure(&operator, &fund, (&self.metric, self.month))?,
            false => app.keep_fund_figure(
                &operator,
                &NewFigure {
                    fund: &fund,
                    metric: &self.metric,
                    month: self.month,
                    figure: self.figure.as_deref().unwrap_or_default(),
                    of: self.of.as_deref().unwrap_or_default(),
                    source: self.source.as_deref().unwrap_or_default(),
                },
            )?,
        };
        let (figure, number) = (kept.figure.value, kept.figure.number);
        println!(
            "{} of {}: {figure}, number {number}",
            self.metric, self.month
        );
        if let Some(from) = &kept.figure.counted {
            println!("counted, as the return {from}: {}", kept.figure.source);
        }
        Ok(())
    }
}
