//! One section of a form: its page, its button, and the small POST of each answer.

use super::draw::{self, Question, Refused, Shown};
use super::{Desk, caption, json};
use crate::components::{Choice, Fault, Field, Radios};
use crate::door::Visit;
use crate::form::Reading;
use crate::routes::Outcome;
use crate::shell::{self, Section as Part, Shell};
use crate::trouble::Trouble;
use crate::{Web, assets, words};
use app::flow::forms::{FormPage, Saved, Typed};
use app::flow::sign::Earlier;
use askama::Template;
use axum::http::StatusCode;
use flow::form::{Item, Mark, Section, shown};
use serde_json::json;
use sha2::{Digest, Sha256};

#[derive(Template)]
#[template(path = "forms/section.html")]
struct Page {
    shell: Shell,
    faults: Vec<Fault>,
    caption: String,
    back: String,
    action: String,
    autosave: String,
    key: String,
    csrf: String,
    page: String,
    questions: Vec<Question>,
    complete: Radios,
    script: String,
}

/// Name of the field that says whether the section is complete.
const COMPLETE: &str = "complete";

pub(in crate::flow) fn page(web: &Web, visit: &Visit, desk: &Desk<'_>) -> Outcome {
    let what = visit.param("what");
    let (page, earlier) = web.app.form_with_earlier(desk.which, what)?;
    if !page.is_open() {
        return Ok(shell::see_other(&format!("{}/check", desk.base)));
    }
    draw_page(web, visit, desk, (&page, &earlier), None)
}

fn draw_page(
    web: &Web,
    visit: &Visit,
    desk: &Desk<'_>,
    (page, earlier): (&FormPage, &[Earlier]),
    refused: Option<Refused<'_>>,
) -> Outcome {
    let what = visit.param("what");
    let section = page.form.section(what).ok_or(Trouble::NotFound)?;
    let questions = draw::questions(page, section, earlier, refused.as_ref(), web.app.today());
    let reading = refused.map(|one| one.reading).unwrap_or_default();
    let who = visit
        .actor
        .as_ref()
        .map_or("", |actor| actor.username.as_str());
    // What waits in a browser's tab is sent for whoever typed it and for nobody else.
    let key = Sha256::digest(format!("{who} {} {what}", page.kept.id).as_bytes());
    let shell = Shell::new(web, visit, section.title.clone(), Part::Person);
    shell::ok(&Page {
        shell: shell.with_faults(!reading.faults.is_empty()),
        faults: reading.faults,
        caption: match caption(page) {
            person if person.is_empty() => page.form.title.clone(),
            person => format!("{person}: {}", page.form.title),
        },
        back: desk.base.clone(),
        action: format!("{}/section/{what}", desk.base),
        autosave: format!("{}/answer", desk.base),
        key: kernel::hex(&key[..12]),
        csrf: desk.csrf.clone(),
        page: page.page.clone(),
        questions,
        complete: complete(page, section),
        script: assets::url("forms.js"),
    })
}

fn complete(page: &FormPage, section: &Section) -> Radios {
    let current = match page.marks.get(&section.link) {
        Some(Mark::Complete) => "yes",
        _ => "",
    };
    Radios {
        name: COMPLETE.to_owned(),
        legend: "Have you completed this section?".to_owned(),
        choices: vec![
            Choice::new("yes", "Yes, it is complete", current),
            Choice::new("no", "No, I will come back to it", current),
        ],
        ..Radios::default()
    }
}

/// One answer of the form that was sent.
struct Sent<'f> {
    item: &'f Item,
    value: Result<String, String>,
    number: i64,
}

fn sent<'f>(visit: &Visit, page: &'f FormPage, section: &'f Section) -> Vec<Sent<'f>> {
    draw::drawn(page, section)
        .into_iter()
        .filter(|item| page.form.question(&item.link).is_some())
        .map(|item| Sent {
            value: draw::typed(&visit.form, item),
            number: visit
                .form
                .parsed(&format!("number-{}", item.link))
                .unwrap_or(0),
            item,
        })
        .collect()
}

