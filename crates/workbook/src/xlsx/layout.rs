//! What calamine does not tell of a worksheet: hidden rows and columns; and its merged blocks, in
//! the same reading.
//!
//! Source: ECMA-376 part 1, 18.3.1.13 (`col`), 18.3.1.55 (`mergeCell`), 18.3.1.73 (`row`). A part is
//! found as calamine finds it: by its relationship, whatever the case and slashes of its name.

use crate::sheet::{Sheet, cell_place};
use kernel::limits;
use quick_xml::events::{BytesStart, Event};
use quick_xml::{Reader, XmlVersion};
use std::collections::HashMap;
use std::io::{BufReader, Cursor, Read};
use zip::ZipArchive;

/// The parts of a workbook.
pub(super) struct Layout<'a> {
    archive: ZipArchive<Cursor<&'a [u8]>>,
    /// Name of each part in the archive, by its name in small letters.
    parts: HashMap<String, String>,
    /// Name of each sheet, and its part.
    sheets: Vec<(String, String)>,
}

impl<'a> Layout<'a> {
    /// Finds the part of each sheet; `None` if the archive or its lists make no sense.
    pub(super) fn open(bytes: &'a [u8]) -> Option<Self> {
        let archive = ZipArchive::new(Cursor::new(bytes)).ok()?;
        let mut parts = HashMap::new();
        for name in archive.file_names() {
            let name = name.ok()?;
            let plain = name.replace('\\', "/").to_ascii_lowercase();
            parts.insert(plain, name.into_owned());
        }
        let mut layout = Self {
            archive,
            parts,
            sheets: Vec::new(),
        };
        layout.sheets = layout.list()?;
        Some(layout)
    }

    /// The sheets that the workbook lists, each with its part.
    fn list(&mut self) -> Option<Vec<(String, String)>> {
        let mut workbook = None;
        self.each("_rels/.rels", |element| {
            let is_workbook = element.local_name().as_ref() == "Relationship"
                && attribute(element, "Type")?.ends_with("/relationships/officeDocument");
            if is_workbook {
                workbook = attribute(element, "Target");
            }
            Some(())
        })?;
        let workbook = workbook?;
        let workbook = workbook.strip_prefix('/').unwrap_or(&workbook);
        let (folder, name) = match workbook.rfind('/') {
            Some(slash) => workbook.split_at(slash + 1),
            None => ("", workbook),
        };
        let mut targets: HashMap<String, String> = HashMap::new();
        self.each(&format!("{folder}_rels/{name}.rels"), |element| {
            if element.local_name().as_ref() == "Relationship" {
                targets.insert(attribute(element, "Id")?, attribute(element, "Target")?);
            }
            Some(())
        })?;
        let mut sheets = Vec::new();
        self.each(workbook, |element| {
            if element.local_name().as_ref() == "sheet" {
                let target = targets.get(&attribute(element, "id")?)?;
                let part = match target.strip_prefix('/') {
                    Some(whole) => whole.to_owned(),
                    None => format!("{folder}{target}"),
                };
                sheets.push((attribute(element, "name")?, part));
            }
            Some(())
        })?;
        Some(sheets)
    }

    /// Puts a sheet's hidden rows and columns and merged blocks into it.
    pub(super) fn fill(&mut self, sheet: &mut Sheet) -> Option<()> {
        let (_, part) = self.sheets.iter().find(|(name, _)| *name == sheet.name)?;
        let part = part.clone();
        let mut next_row = 0;
        self.each(&part, |element| {
            match element.local_name().as_ref() {
                "row" => {
                    let row = match attribute(element, "r") {
                        Some(number) => number.parse::<u32>().ok()?.checked_sub(1)?,
                        None => next_row,
                    };
                    next_row = row.checked_add(1)?;
                    if is_hidden(element, "ht") {
                        sheet.hidden_rows.push(row);
                    }
                }
                "col" if is_hidden(element, "width") => {
                    let at = |name| {
                        attribute(element, name)?
                            .parse::<u32>()
                            .ok()?
                            .checked_sub(1)
                    };
                    sheet.hidden_columns.push((at("min")?, at("max")?));
                }
                "mergeCell" => sheet.merged.extend(block(&attribute(element, "ref")?)),
                _ => {}
            }
            Some(())
        })
    }

