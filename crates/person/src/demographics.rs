//! Names and demographics of a person.

use jiff::civil::Date;
use kernel::{NhsNumber, OrganisationId, PersonId};

/// Gender as messages carry it (FHIR administrative gender).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Gender {
    /// Female.
    Female,
    /// Male.
    Male,
    /// Other.
    Other,
    /// Not known or not said.
    Unknown,
}

impl Gender {
    /// The text it is kept as.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Female => "female",
            Self::Male => "male",
            Self::Other => "other",
            Self::Unknown => "unknown",
        }
    }

    /// Reads the text; anything else is unknown.
    pub fn parse(text: &str) -> Self {
        match text {
            "female" => Self::Female,
            "male" => Self::Male,
            "other" => Self::Other,
            _ => Self::Unknown,
        }
    }
}

/// A person as the place knows them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    /// Their id.
    pub id: PersonId,
    /// NHS number, if known.
    pub nhs_number: Option<NhsNumber>,
    /// Family name; empty if not known.
    pub family_name: String,
    /// Given names, first name first; empty if not known.
    pub given_name: String,
    /// Date of birth, if known.
    pub birth_date: Option<Date>,
    /// Gender.
    pub gender: Gender,
    /// Address on one line, without the postcode; empty if not known.
    pub address: String,
    /// Postcode; empty if not known.
    pub postcode: String,
    /// Telephone; empty if not known.
    pub telephone: String,
    /// Council of ordinary residence, if known.
    pub council: Option<OrganisationId>,
    /// ODS code of the GP practice, if known.
    pub practice_code: Option<String>,
    /// Day of death.
    pub died_on: Option<Date>,
    /// Things to know at once: `safeguarding`, `capacity decision`, `carer`.
    pub flags: Vec<String>,
}

/// `JONES, Arthur`: family name in capitals first, as staff lists have it.
pub fn list_name(family: &str, given: &str) -> String {
    match (family.is_empty(), given.is_empty()) {
        (true, true) => "Name not known".to_owned(),
        (true, false) => given.to_owned(),
        (false, true) => family.to_uppercase(),
        (false, false) => format!("{}, {given}", family.to_uppercase()),
    }
}

impl Person {
    /// Somebody of whom nothing is known but the id.
    pub const fn unknown(id: PersonId) -> Self {
        Self {
            id,
            nhs_number: None,
            family_name: String::new(),
            given_name: String::new(),
            birth_date: None,
            gender: Gender::Unknown,
            address: String::new(),
            postcode: String::new(),
            telephone: String::new(),
            council: None,
            practice_code: None,
            died_on: None,
            flags: Vec::new(),
        }
    }

    /// `JONES, Arthur`: family name in capitals first, as staff lists have it.
    pub fn list_name(&self) -> String {
        list_name(&self.family_name, &self.given_name)
    }

    /// `Arthur Jones`, as people say it; empty if no name is known.
    pub fn full_name(&self) -> String {
        let name = format!("{} {}", self.given_name, self.family_name);
        name.trim().to_owned()
    }

    /// Whole years of age on a day; `None` if the date of birth is not known or lies after it.
    pub fn age_on(&self, day: Date) -> Option<i16> {
        let born = self.birth_date?;
        let had_birthday = (day.month(), day.day()) >= (born.month(), born.day());
        let years = day.year() - born.year() - i16::from(!had_birthday);
        (years >= 0).then_some(years)
    }
}
