//! The front door: asking for help, for anybody and without signing in. Somebody at work is led
//! to choose the person first, and sees what is asked for them already.

use super::forms::{Desk, check, json, section, tasks};
use crate::components::Input;
use crate::door::{DRAFT, Visit};
use crate::routes::{Outcome, Route, open, open_post, staff, staff_post};
use crate::shell::{self, Section, Shell};
use crate::trouble::Trouble;
use crate::{Web, person, words};
use access::{Action, Actor};
use app::flow::forms::{REFERRAL, Which};
use app::flow::referrals::Standing;
use askama::Template;
use axum::body::Body;
use axum::http::{HeaderValue, Response, StatusCode, header};
use kernel::PersonId;
use serde_json::json;
use store::referral::{Referral, ReferralState};

const BASE: &str = "/refer/form";

pub(super) fn routes() -> Vec<Route> {
    vec![
        open("/refer", start),
        open_post("/refer", begin),
        open("/refer/form", list),
        open("/refer/form/section/{what}", part),
        open_post("/refer/form/section/{what}", save),
        open_post("/refer/form/answer", answer),
        open("/refer/form/check", to_check),
        open_post("/refer/form/check", send),
        open("/refer/form/sent", sent),
        open_post("/refer/form/leave", leave),
        open("/refer/reference", look_up),
        open_post("/refer/reference", looked_up),
        staff_post("/flow/refer", begin_unknown),
        staff("/person/{id}/refer", person_page),
        staff_post("/person/{id}/refer", begin_known),
    ]
}

/// A form that was begun and not sent.
struct Begun {
    href: String,
    text: String,
}

#[derive(Template)]
#[template(path = "forms/refer.html")]
struct StartPage {
    shell: Shell,
    busy: bool,
    gone: bool,
    left: bool,
    /// Whether somebody at work asks.
    staff: bool,
    begun: Vec<Begun>,
}

#[derive(Template)]
#[template(path = "forms/sent.html")]
struct SentPage {
    shell: Shell,
    csrf: String,
    reference: String,
    when: String,
}

#[derive(Template)]
#[template(path = "forms/reference.html")]
struct ReferencePage {
    shell: Shell,
    faults: Vec<crate::components::Fault>,
    reference: Input,
    found: Vec<String>,
}

/// One request as a colleague sees it before another is begun.
struct Line {
    title: String,
    line: String,
}

#[derive(Template)]
#[template(path = "forms/person-refer.html")]
struct PersonPage {
    shell: Shell,
    back: String,
    person: String,
    action: String,
    live: Vec<Line>,
    begun: Vec<Begun>,
    decided: Vec<Line>,
}

/// Whether whoever asks does so at work.
fn at_work(visit: &Visit) -> Option<&Actor> {
    let actor = visit.actor.as_ref()?;
    access::decide(actor, Action::Refer)
        .is_ok()
        .then_some(actor)
}

fn start_page(web: &Web, visit: &Visit, status: StatusCode) -> Outcome {
    let mut begun = Vec::new();
    if let Some(actor) = at_work(visit) {
        for one in web.app.unsent_referrals(actor)? {
            let when = words::date_time(one.started_at);
            begun.push(Begun {
                href: format!("/flow/form/{}", one.id),
                text: format!("A request that you began on {when} and did not send"),
            });
        }
    } else if !visit.draft.is_empty()
        && web
            .app
            .form_page(Which::Key(&visit.draft), None)
            .is_ok_and(|page| page.is_open())
    {
        begun.push(Begun {
            href: BASE.to_owned(),
            text: "Go on with the request that you began in this browser".to_owned(),
        });
    }
    let page = StartPage {
        shell: Shell::new(
            web,
            visit,
            "Ask for help for somebody, or for yourself",
            Section::None,
        ),
        busy: status == StatusCode::TOO_MANY_REQUESTS,
        gone: visit.query.get("gone") == "yes",
        left: visit.query.get("left") == "yes",
        staff: at_work(visit).is_some(),
        begun,
    };
    shell::page(status, &page)
}

fn start(web: &Web, visit: &Visit) -> Outcome {
    start_page(web, visit, StatusCode::OK)
}

