//! The desk: calls that come at once are answered in one transaction.
//!
//! One thread takes what waits, up to `AT_ONCE` calls, and asks the application to answer
//! them together; a place has one writer at a time anyway. Another waits until their looks are
//! on disk, and tells. So eight clients cost one commit between them, and while it is on its way
//! to the disk the next calls are answered.

use app::api::{Answer, Call, Refusal, Told, Untold};
use app::{App, Error};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, channel};
use tokio::sync::oneshot;

/// Most calls of one transaction.
const AT_ONCE: usize = 32;

/// What a call came to: an answer, a refusal, or a failure of ours.
pub type Reply = Result<Result<Answer, Refusal>, Failed>;

/// The store failed, or the program did. What, is in the log.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the call could not be answered")]
pub struct Failed;

type Asker = oneshot::Sender<Reply>;

struct Waiting {
    call: Call,
    asker: Asker,
}

/// Calls that were answered together, and who asked.
struct Answered {
    untold: Untold,
    askers: Vec<Asker>,
}

/// Where calls are handed in.
#[derive(Clone)]
pub struct Desk(Sender<Waiting>);

impl Desk {
    /// Opens the desk. It closes when the last hold on it is let go of.
    pub fn open(app: Arc<App>) -> Self {
        let (sender, waiting) = channel();
        let (answered, untold) = channel();
        std::thread::spawn(move || answer_calls(&app, &waiting, &answered));
        std::thread::spawn(move || tell_answers(&untold));
        Self(sender)
    }

    /// Hands in a call and waits for its answer.
    ///
    /// # Errors
    /// It could not be answered.
    pub async fn ask(&self, call: Call) -> Reply {
        let (asker, answer) = oneshot::channel();
        self.0.send(Waiting { call, asker }).map_err(|_| Failed)?;
        answer.await.unwrap_or(Err(Failed))
    }
}

/// Answers calls until nobody can hand in any more.
fn answer_calls(app: &App, waiting: &Receiver<Waiting>, answered: &Sender<Answered>) {
    let mut came = None;
    while let Some(first) = came.take().or_else(|| waiting.recv().ok()) {
        let (mut calls, mut askers) = (vec![first.call], vec![first.asker]);
        for next in waiting.try_iter().take(AT_ONCE - 1) {
            calls.push(next.call);
            askers.push(next.asker);
        }
        let lone = calls.len() == 1;
        let all = answer(app, &calls, askers);
        came = waiting.try_recv().ok();
        for some in all {
            // Whoever comes alone, with nobody after, is spared the way to the other thread.
            if lone && came.is_none() {
                tell_all(some);
            } else {
                // It goes on for as long as this one.
                let _ = answered.send(some);
            }
        }
    }
}

/// Answers calls together; if that fails, each by itself, so that one does not take the
/// others with it.
fn answer(app: &App, calls: &[Call], askers: Vec<Asker>) -> Vec<Answered> {
    if let Some(untold) = guarded(|| app.api(calls)) {
        return vec![Answered { untold, askers }];
    }
    let several = calls.len() > 1;
    let mut all = Vec::new();
    for (call, asker) in calls.iter().zip(askers) {
        let alone = std::slice::from_ref(call);
        match several.then(|| guarded(|| app.api(alone))).flatten() {
            Some(untold) => all.push(Answered {
                untold,
                askers: vec![asker],
            }),
            None => tell(asker, Err(Failed)),
        }
    }
    all
}

/// Tells answers whose looks are on disk, until nobody answers any more.
fn tell_answers(answered: &Receiver<Answered>) {
    answered.iter().for_each(tell_all);
}

/// Tells answers once their looks are on disk.
fn tell_all(Answered { untold, askers }: Answered) {
    let told: Vec<Told> = guarded(|| untold.tell()).unwrap_or_default();
    let mut told = told.into_iter();
    for asker in askers {
        tell(asker, told.next().ok_or(Failed));
    }
}

fn tell(asker: Asker, reply: Reply) {
    // Who has gone away in the meantime needs no answer.
    let _ = asker.send(reply);
}

/// What the application gives, or nothing when it fails or falls over.
fn guarded<T>(work: impl FnOnce() -> Result<T, Error>) -> Option<T> {
    match catch_unwind(AssertUnwindSafe(work)) {
        Ok(Ok(value)) => Some(value),
        Ok(Err(error)) => {
            log(&error);
            None
        }
        Err(_) => {
            tracing::error!("the API fell over while it answered");
            None
        }
    }
}

/// Errors of the application hold no personal data.
pub(crate) fn log(error: &Error) {
    tracing::error!(%error, "the API could not answer");
}
