//! A service of the directory: what may be written of one, and what is wrong with what was.
//!
//! Source: Open Referral UK (service, organisation, eligibility, cost, schedule, area) and FHIR
//! R4 `HealthcareService`, as facts; the rules are ours.
//!
//! In words: a service has a name, says what it does in plain words, meets one need or more,
//! takes people who come in one way or more, can be reached somehow, and was checked by somebody
//! on a day. What is not known stays empty. A file and a form are held to the same rules.

mod area;
mod read;
#[cfg(test)]
mod tests;

pub use area::{Area, Postcode, Serves, areas};
pub use read::read;

use crate::opening::Opening;
use jiff::civil::Date;
use std::fmt;

/// Who may refer somebody to a service.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Referral {
    /// The person.
    pub person: bool,
    /// A carer, family or a friend.
    pub carer: bool,
    /// A professional.
    pub professional: bool,
}

impl Referral {
    /// Reads words such as `self; carer; professional`; the ones that are none of them.
    pub fn read(text: &str) -> (Self, Vec<&str>) {
        let mut referral = Self::default();
        let mut wrong = Vec::new();
        for word in parts(text) {
            match word.to_ascii_lowercase().as_str() {
                "self" | "person" => referral.person = true,
                "carer" => referral.carer = true,
                "professional" => referral.professional = true,
                _ => wrong.push(word),
            }
        }
        (referral, wrong)
    }

    /// In plain words, such as `You or a carer`.
    pub fn in_words(self) -> &'static str {
        match (self.person, self.carer, self.professional) {
            (true, true, true) => "You, a carer or a professional",
            (true, true, false) => "You or a carer",
            (true, false, true) => "You or a professional",
            (true, false, false) => "You",
            (false, true, true) => "A carer or a professional",
            (false, true, false) => "A carer",
            (false, false, true) => "A professional only, such as a doctor or social worker",
            (false, false, false) => "Not known",
        }
    }
}

impl fmt::Display for Referral {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let words = [
            (self.person, "self"),
            (self.carer, "carer"),
            (self.professional, "professional"),
        ];
        let said: Vec<&str> = words.iter().filter(|(on, _)| *on).map(|w| w.1).collect();
        f.write_str(&said.join("; "))
    }
}

/// A service as it was typed or stands in a file: every field a text, by the name of its column.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Typed {
    /// What it is called.
    pub name: String,
    /// Who runs it.
    pub organisation: String,
    /// Their ODS code, if they have one.
    pub organisation_code: String,
    /// What it does.
    pub what: String,
    /// Codes or names of needs, parted by semicolons.
    pub needs: String,
    /// Postcodes and names, parted by semicolons; empty is everywhere.
    pub areas: String,
    /// How to reach it.
    pub how: String,
    /// Whom it is for.
    pub who_for: String,
    /// `self`, `carer`, `professional`, parted by semicolons.
    pub referral: String,
    /// Opening hours; see [`crate::opening::read`].
    pub hours: String,
    /// More about its hours.
    pub hours_note: String,
    /// Where it is.
    pub address: String,
    /// Postcode of where it is.
    pub postcode: String,
    /// Telephone.
    pub telephone: String,
    /// Web address.
    pub web: String,
    /// What it costs.
    pub cost: String,
    /// Day on which it was last checked, `YYYY-MM-DD`.
    pub checked_on: String,
    /// Who checked it.
    pub checked_by: String,
    /// Last day, `YYYY-MM-DD`, once it has ended.
    pub ended_on: String,
}

