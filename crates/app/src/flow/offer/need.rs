//! Writing a need, and the list of needs.

use crate::flow::stay::name_of;
use crate::{App, Error, FieldError, Subject};
use ::flow::offer::need::age_band;
use ::flow::offer::{Kind, Need, NeedState, Visits, Way};
use ::person::Person;
use access::{Action, Actor};
use jiff::civil::Date;
use kernel::calendar::add_days;
use kernel::{NeedId, PersonId, StayId};
use store::flow as stays;
use store::offer::{self as rows, NeedRow};
use store::{Tx, journal, organisation};

/// Longest text of what a service must know, in characters.
const WORDS: usize = 2_000;
/// A need, who pays, and what a service must know, as they were checked.
pub(in crate::flow) type Checked = (Need, String, String);
/// Needs on one page of the list.
const A_PAGE: usize = 50;

/// What a need is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum About {
    /// A stay that it is to end.
    Stay(StayId),
    /// A person who is not in hospital.
    Person(PersonId),
}

/// A need as typed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NewNeed {
    /// Kind of care.
    pub kind: Option<Kind>,
    /// Postcode district or town.
    pub zone: String,
    /// Visits at home.
    pub visits: Vec<Visits>,
    /// Two workers at each visit.
    pub double_handed: bool,
    /// Codes of skills.
    pub skills: Vec<String>,
    /// First day wanted.
    pub starts_on: Option<Date>,
    /// Last acceptable first day; the first day and some more if it is not said.
    pub latest_start: Option<Date>,
    /// Code of who pays.
    pub funding: String,
    /// What a service must know to decide, without a name.
    pub words: String,
}

/// What the form of a need starts from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draft {
    /// Whom it is about.
    pub person: Person,
    /// The stay, if it is to end one.
    pub stay: Option<StayId>,
    /// Kind of care that the pathway suggests.
    pub kind: Option<Kind>,
    /// Outward half of their postcode, where that is shown.
    pub zone: String,
    /// Ready date or today, whichever is later.
    pub starts_on: Date,
    /// Needs of this person so far, the latest first, each with the service that accepted it.
    pub before: Vec<(NeedRow, Option<String>)>,
}

impl Draft {
    /// The need of this stay, or of this person, that goes on.
    pub fn going_on(&self) -> Option<&NeedRow> {
        let rows = self.before.iter().map(|(row, _)| row);
        rows.filter(|row| row.stay == self.stay)
            .find(|row| row.goes_on())
    }
}

/// A need on the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NeedLine {
    /// The need.
    pub row: NeedRow,
    /// Whom it is about.
    pub person: Person,
    /// How many services were asked.
    pub asked: usize,
    /// How many of these have time left to answer.
    pub waiting: usize,
    /// The service that accepted.
    pub winner: Option<String>,
    /// The day on which the stay that it is for ended, if it has.
    pub left_on: Option<Date>,
}

impl App {
    /// What the form of a need starts from.
    ///
    /// # Errors
    /// Not allowed, not there, or the store's.
    pub fn need_draft(&self, actor: &Actor, about: About) -> Result<Draft, Error> {
        access::decide(actor, Action::SeekService)?;
        self.store().write(|tx| {
            let (stay, person) = of_whom(tx, about)?;
            let sight = self.sight(tx, actor, person)?;
            let found = store::person::by_id(tx, sight.person)?;
            let person = sight.shown(found.ok_or(Error::NotFound("person"))?);
            let subject = Subject {
                person: Some(sight.person),
                thing: format!("needs of person {}", sight.person),
                results: 1,
                ..Subject::default()
            };
            self.looked(tx, actor, sight.allowed, Action::SeekService, subject)?;
            let stay = stay.as_ref();
            let zone = person.postcode.split_whitespace().next();
            let ready = stay.and_then(|row| row.stay.ready_on.or(row.stay.expected_on));
            let pathway = stay.and_then(|row| row.stay.pathway);
            Ok(Draft {
                stay: stay.map(|row| row.stay.id),
                kind: pathway.and_then(|pathway| {
                    let mut kinds = Kind::ALL.iter();
                    kinds
                        .find(|kind| kind.pathway() == pathway.number())
                        .copied()
                }),
                zone: zone.unwrap_or_default().to_owned(),
                starts_on: ready.map_or(self.today(), |day| day.max(self.today())),
                before: self.needs_before(tx, sight.person)?,
                person,
            })
        })
    }

