//! The cells of a return, as text that can be frozen and compared.
//!
//! Source: issue of this product; RULES A.7 to A.9, B.6, I.2 say what the cells count.
//!
//! In words: a return is a list of cells, each with whose it is, what it measures, its value and
//! the ids behind it. What is sent is the text of the cells without the ids. Two editions differ
//! in the cells whose value changed, and in those that came or went.

use std::fmt::Write;

/// One cell.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Cell {
    /// Council or hospital; `not known` where it is not.
    pub group: String,
    /// What is measured, in words.
    pub measure: String,
    /// A number, a mean or a share; `not known` where it is not.
    pub value: String,
    /// What the cell was counted from: `stay 0190…`, `service 0190…`.
    pub ids: Vec<String>,
}

/// Something to work off before a return is sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Quality {
    /// What is missing, in words that follow a number: `stays have no ready date`.
    pub what: String,
    /// What it is missing of.
    pub ids: Vec<String>,
}

/// The cells as CSV without ids, one line each: what is sent and frozen.
pub fn text(cells: &[Cell]) -> String {
    let mut text = "organisation,measure,value\n".to_owned();
    for cell in cells {
        let line = [&cell.group, &cell.measure, &cell.value].map(|text| quoted(text));
        // Writing to a text cannot fail.
        let _ = writeln!(text, "{}", line.join(","));
    }
    text
}

fn quoted(cell: &str) -> String {
    if cell.contains([',', '"', '\n', '\r']) {
        format!("\"{}\"", cell.replace('"', "\"\""))
    } else {
        cell.to_owned()
    }
}

/// Reads the text of cells back; what is no line of three cells is left out.
pub fn parse(text: &str) -> Vec<Cell> {
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    reader
        .records()
        .flatten()
        .filter_map(|record| {
            Some(Cell {
                group: record.get(0)?.to_owned(),
                measure: record.get(1)?.to_owned(),
                value: record.get(2)?.to_owned(),
                ids: Vec::new(),
            })
        })
        .collect()
}

/// What is different, a sentence each: nothing if no value is.
pub fn differences(before: &[Cell], after: &[Cell]) -> Vec<String> {
    let find = |cells: &[Cell], one: &Cell| {
        cells
            .iter()
            .find(|other| other.group == one.group && other.measure == one.measure)
            .map(|found| found.value.clone())
    };
    let name = |cell: &Cell| format!("{}, {}", cell.group, cell.measure);
    let changed = after.iter().filter_map(|cell| match find(before, cell) {
        Some(was) if was == cell.value => None,
        Some(was) => Some(format!("{}: {was} is now {}", name(cell), cell.value)),
        None => Some(format!("{}: new, {}", name(cell), cell.value)),
    });
    let gone = before
        .iter()
        .filter(|cell| find(after, cell).is_none())
        .map(|cell| format!("{}: {} is gone", name(cell), cell.value));
    changed.chain(gone).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cell(group: &str, measure: &str, value: &str) -> Cell {
        Cell {
            group: group.to_owned(),
            measure: measure.to_owned(),
            value: value.to_owned(),
            ids: Vec::new(),
        }
    }

    #[test]
    fn text_is_read_back_as_it_was() {
        let cells = [
            cell("Silverbridge, Borough of", "0 days", "12"),
            cell("The \"old\" council", "mean", "not known"),
        ];
        assert_eq!(parse(&text(&cells)), cells);
        assert_eq!(
            text(&cells),
            "organisation,measure,value\n\"Silverbridge, Borough of\",0 days,12\n\
             \"The \"\"old\"\" council\",mean,not known\n"
        );
    }

    #[test]
    fn what_changed_is_said() {
        let before = [
            cell("A", "x", "1"),
            cell("A", "y", "2"),
            cell("B", "x", "3"),
        ];
        let after = [
            cell("A", "x", "1"),
            cell("A", "y", "4"),
            cell("C", "x", "5"),
        ];
        assert_eq!(
            differences(&before, &after),
            ["A, y: 2 is now 4", "C, x: new, 5", "B, x: 3 is gone"]
        );
        assert_eq!(differences(&before, &before), Vec::<String>::new());
    }
}
