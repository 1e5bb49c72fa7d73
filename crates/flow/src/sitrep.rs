//! The daily situation report of an acute hospital: who no longer needs to be there.
//!
//! Source: Acute discharge situation report (NHS England), the measures as published files name
//! them; RULES A.9. Counts of long stays overlap and are never added up.
//!
//! In words: of adults in acute beds, count for a day those who no longer meet the criteria to
//! reside (ready on that day or before, and in the bed on it; also somebody who fell ill again
//! since, for the days that a delay covers), of them those discharged that day and those who
//! remain at its end; those who remain by why, and by 7, 14 and 21 days since
//! admission; and everybody discharged alive that day by pathway.

use crate::policy::{Policy, RestsOn};
use crate::stay::{CareType, Segment, Stay};
use jiff::civil::Date;
use kernel::calendar::days_between;
use kernel::parameters::ParameterError;

/// What a stay counts in. The order is that of the report.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Measure {
    /// In the bed at the end of the day.
    InHospital,
    /// No longer meets the criteria to reside.
    NoLongerMeets,
    /// Of those: discharged that day.
    Discharged,
    /// Of those: still there at the end of the day.
    Remaining,
    /// Of those who remain: at least so many days since admission.
    RemainingFor(i64),
    /// Of those who remain: list and code of the reason; empty if none is on file.
    RemainingWhy(String, String),
    /// Discharged alive that day: on this pathway, or none on file.
    Pathway(Option<u8>),
}

/// The rule with its parameters looked up.
#[derive(Clone, Debug)]
pub struct SitrepRule<'a> {
    policy: &'a Policy,
    minimum_age: i64,
    marks: Vec<i64>,
    /// Values from memory that the figures rest on.
    pub rests_on: RestsOn,
}

impl<'a> SitrepRule<'a> {
    /// The rule that holds on a day.
    ///
    /// # Errors
    /// If a parameter has no value for that day.
    pub fn on(policy: &'a Policy, day: Date) -> Result<Self, ParameterError> {
        let mut rests_on = RestsOn::default();
        let age = rests_on.note(policy.on("sitrep.minimum_age", day)?);
        let marks = rests_on.note(policy.on("stay.long_stay_marks", day)?);
        Ok(Self {
            minimum_age: age.integer()?,
            marks: marks
                .text()?
                .split_whitespace()
                .filter_map(|mark| mark.parse().ok())
                .collect(),
            policy,
            rests_on,
        })
    }

    /// The measures that a stay counts in on a day. `age` is that of the day; somebody whose age
    /// is not known is counted.
    pub fn measures(&self, stay: &Stay, age: Option<i16>, day: Date) -> Vec<Measure> {
        let adult = age.is_none_or(|age| i64::from(age) >= self.minimum_age);
        let maternity = stay
            .admission_method
            .as_deref()
            .is_some_and(|code| self.policy.admission_methods.in_group(code, "maternity"));
        let there = stay.admitted_on <= day && stay.discharged_on.is_none_or(|out| out >= day);
        if !adult || maternity || !there || stay.care_type != CareType::Acute {
            return Vec::new();
        }
        let leaves = stay.discharged_on == Some(day);
        let mut measures = Vec::new();
        if !leaves {
            measures.push(Measure::InHospital);
        }
        // A delay that has ended tells of a time of being ready that is over.
        let was_ready = segment_on(stay, day).is_some_and(|one| one.ends_on.is_some());
        if stay.ready_on.is_some_and(|ready| ready <= day) || was_ready {
            measures.push(Measure::NoLongerMeets);
            match leaves {
                true => measures.push(Measure::Discharged),
                false => measures.extend(self.remaining(stay, day)),
            }
        }
        let died = stay
            .discharge_method
            .as_deref()
            .is_some_and(|code| self.policy.discharge_methods.in_group(code, "died"));
        if leaves && !died {
            let pathway = stay.pathway.map(crate::stay::Pathway::number);
            measures.push(Measure::Pathway(pathway));
        }
        measures
    }

    /// What a report always has, though it be nought.
    pub fn always(&self) -> Vec<Measure> {
        use Measure::{Discharged, InHospital, NoLongerMeets, Remaining, RemainingFor};
        let marks = self.marks.iter().map(|mark| RemainingFor(*mark));
        [InHospital, NoLongerMeets, Discharged, Remaining]
            .into_iter()
            .chain(marks)
            .collect()
    }

    fn remaining(&self, stay: &Stay, day: Date) -> Vec<Measure> {
        let days = days_between(stay.admitted_on, day);
        let marks = self.marks.iter().filter(|mark| days >= **mark);
        let (set, code) = segment_on(stay, day).map_or_else(Default::default, |one| {
            (one.code_set.clone(), one.reason.clone())
        });
        std::iter::once(Measure::Remaining)
            .chain(marks.map(|mark| Measure::RemainingFor(*mark)))
            .chain([Measure::RemainingWhy(set, code)])
            .collect()
    }
}

