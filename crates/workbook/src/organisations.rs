//! Lists of organisations of the NHS Organisation Data Service (ODS), as published.
//!
//! Source: ODS CSV files (NHS England): 27 columns without headings. Read are the code (1), the
//! name (2), five lines of address (5 to 9), the postcode (10), the day of opening (11) and of
//! closing (12) as `YYYYMMDD`, the telephone (18), and in `epraccur` the prescribing setting (26),
//! of which 4 is a GP practice. The other columns are left as they are: the file is kept whole.
//! Which file it is says its name.

use crate::csv_text;
use csv::{ReaderBuilder, StringRecord};
use jiff::civil::Date;
use kernel::{Issue, OdsCode, Severity, limits};
use place::register::{Listed, ListedAs};
use std::borrow::Cow;
use std::collections::HashSet;

/// Columns of every file.
const COLUMNS: usize = 27;
/// Prescribing setting of a GP practice.
const GP_PRACTICE: &str = "4";

/// A list as read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Organisations {
    /// Organisations that could be read, in the order of the file.
    pub listed: Vec<Listed>,
    /// Number of lines.
    pub records: u32,
    /// What was wrong, with line and column.
    pub issues: Vec<Issue>,
}

/// Reads a list; `name` is that of the file.
///
/// # Errors
/// What makes the whole file unusable.
pub fn read(name: &str, bytes: &[u8]) -> Result<Organisations, Vec<Issue>> {
    let listed_as = ListedAs::of_file(name).ok_or_else(|| {
        vec![Issue::file(
            "file-unknown",
            format!(
                "What is listed is known from the name of the file. Name it as it is published: {}.",
                ListedAs::files()
            ),
        )]
    })?;
    if bytes.is_empty() || bytes.contains(&0) {
        return Err(vec![Issue::file(
            "not-a-table",
            "The file is not a table of text. Unpack it first if it is a ZIP file.",
        )]);
    }
    let text = csv_text::plain_lines(&text(bytes));
    let mut reader = ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .from_reader(text.trim_start_matches('\u{feff}').as_bytes());
    let mut all = Organisations::default();
    let mut seen = HashSet::new();
    for cells in reader.records() {
        let Ok(cells) = cells else {
            return Err(vec![Issue::file(
                "not-a-table",
                "The file is not a table of text.",
            )]);
        };
        if all.records >= limits::SHEET_ROWS {
            return Err(vec![Issue::file(
                "too-many-lines",
                format!("The table has more than {} lines.", limits::SHEET_ROWS),
            )]);
        }
        all.records += 1;
        let line = cells.position().map_or(0, csv::Position::line);
        let read = one(listed_as, &cells).and_then(|listed| {
            if seen.insert(listed.code.clone()) {
                Ok(listed)
            } else {
                Err(("1", "An earlier line has this code"))
            }
        });
        match read {
            Ok(listed) => all.listed.push(listed),
            Err((column, text)) => all.issues.push(Issue::new(
                Severity::Reject,
                all.records,
                format!("line {line}, column {column}"),
                "line-wrong",
                format!("{text}. The line was left out."),
            )),
        }
    }
    Ok(all)
}

/// The bytes as text: UTF-8, or else the code page of older exports, where it is the same as
/// Latin-1 for the letters of names.
fn text(bytes: &[u8]) -> Cow<'_, str> {
    match std::str::from_utf8(bytes) {
        Ok(text) => Cow::Borrowed(text),
        Err(_) => Cow::Owned(bytes.iter().map(|byte| char::from(*byte)).collect()),
    }
}

fn one(listed_as: ListedAs, cells: &StringRecord) -> Result<Listed, (&'static str, &'static str)> {
    if cells.len() != COLUMNS {
        return Err(("27", "The line does not have 27 columns"));
    }
    let cell = |column: usize| cells.get(column - 1).unwrap_or("").trim();
    let code = OdsCode::new(cell(1)).ok_or(("1", "The code is not 3 to 10 letters and digits"))?;
    if cell(2).is_empty() {
        return Err(("2", "The name is missing"));
    }
    let address: Vec<&str> = (5..=9).map(cell).filter(|part| !part.is_empty()).collect();
    let listed_as = match listed_as {
        ListedAs::Practice if cell(26) != GP_PRACTICE => ListedAs::Prescriber,
        other => other,
    };
    Ok(Listed {
        code: code.as_str().to_owned(),
        listed_as,
        name: cell(2).to_owned(),
        address: address.join(", "),
        postcode: cell(10).to_ascii_uppercase(),
        telephone: cell(18).to_owned(),
        opened_on: day(cell(11)).map_err(|text| ("11", text))?,
        closed_on: day(cell(12)).map_err(|text| ("12", text))?,
    })
}

fn day(text: &str) -> Result<Option<Date>, &'static str> {
    if text.is_empty() {
        return Ok(None);
    }
    let digits = text.len() == 8 && text.bytes().all(|b| b.is_ascii_digit());
    let part = |from: usize, to: usize| text.get(from..to).unwrap_or_default();
    let year = part(0, 4).parse().ok().filter(|_| digits);
    let day = year
        .zip(part(4, 6).parse().ok())
        .zip(part(6, 8).parse().ok())
        .and_then(|((year, month), day)| Date::new(year, month, day).ok());
    day.map(Some).ok_or("The day is not written as 20261224")
}
