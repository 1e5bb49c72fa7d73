//! Finding a service. The form is sent in the address, so that what was found can be kept and
//! sent on: nothing in it is about a person.

use crate::components::{Choice, Fault, Input, Pagination, Select, Tag};
use crate::door::Visit;
use crate::form::{Fields, Reading, escape};
use crate::routes::Outcome;
use crate::shell::{self, Section, Shell};
use crate::{Web, words};
use access::Action;
use app::place::{SERVICES_A_PAGE, ServiceFound};
use askama::Template;
use jiff::Timestamp;
use jiff::civil::Date;
use kernel::calendar::{add_days, instant};
use place::opening::{State, words as opening_words};
use place::register::{Listed, ListedAs, spoken_name};
use place::search::Query;
use place::service::Serves;

/// Longest words that are looked for, in characters.
const WORDS: usize = 200;
/// Days that can be chosen.
const DAYS: i64 = 7;

/// One service found.
struct Line {
    href: String,
    name: String,
    organisation: String,
    what: String,
    telephone: String,
    state: String,
    tag: Tag,
    note: String,
}

/// One organisation as the NHS lists it.
struct ListedLine {
    name: String,
    kind: &'static str,
    address: String,
    telephone: String,
}

#[derive(Template)]
#[template(path = "directory/find.html")]
struct Page {
    shell: Shell,
    faults: Vec<Fault>,
    words: Input,
    need: Select,
    area: Input,
    when: Select,
    time: Input,
    summary: Option<String>,
    understood: String,
    urgent: bool,
    lines: Vec<Line>,
    listed: Vec<ListedLine>,
    pagination: Pagination,
    may_change: bool,
}

pub(super) fn page(web: &Web, visit: &Visit) -> Outcome {
    let now = web.app.now();
    let mut reading = Reading::default();
    let query = read(&visit.query, &mut reading, web, now);
    if !reading.faults.is_empty() || !asks(&visit.query) {
        return shell::ok(&form(web, visit, reading));
    }
    let number = visit.query.page();
    let found = web
        .app
        .find_services(visit.actor.as_ref(), &query, number)?;
    let needs = &web.app.policy().needs;
    let understood: Vec<&str> = found
        .understood
        .iter()
        .map(|code| needs.label(code))
        .collect();
    let asked_for = found.understood.iter().chain([&query.need]);
    let at = query.open_at.unwrap_or(now);
    shell::ok(&Page {
        summary: Some(match found.total {
            0 if !found.listed.is_empty() => "Found nearby in the NHS list".to_owned(),
            0 => "No services were found".to_owned(),
            total => format!("{} found", words::counted(as_count(total), "service")),
        }),
        understood: understood.join("; "),
        urgent: asked_for
            .filter_map(|code| needs.get(code))
            .any(|need| need.group == "urgent"),
        lines: found
            .services
            .iter()
            .map(|one| line(one, at, now))
            .collect(),
        listed: found.listed.iter().map(listed_line).collect(),
        pagination: Pagination::new(number, found.total.div_ceil(SERVICES_A_PAGE), |page| {
            address(&visit.query, page)
        }),
        ..form(web, visit, reading)
    })
}

/// The page with the form as it was typed, and nothing found.
fn form(web: &Web, visit: &Visit, reading: Reading) -> Page {
    let query = &visit.query;
    Page {
        shell: Shell::new(web, visit, "Find a service", Section::Directory)
            .with_faults(!reading.faults.is_empty()),
        words: input(
            "words",
            "What do you need help with?",
            "Such as falls, meals, a break from caring",
            query,
            &reading,
        ),
        need: need_choices(web, query, &reading),
        area: input(
            "area",
            "Postcode, town or district",
            "Such as ZZ1 4AB. Leave this empty to look everywhere",
            query,
            &reading,
        ),
        when: when_choices(web, query, &reading),
        time: input(
            "time",
            "At what time, if you chose a day?",
            "Such as 9am or 2:30pm",
            query,
            &reading,
        ),
        summary: None,
        understood: String::new(),
        urgent: false,
        lines: Vec::new(),
        listed: Vec::new(),
        pagination: Pagination::default(),
        may_change: visit
            .actor
            .as_ref()
            .is_some_and(|actor| access::decide(actor, Action::ChangeDirectory).is_ok()),
        faults: reading.faults,
    }
}

fn as_count(total: usize) -> i64 {
    i64::try_from(total).unwrap_or(i64::MAX)
}

/// Whether anything was sent: the bare address is the empty form.
fn asks(query: &Fields) -> bool {
    ["words", "need", "area", "when", "all", "ended"]
        .iter()
        .any(|name| query.given(name).is_some())
}

