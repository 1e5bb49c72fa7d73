//! Signing in and out. The session's token lives in a cookie that scripts and
//! other sites cannot read; afterwards you are back where you wanted to be.

use crate::components::{Fault, Input};
use crate::door::{COOKIE, Visit};
use crate::form::Reading;
use crate::routes::{Outcome, Route, open, open_post, staff_post};
use crate::shell::{self, Section, Shell};
use crate::trouble::Trouble;
use crate::{DemoAccount, Web};
use access::Actor;
use askama::Template;
use axum::body::Body;
use axum::http::{HeaderValue, Response, StatusCode, header};
use jiff::{SignedDuration, Timestamp};
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

/// Wrong tries allowed for a name before it has to wait.
const TRIES: u32 = 8;
/// How long it then waits, and how long wrong tries are remembered.
const WAIT: SignedDuration = SignedDuration::from_mins(5);
/// Most names remembered at once.
const NAMES: usize = 10_000;

pub(crate) fn routes() -> Vec<Route> {
    vec![
        open("/sign-in", form_page),
        open_post("/sign-in", enter),
        staff_post("/sign-out", leave),
    ]
}

#[derive(Template)]
#[template(path = "sign-in.html")]
struct Page<'a> {
    shell: Shell,
    faults: Vec<Fault>,
    username: Input,
    password: Input,
    next: String,
    accounts: &'a [DemoAccount],
}

/// Finds out whose session it is.
pub(crate) fn recognise(web: &Web, visit: &mut Visit) -> Result<(), Trouble> {
    if !visit.token.is_empty() {
        visit.actor = web.app.actor_of(&visit.token)?;
    }
    Ok(())
}

fn form_page(web: &Web, visit: &Visit) -> Outcome {
    if let Some(actor) = &visit.actor {
        return Ok(shell::see_other(shell::first_address(actor)));
    }
    shell::ok(&drawn(
        web,
        visit,
        "",
        Reading::default(),
        visit.query.get("next"),
    ))
}

fn drawn<'a>(web: &'a Web, visit: &Visit, typed: &str, reading: Reading, next: &str) -> Page<'a> {
    Page {
        shell: Shell::new(web, visit, "Sign in", Section::None)
            .with_faults(!reading.faults.is_empty()),
        username: Input {
            name: "username".to_owned(),
            label: "User name".to_owned(),
            value: typed.to_owned(),
            error: reading.of("username"),
            autocomplete: "username".to_owned(),
            classes: "nhsuk-input--width-20".to_owned(),
            ..Input::default()
        },
        password: Input {
            name: "password".to_owned(),
            label: "Password".to_owned(),
            error: reading.of("password"),
            ..Input::default()
        },
        faults: reading.faults,
        next: local(next).unwrap_or_default().to_owned(),
        accounts: if web.config.demo {
            &web.config.demo_accounts
        } else {
            &[]
        },
    }
}

fn enter(web: &Web, visit: &Visit) -> Outcome {
    let mut reading = Reading::default();
    let username = reading.text(&visit.form, "username", "Enter your user name", 200);
    let password = reading.text(&visit.form, "password", "Enter your password", 1000);
    let next = visit.form.get("next");
    if !reading.faults.is_empty() {
        return shell::page(StatusCode::OK, &drawn(web, visit, &username, reading, next));
    }
    let now = web.app.now();
    if web.attempts.must_wait(&username, now) {
        reading.fault(
            "username",
            "There were too many wrong tries for this user name. Wait 5 minutes and try again",
        );
        let page = drawn(web, visit, &username, reading, next);
        return shell::page(StatusCode::TOO_MANY_REQUESTS, &page);
    }
    let session = {
        // One at a time: checking a password takes memory on purpose.
        let _turn = web
            .attempts
            .turn
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        web.app.sign_in(&username, &password)?
    };
    let Some(session) = session else {
        web.attempts.wrong(&username, now);
        reading.fault(
            "username",
            "The user name or the password is not right. Check both",
        );
        return shell::page(StatusCode::OK, &drawn(web, visit, &username, reading, next));
    };
    web.attempts.right(&username);
    let seconds = (session.expires.as_second() - now.as_second()).max(0);
    let to = local(next).unwrap_or_else(|| shell::first_address(&session.actor));
    Ok(with_cookie(
        shell::see_other(to),
        web,
        &session.token,
        seconds,
    ))
}

