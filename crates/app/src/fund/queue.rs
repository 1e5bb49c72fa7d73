//! Where commands of many clients meet, to be written in one transaction.
//!
//! A client puts its command in the queue. If nobody is writing, it leads: it takes everything that
//! waits, writes it in one transaction, hands the lead to one who came meanwhile, and tells the others
//! once all is on disk. So a busy ledger reads and writes each account once for many commands, and
//! the next transaction runs while the disk is waited for. It begins once as many wait as are on their way
//! to the disk, or none is: whoever came first would else write alone what sixteen could share. Nobody is
//! told before what they asked for is on disk.

use super::post::{Command, Outcomes};
use crate::{App, Error};
use ::fund::ledger::{Outcome, Refusal};
use kernel::limits;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use store::Unsettled;

type Answer = Result<Result<Outcome, Refusal>, Error>;

/// A command that waits, and its answer once there is one.
struct Waiting {
    command: Command,
    answer: Mutex<Option<Answer>>,
    /// Waited on with the queue's state: there is an answer, or the lead is free.
    called: Condvar,
}

#[derive(Default)]
struct State {
    waiting: Vec<Arc<Waiting>>,
    /// Whether somebody writes.
    led: bool,
    /// Commands that were taken and not told yet.
    under_way: usize,
}

impl State {
    /// Whether one who waits should lead now.
    fn is_to_lead(&self) -> bool {
        !self.led && self.waiting.len() >= self.under_way.max(1)
    }

    fn call_next(&self) {
        if let (true, Some(next)) = (self.is_to_lead(), self.waiting.first()) {
            next.called.notify_one();
        }
    }
}

/// The queue of one application.
pub(crate) struct Queue {
    state: Mutex<State>,
    /// About how many transfers are not on the lists of their accounts.
    unlisted: AtomicUsize,
}

impl Default for Queue {
    /// What was left by whoever ran before is not known: the first transaction lists it.
    fn default() -> Self {
        Self {
            state: Mutex::default(),
            unlisted: AtomicUsize::new(limits::LEDGER_UNLISTED),
        }
    }
}

/// Whoever leads, and those whose commands they took. Ends the leading, also when the leader
/// panics.
struct Leading<'q> {
    queue: &'q Queue,
    led: Vec<Arc<Waiting>>,
    leads: bool,
}

impl Leading<'_> {
    /// Lets one who waits lead.
    fn hand_over(&mut self) {
        if std::mem::take(&mut self.leads) {
            let mut state = self.queue.lock();
            state.led = false;
            state.call_next();
        }
    }
}

impl Drop for Leading<'_> {
    fn drop(&mut self) {
        self.hand_over();
        for one in &self.led {
            // Only a panic leaves a command without an answer.
            lock(&one.answer).get_or_insert_with(|| Err(store::Error::NotSaved.into()));
        }
        // Whoever looked for their answer before it was there waits by now.
        let mut state = self.queue.lock();
        state.under_way -= self.led.len();
        for one in &self.led {
            one.called.notify_one();
        }
        state.call_next();
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Queue {
    fn lock(&self) -> MutexGuard<'_, State> {
        lock(&self.state)
    }

    /// Counts transfers that were added, and says whether so many have come together that they are to be listed.
    pub(super) fn is_to_list(&self, added: usize) -> bool {
        let before = self.unlisted.fetch_add(added, Ordering::Relaxed);
        let is_full = before + added >= limits::LEDGER_UNLISTED;
        if is_full {
            self.unlisted.store(0, Ordering::Relaxed);
        }
        is_full
    }

    /// Takes a command and waits until what came of it is on disk.
    ///
    /// # Errors
    /// The store's.
    pub(crate) fn post(&self, app: &App, command: Command) -> Answer {
        let mine = Arc::new(Waiting {
            command,
            answer: Mutex::new(None),
            called: Condvar::new(),
        });
        let mut state = self.lock();
        state.waiting.push(mine.clone());
        loop {
            if let Some(answer) = lock(&mine.answer).take() {
                return answer;
            }
            let waits = state.waiting.iter().any(|one| Arc::ptr_eq(one, &mine));
            if waits && state.is_to_lead() {
                state.led = true;
                let most = state.waiting.len().min(limits::LEDGER_COMMANDS);
                let led: Vec<_> = state.waiting.drain(..most).collect();
                state.under_way += led.len();
                drop(state);
                self.lead(app, led);
                state = self.lock();
                continue;
            }
            let woken = mine.called.wait(state);
            state = woken.unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// Writes commands, hands the lead over, and tells what came of them once it is on disk.
    fn lead(&self, app: &App, led: Vec<Arc<Waiting>>) {
        let mut leading = Leading {
            queue: self,
            led,
            leads: true,
        };
        let written = write(app, &leading.led);
        leading.hand_over();
        let answers = written.and_then(|(outcomes, unsettled)| {
            unsettled.settle()?;
            Ok(outcomes)
        });
        match answers {
            Ok(outcomes) => {
                for (one, outcome) in leading.led.iter().zip(outcomes) {
                    tell(one, Ok(outcome));
                }
            }
            Err(error) if leading.led.len() == 1 => tell(&leading.led[0], Err(error)),
            // Each is tried alone, so that one that the database does not take spoils no other.
            Err(_) => {
                for one in &leading.led {
                    let alone = app.enter_all(std::slice::from_ref(&one.command));
                    let answer =
                        alone.and_then(|mut all| all.pop().ok_or(Error::NotFound("command")));
                    tell(one, answer);
                }
            }
        }
    }
}

fn tell(one: &Waiting, answer: Answer) {
    *lock(&one.answer) = Some(answer);
}

/// Writes commands together.
fn write(app: &App, led: &[Arc<Waiting>]) -> Result<(Outcomes, Unsettled), Error> {
    let commands: Vec<&Command> = led.iter().map(|one| &one.command).collect();
    app.store().write_ahead(|tx| app.enter(tx, &commands))
}
