//! Old Excel workbooks (`.xls`, 1997 to 2003).
//!
//! Source: Microsoft, [MS-XLS] Excel Binary File Format. Only what a table needs is
//! read: sheets, text, numbers, dates, results of formulas, merged blocks, and what
//! is hidden. Memory stays in proportion to the bytes: nothing is set aside on the
//! word of a length in the file.

use crate::cfb::{Container, u16_at, u32_at};
use crate::sheet::{Cell, Sheet, broken, encrypted, serial_date};
use kernel::Issue;
use std::sync::Arc;

/// Records of the format, by their published names.
mod record {
    pub const FORMULA: u16 = 0x0006;
    pub const EOF: u16 = 0x000A;
    pub const DATE_MODE: u16 = 0x0022;
    pub const FILE_PASS: u16 = 0x002F;
    pub const CONTINUE: u16 = 0x003C;
    pub const COL_INFO: u16 = 0x007D;
    pub const BOUND_SHEET: u16 = 0x0085;
    pub const MUL_RK: u16 = 0x00BD;
    pub const R_STRING: u16 = 0x00D6;
    pub const XF: u16 = 0x00E0;
    pub const MERGE_CELLS: u16 = 0x00E5;
    pub const SST: u16 = 0x00FC;
    pub const LABEL_SST: u16 = 0x00FD;
    pub const NUMBER: u16 = 0x0203;
    pub const LABEL: u16 = 0x0204;
    pub const BOOL_ERR: u16 = 0x0205;
    pub const STRING: u16 = 0x0207;
    pub const ROW: u16 = 0x0208;
    pub const RK: u16 = 0x027E;
    pub const FORMAT: u16 = 0x041E;
    pub const BOF: u16 = 0x0809;
}

/// What the sheets share.
#[derive(Default)]
struct Book {
    strings: Vec<Arc<str>>,
    date_formats: Vec<u16>,
    formats: Vec<u16>,
    from_1904: bool,
    sheets: Vec<(usize, String, bool)>,
}

/// Reads every worksheet.
pub(crate) fn read(bytes: &[u8]) -> Result<Vec<Sheet>, Issue> {
    let container = Container::open(bytes).map_err(|_| broken("its outer container"))?;
    if container.has("EncryptedPackage") {
        return Err(encrypted());
    }
    let name = if container.has("Workbook") {
        "Workbook"
    } else {
        "Book"
    };
    let stream = container
        .stream(name)
        .map_err(|_| broken("its book of sheets"))?
        .ok_or_else(|| {
            Issue::file(
                "not-a-workbook",
                "The file is of a Microsoft Office kind but holds no workbook. Send the workbook.",
            )
        })?;
    let book = read_book(&stream)?;
    book.sheets
        .iter()
        .map(|(at, name, hidden)| read_sheet(&stream, *at, name, *hidden, &book))
        .collect()
}

/// Records from a place on: kind and content. Ends at the end of the bytes.
struct Records<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Records<'a> {
    fn new(bytes: &'a [u8], at: usize) -> Self {
        Self { bytes, at }
    }

    fn peek_kind(&self) -> Option<u16> {
        u16_at(self.bytes, self.at)
    }
}

