//! The return of a pooled fund as a workbook that is written: a table for each sheet, what is missing, and
//! what is behind each cell. Every amount leads to the lines behind it.
//!
//! In words: amounts are numbers of pounds with two decimals, so that a spreadsheet can add them up; what
//! is missing is an empty cell. The same return makes the same bytes.

use fund::returns::{Behind, Cell, Column, Return, Sheet, Value, lineage};
use kernel::Pence;
use rust_xlsxwriter::{
    DocProperties, ExcelDateTime, Format, FormatAlign, Url, Workbook, Worksheet, XlsxError,
};
use std::collections::BTreeMap;

/// Most lines of what is behind cells that a workbook has; a spreadsheet holds little more.
const LINES: usize = 1_000_000;

/// Name of the sheet with what is behind cells.
const BEHIND: &str = "Behind each cell";

/// Why a return cannot be written.
#[derive(Debug, thiserror::Error)]
#[error("the workbook cannot be written: {0}")]
pub struct WriteError(#[from] XlsxError);

/// Writes a return as `.xlsx`. `about` stands under each title, such as the day and the hash.
///
/// # Errors
/// More rows than a sheet holds.
pub fn write(one: &Return, about: &str) -> Result<Vec<u8>, WriteError> {
    let lines = lines(one);
    let starts = starts(&lines);
    let mut book = Workbook::new();
    // A fixed day, so that the same return makes the same bytes.
    let made = ExcelDateTime::from_ymd(2000, 1, 1)?;
    book.set_properties(&DocProperties::new().set_creation_datetime(&made));
    for sheet in Sheet::ALL {
        let page = book.add_worksheet();
        page.set_name(sheet.as_str())?;
        table(page, one, *sheet, about, &starts)?;
    }
    missing(book.add_worksheet(), one)?;
    behind(book.add_worksheet(), &lines)?;
    Ok(book.save_to_buffer()?)
}

/// A line of what is behind a cell, kept.
struct Line {
    cell: String,
    what: &'static str,
    reference: String,
    month: String,
    amount: Option<Pence>,
    people: usize,
}

fn lines(one: &Return) -> Vec<Line> {
    let mut all = Vec::new();
    // What takes the lines does not fail: it only has enough at some point.
    let _ = lineage(one, false, &mut |line| match all.len() < LINES {
        true => {
            all.push(Line {
                cell: line.cell.to_owned(),
                what: line.what,
                reference: line.reference.to_owned(),
                month: line
                    .month
                    .map_or_else(String::new, |month| month.to_string()),
                amount: line.amount,
                people: line.people,
            });
            Ok(())
        }
        false => Err(()),
    });
    all
}

/// The row on which what is behind a cell begins, by its key.
fn starts(lines: &[Line]) -> BTreeMap<&str, usize> {
    let mut all = BTreeMap::new();
    for (at, line) in lines.iter().enumerate() {
        // The headings are above.
        all.entry(line.cell.as_str()).or_insert(at + 2);
    }
    all
}

struct Formats {
    title: Format,
    head: Format,
    text: Format,
    money: Format,
    figure: Format,
}

fn formats() -> Formats {
    let top = || Format::new().set_align(FormatAlign::Top);
    Formats {
        title: Format::new().set_bold().set_font_size(14),
        head: top().set_bold().set_text_wrap(),
        text: top().set_text_wrap(),
        money: top().set_num_format("£#,##0.00;minus £#,##0.00"),
        figure: top().set_num_format("0.##########"),
    }
}

/// The columns that any row of a sheet has, in the order in which they come.
fn columns(one: &Return, sheet: Sheet) -> Vec<Column> {
    let mut all = Vec::new();
    for column in Column::ALL {
        let has = |cell: &Cell| cell.sheet == sheet && cell.column == *column;
        if one.cells.iter().any(has) {
            all.push(*column);
        }
    }
    all
}

fn table(
    page: &mut Worksheet,
    one: &Return,
    sheet: Sheet,
    about: &str,
    starts: &BTreeMap<&str, usize>,
) -> Result<(), WriteError> {
    let formats = formats();
    let title = format!("{}: {}", sheet.as_str(), one.span.in_words());
    page.write_string_with_format(0, 0, title, &formats.title)?;
    page.write_string(1, 0, about)?;
    page.set_column_width(0, 24)?;
    page.set_column_width(1, 48)?;
    page.write_string_with_format(3, 0, "Row", &formats.head)?;
    page.write_string_with_format(3, 1, "What", &formats.head)?;
    let columns = columns(one, sheet);
    for (at, column) in (2u16..).zip(&columns) {
        let wide = if *column == Column::Why { 80 } else { 20 };
        page.set_column_width(at, wide)?;
        page.write_string_with_format(3, at, column.as_str(), &formats.head)?;
    }
    page.set_freeze_panes(4, 2)?;
    let mut rows: Vec<&str> = Vec::new();
    for cell in one.cells.iter().filter(|cell| cell.sheet == sheet) {
        // The cells of a row follow each other.
        if rows.last() != Some(&cell.row.as_str()) {
            rows.push(&cell.row);
            let row = row_number(rows.len());
            page.write_string_with_format(row, 0, &cell.row, &formats.text)?;
            page.write_string_with_format(row, 1, &cell.title, &formats.text)?;
        }
        let row = row_number(rows.len());
        let at = (2u16..).zip(&columns).find(|(_, one)| **one == cell.column);
        if let Some((at, _)) = at {
            put(
                page,
                (row, at),
                cell,
                &formats,
                starts.get(cell.key().as_str()),
            )?;
        }
    }
    Ok(())
}

/// The row of a table's row with a number from 1, under the headings.
fn row_number(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX).saturating_add(3)
}

