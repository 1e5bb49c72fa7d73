#![allow(clippy::unwrap_used, clippy::expect_used)]
use super::*;
use crate::agreement::Agreement;
use crate::effect::Figure;
use crate::plan::Plan;
use crate::plan::check::Verdict;
use kernel::PersonId;
use kernel::parameters::Decimal;
use proptest::prelude::*;

const PERSON: &str = "0190f000-0000-7000-8000-000000000001";
const OTHER: &str = "0190f000-0000-7000-8000-000000000002";

fn agreement() -> Agreement {
    crate::agreement::read(include_str!("../../examples/two-tiers.toml")).unwrap()
}

fn plan() -> Plan {
    let text = include_str!("../../examples/plan-2025-26.toml");
    crate::plan::read(text, Pence(149_000)).0.unwrap()
}

/// What moved, each on its normal side, in the order of the ledger.
fn moved(rows: &[(&str, &str, i64)]) -> Vec<Moved> {
    let mut all: Vec<Moved> = rows
        .iter()
        .map(|(account, month, pence)| {
            let name: Name = account.parse().unwrap();
            let balance = Balance::of(name.kind.normal_side(), Pence(*pence), Pence(0));
            (name, month.parse().unwrap(), balance)
        })
        .collect();
    all.sort_by(|one, other| (&one.0, one.1).cmp(&(&other.0, other.1)));
    all
}

fn figure(metric: &str, month: &str, value: &str) -> Figure {
    Figure {
        metric: metric.to_owned(),
        month: month.parse().unwrap(),
        number: 1,
        value: Decimal::parse(value).unwrap(),
        of: None,
        source: "the hospital's monthly figures".to_owned(),
        counted: None,
    }
}

fn made(span: &str, rows: &[(&str, &str, i64)], figures: &[Figure], closed: &str) -> Return {
    let (agreement, plan) = (agreement(), plan());
    build(Given {
        fund: "bcf".parse().unwrap(),
        span: span.parse().unwrap(),
        agreement: (2, &agreement),
        plan: Some(Planned {
            number: 1,
            plan: &plan,
            conditions: vec![Condition {
                id: "1".to_owned(),
                title: "Plans are jointly agreed".to_owned(),
                verdict: Verdict::NotMet,
                why: "the section 151 officer has not signed".to_owned(),
                lines: vec!["line 9".to_owned()],
            }],
            titles: BTreeMap::new(),
        }),
        books: Books::new(moved(rows)),
        figures,
        closed_to: closed.parse().ok(),
    })
}

fn rows() -> Vec<(&'static str, &'static str, i64)> {
    vec![
        ("expenses:expenditure:bcf:1:a", "2025-04", 230_000_000),
        ("expenses:expenditure:bcf:1:b", "2025-07", 240_000_050),
        ("expenses:expenditure:bcf:1:b", "2025-10", 1),
        ("expenses:expenditure:bcf:2", "2025-08", 700_000_000),
        ("expenses:expenditure:bcf:9", "2025-09", 500),
        ("income:contribution:bcf:icb", "2025-04", 1_000_000_000),
        ("income:contribution:bcf:icb", "2025-07", 1_000_000_000),
        ("assets:due-from-partner:bcf:icb", "2025-07", 400_000_000),
        ("income:contribution:bcf:council", "2025-05", 2_200_000_000),
        ("liabilities:suspense:bcf", "2025-07", 1_240),
    ]
}

fn money(one: &Return, key: &str) -> i64 {
    match one.cell(key).map(|cell| &cell.value) {
        Some(Value::Money(amount)) => amount.0,
        other => panic!("{key}: {other:?}"),
    }
}

