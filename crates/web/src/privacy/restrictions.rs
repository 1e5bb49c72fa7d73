//! Restricted records and addresses: the list, finding somebody, and one person's.

use super::{Whose, wrong};
use crate::components::{Choice, DateInput, Fault, Input, Radios, Select, TextArea};
use crate::door::Visit;
use crate::form::{self, Reading};
use crate::routes::Outcome;
use crate::shell::{self, Section, Shell};
use crate::{Web, words};
use access::{Action, Actor};
use app::privacy::{RestrictedPerson, RestrictionLine};
use askama::Template;
use kernel::{AccountId, NhsNumber, PersonId};
use store::wish::Restriction;

/// A restriction that stands.
struct Line {
    href: String,
    whose: Whose,
    kind: &'static str,
    why: String,
    made: String,
    nobody: bool,
}

#[derive(Template)]
#[template(path = "privacy/restrictions.html")]
struct ListPage {
    shell: Shell,
    faults: Vec<Fault>,
    lines: Vec<Line>,
    number: Input,
    born: DateInput,
}

fn kind(restriction: &Restriction) -> &'static str {
    match restriction.whole {
        true => "The whole record",
        false => "Address and telephone",
    }
}

fn made(restriction: &Restriction) -> String {
    format!(
        "{}, {}",
        restriction.made_by,
        words::date(words::day_of(restriction.made_at))
    )
}

fn list_drawn(web: &Web, visit: &Visit, actor: &Actor, reading: Reading) -> Outcome {
    let found = web.app.restrictions(actor)?;
    let line = |one: &RestrictionLine| Line {
        href: format!("/privacy/restrictions/{}", one.whose.id),
        whose: Whose::of(&one.whose),
        kind: kind(&one.restriction),
        why: one.restriction.why.clone(),
        made: made(&one.restriction),
        nobody: one.nobody,
    };
    shell::ok(&ListPage {
        shell: Shell::new(web, visit, "Restricted records", Section::Privacy)
            .with_faults(!reading.faults.is_empty()),
        lines: found.iter().map(line).collect(),
        number: Input {
            name: "number".to_owned(),
            label: "NHS number".to_owned(),
            hint: "10 digits, such as 999 000 0018".to_owned(),
            value: visit.form.get("number").to_owned(),
            error: reading.of("number"),
            classes: "nhsuk-input--width-10".to_owned(),
            inputmode: "numeric".to_owned(),
            autocomplete: "off".to_owned(),
        },
        born: form::date_input(
            "born",
            "Date of birth",
            "For example, 6 8 1938",
            form::boxes(&visit.form, "born"),
            reading.of("born"),
        ),
        faults: reading.faults,
    })
}

pub(super) fn list(web: &Web, visit: &Visit, actor: &Actor) -> Outcome {
    list_drawn(web, visit, actor, Reading::default())
}

/// Number and day are sent in the body, and the address that follows holds neither.
pub(super) fn find(web: &Web, visit: &Visit, actor: &Actor) -> Outcome {
    access::decide(actor, Action::Restrict).map_err(app::Error::from)?;
    let mut reading = Reading::default();
    let number = NhsNumber::parse(visit.form.get("number")).ok();
    if number.is_none() {
        reading.fault("number", "Enter an NHS number of 10 digits that adds up");
    }
    let born = reading.needed_date(&visit.form, "born", "The date of birth");
    if let (Some(number), Some(born)) = (number, born) {
        match web.app.find_to_restrict(actor, number, born) {
            Ok(person) => {
                return Ok(shell::see_other(&format!("/privacy/restrictions/{person}")));
            }
            Err(app::Error::NotFound(_)) => {
                let text = "No record here has this NHS number and this date of birth";
                reading.fault("number", text);
            }
            Err(other) => return Err(other.into()),
        }
    }
    list_drawn(web, visit, actor, reading)
}

/// A restriction on one person's page.
struct Entry {
    id: String,
    kind: &'static str,
    line: String,
    stands: bool,
}

/// Somebody who is named.
struct NamedEntry {
    id: String,
    who: String,
    until: String,
}

#[derive(Template)]
#[template(path = "privacy/restriction.html")]
struct OnePage {
    shell: Shell,
    faults: Vec<Fault>,
    saved: bool,
    whose: Whose,
    action: String,
    entries: Vec<Entry>,
    whole: bool,
    both: bool,
    named: Vec<NamedEntry>,
    kind: Radios,
    why: TextArea,
    why_lift: TextArea,
    lift: Radios,
    account: Select,
    until: DateInput,
}

pub(super) fn page(web: &Web, visit: &Visit, actor: &Actor) -> Outcome {
    access::decide(actor, Action::Restrict).map_err(app::Error::from)?;
    let found = web.app.restricted_person(actor, visit.id("id")?)?;
    shell::ok(&drawn(web, visit, found, Reading::default()))
}

fn entry(one: &Restriction, found: &RestrictedPerson) -> Entry {
    let ended = one.ended.as_ref().map(|(at, by)| {
        let day = words::date(words::day_of(*at));
        let why = found.lifted.iter().find(|(id, _)| *id == one.id);
        let why = why.map_or("", |(_, why)| why.as_str());
        format!(". Lifted: {why} ({by}, {day})")
    });
    Entry {
        id: one.id.to_string(),
        kind: kind(one),
        line: format!("{} ({}){}", one.why, made(one), ended.unwrap_or_default()),
        stands: one.ended.is_none(),
    }
}

