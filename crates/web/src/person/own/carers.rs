//! Inviting a carer, ending it, and taking an invitation up.

use super::{START, TO_START, words as own_words};
use crate::components::{Choice, DateInput, Fault, Input, Tag};
use crate::door::Visit;
use crate::form::{self, Reading};
use crate::routes::Outcome;
use crate::shell::{self, Section, Shell};
use crate::trouble::Trouble;
use crate::{Web, words};
use ::person::delegation::{PARTS, chosen};
use access::Actor;
use app::person::own::{NewCarer, ShownCarer, TakeUp};
use askama::Template;
use axum::http::StatusCode;
use kernel::DelegationId;

/// One carer.
struct Carer {
    name: String,
    tie: String,
    state: Tag,
    when: String,
    parts_seen: Vec<&'static str>,
    end: String,
}

#[derive(Template)]
#[template(path = "me/carers.html")]
struct Page {
    shell: Shell,
    back: &'static str,
    back_words: &'static str,
    saved: &'static str,
    carers: Vec<Carer>,
}

#[derive(Template)]
#[template(path = "me/invite.html")]
struct InvitePage {
    shell: Shell,
    back: &'static str,
    back_words: &'static str,
    faults: Vec<Fault>,
    name: Input,
    tie: Input,
    parts_error: Option<String>,
    choices: Vec<Choice>,
    until: DateInput,
}

#[derive(Template)]
#[template(path = "me/code.html")]
struct CodePage {
    shell: Shell,
    back: &'static str,
    back_words: &'static str,
    name: String,
    code: String,
    code_until: String,
}

#[derive(Template)]
#[template(path = "me/end.html")]
struct EndPage {
    shell: Shell,
    back: &'static str,
    back_words: &'static str,
    effect: String,
    action: String,
}

#[derive(Template)]
#[template(path = "me/take-up.html")]
struct TakeUpPage {
    shell: Shell,
    back: &'static str,
    back_words: &'static str,
    faults: Vec<Fault>,
    code: Input,
}

fn told(one: &ShownCarer) -> Carer {
    let it = &one.delegation;
    let day = |at| words::date(words::day_of(at));
    let last = own_words::last_day(it.ends_at);
    let (state, when) = if let Some((at, who)) = &it.ended {
        (
            Tag::new("Stopped", "grey"),
            format!("Stopped on {} by {who}.", day(*at)),
        )
    } else if one.looks {
        (
            Tag::new("Can look", "green"),
            format!("They can look until {last}."),
        )
    } else if one.waits {
        let until = own_words::last_day(one.code_until);
        (
            Tag::new("Has a code", "blue"),
            format!("They have not used the code yet. It works until {until}."),
        )
    } else if it.account.is_some() {
        (
            Tag::new("Over", "grey"),
            format!("They could look until {last}."),
        )
    } else {
        (
            Tag::new("Code not used", "grey"),
            "The code was not used in time. You can invite them again.".to_owned(),
        )
    };
    Carer {
        name: it.carer.clone(),
        tie: words::sentence(&it.tie),
        state,
        when,
        parts_seen: chosen(&it.parts).map(|part| part.words).collect(),
        end: match one.looks || one.waits {
            true => format!("/me/carers/{}/end", it.id),
            false => String::new(),
        },
    }
}

pub(super) fn page(web: &Web, visit: &Visit, actor: &Actor) -> Outcome {
    let carers = web.app.own_carers(actor)?;
    shell::ok(&Page {
        shell: Shell::new(web, visit, "My carers", Section::Own),
        back: START,
        back_words: TO_START,
        saved: match visit.query.given("saved") {
            Some(_) => "Stopped. They can no longer look.",
            None => "",
        },
        carers: carers.iter().map(told).collect(),
    })
}

fn invite_page(web: &Web, visit: &Visit, faults: Vec<Fault>) -> Outcome {
    let wrong = |field: &str| {
        faults
            .iter()
            .find(|fault| fault.field == field)
            .map(|fault| fault.text.clone())
    };
    let input = |name: &str, label: &str, hint: &str| Input {
        name: name.to_owned(),
        label: label.to_owned(),
        hint: hint.to_owned(),
        value: visit.form.get(name).to_owned(),
        error: wrong(name),
        ..Input::default()
    };
    let choices = PARTS.iter().map(|part| {
        let ticked = visit.form.get(&format!("part-{}", part.code));
        Choice {
            value: part.code.to_owned(),
            text: part.words.to_owned(),
            hint: String::new(),
            chosen: ticked == "yes",
        }
    });
    let last = words::date(web.app.last_day_for_a_carer()?);
    shell::ok(&InvitePage {
        shell: Shell::new(web, visit, "Invite a carer", Section::Own)
            .with_faults(!faults.is_empty()),
        back: "/me/carers",
        back_words: "My carers",
        name: input("name", "Their name", ""),
        tie: input(
            "tie",
            "Who are they to you?",
            "For example, daughter, neighbour or friend",
        ),
        parts_error: wrong("parts"),
        choices: choices.collect(),
        until: form::date_input(
            "until",
            "What is the last day they may look?",
            &format!("For example, 6 8 2026. It can be no later than {last}."),
            form::boxes(&visit.form, "until"),
            wrong("until-day"),
        ),
        faults,
    })
}

pub(super) fn form_page(web: &Web, visit: &Visit, actor: &Actor) -> Outcome {
    web.app.own_person(actor)?;
    invite_page(web, visit, Vec::new())
}

