//! Reads what is to be planned, whichever form it is in.

use super::unusable;
use crate::failure::Failure;
use crate::open::At;
use rounds::Problem;
use rounds::case::{self, Case};
use rounds::settings::Settings;
use std::fs;
use std::path::Path;

/// What is planned.
pub(super) enum Input {
    /// Home care, with its calendar.
    Care(Box<Case>),
    /// A benchmark problem.
    Benchmark(Box<Problem>),
}

impl Input {
    pub(super) fn problem(&self) -> &Problem {
        match self {
            Self::Care(case) => &case.problem,
            Self::Benchmark(problem) => problem,
        }
    }

    pub(super) fn is_care(&self) -> bool {
        matches!(self, Self::Care(_))
    }

    /// A time of a report: a day and time of day in care, else the number.
    pub(super) fn moment(&self, units: f64) -> String {
        match self {
            Self::Care(case) => case.moment((units * case::TICKS as f64).round() as i64),
            Self::Benchmark(_) => units.to_string(),
        }
    }
}

/// Reads a file of home care or of a benchmark.
pub(super) fn read(path: &Path, carers: Option<&Path>, at: &At) -> Result<Input, Failure> {
    let bytes = bytes(path)?;
    if let Some(carers) = carers {
        let carers = self::bytes(carers)?;
        let name = path
            .file_stem()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        let file =
            case::csv::read(&name, &bytes, &carers).map_err(|error| refused(path, &error))?;
        return care(path, file, at);
    }
    let text = text(path, bytes)?;
    if text.trim_start().starts_with('{') {
        let file = case::parse(&text).map_err(|error| refused(path, &error))?;
        return care(path, file, at);
    }
    let name = path
        .file_stem()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned();
    let problem = rounds::formats::problem(&name, &text).map_err(|error| refused(path, &error))?;
    Ok(Input::Benchmark(Box::new(problem)))
}

/// Builds home care from a file, with the settings of its first day.
pub(super) fn care(path: &Path, file: case::file::File, at: &At) -> Result<Input, Failure> {
    let settings = settings(&file, at)?;
    let case = case::build(file, &settings).map_err(|error| refused(path, &error))?;
    Ok(Input::Care(Box::new(case)))
}

/// The settings of the first day of a file. A day that cannot be read is told by the builder.
pub(super) fn settings(file: &case::file::File, at: &At) -> Result<Settings, Failure> {
    let policy = at.read_policy()?;
    let day = file
        .start
        .parse()
        .unwrap_or_else(|_| jiff::civil::date(2026, 11, 30));
    Settings::on(&policy.parameters, day).map_err(|error| Failure::Refused(error.to_string()))
}

/// The bytes of a file, if it is not too large.
pub(super) fn bytes(path: &Path) -> Result<Vec<u8>, Failure> {
    let size = fs::metadata(path)
        .map_err(|error| unusable(path, &error))?
        .len();
    let most = kernel::limits::ARRIVAL_BYTES as u64;
    if size > most {
        return Err(Failure::Refused(format!(
            "{}: {size} bytes; at most {most} are read: divide the file by zone",
            path.display()
        )));
    }
    fs::read(path).map_err(|error| unusable(path, &error))
}

/// A file as text.
pub(super) fn text(path: &Path, bytes: Vec<u8>) -> Result<String, Failure> {
    String::from_utf8(bytes)
        .map_err(|_| Failure::Refused(format!("{}: this is no text in UTF-8", path.display())))
}

/// What is wrong with a file, in words, without control characters.
pub(super) fn refused(path: &Path, error: &rounds::Error) -> Failure {
    let said: String = error
        .to_string()
        .chars()
        .filter(|one| *one == '\n' || !one.is_control())
        .collect();
    Failure::Refused(format!("{}: {said}", path.display()))
}
