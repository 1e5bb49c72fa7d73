//! Days between the discharge-ready date and discharge: the regime since 2023.
//!
//! Source: New Discharge Ready Date (NHS England, letter PRN00603, 2023); the
//! formulas, bands and exclusions are from memory; RULES B.6.
//!
//! In words: for every adult discharged alive after at least one night, with a
//! discharge-ready date between admission and discharge, count the days from
//! that date to discharge. Publish the share discharged on the day itself, the
//! mean over all, the mean over those who left later, and numbers in bands.
//! Whoever is left out is counted with the reason; a number not known is not
//! nought.

use crate::beds::Ratio;
use crate::policy::{Policy, RestsOn};
use crate::text_enum;
use jiff::civil::Date;
use kernel::calendar::days_between;
use kernel::parameters::ParameterError;
use std::collections::BTreeMap;

text_enum! {
    /// Why a discharge is left out.
    Excluded {
        /// Younger than 18 at discharge.
        Under18 = "under 18",
        /// The date of birth is not known, so the age is not.
        AgeNotKnown = "age not known",
        /// Admitted for maternity.
        Maternity = "maternity",
        /// Admitted and discharged on one day.
        DayCase = "no night in hospital",
        /// Died.
        Died = "died",
        /// No discharge-ready date on file.
        NoReadyDate = "ready date not known",
        /// The ready date lies after discharge.
        ReadyAfterDischarge = "ready date after discharge",
        /// The ready date lies before admission.
        ReadyBeforeAdmission = "ready date before admission",
    }
}

/// What the rule needs of a discharge.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Discharge {
    /// Whole years of age on the day of discharge, if known.
    pub age: Option<i16>,
    /// Day of admission.
    pub admitted_on: Date,
    /// Admission method code, if known.
    pub admission_method: Option<String>,
    /// Discharge-ready date, if known.
    pub ready_on: Option<Date>,
    /// Day of discharge or death.
    pub discharged_on: Date,
    /// Discharge method code, if known.
    pub discharge_method: Option<String>,
}

/// One band of days, both ends within; the last is open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Band {
    /// Fewest days.
    pub from: i64,
    /// Most days; `None` for "or more".
    pub to: Option<i64>,
}

impl Band {
    /// Reads `0`, `2-3` or `21+`.
    fn parse(text: &str) -> Option<Self> {
        if let Some(from) = text.strip_suffix('+') {
            return from.parse().ok().map(|from| Self { from, to: None });
        }
        let (from, to) = text.split_once('-').unwrap_or((text, text));
        Some(Self {
            from: from.parse().ok()?,
            to: Some(to.parse().ok()?),
        })
    }

    /// `0 days`, `1 day`, `2 to 3 days`, `21 days or more`.
    pub fn in_words(self) -> String {
        match (self.from, self.to) {
            (from, None) => format!("{from} days or more"),
            (1, Some(1)) => "1 day".to_owned(),
            (from, Some(to)) if from == to => format!("{from} days"),
            (from, Some(to)) => format!("{from} to {to} days"),
        }
    }

    /// True if a number of days lies in it.
    pub fn holds(self, days: i64) -> bool {
        self.from <= days && self.to.is_none_or(|to| days <= to)
    }
}

/// The rule with its parameters looked up.
#[derive(Clone, Debug)]
pub struct DrdRule<'a> {
    policy: &'a Policy,
    minimum_age: i64,
    /// The bands, in order.
    pub bands: Vec<Band>,
    /// Values from memory that the figures rest on.
    pub rests_on: RestsOn,
}

impl<'a> DrdRule<'a> {
    /// The rule that holds on a day.
    ///
    /// # Errors
    /// If a parameter has no value for that day: the regime began in April 2023.
    pub fn on(policy: &'a Policy, day: Date) -> Result<Self, ParameterError> {
        let mut rests_on = RestsOn::default();
        let minimum_age = rests_on
            .note(policy.on("drd.minimum_age", day)?)
            .integer()?;
        let bands = rests_on.note(policy.on("drd.bands", day)?).text()?;
        let bands = bands.split_whitespace().filter_map(Band::parse).collect();
        Ok(Self {
            policy,
            minimum_age,
            bands,
            rests_on,
        })
    }

