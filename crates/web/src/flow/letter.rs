//! Letters about choice: which were given, the next one written, looked at and recorded; and one
//! that was given, to print.

use super::pieces::Which;
use crate::components::{Choice, Fault, Field, Input, Radios, TextArea};
use crate::door::Visit;
use crate::form::{self, Reading};
use crate::person::acting;
use crate::person::who;
use crate::routes::Outcome;
use crate::shell::{self, Section, Shell};
use crate::trouble::Trouble;
use crate::{Web, words};
use ::flow::letter::{Block, Filled, Letter, LetterKind, Reader, in_turn};
use ::person::acting::Acting;
use access::Actor;
use app::flow::{LettersPage, NewLetter};
use askama::Template;
use kernel::{StayId, limits};
use store::flow::GivenLetter;

/// A letter that was given, as a list has it.
pub(super) struct GivenLine {
    pub(super) title: &'static str,
    pub(super) href: String,
    pub(super) told: String,
}

/// A letter filled in, to look at before it is given.
struct Preview {
    filled: Filled,
    hidden: Vec<(String, String)>,
}

#[derive(Template)]
#[template(path = "flow/letter.html")]
struct Page {
    shell: Shell,
    faults: Vec<Fault>,
    saved: &'static str,
    person: String,
    back: String,
    action: String,
    /// Nothing can be given any more, and why; empty if it can.
    over: &'static str,
    given: Vec<GivenLine>,
    which: Vec<Which>,
    /// Name of the letter that is written.
    chosen: &'static str,
    version: i64,
    letter: &'static str,
    capacity: bool,
    around: Vec<String>,
    /// Whether the record says who may decide for the person.
    decides: bool,
    wording: String,
    fields: Vec<Field>,
    preview: Option<Preview>,
}

/// The letters given in a stay, the latest first.
pub(super) fn given_lines(stay: StayId, letters: &[GivenLetter]) -> Vec<GivenLine> {
    let line = |one: &GivenLetter| {
        let who = match one.acts_for {
            true => format!("{}, who acts for them", one.to),
            false => one.to.clone(),
        };
        let mut told = format!(
            "Given {} to {who} by {}, {}.",
            words::date_time(one.at),
            words::known(&one.by),
            words::known(&one.organisation)
        );
        if let Some(day) = one.choose_by {
            told.push_str(&format!(" To choose by {}.", words::date(day)));
        }
        if !one.why.is_empty() {
            told.push_str(&format!(" Why to them: {}", one.why));
        }
        GivenLine {
            title: one.kind.in_words(),
            href: format!("/flow/stay/{stay}/choice-letter/{}", one.number),
            told,
        }
    };
    letters.iter().rev().map(line).collect()
}

fn draw(
    web: &Web,
    visit: &Visit,
    (page, kind): (&LettersPage, Option<LetterKind>),
    reading: Reading,
    preview: Option<Preview>,
) -> Outcome {
    let id = page.row.stay.id;
    let base = format!("/flow/stay/{id}/choice-letter");
    let letters = &web.app.policy().letters;
    let words = kind.and_then(|kind| letters.get(kind));
    let kinds: Vec<LetterKind> = page.given.iter().map(|one| one.kind).collect();
    let which = LetterKind::ALL.into_iter().map(|kind| Which {
        words: kind.in_words(),
        href: format!("{base}?letter={}", kind.as_str()),
        barred: in_turn(kind, &kinds).map_or("", |(_, why)| why),
    });
    shell::ok(&Page {
        shell: Shell::new(web, visit, "Choice letters", Section::Board)
            .with_faults(!reading.faults.is_empty()),
        saved: match visit.query.given("saved") {
            Some(_) => "It is recorded that the letter was given",
            None => "",
        },
        person: page.person.list_name(),
        back: format!("/flow/stay/{id}"),
        action: base.clone(),
        over: match (page.person.died_on, page.row.stay.discharged_on) {
            (Some(_), _) => "This person has died. No letter is written to them.",
            (None, Some(_)) => "The person has left hospital. No letter can be given.",
            (None, None) => "",
        },
        given: given_lines(id, &page.given),
        which: which.collect(),
        chosen: kind.map_or("", LetterKind::in_words),
        version: page.row.version,
        letter: kind.map_or("", LetterKind::as_str),
        capacity: page.capacity,
        around: page.around.clone(),
        decides: decider(page).is_some(),
        wording: words.map_or_else(String::new, |one| one.source.clone()),
        fields: words.map_or_else(Vec::new, |one| fields(visit, page, one, &reading)),
        faults: reading.faults,
        preview,
    })
}

/// Begins what is sent for somebody whom the record says acts for the person; the name follows.
const ACTING: &str = "on record: ";

