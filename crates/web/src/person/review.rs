//! Whose record is this? The records that wait for somebody to decide, one of them side by
//! side with the people it may be, and undoing a link.

use super::who;
use crate::components::{Choice, Fault, Radios, Tag, TextArea};
use crate::door::Visit;
use crate::routes::Outcome;
use crate::shell::{self, Section, Shell};
use crate::trouble::Trouble;
use crate::{Web, words};
use access::Actor;
use app::person::identity::{ReviewPage, ShownCandidate, Verdict};
use askama::Template;
use kernel::{LinkId, ReviewId};
use person::Person;
use store::identity::{Review, ReviewState};

/// One line of the queue.
struct Line {
    href: String,
    name: String,
    born: String,
    arrived: String,
    state: Tag,
}

#[derive(Template)]
#[template(path = "person/reviews.html")]
struct ListPage {
    shell: Shell,
    saved: bool,
    lines: Vec<Line>,
    newer: Option<String>,
    older: Option<String>,
    page: usize,
}

/// What a record and a candidate say of one thing.
struct Said {
    what: &'static str,
    record: String,
    candidate: String,
    differs: Tag,
}

/// One candidate.
struct Beside {
    name: String,
    href: String,
    likely: String,
    said: Vec<Said>,
    waterfall: String,
    weights: Vec<(String, String, String)>,
}

#[derive(Template)]
#[template(path = "person/review.html")]
struct OnePage {
    shell: Shell,
    faults: Vec<Fault>,
    name: String,
    why: String,
    asked: Option<String>,
    waits: bool,
    action: String,
    version: i64,
    candidates: Vec<Beside>,
    verdict: Radios,
    reason: TextArea,
}

fn state(state: ReviewState) -> Tag {
    match state {
        ReviewState::Open => Tag::new("To decide", "blue"),
        ReviewState::Asked => Tag::new("Source asked", "yellow"),
        ReviewState::Linked => Tag::new("Linked", "green"),
        ReviewState::Apart => Tag::new("Kept apart", "grey"),
    }
}

pub(super) fn list(web: &Web, visit: &Visit, actor: &Actor) -> Outcome {
    let page = visit.query.page().max(1);
    let (reviews, more) = web.app.reviews(actor, page)?;
    let now = web.app.now();
    let line = |review: &Review| Line {
        href: format!("/identity/{}", review.id),
        name: review.said.list_name(),
        born: who::born(review.said.birth_date, None),
        arrived: words::sentence(&words::near_time(review.made_at, now)),
        state: state(review.state),
    };
    let address = |page: usize| format!("/identity?page={page}");
    shell::ok(&ListPage {
        shell: Shell::new(web, visit, "Whose record is this?", Section::Identity),
        saved: visit.query.given("saved").is_some(),
        lines: reviews.iter().map(line).collect(),
        newer: (page > 1).then(|| address(page - 1)),
        older: more.then(|| address(page + 1)),
        page,
    })
}

pub(super) fn page(web: &Web, visit: &Visit, actor: &Actor) -> Outcome {
    let id: ReviewId = visit.id("id")?;
    let found = web.app.review(actor, id)?;
    shell::ok(&drawn(web, visit, &found, Vec::new()))
}

fn drawn(web: &Web, visit: &Visit, found: &ReviewPage, faults: Vec<Fault>) -> OnePage {
    let review = &found.review;
    let current = visit.form.get("verdict");
    let mut choices: Vec<Choice> = found
        .candidates
        .iter()
        .map(|one| {
            let text = format!("Link: this is {}", one.person.list_name());
            Choice::new(one.person.id.to_string(), text, current)
        })
        .collect();
    choices.push(Choice::new(
        "apart",
        "Keep apart: this is somebody else",
        current,
    ));
    choices.push(Choice::new(
        "ask",
        "Ask the source first, and leave it here",
        current,
    ));
    let wrong = |field: &str| {
        faults
            .iter()
            .find(|fault| fault.field == field)
            .map(|fault| fault.text.clone())
    };
    let asked = review.decided.as_ref().map(|(who, at, why)| {
        let when = words::near_time(*at, web.app.now());
        format!("{}: {who}, {when}. {why}", state(review.state).text)
    });
    let mut shell = Shell::new(web, visit, "Whose record is this?", Section::Identity);
    shell.faults = !faults.is_empty();
    OnePage {
        shell,
        name: review.said.list_name(),
        why: review.why.clone(),
        asked,
        waits: review.state.waits(),
        action: format!("/identity/{}", review.id),
        version: review.version,
        candidates: found
            .candidates
            .iter()
            .map(|one| beside(&review.said, one))
            .collect(),
        verdict: Radios {
            name: "verdict".to_owned(),
            legend: "What do you decide?".to_owned(),
            hint: "A link can be undone. Nothing that either record says is changed.".to_owned(),
            error: wrong("verdict"),
            choices,
        },
        reason: TextArea {
            name: "why".to_owned(),
            label: "Why".to_owned(),
            hint: "For whoever looks at this next. Say how you know, not what the records say."
                .to_owned(),
            value: visit.form.get("why").to_owned(),
            error: wrong("why"),
            rows: 3,
        },
        faults,
    }
}

