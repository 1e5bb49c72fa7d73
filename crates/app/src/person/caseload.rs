//! Caseloads and duty: who has whom, as what, until when. They are begun by somebody who may see
//! the record, for themselves or for a colleague.

use super::ties::midnight;
use crate::{App, Error, Subject};
use ::person::Person;
use ::person::relationship::Relationship;
use access::{Action, Actor, Role};
use jiff::SignedDuration;
use jiff::civil::Date;
use kernel::calendar::{add_days, local};
use kernel::{AccountId, PersonId, RelationshipId};
use store::account;
use store::relationship::{self, Kept};
use store::{Tx, journal, organisation, wish};

/// Longest name of a capacity, in characters.
const CAPACITY: usize = 60;

/// Somebody is put on a caseload, or under somebody on duty.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TakeOn<'a> {
    /// User name of who takes the person on; empty for whoever asks.
    pub colleague: &'a str,
    /// As what, such as `social worker`.
    pub capacity: &'a str,
    /// The last day, for a caseload; `None` for duty, which lasts the hours of a parameter.
    pub until: Option<Date>,
}

/// A relationship as a page lists it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Held {
    /// The relationship.
    pub kept: Kept,
    /// Name of who holds it: an organisation, or somebody with an account.
    pub holder: String,
    /// Whether whoever asks may end it.
    pub may_end: bool,
}

/// Who has to do with a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Around {
    /// The person.
    pub person: Person,
    /// Relationships that hold now, by name ones first.
    pub held: Vec<Held>,
    /// Latest day that a caseload may last to.
    pub latest: Date,
}

/// Somebody on one's own caseload.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mine {
    /// The person.
    pub person: Person,
    /// As what.
    pub capacity: String,
    /// The last day, if one was said.
    pub until: Option<Date>,
    /// Their care and support plan.
    pub plan: Option<MinePlan>,
    /// Whether they are on the caseload, and not only somebody whose plan one co-ordinates.
    pub caseload: bool,
}

/// The plan of somebody on a caseload.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MinePlan {
    /// Day of the review.
    pub review_on: Option<Date>,
    /// Who co-ordinates it: the name of the account, where they have one.
    pub coordinator: String,
    /// Whether that is whoever asks.
    pub yours: bool,
}

impl App {
    /// Who has to do with a person now.
    ///
    /// # Errors
    /// Not allowed, or the store's.
    pub fn around(&self, actor: &Actor, id: PersonId) -> Result<Around, Error> {
        access::decide(actor, Action::TakeOn)?;
        self.store().write(|tx| {
            let sight = self.sight(tx, actor, id)?;
            let person = store::person::by_id(tx, sight.person)?;
            let person = sight.shown(person.ok_or(Error::NotFound("person"))?);
            let held = self.held(tx, actor, sight.person)?;
            let subject = Subject {
                person: Some(sight.person),
                thing: format!("relationships of person {}", sight.person),
                results: held.len(),
                ..Subject::default()
            };
            self.looked(tx, actor, sight.allowed, Action::SeePerson, subject)?;
            Ok(Around {
                person,
                held,
                latest: self.latest_day()?,
            })
        })
    }

    fn latest_day(&self) -> Result<Date, Error> {
        let days = self.days("relationship.caseload_most_days")?;
        Ok(add_days(self.today(), days.max(1)))
    }

