//! Reading a TOML file that people write: every fault at once, each with its line and field.
//!
//! The file is walked as it stands, with the place of each value, because an agreement or a plan
//! is corrected by somebody who has the text open and no program. Money and percentages are read
//! from their digits and never through floating point.

use crate::amount::{Percent, pounds};
use jiff::civil::Date;
use kernel::Pence;
use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;
use std::fmt;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// Most faults kept of one file.
const FAULTS: usize = kernel::limits::ISSUES_KEPT;

/// Something wrong in a file: where, what, and what to do.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Fault {
    /// Line from 1; 0 is the file as a whole.
    pub line: u32,
    /// The field, such as `contribution 2, amount`; empty for the line as a whole.
    pub field: String,
    /// What is wrong and what to do.
    pub text: String,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.line > 0 {
            write!(f, "line {}", self.line)?;
            f.write_str(if self.field.is_empty() { ": " } else { ", " })?;
        }
        if !self.field.is_empty() {
            write!(f, "{}: ", self.field)?;
        }
        f.write_str(&self.text)
    }
}

/// A file that is being read, with the faults found so far.
struct Document<'t> {
    text: &'t str,
    faults: RefCell<Vec<Fault>>,
    /// How many were found, those that are not kept too.
    found: Cell<usize>,
    /// Whether an amount that had to be there could not be read.
    unread: Cell<bool>,
}

impl Document<'_> {
    fn line(&self, at: usize) -> u32 {
        let before = self.text.get(..at).unwrap_or(self.text);
        u32::try_from(before.matches('\n').count() + 1).unwrap_or(u32::MAX)
    }

    /// Notes that an amount is not known, so that sums with it mean nothing.
    fn no_amount(&self) {
        self.unread.set(true);
    }

    fn wrong(&self, line: u32, field: String, text: String) {
        self.found.set(self.found.get() + 1);
        let mut faults = self.faults.borrow_mut();
        if faults.len() < FAULTS {
            faults.push(Fault { line, field, text });
        }
    }
}

/// Reads a file by a function that is given its top table. Whatever the function makes is given
/// only if nothing was wrong.
///
/// # Errors
/// Every fault, in the order of its lines.
pub fn read<T>(text: &str, make: impl FnOnce(&Table<'_>) -> T) -> Result<T, Vec<Fault>> {
    match read_in_part(text, make) {
        (Some(made), faults) if faults.is_empty() => Ok(made),
        (_, faults) => Err(faults),
    }
}

/// Reads a file of which the good part is used. Nothing is made only where it is no TOML; the
/// function has to leave out what had faults ([`Table::faults`]).
pub fn read_in_part<T>(text: &str, make: impl FnOnce(&Table<'_>) -> T) -> (Option<T>, Vec<Fault>) {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let document = Document {
        text,
        faults: RefCell::default(),
        found: Cell::new(0),
        unread: Cell::new(false),
    };
    let (parsed, errors) = DeTable::parse_recoverable(text);
    if !errors.is_empty() {
        let faults = errors.iter().map(|error| Fault {
            line: error.span().map_or(0, |span| document.line(span.start)),
            field: String::new(),
            text: format!("this is not TOML: {}", error.message()),
        });
        return (None, faults.take(FAULTS).collect());
    }
    let table = Table {
        document: &document,
        table: parsed.get_ref(),
        line: 1,
        path: String::new(),
        asked: RefCell::default(),
    };
    let made = make(&table);
    table.nothing_else();
    let mut faults = document.faults.into_inner();
    faults.sort();
    faults.dedup();
    (Some(made), faults)
}

/// A table of the file.
pub struct Table<'t> {
    document: &'t Document<'t>,
    table: &'t DeTable<'t>,
    line: u32,
    path: String,
    asked: RefCell<BTreeSet<String>>,
}

impl<'t> Table<'t> {
    /// Line on which it begins.
    pub fn line(&self) -> u32 {
        self.line
    }

    /// How many faults the file has so far: a part that adds some was not read whole.
    pub fn faults(&self) -> usize {
        self.document.found.get()
    }

    /// Notes a fault of a field.
    pub fn wrong(&self, field: &str, text: impl Into<String>) {
        self.document
            .wrong(self.line_of(field), self.name(field), text.into());
    }

    /// Line of a field; of the table, where it has no such field.
    pub fn line_of(&self, field: &str) -> u32 {
        self.entry(field)
            .map_or(self.line, |value| self.document.line(value.span().start))
    }

