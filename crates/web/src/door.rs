//! The one way in. For each request: who is it, was a form sent from our own
//! page, what was asked; then the handler, away from the async threads because
//! the store is synchronous; then the page, also when something went wrong.

use crate::form::Fields;
use crate::multipart;
use crate::routes::{Handler, Outcome, Route};
use crate::trouble::Trouble;
use crate::{Web, shell, sign_in};
use access::Actor;
use axum::body::Body;
use axum::extract::{RawPathParams, Request};
use axum::http::{HeaderMap, Method, Response, header};
use sha2::{Digest, Sha256};
use std::str::FromStr;
use std::sync::Arc;

/// Name of the cookie that holds the session's token.
pub const COOKIE: &str = "almoner";

/// Name of the cookie that holds the size of print, and what it holds for large print. It says
/// nothing else and is the same for everybody.
pub(crate) const PRINT: &str = "almoner-print";
pub(crate) const LARGE: &str = "large";

/// Name of the cookie that holds the word of a form that somebody fills in who does not sign in.
pub(crate) const DRAFT: &str = "almoner-draft";

/// A file that came with a form.
#[derive(Clone, Debug)]
pub(crate) struct Sent {
    /// Name of the field.
    field: String,
    /// Name of the file as the sender has it.
    pub(crate) name: String,
    /// What is in it.
    pub(crate) bytes: Vec<u8>,
}

/// One request, read.
pub struct Visit {
    /// Who it is, if they are signed in.
    pub actor: Option<Actor>,
    /// The session's token; empty without one.
    pub(crate) token: String,
    /// The word of a form that is filled in without signing in; empty without one.
    pub(crate) draft: String,
    /// Path and query as asked for.
    pub address: String,
    /// Whether whoever asks chose large print.
    pub(crate) large: bool,
    /// Whether htmx asks for a part of a page.
    pub part: bool,
    posted: bool,
    /// What follows the question mark.
    pub query: Fields,
    /// What the form holds.
    pub form: Fields,
    /// Files that came with the form.
    pub(crate) files: Vec<Sent>,
    params: Vec<(String, String)>,
}

impl Visit {
    /// A visit by nobody to nowhere, for pages that must be drawn without one.
    pub(crate) fn nobody() -> Self {
        Self {
            actor: None,
            token: String::new(),
            draft: String::new(),
            address: "/".to_owned(),
            large: false,
            part: false,
            posted: false,
            query: Fields::default(),
            form: Fields::default(),
            files: Vec::new(),
            params: Vec::new(),
        }
    }

    /// Whether a form was sent.
    pub fn is_form(&self) -> bool {
        self.posted
    }

    /// An id from the path. What is no id is not found.
    ///
    /// # Errors
    /// [`Trouble::NotFound`].
    pub fn id<T: FromStr>(&self, name: &str) -> Result<T, Trouble> {
        self.params
            .iter()
            .find(|(key, _)| key == name)
            .and_then(|(_, value)| value.parse().ok())
            .ok_or(Trouble::NotFound)
    }

    /// A file from the form; `None` if none was chosen.
    pub(crate) fn file(&self, field: &str) -> Option<&Sent> {
        let mut files = self.files.iter();
        files.find(|file| file.field == field && !file.name.is_empty())
    }

    /// A word from the path; empty if there is none.
    pub fn param(&self, name: &str) -> &str {
        self.params
            .iter()
            .find(|(key, _)| key == name)
            .map_or("", |(_, value)| value.as_str())
    }

    /// What forms of this session must carry.
    pub fn csrf(&self) -> String {
        csrf_of(&self.token)
    }
}

impl Visit {
    /// What the form of somebody who does not sign in must carry.
    pub(crate) fn draft_csrf(&self) -> String {
        csrf_of(&self.draft)
    }
}

/// The word that forms of a session carry: it cannot be made without the
/// session's token and does not give the token away.
fn csrf_of(token: &str) -> String {
    let mut digest = Sha256::new();
    digest.update(b"almoner form\0");
    digest.update(token.as_bytes());
    kernel::hex(&digest.finalize())
}

