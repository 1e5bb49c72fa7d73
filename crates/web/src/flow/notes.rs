//! Forms for what the hub and the ward write down beside the stay: the list for leaving, whether
//! the person still needs a hospital bed, and the reviews of long stays.

use crate::components::{Choice, Field, Input, Radios, TextArea};
use crate::door::Visit;
use crate::form::Reading;
use crate::person::form_page::{FormPage, Part};
use crate::routes::Outcome;
use crate::shell::{self, Section, Shell};
use crate::{Web, words};
use ::flow::reside::Said;
use access::{Action, Actor};
use app::flow::StayPage;
use kernel::{StayId, limits};

struct Form {
    title: &'static str,
    path: &'static str,
    intro: Vec<String>,
    fields: Vec<Field>,
    button: &'static str,
}

fn drawn(web: &Web, visit: &Visit, page: &StayPage, form: Form, reading: Reading) -> Outcome {
    let id = page.row.stay.id;
    let gone = page.row.stay.discharged_on.is_some();
    let (mut intro, mut forms) = (form.intro, Vec::new());
    if gone {
        intro = vec!["The person has left hospital. Nothing can be added.".to_owned()];
    } else {
        forms.push(Part {
            title: "",
            intro: Vec::new(),
            hidden: Vec::new(),
            fields: form.fields,
            button: form.button,
        });
    }
    shell::ok(&FormPage {
        shell: Shell::new(web, visit, form.title, Section::Board)
            .with_faults(!reading.faults.is_empty()),
        faults: reading.faults,
        saved: "",
        person: page.person.list_name(),
        back: format!("/flow/stay/{id}"),
        back_words: "Back to the stay",
        intro,
        action: format!("/flow/stay/{id}/{}", form.path),
        list: None,
        forms,
    })
}

fn stay(web: &Web, visit: &Visit, actor: &Actor) -> Result<StayPage, crate::trouble::Trouble> {
    access::decide(actor, Action::ChangeStay).map_err(app::Error::from)?;
    let id: StayId = visit.id("id")?;
    Ok(web.app.stay(actor, id)?)
}

/// Notes what was refused, at its field; back to the stay if it was saved.
fn settled(
    result: Result<(), app::Error>,
    reading: &mut Reading,
    back: &str,
) -> Result<Option<axum::http::Response<axum::body::Body>>, crate::trouble::Trouble> {
    match result {
        Ok(()) => Ok(Some(shell::see_other(&super::step::saved(back)))),
        Err(app::Error::Invalid(errors)) => {
            for error in errors {
                reading.fault(error.field, error.text);
            }
            Ok(None)
        }
        Err(other) => Err(other.into()),
    }
}

fn leaving_form(visit: &Visit, page: &StayPage, reading: &Reading) -> Form {
    let sent = visit.form.given("csrf").is_some() || visit.form.given("sent").is_some();
    let mut fields = Vec::new();
    for line in &page.notes.checklist {
        let said = line.said.as_ref();
        let state = format!("state-{}", line.item);
        let note = format!("note-{}", line.item);
        let current = match sent {
            true => visit.form.get(&state).to_owned(),
            false => said.map_or("open", |said| said.state.as_str()).to_owned(),
        };
        fields.push(Field::Choice(Radios {
            name: state.clone(),
            legend: line.label.clone(),
            error: reading.of(&state),
            choices: vec![
                Choice::new("open", "Not yet", &current),
                Choice::new("done", "Done", &current),
                Choice::new("not needed", "Not needed", &current),
            ],
            ..Radios::default()
        }));
        fields.push(Field::Text(Input {
            name: note.clone(),
            label: format!("Note: {}", words::lower_first(&line.label)),
            value: match sent {
                true => visit.form.get(&note).to_owned(),
                false => said.map(|said| said.note.clone()).unwrap_or_default(),
            },
            error: reading.of(&note),
            autocomplete: "off".to_owned(),
            ..Input::default()
        }));
    }
    Form {
        title: "List for leaving",
        path: "leaving",
        intro: vec!["What was said before stays in the history.".to_owned()],
        fields,
        button: "Save the list",
    }
}

pub(super) fn leaving(web: &Web, visit: &Visit, actor: &Actor) -> Outcome {
    let page = stay(web, visit, actor)?;
    let reading = Reading::default();
    let form = leaving_form(visit, &page, &reading);
    drawn(web, visit, &page, form, reading)
}

pub(super) fn save_leaving(web: &Web, visit: &Visit, actor: &Actor) -> Outcome {
    let page = stay(web, visit, actor)?;
    let id = page.row.stay.id;
    let mut reading = Reading::default();
    let mut said = Vec::new();
    for line in &page.notes.checklist {
        let note = format!("note-{}", line.item);
        let note = reading.optional(&visit.form, &note, limits::TEXT_CHARACTERS);
        let state = visit.form.get(&format!("state-{}", line.item));
        if state.is_empty() {
            reading.fault(&format!("state-{}", line.item), "Choose how it stands");
        }
        said.push((line.item.clone(), state.to_owned(), note));
    }
    if reading.faults.is_empty() {
        let result = web.app.say_checks(actor, id, &said).map(|_| ());
        let back = format!("/flow/stay/{id}#leaving");
        if let Some(done) = settled(result, &mut reading, &back)? {
            return Ok(done);
        }
    }
    let form = leaving_form(visit, &page, &reading);
    drawn(web, visit, &page, form, reading)
}

