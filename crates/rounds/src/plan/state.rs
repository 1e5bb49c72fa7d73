//! A plan while it is searched: chains of tasks, their earliest starts, what they cost.
//!
//! The start of each task is the smallest that satisfies every rule "not before". Putting a
//! task in only adds such rules, so starts only grow, and growing is passed on along the
//! chain and over bonds to other rounds; a circle would grow for ever and is cut off.
//! Every change of a trial is written down and taken back.

use super::model::{Model, NONE, Round};
use crate::problem::Ticks;

/// What a round amounts to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sum {
    pub first: Ticks,
    pub last: Ticks,
    pub contact: Ticks,
    pub travel: Ticks,
    pub waiting: Ticks,
    pub load: i64,
    pub tasks: u32,
    /// Needs a break and has none.
    pub unrested: bool,
}

/// Time of a carer over the whole plan.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Hours {
    pub contact: Ticks,
    pub travel: Ticks,
    pub waiting: Ticks,
}

impl Hours {
    pub fn working(&self) -> Ticks {
        self.contact + self.travel + self.waiting
    }

    pub fn change(&mut self, sum: &Sum, sign: i64) {
        self.contact += sign * sum.contact;
        self.travel += sign * sum.travel;
        self.waiting += sign * sum.waiting;
    }
}

/// The plan.
#[derive(Clone)]
pub struct State {
    pub next: Vec<usize>,
    pub previous: Vec<usize>,
    pub round: Vec<usize>,
    pub start: Vec<Ticks>,
    /// Latest start that keeps the rest of the round in its windows, others aside.
    pub slack: Vec<Ticks>,
    /// Break after a node, before the way on.
    pub pause: Vec<Ticks>,
    pub sums: Vec<Sum>,
    pub hours: Vec<Hours>,
    /// Carers of each person, and how many tasks each has.
    pub faces: Vec<Vec<(usize, u32)>>,
    /// Units that are left out.
    pub out: Vec<usize>,
    pub lateness: Ticks,
    pub worst: Ticks,
    pub cost: i64,
}

impl State {
    /// Nothing is placed.
    pub fn empty(model: &Model) -> Self {
        let nodes = model.tasks.len() + 2 * model.rounds.len();
        let mut state = Self {
            next: vec![NONE; nodes],
            previous: vec![NONE; nodes],
            round: vec![NONE; nodes],
            start: vec![0; nodes],
            slack: vec![0; nodes],
            pause: vec![0; nodes],
            sums: vec![Sum::default(); model.rounds.len()],
            hours: vec![Hours::default(); model.problem.carers.len()],
            faces: vec![Vec::new(); model.problem.people.len()],
            out: (0..model.units.len()).collect(),
            lateness: 0,
            worst: 0,
            cost: model.units.iter().map(|unit| unit.left_out).sum(),
        };
        for round in 0..model.rounds.len() {
            let (begin, end) = (model.begin(round), model.end(round));
            state.next[begin] = end;
            state.previous[end] = begin;
            state.round[begin] = round;
            state.round[end] = round;
            state.start[begin] = model.rounds[round].open;
            state.slack[end] = model.rounds[round].close;
            state.slack[begin] = model.rounds[round].close;
        }
        state
    }

    /// Takes the plan of another over, keeping the room.
    pub fn copy(&mut self, other: &Self) {
        self.next.clone_from(&other.next);
        self.previous.clone_from(&other.previous);
        self.round.clone_from(&other.round);
        self.start.clone_from(&other.start);
        self.slack.clone_from(&other.slack);
        self.pause.clone_from(&other.pause);
        self.sums.clone_from(&other.sums);
        self.hours.clone_from(&other.hours);
        self.faces.clone_from(&other.faces);
        self.out.clone_from(&other.out);
        (self.lateness, self.worst, self.cost) = (other.lateness, other.worst, other.cost);
    }

    /// How long a node takes, with the break after it.
    pub fn busy(&self, model: &Model, node: usize) -> Ticks {
        let length = model.tasks.get(node).map_or(0, |task| task.length);
        length + self.pause[node]
    }

    /// When somebody can be at `to` who comes from `from`.
    pub fn reach(&self, model: &Model, mode: usize, from: usize, to: usize) -> Ticks {
        self.start[from] + self.busy(model, from) + model.way(mode, from, to)
    }

