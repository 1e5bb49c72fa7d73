//! A model as it is run: everything numbered, every name looked up, every day's rate worked out.

use crate::model::{InitialStay, Kind, Model};
use crate::stay::{Residual, Stay};
use crate::{Error, Problem};
use jiff::civil::{Date, Weekday};

mod arrivals;
mod attributes;
mod capacity;
mod stations;

/// Ticks of the simulation in a day: microseconds.
pub const DAY: u64 = 86_400_000_000;
/// Where somebody goes who leaves.
pub(crate) const OUT: u16 = u16::MAX;
/// Most days, stations and sources of a model.
const MOST_DAYS: u32 = 200_000;
const MOST_STATIONS: usize = 2_000;

/// Days as ticks; nothing lasts longer than 10,000 years.
#[inline]
pub(crate) fn ticks(days: f64) -> u64 {
    (days * DAY as f64).min(3_652_500.0 * DAY as f64) as u64
}

/// A model that was checked and can be run.
#[derive(Clone, Debug)]
pub struct Plan {
    /// What it is of.
    pub title: String,
    /// First day.
    pub start: Option<Date>,
    /// Days simulated.
    pub days: u32,
    /// Days at the beginning that are not in the figures.
    pub warm_up_days: u32,
    /// Names of those who pay, in the order of their sums.
    pub payers: Vec<String>,
    /// Whether sources and stations are worth a second look, in words.
    pub warnings: Vec<Problem>,
    pub(crate) sources: Vec<SourcePlan>,
    pub(crate) stations: Vec<StationPlan>,
    /// For those who are there at the start: the mix of classes.
    pub(crate) mix: Vec<Share>,
}

/// A choice: those whose draw is at most `upto` and above the one before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Share {
    pub upto: u64,
    pub to: u16,
}

/// Chooses by a draw.
#[inline]
pub(crate) fn choose(shares: &[Share], draw: u64) -> u16 {
    for share in shares {
        if draw <= share.upto {
            return share.to;
        }
    }
    OUT
}

#[derive(Clone, Debug)]
pub(crate) struct SourcePlan {
    pub name: String,
    pub arrivals: Arrivals,
    pub classes: Vec<Share>,
    /// For each class.
    pub routes: Vec<Vec<Share>>,
}

#[derive(Clone, Debug)]
pub(crate) enum Arrivals {
    /// Mean of each day.
    Poisson(Vec<f64>),
    /// People of each day.
    Given(Vec<u32>),
}

impl Arrivals {
    pub(crate) fn mean_of(&self, day: usize) -> f64 {
        match self {
            Self::Poisson(days) => days.get(day).copied().unwrap_or(0.0),
            Self::Given(days) => days.get(day).copied().map_or(0.0, f64::from),
        }
    }
}

/// Capacity from a moment on; `u32::MAX` is unlimited.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Level {
    pub from: u64,
    pub capacity: u32,
}

#[derive(Clone, Debug)]
pub(crate) struct StationPlan {
    pub name: String,
    pub kind: Kind,
    pub levels: Vec<Level>,
    /// Stays, and which of them each class has.
    pub stays: Vec<Stay>,
    pub stay_of: Vec<u16>,
    /// For each class.
    pub routes: Vec<Vec<Share>>,
    pub priority_of: Vec<u8>,
    pub priorities: u8,
    pub keeps: bool,
    pub queue_limit: u32,
    pub balking_from: u32,
    /// A draw below this goes away.
    pub balking_below: u64,
    pub initial_people: u32,
    pub initial_queue: u32,
    /// Whose place those who wait keep.
    pub initial_queue_in: u16,
    pub initial_stay: Residual,
    pub initial_so_far: Vec<f64>,
    pub need: Option<Need>,
    pub costs: Vec<CostPlan>,
    pub extra_place_pence: Option<i64>,
}

/// Visits a day, at first and at the end: mean and standard deviation.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Need {
    pub first: (f64, f64),
    pub last: (f64, f64),
}

#[derive(Clone, Copy, Debug)]
pub(crate) struct CostPlan {
    pub payer: usize,
    pub occupied_day_pence: i64,
    pub waiting_day_pence: i64,
    pub place_day_pence: i64,
}

/// Collects what is wrong, with where.
#[derive(Default)]
struct Problems(Vec<Problem>);

impl Problems {
    fn say(&mut self, place: &str, text: impl Into<String>) {
        self.0.push(Problem::new(place, text));
    }
}

