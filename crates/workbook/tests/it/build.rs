//! Fictional workbooks in layouts of our choosing.

use rust_xlsxwriter::{Format, Workbook};

/// A cell to write.
#[derive(Clone, Debug)]
pub enum Put {
    Text(String),
    Number(f64),
    /// A day number formatted as a date.
    Day(f64),
    Nothing,
}

impl From<&str> for Put {
    fn from(text: &str) -> Self {
        if text.is_empty() {
            Self::Nothing
        } else {
            Self::Text(text.to_owned())
        }
    }
}

impl From<i64> for Put {
    fn from(number: i64) -> Self {
        Self::Number(number as f64)
    }
}

/// A sheet to write.
#[derive(Clone, Debug, Default)]
pub struct Page {
    pub name: String,
    pub lines: Vec<Vec<Put>>,
    /// First row, first column, last row, last column.
    pub merged: Vec<(u32, u16, u32, u16)>,
    pub hidden: bool,
    pub hidden_rows: Vec<u32>,
    pub hidden_columns: Vec<u16>,
}

impl Page {
    pub fn named(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            ..Self::default()
        }
    }

    /// Adds a line of words and numbers.
    pub fn line(&mut self, cells: Vec<Put>) -> &mut Self {
        self.lines.push(cells);
        self
    }

    /// Adds a line of words.
    pub fn words(&mut self, cells: &[&str]) -> &mut Self {
        self.line(cells.iter().map(|cell| Put::from(*cell)).collect())
    }
}

/// A fictional area: NHS code, ONS code, name, and days: acute, non-acute, NHS,
/// social care, both, A, B, C, D(i), D(ii), E, F, G, H, I.
pub type Area = (&'static str, &'static str, &'static str, [i64; 15]);

pub const AREAS: [Area; 4] = [
    (
        "-",
        "-",
        "England",
        [60, 40, 70, 25, 5, 20, 10, 15, 5, 5, 10, 5, 20, 4, 6],
    ),
    (
        "901",
        "E06000901",
        "Barsetshire UA",
        [30, 20, 40, 10, 0, 10, 5, 10, 5, 0, 5, 5, 5, 2, 3],
    ),
    (
        "902",
        "E06000902",
        "Plumstead & Ewold",
        [30, 20, 30, 15, 5, 10, 5, 5, 0, 5, 5, 0, 15, 2, 3],
    ),
    ("903", "E06000903", "Hogglestock", [0; 15]),
];

pub const REASONS: [&str; 10] = [
    "A) Awaiting completion of assessment",
    "B) Awaiting public funding",
    "C) Awaiting further non-acute NHS care",
    "Di) Awaiting residential home placement",
    "Dii) Awaiting nursing home placement",
    "E) Awaiting care package in own home",
    "F) Awaiting community equipment and adaptations",
    "G) Patient or family choice",
    "H) Disputes",
    "I) Housing",
];

/// The usual workbook: three sheets, as published in 2015.
pub fn usual() -> Vec<Page> {
    let mut care = top("LA - by Type of Care");
    care.words(&[
        "",
        "Region",
        "ONS Geography",
        "Code",
        "Name",
        "Acute",
        "Non-Acute",
        "Total",
    ]);
    let mut side = top("LA - by responsible org");
    side.words(&[
        "",
        "Region",
        "ONS Geography",
        "Code",
        "Name",
        "NHS",
        "Social Care",
        "Both",
        "Total",
    ]);
    let mut why = top("LA - by reason");
    let mut headings = vec!["", "Region", "ONS Geography", "Code", "Name"];
    headings.extend(REASONS);
    headings.push("TOTAL");
    why.words(&headings);
    for (code, ons, name, days) in AREAS {
        let total = days[0] + days[1];
        for (page, range) in [(&mut care, 0..2), (&mut side, 2..5), (&mut why, 5..15)] {
            let mut line: Vec<Put> = ["", "West", ons, code, name]
                .into_iter()
                .map(Put::from)
                .collect();
            line.extend(days[range].iter().map(|days| Put::from(*days)));
            line.push(total.into());
            page.line(line);
            if name == "England" {
                page.line(Vec::new());
            }
        }
    }
    vec![care, side, why]
}

/// A sheet with the usual lines at its top; the headings come in row 8.
pub fn top(name: &str) -> Page {
    let mut page = Page::named(name);
    page.words(&[])
        .words(&["", "Title:", "Delayed Transfer of Care, England"])
        .words(&[
            "",
            "Summary:",
            "Number of Delayed Days during the reporting period",
        ])
        .words(&["", "Period:", "April 2021"])
        .words(&["", "Basis:", "Local Authority"])
        .words(&["", "Published:", "27th May 2021"])
        .words(&["", "Revised:", "-"]);
    page
}

/// The bytes of a workbook with these sheets.
pub fn xlsx(pages: &[Page]) -> Vec<u8> {
    let mut book = Workbook::new();
    let date = Format::new().set_num_format("dd/mm/yyyy");
    for page in pages {
        let sheet = book.add_worksheet();
        sheet.set_name(&page.name).unwrap();
        for (top, left, bottom, right) in &page.merged {
            sheet
                .merge_range(*top, *left, *bottom, *right, "", &Format::new())
                .unwrap();
        }
        for (row, line) in page.lines.iter().enumerate() {
            for (column, cell) in line.iter().enumerate() {
                let (row, column) = (row as u32, column as u16);
                match cell {
                    Put::Text(text) => sheet.write(row, column, text).map(drop),
                    Put::Number(number) => sheet.write(row, column, *number).map(drop),
                    Put::Day(day) => sheet.write_with_format(row, column, *day, &date).map(drop),
                    Put::Nothing => Ok(()),
                }
                .unwrap();
            }
        }
        if page.hidden {
            sheet.set_hidden(true);
        }
        for row in &page.hidden_rows {
            sheet.set_row_hidden(*row).unwrap();
        }
        for column in &page.hidden_columns {
            sheet.set_column_hidden(*column).unwrap();
        }
    }
    book.save_to_buffer().unwrap()
}