    fn name(&self, field: &str) -> String {
        match (self.path.as_str(), field) {
            ("", _) => field.to_owned(),
            (path, "") => path.to_owned(),
            (path, _) => format!("{path}, {field}"),
        }
    }

    fn entry(&self, field: &str) -> Option<&'t Spanned<DeValue<'t>>> {
        self.table
            .iter()
            .find(|(key, _)| key.get_ref().as_ref() == field)
            .map(|(_, value)| value)
    }

    fn value(&self, field: &str) -> Option<&'t DeValue<'t>> {
        self.asked.borrow_mut().insert(field.to_owned());
        self.entry(field).map(Spanned::get_ref)
    }

    /// True if the field is there and is a list.
    pub fn is_list(&self, field: &str) -> bool {
        matches!(
            self.entry(field).map(Spanned::get_ref),
            Some(DeValue::Array(_))
        )
    }

    /// True if the field is there.
    pub fn has(&self, field: &str) -> bool {
        self.entry(field).is_some()
    }

    fn missing(&self, field: &str, what: &str) {
        self.wrong(field, format!("is missing; write {what}"));
    }

    /// A text that need not be there.
    pub fn text(&self, field: &str) -> Option<String> {
        match self.value(field)? {
            DeValue::String(text) if text.trim().is_empty() => {
                self.wrong(field, "is empty; write it or take the line out");
                None
            }
            DeValue::String(text) => Some(text.trim().to_owned()),
            _ => {
                self.wrong(field, "must be a text in quotation marks");
                None
            }
        }
    }

    /// A text that must be there; empty, with a fault, if it is not.
    pub fn needed_text(&self, field: &str, what: &str) -> String {
        if !self.has(field) {
            self.missing(field, what);
        }
        self.text(field).unwrap_or_default()
    }

    /// Texts; none if the field is not there.
    pub fn texts(&self, field: &str) -> Vec<String> {
        let say = "must be a list of texts, such as [\"one\", \"two\"]";
        let Some(value) = self.value(field) else {
            return Vec::new();
        };
        let DeValue::Array(list) = value else {
            self.wrong(field, say);
            return Vec::new();
        };
        let mut texts = Vec::new();
        for one in list.iter() {
            match one.get_ref() {
                DeValue::String(text) if !text.trim().is_empty() => {
                    texts.push(text.trim().to_owned());
                }
                _ => self.wrong(field, say),
            }
        }
        texts
    }

    /// Texts of which there must be at least one.
    pub fn needed_texts(&self, field: &str, what: &str) -> Vec<String> {
        let texts = self.texts(field);
        if !self.has(field) {
            self.missing(field, what);
        } else if texts.is_empty() {
            self.wrong(field, format!("is empty; write {what}"));
        }
        texts
    }

    /// One of a list of words; `None`, with a fault, for any other.
    pub fn word<W: Copy>(
        &self,
        field: &str,
        all: &[W],
        text_of: fn(W) -> &'static str,
    ) -> Option<W> {
        let text = self.text(field)?;
        let found = all
            .iter()
            .copied()
            .find(|one| text_of(*one).eq_ignore_ascii_case(&text));
        if found.is_none() {
            let known: Vec<&str> = all.iter().map(|one| text_of(*one)).collect();
            self.wrong(
                field,
                format!("{text:?} is not known; use one of: {}", known.join(", ")),
            );
        }
        found
    }

    /// One of a list of words that must be there.
    pub fn needed_word<W: Copy>(
        &self,
        field: &str,
        all: &[W],
        text_of: fn(W) -> &'static str,
    ) -> Option<W> {
        if !self.has(field) {
            let known: Vec<&str> = all.iter().map(|one| text_of(*one)).collect();
            self.missing(field, &format!("one of: {}", known.join(", ")));
        }
        self.word(field, all, text_of)
    }

    /// The digits of a number, or the text of a text.
    fn digits(&self, field: &str) -> Option<String> {
        match self.value(field)? {
            DeValue::Integer(number) if number.radix() == 10 => Some(number.as_str().to_owned()),
            DeValue::Float(number) => Some(number.as_str().to_owned()),
            DeValue::String(text) => Some(text.to_string()),
            _ => {
                self.wrong(field, "must be a number");
                None
            }
        }
    }

    /// The digits of a number that need not be there, for a number of another kind.
    pub fn number(&self, field: &str) -> Option<String> {
        self.digits(field)
    }

