//! Finding a person: one box for whatever is known. What is typed is sent in
//! the body, never in an address, and goes into no log.

use super::who;
use crate::Web;
use crate::components::{Fault, Input};
use crate::door::Visit;
use crate::form::Reading;
use crate::routes::Outcome;
use crate::shell::{self, Section, Shell};
use crate::words;
use access::{Action, Actor};
use app::person::Hit as Found;
use askama::Template;

/// One person found.
struct Hit {
    /// Whether their record can be opened.
    tie: bool,
    href: String,
    name: String,
    nhs_number: String,
    birth: String,
    address: String,
}

#[derive(Template)]
#[template(path = "person/find.html")]
struct Page {
    shell: Shell,
    faults: Vec<Fault>,
    query: Input,
    hits: Option<Vec<Hit>>,
    summary: String,
    mine: Vec<Mine>,
    /// Whether a record can be opened without a link.
    emergency: bool,
}

/// Somebody on one's own caseload.
struct Mine {
    href: String,
    name: String,
    line: String,
}

/// One's own caseload, shown before anything is typed.
fn mine(web: &Web, actor: &Actor) -> Result<Vec<Mine>, app::Error> {
    if access::decide(actor, Action::TakeOn).is_err() {
        return Ok(Vec::new());
    }
    let entry = |one: app::person::caseload::Mine| {
        let until = match one.until {
            Some(day) => format!("until {}", words::date(day)),
            None => "with no last day".to_owned(),
        };
        let capacity = match one.capacity.is_empty() {
            true => "On your caseload",
            false => &one.capacity,
        };
        let plan = match &one.plan {
            None => "No care and support plan.".to_owned(),
            Some(plan) => format!(
                "{}. Plan co-ordinated by {}.",
                person::plan::review_in_words(plan.review_on, web.app.today()),
                match plan.yours {
                    true => "you",
                    false => words::known(&plan.coordinator),
                }
            ),
        };
        Mine {
            href: who::address_of(one.person.id),
            name: one.person.list_name(),
            line: match one.caseload {
                true => format!("{}, {until}. {plan}", words::sentence(capacity)),
                false => format!("Not on your caseload. {plan}"),
            },
        }
    };
    Ok(web.app.my_people(actor)?.into_iter().map(entry).collect())
}

fn drawn(
    web: &Web,
    visit: &Visit,
    actor: &Actor,
    reading: Reading,
    (hits, mine): (Option<Vec<Hit>>, Vec<Mine>),
) -> Page {
    let summary = match hits.as_ref().map(Vec::len) {
        None | Some(0) => "Nobody was found".to_owned(),
        Some(count) => format!(
            "{} found",
            words::counted(i64::try_from(count).unwrap_or(i64::MAX), "person")
        ),
    };
    Page {
        shell: Shell::new(web, visit, "Find a person", Section::Person)
            .with_faults(!reading.faults.is_empty()),
        query: Input {
            name: "search".to_owned(),
            label: "NHS number, name, date of birth or postcode".to_owned(),
            hint: "For example, 999 123 4567, or Jones 6/8/1938, or BZ1".to_owned(),
            value: visit.form.get("search").to_owned(),
            error: reading.of("search"),
            autocomplete: "off".to_owned(),
            ..Input::default()
        },
        faults: reading.faults,
        hits,
        summary,
        mine,
        emergency: access::decide(actor, Action::OpenWithoutTie).is_ok(),
    }
}

pub(super) fn empty(web: &Web, visit: &Visit, actor: &Actor) -> Outcome {
    access::decide(actor, Action::FindPerson).map_err(app::Error::from)?;
    let mine = mine(web, actor)?;
    shell::ok(&drawn(web, visit, actor, Reading::default(), (None, mine)))
}

pub(super) fn search(web: &Web, visit: &Visit, actor: &Actor) -> Outcome {
    let mut reading = Reading::default();
    let hits = match web.app.find_person(actor, visit.form.get("search")) {
        Ok(found) => {
            let today = web.app.today();
            Some(found.into_iter().map(|found| hit(found, today)).collect())
        }
        Err(app::Error::Invalid(errors)) => {
            for error in errors {
                reading.fault("search", error.text);
            }
            None
        }
        Err(other) => return Err(other.into()),
    };
    shell::ok(&drawn(web, visit, actor, reading, (hits, Vec::new())))
}

fn hit(Found { found, tie }: Found, today: jiff::civil::Date) -> Hit {
    let birth_date = found.birth_date;
    let person = person::Person {
        nhs_number: found.nhs_number,
        family_name: found.family_name,
        given_name: found.given_name,
        birth_date,
        ..person::Person::unknown(found.id)
    };
    Hit {
        tie,
        href: who::address_of(person.id),
        name: person.list_name(),
        nhs_number: who::nhs_number(person.nhs_number),
        birth: who::born(birth_date, person.age_on(today)),
        address: match tie {
            true => who::address(&found.address, &found.postcode),
            false => "You have no link with this person".to_owned(),
        },
    }
}
