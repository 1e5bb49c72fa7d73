//! Asking to have something put right, and what became of it.

use super::{START, TO_START, words as own_words};
use crate::components::{Choice, Fault, Radios, Tag, TextArea};
use crate::door::Visit;
use crate::routes::Outcome;
use crate::shell::{self, Section, Shell};
use crate::trouble::Trouble;
use crate::{Web, words};
use ::person::correction::Clock;
use access::Actor;
use app::person::own::{About, AskedCorrection, CorrectionsPage};
use askama::Template;
use kernel::TimelineId;
use store::correction::CorrectionState;

/// One request.
struct Asked {
    about: String,
    state: Tag,
    words: String,
    facts: Vec<String>,
    answer: String,
    refused: bool,
}

#[derive(Template)]
#[template(path = "me/correct.html")]
struct Page {
    shell: Shell,
    back: &'static str,
    back_words: &'static str,
    saved: String,
    faults: Vec<Fault>,
    about: Radios,
    line_id: String,
    line_title: String,
    line_facts: String,
    words: TextArea,
    asked: Vec<Asked>,
}

/// How a request stands, as a tag.
pub(in crate::person) fn state(asked: &AskedCorrection) -> Tag {
    match (asked.correction.state, asked.clock) {
        (CorrectionState::Open, Some(Clock::Late(_))) => Tag::new("Late", "red"),
        (CorrectionState::Open, _) => Tag::new("Waiting for an answer", "blue"),
        (CorrectionState::Changed, _) => Tag::new("Put right", "green"),
        (CorrectionState::Refused, _) => Tag::new("Not changed", "grey"),
    }
}

/// How long there is left to answer; empty once it is answered.
pub(in crate::person) fn clock(asked: &AskedCorrection) -> String {
    let due = words::date(asked.correction.due_on);
    match asked.clock {
        None => String::new(),
        Some(Clock::Left(0)) => format!("The last day for an answer is today, {due}."),
        Some(Clock::Left(days)) => format!(
            "The last day for an answer is {due}, in {}.",
            words::counted(days, "day")
        ),
        Some(Clock::Late(days)) => format!(
            "The last day for an answer was {due}. It is {} late.",
            words::counted(days, "day")
        ),
    }
}

/// What a request is about, in words.
pub(in crate::person) fn about(asked: &AskedCorrection) -> String {
    match (&asked.line, asked.correction.about.as_str()) {
        (Some(line), _) => words::known(&line.title).to_owned(),
        (None, "details") => "Name, address and other details".to_owned(),
        (None, _) => "The record as a whole".to_owned(),
    }
}

fn told(asked: &AskedCorrection) -> Asked {
    let one = &asked.correction;
    let day = |at| words::date(words::day_of(at));
    let mut facts = vec![format!("You asked on {}.", day(one.asked_at))];
    facts.extend(Some(clock(asked)).filter(|text| !text.is_empty()));
    if let Some((at, who)) = &one.answered {
        let late = day_late(asked);
        facts.push(format!("Answered on {} by {who}.{late}", day(*at)));
    }
    Asked {
        about: about(asked),
        state: state(asked),
        words: one.words.clone(),
        facts,
        answer: one.answer.clone(),
        refused: one.state == CorrectionState::Refused,
    }
}

/// That an answer came late, where it did.
fn day_late(asked: &AskedCorrection) -> String {
    let one = &asked.correction;
    let answered = one.answered.as_ref().map(|(at, _)| words::day_of(*at));
    match answered.map(|day| words::days_between(one.due_on, day)) {
        Some(days @ 1..) => format!(" That was {} late.", words::counted(days, "day")),
        _ => String::new(),
    }
}

fn drawn(web: &Web, visit: &Visit, found: &CorrectionsPage, faults: Vec<Fault>) -> Page {
    let wrong = |field: &str| {
        faults
            .iter()
            .find(|fault| fault.field == field)
            .map(|fault| fault.text.clone())
    };
    let chosen = match visit.is_form() {
        true => visit.form.get("about"),
        false => visit.query.get("about"),
    };
    let line = found
        .line
        .as_ref()
        .map(|line| (line.id, own_words::told(line, true)));
    let saved = match visit.query.given("saved") {
        None => String::new(),
        Some(_) => found.asked.first().map_or_else(String::new, |one| {
            format!("We have your request. {}", clock(one))
        }),
    };
    Page {
        shell: Shell::new(web, visit, "Ask to put something right", Section::Own)
            .with_faults(!faults.is_empty()),
        back: START,
        back_words: TO_START,
        saved,
        about: Radios {
            name: "about".to_owned(),
            legend: "What is it about?".to_owned(),
            hint: String::new(),
            error: wrong("about"),
            choices: vec![
                Choice::new("details", "My name, address or other details", chosen),
                Choice::new(
                    "record",
                    "Something in my record, or missing from it",
                    chosen,
                ),
            ],
        },
        words: TextArea {
            name: "words".to_owned(),
            label: "What is wrong, and what would be right?".to_owned(),
            hint: "In your own words. Whoever answers reads them.".to_owned(),
            value: visit.form.get("words").to_owned(),
            error: wrong("words"),
            rows: 5,
        },
        line_id: line
            .as_ref()
            .map(|(id, _)| id.to_string())
            .unwrap_or_default(),
        line_facts: line
            .as_ref()
            .map(|(_, told)| told.facts.clone())
            .unwrap_or_default(),
        line_title: line.map(|(_, told)| told.title).unwrap_or_default(),
        asked: found.asked.iter().map(told).collect(),
        faults,
    }
}

pub(super) fn page(web: &Web, visit: &Visit, actor: &Actor) -> Outcome {
    let line = match visit.query.given("line") {
        Some(text) => Some(text.parse::<TimelineId>().map_err(|_| Trouble::NotFound)?),
        None => None,
    };
    let found = web.app.own_corrections(actor, line)?;
    shell::ok(&drawn(web, visit, &found, Vec::new()))
}

pub(super) fn ask(web: &Web, visit: &Visit, actor: &Actor) -> Outcome {
    let line = match visit.form.given("line") {
        Some(text) => Some(text.parse::<TimelineId>().map_err(|_| Trouble::NotFound)?),
        None => None,
    };
    let about = match (line, visit.form.get("about")) {
        (Some(id), _) => Some(About::Line(id)),
        (None, "details") => Some(About::Details),
        (None, "record") => Some(About::Record),
        (None, _) => None,
    };
    let again = |faults: Vec<Fault>| -> Outcome {
        let found = web.app.own_corrections(actor, line)?;
        shell::ok(&drawn(web, visit, &found, faults))
    };
    let Some(about) = about else {
        return again(vec![Fault {
            field: "about".to_owned(),
            text: "Choose what it is about".to_owned(),
        }]);
    };
    match web
        .app
        .ask_correction(actor, about, visit.form.get("words"))
    {
        Ok(_) => Ok(shell::see_other("/me/correct?saved=1")),
        Err(app::Error::Invalid(wrong)) => again(super::faults(&wrong)),
        Err(other) => Err(other.into()),
    }
}