pub(crate) async fn through(
    web: Arc<Web>,
    route: Route,
    params: RawPathParams,
    request: Request,
) -> Response<Body> {
    let pattern = route.path;
    let params = params
        .iter()
        .map(|(k, v)| (k.to_owned(), v.to_owned()))
        .collect();
    let read = read(params, request, route.most).await;
    finish(web, pattern, read, move |web, visit| {
        act(web, visit, &route)
    })
    .await
}

/// A path that is not in the table.
pub(crate) async fn lost(web: Arc<Web>, request: Request) -> Response<Body> {
    let read = read(Vec::new(), request, kernel::limits::FORM_BYTES).await;
    finish(web, "(none)", read, |_, _| Err(Trouble::NotFound)).await
}

async fn finish(
    web: Arc<Web>,
    pattern: &'static str,
    read: Result<(Visit, bool), (Visit, Trouble)>,
    act: impl FnOnce(&Web, &Visit) -> Outcome + Send + 'static,
) -> Response<Body> {
    let worker = Arc::clone(&web);
    let task = tokio::task::spawn_blocking(move || {
        let (mut visit, trouble) = match read {
            Ok((visit, true)) => (visit, None),
            Ok((visit, false)) => (visit, Some(Trouble::Forged)),
            Err((visit, trouble)) => (visit, Some(trouble)),
        };
        let outcome = sign_in::recognise(&worker, &mut visit).and_then(|()| match trouble {
            Some(trouble) => Err(trouble),
            None => act(&worker, &visit),
        });
        outcome.unwrap_or_else(|trouble| trouble.page(&worker, &visit, pattern))
    });
    match task.await {
        Ok(response) => response,
        Err(_) => shell::broken(&web, pattern),
    }
}

fn act(web: &Web, visit: &Visit, route: &Route) -> Outcome {
    match route.handler {
        Handler::Open(handler) => handler(web, visit),
        Handler::Staff(handler) => {
            let actor = visit.actor.as_ref().ok_or(Trouble::NotSignedIn)?;
            if route.method == Method::POST && visit.form.get("csrf") != visit.csrf() {
                return Err(Trouble::Forged);
            }
            handler(web, visit, actor)
        }
    }
}

/// The request, and whether it may change anything here: forms must come from
/// our own pages.
async fn read(
    params: Vec<(String, String)>,
    request: Request,
    most: usize,
) -> Result<(Visit, bool), (Visit, Trouble)> {
    let (head, body) = request.into_parts();
    let mut visit = Visit {
        actor: None,
        token: cookie(&head.headers, COOKIE).unwrap_or_default(),
        draft: cookie(&head.headers, DRAFT).unwrap_or_default(),
        address: head
            .uri
            .path_and_query()
            .map_or("/", |all| all.as_str())
            .to_owned(),
        large: cookie(&head.headers, PRINT).is_some_and(|size| size == LARGE),
        part: head.headers.contains_key("hx-request"),
        posted: head.method == Method::POST,
        query: Fields::parse(head.uri.query().unwrap_or_default().as_bytes()),
        form: Fields::default(),
        files: Vec::new(),
        params,
    };
    if head.method != Method::POST {
        return Ok((visit, true));
    }
    let Ok(bytes) = axum::body::to_bytes(body, most).await else {
        return Err((visit, Trouble::TooLarge));
    };
    let media = head.headers.get(header::CONTENT_TYPE);
    let media = media.and_then(|value| value.to_str().ok());
    match media.and_then(multipart::boundary) {
        None => visit.form = Fields::parse(&bytes),
        Some(boundary) => take_parts(&mut visit, &bytes, boundary),
    }
    let ours = same_origin(&head.headers);
    Ok((visit, ours))
}

/// Fields and files of a form that was sent in parts. One that cannot be read holds nothing, and so
/// not the word of its session either.
fn take_parts(visit: &mut Visit, bytes: &[u8], boundary: &str) {
    let parts = multipart::parts(bytes, boundary).unwrap_or_default();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let fields = parts.iter().filter(|part| part.file.is_none());
    visit.form = Fields::of_pairs(fields.map(|part| (part.name.clone(), text(part.bytes))));
    visit.files = parts
        .iter()
        .filter_map(|part| {
            Some(Sent {
                field: part.name.clone(),
                name: part.file.clone()?,
                bytes: part.bytes.to_vec(),
            })
        })
        .collect();
}

