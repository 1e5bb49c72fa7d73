//! Safeguarding enquiry.
//!
//! Source: Care Act 2014 section 42; RULES G.6 (from memory).
//!
//! In words: the council makes enquiries, or has them made. The law sets no number of days; a
//! place may set its own (`clock.safeguarding_enquiry_working_days` or `_days`). Without one
//! nothing is due, and the page says so.

use super::{Due, Opened, after};
use crate::policy::Policy;
use kernel::parameters::ParameterError;

/// The rule with its citation.
pub const RULE: &str = "Care Act 2014 section 42: the law sets no number of days";

/// When the enquiry is due, if the place has set a time.
///
/// # Errors
/// If the length is no whole number.
pub fn due(opened: &Opened, policy: &Policy) -> Result<Due, ParameterError> {
    after(opened, policy, "clock.safeguarding_enquiry")
}
