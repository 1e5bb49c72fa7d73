//! How fast the inner loop is: `speed MODEL.toml [REPLICATIONS]`, on one thread.

use simulate::{Limits, Measure, Model, Plan, Settings};
use std::error::Error;
use std::time::Instant;

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let path = arguments.next().ok_or("which model?")?;
    let text = std::fs::read_to_string(&path)?;
    let model = Model::parse(&text)?;
    let replications = match arguments.next() {
        Some(number) => number.parse()?,
        None => model.replications,
    };
    let settings = Settings {
        scenario: "baseline".to_owned(),
        seed: model.seed,
        replications,
        precision: None,
    };
    let limits = Limits {
        people: u32::MAX,
        bytes: u64::MAX,
        go_on: &|| true,
    };
    let one = rayon::ThreadPoolBuilder::new().num_threads(1).build()?;
    let began = Instant::now();
    let outcome = one.install(|| simulate::run(&Plan::new(&model)?, &settings, &limits))?;
    let seconds = began.elapsed().as_secs_f64();
    let events = outcome.events as f64;
    println!(
        "{events} events in {seconds:.3} s: {:.2} million a second; at most {} people",
        events / seconds / 1e6,
        outcome.most_people
    );
    for (at, station) in outcome.stations.iter().enumerate() {
        for measure in [
            Measure::Occupancy,
            Measure::Queue,
            Measure::Blocked,
            Measure::WaitDays,
        ] {
            if let Some(spread) = outcome.whole(at, measure) {
                println!(
                    "{station} {}: {:.4} ± {:.4}",
                    measure.as_str(),
                    spread.mean,
                    spread.half_width.unwrap_or(0.0)
                );
            }
        }
    }
    println!("table in {:.3} s", {
        let began = Instant::now();
        let rows = one.install(|| outcome.table().len());
        began.elapsed().as_secs_f64() + rows as f64 * 0.0
    });
    Ok(())
}
