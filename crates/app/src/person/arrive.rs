//! Whose record is it? The person of a `Patient` resource that arrives.
//!
//! By NHS number it is the rule of `person::identify`. Beside that, a source is known by
//! its own keys: somebody it has told of before is the same person unless NHS number or
//! date of birth now differ, and somebody without an NHS number is made new the first time.

use super::identity::Doubtful;
use crate::{App, Error};
use ::person::Person;
use ::person::identify::{self as rule, Claim, Identity};
use fhir::ArrivingPerson;
use kernel::{InboxId, PersonId};
use store::Tx;
use store::person::{add_identifier, by_id, by_identifier, by_nhs_number, head_of, insert, update};

/// The system of identifiers that are keys of `Patient` resources.
pub(super) const PATIENT: &str = "fhir:Patient";

/// What came of meeting somebody.
pub(super) enum Met {
    /// They are this person.
    Person(PersonId),
    /// A person must decide; why, without personal data.
    Review(&'static str),
}

impl App {
    /// What taking a record in does to know whose it is, and nothing else of it: for the
    /// benchmark, which times it inside a write transaction. `inbox` is an arrival that is there.
    ///
    /// # Errors
    /// The database's.
    pub fn meet_record(
        &self,
        tx: &mut dyn Tx,
        (key, inbox): (&str, InboxId),
        arriving: &ArrivingPerson,
    ) -> Result<(), Error> {
        meet(self, tx, (key, inbox), arriving).map(|_| ())
    }
}

/// Finds or makes the person of a `Patient` with a key.
pub(super) fn meet(
    app: &App,
    tx: &mut dyn Tx,
    (key, inbox): (&str, InboxId),
    arriving: &ArrivingPerson,
) -> Result<Met, Error> {
    let same_number = match arriving.nhs_number {
        Some(number) => by_nhs_number(tx, number)?,
        None => Vec::new(),
    };
    let known = match by_identifier(tx, PATIENT, key)? {
        Some(id) => by_id(tx, id)?,
        None => None,
    };
    let doubt = |why: &'static str, tx: &mut dyn Tx, candidates: &[Person]| {
        let said = blanks(Person::unknown(app.ids().person()), arriving);
        let doubtful = Doubtful {
            why,
            key,
            inbox,
            person: None,
            said: &said,
        };
        app.ask_whose(tx, &doubtful, candidates)?;
        Ok(Met::Review(why))
    };
    if let Some(person) = known {
        let head = head_of(tx, person.id)?.unwrap_or(person.id);
        if same_number.iter().any(|other| other.id != head) {
            let all: Vec<Person> = same_number.into_iter().chain([person]).collect();
            return doubt(OTHERS, tx, &all);
        }
        return match again(app, tx, person.clone(), arriving)? {
            Met::Review(why) => doubt(why, tx, &[person]),
            met => {
                store::identity::settled_by_rule(tx, key, (BY_RULE, AGREES), app.now())?;
                Ok(met)
            }
        };
    }
    if same_number.is_empty() {
        return made(app, tx, (key, inbox), arriving);
    }
    let claim = Claim {
        nhs_number: arriving.nhs_number,
        birth_date: arriving.birth_date,
        family_name: &arriving.name.family,
        given_name: &arriving.name.given,
        postcode: &arriving.postcode,
    };
    match rule::identify(&claim, &same_number, None) {
        Identity::Known(id) => {
            // What this source says stays a record of its own, so that the link can be undone.
            let own = blanks(Person::unknown(app.ids().person()), arriving);
            insert(tx, &own, app.now())?;
            app.follow_practice(tx, &own)?;
            identify(tx, key, arriving, own.id)?;
            app.join(tx, BY_RULE, id, own.id, AGREES)?;
            store::identity::settled_by_rule(tx, key, (BY_RULE, AGREES), app.now())?;
            Ok(Met::Person(own.id))
        }
        Identity::New => made(app, tx, (key, inbox), arriving),
        Identity::Review(why) => doubt(why.in_words(), tx, &same_number),
    }
}

const OTHERS: &str = "The NHS number is another person's than the one this source's id belongs to. \
     Nothing was changed: look at both records and ask the sender.";
const CHANGED: &str = "The source now gives this person another NHS number or date of birth. \
     Nothing was changed: look at the record and ask the sender which is right.";

