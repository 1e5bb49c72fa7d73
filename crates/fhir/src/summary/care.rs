//! Care that is asked for or arranged: a `ServiceRequest`.
//!
//! Source: HL7 FHIR R4, ServiceRequest: `status` is draft, active, on-hold, revoked, completed,
//! entered-in-error or unknown; `intent` proposal and plan are no orders yet; `occurrence[x]` is
//! when it is to be done.

use super::{Detail, Entry, Part, Standing, began, note, said, state};
use crate::tree::Object;

pub(super) fn entry(tree: &Object<'_>) -> Option<Entry> {
    let status = state(tree, "status");
    let standing = match status {
        "entered-in-error" | "draft" => return None,
        "revoked" | "completed" => Standing::Past,
        "active" | "on-hold" => Standing::Now,
        _ => Standing::NotSaid,
    };
    let mut details = Vec::new();
    let how = match (status, tree.text("intent")) {
        ("on-hold", _) => Some("On hold"),
        (_, Some("proposal" | "plan")) => Some("Proposed; not ordered"),
        _ => None,
    };
    details.extend(how.map(|text| Detail::Words(text.to_owned())));
    let by = tree
        .objects("performer")
        .find_map(|one| one.text("display"));
    details.extend(by.map(|name| Detail::Words(format!("By {}", super::short(name)))));
    let when = began(tree.choice("occurrence").map(|(_, node)| node));
    details.extend(when.map(|date| Detail::Date("From", date)));
    let asked = tree.text("authoredOn").map(str::to_owned);
    details.extend(asked.map(|date| Detail::Date("Asked for", date)));
    details.extend(note(tree));
    Some(Entry {
        part: Part::Care,
        words: said(tree, &["code", "category"])
            .unwrap_or_else(|| "Care that is not named".to_owned()),
        details,
        standing,
        first: false,
    })
}

#[cfg(test)]
mod tests {
    use super::super::tests::table;

    #[test]
    fn care_that_is_arranged() {
        table(
            "ServiceRequest",
            &[
                (
                    r#"{"status":"active","intent":"order","code":{"text":"Home care: 2 visits a day"},"performer":[{"display":"Plumstead Home Care"}],"occurrencePeriod":{"start":"2018-10-20"},"authoredOn":"2018-10-12"}"#,
                    &[
                        "Care Now Home care: 2 visits a day | By Plumstead Home Care; From: 2018-10-20; Asked for: 2018-10-12",
                    ],
                ),
                (
                    r#"{"status":"active","intent":"proposal","code":{"text":"Day centre"}}"#,
                    &["Care Now Day centre | Proposed; not ordered"],
                ),
                (
                    r#"{"status":"completed","code":{"text":"X-ray"}}"#,
                    &["Care Past X-ray"],
                ),
                (
                    r#"{"status":"unknown"}"#,
                    &["Care NotSaid Care that is not named"],
                ),
                (r#"{"status":"draft","code":{"text":"X-ray"}}"#, &[]),
            ],
        );
    }
}
