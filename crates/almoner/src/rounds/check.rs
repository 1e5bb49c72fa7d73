//! `almoner rounds check`: any plan, judged by the checker.

use super::input::{bytes, read, refused, text};
use crate::Format;
use crate::failure::Failure;
use crate::open::At;
use clap::Args;
use serde::Serialize;
use std::path::PathBuf;

/// Check a plan and cost it again.
///
/// Example: almoner rounds check week.json plan.json
#[derive(Args)]
pub(super) struct Check {
    /// The problem.
    #[arg(value_name = "PROBLEM")]
    problem: PathBuf,
    /// The plan: JSON as `almoner rounds` prints it, or a published solution.
    #[arg(value_name = "SOLUTION")]
    solution: PathBuf,
    /// With visits as CSV: the carers and their shifts.
    #[arg(long, value_name = "CSV")]
    carers: Option<PathBuf>,
    /// How to print.
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
}

#[derive(Serialize)]
struct Said {
    legal: bool,
    cost: f64,
    stated: Option<f64>,
    cost_as_stated: Option<bool>,
    travel: f64,
    tardiness: f64,
    max_tardiness: f64,
    unserved: i64,
    breaches: Vec<Told>,
}

#[derive(Serialize)]
struct Told {
    rule: &'static str,
    place: String,
    text: String,
}

impl Check {
    pub(super) fn run(&self, at: &At) -> Result<(), Failure> {
        let input = read(&self.problem, self.carers.as_deref(), at)?;
        let problem = input.problem();
        let plan = text(&self.solution, bytes(&self.solution)?)?;
        let plan = if plan.trim_start().starts_with('{') {
            rounds::report::read(&plan, problem)
        } else {
            rounds::formats::solution(&plan, problem)
        };
        let (plan, stated) = plan.map_err(|error| refused(&self.solution, &error))?;
        let checked = rounds::check(problem, &plan);
        let cost = problem.shown_cost(checked.costing.cost);
        let said = Said {
            legal: checked.legal(),
            cost,
            stated,
            cost_as_stated: stated.map(|stated| same(cost, stated)),
            travel: problem.units(checked.costing.travel),
            tardiness: problem.units(checked.costing.lateness),
            max_tardiness: problem.units(checked.costing.worst_lateness),
            unserved: checked.costing.unserved.iter().sum(),
            breaches: checked
                .breaches
                .into_iter()
                .map(|breach| Told {
                    rule: breach.rule,
                    place: breach.place,
                    text: breach.text,
                })
                .collect(),
        };
        self.print(&said)?;
        if said.legal && said.cost_as_stated != Some(false) {
            Ok(())
        } else {
            Err(Failure::Rejected)
        }
    }

    fn print(&self, said: &Said) -> Result<(), Failure> {
        if self.format == Format::Json {
            println!("{}", serde_json::to_string_pretty(said)?);
            return Ok(());
        }
        println!(
            "Cost: {:.4}; travel: {:.4}; late: {:.4}, the latest {:.4}; left out: {}",
            said.cost, said.travel, said.tardiness, said.max_tardiness, said.unserved
        );
        match (said.stated, said.cost_as_stated) {
            (Some(stated), Some(true)) => println!("As stated: {stated}"),
            (Some(stated), _) => println!("The file states another cost: {stated}"),
            (None, _) => println!("The file states no cost"),
        }
        for breach in &said.breaches {
            println!("{}: {} {}", breach.rule, breach.place, breach.text);
        }
        println!(
            "{}",
            if said.legal {
                "Every rule holds"
            } else {
                "The plan breaks rules"
            }
        );
        Ok(())
    }
}

/// Published files round to six digits.
fn same(cost: f64, stated: f64) -> bool {
    (cost - stated).abs() <= 0.000_006 * stated.abs().max(1.0)
}
