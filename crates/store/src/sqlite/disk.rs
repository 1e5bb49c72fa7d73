//! What is on disk: commits are written to SQLite's log at once, and flushed together.
//!
//! SQLite runs with `synchronous = NORMAL`: a commit writes its frames to the end of the log
//! (`almoner.sqlite-wal`) and does not wait for the disk; SQLite itself flushes what it needs
//! to stay whole: the log's first frame, and log and database around a checkpoint. After a
//! power cut it keeps the log up to the first frame that is not whole. So a commit is safe as
//! soon as the log was flushed after it, and every commit before it is then safe too. That flush is
//! made here, by whoever waits and finds nobody flushing, for all commits that are in the log by
//! then. Meanwhile the next transaction runs.

use crate::Error;
use std::fs::{File, OpenOptions};
use std::io::{Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::{Condvar, Mutex, MutexGuard, OnceLock, PoisonError};

/// Failed groups that are remembered.
const FAILED: usize = 1_000;

/// How far groups of transactions have come. Groups are numbered from 0.
pub(super) struct Disk {
    log: PathBuf,
    open: OnceLock<File>,
    progress: Mutex<Progress>,
    moved: Condvar,
}

#[derive(Default)]
struct Progress {
    /// Every group below this number is in the log, or failed.
    committed: u64,
    /// Every group below this number is on disk, or failed.
    on_disk: u64,
    /// Whether somebody flushes.
    flushing: bool,
    /// How many wait to be told that something moved: where nobody does, the kernel is not asked.
    sleeping: usize,
    /// The last groups that SQLite did not commit.
    failed: Vec<u64>,
    /// A flush failed. What the disk has is not known from then on: nothing more is promised.
    broken: bool,
}

impl Disk {
    /// That of a database file.
    pub(super) fn of(database: &Path) -> Self {
        let mut log = database.as_os_str().to_owned();
        log.push("-wal");
        Self {
            log: PathBuf::from(log),
            open: OnceLock::new(),
            progress: Mutex::default(),
            moved: Condvar::new(),
        }
    }

    fn progress(&self) -> MutexGuard<'_, Progress> {
        self.progress.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether a flush has failed.
    pub(super) fn is_broken(&self) -> bool {
        self.progress().broken
    }

    /// Notes that a group was committed, or failed to be. Groups come in their order.
    pub(super) fn group_ended(&self, group: u64, committed: bool) {
        let mut progress = self.progress();
        progress.committed = group + 1;
        if !committed {
            progress.failed.push(group);
            let surplus = progress.failed.len().saturating_sub(FAILED);
            progress.failed.drain(..surplus);
        }
        self.tell(progress);
    }

    /// Wakes whoever sleeps.
    fn tell(&self, progress: MutexGuard<'_, Progress>) {
        let sleeping = progress.sleeping > 0;
        drop(progress);
        if sleeping {
            self.moved.notify_all();
        }
    }

    /// Waits until a group is on disk.
    ///
    /// # Errors
    /// [`Error::NotSaved`]: the group was not committed, or the log could not be flushed.
    pub(super) fn wait_for(&self, group: u64) -> Result<(), Error> {
        let mut progress = self.progress();
        loop {
            if progress.failed.contains(&group) {
                return Err(Error::NotSaved);
            }
            if progress.on_disk > group {
                return Ok(());
            }
            if progress.broken {
                return Err(Error::NotSaved);
            }
            if progress.committed <= group || progress.flushing {
                progress.sleeping += 1;
                progress = self
                    .moved
                    .wait(progress)
                    .unwrap_or_else(PoisonError::into_inner);
                progress.sleeping -= 1;
                continue;
            }
            progress.flushing = true;
            let all = progress.committed;
            drop(progress);
            let flushed = self.flush();
            progress = self.progress();
            progress.flushing = false;
            match flushed {
                Ok(()) => progress.on_disk = all,
                Err(_) => progress.broken = true,
            }
            self.tell(progress);
            progress = self.progress();
        }
    }

    /// Makes the log as long as it becomes before a checkpoint, with noughts after what is in it: to
    /// flush a log that grows takes the disk two to three times as long, because its new length must be
    /// written down too. SQLite reads a log up to the first frame that is not whole, and noughts
    /// are none. **Nobody may write to the log meanwhile**: whoever calls holds the store's writer
    /// in an open transaction.
    ///
    /// # Errors
    /// The disk's, when it has no more room.
    pub(super) fn lengthen(&self, to: u64) -> std::io::Result<()> {
        let mut log = OpenOptions::new().write(true).open(&self.log)?;
        let mut length = log.seek(SeekFrom::End(0))?;
        let noughts = [0; 64 << 10];
        while length < to {
            let part = usize::try_from(to - length).unwrap_or(noughts.len());
            let part = &noughts[..part.min(noughts.len())];
            log.write_all(part)?;
            length += part.len() as u64;
        }
        log.sync_all()
    }

    /// Flushes the log. It is there for as long as the writing connection is.
    fn flush(&self) -> std::io::Result<()> {
        let log = match self.open.get() {
            Some(log) => log,
            None => {
                let log = File::open(&self.log)?;
                self.open.get_or_init(|| log)
            }
        };
        log.sync_data()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::*;

    fn with_log() -> (tempfile::TempDir, Disk) {
        let folder = tempfile::tempdir().unwrap();
        let database = folder.path().join("a.sqlite");
        std::fs::write(folder.path().join("a.sqlite-wal"), b"frames").unwrap();
        let disk = Disk::of(&database);
        (folder, disk)
    }

    #[test]
    fn a_group_is_waited_for_until_it_is_on_disk() {
        let (_folder, disk) = with_log();
        disk.group_ended(0, true);
        disk.group_ended(1, false);
        disk.group_ended(2, true);
        assert!(disk.wait_for(0).is_ok());
        // One flush was for all that were in the log.
        assert_eq!(disk.progress().on_disk, 3);
        assert!(matches!(disk.wait_for(1), Err(Error::NotSaved)));
        assert!(disk.wait_for(2).is_ok());
    }

    #[test]
    fn whoever_waits_for_an_open_group_is_woken_when_it_ends() {
        let (_folder, disk) = with_log();
        std::thread::scope(|scope| {
            let waiting: Vec<_> = (0..8).map(|_| scope.spawn(|| disk.wait_for(0))).collect();
            disk.group_ended(0, true);
            for one in waiting {
                assert!(one.join().unwrap().is_ok());
            }
        });
    }

    #[test]
    fn the_log_is_lengthened_once_and_keeps_what_is_in_it() {
        let (folder, disk) = with_log();
        let log = folder.path().join("a.sqlite-wal");
        for to in [100_000, 50_000] {
            disk.lengthen(to).unwrap();
            let bytes = std::fs::read(&log).unwrap();
            assert_eq!(bytes.len(), 100_000);
            assert!(bytes.starts_with(b"frames"));
            assert!(bytes[6..].iter().all(|byte| *byte == 0));
        }
    }

    #[test]
    fn after_a_failed_flush_nothing_more_is_promised() {
        let (folder, disk) = with_log();
        disk.group_ended(0, true);
        assert!(disk.wait_for(0).is_ok());
        let (lost, elsewhere) = (
            folder.path().join("a.sqlite-wal"),
            Disk::of(Path::new("/nowhere/a")),
        );
        std::fs::remove_file(lost).unwrap();
        elsewhere.group_ended(0, true);
        assert!(matches!(elsewhere.wait_for(0), Err(Error::NotSaved)));
        assert!(elsewhere.is_broken());
        elsewhere.group_ended(1, true);
        assert!(matches!(elsewhere.wait_for(1), Err(Error::NotSaved)));
    }
}