    /// An amount in pounds that need not be there.
    pub fn money(&self, field: &str) -> Option<Pence> {
        let digits = self.digits(field)?;
        match pounds(&digits) {
            Ok(amount) => Some(amount),
            Err(error) => {
                let short: String = digits.chars().take(40).collect();
                self.wrong(field, format!("{short:?}: {error}"));
                self.document.no_amount();
                None
            }
        }
    }

    /// Whether every amount of the file that had to be there could be read. If not, sums mean nothing.
    pub fn amounts_are_read(&self) -> bool {
        !self.document.unread.get()
    }

    /// An amount that must be there and not be below nought; nought, with a fault, if not.
    pub fn needed_money(&self, field: &str) -> Pence {
        if !self.has(field) {
            self.missing(field, "an amount in pounds, such as 1_234_567.50");
            self.document.no_amount();
        }
        let amount = self.money(field).unwrap_or_default();
        if amount.0 < 0 {
            self.wrong(field, "is below nought; write what is paid in");
        }
        amount
    }

    /// A percentage that need not be there.
    pub fn percent(&self, field: &str) -> Option<Percent> {
        let digits = self.digits(field)?;
        let read = Percent::parse(&digits);
        if read.is_none() {
            self.wrong(
                field,
                "must be a percentage with at most six decimals, such as 12.5",
            );
        }
        read
    }

    /// A whole number within limits, that need not be there.
    pub fn whole(&self, field: &str, least: i64, most: i64) -> Option<i64> {
        let read = match self.value(field)? {
            DeValue::Integer(number) if number.radix() == 10 => number.as_str().parse().ok(),
            _ => None,
        };
        let read = read.filter(|number| (least..=most).contains(number));
        if read.is_none() {
            self.wrong(
                field,
                format!("must be a whole number from {least} to {most}"),
            );
        }
        read
    }

    /// A whole number that must be there; the least, with a fault, if it is not.
    pub fn needed_whole(&self, field: &str, least: i64, most: i64) -> i64 {
        if !self.has(field) {
            self.missing(field, &format!("a whole number from {least} to {most}"));
        }
        self.whole(field, least, most).unwrap_or(least)
    }

    /// Whole numbers; none if the field is not there.
    pub fn wholes(&self, field: &str, least: i64, most: i64) -> Vec<i64> {
        let Some(value) = self.value(field) else {
            return Vec::new();
        };
        let say = format!("must be a list of whole numbers from {least} to {most}");
        let DeValue::Array(list) = value else {
            self.wrong(field, say);
            return Vec::new();
        };
        let mut numbers = Vec::new();
        for one in list.iter() {
            let read = match one.get_ref() {
                DeValue::Integer(number) if number.radix() == 10 => number.as_str().parse().ok(),
                _ => None,
            };
            match read.filter(|number| (least..=most).contains(number)) {
                Some(number) => numbers.push(number),
                None => self.wrong(field, say.clone()),
            }
        }
        numbers
    }

    /// The digits of a list of numbers; none if the field is not there.
    pub fn numbers(&self, field: &str) -> Vec<String> {
        let Some(value) = self.value(field) else {
            return Vec::new();
        };
        let DeValue::Array(list) = value else {
            self.wrong(field, "must be a list of numbers");
            return Vec::new();
        };
        list.iter()
            .map(|one| match one.get_ref() {
                DeValue::Integer(number) if number.radix() == 10 => number.as_str().to_owned(),
                DeValue::Float(number) => number.as_str().to_owned(),
                DeValue::String(text) => text.to_string(),
                _ => String::new(),
            })
            .collect()
    }

    /// Yes or no; `None` if it is not said.
    pub fn flag(&self, field: &str) -> Option<bool> {
        match self.value(field)? {
            DeValue::Boolean(flag) => Some(*flag),
            _ => {
                self.wrong(field, "must be true or false");
                None
            }
        }
    }

    /// A date that need not be there.
    pub fn date(&self, field: &str) -> Option<Date> {
        let read = match self.value(field)? {
            DeValue::Datetime(when) if when.time.is_none() => {
                when.date.and_then(|date| date.to_string().parse().ok())
            }
            DeValue::String(text) => text.trim().parse().ok(),
            _ => None,
        };
        if read.is_none() {
            self.wrong(field, "must be a date, such as 2025-04-01");
        }
        read
    }

