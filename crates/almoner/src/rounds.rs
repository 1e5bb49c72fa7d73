//! `almoner rounds`: home care visits to rounds. Works on files; needs no store.

mod budget;
mod check;
mod input;
mod replan;
mod what_if;

use crate::Format;
use crate::failure::Failure;
use crate::memory;
use crate::open::At;
use ::rounds::check::Checked;
use ::rounds::problem::Problem;
use ::rounds::report::{Report, Run};
use ::rounds::solution::Solution;
use budget::{Budget, Memory};
use clap::{Args, Subcommand};
use input::{Input, read};
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// Plan home care rounds: who visits whom, in which order, and when.
///
/// Example: almoner rounds week.json --time 60s --format json
#[derive(Args)]
#[command(after_help = "Example: almoner rounds week.json --time 60s --sheets rounds.html")]
#[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
pub(crate) struct Rounds {
    #[command(subcommand)]
    what: Option<What>,
    #[command(flatten)]
    plan: Plan,
}

#[derive(Subcommand)]
enum What {
    /// Check a plan by itself and cost it again, published ones too; exit 3 if it breaks a rule.
    Check(check::Check),
    /// Plan again after sickness or a new package, moving as little as can be.
    Replan(replan::Replan),
    /// Two plans side by side: zones merged, providers swapped, a provider gone.
    WhatIf(what_if::WhatIf),
    /// Write a fictional county to try things on, as JSON.
    Make(Make),
}

#[derive(Args)]
struct Plan {
    #[command(flatten)]
    source: Source,
    #[command(flatten)]
    effort: Effort,
    /// How the plan is printed.
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
    /// Where to write the plan as a map.
    #[arg(long, value_name = "GEOJSON")]
    geojson: Option<PathBuf>,
    /// Where to write a printable sheet for each round.
    #[arg(long, value_name = "HTML")]
    sheets: Option<PathBuf>,
    /// Where to write the plan as solutions of the benchmark are published.
    #[arg(long, value_name = "TXT")]
    published: Option<PathBuf>,
}

/// What is planned.
#[derive(Args)]
struct Source {
    /// The problem: JSON, a CSV of visits (with --carers), or a benchmark file.
    #[arg(required = true, value_name = "FILE")]
    file: Option<PathBuf>,
    /// With visits as CSV: the carers and their shifts.
    #[arg(long, value_name = "CSV")]
    carers: Option<PathBuf>,
}

/// How long is searched, and how.
#[derive(Args)]
struct Effort {
    /// How long to search: 60s, 5m.
    #[arg(long, value_name = "TIME", default_value = "60s", value_parser = duration)]
    time: Duration,
    /// Steps of each thread in place of a time: the same plan each time.
    #[arg(long, value_name = "N")]
    iterations: Option<u64>,
    /// Seed of chance.
    #[arg(long, value_name = "N", default_value_t = 1)]
    seed: u64,
    /// How many threads; as many as the machine has if not given.
    #[arg(long, value_name = "N")]
    threads: Option<usize>,
    /// Stop with the best plan so far when the program holds more memory than this, in megabytes.
    #[arg(long, value_name = "MB", default_value_t = 4_096)]
    max_memory_mb: u64,
    /// No search: each carer goes to the nearest visit that can be made. To compare with.
    #[arg(long)]
    nearest: bool,
}

#[derive(Args)]
struct Make {
    /// Visits, about.
    #[arg(long, default_value_t = 1_000)]
    visits: usize,
    /// Carers.
    #[arg(long, default_value_t = 80)]
    carers: usize,
    /// Days, 1 to 7.
    #[arg(long, default_value_t = 7)]
    days: i64,
    /// Seed of chance.
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

/// Reads `60s`, `5m` or a number of seconds.
fn duration(text: &str) -> Result<Duration, String> {
    let (number, unit) = match text.strip_suffix('m') {
        Some(number) => (number, 60),
        None => (text.strip_suffix('s').unwrap_or(text), 1),
    };
    let number: u64 = number
        .parse()
        .map_err(|_| "a time such as 60s or 5m is wanted".to_owned())?;
    (1..=86_400)
        .contains(&(number.saturating_mul(unit)))
        .then(|| Duration::from_secs(number * unit))
        .ok_or_else(|| "from one second to a day".to_owned())
}

impl Rounds {
    pub(crate) fn run(&self, at: &At) -> Result<(), Failure> {
        match &self.what {
            Some(What::Check(check)) => check.run(at),
            Some(What::Replan(replan)) => replan.run(at),
            Some(What::WhatIf(what_if)) => what_if.run(at),
            Some(What::Make(make)) => make.run(),
            None => self.plan.run(at),
        }
    }
}

impl Make {
    fn run(&self) -> Result<(), Failure> {
        use ::rounds::fictional::{Size, county};
        let most = ::rounds::case::MOST_VISITS;
        let fits = (1..=most).contains(&self.visits)
            && (1..=1_000).contains(&self.carers)
            && (1..=7).contains(&self.days);
        if !fits {
            return Err(Failure::Usage(format!(
                "from 1 to {most} visits, 1 to 1,000 carers and 1 to 7 days can be made"
            )));
        }
        let size = Size {
            visits: self.visits,
            carers: self.carers,
            days: self.days,
        };
        println!("{}", serde_json::to_string(&county(self.seed, size))?);
        Ok(())
    }
}

impl Plan {
    fn run(&self, at: &At) -> Result<(), Failure> {
        let input = self.source.read(at)?;
        let planned = self.effort.plan(input.problem(), None)?;
        self.write(&input, &planned)?;
        print(&input, &planned.report, self.format)
    }

