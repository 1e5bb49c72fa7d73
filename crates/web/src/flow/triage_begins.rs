//! What a decision on a request for help begins: the questions that takes, and links to it.

use super::need::{ZONE_HINT, visit_rows, visits, workers};
use super::pieces::Piece;
use super::triage::Tick;
use crate::components::{Choice, Field, Input, Radios, TextArea};
use crate::door::Visit;
use crate::form::{Fields, Reading, as_boxes, boxes, date_input};
use crate::trouble::Trouble;
use crate::{Web, words};
use ::flow::triage::Outcome;
use access::Actor;
use app::flow::NewNeed;
use app::flow::begun::{BegunLine, BegunThing, CarerIs, NewCarer};
use app::flow::triage::TriageCase;
use kernel::PersonId;

/// Most records that are offered as the carer's.
const RECORDS: usize = 10;

/// One thing that was begun.
pub(super) struct BegunRow {
    pub(super) href: String,
    pub(super) text: String,
    pub(super) note: String,
}

fn row(line: &BegunLine, web: &Web) -> BegunRow {
    let (href, text, note) = match &line.thing {
        BegunThing::Case(clock) => {
            let case = &clock.line.case;
            let note = match (&case.closed, clock.due.limit) {
                (Some((at, outcome)), _) => {
                    format!("Ended on {}: {outcome}", words::date(words::day_of(*at)))
                }
                (None, Some(limit)) => format!("Due {}", words::date(limit.day())),
                (None, None) => "No time is set for it".to_owned(),
            };
            let name = match line.outcome {
                Outcome::Carer => format!(
                    "{} of {}, {}",
                    case.kind.in_words(),
                    clock.line.family_name.to_uppercase(),
                    clock.line.given_name
                ),
                _ => case.kind.in_words().to_owned(),
            };
            (format!("/flow/case/{}", case.id), name, note)
        }
        BegunThing::Form(kept, title) => (
            format!("/flow/form/{}", kept.id),
            format!("Form: {title}"),
            words::sentence(kept.state.as_str()),
        ),
        BegunThing::Need(row) => (
            format!("/flow/need/{}", row.id),
            format!("Look for a service: {}", super::need::in_a_line(&row.need)),
            words::sentence(row.state.as_str()),
        ),
        BegunThing::Step(step) => {
            let due = step.due_at.map(|at| words::near_time(at, web.app.now()));
            let note = match (step.state.is_ended(), due) {
                (false, Some(due)) => {
                    format!("{}, due {due}", words::sentence(step.state.as_str()))
                }
                _ => words::sentence(step.state.as_str()),
            };
            (format!("/flow/step/{}", step.id), step.title.clone(), note)
        }
    };
    BegunRow {
        href,
        text,
        note: match line.joined {
            true => format!("{note}. It was there before and goes on"),
            false => note,
        },
    }
}

/// Links to what a decision began.
pub(super) fn begun(found: &TriageCase, web: &Web) -> Vec<BegunRow> {
    found.begun.iter().map(|line| row(line, web)).collect()
}

fn text(reading: &Reading, visit: &Visit, name: &str, label: &str, usual: &str) -> Input {
    Input {
        name: name.to_owned(),
        label: label.to_owned(),
        value: match visit.is_form() {
            true => visit.form.get(name).to_owned(),
            false => usual.to_owned(),
        },
        error: reading.of(name),
        classes: "nhsuk-input--width-20".to_owned(),
        ..Input::default()
    }
}

/// What services are asked, where reablement is decided on.
pub(super) fn reablement(
    web: &Web,
    visit: &Visit,
    found: &TriageCase,
    reading: &Reading,
) -> Vec<Piece> {
    let sent = &visit.form;
    let typed = match visit.is_form() {
        true => boxes(sent, "starts_on"),
        false => as_boxes(Some(web.app.today())),
    };
    let mut zone = text(reading, visit, "zone", "Where do they live?", &found.zone);
    ZONE_HINT.clone_into(&mut zone.hint);
    vec![
        Piece::Plain(Field::Text(zone)),
        Piece::Visits(visit_rows(sent), reading.of("visits")),
        workers(sent),
        Piece::Plain(Field::Day(date_input(
            "starts_on",
            "From which day?",
            "",
            typed,
            reading.of("starts_on"),
        ))),
        Piece::Plain(Field::Area(TextArea {
            name: "need_words".to_owned(),
            label: "What must a service know to decide?".to_owned(),
            hint:
                "No name, no address, no date of birth: the service that accepts is told who it is"
                    .to_owned(),
            value: sent.get("need_words").to_owned(),
            error: reading.of("need_words"),
            rows: 4,
        })),
    ]
}

