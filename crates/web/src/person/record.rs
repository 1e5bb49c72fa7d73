//! A person's record: who they are, their stays, and one timeline of what the
//! NHS and the council know, each line with its source and date.

use super::who::{self, Who};
use crate::components::{Choice, Select, Tag};
use crate::door::Visit;
use crate::form;
use crate::routes::Outcome;
use crate::shell::{self, Section, Shell};
use crate::{Web, words};
use access::{Action, Actor};
use app::person::{PersonPage, StayLine, TimelineFilter};
use askama::Template;
use jiff::Timestamp;
use kernel::PersonId;
use store::timeline::Line;

/// One stay.
struct StayEntry {
    href: String,
    title: String,
    line: String,
}

/// One line of the timeline.
struct TimelineEntry {
    href: String,
    title: String,
    when: String,
    kind: String,
    source: String,
    sector: Tag,
    received: String,
}

#[derive(Template)]
#[template(path = "person/person.html")]
struct Page {
    shell: Shell,
    who: Who,
    stays: Vec<StayEntry>,
    filters: Vec<Select>,
    records: Vec<RecordEntry>,
    chosen: String,
    lines: Vec<TimelineEntry>,
    newer: Option<String>,
    older: Option<String>,
    page: usize,
    looks: Vec<String>,
}

/// One of several records that are this person.
struct RecordEntry {
    name: String,
    facts: String,
    linked: Option<String>,
    undo: Option<String>,
}

/// The records of a person who has more than one.
fn records(actor: &Actor, found: &PersonPage) -> Vec<RecordEntry> {
    if found.records.len() < 2 {
        return Vec::new();
    }
    let may = access::decide(actor, Action::ReviewIdentity).is_ok();
    let entry = |one: &app::person::identity::LinkedRecord| {
        let record = &one.record;
        let facts = [
            format!("born {}", who::born(record.birth_date, None)),
            format!(
                "NHS number {}",
                who::nhs_number(record.nhs_number).to_lowercase()
            ),
            format!(
                "address {}",
                who::address(&record.address, &record.postcode)
            ),
        ];
        RecordEntry {
            name: record.list_name(),
            facts: words::sentence(&facts.join("; ")),
            linked: one.link.as_ref().map(|link| {
                let day = words::date(kernel::calendar::local(link.made_at).date());
                format!("Linked by {} on {day}. {}", link.made_by, link.why)
            }),
            undo: one
                .link
                .as_ref()
                .filter(|_| may)
                .map(|link| format!("/identity/link/{}/undo", link.id)),
        }
    };
    found.records.iter().map(entry).collect()
}

pub(super) fn page(web: &Web, visit: &Visit, actor: &Actor) -> Outcome {
    let id: PersonId = visit.id("id")?;
    let filter = TimelineFilter {
        kind: visit.query.given("kind").map(str::to_owned),
        source: visit.query.given("source").map(str::to_owned),
        page: visit.query.page(),
    };
    let found = web.app.person(actor, id, &filter)?;
    let base = who::address_of(found.person.id);
    let address = |page: usize| {
        let part = |text: &Option<String>| form::escape(text.as_deref().unwrap_or_default());
        let (kind, source) = (part(&filter.kind), part(&filter.source));
        format!("{base}?kind={kind}&source={source}&page={page}#timeline")
    };
    let sees_stays = access::decide(actor, Action::SeeStay).is_ok();
    shell::ok(&Page {
        shell: Shell::new(web, visit, "Record", Section::Person),
        who: who::of(&found.person, found.council.as_deref(), web.app.today()),
        stays: found
            .stays
            .iter()
            .map(|stay| stay_entry(stay, sees_stays))
            .collect(),
        filters: filters(&found, &filter),
        records: records(actor, &found),
        chosen: chosen(&filter),
        newer: (found.page > 1).then(|| address(found.page - 1)),
        older: found.more.then(|| address(found.page + 1)),
        page: found.page,
        lines: found.timeline.iter().map(entry).collect(),
        looks: found.looks.iter().map(|look| look.words.clone()).collect(),
    })
}

fn stay_entry(line: &StayLine, linked: bool) -> StayEntry {
    let stay = &line.stay;
    let until = match (stay.discharged_on, stay.ready_on) {
        (Some(day), _) => format!("left on {}", words::date(day)),
        (None, Some(day)) => format!(
            "still in hospital, ready to leave since {}",
            words::date(day)
        ),
        (None, None) => "still in hospital".to_owned(),
    };
    let notices = words::counted(i64::try_from(line.notices.len()).unwrap_or(0), "notice");
    StayEntry {
        href: if linked {
            format!("/flow/stay/{}", stay.id)
        } else {
            String::new()
        },
        title: format!(
            "{}, from {}",
            words::known(&line.hospital),
            words::date(stay.admitted_on)
        ),
        line: format!("{}, {notices}", words::sentence(&until)),
    }
}

