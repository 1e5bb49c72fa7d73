//! Agreements, plans, disputes and where a fund stands, on the real store.

use access::{Actor, Role};
use app::Error;
use app::fund::{DisputeMove, NewDispute};
use fund::ledger::{Asked, Code, Limit, What};
use fund::plan::check::Verdict;
use fund::sign_off;
use jiff::Timestamp;
use jiff::civil::date;
use kernel::Pence;
use std::collections::BTreeMap;
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
fn the_latest_agreement_that_holds_a_day_is_in_force() {
    let (place, finance, fund) = begun();
    let app = &place.app;
    let later = AGREEMENT.replace("begins = 2025-04-01", "begins = 2025-10-01");
    let second = app
        .keep_fund_agreement(&finance, "bcf", ("variation.toml", later.as_bytes()))
        .unwrap();
    assert_eq!(second.number, 2);
    for (on, number) in [
        (date(2025, 4, 1), Some(1)),
        (date(2025, 9, 30), Some(1)),
        (date(2025, 10, 1), Some(2)),
        (date(2026, 3, 31), Some(2)),
        (date(2026, 4, 1), None),
    ] {
        let found = app.fund_agreement_on(&finance, &fund, on).ok();
        assert_eq!(found.map(|one| one.row.number), number, "{on}");
    }
    let all = app.fund_agreements(&finance).unwrap();
    let stands: Vec<bool> = all.iter().map(|one| one.in_force).collect();
    assert_eq!(stands, [true, false]);
    let text = app.fund_agreement_version(&finance, &fund, 2).unwrap().text;
    assert_eq!(text, later);
    let again = app.keep_fund_agreement(&finance, "bcf", ("again.toml", later.as_bytes()));
    assert!(faults(again.unwrap_err())[0].1.contains("version 2"));
    sound(&place);
}

#[test]
fn a_faulty_agreement_is_refused_with_every_fault_and_kept() {
    let (place, finance, fund) = begun();
    let faulty = AGREEMENT
        .replace("budget = 5_000_000", "budget = \"1.234,50\"")
        .replace(
            "lead = \"icb\"\nbudget = 30_000_000",
            "lead = \"ics\"\nbudget = 30_000_000",
        );
    let refused =
        place
            .app
            .keep_fund_agreement(&finance, "bcf", ("faulty.toml", faulty.as_bytes()));
    let found = faults(refused.unwrap_err());
    assert!(found.len() >= 2, "{found:?}");
    assert!(found.iter().all(|(field, _)| *field == "file"));
    assert!(found.iter().any(|(_, text)| text.starts_with("line ")));
    let kept = place
        .app
        .fund_agreement_on(&finance, &fund, date(2025, 6, 1));
    assert_eq!(kept.unwrap().row.number, 1);
    let refused = place.app.store().read(|tx| {
        let sql = "SELECT name FROM ledger_file WHERE place = ?1 AND refused = 1";
        let place = tx.place().to_owned();
        tx.query(sql, &[place.into()])
    });
    assert_eq!(refused.unwrap()[0].text(0).unwrap(), "faulty.toml");
    let analyst = place.actor(Role::Analyst);
    let denied = place.app.keep_fund_agreement(&analyst, "bcf", ("x", b""));
    assert!(matches!(denied, Err(Error::Denied(_))));
    assert!(matches!(
        place.app.fund_agreements(&analyst),
        Err(Error::Denied(_))
    ));
    sound(&place);
}

