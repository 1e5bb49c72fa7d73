//! From sheets to rows: which sheets hold tables, which columns mean what, which
//! rows are areas.

use super::headings::{Meaning, meaning, plain};
use super::top::{Top, label};
use super::{AreaMonth, DtocWorkbook, check, row_issue};
use crate::sheet::{Cell, Sheet};
use kernel::{Issue, OnsCode, Severity};
use place::{AreaCode, DelayKey, Dimension};
use std::collections::HashMap;

/// Most delayed days taken as one figure: more than all beds of England in a month.
const MOST_DAYS: f64 = 10_000_000.0;

/// Cells of a line looked at as headings.
const HEADINGS: usize = 256;

/// Rows looked through for the line of headings.
pub(super) const HEADING_ROWS: u32 = 200;

/// A figure and where it stands.
#[derive(Clone, Debug)]
pub(super) struct Figure {
    pub(super) days: i64,
    pub(super) at: String,
}

/// One area, put together from every sheet that has it.
#[derive(Clone, Debug)]
pub(super) struct Row {
    pub(super) record: u32,
    pub(super) at: String,
    pub(super) figures: Vec<(DelayKey, Figure)>,
    pub(super) issues: Vec<Issue>,
    code: AreaCode,
    ons: Option<OnsCode>,
    name: String,
    region: Option<String>,
    /// Whether any figure was a number, and not only a dash.
    supplied: bool,
}

/// A sheet's table: its line of headings and what each column means.
struct Table<'a> {
    sheet: &'a Sheet,
    row: u32,
    columns: Vec<(u32, Meaning)>,
}

pub(super) fn read(bytes: &[u8]) -> Result<DtocWorkbook, Vec<Issue>> {
    let sheets = crate::sheet::open(bytes).map_err(|issue| vec![issue])?;
    let mut issues = Vec::new();
    let mut tables = Vec::new();
    for sheet in &sheets {
        if let Some(table) = find_table(sheet, &mut issues) {
            tables.push(table);
        }
    }
    if tables.is_empty() {
        issues.push(no_table(&sheets));
        return Err(issues);
    }
    let of_tables: Vec<&Sheet> = tables.iter().map(|table| table.sheet).collect();
    let top = Top::read(&of_tables, &sheets, &mut issues).map_err(|issue| vec![issue])?;
    let mut rows = Rows::default();
    for table in &tables {
        note_hidden(table, &mut issues);
        rows.read(table, &mut issues);
    }
    let present: Vec<Dimension> = dimensions(&tables, &mut issues);
    let (areas, records) = finish(rows.rows, &present, &mut issues);
    Ok(DtocWorkbook {
        month: top.month,
        published: top.published.1,
        published_text: top.published.0,
        revised: top.revised.1,
        revised_text: top.revised.0,
        areas,
        records,
        issues,
    })
}

fn no_table(sheets: &[Sheet]) -> Issue {
    let names: Vec<&str> = sheets
        .iter()
        .map(|sheet| sheet.name.as_str())
        .take(20)
        .collect();
    Issue::file(
        "wrong-sheet",
        format!(
            "No sheet has a line of headings with an area's name and delayed days. Sheets found: \
             {}. Send the monthly workbook by local authority (LA Type B).",
            names.join(", ")
        ),
    )
}

/// A note about a sheet as a whole.
pub(super) fn note(path: String, code: &'static str, text: String) -> Issue {
    Issue::new(Severity::Note, 0, path, code, text)
}

/// Whether a label over a block, or a sheet's title, speaks of something other
/// than delayed days.
fn is_other_measure(label: &str) -> bool {
    let text = plain(label);
    let has = |word: &str| text.split(' ').any(|other| other == word);
    !has("days")
        && ["bed", "beds", "patients", "average", "rate", "percentage"]
            .iter()
            .any(|word| has(word))
}

/// Why a sheet with a table is not read, if it is not.
fn why_passed_over(sheet: &Sheet) -> Option<(&'static str, &'static str)> {
    if sheet.hidden {
        return Some(("hidden-sheet", "The sheet is hidden and was not read."));
    }
    let about = [label(sheet, "title"), label(sheet, "summary")];
    let mut words = about
        .iter()
        .flatten()
        .filter_map(|(_, cell)| (*cell)?.text());
    words.any(is_other_measure).then_some((
        "other-measure",
        "The sheet counts something other than delayed days and was not read.",
    ))
}