/// What is typed, or what the record says while nothing is.
fn typed(visit: &Visit, name: &str, known: &str) -> String {
    match visit.is_form() {
        true => visit.form.get(name).to_owned(),
        false => known.to_owned(),
    }
}

fn line(visit: &Visit, reading: &Reading, name: &str, label: &str, known: &str) -> Field {
    Field::Text(Input {
        name: name.to_owned(),
        label: label.to_owned(),
        value: typed(visit, name, known),
        error: reading.of(name),
        autocomplete: "off".to_owned(),
        ..Input::default()
    })
}

fn area(visit: &Visit, reading: &Reading, name: &str, label: &str, known: &[String]) -> Field {
    Field::Area(TextArea {
        name: name.to_owned(),
        label: label.to_owned(),
        hint: "One on each line, at most 4".to_owned(),
        value: typed(visit, name, &known.join("\n")),
        error: reading.of(name),
        rows: 3,
    })
}

/// Who may decide, on record: the letter is theirs where the person cannot decide.
fn decider(page: &LettersPage) -> Option<&Acting> {
    let today = page.known.day?;
    page.acting.iter().find(|one| one.decides_welfare(today))
}

fn readers(visit: &Visit, page: &LettersPage, reading: &Reading) -> Vec<Field> {
    let known = &page.known.reader;
    let usual = match (page.capacity, decider(page)) {
        (true, Some(one)) => format!("{ACTING}{}", one.name),
        (true, None) => "acts-for".to_owned(),
        (false, _) if !known.is_empty() => "acts-for".to_owned(),
        (false, _) => "person".to_owned(),
    };
    let chosen = typed(visit, "reader", &usual);
    let mut choices = vec![Choice::new("person", page.known.name.as_str(), &chosen)];
    choices.extend(page.acting.iter().map(|one| {
        let mut choice = Choice::new(format!("{ACTING}{}", one.name), acting::title(one), &chosen);
        choice.hint = one.may();
        choice
    }));
    choices.push(Choice::new(
        "acts-for",
        "Somebody else who acts for them",
        &chosen,
    ));
    let mut fields = vec![
        Field::Choice(Radios {
            name: "reader".to_owned(),
            legend: "Who is the letter for?".to_owned(),
            error: reading.of("reader"),
            choices,
            ..Radios::default()
        }),
        Field::Text(Input {
            name: "acts_for".to_owned(),
            label: "Name of somebody else who acts for them".to_owned(),
            hint: "Such as an attorney, a deputy or an advocate. Better: write it down on the record first"
                .to_owned(),
            value: typed(visit, "acts_for", known),
            error: reading.of("acts_for"),
            autocomplete: "off".to_owned(),
            ..Input::default()
        }),
    ];
    if page.capacity {
        let label = "If it is for the person: why can they decide this themselves?";
        fields.push(line(visit, reading, "why", label, ""));
    }
    fields
}

fn fields(visit: &Visit, page: &LettersPage, letter: &Letter, reading: &Reading) -> Vec<Field> {
    let known = &page.known;
    let mut fields = readers(visit, page, reading);
    let day = |name: &str, legend: &str, known: Option<jiff::civil::Date>| {
        let boxes = match visit.is_form() {
            true => form::boxes(&visit.form, name),
            false => form::as_boxes(known),
        };
        Field::Day(form::date_input(name, legend, "", boxes, reading.of(name)))
    };
    let put = |name: &str| letter.shows(name);
    if put("interim") {
        let label = "Which place is arranged?";
        fields.push(line(visit, reading, "interim", label, &known.interim));
    }
    if put("starts_on") {
        fields.push(day("starts_on", "First day there", known.starts_on));
    }
    if put("offered") {
        let label = "Places and services that can help now";
        fields.push(area(visit, reading, "offered", label, &known.offered));
    }
    if put("declined") {
        let label = "Places and services that said no";
        fields.push(area(visit, reading, "declined", label, &known.declined));
    }
    if put("choose_by") {
        fields.push(day("choose_by", "Day to choose by", None));
    }
    if put("contact") {
        let label = "Whom can they talk to?";
        fields.push(line(visit, reading, "contact", label, &known.contact));
    }
    if put("telephone") {
        let label = "Telephone of whom they can talk to";
        fields.push(line(visit, reading, "telephone", label, ""));
    }
    fields
}

fn kind_of(text: &str) -> Option<LetterKind> {
    LetterKind::parse(text)
}

pub(super) fn page(web: &Web, visit: &Visit, actor: &Actor) -> Outcome {
    let page = web.app.choice_letters(actor, visit.id("id")?)?;
    let given: Vec<LetterKind> = page.given.iter().map(|one| one.kind).collect();
    let open = page.row.stay.discharged_on.is_none() && page.person.died_on.is_none();
    let kind =
        kind_of(visit.query.get("letter")).filter(|kind| open && in_turn(*kind, &given).is_none());
    draw(web, visit, (&page, kind), Reading::default(), None)
}

