//! A model as it is written: TOML with units in every name (docs/reference/simulation.md).
//!
//! Nothing is checked here but names and kinds of values; `plan` checks what they mean.

use crate::{Error, Problem};
use jiff::civil::Date;
use serde::Deserialize;
use std::collections::BTreeMap;

/// Where somebody goes who leaves the model.
pub const LEAVES: &str = "leaves";

/// A model: sources of people, stations they pass through, and scenarios.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Model {
    /// What it is of, in words.
    pub title: String,
    /// First day; needed where days of the week, months or dates matter.
    pub start: Option<Date>,
    /// Days that are simulated.
    pub days: u32,
    /// Days at the beginning that are not in the figures.
    #[serde(default)]
    pub warm_up_days: u32,
    /// How often the whole is simulated, if the command does not say.
    #[serde(default = "replications")]
    pub replications: u32,
    /// Seed of all chance, if the command does not say.
    #[serde(default = "seed")]
    pub seed: u64,
    /// Sources of people, by name.
    pub source: BTreeMap<String, Source>,
    /// Stations, by name.
    pub station: BTreeMap<String, Station>,
    /// Differences from the model, by the name of the scenario.
    #[serde(default)]
    pub scenario: BTreeMap<String, toml::Table>,
}

fn replications() -> u32 {
    100
}

fn seed() -> u64 {
    1
}

/// Where people come from, and how many.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Source {
    /// Mean arrivals a day: a number, or one for each day of the week.
    pub arrivals_per_day: Option<Rate>,
    /// Mean arrivals of each simulated day, from the first.
    pub arrivals_by_day: Option<Vec<f64>>,
    /// People who arrive on each simulated day, from the first: their number is not left to
    /// chance, their hour is.
    pub people_by_day: Option<Vec<u32>>,
    /// Factor of each month, such as `january = 1.08`; 1 for months that are not named.
    #[serde(default)]
    pub month_factor: BTreeMap<String, f64>,
    /// Growth in a hundred a year, from the first day.
    #[serde(default)]
    pub growth_percent_per_year: f64,
    /// Attributes that people have, each with the share of each of its values.
    #[serde(default)]
    pub attributes: BTreeMap<String, BTreeMap<String, f64>>,
    /// Where they go.
    pub to: Option<String>,
    /// Where they go, by shares or attributes.
    #[serde(default)]
    pub next: Vec<Route>,
}

/// A rate of arrivals.
#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
pub enum Rate {
    /// The same each day.
    Every(f64),
    /// By day of the week, with its name in small letters.
    ByWeekday(BTreeMap<String, f64>),
}

/// One way on.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Route {
    /// A station, or `leaves`.
    pub to: String,
    /// Of those for whom it is open, the share that takes it.
    #[serde(default = "whole")]
    pub share: f64,
    /// Only for people with these attributes.
    #[serde(default)]
    pub when: BTreeMap<String, String>,
}

fn whole() -> f64 {
    1.0
}

/// Kinds of station.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// One place for one person at a time.
    #[default]
    Beds,
    /// Staff who each see one person at a time, on shifts.
    Team,
    /// So many visits a day, of which each person needs fewer as they get better.
    Visits,
}

/// How many there is room for.
#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
pub enum Capacity {
    /// A number.
    Number(u32),
    /// The word `unlimited`.
    Word(String),
}

