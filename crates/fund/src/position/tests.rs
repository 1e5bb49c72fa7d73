#![allow(clippy::unwrap_used, clippy::expect_used)]
use super::*;
use crate::forecast::Method;
use jiff::civil::date;

fn agreement() -> Agreement {
    crate::agreement::read(include_str!("../../examples/two-tiers.toml")).unwrap()
}

fn name(text: &str) -> Name {
    text.parse().unwrap()
}

fn month(text: &str) -> Month {
    text.parse().unwrap()
}

/// What moved, each on its normal side.
fn books(moved: &[(&str, &str, i64)], closed: &str) -> Books {
    let mut books = Books {
        closed_to: closed.parse().ok(),
        ..Books::default()
    };
    for (account, at, pence) in moved {
        let name = name(account);
        let balance = Balance::of(name.kind.normal_side(), Pence(*pence), Pence(0));
        books.moved.insert((name, month(at)), balance);
    }
    books
}

#[test]
fn what_is_due_received_and_owed() {
    let agreement = agreement();
    let books = books(
        &[
            ("income:contribution:bcf:icb", "2025-04", 1_000_000_000),
            ("income:contribution:bcf:icb", "2025-07", 1_000_000_000),
            ("assets:due-from-partner:bcf:icb", "2025-07", 400_000_000),
            ("income:contribution:bcf:council", "2025-04", 1_700_000_000),
        ],
        "2025-06",
    );
    let found = position(&agreement, &books, date(2025, 7, 20)).unwrap();
    let rows: Vec<_> = found
        .partners
        .iter()
        .map(|one| (one.key.as_str(), one.due.0, one.received.0, one.late().0))
        .collect();
    assert_eq!(
        rows,
        [
            ("council", 2_200_000_000, 1_700_000_000, 500_000_000),
            ("icb", 2_000_000_000, 1_600_000_000, 400_000_000),
            ("silverbridge", 0, 0, 0),
            ("plumstead", 0, 0, 0),
        ]
    );
    assert_eq!(found.over.len(), 3);
    let nhs = &found.contributions[0];
    assert_eq!(nhs.next.as_ref().unwrap().on, date(2025, 10, 15));
}

#[test]
fn what_came_from_each_source_is_told_where_accounts_say_it() {
    let books = books(
        &[
            (
                "income:contribution:bcf:icb:from=nhs-minimum",
                "2025-04",
                400,
            ),
            (
                "income:contribution:bcf:icb:1:from=nhs-minimum",
                "2025-05",
                50,
            ),
            ("income:contribution:bcf:council", "2025-05", 7),
        ],
        "",
    );
    let found = position(&agreement(), &books, date(2025, 5, 20)).unwrap();
    let by_source: Vec<_> = found
        .contributions
        .iter()
        .map(|one| (one.key.as_str(), one.received.map(|sum| sum.0)))
        .collect();
    assert_eq!(
        by_source,
        [
            ("nhs-minimum", Some(450)),
            ("better-care-grant", None),
            ("disabled-facilities", None),
            ("joint-team", None),
        ]
    );
    let not_said: Vec<i64> = found
        .partners
        .iter()
        .map(|one| one.source_not_said.0)
        .collect();
    assert_eq!(not_said, [7, 0, 0, 0]);
}

#[test]
fn a_share_that_is_owed_is_no_contribution_that_is_missing() {
    let books = books(
        &[
            ("income:contribution:bcf:icb", "2025-04", 1_000_000_000),
            ("income:risk-share:bcf:icb", "2025-05", 30_000),
            ("assets:due-from-partner:bcf:icb", "2025-05", 30_000),
        ],
        "",
    );
    let found = position(&agreement(), &books, date(2025, 5, 20)).unwrap();
    let icb = &found.partners[1];
    assert_eq!(
        (icb.received, icb.owed),
        (Pence(1_000_000_000), Pence(30_000))
    );
    assert_eq!(icb.late(), Pence(0));
}

