//! A whole resource as a table that people can read: a name in words and what it says, row by
//! row, in the order it came.
//!
//! Source: HL7 FHIR R4 4.0.1 (2019), the data types. In words: every element that says something
//! to a reader has a row. What is only for machines (ids, versions, profiles) has none, and the
//! narrative, which its source wrote for people, is given apart as it came: whoever shows it
//! takes the words out and runs nothing.

use crate::record::{kept, words};
use crate::tree::{Node, Object};

/// A row of the table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// What it is about: "Reaction 2, severity".
    pub name: String,
    /// What it says.
    pub value: Value,
    /// Whether it says where somebody lives or how to reach them.
    pub whereabouts: bool,
}

/// What a row says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// In words.
    Words(String),
    /// A date, or a date and time, as its source wrote it.
    Date(String),
    /// From when until when, as their source wrote them.
    Period(Option<String>, Option<String>),
}

/// A resource to be read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Readable {
    /// Its rows.
    pub rows: Vec<Row>,
    /// Its narrative as it came, which is HTML; empty when there is none.
    pub narrative: String,
    /// True when there are more rows than are given.
    pub more: bool,
}

/// Most rows.
const ROWS: usize = 300;
/// Longest value, in characters.
const LENGTH: usize = 4_000;
/// Deepest element that is looked into.
const DEPTH: usize = 6;

/// What is only for machines.
const SKIPPED: [&str; 9] = [
    "resourceType",
    "id",
    "meta",
    "text",
    "implicitRules",
    "language",
    "modifierExtension",
    "data",
    "hash",
];

/// Reads a resource.
pub fn readable(tree: &Object<'_>) -> Readable {
    let mut reader = Reader::default();
    reader.object(tree, "", 0, false);
    reader.out.narrative = tree
        .object("text")
        .and_then(|text| text.text("div"))
        .unwrap_or_default()
        .to_owned();
    reader.out
}

#[derive(Default)]
struct Reader {
    out: Readable,
}

impl Reader {
    fn object(&mut self, object: &Object<'_>, before: &str, depth: usize, whereabouts: bool) {
        for (name, node) in &object.0 {
            if SKIPPED.contains(&&**name) || name.starts_with('_') {
                continue;
            }
            // Whose it is stands on the page already.
            if depth == 0 && matches!(&**name, "subject" | "patient") {
                continue;
            }
            if name == "extension" {
                self.extensions(node, before, depth, whereabouts);
                continue;
            }
            let here = whereabouts || matches!(&**name, "address" | "telecom" | "contact");
            self.named(&in_words(name), node, before, depth, here);
        }
    }

    /// An element, each of a list on its own; those after the first are numbered.
    fn named(
        &mut self,
        name: &str,
        node: &Node<'_>,
        before: &str,
        depth: usize,
        whereabouts: bool,
    ) {
        match node {
            Node::List(items) => {
                for (at, item) in items.iter().enumerate() {
                    let name = match at {
                        0 => name.to_owned(),
                        _ => format!("{name} {}", at + 1),
                    };
                    self.one(&joined(before, &name), item, depth, whereabouts);
                }
            }
            one => self.one(&joined(before, name), one, depth, whereabouts),
        }
    }

    fn one(&mut self, name: &str, node: &Node<'_>, depth: usize, whereabouts: bool) {
        match node {
            Node::Object(object) => match whole(object) {
                Some(value) => self.put(name, value, whereabouts),
                None if depth < DEPTH => self.object(object, name, depth + 1, whereabouts),
                None => {}
            },
            Node::Bool(yes) => {
                let said = if *yes { "Yes" } else { "No" };
                self.put(name, Value::Words(said.to_owned()), whereabouts);
            }
            Node::Text(text) if is_date(text) => {
                self.put(name, Value::Date(text.to_string()), whereabouts);
            }
            Node::Text(text) | Node::Number(text) => {
                self.put(name, Value::Words(text.trim().to_owned()), whereabouts);
            }
            Node::Null | Node::List(_) => {}
        }
    }

    /// What is added to a resource by others: the last part of its address is its name.
    fn extensions(&mut self, node: &Node<'_>, before: &str, depth: usize, whereabouts: bool) {
        let each = match node {
            Node::List(items) => items.as_slice(),
            one => std::slice::from_ref(one),
        };
        for extension in each.iter().filter_map(Node::as_object) {
            let url = extension.text("url").unwrap_or_default();
            let last = url.rsplit(['/', ':']).next().unwrap_or_default();
            let last = last.strip_prefix("Extension-UKCore-").unwrap_or(last);
            let name = in_words(&last.replace('-', " "));
            if let Some((_, value)) = extension.choice("value") {
                self.named(&name, value, before, depth, whereabouts);
            } else if let Some(inner) = extension.get("extension").filter(|_| depth < DEPTH) {
                self.extensions(inner, &joined(before, &name), depth + 1, whereabouts);
            }
        }
    }

