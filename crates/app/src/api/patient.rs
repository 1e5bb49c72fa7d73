//! Finding people, and a `Patient` made of what the place knows of somebody of whom no
//! `Patient` was sent.

use super::client::Known;
use super::query::{Criterion, Cursor, Query};
use super::search::{detail, included, nhs_number};
use super::table::Kind;
use super::{Answer, Outcome, Refusal, Shown, Why, filter};
use crate::person::Sight;
use crate::{App, Error, Subject};
use ::person::Person;
use ::person::search::{name_words, postcode_word};
use access::Action;
use kernel::{PersonId, hex};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::collections::BTreeSet;
use store::Tx;
use store::api::{self, Held};
use store::find::{self, Reach, Search};
use store::scope::PeopleScope;

/// The system of identifiers that are keys of `Patient` resources.
pub(super) const PATIENT: &str = "fhir:Patient";
/// Most people that a search may find: one that finds more is too wide (RULES H.2).
const PEOPLE: usize = 50;
const PROFILE: &str = "https://fhir.hl7.org.uk/StructureDefinition/UKCore-Patient";
const VERIFICATION: &str =
    "https://fhir.hl7.org.uk/StructureDefinition/Extension-UKCore-NHSNumberVerificationStatus";
const VERIFICATION_CODES: &str =
    "https://fhir.hl7.org.uk/CodeSystem/UKCore-NHSNumberVerificationStatusEngland";
const ODS: &str = "https://fhir.nhs.uk/Id/ods-organization-code";

impl App {
    pub(super) fn api_patients(
        &self,
        tx: &mut dyn Tx,
        known: &Known<'_>,
        kind: &'static Kind,
        query: &Query,
    ) -> Outcome<Answer> {
        let allowed = match access::decide(&known.client.actor, Action::FindPerson) {
            Ok(allowed) => allowed,
            Err(denied) => return Ok(Err(Refusal::new(Why::Forbidden, "", format!("{denied}.")))),
        };
        let people = match self.people(tx, known, query)? {
            Ok(people) => people,
            Err(refusal) => return Ok(Err(refusal)),
        };
        let (mut entries, mut sources, mut seen) = (Vec::new(), Vec::new(), Vec::new());
        for person in people {
            let Ok(sight) = self.api_sight(tx, &known.client, person)? else {
                continue;
            };
            let mut records = api::of_person(tx, person, Some(kind.name), &[])?;
            records.retain(|held| sight.shows(held) && filter::fits(&known_by(query), held));
            records.sort_by(|a, b| a.key.cmp(&b.key));
            if records.is_empty() {
                entries.extend(made_of(tx, person, query, &sight)?);
            }
            entries.extend(
                records
                    .iter()
                    .filter_map(|held| Shown::of(held.clone(), false)),
            );
            sources.extend(records);
            seen.push(person);
        }
        let total = entries.len();
        let next = cut(&mut entries, query);
        let on_page: Vec<Held> = sources
            .into_iter()
            .filter(|held| entries.iter().any(|shown| shown.key == held.key))
            .collect();
        let others = included(tx, &on_page, &query.includes, |held| held.line.is_none())?;
        entries.extend(others.into_iter().filter_map(|held| Shown::of(held, true)));
        let subject = Subject {
            person: seen.first().copied().filter(|_| seen.len() == 1),
            results: entries.len(),
            detail: detail(kind, query),
            ..Subject::default()
        };
        self.api_looked(known, allowed, Action::FindPerson, subject);
        Ok(Ok(Answer::Page {
            total: Some(total),
            entries,
            next,
        }))
    }
}

/// The part of the search that is about the resource itself: the people have been found.
fn known_by(query: &Query) -> Query {
    Query {
        ids: query.ids.clone(),
        updated: query.updated.clone(),
        ..Query::default()
    }
}

/// A `Patient` of somebody of whom none was sent or may be shown, where the search does not
/// exclude it.
pub(super) fn made_of(
    tx: &mut dyn Tx,
    person: PersonId,
    query: &Query,
    sight: &Sight,
) -> Result<Option<Shown>, Error> {
    let id = person.to_string();
    let named = query.ids.is_empty() || query.ids.contains(&id);
    if !named || !query.updated.is_empty() {
        return Ok(None);
    }
    let keys = api::identifiers(tx, person, PATIENT)?;
    Ok(store::person::by_id(tx, person)?.map(|person| made(&sight.shown(person), &keys)))
}

