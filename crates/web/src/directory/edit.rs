//! Adding, changing and checking a service.

use crate::Web;
use crate::components::{Fault, Input, TextArea};
use crate::door::Visit;
use crate::form::{self, Fields, Reading};
use crate::routes::Outcome;
use crate::shell::{self, Section, Shell};
use crate::trouble::Trouble;
use access::{Action, Actor};
use askama::Template;
use kernel::ServiceId;
use place::service::Typed;

/// One box to tick.
struct Tick {
    id: String,
    value: String,
    text: String,
    on: bool,
}

/// Boxes under one heading.
struct Group {
    name: String,
    ticks: Vec<Tick>,
}

/// Every field of the form.
struct Boxes {
    name: Input,
    organisation: Input,
    organisation_code: Input,
    what: TextArea,
    needs_error: Option<String>,
    needs: Vec<Group>,
    areas: Input,
    who_for: TextArea,
    referral_error: Option<String>,
    referral: Vec<Tick>,
    hours: TextArea,
    hours_note: Input,
    telephone: Input,
    web: Input,
    how: TextArea,
    address: Input,
    postcode: Input,
    cost: Input,
    ended_on: crate::components::DateInput,
}

#[derive(Template)]
#[template(path = "directory/edit.html")]
struct Page {
    shell: Shell,
    faults: Vec<Fault>,
    back: String,
    action: String,
    version: i64,
    boxes: Boxes,
}

/// What is filled in, as it was typed or as it stands.
struct Draft {
    typed: Typed,
    ended: [String; 3],
}

pub(super) fn new(web: &Web, visit: &Visit, actor: &Actor) -> Outcome {
    access::decide(actor, Action::ChangeDirectory).map_err(app::Error::from)?;
    let draft = Draft {
        typed: Typed {
            referral: "self; carer; professional".to_owned(),
            ..Typed::default()
        },
        ended: Default::default(),
    };
    shell::ok(&drawn(web, visit, None, &draft, Reading::default()))
}

pub(super) fn add(web: &Web, visit: &Visit, actor: &Actor) -> Outcome {
    let (draft, reading) = sent(web, &visit.form);
    access::decide(actor, Action::ChangeDirectory).map_err(app::Error::from)?;
    if !reading.faults.is_empty() {
        return shell::ok(&drawn(web, visit, None, &draft, reading));
    }
    match web.app.add_service(actor, &draft.typed) {
        Ok(id) => Ok(shell::see_other(&format!("/directory/{id}?done=saved"))),
        Err(app::Error::Invalid(errors)) => {
            shell::ok(&drawn(web, visit, None, &draft, wrong(&errors)))
        }
        Err(other) => Err(other.into()),
    }
}

pub(super) fn form(web: &Web, visit: &Visit, actor: &Actor) -> Outcome {
    access::decide(actor, Action::ChangeDirectory).map_err(app::Error::from)?;
    let id: ServiceId = visit.id("id")?;
    let kept = web.app.service_to_change(actor, id)?;
    let draft = Draft {
        typed: kept.service.typed(),
        ended: form::as_boxes(kept.service.ended_on),
    };
    let of = Some((id, kept.version));
    shell::ok(&drawn(web, visit, of, &draft, Reading::default()))
}

pub(super) fn save(web: &Web, visit: &Visit, actor: &Actor) -> Outcome {
    access::decide(actor, Action::ChangeDirectory).map_err(app::Error::from)?;
    let id: ServiceId = visit.id("id")?;
    let version = visit.form.parsed("version").unwrap_or(0);
    let (draft, reading) = sent(web, &visit.form);
    let of = Some((id, version));
    if !reading.faults.is_empty() {
        return shell::ok(&drawn(web, visit, of, &draft, reading));
    }
    match web.app.change_service(actor, id, version, &draft.typed) {
        Ok(()) => Ok(shell::see_other(&format!("/directory/{id}?done=saved"))),
        Err(app::Error::Invalid(errors)) => {
            shell::ok(&drawn(web, visit, of, &draft, wrong(&errors)))
        }
        Err(app::Error::Stale { who, what }) => Err(Trouble::Stale {
            who,
            what,
            back: format!("/directory/{id}"),
            typed: as_typed(&draft.typed),
        }),
        Err(other) => Err(other.into()),
    }
}

