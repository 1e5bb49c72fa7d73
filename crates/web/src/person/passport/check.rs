//! The check of a passport that somebody shows: what its code is worth, in words, and what it
//! says if it is genuine.

use crate::components::{Fault, TextArea};
use crate::door::Visit;
use crate::routes::Outcome as Reply;
use crate::shell::{self, Section, Shell};
use crate::trouble::Trouble;
use crate::{Web, words};
use access::{Action, Actor};
use app::person::passport::{Worth, last_day};
use askama::Template;
use jiff::civil::Date;
use person::passport::Outcome;

/// What a check came to.
struct Found {
    genuine: bool,
    heading: &'static str,
    lines: Vec<String>,
    /// What the passport says, if it is genuine.
    title: String,
    facts: Vec<(String, String)>,
}

#[derive(Template)]
#[template(path = "passport/check.html")]
struct Page {
    shell: Shell,
    faults: Vec<Fault>,
    code: TextArea,
    found: Option<Found>,
    /// Public keys, each with since when and until when it signs.
    keys: Vec<(String, String)>,
    place: String,
}

fn page(
    web: &Web,
    visit: &Visit,
    fault: Option<&str>,
    found: Option<Found>,
) -> Result<Page, Trouble> {
    let keys = web.app.passport_keys()?;
    let day = |at| words::date(words::day_of(at));
    Ok(Page {
        shell: Shell::new(web, visit, "Check a passport", Section::Passports)
            .with_faults(fault.is_some()),
        faults: fault
            .map(|text| Fault {
                field: "code".to_owned(),
                text: text.to_owned(),
            })
            .into_iter()
            .collect(),
        code: TextArea {
            name: "code".to_owned(),
            label: "What the code says".to_owned(),
            hint: "Scan the square code with any telephone or scanner and put the whole text \
                   here. It begins with ALMONER:"
                .to_owned(),
            value: String::new(),
            error: fault.map(str::to_owned),
            rows: 4,
        },
        found,
        keys: keys
            .into_iter()
            .map(|key| {
                let since = match key.retired_at {
                    None => format!("Signs since {}", day(key.made_at)),
                    Some(until) => {
                        format!("Signed from {} to {}", day(key.made_at), day(until))
                    }
                };
                (key.public, since)
            })
            .collect(),
        place: words::sentence(web.app.place()),
    })
}

pub(super) fn empty(web: &Web, visit: &Visit, actor: &Actor) -> Reply {
    access::decide(actor, Action::CheckPassport).map_err(Trouble::Denied)?;
    shell::ok(&page(web, visit, None, None)?)
}

pub(super) fn checked(web: &Web, visit: &Visit, actor: &Actor) -> Reply {
    access::decide(actor, Action::CheckPassport).map_err(Trouble::Denied)?;
    let code = visit.form.get("code");
    if code.is_empty() {
        let fault = Some("Put in what the code says");
        return shell::ok(&page(web, visit, fault, None)?);
    }
    let worth = web.app.check_passport(actor, code)?;
    shell::ok(&page(web, visit, None, Some(found(&worth)))?)
}

fn found(worth: &Worth) -> Found {
    let (heading, lines) = in_words(worth.outcome, worth.day);
    let mut found = Found {
        genuine: worth.outcome == Outcome::Genuine,
        heading,
        lines,
        title: String::new(),
        facts: Vec::new(),
    };
    if let Some(stated) = &worth.stated {
        let content = &stated.content;
        let fact = |key: &str, value: String| (key.to_owned(), value);
        found.title.clone_from(&content.title);
        found.facts = vec![
            fact("Name", content.name.clone()),
            fact("Born", words::date_or(content.born)),
        ];
        found.facts.extend(content.answers.iter().cloned());
        found
            .facts
            .push(fact("Valid until", words::date(last_day(stated))));
    }
    found
}

/// What an outcome means and what to do.
fn in_words(outcome: Outcome, day: Option<Date>) -> (&'static str, Vec<String>) {
    let on = |text: &str| match day {
        Some(day) => format!("{text} {}.", words::date(day)),
        None => "It was.".to_owned(),
    };
    let never = "Do not rely on it.".to_owned();
    match outcome {
        Outcome::Genuine => (
            "This passport is genuine",
            vec![
                "It is the latest version, and it is valid today.".to_owned(),
                "Ask for the name and the date of birth: they must be those below.".to_owned(),
            ],
        ),
        Outcome::Expired => (
            "This passport is out of date",
            vec![
                on("Its last day was"),
                "Do not rely on it. Ask for a new one.".to_owned(),
            ],
        ),
        Outcome::Replaced => (
            "There is a newer version of this passport",
            vec![
                on("The newer one was made on"),
                "Do not rely on this one. Ask for the newer one.".to_owned(),
            ],
        ),
        Outcome::Ended => (
            "This passport was ended",
            vec![on("It was ended on"), never],
        ),
        Outcome::Forged => (
            "This is not a genuine passport",
            vec![
                "Somebody has changed it, or made it up. Do not rely on it.".to_owned(),
                "Scan it once more. If it says the same again, tell your privacy officer."
                    .to_owned(),
            ],
        ),
        Outcome::Elsewhere => (
            "This passport was not made here",
            vec!["Whether it is genuine cannot be said here. Ask whoever made it.".to_owned()],
        ),
        Outcome::NotOnFile => (
            "This passport is not on file",
            vec![
                "It was signed here, and nothing of it is on file. Do not rely on it.".to_owned(),
                "Tell whoever looks after Almoner.".to_owned(),
            ],
        ),
        Outcome::Unreadable => (
            "This is not the code of a passport",
            vec!["Scan it again, and put in the whole text. It begins with ALMONER:".to_owned()],
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_outcome_says_what_to_do() {
        let day = Some(jiff::civil::date(2026, 8, 6));
        for outcome in Outcome::ALL {
            let (heading, lines) = in_words(outcome, day);
            assert!(!heading.is_empty() && !lines.is_empty());
            let said = lines.join(" ");
            assert!(!said.contains("It was."), "{outcome:?}");
            let good = outcome == Outcome::Genuine;
            assert_eq!(heading == "This passport is genuine", good, "{outcome:?}");
        }
        let (_, lines) = in_words(Outcome::Replaced, day);
        assert_eq!(lines[0], "The newer one was made on 6 August 2026.");
    }
}
