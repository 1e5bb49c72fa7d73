//! Who comes next: arrivals of one source, one after the other.

use crate::plan::{Arrivals, DAY, SourcePlan, ticks};
use crate::random::{Stream, Tables, key, numbered};

/// A source that is at work.
pub struct Coming<'a> {
    pub plan: &'a SourcePlan,
    /// When the next person comes; the end of time if nobody does.
    pub time: u64,
    stream: Stream,
    people: u64,
    count: u64,
    day: usize,
    /// Hours of a given list's day, latest first.
    hours: Vec<u64>,
}

impl<'a> Coming<'a> {
    pub fn new(plan: &'a SourcePlan, seed: u64) -> Self {
        let own = key(seed, &plan.name);
        let mut coming = Self {
            plan,
            time: 0,
            stream: Stream::new(key(own, "arrivals")),
            people: key(own, "people"),
            count: 0,
            day: 0,
            hours: Vec::new(),
        };
        coming.next(Tables::get());
        coming
    }

    /// Key of the person who comes now.
    #[inline]
    pub fn person(&mut self) -> u64 {
        self.count += 1;
        numbered(self.people, self.count)
    }

    /// Goes on to the next arrival.
    #[inline]
    pub fn next(&mut self, tables: &Tables) {
        match &self.plan.arrivals {
            Arrivals::Poisson(days) => {
                // A gap in mean arrivals, spent at each day's rate.
                let mut gap = self.stream.exponential(tables);
                while let Some(rate) = days.get(self.day) {
                    let left = (self.day as u64 + 1) * DAY - self.time;
                    let whole = rate * (left as f64 / DAY as f64);
                    if gap < whole {
                        self.time += ticks(gap / rate).min(left - 1);
                        return;
                    }
                    gap -= whole;
                    self.day += 1;
                    self.time = self.day as u64 * DAY;
                }
                self.time = u64::MAX;
            }
            Arrivals::Given(days) => {
                while self.hours.is_empty() {
                    let Some(people) = days.get(self.day) else {
                        self.time = u64::MAX;
                        return;
                    };
                    for _ in 0..*people {
                        let hour = ticks(self.stream.unit()).min(DAY - 1);
                        self.hours.push(self.day as u64 * DAY + hour);
                    }
                    self.hours.sort_unstable_by(|a, b| b.cmp(a));
                    self.day += 1;
                }
                self.time = self.hours.pop().unwrap_or(u64::MAX);
            }
        }
    }
}
