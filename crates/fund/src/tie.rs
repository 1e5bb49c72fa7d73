//! Which accounts of the ledger belong to which scheme and partner of the agreement.
//!
//! Source: our choice. An agreement names schemes and partners by keys that people chose; accounts
//! are named by codes of lower-case letters, digits and dashes.
//!
//! A contribution's account may say its source in the same way: `income:contribution:bcf:icb:from=nhs-minimum`.
//!
//! In words: the code is the key in lower case, with a dash for each run of other characters. What
//! would read as a month or an id has `s-` before it. Two keys of one agreement that make one code are refused:
//! their money could not be told apart.

use crate::agreement::Agreement;
use crate::ledger::Code;
use crate::reading::Fault;
use std::collections::BTreeMap;

/// The code that stands for a key in names of accounts; `None` if nothing of the key can.
pub fn code_of(key: &str) -> Option<Code> {
    let mut text = String::new();
    for character in key.trim().to_lowercase().chars() {
        match character.is_ascii_alphanumeric() {
            true => text.push(character),
            false if !text.is_empty() && !text.ends_with('-') => text.push('-'),
            false => {}
        }
    }
    let text = text.trim_end_matches('-');
    text.parse().ok().or_else(|| match text.is_empty() {
        true => None,
        false => format!("s-{text}").parse().ok(),
    })
}

/// What of an agreement cannot be tied to accounts: keys without a code, and keys that share one.
pub fn faults(agreement: &Agreement) -> Vec<Fault> {
    let schemes = agreement
        .schemes
        .iter()
        .map(|one| (one.key.as_str(), one.line));
    let partners = agreement
        .partners
        .iter()
        .map(|one| (one.key.as_str(), one.line));
    let mut faults = of_kind("scheme", schemes);
    faults.extend(of_kind("partner", partners));
    faults.sort();
    faults
}

/// What of an agreement's contributions cannot be tied to accounts that say the source of their money. Agreements of
/// before there were such accounts are not asked.
pub fn faults_of_sources(agreement: &Agreement) -> Vec<Fault> {
    let sources = agreement.contributions.iter();
    of_kind(
        "contribution",
        sources.map(|one| (one.key.as_str(), one.line)),
    )
}

fn of_kind<'a>(what: &str, keys: impl Iterator<Item = (&'a str, u32)>) -> Vec<Fault> {
    let mut known: BTreeMap<Code, &str> = BTreeMap::new();
    let mut faults = Vec::new();
    for (key, line) in keys {
        let text = match code_of(key) {
            None => format!(
                "the key {key:?} makes no code for accounts; use at most 40 letters, digits and dashes"
            ),
            Some(code) => match known.get(&code) {
                Some(other) => format!(
                    "the keys {other:?} and {key:?} both make the account code {code}; change one"
                ),
                None => {
                    known.insert(code, key);
                    continue;
                }
            },
        };
        faults.push(Fault {
            line,
            field: format!("{what}, key"),
            text,
        });
    }
    faults
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::*;

    #[test]
    fn examples() {
        for (key, code) in [
            ("1", Some("1")),
            ("icb", Some("icb")),
            ("Home first & reablement", Some("home-first-reablement")),
            (" 2.1 ", Some("2-1")),
            ("2025-04", Some("s-2025-04")),
            ("£", None),
            ("", None),
        ] {
            let made = code_of(key).map(|code| code.to_string());
            assert_eq!(made.as_deref(), code, "{key:?}");
        }
        assert_eq!(code_of(&"a".repeat(41)), None);
    }

    #[test]
    fn keys_that_share_a_code_are_refused() {
        let keys = [("2.1", 4), ("3", 9), ("2-1", 12), ("£", 20)];
        let found = of_kind("scheme", keys.into_iter());
        let lines: Vec<u32> = found.iter().map(|fault| fault.line).collect();
        assert_eq!(lines, [12, 20]);
        let text = include_str!("../examples/two-tiers.toml");
        let agreement = crate::agreement::read(text).unwrap();
        assert_eq!(faults(&agreement), vec![]);
        assert_eq!(faults_of_sources(&agreement), vec![]);
    }
}
