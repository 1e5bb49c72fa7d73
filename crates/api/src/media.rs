//! In what form an answer may be: JSON, or it is refused in plain words.

use crate::outcome::Refused;
use axum::http::{HeaderMap, StatusCode, header};

const JSON: [&str; 4] = [
    "application/fhir+json",
    "application/json",
    "text/json",
    "json",
];

/// That the answer may be JSON, by `_format` or else by the `Accept` header.
///
/// # Errors
/// Only other forms are asked for.
pub fn acceptable(headers: &HeaderMap, format: Option<&str>) -> Result<(), Refused> {
    let fits = match format {
        // In an address a plus may have become a space.
        Some(format) => is_json(&format.replace(' ', "+")),
        None => headers
            .get(header::ACCEPT)
            .and_then(|accept| accept.to_str().ok())
            .is_none_or(|accept| accept.split(',').any(|one| is_json(one) || is_any(one))),
    };
    if fits {
        return Ok(());
    }
    let text =
        "Answers are in JSON: ask for application/fhir+json, or _format=json. XML is not given.";
    let at = format.map_or("", |_| "http._format");
    let code = "not-supported";
    Err(Refused::new(StatusCode::NOT_ACCEPTABLE, code, at, text))
}

/// That what was sent is JSON.
///
/// # Errors
/// It says that it is something else.
pub fn sent_as_json(headers: &HeaderMap) -> Result<(), Refused> {
    let kind = headers.get(header::CONTENT_TYPE);
    if kind
        .and_then(|kind| kind.to_str().ok())
        .is_some_and(is_json)
    {
        return Ok(());
    }
    let text = "Send a Bundle in JSON, with Content-Type: application/fhir+json.";
    let status = StatusCode::UNSUPPORTED_MEDIA_TYPE;
    Err(Refused::new(status, "not-supported", "", text))
}

fn essence(text: &str) -> &str {
    text.split(';').next().unwrap_or(text).trim()
}

fn is_json(text: &str) -> bool {
    let essence = essence(text).to_ascii_lowercase();
    JSON.contains(&essence.as_str())
}

fn is_any(text: &str) -> bool {
    matches!(essence(text), "*/*" | "application/*")
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::*;

    #[test]
    fn json_is_given_and_nothing_else() {
        for (accept, format, fits) in [
            (None, None, true),
            (Some("application/fhir+json"), None, true),
            (Some("application/fhir+json; fhirVersion=4.0"), None, true),
            (Some("application/fhir+xml, */*;q=0.1"), None, true),
            (Some("application/fhir+xml"), None, false),
            (Some("text/html"), Some("json"), true),
            (None, Some("application/fhir json"), true),
            (None, Some("xml"), false),
            (
                Some("application/json"),
                Some("application/fhir+xml"),
                false,
            ),
        ] {
            let mut headers = HeaderMap::new();
            if let Some(accept) = accept {
                headers.insert(header::ACCEPT, accept.parse().unwrap());
            }
            assert_eq!(
                acceptable(&headers, format).is_ok(),
                fits,
                "{accept:?} {format:?}"
            );
        }
    }
}