/// The table of a sheet, if it has one and is to be read.
fn find_table<'a>(sheet: &'a Sheet, issues: &mut Vec<Issue>) -> Option<Table<'a>> {
    let (row, headings) = sheet
        .rows
        .iter()
        .take(HEADING_ROWS as usize)
        .find_map(|(row, cells)| heading_line(cells).map(|headings| (*row, headings)))?;
    if let Some((code, why)) = why_passed_over(sheet) {
        issues.push(note(sheet.name.clone(), code, why.to_owned()));
        return None;
    }
    let first_figure = headings
        .iter()
        .find(|(_, m)| matches!(m, Ok(Some(Meaning::Days(_)))))?
        .0;
    let mut columns: Vec<(u32, Meaning)> = Vec::new();
    for (column, meant) in headings {
        let other = block_label(sheet, row, column, first_figure).is_some_and(is_other_measure)
            || sheet
                .get(row, column)
                .and_then(Cell::text)
                .is_some_and(is_beds);
        match meant {
            _ if other => {}
            Ok(None) => {}
            Ok(Some(meaning)) if columns.iter().any(|(_, taken)| *taken == meaning) => {
                issues.push(note(
                    sheet.at(row, column),
                    "heading-repeated",
                    "The heading means the same as one before it. The first column was read."
                        .to_owned(),
                ));
            }
            Ok(Some(meaning)) => columns.push((column, meaning)),
            Err((letter, words)) => issues.push(Issue::new(
                Severity::Part,
                0,
                sheet.at(row, column),
                "heading-unclear",
                format!(
                    "The heading has the letter of reason {letter} and the words of reason \
                     {words}. The column was not read."
                ),
            )),
        }
    }
    columns
        .iter()
        .any(|(_, meaning)| matches!(meaning, Meaning::Days(_)))
        .then_some(Table {
            sheet,
            row,
            columns,
        })
}

fn is_beds(heading: &str) -> bool {
    let text = plain(heading);
    text.split(' ').any(|word| word == "beds")
}

type Heading = (u32, Result<Option<Meaning>, (DelayKey, DelayKey)>);

/// The meanings of a line, if it is a line of headings: it has an area's name and
/// at least two figures.
fn heading_line(cells: &[(u32, Cell)]) -> Option<Vec<Heading>> {
    let headings: Vec<Heading> = cells
        .iter()
        .take(HEADINGS)
        .filter_map(|(column, cell)| Some((*column, meaning(cell.text()?))))
        .collect();
    let named = headings
        .iter()
        .any(|(_, meant)| *meant == Ok(Some(Meaning::Name)));
    let figures = headings
        .iter()
        .filter(|(_, meant)| matches!(meant, Ok(Some(Meaning::Days(_)))))
        .count();
    (named && figures >= 2).then_some(headings)
}

/// The label over a block of columns, in the line or two above the headings: the
/// nearest one at or left of the column, from the first figure on.
fn block_label(sheet: &Sheet, row: u32, column: u32, first_figure: u32) -> Option<&str> {
    (row.saturating_sub(2)..row).rev().find_map(|above| {
        let cells = sheet.rows.get(&above)?;
        if cells
            .first()?
            .1
            .text()
            .is_some_and(|text| text.ends_with(':'))
        {
            return None;
        }
        cells
            .iter()
            .rev()
            .filter(|(at, _)| (first_figure..=column).contains(at))
            .find_map(|(_, cell)| cell.text())
    })
}

/// Says once a sheet that hidden lines were read like the rest.
fn note_hidden(table: &Table<'_>, issues: &mut Vec<Issue>) {
    let sheet = table.sheet;
    let rows: Vec<String> = sheet
        .hidden_rows
        .iter()
        .filter(|row| **row > table.row && sheet.rows.contains_key(row))
        .map(|row| (u64::from(*row) + 1).to_string())
        .take(20)
        .collect();
    let columns: Vec<String> = table
        .columns
        .iter()
        .filter(|(at, _)| {
            sheet
                .hidden_columns
                .iter()
                .any(|(a, b)| (*a..=*b).contains(at))
        })
        .map(|(at, _)| crate::cell_name(table.row, *at))
        .collect();
    for (what, list) in [("Rows", rows), ("Columns under", columns)] {
        if !list.is_empty() {
            issues.push(note(
                sheet.name.clone(),
                "hidden-cells",
                format!(
                    "{what} {} are hidden. They were read like the rest.",
                    list.join(", ")
                ),
            ));
        }
    }
}

