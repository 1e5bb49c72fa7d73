//! Effective-dated parameters: values that change by year are data, not code.
//!
//! A file is CSV with the header
//! `key,jurisdiction,valid_from,valid_to,value,unit,source,confidence`. The unit
//! decides the type of the value. A value that is not there is an error that
//! names key, jurisdiction and date; nothing is ever guessed.

use crate::Pence;
use jiff::civil::{Date, Time};
use std::collections::BTreeMap;
use std::fmt;

/// How sure we are of a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Confidence {
    /// Seen in the primary source or a trustworthy copy of it.
    Found,
    /// Worked out from found values.
    Derived,
    /// From memory: check before relying on it. Results that rest on it say so.
    Memory,
    /// Chosen by a place (or by us, for a place to change).
    Local,
}

impl Confidence {
    /// The word it is written as.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Found => "found",
            Self::Derived => "derived",
            Self::Memory => "memory",
            Self::Local => "local",
        }
    }

    /// Reads the word; `None` if it is none of them.
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Found, Self::Derived, Self::Memory, Self::Local]
            .into_iter()
            .find(|value| value.as_str() == text)
    }
}

impl fmt::Display for Confidence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// An exact decimal number, as a whole number and how many of its digits stand
/// after the point: 3.50 is 350 and 2.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Decimal {
    /// All digits as one whole number.
    pub units: i64,
    /// Digits after the point, at most 9.
    pub scale: u8,
}

impl Decimal {
    /// Reads `12`, `3.5`, `-0.25`; `None` for anything else or more than 9 decimals.
    pub fn parse(text: &str) -> Option<Self> {
        let (negative, digits) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text),
        };
        let (whole, part) = digits.split_once('.').unwrap_or((digits, ""));
        let only_digits = |t: &str| t.bytes().all(|b| b.is_ascii_digit());
        let shaped = !whole.is_empty() && only_digits(whole) && only_digits(part);
        if !shaped || part.len() > 9 || (digits.contains('.') && part.is_empty()) {
            return None;
        }
        let units: i64 = format!("{whole}{part}").parse().ok()?;
        let scale = u8::try_from(part.len()).ok()?;
        Some(Self {
            units: if negative { -units } else { units },
            scale,
        })
    }

    /// The same number without noughts at the end of its decimals.
    pub fn shortest(self) -> Self {
        let mut one = self;
        while one.scale > 0 && one.units % 10 == 0 {
            one.units /= 10;
            one.scale -= 1;
        }
        one
    }
}

impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.units < 0 { "-" } else { "" };
        let digits = self.units.unsigned_abs().to_string();
        let scale = usize::from(self.scale);
        let padded = format!("{digits:0>width$}", width = scale + 1);
        let (whole, part) = padded.split_at(padded.len() - scale);
        if part.is_empty() {
            write!(f, "{sign}{whole}")
        } else {
            write!(f, "{sign}{whole}.{part}")
        }
    }
}

/// A value, typed by its unit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// Unit `text`.
    Text(String),
    /// Units `count`, `days`, `hours`, `minutes`, `weeks`, `years`, `people`.
    Integer(i64),
    /// Units that begin with `GBP`, such as `GBP/day`; written in pounds.
    Pence(Pence),
    /// Unit `date`.
    Date(Date),
    /// Unit `time`, a local time of day.
    Time(Time),
    /// Unit `flag`: `yes` or `no`.
    Flag(bool),
    /// Units `percent`, `ratio` and those that begin with `per `.
    Decimal(Decimal),
}

impl Value {
    fn read(text: &str, unit: &str) -> Result<Self, &'static str> {
        match unit {
            "text" => Ok(Self::Text(text.to_owned())),
            "count" | "days" | "hours" | "minutes" | "weeks" | "years" | "people" => text
                .parse()
                .map(Self::Integer)
                .map_err(|_| "a whole number"),
            "date" => text
                .parse()
                .map(Self::Date)
                .map_err(|_| "a date such as 2026-04-01"),
            "time" => text
                .parse()
                .map(Self::Time)
                .map_err(|_| "a time of day such as 14:00"),
            "flag" => match text {
                "yes" => Ok(Self::Flag(true)),
                "no" => Ok(Self::Flag(false)),
                _ => Err("yes or no"),
            },
            _ if unit.starts_with("GBP") => pounds(text)
                .map(Self::Pence)
                .ok_or("an amount in pounds with at most two decimals, such as 562 or 254.06"),
            _ => Decimal::parse(text)
                .map(Self::Decimal)
                .ok_or("a number such as 3.5"),
        }
    }
}