pub(super) fn invite(web: &Web, visit: &Visit, actor: &Actor) -> Outcome {
    web.app.own_person(actor)?;
    let mut reading = Reading::default();
    let until = reading.needed_date(&visit.form, "until", "The last day");
    let parts: Vec<&str> = PARTS
        .iter()
        .filter(|part| visit.form.get(&format!("part-{}", part.code)) == "yes")
        .map(|part| part.code)
        .collect();
    let new = NewCarer {
        name: visit.form.get("name"),
        tie: visit.form.get("tie"),
        parts: &parts,
        // A day that could not be read is told of below, with whatever else is wrong.
        until: until.unwrap_or(web.app.today()),
    };
    if until.is_none() {
        let mut faults = match web.app.check_carer(&new) {
            Err(app::Error::Invalid(wrong)) => super::faults(&wrong),
            Err(other) => return Err(other.into()),
            Ok(_) => Vec::new(),
        };
        faults.extend(reading.faults);
        return invite_page(web, visit, faults);
    }
    match web.app.invite_carer(actor, &new) {
        Ok(invitation) => shell::ok(&CodePage {
            shell: Shell::new(web, visit, "Give this code to your carer", Section::Own),
            back: "/me/carers",
            back_words: "My carers",
            name: new.name.to_owned(),
            code: invitation.code,
            code_until: own_words::last_day(invitation.code_until),
        }),
        Err(app::Error::Invalid(wrong)) => invite_page(web, visit, super::faults(&wrong)),
        Err(other) => Err(other.into()),
    }
}

/// The page before an invitation is ended: the person's own, or the carer's.
pub(super) fn end_page(web: &Web, visit: &Visit, actor: &Actor) -> Outcome {
    let id: DelegationId = visit.id("id")?;
    let home = web.app.own_home(actor)?;
    if let Some(mine) = home.records.iter().find(|one| one.invitation == Some(id)) {
        return shell::ok(&EndPage {
            shell: Shell::new(
                web,
                visit,
                format!("Stop seeing {}’s record", mine.name),
                Section::Own,
            ),
            back: START,
            back_words: TO_START,
            effect: format!(
                "You will no longer see it. To see it again, {} must invite you again.",
                mine.name
            ),
            action: format!("/me/carers/{id}/end?by=carer"),
        });
    }
    let carers = web.app.own_carers(actor)?;
    let one = carers
        .iter()
        .find(|one| one.delegation.id == id)
        .ok_or(Trouble::NotFound)?;
    let name = &one.delegation.carer;
    shell::ok(&EndPage {
        shell: Shell::new(
            web,
            visit,
            format!("Stop letting {name} see your record"),
            Section::Own,
        ),
        back: "/me/carers",
        back_words: "My carers",
        effect: format!(
            "{name} can no longer look from the moment you stop it. What they saw before, they \
             may remember."
        ),
        action: format!("/me/carers/{id}/end"),
    })
}

pub(super) fn end(web: &Web, visit: &Visit, actor: &Actor) -> Outcome {
    web.app.end_carer(actor, visit.id("id")?)?;
    Ok(shell::see_other(match visit.query.get("by") {
        "carer" => "/me?saved=ended",
        _ => "/me/carers?saved=ended",
    }))
}

fn take_up_page(web: &Web, visit: &Visit, status: StatusCode, wrong: Option<&str>) -> Outcome {
    let faults: Vec<Fault> = wrong
        .iter()
        .map(|text| Fault {
            field: "code".to_owned(),
            text: (*text).to_owned(),
        })
        .collect();
    shell::page(
        status,
        &TakeUpPage {
            shell: Shell::new(web, visit, "Type your code", Section::Own)
                .with_faults(!faults.is_empty()),
            back: START,
            back_words: TO_START,
            code: Input {
                name: "code".to_owned(),
                label: "The code".to_owned(),
                hint: "12 letters and numbers, such as ABCD-2345-EFGH".to_owned(),
                value: visit.form.get("code").to_owned(),
                error: wrong.map(str::to_owned),
                classes: "nhsuk-input--width-20".to_owned(),
                autocomplete: "off".to_owned(),
                ..Input::default()
            },
            faults,
        },
    )
}

pub(super) fn code_page(web: &Web, visit: &Visit, actor: &Actor) -> Outcome {
    access::decide(actor, access::Action::SeeOwnRecord).map_err(Trouble::Denied)?;
    take_up_page(web, visit, StatusCode::OK, None)
}

pub(super) fn take_up(web: &Web, visit: &Visit, actor: &Actor) -> Outcome {
    access::decide(actor, access::Action::SeeOwnRecord).map_err(Trouble::Denied)?;
    let typed = visit.form.get("code");
    if typed.is_empty() {
        let text = "Type the code that you were given";
        return take_up_page(web, visit, StatusCode::OK, Some(text));
    }
    let (name, now) = (format!("code of {}", actor.username), web.app.now());
    if web.attempts.must_wait(&name, now) {
        let text = "There were too many wrong tries. Wait 5 minutes and try again";
        return take_up_page(web, visit, StatusCode::TOO_MANY_REQUESTS, Some(text));
    }
    match web.app.take_up(actor, typed)? {
        TakeUp::Done(_) => {
            web.attempts.right(&name);
            Ok(shell::see_other("/me?saved=taken"))
        }
        TakeUp::Refused => {
            web.attempts.wrong(&name, now);
            let text = "This code does not work. Check each letter. It may be used already or too \
                        old: then ask for a new one";
            take_up_page(web, visit, StatusCode::OK, Some(text))
        }
    }
}