#[test]
fn a_quarter_is_worked_out_from_its_months() {
    let one = made("2025-26-Q2", &rows(), &[], "2025-09");
    for (key, pence) in [
        ("expenditure/1/for-the-year", 2_725_000_000),
        (
            "expenditure/1/budget-to-the-end-of-the-period",
            1_362_500_002,
        ),
        ("expenditure/1/spent-in-the-period", 240_000_050),
        ("expenditure/1/spent-in-the-year", 470_000_050),
        (
            "expenditure/1/spent-less-budget-to-the-end-of-the-period",
            470_000_050 - 1_362_500_002,
        ),
        ("expenditure/9/spent-in-the-year", 500),
        ("expenditure/all/spent-in-the-period", 940_000_550),
        ("expenditure/all/spent-in-the-year", 1_170_000_550),
        (
            "income/nhs-minimum/due-by-the-end-of-the-period",
            2_000_000_000,
        ),
        ("income/partner-icb/recorded-in-the-period", 1_000_000_000),
        ("income/partner-icb/recorded-in-the-year", 2_000_000_000),
        ("income/partner-icb/asked-for-and-not-paid", 400_000_000),
        // What is given in kind is no money that is due.
        ("income/partner-council/for-the-year", 2_200_000_000),
        ("income/all/recorded-in-the-year", 4_200_000_000),
    ] {
        assert_eq!(money(&one, key), pence, "{key}");
    }
    let year = made("2025-26", &rows(), &[], "2026-03");
    assert_eq!(
        money(&year, "expenditure/1/spent-in-the-period"),
        470_000_051
    );
    assert_eq!(
        money(&year, "expenditure/1/budget-to-the-end-of-the-period"),
        2_725_000_000
    );
}

#[test]
fn income_by_source_is_filled_from_accounts_that_say_it() {
    let rows = [
        (
            "income:contribution:bcf:icb:from=nhs-minimum",
            "2025-04",
            1_000_000_000,
        ),
        (
            "income:contribution:bcf:icb:from=nhs-minimum",
            "2025-07",
            900_000_050,
        ),
        ("income:contribution:bcf:icb:from=winter", "2025-08", 700),
        (
            "income:contribution:bcf:council:from=better-care-grant",
            "2025-04",
            1_700_000_000,
        ),
        ("income:contribution:bcf:council", "2025-09", 500_000_000),
    ];
    let one = made("2025-26-Q2", &rows, &[], "2025-09");
    for (key, pence) in [
        ("nhs-minimum/recorded-in-the-period", 900_000_050),
        ("nhs-minimum/recorded-in-the-year", 1_900_000_050),
        ("icb-from-winter/recorded-in-the-year", 700),
        ("better-care-grant/recorded-in-the-year", 1_700_000_000),
        ("council-not-said/recorded-in-the-period", 500_000_000),
        ("partner-icb/recorded-in-the-year", 1_900_000_750),
        ("partner-council/recorded-in-the-year", 2_200_000_000),
        ("all/recorded-in-the-year", 4_100_000_750),
    ] {
        assert_eq!(money(&one, &format!("income/{key}")), pence, "{key}");
    }
    // What is not said may be of it: that is never nought.
    let grant = one
        .cell("income/disabled-facilities/recorded-in-the-period")
        .unwrap();
    assert_eq!(grant.value, Value::Text(NOT_SAID.to_owned()));
    // In kind is never in the books.
    assert!(one.cell("income/joint-team/recorded-in-the-year").is_none());
    let gaps: Vec<&str> = one
        .gaps
        .iter()
        .filter(|gap| gap.kind == GapKind::SourceNotSaid)
        .map(|gap| gap.text.as_str())
        .collect();
    assert_eq!(gaps.len(), 1, "{gaps:?}");
    assert!(
        gaps[0].contains("of £5,000,000 nobody said from which source"),
        "{gaps:?}"
    );
}

proptest! {
    /// Whatever came in, sources with what nobody said make each partner's income.
    #[test]
    fn sources_make_what_partners_paid(
        rows in prop::collection::btree_map(
            (0usize..5, 4i8..=9), -1_000_000_000i64..1_000_000_000, 0..20,
        ),
    ) {
        let accounts = [
            "icb", "icb:from=nhs-minimum", "icb:from=other", "council:from=better-care-grant",
            "council:from=disabled-facilities",
        ];
        let named: Vec<(String, String, i64)> = rows
            .iter()
            .map(|((at, month), pence)| {
                let account = format!("income:contribution:bcf:{}", accounts[*at]);
                (account, format!("2025-{month:02}"), *pence)
            })
            .collect();
        let given: Vec<(&str, &str, i64)> = named
            .iter()
            .map(|(account, month, pence)| (account.as_str(), month.as_str(), *pence))
            .collect();
        let one = made("2025-26-Q2", &given, &[], "");
        for column in [Column::ReceivedInPeriod, Column::Received] {
            let sum = |partner: bool| -> i64 {
                one.cells
                    .iter()
                    .filter(|cell| cell.sheet == Sheet::Income && cell.column == column)
                    .filter(|cell| cell.row != "all")
                    .filter(|cell| cell.row.starts_with("partner-") == partner)
                    .map(|cell| match cell.value {
                        Value::Money(amount) => amount.0,
                        _ => 0,
                    })
                    .sum()
            };
            prop_assert_eq!(sum(true), sum(false));
        }
    }
}