#[test]
fn a_plan_is_kept_signed_and_checked() {
    let (place, finance, fund) = begun();
    let app = &place.app;
    let unsigned = PLAN.replace(
        "[[signature]]\nrole = \"section 151 officer\"\norganisation = \"Barsetshire County Council\"\non = 2025-03-27\n",
        "",
    );
    assert_ne!(unsigned, PLAN);
    let kept = app
        .keep_fund_plan(&finance, "bcf", ("plan.toml", unsigned.as_bytes()))
        .unwrap();
    assert_eq!((kept.row.number, kept.issues.len()), (1, 0));
    let verdict = |number| {
        let checked = app.fund_plan_checked(&finance, &fund, number).unwrap();
        let first = checked
            .report
            .conditions
            .into_iter()
            .find(|one| one.id == "1");
        first.unwrap().finding.verdict
    };
    assert_eq!(verdict(1), Verdict::NotMet);
    let sign = || {
        let who = (sign_off::Role::Section151, "Barsetshire County Council");
        app.sign_fund_plan(&finance, (&fund, 1), who, (date(2025, 3, 27), false))
    };
    sign().unwrap();
    assert_eq!(verdict(1), Verdict::Met);
    assert!(
        faults(sign().unwrap_err())[0]
            .1
            .contains("signed it already")
    );
    let second = unsigned.replace("planned = [560]", "planned = [545]");
    let second = app
        .keep_fund_plan(&finance, "bcf", ("plan.toml", second.as_bytes()))
        .unwrap();
    assert_eq!(second.row.number, 2);
    assert!(second.row.changes.contains("545"), "{}", second.row.changes);
    let nothing = app.keep_fund_plan(&finance, "bcf", ("plan.toml", b"what = "));
    assert!(!faults(nothing.unwrap_err()).is_empty());
    sound(&place);
}

#[test]
fn a_dispute_ends_in_linked_transfers() {
    let (place, finance, _) = begun();
    let app = &place.app;
    let new = NewDispute {
        fund: "bcf",
        by: "council",
        with: "icb",
        amount: Pence(5_000_000),
        about: "two packages of scheme 1",
        on: Some(date(2025, 6, 2)),
    };
    let id = app.raise_dispute(&finance, &new).unwrap();
    let with_itself = NewDispute {
        with: "council",
        ..new
    };
    let refused = app.raise_dispute(&finance, &with_itself);
    assert_eq!(faults(refused.unwrap_err())[0].0, "with");
    let show = |by| DisputeMove::Show {
        by,
        what: "the signed order",
        file: ("order.pdf", b"%PDF-1.7 order"),
    };
    let on = Some(date(2025, 6, 5));
    app.move_dispute(&finance, id, on, &show("icb")).unwrap();
    let no_side = app.move_dispute(&finance, id, on, &show("plumstead"));
    assert_eq!(faults(no_side.unwrap_err())[0].0, "by");
    app.move_dispute(&finance, id, on, &DisputeMove::GoUp)
        .unwrap();
    let end = |council, icb| DisputeMove::End {
        amounts: BTreeMap::from([
            ("council".to_owned(), Pence(council)),
            ("icb".to_owned(), Pence(icb)),
        ]),
        why: "the order names the board",
    };
    let on = Some(date(2025, 6, 10));
    let unbalanced = app.move_dispute(&finance, id, on, &end(-3_000_000, 2_000_000));
    assert_eq!(faults(unbalanced.unwrap_err())[0].0, "amounts");
    app.move_dispute(&finance, id, on, &end(-3_000_000, 3_000_000))
        .unwrap();
    let page = app.dispute(&finance, id).unwrap();
    assert_eq!(page.transfers.len(), 2);
    assert_eq!(page.dispute.outcome.as_ref().unwrap().stage, 1);
    let shown = &page.shown[0];
    let bytes = app.evidence(&finance, id, shown.file).unwrap();
    assert_eq!(bytes, b"%PDF-1.7 order");
    assert_eq!(shown.evidence.sha256.len(), 64);
    for (partner, pence) in [("icb", 3_000_000), ("council", -3_000_000)] {
        let name = format!("assets:due-from-partner:bcf:{partner}")
            .parse()
            .unwrap();
        let found = app.ledger_balance(&finance, &name, None).unwrap();
        let owed = found.balance.posted(fund::ledger::Side::Debit);
        assert_eq!(owed, Some(Pence(pence)), "{partner}");
    }
    let ended = app.move_dispute(&finance, id, None, &DisputeMove::GoUp);
    assert_eq!(faults(ended.unwrap_err())[0].0, "dispute");
    sound(&place);
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
    let june = app.close_month(&finance, "2025-06".parse().unwrap());
    assert_eq!(faults(june.unwrap_err())[0].0, "month");
    let closed = app.close_month(&finance, end.month).unwrap();
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
