//! The person's own pages, and their carer's: whose record somebody at home may see, the record
//! in their own view, and their letters. What they may do besides is in the modules below.
//!
//! Whoever signs in at home acts for nobody but themselves. Their own record is theirs by the
//! relationship `self`; that of somebody else only by an invitation (`person::delegation`).

mod about;
mod account;
mod carers;
mod corrections;
mod plan;
mod sharing;

pub use about::{Heading, OwnAbout};
pub use carers::{Invitation, NewCarer, ShownCarer, TakeUp};
pub use corrections::{About, Answer, AskedCorrection, CorrectionPage, CorrectionsPage};
pub use plan::OwnPlan;
pub use sharing::{Choice, HOW, Sharing};

use crate::person::Sight;
use crate::{App, Error, Subject};
use ::person::Person;
use ::person::delegation::is_chosen;
use ::person::relationship::Relationship;
use access::{Action, Actor, Allowed};
use jiff::Timestamp;
use kernel::{DelegationId, DocumentId, PersonId};
use store::correction::CorrectionState;
use store::document::{self, Document};
use store::timeline::{self, Filter, Line};
use store::{Tx, correction, journal, relationship};

/// Lines on one page: few, because phones are small and some are old.
pub const LINES: usize = 30;

/// A record that somebody at home may see.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mine {
    /// Whose it is: the head of their records.
    pub person: PersonId,
    /// Their name, first name first.
    pub name: String,
    /// Whether it is their own.
    pub oneself: bool,
    /// Until when they may see it, exclusive; `None` for their own.
    pub until: Option<Timestamp>,
    /// Codes of the parts that they may see, with spaces between; empty for their own.
    pub parts: String,
    /// The invitation by which they see it; `None` for their own.
    pub invitation: Option<DelegationId>,
}

impl Mine {
    /// Whether a part may be seen.
    pub fn has(&self, part: &str) -> bool {
        self.oneself || is_chosen(&self.parts, part)
    }
}

/// What the first page says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnHome {
    /// The records that may be seen, one's own first.
    pub records: Vec<Mine>,
    /// One's own requests that wait for an answer.
    pub waiting: usize,
    /// One's own requests that were answered in the last 30 days.
    pub answered: usize,
    /// Invitations whose code nobody has typed yet.
    pub invited: usize,
}

/// A record as the person or their carer sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnRecord {
    /// Whose record.
    pub mine: Mine,
    /// Who they are, for the person themselves; a carer is told no more than the name.
    pub person: Option<Person>,
    /// The lines of the page, newest first.
    pub lines: Vec<Line>,
    /// Page shown, from 1.
    pub page: usize,
    /// True when there are more.
    pub more: bool,
    /// Why it is shown, and what is withheld.
    pub sight: Sight,
}

/// A name as people say it.
pub(super) fn called(person: &Person) -> String {
    let names = [person.given_name.trim(), person.family_name.trim()];
    let name = names.join(" ").trim().to_owned();
    match name.is_empty() {
        true => "Name not known".to_owned(),
        false => name,
    }
}

impl App {
    /// The records that somebody at home may see, their own first.
    pub(super) fn mine(&self, tx: &mut dyn Tx, actor: &Actor) -> Result<Vec<Mine>, Error> {
        access::decide(actor, Action::SeeOwnRecord)?;
        let Some(account) = actor.account.map(|id| id.to_string()) else {
            return Ok(Vec::new());
        };
        let mut all: Vec<Mine> = Vec::new();
        for kind in [Relationship::Oneself, Relationship::Carer] {
            for (kept, head) in relationship::held_now(tx, &account, kind, self.now())? {
                // A record that is kept apart is none that a carer may know of.
                let seen = match self.sight(tx, actor, head) {
                    Err(Error::NotFound(_) | Error::NoTie(_)) => false,
                    Err(other) => return Err(other),
                    Ok(_) => all.iter().all(|one| one.person != head),
                };
                if !seen {
                    continue;
                }
                let records = store::person::records_of(tx, head)?;
                let person = ::person::together(records.iter());
                let oneself = kind == Relationship::Oneself;
                all.push(Mine {
                    person: head,
                    name: person.as_ref().map(called).unwrap_or_default(),
                    oneself,
                    until: kept.ends_at.filter(|_| !oneself),
                    invitation: carers::invitation(&kept.follows),
                    parts: if oneself {
                        String::new()
                    } else {
                        kept.capacity
                    },
                });
            }
        }
        Ok(all)
    }

