//! Whether somebody who left hospital went back to the care home they came from.
//!
//! Source: Hospital discharge and community support guidance (DHSC): people who return to their
//! care home are on pathway 3 and count in pathway 0 where the split is watched; RULES B.3.
//! That it is told from the facts below, and not asked, is our own rule.
//!
//! In words: they left to a care home. When they were admitted they lived in a nursing or
//! residential home for a long time, and that service went on when they left. No other such
//! home had begun meanwhile: then they moved. Where a destination or a service is not on file
//! nothing is supposed.

use crate::policy::Policy;
use crate::service::Service;
use jiff::civil::Date;

/// True if a stay from `admitted_on` to `left_on` ended in the home that the person came from.
/// `destination` is the code of where they went; `services` are all of theirs.
pub fn is_return(
    (admitted_on, left_on): (Date, Date),
    destination: Option<&str>,
    services: &[Service],
    policy: &Policy,
) -> bool {
    let to_a_home =
        destination.is_some_and(|code| policy.discharge_destinations.in_group(code, "care home"));
    let homes = || services.iter().filter(|one| one.is_long_term_home());
    let kept = homes().any(|one| one.starts_on <= admitted_on && one.open_on(left_on));
    let moved = homes().any(|one| admitted_on < one.starts_on && one.starts_on <= left_on);
    to_a_home && kept && !moved
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ascof::examples::{day, service};
    use crate::service::Component;
    use crate::service::ServiceType::{Community, NursingCare, ResidentialCare, StMax};

    #[test]
    fn examples() {
        let policy = Policy::builtin();
        let stay = (day(3, 1), day(3, 15));
        let lived = |until| service(1, ResidentialCare, day(1, 5), until);
        let other = |kind, from| service(2, kind, from, None);
        for (destination, services, expected) in [
            (Some("85"), vec![lived(None)], true),
            (Some("54"), vec![lived(None)], true),
            (Some("65"), vec![lived(None)], true),
            // Elsewhere, or nobody knows where.
            (Some("19"), vec![lived(None)], false),
            (Some("51"), vec![lived(None)], false),
            (None, vec![lived(None)], false),
            // The place was given up before, or on the day of leaving.
            (Some("85"), vec![lived(Some(day(3, 10)))], false),
            (Some("85"), vec![lived(Some(day(3, 15)))], false),
            (Some("85"), vec![lived(Some(day(3, 16)))], true),
            // They moved in on the day of admission, the day after, and on the day of leaving.
            (Some("85"), vec![other(NursingCare, day(3, 1))], true),
            (Some("85"), vec![other(NursingCare, day(3, 2))], false),
            (
                Some("85"),
                vec![lived(None), other(NursingCare, day(3, 15))],
                false,
            ),
            (
                Some("85"),
                vec![lived(None), other(NursingCare, day(3, 16))],
                true,
            ),
            // Care at home, or reablement, is no home.
            (Some("85"), vec![other(Community, day(1, 5))], false),
            (
                Some("85"),
                vec![lived(None), other(StMax, day(3, 15))],
                true,
            ),
            (Some("85"), vec![], false),
        ] {
            let found = is_return(stay, destination, &services, &policy);
            assert_eq!(found, expected, "{destination:?} {services:?}");
        }
        let mut short = lived(None);
        short.component = Some(Component::ShortTermResidential);
        assert!(!is_return(stay, Some("85"), &[short], &policy));
    }
}