fn begin(web: &Web, visit: &Visit) -> Outcome {
    match web.app.start_public_form() {
        Ok(key) => Ok(with_draft(web, shell::see_other(BASE), &key)),
        Err(app::Error::Wait(_)) => start_page(web, visit, StatusCode::TOO_MANY_REQUESTS),
        Err(other) => Err(other.into()),
    }
}

/// The browser holds the word of the form, and scripts cannot read it.
fn with_draft(web: &Web, mut response: Response<Body>, key: &str) -> Response<Body> {
    let secure = if web.config.https { "; Secure" } else { "" };
    let age = if key.is_empty() { "; Max-Age=0" } else { "" };
    let cookie = format!("{DRAFT}={key}; Path=/refer; HttpOnly; SameSite=Lax{age}{secure}");
    if let Ok(value) = HeaderValue::from_str(&cookie) {
        response.headers_mut().insert(header::SET_COOKIE, value);
    }
    response
}

fn desk(visit: &Visit) -> Desk<'_> {
    Desk {
        which: Which::Key(&visit.draft),
        base: BASE.to_owned(),
        csrf: visit.draft_csrf(),
        back: Some(("/refer".to_owned(), "Ask for help")),
    }
}

/// A form that is no longer there leads to the start, which says so.
fn or_gone(outcome: Outcome) -> Outcome {
    match outcome {
        Err(Trouble::NotFound) => Ok(shell::see_other("/refer?gone=yes")),
        other => other,
    }
}

/// A form that is sent must carry the word of this browser's form.
fn ours(visit: &Visit) -> Result<(), Trouble> {
    match visit.draft.is_empty() || visit.form.get("csrf") != visit.draft_csrf() {
        true => Err(Trouble::Forged),
        false => Ok(()),
    }
}

fn list(web: &Web, visit: &Visit) -> Outcome {
    or_gone(tasks::page(web, visit, &desk(visit)))
}

fn part(web: &Web, visit: &Visit) -> Outcome {
    or_gone(section::page(web, visit, &desk(visit)))
}

fn save(web: &Web, visit: &Visit) -> Outcome {
    ours(visit)?;
    or_gone(section::save(web, visit, &desk(visit)))
}

fn answer(web: &Web, visit: &Visit) -> Outcome {
    ours(visit)?;
    match section::answer(web, visit, &desk(visit)) {
        Err(Trouble::NotFound) => {
            let text = "the form is no longer here. Begin again from the start page.";
            Ok(json(
                StatusCode::CONFLICT,
                &json!({"state": "closed", "text": text}),
            ))
        }
        other => other,
    }
}

fn to_check(web: &Web, visit: &Visit) -> Outcome {
    or_gone(check::page(web, visit, &desk(visit), Vec::new()))
}

fn send(web: &Web, visit: &Visit) -> Outcome {
    ours(visit)?;
    match web.app.send_referral(Which::Key(&visit.draft)) {
        Ok(_) => Ok(shell::see_other("/refer/form/sent")),
        Err(app::Error::Invalid(errors)) => check::page(web, visit, &desk(visit), errors),
        Err(other) => or_gone(Err(other.into())),
    }
}

fn sent(web: &Web, visit: &Visit) -> Outcome {
    let found = web.app.sent_reference(Which::Key(&visit.draft));
    let Ok(Some(referral)) = found else {
        return or_gone(Err(Trouble::NotFound));
    };
    shell::ok(&SentPage {
        shell: Shell::new(web, visit, "We have your request", Section::None),
        csrf: visit.draft_csrf(),
        when: by_when(&referral),
        reference: referral.reference,
    })
}

fn by_when(referral: &Referral) -> String {
    format!(
        "Somebody reads it and decides by {}.",
        words::date_time(referral.due_at)
    )
}

/// Takes the form out of this browser, for whoever shares it with others.
fn leave(web: &Web, visit: &Visit) -> Outcome {
    ours(visit)?;
    Ok(with_draft(web, shell::see_other("/refer?left=yes"), ""))
}

