//! The fields of the form of a service, and reading them.

use super::sheet;
use crate::components::{Choice, Field};
use crate::form::{Fields, Reading, as_boxes, boxes, date_input};
use crate::words;
use app::flow::services::{Draft, ServicesPage};
use flow::service::{Component, Outcome, ServiceType};
use store::service_period::Period;

/// What is in the boxes.
#[derive(Default)]
pub(super) struct Typed {
    kind: String,
    component: String,
    starts_on: [String; 3],
    ends_on: [String; 3],
    outcome: String,
    council: String,
    organisation: String,
    stay: String,
    visits: String,
    minutes: String,
    mistake: String,
    why: String,
}

impl Typed {
    /// What was sent.
    pub(super) fn of(form: &Fields) -> Self {
        let text = |name: &str| form.get(name).to_owned();
        Self {
            kind: text("kind"),
            component: text("component"),
            starts_on: boxes(form, "starts_on"),
            ends_on: boxes(form, "ends_on"),
            outcome: text("outcome"),
            council: text("council"),
            organisation: text("organisation"),
            stay: text("stay"),
            visits: text("visits"),
            minutes: text("minutes"),
            mistake: text("mistake_why"),
            why: text("why"),
        }
    }

    /// What stands.
    pub(super) fn stands(period: &Period) -> Self {
        let service = &period.service;
        let id = |id: Option<String>| id.unwrap_or_default();
        Self {
            kind: service.kind.to_string(),
            component: id(service.component.map(|one| one.to_string())),
            starts_on: as_boxes(Some(service.starts_on)),
            ends_on: as_boxes(service.ends_on),
            outcome: id(service.outcome.map(|one| one.to_string())),
            council: id(period.council.map(|one| one.to_string())),
            organisation: id(period.organisation.map(|one| one.to_string())),
            stay: id(service.stay.map(|one| one.to_string())),
            visits: id(period.visits_a_week.map(|n| n.to_string())),
            minutes: id(period.minutes_a_visit.map(|n| n.to_string())),
            mistake: period.mistake_why.clone().unwrap_or_default(),
            why: String::new(),
        }
    }

    /// Reads what was sent; faults go to `reading`.
    pub(super) fn read(&self, form: &Fields, reading: &mut Reading) -> Option<Draft> {
        let kind = ServiceType::parse(&self.kind);
        if kind.is_none() {
            reading.fault("kind", "Choose what service it is");
        }
        let component = word(reading, "component", &self.component, Component::parse);
        let starts_on = reading.needed_date(form, "starts_on", "The first day");
        let ends_on = reading.date(form, "ends_on", "The last day");
        let outcome = word(reading, "outcome", &self.outcome, Outcome::parse);
        let council = word(reading, "council", &self.council, |text| text.parse().ok());
        let organisation = word(reading, "organisation", &self.organisation, |text| {
            text.parse().ok()
        });
        let stay = word(reading, "stay", &self.stay, |text| text.parse().ok());
        let visits_a_week = whole(reading, "visits", &self.visits, 200);
        let minutes_a_visit = whole(reading, "minutes", &self.minutes, 1440);
        let (Some(kind), Some(starts_on), true) = (kind, starts_on, reading.faults.is_empty())
        else {
            return None;
        };
        Some(Draft {
            kind,
            component,
            starts_on,
            ends_on,
            outcome,
            council,
            organisation,
            stay,
            visits_a_week,
            minutes_a_visit,
            mistake_why: self.mistake.clone(),
        })
    }

    /// What was typed, to be shown again when it could not be saved.
    pub(super) fn as_typed(&self) -> Vec<(String, String)> {
        [
            ("Service", self.kind.clone()),
            ("First day", self.starts_on.join(" ")),
            ("Last day", self.ends_on.join(" ")),
            ("How it ended", self.outcome.clone()),
            ("Visits a week", self.visits.clone()),
            ("Minutes a visit", self.minutes.clone()),
            ("Why", self.why.clone()),
        ]
        .into_iter()
        .filter(|(_, value)| !value.trim().is_empty())
        .map(|(name, value)| (name.to_owned(), value))
        .collect()
    }
}

/// Faults that the application found, at their fields.
pub(super) fn faults(reading: &mut Reading, errors: Vec<app::FieldError>) {
    for error in errors {
        let field = match error.field {
            "starts_on" => "starts_on-day",
            "ends_on" => "ends_on-day",
            other => other,
        };
        reading.fault(field, error.text);
    }
}

