//! Plans a benchmark file, or the fictional county, for some seconds and prints what came
//! out: to try the engines without the whole program. Seconds are those of one processor, so
//! that other work on the machine does not count.
//! `measure FILE SECONDS [SEED] [BEST] [OUT]`, `measure county SECONDS [VISITS] [CARERS]`

use rounds::Problem;
use rounds::solution::Solution;
use std::path::Path;
use std::time::Instant;

type Failed = Box<dyn std::error::Error>;

fn main() -> Result<(), Failed> {
    let arguments: Vec<String> = std::env::args().collect();
    let [_, file, seconds, rest @ ..] = arguments.as_slice() else {
        return Err("measure FILE SECONDS [SEED] [BEST] [OUT]".into());
    };
    let seconds: f64 = seconds.parse()?;
    if file == "county" {
        return county(seconds, rest);
    }
    let seed = rest.first().map_or(Ok(1), |seed| seed.parse())?;
    let name = Path::new(file)
        .file_stem()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned();
    let problem = rounds::formats::problem(&name, &std::fs::read_to_string(file)?)?;
    let (plan, steps) = plan(&problem, seed, seconds);
    let checked = rounds::check(&problem, &plan);
    let cost = problem.shown_cost(checked.costing.cost);
    let gap = match rest.get(1) {
        Some(best) => format!(" gap {:.3}%", (cost / best.parse::<f64>()? - 1.0) * 100.0),
        None => String::new(),
    };
    if let Some(out) = rest.get(2) {
        std::fs::write(out, rounds::formats::written(&problem, &checked))?;
    }
    println!(
        "{name} cost {cost:.4}{gap} steps {steps} routes {} breaches {:?}",
        plan.routes.len(),
        checked.breaches
    );
    Ok(())
}

fn plan(problem: &Problem, seed: u64, seconds: f64) -> (Solution, u64) {
    let began = Instant::now();
    let before = processor();
    let spent = |_| {
        let used = match (before, processor()) {
            (Some(before), Some(now)) => now - before,
            _ => began.elapsed().as_secs_f64(),
        };
        used / seconds
    };
    if problem.windows_only() {
        return rounds::windows::plan(problem, seed, 1, &spent);
    }
    let found = rounds::plan::plan(problem, None, seed, 1, &spent);
    (found.plan, found.steps)
}

/// Seconds that this thread has run, where the system tells.
fn processor() -> Option<f64> {
    let told = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    let nanoseconds: f64 = told.split_whitespace().next()?.parse().ok()?;
    Some(nanoseconds / 1e9)
}

fn county(seconds: f64, rest: &[String]) -> Result<(), Failed> {
    let number = |at: usize, usual: usize| rest.get(at).map_or(Ok(usual), |text| text.parse());
    let size = rounds::fictional::Size {
        visits: number(0, 1_000)?,
        carers: number(1, 80)?,
        days: 7,
    };
    let mut parameters = kernel::Parameters::default();
    let wrong = parameters.add_csv(include_str!("../../../policy/parameters/rounds.csv"));
    if let Some(wrong) = wrong.first() {
        return Err(wrong.to_string().into());
    }
    let settings = rounds::settings::Settings::on(&parameters, jiff::civil::date(2026, 11, 30))?;
    let case = rounds::case::build(rounds::fictional::county(1, size), &settings)?;
    let problem = &case.problem;
    let told = |name: &str, plan: &Solution, took: f64, steps: u64| {
        let checked = rounds::check(problem, plan);
        let sum = &checked.costing;
        println!(
            "{name}: left out {:?} travel {:.0} waiting {:.0} late {:.0} faces {} km {:.0} breaches {} steps {steps} in {took:.2} s",
            sum.unserved,
            problem.units(sum.travel),
            problem.units(sum.waiting),
            problem.units(sum.lateness),
            sum.new_faces,
            sum.metres as f64 / 1_000.0,
            checked.breaches.len()
        );
    };
    let began = Instant::now();
    let nearest = rounds::plan::nearest(problem);
    told("nearest", &nearest, began.elapsed().as_secs_f64(), 0);
    for limit in [0.0, seconds] {
        let began = Instant::now();
        let (plan, steps) = plan(problem, 1, limit.max(0.000_001));
        told("planned", &plan, began.elapsed().as_secs_f64(), steps);
    }
    Ok(())
}
