//! Who must sign a plan, and whether all have.
//!
//! Source: RULES C.8. Who signs, whether a chief executive may have somebody sign for them and
//! whether the board may approve afterwards is a rule by year in `policy/fund/`; 2025/26 is found
//! (chief executives of every partner, not to be delegated, and the section 151 officer), earlier
//! years are from memory.
//!
//! In words: every council has its chief executive and, where the year asks for it, its section
//! 151 officer sign; every integrated care board its chief executive; and the health and wellbeing
//! board approves. A signature counts if it has a day that is not after the last day for sending
//! the plan; only the board's may be later, where the year allows it. A signature for somebody
//! else counts only where the year allows that. What the year's rule does not say is told as not
//! established and never taken as *no*.

use crate::period::{Round, SignOff};
use crate::words::words;
use jiff::civil::Date;

words!(
    /// In which office somebody signs.
    Role {
        /// Chief executive of a council.
        CouncilChiefExecutive = "council chief executive",
        /// Chief executive of an integrated care board, or accountable officer of a group.
        NhsChiefExecutive = "NHS chief executive",
        /// The council's finance officer.
        Section151 = "section 151 officer",
        /// The health and wellbeing board, by its chair.
        Board = "health and wellbeing board",
    }
);

/// A signature.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signature {
    /// In which office.
    pub role: Role,
    /// For which organisation.
    pub organisation: String,
    /// On which day; `None` while it is not signed.
    pub on: Option<Date>,
    /// Somebody else signed, with authority.
    pub delegated: bool,
    /// Where it stands.
    pub at: String,
}

/// What is missing or not known of a chain of signatures.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Chain {
    /// Who has not signed as they must, each as a sentence.
    pub missing: Vec<String>,
    /// What the year's rule does not say.
    pub unknown: Vec<String>,
    /// Places of the signatures that count.
    pub at: Vec<String>,
}

/// Looks for every signature that the year asks for. Organisations are compared without case.
pub fn chain(
    rule: &SignOff,
    round: Option<&Round>,
    councils: &[&str],
    nhs: &[&str],
    signatures: &[Signature],
) -> Chain {
    let mut chain = Chain::default();
    let last = round.and_then(|round| round.submission);
    let asked = [
        (
            rule.council_chief_executive,
            Role::CouncilChiefExecutive,
            councils,
        ),
        (rule.nhs_chief_executive, Role::NhsChiefExecutive, nhs),
        (rule.section_151, Role::Section151, councils),
    ];
    for (must, role, organisations) in asked {
        match must {
            Some(false) => {}
            None => chain.unknown.push(format!("whether the {role} signs")),
            Some(true) if organisations.is_empty() => chain.unknown.push(format!(
                "whose {role} signs: the plan names no such partner"
            )),
            Some(true) => {
                for organisation in organisations {
                    one(&mut chain, rule, last, role, organisation, signatures);
                }
            }
        }
    }
    match rule.board {
        Some(true) => board(&mut chain, rule, last, signatures),
        Some(false) => {}
        None => chain.unknown.push("whether the board approves".to_owned()),
    }
    chain
}

/// The best signature of an office for an organisation.
fn one(
    chain: &mut Chain,
    rule: &SignOff,
    last: Option<Date>,
    role: Role,
    organisation: &str,
    signatures: &[Signature],
) {
    let mut why = format!("the {role} of {organisation} has not signed");
    for signature in signatures.iter().filter(|signature| {
        signature.role == role && signature.organisation.eq_ignore_ascii_case(organisation)
    }) {
        let Some(on) = signature.on else { continue };
        if last.is_some_and(|last| on > last) {
            why = format!("the {role} of {organisation} signed on {on}, after the last day");
            continue;
        }
        // Only chief executives were told to sign themselves.
        if signature.delegated && role != Role::Section151 {
            match rule.delegable {
                Some(true) => {}
                Some(false) => {
                    why = format!(
                        "somebody signed for the {role} of {organisation}, who must sign in person"
                    );
                    continue;
                }
                None => {
                    chain
                        .unknown
                        .push(format!("whether somebody may sign for the {role}"));
                }
            }
        }
        chain.at.push(signature.at.clone());
        return;
    }
    chain.missing.push(why);
}

fn board(chain: &mut Chain, rule: &SignOff, last: Option<Date>, signatures: &[Signature]) {
    let mut why = "the health and wellbeing board has not approved".to_owned();
    for signature in signatures.iter().filter(|one| one.role == Role::Board) {
        let Some(on) = signature.on else { continue };
        if last.is_some_and(|last| on > last) {
            match rule.board_may_follow {
                Some(true) => {}
                Some(false) => {
                    why = format!("the board approved on {on}, after the last day");
                    continue;
                }
                None => chain
                    .unknown
                    .push("whether the board may approve after the last day".to_owned()),
            }
        }
        chain.at.push(signature.at.clone());
        return;
    }
    chain.missing.push(why);
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::*;
    use crate::period::Periods;

    fn signature(role: Role, organisation: &str, on: &str, delegated: bool) -> Signature {
        Signature {
            role,
            organisation: organisation.to_owned(),
            on: on.parse().ok(),
            delegated,
            at: String::new(),
        }
    }

    /// One county with two integrated care boards, by year: who is missing, what is not known.
    #[test]
    fn examples_by_year() {
        use Role::{Board, CouncilChiefExecutive, NhsChiefExecutive, Section151};
        let all = |on: &str, delegated| {
            vec![
                signature(CouncilChiefExecutive, "Barsetshire", on, delegated),
                signature(NhsChiefExecutive, "East", on, false),
                signature(NhsChiefExecutive, "West", on, false),
                signature(Section151, "Barsetshire", on, false),
                signature(Board, "Barsetshire", "2025-05-20", false),
            ]
        };
        let periods = Periods::builtin();
        for (id, year, signed, missing, unknown) in [
            (
                "all, and the board after",
                "2025/26",
                all("2025-03-28", false),
                0,
                0,
            ),
            (
                "somebody for the chief executive",
                "2025/26",
                all("2025-03-28", true),
                1,
                0,
            ),
            ("a day late", "2025/26", all("2025-04-01", false), 4, 0),
            ("not yet", "2025/26", all("", false), 4, 0),
            (
                "one of two boards",
                "2025/26",
                all("2025-03-28", false).split_off(2),
                2,
                0,
            ),
            ("nobody", "2025/26", vec![], 5, 0),
            (
                "delegated where it may be",
                "2024/25",
                all("2024-06-01", true),
                0,
                0,
            ),
            (
                "no section 151 officer then",
                "2017/18",
                vec![
                    signature(CouncilChiefExecutive, "barsetshire", "2017-09-01", false),
                    signature(NhsChiefExecutive, "East", "2017-09-01", false),
                    signature(NhsChiefExecutive, "West", "2017-09-01", false),
                    signature(Board, "Barsetshire", "2017-09-01", false),
                ],
                0,
                0,
            ),
            ("not established", "2026/27", all("2026-03-01", false), 0, 3),
        ] {
            let period = periods.of_year(year).unwrap();
            let round = period.rounds.iter().find(|round| round.year == year);
            let found = chain(
                &period.sign_off,
                round,
                &["Barsetshire"],
                &["East", "West"],
                &signed,
            );
            assert_eq!(
                (found.missing.len(), found.unknown.len()),
                (missing, unknown),
                "{id}: {found:?}"
            );
        }
    }
}
