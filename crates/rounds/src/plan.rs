//! The engine for rounds: adaptive large-neighbourhood search after Ropke and Pisinger (2006),
//! with visits that are tied to each other.
//!
//! Each step takes some units out of the plan (`remove`) and puts them back (`insert`). A
//! plan that is worse is gone on with by a chance that falls as the budget is spent. How
//! often each way of taking out and putting back is used follows from what it brought for
//! its effort. Feasibility is exact: `trial` follows the times of every round that moves.

mod explain;
mod hours;
mod insert;
mod model;
mod nearest;
mod remove;
mod state;
mod timed;
mod trial;
mod weight;

pub use explain::{Reason, explain};
pub use nearest::nearest;

use crate::chance::Chance;
use crate::island::{Island, Spent, begin, run};
use crate::problem::Problem;
use crate::solution::Solution;
use insert::{Inserter, Order};
use model::Model;
use remove::Removal;
use state::State;
use weight::Wheel;

/// Steps between two exchanges of islands.
const EPOCH: u64 = 400;

/// What the search did.
#[derive(Clone, Debug)]
pub struct Found {
    /// The best plan, with times.
    pub plan: Solution,
    /// Steps of all islands together.
    pub steps: u64,
    /// What the search takes the plan to cost. The checker may find it cheaper, where the
    /// first visits of a day were begun later, and never dearer.
    pub cost: i64,
}

/// Plans a problem. `before` is a plan to begin with, as far as it still holds.
pub fn plan(
    problem: &Problem,
    before: Option<&Solution>,
    seed: u64,
    islands: usize,
    spent: Spent,
) -> Found {
    let model = Model::of(problem);
    let mut searches = begin(islands, spent, |island| {
        Search::new(&model, before, seed.wrapping_add(island << 32))
    });
    let steps = run(&mut searches, EPOCH, spent);
    Found {
        plan: timed::solution(&model, &searches[0].best),
        steps,
        cost: searches[0].best.cost,
    }
}

/// Ways of putting back.
#[derive(Clone, Copy, Debug)]
enum Repair {
    Greedy(Order),
    Regret(usize),
}

const REPAIRS: [Repair; 6] = [
    Repair::Greedy(Order::Random),
    Repair::Greedy(Order::Early),
    Repair::Greedy(Order::Scarce),
    Repair::Greedy(Order::Long),
    Repair::Regret(2),
    Repair::Regret(3),
];

struct Search<'m> {
    model: &'m Model<'m>,
    chance: Chance,
    now: State,
    next: State,
    best: State,
    inserter: Inserter,
    removals: Wheel,
    repairs: Wheel,
    /// Cost that the temperature is a share of.
    scale: f64,
}

impl Clone for Search<'_> {
    fn clone(&self) -> Self {
        Self {
            model: self.model,
            chance: self.chance.clone(),
            now: self.now.clone(),
            next: self.next.clone(),
            best: self.best.clone(),
            inserter: self.inserter.clone(),
            removals: self.removals.clone(),
            repairs: self.repairs.clone(),
            scale: self.scale,
        }
    }
}

/// Temperature at the start and at the end, as a share of what placed visits cost.
const HOT: f64 = 0.01;
const COLD: f64 = 0.000_05;

impl<'m> Search<'m> {
    fn new(model: &'m Model<'m>, before: Option<&Solution>, seed: u64) -> Self {
        let mut chance = Chance::new(seed);
        let mut now = State::empty(model);
        let mut inserter = Inserter::default();
        if let Some(before) = before {
            timed::take_over(model, &mut now, &mut inserter.trial, before);
        }
        inserter.greedy(model, &mut now, Order::Scarce, &mut chance);
        now.settle(model);
        let left_out: i64 = now.out.iter().map(|unit| model.units[*unit].left_out).sum();
        let scale = (now.cost - left_out).max(1) as f64;
        Self {
            model,
            chance,
            next: now.clone(),
            best: now.clone(),
            now,
            inserter,
            removals: Wheel::of(Removal::ALL.len()),
            repairs: Wheel::of(REPAIRS.len()),
            scale,
        }
    }

    /// How many units leave the plan in one step.
    fn count(&mut self) -> usize {
        let units = self.model.units.len();
        let most = (units * 2 / 5).clamp(2, 18);
        2.min(units) + self.chance.below(most.max(3) - 1)
    }

    fn step(&mut self, temperature: f64) {
        let model = self.model;
        let removal = self.removals.draw(&mut self.chance);
        let repair = self.repairs.draw(&mut self.chance);
        let count = self.count();
        self.next.copy(&self.now);
        remove::remove(
            model,
            &mut self.next,
            Removal::ALL[removal],
            count,
            &mut self.chance,
        );
        self.next.settle(model);
        self.inserter.effort = 0;
        match REPAIRS[repair] {
            Repair::Greedy(order) => {
                self.inserter
                    .greedy(model, &mut self.next, order, &mut self.chance);
            }
            Repair::Regret(depth) => {
                self.inserter
                    .regret(model, &mut self.next, depth, &mut self.chance);
            }
        }
        let effort = self.inserter.effort;
        let reward = self.judge(temperature);
        self.removals.reward(removal, reward, effort);
        self.repairs.reward(repair, reward, effort);
    }

    /// Takes the new plan or not, and says what it was worth.
    fn judge(&mut self, temperature: f64) -> u32 {
        let (next, now) = (self.next.cost, self.now.cost);
        let worse = (next - now) as f64;
        if worse > 0.0 && worse >= -temperature * (1.0 - self.chance.unit()).ln() {
            return 0;
        }
        // Hours and pay can become wrong by taking out, which no trial looks at.
        if self.model.care && !self.next.settle(self.model) {
            return 0;
        }
        std::mem::swap(&mut self.next, &mut self.now);
        if self.now.cost < self.best.cost {
            self.best.copy(&self.now);
            return 30;
        }
        match next.cmp(&now) {
            std::cmp::Ordering::Less => 10,
            std::cmp::Ordering::Equal => 0,
            std::cmp::Ordering::Greater => 3,
        }
    }
}

impl Island for Search<'_> {
    fn advance(&mut self, done: u64, steps: u64, spent: Spent) -> u64 {
        let mut taken = 0;
        while taken < steps {
            let share = spent(done + taken);
            if share >= 1.0 {
                break;
            }
            let temperature = self.scale * HOT * (COLD / HOT).powf(share);
            self.step(temperature);
            taken += 1;
        }
        taken
    }

    fn best(&self) -> i64 {
        self.best.cost
    }

    fn adopt(&mut self, other: &Self) {
        self.best.copy(&other.best);
        self.now.copy(&other.best);
    }
}
