//! Unusual looks: the list, and one of them.

use super::{Whose, wrong};
use crate::components::{Choice, DateInput, Fault, Radios, Select, Tag, TextArea};
use crate::door::Visit;
use crate::form::{self, Reading};
use crate::routes::Outcome;
use crate::shell::{self, Section, Shell};
use crate::{Web, words};
use access::{Action, Actor};
use app::privacy::{LOOKS_MOST_DAYS, LookFinding, LookPage, LooksAsked};
use askama::Template;
use jiff::ToSpan;

/// Days shown unless others are asked for.
const DAYS: i32 = 14;

/// One unusual look.
struct Line {
    href: String,
    when: String,
    who: String,
    whose: String,
    rules: Vec<Tag>,
    why: String,
    state: Tag,
}

#[derive(Template)]
#[template(path = "privacy/looks.html")]
struct ListPage {
    shell: Shell,
    faults: Vec<Fault>,
    from: DateInput,
    to: DateInput,
    which: Select,
    lines: Vec<Line>,
    stretch: String,
    newer: Option<String>,
    older: Option<String>,
    page: usize,
}

#[derive(Template)]
#[template(path = "privacy/look.html")]
struct OnePage {
    shell: Shell,
    faults: Vec<Fault>,
    saved: bool,
    whose: Whose,
    who: String,
    when: String,
    reasons: Vec<String>,
    seen: Vec<String>,
    notes: Vec<(Tag, String, String)>,
    action: String,
    verdict: Radios,
    note: TextArea,
}

fn in_order(in_order: bool) -> Tag {
    match in_order {
        true => Tag::new("In order", "green"),
        false => Tag::new("Not in order", "red"),
    }
}

fn state(finding: &LookFinding) -> Tag {
    finding
        .reviews
        .last()
        .map_or(Tag::new("To look into", "blue"), |one| {
            in_order(one.in_order)
        })
}

pub(super) fn list(web: &Web, visit: &Visit, actor: &Actor) -> Outcome {
    access::decide(actor, Action::ReviewLooks).map_err(app::Error::from)?;
    let mut reading = Reading::default();
    let today = web.app.today();
    let asked_to = reading.date(&visit.query, "to", "The last day");
    let asked_from = reading.date(&visit.query, "from", "The first day");
    let to = asked_to.unwrap_or(today);
    let from = asked_from.unwrap_or_else(|| to.saturating_sub((DAYS - 1).days()));
    let page = visit.query.page();
    let all = visit.query.get("which") == "all";
    let asked = LooksAsked {
        from,
        to,
        all,
        page,
    };
    let mut found = (Vec::new(), false);
    if reading.faults.is_empty() {
        match web.app.unusual_looks(actor, &asked) {
            Ok(looks) => found = looks,
            Err(app::Error::Invalid(errors)) => {
                for one in errors {
                    reading.fault("to-day", one.text);
                }
            }
            Err(other) => return Err(other.into()),
        }
    }
    let typed = |name: &str, day| match form::boxes(&visit.query, name) {
        boxes if boxes.iter().any(|part| !part.is_empty()) => boxes,
        _ => form::as_boxes(Some(day)),
    };
    let now = web.app.now();
    let line = |one: &LookFinding| Line {
        href: format!("/privacy/look/{}", one.sequence),
        when: words::sentence(&words::near_time(one.at, now)),
        who: one.who.clone(),
        whose: one.whose.clone(),
        rules: one
            .reasons
            .iter()
            .map(|reason| Tag::new(reason.rule.label(), "yellow"))
            .collect(),
        why: one
            .reasons
            .iter()
            .map(|reason| reason.words.as_str())
            .collect::<Vec<_>>()
            .join(" "),
        state: state(one),
    };
    let address = |page: usize| {
        let day = |name: &str, day: jiff::civil::Date| {
            let (d, m, y) = (day.day(), day.month(), day.year());
            format!("{name}-day={d}&{name}-month={m}&{name}-year={y}")
        };
        let which = if all { "all" } else { "waiting" };
        format!(
            "/privacy/looks?{}&{}&which={which}&page={page}",
            day("from", from),
            day("to", to)
        )
    };
    let which = if all { "all" } else { "waiting" };
    shell::ok(&ListPage {
        shell: Shell::new(web, visit, "Unusual looks", Section::Privacy)
            .with_faults(!reading.faults.is_empty()),
        from: form::date_input(
            "from",
            "First day",
            "",
            typed("from", from),
            reading.of("from"),
        ),
        to: form::date_input(
            "to",
            "Last day",
            &format!("At most {LOOKS_MOST_DAYS} days in all"),
            typed("to", to),
            reading.of("to"),
        ),
        which: Select {
            name: "which".to_owned(),
            label: "Which looks".to_owned(),
            choices: vec![
                Choice::new("waiting", "To look into", which),
                Choice::new("all", "All, also those looked into", which),
            ],
            ..Select::default()
        },
        lines: found.0.iter().map(line).collect(),
        stretch: format!("{} to {}", words::date(from), words::date(to)),
        newer: (page > 1).then(|| address(page - 1)),
        older: found.1.then(|| address(page + 1)),
        page,
        faults: reading.faults,
    })
}

