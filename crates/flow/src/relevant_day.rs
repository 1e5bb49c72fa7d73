//! The relevant day: until when a council had time, under the notices.
//!
//! Source: Care Act 2014, Schedule 3 (omitted from 1 July 2022), and the Care
//! and Support (Discharge of Hospital Patients) Regulations 2014 (SI 2014/2823),
//! regulations 5, 8, 9 and 11; RULES B.2. The hour and days of regulation 11 and
//! the first day of liability of regulation 9 are from memory; they are
//! parameters, and results that rest on them say so.
//!
//! In words: an assessment notice must not come more than seven days before
//! admission. A notice given late in the day, or on a Sunday or bank holiday,
//! counts as given on the next day that is neither. The minimum period ends two
//! days after the assessment notice. The discharge notice must come at least one
//! day before the proposed day of discharge; if it does not, the proposed day
//! moves to one day after the notice. The relevant day is the later of the two.
//! From the day after, days in bed may be the council's to pay for.

use crate::policy::{Policy, RestsOn};
use jiff::civil::{Date, DateTime, Weekday};
use kernel::calendar::{CalendarError, add_days};
use kernel::parameters::ParameterError;

/// What can go wrong when the relevant day is worked out.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RelevantDayError {
    /// A parameter has no value: the notices did not exist on that day.
    #[error(transparent)]
    Parameter(#[from] ParameterError),
    /// The bank holidays of the year are not on file.
    #[error(transparent)]
    Calendar(#[from] CalendarError),
}

/// The notices of a stay, in local time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Given {
    /// When the assessment notice was given.
    pub assessment: DateTime,
    /// When the discharge notice was given.
    pub discharge: DateTime,
    /// Day of discharge that the discharge notice proposes.
    pub proposed_on: Date,
}

/// The relevant day and how it came about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RelevantDay {
    /// Day on which the assessment notice counts as given.
    pub assessment_on: Date,
    /// Day on which the discharge notice counts as given.
    pub discharge_on: Date,
    /// Last day of the minimum period.
    pub minimum_ends_on: Date,
    /// The proposed day, moved if the discharge notice came too late.
    pub proposed_on: Date,
    /// The relevant day.
    pub day: Date,
    /// First day that may be the council's to pay for.
    pub liable_from: Date,
    /// Values from memory that this rests on.
    pub rests_on: RestsOn,
}

/// The day on which a notice counts as given.
///
/// # Errors
/// If a parameter or the bank holidays of the year are missing.
pub fn deemed(
    given: DateTime,
    policy: &Policy,
    rests_on: &mut RestsOn,
) -> Result<Date, RelevantDayError> {
    let on = given.date();
    let cutoff = rests_on
        .note(policy.on("dtoc.notice_cutoff_time", on)?)
        .time()?;
    let saturday_counts = rests_on
        .note(policy.on("dtoc.notice_saturday_counts", on)?)
        .flag()?;
    let mut day = if given.time() <= cutoff {
        on
    } else {
        add_days(on, 1)
    };
    while matches!(day.weekday(), Weekday::Sunday)
        || (day.weekday() == Weekday::Saturday && !saturday_counts)
        || policy.calendar.bank_holiday(day)?.is_some()
    {
        day = add_days(day, 1);
    }
    Ok(day)
}

/// The relevant day of a stay with both notices.
///
/// # Errors
/// If a parameter has no value on the day of the assessment notice (the
/// notices did not exist then) or the bank holidays of a year are missing.
pub fn relevant_day(given: Given, policy: &Policy) -> Result<RelevantDay, RelevantDayError> {
    let mut rests_on = RestsOn::default();
    let on = given.assessment.date();
    let whole_days = |rests_on: &mut RestsOn, key: &str| {
        policy
            .on(key, on)
            .and_then(|found| rests_on.note(found).integer())
    };
    let minimum = whole_days(&mut rests_on, "dtoc.assessment_min_days")?;
    let ahead = whole_days(&mut rests_on, "dtoc.discharge_notice_min_days")?;
    let liable_after = whole_days(&mut rests_on, "dtoc.liability_starts_after_days")?;
    let assessment_on = deemed(given.assessment, policy, &mut rests_on)?;
    let discharge_on = deemed(given.discharge, policy, &mut rests_on)?;
    let minimum_ends_on = add_days(assessment_on, minimum);
    let proposed_on = given.proposed_on.max(add_days(discharge_on, ahead));
    let day = proposed_on.max(minimum_ends_on);
    Ok(RelevantDay {
        assessment_on,
        discharge_on,
        minimum_ends_on,
        proposed_on,
        day,
        liable_from: add_days(day, liable_after),
        rests_on,
    })
}

