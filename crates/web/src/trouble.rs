//! What stands in the way of a page, and the page that says so: what happened,
//! what to do, and a reference number when it is ours to mend.

use crate::Web;
use crate::door::Visit;
use crate::form;
use crate::routes::{self, Route};
use crate::shell::{self, Section, Shell};
use askama::Template;
use axum::body::Body;
use axum::http::{HeaderValue, Method, Response, StatusCode};
use kernel::PersonId;

/// Why there is no page.
#[derive(Debug)]
pub enum Trouble {
    /// Nobody is signed in: on to the sign-in page, and back afterwards.
    NotSignedIn,
    /// The role does not permit it.
    Denied(access::Denied),
    /// There is no such thing.
    NotFound,
    /// The role permits it; no relationship with the person does.
    NoTie(PersonId),
    /// The form was not sent from one of our own pages, or the session has changed.
    Forged,
    /// More was sent than a form may hold.
    TooLarge,
    /// Someone else changed the thing in the meantime.
    Stale {
        /// Who.
        who: String,
        /// What.
        what: String,
        /// Address of the page as it is now.
        back: String,
        /// Questions and answers of the form that was not saved.
        typed: Vec<(String, String)>,
    },
    /// Ours to mend; the text goes to the log, never to the page.
    Ours(String),
}

impl From<app::Error> for Trouble {
    fn from(error: app::Error) -> Self {
        match error {
            app::Error::Denied(denied) => Self::Denied(denied),
            app::Error::NotFound(_) => Self::NotFound,
            app::Error::NoTie(person) => Self::NoTie(person),
            app::Error::Stale { who, what } => Self::Stale {
                who,
                what,
                back: String::new(),
                typed: Vec::new(),
            },
            other => Self::Ours(other.to_string()),
        }
    }
}

#[derive(Template)]
#[template(path = "trouble.html")]
struct Page {
    shell: Shell,
    paragraphs: Vec<String>,
    typed: Vec<(String, String)>,
    link: Option<(String, String)>,
}

impl Trouble {
    /// The page that tells of it.
    pub(crate) fn page(self, web: &Web, visit: &Visit, pattern: &'static str) -> Response<Body> {
        match self {
            Self::NotSignedIn => to_sign_in(visit, pattern),
            Self::Denied(denied) => denied_page(web, visit, &denied),
            Self::NotFound => told(
                web,
                visit,
                StatusCode::NOT_FOUND,
                "Page not found",
                &[
                    "If you typed the address, check it is right.",
                    "If you followed a link, the thing may have been moved.",
                ],
            ),
            Self::NoTie(person) => no_tie_page(web, visit, person),
            Self::Forged => told(
                web,
                visit,
                StatusCode::FORBIDDEN,
                "Nothing was saved",
                &[
                    "The form was not sent from this sign-in. You may have signed out or signed in \
                 again in another window.",
                    "Go back, load the page again and send the form once more.",
                ],
            ),
            Self::TooLarge => told(
                web,
                visit,
                StatusCode::PAYLOAD_TOO_LARGE,
                "That is too much to send",
                &[
                    "Nothing was saved.",
                    "Go back and shorten the text, or choose a smaller file.",
                ],
            ),
            Self::Stale {
                who,
                what,
                back,
                typed,
            } => stale_page(web, visit, (&who, &what), back, typed),
            Self::Ours(text) => {
                let reference = shell::reference(web);
                tracing::error!(reference, pattern, error = text, "a page failed");
                Self::failed_page(web, visit, &reference)
            }
        }
    }

    pub(crate) fn failed_page(web: &Web, visit: &Visit, reference: &str) -> Response<Body> {
        let quote = format!(
            "If it happens again, tell whoever looks after Almoner and give this number: {reference}."
        );
        told(
            web,
            visit,
            StatusCode::INTERNAL_SERVER_ERROR,
            "Sorry, something went wrong",
            &["Nothing was saved.", "Try again in a few minutes.", &quote],
        )
    }
}

/// On to the sign-in page, which leads back: to the page asked for, or to the
/// page of the form that was sent.
fn to_sign_in(visit: &Visit, pattern: &str) -> Response<Body> {
    let page = |route: &Route| route.method == Method::GET && route.path == pattern;
    let leads_back = visit.address != "/" && (!visit.is_form() || routes::all().iter().any(page));
    let to = if leads_back {
        format!("/sign-in?next={}", form::escape(&visit.address))
    } else {
        "/sign-in".to_owned()
    };
    if !visit.part {
        return shell::see_other(&to);
    }
    // A part of a page cannot hold a sign-in form: the whole page goes there.
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::UNAUTHORIZED;
    let to = HeaderValue::from_str(&to).unwrap_or(HeaderValue::from_static("/sign-in"));
    response.headers_mut().insert("hx-redirect", to);
    response
}

fn denied_page(web: &Web, visit: &Visit, denied: &access::Denied) -> Response<Body> {
    let title = format!("You may not {}", denied.action.in_words());
    let role = format!(
        "You are signed in as {}.",
        with_article(denied.role.in_words())
    );
    told(
        web,
        visit,
        StatusCode::FORBIDDEN,
        &title,
        &[
            &role,
            "If you need this for your work, ask your manager or whoever looks after Almoner where \
         you work.",
        ],
    )
}

fn no_tie_page(web: &Web, visit: &Visit, person: PersonId) -> Response<Body> {
    let page = Page {
        shell: Shell::new(
            web,
            visit,
            "You have no link with this person",
            Section::Person,
        ),
        paragraphs: vec![
            "Records are shown to those who care for the person: their practice, the hospital \
             they are in, their council, and whoever has them on their caseload."
                .to_owned(),
            "If you care for them, say how, or open the record without a link and say why."
                .to_owned(),
        ],
        typed: Vec::new(),
        link: Some((
            format!("/person/{person}/open"),
            "Ask to see this record".to_owned(),
        )),
    };
    drawn(StatusCode::FORBIDDEN, &page)
}

fn with_article(words: &str) -> String {
    let lower = words.to_lowercase();
    let article = if lower.starts_with(['a', 'e', 'i', 'o', 'u']) {
        "an"
    } else {
        "a"
    };
    format!("{article} {lower}")
}

fn stale_page(
    web: &Web,
    visit: &Visit,
    (who, what): (&str, &str),
    back: String,
    typed: Vec<(String, String)>,
) -> Response<Body> {
    let page = Page {
        shell: Shell::new(
            web,
            visit,
            "Someone else changed this first",
            Section::Board,
        ),
        paragraphs: vec![
            "Your change was not saved, so that theirs is not lost.".to_owned(),
            format!("Changed by: {who}."),
            format!("What changed: {what}."),
            "Look at the page as it is now, then make your change again if it is still needed."
                .to_owned(),
        ],
        typed,
        link: (!back.is_empty()).then(|| (back, "See the page as it is now".to_owned())),
    };
    drawn(StatusCode::CONFLICT, &page)
}

fn told(
    web: &Web,
    visit: &Visit,
    status: StatusCode,
    title: &str,
    text: &[&str],
) -> Response<Body> {
    let page = Page {
        shell: Shell::new(web, visit, title, Section::None),
        paragraphs: text.iter().map(|line| (*line).to_owned()).collect(),
        typed: Vec::new(),
        link: None,
    };
    drawn(status, &page)
}

/// Draws a page of trouble; if even that fails, the bare status remains.
fn drawn(status: StatusCode, page: &Page) -> Response<Body> {
    shell::page(status, page).unwrap_or_else(|_| {
        let mut response = Response::new(Body::from("Sorry, something went wrong"));
        *response.status_mut() = status;
        response
    })
}
