//! A return as text: what is frozen and hashed, what changed since, and the lineage of every cell.

use super::{Behind, Cell, Return, Selection, Value};
use crate::ledger::Name;
use kernel::{Month, Pence};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

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
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Line<'a> {
    /// Key of the cell.
    pub cell: &'a str,
    /// `ledger`, `agreement`, `plan`, `figure` or `cell`.
    pub what: &'static str,
    /// The account, the line of a file, the source of a figure or the other cell.
    pub reference: &'a str,
    /// The month, of accounts and figures.
    pub month: Option<Month>,
    /// What of the cell it makes, of accounts.
    pub amount: Option<Pence>,
    /// How many people's accounts are added up in it; nought if it is no person's.
    pub people: usize,
}

/// The headings of what is behind cells, as CSV.
pub const LINEAGE: &str = "cell,what,reference,month,amount,people";

impl Line<'_> {
    /// Adds it to a text as a line of CSV: amounts in pounds with two decimals.
    pub fn csv(&self, out: &mut String) {
        quoted(out, self.cell);
        out.push(',');
        out.push_str(self.what);
        out.push(',');
        quoted(out, self.reference);
        out.push(',');
        // Writing into memory does not fail.
        if let Some(month) = self.month {
            let _ = write!(out, "{month}");
        }
        out.push(',');
        if let Some(amount) = self.amount {
            out.push_str(&amount.in_decimals());
        }
        let _ = writeln!(out, ",{}", self.people);
    }
}

/// A cell of CSV, in quotation marks only where it needs them.
fn quoted(out: &mut String, text: &str) {
    match text.contains([',', '"', '\n', '\r']) {
        false => out.push_str(text),
        true => {
            out.push('"');
            out.push_str(&text.replace('"', "\"\""));
            out.push('"');
        }
    }
}

/// What is behind each cell as CSV, without people's ids.
pub fn lineage_text(one: &Return) -> String {
    let mut out = format!("{LINEAGE}\n");
    let all = lineage::<std::convert::Infallible>(one, false, &mut |line| {
        line.csv(&mut out);
        Ok(())
    });
    match all {
        Ok(()) => out,
        Err(never) => match never {},
    }
}

/// Who takes the lines.
type Each<'e, E> = &'e mut dyn FnMut(&Line<'_>) -> Result<(), E>;

/// Hands out what is behind every cell, in order. With `persons` each person's account is a line, by
/// its id; without, theirs are added up under the name without the person.
pub fn lineage<E>(one: &Return, persons: bool, each: Each<'_, E>) -> Result<(), E> {
    for cell in &one.cells {
        lines(one, cell, persons, each)?;
    }
    Ok(())
}

fn lines<E>(one: &Return, cell: &Cell, persons: bool, each: Each<'_, E>) -> Result<(), E> {
    let key = cell.key();
    let line = |what, reference| Line {
        cell: key.as_str(),
        what,
        reference,
        month: None,
        amount: None,
        people: 0,
    };
    match &cell.behind {
        Behind::Nothing => Ok(()),
        Behind::Agreement(number, text) => {
            each(&line("agreement", &format!("version {number}, {text}")))
        }
        Behind::Plan(number, text) => each(&line("plan", &format!("version {number}, {text}"))),
        Behind::Figure(month, number, source, counted) => {
            let how = match counted {
                Some(from) => format!(", counted from the return {from}"),
                None => String::new(),
            };
            each(&Line {
                month: Some(*month),
                ..line("figure", &format!("number {number}{how}, {source}"))
            })
        }
        Behind::Cells(keys) => keys.iter().try_for_each(|key| each(&line("cell", key))),
        Behind::Ledger(wanted) if persons => each_account(one, wanted, &key, each),
        Behind::Ledger(wanted) => each_group(one, wanted, &key, each),
    }
}

fn each_account<E>(
    one: &Return,
    wanted: &Selection,
    cell: &str,
    each: Each<'_, E>,
) -> Result<(), E> {
    let mut last: Option<(&Name, String)> = None;
    for it in one.books.sources(wanted) {
        // The months of an account follow each other: its name is written out once.
        let (name, reference) = match last.take() {
            Some((name, text)) if name == it.account => (name, text),
            _ => (it.account, it.account.to_string()),
        };
        each(&Line {
            cell,
            what: "ledger",
            reference: &reference,
            month: Some(it.month),
            amount: Some(it.amount),
            people: usize::from(it.account.of.person.is_some()),
        })?;
        last = Some((name, reference));
    }
    Ok(())
}

fn each_group<E>(one: &Return, wanted: &Selection, cell: &str, each: Each<'_, E>) -> Result<(), E> {
    let mut group = Group::default();
    for it in one.books.sources(wanted) {
        if !group.is_of(it.account) {
            group.give(cell, each)?;
            group = Group::of(it.account);
        }
        let people = usize::from(it.account.of.person.is_some());
        let sum = group.months.entry(it.month).or_default();
        *sum = (sum.0 + it.amount, sum.1 + people);
    }
    group.give(cell, each)
}

/// Accounts that differ in the person alone, added up by month. They follow each other.
#[derive(Default)]
struct Group {
    name: Option<Name>,
    months: BTreeMap<Month, (Pence, usize)>,
}

impl Group {
    fn of(account: &Name) -> Self {
        let mut name = account.clone();
        name.of.person = None;
        Self {
            name: Some(name),
            months: BTreeMap::new(),
        }
    }

    fn is_of(&self, account: &Name) -> bool {
        let of = &account.of;
        self.name.as_ref().is_some_and(|name| {
            name.kind == account.kind
                && name.of.scheme == of.scheme
                && name.of.provider == of.provider
                && name.of.partner == of.partner
                && name.of.period == of.period
                && name.of.source == of.source
                && name.of.fund == of.fund
        })
    }

    fn give<E>(&self, cell: &str, each: Each<'_, E>) -> Result<(), E> {
        let Some(name) = &self.name else {
            return Ok(());
        };
        let reference = name.to_string();
        self.months
            .iter()
            .try_for_each(|(month, (amount, people))| {
                each(&Line {
                    cell,
                    what: "ledger",
                    reference: &reference,
                    month: Some(*month),
                    amount: Some(*amount),
                    people: *people,
                })
            })
    }
}
