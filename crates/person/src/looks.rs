//! Which looks at a person's record are unusual, so that somebody asks about them.
//!
//! Source: RULES H.12 (what is audited, so that it can be reviewed) and H.6 (who has to do with a
//! person). The rules themselves are choices of this product: one function each, and what each
//! needs is in the journal, in the relationships of the day, or in the names on file.
//!
//! In words: whoever looks at a record that carries their own name, their own surname, or the
//! postcode of somebody who carries their whole name, is asked about it; so is whoever had nothing
//! to do with the person at that moment, and whoever looked at many more people in a day than the
//! place expects and than they usually do. An unusual look is not a wrong one.
//!
//! There is no address of staff in the store. The rule about a shared home rests on somebody here
//! having the name of whoever looked: it finds a namesake's household too, and not the home of
//! staff who live elsewhere or are not on file.

use crate::search::{name_words, postcode_word};

/// What is known of the first look of one account at one person on one day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LookFacts {
    /// Name of whoever looked, as their account has it.
    pub staff: String,
    /// Postcodes of people who carry that whole name.
    pub homes: Vec<String>,
    /// Family name on the record.
    pub family: String,
    /// Given names on the record.
    pub given: String,
    /// Postcode on the record.
    pub postcode: String,
    /// Whether they or their organisation had anything to do with the person at that moment, or
    /// the look is of a kind that needs no such thing.
    pub linked: bool,
    /// The how-manyth person of theirs that day, from 1.
    pub ordinal: i64,
    /// How many people in all that day.
    pub people: i64,
    /// How many people a day they usually look at; `None` if they have no usual yet.
    pub usual: Option<i64>,
}

/// What a place expects of a day (`looks.people_a_day`, `looks.times_usual`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LookLimits {
    /// More people than this in a day are many.
    pub people_a_day: i64,
    /// So many times the usual are many for somebody.
    pub times_usual: i64,
}

/// Rules.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum LookRule {
    /// The record carries the whole name of whoever looked.
    OwnName,
    /// The record carries their surname.
    Surname,
    /// The record has the postcode of somebody who carries their whole name.
    Home,
    /// They had nothing to do with the person.
    NoLink,
    /// They looked at many people that day.
    ManyPeople,
}

impl LookRule {
    /// Every rule, in order.
    pub const ALL: [Self; 5] = [
        Self::OwnName,
        Self::Surname,
        Self::Home,
        Self::NoLink,
        Self::ManyPeople,
    ];

    /// A few words for lists.
    pub const fn label(self) -> &'static str {
        match self {
            Self::OwnName => "Own name",
            Self::Surname => "Same surname",
            Self::Home => "Same postcode",
            Self::NoLink => "No link",
            Self::ManyPeople => "Many people",
        }
    }
}

/// Why a look is unusual.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unusual {
    /// By which rule.
    pub rule: LookRule,
    /// Why, as a sentence.
    pub words: String,
}

/// Every rule by which a look is unusual; none for most.
pub fn unusual(facts: &LookFacts, limits: &LookLimits) -> Vec<Unusual> {
    let found = LookRule::ALL.into_iter().filter_map(|rule| {
        let words = match rule {
            LookRule::OwnName => own_name(facts),
            LookRule::Surname => surname(facts),
            LookRule::Home => home(facts),
            LookRule::NoLink => no_link(facts),
            LookRule::ManyPeople => many_people(facts, limits),
        };
        words.map(|words| Unusual { rule, words })
    });
    found.collect()
}

/// Whether a record carries a whole name: its surname and its first given name are both in it.
pub fn carries_name(staff: &str, family: &str, given: &str) -> bool {
    let staff = name_words(staff);
    let family = name_words(family);
    let first = given.split_whitespace().next().map(name_words);
    !family.is_empty()
        && family.iter().all(|word| staff.contains(word))
        && first
            .is_some_and(|first| !first.is_empty() && first.iter().all(|word| staff.contains(word)))
}

/// Staff look at their own record through their own right to it, not through their work.
/// Source: RULES H.6 (purpose is direct care); a choice of this product.
fn own_name(facts: &LookFacts) -> Option<String> {
    carries_name(&facts.staff, &facts.family, &facts.given)
        .then(|| "The record carries the name of whoever looked. It may be their own.".to_owned())
}

/// Looks at relatives are the most common misuse that a surname shows.
/// Source: RULES H.6 (purpose is direct care); a choice of this product.
fn surname(facts: &LookFacts) -> Option<String> {
    if own_name(facts).is_some() {
        return None;
    }
    let last = facts.staff.split_whitespace().last().map(name_words)?;
    let family = name_words(&facts.family);
    (!family.is_empty() && family == last)
        .then(|| "The person has the surname of whoever looked.".to_owned())
}

/// Somebody of the same household, as far as names and postcodes tell.
/// Source: RULES H.6 (purpose is direct care); a choice of this product.
fn home(facts: &LookFacts) -> Option<String> {
    let here = postcode_word(&facts.postcode);
    let same = |home: &String| !here.is_empty() && postcode_word(home) == here;
    if own_name(facts).is_some() || !facts.homes.iter().any(same) {
        return None;
    }
    Some("The person has the postcode of somebody with the name of whoever looked.".to_owned())
}

/// Source: RULES H.6 (a legitimate relationship, or an opening with a reason).
fn no_link(facts: &LookFacts) -> Option<String> {
    (!facts.linked).then(|| {
        "Neither they nor their organisation had a link with the person at that moment.".to_owned()
    })
}

/// Noted once a day: at the first person over both numbers.
/// Source: RULES H.12; the numbers are parameters.
fn many_people(facts: &LookFacts, limits: &LookLimits) -> Option<String> {
    let of_usual = facts
        .usual
        .map(|usual| usual.saturating_mul(limits.times_usual));
    let most = limits.people_a_day.max(of_usual.unwrap_or(0));
    if facts.ordinal.saturating_sub(1) != most {
        return None;
    }
    let usual = match facts.usual {
        Some(usual) => format!("Their usual is {usual}."),
        None => "They have no usual yet.".to_owned(),
    };
    Some(format!(
        "They looked at {} people that day, more than {}. {usual}",
        facts.people, limits.people_a_day
    ))
}

#[cfg(test)]
#[path = "looks_tests.rs"]
mod tests;