    /// A date that must be there; the first of January of the year 1, with a fault, if it is not.
    pub fn needed_date(&self, field: &str) -> Date {
        if !self.has(field) {
            self.missing(field, "a date, such as 2025-04-01");
        }
        self.date(field).unwrap_or(Date::ZERO)
    }

    fn within(&self, path: String, value: &'t Spanned<DeValue<'t>>) -> Option<Table<'t>> {
        let DeValue::Table(table) = value.get_ref() else {
            return None;
        };
        // The place of a table that is written as a heading is its heading's.
        Some(Table {
            document: self.document,
            table,
            line: self.document.line(value.span().start),
            path,
            asked: RefCell::default(),
        })
    }

    /// A table of its own within this one.
    pub fn table(&self, field: &str) -> Option<Table<'t>> {
        self.asked.borrow_mut().insert(field.to_owned());
        let found = self.within(self.name(field), self.entry(field)?);
        if found.is_none() {
            self.wrong(field, format!("must be a table, begun with [{field}]"));
        }
        found
    }

    /// Tables of one name, each with its number in its path; none if there are none.
    pub fn tables(&self, field: &str) -> Vec<Table<'t>> {
        self.asked.borrow_mut().insert(field.to_owned());
        let Some(value) = self.entry(field) else {
            return Vec::new();
        };
        let say = format!("must be tables, each begun with [[{field}]] or written in braces");
        let DeValue::Array(list) = value.get_ref() else {
            self.wrong(field, say);
            return Vec::new();
        };
        let mut tables = Vec::new();
        for (at, one) in list.iter().enumerate() {
            let path = format!("{} {}", self.name(field), at + 1);
            match self.within(path, one) {
                Some(table) => tables.push(table),
                None => self.wrong(field, say.clone()),
            }
        }
        tables
    }

    /// The names of all fields, for tables whose names are data.
    pub fn fields(&self) -> Vec<String> {
        self.table
            .keys()
            .map(|key| key.get_ref().to_string())
            .collect()
    }

    /// Notes every field that nobody asked about: a misspelt one is not silently left out.
    pub fn nothing_else(&self) {
        let asked = self.asked.borrow();
        let known: Vec<&str> = asked.iter().map(String::as_str).collect();
        for key in self.table.keys() {
            let name = key.get_ref().as_ref();
            if !asked.contains(name) {
                let short: String = name.chars().take(40).collect();
                self.wrong(
                    name,
                    format!(
                        "there is no field {short:?} here; it has {}",
                        known.join(", ")
                    ),
                );
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn faults(text: &str) -> Vec<String> {
        let read = read(text, |top| {
            for line in top.tables("line") {
                line.needed_text("name", "its name");
                line.needed_money("amount");
                line.percent("share");
                line.date("on");
                line.nothing_else();
            }
        });
        read.err()
            .unwrap_or_default()
            .iter()
            .map(ToString::to_string)
            .collect()
    }

    #[test]
    fn every_fault_at_once_with_line_and_field() {
        let text = "# a file\n[[line]]\nname = 5\namount = 1_234.50\n\n[[line]]\nname = \"b\"\n\
                    amount = \"1.234,50\"\nshare = 33.3333333\non = 2025-02-30T10:00\nowner = \"x\"\n";
        assert_eq!(
            faults(&text.replace("2025-02-30T10:00", "\"30 February\"")),
            [
                "line 3, line 1, name: must be a text in quotation marks",
                "line 8, line 2, amount: \"1.234,50\": a comma stands before the pence; write a \
                 point there, as in 1,234.50",
                "line 9, line 2, share: must be a percentage with at most six decimals, such as 12.5",
                "line 10, line 2, on: must be a date, such as 2025-04-01",
                "line 11, line 2, owner: there is no field \"owner\" here; it has amount, name, on, \
                 share",
            ]
        );
        assert_eq!(
            faults("[[line]]\n"),
            [
                "line 1, line 1, amount: is missing; write an amount in pounds, such as \
                 1_234_567.50",
                "line 1, line 1, name: is missing; write its name",
            ]
        );
        assert!(faults("[[line]\n")[0].starts_with("line 1: this is not TOML"));
        assert_eq!(
            faults("[[line]]\nname = \"a\"\namount = 3\nother = 1\n[more]\n").len(),
            2
        );
        assert_eq!(faults("[[line]]\nname = \"a\"\namount = 3.10\n"), [""; 0]);
    }
}
