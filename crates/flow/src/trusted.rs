//! Trusted assessors: whose assessment is accepted by whom, for what, on a day.
//!
//! Source: Care Quality Commission, guidance on trusted assessors (2018), from memory; RULES B.5.
//! In words: a home or service accepts an assessment in place of its own only under an agreement
//! that names it, the organisation whose assessors do it, what it is for and the tool, and that
//! is in force on the day the assessment was signed. An agreement is not in force before its
//! first day or after its last. One whose review is late still holds, and says so: what was
//! agreed does not lapse by itself.

use crate::offer::Kind;
use crate::text_enum;
use jiff::civil::Date;
use kernel::OrganisationId;

text_enum! {
    /// What an assessment is accepted for.
    Purpose {
        /// Going back to the care home that somebody lives in.
        Return = "return-care-home",
        /// Going into a care home.
        Entry = "entry-care-home",
        /// Home care starting again.
        Restart = "restart-home-care",
    }
}

impl Purpose {
    /// The purpose in words.
    pub const fn in_words(self) -> &'static str {
        match self {
            Self::Return => "Going back to the care home that somebody lives in",
            Self::Entry => "Going into a care home",
            Self::Restart => "Home care starting again",
        }
    }
}

/// What of an agreement decides whether it holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Terms<'a> {
    /// The organisation whose assessors do it.
    pub assessor: OrganisationId,
    /// What for.
    pub purpose: Purpose,
    /// Short name of the form that is the tool.
    pub tool: &'a str,
    /// First day.
    pub starts_on: Date,
    /// Last day, if there is one.
    pub ends_on: Option<Date>,
    /// By when it is to be reviewed.
    pub review_on: Date,
}

/// How an agreement stands on a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// It has not begun.
    NotYet,
    /// It holds.
    InForce,
    /// It holds, and its review is late.
    ReviewLate,
    /// It has ended.
    Ended,
}

/// How an agreement stands on a day.
pub fn standing(terms: &Terms<'_>, day: Date) -> Standing {
    if day < terms.starts_on {
        Standing::NotYet
    } else if terms.ends_on.is_some_and(|last| day > last) {
        Standing::Ended
    } else if day > terms.review_on {
        Standing::ReviewLate
    } else {
        Standing::InForce
    }
}

/// Whether an assessment is accepted under an agreement: by one of these organisations, with
/// this tool, for this, signed on this day.
pub fn covers(
    terms: &Terms<'_>,
    assessors: &[OrganisationId],
    (tool, purpose): (&str, Purpose),
    signed_on: Date,
) -> bool {
    assessors.contains(&terms.assessor)
        && terms.tool == tool
        && terms.purpose == purpose
        && matches!(
            standing(terms, signed_on),
            Standing::InForce | Standing::ReviewLate
        )
}

/// Whether an assessment for this is of use for a need of this kind of care: a return or an
/// entry for a bed in a care home, a restart for care at home.
pub const fn fits(purpose: Purpose, kind: Kind) -> bool {
    match purpose {
        Purpose::Return | Purpose::Entry => matches!(kind, Kind::Residential | Kind::Nursing),
        Purpose::Restart => matches!(kind, Kind::HomeCare),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::*;
    use jiff::civil::date;

    #[test]
    fn an_assessment_is_of_use_for_the_care_it_was_made_for() {
        for (purpose, kind, of_use) in [
            (Purpose::Return, Kind::Residential, true),
            (Purpose::Return, Kind::Nursing, true),
            (Purpose::Entry, Kind::Nursing, true),
            (Purpose::Entry, Kind::HomeCare, false),
            (Purpose::Entry, Kind::Ward, false),
            (Purpose::Restart, Kind::HomeCare, true),
            (Purpose::Restart, Kind::Reablement, false),
            (Purpose::Restart, Kind::Residential, false),
        ] {
            assert_eq!(fits(purpose, kind), of_use, "{purpose} {kind}");
        }
    }

    #[test]
    fn an_agreement_covers_what_it_names_while_it_is_in_force() {
        let id = |last: u8| -> OrganisationId {
            format!("01890a5d-ac96-774b-bcce-b302099a80{last:02}")
                .parse()
                .unwrap()
        };
        let terms = Terms {
            assessor: id(1),
            purpose: Purpose::Return,
            tool: "trusted-assessment",
            starts_on: date(2026, 4, 1),
            ends_on: Some(date(2027, 3, 31)),
            review_on: date(2026, 10, 1),
        };
        use Standing::{Ended, InForce, NotYet, ReviewLate};
        for (day, stands, holds) in [
            (date(2026, 3, 31), NotYet, false),
            (date(2026, 4, 1), InForce, true),
            (date(2026, 10, 1), InForce, true),
            (date(2026, 10, 2), ReviewLate, true),
            (date(2027, 3, 31), ReviewLate, true),
            (date(2027, 4, 1), Ended, false),
        ] {
            assert_eq!(standing(&terms, day), stands, "{day}");
            let for_this = ("trusted-assessment", Purpose::Return);
            assert_eq!(
                covers(&terms, &[id(2), id(1)], for_this, day),
                holds,
                "{day}"
            );
        }
        let day = date(2026, 5, 1);
        for (assessors, tool, purpose) in [
            (vec![id(2)], "trusted-assessment", Purpose::Return),
            (vec![], "trusted-assessment", Purpose::Return),
            (vec![id(1)], "needs-assessment", Purpose::Return),
            (vec![id(1)], "trusted-assessment", Purpose::Entry),
        ] {
            assert!(!covers(&terms, &assessors, (tool, purpose), day));
        }
        let for_ever = Terms {
            ends_on: None,
            ..terms
        };
        assert_eq!(standing(&for_ever, date(2040, 1, 1)), ReviewLate);
    }
}
