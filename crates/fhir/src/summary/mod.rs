//! What stands on a person's summary: resources in, short typed entries out.
//!
//! Source: HL7 FHIR R4 4.0.1 (2019), the definition of each resource and its states; UK Core
//! (FHIR R4); the parts are headings of the PRSB Core Information Standard (RULES G.9).
//!
//! In words: what was entered in error or ruled out is left out. What its source says holds is
//! shown as holding; what it says has ended is shown apart; where it does not say, that is said.
//! Nothing is made up: a missing date, name or state is missing in the entry too. A rule for each
//! type of resource is in its own file.

mod alert;
mod allergy;
mod care;
mod medicine;
mod plan;
mod problem;
mod related;
mod team;
mod visit;

use crate::record::{at, words};
use crate::tree::{Node, Object};
use jiff::civil::Date;

/// The part of a summary that an entry stands in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    /// Something to know before anything else.
    Alert,
    /// An allergy or intolerance.
    Allergy,
    /// Somebody said that no allergy is known.
    NoKnownAllergy,
    /// A medicine.
    Medicine,
    /// A problem or diagnosis.
    Problem,
    /// Family, a friend, a carer.
    Family,
    /// A professional or a team.
    Professional,
    /// Care that is arranged: a package, a service, a referral.
    Care,
    /// A visit, an appointment, a stay.
    Visit,
    /// A plan.
    Plan,
}

/// Whether something holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Its source says that it holds.
    Now,
    /// Its source does not say.
    NotSaid,
    /// Its source says that it has ended.
    Past,
}

/// One more thing that an entry says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Detail {
    /// In words.
    Words(String),
    /// A date as its source wrote it, and what happened then: "Began".
    Date(&'static str, String),
    /// How to reach somebody.
    Telephone(String),
}

/// An entry of a summary.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Where it stands.
    pub part: Part,
    /// What it is, in words.
    pub words: String,
    /// What else its source says.
    pub details: Vec<Detail>,
    /// Whether it holds.
    pub standing: Standing,
    /// Whether it stands before the others: a high risk, a co-ordinator.
    pub first: bool,
}

/// Types of resource that a summary is made of, whatever their date.
pub const KINDS: [&str; 9] = [
    "Flag",
    "AllergyIntolerance",
    "Condition",
    "MedicationStatement",
    "MedicationRequest",
    "RelatedPerson",
    "CareTeam",
    "CarePlan",
    "ServiceRequest",
];

/// Types that are looked at for what is to come and for the last weeks only.
pub const RECENT_KINDS: [&str; 2] = ["Encounter", "Appointment"];

/// What a resource puts on a summary, on a day. Nothing for types that are not on it, and for
/// what was entered in error or ruled out.
pub fn entries(resource_type: &str, tree: &Object<'_>, today: Date) -> Vec<Entry> {
    let one = match resource_type {
        "Flag" => alert::entry(tree, today),
        "AllergyIntolerance" => allergy::entry(tree),
        "Condition" => problem::entry(tree),
        "MedicationStatement" => medicine::statement(tree, today),
        "MedicationRequest" => medicine::request(tree),
        "RelatedPerson" => related::entry(tree, today),
        "CareTeam" => return team::entries(tree, today),
        "CarePlan" => plan::entry(tree, today),
        "ServiceRequest" => care::entry(tree),
        "Encounter" => visit::encounter(tree),
        "Appointment" => visit::appointment(tree, today),
        _ => None,
    };
    one.into_iter().collect()
}

/// The part in which a line stands of which nothing is known but its kind and title; such a
/// line does not say whether it holds.
pub fn part_of_kind(kind: &str) -> Option<Part> {
    Some(match kind {
        "Flag" => Part::Alert,
        "AllergyIntolerance" => Part::Allergy,
        "Condition" => Part::Problem,
        "MedicationStatement" | "MedicationRequest" => Part::Medicine,
        "RelatedPerson" => Part::Family,
        "CareTeam" => Part::Professional,
        "CarePlan" => Part::Plan,
        "ServiceRequest" | "Care package" => Part::Care,
        "Encounter" | "Appointment" => Part::Visit,
        _ => return None,
    })
}

/// The code of a state: of a `code` element, or of the first coding of a concept.
fn state<'t>(tree: &'t Object<'_>, name: &str) -> &'t str {
    let found = match tree.get(name) {
        Some(Node::Text(text)) => Some(&**text),
        Some(Node::Object(concept)) => concept
            .objects("coding")
            .find_map(|coding| coding.text("code")),
        _ => None,
    };
    found.unwrap_or_default().trim()
}