fn pounds(text: &str) -> Option<Pence> {
    let amount = Decimal::parse(text)?;
    let factor = match amount.scale {
        0 => 100,
        1 => 10,
        2 => 1,
        _ => return None,
    };
    amount.units.checked_mul(factor).map(Pence)
}

fn known_unit(unit: &str) -> bool {
    matches!(
        unit,
        "text"
            | "count"
            | "days"
            | "hours"
            | "minutes"
            | "weeks"
            | "years"
            | "people"
            | "date"
            | "time"
            | "flag"
            | "percent"
            | "ratio"
            | "GBP"
    ) || unit.starts_with("GBP/")
        || unit.starts_with("per ")
}

/// One value of a key in a jurisdiction for a stretch of days.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parameter {
    /// Dotted lower-case name, such as `dtoc.count_ready_day`.
    pub key: String,
    /// Where it holds, such as `England`.
    pub jurisdiction: String,
    /// First day it holds.
    pub valid_from: Date,
    /// Last day it holds; `None` while it still does.
    pub valid_to: Option<Date>,
    /// The value.
    pub value: Value,
    /// The unit as written.
    pub unit: String,
    /// Where the value comes from.
    pub source: String,
    /// How sure we are.
    pub confidence: Confidence,
    /// Line of the file it was read from, from 1.
    pub line: u64,
}

/// What can go wrong with parameters.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ParameterError {
    /// The file has no header or not the right one.
    #[error("line 1: the header must be {expected}")]
    Header {
        /// The columns wanted, with commas.
        expected: &'static str,
    },
    /// One field of one row cannot be read.
    #[error("line {line}, column {column}: {text}")]
    Row {
        /// Line from 1; the header is line 1.
        line: u64,
        /// Name of the column; empty for the row as a whole.
        column: &'static str,
        /// What is expected.
        text: String,
    },
    /// Two rows of a key and jurisdiction hold on the same day.
    #[error(
        "line {line}, column valid_from: {key} ({jurisdiction}) overlaps line {other}; end one before the other begins"
    )]
    Overlap {
        /// Line of the row that is refused.
        line: u64,
        /// Line of the row that stays.
        other: u64,
        /// The key.
        key: String,
        /// The jurisdiction.
        jurisdiction: String,
    },
    /// No row holds on the day.
    #[error("no value of {key} for {jurisdiction} on {date}: add a row to policy/parameters")]
    Missing {
        /// The key.
        key: String,
        /// The jurisdiction.
        jurisdiction: String,
        /// The day asked for.
        date: Date,
    },
    /// The row's unit makes another type than the rule needs.
    #[error(
        "{key} for {jurisdiction} from {date} has the unit {unit}; a value of type {wanted} is needed"
    )]
    Type {
        /// The key.
        key: String,
        /// The jurisdiction.
        jurisdiction: String,
        /// First day of the row.
        date: Date,
        /// Its unit.
        unit: String,
        /// The type the rule needs.
        wanted: &'static str,
    },
}

/// The header of a parameter file.
pub const HEADER: &str = "key,jurisdiction,valid_from,valid_to,value,unit,source,confidence";

impl Parameter {
    fn wrong(&self, wanted: &'static str) -> ParameterError {
        ParameterError::Type {
            key: self.key.clone(),
            jurisdiction: self.jurisdiction.clone(),
            date: self.valid_from,
            unit: self.unit.clone(),
            wanted,
        }
    }

    /// The value as text.
    ///
    /// # Errors
    /// If its unit is another.
    pub fn text(&self) -> Result<&str, ParameterError> {
        if let Value::Text(value) = &self.value {
            Ok(value)
        } else {
            Err(self.wrong("text"))
        }
    }

