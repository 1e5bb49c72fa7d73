//! Who is back in hospital soon after they left.
//!
//! Source: NHS Outcomes Framework indicator 3b, emergency readmission within 30 days of discharge
//! (RULES I.3, from memory). That a return within 2 days is a failed discharge is this product's
//! own mark. Both are parameters (`readmission.days`, `readmission.failed_days`).
//!
//! In words: somebody is back if they came in on the day that they last left hospital or within so
//! many days after it; soon enough, their discharge has failed. It is no return if they came in
//! as planned, for a birth, or from another hospital, or if they had left to another hospital or
//! had died. Where it is not known how they came in or where they had gone, it counts: nobody is
//! overlooked for a gap in the record.

use crate::policy::Policy;
use jiff::civil::Date;
use kernel::calendar::days_between;
use kernel::parameters::ParameterError;

/// How long after leaving somebody counts as back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Windows {
    /// Days within which it is a readmission.
    pub days: i64,
    /// Days within which the discharge has failed.
    pub failed_days: i64,
}

impl Windows {
    /// The values of a day.
    ///
    /// # Errors
    /// A value that is missing or no number.
    pub fn on(policy: &Policy, day: Date) -> Result<Self, ParameterError> {
        Ok(Self {
            days: policy.on("readmission.days", day)?.integer()?,
            failed_days: policy.on("readmission.failed_days", day)?.integer()?,
        })
    }
}

/// The last stay, and the one that came after it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Between<'a> {
    /// Day on which the person last left.
    pub left_on: Date,
    /// Code of how they left.
    pub left_how: Option<&'a str>,
    /// Code of where they went.
    pub left_to: Option<&'a str>,
    /// Day on which they came in again.
    pub admitted_on: Date,
    /// Code of how they came in.
    pub admitted_how: Option<&'a str>,
}

/// How somebody is back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Back {
    /// Days after leaving.
    pub days: i64,
    /// So soon that the discharge has failed.
    pub failed: bool,
}

/// Which of those who are back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Which {
    /// All of them.
    All,
    /// Those whose discharge has failed.
    Failed,
}

impl Which {
    /// Whether somebody who is back is among them.
    pub const fn has(self, back: Back) -> bool {
        match self {
            Self::All => true,
            Self::Failed => back.failed,
        }
    }
}

/// Whether somebody is back; `None` if not.
pub fn back(between: &Between<'_>, policy: &Policy, windows: Windows) -> Option<Back> {
    let days = days_between(between.left_on, between.admitted_on);
    let is = |list: &crate::codes::CodeList, code: Option<&str>, groups: &[&str]| {
        code.is_some_and(|code| groups.iter().any(|group| list.in_group(code, group)))
    };
    let came_otherwise = is(
        &policy.admission_methods,
        between.admitted_how,
        &["planned", "maternity", "transfer"],
    );
    let went_otherwise = is(
        &policy.discharge_destinations,
        between.left_to,
        &["hospital", "died"],
    ) || is(&policy.discharge_methods, between.left_how, &["died"]);
    ((0..=windows.days).contains(&days) && !came_otherwise && !went_otherwise).then_some(Back {
        days,
        failed: days <= windows.failed_days,
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use jiff::civil::date;

    #[test]
    fn who_is_back_and_whose_discharge_has_failed() {
        let policy = Policy::builtin();
        let windows = Windows::on(&policy, date(2026, 3, 1)).unwrap();
        let home = Some("19");
        let emergency = Some("21");
        let soon = |days, failed| Some(Back { days, failed });
        for (left_on, left_to, admitted_on, admitted_how, expected) in [
            // Day by day.
            (
                date(2026, 2, 27),
                home,
                date(2026, 2, 27),
                emergency,
                soon(0, true),
            ),
            (
                date(2026, 2, 27),
                home,
                date(2026, 2, 28),
                emergency,
                soon(1, true),
            ),
            (
                date(2026, 2, 27),
                home,
                date(2026, 3, 1),
                emergency,
                soon(2, true),
            ),
            (
                date(2026, 2, 27),
                home,
                date(2026, 3, 2),
                emergency,
                soon(3, false),
            ),
            (
                date(2028, 2, 28),
                home,
                date(2028, 3, 1),
                emergency,
                soon(2, true),
            ),
            (
                date(2026, 1, 1),
                home,
                date(2026, 1, 31),
                emergency,
                soon(30, false),
            ),
            (date(2026, 1, 1), home, date(2026, 2, 1), emergency, None),
            // What came before is no return.
            (date(2026, 2, 27), home, date(2026, 2, 26), emergency, None),
            // How they came in.
            (date(2026, 2, 27), home, date(2026, 3, 1), Some("12"), None),
            (date(2026, 2, 27), home, date(2026, 3, 1), Some("31"), None),
            (date(2026, 2, 27), home, date(2026, 3, 1), Some("81"), None),
            (
                date(2026, 2, 27),
                home,
                date(2026, 3, 1),
                Some("2B"),
                soon(2, true),
            ),
            (
                date(2026, 2, 27),
                home,
                date(2026, 3, 1),
                None,
                soon(2, true),
            ),
            // Where they had gone.
            (
                date(2026, 2, 27),
                Some("51"),
                date(2026, 3, 1),
                emergency,
                None,
            ),
            (
                date(2026, 2, 27),
                Some("79"),
                date(2026, 3, 1),
                emergency,
                None,
            ),
            (
                date(2026, 2, 27),
                Some("85"),
                date(2026, 3, 1),
                emergency,
                soon(2, true),
            ),
            (
                date(2026, 2, 27),
                None,
                date(2026, 3, 1),
                emergency,
                soon(2, true),
            ),
        ] {
            let between = Between {
                left_on,
                left_how: Some("1"),
                left_to,
                admitted_on,
                admitted_how,
            };
            assert_eq!(back(&between, &policy, windows), expected, "{between:?}");
        }
        let died = Between {
            left_on: date(2026, 2, 27),
            left_how: Some("4"),
            left_to: None,
            admitted_on: date(2026, 3, 1),
            admitted_how: None,
        };
        assert_eq!(back(&died, &policy, windows), None);
    }
}
