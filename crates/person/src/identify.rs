//! The rule by which an arriving record finds or makes a person.
//!
//! Source: Personal Demographics Service, cross-check trace (NHS England, 2023): an
//! NHS number counts only together with the date of birth; the place's own policy
//! (RULES H.2) asks for one more thing to agree.
//!
//! In words: a record is a known person's when its NHS number is theirs, the dates of
//! birth are equal, and one of family name, first three letters of the given name, or
//! postcode agrees. An NHS number that is known with another date of birth, or with
//! none to compare, goes to review: nothing is overwritten. An NHS number that nobody
//! here has makes a new person, unless the sender's own identifier is that of someone
//! known: then they are the same if they have no other number and the date of birth
//! and the name agree, else it goes to review. A record without an NHS number finds a
//! person by the sender's identifier in the same way; without one it makes a new
//! person if it has a family name and a date of birth, else it goes to review.

use crate::Person;
use jiff::civil::Date;
use kernel::{NhsNumber, PersonId};

/// What an arriving record says about who it is about.
#[derive(Clone, Copy, Debug)]
pub struct Claim<'a> {
    /// NHS number with a right check digit.
    pub nhs_number: Option<NhsNumber>,
    /// Date of birth.
    pub birth_date: Option<Date>,
    /// Family name; empty if not given.
    pub family_name: &'a str,
    /// Given names; empty if not given.
    pub given_name: &'a str,
    /// Postcode; empty if not given.
    pub postcode: &'a str,
}

/// Who a record is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Identity {
    /// This person.
    Known(PersonId),
    /// Somebody not known here yet.
    New,
    /// A person must decide.
    Review(Doubt),
}

/// Why a person must decide.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Doubt {
    /// More than one person here has the NHS number.
    SeveralHaveTheNumber,
    /// The NHS number is known with another date of birth.
    BirthDateDiffers,
    /// The date of birth is missing in the record or here.
    BirthDateMissing,
    /// Number and date of birth agree, but neither name nor postcode does.
    NothingElseAgrees,
    /// The sender's identifier is that of a person with another NHS number.
    OtherNumber,
    /// The sender's identifier is that of a person who does not agree otherwise.
    IdentifierDisagrees,
    /// There is neither number nor identifier, nor family name and date of birth.
    TooLittle,
}

impl Doubt {
    /// What is in doubt and what to do, without personal data.
    pub const fn in_words(self) -> &'static str {
        match self {
            Self::SeveralHaveTheNumber => {
                "More than one person here has this NHS number. Put that right, then read the \
                 record again."
            }
            Self::BirthDateDiffers => {
                "The NHS number is known here with another date of birth. Nothing was changed: \
                 ask the sender which is right."
            }
            Self::BirthDateMissing => {
                "The NHS number is known here, but there is no date of birth to compare. \
                 Nothing was changed: ask the sender for it."
            }
            Self::NothingElseAgrees => {
                "NHS number and date of birth agree with a person here, but names and postcode \
                 do not. Nothing was changed: ask the sender whether it is the same person."
            }
            Self::OtherNumber => {
                "The sender's identifier is that of a person with another NHS number. Nothing \
                 was changed: ask the sender which is right."
            }
            Self::IdentifierDisagrees => {
                "The sender's identifier is that of a person whose date of birth or name does \
                 not agree. Nothing was changed: ask the sender which is right."
            }
            Self::TooLittle => {
                "There is too little to say who it is about: no NHS number, no known \
                 identifier, and no family name with a date of birth. Ask the sender for them."
            }
        }
    }
}

/// Who a record is about, given everybody with its NHS number and the person whom the
/// sender's own identifier belongs to.
pub fn identify(
    claim: &Claim<'_>,
    by_number: &[Person],
    by_identifier: Option<&Person>,
) -> Identity {
    match by_number {
        [] => match by_identifier {
            Some(person) => by_sender(claim, person),
            None if claim.nhs_number.is_some() => Identity::New,
            None if claim.family_name.is_empty() || claim.birth_date.is_none() => {
                Identity::Review(Doubt::TooLittle)
            }
            None => Identity::New,
        },
        [person] => match (person.birth_date, claim.birth_date) {
            (Some(ours), Some(theirs)) if ours != theirs => {
                Identity::Review(Doubt::BirthDateDiffers)
            }
            (Some(_), Some(_)) if agrees(claim, person) => Identity::Known(person.id),
            (Some(_), Some(_)) => Identity::Review(Doubt::NothingElseAgrees),
            _ => Identity::Review(Doubt::BirthDateMissing),
        },
        _ => Identity::Review(Doubt::SeveralHaveTheNumber),
    }
}

/// By the sender's own identifier, when nobody here has the NHS number.
fn by_sender(claim: &Claim<'_>, person: &Person) -> Identity {
    if claim.nhs_number.is_some() && person.nhs_number.is_some() {
        return Identity::Review(Doubt::OtherNumber);
    }
    let born = claim.birth_date.is_some() && claim.birth_date == person.birth_date;
    if born && agrees(claim, person) {
        Identity::Known(person.id)
    } else {
        Identity::Review(Doubt::IdentifierDisagrees)
    }
}

