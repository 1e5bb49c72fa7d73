//! Files of JSON: a resource, a bundle, or one resource a line.

use std::borrow::Cow;
use std::ops::Range;

use kernel::{Issue, Severity, limits};

use super::{CUT, Format, NESTED, Reader, in_order, inner_place, number_from};
use crate::check::check_part;
use crate::definitions::definitions;
use crate::json::{self, Fault, JsonError};
use crate::resolve::{Entry, Resolver};
use crate::tree::{Node, Object};

/// Whether a JSON text has one resource a line: its first line is whole and another
/// follows, or each of its first two lines opens an object.
pub(super) fn is_lines(text: &str) -> bool {
    let mut lines = text.lines().filter(|line| !line.trim().is_empty());
    let (Some(first), Some(second)) = (lines.next(), lines.next()) else {
        return false;
    };
    let whole = json::skim(first, 0)
        .is_ok_and(|skim| skim.stop.is_none() && first[skim.end..].trim().is_empty());
    whole || (first.len() > 2 && first.starts_with("{\"") && second.starts_with("{\""))
}

/// A bundle entry in JSON, gone over but not yet read.
struct JsonEntry<'a> {
    outer: Result<json::Skim<'a>, JsonError>,
    resource: Option<Range<usize>>,
    inner: Option<json::Skim<'a>>,
}

