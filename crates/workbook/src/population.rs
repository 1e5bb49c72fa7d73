//! Population of upper-tier areas by single year of age.
//!
//! Source: Office for National Statistics, mid-year population estimates. Two forms
//! of text table are read, told apart by their headings:
//! - as published by area, `utla19_code,utla19_name,total_population,0,1,…,90+`: the
//!   year is the one in the headings; the last age is that age and over;
//! - our own small slice, `year,area_code,area,0,1,…,90+` (`data/official`).
//!
//! England is added as the sum of its areas when all of them are there.

use crate::csv_text;
use kernel::{Issue, OnsCode, Severity};
use place::population::{AreaAges, england};
use std::collections::HashSet;

/// Most people of one age in one area.
const MOST_PEOPLE: i64 = 100_000_000;

/// Population as read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Population {
    /// Areas whose sums hold, England last if it was worked out.
    pub areas: Vec<AreaAges>,
    /// Number of lines of areas, whether they could be used or not.
    pub records: u32,
    /// What was wrong, with line and column.
    pub issues: Vec<Issue>,
    /// Number of areas at the end that were worked out and are no lines of the file.
    pub worked_out: usize,
}

impl Population {
    /// Number of lines that could be used.
    pub fn used(&self) -> u64 {
        (self.areas.len() - self.worked_out.min(self.areas.len())) as u64
    }
}

/// Where the columns are.
struct Columns {
    code: usize,
    name: usize,
    total: Option<usize>,
    year: Result<i16, usize>,
    ages: Vec<usize>,
}

/// Reads a table of population.
///
/// # Errors
/// What makes the whole file unusable.
pub fn read(bytes: &[u8]) -> Result<Population, Vec<Issue>> {
    if !csv_text::is_text(bytes) {
        return Err(vec![Issue::file(
            "not-a-table",
            "The file is not a table of text (CSV in UTF-8). Send the upper-tier population by \
             single year of age as CSV.",
        )]);
    }
    let (table, mut issues) = csv_text::read(bytes).map_err(|issue| vec![issue])?;
    let left_out = issues.len() as u32;
    let columns = columns(&table.headings).map_err(|issue| vec![issue])?;
    let mut areas: Vec<AreaAges> = Vec::new();
    let mut seen = HashSet::new();
    let mut records = left_out;
    for (line, cells) in &table.lines {
        records += 1;
        let record = u32::try_from(line.saturating_sub(1)).unwrap_or(u32::MAX);
        match area(record, *line, cells, &columns) {
            Ok(area) if !seen.insert((area.code.clone(), area.year)) => {
                issues.push(Issue::new(
                    Severity::Part,
                    record,
                    format!("line {line}"),
                    "area-repeated",
                    "The area and year stand in an earlier line too. The line was left out.",
                ));
            }
            Ok(area) => areas.push(area),
            Err(issue) => issues.push(issue),
        }
    }
    if areas.is_empty() {
        issues.push(Issue::file(
            "empty",
            "The table has no area that can be read.",
        ));
        return Err(issues);
    }
    let worked_out = add_england(&mut areas, &mut issues);
    Ok(Population {
        areas,
        records,
        issues,
        worked_out,
    })
}

fn columns(headings: &[String]) -> Result<Columns, Issue> {
    let find = |fits: &dyn Fn(&str) -> bool| headings.iter().position(|heading| fits(heading));
    let missing = |what: &str| {
        Issue::new(
            Severity::Reject,
            0,
            "line 1",
            "heading-missing",
            format!("There is no column for {what}. Send population by single year of age."),
        )
    };
    let code =
        find(&|heading| heading.ends_with("code")).ok_or_else(|| missing("the area's code"))?;
    let name = find(&|heading| heading.ends_with("name") || heading == "area")
        .ok_or_else(|| missing("the area's name"))?;
    let mut ages = Vec::new();
    while let Some(at) =
        find(&|heading| heading.strip_suffix('+').unwrap_or(heading).parse() == Ok(ages.len()))
    {
        ages.push(at);
    }
    // Adults start at 18; the last age must be an open one.
    let open = ages.last().is_some_and(|at| headings[*at].ends_with('+'));
    if ages.len() < 20 || !open {
        return Err(missing(
            "every year of age from 0 to an open last one such as 90+",
        ));
    }
    let year = match find(&|heading| heading == "year") {
        Some(at) => Err(at),
        None => Ok(year_in(&headings[code]).ok_or_else(|| missing("the year"))?),
    };
    let total = find(&|heading| heading.contains("total") || heading == "all ages");
    Ok(Columns {
        code,
        name,
        total,
        year,
        ages,
    })
}

/// The year in a heading such as `utla19_code`: its boundaries are those of the year
/// the people were counted in.
fn year_in(heading: &str) -> Option<i16> {
    let digits: String = heading.chars().filter(char::is_ascii_digit).collect();
    match digits.len() {
        2 => Some(2000 + digits.parse::<i16>().ok()?),
        4 => digits.parse().ok(),
        _ => None,
    }
}

fn area(
    record: u32,
    line: u64,
    cells: &csv::StringRecord,
    columns: &Columns,
) -> Result<AreaAges, Issue> {
    let cell = |at: usize| cells.get(at).unwrap_or("").trim();
    let count = |at: usize| cell(at).replace(',', "").parse::<i64>().ok();
    let wrong = |at: &str, code, text: &str| {
        let (at, text) = (
            format!("line {line}, {at}"),
            format!("{text} The line was left out."),
        );
        Issue::new(Severity::Part, record, at, code, text)
    };
    let code = OnsCode::new(cell(columns.code)).ok_or_else(|| {
        let text = "The area's code is not a letter and eight digits.";
        wrong("area code", "not-a-code", text)
    })?;
    let year = match columns.year {
        Ok(year) => Some(year),
        Err(at) => cell(at)
            .parse()
            .ok()
            .filter(|year| (1900..=2200).contains(year)),
    };
    let year = year.ok_or_else(|| wrong("year", "not-a-year", "The year cannot be read."))?;
    let mut people = Vec::with_capacity(columns.ages.len());
    for (age, at) in columns.ages.iter().enumerate() {
        let counted = count(*at).filter(|count| (0..=MOST_PEOPLE).contains(count));
        people.push(counted.ok_or_else(|| {
            let text = "The cell is not a whole number of people; empty is not nil.";
            wrong(&format!("age {age}"), "not-a-count", text)
        })?);
    }
    let area = AreaAges {
        code,
        name: cell(columns.name).to_owned(),
        year,
        people,
    };
    let everyone = area.everyone();
    if columns.total.is_some_and(|at| count(at) != Some(everyone)) {
        let text = format!("The ages add up to {everyone}, which is not the total given.");
        return Err(wrong("total", "sum-differs", &text));
    }
    Ok(area)
}

/// Adds England for each year in which it can be worked out and is not there; says
/// so where it cannot.
fn add_england(areas: &mut Vec<AreaAges>, issues: &mut Vec<Issue>) -> usize {
    let mut worked_out = 0;
    let mut years: Vec<i16> = areas.iter().map(|area| area.year).collect();
    years.sort_unstable();
    years.dedup();
    for year in years {
        if areas
            .iter()
            .any(|area| area.year == year && area.code.as_str() == place::ENGLAND)
        {
            continue;
        }
        match england(areas, year) {
            Ok(england) => {
                areas.push(england);
                worked_out += 1;
            }
            Err(error) => issues.push(Issue::new(
                Severity::Note,
                0,
                "",
                "england-not-worked-out",
                format!("England's population was not worked out: {error}."),
            )),
        }
    }
    worked_out
}
