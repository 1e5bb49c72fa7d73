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
    let mut bytes = text.into_bytes();
    let mark = format!("{copy:04x}").into_bytes();
    let mut at = 0;
    while at + 36 <= bytes.len() {
        if is_uuid(&bytes[at..at + 36]) {
            bytes[at..at + 4].copy_from_slice(&mark[..4]);
            at += 36;
        } else {
            at += 1;
        }
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
}
