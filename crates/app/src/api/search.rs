//! Searches of one type within one person.

use super::client::Known;
use super::query::{Cursor, Order, Query};
use super::table::{Kind, Whose};
use super::{Answer, Outcome, Pairs, Refusal, Shown, Why, filter, read};
use crate::person::Sight;
use crate::{App, Error, Subject};
use access::Action;
use kernel::{NhsNumber, PersonId};
use std::cmp::Ordering;
use std::collections::{BTreeSet, HashSet};
use std::sync::Arc;
use store::Tx;
use store::api::{self, Held, Packed};

/// Somebody whom a client may know of, and what it may see of them.
type Whom = (PersonId, Result<Arc<Sight>, Refusal>);

impl App {
    pub(super) fn api_search(
        &self,
        tx: &mut dyn Tx,
        known: &Known<'_>,
        kind: &'static Kind,
        pairs: &Pairs,
    ) -> Outcome<Answer> {
        if let Err(refusal) = known.may(kind.scope()) {
            return Ok(Err(refusal));
        }
        let query = match Query::of(kind, pairs) {
            Ok(query) => query,
            Err(refusal) => return Ok(Err(refusal)),
        };
        match kind.whose {
            Whose::Patient => self.api_patients(tx, known, kind, &query),
            Whose::Nobody => self.api_of_nobody(tx, known, kind, &query),
            Whose::Journal => self.api_audit(tx, known, kind, &query),
            Whose::Person(_) => self.api_of_person(tx, known, kind, &query),
        }
    }

    fn api_of_person(
        &self,
        tx: &mut dyn Tx,
        known: &Known<'_>,
        kind: &'static Kind,
        query: &Query,
    ) -> Outcome<Answer> {
        let (person, sight) = match self.named(tx, known, kind, query)? {
            Ok(named) => named,
            Err(refusal) => return Ok(Err(refusal)),
        };
        let mut found = api::of_person(tx, person, Some(kind.name), &filter::codes_asked(query))?;
        found.retain(|held| sight.shows(held) && filter::fits(query, held));
        let total = found.len();
        let (page, next) = page(found, query);
        let included = included(tx, &page, &query.includes, |held| {
            held.line
                .as_ref()
                .is_none_or(|line| line.person == Some(person))
                && sight.shows(held)
        })?;
        let subject = Subject {
            person: Some(person),
            thing: format!("person {person}"),
            results: page.len() + included.len(),
            detail: detail(kind, query),
        };
        self.api_looked(known, sight.allowed, Action::SeePerson, subject);
        Ok(Ok(answer(Some(total), page, included, next)))
    }

    /// Organisations, places and products are found by their ids.
    fn api_of_nobody(
        &self,
        tx: &mut dyn Tx,
        known: &Known<'_>,
        kind: &'static Kind,
        query: &Query,
    ) -> Outcome<Answer> {
        if query.ids.is_empty() {
            let text = format!("{} is searched by _id here.", kind.name);
            return Ok(Err(Refusal::new(Why::Invalid, "http._id", text)));
        }
        let mut found = Vec::new();
        for id in query.ids.iter().take(query.count) {
            if let read::Under::One(held) = read::under(tx, kind.name, id)?
                && held.line.is_none()
            {
                found.push(held.open()?);
            }
        }
        let subject = Subject {
            results: found.len(),
            detail: detail(kind, query),
            ..Subject::default()
        };
        self.api_looked(known, read::NOBODYS, Action::SeePerson, subject);
        Ok(Ok(answer(Some(found.len()), found, Vec::new(), None)))
    }
}

/// What the journal keeps of a search: its type and the names of its parameters.
pub(super) fn detail(kind: &Kind, query: &Query) -> String {
    format!("api search {}?{}", kind.name, query.names.join(","))
}

impl App {
    /// The person that a search is within, and what the client may see of them.
    pub(super) fn named(
        &self,
        tx: &mut dyn Tx,
        known: &Known<'_>,
        kind: &Kind,
        query: &Query,
    ) -> Outcome<(PersonId, Arc<Sight>)> {
        let Some(patient) = &query.patient else {
            let text = format!(
                "A search of {} is within one person: add patient= and the id of the Patient.",
                kind.name
            );
            return Ok(Err(Refusal::new(Why::Invalid, "http.patient", text)));
        };
        let nobody = || {
            let text = "There is no such Patient here, or none that this client may see.";
            Refusal::new(Why::NotFound, "http.patient", text)
        };
        Ok(match self.api_person(tx, known, patient)? {
            Some((person, Ok(sight))) => Ok((person, sight)),
            Some((_, Err(refusal))) => Err(refusal),
            None => Err(nobody()),
        })
    }

    /// The person whom a reference or id names, the head of their records, with what the client
    /// may see of them. Whoever it may not know of is passed over as if they were not here.
    pub(super) fn api_person(
        &self,
        tx: &mut dyn Tx,
        known: &Known<'_>,
        named: &str,
    ) -> Result<Option<Whom>, Error> {
        let id = super::id_of(named);
        let mut keys = vec![named.to_owned()];
        keys.extend(read::keys("Patient", id));
        keys.dedup();
        for key in &keys {
            if let Some(person) = api::person_of(tx, super::patient::PATIENT, key)?
                && let Some(sight) = self.api_knows(tx, &known.client, person)?
            {
                return Ok(Some((person, sight)));
            }
        }
        if let Ok(person) = id.parse::<PersonId>()
            && let Some(head) = store::person::head_of(tx, person)?
            && let Some(sight) = self.api_knows(tx, &known.client, head)?
        {
            return Ok(Some((head, sight)));
        }
        // An id that another server gave, if only one person has it.
        let mut people = BTreeSet::new();
        for base in api::bases(tx)? {
            let key = format!("{base}Patient/{id}");
            people.extend(api::person_of(tx, super::patient::PATIENT, &key)?);
        }
        let mut there = Vec::new();
        for person in people {
            if let Some(sight) = self.api_knows(tx, &known.client, person)? {
                there.push((person, sight));
            }
        }
        Ok(there.pop().filter(|_| there.is_empty()))
    }
}

