//! Records in: CSV read into columns of numbers of distinct values.

use crate::config::{Config, Field, Kind};
use crate::dictionary::Dictionary;
use crate::{Error, standardise};
use std::collections::{HashMap, HashSet};

/// Records of one or two files, ready to be compared.
#[derive(Clone, Debug)]
pub struct Table {
    ids: Vec<Box<str>>,
    /// Number of records of the first file, where there are two.
    pub(crate) left: Option<u32>,
    /// Record by record the number of the value of each field; 0 for missing. Together,
    /// because all of a record is compared at once.
    rows: Vec<u32>,
    /// How many fields a row has.
    width: usize,
    pub(crate) dictionaries: Vec<Dictionary>,
    /// Which dictionary a field has: names share theirs.
    pub(crate) dictionary_of: Vec<usize>,
}

/// A row that was left out, and why.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct LeftOut {
    /// File, from 1.
    pub file: usize,
    /// Line of the file, from 1.
    pub line: u64,
    /// `columns`, `no-id`, `repeated-id`, `nothing-to-match-on` or `not-readable`.
    pub code: &'static str,
    /// What is wrong and what to do.
    pub text: String,
}

/// What was read.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct Report {
    /// Records taken in, of each file.
    pub records: Vec<usize>,
    /// Fields in use, each with its column.
    pub used: Vec<(String, String)>,
    /// Fields without a column.
    pub not_there: Vec<String>,
    /// Rows left out.
    pub left_out: Vec<LeftOut>,
    /// Values so frequent that they look like stand-ins for "not known", by field: how
    /// many records have the most frequent one. They are not taken as agreement.
    pub stand_ins: Vec<(String, usize)>,
}

impl Table {
    /// Number of records.
    pub fn len(&self) -> usize {
        self.ids.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.ids.is_empty()
    }

    /// The id of a record.
    pub fn id(&self, record: u32) -> &str {
        &self.ids[record as usize]
    }

    /// The record with an id; of the first file first.
    pub fn find(&self, id: &str) -> Option<u32> {
        let at = self.ids.iter().position(|one| &**one == id)?;
        u32::try_from(at).ok()
    }

    /// Whether two files are linked and both records are in the same one.
    pub(crate) fn in_one_file(&self, a: u32, b: u32) -> bool {
        self.left.is_some_and(|left| (a < left) == (b < left))
    }

    /// The number of a record's value of a field; 0 for missing.
    pub(crate) fn number(&self, field: usize, record: usize) -> u32 {
        self.rows[record * self.width + field]
    }

    /// The numbers of a record, in the order of the fields.
    pub(crate) fn row(&self, record: u32) -> &[u32] {
        let start = record as usize * self.width;
        &self.rows[start..start + self.width]
    }

    /// Something of a record's row: reading it brings the row near.
    pub(crate) fn touch(&self, record: u32) -> u32 {
        let start = record as usize * self.width;
        self.rows[start] ^ self.rows[start + self.width - 1]
    }

    /// The numbers of a field, record by record.
    pub(crate) fn column(&self, field: usize) -> impl Iterator<Item = u32> {
        self.rows.iter().skip(field).step_by(self.width).copied()
    }

    /// Whether any record has a field.
    pub(crate) fn has(&self, field: usize) -> bool {
        self.column(field).any(|number| number != 0)
    }

    /// How many records have each value of a field, by number; those without it first.
    pub(crate) fn counts(&self, field: usize) -> Vec<u32> {
        let mut counts = vec![0; self.dictionaries[self.dictionary_of[field]].len()];
        for number in self.column(field) {
            counts[number as usize] += 1;
        }
        counts
    }

    /// An empty table for a configuration.
    pub(crate) fn new(config: &Config) -> Self {
        let mut dictionaries: Vec<Dictionary> = Vec::new();
        let mut dictionary_of: Vec<usize> = Vec::new();
        for (at, field) in config.fields.iter().enumerate() {
            let partner = config.fields.iter().take(at).position(|other| {
                field.swapped_with.as_ref() == Some(&other.name)
                    || other.swapped_with.as_ref() == Some(&field.name)
            });
            match partner {
                Some(partner) => dictionary_of.push(dictionary_of[partner]),
                None => {
                    dictionary_of.push(dictionaries.len());
                    dictionaries.push(Dictionary::new(field.kind));
                }
            }
        }
        Self {
            ids: Vec::new(),
            left: None,
            rows: Vec::new(),
            width: config.fields.len(),
            dictionaries,
            dictionary_of,
        }
    }

