//! Review of a care and support plan.
//!
//! Source: Care Act 2014 section 27; Care and Support Statutory Guidance, chapter 13; RULES G.4
//! (from memory).
//!
//! In words: a plan is reviewed at least every twelve months. A plan of 29 February is due by
//! 28 February of the next year.

use super::{Due, Opened, after};
use crate::policy::Policy;
use kernel::parameters::ParameterError;

/// The rule with its citation.
pub const RULE: &str =
    "Care Act 2014 section 27 and statutory guidance chapter 13: review at least every 12 months";

/// When the review is due.
///
/// # Errors
/// If the length is no whole number.
pub fn due(opened: &Opened, policy: &Policy) -> Result<Due, ParameterError> {
    after(opened, policy, "clock.annual_review")
}
