//! Files of XML: a resource or a bundle.

use kernel::{Issue, limits};

use super::{CUT, Format, Item, NESTED, Reader, in_order, inner_place, number_from};
use crate::check::check_part;
use crate::convert;
use crate::definitions::definitions;
use crate::resolve::{Entry, Resolver};
use crate::xml::parse_xml;

impl Reader<'_, '_> {
    pub(super) fn xml(&mut self) {
        match parse_xml(self.text) {
            Ok(document) => self.document(&document, false),
            Err(issue) => self.salvage(issue),
        }
    }

    /// A bundle that is broken somewhere: the entries that are whole before that place.
    fn salvage(&mut self, issue: Issue) {
        let broken = matches!(issue.code, "not-xml" | "truncated");
        if let Some(end) = whole_entries(self.text, &issue.path).filter(|_| broken) {
            let name = self.text[..end]
                .rsplit("</")
                .next()
                .map_or("entry", |rest| rest.trim_end_matches('>'));
            let prefix = name
                .split_once(':')
                .map_or(String::new(), |(prefix, _)| format!("{prefix}:"));
            let whole = format!("{}</{prefix}Bundle>", &self.text[..end]);
            if let Ok(document) = parse_xml(&whole) {
                return self.document(&document, true);
            }
        }
        (self.take)(Item::Rejected(Issue { record: 1, ..issue }));
    }

    /// A parsed document. Ranges of its nodes hold in the text too, also when it was mended at its end.
    fn document(&mut self, document: &roxmltree::Document<'_>, cut: bool) {
        let root = document.root_element();
        if root.tag_name().name() == "Bundle" && root.tag_name().namespace() == Some(convert::FHIR)
        {
            self.xml_bundle(root, 1, "Bundle", 0);
            if cut {
                let next = elements(root, "entry").count();
                self.reject(
                    number_from(next),
                    format!("Bundle.entry[{next}]"),
                    "truncated",
                    CUT,
                );
            }
            return;
        }
        self.xml_resource(root, 1, "", &Resolver::default(), None);
    }

    fn xml_bundle(
        &mut self,
        bundle: roxmltree::Node<'_, '_>,
        number: u32,
        place: &str,
        depth: usize,
    ) {
        let entries: Vec<_> = elements(bundle, "entry").collect();
        let heads: Vec<Entry> = entries.iter().map(|entry| xml_entry(*entry)).collect();
        if depth == 0 && heads.iter().all(|head| head.resource_type.is_empty()) {
            // Nothing in it to load: the bundle itself is the record.
            return self.xml_resource(bundle, number, place, &Resolver::default(), None);
        }
        self.xml_envelope(bundle, "entry", "Bundle", 0, place);
        let resolver = Resolver::new(&heads);
        let history = value(bundle, "type") == Some("history");
        for index in in_order(entries.len(), history) {
            let (entry, head) = (entries[index], &heads[index]);
            let record = if depth == 0 {
                number_from(index)
            } else {
                number
            };
            if !self.one_more(record, place) {
                return;
            }
            let place = format!("{place}.entry[{index}]");
            self.xml_envelope(entry, "resource", "Bundle.entry", record, &place);
            let resource = elements(entry, "resource")
                .next()
                .and_then(|inner| inner.first_element_child());
            match resource {
                None => self.no_resource(record, &place),
                Some(inner) if inner.tag_name().name() == "Bundle" && depth + 1 < NESTED => {
                    self.xml_bundle(inner, record, &inner_place(&place, "Bundle"), depth + 1);
                }
                Some(inner) => {
                    let place = inner_place(&place, &head.resource_type);
                    self.xml_resource(inner, record, &place, &resolver, head.full_url.as_deref());
                }
            }
        }
    }

    fn xml_envelope(
        &mut self,
        node: roxmltree::Node<'_, '_>,
        skip: &'static str,
        ty: &str,
        number: u32,
        place: &str,
    ) {
        let Some(ty) = definitions().find(ty) else {
            return;
        };
        let mut issues = Vec::new();
        let part = convert::from_xml_without(node, ty, skip, number, place, &mut issues);
        issues.append(&mut check_part(&part, ty, number, place).issues);
        for issue in issues {
            self.tell(issue);
        }
    }

