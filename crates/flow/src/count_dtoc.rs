//! How many days of delay a month holds: the regime of 2010 to 2020.
//!
//! Source: measure MHS26 of the Mental Health Services Data Set (NHS Digital,
//! production code) and Monthly Delayed Transfers of Care definitions (NHS
//! England, v1.09, 2015); RULES A.7, points 1 and 2.
//!
//! In words: a day of delay is a day whose ending midnight the person spends in
//! the bed while ready to leave. The day of leaving never counts. The ready day
//! itself counts only if `dtoc.count_ready_day` says so. A stretch that follows
//! on from another (it starts on the day the other ended, or the day after)
//! continues it: the first day of a new reason counts. After a gap the first
//! day is a ready day again. A stretch begun before the period counts from the
//! period's first day, one still open to its last.

use crate::policy::{Policy, RestsOn};
use crate::{Responsible, Segment, Stay};
use jiff::civil::Date;
use kernel::Month;
use kernel::calendar::{add_days, days_between};
use kernel::parameters::ParameterError;

/// A run of days, both ends within.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Period {
    /// First day.
    pub first: Date,
    /// Last day; before the first if the period is empty.
    pub last: Date,
}

impl Period {
    /// A month.
    pub fn month(month: Month) -> Self {
        Self {
            first: month.first(),
            last: month.last(),
        }
    }

    /// The part of the period whose days are over: a day can be counted only
    /// once its midnight has passed.
    pub fn over_by(self, today: Date) -> Self {
        Self {
            first: self.first,
            last: self.last.min(add_days(today, -1)),
        }
    }
}

/// A stretch of delay: from its first day to the day it ended, or open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stretch {
    /// The ready day, or the day the reason changed.
    pub starts_on: Date,
    /// Day of leaving, of the change, or of the end of readiness.
    pub ends_on: Option<Date>,
}

impl From<&Segment> for Stretch {
    fn from(segment: &Segment) -> Self {
        Self {
            starts_on: segment.starts_on,
            ends_on: segment.ends_on,
        }
    }
}

/// Counted days of each stretch in a period, in days. `stretches` are by start
/// and do not overlap; the answer has one number for each, in order.
pub fn counted_days(stretches: &[Stretch], period: Period, count_ready_day: bool) -> Vec<i64> {
    let after = add_days(period.last, 1);
    first_counted(stretches, count_ready_day)
        .into_iter()
        .zip(stretches)
        .map(|(first, stretch)| {
            let from = first.max(period.first);
            let to = stretch.ends_on.unwrap_or(after).min(after);
            days_between(from, to).max(0)
        })
        .collect()
}

/// True if a day is a counted day of any stretch.
pub fn is_counted(stretches: &[Stretch], day: Date, count_ready_day: bool) -> bool {
    first_counted(stretches, count_ready_day)
        .into_iter()
        .zip(stretches)
        .any(|(first, stretch)| first <= day && stretch.ends_on.is_none_or(|end| day < end))
}

/// First day of each stretch that counts, whatever the period.
fn first_counted(stretches: &[Stretch], count_ready_day: bool) -> Vec<Date> {
    let mut run_starts_on = None;
    let mut last_end = None;
    stretches
        .iter()
        .map(|stretch| {
            let continues = last_end.is_some_and(|end| stretch.starts_on <= add_days(end, 1));
            let run = match run_starts_on {
                Some(start) if continues => start,
                _ => stretch.starts_on,
            };
            run_starts_on = Some(run);
            last_end = Some(stretch.ends_on.unwrap_or(Date::MAX));
            stretch
                .starts_on
                .max(add_days(run, i64::from(!count_ready_day)))
        })
        .collect()
}

/// Days of one stay in a period under one reason and one side.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Counted {
    /// Code of the list A to O; `None` where no reason is on file.
    pub reason: Option<String>,
    /// Side it is attributed to; `None` where no reason is on file.
    pub responsible: Option<Responsible>,
    /// Days.
    pub days: i64,
}

