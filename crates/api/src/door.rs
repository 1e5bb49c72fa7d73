//! The one way in: which route, in what form, whose token; then the desk; then the answer,
//! which is FHIR also when something went wrong.

use crate::bundle::{Page, etag, response_bundle, searchset};
use crate::desk::{Failed, log};
use crate::outcome::Refused;
use crate::routes::{Found, Interaction, Lost, find_route};
use crate::{Api, BODY_BYTES, FHIR_JSON, PATH, capability, media};
use app::api::{Answer, Ask, Call, Pairs, Shown};
use axum::body::{Body, Bytes};
use axum::extract::{Query, Request};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, Response, StatusCode, Uri, header};
use std::sync::Arc;

type Outcome = Result<Response<Body>, Refused>;

pub(crate) async fn through(api: &Arc<Api>, request: Request) -> Response<Body> {
    answer(api, request).await.unwrap_or_else(|refused| {
        let mut response = plain(refused.status, refused.outcome.to_string());
        if refused.status == StatusCode::UNAUTHORIZED {
            let bearer = HeaderValue::from_static("Bearer");
            response
                .headers_mut()
                .insert(header::WWW_AUTHENTICATE, bearer);
        }
        response
    })
}

async fn answer(api: &Arc<Api>, request: Request) -> Outcome {
    let (head, body) = request.into_parts();
    let path = head.uri.path();
    let path = path.strip_prefix(PATH).unwrap_or(path);
    let found = find_route(&head.method, path).map_err(lost)?;
    let mut pairs = pairs(&head.uri)?;
    if found.route.interaction == Interaction::SearchByForm {
        pairs.extend(form(body, &head.headers).await?);
        return search(api, &head, found, pairs).await;
    }
    match found.route.interaction {
        Interaction::Capabilities => {
            acceptable(&head.headers, &pairs)?;
            let statement = capability::statement(&base(api, &head.headers));
            Ok(plain(StatusCode::OK, statement.to_string()))
        }
        Interaction::Bundle => {
            acceptable(&head.headers, &pairs)?;
            take_in(api, &head.headers, body).await
        }
        _ => search(api, &head, found, pairs).await,
    }
}

fn acceptable(headers: &HeaderMap, pairs: &Pairs) -> Result<(), Refused> {
    let format = pairs.iter().find(|(name, _)| name == "_format");
    media::acceptable(headers, format.map(|(_, value)| value.as_str()))
}

fn lost(lost: Lost) -> Refused {
    match lost {
        Lost::Path => Refused::new(
            StatusCode::NOT_FOUND,
            "not-found",
            "",
            "There is nothing at this address. The CapabilityStatement is at metadata.",
        ),
        Lost::Type => Refused::new(
            StatusCode::NOT_FOUND,
            "not-supported",
            "",
            "This type of resource is not given here. The CapabilityStatement at metadata lists those that are.",
        ),
        Lost::Method => Refused::new(
            StatusCode::METHOD_NOT_ALLOWED,
            "not-supported",
            "",
            "This is not done here. Resources are read and searched; send new ones in a transaction or batch.",
        ),
    }
}

/// What follows the question mark.
fn pairs(uri: &Uri) -> Result<Pairs, Refused> {
    Query::<Pairs>::try_from_uri(uri)
        .map(|Query(pairs)| pairs)
        .map_err(|_| unreadable())
}

fn unreadable() -> Refused {
    let text = "The parameters cannot be read. Write them as name=value with & between them.";
    Refused::new(StatusCode::BAD_REQUEST, "invalid", "http", text)
}

async fn form(body: Body, headers: &HeaderMap) -> Result<Pairs, Refused> {
    let kind = headers.get(header::CONTENT_TYPE);
    let is_form = kind.is_none_or(|kind| {
        kind.as_bytes()
            .starts_with(b"application/x-www-form-urlencoded")
    });
    if !is_form {
        let text = "Send the search as a form: application/x-www-form-urlencoded.";
        let status = StatusCode::UNSUPPORTED_MEDIA_TYPE;
        return Err(Refused::new(status, "not-supported", "", text));
    }
    let bytes = whole(body, kernel::limits::FORM_BYTES).await?;
    let text = std::str::from_utf8(&bytes).map_err(|_| unreadable())?;
    let uri: Uri = format!("/?{text}").parse().map_err(|_| unreadable())?;
    pairs(&uri)
}

async fn whole(body: Body, most: usize) -> Result<Bytes, Refused> {
    axum::body::to_bytes(body, most).await.map_err(|_| {
        let text = format!("This is cut short, or larger than {} KiB.", most >> 10);
        Refused::new(StatusCode::PAYLOAD_TOO_LARGE, "too-long", "", &text)
    })
}

/// The token of a request. Whatever else stands there is no token.
fn token(headers: &HeaderMap) -> Option<String> {
    let text = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = text.split_once(' ')?;
    scheme
        .eq_ignore_ascii_case("bearer")
        .then(|| token.trim().to_owned())
}