impl<'a> Iterator for Records<'a> {
    type Item = (u16, &'a [u8]);

    fn next(&mut self) -> Option<Self::Item> {
        let kind = u16_at(self.bytes, self.at)?;
        let length = usize::from(u16_at(self.bytes, self.at + 2)?);
        let content = self.bytes.get(self.at + 4..self.at + 4 + length)?;
        self.at += 4 + length;
        Some((kind, content))
    }
}

fn read_book(stream: &[u8]) -> Result<Book, Issue> {
    let mut book = Book::default();
    let mut records = Records::new(stream, 0);
    let mut ended = false;
    while let Some((kind, content)) = records.next() {
        match kind {
            record::FILE_PASS => return Err(encrypted()),
            record::BOF if u16_at(content, 0) != Some(0x0600) => {
                return Err(Issue::file(
                    "workbook-too-old",
                    "The workbook is in a format older than Excel 97. Save it as .xlsx.",
                ));
            }
            record::DATE_MODE => book.from_1904 = u16_at(content, 0) == Some(1),
            record::FORMAT => {
                let format = content.get(2..).and_then(|rest| long_string(rest, 0));
                if let (Some(id), Some(format)) = (u16_at(content, 0), format)
                    && is_date_format(&format)
                {
                    book.date_formats.push(id);
                }
            }
            record::XF => book.formats.push(u16_at(content, 2).unwrap_or(0)),
            record::BOUND_SHEET => {
                if let Some(sheet) = bound_sheet(content) {
                    book.sheets.push(sheet);
                }
            }
            record::SST => {
                let mut parts = vec![content];
                while records.peek_kind() == Some(record::CONTINUE) {
                    let Some((_, more)) = records.next() else {
                        break;
                    };
                    parts.push(more);
                }
                book.strings = shared_strings(parts);
            }
            record::EOF => {
                ended = true;
                break;
            }
            _ => {}
        }
    }
    if !ended || book.sheets.is_empty() {
        return Err(broken("its list of sheets"));
    }
    Ok(book)
}

/// A worksheet's place in the stream, its name, and whether it is hidden; `None`
/// for a chart or macro sheet.
fn bound_sheet(content: &[u8]) -> Option<(usize, String, bool)> {
    let at = u32_at(content, 0)? as usize;
    let hidden = content.get(4)? & 3 != 0;
    if *content.get(5)? != 0 {
        return None;
    }
    let length = usize::from(*content.get(6)?);
    let wide = content.get(7)? & 1 == 1;
    Some((at, characters(content.get(8..)?, length, wide)?, hidden))
}

/// So many characters of one or two bytes each.
fn characters(bytes: &[u8], length: usize, wide: bool) -> Option<String> {
    if wide {
        let units: Vec<u16> = bytes
            .get(..length * 2)?
            .chunks_exact(2)
            .filter_map(|pair| u16_at(pair, 0))
            .collect();
        return Some(String::from_utf16_lossy(&units));
    }
    Some(
        bytes
            .get(..length)?
            .iter()
            .map(|byte| char::from(*byte))
            .collect(),
    )
}

/// A string with a two-byte length and a byte of flags, at a place.
fn long_string(bytes: &[u8], at: usize) -> Option<String> {
    let length = usize::from(u16_at(bytes, at)?);
    let flags = *bytes.get(at + 2)?;
    let skip = 3 + if flags & 8 != 0 { 2 } else { 0 } + if flags & 4 != 0 { 4 } else { 0 };
    characters(bytes.get(at + skip..)?, length, flags & 1 == 1)
}

/// A place in a list of parts that are to be read as one.
struct Parts<'a> {
    parts: Vec<&'a [u8]>,
    part: usize,
    at: usize,
}

impl Parts<'_> {
    /// Moves to the next part if this one is used up; false at the very end.
    fn settle(&mut self) -> bool {
        while self
            .parts
            .get(self.part)
            .is_some_and(|part| self.at >= part.len())
        {
            self.part += 1;
            self.at = 0;
        }
        self.part < self.parts.len()
    }

    fn byte(&mut self) -> Option<u8> {
        if !self.settle() {
            return None;
        }
        let byte = self.parts[self.part][self.at];
        self.at += 1;
        Some(byte)
    }

    fn u16(&mut self) -> Option<u16> {
        Some(u16::from_le_bytes([self.byte()?, self.byte()?]))
    }

    fn u32(&mut self) -> Option<u32> {
        Some(u32::from(self.u16()?) | u32::from(self.u16()?) << 16)
    }

    fn skip(&mut self, mut count: usize) -> Option<()> {
        while count > 0 {
            if !self.settle() {
                return None;
            }
            let step = count.min(self.parts[self.part].len() - self.at);
            self.at += step;
            count -= step;
        }
        Some(())
    }

    /// One shared string. Where its characters run on into the next part, that
    /// part starts with a byte that says anew how wide they are.
    fn string(&mut self) -> Option<Arc<str>> {
        let length = usize::from(self.u16()?);
        let flags = self.byte()?;
        let runs = if flags & 8 != 0 {
            usize::from(self.u16()?)
        } else {
            0
        };
        let extra = if flags & 4 != 0 {
            self.u32()? as usize
        } else {
            0
        };
        let mut wide = flags & 1 == 1;
        let mut units: Vec<u16> = Vec::new();
        while units.len() < length {
            if self.at >= self.parts.get(self.part)?.len() {
                if !self.settle() {
                    return None;
                }
                wide = self.byte()? & 1 == 1;
            }
            units.push(if wide {
                self.u16()?
            } else {
                u16::from(self.byte()?)
            });
        }
        self.skip(runs * 4)?;
        self.skip(extra)?;
        Some(String::from_utf16_lossy(&units).into())
    }
}

