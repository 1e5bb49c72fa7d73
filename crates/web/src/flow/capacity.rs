//! What services have free: the list for those who look for care, and the pages on which a
//! service tells its own figures, also from a telephone.

use super::pieces::{Piece, PiecesPage, Ticks, of_list, ticked};
use crate::components::{Choice, Fault, Field, Input, Select};
use crate::door::Visit;
use crate::form::Reading;
use crate::routes::{Outcome, Route, staff, staff_post};
use crate::shell::{self, Section, Shell};
use crate::trouble::Trouble;
use crate::{Web, words};
use ::flow::offer::{Kind, Slot, TimeOfDay, Unit};
use access::{Action, Actor};
use app::flow::{CapacityFilter, NewFigure, ServiceCapacity, TellFigure, ToldFigure};
use askama::Template;
use kernel::{CapacityId, ServiceId};

pub(super) fn routes() -> Vec<Route> {
    vec![
        staff("/capacity", list),
        staff("/capacity/own", own),
        staff("/capacity/own/{id}", service),
        staff_post("/capacity/own/{id}", tell),
        staff("/capacity/own/{id}/add", add_form),
        staff_post("/capacity/own/{id}/add", add),
    ]
}

/// A figure as it is shown.
pub(super) struct FigureLine {
    pub(super) id: String,
    pub(super) version: i64,
    /// "Home care, morning"
    pub(super) what: String,
    /// "3 visits a day free"
    pub(super) free: String,
    pub(super) number: String,
    pub(super) unit: &'static str,
    /// Where and with what skills.
    pub(super) more: String,
    /// "told 3 hours ago by …"
    pub(super) told: String,
    pub(super) stale: bool,
}

/// Kind and time of day of a figure.
pub(super) fn what(slot: &Slot) -> String {
    match slot.time {
        TimeOfDay::Any => slot.kind.label().to_owned(),
        time => format!("{}, {time}", slot.kind.label()),
    }
}

fn line(web: &Web, told: &ToldFigure) -> FigureLine {
    let (figure, slot) = (&told.figure, &told.figure.slot);
    let skills: Vec<&str> = slot
        .skills
        .iter()
        .map(|code| web.app.policy().skills.label(code))
        .collect();
    let mut more = match (slot.zone.as_str(), slot.kind.is_bed()) {
        ("", true) => Vec::new(),
        ("", false) => vec!["Wherever the service works".to_owned()],
        (zone, _) => vec![zone.to_owned()],
    };
    if !skills.is_empty() {
        more.push(skills.join(", "));
    }
    FigureLine {
        id: slot.id.to_string(),
        version: figure.version,
        what: what(slot),
        free: match slot.free {
            0 => "None free".to_owned(),
            free => format!("{} free", slot.unit.counted(free)),
        },
        number: slot.free.to_string(),
        unit: slot.unit.as_str(),
        more: more.join(". "),
        told: format!("{} by {}", words::sentence(&told.age), figure.told_by),
        stale: told.stale,
    }
}

/// A service with its figures.
pub(super) struct Card {
    pub(super) name: String,
    pub(super) organisation: String,
    pub(super) href: String,
    pub(super) link: &'static str,
    pub(super) telephone: String,
    pub(super) lines: Vec<FigureLine>,
}

pub(super) fn card(web: &Web, one: &ServiceCapacity, href: String, link: &'static str) -> Card {
    let service = &one.kept.service;
    let same = service.organisation == service.name;
    Card {
        name: service.name.clone(),
        organisation: if same {
            String::new()
        } else {
            service.organisation.clone()
        },
        href,
        link,
        telephone: service.telephone.clone(),
        lines: one.figures.iter().map(|told| line(web, told)).collect(),
    }
}

#[derive(Template)]
#[template(path = "flow/capacity.html")]
struct ListPage {
    shell: Shell,
    kinds: Vec<Choice>,
    zone: String,
    free: bool,
    counted: String,
    cards: Vec<Card>,
    may_tell: bool,
    may_seek: bool,
}

fn list(web: &Web, visit: &Visit, actor: &Actor) -> Outcome {
    let query = &visit.query;
    let filter = CapacityFilter {
        kind: Kind::parse(query.get("kind")),
        zone: query.get("zone").to_owned(),
        free: query.get("free") == "yes",
    };
    let found = web.app.capacity(actor, &filter)?;
    let mut kinds = vec![Choice::new("", "Every kind", query.get("kind"))];
    let all = Kind::ALL.iter();
    kinds.extend(all.map(|kind| Choice::new(kind.as_str(), kind.label(), query.get("kind"))));
    let stale = found.iter().flat_map(|one| &one.figures);
    let stale = stale.filter(|told| told.stale).count();
    let services = words::counted(i64::try_from(found.len()).unwrap_or(i64::MAX), "service");
    shell::ok(&ListPage {
        shell: Shell::new(web, visit, "What services have free", Section::Board),
        kinds,
        zone: filter.zone.clone(),
        free: filter.free,
        counted: match stale {
            0 => format!("{services}."),
            1 => format!("{services}. 1 figure is old: ring before you rely on it."),
            many => format!("{services}. {many} figures are old: ring before you rely on them."),
        },
        cards: found
            .iter()
            .map(|one| {
                card(
                    web,
                    one,
                    format!("/directory/{}", one.kept.id),
                    "About the service",
                )
            })
            .collect(),
        may_tell: access::decide(actor, Action::TellCapacity).is_ok(),
        may_seek: access::decide(actor, Action::SeekService).is_ok(),
    })
}