/// The delay that covers the end of a day.
fn segment_on(stay: &Stay, day: Date) -> Option<&Segment> {
    stay.segments
        .iter()
        .rev()
        .find(|one| one.starts_on <= day && one.ends_on.is_none_or(|end| end > day))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::*;
    use crate::stay::{Pathway, Responsible};
    use jiff::civil::date;

    fn id<T: std::str::FromStr>() -> T
    where
        T::Err: std::fmt::Debug,
    {
        "01890a5d-ac96-774b-bcce-b302099a8057".parse().unwrap()
    }

    fn stay(ready: Option<Date>, left: Option<Date>) -> Stay {
        Stay {
            id: id(),
            person: id(),
            hospital: id(),
            ward: String::new(),
            bed: String::new(),
            council: None,
            care_type: CareType::Acute,
            admitted_on: date(2026, 5, 1),
            admission_method: Some("21".to_owned()),
            expected_on: None,
            clinical_ready_on: None,
            mdt_ready_on: None,
            safe_on: None,
            ready_on: ready,
            discharged_on: left,
            discharge_method: left.map(|_| "1".to_owned()),
            discharge_destination: None,
            pathway: Pathway::new(1),
            segments: vec![Segment {
                id: id(),
                starts_on: date(2026, 5, 10),
                ends_on: None,
                code_set: "drd".to_owned(),
                reason: "R1".to_owned(),
                responsible: Responsible::Nhs,
                organisation: None,
            }],
        }
    }

    #[test]
    fn examples() {
        use Measure::{
            Discharged, InHospital, NoLongerMeets, Pathway, Remaining, RemainingFor, RemainingWhy,
        };
        let policy = Policy::builtin();
        let rule = SitrepRule::on(&policy, date(2026, 5, 1)).unwrap();
        let day = date(2026, 5, 12);
        let why = || RemainingWhy("drd".to_owned(), "R1".to_owned());
        let ready = Some(date(2026, 5, 10));
        let unknown = || RemainingWhy(String::new(), String::new());
        for (stay, day, expected) in [
            (stay(None, None), day, vec![InHospital]),
            (
                stay(ready, None),
                day,
                vec![InHospital, NoLongerMeets, Remaining, RemainingFor(7), why()],
            ),
            (
                stay(ready, None),
                date(2026, 5, 22),
                vec![
                    InHospital,
                    NoLongerMeets,
                    Remaining,
                    RemainingFor(7),
                    RemainingFor(14),
                    RemainingFor(21),
                    why(),
                ],
            ),
            (stay(ready, None), date(2026, 5, 9), vec![InHospital]),
            (
                stay(Some(date(2026, 5, 3)), None),
                date(2026, 5, 4),
                vec![InHospital, NoLongerMeets, Remaining, unknown()],
            ),
            (
                stay(ready, Some(day)),
                day,
                vec![NoLongerMeets, Discharged, Pathway(Some(1))],
            ),
            (stay(None, Some(day)), day, vec![Pathway(Some(1))]),
            (stay(ready, Some(date(2026, 5, 11))), day, vec![]),
        ] {
            assert_eq!(rule.measures(&stay, Some(80), day), expected, "{day}");
        }
    }

    /// Ready on the 10th, ill again on the 12th, ready again on the 14th.
    #[test]
    fn who_fell_ill_again_counts_on_the_days_before() {
        let policy = Policy::builtin();
        let rule = SitrepRule::on(&policy, date(2026, 5, 1)).unwrap();
        let mut ill = stay(None, None);
        ill.segments[0].ends_on = Some(date(2026, 5, 12));
        let mut again = ill.clone();
        again.ready_on = Some(date(2026, 5, 14));
        for (day, counts, then) in [
            (9, false, false),
            (10, true, true),
            (11, true, true),
            (12, false, false),
            (13, false, false),
            (14, false, true),
        ] {
            let day = date(2026, 5, day);
            let found = |stay: &Stay| {
                let measures = rule.measures(stay, Some(80), day);
                measures.contains(&Measure::NoLongerMeets)
            };
            assert_eq!((found(&ill), found(&again)), (counts, then), "{day}");
        }
    }

    #[test]
    fn the_report_began_in_april_2020() {
        let policy = Policy::builtin();
        let error = SitrepRule::on(&policy, date(2020, 3, 31)).unwrap_err();
        assert!(error.to_string().contains("sitrep.minimum_age"), "{error}");
        assert!(SitrepRule::on(&policy, date(2020, 4, 1)).is_ok());
    }

    #[test]
    fn who_is_not_counted() {
        let policy = Policy::builtin();
        let rule = SitrepRule::on(&policy, date(2026, 5, 1)).unwrap();
        let day = date(2026, 5, 12);
        let one = stay(Some(day), None);
        assert!(rule.measures(&one, Some(17), day).is_empty());
        assert!(!rule.measures(&one, None, day).is_empty());
        let mut other = one.clone();
        other.care_type = CareType::NonAcute;
        assert!(rule.measures(&other, Some(80), day).is_empty());
        let mut other = one;
        other.admission_method = Some("31".to_owned());
        assert!(rule.measures(&other, Some(30), day).is_empty());
        let mut died = stay(None, Some(day));
        died.discharge_method = Some("4".to_owned());
        assert!(rule.measures(&died, Some(80), day).is_empty());
    }
}
