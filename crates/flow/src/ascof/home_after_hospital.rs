//! ASCOF 2D: people aged 65 and over who were at home twelve weeks after they left hospital
//! into reablement.
//!
//! Source: ASCOF 2D algorithm of DHSC (2024/25 onward); RULES I.2. Treatment functions and the
//! area of residence are not in our stays, so nobody is left out by them.
//!
//! In words: a discharge counts if the person was 65 or over, stayed at least one night, was
//! not admitted for maternity, did not die, did not go to another hospital or hospice, and was
//! not in a long-term home or prison. Reablement is linked if it starts between three days
//! before and seven days after discharge; of several discharges the latest is kept. It fails if
//! within 84 days of discharge there is an emergency admission of at least one night, death, or
//! the start of long-term residential or nursing care. While the 84 days run it is not known.

use super::cluster::Cluster;
use super::{Lengths, Person};
use crate::policy::Policy;
use crate::service::{Service, ServiceType};
use crate::text_enum;
use jiff::civil::Date;
use kernel::StayId;
use kernel::calendar::{add_days, days_between};

text_enum! {
    /// Why a discharge is left out.
    LeftOut {
        /// The date of birth is not known.
        AgeNotKnown = "age not known",
        /// Under 65.
        Under65 = "under 65",
        /// No night in hospital.
        NoNight = "no night in hospital",
        /// Admitted for maternity.
        Maternity = "maternity",
        /// Died in hospital.
        Died = "died",
        /// Went to another hospital or to a hospice.
        NotHome = "went to another hospital or a hospice",
        /// Was in a long-term home or prison before.
        FromHome = "was in a long-term home or prison",
    }
}

/// What the rule needs of a stay in hospital.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stay {
    /// Its id.
    pub id: StayId,
    /// Day of admission.
    pub admitted_on: Date,
    /// Admission method code, if known.
    pub admission_method: Option<String>,
    /// Day of discharge or death; `None` while in the bed.
    pub discharged_on: Option<Date>,
    /// Discharge method code, if known.
    pub discharge_method: Option<String>,
    /// Discharge destination code, if known.
    pub destination: Option<String>,
}

/// Destinations after which nobody is at home (2D, part 2). Not every code of the group
/// *hospital* is among them in the national algorithm.
const NOT_HOME: [&str; 7] = ["49", "50", "51", "52", "79", "87", "88"];

/// Whether a discharge counts.
///
/// # Errors
/// The first reason that applies.
pub fn counts(
    stay: &Stay,
    left: Date,
    person: &Person,
    services: &[Service],
    policy: &Policy,
) -> Result<(), LeftOut> {
    let is = |code: &Option<String>, list: &crate::codes::CodeList, group: &str| {
        code.as_deref()
            .is_some_and(|code| list.in_group(code, group))
    };
    match person.age_on(left) {
        None => return Err(LeftOut::AgeNotKnown),
        Some(age) if age < 65 => return Err(LeftOut::Under65),
        Some(_) => {}
    }
    if stay.admitted_on >= left {
        return Err(LeftOut::NoNight);
    }
    if is(
        &stay.admission_method,
        &policy.admission_methods,
        "maternity",
    ) {
        return Err(LeftOut::Maternity);
    }
    if is(&stay.discharge_method, &policy.discharge_methods, "died") {
        return Err(LeftOut::Died);
    }
    let destination = stay.destination.as_deref().unwrap_or_default();
    if NOT_HOME.contains(&destination) {
        return Err(LeftOut::NotHome);
    }
    let from_home = services.iter().any(|one| {
        (one.is_long_term_home() || one.kind == ServiceType::Prison)
            && one.starts_on <= stay.admitted_on
            && one.ends_on.is_none_or(|end| end >= stay.admitted_on)
    });
    if from_home {
        return Err(LeftOut::FromHome);
    }
    Ok(())
}

/// Whether reablement that starts on a day is linked to a discharge.
pub fn is_linked(starts_on: Date, discharged_on: Date, lengths: &Lengths) -> bool {
    (-lengths.link_before..=lengths.link_after).contains(&days_between(discharged_on, starts_on))
}

