//! Cases whose time the law or a place limits: when each is due.
//!
//! Each kind of case is a file with its source and its rule in words. Lengths are parameters: a
//! number that no law sets is a place's own, or is not there, and then nothing is due and the
//! page says so. Source: RULES E.10, G.1, G.4, G.7 (from memory).
//!
//! In words, for all of them: days are days of the calendar in the United Kingdom, and the last
//! one ends at midnight there; weekends and bank holidays count unless a length is in working
//! days. Hours pass as they pass: the night on which the clocks change is an hour longer or
//! shorter on the wall.

pub mod aftercare;
pub mod annual_review;
pub mod carers_assessment;
pub mod chc;
pub mod chc_fast_track;
pub mod deprivation;
pub mod deprivation_urgent;
pub mod needs_assessment;
pub mod safeguarding;
pub mod signed;

use crate::policy::{JURISDICTION, Policy, RestsOn};
use crate::text_enum;
use jiff::civil::Date;
use jiff::{Timestamp, ToSpan};
use kernel::calendar::{add_days, local};
use kernel::parameters::{Confidence, ParameterError};

text_enum! {
    /// Kinds of case.
    CaseKind {
        /// NHS continuing healthcare: decision after a positive checklist.
        Chc = "nhs continuing healthcare",
        /// NHS continuing healthcare for somebody who may be dying.
        ChcFastTrack = "nhs continuing healthcare fast track",
        /// Safeguarding enquiry.
        Safeguarding = "safeguarding enquiry",
        /// Deprivation of liberty: standard authorisation.
        Deprivation = "deprivation of liberty, standard",
        /// Deprivation of liberty: urgent authorisation.
        DeprivationUrgent = "deprivation of liberty, urgent",
        /// Needs assessment.
        NeedsAssessment = "needs assessment",
        /// Carer's assessment.
        CarersAssessment = "carer's assessment",
        /// Review of a care and support plan.
        AnnualReview = "annual review",
        /// Aftercare after detention under the Mental Health Act.
        Aftercare = "mental health aftercare",
    }
}

text_enum! {
    /// Where a case stands on a day.
    State {
        /// Its time is not over.
        InTime = "in time",
        /// Its time ends on that day.
        DueToday = "due today",
        /// Its time is over.
        Late = "late",
        /// Nothing limits its time.
        NoLimit = "no limit set",
    }
}

