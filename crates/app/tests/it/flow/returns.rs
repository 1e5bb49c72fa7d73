use super::*;

fn csv(place: &Place, month: &str, regime: Regime) -> String {
    let actor = Actor::operator();
    let made = place
        .app
        .return_delays(&actor, month.parse().unwrap(), regime, "official return")
        .unwrap();
    made.rows
        .iter()
        .map(|r| {
            format!(
                "{},{},{},{},{}",
                r.council, r.care_type, r.responsible, r.reason, r.days
            )
        })
        .collect::<Vec<_>>()
        .join("\n")
}

/// The worked vectors V9 and V10 of RULES through the store, and what is not known.
#[test]
fn the_return_of_the_old_regime() {
    let place = testkit::place();
    let d = |month, day| date(2017, month, day);
    let end = |month, day| Some(date(2017, month, day));
    let stay = |serial, council, ready, left, segments| New {
        council,
        ready: Some(ready),
        left,
        segments,
        ..new(serial, d(3, 1))
    };
    let own = Some(place.council);
    let nhs = Responsible::Nhs;
    add_stay(
        &place,
        &stay(1, own, d(3, 28), None, vec![(d(3, 28), None, "A", nhs)]),
    );
    add_stay(
        &place,
        &stay(
            2,
            own,
            d(4, 3),
            end(4, 15),
            vec![
                (d(4, 3), end(4, 10), "D(i)", nhs),
                (d(4, 10), end(4, 15), "E", Responsible::SocialCare),
            ],
        ),
    );
    add_stay(
        &place,
        &stay(
            3,
            None,
            d(4, 3),
            end(4, 6),
            vec![(d(4, 3), end(4, 6), "B", Responsible::Both)],
        ),
    );
    add_stay(&place, &stay(4, own, d(4, 20), end(4, 25), vec![]));
    let child = New {
        born: Some(d(1, 1)),
        ..stay(5, own, d(4, 3), end(4, 20), vec![])
    };
    add_stay(&place, &child);
    insta::assert_snapshot!("return_dtoc", csv(&place, "2017-04", Regime::Dtoc));
    let made = place
        .app
        .return_delays(
            &Actor::operator(),
            "2018-10".parse().unwrap(),
            Regime::Dtoc,
            "official return",
        )
        .unwrap();
    assert!(!made.complete, "the month is not over");
    assert_eq!(made.rows.len(), 1);
    assert_eq!(made.rows[0].days, "15", "1 to 15 October are over");
    well(&place);
}

#[test]
fn the_return_of_the_new_regime() {
    let place = testkit::place();
    place
        .clock
        .advance(SignedDuration::from_hours(24 * 365 * 8));
    let d = |day| date(2026, 5, day);
    let stay = |serial, council, ready, left| New {
        council,
        ready,
        left: Some(left),
        ..new(serial, date(2026, 4, 20))
    };
    let own = Some(place.council);
    for (serial, waited) in [(1, 0), (2, 0), (3, 0), (4, 0), (5, 6)] {
        add_stay(&place, &stay(serial, own, Some(d(4)), d(4 + waited)));
    }
    add_stay(&place, &stay(6, own, None, d(9)));
    add_stay(&place, &stay(8, None, None, d(9)));
    insta::assert_snapshot!("return_drd", csv(&place, "2026-05", Regime::Drd));
    let early = place.app.return_delays(
        &Actor::operator(),
        "2017-04".parse().unwrap(),
        Regime::Drd,
        "official return",
    );
    assert!(
        early
            .unwrap_err()
            .to_string()
            .contains("drd.minimum_age for England on 2017-04-01")
    );
}
