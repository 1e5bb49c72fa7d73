//! Expenditure: one line a row, under headings that say what each column is.

use super::Reader;
use super::cells::{Amount, amount, financial_years, percent, plain, text};
use crate::sheet::{Hider, Sheet};
use fund::plan::{Area, Commissioner, Line, Source};
use kernel::Pence;
use kernel::limits::SHEET_ROWS;

/// Rows without anything after which a table is over.
const GAP: u32 = 20;

/// Where each column is.
#[derive(Debug, Default)]
pub(super) struct Columns {
    /// Row of the headings.
    heading: u32,
    scheme: Option<u32>,
    name: Option<u32>,
    description: Option<u32>,
    kind: Option<u32>,
    sub_type: Option<u32>,
    other: Option<u32>,
    outputs: Vec<u32>,
    unit: Option<u32>,
    area: Option<u32>,
    commissioner: Option<u32>,
    nhs: Option<u32>,
    la: Option<u32>,
    provider: Option<u32>,
    source: Option<u32>,
    /// Column and year of each expenditure; the year is empty where the heading has none.
    expenditure: Vec<(u32, String)>,
}

impl Columns {
    /// The headings of a sheet, if it has those of expenditure.
    pub(super) fn find(sheet: &Sheet) -> Option<Self> {
        sheet.rows.keys().take(500).find_map(|row| {
            let columns = Self::of_row(sheet, *row);
            columns.is_whole().then_some(columns)
        })
    }

    fn is_whole(&self) -> bool {
        self.scheme.is_some()
            && self.kind.is_some()
            && self.area.is_some()
            && self.commissioner.is_some()
            && self.source.is_some()
            && !self.expenditure.is_empty()
    }

    fn of_row(sheet: &Sheet, row: u32) -> Self {
        let mut columns = Self {
            heading: row,
            ..Self::default()
        };
        let Some(cells) = sheet.rows.get(&row) else {
            return columns;
        };
        for (column, cell) in cells {
            let Some(written) = cell.text() else { continue };
            columns.heading_is(*column, written);
        }
        columns
    }

    fn heading_is(&mut self, column: u32, written: &str) {
        let words = plain(written);
        let has = |word: &str| words.contains(word);
        let slot = match () {
            () if has("sub type") => &mut self.sub_type,
            () if has("specify") || has("if other") => &mut self.other,
            () if words == "scheme id" || words == "scheme no" || words == "scheme number" => {
                &mut self.scheme
            }
            () if has("scheme type") => &mut self.kind,
            () if has("scheme name") => &mut self.name,
            () if has("description") => &mut self.description,
            () if has("output") && !has("unit") => {
                self.outputs.push(column);
                return;
            }
            () if has("unit") => &mut self.unit,
            () if has("area of spend") => &mut self.area,
            () if has("commissioner") && !has("%") && !has("joint") => &mut self.commissioner,
            () if has("nhs") && has("joint") || words == "nhs" => &mut self.nhs,
            () if has("la") && has("joint") || words == "la" => &mut self.la,
            () if has("provider") => &mut self.provider,
            () if has("source of funding") || has("funding source") => &mut self.source,
            () if has("expenditure") && !has("overall") && !has("of spend") => {
                let year = financial_years(written).into_iter().next();
                self.expenditure.push((column, year.unwrap_or_default()));
                return;
            }
            () => return,
        };
        slot.get_or_insert(column);
    }

    /// The years that the headings name.
    pub(super) fn years(&self) -> Vec<String> {
        self.expenditure
            .iter()
            .map(|(_, year)| year.clone())
            .filter(|year| !year.is_empty())
            .collect()
    }

    /// How many columns of expenditure there are.
    pub(super) fn amounts(&self) -> usize {
        self.expenditure.len()
    }

    /// The column of a year of the plan.
    fn column_of(&self, year: &str, at: usize) -> Option<u32> {
        self.expenditure
            .iter()
            .find(|(_, named)| named == year)
            .or_else(|| {
                self.expenditure
                    .get(at)
                    .filter(|(_, named)| named.is_empty())
            })
            .map(|(column, _)| *column)
    }
}

/// Reads every line under the headings.
pub(super) fn read(reader: &mut Reader, sheet: &Sheet, columns: &Columns) {
    note_hidden_words(reader, sheet, columns);
    let mut last = columns.heading;
    let rows: Vec<u32> = sheet
        .rows
        .range(columns.heading + 1..)
        .map(|(row, _)| *row)
        .take(SHEET_ROWS as usize)
        .collect();
    for row in rows {
        if row > last + GAP {
            break;
        }
        let named = |column: Option<u32>| column.is_some_and(|c| !text(sheet, row, c).is_empty());
        let is_line = named(columns.scheme) || named(columns.kind) || named(columns.source);
        let is_total = columns
            .scheme
            .is_some_and(|column| plain(&text(sheet, row, column)).starts_with("total"));
        if !is_line || is_total {
            continue;
        }
        last = row;
        let before = reader.troubles();
        match line(reader, sheet, columns, row) {
            Some(line) => reader.plan.lines.push(line),
            None => {
                reader.plan.unread.push(sheet.at(row, 0));
                if reader.troubles() == before {
                    reader.part(
                        &sheet.at(row, 0),
                        "line-not-read",
                        "The line could not be read. Look at each of its cells.",
                    );
                }
            }
        }
    }
}

