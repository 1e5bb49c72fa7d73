//! What is shown of a person who has several records.
//!
//! In words: what the head of the records says counts; what it does not say is taken from
//! the next record that does. Names go together, and so do an address and its postcode.
//! Nothing is written anywhere: each record stays as it came.

use crate::{Gender, Person};

/// The person that records, the head first, are together; `None` without any.
pub fn together<'a>(records: impl IntoIterator<Item = &'a Person>) -> Option<Person> {
    let mut records = records.into_iter();
    let mut shown = records.next()?.clone();
    for other in records {
        if shown.family_name.is_empty() && shown.given_name.is_empty() {
            shown.family_name.clone_from(&other.family_name);
            shown.given_name.clone_from(&other.given_name);
        }
        if shown.address.is_empty() && shown.postcode.is_empty() {
            shown.address.clone_from(&other.address);
            shown.postcode.clone_from(&other.postcode);
        }
        if shown.telephone.is_empty() {
            shown.telephone.clone_from(&other.telephone);
        }
        if shown.gender == Gender::Unknown {
            shown.gender = other.gender;
        }
        shown.nhs_number = shown.nhs_number.or(other.nhs_number);
        shown.birth_date = shown.birth_date.or(other.birth_date);
        shown.died_on = shown.died_on.or(other.died_on);
        shown.council = shown.council.or(other.council);
        shown.practice_code = shown.practice_code.or_else(|| other.practice_code.clone());
        for flag in &other.flags {
            if !shown.flags.contains(flag) {
                shown.flags.push(flag.clone());
            }
        }
    }
    Some(shown)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::*;

    #[test]
    fn the_head_counts_and_gaps_are_filled() {
        let id = "01890a5d-ac96-774b-bcce-b302099a8057".parse().unwrap();
        let head = Person {
            family_name: "Bold".to_owned(),
            postcode: "ZZ1 4AB".to_owned(),
            flags: vec!["carer".to_owned()],
            ..Person::unknown(id)
        };
        let other = Person {
            family_name: "Harding".to_owned(),
            given_name: "Eleanor".to_owned(),
            address: "2 Close".to_owned(),
            telephone: "01632 960001".to_owned(),
            gender: Gender::Female,
            flags: vec!["carer".to_owned(), "safeguarding".to_owned()],
            ..Person::unknown("01890a5d-ac96-774b-bcce-b302099a8058".parse().unwrap())
        };
        let shown = together([&head, &other]).unwrap();
        assert_eq!(
            (
                shown.id,
                shown.family_name.as_str(),
                shown.given_name.as_str()
            ),
            (id, "Bold", "")
        );
        assert_eq!(
            (shown.address.as_str(), shown.postcode.as_str()),
            ("", "ZZ1 4AB")
        );
        assert_eq!(
            (shown.telephone.as_str(), shown.gender),
            ("01632 960001", Gender::Female)
        );
        assert_eq!(shown.flags, ["carer", "safeguarding"]);
        assert_eq!(together([]), None);
    }
}