    fn put(&mut self, name: &str, value: Value, whereabouts: bool) {
        let value = match value {
            Value::Words(text) if text.is_empty() => return,
            Value::Words(text) => Value::Words(kept(&text, LENGTH)),
            other => other,
        };
        if self.out.rows.len() >= ROWS {
            self.out.more = true;
            return;
        }
        self.out.rows.push(Row {
            name: name.to_owned(),
            value,
            whereabouts,
        });
    }
}

fn joined(before: &str, name: &str) -> String {
    if before.is_empty() {
        return name.to_owned();
    }
    let mut letters = name.chars();
    let lower: String = match letters.next() {
        Some(first) => first.to_lowercase().chain(letters).collect(),
        None => String::new(),
    };
    format!("{before}, {lower}")
}

/// `clinicalStatus` as `Clinical status`; what comes from a choice loses its type.
fn in_words(name: &str) -> String {
    const TYPES: [&str; 9] = [
        "CodeableConcept",
        "DateTime",
        "Reference",
        "Quantity",
        "Period",
        "String",
        "Boolean",
        "Timing",
        "Range",
    ];
    let name = TYPES
        .iter()
        .find_map(|ty| name.strip_suffix(ty).filter(|rest| !rest.is_empty()))
        .unwrap_or(name);
    let mut text = String::with_capacity(name.len() + 4);
    for (at, letter) in name.chars().enumerate() {
        match (at, letter) {
            (0, letter) => text.extend(letter.to_uppercase()),
            (_, letter) if letter.is_uppercase() => {
                if !text.ends_with(' ') {
                    text.push(' ');
                }
                text.extend(letter.to_lowercase());
            }
            (_, letter) => text.push(letter),
        }
    }
    text
}

/// A year, month or day, or a day and time, as FHIR writes them.
fn is_date(text: &str) -> bool {
    let digits =
        |part: Option<&str>| part.is_some_and(|part| part.bytes().all(|b| b.is_ascii_digit()));
    // A year alone may be any number: it is shown as it is.
    text.len() >= 7
        && digits(text.get(..4))
        && text.as_bytes().get(4) == Some(&b'-')
        && digits(text.get(5..7))
        && (text.len() == 7 || text.as_bytes().get(7) == Some(&b'-') && digits(text.get(8..10)))
        && (text.len() <= 10 || text.as_bytes().get(10) == Some(&b'T'))
}

/// What an object of a data type says as one value; `None` for objects with parts of their own.
fn whole(object: &Object<'_>) -> Option<Value> {
    let has = |name: &str| object.get(name).is_some();
    let only = |names: &[&str]| object.0.iter().all(|(name, _)| names.contains(&&**name));
    let text = |name: &str| object.text(name).map(str::to_owned);
    if has("coding")
        || has("display")
        || (has("reference") && only(&["reference", "type", "identifier"]))
    {
        return Some(Value::Words(concept(object)));
    }
    if (has("start") || has("end")) && only(&["start", "end", "id", "extension"]) {
        return Some(Value::Period(text("start"), text("end")));
    }
    if has("value")
        && (has("unit") || has("code"))
        && only(&["value", "unit", "system", "code", "comparator", "id"])
    {
        let value = object.get("value")?.as_value()?;
        let sign = object.text("comparator").unwrap_or_default();
        let unit = object
            .text("unit")
            .or_else(|| object.text("code"))
            .unwrap_or_default();
        return Some(Value::Words(
            format!("{sign}{value} {unit}").trim_end().to_owned(),
        ));
    }
    if has("value")
        && only(&[
            "value",
            "system",
            "use",
            "rank",
            "period",
            "type",
            "assigner",
            "id",
            "extension",
        ])
    {
        let value = object.get("value")?.as_value()?.to_owned();
        let system = object
            .text("system")
            .filter(|system| !system.contains(['/', ':']));
        return Some(Value::Words(match system {
            Some(system) => format!("{value} ({system})"),
            None => value,
        }));
    }
    if has("family") || has("given") {
        let given = object.each("given").filter_map(Node::as_text);
        let name: Vec<&str> = given.chain(object.text("family")).collect();
        return Some(Value::Words(name.join(" ")));
    }
    if has("line") || has("postalCode") || has("city") {
        let lines = object.each("line").filter_map(Node::as_text);
        let rest = ["city", "district", "state", "postalCode", "country"];
        let parts: Vec<&str> = lines
            .chain(rest.iter().filter_map(|name| object.text(name)))
            .collect();
        return Some(Value::Words(parts.join(", ")));
    }
    if has("text") && only(&["text", "id", "extension", "use", "period", "type"]) {
        return text("text").map(Value::Words);
    }
    if has("code") && only(&["code", "system", "version", "userSelected"]) {
        return text("code").map(Value::Words);
    }
    None
}

