//! Beds taken up by delay, and rates by population.
//!
//! Source: NHS England delayed transfers statistics from April 2017 ("DTOC
//! beds"); LG Inform metric 4539 (rate per 100,000 adults); RULES A.7, points 4
//! and 5.
//!
//! In words: DTOC beds are the delayed days of a month divided by the days of
//! the month. The rate is the delayed days divided by the people aged 18 or
//! over, times 100,000; the rate of beds likewise. All are exact fractions and
//! are rounded only when written, halves away from nought.

use std::fmt;

/// An exact fraction that is not negative in its denominator.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ratio {
    /// Above the line.
    pub numerator: i128,
    /// Below the line; at least 1.
    pub denominator: i128,
}

impl Ratio {
    /// A fraction; `None` unless the denominator is over nought.
    pub fn new(numerator: i64, denominator: i64) -> Option<Self> {
        (denominator > 0).then(|| Self {
            numerator: i128::from(numerator),
            denominator: i128::from(denominator),
        })
    }

    /// This fraction times another.
    pub fn times(self, other: Self) -> Self {
        Self {
            numerator: self.numerator * other.numerator,
            denominator: self.denominator * other.denominator,
        }
    }

    /// One less this fraction.
    pub fn rest_of_one(self) -> Self {
        Self {
            numerator: self.denominator - self.numerator,
            denominator: self.denominator,
        }
    }

    /// True if both are the same number.
    pub fn same_as(self, other: Self) -> bool {
        self.numerator * other.denominator == other.numerator * self.denominator
    }

    /// Written with a number of decimals (at most 9), halves rounded away from nought.
    pub fn rounded(self, decimals: u8) -> String {
        let scale = 10i128.pow(u32::from(decimals.min(9)));
        let scaled = self.numerator.abs() * scale;
        let units = (2 * scaled + self.denominator) / (2 * self.denominator);
        let sign = if self.numerator < 0 && units > 0 {
            "-"
        } else {
            ""
        };
        let (whole, part) = (units / scale, units % scale);
        if decimals == 0 {
            format!("{sign}{whole}")
        } else {
            format!(
                "{sign}{whole}.{part:0width$}",
                width = usize::from(decimals.min(9))
            )
        }
    }
}

/// With one decimal.
impl fmt::Display for Ratio {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.rounded(1))
    }
}

/// Beds taken up on an average day. `days` are delayed days of the month,
/// `days_in_month` 28 to 31; `None` if that is not over nought.
pub fn dtoc_beds(days: i64, days_in_month: i64) -> Option<Ratio> {
    Ratio::new(days, days_in_month)
}

/// Delayed days for each 100,000 people aged 18 or over; `None` without people.
pub fn rate_per_100k(days: i64, adults: i64) -> Option<Ratio> {
    Ratio::new(days, adults).map(|ratio| {
        ratio.times(Ratio {
            numerator: 100_000,
            denominator: 1,
        })
    })
}

/// DTOC beds for each 100,000 people aged 18 or over; `None` without people or days.
pub fn beds_per_100k(days: i64, days_in_month: i64, adults: i64) -> Option<Ratio> {
    let per_day = Ratio::new(1, days_in_month)?;
    rate_per_100k(days, adults).map(|rate| rate.times(per_day))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::*;

    /// RULES P, vector V11, and the beds of V9.
    #[test]
    fn examples() {
        assert_eq!(
            rate_per_100k(930, 600_000).unwrap().to_string(),
            "155.0",
            "V11"
        );
        assert_eq!(dtoc_beds(930, 31).unwrap().rounded(0), "30", "V11");
        assert_eq!(
            beds_per_100k(930, 31, 600_000).unwrap().to_string(),
            "5.0",
            "V11"
        );
        assert_eq!(dtoc_beds(30, 30).unwrap().to_string(), "1.0", "V9");
        assert_eq!(rate_per_100k(930, 0), None);
    }

    #[test]
    fn halves_are_rounded_away_from_nought() {
        for (numerator, denominator, decimals, expected) in [
            (1, 8, 2, "0.13"),
            (-1, 8, 2, "-0.13"),
            (1, 3, 3, "0.333"),
            (2, 3, 0, "1"),
            (1, 2, 0, "1"),
            (-1, 1000, 1, "0.0"),
            (10, 1, 1, "10.0"),
        ] {
            assert_eq!(
                Ratio::new(numerator, denominator)
                    .unwrap()
                    .rounded(decimals),
                expected
            );
        }
    }
}
