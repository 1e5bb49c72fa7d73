//! Who acts for a person: what is written down, adding to it, and ending what is over or wrong.

use super::form_page::{Entry, FormPage, List, Part as FormPart};
use super::who;
use crate::components::{Choice, Field, Input, Radios, Select};
use crate::door::Visit;
use crate::form::{self, Fields, Reading};
use crate::routes::Outcome;
use crate::shell::{self, Section, Shell};
use crate::{Web, words};
use access::Actor;
use app::person::acting::ActingPage;
use jiff::civil::Date;
use kernel::PersonId;
use kernel::calendar::local;
use person::acting::{Acting, Part, Scope, Source};
use store::acting::Kept;

/// Longest line, in characters.
const LINE: usize = 200;

/// "Eleanor Bold, daughter: attorney (lasting power of attorney) over health and welfare"
pub(crate) fn title(one: &Acting) -> String {
    let mut text = one.name.clone();
    if !one.relation.is_empty() {
        text.push_str(&format!(", {}", one.relation));
    }
    text.push_str(&format!(": {}", words::lower_first(one.part.in_words())));
    let scope = one.scope.in_words();
    if !scope.is_empty() {
        text.push_str(&format!(" over {scope}"));
    }
    text
}

/// What they may do, since when, and how it is known; a sentence each.
pub(crate) fn details(one: &Acting, today: Date) -> String {
    let day = words::date;
    let mut text = format!("{}.", one.may());
    match (one.starts_on, one.ends_on) {
        (Some(first), Some(last)) => text.push_str(&format!(" {} to {}.", day(first), day(last))),
        (Some(first), None) => text.push_str(&format!(" From {}.", day(first))),
        (None, Some(last)) => text.push_str(&format!(" Until {}.", day(last))),
        (None, None) => {}
    }
    if !one.holds_on(today) {
        text.push_str(" Does not hold today.");
    }
    text.push_str(&format!(
        " How it is known: {}: {}.",
        one.source.in_words(),
        one.source_words
    ));
    if !one.telephone.is_empty() {
        text.push_str(&format!(" Telephone {}.", one.telephone));
    }
    text
}

fn entry(kept: &Kept, today: Date) -> Entry {
    let made = words::date(local(kept.made_at).date());
    let mut line = format!(
        "{} Written down by {}, {}, on {made}.",
        details(&kept.acting, today),
        kept.made_by,
        kept.organisation
    );
    if let Some((at, by, why)) = &kept.ended {
        let day = words::date(local(*at).date());
        line.push_str(&format!(" Ended by {by} on {day}: {why}."));
    }
    Entry {
        title: title(&kept.acting),
        line,
        end: None,
    }
}

fn line(visit: &Visit, reading: &Reading, name: &str, label: &str, hint: &str) -> Field {
    Field::Text(Input {
        name: name.to_owned(),
        label: label.to_owned(),
        hint: hint.to_owned(),
        value: visit.form.get(name).to_owned(),
        error: reading.of(name),
        autocomplete: "off".to_owned(),
        ..Input::default()
    })
}

fn day(visit: &Visit, reading: &Reading, name: &str, legend: &str) -> Field {
    Field::Day(form::date_input(
        name,
        legend,
        "You may leave this empty",
        form::boxes(&visit.form, name),
        reading.of(name),
    ))
}

/// What a power is over: none, one or both.
fn over(form: &Fields, reading: &Reading) -> Field {
    let scope = |value: &str, text: &str| Choice {
        chosen: form.has("scope", value),
        ..Choice::new(value, text, "")
    };
    Field::Boxes(Radios {
        name: "scope".to_owned(),
        legend: "What is the power over?".to_owned(),
        hint: "For an attorney or a deputy".to_owned(),
        error: reading.of("scope"),
        choices: vec![
            scope("welfare", "Health and welfare"),
            scope("property", "Property and affairs"),
        ],
    })
}

fn adding(visit: &Visit, reading: &Reading) -> FormPart {
    let form = &visit.form;
    let part = |one: Part| Choice::new(one.as_str(), one.in_words(), form.get("part"));
    let source = |one: Source| {
        Choice::new(
            one.as_str(),
            words::sentence(one.in_words()),
            form.get("source"),
        )
    };
    FormPart {
        title: "Write down who acts for them",
        intro: vec![
            "An attorney or deputy decides only within the power, and on health and welfare only what the person cannot decide. The others are asked and told, and decide nothing.".to_owned(),
        ],
        hidden: vec![("do", "add".to_owned())],
        fields: vec![
            Field::Choice(Radios {
                name: "part".to_owned(),
                legend: "What part do they play?".to_owned(),
                error: reading.of("part"),
                choices: Part::ALL.into_iter().map(part).collect(),
                ..Radios::default()
            }),
            line(visit, reading, "name", "Name", ""),
            line(
                visit,
                reading,
                "relation",
                "Who are they to the person?",
                "Such as daughter, friend or solicitor. You may leave this empty",
            ),
            line(
                visit,
                reading,
                "telephone",
                "Telephone",
                "You may leave this empty",
            ),
            over(form, reading),
            day(visit, reading, "starts_on", "First day"),
            day(visit, reading, "ends_on", "Last day"),
            Field::Choice(Radios {
                name: "source".to_owned(),
                legend: "How is it known?".to_owned(),
                error: reading.of("source"),
                choices: Source::ALL.into_iter().map(source).collect(),
                ..Radios::default()
            }),
            line(
                visit,
                reading,
                "source_words",
                "Who said so, or which document?",
                "Such as the reference of the document, or his son on the telephone",
            ),
        ],
        button: "Write it down",
    }
}