/// The rule as it stands for a period: its parameter looked up once.
#[derive(Clone, Debug)]
pub struct DtocRule {
    count_ready_day: bool,
    /// Values from memory that the counts rest on.
    pub rests_on: RestsOn,
}

impl DtocRule {
    /// The rule that holds on the first day of a period.
    ///
    /// # Errors
    /// If `dtoc.count_ready_day` has no value for that day.
    pub fn on(policy: &Policy, day: Date) -> Result<Self, ParameterError> {
        let mut rests_on = RestsOn::default();
        let count_ready_day = rests_on
            .note(policy.on("dtoc.count_ready_day", day)?)
            .flag()?;
        Ok(Self {
            count_ready_day,
            rests_on,
        })
    }

    /// Whether the ready day counts.
    pub fn counts_ready_day(&self) -> bool {
        self.count_ready_day
    }

    /// Days of delay of a stay in a period by reason and side. Days on which the
    /// person was ready and no reason is on file are counted too, without a
    /// reason: they are never dropped. Reasons of today's list are counted under
    /// the nearest of the list A to O.
    pub fn count(&self, stay: &Stay, period: Period, policy: &Policy) -> Vec<Counted> {
        let stretches: Vec<Stretch> = stay.segments.iter().map(Stretch::from).collect();
        let mut counted: Vec<Counted> = counted_days(&stretches, period, self.count_ready_day)
            .into_iter()
            .zip(&stay.segments)
            .filter(|(days, _)| *days > 0)
            .map(|(days, segment)| Counted {
                reason: Some(dtoc_reason(policy, segment)),
                responsible: Some(segment.responsible),
                days,
            })
            .collect();
        let days = self.days_without_reason(stay, &stretches, period);
        if days > 0 {
            counted.push(Counted {
                reason: None,
                responsible: None,
                days,
            });
        }
        counted
    }

    fn days_without_reason(&self, stay: &Stay, known: &[Stretch], period: Period) -> i64 {
        let Some(ready_on) = stay.ready_on else {
            return 0;
        };
        let whole = [Stretch {
            starts_on: ready_on,
            ends_on: stay.discharged_on,
        }];
        let mut days = 0;
        let mut day = period.first.max(ready_on);
        let last = stay
            .discharged_on
            .map_or(period.last, |end| period.last.min(end));
        while day <= last {
            let covered = known
                .iter()
                .any(|s| s.starts_on <= day && s.ends_on.is_none_or(|end| day < end));
            days += i64::from(!covered && is_counted(&whole, day, self.count_ready_day));
            day = add_days(day, 1);
        }
        days
    }
}