    fn xml_resource(
        &mut self,
        node: roxmltree::Node<'_, '_>,
        number: u32,
        place: &str,
        resolver: &Resolver,
        url: Option<&str>,
    ) {
        let Some(source) = self.text.get(node.range()) else {
            return;
        };
        if source.len() > limits::RECORD_BYTES {
            return self.too_large(number, place);
        }
        if node.tag_name().namespace() != Some(convert::FHIR) {
            return self.reject(number, place.to_owned(), "not-fhir", "The element is not in the FHIR namespace (http://hl7.org/fhir). Send FHIR R4 resources.");
        }
        let mut issues = Vec::new();
        let name = node.tag_name().name();
        let path = if place.is_empty() { shown(name) } else { place };
        let tree = convert::from_xml(node, self.text, number, path, &mut issues);
        self.record(
            tree,
            source,
            Format::Xml,
            number,
            place,
            resolver,
            url,
            issues,
        );
    }
}

/// A root element's name, if it is one of FHIR: any other may be anything.
fn shown(name: &str) -> &str {
    definitions().resource(name).map_or("", |ty| ty.name)
}

fn xml_entry(entry: roxmltree::Node<'_, '_>) -> Entry {
    let resource = elements(entry, "resource")
        .next()
        .and_then(|inner| inner.first_element_child());
    let of = |name| {
        resource
            .and_then(|resource| value(resource, name))
            .map(str::to_owned)
    };
    let resource_type = resource.map_or(String::new(), |resource| {
        resource.tag_name().name().to_owned()
    });
    let provider = resource
        .filter(|_| resource_type == "Encounter")
        .and_then(|resource| {
            let provider = elements(resource, "serviceProvider").next()?;
            let part = |name| value(provider, name).unwrap_or_default().to_owned();
            Some((part("reference"), part("display")))
        });
    Entry {
        provider,
        full_url: value(entry, "fullUrl").map(str::to_owned),
        id: of("id").filter(|id| !id.is_empty() && id.len() <= 200),
        name: if resource_type == "Organization" {
            of("name")
        } else {
            None
        },
        resource_type,
    }
}

fn elements<'d, 'i: 'd>(
    node: roxmltree::Node<'d, 'i>,
    name: &'static str,
) -> impl Iterator<Item = roxmltree::Node<'d, 'i>> {
    node.children()
        .filter(move |child| child.is_element() && child.tag_name().name() == name)
}

pub(super) fn value<'d>(node: roxmltree::Node<'d, '_>, name: &'static str) -> Option<&'d str> {
    elements(node, name).next()?.attribute("value")
}

/// Where the last whole entry of a broken bundle ends.
fn whole_entries(text: &str, fault: &str) -> Option<usize> {
    let head = &text[..floor(text, 2_000)];
    let bundle = head.find("Bundle")?;
    // Entries of an inner bundle do not count: only as deep as the first entry.
    let broken = byte_of(text, fault)?;
    let mut depth = 0_usize;
    let mut last = None;
    let mut at = bundle;
    while let Some(found) = text.get(at..broken).and_then(|rest| rest.find("entry")) {
        let from = at + found;
        at = from + 5;
        let opening = tag_start(text, from);
        let ends = text[at..].starts_with(['>', ' ', '\t', '\r', '\n', '/']);
        match opening {
            Some(true) if ends => depth += 1,
            Some(false) if ends => {
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    last = text[at..].find('>').map(|end| at + end + 1);
                }
            }
            _ => {}
        }
    }
    last.filter(|end| *end <= broken)
}

/// Whether a name at `from` opens (true) or closes (false) an element.
fn tag_start(text: &str, from: usize) -> Option<bool> {
    let before = text[..from].trim_end_matches(|c: char| c.is_ascii_alphanumeric() || c == ':');
    match before.as_bytes() {
        [.., b'<', b'/'] => Some(false),
        [.., b'<'] => Some(true),
        _ => None,
    }
}

/// The byte at `line L, column C`.
fn byte_of(text: &str, place: &str) -> Option<usize> {
    let (line, column) = place.strip_prefix("line ")?.split_once(", column ")?;
    let (line, column) = (line.parse::<usize>().ok()?, column.parse::<usize>().ok()?);
    let start: usize = text
        .split_inclusive('\n')
        .take(line.checked_sub(1)?)
        .map(str::len)
        .sum();
    let along: usize = text[start..]
        .chars()
        .take(column.checked_sub(1)?)
        .map(char::len_utf8)
        .sum();
    Some(start + along)
}

/// The character boundary at or before a byte.
fn floor(text: &str, at: usize) -> usize {
    (0..=at.min(text.len()))
        .rev()
        .find(|at| text.is_char_boundary(*at))
        .unwrap_or(0)
}