fn put(
    page: &mut Worksheet,
    (row, column): (u32, u16),
    cell: &Cell,
    formats: &Formats,
    start: Option<&usize>,
) -> Result<(), WriteError> {
    if let Some(start) = start {
        // The number that is written over it keeps the link.
        let url = Url::new(format!("internal:'{BEHIND}'!A{start}"));
        let tip = match cell.behind {
            Behind::Ledger(_) => "The accounts and months behind it",
            _ => "What is behind it",
        };
        page.write_url(row, column, url.set_tip(tip))?;
    }
    match &cell.value {
        Value::Money(amount) => {
            page.write_number_with_format(row, column, in_pounds(*amount), &formats.money)?;
        }
        Value::Figure(figure) => {
            page.write_number_with_format(
                row,
                column,
                figure.to_string().parse().unwrap_or(0.0),
                &formats.figure,
            )?;
        }
        Value::Text(text) => {
            page.write_string_with_format(row, column, text, &formats.text)?;
        }
        Value::Missing => {
            page.write_blank(row, column, &formats.text)?;
        }
    }
    Ok(())
}

/// Pounds as a spreadsheet keeps numbers: the nearest one to the decimals that are written.
fn in_pounds(amount: Pence) -> f64 {
    amount.in_decimals().parse().unwrap_or(0.0)
}

fn missing(page: &mut Worksheet, one: &Return) -> Result<(), WriteError> {
    let formats = formats();
    page.set_name("What is missing")?;
    page.set_column_width(0, 24)?;
    page.set_column_width(1, 24)?;
    page.set_column_width(2, 60)?;
    page.set_column_width(3, 80)?;
    for (at, head) in (0u16..).zip(["Kind", "Of", "What is missing", "Why"]) {
        page.write_string_with_format(0, at, head, &formats.head)?;
    }
    for (row, gap) in (1u32..).zip(&one.gaps) {
        page.write_string_with_format(row, 0, gap.kind.as_str(), &formats.text)?;
        page.write_string_with_format(row, 1, &gap.of, &formats.text)?;
        page.write_string_with_format(row, 2, &gap.text, &formats.text)?;
        page.write_string_with_format(row, 3, &gap.why, &formats.text)?;
    }
    Ok(())
}

fn behind(page: &mut Worksheet, lines: &[Line]) -> Result<(), WriteError> {
    let formats = formats();
    page.set_name(BEHIND)?;
    for (at, (head, wide)) in (0u16..).zip([
        ("Cell", 60),
        ("What", 12),
        ("Account, line or cell", 70),
        ("Month", 10),
        ("Amount", 20),
        ("People added up", 12),
    ]) {
        page.set_column_width(at, wide)?;
        page.write_string_with_format(0, at, head, &formats.head)?;
    }
    page.set_freeze_panes(1, 0)?;
    for (row, line) in (1u32..).zip(lines) {
        page.write_string(row, 0, &line.cell)?;
        page.write_string(row, 1, line.what)?;
        page.write_string(row, 2, &line.reference)?;
        if !line.month.is_empty() {
            page.write_string(row, 3, &line.month)?;
        }
        if let Some(amount) = line.amount {
            page.write_number_with_format(row, 4, in_pounds(amount), &formats.money)?;
        }
        if line.people > 0 {
            let people = u32::try_from(line.people).unwrap_or(u32::MAX);
            page.write_number(row, 5, people)?;
        }
    }
    Ok(())
}
