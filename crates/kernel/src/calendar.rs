//! Working days, bank holidays and local time in England and Wales.
//!
//! Source: Banking and Financial Dealings Act 1971 and the royal proclamations
//! of each year; the days themselves are data, `policy/bank-holidays.csv`.
//!
//! In words: a working day is a day that is neither a Saturday, a Sunday nor a
//! bank holiday. Local time is Greenwich time, an hour ahead from one o'clock
//! UTC on the last Sunday of March to one o'clock UTC on the last Sunday of
//! October.

use jiff::civil::{Date, DateTime, Weekday};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// What can go wrong with the calendar.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CalendarError {
    /// A day of a year whose bank holidays are not on file.
    #[error("the bank holidays of {year} are not on file: add them to policy/bank-holidays.csv")]
    Year {
        /// The year.
        year: i16,
    },
    /// A row of the file that cannot be read.
    #[error("line {line}, column {column}: {text}")]
    Row {
        /// Line from 1; the header is line 1.
        line: u64,
        /// Name of the column.
        column: &'static str,
        /// What is expected.
        text: &'static str,
    },
}

/// Bank holidays by date.
#[derive(Clone, Debug, Default)]
pub struct Calendar {
    holidays: BTreeMap<Date, String>,
}

impl Calendar {
    /// Reads CSV with the header `date,name`. Good rows go in; each bad one is an error.
    pub fn parse(text: &str) -> (Self, Vec<CalendarError>) {
        let mut calendar = Self::default();
        let mut errors = Vec::new();
        let mut reader = csv::ReaderBuilder::new()
            .flexible(true)
            .from_reader(text.as_bytes());
        if !reader
            .headers()
            .is_ok_and(|h| h.iter().eq(["date", "name"]))
        {
            errors.push(CalendarError::Row {
                line: 1,
                column: "date",
                text: "the header must be date,name",
            });
            return (calendar, errors);
        }
        for record in reader.records().flatten() {
            let line = record.position().map_or(0, csv::Position::line);
            let name = record.get(1).unwrap_or_default().trim();
            match record.get(0).unwrap_or_default().trim().parse::<Date>() {
                Err(_) => errors.push(CalendarError::Row {
                    line,
                    column: "date",
                    text: "a date such as 2026-12-25 is expected",
                }),
                Ok(_) if name.is_empty() => errors.push(CalendarError::Row {
                    line,
                    column: "name",
                    text: "a name is expected",
                }),
                Ok(date) => {
                    calendar.holidays.insert(date, name.to_owned());
                }
            }
        }
        (calendar, errors)
    }

    /// Name of the bank holiday on a day, if it is one.
    ///
    /// # Errors
    /// If no bank holidays of that year are on file.
    pub fn bank_holiday(&self, date: Date) -> Result<Option<&str>, CalendarError> {
        if let Some(name) = self.holidays.get(&date) {
            return Ok(Some(name));
        }
        let year = date.year();
        let missing = || CalendarError::Year { year };
        let first = Date::new(year, 1, 1).map_err(|_| missing())?;
        let last = Date::new(year, 12, 31).map_err(|_| missing())?;
        self.holidays
            .range(first..=last)
            .next()
            .map(|_| None)
            .ok_or_else(missing)
    }

    /// True for a day that is neither Saturday, Sunday nor bank holiday.
    ///
    /// # Errors
    /// If no bank holidays of that year are on file.
    pub fn is_working_day(&self, date: Date) -> Result<bool, CalendarError> {
        let weekend = matches!(date.weekday(), Weekday::Saturday | Weekday::Sunday);
        Ok(self.bank_holiday(date)?.is_none() && !weekend)
    }

    /// The first working day on or after a day.
    ///
    /// # Errors
    /// If no bank holidays of a year that is needed are on file.
    pub fn working_day_on_or_after(&self, date: Date) -> Result<Date, CalendarError> {
        let mut day = date;
        while !self.is_working_day(day)? {
            day = day.saturating_add(1.day());
        }
        Ok(day)
    }

    /// The day a number of working days after a day: nought gives the first
    /// working day on or after it.
    ///
    /// # Errors
    /// If no bank holidays of a year that is needed are on file.
    pub fn add_working_days(&self, date: Date, count: u16) -> Result<Date, CalendarError> {
        let mut day = self.working_day_on_or_after(date)?;
        for _ in 0..count {
            day = self.working_day_on_or_after(day.saturating_add(1.day()))?;
        }
        Ok(day)
    }

    /// Working days after `from` up to and with `to`; nought if `to` is not later.
    ///
    /// # Errors
    /// If no bank holidays of a year that is needed are on file.
    pub fn working_days_between(&self, from: Date, to: Date) -> Result<i64, CalendarError> {
        let mut count = 0;
        let mut day = from.saturating_add(1.day());
        while day <= to {
            count += i64::from(self.is_working_day(day)?);
            day = day.saturating_add(1.day());
        }
        Ok(count)
    }
}

/// Days from one date to another; negative if the second is earlier.
pub fn days_between(from: Date, to: Date) -> i64 {
    from.duration_until(to).as_hours() / 24
}

/// A date some days later (or earlier, if negative); stops at the ends of the calendar.
pub fn add_days(date: Date, days: i64) -> Date {
    jiff::Span::new()
        .try_days(days)
        .map_or(date, |span| date.saturating_add(span))
}

