//! The desk: calls that come at once are answered in one transaction.
//!
//! One thread takes what waits, up to `AT_ONCE` calls, and asks the application to answer
//! them together; a place has one writer at a time anyway. Another waits until their looks are
//! on disk, and tells. So eight clients cost one commit between them, and while it is on its way
//! to the disk the next calls are answered; whoever comes in that time joins those.

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

/// Calls that are answered together, and who asks.
struct Calls {
    calls: Vec<Call>,
    askers: Vec<Asker>,
}

impl Calls {
    fn add(&mut self, next: Waiting) {
        self.calls.push(next.call);
        self.askers.push(next.asker);
    }
}

/// Calls that were answered together, and who asked.
struct Answered {
    untold: Untold,
    askers: Vec<Asker>,
    /// Held until their looks are on disk, where another thread waits for that.
    on_the_way: Option<Arc<()>>,
}

impl Answered {
    fn of(untold: Untold, askers: Vec<Asker>) -> Self {
        Self {
            untold,
            askers,
            on_the_way: None,
        }
    }
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
    let on_the_way = Arc::new(());
    let mut came = None;
    while let Some(first) = came.take().or_else(|| waiting.recv().ok()) {
        let mut calls = Calls {
            calls: vec![first.call],
            askers: vec![first.asker],
        };
        for next in waiting.try_iter().take(AT_ONCE - 1) {
            calls.add(next);
        }
        // These are flushed only after those that are on the way to the disk now: until then
        // whoever comes may join.
        let disk_is_busy = || Arc::strong_count(&on_the_way) > 1;
        let all = answer(app, calls, &mut || match disk_is_busy() {
            true => waiting.try_recv().ok(),
            false => None,
        });
        came = waiting.try_recv().ok();
        for mut some in all {
            // Whoever comes alone, with nobody before or after, is spared the way to the other
            // thread.
            if some.askers.len() == 1 && came.is_none() && !disk_is_busy() {
                tell_all(some);
            } else {
                some.on_the_way = Some(Arc::clone(&on_the_way));
                // It goes on for as long as this one.
                let _ = answered.send(some);
            }
        }
    }
}

/// Answers calls together; if that fails, each by itself, so that one does not take the
/// others with it.
fn answer(app: &App, all: Calls, more: &mut dyn FnMut() -> Option<Waiting>) -> Vec<Answered> {
    let Calls {
        mut calls,
        mut askers,
    } = all;
    let together = guarded(|| {
        app.api(&mut calls, &mut || {
            if askers.len() >= AT_ONCE {
                return None;
            }
            let Waiting { call, asker } = more()?;
            askers.push(asker);
            Some(call)
        })
    });
    if let Some(untold) = together {
        return vec![Answered::of(untold, askers)];
    }
    let several = askers.len() > 1;
    let mut all = Vec::new();
    let mut calls = calls.into_iter();
    for asker in askers {
        let alone = calls.next().filter(|_| several).map(|call| vec![call]);
        let answered = alone.and_then(|mut call| guarded(|| app.api(&mut call, &mut || None)));
        match answered {
            Some(untold) => all.push(Answered::of(untold, vec![asker])),
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
fn tell_all(answered: Answered) {
    let told = guarded(|| answered.untold.tell());
    // The disk is free for the next.
    drop(answered.on_the_way);
    let mut told: std::vec::IntoIter<Told> = told.unwrap_or_default().into_iter();
    for asker in answered.askers {
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
