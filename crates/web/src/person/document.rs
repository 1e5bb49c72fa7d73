//! A document of a person's, read in place where that is safe: text on the page,
//! PDFs and pictures by the browser, anything else as a file to keep.

use super::who;
use crate::Web;
use crate::door::Visit;
use crate::routes::Outcome;
use crate::shell::{self, Section, Shell};
use access::Actor;
use app::person::TimelineFilter;
use askama::Template;
use axum::body::Body;
use axum::http::{HeaderValue, Response, header};
use kernel::DocumentId;
use store::document::Document;

/// Longest text shown on the page, in characters.
const SHOWN: usize = 200_000;

#[derive(Template)]
#[template(path = "person/document.html")]
struct Page {
    shell: Shell,
    person: String,
    back: String,
    back_words: &'static str,
    facts: Vec<(&'static str, String)>,
    text: Option<String>,
    picture: bool,
    file: String,
    file_words: &'static str,
}

/// How a document can be shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Shown {
    Text,
    Picture,
    Pdf,
    File,
}

fn how(media_type: &str) -> Shown {
    let plain = media_type
        .split(';')
        .next()
        .unwrap_or_default()
        .trim()
        .to_ascii_lowercase();
    match plain.as_str() {
        "application/pdf" => Shown::Pdf,
        "image/png" | "image/jpeg" | "image/gif" | "image/webp" => Shown::Picture,
        "application/json"
        | "application/xml"
        | "application/fhir+json"
        | "application/fhir+xml" => Shown::Text,
        // HTML is shown as its words, never run.
        text if text.starts_with("text/") => Shown::Text,
        _ => Shown::File,
    }
}

/// What stands around a document.
pub(super) struct Around {
    /// The part of the product it is shown in.
    pub(super) section: Section,
    /// Whose it is.
    pub(super) person: String,
    /// Where it leads back to, and what the link says.
    pub(super) back: String,
    pub(super) back_words: &'static str,
    /// Where it is as it came.
    pub(super) file: String,
}

pub(super) fn page(web: &Web, visit: &Visit, actor: &Actor) -> Outcome {
    let id: DocumentId = visit.id("id")?;
    let document = web.app.document(actor, id)?;
    let record = web
        .app
        .person(actor, document.person, &TimelineFilter::default())?;
    let around = Around {
        section: Section::Person,
        person: record.person.list_name(),
        back: format!("{}/timeline", who::address_of(document.person)),
        back_words: "Back to the record",
        file: format!("/person/document/{id}/file"),
    };
    drawn(web, visit, &document, around)
}

/// A document on its page.
pub(super) fn drawn(web: &Web, visit: &Visit, document: &Document, around: Around) -> Outcome {
    let shown = how(&document.media_type);
    let text = (shown == Shown::Text).then(|| {
        let text = String::from_utf8_lossy(&document.bytes);
        let text = if document.media_type.contains("html") {
            words_of(&text)
        } else {
            text.into_owned()
        };
        text.chars().take(SHOWN).collect()
    });
    let title = crate::words::known(&document.title).to_owned();
    shell::ok(&Page {
        shell: Shell::new(web, visit, title, around.section),
        person: around.person,
        back: around.back,
        back_words: around.back_words,
        facts: vec![
            ("Kind", kind(shown).to_owned()),
            ("Size", size(document.bytes.len())),
        ],
        text,
        picture: shown == Shown::Picture,
        file: around.file,
        file_words: match shown {
            Shown::Pdf => "Open the PDF",
            Shown::Picture => "Open the picture",
            Shown::Text | Shown::File => "Keep a copy as it came",
        },
    })
}

const fn kind(shown: Shown) -> &'static str {
    match shown {
        Shown::Text => "Text",
        Shown::Picture => "Picture",
        Shown::Pdf => "PDF",
        Shown::File => "File",
    }
}

fn size(bytes: usize) -> String {
    match bytes {
        0..1024 => format!("{bytes} bytes"),
        _ => format!("{} KB", bytes.div_ceil(1024)),
    }
}

pub(super) fn file(web: &Web, visit: &Visit, actor: &Actor) -> Outcome {
    let id: DocumentId = visit.id("id")?;
    Ok(as_file(web.app.document(actor, id)?))
}

/// A document as it came, opened by the browser only where that is safe.
pub(super) fn as_file(document: Document) -> Response<Body> {
    let (media, disposition) = match how(&document.media_type) {
        Shown::Pdf => ("application/pdf", "inline"),
        Shown::Picture => (document.media_type.as_str(), "inline"),
        Shown::Text => ("text/plain; charset=utf-8", "attachment"),
        Shown::File => ("application/octet-stream", "attachment"),
    };
    let mut response = shell::raw(media, document.bytes);
    response.headers_mut().insert(
        header::CONTENT_DISPOSITION,
        HeaderValue::from_static(disposition),
    );
    response
}

/// The words of an HTML document: tags go, blocks become lines, common escapes are read.
pub(super) fn words_of(html: &str) -> String {
    let mut text = String::with_capacity(html.len());
    let mut rest = html;
    while let Some(start) = rest.find('<') {
        text.push_str(&rest[..start]);
        let tag = &rest[start..];
        let lower: String = tag.chars().take(8).collect::<String>().to_ascii_lowercase();
        if ["<p", "</p", "<br", "<div", "</div", "<li", "<tr", "<h"]
            .iter()
            .any(|b| lower.starts_with(b))
        {
            text.push('\n');
        }
        let end = match ["script", "style"]
            .iter()
            .find(|name| lower.starts_with(&format!("<{name}")))
        {
            Some(name) => tag.find(&format!("</{name}")).unwrap_or(tag.len()),
            None => tag.find('>').map_or(tag.len(), |end| end + 1),
        };
        rest = &tag[end..];
    }
    text.push_str(rest);
    let text = text
        .replace("&nbsp;", " ")
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&#39;", "'")
        .replace("&amp;", "&");
    let lines: Vec<&str> = text
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty())
        .collect();
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn html_is_shown_as_words_and_never_run() {
        let html = "<p>Dear <b>Dr</b> Thorne,</p><script>alert(1)</script><p>5 &lt; 6<br>Yours</p>";
        assert_eq!(words_of(html), "Dear Dr Thorne,\n5 < 6\nYours");
        assert_eq!(how("text/html; charset=utf-8"), Shown::Text);
        assert_eq!(
            how("image/svg+xml"),
            Shown::File,
            "a picture that can run scripts is kept as a file"
        );
        assert_eq!(how("Application/PDF"), Shown::Pdf);
    }
}
