//! A return as text: what is frozen and hashed, what changed since, and the lineage of every cell.

use super::{Behind, Cell, Return, Value};
use crate::ledger::Name;
use kernel::{Month, Pence};
use std::collections::{BTreeMap, BTreeSet};

/// What a cell is written as in files: pounds with two decimals, figures with theirs.
pub(super) fn written(value: &Value) -> String {
    match value {
        Value::Money(amount) => amount.in_decimals(),
        Value::Figure(figure) => figure.to_string(),
        Value::Text(text) => text.clone(),
        Value::Missing => String::new(),
    }
}

/// The columns of the text.
const HEADINGS: [&str; 5] = ["sheet", "row", "title", "column", "value"];

/// The return as CSV: `sheet,row,title,column,value`, a line a cell.
pub fn text(one: &Return) -> String {
    let mut csv = csv::Writer::from_writer(Vec::new());
    // Writing into memory does not fail.
    let _ = csv.write_record(HEADINGS);
    for cell in &one.cells {
        let value = written(&cell.value);
        let _ = csv.write_record([
            cell.sheet.as_str(),
            &cell.row,
            &cell.title,
            cell.column.as_str(),
            &value,
        ]);
    }
    let bytes = csv.into_inner().unwrap_or_default();
    String::from_utf8(bytes).unwrap_or_default()
}

/// Where each value of a text stands.
type Cells = BTreeMap<(String, String, String), (String, String)>;

fn cells(text: &str) -> Cells {
    let mut csv = csv::Reader::from_reader(text.as_bytes());
    let mut all = Cells::new();
    for record in csv.records().flatten() {
        let at = |column: usize| record.get(column).unwrap_or_default().to_owned();
        all.insert((at(0), at(1), at(3)), (at(2), at(4)));
    }
    all
}

/// What is different between two texts, a sentence for each cell.
pub fn differences(before: &str, after: &str) -> Vec<String> {
    let (before, after) = (cells(before), cells(after));
    let keys: BTreeSet<_> = before.keys().chain(after.keys()).collect();
    let there = |value: Option<&(String, String)>| match value {
        None => "not there".to_owned(),
        Some((_, value)) if value.is_empty() => "nothing".to_owned(),
        Some((_, value)) => value.clone(),
    };
    let mut all = Vec::new();
    for key in keys {
        let (old, new) = (before.get(key), after.get(key));
        let same = old.map(|one| &one.1) == new.map(|one| &one.1);
        if let (false, Some((title, _))) = (same, new.or(old)) {
            let (sheet, _, column) = key;
            let (old, new) = (there(old), there(new));
            all.push(format!("{sheet}, {title}, {column}: {old}, now {new}"));
        }
    }
    all
}

/// A line of what is behind a cell.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Line {
    /// Key of the cell.
    pub cell: String,
    /// `ledger`, `agreement`, `plan`, `figure` or `cell`.
    pub what: &'static str,
    /// The account, the line of a file, the source of a figure or the other cell.
    pub reference: String,
    /// The month, of accounts and figures.
    pub month: Option<Month>,
    /// What of the cell it makes, of accounts.
    pub amount: Option<Pence>,
    /// How many people's accounts are added up in it; nought if it is no person's.
    pub people: usize,
}

/// Hands out what is behind every cell, in order. With `persons` each person's account is a line, by
/// its id; without, theirs are added up under the name without the person.
pub fn lineage<E>(
    one: &Return,
    persons: bool,
    each: &mut dyn FnMut(&Line) -> Result<(), E>,
) -> Result<(), E> {
    for cell in &one.cells {
        for line in lines(one, cell, persons) {
            each(&line)?;
        }
    }
    Ok(())
}

/// The headings of what is behind cells, as CSV.
pub const LINEAGE: [&str; 6] = ["cell", "what", "reference", "month", "amount", "people"];

impl Line {
    /// It as a row of CSV: amounts in pounds with two decimals.
    pub fn row(&self) -> [String; 6] {
        let or_nothing = |text: Option<String>| text.unwrap_or_default();
        [
            self.cell.clone(),
            self.what.to_owned(),
            self.reference.clone(),
            or_nothing(self.month.map(|month| month.to_string())),
            or_nothing(self.amount.map(Pence::in_decimals)),
            self.people.to_string(),
        ]
    }
}

/// What is behind each cell as CSV, without people's ids.
pub fn lineage_text(one: &Return) -> String {
    let mut csv = csv::Writer::from_writer(Vec::new());
    // Writing into memory does not fail.
    let _ = csv.write_record(LINEAGE);
    let _ = lineage(one, false, &mut |line| csv.write_record(line.row()));
    let bytes = csv.into_inner().unwrap_or_default();
    String::from_utf8(bytes).unwrap_or_default()
}

fn lines(one: &Return, cell: &Cell, persons: bool) -> Vec<Line> {
    let line = |what, reference: String| Line {
        cell: cell.key(),
        what,
        reference,
        ..Line::default()
    };
    match &cell.behind {
        Behind::Nothing => Vec::new(),
        Behind::Agreement(number, text) => {
            vec![line("agreement", format!("version {number}, {text}"))]
        }
        Behind::Plan(number, text) => vec![line("plan", format!("version {number}, {text}"))],
        Behind::Figure(month, number, source) => vec![Line {
            month: Some(*month),
            ..line("figure", format!("number {number}, {source}"))
        }],
        Behind::Cells(keys) => keys.iter().map(|key| line("cell", key.clone())).collect(),
        Behind::Ledger(wanted) => of_ledger(one, cell, wanted, persons),
    }
}

fn of_ledger(one: &Return, cell: &Cell, wanted: &super::Selection, persons: bool) -> Vec<Line> {
    let key = cell.key();
    let line = |account: &Name, month: Month, amount: Pence, people: usize| Line {
        cell: key.clone(),
        what: "ledger",
        reference: account.to_string(),
        month: Some(month),
        amount: Some(amount),
        people,
    };
    if persons {
        return one
            .books
            .sources(wanted)
            .map(|it| {
                let people = usize::from(it.account.of.person.is_some());
                line(it.account, it.month, it.amount, people)
            })
            .collect();
    }
    let mut sums: BTreeMap<(Name, Month), (Pence, usize)> = BTreeMap::new();
    for it in one.books.sources(wanted) {
        let mut name = it.account.clone();
        let people = usize::from(name.of.person.take().is_some());
        let sum = sums.entry((name, it.month)).or_default();
        *sum = (sum.0 + it.amount, sum.1 + people);
    }
    sums.into_iter()
        .map(|((name, month), (amount, people))| line(&name, month, amount, people))
        .collect()
}
