//! `almoner rounds replan`: an earlier plan and what has changed since.

use super::input::{Input, bytes, care, refused, text};
use super::{Effort, print};
use crate::Format;
use crate::failure::Failure;
use crate::open::At;
use clap::Args;
use rounds::report::Report;
use rounds::solution::Solution;
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
        let kept = kept(&input, before);
        let planned = self.effort.plan(input.problem(), Some(&kept))?;
        if self.format == Format::Text {
            println!("Visits that go to another carer: {}", planned.report.moved);
        }
        print(&input, &planned.report, self.format)
    }
}

/// What of the earlier plan can still be: visits and carers that are there, in a shift.
fn kept(input: &Input, mut before: Report) -> Solution {
    let problem = input.problem();
    let mut solution = Solution::default();
    for route in &mut before.routes {
        for stop in std::mem::take(&mut route.stops) {
            let mut one = before_one(&route.carer);
            one.routes[0].stops.push(stop);
            let text = serde_json::to_string(&one).unwrap_or_default();
            let Ok((part, _)) = rounds::report::read(&text, problem) else {
                continue;
            };
            for found in part.routes {
                match solution
                    .routes
                    .iter_mut()
                    .find(|route| route.shift == found.shift)
                {
                    Some(route) => route.stops.extend(found.stops),
                    None => solution.routes.push(found),
                }
            }
        }
    }
    solution
}

/// A plan of one carer without stops.
fn before_one(carer: &str) -> Report {
    Report {
        cost: 0.0,
        travel: 0.0,
        tardiness: 0.0,
        max_tardiness: 0.0,
        unserved: Vec::new(),
        routes: vec![rounds::report::CarerRoute {
            carer: carer.to_owned(),
            stops: Vec::new(),
        }],
        iterations: 0,
        seconds: 0.0,
        waiting: 0.0,
        contact: 0.0,
        kilometres: 0.0,
        carers_per_person: 0.0,
        overtime: 0.0,
        moved: 0,
        seed: 0,
        stopped: String::new(),
    }
}