    /// Adds a record from its values as written, one for each field.
    pub(crate) fn push(&mut self, config: &Config, id: &str, written: &[Option<String>]) {
        self.ids.push(id.into());
        for (at, field) in config.fields.iter().enumerate() {
            let value = written
                .get(at)
                .and_then(Option::as_deref)
                .and_then(|text| standard(field.kind, text));
            let number = value.map_or(0, |text| {
                self.dictionaries[self.dictionary_of[at]].intern(&text)
            });
            self.rows.push(number);
        }
    }
}

/// A value made comparable; `None` if it says nothing.
fn standard(kind: Kind, text: &str) -> Option<String> {
    if text.trim().is_empty() {
        return None;
    }
    match kind {
        Kind::GivenName | Kind::FamilyName => standardise::name(text),
        Kind::Date => standardise::date(text),
        Kind::Postcode | Kind::Number => standardise::code(text),
        Kind::Identifier => {
            standardise::code(text).filter(|all| all.bytes().any(|byte| byte != b'0'))
        }
        Kind::Code => standardise::sex(text),
        Kind::Text => standardise::text(text),
        Kind::Telephone => standardise::digits(text),
        Kind::Email => standardise::email(text),
    }
}

/// Reads one file, or two that are to be linked.
///
/// # Errors
/// A file without a column of ids or without any field; rows that are wrong are left out
/// and reported instead.
pub fn read(files: &[&[u8]], config: &Config) -> Result<(Table, Report), Error> {
    let mut table = Table::new(config);
    let mut report = Report::default();
    for (at, bytes) in files.iter().enumerate() {
        read_file(at + 1, bytes, config, &mut table, &mut report)?;
        if at == 0 && files.len() > 1 {
            table.left = u32::try_from(table.len()).ok();
        }
    }
    for dictionary in &mut table.dictionaries {
        dictionary.close();
    }
    drop_stand_ins(config, &mut table, &mut report);
    Ok((table, report))
}

fn read_file(
    file: usize,
    bytes: &[u8],
    config: &Config,
    table: &mut Table,
    report: &mut Report,
) -> Result<(), Error> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let mut reader = csv::ReaderBuilder::new()
        .flexible(true)
        .trim(csv::Trim::All)
        .from_reader(bytes);
    let headers = reader
        .byte_headers()
        .map_err(|error| Error::File(format!("file {file} is no CSV: {error}")))?;
    let headers: Vec<String> = headers
        .iter()
        .map(|name| String::from_utf8_lossy(name).trim().to_lowercase())
        .collect();
    let find = |names: &[String]| {
        names
            .iter()
            .find_map(|name| headers.iter().position(|header| header == name))
    };
    let Some(id_column) = find(&config.id) else {
        return Err(Error::File(format!(
            "file {file} has no column of ids: name one of its columns {}. It has: {}",
            config.id.join(" or "),
            headers.join(", ").chars().take(300).collect::<String>()
        )));
    };
    let columns: Vec<Vec<usize>> = config
        .fields
        .iter()
        .map(|field| columns_of(field, &headers))
        .collect();
    if columns.iter().all(Vec::is_empty) {
        return Err(Error::File(format!(
            "file {file} has none of the columns that the configuration compares"
        )));
    }
    for (field, found) in config.fields.iter().zip(&columns) {
        if found.is_empty() {
            if !report.not_there.contains(&field.name) {
                report.not_there.push(field.name.clone());
            }
        } else if file == 1 {
            let names: Vec<&str> = found.iter().map(|at| headers[*at].as_str()).collect();
            report.used.push((field.name.clone(), names.join(" + ")));
        }
    }
    let mut seen: HashSet<Box<str>> = HashSet::new();
    let mut taken = 0;
    let mut written: Vec<Option<String>> = Vec::new();
    let mut row = csv::ByteRecord::new();
    loop {
        let line = reader.position().line();
        let leave = |report: &mut Report, line: u64, code: &'static str, text: &str| {
            report.left_out.push(LeftOut {
                file,
                line,
                code,
                text: text.to_owned(),
            });
        };
        match reader.read_byte_record(&mut row) {
            Ok(false) => break,
            Ok(true) => {}
            Err(error) => {
                leave(
                    report,
                    line,
                    "not-readable",
                    &format!("The row cannot be read: {error}"),
                );
                break;
            }
        }
        let line = row.position().map_or(line, csv::Position::line);
        if row.len() != headers.len() {
            let text = format!(
                "The row has {} values where the heading has {}. Check commas and quotes.",
                row.len(),
                headers.len()
            );
            leave(report, line, "columns", &text);
            continue;
        }
        let text_of = |at: usize| {
            row.get(at)
                .map(|bytes| String::from_utf8_lossy(bytes))
                .unwrap_or_default()
        };
        let id = text_of(id_column).into_owned();
        if id.is_empty() {
            leave(report, line, "no-id", "The row has no id. Give it one.");
            continue;
        }
        if !seen.insert(id.as_str().into()) {
            leave(
                report,
                line,
                "repeated-id",
                "The id was there before. Give each row its own.",
            );
            continue;
        }
        written.clear();
        written.extend(columns.iter().map(|found| {
            match found.as_slice() {
                [] => None,
                [one] => Some(text_of(*one).into_owned()),
                several => Some(
                    several
                        .iter()
                        .map(|at| text_of(*at))
                        .collect::<Vec<_>>()
                        .join(" "),
                ),
            }
        }));
        let something = config.fields.iter().zip(&written).any(|(field, value)| {
            field.kind != Kind::Code
                && value
                    .as_deref()
                    .and_then(|text| standard(field.kind, text))
                    .is_some()
        });
        if !something {
            leave(
                report,
                line,
                "nothing-to-match-on",
                "The row has no value to compare. It stays a record of its own.",
            );
            continue;
        }
        table.push(config, &id, &written);
        taken += 1;
    }
    report.records.push(taken);
    Ok(())
}

