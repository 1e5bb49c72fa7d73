//! A person's timeline: what the NHS and the council know, a line each with source, date and
//! age, by kind, source, sector and month, and what is new since the reader looked last.

use super::sight::SightView;
use super::who::{self, Who};
use crate::components::{Choice, Select, Tag};
use crate::door::Visit;
use crate::form;
use crate::routes::Outcome;
use crate::shell::{self, Section, Shell};
use crate::{Web, words};
use access::{Action, Actor};
use app::person::{Seen, TimelineFilter, TimelinePage};
use askama::Template;
use jiff::Timestamp;
use jiff::civil::Date;
use kernel::PersonId;
use store::timeline::Line;

/// One line of the timeline.
pub(super) struct TimelineEntry {
    pub href: String,
    pub title: String,
    pub when: String,
    pub kind: String,
    pub source: String,
    pub sector: Option<Tag>,
    pub received: String,
    pub new: bool,
}

/// The lines of one month.
struct Month {
    title: String,
    lines: Vec<TimelineEntry>,
}

#[derive(Template)]
#[template(path = "person/timeline.html")]
struct Page {
    shell: Shell,
    who: Who,
    sight: SightView,
    tab: &'static str,
    all: String,
    filters: Vec<Select>,
    chosen: String,
    months: Vec<Month>,
    newer: Option<String>,
    older: Option<String>,
    page: usize,
}

pub(super) fn page(web: &Web, visit: &Visit, actor: &Actor) -> Outcome {
    let id: PersonId = visit.id("id")?;
    let filter = read_filter(visit);
    let found = web.app.timeline(actor, id, &filter)?;
    let now = web.app.now();
    let base = format!("{}/timeline", who::address_of(found.person.id));
    let address = |page: usize| format!("{base}?{}&page={page}", query(&filter));
    let seen = &found.lines.seen;
    let may_open = access::decide(actor, Action::SeeStay).is_ok();
    let entry = |line: &Line| entry(line, seen, web.app.today(), may_open);
    shell::ok(&Page {
        shell: Shell::new(web, visit, "Timeline", Section::Person),
        who: who::of(&found.person, found.council.as_deref(), web.app.today()),
        sight: SightView::of(&found.sight),
        tab: "timeline",
        all: words::counted(seen.all(), "line"),
        filters: filters(&found, &filter, now),
        chosen: chosen(&filter, seen, now),
        newer: (found.lines.page > 1).then(|| address(found.lines.page - 1)),
        older: found.lines.more.then(|| address(found.lines.page + 1)),
        page: found.lines.page,
        months: by_month(&found.lines.lines, entry),
    })
}

fn read_filter(visit: &Visit) -> TimelineFilter {
    let given = |name: &str| visit.query.given(name).map(str::to_owned);
    let month = |name: &str| given(name).filter(|text| is_month(text));
    TimelineFilter {
        kind: given("kind"),
        source: given("source"),
        sector: given("sector"),
        from: month("from"),
        to: month("to"),
        new: visit.query.get("new") == "1",
        page: visit.query.page(),
    }
}

/// `YYYY-MM`, or `YYYY` for what is only known to a year.
fn is_month(text: &str) -> bool {
    let year = |text: &str| text.len() == 4 && text.bytes().all(|byte| byte.is_ascii_digit());
    year(text) || text.parse::<kernel::Month>().is_ok()
}

fn query(filter: &TimelineFilter) -> String {
    let pairs = [
        ("kind", &filter.kind),
        ("source", &filter.source),
        ("sector", &filter.sector),
        ("from", &filter.from),
        ("to", &filter.to),
    ];
    let mut parts: Vec<String> = pairs
        .iter()
        .filter_map(|(name, value)| Some(format!("{name}={}", form::escape(value.as_deref()?))))
        .collect();
    if filter.new {
        parts.push("new=1".to_owned());
    }
    parts.join("&")
}

/// The lines under the month in which they happened, in their order.
fn by_month(lines: &[Line], entry: impl Fn(&Line) -> TimelineEntry) -> Vec<Month> {
    let mut months: Vec<Month> = Vec::new();
    for line in lines {
        let title = month_of(line.happened_at.as_deref());
        match months.last_mut() {
            Some(month) if month.title == title => month.lines.push(entry(line)),
            _ => months.push(Month {
                title,
                lines: vec![entry(line)],
            }),
        }
    }
    months
}

fn month_of(happened: Option<&str>) -> String {
    let Some(text) = happened else {
        return "Date not known".to_owned();
    };
    let month = text.get(..7).and_then(words::month);
    month.unwrap_or_else(|| format!("{text}, month not known"))
}

