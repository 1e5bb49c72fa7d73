//! What somebody may see of a person's record: one decision, asked for in the transaction that
//! reads, so that what it rests on is still true when the page is sent.

use crate::flow::policy;
use crate::{App, Error};
use access::record::{Facts, Refused, Tie};
use access::{Action, Actor, Allowed, Role, words};
use jiff::Timestamp;
use kernel::PersonId;
use store::relationship::{self, Minded};
use store::scope::{ItemScope, PeopleScope};
use store::{Tx, organisation};

/// What somebody may see of a person's record, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sight {
    /// The person: the head of their records.
    pub person: PersonId,
    /// What the use rests on, for the journal.
    pub allowed: Allowed,
    /// Why the record is shown, in words: `Shown because …`.
    pub because: String,
    /// Which lines of the record are shown. Every query of lines is given it.
    pub items: ItemScope,
    /// What is withheld and why, a sentence each.
    pub withheld: Vec<String>,
    /// Whether address, telephone and practice are shown.
    pub address: bool,
    /// Whether the person is to be asked before the other sector's part is shown.
    pub ask_first: bool,
}

impl Sight {
    /// The person as they may be shown: without where they live where that is protected.
    pub fn shown(&self, mut person: ::person::Person) -> ::person::Person {
        if !self.address {
            person.address = String::new();
            person.postcode = String::new();
            person.telephone = String::new();
            person.practice_code = None;
            person.council = None;
        }
        person
    }
}

/// Whoever asks, with what they act for.
#[derive(Clone, Debug)]
pub(crate) struct Asker {
    role: Role,
    /// Ids of the account and of the organisations.
    pub(crate) holders: Vec<String>,
    /// Names of the organisations.
    pub(crate) names: Vec<String>,
    /// `nhs`, `council` or `other`.
    pub(crate) sector: &'static str,
    /// The organisations, their own first.
    pub(crate) family: Vec<organisation::Organisation>,
}

/// The sector of an organisation, by its own kind and those above and below it.
pub(super) fn sector_of(family: &[organisation::Organisation]) -> &'static str {
    let is = |kinds: &[&str]| family.iter().any(|one| kinds.contains(&one.kind.as_str()));
    if is(&["council"]) {
        "council"
    } else if is(&["trust", "hospital", "ward", "practice", "board"]) {
        "nhs"
    } else {
        "other"
    }
}

impl App {
    /// Whoever asks, with what they act for. One statement at most; none for the command line.
    pub(crate) fn asker(&self, tx: &mut dyn Tx, actor: &Actor) -> Result<Asker, Error> {
        let family = match actor.organisation {
            // Somebody at home acts for nobody but themselves.
            Some(id) if actor.role != Role::Person => self.family(tx, id)?,
            _ => Vec::new(),
        };
        let sector = sector_of(&family);
        let account = actor.account.map(|id| id.to_string());
        let organisations = family.iter().map(|one| one.id.to_string());
        Ok(Asker {
            role: actor.role,
            holders: account.into_iter().chain(organisations).collect(),
            names: family.iter().map(|one| one.name.clone()).collect(),
            sector,
            family,
        })
    }

    /// The people whose records somebody may see, for lists, counts and searches.
    pub(crate) fn people_scope(&self, asker: &Asker) -> PeopleScope {
        self.scope_of(asker.role, asker.holders.clone())
    }

    /// As [`App::people_scope`], of a role and of the ids of the account and organisations.
    pub(crate) fn scope_of(&self, role: Role, holders: Vec<String>) -> PeopleScope {
        PeopleScope {
            holders,
            now: self.now(),
            at_home: role == Role::Person,
            everybody: role == Role::Operator,
        }
    }