async fn search(api: &Arc<Api>, head: &Parts, found: Found, pairs: Pairs) -> Outcome {
    acceptable(&head.headers, &pairs)?;
    let kind = found.kind;
    let ask = match (found.route.interaction, kind) {
        (Interaction::Read, Some(kind)) => Ask::Read {
            kind,
            id: found.id.clone(),
        },
        (Interaction::Everything, _) => Ask::Everything {
            id: found.id.clone(),
            pairs: pairs.clone(),
        },
        (_, Some(kind)) => Ask::Search {
            kind,
            pairs: pairs.clone(),
        },
        _ => return Err(Refused::ours()),
    };
    let call = Call {
        token: token(&head.headers),
        ask,
    };
    let reply = api.desk.ask(call).await;
    match reply.map_err(|Failed| Refused::ours())? {
        Err(refusal) => Err(Refused::from(&refusal)),
        Ok(Answer::One(single)) => {
            let opened = single.open().map_err(|error| {
                log(&error);
                Refused::ours()
            })?;
            let shown = opened.map_err(|refusal| Refused::from(&refusal))?;
            Ok(one(shown, &head.headers))
        }
        Ok(Answer::Page {
            total,
            entries,
            next,
        }) => {
            let base = base(api, &head.headers);
            let path = match (found.route.interaction, kind) {
                (Interaction::Everything, _) => format!("Patient/{}/$everything", found.id),
                (_, kind) => kind.map_or("", |kind| kind.name).to_owned(),
            };
            let page = Page {
                own: address(&base, &path, &pairs, None),
                next: next.map(|next| address(&base, &path, &pairs, Some(&next))),
                base: &base,
                total,
                entries: &entries,
            };
            Ok(plain(StatusCode::OK, searchset(&page)))
        }
    }
}

/// A resource by itself, as it came.
fn one(shown: Shown, headers: &HeaderMap) -> Response<Body> {
    let etag = etag(&shown.version);
    let has = headers
        .get(header::IF_NONE_MATCH)
        .and_then(|value| value.to_str().ok())
        .is_some_and(|value| {
            value
                .split(',')
                .any(|one| one.trim() == etag || one.trim() == "*")
        });
    let mut response = if has {
        plain(StatusCode::NOT_MODIFIED, String::new())
    } else {
        plain(StatusCode::OK, shown.json)
    };
    if let Ok(value) = HeaderValue::from_str(&etag) {
        response.headers_mut().insert(header::ETAG, value);
    }
    let modified = shown
        .updated
        .map(|at| at.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string());
    if let Some(Ok(value)) = modified.map(|text| HeaderValue::from_str(&text)) {
        response.headers_mut().insert(header::LAST_MODIFIED, value);
    }
    response
}

async fn take_in(api: &Arc<Api>, headers: &HeaderMap, body: Body) -> Outcome {
    let token = token(headers);
    if token.is_some() {
        media::sent_as_json(headers)?;
    }
    // Without a token there is nothing to read: the refusal is the same.
    let bytes = match &token {
        Some(_) => whole(body, BODY_BYTES).await?,
        None => Bytes::new(),
    };
    let worker = Arc::clone(api);
    let task =
        tokio::task::spawn_blocking(move || worker.app.api_take_in(token.as_deref(), &bytes));
    match task.await {
        Ok(Ok(Ok(received))) => Ok(plain(StatusCode::OK, response_bundle(&received))),
        Ok(Ok(Err(refusal))) => Err(Refused::from(&refusal)),
        Ok(Err(error)) => {
            log(&error);
            Err(Refused::ours())
        }
        Err(_) => Err(Refused::ours()),
    }
}

/// Address of the API as the client knows it.
fn base(api: &Api, headers: &HeaderMap) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b".-:[]".contains(&byte);
    let host = headers
        .get(header::HOST)
        .and_then(|host| host.to_str().ok())
        .filter(|host| !host.is_empty() && host.bytes().all(plain))
        .unwrap_or("localhost");
    let scheme = if api.config.https { "https" } else { "http" };
    format!("{scheme}://{host}{PATH}")
}

/// Address of a page: the search again, from another place.
fn address(base: &str, path: &str, pairs: &Pairs, cursor: Option<&str>) -> String {
    let mut address = format!("{base}/{path}");
    let kept = pairs
        .iter()
        .filter(|(name, _)| cursor.is_none() || name != "_cursor")
        .map(|(name, value)| (name.as_str(), value.as_str()));
    for (index, (name, value)) in kept
        .chain(cursor.map(|cursor| ("_cursor", cursor)))
        .enumerate()
    {
        address.push(if index == 0 { '?' } else { '&' });
        escape(name, &mut address);
        address.push('=');
        escape(value, &mut address);
    }
    address
}

fn escape(text: &str, out: &mut String) {
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-_.~:/$".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
}

fn plain(status: StatusCode, body: String) -> Response<Body> {
    let mut response = Response::new(Body::from(body));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(FHIR_JSON));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(
        header::X_CONTENT_TYPE_OPTIONS,
        HeaderValue::from_static("nosniff"),
    );
    response
}