    /// Days from ready date to discharge, or why the discharge is left out.
    ///
    /// # Errors
    /// The first exclusion that applies.
    pub fn delay(&self, discharge: &Discharge) -> Result<i64, Excluded> {
        let in_group = |code: &Option<String>, list: &crate::codes::CodeList, group: &str| {
            code.as_deref()
                .is_some_and(|code| list.in_group(code, group))
        };
        if in_group(
            &discharge.discharge_method,
            &self.policy.discharge_methods,
            "died",
        ) {
            return Err(Excluded::Died);
        }
        if in_group(
            &discharge.admission_method,
            &self.policy.admission_methods,
            "maternity",
        ) {
            return Err(Excluded::Maternity);
        }
        match discharge.age.map(i64::from) {
            None => return Err(Excluded::AgeNotKnown),
            Some(age) if age < self.minimum_age => return Err(Excluded::Under18),
            Some(_) => {}
        }
        if discharge.admitted_on >= discharge.discharged_on {
            return Err(Excluded::DayCase);
        }
        match discharge.ready_on {
            None => Err(Excluded::NoReadyDate),
            Some(ready) if ready < discharge.admitted_on => Err(Excluded::ReadyBeforeAdmission),
            Some(ready) if ready > discharge.discharged_on => Err(Excluded::ReadyAfterDischarge),
            Some(ready) => Ok(days_between(ready, discharge.discharged_on)),
        }
    }

    /// Adds a discharge to a summary.
    pub fn add(&self, summary: &mut DrdSummary, discharge: &Discharge) {
        summary.bands.resize(self.bands.len(), 0);
        match self.delay(discharge) {
            Err(why) => *summary.excluded.entry(why).or_default() += 1,
            Ok(days) => {
                summary.valid += 1;
                summary.bed_days += days;
                summary.on_ready_date += i64::from(days == 0);
                for (count, band) in summary.bands.iter_mut().zip(&self.bands) {
                    *count += i64::from(band.holds(days));
                }
            }
        }
    }
}

/// The published measures of a month.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DrdSummary {
    /// Discharges with a valid ready date.
    pub valid: i64,
    /// Of them, discharged on the ready date.
    pub on_ready_date: i64,
    /// Days from ready date to discharge, added up.
    pub bed_days: i64,
    /// People in each band.
    pub bands: Vec<i64>,
    /// People left out, by reason.
    pub excluded: BTreeMap<Excluded, i64>,
}

impl DrdSummary {
    /// Share discharged on the ready date, in per cent; `None` if nobody counts.
    pub fn percent_on_ready_date(&self) -> Option<Ratio> {
        Ratio::new(100 * self.on_ready_date, self.valid)
    }

    /// Mean days over all, the ones without a wait included.
    pub fn average_all(&self) -> Option<Ratio> {
        Ratio::new(self.bed_days, self.valid)
    }

    /// Mean days over those who left after their ready date.
    pub fn average_delayed(&self) -> Option<Ratio> {
        Ratio::new(self.bed_days, self.valid - self.on_ready_date)
    }
}

