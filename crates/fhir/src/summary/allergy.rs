//! An allergy, or the statement that none is known: an `AllergyIntolerance`.
//!
//! Source: HL7 FHIR R4, AllergyIntolerance: `clinicalStatus` is active, inactive or resolved,
//! and is absent when `verificationStatus` is entered-in-error; refuted means that it was ruled
//! out. UK Core AllergyIntolerance: that no allergy is known is a code of its own (the SNOMED CT
//! concepts below, from memory); it is a statement with a date, and an empty list is none.
//!
//! In words: a statement that none is known never takes an allergy away, and silence never says
//! that there is none.

use super::{Detail, Entry, Part, Standing, began, has_code, note, said, short, state};
use crate::tree::Object;

const SNOMED: &str = "http://snomed.info/sct";

/// No known allergy; no known drug, food and environmental allergy.
const NONE_KNOWN: [&str; 4] = ["716186003", "409137002", "429625007", "428607008"];

pub(super) fn entry(tree: &Object<'_>) -> Option<Entry> {
    let verified = state(tree, "verificationStatus");
    if matches!(verified, "entered-in-error" | "refuted") {
        return None;
    }
    let standing = match state(tree, "clinicalStatus") {
        "active" => Standing::Now,
        "inactive" | "resolved" => Standing::Past,
        _ => Standing::NotSaid,
    };
    let words = said(tree, &["code", "reaction.substance"])
        .unwrap_or_else(|| "Allergy to something that is not named".to_owned());
    let lower = words.to_lowercase();
    if has_code(tree, "code", SNOMED, &NONE_KNOWN) || lower.starts_with("no known") {
        return Some(Entry {
            part: Part::NoKnownAllergy,
            words,
            details: note(tree).into_iter().collect(),
            standing,
            first: false,
        });
    }
    let high = tree.text("criticality") == Some("high");
    let mut details = Vec::new();
    if high {
        details.push(Detail::Words("High risk".to_owned()));
    }
    details.extend(tree.objects("reaction").filter_map(|reaction| {
        let signs: Vec<String> = reaction
            .each("manifestation")
            .filter_map(crate::record::words)
            .collect();
        let signs = match signs.is_empty() {
            true => reaction.text("description")?.to_owned(),
            false => signs.join(", "),
        };
        let how = match reaction.text("severity") {
            Some(severity) => format!("Reaction ({severity}): {signs}"),
            None => format!("Reaction: {signs}"),
        };
        Some(Detail::Words(short(&how)))
    }));
    if verified == "unconfirmed" {
        details.push(Detail::Words("Not confirmed".to_owned()));
    }
    let onset = tree.choice("onset").map(|(_, node)| node);
    details.extend(began(onset).map(|date| Detail::Date("Began", date)));
    details.extend(note(tree));
    Some(Entry {
        part: Part::Allergy,
        words,
        details,
        standing,
        first: high,
    })
}

#[cfg(test)]
mod tests {
    use super::super::tests::table;

    #[test]
    fn allergies_and_the_statement_that_none_is_known() {
        let active = |rest: &str| {
            format!(r#"{{"clinicalStatus":{{"coding":[{{"code":"active"}}]}},{rest}}}"#)
        };
        let cases = [
            (
                active(
                    r#""code":{"text":"Penicillin"},"criticality":"high","reaction":[{"manifestation":[{"text":"Rash"},{"text":"Swelling"}],"severity":"severe"}],"onsetDateTime":"1971""#,
                ),
                vec!["Allergy Now! Penicillin | High risk; Reaction (severe): Rash, Swelling; Began: 1971"],
            ),
            (
                active(r#""code":{"text":"Latex"},"verificationStatus":{"coding":[{"code":"unconfirmed"}]}"#),
                vec!["Allergy Now Latex | Not confirmed"],
            ),
            (
                r#"{"clinicalStatus":{"coding":[{"code":"resolved"}]},"code":{"text":"Egg"}}"#.to_owned(),
                vec!["Allergy Past Egg"],
            ),
            (r#"{"code":{"text":"Egg"}}"#.to_owned(), vec!["Allergy NotSaid Egg"]),
            (
                active("").replace(",}", "}"),
                vec!["Allergy Now Allergy to something that is not named"],
            ),
            (
                active(r#""code":{"coding":[{"system":"http://snomed.info/sct","code":"716186003","display":"No known allergy"}]}"#),
                vec!["NoKnownAllergy Now No known allergy"],
            ),
            // The same number in another list is something else.
            (
                active(r#""code":{"coding":[{"system":"urn:local","code":"716186003","display":"Nuts"}]}"#),
                vec!["Allergy Now Nuts"],
            ),
            (
                active(r#""code":{"text":"No known drug allergy"}"#),
                vec!["NoKnownAllergy Now No known drug allergy"],
            ),
            (
                active(r#""code":{"text":"Penicillin"},"verificationStatus":{"coding":[{"code":"refuted"}]}"#),
                vec![],
            ),
            (
                r#"{"code":{"text":"Penicillin"},"verificationStatus":{"coding":[{"code":"entered-in-error"}]}}"#.to_owned(),
                vec![],
            ),
        ];
        for (json, expected) in &cases {
            table("AllergyIntolerance", &[(json, expected)]);
        }
    }
}
