//! A Better Care Fund planning workbook of 2025/26 of a fictional county, to be spoilt and saved.

use rust_xlsxwriter::{Workbook, Worksheet, XlsxError};

/// Row of the headings of expenditure, from 0.
const HEADING: u32 = 6;

#[rustfmt::skip]
const HEADINGS: [&str; 9] = [
    "Scheme ID", "Scheme Name", "Scheme Type", "Area of Spend", "Commissioner", "Provider",
    "Source of Funding", "New/Existing Scheme", "Expenditure 25/26 (£)",
];

#[rustfmt::skip]
const LINES: [[&str; 9]; 3] = [
    ["1", "Reablement", "Reablement at home", "Social Care", "LA", "Local Authority", "NHS Minimum Contribution", "Existing", "13000000"],
    ["2", "Night nursing", "Urgent community response", "Community Health", "NHS", "NHS Community Provider", "NHS Minimum Contribution", "Existing", "27000000.5"],
    ["3", "Adaptations", "Disabled facilities grant", "Social Care", "LA", "Local Authority", "DFG", "Existing", "5000000"],
];

/// Rows of income: words, and what stands beside them.
const INCOME: [(u32, &str, &str); 6] = [
    (2, "Disabled Facilities Grant (DFG)", "Contribution 2025-26"),
    (3, "Barsetshire County Council", "5000000"),
    (4, "Total DFG", "5000000"),
    (7, "NHS Minimum Contribution", "Contribution 2025-26"),
    (8, "Barsetshire Integrated Care Board", "40000000.5"),
    (9, "Total NHS Minimum Contribution", "40000000.5"),
];

/// The sheets, before they are saved.
pub struct PlanBook {
    /// *2. Cover*: who signed in which row, from row 9.
    pub cover: Worksheet,
    /// *5. Income*: a block for each source.
    pub income: Worksheet,
    /// *6a. Expenditure*: three schemes; amounts in [`PlanBook::AMOUNT`].
    pub spending: Worksheet,
}

impl PlanBook {
    /// Column of amounts of expenditure, from 0.
    pub const AMOUNT: u16 = 8;

    /// A workbook of which everything can be read.
    ///
    /// # Errors
    /// The writer's.
    pub fn new() -> Result<Self, XlsxError> {
        let mut cover = Worksheet::new();
        cover.set_name("2. Cover")?;
        for (row, word, beside) in [
            (1, "Better Care Fund 2025-26", ""),
            (
                3,
                "Health and Wellbeing Board:",
                "Barsetshire Health and Wellbeing Board",
            ),
            (4, "Local Authority:", "Barsetshire County Council"),
            (
                5,
                "Integrated Care Board:",
                "Barsetshire Integrated Care Board",
            ),
        ] {
            cover
                .write_string(row, 0, word)?
                .write_string(row, 1, beside)?;
        }
        cells(&mut cover, 8, &["Role", "Organisation", "Date signed"])?;
        let chief = ["Local Authority Chief Executive", "", "28/03/2025"];
        cells(&mut cover, 9, &chief)?;
        let mut income = Worksheet::new();
        income.set_name("5. Income")?;
        for (row, words, beside) in INCOME {
            cells(&mut income, row, &[words, beside])?;
        }
        let mut spending = Worksheet::new();
        spending.set_name("6a. Expenditure")?;
        cells(&mut spending, HEADING, &HEADINGS)?;
        for (line, values) in (0..).zip(&LINES) {
            cells(&mut spending, Self::row(line), values)?;
        }
        Ok(Self {
            cover,
            income,
            spending,
        })
    }

    /// Row of a line of expenditure, both from 0.
    pub const fn row(line: u32) -> u32 {
        HEADING + 1 + line
    }

    /// The same expenditure elsewhere: columns the other way round, further to the right and down.
    ///
    /// # Errors
    /// The writer's.
    pub fn move_spending(&mut self) -> Result<(), XlsxError> {
        let mut moved = Worksheet::new();
        moved.set_name("Costs")?;
        let turned = |values: &[&'static str]| -> Vec<&'static str> {
            let before = ["", ""].into_iter();
            before.chain(values.iter().rev().copied()).collect()
        };
        cells(&mut moved, 20, &turned(&HEADINGS))?;
        for (row, values) in (21..).zip(&LINES) {
            cells(&mut moved, row, &turned(values))?;
        }
        self.spending = moved;
        Ok(())
    }

    /// Its bytes.
    ///
    /// # Errors
    /// The writer's.
    pub fn saved(self) -> Result<Vec<u8>, XlsxError> {
        let mut book = Workbook::new();
        book.push_worksheet(self.cover);
        book.push_worksheet(self.income);
        book.push_worksheet(self.spending);
        book.save_to_buffer()
    }
}

/// A row of words and numbers; nothing where a value is empty.
fn cells(sheet: &mut Worksheet, row: u32, values: &[&str]) -> Result<(), XlsxError> {
    for (column, value) in (0..).zip(values) {
        match value.parse::<f64>() {
            _ if value.is_empty() => {}
            Ok(number) => {
                sheet.write_number(row, column, number)?;
            }
            Err(_) => {
                sheet.write_string(row, column, *value)?;
            }
        }
    }
    Ok(())
}