    /// The value as a whole number.
    ///
    /// # Errors
    /// If its unit is another.
    pub fn integer(&self) -> Result<i64, ParameterError> {
        if let Value::Integer(v) = self.value {
            Ok(v)
        } else {
            Err(self.wrong("whole number"))
        }
    }

    /// The value as money.
    ///
    /// # Errors
    /// If its unit is another.
    pub fn pence(&self) -> Result<Pence, ParameterError> {
        if let Value::Pence(value) = self.value {
            Ok(value)
        } else {
            Err(self.wrong("money"))
        }
    }

    /// The value as a date.
    ///
    /// # Errors
    /// If its unit is another.
    pub fn date(&self) -> Result<Date, ParameterError> {
        if let Value::Date(value) = self.value {
            Ok(value)
        } else {
            Err(self.wrong("date"))
        }
    }

    /// The value as a time of day.
    ///
    /// # Errors
    /// If its unit is another.
    pub fn time(&self) -> Result<Time, ParameterError> {
        if let Value::Time(value) = self.value {
            Ok(value)
        } else {
            Err(self.wrong("time"))
        }
    }

    /// The value as yes or no.
    ///
    /// # Errors
    /// If its unit is another.
    pub fn flag(&self) -> Result<bool, ParameterError> {
        if let Value::Flag(value) = self.value {
            Ok(value)
        } else {
            Err(self.wrong("flag"))
        }
    }

    /// The value as an exact decimal.
    ///
    /// # Errors
    /// If its unit is another.
    pub fn decimal(&self) -> Result<Decimal, ParameterError> {
        if let Value::Decimal(v) = self.value {
            Ok(v)
        } else {
            Err(self.wrong("decimal"))
        }
    }

    /// True if the row holds on a day.
    pub fn holds_on(&self, date: Date) -> bool {
        self.valid_from <= date && self.valid_to.is_none_or(|last| date <= last)
    }

    fn overlaps(&self, other: &Self) -> bool {
        self.valid_from <= other.valid_to.unwrap_or(Date::MAX)
            && other.valid_from <= self.valid_to.unwrap_or(Date::MAX)
    }
}

/// All parameters known.
#[derive(Clone, Debug, Default)]
pub struct Parameters {
    rows: BTreeMap<(String, String), Vec<Parameter>>,
}

impl Parameters {
    /// Adds the rows of one file. Good rows go in; each bad one is an error and
    /// stays out. Of two rows that overlap the first stays.
    pub fn add_csv(&mut self, text: &str) -> Vec<ParameterError> {
        let mut errors = Vec::new();
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let mut reader = csv::ReaderBuilder::new()
            .flexible(true)
            .from_reader(text.as_bytes());
        let good_header = reader
            .headers()
            .is_ok_and(|h| h.iter().eq(HEADER.split(',')));
        if !good_header {
            return vec![ParameterError::Header { expected: HEADER }];
        }
        for record in reader.records() {
            let read = match &record {
                Ok(record) => read_row(record),
                Err(error) => Err(ParameterError::Row {
                    line: error.position().map_or(0, csv::Position::line),
                    column: "",
                    text: "the line cannot be read as CSV in UTF-8".to_owned(),
                }),
            };
            if let Err(error) = read.and_then(|row| self.add(row)) {
                errors.push(error);
            }
        }
        errors
    }

    /// Adds one row.
    ///
    /// # Errors
    /// If it overlaps a row of the same key and jurisdiction.
    pub fn add(&mut self, row: Parameter) -> Result<(), ParameterError> {
        let rows = self
            .rows
            .entry((row.key.clone(), row.jurisdiction.clone()))
            .or_default();
        if let Some(other) = rows.iter().find(|other| other.overlaps(&row)) {
            return Err(ParameterError::Overlap {
                line: row.line,
                other: other.line,
                key: row.key,
                jurisdiction: row.jurisdiction,
            });
        }
        rows.push(row);
        rows.sort_by_key(|row| row.valid_from);
        Ok(())
    }