/// Browsers say where a form was sent from. Programs that are no browsers say
/// nothing and hold no cookies of others, so silence passes.
fn same_origin(headers: &HeaderMap) -> bool {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    if text("sec-fetch-site").is_some_and(|site| site != "same-origin" && site != "none") {
        return false;
    }
    match (text("origin"), text("host")) {
        (None, _) => true,
        (Some(origin), Some(host)) => origin
            .split_once("://")
            .is_some_and(|(_, from)| from.eq_ignore_ascii_case(host)),
        (Some(_), None) => false,
    }
}

fn cookie(headers: &HeaderMap, name: &str) -> Option<String> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|line| line.to_str().ok())
        .flat_map(|line| line.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(key, _)| *key == name)
        .map(|(_, value)| value.to_owned())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::*;

    fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        pairs
            .iter()
            .map(|(k, v)| (k.parse().unwrap(), v.parse().unwrap()))
            .collect()
    }

    #[test]
    fn forms_from_elsewhere_are_refused() {
        let host = ("host", "hub.example:8080");
        for (given, ours) in [
            (vec![host], true),
            (vec![host, ("origin", "http://hub.example:8080")], true),
            (vec![host, ("origin", "https://evil.example")], false),
            (vec![host, ("origin", "null")], false),
            (vec![host, ("sec-fetch-site", "cross-site")], false),
            (vec![host, ("sec-fetch-site", "same-site")], false),
            (
                vec![
                    host,
                    ("sec-fetch-site", "same-origin"),
                    ("origin", "http://hub.example:8080"),
                ],
                true,
            ),
            (vec![("origin", "http://hub.example:8080")], false),
        ] {
            assert_eq!(same_origin(&headers(&given)), ours, "{given:?}");
        }
    }

    #[test]
    fn the_right_cookie_is_read() {
        let given = headers(&[("cookie", "a=1; almoner=t0ken; almonerx=2")]);
        assert_eq!(cookie(&given, "almoner").unwrap(), "t0ken");
        assert_eq!(cookie(&given, "none"), None);
    }

    #[test]
    fn a_form_word_differs_by_session() {
        assert_ne!(csrf_of("a"), csrf_of("b"));
        assert_eq!(csrf_of("a").len(), 64);
    }

    /// The page that a handler's end comes to, as status and text.
    fn drawn(act: impl FnOnce(&Web, &Visit) -> Outcome + Send + 'static) -> (u16, String) {
        let web = Arc::new(Web {
            app: testkit::place().app,
            config: crate::Config::default(),
            attempts: sign_in::Attempts::default(),
            references: std::sync::atomic::AtomicU32::new(7),
        });
        let runtime = tokio::runtime::Builder::new_current_thread()
            .build()
            .unwrap();
        runtime.block_on(async {
            let response =
                finish(Arc::clone(&web), "/test", Ok((Visit::nobody(), true)), act).await;
            let status = response.status().as_u16();
            let bytes = axum::body::to_bytes(response.into_body(), 1 << 20)
                .await
                .unwrap();
            (status, String::from_utf8(bytes.to_vec()).unwrap())
        })
    }

    #[test]
    fn what_is_ours_to_mend_gives_a_number_and_nothing_else() {
        let secret = "row 7 of JONES, Arthur";
        let (status, text) = drawn(move |_, _| Err(Trouble::Ours(secret.to_owned())));
        assert_eq!(status, 500);
        assert!(text.contains("Sorry, something went wrong"));
        assert!(text.contains("-007."), "a number to quote: {text}");
        assert!(!text.contains("JONES"), "nothing of the failure itself");
    }

    #[test]
    fn a_handler_that_falls_over_gives_the_same_page() {
        let (status, text) = drawn(|_, _| panic!("row 7 of JONES, Arthur"));
        assert_eq!(status, 500);
        assert!(text.contains("-007."), "a number to quote: {text}");
        assert!(!text.contains("JONES"), "nothing of the failure itself");
    }
}
