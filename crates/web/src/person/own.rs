//! The person's own pages, and their carer's: in plain words, without scripts, with large print.

mod about;
mod carers;
pub(super) mod correct;
mod referrals;
mod sharing;
mod words;

use super::{document, who};
use crate::components::{Fault, Tag};
use crate::door::Visit;
use crate::routes::{Outcome, Route, staff, staff_post};
use crate::shell::{self, Section, Shell};
use crate::{Web, form};
use access::Actor;
use app::person::own::{Mine, OwnHome};
use app::person::passport::{PassportLine, State};
use askama::Template;
use kernel::{DocumentId, PersonId};

pub(super) fn routes() -> Vec<Route> {
    vec![
        staff("/me", home),
        staff("/me/record", record),
        staff("/me/looked", looked),
        staff("/me/referrals", referrals::page),
        staff("/me/letters", letters),
        staff("/me/letter/{id}", letter),
        staff("/me/letter/{id}/file", letter_file),
        staff("/me/sharing", sharing::page),
        staff("/me/sharing/{what}", sharing::choice),
        staff_post("/me/sharing/{what}", sharing::choose),
        staff("/me/correct", correct::page),
        staff_post("/me/correct", correct::ask),
        staff("/me/about", about::page),
        staff("/me/about/{what}", about::edit),
        staff_post("/me/about/{what}", about::write),
        staff("/me/carers", carers::page),
        staff("/me/carers/invite", carers::form_page),
        staff_post("/me/carers/invite", carers::invite),
        staff("/me/carers/{id}/end", carers::end_page),
        staff_post("/me/carers/{id}/end", carers::end),
        staff("/me/take-up", carers::code_page),
        staff_post("/me/take-up", carers::take_up),
    ]
}

/// What is wrong with a form, by the ids of its fields.
pub(super) fn faults(wrong: &[app::FieldError]) -> Vec<Fault> {
    let field = |one: &app::FieldError| match one.field {
        "until" => "until-day".to_owned(),
        other => other.to_owned(),
    };
    wrong
        .iter()
        .map(|one| Fault {
            field: field(one),
            text: one.text.clone(),
        })
        .collect()
}

/// Where the pages start, and what the link to there says.
const START: &str = "/me";
const TO_START: &str = "Your pages";

/// A link of a first page, with what is behind it.
struct Door {
    href: String,
    text: &'static str,
    note: String,
}

/// One line of what is new.
struct News {
    href: &'static str,
    text: String,
}

/// Somebody else's record.
struct Other {
    heading: String,
    note: String,
    links: Vec<Door>,
}

#[derive(Template)]
#[template(path = "me/home.html")]
struct HomePage {
    shell: Shell,
    back: &'static str,
    back_words: &'static str,
    saved: &'static str,
    news: Vec<News>,
    own: Vec<Door>,
    others: Vec<Other>,
}

/// The query by which a page is about somebody else's record.
fn of(mine: &Mine) -> String {
    match mine.oneself {
        true => String::new(),
        false => format!("?of={}", mine.person),
    }
}

fn asked_for(visit: &Visit) -> Option<PersonId> {
    visit.query.parsed("of")
}

fn home(web: &Web, visit: &Visit, actor: &Actor) -> Outcome {
    let found = web.app.own_home(actor)?;
    let is_there = found.records.iter().any(|one| one.oneself);
    shell::ok(&HomePage {
        shell: Shell::new(web, visit, "Your pages", Section::Own),
        back: "",
        back_words: "",
        saved: match visit.query.get("saved") {
            "taken" => "Your code worked. You can see what they let you see.",
            "ended" => "You no longer see that record.",
            _ => "",
        },
        news: news(&found),
        own: if is_there { own_doors() } else { Vec::new() },
        others: found
            .records
            .iter()
            .filter(|one| !one.oneself)
            .map(other)
            .collect(),
    })
}

