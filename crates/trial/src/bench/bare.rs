//! What the machine can do at all: the peers that our figures are ratios of.

use anyhow::{Context, Result};
use rusqlite::Connection;
use std::io::Write;
use std::path::Path;
use std::sync::Mutex;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::{Duration, Instant};

/// Threads that write bare rows at the same time.
pub const WRITERS: usize = 16;

/// A row to write, and whom to tell when it is on disk.
type Job = (usize, Sender<()>);

/// Rows a second at which rows of these bytes commit, durably, to a fresh SQLite
/// file: sixteen writers, each waiting for its row to be on disk before it sends
/// the next; whatever waits is committed together.
pub fn rows_a_second(folder: &Path, rows: &[Vec<u8>]) -> Result<f64> {
    let file = folder.join("bare.sqlite");
    let connection = Connection::open(&file)?;
    connection.execute_batch(
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA cache_size = -16384;
         CREATE TABLE bare (id BIGINT NOT NULL PRIMARY KEY, bytes BLOB NOT NULL);",
    )?;
    let started = Instant::now();
    let (jobs, waiting) = channel::<Job>();
    let next = Mutex::new(0..rows.len());
    std::thread::scope(|scope| {
        for _ in 0..WRITERS {
            let (jobs, next) = (jobs.clone(), &next);
            scope.spawn(move || write_all(&jobs, next));
        }
        drop(jobs);
        commit_all(&connection, rows, &waiting)
    })?;
    let rate = rows.len() as f64 / started.elapsed().as_secs_f64();
    let count: i64 = connection.query_row("SELECT COUNT(*) FROM bare", [], |row| row.get(0))?;
    anyhow::ensure!(
        usize::try_from(count)? == rows.len(),
        "every bare row is there"
    );
    Ok(rate)
}

/// One writer: a row, then the wait until it is on disk, until no row is left.
fn write_all(jobs: &Sender<Job>, next: &Mutex<std::ops::Range<usize>>) {
    let (done, is_done) = channel();
    loop {
        let Some(row) = next.lock().ok().and_then(|mut next| next.next()) else {
            return;
        };
        if jobs.send((row, done.clone())).is_err() || is_done.recv().is_err() {
            return;
        }
    }
}

fn commit_all(connection: &Connection, rows: &[Vec<u8>], waiting: &Receiver<Job>) -> Result<()> {
    let mut insert = connection.prepare("INSERT INTO bare (id, bytes) VALUES (?1, ?2)")?;
    while let Ok(first) = waiting.recv() {
        let mut group = vec![first];
        group.extend(waiting.try_iter().take(WRITERS * 8));
        connection.execute_batch("BEGIN IMMEDIATE")?;
        for (row, _) in &group {
            insert.execute(rusqlite::params![i64::try_from(*row)?, rows[*row]])?;
        }
        connection.execute_batch("COMMIT")?;
        for (_, done) in group {
            // A writer that is gone needs no answer.
            let _ = done.send(());
        }
    }
    Ok(())
}

/// How long it takes to append 4 KiB to a file and have it on disk; the middle of 200.
pub fn flush(folder: &Path) -> Result<Duration> {
    let mut file = std::fs::File::create(folder.join("flush"))?;
    let page = [7; 4096];
    let mut times = Vec::new();
    for _ in 0..200 {
        let started = Instant::now();
        file.write_all(&page)?;
        file.sync_data()?;
        times.push(started.elapsed());
    }
    times.sort_unstable();
    times.get(100).copied().context("200 times were taken")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bare_rows_are_written() {
        let folder = tempfile::tempdir().unwrap();
        let rows = vec![vec![1; 100]; 200];
        assert!(rows_a_second(folder.path(), &rows).unwrap() > 0.0);
        assert!(flush(folder.path()).unwrap() > Duration::ZERO);
    }
}
