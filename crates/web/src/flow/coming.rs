//! What is coming to a provider: who was accepted and has not begun, which offers wait for an
//! answer, which steps are theirs, and what they said that they have free.

use super::capacity::{Card, card};
use super::need::in_a_line;
use super::offers::{Line as Offered, offered};
use super::tabs::{Tabs, tabs};
use super::work::{Line as StepLine, line as step_line};
use crate::door::Visit;
use crate::routes::Outcome;
use crate::shell::{self, Section, Shell};
use crate::{Web, words};
use access::{Action, Actor};
use app::flow::{Coming, ComingLine};
use askama::Template;

/// Somebody who was accepted.
struct PersonLine {
    name: String,
    /// Where more is said of them; empty where they may not be named here.
    href: String,
    number: String,
    begins: String,
    late: String,
    what: String,
    service: String,
}

/// People under one heading.
struct Part {
    id: &'static str,
    title: &'static str,
    none: &'static str,
    people: Vec<PersonLine>,
}

#[derive(Template)]
#[template(path = "flow/coming.html")]
struct Page {
    shell: Shell,
    tabs: Tabs,
    board: bool,
    answers: bool,
    headline: String,
    parts_: Vec<Part>,
    asked: Vec<Offered>,
    steps: Option<Vec<StepLine>>,
    cards: Vec<Card>,
}

fn person(line: &ComingLine, answers: bool) -> PersonLine {
    let name = match &line.person {
        Some(person) => person.list_name(),
        None => "Ask the hub who it is".to_owned(),
    };
    let href = match (&line.person, answers) {
        (_, true) => format!("/offers/{}", line.offer.id),
        (Some(person), false) => format!("/person/{}", person.id),
        (None, false) => String::new(),
    };
    PersonLine {
        name,
        href,
        number: line
            .person
            .as_ref()
            .and_then(|person| person.nhs_number)
            .map_or_else(String::new, |number| number.spaced()),
        begins: words::date(line.starts_on),
        late: line.late.map_or_else(String::new, |days| {
            format!("{} late", words::counted(days, "day"))
        }),
        what: in_a_line(&line.need.need),
        service: line.service.clone(),
    }
}

/// "3 people are coming, 1 should have begun, 2 offers wait for your answer."
fn headline(found: &Coming) -> String {
    let number = |count: usize| i64::try_from(count).unwrap_or(i64::MAX);
    let late = found.coming.iter().filter(|one| one.late.is_some()).count();
    let coming = found.coming.len() - late;
    let asked = number(found.asked.len());
    format!(
        "{} coming. {} should have begun. {} for an answer.",
        match coming {
            1 => "1 person is".to_owned(),
            _ => format!("{} are", words::counted(number(coming), "person")),
        },
        words::counted(number(late), "person"),
        match asked {
            1 => "1 offer waits".to_owned(),
            _ => format!("{} wait", words::counted(asked, "offer")),
        }
    )
}

pub(super) fn page(web: &Web, visit: &Visit, actor: &Actor) -> Outcome {
    let found = web.app.coming(actor)?;
    let now = web.app.now();
    let of = |late: bool| {
        let lines = found.coming.iter();
        let lines = lines.filter(|one| one.late.is_some() == late);
        lines.map(|one| person(one, found.answers)).collect()
    };
    let board = access::decide(actor, Action::SeeBoard).is_ok();
    shell::ok(&Page {
        shell: Shell::new(
            web,
            visit,
            "Coming to you",
            match board {
                true => Section::Board,
                false => Section::Offers,
            },
        ),
        tabs: tabs(actor, "/coming"),
        board,
        answers: found.answers,
        headline: headline(&found),
        parts_: vec![
            Part {
                id: "late",
                title: "Should have begun",
                none: "Nobody.",
                people: of(true),
            },
            Part {
                id: "coming",
                title: "Coming to you",
                none: "Nobody whom you have accepted is still to come.",
                people: of(false),
            },
        ],
        asked: found.asked.iter().map(|one| offered(web, one)).collect(),
        steps: found
            .steps
            .as_ref()
            .map(|rows| rows.iter().map(|row| step_line(row, now)).collect()),
        cards: found
            .capacity
            .iter()
            .map(|one| match found.answers {
                true => {
                    let href = format!("/capacity/own/{}", one.kept.id);
                    card(web, one, href, "Tell what you have free")
                }
                false => {
                    let href = format!("/directory/{}", one.kept.id);
                    card(web, one, href, "See the service")
                }
            })
            .collect(),
    })
}