fn read(query: &Fields, reading: &mut Reading, web: &Web, now: Timestamp) -> Query {
    let words = reading.optional(query, "words", WORDS);
    let area = reading.optional(query, "area", WORDS);
    let need = query.get("need").to_owned();
    if !need.is_empty() && web.app.policy().needs.get(&need).is_none() {
        reading.fault("need", "Choose one of the needs in the list");
    }
    let open_at = match query.get("when") {
        "" => None,
        "now" => Some(now),
        day => on_a_day(day, query, reading),
    };
    Query {
        words,
        need,
        area,
        open_at,
        ended: query.get("ended") == "yes",
    }
}

fn on_a_day(day: &str, query: &Fields, reading: &mut Reading) -> Option<Timestamp> {
    let Ok(day) = day.parse::<Date>() else {
        reading.fault("when", "Choose one of the days in the list");
        return None;
    };
    if query.given("time").is_none() {
        reading.fault("time", "Enter a time for the day you chose, such as 9am");
        return None;
    }
    let (hour, minute) = reading.time(query, "time")?;
    instant(day.at(hour, minute, 0, 0))
}

fn input(name: &str, label: &str, hint: &str, query: &Fields, reading: &Reading) -> Input {
    Input {
        name: name.to_owned(),
        label: label.to_owned(),
        hint: hint.to_owned(),
        value: query.get(name).to_owned(),
        error: reading.of(name),
        classes: match name {
            "time" => "nhsuk-input--width-5".to_owned(),
            "area" => "nhsuk-input--width-20".to_owned(),
            _ => String::new(),
        },
        ..Input::default()
    }
}

fn need_choices(web: &Web, query: &Fields, reading: &Reading) -> Select {
    let chosen = query.get("need");
    let mut choices = vec![Choice::new("", "Any", chosen)];
    for need in &web.app.policy().needs {
        choices.push(Choice::new(&*need.code, &*need.label, chosen));
    }
    Select {
        name: "need".to_owned(),
        label: "Or choose from a list".to_owned(),
        error: reading.of("need"),
        choices,
        ..Select::default()
    }
}

fn when_choices(web: &Web, query: &Fields, reading: &Reading) -> Select {
    let chosen = query.get("when");
    let today = web.app.today();
    let mut choices = vec![
        Choice::new("", "Any time", chosen),
        Choice::new("now", "Open now", chosen),
    ];
    for ahead in 0..DAYS {
        let day = add_days(today, ahead);
        let name = match ahead {
            0 => "Later today".to_owned(),
            1 => "Tomorrow".to_owned(),
            _ => opening_words::weekday(day).to_owned(),
        };
        let text = format!("{name}, {} {}", day.day(), words::month_name(day.month()));
        choices.push(Choice::new(day.to_string(), text, chosen));
    }
    Select {
        name: "when".to_owned(),
        label: "When?".to_owned(),
        error: reading.of("when"),
        choices,
        ..Select::default()
    }
}

/// The address of a page of what was found.
fn address(query: &Fields, page: usize) -> String {
    let mut address = "/directory?all=yes".to_owned();
    for name in ["words", "need", "area", "when", "time", "ended"] {
        if let Some(value) = query.given(name) {
            address.push_str(&format!("&{name}={}", escape(value)));
        }
    }
    format!("{address}&page={page}")
}

/// How a service stands: a small label, and a sentence.
pub(super) fn standing(state: &State, at: Timestamp, now: Timestamp) -> (Tag, String) {
    let colour = match state {
        State::Open { .. } => "green",
        State::Closed { .. } => "grey",
        State::NotSaid { .. } => "yellow",
    };
    let (short, long) = opening_words::said(state, at, now);
    (Tag::new(short, colour), long)
}

fn line(found: &ServiceFound, at: Timestamp, now: Timestamp) -> Line {
    let service = &found.kept.service;
    let mut notes = Vec::new();
    if found.serves == Serves::Perhaps {
        notes.push(format!(
            "It says it serves {}. Ask if that includes you.",
            service.areas_typed()
        ));
    }
    if found.old {
        notes.push("This entry has not been checked for a long time.".to_owned());
    }
    let (tag, state) = standing(&found.state, at, now);
    Line {
        href: format!("/directory/{}", found.kept.id),
        name: service.name.clone(),
        organisation: service.organisation.clone(),
        what: service.what.clone(),
        telephone: service.telephone.clone(),
        state,
        tag,
        note: notes.join(" "),
    }
}

fn listed_line(listed: &Listed) -> ListedLine {
    ListedLine {
        name: spoken_name(&listed.name),
        kind: match listed.listed_as {
            ListedAs::Pharmacy => "Pharmacy",
            _ => "GP practice",
        },
        address: format!("{}, {}", spoken_name(&listed.address), listed.postcode),
        telephone: listed.telephone.clone(),
    }
}
