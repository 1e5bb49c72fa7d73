//! Whole models: beside theory, the same on any number of threads, and always in balance.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod balance;
mod exact;
mod hostile;
mod refused;
mod theory;
mod workbook;

use simulate::{Limits, Model, Outcome, Plan, Settings};

/// Limits that are not reached.
fn far() -> Limits<'static> {
    Limits {
        people: 1_000_000,
        bytes: 2 << 30,
        go_on: &|| true,
    }
}

fn plan(text: &str) -> Plan {
    Plan::new(&Model::parse(text).unwrap()).unwrap()
}

fn run(text: &str, replications: u32, seed: u64) -> Outcome {
    let settings = Settings {
        scenario: "baseline".to_owned(),
        seed,
        replications,
        precision: None,
    };
    simulate::run(&plan(text), &settings, &far()).unwrap()
}