/// The breakdowns that the workbook has; a missing one is named.
fn dimensions(tables: &[Table<'_>], issues: &mut Vec<Issue>) -> Vec<Dimension> {
    let mut present = Vec::new();
    for dimension in [
        Dimension::CareType,
        Dimension::Responsible,
        Dimension::Reason,
    ] {
        let has = tables.iter().flat_map(|table| &table.columns).any(
            |(_, meaning)| matches!(meaning, Meaning::Days(key) if key.dimension() == dimension),
        );
        if has {
            present.push(dimension);
        } else {
            issues.push(Issue::new(
                Severity::Part,
                0,
                "",
                "breakdown-missing",
                format!(
                    "No sheet has the days by {}.",
                    dimension.label().to_lowercase()
                ),
            ));
        }
    }
    present
}

#[derive(Default)]
struct Rows {
    rows: Vec<Row>,
    by_code: HashMap<AreaCode, usize>,
}

/// What a row says it is about.
struct Identity {
    code: AreaCode,
    ons: Option<OnsCode>,
    name: String,
    region: Option<String>,
}

impl Rows {
    fn read(&mut self, table: &Table<'_>, issues: &mut Vec<Issue>) {
        let mut seen: HashMap<AreaCode, u32> = HashMap::new();
        let name_column = column_of(table, Meaning::Name).unwrap_or(0);
        for (row, cells) in table.sheet.rows.range(table.row + 1..) {
            let figures = cells.iter().any(|(at, cell)| {
                !matches!(cell, Cell::Text(_))
                    && table.columns.iter().any(|(column, meaning)| {
                        column == at && matches!(meaning, Meaning::Days(_))
                    })
            });
            let identity = match identity(table, *row) {
                Ok(Some(identity)) => identity,
                Ok(None) => continue,
                // A note below the table has words and no figures.
                Err(_) if !figures => continue,
                Err(text) => {
                    issues.push(row_issue(
                        0,
                        table.sheet.at(*row, name_column),
                        "area-missing",
                        text.to_owned(),
                    ));
                    continue;
                }
            };
            let at = table.sheet.at(*row, name_column);
            let repeated = seen.insert(identity.code.clone(), *row);
            let index = self.find_or_add(identity, &at);
            let target = &mut self.rows[index];
            if let Some(first) = repeated {
                target.issues.push(row_issue(
                    target.record,
                    at,
                    "area-repeated",
                    format!(
                        "The area stands here and in row {} too. It was left out.",
                        u64::from(first) + 1
                    ),
                ));
                continue;
            }
            read_figures(table, *row, target);
        }
    }

    fn find_or_add(&mut self, identity: Identity, at: &str) -> usize {
        if let Some(index) = self.by_code.get(&identity.code) {
            let row = &mut self.rows[*index];
            row.ons = row.ons.take().or(identity.ons);
            row.region = row.region.take().or(identity.region);
            return *index;
        }
        let index = self.rows.len();
        self.by_code.insert(identity.code.clone(), index);
        self.rows.push(Row {
            record: index as u32 + 1,
            at: at.to_owned(),
            figures: Vec::new(),
            issues: Vec::new(),
            code: identity.code,
            ons: identity.ons,
            name: identity.name,
            region: identity.region,
            supplied: false,
        });
        index
    }
}

fn column_of(table: &Table<'_>, wanted: Meaning) -> Option<u32> {
    table
        .columns
        .iter()
        .find(|(_, meaning)| *meaning == wanted)
        .map(|(column, _)| *column)
}

/// Text of a column's cell; a whole number reads as its digits, a dash as nothing.
fn words_at(table: &Table<'_>, row: u32, wanted: Meaning) -> Option<String> {
    let text = match table.sheet.get(row, column_of(table, wanted)?)? {
        Cell::Text(text) => text.trim().to_owned(),
        Cell::Number(number) if number.fract() == 0.0 && (0.0..1e9).contains(number) => {
            format!("{number:.0}")
        }
        _ => return None,
    };
    (!matches!(text.as_str(), "" | "-" | "–")).then_some(text)
}

/// Which area a row is about: `None` for a sub-total, an error for a row that does
/// not say.
fn identity(table: &Table<'_>, row: u32) -> Result<Option<Identity>, &'static str> {
    let Some(name) = words_at(table, row, Meaning::Name) else {
        return Err("The row has figures and no area's name. It was left out.");
    };
    let ons = words_at(table, row, Meaning::Ons).and_then(|text| OnsCode::new(&text));
    let region = words_at(table, row, Meaning::Region);
    let code = words_at(table, row, Meaning::Code).and_then(|text| AreaCode::new(&text));
    let folded = place::area::folded_name(&name);
    let code = match (folded.as_str(), code, &ons) {
        ("england" | "england total" | "total england", ..) => AreaCode::england(),
        (_, Some(code), _) => code,
        (_, None, Some(ons)) => match AreaCode::new(ons.as_str()) {
            Some(code) => code,
            None => return Err("The area's code cannot be read. The row was left out."),
        },
        (name, None, None) if name.split(' ').any(|word| word == "total") => return Ok(None),
        _ => return Err("The area has no code. The row was left out."),
    };
    Ok(Some(Identity {
        code,
        ons,
        name,
        region,
    }))
}

/// Reads the figures of a row of one table into the area.
fn read_figures(table: &Table<'_>, row: u32, target: &mut Row) {
    for (column, meaning) in &table.columns {
        let Meaning::Days(key) = meaning else {
            continue;
        };
        let at = || table.sheet.at(row, *column);
        let inside = table.sheet.merged.iter().any(|(top, left, bottom, right)| {
            (*top..=*bottom).contains(&row)
                && (*left..=*right).contains(column)
                && (top, left) != (bottom, right)
        });
        let read = if inside {
            Err((
                "merged-cell",
                "The cell is merged with others, so its figure is not clear.",
            ))
        } else {
            count(table.sheet.get(row, *column))
        };
        match read {
            Ok((days, supplied)) => {
                target.supplied |= supplied;
                target.figures.push((*key, Figure { days, at: at() }));
            }
            Err((code, text)) => target.issues.push(row_issue(
                target.record,
                at(),
                code,
                format!("{text} The row was left out."),
            )),
        }
    }
}

/// A count of days. A dash or "NA" stands for nil and says so (`false`): the sums
/// must bear it out. An empty cell is missing, not nil.
fn count(cell: Option<&Cell>) -> Result<(i64, bool), (&'static str, &'static str)> {
    const NOT_A_COUNT: (&str, &str) = ("not-a-count", "The cell is not a whole number of days.");
    let number = match cell {
        None => return Err(("figure-missing", "The cell is empty; empty is not nil.")),
        Some(Cell::Number(number)) => *number,
        Some(Cell::Date(_)) => {
            return Err((
                "date-for-count",
                "The cell is formatted as a date, not as a number.",
            ));
        }
        Some(Cell::Text(text)) => match text.trim().to_ascii_lowercase().as_str() {
            "-" | "–" | "na" | "n/a" | "nil" => return Ok((0, false)),
            digits => digits
                .replace([',', ' '], "")
                .parse::<u32>()
                .map(f64::from)
                .map_err(|_| NOT_A_COUNT)?,
        },
        Some(Cell::Other) => return Err(NOT_A_COUNT),
    };
    if number.fract() != 0.0 || !(0.0..=MOST_DAYS).contains(&number) {
        return Err(NOT_A_COUNT);
    }
    Ok((number as i64, true))
}

/// Checks every row and England against the rest; gives the areas that hold.
fn finish(rows: Vec<Row>, present: &[Dimension], issues: &mut Vec<Issue>) -> (Vec<AreaMonth>, u32) {
    let records = rows.len() as u32;
    let mut held = Vec::new();
    for mut row in rows {
        if !row.supplied && row.issues.is_empty() {
            issues.push(Issue::new(
                Severity::Part,
                row.record,
                row.at.clone(),
                "no-figures",
                "The area has dashes only: its figures were not supplied. It was left out.",
            ));
            continue;
        }
        for dimension in present {
            let missing = !row
                .figures
                .iter()
                .any(|(key, _)| key.dimension() == *dimension);
            if missing && row.issues.is_empty() {
                row.issues.push(row_issue(
                    row.record,
                    row.at.clone(),
                    "row-incomplete",
                    format!(
                        "The area is not on the sheet by {}. It was left out.",
                        dimension.label().to_lowercase()
                    ),
                ));
            }
        }
        match check::days_of(&row) {
            Ok(days) => held.push((row, days)),
            Err(found) => issues.extend(found),
        }
    }
    check_england(&mut held, records, issues);
    let areas = held
        .into_iter()
        .map(|(row, days)| AreaMonth {
            record: row.record,
            code: row.code,
            ons: row.ons,
            name: row.name,
            region: row.region,
            days,
        })
        .collect();
    (areas, records)
}

/// England against the sum of the rest, when nothing was left out.
fn check_england(held: &mut Vec<(Row, place::DelayDays)>, records: u32, issues: &mut Vec<Issue>) {
    let Some(index) = held.iter().position(|(row, _)| row.code.is_england()) else {
        issues.push(Issue::new(
            Severity::Part,
            0,
            "",
            "england-missing",
            "There is no England row whose sums hold, so the areas were not checked against it.",
        ));
        return;
    };
    if held.len() as u32 != records {
        issues.push(note(
            held[index].0.at.clone(),
            "england-not-checked",
            "Rows were left out, so the areas were not checked against England.".to_owned(),
        ));
        return;
    }
    let others: Vec<&place::DelayDays> = held
        .iter()
        .enumerate()
        .filter(|(at, _)| *at != index)
        .map(|(_, (_, days))| days)
        .collect();
    let found = check::england(&held[index].0, &held[index].1, &others);
    if !found.is_empty() {
        issues.extend(found);
        held.remove(index);
    }
}
