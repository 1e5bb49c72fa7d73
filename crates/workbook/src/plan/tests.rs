#![allow(clippy::unwrap_used, clippy::expect_used)]

mod hidden;

use super::*;
use fund::period::Periods;
use fund::plan::check::{Verdict, check};
use fund::plan::{Area, Commissioner};
use kernel::Pence;
use rust_xlsxwriter::{Format, Formula, Workbook, Worksheet};

type Change = fn(&mut Sheets);

/// The sheets of a plan of 2024/25, before it is saved.
struct Sheets {
    cover: Worksheet,
    summary: Worksheet,
    income: Worksheet,
    spending: Worksheet,
    requirements: Worksheet,
}

const SPENDING: [&str; 17] = [
    "Scheme ID",
    "Scheme Name",
    "Brief Description of Scheme",
    "Scheme Type",
    "Sub Types",
    "Please specify if 'Scheme Type' is 'Other'",
    "Expected outputs 2024-25",
    "Units",
    "Area of Spend",
    "Commissioner",
    "% NHS (if Joint Commissioner)",
    "% LA (if Joint Commissioner)",
    "Provider",
    "Source of Funding",
    "New/Existing Scheme",
    "Expenditure 24/25 (£)",
    "% of Overall Spend",
];

#[rustfmt::skip]
const LINES: [[&str; 16]; 5] = [
    ["1", "Reablement", "At home", "Home-based intermediate care services", "Reablement at home to support discharge", "", "2400", "Packages", "Social Care", "LA", "", "", "Local Authority", "NHS Minimum Contribution", "Existing", "13000000"],
    ["2", "Night nursing", "At night", "Urgent community response", "", "", "", "", "Community Health", "NHS", "", "", "NHS Community Provider", "NHS Minimum Contribution", "Existing", "17000000"],
    ["2", "Therapy", "Joint team", "Community based schemes", "Multidisciplinary teams", "", "", "", "Community Health", "Joint", "0.6", "0.4", "NHS Community Provider", "NHS Minimum Contribution", "New", "10000000.5"],
    ["3", "Home care", "Packages", "Home care or domiciliary care", "Domiciliary care packages", "", "560000", "Hours of care", "Social Care", "LA", "", "", "Private Sector", "iBCF", "Existing", "17000000"],
    ["4", "Adaptations", "Grants", "DFG related schemes", "Adaptations, including statutory DFG grants", "", "610", "adaptations", "Social Care", "LA", "", "", "Local Authority", "DFG", "Existing", "5000000"],
];

fn cells(sheet: &mut Worksheet, row: u32, values: &[&str]) {
    for (column, value) in values.iter().enumerate() {
        let column = u16::try_from(column).unwrap();
        match value.parse::<f64>() {
            Ok(number) => sheet.write_number(row, column, number).unwrap(),
            Err(_) => sheet.write_string(row, column, *value).unwrap(),
        };
    }
}

/// Row of the headings of expenditure.
const HEADING: u32 = 6;

/// Row of a line of expenditure, from 0.
const fn amount(line: u32) -> u32 {
    HEADING + 1 + line
}

