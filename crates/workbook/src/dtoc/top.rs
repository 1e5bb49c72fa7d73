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
        refuse_other_basis(tables)?;
        // Sheets with a table first, then the others (a cover), each once.
        let is_table = |sheet: &Sheet| tables.iter().any(|table| std::ptr::eq(*table, sheet));
        let others = all.iter().filter(|one| !one.hidden && !is_table(one));
        let sheets: Vec<&Sheet> = tables.iter().copied().chain(others).collect();
        let Some(month) = month_of_all(&sheets, issues)? else {
            let at = tables.first().map_or("", |sheet| &sheet.name);
            return Err(rejected(
                at.to_owned(),
                "month-missing",
                "No sheet says which month it is for. A line \"Period:\" is needed above the table.",
            ));
        };
        let mut dates = ["published", "revised"].map(|word| {
            sheets
                .iter()
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

fn rejected(at: String, code: &'static str, text: impl Into<String>) -> Issue {
    Issue::new(Severity::Reject, 0, at, code, text)
}

/// Refuses a workbook whose figures are not by local authority.
fn refuse_other_basis(tables: &[&Sheet]) -> Result<(), Issue> {
    for sheet in tables {
        if let Some((at, Some(cell))) = label(sheet, "basis")
            && let Some(basis) = cell.text()
            && !plain(basis).contains("local authority")
        {
            return Err(rejected(
                sheet.at(at.0, at.1),
                "wrong-basis",
                "The sheet is not by local authority. Send the workbook LA Type B.",
            ));
        }
    }
    Ok(())
}

/// The one month that sheets say they are for, if any says one.
fn month_of_all(sheets: &[&Sheet], issues: &mut Vec<Issue>) -> Result<Option<Month>, Issue> {
    let mut month: Option<(Month, String)> = None;
    for sheet in sheets {
        let Some((at, cell)) = label(sheet, "period") else {
            continue;
        };
        let at = sheet.at(at.0, at.1);
        let read = month_of(cell, &at, issues)?;
        match &month {
            Some((other, place)) if *other != read => {
                let text = format!("The sheet is for {read} and {place} says {other}.");
                return Err(rejected(at, "months-differ", text));
            }
            Some(_) => {}
            None => month = Some((read, at)),
        }
    }
    Ok(month.map(|(month, _)| month))
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
