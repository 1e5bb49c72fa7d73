//! Made-up people as FHIR, for loads of any size. NHS numbers are from the 999 range.

use anyhow::{Context, Result};
use kernel::NhsNumber;
use std::fmt::Write;

/// The NHS number of the `index`th made-up person.
pub fn nhs_number(index: usize) -> Result<NhsNumber> {
    // One in eleven nine-digit stems has no check digit: the next one has.
    let stem = 999_000_000 + (index * 2) % 1_000_000;
    (stem..stem + 2)
        .flat_map(|stem| (0..10).map(move |digit| format!("{stem}{digit}")))
        .find_map(|text| text.parse().ok())
        .context("two stems in a row without a check digit")
}

/// Lines of NDJSON: a patient and an observation for each index.
pub fn ndjson(indices: &[usize]) -> Result<String> {
    let mut text = String::new();
    for &index in indices {
        let number = nhs_number(index)?;
        let (month, day) = (index % 12 + 1, index % 28 + 1);
        writeln!(
            text,
            r#"{{"resourceType":"Patient","id":"made-up-{index}","identifier":[{{"system":"https://fhir.nhs.uk/Id/nhs-number","value":"{number}"}}],"name":[{{"use":"official","family":"Madeup","given":["Trial"]}}],"gender":"female","birthDate":"19{:02}-{month:02}-{day:02}"}}"#,
            index % 90 + 10,
        )?;
        writeln!(
            text,
            r#"{{"resourceType":"Observation","id":"made-up-{index}-weight","status":"final","code":{{"text":"Body weight"}},"subject":{{"reference":"Patient/made-up-{index}"}},"effectiveDateTime":"2026-03-{day:02}","valueQuantity":{{"value":{},"unit":"kg"}}}}"#,
            40 + index % 60,
        )?;
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn numbers_are_valid_and_differ() {
        let numbers: BTreeSet<_> = (0..2_000)
            .map(|index| nhs_number(index).unwrap().to_string())
            .collect();
        assert_eq!(numbers.len(), 2_000);
        assert!(numbers.iter().all(|number| number.starts_with("999")));
    }

    #[test]
    fn every_line_is_json() {
        let text = ndjson(&[5, 6, 7]).unwrap();
        assert_eq!(text.lines().count(), 6);
        for line in text.lines() {
            serde_json::from_str::<serde_json::Value>(line).unwrap();
        }
    }
}
