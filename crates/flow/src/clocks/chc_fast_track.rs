//! NHS continuing healthcare, fast track: care for somebody who may be dying.
//!
//! Source: National Framework for NHS Continuing Healthcare and NHS-funded Nursing Care, fast
//! track pathway tool; RULES E.10 (from memory).
//!
//! In words: care is in place within 48 hours of receiving the completed form. Hours pass at
//! night, at weekends and on bank holidays.

use super::{Due, Opened, after};
use crate::policy::Policy;
use kernel::parameters::ParameterError;

/// The rule with its citation.
pub const RULE: &str =
    "National Framework for NHS Continuing Healthcare: fast track care within 48 hours";

/// When care is due.
///
/// # Errors
/// If the length is no whole number.
pub fn due(opened: &Opened, policy: &Policy) -> Result<Due, ParameterError> {
    after(opened, policy, "clock.chc_fast_track")
}
