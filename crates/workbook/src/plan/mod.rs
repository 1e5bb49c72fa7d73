//! The Better Care Fund planning workbook: bytes in, a plan and issues out.
//!
//! Source: layout of the 2023-25 workbook (RULES C.6, from memory). Tables are found by what their
//! headings mean and not by where they stand (decision 0005), so that a sheet that was moved,
//! renamed or has lines above it is read all the same. Every figure that cannot be read is an
//! issue with its cell, and its line is left out and marked: a sum that misses a line is no sum.
//! So is a figure that is hidden: nobody can sign for money that they cannot see.
//! Names of people who signed are never read.

mod cells;
mod cover;
mod expenditure;
mod hidden;
mod income;
mod requirements;
#[cfg(test)]
mod tests;

use crate::sheet::{Sheet, open};
use fund::plan::Plan;
use fund::year;
use kernel::{Issue, Severity};

/// What was read of a workbook.
#[derive(Debug, Default)]
pub struct PlanRead {
    /// The plan; `None` if the workbook has no expenditure or no year.
    pub plan: Option<Plan>,
    /// What was wrong.
    pub issues: Vec<Issue>,
}

/// Reads a planning workbook.
pub fn read(bytes: &[u8]) -> PlanRead {
    let mut read = PlanRead::default();
    let sheets = match open(bytes) {
        Ok(sheets) => sheets,
        Err(issue) => {
            read.issues.push(issue);
            return read;
        }
    };
    let mut reader = Reader::default();
    reader.workbook(&sheets);
    reader.tell_hidden();
    read.issues = reader.issues;
    if reader.plan.years.is_empty() || reader.plan.lines.is_empty() && reader.plan.unread.is_empty()
    {
        return read;
    }
    read.plan = Some(reader.plan);
    read
}

/// What has been read so far.
#[derive(Default)]
struct Reader {
    plan: Plan,
    issues: Vec<Issue>,
    hidden: hidden::Hidden,
}

impl Reader {
    fn workbook(&mut self, sheets: &[Sheet]) {
        let spending: Vec<(&Sheet, expenditure::Columns)> = sheets
            .iter()
            .filter_map(|sheet| Some((sheet, expenditure::Columns::find(sheet)?)))
            .collect();
        if spending.is_empty() {
            self.issues.push(Issue::file(
                "no-expenditure",
                "No sheet has the headings of expenditure (scheme ID, scheme type, area of spend, \
                 commissioner, source of funding, expenditure). Send the planning workbook itself.",
            ));
            return;
        }
        self.plan.years = years(sheets, &spending);
        if self.plan.years.is_empty() {
            self.issues.push(Issue::file(
                "no-year",
                "No heading and no title says which financial year the plan is for. Write it in \
                 the heading of expenditure, such as Expenditure 2024-25.",
            ));
            return;
        }
        cover::read(self, sheets);
        income::read(self, sheets);
        for (sheet, columns) in &spending {
            expenditure::read(self, sheet, columns);
        }
        requirements::read(self, sheets);
    }

    /// How much there is to tell.
    fn troubles(&self) -> usize {
        self.issues.len() + self.hidden.count
    }

    fn push(&mut self, severity: Severity, at: &str, code: &'static str, text: String) {
        if self.issues.len() < kernel::limits::ISSUES_KEPT {
            self.issues.push(Issue::new(severity, 0, at, code, text));
        }
    }

    /// Something that could not be used.
    fn part(&mut self, at: &str, code: &'static str, text: impl Into<String>) {
        self.push(Severity::Part, at, code, text.into());
    }

    /// Something worth knowing.
    fn note(&mut self, at: &str, code: &'static str, text: impl Into<String>) {
        self.push(Severity::Note, at, code, text.into());
    }
}

/// The years of the plan: of the headings of expenditure, else of the first title that has one.
fn years(sheets: &[Sheet], spending: &[(&Sheet, expenditure::Columns)]) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for (_, columns) in spending {
        for year in columns.years() {
            if !found.contains(&year) {
                found.push(year);
            }
        }
    }
    if !found.is_empty() {
        found.sort();
        found.truncate(2);
        return found;
    }
    let wanted = spending.iter().map(|(_, c)| c.amounts()).max().unwrap_or(1);
    sheets
        .iter()
        .flat_map(|sheet| sheet.rows.values().flatten())
        .filter_map(|(_, cell)| cell.text())
        .map(cells::financial_years)
        .find(|years| !years.is_empty() && years.len() <= wanted.max(1))
        .unwrap_or_default()
}

/// How many years of a plan a text such as `2023-25` names.
fn written(first: i16) -> String {
    year::written(first)
}
