//! What will have been spent at the end of the year, by three methods, each with a range.
//!
//! Source: practice of monthly budget reports; the methods and their ranges are our choice. No
//! method is better than the others everywhere, so all three are shown, with what each rests on.
//!
//! In words:
//!
//! - **straight line**: the months that are over, times twelve by their number;
//! - **profile of the year before**: what is over, times the year before by the same months of it;
//! - **commitments and trend**: what is over and what is committed for the rest, plus for each
//!   month to come as much as spending outside commitments has been on average.
//!
//! A range is the forecast with each month to come as the least and as the most of the months that
//! are over (in the profile: as the least and the most part of the same month of the year before).
//! It says how far months have differed and is no probability. With no month over there is no
//! forecast. Amounts are rounded to the nearest penny, half a penny away from nought.

use kernel::Pence;

/// Months of a year.
const MONTHS: usize = 12;

/// How a forecast is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// As the months that are over, for the whole year.
    StraightLine,
    /// As the year before went on from the same month.
    YearBefore,
    /// What is committed, and what came outside commitments until now.
    CommitmentsAndTrend,
}

impl Method {
    /// Its name in words.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::StraightLine => "straight line",
            Self::YearBefore => "profile of the year before",
            Self::CommitmentsAndTrend => "commitments and trend",
        }
    }
}

/// A forecast.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Forecast {
    /// How it was made.
    pub method: Method,
    /// What will have been spent.
    pub outturn: Pence,
    /// With every month to come as the least there was.
    pub low: Pence,
    /// With every month to come as the most there was.
    pub high: Pence,
}

/// Why there is no forecast.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ForecastError {
    /// No month is over.
    #[error("no month is over, so that nothing can be carried on")]
    NoMonth,
    /// More than a year.
    #[error("more than twelve months are given; a forecast is for one year")]
    TooMany,
    /// The year before has not twelve months, or spent nothing in the same months.
    #[error("the year before is not whole, or nothing was spent in the same months of it")]
    NoYearBefore,
    /// Commitments are not given for each month.
    #[error("commitments are needed for each of the twelve months")]
    NoCommitments,
}

/// Straight line: months that are over, carried on.
///
/// # Errors
/// If no month is over, or more than twelve are.
pub fn straight_line(actual: &[Pence]) -> Result<Forecast, ForecastError> {
    let (spent, to_come) = over(actual)?;
    let months = i128::try_from(actual.len()).unwrap_or(1);
    let outturn = nearest(i128::from(spent.0) * MONTHS as i128, months);
    let (least, most) = extremes(actual);
    Ok(Forecast {
        method: Method::StraightLine,
        outturn,
        low: Pence(spent.0 + least.0 * to_come),
        high: Pence(spent.0 + most.0 * to_come),
    })
}

/// Profile of the year before: this year goes on as that one did, at this year's level.
///
/// # Errors
/// If no month is over, or the year before cannot be compared.
pub fn year_before(actual: &[Pence], before: &[Pence]) -> Result<Forecast, ForecastError> {
    let (spent, _) = over(actual)?;
    let same: Pence = before.iter().take(actual.len()).copied().sum();
    if before.len() != MONTHS || same.0 <= 0 {
        return Err(ForecastError::NoYearBefore);
    }
    let whole: Pence = before.iter().copied().sum();
    let outturn = nearest(
        i128::from(spent.0) * i128::from(whole.0),
        i128::from(same.0),
    );
    let rest = i128::from((whole - same).0);
    let mut low = outturn;
    let mut high = outturn;
    for (now, then) in actual.iter().zip(before).filter(|(_, then)| then.0 > 0) {
        let carried = spent + nearest(rest * i128::from(now.0), i128::from(then.0));
        low = low.min(carried);
        high = high.max(carried);
    }
    Ok(Forecast {
        method: Method::YearBefore,
        outturn,
        low,
        high,
    })
}

/// Commitments and trend: what is committed for months to come, and on top what has come outside
/// commitments on average. `committed` has what was or is committed for each month of the year.
///
/// # Errors
/// If no month is over, or commitments are not given for each month.
pub fn commitments_and_trend(
    actual: &[Pence],
    committed: &[Pence],
) -> Result<Forecast, ForecastError> {
    let (spent, to_come) = over(actual)?;
    if committed.len() != MONTHS {
        return Err(ForecastError::NoCommitments);
    }
    let outside: Vec<Pence> = actual
        .iter()
        .zip(committed)
        .map(|(actual, committed)| *actual - *committed)
        .collect();
    let rest: Pence = committed.iter().skip(actual.len()).copied().sum();
    let sum: Pence = outside.iter().copied().sum();
    let months = i128::try_from(actual.len()).unwrap_or(1);
    let trend = nearest(i128::from(sum.0) * i128::from(to_come), months);
    let (least, most) = extremes(&outside);
    Ok(Forecast {
        method: Method::CommitmentsAndTrend,
        outturn: spent + rest + trend,
        low: Pence((spent + rest).0 + least.0 * to_come),
        high: Pence((spent + rest).0 + most.0 * to_come),
    })
}