fn shared_strings(parts: Vec<&[u8]>) -> Vec<Arc<str>> {
    let mut parts = Parts {
        parts,
        part: 0,
        at: 0,
    };
    let mut strings = Vec::new();
    // All strings, and how many differ; we count for ourselves.
    if parts.skip(8).is_some() {
        while let Some(string) = parts.string() {
            strings.push(string);
        }
    }
    strings
}

/// Whether a number format shows a date: it has a day, month or year outside
/// quotes and brackets.
fn is_date_format(format: &str) -> bool {
    let mut depth = 0;
    let mut quoted = false;
    let mut skip = false;
    for c in format.chars() {
        if std::mem::take(&mut skip) {
            continue;
        }
        match c {
            '\\' | '_' | '*' => skip = true,
            '"' => quoted = !quoted,
            '[' if !quoted => depth += 1,
            ']' if !quoted => depth -= 1,
            'd' | 'D' | 'm' | 'M' | 'y' | 'Y' if !quoted && depth <= 0 => return true,
            _ => {}
        }
    }
    false
}

impl Book {
    /// A number as its cell format shows it.
    fn number(&self, value: f64, format: Option<u16>) -> Cell {
        let id = format
            .and_then(|index| self.formats.get(usize::from(index)))
            .copied();
        let dated =
            id.is_some_and(|id| matches!(id, 14..=17 | 22) || self.date_formats.contains(&id));
        match serial_date(value, self.from_1904).filter(|_| dated) {
            Some(date) => Cell::Date(date),
            None => Cell::Number(value),
        }
    }
}

/// A number squeezed into four bytes.
fn packed_number(raw: u32) -> f64 {
    let value = if raw & 2 != 0 {
        f64::from((raw as i32) >> 2)
    } else {
        f64::from_bits(u64::from(raw & !3) << 32)
    };
    if raw & 1 != 0 { value / 100.0 } else { value }
}

fn read_sheet(
    stream: &[u8],
    at: usize,
    name: &str,
    hidden: bool,
    book: &Book,
) -> Result<Sheet, Issue> {
    let mut sheet = Sheet {
        name: name.to_owned(),
        hidden,
        ..Sheet::default()
    };
    let records = Records::new(stream, at);
    // An embedded chart is a stream inside the sheet, with cells of its own.
    let mut depth = 0_u32;
    let mut formula_at = None;
    for (kind, content) in records {
        match kind {
            record::BOF => depth += 1,
            record::EOF if depth <= 1 => return Ok(sheet),
            record::EOF => depth -= 1,
            _ if depth != 1 => {}
            _ => {
                if read_record(&mut sheet, book, kind, content, &mut formula_at).is_none() {
                    return Err(broken(&format!("sheet {name}")));
                }
            }
        }
    }
    Err(broken(&format!("sheet {name} has no end")))
}