#[derive(Template)]
#[template(path = "flow/capacity-own.html")]
struct OwnPage {
    shell: Shell,
    offers: bool,
    cards: Vec<Card>,
}

fn own(web: &Web, visit: &Visit, actor: &Actor) -> Outcome {
    let mut found = web.app.own_capacity(actor)?;
    if let [only] = found.as_slice() {
        return Ok(shell::see_other(&format!("/capacity/own/{}", only.kept.id)));
    }
    found.sort_by_key(|one| one.figures.is_empty());
    shell::ok(&OwnPage {
        shell: Shell::new(web, visit, "What you have free", Section::Capacity),
        offers: access::decide(actor, Action::AnswerOffer).is_ok(),
        cards: found
            .iter()
            .map(|one| {
                card(
                    web,
                    one,
                    format!("/capacity/own/{}", one.kept.id),
                    "Bring up to date",
                )
            })
            .collect(),
    })
}

#[derive(Template)]
#[template(path = "flow/capacity-service.html")]
struct ServicePage {
    shell: Shell,
    faults: Vec<Fault>,
    done: &'static str,
    card: Card,
    /// Where the form is sent.
    action: String,
    offers: bool,
    back: &'static str,
    back_words: &'static str,
}

fn shown(web: &Web, visit: &Visit, actor: &Actor, id: ServiceId, faults: Vec<Fault>) -> Outcome {
    let found = web.app.own_service(actor, id)?;
    let offers = access::decide(actor, Action::AnswerOffer).is_ok();
    let mut card = card(
        web,
        &found,
        format!("/capacity/own/{id}/add"),
        "Add a figure",
    );
    for line in &mut card.lines {
        if let Some(typed) = visit.form.given(&format!("free-{}", line.id)) {
            line.number = typed.to_owned();
        }
    }
    let (back, back_words) = match offers {
        true => ("/offers", "Your offers"),
        false => ("/capacity", "What services have free"),
    };
    shell::ok(&ServicePage {
        shell: Shell::new(web, visit, "What you have free", Section::Capacity)
            .with_faults(!faults.is_empty()),
        faults,
        done: match visit.query.get("done") {
            "told" => "Thank you. The figures are up to date",
            "added" => "The figure was added",
            "ended" => "The figure was taken away",
            _ => "",
        },
        card,
        action: format!("/capacity/own/{id}"),
        offers,
        back,
        back_words,
    })
}

fn service(web: &Web, visit: &Visit, actor: &Actor) -> Outcome {
    let id: ServiceId = visit.id("id")?;
    shown(web, visit, actor, id, Vec::new())
}

fn tell(web: &Web, visit: &Visit, actor: &Actor) -> Outcome {
    access::decide(actor, Action::TellCapacity).map_err(Trouble::Denied)?;
    let id: ServiceId = visit.id("id")?;
    if let Some(end) = visit.form.given("end") {
        let (figure, version) = end.split_once('/').unwrap_or((end, ""));
        let which = figure.parse().ok().zip(version.parse().ok());
        let which: (CapacityId, i64) = which.ok_or(Trouble::NotFound)?;
        web.app
            .end_capacity(actor, id, which)
            .map_err(|error| with_back(error, id))?;
        return Ok(shell::see_other(&format!("/capacity/own/{id}?done=ended")));
    }
    let found = web.app.own_service(actor, id)?;
    let mut told = Vec::new();
    let mut faults = Vec::new();
    for one in &found.figures {
        let figure = one.figure.slot.id;
        let Some(typed) = visit.form.given(&format!("free-{figure}")) else {
            continue;
        };
        let free: Option<u32> = typed.parse().ok();
        if free.is_none_or(|free| free > ::flow::offer::capacity::MOST) {
            faults.push(Fault {
                field: format!("free-{figure}"),
                text: format!(
                    "Enter a whole number of {} for {}, such as 0 or 3",
                    one.figure.slot.unit,
                    words::lower_first(&what(&one.figure.slot))
                ),
            });
        }
        told.push(TellFigure {
            id: figure,
            version: visit.form.parsed(&format!("version-{figure}")).unwrap_or(0),
            free,
        });
    }
    if !faults.is_empty() {
        return shown(web, visit, actor, id, faults);
    }
    web.app
        .tell_capacity(actor, id, &told)
        .map_err(|error| with_back(error, id))?;
    Ok(shell::see_other(&format!("/capacity/own/{id}?done=told")))
}

