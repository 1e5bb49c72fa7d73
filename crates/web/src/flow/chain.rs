//! The chain of steps, the list for leaving and the reviews, as the page of a stay shows them.

use super::board;
use super::work::{silence, state_tag};
use crate::components::Tag;
use crate::door::Visit;
use crate::routes::Outcome;
use crate::shell::{self, Section, Shell};
use crate::trouble::Trouble;
use crate::{Web, words};
use ::flow::chain::{CaseKind, StepState};
use ::flow::reside::Due;
use access::{Action, Actor};
use app::flow::{ChainView, HubNotes, StepView};
use askama::Template;
use jiff::Timestamp;
use jiff::civil::Time;
use kernel::calendar::local;

/// One step as the page shows it.
#[derive(Clone, Debug)]
pub struct ChainLine {
    /// What is to be done.
    pub title: String,
    /// Whose it is.
    pub owner: String,
    /// Its clock, a line each.
    pub clock: Vec<String>,
    /// `Overdue by 3 hours`; empty while it is in time.
    pub overdue: String,
    /// Where it stands.
    pub state: Tag,
    /// What to know: reasons, offers, days and cost.
    pub notes: Vec<String>,
    /// Where it is worked on; empty for those who may not.
    pub change: String,
    /// Where its offer is answered; empty if it is not theirs.
    pub answer: String,
}

/// One line of a history.
#[derive(Clone, Debug)]
pub struct Past {
    /// When and who.
    pub when: String,
    /// What, and why.
    pub what: String,
}

/// The chain as the page shows it.
#[derive(Clone, Debug)]
pub struct ChainPart {
    /// Each step.
    pub lines: Vec<ChainLine>,
    /// What people did, newest first.
    pub history: Vec<Past>,
    /// "2 days of delay belong to no step."; empty if all do.
    pub nobodys: String,
}

/// The chain of a case that is no stay.
#[derive(Template)]
#[template(path = "flow/chain.html")]
struct CasePage {
    shell: Shell,
    saved: String,
    back: String,
    person: String,
    chain: ChainPart,
}

pub(super) fn page(web: &Web, visit: &Visit, actor: &Actor) -> Outcome {
    access::decide(actor, Action::WorkSteps).map_err(app::Error::from)?;
    let kind = CaseKind::parse(visit.param("what")).ok_or(Trouble::NotFound)?;
    let page = web.app.case_steps(actor, kind, visit.param("id"))?;
    shell::ok(&CasePage {
        shell: Shell::new(
            web,
            visit,
            format!("Steps of a {}", kind.in_words()),
            Section::Board,
        ),
        saved: match visit.query.given("saved") {
            Some(_) => "Saved".to_owned(),
            None => String::new(),
        },
        back: super::step::case_address(kind, &page.case_id),
        person: page.person.clone(),
        chain: part(&page.chain, web.app.now()),
    })
}

pub(super) fn part(view: &ChainView, now: Timestamp) -> ChainPart {
    ChainPart {
        lines: view.steps.iter().map(|step| line(step, now)).collect(),
        history: view
            .events
            .iter()
            .map(|event| Past {
                when: format!(
                    "{}, {}, {}",
                    words::date_time(event.at),
                    words::known(&event.actor),
                    words::known(&event.organisation)
                ),
                what: [event.step.as_str(), event.what.as_str(), event.why.as_str()]
                    .iter()
                    .filter(|text| !text.is_empty())
                    .copied()
                    .collect::<Vec<_>>()
                    .join(". "),
            })
            .collect(),
        nobodys: match view.nobodys {
            0 => String::new(),
            days => format!(
                "{} of delay: no step was open, so nobody had the move.",
                words::counted(days, "day")
            ),
        },
    }
}

/// A moment in words; midday sharp stands for a day whose time nobody knows.
pub(super) fn moment(at: Timestamp, now: Timestamp) -> String {
    let there = local(at);
    match there.time() == jiff::civil::time(12, 0, 0, 0) {
        true => words::date(there.date()),
        false => words::near_time(at, now),
    }
}

fn line(view: &StepView, now: Timestamp) -> ChainLine {
    let step = &view.step;
    let mut clock = Vec::new();
    if step.state != StepState::NotNeeded {
        clock.extend(
            step.started_at
                .map(|at| format!("From {}", moment(at, now))),
        );
        match (step.ended_at, step.due_at) {
            (Some(at), _) => clock.push(format!("Ended {}", moment(at, now))),
            (None, Some(due)) if step.state.is_open() => {
                clock.push(format!("Due {}", moment(due, now)));
            }
            _ => {}
        }
    }
    if clock.is_empty() {
        clock.push(match step.state {
            StepState::NotNeeded => "Not applicable".to_owned(),
            StepState::NotStarted => "Not started".to_owned(),
            _ => "No time set".to_owned(),
        });
    }
    let answer = view
        .offer
        .as_ref()
        .filter(|offer| offer.mine)
        .map(|offer| format!("/flow/handover/{}", offer.offer.id));
    ChainLine {
        title: step.title.clone(),
        owner: match board::owner(&step.owner_name, view.owner.as_deref()) {
            owner if owner.is_empty() => format!("{}, not known yet", step.role.in_words()),
            owner => owner,
        },
        clock,
        overdue: view
            .overdue
            .as_deref()
            .map(words::sentence)
            .unwrap_or_default(),
        state: state_tag(step.state),
        notes: notes(view, now),
        // What the record ended, only the record can open again.
        change: match view.mine && !(step.state == StepState::Done && step.ends_with.is_some()) {
            true => format!("/flow/step/{}", step.id),
            false => String::new(),
        },
        answer: answer.unwrap_or_default(),
    }
}

