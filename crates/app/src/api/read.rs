//! One resource, by its type and id.

use super::client::Known;
use super::table::{Kind, Whose};
use super::{Answer, Outcome, Refusal, Single, Why};
use crate::{App, Error, Subject};
use access::{Action, Allowed};
use kernel::PersonId;
use store::Tx;
use store::api::{self, Held, Packed};

/// The use of what is nobody's: organisations, places, products.
pub(super) const NOBODYS: Allowed = Allowed {
    purpose: super::PURPOSE,
    legal_basis: "no personal data",
};

/// What lies under a type and id.
pub(super) enum Under {
    Nothing,
    One(Box<Held<Packed>>),
    /// Servers have given different resources the same id.
    Several(Vec<Held<Packed>>),
}

impl Under {
    fn of(mut found: Vec<Held<Packed>>) -> Self {
        match (found.len(), found.pop()) {
            (1, Some(one)) => Self::One(Box::new(one)),
            (_, Some(last)) => {
                found.push(last);
                Self::Several(found)
            }
            (_, None) => Self::Nothing,
        }
    }
}

impl App {
    pub(super) fn api_read(
        &self,
        tx: &mut dyn Tx,
        known: &Known<'_>,
        kind: &'static Kind,
        id: &str,
    ) -> Outcome<Answer> {
        if let Err(refusal) = known.may(kind.scope()) {
            return Ok(Err(refusal));
        }
        if kind.whose == Whose::Journal {
            let text = "AuditEvent is searched by patient, not read one by one.";
            return Ok(Err(Refusal::new(Why::Unsupported, "", text)));
        }
        let held = match self.known_under(tx, known, kind, id)? {
            Under::One(held) => *held,
            Under::Several(_) => {
                let text = "More than one sender has a resource with this id. Search by _id within the person.";
                return Ok(Err(Refusal::new(Why::Several, "http._id", text)));
            }
            Under::Nothing if kind.whose == Whose::Patient => {
                return self.api_read_person(tx, known, id);
            }
            Under::Nothing => return Ok(Err(Refusal::not_found())),
        };
        let person = held.line.as_ref().map(|line| line.person);
        let (allowed, person) = match (person, kind.whose) {
            (Some(Some(person)), _) => match self.api_sight(tx, &known.client, person)? {
                Err(refusal) => return Ok(Err(refusal)),
                Ok(sight) if kind.whose == Whose::Patient && !sight.address => {
                    return self.api_read_person(tx, known, &person.to_string());
                }
                Ok(sight) if !sight.shows(&held) => return Ok(Err(Refusal::not_found())),
                Ok(sight) => (sight.allowed, Some(person)),
            },
            // Nobody can say yet who may see what has no person.
            (Some(None), _) | (None, Whose::Person(_) | Whose::Patient | Whose::Journal) => {
                return Ok(Err(Refusal::not_found()));
            }
            (None, Whose::Nobody) => (NOBODYS, None),
        };
        let subject = Subject {
            person,
            thing: format!("{} {}", kind.name, held.shelf),
            results: 1,
            detail: "api read".to_owned(),
        };
        self.api_looked(known, allowed, Action::SeePerson, subject);
        single(held)
    }

    /// A person who is known here, whether or not anyone has sent a `Patient` of them.
    fn api_read_person(&self, tx: &mut dyn Tx, known: &Known<'_>, id: &str) -> Outcome<Answer> {
        let Ok(id) = id.parse::<PersonId>() else {
            return Ok(Err(Refusal::not_found()));
        };
        let record = store::person::by_id(tx, id)?;
        let (Some(person), Some(head)) = (record, store::person::head_of(tx, id)?) else {
            return Ok(Err(Refusal::not_found()));
        };
        let sight = match self.api_sight(tx, &known.client, head)? {
            Ok(sight) => sight,
            Err(refusal) => return Ok(Err(refusal)),
        };
        let subject = Subject {
            person: Some(head),
            thing: format!("person {}", person.id),
            results: 1,
            detail: "api read".to_owned(),
        };
        self.api_looked(known, sight.allowed, Action::SeePerson, subject);
        let keys = api::identifiers(tx, head, super::patient::PATIENT)?;
        let made = super::patient::made(&sight.shown(person), &keys);
        Ok(Ok(Answer::One(Box::new(Single::Shown(made)))))
    }

    /// What lies under a type and id, of what the client may know of.
    fn known_under(
        &self,
        tx: &mut dyn Tx,
        known: &Known<'_>,
        kind: &Kind,
        id: &str,
    ) -> Result<Under, Error> {
        let all = match under(tx, kind.name, id)? {
            Under::Several(all) => all,
            other => return Ok(other),
        };
        let mut there = Vec::new();
        for held in all {
            let may = match held.line.as_ref().map(|line| line.person) {
                Some(Some(person)) => self.api_knows(tx, &known.client, person)?.is_some(),
                Some(None) => false,
                None => true,
            };
            there.extend(may.then_some(held));
        }
        Ok(Under::of(there))
    }
}

/// The answer that holds a resource. What came as JSON is given byte for byte, by whoever tells
/// it; what came otherwise is written anew here, because it may not be possible.
fn single(held: Held<Packed>) -> Outcome<Answer> {
    let as_it_came = !held.xml;
    let single = Single::Packed(held);
    if as_it_came {
        return Ok(Ok(Answer::One(Box::new(single))));
    }
    let shown = single.open()?;
    Ok(shown.map(|shown| Answer::One(Box::new(Single::Shown(shown)))))
}

/// The keys that a type and id may stand for, the likeliest first.
pub(super) fn keys(kind: &str, id: &str) -> [String; 2] {
    [format!("{kind}/{id}"), format!("urn:uuid:{id}")]
}

/// What lies under a type and id: of this place, or else of another server.
pub(super) fn under(tx: &mut dyn Tx, kind: &str, id: &str) -> Result<Under, Error> {
    if !may_be_id(id) {
        return Ok(Under::Nothing);
    }
    let [here, nameless] = keys(kind, id);
    if let Some(held) = api::newest(tx, kind, [&here, &nameless])? {
        return Ok(Under::One(Box::new(held)));
    }
    let keys: Vec<String> = api::bases(tx)?
        .iter()
        .map(|base| format!("{base}{kind}/{id}"))
        .collect();
    let mut found = api::newest_of(tx, &keys)?;
    found.retain(|held| held.resource_type == kind);
    Ok(Under::of(found))
}

/// What can stand in an address as an id. Those we make for nameless resources have `~`.
fn may_be_id(id: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
    !id.is_empty() && id.len() <= 200 && id.bytes().all(plain)
}
