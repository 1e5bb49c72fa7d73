//! Discharged to their usual place of residence.
//!
//! Source: Better Care Fund metric of 2021/22 to 2025/26 (RULES C.3; definition from memory): discharges from acute
//! hospital to the usual place of residence, of all live discharges with a known destination. Destination codes:
//! NHS Data Dictionary.
//!
//! In words: a discharge counts if the person left alive and where to is known. It is to their usual place of
//! residence if the code says so. Another hospital is a known destination too. A care home that somebody
//! already lives in has the code of the usual place of residence.

use crate::policy::Policy;
use jiff::civil::Date;

/// The code of the usual place of residence.
const USUAL: &str = "19";

/// Whether a discharge on a day was to the usual place of residence; `None` if it does not count.
pub fn to_usual_residence(
    left: Date,
    method: Option<&str>,
    destination: Option<&str>,
    policy: &Policy,
) -> Option<bool> {
    let died = method.is_some_and(|code| policy.discharge_methods.in_group(code, "died"));
    let code = destination.filter(|_| !died)?;
    let list = &policy.discharge_destinations;
    let known = list.get(code, left).is_ok()
        && !list.in_group(code, "not known")
        && !list.in_group(code, "died");
    known.then_some(code == USUAL)
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn examples() {
        let policy = Policy::builtin();
        for (method, destination, expected) in [
            (Some("1"), Some("19"), Some(true)),
            (None, Some("19"), Some(true)),
            (Some("1"), Some("54"), Some(false)),
            (Some("1"), Some("51"), Some(false)),
            // Where to is not known, or is no code of the list.
            (Some("1"), Some("98"), None),
            (Some("1"), Some("99"), None),
            (Some("1"), Some("77"), None),
            (Some("1"), None, None),
            // Died, by the method or by the destination.
            (Some("4"), Some("19"), None),
            (Some("1"), Some("79"), None),
        ] {
            assert_eq!(
                to_usual_residence(date(2025, 6, 1), method, destination, &policy),
                expected,
                "{method:?} {destination:?}"
            );
        }
    }
}
