//! Restricting a record or an address, lifting that, and naming who may still see the record.

use super::reason;
use crate::person::ties::midnight;
use crate::{App, Error, Subject};
use ::person::relationship::Relationship;
use access::{Action, Actor, Allowed, Role};
use jiff::civil::Date;
use kernel::calendar::add_days;
use kernel::{AccountId, NhsNumber, PersonId, RelationshipId, RestrictionId};
use store::account::{self, Account};
use store::relationship::{self, Kept};
use store::wish::{self, Restriction};
use store::{Tx, journal};

/// A restriction with whose it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RestrictionLine {
    /// The restriction.
    pub restriction: Restriction,
    /// Whose record: name, date of birth and NHS number only.
    pub whose: ::person::Person,
    /// It keeps the whole record, and nobody is named who may see it.
    pub nobody: bool,
}

/// Somebody who is named as one who may see a restricted record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Named {
    /// The relationship that says so.
    pub relationship: RelationshipId,
    /// Name, role and organisation.
    pub who: String,
    /// The last day; `None` if it has no end.
    pub until: Option<Date>,
}

/// A person with the restrictions of their record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RestrictedPerson {
    /// Name, date of birth and NHS number only.
    pub whose: ::person::Person,
    /// Restrictions, those that stand first.
    pub restrictions: Vec<Restriction>,
    /// Why those that have ended did so.
    pub lifted: Vec<(RestrictionId, String)>,
    /// Who may see the record.
    pub named: Vec<Named>,
    /// Who may be named: id, and name, role and organisation.
    pub accounts: Vec<(AccountId, String)>,
    /// The last day that may be chosen.
    pub latest: Date,
}

fn actor_of(account: &Account) -> Option<Actor> {
    Some(Actor {
        account: Some(account.id),
        username: account.username.clone(),
        display_name: account.display_name.clone(),
        role: Role::parse(&account.role)?,
        organisation: Some(account.organisation),
        organisation_name: account.organisation_name.clone(),
    })
}

impl App {
    /// Every restriction that stands, the latest first.
    ///
    /// # Errors
    /// Not allowed, or the store's.
    pub fn restrictions(&self, actor: &Actor) -> Result<Vec<RestrictionLine>, Error> {
        let allowed = access::decide(actor, Action::Restrict)?;
        self.store().write(|tx| {
            let mut lines = Vec::new();
            for restriction in wish::restrictions(tx)? {
                let whose = self.reviewed_person(tx, restriction.person)?;
                let nobody = restriction.whole && self.named_for(tx, whose.id)?.is_empty();
                lines.push(RestrictionLine {
                    restriction,
                    whose,
                    nobody,
                });
            }
            let subject = Subject {
                results: lines.len(),
                thing: "restrictions".to_owned(),
                ..Subject::default()
            };
            self.looked(tx, actor, allowed, Action::Restrict, subject)?;
            Ok(lines)
        })
    }

    /// Whose record has an NHS number and a date of birth, both of them.
    ///
    /// # Errors
    /// Not allowed, nobody has both, or the store's.
    pub fn find_to_restrict(
        &self,
        actor: &Actor,
        number: NhsNumber,
        born: Date,
    ) -> Result<PersonId, Error> {
        access::decide(actor, Action::Restrict)?;
        self.store().read(|tx| {
            let found = store::person::by_nhs_number(tx, number)?;
            let fits = found.iter().find(|one| one.birth_date == Some(born));
            let fits = fits.ok_or(Error::NotFound("person"))?;
            store::person::head_of(tx, fits.id)?.ok_or(Error::NotFound("person"))
        })
    }

