//! How soon a request for help is looked at, and by when.
//!
//! Source: our choice; RULES G.1 (the law gives no number of days; needs that cannot wait may be
//! met at once, Care Act 2014 section 19(3)). Hours and days are parameters of
//! `policy/parameters/flow.csv`.
//!
//! In words: a request is *urgent* when somebody is in danger now or is alone without care that
//! they cannot do without; *soon* when somebody may be being hurt or neglected, or the person is
//! about to leave hospital; else *routine*. An urgent one is due some hours after it was sent,
//! day and night. The others are due at the same time of day some working days later. Whoever
//! reads it may change the priority, with a reason; the time still runs from when it was sent.

use crate::text_enum;
use jiff::{SignedDuration, Timestamp};
use kernel::calendar::{Calendar, CalendarError, instant, local};

text_enum! {
    /// How soon a request is to be looked at.
    Priority {
        /// Within hours.
        Urgent = "urgent",
        /// Within a few working days.
        Soon = "soon",
        /// Within a working week or so.
        Routine = "routine",
    }
}

text_enum! {
    /// What is decided of a request.
    Outcome {
        /// Advice, with services of the directory.
        Advice = "advice",
        /// Equipment.
        Equipment = "equipment",
        /// Reablement.
        Reablement = "reablement",
        /// An assessment.
        Assessment = "assessment",
        /// A safeguarding concern.
        Safeguarding = "safeguarding",
        /// Support of a carer.
        Carer = "carer",
        /// Nothing further, with the reason told to the person.
        Nothing = "nothing",
    }
}

impl Outcome {
    /// The outcome in words.
    pub const fn in_words(self) -> &'static str {
        match self {
            Self::Advice => "Advice, and services of the directory",
            Self::Equipment => "Equipment",
            Self::Reablement => "Reablement",
            Self::Assessment => "An assessment",
            Self::Safeguarding => "A safeguarding concern",
            Self::Carer => "Support for a carer",
            Self::Nothing => "No further action",
        }
    }
}

/// What a request says that decides how soon it is looked at.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Asked {
    /// Somebody is hurt or in danger now.
    pub danger: bool,
    /// They are alone without care that they cannot do without.
    pub alone: bool,
    /// Somebody may be being hurt, neglected or taken advantage of.
    pub harm: bool,
    /// They are about to leave hospital.
    pub leaving_hospital: bool,
}

/// How soon a request is looked at, by what it says.
pub const fn priority(asked: Asked) -> Priority {
    if asked.danger || asked.alone {
        Priority::Urgent
    } else if asked.harm || asked.leaving_hospital {
        Priority::Soon
    } else {
        Priority::Routine
    }
}

/// How long each priority may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Times {
    /// Hours of an urgent one.
    pub urgent_hours: i64,
    /// Working days of one that is to be looked at soon.
    pub soon_working_days: u16,
    /// Working days of any other.
    pub routine_working_days: u16,
}

/// By when a request is to be decided on.
///
/// # Errors
/// The bank holidays of a year that is needed are not on file.
pub fn due(
    sent_at: Timestamp,
    priority: Priority,
    times: Times,
    calendar: &Calendar,
) -> Result<Timestamp, CalendarError> {
    let days = match priority {
        Priority::Urgent => return Ok(sent_at + SignedDuration::from_hours(times.urgent_hours)),
        Priority::Soon => times.soon_working_days,
        Priority::Routine => times.routine_working_days,
    };
    let sent = local(sent_at);
    let day = calendar.add_working_days(sent.date(), days)?;
    Ok(instant(day.to_datetime(sent.time())).unwrap_or(sent_at))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::*;

    const TIMES: Times = Times {
        urgent_hours: 4,
        soon_working_days: 2,
        routine_working_days: 5,
    };

    #[test]
    fn danger_comes_first() {
        for (danger, alone, harm, leaving_hospital, expected) in [
            (false, false, false, false, Priority::Routine),
            (true, false, false, false, Priority::Urgent),
            (false, true, true, true, Priority::Urgent),
            (false, false, true, false, Priority::Soon),
            (false, false, false, true, Priority::Soon),
        ] {
            let asked = Asked {
                danger,
                alone,
                harm,
                leaving_hospital,
            };
            assert_eq!(priority(asked), expected);
        }
    }

    #[test]
    fn clocks_run_from_when_it_was_sent() {
        let (calendar, wrong) = Calendar::parse(include_str!("../../../policy/bank-holidays.csv"));
        assert_eq!(wrong, []);
        for (sent, priority, at) in [
            // A Tuesday morning in October.
            (
                "2018-10-16T09:30:00Z",
                Priority::Urgent,
                "2018-10-16T13:30:00Z",
            ),
            (
                "2018-10-16T09:30:00Z",
                Priority::Soon,
                "2018-10-18T09:30:00Z",
            ),
            (
                "2018-10-16T09:30:00Z",
                Priority::Routine,
                "2018-10-23T09:30:00Z",
            ),
            // Over a weekend and the end of summer time: the same time on the clock on the wall.
            (
                "2018-10-26T09:30:00Z",
                Priority::Soon,
                "2018-10-30T10:30:00Z",
            ),
            // In the night in which clocks change, hours are hours.
            (
                "2018-10-27T23:30:00Z",
                Priority::Urgent,
                "2018-10-28T03:30:00Z",
            ),
            // Over Christmas.
            (
                "2018-12-24T12:00:00Z",
                Priority::Soon,
                "2018-12-28T12:00:00Z",
            ),
        ] {
            let due = due(sent.parse().unwrap(), priority, TIMES, &calendar).unwrap();
            assert_eq!(due, at.parse().unwrap(), "{sent} {priority}");
        }
        let far = due(
            "2090-01-02T12:00:00Z".parse().unwrap(),
            Priority::Soon,
            TIMES,
            &calendar,
        );
        assert!(far.is_err(), "bank holidays of that year are not known");
    }
}
