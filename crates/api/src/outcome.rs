//! OperationOutcome: what every refusal is told as.

use app::api::{Refusal, Why};
use axum::http::StatusCode;
use serde_json::{Value, json};

/// A refusal with its status.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused {
    /// The HTTP status.
    pub status: StatusCode,
    /// The OperationOutcome.
    pub outcome: Value,
}

/// One issue of an OperationOutcome; `at` is an element or `http.` and a parameter.
pub fn issue(severity: &str, code: &str, at: &str, text: &str) -> Value {
    let mut issue = json!({ "severity": severity, "code": code, "diagnostics": text });
    if !at.is_empty() {
        issue["expression"] = json!([at]);
    }
    issue
}

/// An OperationOutcome of issues.
pub fn outcome(issues: Vec<Value>) -> Value {
    json!({ "resourceType": "OperationOutcome", "issue": issues })
}

impl Refused {
    /// A refusal of the HTTP layer itself.
    pub fn new(status: StatusCode, code: &str, at: &str, text: &str) -> Self {
        Self {
            status,
            outcome: outcome(vec![issue("error", code, at, text)]),
        }
    }

    /// Something failed that is ours to mend.
    pub fn ours() -> Self {
        let text = "Something went wrong here. It is in the log. Try again later.";
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "exception", "", text)
    }
}

impl From<&Refusal> for Refused {
    fn from(refusal: &Refusal) -> Self {
        let (status, code) = match refusal.why {
            Why::Unknown => (StatusCode::UNAUTHORIZED, "login"),
            Why::Forbidden => (StatusCode::FORBIDDEN, "forbidden"),
            Why::NotFound => (StatusCode::NOT_FOUND, "not-found"),
            Why::Several => (StatusCode::CONFLICT, "multiple-matches"),
            Why::Invalid => (StatusCode::BAD_REQUEST, "invalid"),
            Why::TooMuch => (StatusCode::BAD_REQUEST, "too-costly"),
            Why::Unsupported => (StatusCode::BAD_REQUEST, "not-supported"),
            Why::Unprocessable => (StatusCode::UNPROCESSABLE_ENTITY, "processing"),
        };
        let first = (refusal.at.clone(), refusal.text.clone());
        let issues = std::iter::once(&first)
            .chain(&refusal.more)
            .map(|(at, text)| issue("error", code, at, text))
            .collect();
        Self {
            status,
            outcome: outcome(issues),
        }
    }
}
