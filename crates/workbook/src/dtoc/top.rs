//! What stands above the table of a sheet: which month it is for, when it was
//! published and revised, and by what it counts.

use super::headings::plain;
use super::table::{HEADING_ROWS, note};
use crate::sheet::{Cell, Sheet, serial_date};
use crate::words;
use jiff::civil::Date;
use kernel::{Issue, Month, Severity};

/// A label at the start of a line of the sheet ("Period:") with the place and the
/// cell of what stands beside it.
pub(super) fn label<'a>(sheet: &'a Sheet, word: &str) -> Option<((u32, u32), Option<&'a Cell>)> {
    sheet
        .rows
        .iter()
        .take(HEADING_ROWS as usize)
        .find_map(|(row, cells)| {
            let (column, cell) = cells.first()?;
            let text = cell.text()?;
            let (start, rest) = text.split_once(':').unwrap_or((text, ""));
            if plain(start) != word {
                return None;
            }
            if !rest.trim().is_empty() {
                return Some(((*row, *column), Some(cell)));
            }
            match cells.get(1) {
                Some((column, cell)) => Some(((*row, *column), Some(cell))),
                None => Some(((*row, *column + 1), None)),
            }
        })
}

/// What stands at the top of the sheets: month and dates.
pub(super) struct Top {
    pub(super) month: Month,
    pub(super) published: (String, Option<Date>),
    pub(super) revised: (String, Option<Date>),
}

impl Top {
    /// Reads it from the sheets that have a table, then from the others.
    pub(super) fn read(
        tables: &[&Sheet],
        all: &[Sheet],
        issues: &mut Vec<Issue>,
    ) -> Result<Self, Issue> {
        let of_tables = || tables.iter().copied();
        // Sheets with a table first, then the others (a cover), each once.
        let others = || {
            all.iter().filter(|sheet| {
                !sheet.hidden && of_tables().all(|table| !std::ptr::eq(table, *sheet))
            })
        };
        for sheet in of_tables() {
            if let Some((at, Some(cell))) = label(sheet, "basis")
                && let Some(basis) = cell.text()
                && !plain(basis).contains("local authority")
            {
                return Err(Issue::new(
                    Severity::Reject,
                    0,
                    sheet.at(at.0, at.1),
                    "wrong-basis",
                    "The sheet is not by local authority. Send the workbook LA Type B.",
                ));
            }
        }
        let mut month: Option<(Month, String)> = None;
        for sheet in of_tables().chain(others()) {
            let Some((at, cell)) = label(sheet, "period") else {
                continue;
            };
            let at = sheet.at(at.0, at.1);
            let read = month_of(cell, &at, issues)?;
            match &month {
                Some((other, place)) if *other != read => {
                    return Err(Issue::new(
                        Severity::Reject,
                        0,
                        at,
                        "months-differ",
                        format!("The sheet is for {read} and {place} says {other}."),
                    ));
                }
                Some(_) => {}
                None => month = Some((read, at)),
            }
        }
        let Some((month, _)) = month else {
            return Err(Issue::new(
                Severity::Reject,
                0,
                tables
                    .first()
                    .map_or(String::new(), |sheet| sheet.name.clone()),
                "month-missing",
                "No sheet says which month it is for. A line \"Period:\" is needed above the table.",
            ));
        };
        let mut dates = ["published", "revised"].map(|word| {
            of_tables()
                .chain(others())
                .find_map(|sheet| {
                    let (at, cell) = label(sheet, word)?;
                    Some(day_of(cell?, &sheet.at(at.0, at.1), issues))
                })
                .unwrap_or_default()
        });
        let revised = std::mem::take(&mut dates[1]);
        let published = std::mem::take(&mut dates[0]);
        Ok(Self {
            month,
            published,
            revised,
        })
    }
}

/// The month beside "Period:".
fn month_of(cell: Option<&Cell>, at: &str, issues: &mut Vec<Issue>) -> Result<Month, Issue> {
    let month = match cell {
        Some(Cell::Text(text)) => words::month(text),
        Some(Cell::Date(date)) => Some(Month::of(*date)),
        Some(Cell::Number(number)) => day_from_number(*number, at, issues).map(Month::of),
        _ => None,
    };
    month.ok_or_else(|| {
        Issue::new(
            Severity::Reject,
            0,
            at,
            "not-a-month",
            "The month cannot be read. Write it as in \"April 2011\".",
        )
    })
}

/// A day number without a date format, taken as a date between 2006 and 2030.
fn day_from_number(number: f64, at: &str, issues: &mut Vec<Issue>) -> Option<Date> {
    let date = serial_date(number, false).filter(|date| (2006..=2030).contains(&date.year()))?;
    issues.push(note(
        at.to_owned(),
        "date-as-number",
        format!("The cell holds a day number, which was read as {date}."),
    ));
    Some(date)
}

/// A publication date: its text and its day. A dash is no date and no fault.
fn day_of(cell: &Cell, at: &str, issues: &mut Vec<Issue>) -> (String, Option<Date>) {
    let (text, day) = match cell {
        Cell::Text(text) => (text.trim().to_owned(), words::date(text)),
        Cell::Date(date) => (date.to_string(), Some(*date)),
        Cell::Number(number) => {
            let day = day_from_number(*number, at, issues);
            (day.map_or_else(String::new, |day| day.to_string()), day)
        }
        Cell::Other => (String::new(), None),
    };
    if day.is_none() && plain(&text).chars().any(|c| c.is_ascii_digit()) {
        issues.push(Issue::new(
            Severity::Part,
            0,
            at,
            "not-a-date",
            "The date cannot be read and was left out. Write it as in \"27 May 2011\".",
        ));
    }
    (text, day)
}
