//! Measures of the adult social care outcomes framework, as the national algorithms count them
//! from Client Level Data.
//!
//! Source: ASCOF algorithms published by DHSC (ASC-CLD-LA-Dashboard, 2024/25 onward); RULES I.2.

pub mod admissions;
pub mod cluster;
pub mod home_91;
pub mod home_after_hospital;
pub mod reablement;

use crate::policy::{Policy, RestsOn};
use jiff::civil::Date;
use kernel::calendar::days_between;
use kernel::parameters::ParameterError;

/// What the rules need of a person.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Person {
    /// Date of birth, if known.
    pub born: Option<Date>,
    /// Day of death, if dead.
    pub died: Option<Date>,
}

impl Person {
    /// Whole years of age on a day: days divided by 365.25, rounded down, as the national
    /// algorithm has it. `None` if the date of birth is not known.
    pub fn age_on(&self, day: Date) -> Option<i64> {
        let born = self.born?;
        (born <= day).then(|| days_between(born, day) * 4 / 1461)
    }
}

/// A stretch of days, both ends within.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Period {
    /// First day.
    pub first: Date,
    /// Last day.
    pub last: Date,
}

impl Period {
    /// True if a day lies within.
    pub fn holds(&self, day: Date) -> bool {
        self.first <= day && day <= self.last
    }
}

/// Lengths that the rules use, as they hold on a day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lengths {
    /// Most days between two services of one cluster.
    pub cluster_gap: i64,
    /// A client is new if long-term support ended at least so many days before.
    pub new_client: i64,
    /// Days after the end in which a service or a death is the sequel.
    pub sequel: i64,
    /// An admission is new if an earlier one ended at least so many days before.
    pub new_admission: i64,
    /// Reablement is linked to a discharge from so many days before it …
    pub link_before: i64,
    /// … to so many days after it.
    pub link_after: i64,
    /// Days after discharge at which being at home is asked about.
    pub at_home: i64,
    /// The same in the older measure.
    pub at_home_older: i64,
    /// Values from memory among them.
    pub rests_on: RestsOn,
}

impl Lengths {
    /// The lengths that hold on a day.
    ///
    /// # Errors
    /// If one has no value for that day.
    pub fn on(policy: &Policy, day: Date) -> Result<Self, ParameterError> {
        let mut rests_on = RestsOn::default();
        let mut value = |key: &str| rests_on.note(policy.on(key, day)?).integer();
        Ok(Self {
            cluster_gap: value("ascof.cluster_gap_days")?,
            new_client: value("ascof.new_client_days")?,
            sequel: value("ascof.sequel_days")?,
            new_admission: value("ascof.new_admission_days")?,
            link_before: value("ascof.link_before_days")?,
            link_after: value("ascof.link_after_days")?,
            at_home: value("ascof.at_home_days")?,
            at_home_older: value("ascof.at_home_older_days")?,
            rests_on,
        })
    }
}

#[cfg(test)]
pub(crate) mod examples {
    #![allow(clippy::unwrap_used)]
    use super::Lengths;
    use crate::policy::Policy;
    use crate::service::{Service, ServiceType};
    use jiff::civil::{Date, date};

    /// A day of 2026, or of 2025 for months 7 to 12.
    pub(crate) fn day(month: i8, day: i8) -> Date {
        date(if month > 6 { 2025 } else { 2026 }, month, day)
    }

    pub(crate) fn service(
        number: u32,
        kind: ServiceType,
        starts_on: Date,
        ends_on: Option<Date>,
    ) -> Service {
        Service {
            id: format!("01890a5d-ac96-774b-bcce-{number:012}")
                .parse()
                .unwrap(),
            kind,
            component: None,
            starts_on,
            ends_on,
            outcome: None,
            stay: None,
        }
    }

    pub(crate) fn lengths() -> Lengths {
        Lengths::on(&Policy::builtin(), date(2026, 3, 31)).unwrap()
    }

    #[test]
    fn age_is_that_of_the_national_algorithm() {
        let person = super::Person {
            born: Some(date(1961, 3, 1)),
            died: None,
        };
        assert_eq!(person.age_on(date(2026, 2, 28)), Some(64));
        assert_eq!(
            person.age_on(date(2026, 3, 1)),
            Some(64),
            "a quarter day short"
        );
        assert_eq!(person.age_on(date(2026, 3, 2)), Some(65));
        assert_eq!(person.age_on(date(1961, 2, 1)), None);
        assert_eq!(super::Person::default().age_on(date(2026, 3, 1)), None);
    }
}
