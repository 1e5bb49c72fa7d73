//! Whom a message is about: finding, making and filling in a person.

use crate::{App, Error};
use ::person::identify::{Claim, Doubt, Identity, identify};
use ::person::{Gender, Person};
use fhir::adw::{AdwMessage, Identifier, Patient};
use kernel::OrganisationId;
use store::Tx;
use store::person::{add_identifier, by_id, by_identifier, by_nhs_number, insert, update};

/// Who it is.
pub(super) enum Whom {
    /// Somebody known.
    Known(Box<Person>),
    /// Somebody new.
    New,
    /// A person must decide.
    Review(Doubt),
}

/// The system of an identifier of one assigner: numbers of two hospitals may be equal.
fn system(identifier: &Identifier) -> String {
    let assigner = identifier.assigner.as_ref();
    match assigner.and_then(|one| one.code.as_ref()) {
        Some(code) => format!("{}#{code}", identifier.system),
        None => identifier.system.clone(),
    }
}

/// Finds whom a message is about.
pub(super) fn find(tx: &mut dyn Tx, patient: &Patient) -> Result<Whom, Error> {
    let by_number = match patient.nhs_number {
        Some(number) => by_nhs_number(tx, number)?,
        None => Vec::new(),
    };
    let mut of_sender = None;
    for identifier in &patient.identifiers {
        if of_sender.is_none() {
            of_sender = by_identifier(tx, &system(identifier), &identifier.value)?;
        }
    }
    let of_sender = match of_sender {
        Some(id) => by_id(tx, id)?,
        None => None,
    };
    let claim = Claim {
        nhs_number: patient.nhs_number,
        birth_date: patient.birth_date,
        family_name: &patient.family_name,
        given_name: &patient.given_name,
        postcode: patient.address.as_ref().map_or("", |one| &one.postcode),
    };
    Ok(match identify(&claim, &by_number, of_sender.as_ref()) {
        Identity::Known(id) => match by_id(tx, id)? {
            Some(person) => Whom::Known(Box::new(person)),
            None => Whom::New,
        },
        Identity::New => Whom::New,
        Identity::Review(doubt) => Whom::Review(doubt),
    })
}

/// The person with what the message adds: only what is not known is filled in.
pub(super) fn keep(
    app: &App,
    tx: &mut dyn Tx,
    known: Option<Person>,
    message: &AdwMessage,
    council: OrganisationId,
) -> Result<Person, Error> {
    let patient = &message.patient;
    let (old, mut person) = match known {
        Some(person) => (Some(person.clone()), person),
        None => (None, Person::unknown(app.ids().person())),
    };
    let fill = |old: &mut String, new: &str| {
        if old.is_empty() {
            new.clone_into(old);
        }
    };
    fill(&mut person.family_name, &patient.family_name);
    fill(&mut person.given_name, &patient.given_name);
    fill(&mut person.telephone, &patient.telephone);
    if let Some(address) = &patient.address {
        // An address and its postcode go together.
        if person.address.is_empty() && person.postcode.is_empty() {
            person.address = address.one_line();
            person.postcode.clone_from(&address.postcode);
        }
    }
    person.nhs_number = person.nhs_number.or(patient.nhs_number);
    person.birth_date = person.birth_date.or(patient.birth_date);
    person.died_on = person.died_on.or(patient.died_on);
    person.council = person.council.or(Some(council));
    if person.gender == Gender::Unknown {
        person.gender = patient.gender;
    }
    if person.practice_code.is_none() {
        let practice = patient.gp.as_ref().and_then(|gp| gp.practice.as_ref());
        let code = practice.and_then(|practice| practice.code.as_ref());
        person.practice_code = code.map(ToString::to_string);
    }
    for (flag, set) in [
        ("safeguarding", message.has_safeguarding_concerns()),
        ("capacity decision", message.lacks_capacity()),
        ("carer", message.names_a_carer()),
    ] {
        if set && !person.flags.iter().any(|one| one == flag) {
            person.flags.push(flag.to_owned());
        }
    }
    person.flags.sort();
    match &old {
        None => insert(tx, &person, app.now())?,
        Some(old) if *old != person => update(tx, &person)?,
        Some(_) => {}
    }
    for identifier in &patient.identifiers {
        add_identifier(tx, &system(identifier), &identifier.value, person.id)?;
    }
    Ok(person)
}