    fn write(&self, input: &Input, planned: &Planned) -> Result<(), Failure> {
        let files = [(&self.geojson, "map"), (&self.sheets, "sheets")];
        for (path, what) in files {
            let Some(path) = path else { continue };
            let Input::Care(case) = input else {
                return Err(Failure::Usage(format!(
                    "a benchmark problem has no {what}: it is no real place"
                )));
            };
            let text = if what == "map" {
                serde_json::to_string(&::rounds::report::geojson(case, &planned.checked))?
            } else {
                ::rounds::report::sheets(case, &planned.checked)
            };
            fs::write(path, text).map_err(|error| unusable(path, &error))?;
        }
        if let Some(path) = &self.published {
            let Input::Benchmark(problem) = input else {
                return Err(Failure::Usage(
                    "home care has no published form: take --format json".to_owned(),
                ));
            };
            let text = ::rounds::formats::written(problem, &planned.checked);
            fs::write(path, text).map_err(|error| unusable(path, &error))?;
        }
        Ok(())
    }
}

impl Source {
    fn read(&self, at: &At) -> Result<Input, Failure> {
        let Some(file) = &self.file else {
            return Err(Failure::Usage(
                "name the file that is to be planned".to_owned(),
            ));
        };
        read(file, self.carers.as_deref(), at)
    }
}

/// A plan that was made and checked.
struct Planned {
    checked: Checked,
    report: Report,
}

impl Effort {
    fn threads(&self) -> usize {
        let of_machine = || std::thread::available_parallelism().map_or(1, usize::from);
        self.threads.unwrap_or_else(of_machine).clamp(1, 64)
    }

    /// Plans, checks by the independent checker, and explains what is left out.
    fn plan(&self, problem: &Problem, before: Option<&Solution>) -> Result<Planned, Failure> {
        self.plan_with(problem, before, &memory::now_mb)
    }

    /// As [`Effort::plan`], with whoever says how much memory is used.
    fn plan_with(
        &self,
        problem: &Problem,
        before: Option<&Solution>,
        memory: Memory<'_>,
    ) -> Result<Planned, Failure> {
        let threads = self.threads();
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build();
        let pool =
            pool.map_err(|error| Failure::Failed(format!("threads cannot be started: {error}")))?;
        let budget = Budget::new(self, memory);
        let spent = |steps: u64| budget.spent(steps);
        let (plan, steps) = pool.install(|| {
            if self.nearest {
                (::rounds::plan::nearest(problem), 0)
            } else if problem.windows_only() {
                ::rounds::windows::plan(problem, self.seed, threads, &spent)
            } else {
                let found = ::rounds::plan::plan(problem, before, self.seed, threads, &spent);
                (found.plan, found.steps)
            }
        });
        let run = Run {
            steps,
            seconds: budget.seconds(),
            seed: self.seed,
            stopped: budget.stopped(),
        };
        finish(problem, &plan, &run)
    }
}

/// No plan leaves the house that the checker does not pass.
fn finish(problem: &Problem, plan: &Solution, run: &Run) -> Result<Planned, Failure> {
    let checked = ::rounds::check(problem, plan);
    let reasons = ::rounds::plan::explain(problem, &checked.solution);
    let only_left_out = checked
        .breaches
        .iter()
        .all(|breach| breach.rule == "once" && !reasons.is_empty());
    if !checked.legal() && !only_left_out {
        let first = &checked.breaches[0];
        return Err(Failure::Failed(format!(
            "the plan was thrown away because the checker found that {} {}; this is a fault of the program",
            first.place, first.text
        )));
    }
    let report = ::rounds::report::report(problem, &checked, &reasons, run);
    Ok(Planned { checked, report })
}

fn unusable(path: &Path, error: &dyn std::fmt::Display) -> Failure {
    Failure::Usage(format!("{}: {error}", path.display()))
}

fn print(input: &Input, report: &Report, format: Format) -> Result<(), Failure> {
    match format {
        Format::Json => println!("{}", serde_json::to_string_pretty(report)?),
        Format::Csv => print!("{}", in_rows(input, report)),
        Format::Text => print!("{}", in_words(input, report)),
    }
    Ok(())
}

/// A row for each visit of each carer.
fn in_rows(input: &Input, report: &Report) -> String {
    let quoted = crate::load::quoted;
    let mut text = "carer,visit,arrive,start,end\n".to_owned();
    for route in &report.routes {
        for stop in &route.stops {
            let [arrive, start, end] =
                [stop.arrive, stop.start, stop.end].map(|units| input.moment(units));
            text.push_str(&format!(
                "{},{},{arrive},{start},{end}\n",
                quoted(&route.carer),
                quoted(&stop.visit)
            ));
        }
    }
    text
}

fn in_words(input: &Input, report: &Report) -> String {
    let visits: usize = report.routes.iter().map(|route| route.stops.len()).sum();
    let mut text = format!(
        "Cost: {:.3}\nVisits in rounds: {visits} by {} carers; left out: {}\n",
        report.cost,
        report.routes.len(),
        report.unserved.len()
    );
    let unit = if input.is_care() { " minutes" } else { "" };
    text.push_str(&format!(
        "Travel: {:.1}{unit}; waiting: {:.1}{unit}; late: {:.1}{unit}, the latest {:.1}{unit}\n",
        report.travel, report.waiting, report.tardiness, report.max_tardiness
    ));
    if input.is_care() {
        text.push_str(&format!(
            "With people: {:.1} hours; distance: {:.1} km; carers of a person: {:.2}; beyond contract: {:.1} hours\n",
            report.contact / 60.0,
            report.kilometres,
            report.carers_per_person,
            report.overtime / 60.0
        ));
    }
    text.push_str(&format!(
        "Steps: {} in {:.1} s from seed {}; {}\n",
        report.iterations, report.seconds, report.seed, report.stopped
    ));
    for left in &report.unserved {
        text.push_str(&format!(
            "\nLeft out: {}\n  Why: {}\n",
            left.visit, left.reason
        ));
        let change = if left.nearest_change.is_empty() {
            "nothing that was tried makes it fit"
        } else {
            &left.nearest_change
        };
        text.push_str(&format!("  Nearest change: {change}\n"));
    }
    text
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]

