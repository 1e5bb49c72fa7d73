//! The sets of steps that a place has, which is in use, and the switch between them.

use super::tabs::{Tabs, tabs};
use crate::components::{Choice, Fault, Field, Input, Radios, TextArea};
use crate::door::Visit;
use crate::form::{Reading, boxes, date_input};
use crate::routes::Outcome;
use crate::shell::{self, Section, Shell};
use crate::{Web, words};
use ::flow::chain::CaseKind;
use access::{Action, Actor};
use app::flow::SetsPage;
use askama::Template;
use jiff::Timestamp;

struct Set {
    title: String,
    in_use: bool,
    open: String,
    steps: Vec<(String, String)>,
}

struct Case {
    title: String,
    sets: Vec<Set>,
    gone: Vec<String>,
    switches: Vec<String>,
}

#[derive(Template)]
#[template(path = "flow/sets.html")]
struct Page {
    shell: Shell,
    tabs: Tabs,
    saved: String,
    faults: Vec<Fault>,
    cases: Vec<Case>,
    /// The fields of the switch; empty for those who may not.
    fields: Vec<Field>,
}

fn case(page: &SetsPage, now: Timestamp) -> Case {
    let title_of = |set: &str| {
        let found = page.sets.iter().find(|one| one.set == set);
        found.map_or_else(|| set.to_owned(), |one| one.title.clone())
    };
    let cases = |open: i64| format!("{} in it", words::counted(open, "open case"));
    Case {
        title: words::sentence(page.case.in_words()),
        sets: page
            .sets
            .iter()
            .map(|set| Set {
                title: set.title.clone(),
                in_use: set.in_use,
                open: cases(set.open),
                steps: set.steps.clone(),
            })
            .collect(),
        gone: page
            .gone
            .iter()
            .map(|(set, open)| {
                format!(
                    "The set \"{set}\" is no longer in policy/flow. {}; they keep their steps.",
                    cases(*open)
                )
            })
            .collect(),
        switches: page
            .switches
            .iter()
            .map(|one| {
                let moved = match one.moved {
                    0 => "Open cases kept their steps.".to_owned(),
                    moved => format!("{} moved.", words::counted(moved, "open case")),
                };
                format!(
                    "To \"{}\" from {}, by {} ({}). Why: {}. {moved}",
                    title_of(&one.set),
                    words::near_time(one.from, now),
                    words::known(&one.said_by),
                    words::known(&one.organisation),
                    words::known(&one.why)
                )
            })
            .collect(),
    }
}

fn fields(visit: &Visit, pages: &[SetsPage], reading: &Reading) -> Vec<Field> {
    let form = &visit.form;
    let mut choices = Vec::new();
    for page in pages {
        for set in &page.sets {
            let value = format!("{}:{}", page.case.as_str(), set.set);
            let text = format!("{}: {}", words::sentence(page.case.in_words()), set.title);
            choices.push(Choice::new(value, text, form.get("set")));
        }
    }
    vec![
        Field::Choice(Radios {
            name: "set".to_owned(),
            legend: "Which set of steps?".to_owned(),
            error: reading.of("set"),
            choices,
            ..Radios::default()
        }),
        Field::Choice(Radios {
            name: "when".to_owned(),
            legend: "From when?".to_owned(),
            error: reading.of("when"),
            choices: vec![
                Choice::new("now", "Now, for new cases", form.get("when")),
                Choice::new("move", "Now, and move the open cases too", form.get("when")),
                Choice::new(
                    "later",
                    "From a later day and time, for new cases",
                    form.get("when"),
                ),
            ],
            ..Radios::default()
        }),
        Field::Day(date_input(
            "from",
            "If later, which day?",
            "",
            boxes(form, "from"),
            reading.of("from"),
        )),
        Field::Text(Input {
            name: "time".to_owned(),
            label: "And at what time?".to_owned(),
            hint: "Such as 8am. Empty is midnight".to_owned(),
            value: form.get("time").to_owned(),
            error: reading.of("time"),
            classes: "nhsuk-input--width-10".to_owned(),
            autocomplete: "off".to_owned(),
            ..Input::default()
        }),
        Field::Area(TextArea {
            name: "why".to_owned(),
            label: "Why?".to_owned(),
            hint: String::new(),
            value: form.get("why").to_owned(),
            error: reading.of("why"),
            rows: 2,
        }),
    ]
}

fn drawn(web: &Web, visit: &Visit, actor: &Actor, reading: Reading) -> Outcome {
    let pages = web.app.step_sets(actor)?;
    let may = access::decide(actor, Action::SwitchWorkflow).is_ok();
    let now = web.app.now();
    shell::ok(&Page {
        shell: Shell::new(web, visit, "Sets of steps", Section::Board)
            .with_faults(!reading.faults.is_empty()),
        tabs: tabs(actor, "/flow/steps"),
        saved: match visit.query.given("saved") {
            Some(_) => "Saved".to_owned(),
            None => String::new(),
        },
        fields: match may {
            true => fields(visit, &pages, &reading),
            false => Vec::new(),
        },
        faults: reading.faults,
        cases: pages.iter().map(|page| case(page, now)).collect(),
    })
}

pub(super) fn page(web: &Web, visit: &Visit, actor: &Actor) -> Outcome {
    drawn(web, visit, actor, Reading::default())
}

pub(super) fn switch(web: &Web, visit: &Visit, actor: &Actor) -> Outcome {
    access::decide(actor, Action::SwitchWorkflow).map_err(app::Error::from)?;
    let form = &visit.form;
    let mut reading = Reading::default();
    let chosen = form
        .get("set")
        .split_once(':')
        .and_then(|(case, set)| Some((CaseKind::parse(case)?, set)));
    if chosen.is_none() {
        reading.fault("set", "Choose a set of steps");
    }
    let when = form.get("when");
    let mut from = None;
    match when {
        "now" | "move" => {}
        "later" => {
            let day = reading.needed_date(form, "from", "The day");
            let (hour, minute) = reading.time(form, "time").unwrap_or((0, 0));
            from = day.and_then(|day| words::local(day, hour, minute));
        }
        _ => reading.fault("when", "Choose from when"),
    }
    let why = reading.text(
        form,
        "why",
        "Say why the steps are switched",
        kernel::limits::TEXT_CHARACTERS,
    );
    if let Some((case, set)) = chosen.filter(|_| reading.faults.is_empty()) {
        match web
            .app
            .switch_set(actor, case, set, from, when == "move", &why)
        {
            Ok(_) => return Ok(shell::see_other("/flow/steps?saved=yes")),
            Err(app::Error::Invalid(errors)) => {
                for error in errors {
                    let field = if error.field == "from" {
                        "from-day"
                    } else {
                        error.field
                    };
                    reading.fault(field, error.text);
                }
            }
            Err(other) => return Err(other.into()),
        }
    }
    drawn(web, visit, actor, reading)
}
