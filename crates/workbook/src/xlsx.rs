//! New Excel workbooks (`.xlsx`), by calamine, cell by cell.

mod layout;

use crate::sheet::{Cell, Sheet, broken, encrypted};
use calamine::{DataRef, Reader, SheetType, SheetVisible, Xlsx, XlsxError};
use jiff::civil::Date;
use kernel::{Issue, limits};
use std::io::Cursor;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Most cells read from one workbook.
const CELLS: usize = 4_000_000;

/// Reads every worksheet.
pub(crate) fn read(bytes: &[u8]) -> Result<Vec<Sheet>, Issue> {
    if unpacked_size(bytes).ok_or_else(|| broken("its list of parts"))?
        > limits::ARRIVAL_BYTES as u64
    {
        return Err(Issue::file(
            "too-large-unpacked",
            format!(
                "Unpacked, the workbook is larger than {} MiB. It was not opened.",
                limits::ARRIVAL_BYTES >> 20
            ),
        ));
    }
    // The library has been seen to panic on damaged files; that is a damaged
    // file to us, not a fault of ours to pass on.
    catch_unwind(AssertUnwindSafe(|| read_sheets(bytes)))
        .unwrap_or_else(|_| Err(broken("its parts")))
}

/// The size that the archive's own list says its parts have once unpacked.
fn unpacked_size(bytes: &[u8]) -> Option<u64> {
    use crate::cfb::{u16_at, u32_at};
    let tail = bytes.len().saturating_sub(66_000);
    let end = tail
        + bytes[tail..]
            .windows(4)
            .rposition(|window| window == b"PK\x05\x06")?;
    let parts = u16_at(bytes, end + 10)?;
    let mut at = u32_at(bytes, end + 16)? as usize;
    let mut size = 0;
    for _ in 0..parts {
        if bytes.get(at..at + 4)? != b"PK\x01\x02" {
            return None;
        }
        size += u64::from(u32_at(bytes, at + 24)?);
        let lengths = [28, 30, 32].map(|offset| u16_at(bytes, at + offset));
        at += 46
            + lengths
                .into_iter()
                .map(|l| l.map(usize::from))
                .sum::<Option<usize>>()?;
    }
    Some(size)
}

fn fault(error: &XlsxError) -> Issue {
    if matches!(error, XlsxError::Password) {
        encrypted()
    } else {
        broken("its parts")
    }
}

fn read_sheets(bytes: &[u8]) -> Result<Vec<Sheet>, Issue> {
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(|error| fault(&error))?;
    let listed: Vec<(String, bool)> = book
        .sheets_metadata()
        .iter()
        .filter(|sheet| sheet.typ == SheetType::WorkSheet)
        .map(|sheet| (sheet.name.clone(), sheet.visible != SheetVisible::Visible))
        .collect();
    if listed.is_empty() {
        return Err(broken("its list of sheets"));
    }
    let mut layout = layout::Layout::open(bytes).ok_or_else(|| broken("its list of sheets"))?;
    let mut left = CELLS;
    let mut sheets = Vec::new();
    for (name, hidden) in listed {
        let mut sheet = Sheet {
            name,
            hidden,
            ..Sheet::default()
        };
        read_cells(&mut book, &mut sheet, &mut left)?;
        layout
            .fill(&mut sheet)
            .ok_or_else(|| broken("its rows and columns"))?;
        sheets.push(sheet);
    }
    Ok(sheets)
}

fn read_cells(
    book: &mut Xlsx<Cursor<&[u8]>>,
    sheet: &mut Sheet,
    left: &mut usize,
) -> Result<(), Issue> {
    let mut reader = book
        .worksheet_cells_reader(&sheet.name)
        .map_err(|error| fault(&error))?;
    while let Some(cell) = reader.next_cell().map_err(|error| fault(&error))? {
        let (row, column) = cell.get_position();
        let value = match cell.get_value() {
            DataRef::Empty => continue,
            DataRef::Int(value) => Cell::Number(*value as f64),
            DataRef::Float(value) => Cell::Number(*value),
            DataRef::String(text) => Cell::Text(text.as_str().into()),
            DataRef::SharedString(text) => Cell::Text((*text).into()),
            DataRef::DateTime(when) if when.is_datetime() => {
                let (year, month, day, ..) = when.to_ymd_hms_milli();
                match Date::new(year as i16, month as i8, day as i8) {
                    Ok(date) => Cell::Date(date),
                    Err(_) => Cell::Number(when.as_f64()),
                }
            }
            DataRef::DateTimeIso(text) => match text.get(..10).and_then(|text| text.parse().ok()) {
                Some(date) => Cell::Date(date),
                None => Cell::Text(text.as_str().into()),
            },
            _ => Cell::Other,
        };
        if value.text().is_some_and(str::is_empty) {
            continue;
        }
        *left = left.checked_sub(1).ok_or_else(|| {
            Issue::file(
                "too-many-cells",
                format!("The workbook has more than {CELLS} cells."),
            )
        })?;
        sheet.put(row, column, value);
    }
    Ok(())
}
