//! The older measure: still at home 91 days after leaving hospital into reablement.
//!
//! Source: ASCOF 2B(1) before 2023, the handbook's wording from memory; RULES I.2 (legacy
//! labels). Replaced by 2D, which asks at 84 days.
//!
//! In words: of people aged 65 and over who left hospital into reablement, the share who on the
//! 91st day were alive, at home, and neither in hospital nor in a care home.

use super::home_after_hospital::Stay;
use super::{Lengths, Person};
use crate::service::Service;
use jiff::civil::Date;
use kernel::calendar::add_days;

/// Whether somebody is at home on the day the older measure asks about; `None` while that day
/// has not come.
pub fn at_home(
    left: Date,
    person: &Person,
    stays: &[Stay],
    services: &[Service],
    lengths: &Lengths,
    today: Date,
) -> Option<bool> {
    let day = add_days(left, lengths.at_home_older);
    if person.died.is_some_and(|died| died <= day && died <= today) {
        return Some(false);
    }
    if today < day {
        return None;
    }
    let in_hospital = stays
        .iter()
        .any(|one| one.admitted_on <= day && one.discharged_on.is_none_or(|out| out > day));
    let in_home = services
        .iter()
        .any(|one| one.kind.is_long_term_home() && one.open_on(day));
    Some(!in_hospital && !in_home)
}

#[cfg(test)]
mod tests {
    use super::super::examples::{lengths, service};
    use super::*;
    use crate::service::ServiceType;
    use jiff::civil::date;

    #[test]
    fn examples() {
        let left = date(2025, 6, 1);
        let day_91 = date(2025, 8, 31);
        assert_eq!(add_days(left, 91), day_91);
        let alive = Person::default();
        let died = |on| Person {
            died: Some(on),
            ..alive
        };
        let home = |starts, ends| [service(1, ServiceType::ResidentialCare, starts, ends)];
        let none: [Service; 0] = [];
        for (person, services, today, expected) in [
            (alive, &none[..], day_91, Some(true)),
            (alive, &none[..], date(2025, 8, 30), None),
            (died(day_91), &none[..], date(2025, 10, 1), Some(false)),
            (
                died(date(2025, 7, 1)),
                &none[..],
                date(2025, 7, 2),
                Some(false),
            ),
            (
                died(date(2025, 9, 1)),
                &none[..],
                date(2025, 10, 1),
                Some(true),
            ),
            (alive, &home(day_91, None)[..], day_91, Some(false)),
            (
                alive,
                &home(date(2025, 7, 1), Some(date(2025, 8, 1)))[..],
                day_91,
                Some(true),
            ),
        ] {
            let found = at_home(left, &person, &[], services, &lengths(), today);
            assert_eq!(found, expected, "{person:?} {today}");
        }
    }
}