fn notes(view: &StepView, now: Timestamp) -> Vec<String> {
    let mut notes = Vec::new();
    if let Some(why) = &view.waits_for {
        notes.push(format!("Waits for: {}", words::lower_first(why)));
    }
    if !view.step.ended_why.is_empty() {
        notes.push(view.step.ended_why.clone());
    }
    if let Some(offer) = &view.offer {
        notes.push(format!(
            "Offered to {} {}. It stays with {} until they accept.",
            offer.to,
            words::near_time(offer.offer.offered_at, now),
            offer.from.as_deref().unwrap_or("nobody")
        ));
        notes.push(silence(offer.escalation));
    }
    for (owner, share) in &view.days {
        let cost = match share.cost {
            Some(cost) => format!(", {cost}"),
            None => ", unit cost not known".to_owned(),
        };
        notes.push(format!(
            "{} of delay{cost}: {}",
            words::counted(share.days, "day"),
            owner.as_deref().unwrap_or("nobody named")
        ));
    }
    notes.retain(|note| !note.is_empty());
    notes
}

/// What the hub and the ward wrote down, as the page shows it.
#[derive(Clone, Debug)]
pub struct NotesPart {
    /// Each thing on the list for leaving: what, how it stands, and who said so.
    pub checklist: Vec<(String, Tag, String)>,
    /// "4 of 7 done or not needed."
    pub checked: String,
    /// Where today's review stands, in words.
    pub reside: String,
    /// Whether that is late.
    pub reside_late: bool,
    /// Reviews, newest first.
    pub resides: Vec<Past>,
    /// "Review at 14 days is due."; empty if none is.
    pub long_due: String,
    /// Reviews of the long stay, newest first.
    pub longs: Vec<Past>,
    /// Address of the stay for the forms; empty for those who may not, or once it is over.
    pub base: String,
}

fn clock(time: Time) -> String {
    let at = jiff::civil::date(2000, 1, 1).to_datetime(time);
    kernel::calendar::time_in_words(at)
}

fn reside(due: Option<Due>) -> (String, bool) {
    match due {
        None => (String::new(), false),
        Some(Due::Made(None)) => ("Reviewed for today.".to_owned(), false),
        Some(Due::Made(Some(next))) => (
            format!("Reviewed. The next review is due by {}.", clock(next)),
            false,
        ),
        Some(Due::Until(by)) => (format!("A review is due by {}.", clock(by)), false),
        Some(Due::Late(by)) => (
            format!("The review due by {} was not made.", clock(by)),
            true,
        ),
    }
}

pub(super) fn hub(notes: &HubNotes, base: String, now: Timestamp) -> NotesPart {
    let who = |at: Timestamp, actor: &str, organisation: &str| {
        format!(
            "{}, {}, {}",
            words::sentence(&words::near_time(at, now)),
            words::known(actor),
            words::known(organisation)
        )
    };
    let tag = |state: &str| match state {
        "done" => Tag::new("Done", "green"),
        "not needed" => Tag::new("Not needed", "white"),
        _ => Tag::new("Not yet", "grey"),
    };
    let ready = notes.checklist.iter().filter(|line| {
        let said = line.said.as_ref();
        said.is_some_and(|said| said.state != "open")
    });
    let (reside, reside_late) = reside(notes.reside_due);
    NotesPart {
        checked: format!(
            "{} of {} done or not needed.",
            ready.count(),
            notes.checklist.len()
        ),
        checklist: notes
            .checklist
            .iter()
            .map(|line| match &line.said {
                None => (line.label.clone(), tag("open"), String::new()),
                Some(said) => {
                    let by = who(said.at, &said.actor, &said.organisation);
                    let note = match said.note.is_empty() {
                        true => by,
                        false => format!("{}. {by}", said.note),
                    };
                    (line.label.clone(), tag(&said.state), note)
                }
            })
            .collect(),
        reside,
        reside_late,
        resides: notes
            .resides
            .iter()
            .map(|line| {
                let review = &line.review;
                let mut reasons = line.criteria.clone();
                reasons.extend((!review.exception.is_empty()).then(|| review.exception.clone()));
                Past {
                    when: who(review.at, &review.actor, &review.organisation),
                    what: match review.meets {
                        true => format!("Needs a hospital bed: {}", reasons.join("; ")),
                        false => "Does not need a hospital bed".to_owned(),
                    },
                }
            })
            .collect(),
        long_due: notes
            .review_due
            .map(|mark| format!("The review at {mark} days is due."))
            .unwrap_or_default(),
        longs: notes
            .reviews
            .iter()
            .map(|review| Past {
                when: who(review.at, &review.actor, &review.organisation),
                what: format!(
                    "At {} days. Found: {}. Next: {}",
                    review.mark, review.found, review.next
                ),
            })
            .collect(),
        base,
    }
}