/// The local time of the United Kingdom by its rule since 1996: summer time from
/// the last Sunday of March to the last Sunday of October, at 01:00 UTC. Written
/// out so that no time zone database is needed on the machine.
pub fn local_time_zone() -> &'static TimeZone {
    static ZONE: LazyLock<TimeZone> =
        LazyLock::new(|| TimeZone::posix("GMT0BST,M3.5.0/1,M10.5.0").unwrap_or(TimeZone::UTC));
    &ZONE
}

/// An instant as local date and time.
pub fn local(at: Timestamp) -> DateTime {
    local_time_zone().to_datetime(at)
}

/// The time of day as people write it: `8:05am`, `5pm`, `midday`, `midnight`.
pub fn time_in_words(at: DateTime) -> String {
    match (at.hour(), at.minute()) {
        (0, 0) => "midnight".to_owned(),
        (12, 0) => "midday".to_owned(),
        (_, 0) => at.strftime("%-I%P").to_string(),
        _ => at.strftime("%-I:%M%P").to_string(),
    }
}

/// The instant of a local date and time. Of an hour that comes twice in autumn
/// the first is meant; of one that is left out in spring, the hour after it.
pub fn instant(at: DateTime) -> Option<Timestamp> {
    local_time_zone().to_timestamp(at).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::{date, datetime};

    fn calendar() -> Calendar {
        let (calendar, errors) = Calendar::parse(include_str!("../../../policy/bank-holidays.csv"));
        assert_eq!(errors, []);
        calendar
    }

    /// Easter Sunday by the Gregorian computus (Book of Common Prayer tables, 1752).
    fn easter(year: i16) -> Date {
        let y = i32::from(year);
        let (a, b, c) = (y % 19, y / 100, y % 100);
        let h = (19 * a + b - b / 4 - (b - (b + 8) / 25 + 1) / 3 + 15) % 30;
        let l = (32 + 2 * (b % 4) + 2 * (c / 4) - h - c % 4) % 7;
        let m = (a + 11 * h + 22 * l) / 451;
        let n = h + l - 7 * m + 114;
        date(
            year,
            i8::try_from(n / 31).unwrap(),
            i8::try_from(n % 31 + 1).unwrap(),
        )
    }

    #[test]
    fn easter_of_known_years() {
        for day in [
            date(2015, 4, 5),
            date(2019, 4, 21),
            date(2024, 3, 31),
            date(2028, 4, 16),
        ] {
            assert_eq!(easter(day.year()), day);
        }
    }

    #[test]
    fn every_year_has_its_holidays() {
        let calendar = calendar();
        for year in 2015..=2028 {
            let sunday = easter(year);
            for (days, name) in [(-2, "Good Friday"), (1, "Easter Monday")] {
                assert_eq!(
                    calendar.bank_holiday(add_days(sunday, days)),
                    Ok(Some(name)),
                    "{year}"
                );
            }
            let days: Vec<Date> = calendar
                .holidays
                .keys()
                .copied()
                .filter(|day| day.year() == year)
                .collect();
            let extra = match year {
                2022 => 2,
                2023 => 1,
                _ => 0,
            };
            assert_eq!(days.len(), 8 + extra, "{year}");
            for day in &days {
                let weekend = matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday);
                assert!(!weekend, "{day} is at a weekend");
            }
            let august = days.iter().find(|day| day.month() == 8).unwrap();
            assert_eq!(august.weekday(), Weekday::Monday);
            assert!(august.day() > 24);
        }
    }

    #[test]
    fn working_days() {
        let calendar = calendar();
        for (from, count, expected) in [
            (date(2026, 12, 24), 0, date(2026, 12, 24)),
            (date(2026, 12, 24), 1, date(2026, 12, 29)),
            (date(2026, 12, 25), 0, date(2026, 12, 29)),
            (date(2018, 3, 29), 2, date(2018, 4, 4)),
        ] {
            assert_eq!(calendar.add_working_days(from, count), Ok(expected));
        }
        assert_eq!(
            calendar.working_days_between(date(2018, 3, 29), date(2018, 4, 4)),
            Ok(2)
        );
        assert_eq!(
            calendar.working_days_between(date(2018, 4, 4), date(2018, 4, 4)),
            Ok(0)
        );
        assert_eq!(
            calendar.is_working_day(date(2014, 1, 2)),
            Err(CalendarError::Year { year: 2014 })
        );
    }

    #[test]
    fn bad_rows_are_named() {
        let (calendar, errors) =
            Calendar::parse("date,name\n2026-12-25,Christmas Day\n2026-02-30,No\n2026-12-28,\n");
        assert_eq!(calendar.holidays.len(), 1);
        let texts: Vec<String> = errors.iter().map(ToString::to_string).collect();
        assert_eq!(
            texts,
            [
                "line 3, column date: a date such as 2026-12-25 is expected",
                "line 4, column name: a name is expected",
            ]
        );
    }

    #[test]
    fn local_time_moves_with_the_season() {
        for (utc, expected) in [
            ("2018-01-08T13:30:00Z", datetime(2018, 1, 8, 13, 30, 0, 0)),
            ("2018-08-06T13:30:00Z", datetime(2018, 8, 6, 14, 30, 0, 0)),
            ("2018-03-25T01:00:00Z", datetime(2018, 3, 25, 2, 0, 0, 0)),
            ("2018-10-28T00:59:00Z", datetime(2018, 10, 28, 1, 59, 0, 0)),
            ("2018-10-28T01:00:00Z", datetime(2018, 10, 28, 1, 0, 0, 0)),
        ] {
            assert_eq!(local(utc.parse().unwrap()), expected, "{utc}");
        }
        let summer: Timestamp = "2018-08-06T13:30:00Z".parse().unwrap();
        assert_eq!(instant(local(summer)), Some(summer));
    }
}
