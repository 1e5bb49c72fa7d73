//! Agreements, plans, disputes and where a fund stands, on the real store.

use access::{Actor, Role};
use app::Error;
use app::fund::{DisputeMove, NewDispute, NewFigure, SentReturn};
use fund::ledger::{Asked, Code, Limit, What};
use fund::plan::check::Verdict;
use fund::sign_off;
use jiff::Timestamp;
use jiff::civil::date;
use kernel::Pence;
use std::collections::BTreeMap;
use testkit::{Place, PlanBook};

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

/// A workbook that somebody has spoilt: what can be read of it becomes a version that says what is missing, and one
/// of which nothing can be used is refused. Both stay as they came, and the books are as they were.
#[test]
fn a_spoilt_workbook_is_kept_with_its_cells_and_touches_no_book() {
    let (place, finance, fund) = begun();
    let app = &place.app;
    let mut merged = PlanBook::new().unwrap();
    let (first, last) = (PlanBook::row(0), PlanBook::row(1));
    let column = PlanBook::AMOUNT;
    let plain = testkit::xlsx::Format::new();
    let amounts = &mut merged.spending;
    amounts
        .merge_range(first, column, last, column, "40000000.5", &plain)
        .unwrap();
    let merged = merged.saved().unwrap();
    let kept = app
        .keep_fund_plan(&finance, "bcf", ("plan.xlsx", &merged))
        .unwrap();
    let told: Vec<_> = kept
        .issues
        .iter()
        .map(|issue| (issue.code, issue.path.as_str()))
        .collect();
    let cell = |name: &'static str| ("merged-amount", name);
    assert_eq!(
        told,
        [cell("6a. Expenditure!I8"), cell("6a. Expenditure!I9")]
    );
    let checked = app.fund_plan_checked(&finance, &fund, 1).unwrap();
    let sums = checked
        .report
        .conditions
        .iter()
        .find(|one| one.id == "sums");
    assert_eq!(sums.unwrap().finding.verdict, Verdict::CannotTell);
    let bytes = |name: &str| {
        let read = |tx: &mut dyn store::Tx| {
            let place = tx.place().to_owned();
            let sql = "SELECT id FROM ledger_file WHERE place = ?1 AND name = ?2";
            let rows = tx.query(sql, &[place.into(), name.into()])?;
            let id = rows.first().map(|row| row.id(0)).transpose()?;
            id.map_or(Ok(None), |id| store::ledger::file_bytes(tx, id))
        };
        app.store().read(read).unwrap().unwrap().0
    };
    assert_eq!(bytes("plan.xlsx"), merged);
    let cut = &merged[..merged.len() / 2];
    let refused = app.keep_fund_plan(&finance, "bcf", ("cut.xlsx", cut));
    assert_eq!(faults(refused.unwrap_err())[0].0, "file");
    assert_eq!(bytes("cut.xlsx"), cut);
    assert_eq!(app.fund_plans(&finance).unwrap().len(), 1);
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

#[test]
fn a_return_is_frozen_and_a_change_makes_a_new_version() {
    let (place, finance, fund) = begun();
    let app = &place.app;
    app.keep_fund_plan(&finance, "bcf", ("plan.toml", PLAN.as_bytes()))
        .unwrap();
    let spent = (
        "expenses:expenditure:bcf:1:plumstead-care",
        "assets:cash:bcf",
    );
    post(&place, &finance, spent, 250_000_000, "2025-04-30");
    let span = "2025-26-Q1".parse().unwrap();
    let first = app.fund_return(&finance, &fund, span).unwrap();
    let cell = "expenditure/1/spent-in-the-period";
    let sources = first.figures.sources(first.figures.cell(cell).unwrap());
    let accounts: Vec<String> = sources.iter().map(|one| one.account.to_string()).collect();
    assert_eq!(accounts, ["expenses:expenditure:bcf:1:plumstead-care"]);
    assert!(!first.figures.gaps.is_empty());
    let send = |hash: &str| app.send_fund_return(&finance, (&fund, span), hash);
    assert!(matches!(send("0"), Err(Error::Stale { .. })));
    assert_eq!(send(&first.hash).unwrap(), SentReturn::Kept(1));
    assert_eq!(send(&first.hash).unwrap(), SentReturn::Same(1));
    post(&place, &finance, spent, 100, "2025-05-31");
    let second = app.fund_return(&finance, &fund, span).unwrap();
    assert!(second.changes.contains(
        &"Expenditure, Home first and reablement, Spent in the period: 2500000.00, now 2500001.00"
            .to_owned()
    ));
    assert!(matches!(send(&first.hash), Err(Error::Stale { .. })));
    assert_eq!(send(&second.hash).unwrap(), SentReturn::Kept(2));
    let kept = app.sent_fund_return(&finance, (&fund, span), 1).unwrap();
    assert_eq!((kept.hash, kept.content), (first.hash, first.content));
    let kept = app.sent_fund_return(&finance, (&fund, span), 2).unwrap();
    assert_eq!(kept.changes, second.changes.join("\n"));
    let analyst = place.actor(Role::Analyst);
    let denied = app.fund_return(&analyst, &fund, span);
    assert!(matches!(denied, Err(Error::Denied(_))));
    sound(&place);
    // Whoever changes what was sent is found out.
    app.store()
        .write(|tx| {
            let place = tx.place().to_owned();
            let sql = "UPDATE fund_return SET content = 'other' WHERE place = ?1 AND number = 1";
            tx.execute(sql, &[place.into()])
        })
        .unwrap();
    let found = app.doctor(&Actor::operator()).unwrap();
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!(found[0].check, "a return of a fund is as it was sent");
}

#[test]
fn a_return_is_not_sent_if_what_it_rests_on_changed_while_it_was_worked_out() {
    let (place, finance, fund) = begun();
    let app = &place.app;
    let plan = |text: &str| {
        app.keep_fund_plan(&finance, "bcf", ("plan.toml", text.as_bytes()))
            .unwrap();
    };
    plan(PLAN);
    let spent = (
        "expenses:expenditure:bcf:1:plumstead-care",
        "assets:cash:bcf",
    );
    post(&place, &finance, spent, 250_000_000, "2025-04-30");
    let span = "2025-26-Q1".parse().unwrap();
    let ready = || {
        let shown = app.fund_return(&finance, &fund, span).unwrap().hash;
        let what = (&fund, span);
        app.ready_fund_return(&finance, what, &shown).unwrap()
    };
    let figure = NewFigure {
        fund: &fund,
        metric: "average-discharge-delay",
        month: "2025-04".parse().unwrap(),
        figure: "1.5",
        of: "",
        source: "the trust",
    };
    let meanwhile: [(&str, &dyn Fn()); 7] = [
        ("a posting", &|| {
            post(&place, &finance, spent, 100, "2025-05-31");
        }),
        ("another in the same month", &|| {
            post(&place, &finance, spent, 200, "2025-05-31");
        }),
        ("a month that closes", &|| {
            let month = "2025-04".parse().unwrap();
            app.close_month(&finance, month, false).unwrap();
        }),
        ("a plan", &|| {
            plan(&PLAN.replace("planned = [560]", "planned = [545]"));
        }),
        ("a signature", &|| {
            let who = (sign_off::Role::Section151, "Plumstead District Council");
            app.sign_fund_plan(&finance, (&fund, 2), who, (date(2025, 3, 27), false))
                .unwrap();
        }),
        ("a figure", &|| {
            app.keep_fund_figure(&finance, &figure).unwrap();
        }),
        ("an agreement", &|| {
            let text = AGREEMENT.replace("review = 2025-12-01", "review = 2025-12-02");
            app.keep_fund_agreement(&finance, "bcf", ("again.toml", text.as_bytes()))
                .unwrap();
        }),
    ];
    for (what, change) in meanwhile {
        let ready = ready();
        change();
        let outcome = app.keep_fund_return(&finance, &ready).unwrap();
        assert_eq!(outcome, SentReturn::Meanwhile, "{what}");
    }
    let now = app.fund_return(&finance, &fund, span).unwrap();
    assert_eq!(now.sent, vec![]);
    // What counts after the period is no part of it.
    let sent = ready();
    post(&place, &finance, spent, 100, "2025-07-01");
    let keep = |ready| app.keep_fund_return(&finance, ready).unwrap();
    assert_eq!(keep(&sent), SentReturn::Kept(1));
    assert_eq!(keep(&sent), SentReturn::Meanwhile);
    sound(&place);
}

#[test]
fn a_figure_is_kept_with_its_source_and_held_against_the_plan() {
    let (place, finance, fund) = begun();
    let app = &place.app;
    app.keep_fund_plan(&finance, "bcf", ("plan.toml", PLAN.as_bytes()))
        .unwrap();
    let new = NewFigure {
        fund: &fund,
        metric: "average-discharge-delay",
        month: "2025-04".parse().unwrap(),
        figure: "1.5",
        of: "2,000",
        source: "the trust's return of 14 May",
    };
    let kept = app.keep_fund_figure(&finance, &new).unwrap();
    assert_eq!((kept.figure.number, kept.figure.of), (1, Some(2_000)));
    for (field, wrong) in [
        (
            "figure",
            NewFigure {
                figure: "1,5 days",
                ..new
            },
        ),
        ("of", NewFigure { of: "-3", ..new }),
        ("source", NewFigure { source: " ", ..new }),
        (
            "metric",
            NewFigure {
                metric: "smiles",
                ..new
            },
        ),
        (
            "month",
            NewFigure {
                month: "2025-06".parse().unwrap(),
                ..new
            },
        ),
        ("figure", new),
    ] {
        let refused = app.keep_fund_figure(&finance, &wrong);
        assert_eq!(faults(refused.unwrap_err())[0].0, field);
    }
    let later = NewFigure {
        figure: "1.4",
        ..new
    };
    assert_eq!(
        app.keep_fund_figure(&finance, &later)
            .unwrap()
            .figure
            .number,
        2
    );
    let effect = app.fund_effect(&finance, &fund, Some(2025)).unwrap();
    let metrics = effect.metrics.iter();
    let delay = metrics
        .into_iter()
        .find(|one| one.key == new.metric)
        .unwrap();
    assert_eq!(delay.figures.len(), 1);
    let april = &delay.compared[0];
    // The plan of the quarter is 1.2: a fifth of a day more, of 2,000 discharges.
    assert_eq!((april.difference, april.days), (Some(200), Some(400)));
    assert_eq!(april.cost, Some(Pence(400 * 56_200)));
    assert_eq!(delay.compared[1].difference, None);
    sound(&place);
}
