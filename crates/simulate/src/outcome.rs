//! What came of a run: by day and station, and over the whole time after the warm-up.

use crate::Plan;
use crate::engine::Replication;
use crate::student;
use rayon::prelude::*;
use serde::Serialize;

/// What a replication says of a day at a station, in order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Column {
    Occupancy,
    Queue,
    /// Days that those who began had waited, in all.
    Waited,
    Started,
    Arrivals,
    Departures,
    Blocked,
    Pence,
    TurnedAway,
}

/// How many columns there are.
pub(crate) const COLUMNS: usize = 9;

/// What is told of each day and station.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Measure {
    /// People who have a place, on average over the day.
    Occupancy,
    /// People who wait for one, on average over the day.
    Queue,
    /// Days that those who began had waited, on average; nothing on a day when nobody began.
    WaitDays,
    /// People who came.
    Arrivals,
    /// People who left or moved on.
    Departures,
    /// People who are ready and keep their place until the next step has room.
    Blocked,
    /// Pounds.
    Cost,
}

impl Measure {
    /// All of them, in the order of every table.
    pub const ALL: [Self; 7] = [
        Self::Occupancy,
        Self::Queue,
        Self::WaitDays,
        Self::Arrivals,
        Self::Departures,
        Self::Blocked,
        Self::Cost,
    ];

    /// Its name in tables.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Occupancy => "occupancy",
            Self::Queue => "queue",
            Self::WaitDays => "wait_days",
            Self::Arrivals => "arrivals",
            Self::Departures => "departures",
            Self::Blocked => "blocked",
            Self::Cost => "cost",
        }
    }

    /// The measure of this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|measure| measure.as_str() == name)
    }

    fn of(self, row: &[f64]) -> f64 {
        let column = |column: Column| row[column as usize];
        match self {
            Self::Occupancy => column(Column::Occupancy),
            Self::Queue => column(Column::Queue),
            Self::WaitDays => column(Column::Waited) / column(Column::Started),
            Self::Arrivals => column(Column::Arrivals),
            Self::Departures => column(Column::Departures),
            Self::Blocked => column(Column::Blocked),
            Self::Cost => column(Column::Pence) / 100.0,
        }
    }
}

/// A figure over replications.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Spread {
    /// Mean.
    pub mean: f64,
    /// Standard deviation between replications; nothing for one replication.
    pub sd: Option<f64>,
    /// Half the width of the interval that holds the true mean with 95 % confidence.
    pub half_width: Option<f64>,
    /// Quantiles of replications: 5, 25, 50, 75 and 95 in a hundred.
    pub quantiles: [f64; 5],
    /// Replications that had a figure.
    pub replications: usize,
}

impl Spread {
    /// Of figures, in any order; those that are not numbers are left out. `None` if none is left.
    pub fn of(mut figures: Vec<f64>) -> Option<Self> {
        Self::sorting(&mut figures)
    }

    fn sorting(figures: &mut Vec<f64>) -> Option<Self> {
        figures.retain(|figure| figure.is_finite());
        let many = figures.len();
        if many == 0 {
            return None;
        }
        let mean = figures.iter().sum::<f64>() / many as f64;
        let squares: f64 = figures.iter().map(|figure| (figure - mean).powi(2)).sum();
        let sd = (many > 1).then(|| (squares / (many - 1) as f64).sqrt());
        figures.sort_unstable_by(f64::total_cmp);
        Some(Self {
            mean,
            sd,
            half_width: sd.map(|sd| student::quantile_95(many) * sd / (many as f64).sqrt()),
            quantiles: [0.05, 0.25, 0.5, 0.75, 0.95].map(|share| quantile(figures, share)),
            replications: many,
        })
    }

    /// Half the width of the interval at another confidence.
    pub fn half_width_at(&self, confidence: f64) -> f64 {
        let error = self.sd.unwrap_or(f64::INFINITY) / (self.replications as f64).sqrt();
        student::quantile(confidence, self.replications) * error
    }
}

/// A quantile of sorted figures, between two of them by their distance.
pub(crate) fn quantile(sorted: &[f64], share: f64) -> f64 {
    let at = share * (sorted.len() - 1) as f64;
    let below = at.floor() as usize;
    let above = (below + 1).min(sorted.len() - 1);
    sorted[below] + (sorted[above] - sorted[below]) * (at - below as f64)
}

/// What came of a run of one scenario.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// The scenario; `baseline` for the model itself.
    pub scenario: String,
    /// Names of stations, in order.
    pub stations: Vec<String>,
    /// Days that are told of, from the first.
    pub days: u32,
    /// Days at the beginning that are not.
    pub warm_up_days: u32,
    /// Who pays, in order.
    pub payers: Vec<String>,
    /// Seed of all chance.
    pub seed: u64,
    /// Why there is less than was asked for.
    pub stopped: Option<String>,
    /// Arrivals, moves and departures of all replications.
    pub events: u64,
    /// Most people in the model at once.
    pub most_people: u32,
    pub(crate) replications: Vec<Replication>,
}

