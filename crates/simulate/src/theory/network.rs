//! A whole model, from theory: how many come to each station, what they need, and where a formula
//! fits, how long they wait.
//!
//! Source: traffic equations of J. R. Jackson (Operations Research 5, 1957): what comes to a
//! station is what comes from outside and what the others send. Little: people = arrivals × time.

use super::erlang;
use crate::Problem;
use crate::model::Kind;
use crate::plan::{Arrivals, OUT, Plan, Share, StationPlan};
use serde::Serialize;

/// Rounds of the traffic equations before people are taken to stay for ever.
const ROUNDS: usize = 20_000;
/// How near arrivals of two days are to be the same.
const NEAR: f64 = 1e-9;

/// What theory says of a station.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Expected {
    /// Its name.
    pub station: String,
    /// People who come, a day.
    pub arrivals_per_day: f64,
    /// Mean stay of them, in days.
    pub mean_stay_days: f64,
    /// What they need: places, or visits a day.
    pub offered_load: f64,
    /// What there is on average; nothing where it is unlimited.
    pub capacity: Option<f64>,
    /// Load over capacity.
    pub utilisation: Option<f64>,
    /// Formula that fits, if any.
    pub formula: Option<&'static str>,
    /// Mean wait in days of those who are served, by that formula.
    pub wait_days: Option<f64>,
    /// Mean number that waits.
    pub queue: Option<f64>,
    /// Share turned away.
    pub turned_away: Option<f64>,
}

/// What theory says of each station, with arrivals on average over the days.
pub fn expected(plan: &Plan) -> Vec<Expected> {
    let flows = flows(plan);
    let even = plan.sources.iter().all(is_even);
    let fed_by_blocking = fed_by_blocking(plan);
    plan.stations
        .iter()
        .enumerate()
        .map(|(at, station)| {
            let simple = even && !station.keeps && !fed_by_blocking[at];
            of_station(plan, at, station, &flows[at], simple)
        })
        .collect()
}

fn is_even(source: &crate::plan::SourcePlan) -> bool {
    match &source.arrivals {
        Arrivals::Poisson(days) => days
            .iter()
            .all(|rate| (rate - days[0]).abs() < NEAR * days[0]),
        Arrivals::Given(_) => false,
    }
}

/// Stations whose arrivals wait elsewhere, in the place they keep.
fn fed_by_blocking(plan: &Plan) -> Vec<bool> {
    let mut fed = vec![false; plan.stations.len()];
    for station in plan.stations.iter().filter(|station| station.keeps) {
        for share in station
            .routes
            .iter()
            .flatten()
            .filter(|share| share.to != OUT)
        {
            fed[usize::from(share.to)] = true;
        }
    }
    fed
}

fn of_station(
    plan: &Plan,
    at: usize,
    station: &StationPlan,
    flow: &[f64],
    simple: bool,
) -> Expected {
    let arrivals: f64 = flow.iter().sum();
    let (stay, sd) = stay(station, flow);
    let need = station
        .need
        .map_or(1.0, |need| (need.first.0 + need.last.0) / 2.0);
    let load = arrivals * stay * need;
    let days = plan.warm_up_days..plan.days;
    let means: Option<Vec<f64>> = days.map(|day| plan.capacity_on(at, day)).collect();
    let capacity = means.map(|means| means.iter().sum::<f64>() / means.len().max(1) as f64);
    let mut expected = Expected {
        station: station.name.clone(),
        arrivals_per_day: arrivals,
        mean_stay_days: stay,
        offered_load: load,
        capacity,
        utilisation: capacity
            .filter(|capacity| *capacity > 0.0)
            .map(|capacity| load / capacity),
        formula: None,
        wait_days: None,
        queue: None,
        turned_away: None,
    };
    if let ([level], true, true) = (
        station.levels.as_slice(),
        simple,
        station.kind != Kind::Visits,
    ) {
        formula(&mut expected, station, level.capacity, arrivals, stay, sd);
    }
    expected
}

fn formula(
    expected: &mut Expected,
    station: &StationPlan,
    places: u32,
    arrivals: f64,
    stay: f64,
    sd: f64,
) {
    let exponential =
        station.stays.iter().all(crate::stay::Stay::is_exponential) && station.stays.len() == 1;
    let balks = station.balking_from < station.queue_limit;
    if places == u32::MAX {
        expected.formula = Some("M/G/infinity");
        (expected.wait_days, expected.queue) = (Some(0.0), Some(0.0));
    } else if balks || arrivals <= 0.0 {
        // No formula of ours has people who do not join.
    } else if station.queue_limit == 0 {
        expected.formula = Some("Erlang B");
        expected.turned_away = Some(erlang::erlang_b(arrivals * stay, places));
    } else if station.queue_limit < u32::MAX && exponential {
        let (_, queue, away) = erlang::limited(arrivals, stay, places, station.queue_limit);
        expected.formula = Some("M/M/c/K");
        expected.queue = Some(queue);
        expected.turned_away = Some(away);
        expected.wait_days = Some(queue / (arrivals * (1.0 - away)));
    } else if station.queue_limit == u32::MAX && arrivals * stay < f64::from(places) {
        expected.formula = Some(match (exponential, places) {
            (true, _) => "Erlang C",
            (false, 1) => "Pollaczek and Khinchine",
            (false, _) => "M/G/c, about",
        });
        let wait = erlang::wait_mgc(arrivals, stay, if exponential { stay } else { sd }, places);
        expected.wait_days = Some(wait);
        expected.queue = Some(wait * arrivals);
    }
}

