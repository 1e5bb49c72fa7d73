//! Taking out: which units leave the plan so that something better can be found.

use super::model::{Model, NONE};
use super::state::State;
use crate::chance::Chance;

/// How units are chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Removal {
    /// Any.
    Random,
    /// Those that cost most where they are.
    Worst,
    /// Near one another in place and time.
    Related,
    /// All of one round, as far as the number goes.
    Route,
    /// All that begin at about the same time.
    Window,
    /// Pairs, and what is near them.
    Pair,
    /// Strings of neighbouring rounds.
    Strings,
    /// All visits of one person.
    Person,
}

impl Removal {
    pub const ALL: [Self; 8] = [
        Self::Random,
        Self::Worst,
        Self::Related,
        Self::Route,
        Self::Window,
        Self::Pair,
        Self::Strings,
        Self::Person,
    ];
}

/// Takes up to `count` units out. [`State::settle`] has to follow.
pub fn remove(model: &Model, state: &mut State, how: Removal, count: usize, chance: &mut Chance) {
    let placed = placed(model, state);
    if placed.is_empty() {
        return;
    }
    let count = count.min(placed.len());
    let mut taken = Taken { left: count };
    match how {
        Removal::Random => random(model, state, placed, &mut taken, chance),
        Removal::Worst => worst(model, state, placed, &mut taken, chance),
        Removal::Related => {
            let seed = seed(model, &placed, chance);
            related(model, state, seed, &mut taken, chance);
        }
        Removal::Route => route(model, state, &placed, &mut taken, chance),
        Removal::Window => window(model, state, placed, &mut taken, chance),
        Removal::Pair => pairs(model, state, &placed, &mut taken, chance),
        Removal::Strings => strings(model, state, &placed, &mut taken, chance),
        Removal::Person => person(model, state, &placed, &mut taken, chance),
    }
}

struct Taken {
    left: usize,
}

impl Taken {
    fn take(&mut self, model: &Model, state: &mut State, unit: usize) -> bool {
        if self.left == 0 {
            return false;
        }
        if state.round[model.units[unit].tasks[0]] != NONE {
            state.take_out(model, unit);
            self.left -= 1;
        }
        self.left > 0
    }
}

fn placed(model: &Model, state: &State) -> Vec<usize> {
    (0..model.units.len())
        .filter(|unit| state.round[model.units[*unit].tasks[0]] != NONE)
        .collect()
}

/// A task of some placed unit.
fn seed(model: &Model, placed: &[usize], chance: &mut Chance) -> usize {
    let unit = &model.units[placed[chance.below(placed.len())]];
    unit.tasks[chance.below(unit.tasks.len())]
}

fn random(
    model: &Model,
    state: &mut State,
    mut placed: Vec<usize>,
    taken: &mut Taken,
    chance: &mut Chance,
) {
    while !placed.is_empty() {
        let unit = placed.swap_remove(chance.below(placed.len()));
        if !taken.take(model, state, unit) {
            return;
        }
    }
}

/// Way saved, own lateness and faces: what a unit costs where it is, roughly.
fn burden(model: &Model, state: &State, unit: usize) -> i64 {
    let tasks = model.units[unit].tasks.iter();
    tasks
        .map(|task| {
            let mode = model.rounds[state.round[*task]].mode;
            let (before, after) = (state.previous[*task], state.next[*task]);
            model.way_cost(mode, before, *task) + model.way_cost(mode, *task, after)
                - model.way_cost(mode, before, after)
                + (state.start[*task] - model.tasks[*task].due).max(0) * model.weights.lateness
        })
        .sum()
}

fn skewed(length: usize, power: i32, chance: &mut Chance) -> usize {
    ((chance.unit().powi(power) * length as f64) as usize).min(length - 1)
}

fn worst(
    model: &Model,
    state: &mut State,
    mut placed: Vec<usize>,
    taken: &mut Taken,
    chance: &mut Chance,
) {
    placed.sort_by_cached_key(|unit| -burden(model, state, *unit));
    while !placed.is_empty() {
        let unit = placed.remove(skewed(placed.len(), 4, chance));
        if !taken.take(model, state, unit) {
            return;
        }
    }
}

