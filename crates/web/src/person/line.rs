//! One line of a person's timeline with all that it says: its fields as a table in words, and
//! the narrative of its source as words, never run.

use super::document::words_of;
use super::sight::SightView;
use super::timeline::{aged, kind_in_words, sector};
use super::who;
use crate::components::Tag;
use crate::door::Visit;
use crate::routes::Outcome;
use crate::shell::{self, Section, Shell};
use crate::{Web, words};
use access::{Action, Actor};
use app::person::LinePage;
use app::person::readable::Value;
use askama::Template;
use jiff::civil::Date;
use kernel::TimelineId;

/// Longest narrative shown, in characters.
const SHOWN: usize = 50_000;

#[derive(Template)]
#[template(path = "person/line.html")]
struct Page {
    shell: Shell,
    person: String,
    back: String,
    sector: Option<Tag>,
    facts: Vec<(&'static str, String)>,
    links: Vec<(String, &'static str)>,
    rows: Vec<(String, String)>,
    more: bool,
    narrative: String,
    sight: SightView,
}

pub(super) fn page(web: &Web, visit: &Visit, actor: &Actor) -> Outcome {
    let id: TimelineId = visit.id("id")?;
    let found = web.app.timeline_line(actor, id)?;
    let today = web.app.today();
    let line = &found.line;
    let mut links = Vec::new();
    if let Some(document) = line.document {
        links.push((format!("/person/document/{document}"), "Read the document"));
    }
    if let Some(stay) = line.stay
        && access::decide(actor, Action::SeeStay).is_ok()
    {
        links.push((format!("/flow/stay/{stay}"), "See the hospital stay"));
    }
    let title = words::known(&line.title).to_owned();
    let (rows, more, narrative) = match &found.readable {
        None => (Vec::new(), false, String::new()),
        Some(read) => {
            let rows = read.rows.iter();
            let narrative = words_of(&read.narrative).chars().take(SHOWN).collect();
            (
                rows.map(|row| (row.name.clone(), said(&row.value)))
                    .collect(),
                read.more,
                narrative,
            )
        }
    };
    shell::ok(&Page {
        shell: Shell::new(web, visit, title, Section::Person),
        person: found.person.list_name(),
        back: who::address_of(found.person.id),
        sector: (!line.source.is_empty()).then(|| sector(&line.sector)),
        facts: facts(&found, today),
        links,
        rows,
        more,
        narrative,
        sight: SightView::of(&found.sight),
    })
}

fn facts(found: &LinePage, today: Date) -> Vec<(&'static str, String)> {
    let line = &found.line;
    let received = words::day_of(line.received_at).to_string();
    let mut facts = vec![
        ("Kind", kind_in_words(&line.kind)),
        ("When", aged(line.happened_at.as_deref(), today)),
        ("Source", words::known(&line.source).to_owned()),
        ("Received", aged(Some(&received), today)),
    ];
    if found.readable.is_some() {
        let earlier = match found.earlier {
            0 => "None".to_owned(),
            earlier => format!("{} kept", words::counted(earlier, "version")),
        };
        facts.push(("Earlier versions", earlier));
    }
    facts
}

fn said(value: &Value) -> String {
    match value {
        Value::Words(words) => words.clone(),
        Value::Date(date) => words::when(Some(date)),
        Value::Period(Some(from), Some(to)) => {
            format!("{} to {}", words::when(Some(from)), words::when(Some(to)))
        }
        Value::Period(Some(from), None) => format!("From {}", words::when(Some(from))),
        Value::Period(None, Some(to)) => format!("Until {}", words::when(Some(to))),
        Value::Period(None, None) => words::known("").to_owned(),
    }
}
