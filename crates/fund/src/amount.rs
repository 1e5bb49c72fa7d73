//! Money and percentages as people write them in files and cells.
//!
//! In words: an amount is in pounds, with or without `£`, with commas between thousands and at
//! most two decimals; brackets mean minus, as accountants write. A comma before decimals is
//! refused: whether `1.234` is a thousand or one is never guessed. A percentage has at most six
//! decimals. Nothing passes through floating point.

use kernel::Pence;
use kernel::parameters::Decimal;
use std::fmt;

/// Largest amount read, in pence (£100 billion): sums of every line of a file then fit.
pub const LARGEST: i64 = 10_000_000_000_000;

/// Why a text is not an amount.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AmountError {
    /// Nothing, or something else.
    #[error("is not an amount in pounds; write it such as 1234.50 or £1,234.50")]
    NotAnAmount,
    /// A comma stands before the decimals.
    #[error(
        "has a comma where thousands have none, so that it could mean two amounts; write it such \
         as 1,234.50"
    )]
    Comma,
    /// Parts of a penny.
    #[error("has more than two decimals; write whole pence, such as 1234.50")]
    PartsOfAPenny,
    /// Larger than is read.
    #[error("is larger than £100 billion; write it in pounds")]
    TooLarge,
}

/// Reads pounds, such as `1234.5`, `£1,234.50`, `-300` or `(300)`.
///
/// # Errors
/// If it is not an amount, could mean two amounts, or is too large.
pub fn pounds(text: &str) -> Result<Pence, AmountError> {
    let text = text.trim();
    let (negative, text) = match text.strip_prefix('(').and_then(|t| t.strip_suffix(')')) {
        Some(inside) => (true, inside.trim()),
        None => match text.strip_prefix(['-', '\u{2212}']) {
            Some(rest) => (true, rest.trim()),
            None => (false, text),
        },
    };
    let digits = text.strip_prefix('£').unwrap_or(text).trim();
    let (whole, part) = digits.split_once('.').unwrap_or((digits, ""));
    if part.contains(',') {
        return Err(AmountError::Comma);
    }
    let only_digits = |t: &str| t.bytes().all(|b| b.is_ascii_digit());
    if whole.is_empty() || !only_digits(part) || (digits.contains('.') && part.is_empty()) {
        return Err(AmountError::NotAnAmount);
    }
    let whole = without_commas(whole)?;
    if part.len() > 2 {
        return Err(AmountError::PartsOfAPenny);
    }
    let pounds: i64 = whole.parse().map_err(|_| AmountError::TooLarge)?;
    let pence: i64 = format!("{part:0<2}").parse().unwrap_or(0);
    let all = pounds
        .checked_mul(100)
        .and_then(|all| all.checked_add(pence))
        .filter(|all| *all <= LARGEST)
        .ok_or(AmountError::TooLarge)?;
    Ok(Pence(if negative { -all } else { all }))
}

/// Digits without commas, which must part thousands.
fn without_commas(whole: &str) -> Result<String, AmountError> {
    let groups: Vec<&str> = whole.split(',').collect();
    if !groups
        .iter()
        .all(|group| group.bytes().all(|b| b.is_ascii_digit()))
    {
        return Err(AmountError::NotAnAmount);
    }
    let well = match groups.as_slice() {
        [_] => true,
        [first, rest @ ..] => {
            (1..=3).contains(&first.len()) && rest.iter().all(|group| group.len() == 3)
        }
        [] => false,
    };
    if well {
        Ok(groups.concat())
    } else {
        Err(AmountError::Comma)
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
    fn amounts_as_people_write_them() {
        use AmountError::{Comma, NotAnAmount, PartsOfAPenny, TooLarge};
        for (text, expected) in [
            ("1234.5", Ok(123_450)),
            ("£1,234.5", Ok(123_450)),
            ("£1,234,567.05", Ok(123_456_705)),
            (" 300 ", Ok(30_000)),
            ("(300)", Ok(-30_000)),
            ("(£1,300.20)", Ok(-130_020)),
            ("-3", Ok(-300)),
            ("0", Ok(0)),
            ("1.234,50", Err(Comma)),
            ("12,5", Err(Comma)),
            ("1234,567", Err(Comma)),
            ("1.234", Err(PartsOfAPenny)),
            ("", Err(NotAnAmount)),
            ("£", Err(NotAnAmount)),
            (".5", Err(NotAnAmount)),
            ("5.", Err(NotAnAmount)),
            ("1e6", Err(NotAnAmount)),
            ("about 5", Err(NotAnAmount)),
            ("100000000001", Err(TooLarge)),
            ("99999999999999999999", Err(TooLarge)),
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