fn news(found: &OwnHome) -> Vec<News> {
    let mut news = Vec::new();
    let mut say = |count: usize, href, one: &str, many: &str| match count {
        0 => {}
        1 => news.push(News {
            href,
            text: one.to_owned(),
        }),
        count => news.push(News {
            href,
            text: format!("{count} {many}"),
        }),
    };
    say(
        found.answered,
        "/me/correct#asked",
        "There is an answer to what you asked to be put right",
        "things you asked to be put right have an answer",
    );
    say(
        found.waiting,
        "/me/correct#asked",
        "One thing you asked to be put right waits for an answer",
        "things you asked to be put right wait for an answer",
    );
    say(
        found.invited,
        "/me/carers",
        "A carer you invited has not used the code yet",
        "carers you invited have not used their codes yet",
    );
    news
}

fn own_doors() -> Vec<Door> {
    [
        (
            "/me/record",
            "My record",
            "What is written about you, in plain words",
        ),
        (
            "/me/looked",
            "Who looked",
            "Who saw your record, when and why",
        ),
        (
            "/me/plan",
            "My plan",
            "Your care and support plan, also in easy words",
        ),
        (
            "/me/about",
            "About me",
            "What you want people who help you to know",
        ),
        (
            "/me/sharing",
            "Sharing",
            "Agree, say no, or change your mind",
        ),
        (
            "/me/correct",
            "Put something right",
            "Tell us what is wrong in your record",
        ),
        (
            "/me/carers",
            "My carers",
            "Let somebody who helps you see parts of it",
        ),
        (
            "/me/referrals",
            "Asking for help",
            "What became of it when somebody asked for help for you",
        ),
        (
            "/me/letters",
            "My letters",
            "Letters and passports to read and print",
        ),
    ]
    .into_iter()
    .map(|(href, text, note)| Door {
        href: href.to_owned(),
        text,
        note: note.to_owned(),
    })
    .collect()
}

fn other(mine: &Mine) -> Other {
    let mut links = vec![Door {
        href: format!("/me/record{}", of(mine)),
        text: "The record",
        note: String::new(),
    }];
    if mine.has("plan") {
        links.push(Door {
            href: format!("/me/plan{}", of(mine)),
            text: "Their care and support plan",
            note: String::new(),
        });
        links.push(Door {
            href: format!("/me/about{}", of(mine)),
            text: "About them, in their own words",
            note: String::new(),
        });
    }
    if mine.has("letters") {
        links.push(Door {
            href: format!("/me/letters{}", of(mine)),
            text: "Letters",
            note: String::new(),
        });
    }
    if let Some(id) = mine.invitation {
        links.push(Door {
            href: format!("/me/carers/{id}/end"),
            text: "Stop seeing this record",
            note: String::new(),
        });
    }
    Other {
        heading: format!("{}’s record", mine.name),
        note: lets_see(mine),
        links,
    }
}

/// Until when somebody lets a carer see their record; empty for one's own.
fn lets_see(mine: &Mine) -> String {
    match (mine.oneself, mine.until) {
        (true, _) => String::new(),
        (false, Some(until)) => {
            format!(
                "{} lets you see this until {}.",
                mine.name,
                words::last_day(until)
            )
        }
        (false, None) => format!("{} lets you see this.", mine.name),
    }
}

