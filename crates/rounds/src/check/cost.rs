//! What a plan costs, by the parts of RULES K.2.

use crate::problem::{Problem, Ticks};
use crate::solution::{Route, Solution, Times};
use std::collections::{BTreeMap, BTreeSet};

/// What a plan costs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Costing {
    /// All parts times their weights, before [`crate::problem::Weights::divide_by`].
    pub cost: i64,
    /// Visits left out, by priority 1, 2, 3.
    pub unserved: [i64; 3],
    /// Sum of lateness over all visits and carers, ticks.
    pub lateness: Ticks,
    /// The latest visit's lateness, ticks.
    pub worst_lateness: Ticks,
    /// Paid travel, ticks.
    pub travel: Ticks,
    /// Paid waiting, ticks.
    pub waiting: Ticks,
    /// Time with people, ticks; two carers count twice.
    pub contact: Ticks,
    /// Carers of each person beyond the target, summed.
    pub new_faces: i64,
    /// Carers of each person, summed over people who are visited.
    pub faces: i64,
    /// People who are visited.
    pub people: i64,
    /// Working time beyond contracts, ticks.
    pub overtime: Ticks,
    /// Visits, by carer, that somebody else had in the plan that is being changed.
    pub moved: i64,
    /// The way of all, from and to home too, metres.
    pub metres: i64,
    /// Time of each carer, by position; carers who do not work are left out.
    pub carers: BTreeMap<usize, CarerTime>,
}

/// Working time of one carer, in ticks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CarerTime {
    /// With people.
    pub contact: Ticks,
    /// Travel that is paid.
    pub travel: Ticks,
    /// Waiting that is paid.
    pub waiting: Ticks,
}

impl CarerTime {
    /// All of it.
    pub fn working(&self) -> Ticks {
        self.contact + self.travel + self.waiting
    }
}

/// Whether a working day of this length needs a break.
pub fn needs_break(problem: &Problem, day: Ticks) -> bool {
    problem.rules.break_after.is_some_and(|after| day > after)
}

/// Time of one route and its metres. Gaps that are long enough to be the carer's own are
/// not paid; the break is taken from a gap that is paid, unless there is one that is not.
pub fn of_route(problem: &Problem, route: &Route) -> (CarerTime, i64) {
    let shift = &problem.shifts[route.shift];
    let travel = &problem.travel[problem.carers[shift.carer].mode];
    let mut time = CarerTime::default();
    let mut metres = 0;
    let (mut own_gap, mut first, mut before) = (false, None, None::<(usize, Times)>);
    for stop in &route.stops {
        let Some(times) = stop.times else { continue };
        let place = problem.visits[stop.visit].place;
        time.contact += times.end - times.start;
        if let Some((last, left)) = before {
            let way = travel.ticks(last, place);
            let gap = times.start - left.end - way;
            time.travel += way;
            metres += travel.metres(last, place);
            if problem.rules.own_time_from.is_some_and(|own| gap >= own) {
                own_gap = true;
            } else {
                time.waiting += gap.max(0);
            }
        } else {
            first = Some(times.start);
        }
        before = Some((place, times));
    }
    let (Some(first), Some((last, left))) = (first, before) else {
        return (time, metres);
    };
    if needs_break(problem, left.end - first) && !own_gap {
        time.waiting = (time.waiting - problem.rules.break_length).max(0);
    }
    let begin = problem.visits[route.stops[0].visit].place;
    let ways = [
        shift.start.map(|home| (home, begin)),
        shift.end.map(|home| (last, home)),
    ];
    for (from, to) in ways.into_iter().flatten() {
        metres += travel.metres(from, to);
        if problem.rules.home_in_shift {
            time.travel += travel.ticks(from, to);
        }
    }
    (time, metres)
}

/// Counts a plan whose stops all have times.
pub fn count(problem: &Problem, solution: &Solution) -> Costing {
    let mut sum = Costing::default();
    let mut seen: BTreeMap<usize, BTreeSet<usize>> = BTreeMap::new();
    for route in &solution.routes {
        let carer = problem.shifts[route.shift].carer;
        let (time, metres) = of_route(problem, route);
        sum.metres += metres;
        let whole = sum.carers.entry(carer).or_default();
        whole.contact += time.contact;
        whole.travel += time.travel;
        whole.waiting += time.waiting;
        for stop in &route.stops {
            let visit = &problem.visits[stop.visit];
            let had = &visit.had;
            sum.moved += i64::from(!had.is_empty() && had.binary_search(&carer).is_err());
            seen.entry(visit.person).or_default().insert(carer);
            if let Some(times) = stop.times {
                let late = (times.start - visit.due).max(0);
                sum.lateness += late;
                sum.worst_lateness = sum.worst_lateness.max(late);
            }
        }
    }
    for time in sum.carers.values() {
        sum.contact += time.contact;
        sum.travel += time.travel;
        sum.waiting += time.waiting;
    }
    for (carer, time) in &sum.carers {
        if let Some(contracted) = problem.carers[*carer].contracted {
            sum.overtime += (time.working() - contracted).max(0);
        }
    }
    faces(problem, &seen, &mut sum);
    for (visit, made) in problem
        .visits
        .iter()
        .zip(solution.made(problem.visits.len()))
    {
        if made == 0 {
            sum.unserved[usize::from(visit.priority.clamp(1, 3)) - 1] += 1;
        }
    }
    sum.cost = weighed(problem, &sum);
    sum
}

fn faces(problem: &Problem, seen: &BTreeMap<usize, BTreeSet<usize>>, sum: &mut Costing) {
    let mut known: BTreeMap<usize, BTreeSet<usize>> = BTreeMap::new();
    for visit in &problem.visits {
        known
            .entry(visit.person)
            .or_default()
            .extend(&visit.preferred);
    }
    for (person, carers) in seen {
        let new = carers
            .iter()
            .filter(|carer| !known[person].contains(carer))
            .count();
        let beyond = new.saturating_sub(problem.weights.faces);
        sum.new_faces += i64::try_from(beyond).unwrap_or(i64::MAX);
        sum.faces += i64::try_from(carers.len()).unwrap_or(i64::MAX);
        sum.people += 1;
    }
}

fn weighed(problem: &Problem, sum: &Costing) -> i64 {
    let weights = &problem.weights;
    let unserved: i64 = sum
        .unserved
        .iter()
        .zip(weights.unserved)
        .map(|(count, weight)| count * weight)
        .sum();
    unserved
        + sum.lateness * weights.lateness
        + sum.worst_lateness * weights.worst_lateness
        + sum.travel * weights.travel
        + sum.waiting * weights.waiting
        + sum.new_faces * weights.new_face
        + sum.overtime * weights.overtime
        + sum.moved * weights.moved
        + sum.metres * weights.kilometre / 1_000
}