/// The mean over all from the two published parts (Better Care Fund 2025/26):
/// one less the share on the day, times the mean of those who waited.
pub fn average_all_from(share_on_ready_date: Ratio, average_delayed: Ratio) -> Ratio {
    share_on_ready_date.rest_of_one().times(average_delayed)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::*;
    use jiff::civil::date;
    use kernel::calendar::add_days;
    use proptest::prelude::*;

    fn left(ready_day: i8, out_day: i8) -> Discharge {
        Discharge {
            age: Some(80),
            admitted_on: date(2026, 5, 2),
            admission_method: Some("21".to_owned()),
            ready_on: Some(date(2026, 5, ready_day)),
            discharged_on: date(2026, 5, out_day),
            discharge_method: Some("1".to_owned()),
        }
    }

    #[test]
    fn examples() {
        let policy = Policy::builtin();
        let rule = DrdRule::on(&policy, date(2026, 5, 1)).unwrap();
        let usual = left(10, 13);
        let with = |change: fn(&mut Discharge)| {
            let mut discharge = usual.clone();
            change(&mut discharge);
            discharge
        };
        for (discharge, expected) in [
            (usual.clone(), Ok(3)),
            (left(13, 13), Ok(0)),
            (left(2, 13), Ok(11)),
            (left(14, 13), Err(Excluded::ReadyAfterDischarge)),
            (left(1, 13), Err(Excluded::ReadyBeforeAdmission)),
            (left(2, 2), Err(Excluded::DayCase)),
            (with(|d| d.age = Some(18)), Ok(3)),
            (with(|d| d.age = Some(17)), Err(Excluded::Under18)),
            (with(|d| d.age = None), Err(Excluded::AgeNotKnown)),
            (
                with(|d| d.admission_method = Some("31".to_owned())),
                Err(Excluded::Maternity),
            ),
            (with(|d| d.admission_method = None), Ok(3)),
            (
                with(|d| d.discharge_method = Some("4".to_owned())),
                Err(Excluded::Died),
            ),
            (with(|d| d.ready_on = None), Err(Excluded::NoReadyDate)),
        ] {
            assert_eq!(rule.delay(&discharge), expected, "{discharge:?}");
        }
        assert!(!rule.rests_on.is_settled());
    }

    #[test]
    fn bands_cover_every_number_of_days_once() {
        let policy = Policy::builtin();
        let rule = DrdRule::on(&policy, date(2026, 5, 1)).unwrap();
        let words: Vec<String> = rule.bands.iter().map(|band| band.in_words()).collect();
        assert_eq!(
            words,
            [
                "0 days",
                "1 day",
                "2 to 3 days",
                "4 to 6 days",
                "7 to 13 days",
                "14 to 20 days",
                "21 days or more"
            ]
        );
        for days in 0..400 {
            assert_eq!(
                rule.bands.iter().filter(|band| band.holds(days)).count(),
                1,
                "{days}"
            );
        }
    }

    /// RULES P, vector V28.
    #[test]
    fn the_average_follows_from_its_two_parts() {
        let share = Ratio::new(80, 100).unwrap();
        let delayed = Ratio::new(60, 10).unwrap();
        assert_eq!(average_all_from(share, delayed).to_string(), "1.2", "V28");
    }

    #[test]
    fn the_regime_began_in_april_2023() {
        let policy = Policy::builtin();
        let error = DrdRule::on(&policy, date(2023, 3, 31))
            .unwrap_err()
            .to_string();
        assert!(
            error.starts_with("no value of drd.minimum_age for England on 2023-03-31"),
            "{error}"
        );
    }

    proptest! {
        #[test]
        fn summary_holds_together(waits in prop::collection::vec(0i64..40, 1..60)) {
            let policy = Policy::builtin();
            let rule = DrdRule::on(&policy, date(2026, 5, 1)).unwrap();
            let mut summary = DrdSummary::default();
            for wait in &waits {
                let mut one = left(10, 10);
                one.discharged_on = add_days(date(2026, 5, 10), *wait);
                rule.add(&mut summary, &one);
            }
            prop_assert_eq!(summary.bands.iter().sum::<i64>(), summary.valid);
            prop_assert_eq!(summary.bed_days, waits.iter().sum::<i64>());
            if let (Some(all), Some(delayed)) = (summary.average_all(), summary.average_delayed()) {
                let share = Ratio::new(summary.on_ready_date, summary.valid).unwrap();
                prop_assert!(average_all_from(share, delayed).same_as(all));
            }
        }
    }
}