/// The form for ending something; nothing while nothing stands.
fn ending(visit: &Visit, page: &ActingPage, reading: &Reading) -> Option<FormPart> {
    let current = visit.form.get("which");
    let standing = page.kept.iter().filter(|one| one.ended.is_none());
    let mut choices = vec![Choice::new("", "Choose one", current)];
    choices
        .extend(standing.map(|one| Choice::new(one.id.to_string(), title(&one.acting), current)));
    (choices.len() > 1).then(|| FormPart {
        title: "End what no longer holds, or was wrong",
        intro: Vec::new(),
        hidden: vec![("do", "end".to_owned())],
        fields: vec![
            Field::List(Select {
                name: "which".to_owned(),
                label: "Which?".to_owned(),
                error: reading.of("which"),
                choices,
                ..Select::default()
            }),
            line(visit, reading, "why", "Why?", ""),
        ],
        button: "End it",
    })
}

fn drawn(web: &Web, visit: &Visit, id: PersonId, page: &ActingPage, reading: Reading) -> Outcome {
    let today = web.app.today();
    let mut forms = vec![adding(visit, &reading)];
    forms.extend(ending(visit, page, &reading));
    shell::ok(&FormPage {
        shell: Shell::new(web, visit, "Who acts for them", Section::Person)
            .with_faults(!reading.faults.is_empty()),
        faults: reading.faults,
        saved: match visit.query.get("saved") {
            "1" => "Saved. Letters and notices use it from now on",
            _ => "",
        },
        person: page.person.list_name(),
        back: who::address_of(id),
        back_words: "Back to the record",
        intro: Vec::new(),
        action: format!("/person/{id}/acting"),
        list: Some(List {
            title: "Written down so far",
            none: "Nobody is written down. That does not mean that nobody acts for them.",
            entries: page.kept.iter().map(|one| entry(one, today)).collect(),
        }),
        forms,
    })
}

pub(super) fn page(web: &Web, visit: &Visit, actor: &Actor) -> Outcome {
    let id: PersonId = visit.id("id")?;
    let page = web.app.acting_for(actor, id)?;
    drawn(web, visit, id, &page, Reading::default())
}

/// Who was typed; `None` where a choice is missing, which is noted.
fn read(form: &Fields, reading: &mut Reading) -> Option<Acting> {
    let mut text = |name: &str| reading.optional(form, name, LINE);
    let (name, relation) = (text("name"), text("relation"));
    let (telephone, source_words) = (text("telephone"), text("source_words"));
    let starts_on = reading.date(form, "starts_on", "The first day");
    let ends_on = reading.date(form, "ends_on", "The last day");
    let part = Part::parse(form.get("part"));
    if part.is_none() {
        reading.fault("part", "Choose what part they play");
    }
    let source = Source::parse(form.get("source"));
    if source.is_none() {
        reading.fault("source", "Choose how it is known");
    }
    Some(Acting {
        part: part?,
        name,
        relation,
        telephone,
        scope: Scope {
            welfare: form.has("scope", "welfare"),
            property: form.has("scope", "property"),
        },
        starts_on,
        ends_on,
        source: source?,
        source_words,
    })
    .filter(|_| reading.faults.is_empty())
}

pub(super) fn change(web: &Web, visit: &Visit, actor: &Actor) -> Outcome {
    let id: PersonId = visit.id("id")?;
    access::decide(actor, access::Action::RecordActing).map_err(app::Error::from)?;
    let mut reading = Reading::default();
    let outcome = match visit.form.get("do") {
        "end" => match visit.form.parsed("which") {
            Some(which) => web
                .app
                .end_acting(actor, id, which, visit.form.get("why"))
                .map(|()| true),
            None => {
                reading.fault("which", "Choose what no longer holds");
                Ok(false)
            }
        },
        _ => match read(&visit.form, &mut reading) {
            Some(new) => web.app.add_acting(actor, id, &new).map(|()| true),
            None => Ok(false),
        },
    };
    match outcome {
        Ok(true) => return Ok(shell::see_other(&format!("/person/{id}/acting?saved=1"))),
        Ok(false) => {}
        Err(app::Error::Invalid(errors)) => {
            for error in errors {
                let field = match error.field {
                    "ends_on" => "ends_on-day",
                    other => other,
                };
                reading.fault(field, error.text);
            }
        }
        Err(other) => return Err(other.into()),
    }
    let page = web.app.acting_for(actor, id)?;
    drawn(web, visit, id, &page, reading)
}