/// The discharge that a cluster of reablement follows: the latest that is linked and was
/// admitted no later than the cluster starts.
pub fn discharge_of<'a>(
    cluster: &Cluster<'_>,
    discharges: &[(&'a Stay, Date)],
    lengths: &Lengths,
) -> Option<(&'a Stay, Date)> {
    discharges
        .iter()
        .filter(|(stay, left)| {
            stay.admitted_on <= cluster.starts_on && is_linked(cluster.starts_on, *left, lengths)
        })
        .max_by_key(|(stay, left)| (*left, stay.id))
        .copied()
}

/// What speaks against being at home.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Flags {
    /// Admitted as an emergency for at least a night.
    pub readmitted: bool,
    /// Died.
    pub died: bool,
    /// Long-term residential or nursing care began.
    pub long_term_home: bool,
}

impl Flags {
    /// The flags that are set, in words.
    pub fn in_words(self) -> Vec<&'static str> {
        [
            (self.readmitted, "admitted to hospital as an emergency"),
            (self.died, "died"),
            (self.long_term_home, "moved to a long-term home"),
        ]
        .into_iter()
        .filter_map(|(set, words)| set.then_some(words))
        .collect()
    }
}

/// What became of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AfterWeeks {
    /// At home.
    AtHome,
    /// Not at home, for these reasons.
    Not(Flags),
    /// The days are not over and nothing speaks against it yet.
    NotYet {
        /// The last of the days.
        known_after: Date,
    },
}

