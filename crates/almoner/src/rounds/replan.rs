//! `almoner rounds replan`: an earlier plan and what has changed since.

use super::input::{bytes, care, refused, text};
use super::{Effort, print};
use crate::Format;
use crate::failure::Failure;
use crate::open::At;
use clap::Args;
use rounds::report::Report;
use std::path::PathBuf;

/// Plan again after sickness or a new package, moving as little as can be.
///
/// Example: almoner rounds replan week.json --plan plan.json --absent carer-003@2026-12-01
#[derive(Args)]
pub(super) struct Replan {
    /// The problem, with new visits in it.
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// The plan that holds until now, as JSON.
    #[arg(long, value_name = "JSON")]
    plan: PathBuf,
    /// Who is not there: a carer, with @YYYY-MM-DD for one day. May be repeated.
    #[arg(long, value_name = "CARER[@DAY]")]
    absent: Vec<String>,
    #[command(flatten)]
    effort: Effort,
    /// How the plan is printed.
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
}

impl Replan {
    pub(super) fn run(&self, at: &At) -> Result<(), Failure> {
        let content = text(&self.file, bytes(&self.file)?)?;
        let mut file =
            rounds::case::parse(&content).map_err(|error| refused(&self.file, &error))?;
        let plan = text(&self.plan, bytes(&self.plan)?)?;
        let before: Report = serde_json::from_str(&plan)
            .map_err(|error| refused(&self.plan, &rounds::Error::File(error.to_string())))?;
        rounds::change::remember(&mut file, &before);
        for absent in &self.absent {
            let (carer, day) = absent
                .split_once('@')
                .map_or((absent.as_str(), None), |(carer, day)| (carer, Some(day)));
            rounds::change::absent(&mut file, carer, day)
                .map_err(|error| refused(&self.file, &error))?;
        }
        let input = care(&self.file, file, at)?;
        // What names a visit, carer or shift that is no longer there is left aside.
        let (kept, _) = rounds::report::placed(&before, input.problem());
        let planned = self.effort.plan(input.problem(), Some(&kept))?;
        if self.format == Format::Text {
            println!("Visits that go to another carer: {}", planned.report.moved);
        }
        print(&input, &planned.report, self.format)
    }
}