/// A choice that may be empty.
fn word<T>(
    reading: &mut Reading,
    name: &str,
    text: &str,
    parse: impl Fn(&str) -> Option<T>,
) -> Option<T> {
    if text.is_empty() {
        return None;
    }
    let read = parse(text);
    if read.is_none() {
        reading.fault(name, "Choose one from the list");
    }
    read
}

/// A whole number that may be empty.
fn whole(reading: &mut Reading, name: &str, text: &str, most: i64) -> Option<i64> {
    if text.is_empty() {
        return None;
    }
    let read = text
        .parse()
        .ok()
        .filter(|number| (0..=most).contains(number));
    if read.is_none() {
        reading.fault(name, format!("Enter a whole number from 0 to {most}"));
    }
    read
}

fn with_none(
    none: &str,
    current: &str,
    rest: impl Iterator<Item = (String, String)>,
) -> Vec<Choice> {
    std::iter::once((String::new(), none.to_owned()))
        .chain(rest)
        .map(|(value, text)| Choice::new(value, text, current))
        .collect()
}

/// The fields in order.
pub(super) fn fields(
    typed: &Typed,
    reading: &Reading,
    page: &ServicesPage,
    change: bool,
) -> Vec<Field> {
    let mut fields = what_and_when(typed, reading);
    fields.extend(by_whom(typed, reading, page));
    if change {
        let hint = "Leave this empty unless it should never have been written down. It stays in \
                    the history and counts nowhere";
        let words = ("Was it a mistake? Say why", hint);
        fields.push(sheet::line(reading, "mistake_why", words, &typed.mistake));
        let words = ("Why is it changed?", "");
        fields.push(sheet::line(reading, "why", words, &typed.why));
    }
    fields
}

fn what_and_when(typed: &Typed, reading: &Reading) -> Vec<Field> {
    let kinds = ServiceType::ALL
        .iter()
        .map(|one| (one.to_string(), one.in_words().to_owned()));
    let components = Component::ALL
        .iter()
        .map(|one| (one.to_string(), one.to_string()));
    let outcomes = Outcome::ALL
        .iter()
        .map(|one| (one.to_string(), one.to_string()));
    let select = |name, label, choices| sheet::select(reading, name, (label, ""), choices);
    let date = |name: &str, legend: &str, hint: &str, boxes: &[String; 3]| {
        let error = reading.of(name);
        Field::Day(date_input(name, legend, hint, boxes.clone(), error))
    };
    let (first, last) = ("For example, 6 8 2026", "Leave this empty while it goes on");
    let ends = with_none("It goes on, or not known", &typed.outcome, outcomes);
    vec![
        select(
            "kind",
            "What service is it?",
            with_none("Choose", &typed.kind, kinds),
        ),
        select(
            "component",
            "What does it consist of?",
            with_none("Not known", &typed.component, components),
        ),
        date("starts_on", "First day", first, &typed.starts_on),
        date("ends_on", "Last day", last, &typed.ends_on),
        select("outcome", "How did it end?", ends),
    ]
}

fn by_whom(typed: &Typed, reading: &Reading, page: &ServicesPage) -> Vec<Field> {
    let of_kind = |kinds: &'static [&'static str]| {
        page.organisations
            .iter()
            .filter(move |one| kinds.is_empty() || kinds.contains(&one.kind.as_str()))
            .map(|one| (one.id.to_string(), one.name.clone()))
    };
    let stays = page.stays.iter().map(|stay| {
        let left = stay.discharged_on.map_or_else(
            || "still there".to_owned(),
            |day| format!("left {}", words::date(day)),
        );
        let text = format!("Admitted {}, {left}", words::date(stay.admitted_on));
        (stay.id.to_string(), text)
    });
    let select = |name, label, choices| sheet::select(reading, name, (label, ""), choices);
    vec![
        select(
            "organisation",
            "Who provides it?",
            with_none("Not known", &typed.organisation, of_kind(&[])),
        ),
        select(
            "council",
            "Which council is responsible?",
            with_none("Not known", &typed.council, of_kind(&["council"])),
        ),
        select(
            "stay",
            "Which stay in hospital does it follow?",
            with_none("None, or not known", &typed.stay, stays),
        ),
        sheet::number(reading, "visits", ("Visits a week", ""), &typed.visits),
        sheet::number(reading, "minutes", ("Minutes a visit", ""), &typed.minutes),
    ]
}
