//! Figures in hidden rows, columns and sheets: not read, and told once for what hides them.

use super::Reader;
use crate::sheet::{Hider, Sheet, cell_name};
use std::collections::{BTreeMap, BTreeSet};

/// Most cells that are named for one hidden row, column or sheet.
const NAMED: usize = 12;

/// Figures that were passed over.
#[derive(Default)]
pub(super) struct Hidden {
    /// By sheet and what hides them: row and column of each.
    cells: BTreeMap<(String, Hider), BTreeSet<(u32, u32)>>,
    /// How many figures there are.
    pub(super) count: usize,
}

impl Reader {
    /// True if whoever opens the workbook can see the cell. If not, it is told at the end.
    pub(super) fn sees(&mut self, sheet: &Sheet, row: u32, column: u32) -> bool {
        let Some(hider) = sheet.hider(row, column) else {
            return true;
        };
        let by = (sheet.name.clone(), hider);
        let is_new = self
            .hidden
            .cells
            .entry(by)
            .or_default()
            .insert((row, column));
        self.hidden.count += usize::from(is_new);
        false
    }

    /// Tells every hidden row, column and sheet with the figures that it hides.
    pub(super) fn tell_hidden(&mut self) {
        for ((sheet, hider), cells) in std::mem::take(&mut self.hidden).cells {
            let named: Vec<String> = cells
                .iter()
                .take(NAMED)
                .map(|(row, column)| cell_name(*row, *column))
                .collect();
            let more = match cells.len().saturating_sub(NAMED) {
                0 => String::new(),
                more => format!(" and {more} more"),
            };
            let (code, what) = match hider {
                Hider::Sheet => ("hidden-sheet", "sheet"),
                Hider::Row(_) => ("hidden-row", "row"),
                Hider::Column(_) => ("hidden-column", "column"),
            };
            let at = format!("{sheet}!{}", named.first().map_or("", String::as_str));
            let named = named.join(", ");
            self.part(
                &at,
                code,
                format!(
                    "The {what} is hidden and holds figures: {named}{more}. They were not read. \
                     Show the {what}, so that whoever signs sees them, or delete them if they \
                     should not count."
                ),
            );
        }
    }
}
