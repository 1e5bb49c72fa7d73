//! Agreements: versions, which is in force, and those that are refused.

use super::*;

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
