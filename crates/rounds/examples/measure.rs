//! Plans one benchmark file for some seconds and prints what came out: to try the engines
//! without the whole program. `measure FILE SECONDS [SEED] [BEST] [OUT]`

use std::time::Instant;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().collect();
    let [_, file, seconds, rest @ ..] = arguments.as_slice() else {
        return Err("measure FILE SECONDS [SEED] [BEST]".into());
    };
    let seconds: f64 = seconds.parse()?;
    let seed = rest.first().map_or(Ok(1), |seed| seed.parse())?;
    let name = std::path::Path::new(file)
        .file_stem()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned();
    let problem = rounds::formats::problem(&name, &std::fs::read_to_string(file)?)?;
    let began = Instant::now();
    let spent = |_| began.elapsed().as_secs_f64() / seconds;
    let (plan, steps) = if problem.windows_only() {
        rounds::windows::plan(&problem, seed, 1, &spent)
    } else {
        let found = rounds::plan::plan(&problem, None, seed, 1, &spent);
        (found.plan, found.steps)
    };
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
        "{file} cost {cost:.4}{gap} steps {steps} routes {} breaches {:?}",
        plan.routes.len(),
        checked.breaches
    );
    Ok(())
}
