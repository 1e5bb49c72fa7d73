//! Records opened without a link: what was seen, the review, and the second person.

use super::reason;
use crate::person::{Told, Voice, tell};
use crate::{App, Error, Subject};
use ::person::relationship::Relationship;
use access::{Action, Actor};
use kernel::{BreakGlassId, limits};
use store::account::{self, Account};
use store::glass::{self, BreakGlass, GlassReview, GlassVerdict};
use store::{Tx, journal, looks};

/// An opening as the queue shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpeningLine {
    /// The opening.
    pub opening: BreakGlass,
    /// Name, role and organisation of whoever opened it.
    pub who: String,
    /// Whose record: name, date of birth and NHS number only.
    pub whose: ::person::Person,
    /// Its review is late.
    pub late: bool,
}

/// An opening with what was seen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpeningPage {
    /// The opening.
    pub line: OpeningLine,
    /// What whoever opened it did with this person's record while it was open, the earliest first.
    pub seen: Vec<Told>,
    /// Whether the asker is somebody else than whoever opened it.
    pub another: bool,
    /// Whether it waits for a second person, and has not ended meanwhile.
    pub to_approve: bool,
}

impl App {
    /// Openings whose review waits, the one due first at the top, and whether there are more.
    ///
    /// # Errors
    /// Not allowed, or the store's.
    pub fn openings(&self, actor: &Actor, page: usize) -> Result<(Vec<OpeningLine>, bool), Error> {
        let allowed = access::decide(actor, Action::ReviewLooks)?;
        self.store().write(|tx| {
            let size = limits::ROWS_A_PAGE;
            let offset = (page.max(1) - 1).saturating_mul(size);
            let mut found = glass::waiting(tx, offset, size + 1)?;
            let more = found.len() > size;
            found.truncate(size);
            let accounts = account::all(tx)?;
            let lines = found
                .into_iter()
                .map(|opening| self.opening_line(tx, &accounts, opening))
                .collect::<Result<Vec<_>, Error>>()?;
            let subject = Subject {
                results: lines.len(),
                thing: "records opened without a link".to_owned(),
                ..Subject::default()
            };
            self.looked(tx, actor, allowed, Action::ReviewLooks, subject)?;
            Ok((lines, more))
        })
    }

    fn opening_line(
        &self,
        tx: &mut dyn Tx,
        accounts: &[Account],
        opening: BreakGlass,
    ) -> Result<OpeningLine, Error> {
        let account = accounts.iter().find(|one| one.id == opening.account);
        Ok(OpeningLine {
            who: account.map_or_else(|| "Not known".to_owned(), super::unusual::who),
            whose: self.reviewed_person(tx, opening.person)?,
            late: opening.is_late(self.today()),
            opening,
        })
    }

    /// One opening, with what was seen.
    ///
    /// # Errors
    /// Not allowed, not there, or the store's.
    pub fn opening(&self, actor: &Actor, id: BreakGlassId) -> Result<OpeningPage, Error> {
        let allowed = access::decide(actor, Action::ReviewLooks)?;
        self.store().write(|tx| {
            let opening = glass::by_id(tx, id)?.ok_or(Error::NotFound("opening"))?;
            let accounts = account::all(tx)?;
            let username = accounts
                .iter()
                .find(|one| one.id == opening.account)
                .map_or("", |one| one.username.as_str());
            let window = (opening.opened_at, opening.ends_at);
            let line = self.opening_line(tx, &accounts, opening.clone())?;
            let seen: Vec<Told> = looks::of_actor(tx, username, window, &[])?
                .iter()
                .filter(|one| one.head == line.whose.id)
                .map(|one| tell(&one.look, &[], Voice::Other, self.now()))
                .collect();
            let subject = Subject {
                person: Some(line.whose.id),
                thing: format!("opening {id}"),
                results: seen.len(),
                ..Subject::default()
            };
            self.looked(tx, actor, allowed, Action::ReviewLooks, subject)?;
            Ok(OpeningPage {
                another: actor.account != Some(opening.account),
                to_approve: self.to_approve(&opening),
                line,
                seen,
            })
        })
    }

