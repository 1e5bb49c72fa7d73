//! What became of requests for help, on the person's own pages.

use super::{START, TO_START};
use crate::door::Visit;
use crate::routes::Outcome;
use crate::shell::{self, Section, Shell};
use crate::{Web, words};
use access::Actor;
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
