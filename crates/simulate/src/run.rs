//! Replications, in parallel; the result is the same on any number of threads.

use crate::engine::{Replication, Stop, TIME, replicate};
use crate::outcome::{COLUMNS, Measure, Outcome, Spread};
use crate::{Error, Plan};
use rayon::prelude::*;

/// What is asked of a run.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Name of the scenario, for tables.
    pub scenario: String,
    /// Seed of all chance.
    pub seed: u64,
    /// How often the whole is simulated.
    pub replications: u32,
    /// Replications are added until the interval of this is narrow enough.
    pub precision: Option<Precision>,
}

/// A wanted half-width.
#[derive(Clone, Copy, Debug)]
pub struct Precision {
    /// Which station.
    pub station: usize,
    /// Which measure, over the whole time after the warm-up.
    pub measure: Measure,
    /// Half the width of its 95 % interval is to be at most this.
    pub half_width: f64,
    /// Replications are not more than this.
    pub most: u32,
}

/// What makes a run end early.
pub struct Limits<'a> {
    /// Most people in the model at once.
    pub people: u32,
    /// Most memory for results, in bytes.
    pub bytes: u64,
    /// Asked once each simulated day; the clock is the caller's.
    pub go_on: &'a (dyn Fn() -> bool + Sync),
}

/// Runs a plan.
///
/// # Errors
/// A model that goes round without time, or a limit reached before the first day was over.
pub fn run(plan: &Plan, settings: &Settings, limits: &Limits<'_>) -> Result<Outcome, Error> {
    let stop = Stop {
        people: limits.people,
        go_on: limits.go_on,
    };
    run_each(plan, settings, limits, &|number| {
        replicate(plan, settings.seed, number, &stop).map_err(Error::Stuck)
    })
}

/// One replication, by its number.
pub(crate) type One<'a> = &'a (dyn Fn(u64) -> Result<Replication, Error> + Sync);

/// Runs replications, however each is made, until there are enough.
pub(crate) fn run_each(
    plan: &Plan,
    settings: &Settings,
    limits: &Limits<'_>,
    replicate: One<'_>,
) -> Result<Outcome, Error> {
    let one = (plan.days as u64) * (plan.stations.len() as u64) * (COLUMNS as u64) * 8;
    let room = u32::try_from(limits.bytes / one.max(1)).unwrap_or(u32::MAX);
    if room == 0 {
        return Err(Error::Nothing("the memory limit"));
    }
    let asked = settings.replications.max(1);
    let mut all = batch(0..asked.min(room), limits, replicate)?;
    let mut stopped = (asked > room).then_some("the memory limit");
    if let Some(precision) = settings.precision {
        while stopped.is_none() && !is_met(plan, settings, &precision, &mut all) {
            let have = all.len() as u32;
            if have >= precision.most {
                stopped =
                    Some("the most replications allowed, before the interval was narrow enough");
                break;
            }
            let next = (have * 3 / 2 + 1).min(precision.most);
            if next > room {
                stopped = Some("the memory limit");
            }
            if all.iter().any(|one| one.stopped.is_some()) {
                break;
            }
            all.extend(batch(have..next.min(room), limits, replicate)?);
        }
    }
    collect(plan, settings, all, asked, stopped)
}

fn batch(
    numbers: std::ops::Range<u32>,
    limits: &Limits<'_>,
    replicate: One<'_>,
) -> Result<Vec<Replication>, Error> {
    numbers
        .into_par_iter()
        .map(|number| {
            if (limits.go_on)() {
                return replicate(u64::from(number));
            }
            Ok(Replication {
                stopped: Some(TIME),
                ..Replication::default()
            })
        })
        .collect()
}

fn is_met(
    plan: &Plan,
    settings: &Settings,
    precision: &Precision,
    all: &mut Vec<Replication>,
) -> bool {
    // Lent and given back: a copy would need as much memory again as the limit allows.
    let outcome = of(plan, settings, plan.days, std::mem::take(all));
    let spread: Option<Spread> = outcome.whole(precision.station, precision.measure);
    *all = outcome.replications;
    spread
        .and_then(|spread| spread.half_width)
        .is_some_and(|half| half <= precision.half_width)
        || all.iter().any(|one| one.stopped.is_some())
}

/// What there is: whole replications if time ran out, else the days that all of them reached.
///
/// Replications with too many people are never left out: those that are left would tell of a
/// shorter queue than there is.
fn collect(
    plan: &Plan,
    settings: &Settings,
    all: Vec<Replication>,
    asked: u32,
    stopped: Option<&'static str>,
) -> Result<Outcome, Error> {
    let stopped = all.iter().find_map(|one| one.stopped).or(stopped);
    let events = all.iter().map(|one| one.events).sum();
    let most_people = all.iter().map(|one| one.most_people).max().unwrap_or(0);
    let in_time = all.iter().any(|one| one.stopped != Some(TIME));
    let kept: Vec<Replication> = all
        .into_iter()
        .filter(|one| one.stopped != Some(TIME) || (!in_time && one.days > 0))
        .collect();
    let days = kept.iter().map(|one| one.days).min().unwrap_or(0);
    if days == 0 {
        return Err(Error::Nothing(stopped.unwrap_or("a limit")));
    }
    let mut outcome = of(plan, settings, days, kept);
    outcome.events = events;
    outcome.most_people = most_people;
    if days < plan.days {
        // What each pays is added up over whole replications, which these are not.
        outcome.payers.clear();
    }
    outcome.stopped = stopped.map(|why| {
        let have = outcome.replications();
        // For a narrow interval more are made than were asked for, and nobody knows how many it takes.
        let of = match u64::from(asked) >= have as u64 {
            true => format!("{have} of {asked}"),
            false => have.to_string(),
        };
        format!(
            "{why} was reached: {of} replications and {days} of {} days are told",
            plan.days
        )
    });
    Ok(outcome)
}

fn of(plan: &Plan, settings: &Settings, days: u32, replications: Vec<Replication>) -> Outcome {
    // A run cut short in its warm-up tells what it has.
    let warm_up_days = if plan.warm_up_days < days {
        plan.warm_up_days
    } else {
        0
    };
    Outcome {
        scenario: settings.scenario.clone(),
        stations: plan.stations().map(str::to_owned).collect(),
        days,
        warm_up_days,
        payers: plan.payers.clone(),
        seed: settings.seed,
        stopped: None,
        events: replications.iter().map(|one| one.events).sum(),
        most_people: replications
            .iter()
            .map(|one| one.most_people)
            .max()
            .unwrap_or(0),
        replications,
    }
}