    fn held(&self, tx: &mut dyn Tx, actor: &Actor, person: PersonId) -> Result<Vec<Held>, Error> {
        let now = self.now();
        let organisations = organisation::all(tx)?;
        let own = actor.account.map(|id| id.to_string());
        let mut held: Vec<Held> = Vec::new();
        for kept in relationship::of_person(tx, person)? {
            let live = kept.starts_at <= now && kept.ends_at.is_none_or(|end| end > now);
            let by_name = matches!(kept.kind, Relationship::Caseload | Relationship::Duty);
            let there = held
                .iter()
                .any(|one| one.kept.kind == kept.kind && one.kept.holder == kept.holder);
            if !live || there {
                continue;
            }
            let name = organisations
                .iter()
                .find(|one| one.id.to_string() == kept.holder);
            let holder = match (name, kept.holder.parse()) {
                (Some(organisation), _) => organisation.name.clone(),
                (None, Ok(id)) => account::by_id(tx, id)?
                    .map(|one| format!("{}, {}", one.display_name, one.organisation_name))
                    .unwrap_or_default(),
                (None, Err(_)) => String::new(),
            };
            held.push(Held {
                may_end: by_name
                    && (own.as_ref() == Some(&kept.holder) || actor.role == Role::HubLead),
                holder,
                kept,
            });
        }
        held.sort_by_key(|one| one.kept.kind != Relationship::Caseload);
        Ok(held)
    }

    /// Puts a person on a caseload, or under somebody on duty.
    ///
    /// # Errors
    /// Not allowed, a day that is past or too far, no such colleague, a restricted record, or the
    /// store's.
    pub fn take_on(&self, actor: &Actor, id: PersonId, taken: &TakeOn<'_>) -> Result<(), Error> {
        access::decide(actor, Action::TakeOn)?;
        let capacity = taken.capacity.trim().to_lowercase();
        if capacity.chars().count() > CAPACITY {
            let text = format!("Use {CAPACITY} characters or fewer");
            return Err(Error::invalid("capacity", text));
        }
        let (kind, ends_at) = match taken.until {
            Some(day) if day < self.today() => {
                return Err(Error::invalid(
                    "until",
                    "The last day must be today or later",
                ));
            }
            Some(day) if day > self.latest_day()? => {
                let text =
                    "The last day is too far ahead: whoever is allocated is named anew each year";
                return Err(Error::invalid("until", text));
            }
            Some(day) => (Relationship::Caseload, midnight(add_days(day, 1))),
            None => {
                let hours = self.days("relationship.duty_hours")?.clamp(1, 72);
                (
                    Relationship::Duty,
                    self.now() + SignedDuration::from_hours(hours),
                )
            }
        };
        self.store().write(|tx| {
            let sight = self.sight(tx, actor, id)?;
            // Who sees a restricted record is for the privacy officer alone to say: an opening of
            // some hours must not become a year.
            let restricted = wish::restrictions_of(tx, sight.person)?
                .iter()
                .any(|one| one.whole && one.ended.is_none());
            if restricted {
                let text =
                    "This record is restricted. Ask the privacy officer to name who may see it";
                return Err(Error::invalid("colleague", text));
            }
            let holder = self.who_takes_on(tx, actor, taken.colleague)?;
            let kept = Kept {
                id: self.ids().relationship(),
                person: sight.person,
                kind,
                holder,
                capacity: capacity.clone(),
                starts_at: self.now(),
                ends_at: Some(ends_at),
                follows: String::new(),
                made_at: self.now(),
                made_by: actor.display_name.clone(),
            };
            relationship::put(tx, &kept)?;
            let subject = Subject {
                person: Some(sight.person),
                thing: format!("relationship {}", kind.as_str()),
                results: 1,
                detail: format!("until {}", local(ends_at).date()),
            };
            let kind = journal::Kind::Command;
            let action = Action::TakeOn.in_words();
            self.record(tx, actor, sight.allowed, kind, action, subject)
        })
    }

    /// The account that takes somebody on.
    fn who_takes_on(
        &self,
        tx: &mut dyn Tx,
        actor: &Actor,
        colleague: &str,
    ) -> Result<String, Error> {
        let colleague = colleague.trim();
        if colleague.is_empty() || colleague == actor.username {
            let own = actor.account.ok_or(Error::NotFound("account"))?;
            return Ok(own.to_string());
        }
        let found = account::by_username(tx, colleague)?;
        let may = |role: &str| {
            Role::parse(role).is_some_and(|role| {
                let colleague = Actor {
                    role,
                    ..actor.clone()
                };
                access::decide(&colleague, Action::TakeOn).is_ok()
            })
        };
        match found {
            Some(found) if may(&found.role) => Ok(found.id.to_string()),
            _ => Err(Error::invalid(
                "colleague",
                "Nobody who can take on people has this user name",
            )),
        }
    }

