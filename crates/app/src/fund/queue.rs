//! Where commands of many clients meet, to be written in one transaction.
//!
//! A client puts its command in the queue. If nobody is writing, it leads: it takes everything that
//! waits, writes it in one transaction, and tells the others. So a busy ledger reads and writes each
//! account once for many commands, and the disk is waited for once. Nobody is told before the commit
//! is on disk.

use super::post::Command;
use crate::{App, Error};
use ::fund::ledger::{Outcome, Refusal};
use kernel::limits;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

type Answer = Result<Result<Outcome, Refusal>, Error>;

/// A command that waits, and its answer once there is one.
struct Waiting {
    command: Command,
    answer: Mutex<Option<Answer>>,
}

#[derive(Default)]
struct State {
    waiting: Vec<Arc<Waiting>>,
    /// Whether somebody writes.
    led: bool,
}

/// The queue of one application.
#[derive(Default)]
pub(crate) struct Queue {
    state: Mutex<State>,
    answered: Condvar,
}

/// Ends the leading, also when the leader panics.
struct Leading<'q> {
    queue: &'q Queue,
    led: Vec<Arc<Waiting>>,
}

impl Drop for Leading<'_> {
    fn drop(&mut self) {
        for one in &self.led {
            let mut answer = lock(&one.answer);
            // Only a panic leaves a command without an answer.
            answer.get_or_insert_with(|| Err(store::Error::NotSaved.into()));
        }
        self.queue.lock().led = false;
        self.queue.answered.notify_all();
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Queue {
    fn lock(&self) -> MutexGuard<'_, State> {
        lock(&self.state)
    }

    /// Takes a command and waits until what came of it is on disk.
    ///
    /// # Errors
    /// The store's.
    pub(crate) fn post(&self, app: &App, command: Command) -> Answer {
        let mine = Arc::new(Waiting {
            command,
            answer: Mutex::new(None),
        });
        let mut state = self.lock();
        state.waiting.push(mine.clone());
        loop {
            if let Some(answer) = lock(&mine.answer).take() {
                return answer;
            }
            if !state.led {
                state.led = true;
                let most = state.waiting.len().min(limits::LEDGER_COMMANDS);
                let led = state.waiting.drain(..most).collect();
                drop(state);
                let leading = Leading { queue: self, led };
                write(app, &leading.led);
                drop(leading);
                state = self.lock();
                continue;
            }
            state = self
                .answered
                .wait(state)
                .unwrap_or_else(PoisonError::into_inner);
        }
    }
}

/// Writes commands together. If that fails, each is tried alone, so that one that the database
/// does not take spoils no other.
fn write(app: &App, led: &[Arc<Waiting>]) {
    let tell = |one: &Waiting, answer: Answer| *lock(&one.answer) = Some(answer);
    let commands: Vec<&Command> = led.iter().map(|one| &one.command).collect();
    match app.store().write(|tx| app.enter(tx, &commands)) {
        Ok(outcomes) => {
            for (one, outcome) in led.iter().zip(outcomes) {
                tell(one, Ok(outcome));
            }
        }
        Err(error) if led.len() == 1 => tell(&led[0], Err(error)),
        Err(_) => {
            for one in led {
                let alone = app.store().write(|tx| app.enter(tx, &[&one.command]));
                let answer = alone.and_then(|mut all| all.pop().ok_or(Error::NotFound("command")));
                tell(one, answer);
            }
        }
    }
}
