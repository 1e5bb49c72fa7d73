//! Files of transfers: CSV with a heading, or JSON.
//!
//! The file's form is this product's own (`docs/reference/commands.md`). Columns may stand in any
//! order. Accounts are named; ids are those of whoever makes the file, a UUID or any reference of
//! theirs, and the same id again is the same transfer. Rows with one `set` are posted all or none. A row
//! that cannot be read is told by its line and takes its set with it; the others go on.

use super::Name;
use jiff::civil::Date;
use kernel::{Issue, Pence, Severity, limits};
use std::collections::{BTreeMap, HashMap};

/// What a row asks, with accounts by name and earlier transfers by their reference.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RowWhat {
    /// Moves money.
    Post {
        /// The account debited.
        debit: Name,
        /// The account credited.
        credit: Name,
        /// How much.
        amount: Pence,
    },
    /// Sets money apart.
    Reserve {
        /// The account that will be debited.
        debit: Name,
        /// The account that will be credited.
        credit: Name,
        /// How much.
        amount: Pence,
        /// The last day on which it can be posted.
        lapses_on: Option<Date>,
    },
    /// Moves money that was set apart.
    PostReserved {
        /// Reference of the reservation.
        reservation: String,
        /// How much; all that remains, if not said.
        amount: Option<Pence>,
        /// Whether the rest stays reserved.
        keep_rest: bool,
    },
    /// Gives back what is still set apart.
    Release {
        /// Reference of the reservation.
        reservation: String,
    },
    /// Takes a transfer back.
    Reverse {
        /// Reference of the transfer.
        of: String,
    },
}

/// A row that can be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// Line of the file, from 1; of JSON the number of the object.
    pub line: u32,
    /// Its id, as whoever made the file wrote it.
    pub reference: String,
    /// The day that it counts from.
    pub effective: Date,
    /// What it asks.
    pub what: RowWhat,
    /// What it is for.
    pub note: String,
}

/// What a file holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Read {
    /// Rows that are posted all or none, in the order of their first rows.
    pub sets: Vec<Vec<Row>>,
    /// What was wrong, by line.
    pub issues: Vec<Issue>,
    /// How many rows there are, good or not.
    pub rows: u32,
}

/// The columns that a row may have.
pub const COLUMNS: [&str; 10] = [
    "id",
    "date",
    "debit",
    "credit",
    "amount",
    "note",
    "kind",
    "of",
    "lapses_on",
    "set",
];
/// The column that says whether the rest stays reserved.
pub const REST: &str = "rest";

type Fields = HashMap<String, String>;

/// Reads a file: JSON if it begins as such, else CSV.
pub fn read(bytes: &[u8]) -> Read {
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    let Ok(text) = std::str::from_utf8(bytes) else {
        let text = "the file is not UTF-8 text: save it as CSV UTF-8 or as JSON";
        return failed("not-text", text.to_owned());
    };
    let rows = match text.trim_start().starts_with(['[', '{']) {
        true => from_json(text),
        false => from_csv(text),
    };
    match rows {
        Ok(rows) => gather(rows),
        Err(issue) => Read {
            issues: vec![issue],
            ..Read::default()
        },
    }
}

fn failed(code: &'static str, text: String) -> Read {
    Read {
        issues: vec![Issue::file(code, text)],
        ..Read::default()
    }
}

fn known(column: &str) -> bool {
    COLUMNS.contains(&column) || column == REST
}

type Lines = Vec<(u32, Result<Fields, String>)>;

