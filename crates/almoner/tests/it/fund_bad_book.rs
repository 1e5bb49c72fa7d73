//! `almoner fund plan check` with planning workbooks that people have moved about, hidden, merged or left half
//! calculated: what can be read is read, and the rest is refused with its cell and the reason.

use crate::schema::assert_fits;
use serde_json::{Value, json};
use std::process::Command;
use testkit::PlanBook;
use testkit::xlsx::{Format, Formula, XlsxError};

type Spoil = fn(&mut PlanBook) -> Result<(), XlsxError>;

/// What the command ends with, prints as JSON, and says.
struct Said {
    code: Option<i32>,
    report: Option<Value>,
    words: String,
}

fn check(bytes: &[u8]) -> Said {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("plan.xlsx");
    std::fs::write(&file, bytes).unwrap();
    let done = Command::new(env!("CARGO_BIN_EXE_almoner"))
        .args(["fund", "plan", "check", "--format", "json"])
        .arg(&file)
        .env_remove("ALMONER_DATA")
        .env_remove("ALMONER_DATABASE_URL")
        .output()
        .unwrap();
    Said {
        code: done.status.code(),
        report: serde_json::from_slice(&done.stdout).ok(),
        words: String::from_utf8(done.stderr).unwrap(),
    }
}

fn spoilt(spoil: Spoil) -> Said {
    let mut book = PlanBook::new().unwrap();
    spoil(&mut book).unwrap();
    check(&book.saved().unwrap())
}

/// The answer to a condition of a report.
fn verdict<'a>(report: &'a Value, id: &str) -> &'a str {
    let all = report["conditions"].as_array().unwrap();
    let found = all.iter().find(|one| one["id"] == id);
    found.unwrap()["verdict"].as_str().unwrap()
}

/// Nothing of it stands in the way: the sums add up.
#[test]
fn tables_are_found_wherever_they_stand() {
    let nothing: Spoil = |_| Ok(());
    let cases: [(&str, Spoil, &str); 7] = [
        ("as it should be", nothing, ""),
        ("moved", |book| book.move_spending(), ""),
        (
            "a hidden column of words that decide",
            |book| {
                book.spending.set_column_hidden(6)?;
                Ok(())
            },
            "6a. Expenditure!G7: The column is hidden. Its words were read; show it",
        ),
        (
            "a hidden column of other words, and a hidden row with none",
            |book| {
                book.spending.set_column_hidden(1)?;
                book.spending.set_row_hidden(PlanBook::row(4))?;
                Ok(())
            },
            "",
        ),
        (
            "a formula with its value",
            |book| {
                let formula = Formula::new("=27000000+0.5").set_result("27000000.5");
                let at = (PlanBook::row(1), PlanBook::AMOUNT);
                book.spending.write_formula(at.0, at.1, formula)?;
                Ok(())
            },
            "",
        ),
        (
            "words merged over the lines that they are of",
            |book| {
                let (first, last) = (PlanBook::row(0), PlanBook::row(1));
                let source = "NHS Minimum Contribution";
                let plain = Format::new();
                book.spending
                    .merge_range(first, 6, last, 6, source, &plain)?;
                Ok(())
            },
            "",
        ),
        (
            "pounds as text that can mean one amount only",
            |book| {
                let at = (PlanBook::row(1), PlanBook::AMOUNT);
                book.spending.write_string(at.0, at.1, "£27,000,000.5")?;
                Ok(())
            },
            "6a. Expenditure!I9: The amount is written as text. It was read",
        ),
    ];
    for (what, spoil, note) in cases {
        let said = spoilt(spoil);
        assert_eq!(said.code, Some(0), "{what}: {}", said.words);
        let report = said.report.unwrap();
        assert_fits(&report, "fund-plan-check");
        assert_eq!(verdict(&report, "sums"), "met", "{what}: {report}");
        assert!(said.words.contains(note), "{what}: {}", said.words);
        let issues = report["issues"].as_array().unwrap().len();
        assert_eq!(issues, usize::from(!note.is_empty()), "{what}: {report}");
    }
}

