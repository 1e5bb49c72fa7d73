//! How much of what a search may use is used: steps or time, and memory.

use super::Effort;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Instant;

/// Milliseconds between two looks at the memory.
const LOOK: u64 = 20;

/// Says what the process has now, in megabytes; `None` where the system does not say.
pub(super) type Memory<'a> = &'a (dyn Fn() -> Option<u64> + Sync);

/// The budget of one search.
pub(super) struct Budget<'a> {
    effort: &'a Effort,
    /// What the process has now, in megabytes, where the system says.
    memory: Memory<'a>,
    began: Instant,
    /// Milliseconds from the beginning at which the memory is looked at next.
    next_look: AtomicU64,
    /// The memory limit was reached.
    full: AtomicBool,
}

impl<'a> Budget<'a> {
    pub(super) fn new(effort: &'a Effort, memory: Memory<'a>) -> Self {
        Self {
            effort,
            memory,
            began: Instant::now(),
            next_look: AtomicU64::new(0),
            full: AtomicBool::new(false),
        }
    }

    /// The share that is spent after so many steps of each thread; all of it once there is
    /// no more memory.
    pub(super) fn spent(&self, steps: u64) -> f64 {
        if self.is_full() {
            return 1.0;
        }
        match self.effort.iterations {
            Some(limit) => steps as f64 / limit.max(1) as f64,
            None => self.began.elapsed().as_secs_f64() / self.effort.time.as_secs_f64(),
        }
    }

    fn is_full(&self) -> bool {
        if self.full.load(Ordering::Relaxed) {
            return true;
        }
        let now = self.began.elapsed().as_millis() as u64;
        if now < self.next_look.load(Ordering::Relaxed) {
            return false;
        }
        self.next_look.store(now + LOOK, Ordering::Relaxed);
        let full = (self.memory)().is_some_and(|now| now > self.effort.max_memory_mb);
        self.full.fetch_or(full, Ordering::Relaxed);
        full
    }

    /// Seconds since the search began, to the millisecond.
    pub(super) fn seconds(&self) -> f64 {
        (self.began.elapsed().as_secs_f64() * 1_000.0).round() / 1_000.0
    }

    /// What ended the search, in words.
    pub(super) fn stopped(&self) -> String {
        if self.effort.nearest {
            return "no search: the nearest each time".to_owned();
        }
        if self.full.load(Ordering::Relaxed) {
            return format!(
                "the memory limit of {} MB was reached: the best plan so far",
                self.effort.max_memory_mb
            );
        }
        match self.effort.iterations {
            Some(limit) => {
                format!("{limit} iterations of each thread were done: the best plan so far")
            }
            None => format!(
                "the time of {} s was used up: the best plan so far",
                self.effort.time.as_secs()
            ),
        }
    }
}
