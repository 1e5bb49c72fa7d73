//! Hostile input: the corpus of the fuzz targets, and any tree at all.

use std::path::Path;

use fhir::tree::{Node, Object};
use proptest::prelude::*;

use crate::common::{files, read, text};

fn corpus(target: &str) -> Vec<(String, Vec<u8>)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../fuzz/corpus")
        .join(target);
    files(&folder)
}

/// The codes of everything wrong with some bytes.
fn codes(bytes: &[u8]) -> Vec<&'static str> {
    let text = match text(bytes) {
        Ok(text) => text,
        Err(issue) => return vec![issue.code],
    };
    let read = read(&text);
    let of_records = read.records.iter().flat_map(|record| &record.issues);
    let mut codes: Vec<_> = read
        .told
        .iter()
        .chain(of_records)
        .chain(&read.rejected)
        .map(|issue| issue.code)
        .collect();
    codes.sort_unstable();
    codes.dedup();
    codes
}

/// Files of the corpus are named for the issue they must give, or `ok-…` when they must
/// give none: `truncated-bundle.json` gives `truncated`.
#[test]
fn the_corpus_is_read_without_panic_and_told_of() {
    for target in ["fhir_json", "fhir_xml"] {
        let files = corpus(target);
        assert!(files.len() > 9, "{target} has its seeds");
        for (name, bytes) in files {
            let codes = codes(&bytes);
            if name.starts_with("ok-") {
                assert_eq!(codes, Vec::<&str>::new(), "{target}/{name}");
            } else {
                assert!(
                    codes.iter().any(|code| name.starts_with(code)),
                    "{target}/{name}: {codes:?}"
                );
            }
        }
    }
}

#[test]
fn ten_thousand_deep_is_refused_without_recursion() {
    let json = format!(
        "{{\"resourceType\":\"Patient\",\"extension\":{}",
        "[{\"extension\":".repeat(10_000)
    );
    let closed = format!(
        "{{\"resourceType\":\"Patient\",\"x\":{}{}}}",
        "[".repeat(10_000),
        "]".repeat(10_000)
    );
    let xml = format!(
        "<Patient xmlns=\"http://hl7.org/fhir\">{}",
        "<extension>".repeat(10_000)
    );
    assert_eq!(codes(json.as_bytes()), ["truncated"]);
    assert_eq!(codes(closed.as_bytes()), ["too-deep"]);
    assert_eq!(codes(xml.as_bytes()), ["too-deep"]);
}

#[test]
fn a_hundred_megabytes_in_one_string_are_refused() {
    let long = "a".repeat(100 << 20);
    let json = format!("{{\"resourceType\":\"Patient\",\"id\":\"{long}\"}}");
    assert_eq!(codes(json.as_bytes()), ["too-large"]);
    let within = format!(
        "{{\"resourceType\":\"Patient\",\"language\":\"{}\"}}",
        &long[..2 << 20]
    );
    assert!(codes(within.as_bytes()).len() <= 1);
}

#[test]
fn a_million_of_anything_takes_no_more_than_its_share() {
    let began = std::time::Instant::now();
    let names: String = (0..200_000).map(|n| format!(",\"n{n}\":1")).collect();
    let twice = ",\"active\":true".repeat(200_000);
    let nulls = "null,".repeat(200_000);
    for (text, code) in [
        (
            format!("{{\"resourceType\":\"Patient\"{names}}}"),
            "more-issues",
        ),
        (
            format!("{{\"resourceType\":\"Patient\"{twice}}}"),
            "duplicate-key",
        ),
        (
            format!("{{\"resourceType\":\"HumanName\",\"given\":[{nulls}null]}}"),
            "unknown-resource-type",
        ),
        (
            format!(
                "{{\"resourceType\":\"Patient\",\"name\":[{{\"given\":[{nulls}null]{names}}}]}}"
            ),
            "empty-value",
        ),
        (
            format!(
                "<Patient xmlns=\"http://hl7.org/fhir\">{}</Patient>",
                "<a/><b>x</b>".repeat(100_000)
            ),
            "unknown-element",
        ),
    ] {
        assert!(
            codes(text.as_bytes()).contains(&code),
            "{code}: {:?}",
            codes(text.as_bytes())
        );
    }
    assert!(
        began.elapsed().as_secs() < 60,
        "no step may be quadratic: {:?}",
        began.elapsed()
    );
}

/// Any tree: names of elements and others, values of every kind.
fn any_node() -> impl Strategy<Value = Node<'static>> {
    let leaf = prop_oneof![
        Just(Node::Null),
        any::<bool>().prop_map(Node::Bool),
        "-?(0|[1-9][0-9]{0,20})(\\.[0-9]{1,9})?".prop_map(|digits| Node::Number(digits.into())),
        any::<String>().prop_map(|text| Node::Text(text.into())),
        "[0-9]{4}-[0-9]{2}-[0-9]{2}".prop_map(|text| Node::Text(text.into())),
        Just(Node::Text("Patient/1".into())),
        Just(Node::Text("Patient".into())),
    ];
    leaf.prop_recursive(6, 64, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(Node::List),
            prop::collection::vec((name(), inner), 0..6).prop_map(|pairs| Node::Object(Object(
                pairs
                    .into_iter()
                    .map(|(name, node)| (name.into(), node))
                    .collect()
            ))),
        ]
    })
}

fn name() -> impl Strategy<Value = String> {
    let known = [
        "resourceType",
        "id",
        "_id",
        "entry",
        "resource",
        "fullUrl",
        "type",
        "contained",
        "extension",
        "url",
        "valueQuantity",
        "valueString",
        "identifier",
        "system",
        "value",
        "name",
        "given",
        "_given",
        "family",
        "birthDate",
        "_birthDate",
        "subject",
        "reference",
        "code",
        "coding",
        "display",
        "text",
        "div",
        "component",
        "effectiveDateTime",
        "period",
        "start",
        "telecom",
        "address",
        "line",
        "item",
        "questionnaire",
        "_questionnaire",
    ];
    prop_oneof![
        prop::sample::select(known.to_vec()).prop_map(str::to_owned),
        any::<String>()
    ]
}

proptest! {
    #[test]
    fn any_tree_is_read_without_panic(node in any_node(), resource in prop::sample::select(vec!["Patient", "Observation", "Bundle", "Encounter", "Nothing"])) {
        let mut object = match node {
            Node::Object(object) => object,
            other => Object(vec![("entry".into(), other)]),
        };
        object.0.insert(0, ("resourceType".into(), Node::Text(resource.into())));
        let json = fhir::json::write(&Node::Object(object.clone()));
        let given = read(&json);
        prop_assert!(given.records.len() + given.rejected.len() + given.told.len() > 0);
        let xml = fhir::convert::to_xml(&object);
        read(&xml);
    }

    #[test]
    fn any_bytes_are_read_without_panic(bytes in prop::collection::vec(any::<u8>(), 0..200), start in prop::sample::select(vec!["{", "{\"resourceType\":\"Bundle\",\"entry\":[", "<Bundle xmlns=\"http://hl7.org/fhir\">", "<", "\u{1f}\u{8b}"])) {
        let all = [start.as_bytes(), &bytes].concat();
        codes(&all);
    }
}
