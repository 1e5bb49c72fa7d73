//! The form that makes or replaces a passport, and the one that ends it.

use super::view::address_of;
use crate::Web;
use crate::components::{Choice, Fault, Field, Input, Radios, TextArea};
use crate::door::Visit;
use crate::form::{self, Fields, Reading};
use crate::person::form_page::{FormPage, Part};
use crate::person::who;
use crate::routes::Outcome;
use crate::shell::{self, Section, Shell};
use crate::trouble::Trouble;
use crate::words;
use access::{Action, Actor};
use app::person::passport::{Making, PassportForm, WHY};
use askama::Template;
use kernel::{PassportId, PersonId};
use person::passport::answers::Answers;
use person::passport::{Heading, Kind};

/// An answer up to this long is asked for in one line.
const ONE_LINE: usize = 60;

/// Name of the field of a heading: none that a form uses for itself.
fn name_of(heading: &Heading) -> String {
    format!("answer-{}", heading.key)
}

pub(super) fn form(web: &Web, visit: &Visit, actor: &Actor) -> Outcome {
    let id: PersonId = visit.id("id")?;
    let found = web.app.passport_form(actor, id, visit.param("purpose"))?;
    let typed = |heading: &Heading| Typed::kept(heading, &found.answers);
    shell::ok(&drawn(web, visit, &found, typed, Reading::default()))
}

/// What stands in a field.
enum Typed {
    Text(String),
    Boxes([String; 3]),
}

impl Typed {
    /// What the passport that stands says.
    fn kept(heading: &Heading, answers: &Answers) -> Self {
        let answer = answers.get(&heading.key).cloned().unwrap_or_default();
        match heading.kind {
            Kind::Day(_) => Self::Boxes(form::as_boxes(answer.parse().ok())),
            _ => Self::Text(answer),
        }
    }

    /// What was sent.
    fn sent(heading: &Heading, fields: &Fields) -> Self {
        let name = name_of(heading);
        match heading.kind {
            Kind::Day(_) => Self::Boxes(form::boxes(fields, &name)),
            _ => Self::Text(fields.get(&name).to_owned()),
        }
    }
}

fn drawn(
    web: &Web,
    visit: &Visit,
    found: &PassportForm,
    typed: impl Fn(&Heading) -> Typed,
    reading: Reading,
) -> FormPage {
    let template = &found.template;
    let fields = template
        .headings
        .iter()
        .map(|heading| field(heading, typed(heading), reading.of(&name_of(heading))))
        .collect();
    let base = who::address_of(found.person.id);
    let mut intro = vec![
        format!("For: {}", words::lower_first(&template.for_whom)),
        "Fill it in with the person, in their words where you can. Everything here can be read by \
         whoever is shown the passport."
            .to_owned(),
        format!(
            "It will be valid until {} at the latest.",
            words::date(found.valid_until)
        ),
    ];
    if found.version > 0 {
        intro.push(format!(
            "This replaces version {}. Printed copies of that version will be refused.",
            found.version
        ));
    }
    FormPage {
        shell: Shell::new(web, visit, template.title.clone(), Section::Person)
            .with_faults(!reading.faults.is_empty()),
        faults: reading.faults,
        saved: "",
        person: found.person.list_name(),
        back: format!("{base}/passports"),
        back_words: "Back to the passports",
        intro,
        action: format!("{base}/passport/{}", template.purpose),
        list: None,
        forms: vec![Part {
            title: "",
            intro: Vec::new(),
            hidden: vec![("version", found.version.to_string())],
            fields,
            button: match found.version {
                0 => "Make the passport",
                _ => "Replace the passport",
            },
        }],
    }
}

fn field(heading: &Heading, typed: Typed, error: Option<String>) -> Field {
    let name = name_of(heading);
    let question = match heading.required {
        true => heading.question.clone(),
        false => format!("{} (optional)", heading.question),
    };
    let hint = |most: &str| {
        let parts = [heading.hint.as_str(), most];
        let parts: Vec<&str> = parts.into_iter().filter(|part| !part.is_empty()).collect();
        parts.join(". ")
    };
    match (&heading.kind, typed) {
        (Kind::Day(_), Typed::Boxes(boxes)) => {
            Field::Day(form::date_input(&name, &question, &hint(""), boxes, error))
        }
        (Kind::Choice(choices), Typed::Text(current)) => Field::Choice(Radios {
            name,
            legend: question,
            hint: hint(""),
            error,
            choices: choices
                .iter()
                .map(|choice| Choice::new(choice.clone(), choice.clone(), &current))
                .collect(),
        }),
        (_, Typed::Text(value)) => {
            let longest = heading.longest();
            let hint = hint(&format!("Up to {longest} characters"));
            match longest <= ONE_LINE {
                true => Field::Text(Input {
                    name,
                    label: question,
                    hint,
                    value,
                    error,
                    ..Input::default()
                }),
                false => Field::Area(TextArea {
                    name,
                    label: question,
                    hint,
                    value,
                    error,
                    rows: if longest > 120 { 3 } else { 2 },
                }),
            }
        }
        (_, Typed::Boxes(boxes)) => {
            Field::Day(form::date_input(&name, &question, &hint(""), boxes, error))
        }
    }
}

