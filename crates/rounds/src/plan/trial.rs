//! Putting a unit in, to see what it costs or to keep it. Exact: times of every round that
//! it moves are followed, and what changed is taken back afterwards.

use super::hours;
use super::model::{Model, NONE};
use super::state::{Hours, State, Sum};
use crate::problem::Ticks;
use std::collections::VecDeque;

/// Where a task goes: the task, and the node it follows.
pub type Seat = (usize, usize);

/// A place for a unit.
#[derive(Clone, Copy, Debug)]
pub struct Place {
    pub unit: usize,
    pub seats: [Seat; 2],
    pub count: usize,
    /// What the plan's cost grows by, what leaving out costs aside.
    pub cost: i64,
}

impl Place {
    pub fn seats(&self) -> &[Seat] {
        &self.seats[..self.count]
    }
}

/// Room that is used again from trial to trial.
#[derive(Clone, Default)]
pub struct Trial {
    log: Vec<(usize, Ticks)>,
    pauses: Vec<(usize, Ticks)>,
    queue: VecDeque<usize>,
    touched: Vec<usize>,
    sums: Vec<(usize, Sum)>,
    cost: i64,
    late: Ticks,
    worst: Ticks,
    allowance: i64,
}

impl Trial {
    /// What the cost grows by if the tasks are put there; `None` if a rule forbids it or it
    /// costs `allowance` or more.
    pub fn cost(
        &mut self,
        model: &Model,
        state: &mut State,
        seats: &[Seat],
        allowance: i64,
    ) -> Option<i64> {
        let cost = self.put(model, state, seats, allowance);
        self.take_back(state, seats);
        cost
    }

    /// Puts a unit in for good; `false`, and nothing is changed, if a rule forbids it.
    pub fn keep(&mut self, model: &Model, state: &mut State, place: &Place) -> bool {
        let seats = place.seats();
        let Some(cost) = self.put(model, state, seats, i64::MAX) else {
            self.take_back(state, seats);
            return false;
        };
        let person = model.units[place.unit].person;
        for (task, _) in seats {
            state.count_face(person, model.rounds[state.round[*task]].carer, 1);
        }
        for (round, sum) in self.sums.drain(..) {
            let hours = &mut state.hours[model.rounds[round].carer];
            hours.change(&state.sums[round], -1);
            hours.change(&sum, 1);
            state.sums[round] = sum;
        }
        state.lateness += self.late;
        state.worst = self.worst;
        state.cost += cost - model.units[place.unit].left_out;
        for round in &self.touched {
            state.slacken(model, *round);
        }
        state.out.retain(|unit| *unit != place.unit);
        true
    }

    fn put(
        &mut self,
        model: &Model,
        state: &mut State,
        seats: &[Seat],
        allowance: i64,
    ) -> Option<i64> {
        self.log.clear();
        self.pauses.clear();
        self.queue.clear();
        self.touched.clear();
        self.sums.clear();
        (self.cost, self.late, self.worst) = (0, 0, state.worst);
        self.allowance = allowance;
        let person = seats
            .first()
            .map_or(0, |(task, _)| model.units[model.tasks[*task].unit].person);
        let mut new_faces = 0;
        for (task, before) in seats {
            let round = state.round[*before];
            let (carer, mode) = (model.rounds[round].carer, model.rounds[round].mode);
            let after = state.next[*before];
            self.cost += model.way_cost(mode, *before, *task) + model.way_cost(mode, *task, after)
                - model.way_cost(mode, *before, after)
                + model.moved(*task, carer);
            state.chain_in(*task, *before);
            state.start[*task] = model.tasks[*task].earliest;
            self.touch(round);
            new_faces += usize::from(model.is_new(state, person, carer));
        }
        self.cost += model.faces_cost(state, person, new_faces);
        if self.cost >= allowance {
            return None;
        }
        for (task, before) in seats {
            let mode = model.rounds[state.round[*task]].mode;
            let reach = state.reach(model, mode, *before, *task);
            self.raise(model, state, *task, reach)?;
            for wait in &model.waits[*task] {
                if state.round[wait.other] != NONE {
                    let time = state.start[wait.other] + wait.least;
                    self.raise(model, state, *task, time)?;
                }
            }
            self.queue.push_back(*task);
        }
        self.spread(model, state)?;
        if model.care {
            self.working_time(model, state)?;
        }
        self.cost += (self.worst - state.worst) * model.weights.worst_lateness;
        (self.cost < allowance).then_some(self.cost)
    }

    fn touch(&mut self, round: usize) {
        if !self.touched.contains(&round) {
            self.touched.push(round);
        }
    }

