//! The huddle: begin one, go through it a case at a time, end it, and read or print its minutes.

use super::tabs::{Tabs, tabs};
use super::{board, returned};
use crate::components::{Choice, Fault, Field, Input, Radios, Select, TextArea};
use crate::door::Visit;
use crate::form::Reading;
use crate::person::form_page::{FormPage, Part};
use crate::person::who::{self, Who};
use crate::routes::Outcome;
use crate::shell::{self, Section, Shell};
use crate::trouble::Trouble;
use crate::{Web, words};
use access::{Action, Actor};
use app::flow::{CaseSaid, HuddleNext};
use askama::Template;
use jiff::Timestamp;
use kernel::{HuddleId, limits};

/// Longest name, in characters.
const LINE: usize = 120;

#[derive(Template)]
#[template(path = "flow/huddles.html")]
struct ListPage {
    shell: Shell,
    tabs: Tabs,
    faults: Vec<Fault>,
    fields: Vec<Field>,
    /// How many are back in hospital; empty for none.
    back: String,
    /// Address, title, and when with how it stands.
    huddles: Vec<(String, String, String)>,
}

/// How many are back in hospital, for those who begin a huddle; empty for none.
fn back_line(web: &Web, actor: &Actor) -> Result<String, Trouble> {
    let counts = web.app.back_counts(actor)?;
    Ok(match counts.back {
        0 => String::new(),
        _ => returned::counts(counts),
    })
}

fn list(web: &Web, visit: &Visit, actor: &Actor, reading: Reading) -> Outcome {
    let huddles = web.app.huddles(actor)?;
    let may = access::decide(actor, Action::ChangeStay).is_ok();
    let mut fields = Vec::new();
    if may {
        let chosen = visit.form.get("hospital");
        let mut choices = vec![Choice::new("", "All hospitals", chosen)];
        for (id, name) in web.app.hospitals(actor)? {
            choices.push(Choice::new(id.to_string(), name, chosen));
        }
        fields.push(Field::List(Select {
            name: "hospital".to_owned(),
            label: "Hospital".to_owned(),
            error: reading.of("hospital"),
            choices,
            ..Select::default()
        }));
        let who = match visit.form.get("who") {
            "" => "ready",
            other => other,
        };
        fields.push(Field::Choice(Radios {
            name: "who".to_owned(),
            legend: "Who do you speak about?".to_owned(),
            choices: vec![
                Choice::new("ready", "Those who are ready to leave", who),
                Choice::new("all", "Everybody, those ready first", who),
            ],
            ..Radios::default()
        }));
    }
    let now = web.app.now();
    shell::ok(&ListPage {
        shell: Shell::new(web, visit, "Huddles", Section::Board)
            .with_faults(!reading.faults.is_empty()),
        tabs: tabs(actor, "/flow/huddle"),
        faults: reading.faults,
        fields,
        back: match may {
            true => back_line(web, actor)?,
            false => String::new(),
        },
        huddles: huddles
            .iter()
            .map(|one| {
                let (address, stands) = match one.ended_at {
                    Some(_) => (format!("/flow/huddle/{}/minutes", one.id), "over"),
                    None => (format!("/flow/huddle/{}", one.id), "goes on"),
                };
                let when = words::near_time(one.began_at, now);
                let when = format!("{}, {stands}", words::sentence(&when));
                (address, one.title.clone(), when)
            })
            .collect(),
    })
}

pub(super) fn page(web: &Web, visit: &Visit, actor: &Actor) -> Outcome {
    list(web, visit, actor, Reading::default())
}

pub(super) fn begin(web: &Web, visit: &Visit, actor: &Actor) -> Outcome {
    let hospital = visit.form.parsed("hospital");
    let ready_only = visit.form.get("who") != "all";
    match web.app.begin_huddle(actor, hospital, ready_only) {
        Ok(id) => Ok(shell::see_other(&format!("/flow/huddle/{id}"))),
        Err(app::Error::Invalid(errors)) => {
            let mut reading = Reading::default();
            for error in errors {
                reading.fault(error.field, error.text);
            }
            list(web, visit, actor, reading)
        }
        Err(other) => Err(other.into()),
    }
}

