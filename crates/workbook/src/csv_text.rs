//! Text tables: comma-separated values with a line of headings.

use csv::{ReaderBuilder, StringRecord};
use kernel::{Issue, limits};

/// A table: its headings and its lines, each with its number in the file.
pub(crate) struct Table {
    pub(crate) headings: Vec<String>,
    pub(crate) lines: Vec<(u64, StringRecord)>,
}

/// Whether the bytes may be a text table: valid text without a nought byte.
pub(crate) fn is_text(bytes: &[u8]) -> bool {
    !bytes.is_empty() && !bytes.contains(&0) && std::str::from_utf8(bytes).is_ok()
}

/// The text with lines that end in one sign: the reader of CSV counts lines that end in two
/// one too low.
pub(crate) fn plain_lines(text: &str) -> String {
    text.replace("\r\n", "\n")
}

/// Reads a table. A line with too few or too many cells is left out, with an issue.
pub(crate) fn read(bytes: &[u8]) -> Result<(Table, Vec<Issue>), Issue> {
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    let text = std::str::from_utf8(bytes)
        .map(plain_lines)
        .map_err(|_| Issue::file("not-a-table", "The file is not a table of text in UTF-8."))?;
    let mut reader = ReaderBuilder::new()
        .flexible(true)
        .from_reader(text.as_bytes());
    let headings: Vec<String> = reader
        .headers()
        .map_err(|_| Issue::file("not-a-table", "The first line cannot be read as headings."))?
        .iter()
        .map(|heading| heading.trim().to_lowercase())
        .collect();
    let mut table = Table {
        headings,
        lines: Vec::new(),
    };
    let mut issues = Vec::new();
    for record in reader.into_records() {
        let Ok(record) = record else {
            return Err(Issue::file(
                "not-a-table",
                "The file is not a table of text in UTF-8.",
            ));
        };
        let line = record.position().map_or(0, csv::Position::line);
        if table.lines.len() >= limits::SHEET_ROWS as usize {
            return Err(Issue::file(
                "too-many-lines",
                format!("The table has more than {} lines.", limits::SHEET_ROWS),
            ));
        }
        if record.len() != table.headings.len() {
            issues.push(Issue::new(
                kernel::Severity::Part,
                u32::try_from(line.saturating_sub(1)).unwrap_or(u32::MAX),
                format!("line {line}"),
                "cells-differ",
                format!(
                    "The line has {} cells and the headings are {}. The line was left out.",
                    record.len(),
                    table.headings.len()
                ),
            ));
            continue;
        }
        table.lines.push((line, record));
    }
    Ok((table, issues))
}
