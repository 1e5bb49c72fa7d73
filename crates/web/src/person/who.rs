//! Who a page is about, the same on every page: name, NHS number, birth, address.

use crate::components::Tag;
use crate::words;
use jiff::civil::Date;
use kernel::{NhsNumber, PersonId};
use person::{Gender, Person};

/// What stands at the top of a page about a person.
#[derive(Clone, Debug, Default)]
pub struct Who {
    /// Name as lists have it.
    pub name: String,
    /// NHS number, birth, address and so on, each with its name.
    pub facts: Vec<(&'static str, String)>,
    /// Things to know at once.
    pub flags: Vec<Tag>,
    /// Address of the person's page.
    pub href: String,
}

/// The head of a page about a person, on a day.
pub(crate) fn of(person: &Person, council: Option<&str>, today: Date) -> Who {
    let mut facts = vec![
        ("NHS number", nhs_number(person.nhs_number)),
        (
            "Born",
            born(
                person.birth_date,
                person.age_on(person.died_on.unwrap_or(today)),
            ),
        ),
        ("Gender", gender(person.gender).to_owned()),
        ("Address", address(&person.address, &person.postcode)),
        ("Telephone", words::known(&person.telephone).to_owned()),
        (
            "Council",
            council.map_or("Not known", words::known).to_owned(),
        ),
    ];
    if let Some(day) = person.died_on {
        facts.push(("Died", words::date(day)));
    }
    Who {
        name: person.list_name(),
        facts,
        flags: flags(&person.flags),
        href: address_of(person.id),
    }
}

/// Address of a person's page.
pub(crate) fn address_of(id: PersonId) -> String {
    format!("/person/{id}")
}

/// NHS number in 3-3-4, or "Not known".
pub(crate) fn nhs_number(number: Option<NhsNumber>) -> String {
    number.map_or_else(|| "Not known".to_owned(), |number| number.spaced())
}

/// Address and postcode on one line, or "Not known".
pub(crate) fn address(address: &str, postcode: &str) -> String {
    match (address.trim(), postcode.trim()) {
        ("", "") => "Not known".to_owned(),
        (address, "") => address.to_owned(),
        ("", postcode) => postcode.to_owned(),
        (address, postcode) => format!("{address}, {postcode}"),
    }
}

/// "6 August 1938, 88 years", marked when the day looks made up by a computer.
pub(crate) fn born(day: Option<Date>, age: Option<i16>) -> String {
    let Some(day) = day else {
        return "Not known".to_owned();
    };
    let mut text = words::date(day);
    if let Some(age) = age {
        text = format!("{text}, {}", years(age));
    }
    if day.month() == 1 && day.day() == 1 && day.year() <= 1900 {
        text.push_str(" (this may stand for a day that is not known)");
    }
    text
}

/// "88 years", "1 year".
pub(crate) fn years(age: i16) -> String {
    words::counted(i64::from(age), "year")
}

/// Flags as tags; the words say it all.
pub(crate) fn flags(flags: &[String]) -> Vec<Tag> {
    flags
        .iter()
        .map(|flag| {
            let colour = match flag.as_str() {
                "safeguarding" => "red",
                "capacity decision" => "purple",
                "carer" => "aqua-green",
                _ => "grey",
            };
            Tag::new(words::sentence(flag), colour)
        })
        .collect()
}

/// Gender in a word.
pub(crate) const fn gender(gender: Gender) -> &'static str {
    match gender {
        Gender::Female => "Female",
        Gender::Male => "Male",
        Gender::Other => "Other",
        Gender::Unknown => "Not known",
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::*;

    #[test]
    fn nothing_is_left_empty() {
        assert_eq!(address("", ""), "Not known");
        assert_eq!(
            address("1 High Street, Barchester", "ZZ1 4AB"),
            "1 High Street, Barchester, ZZ1 4AB"
        );
        assert_eq!(born(None, None), "Not known");
        assert_eq!(
            born(Some("1938-08-06".parse().unwrap()), Some(80)),
            "6 August 1938, 80 years"
        );
        let dummy = born(Some("1900-01-01".parse().unwrap()), Some(118));
        assert!(dummy.contains("not known"), "{dummy}");
        assert_eq!(nhs_number(None), "Not known");
    }
}
