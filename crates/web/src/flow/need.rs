//! Needs that services are asked to meet: the form, the list, and taking up earlier care again.

use super::pieces::{Piece, PiecesPage, Ticks, VisitRow, of_list, ticked};
use crate::components::{Choice, Field, Input, Radios, Select, TextArea};
use crate::door::Visit;
use crate::form::{Fields, Reading, as_boxes, boxes, date_input};
use crate::person::who;
use crate::routes::{Outcome, Route, staff, staff_post};
use crate::shell::{self, Section, Shell};
use crate::trouble::Trouble;
use crate::{Web, words};
use ::flow::offer::{Kind, NeedState, TimeOfDay, Visits};
use access::{Action, Actor};
use app::flow::{About, Draft, NewNeed};
use askama::Template;
use jiff::civil::Date;
use kernel::{NeedId, PersonId, StayId};

pub(super) fn routes() -> Vec<Route> {
    vec![
        staff("/flow/needs", list),
        staff("/flow/stay/{id}/need", of_stay),
        staff_post("/flow/stay/{id}/need", write_of_stay),
        staff("/person/{id}/need", of_person),
        staff_post("/person/{id}/need", write_of_person),
    ]
}

/// A need of this person that was met before, and can be taken up again.
struct Before {
    id: String,
    what: String,
    service: String,
    since: String,
}

#[derive(Template)]
#[template(path = "flow/need-new.html")]
struct FormPage {
    page: PiecesPage,
    shell: Shell,
    going_on: Option<(String, String)>,
    before: Vec<Before>,
    today: String,
}

fn address(about: About) -> String {
    match about {
        About::Stay(id) => format!("/flow/stay/{id}/need"),
        About::Person(id) => format!("/person/{id}/need"),
    }
}

fn back(about: About) -> (String, &'static str) {
    match about {
        About::Stay(id) => (format!("/flow/stay/{id}"), "Back to the stay"),
        About::Person(id) => (who::address_of(id), "Back to the record"),
    }
}

/// What a need says in one line.
pub(super) fn in_a_line(need: &::flow::offer::Need) -> String {
    let mut text = need.kind.label().to_owned();
    if !need.zone.is_empty() {
        text.push_str(&format!(", {}", need.zone));
    }
    if need.double_handed {
        text.push_str(", two workers");
    }
    text
}

fn key(time: TimeOfDay) -> String {
    time.as_str().replace(' ', "-")
}

/// The visits as typed, or a fault where a number is none.
pub(super) fn visits(form: &Fields, reading: &mut Reading) -> Vec<Visits> {
    let mut all = Vec::new();
    for time in TimeOfDay::VISITS {
        let count = form.get(&format!("visits-{}", key(time)));
        let minutes = form.get(&format!("minutes-{}", key(time)));
        if count.is_empty() || count == "0" {
            continue;
        }
        match (count.parse(), minutes.parse()) {
            (Ok(count), Ok(minutes)) => all.push(Visits {
                time,
                count,
                minutes,
            }),
            _ => reading.fault(
                "visits",
                format!("Enter how many visits and of how many minutes for the {time}, as numbers"),
            ),
        }
    }
    all
}

/// What is said beside the question where somebody lives: an offer names nobody.
pub(super) const ZONE_HINT: &str = "The postcode district or town, such as ZZ1. Not the address";

/// How many workers come to each visit.
pub(super) fn workers(form: &Fields) -> Piece {
    let two = match form.get("double") {
        "yes" => "yes",
        _ => "no",
    };
    Piece::Plain(Field::Choice(Radios {
        name: "double".to_owned(),
        legend: "How many workers at each visit?".to_owned(),
        choices: vec![
            Choice::new("no", "One", two),
            Choice::new("yes", "Two (double-handed)", two),
        ],
        ..Radios::default()
    }))
}

