//! Monthly delayed-days workbooks of NHS England ("LA Type B").
//!
//! Source: NHS England, Delayed Transfers of Care statistics, workbooks by local
//! authority, April 2011 on. The layout drifts: columns come and go, headings are
//! reworded, blocks are added. So nothing is read by its position: a sheet counts if
//! it has a line of headings with an area's name and at least one figure we know,
//! and each column is what its heading says. What the sums of a row cannot confirm
//! is not loaded.

mod check;
mod headings;
mod slice;
mod table;
mod top;

use jiff::civil::Date;
use kernel::{Issue, Month, OnsCode, Severity};
use place::{AreaCode, DelayDays};

/// One month as published.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DtocWorkbook {
    /// The month, from the sheets' own text.
    pub month: Month,
    /// Day of first publication, if the workbook says.
    pub published: Option<Date>,
    /// What the workbook has in that place; empty if nothing.
    pub published_text: String,
    /// Day of the last revision, if the workbook says.
    pub revised: Option<Date>,
    /// What the workbook has in that place; empty if nothing.
    pub revised_text: String,
    /// The areas whose sums hold, England among them, in the order published.
    pub areas: Vec<AreaMonth>,
    /// Number of area rows in the workbook, whether they could be used or not.
    pub records: u32,
    /// What was wrong, with sheet and cell.
    pub issues: Vec<Issue>,
}

/// One area in one month.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AreaMonth {
    /// Number of the row in the workbook, from 1.
    pub record: u32,
    /// NHS local authority code, or the ONS code where there is no other.
    pub code: AreaCode,
    /// ONS code, where the workbook has it.
    pub ons: Option<OnsCode>,
    /// Name as published.
    pub name: String,
    /// Region, where the workbook has it.
    pub region: Option<String>,
    /// The figures.
    pub days: DelayDays,
}

impl DtocWorkbook {
    /// The England row, if it is there and its sums hold.
    pub fn england(&self) -> Option<&AreaMonth> {
        self.areas.iter().find(|area| area.code.is_england())
    }

    /// Number of rows that could not be used.
    pub fn rejected(&self) -> u32 {
        self.records.saturating_sub(self.areas.len() as u32)
    }
}

/// Reads one workbook.
///
/// # Errors
/// What makes the whole file unusable, with sheet and cell where there is one.
pub fn read(bytes: &[u8]) -> Result<DtocWorkbook, Vec<Issue>> {
    table::read(bytes)
}

/// Reads a workbook, or a table of text of our own with many months in it
/// (`data/official/delays.csv`), told apart by its content.
///
/// # Errors
/// What makes the whole file unusable.
pub fn read_any(bytes: &[u8]) -> Result<Vec<DtocWorkbook>, Vec<Issue>> {
    if slice::is_slice(bytes) {
        return slice::read(bytes);
    }
    read(bytes).map(|workbook| vec![workbook])
}

pub use slice::{HEADINGS as SLICE_HEADINGS, write as write_slice};

/// An issue about one row.
fn row_issue(record: u32, path: String, code: &'static str, text: String) -> Issue {
    Issue::new(Severity::Part, record, path, code, text)
}
