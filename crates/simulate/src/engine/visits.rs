//! Visits a day, booked ahead.
//!
//! Source: RULES L.1. Each person's need falls evenly from a first to a last number of visits a
//! day over a stay of whole days; somebody starts on the first day from which on every day of the
//! stay has room for what they need.

use crate::plan::{DAY, Level, Need};
use crate::random::{Stream, Tables};
use std::collections::VecDeque;

/// Furthest day ahead that somebody can start on.
const FURTHEST: u64 = 36_525;
/// Tries to draw a number of visits that is possible.
const TRIES: u32 = 1_000;

/// What is still free on each day from today on.
pub struct Diary {
    today: u64,
    free: VecDeque<u32>,
}

impl Diary {
    pub fn new() -> Self {
        Self {
            today: 0,
            free: VecDeque::new(),
        }
    }

    fn keep_to(&mut self, today: u64) {
        while self.today < today {
            self.free.pop_front();
            self.today += 1;
        }
    }

    fn reach(&mut self, days: usize, levels: &[Level]) {
        while self.free.len() < days {
            let day = self.today + self.free.len() as u64;
            let after = levels.partition_point(|level| level.from <= day * DAY);
            self.free
                .push_back(after.checked_sub(1).map_or(0, |at| levels[at].capacity));
        }
    }

    /// The first day, from `today` on, from which every day has room for the whole need; `None`
    /// if there is none within a hundred years.
    pub fn first(&mut self, today: u64, need: &[u32], levels: &[Level]) -> Option<u64> {
        self.keep_to(today);
        let mut start = 0;
        'start: while start < FURTHEST as usize {
            self.reach(start + need.len(), levels);
            // From the end: a day without room rules out every start up to it that needs it.
            for (day, visits) in need.iter().enumerate().rev() {
                if self.free[start + day] < *visits {
                    start += 1;
                    continue 'start;
                }
            }
            return Some(today + start as u64);
        }
        None
    }

    /// Takes the days that were found.
    pub fn take(&mut self, start: u64, need: &[u32]) {
        let start = (start - self.today) as usize;
        for (day, visits) in need.iter().enumerate() {
            if self.free[start + day] != u32::MAX {
                self.free[start + day] -= visits;
            }
        }
    }
}

/// Visits on each day of a stay; `left` keeps the last days only, for who is in the middle of it.
pub fn profile(
    need: &Need,
    days: u64,
    left: u64,
    stream: &mut Stream,
    tables: &Tables,
    out: &mut Vec<u32>,
) {
    let first = visits(need.first, stream, tables);
    let last = visits(need.last, stream, tables);
    out.clear();
    let steps = days.saturating_sub(1).max(1) as f64;
    for day in days - left.min(days)..days {
        let at = first + (last - first) * day as f64 / steps;
        out.push(at.round() as u32);
    }
}

/// A normal number of visits in whole, at least one and at most the mean and three standard
/// deviations.
fn visits((mean, sd): (f64, f64), stream: &mut Stream, tables: &Tables) -> f64 {
    for _ in 0..TRIES {
        let visits = (mean + sd * stream.normal(tables)).round();
        if visits >= 1.0 && visits <= mean + 3.0 * sd {
            return visits;
        }
    }
    mean.floor().max(1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    const FLAT: [Level; 1] = [Level {
        from: 0,
        capacity: 5,
    }];

    #[test]
    fn starts_on_the_first_day_from_which_all_days_fit() {
        let mut diary = Diary::new();
        for (today, need, starts) in [
            (0, vec![4, 3, 2, 1], Some(0)),
            // Free now: 1 2 3 4 5 5. Four then three fit from the fourth day on.
            (0, vec![4, 3], Some(3)),
            // One visit fits today, before those who came earlier start.
            (0, vec![1], Some(0)),
            (1, vec![2, 2], Some(1)),
            (1, vec![6], None),
        ] {
            let first = diary.first(today, &need, &FLAT);
            assert_eq!(first, starts, "{need:?}");
            if let Some(first) = first {
                diary.take(first, &need);
            }
        }
    }

    #[test]
    fn the_need_falls_evenly() {
        let need = Need {
            first: (4.0, 0.0),
            last: (1.0, 0.0),
        };
        let tables = Tables::get();
        let mut out = Vec::new();
        for (days, left, expected) in [
            (4, 4, vec![4, 3, 2, 1]),
            (1, 1, vec![4]),
            (4, 2, vec![2, 1]),
            (7, 7, vec![4, 4, 3, 3, 2, 2, 1]),
        ] {
            profile(&need, days, left, &mut Stream::new(3), tables, &mut out);
            assert_eq!(out, expected, "{days} days");
        }
    }
}
