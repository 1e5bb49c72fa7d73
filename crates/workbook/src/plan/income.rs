//! Income: a block for each source, begun by a row that names it, or one table with a column of
//! sources.

use super::Reader;
use super::cells::{Amount, amount, plain, text};
use crate::sheet::Sheet;
use fund::plan::{District, Income, Source};
use kernel::Pence;

/// Reads the income of every sheet that has some.
pub(super) fn read(reader: &mut Reader, sheets: &[Sheet]) {
    for sheet in sheets {
        if let Some(table) = Table::find(sheet) {
            table.read(reader, sheet);
        } else {
            blocks(reader, sheet);
        }
    }
    if reader.plan.income.is_empty() {
        reader.part(
            "",
            "no-income",
            "No sheet has income: a block for each source, such as NHS Minimum Contribution, with \
             a column of contributions.",
        );
    }
}

/// A table with columns for source, payer and amounts.
struct Table {
    heading: u32,
    source: u32,
    from: Option<u32>,
    amounts: Vec<u32>,
}

impl Table {
    fn find(sheet: &Sheet) -> Option<Self> {
        sheet.rows.iter().take(200).find_map(|(row, cells)| {
            let mut table = Self {
                heading: *row,
                source: 0,
                from: None,
                amounts: Vec::new(),
            };
            let mut has_source = false;
            for (column, cell) in cells {
                let words = cell.text().map(plain).unwrap_or_default();
                if words.contains("expenditure") || words.contains("scheme") {
                    return None;
                }
                if matches!(
                    words.as_str(),
                    "source" | "source of funding" | "funding source"
                ) {
                    has_source = true;
                    table.source = *column;
                } else if matches!(
                    words.as_str(),
                    "from" | "organisation" | "contributor" | "district" | "paid by"
                ) {
                    table.from = Some(*column);
                } else if words.contains("contribution")
                    || words.contains("income")
                    || words.contains("amount")
                {
                    table.amounts.push(*column);
                }
            }
            (has_source && !table.amounts.is_empty()).then_some(table)
        })
    }

    fn read(&self, reader: &mut Reader, sheet: &Sheet) {
        let rows: Vec<u32> = sheet
            .rows
            .range(self.heading + 1..)
            .map(|(row, _)| *row)
            .collect();
        for row in rows {
            let written = text(sheet, row, self.source);
            if written.is_empty() || plain(&written).starts_with("total") {
                continue;
            }
            let Some(source) = Source::read(&written) else {
                let at = sheet.at(row, self.source);
                reader.part(
                    &at,
                    "unknown-word",
                    "The cell is no source of income of the workbook's list. Choose one of it.",
                );
                reader.plan.unread.push(at);
                continue;
            };
            let from = self
                .from
                .map_or(String::new(), |column| text(sheet, row, column));
            line(reader, sheet, row, source, from, &self.amounts);
        }
    }
}

/// Blocks: a row whose first words are a source and which has a heading of contributions; then a
/// row for each payer, until a total, a gap or the next block.
fn blocks(reader: &mut Reader, sheet: &Sheet) {
    let rows: Vec<u32> = sheet.rows.keys().copied().collect();
    let mut block: Option<(Source, u32, Vec<u32>, Vec<Pence>)> = None;
    let mut last = 0;
    for row in rows {
        if let Some((source, label, columns)) = heading(sheet, row) {
            block = Some((source, label, columns, Vec::new()));
            last = row;
            continue;
        }
        let Some((source, label, columns, sums)) = &mut block else {
            continue;
        };
        let written = text(sheet, row, *label);
        if row > last + 3 || written.is_empty() {
            if row > last + 3 {
                block = None;
            }
            continue;
        }
        last = row;
        if plain(&written).starts_with("total") {
            let (columns, sums) = (columns.clone(), std::mem::take(sums));
            total(reader, sheet, row, &columns, &sums);
            block = None;
            continue;
        }
        let (source, columns) = (*source, columns.clone());
        if let Some(amounts) = line(reader, sheet, row, source, written, &columns)
            && let Some((.., sums)) = &mut block
        {
            sums.resize(amounts.len().max(sums.len()), Pence(0));
            for (sum, amount) in sums.iter_mut().zip(amounts) {
                *sum = *sum + amount;
            }
        }
    }
}

/// A row that begins a block: its source, and columns of contributions.
fn heading(sheet: &Sheet, row: u32) -> Option<(Source, u32, Vec<u32>)> {
    let cells = sheet.rows.get(&row)?;
    let (label, first) = cells
        .iter()
        .find_map(|(column, cell)| Some((*column, cell.text()?)))?;
    let source = Source::read(first)?;
    let columns: Vec<u32> = cells
        .iter()
        .filter(|(column, _)| *column > label)
        .filter(|(_, cell)| {
            cell.text().map(plain).is_some_and(|words| {
                words.contains("contribution") && !words.contains("comment")
                    || !super::cells::financial_years(&words.replace(' ', "-")).is_empty()
            })
        })
        .map(|(column, _)| *column)
        .collect();
    (!columns.is_empty()).then_some((source, label, columns))
}

/// Reads a line of income; gives its amounts.
fn line(
    reader: &mut Reader,
    sheet: &Sheet,
    row: u32,
    source: Source,
    from: String,
    columns: &[u32],
) -> Option<Vec<Pence>> {
    let mut amounts = Vec::new();
    for column in columns.iter().take(reader.plan.years.len()) {
        amounts.push(match amount(reader, sheet, row, *column) {
            Amount::Read(amount) => Some(amount),
            Amount::Wrong => None,
            Amount::Empty => {
                reader.part(
                    &sheet.at(row, *column),
                    "no-amount",
                    "The cell has no value. If it is a formula, its value was not saved: open the \
                     workbook, calculate and save it. If nothing comes in, write 0.",
                );
                None
            }
        });
    }
    let at = sheet.at(row, columns.first().copied().unwrap_or(0));
    let Some(amounts) = amounts.into_iter().collect::<Option<Vec<Pence>>>() else {
        reader.plan.unread.push(at);
        return None;
    };
    if source == Source::DisabledFacilities && is_district(&from) {
        reader.plan.two_tiers = Some(true);
        reader.plan.districts.push(District {
            name: from.clone(),
            amounts: amounts.clone(),
            at: at.clone(),
        });
    }
    reader.plan.income.push(Income {
        source,
        from,
        amounts: amounts.clone(),
        grant: String::new(),
        at,
    });
    Some(amounts)
}

/// Housing authorities of two tiers are called so.
fn is_district(name: &str) -> bool {
    let words = plain(name);
    words.contains("district") || words.contains("borough") || words.contains("city council")
}

/// A total that is not the sum of its block.
fn total(reader: &mut Reader, sheet: &Sheet, row: u32, columns: &[u32], sums: &[Pence]) {
    for (column, sum) in columns.iter().zip(sums) {
        if let Amount::Read(written) = amount(reader, sheet, row, *column)
            && (written.0 - sum.0).abs() > 100
        {
            reader.part(
                &sheet.at(row, *column),
                "sum-differs",
                format!(
                    "The total is {written}, and its lines make {sum}. Look for what is missing."
                ),
            );
        }
    }
}
