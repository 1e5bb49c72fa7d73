//! What comes out, in the shape that others script against, and the same read back.

use crate::case::Case;
use crate::check::Checked;
use crate::plan::Reason;
use crate::problem::{Kind, Problem, Ticks};
use crate::solution::{Route, Solution, Stop, Times};
use crate::{Error, Finding};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, HashMap};

/// A plan as JSON. Times are units of the problem from its start: minutes from midnight of
/// the first day in care.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
pub struct Report {
    /// What it costs.
    pub cost: f64,
    /// Paid travel.
    pub travel: f64,
    /// Lateness of all visits.
    pub tardiness: f64,
    /// Lateness of the latest visit.
    pub max_tardiness: f64,
    /// Visits that are left out.
    pub unserved: Vec<Unserved>,
    /// One for each carer who works.
    pub routes: Vec<CarerRoute>,
    /// Steps of the search.
    pub iterations: u64,
    /// Time of the search.
    pub seconds: f64,
    /// Paid waiting.
    #[serde(default)]
    pub waiting: f64,
    /// Time with people; two carers count twice.
    #[serde(default)]
    pub contact: f64,
    /// Kilometres of all, from and to home too.
    #[serde(default)]
    pub kilometres: f64,
    /// Carers of a person, in the mean.
    #[serde(default)]
    pub carers_per_person: f64,
    /// Working time beyond contracts.
    #[serde(default)]
    pub overtime: f64,
    /// Visits, by carer, that somebody else had in the plan that was changed.
    #[serde(default)]
    pub moved: i64,
    /// The seed.
    #[serde(default)]
    pub seed: u64,
    /// Why the run ended before its budget, or that it did not.
    #[serde(default)]
    pub stopped: String,
}

/// A visit that is left out.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
pub struct Unserved {
    /// Its id.
    pub visit: String,
    /// Why.
    pub reason: String,
    /// What would make it fit.
    pub nearest_change: String,
}

/// All visits of one carer, in order of time.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
pub struct CarerRoute {
    /// Who.
    pub carer: String,
    /// What.
    pub stops: Vec<CarerStop>,
}

/// One visit of a carer.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
pub struct CarerStop {
    /// Its id.
    pub visit: String,
    /// At the door.
    pub arrive: f64,
    /// Begins.
    pub start: f64,
    /// Ends.
    pub end: f64,
}

/// What the run was, beside its plan.
#[derive(Clone, Debug, Default)]
pub struct Run {
    /// Steps of the search.
    pub steps: u64,
    /// Time it took.
    pub seconds: f64,
    /// Its seed.
    pub seed: u64,
    /// Why it ended early; empty if it did not.
    pub stopped: String,
}

/// The report of a checked plan.
pub fn report(problem: &Problem, checked: &Checked, reasons: &[Reason], run: &Run) -> Report {
    let costing = &checked.costing;
    let units = |ticks: Ticks| problem.units(ticks);
    let unserved = reasons.iter().map(|reason| Unserved {
        visit: problem.visits[reason.visit].id.clone(),
        reason: reason.reason.clone(),
        nearest_change: reason.nearest_change.clone(),
    });
    Report {
        cost: problem.shown_cost(costing.cost),
        travel: units(costing.travel),
        tardiness: units(costing.lateness),
        max_tardiness: units(costing.worst_lateness),
        unserved: unserved.collect(),
        routes: routes(problem, &checked.solution),
        iterations: run.steps,
        seconds: run.seconds,
        waiting: units(costing.waiting),
        contact: units(costing.contact),
        kilometres: costing.metres as f64 / 1_000.0,
        carers_per_person: costing.faces as f64 / costing.people.max(1) as f64,
        overtime: units(costing.overtime),
        moved: costing.moved,
        seed: run.seed,
        stopped: run.stopped.clone(),
    }
}

