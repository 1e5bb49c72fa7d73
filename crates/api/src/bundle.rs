//! Bundles out: pages of searches, and what became of a Bundle that was sent. Resources are
//! put in as they came, byte for byte.

use crate::outcome::{issue, outcome};
use app::api::{Fate, Received, Shown};
use serde_json::{Value, json};
use store::inbox::KeptIssue;

/// A page of a list.
pub struct Page<'a> {
    /// Address of the API, such as `https://host/fhir`.
    pub base: &'a str,
    /// How many there are on all pages, where that was counted.
    pub total: Option<usize>,
    /// What is on this one.
    pub entries: &'a [Shown],
    /// Address of this page.
    pub own: String,
    /// Address of the next, if there is one.
    pub next: Option<String>,
}

const URN: &str = "urn:uuid:";

/// Whether resources of a page refer to each other as `urn:uuid:`, as a Bundle of old had them.
fn by_urn(entries: &[Shown]) -> bool {
    entries.iter().any(|shown| shown.json.contains(URN))
}

fn is_uuid(id: &str) -> bool {
    id.len() == 36
        && id.bytes().enumerate().all(|(at, byte)| match at {
            8 | 13 | 18 | 23 => byte == b'-',
            _ => byte.is_ascii_hexdigit(),
        })
}

/// The address an entry stands under: that of the server it came from if it has one, the
/// one by which others on the page refer to it, or else ours.
fn full_url(base: &str, shown: &Shown, by_urn: bool) -> String {
    if shown.key.contains("://") || shown.key.starts_with("urn:") {
        return shown.key.clone();
    }
    if by_urn && is_uuid(shown.id()) {
        return format!("{URN}{}", shown.id());
    }
    format!("{base}/{}", shown.key)
}

fn text(value: &str) -> String {
    Value::from(value).to_string()
}

/// The Bundle of a page.
pub fn searchset(page: &Page<'_>) -> String {
    let size: usize = page
        .entries
        .iter()
        .map(|shown| shown.json.len() + 160)
        .sum();
    let mut out = String::with_capacity(size + 600);
    out.push_str("{\"resourceType\":\"Bundle\",\"type\":\"searchset\"");
    if let Some(total) = page.total {
        out.push_str(&format!(",\"total\":{total}"));
    }
    out.push_str(&format!(
        ",\"link\":[{{\"relation\":\"self\",\"url\":{}}}",
        text(&page.own)
    ));
    if let Some(next) = &page.next {
        out.push_str(&format!(
            ",{{\"relation\":\"next\",\"url\":{}}}",
            text(next)
        ));
    }
    out.push(']');
    let by_urn = by_urn(page.entries);
    for (index, shown) in page.entries.iter().enumerate() {
        out.push_str(if index == 0 { ",\"entry\":[" } else { "," });
        out.push_str("{\"fullUrl\":");
        out.push_str(&text(&full_url(page.base, shown, by_urn)));
        out.push_str(",\"resource\":");
        out.push_str(&shown.json);
        out.push_str(",\"search\":{\"mode\":\"");
        out.push_str(if shown.included { "include" } else { "match" });
        out.push_str("\"}}");
    }
    if !page.entries.is_empty() {
        out.push(']');
    }
    out.push('}');
    out
}

fn told(kept: &KeptIssue) -> Value {
    let (severity, code) = match kept.severity.as_str() {
        "reject" => ("error", "invalid"),
        "part" => ("warning", "business-rule"),
        _ => ("information", "informational"),
    };
    let text = format!("{} [{}]", kept.text, kept.code);
    issue(severity, code, &kept.path, &text)
}

/// `ETag` of a version.
pub fn etag(version: &str) -> String {
    format!("W/\"{version}\"")
}

fn response(fate: &Fate) -> Value {
    let status = match fate.status {
        200 => "200 OK",
        201 => "201 Created",
        405 => "405 Method Not Allowed",
        _ => "422 Unprocessable Entity",
    };
    let mut response = json!({ "status": status });
    if let Some((key, version)) = &fate.location {
        response["location"] = key.as_str().into();
        response["etag"] = etag(version).into();
    }
    if let Some(at) = fate.updated {
        response["lastModified"] = at.to_string().into();
    }
    if !fate.issues.is_empty() {
        response["outcome"] = outcome(fate.issues.iter().map(told).collect());
    }
    json!({ "response": response })
}

/// The Bundle that says what became of another, entry by entry.
pub fn response_bundle(received: &Received) -> String {
    let kind = if received.transaction {
        "transaction-response"
    } else {
        "batch-response"
    };
    let mut bundle = json!({
        "resourceType": "Bundle",
        "id": received.arrival.to_string(),
        "type": kind,
    });
    if !received.fates.is_empty() {
        bundle["entry"] = received.fates.iter().map(response).collect();
    }
    bundle.to_string()
}