/// Where people are looked after.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Station {
    /// What it is.
    #[serde(default)]
    pub kind: Kind,
    /// Beds or places, of kind `beds`.
    pub capacity_beds: Option<Capacity>,
    /// Staff, of kind `team`.
    pub capacity_staff: Option<Capacity>,
    /// Visits a day, of kind `visits`.
    pub capacity_visits_per_day: Option<Capacity>,
    /// Other capacity from some day on.
    #[serde(default)]
    pub changes: Vec<Change>,
    /// Capacity by hour and day of the week, in place of a constant one.
    #[serde(default)]
    pub shifts: Vec<Shift>,
    /// Length of stay.
    pub stay: Option<StayShape>,
    /// Other lengths of stay for people with some attributes; the first that fits holds.
    #[serde(default)]
    pub stay_when: Vec<StayWhen>,
    /// Where people go; they leave if nothing is said.
    #[serde(default)]
    pub next: Vec<Route>,
    /// Somebody who is ready keeps the place until the next station has room.
    #[serde(default)]
    pub keeps_place_until_next: bool,
    /// Most people that wait; who finds as many goes away.
    pub queue_limit_people: Option<u32>,
    /// Queue from which some do not join.
    pub balking_from_people: Option<u32>,
    /// Share that does not join then.
    pub balking_share: Option<f64>,
    /// Who is served first; 0 is first, and those of no rule have the level after the last.
    #[serde(default)]
    pub priority: Vec<Priority>,
    /// People who are there at the start.
    #[serde(default)]
    pub initial_people: u32,
    /// People who wait for it at the start.
    #[serde(default)]
    pub initial_queue_people: u32,
    /// The station whose place those who wait at the start keep, such as a hospital; it keeps
    /// places until the next step has room. They are not among its `initial_people`.
    pub initial_queue_in: Option<String>,
    /// How their stay goes on.
    #[serde(default)]
    pub initial_stay: InitialStay,
    /// Days that each of those who are there has been there, in place of `initial_people`.
    #[serde(default)]
    pub initial_days_so_far: Vec<f64>,
    /// Visits a day at first and at the end, of kind `visits`.
    pub visits: Option<VisitNeed>,
    /// What it costs, by who pays.
    #[serde(default)]
    pub cost: Vec<Cost>,
    /// What one more place costs a day, in pence: for the question where the next pound does most.
    pub extra_place_per_day_pence: Option<i64>,
}

/// Capacity from some day on.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Change {
    /// Simulated day, 1 being the first.
    pub from_day: Option<u32>,
    /// Or a date.
    pub from: Option<Date>,
    /// From then on.
    pub capacity: u32,
}

/// Capacity for some hours of some days.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Shift {
    /// Days of the week, in small letters; every day if none is named.
    #[serde(default)]
    pub days: Vec<String>,
    /// Hour it begins, such as `08:00`.
    pub from: String,
    /// Hour it ends, up to `24:00`.
    pub to: String,
    /// People it has room for.
    pub capacity: u32,
}

/// A length of stay, in words of the field.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StayShape {
    /// `log-normal`, `exponential`, `weibull`, `fixed`, `empirical` or `coxian`.
    pub distribution: String,
    /// Mean in days.
    pub mean_days: Option<f64>,
    /// Median in days.
    pub median_days: Option<f64>,
    /// Standard deviation in days.
    pub sd_days: Option<f64>,
    /// Standard deviation of the logarithm.
    pub sigma: Option<f64>,
    /// Shape of a Weibull.
    pub shape: Option<f64>,
    /// Scale of a Weibull, in days.
    pub scale_days: Option<f64>,
    /// Stays seen.
    pub values_days: Option<Vec<f64>>,
    /// How often each was seen.
    pub weights: Option<Vec<f64>>,
    /// Phases of a Coxian.
    pub phases: Option<Vec<Phase>>,
    /// Shortest, drawn again if shorter.
    pub least_days: Option<f64>,
    /// Longest, drawn again if longer.
    pub most_days: Option<f64>,
}

/// One phase of a Coxian stay.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Phase {
    /// Its mean in days.
    pub mean_days: f64,
    /// Chance that the next phase follows.
    #[serde(default)]
    pub goes_on: f64,
}

/// A length of stay for some people.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StayWhen {
    /// Their attributes.
    pub when: BTreeMap<String, String>,
    /// Their stay.
    pub stay: StayShape,
}

/// Who is served before others.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Priority {
    /// Their attributes.
    pub when: BTreeMap<String, String>,
    /// 0 is served first.
    pub level: u8,
}

/// How the stay of those who are there at the start goes on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum InitialStay {
    /// As on an ordinary day: long stays are met more often.
    #[default]
    Steady,
    /// Evenly between one day and a whole stay.
    Uniform,
    /// A whole stay begins.
    Whole,
}