fn routes(problem: &Problem, solution: &Solution) -> Vec<CarerRoute> {
    let mut by_carer: BTreeMap<usize, Vec<(Ticks, CarerStop)>> = BTreeMap::new();
    for route in &solution.routes {
        let list = by_carer
            .entry(problem.shifts[route.shift].carer)
            .or_default();
        for stop in &route.stops {
            let Some(times) = stop.times else { continue };
            let written = CarerStop {
                visit: problem.visits[stop.visit].id.clone(),
                arrive: problem.units(times.arrive),
                start: problem.units(times.start),
                end: problem.units(times.end),
            };
            list.push((times.start, written));
        }
    }
    let written = by_carer.into_iter().map(|(carer, mut list)| {
        list.sort_by_key(|(start, _)| *start);
        CarerRoute {
            carer: problem.carers[carer].id.clone(),
            stops: list.into_iter().map(|(_, stop)| stop).collect(),
        }
    });
    written.collect()
}

/// Reads a plan back; stops are put into the shift that holds their start.
///
/// # Errors
/// If it is not of this shape, or names what the problem does not have.
pub fn read(text: &str, problem: &Problem) -> Result<(Solution, Option<f64>), Error> {
    let report: Report =
        serde_json::from_str(text).map_err(|error| Error::File(error.to_string()))?;
    let (solution, findings) = placed(&report, problem);
    if findings.is_empty() {
        Ok((solution, Some(report.cost)))
    } else {
        Err(Error::Case(findings))
    }
}

/// The stops of a report that fit a problem, and what is to be said of the others.
pub fn placed(report: &Report, problem: &Problem) -> (Solution, Vec<Finding>) {
    let visits: HashMap<&str, usize> = problem
        .visits
        .iter()
        .enumerate()
        .map(|(at, visit)| (visit.id.as_str(), at))
        .collect();
    let carers: HashMap<&str, usize> = problem
        .carers
        .iter()
        .enumerate()
        .map(|(at, carer)| (carer.id.as_str(), at))
        .collect();
    let mut findings = Vec::new();
    let mut routes: BTreeMap<usize, Vec<Stop>> = BTreeMap::new();
    for (number, route) in report.routes.iter().enumerate() {
        let mut wrong = |place: String, text: String| findings.push(Finding::new(place, text));
        let Some(carer) = carers.get(route.carer.as_str()) else {
            wrong(
                format!("routes[{number}]"),
                format!("there is no carer `{}`", route.carer),
            );
            continue;
        };
        for (at, stop) in route.stops.iter().enumerate() {
            let place = format!("routes[{number}].stops[{at}]");
            let Some(visit) = visits.get(stop.visit.as_str()) else {
                wrong(place, format!("there is no visit `{}`", stop.visit));
                continue;
            };
            let times = Times {
                arrive: ticks(problem, stop.arrive),
                start: ticks(problem, stop.start),
                end: ticks(problem, stop.end),
            };
            let Some(shift) = shift_at(problem, *carer, times.start) else {
                wrong(place, format!("carer `{}` has no shift then", route.carer));
                continue;
            };
            routes.entry(shift).or_default().push(Stop {
                visit: *visit,
                times: Some(times),
            });
        }
    }
    let routes = routes
        .into_iter()
        .map(|(shift, stops)| Route { shift, stops })
        .collect();
    (Solution { routes }, findings)
}

/// Units to whole ticks.
fn ticks(problem: &Problem, units: f64) -> Ticks {
    (units * problem.ticks as f64).round().clamp(-1e15, 1e15) as Ticks
}

/// The shift of a carer that holds a moment; benchmark vehicles have one each.
fn shift_at(problem: &Problem, carer: usize, start: Ticks) -> Option<usize> {
    let of_carer = |shift: &usize| problem.shifts[*shift].carer == carer;
    let mut shifts = (0..problem.shifts.len()).filter(of_carer);
    if problem.kind != Kind::Care {
        return shifts.next();
    }
    shifts.find(|shift| {
        let shift = &problem.shifts[*shift];
        (shift.open..=shift.close).contains(&start)
    })
}