/// Mean and standard deviation of the stays of those who come.
fn stay(station: &StationPlan, flow: &[f64]) -> (f64, f64) {
    let moments: Vec<(f64, f64)> = station
        .stays
        .iter()
        .map(crate::stay::Stay::moments)
        .collect();
    let total: f64 = flow.iter().sum();
    let (mut mean, mut square) = (0.0, 0.0);
    for (class, people) in flow.iter().enumerate() {
        let share = if total > 0.0 {
            people / total
        } else {
            1.0 / flow.len() as f64
        };
        let (own, sd) = moments[usize::from(station.stay_of[class])];
        mean += share * own;
        square += share * (sd * sd + own * own);
    }
    (mean, (square - mean * mean).max(0.0).sqrt())
}

/// People a day who come to each station, by class.
fn flows(plan: &Plan) -> Vec<Vec<f64>> {
    let classes = plan
        .stations
        .first()
        .map_or(1, |station| station.stay_of.len());
    let mut outside = vec![vec![0.0; classes]; plan.stations.len()];
    for source in &plan.sources {
        let days = plan.days as usize;
        let a_day = (0..days)
            .map(|day| source.arrivals.mean_of(day))
            .sum::<f64>()
            / days as f64;
        for (class, own) in parts(&source.classes) {
            for (to, share) in parts(&source.routes[usize::from(class)]) {
                if to != OUT {
                    outside[usize::from(to)][usize::from(class)] += a_day * own * share;
                }
            }
        }
    }
    let mut flows = outside.clone();
    for _ in 0..ROUNDS {
        let mut next = outside.clone();
        for (from, station) in plan.stations.iter().enumerate() {
            for (class, routes) in station.routes.iter().enumerate() {
                for (to, share) in parts(routes).filter(|(to, _)| *to != OUT) {
                    next[usize::from(to)][class] += flows[from][class] * share;
                }
            }
        }
        let change: f64 = next
            .iter()
            .flatten()
            .zip(flows.iter().flatten())
            .map(|(new, old)| (new - old).abs())
            .sum();
        flows = next;
        if change < 1e-10 {
            break;
        }
    }
    flows
}

fn parts(shares: &[Share]) -> impl Iterator<Item = (u16, f64)> + '_ {
    shares.iter().scan(0_u64, |before, share| {
        let own = (share.upto - *before) as f64 / u64::MAX as f64;
        *before = share.upto;
        Some((share.to, own))
    })
}

/// What cannot be steady, in words.
pub fn warnings(plan: &Plan) -> Vec<Problem> {
    let mut warnings = Vec::new();
    for (station, expected) in plan.stations.iter().zip(expected(plan)) {
        let place = format!("station.{}", station.name);
        let (Some(capacity), Some(utilisation)) = (expected.capacity, expected.utilisation) else {
            continue;
        };
        let unit = if station.kind == Kind::Visits {
            "visits a day"
        } else {
            "places"
        };
        if utilisation >= 1.0 && station.queue_limit == u32::MAX {
            warnings.push(Problem::new(
                place,
                format!(
                    "people need {:.1} {unit} on average and there are {capacity:.1}: it cannot be steady, its queue grows for as long as the simulation goes on",
                    expected.offered_load
                ),
            ));
        } else if utilisation >= 0.95 && station.queue_limit == u32::MAX {
            warnings.push(Problem::new(
                place,
                format!("{:.0} in a hundred of its {unit} are needed on average: waits are long and differ much between replications; simulate many, and for long", utilisation * 100.0),
            ));
        }
    }
    warnings.extend(standstill(plan));
    warnings
}

/// Stations that keep places for each other, all of them limited, can wait for each other for ever.
fn standstill(plan: &Plan) -> Option<Problem> {
    let ways = |at: usize| {
        let station = &plan.stations[at];
        let shares = station
            .routes
            .iter()
            .flatten()
            .filter(|share| share.to != OUT);
        let keeps = station.keeps;
        shares
            .map(|share| usize::from(share.to))
            .filter(move |to| keeps && *to != at)
            .collect::<Vec<_>>()
    };
    for start in 0..plan.stations.len() {
        let mut seen = vec![false; plan.stations.len()];
        let mut open = ways(start);
        while let Some(at) = open.pop() {
            if at == start {
                return Some(Problem::new(
                    format!("station.{}", plan.stations[start].name),
                    "people keep its place while they wait for another, and come back to it from there in the same way: if both are full they wait for each other for ever",
                ));
            }
            if !std::mem::replace(&mut seen[at], true) {
                open.extend(ways(at));
            }
        }
    }
    None
}
