//! The plan of a hurried planner: each carer goes from where they are to the nearest visit
//! that can still be made in time. It is what better plans are measured against.

use super::model::{Model, NONE};
use super::state::State;
use super::timed;
use super::trial::{Place, Trial};
use crate::problem::Problem;
use crate::solution::Solution;

/// Plans by going to the nearest.
pub fn nearest(problem: &Problem) -> Solution {
    let model = Model::of(problem);
    let mut state = State::empty(&model);
    let mut trial = Trial::default();
    let mut rounds: Vec<usize> = (0..model.rounds.len()).collect();
    rounds.sort_by_key(|round| model.rounds[*round].open);
    for round in rounds {
        while let Some(place) = next_of(&model, &mut state, &mut trial, round) {
            if !trial.keep(&model, &mut state, &place) {
                break;
            }
        }
    }
    state.settle(&model);
    timed::solution(&model, &state)
}

/// The nearest unit that the round can go on with.
fn next_of(model: &Model, state: &mut State, trial: &mut Trial, round: usize) -> Option<Place> {
    let last = state.previous[model.end(round)];
    let mode = model.rounds[round].mode;
    let mut units: Vec<(i64, usize)> = state
        .out
        .iter()
        .filter(|unit| model.allowed[model.units[**unit].tasks[0]].contains(&round))
        .map(|unit| {
            let task = model.units[*unit].tasks[0];
            let start = state
                .reach(model, mode, last, task)
                .max(model.tasks[task].earliest);
            // As near as may be, and of those the one that can begin first.
            (
                model.way_cost(mode, last, task) * 1_000 + start / 1_000,
                *unit,
            )
        })
        .collect();
    units.sort_unstable();
    for (_, unit) in units {
        let place = at_the_end(model, state, trial, unit, round, last);
        if place.is_some() {
            return place;
        }
    }
    None
}

fn at_the_end(
    model: &Model,
    state: &mut State,
    trial: &mut Trial,
    unit: usize,
    round: usize,
    last: usize,
) -> Option<Place> {
    let tasks = &model.units[unit].tasks;
    let mut place = Place {
        unit,
        seats: [(tasks[0], last), (NONE, NONE)],
        count: tasks.len(),
        cost: 0,
    };
    if let [_, second] = tasks.as_slice() {
        // The second carer is whoever has the shortest way.
        let mut others: Vec<(i64, usize)> = model.allowed[*second]
            .iter()
            .filter(|other| model.rounds[**other].carer != model.rounds[round].carer)
            .map(|other| {
                let end = state.previous[model.end(*other)];
                (model.way_cost(model.rounds[*other].mode, end, *second), end)
            })
            .collect();
        others.sort_unstable();
        for (_, end) in others {
            place.seats[1] = (*second, end);
            if trial.cost(model, state, place.seats(), i64::MAX).is_some() {
                return Some(place);
            }
        }
        return None;
    }
    trial
        .cost(model, state, place.seats(), i64::MAX)
        .map(|cost| Place { cost, ..place })
}