/// Somebody else's change leads back to the page as it is now.
fn with_back(error: app::Error, id: ServiceId) -> Trouble {
    match Trouble::from(error) {
        Trouble::Stale { who, what, .. } => Trouble::Stale {
            who,
            what,
            back: format!("/capacity/own/{id}"),
            typed: Vec::new(),
        },
        other => other,
    }
}

fn add_page(
    web: &Web,
    visit: &Visit,
    (id, name): (ServiceId, String),
    reading: Reading,
) -> Outcome {
    let form = &visit.form;
    let choices = |name: &str, first: &str, all: Vec<(String, String)>| {
        let mut choices = vec![Choice::new("", first, form.get(name))];
        let all = all.into_iter();
        choices.extend(all.map(|(value, text)| Choice::new(value, text, form.get(name))));
        choices
    };
    let kinds = Kind::ALL.iter();
    let kinds = kinds.map(|kind| (kind.as_str().to_owned(), kind.label().to_owned()));
    let units = Unit::ALL.iter();
    let units = units.map(|unit| (unit.to_string(), words::sentence(unit.as_str())));
    let times = TimeOfDay::ALL
        .iter()
        .filter(|time| **time != TimeOfDay::Any);
    let times = times.map(|time| (time.to_string(), words::sentence(time.as_str())));
    let list = |name: &str, label: &str, hint: &str, choices| {
        Piece::Plain(Field::List(Select {
            name: name.to_owned(),
            label: label.to_owned(),
            hint: hint.to_owned(),
            error: reading.of(name),
            choices,
        }))
    };
    let skills = &web.app.policy().skills;
    let pieces = vec![
        list("kind", "Kind of care", "", choices("kind", "Choose", kinds.collect())),
        list(
            "time",
            "Time of day",
            "Of visits at home",
            choices("time", "Any time", times.collect()),
        ),
        list("unit", "What is counted", "", choices("unit", "Choose", units.collect())),
        Piece::Plain(Field::Text(Input {
            name: "free".to_owned(),
            label: "How many are free now?".to_owned(),
            value: form.get("free").to_owned(),
            error: reading.of("free"),
            classes: "nhsuk-input--width-4".to_owned(),
            inputmode: "numeric".to_owned(),
            ..Input::default()
        })),
        Piece::Plain(Field::Text(Input {
            name: "zone".to_owned(),
            label: "Where?".to_owned(),
            hint: "Postcode districts or towns, parted by semicolons, such as ZZ1; ZZ2. Leave empty for wherever the service works".to_owned(),
            value: form.get("zone").to_owned(),
            error: reading.of("zone"),
            ..Input::default()
        })),
        Piece::Boxes(Ticks {
            name: "skills",
            legend: "Which skills come with it?",
            hint: "",
            error: reading.of("skills"),
            choices: of_list(skills, web.app.today(), |code| form.has("skills", code)),
        }),
    ];
    shell::ok(&PiecesPage {
        shell: Shell::new(web, visit, "Add a figure", Section::Capacity)
            .with_faults(!reading.faults.is_empty()),
        faults: reading.faults,
        caption: name,
        back: format!("/capacity/own/{id}"),
        back_words: "What you have free".to_owned(),
        intro: Vec::new(),
        action: format!("/capacity/own/{id}/add"),
        hidden: Vec::new(),
        pieces,
        button: "Add it",
    })
}

fn add_form(web: &Web, visit: &Visit, actor: &Actor) -> Outcome {
    let id: ServiceId = visit.id("id")?;
    let found = web.app.own_service(actor, id)?;
    add_page(
        web,
        visit,
        (id, found.kept.service.name),
        Reading::default(),
    )
}

fn add(web: &Web, visit: &Visit, actor: &Actor) -> Outcome {
    access::decide(actor, Action::TellCapacity).map_err(Trouble::Denied)?;
    let id: ServiceId = visit.id("id")?;
    let form = &visit.form;
    let new = NewFigure {
        kind: Kind::parse(form.get("kind")),
        zone: form.get("zone").to_owned(),
        time: TimeOfDay::parse(form.get("time")).unwrap_or(TimeOfDay::Any),
        unit: Unit::parse(form.get("unit")),
        free: form.parsed("free"),
        skills: ticked(&web.app.policy().skills, web.app.today(), form, "skills"),
    };
    match web.app.add_capacity(actor, id, &new) {
        Ok(_) => Ok(shell::see_other(&format!("/capacity/own/{id}?done=added"))),
        Err(app::Error::Invalid(errors)) => {
            let mut reading = Reading::default();
            for error in errors {
                reading.fault(error.field, error.text);
            }
            let found = web.app.own_service(actor, id)?;
            add_page(web, visit, (id, found.kept.service.name), reading)
        }
        Err(other) => Err(other.into()),
    }
}
