//! Keys of resources, and what references point at.
//!
//! Source: HL7 FHIR R4 4.0.1 (2019), Bundle, resolving references in bundles. In words: a
//! resource's key is its address when the bundle gives one (`https://host/Patient/1`), or
//! else its type and id (`Patient/1`), so that equal ids of two servers stay apart. A
//! reference by an entry's address, or relative to it, becomes that entry's key. One that
//! cannot be resolved is kept as written, and meets its end when that arrives.

use std::collections::HashMap;

use sha2::{Digest as _, Sha256};

use crate::check::NHS_NUMBER;
use crate::tree::Object;

/// Longest key, in bytes: databases cannot find rows by longer ones.
const KEY_BYTES: usize = 500;

/// A key that databases can hold. One that is too long, or has a character that they do
/// not take, becomes its own digest, so that both ends of a reference still meet.
fn fitting(key: String) -> String {
    if key.len() <= KEY_BYTES && !key.contains('\0') {
        return key;
    }
    let digest = kernel::hex(&Sha256::digest(key.as_bytes()));
    let kind = type_of(&key).filter(|kind| kind.len() < 40 && !kind.contains('\0'));
    format!("{}/~{digest}", kind.unwrap_or("long"))
}

/// What is known of one bundle entry before it is read.
#[derive(Debug, Default)]
pub struct Entry {
    /// The address the bundle gives it.
    pub full_url: Option<String>,
    /// Its resource type, if it has one.
    pub resource_type: String,
    /// Its id.
    pub id: Option<String>,
    /// Its name, if it is an organisation.
    pub name: Option<String>,
    /// What it says of its provider, if it is an encounter: reference and display.
    pub provider: Option<(String, String)>,
}

/// Finds the key of a reference's target within one bundle (or none).
#[derive(Debug, Default)]
pub struct Resolver {
    keys: HashMap<String, String>,
    names: HashMap<String, String>,
    providers: HashMap<String, (String, String)>,
}

impl Resolver {
    /// A resolver over the entries of a bundle.
    pub fn new(entries: &[Entry]) -> Self {
        let mut resolver = Self::default();
        for entry in entries {
            let Some(key) = key(
                &entry.resource_type,
                entry.id.as_deref(),
                entry.full_url.as_deref(),
            ) else {
                continue;
            };
            if let Some(url) = &entry.full_url {
                resolver.keys.insert(url.clone(), key.clone());
            }
            if let Some(id) = &entry.id {
                resolver
                    .keys
                    .entry(format!("{}/{id}", entry.resource_type))
                    .or_insert_with(|| key.clone());
            }
            if let Some(name) = &entry.name {
                resolver.names.insert(key.clone(), name.clone());
            }
            if let Some(provider) = &entry.provider {
                resolver.providers.insert(key, provider.clone());
            }
        }
        let providers = std::mem::take(&mut resolver.providers);
        resolver.providers = providers
            .into_iter()
            .map(|(own, (reference, display))| {
                let key = resolver.key(&reference, &own);
                (own, (key, display))
            })
            .collect();
        resolver
    }

    /// The key that a reference in the resource `own` (its key) points at.
    pub fn key(&self, reference: &str, own: &str) -> String {
        fitting(self.resolved(reference, own))
    }

    fn resolved(&self, reference: &str, own: &str) -> String {
        let reference = reference
            .split_once("/_history/")
            .map_or(reference, |(plain, _)| plain);
        if let Some(fragment) = reference.strip_prefix('#') {
            return if fragment.is_empty() {
                own.to_owned()
            } else {
                format!("{own}#{fragment}")
            };
        }
        let relative = !reference.contains(':') && !reference.contains('?');
        if let (true, Some(base)) = (relative, base(own)) {
            let whole = format!("{base}{reference}");
            return self.keys.get(&whole).cloned().unwrap_or(whole);
        }
        self.keys
            .get(reference)
            .cloned()
            .unwrap_or_else(|| reference.to_owned())
    }

    /// The name of an organisation in the same bundle.
    pub fn organisation(&self, key: &str) -> Option<&str> {
        self.names.get(key).map(String::as_str)
    }

    /// The provider of an encounter in the same bundle: its key (may be empty) and display.
    pub fn provider(&self, encounter: &str) -> Option<(&str, &str)> {
        self.providers
            .get(encounter)
            .map(|(key, display)| (key.as_str(), display.as_str()))
    }