    fn needs_before(
        &self,
        tx: &mut dyn Tx,
        head: PersonId,
    ) -> Result<Vec<(NeedRow, Option<String>)>, Error> {
        let mut before = Vec::new();
        for row in rows::needs_of_person(tx, head)? {
            let winner = super::follow::winner(tx, row.id)?;
            before.push((row, winner.map(|(_, kept)| kept.service.name)));
        }
        Ok(before)
    }

    /// Writes a need. Nobody is asked yet.
    ///
    /// # Errors
    /// Not allowed, what was typed, a need of this stay that goes on, or the store's.
    pub fn write_need(&self, actor: &Actor, about: About, new: &NewNeed) -> Result<NeedId, Error> {
        access::decide(actor, Action::SeekService)?;
        let checked = self.read_need(new)?;
        self.store().write(|tx| {
            let (stay, person) = of_whom(tx, about)?;
            let sight = self.sight(tx, actor, person)?;
            let stay = stay.map(|row| row.stay.id);
            let of = (sight.person, stay);
            let row = self.put_need(tx, (actor, sight.allowed), of, checked.clone())?;
            Ok(row.id)
        })
    }

    /// Writes a need that was checked, of a head of records and perhaps of a stay.
    pub(in crate::flow) fn put_need(
        &self,
        tx: &mut dyn Tx,
        (actor, allowed): (&Actor, access::Allowed),
        (head, stay): (PersonId, Option<StayId>),
        (need, funding, words): Checked,
    ) -> Result<NeedRow, Error> {
        let found = store::person::by_id(tx, head)?.ok_or(Error::NotFound("person"))?;
        alive(&found, "kind")?;
        only_one(tx, head, stay)?;
        let row = NeedRow {
            id: self.ids().need(),
            person: head,
            stay,
            need,
            funding,
            age_band: age_band(found.age_on(self.today())).to_owned(),
            words,
            way: Way::Parallel,
            answer_minutes: self.days("offer.answer_minutes_at_once")?,
            state: NeedState::Open,
            restarts: None,
            written_at: self.now(),
            written_by: actor.display_name.clone(),
            organisation: actor.organisation,
            ended: None,
            version: 1,
        };
        rows::insert_need(tx, &row)?;
        self.need_changed(tx, (actor, allowed), &row, "need: write", "")?;
        Ok(row)
    }

