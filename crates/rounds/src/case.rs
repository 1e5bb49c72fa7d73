//! Home care as a place writes it down: one JSON file, or two CSV files, to a problem.
//!
//! The shape is published in `docs/reference/schemas/rounds-problem.json`. Days are dates,
//! times of day are `HH:MM`, lengths are whole minutes. Everything that is wrong is said at
//! once, with where it is; nothing is planned from a file with an error.

mod build;
pub mod csv;
pub mod file;

use crate::Error;
use crate::problem::Problem;
use crate::settings::Settings;
use file::File;
use jiff::civil::Date;

/// Ticks in a minute: seconds.
pub const TICKS: i64 = 60;
/// Most visits in one file.
pub const MOST_VISITS: usize = 20_000;
/// Most places, carers and people in one file.
pub const MOST_OTHERS: usize = 5_000;
/// Most days that are planned at once.
pub const MOST_DAYS: i64 = 7;
/// Most findings that are told of one file; the rest are counted.
pub const MOST_FINDINGS: usize = 50;

/// A problem with its calendar.
#[derive(Clone, Debug)]
pub struct Case {
    /// What is to be planned.
    pub problem: Problem,
    /// The first day.
    pub start: Date,
    /// How many days.
    pub days: i64,
    /// The file it was read from.
    pub file: File,
}

/// Reads JSON text into a file; places of syntax errors are lines and columns.
///
/// # Errors
/// If it is not JSON or not of this shape.
pub fn parse(text: &str) -> Result<File, Error> {
    serde_json::from_str(text).map_err(|error| Error::File(error.to_string()))
}

/// Builds the problem of a file.
///
/// # Errors
/// [`Error::Case`] with everything that is wrong in it.
pub fn build(file: File, settings: &Settings) -> Result<Case, Error> {
    build::build(file, settings)
}

impl Case {
    /// Minutes from the start of the plan as day and time: `2026-11-30 07:15`.
    pub fn moment(&self, ticks: i64) -> String {
        let (day, time) = self.day_and_time(ticks);
        format!("{day} {time}")
    }

    /// The day and the time of day, to the minute.
    pub fn day_and_time(&self, ticks: i64) -> (Date, String) {
        let minutes = ticks.div_euclid(TICKS);
        let (day, minute) = (minutes.div_euclid(1_440), minutes.rem_euclid(1_440));
        let date = self.start.saturating_add(jiff::Span::new().days(day));
        (date, format!("{:02}:{:02}", minute / 60, minute % 60))
    }
}
