//! The same money counted twice, and savings that are no money.
//!
//! Source: PEERS a4 no. 59 and c D5 (the first year's £5.3 billion, of which much was already
//! counted elsewhere); PEERS c D10 (less activity saves nothing until a ward or contract closes).
//!
//! In words: a package, grant or saving has a name. Where the same name is claimed in several
//! schemes or funds, the claims together may not be more than the whole of it. Where nobody says
//! what the whole is, it is the largest claim: the rest is counted twice. Two lines that have the
//! same words, source and amount in different schemes are told as looking alike, and are for
//! somebody to judge. A saving is cashable only where a ward, a contract or the like is named that
//! closes; any other saving is time or beds for other people, and no money.

use crate::words::words;
use jiff::civil::Date;
use kernel::Pence;
use std::collections::BTreeMap;

words!(
    /// What is claimed.
    What {
        /// A package of care, a contract or a post.
        Package = "package",
        /// A grant or budget that comes in.
        Grant = "grant",
        /// A saving.
        Saving = "saving",
        /// Two lines that look alike, of which nobody says that they are one thing.
        Alike = "alike",
    }
);

/// One claim to money.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claim {
    /// What.
    pub what: What,
    /// Its name, compared without case or spaces at its ends.
    pub reference: String,
    /// The fund that claims it.
    pub fund: String,
    /// The scheme or line of income.
    pub scheme: String,
    /// How much.
    pub amount: Pence,
    /// Where it stands.
    pub at: String,
}

/// Money counted more than once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DoubleCount {
    /// What.
    pub what: What,
    /// Its name.
    pub reference: String,
    /// What all claims make.
    pub claimed: Pence,
    /// What there is of it.
    pub whole: Pence,
    /// Who claims it: fund, scheme and where that stands.
    pub claims: Vec<Claim>,
}

impl DoubleCount {
    /// How much is counted more than once.
    pub fn twice(&self) -> Pence {
        self.claimed - self.whole
    }
}

/// Finds what is claimed more than once, by kind and name. `wholes` are the amounts that there
/// are, by name, where somebody says.
pub fn find(claims: &[Claim], wholes: &BTreeMap<String, Pence>) -> Vec<DoubleCount> {
    let wholes: BTreeMap<String, Pence> = wholes
        .iter()
        .map(|(name, amount)| (plain(name), *amount))
        .collect();
    let mut by_name: BTreeMap<(What, String), Vec<&Claim>> = BTreeMap::new();
    for claim in claims
        .iter()
        .filter(|one| !plain(&one.reference).is_empty())
    {
        by_name
            .entry((claim.what, plain(&claim.reference)))
            .or_default()
            .push(claim);
    }
    let mut found = Vec::new();
    for ((what, name), claims) in by_name {
        let elsewhere =
            |other: &&Claim| other.fund != claims[0].fund || other.scheme != claims[0].scheme;
        let said = wholes.get(&name).copied();
        if said.is_none() && !claims.iter().any(elsewhere) {
            // Several lines of one scheme are one claim, unless there is less than they say.
            continue;
        }
        let claimed: Pence = claims.iter().map(|claim| claim.amount).sum();
        let largest = largest_of_a_scheme(&claims);
        let whole = said.unwrap_or(largest);
        if claimed > whole {
            found.push(DoubleCount {
                what,
                reference: claims[0].reference.clone(),
                claimed,
                whole,
                claims: claims.into_iter().cloned().collect(),
            });
        }
    }
    found
}

/// The largest sum that one scheme of one fund claims.
fn largest_of_a_scheme(claims: &[&Claim]) -> Pence {
    let mut by_scheme: BTreeMap<(&str, &str), Pence> = BTreeMap::new();
    for claim in claims {
        let sum = by_scheme.entry((&claim.fund, &claim.scheme)).or_default();
        *sum = *sum + claim.amount;
    }
    by_scheme.into_values().max().unwrap_or_default()
}

/// A name without what does not matter: case, and spaces around and between.
fn plain(name: &str) -> String {
    name.to_lowercase()
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ")
}

/// A saving that a plan claims.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Saving {
    /// Its name, the same wherever it is claimed.
    pub reference: String,
    /// The scheme that claims it.
    pub scheme: String,
    /// How much.
    pub amount: Pence,
    /// The ward, contract or the like that closes; empty where nothing does.
    pub closes: String,
    /// When it closes.
    pub closes_on: Option<Date>,
    /// Where it stands.
    pub at: String,
}

