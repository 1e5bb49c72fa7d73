//! Letters about choice: which there are, in which order they are given, and to whom.
//!
//! Source: Care and Support and After-care (Choice of Accommodation) Regulations 2014 (SI
//! 2014/2670) and the statutory guidance on hospital discharge, both from memory: a person has a
//! say in where they go, and need not wait in hospital for it. Mental Capacity Act 2005 sections
//! 1 to 3, from memory: capacity is for one decision at a time. Three letters, their order and
//! their words are this product's own; the words are data (`letters/*.toml`), for a place to check.
//!
//! In words: the first letter says what choice there is, and that a place is offered meanwhile. The
//! second reminds, with a day to choose by, and the third says which place is arranged; neither is
//! given before the first. A day to choose by lies after the day of the letter. Where a decision
//! about capacity is on record, the letter goes to who acts for the person, by name; it goes to
//! the person only with the reason why they can decide this themselves.

mod fill;
mod template;

pub use fill::{Block, Facts, Filled, Missing, blocks_of};
pub use template::{Letter, LetterError, Letters, Part};

use jiff::civil::Date;

/// Which letter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LetterKind {
    /// What choice there is.
    First,
    /// A reminder with a day to choose by.
    Second,
    /// The place for the time between is arranged.
    Third,
}

impl LetterKind {
    /// Every letter, in order.
    pub const ALL: [Self; 3] = [Self::First, Self::Second, Self::Third];

    /// The word it is kept as.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::First => "first",
            Self::Second => "second",
            Self::Third => "third",
        }
    }

    /// Reads the word it is kept as.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == text)
    }

    /// What it is for, in words.
    pub const fn in_words(self) -> &'static str {
        match self {
            Self::First => "First letter: what choice there is",
            Self::Second => "Second letter: a day to choose by",
            Self::Third => "Third letter: the place that is arranged",
        }
    }
}

/// To whom a letter is addressed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reader {
    /// The person. If a decision about capacity is on record: why they can decide this themselves.
    Person {
        /// Why, in words; empty if nothing is on record.
        why: String,
    },
    /// Who acts for them, by name.
    ActsFor {
        /// Their name.
        name: String,
    },
}

/// What stands in the way of giving a letter: the field, and what to do.
pub type Barred = (&'static str, &'static str);

/// Whether a letter can be given after those that were given.
pub fn in_turn(kind: LetterKind, given: &[LetterKind]) -> Option<Barred> {
    let first = given.contains(&LetterKind::First);
    (kind != LetterKind::First && !first)
        .then_some(("letter", "Give the first letter before this one"))
}

/// Whether a letter can go to this reader. `capacity` is whether a decision about capacity is on
/// record.
pub fn reader_fits(reader: &Reader, capacity: bool) -> Option<Barred> {
    match reader {
        Reader::ActsFor { name } if name.trim().is_empty() => {
            Some(("acts_for", "Write the name of who acts for the person"))
        }
        Reader::Person { why } if capacity && why.trim().is_empty() => Some((
            "why",
            "A decision about capacity is on record. Say why the person can decide this \
             themselves, or address the letter to who acts for them",
        )),
        _ => None,
    }
}

/// Whether the day to choose by fits a letter that is given on a day.
pub fn day_fits(choose_by: Option<Date>, given_on: Date) -> Option<Barred> {
    choose_by.filter(|day| *day <= given_on).map(|_| {
        (
            "choose_by-day",
            "The day to choose by must be after today, so that there is time to choose",
        )
    })
}

#[cfg(test)]
mod tests {
    use super::LetterKind::{First, Second, Third};
    use super::*;
    use jiff::civil::date;

    #[test]
    fn letters_are_given_in_turn() {
        for (kind, given, fits) in [
            (First, &[][..], true),
            (Second, &[], false),
            (Third, &[], false),
            (Second, &[First], true),
            (Third, &[First], true),
            (Third, &[First, Second], true),
            // A letter that was lost is given again.
            (First, &[First, Second], true),
            // What is on file without its first letter opens nothing.
            (Third, &[Second], false),
        ] {
            assert_eq!(in_turn(kind, given).is_none(), fits, "{kind:?} {given:?}");
        }
    }

    #[test]
    fn a_letter_goes_to_who_can_decide() {
        let person = |why: &str| Reader::Person {
            why: why.to_owned(),
        };
        let other = |name: &str| Reader::ActsFor {
            name: name.to_owned(),
        };
        for (reader, capacity, barred) in [
            (person(""), false, None),
            (person(""), true, Some("why")),
            (person(" "), true, Some("why")),
            (person("Understands this with pictures"), true, None),
            (other(""), true, Some("acts_for")),
            (other(" "), false, Some("acts_for")),
            (other("Mary Bold"), true, None),
            (other("Mary Bold"), false, None),
        ] {
            let found = reader_fits(&reader, capacity).map(|(field, _)| field);
            assert_eq!(found, barred, "{reader:?} {capacity}");
        }
    }

    #[test]
    fn there_is_time_to_choose() {
        let given = date(2026, 2, 28);
        for (day, fits) in [
            (None, true),
            (Some(date(2026, 3, 1)), true),
            (Some(given), false),
            (Some(date(2026, 2, 27)), false),
        ] {
            assert_eq!(day_fits(day, given).is_none(), fits, "{day:?}");
        }
    }
}
