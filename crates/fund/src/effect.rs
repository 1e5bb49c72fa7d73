//! What came of what was planned: each metric's plan beside its figures, the difference in people, days and
//! pounds, and the savings that were claimed.
//!
//! Source: RULES C.4 (metrics and what they count), J.6 (unit costs are parameters); PEERS c D10
//! (less activity saves nothing until a ward or contract closes). How a plan of quarters is held against
//! figures of months is our choice.
//!
//! In words: a metric is a **level** (an average number of days, a part of a hundred) or a **rate** (so
//! many per 100,000 people). Of a level each month is held against the plan of its month, quarter or year.
//! Of a rate months add up: a quarter's plan is held against the sum of its three months, a year's against
//! its twelve; if one is missing there is no comparison. A difference is turned into people where the
//! figure says of how many it is; a level in days into days; and into pounds only where a price is on file.
//! Fewer days are time and beds for other people, and no money that can be spent again.

use crate::plan::PlannedMetric;
use crate::words::words;
use kernel::parameters::Decimal;
use kernel::{Month, Pence};
use std::fmt;

/// Which return of this product a figure was counted from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CountedFrom {
    /// Short name of the return, such as `drd`.
    pub of_return: String,
    /// Its period, such as `2026-09`.
    pub period: String,
}

/// As it is kept: `drd 2026-09`.
impl fmt::Display for CountedFrom {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.of_return, self.period)
    }
}

impl CountedFrom {
    /// Reads it back.
    pub fn parse(text: &str) -> Option<Self> {
        let (of_return, period) = text.split_once(' ')?;
        Some(Self {
            of_return: of_return.to_owned(),
            period: period.to_owned(),
        })
    }
}

/// What came of a metric in a month.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Figure {
    /// Its short name in the plan.
    pub metric: String,
    /// The month.
    pub month: Month,
    /// From 1: a later number stands in place of an earlier one.
    pub number: i64,
    /// The figure.
    pub value: Decimal,
    /// Of how many it is: discharges of an average delay, people of a rate. `None` where nobody said.
    pub of: Option<i64>,
    /// Where it is from.
    pub source: String,
    /// The return it was counted from; `None` where it was typed.
    pub counted: Option<CountedFrom>,
}

/// Of each metric and month the figure that is held against the plan: the one that was counted, where one was; else
/// the one that was typed. What is typed never covers what was counted: both are shown.
pub fn standing(figures: &[Figure]) -> Vec<Figure> {
    let counted = |one: &Figure| {
        figures.iter().any(|other| {
            let same = other.metric == one.metric && other.month == one.month;
            same && other.counted.is_some()
        })
    };
    let stands = |one: &&Figure| one.counted.is_some() || !counted(one);
    figures.iter().filter(stands).cloned().collect()
}

words!(
    /// Whether a metric's months can be added up.
    Measure {
        /// An average or a part: months are not added up.
        Level = "level",
        /// Events per 100,000 people: months add up.
        Rate = "rate",
    }
);

words!(
    /// Which way is better.
    Better {
        /// Lower.
        Lower = "lower",
        /// Higher.
        Higher = "higher",
        /// Nobody has said.
        NotKnown = "not known",
    }
);

/// Whether months of a metric can be added up, by how it is scaled.
pub fn measure(scaling: &str) -> Measure {
    match scaling.contains("100,000") {
        true => Measure::Rate,
        false => Measure::Level,
    }
}

/// Which way is better (RULES C.3 and C.4: people at home for longer, and nobody waits in hospital).
pub fn better(key: &str) -> Better {
    match key {
        "emergency-admissions-65"
        | "average-discharge-delay"
        | "care-home-admissions"
        | "avoidable-admissions"
        | "falls"
        | "delayed-transfers"
        | "non-elective-admissions"
        | "stays-14-days"
        | "stays-21-days" => Better::Lower,
        "at-home-91-days" | "usual-residence" => Better::Higher,
        _ => Better::NotKnown,
    }
}

/// A stretch of time with what was planned for it and what came of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Compared {
    /// First and last month.
    pub months: (Month, Month),
    /// What was planned; `None` where the plan has no value for it.
    pub planned: Option<Decimal>,
    /// What came of it; `None` while a figure is missing.
    pub actual: Option<Decimal>,
    /// Actual less planned, in thousandths of the metric's unit.
    pub difference: Option<i64>,
    /// The difference as people: admissions of a rate.
    pub people: Option<i64>,
    /// The difference as days: of a level in days, over all of whom it is.
    pub days: Option<i64>,
    /// What that costs (above nought) or spares, at the price on file.
    pub cost: Option<Pence>,
}