pub(super) fn checked(web: &Web, visit: &Visit, actor: &Actor) -> Outcome {
    access::decide(actor, Action::ChangeDirectory).map_err(app::Error::from)?;
    let id: ServiceId = visit.id("id")?;
    let version = visit.form.parsed("version").unwrap_or(0);
    match web.app.check_service(actor, id, version) {
        Ok(()) => Ok(shell::see_other(&format!("/directory/{id}?done=checked"))),
        Err(app::Error::Stale { who, what }) => Err(Trouble::Stale {
            who,
            what,
            back: format!("/directory/{id}"),
            typed: Vec::new(),
        }),
        Err(other) => Err(other.into()),
    }
}

fn wrong(errors: &[app::FieldError]) -> Reading {
    let mut reading = Reading::default();
    for error in errors {
        // The first box of a group has an id of its own.
        reading.fault(error.field, error.text.clone());
    }
    reading
}

/// What was sent, and what of it is no day.
fn sent(web: &Web, form: &Fields) -> (Draft, Reading) {
    let mut reading = Reading::default();
    let text = |name: &str| form.get(name).to_owned();
    let needs = web.app.policy().needs.iter();
    let needs: Vec<&str> = needs
        .filter(|need| form.has("needs", &need.code))
        .map(|need| need.code.as_str())
        .collect();
    let referral: Vec<&str> = REFERRAL
        .iter()
        .filter(|(value, _)| form.has("referral", value))
        .map(|(value, _)| *value)
        .collect();
    let ended = reading.date(form, "ended_on", "The last day");
    let typed = Typed {
        name: text("name"),
        organisation: text("organisation"),
        organisation_code: text("organisation_code"),
        what: text("what"),
        needs: needs.join("; "),
        areas: text("areas"),
        how: text("how"),
        who_for: text("who_for"),
        referral: referral.join("; "),
        hours: text("hours"),
        hours_note: text("hours_note"),
        address: text("address"),
        postcode: text("postcode"),
        telephone: text("telephone"),
        web: text("web"),
        cost: text("cost"),
        checked_on: String::new(),
        checked_by: String::new(),
        ended_on: ended.map_or_else(String::new, |day| day.to_string()),
    };
    let ended = form::boxes(form, "ended_on");
    (Draft { typed, ended }, reading)
}

const REFERRAL: [(&str, &str); 3] = [
    ("self", "The person"),
    ("carer", "A carer, family or a friend"),
    (
        "professional",
        "A professional, such as a doctor or social worker",
    ),
];

/// What was typed, to be shown again when it could not be saved.
fn as_typed(typed: &Typed) -> Vec<(String, String)> {
    [
        ("Name", &typed.name),
        ("What it does", &typed.what),
        ("Opening hours", &typed.hours),
        ("Telephone", &typed.telephone),
        ("Web address", &typed.web),
        ("How to get in touch", &typed.how),
        ("Address", &typed.address),
        ("Who it is for", &typed.who_for),
        ("What it costs", &typed.cost),
        ("Where it works", &typed.areas),
    ]
    .into_iter()
    .filter(|(_, value)| !value.is_empty())
    .map(|(name, value)| (name.to_owned(), value.clone()))
    .collect()
}

fn drawn(
    web: &Web,
    visit: &Visit,
    of: Option<(ServiceId, i64)>,
    draft: &Draft,
    reading: Reading,
) -> Page {
    let (title, back, action) = match of {
        None => (
            "Add a service",
            "/directory".to_owned(),
            "/directory/new".to_owned(),
        ),
        Some((id, _)) => (
            "Change a service",
            format!("/directory/{id}"),
            format!("/directory/{id}/edit"),
        ),
    };
    let boxes = boxes(web, draft, &reading);
    Page {
        shell: Shell::new(web, visit, title, Section::Directory)
            .with_faults(!reading.faults.is_empty()),
        back,
        action,
        version: of.map_or(0, |(_, version)| version),
        boxes,
        faults: reading.faults.into_iter().map(anchored).collect(),
    }
}

/// The summary leads to the first box of a group.
fn anchored(fault: Fault) -> Fault {
    let field = match fault.field.as_str() {
        "needs" => "needs-1".to_owned(),
        "referral" => "referral-1".to_owned(),
        other => other.to_owned(),
    };
    Fault { field, ..fault }
}

/// A one-line box with what is wrong with it.
fn line(reading: &Reading, name: &str, words: (&str, &str), value: &str, classes: &str) -> Input {
    Input {
        name: name.to_owned(),
        label: words.0.to_owned(),
        hint: words.1.to_owned(),
        value: value.to_owned(),
        error: reading.of(name),
        classes: classes.to_owned(),
        ..Input::default()
    }
}

