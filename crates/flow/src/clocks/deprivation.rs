//! Deprivation of liberty: the standard authorisation.
//!
//! Source: Mental Capacity Act 2005 Schedule A1; the Mental Capacity (Deprivation of Liberty:
//! Standard Authorisations, Assessments and Ordinary Residence) Regulations 2008; RULES G.7
//! (from memory). Liberty Protection Safeguards are not in force.
//!
//! In words: the supervisory body decides within 21 days of receiving the request, and where an
//! urgent authorisation runs, before that ends, whichever is earlier.

use super::{Due, Limit, Opened, after, finished};
use crate::policy::Policy;
use kernel::parameters::ParameterError;

/// The rule with its citation.
pub const RULE: &str = "Mental Capacity Act 2005 Schedule A1: decision within 21 days of the request, or before an urgent authorisation ends";

/// When the decision is due.
///
/// # Errors
/// If the length is no whole number.
pub fn due(opened: &Opened, policy: &Policy) -> Result<Due, ParameterError> {
    let due = after(opened, policy, "clock.deprivation_standard")?;
    let until = match (due.limit, opened.urgent_until) {
        (Some(limit), Some(urgent)) if urgent < limit.day() => urgent,
        (None, Some(urgent)) => urgent,
        _ => return Ok(due),
    };
    Ok(finished(
        Some(Limit::EndOf(until)),
        due.local,
        due.rests_on,
        policy,
    ))
}
