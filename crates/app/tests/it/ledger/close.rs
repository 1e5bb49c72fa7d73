//! A month that is closed, and what the doctor finds of what was changed since.

use super::*;
use fund::ledger::close::by_contribution;
use store::Value;

#[test]
fn a_closed_month_stays_as_it_was_and_its_shares_are_posted() {
    let (place, finance) = begun();
    let app = &place.app;
    let on = date(2026, 4, 20);
    for (sides, pence) in [((CASH, ICB), 6_000), ((CASH, COUNTY), 4_000)] {
        let paid = post(&place, &finance, sides, pence, on);
        app.post_transfers(&finance, &[paid]).unwrap();
    }
    let payable = "liabilities:payable:bcf:ullathorne-house";
    app.open_ledger_account(&finance, &name(payable), Limit::None)
        .unwrap();
    let spent = post(&place, &finance, (SPENT, payable), 11_000, on);
    app.post_transfers(&finance, std::slice::from_ref(&spent))
        .unwrap();

    let early = app
        .close_ledger_period(&finance, month("2026-05"), None)
        .unwrap_err();
    assert_eq!(
        early.to_string(),
        "April 2026 comes before May 2026: close it first"
    );
    let closed = app
        .close_ledger_period(&finance, month("2026-04"), Some(&by_contribution))
        .unwrap();
    let parts: Vec<_> = closed
        .parts
        .iter()
        .map(|one| (one.partner.as_str(), one.amount.0))
        .collect();
    assert_eq!(parts, [("county", 400), ("icb", 600)]);
    assert_eq!(closed.frozen.transfers, 5);
    assert_eq!(
        balance(&place, &finance, "assets:due-from-partner:bcf:icb", None),
        600
    );

    let late = post(&place, &finance, (SPENT, payable), 5, on);
    let refused = app.post_transfers(&finance, &[late]).unwrap_err();
    assert!(
        refused
            .to_string()
            .contains("use a day in May 2026 or later"),
        "{refused}"
    );
    let repeat = app.post_transfers(&finance, &[spent]).unwrap();
    assert_eq!(repeat, Outcome::Repeated);
    let twice = app
        .close_ledger_period(&finance, month("2026-04"), None)
        .unwrap_err();
    assert_eq!(twice.to_string(), "April 2026 is closed already");
    let open = app
        .close_ledger_period(&finance, month("2026-05"), None)
        .unwrap_err();
    assert!(open.to_string().contains("is not over"), "{open}");
    sound(&place);
}

#[test]
fn the_doctor_finds_whatever_is_changed_behind_the_ledgers_back() {
    let changes = [
        (
            "UPDATE ledger_transfer SET amount = amount + 1 WHERE place = ?1 AND amount = 6000",
            "sum",
        ),
        (
            "UPDATE ledger_transfer SET note = 'other' WHERE place = ?1 AND amount = 6000",
            "frozen",
        ),
        (
            "UPDATE ledger_balance SET debits_posted = 0 WHERE place = ?1",
            "balance",
        ),
        (
            "UPDATE ledger_balance SET credits_posted = 0 WHERE place = ?1",
            "month",
        ),
        (
            "UPDATE ledger_period SET hash = 'x' WHERE place = ?1",
            "frozen",
        ),
        (
            "UPDATE ledger_reservation SET remaining = 1 WHERE place = ?1",
            "remains",
        ),
        (
            "DELETE FROM ledger_transfer WHERE place = ?1 AND amount = 6000",
            "all its transfers",
        ),
        (
            "UPDATE ledger_transfer SET entry = entry + 1000 WHERE place = ?1 AND amount = 6000",
            "its row of the journal",
        ),
        (
            "UPDATE ledger_transfer SET effective_on = '2026-06-01' WHERE place = ?1 AND amount = 6000",
            "month of its day",
        ),
        (
            "UPDATE ledger_transfer SET note = '' WHERE place = ?1 AND kind = 'reverse'",
            "reversal",
        ),
        (
            "UPDATE ledger_transfer SET debit_id = credit_id WHERE place = ?1 AND kind = 'post-reserved'",
            "between its accounts",
        ),
        (
            "DELETE FROM ledger_posting WHERE place = ?1 AND side = 'credit'",
            "lists of both its accounts",
        ),
        (
            "UPDATE ledger_posting SET line = line + 1000 WHERE place = ?1 AND side = 'debit'",
            "is a transfer of it",
        ),
    ];
    for (sql, expected) in changes {
        let place = a_closed_month();
        sound(&place);
        let changed = |tx: &mut dyn store::Tx| tx.execute(sql, &[Value::from("barsetshire")]);
        assert!(place.app.store().write(changed).unwrap() > 0, "{sql}");
        let faults = place.app.check_ledger(&Actor::operator()).unwrap();
        let found = faults.iter().any(|fault| fault.check.contains(expected));
        assert!(found, "{sql}: {faults:?}");
    }
}

/// A month with a contribution, a slip that was reversed, and a reservation that is drawn on, closed.
fn a_closed_month() -> Place {
    let (place, finance) = begun();
    let app = &place.app;
    let on = date(2026, 4, 20);
    let paid = post(&place, &finance, (CASH, ICB), 6_000, on);
    app.post_transfers(&finance, std::slice::from_ref(&paid))
        .unwrap();
    let slip = post(&place, &finance, (CASH, ICB), 40, on);
    app.post_transfers(&finance, std::slice::from_ref(&slip))
        .unwrap();
    let new = app.ids().transfer();
    app.reverse_transfer(&finance, (new, slip.id), on, "a slip")
        .unwrap();
    let held = Asked {
        id: app.ids().transfer(),
        effective: on,
        what: What::Reserve {
            debit: id(&place, &finance, SPENT),
            credit: id(&place, &finance, CASH),
            amount: Pence(700),
            lapses_on: None,
        },
        note: String::new(),
    };
    app.post_transfers(&finance, std::slice::from_ref(&held))
        .unwrap();
    let drawn = Asked {
        id: app.ids().transfer(),
        effective: on,
        what: What::PostReserved {
            reservation: held.id,
            amount: Some(Pence(300)),
            keep_rest: true,
        },
        note: String::new(),
    };
    app.post_transfers(&finance, &[drawn]).unwrap();
    app.close_ledger_period(&finance, month("2026-04"), None)
        .unwrap();
    place
}
