//! `Patient/$everything`: all that is known of a person, and what it refers to.

use super::client::Known;
use super::query::Query;
use super::search::{answer, included, page};
use super::{Answer, Outcome, Pairs, Refusal, Scope};
use crate::{App, Subject};
use access::Action;
use store::{Tx, api};

impl App {
    pub(super) fn api_everything(
        &self,
        tx: &mut dyn Tx,
        known: &Known<'_>,
        id: &str,
        pairs: &Pairs,
    ) -> Outcome<Answer> {
        for scope in [Scope::PatientRead, Scope::ResourceRead] {
            if let Err(refusal) = known.may(scope) {
                return Ok(Err(refusal));
            }
        }
        let query = match Query::everything(pairs) {
            Ok(query) => query,
            Err(refusal) => return Ok(Err(refusal)),
        };
        let (person, sight) = match self.api_person(tx, known, &format!("Patient/{id}"))? {
            Some((person, Ok(sight))) => (person, sight),
            Some((_, Err(refusal))) => return Ok(Err(refusal)),
            None => return Ok(Err(Refusal::not_found())),
        };
        let mut found = api::of_person(tx, person, None, &[])?;
        let wanted =
            |kind: &str| query.types.is_empty() || query.types.iter().any(|one| one == kind);
        found.retain(|held| {
            wanted(&held.resource_type) && sight.shows(held) && super::filter::fits(&query, held)
        });
        let total = found.len();
        let (page, next) = page(found, &query);
        // With the organisations and places of a page goes the Patient, so that each page
        // can be read by itself.
        let included = included(tx, &page, &["*"], |held| {
            let whose = held.line.as_ref().map(|line| line.person);
            let own = held.resource_type == "Patient" && whose == Some(Some(person));
            wanted(&held.resource_type) && (whose.is_none() || own && sight.shows(held))
        })?;
        let subject = Subject {
            person: Some(person),
            thing: format!("person {person}"),
            results: page.len() + included.len(),
            detail: format!("api everything {}", query.names.join(",")),
        };
        self.api_looked(known, sight.allowed, Action::SeePerson, subject);
        let mut answer = answer(Some(total), page, included, next);
        if let Answer::Page { entries, .. } = &mut answer
            && !sight.address
            && wanted("Patient")
        {
            entries.extend(super::patient::made_of(tx, person, &query, &sight)?);
        }
        Ok(Ok(answer))
    }
}
