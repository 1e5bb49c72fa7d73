//! The dictionary that the store compresses records with (`store::compressed`): made of what is
//! made up, and made again by
//! `cargo test -p synth --test it -- --ignored the_dictionary_is_made --nocapture`, which writes
//! it to `target/records.dictionary`. It goes into the store under a name of its own, beside those
//! before it: docs/decisions/0015-compressed-content.md.

mod shapes;

use serde_json::Value;
use shapes::Chance;
use store::inbox::InboxKind;
use synth::Barsetshire;
use zstd::bulk::{Compressor, Decompressor};

/// Largest dictionary, in bytes. One twice as large was no better for records from elsewhere.
const LARGEST: usize = 32 << 10;

/// The dictionary that new records are compressed with.
const LATEST: &[u8] = include_bytes!("../../../store/src/compressed/records-1.dictionary");

/// Made-up records as they are written: in one line, indented, and indented in a bundle.
fn samples(seed: u64, rounds: u64) -> Vec<Vec<u8>> {
    let mut all = Vec::new();
    let mut chance = Chance(seed);
    for round in 0..rounds {
        for resource in shapes::resources(&mut chance) {
            all.push(written(&resource, round));
        }
    }
    all
}

/// The records that arrive in Barsetshire, which the dictionary was not made of.
fn arriving() -> Vec<Vec<u8>> {
    let place = Barsetshire::make(&crate::config(300, 1)).unwrap();
    let mut all = Vec::new();
    for one in synth::arrivals::arriving(&place) {
        if let (InboxKind::Fhir, Ok(bundle)) = (one.kind, serde_json::from_slice(&one.bytes)) {
            let bundle: Value = bundle;
            let entries = bundle["entry"].as_array().cloned().unwrap_or_default();
            all.extend(entries.iter().map(|entry| written(&entry["resource"], 0)));
        }
    }
    all
}

fn written(resource: &Value, round: u64) -> Vec<u8> {
    let indented = || serde_json::to_string_pretty(resource).unwrap();
    let text = match round % 3 {
        0 => resource.to_string(),
        1 => indented(),
        _ => indented().replace('\n', "\n      "),
    };
    text.into_bytes()
}

#[test]
#[ignore = "makes the dictionary, for whoever adds one"]
fn the_dictionary_is_made() {
    let samples = samples(7, 150);
    let made = zstd::dict::from_samples(&samples, LARGEST).unwrap();
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target");
    let file = folder.join("records.dictionary");
    std::fs::write(&file, &made).unwrap();
    println!(
        "{} samples, {} bytes; {}; {}",
        samples.len(),
        samples.iter().map(Vec::len).sum::<usize>(),
        file.display(),
        match made == LATEST {
            true => "it is the one that the store has",
            false => "it is not the one that the store has",
        }
    );
    assert!(made.len() <= LARGEST);
}

/// Other records than those it was made of take well under half of the room with it, and less
/// than with none.
#[test]
fn the_dictionary_pays_for_single_records() {
    let (mut with, mut without) = (
        Compressor::with_dictionary(1, LATEST).unwrap(),
        Compressor::new(1).unwrap(),
    );
    let mut reader = Decompressor::with_dictionary(LATEST).unwrap();
    let records = arriving();
    assert!(records.len() > 20, "{}", records.len());
    let (mut came, mut small, mut plain) = (0, 0, 0);
    for record in records {
        let packed = with.compress(&record).unwrap();
        assert_eq!(reader.decompress(&packed, record.len()).unwrap(), record);
        came += record.len();
        small += packed.len();
        plain += without.compress(&record).unwrap().len();
    }
    let figures = format!("{small} bytes of {came} with it, {plain} without");
    assert!(small * 2 < came && small * 4 < plain * 3, "{figures}");
}

/// Who is in it is nobody: no NHS number but of the range that is never given out.
#[test]
fn nobody_is_in_the_dictionary() {
    assert!(LATEST.len() <= LARGEST);
    let mut digits = String::new();
    for byte in LATEST.iter().chain(b" ") {
        if byte.is_ascii_digit() {
            digits.push(char::from(*byte));
            continue;
        }
        if digits.len() == 10 {
            let number = kernel::NhsNumber::parse(&digits);
            assert!(number.is_err() || digits.starts_with("999"), "{digits}");
        }
        digits.clear();
    }
}