    pub(in crate::flow) fn read_need(&self, new: &NewNeed) -> Result<Checked, Error> {
        let today = self.today();
        let mut wrong: Vec<FieldError> = Vec::new();
        let mut fault = |field: &'static str, text: &str| {
            wrong.push(FieldError {
                field,
                text: text.to_owned(),
            });
        };
        if new.kind.is_none() {
            fault("kind", "Choose a kind of care");
        }
        if new.starts_on.is_none() {
            fault("starts_on", "Say from which day");
        }
        let policy = self.policy();
        if policy.funding_routes.get(&new.funding, today).is_err() {
            fault("funding", "Choose who pays, or that it is not decided yet");
        }
        if !new
            .skills
            .iter()
            .all(|code| policy.skills.get(code, today).is_ok())
        {
            fault("skills", "Choose skills of the list");
        }
        let words = new.words.trim();
        if words.is_empty() {
            fault(
                "words",
                "Say what a service must know to decide, without the name",
            );
        }
        if words.chars().count() > WORDS {
            fault("words", &format!("Use {WORDS} characters or fewer"));
        }
        let (Some(kind), Some(starts_on)) = (new.kind, new.starts_on) else {
            return Err(Error::Invalid(wrong));
        };
        let later = self.days("offer.later_start_days")?;
        let need = Need {
            kind,
            zone: new.zone.trim().to_owned(),
            visits: new.visits.clone(),
            double_handed: new.double_handed,
            skills: new.skills.clone(),
            starts_on,
            latest_start: new.latest_start.unwrap_or(add_days(starts_on, later)),
        };
        let faults = need.faults(today).into_iter();
        wrong.extend(faults.map(|(field, text)| FieldError { field, text }));
        match wrong.is_empty() {
            true => Ok((need, new.funding.clone(), words.to_owned())),
            false => Err(Error::Invalid(wrong)),
        }
    }

    /// Needs that go on of people whom somebody may see, the oldest first. Pages count from 1.
    ///
    /// # Errors
    /// Not allowed, or the store's.
    pub fn needs(&self, actor: &Actor, page: usize) -> Result<Vec<NeedLine>, Error> {
        let allowed = access::decide(actor, Action::SeekService)?;
        self.store().write(|tx| {
            self.all_move_on(tx)?;
            let asker = self.asker(tx, actor)?;
            let scope = self.people_scope(&asker);
            let states = [NeedState::Open, NeedState::Accepted];
            let skip = page.saturating_sub(1).saturating_mul(A_PAGE);
            let mut lines = Vec::new();
            for (row, head) in rows::needs_in(tx, &states, &scope, (skip, A_PAGE))? {
                let sight = self.sight_as(tx, &asker, head)?;
                let person = store::person::by_id(tx, head)?.ok_or(Error::NotFound("person"))?;
                let offers = rows::offers_of(tx, row.id)?;
                let winner = super::follow::winner(tx, row.id)?;
                let stay = match row.stay {
                    Some(stay) => stays::stay(tx, stay)?,
                    None => None,
                };
                lines.push(NeedLine {
                    left_on: stay.and_then(|row| row.stay.discharged_on),
                    person: sight.shown(person),
                    asked: offers.iter().filter(|one| one.asked_at.is_some()).count(),
                    waiting: offers.iter().filter(|one| one.state.is_live()).count(),
                    winner: winner.map(|(_, kept)| kept.service.name),
                    row,
                });
            }
            let subject = Subject {
                results: lines.len(),
                detail: "needs that go on".to_owned(),
                ..Subject::default()
            };
            self.looked(tx, actor, allowed, Action::SeekService, subject)?;
            Ok(lines)
        })
    }

    /// Takes up again the care of an earlier need: a new need like it, offered at once to the
    /// service that had it, and should it say no to the others that can, one after the other.
    /// Nothing need be typed but the day.
    ///
    /// # Errors
    /// Not allowed, nobody had it, a need that goes on, a day that is past, or the store's.
    pub fn restart_care(
        &self,
        actor: &Actor,
        before: NeedId,
        stay: Option<StayId>,
        starts_on: Date,
    ) -> Result<NeedId, Error> {
        access::decide(actor, Action::SeekService)?;
        if starts_on < self.today() {
            let text = "The first day must be today or later";
            return Err(Error::invalid("starts_on", text));
        }
        let later = self.days("offer.later_start_days")?;
        let (id, offer) = (self.ids().need(), self.ids().offer());
        self.store().write(|tx| {
            let old = rows::need(tx, before)?.ok_or(Error::NotFound("need"))?;
            let sight = self.sight(tx, actor, old.person)?;
            if let Some(stay) = stay {
                let row = stays::stay(tx, stay)?.ok_or(Error::NotFound("stay"))?;
                let head = store::person::head_of(tx, row.stay.person)?;
                if head != Some(sight.person) {
                    return Err(Error::NotFound("stay of this person"));
                }
            }
            let (_, had) =
                super::follow::winner(tx, before)?.ok_or(Error::NotFound("service that had it"))?;
            if old.state == NeedState::Accepted {
                let text = "This care is agreed and has not begun: it goes on as it is";
                return Err(Error::invalid("starts_on", text));
            }
            only_one(tx, sight.person, stay)?;
            let person = store::person::by_id(tx, sight.person)?;
            let person = person.ok_or(Error::NotFound("person"))?;
            alive(&person, "starts_on")?;
            let age = person.age_on(self.today());
            let mut row = NeedRow {
                id,
                person: sight.person,
                stay,
                age_band: age_band(age).to_owned(),
                way: Way::InOrder,
                answer_minutes: self.days("offer.restart_answer_minutes")?,
                state: NeedState::Open,
                restarts: Some(before),
                written_at: self.now(),
                written_by: actor.display_name.clone(),
                organisation: actor.organisation,
                ended: None,
                version: 1,
                ..old.clone()
            };
            row.need.starts_on = starts_on;
            row.need.latest_start = add_days(starts_on, later);
            rows::insert_need(tx, &row)?;
            rows::insert_offer(tx, &super::ask::unasked(offer, id, had.id, 1))?;
            let mut position = 1;
            for kept in store::directory::all(tx)? {
                if kept.id != had.id && self.room(tx, &row, kept.id)?.is_ok() {
                    position += 1;
                    let next = super::ask::unasked(self.ids().offer(), id, kept.id, position);
                    rows::insert_offer(tx, &next)?;
                }
            }
            self.move_on(tx, &row, actor)?;
            self.need_changed(tx, (actor, sight.allowed), &row, "need: restart", "")
        })?;
        Ok(id)
    }

    /// The journal's row of a change to a need.
    pub(super) fn need_changed(
        &self,
        tx: &mut dyn Tx,
        (actor, allowed): (&Actor, access::Allowed),
        row: &NeedRow,
        action: &str,
        detail: &str,
    ) -> Result<(), Error> {
        self.follow_need_chain(tx, row)?;
        self.follow_begun(tx, &row.id.to_string(), row.person)?;
        let subject = Subject {
            person: Some(row.person),
            thing: format!("need {}", row.id),
            results: 1,
            detail: detail.to_owned(),
        };
        let kind = journal::Kind::Command;
        self.record(tx, actor, allowed, kind, action, subject)
    }

    /// Name of the organisation that a need was written for.
    pub(super) fn written_for(&self, tx: &mut dyn Tx, row: &NeedRow) -> Result<String, Error> {
        let all = organisation::all(tx)?;
        Ok(name_of(&all, row.organisation).unwrap_or_default())
    }
}

