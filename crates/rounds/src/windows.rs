//! The engine for problems where nothing but windows, travel and capacity matters.
//!
//! Ruin and recreate after Christiaens and Vanden Berghe (2020), "Slack induction by string
//! removals for vehicle routing problems", Transportation Science 54(2): strings of
//! neighbouring routes are taken out and put back where they cost least, sometimes
//! overlooking the best place; routes exchange their tails, at first somewhere by chance and
//! then where that makes the way shorter; worse plans are accepted with a chance that falls as
//! the budget is spent. Customers are tried only beside those who can sensibly come before or
//! after them, and a place is judged in constant time by the earliest and latest start of
//! what is around it.

mod data;
mod recreate;
mod routes;
mod ruin;
mod tails;

use crate::chance::Chance;
use crate::island::{Island, Spent, begin, run};
use crate::problem::Problem;
use crate::solution::{Route, Solution, Stop};
use data::Data;
use routes::Routes;
use std::sync::Arc;

/// Steps between two exchanges.
const EPOCH: u64 = 20_000;
/// Steps between two looks at the budget.
const LOOK: u64 = 32;
/// Chance that a step begins with an exchange of tails.
const SHAKE: f64 = 0.5;
/// How much dearer, in temperatures, a plan may be for it to be worth shortening.
const HOPE: f64 = 30.0;

/// A search from one seed.
#[derive(Clone)]
struct Search {
    data: Arc<Data>,
    chance: Chance,
    now: Routes,
    best: Routes,
    seated: recreate::Workspace,
}

/// Plans a problem of windows; gives the plan and the steps taken.
pub fn plan(problem: &Problem, seed: u64, islands: usize, spent: Spent) -> (Solution, u64) {
    let data = Arc::new(Data::of(problem));
    let mut searches = begin(islands, spent, |island| {
        Search::new(Arc::clone(&data), seed.wrapping_add(island << 32))
    });
    let steps = run(&mut searches, EPOCH, spent);
    (solution(&data, &searches[0].best), steps)
}

fn solution(data: &Data, best: &Routes) -> Solution {
    let routes = best.sequences().into_iter().enumerate();
    let routes = routes.map(|(shift, visits)| Route {
        shift,
        stops: visits
            .into_iter()
            .map(|customer| Stop {
                visit: data.visit[customer],
                times: None,
            })
            .collect(),
    });
    Solution {
        routes: routes.collect(),
    }
}

impl Search {
    fn new(data: Arc<Data>, seed: u64) -> Self {
        let mut chance = Chance::new(seed);
        let mut now = Routes::empty(&data);
        let mut seated = recreate::Workspace::default();
        recreate::recreate(&data, &mut now, &mut chance, &mut seated);
        Self {
            best: now.clone(),
            data,
            chance,
            now,
            seated,
        }
    }

    /// One step at a temperature in ticks: perhaps a shake, ruin, recreate, shorten.
    fn step(&mut self, temperature: f64) {
        let before = self.now.cost;
        self.now.begin();
        let seed = 1 + self.chance.below(self.data.size - 1) as u16;
        if self.chance.happens(SHAKE) {
            tails::shake(&self.data, &mut self.now, &mut self.chance, seed);
        }
        ruin::ruin(&self.data, &mut self.now, &mut self.chance, seed);
        recreate::recreate(
            &self.data,
            &mut self.now,
            &mut self.chance,
            &mut self.seated,
        );
        let worse = (self.now.cost - before) as f64;
        if worse < temperature * HOPE {
            tails::shorten(&self.data, &mut self.now, &self.seated.list);
        }
        let worse = (self.now.cost - before) as f64;
        if worse > 0.0 && worse >= -temperature * (1.0 - self.chance.unit()).ln() {
            self.now.undo();
            return;
        }
        if self.now.cost < self.best.cost {
            self.best.copy_plan(&self.now);
        }
    }
}

impl Island for Search {
    fn advance(&mut self, done: u64, steps: u64, spent: Spent) -> u64 {
        let mut taken = 0;
        while taken < steps {
            let share = spent(done + taken);
            if share >= 1.0 {
                break;
            }
            let temperature = self.data.hot * (self.data.cold / self.data.hot).powf(share);
            for _ in 0..LOOK.min(steps - taken) {
                self.step(temperature);
                taken += 1;
            }
        }
        taken
    }

    fn best(&self) -> i64 {
        self.best.cost
    }

    fn adopt(&mut self, other: &Self) {
        self.best.copy_plan(&other.best);
        self.now.copy_plan(&other.best);
    }
}