fn reside_form(web: &Web, visit: &Visit, page: &StayPage, reading: &Reading) -> Form {
    let chosen = visit.form.get("needs_bed");
    let list = &web.app.policy().criteria_to_reside;
    let criteria = list
        .on(web.app.today())
        .map(|code| Choice {
            value: code.code.clone(),
            text: code.label.clone(),
            hint: String::new(),
            chosen: visit.form.has("criteria", &code.code),
        })
        .collect();
    let stay = &page.row.stay;
    let tests = [stay.clinical_ready_on, stay.mdt_ready_on, stay.safe_on];
    let effect = match (stay.ready_on, tests.iter().any(Option::is_some)) {
        (_, true) => {
            "The ready date follows the three tests of readiness. This review does not change it."
        }
        (None, _) => "If you answer no, today is the day from which the person is ready to leave.",
        (Some(_), _) => "If you answer yes, the person is no longer ready to leave.",
    };
    Form {
        title: "Does the person still need a hospital bed?",
        path: "reside",
        intro: vec![effect.to_owned()],
        fields: vec![
            Field::Choice(Radios {
                name: "needs_bed".to_owned(),
                legend: "Does the person need a hospital bed?".to_owned(),
                error: reading.of("needs_bed"),
                choices: vec![
                    Choice::new("no", "No", chosen),
                    Choice::new("yes", "Yes", chosen),
                ],
                ..Radios::default()
            }),
            Field::Boxes(Radios {
                name: "criteria".to_owned(),
                legend: "If yes, what for?".to_owned(),
                hint: "Choose all that apply".to_owned(),
                error: reading.of("criteria"),
                choices: criteria,
            }),
            Field::Area(TextArea {
                name: "exception".to_owned(),
                label: "Another clinical reason".to_owned(),
                hint: "Only if none of those above fits".to_owned(),
                value: visit.form.get("exception").to_owned(),
                error: reading.of("exception"),
                rows: 2,
            }),
        ],
        button: "Save the review",
    }
}

pub(super) fn reside(web: &Web, visit: &Visit, actor: &Actor) -> Outcome {
    let page = stay(web, visit, actor)?;
    let reading = Reading::default();
    let form = reside_form(web, visit, &page, &reading);
    drawn(web, visit, &page, form, reading)
}

pub(super) fn save_reside(web: &Web, visit: &Visit, actor: &Actor) -> Outcome {
    let page = stay(web, visit, actor)?;
    let id = page.row.stay.id;
    let mut reading = Reading::default();
    let needs = match visit.form.get("needs_bed") {
        "yes" => Some(true),
        "no" => Some(false),
        _ => None,
    };
    let today = web.app.today();
    let list = &web.app.policy().criteria_to_reside;
    let said = Said {
        criteria: list
            .on(today)
            .filter(|code| visit.form.has("criteria", &code.code))
            .map(|code| code.code.clone())
            .collect(),
        exception: reading.optional(&visit.form, "exception", limits::TEXT_CHARACTERS),
    };
    if reading.faults.is_empty() {
        let result = web.app.review_reside(actor, id, needs, &said);
        let back = format!("/flow/stay/{id}#reside");
        if let Some(done) = settled(result, &mut reading, &back)? {
            return Ok(done);
        }
    }
    let form = reside_form(web, visit, &page, &reading);
    drawn(web, visit, &page, form, reading)
}

fn long_form(web: &Web, visit: &Visit, page: &StayPage, reading: &Reading) -> Form {
    let marks = web.app.long_stay_marks_today();
    let due = page.notes.review_due;
    let chosen = match visit.form.given("mark") {
        Some(mark) => mark.to_owned(),
        None => due.map(|mark| mark.to_string()).unwrap_or_default(),
    };
    let passed = marks
        .into_iter()
        .filter(|mark| page.days_in_hospital >= *mark)
        .map(|mark| Choice::new(mark.to_string(), format!("{mark} days"), &chosen))
        .collect();
    Form {
        title: "Review of a long stay",
        path: "long-stay",
        intro: vec![format!(
            "{} in hospital.",
            words::counted(page.days_in_hospital, "day")
        )],
        fields: vec![
            Field::Choice(Radios {
                name: "mark".to_owned(),
                legend: "Which review?".to_owned(),
                error: reading.of("mark"),
                choices: passed,
                ..Radios::default()
            }),
            Field::Area(TextArea {
                name: "found".to_owned(),
                label: "What did you find?".to_owned(),
                hint: String::new(),
                value: visit.form.get("found").to_owned(),
                error: reading.of("found"),
                rows: 3,
            }),
            Field::Area(TextArea {
                name: "next".to_owned(),
                label: "What happens next?".to_owned(),
                hint: String::new(),
                value: visit.form.get("next").to_owned(),
                error: reading.of("next"),
                rows: 2,
            }),
        ],
        button: "Save the review",
    }
}

pub(super) fn long_stay(web: &Web, visit: &Visit, actor: &Actor) -> Outcome {
    let page = stay(web, visit, actor)?;
    let reading = Reading::default();
    let form = long_form(web, visit, &page, &reading);
    drawn(web, visit, &page, form, reading)
}

pub(super) fn save_long_stay(web: &Web, visit: &Visit, actor: &Actor) -> Outcome {
    let page = stay(web, visit, actor)?;
    let id = page.row.stay.id;
    let mut reading = Reading::default();
    let mark = visit.form.parsed::<i64>("mark");
    if mark.is_none() {
        reading.fault("mark", "Choose which review this is");
    }
    let found = reading.optional(&visit.form, "found", limits::TEXT_CHARACTERS);
    let next = reading.optional(&visit.form, "next", limits::TEXT_CHARACTERS);
    if let Some(mark) = mark.filter(|_| reading.faults.is_empty()) {
        let result = web.app.review_long_stay(actor, id, mark, &found, &next);
        let back = format!("/flow/stay/{id}#long-stay");
        if let Some(done) = settled(result, &mut reading, &back)? {
            return Ok(done);
        }
    }
    let form = long_form(web, visit, &page, &reading);
    drawn(web, visit, &page, form, reading)
}
