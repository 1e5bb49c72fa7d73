//! Who an arriving record may be: the keys it is met by and how likely each candidate is.
//!
//! Source: Fellegi and Sunter (1969), as `linkage` has it. What comes out is only ever a
//! question for somebody to decide: a record is linked by itself by the rule of `identify`
//! alone.

use crate::Person;
use kernel::PersonId;
use linkage::explain::Comparison;
use linkage::people::{People, PersonRecord};

/// From this chance on somebody is asked.
pub const ASK_FROM: f64 = 0.05;

/// A person as linkage compares them.
pub fn record_of(person: &Person) -> PersonRecord {
    PersonRecord {
        nhs_number: person
            .nhs_number
            .map(|number| number.to_string())
            .unwrap_or_default(),
        birth_date: person
            .birth_date
            .map(|day| day.to_string())
            .unwrap_or_default(),
        family_name: person.family_name.clone(),
        given_name: person.given_name.clone(),
        postcode: person.postcode.clone(),
        address: person.address.clone(),
        sex: person.gender.as_str().to_owned(),
        telephone: person.telephone.clone(),
    }
}

/// The keys under which a record that may be this person's is met.
pub fn keys_of(person: &Person) -> Vec<i64> {
    People::ready().keys(&record_of(person))
}

/// Somebody a record may be.
#[derive(Clone, Debug, PartialEq)]
pub struct Candidate {
    /// The head of their records.
    pub person: PersonId,
    /// How the record compares with the likeliest of them.
    pub comparison: Comparison,
}

/// How a record compares with others, each with its head, in their order.
pub fn compared(record: &Person, others: &[(Person, PersonId)], people: u64) -> Vec<Candidate> {
    let records: Vec<PersonRecord> = others.iter().map(|(other, _)| record_of(other)).collect();
    let compared = People::ready().compare(&record_of(record), &records, people);
    others
        .iter()
        .zip(compared)
        .map(|((_, head), comparison)| Candidate {
            person: *head,
            comparison,
        })
        .collect()
}

/// The candidates for a record among others, each with its head: the likeliest first, one a
/// person, those only that are worth asking about. `people` is how many there are in the place.
pub fn candidates(record: &Person, others: &[(Person, PersonId)], people: u64) -> Vec<Candidate> {
    let mut found = compared(record, others, people);
    found.retain(|one| one.comparison.probability >= ASK_FROM);
    found.sort_by(|a, b| {
        let weight = |one: &Candidate| one.comparison.weight;
        weight(b)
            .total_cmp(&weight(a))
            .then(a.person.cmp(&b.person))
    });
    let mut seen = Vec::new();
    found.retain(|one| {
        let new = !seen.contains(&one.person);
        seen.push(one.person);
        new
    });
    found
}
