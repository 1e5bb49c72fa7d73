//! Where commands of many clients meet, to be written in one transaction.
//!
//! A client puts its command in the queue. If nobody is writing, it leads: it takes everything that
//! waits, writes it in one transaction, hands the lead to one who came meanwhile, and tells the others
//! once all is on disk. So a busy ledger reads and writes each account once for many commands, and
//! the next transaction runs while the disk is waited for. It begins once as many wait as are on their way
//! to the disk, or none is: whoever came first would else write alone what sixteen could share. Nobody is
//! told before what they asked for is on disk.

use super::book::Kept;
use super::post::{Command, Outcomes};
use crate::{App, Error, lock};
use ::fund::ledger::{Outcome, Refusal};
use kernel::limits;
use std::collections::VecDeque;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use store::Unsettled;

/// Commands at once from which on they are written in two turns.
const MANY: usize = 8;

type Answer = Result<Result<Outcome, Refusal>, Error>;

/// What a client that waits is told.
enum Turn {
    /// Nothing yet.
    Waits,
    /// To lead.
    Leads,
    /// What came of its command.
    Told(Answer),
}

/// A command that waits.
struct Waiting {
    command: Command,
    turn: Mutex<Turn>,
    called: Condvar,
}

impl Waiting {
    /// Says whose turn it is.
    fn call(&self, turn: Turn) {
        *lock(&self.turn) = turn;
        self.called.notify_one();
    }

    /// Waits until it is to lead (`None`) or has its answer.
    fn wait(&self) -> Option<Answer> {
        let mut mine = lock(&self.turn);
        loop {
            match std::mem::replace(&mut *mine, Turn::Waits) {
                Turn::Told(answer) => return Some(answer),
                Turn::Leads => return None,
                Turn::Waits => {
                    let woken = self.called.wait(mine);
                    mine = woken.unwrap_or_else(PoisonError::into_inner);
                }
            }
        }
    }
}

#[derive(Default)]
struct State {
    waiting: Vec<Arc<Waiting>>,
    /// Whether somebody writes, or was called to.
    led: bool,
    /// Commands that were taken and not told yet.
    under_way: usize,
}

impl State {
    /// Who is to lead now, if anybody is: from here on they do.
    fn next_leader(&mut self) -> Option<Arc<Waiting>> {
        let is_time = !self.led && self.waiting.len() >= self.under_way.max(1);
        let next = self.waiting.first().filter(|_| is_time)?;
        self.led = true;
        Some(Arc::clone(next))
    }
}

/// The queue of one application.
pub(crate) struct Queue {
    state: Mutex<State>,
    /// What the last run of commands left to the next.
    kept: Mutex<Kept>,
    /// About how many transfers are not on the lists of their accounts.
    unlisted: AtomicUsize,
}

impl Default for Queue {
    /// What was left by whoever ran before is not known: the first transaction lists it.
    fn default() -> Self {
        Self {
            state: Mutex::default(),
            kept: Mutex::default(),
            unlisted: AtomicUsize::new(limits::LEDGER_UNLISTED),
        }
    }
}

/// Whoever leads, and those whose commands they took. Ends the leading, also when the leader
/// panics.
struct Leading<'q> {
    queue: &'q Queue,
    /// Those who are not told yet.
    led: VecDeque<Arc<Waiting>>,
    /// How many there were.
    taken: usize,
    leads: bool,
}

impl Leading<'_> {
    /// Tells the first who is not told yet.
    fn tell_next(&mut self, answer: Answer) {
        if let Some(one) = self.led.pop_front() {
            one.call(Turn::Told(answer));
        }
    }

    /// Lets one who waits lead.
    fn hand_over(&mut self) {
        if std::mem::take(&mut self.leads) {
            let mut state = self.queue.lock();
            state.led = false;
            call_to_lead(state);
        }
    }
}

impl Drop for Leading<'_> {
    fn drop(&mut self) {
        self.hand_over();
        for one in &self.led {
            // Only a panic leaves a command without an answer.
            one.call(Turn::Told(Err(store::Error::NotSaved.into())));
        }
        let mut state = self.queue.lock();
        state.under_way -= self.taken;
        call_to_lead(state);
    }
}

/// Calls the next leader, if it is time, once the state is free: whoever is woken asks for it.
fn call_to_lead(mut state: MutexGuard<'_, State>) {
    let next = state.next_leader();
    drop(state);
    if let Some(next) = next {
        next.call(Turn::Leads);
    }
}

impl Queue {
    fn lock(&self) -> MutexGuard<'_, State> {
        lock(&self.state)
    }

    /// What is kept; whoever asks holds the store's writer, so nobody is waited for.
    pub(super) fn kept(&self) -> MutexGuard<'_, Kept> {
        lock(&self.kept)
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
            turn: Mutex::new(Turn::Waits),
            called: Condvar::new(),
        });
        let mut state = self.lock();
        state.waiting.push(Arc::clone(&mine));
        call_to_lead(state);
        loop {
            match mine.wait() {
                Some(answer) => return answer,
                None => self.lead(app, self.take()),
            }
        }
    }

    /// Takes what waits; of many, half of all that are here, so that the other half is written while
    /// the disk is waited for.
    fn take(&self) -> VecDeque<Arc<Waiting>> {
        let mut state = self.lock();
        let here = state.waiting.len() + state.under_way;
        let some = if here < MANY { here } else { here.div_ceil(2) };
        let most = state.waiting.len().min(some).min(limits::LEDGER_COMMANDS);
        let led: VecDeque<_> = state.waiting.drain(..most).collect();
        state.under_way += led.len();
        led
    }

    /// Writes commands, hands the lead over, and tells what came of them once it is on disk.
    fn lead(&self, app: &App, led: VecDeque<Arc<Waiting>>) {
        let mut leading = Leading {
            queue: self,
            taken: led.len(),
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
                for outcome in outcomes {
                    leading.tell_next(Ok(outcome));
                }
            }
            Err(error) if leading.taken == 1 => leading.tell_next(Err(error)),
            // Each is tried alone, so that one that the database does not take spoils no other.
            Err(_) => {
                while let Some(one) = leading.led.front() {
                    let alone = app.enter_all(std::slice::from_ref(&one.command));
                    leading.tell_next(
                        alone.and_then(|mut all| all.pop().ok_or(Error::NotFound("command"))),
                    );
                }
            }
        }
    }
}

/// Writes commands together.
fn write(app: &App, led: &VecDeque<Arc<Waiting>>) -> Result<(Outcomes, Unsettled), Error> {
    let commands: Vec<&Command> = led.iter().map(|one| &one.command).collect();
    app.store().write_ahead(|tx| app.enter(tx, &commands))
}