    use super::*;
    use ::rounds::fictional::{Size, county};
    use ::rounds::settings::Settings;
    use std::sync::atomic::{AtomicU64, Ordering};

    /// Home care on one day.
    fn care() -> Problem {
        let size = Size {
            visits: 60,
            carers: 8,
            days: 1,
        };
        let policy = flow::Policy::builtin();
        let settings = Settings::on(&policy.parameters, jiff::civil::date(2026, 11, 30)).unwrap();
        let case = ::rounds::case::build(county(1, size), &settings).unwrap();
        case.problem
    }

    /// Windows only, for which there is another engine.
    fn windows() -> Problem {
        let mut text = "T1\n\nVEHICLE\nNUMBER CAPACITY\n9 50\n\nCUSTOMER\nCUST NO.\n\n\
                        0 50 50 0 0 1000 0\n"
            .to_owned();
        for one in 1..=40 {
            let (x, y) = (one * 37 % 101, one * 53 % 97);
            text.push_str(&format!("{one} {x} {y} 5 0 900 10\n"));
        }
        ::rounds::formats::problem("T1", &text).unwrap()
    }

    /// The search may take a day. Memory grows by a megabyte with each look at it, so the limit comes in the middle.
    #[test]
    fn a_search_that_runs_out_of_memory_midway_gives_its_best_plan_so_far() {
        for (problem, is_windows) in [(care(), false), (windows(), true)] {
            assert_eq!(problem.windows_only(), is_windows);
            let plan = |max_memory_mb| {
                let effort = Effort {
                    time: Duration::from_secs(86_400),
                    iterations: None,
                    seed: 1,
                    threads: Some(2),
                    max_memory_mb,
                    nearest: false,
                };
                let used = AtomicU64::new(0);
                let memory = || Some(used.fetch_add(1, Ordering::Relaxed) + 1);
                let planned = effort.plan_with(&problem, None, &memory);
                planned.unwrap_or_else(|_| panic!("a plan that the checker passes"))
            };
            let first = plan(0).report;
            assert_eq!(first.iterations, 0);
            let midway = plan(9).report;
            assert_eq!(
                midway.stopped,
                "the memory limit of 9 MB was reached: the best plan so far"
            );
            assert!(midway.iterations > 0);
            assert!(midway.cost <= first.cost, "{} {}", midway.cost, first.cost);
        }
    }

    #[test]
    fn times_as_people_write_them() {
        for (text, seconds) in [
            ("60s", Some(60)),
            ("5m", Some(300)),
            ("7", Some(7)),
            ("0s", None),
            ("2d", None),
            ("-1s", None),
            ("99999999999999999999s", None),
        ] {
            assert_eq!(duration(text).ok().map(|d| d.as_secs()), seconds, "{text}");
        }
    }
}
