//! Asking to see a record without a link: for somebody who was traced, or by NHS number and date
//! of birth.

use super::form_page::{FormPage, Part};
use super::who;
use crate::Web;
use crate::components::{Choice, Field, Input, Radios, TextArea};
use crate::door::Visit;
use crate::form::{Reading, boxes, date_input};
use crate::routes::Outcome;
use crate::shell::{self, Section, Shell};
use access::{Action, Actor};
use app::person::opening::{Asked, Opening};
use kernel::{NhsNumber, PersonId};
use person::opening::OpeningReason;

/// What everybody is told before they open a record without a link.
const TOLD: [&str; 2] = [
    "You have no link with this person in Almoner. If you need the record, you can open it for one shift and say why.",
    "The privacy officer is told at once and reviews every opening. The person can see that you looked, and why.",
];

fn reasons(visit: &Visit, reading: &Reading) -> [Field; 2] {
    let current = visit.form.get("reason");
    let choices = OpeningReason::ALL
        .iter()
        .map(|reason| Choice::new(reason.as_str(), reason.in_words(), current))
        .collect();
    [
        Field::Choice(Radios {
            name: "reason".to_owned(),
            legend: "Why do you need to see the record?".to_owned(),
            error: reading.of("reason"),
            choices,
            ..Radios::default()
        }),
        Field::Area(TextArea {
            name: "words".to_owned(),
            label: "What has happened?".to_owned(),
            hint: "In your own words. The privacy officer reads this.".to_owned(),
            value: visit.form.get("words").to_owned(),
            error: reading.of("words"),
            rows: 3,
        }),
    ]
}

fn opening(visit: &Visit) -> Opening<'_> {
    Opening {
        reason: visit.form.get("reason"),
        words: visit.form.get("words"),
    }
}

fn page(web: &Web, visit: &Visit, actor: &Actor, id: PersonId, reading: Reading) -> Outcome {
    let Some(person) = web.app.to_open(actor, id)? else {
        return Ok(shell::see_other(&who::address_of(id)));
    };
    let born = who::born(person.birth_date, person.age_on(web.app.today()));
    let fields = reasons(visit, &reading).into();
    let mut intro: Vec<String> = TOLD.map(str::to_owned).into();
    intro.insert(
        0,
        format!(
            "NHS number {}. Born {born}.",
            who::nhs_number(person.nhs_number).to_lowercase()
        ),
    );
    shell::ok(&FormPage {
        shell: Shell::new(web, visit, "Ask to see a record", Section::Person)
            .with_faults(!reading.faults.is_empty()),
        faults: reading.faults,
        saved: "",
        person: person.list_name(),
        back: "/person/find".to_owned(),
        back_words: "Back to find a person",
        intro,
        action: format!("/person/{id}/open"),
        list: None,
        forms: vec![Part {
            title: "",
            intro: Vec::new(),
            hidden: Vec::new(),
            fields,
            button: "Open the record",
        }],
    })
}

pub(super) fn ask(web: &Web, visit: &Visit, actor: &Actor) -> Outcome {
    page(web, visit, actor, visit.id("id")?, Reading::default())
}

pub(super) fn open(web: &Web, visit: &Visit, actor: &Actor) -> Outcome {
    let id: PersonId = visit.id("id")?;
    match web.app.open_without_tie(actor, id, opening(visit)) {
        Ok(person) => Ok(shell::see_other(&who::address_of(person))),
        Err(app::Error::Invalid(errors)) => page(web, visit, actor, id, faults(errors)),
        Err(other) => Err(other.into()),
    }
}

fn faults(errors: Vec<app::FieldError>) -> Reading {
    let mut reading = Reading::default();
    for error in errors {
        reading.fault(error.field, error.text);
    }
    reading
}

fn by_number_page(web: &Web, visit: &Visit, reading: Reading, not_opened: bool) -> Outcome {
    let mut intro: Vec<String> = TOLD[1..].iter().map(|line| (*line).to_owned()).collect();
    if not_opened {
        intro = vec![
            "No record was opened. It may be that nobody is here with this NHS number and date of birth, or that a second person must agree first.".to_owned(),
            "Check both with the person or their family. If you are sure of them, ring the privacy officer now. What you asked for is written down.".to_owned(),
        ];
    }
    let mut fields = vec![
        Field::Text(Input {
            name: "number".to_owned(),
            label: "NHS number".to_owned(),
            hint: "For example, 999 123 4567".to_owned(),
            value: visit.form.get("number").to_owned(),
            error: reading.of("number"),
            inputmode: "numeric".to_owned(),
            autocomplete: "off".to_owned(),
            ..Input::default()
        }),
        Field::Day(date_input(
            "born",
            "Date of birth",
            "For example, 6 8 1938",
            boxes(&visit.form, "born"),
            reading.of("born"),
        )),
    ];
    fields.extend(reasons(visit, &reading));
    let title = match not_opened {
        true => "No record was opened",
        false => "Open a record in an emergency",
    };
    shell::ok(&FormPage {
        shell: Shell::new(web, visit, title, Section::Person)
            .with_faults(!reading.faults.is_empty()),
        faults: reading.faults,
        saved: "",
        person: String::new(),
        back: "/person/find".to_owned(),
        back_words: "Back to find a person",
        intro,
        action: "/person/emergency".to_owned(),
        list: None,
        forms: vec![Part {
            title: "",
            intro: Vec::new(),
            hidden: Vec::new(),
            fields,
            button: "Open the record",
        }],
    })
}

pub(super) fn emergency(web: &Web, visit: &Visit, actor: &Actor) -> Outcome {
    access::decide(actor, Action::OpenWithoutTie).map_err(app::Error::from)?;
    by_number_page(web, visit, Reading::default(), false)
}

pub(super) fn by_number(web: &Web, visit: &Visit, actor: &Actor) -> Outcome {
    access::decide(actor, Action::OpenWithoutTie).map_err(app::Error::from)?;
    let mut reading = Reading::default();
    let number = match NhsNumber::parse(visit.form.get("number")) {
        Ok(number) => Some(number),
        Err(_) => {
            reading.fault(
                "number",
                "Enter the 10 digits of the NHS number. Check each one",
            );
            None
        }
    };
    let born = reading.needed_date(&visit.form, "born", "The date of birth");
    let (Some(number), Some(born)) = (number, born) else {
        return by_number_page(web, visit, reading, false);
    };
    match web
        .app
        .open_by_number(actor, (number, born), opening(visit))
    {
        Ok(Asked::Opened(person)) => Ok(shell::see_other(&who::address_of(person))),
        Ok(Asked::NotOpened) => by_number_page(web, visit, reading, true),
        Err(app::Error::Invalid(errors)) => by_number_page(web, visit, faults(errors), false),
        Err(other) => Err(other.into()),
    }
}