    /// Puts a task into a chain; times and cost are the caller's.
    pub fn chain_in(&mut self, task: usize, before: usize) {
        let after = self.next[before];
        self.next[before] = task;
        self.previous[task] = before;
        self.next[task] = after;
        self.previous[after] = task;
        self.round[task] = self.round[before];
    }

    /// Takes a task out of its chain.
    pub fn chain_out(&mut self, task: usize) {
        let (before, after) = (self.previous[task], self.next[task]);
        self.next[before] = after;
        self.previous[after] = before;
        self.round[task] = NONE;
    }

    /// Takes a whole unit out; [`Self::settle`] has to follow. A break after it moves to
    /// whoever it followed.
    pub fn take_out(&mut self, model: &Model, unit: usize) {
        for task in &model.units[unit].tasks {
            let (before, after) = (self.previous[*task], self.next[*task]);
            if model.is_task(before) && model.is_task(after) {
                self.pause[before] = self.pause[before].max(self.pause[*task]);
            } else if model.is_task(before) {
                self.pause[before] = 0;
            }
            self.pause[*task] = 0;
            self.chain_out(*task);
        }
        self.out.push(unit);
    }

    /// Tasks of a round in order.
    pub fn tasks_of<'s>(
        &'s self,
        model: &'s Model,
        round: usize,
    ) -> impl Iterator<Item = usize> + 's {
        std::iter::successors(Some(self.next[model.begin(round)]), |node| {
            Some(self.next[*node])
        })
        .take_while(|node| model.is_task(*node))
    }

    /// The latest starts of a round, from its end backwards.
    pub fn slacken(&mut self, model: &Model, round: usize) {
        let mode = model.rounds[round].mode;
        let mut after = model.end(round);
        let mut node = self.previous[after];
        while model.is_task(node) {
            let least = self.slack[after] - model.way(mode, node, after) - self.busy(model, node);
            self.slack[node] = least.min(model.tasks[node].latest);
            (after, node) = (node, self.previous[node]);
        }
    }

    /// What a round amounts to.
    pub fn sum(&self, model: &Model, round: usize) -> Sum {
        let (mode, rules) = (model.rounds[round].mode, &model.problem.rules);
        let mut sum = Sum::default();
        let (mut own, mut rested) = (false, false);
        let mut node = self.next[model.begin(round)];
        if !model.is_task(node) {
            return sum;
        }
        sum.first = self.start[node];
        loop {
            let task = &model.tasks[node];
            sum.tasks += 1;
            sum.contact += task.length;
            sum.load += model.problem.visits[task.visit].load;
            sum.last = self.start[node] + task.length;
            let after = self.next[node];
            if !model.is_task(after) {
                break;
            }
            let way = model.way(mode, node, after);
            let gap = self.start[after] - sum.last - way;
            sum.travel += way;
            rested |= gap >= rules.break_length;
            if rules.own_time_from.is_some_and(|from| gap >= from) {
                own = true;
            } else {
                sum.waiting += gap;
            }
            node = after;
        }
        if rules
            .break_after
            .is_some_and(|after| sum.last - sum.first > after)
        {
            sum.unrested = !rested;
            if !own {
                sum.waiting = (sum.waiting - rules.break_length).max(0);
            }
        }
        if rules.home_in_shift {
            let begin = model.begin(round);
            sum.travel +=
                model.way(mode, begin, self.next[begin]) + model.way(mode, node, model.end(round));
        }
        sum
    }

    /// Works everything out anew after tasks were taken out. Says whether every rule holds
    /// that taking out could break.
    pub fn settle(&mut self, model: &Model) -> bool {
        self.earliest(model);
        if self.drop_breaks(model) {
            self.earliest(model);
        }
        let mut legal = true;
        for round in 0..model.rounds.len() {
            self.slacken(model, round);
        }
        if model.care {
            legal = self.hours_anew(model);
        }
        self.cost_anew(model);
        legal
    }

    /// Takes breaks out of days that have become too short to need one.
    fn drop_breaks(&mut self, model: &Model) -> bool {
        let Some(after) = model.problem.rules.break_after else {
            return false;
        };
        let mut dropped = false;
        for round in 0..model.rounds.len() {
            let (first, last) = (
                self.next[model.begin(round)],
                self.previous[model.end(round)],
            );
            if !model.is_task(first)
                || self.start[last] + model.tasks[last].length - self.start[first] > after
            {
                continue;
            }
            let mut node = first;
            while model.is_task(node) {
                dropped |= std::mem::take(&mut self.pause[node]) > 0;
                node = self.next[node];
            }
        }
        dropped
    }

    /// The earliest starts: along each round, then over bonds until nothing moves.
    fn earliest(&mut self, model: &Model) {
        let mut queue = Vec::new();
        for round in 0..model.rounds.len() {
            let mode = model.rounds[round].mode;
            let mut before = model.begin(round);
            let mut node = self.next[before];
            while model.is_task(node) {
                let reach = self.reach(model, mode, before, node);
                self.start[node] = reach.max(model.tasks[node].earliest);
                if !model.bonds[node].is_empty() {
                    queue.push(node);
                }
                (before, node) = (node, self.next[node]);
            }
        }
        while let Some(node) = queue.pop() {
            for bond in &model.bonds[node] {
                if self.round[bond.other] != NONE
                    && self.start[bond.other] < self.start[node] + bond.least
                {
                    self.start[bond.other] = self.start[node] + bond.least;
                    self.push_on(model, bond.other, &mut queue);
                }
            }
        }
    }

    /// Passes a later start on along its round.
    fn push_on(&mut self, model: &Model, from: usize, queue: &mut Vec<usize>) {
        let mode = model.rounds[self.round[from]].mode;
        let mut before = from;
        loop {
            if !model.bonds[before].is_empty() {
                queue.push(before);
            }
            let node = self.next[before];
            if !model.is_task(node) {
                return;
            }
            let reach = self.reach(model, mode, before, node);
            if self.start[node] >= reach {
                return;
            }
            self.start[node] = reach;
            before = node;
        }
    }

    fn hours_anew(&mut self, model: &Model) -> bool {
        self.hours.fill(Hours::default());
        let mut legal = true;
        for round in 0..model.rounds.len() {
            let sum = self.sum(model, round);
            legal &= !sum.unrested;
            self.sums[round] = sum;
            self.hours[model.rounds[round].carer].change(&sum, 1);
        }
        for (carer, hours) in self.hours.iter().enumerate() {
            legal &= super::hours::allowed(model, carer, hours);
        }
        legal
    }

    fn cost_anew(&mut self, model: &Model) {
        let (mut ways, mut moved) = (0, 0);
        (self.lateness, self.worst) = (0, 0);
        for list in &mut self.faces {
            list.clear();
        }
        for round in 0..model.rounds.len() {
            let Round { carer, mode, .. } = model.rounds[round];
            let mut before = model.begin(round);
            let mut node = self.next[before];
            if !model.is_task(node) {
                continue;
            }
            loop {
                ways += model.way_cost(mode, before, node);
                let Some(task) = model.tasks.get(node) else {
                    break;
                };
                let late = (self.start[node] - task.due).max(0);
                self.lateness += late;
                self.worst = self.worst.max(late);
                moved += model.moved(node, carer);
                self.count_face(model.units[task.unit].person, carer, 1);
                (before, node) = (node, self.next[node]);
            }
        }
        let weights = &model.weights;
        let mut cost =
            ways + moved + self.lateness * weights.lateness + self.worst * weights.worst_lateness;
        cost += self
            .out
            .iter()
            .map(|unit| model.units[*unit].left_out)
            .sum::<i64>();
        if weights.new_face != 0 {
            for person in 0..self.faces.len() {
                cost += model.all_faces_cost(self, person);
            }
        }
        if model.care {
            cost += self.sums.iter().map(|sum| sum.waiting).sum::<Ticks>() * weights.waiting;
            for (carer, hours) in self.hours.iter().enumerate() {
                cost += super::hours::overtime_cost(model, carer, hours);
            }
        }
        self.cost = cost;
    }

    /// Notes one task more or fewer of a carer with a person.
    pub fn count_face(&mut self, person: usize, carer: usize, change: i32) {
        let list = &mut self.faces[person];
        match list.iter_mut().find(|(who, _)| *who == carer) {
            Some((_, count)) => *count = count.saturating_add_signed(change),
            None => list.push((carer, 1)),
        }
        list.retain(|(_, count)| *count > 0);
    }
}
