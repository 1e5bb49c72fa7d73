//! Aftercare after detention under the Mental Health Act.
//!
//! Source: Mental Health Act 1983 section 117 (from memory).
//!
//! In words: the NHS and the council provide aftercare until both are satisfied that it is no
//! longer needed. The law sets no time for a review; a place may set its own
//! (`clock.aftercare_days` or `_years`). Without one nothing is due, and the page says so.

use super::{Due, Opened, after};
use crate::policy::Policy;
use kernel::parameters::ParameterError;

/// The rule with its citation.
pub const RULE: &str =
    "Mental Health Act 1983 section 117: until both are satisfied, the law sets no time";

/// When the review is due, if the place has set a time.
///
/// # Errors
/// If the length is no whole number.
pub fn due(opened: &Opened, policy: &Policy) -> Result<Due, ParameterError> {
    after(opened, policy, "clock.aftercare")
}
