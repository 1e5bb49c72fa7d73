//! Where the next pound does most: one more place at each station that has a price, and how many
//! fewer people wait anywhere for it.
//!
//! People who are ready and keep a bed wait for the next step, so they are counted once, there.

use super::less;
use crate::outcome::{Measure, Outcome, Spread};
use crate::{Error, Limits, Plan, Settings, run};
use serde::Serialize;

/// What more places at one station do.
#[derive(Clone, Debug, Serialize)]
pub struct NextPound {
    /// The station.
    pub station: String,
    /// Places added.
    pub places: u32,
    /// What they cost a day, in pence.
    pub pence_per_day: i64,
    /// How many fewer people wait in the whole model on an average day.
    pub fewer_waiting: Spread,
    /// The same for a thousand pounds a day.
    pub fewer_waiting_per_thousand_pounds: Spread,
}

/// Tries each station that has `extra_place_per_day_pence`; the best first.
///
/// # Errors
/// A model that cannot be run.
pub fn next_pound(
    plan: &Plan,
    places: u32,
    settings: &Settings,
    limits: &Limits<'_>,
) -> Result<Vec<NextPound>, Error> {
    let base = waiting(&run(plan, settings, limits)?);
    let mut all = Vec::new();
    for station in 0..plan.stations.len() {
        let Some(price) = plan.extra_place_pence(station).filter(|price| *price > 0) else {
            continue;
        };
        let with = waiting(&run(&plan.with_more(station, places), settings, limits)?);
        let fewer = less(&base, &with);
        let pence_per_day = price * i64::from(places);
        let thousands = pence_per_day as f64 / 100_000.0;
        let each = fewer.iter().map(|people| people / thousands).collect();
        if let (Some(fewer_waiting), Some(per)) = (Spread::of(fewer), Spread::of(each)) {
            all.push(NextPound {
                station: plan.stations[station].name.clone(),
                places,
                pence_per_day,
                fewer_waiting,
                fewer_waiting_per_thousand_pounds: per,
            });
        }
    }
    all.sort_by(|a, b| {
        let of = |one: &NextPound| one.fewer_waiting_per_thousand_pounds.mean;
        of(b).total_cmp(&of(a))
    });
    Ok(all)
}

/// People who wait anywhere on an average day, in each replication.
fn waiting(outcome: &Outcome) -> Vec<f64> {
    let mut all = vec![0.0; outcome.replications()];
    for station in 0..outcome.stations.len() {
        let queue = outcome.over(outcome.told_days(), station, Measure::Queue);
        for (sum, queue) in all.iter_mut().zip(queue) {
            *sum += queue;
        }
    }
    all
}
