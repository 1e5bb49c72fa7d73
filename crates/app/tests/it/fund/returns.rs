//! Returns and the figures that they hold against the plan.

use super::*;
use app::fund::{NewFigure, SentReturn};
use fund::sign_off;

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
