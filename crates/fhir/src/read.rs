//! Files to records: FHIR R4 in JSON or XML, one resource, a bundle of any kind, or one
//! resource a line (NDJSON), plain or compressed with gzip.
//!
//! What a file is is told by its content, never by its name. A record that cannot be read
//! never stops the others; of a file that is cut short the whole records are read.

use std::borrow::Cow;
use std::io::Read as _;
use std::ops::Range;

use kernel::{Issue, Severity, limits};
use sha2::{Digest as _, Sha256};

use crate::check::{check, check_part};
use crate::convert;
use crate::definitions::{Type, definitions};
use crate::json::{self, Fault, JsonError};
use crate::record::{About, Link};
use crate::resolve::{self, Entry, Resolver};
use crate::tree::{Node, Object};
use crate::xml::{line_column, parse_xml};

/// How a resource came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// JSON.
    Json,
    /// XML.
    Xml,
}

impl Format {
    /// The text it is kept as.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Json => "json",
            Self::Xml => "xml",
        }
    }
}

/// One resource that was read.
#[derive(Debug)]
pub struct Record<'a> {
    /// Its number in the file, from 1: the entry of a bundle, the line of NDJSON.
    pub number: u32,
    /// How it came.
    pub format: Format,
    /// The resource as it came (the text of its object or element).
    pub source: &'a str,
    /// SHA-256 of `source`.
    pub sha256: [u8; 32],
    /// Its type.
    pub resource_type: &'static str,
    /// Its id.
    pub id: Option<String>,
    /// What others refer to it by; see [`resolve`].
    pub key: String,
    /// What is in it.
    pub tree: Object<'a>,
    /// Whom it is about, when, and in what words.
    pub about: About,
    /// What it refers to.
    pub links: Vec<Link>,
    /// What is wrong with it; never a rejection.
    pub issues: Vec<Issue>,
}

/// What a file gives, one after the other.
#[derive(Debug)]
pub enum Item<'a> {
    /// A resource.
    Record(Box<Record<'a>>),
    /// A record that could not be read; its number is in the issue.
    Rejected(Issue),
    /// Something about the file or an entry that is not a record.
    Told(Issue),
}

/// Unpacks gzip; other bytes are given back as they are.
///
/// # Errors
/// The content is larger than [`limits::UNPACKED_BYTES`] or damaged.
pub fn unpack(bytes: &[u8]) -> Result<Cow<'_, [u8]>, Issue> {
    if bytes.starts_with(b"PK\x03\x04") {
        return Err(Issue::file(
            "not-fhir",
            "This is a ZIP file. Unpack it and send the files in it.",
        ));
    }
    if !bytes.starts_with(&[0x1F, 0x8B]) {
        return Ok(Cow::Borrowed(bytes));
    }
    let mut out = Vec::new();
    let mut reader = flate2::read::MultiGzDecoder::new(bytes).take(limits::UNPACKED_BYTES + 1);
    if reader.read_to_end(&mut out).is_err() {
        return Err(Issue::file(
            "bad-gzip",
            "The compressed file is damaged or cut short. Send it again.",
        ));
    }
    if out.len() as u64 > limits::UNPACKED_BYTES {
        return Err(Issue::file(
            "too-large",
            format!(
                "The file unpacks to more than {} MiB, which is refused. Send it in smaller parts.",
                limits::UNPACKED_BYTES >> 20
            ),
        ));
    }
    Ok(Cow::Owned(out))
}

/// Whether unpacked, decoded text looks like FHIR in JSON or XML.
pub fn looks_like_fhir(text: &str) -> bool {
    text.trim_start().starts_with(['{', '<'])
}

/// Reads a file's text and gives each item as soon as it is read.
pub fn read<'a>(text: &'a str, take: &mut dyn FnMut(Item<'a>)) {
    let mut reader = Reader {
        text,
        take,
        told: 0,
        entries: 0,
        by_line: false,
    };
    match text.trim_start().as_bytes().first() {
        None => reader.tell(Issue::file(
            "empty-file",
            "The file is empty. Send it again.",
        )),
        Some(b'<') => reader.xml(),
        Some(b'{') if is_lines(text) => reader.lines(),
        Some(b'{') => reader.json(0..text.len(), 1, "", 0, &Resolver::default(), None),
        Some(_) => reader.tell(Issue::file(
            "not-fhir",
            "The file is neither JSON nor XML. Send FHIR R4 resources.",
        )),
    }
}

/// Whether a JSON text has one resource a line: its first line is whole and another
/// follows, or each of its first two lines opens an object.
fn is_lines(text: &str) -> bool {
    let mut lines = text.lines().filter(|line| !line.trim().is_empty());
    let (Some(first), Some(second)) = (lines.next(), lines.next()) else {
        return false;
    };
    let whole = json::skim(first, 0)
        .is_ok_and(|skim| skim.stop.is_none() && first[skim.end..].trim().is_empty());
    whole || (first.len() > 2 && first.starts_with("{\"") && second.starts_with("{\""))
}