fn from_csv(text: &str) -> Result<Lines, Issue> {
    let mut reader = csv::ReaderBuilder::new()
        .trim(csv::Trim::All)
        .from_reader(text.as_bytes());
    let not_csv = |_| Issue::file("not-csv", "the first line is no heading of a CSV file");
    let heading = reader.headers().map_err(not_csv)?.clone();
    for column in &heading {
        if !known(column) {
            let all = COLUMNS.join(", ");
            let name: String = column.chars().take(40).collect();
            let text = format!("there is no column `{name}`; the columns are {all}, {REST}");
            return Err(Issue::file("unknown-column", text));
        }
    }
    for needed in ["id", "date"] {
        if !heading.iter().any(|column| column == needed) {
            let text = format!("the heading has no column `{needed}`");
            return Err(Issue::file("missing-column", text));
        }
    }
    let mut rows = Vec::new();
    for (index, record) in reader.records().enumerate() {
        let number = u32::try_from(index).unwrap_or(u32::MAX).saturating_add(2);
        let row = match record {
            Ok(record) => {
                let line = record
                    .position()
                    .map_or(number, |at| u32::try_from(at.line()).unwrap_or(u32::MAX));
                let cells = heading.iter().zip(record.iter());
                let cells = cells.map(|(name, cell)| (name.to_owned(), cell.to_owned()));
                (line, Ok(cells.collect()))
            }
            Err(error) => {
                let line = error
                    .position()
                    .map_or(number, |at| u32::try_from(at.line()).unwrap_or(u32::MAX));
                (
                    line,
                    Err("the row has not as many cells as the heading".to_owned()),
                )
            }
        };
        rows.push(row);
    }
    Ok(rows)
}

fn from_json(text: &str) -> Result<Lines, Issue> {
    let not_json = |error: serde_json::Error| {
        let (line, column) = (error.line(), error.column());
        Issue::file(
            "not-json",
            format!("the file is not JSON: line {line}, column {column}"),
        )
    };
    let value: serde_json::Value = serde_json::from_str(text).map_err(not_json)?;
    let list = value.get("transfers").unwrap_or(&value).as_array();
    let shape = || {
        Issue::file(
            "not-a-list",
            "a list of transfers is expected, or an object with `transfers`",
        )
    };
    let rows = list
        .ok_or_else(shape)?
        .iter()
        .enumerate()
        .map(|(index, row)| {
            let number = u32::try_from(index).unwrap_or(u32::MAX).saturating_add(1);
            (number, fields_of(row))
        });
    Ok(rows.collect())
}

fn fields_of(row: &serde_json::Value) -> Result<Fields, String> {
    use serde_json::Value;
    let object = row.as_object().ok_or("an object is expected")?;
    let mut fields = Fields::new();
    for (name, value) in object {
        if !known(name) {
            return Err(format!(
                "there is no field `{}`",
                name.chars().take(40).collect::<String>()
            ));
        }
        let text = match value {
            Value::String(text) => text.trim().to_owned(),
            Value::Number(number) => number.to_string(),
            Value::Null => String::new(),
            _ => return Err(format!("`{name}` must be a text or a number")),
        };
        fields.insert(name.clone(), text);
    }
    Ok(fields)
}

/// Puts rows of one set together; a set with a row that cannot be read is left out.
fn gather(rows: Lines) -> Read {
    let mut read = Read {
        rows: u32::try_from(rows.len()).unwrap_or(u32::MAX),
        ..Read::default()
    };
    let mut by_name: BTreeMap<String, usize> = BTreeMap::new();
    let mut broken: HashMap<usize, u32> = HashMap::new();
    for (line, fields) in rows {
        let set = fields
            .as_ref()
            .ok()
            .and_then(|fields| fields.get("set"))
            .cloned();
        let index = match set.filter(|name| !name.is_empty()) {
            Some(name) => *by_name.entry(name).or_insert(read.sets.len()),
            None => read.sets.len(),
        };
        if index == read.sets.len() {
            read.sets.push(Vec::new());
        }
        match fields
            .map_err(|text| ("", text))
            .and_then(|fields| row(line, &fields))
        {
            Ok(row) => read.sets[index].push(row),
            Err((field, text)) => {
                broken.entry(index).or_insert(line);
                read.issues.push(issue(line, field, "row", text));
            }
        }
    }
    for (index, line) in broken {
        for row in std::mem::take(&mut read.sets[index]) {
            let text = format!("not posted: line {line} of its set cannot be read");
            read.issues.push(issue(row.line, "set", "set", text));
        }
    }
    read.sets.retain(|set| !set.is_empty());
    read.issues.sort_by_key(|issue| issue.record);
    read
}

