//! Months that close with shares by the agreement.

use super::*;

/// Posts April to June of scheme 2, over its budget, and closes them one by one by the agreement.
fn closed_by_agreement(place: &Place, finance: &Actor) -> Vec<app::fund::Closed> {
    let at: Timestamp = "2025-08-01T09:00:00Z".parse().unwrap();
    place.clock.set(at);
    let cash = "assets:cash:bcf";
    // The others are as budgeted, and 30,000,000 pounds a year are 2,500,000 a month.
    for (scheme, budget) in [("1", 2_725_000_000), ("3", 500_000_000), ("4", 90_000_000)] {
        let months = fund::variance::spread(Pence(budget), [0; 12]);
        let account = format!("expenses:expenditure:bcf:{scheme}");
        for (on, month) in ["2025-04-30", "2025-05-31", "2025-06-30"]
            .iter()
            .zip(months)
        {
            post(place, finance, (&account, cash), month.0, on);
        }
    }
    for (on, pence) in [
        ("2025-04-30", 260_000_000),
        ("2025-05-31", 245_000_000),
        ("2025-06-30", 255_000_000),
    ] {
        let spent = ("expenses:expenditure:bcf:2", cash);
        post(place, finance, spent, pence, on);
    }
    ["2025-04", "2025-05", "2025-06"]
        .map(|month| {
            let month = month.parse().unwrap();
            place.app.close_month(finance, month, true).unwrap()
        })
        .into()
}

#[test]
fn a_month_closes_with_shares_by_the_agreement() {
    let (place, finance, fund) = begun();
    let app = &place.app;
    let closed = closed_by_agreement(&place, &finance);
    // Scheme 2 is its lead's own. 100,000 over, then 50,000 of it made good, then 50,000 again.
    let parts: Vec<Vec<(&str, i64)>> = closed
        .iter()
        .map(|one| {
            let parts = one.parts.iter();
            parts
                .map(|part| (part.partner.as_str(), part.amount.0))
                .collect()
        })
        .collect();
    assert_eq!(
        parts,
        [
            vec![("icb", 10_000_000)],
            vec![("icb", -5_000_000)],
            vec![("icb", 5_000_000)]
        ]
    );
    let shared = app.fund_shared(&finance).unwrap();
    let periods: Vec<String> = shared.iter().map(|one| one.period.to_string()).collect();
    assert_eq!(periods, ["2025-04", "2025-05", "2025-06"]);
    assert_eq!(shared[0].explained, closed[0].explained[0].1);
    for line in [
        "The year so far, to April 2025",
        "Barsetshire Integrated Care Board is asked for £100,000",
    ] {
        assert!(
            shared[0].explained.contains(line),
            "{}",
            shared[0].explained
        );
    }
    assert!(
        shared[1]
            .explained
            .contains("is given £50,000 back; until now £100,000")
    );
    let page = app.fund_page(&finance, &fund, None).unwrap();
    let icb = page
        .position
        .partners
        .iter()
        .find(|one| one.key.as_str() == "icb");
    let icb = icb.unwrap();
    assert_eq!(
        (icb.owed, icb.shared),
        (Pence(10_000_000), Pence(10_000_000))
    );
    sound(&place);
}

#[test]
fn without_an_agreement_for_the_month_nothing_is_shared_and_it_stays_open() {
    let (place, finance, _) = begun();
    place.clock.set("2026-06-01T09:00:00Z".parse().unwrap());
    let spent = ("expenses:expenditure:bcf:2", "assets:cash:bcf");
    post(&place, &finance, spent, 100, "2026-04-30");
    let month = "2026-04".parse().unwrap();
    let refused = place.app.close_month(&finance, month, true);
    let found = faults(refused.unwrap_err());
    assert_eq!(found[0].0, "share");
    assert!(
        found[0]
            .1
            .contains("no agreement of bcf holds on 2026-04-30"),
        "{found:?}"
    );
    let end = place.app.month_end(&finance, None).unwrap().unwrap();
    assert_eq!(end.month, month);
    assert!(place.app.fund_shared(&finance).unwrap().is_empty());
    place.app.close_month(&finance, month, false).unwrap();
    sound(&place);
}
