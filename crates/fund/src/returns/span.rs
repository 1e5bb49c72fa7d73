//! The period of a return: a quarter of a financial year, or the year.
//!
//! Source: RULES C.7. Quarters are of the financial year: the first is April to June.

use crate::year;
use kernel::Month;
use std::fmt;
use std::str::FromStr;

/// A quarter or a year.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Span {
    /// The year of its April.
    year: i16,
    /// 1 to 4; `None` is the year's end.
    quarter: Option<u8>,
}

/// Why a text is no period.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("is no period; write a quarter such as 2026-27-Q2, or a year such as 2026-27")]
pub struct SpanError;

impl Span {
    /// A quarter of the financial year that begins in April of `year`.
    ///
    /// # Errors
    /// No such quarter or year.
    pub fn quarter(year: i16, quarter: u8) -> Result<Self, SpanError> {
        let fits = (1..=4).contains(&quarter) && (1900..=2999).contains(&year);
        let quarter = Some(quarter);
        fits.then_some(Self { year, quarter }).ok_or(SpanError)
    }

    /// The financial year that begins in April of `year`.
    pub const fn of_year(year: i16) -> Self {
        Self {
            year,
            quarter: None,
        }
    }

    /// The quarter that was over last before a month.
    pub fn before(month: Month) -> Self {
        let first = (0..3).fold(month, |month, _| month.previous());
        Self {
            year: first.financial_year(),
            quarter: Some(quarter_of(first)),
        }
    }

    /// The financial year, as agreements write it: `2026/27`.
    pub fn year(self) -> String {
        year::written(self.year)
    }

    /// Whether it is the year's end.
    pub const fn is_year(self) -> bool {
        self.quarter.is_none()
    }

    /// Number of the quarter from 0; the last for the year's end.
    pub fn number(self) -> usize {
        usize::from(self.quarter.unwrap_or(4).saturating_sub(1))
    }

    /// The year's first month.
    pub fn begins(self) -> Month {
        let april = year::begins(&self.year()).map(Month::of);
        // Every year that a span can have has an April.
        april.unwrap_or_else(|| Month::of(jiff::civil::date(1900, 4, 1)))
    }

    /// Its months: three, or twelve.
    pub fn months(self) -> Vec<Month> {
        let months = crate::position::months_of(self.begins());
        match self.quarter {
            None => months,
            Some(_) => months.into_iter().skip(self.number() * 3).take(3).collect(),
        }
    }

    /// Its first and last month.
    pub fn ends(self) -> (Month, Month) {
        let months = self.months();
        let first = months.first().copied().unwrap_or_else(|| self.begins());
        (first, months.last().copied().unwrap_or(first))
    }

    /// It in a few words: `Quarter 2 of 2026/27`, `Year 2026/27`.
    pub fn short(self) -> String {
        match self.quarter {
            Some(number) => format!("Quarter {number} of {}", self.year()),
            None => format!("Year {}", self.year()),
        }
    }

    /// It in words: `Quarter 2 of 2026/27, July to September 2026`.
    pub fn in_words(self) -> String {
        let (first, last) = self.ends();
        format!(
            "{}, {} to {}",
            self.short(),
            first.in_words(),
            last.in_words()
        )
    }
}

fn quarter_of(month: Month) -> u8 {
    match month.number() {
        4..=6 => 1,
        7..=9 => 2,
        10..=12 => 3,
        _ => 4,
    }
}

/// `2026-27-Q2` or `2026-27`: safe in an address and in the name of a file.
impl fmt::Display for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.year().replace('/', "-"))?;
        match self.quarter {
            Some(number) => write!(f, "-Q{number}"),
            None => Ok(()),
        }
    }
}

/// As it is written, with a dash, a slash or a space before the quarter.
impl FromStr for Span {
    type Err = SpanError;

    fn from_str(text: &str) -> Result<Self, SpanError> {
        let plain = text.trim().to_uppercase().replace([' ', '/'], "-");
        let (years, quarter) = match plain.split_once("-Q") {
            Some((years, number)) => (years, Some(number.parse().map_err(|_| SpanError)?)),
            None => (plain.as_str(), None),
        };
        let begins = year::begins(&years.replacen('-', "/", 1)).ok_or(SpanError)?;
        match quarter {
            Some(number) => Self::quarter(begins.year(), number),
            None => Ok(Self {
                year: begins.year(),
                quarter: None,
            }),
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::*;

    #[test]
    fn as_written() {
        for (text, key, words) in [
            (
                "2026-27-Q2",
                Some("2026-27-Q2"),
                "Quarter 2 of 2026/27, July 2026 to September 2026",
            ),
            (
                "2026/27 q4",
                Some("2026-27-Q4"),
                "Quarter 4 of 2026/27, January 2027 to March 2027",
            ),
            (
                "2025-26",
                Some("2025-26"),
                "Year 2025/26, April 2025 to March 2026",
            ),
            ("2025/26", Some("2025-26"), ""),
            ("2025-27", None, ""),
            ("2025-Q1", None, ""),
            ("2025-26-Q5", None, ""),
            ("2025-26-Q0", None, ""),
            ("", None, ""),
        ] {
            let read = text.parse::<Span>().ok();
            assert_eq!(read.map(|one| one.to_string()).as_deref(), key, "{text}");
            if !words.is_empty() {
                assert_eq!(read.unwrap().in_words(), words);
            }
        }
    }

    #[test]
    fn the_quarter_that_was_over_last() {
        for (month, key) in [
            ("2026-11", "2026-27-Q2"),
            ("2026-10", "2026-27-Q2"),
            ("2026-04", "2025-26-Q4"),
            ("2026-07", "2026-27-Q1"),
        ] {
            let found = Span::before(month.parse().unwrap());
            assert_eq!(found.to_string(), key, "{month}");
        }
    }
}