/// How a metric is counted, and what its differences cost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Counted<'a> {
    /// As what it is shown, such as `per 100,000` or `days`.
    pub scaling: &'a str,
    /// What a day costs, of a level in days.
    pub day: Option<Pence>,
    /// What an admission costs, of a rate of them.
    pub admission: Option<Pence>,
}

/// Thousandths of a decimal, if it has no finer part and fits.
pub fn thousandths(value: Decimal) -> Option<i64> {
    match value.scale {
        scale @ 0..=3 => value.units.checked_mul(10i64.pow(u32::from(3 - scale))),
        scale => {
            let by = 10i64.checked_pow(u32::from(scale) - 3)?;
            Some(value.units / by)
        }
    }
}

/// Holds a metric's figures of a year against its plan. `first` is April; `figures` are those of the
/// metric, of each month the one that stands.
pub fn compare(
    metric: &PlannedMetric,
    counted: Counted<'_>,
    first: Month,
    figures: &[Figure],
) -> Vec<Compared> {
    let months = crate::position::months_of(first);
    let values: Vec<Option<Decimal>> = metric
        .values
        .iter()
        .map(|text| Decimal::parse(&text.trim().replace([',', '_'], "")))
        .collect();
    let stretch = match (measure(counted.scaling), values.len()) {
        (_, 12) | (Measure::Level, _) => 1,
        (Measure::Rate, 4) => 3,
        (Measure::Rate, _) => 12,
    };
    let planned = |at: usize| match values.len() {
        0 => None,
        12 => values.get(at).copied().flatten(),
        4 => values.get(at / 3).copied().flatten(),
        _ => values.last().copied().flatten(),
    };
    months
        .chunks(stretch)
        .enumerate()
        .map(|(number, chunk)| one(chunk, planned(number * stretch), counted, figures))
        .collect()
}

fn one(
    months: &[Month],
    planned: Option<Decimal>,
    counted: Counted<'_>,
    figures: &[Figure],
) -> Compared {
    let of_month = |month: &Month| figures.iter().find(|one| one.month == *month);
    let all: Vec<&Figure> = months.iter().filter_map(of_month).collect();
    let whole = all.len() == months.len() && !all.is_empty();
    let sum = all
        .iter()
        .try_fold(0i64, |sum, one| sum.checked_add(thousandths(one.value)?))
        .filter(|_| whole);
    let difference = planned
        .and_then(thousandths)
        .zip(sum)
        .and_then(|(planned, actual)| actual.checked_sub(planned));
    // Of a rate, the latest month says how many people there are.
    let of = all.last().and_then(|one| one.of);
    let level = measure(counted.scaling) == Measure::Level;
    let turned = |per: i128| -> Option<i64> {
        let all = i128::from(difference?) * i128::from(of?);
        Some(nearest(all, per))
    };
    let people = if level { None } else { turned(1_000 * 100_000) };
    let days = match level && counted.scaling == "days" {
        true => turned(1_000),
        false => None,
    };
    let cost = |count: Option<i64>, price: Option<Pence>| price?.times(count?);
    let first = months.first().copied().unwrap_or_else(|| first_of(figures));
    Compared {
        months: (first, months.last().copied().unwrap_or(first)),
        planned,
        actual: sum.map(|units| Decimal { units, scale: 3 }.shortest()),
        difference,
        people,
        days,
        cost: cost(days, counted.day).or_else(|| cost(people, counted.admission)),
    }
}

/// A chunk of months is never empty; this only keeps the types whole.
fn first_of(figures: &[Figure]) -> Month {
    let first = figures.first().map(|one| one.month);
    first.unwrap_or_else(|| Month::of(jiff::civil::date(2000, 4, 1)))
}