/// Nobody is asked to care for somebody who has died.
pub(in crate::flow) fn alive(person: &Person, field: &'static str) -> Result<(), Error> {
    match person.died_on {
        Some(_) => {
            let text = "This person has died. Withdraw what looks for a service for them";
            Err(Error::invalid(field, text))
        }
        None => Ok(()),
    }
}

/// The stay, if there is one, and the person.
fn of_whom(tx: &mut dyn Tx, about: About) -> Result<(Option<stays::StayRow>, PersonId), Error> {
    match about {
        About::Person(person) => Ok((None, person)),
        About::Stay(id) => {
            let row = stays::stay(tx, id)?.ok_or(Error::NotFound("stay"))?;
            let person = row.stay.person;
            Ok((Some(row), person))
        }
    }
}

/// A stay has one need that goes on, and so has a person who is not in hospital.
fn only_one(tx: &mut dyn Tx, head: PersonId, stay: Option<StayId>) -> Result<(), Error> {
    let there = rows::needs_of_person(tx, head)?
        .into_iter()
        .any(|row| row.stay == stay && row.goes_on());
    if there {
        let text = "There is a need already that looks for a service, or has one: go on with \
                    that, or withdraw it first";
        return Err(Error::invalid("kind", text));
    }
    Ok(())
}