impl Plan {
    /// Checks a model and works out what is needed to run it.
    ///
    /// # Errors
    /// Everything that is wrong with it, with where.
    pub fn new(model: &Model) -> Result<Self, Error> {
        let mut problems = Problems::default();
        whole(model, &mut problems);
        if !problems.0.is_empty() {
            return Err(Error::Model(problems.0));
        }
        let names: Vec<&str> = model.station.keys().map(String::as_str).collect();
        let classes = attributes::Classes::of(model, &mut problems);
        let sources: Vec<SourcePlan> = model
            .source
            .iter()
            .map(|(name, source)| {
                arrivals::source(model, name, source, &classes, &names, &mut problems)
            })
            .collect();
        let mut payers: Vec<String> = Vec::new();
        let stations: Vec<StationPlan> = model
            .station
            .iter()
            .map(|(name, station)| {
                stations::station(
                    model,
                    name,
                    station,
                    &classes,
                    &names,
                    &mut payers,
                    &mut problems,
                )
            })
            .collect();
        stations::no_loop_without_time(&stations, &mut problems);
        if !problems.0.is_empty() {
            return Err(Error::Model(problems.0));
        }
        let mut plan = Self {
            title: model.title.clone(),
            start: model.start,
            days: model.days,
            warm_up_days: model.warm_up_days,
            payers,
            warnings: Vec::new(),
            mix: arrivals::mix(&sources, classes.len()),
            sources,
            stations,
        };
        plan.warnings = crate::theory::warnings(&plan);
        Ok(plan)
    }

    /// Names of the stations, in the order of every table.
    pub fn stations(&self) -> impl ExactSizeIterator<Item = &str> {
        self.stations.iter().map(|station| station.name.as_str())
    }

    /// The number of a station of this name.
    pub fn station(&self, name: &str) -> Option<usize> {
        self.stations
            .iter()
            .position(|station| station.name == name)
    }

    /// Capacity of a station on average over a day, from 0; `None` where it is unlimited.
    pub fn capacity_on(&self, station: usize, day: u32) -> Option<f64> {
        capacity::mean(&self.stations[station].levels, u64::from(day) * DAY, DAY)
    }

    /// The same plan with other capacity of one station, all the time.
    pub fn with_capacity(&self, station: usize, capacity: u32) -> Self {
        let mut plan = self.clone();
        plan.stations[station].levels = vec![Level { from: 0, capacity }];
        plan
    }

    /// The same plan with so much more capacity of one station, whenever it has any.
    pub fn with_more(&self, station: usize, more: u32) -> Self {
        let mut plan = self.clone();
        for level in &mut plan.stations[station].levels {
            if level.capacity > 0 {
                level.capacity = level.capacity.saturating_add(more);
            }
        }
        plan
    }

    /// What one more place of a station costs a day in pence, if the model says so.
    pub fn extra_place_pence(&self, station: usize) -> Option<i64> {
        self.stations[station].extra_place_pence
    }

    /// The date of a day, from 0, where the model has a first one.
    pub fn date(&self, day: u32) -> Option<Date> {
        let start = self.start?;
        start
            .checked_add(jiff::Span::new().try_days(i64::from(day)).ok()?)
            .ok()
    }
}

/// What concerns the whole model.
fn whole(model: &Model, problems: &mut Problems) {
    if model.days == 0 || model.days > MOST_DAYS {
        problems.say(
            "days",
            format!(
                "simulate between 1 and {MOST_DAYS} days, not {}",
                model.days
            ),
        );
    }
    if let Some(start) = model.start
        && start
            .checked_add(jiff::Span::new().days(model.days.min(MOST_DAYS)))
            .is_err()
    {
        problems.say(
            "start",
            format!("{} days from {start} go beyond the year 9999", model.days),
        );
    }
    if model.warm_up_days >= model.days.max(1) {
        problems.say(
            "warm_up_days",
            format!(
                "a warm-up of {} days leaves none of {}",
                model.warm_up_days, model.days
            ),
        );
    }
    if model.replications == 0 {
        problems.say("replications", "simulate at least once");
    }
    if model.station.is_empty() || model.station.len() > MOST_STATIONS {
        problems.say(
            "station",
            format!(
                "a model has between 1 and {MOST_STATIONS} stations, not {}",
                model.station.len()
            ),
        );
    }
    if model.source.is_empty()
        && model.station.values().all(|station| {
            station.initial_people + station.initial_queue_people == 0
                && station.initial_days_so_far.is_empty()
        })
    {
        problems.say("source", "nobody arrives and nobody is there at the start");
    }
    if model.station.contains_key(crate::model::LEAVES) {
        problems.say(
            "station.leaves",
            "`leaves` says that somebody goes home; give the station another name",
        );
    }
}

fn weekday(name: &str) -> Option<Weekday> {
    Some(match name {
        "monday" => Weekday::Monday,
        "tuesday" => Weekday::Tuesday,
        "wednesday" => Weekday::Wednesday,
        "thursday" => Weekday::Thursday,
        "friday" => Weekday::Friday,
        "saturday" => Weekday::Saturday,
        "sunday" => Weekday::Sunday,
        _ => return None,
    })
}

fn month(name: &str) -> Option<i8> {
    let at = kernel::month::NAMES
        .iter()
        .position(|month| *month == name)?;
    i8::try_from(at + 1).ok()
}

impl From<InitialStay> for Residual {
    fn from(stay: InitialStay) -> Self {
        match stay {
            InitialStay::Steady => Self::Steady,
            InitialStay::Uniform => Self::Uniform,
            InitialStay::Whole => Self::Whole,
        }
    }
}