/// Cuts out the page; also where the next begins.
fn cut(entries: &mut Vec<Shown>, query: &Query) -> Option<String> {
    if let Some(cursor) = &query.cursor
        && let Some(last) = entries.iter().position(|shown| shown.key == cursor.id)
    {
        entries.drain(..=last);
    }
    let more = entries.len() > query.count;
    entries.truncate(query.count);
    let last = entries.last().filter(|_| more)?;
    Some(
        Cursor {
            at: None,
            id: last.key.clone(),
        }
        .write(),
    )
}

fn value<'q>(query: &'q Query, name: &str) -> Option<&'q Criterion> {
    query.criteria.iter().find(|one| one.parameter.name == name)
}

impl App {
    /// The people who fit, of those whom the client may see.
    fn people(
        &self,
        tx: &mut dyn Tx,
        known: &Known<'_>,
        query: &Query,
    ) -> Result<Result<Vec<PersonId>, Refusal>, Error> {
        let names: Vec<&Criterion> = query.criteria.iter().collect();
        if names
            .iter()
            .any(|one| one.values.len() > 1 && one.parameter.name != "identifier")
        {
            let text = "Give one value: people are not searched by several at once.";
            return Ok(Err(Refusal::new(Why::Invalid, "http", text)));
        }
        let mut found: Option<BTreeSet<PersonId>> = None;
        let mut also = |more: BTreeSet<PersonId>| {
            found = Some(match found.take() {
                None => more,
                Some(before) => &before & &more,
            });
        };
        if let Some(identifiers) = value(query, "identifier") {
            let mut whose = BTreeSet::new();
            for identifier in &identifiers.values {
                whose.extend(by_identifier(tx, identifier)?);
            }
            also(whose);
        }
        if !query.ids.is_empty() {
            let mut whose = BTreeSet::new();
            for id in &query.ids {
                let found = self.api_person(tx, known, &format!("Patient/{id}"))?;
                whose.extend(found.map(|(person, _)| person));
            }
            also(whose);
        }
        let scope = self.people_scope(&known.client.asker);
        match by_words(tx, query, &scope)? {
            Ok(Some(more)) => also(more),
            Ok(None) => {}
            Err(refusal) => return Ok(Err(refusal)),
        }
        Ok(found
        .map(|people| people.into_iter().collect())
        .ok_or_else(|| {
            let text =
                "Search people by identifier, _id, family, given, birthdate or address-postalcode.";
            Refusal::new(Why::Invalid, "http", text)
        }))
    }
}

fn by_identifier(tx: &mut dyn Tx, identifier: &str) -> Result<Vec<PersonId>, Error> {
    if let Some(number) = nhs_number(identifier) {
        let people = store::person::by_nhs_number(tx, number)?;
        return Ok(people.iter().map(|person| person.id).collect());
    }
    match identifier.split_once('|') {
        Some((system, value)) if system != PATIENT => {
            Ok(api::person_of(tx, system, value)?.into_iter().collect())
        }
        _ => Ok(Vec::new()),
    }
}

/// Those found by name, date of birth and postcode; `None` when none of these is given.
fn by_words(
    tx: &mut dyn Tx,
    query: &Query,
    scope: &PeopleScope,
) -> Result<Result<Option<BTreeSet<PersonId>>, Refusal>, Error> {
    let text = |name| {
        value(query, name)
            .and_then(|one| one.values.first())
            .map_or("", String::as_str)
    };
    let (family, given) = (text("family"), text("given"));
    let postcode = Some(postcode_word(text("address-postalcode"))).filter(|word| !word.is_empty());
    let born = value(query, "birthdate").and_then(|one| one.dates.first());
    let mut search = Search {
        postcode,
        ..Search::default()
    };
    for name in [family, given] {
        search.names.extend(name_words(name));
    }
    // A whole day is looked up; any other date only narrows what else was found.
    search.birth_date = text("birthdate").trim_start_matches("eq").parse().ok();
    let wide = search.names.iter().all(|word| word.chars().count() < 2);
    if search.birth_date.is_none() && search.postcode.is_none() && wide {
        if born.is_some() || !search.names.is_empty() {
            let text = "This would find too many people. Add a name of two letters or more, a whole date of birth or a postcode.";
            return Ok(Err(Refusal::new(Why::TooMuch, "http", text)));
        }
        return Ok(Ok(None));
    }
    let mut found = find::search(tx, &search, PEOPLE * 4, Reach::Scope(scope))?;
    let full = found.len() == PEOPLE * 4;
    found.retain(|one| {
        let day = one.birth_date.map(|date| date.to_string());
        let stretch = day.as_deref().and_then(super::dates::Stretch::of);
        begins(&one.family_name, family)
            && begins(&one.given_name, given)
            && born.is_none_or(|test| stretch.is_some_and(|stretch| test.fits(stretch)))
    });
    if full || found.len() > PEOPLE {
        let text = "More than 50 people fit. Add a date of birth or a postcode.";
        return Ok(Err(Refusal::new(Why::TooMuch, "http", text)));
    }
    Ok(Ok(Some(found.into_iter().map(|one| one.id).collect())))
}

