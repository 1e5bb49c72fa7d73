//! ASCOF 2A: reablement after which no ongoing support was needed.
//!
//! Source: ASCOF 2A algorithm of DHSC (2024/25 onward); RULES I.2. The order among concluding
//! outcomes is not in our sources: the latest counts, and of one day the first in the list.
//!
//! In words: of the clusters of reablement (ST-Max) that ended in the year, of adults who had
//! no long-term support in the 91 days before, ask what followed. The first that applies is the
//! sequel: death within seven days; admitted to hospital; a service open at the end or starting
//! within seven days; an outcome that concludes; equipment given meanwhile. Those who died,
//! went to hospital, fund themselves, are funded by the NHS, declined, or of whom nothing is
//! recorded are left out. 2A is the share of the rest without long-term support or a home.

use super::cluster::Cluster;
use super::{Lengths, Period, Person};
use crate::service::{Component, Outcome, Service, ServiceType};
use crate::text_enum;
use jiff::civil::Date;
use kernel::calendar::days_between;

text_enum! {
    /// Why a cluster is left out.
    LeftOut {
        /// It did not end in the period.
        OtherPeriod = "did not end in the period",
        /// Under 18 when it ended.
        Under18 = "under 18",
        /// The date of birth is not known, so the age is not.
        AgeNotKnown = "age not known",
        /// Had long-term support shortly before.
        NotNew = "had long-term support before",
        /// Died within the days of the sequel.
        Died = "died",
        /// Admitted to hospital.
        Hospital = "admitted to hospital",
        /// Pays for support themselves.
        SelfFunded = "funds themselves",
        /// The NHS pays.
        NhsFunded = "funded by the NHS",
        /// Did not want support.
        Declined = "declined support",
        /// What followed is not recorded.
        NotKnown = "what followed is not known",
    }
}

/// What followed a cluster that counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Sequel {
    /// A service.
    Service(ServiceType),
    /// A nursing or residential home for a short time.
    ShortTermHome,
    /// No service; it concluded so.
    Concluded(Outcome),
}

impl Sequel {
    /// Whether no ongoing support followed.
    pub const fn is_independent(self) -> bool {
        match self {
            Self::Service(kind) => !kind.is_long_term(),
            Self::ShortTermHome => false,
            Self::Concluded(_) => true,
        }
    }
}

/// An assessment, review or request that ended with an outcome.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Concluding {
    /// The day it ended.
    pub on: Date,
    /// True for an assessment or a review: these may end up to 13 days from the end.
    pub assessment_or_review: bool,
    /// The outcome.
    pub outcome: Outcome,
}

/// Assessments and reviews conclude a cluster within fewer than so many days.
const ASSESSMENT_DAYS: i64 = 14;

/// What followed a cluster, or why it is left out.
///
/// # Errors
/// The first reason that applies.
pub fn sequel(
    cluster: &Cluster<'_>,
    person: &Person,
    services: &[Service],
    concluding: &[Concluding],
    period: Period,
    lengths: &Lengths,
) -> Result<Sequel, LeftOut> {
    let end = cluster
        .ends_on
        .filter(|end| period.holds(*end))
        .ok_or(LeftOut::OtherPeriod)?;
    match person.age_on(end) {
        None => return Err(LeftOut::AgeNotKnown),
        Some(age) if age < 18 => return Err(LeftOut::Under18),
        Some(_) => {}
    }
    if !is_new(cluster, services, lengths) {
        return Err(LeftOut::NotNew);
    }
    let soon = |day: Date| (0..=lengths.sequel).contains(&days_between(end, day));
    if person.died.is_some_and(|died| died <= end || soon(died)) {
        return Err(LeftOut::Died);
    }
    if cluster.outcome() == Some(Outcome::AdmittedToHospital) {
        return Err(LeftOut::Hospital);
    }
    if let Some(sequel) = service_after(cluster, services, end, &soon) {
        return Ok(sequel);
    }
    let concluded = concluding
        .iter()
        .filter(|one| {
            let days = days_between(end, one.on);
            soon(one.on) || (one.assessment_or_review && days.abs() < ASSESSMENT_DAYS)
        })
        .map(|one| (one.on, one.outcome))
        .chain(cluster.outcome().map(|outcome| (end, outcome)))
        .max_by_key(|(on, outcome)| (*on, std::cmp::Reverse(*outcome)));
    match concluded {
        Some((_, outcome)) => by_outcome(outcome, cluster, services),
        None => equipment(cluster, services).ok_or(LeftOut::NotKnown),
    }
}

