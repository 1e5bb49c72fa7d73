//! What a person says about sharing, written down by staff: agreement, objection, the national
//! data opt-out; and an objection set aside where the law wants it.
//!
//! Source: RULES H.5, H.7; UK GDPR article 21 (the right to object) and article 18.

use crate::{App, Error, Subject};
use ::person::Person;
use ::person::category::Categories;
use access::{Action, Actor};
use kernel::{PersonId, WishId};
use store::wish::{self, Wish, WishKind};
use store::{journal, organisation};

/// Longest text of how it was said, in characters.
const HOW: usize = 500;

/// What a person has said, as a page shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wishes {
    /// The person.
    pub person: Person,
    /// Everything said, what stands first. The holder of an agreement is its organisation's name.
    pub said: Vec<Wish>,
    /// Whether the person is to be asked before the other sector's part is shown to the asker.
    pub ask_first: bool,
}

/// What staff write down.
#[derive(Clone, Copy, Debug)]
pub struct NewWish<'a> {
    /// What kind.
    pub kind: WishKind,
    /// Which category; empty is everything. Of an objection or its override only.
    pub category: &'a str,
    /// How it was said, or why it is set aside.
    pub how: &'a str,
}

impl App {
    /// What a person has said about sharing.
    ///
    /// # Errors
    /// Not allowed, or the store's.
    pub fn wishes(&self, actor: &Actor, id: PersonId) -> Result<Wishes, Error> {
        access::decide(actor, Action::RecordWish)?;
        self.store().write(|tx| {
            let sight = self.sight(tx, actor, id)?;
            let person = store::person::by_id(tx, sight.person)?;
            let mut said = wish::of_person(tx, sight.person)?;
            let organisations = organisation::all(tx)?;
            for one in &mut said {
                let named = organisations
                    .iter()
                    .find(|named| named.id.to_string() == one.holder);
                one.holder = named.map(|named| named.name.clone()).unwrap_or_default();
            }
            let subject = Subject {
                person: Some(sight.person),
                thing: format!("wishes of person {}", sight.person),
                results: said.len(),
                ..Subject::default()
            };
            self.looked(tx, actor, sight.allowed, Action::SeePerson, subject)?;
            Ok(Wishes {
                person: sight.shown(person.ok_or(Error::NotFound("person"))?),
                said,
                ask_first: sight.ask_first,
            })
        })
    }

    /// Writes down what a person said. An agreement is for the organisation of whoever asks.
    ///
    /// # Errors
    /// Not allowed, a category that is not known, no words, said already, or the store's.
    pub fn say_wish(&self, actor: &Actor, id: PersonId, new: NewWish<'_>) -> Result<(), Error> {
        access::decide(actor, Action::RecordWish)?;
        let how = new.how.trim();
        if how.is_empty() {
            return Err(Error::invalid("how", "Say how they told you, or why"));
        }
        if how.chars().count() > HOW {
            let text = format!("Use {HOW} characters or fewer");
            return Err(Error::invalid("how", text));
        }
        let of_category = matches!(new.kind, WishKind::Objection | WishKind::Override);
        let category = if of_category { new.category } else { "" };
        if !category.is_empty() && Categories::builtin().find(category).is_none() {
            return Err(Error::invalid("what", "Choose what it is about"));
        }
        let holder = match (new.kind, actor.organisation) {
            (WishKind::Agreement, Some(organisation)) => organisation.to_string(),
            (WishKind::Agreement, None) => return Err(Error::NotFound("organisation")),
            _ => String::new(),
        };
        self.store().write(|tx| {
            let sight = self.sight(tx, actor, id)?;
            let said = wish::of_person(tx, sight.person)?;
            let stands = |kind: WishKind, category: &str| {
                said.iter().any(|one| {
                    one.ended.is_none()
                        && one.kind == kind
                        && one.category == category
                        && one.holder == holder
                })
            };
            if stands(new.kind, category) {
                return Err(Error::invalid("what", "This is written down already"));
            }
            if new.kind == WishKind::Override && !stands(WishKind::Objection, category) {
                let text = "There is no such objection to set aside";
                return Err(Error::invalid("what", text));
            }
            let wish = Wish {
                id: self.ids().wish(),
                person: sight.person,
                kind: new.kind,
                category: category.to_owned(),
                holder: holder.clone(),
                how: how.to_owned(),
                said_at: self.now(),
                said_by: actor.display_name.clone(),
                ended: None,
            };
            wish::say(tx, &wish)?;
            let subject = Subject {
                person: Some(sight.person),
                thing: format!("wish {}", wish.id),
                results: 1,
                detail: new.kind.as_str().to_owned(),
            };
            let kind = journal::Kind::Command;
            let action = Action::RecordWish.in_words();
            self.record(tx, actor, sight.allowed, kind, action, subject)
        })
    }

    /// Ends what a person said: they took it back, or it no longer applies.
    ///
    /// # Errors
    /// Not allowed, nothing that stands, or the store's.
    pub fn end_wish(&self, actor: &Actor, id: PersonId, wish: WishId) -> Result<(), Error> {
        access::decide(actor, Action::RecordWish)?;
        self.store().write(|tx| {
            let sight = self.sight(tx, actor, id)?;
            let said = wish::of_person(tx, sight.person)?;
            let there = said.iter().any(|one| one.id == wish);
            if !there || !wish::end(tx, wish, self.now(), &actor.display_name)? {
                return Err(Error::NotFound("wish that stands"));
            }
            let subject = Subject {
                person: Some(sight.person),
                thing: format!("wish {wish}"),
                results: 1,
                detail: "ended".to_owned(),
            };
            let kind = journal::Kind::Command;
            let action = Action::RecordWish.in_words();
            self.record(tx, actor, sight.allowed, kind, action, subject)
        })
    }
}