/// A quotient to the nearest whole, half away from nought. The divisor is above nought.
fn nearest(dividend: i128, divisor: i128) -> i64 {
    let magnitude = (2 * dividend.abs() + divisor) / (2 * divisor);
    let magnitude = i64::try_from(magnitude).unwrap_or(i64::MAX);
    if dividend < 0 { -magnitude } else { magnitude }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::*;

    fn planned(values: &[&str]) -> PlannedMetric {
        PlannedMetric {
            key: "some".to_owned(),
            values: values.iter().map(|one| (*one).to_owned()).collect(),
            at: "line 1".to_owned(),
        }
    }

    fn figure(month: &str, value: &str, of: Option<i64>) -> Figure {
        Figure {
            metric: "some".to_owned(),
            month: month.parse().unwrap(),
            number: 1,
            value: Decimal::parse(value).unwrap(),
            of,
            source: "example".to_owned(),
            counted: None,
        }
    }

    fn counted(scaling: &str) -> Counted<'_> {
        Counted {
            scaling,
            day: Some(Pence(56_200)),
            admission: Some(Pence(149_000)),
        }
    }

    fn april() -> Month {
        "2026-04".parse().unwrap()
    }

    #[test]
    fn a_level_in_days_is_compared_month_by_month_and_turned_into_days_and_pounds() {
        let figures = [
            figure("2026-04", "1.5", Some(2_000)),
            figure("2026-07", "0.9", Some(1_000)),
            figure("2026-08", "1.3", None),
        ];
        let found = compare(
            &planned(&["1.2", "1.1", "1.1", "1.0"]),
            counted("days"),
            april(),
            &figures,
        );
        assert_eq!(found.len(), 12);
        let row = |at: usize| {
            let one: &Compared = &found[at];
            (one.difference, one.days, one.cost)
        };
        // 0.3 days more, of 2,000 discharges: 600 days at 562 pounds.
        assert_eq!(row(0), (Some(300), Some(600), Some(Pence(33_720_000))));
        assert_eq!(row(1), (None, None, None));
        assert_eq!(row(3), (Some(-200), Some(-200), Some(Pence(-11_240_000))));
        // Nobody said of how many discharges.
        assert_eq!(row(4), (Some(200), None, None));
    }

    #[test]
    fn months_of_a_rate_add_up_to_their_quarter() {
        let figures = [
            figure("2026-04", "600.5", Some(40_000)),
            figure("2026-05", "610", Some(40_000)),
            figure("2026-06", "614.5", Some(40_000)),
            figure("2026-07", "600", Some(40_000)),
        ];
        let found = compare(
            &planned(&["1_850", "1,840", "1830", "1820"]),
            counted("per 100,000"),
            april(),
            &figures,
        );
        assert_eq!(found.len(), 4);
        assert_eq!(found[0].actual.unwrap().to_string(), "1825");
        assert_eq!(found[0].difference, Some(-25_000));
        // 25 per 100,000 fewer of 40,000 people: 10 admissions at 1,490 pounds.
        assert_eq!(found[0].people, Some(-10));
        assert_eq!(found[0].cost, Some(Pence(-1_490_000)));
        // A quarter with a month missing is not compared.
        assert_eq!((found[1].actual, found[1].difference), (None, None));
    }

    #[test]
    fn a_plan_of_one_value_is_of_the_year() {
        let figures = [figure("2026-04", "50", Some(40_000))];
        let found = compare(
            &planned(&["560"]),
            counted("per 100,000"),
            april(),
            &figures,
        );
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].actual, None);
        let found = compare(&planned(&["95"]), counted("percent"), april(), &figures);
        assert_eq!(found.len(), 12);
        assert_eq!(found[0].difference, Some(-45_000));
        assert_eq!((found[0].people, found[0].days), (None, None));
    }

    /// Every metric of the periods on file but those that are local has a better way.
    #[test]
    fn metrics_on_file_have_a_better_way() {
        let periods = crate::period::Periods::builtin();
        let metrics = periods.all().iter().flat_map(|period| &period.metrics);
        for metric in metrics.filter(|one| one.key != "experience-and-local") {
            assert_ne!(better(&metric.key), Better::NotKnown, "{}", metric.key);
        }
    }

    #[test]
    fn what_is_typed_never_covers_what_was_counted() {
        let counted = |month: &str, value: &str| Figure {
            counted: CountedFrom::parse("drd 2026-04"),
            number: 2,
            ..figure(month, value, None)
        };
        let figures = [
            figure("2026-04", "1.5", None),
            counted("2026-04", "1.4"),
            figure("2026-05", "1.3", None),
            counted("2026-06", "1.2"),
        ];
        let found: Vec<String> = standing(&figures)
            .iter()
            .map(|one| one.value.to_string())
            .collect();
        assert_eq!(found, ["1.4", "1.3", "1.2"]);
        let from = CountedFrom::parse("ascof 2025-26").unwrap();
        assert_eq!(
            (from.of_return.as_str(), from.period.as_str()),
            ("ascof", "2025-26")
        );
        assert_eq!(from.to_string(), "ascof 2025-26");
        assert_eq!(CountedFrom::parse("drd"), None);
    }

    #[test]
    fn which_way_is_better() {
        for (key, way) in [
            ("average-discharge-delay", Better::Lower),
            ("at-home-91-days", Better::Higher),
            ("something-local", Better::NotKnown),
        ] {
            assert_eq!(better(key), way, "{key}");
        }
    }

    #[test]
    fn thousandths_of_a_figure() {
        for (text, units) in [
            ("1.2", 1_200),
            ("-3", -3_000),
            ("0.1234", 123),
            ("7.125", 7_125),
        ] {
            assert_eq!(
                thousandths(Decimal::parse(text).unwrap()),
                Some(units),
                "{text}"
            );
        }
    }
}
