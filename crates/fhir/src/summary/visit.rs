//! Visits: an `Encounter` that took place or takes place, an `Appointment` that is to come.
//!
//! Source: HL7 FHIR R4, Encounter.status: planned, arrived, triaged, in-progress, onleave,
//! finished, cancelled, entered-in-error, unknown; Appointment.status: proposed, pending, booked,
//! arrived, fulfilled, cancelled, noshow, entered-in-error, checked-in, waitlist.

use super::{Detail, Entry, Part, Standing, before, over, said, state};
use crate::record::title;
use crate::tree::Object;
use jiff::civil::Date;

pub(super) fn encounter(tree: &Object<'_>) -> Option<Entry> {
    let status = state(tree, "status");
    let (standing, how) = match status {
        "entered-in-error" | "cancelled" => return None,
        "planned" => (Standing::Now, Some("Planned")),
        "arrived" | "triaged" | "in-progress" => (Standing::Now, Some("Under way")),
        "onleave" => (Standing::Now, Some("On leave")),
        "finished" => (Standing::Past, None),
        _ => (Standing::NotSaid, None),
    };
    let mut details: Vec<Detail> = how
        .map(|text| Detail::Words(text.to_owned()))
        .into_iter()
        .collect();
    let who = tree
        .objects("participant")
        .filter_map(|one| one.object("individual"))
        .find_map(|one| one.text("display"));
    let provider = tree
        .object("serviceProvider")
        .and_then(|one| one.text("display"));
    details.extend(
        who.into_iter()
            .chain(provider)
            .map(|text| Detail::Words(super::short(text))),
    );
    details.extend(super::period(tree, "period", ("From", "Until")));
    Some(Entry {
        part: Part::Visit,
        words: title("Encounter", tree),
        details,
        standing,
        first: false,
    })
}

pub(super) fn appointment(tree: &Object<'_>, today: Date) -> Option<Entry> {
    let start = tree.text("start");
    let passed = start.is_some_and(|start| before(start, today));
    let (standing, how) = match state(tree, "status") {
        "entered-in-error" | "cancelled" => return None,
        "noshow" => (Standing::Past, Some("Did not come")),
        "fulfilled" => (Standing::Past, None),
        _ if passed => (Standing::Past, Some("Not said whether it took place")),
        "proposed" | "pending" => (Standing::Now, Some("Not fixed yet")),
        "waitlist" => (Standing::Now, Some("On a waiting list")),
        "booked" | "arrived" | "checked-in" => (Standing::Now, None),
        _ => (Standing::NotSaid, None),
    };
    let mut details: Vec<Detail> = Vec::new();
    details.extend(start.map(|date| Detail::Date("On", date.to_owned())));
    details.extend(how.map(|text| Detail::Words(text.to_owned())));
    let with = tree
        .objects("participant")
        .filter_map(|one| one.object("actor"))
        .filter(|one| {
            !one.text("reference")
                .is_some_and(|target| target.contains("Patient/"))
                && one.text("type") != Some("Patient")
        })
        .filter_map(|one| one.text("display"));
    details.extend(with.map(|name| Detail::Words(super::short(name))));
    let instruction = said(tree, &["patientInstruction"]);
    details.extend(instruction.map(|text| Detail::Words(super::short(&text))));
    Some(Entry {
        part: Part::Visit,
        words: title("Appointment", tree),
        details,
        standing: match over(tree, "requestedPeriod", today) && start.is_none() {
            true => Standing::Past,
            false => standing,
        },
        first: false,
    })
}

#[cfg(test)]
mod tests {
    use super::super::tests::table;

    #[test]
    fn visits_that_take_place() {
        table(
            "Encounter",
            &[
                (
                    r#"{"status":"in-progress","class":{"code":"IMP"},"type":[{"text":"Emergency admission"}],"serviceProvider":{"display":"Barchester Royal Infirmary"},"period":{"start":"2018-10-14"}}"#,
                    &[
                        "Visit Now Hospital stay: Emergency admission | Under way; Barchester Royal Infirmary; From: 2018-10-14",
                    ],
                ),
                (
                    r#"{"status":"finished","class":{"code":"HH"},"period":{"start":"2018-10-10","end":"2018-10-10"}}"#,
                    &["Visit Past Home visit | From: 2018-10-10; Until: 2018-10-10"],
                ),
                (r#"{"status":"cancelled","class":{"code":"HH"}}"#, &[]),
            ],
        );
    }

    #[test]
    fn appointments() {
        table(
            "Appointment",
            &[
                (
                    r#"{"status":"booked","description":"Memory clinic","start":"2018-11-02T10:00:00Z","participant":[{"actor":{"reference":"Patient/1","display":"Arthur Jones"}},{"actor":{"display":"Dr Thorne"}}]}"#,
                    &["Visit Now Memory clinic | On: 2018-11-02T10:00:00Z; Dr Thorne"],
                ),
                (
                    r#"{"status":"booked","description":"Memory clinic","start":"2018-10-02T10:00:00Z"}"#,
                    &[
                        "Visit Past Memory clinic | On: 2018-10-02T10:00:00Z; Not said whether it took place",
                    ],
                ),
                (
                    r#"{"status":"noshow","description":"Memory clinic","start":"2018-10-02"}"#,
                    &["Visit Past Memory clinic | On: 2018-10-02; Did not come"],
                ),
                (
                    r#"{"status":"proposed","description":"Memory clinic","requestedPeriod":[{"end":"2018-09-30"}]}"#,
                    &["Visit Past Memory clinic | Not fixed yet"],
                ),
                (
                    r#"{"status":"cancelled","description":"Memory clinic"}"#,
                    &[],
                ),
            ],
        );
    }
}