/// The plan as one round sheet for each carer and day, in HTML that prints one to a page.
pub fn sheets(case: &Case, checked: &Checked) -> String {
    let problem = &case.problem;
    let mut text = String::from(SHEET_HEAD);
    let mut routes: Vec<&Route> = checked.solution.routes.iter().collect();
    routes.sort_by_key(|route| {
        (
            problem.shifts[route.shift].carer,
            problem.shifts[route.shift].open,
        )
    });
    for route in routes {
        let shift = &problem.shifts[route.shift];
        let (day, _) = case.day_and_time(shift.open);
        text.push_str(&format!(
            "<section>\n<h1>Round of {} on {}</h1>\n<table>\n<thead><tr><th>Begin</th><th>End</th><th>Visit</th><th>To</th><th>Place</th><th>With</th><th>Needs</th></tr></thead>\n<tbody>\n",
            escaped(&problem.carers[shift.carer].id),
            day.strftime("%A %-d %B %Y"),
        ));
        for stop in &route.stops {
            let Some(times) = stop.times else { continue };
            text.push_str(&sheet_row(
                case,
                &checked.solution,
                route.shift,
                stop.visit,
                times,
            ));
        }
        text.push_str("</tbody>\n</table>\n</section>\n");
    }
    text.push_str("</body>\n</html>\n");
    text
}

const SHEET_HEAD: &str = "<!doctype html>\n<html lang=\"en-GB\">\n<head>\n<meta charset=\"utf-8\">\n<title>Round sheets</title>\n<style>body{font-family:Arial,sans-serif;font-size:14pt}section{break-after:page}table{border-collapse:collapse;width:100%}th,td{border-bottom:1px solid;padding:.3em;text-align:left}</style>\n</head>\n<body>\n";

fn sheet_row(case: &Case, solution: &Solution, shift: usize, visit: usize, times: Times) -> String {
    let problem = &case.problem;
    let what = &problem.visits[visit];
    let with: Vec<&str> = solution
        .routes
        .iter()
        .filter(|other| other.shift != shift && other.stops.iter().any(|stop| stop.visit == visit))
        .map(|other| {
            problem.carers[problem.shifts[other.shift].carer]
                .id
                .as_str()
        })
        .collect();
    let needs: Vec<&str> = what
        .skills
        .iter()
        .map(|skill| problem.names.skills[*skill].as_str())
        .collect();
    format!(
        "<tr><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td></tr>\n",
        case.day_and_time(times.start).1,
        case.day_and_time(times.end).1,
        escaped(&what.id),
        escaped(&problem.people[what.person]),
        escaped(&problem.places[what.place].id),
        escaped(&with.join(", ")),
        escaped(&needs.join(", ")),
    )
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}

/// The plan as GeoJSON (RFC 7946): a line for each round, a point for each visit. Places
/// without coordinates are left out.
pub fn geojson(case: &Case, checked: &Checked) -> serde_json::Value {
    let problem = &case.problem;
    let point = |place: usize| {
        problem.places[place]
            .at
            .map(|(north, east)| vec![east, north])
    };
    let mut features = Vec::new();
    for route in &checked.solution.routes {
        let shift = &problem.shifts[route.shift];
        let carer = &problem.carers[shift.carer].id;
        let (day, _) = case.day_and_time(shift.open);
        let stops = route
            .stops
            .iter()
            .map(|stop| problem.visits[stop.visit].place);
        let line: Vec<Vec<f64>> = shift
            .start
            .into_iter()
            .chain(stops)
            .chain(shift.end)
            .filter_map(point)
            .collect();
        if line.len() > 1 {
            features.push(serde_json::json!({
                "type": "Feature",
                "geometry": {"type": "LineString", "coordinates": line},
                "properties": {"carer": carer, "day": day.to_string(), "visits": route.stops.len()},
            }));
        }
        for stop in &route.stops {
            let visit = &problem.visits[stop.visit];
            if let (Some(at), Some(times)) = (point(visit.place), stop.times) {
                features.push(serde_json::json!({
                    "type": "Feature",
                    "geometry": {"type": "Point", "coordinates": at},
                    "properties": {"visit": visit.id, "carer": carer, "start": case.moment(times.start), "end": case.moment(times.end)},
                }));
            }
        }
    }
    serde_json::json!({"type": "FeatureCollection", "features": features})
}
