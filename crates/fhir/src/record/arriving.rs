//! A `Patient` as it arrives: who it says they are.
//!
//! Source: UK Core Patient (FHIR R4). Of several names the usual or official one that
//! holds now is taken; of several addresses the home; of several telephones the mobile.

use jiff::civil::Date;
use kernel::{NhsNumber, OdsCode};
use person::Gender;

use super::kept;
use crate::check::NHS_NUMBER;
use crate::tree::{Node, Object};

/// A name, as it arrived.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ArrivingName {
    /// Family name; empty if not given.
    pub family: String,
    /// Given names, first name first; empty if not given.
    pub given: String,
}

/// Who a `Patient` says somebody is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ArrivingPerson {
    /// Every identifier: system and value.
    pub identifiers: Vec<(String, String)>,
    /// The NHS number, when there is one and its check digit is right.
    pub nhs_number: Option<NhsNumber>,
    /// Name.
    pub name: ArrivingName,
    /// Date of birth, when it is a whole date that exists.
    pub birth_date: Option<Date>,
    /// Gender.
    pub gender: Gender,
    /// Address on one line, without the postcode; empty if not given.
    pub address: String,
    /// Postcode; empty if not given.
    pub postcode: String,
    /// Telephone; empty if not given.
    pub telephone: String,
    /// ODS code of the GP practice.
    pub practice_code: Option<OdsCode>,
    /// Day of death.
    pub died_on: Option<Date>,
}

/// Longest of each, in characters: a name, an address, a postcode or telephone.
const NAME: usize = 200;
const ADDRESS: usize = 500;
const SHORT: usize = 50;
/// Longest system or value of an identifier that is kept as one, in bytes.
const IDENTIFIER_BYTES: usize = 300;

impl ArrivingPerson {
    /// Reads a `Patient`.
    pub fn read(patient: &Object<'_>) -> Self {
        let identifiers: Vec<(String, String)> = patient
            .objects("identifier")
            .filter(|one| one.text("use") != Some("old"))
            .filter_map(|one| {
                Some((
                    one.text("system")?.to_owned(),
                    one.text("value")?.trim().to_owned(),
                ))
            })
            .filter(|(system, value)| {
                let fits = |text: &str| text.len() <= IDENTIFIER_BYTES && !text.contains('\0');
                !value.is_empty() && fits(system) && fits(value)
            })
            .collect();
        let nhs_number = identifiers
            .iter()
            .filter(|(system, _)| system == NHS_NUMBER)
            .find_map(|(_, value)| NhsNumber::parse(value).ok());
        let (address, postcode) = best(patient, "address", &["home", ""])
            .map(address)
            .unwrap_or_default();
        let called = best(patient, "name", &["usual", "official", ""])
            .map(name)
            .unwrap_or_default();
        Self {
            nhs_number,
            identifiers,
            name: ArrivingName {
                family: kept(&called.family, NAME),
                given: kept(&called.given, NAME),
            },
            birth_date: patient.text("birthDate").and_then(date),
            gender: Gender::parse(patient.text("gender").unwrap_or_default()),
            address: kept(&address, ADDRESS),
            postcode: kept(&postcode, SHORT),
            telephone: kept(&telephone(patient), SHORT),
            practice_code: practice(patient),
            died_on: patient.text("deceasedDateTime").and_then(date),
        }
    }
}

/// The object whose use comes first in the list; one that is old or has ended comes last.
fn best<'o, 'a>(patient: &'o Object<'a>, name: &str, uses: &[&str]) -> Option<&'o Object<'a>> {
    patient.objects(name).min_by_key(|one| {
        let of_use = one.text("use").unwrap_or_default();
        let past = of_use == "old"
            || one
                .object("period")
                .is_some_and(|period| period.get("end").is_some());
        (
            past,
            uses.iter()
                .position(|wanted| *wanted == of_use)
                .unwrap_or(uses.len()),
        )
    })
}