pub(super) fn page(web: &Web, visit: &Visit, actor: &Actor) -> Outcome {
    access::decide(actor, Action::ReviewLooks).map_err(app::Error::from)?;
    let found = web.app.unusual_look(actor, visit.id("number")?)?;
    shell::ok(&drawn(web, visit, found, Reading::default()))
}

fn drawn(web: &Web, visit: &Visit, found: LookPage, reading: Reading) -> OnePage {
    let finding = found.finding;
    let current = visit.form.get("verdict");
    OnePage {
        shell: Shell::new(web, visit, "Unusual look", Section::Privacy)
            .with_faults(!reading.faults.is_empty()),
        saved: visit.query.given("saved").is_some(),
        whose: Whose::of(&found.whose),
        who: finding.who,
        when: words::date_time(finding.at),
        reasons: finding.reasons.into_iter().map(|one| one.words).collect(),
        seen: found.seen.into_iter().map(|row| row.words).collect(),
        notes: finding
            .reviews
            .into_iter()
            .map(|one| {
                let by = format!("{}, {}", one.by, words::date_time(one.at));
                (in_order(one.in_order), one.note, by)
            })
            .collect(),
        action: format!("/privacy/look/{}", finding.sequence),
        verdict: Radios {
            name: "verdict".to_owned(),
            legend: "Was this look in order?".to_owned(),
            hint: "You can add to this later. Nothing is erased.".to_owned(),
            error: reading.of("verdict"),
            choices: vec![
                Choice::new("in-order", "Yes, it was in order", current),
                Choice::new("not-in-order", "No, it was not in order", current),
            ],
        },
        note: TextArea {
            name: "note".to_owned(),
            label: "What you found".to_owned(),
            hint: "For whoever asks later. Say how you know.".to_owned(),
            value: visit.form.get("note").to_owned(),
            error: reading.of("note"),
            rows: 3,
        },
        faults: reading.faults,
    }
}

pub(super) fn look_into(web: &Web, visit: &Visit, actor: &Actor) -> Outcome {
    access::decide(actor, Action::ReviewLooks).map_err(app::Error::from)?;
    let number: i64 = visit.id("number")?;
    let note = visit.form.get("note");
    let outcome = match visit.form.get("verdict") {
        "in-order" => web.app.look_into(actor, number, true, note),
        "not-in-order" => web.app.look_into(actor, number, false, note),
        _ => Err(app::Error::invalid(
            "verdict",
            "Choose whether it was in order",
        )),
    };
    match outcome {
        Ok(()) => Ok(shell::see_other(&format!("/privacy/look/{number}?saved=1"))),
        Err(error) => {
            let reading = wrong(error)?;
            let found = web.app.unusual_look(actor, number)?;
            shell::ok(&drawn(web, visit, found, reading))
        }
    }
}