/// A concept or a reference: its words, then what its codes say besides.
fn concept(object: &Object<'_>) -> String {
    let first = object
        .text("text")
        .map(|text| text.trim().to_owned())
        .filter(|text| !text.is_empty())
        .or_else(|| words(&Node::Object(object.clone())));
    let Some(first) = first else {
        // A reference without words: what kind of thing is there.
        let kind = object.text("reference").and_then(crate::resolve::type_of);
        let kind = kind.or_else(|| object.text("type")).unwrap_or("something");
        return format!("{}, not named here", crate::record::kind_of(kind));
    };
    let others: Vec<&str> = object
        .objects("coding")
        .filter_map(|coding| coding.text("display"))
        .filter(|display| !display.eq_ignore_ascii_case(&first))
        .collect();
    match others.is_empty() {
        true => first,
        false => format!("{first} ({})", others.join("; ")),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::*;

    fn rows(json: &str) -> Vec<String> {
        let node = crate::json::parse(json).unwrap();
        readable(node.as_object().unwrap())
            .rows
            .into_iter()
            .map(|row| {
                let said = match row.value {
                    Value::Words(words) => words,
                    Value::Date(date) => format!("<{date}>"),
                    Value::Period(from, to) => format!("<{from:?} to {to:?}>"),
                };
                let mark = if row.whereabouts { " *" } else { "" };
                format!("{}: {said}{mark}", row.name)
            })
            .collect()
    }

    #[test]
    fn a_resource_reads_as_a_table() {
        assert_eq!(
            rows(
                r#"{"resourceType":"AllergyIntolerance","id":"a","meta":{"versionId":"1"},
                "text":{"status":"generated","div":"<div><p>Penicillin</p></div>"},
                "clinicalStatus":{"coding":[{"system":"s","code":"active"}]},
                "code":{"coding":[{"display":"Allergy to penicillin"}],"text":"Penicillin"},
                "patient":{"reference":"Patient/1"},"criticality":"high","onsetDateTime":"1971-05","asserter":{"reference":"Practitioner/1"},
                "reaction":[{"manifestation":[{"text":"Rash"},{"text":"Swelling"}],"severity":"severe"},{"description":"Faint"}],
                "note":[{"text":"Told by her daughter"}],
                "extension":[{"url":"https://fhir.hl7.org.uk/StructureDefinition/Extension-UKCore-Evidence","valueString":"Letter"}]}"#
            ),
            [
                "Clinical status: active",
                "Code: Penicillin (Allergy to penicillin)",
                "Criticality: high",
                "Onset: <1971-05>",
                "Asserter: Professional, not named here",
                "Reaction, manifestation: Rash",
                "Reaction, manifestation 2: Swelling",
                "Reaction, severity: severe",
                "Reaction 2, description: Faint",
                "Note: Told by her daughter",
                "Evidence: Letter",
            ]
        );
    }

    #[test]
    fn data_types_read_as_one_value_and_whereabouts_are_marked() {
        assert_eq!(
            rows(
                r#"{"name":[{"given":["Ann","Beth"],"family":"Jones"}],"active":true,
                "address":[{"line":["1 Hiram Street"],"city":"Barchester","postalCode":"ZZ1 4AB"}],
                "telecom":[{"system":"phone","value":"01632 960001","use":"home"}],
                "contact":[{"name":{"text":"Bob"},"telecom":[{"system":"phone","value":"2"}]}],
                "period":{"start":"2018-01-01"},"valueQuantity":{"value":5.40,"unit":"mmol/L","comparator":"<"},
                "identifier":[{"system":"https://fhir.nhs.uk/Id/nhs-number","value":"9990000018"}]}"#
            ),
            [
                "Name: Ann Beth Jones",
                "Active: Yes",
                "Address: 1 Hiram Street, Barchester, ZZ1 4AB *",
                "Telecom: 01632 960001 (phone) *",
                "Contact, name: Bob *",
                "Contact, telecom: 2 (phone) *",
                "Period: <Some(\"2018-01-01\") to None>",
                "Value: <5.40 mmol/L",
                "Identifier: 9990000018",
            ]
        );
    }

    #[test]
    fn a_resource_without_end_is_cut_and_says_so() {
        let notes: Vec<String> = (0..400).map(|n| format!("{{\"text\":\"{n}\"}}")).collect();
        let json = format!("{{\"note\":[{}]}}", notes.join(","));
        let node = crate::json::parse(&json).unwrap();
        let read = readable(node.as_object().unwrap());
        assert_eq!((read.rows.len(), read.more), (ROWS, true));
    }
}