#[test]
fn what_is_owed_of_the_year_before_shows_and_is_no_contribution_of_this_year() {
    let mut books = books(
        &[
            ("income:contribution:bcf:icb", "2025-04", 1_000_000_000),
            ("assets:due-from-partner:bcf:icb", "2025-04", 1_000_000_000),
            ("income:contribution:bcf:council", "2025-04", 2_200_000_000),
            // Last year's, which the sum before has already.
            ("assets:due-from-partner:bcf:icb", "2025-02", 70_000),
        ],
        "",
    );
    let paid = (name("assets:due-from-partner:bcf:icb"), month("2025-05"));
    books.moved.insert(
        paid,
        Balance::of(Side::Credit, Pence(900_050_000), Pence(0)),
    );
    let stood = Balance::of(Side::Debit, Pence(70_000), Pence(0));
    for partner in ["icb", "council"] {
        books.owed_before.insert(partner.parse().unwrap(), stood);
    }
    let found = position(&agreement(), &books, date(2025, 5, 20)).unwrap();
    let rows: Vec<_> = found.partners[..2]
        .iter()
        .map(|one| (one.owed.0, one.owed_earlier.0, one.received.0, one.late().0))
        .collect();
    assert_eq!(
        rows,
        [
            // Paid straight in: the debt of the year before stands, and nothing of this year is missing.
            (70_000, 70_000, 2_200_000_000, 0),
            // What was paid settled the year before first.
            (100_020_000, 0, 899_980_000, 100_020_000),
        ]
    );
}

#[test]
fn a_scheme_is_compared_in_closed_months_and_forecast_from_them() {
    let mut books = books(
        &[
            ("expenses:expenditure:bcf:1:a", "2025-04", 230_000_000),
            ("expenses:expenditure:bcf:1:b", "2025-05", 240_000_000),
            ("expenses:expenditure:bcf:1:a", "2025-06", 999),
            ("expenses:expenditure:bcf:9", "2025-04", 500),
        ],
        "2025-05",
    );
    books.committed.push(Commitment {
        scheme: "1".parse().unwrap(),
        remaining: Pence(1_000),
        effective: date(2025, 4, 1),
        lapses_on: Some(date(2026, 3, 31)),
    });
    books
        .drawn
        .insert(("1".parse().unwrap(), month("2025-04")), Pence(230_000_000));
    let found = position(&agreement(), &books, date(2025, 6, 20)).unwrap();
    let one = &found.schemes[0];
    assert_eq!(one.spent, Pence(470_000_999));
    // 27,250,000 pounds over twelve months, two of them closed.
    assert_eq!(one.variance.budget, Pence(454_166_668));
    assert_eq!(one.variance.amount(), Pence(15_833_332));
    assert_eq!(one.expected(), Pence(2_820_000_000));
    // Outside commitments: nothing in April, 240,000,000 in May.
    let trend = one.forecasts.last().unwrap();
    assert_eq!(trend.method, Method::CommitmentsAndTrend);
    assert_eq!(trend.outturn, Pence(470_000_000 + 1_000 + 1_200_000_000));
    let no: Vec<_> = one.no_forecast.iter().map(|(method, _)| *method).collect();
    assert_eq!(no, [Method::YearBefore]);
    assert_eq!(found.outside.values().copied().sum::<Pence>(), Pence(500));
    assert_eq!(found.spent(), Pence(470_001_499));
    let shares = found.shares.unwrap();
    assert_eq!(shares.verify(), Ok(()));
    let budget: Pence = found.schemes.iter().map(|one| one.budget).sum();
    let expected: Pence = found.schemes.iter().map(SchemeAt::expected).sum();
    assert_eq!(shares.total, expected - budget);
}

#[test]
fn without_a_closed_month_nothing_is_compared() {
    let books = books(&[("expenses:expenditure:bcf:1", "2025-04", 5)], "");
    let found = position(&agreement(), &books, date(2025, 5, 20)).unwrap();
    assert_eq!(found.schemes[0].variance, Default::default());
    assert!(found.schemes[0].forecasts.is_empty());
    assert_eq!(found.expected(), found.budget());
}
