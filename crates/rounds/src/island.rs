//! Several searches side by side, each with its own chance, that tell each other of what
//! they found after fixed numbers of steps. What comes out hangs on seed and steps, not on
//! which thread was faster: with a budget in steps the result is the same each time.

use rayon::prelude::*;

/// How much of the budget is spent after so many steps of each island: from 0 to 1. Whoever
/// calls answers from the steps, or from a clock that this crate does not have.
pub type Spent<'a> = &'a (dyn Fn(u64) -> f64 + Sync);

/// One search.
pub trait Island: Send {
    /// Goes on for at most so many steps, or until the budget is spent; says how many.
    fn advance(&mut self, done: u64, steps: u64, spent: Spent) -> u64;
    /// Cost of the best plan it knows.
    fn best(&self) -> i64;
    /// Goes on from the best plan of another.
    fn adopt(&mut self, other: &Self);
}

/// Begins so many searches, and at least one; no more once the budget is spent.
pub fn begin<I>(islands: usize, spent: Spent, one: impl Fn(u64) -> I) -> Vec<I> {
    let mut begun = vec![one(0)];
    for island in 1..islands as u64 {
        if spent(0) >= 1.0 {
            break;
        }
        begun.push(one(island));
    }
    begun
}

/// Runs all islands until the budget is spent; gives the steps of each island together.
/// The first of the best is moved to the front.
pub fn run<I: Island + Sync + Clone>(islands: &mut [I], epoch: u64, spent: Spent) -> u64 {
    let (mut done, mut all) = (0, 0);
    while spent(done) < 1.0 {
        let steps: u64 = if let [only] = islands {
            only.advance(done, epoch, spent)
        } else {
            let each = islands
                .par_iter_mut()
                .map(|island| island.advance(done, epoch, spent));
            each.sum()
        };
        done += epoch;
        all += steps;
        share(islands);
    }
    let best = (0..islands.len()).min_by_key(|at| islands[*at].best());
    islands.swap(0, best.unwrap_or(0));
    all
}

/// The worst goes on from the best.
fn share<I: Island + Clone>(islands: &mut [I]) {
    if islands.len() < 2 {
        return;
    }
    let cost = |at: &usize| islands[*at].best();
    let best = (0..islands.len()).min_by_key(cost).unwrap_or(0);
    let worst = (0..islands.len()).rev().max_by_key(cost).unwrap_or(0);
    if islands[worst].best() > islands[best].best() {
        let from = islands[best].clone();
        islands[worst].adopt(&from);
    }
}