/// True if an assessment notice came earlier before admission than the law
/// allows (paragraph 1(3)(b)).
///
/// # Errors
/// If the parameter has no value on the day of the notice.
pub fn too_early(
    assessment: DateTime,
    admitted_on: Date,
    policy: &Policy,
) -> Result<bool, ParameterError> {
    let on = assessment.date();
    let most = policy
        .on("dtoc.assessment_notice_max_lead_days", on)?
        .integer()?;
    Ok(on < add_days(admitted_on, -most))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::*;
    use jiff::civil::date;

    fn at(month: i8, day: i8, hour: i8) -> DateTime {
        date(2018, month, day).at(hour, 0, 0, 0)
    }

    /// RULES P, vector V12, and the edges. 8 January 2018 is a Monday.
    #[test]
    fn examples() {
        let policy = Policy::builtin();
        for (id, assessment, discharge, proposed, expected) in [
            ("V12", at(1, 8, 10), at(1, 8, 10), (1, 9), (1, 10)),
            (
                "on the stroke of two",
                at(1, 8, 14),
                at(1, 8, 14),
                (1, 9),
                (1, 10),
            ),
            ("after two", at(1, 8, 15), at(1, 8, 15), (1, 9), (1, 11)),
            (
                "proposed later than the minimum",
                at(1, 8, 10),
                at(1, 9, 10),
                (1, 15),
                (1, 15),
            ),
            (
                "discharge notice too late",
                at(1, 2, 10),
                at(1, 9, 10),
                (1, 9),
                (1, 10),
            ),
            (
                "given on a Sunday",
                at(1, 7, 10),
                at(1, 7, 10),
                (1, 8),
                (1, 10),
            ),
            (
                "Saturday counts",
                at(1, 6, 10),
                at(1, 6, 10),
                (1, 7),
                (1, 8),
            ),
            (
                "late on Saturday",
                at(1, 6, 15),
                at(1, 6, 15),
                (1, 7),
                (1, 10),
            ),
            ("over Easter", at(3, 29, 15), at(3, 29, 15), (3, 30), (4, 2)),
            ("Good Friday", at(3, 30, 10), at(3, 30, 10), (3, 31), (4, 2)),
        ] {
            let day = date(2018, proposed.0, proposed.1);
            let found = relevant_day(
                Given {
                    assessment,
                    discharge,
                    proposed_on: day,
                },
                &policy,
            );
            assert_eq!(
                found.unwrap().day,
                date(2018, expected.0, expected.1),
                "{id}"
            );
        }
    }

    #[test]
    fn says_when_liability_begins_and_what_is_from_memory() {
        let policy = Policy::builtin();
        let given = Given {
            assessment: at(1, 8, 10),
            discharge: at(1, 8, 10),
            proposed_on: date(2018, 1, 9),
        };
        let found = relevant_day(given, &policy).unwrap();
        assert_eq!(found.liable_from, date(2018, 1, 11), "V12: from Thursday");
        assert_eq!(
            found.rests_on.keys().collect::<Vec<_>>(),
            [
                "dtoc.liability_starts_after_days",
                "dtoc.notice_cutoff_time",
                "dtoc.notice_saturday_counts"
            ]
        );
    }

    #[test]
    fn an_assessment_notice_may_come_a_week_before_admission() {
        let policy = Policy::builtin();
        for (sent, expected) in [(8, false), (1, false), (15, false)] {
            assert_eq!(
                too_early(at(1, sent, 10), date(2018, 1, 8), &policy),
                Ok(expected)
            );
        }
        assert_eq!(
            too_early(at(1, 8, 10), date(2018, 1, 16), &policy),
            Ok(true)
        );
    }

    #[test]
    fn there_is_none_outside_the_years_of_the_law() {
        let policy = Policy::builtin();
        let on = date(2022, 7, 1).at(10, 0, 0, 0);
        let given = Given {
            assessment: on,
            discharge: on,
            proposed_on: date(2022, 7, 4),
        };
        let error = relevant_day(given, &policy).unwrap_err().to_string();
        assert!(
            error.contains("dtoc.assessment_min_days for England on 2022-07-01"),
            "{error}"
        );
    }
}