fn draw(web: &Web, visit: &Visit, about: About, draft: &Draft, reading: Reading) -> Outcome {
    let posted = visit.is_form();
    let form = &visit.form;
    let typed = |name: &str, usual: &str| match posted {
        true => form.get(name).to_owned(),
        false => usual.to_owned(),
    };
    let kind = typed("kind", draft.kind.map_or("", Kind::as_str));
    let mut kinds = vec![Choice::new("", "Choose", &kind)];
    kinds.extend(Kind::ALL.iter().map(|one| {
        let text = format!("{} (pathway {})", one.label(), one.pathway());
        Choice::new(one.as_str(), text, &kind)
    }));
    let funding = form.get("funding");
    let routes = web.app.policy().funding_routes.on(web.app.today());
    let mut funds = vec![Choice::new("", "Choose", funding)];
    funds.extend(routes.map(|one| Choice::new(one.code.as_str(), one.label.as_str(), funding)));
    let day = |name: &str, legend: &str, hint: &str, usual: Option<Date>| {
        let typed = if posted {
            boxes(form, name)
        } else {
            as_boxes(usual)
        };
        Piece::Plain(Field::Day(date_input(
            name,
            legend,
            hint,
            typed,
            reading.of(name),
        )))
    };
    let pieces = vec![
        Piece::Plain(Field::List(Select {
            name: "kind".to_owned(),
            label: "What kind of care?".to_owned(),
            error: reading.of("kind"),
            choices: kinds,
            ..Select::default()
        })),
        Piece::Plain(Field::Text(Input {
            name: "zone".to_owned(),
            label: "Where?".to_owned(),
            hint: ZONE_HINT.to_owned(),
            value: typed("zone", &draft.zone),
            error: reading.of("zone"),
            classes: "nhsuk-input--width-20".to_owned(),
            ..Input::default()
        })),
        Piece::Visits(visit_rows(form), reading.of("visits")),
        workers(form),
        Piece::Boxes(Ticks {
            name: "skills",
            legend: "Which skills does it take?",
            hint: "Only services that have told all of these are asked",
            error: reading.of("skills"),
            choices: of_list(&web.app.policy().skills, web.app.today(), |code| {
                form.has("skills", code)
            }),
        }),
        day("starts_on", "From which day?", "", Some(draft.starts_on)),
        day(
            "latest_start",
            "Latest first day that will do",
            "Leave empty for the usual. A service that offers a later day waits for your word",
            None,
        ),
        Piece::Plain(Field::List(Select {
            name: "funding".to_owned(),
            label: "Who pays?".to_owned(),
            error: reading.of("funding"),
            choices: funds,
            ..Select::default()
        })),
        Piece::Plain(Field::Area(TextArea {
            name: "words".to_owned(),
            label: "What must a service know to decide?".to_owned(),
            hint: "Needs and risks, in plain words. No name, no address, no date of birth: the service that accepts is told who it is".to_owned(),
            value: form.get("words").to_owned(),
            error: reading.of("words"),
            rows: 6,
        })),
    ];
    let (back, back_words) = back(about);
    let page = PiecesPage {
        shell: Shell::new(web, visit, "Look for a service", Section::Board)
            .with_faults(!reading.faults.is_empty()),
        faults: reading.faults,
        caption: draft.person.list_name(),
        back,
        back_words: back_words.to_owned(),
        intro: Vec::new(),
        action: address(about),
        hidden: Vec::new(),
        pieces,
        button: "Save and see who can meet it",
    };
    let before = draft.before.iter().filter_map(|(row, service)| {
        let met = row.state == NeedState::Started;
        met.then_some(())?;
        Some(Before {
            id: row.id.to_string(),
            what: in_a_line(&row.need),
            service: service.clone()?,
            since: words::date(row.need.starts_on),
        })
    });
    let going_on = draft.going_on();
    let page = FormPage {
        going_on: going_on.map(|row| (format!("/flow/need/{}", row.id), in_a_line(&row.need))),
        before: before.take(3).collect(),
        today: words::date(draft.starts_on),
        shell: page.shell.clone(),
        page,
    };
    shell::ok(&page)
}

pub(super) fn visit_rows(form: &Fields) -> Vec<VisitRow> {
    TimeOfDay::VISITS
        .iter()
        .map(|time| {
            let key = key(*time);
            let minutes = form.get(&format!("minutes-{key}"));
            VisitRow {
                label: words::sentence(time.as_str()),
                count: form.get(&format!("visits-{key}")).to_owned(),
                minutes: if minutes.is_empty() { "30" } else { minutes }.to_owned(),
                key,
            }
        })
        .collect()
}

fn of_stay(web: &Web, visit: &Visit, actor: &Actor) -> Outcome {
    let id: StayId = visit.id("id")?;
    form(web, visit, actor, About::Stay(id))
}

fn of_person(web: &Web, visit: &Visit, actor: &Actor) -> Outcome {
    let id: PersonId = visit.id("id")?;
    form(web, visit, actor, About::Person(id))
}

