//! Putting units back: greedy in a chosen order, or by regret.

use super::model::{Model, NONE};
use super::state::State;
use super::trial::{Place, Seat, Trial};
use crate::chance::Chance;

/// Chance that a place is overlooked.
const BLINK: f64 = 0.01;
/// Places of each task of a pair that are tried with each other.
const PAIRED: usize = 24;

/// A place for one task, and the least that it can cost.
#[derive(Clone, Copy)]
struct Candidate {
    least: i64,
    round: usize,
    seat: Seat,
}

/// Room that is used again.
#[derive(Clone, Default)]
pub struct Inserter {
    pub trial: Trial,
    lists: [Vec<Candidate>; 2],
    /// Places looked at since the count was last taken: the price of an operator.
    pub effort: u64,
}

/// In which order units are put back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    Random,
    /// Pairs first, then by the beginning of the window.
    Early,
    /// Those with the fewest rounds first.
    Scarce,
    /// The longest first.
    Long,
}

impl Inserter {
    /// Puts back whoever is left out, each at its cheapest place.
    pub fn greedy(&mut self, model: &Model, state: &mut State, order: Order, chance: &mut Chance) {
        let mut units = state.out.clone();
        chance.shuffle(&mut units);
        let first = |unit: &usize| model.tasks[model.units[*unit].tasks[0]];
        match order {
            Order::Random => {}
            Order::Early => units
                .sort_by_key(|unit| (model.units[*unit].tasks.len() == 1, first(unit).earliest)),
            Order::Scarce => units.sort_by_key(|unit| {
                let tasks = model.units[*unit].tasks.iter();
                tasks.map(|task| model.allowed[*task].len()).min()
            }),
            Order::Long => units.sort_by_key(|unit| -first(unit).length),
        }
        for unit in units {
            if let Some(place) = self.best(model, state, unit, 1, Some(chance)).first() {
                self.trial.keep(model, state, place);
            }
        }
    }

    /// Puts back, each time, the unit that would lose most if it had to wait.
    pub fn regret(&mut self, model: &Model, state: &mut State, depth: usize, chance: &mut Chance) {
        let mut waiting = state.out.clone();
        while !waiting.is_empty() {
            let mut chosen: Option<(i64, usize, Place)> = None;
            let mut at = 0;
            while at < waiting.len() {
                let places = self.best(model, state, waiting[at], depth, Some(chance));
                let Some(best) = places.first() else {
                    waiting.swap_remove(at);
                    continue;
                };
                let missing = i64::try_from(depth - places.len()).unwrap_or(0) << 40;
                let regret = missing
                    + places
                        .iter()
                        .map(|place| place.cost - best.cost)
                        .sum::<i64>();
                if chosen.is_none_or(|(most, ..)| regret > most) {
                    chosen = Some((regret, at, *best));
                }
                at += 1;
            }
            let Some((_, at, place)) = chosen else { break };
            waiting.swap_remove(at);
            self.trial.keep(model, state, &place);
        }
    }

    /// The cheapest places of a unit, at most `depth`, in different rounds.
    pub fn best(
        &mut self,
        model: &Model,
        state: &mut State,
        unit: usize,
        depth: usize,
        chance: Option<&mut Chance>,
    ) -> Vec<Place> {
        let mut lists = std::mem::take(&mut self.lists);
        let tasks = &model.units[unit].tasks;
        for (list, task) in lists.iter_mut().zip(tasks) {
            self.effort += candidates(model, state, *task, list);
        }
        if let Some(chance) = chance {
            for list in &mut lists {
                list.retain(|_| !chance.happens(BLINK));
            }
        }
        let found = match tasks.as_slice() {
            [_] => self.single(model, state, unit, depth, &lists[0]),
            _ => self.pair(model, state, unit, depth, &mut lists),
        };
        self.lists = lists;
        found
    }