/// What became of reablement that started on a day after a discharge, as known on a day.
pub fn outcome(
    (stay, left): (&Stay, Date),
    reablement_starts: Date,
    person: &Person,
    stays: &[Stay],
    services: &[Service],
    (policy, lengths): (&Policy, &Lengths),
    today: Date,
) -> AfterWeeks {
    let within =
        |day: Date| (0..=lengths.at_home).contains(&days_between(left, day)) && day <= today;
    let emergency = |one: &Stay| {
        one.admission_method
            .as_deref()
            .is_some_and(|code| policy.admission_methods.in_group(code, "emergency"))
    };
    let flags = Flags {
        readmitted: stays.iter().any(|one| {
            one.id != stay.id
                && emergency(one)
                && one.admitted_on > left
                && one.admitted_on > reablement_starts
                && within(one.admitted_on)
                && one.discharged_on.is_none_or(|out| out > one.admitted_on)
        }),
        died: person.died.is_some_and(within),
        long_term_home: services
            .iter()
            .any(|one| one.is_long_term_home() && within(one.starts_on)),
    };
    let known_after = add_days(left, lengths.at_home);
    if flags != Flags::default() {
        AfterWeeks::Not(flags)
    } else if today <= known_after {
        AfterWeeks::NotYet { known_after }
    } else {
        AfterWeeks::AtHome
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::super::cluster::clusters;
    use super::super::examples::{lengths, service};
    use super::*;
    use jiff::civil::date;

    fn stay(number: u32, admitted_on: Date, discharged_on: Option<Date>) -> Stay {
        Stay {
            id: format!("01890a5d-ac96-774b-bcce-{number:012}")
                .parse()
                .unwrap(),
            admitted_on,
            admission_method: Some("21".to_owned()),
            discharged_on,
            discharge_method: Some("1".to_owned()),
            destination: Some("19".to_owned()),
        }
    }

    const LEFT: Date = date(2025, 6, 1);

    fn born_1940() -> Person {
        Person {
            born: Some(date(1940, 1, 1)),
            died: None,
        }
    }

    /// RULES P, vector V20.
    #[test]
    fn which_reablement_is_linked() {
        for (starts, linked) in [
            (date(2025, 5, 29), true),
            (date(2025, 5, 28), false),
            (date(2025, 6, 8), true),
            (date(2025, 6, 9), false),
        ] {
            assert_eq!(is_linked(starts, LEFT, &lengths()), linked, "{starts}");
        }
    }

    /// RULES P, vector V21, with readmission and homes.
    #[test]
    fn what_became_of_it() {
        let first = stay(1, date(2025, 5, 20), Some(LEFT));
        let later = date(2026, 1, 1);
        let person = |died| Person {
            died,
            ..born_1940()
        };
        let found = |person: Person, others: &[Stay], services: &[Service], today| {
            let policy = Policy::builtin();
            let with = (&policy, &lengths());
            outcome(
                (&first, LEFT),
                date(2025, 6, 2),
                &person,
                others,
                services,
                with,
                today,
            )
        };
        let died = |on| found(person(Some(on)), &[], &[], later);
        // V21: death on day 84 is a failure, on day 85 it is not.
        assert!(matches!(died(add_days(LEFT, 84)), AfterWeeks::Not(flags) if flags.died));
        assert_eq!(died(add_days(LEFT, 85)), AfterWeeks::AtHome);
        for (admitted, out, method, readmitted) in [
            (date(2025, 7, 1), Some(date(2025, 7, 3)), "21", true),
            (date(2025, 7, 1), None, "2A", true),
            (date(2025, 7, 1), Some(date(2025, 7, 1)), "21", false),
            (date(2025, 7, 1), Some(date(2025, 7, 3)), "11", false),
            (date(2025, 6, 2), Some(date(2025, 6, 5)), "21", false),
            (date(2025, 6, 3), Some(date(2025, 6, 5)), "21", true),
            (date(2025, 9, 1), Some(date(2025, 9, 5)), "21", false),
        ] {
            let mut again = stay(2, admitted, out);
            again.admission_method = Some(method.to_owned());
            let result = found(person(None), &[first.clone(), again], &[], later);
            let flagged = matches!(result, AfterWeeks::Not(flags) if flags.readmitted);
            assert_eq!(flagged, readmitted, "{admitted} {method}");
        }
        let home = [service(
            1,
            ServiceType::NursingCare,
            add_days(LEFT, 84),
            None,
        )];
        let result = found(person(None), &[], &home, later);
        assert!(matches!(result, AfterWeeks::Not(flags) if flags.long_term_home));
        // Not known while the days run; a failure is known at once.
        let day_84 = add_days(LEFT, 84);
        let not_yet = AfterWeeks::NotYet {
            known_after: day_84,
        };
        assert_eq!(found(person(None), &[], &[], day_84), not_yet);
        assert_eq!(
            found(person(None), &[], &[], add_days(LEFT, 85)),
            AfterWeeks::AtHome
        );
    }

    #[test]
    fn which_discharges_count() {
        let policy = Policy::builtin();
        let usual = stay(1, date(2025, 5, 20), Some(LEFT));
        let with = |change: fn(&mut Stay)| {
            let mut one = usual.clone();
            change(&mut one);
            one
        };
        let code = |text: &str| Some(text.to_owned());
        for (stay, expected) in [
            (usual.clone(), Ok(())),
            (with(|s| s.admitted_on = LEFT), Err(LeftOut::NoNight)),
            (
                with(|s| s.admission_method = Some("31".to_owned())),
                Err(LeftOut::Maternity),
            ),
            (
                with(|s| s.discharge_method = Some("4".to_owned())),
                Err(LeftOut::Died),
            ),
            (
                with(|s| s.destination = Some("51".to_owned())),
                Err(LeftOut::NotHome),
            ),
            (with(|s| s.destination = Some("53".to_owned())), Ok(())),
            (with(|s| s.destination = Some("85".to_owned())), Ok(())),
        ] {
            assert_eq!(counts(&stay, LEFT, &born_1940(), &[], &policy), expected);
        }
        let young = Person {
            born: Some(date(1960, 6, 10)),
            died: None,
        };
        assert_eq!(
            counts(&usual, LEFT, &young, &[], &policy),
            Err(LeftOut::Under65)
        );
        let nobody = Person::default();
        assert_eq!(
            counts(&usual, LEFT, &nobody, &[], &policy),
            Err(LeftOut::AgeNotKnown)
        );
        let home = [service(
            1,
            ServiceType::ResidentialCare,
            date(2024, 1, 1),
            None,
        )];
        assert_eq!(
            counts(&usual, LEFT, &born_1940(), &home, &policy),
            Err(LeftOut::FromHome)
        );
        assert_eq!(code("1"), usual.discharge_method);
    }

    #[test]
    fn the_latest_discharge_is_kept() {
        let services = [service(1, ServiceType::StMax, date(2025, 6, 6), None)];
        let cluster = &clusters(&services, 7, |_| true)[0];
        let (a, b) = (
            stay(1, date(2025, 5, 20), Some(LEFT)),
            stay(2, date(2025, 6, 2), Some(date(2025, 6, 5))),
        );
        let late = stay(3, date(2025, 6, 7), Some(date(2025, 6, 9)));
        let discharges = [
            (&a, LEFT),
            (&b, date(2025, 6, 5)),
            (&late, date(2025, 6, 9)),
        ];
        let found = discharge_of(cluster, &discharges, &lengths()).unwrap();
        assert_eq!(
            found.0.id, b.id,
            "admitted after the cluster began is not linked"
        );
    }
}
