//! A problem or diagnosis: a `Condition`.
//!
//! Source: HL7 FHIR R4, Condition: `clinicalStatus` is active, recurrence, relapse, inactive,
//! remission or resolved; `verificationStatus` refuted means ruled out, entered-in-error that it
//! was never so. Constraint con-4: what has an abatement is no longer active.

use super::{Detail, Entry, Part, Standing, began, note, said, state};
use crate::tree::Object;

pub(super) fn entry(tree: &Object<'_>) -> Option<Entry> {
    let verified = state(tree, "verificationStatus");
    if matches!(verified, "entered-in-error" | "refuted") {
        return None;
    }
    let abated = tree.choice("abatement");
    let status = state(tree, "clinicalStatus");
    let standing = match status {
        "active" | "recurrence" | "relapse" => Standing::Now,
        "inactive" | "remission" | "resolved" => Standing::Past,
        _ if abated.is_some() => Standing::Past,
        _ => Standing::NotSaid,
    };
    let mut details = Vec::new();
    let doubt = match verified {
        "unconfirmed" => Some("Not confirmed"),
        "provisional" => Some("Not confirmed: a first diagnosis"),
        "differential" => Some("Not confirmed: one of several that it may be"),
        _ => None,
    };
    details.extend(doubt.map(|text| Detail::Words(text.to_owned())));
    let again = match status {
        "recurrence" => Some("Has come back"),
        "relapse" => Some("Has got worse again"),
        "remission" => Some("In remission"),
        _ => None,
    };
    details.extend(again.map(|text| Detail::Words(text.to_owned())));
    details
        .extend(said(tree, &["severity"]).map(|text| Detail::Words(format!("Severity: {text}"))));
    let date = |choice: Option<(&str, &crate::tree::Node<'_>)>| began(choice.map(|(_, node)| node));
    let onset = tree.choice("onset").filter(|(ty, _)| *ty != "String");
    details.extend(date(onset).map(|date| Detail::Date("Began", date)));
    let ended = abated.filter(|(ty, _)| *ty != "String");
    details.extend(date(ended).map(|date| Detail::Date("Ended", date)));
    details.extend(note(tree));
    Some(Entry {
        part: Part::Problem,
        words: said(tree, &["code"]).unwrap_or_else(|| "Problem without a name".to_owned()),
        details,
        standing,
        first: false,
    })
}

#[cfg(test)]
mod tests {
    use super::super::tests::table;

    #[test]
    fn problems() {
        table(
            "Condition",
            &[
                (
                    r#"{"clinicalStatus":{"coding":[{"code":"active"}]},"code":{"text":"Type 2 diabetes"},"onsetDateTime":"2009-05"}"#,
                    &["Problem Now Type 2 diabetes | Began: 2009-05"],
                ),
                (
                    r#"{"clinicalStatus":{"coding":[{"code":"relapse"}]},"code":{"text":"Asthma"},"severity":{"text":"Moderate"}}"#,
                    &["Problem Now Asthma | Has got worse again; Severity: Moderate"],
                ),
                (
                    r#"{"clinicalStatus":{"coding":[{"code":"resolved"}]},"code":{"text":"Broken wrist"},"abatementDateTime":"2016-02-01"}"#,
                    &["Problem Past Broken wrist | Ended: 2016-02-01"],
                ),
                (
                    r#"{"code":{"text":"Broken wrist"},"abatementString":"as a child"}"#,
                    &["Problem Past Broken wrist"],
                ),
                (r#"{"code":{"text":"Gout"}}"#, &["Problem NotSaid Gout"]),
                (
                    r#"{"clinicalStatus":{"coding":[{"code":"active"}]},"verificationStatus":{"coding":[{"code":"provisional"}]},"code":{"text":"Gout"}}"#,
                    &["Problem Now Gout | Not confirmed: a first diagnosis"],
                ),
                (
                    r#"{"clinicalStatus":{"coding":[{"code":"active"}]},"verificationStatus":{"coding":[{"code":"refuted"}]},"code":{"text":"Gout"}}"#,
                    &[],
                ),
                (
                    r#"{"verificationStatus":{"coding":[{"code":"entered-in-error"}]},"code":{"text":"Gout"}}"#,
                    &[],
                ),
            ],
        );
    }
}