impl CaseKind {
    /// As people say it.
    pub const fn in_words(self) -> &'static str {
        match self {
            Self::Chc => "NHS continuing healthcare",
            Self::ChcFastTrack => "NHS continuing healthcare, fast track",
            Self::Safeguarding => "Safeguarding enquiry",
            Self::Deprivation => "Deprivation of liberty, standard",
            Self::DeprivationUrgent => "Deprivation of liberty, urgent",
            Self::NeedsAssessment => "Needs assessment",
            Self::CarersAssessment => "Carer's assessment",
            Self::AnnualReview => "Annual review",
            Self::Aftercare => "Mental health aftercare",
        }
    }

    /// True if even that there is a case is for its owner alone.
    pub const fn is_sensitive(self) -> bool {
        matches!(self, Self::Safeguarding)
    }

    /// What kind of sensitive matter it is about; empty for most.
    pub const fn category(self) -> &'static str {
        match self {
            Self::Safeguarding => "safeguarding",
            Self::Aftercare => "mental-health",
            _ => "",
        }
    }

    /// The rule with its citation.
    pub const fn rule(self) -> &'static str {
        match self {
            Self::Chc => chc::RULE,
            Self::ChcFastTrack => chc_fast_track::RULE,
            Self::Safeguarding => safeguarding::RULE,
            Self::Deprivation => deprivation::RULE,
            Self::DeprivationUrgent => deprivation_urgent::RULE,
            Self::NeedsAssessment => needs_assessment::RULE,
            Self::CarersAssessment => carers_assessment::RULE,
            Self::AnnualReview => annual_review::RULE,
            Self::Aftercare => aftercare::RULE,
        }
    }

    /// What starts its clock.
    pub const fn starts_with(self) -> &'static str {
        match self {
            Self::Chc => "The day the positive checklist was received",
            Self::ChcFastTrack => "When the completed fast track form was received",
            Self::Safeguarding => "When the council decided that an enquiry is needed",
            Self::Deprivation => "The day the request was received",
            Self::DeprivationUrgent => "The day the urgent authorisation was given",
            Self::NeedsAssessment => "The day the council learnt of the possible need",
            Self::CarersAssessment => "The day the council learnt of the carer's possible need",
            Self::AnnualReview => "The day of the plan, or of the last review",
            Self::Aftercare => "The day of discharge from detention, or of the last review",
        }
    }

    /// How it may end.
    pub const fn outcomes(self) -> &'static [&'static str] {
        match self {
            Self::Chc => &["eligible", "not eligible", "joint package of care"],
            Self::ChcFastTrack => &["care in place", "not accepted"],
            Self::Safeguarding => &[
                "risk removed",
                "risk reduced",
                "risk remains",
                "enquiry not needed",
            ],
            Self::Deprivation => &["granted", "not granted"],
            Self::DeprivationUrgent => &["standard authorisation given", "ended without one"],
            Self::NeedsAssessment | Self::CarersAssessment => {
                &["assessed", "refused by the person"]
            }
            Self::AnnualReview => &["no change", "plan changed", "support ended"],
            Self::Aftercare => &["reviewed, goes on", "ended by NHS and council together"],
        }
    }

    /// Whether it may end so. Any case may have been started by mistake, be needed no more, or
    /// end with a death.
    pub fn may_end(self, outcome: &str) -> bool {
        self.outcomes().contains(&outcome) || ALWAYS.contains(&outcome)
    }
}

/// How any case may end.
pub const ALWAYS: [&str; 3] = ["no longer needed", "the person died", "started by mistake"];

/// What the rules need of a case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Opened {
    /// When its clock started.
    pub at: Timestamp,
    /// Whether it was extended, once.
    pub extended: bool,
    /// The last day of an urgent authorisation that runs meanwhile.
    pub urgent_until: Option<Date>,
}

/// Until when.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Limit {
    /// To the end of a day in the United Kingdom.
    EndOf(Date),
    /// To an instant.
    At(Timestamp),
}

impl Limit {
    /// The day it lies in, in the United Kingdom.
    pub fn day(self) -> Date {
        match self {
            Self::EndOf(day) => day,
            Self::At(instant) => local(instant).date(),
        }
    }

    /// The instant from which it is over.
    pub fn over_at(self) -> Option<Timestamp> {
        match self {
            Self::At(instant) => Some(instant),
            Self::EndOf(day) => {
                kernel::calendar::instant(add_days(day, 1).to_datetime(jiff::civil::Time::MIN))
            }
        }
    }
}

/// When a case is due, and what that rests on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Due {
    /// Until when; `None` where nothing limits it.
    pub limit: Option<Limit>,
    /// The last working day within, where the last day is none.
    pub last_working_day: Option<Date>,
    /// True if the length is a place's own choice and not the law's.
    pub local: bool,
    /// Values from memory that it rests on.
    pub rests_on: RestsOn,
}

impl Due {
    fn none() -> Self {
        Self {
            limit: None,
            last_working_day: None,
            local: true,
            rests_on: RestsOn::default(),
        }
    }

    /// Where a case stands on a day. With `now`, an instant of that day, what was due earlier
    /// that day is late.
    pub fn state(&self, day: Date, now: Option<Timestamp>) -> State {
        let Some(limit) = self.limit else {
            return State::NoLimit;
        };
        let over = now
            .zip(limit.over_at())
            .is_some_and(|(now, over)| now >= over);
        if over || limit.day() < day {
            State::Late
        } else if limit.day() == day {
            State::DueToday
        } else {
            State::InTime
        }
    }
}

