//! About me: each heading its own small form.

use super::{START, TO_START, asked_for};
use crate::components::{Fault, Input, TextArea};
use crate::door::Visit;
use crate::routes::Outcome;
use crate::shell::{self, Section, Shell};
use crate::trouble::Trouble;
use crate::{Web, words};
use access::Actor;
use app::person::own::Heading;
use askama::Template;
use store::about_me::Said;

/// One heading of the page.
struct Shown {
    words: String,
    said: String,
    when: String,
    href: String,
}

#[derive(Template)]
#[template(path = "me/about.html")]
struct Page {
    shell: Shell,
    back: &'static str,
    back_words: &'static str,
    saved: &'static str,
    intro: &'static str,
    headings: Vec<Shown>,
}

#[derive(Template)]
#[template(path = "me/about-edit.html")]
struct EditPage {
    shell: Shell,
    back: &'static str,
    back_words: &'static str,
    faults: Vec<Fault>,
    action: String,
    words: TextArea,
    helped: Input,
    before: Vec<(String, String)>,
}

/// When and by whom something was written, and who helped.
fn written(said: &Said) -> String {
    let day = words::date(words::day_of(said.written_at));
    match said.helped_by.is_empty() {
        true => format!("Written on {day} by {}.", said.written_by),
        false => format!(
            "Written on {day} by {}. {} helped.",
            said.written_by, said.helped_by
        ),
    }
}

pub(super) fn page(web: &Web, visit: &Visit, actor: &Actor) -> Outcome {
    let found = web.app.own_about(actor, asked_for(visit))?;
    let oneself = found.mine.oneself;
    let shown = |one: &Heading| {
        let stands = one.said.first().filter(|said| !said.words.is_empty());
        Shown {
            words: one.words.clone(),
            said: stands.map(|said| said.words.clone()).unwrap_or_default(),
            when: stands.map(written).unwrap_or_default(),
            href: match oneself {
                true => format!("/me/about/{}", one.key),
                false => String::new(),
            },
        }
    };
    let title = match oneself {
        true => "About me".to_owned(),
        false => format!("About {}", found.mine.name),
    };
    shell::ok(&Page {
        shell: Shell::new(web, visit, title, Section::Own),
        back: START,
        back_words: TO_START,
        saved: match visit.query.given("saved") {
            Some(_) => "Saved. People who look after you see it first.",
            None => "",
        },
        intro: match oneself {
            true => {
                "These are your own words. People who look after you see them before anything \
                 else. Write as much or as little as you like."
            }
            false => "These are their own words.",
        },
        headings: found.headings.iter().map(shown).collect(),
    })
}

fn drawn(web: &Web, visit: &Visit, actor: &Actor, faults: Vec<Fault>) -> Outcome {
    let found = web.app.own_about(actor, None)?;
    if !found.mine.oneself {
        return Err(Trouble::NotFound);
    }
    let key = visit.param("what");
    let heading = found
        .headings
        .iter()
        .find(|one| one.key == key)
        .ok_or(Trouble::NotFound)?;
    let wrong = |field: &str| {
        faults
            .iter()
            .find(|fault| fault.field == field)
            .map(|fault| fault.text.clone())
    };
    let latest = heading.said.first();
    let typed = |field: &str, current: Option<&str>| match visit.is_form() {
        true => visit.form.get(field).to_owned(),
        false => current.unwrap_or_default().to_owned(),
    };
    shell::ok(&EditPage {
        shell: Shell::new(web, visit, heading.words.clone(), Section::Own)
            .with_faults(!faults.is_empty()),
        back: "/me/about",
        back_words: "About me",
        action: format!("/me/about/{key}"),
        words: TextArea {
            name: "words".to_owned(),
            label: "In your own words".to_owned(),
            hint: heading.hint.clone(),
            value: typed("words", latest.map(|said| said.words.as_str())),
            error: wrong("words"),
            rows: 8,
        },
        helped: Input {
            name: "helped".to_owned(),
            label: "Who helped you write this? (if somebody did)".to_owned(),
            value: typed("helped", latest.map(|said| said.helped_by.as_str())),
            error: wrong("helped"),
            ..Input::default()
        },
        before: heading
            .said
            .iter()
            .skip(1)
            .map(|said| (written(said), said.words.clone()))
            .collect(),
        faults,
    })
}

pub(super) fn edit(web: &Web, visit: &Visit, actor: &Actor) -> Outcome {
    drawn(web, visit, actor, Vec::new())
}

pub(super) fn write(web: &Web, visit: &Visit, actor: &Actor) -> Outcome {
    let heading = visit.param("what");
    let (words, helped) = (visit.form.get("words"), visit.form.get("helped"));
    match web.app.write_own_about(actor, heading, words, helped) {
        Ok(()) => Ok(shell::see_other("/me/about?saved=1")),
        Err(app::Error::Invalid(wrong)) => drawn(web, visit, actor, super::faults(&wrong)),
        Err(other) => Err(other.into()),
    }
}
