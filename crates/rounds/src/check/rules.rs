//! Every hard rule, one function each.

use super::Breach;
use super::cost::{needs_break, of_route};
use crate::problem::{Kind, Problem, Ticks};
use crate::solution::{Route, Solution, Times};
use std::collections::BTreeMap;

/// Every rule that a plan with times breaks.
pub fn breaches(problem: &Problem, solution: &Solution) -> Vec<Breach> {
    let mut found = Found {
        problem,
        breaches: Vec::new(),
    };
    found.each_once(solution);
    for route in &solution.routes {
        found.who(route);
        found.window(route);
        found.way(route);
        found.shift(route);
        found.pause(route);
        found.capacity(route);
    }
    found.together(solution);
    found.links(solution);
    found.rest(solution);
    found.hours_and_pay(solution);
    found.breaches
}

struct Found<'a> {
    problem: &'a Problem,
    breaches: Vec<Breach>,
}

impl Found<'_> {
    fn visit(&mut self, rule: &'static str, visit: usize, text: String) {
        let place = format!("visit {}", self.problem.visits[visit].id);
        self.breaches.push(Breach { rule, place, text });
    }

    fn carer(&mut self, rule: &'static str, carer: usize, text: String) {
        let place = format!("carer {}", self.problem.carers[carer].id);
        self.breaches.push(Breach { rule, place, text });
    }

    fn show(&self, ticks: Ticks) -> String {
        let units = self.problem.units(ticks);
        if self.problem.kind == Kind::Care {
            format!("{units:.1} minutes")
        } else {
            format!("{units}")
        }
    }

    /// A visit is made whole or not at all, and never twice.
    fn each_once(&mut self, solution: &Solution) {
        let mut shifts: BTreeMap<usize, u32> = BTreeMap::new();
        for route in &solution.routes {
            *shifts.entry(route.shift).or_default() += 1;
        }
        for (shift, times) in shifts {
            if times > 1 {
                let carer = self.problem.shifts[shift].carer;
                self.carer("once", carer, "has two routes in one shift".to_owned());
            }
        }
        let made = solution.made(self.problem.visits.len());
        for (visit, count) in made.iter().enumerate() {
            let hands = self.problem.visits[visit].hands;
            let benchmark = self.problem.kind != Kind::Care;
            if *count > hands || (*count > 0 && *count < hands) || (*count == 0 && benchmark) {
                self.visit("once", visit, format!("is made {count} times, not {hands}"));
            }
        }
        for link in self.problem.links.iter().filter(|link| link.pair) {
            if (made[link.first] == 0) != (made[link.second] == 0) {
                self.visit(
                    "once",
                    link.first,
                    "is one of a pair, and only one of both is made".to_owned(),
                );
            }
        }
    }

    /// Skills, exclusions, zones, providers and locks.
    fn who(&mut self, route: &Route) {
        let carer = self.problem.shifts[route.shift].carer;
        for stop in &route.stops {
            if let Some(why) = self.problem.refusal(carer, stop.visit) {
                let why = format!("its carer {}", self.problem.refusal_words(why, false));
                self.visit("who", stop.visit, why);
            }
        }
    }

    /// Starts inside the window, takes as long as it takes.
    fn window(&mut self, route: &Route) {
        for stop in &route.stops {
            let visit = &self.problem.visits[stop.visit];
            let Some(times) = stop.times else { continue };
            if times.start < visit.earliest {
                let by = self.show(visit.earliest - times.start);
                self.visit("window", stop.visit, format!("begins {by} too early"));
            }
            if times.start > visit.latest {
                let by = self.show(times.start - visit.latest);
                self.visit(
                    "window",
                    stop.visit,
                    format!("begins {by} after its window"),
                );
            }
            if times.end - times.start != visit.length || times.arrive > times.start {
                self.visit(
                    "length",
                    stop.visit,
                    "does not last as long as agreed".to_owned(),
                );
            }
        }
    }

    /// Nobody is at the next door before they can be there.
    fn way(&mut self, route: &Route) {
        let shift = &self.problem.shifts[route.shift];
        let travel = &self.problem.travel[self.problem.carers[shift.carer].mode];
        let mut free = shift.open;
        let mut at = shift.start.filter(|_| self.problem.rules.home_in_shift);
        for stop in &route.stops {
            let place = self.problem.visits[stop.visit].place;
            let Some(times) = stop.times else { continue };
            let there = free + at.map_or(0, |from| travel.ticks(from, place));
            if times.arrive < there {
                let by = self.show(there - times.arrive);
                self.visit("travel", stop.visit, format!("is reached {by} too soon"));
            }
            (free, at) = (times.end, Some(place));
        }
    }

    /// The last visit, and the way home where it counts, are over before the shift is.
    fn shift(&mut self, route: &Route) {
        let shift = &self.problem.shifts[route.shift];
        let Some((visit, times)) = ends(route).map(|(_, last)| last) else {
            return;
        };
        let travel = &self.problem.travel[self.problem.carers[shift.carer].mode];
        let home = shift.end.filter(|_| self.problem.rules.home_in_shift);
        let way = home.map_or(0, |home| {
            travel.ticks(self.problem.visits[visit].place, home)
        });
        if times.end + way > shift.close {
            let by = self.show(times.end + way - shift.close);
            self.carer(
                "shift",
                shift.carer,
                format!("works {by} after the end of the shift"),
            );
        }
    }

    /// Regulation 12 of the Working Time Regulations 1998: a break in a day of more than six hours.
    fn pause(&mut self, route: &Route) {
        let Some(((_, first), (_, last))) = ends(route) else {
            return;
        };
        if !needs_break(self.problem, last.end - first.start) {
            return;
        }
        let shift = &self.problem.shifts[route.shift];
        let travel = &self.problem.travel[self.problem.carers[shift.carer].mode];
        let rested = route.stops.windows(2).any(|two| {
            let places = [two[0], two[1]].map(|stop| self.problem.visits[stop.visit].place);
            match (two[0].times, two[1].times) {
                (Some(one), Some(next)) => {
                    let gap = next.start - one.end - travel.ticks(places[0], places[1]);
                    gap >= self.problem.rules.break_length
                }
                _ => false,
            }
        });
        if !rested {
            let text = "has no break in a day that needs one".to_owned();
            self.carer("break", shift.carer, text);
        }
    }

    fn capacity(&mut self, route: &Route) {
        let load: i64 = route
            .stops
            .iter()
            .map(|s| self.problem.visits[s.visit].load)
            .sum();
        if let Some(capacity) = self.problem.rules.capacity
            && load > capacity
        {
            let carer = self.problem.shifts[route.shift].carer;
            self.carer("capacity", carer, format!("carries {load} of {capacity}"));
        }
    }

    /// Carers of a double-handed visit are two people, there at the same time.
    fn together(&mut self, solution: &Solution) {
        let seats = seats(self.problem, solution);
        for (visit, seats) in &seats {
            for pair in seats.windows(2) {
                if pair[0].0 == pair[1].0 {
                    self.visit("together", *visit, "has one carer twice".to_owned());
                }
                let apart = (pair[0].1.start - pair[1].1.start).abs();
                if apart > self.problem.rules.together_within {
                    let by = self.show(apart);
                    self.visit(
                        "together",
                        *visit,
                        format!("has carers who start {by} apart"),
                    );
                }
            }
        }
    }

    /// Order and gaps between visits.
    fn links(&mut self, solution: &Solution) {
        let seats = seats(self.problem, solution);
        for link in &self.problem.links {
            let (Some(first), Some(second)) = (seats.get(&link.first), seats.get(&link.second))
            else {
                continue;
            };
            for (one, two) in first
                .iter()
                .flat_map(|a| second.iter().map(move |b| (a, b)))
            {
                let gap = two.1.start - one.1.start;
                if gap < link.least || link.most.is_some_and(|most| gap > most) {
                    let by = self.show(gap);
                    self.visit(
                        "gap",
                        link.second,
                        format!("begins {by} after the visit it is tied to"),
                    );
                }
                if link.pair && one.0 == two.0 {
                    self.visit(
                        "together",
                        link.second,
                        "has the same carer as its pair".to_owned(),
                    );
                }
            }
        }
    }

    /// Daily and weekly rest: regulations 10 and 11 of the Working Time Regulations 1998.
    fn rest(&mut self, solution: &Solution) {
        let week = 7 * 24 * 60 * self.problem.ticks;
        let plan = self.problem.shifts.iter().map(|shift| shift.close).max();
        for (carer, mut days) in days(self.problem, solution) {
            days.sort_unstable();
            for two in days.windows(2) {
                let rest = two[1].0 - two[0].1;
                if self
                    .problem
                    .rules
                    .daily_rest
                    .is_some_and(|least| rest < least)
                {
                    let text = format!("rests {} between two days", self.show(rest));
                    self.carer("daily rest", carer, text);
                }
            }
            // Only a plan that reaches into the seventh day can show that a week has no rest.
            let whole = plan.is_some_and(|end| end > week - 24 * 60 * self.problem.ticks);
            let edges = std::iter::once(0)
                .chain(days.iter().map(|day| day.1))
                .zip(days.iter().map(|day| day.0).chain([week]));
            let longest = edges.map(|(from, to)| to - from).max().unwrap_or(week);
            if whole
                && self
                    .problem
                    .rules
                    .weekly_rest
                    .is_some_and(|least| longest < least)
            {
                let text = format!("rests {} at most in the week", self.show(longest));
                self.carer("weekly rest", carer, text);
            }
        }
    }

    /// Most hours in the week, and the minimum wage over all working time.
    fn hours_and_pay(&mut self, solution: &Solution) {
        let mut whole: BTreeMap<usize, super::CarerTime> = BTreeMap::new();
        for route in &solution.routes {
            let (time, _) = of_route(self.problem, route);
            let sum = whole
                .entry(self.problem.shifts[route.shift].carer)
                .or_default();
            sum.contact += time.contact;
            sum.travel += time.travel;
            sum.waiting += time.waiting;
        }
        for (carer, time) in whole {
            let who = &self.problem.carers[carer];
            if let Some(most) = who.most_a_week.filter(|most| time.working() > *most) {
                let by = self.show(time.working() - most);
                self.carer(
                    "hours",
                    carer,
                    format!("works {by} more than the week allows"),
                );
            }
            if let Some(pay) = who.pay {
                let paid = i128::from(time.contact) * i128::from(pay.contact)
                    + i128::from(time.travel) * i128::from(pay.travel)
                    + i128::from(time.waiting) * i128::from(pay.waiting);
                if paid < i128::from(time.working()) * i128::from(pay.least) {
                    let text = "earns less than the minimum wage over all working time".to_owned();
                    self.carer("pay", carer, text);
                }
            }
        }
    }
}

