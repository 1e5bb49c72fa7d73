//! What a scheme frees, and when: the model without it less the model with it, week by week.
//!
//! Source: the National Audit Office's point that less activity is no saving until whole wards close:
//! beside the beds stands how many whole wards of a given size lie within the interval.

use super::{in_weeks, less};
use crate::outcome::{Measure, Outcome, Spread};
use serde::Serialize;

/// What a scheme frees in a week.
#[derive(Clone, Debug, Serialize)]
pub struct Freed {
    /// Week, 1 being the first after the warm-up.
    pub week: u32,
    /// First day of it, 1 being the first of the simulation.
    pub from_day: u32,
    /// Fewer people with a place.
    pub beds: Spread,
    /// Of those, people who were ready and kept theirs.
    pub blocked: Spread,
    /// Fewer people who wait for a place.
    pub queue: Spread,
    /// Whole wards that are free with 97.5 % confidence; nothing if no size was given.
    pub whole_wards: Option<u32>,
}

/// Compares two runs with the same seed and replications.
pub fn frees(
    without: &Outcome,
    with: &Outcome,
    station: usize,
    ward_beds: Option<u32>,
) -> Vec<Freed> {
    let weeks = in_weeks(without);
    (1..)
        .zip(weeks)
        .filter_map(|(week, days)| {
            let of = |measure| {
                let before = without.over(days.clone(), station, measure);
                let after = with.over(days.clone(), station, measure);
                Spread::of(less(&before, &after))
            };
            let beds = of(Measure::Occupancy)?;
            let sure = beds.mean - beds.half_width.unwrap_or(f64::INFINITY);
            Some(Freed {
                week,
                from_day: days.start + 1,
                beds,
                blocked: of(Measure::Blocked)?,
                queue: of(Measure::Queue)?,
                whole_wards: ward_beds.map(|beds| (sure / f64::from(beds.max(1))).max(0.0) as u32),
            })
        })
        .collect()
}
