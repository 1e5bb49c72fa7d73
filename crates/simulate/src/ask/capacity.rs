//! The smallest capacity for a tolerance: "at most 5 waiting on 9 days of 10".
//!
//! A zero wait is not asked for: to do away with all waiting is out of proportion dear. The share of
//! days is over all days after the warm-up of all replications; the queue of a day is its mean.

use crate::outcome::{Measure, Outcome, Spread};
use crate::{Error, Limits, Plan, Settings, run};
use serde::Serialize;

/// Largest capacity that is tried.
const MOST: u32 = 1_000_000;

/// What is tolerated.
#[derive(Clone, Copy, Debug)]
pub struct Tolerance {
    /// At most so many wait.
    pub people: f64,
    /// On at least this share of days.
    pub days: f64,
}

/// A capacity that was tried.
#[derive(Clone, Debug, Serialize)]
pub struct Tried {
    /// Places, or visits a day.
    pub capacity: u32,
    /// Share of days within the tolerance, between replications.
    pub days_within: Spread,
    /// People who wait on average.
    pub queue: Spread,
    /// Whether it is enough.
    pub enough: bool,
}

/// The answer.
#[derive(Clone, Debug, Serialize)]
pub struct Least {
    /// The station.
    pub station: String,
    /// The smallest capacity that is enough; nothing if none was found.
    pub capacity: Option<u32>,
    /// What was tried, smallest first.
    pub tried: Vec<Tried>,
    /// Why the answer is not as sure as was asked for.
    pub stopped: Option<String>,
}

/// Finds it by doubling and halving.
///
/// # Errors
/// A model that cannot be run.
pub fn least_capacity(
    plan: &Plan,
    station: usize,
    tolerance: Tolerance,
    settings: &Settings,
    limits: &Limits<'_>,
) -> Result<Least, Error> {
    let mut answer = Least {
        station: plan.stations[station].name.clone(),
        capacity: None,
        tried: Vec::new(),
        stopped: None,
    };
    // What somebody's visits need at the most is the least that makes sense.
    let need = plan.stations[station].need;
    let least = need.map_or(1, |need| {
        (need.first.0 + 3.0 * need.first.1).ceil().max(1.0) as u32
    });
    let mut attempt = |capacity: u32| -> Result<bool, Error> {
        let outcome = match run(&plan.with_capacity(station, capacity), settings, limits) {
            // Too few places for the memory of a run are too few.
            Err(Error::Nothing(why)) if capacity < MOST => {
                answer.stopped = Some(format!("{why} was reached with {capacity}"));
                return Ok(false);
            }
            other => other?,
        };
        answer.stopped = answer.stopped.take().or_else(|| outcome.stopped.clone());
        let tried = judged(&outcome, station, capacity, tolerance);
        let enough = tried.as_ref().is_some_and(|tried| tried.enough);
        answer.tried.extend(tried);
        Ok(enough)
    };
    let (mut low, mut high) = (least, least);
    while !attempt(high)? {
        if high >= MOST || !(limits.go_on)() {
            answer.tried.sort_by_key(|tried| tried.capacity);
            return Ok(answer);
        }
        low = high + 1;
        high = (high * 2).min(MOST);
    }
    while low < high && (limits.go_on)() {
        let middle = low + (high - low) / 2;
        if attempt(middle)? {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    answer.capacity = Some(high);
    answer.tried.sort_by_key(|tried| tried.capacity);
    Ok(answer)
}

fn judged(outcome: &Outcome, station: usize, capacity: u32, tolerance: Tolerance) -> Option<Tried> {
    let days = outcome.told_days();
    let mut within = vec![0.0; outcome.replications()];
    for day in days.clone() {
        let queue = outcome.figures(day, station, Measure::Queue);
        for (within, queue) in within.iter_mut().zip(queue) {
            if queue <= tolerance.people {
                *within += 1.0 / days.len() as f64;
            }
        }
    }
    let days_within = Spread::of(within)?;
    Some(Tried {
        capacity,
        enough: days_within.mean >= tolerance.days - 1e-12,
        days_within,
        queue: outcome.whole(station, Measure::Queue)?,
    })
}
