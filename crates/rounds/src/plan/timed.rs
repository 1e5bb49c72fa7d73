//! From the search's plan to one with times, and back.

use super::model::{Model, NONE};
use super::state::State;
use super::trial::{Place, Trial};
use crate::problem::Ticks;
use crate::solution::{Route, Solution, Stop, Times};

/// The plan with times. Where waiting is paid, the first visits of a day begin as late as
/// the rest allows, so that the day is short.
pub fn solution(model: &Model, state: &State) -> Solution {
    let mut routes = Vec::new();
    for round in 0..model.rounds.len() {
        let tasks: Vec<usize> = state.tasks_of(model, round).collect();
        if tasks.is_empty() {
            continue;
        }
        let starts = if model.weights.waiting > 0 {
            gathered(model, state, round, &tasks)
        } else {
            tasks.iter().map(|task| state.start[*task]).collect()
        };
        routes.push(Route {
            shift: round,
            stops: stops(model, state, round, &tasks, &starts),
        });
    }
    Solution { routes }
}

fn stops(
    model: &Model,
    state: &State,
    round: usize,
    tasks: &[usize],
    starts: &[Ticks],
) -> Vec<Stop> {
    let mode = model.rounds[round].mode;
    let begin = model.begin(round);
    let mut free = model.rounds[round].open;
    let mut before = begin;
    let mut stops = Vec::with_capacity(tasks.len());
    for (task, start) in tasks.iter().zip(starts) {
        let arrive = free + model.way(mode, before, *task);
        // The first visit of a day is come to when it begins.
        let arrive = if before == begin && !model.problem.rules.home_in_shift {
            *start
        } else {
            arrive
        };
        let end = start + model.tasks[*task].length;
        stops.push(Stop {
            visit: model.tasks[*task].visit,
            times: Some(Times {
                arrive,
                start: *start,
                end,
            }),
        });
        free = end + state.pause[*task];
        before = *task;
    }
    stops
}

/// The starts of a day that ends no later and begins as late as it can. Visits that are tied
/// to others stay where they are.
fn gathered(model: &Model, state: &State, round: usize, tasks: &[usize]) -> Vec<Ticks> {
    let mode = model.rounds[round].mode;
    let tied = |task: usize| {
        let bonds = model.bonds[task].iter().chain(&model.waits[task]);
        bonds.clone().any(|bond| state.round[bond.other] != NONE)
    };
    let mut first = *tasks.last().map_or(&0, |task| &state.start[*task]);
    for two in tasks.windows(2).rev() {
        let what = &model.tasks[two[0]];
        let latest = first - model.way(mode, two[0], two[1]) - state.busy(model, two[0]);
        first = if tied(two[0]) {
            state.start[two[0]]
        } else {
            latest
                .min(what.latest)
                .min(what.due.max(state.start[two[0]]))
                .max(state.start[two[0]])
        };
    }
    let mut starts = vec![first];
    for two in tasks.windows(2) {
        let free = starts[starts.len() - 1] + state.busy(model, two[0]);
        let reach = free + model.way(mode, two[0], two[1]);
        let start = if tied(two[1]) {
            state.start[two[1]]
        } else {
            model.tasks[two[1]].earliest
        };
        starts.push(reach.max(start));
    }
    // A longer wait can become one's own time: then the day is better as it was.
    let kept: Vec<Ticks> = tasks.iter().map(|task| state.start[*task]).collect();
    if paid_waiting(model, round, tasks, &starts) <= paid_waiting(model, round, tasks, &kept) {
        starts
    } else {
        kept
    }
}

/// Waiting that is paid, and whether a break is missing, as one figure to compare by.
fn paid_waiting(model: &Model, round: usize, tasks: &[usize], starts: &[Ticks]) -> Ticks {
    let rules = &model.problem.rules;
    let mode = model.rounds[round].mode;
    let (mut waiting, mut own, mut rested) = (0, false, false);
    for at in 1..tasks.len() {
        let (one, two) = (tasks[at - 1], tasks[at]);
        let gap = starts[at] - starts[at - 1] - model.tasks[one].length - model.way(mode, one, two);
        rested |= gap >= rules.break_length;
        if rules.own_time_from.is_some_and(|from| gap >= from) {
            own = true;
        } else {
            waiting += gap;
        }
    }
    let last = tasks.len() - 1;
    let day = starts[last] + model.tasks[tasks[last]].length - starts[0];
    if rules.break_after.is_some_and(|after| day > after) {
        if !rested {
            return Ticks::MAX;
        }
        if !own {
            waiting = (waiting - rules.break_length).max(0);
        }
    }
    waiting
}

/// Puts the visits of an earlier plan back where they were, as far as the rules let them.
pub fn take_over(model: &Model, state: &mut State, trial: &mut Trial, before: &Solution) {
    let mut tasks_of = vec![Vec::new(); model.problem.visits.len()];
    for (task, what) in model.tasks.iter().enumerate() {
        tasks_of[what.visit].push(task);
    }
    // Where each unit was: its tasks with their rounds, and when it began.
    let mut was: Vec<Vec<(usize, usize)>> = vec![Vec::new(); model.units.len()];
    let mut when: Vec<Ticks> = vec![0; model.units.len()];
    for route in &before.routes {
        for stop in &route.stops {
            if let Some(task) = tasks_of.get_mut(stop.visit).and_then(Vec::pop) {
                let unit = model.tasks[task].unit;
                was[unit].push((task, route.shift));
                when[unit] = stop
                    .times
                    .map_or(model.tasks[task].earliest, |times| times.start);
            }
        }
    }
    let mut order: Vec<usize> = (0..model.units.len()).collect();
    order.sort_by_key(|unit| when[*unit]);
    for unit in order {
        let seats = &was[unit];
        let whole = seats.len() == model.units[unit].tasks.len();
        let may = seats
            .iter()
            .all(|(task, round)| model.allowed[*task].contains(round));
        if !whole || !may || seats.is_empty() {
            continue;
        }
        let mut place = Place {
            unit,
            seats: [(NONE, NONE); 2],
            count: seats.len(),
            cost: 0,
        };
        for (at, (task, round)) in seats.iter().enumerate() {
            place.seats[at] = (*task, state.previous[model.end(*round)]);
        }
        trial.keep(model, state, &place);
    }
}
