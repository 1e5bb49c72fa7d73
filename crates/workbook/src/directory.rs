//! Services for the directory, as a table of text in UTF-8 with a line of headings.
//!
//! The format is ours and is described in `docs/reference/directory.md`. Each line is a service;
//! columns may stand in any order, and those that need not be there may be left out. A line with
//! a fault is left out and its faults are named by line and column; the others go through.

use crate::csv_text;
use jiff::civil::Date;
use kernel::{Issue, Needs, Severity};
use place::service::{self, Service, Typed};
use std::collections::HashSet;

/// A line that could be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Number of the record, from 1.
    pub record: u32,
    /// Its line in the file.
    pub line: u64,
    /// The list it comes from.
    pub source: String,
    /// What that list calls it.
    pub key: String,
    /// The service.
    pub service: Service,
}

/// The table as read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Directory {
    /// Lines without a fault.
    pub entries: Vec<Entry>,
    /// Number of lines.
    pub records: u32,
    /// What was wrong, with line and column.
    pub issues: Vec<Issue>,
}

/// Columns that must be there.
pub const NEEDED: [&str; 7] = [
    "source",
    "key",
    "name",
    "what",
    "needs",
    "referral",
    "checked_on",
];
/// Columns that may be there.
pub const OPTIONAL: [&str; 14] = [
    "organisation",
    "organisation_code",
    "areas",
    "how",
    "who_for",
    "hours",
    "hours_note",
    "address",
    "postcode",
    "telephone",
    "web",
    "cost",
    "checked_by",
    "ended_on",
];

/// Longest name of a list and longest key, in characters.
const KEY: usize = 100;

/// Reads a table of services.
///
/// # Errors
/// What makes the whole file unusable.
pub fn read(bytes: &[u8], needs: &Needs, today: Date) -> Result<Directory, Vec<Issue>> {
    if !csv_text::is_text(bytes) {
        return Err(vec![Issue::file(
            "not-a-table",
            "The file is not a table of text (CSV in UTF-8).",
        )]);
    }
    let (table, issues) = csv_text::read(bytes).map_err(|issue| vec![issue])?;
    let missing: Vec<&str> = NEEDED
        .into_iter()
        .filter(|column| !table.headings.iter().any(|heading| heading == column))
        .collect();
    if !missing.is_empty() {
        return Err(vec![Issue::new(
            Severity::Reject,
            0,
            "line 1",
            "heading-missing",
            format!(
                "These columns are missing: {}. See docs/reference/directory.md.",
                missing.join(", ")
            ),
        )]);
    }
    let mut directory = Directory {
        records: u32::try_from(issues.len() + table.lines.len()).unwrap_or(u32::MAX),
        issues,
        ..Directory::default()
    };
    for heading in &table.headings {
        let name = heading.as_str();
        if !NEEDED.contains(&name) && !OPTIONAL.contains(&name) {
            directory.issues.push(Issue::new(
                Severity::Note,
                0,
                "line 1",
                "column-unknown",
                "The table has a column that is not known. It was left out.",
            ));
        }
    }
    let mut seen = HashSet::new();
    for (line, cells) in &table.lines {
        let cell = |column: &str| {
            let at = table.headings.iter().position(|heading| heading == column);
            let text = at.and_then(|at| cells.get(at)).unwrap_or("");
            text.trim().to_owned()
        };
        match entry(*line, &cell, &mut seen, needs, today) {
            Ok(entry) => directory.entries.push(entry),
            Err(issues) => directory.issues.extend(issues),
        }
    }
    Ok(directory)
}

/// Reads a line, or says all that is wrong with it.
fn entry(
    line: u64,
    cell: &dyn Fn(&str) -> String,
    seen: &mut HashSet<(String, String)>,
    needs: &Needs,
    today: Date,
) -> Result<Entry, Vec<Issue>> {
    let record = u32::try_from(line.saturating_sub(1)).unwrap_or(u32::MAX);
    let mut issues = Vec::new();
    let mut reject = |column: &str, code, text: String| {
        let path = format!("line {line}, column {column}");
        issues.push(Issue::new(Severity::Reject, record, path, code, text));
    };
    let (source, key) = (cell("source"), cell("key"));
    for (column, value) in [("source", &source), ("key", &key)] {
        if value.is_empty() || value.chars().count() > KEY {
            reject(
                column,
                "key-missing",
                format!("Write a text of {KEY} characters at most, the same every time."),
            );
        }
    }
    let read = service::read(&typed(cell), needs, today);
    for fault in read.as_ref().err().into_iter().flatten() {
        let text = format!("{}.", fault.text.trim_end_matches('.'));
        reject(fault.field, "field-wrong", text);
    }
    match read {
        Ok(service) if issues.is_empty() => {
            if seen.insert((source.clone(), key.clone())) {
                return Ok(Entry {
                    record,
                    line,
                    source,
                    key,
                    service,
                });
            }
            Err(vec![Issue::new(
                Severity::Reject,
                record,
                format!("line {line}, column key"),
                "key-repeated",
                "An earlier line has this source and key. This line was left out.",
            )])
        }
        _ => Err(issues),
    }
}

fn typed(cell: &dyn Fn(&str) -> String) -> Typed {
    Typed {
        name: cell("name"),
        organisation: cell("organisation"),
        organisation_code: cell("organisation_code"),
        what: cell("what"),
        needs: cell("needs"),
        areas: cell("areas"),
        how: cell("how"),
        who_for: cell("who_for"),
        referral: cell("referral"),
        hours: cell("hours"),
        hours_note: cell("hours_note"),
        address: cell("address"),
        postcode: cell("postcode"),
        telephone: cell("telephone"),
        web: cell("web"),
        cost: cell("cost"),
        checked_on: cell("checked_on"),
        checked_by: cell("checked_by"),
        ended_on: cell("ended_on"),
    }
}