    /// Visits every element of a part; `None` if there is no such part, if it is no XML, or if the
    /// visitor gives up.
    fn each(
        &mut self,
        part: &str,
        mut visit: impl FnMut(&BytesStart<'_>) -> Option<()>,
    ) -> Option<()> {
        let name = self.parts.get(&part.to_ascii_lowercase())?;
        let file = self.archive.by_name(name).ok()?;
        // The archive's list says how large a part is, and may lie.
        let file = file.take(limits::ARRIVAL_BYTES as u64);
        let mut xml = Reader::from_reader(BufReader::new(file));
        xml.config_mut().check_end_names = false;
        let mut buffer = Vec::new();
        loop {
            buffer.clear();
            match xml.read_event_into(&mut buffer).ok()? {
                Event::Start(element) | Event::Empty(element) => visit(&element)?,
                Event::Eof => return Some(()),
                _ => {}
            }
        }
    }
}

/// The value of an attribute, whatever its prefix.
fn attribute(element: &BytesStart<'_>, name: &str) -> Option<String> {
    element
        .attributes()
        .with_checks(false)
        .filter_map(Result::ok)
        .find(|attribute| attribute.key.local_name().as_ref() == name)
        .and_then(|found| {
            let value = found.normalized_value(XmlVersion::Implicit1_0).ok()?;
            Some(value.into_owned())
        })
}

/// Whether a row or column is hidden, or has no height or width at all.
fn is_hidden(element: &BytesStart<'_>, size: &str) -> bool {
    attribute(element, "hidden").is_some_and(|value| value == "1" || value == "true")
        || attribute(element, size)
            .and_then(|value| value.parse::<f64>().ok())
            .is_some_and(|size| size <= 0.0)
}

/// First row, first column, last row and last column of `A1:B2`.
fn block(text: &str) -> Option<(u32, u32, u32, u32)> {
    let (first, last) = text.split_once(':')?;
    let ((top, left), (bottom, right)) = (cell_place(first)?, cell_place(last)?);
    Some((top, left, bottom, right))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;
    use rust_xlsxwriter::{Format, Workbook};

    #[test]
    fn what_is_hidden_or_merged_is_found_in_the_sheet_that_has_it() {
        let mut book = Workbook::new();
        book.add_worksheet().write_number(0, 0, 1).unwrap();
        let sheet = book.add_worksheet();
        sheet.set_name("Rent & <rates>").unwrap();
        sheet.write_number(9, 9, 2).unwrap();
        sheet.set_row_hidden(3).unwrap();
        sheet.set_row_hidden(9).unwrap();
        sheet.set_column_range_hidden(1, 2).unwrap();
        sheet.set_column_width(4, 0).unwrap();
        sheet
            .merge_range(5, 0, 6, 27, "both", &Format::new())
            .unwrap();
        let bytes = book.save_to_buffer().unwrap();
        let mut layout = Layout::open(&bytes).unwrap();
        let mut of = |name: &str| {
            let mut sheet = Sheet {
                name: name.to_owned(),
                ..Sheet::default()
            };
            layout.fill(&mut sheet).map(|()| sheet)
        };
        let plain = of("Sheet1").unwrap();
        assert!(plain.hidden_rows.is_empty() && plain.hidden_columns.is_empty());
        let sheet = of("Rent & <rates>").unwrap();
        assert_eq!(sheet.hidden_rows, [3, 9]);
        assert_eq!(sheet.hidden_columns, [(1, 2), (4, 4)]);
        assert_eq!(sheet.merged, [(5, 0, 6, 27)]);
        assert!(of("Sheet3").is_none());
    }

    #[test]
    fn elements_are_read_however_they_are_written() {
        let part = |xml: &str| {
            let mut rows = Vec::new();
            let mut xml = Reader::from_reader(xml.as_bytes());
            let mut buffer = Vec::new();
            while let Ok(Event::Start(element) | Event::Empty(element)) =
                xml.read_event_into(&mut buffer)
            {
                rows.push((is_hidden(&element, "ht"), attribute(&element, "r")));
            }
            rows
        };
        assert_eq!(
            part(r#"<row r="2" hidden="1"/><x:row hidden="true"/><row ht="0.0"/><row ht="15"/>"#),
            [
                (true, Some("2".to_owned())),
                (true, None),
                (true, None),
                (false, None)
            ]
        );
        for (text, expected) in [
            ("A1:B2", Some((0, 0, 1, 1))),
            ("A1", None),
            ("A0:B2", None),
            ("", None),
        ] {
            assert_eq!(block(text), expected, "{text}");
        }
    }
}
