//! What the machine can do at all for whoever waits until something is on disk: a program without a
//! store, over HTTP.
//!
//! It gives each answer once [`WRITTEN`] are on disk, which is what the log of a store takes for one
//! look; whoever comes while others are flushed waits for the next flush together.

use super::clients::Load;
use crate::http::Client;
use crate::sample::Sample;
use anyhow::{Context, Result, anyhow};
use std::fs::File;
use std::io::{BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::os::unix::fs::FileExt;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::ScopedJoinHandle;
use std::time::Duration;

/// Bytes on disk before an answer: three pages of SQLite's log with their heads.
pub const WRITTEN: usize = 3 * (4_096 + 24);
/// Bytes of an answer: those of a middling Observation.
pub const ANSWER: usize = 800;
/// Bytes of the file, which is written round and round: SQLite's log is.
const ROUND: usize = 2_048 * WRITTEN;

/// How far flushing is.
struct State {
    /// Number of the group that whoever comes now is in.
    open: u64,
    /// Number of the last group that is on disk.
    flushed: u64,
    flushes: bool,
    broken: bool,
    at: u64,
}

/// A file that several write to, and wait until it is on disk.
struct Shared {
    file: File,
    state: Mutex<State>,
    changed: Condvar,
}

impl Shared {
    fn new(folder: &Path) -> Result<Self> {
        let path = folder.join("answers");
        let file = File::options()
            .read(true)
            .write(true)
            .create(true)
            .truncate(true)
            .open(path)?;
        file.write_all_at(&vec![7; ROUND], 0)?;
        file.sync_all()?;
        let state = State {
            open: 1,
            flushed: 0,
            flushes: false,
            broken: false,
            at: 0,
        };
        Ok(Self {
            file,
            state: Mutex::new(state),
            changed: Condvar::new(),
        })
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Returns once whatever was written for this group is on disk.
    fn wait(&self) -> Result<()> {
        let mut state = self.state();
        let mine = state.open;
        while state.flushed < mine {
            if state.broken {
                return Err(anyhow!("the file could not be flushed"));
            }
            if state.flushes {
                let woken = self.changed.wait(state);
                state = woken.unwrap_or_else(PoisonError::into_inner);
                continue;
            }
            state.flushes = true;
            state.open += 1;
            let at = state.at;
            state.at = (at + WRITTEN as u64) % ROUND as u64;
            drop(state);
            let written = self.file.write_all_at(&[7; WRITTEN], at);
            let flushed = written.and_then(|()| self.file.sync_data());
            state = self.state();
            state.flushes = false;
            state.broken |= flushed.is_err();
            state.flushed = mine;
            self.changed.notify_all();
        }
        Ok(())
    }

    /// Answers one client until it goes away.
    fn answer(&self, stream: TcpStream) -> Result<()> {
        stream.set_nodelay(true)?;
        let mut requests = BufReader::new(stream);
        let answer = format!(
            "HTTP/1.1 200 OK\r\nContent-Length: {ANSWER}\r\n\r\n{}",
            "x".repeat(ANSWER)
        );
        let mut line = String::new();
        while requests.read_line(&mut line)? > 0 {
            if line == "\r\n" {
                self.wait()?;
                requests.get_mut().write_all(answer.as_bytes())?;
            }
            line.clear();
        }
        Ok(())
    }
}

/// Clients ask such a program; the time of each answer, and of all.
pub fn ask(folder: &Path, load: &Load) -> Result<(Sample, Duration)> {
    let shared = Shared::new(folder)?;
    let listener = TcpListener::bind(SocketAddr::from(([127, 0, 0, 1], 0)))?;
    let address = listener.local_addr()?;
    let over = AtomicBool::new(false);
    std::thread::scope(|scope| {
        let accepting = scope.spawn(|| {
            let mut answering = Vec::new();
            for stream in listener.incoming() {
                if over.load(Ordering::SeqCst) {
                    break;
                }
                let (stream, shared) = (stream?, &shared);
                answering.push(scope.spawn(move || shared.answer(stream)));
            }
            Ok::<_, anyhow::Error>(answering)
        });
        let asked = load.ask(&|| Client::new(address), &|_| "/".to_owned());
        over.store(true, Ordering::SeqCst);
        // Whoever accepts sees that it is over.
        TcpStream::connect(address)?;
        for thread in ended(accepting)? {
            ended(thread).context("an answer could not be given")?;
        }
        asked
    })
}

fn ended<T>(thread: ScopedJoinHandle<'_, Result<T>>) -> Result<T> {
    thread.join().map_err(|_| anyhow!("a thread panicked"))?
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn every_client_is_answered() {
        let folder = tempfile::tempdir().unwrap();
        let load = Load {
            clients: 4,
            requests: 100,
            longest: Duration::from_secs(60),
        };
        let (times, _) = ask(folder.path(), &load).unwrap();
        assert_eq!(times.len(), 100);
    }
}
