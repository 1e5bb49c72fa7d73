//! The four Synthea bundles, multiplied: each copy is other people with other ids.

use anyhow::{Context, Result, bail};
use flate2::read::GzDecoder;
use serde_json::Value;
use std::io::Read;
use std::path::{Path, PathBuf};

/// Bundles written to a folder, and the bytes of each resource in them.
pub struct Bundles {
    /// Files, one bundle each.
    pub files: Vec<PathBuf>,
    /// Every resource by itself.
    pub resources: Vec<Vec<u8>>,
}

/// The bundles that are multiplied.
pub struct Originals(Vec<(String, Vec<String>)>);

impl Originals {
    /// Reads those of a folder.
    pub fn read(from: &Path) -> Result<Self> {
        let texts = originals(from)?;
        let with = |text: String| Ok((other_identifiers(&text)?, text));
        let all = texts.into_iter().map(with).collect::<Result<Vec<_>>>()?;
        Ok(Self(
            all.into_iter().map(|(other, text)| (text, other)).collect(),
        ))
    }

    /// The bundle of the `number`th patient, from 0.
    pub fn bundle(&self, number: usize) -> String {
        let (text, identifiers) = &self.0[number % self.0.len()];
        another(text, identifiers, number / self.0.len())
    }

    /// The number of the patient with the longest bundle.
    pub fn longest(&self) -> usize {
        let lengths = self.0.iter().map(|(text, _)| text.len()).enumerate();
        lengths
            .max_by_key(|(_, length)| *length)
            .map_or(0, |(number, _)| number)
    }

    /// As much again of the `number`th patient: the same bundle, in which all but the patient has
    /// other ids.
    pub fn again(&self, number: usize) -> Result<String> {
        let text = self.bundle(number);
        let bundle: Value = serde_json::from_str(&text)?;
        let entries = bundle["entry"].as_array().context("a bundle has entries")?;
        let patient = entries
            .iter()
            .find(|entry| entry["resource"]["resourceType"] == "Patient")
            .context("a bundle has a patient")?
            .to_string();
        let mark = format!("f{number:03x}");
        Ok(marked(text, &mark, |id| patient.contains(id)))
    }
}

fn originals(from: &Path) -> Result<Vec<String>> {
    let mut originals = Vec::new();
    for entry in std::fs::read_dir(from)? {
        let path = entry?.path();
        if path.extension().is_some_and(|end| end == "gz") {
            let mut text = String::new();
            GzDecoder::new(std::fs::File::open(&path)?).read_to_string(&mut text)?;
            originals.push(text);
        }
    }
    originals.sort();
    if originals.is_empty() {
        bail!("no Synthea bundles (.json.gz) in {}", from.display());
    }
    Ok(originals)
}

/// Writes the bundles of `from` to `to` until there are as many patients as asked for.
pub fn multiply(from: &Path, to: &Path, patients: usize) -> Result<Bundles> {
    let originals = Originals::read(from)?;
    let mut bundles = Bundles {
        files: Vec::new(),
        resources: Vec::new(),
    };
    for copy in 0..patients {
        let text = originals.bundle(copy);
        let path = to.join(format!("bundle-{copy:04}.json"));
        std::fs::write(&path, &text)?;
        bundles.files.push(path);
        let bundle: Value = serde_json::from_str(&text)?;
        for entry in bundle["entry"].as_array().context("a bundle has entries")? {
            bundles
                .resources
                .push(serde_json::to_vec(&entry["resource"])?);
        }
    }
    Ok(bundles)
}

/// The patient's identifiers that are not UUIDs: numbers of insurance, licence, passport.
fn other_identifiers(text: &str) -> Result<Vec<String>> {
    let bundle: Value = serde_json::from_str(text)?;
    let entries = bundle["entry"].as_array().context("a bundle has entries")?;
    Ok(entries
        .iter()
        .map(|entry| &entry["resource"])
        .filter(|resource| resource["resourceType"] == "Patient")
        .flat_map(|patient| patient["identifier"].as_array().into_iter().flatten())
        .filter_map(|identifier| identifier["value"].as_str())
        .filter(|value| !is_uuid(value.as_bytes()))
        .map(str::to_owned)
        .collect())
}

/// The text with every UUID and identifier made another's.
fn another(text: &str, identifiers: &[String], copy: usize) -> String {
    let mut text = text.to_owned();
    for identifier in identifiers {
        text = text.replace(
            &format!("\"{identifier}\""),
            &format!("\"{identifier}-{copy}\""),
        );
    }
    marked(text, &format!("{copy:04x}"), |_| false)
}

/// The text with other first digits of every UUID but those that are kept.
fn marked(text: String, mark: &str, kept: impl Fn(&str) -> bool) -> String {
    let mut bytes = text.into_bytes();
    let mut at = 0;
    while at + 36 <= bytes.len() {
        let id = &mut bytes[at..at + 36];
        if !is_uuid(id) {
            at += 1;
            continue;
        }
        if !std::str::from_utf8(id).is_ok_and(&kept) {
            id[..4].copy_from_slice(&mark.as_bytes()[..4]);
        }
        at += 36;
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

fn is_uuid(bytes: &[u8]) -> bool {
    bytes.len() == 36
        && bytes.iter().enumerate().all(|(index, byte)| match index {
            8 | 13 | 18 | 23 => *byte == b'-',
            _ => byte.is_ascii_hexdigit(),
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_copy_is_somebody_else() {
        let text = r#"{"id":"0c6b1f3d-edb2-422b-a0af-a262fb90ed07","ssn":"999-91-3567"}"#;
        let copy = another(text, &["999-91-3567".to_owned()], 17);
        assert_eq!(
            copy,
            r#"{"id":"00111f3d-edb2-422b-a0af-a262fb90ed07","ssn":"999-91-3567-17"}"#
        );
    }

    #[test]
    fn as_much_again_is_of_the_same_patient() {
        let text = r#"{"entry":[{"resource":{"resourceType":"Patient","id":"0c6b1f3d-edb2-422b-a0af-a262fb90ed07"}},{"resource":{"id":"1c6b2f3d-edb2-422b-a0af-a262fb90ed07","subject":"urn:uuid:0c6b1f3d-edb2-422b-a0af-a262fb90ed07"}}]}"#;
        let originals = Originals(vec![(text.to_owned(), Vec::new())]);
        let again = originals.again(5).unwrap();
        let patient = "00051f3d-edb2-422b-a0af-a262fb90ed07";
        assert_eq!(again.matches(patient).count(), 2, "{again}");
        assert!(again.contains(r#""f0052f3d-edb2-422b-a0af-a262fb90ed07""#));
    }
}