/// Reads one record of a sheet; `None` if its content is too short for its kind.
fn read_record(
    sheet: &mut Sheet,
    book: &Book,
    kind: u16,
    content: &[u8],
    formula_at: &mut Option<(u32, u32)>,
) -> Option<()> {
    let place = || {
        Some((
            u32::from(u16_at(content, 0)?),
            u32::from(u16_at(content, 2)?),
        ))
    };
    let format = u16_at(content, 4);
    match kind {
        record::NUMBER | record::RK => {
            let (row, column) = place()?;
            let value = match kind {
                record::RK => packed_number(u32_at(content, 6)?),
                _ => f64::from_le_bytes(content.get(6..14)?.try_into().ok()?),
            };
            sheet.put(row, column, book.number(value, format));
        }
        record::MUL_RK => put_packed_row(sheet, book, content, place()?)?,
        record::LABEL_SST => {
            let (row, column) = place()?;
            let text = book.strings.get(u32_at(content, 6)? as usize)?;
            put_text(sheet, row, column, Arc::clone(text));
        }
        record::LABEL | record::R_STRING => {
            let (row, column) = place()?;
            put_text(sheet, row, column, long_string(content, 6)?.into());
        }
        record::BOOL_ERR => {
            let (row, column) = place()?;
            sheet.put(row, column, Cell::Other);
        }
        record::FORMULA => {
            let (row, column) = place()?;
            *formula_at = None;
            match formula_result(content.get(6..14)?)? {
                FormulaResult::Text => *formula_at = Some((row, column)),
                FormulaResult::Nothing => {}
                FormulaResult::Other => sheet.put(row, column, Cell::Other),
                FormulaResult::Number(value) => {
                    sheet.put(row, column, book.number(value, format));
                }
            }
        }
        record::STRING => {
            if let Some((row, column)) = formula_at.take() {
                put_text(sheet, row, column, long_string(content, 0)?.into());
            }
        }
        record::MERGE_CELLS => {
            for block in content.get(2..)?.chunks_exact(8) {
                let part = |at| Some(u32::from(u16_at(block, at)?));
                sheet.merged.push((part(0)?, part(4)?, part(2)?, part(6)?));
            }
        }
        record::ROW if has_flag(content, 12, 0x20) => {
            sheet.hidden_rows.push(u32::from(u16_at(content, 0)?));
        }
        record::COL_INFO if has_flag(content, 8, 1) => {
            sheet.hidden_columns.push(place()?);
        }
        _ => {}
    }
    Some(())
}

/// Puts in a row of packed numbers, from its first place on.
fn put_packed_row(
    sheet: &mut Sheet,
    book: &Book,
    content: &[u8],
    (row, first): (u32, u32),
) -> Option<()> {
    let body = content.get(4..content.len().checked_sub(2)?)?;
    for (offset, part) in body.chunks_exact(6).enumerate() {
        let value = packed_number(u32_at(part, 2)?);
        let cell = book.number(value, u16_at(part, 0));
        sheet.put(row, first + offset as u32, cell);
    }
    Some(())
}

/// What a formula came to.
enum FormulaResult {
    Number(f64),
    /// A text, in the next record.
    Text,
    /// An empty text.
    Nothing,
    /// True, false or an error.
    Other,
}

/// Reads what a formula came to, of eight bytes.
fn formula_result(value: &[u8]) -> Option<FormulaResult> {
    Some(match (u16_at(value, 6)?, value[0]) {
        (0xFFFF, 0) => FormulaResult::Text,
        (0xFFFF, 3) => FormulaResult::Nothing,
        (0xFFFF, _) => FormulaResult::Other,
        _ => FormulaResult::Number(f64::from_le_bytes(value.try_into().ok()?)),
    })
}

/// Whether a flag is set in the two bytes at a place.
fn has_flag(content: &[u8], at: usize, flag: u16) -> bool {
    u16_at(content, at).is_some_and(|flags| flags & flag != 0)
}

fn put_text(sheet: &mut Sheet, row: u32, column: u32, text: Arc<str>) {
    if !text.trim().is_empty() {
        sheet.put(row, column, Cell::Text(text));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_unpacked() {
        for (raw, value) in [
            (0x0000_0002, 0.0),
            ((58407 << 2) | 2, 58407.0),
            ((12345 << 2) | 3, 123.45),
            (0xFFFF_FFFE, -1.0),
            (0x3FF0_0000, 1.0),
        ] {
            assert!((packed_number(raw) - value).abs() < 1e-9, "{raw:#x}");
        }
    }

    #[test]
    fn date_formats_are_told_apart() {
        for format in ["dd/mm/yyyy", "mmm-yy", "[$-809]d mmmm yyyy"] {
            assert!(is_date_format(format), "{format}");
        }
        for format in ["General", "#,##0", "0.0\"days\"", "[Red]0.00", "\\d0", "@"] {
            assert!(!is_date_format(format), "{format}");
        }
    }

    #[test]
    fn shared_strings_run_on_with_a_new_width() {
        // "ab" narrow in the first part, then "cd" wide in the next.
        let first = [1, 0, 0, 0, 1, 0, 0, 0, 4, 0, 0, b'a', b'b'];
        let second = [1, b'c', 0, b'd', 0, 1, 0, 0, b'e'];
        let strings = shared_strings(vec![&first, &second]);
        assert_eq!(
            strings.iter().map(|s| &**s).collect::<Vec<_>>(),
            ["abcd", "e"]
        );
    }
}
