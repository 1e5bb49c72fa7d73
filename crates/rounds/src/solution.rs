//! A plan: who makes which visit, in which order, and when.

use crate::problem::Ticks;

/// A plan, by shift.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Solution {
    /// One for each shift that has visits.
    pub routes: Vec<Route>,
}

/// The visits of one shift, in order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Route {
    /// Position of the shift.
    pub shift: usize,
    /// In order of time.
    pub stops: Vec<Stop>,
}

/// One visit of a route.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stop {
    /// Position of the visit.
    pub visit: usize,
    /// When; published solutions leave it out, and the earliest possible is meant.
    pub times: Option<Times>,
}

/// When somebody comes, begins and leaves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Times {
    /// At the door.
    pub arrive: Ticks,
    /// The visit begins.
    pub start: Ticks,
    /// The visit is over.
    pub end: Ticks,
}

impl Solution {
    /// How often each visit of a problem with `visits` visits is made.
    pub fn made(&self, visits: usize) -> Vec<u8> {
        let mut made = vec![0u8; visits];
        for stop in self.routes.iter().flat_map(|route| &route.stops) {
            if let Some(count) = made.get_mut(stop.visit) {
                *count = count.saturating_add(1);
            }
        }
        made
    }
}