/// How many visits a day somebody needs.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct VisitNeed {
    /// On the first day, on average.
    pub first_per_day: f64,
    /// Its standard deviation.
    #[serde(default)]
    pub first_sd: f64,
    /// On the last day, on average.
    pub last_per_day: f64,
    /// Its standard deviation.
    #[serde(default)]
    pub last_sd: f64,
}

/// What a station costs one payer, in whole pence.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Cost {
    /// Who pays.
    pub payer: String,
    /// For each person there, a day.
    #[serde(default)]
    pub occupied_day_pence: i64,
    /// For each person who waits for it, a day.
    #[serde(default)]
    pub waiting_day_pence: i64,
    /// For each place, used or not, a day.
    #[serde(default)]
    pub place_day_pence: i64,
}

impl Model {
    /// Reads a model. Each scenario is merged over it and read too, so that a wrong name in one is
    /// found here.
    ///
    /// # Errors
    /// Text that is no model, with line and column.
    pub fn parse(text: &str) -> Result<Self, Error> {
        let model: Self = toml::from_str(text).map_err(|error| Error::Text(said(&error)))?;
        let problems: Vec<Problem> = model
            .scenario
            .keys()
            .filter_map(|name| Self::scenario_of(text, name).err())
            .flat_map(|error| match error {
                Error::Model(problems) => problems,
                other => vec![Problem::new("scenario", other.to_string())],
            })
            .collect();
        if problems.is_empty() {
            Ok(model)
        } else {
            Err(Error::Model(problems))
        }
    }

    /// The model with the differences of a scenario: tables are merged, everything else is
    /// replaced.
    ///
    /// # Errors
    /// A scenario that is not there, or differences that do not fit.
    pub fn scenario_of(text: &str, name: &str) -> Result<Self, Error> {
        let mut whole: toml::Table =
            toml::from_str(text).map_err(|error| Error::Text(said(&error)))?;
        let place = || format!("scenario.{name}");
        let scenarios = whole.get("scenario").and_then(toml::Value::as_table);
        let known = || {
            let names = scenarios.into_iter().flat_map(toml::Table::keys);
            names
                .map(|name| format!("`{name}`"))
                .collect::<Vec<_>>()
                .join(", ")
        };
        let Some(changes) = scenarios
            .and_then(|all| all.get(name))
            .and_then(toml::Value::as_table)
        else {
            let text = format!(
                "there is no scenario of this name; the model has: {}",
                known()
            );
            return Err(Error::Model(vec![Problem::new(place(), text)]));
        };
        let changes = changes.clone();
        for (key, value) in &changes {
            if !matches!(
                key.as_str(),
                "source" | "station" | "days" | "warm_up_days" | "title"
            ) {
                let text = format!(
                    "a scenario changes `source`, `station`, `days`, `warm_up_days` or `title`, not `{key}`"
                );
                return Err(Error::Model(vec![Problem::new(place(), text)]));
            }
            if value.is_table() && !whole.contains_key(key) {
                whole.insert(key.clone(), toml::Value::Table(toml::Table::new()));
            }
        }
        merge(&mut whole, &changes);
        whole.remove("scenario");
        whole.try_into().map_err(|error: toml::de::Error| {
            Error::Model(vec![Problem::new(place(), error.message().to_owned())])
        })
    }
}

fn merge(into: &mut toml::Table, changes: &toml::Table) {
    for (key, value) in changes {
        match (into.get_mut(key), value) {
            (Some(toml::Value::Table(old)), toml::Value::Table(new)) => merge(old, new),
            _ => {
                into.insert(key.clone(), value.clone());
            }
        }
    }
}

/// What the reader of TOML says, on one line and without what a terminal would obey.
fn said(error: &toml::de::Error) -> String {
    let text = error.to_string();
    let lines: Vec<&str> = text
        .lines()
        .map(str::trim_end)
        .filter(|line| !line.is_empty())
        .collect();
    lines
        .join("; ")
        .chars()
        .filter(|one| !one.is_control())
        .take(600)
        .collect()
}