fn reference_page(web: &Web, visit: &Visit, found: Vec<String>, wrong: Option<&str>) -> Outcome {
    let fault = |text: &str| crate::components::Fault {
        field: "reference".to_owned(),
        text: text.to_owned(),
    };
    let shell = Shell::new(web, visit, "What became of a request", Section::None);
    shell::ok(&ReferencePage {
        shell: shell.with_faults(wrong.is_some()),
        faults: wrong.map(fault).into_iter().collect(),
        reference: Input {
            name: "reference".to_owned(),
            label: "Reference number".to_owned(),
            hint: "12 letters and numbers, such as ABCD-2345-EFGH".to_owned(),
            value: visit.form.get("reference").to_owned(),
            error: wrong.map(str::to_owned),
            classes: "nhsuk-input--width-20".to_owned(),
            autocomplete: "off".to_owned(),
            ..Input::default()
        },
        found,
    })
}

fn look_up(web: &Web, visit: &Visit) -> Outcome {
    reference_page(web, visit, Vec::new(), None)
}

fn looked_up(web: &Web, visit: &Visit) -> Outcome {
    match web.app.referral_standing(visit.form.get("reference"))? {
        Some(standing) => reference_page(web, visit, told(&standing), None),
        None => {
            let text = "There is no request with this number. Check it";
            reference_page(web, visit, Vec::new(), Some(text))
        }
    }
}

/// What anybody with the number is told: how it stands, and nothing of the person.
fn told(standing: &Standing) -> Vec<String> {
    let sent = words::date_time(standing.sent_at);
    let now = match standing.state {
        ReferralState::Waiting => "It is in the queue. Nobody has begun to look at it yet.",
        ReferralState::Taken => "Somebody is looking at it.",
        ReferralState::Decided => {
            "It is decided. What was decided is told to the person it is about."
        }
        ReferralState::Merged => "It was put together with another request about the same person.",
    };
    vec![format!("The request was sent on {sent}."), now.to_owned()]
}

fn begin_unknown(web: &Web, _: &Visit, actor: &Actor) -> Outcome {
    let form = web.app.start_form(actor, REFERRAL, None)?;
    Ok(shell::see_other(&format!("/flow/form/{form}")))
}

fn line(one: &Referral, more: &str) -> Line {
    let who = match one.source.is_empty() {
        true => words::sentence(super::triage::asker(&one.asked_by)),
        false => one.source.clone(),
    };
    Line {
        title: format!("{who}, {}", words::date_time(one.sent_at)),
        line: match (one.state, one.taken_by.is_empty()) {
            (ReferralState::Waiting, _) => {
                format!(
                    "Waits; {}; due {}",
                    one.priority,
                    words::date_time(one.due_at)
                )
            }
            (ReferralState::Taken, _) => format!(
                "{} is looking at it; {}; due {}",
                one.taken_by,
                one.priority,
                words::date_time(one.due_at)
            ),
            (ReferralState::Merged, _) => "Put together with another one".to_owned(),
            (ReferralState::Decided, _) => more.to_owned(),
        },
    }
}

fn person_page(web: &Web, visit: &Visit, actor: &Actor) -> Outcome {
    let id: PersonId = visit.id("id")?;
    let found = web.app.person_referrals(actor, id)?;
    shell::ok(&PersonPage {
        shell: Shell::new(web, visit, "Ask for help for this person", Section::Person),
        back: person::who::address_of(id),
        person: found.person.list_name(),
        action: format!("/person/{id}/refer"),
        live: found.live.iter().map(|one| line(one, "")).collect(),
        begun: found
            .begun
            .iter()
            .map(|one| Begun {
                href: format!("/flow/form/{}", one.id),
                text: format!(
                    "Begun by {} on {} and not sent",
                    one.started_by,
                    words::date_time(one.started_at)
                ),
            })
            .collect(),
        decided: found
            .decided
            .iter()
            .map(|(one, outcomes)| {
                let said: Vec<&str> = outcomes.iter().map(|one| one.in_words()).collect();
                let day = one
                    .decided
                    .as_ref()
                    .map(|(at, _)| words::date(words::day_of(*at)));
                let day = day.unwrap_or_default();
                line(one, &format!("Decided on {day}: {}", said.join("; ")))
            })
            .collect(),
    })
}

fn begin_known(web: &Web, visit: &Visit, actor: &Actor) -> Outcome {
    let id: PersonId = visit.id("id")?;
    let form = web.app.start_form(actor, REFERRAL, Some(id))?;
    Ok(shell::see_other(&format!("/flow/form/{form}")))
}