/// Each is refused in part with its cell and the reason; the line is in no sum, and the sums say that they cannot tell.
#[test]
fn cells_that_cannot_be_read_are_refused_with_cell_and_reason() {
    let cases: [(&str, Spoil, &str, &str); 14] = [
        (
            "amounts merged over two lines",
            |book| {
                let (first, last) = (PlanBook::row(0), PlanBook::row(1));
                let column = PlanBook::AMOUNT;
                let plain = Format::new();
                book.spending
                    .merge_range(first, column, last, column, "40000000.5", &plain)?;
                Ok(())
            },
            "6a. Expenditure!I8",
            "The amount stands in merged cells",
        ),
        (
            "a formula that is an error",
            |book| {
                let formula = Formula::new("=1/0").set_result("#DIV/0!");
                let at = (PlanBook::row(1), PlanBook::AMOUNT);
                book.spending.write_formula(at.0, at.1, formula)?;
                Ok(())
            },
            "6a. Expenditure!I9",
            "The cell is an error of a formula",
        ),
        (
            "a formula whose value was not saved",
            |book| {
                book.spending.set_formula_result_default("");
                let formula = Formula::new("=I8*2");
                let at = (PlanBook::row(1), PlanBook::AMOUNT);
                book.spending.write_formula(at.0, at.1, formula)?;
                Ok(())
            },
            "6a. Expenditure!I9",
            "If it is a formula, its value was not saved",
        ),
        (
            "a date for an amount",
            |book| {
                let date = Format::new().set_num_format("dd/mm/yyyy");
                let at = (PlanBook::row(1), PlanBook::AMOUNT);
                book.spending
                    .write_number_with_format(at.0, at.1, 45_744, &date)?;
                Ok(())
            },
            "6a. Expenditure!I9",
            "The cell is formatted as a date and should be an amount",
        ),
        (
            "an amount that could mean two",
            |book| {
                let at = (PlanBook::row(1), PlanBook::AMOUNT);
                book.spending.write_string(at.0, at.1, "27.000.000,50")?;
                Ok(())
            },
            "6a. Expenditure!I9",
            "The cell cannot be read",
        ),
        (
            "an amount below nought",
            |book| {
                let at = (PlanBook::row(1), PlanBook::AMOUNT);
                book.spending.write_string(at.0, at.1, "(300)")?;
                Ok(())
            },
            "6a. Expenditure!I9",
            "The amount is below nought",
        ),
        (
            "a source of no list",
            |book| {
                book.spending.write_string(PlanBook::row(2), 6, "Lottery")?;
                Ok(())
            },
            "6a. Expenditure!G10",
            "The cell is no source of funding",
        ),
        (
            "no income beside a payer",
            |book| {
                book.income.write_string(8, 1, " ")?;
                Ok(())
            },
            "5. Income!B9",
            "The cell has no value",
        ),
        (
            "income merged over two payers",
            |book| {
                let plain = Format::new();
                book.income.merge_range(8, 1, 9, 1, "40000000.5", &plain)?;
                Ok(())
            },
            "5. Income!B9",
            "The amount stands in merged cells",
        ),
        (
            "a hidden row",
            |book| {
                book.spending.set_row_hidden(PlanBook::row(1))?;
                Ok(())
            },
            "6a. Expenditure!I9",
            "The row is hidden and holds figures: I9. They were not read. Show the row",
        ),
        (
            "a hidden column",
            |book| {
                book.spending.set_column_hidden(PlanBook::AMOUNT)?;
                Ok(())
            },
            "6a. Expenditure!I8",
            "The column is hidden and holds figures: I8, I9, I10. They were not read.",
        ),
        (
            "a hidden sheet",
            |book| {
                book.spending.set_hidden(true);
                Ok(())
            },
            "6a. Expenditure!I8",
            "The sheet is hidden and holds figures: I8, I9, I10. They were not read.",
        ),
        (
            "a sheet that only a program can show",
            |book| {
                book.income.set_very_hidden(true);
                Ok(())
            },
            "5. Income!B4",
            "The sheet is hidden and holds figures: B4, B9. They were not read.",
        ),
        (
            "a hidden payer",
            |book| {
                book.income.set_row_hidden(8)?;
                Ok(())
            },
            "5. Income!B9",
            "The row is hidden and holds figures: B9. They were not read.",
        ),
    ];
    for (what, spoil, cell, why) in cases {
        let said = spoilt(spoil);
        assert_eq!(said.code, Some(3), "{what}: {}", said.words);
        let told = said.words.lines().find(|line| line.contains(cell));
        let told = told.unwrap_or_else(|| panic!("{what}: {cell} in {}", said.words));
        assert!(told.contains(why), "{what}: {told}");
        let report = said.report.unwrap();
        assert_fits(&report, "fund-plan-check");
        assert_eq!(verdict(&report, "sums"), "cannot tell", "{what}: {report}");
        let issues = report["issues"].as_array().unwrap();
        assert!(
            issues.iter().any(|one| one["at"] == json!(cell)),
            "{what}: {report}"
        );
    }
}

#[test]
fn a_day_that_is_a_number_is_no_signature() {
    let said = spoilt(|book| {
        book.cover.write_number(9, 2, 45_744)?;
        Ok(())
    });
    assert_eq!(said.code, Some(3), "{}", said.words);
    let why = "2. Cover!C10: The cell is a number and should be a date";
    assert!(said.words.contains(why), "{}", said.words);
    let report = said.report.unwrap();
    // The money is not touched by it.
    assert_eq!(verdict(&report, "sums"), "met");
    assert_eq!(verdict(&report, "sign-off"), "not met");
}

#[test]
fn a_workbook_of_which_nothing_can_be_used_is_refused_whole() {
    let whole = PlanBook::new().unwrap().saved().unwrap();
    let without: Spoil = |book| {
        let column = PlanBook::AMOUNT;
        book.spending
            .write_string(PlanBook::row(0) - 1, column, "Money")?;
        Ok(())
    };
    let said = spoilt(without);
    assert_eq!(said.code, Some(3));
    assert!(
        said.words
            .contains("No sheet has the headings of expenditure")
    );
    for bytes in [&whole[..whole.len() / 2], &whole[..40], b"PK\x03\x04"] {
        let said = check(bytes);
        assert_eq!(
            (said.code, &said.report),
            (Some(3), &None),
            "{}",
            said.words
        );
        // Where and why, in one line.
        assert_eq!(said.words.lines().count(), 1, "{}", said.words);
        assert!(said.words.contains("plan.xlsx: "), "{}", said.words);
    }
}
