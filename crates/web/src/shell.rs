//! What every page has around it: title, navigation, who is signed in.

use crate::door::Visit;
use crate::routes::Outcome;
use crate::trouble::Trouble;
use crate::{Web, assets};
use access::{Action, Actor, Role};
use askama::Template;
use axum::body::Body;
use axum::http::{HeaderValue, Response, StatusCode, header};
use std::sync::LazyLock;
use std::sync::atomic::Ordering;

/// A part of the product in the navigation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Section {
    /// One's own pages.
    Own,
    /// The hub board and stays.
    Board,
    /// What a provider is asked for.
    Offers,
    /// What a provider has free.
    Capacity,
    /// The pooled fund.
    Fund,
    /// Returns, for those who have no board.
    Returns,
    /// Finding and reading people.
    Person,
    /// Reviews of who looked, and restrictions.
    Privacy,
    /// Official statistics.
    Statistics,
    /// The check of a passport.
    Passports,
    /// The directory of services.
    Directory,
    /// Records whose person must be decided.
    Identity,
    /// What people ask to have put right.
    Corrections,
    /// What arrived.
    Inbox,
    /// None of them.
    None,
}

const SECTIONS: &[(Section, &str, &str, Action)] = &[
    (Section::Own, "/me", "Your pages", Action::SeeOwnRecord),
    (Section::Board, "/flow/board", "Hub board", Action::SeeBoard),
    (
        Section::Offers,
        "/coming",
        "Coming to you",
        Action::AnswerOffer,
    ),
    (
        Section::Capacity,
        "/capacity/own",
        "What you have free",
        Action::AnswerOffer,
    ),
    (Section::Fund, "/fund", "Fund", Action::SeeLedger),
    (
        Section::Person,
        "/person/find",
        "Find a person",
        Action::FindPerson,
    ),
    (Section::Privacy, "/privacy", "Privacy", Action::ReviewLooks),
    (
        Section::Statistics,
        "/place/statistics",
        "Statistics",
        Action::SeeStatistics,
    ),
    (
        Section::Returns,
        "/flow/returns",
        "Returns",
        Action::MakeReturn,
    ),
    (
        Section::Passports,
        "/passport/check",
        "Check a passport",
        Action::CheckPassport,
    ),
    (
        Section::Directory,
        "/directory",
        "Services",
        Action::SeeDirectory,
    ),
    (
        Section::Identity,
        "/identity",
        "Whose record?",
        Action::ReviewIdentity,
    ),
    (
        Section::Corrections,
        "/corrections",
        "Put right",
        Action::AnswerCorrection,
    ),
    (Section::Inbox, "/inbox", "Inbox", Action::SeeInbox),
];

/// One link of the navigation.
#[derive(Clone, Debug)]
pub struct Link {
    /// Where it goes.
    pub href: &'static str,
    /// What it is called.
    pub text: &'static str,
    /// Whether the page belongs to it.
    pub current: bool,
}

/// What the layout needs.
#[derive(Clone, Debug)]
pub struct Shell {
    /// Title of the page, without the product's name.
    pub title: String,
    /// Whether the page tells of faults in what was typed: the title then starts "Error:".
    pub faults: bool,
    /// Links to what this person may see; empty when nobody is signed in.
    pub links: Vec<Link>,
    /// Name of who is signed in; empty for nobody.
    pub name: String,
    /// Their role and organisation.
    pub role: String,
    /// Whether things may wait for whoever is signed in, and how many do; `99+` for very many.
    pub waiting: Option<String>,
    /// What forms must carry.
    pub csrf: String,
    /// Whether to say that this is a demonstration.
    pub demo: bool,
    /// Version of the product.
    pub version: &'static str,
    /// Whether print is large.
    pub large: bool,
    /// The address of this page, to come back to.
    pub here: String,
    /// Addresses of stylesheets and scripts.
    pub files: &'static Files,
}

/// Addresses of what every page loads.
#[derive(Debug)]
pub struct Files {
    /// The components' stylesheet.
    pub nhsuk_css: String,
    /// Our own stylesheet.
    pub css: String,
    /// Our own script.
    pub js: String,
    /// htmx.
    pub htmx: String,
    /// The components' script.
    pub nhsuk_js: String,
    /// The small picture of the tab.
    pub icon: String,
}

static FILES: LazyLock<Files> = LazyLock::new(|| Files {
    nhsuk_css: assets::url("nhsuk.css"),
    css: assets::url("almoner.css"),
    js: assets::url("almoner.js"),
    htmx: assets::url("htmx.js"),
    nhsuk_js: assets::url("nhsuk.js"),
    icon: assets::url("favicon.svg"),
});