fn filters(found: &TimelinePage, filter: &TimelineFilter, now: Timestamp) -> Vec<Select> {
    let counts = &found.lines.seen.counts;
    let select =
        |name: &str, label: &str, current: &Option<String>, choices: Vec<(String, String)>| {
            let current = current.clone().unwrap_or_default();
            let choices = choices
                .into_iter()
                .map(|(value, text)| Choice::new(value, text, &current))
                .collect();
            Select {
                name: name.to_owned(),
                label: label.to_owned(),
                choices,
                ..Select::default()
            }
        };
    let listed = |all: &str, pairs: Vec<(String, i64)>, words: &dyn Fn(&str) -> String| {
        let named = pairs
            .into_iter()
            .map(|(value, count)| (format!("{} ({count})", words(&value)), value))
            .map(|(text, value)| (value, text));
        std::iter::once((String::new(), all.to_owned()))
            .chain(named)
            .collect::<Vec<_>>()
    };
    let kinds = summed(counts.iter().map(|one| (&one.kind, one.lines)));
    let known = counts.iter().filter(|one| !one.source.is_empty());
    let sources = summed(known.map(|one| (&one.source, one.lines)));
    let sectors = summed(counts.iter().map(|one| (&one.sector, one.lines)));
    let months = |all: &str| listed(all, found.months.clone(), &month_choice);
    let mut selects = vec![
        select(
            "kind",
            "Kind",
            &filter.kind,
            listed("All kinds", kinds, &kind_in_words),
        ),
        select(
            "source",
            "Source",
            &filter.source,
            listed("All sources", sources, &str::to_owned),
        ),
        select(
            "sector",
            "NHS or council",
            &filter.sector,
            listed("Both", sectors, &|text| sector(text).text),
        ),
        select("from", "From month", &filter.from, months("The first")),
        select("to", "To month", &filter.to, months("The latest")),
    ];
    if let Some(last) = found.lines.seen.last_look {
        let new = format!(
            "New since you last looked, {} ({})",
            words::near_time(last, now),
            found.lines.seen.fresh()
        );
        let current = filter.new.then(|| "1".to_owned());
        let choices = vec![
            (String::new(), "New and old".to_owned()),
            ("1".to_owned(), new),
        ];
        selects.push(select("new", "New or old", &current, choices));
    }
    selects
}

fn month_choice(month: &str) -> String {
    words::month(month).unwrap_or_else(|| month.to_owned())
}

/// Counts by name, in the order of the names.
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

fn chosen(filter: &TimelineFilter, seen: &Seen, now: Timestamp) -> String {
    let new = seen.last_look.filter(|_| filter.new);
    [
        filter.kind.as_deref().map(kind_in_words),
        filter.source.as_ref().map(|name| format!("from {name}")),
        filter.sector.as_deref().map(|text| sector(text).text),
        filter
            .from
            .as_deref()
            .map(|month| format!("not before {}", month_choice(month))),
        filter
            .to
            .as_deref()
            .map(|month| format!("not after {}", month_choice(month))),
        new.map(|last| format!("new since you last looked, {}", words::near_time(last, now))),
    ]
    .into_iter()
    .flatten()
    .collect::<Vec<_>>()
    .join(", ")
}

pub(super) fn entry(line: &Line, seen: &Seen, today: Date, may_open_stay: bool) -> TimelineEntry {
    let href = match (line.document, line.stay) {
        (Some(document), _) => format!("/person/document/{document}"),
        (None, Some(stay)) if line.shelf.is_none() && may_open_stay => {
            format!("/flow/stay/{stay}")
        }
        _ => format!("/person/line/{}", line.id),
    };
    TimelineEntry {
        href,
        title: words::known(&line.title).to_owned(),
        when: aged(line.happened_at.as_deref(), today),
        kind: kind_in_words(&line.kind),
        source: match line.source.is_empty() {
            true => "Source not known".to_owned(),
            false => format!("Source: {}", line.source),
        },
        sector: (!line.source.is_empty()).then(|| sector(&line.sector)),
        received: format!("Received {}", words::date(words::day_of(line.received_at))),
        new: seen.is_new(line),
    }
}

/// `6 August 2018, 2 months ago`.
pub(super) fn aged(written: Option<&str>, today: Date) -> String {
    let when = words::when(written);
    match written.and_then(|text| words::ago(text, today)) {
        Some(ago) => format!("{when}, {ago}"),
        None => when,
    }
}

pub(super) fn sector(sector: &str) -> Tag {
    match sector {
        "nhs" => Tag::new("NHS", "blue"),
        "council" => Tag::new("Council", "purple"),
        _ => Tag::new("Other", "grey"),
    }
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
        "Flag" => "Alert",
        "Goal" => "Goal",
        "Immunization" => "Vaccination",
        "MedicationRequest" => "Medicine prescribed",
        "MedicationStatement" => "Medicine taken",
        "MedicationAdministration" => "Medicine given",
        "MedicationDispense" => "Medicine supplied",
        "Observation" => "Measurement",
        "Patient" => "Personal details",
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
    fn kinds_have_everyday_names() {
        assert_eq!(kind_in_words("Immunization"), "Vaccination");
        assert_eq!(kind_in_words("ImagingStudy"), "Imaging study");
        assert_eq!(kind_in_words("discharge notice"), "Discharge notice");
    }

    #[test]
    fn a_line_stands_under_its_month() {
        for (happened, month) in [
            (None, "Date not known"),
            (Some("2018"), "2018, month not known"),
            (Some("2018-08"), "August 2018"),
            (Some("2018-08-06T09:30"), "August 2018"),
        ] {
            assert_eq!(month_of(happened), month);
        }
    }

    #[test]
    fn only_months_and_years_are_asked_for() {
        for (text, is) in [
            ("2018-08", true),
            ("2018", true),
            ("2018-13", false),
            ("x", false),
        ] {
            assert_eq!(is_month(text), is, "{text}");
        }
    }
}
