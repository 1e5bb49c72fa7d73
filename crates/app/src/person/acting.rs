//! Who acts for a person, written down by staff, and ended when it is over or was wrong.

use crate::person::Sight;
use crate::{App, Error, FieldError, Subject};
use ::person::Person;
use ::person::acting::{Acting, problems};
use access::{Action, Actor};
use kernel::{ActingId, PersonId};
use store::acting::{self as rows, Kept};
use store::{Tx, journal};

/// Longest text, in characters.
const TEXT: usize = 200;
/// Most people who act for one person at a time.
const MOST: usize = 20;
/// The kind of line that it is, for what carers were let see.
const KIND: &str = "acting";

/// Who acts for a person, as a page shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ActingPage {
    /// The person.
    pub person: Person,
    /// Everybody who acts or acted, what was not ended first.
    pub kept: Vec<Kept>,
}

impl App {
    /// Who acts for a person. The look is journalled.
    ///
    /// # Errors
    /// Not allowed, no link with the person, or the store's.
    pub fn acting_for(&self, actor: &Actor, id: PersonId) -> Result<ActingPage, Error> {
        access::decide(actor, Action::RecordActing)?;
        self.store().write(|tx| {
            let sight = self.sight(tx, actor, id)?;
            let person = store::person::by_id(tx, sight.person)?;
            let kept = seen(tx, &sight)?;
            let subject = Subject {
                person: Some(sight.person),
                thing: format!("who acts for person {}", sight.person),
                results: kept.len(),
                ..Subject::default()
            };
            self.looked(tx, actor, sight.allowed, Action::RecordActing, subject)?;
            Ok(ActingPage {
                person: sight.shown(person.ok_or(Error::NotFound("person"))?),
                kept,
            })
        })
    }

    /// Writes down who acts for a person.
    ///
    /// # Errors
    /// Not allowed, no link with the person, `Invalid` naming the field, or the store's.
    pub fn add_acting(&self, actor: &Actor, id: PersonId, new: &Acting) -> Result<(), Error> {
        access::decide(actor, Action::RecordActing)?;
        let new = checked(new)?;
        self.store().write(|tx| {
            let sight = self.sight(tx, actor, id)?;
            let standing: Vec<Kept> = rows::of_person(tx, sight.person)?
                .into_iter()
                .filter(|one| one.ended.is_none())
                .collect();
            if standing.iter().any(|one| one.acting == new) {
                return Err(Error::invalid("name", "This is written down already"));
            }
            if standing.len() >= MOST {
                let text = format!("{MOST} people act for this person; end those who no longer do");
                return Err(Error::invalid("name", text));
            }
            let asker = self.asker(tx, actor)?;
            let kept = Kept {
                id: self.ids().acting(),
                person: sight.person,
                acting: new.clone(),
                made_at: self.now(),
                made_by: actor.display_name.clone(),
                organisation: actor.organisation_name.clone(),
                sector: asker.sector.to_owned(),
                ended: None,
            };
            rows::insert(tx, &kept)?;
            let detail = kept.acting.part.as_str();
            self.journal_acting(tx, actor, &sight, kept.id, detail)
        })
    }

    /// Ends what was written down: it is over, or it was wrong. It stays with who said so and why.
    ///
    /// # Errors
    /// Not allowed, no link with the person, nothing that stands, no reason, or the store's.
    pub fn end_acting(
        &self,
        actor: &Actor,
        id: PersonId,
        acting: ActingId,
        why: &str,
    ) -> Result<(), Error> {
        access::decide(actor, Action::RecordActing)?;
        let why = short("why", why)?;
        if why.is_empty() {
            return Err(Error::invalid("why", "Say why this no longer holds"));
        }
        self.store().write(|tx| {
            let sight = self.sight(tx, actor, id)?;
            let there = seen(tx, &sight)?.iter().any(|one| one.id == acting);
            let by = (self.now(), actor.display_name.as_str(), why.as_str());
            if !there || !rows::end(tx, acting, by)? {
                return Err(Error::NotFound("entry that stands"));
            }
            self.journal_acting(tx, actor, &sight, acting, "ended")
        })
    }

    /// Those who act for a person today, in the order in which they are turned to.
    pub(crate) fn acting_now(&self, tx: &mut dyn Tx, sight: &Sight) -> Result<Vec<Acting>, Error> {
        let standing: Vec<Acting> = seen(tx, sight)?
            .into_iter()
            .filter(|one| one.ended.is_none())
            .map(|one| one.acting)
            .collect();
        let in_order = ::person::acting::in_order(&standing, self.today());
        Ok(in_order.into_iter().cloned().collect())
    }

    fn journal_acting(
        &self,
        tx: &mut dyn Tx,
        actor: &Actor,
        sight: &Sight,
        id: ActingId,
        detail: &str,
    ) -> Result<(), Error> {
        let subject = Subject {
            person: Some(sight.person),
            thing: format!("acting {id}"),
            results: 1,
            detail: detail.to_owned(),
        };
        let kind = journal::Kind::Command;
        let action = Action::RecordActing.in_words();
        self.record(tx, actor, sight.allowed, kind, action, subject)
    }
}

/// What is written down of a person, as far as it may be shown.
fn seen(tx: &mut dyn Tx, sight: &Sight) -> Result<Vec<Kept>, Error> {
    let mut kept = rows::of_person(tx, sight.person)?;
    kept.retain(|one| sight.items.shows(&one.organisation, "", &one.sector, KIND));
    // Where the address is protected, so is the telephone of the family.
    for one in &mut kept {
        if !sight.address {
            one.acting.telephone.clear();
        }
    }
    Ok(kept)
}

fn short(field: &'static str, text: &str) -> Result<String, Error> {
    let text = text.trim();
    if text.chars().count() > TEXT {
        return Err(Error::invalid(
            field,
            format!("Use {TEXT} characters or fewer"),
        ));
    }
    Ok(text.to_owned())
}

/// What was typed without space around it, if the rules let it stand.
fn checked(new: &Acting) -> Result<Acting, Error> {
    let new = Acting {
        name: short("name", &new.name)?,
        relation: short("relation", &new.relation)?,
        telephone: short("telephone", &new.telephone)?,
        source_words: short("source_words", &new.source_words)?,
        ..new.clone()
    };
    let wrong: Vec<FieldError> = problems(&new)
        .into_iter()
        .map(|(field, text)| FieldError {
            field,
            text: text.to_owned(),
        })
        .collect();
    match wrong.is_empty() {
        true => Ok(new),
        false => Err(Error::Invalid(wrong)),
    }
}
