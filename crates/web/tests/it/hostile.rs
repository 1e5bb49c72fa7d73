//! Hostile forms: the corpus of the fuzz target `form`, any bytes at all, and such bytes sent to the
//! pages that read forms.

use crate::house::House;
use access::Role;
use axum::http::StatusCode;
use proptest::prelude::*;
use std::path::Path;
use web::form::{Fields, Reading, escape};

fn corpus() -> Vec<(String, Vec<u8>)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/corpus/form");
    let mut files: Vec<_> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| {
            let entry = entry.unwrap();
            let name = entry.file_name().into_string().unwrap();
            (name, std::fs::read(entry.path()).unwrap())
        })
        .collect();
    files.sort();
    files
}

/// Fields that are wrong: `day` and `time` are read as a day and a time, where they came.
fn wrong(bytes: &[u8]) -> Vec<String> {
    let fields = Fields::parse(bytes);
    let mut reading = Reading::default();
    if let Some(day) = reading.date(&fields, "day", "The day") {
        assert!((1900..=2200).contains(&day.year()), "{day}");
    }
    if let Some((hour, minute)) = reading.time(&fields, "time") {
        assert!((0..24).contains(&hour) && (0..60).contains(&minute));
    }
    let faults = reading.faults.into_iter();
    faults.map(|fault| fault.field).collect()
}

/// What was read comes back the same when it is sent again.
fn comes_back(bytes: &[u8]) -> bool {
    let fields = Fields::parse(bytes);
    let again: Vec<String> = fields
        .pairs()
        .map(|(name, value)| format!("{}={}", escape(name), escape(value)))
        .collect();
    let second = Fields::parse(again.join("&").as_bytes());
    fields.pairs().eq(second.pairs())
}

/// Files of the corpus are named for what is wrong with them: `no-day…`, `no-time…`, or `ok-…`.
#[test]
fn the_corpus_is_read_and_told_of() {
    let files = corpus();
    assert!(files.len() > 20, "the target has its seeds");
    for (name, bytes) in files {
        let wrong = wrong(&bytes);
        let expected: &[&str] = match name.as_str() {
            name if name.starts_with("no-day") => &["day-day"],
            name if name.starts_with("no-time") => &["time"],
            _ => &[],
        };
        assert_eq!(wrong, expected, "{name}");
        assert!(comes_back(&bytes), "{name}");
    }
}

/// Each of them sent to a form that writes: an answer with words, never a fault of ours, and never
/// somebody's script in the page.
#[test]
fn the_corpus_sent_to_a_page_is_answered() {
    let house = House::new();
    let worker = house.enter(Role::Practitioner);
    for (name, bytes) in corpus() {
        // What the house sends is text; bytes that are none arrive as escapes.
        let body: String = bytes
            .iter()
            .map(|byte| match byte {
                0x20..0x7f => char::from(*byte).to_string(),
                other => format!("%{other:02X}"),
            })
            .collect();
        let reply = house.submit("/person/find", &worker, &body);
        assert!(
            reply.status == StatusCode::OK || reply.status == StatusCode::SEE_OTHER,
            "{name}: {}",
            reply.status
        );
        assert!(!reply.text().contains("<script>alert"), "{name}");
    }
}

proptest! {
    #[test]
    fn any_bytes_are_read_and_come_back(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        wrong(&bytes);
        prop_assert!(comes_back(&bytes));
    }

    /// Bytes that are likely in a form: escapes, halves of them, new lines of every kind.
    #[test]
    fn likely_bytes_are_read_and_come_back(
        text in "(%[0-9A-F]{1,2}|%0D|%0A|[&=+;]|day-day|day-month|day-year|time|[0-9a-z:.]|é){0,60}"
    ) {
        wrong(text.as_bytes());
        prop_assert!(comes_back(text.as_bytes()));
    }
}
