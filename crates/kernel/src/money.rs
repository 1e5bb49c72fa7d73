//! Money as whole pence. No floating point touches it.

mod read;
mod split;

pub use read::MoneyError;
pub use split::{SplitError, split};

use std::fmt;
use std::iter::Sum;
use std::ops::{Add, Neg, Sub};

/// An amount in pence; negative amounts are owed the other way.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Pence(pub i64);

impl Pence {
    /// This amount a given number of times, or `None` if it does not fit.
    pub fn times(self, count: i64) -> Option<Self> {
        self.0.checked_mul(count).map(Self)
    }

    /// This amount and another, or `None` if the sum does not fit.
    pub fn plus(self, other: Self) -> Option<Self> {
        self.0.checked_add(other.0).map(Self)
    }

    /// Pounds with two decimals and nothing else, as programs write it: `1234.50`, `-3.00`.
    pub fn in_decimals(self) -> String {
        let magnitude = self.0.unsigned_abs();
        let sign = if self.0 < 0 { "-" } else { "" };
        format!("{sign}{}.{:02}", magnitude / 100, magnitude % 100)
    }
}

impl Add for Pence {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self(self.0 + other.0)
    }
}

impl Sub for Pence {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        Self(self.0 - other.0)
    }
}

impl Neg for Pence {
    type Output = Self;
    fn neg(self) -> Self {
        Self(-self.0)
    }
}

impl Sum for Pence {
    fn sum<I: Iterator<Item = Self>>(amounts: I) -> Self {
        amounts.fold(Self::default(), Add::add)
    }
}

/// Pounds with thousands marked, and pence only where there are some:
/// `£562`, `£1,234.50`, `minus £3`.
impl fmt::Display for Pence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let magnitude = self.0.unsigned_abs();
        let (pounds, pence) = (magnitude / 100, magnitude % 100);
        if self.0 < 0 {
            f.write_str("minus ")?;
        }
        write!(f, "£{}", thousands(pounds))?;
        if pence > 0 {
            write!(f, ".{pence:02}")?;
        }
        Ok(())
    }
}

/// A whole number with commas between thousands: `1,386,000`.
pub fn thousands(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_as_people_write_it() {
        for (pence, text) in [
            (0, "£0"),
            (56_200, "£562"),
            (123_450, "£1,234.50"),
            (-300, "minus £3"),
            (100_000_005, "£1,000,000.05"),
        ] {
            assert_eq!(Pence(pence).to_string(), text);
        }
    }

    #[test]
    fn reads_as_programs_write_it() {
        for (pence, text) in [
            (0, "0.00"),
            (5, "0.05"),
            (123_450, "1234.50"),
            (-300, "-3.00"),
            (i64::MIN, "-92233720368547758.08"),
        ] {
            assert_eq!(Pence(pence).in_decimals(), text);
        }
    }
}