fn columns_of(field: &Field, headers: &[String]) -> Vec<usize> {
    let place = |name: &str| headers.iter().position(|header| header == name.trim());
    for name in &field.columns {
        let parts: Option<Vec<usize>> = name.split('+').map(place).collect();
        if let Some(parts) = parts {
            return parts;
        }
    }
    Vec::new()
}

/// Records of one day of birth that are no sign of anything.
const FEW_OF_A_DAY: usize = 25;
/// How many times as many records as days of its year usually have a day must have to stand
/// for "not known".
const TIMES_USUAL: f64 = 10.0;

/// For each date how many records a day of its year has, on average; at least one.
fn days_of_a_year(dates: &Dictionary, counts: &[u32]) -> Vec<f64> {
    let years: Vec<u16> = (0_u32..)
        .take(counts.len())
        .map(|number| dates.get(number).extra[0])
        .collect();
    let mut of_year: HashMap<u16, f64> = HashMap::new();
    for (year, count) in years.iter().zip(counts).skip(1) {
        *of_year.entry(*year).or_default() += f64::from(*count);
    }
    let usual = |year: &u16| match (year, of_year.get(year)) {
        (0, _) | (_, None) => f64::INFINITY,
        (_, Some(records)) => (records / 365.0).max(1.0),
    };
    years.iter().map(usual).collect()
}

/// A date or number that far too many records have stands for "not known".
fn drop_stand_ins(config: &Config, table: &mut Table, report: &mut Report) {
    let records = table.len();
    for (at, field) in config.fields.iter().enumerate() {
        let most_expected = match field.kind {
            Kind::Date => records / 200,
            Kind::Identifier | Kind::Telephone | Kind::Email => records / 1_000,
            _ => continue,
        }
        .max(25);
        let counts = table.counts(at);
        let of_year = if field.kind == Kind::Date {
            days_of_a_year(&table.dictionaries[table.dictionary_of[at]], &counts)
        } else {
            Vec::new()
        };
        let mut most = 0;
        let width = table.width;
        for number in table.rows.iter_mut().skip(at).step_by(width) {
            let count = counts[*number as usize] as usize;
            let usual = of_year
                .get(*number as usize)
                .copied()
                .unwrap_or(f64::INFINITY);
            let stands_out = count > FEW_OF_A_DAY && count as f64 > TIMES_USUAL * usual;
            if *number != 0 && (count > most_expected || stands_out) {
                most = most.max(count);
                *number = 0;
            }
        }
        if most > 0 {
            report.stand_ins.push((field.name.clone(), most));
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::*;
    use std::fmt::Write;

    #[test]
    fn a_day_that_stands_out_of_its_year_stands_for_not_known() {
        let config = Config::people().unwrap();
        let place = |name: &str| config.fields.iter().position(|one| one.name == name);
        let date = place("birth date").unwrap();
        let known = |records_of_the_first: usize| {
            let mut text = "id,given_name,birth_date\n".to_owned();
            for number in 0..20_000 {
                let day = if number < records_of_the_first {
                    "1970-01-01".to_owned()
                } else {
                    let (month, day) = (number / 28 % 12 + 1, number % 28 + 1);
                    format!("{}-{month:02}-{day:02}", 1960 + number / 336 % 40)
                };
                writeln!(text, "r{number},Ann,{day}").unwrap();
            }
            let (table, report) = read(&[text.as_bytes()], &config).unwrap();
            (table.number(date, 0) != 0, report.stand_ins)
        };
        // A two hundredth of all would be a hundred.
        assert_eq!(known(20), (true, Vec::new()));
        let (kept, said) = known(60);
        assert!(!kept);
        assert!(said.len() == 1 && said[0].1 >= 60, "{said:?}");
    }
}