impl Saving {
    /// True where money can be spent elsewhere: something is named that closes, with its day.
    pub fn is_cashable(&self) -> bool {
        !self.closes.is_empty() && self.closes_on.is_some()
    }
}

/// Savings, split.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Savings {
    /// What can be spent elsewhere.
    pub cashable: Pence,
    /// What is time or beds for others.
    pub not_cashable: Pence,
}

/// Splits savings. One that is claimed more than once counts once, with its largest claim.
pub fn savings(all: &[Saving]) -> Savings {
    let mut by_name: BTreeMap<String, &Saving> = BTreeMap::new();
    for saving in all {
        let one = by_name.entry(plain(&saving.reference)).or_insert(saving);
        if (saving.amount, saving.is_cashable()) > (one.amount, one.is_cashable()) {
            *one = saving;
        }
    }
    let mut split = Savings::default();
    for saving in by_name.into_values() {
        let sum = if saving.is_cashable() {
            &mut split.cashable
        } else {
            &mut split.not_cashable
        };
        *sum = *sum + saving.amount;
    }
    split
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::*;

    fn claim(what: What, reference: &str, fund: &str, scheme: &str, amount: i64) -> Claim {
        Claim {
            what,
            reference: reference.to_owned(),
            fund: fund.to_owned(),
            scheme: scheme.to_owned(),
            amount: Pence(amount),
            at: String::new(),
        }
    }

    /// Claims, wholes, and what is counted twice.
    #[test]
    fn examples() {
        use What::{Grant, Package, Saving};
        for (id, claims, wholes, expected) in [
            (
                "one package in two schemes",
                vec![
                    claim(Package, "Contract 7", "BCF", "1", 500),
                    claim(Package, "contract  7", "BCF", "2", 500),
                ],
                vec![],
                vec![500],
            ),
            (
                "one grant in two funds",
                vec![
                    claim(Grant, "winter", "BCF", "income", 900),
                    claim(Grant, "winter", "Urgent care", "income", 400),
                ],
                vec![],
                vec![400],
            ),
            (
                "two parts of a whole",
                vec![
                    claim(Package, "team", "BCF", "1", 300),
                    claim(Package, "team", "BCF", "2", 200),
                ],
                vec![("Team", 500)],
                vec![],
            ),
            (
                "more than the whole, even in one scheme",
                vec![
                    claim(Package, "team", "BCF", "1", 300),
                    claim(Package, "team", "BCF", "1", 300),
                ],
                vec![("team", 500)],
                vec![100],
            ),
            (
                "two lines of one scheme",
                vec![
                    claim(Package, "team", "BCF", "1", 300),
                    claim(Package, "team", "BCF", "1", 300),
                ],
                vec![],
                vec![],
            ),
            (
                "a saving claimed by two schemes, and a grant of the same name",
                vec![
                    claim(Saving, "beds", "BCF", "1", 100),
                    claim(Saving, "beds", "BCF", "2", 80),
                    claim(Grant, "beds", "BCF", "3", 80),
                ],
                vec![],
                vec![80],
            ),
            (
                "without a name nothing is the same",
                vec![
                    claim(Grant, "", "BCF", "1", 5),
                    claim(Grant, " ", "BCF", "2", 5),
                ],
                vec![],
                vec![],
            ),
        ] {
            let wholes = wholes
                .into_iter()
                .map(|(name, amount): (&str, i64)| (name.to_owned(), Pence(amount)))
                .collect();
            let twice: Vec<i64> = find(&claims, &wholes)
                .iter()
                .map(|one| one.twice().0)
                .collect();
            assert_eq!(twice, expected, "{id}");
        }
    }

    #[test]
    fn only_what_closes_is_cash() {
        let saving = |reference: &str, amount, closes: &str, on: &str| Saving {
            reference: reference.to_owned(),
            scheme: "1".to_owned(),
            amount: Pence(amount),
            closes: closes.to_owned(),
            closes_on: on.parse().ok(),
            at: String::new(),
        };
        let split = savings(&[
            saving("ward", 700, "Ward 7", "2025-10-01"),
            saving("no day", 50, "Ward 8", ""),
            saving("admissions", 300, "", ""),
            saving("Admissions", 200, "", ""),
        ]);
        assert_eq!(
            split,
            Savings {
                cashable: Pence(700),
                not_cashable: Pence(350)
            }
        );
    }
}
