//! Agreements, plans, disputes and where a fund stands, on the real store.

mod agreements;
mod close;
mod disputes;
mod plans;
mod returns;

use access::{Actor, Role};
use app::Error;
use fund::ledger::{Asked, Code, Limit, What};
use jiff::Timestamp;
use jiff::civil::date;
use kernel::Pence;
use testkit::Place;

const AGREEMENT: &str = include_str!("../../../fund/examples/two-tiers.toml");
const PLAN: &str = include_str!("../../../fund/examples/plan-2025-26.toml");

/// A place in June 2025 with somebody of finance and an agreement.
fn begun() -> (Place, Actor, Code) {
    let place = testkit::place();
    let at: Timestamp = "2025-06-12T09:00:00Z".parse().unwrap();
    place.clock.set(at);
    let finance = place.actor(Role::Finance);
    let file = ("section75.toml", AGREEMENT.as_bytes());
    let kept = place
        .app
        .keep_fund_agreement(&finance, "bcf", file)
        .unwrap();
    assert_eq!((kept.number, kept.fund.as_str()), (1, "bcf"));
    (place, finance, kept.fund)
}

fn post(place: &Place, finance: &Actor, (debit, credit): (&str, &str), pence: i64, on: &str) {
    let account = |name: &str| {
        let name = name.parse().unwrap();
        let opened = place.app.open_ledger_account(finance, &name, Limit::None);
        opened.unwrap().id()
    };
    let asked = Asked {
        id: place.app.ids().transfer(),
        effective: on.parse().unwrap(),
        what: What::Post {
            debit: account(debit),
            credit: account(credit),
            amount: Pence(pence),
        },
        note: "example".to_owned(),
    };
    place.app.post_transfers(finance, &[asked]).unwrap();
}

fn sound(place: &Place) {
    let operator = Actor::operator();
    assert_eq!(place.app.check_ledger(&operator).unwrap(), vec![]);
    assert_eq!(place.app.doctor(&operator).unwrap(), vec![]);
}

fn faults(error: Error) -> Vec<(&'static str, String)> {
    match error {
        Error::Invalid(all) => all.into_iter().map(|one| (one.field, one.text)).collect(),
        other => panic!("{other}"),
    }
}

#[test]
fn a_fund_its_schemes_and_the_end_of_a_month() {
    let (place, finance, fund) = begun();
    let app = &place.app;
    let cash = "assets:cash:bcf";
    let icb = (cash, "income:contribution:bcf:icb");
    post(&place, &finance, icb, 1_000_000_000, "2025-04-15");
    let spent = ("expenses:expenditure:bcf:1:plumstead-care", cash);
    post(&place, &finance, spent, 250_000_000, "2025-04-30");
    post(&place, &finance, spent, 10_000, "2025-05-31");
    let page = app.fund_page(&finance, &fund, None).unwrap();
    let one = &page.position.schemes[0];
    assert_eq!(one.spent, Pence(250_010_000));
    assert!(one.forecasts.is_empty());
    let end = app.month_end(&finance, None).unwrap().unwrap();
    assert_eq!(end.month.to_string(), "2025-04");
    let codes: Vec<&str> = end.missing.iter().map(|one| one.code).collect();
    assert!(
        codes.contains(&"contribution") && codes.contains(&"budget"),
        "{codes:?}"
    );
    assert!(end.can_close());
    let june = app.close_month(&finance, "2025-06".parse().unwrap(), false);
    assert_eq!(faults(june.unwrap_err())[0].0, "month");
    let closed = app.close_month(&finance, end.month, false).unwrap();
    let end = app.month_end(&finance, Some(end.month)).unwrap().unwrap();
    assert_eq!(end.closed.unwrap().0.hash, closed.frozen.hash);
    let page = app.fund_page(&finance, &fund, None).unwrap();
    let one = &page.position.schemes[0];
    assert_eq!(one.expected(), Pence(3_000_000_000));
    assert_eq!(page.position.shares.unwrap().verify(), Ok(()));
    let key = fund::agreement::SchemeKey::new("1");
    let scheme = app.scheme_page(&finance, &fund, &key, None).unwrap();
    assert_eq!(scheme.lines.len(), 2);
    let provider = &scheme.providers[0];
    assert_eq!(
        provider.provider.as_ref().unwrap().as_str(),
        "plumstead-care"
    );
    assert_eq!(provider.spent, Pence(250_010_000));
    sound(&place);
}

#[test]
fn what_is_owed_from_the_year_before_shows_after_the_year_end() {
    let (place, finance, fund) = begun();
    let app = &place.app;
    let (owes, income) = (
        "assets:due-from-partner:bcf:icb",
        "income:contribution:bcf:icb",
    );
    post(&place, &finance, (owes, income), 500_000, "2025-02-28");
    post(
        &place,
        &finance,
        ("assets:cash:bcf", owes),
        200_000,
        "2025-03-31",
    );
    post(
        &place,
        &finance,
        ("assets:cash:bcf", income),
        1_000_000_000,
        "2025-04-15",
    );
    post(
        &place,
        &finance,
        ("assets:cash:bcf", owes),
        50_000,
        "2025-05-15",
    );
    for month in ["2025-02", "2025-03", "2025-04"] {
        app.close_month(&finance, month.parse().unwrap(), false)
            .unwrap();
    }
    let page = app.fund_page(&finance, &fund, None).unwrap();
    let icb = &page.position.partners[1];
    assert_eq!(
        (icb.owed, icb.owed_earlier, icb.received, icb.late()),
        (
            Pence(250_000),
            Pence(250_000),
            Pence(1_000_000_000),
            Pence(0)
        )
    );
    let span = "2025-26-Q1".parse().unwrap();
    let made = app.fund_return(&finance, &fund, span).unwrap();
    for (column, expected) in [
        ("asked-for-and-not-paid-when-the-year-began", "3000.00"),
        ("asked-for-and-not-paid", "2500.00"),
    ] {
        let cell = made
            .figures
            .cell(&format!("income/partner-icb/{column}"))
            .unwrap();
        let fund::returns::Value::Money(amount) = cell.value else {
            panic!("{cell:?}");
        };
        assert_eq!(amount.in_decimals(), expected, "{column}");
    }
    sound(&place);
}