#[derive(Template)]
#[template(path = "me/record.html")]
struct RecordPage {
    shell: Shell,
    back: &'static str,
    back_words: &'static str,
    until: String,
    parts_seen: Vec<&'static str>,
    facts: Vec<(&'static str, String)>,
    lines: Vec<words::Told>,
    newer: Option<String>,
    older: Option<String>,
    page: usize,
}

fn record(web: &Web, visit: &Visit, actor: &Actor) -> Outcome {
    let found = web
        .app
        .own_record(actor, asked_for(visit), visit.query.page())?;
    let mine = &found.mine;
    let title = match mine.oneself {
        true => "My record".to_owned(),
        false => format!("{}’s record", mine.name),
    };
    let address = |page: usize| match mine.oneself {
        true => format!("/me/record?page={page}#lines"),
        false => format!("/me/record{}&page={page}#lines", of(mine)),
    };
    let facts = found.person.as_ref().map(|person| {
        vec![
            ("Name", mine.name.clone()),
            ("Born", who::born(person.birth_date, None)),
            ("NHS number", who::nhs_number(person.nhs_number)),
            ("Address", who::address(&person.address, &person.postcode)),
            (
                "Telephone",
                crate::words::known(&person.telephone).to_owned(),
            ),
        ]
    });
    shell::ok(&RecordPage {
        shell: Shell::new(web, visit, title, Section::Own),
        back: START,
        back_words: TO_START,
        until: lets_see(mine),
        parts_seen: ::person::delegation::chosen(&mine.parts)
            .map(|part| part.told)
            .collect(),
        facts: facts.unwrap_or_default(),
        lines: found
            .lines
            .iter()
            .map(|line| words::told(line, mine.oneself))
            .collect(),
        newer: (found.page > 1).then(|| address(found.page - 1)),
        older: found.more.then(|| address(found.page + 1)),
        page: found.page,
    })
}

/// One row of who looked.
struct Looked {
    emergency: bool,
    words: String,
}

#[derive(Template)]
#[template(path = "me/looked.html")]
struct LookedPage {
    shell: Shell,
    back: &'static str,
    back_words: &'static str,
    emergency: Tag,
    rows: Vec<Looked>,
    newer: Option<String>,
    older: Option<String>,
    page: usize,
}

fn looked(web: &Web, visit: &Visit, actor: &Actor) -> Outcome {
    let person = web.app.own_person(actor)?;
    let found = web.app.who_looked(actor, person, visit.query.page())?;
    let address = |page: usize| format!("/me/looked?page={page}");
    shell::ok(&LookedPage {
        shell: Shell::new(web, visit, "Who looked", Section::Own),
        back: START,
        back_words: TO_START,
        emergency: Tag::new("Without a link to you", "orange"),
        rows: found
            .rows
            .into_iter()
            .map(|row| Looked {
                emergency: row.emergency,
                words: row.words,
            })
            .collect(),
        newer: (found.page > 1).then(|| address(found.page - 1)),
        older: found.more.then(|| address(found.page + 1)),
        page: found.page,
    })
}

#[derive(Template)]
#[template(path = "me/letters.html")]
struct LettersPage {
    shell: Shell,
    back: &'static str,
    back_words: &'static str,
    lines: Vec<words::Told>,
    passports: Vec<Passport>,
}

/// One passport.
struct Passport {
    title: String,
    facts: String,
    read: String,
    print: String,
}

fn passport(line: &PassportLine) -> Passport {
    let day = crate::words::date(line.valid_until);
    Passport {
        title: line.title.clone(),
        facts: match line.state {
            State::Valid => format!("Holds until {day}."),
            State::Expired => format!("Held until {day}. It no longer holds."),
            State::Ended => "It no longer holds.".to_owned(),
        },
        read: format!("/passport/{}", line.id),
        print: format!("/passport/{}/print", line.id),
    }
}

fn letters(web: &Web, visit: &Visit, actor: &Actor) -> Outcome {
    let (mine, lines) = web.app.own_letters(actor, asked_for(visit))?;
    let passports = web.app.passports(actor, mine.person)?.lines;
    let title = match mine.oneself {
        true => "My letters".to_owned(),
        false => format!("{}’s letters", mine.name),
    };
    shell::ok(&LettersPage {
        shell: Shell::new(web, visit, title, Section::Own),
        back: START,
        back_words: TO_START,
        lines: lines
            .iter()
            .map(|line| words::told(line, mine.oneself))
            .collect(),
        passports: passports.iter().map(passport).collect(),
    })
}

fn letter(web: &Web, visit: &Visit, actor: &Actor) -> Outcome {
    let id: DocumentId = visit.id("id")?;
    let (mine, found) = web.app.own_letter(actor, id)?;
    let place = document::Around {
        section: Section::Own,
        person: mine.name.clone(),
        back: format!("/me/letters{}", of(&mine)),
        back_words: "Letters",
        file: format!("/me/letter/{id}/file"),
    };
    document::drawn(web, visit, &found, place)
}

fn letter_file(web: &Web, visit: &Visit, actor: &Actor) -> Outcome {
    let (_, found) = web.app.own_letter(actor, visit.id("id")?)?;
    Ok(document::as_file(found))
}

/// The address of a request to put one line right.
fn correct_line(id: kernel::TimelineId) -> String {
    format!("/me/correct?line={}", form::escape(&id.to_string()))
}
