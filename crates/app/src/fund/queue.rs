//! Where commands of many clients meet, to be written in one transaction.
//!
//! A client that comes alone writes its command itself. Whoever comes while others are written
//! waits in the queue: one thread takes what waits, writes it in one transaction, and goes on with the next;
//! another waits until it is on disk, and tells. So a busy ledger reads and writes each account once for many
//! commands, and nobody is woken between one transaction and the next. The next begins once three for every four that
//! are on their way to the disk wait, or none is: whoever came first would else write alone what sixteen could share.
//! Nobody is told before what they asked for is on disk.

use super::enter::{Books, Command, Outcomes};
use crate::{Clock, Error, lock};
use ::fund::ledger::{Outcome, Refusal};
use kernel::limits;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{Receiver, Sender, SyncSender, channel, sync_channel};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, OnceLock, PoisonError};
use std::thread::JoinHandle;
use store::{Store, Unsettled};

/// Commands at once from which on they are written in two turns.
const MANY: usize = 8;

type Answer = Result<Result<Outcome, Refusal>, Error>;

/// A command that waits, and whom to tell. Whoever is let go of untold learns that nothing was saved.
struct Waiting {
    command: Command,
    asker: SyncSender<Answer>,
}

#[derive(Default)]
struct State {
    waiting: Vec<Waiting>,
    /// Whether a transaction is being written.
    writes: bool,
    /// Commands that were taken and not told yet.
    under_way: usize,
    closing: bool,
}

impl State {
    /// Whether what waits is to be written now.
    fn is_time(&self) -> bool {
        !self.writes && !self.waiting.is_empty() && self.waiting.len() * 4 >= self.under_way * 3
    }
}

/// What those who ask and the threads share.
struct Shared {
    books: Books,
    state: Mutex<State>,
    /// It is time to write, or to close.
    time: Condvar,
}

/// Commands that are under way; they no longer are when it is let go of.
struct UnderWay<'s> {
    shared: &'s Shared,
    commands: usize,
}

impl Drop for UnderWay<'_> {
    fn drop(&mut self) {
        let mut state = self.shared.lock();
        state.under_way -= self.commands;
        self.shared.call(state);
    }
}

/// A transaction that is being written; it no longer is when this is let go of.
struct Writes<'s>(&'s Shared);

impl Drop for Writes<'_> {
    fn drop(&mut self) {
        let mut state = self.0.lock();
        state.writes = false;
        self.0.call(state);
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, State> {
        lock(&self.state)
    }

    /// Calls the thread that writes, if it is time, once the state is free.
    fn call(&self, state: MutexGuard<'_, State>) {
        let is_time = state.is_time();
        drop(state);
        if is_time {
            self.time.notify_one();
        }
    }

    /// Waits until it is time, and takes what waits; of many, half of all that are here, so that the
    /// other half is written while the disk is waited for. Nothing when the queue is closed.
    fn take(&self) -> Option<Vec<Waiting>> {
        let waits = |state: &mut State| !state.closing && !state.is_time();
        let state = self.time.wait_while(self.lock(), waits);
        let mut state = state.unwrap_or_else(PoisonError::into_inner);
        if state.closing {
            return None;
        }
        let here = state.waiting.len() + state.under_way;
        let some = if here < MANY { here } else { here.div_ceil(2) };
        let most = state.waiting.len().min(some).min(limits::LEDGER_COMMANDS);
        let taken: Vec<_> = state.waiting.drain(..most).collect();
        state.under_way += taken.len();
        state.writes = true;
        Some(taken)
    }
}

/// Commands that were written, or could not be.
struct Written {
    taken: Vec<Waiting>,
    outcomes: Result<(Outcomes, Unsettled), Error>,
}

/// The queue of one application.
pub(crate) struct Queue {
    shared: Arc<Shared>,
    /// The thread that writes, once more than one client came at a time.
    thread: OnceLock<JoinHandle<()>>,
}

impl Drop for Queue {
    fn drop(&mut self) {
        self.shared.lock().closing = true;
        self.shared.time.notify_all();
        // Nobody waits any more: whoever asks holds the queue.
        let _ = self.thread.take().map(JoinHandle::join);
    }
}

