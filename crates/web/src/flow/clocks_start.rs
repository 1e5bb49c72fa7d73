//! Starting a case: the form and reading it.

use super::clocks::form_part;
use super::sheet::{self, Sheet};
use crate::components::{Choice, Field};
use crate::door::Visit;
use crate::form::{Reading, as_boxes, boxes, date_input};
use crate::routes::Outcome;
use crate::shell::{self, Section, Shell};
use crate::{Web, words};
use access::{Action, Actor};
use app::flow::clocks::{NewCase, PersonCases};
use flow::clocks::CaseKind;
use kernel::{OrganisationId, PersonId};
use store::organisation::Organisation;

pub(super) fn new(web: &Web, visit: &Visit, actor: &Actor) -> Outcome {
    access::decide(actor, Action::ChangeClocks).map_err(app::Error::from)?;
    let id: PersonId = visit.id("id")?;
    let page = web.app.cases_of(actor, id)?;
    shell::ok(&start_sheet(web, visit, id, &page, Reading::default()))
}

pub(super) fn start(web: &Web, visit: &Visit, actor: &Actor) -> Outcome {
    access::decide(actor, Action::ChangeClocks).map_err(app::Error::from)?;
    let id: PersonId = visit.id("id")?;
    let mut reading = Reading::default();
    if let Some(new) = read_new(web, visit, &mut reading) {
        match web.app.start_case(actor, id, &new) {
            Ok(_) => {
                let to = format!("/person/{id}/cases?saved=started");
                return Ok(shell::see_other(&to));
            }
            Err(app::Error::Invalid(errors)) => faults(&mut reading, errors),
            Err(other) => return Err(other.into()),
        }
    }
    let page = web.app.cases_of(actor, id)?;
    shell::ok(&start_sheet(web, visit, id, &page, reading))
}

fn read_new<'a>(web: &Web, visit: &'a Visit, reading: &mut Reading) -> Option<NewCase<'a>> {
    let sent = &visit.form;
    let kind = CaseKind::parse(sent.get("kind"));
    if kind.is_none() {
        reading.fault("kind", "Choose what kind of case it is");
    }
    let owner: Option<OrganisationId> = sent.parsed("owner");
    if owner.is_none() {
        reading.fault("owner", "Choose whose it is");
    }
    let day = reading.needed_date(sent, "opened_on", "The day the clock started");
    let time = reading.time(sent, "opened_time");
    let (hour, minute) = time.unwrap_or((0, 0));
    let opened_at = day.and_then(|day| match time {
        // Without a time, a clock that started today has just started.
        None if day == web.app.today() => Some(web.app.now()),
        _ => words::local(day, hour, minute),
    });
    if day.is_some() && opened_at.is_none() {
        reading.fault(
            "opened_time",
            "There was no such time on that day; enter another",
        );
    }
    let urgent_until = reading.date(
        sent,
        "urgent_until",
        "The last day of the urgent authorisation",
    );
    if !reading.faults.is_empty() {
        return None;
    }
    Some(NewCase {
        kind: kind?,
        owner: owner?,
        professional: sent.get("professional"),
        opened_at: opened_at?,
        urgent_until,
    })
}

/// Faults that the application found, at their fields.
fn faults(reading: &mut Reading, errors: Vec<app::FieldError>) {
    for error in errors {
        let field = match error.field {
            "opened_on" => "opened_on-day",
            "urgent_until" => "urgent_until-day",
            other => other,
        };
        reading.fault(field, error.text);
    }
}

pub(super) fn owners(organisations: &[Organisation], current: &str) -> Vec<Choice> {
    std::iter::once(Choice::new("", "Choose", current))
        .chain(
            organisations
                .iter()
                .filter(|one| one.kind != "ward")
                .map(|one| Choice::new(one.id.to_string(), one.name.clone(), current)),
        )
        .collect()
}

fn start_sheet(
    web: &Web,
    visit: &Visit,
    id: PersonId,
    page: &PersonCases,
    reading: Reading,
) -> Sheet {
    let fields = start_fields(web, visit, page, &reading);
    let shell = Shell::new(
        web,
        visit,
        "Start a case with a time limit",
        Section::Person,
    )
    .with_faults(!reading.faults.is_empty());
    let mut sheet = Sheet::new(shell);
    sheet.back = format!("/person/{id}/cases");
    sheet.back_words = "Back to the cases";
    sheet.caption = page.person.list_name();
    sheet.parts.push(form_part(
        "",
        format!("/person/{id}/cases/new"),
        Vec::new(),
        fields,
        "Start the case",
    ));
    sheet.faults = reading.faults;
    sheet
}

/// The fields, as typed or as they are at first.
fn start_fields(web: &Web, visit: &Visit, page: &PersonCases, reading: &Reading) -> Vec<Field> {
    let sent = &visit.form;
    let fresh = sent.given("kind").is_none() && sent.given("owner").is_none();
    let mine = page.own.map(|id| id.to_string()).unwrap_or_default();
    let owner = if fresh {
        mine.as_str()
    } else {
        sent.get("owner")
    };
    let professional = match (fresh, &visit.actor) {
        (true, Some(actor)) => actor.display_name.clone(),
        _ => sent.get("professional").to_owned(),
    };
    let opened = match fresh {
        true => as_boxes(Some(web.app.today())),
        false => boxes(sent, "opened_on"),
    };
    let mut kinds = vec![Choice::new("", "Choose", sent.get("kind"))];
    kinds.extend(
        CaseKind::ALL
            .iter()
            .map(|one| Choice::new(one.as_str(), one.in_words(), sent.get("kind"))),
    );
    let day = |name: &str, legend: &str, hint: &str, typed| {
        Field::Day(date_input(name, legend, hint, typed, reading.of(name)))
    };
    vec![
        sheet::select(reading, "kind", ("What kind of case is it?", ""), kinds),
        day("opened_on", "When did its clock start?", START, opened),
        sheet::line(
            reading,
            "opened_time",
            (
                "At what time?",
                "Only for the 48 hours of fast track. For example, 2:30pm",
            ),
            sent.get("opened_time"),
        ),
        sheet::select(
            reading,
            "owner",
            ("Whose is it?", OWNER),
            owners(&page.organisations, owner),
        ),
        sheet::line(
            reading,
            "professional",
            ("Name of the professional who has it", ""),
            &professional,
        ),
        day(
            "urgent_until",
            "Last day of an urgent authorisation, if one runs",
            "Only for a standard authorisation of deprivation of liberty",
            boxes(sent, "urgent_until"),
        ),
    ]
}

const START: &str =
    "The day the checklist, form, request or news was received, or of the last plan or review";
const OWNER: &str = "A safeguarding enquiry is shown to its owner alone";