fn sheets() -> Sheets {
    let mut cover = Worksheet::new();
    cover.set_name("2. Cover").unwrap();
    cells(&mut cover, 1, &["Better Care Fund 2024-25 Template"]);
    cells(
        &mut cover,
        3,
        &[
            "Health and Wellbeing Board:",
            "Barsetshire Health and Wellbeing Board",
        ],
    );
    cells(
        &mut cover,
        4,
        &["Local Authority:", "Barsetshire County Council"],
    );
    cells(
        &mut cover,
        5,
        &[
            "Integrated Care Board:",
            "Barsetshire Integrated Care Board",
        ],
    );
    cells(
        &mut cover,
        8,
        &["Role", "Organisation", "Date signed", "Delegated authority"],
    );
    let date = Format::new().set_num_format("dd/mm/yyyy");
    for (row, role) in [
        (9, "Local Authority Chief Executive"),
        (10, "ICB Chief Executive"),
        (11, "Local Authority Section 151 Officer"),
        (12, "Health and Wellbeing Board Chair"),
    ] {
        cells(&mut cover, row, &[role]);
        // 5 June 2024.
        cover
            .write_number_with_format(row, 2, 45_448.0, &date)
            .unwrap();
    }
    let mut summary = Worksheet::new();
    summary.set_name("3. Summary").unwrap();
    cells(
        &mut summary,
        2,
        &[
            "NHS Commissioned Out of Hospital spend from the minimum ICB allocation",
            "2024-25",
        ],
    );
    cells(&mut summary, 3, &["Minimum required spend", "11000000"]);
    cells(
        &mut summary,
        5,
        &[
            "Adult Social Care services spend from the minimum ICB allocations",
            "2024-25",
        ],
    );
    cells(&mut summary, 6, &["Minimum required spend", "12468000"]);
    let mut income = Worksheet::new();
    income.set_name("5. Income").unwrap();
    for (row, values) in [
        (
            2,
            vec![
                "Disabled Facilities Grant (DFG)",
                "Gross Contribution 2024-25",
            ],
        ),
        (3, vec!["Silverbridge District Council", "3100000"]),
        (4, vec!["Plumstead District Council", "1900000"]),
        (5, vec!["Total DFG", "5000000"]),
        (8, vec!["iBCF Contribution", "Contribution 2024-25"]),
        (9, vec!["Barsetshire County Council", "17000000"]),
        (10, vec!["Total iBCF", "17000000"]),
        (13, vec!["NHS Minimum Contribution", "Contribution 2024-25"]),
        (14, vec!["Barsetshire Integrated Care Board", "40000000.5"]),
        (15, vec!["Total NHS Minimum Contribution", "40000000.5"]),
    ] {
        cells(&mut income, row, &values);
    }
    let mut spending = Worksheet::new();
    spending.set_name("6a. Expenditure").unwrap();
    cells(&mut spending, 0, &["Better Care Fund 2024-25 Template"]);
    cells(&mut spending, HEADING, &SPENDING);
    for (at, line) in LINES.iter().enumerate() {
        cells(
            &mut spending,
            HEADING + 1 + u32::try_from(at).unwrap(),
            line,
        );
    }
    let mut requirements = Worksheet::new();
    requirements.set_name("8. Planning Requirements").unwrap();
    cells(
        &mut requirements,
        1,
        &[
            "National Condition",
            "Planning Requirement",
            "Confirmed (Yes/No)",
        ],
    );
    for row in 2..6 {
        cells(
            &mut requirements,
            row,
            &[&format!("NC{}", row - 1), "Described", "Yes"],
        );
    }
    Sheets {
        cover,
        summary,
        income,
        spending,
        requirements,
    }
}

fn saved(change: Change) -> Vec<u8> {
    let mut sheets = sheets();
    change(&mut sheets);
    let mut book = Workbook::new();
    book.push_worksheet(sheets.cover);
    book.push_worksheet(sheets.summary);
    book.push_worksheet(sheets.income);
    book.push_worksheet(sheets.spending);
    book.push_worksheet(sheets.requirements);
    book.save_to_buffer().unwrap()
}

fn verdicts(read: &PlanRead) -> Vec<(String, Verdict)> {
    let report = check(read.plan.as_ref().unwrap(), &[], &Periods::builtin()).unwrap();
    report
        .conditions
        .into_iter()
        .map(|one| (one.id, one.finding.verdict))
        .collect()
}

#[test]
fn a_workbook_is_read_by_its_headings_and_checked() {
    let read = read(&saved(|_| {}));
    assert_eq!(read.issues, []);
    let plan = read.plan.as_ref().unwrap();
    assert_eq!(plan.years, ["2024/25"]);
    assert_eq!(plan.board, "Barsetshire Health and Wellbeing Board");
    assert_eq!(
        (
            plan.partners.len(),
            plan.signatures.len(),
            plan.answers.len()
        ),
        (2, 4, 4)
    );
    assert_eq!(plan.lines.len(), 5);
    let therapy = &plan.lines[2];
    assert_eq!(therapy.amounts, [Pence(1_000_000_050)]);
    assert_eq!(
        (therapy.area, therapy.commissioner),
        (Area::CommunityHealth, Commissioner::Joint)
    );
    assert_eq!(therapy.nhs_percent.unwrap().to_string(), "60%");
    assert_eq!(therapy.at, "6a. Expenditure!A10");
    assert_eq!(plan.districts.len(), 2);
    let met = |id: &str| (id.to_owned(), Verdict::Met);
    let found = verdicts(&read);
    for id in [
        "1",
        "4",
        "sums",
        "sign-off",
        "disabled-facilities-grant",
        "social-care-minimum",
        "out-of-hospital-minimum",
        "scheme-types",
    ] {
        assert!(found.contains(&met(id)), "{id}: {found:?}");
    }
}

