//! A workbook as sheets of cells, whichever of the two formats it came in.

use jiff::civil::Date;
use kernel::Issue;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Most merged blocks in one sheet: each cell is looked for in all of them.
const MERGED: usize = 2_000;

/// A cell that holds something.
#[derive(Clone, Debug, PartialEq)]
pub enum Cell {
    /// Text, as it stands.
    Text(Arc<str>),
    /// A number, not formatted as a date.
    Number(f64),
    /// A number formatted as a date.
    Date(Date),
    /// Anything else: true, false, or a formula's error.
    Other,
}

impl Cell {
    /// The text, trimmed; `None` if it is not text.
    pub fn text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text.trim()),
            _ => None,
        }
    }
}

/// What hides a cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Hider {
    /// Its whole sheet is hidden.
    Sheet,
    /// Its row, from 0.
    Row(u32),
    /// Its column, from 0.
    Column(u32),
}

/// A sheet: its cells by row and column from 0, and what may hide among them.
#[derive(Clone, Debug, Default)]
pub struct Sheet {
    /// Its name.
    pub name: String,
    /// Hidden from the reader of the workbook.
    pub hidden: bool,
    /// Cells that hold something, by row, then in order of column.
    pub rows: BTreeMap<u32, Vec<(u32, Cell)>>,
    /// Merged blocks: first row, first column, last row, last column.
    pub merged: Vec<(u32, u32, u32, u32)>,
    /// Hidden rows, in order once the workbook is open.
    pub hidden_rows: Vec<u32>,
    /// Hidden columns, first and last, in order and apart once the workbook is open.
    pub hidden_columns: Vec<(u32, u32)>,
}

impl Sheet {
    /// The cell at a place; a cell inside a merged block reads as the block's first.
    pub fn get(&self, row: u32, column: u32) -> Option<&Cell> {
        let plain = |row, column| {
            let cells = self.rows.get(&row)?;
            let at = cells
                .binary_search_by_key(&column, |(column, _)| *column)
                .ok()?;
            Some(&cells[at].1)
        };
        plain(row, column).or_else(|| {
            let block = self.merged.iter().find(|(top, left, bottom, right)| {
                (*top..=*bottom).contains(&row) && (*left..=*right).contains(&column)
            })?;
            plain(block.0, block.1)
        })
    }

    /// Puts a cell in; a later one at the same place stands.
    pub(crate) fn put(&mut self, row: u32, column: u32, cell: Cell) {
        let cells = self.rows.entry(row).or_default();
        match cells.last() {
            Some((last, _)) if *last >= column => {
                match cells.binary_search_by_key(&column, |(column, _)| *column) {
                    Ok(at) => cells[at].1 = cell,
                    Err(at) => cells.insert(at, (column, cell)),
                }
            }
            _ => cells.push((column, cell)),
        }
    }

    /// What hides the cell at a place, if something does.
    pub fn hider(&self, row: u32, column: u32) -> Option<Hider> {
        if self.hidden {
            Some(Hider::Sheet)
        } else if self.hidden_rows.binary_search(&row).is_ok() {
            Some(Hider::Row(row))
        } else {
            let after = self
                .hidden_columns
                .partition_point(|(_, last)| *last < column);
            let (first, _) = self.hidden_columns.get(after)?;
            (*first <= column).then_some(Hider::Column(column))
        }
    }

    /// Puts hidden rows and columns in order, each once, so that they can be searched.
    fn order(&mut self) {
        self.hidden_rows.sort_unstable();
        self.hidden_rows.dedup();
        self.hidden_columns.sort_unstable();
        self.hidden_columns.dedup_by(|next, before| {
            let joined = next.0 <= before.1.saturating_add(1);
            if joined {
                before.1 = before.1.max(next.1);
            }
            joined
        });
    }

    /// `Sheet!A1` of a place.
    pub fn at(&self, row: u32, column: u32) -> String {
        format!("{}!{}", self.name, cell_name(row, column))
    }
}

/// `A1` for row 0, column 0.
pub fn cell_name(row: u32, column: u32) -> String {
    let mut letters = Vec::new();
    let mut left = u64::from(column) + 1;
    while left > 0 {
        left -= 1;
        letters.push(char::from(b'A' + (left % 26) as u8));
        left /= 26;
    }
    letters.into_iter().rev().collect::<String>() + &(u64::from(row) + 1).to_string()
}

/// Row and column, from 0, of `A1`.
pub(crate) fn cell_place(name: &str) -> Option<(u32, u32)> {
    let digits = name.find(|c: char| c.is_ascii_digit())?;
    let mut column: u32 = 0;
    for letter in name[..digits].bytes() {
        if !letter.is_ascii_alphabetic() {
            return None;
        }
        let value = u32::from(letter.to_ascii_uppercase() - b'A') + 1;
        column = column.checked_mul(26)?.checked_add(value)?;
    }
    let row = name[digits..].parse::<u32>().ok()?;
    Some((row.checked_sub(1)?, column.checked_sub(1)?))
}

/// A day number of a workbook as a date; `None` if it is not one between 1900 and
/// 2199. The count from 1900 has a day too many before March 1900, which nobody
/// publishes statistics about.
pub(crate) fn serial_date(serial: f64, from_1904: bool) -> Option<Date> {
    let day = serial.floor() + if from_1904 { 1462.0 } else { 0.0 };
    if !(61.0..=109_574.0).contains(&day) {
        return None;
    }
    let start = Date::constant(1899, 12, 30);
    start
        .checked_add(jiff::Span::new().try_days(day as i64).ok()?)
        .ok()
}