impl Queue {
    pub(crate) fn open(store: Store, clock: Arc<dyn Clock>) -> Self {
        Self {
            shared: Arc::new(Shared {
                books: Books::of(store, clock),
                state: Mutex::default(),
                time: Condvar::new(),
            }),
            thread: OnceLock::new(),
        }
    }

    /// The books that commands are written in.
    pub(super) fn books(&self) -> &Books {
        &self.shared.books
    }

    /// Takes a command and waits until what came of it is on disk.
    ///
    /// # Errors
    /// The store's.
    pub(crate) fn post(&self, command: Command) -> Answer {
        let mut state = self.shared.lock();
        if !state.writes && state.waiting.is_empty() && state.under_way == 0 {
            state.writes = true;
            state.under_way = 1;
            drop(state);
            return self.post_alone(&command);
        }
        let (asker, answer) = sync_channel(1);
        state.waiting.push(Waiting { command, asker });
        self.shared.call(state);
        self.begin();
        answer
            .recv()
            .unwrap_or_else(|_| Err(store::Error::NotSaved.into()))
    }

    /// As [`Queue::post`], when nobody else is here. Who comes meanwhile is written while the disk is
    /// waited for.
    fn post_alone(&self, command: &Command) -> Answer {
        let _under_way = UnderWay {
            shared: &self.shared,
            commands: 1,
        };
        let writes = Writes(&self.shared);
        let (outcomes, unsettled) = self.shared.books.enter_ahead(&[command])?;
        drop(writes);
        unsettled.settle()?;
        only(outcomes)
    }

    /// Begins the threads, once.
    fn begin(&self) {
        self.thread.get_or_init(|| {
            let shared = Arc::clone(&self.shared);
            std::thread::spawn(move || {
                std::thread::scope(|scope| {
                    let (written, to_tell) = channel();
                    let shared = &*shared;
                    scope.spawn(move || tell_all(shared, &to_tell));
                    write_all(shared, &written);
                    drop(written);
                });
            })
        });
    }
}

/// Writes what waits until the queue is closed.
fn write_all(shared: &Shared, written: &Sender<Written>) {
    while let Some(taken) = shared.take() {
        let writes = Writes(shared);
        let commands: Vec<&Command> = taken.iter().map(|one| &one.command).collect();
        let outcomes = guarded(|| shared.books.enter_ahead(&commands));
        // It goes on for as long as this one.
        let _ = written.send(Written { taken, outcomes });
        drop(writes);
    }
}

/// Tells what came of commands once it is on disk, until nobody writes any more.
fn tell_all(shared: &Shared, written: &Receiver<Written>) {
    for Written { taken, outcomes } in written {
        let _under_way = UnderWay {
            shared,
            commands: taken.len(),
        };
        let settled = guarded(|| {
            let (outcomes, unsettled) = outcomes?;
            unsettled.settle()?;
            Ok(outcomes)
        });
        match settled {
            Ok(outcomes) => {
                for (one, outcome) in taken.into_iter().zip(outcomes) {
                    one.tell(Ok(outcome));
                }
            }
            Err(error) if taken.len() == 1 => {
                if let Some(one) = taken.into_iter().next() {
                    one.tell(Err(error));
                }
            }
            // Each is tried alone, so that one that the database does not take spoils no other.
            Err(_) => {
                for one in taken {
                    let alone =
                        guarded(|| shared.books.enter_all(std::slice::from_ref(&one.command)));
                    one.tell(alone.and_then(only));
                }
            }
        }
    }
}

impl Waiting {
    fn tell(self, answer: Answer) {
        // Whoever has gone away needs no answer.
        let _ = self.asker.send(answer);
    }
}

/// What came of the one command that there was.
fn only(mut outcomes: Outcomes) -> Answer {
    outcomes.pop().ok_or(Error::NotFound("command"))
}

/// What work comes to; who falls over has saved nothing.
fn guarded<T>(work: impl FnOnce() -> Result<T, Error>) -> Result<T, Error> {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|_| Err(store::Error::NotSaved.into()))
}