type End = (usize, Times);

fn ends(route: &Route) -> Option<(End, End)> {
    let end = |stop: &crate::solution::Stop| stop.times.map(|times| (stop.visit, times));
    Some((end(route.stops.first()?)?, end(route.stops.last()?)?))
}

/// Carer and times of each visit that is made.
fn seats(problem: &Problem, solution: &Solution) -> BTreeMap<usize, Vec<(usize, Times)>> {
    let mut seats: BTreeMap<usize, Vec<(usize, Times)>> = BTreeMap::new();
    for route in &solution.routes {
        let carer = problem.shifts[route.shift].carer;
        for stop in &route.stops {
            if let Some(times) = stop.times {
                seats.entry(stop.visit).or_default().push((carer, times));
            }
        }
    }
    seats
}

/// First start and last end of each shift that is worked, by carer; shifts of one day are one.
fn days(problem: &Problem, solution: &Solution) -> BTreeMap<usize, Vec<(Ticks, Ticks)>> {
    let day = 24 * 60 * problem.ticks;
    let mut days: BTreeMap<usize, BTreeMap<Ticks, (Ticks, Ticks)>> = BTreeMap::new();
    for route in &solution.routes {
        if let Some(((_, first), (_, last))) = ends(route) {
            let shift = &problem.shifts[route.shift];
            let span = days
                .entry(shift.carer)
                .or_default()
                .entry(shift.open.div_euclid(day))
                .or_insert((first.start, last.end));
            *span = (span.0.min(first.start), span.1.max(last.end));
        }
    }
    days.into_iter()
        .map(|(carer, days)| (carer, days.into_values().collect()))
        .collect()
}