fn write_of_stay(web: &Web, visit: &Visit, actor: &Actor) -> Outcome {
    let id: StayId = visit.id("id")?;
    write(web, visit, actor, About::Stay(id))
}

fn write_of_person(web: &Web, visit: &Visit, actor: &Actor) -> Outcome {
    let id: PersonId = visit.id("id")?;
    write(web, visit, actor, About::Person(id))
}

fn form(web: &Web, visit: &Visit, actor: &Actor, about: About) -> Outcome {
    let draft = web.app.need_draft(actor, about)?;
    draw(web, visit, about, &draft, Reading::default())
}

fn write(web: &Web, visit: &Visit, actor: &Actor, about: About) -> Outcome {
    access::decide(actor, Action::SeekService).map_err(Trouble::Denied)?;
    let form = &visit.form;
    let mut reading = Reading::default();
    let wrote = match form.given("restart") {
        Some(before) => {
            let before: NeedId = before.parse().map_err(|_| Trouble::NotFound)?;
            let draft = web.app.need_draft(actor, about)?;
            web.app
                .restart_care(actor, before, draft.stay, draft.starts_on)
        }
        None => {
            let skills = &web.app.policy().skills;
            let new = NewNeed {
                kind: Kind::parse(form.get("kind")),
                zone: form.get("zone").to_owned(),
                visits: visits(form, &mut reading),
                double_handed: form.get("double") == "yes",
                skills: ticked(skills, web.app.today(), form, "skills"),
                starts_on: reading.date(form, "starts_on", "The first day"),
                latest_start: reading.date(form, "latest_start", "The latest day"),
                funding: form.get("funding").to_owned(),
                words: form.get("words").to_owned(),
            };
            match reading.faults.is_empty() {
                true => web.app.write_need(actor, about, &new),
                false => Err(app::Error::Invalid(Vec::new())),
            }
        }
    };
    match wrote {
        Ok(id) => Ok(shell::see_other(&format!("/flow/need/{id}?done=written"))),
        Err(app::Error::Invalid(errors)) => {
            for error in errors {
                reading.fault(error.field, error.text);
            }
            let draft = web.app.need_draft(actor, about)?;
            draw(web, visit, about, &draft, reading)
        }
        Err(other) => Err(other.into()),
    }
}

/// A need on the list.
struct Line {
    href: String,
    name: String,
    what: String,
    starts: String,
    state: &'static str,
    colour: &'static str,
    more: String,
}

#[derive(Template)]
#[template(path = "flow/needs.html")]
struct ListPage {
    shell: Shell,
    lines: Vec<Line>,
    newer: Option<String>,
    older: Option<String>,
    number: usize,
}

fn list(web: &Web, visit: &Visit, actor: &Actor) -> Outcome {
    let number = visit.query.page();
    let found = web.app.needs(actor, number)?;
    let full = found.len() >= 50;
    let lines = found.into_iter().map(|one| {
        let asked = i64::try_from(one.asked).unwrap_or(i64::MAX);
        let waiting = i64::try_from(one.waiting).unwrap_or(i64::MAX);
        let (state, colour, more) = match (&one.winner, asked, waiting) {
            (Some(winner), ..) => ("Accepted", "green", format!("By {winner}")),
            (None, 0, _) => ("Nobody asked yet", "red", String::new()),
            (None, _, 0) => ("Nobody will take it so far", "red", {
                format!("{} asked", words::counted(asked, "service"))
            }),
            (None, _, _) => ("Waiting for answers", "yellow", {
                format!("{waiting} of {asked} asked still have time")
            }),
        };
        let more = match (one.person.died_on, one.left_on) {
            (Some(day), _) => format!("Died on {}. Withdraw it.", words::date(day)),
            (None, Some(day)) if one.winner.is_none() => {
                format!("Left hospital on {}. {more}", words::date(day))
            }
            _ => more,
        };
        Line {
            href: format!("/flow/need/{}", one.row.id),
            name: one.person.list_name(),
            what: in_a_line(&one.row.need),
            starts: format!("From {}", words::date(one.row.need.starts_on)),
            state,
            colour,
            more,
        }
    });
    let at = |page: usize| format!("/flow/needs?page={page}");
    shell::ok(&ListPage {
        shell: Shell::new(web, visit, "Needs that look for a service", Section::Board),
        lines: lines.collect(),
        newer: (number > 1).then(|| at(number - 1)),
        older: full.then(|| at(number + 1)),
        number,
    })
}