    /// The value that holds on a day.
    ///
    /// # Errors
    /// [`ParameterError::Missing`] naming key, jurisdiction and date.
    pub fn get(
        &self,
        key: &str,
        jurisdiction: &str,
        date: Date,
    ) -> Result<&Parameter, ParameterError> {
        self.rows
            .get(&(key.to_owned(), jurisdiction.to_owned()))
            .and_then(|rows| rows.iter().find(|row| row.holds_on(date)))
            .ok_or_else(|| ParameterError::Missing {
                key: key.to_owned(),
                jurisdiction: jurisdiction.to_owned(),
                date,
            })
    }

    /// Every row, by key, jurisdiction and first day.
    pub fn iter(&self) -> impl Iterator<Item = &Parameter> {
        self.rows.values().flatten()
    }
}

/// A row under its header.
struct CsvRow<'a>(&'a csv::StringRecord);

impl CsvRow<'_> {
    fn field(&self, column: usize) -> &str {
        self.0.get(column).unwrap_or_default().trim()
    }

    fn line(&self) -> u64 {
        self.0.position().map_or(0, csv::Position::line)
    }

    fn wrong(&self, column: &'static str, text: impl Into<String>) -> ParameterError {
        ParameterError::Row {
            line: self.line(),
            column,
            text: text.into(),
        }
    }

    fn key(&self) -> Result<String, ParameterError> {
        let key = self.field(0);
        let letters = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b"._".contains(&b);
        if key.is_empty() || !key.bytes().all(letters) {
            let text = "lower-case letters, digits, dots and underlines are expected";
            return Err(self.wrong("key", text));
        }
        Ok(key.to_owned())
    }

    fn filled(
        &self,
        column: usize,
        name: &'static str,
        say: &str,
    ) -> Result<String, ParameterError> {
        match self.field(column) {
            "" => Err(self.wrong(name, say)),
            text => Ok(text.to_owned()),
        }
    }

    fn date(&self, column: usize, name: &'static str) -> Result<Date, ParameterError> {
        let read = self.field(column).parse();
        read.map_err(|_| self.wrong(name, "a date such as 2026-04-01 is expected"))
    }

    /// First and last day.
    fn dates(&self) -> Result<(Date, Option<Date>), ParameterError> {
        let first = self.date(2, "valid_from")?;
        let last = match self.field(3) {
            "" => None,
            _ => Some(self.date(3, "valid_to")?),
        };
        if last.is_some_and(|last| last < first) {
            return Err(self.wrong("valid_to", "the last day must not be before the first"));
        }
        Ok((first, last))
    }

    fn value(&self) -> Result<(Value, String), ParameterError> {
        let say = "it is empty; leave the whole row out if the value is not known";
        let text = self.filled(4, "value", say)?;
        let unit = self.field(5);
        if !known_unit(unit) {
            let text = "not a known unit: see docs/reference/policy-files.md";
            return Err(self.wrong("unit", text));
        }
        let value = Value::read(&text, unit).map_err(|expected| {
            self.wrong(
                "value",
                format!("{expected} is expected for the unit {unit}"),
            )
        })?;
        Ok((value, unit.to_owned()))
    }
}

fn read_row(record: &csv::StringRecord) -> Result<Parameter, ParameterError> {
    let row = CsvRow(record);
    if record.len() != 8 {
        return Err(row.wrong(
            "",
            format!("8 columns are expected, {} found", record.len()),
        ));
    }
    let key = row.key()?;
    let say = "it must say where the value holds, such as England";
    let jurisdiction = row.filled(1, "jurisdiction", say)?;
    let (valid_from, valid_to) = row.dates()?;
    let (value, unit) = row.value()?;
    let source = row.filled(6, "source", "it must say where the value comes from")?;
    let confidence = Confidence::parse(row.field(7))
        .ok_or_else(|| row.wrong("confidence", "found, derived, memory or local is expected"))?;
    Ok(Parameter {
        key,
        jurisdiction,
        valid_from,
        valid_to,
        value,
        unit,
        source,
        confidence,
        line: row.line(),
    })
}

#[cfg(test)]
mod tests;