fn filters(found: &PersonPage, filter: &TimelineFilter) -> Vec<Select> {
    let select = |name: &str,
                  label: &str,
                  all: &str,
                  current: &str,
                  pairs: Vec<(String, i64)>,
                  words: fn(&str) -> String| {
        let mut choices = vec![Choice::new("", all, current)];
        for (value, count) in pairs {
            let text = format!("{} ({count})", words(&value));
            choices.push(Choice::new(value, text, current));
        }
        Select {
            name: name.to_owned(),
            label: label.to_owned(),
            choices,
            ..Select::default()
        }
    };
    let kinds = summed(found.kinds.iter().map(|(kind, _, count)| (kind, *count)));
    let named = found
        .kinds
        .iter()
        .filter(|(_, source, _)| !source.is_empty());
    let sources = summed(named.map(|(_, source, count)| (source, *count)));
    let current = |value: &Option<String>| value.clone().unwrap_or_default();
    vec![
        select(
            "kind",
            "Kind",
            "All kinds",
            &current(&filter.kind),
            kinds,
            kind_in_words,
        ),
        select(
            "source",
            "Source",
            "All sources",
            &current(&filter.source),
            sources,
            str::to_owned,
        ),
    ]
}

/// Counts by name, in the order of first appearance.
fn summed<'a>(pairs: impl Iterator<Item = (&'a String, i64)>) -> Vec<(String, i64)> {
    let mut sums: Vec<(String, i64)> = Vec::new();
    for (name, count) in pairs {
        match sums.iter_mut().find(|(known, _)| known == name) {
            Some((_, sum)) => *sum += count,
            None => sums.push((name.clone(), count)),
        }
    }
    sums.sort();
    sums
}

fn chosen(filter: &TimelineFilter) -> String {
    let kind = filter.kind.as_deref().map(kind_in_words);
    [kind, filter.source.clone()]
        .into_iter()
        .flatten()
        .collect::<Vec<_>>()
        .join(", from ")
}

fn entry(line: &Line) -> TimelineEntry {
    let href = match (line.document, line.stay) {
        (Some(document), _) => format!("/person/document/{document}"),
        (None, Some(stay)) => format!("/flow/stay/{stay}"),
        (None, None) => String::new(),
    };
    TimelineEntry {
        href,
        title: words::known(&line.title).to_owned(),
        when: when(line.happened_at.as_deref()),
        kind: kind_in_words(&line.kind),
        source: words::known(&line.source).to_owned(),
        sector: sector(&line.sector),
        received: format!("Received {}", words::date(words::day_of(line.received_at))),
    }
}

fn sector(sector: &str) -> Tag {
    match sector {
        "nhs" => Tag::new("NHS", "blue"),
        "council" => Tag::new("Council", "purple"),
        _ => Tag::new("Other", "grey"),
    }
}

/// A date, or a date and time, as its source wrote it, in words: only as exact
/// as it was written.
pub(super) fn when(text: Option<&str>) -> String {
    let Some(text) = text.map(str::trim).filter(|text| !text.is_empty()) else {
        return "Date not known".to_owned();
    };
    if let Ok(instant) = text.parse::<Timestamp>() {
        return words::date_time(instant);
    }
    if let Some(Ok(day)) = text.get(..10).map(str::parse) {
        return words::date(day);
    }
    if let Ok(month) = text.parse::<kernel::Month>() {
        let first = month.first();
        return format!("{} {}", words::month_name(first.month()), first.year());
    }
    text.to_owned()
}

/// Everyday words for the kinds that resources have; others stay as they are.
pub(super) fn kind_in_words(kind: &str) -> String {
    let words = match kind {
        "AllergyIntolerance" => "Allergy",
        "Appointment" => "Appointment",
        "CarePlan" => "Care plan",
        "CareTeam" => "Care team",
        "Communication" => "Message",
        "Composition" => "Document",
        "Condition" => "Condition",
        "Consent" => "Consent",
        "DiagnosticReport" => "Test report",
        "DocumentReference" => "Document",
        "Encounter" => "Contact or stay",
        "EpisodeOfCare" => "Service",
        "Flag" => "Warning",
        "Goal" => "Goal",
        "Immunization" => "Vaccination",
        "MedicationRequest" => "Medicine prescribed",
        "MedicationStatement" => "Medicine taken",
        "MedicationAdministration" => "Medicine given",
        "MedicationDispense" => "Medicine supplied",
        "Observation" => "Measurement",
        "Procedure" => "Procedure",
        "QuestionnaireResponse" => "Assessment form",
        "RelatedPerson" => "Family or carer",
        "ServiceRequest" => "Referral",
        "Task" => "Task",
        other => return split_words(other),
    };
    words.to_owned()
}

/// "ImagingStudy" to "Imaging study"; what has spaces already stays.
fn split_words(kind: &str) -> String {
    if kind.contains(' ') {
        return words::sentence(kind);
    }
    let mut text = String::with_capacity(kind.len() + 4);
    for (index, letter) in kind.chars().enumerate() {
        if letter.is_uppercase() && index > 0 {
            text.push(' ');
            text.extend(letter.to_lowercase());
        } else {
            text.push(letter);
        }
    }
    words::sentence(&text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_only_as_exact_as_they_were_written() {
        for (written, words) in [
            (None, "Date not known"),
            (Some("2018"), "2018"),
            (Some("2018-08"), "August 2018"),
            (Some("2018-08-06"), "6 August 2018"),
            (Some("2018-08-06T09:30:00+01:00"), "6 August 2018 at 9:30am"),
            (Some("2018-08-06T09:30:00"), "6 August 2018"),
        ] {
            assert_eq!(when(written), words);
        }
    }

    #[test]
    fn kinds_have_everyday_names() {
        assert_eq!(kind_in_words("Immunization"), "Vaccination");
        assert_eq!(kind_in_words("ImagingStudy"), "Imaging study");
        assert_eq!(kind_in_words("discharge notice"), "Discharge notice");
    }
}