#[test]
fn lines_above_other_columns_and_other_names_change_nothing() {
    let plain = read(&saved(|_| {})).plan.unwrap();
    let moved = read(&saved(|sheets: &mut Sheets| {
        let mut spending = Worksheet::new();
        spending.set_name("Costs").unwrap();
        // Columns the other way round, eleven rows further down.
        let turned = |values: &[&str]| values.iter().rev().copied().collect::<Vec<_>>().join("\t");
        cells(
            &mut spending,
            17,
            &turned(&SPENDING).split('\t').collect::<Vec<_>>(),
        );
        for (at, line) in LINES.iter().enumerate() {
            let mut values = vec![""];
            values.extend(line.iter().rev());
            cells(&mut spending, 18 + u32::try_from(at).unwrap(), &values);
        }
        sheets.spending = spending;
    }));
    assert_eq!(moved.issues, []);
    let without_places = |plan: &Plan| -> Vec<_> {
        plan.lines
            .iter()
            .map(|line| {
                (
                    line.scheme.clone(),
                    line.kind.clone(),
                    line.source,
                    line.amounts.clone(),
                )
            })
            .collect()
    };
    assert_eq!(without_places(&moved.plan.unwrap()), without_places(&plain));
}

/// What is done to a workbook, the code and the cell of the first issue, and what the sums then say.
type Case = (&'static str, Change, &'static str, &'static str, Verdict);

fn check_each(cases: Vec<Case>) {
    for (id, change, code, at, sums) in cases {
        let read = read(&saved(change));
        let told = read
            .issues
            .first()
            .map(|issue| (issue.code, issue.path.as_str()));
        let expected = (!code.is_empty()).then_some((code, at));
        assert_eq!(told, expected, "{id}: {:?}", read.issues);
        let found = verdicts(&read);
        assert!(
            found.contains(&("sums".to_owned(), sums)),
            "{id}: {found:?}"
        );
    }
}

/// Each trouble, the issue it gives and its cell; and what the sums then say.
#[test]
fn troubles_are_told_with_their_cell() {
    let cases: Vec<Case> = vec![
        (
            "pounds as text",
            |s| {
                s.spending
                    .write_string(amount(2), 15, "£10,000,000.5")
                    .unwrap();
            },
            "amount-as-text",
            "6a. Expenditure!P10",
            Verdict::Met,
        ),
        (
            "decimal comma",
            |s| {
                s.spending
                    .write_string(amount(2), 15, "10.000.000,50")
                    .unwrap();
            },
            "not-an-amount",
            "6a. Expenditure!P10",
            Verdict::CannotTell,
        ),
        (
            "brackets",
            |s| {
                s.spending.write_string(amount(2), 15, "(300)").unwrap();
            },
            "amount-below-nought",
            "6a. Expenditure!P10",
            Verdict::CannotTell,
        ),
        (
            "words",
            |s| {
                s.spending.write_string(amount(2), 15, "see note").unwrap();
            },
            "not-an-amount",
            "6a. Expenditure!P10",
            Verdict::CannotTell,
        ),
        (
            "an empty cell, as of a formula whose value was not saved",
            |s| {
                s.spending.write_string(amount(2), 15, " ").unwrap();
            },
            "no-amount",
            "6a. Expenditure!P10",
            Verdict::CannotTell,
        ),
        (
            "a formula with its value",
            |s| {
                s.spending
                    .write_formula(amount(2), 15, Formula::new("=A1").set_result("10000000.5"))
                    .unwrap();
            },
            "",
            "",
            Verdict::Met,
        ),
        (
            "an error",
            |s| {
                s.spending
                    .write_formula(amount(2), 15, Formula::new("=1/0").set_result("#DIV/0!"))
                    .unwrap();
            },
            "formula-error",
            "6a. Expenditure!P10",
            Verdict::CannotTell,
        ),
        (
            "a date for an amount",
            |s| {
                let date = Format::new().set_num_format("dd/mm/yyyy");
                s.spending
                    .write_number_with_format(amount(2), 15, 45_448.0, &date)
                    .unwrap();
            },
            "date-for-amount",
            "6a. Expenditure!P10",
            Verdict::CannotTell,
        ),
        (
            "merged amounts",
            |s| {
                s.spending
                    .merge_range(amount(1), 15, amount(2), 15, "27000000.5", &Format::new())
                    .unwrap();
            },
            "merged-amount",
            "6a. Expenditure!P9",
            Verdict::CannotTell,
        ),
        (
            "a word of no list",
            |s| {
                s.spending.write_string(amount(2), 13, "Lottery").unwrap();
            },
            "unknown-word",
            "6a. Expenditure!N10",
            Verdict::CannotTell,
        ),
        (
            "part of a penny",
            |s| {
                s.spending
                    .write_number(amount(2), 15, 10_000_000.505)
                    .unwrap();
            },
            "not-an-amount",
            "6a. Expenditure!P10",
            Verdict::CannotTell,
        ),
        (
            "a total that is not",
            |s| {
                s.income.write_number(5, 1, 6_000_000).unwrap();
            },
            "sum-differs",
            "5. Income!B6",
            Verdict::Met,
        ),
        (
            "no income in a row",
            |s| {
                s.income.write_string(14, 1, " ").unwrap();
            },
            "no-amount",
            "5. Income!B15",
            Verdict::CannotTell,
        ),
        (
            "a date that is a number",
            |s| {
                s.cover.write_number(9, 2, 45_448).unwrap();
            },
            "date-as-number",
            "2. Cover!C10",
            Verdict::Met,
        ),
    ];
    check_each(cases);
    let unsigned = read(&saved(|s| {
        s.cover.write_number(9, 2, 45_448).unwrap();
    }));
    assert!(verdicts(&unsigned).contains(&("sign-off".to_owned(), Verdict::NotMet)));
}

#[test]
fn merged_words_are_of_every_line_that_they_cover() {
    let read = read(&saved(|s: &mut Sheets| {
        s.spending
            .merge_range(
                HEADING + 2,
                13,
                HEADING + 3,
                13,
                "NHS Minimum Contribution",
                &Format::new(),
            )
            .unwrap();
    }));
    assert_eq!(read.issues, []);
    assert!(verdicts(&read).contains(&("sums".to_owned(), Verdict::Met)));
}

#[test]
fn what_is_no_plan_is_refused_whole() {
    let mut book = Workbook::new();
    book.add_worksheet().write_string(0, 0, "Scheme").unwrap();
    for (bytes, code) in [
        (book.save_to_buffer().unwrap(), "no-expenditure"),
        (b"PK\x03\x04 and nothing".to_vec(), "workbook-damaged"),
        (b"board,year".to_vec(), "not-a-workbook"),
        (
            saved(|s: &mut Sheets| {
                s.spending
                    .write_string(HEADING, 15, "Expenditure (£)")
                    .unwrap();
                s.spending.write_string(0, 0, "Template").unwrap();
                s.spending
                    .write_string(HEADING, 6, "Expected outputs")
                    .unwrap();
                s.cover.write_string(1, 0, "Template").unwrap();
                s.summary.write_string(2, 1, "Year").unwrap();
                s.summary.write_string(5, 1, "Year").unwrap();
                for row in [2, 8, 13] {
                    s.income.write_string(row, 1, "Contribution").unwrap();
                }
            }),
            "no-year",
        ),
    ] {
        let read = read(&bytes);
        assert_eq!(read.plan, None);
        assert_eq!(read.issues[0].code, code);
    }
}

#[test]
fn years_as_headings_write_them() {
    for (text, expected) in [
        ("Expenditure 23/24 (£)", vec!["2023/24"]),
        ("Better Care Fund 2023-25", vec!["2023/24", "2024/25"]),
        ("2024 to 2025", vec!["2024/25"]),
        ("Expenditure", vec![]),
        ("1/2", vec![]),
        ("28/03/2025", vec![]),
    ] {
        assert_eq!(cells::financial_years(text), expected, "{text}");
    }
}