/// Somebody the source has told of before.
fn again(
    app: &App,
    tx: &mut dyn Tx,
    person: Person,
    arriving: &ArrivingPerson,
) -> Result<Met, Error> {
    let differ = person.nhs_number.is_some()
        && arriving.nhs_number.is_some()
        && person.nhs_number != arriving.nhs_number
        || person.birth_date.is_some()
            && arriving.birth_date.is_some()
            && person.birth_date != arriving.birth_date;
    if differ {
        return Ok(Met::Review(CHANGED));
    }
    let id = person.id;
    let newer = newer(person.clone(), arriving);
    if newer != person {
        update(tx, &newer)?;
        app.follow_practice(tx, &newer)?;
    }
    Ok(Met::Person(id))
}

/// What the source says now goes over what it said before; what it leaves out stays.
fn newer(mut person: Person, arriving: &ArrivingPerson) -> Person {
    let over = |old: &mut String, new: &str| {
        if !new.is_empty() {
            new.clone_into(old);
        }
    };
    over(&mut person.family_name, &arriving.name.family);
    over(&mut person.given_name, &arriving.name.given);
    if !arriving.address.is_empty() || !arriving.postcode.is_empty() {
        // An address and its postcode go together.
        person.address.clone_from(&arriving.address);
        person.postcode.clone_from(&arriving.postcode);
    }
    over(&mut person.telephone, &arriving.telephone);
    if let Some(code) = &arriving.practice_code {
        // Whoever changes practice takes their record along: the old one's relationship ends.
        person.practice_code = Some(code.as_str().to_owned());
    }
    blanks(person, arriving)
}

/// Fills what is not known; changes nothing that is.
fn blanks(mut person: Person, arriving: &ArrivingPerson) -> Person {
    let fill = |old: &mut String, new: &str| {
        if old.is_empty() {
            new.clone_into(old);
        }
    };
    if person.family_name.is_empty() && person.given_name.is_empty() {
        person.family_name.clone_from(&arriving.name.family);
        person.given_name.clone_from(&arriving.name.given);
    }
    if person.address.is_empty() && person.postcode.is_empty() {
        person.address.clone_from(&arriving.address);
        person.postcode.clone_from(&arriving.postcode);
    }
    fill(&mut person.telephone, &arriving.telephone);
    person.nhs_number = person.nhs_number.or(arriving.nhs_number);
    person.birth_date = person.birth_date.or(arriving.birth_date);
    person.died_on = person.died_on.or(arriving.died_on);
    if person.gender == ::person::Gender::Unknown {
        person.gender = arriving.gender;
    }
    let practice = arriving.practice_code.as_ref();
    person.practice_code = person
        .practice_code
        .or_else(|| practice.map(|code| code.as_str().to_owned()));
    person
}

/// Who is named as having made a link that the rule makes.
const BY_RULE: &str = "Almoner";
const AGREES: &str = "NHS number, date of birth, and a name or the postcode agree.";

/// Somebody new. If they may be somebody who is here, a person is asked.
fn made(
    app: &App,
    tx: &mut dyn Tx,
    (key, inbox): (&str, InboxId),
    arriving: &ArrivingPerson,
) -> Result<Met, Error> {
    let person = blanks(Person::unknown(app.ids().person()), arriving);
    let likely = app.likely(tx, &person)?;
    insert(tx, &person, app.now())?;
    app.follow_practice(tx, &person)?;
    identify(tx, key, arriving, person.id)?;
    if !likely.is_empty() {
        let doubtful = Doubtful {
            why: LIKELY,
            key,
            inbox,
            person: Some(person.id),
            said: &person,
        };
        app.keep_review(tx, &doubtful, &likely)?;
    }
    Ok(Met::Person(person.id))
}

const LIKELY: &str = "The record has a page of its own, and may be that of a person who is here \
     already. Look at both, then link them or keep them apart.";

/// Notes the key and every identifier but the NHS number, which has a place of its own.
fn identify(
    tx: &mut dyn Tx,
    key: &str,
    arriving: &ArrivingPerson,
    person: PersonId,
) -> Result<(), Error> {
    add_identifier(tx, PATIENT, key, person)?;
    for (system, value) in &arriving.identifiers {
        if system != fhir::check::NHS_NUMBER && system != PATIENT {
            add_identifier(tx, system, value, person)?;
        }
    }
    Ok(())
}