/// True if no long-term support started before it and went on or ended shortly before.
fn is_new(cluster: &Cluster<'_>, services: &[Service], lengths: &Lengths) -> bool {
    !services.iter().any(|one| {
        one.kind.is_long_term()
            && one.starts_on < cluster.starts_on
            && one
                .ends_on
                .is_none_or(|end| days_between(end, cluster.starts_on) < lengths.new_client)
    })
}

/// The highest service of the hierarchy open at the end or starting soon after.
fn service_after(
    cluster: &Cluster<'_>,
    services: &[Service],
    end: Date,
    soon: &impl Fn(Date) -> bool,
) -> Option<Sequel> {
    services
        .iter()
        .filter(|one| !cluster.services.iter().any(|mine| mine.id == one.id))
        .filter(|one| one.open_on(end) || (one.starts_on >= end && soon(one.starts_on)))
        .filter(|one| one.kind <= ServiceType::OtherShortTerm)
        .map(|one| match one.component {
            Some(component) if component.is_short_term_home() => {
                (ServiceType::OtherShortTerm, Sequel::ShortTermHome)
            }
            _ => (one.kind, Sequel::Service(one.kind)),
        })
        .min_by_key(|(rank, sequel)| (*rank, *sequel))
        .map(|(_, sequel)| sequel)
}

fn by_outcome(
    outcome: Outcome,
    cluster: &Cluster<'_>,
    services: &[Service],
) -> Result<Sequel, LeftOut> {
    match outcome {
        Outcome::Died => Err(LeftOut::Died),
        Outcome::AdmittedToHospital => Err(LeftOut::Hospital),
        Outcome::SelfFunded => Err(LeftOut::SelfFunded),
        Outcome::NhsFunded => Err(LeftOut::NhsFunded),
        Outcome::Declined => Err(LeftOut::Declined),
        Outcome::Advised
        | Outcome::EndedAsPlanned
        | Outcome::MovedAway
        | Outcome::Other
        | Outcome::NoServices
        | Outcome::SupportEnded
        | Outcome::ReferredWithin => Ok(Sequel::Concluded(outcome)),
        _ => equipment(cluster, services).ok_or(LeftOut::NotKnown),
    }
}

