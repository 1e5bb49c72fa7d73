//! Opening a record without a relationship: with a reason, told to the privacy officer, reviewed
//! within some working days. A restricted record stays shut until somebody else approves.

use crate::flow::policy;
use crate::{App, Error, Subject};
use ::person::Person;
use ::person::opening::OpeningReason;
use ::person::relationship::Relationship;
use access::{Action, Actor, Allowed, allowed_for};
use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};
use kernel::{NhsNumber, PersonId};
use store::glass::{self, BreakGlass};
use store::relationship::{self, Kept};
use store::{Tx, journal};

/// Longest reason in words, in characters.
const WORDS: usize = 1_000;

/// Why a record is to be opened.
#[derive(Clone, Copy, Debug)]
pub struct Opening<'a> {
    /// Which reason.
    pub reason: &'a str,
    /// In the opener's own words.
    pub words: &'a str,
}

/// What becomes of asking for a record by NHS number and date of birth.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asked {
    /// It is open.
    Opened(PersonId),
    /// It is not, and why is not said: nobody is here with these, or somebody else must approve.
    NotOpened,
}

impl App {
    /// The person whose record somebody asks to open: name, date of birth and NHS number, which
    /// they know already who traced them. `None` when the record is open to them anyway.
    ///
    /// # Errors
    /// Not allowed, nobody they may know of, or the store's.
    pub fn to_open(&self, actor: &Actor, id: PersonId) -> Result<Option<Person>, Error> {
        let allowed = access::decide(actor, Action::OpenWithoutTie)?;
        self.store().write(|tx| {
            let person = match self.sight(tx, actor, id) {
                Ok(_) => return Ok(None),
                Err(Error::NoTie(person)) => person,
                Err(other) => return Err(other),
            };
            let found = store::person::by_id(tx, person)?.ok_or(Error::NotFound("person"))?;
            let subject = Subject {
                person: Some(person),
                thing: format!("person {person}"),
                ..Subject::default()
            };
            self.looked(tx, actor, allowed, Action::OpenWithoutTie, subject)?;
            Ok(Some(Person {
                nhs_number: found.nhs_number,
                family_name: found.family_name,
                given_name: found.given_name,
                birth_date: found.birth_date,
                ..Person::unknown(person)
            }))
        })
    }

    /// Opens a record without a relationship, for the hours that a parameter says. The privacy
    /// officer is told by the queue that it then waits in.
    ///
    /// # Errors
    /// Not allowed, no reason or no words, nobody they may know of, or the store's.
    pub fn open_without_tie(
        &self,
        actor: &Actor,
        id: PersonId,
        opening: Opening<'_>,
    ) -> Result<PersonId, Error> {
        access::decide(actor, Action::OpenWithoutTie)?;
        let (reason, words) = check(opening)?;
        self.store().write(|tx| match self.sight(tx, actor, id) {
            Ok(sight) => Ok(sight.person),
            Err(Error::NoTie(person)) => {
                self.break_glass(tx, actor, person, (reason, &words, false))?;
                Ok(person)
            }
            Err(other) => Err(other),
        })
    }

    /// Opens a record by NHS number and date of birth, for those who cannot see that somebody is
    /// here. The answer is the same for a restricted record, which waits for somebody else's
    /// approval from then on, and for nobody.
    ///
    /// # Errors
    /// Not allowed, no reason or no words, or the store's.
    pub fn open_by_number(
        &self,
        actor: &Actor,
        (number, born): (NhsNumber, Date),
        opening: Opening<'_>,
    ) -> Result<Asked, Error> {
        let allowed = access::decide(actor, Action::OpenWithoutTie)?;
        let (reason, words) = check(opening)?;
        self.store().write(|tx| {
            let found = store::person::by_nhs_number(tx, number)?;
            let there = found.iter().find(|one| one.birth_date == Some(born));
            let Some(there) = there else {
                let subject = Subject {
                    detail: "nobody with this number and date of birth".to_owned(),
                    ..Subject::default()
                };
                self.looked(tx, actor, allowed, Action::OpenWithoutTie, subject)?;
                return Ok(Asked::NotOpened);
            };
            match self.sight(tx, actor, there.id) {
                Ok(sight) => Ok(Asked::Opened(sight.person)),
                Err(Error::NoTie(person)) => {
                    self.break_glass(tx, actor, person, (reason, &words, false))?;
                    Ok(Asked::Opened(person))
                }
                Err(Error::NotFound(_)) => {
                    let head = store::person::head_of(tx, there.id)?.unwrap_or(there.id);
                    self.break_glass(tx, actor, head, (reason, &words, true))?;
                    Ok(Asked::NotOpened)
                }
                Err(other) => Err(other),
            }
        })
    }