/// The letter as typed.
fn read(visit: &Visit, kind: LetterKind, reading: &mut Reading) -> NewLetter {
    let form = &visit.form;
    let lines = |name: &str| -> Vec<String> {
        form.get(name)
            .lines()
            .map(str::trim)
            .filter(|line| !line.is_empty())
            .map(str::to_owned)
            .collect()
    };
    let mut text = |name: &str| reading.optional(form, name, limits::TEXT_CHARACTERS);
    let (contact, telephone, interim) = (text("contact"), text("telephone"), text("interim"));
    let (name, why) = (text("acts_for"), text("why"));
    let reader = match form.get("reader") {
        "acts-for" => Reader::ActsFor { name },
        chosen if chosen.starts_with(ACTING) => Reader::ActsFor {
            name: chosen.trim_start_matches(ACTING).to_owned(),
        },
        "person" => Reader::Person { why },
        _ => {
            reading.fault("reader", "Choose who the letter is for");
            Reader::Person { why }
        }
    };
    NewLetter {
        kind,
        reader,
        offered: lines("offered"),
        declined: lines("declined"),
        contact,
        telephone,
        interim,
        choose_by: reading.date(form, "choose_by", "The day to choose by"),
        starts_on: reading.date(form, "starts_on", "The first day there"),
    }
}

/// What the form holds, to be sent again from the preview.
fn again(visit: &Visit) -> Vec<(String, String)> {
    let names = [
        "letter",
        "version",
        "reader",
        "acts_for",
        "why",
        "interim",
        "starts_on-day",
        "starts_on-month",
        "starts_on-year",
        "offered",
        "declined",
        "choose_by-day",
        "choose_by-month",
        "choose_by-year",
        "contact",
        "telephone",
    ];
    names
        .into_iter()
        .filter_map(|name| Some((name.to_owned(), visit.form.given(name)?.to_owned())))
        .collect()
}

pub(super) fn send(web: &Web, visit: &Visit, actor: &Actor) -> Outcome {
    let id: StayId = visit.id("id")?;
    let page = web.app.choice_letters(actor, id)?;
    let Some(kind) = kind_of(visit.form.get("letter")) else {
        return draw(web, visit, (&page, None), Reading::default(), None);
    };
    let which = (&page, Some(kind));
    let mut reading = Reading::default();
    let new = read(visit, kind, &mut reading);
    if visit.form.get("do") == "change" {
        return draw(web, visit, which, Reading::default(), None);
    }
    if !reading.faults.is_empty() {
        return draw(web, visit, which, reading, None);
    }
    let version = visit.form.parsed("version").unwrap_or(0);
    let outcome = match visit.form.get("do") {
        "give" => web
            .app
            .give_choice_letter(actor, id, version, &new)
            .map(|_| None),
        _ => web.app.choice_letter_preview(actor, id, &new).map(Some),
    };
    match outcome {
        Ok(None) => Ok(shell::see_other(&format!(
            "/flow/stay/{id}/choice-letter?saved=yes"
        ))),
        Ok(Some(filled)) => {
            let hidden = again(visit);
            let preview = Some(Preview { filled, hidden });
            draw(web, visit, which, reading, preview)
        }
        Err(app::Error::Invalid(errors)) => {
            for error in errors {
                reading.fault(error.field, error.text);
            }
            draw(web, visit, which, reading, None)
        }
        Err(app::Error::Stale { who, what }) => {
            let text = format!(
                "{who} changed this stay in the meantime: {what}. Look at the letter, then go on"
            );
            reading.fault("reader", text);
            draw(web, visit, which, reading, None)
        }
        Err(other) => Err(other.into()),
    }
}

#[derive(Template)]
#[template(path = "flow/letter-given.html")]
struct GivenPage {
    shell: Shell,
    back: String,
    name: String,
    facts: Vec<(&'static str, String)>,
    told: String,
    filled: Filled,
}

pub(super) fn given(web: &Web, visit: &Visit, actor: &Actor) -> Outcome {
    let id: StayId = visit.id("id")?;
    let number = visit
        .param("number")
        .parse()
        .map_err(|_| Trouble::NotFound)?;
    let found = web.app.choice_letter(actor, id, number)?;
    let told = given_lines(id, std::slice::from_ref(&found.given));
    shell::ok(&GivenPage {
        shell: Shell::new(web, visit, found.given.kind.in_words(), Section::Board),
        back: format!("/flow/stay/{id}#letters"),
        name: found.person.list_name(),
        facts: vec![("NHS number", who::nhs_number(found.person.nhs_number))],
        told: told.into_iter().map(|line| line.told).collect(),
        filled: found.filled,
    })
}