/// A box of several lines with what is wrong with it.
fn area(reading: &Reading, name: &str, words: (&str, &str), value: &str, rows: u8) -> TextArea {
    TextArea {
        name: name.to_owned(),
        label: words.0.to_owned(),
        hint: words.1.to_owned(),
        value: value.to_owned(),
        error: reading.of(name),
        rows,
    }
}

const WHAT: (&str, &str) = (
    "What it does",
    "Plain words and short sentences. The public reads this",
);
const AREAS: (&str, &str) = (
    "Where it works",
    "Postcodes, towns or districts, with semicolons between, such as ZZ1; ZZ2; Barchester. Leave \
     this empty if it works everywhere here",
);
const HOURS: (&str, &str) = (
    "Opening hours",
    "One line for each rule, such as Mon-Fri 9am-5pm. Then a line such as Sat 10am-1pm, or bank \
     holidays closed, or 24 December 2026 9am-midday. Leave this empty if they are not known",
);
const CODE: &str = "Their NHS organisation code (ODS), if they have one";

fn boxes(web: &Web, draft: &Draft, reading: &Reading) -> Boxes {
    let typed = &draft.typed;
    let short = "nhsuk-input--width-10";
    let plain = |name: &str, label: &str, value: &str| line(reading, name, (label, ""), value, "");
    let hinted = |name: &str, words, value: &str| line(reading, name, words, value, "");
    let code = typed.organisation_code.as_str();
    let hours = typed.hours.replace("; ", "\n");
    Boxes {
        name: plain("name", "Name of the service", &typed.name),
        organisation: plain("organisation", "Who runs it", &typed.organisation),
        organisation_code: line(reading, "organisation_code", (CODE, ""), code, short),
        what: area(reading, "what", WHAT, &typed.what, 4),
        needs_error: reading.of("needs"),
        needs: need_groups(web, &typed.needs),
        areas: hinted("areas", AREAS, &typed.areas),
        who_for: area(
            reading,
            "who_for",
            ("Who it is for", "Such as people over 65"),
            &typed.who_for,
            2,
        ),
        referral_error: reading.of("referral"),
        referral: ticks("referral", &REFERRAL, &typed.referral),
        hours: area(reading, "hours", HOURS, &hours, 5),
        hours_note: hinted(
            "hours_note",
            ("More about the hours", "Such as by appointment only"),
            &typed.hours_note,
        ),
        telephone: line(
            reading,
            "telephone",
            ("Telephone", ""),
            &typed.telephone,
            "nhsuk-input--width-20",
        ),
        web: hinted(
            "web",
            ("Web address", "It starts with https://"),
            &typed.web,
        ),
        how: area(reading, "how", ("How to get in touch", ""), &typed.how, 2),
        address: plain("address", "Address", &typed.address),
        postcode: line(
            reading,
            "postcode",
            ("Postcode", ""),
            &typed.postcode,
            short,
        ),
        cost: hinted("cost", ("What it costs", "Such as free"), &typed.cost),
        ended_on: form::date_input(
            "ended_on",
            "Last day, if the service has ended or will end",
            "",
            draft.ended.clone(),
            reading.of("ended_on"),
        ),
    }
}

fn ticks(name: &str, choices: &[(&str, &str)], on: &str) -> Vec<Tick> {
    let on: Vec<&str> = on.split(';').map(str::trim).collect();
    (1..)
        .zip(choices)
        .map(|(at, (value, text))| Tick {
            id: format!("{name}-{at}"),
            value: (*value).to_owned(),
            text: (*text).to_owned(),
            on: on.contains(value),
        })
        .collect()
}

/// The needs under the headings of the list, in its order.
fn need_groups(web: &Web, on: &str) -> Vec<Group> {
    let needs = &web.app.policy().needs;
    let choices: Vec<(&str, &str)> = needs
        .iter()
        .map(|need| (need.code.as_str(), need.label.as_str()))
        .collect();
    let mut groups: Vec<Group> = Vec::new();
    for (need, tick) in needs.iter().zip(ticks("needs", &choices, on)) {
        let name = crate::words::sentence(&need.group);
        match groups.iter_mut().find(|group| group.name == name) {
            Some(group) => group.ticks.push(tick),
            None => groups.push(Group {
                name,
                ticks: vec![tick],
            }),
        }
    }
    groups
}
