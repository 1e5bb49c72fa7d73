//! Whether the pathways home of people aged 65 and over are split as guidance expects.
//!
//! Source: Hospital discharge and community support guidance (DHSC), after the model of John
//! Bolton, for people aged 65 and over; RULES B.3.
//!
//! In words: at least 50% go home without new support (pathway 0), at least 45% with support
//! (1), at most 4% to a short-term bed (2), at most 1% to a care home for the first time (3).
//! Somebody who returns to their care home counts in pathway 0. Shares are of those whose
//! pathway is known; a share on the mark is not flagged.

use crate::policy::{Policy, RestsOn};
use crate::stay::Pathway;
use jiff::civil::Date;
use kernel::parameters::{Decimal, ParameterError};

/// People by pathway.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Split {
    /// By pathway 0 to 3.
    pub people: [i64; 4],
    /// Those whose pathway is not known.
    pub not_known: i64,
}

impl Split {
    /// Adds a person; `returns` if they go back to the care home they came from.
    pub fn add(&mut self, pathway: Option<Pathway>, returns: bool) {
        match pathway {
            None => self.not_known += 1,
            Some(pathway) => {
                if let Some(people) = self.people.get_mut(counts_in(pathway, returns)) {
                    *people += 1;
                }
            }
        }
    }

    /// Those whose pathway is known.
    pub fn total(&self) -> i64 {
        self.people.iter().sum()
    }
}

/// The number of the pathway in which somebody counts; `returns` as for [`Split::add`].
pub fn counts_in(pathway: Pathway, returns: bool) -> usize {
    match pathway.number() {
        3 if returns => 0,
        number => usize::from(number),
    }
}

/// A pathway whose share is not as expected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Flag {
    /// The pathway, 0 to 3.
    pub pathway: u8,
    /// True if the share is above the most expected, false if below the least.
    pub high: bool,
    /// The mark, in per cent.
    pub mark: Decimal,
}

/// Which way each pathway has its mark, with the key of it.
const MARKS: [(u8, bool, &str); 4] = [
    (0, false, "pathway.split_least_0"),
    (1, false, "pathway.split_least_1"),
    (2, true, "pathway.split_most_2"),
    (3, true, "pathway.split_most_3"),
];

/// The pathways whose share is not as expected on a day; none where nobody is counted.
///
/// # Errors
/// If a mark has no value for that day.
pub fn check(
    split: &Split,
    policy: &Policy,
    day: Date,
) -> Result<(Vec<Flag>, RestsOn), ParameterError> {
    let mut rests_on = RestsOn::default();
    let mut flags = Vec::new();
    let total = i128::from(split.total());
    for ((pathway, high, key), people) in MARKS.into_iter().zip(split.people) {
        let mark = rests_on.note(policy.on(key, day)?).decimal()?;
        let scale = 10i128.pow(u32::from(mark.scale));
        let share = i128::from(people) * 100 * scale;
        let wanted = i128::from(mark.units) * total;
        let wrong = if high { share > wanted } else { share < wanted };
        if total > 0 && wrong {
            flags.push(Flag {
                pathway,
                high,
                mark,
            });
        }
    }
    Ok((flags, rests_on))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use jiff::civil::date;

    fn flagged(people: [i64; 4]) -> String {
        let split = Split {
            people,
            not_known: 3,
        };
        let (flags, _) = check(&split, &Policy::builtin(), date(2026, 5, 1)).unwrap();
        let words: Vec<String> = flags
            .iter()
            .map(|flag| {
                format!(
                    "P{} {}",
                    flag.pathway,
                    if flag.high { "high" } else { "low" }
                )
            })
            .collect();
        words.join(", ")
    }

    /// RULES P, vector V24, and the marks themselves.
    #[test]
    fn examples() {
        for (people, expected) in [
            ([48, 45, 5, 2], "P0 low, P2 high, P3 high"), // V24
            ([50, 45, 4, 1], ""),
            ([51, 45, 3, 1], ""),
            ([500, 449, 40, 10], "P1 low, P2 high, P3 high"),
            ([0, 0, 0, 0], ""),
            ([1, 0, 0, 0], "P1 low"),
        ] {
            assert_eq!(flagged(people), expected, "{people:?}");
        }
    }

    #[test]
    fn who_returns_to_their_care_home_counts_in_pathway_0() {
        let mut split = Split::default();
        split.add(Pathway::new(3), true);
        split.add(Pathway::new(3), false);
        split.add(Pathway::new(1), true);
        split.add(None, false);
        assert_eq!(
            split,
            Split {
                people: [1, 1, 0, 1],
                not_known: 1
            }
        );
    }
}