/// Whether each word asked for is the beginning of a word of a name.
fn begins(name: &str, asked: &str) -> bool {
    let words = name_words(name);
    name_words(asked)
        .iter()
        .all(|begin| words.iter().any(|word| word.starts_with(begin)))
}

/// A `Patient` of what the place knows, with links to those that were sent.
pub(super) fn made(person: &Person, keys: &[String]) -> Shown {
    let mut patient = json!({
        "resourceType": "Patient",
        "id": person.id.to_string(),
        "meta": { "profile": [PROFILE] },
    });
    let mut put = |name: &str, value: Value| patient[name] = value;
    if let Some(number) = person.nhs_number {
        let status = json!({ "coding": [{
            "system": VERIFICATION_CODES,
            "code": "number-present-but-not-traced",
            "display": "Number present but not traced",
        }]});
        put(
            "identifier",
            json!([{
                "extension": [{ "url": VERIFICATION, "valueCodeableConcept": status }],
                "system": fhir::check::NHS_NUMBER,
                "value": number.to_string(),
            }]),
        );
    }
    if !person.family_name.is_empty() || !person.given_name.is_empty() {
        let mut name = json!({ "use": "official" });
        if !person.family_name.is_empty() {
            name["family"] = person.family_name.as_str().into();
        }
        let given: Vec<&str> = person.given_name.split_whitespace().collect();
        if !given.is_empty() {
            name["given"] = given.into();
        }
        put("name", json!([name]));
    }
    if !person.telephone.is_empty() {
        put(
            "telecom",
            json!([{ "system": "phone", "value": person.telephone }]),
        );
    }
    put("gender", person.gender.as_str().into());
    if let Some(date) = person.birth_date {
        put("birthDate", date.to_string().into());
    }
    if let Some(date) = person.died_on {
        put("deceasedDateTime", date.to_string().into());
    }
    if !person.address.is_empty() || !person.postcode.is_empty() {
        let mut address = json!({ "use": "home" });
        if !person.address.is_empty() {
            address["text"] = person.address.as_str().into();
        }
        if !person.postcode.is_empty() {
            address["postalCode"] = person.postcode.as_str().into();
        }
        put("address", json!([address]));
    }
    if let Some(code) = &person.practice_code {
        let practice =
            json!({ "type": "Organization", "identifier": { "system": ODS, "value": code } });
        put("generalPractitioner", json!([practice]));
    }
    let links: Vec<Value> = keys
        .iter()
        .map(|key| json!({ "other": { "reference": key }, "type": "seealso" }))
        .collect();
    if !links.is_empty() {
        put("link", links.into());
    }
    let text = patient.to_string();
    Shown {
        key: format!("Patient/{}", person.id),
        resource_type: "Patient".to_owned(),
        version: hex(&Sha256::digest(text.as_bytes())[..8]),
        updated: None,
        json: text,
        included: false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_begin_as_asked() {
        for (name, asked, fits) in [
            ("Smith-Jones", "jon", true),
            ("Smith-Jones", "smith jones", true),
            ("Smith", "smithson", false),
            ("O'Brien", "obri", true),
            ("Smith", "", true),
        ] {
            assert_eq!(begins(name, asked), fits, "{name} {asked}");
        }
    }
}
