//! A medicine: a `MedicationStatement` (what is taken) or a `MedicationRequest` (what was
//! prescribed).
//!
//! Source: HL7 FHIR R4, MedicationStatement.status: active, completed, entered-in-error,
//! intended, stopped, on-hold, unknown, not-taken; MedicationRequest.status: active, on-hold,
//! cancelled, completed, entered-in-error, stopped, draft, unknown; `intent` proposal and plan
//! are no orders yet; `doNotPerform` asks that it is not given.

use super::{Detail, Entry, Part, Standing, began, note, over, short, state};
use crate::record::{contained_medicine, words};
use crate::tree::Object;
use jiff::civil::Date;

pub(super) fn statement(tree: &Object<'_>, today: Date) -> Option<Entry> {
    let status = state(tree, "status");
    let standing = match status {
        "entered-in-error" => return None,
        "completed" | "stopped" | "not-taken" => Standing::Past,
        _ if over(tree, "effectivePeriod", today) => Standing::Past,
        "active" | "intended" | "on-hold" => Standing::Now,
        _ => Standing::NotSaid,
    };
    let how = match status {
        "intended" => Some("To be taken; not begun"),
        "on-hold" => Some("On hold"),
        "not-taken" => Some("Not taken"),
        _ => None,
    };
    let begun = tree.choice("effective").map(|(_, node)| node);
    let date = began(begun).map(|date| Detail::Date("Since", date));
    Some(entry(tree, "dosage", how, date, standing))
}

pub(super) fn request(tree: &Object<'_>) -> Option<Entry> {
    let status = state(tree, "status");
    let standing = match status {
        "entered-in-error" | "draft" => return None,
        "completed" | "stopped" | "cancelled" => Standing::Past,
        "active" | "on-hold" => Standing::Now,
        _ => Standing::NotSaid,
    };
    let forbidden = matches!(
        tree.get("doNotPerform"),
        Some(crate::tree::Node::Bool(true))
    );
    let how = match (forbidden, status, tree.text("intent")) {
        (true, ..) => Some("Not to be given"),
        (_, "on-hold", _) => Some("On hold"),
        (_, _, Some("proposal" | "plan")) => Some("Proposed; not prescribed"),
        _ => None,
    };
    let date = tree.text("authoredOn").map(str::to_owned);
    let date = date.map(|date| Detail::Date("Prescribed", date));
    let mut made = entry(tree, "dosageInstruction", how, date, standing);
    made.first = forbidden && standing != Standing::Past;
    Some(made)
}

fn entry(
    tree: &Object<'_>,
    doses: &str,
    how: Option<&str>,
    date: Option<Detail>,
    standing: Standing,
) -> Entry {
    let name = tree
        .choice("medication")
        .and_then(|(_, node)| words(node))
        .or_else(|| contained_medicine(tree));
    let mut details: Vec<Detail> = tree
        .objects(doses)
        .filter_map(|dose| {
            dose.text("text")
                .or_else(|| dose.text("patientInstruction"))
        })
        .map(|text| Detail::Words(short(text)))
        .collect();
    if details.is_empty() {
        details.push(Detail::Words("Dose not given in words".to_owned()));
    }
    details.extend(how.map(|text| Detail::Words(text.to_owned())));
    details.extend(date);
    details.extend(note(tree));
    Entry {
        part: Part::Medicine,
        words: name.unwrap_or_else(|| "Medicine that is not named here".to_owned()),
        details,
        standing,
        first: false,
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::table;

    #[test]
    fn what_is_taken() {
        table(
            "MedicationStatement",
            &[
                (
                    r#"{"status":"active","medicationCodeableConcept":{"text":"Apixaban 5 mg tablets"},"dosage":[{"text":"One twice a day"}],"effectivePeriod":{"start":"2017-01"}}"#,
                    &["Medicine Now Apixaban 5 mg tablets | One twice a day; Since: 2017-01"],
                ),
                (
                    r#"{"status":"active","medicationCodeableConcept":{"text":"Amoxicillin"},"effectivePeriod":{"end":"2018-10-01"}}"#,
                    &["Medicine Past Amoxicillin | Dose not given in words"],
                ),
                (
                    r##"{"status":"on-hold","contained":[{"resourceType":"Medication","id":"m","code":{"text":"Warfarin"}}],"medicationReference":{"reference":"#m"}}"##,
                    &["Medicine Now Warfarin | Dose not given in words; On hold"],
                ),
                (
                    r#"{"status":"unknown","medicationReference":{"reference":"Medication/7"}}"#,
                    &["Medicine NotSaid Medicine that is not named here | Dose not given in words"],
                ),
                (
                    r#"{"status":"not-taken","medicationCodeableConcept":{"text":"Statin"}}"#,
                    &["Medicine Past Statin | Dose not given in words; Not taken"],
                ),
                (
                    r#"{"status":"entered-in-error","medicationCodeableConcept":{"text":"Statin"}}"#,
                    &[],
                ),
            ],
        );
    }

    #[test]
    fn what_was_prescribed() {
        table(
            "MedicationRequest",
            &[
                (
                    r#"{"status":"active","intent":"order","medicationCodeableConcept":{"text":"Metformin 500 mg"},"dosageInstruction":[{"text":"One with breakfast"}],"authoredOn":"2018-07-01"}"#,
                    &["Medicine Now Metformin 500 mg | One with breakfast; Prescribed: 2018-07-01"],
                ),
                (
                    r#"{"status":"active","intent":"plan","medicationCodeableConcept":{"text":"Metformin"}}"#,
                    &["Medicine Now Metformin | Dose not given in words; Proposed; not prescribed"],
                ),
                (
                    r#"{"status":"active","doNotPerform":true,"medicationCodeableConcept":{"text":"Ibuprofen"}}"#,
                    &["Medicine Now! Ibuprofen | Dose not given in words; Not to be given"],
                ),
                (
                    r#"{"status":"stopped","medicationCodeableConcept":{"text":"Ibuprofen"}}"#,
                    &["Medicine Past Ibuprofen | Dose not given in words"],
                ),
                (
                    r#"{"status":"draft","medicationCodeableConcept":{"text":"Ibuprofen"}}"#,
                    &[],
                ),
            ],
        );
    }
}
