//! The first page, the pages about the product itself, and its files.

use crate::door::{LARGE, PRINT, Visit};
use crate::routes::{Outcome, Route, open, open_post, staff};
use crate::shell::{self, Section, Shell};
use crate::{Web, assets, flow, sign_in};
use access::{Action, Actor};
use askama::Template;
use axum::http::{HeaderValue, StatusCode, header};

pub(crate) fn routes() -> Vec<Route> {
    vec![
        staff("/", first),
        open("/health", health),
        open("/accessibility", accessibility),
        open("/favicon.ico", favicon),
        open("/assets/{name}", asset),
        open_post("/print-size", print_size),
    ]
}

/// What is coming for providers of care, the hub board for others who may see it, else the first
/// part that they may see.
fn first(web: &Web, visit: &Visit, actor: &Actor) -> Outcome {
    if web.app.starts_with_coming(actor)? {
        return Ok(shell::see_other("/coming"));
    }
    if access::decide(actor, Action::SeeBoard).is_ok() {
        return flow::board::page(web, visit, actor);
    }
    Ok(shell::see_other(shell::first_address(actor)))
}

/// 200 and the version when the store answers, else 503.
fn health(web: &Web, _: &Visit) -> Outcome {
    let (status, text) = match web.app.health() {
        Ok(()) => (StatusCode::OK, format!("almoner {}\n", web.version())),
        Err(_) => (
            StatusCode::SERVICE_UNAVAILABLE,
            "the store does not answer\n".to_owned(),
        ),
    };
    let mut response = shell::raw("text/plain; charset=utf-8", text.into_bytes());
    *response.status_mut() = status;
    Ok(response)
}

#[derive(Template)]
#[template(path = "accessibility.html")]
struct AccessibilityPage {
    shell: Shell,
}

fn accessibility(web: &Web, visit: &Visit) -> Outcome {
    let shell = Shell::new(web, visit, "Accessibility statement", Section::None);
    shell::ok(&AccessibilityPage { shell })
}

fn favicon(_: &Web, _: &Visit) -> Outcome {
    Ok(assets::serve("favicon.svg"))
}

fn asset(_: &Web, visit: &Visit) -> Outcome {
    Ok(assets::serve(visit.param("name")))
}

/// How long the size of print is remembered: a year, in seconds.
const REMEMBERED: u32 = 31_536_000;

/// Large print or the usual, on every page from now on, and back to where it was chosen.
fn print_size(web: &Web, visit: &Visit) -> Outcome {
    let (size, seconds) = match visit.form.get("size") {
        LARGE => (LARGE, REMEMBERED),
        _ => ("", 0),
    };
    let secure = if web.config.https { "; Secure" } else { "" };
    let cookie =
        format!("{PRINT}={size}; Path=/; HttpOnly; SameSite=Lax; Max-Age={seconds}{secure}");
    let back = sign_in::local(visit.form.get("back")).unwrap_or("/");
    let mut response = shell::see_other(back);
    if let Ok(value) = HeaderValue::from_str(&cookie) {
        response.headers_mut().insert(header::SET_COOKIE, value);
    }
    Ok(response)
}