#[derive(Template)]
#[template(path = "flow/huddle.html")]
struct CasePage {
    shell: Shell,
    faults: Vec<Fault>,
    id: String,
    title: String,
    /// "Case 3 of 14. Begun at 8:30am, 12 minutes ago."
    progress: String,
    number: i64,
    version: i64,
    who: Who,
    /// What to know of the case, a heading and lines each.
    facts: Vec<(&'static str, Vec<String>)>,
    stay: String,
    fields: Vec<Field>,
}

fn facts(next: &HuddleNext, now: Timestamp) -> Vec<(&'static str, Vec<String>)> {
    let page = &next.stay;
    let stay = &page.row.stay;
    let mut all = vec![(
        "Where",
        vec![
            words::known(&page.hospital).to_owned(),
            board::bed(&stay.ward, &stay.bed),
            format!(
                "{} in hospital",
                words::counted(page.days_in_hospital, "day")
            ),
        ],
    )];
    let ready = match (stay.ready_on, page.days_past_ready) {
        (Some(day), Some(days)) => vec![
            words::date(day),
            format!("{} past it", words::counted(days, "day")),
        ],
        (Some(day), None) => vec![words::date(day)],
        (None, _) => vec!["Not ready yet".to_owned()],
    };
    if let Some(back) = &page.back {
        let mut lines = vec![returned::in_words(&back.back)];
        if back.back.back.failed {
            lines.insert(0, "The discharge failed".to_owned());
        }
        lines.extend(back.care.iter().cloned());
        all.push(("Last stay", lines));
    }
    all.push(("Ready to leave", ready));
    all.push(("Pathway", vec![board::pathway(stay.pathway)]));
    let waiting = super::stay::standing(page).map_or_else(
        || vec!["No reason recorded".to_owned()],
        |delay| {
            let side = Some(delay.kept.segment.responsible);
            vec![
                delay.reason.clone(),
                board::responsible(side, delay.organisation.as_deref()),
            ]
        },
    );
    all.push(("Waiting for", waiting));
    if let Some(step) = page
        .chain
        .as_ref()
        .and_then(|chain| chain.steps.iter().find(|view| view.step.state.is_open()))
    {
        let owner = step.owner.as_deref().unwrap_or("Nobody yet");
        let mut lines = vec![step.step.title.clone(), owner.to_owned()];
        lines.extend(step.overdue.as_deref().map(words::sentence));
        all.push(("Step", lines));
    }
    let mut action = vec![match page.row.next_action.is_empty() {
        true => "No next action".to_owned(),
        false => page.row.next_action.clone(),
    }];
    action.push(board::owner(
        &page.row.next_owner_name,
        page.next_owner.as_deref(),
    ));
    action.extend(
        page.row
            .next_due_at
            .map(|due| format!("Due {}", words::near_time(due, now))),
    );
    action.extend(page.overdue.as_deref().map(words::sentence));
    action.retain(|line| !line.is_empty());
    all.push(("Agreed before", action));
    if !page.row.destination.is_empty() {
        let tag = board::destination_tag(page.row.destination_state);
        all.push(("Destination", vec![page.row.destination.clone(), tag.text]));
    }
    all
}

fn fields(visit: &Visit, next: &HuddleNext, reading: &Reading) -> Vec<Field> {
    let form = &visit.form;
    let chosen = form.get("owner");
    let mut owners = vec![Choice::new("", "Not decided", chosen)];
    for one in &next.stay.organisations {
        if !["ward", "practice", "region"].contains(&one.kind.as_str()) {
            owners.push(Choice::new(one.id.to_string(), one.name.clone(), chosen));
        }
    }
    let due = match form.get("due") {
        "" => "today",
        other => other,
    };
    let area = |name: &str, label: &str, rows: u8| {
        Field::Area(TextArea {
            name: name.to_owned(),
            label: label.to_owned(),
            hint: String::new(),
            value: form.get(name).to_owned(),
            error: reading.of(name),
            rows,
        })
    };
    let text = |name: &str, label: &str, hint: &str| {
        Field::Text(Input {
            name: name.to_owned(),
            label: label.to_owned(),
            hint: hint.to_owned(),
            value: form.get(name).to_owned(),
            error: reading.of(name),
            autocomplete: "off".to_owned(),
            ..Input::default()
        })
    };
    vec![
        area("action", "What is agreed?", 2),
        Field::List(Select {
            name: "owner".to_owned(),
            label: "Which organisation does it?".to_owned(),
            error: reading.of("owner"),
            choices: owners,
            ..Select::default()
        }),
        text("owner_name", "Who there?", ""),
        Field::Choice(Radios {
            name: "due".to_owned(),
            legend: "By when?".to_owned(),
            error: reading.of("due"),
            choices: vec![
                Choice::new("today", "Today", due),
                Choice::new("tomorrow", "Tomorrow", due),
                Choice::new("none", "No time", due),
            ],
            ..Radios::default()
        }),
        text("due_time", "At what time?", "Such as 2pm. Empty is 5pm"),
        area("said", "What was said? (you may leave this empty)", 2),
    ]
}

/// "Case 3 of 14. Begun 12 minutes ago. 2 of them back in hospital soon after leaving."
fn progress(next: &HuddleNext, done: usize, all: usize, begun: &str) -> String {
    let mut line = format!("Case {} of {all}. Begun {begun}.", done + 1);
    if next.back.back > 0 {
        line.push_str(&format!(" Of these, {}.", returned::counts(next.back)));
    }
    line
}

fn drawn(web: &Web, visit: &Visit, next: &HuddleNext, reading: Reading) -> Outcome {
    let now = web.app.now();
    let id = next.huddle.id;
    let (all, done) = next.done;
    let minutes = now.duration_since(next.huddle.began_at).as_mins();
    let begun = match minutes {
        0 => "just now".to_owned(),
        minutes => format!("{} ago", words::counted(minutes, "minute")),
    };
    shell::ok(&CasePage {
        shell: Shell::new(web, visit, next.stay.person.list_name(), Section::Board)
            .with_faults(!reading.faults.is_empty()),
        fields: fields(visit, next, &reading),
        faults: reading.faults,
        title: next.huddle.title.clone(),
        progress: progress(next, done, all, &begun),
        number: next.case.number,
        version: next.stay.row.version,
        who: who::of(
            &next.stay.person,
            next.stay.council.as_deref(),
            web.app.today(),
        ),
        facts: facts(next, now),
        stay: format!("/flow/stay/{}", next.case.stay),
        id: id.to_string(),
    })
}

pub(super) fn next(web: &Web, visit: &Visit, actor: &Actor) -> Outcome {
    access::decide(actor, Action::ChangeStay).map_err(app::Error::from)?;
    let id: HuddleId = visit.id("id")?;
    match web.app.next_case(actor, id)? {
        Some(next) if next.huddle.ended_at.is_none() => {
            drawn(web, visit, &next, Reading::default())
        }
        _ => Ok(shell::see_other(&format!("/flow/huddle/{id}/minutes"))),
    }
}

pub(super) fn say(web: &Web, visit: &Visit, actor: &Actor) -> Outcome {
    let id: HuddleId = visit.id("id")?;
    let form = &visit.form;
    let mut reading = Reading::default();
    let today = web.app.today();
    let day = match form.get("due") {
        "today" => Some(today),
        "tomorrow" => today.tomorrow().ok(),
        _ => None,
    };
    let (hour, minute) = reading.time(form, "due_time").unwrap_or((17, 0));
    let said = CaseSaid {
        skip: form.get("skip") == "yes",
        said: reading.optional(form, "said", limits::TEXT_CHARACTERS),
        action: reading.optional(form, "action", limits::TEXT_CHARACTERS),
        owner: form.parsed("owner"),
        owner_name: reading.optional(form, "owner_name", LINE),
        due_at: day.and_then(|day| words::local(day, hour, minute)),
    };
    let number = form.parsed("number").unwrap_or(0);
    let version = form.parsed("version").unwrap_or(0);
    let back = format!("/flow/huddle/{id}");
    if reading.faults.is_empty() {
        match web.app.say_case(actor, id, number, version, &said) {
            Ok(()) => return Ok(shell::see_other(&back)),
            Err(app::Error::Invalid(errors)) => {
                for error in errors {
                    reading.fault(error.field, error.text);
                }
            }
            Err(app::Error::Stale { who, what }) => {
                let typed = [
                    ("What is agreed?", &said.action),
                    ("What was said?", &said.said),
                ];
                return Err(Trouble::Stale {
                    who,
                    what,
                    back,
                    typed: typed
                        .into_iter()
                        .filter(|(_, text)| !text.is_empty())
                        .map(|(label, text)| (label.to_owned(), text.clone()))
                        .collect(),
                });
            }
            Err(other) => return Err(other.into()),
        }
    }
    match web.app.next_case(actor, id)? {
        Some(next) => drawn(web, visit, &next, reading),
        None => Ok(shell::see_other(&format!("/flow/huddle/{id}/minutes"))),
    }
}

struct Minute {
    name: String,
    stay: String,
    lines: Vec<String>,
    pending: bool,
}

#[derive(Template)]
#[template(path = "flow/minutes.html")]
struct MinutesPage {
    shell: Shell,
    intro: Vec<String>,
    minutes: Vec<Minute>,
    hidden: String,
    /// Where the huddle goes on and ends; empty if it is over.
    go_on: String,
}

pub(super) fn minutes(web: &Web, visit: &Visit, actor: &Actor) -> Outcome {
    let id: HuddleId = visit.id("id")?;
    let page = web.app.huddle(actor, id)?;
    let now = web.app.now();
    let huddle = &page.huddle;
    let mut intro = vec![format!(
        "Begun {} by {} ({}).",
        words::date_time(huddle.began_at),
        words::known(&huddle.began_by),
        words::known(&huddle.organisation)
    )];
    match huddle.ended_at {
        Some(ended) => intro.push(format!("Ended {}.", words::date_time(ended))),
        None => intro.push("It goes on.".to_owned()),
    }
    if !huddle.present.is_empty() {
        intro.push(format!("There: {}.", huddle.present));
    }
    let minutes = page.cases.iter().map(|(case, name, owner)| {
        let mut lines = Vec::new();
        match (case.said_at, case.skipped) {
            (None, _) => lines.push("Not spoken about".to_owned()),
            (Some(_), true) => lines.push("Left for another time".to_owned()),
            (Some(_), false) => {
                lines.push(format!("Agreed: {}", case.action));
                let owner = board::owner(&case.owner_name, owner.as_deref());
                if !owner.is_empty() {
                    lines.push(format!("Who: {owner}"));
                }
                lines.extend(
                    case.due_at
                        .map(|due| format!("By: {}", words::near_time(due, now))),
                );
            }
        }
        if !case.said.is_empty() {
            lines.push(format!("Said: {}", case.said));
        }
        Minute {
            name: name.clone(),
            stay: format!("/flow/stay/{}", case.stay),
            lines,
            pending: case.said_at.is_none(),
        }
    });
    let may = access::decide(actor, Action::ChangeStay).is_ok();
    shell::ok(&MinutesPage {
        shell: Shell::new(
            web,
            visit,
            format!("Minutes: {}", huddle.title),
            Section::Board,
        ),
        intro,
        minutes: minutes.collect(),
        hidden: match page.hidden {
            0 => String::new(),
            hidden => format!(
                "{} not shown: you have no link with them.",
                words::counted(i64::try_from(hidden).unwrap_or(0), "person")
            ),
        },
        go_on: match may && huddle.ended_at.is_none() {
            true => format!("/flow/huddle/{id}"),
            false => String::new(),
        },
    })
}

fn end_form(web: &Web, visit: &Visit, id: HuddleId, title: String, reading: Reading) -> Outcome {
    shell::ok(&FormPage {
        shell: Shell::new(web, visit, "End the huddle", Section::Board)
            .with_faults(!reading.faults.is_empty()),
        saved: "",
        person: title,
        back: format!("/flow/huddle/{id}/minutes"),
        back_words: "Back to the minutes",
        intro: Vec::new(),
        action: format!("/flow/huddle/{id}/end"),
        list: None,
        forms: vec![Part {
            title: "",
            intro: Vec::new(),
            hidden: Vec::new(),
            fields: vec![Field::Area(TextArea {
                name: "present".to_owned(),
                label: "Who was there?".to_owned(),
                hint: "Names or teams".to_owned(),
                value: visit.form.get("present").to_owned(),
                error: reading.of("present"),
                rows: 2,
            })],
            button: "End the huddle",
        }],
        faults: reading.faults,
    })
}

pub(super) fn ending(web: &Web, visit: &Visit, actor: &Actor) -> Outcome {
    access::decide(actor, Action::ChangeStay).map_err(app::Error::from)?;
    let id: HuddleId = visit.id("id")?;
    let title = web.app.huddle(actor, id)?.huddle.title;
    end_form(web, visit, id, title, Reading::default())
}

pub(super) fn end(web: &Web, visit: &Visit, actor: &Actor) -> Outcome {
    let id: HuddleId = visit.id("id")?;
    match web.app.end_huddle(actor, id, visit.form.get("present")) {
        Ok(()) => Ok(shell::see_other(&format!("/flow/huddle/{id}/minutes"))),
        Err(app::Error::Invalid(errors)) => {
            let mut reading = Reading::default();
            for error in errors {
                reading.fault(error.field, error.text);
            }
            let title = web.app.huddle(actor, id)?.huddle.title;
            end_form(web, visit, id, title, reading)
        }
        Err(other) => Err(other.into()),
    }
}
