//! The cover: the board, its partners and who signed; and the minimum amounts of the summary.

use super::Reader;
use super::cells::{Amount, amount, day, plain, text};
use crate::sheet::{Cell, Sheet};
use fund::plan::{PlanPartner, PlanPartnerKind};
use fund::sign_off::{Role, Signature};
use kernel::Pence;

/// Reads what stands beside labels anywhere in the workbook.
pub(super) fn read(reader: &mut Reader, sheets: &[Sheet]) {
    for sheet in sheets {
        // A label and what it is of stand alone; a row of a table may have the same words.
        for (row, cells) in sheet.rows.iter().filter(|(_, cells)| cells.len() <= 3) {
            for (column, cell) in cells {
                if let Some(written) = cell.text() {
                    label(reader, sheet, *row, *column, &plain(written));
                }
            }
        }
        signatures(reader, sheet);
        minimums(reader, sheet);
    }
}

/// The text to the right of a label.
fn beside(sheet: &Sheet, row: u32, column: u32) -> String {
    (column + 1..column + 6)
        .map(|at| text(sheet, row, at))
        .find(|found| !found.is_empty())
        .unwrap_or_default()
}

fn label(reader: &mut Reader, sheet: &Sheet, row: u32, column: u32, words: &str) {
    let kind = match words {
        "health and wellbeing board" | "health wellbeing board" => {
            let board = beside(sheet, row, column);
            if reader.plan.board.is_empty() {
                reader.plan.board = board;
            }
            return;
        }
        "local authority" | "council" => PlanPartnerKind::Council,
        "integrated care board" | "icb" => PlanPartnerKind::IntegratedCareBoard,
        _ => return,
    };
    let name = beside(sheet, row, column);
    if !name.is_empty() && !reader.plan.partners.iter().any(|one| one.name == name) {
        reader.plan.partners.push(PlanPartner { name, kind });
    }
}

fn role(words: &str) -> Option<Role> {
    let has = |word: &str| words.contains(word);
    Some(match () {
        () if has("151") => Role::Section151,
        () if has("wellbeing board") && has("chair") => Role::Board,
        () if has("health and wellbeing board") => Role::Board,
        () if has("chief executive") && (has("icb") || has("integrated care") || has("nhs")) => {
            Role::NhsChiefExecutive
        }
        () if has("accountable officer") => Role::NhsChiefExecutive,
        () if has("chief executive") => Role::CouncilChiefExecutive,
        () => return None,
    })
}

/// A table of who signed: role, organisation, date, and whether for somebody else.
fn signatures(reader: &mut Reader, sheet: &Sheet) {
    let heading = sheet.rows.iter().take(200).find_map(|(row, cells)| {
        let column = |wanted: &dyn Fn(&str) -> bool| {
            cells.iter().find_map(|(column, cell)| {
                let words = cell.text().map(plain)?;
                wanted(&words).then_some(*column)
            })
        };
        let role = column(&|words| words == "role")?;
        let date = column(&|words| words.contains("date"))?;
        let organisation = column(&|words| words.contains("organisation"));
        let delegated = column(&|words| words.contains("delegated"));
        Some((*row, role, date, organisation, delegated))
    });
    let Some((heading, role_at, date_at, organisation_at, delegated_at)) = heading else {
        return;
    };
    let rows: Vec<u32> = sheet
        .rows
        .range(heading + 1..)
        .map(|(row, _)| *row)
        .collect();
    for row in rows {
        let Some(role) = role(&plain(&text(sheet, row, role_at))) else {
            continue;
        };
        let organisation = organisation_at.map_or(String::new(), |column| text(sheet, row, column));
        let on = day(reader, sheet, row, date_at);
        let delegated = delegated_at
            .map(|column| plain(&text(sheet, row, column)))
            .is_some_and(|words| words == "yes");
        reader.plan.signatures.push(Signature {
            role,
            organisation: if organisation.is_empty() {
                only(reader, role)
            } else {
                organisation
            },
            on,
            delegated,
            at: sheet.at(row, role_at),
        });
    }
}

/// The one partner that an office can be of, where a workbook does not say.
fn only(reader: &Reader, role: Role) -> String {
    let kind = match role {
        Role::CouncilChiefExecutive | Role::Section151 => PlanPartnerKind::Council,
        Role::NhsChiefExecutive => PlanPartnerKind::IntegratedCareBoard,
        Role::Board => return reader.plan.board.clone(),
    };
    let mut names = reader.plan.partners.iter().filter(|one| one.kind == kind);
    match (names.next(), names.next()) {
        (Some(one), None) => one.name.clone(),
        _ => String::new(),
    }
}

/// Rows of minimum required spend, under or beside what they are of.
fn minimums(reader: &mut Reader, sheet: &Sheet) {
    let mut of = "";
    for (row, cells) in &sheet.rows {
        let words: String = cells
            .iter()
            .filter_map(|(_, cell)| cell.text())
            .map(plain)
            .collect::<Vec<_>>()
            .join(" ");
        if words.contains("out of hospital") {
            of = "out of hospital";
        } else if words.contains("adult social care") {
            of = "social care";
        } else if words.contains("nhs minimum contribution") || words.contains("minimum nhs") {
            of = "nhs";
        }
        if !(words.contains("minimum required") || words.contains("required minimum")) {
            continue;
        }
        let columns: Vec<u32> = cells
            .iter()
            .filter(|(_, cell)| matches!(cell, Cell::Number(_)) || amount_text(cell))
            .map(|(column, _)| *column)
            .take(reader.plan.years.len())
            .collect();
        let mut amounts: Vec<Pence> = Vec::new();
        for column in columns {
            if let Amount::Read(amount) = amount(reader, sheet, *row, column) {
                amounts.push(amount);
            }
        }
        let whole = (amounts.len() == reader.plan.years.len()).then_some(amounts);
        let minimums = &mut reader.plan.minimums;
        match of {
            "out of hospital" => minimums.out_of_hospital = whole,
            "social care" => minimums.social_care = whole,
            "nhs" => minimums.nhs = whole,
            _ => {}
        }
    }
}

fn amount_text(cell: &Cell) -> bool {
    cell.text().is_some_and(|text| text.starts_with('£'))
}
