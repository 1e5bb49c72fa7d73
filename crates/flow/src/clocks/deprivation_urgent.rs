//! Deprivation of liberty: the urgent authorisation.
//!
//! Source: Mental Capacity Act 2005 Schedule A1, part 5; RULES G.7 (from memory). Whether the
//! day on which it is given counts is not established: the earlier end is taken, because
//! nobody may be held a day too long.
//!
//! In words: the managing authority gives itself an urgent authorisation for at most seven
//! days; the supervisory body may extend it once by at most seven more.

use super::{Due, Limit, Opened, finished};
use crate::policy::{Policy, RestsOn};
use jiff::civil::Date;
use kernel::calendar::{add_days, local};
use kernel::parameters::{Confidence, ParameterError};

/// The rule with its citation.
pub const RULE: &str = "Mental Capacity Act 2005 Schedule A1: urgent authorisation of at most 7 days, extended once by at most 7";

/// When it ends.
///
/// # Errors
/// If a length is missing for the day it was given: this one is never left open.
pub fn due(opened: &Opened, policy: &Policy) -> Result<Due, ParameterError> {
    let (last, is_local, rests_on) = last_day(opened, policy)?;
    Ok(finished(
        Some(Limit::EndOf(last)),
        is_local,
        rests_on,
        policy,
    ))
}

/// The last day of an urgent authorisation.
fn last_day(opened: &Opened, policy: &Policy) -> Result<(Date, bool, RestsOn), ParameterError> {
    let day = local(opened.at).date();
    let mut rests_on = RestsOn::default();
    let days = rests_on.note(policy.on("clock.deprivation_urgent_days", day)?);
    let is_local = days.confidence == Confidence::Local;
    let mut days = days.integer()?;
    if opened.extended {
        let more = policy.on("clock.deprivation_urgent_extension_days", day)?;
        days += rests_on.note(more).integer()?;
    }
    let first = policy.on("clock.deprivation_first_day_counts", day)?;
    if rests_on.note(first).flag()? {
        days -= 1;
    }
    Ok((add_days(day, days), is_local, rests_on))
}
