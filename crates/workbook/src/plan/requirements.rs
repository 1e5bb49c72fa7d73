//! Answers to planning requirements, and planned metrics.

use super::Reader;
use super::cells::{plain, text};
use crate::sheet::{Cell, Sheet};
use fund::plan::{Answer, PlannedMetric};

/// Reads the sheets that have them.
pub(super) fn read(reader: &mut Reader, sheets: &[Sheet]) {
    for sheet in sheets {
        answers(reader, sheet);
        metrics(reader, sheet);
        let words = plain(&sheet.name);
        if words.contains("c d") || words.contains("capacity") {
            let filled = sheet.rows.iter().any(|(row, cells)| {
                cells.iter().any(|(column, cell)| {
                    matches!(cell, Cell::Number(_)) && sheet.hider(*row, *column).is_none()
                })
            });
            reader.plan.capacity_and_demand =
                Some(reader.plan.capacity_and_demand.unwrap_or(false) || filled);
        }
    }
}

/// The column of a heading, and its row, among the first rows of a sheet.
fn heading(sheet: &Sheet, wanted: &[&dyn Fn(&str) -> bool]) -> Option<(u32, Vec<u32>)> {
    sheet.rows.iter().take(200).find_map(|(row, cells)| {
        let mut columns = Vec::new();
        for one in wanted {
            columns.push(cells.iter().find_map(|(column, cell)| {
                let words = cell.text().map(plain)?;
                one(&words).then_some(*column)
            })?);
        }
        Some((*row, columns))
    })
}

/// Rows with a national condition and yes or no.
fn answers(reader: &mut Reader, sheet: &Sheet) {
    let condition = |words: &str| {
        words.contains("national condition") || words.contains("planning requirement")
    };
    let yes = |words: &str| words.contains("yes") || words.contains("confirmed");
    let Some((row, columns)) = heading(sheet, &[&condition, &yes]) else {
        return;
    };
    let rows: Vec<u32> = sheet.rows.range(row + 1..).map(|(row, _)| *row).collect();
    for row in rows {
        let number: String = text(sheet, row, columns[0])
            .chars()
            .skip_while(|c| !c.is_ascii_digit())
            .take_while(char::is_ascii_digit)
            .collect();
        let said = plain(&text(sheet, row, columns[1]));
        if number.is_empty() || said.is_empty() {
            continue;
        }
        if !reader.sees(sheet, row, columns[1]) {
            continue;
        }
        let at = sheet.at(row, columns[1]);
        if !matches!(said.as_str(), "yes" | "no") {
            reader.part(&at, "not-yes-or-no", "The cell must be yes or no.");
            continue;
        }
        reader.plan.answers.push(Answer {
            condition: number,
            yes: said == "yes",
            at,
        });
    }
}

/// What words of a workbook name which metric.
const METRICS: &[(&str, &str)] = &[
    ("avoidable admissions", "avoidable-admissions"),
    ("falls", "falls"),
    ("normal place of residence", "usual-residence"),
    ("usual place of residence", "usual-residence"),
    ("residential admissions", "care-home-admissions"),
    ("care home admissions", "care-home-admissions"),
    ("residential care", "care-home-admissions"),
    ("reablement", "at-home-91-days"),
    ("91 days", "at-home-91-days"),
    ("discharge delay", "average-discharge-delay"),
    ("emergency admissions", "emergency-admissions-65"),
    ("delayed transfers", "delayed-transfers"),
    ("non elective", "non-elective-admissions"),
];

/// Rows of a sheet of metrics that name one and have a planned figure.
fn metrics(reader: &mut Reader, sheet: &Sheet) {
    if !plain(&sheet.name).contains("metrics") {
        return;
    }
    let mut current: Option<&str> = None;
    for (row, cells) in &sheet.rows {
        let words: String = cells
            .iter()
            .filter_map(|(_, cell)| cell.text())
            .map(plain)
            .collect::<Vec<_>>()
            .join(" ");
        if let Some((_, key)) = METRICS.iter().find(|(name, _)| words.contains(name)) {
            current = Some(key);
        }
        let values: Vec<u32> = cells
            .iter()
            .filter(|(_, cell)| matches!(cell, Cell::Number(_)))
            .map(|(column, _)| *column)
            .collect();
        let Some(key) = current else { continue };
        let planned =
            words.contains("plan") || METRICS.iter().any(|(name, _)| words.contains(name));
        if !planned || values.is_empty() || reader.plan.metrics.iter().any(|m| m.key == key) {
            continue;
        }
        let mut seen = true;
        for column in &values {
            seen &= reader.sees(sheet, *row, *column);
        }
        if seen {
            reader.plan.metrics.push(PlannedMetric {
                key: key.to_owned(),
                values: values.iter().map(|at| text(sheet, *row, *at)).collect(),
                at: sheet.at(*row, 0),
            });
        }
    }
}