/// Who the carer is, where support for a carer is decided on.
pub(super) fn carer(
    web: &Web,
    (visit, actor): (&Visit, &Actor),
    found: &TriageCase,
    reading: &mut Reading,
) -> Result<Vec<Piece>, Trouble> {
    let sent = &visit.form;
    let one = &found.line.referral;
    let asker = match one.asked_by.as_str() {
        "carer" => one.asker.trim(),
        _ => "",
    };
    let (given, family) = asker.rsplit_once(' ').unwrap_or((asker, ""));
    let chosen = match (visit.is_form(), asker.is_empty()) {
        (true, _) => sent.get("carer"),
        (false, false) => "new",
        (false, true) => "",
    };
    let mut choices = Vec::new();
    let looked_for = sent.get("carer_words");
    if !looked_for.is_empty() {
        match web.app.find_person(actor, looked_for) {
            Ok(hits) => choices.extend(
                hits.iter()
                    .filter(|hit| hit.tie)
                    .take(RECORDS)
                    .map(|hit| record_choice(&hit.found, chosen)),
            ),
            Err(app::Error::Invalid(errors)) => {
                for error in errors {
                    reading.fault("carer_words", error.text);
                }
            }
            Err(other) => return Err(other.into()),
        }
        if choices.is_empty() && sent.get("do") == "look-carer" && reading.faults.is_empty() {
            let text = "No record that you may see was found. Enter their name below instead";
            reading.fault("carer_words", text);
        }
    }
    let about = "The person this request is about: they care for somebody";
    choices.push(Choice::new("oneself", about, chosen));
    let make = "Somebody else: make their record from the name below";
    choices.push(Choice::new("new", make, chosen));
    let born = boxes(sent, "carer_born");
    let mut look = text(
        reading,
        visit,
        "carer_words",
        "Look for the carer’s record (optional)",
        "",
    );
    "NHS number, or name and date of birth".clone_into(&mut look.hint);
    let number = "NHS number (optional)";
    Ok(vec![
        Piece::Plain(Field::Text(look)),
        Piece::Look("look-carer", "Look for the record"),
        Piece::Plain(Field::Choice(Radios {
            name: "carer".to_owned(),
            legend: "Who is the carer?".to_owned(),
            hint: "They are assessed as a person in their own right, on a record of their own"
                .to_owned(),
            error: reading.of("carer"),
            choices,
        })),
        Piece::Plain(Field::Text(text(
            reading,
            visit,
            "carer_given",
            "First name of the carer",
            given,
        ))),
        Piece::Plain(Field::Text(text(
            reading,
            visit,
            "carer_family",
            "Last name of the carer",
            family,
        ))),
        Piece::Plain(Field::Day(date_input(
            "carer_born",
            "Date of birth of the carer (optional)",
            "",
            born,
            reading.of("carer_born"),
        ))),
        Piece::Plain(Field::Text(text(
            reading,
            visit,
            "carer_number",
            number,
            "",
        ))),
        Piece::Plain(Field::Text(text(
            reading,
            visit,
            "carer_telephone",
            "Telephone (optional)",
            "",
        ))),
    ])
}

fn record_choice(found: &store::find::Found, chosen: &str) -> Choice {
    let born = found.birth_date.map_or_else(
        || "date of birth not known".to_owned(),
        |day| format!("born {}", words::date(day)),
    );
    let text = format!(
        "{}, {}, {born}",
        found.family_name.to_uppercase(),
        found.given_name
    );
    Choice::new(found.id.to_string(), text, chosen)
}

/// What was typed of the carer.
pub(super) fn read_carer<'f>(sent: &'f Fields, reading: &mut Reading) -> CarerIs<'f> {
    match sent.get("carer") {
        "" => CarerIs::NotSaid,
        "oneself" => CarerIs::Oneself,
        "new" => CarerIs::New(NewCarer {
            given_name: sent.get("carer_given"),
            family_name: sent.get("carer_family"),
            born: reading.date(sent, "carer_born", "The date of birth"),
            nhs_number: sent.get("carer_number"),
            telephone: sent.get("carer_telephone"),
        }),
        id => id
            .parse::<PersonId>()
            .map_or(CarerIs::NotSaid, CarerIs::Here),
    }
}

/// What was typed of the need.
pub(super) fn read_need(sent: &Fields, reading: &mut Reading) -> NewNeed {
    NewNeed {
        zone: sent.get("zone").to_owned(),
        visits: visits(sent, reading),
        double_handed: sent.get("double") == "yes",
        starts_on: reading.date(sent, "starts_on", "The first day"),
        funding: "not-decided".to_owned(),
        words: sent.get("need_words").to_owned(),
        ..NewNeed::default()
    }
}

/// Outcomes as boxes to tick, each with the part of the page that it opens.
pub(super) fn outcomes(sent: &Fields) -> Vec<Tick> {
    (1..)
        .zip(Outcome::ALL)
        .map(|(at, one)| Tick {
            id: format!("outcomes-{at}"),
            value: one.as_str().to_owned(),
            text: one.in_words().to_owned(),
            on: sent.has("outcomes", one.as_str()),
        })
        .collect()
}

/// The field of the page that a fault of a decision belongs to.
pub(super) fn field(of: &'static str) -> &'static str {
    match of {
        "outcomes" | "kind" | "funding" => "outcomes-1",
        "services" => "words",
        "words" => "need_words",
        "latest_start" => "starts_on",
        other => other,
    }
}

/// The request for help out of which something was begun, as a link; only for those who decide on
/// it.
pub(super) fn out_of(
    web: &Web,
    actor: &Actor,
    thing: &str,
) -> Result<Option<(String, String)>, Trouble> {
    let found = web.app.begun_out_of(actor, thing)?;
    Ok(found.map(|(id, reference)| {
        (
            format!("/flow/triage/{id}"),
            format!("The request for help that this began with ({reference})"),
        )
    }))
}