    fn single(
        &mut self,
        model: &Model,
        state: &mut State,
        unit: usize,
        depth: usize,
        list: &[Candidate],
    ) -> Vec<Place> {
        let mut found: Vec<Place> = Vec::new();
        for candidate in list {
            let limit = limit(&found, depth);
            if candidate.least >= limit {
                break;
            }
            let seats = [candidate.seat, (NONE, NONE)];
            if let Some(cost) = self.trial.cost(model, state, &seats[..1], limit) {
                note(
                    state,
                    &mut found,
                    depth,
                    Place {
                        unit,
                        seats,
                        count: 1,
                        cost,
                    },
                );
            }
        }
        found
    }

    fn pair(
        &mut self,
        model: &Model,
        state: &mut State,
        unit: usize,
        depth: usize,
        lists: &mut [Vec<Candidate>; 2],
    ) -> Vec<Place> {
        let mut found: Vec<Place> = Vec::new();
        for list in lists.iter_mut() {
            list.truncate(PAIRED.max(model.tasks.len().min(80) / 2));
        }
        for one in &lists[0] {
            for two in &lists[1] {
                let limit = limit(&found, depth);
                if one.least + two.least >= limit {
                    break;
                }
                if model.rounds[one.round].carer == model.rounds[two.round].carer {
                    continue;
                }
                let seats = [one.seat, two.seat];
                if let Some(cost) = self.trial.cost(model, state, &seats, limit) {
                    note(
                        state,
                        &mut found,
                        depth,
                        Place {
                            unit,
                            seats,
                            count: 2,
                            cost,
                        },
                    );
                }
            }
        }
        found
    }
}

/// What a place has to be cheaper than to matter.
fn limit(found: &[Place], depth: usize) -> i64 {
    if found.len() < depth {
        i64::MAX
    } else {
        found.last().map_or(i64::MAX, |place| place.cost)
    }
}

/// Keeps a place if it is better than what is known of its rounds.
fn note(state: &State, found: &mut Vec<Place>, depth: usize, place: Place) {
    let rounds = |place: &Place| {
        let mut rounds = [NONE; 2];
        for (at, (_, before)) in place.seats().iter().enumerate() {
            rounds[at] = state.round[*before];
        }
        rounds
    };
    if let Some(same) = found
        .iter()
        .position(|other| rounds(other) == rounds(&place))
    {
        if found[same].cost <= place.cost {
            return;
        }
        found.remove(same);
    }
    let at = found.partition_point(|other| other.cost <= place.cost);
    found.insert(at, place);
    found.truncate(depth);
}

/// Places of a task by what they cost at least: the way, its own lateness and that of who
/// follows, a new face. Says how many were looked at.
fn candidates(model: &Model, state: &State, task: usize, list: &mut Vec<Candidate>) -> u64 {
    list.clear();
    let what = model.tasks[task];
    let person = model.units[what.unit].person;
    let mut looked = 0;
    for round in &model.allowed[task] {
        let (carer, mode) = (model.rounds[*round].carer, model.rounds[*round].mode);
        if model.same_carer(state, task, carer) {
            continue;
        }
        let new = usize::from(model.is_new(state, person, carer));
        let extra = model.faces_cost(state, person, new) + model.moved(task, carer);
        let mut before = model.begin(*round);
        loop {
            looked += 1;
            let after = state.next[before];
            let start = state.reach(model, mode, before, task).max(what.earliest);
            if start > what.latest {
                break;
            }
            let there = start + what.length + model.way(mode, task, after);
            let mut least =
                extra + model.way_cost(mode, before, task) + model.way_cost(mode, task, after)
                    - model.way_cost(mode, before, after)
                    + (start - what.due).max(0) * model.weights.lateness;
            let last = !model.is_task(after);
            if there <= state.slack[after] {
                if !last {
                    let due = model.tasks[after].due;
                    let more = (there - due).max(0) - (state.start[after] - due).max(0);
                    least += more.max(0) * model.weights.lateness;
                }
                list.push(Candidate {
                    least,
                    round: *round,
                    seat: (task, before),
                });
            }
            if last {
                break;
            }
            before = after;
        }
    }
    list.sort_unstable_by_key(|candidate| candidate.least);
    looked
}
