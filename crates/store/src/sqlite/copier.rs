//! The log is copied into the database beside the writer.
//!
//! SQLite copies the log into the database (a checkpoint) at the end of whichever commit makes it
//! long. Whoever waited for that commit, and everybody after, then waited for thousands of pages:
//! 20 to 60 ms. Here, while the program serves, a thread with a connection of its own copies them, and
//! the writer goes on appending to the log. What it has appended meanwhile is copied at the end of
//! the next commit, which is a few dozen pages: only if the whole log is copied when a
//! transaction begins does SQLite begin the log anew.
//!
//! Nothing rests on when or whether this happens: it is SQLite's own checkpoint, which may run on any
//! connection at any time. If it fails the log grows, and a later commit tries again.
//!
//! Source: SQLite, *Write-Ahead Logging*, 2.1 and 2.3.

use super::{CHECKPOINT, connect};
use crate::Error;
use rusqlite::Connection;
use rusqlite::hooks::Wal;
use std::path::Path;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;

/// Pages of the log at which copying beside the writer begins: what comes meanwhile still fits into
/// the log's room.
const BEGIN: u64 = CHECKPOINT * 3 / 4;
/// Pages of the log at which the writer copies them itself, although another should.
const TOO_MANY: u64 = CHECKPOINT * 4;
/// Pages by which the log must have grown before it is copied again, when it could not begin anew because
/// somebody still read from it.
const AGAIN: u64 = CHECKPOINT / 8;
/// Copying ends when no more pages than these are left, or after some rounds.
const LEFT: u64 = 32;
const ROUNDS: usize = 3;

/// How far copying is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Stage {
    /// No thread copies: the writer does, at the end of a commit.
    #[default]
    Alone,
    /// The thread waits until the log is long.
    Waiting,
    /// The thread copies.
    Copying,
    /// It has copied: the next commit copies what is left.
    Copied,
    /// The store is being closed.
    Closing,
}

#[derive(Default)]
struct State {
    stage: Stage,
    /// Pages of the log at the last commit.
    pages: u64,
    /// Pages at which it is next copied, if it does not begin anew before.
    next: u64,
}

/// What the writer and the thread tell each other.
#[derive(Default)]
struct Shared {
    state: Mutex<State>,
    changed: Condvar,
}

impl Shared {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Notes a commit after which the log has so many pages, and says whether to copy them now.
    fn committed(&self, pages: u64) -> bool {
        let mut state = self.state();
        if pages < state.pages {
            // The log has begun anew.
            state.next = 0;
        }
        state.pages = pages;
        let due = |at: u64| pages >= at.max(state.next);
        let now = match state.stage {
            Stage::Copied => true,
            Stage::Alone => due(CHECKPOINT),
            Stage::Waiting if due(BEGIN) => {
                state.stage = Stage::Copying;
                self.changed.notify_all();
                false
            }
            Stage::Waiting | Stage::Copying | Stage::Closing => due(TOO_MANY),
        };
        if now {
            state.next = pages + AGAIN;
            if state.stage == Stage::Copied {
                state.stage = Stage::Waiting;
            }
        }
        now
    }

    /// Waits until the log is long; no when the store is being closed.
    fn is_long(&self) -> bool {
        let state = self.state();
        let waits = |state: &mut State| !matches!(state.stage, Stage::Copying | Stage::Closing);
        let state = self.changed.wait_while(state, waits);
        state.unwrap_or_else(PoisonError::into_inner).stage == Stage::Copying
    }

    /// The thread has copied.
    fn copied(&self) {
        let mut state = self.state();
        if state.stage == Stage::Copying {
            state.stage = Stage::Copied;
        }
    }
}

/// Decides who copies the log, and ends its thread when it is let go of.
#[derive(Default)]
pub(super) struct Copier {
    shared: Arc<Shared>,
    thread: Mutex<Option<JoinHandle<()>>>,
}

impl Copier {
    /// Copies at the end of the writing connection's commits, in place of SQLite itself.
    pub(super) fn watch(&self, writer: &mut Connection) -> Result<(), Error> {
        let shared = Arc::clone(&self.shared);
        writer.wal_hook(Some(move |log: &mut Wal, pages| {
            if shared.committed(u64::try_from(pages).unwrap_or(0)) {
                // The commit stands whether or not this succeeds.
                let _ = log.checkpoint();
            }
            Ok(())
        }))?;
        Ok(())
    }

    /// From now on a thread copies beside the writer. Once is enough.
    pub(super) fn begin(&self, file: &Path) -> Result<(), Error> {
        let mut thread = self.thread.lock().unwrap_or_else(PoisonError::into_inner);
        if thread.is_none() {
            let connection = connect(file, true)?;
            self.shared.state().stage = Stage::Waiting;
            let shared = Arc::clone(&self.shared);
            *thread = Some(std::thread::spawn(move || {
                while shared.is_long() {
                    copy(&connection, &shared);
                    shared.copied();
                }
            }));
        }
        Ok(())
    }
}

impl Drop for Copier {
    fn drop(&mut self) {
        self.shared.state().stage = Stage::Closing;
        self.shared.changed.notify_all();
        let thread = self.thread.get_mut();
        let thread = thread.unwrap_or_else(PoisonError::into_inner).take();
        // It has nothing to give, and nobody to tell if it fell over.
        let _ = thread.map(JoinHandle::join);
    }
}

/// Copies the log, again while much was appended meanwhile.
fn copy(connection: &Connection, shared: &Shared) {
    for _ in 0..ROUNDS {
        let copied = connection.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |row| {
            row.get::<_, u32>(2).map(u64::from)
        });
        let left = copied.map(|copied| shared.state().pages.saturating_sub(copied));
        if left.is_ok_and(|left| left <= LEFT) {
            break;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_log_is_copied_by_the_writer_when_nobody_else_does() {
        let shared = Shared::default();
        for (pages, now) in [
            (1, false),
            (CHECKPOINT - 1, false),
            (CHECKPOINT, true),
            // It could not begin anew, so it is not tried at each commit.
            (CHECKPOINT + 1, false),
            (CHECKPOINT + AGAIN, true),
            // It began anew.
            (3, false),
            (CHECKPOINT, true),
        ] {
            assert_eq!(shared.committed(pages), now, "{pages} pages");
        }
    }

    #[test]
    fn what_is_left_after_copying_is_for_the_next_commit() {
        let shared = Shared::default();
        shared.state().stage = Stage::Waiting;
        assert!(!shared.committed(BEGIN - 1));
        assert_eq!(shared.state().stage, Stage::Waiting);
        assert!(!shared.committed(BEGIN));
        assert!(shared.is_long());
        // The writer goes on meanwhile.
        assert!(!shared.committed(BEGIN + 9));
        shared.copied();
        assert!(shared.committed(BEGIN + 12));
        assert_eq!(shared.state().stage, Stage::Waiting);
        // Somebody still read from it: it goes on growing.
        assert!(!shared.committed(BEGIN + 13));
        assert!(!shared.committed(BEGIN + 12 + AGAIN));
        assert_eq!(shared.state().stage, Stage::Copying);
        shared.copied();
        assert!(shared.committed(BEGIN + 13 + AGAIN));
        // Now it begins anew.
        assert!(!shared.committed(5));
        assert!(!shared.committed(BEGIN));
        assert_eq!(shared.state().stage, Stage::Copying);
        // A thread that does not get on does not stop the writer from copying.
        assert!(shared.committed(TOO_MANY));
        assert!(!shared.committed(TOO_MANY + 1));
    }
}
