//! Who has to do with a person: links that hold, taking somebody on, handing over, and one's own
//! caseload.

use super::form_page::{Entry, FormPage, List, Part};
use super::who;
use crate::components::{Field, Input};
use crate::door::Visit;
use crate::form::{Reading, as_boxes, boxes, date_input};
use crate::routes::Outcome;
use crate::shell::{self, Section, Shell};
use crate::{Web, words};
use access::Actor;
use app::person::caseload::{Around, Held, TakeOn};
use kernel::PersonId;
use kernel::calendar::{add_days, local};
use person::relationship::Relationship;

/// Days that a caseload lasts unless another day is typed.
const USUAL_DAYS: i64 = 90;

pub(super) const fn kind_in_words(kind: Relationship) -> &'static str {
    match kind {
        Relationship::Practice => "GP practice",
        Relationship::Ward => "Hospital",
        Relationship::Referral => "Council or service",
        Relationship::Hub => "Care transfer hub",
        Relationship::NextStep => "Has the next step",
        Relationship::Caseload => "Caseload",
        Relationship::Duty => "On duty",
        Relationship::Sender => "Sent a record",
        Relationship::Emergency => "Opened without a link",
        Relationship::SecondPerson => "Opened with a second person's approval",
        Relationship::Oneself => "The person themselves",
        Relationship::Carer => "Carer they invited",
    }
}

fn entry(held: Held) -> Entry {
    let kept = held.kept;
    let what = match kept.capacity.is_empty() {
        true => kind_in_words(kept.kind).to_owned(),
        false => words::sentence(&kept.capacity),
    };
    let until = match kept.ends_at.map(local) {
        None => "Lasts while it goes on".to_owned(),
        Some(end) if end.hour() == 0 && end.minute() == 0 => {
            format!("Until {}", words::date(add_days(end.date(), -1)))
        }
        Some(_) => format!(
            "Until {}",
            kept.ends_at.map(words::date_time).unwrap_or_default()
        ),
    };
    Entry {
        title: format!("{}: {what}", words::known(&held.holder)),
        line: format!(
            "Since {}. {until}.",
            words::date(local(kept.starts_at).date())
        ),
        end: held.may_end.then(|| (kept.id.to_string(), "End")),
    }
}

fn drawn(web: &Web, visit: &Visit, id: PersonId, around: Around, reading: Reading) -> Outcome {
    let sent = visit.form.given("button").is_some();
    let until = match sent {
        true => boxes(&visit.form, "until"),
        false => as_boxes(Some(
            add_days(web.app.today(), USUAL_DAYS).min(around.latest),
        )),
    };
    let text = |name: &str, label: &str, hint: &str| {
        Field::Text(Input {
            name: name.to_owned(),
            label: label.to_owned(),
            hint: hint.to_owned(),
            value: visit.form.get(name).to_owned(),
            error: reading.of(name),
            autocomplete: "off".to_owned(),
            ..Input::default()
        })
    };
    let fields = vec![
        text(
            "colleague",
            "User name of a colleague, if it is not you",
            "Leave it empty to take the person on yourself",
        ),
        text("capacity", "As what?", "For example, social worker"),
        Field::Day(date_input(
            "until",
            "The last day",
            "Leave the boxes empty for duty: it ends after one day and night",
            until,
            reading.of("until"),
        )),
    ];
    let entries = around.held.into_iter().map(entry).collect();
    shell::ok(&FormPage {
        shell: Shell::new(web, visit, "Who may see this record", Section::Person)
            .with_faults(!reading.faults.is_empty()),
        faults: reading.faults,
        saved: match visit.query.get("saved") {
            "1" => "Saved",
            _ => "",
        },
        person: around.person.list_name(),
        back: who::address_of(id),
        back_words: "Back to the record",
        intro: Vec::new(),
        action: format!("/person/{id}/around"),
        list: Some(List {
            title: "Links that hold now",
            none: "Nobody has a link with this person now.",
            entries,
        }),
        forms: vec![Part {
            title: "Take on, or hand over",
            intro: vec![
                "Whoever has a person on their caseload sees the record until the last day."
                    .to_owned(),
            ],
            hidden: vec![("button", "take on".to_owned())],
            fields,
            button: "Save",
        }],
    })
}

pub(super) fn page(web: &Web, visit: &Visit, actor: &Actor) -> Outcome {
    let id: PersonId = visit.id("id")?;
    let around = web.app.around(actor, id)?;
    drawn(web, visit, id, around, Reading::default())
}

pub(super) fn change(web: &Web, visit: &Visit, actor: &Actor) -> Outcome {
    let id: PersonId = visit.id("id")?;
    let saved = || shell::see_other(&format!("/person/{id}/around?saved=1"));
    if let Some(end) = visit.form.given("end") {
        let relationship = end
            .parse()
            .map_err(|_| app::Error::NotFound("relationship"))?;
        web.app.end_caseload(actor, id, relationship)?;
        return Ok(saved());
    }
    let mut reading = Reading::default();
    let until = reading.date(&visit.form, "until", "The last day");
    if reading.faults.is_empty() {
        let taken = TakeOn {
            colleague: visit.form.get("colleague"),
            capacity: visit.form.get("capacity"),
            until,
        };
        match web.app.take_on(actor, id, &taken) {
            Ok(()) => return Ok(saved()),
            Err(app::Error::Invalid(errors)) => {
                for error in errors {
                    let field = match error.field {
                        "until" => "until-day",
                        other => other,
                    };
                    reading.fault(field, error.text);
                }
            }
            Err(other) => return Err(other.into()),
        }
    }
    let around = web.app.around(actor, id)?;
    drawn(web, visit, id, around, reading)
}