fn related(model: &Model, state: &mut State, seed: usize, taken: &mut Taken, chance: &mut Chance) {
    if !taken.take(model, state, model.tasks[seed].unit) {
        return;
    }
    let mut near = model.near[seed].clone();
    while !near.is_empty() {
        let task = near.remove(skewed(near.len(), 3, chance));
        if !taken.take(model, state, model.tasks[task].unit) {
            return;
        }
    }
}

fn route(
    model: &Model,
    state: &mut State,
    placed: &[usize],
    taken: &mut Taken,
    chance: &mut Chance,
) {
    let round = state.round[seed(model, placed, chance)];
    let tasks: Vec<usize> = state.tasks_of(model, round).collect();
    let skip = if tasks.len() > taken.left {
        chance.below(tasks.len() - taken.left + 1)
    } else {
        0
    };
    for task in &tasks[skip..] {
        if !taken.take(model, state, model.tasks[*task].unit) {
            return;
        }
    }
}

fn window(
    model: &Model,
    state: &mut State,
    mut placed: Vec<usize>,
    taken: &mut Taken,
    chance: &mut Chance,
) {
    let around = state.start[seed(model, &placed, chance)];
    placed.sort_by_cached_key(|unit| {
        let starts = model.units[*unit]
            .tasks
            .iter()
            .map(|task| (state.start[*task] - around).abs());
        starts.min()
    });
    while !placed.is_empty() {
        let unit = placed.remove(skewed(placed.len(), 5, chance));
        if !taken.take(model, state, unit) {
            return;
        }
    }
}

fn pairs(
    model: &Model,
    state: &mut State,
    placed: &[usize],
    taken: &mut Taken,
    chance: &mut Chance,
) {
    let mut pairs: Vec<usize> = placed
        .iter()
        .copied()
        .filter(|unit| model.units[*unit].tasks.len() > 1)
        .collect();
    chance.shuffle(&mut pairs);
    let half = (taken.left / 2).max(1);
    for unit in pairs.into_iter().take(half) {
        let task = model.units[unit].tasks[chance.below(2)];
        let mut few = Taken {
            left: taken.left.min(2),
        };
        let before = few.left;
        related(model, state, task, &mut few, chance);
        taken.left -= before - few.left;
        if taken.left == 0 {
            return;
        }
    }
    let rest = seed(model, placed, chance);
    related(model, state, rest, taken, chance);
}

fn strings(
    model: &Model,
    state: &mut State,
    placed: &[usize],
    taken: &mut Taken,
    chance: &mut Chance,
) {
    let first = seed(model, placed, chance);
    let mut done = Vec::new();
    let near: Vec<usize> = std::iter::once(first)
        .chain(model.near[first].iter().copied())
        .collect();
    let longest = 1 + chance.below(6);
    for task in near {
        let round = state.round[task];
        if round == NONE || done.contains(&round) {
            continue;
        }
        done.push(round);
        let length = 1 + chance.below(longest);
        let mut node = task;
        for _ in 0..chance.below(length) {
            if model.is_task(state.previous[node]) {
                node = state.previous[node];
            }
        }
        for _ in 0..length {
            if !model.is_task(node) {
                break;
            }
            let after = state.next[node];
            if !taken.take(model, state, model.tasks[node].unit) {
                return;
            }
            // The other half of a pair may have been the next one's neighbour.
            node = if model.is_task(after) && state.round[after] == NONE {
                NONE
            } else {
                after
            };
        }
    }
}

fn person(
    model: &Model,
    state: &mut State,
    placed: &[usize],
    taken: &mut Taken,
    chance: &mut Chance,
) {
    let person = model.units[model.tasks[seed(model, placed, chance)].unit].person;
    for unit in placed {
        if model.units[*unit].person == person && !taken.take(model, state, *unit) {
            return;
        }
    }
    let rest = seed(model, placed, chance);
    related(model, state, rest, taken, chance);
}