    /// Ends a caseload or duty: one's own, or as a hub lead anybody's.
    ///
    /// # Errors
    /// Not allowed, not there, or the store's.
    pub fn end_caseload(
        &self,
        actor: &Actor,
        id: PersonId,
        relationship: RelationshipId,
    ) -> Result<(), Error> {
        access::decide(actor, Action::TakeOn)?;
        self.store().write(|tx| {
            let sight = self.sight(tx, actor, id)?;
            let held = self.held(tx, actor, sight.person)?;
            let there = held
                .iter()
                .any(|one| one.kept.id == relationship && one.may_end);
            if !there || !relationship::end(tx, relationship, self.now())? {
                return Err(Error::NotFound("relationship that you can end"));
            }
            let subject = Subject {
                person: Some(sight.person),
                thing: format!("relationship {relationship}"),
                results: 1,
                detail: "ended".to_owned(),
            };
            let kind = journal::Kind::Command;
            let action = Action::TakeOn.in_words();
            self.record(tx, actor, sight.allowed, kind, action, subject)
        })
    }

    /// The people on one's own caseload, those that end first at the top, and those whose plan one
    /// co-ordinates.
    ///
    /// # Errors
    /// Not allowed, or the store's.
    pub fn my_people(&self, actor: &Actor) -> Result<Vec<Mine>, Error> {
        let allowed = access::decide(actor, Action::TakeOn)?;
        let Some(own) = actor.account else {
            return Ok(Vec::new());
        };
        self.store().write(|tx| {
            let mut mine = Vec::new();
            let (now, asker) = (self.now(), self.asker(tx, actor)?);
            for (kept, head) in
                relationship::held_now(tx, &own.to_string(), Relationship::Caseload, now)?
            {
                let Some(person) = store::person::by_id(tx, head)? else {
                    continue;
                };
                let sight = self.sight_as(tx, &asker, head)?;
                mine.push(Mine {
                    plan: plan_of(tx, &sight, own)?,
                    person: sight.shown(person),
                    capacity: kept.capacity,
                    until: kept.ends_at.map(|end| add_days(local(end).date(), -1)),
                    caseload: true,
                });
            }
            let scope = self.people_scope(&asker);
            for head in store::plan::coordinated_by(tx, own, &scope)? {
                let there = mine.iter().any(|one| one.person.id == head);
                let Some(person) = store::person::by_id(tx, head)?.filter(|_| !there) else {
                    continue;
                };
                let sight = self.sight_as(tx, &asker, head)?;
                let plan = plan_of(tx, &sight, own)?;
                // Of several records of a person only the plan that stands counts.
                if plan.as_ref().is_some_and(|plan| plan.yours) {
                    mine.push(Mine {
                        plan,
                        person: sight.shown(person),
                        capacity: String::new(),
                        until: None,
                        caseload: false,
                    });
                }
            }
            mine.sort_by_key(|one| (one.until.is_none(), one.until));
            let subject = Subject {
                results: mine.len(),
                detail: "own caseload".to_owned(),
                ..Subject::default()
            };
            self.looked(tx, actor, allowed, Action::FindPerson, subject)?;
            Ok(mine)
        })
    }
}

/// The plan of somebody, where it may be seen.
fn plan_of(
    tx: &mut dyn Tx,
    sight: &super::Sight,
    own: AccountId,
) -> Result<Option<MinePlan>, Error> {
    let found = store::plan::of_person(tx, sight.person)?;
    let Some(plan) = found.filter(|plan| sight.items.shows("", "", &plan.sector, "CarePlan"))
    else {
        return Ok(None);
    };
    let account = match plan.coordinator_account {
        Some(id) => account::by_id(tx, id)?,
        None => None,
    };
    Ok(Some(MinePlan {
        review_on: plan.review_on,
        yours: plan.coordinator_account == Some(own),
        coordinator: account.map_or(plan.coordinator, |one| one.display_name),
    }))
}