/// Opens a workbook of either format.
///
/// # Errors
/// One issue about the file: it is no workbook, is truncated, has a password, or is
/// of a kind that is not read.
pub fn open(bytes: &[u8]) -> Result<Vec<Sheet>, Issue> {
    if bytes.len() > kernel::limits::RECORD_BYTES {
        return Err(Issue::file(
            "too-large",
            format!(
                "The workbook is larger than {} MiB. Save it without pictures and unused sheets.",
                kernel::limits::RECORD_BYTES >> 20
            ),
        ));
    }
    let mut sheets = if bytes.starts_with(&crate::cfb::MAGIC) {
        crate::xls::read(bytes)?
    } else if bytes.starts_with(b"PK\x03\x04") {
        crate::xlsx::read(bytes)?
    } else {
        return Err(Issue::file(
            "not-a-workbook",
            "The file is not an Excel workbook (.xls or .xlsx). Download the workbook again and \
             send the file itself.",
        ));
    };
    sheets.iter_mut().for_each(Sheet::order);
    match sheets.iter().find(|sheet| sheet.merged.len() > MERGED) {
        Some(sheet) => Err(Issue::file(
            "too-many-cells",
            format!(
                "Sheet {} has more than {MERGED} merged blocks. Save the table without them.",
                sheet.name
            ),
        )),
        None => Ok(sheets),
    }
}

/// The file starts as a workbook and then makes no sense.
pub(crate) fn broken(what: &str) -> Issue {
    Issue::file(
        "workbook-damaged",
        format!("The workbook is cut short or damaged ({what}). Download it again."),
    )
}

/// The file is a workbook with a password.
pub(crate) fn encrypted() -> Issue {
    Issue::file(
        "workbook-password",
        "The workbook has a password. Save it without a password and send it again.",
    )
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]

    use super::*;
    use jiff::civil::date;

    #[test]
    fn cells_have_names() {
        for (row, column, name) in [
            (0, 0, "A1"),
            (13, 25, "Z14"),
            (0, 26, "AA1"),
            (9, 701, "ZZ10"),
        ] {
            assert_eq!(cell_name(row, column), name);
        }
        assert_eq!(cell_name(u32::MAX, 702), "AAA4294967296");
    }

    #[test]
    fn names_are_cells() {
        for name in ["A1", "Z14", "AA1", "ZZ10", "XFD1048576"] {
            let (row, column) = cell_place(name).unwrap();
            assert_eq!(cell_name(row, column), name);
        }
        for bad in [
            "",
            "A",
            "1",
            "A0",
            "$A$1",
            "A1B",
            "Ä1",
            "ZZZZZZZZ1",
            "A4294967296",
        ] {
            assert_eq!(cell_place(bad), None, "{bad}");
        }
    }

    #[test]
    fn what_hides_a_cell_is_found_however_it_is_listed() {
        let mut sheet = Sheet {
            hidden_rows: vec![9, 2, 9],
            hidden_columns: vec![(7, 9), (1, 1), (2, 3), (8, 8)],
            ..Sheet::default()
        };
        sheet.order();
        assert_eq!(sheet.hidden_columns, [(1, 3), (7, 9)]);
        for (row, column, hider) in [
            (0, 0, None),
            (2, 0, Some(Hider::Row(2))),
            (9, 8, Some(Hider::Row(9))),
            (0, 1, Some(Hider::Column(1))),
            (0, 3, Some(Hider::Column(3))),
            (0, 4, None),
            (0, 9, Some(Hider::Column(9))),
            (0, 10, None),
        ] {
            assert_eq!(sheet.hider(row, column), hider, "{row}, {column}");
        }
        sheet.hidden = true;
        assert_eq!(sheet.hider(0, 0), Some(Hider::Sheet));
    }

    #[test]
    fn day_numbers_are_dates() {
        assert_eq!(serial_date(43525.0, false), Some(date(2019, 3, 1)));
        assert_eq!(serial_date(42063.5, true), Some(date(2019, 3, 1)));
        for bad in [f64::NAN, f64::INFINITY, -1.0, 1e300, 0.0] {
            assert_eq!(serial_date(bad, false), None);
        }
    }

    #[test]
    fn merged_cells_read_as_the_first() {
        let mut sheet = Sheet {
            merged: vec![(0, 0, 1, 1)],
            ..Sheet::default()
        };
        sheet.put(0, 0, Cell::Number(1.0));
        sheet.put(2, 3, Cell::Number(2.0));
        sheet.put(2, 1, Cell::Number(3.0));
        assert_eq!(sheet.get(1, 1), Some(&Cell::Number(1.0)));
        assert_eq!(sheet.get(2, 1), Some(&Cell::Number(3.0)));
        assert_eq!(sheet.get(2, 2), None);
    }

    #[test]
    fn other_files_are_named_for_what_they_are() {
        for (bytes, code) in [
            (&b"month,area\n"[..], "not-a-workbook"),
            (b"", "not-a-workbook"),
            (b"<html>", "not-a-workbook"),
            (b"PK\x03\x04 and then nothing", "workbook-damaged"),
            (&crate::cfb::MAGIC, "workbook-damaged"),
        ] {
            assert_eq!(open(bytes).unwrap_err().code, code, "{bytes:?}");
        }
    }
}