fn issue(line: u32, field: &str, code: &'static str, text: String) -> Issue {
    Issue::new(Severity::Reject, line, field, code, text)
}

type Wrong = (&'static str, String);

/// The cells of one row.
struct Cells<'f>(&'f Fields);

impl Cells<'_> {
    fn text(&self, name: &str) -> &str {
        self.0.get(name).map_or("", String::as_str)
    }

    fn needed(&self, name: &'static str) -> Result<&str, Wrong> {
        match self.text(name) {
            "" => Err((name, "it is missing".to_owned())),
            found => Ok(found),
        }
    }

    fn within(&self, name: &'static str, most: usize) -> Result<String, Wrong> {
        match self.text(name) {
            long if long.chars().count() > most => {
                Err((name, format!("it is longer than {most} characters")))
            }
            text => Ok(text.to_owned()),
        }
    }

    fn account(&self, name: &'static str) -> Result<Name, Wrong> {
        let parsed = self.needed(name)?.parse::<Name>();
        parsed.map_err(|error| (name, error.to_string()))
    }

    fn amount(&self) -> Result<Pence, Wrong> {
        let parsed = self.needed("amount")?.parse::<Pence>();
        parsed.map_err(|error| ("amount", error.to_string()))
    }

    fn of(&self) -> Result<String, Wrong> {
        self.needed("of").map(str::to_owned)
    }

    fn what(&self) -> Result<RowWhat, Wrong> {
        Ok(match self.text("kind") {
            "" | "post" => RowWhat::Post {
                debit: self.account("debit")?,
                credit: self.account("credit")?,
                amount: self.amount()?,
            },
            "reserve" => RowWhat::Reserve {
                debit: self.account("debit")?,
                credit: self.account("credit")?,
                amount: self.amount()?,
                lapses_on: match self.text("lapses_on") {
                    "" => None,
                    day => Some(date(day).map_err(|text| ("lapses_on", text))?),
                },
            },
            "post-reserved" => RowWhat::PostReserved {
                reservation: self.of()?,
                amount: match self.text("amount") {
                    "" => None,
                    _ => Some(self.amount()?),
                },
                keep_rest: match self.text(REST) {
                    "" | "release" => false,
                    "keep" => true,
                    _ => return Err((REST, "write `keep` or `release`".to_owned())),
                },
            },
            "release" => RowWhat::Release {
                reservation: self.of()?,
            },
            "reverse" => RowWhat::Reverse { of: self.of()? },
            _ => {
                let kinds = "post, reserve, post-reserved, release or reverse";
                return Err(("kind", format!("write {kinds}")));
            }
        })
    }
}

/// Longest reference of a row, in characters.
const REFERENCE: usize = 100;

fn row(line: u32, fields: &Fields) -> Result<Row, Wrong> {
    let cells = Cells(fields);
    cells.needed("id")?;
    Ok(Row {
        line,
        reference: cells.within("id", REFERENCE)?,
        effective: date(cells.needed("date")?).map_err(|text| ("date", text))?,
        what: cells.what()?,
        note: cells.within("note", limits::NOTE_CHARACTERS)?,
    })
}

