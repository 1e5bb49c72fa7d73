//! The small official slice the demo shows: many months and a few areas in one
//! table of text, made by `cargo xtask official-slice` (`data/official/delays.csv`).

use super::{AreaMonth, DtocWorkbook, row_issue};
use crate::csv_text;
use jiff::civil::Date;
use kernel::{Issue, Month, OnsCode};
use place::{AreaCode, DelayDays, DelayKey};

/// The first headings of the table; a column for each key follows.
pub const HEADINGS: [&str; 6] = [
    "month",
    "area_code",
    "ons_code",
    "area",
    "published",
    "revised",
];

/// Whether the bytes are such a table.
pub(super) fn is_slice(bytes: &[u8]) -> bool {
    bytes.starts_with(HEADINGS.join(",").as_bytes()) && csv_text::is_text(bytes)
}

fn heading(key: DelayKey) -> String {
    key.as_str().to_lowercase().replace(' ', "-")
}

/// Writes months as such a table: only the areas that `keep` says yes to. A figure
/// that was not published is an empty cell.
pub fn write(months: &[DtocWorkbook], keep: &dyn Fn(&AreaMonth) -> Option<OnsCode>) -> String {
    let mut text = HEADINGS.join(",");
    for key in DelayKey::ALL {
        text.push(',');
        text.push_str(&heading(key));
    }
    text.push('\n');
    let day = |date: Option<Date>| date.map_or_else(String::new, |date| date.to_string());
    for month in months {
        for area in &month.areas {
            let Some(ons) = keep(area) else { continue };
            let mut cells = vec![
                month.month.to_string(),
                area.code.to_string(),
                ons.to_string(),
                place::area::shown_name(&area.name),
                day(month.published),
                day(month.revised),
            ];
            cells.extend(DelayKey::ALL.map(|key| {
                area.days
                    .get(key)
                    .map_or_else(String::new, |days| days.to_string())
            }));
            text.push_str(&cells.join(","));
            text.push('\n');
        }
    }
    text
}

/// Reads such a table: one month for each run of lines with the same month and dates.
pub(super) fn read(bytes: &[u8]) -> Result<Vec<DtocWorkbook>, Vec<Issue>> {
    let (table, first_issues) = csv_text::read(bytes).map_err(|issue| vec![issue])?;
    let columns: Vec<Option<DelayKey>> = table
        .headings
        .iter()
        .map(|text| DelayKey::ALL.into_iter().find(|key| heading(*key) == *text))
        .collect();
    let mut months: Vec<DtocWorkbook> = Vec::new();
    let mut loose = first_issues;
    for (line, cells) in &table.lines {
        let record = u32::try_from(line.saturating_sub(1)).unwrap_or(u32::MAX);
        let cell = |at: usize| cells.get(at).unwrap_or("").trim();
        let Ok(month) = cell(0).parse::<Month>() else {
            loose.push(row_issue(
                record,
                format!("line {line}, month"),
                "not-a-month",
                "The month cannot be read. The line was left out.".to_owned(),
            ));
            continue;
        };
        let (published, revised) = (cell(4).parse::<Date>().ok(), cell(5).parse::<Date>().ok());
        let same = months.last().is_some_and(|last| {
            (last.month, last.published, last.revised) == (month, published, revised)
        });
        if !same {
            months.push(DtocWorkbook {
                month,
                published,
                published_text: cell(4).to_owned(),
                revised,
                revised_text: cell(5).to_owned(),
                areas: Vec::new(),
                records: 0,
                issues: Vec::new(),
            });
        }
        if let Some(last) = months.last_mut() {
            last.records += 1;
            match area(record, *line, cells, &columns) {
                Ok(area) => last.areas.push(area),
                Err(issue) => last.issues.push(issue),
            }
        }
    }
    match months.first_mut() {
        Some(first) => {
            first.issues.splice(0..0, loose);
            Ok(months)
        }
        None => {
            loose.push(Issue::file(
                "empty",
                "The table has no lines that can be read.",
            ));
            Err(loose)
        }
    }
}

fn area(
    record: u32,
    line: u64,
    cells: &csv::StringRecord,
    columns: &[Option<DelayKey>],
) -> Result<AreaMonth, Issue> {
    let wrong = |what: &str, code, text: &str| {
        row_issue(
            record,
            format!("line {line}, {what}"),
            code,
            format!("{text} The line was left out."),
        )
    };
    let cell = |at: usize| cells.get(at).unwrap_or("").trim();
    let code = AreaCode::new(cell(1))
        .ok_or_else(|| wrong("area_code", "not-a-code", "The area's code cannot be read."))?;
    let mut days = DelayDays::default();
    for (at, key) in columns.iter().enumerate() {
        let Some(key) = key else { continue };
        if !cell(at).is_empty() {
            let count: u32 = cell(at).parse().map_err(|_| {
                wrong(
                    key.as_str(),
                    "not-a-count",
                    "The cell is not a whole number.",
                )
            })?;
            days.set(*key, i64::from(count));
        }
    }
    if days.get(DelayKey::Total).is_none() {
        return Err(wrong("total", "total-missing", "The line has no total."));
    }
    if let Some(fault) = days.faults().first() {
        let text = format!(
            "The figures by {} add up to {} and the total is {}.",
            fault.dimension, fault.sum, fault.total
        );
        return Err(wrong(fault.dimension.as_str(), "sum-differs", &text));
    }
    Ok(AreaMonth {
        record,
        code,
        ons: OnsCode::new(cell(2)),
        name: cell(3).to_owned(),
        region: None,
        days,
    })
}
