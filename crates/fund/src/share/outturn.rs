//! What was spent in the year, from a CSV file.
//!
//! Columns: `scheme` and `amount` (pounds), and where they are needed `origin` (the partner whose
//! people it was spent on), `contribution` (money for performance that was received) and `month`,
//! which is for people and not read. Lines of one scheme are added up.

use super::Spent;
use crate::agreement::{Agreement, ContributionKey, PartnerKey, SchemeKey};
use crate::amount::pounds;
use crate::reading::Fault;
use kernel::Pence;
use std::collections::BTreeMap;

/// Most lines of an outturn.
const LINES: usize = kernel::limits::BUNDLE_ENTRIES;

/// What was spent, by scheme, and received for performance.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outturn {
    /// By scheme.
    pub spent: BTreeMap<SchemeKey, Spent>,
    /// What was received of contributions that are paid for performance.
    pub received: BTreeMap<ContributionKey, Pence>,
}

/// Reads an outturn for an agreement.
///
/// # Errors
/// Everything wrong with it: shares of a part of the money would mislead, so nothing is shared
/// until all of it can be read.
pub fn read(text: &str, agreement: &Agreement) -> Result<Outturn, Vec<Fault>> {
    let mut reader = Reader {
        agreement,
        outturn: Outturn::default(),
        faults: Vec::new(),
    };
    reader.file(text.strip_prefix('\u{feff}').unwrap_or(text));
    for scheme in &agreement.schemes {
        if reader.faults.is_empty() && !reader.outturn.spent.contains_key(&scheme.key) {
            let text = format!(
                "no line is for scheme {}; write 0 if nothing was spent on it",
                scheme.key
            );
            reader.wrong(0, "scheme", text);
        }
    }
    if reader.faults.is_empty() {
        Ok(reader.outturn)
    } else {
        Err(reader.faults)
    }
}

struct Reader<'a> {
    agreement: &'a Agreement,
    outturn: Outturn,
    faults: Vec<Fault>,
}

const MORE_CELLS: &str = "the line has more cells than the heading; put an amount with commas in quotation marks, \
                          such as \"1,234.50\"";

/// Where each column is.
struct Columns {
    /// How many the heading has.
    number: usize,
    scheme: Option<usize>,
    amount: usize,
    origin: Option<usize>,
    contribution: Option<usize>,
}

impl Reader<'_> {
    fn wrong(&mut self, line: u32, field: &str, text: impl Into<String>) {
        if self.faults.len() < kernel::limits::ISSUES_KEPT {
            self.faults.push(Fault {
                line,
                field: field.to_owned(),
                text: text.into(),
            });
        }
    }

    fn file(&mut self, text: &str) {
        let mut csv = csv::ReaderBuilder::new()
            .flexible(true)
            .trim(csv::Trim::All)
            .from_reader(text.as_bytes());
        let Some(columns) = self.columns(csv.headers().ok()) else {
            return;
        };
        for (at, record) in csv.records().enumerate() {
            if at >= LINES {
                self.wrong(0, "", format!("there are more than {LINES} lines"));
                return;
            }
            match record {
                Ok(record) => {
                    let line = record.position().map_or(0, |position| position.line());
                    let line = u32::try_from(line).unwrap_or(u32::MAX);
                    let more = record.len() > columns.number
                        && record
                            .iter()
                            .skip(columns.number)
                            .any(|cell| !cell.is_empty());
                    match record.iter().any(|cell| !cell.is_empty()) {
                        // 1,234.50 without quotation marks would be read as 1.
                        true if more => self.wrong(line, "", MORE_CELLS),
                        true => self.line(line, &record, &columns),
                        false => {}
                    }
                }
                Err(error) => {
                    let line = error.position().map_or(0, csv::Position::line);
                    let line = u32::try_from(line).unwrap_or(u32::MAX);
                    self.wrong(line, "", "cannot be read as CSV in UTF-8");
                }
            }
        }
    }

    fn columns(&mut self, headers: Option<&csv::StringRecord>) -> Option<Columns> {
        let known = ["scheme", "amount", "origin", "contribution", "month"];
        let headers: Vec<String> = headers
            .map(|headers| headers.iter().map(str::to_lowercase).collect())
            .unwrap_or_default();
        for name in headers
            .iter()
            .filter(|name| !known.contains(&name.as_str()))
        {
            let short: String = name.chars().take(40).collect();
            let text = format!("there is no column {short:?}; use {}", known.join(", "));
            self.wrong(1, "heading", text);
        }
        let at = |name: &str| headers.iter().position(|header| header == name);
        let (Some(amount), true) = (at("amount"), at("scheme").is_some()) else {
            self.wrong(1, "heading", "the columns scheme and amount must be there");
            return None;
        };
        Some(Columns {
            number: headers.len(),
            scheme: at("scheme"),
            amount,
            origin: at("origin"),
            contribution: at("contribution"),
        })
    }

    fn line(&mut self, line: u32, record: &csv::StringRecord, columns: &Columns) {
        let cell = |at: Option<usize>| at.and_then(|at| record.get(at)).unwrap_or("");
        let written = cell(Some(columns.amount));
        let amount = match pounds(written) {
            Ok(amount) => amount,
            Err(error) => {
                let short: String = written.chars().take(40).collect();
                self.wrong(line, "amount", format!("{short:?}: {error}"));
                return;
            }
        };
        let contribution = cell(columns.contribution);
        if !contribution.is_empty() {
            self.received(line, contribution, amount, cell(columns.scheme));
            return;
        }
        let key = SchemeKey::new(cell(columns.scheme));
        if self.agreement.scheme(&key).is_none() {
            let known: Vec<&str> = self
                .agreement
                .schemes
                .iter()
                .map(|scheme| scheme.key.as_str())
                .collect();
            let text = format!(
                "the agreement has no scheme {:?}; it has {}",
                key.as_str(),
                known.join(", ")
            );
            self.wrong(line, "scheme", text);
            return;
        }
        let origin = cell(columns.origin);
        let partner = PartnerKey::new(origin);
        if !origin.is_empty() && self.agreement.partner(&partner).is_none() {
            self.wrong(
                line,
                "origin",
                format!("{origin:?} is no partner of the agreement"),
            );
            return;
        }
        let spent = self.outturn.spent.entry(key).or_default();
        spent.amount = spent.amount + amount;
        if !origin.is_empty() {
            let sum = spent.by_origin.entry(partner).or_default();
            *sum = *sum + amount;
        }
    }

    fn received(&mut self, line: u32, name: &str, amount: Pence, scheme: &str) {
        let key = ContributionKey::new(name);
        let whole = self
            .agreement
            .performance
            .as_ref()
            .filter(|performance| performance.contribution == key)
            .and_then(|_| self.agreement.contribution(&key))
            .map(|contribution| contribution.amount);
        let Some(whole) = whole else {
            let text = "only what was received of a contribution that is paid for performance is \
                        written here; what a partner owes is in the ledger";
            self.wrong(line, "contribution", text);
            return;
        };
        if !scheme.is_empty() {
            self.wrong(line, "scheme", "must be empty beside contribution");
            return;
        }
        let sum = self.outturn.received.entry(key).or_default();
        *sum = *sum + amount;
        let sum = *sum;
        if amount.0 < 0 || sum > whole {
            let text = format!("{sum} received in all must lie between £0 and {whole}");
            self.wrong(line, "amount", text);
        }
    }
}