/// A day as `2026-04-30` or, as spreadsheets here write it, `30/04/2026`.
fn date(text: &str) -> Result<Date, String> {
    let wrong = || "not a date: write it as 2026-04-30 or 30/04/2026".to_owned();
    if let Ok(date) = text.parse::<Date>() {
        return Ok(date);
    }
    let parts: Vec<&str> = text.split('/').collect();
    let &[day, month, year] = parts.as_slice() else {
        return Err(wrong());
    };
    if year.len() != 4 {
        return Err(wrong());
    }
    let (Ok(year), Ok(month), Ok(day)) = (year.parse(), month.parse(), day.parse()) else {
        return Err(wrong());
    };
    Date::new(year, month, day).map_err(|_| wrong())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(file: &str) -> String {
        let read = read(file.as_bytes());
        let sets = read.sets.iter().map(|set| {
            let rows = set
                .iter()
                .map(|row| format!("{} {}", row.line, row.reference));
            rows.collect::<Vec<_>>().join(" + ")
        });
        let issues = read.issues.iter().map(ToString::to_string);
        sets.chain(issues).collect::<Vec<_>>().join("\n")
    }

    #[test]
    fn good_rows_go_on_and_bad_ones_are_told_by_line() {
        insta::assert_snapshot!(told(
            "id,date,kind,debit,credit,amount,of,rest,set,note\n\
             A1,2026-04-30,,expenses:expenditure:bcf:reablement,assets:cash:bcf,\"£1,234.5\",,,,April\n\
             A2,30/04/2026,,expenses:expenditure:bcf:reablement,assets:cash:bcf,\"1.234,50\",,,,\n\
             A3,31/04/2026,,assets:cash:bcf,assets:cash:bcf,1,,,,\n\
             B1,2026-04-30,,equity:budget:bcf:x,equity:budget-control:bcf,5,,,one,\n\
             C1,2026-04-30,post-reserved,,,,R1,keep,,\n\
             B2,2026-04-30,,nowhere,assets:cash:bcf,5,,,one,\n\
             C2,2026-04-30,post-reserved,,,,R1,maybe,,\n\
             ,2026-04-30,release,,,,R1,,,\n\
             C3,2026-04-30,release\n"
        ));
    }

    #[test]
    fn json_is_read_with_exact_amounts() {
        let file = r#"{"transfers": [
            {"id": "A1", "date": "2026-04-30", "debit": "expenses:expenditure:bcf:reablement",
             "credit": "assets:cash:bcf", "amount": 0.29, "note": null},
            {"id": "A2", "date": "2026-04-30", "reverses": "A1"}]}"#;
        let read = read(file.as_bytes());
        let RowWhat::Post { amount, .. } = &read.sets[0][0].what else {
            panic!("a post");
        };
        assert_eq!(*amount, Pence(29));
        assert_eq!(
            read.issues[0].to_string(),
            "record 2: there is no field `reverses` [row]"
        );
    }

    proptest::proptest! {
        /// Every row is either read or told of, and nothing of a file stops the reader.
        #[test]
        fn whatever_comes_is_read_or_told_of(
            rows in proptest::collection::vec("[-a-z0-9:,\"/£. ]{0,40}", 0..20),
            tail in proptest::collection::vec(proptest::prelude::any::<u8>(), 0..40),
        ) {
            let mut file = b"id,date,debit,credit,amount,set\n".to_vec();
            file.extend(rows.join("\n").into_bytes());
            file.extend(tail);
            let read = read(&file);
            let good: usize = read.sets.iter().map(Vec::len).sum();
            let told = read.issues.iter().filter(|issue| issue.record > 0).count();
            proptest::prop_assert_eq!(good + told, read.rows as usize);
        }
    }

    #[test]
    fn files_that_cannot_be_used() {
        for (file, code) in [
            (&b"\xff\xfe"[..], "not-text"),
            (b"id,amount\n", "missing-column"),
            (b"id,date,colour\n", "unknown-column"),
            (b"{\"a\": 1", "not-json"),
            (b"{\"a\": 1}", "not-a-list"),
        ] {
            let read = read(file);
            assert_eq!((read.sets.len(), read.issues[0].code), (0, code));
        }
    }
}
