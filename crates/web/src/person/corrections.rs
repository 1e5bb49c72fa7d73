//! What people ask to have put right, for those who answer.

use super::own::correct::{about, clock, state};
use super::who;
use crate::components::{Choice, Fault, Radios, Tag, TextArea};
use crate::door::Visit;
use crate::routes::Outcome;
use crate::shell::{self, Section, Shell};
use crate::trouble::Trouble;
use crate::{Web, words};
use access::Actor;
use app::person::own::{Answer, CorrectionPage};
use askama::Template;
use kernel::CorrectionId;

/// One line of a list.
struct Line {
    href: String,
    name: String,
    about: String,
    asked: String,
    state: Tag,
    clock: String,
}

struct List {
    heading: &'static str,
    none: &'static str,
    lines: Vec<Line>,
}

#[derive(Template)]
#[template(path = "person/corrections.html")]
struct ListPage {
    shell: Shell,
    saved: bool,
    lists: Vec<List>,
}

#[derive(Template)]
#[template(path = "person/correction.html")]
struct OnePage {
    shell: Shell,
    faults: Vec<Fault>,
    name: String,
    facts: Vec<(&'static str, String)>,
    state: Tag,
    clock: String,
    words: String,
    href: String,
    answer: Option<String>,
    answered: String,
    action: String,
    version: i64,
    verdict: Radios,
    reason: TextArea,
}

fn day(at: jiff::Timestamp) -> String {
    words::date(words::day_of(at))
}

fn line(page: &CorrectionPage) -> Line {
    let one = &page.asked.correction;
    Line {
        href: format!("/corrections/{}", one.id),
        name: page.person.list_name(),
        about: about(&page.asked),
        asked: day(one.asked_at),
        state: state(&page.asked),
        clock: match &one.answered {
            Some((at, who)) => format!("On {} by {who}", day(*at)),
            None => clock(&page.asked),
        },
    }
}

pub(super) fn list(web: &Web, visit: &Visit, actor: &Actor) -> Outcome {
    let (waiting, answered) = web.app.corrections(actor)?;
    shell::ok(&ListPage {
        shell: Shell::new(web, visit, "Asked to be put right", Section::Corrections),
        saved: visit.query.given("saved").is_some(),
        lists: vec![
            List {
                heading: "Waiting for an answer",
                none: "Nothing waits for an answer.",
                lines: waiting.iter().map(line).collect(),
            },
            List {
                heading: "Answered",
                none: "Nothing was answered yet.",
                lines: answered.iter().map(line).collect(),
            },
        ],
    })
}

fn drawn(web: &Web, visit: &Visit, page: &CorrectionPage, faults: Vec<Fault>) -> OnePage {
    let wrong = |field: &str| {
        faults
            .iter()
            .find(|fault| fault.field == field)
            .map(|fault| fault.text.clone())
    };
    let one = &page.asked.correction;
    let mut facts = vec![
        ("NHS number", who::nhs_number(page.person.nhs_number)),
        ("About", about(&page.asked)),
    ];
    if let Some(line) = &page.asked.line {
        let when = words::when(line.happened_at.as_deref());
        facts.push(("Date", when));
        facts.push(("From", words::known(&line.source).to_owned()));
    }
    facts.push(("Asked on", day(one.asked_at)));
    let current = visit.form.get("verdict");
    OnePage {
        shell: Shell::new(web, visit, "Asked to be put right", Section::Corrections)
            .with_faults(!faults.is_empty()),
        name: page.person.list_name(),
        facts,
        state: state(&page.asked),
        clock: clock(&page.asked),
        words: one.words.clone(),
        href: match page.sees_record {
            true => who::address_of(one.person),
            false => String::new(),
        },
        answer: one.answered.as_ref().map(|_| one.answer.clone()),
        answered: one.answered.as_ref().map_or_else(String::new, |(at, who)| {
            format!("Answered on {} by {who}.", day(*at))
        }),
        action: format!("/corrections/{}", one.id),
        version: one.version,
        verdict: Radios {
            name: "verdict".to_owned(),
            legend: "What did you do?".to_owned(),
            hint: "Put it right where it was written first: the source's own system sends the \
                   change here."
                .to_owned(),
            error: wrong("verdict"),
            choices: vec![
                Choice::new("changed", "It is put right", current),
                Choice::new("refused", "It is not changed", current),
            ],
        },
        reason: TextArea {
            name: "words".to_owned(),
            label: "Your answer to the person".to_owned(),
            hint:
                "Say what was changed, or why it was not. They read it as you write it. If it is \
                   not changed, their page also tells them how to complain."
                    .to_owned(),
            value: visit.form.get("words").to_owned(),
            error: wrong("words"),
            rows: 5,
        },
        faults,
    }
}

pub(super) fn page(web: &Web, visit: &Visit, actor: &Actor) -> Outcome {
    let found = web.app.correction(actor, visit.id("id")?)?;
    shell::ok(&drawn(web, visit, &found, Vec::new()))
}

pub(super) fn answer(web: &Web, visit: &Visit, actor: &Actor) -> Outcome {
    let id: CorrectionId = visit.id("id")?;
    let version = visit.form.get("version").parse().unwrap_or(0);
    let again = |faults: Vec<Fault>| -> Outcome {
        let found = web.app.correction(actor, id)?;
        shell::ok(&drawn(web, visit, &found, faults))
    };
    let answer = match visit.form.get("verdict") {
        "changed" => Answer::Changed,
        "refused" => Answer::Refused,
        _ => {
            return again(vec![Fault {
                field: "verdict".to_owned(),
                text: "Choose what you did".to_owned(),
            }]);
        }
    };
    let typed = visit.form.get("words");
    match web.app.answer_correction(actor, id, version, answer, typed) {
        Ok(()) => Ok(shell::see_other("/corrections?saved=1")),
        Err(app::Error::Invalid(wrong)) => again(super::own::faults(&wrong)),
        Err(app::Error::Stale { who, what }) => Err(Trouble::Stale {
            who,
            what,
            back: format!("/corrections/{id}"),
            typed: vec![("Your answer".to_owned(), typed.to_owned())],
        }),
        Err(other) => Err(other.into()),
    }
}
