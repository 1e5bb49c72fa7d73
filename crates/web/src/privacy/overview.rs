//! What waits for the privacy officer; who looked at one person; the journal.

use super::Whose;
use crate::components::{Fault, Input};
use crate::door::Visit;
use crate::form::Reading;
use crate::routes::Outcome;
use crate::shell::{self, Section, Shell};
use crate::{Web, words};
use access::{Action, Actor};
use askama::Template;
use axum::http::{HeaderValue, header};
use kernel::{NhsNumber, PersonId};

#[derive(Template)]
#[template(path = "privacy/overview.html")]
struct Page {
    shell: Shell,
    faults: Vec<Fault>,
    openings: String,
    late: Option<String>,
    unusual: String,
    restrictions: String,
    number: Input,
    rows: String,
    hash: String,
    checked: Option<bool>,
    broken: Vec<String>,
}

fn drawn(
    web: &Web,
    visit: &Visit,
    actor: &Actor,
    reading: Reading,
    checked: Option<Vec<String>>,
) -> Outcome {
    let found = web.app.privacy_overview(actor)?;
    let many = |count: usize| i64::try_from(count).unwrap_or(i64::MAX);
    let since = words::date(found.since);
    let hash = found.head.hash.chars().take(12).collect();
    shell::ok(&Page {
        shell: Shell::new(web, visit, "Privacy", Section::Privacy)
            .with_faults(!reading.faults.is_empty()),
        openings: match found.openings {
            0 => "Nothing waits for review".to_owned(),
            count => format!("{} to review", words::counted(count, "opening")),
        },
        late: match found.late {
            0 => None,
            late => Some(format!("{} late", words::count(late))),
        },
        unusual: match found.unusual {
            0 => format!("Nothing to ask about since {since}"),
            count => format!(
                "{} to ask about since {since}",
                words::counted(many(count), "look")
            ),
        },
        restrictions: match found.restrictions {
            0 => "Nothing is restricted".to_owned(),
            count => format!("{} in force", words::counted(many(count), "restriction")),
        },
        number: Input {
            name: "number".to_owned(),
            label: "NHS number".to_owned(),
            hint: "10 digits, such as 999 000 0018".to_owned(),
            value: visit.form.get("number").to_owned(),
            error: reading.of("number"),
            classes: "nhsuk-input--width-10".to_owned(),
            inputmode: "numeric".to_owned(),
            autocomplete: "off".to_owned(),
        },
        faults: reading.faults,
        rows: words::counted(found.head.rows, "row"),
        hash,
        checked: checked.as_ref().map(Vec::is_empty),
        broken: checked.unwrap_or_default(),
    })
}

pub(super) fn page(web: &Web, visit: &Visit, actor: &Actor) -> Outcome {
    drawn(web, visit, actor, Reading::default(), None)
}

/// The number is sent in the body, and the address that follows holds none.
pub(super) fn search(web: &Web, visit: &Visit, actor: &Actor) -> Outcome {
    access::decide(actor, Action::ReviewLooks).map_err(app::Error::from)?;
    let mut reading = Reading::default();
    let found = match NhsNumber::parse(visit.form.get("number")) {
        Ok(number) => match web.app.whose_looks(actor, number) {
            Ok(person) => Some(person),
            Err(app::Error::NotFound(_)) => {
                reading.fault("number", "No record here has this NHS number");
                None
            }
            Err(other) => return Err(other.into()),
        },
        Err(_) => {
            reading.fault("number", "Enter an NHS number of 10 digits that adds up");
            None
        }
    };
    match found {
        Some(person) => Ok(shell::see_other(&format!("/privacy/looked/{person}"))),
        None => drawn(web, visit, actor, reading, None),
    }
}

/// Walks the whole chain.
pub(super) fn check(web: &Web, visit: &Visit, actor: &Actor) -> Outcome {
    let (wrong, _) = web.app.check_journal(actor)?;
    drawn(web, visit, actor, Reading::default(), Some(wrong))
}

pub(super) fn head(web: &Web, _: &Visit, actor: &Actor) -> Outcome {
    let text = web.app.journal_head_text(actor)?;
    let mut response = shell::raw("text/plain; charset=utf-8", text.into_bytes());
    response.headers_mut().insert(
        header::CONTENT_DISPOSITION,
        HeaderValue::from_static("attachment; filename=\"journal-head.txt\""),
    );
    Ok(response)
}

#[derive(Template)]
#[template(path = "privacy/looked.html")]
struct LookedPage {
    shell: Shell,
    whose: Whose,
    rows: Vec<(String, bool)>,
    newer: Option<String>,
    older: Option<String>,
    page: usize,
}

pub(super) fn looked(web: &Web, visit: &Visit, actor: &Actor) -> Outcome {
    access::decide(actor, Action::ReviewLooks).map_err(app::Error::from)?;
    let id: PersonId = visit.id("id")?;
    let (whose, found) = web.app.review_who_looked(actor, id, visit.query.page())?;
    let address = |page: usize| format!("/privacy/looked/{id}?page={page}");
    shell::ok(&LookedPage {
        shell: Shell::new(web, visit, "Who looked", Section::Privacy),
        whose: Whose::of(&whose),
        newer: (found.page > 1).then(|| address(found.page - 1)),
        older: found.more.then(|| address(found.page + 1)),
        page: found.page,
        rows: found
            .rows
            .into_iter()
            .map(|row| (row.words, row.emergency))
            .collect(),
    })
}