    /// What somebody may see of a person's record. Any of the person's records may be named.
    ///
    /// # Errors
    /// The role does not permit it; there is no such person, or none whom they may know of;
    /// they have no relationship with the person; or the store's.
    pub(crate) fn sight(
        &self,
        tx: &mut dyn Tx,
        actor: &Actor,
        id: PersonId,
    ) -> Result<Sight, Error> {
        let action = match actor.role {
            Role::Person => Action::SeeOwnRecord,
            _ => Action::SeePerson,
        };
        access::decide(actor, action)?;
        let asker = self.asker(tx, actor)?;
        let person = store::person::head_of(tx, id)?.ok_or(Error::NotFound("person"))?;
        self.sight_as(tx, &asker, person)
    }

    /// As [`App::sight`], for an asker who is known already and whose role has been asked about.
    /// `person` is the head of their records.
    pub(crate) fn sight_as(
        &self,
        tx: &mut dyn Tx,
        asker: &Asker,
        person: PersonId,
    ) -> Result<Sight, Error> {
        self.sight_until(tx, asker, person).map(|(sight, _)| sight)
    }

    /// As [`App::sight_as`], with the instant at which it may become another although nobody
    /// writes: a tie ends or begins.
    pub(crate) fn sight_until(
        &self,
        tx: &mut dyn Tx,
        asker: &Asker,
        person: PersonId,
    ) -> Result<(Sight, Option<Timestamp>), Error> {
        let now = self.now();
        let minded = relationship::minded(tx, person, &asker.holders, now)?;
        let (gender, until) = (minded.gender, minded.until);
        let facts = self.facts(asker, minded)?;
        match access::record::sight(asker.role, facts) {
            Ok(sight) => Ok((
                Sight {
                    person,
                    allowed: sight.allowed,
                    because: words::because(sight.tie.as_ref(), gender, now),
                    withheld: words::withheld(&sight, gender),
                    address: sight.address,
                    ask_first: sight.ask_first,
                    items: sight.items,
                },
                until,
            )),
            Err(Refused::NoTie) => Err(Error::NoTie(person)),
            Err(Refused::Unknown) => Err(Error::NotFound("person")),
        }
    }

    /// What the policy is asked about, from what is in the store.
    pub(crate) fn facts(&self, asker: &Asker, minded: Minded) -> Result<Facts, Error> {
        let of_kind = |kind: &str| {
            let kind = kind.to_owned();
            minded
                .wishes
                .iter()
                .filter(move |(one, ..)| *one == kind)
                .map(|(_, category, holder)| (category.clone(), holder.clone()))
        };
        let objections: Vec<String> = of_kind("objection").map(|(category, _)| category).collect();
        let overrides: Vec<String> = of_kind("override").map(|(category, _)| category).collect();
        let set_aside = |category: &String| {
            overrides
                .iter()
                .any(|one| one.is_empty() || one == category)
        };
        let overridden = !objections.is_empty() && objections.iter().all(set_aside);
        let agreed = of_kind("agreement").any(|(_, holder)| asker.holders.contains(&holder));
        let restricted = |kind: &str| minded.restrictions.iter().any(|one| one == kind);
        let carer = ::person::relationship::Relationship::Carer;
        let carer_kinds = minded
            .ties
            .iter()
            .find(|(kind, ..)| *kind == carer)
            .and_then(|(_, parts, _)| ::person::delegation::kinds_of(parts));
        Ok(Facts {
            restricted: restricted("record"),
            hidden_address: restricted("address"),
            objections: match overridden {
                true => objections,
                false => objections
                    .into_iter()
                    .filter(|one| !set_aside(one))
                    .collect(),
            },
            overridden,
            agreement_needed: self.agreement_needed()?,
            agreed,
            sector: asker.sector.to_owned(),
            own: asker.names.clone(),
            carer_kinds,
            ties: minded
                .ties
                .into_iter()
                .map(|(kind, capacity, ends_at)| Tie {
                    kind,
                    capacity,
                    ends_at,
                })
                .collect(),
        })
    }

    /// Whether the place's agreement wants the person asked before the other sector looks.
    pub(crate) fn agreement_needed(&self) -> Result<bool, Error> {
        let parameter = self
            .policy()
            .on("access.other_sector_agreement", self.today())
            .map_err(policy)?;
        parameter.flag().map_err(policy)
    }
}