    /// The one of them that is asked for; without a wish the first.
    fn chosen(&self, tx: &mut dyn Tx, actor: &Actor, of: Option<PersonId>) -> Result<Mine, Error> {
        let all = self.mine(tx, actor)?;
        let wanted = match of {
            Some(id) => store::person::head_of(tx, id)?,
            None => all.first().map(|one| one.person),
        };
        all.into_iter()
            .find(|one| Some(one.person) == wanted)
            .ok_or(Error::NotFound("record"))
    }

    /// Whose the asker's own record is.
    pub(super) fn oneself(&self, tx: &mut dyn Tx, actor: &Actor) -> Result<Mine, Error> {
        self.mine(tx, actor)?
            .into_iter()
            .find(|one| one.oneself)
            .ok_or(Error::NotFound("record of yours"))
    }

    /// The head of the asker's own record.
    pub(crate) fn own_head(&self, tx: &mut dyn Tx, actor: &Actor) -> Result<PersonId, Error> {
        self.oneself(tx, actor).map(|own| own.person)
    }

    /// Whose the asker's own record is. Nothing of it is shown, so it is no look.
    ///
    /// # Errors
    /// Not allowed, no record of their own, or the store's.
    pub fn own_person(&self, actor: &Actor) -> Result<PersonId, Error> {
        access::decide(actor, Action::SeeOwnRecord)?;
        self.store()
            .read(|tx| self.oneself(tx, actor).map(|own| own.person))
    }

    /// A journal row of what somebody at home did with their own record.
    pub(super) fn did(
        &self,
        tx: &mut dyn Tx,
        actor: &Actor,
        person: PersonId,
        action: &str,
        thing: String,
    ) -> Result<(), Error> {
        let allowed = access::decide(actor, Action::SeeOwnRecord)?;
        self.did_as(tx, actor, allowed, person, (action, thing))
    }

    /// The same, for what it rests on where the record is not their own.
    fn did_as(
        &self,
        tx: &mut dyn Tx,
        actor: &Actor,
        allowed: Allowed,
        person: PersonId,
        (action, thing): (&str, String),
    ) -> Result<(), Error> {
        let subject = Subject {
            person: Some(person),
            thing,
            results: 1,
            ..Subject::default()
        };
        self.record(tx, actor, allowed, journal::Kind::Command, action, subject)
    }

    /// A journal row of a look from home.
    fn looked_at_home(
        &self,
        tx: &mut dyn Tx,
        actor: &Actor,
        sight: &Sight,
        (thing, results): (String, usize),
    ) -> Result<(), Error> {
        let subject = Subject {
            person: Some(sight.person),
            thing,
            results,
            ..Subject::default()
        };
        self.looked(tx, actor, sight.allowed, Action::SeeOwnRecord, subject)
    }