fn drawn(web: &Web, visit: &Visit, found: RestrictedPerson, reading: Reading) -> OnePage {
    let stands = |whole: bool| {
        found
            .restrictions
            .iter()
            .any(|one| one.whole == whole && one.ended.is_none())
    };
    let entries: Vec<Entry> = found
        .restrictions
        .iter()
        .map(|one| entry(one, &found))
        .collect();
    let lift = entries
        .iter()
        .filter(|one| one.stands)
        .map(|one| Choice::new(one.id.clone(), one.kind, visit.form.get("restriction")))
        .collect();
    let mut kinds = Vec::new();
    if !stands(true) {
        let mut choice = Choice::new("record", "The whole record", visit.form.get("kind"));
        choice.hint = "Only those you name see it. To others, the person is not here.".to_owned();
        kinds.push(choice);
    }
    if !stands(false) {
        let mut choice = Choice::new("address", "Address and telephone", visit.form.get("kind"));
        choice.hint = "The rest of the record is shown as before.".to_owned();
        kinds.push(choice);
    }
    let mut accounts = vec![Choice::new(
        "",
        "Choose somebody",
        visit.form.get("account"),
    )];
    accounts.extend(
        found
            .accounts
            .iter()
            .map(|(id, who)| Choice::new(id.to_string(), who, visit.form.get("account"))),
    );
    OnePage {
        shell: Shell::new(web, visit, "Restrict a record", Section::Privacy)
            .with_faults(!reading.faults.is_empty()),
        saved: visit.query.given("saved").is_some(),
        whose: Whose::of(&found.whose),
        action: format!("/privacy/restrictions/{}", found.whose.id),
        whole: stands(true),
        both: kinds.is_empty(),
        named: found
            .named
            .iter()
            .map(|one| NamedEntry {
                id: one.relationship.to_string(),
                who: one.who.clone(),
                until: one.until.map_or_else(
                    || "no last day".to_owned(),
                    |day| format!("until {}", words::date(day)),
                ),
            })
            .collect(),
        kind: Radios {
            name: "kind".to_owned(),
            legend: "What do you restrict?".to_owned(),
            hint: String::new(),
            error: reading.of("kind"),
            choices: kinds,
        },
        why: area("why", "Why", &reading, visit),
        why_lift: area("why-lift", "Why it is no longer needed", &reading, visit),
        lift: Radios {
            name: "restriction".to_owned(),
            legend: "Which restriction do you lift?".to_owned(),
            hint: "Those named for it lose sight of the record unless they have another link."
                .to_owned(),
            error: reading.of("restriction"),
            choices: lift,
        },
        account: Select {
            name: "account".to_owned(),
            label: "Who may see this record".to_owned(),
            hint: String::new(),
            error: reading.of("account"),
            choices: accounts,
        },
        until: form::date_input(
            "until",
            "Until the end of",
            &format!("Not later than {}", words::date(found.latest)),
            form::boxes(&visit.form, "until"),
            reading.of("until"),
        ),
        faults: reading.faults,
        entries,
    }
}

fn area(name: &str, label: &str, reading: &Reading, visit: &Visit) -> TextArea {
    TextArea {
        name: name.to_owned(),
        label: label.to_owned(),
        hint: "For whoever asks later.".to_owned(),
        value: visit.form.get(name).to_owned(),
        error: reading.of(name),
        rows: 2,
    }
}

pub(super) fn change(web: &Web, visit: &Visit, actor: &Actor) -> Outcome {
    access::decide(actor, Action::Restrict).map_err(app::Error::from)?;
    let person: PersonId = visit.id("id")?;
    match changed(web, visit, actor, person) {
        Ok(()) => Ok(shell::see_other(&format!(
            "/privacy/restrictions/{person}?saved=1"
        ))),
        Err(error) => {
            let reading = match error {
                Either::Form(reading) => reading,
                Either::App(error) => wrong(error)?,
            };
            let found = web.app.restricted_person(actor, person)?;
            shell::ok(&drawn(web, visit, found, reading))
        }
    }
}

/// What stood in the way: what was typed, or what the command says.
enum Either {
    Form(Reading),
    App(app::Error),
}

impl From<app::Error> for Either {
    fn from(error: app::Error) -> Self {
        Self::App(error)
    }
}

fn changed(web: &Web, visit: &Visit, actor: &Actor, person: PersonId) -> Result<(), Either> {
    let (app, form) = (&web.app, &visit.form);
    let missing = |field: &'static str, text: &str| app::Error::invalid(field, text);
    match form.get("do") {
        "put" => {
            let whole = match form.get("kind") {
                "record" => true,
                "address" => false,
                _ => return Err(missing("kind", "Choose what you restrict").into()),
            };
            app.restrict(actor, person, whole, form.get("why"))?;
        }
        "lift" => {
            let id = form
                .parsed("restriction")
                .ok_or_else(|| missing("restriction", "Choose which restriction you lift"))?;
            app.lift(actor, person, id, form.get("why-lift"))?;
        }
        "name" => {
            let mut reading = Reading::default();
            let account: Option<AccountId> = form.parsed("account");
            if account.is_none() {
                reading.fault("account", "Choose who may see this record");
            }
            let until = reading.needed_date(form, "until", "The last day");
            match (account, until) {
                (Some(account), Some(until)) => {
                    app.name_for_restricted(actor, person, account, until)?;
                }
                _ => return Err(Either::Form(reading)),
            }
        }
        "unname" => {
            let id = form
                .parsed("relationship")
                .ok_or(app::Error::NotFound("person who is named"))?;
            app.unname(actor, person, id)?;
        }
        _ => return Err(app::Error::NotFound("change").into()),
    }
    Ok(())
}
