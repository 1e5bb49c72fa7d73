//! What a person says about sharing, written down by staff.

use super::form_page::{Entry, FormPage, List, Part};
use super::who;
use crate::components::{Choice, Field, Radios, TextArea};
use crate::door::Visit;
use crate::form::Reading;
use crate::routes::Outcome;
use crate::shell::{self, Section, Shell};
use crate::{Web, words};
use access::Actor;
use app::person::wishes::{NewWish, Wishes};
use kernel::PersonId;
use kernel::calendar::local;
use person::category::Categories;
use store::wish::{Wish, WishKind};

/// A wish in words.
fn in_words(wish: &Wish) -> String {
    let of = Categories::builtin().find(&wish.category);
    let category = of.map_or_else(|| wish.category.clone(), |one| one.words.clone());
    match (wish.kind, wish.category.is_empty()) {
        (WishKind::Objection, true) => "Do not share the record".to_owned(),
        (WishKind::Objection, false) => format!("Do not share: {category}"),
        (WishKind::Override, true) => "Objection to sharing set aside".to_owned(),
        (WishKind::Override, false) => format!("Objection set aside: {category}"),
        (WishKind::OptOut, _) => "National data opt-out".to_owned(),
        (WishKind::Agreement, _) => {
            let who = match wish.holder.is_empty() {
                true => "Your organisation",
                false => &wish.holder,
            };
            format!("{who} may see the other sector's part")
        }
    }
}

fn entry(wish: &Wish) -> Entry {
    let day = words::date(local(wish.said_at).date());
    let mut line = format!("{}. Written down by {} on {day}.", wish.how, wish.said_by);
    if let Some((at, by)) = &wish.ended {
        let day = words::date(local(*at).date());
        line.push_str(&format!(" Ended by {by} on {day}."));
    }
    Entry {
        title: in_words(wish),
        line,
        end: wish
            .ended
            .is_none()
            .then(|| (wish.id.to_string(), "Take back")),
    }
}

/// What can be written down, with the word that is sent.
fn choices(wishes: &Wishes, current: &str) -> Vec<Choice> {
    let mut all = Vec::new();
    if wishes.ask_first {
        let text = "I asked, and they agree that my organisation sees the other sector's part";
        all.push(Choice::new("agreement", text, current));
    }
    all.push(Choice::new(
        "objection",
        "They object to sharing their record at all",
        current,
    ));
    for one in Categories::builtin().all() {
        let text = format!("They object to sharing: {}", one.words);
        all.push(Choice::new(
            format!("objection {}", one.code),
            text,
            current,
        ));
    }
    let objections = wishes
        .said
        .iter()
        .filter(|one| one.kind == WishKind::Objection && one.ended.is_none());
    for one in objections {
        let value = format!("override {}", one.category);
        let text = format!("Set aside the objection “{}”", in_words(one));
        let mut choice = Choice::new(value.trim(), text, current);
        choice.hint = "Only to save life, for safeguarding, or when a court says so".to_owned();
        all.push(choice);
    }
    let text = "They want the national data opt-out: no use beyond their own care";
    all.push(Choice::new("opt-out", text, current));
    all
}

fn read(word: &str) -> Option<(WishKind, &str)> {
    let (kind, category) = word.split_once(' ').unwrap_or((word, ""));
    Some((WishKind::parse(kind)?, category))
}

fn drawn(web: &Web, visit: &Visit, id: PersonId, wishes: &Wishes, reading: Reading) -> Outcome {
    let fields = vec![
        Field::Choice(Radios {
            name: "what".to_owned(),
            legend: "What do they say?".to_owned(),
            error: reading.of("what"),
            choices: choices(wishes, visit.form.get("what")),
            ..Radios::default()
        }),
        Field::Area(TextArea {
            name: "how".to_owned(),
            label: "How did they tell you, or why is it done?".to_owned(),
            hint: "For example, said so on the telephone".to_owned(),
            value: visit.form.get("how").to_owned(),
            error: reading.of("how"),
            rows: 2,
        }),
    ];
    shell::ok(&FormPage {
        shell: Shell::new(web, visit, "What they say about sharing", Section::Person)
            .with_faults(!reading.faults.is_empty()),
        faults: reading.faults,
        saved: match visit.query.get("saved") {
            "1" => "Saved. It holds from now on",
            _ => "",
        },
        person: wishes.person.list_name(),
        back: who::address_of(id),
        back_words: "Back to the record",
        intro: vec![
            "An objection hides what other organisations hold. What your own organisation wrote, and the work of a stay in hospital, stay with those who do it.".to_owned(),
        ],
        action: format!("/person/{id}/wishes"),
        list: Some(List {
            title: "Said so far",
            none: "Nothing has been said yet.",
            entries: wishes.said.iter().map(entry).collect(),
        }),
        forms: vec![Part {
            title: "Write down what they say",
            intro: Vec::new(),
            hidden: Vec::new(),
            fields,
            button: "Save",
        }],
    })
}

pub(super) fn page(web: &Web, visit: &Visit, actor: &Actor) -> Outcome {
    let id: PersonId = visit.id("id")?;
    let wishes = web.app.wishes(actor, id)?;
    drawn(web, visit, id, &wishes, Reading::default())
}

pub(super) fn change(web: &Web, visit: &Visit, actor: &Actor) -> Outcome {
    let id: PersonId = visit.id("id")?;
    let saved = || shell::see_other(&format!("/person/{id}/wishes?saved=1"));
    if let Some(end) = visit.form.given("end") {
        let wish = end.parse().map_err(|_| app::Error::NotFound("wish"))?;
        web.app.end_wish(actor, id, wish)?;
        return Ok(saved());
    }
    let mut reading = Reading::default();
    let outcome = match read(visit.form.get("what")) {
        Some((kind, category)) => {
            let how = visit.form.get("how");
            let new = NewWish {
                kind,
                category,
                how,
            };
            web.app.say_wish(actor, id, new)
        }
        None => Err(app::Error::invalid("what", "Choose what they say")),
    };
    match outcome {
        Ok(()) => Ok(saved()),
        Err(app::Error::Invalid(errors)) => {
            for error in errors {
                reading.fault(error.field, error.text);
            }
            let wishes = web.app.wishes(actor, id)?;
            drawn(web, visit, id, &wishes, reading)
        }
        Err(other) => Err(other.into()),
    }
}
