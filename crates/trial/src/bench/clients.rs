//! Clients that ask a server at the same time.

use crate::http::Client;
use crate::sample::Sample;
use anyhow::{Result, anyhow, ensure};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

/// How much is asked.
pub struct Load {
    /// Clients at the same time.
    pub clients: usize,
    /// Most requests of all of them.
    pub requests: usize,
    /// No more is asked after it.
    pub longest: Duration,
}

impl Load {
    /// The clients ask for paths by number; the time of each answer, and of all.
    pub fn ask(
        &self,
        client: &(dyn Fn() -> Client + Sync),
        path: &(dyn Fn(usize) -> String + Sync),
    ) -> Result<(Sample, Duration)> {
        let next = AtomicUsize::new(0);
        let started = Instant::now();
        let times = std::thread::scope(|scope| {
            let asking = || {
                let mut client = client();
                let mut times = Vec::new();
                loop {
                    let number = next.fetch_add(1, Ordering::Relaxed);
                    if number >= self.requests || started.elapsed() > self.longest {
                        return Ok(times);
                    }
                    let path = path(number);
                    let asked = Instant::now();
                    let answer = client.get(&path)?;
                    times.push(asked.elapsed());
                    ensure!(answer.status == 200, "a page answered {}", answer.status);
                }
            };
            let threads: Vec<_> = (0..self.clients).map(|_| scope.spawn(asking)).collect();
            let mut all = Vec::new();
            for thread in threads {
                all.extend(thread.join().map_err(|_| anyhow!("a client panicked"))??);
            }
            Ok::<_, anyhow::Error>(all)
        })?;
        Ok((Sample::new(times), started.elapsed()))
    }
}
