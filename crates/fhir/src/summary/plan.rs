//! A plan, or a package of care: a `CarePlan`.
//!
//! Source: HL7 FHIR R4, CarePlan: `status` is draft, active, on-hold, revoked, completed,
//! entered-in-error or unknown; `activity.detail` is what is done, `period` from when until
//! when. A plan whose title or category speaks of a package is care that is arranged (a choice
//! of this product); every other is a plan.

use super::{Detail, Entry, Part, Standing, over, period, said, short, state};
use crate::record::{at, words};
use crate::tree::Object;
use jiff::civil::Date;

/// Most activities told.
const ACTIVITIES: usize = 8;

pub(super) fn entry(tree: &Object<'_>, today: Date) -> Option<Entry> {
    let status = state(tree, "status");
    let standing = match status {
        "entered-in-error" | "draft" => return None,
        "revoked" | "completed" => Standing::Past,
        _ if over(tree, "period", today) => Standing::Past,
        "active" | "on-hold" => Standing::Now,
        _ => Standing::NotSaid,
    };
    let title = said(tree, &["title", "category", "description"]);
    let package = ["title", "category"].iter().any(|name| {
        tree.each(name)
            .filter_map(words)
            .any(|words| words.to_lowercase().contains("package"))
    });
    let mut details = Vec::new();
    if status == "on-hold" {
        details.push(Detail::Words("On hold".to_owned()));
    }
    if tree.get("title").is_some() {
        details.extend(said(tree, &["description"]).map(|text| Detail::Words(short(&text))));
    }
    let done: Vec<String> = at(tree, "activity.detail")
        .into_iter()
        .filter(|detail| !matches!(state(detail, "status"), "cancelled" | "entered-in-error"))
        .filter_map(|detail| said(detail, &["description", "code"]))
        .collect();
    details.extend(
        done.iter()
            .take(ACTIVITIES)
            .map(|text| Detail::Words(short(text))),
    );
    if done.len() > ACTIVITIES {
        details.push(Detail::Words(format!(
            "and {} more",
            done.len() - ACTIVITIES
        )));
    }
    let author = tree
        .object("author")
        .and_then(|author| author.text("display"));
    details.extend(author.map(|name| Detail::Words(format!("Made by {}", short(name)))));
    details.extend(period(tree, "period", ("From", "Until")));
    Some(Entry {
        part: if package { Part::Care } else { Part::Plan },
        words: title.map_or_else(|| "Plan without a title".to_owned(), |text| short(&text)),
        details,
        standing,
        first: false,
    })
}

#[cfg(test)]
mod tests {
    use super::super::tests::table;

    #[test]
    fn plans_and_packages() {
        table(
            "CarePlan",
            &[
                (
                    r#"{"status":"active","title":"Care and support plan","description":"To be at home with Meg","activity":[{"detail":{"status":"in-progress","description":"Walk to the green each day"}},{"detail":{"status":"cancelled","description":"Bus"}}],"author":{"display":"Ella Brand"},"period":{"start":"2018-09-01"}}"#,
                    &[
                        "Plan Now Care and support plan | To be at home with Meg; Walk to the green each day; Made by Ella Brand; From: 2018-09-01",
                    ],
                ),
                (
                    r#"{"status":"active","title":"Home care","category":[{"text":"Care package"}],"activity":[{"detail":{"description":"Two visits a day"}}]}"#,
                    &["Care Now Home care | Two visits a day"],
                ),
                (
                    r#"{"status":"active","category":[{"text":"Diabetes plan"}],"period":{"end":"2018-01-31"}}"#,
                    &["Plan Past Diabetes plan | Until: 2018-01-31"],
                ),
                (
                    r#"{"status":"on-hold","title":"Rehab"}"#,
                    &["Plan Now Rehab | On hold"],
                ),
                (r#"{"title":"Rehab"}"#, &["Plan NotSaid Rehab"]),
                (r#"{"status":"draft","title":"Rehab"}"#, &[]),
                (r#"{"status":"entered-in-error","title":"Rehab"}"#, &[]),
            ],
        );
    }
}