    fn to_approve(&self, opening: &BreakGlass) -> bool {
        opening.restricted
            && opening.approved.is_none()
            && opening.review.is_none()
            && self.now() < opening.ends_at
    }

    /// The opening at a version, for somebody other than whoever opened it.
    fn opening_at(
        &self,
        tx: &mut dyn Tx,
        actor: &Actor,
        id: BreakGlassId,
        version: i64,
    ) -> Result<BreakGlass, Error> {
        let opening = glass::by_id(tx, id)?.ok_or(Error::NotFound("opening"))?;
        if actor.account == Some(opening.account) {
            let text = "You opened this record. Somebody else must decide about it";
            return Err(Error::invalid("verdict", text));
        }
        if opening.version != version {
            return Err(stale(&opening));
        }
        Ok(opening)
    }

    /// Notes whether there was good cause to open a record.
    ///
    /// # Errors
    /// Not allowed, not there, one's own opening, no reason given, somebody else reviewed it
    /// meanwhile, or the store's.
    pub fn review_opening(
        &self,
        actor: &Actor,
        id: BreakGlassId,
        version: i64,
        verdict: GlassVerdict,
        why: &str,
    ) -> Result<(), Error> {
        let allowed = access::decide(actor, Action::ReviewLooks)?;
        let why = reason("why", why, "Say why, for whoever asks later")?;
        self.store().write(|tx| {
            let opening = self.opening_at(tx, actor, id, version)?;
            let found = GlassReview {
                at: self.now(),
                by: actor.display_name.clone(),
                verdict,
                why: why.to_owned(),
            };
            if !glass::review(tx, &opening, &found)? {
                return Err(stale(&opening));
            }
            let subject = Subject {
                person: Some(opening.person),
                thing: format!("opening {id}"),
                results: 1,
                detail: verdict.as_str().to_owned(),
            };
            let kind = journal::Kind::Command;
            self.record(tx, actor, allowed, kind, "looks: review opening", subject)
        })
    }

    /// Agrees, as the second person, that a restricted record is opened: from now on, for the
    /// hours that an emergency lasts.
    ///
    /// # Errors
    /// Not allowed, not there, one's own opening, one that does not wait for a second person or
    /// has ended, somebody else was first, a parameter missing, or the store's.
    pub fn approve_opening(
        &self,
        actor: &Actor,
        id: BreakGlassId,
        version: i64,
    ) -> Result<(), Error> {
        let allowed = access::decide(actor, Action::ReviewLooks)?;
        self.store().write(|tx| {
            let opening = self.opening_at(tx, actor, id, version)?;
            if !self.to_approve(&opening) {
                let text = "This opening does not wait for a second person, or it has ended";
                return Err(Error::invalid("verdict", text));
            }
            let ends_at = self.emergency_ends()?;
            if !glass::approve(tx, &opening, &actor.display_name, self.now(), ends_at)? {
                return Err(stale(&opening));
            }
            let approved = BreakGlass { ends_at, ..opening };
            let kind = Relationship::SecondPerson;
            self.tie_of_opening(tx, &approved, kind, &actor.display_name)?;
            let subject = Subject {
                person: Some(approved.person),
                thing: format!("opening {id}"),
                results: 1,
                ..Subject::default()
            };
            let kind = journal::Kind::Command;
            self.record(tx, actor, allowed, kind, "looks: approve opening", subject)
        })
    }
}

fn stale(opening: &BreakGlass) -> Error {
    let (who, what) = match (&opening.review, &opening.approved) {
        (Some(review), _) => (review.by.clone(), "it is reviewed"),
        (None, Some((_, who))) => (who.clone(), "it is approved"),
        (None, None) => ("Somebody".to_owned(), "it is not as it was shown"),
    };
    Error::Stale {
        who,
        what: what.to_owned(),
    }
}
