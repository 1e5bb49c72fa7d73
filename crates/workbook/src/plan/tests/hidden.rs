//! Hidden rows, columns and sheets.

use super::*;

#[test]
fn figures_that_are_hidden_are_told_with_their_cell() {
    check_each(vec![
        (
            "a hidden sheet",
            |s| {
                s.spending.set_hidden(true);
            },
            "hidden-sheet",
            "6a. Expenditure!P8",
            Verdict::CannotTell,
        ),
        (
            "a hidden line",
            |s| {
                s.spending.set_row_hidden(amount(2)).unwrap();
            },
            "hidden-row",
            "6a. Expenditure!K10",
            Verdict::CannotTell,
        ),
        (
            "a hidden column of amounts",
            |s| {
                s.spending.set_column_hidden(15).unwrap();
            },
            "hidden-column",
            "6a. Expenditure!P8",
            Verdict::CannotTell,
        ),
        (
            "a hidden column of words that decide",
            |s| {
                s.spending.set_column_hidden(13).unwrap();
            },
            "hidden-words",
            "6a. Expenditure!N7",
            Verdict::Met,
        ),
        (
            "a hidden column of other words",
            |s| {
                s.spending.set_column_hidden(2).unwrap();
            },
            "",
            "",
            Verdict::Met,
        ),
        (
            "a hidden line of which nothing is spent",
            |s| {
                let mut line = LINES[4];
                line[15] = "0";
                cells(&mut s.spending, amount(5), &line);
                s.spending.set_row_hidden(amount(5)).unwrap();
            },
            "",
            "",
            Verdict::Met,
        ),
        (
            "a row without height",
            |s| {
                s.spending.set_row_height(amount(2), 0).unwrap();
            },
            "hidden-row",
            "6a. Expenditure!K10",
            Verdict::CannotTell,
        ),
        (
            "a hidden payer",
            |s| {
                s.income.set_row_hidden(14).unwrap();
            },
            "hidden-row",
            "5. Income!B15",
            Verdict::CannotTell,
        ),
        (
            "a hidden total",
            |s| {
                s.income.set_row_hidden(5).unwrap();
            },
            "hidden-row",
            "5. Income!B6",
            Verdict::Met,
        ),
        (
            "a hidden answer",
            |s| {
                s.requirements.set_row_hidden(3).unwrap();
            },
            "hidden-row",
            "8. Planning Requirements!C4",
            Verdict::Met,
        ),
    ]);
}

#[test]
fn what_is_hidden_is_told_once_with_the_cells() {
    let read = read(&saved(|s: &mut Sheets| {
        s.spending.set_column_hidden(15).unwrap();
        s.cover.set_row_hidden(9).unwrap();
    }));
    let told: Vec<String> = read.issues.iter().map(|issue| issue.text.clone()).collect();
    assert_eq!(
        told,
        [
            "The row is hidden and holds figures: C10. They were not read. Show the row, so that \
             whoever signs sees them, or delete them if they should not count.",
            "The column is hidden and holds figures: P8, P9, P10, P11, P12. They were not read. \
             Show the column, so that whoever signs sees them, or delete them if they should not \
             count.",
        ]
    );
    let plan = read.plan.as_ref().unwrap();
    assert_eq!((plan.lines.len(), plan.unread.len()), (0, 5));
    assert!(verdicts(&read).contains(&("sign-off".to_owned(), Verdict::NotMet)));
}