fn beside(record: &Person, candidate: &ShownCandidate) -> Beside {
    let comparison = candidate.comparison();
    let weights = comparison
        .fields
        .iter()
        .filter(|one| one.level != "missing")
        .map(|one| {
            (
                words::sentence(&one.field),
                one.level.clone(),
                format!("{:+.1}", one.weight),
            )
        })
        .collect();
    Beside {
        name: candidate.person.list_name(),
        href: who::address_of(candidate.person.id),
        likely: likely(comparison.probability).to_owned(),
        said: said(record, &candidate.person),
        waterfall: comparison.waterfall_svg(),
        weights,
    }
}

/// A chance in words: nobody should read four digits into it.
fn likely(chance: f64) -> &'static str {
    match chance {
        chance if chance >= 0.99 => "Very likely the same person",
        chance if chance >= 0.8 => "Likely the same person",
        chance if chance >= 0.2 => "Could be the same person or not",
        _ => "Unlikely to be the same person",
    }
}

/// What is shown of a person side by side with another.
fn shown(person: &Person) -> [(&'static str, String); 6] {
    [
        ("Name", person.list_name()),
        ("Date of birth", who::born(person.birth_date, None)),
        ("NHS number", who::nhs_number(person.nhs_number)),
        ("Gender", who::gender(person.gender).to_owned()),
        ("Address", who::address(&person.address, &person.postcode)),
        ("Telephone", words::known(&person.telephone).to_owned()),
    ]
}

fn said(record: &Person, candidate: &Person) -> Vec<Said> {
    let rows = shown(record).into_iter().zip(shown(candidate));
    let rows = rows.map(|((what, record), (_, candidate))| {
        let unknown = "Not known";
        let differs = if record == unknown || candidate == unknown {
            Tag::new("Cannot tell", "grey")
        } else if record.to_lowercase() == candidate.to_lowercase() {
            Tag::new("Same", "green")
        } else {
            Tag::new("Different", "orange")
        };
        Said {
            what,
            record,
            candidate,
            differs,
        }
    });
    rows.collect()
}

pub(super) fn decide(web: &Web, visit: &Visit, actor: &Actor) -> Outcome {
    let id: ReviewId = visit.id("id")?;
    let verdict = match visit.form.get("verdict") {
        "apart" => Some(Verdict::Apart),
        "ask" => Some(Verdict::Ask),
        other => other.parse().ok().map(Verdict::Link),
    };
    let version = visit.form.get("version").parse().unwrap_or(0);
    let again = |field: &str, text: &str| -> Outcome {
        let found = web.app.review(actor, id)?;
        let fault = Fault {
            field: field.to_owned(),
            text: text.to_owned(),
        };
        shell::ok(&drawn(web, visit, &found, vec![fault]))
    };
    let Some(verdict) = verdict else {
        // Whoever may not decide is not told what is missing.
        web.app.review(actor, id)?;
        return again("verdict", "Choose what you decide");
    };
    match web
        .app
        .decide_review(actor, id, version, verdict, visit.form.get("why"))
    {
        Ok(()) => Ok(shell::see_other("/identity?saved=1")),
        Err(app::Error::Invalid(wrong)) => {
            let first = wrong
                .first()
                .map_or(("why", String::new()), |one| (one.field, one.text.clone()));
            let field = if first.0 == "person" {
                "verdict"
            } else {
                first.0
            };
            again(field, &first.1)
        }
        Err(app::Error::Stale { who, what }) => Err(Trouble::Stale {
            who,
            what,
            back: format!("/identity/{id}"),
            typed: vec![("Why".to_owned(), visit.form.get("why").to_owned())],
        }),
        Err(other) => Err(other.into()),
    }
}

#[derive(Template)]
#[template(path = "person/unlink.html")]
struct UndoPage {
    shell: Shell,
    faults: Vec<Fault>,
    action: String,
    back: String,
    reason: TextArea,
}

fn undo_page(web: &Web, visit: &Visit, id: LinkId, wrong: Option<String>) -> UndoPage {
    let faults: Vec<Fault> = wrong
        .iter()
        .map(|text| Fault {
            field: "why".to_owned(),
            text: text.clone(),
        })
        .collect();
    let mut shell = Shell::new(web, visit, "Undo a link", Section::Identity);
    shell.faults = !faults.is_empty();
    UndoPage {
        shell,
        faults,
        action: format!("/identity/link/{id}/undo"),
        back: "/identity".to_owned(),
        reason: TextArea {
            name: "why".to_owned(),
            label: "Why are these not one person?".to_owned(),
            hint: String::new(),
            value: visit.form.get("why").to_owned(),
            error: wrong,
            rows: 3,
        },
    }
}

pub(super) fn undo(web: &Web, visit: &Visit, actor: &Actor) -> Outcome {
    access::decide(actor, access::Action::ReviewIdentity).map_err(Trouble::Denied)?;
    let id: LinkId = visit.id("id")?;
    shell::ok(&undo_page(web, visit, id, None))
}

pub(super) fn undone(web: &Web, visit: &Visit, actor: &Actor) -> Outcome {
    let id: LinkId = visit.id("id")?;
    match web.app.undo_link(actor, id, visit.form.get("why")) {
        Ok(person) => Ok(shell::see_other(&who::address_of(person))),
        Err(app::Error::Invalid(wrong)) => {
            let text = wrong.first().map(|one| one.text.clone());
            shell::ok(&undo_page(web, visit, id, text))
        }
        Err(other) => Err(other.into()),
    }
}