#[test]
fn what_is_owed_goes_on_from_year_to_year() {
    let mut rows = rows();
    rows.extend([
        ("assets:due-from-partner:bcf:icb", "2024-11", 30_000_000),
        ("assets:due-from-partner:bcf:icb", "2025-03", 20_000_000),
        ("assets:due-from-partner:bcf:council", "2025-01", 500),
    ]);
    let one = made("2025-26-Q2", &rows, &[], "2025-09");
    let before = "asked-for-and-not-paid-when-the-year-began";
    for (row, when_it_began, now) in [
        ("partner-icb", 50_000_000, 450_000_000),
        ("partner-council", 500, 500),
        ("all", 50_000_500, 450_000_500),
    ] {
        let money = |column: &str| money(&one, &format!("income/{row}/{column}"));
        assert_eq!(money(before), when_it_began, "{row}");
        assert_eq!(money("asked-for-and-not-paid"), now, "{row}");
    }
    let owed = one
        .cell("income/partner-icb/asked-for-and-not-paid")
        .unwrap();
    let months: Vec<String> = one
        .sources(owed)
        .iter()
        .map(|it| it.month.to_string())
        .collect();
    assert_eq!(months, ["2024-11", "2025-03", "2025-07"]);
    // The debt of the years before is no contribution of this year that is missing.
    let late: Vec<&str> = one
        .gaps
        .iter()
        .filter(|gap| gap.kind == GapKind::Contribution)
        .map(|gap| gap.text.as_str())
        .collect();
    assert_eq!(late.len(), 1, "{late:?}");
    assert!(late[0].contains("£4,000,000 is due"), "{late:?}");
    // Without earlier years there is no such column.
    let one = made("2025-26-Q2", &self::rows(), &[], "2025-09");
    assert!(one.cell(&format!("income/partner-icb/{before}")).is_none());
}

#[test]
fn what_is_missing_is_told_and_where() {
    let one = made("2025-26-Q2", &rows(), &[], "2025-08");
    let found: Vec<(GapKind, &str)> = one
        .gaps
        .iter()
        .map(|gap| (gap.kind, gap.of.as_str()))
        .collect();
    let figures = (GapKind::NoFigure, "emergency-admissions-65");
    assert!(
        found.iter().filter(|gap| **gap == figures).count() == 3,
        "{found:?}"
    );
    let rest: Vec<_> = found
        .into_iter()
        .filter(|(kind, _)| *kind != GapKind::NoFigure)
        .collect();
    assert_eq!(
        rest,
        [
            (GapKind::MonthOpen, "2025-09"),
            (GapKind::Condition, "1"),
            (GapKind::Contribution, "partner-icb"),
            (GapKind::NothingSpent, "3"),
            (GapKind::NothingSpent, "4"),
            (GapKind::Outside, "9"),
            (GapKind::SourceNotSaid, "partner-council"),
            (GapKind::SourceNotSaid, "partner-icb"),
            (GapKind::Suspense, ""),
        ]
    );
}

#[test]
fn a_metric_without_a_figure_is_empty_and_never_nought() {
    let metric = "emergency-admissions-65";
    let figures = [figure(metric, "2025-08", "610.5")];
    let one = made("2025-26-Q2", &[], &figures, "");
    let value = |column: &str| {
        one.cell(&format!("metrics/{metric}/{column}"))
            .unwrap()
            .value
            .clone()
    };
    assert_eq!(value("first-month"), Value::Missing);
    assert_eq!(
        value("second-month"),
        Value::Figure(Decimal::parse("610.5").unwrap())
    );
    assert_eq!(value("planned"), Value::Text("1840".to_owned()));
    let lines: Vec<String> = text(&one)
        .lines()
        .filter(|line| line.contains("First month") && line.contains(metric))
        .map(str::to_owned)
        .collect();
    assert!(lines[0].ends_with(','), "{lines:?}");
}

