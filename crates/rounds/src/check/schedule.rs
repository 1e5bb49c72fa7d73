//! The earliest times of a plan that states none.
//!
//! Every rule about time says "not before another time": the smallest times that satisfy
//! all of them exist or there is a circle. They are found by going over all rules until
//! nothing changes; after as many rounds as there are visits, something still moving is a
//! circle. The smallest times are also those with the least lateness, visit by visit.

use super::Breach;
use crate::problem::{Problem, Ticks};
use crate::solution::{Solution, Times};

/// The plan with times for every stop, and what is wrong with the order if it has none.
pub fn timed(problem: &Problem, solution: &Solution) -> (Solution, Vec<Breach>) {
    let mut solution = solution.clone();
    let missing = solution
        .routes
        .iter()
        .flat_map(|route| &route.stops)
        .any(|stop| stop.times.is_none());
    if !missing {
        return (solution, Vec::new());
    }
    let mut starts: Vec<Vec<Ticks>> = solution
        .routes
        .iter()
        .map(|route| {
            let earliest = |stop: &crate::solution::Stop| problem.visits[stop.visit].earliest;
            route.stops.iter().map(earliest).collect()
        })
        .collect();
    let stops: usize = starts.iter().map(Vec::len).sum();
    let mut settled = false;
    for _ in 0..stops + 2 {
        let before = starts.clone();
        along_routes(problem, &solution, &mut starts);
        across_links(problem, &solution, &mut starts);
        if starts == before {
            settled = true;
            break;
        }
    }
    fill(problem, &mut solution, &starts);
    let circle = Breach {
        rule: "order",
        place: problem.name.clone(),
        text: "visits wait for each other in a circle: no times can be given".to_owned(),
    };
    (solution, if settled { Vec::new() } else { vec![circle] })
}

/// When somebody can be at the door of each stop, given when the one before is over.
fn arrival(problem: &Problem, shift: usize, before: Option<(usize, Ticks)>, visit: usize) -> Ticks {
    let shift = &problem.shifts[shift];
    let travel = &problem.travel[problem.carers[shift.carer].mode];
    let place = problem.visits[visit].place;
    match (before, shift.start) {
        (Some((last, start)), _) => {
            let last = &problem.visits[last];
            start + last.length + travel.ticks(last.place, place)
        }
        (None, Some(home)) if problem.rules.home_in_shift => shift.open + travel.ticks(home, place),
        (None, _) => shift.open,
    }
}

fn along_routes(problem: &Problem, solution: &Solution, starts: &mut [Vec<Ticks>]) {
    for (route, starts) in solution.routes.iter().zip(starts) {
        let mut before = None;
        for (stop, start) in route.stops.iter().zip(starts.iter_mut()) {
            *start = (*start).max(arrival(problem, route.shift, before, stop.visit));
            before = Some((stop.visit, *start));
        }
    }
}

/// Where a visit is made: route and position, for each of its carers.
fn seats(solution: &Solution, visit: usize) -> Vec<(usize, usize)> {
    let mut seats = Vec::new();
    for (route, stops) in solution.routes.iter().enumerate() {
        for (at, stop) in stops.stops.iter().enumerate() {
            if stop.visit == visit {
                seats.push((route, at));
            }
        }
    }
    seats
}

fn across_links(problem: &Problem, solution: &Solution, starts: &mut [Vec<Ticks>]) {
    for (visit, what) in problem.visits.iter().enumerate() {
        if what.hands > 1 {
            let seats = seats(solution, visit);
            if let Some(latest) = seats.iter().map(|(r, at)| starts[*r][*at]).max() {
                for (route, at) in seats {
                    starts[route][at] = latest;
                }
            }
        }
    }
    for link in &problem.links {
        for (r1, at1) in seats(solution, link.first) {
            for (r2, at2) in seats(solution, link.second) {
                starts[r2][at2] = starts[r2][at2].max(starts[r1][at1] + link.least);
                if let Some(most) = link.most {
                    starts[r1][at1] = starts[r1][at1].max(starts[r2][at2] - most);
                }
            }
        }
    }
}

fn fill(problem: &Problem, solution: &mut Solution, starts: &[Vec<Ticks>]) {
    for (route, starts) in solution.routes.iter_mut().zip(starts) {
        let shift = route.shift;
        let mut before = None;
        for (stop, start) in route.stops.iter_mut().zip(starts) {
            stop.times = Some(Times {
                arrive: arrival(problem, shift, before, stop.visit),
                start: *start,
                end: start + problem.visits[stop.visit].length,
            });
            before = Some((stop.visit, *start));
        }
    }
}