    /// The records that somebody at home may see, and what waits for them. The names of others
    /// are shown, so each of them is a look. Of their own record nothing is.
    ///
    /// # Errors
    /// Not allowed, or the store's.
    pub fn own_home(&self, actor: &Actor) -> Result<OwnHome, Error> {
        access::decide(actor, Action::SeeOwnRecord)?;
        self.store().write(|tx| {
            let records = self.mine(tx, actor)?;
            let mut home = OwnHome {
                records,
                waiting: 0,
                answered: 0,
                invited: 0,
            };
            for one in home.records.iter().filter(|one| !one.oneself) {
                let sight = self.sight(tx, actor, one.person)?;
                let thing = format!("home of person {}", one.person);
                self.looked_at_home(tx, actor, &sight, (thing, 1))?;
            }
            let own = home.records.iter().find(|one| one.oneself);
            let Some(own) = own.map(|one| one.person) else {
                return Ok(home);
            };
            for one in correction::of_person(tx, own)? {
                let days = one
                    .answered
                    .as_ref()
                    .map(|(at, _)| kernel::calendar::days_between(self.day_of(*at), self.today()));
                match (one.state, days) {
                    (CorrectionState::Open, _) => home.waiting += 1,
                    (_, Some(..=30)) => home.answered += 1,
                    _ => {}
                }
            }
            for one in store::own::invitations(tx, own)? {
                home.invited += usize::from(self.can_be_taken_up(&one)?);
            }
            Ok(home)
        })
    }

    /// A record in the person's own view, or their carer's. Without a wish it is one's own.
    ///
    /// # Errors
    /// Not allowed, no such record for them, or the store's.
    pub fn own_record(
        &self,
        actor: &Actor,
        of: Option<PersonId>,
        page: usize,
    ) -> Result<OwnRecord, Error> {
        access::decide(actor, Action::SeeOwnRecord)?;
        self.store().write(|tx| {
            let mine = self.chosen(tx, actor, of)?;
            let sight = self.sight(tx, actor, mine.person)?;
            let page = page.max(1);
            let filter = Filter {
                offset: (page - 1).saturating_mul(LINES),
                limit: LINES + 1,
                ..Filter::default()
            };
            let mut lines = timeline::of_person(tx, mine.person, &filter, &sight.items)?;
            let more = lines.len() > LINES;
            lines.truncate(LINES);
            let person = match mine.oneself {
                true => ::person::together(store::person::records_of(tx, mine.person)?.iter()),
                false => None,
            };
            let thing = format!("person {}", mine.person);
            self.looked_at_home(tx, actor, &sight, (thing, lines.len()))?;
            Ok(OwnRecord {
                person: person.map(|person| sight.shown(person)),
                mine,
                lines,
                page,
                more,
                sight,
            })
        })
    }

    /// The lines of a record that hold a letter or another document.
    ///
    /// # Errors
    /// Not allowed, no such record for them, or the store's.
    pub fn own_letters(
        &self,
        actor: &Actor,
        of: Option<PersonId>,
    ) -> Result<(Mine, Vec<Line>), Error> {
        access::decide(actor, Action::SeeOwnRecord)?;
        self.store().write(|tx| {
            let mine = self.chosen(tx, actor, of)?;
            let sight = self.sight(tx, actor, mine.person)?;
            let lines = timeline::with_documents(tx, mine.person, &sight.items)?;
            let thing = format!("letters of person {}", mine.person);
            self.looked_at_home(tx, actor, &sight, (thing, lines.len()))?;
            Ok((mine, lines))
        })
    }

    /// A letter or another document of a record that somebody at home may see.
    ///
    /// # Errors
    /// Not allowed, not there or not for them, or the store's.
    pub fn own_letter(&self, actor: &Actor, id: DocumentId) -> Result<(Mine, Document), Error> {
        access::decide(actor, Action::SeeOwnRecord)?;
        self.store().write(|tx| {
            let gone = || Error::NotFound("letter");
            let document = document::by_id(tx, id)?.ok_or_else(gone)?;
            let mine = match self.chosen(tx, actor, Some(document.person)) {
                Err(Error::NotFound(_)) => return Err(gone()),
                other => other?,
            };
            let sight = self.sight(tx, actor, mine.person)?;
            if !document::in_scope(tx, sight.person, id, &sight.items)? {
                return Err(gone());
            }
            self.looked_at_home(tx, actor, &sight, (format!("document {id}"), 1))?;
            Ok((mine, document))
        })
    }
}