impl Outcome {
    /// How many replications are in it.
    pub fn replications(&self) -> usize {
        self.replications.len()
    }

    /// Days that are told of: from the end of the warm-up, from 0.
    pub fn told_days(&self) -> std::ops::Range<u32> {
        self.warm_up_days.min(self.days)..self.days
    }

    /// The number of a station of this name.
    pub fn station(&self, name: &str) -> Option<usize> {
        self.stations.iter().position(|station| station == name)
    }

    fn row<'a>(&self, replication: &'a Replication, day: u32, station: usize) -> &'a [f64] {
        let at = (day as usize * self.stations.len() + station) * COLUMNS;
        &replication.values[at..at + COLUMNS]
    }

    /// A measure of a day at a station, in each replication; what is not a number is missing.
    pub fn figures(&self, day: u32, station: usize, measure: Measure) -> Vec<f64> {
        let of = |replication| measure.of(self.row(replication, day, station));
        self.replications.iter().map(of).collect()
    }

    /// The same over replications.
    pub fn day(&self, day: u32, station: usize, measure: Measure) -> Option<Spread> {
        Spread::of(self.figures(day, station, measure))
    }

    /// Every day, station and measure, in the order of the table.
    pub fn table(&self) -> Vec<(u32, usize, Measure, Option<Spread>)> {
        let days: Vec<u32> = self.told_days().collect();
        let of_day = |day: u32| {
            let mut rows = Vec::with_capacity(self.stations.len() * Measure::ALL.len());
            for station in 0..self.stations.len() {
                for measure in Measure::ALL {
                    rows.push((day, station, measure, self.day(day, station, measure)));
                }
            }
            rows
        };
        days.into_par_iter().flat_map_iter(of_day).collect()
    }

    /// A measure over a span of days in each replication: per day, or for a wait per person.
    pub fn over(&self, days: std::ops::Range<u32>, station: usize, measure: Measure) -> Vec<f64> {
        let of = |replication: &Replication| {
            let mut row = [0.0; COLUMNS];
            for day in days.clone() {
                for (sum, figure) in row.iter_mut().zip(self.row(replication, day, station)) {
                    *sum += figure;
                }
            }
            match measure {
                Measure::WaitDays => measure.of(&row),
                _ => measure.of(&row) / f64::from(days.end - days.start),
            }
        };
        self.replications.iter().map(of).collect()
    }

    /// A measure over the whole time after the warm-up.
    pub fn whole(&self, station: usize, measure: Measure) -> Option<Spread> {
        Spread::of(self.over(self.told_days(), station, measure))
    }

    /// Share of those who came that went away because the queue was too long.
    pub fn turned_away(&self, station: usize) -> Option<Spread> {
        let of = |replication: &Replication| {
            let sum = |column: Column| -> f64 {
                let days = self.told_days();
                days.map(|day| self.row(replication, day, station)[column as usize])
                    .sum()
            };
            sum(Column::TurnedAway) / sum(Column::Arrivals)
        };
        Spread::of(self.replications.iter().map(of).collect())
    }

    /// What a payer pays for a station on a day, in pounds; `None` if it pays nothing there.
    ///
    /// Money is for people and places over the day, so it follows from their means.
    pub fn paid_on(&self, plan: &Plan, payer: usize, station: usize, day: u32) -> Option<Spread> {
        let own = &plan.stations[station].costs;
        if own.iter().all(|cost| cost.payer != payer) {
            return None;
        }
        let places = plan.capacity_on(station, day).unwrap_or(0.0);
        let of = |replication: &Replication| {
            let row = self.row(replication, day, station);
            let pence = own.iter().filter(|cost| cost.payer == payer).map(|cost| {
                cost.occupied_day_pence as f64 * row[Column::Occupancy as usize]
                    + cost.waiting_day_pence as f64 * row[Column::Queue as usize]
                    + cost.place_day_pence as f64 * places
            });
            pence.sum::<f64>() / 100.0
        };
        Spread::of(self.replications.iter().map(of).collect())
    }

    /// What each payer pays a day on average, in pounds, and the sum over replications in pence.
    pub fn paid(&self, payer: usize) -> Option<(Spread, i64)> {
        let payers = self.payers.len();
        let days = f64::from(self.days.saturating_sub(self.warm_up_days));
        let of = |replication: &Replication| -> i64 {
            replication
                .paid
                .iter()
                .skip(payer)
                .step_by(payers.max(1))
                .sum()
        };
        let sums: Vec<i64> = self.replications.iter().map(of).collect();
        let a_day = sums
            .iter()
            .map(|pence| *pence as f64 / 100.0 / days)
            .collect();
        Some((Spread::of(a_day)?, sums.iter().sum()))
    }
}