/// Says which hidden columns have the words that decide in which sums a line is. They are read: each
/// stands beside an amount that can be seen.
fn note_hidden_words(reader: &mut Reader, sheet: &Sheet, columns: &Columns) {
    let deciding = [columns.source, columns.area, columns.commissioner];
    for column in deciding.into_iter().flatten() {
        if matches!(sheet.hider(columns.heading, column), Some(Hider::Column(_))) {
            reader.note(
                &sheet.at(columns.heading, column),
                "hidden-words",
                "The column is hidden. Its words were read; show it, so that whoever signs sees \
                 them.",
            );
        }
    }
}

/// A line; `None`, with issues, if something that matters to a sum cannot be read.
fn line(reader: &mut Reader, sheet: &Sheet, columns: &Columns, row: u32) -> Option<Line> {
    let at = |column: Option<u32>| column.map_or(String::new(), |column| text(sheet, row, column));
    let source = word(
        reader,
        sheet,
        row,
        columns.source,
        "source of funding",
        Source::read,
    );
    let area = word(
        reader,
        sheet,
        row,
        columns.area,
        "area of spend",
        Area::parse,
    );
    let commissioner = word(
        reader,
        sheet,
        row,
        columns.commissioner,
        "commissioner",
        commissioner,
    );
    let amounts = amounts(reader, sheet, columns, row);
    let share = |reader: &mut Reader, column: Option<u32>| {
        column.and_then(|column| percent(reader, sheet, row, column))
    };
    let is_joint = commissioner == Some(Commissioner::Joint);
    let nhs_percent = is_joint.then(|| share(reader, columns.nhs)).flatten();
    let la_percent = is_joint.then(|| share(reader, columns.la)).flatten();
    let (name, description) = (at(columns.name), at(columns.description));
    Some(Line {
        scheme: at(columns.scheme),
        name: if name.is_empty() { description } else { name },
        kind: at(columns.kind),
        sub_type: at(columns.sub_type),
        other: at(columns.other),
        outputs: columns
            .outputs
            .iter()
            .map(|column| text(sheet, row, *column))
            .collect(),
        unit: at(columns.unit),
        area: area?,
        commissioner: commissioner?,
        nhs_percent,
        la_percent,
        provider: at(columns.provider),
        source: source?,
        amounts: amounts?,
        packages: Vec::new(),
        at: sheet.at(row, columns.scheme.unwrap_or(0)),
    })
}

fn commissioner(text: &str) -> Option<Commissioner> {
    match plain(text).as_str() {
        "la" | "local authority" => Some(Commissioner::LocalAuthority),
        "nhs" | "icb" | "ccg" => Some(Commissioner::Nhs),
        "joint" => Some(Commissioner::Joint),
        _ => None,
    }
}

/// A word of a list in a cell.
fn word<W>(
    reader: &mut Reader,
    sheet: &Sheet,
    row: u32,
    column: Option<u32>,
    what: &str,
    parse: fn(&str) -> Option<W>,
) -> Option<W> {
    let column = column?;
    let found = parse(&text(sheet, row, column));
    if found.is_none() {
        reader.part(
            &sheet.at(row, column),
            "unknown-word",
            format!("The cell is no {what} of the workbook's list. Choose one of the list."),
        );
    }
    found
}

/// The amounts of a line, one for each year; none if one of them cannot be read.
fn amounts(reader: &mut Reader, sheet: &Sheet, columns: &Columns, row: u32) -> Option<Vec<Pence>> {
    let mut all = Vec::new();
    for (number, year) in reader.plan.years.clone().iter().enumerate() {
        let Some(column) = columns.column_of(year, number) else {
            all.push(Some(Pence(0)));
            continue;
        };
        all.push(match amount(reader, sheet, row, column) {
            Amount::Read(amount) => Some(amount),
            Amount::Wrong => None,
            Amount::Empty => {
                reader.part(
                    &sheet.at(row, column),
                    "no-amount",
                    "The cell has no value. If it is a formula, its value was not saved: open the \
                     workbook, calculate and save it. If nothing is spent, write 0.",
                );
                None
            }
        });
    }
    all.into_iter().collect()
}