fn dtoc_reason(policy: &Policy, segment: &Segment) -> String {
    match policy.reasons.find(&segment.code_set, &segment.reason) {
        Some(reason) => reason.nearest_dtoc.clone(),
        None => segment.reason.clone(),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::*;
    use jiff::civil::date;
    use proptest::prelude::*;

    fn stretch(start: Date, end: Option<Date>) -> Stretch {
        Stretch {
            starts_on: start,
            ends_on: end,
        }
    }

    fn april() -> Period {
        Period {
            first: date(2017, 4, 1),
            last: date(2017, 4, 30),
        }
    }

    /// RULES P, vectors V7 to V10, and the edges of the rule.
    #[test]
    fn examples() {
        let d = |m, d| date(2017, m, d);
        let end = |m, d| Some(date(2017, m, d));
        for (id, stretches, count_ready_day, expected) in [
            ("V7", vec![stretch(d(4, 3), end(4, 6))], false, vec![2]),
            ("V8", vec![stretch(d(4, 3), end(4, 6))], true, vec![3]),
            ("V9", vec![stretch(d(3, 28), None)], false, vec![30]),
            (
                "V10",
                vec![stretch(d(4, 3), end(4, 10)), stretch(d(4, 10), end(4, 15))],
                false,
                vec![6, 5],
            ),
            (
                "goes on the day after",
                vec![stretch(d(4, 3), end(4, 10)), stretch(d(4, 11), end(4, 15))],
                false,
                vec![6, 4],
            ),
            (
                "after a gap a ready day again",
                vec![stretch(d(4, 3), end(4, 10)), stretch(d(4, 13), end(4, 15))],
                false,
                vec![6, 1],
            ),
            (
                "ready on the last day of March",
                vec![stretch(d(3, 31), end(4, 2))],
                false,
                vec![1],
            ),
            (
                "ready and gone on one day",
                vec![stretch(d(4, 3), end(4, 3))],
                true,
                vec![0],
            ),
            (
                "wholly before",
                vec![stretch(d(3, 3), end(4, 1))],
                false,
                vec![0],
            ),
            ("wholly after", vec![stretch(d(5, 1), None)], false, vec![0]),
            (
                "reason changed on the ready day itself",
                vec![stretch(d(4, 3), end(4, 3)), stretch(d(4, 3), end(4, 6))],
                false,
                vec![0, 2],
            ),
        ] {
            assert_eq!(
                counted_days(&stretches, april(), count_ready_day),
                expected,
                "{id}"
            );
        }
    }

    #[test]
    fn days_that_are_not_over_are_not_counted() {
        let open = [stretch(date(2017, 4, 3), None)];
        for (today, days) in [
            (date(2017, 4, 4), 0),
            (date(2017, 4, 6), 2),
            (date(2017, 6, 1), 27),
        ] {
            assert_eq!(
                counted_days(&open, april().over_by(today), false),
                [days],
                "{today}"
            );
        }
    }

    fn a_day() -> impl Strategy<Value = Date> {
        (0i64..400).prop_map(|n| add_days(date(2017, 1, 1), n))
    }

    fn year() -> Period {
        Period {
            first: date(2016, 1, 1),
            last: date(2019, 12, 31),
        }
    }

    proptest! {
        #[test]
        fn splitting_by_reason_changes_no_total(
            start in a_day(), length in 0i64..90, cut in 0i64..90, ready in any::<bool>()
        ) {
            let end = add_days(start, length);
            let middle = add_days(start, cut.min(length));
            let whole = counted_days(&[stretch(start, Some(end))], year(), ready)[0];
            let parts = [stretch(start, Some(middle)), stretch(middle, Some(end))];
            prop_assert_eq!(counted_days(&parts, year(), ready).iter().sum::<i64>(), whole);
        }

        #[test]
        fn months_sum_to_the_whole(start in a_day(), length in 0i64..200, ready in any::<bool>()) {
            let one = [stretch(start, Some(add_days(start, length)))];
            let mut month = Month::of(year().first);
            let mut sum = 0;
            while month.first() <= year().last {
                sum += counted_days(&one, Period::month(month), ready)[0];
                month = month.next();
            }
            prop_assert_eq!(sum, counted_days(&one, year(), ready)[0]);
            prop_assert_eq!(sum, (length - i64::from(!ready)).max(0));
        }

        #[test]
        fn counting_is_monotone(start in a_day(), length in 0i64..90, more in 0i64..30) {
            let days = |n| counted_days(&[stretch(start, Some(add_days(start, n)))], april(), false)[0];
            prop_assert!(days(length) <= days(length + more));
            let with_ready_day =
                counted_days(&[stretch(start, Some(add_days(start, length)))], april(), true)[0];
            prop_assert!(days(length) <= with_ready_day);
        }

        #[test]
        fn a_day_counts_exactly_if_it_is_in_the_sum(start in a_day(), length in 0i64..60) {
            let parts = [stretch(start, Some(add_days(start, length)))];
            let mut days = 0;
            let mut day = april().first;
            while day <= april().last {
                days += i64::from(is_counted(&parts, day, false));
                day = add_days(day, 1);
            }
            prop_assert_eq!(days, counted_days(&parts, april(), false)[0]);
        }
    }
}