impl Shell {
    /// The shell of a page for whoever is asking.
    pub fn new(web: &Web, visit: &Visit, title: impl Into<String>, section: Section) -> Self {
        let actor = visit.actor.as_ref();
        Self {
            title: title.into(),
            faults: false,
            links: actor.map(|actor| links(actor, section)).unwrap_or_default(),
            name: actor
                .map(|actor| actor.display_name.clone())
                .unwrap_or_default(),
            role: actor.map(in_words).unwrap_or_default(),
            waiting: actor.and_then(|actor| waiting(web, actor)),
            csrf: visit.csrf(),
            demo: web.config.demo,
            version: web.version(),
            large: visit.large,
            // A form is not sent again to change the size of print.
            here: if visit.is_form() { "/" } else { &visit.address }.to_owned(),
            files: &FILES,
        }
    }

    /// The same with "Error:" before the title when there are faults.
    #[must_use]
    pub fn with_faults(mut self, faults: bool) -> Self {
        self.faults = faults;
        self
    }
}

/// How much waits for somebody; none for those who have no steps. A count that fails must not
/// take the page with it.
fn waiting(web: &Web, actor: &Actor) -> Option<String> {
    access::decide(actor, Action::WorkSteps).ok()?;
    match web.app.waiting_count(actor) {
        Ok(0) => Some(String::new()),
        Ok(many) if many > 99 => Some("99+".to_owned()),
        Ok(many) => Some(many.to_string()),
        Err(error) => {
            tracing::warn!(%error, "what waits cannot be counted");
            None
        }
    }
}

fn in_words(actor: &Actor) -> String {
    if actor.role == Role::Person {
        return "Signed in".to_owned();
    }
    format!("{}, {}", actor.role.in_words(), actor.organisation_name)
}

/// What this person may see. The pages themselves are refused by `app`; here
/// they are only not offered.
fn links(actor: &Actor, section: Section) -> Vec<Link> {
    let board = access::decide(actor, Action::SeeBoard).is_ok();
    SECTIONS
        .iter()
        .filter(|(.., action)| access::decide(actor, *action).is_ok())
        // Those who have the board find the returns beside it.
        .filter(|(of, ..)| *of != Section::Returns || !board)
        .map(|(of, href, text, _)| Link {
            href,
            text,
            current: *of == section
                || (board && section == Section::Returns && *of == Section::Board),
        })
        .collect()
}

/// Where this person starts: the first part they may see.
pub(crate) fn first_address(actor: &Actor) -> &'static str {
    links(actor, Section::None)
        .first()
        .map_or("/place/statistics", |link| link.href)
}

/// A page.
///
/// # Errors
/// When the template fails, which is ours to mend.
pub fn page(status: StatusCode, template: &impl Template) -> Outcome {
    let html = template
        .render()
        .map_err(|error| Trouble::Ours(error.to_string()))?;
    let mut response = Response::new(Body::from(html));
    *response.status_mut() = status;
    response.headers_mut().insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static("text/html; charset=utf-8"),
    );
    Ok(response)
}

/// A page that was found.
///
/// # Errors
/// As [`page`].
pub fn ok(template: &impl Template) -> Outcome {
    page(StatusCode::OK, template)
}

/// On to another page of ours after a form was taken.
pub fn see_other(address: &str) -> Response<Body> {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::SEE_OTHER;
    let value = HeaderValue::from_str(address).unwrap_or(HeaderValue::from_static("/"));
    response.headers_mut().insert(header::LOCATION, value);
    response
}

/// There is nothing that the page does not show already.
pub fn nothing_new() -> Response<Body> {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::NO_CONTENT;
    response
}

/// Something as it is, such as a document or a table of figures.
pub fn raw(media_type: &str, bytes: Vec<u8>) -> Response<Body> {
    let mut response = Response::new(Body::from(bytes));
    let media = HeaderValue::from_str(media_type)
        .unwrap_or(HeaderValue::from_static("application/octet-stream"));
    response.headers_mut().insert(header::CONTENT_TYPE, media);
    response
}

/// A number to quote when asking for help. It stands in the log beside what happened.
pub(crate) fn reference(web: &Web) -> String {
    let count = web.references.fetch_add(1, Ordering::Relaxed);
    let seconds = web.app.now().as_second().rem_euclid(100_000_000);
    format!("{seconds:08}-{count:03}")
}

/// The page for a handler that fell over.
pub(crate) fn broken(web: &Web, pattern: &'static str) -> Response<Body> {
    let reference = reference(web);
    tracing::error!(reference, pattern, "a handler panicked");
    let visit = Visit::nobody();
    Trouble::failed_page(web, &visit, &reference)
}
