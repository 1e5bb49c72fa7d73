//! Workbooks of discharge pathways, as IPACS models have them: arrivals, initial conditions,
//! capacity, lengths of stay and costs, a sheet each.
//!
//! Sheets are found by their names and columns by their headings; other sheets and columns
//! are left alone. Every row that is wrong is named by its cell, and nothing is made up for it.

use crate::Sheet;
use crate::sheet::{Cell, open};
use jiff::civil::Date;
use kernel::{Issue, Severity};
use simulate::pathways::{Node, NodeStay, Pathways};
use std::collections::BTreeMap;

const SHEETS: [&str; 5] = ["arrivals", "initial conditions", "capacity", "los", "costs"];
/// Most days of arrivals, and most pounds a day that anything costs.
const MOST_DAYS: i32 = 20_000;
const MOST_POUNDS: f64 = 1_000_000.0;

/// Reads a workbook.
///
/// # Errors
/// Everything that is wrong: a model with a wrong row would give wrong figures.
pub fn read(bytes: &[u8]) -> Result<Pathways, Vec<Issue>> {
    let sheets = open(bytes).map_err(|issue| vec![issue])?;
    let missing: Vec<&str> = SHEETS
        .into_iter()
        .filter(|name| find(&sheets, name).is_none())
        .collect();
    if !missing.is_empty() {
        let there: Vec<String> = sheets
            .iter()
            .map(|sheet| format!("`{}`", sheet.name))
            .collect();
        return Err(vec![Issue::file(
            "not-pathways",
            format!(
                "The workbook has no sheet {}; it has {}. Send a workbook of discharge pathways, or a model in TOML.",
                missing
                    .iter()
                    .map(|name| format!("`{name}`"))
                    .collect::<Vec<_>>()
                    .join(", "),
                there.join(", ")
            ),
        )]);
    }
    let mut reading = Reading {
        issues: Vec::new(),
        nodes: BTreeMap::new(),
        order: Vec::new(),
    };
    reading.capacity(find(&sheets, "capacity"));
    reading.stays(find(&sheets, "los"));
    reading.initial(find(&sheets, "initial conditions"));
    reading.costs(find(&sheets, "costs"));
    let (start, days) = reading.arrivals(find(&sheets, "arrivals"));
    reading.finish(start, days)
}

fn find<'a>(sheets: &'a [Sheet], name: &str) -> Option<&'a Sheet> {
    sheets
        .iter()
        .find(|sheet| sheet.name.trim().eq_ignore_ascii_case(name))
}

/// What has been read of a node.
#[derive(Default)]
struct Part {
    arrivals: Vec<(String, BTreeMap<Date, f64>)>,
    capacities: Vec<(String, u32)>,
    stays: Vec<(String, NodeStay)>,
    occupied: Option<u32>,
    waiting: Option<u32>,
    costs: Option<(i64, i64)>,
}

struct Reading {
    issues: Vec<Issue>,
    nodes: BTreeMap<String, Part>,
    order: Vec<String>,
}

/// A sheet with its columns by heading.
struct Table<'a> {
    sheet: &'a Sheet,
    columns: Vec<(String, u32)>,
}

impl<'a> Table<'a> {
    fn rows(&self) -> impl Iterator<Item = u32> + use<'a> {
        let sheet = self.sheet;
        // Tables end at the first row without a name.
        sheet.rows.keys().copied().skip(1)
    }

    fn cell(&self, row: u32, heading: &str) -> Option<&'a Cell> {
        self.sheet.get(row, self.column(heading)?)
    }

    fn column(&self, heading: &str) -> Option<u32> {
        let found = self.columns.iter().find(|(name, _)| name == heading);
        found.map(|(_, column)| *column)
    }

    fn at(&self, row: u32, heading: &str) -> String {
        self.sheet.at(row, self.column(heading).unwrap_or(0))
    }
}

impl Reading {
    fn say(&mut self, at: String, code: &'static str, text: impl Into<String>) {
        if self.issues.len() < kernel::limits::ISSUES_KEPT {
            self.issues
                .push(Issue::new(Severity::Reject, 0, at, code, text));
        }
    }

