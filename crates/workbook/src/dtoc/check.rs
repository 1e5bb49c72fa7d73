//! The sums of a month: within each row, and of all councils against England.

use super::row_issue;
use super::table::{Figure, Row};
use kernel::Issue;
use place::{DelayDays, DelayKey, Dimension};

/// What a breakdown must add up to, in words.
fn in_words(dimension: Dimension) -> &'static str {
    match dimension {
        Dimension::Total => "the total",
        Dimension::CareType => "acute and non-acute days",
        Dimension::Responsible => "NHS, social care and both",
        Dimension::Reason => "the reasons",
    }
}

/// The figures of a row, or why they cannot be used.
pub(super) fn days_of(row: &Row) -> Result<DelayDays, Vec<Issue>> {
    let mut days = DelayDays::default();
    let mut issues = row.issues.clone();
    for (key, figure) in &row.figures {
        let value = figure.days;
        match days.get(*key) {
            Some(other) if other != value => issues.push(row_issue(
                row.record,
                figure.at.clone(),
                "figures-differ",
                format!(
                    "{}: {value} here and {other} on another sheet. The row was left out.",
                    key.label()
                ),
            )),
            _ => days.set(*key, value),
        }
    }
    if days.get(DelayKey::Total).is_none() {
        issues.push(row_issue(
            row.record,
            row.at.clone(),
            "total-missing",
            "The row has no total to check its figures against. It was left out.".to_owned(),
        ));
    }
    for fault in days.faults() {
        let at = row
            .figures
            .iter()
            .find(|(key, _)| key.dimension() == fault.dimension)
            .map_or_else(|| row.at.clone(), |(_, figure)| figure.at.clone());
        issues.push(row_issue(
            row.record,
            at,
            "sum-differs",
            format!(
                "The figures for {} add up to {} and the total is {}. The row was left out.",
                in_words(fault.dimension),
                fault.sum,
                fault.total
            ),
        ));
    }
    if issues.is_empty() {
        Ok(days)
    } else {
        Err(issues)
    }
}

/// Every figure of the England row against the sum of all other rows.
pub(super) fn england(row: &Row, england: &DelayDays, others: &[&DelayDays]) -> Vec<Issue> {
    england
        .figures()
        .filter_map(|(key, days)| {
            let sum: i64 = others.iter().filter_map(|other| other.get(key)).sum();
            if sum == days {
                return None;
            }
            let at = row.figures.iter().find(|(other, _)| *other == key);
            Some(row_issue(
                row.record,
                at.map_or_else(
                    || row.at.clone(),
                    |(_, figure): &(_, Figure)| figure.at.clone(),
                ),
                "england-differs",
                format!(
                    "{}: England has {days} and the areas add up to {sum}. The England row was \
                     left out.",
                    key.label()
                ),
            ))
        })
        .collect()
}
