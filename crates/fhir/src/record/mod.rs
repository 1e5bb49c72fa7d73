//! What a resource says, in the terms of a person's record: whom it is about, when, in
//! what words, from whom, and what it refers to.

mod arriving;
mod dates;
mod kinds;
mod titles;

pub use arriving::{ArrivingName, ArrivingPerson};
pub use dates::happened;
pub use kinds::kind_of;
pub(crate) use titles::{contained_medicine, person_name, title};

use crate::resolve::{Resolver, type_of};
use crate::tree::{Node, Object};

/// Whose work a line of the timeline shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sector {
    /// The NHS and those who work for it.
    Nhs,
    /// A council.
    Council,
}

impl Sector {
    /// The text it is kept as.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Nhs => "nhs",
            Self::Council => "council",
        }
    }

    /// Told by the name of the organisation: councils call themselves so.
    pub fn of(organisation: &str) -> Self {
        let name = organisation.to_lowercase();
        let council = ["council", "social care", "social services", "borough"]
            .iter()
            .any(|word| name.contains(word));
        if council { Self::Council } else { Self::Nhs }
    }
}

/// One reference out of a resource.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// Where in the resource, such as `Encounter.participant[0].individual`.
    pub path: String,
    /// The key it points at.
    pub target: String,
}

impl Link {
    /// Every reference of a resource, resolved.
    pub fn all(references: &[(String, &str)], resolver: &Resolver, own: &str) -> Vec<Self> {
        let link = |(path, text): &(String, &str)| Self {
            path: path.clone(),
            target: resolver.key(text, own),
        };
        references.iter().map(link).collect()
    }
}

/// Where a resource came from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Source {
    /// The organisation's name, or who is named in its stead; empty if not known.
    pub name: String,
    /// The organisation's key, when its name is not known here.
    pub key: Option<String>,
}

impl Source {
    fn kept(self) -> Self {
        Self {
            name: kept(&self.name, SOURCE),
            key: self.key,
        }
    }
}

/// What a resource says about a person, if it is about one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct About {
    /// What it is, in a line.
    pub title: String,
    /// When it happened: `YYYY`, `YYYY-MM`, `YYYY-MM-DD` or `YYYY-MM-DDTHH:MM` as written.
    pub happened: Option<String>,
    /// Key of the person it is about.
    pub person: Option<String>,
    /// From whom.
    pub source: Source,
    /// Its labels of confidentiality and sensitivity: system and code of each.
    pub labels: Vec<(String, String)>,
}

impl About {
    /// Reads a resource of a type; `own` is its key.
    pub fn read(resource_type: &str, tree: &Object<'_>, resolver: &Resolver, own: &str) -> Self {
        Self {
            title: title(resource_type, tree),
            happened: happened(resource_type, tree),
            person: person(resource_type, tree, resolver, own),
            source: source(tree, resolver, own).kept(),
            labels: labels(tree),
        }
    }
}

/// Codings of `meta.security` and `securityLabel`.
fn labels(tree: &Object<'_>) -> Vec<(String, String)> {
    let codings = at(tree, "meta.security")
        .into_iter()
        .chain(at(tree, "securityLabel.coding"));
    let text = |object: &Object<'_>, name: &str| object.text(name).unwrap_or_default().to_owned();
    codings
        .map(|coding| (text(coding, "system"), text(coding, "code")))
        .collect()
}

/// Elements that say whom a resource is about, the surest first. In those marked true a
/// reference to nobody knows what is taken for a person who has not arrived yet.
const PEOPLE: [(&str, bool); 14] = [
    ("subject", true),
    ("patient", true),
    ("beneficiary", true),
    ("for", true),
    ("individual", true),
    ("candidate", true),
    ("deliverTo", false),
    ("participant.actor", false),
    ("actor", false),
    ("target", false),
    ("entity.what", false),
    ("link.target", false),
    ("link.other", false),
    ("recipient", false),
];

fn person(
    resource_type: &str,
    tree: &Object<'_>,
    resolver: &Resolver,
    own: &str,
) -> Option<String> {
    if resource_type == "Patient" {
        return Some(own.to_owned());
    }
    for (path, expected) in PEOPLE {
        for reference in at(tree, path) {
            let Some(target) = resolver.target(reference, own) else {
                continue;
            };
            let kind = type_of(&target).or(reference.text("type"));
            let contained = target.contains('#');
            let conditional = target.contains('?');
            if kind == Some("Patient") && !contained
                || (kind.is_none() && expected && !contained && !conditional)
            {
                return Some(target);
            }
        }
    }
    None
}