    /// The key of a `Reference`: by its text, or by the NHS number it gives instead.
    pub fn target(&self, reference: &Object<'_>, own: &str) -> Option<String> {
        if let Some(text) = reference.text("reference").filter(|text| !text.is_empty()) {
            return Some(self.key(text, own));
        }
        let identifier = reference.object("identifier")?;
        let number = identifier.text("system") == Some(NHS_NUMBER);
        let number = identifier.text("value").filter(|_| number)?;
        kernel::NhsNumber::parse(number).ok().map(nhs_number_key)
    }
}

/// The key that stands for whoever has an NHS number, in references that give only that.
pub fn nhs_number_key(number: kernel::NhsNumber) -> String {
    format!("nhs-number/{number}")
}

/// The key of a resource; `None` when it has neither id nor address.
pub fn key(resource_type: &str, id: Option<&str>, full_url: Option<&str>) -> Option<String> {
    let key = match (full_url.filter(|url| !url.is_empty()), id) {
        (Some(url), _) if url.contains("://") => Some(
            url.split_once("/_history/")
                .map_or(url, |(plain, _)| plain)
                .to_owned(),
        ),
        (_, Some(id)) => Some(format!("{resource_type}/{id}")),
        (Some(urn), None) => Some(urn.to_owned()),
        (None, None) => None,
    };
    key.map(fitting)
}

/// The type a key names, if it does: `Patient` of `https://host/Patient/1`.
pub fn type_of(key: &str) -> Option<&str> {
    if key.starts_with("nhs-number/") {
        return Some("Patient");
    }
    let mut parts = key.rsplit('/');
    let _id = parts.next()?;
    parts
        .next()
        .filter(|name| name.starts_with(|first: char| first.is_ascii_uppercase()))
}

/// `https://host/` of `https://host/Patient/1`.
fn base(key: &str) -> Option<&str> {
    let at = key.find("://")?;
    let (rest, _id) = key.rsplit_once('/')?;
    let (rest, _type) = rest.rsplit_once('/')?;
    (rest.len() > at + 2).then(|| &key[..=rest.len()])
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::*;

    fn entry(resource_type: &str, id: &str, url: &str) -> Entry {
        Entry {
            full_url: (!url.is_empty()).then(|| url.to_owned()),
            resource_type: resource_type.to_owned(),
            id: (!id.is_empty()).then(|| id.to_owned()),
            name: None,
            provider: None,
        }
    }

    #[test]
    fn references_meet_their_targets() {
        let resolver = Resolver::new(&[
            entry("Patient", "1", "urn:uuid:aa"),
            entry("Patient", "2", "https://a.example/Patient/2"),
            entry("Patient", "", "urn:uuid:bb"),
            entry("Patient", "3", ""),
        ]);
        let cases = [
            ("urn:uuid:aa", "Observation/9", "Patient/1"),
            ("Patient/1/_history/4", "Observation/9", "Patient/1"),
            ("urn:uuid:bb", "Observation/9", "urn:uuid:bb"),
            ("urn:uuid:cc", "Observation/9", "urn:uuid:cc"),
            (
                "Patient/2",
                "https://a.example/Observation/9",
                "https://a.example/Patient/2",
            ),
            (
                "Patient/2",
                "https://b.example/r4/Observation/9",
                "https://b.example/r4/Patient/2",
            ),
            ("Patient/2", "Observation/9", "https://a.example/Patient/2"),
            ("Patient/7", "Observation/9", "Patient/7"),
            ("#x", "Observation/9", "Observation/9#x"),
            ("#", "Observation/9", "Observation/9"),
            (
                "Patient?identifier=a|b",
                "https://a.example/Observation/9",
                "Patient?identifier=a|b",
            ),
            (
                "https://c.example/Patient/1",
                "Observation/9",
                "https://c.example/Patient/1",
            ),
        ];
        for (reference, own, target) in cases {
            assert_eq!(resolver.key(reference, own), target, "{reference} in {own}");
        }
        assert_eq!(type_of("https://a.example/Patient/2"), Some("Patient"));
        assert_eq!(type_of("urn:uuid:aa"), None);
    }
}