    /// Lets a task start no earlier than `time`.
    fn raise(&mut self, model: &Model, state: &mut State, task: usize, time: Ticks) -> Option<()> {
        let old = state.start[task];
        if time <= old {
            return Some(());
        }
        let what = &model.tasks[task];
        if time > what.latest {
            return None;
        }
        let late = (time - what.due).max(0);
        let more = late - (old - what.due).max(0);
        self.late += more;
        self.cost += more * model.weights.lateness;
        self.worst = self.worst.max(late);
        if self.cost >= self.allowance {
            return None;
        }
        self.log.push((task, old));
        state.start[task] = time;
        self.touch(state.round[task]);
        self.queue.push_back(task);
        Some(())
    }

    /// Passes later starts on until nothing moves; a circle runs into the limit.
    fn spread(&mut self, model: &Model, state: &mut State) -> Option<()> {
        let mut left = 64 + 4 * model.tasks.len();
        while let Some(task) = self.queue.pop_front() {
            left -= 1;
            if left == 0 {
                return None;
            }
            let round = state.round[task];
            let mode = model.rounds[round].mode;
            let after = state.next[task];
            let reach = state.reach(model, mode, task, after);
            if model.is_task(after) {
                self.raise(model, state, after, reach)?;
            } else if reach > model.rounds[round].close {
                return None;
            }
            for bond in &model.bonds[task] {
                if state.round[bond.other] != NONE {
                    let time = state.start[task] + bond.least;
                    self.raise(model, state, bond.other, time)?;
                }
            }
        }
        Some(())
    }

    /// Breaks, hours, rest and pay of everybody whose round moved.
    fn working_time(&mut self, model: &Model, state: &mut State) -> Option<()> {
        let mut at = 0;
        // A break can move further rounds, which join the list.
        while at < self.touched.len() {
            let round = self.touched[at];
            if state.sum(model, round).unrested {
                self.take_break(model, state, round)?;
            }
            at += 1;
        }
        for at in 0..self.touched.len() {
            let round = self.touched[at];
            let sum = state.sum(model, round);
            if sum.unrested
                || model
                    .problem
                    .rules
                    .capacity
                    .is_some_and(|most| sum.load > most)
            {
                return None;
            }
            self.sums.push((round, sum));
        }
        for at in 0..self.sums.len() {
            let carer = model.rounds[self.sums[at].0].carer;
            if self.sums[..at]
                .iter()
                .any(|(round, _)| model.rounds[*round].carer == carer)
            {
                continue;
            }
            let mut hours: Hours = state.hours[carer];
            for (round, sum) in &self.sums {
                if model.rounds[*round].carer == carer {
                    hours.change(&state.sums[*round], -1);
                    hours.change(sum, 1);
                }
            }
            if !hours::allowed(model, carer, &hours)
                || !hours::rested(model, state, carer, &self.sums)
            {
                return None;
            }
            self.cost += hours::overtime_cost(model, carer, &hours)
                - hours::overtime_cost(model, carer, &state.hours[carer])
                + (hours.waiting - state.hours[carer].waiting) * model.weights.waiting;
        }
        Some(())
    }

    /// Finds room for the break of a day: after the task from which on there is most time.
    fn take_break(&mut self, model: &Model, state: &mut State, round: usize) -> Option<()> {
        let mut places: Vec<(Ticks, usize)> = Vec::new();
        let mut node = state.next[model.begin(round)];
        while model.is_task(node) {
            let after = state.next[node];
            if model.is_task(after) {
                // What is asked of the rest of the day if the break is taken here.
                let reach = state.reach(model, model.rounds[round].mode, node, after);
                let push = reach + model.problem.rules.break_length - state.start[after];
                places.push((push, node));
            }
            node = after;
        }
        places.sort_unstable();
        for (_, node) in places.into_iter().take(4) {
            let (mark, pause) = (self.log.len(), state.pause[node]);
            let (cost, late, worst) = (self.cost, self.late, self.worst);
            state.pause[node] = model.problem.rules.break_length;
            self.queue.clear();
            self.queue.push_back(node);
            if self.spread(model, state).is_some() {
                self.pauses.push((node, pause));
                return Some(());
            }
            state.pause[node] = pause;
            for (task, start) in self.log.drain(mark..).rev() {
                state.start[task] = start;
            }
            (self.cost, self.late, self.worst) = (cost, late, worst);
        }
        None
    }

    fn take_back(&mut self, state: &mut State, seats: &[Seat]) {
        for (task, start) in self.log.drain(..).rev() {
            state.start[task] = start;
        }
        for (node, pause) in self.pauses.drain(..).rev() {
            state.pause[node] = pause;
        }
        for (task, _) in seats.iter().rev() {
            state.chain_out(*task);
        }
    }
}
