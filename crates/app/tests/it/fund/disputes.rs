//! Disputes.

use super::*;
use app::fund::{DisputeMove, NewDispute};
use std::collections::BTreeMap;

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
