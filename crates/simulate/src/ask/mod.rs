//! Questions that need several runs, all on the same random numbers: what differs between two
//! answers is what was changed, not chance.

mod capacity;
mod frees;
mod pound;
mod weeks;

pub use capacity::{Least, Tolerance, Tried, least_capacity};
pub use frees::{Freed, frees};
pub use pound::{NextPound, next_pound};
pub use weeks::{Week, weeks};

use crate::outcome::Outcome;

/// Days of a week.
const WEEK: u32 = 7;

/// Weeks of what is told; days at the end that make no whole week are left out, unless there
/// is no whole week at all.
fn in_weeks(outcome: &Outcome) -> Vec<std::ops::Range<u32>> {
    let days = outcome.told_days();
    let whole: Vec<std::ops::Range<u32>> = (days.start..days.end)
        .step_by(WEEK as usize)
        .filter(|start| start + WEEK <= days.end)
        .map(|start| start..start + WEEK)
        .collect();
    if whole.is_empty() { vec![days] } else { whole }
}

/// Replication by replication, what is in the first and not in the second.
fn less(first: &[f64], second: &[f64]) -> Vec<f64> {
    first
        .iter()
        .zip(second)
        .map(|(first, second)| first - second)
        .collect()
}