/// The words of the first of some elements that has any.
fn said(tree: &Object<'_>, names: &[&str]) -> Option<String> {
    names.iter().find_map(|path| match path.rsplit_once('.') {
        None => tree.get(path).and_then(words),
        Some((parents, last)) => at(tree, parents)
            .into_iter()
            .find_map(|parent| parent.get(last).and_then(words)),
    })
}

/// Every codings' system and code of a concept.
fn has_code(tree: &Object<'_>, name: &str, system: &str, codes: &[&str]) -> bool {
    tree.objects(name)
        .flat_map(|concept| concept.objects("coding"))
        .any(|coding| {
            coding.text("system") == Some(system)
                && coding
                    .text("code")
                    .is_some_and(|code| codes.contains(&code))
        })
}

/// A date as written, of a choice element or of the start of a period.
fn began(node: Option<&Node<'_>>) -> Option<String> {
    match node? {
        Node::Text(text) => Some(text.to_string()),
        Node::Object(period) => period.text("start").map(str::to_owned),
        _ => None,
    }
}

/// Whether a date, as exact as it was written, lies before a day.
fn before(written: &str, today: Date) -> bool {
    let today = today.to_string();
    let day = written.get(..10).unwrap_or(written);
    today.get(..day.len()).is_some_and(|today| day < today)
}

/// Whether a period ended before a day.
fn over(tree: &Object<'_>, name: &str, today: Date) -> bool {
    tree.object(name)
        .and_then(|period| period.text("end"))
        .is_some_and(|end| before(end, today))
}

/// Start and end of a period as details.
fn period(tree: &Object<'_>, name: &str, words: (&'static str, &'static str)) -> Vec<Detail> {
    let period = tree.object(name);
    let end = |which| period.and_then(|period| period.text(which).map(str::to_owned));
    let start = end("start").map(|date| Detail::Date(words.0, date));
    let until = end("end").map(|date| Detail::Date(words.1, date));
    start.into_iter().chain(until).collect()
}

/// A note's words.
fn note(tree: &Object<'_>) -> Option<Detail> {
    let text = tree.objects("note").find_map(|note| note.text("text"))?;
    Some(Detail::Words(short(text)))
}

/// Longest detail, in characters.
const DETAIL: usize = 300;

/// A text as an entry has it.
fn short(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    crate::record::kept(&line, DETAIL)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::*;
    use jiff::civil::date;

    /// What a resource puts on a summary of 16 October 2018, in one line each:
    /// `Part Standing! words | details`.
    pub(super) fn lines(resource_type: &str, json: &str) -> Vec<String> {
        let node = crate::json::parse(json).unwrap();
        let tree = node.as_object().unwrap();
        entries(resource_type, tree, date(2018, 10, 16))
            .into_iter()
            .map(|entry| {
                let details: Vec<String> = entry
                    .details
                    .iter()
                    .map(|detail| match detail {
                        Detail::Words(words) => words.clone(),
                        Detail::Date(what, date) => format!("{what}: {date}"),
                        Detail::Telephone(number) => format!("tel {number}"),
                    })
                    .collect();
                let first = if entry.first { "!" } else { "" };
                let mut line = format!(
                    "{:?} {:?}{first} {}",
                    entry.part, entry.standing, entry.words
                );
                if !details.is_empty() {
                    line = format!("{line} | {}", details.join("; "));
                }
                line
            })
            .collect()
    }

    /// Each example: what a resource of the type says, and the lines of the summary.
    pub(super) fn table(resource_type: &str, examples: &[(&str, &[&str])]) {
        for (json, expected) in examples {
            assert_eq!(lines(resource_type, json), *expected, "{json}");
        }
    }

    #[test]
    fn dates_end_as_exactly_as_they_were_written() {
        for (written, ended) in [
            ("2018", false),
            ("2017", true),
            ("2018-10", false),
            ("2018-09", true),
            ("2018-10-16", false),
            ("2018-10-15", true),
            ("2018-10-15T23:00:00Z", true),
            ("", false),
        ] {
            assert_eq!(before(written, date(2018, 10, 16)), ended, "{written}");
        }
    }

    #[test]
    fn a_type_that_is_not_on_the_summary_gives_nothing() {
        assert_eq!(
            lines("Observation", "{\"status\":\"final\"}"),
            Vec::<String>::new()
        );
        assert_eq!(part_of_kind("Observation"), None);
        assert!(
            KINDS
                .iter()
                .chain(&RECENT_KINDS)
                .all(|kind| part_of_kind(kind).is_some())
        );
    }
}
