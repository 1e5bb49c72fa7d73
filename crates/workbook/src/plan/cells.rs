//! Headings, amounts and dates of cells.

use super::Reader;
use crate::sheet::{Cell, Sheet};
use fund::amount::{Percent, pounds};
use jiff::civil::Date;
use kernel::Pence;
use kernel::money::MoneyError;

/// Words of a heading: lower case, without punctuation.
pub(super) fn plain(text: &str) -> String {
    text.chars()
        .take(400)
        .map(|c| if c.is_alphanumeric() { c } else { ' ' })
        .collect::<String>()
        .to_lowercase()
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ")
}

/// The text of a cell, of a merged block too; empty for anything else.
pub(super) fn text(sheet: &Sheet, row: u32, column: u32) -> String {
    match sheet.get(row, column) {
        Some(Cell::Text(text)) => text.trim().to_owned(),
        Some(Cell::Number(number)) => format!("{number}"),
        _ => String::new(),
    }
}

/// The financial years that a text names: `2023-24`, `23/24`, and both of `2023-25`.
pub(super) fn financial_years(text: &str) -> Vec<String> {
    let mut numbers: Vec<(usize, usize, &str)> = Vec::new();
    let mut start = None;
    for (at, c) in text.char_indices().chain([(text.len(), ' ')]) {
        match (c.is_ascii_digit(), start) {
            (true, None) => start = Some(at),
            (false, Some(from)) => {
                numbers.push((from, at, &text[from..at]));
                start = None;
            }
            _ => {}
        }
    }
    for pair in numbers.windows(2) {
        let ((_, end, first), (next, _, second)) = (pair[0], pair[1]);
        let between = text[end..next].trim();
        if !matches!(between, "-" | "/" | "\u{2013}" | "to") {
            continue;
        }
        let whole = |digits: &str| match digits.len() {
            4 => digits.parse::<i16>().ok(),
            2 => digits.parse::<i16>().ok().map(|short| 2000 + short),
            _ => None,
        };
        let (Some(first), Some(second)) = (whole(first), whole(second)) else {
            continue;
        };
        if (2014..2100).contains(&first) && (1..=2).contains(&(second - first)) {
            return (first..second).map(super::written).collect();
        }
    }
    Vec::new()
}

/// An amount in a cell.
pub(super) enum Amount {
    /// Read.
    Read(Pence),
    /// Nothing is there.
    Empty,
    /// Something is there and cannot be used; an issue says so.
    Wrong,
}

/// Reads an amount. A text is read where it can only mean one amount, and noted.
pub(super) fn amount(reader: &mut Reader, sheet: &Sheet, row: u32, column: u32) -> Amount {
    let Some(cell) = sheet.get(row, column) else {
        return Amount::Empty;
    };
    let read = if is_over_rows(sheet, row, column) {
        Err((
            "merged-amount",
            "The amount stands in merged cells and could be of any of their lines. Split the \
             cells and write each line's own amount."
                .to_owned(),
        ))
    } else {
        amount_of(cell)
    };
    // Nought is no money: rows that are not used are often hidden.
    if read != Ok(Pence(0)) && !reader.sees(sheet, row, column) {
        return Amount::Wrong;
    }
    let at = sheet.at(row, column);
    match read {
        Ok(amount) => {
            if cell.text().is_some() {
                reader.note(
                    &at,
                    "amount-as-text",
                    "The amount is written as text. It was read; write it as a number.",
                );
            }
            Amount::Read(amount)
        }
        Err((code, why)) => {
            reader.part(&at, code, why);
            Amount::Wrong
        }
    }
}

/// Whether a cell lies in a merged block that goes over several rows.
fn is_over_rows(sheet: &Sheet, row: u32, column: u32) -> bool {
    sheet.merged.iter().any(|(top, left, bottom, right)| {
        top < bottom && (*top..=*bottom).contains(&row) && (*left..=*right).contains(&column)
    })
}

/// The amount of a cell, or the code of what is wrong with it and the reason.
fn amount_of(cell: &Cell) -> Result<Pence, (&'static str, String)> {
    let read = match cell {
        Cell::Number(number) => number_amount(*number),
        Cell::Text(written) => pounds(written),
        Cell::Date(_) => {
            return Err((
                "date-for-amount",
                "The cell is formatted as a date and should be an amount. Format it as a number \
                 and look at it again."
                    .to_owned(),
            ));
        }
        Cell::Other => {
            return Err((
                "formula-error",
                "The cell is an error of a formula, or true or false. Put the formula right, \
                 calculate and save the workbook."
                    .to_owned(),
            ));
        }
    };
    match read {
        Ok(amount) if amount.0 < 0 => Err((
            "amount-below-nought",
            "The amount is below nought; income and expenditure are not. Write what is paid."
                .to_owned(),
        )),
        Ok(amount) => Ok(amount),
        Err(error) => Err((
            "not-an-amount",
            format!("The cell cannot be read: {error}."),
        )),
    }
}

/// A number as an amount, from its digits. Workbooks keep numbers in binary, so that what was
/// typed as 12.35 may come as 12.349999999999999: it is read to six decimals.
fn number_amount(number: f64) -> Result<Pence, MoneyError> {
    if !number.is_finite() {
        return Err(MoneyError::NotAnAmount);
    }
    let digits = format!("{number:.6}");
    let digits = digits.trim_end_matches('0').trim_end_matches('.');
    pounds(if digits == "-0" { "0" } else { digits })
}

/// A percentage: `0.6` and `60` in a cell, or `60%` as text.
pub(super) fn percent(
    reader: &mut Reader,
    sheet: &Sheet,
    row: u32,
    column: u32,
) -> Option<Percent> {
    let at = sheet.at(row, column);
    let cell = sheet.get(row, column)?;
    if !reader.sees(sheet, row, column) {
        return None;
    }
    let read = match cell {
        // A cell that is formatted as a percentage holds a part of one.
        Cell::Number(number) if (0.0..=1.0).contains(number) => {
            Percent::parse(&format!("{:.6}", number * 100.0))
        }
        Cell::Number(number) => Percent::parse(&format!("{number:.6}")),
        Cell::Text(text) => Percent::parse(text),
        _ => None,
    };
    let read = read.filter(|percent| *percent <= Percent::WHOLE);
    if read.is_none() {
        reader.part(
            &at,
            "not-a-percentage",
            "The cell is not a percentage from 0 to 100. Write it such as 60%.",
        );
    }
    read
}

/// A day. A number that is not formatted as a date is not taken for one.
pub(super) fn day(reader: &mut Reader, sheet: &Sheet, row: u32, column: u32) -> Option<Date> {
    let at = sheet.at(row, column);
    let cell = sheet.get(row, column)?;
    if !reader.sees(sheet, row, column) {
        return None;
    }
    match cell {
        Cell::Date(date) => Some(*date),
        Cell::Text(text) => {
            let read = crate::words::date(text);
            if read.is_none() {
                reader.part(
                    &at,
                    "not-a-date",
                    "The cell is not a date. Write it such as 28/03/2025.",
                );
            }
            read
        }
        _ => {
            reader.part(
                &at,
                "date-as-number",
                "The cell is a number and should be a date. Format it as a date and look at it \
                 again.",
            );
            None
        }
    }
}
