//! The desk: calls that come at once are answered in one transaction.
//!
//! One thread takes what waits, up to `AT_ONCE` calls, and asks the application to answer
//! them together. So eight clients cost one commit between them and no thread each, and a
//! place has one writer at a time anyway.

use app::api::{Answer, Call, Refusal};
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

struct Waiting {
    call: Call,
    reply: oneshot::Sender<Reply>,
}

/// Where calls are handed in.
#[derive(Clone)]
pub struct Desk(Sender<Waiting>);

impl Desk {
    /// Opens the desk. It closes when the last hold on it is let go of.
    pub fn open(app: Arc<App>) -> Self {
        let (sender, receiver) = channel();
        std::thread::spawn(move || serve(&app, &receiver));
        Self(sender)
    }

    /// Hands in a call and waits for its answer.
    ///
    /// # Errors
    /// It could not be answered.
    pub async fn ask(&self, call: Call) -> Reply {
        let (reply, answer) = oneshot::channel();
        self.0.send(Waiting { call, reply }).map_err(|_| Failed)?;
        answer.await.unwrap_or(Err(Failed))
    }
}

fn serve(app: &App, receiver: &Receiver<Waiting>) {
    while let Ok(first) = receiver.recv() {
        let (mut calls, mut replies) = (vec![first.call], vec![first.reply]);
        for next in receiver.try_iter().take(AT_ONCE - 1) {
            calls.push(next.call);
            replies.push(next.reply);
        }
        let answers = answers(app, &calls);
        for (reply, answer) in replies.into_iter().zip(answers) {
            // Who has gone away in the meantime needs no answer.
            let _ = reply.send(answer);
        }
    }
}

/// Answers calls together; if that fails, each by itself, so that one does not take the
/// others with it.
fn answers(app: &App, calls: &[Call]) -> Vec<Reply> {
    match together(app, calls) {
        Some(answers) => answers.into_iter().map(Ok).collect(),
        None if calls.len() == 1 => vec![Err(Failed)],
        None => calls
            .iter()
            .map(|call| {
                let alone = together(app, std::slice::from_ref(call));
                alone.and_then(|mut one| one.pop()).ok_or(Failed)
            })
            .collect(),
    }
}

fn together(app: &App, calls: &[Call]) -> Option<Vec<Result<Answer, Refusal>>> {
    match catch_unwind(AssertUnwindSafe(|| app.api(calls))) {
        Ok(Ok(answers)) => Some(answers),
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