fn leave(web: &Web, visit: &Visit, actor: &Actor) -> Outcome {
    web.app.sign_out(actor, &visit.token)?;
    Ok(with_cookie(shell::see_other("/sign-in"), web, "", 0))
}

fn with_cookie(
    mut response: Response<Body>,
    web: &Web,
    token: &str,
    seconds: i64,
) -> Response<Body> {
    let secure = if web.config.https { "; Secure" } else { "" };
    let cookie =
        format!("{COOKIE}={token}; Path=/; HttpOnly; SameSite=Lax; Max-Age={seconds}{secure}");
    if let Ok(value) = HeaderValue::from_str(&cookie) {
        response.headers_mut().insert(header::SET_COOKIE, value);
    }
    response
}

/// An address of ours to go back to: a path, never another site.
pub(crate) fn local(address: &str) -> Option<&str> {
    let ours = address.len() <= 2000
        && address.starts_with('/')
        && !address.starts_with("//")
        && !address.starts_with("/sign-")
        && address
            .bytes()
            .all(|byte| byte.is_ascii_graphic() && byte != b'\\');
    ours.then_some(address)
}

/// Wrong tries by name, so that passwords cannot be guessed by the thousand.
#[derive(Default)]
pub(crate) struct Attempts {
    tries: Mutex<HashMap<String, (u32, Timestamp)>>,
    turn: Mutex<()>,
}

impl Attempts {
    pub(crate) fn must_wait(&self, username: &str, now: Timestamp) -> bool {
        let tries = self.tries.lock().unwrap_or_else(PoisonError::into_inner);
        tries
            .get(&username.to_lowercase())
            .is_some_and(|(count, last)| *count >= TRIES && now.duration_since(*last) < WAIT)
    }

    pub(crate) fn wrong(&self, username: &str, now: Timestamp) {
        let mut tries = self.tries.lock().unwrap_or_else(PoisonError::into_inner);
        if tries.len() >= NAMES {
            tries.retain(|_, (_, last)| now.duration_since(*last) < WAIT);
        }
        if tries.len() >= NAMES {
            tries.clear();
        }
        let entry = tries.entry(username.to_lowercase()).or_insert((0, now));
        if now.duration_since(entry.1) >= WAIT {
            entry.0 = 0;
        }
        *entry = (entry.0 + 1, now);
    }

    pub(crate) fn right(&self, username: &str) {
        let mut tries = self.tries.lock().unwrap_or_else(PoisonError::into_inner);
        tries.remove(&username.to_lowercase());
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::*;

    #[test]
    fn only_our_own_pages_are_gone_back_to() {
        for address in ["/flow/board?hospital=1", "/", "/person/0190"] {
            assert_eq!(local(address), Some(address));
        }
        for address in [
            "",
            "//evil.example",
            "https://evil.example",
            "/\\evil.example",
            "/sign-out",
            "/a b",
            "evil",
        ] {
            assert_eq!(local(address), None, "{address}");
        }
    }

    #[test]
    fn a_name_waits_after_wrong_tries_and_is_free_again() {
        let attempts = Attempts::default();
        let start: Timestamp = "2026-01-05T08:00:00Z".parse().unwrap();
        for _ in 0..TRIES {
            assert!(!attempts.must_wait("ann", start));
            attempts.wrong("Ann", start);
        }
        assert!(attempts.must_wait("ANN", start));
        assert!(!attempts.must_wait("bob", start));
        assert!(!attempts.must_wait("ann", start + WAIT));
        attempts.right("ann");
        assert!(!attempts.must_wait("ann", start));
    }
}
