//! The passports of a person, and one of them, to read and to print.

use super::qr::{self, Picture};
use super::tag;
use crate::components::Tag;
use crate::door::Visit;
use crate::person::who::{self, Who};
use crate::routes::Outcome;
use crate::shell::{self, Section, Shell};
use crate::trouble::Trouble;
use crate::{Web, words};
use access::{Action, Actor};
use app::person::passport::{PassportLine, PassportPage, State};
use askama::Template;
use kernel::{PassportId, PersonId};

/// A passport in the list.
struct Entry {
    href: String,
    title: String,
    state: Tag,
    line: String,
}

/// A template that can be filled in.
struct Offer {
    href: String,
    title: String,
    for_whom: String,
    replaces: bool,
}

#[derive(Template)]
#[template(path = "passport/list.html")]
struct ListPage {
    shell: Shell,
    who: Who,
    entries: Vec<Entry>,
    offers: Vec<Offer>,
    back: Option<String>,
}

pub(super) fn list(web: &Web, visit: &Visit, actor: &Actor) -> Outcome {
    let id: PersonId = visit.id("id")?;
    let found = web.app.passports(actor, id)?;
    let who = who::of(&found.person, None, web.app.today());
    let stands = |purpose: &str| {
        let mut lines = found.lines.iter();
        lines.any(|line| line.purpose == purpose && line.state != State::Ended)
    };
    shell::ok(&ListPage {
        shell: Shell::new(web, visit, "Passports", Section::Person),
        back: sees_records(actor).then(|| who.href.clone()),
        offers: found
            .templates
            .iter()
            .map(|template| Offer {
                href: format!("{}/passport/{}", who.href, template.purpose),
                title: template.title.clone(),
                for_whom: template.for_whom.clone(),
                replaces: stands(&template.purpose),
            })
            .collect(),
        entries: found.lines.iter().map(entry).collect(),
        who: Who {
            facts: who
                .facts
                .into_iter()
                .filter(|(key, _)| ["NHS number", "Born"].contains(key))
                .collect(),
            ..who
        },
    })
}

fn sees_records(actor: &Actor) -> bool {
    access::decide(actor, Action::SeePerson).is_ok()
}

fn entry(line: &PassportLine) -> Entry {
    Entry {
        href: address_of(line.id),
        title: line.title.clone(),
        state: tag(line.state),
        line: format!("{}. {}", until(line), made(line)),
    }
}

/// Address of a passport's page.
pub(super) fn address_of(id: PassportId) -> String {
    format!("/passport/{id}")
}

fn until(line: &PassportLine) -> String {
    let day = words::date(line.valid_until);
    match line.state {
        State::Valid => format!("Valid until {day}"),
        State::Expired => format!("Was valid until {day}"),
        State::Ended => format!("Ended; was to be valid until {day}"),
    }
}

fn made(line: &PassportLine) -> String {
    let (who, organisation) = &line.made_by;
    format!(
        "Version {}, made on {} by {who}, {organisation}",
        line.version,
        words::date(words::day_of(line.made_at))
    )
}

/// What the pages about one passport have in common.
struct Shown {
    title: String,
    name: String,
    born: String,
    answers: Vec<(String, String)>,
    until: String,
    made: String,
}

fn shown(page: &PassportPage) -> Shown {
    let content = &page.stated.content;
    Shown {
        title: content.title.clone(),
        name: content.name.clone(),
        born: words::date_or(content.born),
        answers: content.answers.clone(),
        until: until(&page.line),
        made: made(&page.line),
    }
}

#[derive(Template)]
#[template(path = "passport/passport.html")]
struct ShowPage {
    shell: Shell,
    saved: bool,
    back: String,
    passport: Shown,
    state: Tag,
    valid: bool,
    ended: Option<String>,
    print: String,
    replace: Option<String>,
    end: Option<String>,
    code: String,
    versions: Vec<String>,
}

pub(super) fn page(web: &Web, visit: &Visit, actor: &Actor) -> Outcome {
    let id: PassportId = visit.id("id")?;
    let found = web.app.passport(actor, id)?;
    let state = found.line.state;
    let may = found.may_change && state != State::Ended;
    let base = address_of(id);
    let person = who::address_of(found.person);
    let replace = format!("{person}/passport/{}", found.line.purpose);
    shell::ok(&ShowPage {
        shell: Shell::new(web, visit, "Passport", Section::Person),
        saved: visit.query.given("saved").is_some(),
        back: format!("{person}/passports"),
        state: tag(state),
        valid: state == State::Valid,
        ended: found.ended.as_ref().map(|end| {
            let day = words::date(words::day_of(end.at));
            format!("Ended on {day} by {}: {}", end.by, end.why)
        }),
        print: format!("{base}/print"),
        replace: may.then_some(replace),
        end: may.then(|| format!("{base}/end")),
        versions: found
            .versions
            .iter()
            .map(|(number, at, by)| {
                let day = words::date(words::day_of(*at));
                format!("Version {number}, made on {day} by {by}")
            })
            .collect(),
        passport: shown(&found),
        code: found.code,
    })
}

#[derive(Template)]
#[template(path = "passport/print.html")]
struct PrintPage {
    shell: Shell,
    back: String,
    passport: Shown,
    place: String,
    picture: Picture,
    /// A further class: few words are printed larger.
    size: &'static str,
}

/// Characters of answers up to which they are printed large, and less large.
const FEW: usize = 450;
const SOME: usize = 750;

/// The class of the size that so many characters are printed in.
const fn size_of(letters: usize) -> &'static str {
    if letters <= FEW {
        " almoner-passport--short"
    } else if letters <= SOME {
        " almoner-passport--middling"
    } else {
        ""
    }
}

pub(super) fn print(web: &Web, visit: &Visit, actor: &Actor) -> Outcome {
    let id: PassportId = visit.id("id")?;
    let found = web.app.passport_to_print(actor, id)?;
    if found.line.state != State::Valid {
        // What cannot be relied on is not put on paper.
        return Ok(shell::see_other(&address_of(id)));
    }
    let passport = shown(&found);
    let letters: usize = passport
        .answers
        .iter()
        .map(|(_, answer)| answer.chars().count())
        .sum();
    shell::ok(&PrintPage {
        shell: Shell::new(web, visit, "Passport to print", Section::Person),
        back: address_of(id),
        place: words::sentence(&found.stated.place),
        picture: qr::draw(&found.code)
            .ok_or_else(|| Trouble::Ours("the code of a passport cannot be drawn".to_owned()))?,
        size: size_of(letters),
        passport,
    })
}