pub(super) fn save(web: &Web, visit: &Visit, actor: &Actor) -> Outcome {
    let id: PersonId = visit.id("id")?;
    let purpose = visit.param("purpose");
    access::decide(actor, Action::MakePassport).map_err(Trouble::Denied)?;
    let Some(template) = web.app.passport_templates().get(purpose) else {
        return Err(Trouble::NotFound);
    };
    let mut reading = Reading::default();
    let mut answers = Answers::new();
    for heading in &template.headings {
        let name = name_of(heading);
        let answer = match heading.kind {
            Kind::Day(_) => {
                let before = reading.faults.len();
                let day = reading.date(&visit.form, &name, &heading.label);
                match (day, reading.faults.len() > before) {
                    (Some(day), _) => day.to_string(),
                    // Typed and not a day: the answer is refused with it.
                    (None, true) => "?".to_owned(),
                    (None, false) => String::new(),
                }
            }
            _ => visit.form.get(&name).to_owned(),
        };
        answers.insert(heading.key.clone(), answer);
    }
    let version = visit.form.parsed("version").unwrap_or(0);
    match web.app.make_passport(actor, id, purpose, version, &answers) {
        Ok(Making::Made(passport)) => Ok(shell::see_other(&format!(
            "{}?saved=1",
            address_of(passport)
        ))),
        Ok(Making::Wrong(wrong)) => {
            let mut told = Reading::default();
            for fault in wrong {
                let Some(heading) = template.heading(&fault.key) else {
                    continue;
                };
                let name = name_of(heading);
                let text = reading.of(&name).unwrap_or(fault.text);
                let anchor = match heading.kind {
                    Kind::Day(_) => format!("{name}-day"),
                    _ => name,
                };
                told.fault(&anchor, text);
            }
            let found = web.app.passport_form(actor, id, purpose)?;
            let typed = |heading: &Heading| Typed::sent(heading, &visit.form);
            shell::ok(&drawn(web, visit, &found, typed, told))
        }
        Err(app::Error::Stale { who, what }) => Err(Trouble::Stale {
            who,
            what,
            back: format!("{}/passports", who::address_of(id)),
            typed: template
                .headings
                .iter()
                .filter_map(|heading| {
                    let answer = answers.get(&heading.key)?;
                    (!answer.is_empty()).then(|| (heading.label.clone(), answer.clone()))
                })
                .collect(),
        }),
        Err(other) => Err(other.into()),
    }
}

#[derive(Template)]
#[template(path = "passport/end.html")]
struct EndPage {
    shell: Shell,
    faults: Vec<Fault>,
    title: String,
    person: String,
    action: String,
    back: String,
    version: i64,
    reason: TextArea,
}

fn end_page(
    web: &Web,
    visit: &Visit,
    actor: &Actor,
    wrong: Option<String>,
) -> Result<EndPage, Trouble> {
    access::decide(actor, Action::MakePassport).map_err(Trouble::Denied)?;
    let id: PassportId = visit.id("id")?;
    let found = web.app.passport(actor, id)?;
    let fault = wrong.as_ref().map(|text| Fault {
        field: "why".to_owned(),
        text: text.clone(),
    });
    Ok(EndPage {
        shell: Shell::new(web, visit, "End a passport", Section::Person)
            .with_faults(fault.is_some()),
        faults: fault.into_iter().collect(),
        title: found.line.title,
        person: found.stated.content.name,
        action: format!("{}/end", address_of(id)),
        back: address_of(id),
        version: found.line.version,
        reason: TextArea {
            name: "why".to_owned(),
            label: "Why is it ended?".to_owned(),
            hint: format!("Such as: the catheter was taken out. Up to {WHY} characters"),
            value: visit.form.get("why").to_owned(),
            error: wrong,
            rows: 2,
        },
    })
}

pub(super) fn end_form(web: &Web, visit: &Visit, actor: &Actor) -> Outcome {
    shell::ok(&end_page(web, visit, actor, None)?)
}

pub(super) fn end(web: &Web, visit: &Visit, actor: &Actor) -> Outcome {
    let id: PassportId = visit.id("id")?;
    let version = visit.form.parsed("version").unwrap_or(0);
    match web
        .app
        .end_passport(actor, id, version, visit.form.get("why"))
    {
        Ok(()) => Ok(shell::see_other(&address_of(id))),
        Err(app::Error::Invalid(wrong)) => {
            let text = wrong.first().map(|one| one.text.clone());
            shell::ok(&end_page(web, visit, actor, text)?)
        }
        Err(app::Error::Stale { who, what }) => Err(Trouble::Stale {
            who,
            what,
            back: address_of(id),
            typed: Vec::new(),
        }),
        Err(other) => Err(other.into()),
    }
}
