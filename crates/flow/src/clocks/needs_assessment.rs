//! Needs assessment of an adult.
//!
//! Source: Care Act 2014 section 9; RULES G.1 (from memory).
//!
//! In words: a council assesses whoever appears to have needs. The law sets no number of days;
//! the time here is a local standard.

use super::{Due, Opened, after};
use crate::policy::Policy;
use kernel::parameters::ParameterError;

/// The rule with its citation.
pub const RULE: &str = "Care Act 2014 section 9: local standard, the law sets no number of days";

/// When the assessment is due.
///
/// # Errors
/// If the length is no whole number.
pub fn due(opened: &Opened, policy: &Policy) -> Result<Due, ParameterError> {
    after(opened, policy, "clock.needs_assessment")
}