#[test]
fn the_accounts_behind_a_cell_make_it() {
    let one = made("2025-26-Q2", &rows(), &[], "");
    for cell in &one.cells {
        let Value::Money(amount) = cell.value else {
            continue;
        };
        match &cell.behind {
            Behind::Ledger(_) => {
                let sum: Pence = one.sources(cell).iter().map(|it| it.amount).sum();
                assert_eq!(sum, amount, "{}", cell.key());
            }
            Behind::Cells(keys) => {
                for key in keys {
                    assert!(one.cell(key).is_some(), "{key}");
                }
            }
            Behind::Agreement(number, _) => assert_eq!(*number, 2),
            other => panic!("{}: {other:?}", cell.key()),
        }
    }
}

#[test]
fn people_are_added_up_unless_they_are_asked_for() {
    let (first, second) = (
        format!("expenses:expenditure:bcf:1:a:{PERSON}"),
        format!("expenses:expenditure:bcf:1:a:{OTHER}"),
    );
    let rows = [
        (first.as_str(), "2025-07", 300),
        (second.as_str(), "2025-07", 400),
        ("expenses:expenditure:bcf:1:a", "2025-07", 5),
    ];
    let one = made("2025-26-Q2", &rows, &[], "");
    let lines = |persons| {
        let mut all: Vec<(String, Pence, usize)> = Vec::new();
        lineage::<()>(&one, persons, &mut |line| {
            if line.cell == "expenditure/1/spent-in-the-period" {
                let amount = line.amount.unwrap();
                all.push((line.reference.to_owned(), amount, line.people));
            }
            Ok(())
        })
        .unwrap();
        all
    };
    let together = lines(false);
    assert_eq!(together.len(), 1, "{together:?}");
    let without = "expenses:expenditure:bcf:1:a".to_owned();
    assert_eq!(together[0], (without, Pence(705), 2));
    let each = lines(true);
    assert_eq!(each.len(), 3);
    assert_eq!(each.iter().map(|line| line.1).sum::<Pence>(), Pence(705));
    let person: PersonId = PERSON.parse().unwrap();
    assert!(each[1].0.contains(&person.to_string()));
}

#[test]
fn a_change_is_said_cell_by_cell() {
    let before = text(&made("2025-26-Q2", &rows(), &[], "2025-09"));
    assert_eq!(differences(&before, &before), Vec::<String>::new());
    let mut later = rows();
    later[1].2 += 100;
    let after = text(&made("2025-26-Q2", &later, &[], "2025-09"));
    let found = differences(&before, &after);
    assert!(
        found.contains(
            &"Expenditure, Home first and reablement, Spent in the period: 2400000.50, now 2400001.50"
                .to_owned()
        ),
        "{found:#?}"
    );
    // Scheme 1 and all schemes: in the period, in the year, and against the budget.
    assert_eq!(found.len(), 6, "{found:#?}");
}

proptest! {
    /// Whatever was posted, each row of the total is the sum of the rows, and every amount of the
    /// ledger is the sum of what is behind it.
    #[test]
    fn totals_are_what_was_posted(
        rows in prop::collection::btree_map(
            (0usize..6, 4i8..=12), -1_000_000_000i64..1_000_000_000, 0..40,
        ),
    ) {
        let accounts = ["1:a", "1:b", "2", "3:c", "4", "9"];
        let named: Vec<(String, String, i64)> = rows
            .iter()
            .map(|((at, month), pence)| {
                let account = format!("expenses:expenditure:bcf:{}", accounts[*at]);
                (account, format!("2025-{month:02}"), *pence)
            })
            .collect();
        let given: Vec<(&str, &str, i64)> = named
            .iter()
            .map(|(account, month, pence)| (account.as_str(), month.as_str(), *pence))
            .collect();
        for (span, last) in [("2025-26-Q1", 6), ("2025-26-Q2", 9), ("2025-26-Q3", 12), ("2025-26", 12)] {
            let one = made(span, &given, &[], "");
            let posted: i64 = rows
                .iter()
                .filter(|((_, month), _)| *month <= last)
                .map(|(_, pence)| pence)
                .sum();
            prop_assert_eq!(money(&one, "expenditure/all/spent-in-the-year"), posted);
            let all = one.cell("expenditure/all/spent-in-the-year").unwrap();
            let behind: Pence = one.sources(all).iter().map(|it| it.amount).sum();
            prop_assert_eq!(behind, Pence(posted));
        }
    }
}
