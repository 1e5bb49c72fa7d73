//! Accounts are kept from one run of commands to the next; whatever else changes the ledger counts at
//! once.

use super::*;
use app::{App, Settings};
use kernel::PlaceId;
use std::sync::Arc;
use testkit::Seeded;

/// The same place, as another process has it.
fn elsewhere(place: &Place) -> App {
    App::open(Settings {
        location: place.location().clone(),
        place: PlaceId::new("barsetshire").unwrap(),
        clock: Arc::new(place.clock.clone()),
        randomness: Box::new(Seeded(2)),
        policy: Arc::new(flow::Policy::builtin()),
    })
    .unwrap()
}

#[test]
fn what_another_process_does_to_the_ledger_counts_at_once() {
    let (place, finance) = begun();
    let other = elsewhere(&place);
    let on = date(2026, 4, 20);
    let spend = |pence| post(&place, &finance, (BUDGET, CONTROL), pence, on);
    let give = post(&place, &finance, (CONTROL, BUDGET), 1_000, on);
    let send = |app: &App, asked: &Asked| app.post_transfers(&finance, std::slice::from_ref(asked));
    send(&place.app, &give).unwrap();
    send(&place.app, &spend(500)).unwrap();
    let theirs = spend(400);
    send(&other, &theirs).unwrap();
    let refused = send(&place.app, &spend(200)).unwrap_err();
    assert!(refused.to_string().contains("over its limit"), "{refused}");
    let again = send(&place.app, &theirs).unwrap();
    assert_eq!(again, Outcome::Repeated);
    send(&place.app, &spend(60)).unwrap();
    let refused = send(&other, &spend(50)).unwrap_err();
    assert!(refused.to_string().contains("over its limit"), "{refused}");
    other
        .close_ledger_period(&finance, month("2026-04"), None)
        .unwrap();
    let refused = send(&place.app, &spend(10)).unwrap_err();
    assert!(refused.to_string().contains("closed"), "{refused}");
    sound(&place);
}

#[test]
fn a_refused_command_leaves_accounts_as_they_were() {
    let (place, finance) = begun();
    let app = &place.app;
    let on = date(2026, 4, 20);
    let spend = |pence| post(&place, &finance, (BUDGET, CONTROL), pence, on);
    let give = post(&place, &finance, (CONTROL, BUDGET), 1_000, on);
    app.post_transfers(&finance, &[give]).unwrap();
    for _ in 0..3 {
        // The first of the two would fit alone.
        let refused = app.post_transfers(&finance, &[spend(900), spend(200)]);
        assert!(refused.is_err());
    }
    app.post_transfers(&finance, &[spend(1_000)]).unwrap();
    assert_eq!(balance(&place, &finance, BUDGET, None), 0);
    sound(&place);
}
