//! The same from two CSV files, for whoever keeps rounds in a spreadsheet.
//!
//! Visits: `id,person,latitude,longitude,day,earliest,latest,minutes` and, if wanted, `rural`,
//! `due`, `carers`, `skills`, `priority`, `zone`, `provider`, `preferred`, `excluded`, `locked`. Carers:
//! `id,day,from,to`, one row for each shift, and, if wanted, `latitude,longitude`, `rural`,
//! `travels_by`, `skills`, `zones`, `provider`, `contracted_hours`, `most_hours`. Lists are
//! divided by semicolons. Columns may come in any order; others are left alone.

use super::file::{Carer, File, Person, Place, Shift, Visit};
use crate::{Error, Finding};
use std::collections::HashMap;

/// A table with its headings.
struct Table {
    what: &'static str,
    columns: HashMap<String, usize>,
    rows: Vec<(u64, csv::StringRecord)>,
}

impl Table {
    fn read(what: &'static str, text: &[u8], needed: &[&str], most: usize) -> Result<Self, Error> {
        let mut reader = csv::ReaderBuilder::new()
            .trim(csv::Trim::All)
            .from_reader(text);
        let wrong = |text: String| Error::Case(vec![Finding::new(what, text)]);
        let headings = reader.headers().map_err(|error| wrong(error.to_string()))?;
        let columns: HashMap<String, usize> = headings
            .iter()
            .enumerate()
            .map(|(at, name)| (name.trim_start_matches('\u{feff}').to_owned(), at))
            .collect();
        if let Some(missing) = needed.iter().find(|name| !columns.contains_key(**name)) {
            return Err(wrong(format!("line 1: the column {missing} is missing")));
        }
        let mut rows = Vec::new();
        for row in reader.records() {
            let row = row.map_err(|error| wrong(error.to_string()))?;
            if rows.len() == most {
                return Err(wrong(format!(
                    "more than {most} rows: divide the file by zone"
                )));
            }
            rows.push((row.position().map_or(0, csv::Position::line), row));
        }
        Ok(Self {
            what,
            columns,
            rows,
        })
    }

    fn cell<'t>(&'t self, row: &'t csv::StringRecord, name: &str) -> &'t str {
        self.columns
            .get(name)
            .and_then(|at| row.get(*at))
            .unwrap_or_default()
    }

    fn list(&self, row: &csv::StringRecord, name: &str) -> Vec<String> {
        let parts = self.cell(row, name).split(';').map(str::trim);
        parts
            .filter(|part| !part.is_empty())
            .map(str::to_owned)
            .collect()
    }

    fn text(&self, row: &csv::StringRecord, name: &str) -> Option<String> {
        let cell = self.cell(row, name);
        (!cell.is_empty()).then(|| cell.to_owned())
    }

    fn number<T: std::str::FromStr>(
        &self,
        (line, row): &(u64, csv::StringRecord),
        name: &str,
        findings: &mut Vec<Finding>,
    ) -> Option<T> {
        let cell = self.cell(row, name);
        let value = cell.parse().ok();
        if value.is_none() && !cell.is_empty() {
            let place = format!("{} line {line}, column {name}", self.what);
            findings.push(Finding::new(
                place,
                format!("`{cell}` is no number that fits here"),
            ));
        }
        value
    }
}

/// Reads both files into one; the days are those from the first to the last that is named.
///
/// # Errors
/// If a column is missing or a number is none; what else is wrong is found when it is built.
pub fn read(name: &str, visits: &[u8], carers: &[u8]) -> Result<File, Error> {
    let needed = [
        "id",
        "person",
        "latitude",
        "longitude",
        "day",
        "earliest",
        "latest",
        "minutes",
    ];
    let visits = Table::read("visits", visits, &needed, super::MOST_VISITS)?;
    let carers = Table::read(
        "carers",
        carers,
        &["id", "day", "from", "to"],
        super::MOST_OTHERS * 14,
    )?;
    let mut findings = Vec::new();
    let mut file = File {
        name: name.to_owned(),
        ..File::default()
    };
    read_visits(&visits, &mut file, &mut findings);
    read_carers(&carers, &mut file, &mut findings);
    let days: Vec<jiff::civil::Date> = file
        .visits
        .iter()
        .map(|visit| &visit.day)
        .chain(
            file.carers
                .iter()
                .flat_map(|carer| carer.shifts.iter().map(|shift| &shift.day)),
        )
        .filter_map(|day| day.parse().ok())
        .collect();
    if let (Some(first), Some(last)) = (days.iter().min(), days.iter().max()) {
        file.start = first.to_string();
        file.days = i64::from((*last - *first).get_days()) + 1;
    }
    if findings.is_empty() {
        Ok(file)
    } else {
        Err(Error::Case(findings))
    }
}

fn place(
    table: &Table,
    row: &(u64, csv::StringRecord),
    id: String,
    findings: &mut Vec<Finding>,
) -> Place {
    Place {
        id,
        latitude: table.number(row, "latitude", findings),
        longitude: table.number(row, "longitude", findings),
        rural: table.cell(&row.1, "rural") == "yes",
    }
}

fn read_visits(table: &Table, file: &mut File, findings: &mut Vec<Finding>) {
    let mut known = std::collections::HashSet::new();
    for line in &table.rows {
        let row = &line.1;
        let person = table.cell(row, "person").to_owned();
        if known.insert(person.clone()) {
            let home = format!("home of {person}");
            file.places.push(place(table, line, home.clone(), findings));
            file.people.push(Person {
                id: person.clone(),
                place: home,
                zone: table.text(row, "zone"),
                provider: table.text(row, "provider"),
                preferred: table.list(row, "preferred"),
                excluded: table.list(row, "excluded"),
            });
        }
        file.visits.push(Visit {
            id: table.cell(row, "id").to_owned(),
            person,
            day: table.cell(row, "day").to_owned(),
            earliest: table.cell(row, "earliest").to_owned(),
            latest: table.cell(row, "latest").to_owned(),
            due: table.text(row, "due"),
            minutes: table.number(line, "minutes", findings).unwrap_or(0),
            carers: table.number(line, "carers", findings).unwrap_or(1),
            skills: table.list(row, "skills"),
            priority: table.number(line, "priority", findings).unwrap_or(2),
            locked: table.list(row, "locked"),
            had: Vec::new(),
        });
    }
}

fn read_carers(table: &Table, file: &mut File, findings: &mut Vec<Finding>) {
    let mut at: HashMap<String, usize> = HashMap::new();
    for line in &table.rows {
        let row = &line.1;
        let id = table.cell(row, "id").to_owned();
        let carer = *at.entry(id.clone()).or_insert_with(|| {
            let home = table
                .text(row, "latitude")
                .map(|_| format!("home of carer {id}"));
            if let Some(home) = &home {
                file.places.push(place(table, line, home.clone(), findings));
            }
            file.carers.push(Carer {
                id,
                home,
                travels_by: table.text(row, "travels_by"),
                skills: table.list(row, "skills"),
                zones: table.list(row, "zones"),
                provider: table.text(row, "provider"),
                contracted_hours: table.number(line, "contracted_hours", findings),
                most_hours: table.number(line, "most_hours", findings),
                pay: None,
                shifts: Vec::new(),
            });
            file.carers.len() - 1
        });
        file.carers[carer].shifts.push(Shift {
            day: table.cell(row, "day").to_owned(),
            from: table.cell(row, "from").to_owned(),
            to: table.cell(row, "to").to_owned(),
        });
    }
}
