//! A calendar month, written `YYYY-MM`.

use jiff::ToSpan;
use jiff::civil::Date;
use std::fmt;
use std::str::FromStr;

/// Names of the months in small letters, January first.
pub const NAMES: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];

/// A month of a year.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Month {
    first: Date,
}

/// A text that is not a month.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a month: write it as YYYY-MM, such as 2018-10")]
pub struct MonthError;

impl Month {
    /// The month of a year, or `None` outside 1 to 12 or years -9999 to 9999.
    pub fn new(year: i16, month: i8) -> Option<Self> {
        Date::new(year, month, 1).ok().map(|first| Self { first })
    }

    /// The month a date lies in.
    pub fn of(date: Date) -> Self {
        Self {
            first: date.first_of_month(),
        }
    }

    /// First day.
    pub fn first(self) -> Date {
        self.first
    }

    /// Last day.
    pub fn last(self) -> Date {
        self.first.last_of_month()
    }

    /// Number of days, 28 to 31.
    pub fn days(self) -> i64 {
        i64::from(self.first.days_in_month())
    }

    /// The year.
    pub fn year(self) -> i16 {
        self.first.year()
    }

    /// The month's number, 1 to 12.
    pub fn number(self) -> i8 {
        self.first.month()
    }

    /// The month after this one.
    pub fn next(self) -> Self {
        Self {
            first: self.first.saturating_add(1.month()),
        }
    }

    /// The month before this one.
    pub fn previous(self) -> Self {
        Self {
            first: self.first.saturating_sub(1.month()),
        }
    }

    /// The NHS financial year it lies in, as the year of its April.
    pub fn financial_year(self) -> i16 {
        if self.number() >= 4 {
            self.year()
        } else {
            self.year() - 1
        }
    }

    /// `October 2018`.
    pub fn in_words(self) -> String {
        self.first.strftime("%B %Y").to_string()
    }
}

impl fmt::Display for Month {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}", self.year(), self.number())
    }
}

impl FromStr for Month {
    type Err = MonthError;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (year, month) = text.split_once('-').ok_or(MonthError)?;
        if year.len() != 4 || month.len() != 2 {
            return Err(MonthError);
        }
        let year = year.parse().map_err(|_| MonthError)?;
        let month = month.parse().map_err(|_| MonthError)?;
        Self::new(year, month).ok_or(MonthError)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_those_of_the_months() {
        for (number, name) in (1..).zip(NAMES) {
            let month = Month::new(2026, number).unwrap();
            assert_eq!(month.in_words().to_lowercase(), format!("{name} 2026"));
        }
    }

    #[test]
    fn reads_and_counts() {
        let month: Month = "2016-02".parse().unwrap();
        assert_eq!((month.days(), month.financial_year()), (29, 2015));
        assert_eq!(month.previous().to_string(), "2016-01");
        assert_eq!(month.next().in_words(), "March 2016");
        for bad in ["2016-13", "2016-2", "16-02", "February 2016", ""] {
            assert_eq!(bad.parse::<Month>(), Err(MonthError), "{bad}");
        }
    }
}
