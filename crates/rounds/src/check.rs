//! The independent checker: judges any plan, whoever made it, and counts what it costs.
//!
//! It shares no code with what makes plans, only the types of problem and plan, so that a
//! fault in one is found by the other. It is slow and plain on purpose. Rules are those of
//! homecare scheduling (RULES K.1): windows, length, two carers at the same time, order and
//! gaps, skills, travel, shifts, breaks, rest, hours, pay, exclusions, zones and locks.

mod cost;
mod rules;
mod schedule;

pub use cost::{CarerTime, Costing};

use crate::problem::Problem;
use crate::solution::Solution;

/// A rule that a plan breaks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Breach {
    /// Short stable name of the rule.
    pub rule: &'static str,
    /// Which visit or carer.
    pub place: String,
    /// What is wrong.
    pub text: String,
}

/// What the checker says of a plan.
#[derive(Clone, Debug)]
pub struct Checked {
    /// Every rule that is broken; none for a legal plan.
    pub breaches: Vec<Breach>,
    /// What it costs.
    pub costing: Costing,
    /// The plan with its times; those that were missing are the earliest possible.
    pub solution: Solution,
}

impl Checked {
    /// Whether no rule is broken.
    pub fn legal(&self) -> bool {
        self.breaches.is_empty()
    }
}

/// Checks a plan and counts what it costs. Visits that are left out are no breach: they are
/// counted in the cost, except in benchmark problems, where every visit must be made.
pub fn check(problem: &Problem, solution: &Solution) -> Checked {
    let (solution, mut breaches) = schedule::timed(problem, solution);
    breaches.extend(rules::breaches(problem, &solution));
    let costing = cost::count(problem, &solution);
    Checked {
        breaches,
        costing,
        solution,
    }
}
