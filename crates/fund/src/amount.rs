//! Money and percentages as people write them in files and cells.
//!
//! In words: an amount is read as everywhere in the product (`kernel::money`), and may not be larger
//! than £100 billion. A percentage has at most six decimals. Nothing passes through floating point.

use kernel::Pence;
use kernel::money::MoneyError;
use kernel::parameters::Decimal;
use std::fmt;

/// Largest amount read, in pence (£100 billion): sums of every line of a file then fit.
pub const LARGEST: i64 = 10_000_000_000_000;

/// Reads pounds as [`Pence`] reads them, up to [`LARGEST`].
///
/// # Errors
/// If it is not an amount, could mean two amounts, or is too large.
pub fn pounds(text: &str) -> Result<Pence, MoneyError> {
    let amount: Pence = text.parse()?;
    match amount.0.unsigned_abs() > LARGEST.unsigned_abs() {
        true => Err(MoneyError::TooLarge),
        false => Ok(amount),
    }
}

/// A percentage, exact to six decimals.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Percent {
    /// Millionths of one per cent.
    pub millionths: i64,
}

impl Percent {
    /// One hundred per cent.
    pub const WHOLE: Self = Self {
        millionths: 100_000_000,
    };

    /// So many whole per cent.
    pub const fn whole(percent: i64) -> Self {
        Self {
            millionths: percent * 1_000_000,
        }
    }

    /// Reads `12.5` or `12.5%`; `None` for anything else, for more than six decimals, and
    /// outside 0 to a million.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let digits = text.strip_suffix('%').unwrap_or(text).trim();
        let read = Decimal::parse(digits)?;
        let up = 10i64.checked_pow(6u32.checked_sub(u32::from(read.scale))?)?;
        let millionths = read.units.checked_mul(up)?;
        (0..=1_000_000_000_000)
            .contains(&millionths)
            .then_some(Self { millionths })
    }

    /// This part of an amount, rounded down to the penny towards nought.
    pub fn of(self, amount: Pence) -> Pence {
        let part =
            i128::from(amount.0) * i128::from(self.millionths) / i128::from(Self::WHOLE.millionths);
        Pence(i64::try_from(part).unwrap_or(if amount.0 < 0 { i64::MIN } else { i64::MAX }))
    }
}

/// `12.5%`.
impl fmt::Display for Percent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (whole, part) = (self.millionths / 1_000_000, self.millionths % 1_000_000);
        write!(f, "{whole}")?;
        if part > 0 {
            let part = format!("{part:06}");
            write!(f, ".{}", part.trim_end_matches('0'))?;
        }
        f.write_str("%")
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::*;

    #[test]
    fn amounts_are_read_as_everywhere_up_to_the_largest() {
        for (text, expected) in [
            ("£1,234.5", Ok(123_450)),
            ("(300)", Ok(-30_000)),
            ("-5.50", Ok(-550)),
            ("1.234,50", Err(MoneyError::Comma)),
            ("100000000000", Ok(LARGEST)),
            ("100000000000.01", Err(MoneyError::TooLarge)),
            ("-100000000000.01", Err(MoneyError::TooLarge)),
        ] {
            assert_eq!(pounds(text), expected.map(Pence), "{text:?}");
        }
    }

    #[test]
    fn percentages_are_exact() {
        for (text, expected) in [
            ("50", Some("50%")),
            ("33.333333", Some("33.333333%")),
            ("0.5%", Some("0.5%")),
            ("33.3333333", None),
            ("-1", None),
            ("half", None),
        ] {
            let read = Percent::parse(text).map(|percent| percent.to_string());
            assert_eq!(read.as_deref(), expected, "{text}");
        }
        let third = Percent::parse("33.333333").unwrap();
        assert_eq!(third.of(Pence(30_000)), Pence(9_999));
        assert_eq!(third.of(Pence(-30_000)), Pence(-9_999));
        assert_eq!(Percent::whole(5).of(Pence(LARGEST)), Pence(500_000_000_000));
    }
}