    /// A person's restrictions and who is named.
    ///
    /// # Errors
    /// Not allowed, not there, a parameter missing, or the store's.
    pub fn restricted_person(
        &self,
        actor: &Actor,
        person: PersonId,
    ) -> Result<RestrictedPerson, Error> {
        let allowed = access::decide(actor, Action::Restrict)?;
        self.store().write(|tx| {
            let whose = self.reviewed_person(tx, person)?;
            let head = whose.id;
            let accounts = account::all(tx)?
                .iter()
                .filter(|one| {
                    actor_of(one).is_some_and(|one| access::decide(&one, Action::SeePerson).is_ok())
                })
                .map(|one| (one.id, super::unusual::who(one)))
                .collect();
            let shown = RestrictedPerson {
                restrictions: wish::restrictions_of(tx, head)?,
                lifted: wish::why_lifted(tx, head)?,
                named: self.named_for(tx, head)?,
                accounts,
                latest: self.latest()?,
                whose,
            };
            let subject = Subject {
                person: Some(head),
                thing: format!("restrictions of {head}"),
                results: shown.restrictions.len(),
                ..Subject::default()
            };
            self.looked(tx, actor, allowed, Action::Restrict, subject)?;
            Ok(shown)
        })
    }

    /// The last day until which somebody may be named.
    fn latest(&self) -> Result<Date, Error> {
        let most = self.days("relationship.caseload_most_days")?;
        Ok(add_days(self.today(), most))
    }

    /// Accounts that may see a restricted record because they are named: those that have the
    /// person on their caseload now.
    pub(super) fn named_for(&self, tx: &mut dyn Tx, head: PersonId) -> Result<Vec<Named>, Error> {
        let accounts = account::all(tx)?;
        let now = self.now();
        let holds = |kept: &Kept| {
            kept.kind == Relationship::Caseload
                && kept.starts_at <= now
                && kept.ends_at.is_none_or(|end| now < end)
        };
        let kept = relationship::of_person(tx, head)?;
        let named = kept.iter().filter(|kept| holds(kept)).filter_map(|kept| {
            let account = accounts
                .iter()
                .find(|one| one.id.to_string() == kept.holder)?;
            Some(Named {
                relationship: kept.id,
                who: super::unusual::who(account),
                // The end is the first instant at which it no longer holds.
                until: kept
                    .ends_at
                    .map(|end| self.day_of(end - jiff::SignedDuration::from_secs(1))),
            })
        });
        Ok(named.collect())
    }

    /// Restricts a person's record, or where they live.
    ///
    /// # Errors
    /// Not allowed, not there, no reason given, restricted so already, or the store's.
    pub fn restrict(
        &self,
        actor: &Actor,
        person: PersonId,
        whole: bool,
        why: &str,
    ) -> Result<(), Error> {
        let allowed = access::decide(actor, Action::Restrict)?;
        let why = reason("why", why, "Say why, for whoever asks later")?;
        self.store().write(|tx| {
            let head = self.reviewed_person(tx, person)?.id;
            let stands = wish::restrictions_of(tx, head)?
                .iter()
                .any(|one| one.whole == whole && one.ended.is_none());
            if stands {
                return Err(Error::invalid("kind", "This restriction stands already"));
            }
            let restriction = Restriction {
                id: self.ids().restriction(),
                person: head,
                whole,
                why: why.to_owned(),
                made_at: self.now(),
                made_by: actor.display_name.clone(),
                ended: None,
            };
            wish::restrict(tx, &restriction)?;
            let thing = format!("restriction {}", restriction.id);
            self.restricted(tx, actor, allowed, "restriction: put", head, thing)
        })
    }

