//! ASCOF 2B (18 to 64) and 2C (65 and over): new admissions to homes for a long time, for each
//! 100,000 people.
//!
//! Source: ASCOF 2B and 2C algorithm of DHSC (2024/25 onward); RULES I.2.
//!
//! In words: count services of the type long-term nursing or residential care, not for a short
//! time by their component, that start in the year, of people whose date of birth is known and
//! who had not died before the year. Left out are those who pay themselves. An admission is new
//! if no earlier one of the same person is open or ended within the 365 days before. Each
//! person is counted once, in the younger band if both.

use super::{Lengths, Period, Person};
use crate::beds::{Ratio, rate_per_100k};
use crate::service::{Outcome, Service};
use crate::text_enum;
use jiff::civil::Date;
use kernel::calendar::days_between;

text_enum! {
    /// Band of age at admission.
    Band {
        /// 2B.
        Adult = "18 to 64",
        /// 2C.
        Older = "65 and over",
    }
}

text_enum! {
    /// Why an admission is left out.
    LeftOut {
        /// The date of birth is not known.
        AgeNotKnown = "age not known",
        /// Under 18.
        Under18 = "under 18",
        /// Died before the period.
        Died = "died before the period",
        /// Pays for it themselves.
        SelfFunded = "funds themselves",
        /// Was in such a home within the days before.
        Existing = "was in a home before",
    }
}

/// Whether an admission is new: no other started earlier and is open or ended shortly before.
pub fn is_new(admission: &Service, services: &[Service], lengths: &Lengths) -> bool {
    !services.iter().any(|one| {
        one.id != admission.id
            && one.is_long_term_home()
            && one.starts_on < admission.starts_on
            && one
                .ends_on
                .is_none_or(|end| days_between(end, admission.starts_on) < lengths.new_admission)
    })
}

/// One admission of the period, judged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Admission<'a> {
    /// The service.
    pub service: &'a Service,
    /// The band it counts in, or why it is left out.
    pub counts: Result<Band, LeftOut>,
}

/// The admissions of one person in a period.
pub fn admissions<'a>(
    services: &'a [Service],
    person: &Person,
    period: Period,
    lengths: &Lengths,
) -> Vec<Admission<'a>> {
    services
        .iter()
        .filter(|one| one.is_long_term_home() && period.holds(one.starts_on))
        .map(|service| Admission {
            service,
            counts: judge(service, services, person, period, lengths),
        })
        .collect()
}

fn judge(
    service: &Service,
    services: &[Service],
    person: &Person,
    period: Period,
    lengths: &Lengths,
) -> Result<Band, LeftOut> {
    let age = person
        .age_on(service.starts_on)
        .ok_or(LeftOut::AgeNotKnown)?;
    if person.died.is_some_and(|died| died < period.first) {
        return Err(LeftOut::Died);
    }
    if service.outcome == Some(Outcome::SelfFunded) {
        return Err(LeftOut::SelfFunded);
    }
    if !is_new(service, services, lengths) {
        return Err(LeftOut::Existing);
    }
    match age {
        ..18 => Err(LeftOut::Under18),
        18..65 => Ok(Band::Adult),
        _ => Ok(Band::Older),
    }
}

/// The admission by which a person is counted: once, in the younger band if both.
pub fn counted<'a>(admissions: &[Admission<'a>]) -> Option<(Band, &'a Service)> {
    admissions
        .iter()
        .filter_map(|one| Some((one.counts.ok()?, one.service)))
        .min_by_key(|(band, service)| (*band, service.starts_on, service.id))
}

/// The rate with its one decimal; `None` without people.
pub fn rate(people: i64, population: i64) -> Option<Ratio> {
    rate_per_100k(people, population)
}