    fn table<'a>(&mut self, sheet: Option<&'a Sheet>, headings: &[&str]) -> Option<Table<'a>> {
        let sheet = sheet?;
        let (first, cells) = sheet.rows.iter().next()?;
        let columns = cells
            .iter()
            .filter_map(|(column, cell)| Some((cell.text()?.to_lowercase(), *column)))
            .collect();
        let table = Table { sheet, columns };
        let missing: Vec<String> = headings
            .iter()
            .filter(|heading| table.column(heading).is_none())
            .map(|heading| format!("`{heading}`"))
            .collect();
        if missing.is_empty() {
            return Some(table);
        }
        let text = format!("The sheet has no column headed {}.", missing.join(", "));
        self.say(sheet.at(*first, 0), "heading-missing", text);
        None
    }

    /// The text of a cell that names something; an issue if it is missing and the row is not empty.
    fn name<'a>(&mut self, table: &Table<'a>, row: u32, heading: &str) -> Option<&'a str> {
        let name = table
            .cell(row, heading)
            .and_then(Cell::text)
            .filter(|name| !name.is_empty());
        let empty = table
            .columns
            .iter()
            .all(|(_, column)| table.sheet.get(row, *column).is_none());
        if name.is_none() && !empty {
            self.say(
                table.at(row, heading),
                "name-missing",
                format!("The row has no {heading}."),
            );
        }
        name
    }

    fn number(&mut self, table: &Table<'_>, row: u32, heading: &str, most: f64) -> Option<f64> {
        match table.cell(row, heading) {
            Some(Cell::Number(number)) if (0.0..=most).contains(number) => Some(*number),
            Some(Cell::Number(number)) => {
                let text = format!("{heading} is {number}; it lies between 0 and {most}.");
                self.say(table.at(row, heading), "number-impossible", text);
                None
            }
            _ => {
                let text = format!("{heading} is no number.");
                self.say(table.at(row, heading), "not-a-number", text);
                None
            }
        }
    }

    fn whole(&mut self, table: &Table<'_>, row: u32, heading: &str) -> Option<u32> {
        let number = self.number(table, row, heading, 1_000_000.0)?;
        if number.fract() != 0.0 {
            let text = format!("{heading} is {number}; people and places are whole.");
            self.say(table.at(row, heading), "number-not-whole", text);
            return None;
        }
        Some(number as u32)
    }

    fn part(&mut self, node: &str) -> &mut Part {
        if !self.nodes.contains_key(node) {
            self.order.push(node.to_owned());
        }
        self.nodes.entry(node.to_owned()).or_default()
    }

    fn capacity(&mut self, sheet: Option<&Sheet>) {
        let Some(table) = self.table(sheet, &["node", "scenario", "capacity"]) else {
            return;
        };
        for row in table.rows() {
            let Some(node) = self.name(&table, row, "node") else {
                continue;
            };
            let Some(scenario) = self.name(&table, row, "scenario") else {
                continue;
            };
            let Some(capacity) = self.whole(&table, row, "capacity") else {
                continue;
            };
            if capacity == 0 {
                self.say(table.at(row, "capacity"), "capacity-nil", "The capacity is nil, so nobody would ever leave. Give it capacity or take the row out.");
                continue;
            }
            let capacities = &mut self.part(node).capacities;
            if capacities.iter().any(|(known, _)| known == scenario) {
                self.say(
                    table.at(row, "scenario"),
                    "scenario-repeated",
                    "The node has this scenario in an earlier row too.",
                );
            } else {
                capacities.push((scenario.to_owned(), capacity));
            }
        }
    }

    fn stays(&mut self, sheet: Option<&Sheet>) {
        let Some(table) = self.table(sheet, &["node", "scenario", "mean_los"]) else {
            return;
        };
        for row in table.rows() {
            let Some(node) = self.name(&table, row, "node") else {
                continue;
            };
            let Some(scenario) = self.name(&table, row, "scenario") else {
                continue;
            };
            if let Some(distribution) = table.cell(row, "los_dist").and_then(Cell::text)
                && distribution != "lnorm"
            {
                let text = format!(
                    "The distribution `{distribution}` is not read; stays are log-normal (`lnorm`)."
                );
                self.say(table.at(row, "los_dist"), "distribution-unknown", text);
                continue;
            }
            let Some(mean) = self.number(&table, row, "mean_los", 10_000.0) else {
                continue;
            };
            let median = self.given(&table, row, "median");
            let sd = self.given(&table, row, "sd_los");
            let visits = self
                .given(&table, row, "ivr")
                .zip(self.given(&table, row, "fvr"));
            if mean <= 0.0 || median.is_some_and(|median| median <= 0.0 || median > mean) {
                self.say(
                    table.at(row, "mean_los"),
                    "stay-impossible",
                    "A log-normal stay has a median above 0 and a mean of at least its median.",
                );
                continue;
            }
            if median.is_none() && sd.is_none() {
                self.say(
                    table.at(row, "mean_los"),
                    "stay-incomplete",
                    "Beside the mean, give `median` or `sd_los`.",
                );
                continue;
            }
            let stay = NodeStay {
                median,
                mean,
                sd,
                visits,
            };
            self.part(node).stays.push((scenario.to_owned(), stay));
        }
    }

    /// A number that may be missing.
    fn given(&mut self, table: &Table<'_>, row: u32, heading: &str) -> Option<f64> {
        table.cell(row, heading)?;
        self.number(table, row, heading, 10_000.0)
    }

    fn initial(&mut self, sheet: Option<&Sheet>) {
        let Some(table) = self.table(sheet, &["node", "measure", "value"]) else {
            return;
        };
        for row in table.rows() {
            let Some(node) = self.name(&table, row, "node") else {
                continue;
            };
            let Some(measure) = self.name(&table, row, "measure") else {
                continue;
            };
            let Some(people) = self.whole(&table, row, "value") else {
                continue;
            };
            let part = self.part(node);
            match measure {
                "occ" => part.occupied = Some(people),
                "dtoc" => part.waiting = Some(people),
                other => {
                    let text =
                        format!("`{other}` is not read; it is `occ` (there) or `dtoc` (waiting).");
                    self.say(table.at(row, "measure"), "measure-unknown", text);
                }
            }
        }
    }

    fn costs(&mut self, sheet: Option<&Sheet>) {
        let Some(table) = self.table(sheet, &["node", "community_cost", "acute_dtoc"]) else {
            return;
        };
        for row in table.rows() {
            let Some(node) = self.name(&table, row, "node") else {
                continue;
            };
            let community = self.number(&table, row, "community_cost", MOST_POUNDS);
            let acute = self.number(&table, row, "acute_dtoc", MOST_POUNDS);
            if let Some((community, acute)) = community.zip(acute) {
                let pence = |pounds: f64| (pounds * 100.0).round() as i64;
                self.part(node).costs = Some((pence(community), pence(acute)));
            }
        }
    }

    /// First day and number of days, beside what goes to the nodes.
    fn arrivals(&mut self, sheet: Option<&Sheet>) -> (Option<Date>, i32) {
        let Some(table) = self.table(sheet, &["node", "arrivals", "scenario", "date"]) else {
            return (None, 0);
        };
        let (mut first, mut last): (Option<Date>, Option<Date>) = (None, None);
        for row in table.rows() {
            let Some(node) = self.name(&table, row, "node") else {
                continue;
            };
            let Some(scenario) = self.name(&table, row, "scenario") else {
                continue;
            };
            let Some(mean) = self.number(&table, row, "arrivals", 100_000.0) else {
                continue;
            };
            let Some(Cell::Date(date)) = table.cell(row, "date") else {
                self.say(
                    table.at(row, "date"),
                    "not-a-date",
                    "The date is not formatted as a date.",
                );
                continue;
            };
            first = Some(first.map_or(*date, |first| first.min(*date)));
            last = Some(last.map_or(*date, |last| last.max(*date)));
            let all = &mut self.part(node).arrivals;
            let at = all
                .iter()
                .position(|(known, _)| known == scenario)
                .unwrap_or_else(|| {
                    all.push((scenario.to_owned(), BTreeMap::new()));
                    all.len() - 1
                });
            if all[at].1.insert(*date, mean).is_some() {
                self.say(
                    table.at(row, "date"),
                    "date-repeated",
                    "The node has this date in an earlier row of the scenario too.",
                );
            }
        }
        let days = first
            .zip(last)
            .and_then(|(first, last)| Some(first.until(last).ok()?.get_days() + 1));
        (first, days.unwrap_or(0))
    }

    fn finish(mut self, start: Option<Date>, days: i32) -> Result<Pathways, Vec<Issue>> {
        let Some(start) = start.filter(|_| (1..=MOST_DAYS).contains(&days)) else {
            if self.issues.is_empty() {
                self.say(
                    String::new(),
                    "empty",
                    "The workbook has no arrivals that can be read.",
                );
            }
            return Err(self.issues);
        };
        let mut nodes = Vec::new();
        for name in std::mem::take(&mut self.order) {
            let Some(part) = self.nodes.remove(&name) else {
                continue;
            };
            if let Some(node) = self.node(&name, part, days) {
                nodes.push(node);
            }
        }
        if self.issues.is_empty() {
            Ok(Pathways {
                start,
                days: days.unsigned_abs(),
                nodes,
            })
        } else {
            Err(self.issues)
        }
    }

    fn node(&mut self, name: &str, part: Part, days: i32) -> Option<Node> {
        let missing: Vec<&str> = [
            ("arrivals", part.arrivals.is_empty()),
            ("capacity", part.capacities.is_empty()),
            ("los", part.stays.is_empty()),
            (
                "initial conditions",
                part.occupied.is_none() || part.waiting.is_none(),
            ),
            ("costs", part.costs.is_none()),
        ]
        .into_iter()
        .filter_map(|(sheet, missing)| missing.then_some(sheet))
        .collect();
        if !missing.is_empty() {
            self.say(
                name.to_owned(),
                "node-incomplete",
                format!("The node is not, or not whole, in: {}.", missing.join(", ")),
            );
            return None;
        }
        for (scenario, means) in &part.arrivals {
            if i32::try_from(means.len()) != Ok(days) {
                self.say(
                    name.to_owned(),
                    "days-missing",
                    format!(
                        "Arrivals of {scenario} have {} days of {days}.",
                        means.len()
                    ),
                );
            }
        }
        let (community_pence, acute_pence) = part.costs?;
        Some(Node {
            name: name.to_owned(),
            arrivals: part
                .arrivals
                .into_iter()
                .map(|(scenario, means)| (scenario, means.into_values().collect()))
                .collect(),
            capacities: part.capacities,
            stays: part.stays,
            occupied: part.occupied?,
            waiting: part.waiting?,
            community_pence,
            acute_pence,
        })
    }
}