/// Equipment given during reablement is ongoing support of a low level.
fn equipment(cluster: &Cluster<'_>, services: &[Service]) -> Option<Sequel> {
    services
        .iter()
        .any(|one| {
            one.component == Some(Component::Equipment)
                && one.starts_on >= cluster.starts_on
                && cluster.ends_on.is_none_or(|end| one.starts_on <= end)
        })
        .then_some(Sequel::Service(ServiceType::OngoingLowLevel))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::super::cluster::clusters;
    use super::super::examples::{day, lengths, service};
    use super::*;
    use jiff::civil::date;

    const YEAR: Period = Period {
        first: date(2025, 4, 1),
        last: date(2026, 3, 31),
    };

    /// A cluster from 1 January to 10 February with other services around it.
    fn found(
        others: Vec<Service>,
        outcome: Option<Outcome>,
        died: Option<Date>,
    ) -> Result<Sequel, LeftOut> {
        let mut reablement = service(1, ServiceType::StMax, day(1, 1), Some(day(2, 10)));
        reablement.outcome = outcome;
        let mut services = vec![reablement];
        services.extend(others);
        let person = Person {
            born: Some(date(1940, 5, 5)),
            died,
        };
        let all = clusters(&services, 7, |one| one.kind == ServiceType::StMax);
        sequel(&all[0], &person, &services, &[], YEAR, &lengths())
    }

    fn other(kind: ServiceType, starts: Date, ends: Option<Date>) -> Vec<Service> {
        vec![service(2, kind, starts, ends)]
    }

    #[test]
    fn what_follows() {
        use Outcome::{
            AdmittedToHospital, Advised, Declined, EndedAsPlanned, SelfFunded, ToSupport,
        };
        use ServiceType::{Community, NursingCare, OngoingLowLevel, ResidentialCare};
        let none = Vec::new;
        let low = other(OngoingLowLevel, day(1, 20), None);
        for (others, outcome, died, expected) in [
            (
                none(),
                Some(EndedAsPlanned),
                None,
                Ok(Sequel::Concluded(EndedAsPlanned)),
            ),
            (none(), Some(Advised), None, Ok(Sequel::Concluded(Advised))),
            (none(), Some(Declined), None, Err(LeftOut::Declined)),
            (none(), Some(SelfFunded), None, Err(LeftOut::SelfFunded)),
            (
                none(),
                Some(AdmittedToHospital),
                None,
                Err(LeftOut::Hospital),
            ),
            (none(), None, None, Err(LeftOut::NotKnown)),
            (none(), Some(ToSupport), None, Err(LeftOut::NotKnown)),
            // Death up to seven days after stands above all else.
            (
                low.clone(),
                Some(EndedAsPlanned),
                Some(day(2, 17)),
                Err(LeftOut::Died),
            ),
            (
                none(),
                Some(EndedAsPlanned),
                Some(day(2, 18)),
                Ok(Sequel::Concluded(EndedAsPlanned)),
            ),
            // A service starting within seven days counts, of eight not.
            (
                other(Community, day(2, 17), None),
                None,
                None,
                Ok(Sequel::Service(Community)),
            ),
            (
                other(Community, day(2, 18), None),
                None,
                None,
                Err(LeftOut::NotKnown),
            ),
            (
                low,
                Some(EndedAsPlanned),
                None,
                Ok(Sequel::Service(OngoingLowLevel)),
            ),
            // One that ended on the last day is not open at the end.
            (
                other(OngoingLowLevel, day(1, 20), Some(day(2, 10))),
                None,
                None,
                Err(LeftOut::NotKnown),
            ),
            (
                [
                    other(ResidentialCare, day(2, 11), None),
                    other(NursingCare, day(2, 12), None),
                ]
                .concat(),
                None,
                None,
                Ok(Sequel::Service(NursingCare)),
            ),
            // Long-term support before: new after 91 days without.
            (
                other(Community, day(7, 1), Some(date(2025, 10, 3))),
                None,
                None,
                Err(LeftOut::NotNew),
            ),
            (
                other(Community, day(7, 1), Some(date(2025, 10, 2))),
                None,
                None,
                Err(LeftOut::NotKnown),
            ),
            (
                other(Community, day(7, 1), None),
                None,
                None,
                Err(LeftOut::NotNew),
            ),
        ] {
            assert_eq!(
                found(others.clone(), outcome, died),
                expected,
                "{others:?} {outcome:?}"
            );
        }
    }

    #[test]
    fn homes_and_equipment() {
        let mut home = service(2, ServiceType::OtherShortTerm, day(2, 11), None);
        home.component = Some(Component::ShortTermResidential);
        let sequel = found(vec![home], None, None).unwrap();
        assert_eq!(sequel, Sequel::ShortTermHome);
        assert!(!sequel.is_independent());
        let mut aid = service(2, ServiceType::OtherShortTerm, day(1, 5), Some(day(1, 6)));
        aid.component = Some(Component::Equipment);
        let sequel = found(vec![aid], None, None).unwrap();
        assert!(sequel.is_independent());
        assert!(!Sequel::Service(ServiceType::Community).is_independent());
    }

    #[test]
    fn who_and_when() {
        let services = [service(1, ServiceType::StMax, day(1, 1), Some(day(4, 1)))];
        let open = [service(1, ServiceType::StMax, day(1, 1), None)];
        let ended = [service(1, ServiceType::StMax, day(1, 1), Some(day(3, 31)))];
        for (services, born, expected) in [
            (&services, Some(date(1940, 1, 1)), LeftOut::OtherPeriod),
            (&open, Some(date(1940, 1, 1)), LeftOut::OtherPeriod),
            (&ended, None, LeftOut::AgeNotKnown),
            (&ended, Some(date(2010, 1, 1)), LeftOut::Under18),
            (&ended, Some(date(1940, 1, 1)), LeftOut::NotKnown),
        ] {
            let all = clusters(services, 7, |_| true);
            let person = Person { born, died: None };
            let found = sequel(&all[0], &person, services, &[], YEAR, &lengths());
            assert_eq!(found, Err(expected));
        }
    }

    #[test]
    fn the_latest_that_concludes_counts() {
        let mut reablement = service(1, ServiceType::StMax, day(1, 1), Some(day(2, 10)));
        reablement.outcome = Some(Outcome::ToAssessment);
        let services = [reablement];
        let all = clusters(&services, 7, |_| true);
        let person = Person {
            born: Some(date(1940, 1, 1)),
            died: None,
        };
        for (on, assessment_or_review, expected) in [
            (day(2, 23), true, Ok(Sequel::Concluded(Outcome::Advised))),
            (day(2, 24), true, Err(LeftOut::NotKnown)),
            (day(2, 17), false, Ok(Sequel::Concluded(Outcome::Advised))),
            (day(2, 18), false, Err(LeftOut::NotKnown)),
        ] {
            let outcome = Outcome::Advised;
            let one = Concluding {
                on,
                assessment_or_review,
                outcome,
            };
            let found = sequel(&all[0], &person, &services, &[one], YEAR, &lengths());
            assert_eq!(found, expected, "{on}");
        }
    }
}