fn name(name: &Object<'_>) -> ArrivingName {
    let given: Vec<&str> = name
        .each("given")
        .filter_map(Node::as_text)
        .map(str::trim)
        .collect();
    let family = name.text("family").unwrap_or_default().trim();
    if given.is_empty() && family.is_empty() {
        // Only the whole name is given: its last word is taken for the family name.
        let whole = name.text("text").unwrap_or_default().trim();
        let (given, family) = whole.rsplit_once(' ').unwrap_or(("", whole));
        return ArrivingName {
            family: family.to_owned(),
            given: given.to_owned(),
        };
    }
    ArrivingName {
        family: family.to_owned(),
        given: given.join(" "),
    }
}

fn address(address: &Object<'_>) -> (String, String) {
    let lines = address.each("line").filter_map(Node::as_text);
    let parts: Vec<&str> = lines
        .chain(
            ["city", "district", "state"]
                .iter()
                .filter_map(|part| address.text(part)),
        )
        .map(str::trim)
        .filter(|part| !part.is_empty())
        .collect();
    let line = if parts.is_empty() {
        address.text("text").unwrap_or_default().to_owned()
    } else {
        parts.join(", ")
    };
    (
        line,
        address
            .text("postalCode")
            .unwrap_or_default()
            .trim()
            .to_owned(),
    )
}

fn telephone(patient: &Object<'_>) -> String {
    let phones = patient
        .objects("telecom")
        .filter(|one| matches!(one.text("system"), Some("phone" | "sms")));
    let best = phones.min_by_key(|one| match one.text("use") {
        Some("mobile") => 0,
        Some("home") => 1,
        Some("old") => 3,
        _ => 2,
    });
    best.and_then(|one| one.text("value"))
        .unwrap_or_default()
        .trim()
        .to_owned()
}

/// The practice by its ODS code: an identifier, or the end of a reference to the ODS directory.
fn practice(patient: &Object<'_>) -> Option<OdsCode> {
    patient.objects("generalPractitioner").find_map(|one| {
        let identifier = one.object("identifier");
        let ods = identifier.filter(|identifier| {
            identifier
                .text("system")
                .is_some_and(|system| system.contains("ods-organization-code"))
        });
        let code = ods.and_then(|identifier| identifier.text("value"));
        let directory = one.text("reference").filter(|reference| {
            reference.contains("directory.spineservices.nhs.uk/STU3/Organization/")
        });
        let code = code.or_else(|| directory.and_then(|reference| reference.rsplit('/').next()))?;
        OdsCode::new(code)
    })
}

/// The day of a date or date and time; `None` when only the month or year is known.
fn date(text: &str) -> Option<Date> {
    text.get(..10)?.parse().ok()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::*;

    #[test]
    fn the_name_address_and_telephone_that_hold_now() {
        let text = r##"{"resourceType":"Patient",
            "identifier":[{"system":"https://fhir.nhs.uk/Id/nhs-number","value":"999 000 0018"},
                          {"system":"https://fhir.nhs.uk/Id/nhs-number","value":"9990000026"}],
            "name":[{"use":"maiden","family":"Smith"},{"use":"usual","family":"Jones","given":["Ann","Beth"]}],
            "telecom":[{"system":"email","value":"x"},{"system":"phone","use":"home","value":"1"},{"system":"phone","use":"mobile","value":"2"}],
            "address":[{"use":"old","line":["9 Old Way"],"postalCode":"ZZ9 1AA"},{"use":"home","line":["1 High Street"],"city":"Barchester","postalCode":"ZZ9 9ZZ"}],
            "birthDate":"1940-02-30","deceasedDateTime":"2020-01-02T03:04:05Z"}"##;
        let node = crate::json::parse(text).unwrap();
        let person = ArrivingPerson::read(node.as_object().unwrap());
        assert_eq!(
            (person.name.family.as_str(), person.name.given.as_str()),
            ("Jones", "Ann Beth")
        );
        assert_eq!(
            (person.address.as_str(), person.postcode.as_str()),
            ("1 High Street, Barchester", "ZZ9 9ZZ")
        );
        assert_eq!(person.telephone, "2");
        assert_eq!(
            person.birth_date, None,
            "a date that does not exist is not used"
        );
        assert_eq!(person.died_on, Some(jiff::civil::date(2020, 1, 2)));
        let expected = ["999 000 0018", "9990000026"]
            .iter()
            .find_map(|number| NhsNumber::parse(number).ok());
        assert_eq!(person.nhs_number, expected);
    }
}