/// Saves what the page holds; what could not be saved is in the reading.
fn take(
    web: &Web,
    visit: &Visit,
    desk: &Desk<'_>,
    done: bool,
) -> Result<(FormPage, Reading), Trouble> {
    let what = visit.param("what");
    let page = web.app.form_page(desk.which, Some(what))?;
    let section = page.form.section(what).ok_or(Trouble::NotFound)?;
    let mut reading = Reading::default();
    let sent = sent(visit, &page, section);
    let mut typed = Vec::new();
    let mut fits = Vec::new();
    for one in &sent {
        match &one.value {
            Ok(value) => {
                fits.push(one);
                typed.push(Typed {
                    link: &one.item.link,
                    value,
                    number: one.number,
                    page: visit.form.get("page"),
                });
            }
            Err(wrong) => reading.fault(&first_box(one.item), wrong.clone()),
        }
    }
    let complete = done && reading.faults.is_empty();
    let saved = web
        .app
        .save_answers(desk.which, &typed, Some((what, complete)))?;
    for (one, saved) in fits.iter().zip(saved) {
        match saved {
            Saved::Kept(_) => {}
            Saved::Wrong(wrong) => reading.fault(&draw::name(&one.item.link), wrong),
            Saved::Changed(theirs) => {
                let told = format!(
                    "{}: {} changed this answer at {} to “{}”. Yours is not saved. Press the \
                     button again to save yours instead",
                    one.item.text,
                    theirs.by,
                    words::time(theirs.at),
                    shown(one.item, &theirs.value),
                );
                reading.fault(&first_box(one.item), told);
            }
        }
    }
    Ok((web.app.form_page(desk.which, Some(what))?, reading))
}

/// The field that a fault of a question leads to.
fn first_box(item: &Item) -> String {
    match item.kind {
        flow::form::Kind::Day => format!("{}-day", draw::name(&item.link)),
        _ => draw::name(&item.link),
    }
}

/// Saves what the page holds on the way to somewhere else.
pub(super) fn keep(web: &Web, visit: &Visit, desk: &Desk<'_>) -> Result<(), Trouble> {
    take(web, visit, desk, false).map(|_| ())
}

/// The button of the page: every answer of it is saved.
pub(in crate::flow) fn save(web: &Web, visit: &Visit, desk: &Desk<'_>) -> Outcome {
    let done = visit.form.get(COMPLETE) == "yes";
    let (page, reading) = take(web, visit, desk, done)?;
    if !reading.faults.is_empty() {
        let refused = Refused {
            fields: &visit.form,
            reading,
        };
        return draw_page(web, visit, desk, (&page, &[]), Some(refused));
    }
    let shows: Vec<&Section> = page
        .form
        .sections
        .iter()
        .filter(|one| page.answers.shows(one))
        .collect();
    let at = shows.iter().position(|one| one.link == visit.param("what"));
    let next = at.and_then(|at| shows.get(at + 1)).filter(|_| done);
    Ok(shell::see_other(&match next {
        Some(next) => format!("{}/section/{}", desk.base, next.link),
        None if done => format!("{}/check", desk.base),
        None => desk.base.clone(),
    }))
}

/// The small POST of one answer.
pub(in crate::flow) fn answer(web: &Web, visit: &Visit, desk: &Desk<'_>) -> Outcome {
    let link = visit.form.get("link");
    let form = web.app.form_of(desk.which)?;
    let (_, item) = form.question(link).ok_or(Trouble::NotFound)?;
    let wrong = |text: &str| json!({"state": "wrong", "text": text});
    let value = match draw::typed(&visit.form, item) {
        Ok(value) => value,
        Err(text) => return Ok(json(StatusCode::OK, &wrong(&text))),
    };
    let typed = Typed {
        link,
        value: &value,
        number: visit.form.parsed("number").unwrap_or(0),
        page: visit.form.get("page"),
    };
    let saved = match web.app.save_answer(desk.which, &typed) {
        Err(app::Error::Stale { who, what }) => {
            let text = format!("{what}; {who} did that. Nothing more can be changed.");
            let said = json!({"state": "closed", "text": words::sentence(&text)});
            return Ok(json(StatusCode::CONFLICT, &said));
        }
        other => other?,
    };
    Ok(match saved {
        Saved::Kept(number) => json(
            StatusCode::OK,
            &json!({"state": "saved", "number": number, "at": words::time(web.app.now())}),
        ),
        Saved::Wrong(text) => json(StatusCode::OK, &wrong(&text)),
        Saved::Changed(theirs) => json(
            StatusCode::CONFLICT,
            &json!({
                "state": "changed", "number": theirs.number, "who": theirs.by,
                "at": words::time(theirs.at), "theirs": shown(item, &theirs.value),
            }),
        ),
    })
}
