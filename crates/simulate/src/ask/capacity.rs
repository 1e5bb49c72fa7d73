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

/// Finds it: from what theory says people need, up or down in growing steps, then by halving.
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
    let mut search = Search {
        plan,
        station,
        tolerance,
        settings,
        limits,
        tried: Vec::new(),
        stopped: None,
    };
    let capacity = search.least()?;
    search.tried.sort_by_key(|tried| tried.capacity);
    Ok(Least {
        station: plan.stations[station].name.clone(),
        capacity,
        tried: search.tried,
        stopped: search.stopped,
    })
}

struct Search<'a> {
    plan: &'a Plan,
    station: usize,
    tolerance: Tolerance,
    settings: &'a Settings,
    limits: &'a Limits<'a>,
    tried: Vec<Tried>,
    stopped: Option<String>,
}

impl Search<'_> {
    /// The smallest that makes sense: what somebody's visits need at the most.
    fn lowest(&self) -> u32 {
        self.plan.stations[self.station].need.map_or(1, |need| {
            let most = |(mean, sd): (f64, f64)| mean + 3.0 * sd;
            most(need.first).max(most(need.last)).ceil().max(1.0) as u32
        })
    }

    fn least(&mut self) -> Result<Option<u32>, Error> {
        let lowest = self.lowest();
        let load = crate::theory::expected(self.plan)[self.station].offered_load;
        let begin = (load.min(f64::from(MOST)).ceil() as u32).max(lowest);
        let mut step = begin.div_ceil(16);
        // Below `low` nothing is enough; `high` is.
        let (mut low, mut high) = (lowest, begin);
        if self.enough(begin)? {
            while high > low {
                let next = high.saturating_sub(step).max(low);
                if !self.goes_on() {
                    return Ok(Some(high));
                }
                if !self.enough(next)? {
                    low = next + 1;
                    break;
                }
                high = next;
                step = step.saturating_mul(2);
            }
        } else {
            loop {
                if high >= MOST || !self.goes_on() {
                    return Ok(None);
                }
                low = high + 1;
                high = high.saturating_add(step).min(MOST);
                if self.enough(high)? {
                    break;
                }
                step = step.saturating_mul(2);
            }
        }
        while low < high && self.goes_on() {
            let middle = low + (high - low) / 2;
            if self.enough(middle)? {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        Ok(Some(high))
    }

    /// Whether there is time; if there is none, the answer says so.
    fn goes_on(&mut self) -> bool {
        let on = (self.limits.go_on)();
        if !on && self.stopped.is_none() {
            self.stopped =
                Some("the time limit was reached before the smallest was found".to_owned());
        }
        on
    }

    fn enough(&mut self, capacity: u32) -> Result<bool, Error> {
        let plan = self.plan.with_capacity(self.station, capacity);
        let outcome = match run(&plan, self.settings, self.limits) {
            // So many wait that no day was over: too few places.
            Err(Error::Nothing(why)) => {
                self.stopped = Some(format!("{why} was reached with {capacity}"));
                return Ok(false);
            }
            other => other?,
        };
        if self.stopped.is_none() {
            self.stopped.clone_from(&outcome.stopped);
        }
        let mut tried = judged(&outcome, self.station, capacity, self.tolerance);
        if let Some(tried) = &mut tried {
            // What a limit cut short cannot be judged: its queue was still growing, or nobody looked.
            tried.enough &= outcome.days == self.plan.days;
        }
        let enough = tried.as_ref().is_some_and(|tried| tried.enough);
        self.tried.extend(tried);
        Ok(enough)
    }
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