/// Elements that say which organisation a resource came from, the surest first.
const SOURCES: [&str; 16] = [
    "serviceProvider",
    "managingOrganization",
    "custodian",
    "performer",
    "performer.actor",
    "organization",
    "author",
    "requester",
    "provider",
    "insurer",
    "recorder",
    "asserter",
    "informationSource",
    "providedBy",
    "sender",
    "source",
];

/// The last names of `SOURCES`: links at these lead to the organisation a line came from.
pub fn is_source_path(path: &str) -> bool {
    let path = path.trim_end_matches(|c: char| c == ']' || c == '[' || c.is_ascii_digit());
    SOURCES.iter().any(|source| {
        path.strip_suffix(source)
            .is_some_and(|rest| rest.ends_with('.'))
    })
}

fn source(tree: &Object<'_>, resolver: &Resolver, own: &str) -> Source {
    let mut key = None;
    let mut second = None;
    for path in SOURCES {
        for reference in at(tree, path) {
            let target = resolver.target(reference, own);
            let organisation = target
                .as_deref()
                .and_then(type_of)
                .or(reference.text("type"))
                == Some("Organization");
            let known = target
                .as_deref()
                .and_then(|target| resolver.organisation(target));
            let name = known.or(reference.text("display")).map(str::to_owned);
            match (name, target) {
                (Some(name), _) if organisation || known.is_some() => {
                    return Source { name, key: None };
                }
                (None, Some(target)) if organisation && key.is_none() => key = Some(target),
                (Some(name), _) if second.is_none() => second = Some(name),
                _ => {}
            }
        }
    }
    let unknown = second.is_none() && key.is_none();
    if let Some(source) = unknown.then(|| of_encounter(tree, resolver, own)).flatten() {
        return source;
    }
    let name = second.filter(|_| key.is_none());
    let name = name.or_else(|| {
        tree.object("meta")?
            .text("source")
            .filter(|_| key.is_none())
            .map(str::to_owned)
    });
    Source {
        name: name.unwrap_or_default(),
        key,
    }
}

/// The provider of the encounter a resource belongs to.
fn of_encounter(tree: &Object<'_>, resolver: &Resolver, own: &str) -> Option<Source> {
    let references = [
        "encounter",
        "context",
        "context.encounter",
        "item.encounter",
    ];
    let reference = references
        .iter()
        .find_map(|path| at(tree, path).into_iter().next())?;
    let encounter = resolver.target(reference, own)?;
    let (key, display) = resolver.provider(&encounter)?;
    let name = resolver.organisation(key).unwrap_or(display);
    Some(Source {
        name: name.to_owned(),
        key: name.is_empty().then(|| key.to_owned()),
    })
}

/// A text as rows keep it: without characters that databases do not take, and no longer
/// than a number of characters. The shelf has it whole.
pub(crate) fn kept(text: &str, characters: usize) -> String {
    let tame = |letter: char| if letter.is_control() { ' ' } else { letter };
    let plain: String = text.trim().chars().take(characters + 1).map(tame).collect();
    if plain.chars().count() <= characters {
        return plain;
    }
    plain.chars().take(characters - 1).chain(['…']).collect()
}

/// Longest name of a source, in characters.
const SOURCE: usize = 200;

/// Every object at a path of names.
pub(crate) fn at<'o, 'a>(tree: &'o Object<'a>, path: &str) -> Vec<&'o Object<'a>> {
    let mut found = vec![tree];
    for name in path.split('.') {
        found = found
            .into_iter()
            .flat_map(|one| one.objects(name))
            .collect();
    }
    found
}

/// The words of a `CodeableConcept`, `Coding`, `Reference`, or plain text.
pub(crate) fn words(node: &Node<'_>) -> Option<String> {
    let tidy = |text: &str| {
        let text = text.trim();
        (!text.is_empty()).then(|| text.to_owned())
    };
    let object = match node {
        Node::Text(text) => return tidy(text),
        Node::List(items) => return items.iter().find_map(words),
        Node::Object(object) => object,
        _ => return None,
    };
    let coded = || {
        object
            .objects("coding")
            .find_map(|coding| coding.text("display"))
    };
    let named = object
        .text("text")
        .or_else(coded)
        .or_else(|| object.text("display"));
    named.and_then(tidy).or_else(|| {
        let code = || {
            object
                .objects("coding")
                .find_map(|coding| coding.text("code"))
        };
        object.text("code").or_else(code).and_then(tidy)
    })
}