/// The year before a day, for whoever reads earlier services: the first day that matters.
pub fn reads_from(period: Period, lengths: &Lengths) -> Date {
    kernel::calendar::add_days(period.first, -lengths.new_admission)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::super::examples::{lengths, service};
    use super::*;
    use crate::service::Component;
    use crate::service::ServiceType::{Community, NursingCare, ResidentialCare};
    use jiff::civil::date;
    use kernel::calendar::add_days;

    const YEAR: Period = Period {
        first: date(2025, 4, 1),
        last: date(2026, 3, 31),
    };

    fn person(born: Date) -> Person {
        Person {
            born: Some(born),
            died: None,
        }
    }

    /// RULES P, vector V22.
    #[test]
    fn new_after_365_days_without() {
        let start = date(2025, 10, 1);
        for (days, is_new_admission) in [(364, false), (365, true), (1, false), (700, true)] {
            let earlier = add_days(start, -days);
            let services = [
                service(1, ResidentialCare, add_days(earlier, -30), Some(earlier)),
                service(2, NursingCare, start, None),
            ];
            assert_eq!(
                is_new(&services[1], &services, &lengths()),
                is_new_admission,
                "{days}"
            );
        }
        let open = [
            service(1, ResidentialCare, date(2020, 1, 1), None),
            service(2, NursingCare, start, None),
        ];
        assert!(!is_new(&open[1], &open, &lengths()));
    }

    #[test]
    fn who_counts() {
        let start = date(2025, 10, 1);
        let born = |year| Some(date(year, 1, 1));
        for (kind, born, died, outcome, expected) in [
            (
                ResidentialCare,
                born(1940),
                None,
                None,
                Some(Ok(Band::Older)),
            ),
            (NursingCare, born(1961), None, None, Some(Ok(Band::Adult))),
            (
                NursingCare,
                born(2009),
                None,
                None,
                Some(Err(LeftOut::Under18)),
            ),
            (
                NursingCare,
                None,
                None,
                None,
                Some(Err(LeftOut::AgeNotKnown)),
            ),
            (
                NursingCare,
                born(1940),
                Some(date(2025, 3, 31)),
                None,
                Some(Err(LeftOut::Died)),
            ),
            (
                NursingCare,
                born(1940),
                Some(date(2025, 10, 2)),
                None,
                Some(Ok(Band::Older)),
            ),
            (
                NursingCare,
                born(1940),
                None,
                Some(Outcome::SelfFunded),
                Some(Err(LeftOut::SelfFunded)),
            ),
            (Community, born(1940), None, None, None),
        ] {
            let mut one = service(1, kind, start, None);
            one.outcome = outcome;
            let services = [one];
            let found = admissions(&services, &Person { born, died }, YEAR, &lengths());
            assert_eq!(found.first().map(|one| one.counts), expected);
        }
    }

    #[test]
    fn a_stay_for_a_short_time_is_no_admission() {
        let mut one = service(1, ResidentialCare, date(2025, 10, 1), None);
        one.component = Some(Component::ShortTermResidential);
        assert!(admissions(&[one], &person(date(1940, 1, 1)), YEAR, &lengths()).is_empty());
    }

    #[test]
    fn a_person_is_counted_once_in_the_younger_band() {
        // 65 between the two, with more than a year between them.
        let period = Period {
            first: date(2024, 4, 1),
            last: date(2026, 3, 31),
        };
        let services = [
            service(1, NursingCare, date(2026, 3, 1), None),
            service(2, ResidentialCare, date(2024, 5, 1), Some(date(2024, 6, 1))),
        ];
        let found = admissions(&services, &person(date(1960, 1, 1)), period, &lengths());
        assert_eq!(found.len(), 2);
        let (band, service) = counted(&found).unwrap();
        assert_eq!((band, service.id), (Band::Adult, services[1].id));
    }

    #[test]
    fn the_rate_has_one_decimal() {
        assert_eq!(rate(310, 54_321).unwrap().rounded(1), "570.7");
        assert_eq!(rate(310, 0), None);
    }
}