/// The NHS number of an identifier, if it is one.
pub(super) fn nhs_number(identifier: &str) -> Option<NhsNumber> {
    let (system, value) = identifier
        .split_once('|')
        .unwrap_or((fhir::check::NHS_NUMBER, identifier));
    (system == fhir::check::NHS_NUMBER)
        .then(|| NhsNumber::parse(value).ok())
        .flatten()
}

/// What a resource is sorted by, and its id among those of one time.
fn place(held: &Held, order: Order) -> (Option<String>, String) {
    let line = held.line.as_ref();
    let at = if order.arrived {
        Some(format!("{:020}", held.received_at.as_microsecond()))
    } else {
        line.and_then(|line| line.happened_at.clone())
    };
    (
        at,
        line.map_or_else(|| held.key.clone(), |line| line.id.to_string()),
    )
}

/// Which of two comes first; what has no date comes last.
fn before(a: &(Option<String>, String), b: &(Option<String>, String), order: Order) -> Ordering {
    let along = match (&a.0, &b.0) {
        (None, None) => a.1.cmp(&b.1),
        (None, Some(_)) => return Ordering::Greater,
        (Some(_), None) => return Ordering::Less,
        (Some(_), Some(_)) => a.cmp(b),
    };
    if order.oldest { along } else { along.reverse() }
}

/// Puts what was found in order and cuts out the page; also where the next begins.
pub(super) fn page(found: Vec<Held>, query: &Query) -> (Vec<Held>, Option<String>) {
    let order = query.order;
    let mut placed: Vec<_> = found
        .into_iter()
        .map(|held| (place(&held, order), held))
        .collect();
    if let Some(cursor) = &query.cursor {
        let last = (cursor.at.clone(), cursor.id.clone());
        placed.retain(|(place, _)| before(&last, place, order) == Ordering::Less);
    }
    placed.sort_by(|(a, _), (b, _)| before(a, b, order));
    let more = placed.len() > query.count;
    placed.truncate(query.count);
    let next = placed.last().filter(|_| more).map(|((at, id), _)| {
        Cursor {
            at: at.clone(),
            id: id.clone(),
        }
        .write()
    });
    (placed.into_iter().map(|(_, held)| held).collect(), next)
}

/// The targets of some elements of a page's resources, as far as they may be shown: not
/// those that are on the page already.
pub(super) fn included(
    tx: &mut dyn Tx,
    page: &[Held],
    elements: &[&str],
    may: impl Fn(&Held<Packed>) -> bool,
) -> Result<Vec<Held>, Error> {
    if elements.is_empty() || page.is_empty() {
        return Ok(Vec::new());
    }
    let shelves: Vec<_> = page.iter().map(|held| held.shelf).collect();
    let there: HashSet<&str> = page.iter().map(|held| held.key.as_str()).collect();
    let mut targets: Vec<String> = api::links_of(tx, &shelves)?
        .into_iter()
        .filter(|(_, path, target)| {
            !there.contains(target.as_str())
                && elements
                    .iter()
                    .any(|element| *element == "*" || is_at(path, element))
        })
        .map(|(_, _, target)| target)
        .collect();
    targets.sort_unstable();
    targets.dedup();
    let mut found = api::newest_of(tx, &targets)?;
    found.retain(|held| {
        let nobodys =
            super::find(&held.resource_type).is_some_and(|kind| kind.whose == Whose::Nobody);
        (held.line.is_some() || nobodys) && may(held)
    });
    let shown = found.into_iter().map(Held::open);
    Ok(shown.collect::<Result<_, _>>()?)
}

/// Whether a link's path, such as `Encounter.participant[0].individual`, is an element.
fn is_at(path: &str, element: &str) -> bool {
    let Some((_, path)) = path.split_once('.') else {
        return false;
    };
    let names = path
        .split('.')
        .map(|part| part.split('[').next().unwrap_or(part));
    names.eq(element.split('.'))
}

pub(super) fn answer(
    total: Option<usize>,
    page: Vec<Held>,
    included: Vec<Held>,
    next: Option<String>,
) -> Answer {
    let matches = page.into_iter().filter_map(|held| Shown::of(held, false));
    let others = included
        .into_iter()
        .filter_map(|held| Shown::of(held, true));
    Answer::Page {
        total,
        entries: matches.chain(others).collect(),
        next,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn elements_are_told_from_paths() {
        for (path, element, is) in [
            ("Observation.encounter", "encounter", true),
            (
                "Encounter.participant[0].individual",
                "participant.individual",
                true,
            ),
            ("Encounter.participant[0].individual", "participant", false),
            ("Observation.performer[12]", "performer", true),
            ("Observation", "performer", false),
        ] {
            assert_eq!(is_at(path, element), is, "{path}");
        }
    }

    #[test]
    fn what_has_no_date_comes_last_both_ways() {
        let at = |text: Option<&str>, id: &str| (text.map(str::to_owned), id.to_owned());
        let mut some = [
            at(None, "a"),
            at(Some("2018"), "b"),
            at(Some("2019"), "c"),
            at(Some("2019"), "d"),
        ];
        for (oldest, expected) in [(true, "bcda"), (false, "dcba")] {
            let order = Order {
                arrived: false,
                oldest,
            };
            some.sort_by(|a, b| before(a, b, order));
            let ids: String = some.iter().map(|(_, id)| id.as_str()).collect();
            assert_eq!(ids, expected);
        }
    }
}