/// What was spent in the months that are over, and how many are to come.
fn over(actual: &[Pence]) -> Result<(Pence, i64), ForecastError> {
    match actual.len() {
        0 => Err(ForecastError::NoMonth),
        months if months > MONTHS => Err(ForecastError::TooMany),
        months => Ok((
            actual.iter().copied().sum(),
            i64::try_from(MONTHS - months).unwrap_or(0),
        )),
    }
}

fn extremes(amounts: &[Pence]) -> (Pence, Pence) {
    (
        amounts.iter().copied().min().unwrap_or_default(),
        amounts.iter().copied().max().unwrap_or_default(),
    )
}

/// A quotient to the nearest whole, half away from nought. The divisor is above nought.
fn nearest(dividend: i128, divisor: i128) -> Pence {
    let magnitude = (2 * dividend.abs() + divisor) / (2 * divisor);
    let magnitude = i64::try_from(magnitude).unwrap_or(i64::MAX);
    Pence(if dividend < 0 { -magnitude } else { magnitude })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::*;
    use proptest::prelude::*;

    fn pence(amounts: &[i64]) -> Vec<Pence> {
        amounts.iter().copied().map(Pence).collect()
    }

    #[test]
    fn examples() {
        let before = pence(&[100, 100, 100, 100, 100, 100, 100, 100, 100, 200, 200, 100]);
        let committed = pence(&[90; 12]);
        for (id, found, expected) in [
            (
                "straight line",
                straight_line(&pence(&[100, 120, 110])),
                (1_320, 1_230, 1_410),
            ),
            (
                "one month",
                straight_line(&pence(&[100])),
                (1_200, 1_200, 1_200),
            ),
            (
                "the whole year",
                straight_line(&pence(&[7; 12])),
                (84, 84, 84),
            ),
            (
                "rounding",
                straight_line(&pence(&[1, 0, 0, 0, 0, 0, 0])),
                (2, 1, 6),
            ),
            // 330 × 1400 ÷ 300; the rest of the year before is 1100.
            (
                "year before",
                year_before(&pence(&[100, 120, 110]), &before),
                (1_540, 1_430, 1_650),
            ),
            // 330 and 9 × 90; outside commitments 10, 30, 20.
            (
                "commitments",
                commitments_and_trend(&pence(&[100, 120, 110]), &committed),
                (1_320, 1_230, 1_410),
            ),
        ] {
            let found = found.unwrap();
            assert_eq!(
                (found.outturn.0, found.low.0, found.high.0),
                expected,
                "{id}"
            );
        }
    }

    #[test]
    fn what_cannot_be_carried_on_is_refused() {
        assert_eq!(straight_line(&[]), Err(ForecastError::NoMonth));
        assert_eq!(straight_line(&pence(&[1; 13])), Err(ForecastError::TooMany));
        let one = pence(&[1]);
        assert_eq!(year_before(&one, &one), Err(ForecastError::NoYearBefore));
        assert_eq!(
            year_before(&one, &pence(&[0; 12])),
            Err(ForecastError::NoYearBefore)
        );
        assert_eq!(
            commitments_and_trend(&one, &one),
            Err(ForecastError::NoCommitments)
        );
    }

    proptest! {
        #[test]
        fn the_forecast_lies_in_its_range_and_ends_as_the_year_did(
            actual in prop::collection::vec(0i64..1_000_000_000, 1..13),
            before in prop::collection::vec(1i64..1_000_000_000, 12),
        ) {
            let (actual, before) = (pence(&actual), pence(&before));
            for found in [
                straight_line(&actual).unwrap(),
                year_before(&actual, &before).unwrap(),
                commitments_and_trend(&actual, &before).unwrap(),
            ] {
                // A penny of rounding at most.
                prop_assert!(found.low.0 <= found.outturn.0 + 1, "{found:?}");
                prop_assert!(found.outturn.0 <= found.high.0 + 1, "{found:?}");
                if actual.len() == 12 {
                    prop_assert_eq!(found.outturn, actual.iter().copied().sum::<Pence>());
                }
            }
        }
    }
}