impl<'a> Reader<'a, '_> {
    /// One resource a line.
    pub(super) fn lines(&mut self) {
        self.by_line = true;
        let mut at = 0;
        for (number, line) in self.text.split_inclusive('\n').enumerate() {
            let range = at..at + line.trim_end().len();
            at += line.len();
            if line.trim().is_empty() {
                continue;
            }
            self.json(
                range,
                number_from(number),
                "",
                0,
                &Resolver::default(),
                None,
            );
        }
    }

    /// A resource or bundle in a range of the text.
    pub(super) fn json(
        &mut self,
        range: Range<usize>,
        number: u32,
        place: &str,
        depth: usize,
        resolver: &Resolver,
        url: Option<&str>,
    ) {
        let text = &self.text[..range.end];
        let skim = match json::skim(text, range.start) {
            Ok(skim) => skim,
            Err(error) => return self.bad_json(error, number, place),
        };
        self.json_skimmed(&skim, range, number, place, depth, resolver, url);
    }

    /// A resource or bundle that has been gone over.
    #[allow(clippy::too_many_arguments)]
    fn json_skimmed(
        &mut self,
        skim: &json::Skim<'a>,
        range: Range<usize>,
        number: u32,
        place: &str,
        depth: usize,
        resolver: &Resolver,
        url: Option<&str>,
    ) {
        let text = &self.text[..range.end];
        let kind = skim.get("resourceType").map(|at| &text[at]);
        if kind == Some("\"Bundle\"") && depth < NESTED {
            return self.json_bundle(text, skim, range.start, number, place, depth);
        }
        self.json_plain(skim, range, number, place, resolver, url);
    }

    /// A resource that has been skimmed.
    fn json_plain(
        &mut self,
        skim: &json::Skim<'a>,
        range: Range<usize>,
        number: u32,
        place: &str,
        resolver: &Resolver,
        url: Option<&str>,
    ) {
        let text = &self.text[..range.end];
        if let Some(stop) = &skim.stop {
            return self.bad_json(stop.error, number, place);
        }
        if range.end - range.start > limits::RECORD_BYTES {
            return self.too_large(number, place);
        }
        let after = text[skim.end..].trim_start();
        if !after.is_empty() {
            let at = text.len() - after.len();
            return self.bad_json(
                JsonError {
                    at,
                    fault: Fault::Malformed,
                },
                number,
                place,
            );
        }
        let from =
            range.start + (text[range.start..].len() - text[range.start..].trim_start().len());
        let source = &self.text[from..skim.end];
        match json::parse(source) {
            Ok(Node::Object(tree)) => self.record(
                tree,
                source,
                Format::Json,
                number,
                place,
                resolver,
                url,
                Vec::new(),
            ),
            Ok(_) => self.reject(
                number,
                place.to_owned(),
                "not-fhir",
                "This is not a resource. A FHIR resource is a JSON object.",
            ),
            Err(error) => self.bad_json(
                JsonError {
                    at: error.at + from,
                    fault: error.fault,
                },
                number,
                place,
            ),
        }
    }

    fn json_bundle(
        &mut self,
        text: &'a str,
        skim: &json::Skim<'a>,
        from: usize,
        number: u32,
        place: &str,
        depth: usize,
    ) {
        let place = if place.is_empty() {
            "Bundle".to_owned()
        } else {
            place.to_owned()
        };
        let list = entry_list(text, skim);
        let list = match list {
            Ok(list) => list,
            Err(error) => return self.bad_json(error, number, &format!("{place}.entry")),
        };
        let top = depth == 0 && !self.by_line;
        let mut heads = Vec::with_capacity(list.values.len());
        let mut entries = Vec::with_capacity(list.values.len());
        for (_, at) in &list.values {
            let (head, entry) = json_entry(text, at.clone());
            heads.push(head);
            entries.push(entry);
        }
        let whole = list.stop.is_none() && skim.stop.is_none();
        if whole && entries.iter().all(|entry| entry.resource.is_none()) {
            // Nothing in it to load: the bundle itself is the record.
            return self.json_plain(
                skim,
                from..text.len(),
                number,
                &place,
                &Resolver::default(),
                None,
            );
        }
        self.json_envelope(text, &skim.values, "entry", "Bundle", 0, &place);
        let history = skim
            .get("type")
            .is_some_and(|at| &text[at] == "\"history\"");
        let resolver = Resolver::new(&heads);
        for index in in_order(entries.len(), history) {
            let record = if top { number_from(index) } else { number };
            if !self.one_more(record, &place) {
                return;
            }
            self.json_one(
                text,
                &entries[index],
                &heads[index],
                record,
                &format!("{place}.entry[{index}]"),
                depth,
                &resolver,
            );
        }
        if let Some(stop) = &list.stop {
            let next = list.values.len();
            let record = if top { number_from(next) } else { number };
            self.bad_json(stop.error, record, &format!("{place}.entry[{next}]"));
        } else {
            self.after_entries(text, skim, &place);
        }
    }

    /// Tells of a bundle that is broken, or goes on, after its entries.
    fn after_entries(&mut self, text: &str, bundle: &json::Skim<'_>, place: &str) {
        let rest = || {
            let after = text[bundle.end..].trim_start();
            (!after.is_empty()).then(|| text.len() - after.len())
        };
        let at = bundle.stop.as_ref().map(|stop| stop.error.at).or_else(rest);
        let Some(at) = at else { return };
        let path = self.path(place, at);
        self.tell(Issue::new(
            Severity::Part,
            0,
            path,
            "truncated",
            "The bundle is cut short or broken after its entries. They were read; send it again.",
        ));
    }

    #[allow(clippy::too_many_arguments)]
    fn json_one(
        &mut self,
        text: &'a str,
        entry: &JsonEntry<'a>,
        head: &Entry,
        number: u32,
        place: &str,
        depth: usize,
        resolver: &Resolver,
    ) {
        let outer = match &entry.outer {
            Ok(outer) => outer,
            Err(error) => return self.bad_json(*error, number, place),
        };
        if let Some(stop) = &outer.stop {
            return self.bad_json(stop.error, number, place);
        }
        self.json_envelope(
            text,
            &outer.values,
            "resource",
            "Bundle.entry",
            number,
            place,
        );
        let Some(resource) = entry.resource.clone() else {
            return self.no_resource(number, place);
        };
        let Some(inner) = entry
            .inner
            .as_ref()
            .filter(|_| text[resource.clone()].starts_with('{'))
        else {
            return self.reject(
                number,
                format!("{place}.resource"),
                "not-fhir",
                "This is not a resource. A FHIR resource is a JSON object.",
            );
        };
        let place = inner_place(place, &head.resource_type);
        let url = head.full_url.as_deref();
        self.json_skimmed(inner, resource, number, &place, depth + 1, resolver, url);
    }

    /// Checks what is around the entries of a bundle, or around the resource of an entry.
    fn json_envelope(
        &mut self,
        text: &'a str,
        values: &[(Cow<'a, str>, Range<usize>)],
        skip: &str,
        ty: &str,
        number: u32,
        place: &str,
    ) {
        let Some(ty) = definitions().find(ty) else {
            return;
        };
        let mut part = Object::default();
        for (name, at) in values.iter().filter(|(name, _)| name != skip) {
            let parsed = if at.len() > limits::RECORD_BYTES {
                Err(at.start)
            } else {
                json::parse(&text[at.clone()]).map_err(|error| at.start + error.at)
            };
            match parsed {
                Ok(node) => part.0.push((name.clone(), node)),
                Err(at) => {
                    let path = self.path(place, at);
                    self.tell(Issue::new(
                        Severity::Part,
                        number,
                        path,
                        "not-json",
                        "This part is not well-formed JSON, or far too large. It is not used.",
                    ));
                }
            }
        }
        for issue in check_part(&part, ty, number, place).issues {
            self.tell(issue);
        }
    }

    fn bad_json(&mut self, error: JsonError, number: u32, place: &str) {
        let path = self.path(place, error.at);
        match error.fault {
            Fault::Cut => self.reject(number, path, "truncated", CUT),
            Fault::Malformed => self.reject(number, path, "not-json", "The record is not well-formed JSON here. Send it again from its source, whole and unaltered."),
            Fault::TooDeep => self.reject(number, path, "too-deep", format!("Elements are nested more than {} deep here, which is refused.", limits::DEPTH)),
        }
    }
}

/// Goes over the entries of a bundle.
fn entry_list<'a>(text: &'a str, bundle: &json::Skim<'a>) -> Result<json::Skim<'a>, JsonError> {
    match (bundle.get("entry"), &bundle.stop) {
        (Some(at), _) => json::skim(text, at.start),
        // The list itself was cut: its whole entries are still there.
        (None, Some(stop)) if stop.name == "entry" => {
            let from = text[stop.at..]
                .find('[')
                .map_or(text.len(), |found| stop.at + found);
            json::skim(text, from)
        }
        _ => Ok(json::Skim::default()),
    }
}

/// What is known of an entry without reading its resource.
fn json_entry(text: &str, at: Range<usize>) -> (Entry, JsonEntry<'_>) {
    let mut head = Entry::default();
    let outer = json::skim(&text[..at.end], at.start);
    let mut entry = JsonEntry {
        outer,
        resource: None,
        inner: None,
    };
    let Ok(outer) = &entry.outer else {
        return (head, entry);
    };
    head.full_url = outer.get("fullUrl").and_then(|at| plain(&text[at]));
    entry.resource = outer.get("resource");
    let resource = entry.resource.clone();
    entry.inner = resource.and_then(|at| json::skim(&text[..at.end], at.start).ok());
    let Some(inner) = &entry.inner else {
        return (head, entry);
    };
    let of = |name: &str| inner.get(name).and_then(|at| plain(&text[at]));
    head.resource_type = of("resourceType").unwrap_or_default();
    head.id = of("id").filter(|id| !id.is_empty() && id.len() <= 200);
    if head.resource_type == "Organization" {
        head.name = of("name");
    }
    if head.resource_type == "Encounter" {
        let provider = inner
            .get("serviceProvider")
            .and_then(|at| json::parse(&text[at]).ok());
        head.provider = provider.as_ref().and_then(Node::as_object).map(|provider| {
            let part = |name| provider.text(name).unwrap_or_default().to_owned();
            (part("reference"), part("display"))
        });
    }
    (head, entry)
}

/// A JSON string's text.
fn plain(text: &str) -> Option<String> {
    match json::parse(text) {
        Ok(Node::Text(text)) => Some(text.into_owned()),
        _ => None,
    }
}