    /// Lifts a restriction. Whoever was named for it is named no longer.
    ///
    /// # Errors
    /// Not allowed, not there or lifted already, no reason given, or the store's.
    pub fn lift(
        &self,
        actor: &Actor,
        person: PersonId,
        id: RestrictionId,
        why: &str,
    ) -> Result<(), Error> {
        let allowed = access::decide(actor, Action::Restrict)?;
        let why = reason("why-lift", why, "Say why, for whoever asks later")?;
        self.store().write(|tx| {
            let head = self.reviewed_person(tx, person)?.id;
            let all = wish::restrictions_of(tx, head)?;
            let one = all
                .iter()
                .find(|one| one.id == id)
                .ok_or(Error::NotFound("restriction"))?;
            if let Some((_, who)) = &one.ended {
                return Err(Error::Stale {
                    who: who.clone(),
                    what: "the restriction is lifted".to_owned(),
                });
            }
            let now = self.now();
            wish::unrestrict(tx, id, now, (&actor.display_name, why))?;
            for kept in relationship::following(tx, &cause(id))? {
                relationship::end(tx, kept.id, now)?;
            }
            let thing = format!("restriction {id}");
            self.restricted(tx, actor, allowed, "restriction: lift", head, thing)
        })
    }

    /// Names an account that may see a restricted record until the end of a day.
    ///
    /// # Errors
    /// Not allowed, not there, the record is not restricted, an account that may see no records,
    /// a day that has gone or is too far, a parameter missing, or the store's.
    pub fn name_for_restricted(
        &self,
        actor: &Actor,
        person: PersonId,
        named: AccountId,
        until: Date,
    ) -> Result<(), Error> {
        let allowed = access::decide(actor, Action::Restrict)?;
        let latest = self.latest()?;
        if until < self.today() || until > latest {
            let text = format!(
                "The last day must be from today to {} {} {}",
                latest.day(),
                latest.month(),
                latest.year()
            );
            return Err(Error::invalid("until", text));
        }
        self.store().write(|tx| {
            let head = self.reviewed_person(tx, person)?.id;
            let restrictions = wish::restrictions_of(tx, head)?;
            let stands = restrictions
                .iter()
                .find(|one| one.whole && one.ended.is_none())
                .ok_or_else(|| Error::invalid("account", "Restrict the record first"))?;
            let may = account::all(tx)?.iter().any(|one| {
                one.id == named
                    && actor_of(one)
                        .is_some_and(|one| access::decide(&one, Action::SeePerson).is_ok())
            });
            if !may {
                return Err(Error::invalid("account", "Choose somebody from the list"));
            }
            let kept = Kept {
                id: self.ids().relationship(),
                person: head,
                kind: Relationship::Caseload,
                holder: named.to_string(),
                capacity: String::new(),
                starts_at: self.now(),
                ends_at: Some(midnight(add_days(until, 1))),
                follows: cause(stands.id),
                made_at: self.now(),
                made_by: actor.display_name.clone(),
            };
            relationship::put(tx, &kept)?;
            let thing = format!("account {named}");
            self.restricted(tx, actor, allowed, "restriction: name", head, thing)
        })
    }

    /// Ends that somebody is named.
    ///
    /// # Errors
    /// Not allowed, not there, or the store's.
    pub fn unname(&self, actor: &Actor, person: PersonId, id: RelationshipId) -> Result<(), Error> {
        let allowed = access::decide(actor, Action::Restrict)?;
        self.store().write(|tx| {
            let head = self.reviewed_person(tx, person)?.id;
            let gone = || Error::NotFound("person who is named");
            let there = self.named_for(tx, head)?;
            if there.iter().all(|one| one.relationship != id) {
                return Err(gone());
            }
            relationship::end(tx, id, self.now())?;
            let thing = format!("relationship {id}");
            self.restricted(tx, actor, allowed, "restriction: unname", head, thing)
        })
    }

    fn restricted(
        &self,
        tx: &mut dyn Tx,
        actor: &Actor,
        allowed: Allowed,
        action: &str,
        head: PersonId,
        thing: String,
    ) -> Result<(), Error> {
        let subject = Subject {
            person: Some(head),
            thing,
            results: 1,
            ..Subject::default()
        };
        let kind = journal::Kind::Command;
        self.record(tx, actor, allowed, kind, action, subject)
    }
}

/// What a name that the officer gives follows from.
fn cause(restriction: RestrictionId) -> String {
    format!("restriction {restriction}")
}
