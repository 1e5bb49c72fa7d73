//! The list of work: open steps of one's own organisation, offers, and what is late.

use super::chain::moment;
use super::step::steps_address;
use super::tabs::{Tabs, tabs};
use crate::components::Tag;
use crate::door::Visit;
use crate::routes::Outcome;
use crate::shell::{self, Section, Shell};
use crate::{Web, words};
use ::flow::chain::StepState;
use ::flow::chain::handover::Escalation;
use access::Actor;
use app::flow::{WorkRow, WorkWhich};
use askama::Template;
use jiff::Timestamp;

/// One step of the list.
pub(super) struct Line {
    pub(super) name: String,
    pub(super) case: String,
    pub(super) case_href: String,
    pub(super) title: String,
    pub(super) owner: String,
    pub(super) due: String,
    pub(super) overdue: String,
    pub(super) state: Tag,
    pub(super) note: Vec<String>,
    /// Where an offer is answered; empty if it is not theirs to answer.
    pub(super) answer: String,
}

#[derive(Template)]
#[template(path = "flow/work.html")]
struct WorkPage {
    shell: Shell,
    tabs: Tabs,
    which: Vec<(&'static str, &'static str, bool)>,
    none: &'static str,
    caption: &'static str,
    lines: Vec<Line>,
    more: bool,
}

const WHICH: [(&str, &str, WorkWhich); 4] = [
    ("mine", "Your organisation's", WorkWhich::Mine),
    ("offered", "Offered, no answer yet", WorkWhich::Offered),
    ("late", "Late", WorkWhich::Late),
    ("all", "All", WorkWhich::All),
];

pub(super) fn page(web: &Web, visit: &Visit, actor: &Actor) -> Outcome {
    let asked = visit.query.get("which");
    let which = WHICH
        .iter()
        .find(|(name, ..)| *name == asked)
        .map_or(WorkWhich::Mine, |(_, _, which)| *which);
    let work = web.app.work(actor, which)?;
    let now = web.app.now();
    shell::ok(&WorkPage {
        shell: Shell::new(web, visit, "Steps to do", Section::Board),
        tabs: tabs(actor, "/flow/work"),
        which: WHICH
            .iter()
            .map(|(name, text, one)| (*name, *text, *one == which))
            .collect(),
        none: match which {
            WorkWhich::Mine => "Your organisation has no open steps.",
            WorkWhich::Offered => "No offer waits for an answer.",
            WorkWhich::Late => "No step is late.",
            WorkWhich::All => "No steps are open.",
        },
        caption: "Open steps, those due first at the top",
        lines: work.rows.iter().map(|row| line(row, now)).collect(),
        more: work.more,
    })
}

pub(super) fn state_tag(state: StepState) -> Tag {
    let colour = match state {
        StepState::NotStarted => "grey",
        StepState::GoingOn => "blue",
        StepState::Waiting => "yellow",
        StepState::Done | StepState::DoneElsewhere => "green",
        StepState::NotNeeded => "white",
    };
    Tag::new(words::sentence(state.as_str()), colour)
}

/// Whom the silence on an offer is told to, in words; empty while the answer is not due.
pub(super) fn silence(escalation: Escalation) -> String {
    match escalation {
        Escalation::None => String::new(),
        Escalation::TheirLead => "No answer in time: tell whoever leads them".to_owned(),
        Escalation::Hub => "No answer for long: the hub must ring or ask another".to_owned(),
    }
}

pub(super) fn line(row: &WorkRow, now: Timestamp) -> Line {
    let line = &row.line;
    let name = person::list_name(&line.family_name, &line.given_name);
    let mut note = Vec::new();
    note.extend(
        row.waits_for
            .as_ref()
            .map(|why| format!("Waits for: {}", words::lower_first(why))),
    );
    if let Some((offer, from, to)) = &line.offer {
        note.push(format!(
            "{} offered it to {to} {}",
            from.as_deref().unwrap_or("Somebody"),
            words::near_time(offer.offered_at, now)
        ));
        note.push(silence(row.escalation));
    }
    note.retain(|text| !text.is_empty());
    let answer = match (&line.offer, row.offered_to_me) {
        (Some((offer, ..)), true) => format!("/flow/handover/{}", offer.id),
        _ => String::new(),
    };
    Line {
        name,
        case: words::sentence(line.case.in_words()),
        case_href: steps_address(line.case, &line.case_id),
        title: line.title.clone(),
        owner: super::board::owner(&line.owner_name, line.owner.as_deref()),
        due: line.due_at.map_or_else(
            || "No time set".to_owned(),
            |due| format!("Due {}", moment(due, now)),
        ),
        overdue: row
            .overdue
            .as_deref()
            .map(words::sentence)
            .unwrap_or_default(),
        state: state_tag(line.state),
        note,
        answer,
    }
}
