//! NHS continuing healthcare: the decision after a positive checklist.
//!
//! Source: National Framework for NHS Continuing Healthcare and NHS-funded Nursing Care; RULES
//! E.10 (from memory).
//!
//! In words: the decision is made within 28 days of the calendar of receiving the positive
//! checklist. The day of receipt is not counted.

use super::{Due, Opened, after};
use crate::policy::Policy;
use kernel::parameters::ParameterError;

/// The rule with its citation.
pub const RULE: &str =
    "National Framework for NHS Continuing Healthcare: decision within 28 days of the checklist";

/// When the decision is due.
///
/// # Errors
/// If the length is no whole number.
pub fn due(opened: &Opened, policy: &Policy) -> Result<Due, ParameterError> {
    after(opened, policy, "clock.chc_decision")
}