/// When a case is due by the rules of the day on which it was opened.
///
/// # Errors
/// If a parameter that the rule needs is missing or of another type.
pub fn due(kind: CaseKind, opened: &Opened, policy: &Policy) -> Result<Due, ParameterError> {
    match kind {
        CaseKind::Chc => chc::due(opened, policy),
        CaseKind::ChcFastTrack => chc_fast_track::due(opened, policy),
        CaseKind::Safeguarding => safeguarding::due(opened, policy),
        CaseKind::Deprivation => deprivation::due(opened, policy),
        CaseKind::DeprivationUrgent => deprivation_urgent::due(opened, policy),
        CaseKind::NeedsAssessment => needs_assessment::due(opened, policy),
        CaseKind::CarersAssessment => carers_assessment::due(opened, policy),
        CaseKind::AnnualReview => annual_review::due(opened, policy),
        CaseKind::Aftercare => aftercare::due(opened, policy),
    }
}

/// A length in one of its units.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Length {
    Hours(i64),
    Days(i64),
    WorkingDays(i64),
    Years(i64),
}

/// Looks a length up under a name with the end of its unit: `_hours`, `_days`, `_working_days` or
/// `_years`. A place may set it in another unit than we did, or set one where the law has none.
fn length(
    policy: &Policy,
    name: &str,
    day: Date,
    rests_on: &mut RestsOn,
) -> Result<Option<(Length, Confidence)>, ParameterError> {
    type Make = fn(i64) -> Length;
    let units: [(&str, Make); 4] = [
        ("working_days", Length::WorkingDays),
        ("hours", Length::Hours),
        ("days", Length::Days),
        ("years", Length::Years),
    ];
    for (unit, make) in units {
        match policy
            .parameters
            .get(&format!("{name}_{unit}"), JURISDICTION, day)
        {
            Ok(found) => {
                let number = rests_on.note(found).integer()?;
                return Ok(Some((make(number), found.confidence)));
            }
            Err(ParameterError::Missing { .. }) => {}
            Err(other) => return Err(other),
        }
    }
    Ok(None)
}

/// When something is due that has the length of a name from when it was opened.
fn after(opened: &Opened, policy: &Policy, name: &str) -> Result<Due, ParameterError> {
    let mut rests_on = RestsOn::default();
    let day = local(opened.at).date();
    let Some((length, confidence)) = length(policy, name, day, &mut rests_on)? else {
        return Ok(Due::none());
    };
    let limit = match length {
        Length::Hours(hours) => opened.at.checked_add(hours.hours()).ok().map(Limit::At),
        Length::Days(days) => Some(Limit::EndOf(add_days(day, days))),
        Length::Years(years) => day
            .checked_add(i32::try_from(years).unwrap_or(0).years())
            .ok()
            .map(Limit::EndOf),
        Length::WorkingDays(days) => u16::try_from(days)
            .ok()
            .and_then(|days| policy.calendar.add_working_days(day, days).ok())
            .map(Limit::EndOf),
    };
    Ok(finished(
        limit,
        confidence == Confidence::Local,
        rests_on,
        policy,
    ))
}

fn finished(limit: Option<Limit>, is_local: bool, rests_on: RestsOn, policy: &Policy) -> Due {
    Due {
        limit,
        last_working_day: limit.and_then(|limit| working_day_before(limit.day(), policy)),
        local: is_local,
        rests_on,
    }
}

/// The last working day before a day that is none; `None` if it is one, or is not known.
fn working_day_before(day: Date, policy: &Policy) -> Option<Date> {
    if policy.calendar.is_working_day(day).ok()? {
        return None;
    }
    let mut before = add_days(day, -1);
    while !policy.calendar.is_working_day(before).ok()? {
        before = add_days(before, -1);
    }
    Some(before)
}

#[cfg(test)]
mod tests;
