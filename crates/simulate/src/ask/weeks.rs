//! Capacity and demand by week.

use super::in_weeks;
use crate::Plan;
use crate::outcome::{Measure, Outcome, Spread};
use serde::Serialize;

/// A week at a station.
#[derive(Clone, Debug, Serialize)]
pub struct Week {
    /// The station.
    pub station: String,
    /// Week, 1 being the first after the warm-up.
    pub week: u32,
    /// First day of it, 1 being the first of the simulation.
    pub from_day: u32,
    /// People who come, a day.
    pub arrivals_per_day: Spread,
    /// Places on average, or visits a day; nothing where they are unlimited.
    pub capacity: Option<f64>,
    /// People with a place.
    pub occupancy: Spread,
    /// People with a place or waiting for one.
    pub demand: Spread,
}

/// Every station and week.
pub fn weeks(plan: &Plan, outcome: &Outcome) -> Vec<Week> {
    let mut all = Vec::new();
    for (station, name) in outcome.stations.iter().enumerate() {
        for (week, days) in (1..).zip(in_weeks(outcome)) {
            let figures = |measure| outcome.over(days.clone(), station, measure);
            let there = figures(Measure::Occupancy);
            let demand = there
                .iter()
                .zip(figures(Measure::Queue))
                .map(|(there, waits)| there + waits)
                .collect();
            let capacities: Option<Vec<f64>> = days
                .clone()
                .map(|day| plan.capacity_on(station, day))
                .collect();
            let (Some(arrivals_per_day), Some(occupancy), Some(demand)) = (
                Spread::of(figures(Measure::Arrivals)),
                Spread::of(there),
                Spread::of(demand),
            ) else {
                continue;
            };
            all.push(Week {
                station: name.clone(),
                week,
                from_day: days.start + 1,
                arrivals_per_day,
                capacity: capacities.map(|all| all.iter().sum::<f64>() / all.len() as f64),
                occupancy,
                demand,
            });
        }
    }
    all
}