    fn break_glass(
        &self,
        tx: &mut dyn Tx,
        actor: &Actor,
        person: PersonId,
        (reason, words, restricted): (OpeningReason, &str, bool),
    ) -> Result<(), Error> {
        let account = actor.account.ok_or(Error::NotFound("account"))?;
        let opening = BreakGlass {
            id: self.ids().break_glass(),
            person,
            account,
            reason: reason.as_str().to_owned(),
            words: words.to_owned(),
            restricted,
            opened_at: self.now(),
            ends_at: self.emergency_ends()?,
            approved: None,
            review_by: self.review_day()?,
            review: None,
            version: 1,
        };
        glass::insert(tx, &opening)?;
        if !restricted {
            self.tie_of_opening(tx, &opening, Relationship::Emergency, &actor.display_name)?;
        }
        let subject = Subject {
            person: Some(person),
            thing: format!("opening {}", opening.id),
            results: usize::from(!restricted),
            detail: match restricted {
                true => format!("{}; waits for a second person", reason.as_str()),
                false => reason.as_str().to_owned(),
            },
        };
        let allowed: Allowed = allowed_for(reason.purpose());
        let kind = journal::Kind::Command;
        let action = Action::OpenWithoutTie.in_words();
        self.record(tx, actor, allowed, kind, action, subject)
    }

    /// The relationship that an opening gives whoever opened it, from now until it ends.
    pub(crate) fn tie_of_opening(
        &self,
        tx: &mut dyn Tx,
        opening: &BreakGlass,
        kind: Relationship,
        made_by: &str,
    ) -> Result<(), Error> {
        let kept = Kept {
            id: self.ids().relationship(),
            person: opening.person,
            kind,
            holder: opening.account.to_string(),
            capacity: String::new(),
            starts_at: self.now(),
            ends_at: Some(opening.ends_at),
            follows: format!("opening {}", opening.id),
            made_at: self.now(),
            made_by: made_by.to_owned(),
        };
        Ok(relationship::put(tx, &kept)?)
    }

    /// Until when an opening of now lasts.
    pub(crate) fn emergency_ends(&self) -> Result<Timestamp, Error> {
        let hours = self.days("access.emergency_hours")?;
        Ok(self.now() + SignedDuration::from_hours(hours.clamp(1, 72)))
    }

    /// The last day for the review of what is opened today.
    fn review_day(&self) -> Result<Date, Error> {
        let days = self.days("access.review_working_days")?;
        let days = u16::try_from(days.max(1)).unwrap_or(u16::MAX);
        let calendar = &self.policy().calendar;
        calendar
            .add_working_days(self.today(), days)
            .map_err(policy)
    }
}

fn check(opening: Opening<'_>) -> Result<(OpeningReason, String), Error> {
    let mut wrong = Vec::new();
    let reason = OpeningReason::parse(opening.reason);
    if reason.is_none() {
        wrong.push(("reason", "Choose why you need to see the record".to_owned()));
    }
    let words = opening.words.trim();
    if words.is_empty() {
        let text = "Say in your own words what has happened";
        wrong.push(("words", text.to_owned()));
    } else if words.chars().count() > WORDS {
        wrong.push(("words", format!("Use {WORDS} characters or fewer")));
    }
    match reason {
        Some(reason) if wrong.is_empty() => Ok((reason, words.to_owned())),
        _ => Err(Error::Invalid(
            wrong
                .into_iter()
                .map(|(field, text)| crate::FieldError { field, text })
                .collect(),
        )),
    }
}