/// Line and column are looked up for this many faults; finding them means reading from the start.
const PLACES: usize = 100;
/// Deepest bundle in bundle that is opened.
const NESTED: usize = 3;

struct Reader<'a, 't> {
    text: &'a str,
    take: &'t mut dyn FnMut(Item<'a>),
    told: usize,
    entries: usize,
    /// One record a line, so that records are numbered by line.
    by_line: bool,
}

/// A bundle entry in JSON, gone over but not yet read.
struct JsonEntry<'a> {
    outer: Result<json::Skim<'a>, JsonError>,
    resource: Option<Range<usize>>,
    inner: Option<json::Skim<'a>>,
}

impl<'a> Reader<'a, '_> {
    fn tell(&mut self, issue: Issue) {
        (self.take)(Item::Told(issue));
    }

    fn reject(&mut self, number: u32, path: String, code: &'static str, text: impl Into<String>) {
        (self.take)(Item::Rejected(Issue::new(
            Severity::Reject,
            number,
            path,
            code,
            text,
        )));
    }

    /// One resource a line.
    fn lines(&mut self) {
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
    fn json(
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
        let list = match (skim.get("entry"), &skim.stop) {
            (Some(at), _) => json::skim(text, at.start),
            // The list itself was cut: its whole entries are still there.
            (None, Some(stop)) if stop.name == "entry" => {
                let from = text[stop.at..]
                    .find('[')
                    .map_or(text.len(), |found| stop.at + found);
                json::skim(text, from)
            }
            _ => Ok(json::Skim::default()),
        };
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
        } else if let Some(at) = skim.stop.as_ref().map(|stop| stop.error.at).or_else(|| {
            let after = text[skim.end..].trim_start();
            (!after.is_empty()).then(|| text.len() - after.len())
        }) {
            let path = self.path(&place, at);
            self.tell(Issue::new(Severity::Part, 0, path, "truncated", "The bundle is cut short or broken after its entries. They were read; send it again."));
        }
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
            if at.len() > limits::RECORD_BYTES {
                return self.too_large(number, place);
            }
            match json::parse(&text[at.clone()]) {
                Ok(node) => part.0.push((name.clone(), node)),
                Err(error) => {
                    let path = self.path(place, at.start + error.at);
                    self.tell(Issue::new(
                        Severity::Part,
                        number,
                        path,
                        "not-json",
                        "This part is not well-formed JSON. It is not used.",
                    ));
                }
            }
        }
        for issue in check_part(&part, ty, number, place).issues {
            self.tell(issue);
        }
    }

    fn xml(&mut self) {
        match parse_xml(self.text) {
            Ok(document) => self.document(&document, false),
            Err(issue) => self.salvage(issue),
        }
    }

    /// A bundle that is broken somewhere: the entries that are whole before that place.
    fn salvage(&mut self, issue: Issue) {
        if matches!(issue.code, "not-xml" | "truncated") {
            if let Some(end) = whole_entries(self.text, &issue.path) {
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

    /// The last step: type, check, meaning.
    #[allow(clippy::too_many_arguments)]
    fn record(
        &mut self,
        tree: Object<'a>,
        source: &'a str,
        format: Format,
        number: u32,
        place: &str,
        resolver: &Resolver,
        url: Option<&str>,
        mut issues: Vec<Issue>,
    ) {
        let ty: &'static Type = match tree.text("resourceType") {
            None => return self.reject(
                number,
                place.to_owned(),
                "no-resource-type",
                "The record does not say what resource it is. A FHIR resource has a resourceType.",
            ),
            Some(name) => match definitions().resource(name) {
                Some(ty) => ty,
                None => return self.reject(
                    number,
                    place.to_owned(),
                    "unknown-resource-type",
                    "FHIR R4 has no resource of this type. Check that the sender uses release 4.",
                ),
            },
        };
        let place = if place.is_empty() { ty.name } else { place };
        let found = check(&tree, ty, number, place);
        issues.extend(found.issues);
        if tree
            .0
            .iter()
            .filter(|(key, _)| key == "resourceType")
            .count()
            > 1
        {
            issues.push(Issue::new(
                Severity::Part,
                number,
                format!("{place}.resourceType"),
                "duplicate-key",
                "The same name comes twice in one object. The first is used.",
            ));
        }
        let sha256: [u8; 32] = Sha256::digest(source.as_bytes()).into();
        let id = tree
            .text("id")
            .filter(|id| !id.is_empty() && id.len() <= 200)
            .map(str::to_owned);
        let key =
            resolve::key(ty.name, id.as_deref(), url).unwrap_or_else(|| nameless(ty.name, &sha256));
        let links = Link::all(&found.references, resolver, &key);
        let about = About::read(ty.name, &tree, resolver, &key);
        let record = Record {
            number,
            format,
            source,
            sha256,
            resource_type: ty.name,
            id,
            key,
            tree,
            about,
            links,
            issues,
        };
        (self.take)(Item::Record(Box::new(record)));
    }

    /// Counts an entry; false when there are more than we read.
    fn one_more(&mut self, number: u32, place: &str) -> bool {
        self.entries += 1;
        if self.entries == limits::BUNDLE_ENTRIES + 1 {
            self.reject(
                number,
                place.to_owned(),
                "too-many-entries",
                format!(
                    "The bundle has more than {} entries. Send it in smaller parts.",
                    limits::BUNDLE_ENTRIES
                ),
            );
        }
        self.entries <= limits::BUNDLE_ENTRIES
    }

    fn no_resource(&mut self, number: u32, place: &str) {
        self.tell(Issue::new(
            Severity::Note,
            number,
            place,
            "no-resource",
            "The entry has no resource: it is a request or an outcome. There is nothing to load.",
        ));
    }

    fn too_large(&mut self, number: u32, place: &str) {
        self.reject(
            number,
            place.to_owned(),
            "too-large",
            format!(
                "The record is larger than {} MiB, which is refused.",
                limits::RECORD_BYTES >> 20
            ),
        );
    }

    fn bad_json(&mut self, error: JsonError, number: u32, place: &str) {
        let path = self.path(place, error.at);
        match error.fault {
            Fault::Cut => self.reject(number, path, "truncated", CUT),
            Fault::Malformed => self.reject(number, path, "not-json", "The record is not well-formed JSON here. Send it again from its source, whole and unaltered."),
            Fault::TooDeep => self.reject(number, path, "too-deep", format!("Elements are nested more than {} deep here, which is refused.", limits::DEPTH)),
        }
    }

    /// A place with the line and column of a byte.
    fn path(&mut self, place: &str, at: usize) -> String {
        self.told += 1;
        let spot = if self.told > PLACES {
            format!("byte {}", at + 1)
        } else {
            let (line, column) = line_column(self.text, at);
            format!("line {line}, column {column}")
        };
        if place.is_empty() {
            spot
        } else {
            format!("{place}, {spot}")
        }
    }
}

const CUT: &str =
    "The record is cut short: the file ends in the middle of it. Send the file again, whole.";

/// The name of an organisation whose resource is on the shelf.
pub fn organisation_name(source: &str) -> Option<String> {
    if source.trim_start().starts_with('{') {
        let node = json::parse(source).ok()?;
        return node.as_object()?.text("name").map(str::to_owned);
    }
    // An element taken out of a bundle may leave its namespace behind.
    let whole = format!("<in xmlns=\"{}\">{source}</in>", convert::FHIR);
    let document = parse_xml(if source.starts_with("<?") {
        source
    } else {
        &whole
    })
    .ok()?;
    let organisation = document
        .descendants()
        .find(|node| node.tag_name().name() == "Organization")?;
    value(organisation, "name").map(str::to_owned)
}

/// A key for a resource that has neither id nor address: the same bytes have the same key.
fn nameless(resource_type: &str, sha256: &[u8; 32]) -> String {
    let hex: String = sha256
        .iter()
        .take(12)
        .map(|byte| format!("{byte:02x}"))
        .collect();
    format!("{resource_type}/~{hex}")
}

/// A history bundle has the newest first; it is read the other way, so that the newest counts.
fn in_order(count: usize, history: bool) -> impl Iterator<Item = usize> {
    (0..count).map(move |index| if history { count - 1 - index } else { index })
}

fn inner_place(entry: &str, resource_type: &str) -> String {
    if definitions().resource(resource_type).is_some() {
        format!("{entry}.resource.ofType({resource_type})")
    } else {
        format!("{entry}.resource")
    }
}

/// A root element's name, if it is one of FHIR: any other may be anything.
fn shown(name: &str) -> &str {
    definitions().resource(name).map_or("", |ty| ty.name)
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
            .map(|at| json::parse(&text[at]));
        head.provider = provider.and_then(Result::ok).and_then(|node| {
            let part = |name| node.as_object()?.text(name).map(str::to_owned);
            Some((
                part("reference").unwrap_or_default(),
                part("display").unwrap_or_default(),
            ))
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

fn value<'d>(node: roxmltree::Node<'d, '_>, name: &'static str) -> Option<&'d str> {
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

fn number_from(index: usize) -> u32 {
    u32::try_from(index)
        .unwrap_or(u32::MAX - 1)
        .saturating_add(1)
}
