//! Files to records: FHIR R4 in JSON or XML, one resource, a bundle of any kind, or one
//! resource a line (NDJSON), plain or compressed with gzip.
//!
//! What a file is is told by its content, never by its name. A record that cannot be read
//! never stops the others; of a file that is cut short the whole records are read.

mod json;
mod xml;

use std::borrow::Cow;
use std::io::Read as _;

use kernel::{Issue, Severity, limits};
use sha2::{Digest as _, Sha256};

use crate::check::check;
use crate::convert;
use crate::definitions::{Type, definitions};
use crate::record::{About, Link};
use crate::resolve::{self, Resolver};
use crate::tree::Object;
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
        Some(b'{') if json::is_lines(text) => reader.lines(),
        Some(b'{') => reader.json(0..text.len(), 1, "", 0, &Resolver::default(), None),
        Some(_) => reader.tell(Issue::file(
            "not-fhir",
            "The file is neither JSON nor XML. Send FHIR R4 resources.",
        )),
    }
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
        let node = crate::json::parse(source).ok()?;
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
    xml::value(organisation, "name").map(str::to_owned)
}

/// A key for a resource that has neither id nor address: the same bytes have the same key.
fn nameless(resource_type: &str, sha256: &[u8; 32]) -> String {
    format!("{resource_type}/~{}", kernel::hex(&sha256[..12]))
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

fn number_from(index: usize) -> u32 {
    u32::try_from(index)
        .unwrap_or(u32::MAX - 1)
        .saturating_add(1)
}
