//! What was wrong with something that arrived: where, what, and what to do.
//!
//! Every reader (messages, resources, workbooks) speaks in issues, so that the
//! inbox, the command line and the screens show one shape.

use std::fmt;

/// How bad an issue is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Worth knowing; the record went through.
    Note,
    /// Part of the record could not be used; the rest went through.
    Part,
    /// The record could not be used. Its bytes are kept.
    Reject,
}

/// A short, stable, machine-readable name of a kind of issue, such as
/// `not-a-date` or `sum-differs`. Lower-case words joined by dashes.
pub type IssueCode = &'static str;

/// One thing wrong, with its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Issue {
    /// Number of the record in the file, from 1; 0 is the file as a whole.
    pub record: u32,
    /// Where in the record: a FHIRPath, a sheet and cell, or a line and column.
    pub path: String,
    /// The kind of issue.
    pub code: IssueCode,
    /// How bad it is.
    pub severity: Severity,
    /// What is wrong and what to do, in a sentence or two. Never holds personal
    /// data: no names, numbers, dates of birth or free text from the record.
    pub text: String,
}

impl Issue {
    /// An issue about one record.
    pub fn new(
        severity: Severity,
        record: u32,
        path: impl Into<String>,
        code: IssueCode,
        text: impl Into<String>,
    ) -> Self {
        Self {
            record,
            path: path.into(),
            code,
            severity,
            text: text.into(),
        }
    }

    /// The whole file cannot be used.
    pub fn file(code: IssueCode, text: impl Into<String>) -> Self {
        Self::new(Severity::Reject, 0, "", code, text)
    }
}

impl fmt::Display for Issue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.record > 0 {
            write!(f, "record {}", self.record)?;
            f.write_str(if self.path.is_empty() { ": " } else { ", " })?;
        }
        if !self.path.is_empty() {
            write!(f, "{}: ", self.path)?;
        }
        write!(f, "{} [{}]", self.text, self.code)
    }
}