/// Letters and digits only, in lower case.
fn plain(text: &str) -> String {
    text.chars()
        .filter(|one| one.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect()
}

/// Whether family name, given name (first three letters) or postcode agree. What is
/// missing on a side does not agree.
fn agrees(claim: &Claim<'_>, person: &Person) -> bool {
    let same = |a: &str, b: &str| {
        let (a, b) = (plain(a), plain(b));
        !a.is_empty() && a == b
    };
    let three = |text: &str| plain(text).chars().take(3).collect::<String>();
    same(claim.family_name, &person.family_name)
        || same(&three(claim.given_name), &three(&person.given_name))
        || same(claim.postcode, &person.postcode)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::*;
    use crate::Gender;
    use jiff::civil::date;

    const BORN: Date = date(1938, 4, 3);

    fn person(serial: Option<u32>, born: Option<Date>) -> Person {
        let id = "01890a5d-ac96-774b-bcce-b302099a8057".parse().unwrap();
        Person {
            nhs_number: serial.and_then(NhsNumber::synthetic),
            family_name: "O'Brien".to_owned(),
            given_name: "Mary Ann".to_owned(),
            birth_date: born,
            gender: Gender::Female,
            postcode: "ZZ1 4AB".to_owned(),
            ..Person::unknown(id)
        }
    }

    fn claim<'a>(serial: Option<u32>, born: Option<Date>, names: [&'a str; 3]) -> Claim<'a> {
        Claim {
            nhs_number: serial.and_then(NhsNumber::synthetic),
            birth_date: born,
            family_name: names[0],
            given_name: names[1],
            postcode: names[2],
        }
    }

    #[test]
    fn examples() {
        use Doubt as D;
        let known = person(Some(1), Some(BORN));
        let bare = person(None, Some(BORN));
        let ageless = person(Some(1), None);
        let yes = Identity::Known(known.id);
        let other = Some(date(1938, 3, 4));
        let born = Some(BORN);
        let review = Identity::Review;
        let all = ["OBRIEN", "Mary", "ZZ14AB"];
        let one = std::slice::from_ref(&known);
        let none: &[Person] = &[];
        let two = [known.clone(), known.clone()];
        let unborn = [ageless];
        let cases = [
            // what, claim, people with the number, person of the identifier, expected
            ("all agrees", claim(Some(1), born, all), one, None, yes),
            (
                "family name only",
                claim(Some(1), born, ["o'brien", "", ""]),
                one,
                None,
                yes,
            ),
            (
                "three letters of the given name",
                claim(Some(1), born, ["", "Maria", ""]),
                one,
                None,
                yes,
            ),
            (
                "postcode only",
                claim(Some(1), born, ["Smith", "Jo", "zz1 4ab"]),
                one,
                None,
                yes,
            ),
            (
                "nothing else",
                claim(Some(1), born, ["Smith", "Jo", ""]),
                one,
                None,
                review(D::NothingElseAgrees),
            ),
            (
                "missing is not agreeing",
                claim(Some(1), born, ["", "", ""]),
                one,
                None,
                review(D::NothingElseAgrees),
            ),
            (
                "other birth date",
                claim(Some(1), other, all),
                one,
                None,
                review(D::BirthDateDiffers),
            ),
            (
                "no birth date sent",
                claim(Some(1), None, all),
                one,
                None,
                review(D::BirthDateMissing),
            ),
            (
                "no birth date here",
                claim(Some(1), born, all),
                &unborn,
                None,
                review(D::BirthDateMissing),
            ),
            (
                "several",
                claim(Some(1), born, all),
                &two,
                None,
                review(D::SeveralHaveTheNumber),
            ),
            (
                "number not known",
                claim(Some(2), born, all),
                none,
                None,
                Identity::New,
            ),
            (
                "number not known, no birth date",
                claim(Some(2), None, ["", "", ""]),
                none,
                None,
                Identity::New,
            ),
            (
                "identifier of another number",
                claim(Some(2), born, all),
                none,
                Some(&known),
                review(D::OtherNumber),
            ),
            (
                "identifier of someone without number",
                claim(Some(2), born, all),
                none,
                Some(&bare),
                yes,
            ),
            (
                "no number, identifier agrees",
                claim(None, born, all),
                none,
                Some(&known),
                yes,
            ),
            (
                "no number, identifier disagrees",
                claim(None, other, all),
                none,
                Some(&known),
                review(D::IdentifierDisagrees),
            ),
            (
                "no number, identifier, other names",
                claim(None, born, ["Smith", "Jo", ""]),
                none,
                Some(&known),
                review(D::IdentifierDisagrees),
            ),
            (
                "no number, no identifier",
                claim(None, born, all),
                none,
                None,
                Identity::New,
            ),
            (
                "no number, no birth date",
                claim(None, None, all),
                none,
                None,
                review(D::TooLittle),
            ),
            (
                "no number, no name",
                claim(None, born, ["", "Mary", ""]),
                none,
                None,
                review(D::TooLittle),
            ),
        ];
        for (what, claim, by_number, by_identifier, expected) in cases {
            assert_eq!(
                identify(&claim, by_number, by_identifier),
                expected,
                "{what}"
            );
        }
    }
}
