//! What became of requests for help, on the person's own pages.

use super::{START, TO_START};
use crate::door::Visit;
use crate::routes::Outcome;
use crate::shell::{self, Section, Shell};
use crate::{Web, words};
use ::flow::offer::NeedState;
use access::Actor;
use app::flow::begun::ToldBegun;
use app::flow::referrals::ToldReferral;
use askama::Template;
use store::referral::ReferralState;

/// One request as the person reads it.
struct Shown {
    title: String,
    lines: Vec<String>,
    answer: String,
    services: Vec<(String, String)>,
}

#[derive(Template)]
#[template(path = "me/referrals.html")]
struct Page {
    shell: Shell,
    back: &'static str,
    back_words: &'static str,
    referrals: Vec<Shown>,
}

/// How something stands that was begun, in a plain sentence.
fn begun(one: &ToldBegun) -> String {
    match one {
        ToldBegun::Assessment {
            carer,
            due_on,
            ended_on,
        } => {
            let what = match carer {
                true => "The assessment of the carer",
                false => "The assessment of what you need",
            };
            match (ended_on, due_on) {
                (Some(day), _) => format!("{what} ended on {}.", words::date(*day)),
                (None, Some(day)) => format!(
                    "{what} has begun. We aim to finish it by {}.",
                    words::date(*day)
                ),
                (None, None) => format!("{what} has begun."),
            }
        }
        ToldBegun::Service {
            state,
            service,
            starts_on,
        } => match (state, service) {
            (NeedState::Accepted, Some(service)) => {
                format!("{service} will come from {}.", words::date(*starts_on))
            }
            (NeedState::Started, Some(service)) => format!("{service} comes to you now."),
            (NeedState::Withdrawn, _) => {
                "We no longer look for a service to help you get back on your feet.".to_owned()
            }
            _ => "We are looking for a service to help you get back on your feet.".to_owned(),
        },
        ToldBegun::Step {
            due_on,
            ended_on,
            done,
        } => match (ended_on, done, due_on) {
            (Some(day), true, _) => {
                format!("The equipment was sorted out on {}.", words::date(*day))
            }
            (Some(_), false, _) => "The equipment is not needed any more.".to_owned(),
            (None, _, Some(day)) => format!(
                "We are getting the equipment. We aim to bring it by {}.",
                words::date(*day)
            ),
            (None, _, None) => "We are getting the equipment.".to_owned(),
        },
    }
}

fn shown(one: &ToldReferral) -> Shown {
    let who = if one.own {
        "You asked"
    } else {
        "Somebody asked for you"
    };
    let day = |at| words::date(words::day_of(at));
    let mut lines = Vec::new();
    match (one.state, one.decided_at) {
        (ReferralState::Decided, Some(at)) => lines.push(format!("Decided on {}.", day(at))),
        (ReferralState::Taken, _) => {
            lines.push("Somebody is looking at it.".to_owned());
            lines.push(format!(
                "You hear from us by {}.",
                words::date_time(one.due_at)
            ));
        }
        _ => {
            lines.push("It is in the queue.".to_owned());
            lines.push(format!(
                "Somebody decides by {}.",
                words::date_time(one.due_at)
            ));
        }
    }
    let outcomes: Vec<&str> = one.outcomes.iter().map(|one| one.in_words()).collect();
    lines.extend(one.begun.iter().map(begun));
    if !outcomes.is_empty() {
        lines.push(format!(
            "What is done: {}.",
            outcomes.join("; ").to_lowercase()
        ));
    }
    Shown {
        title: format!("{who} on {}", day(one.sent_at)),
        lines,
        answer: one.answer.clone(),
        services: one
            .services
            .iter()
            .map(|(id, name)| (format!("/directory/{id}"), name.clone()))
            .collect(),
    }
}

pub(super) fn page(web: &Web, visit: &Visit, actor: &Actor) -> Outcome {
    let found = web.app.own_referrals(actor)?;
    shell::ok(&Page {
        shell: Shell::new(web, visit, "Asking for help", Section::Own),
        back: START,
        back_words: TO_START,
        referrals: found.iter().map(shown).collect(),
    })
}