/// A service of the directory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Service {
    /// What it is called.
    pub name: String,
    /// Who runs it; empty if that is not known.
    pub organisation: String,
    /// Their ODS code.
    pub organisation_code: Option<String>,
    /// What it does, in plain words.
    pub what: String,
    /// Codes of the needs it meets.
    pub needs: Vec<String>,
    /// Where it works; none is everywhere in the place.
    pub areas: Vec<Area>,
    /// How to reach it, in words.
    pub how: String,
    /// Whom it is for, in words.
    pub who_for: String,
    /// Who may refer.
    pub referral: Referral,
    /// When it is open.
    pub hours: Opening,
    /// More about its hours.
    pub hours_note: String,
    /// Where it is.
    pub address: String,
    /// Postcode of where it is.
    pub postcode: String,
    /// Telephone.
    pub telephone: String,
    /// Web address; `http` or `https`.
    pub web: String,
    /// What it costs, in words.
    pub cost: String,
    /// Day on which it was last checked.
    pub checked_on: Date,
    /// Who checked it.
    pub checked_by: String,
    /// Last day, once it has ended.
    pub ended_on: Option<Date>,
}

/// One thing wrong with what was typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// Name of the field.
    pub field: &'static str,
    /// What is wrong and what to do.
    pub text: String,
}

impl Service {
    /// The service as a form or a file holds it; reading it gives the same service back.
    pub fn typed(&self) -> Typed {
        Typed {
            name: self.name.clone(),
            organisation: self.organisation.clone(),
            organisation_code: self.organisation_code.clone().unwrap_or_default(),
            what: self.what.clone(),
            needs: self.needs.join("; "),
            areas: self.areas_typed(),
            how: self.how.clone(),
            who_for: self.who_for.clone(),
            referral: self.referral.to_string(),
            hours: self.hours.to_string(),
            hours_note: self.hours_note.clone(),
            address: self.address.clone(),
            postcode: self.postcode.clone(),
            telephone: self.telephone.clone(),
            web: self.web.clone(),
            cost: self.cost.clone(),
            checked_on: self.checked_on.to_string(),
            checked_by: self.checked_by.clone(),
            ended_on: self
                .ended_on
                .map_or_else(String::new, |day| day.to_string()),
        }
    }

    /// Its areas as they are written: parted by semicolons.
    pub fn areas_typed(&self) -> String {
        let areas: Vec<String> = self.areas.iter().map(ToString::to_string).collect();
        areas.join("; ")
    }

    /// Whether it has ended by a day: its last day is past.
    pub fn has_ended(&self, today: Date) -> bool {
        self.ended_on.is_some_and(|last| last < today)
    }

    /// Whether it is for where somebody is: a postcode or the name of a district, town or
    /// village. Postcodes are judged by the postcodes it names. By names it can be known that it
    /// is, and never that it is not: a town may lie in a district. Where it has only the other
    /// kind, it may be.
    pub fn serves(&self, place: &str) -> Serves {
        area::serves(&self.areas, place)
    }

    /// What differs from another version of it, by names of fields.
    pub fn differences(&self, other: &Self) -> Vec<&'static str> {
        let (one, two) = (self.typed(), other.typed());
        let pairs = [
            (one.name != two.name, "name"),
            (one.organisation != two.organisation, "organisation"),
            (
                one.organisation_code != two.organisation_code,
                "organisation code",
            ),
            (one.what != two.what, "what it does"),
            (one.needs != two.needs, "needs"),
            (one.areas != two.areas, "areas"),
            (one.how != two.how, "how to reach it"),
            (one.who_for != two.who_for, "who it is for"),
            (one.referral != two.referral, "who may refer"),
            (
                (one.hours, one.hours_note) != (two.hours, two.hours_note),
                "opening hours",
            ),
            (
                (one.address, one.postcode) != (two.address, two.postcode),
                "address",
            ),
            (one.telephone != two.telephone, "telephone"),
            (one.web != two.web, "web address"),
            (one.cost != two.cost, "cost"),
            (
                (one.checked_on, one.checked_by) != (two.checked_on, two.checked_by),
                "day of checking",
            ),
            (one.ended_on != two.ended_on, "last day"),
        ];
        pairs
            .iter()
            .filter(|(on, _)| *on)
            .map(|pair| pair.1)
            .collect()
    }
}

/// Parts of a list, without empty ones.
fn parts(text: &str) -> impl Iterator<Item = &str> {
    text.split([';', '\n'])
        .map(str::trim)
        .filter(|part| !part.is_empty())
}
