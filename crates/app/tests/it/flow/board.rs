use super::*;
use app::flow::BoardOrder;

fn a_board(place: &Place) {
    let ready = |serial, day, council, segments| New {
        ready: Some(october(day)),
        council,
        segments,
        ..new(serial, october(1))
    };
    let own = Some(place.council);
    let open = |day, code, side| vec![(october(day), None, code, side)];
    add_stay(place, &ready(1, 9, own, open(9, "E", Responsible::Nhs)));
    add_stay(place, &ready(2, 4, own, open(4, "A", Responsible::Nhs)));
    add_stay(
        place,
        &ready(
            3,
            12,
            Some(place.neighbour),
            open(12, "G", Responsible::SocialCare),
        ),
    );
    add_stay(place, &ready(4, 12, None, vec![]));
    add_stay(place, &new(5, date(2018, 9, 20)));
    add_stay(
        place,
        &New {
            left: Some(october(8)),
            ..ready(6, 8, own, vec![])
        },
    );
}

#[test]
fn the_board_has_the_longest_waits_first_and_filters() {
    let place = testkit::place();
    a_board(&place);
    let hub = hub(&place);
    let names = |filter: &BoardFilter| -> Vec<String> {
        let board = place.app.board(&hub, filter, 1).unwrap();
        assert_eq!(usize::try_from(board.fitting).unwrap(), board.rows.len());
        board
            .rows
            .iter()
            .map(|row| row.line.family_name.clone())
            .collect()
    };
    let all = BoardFilter::default();
    assert_eq!(names(&all), ["Bold2", "Bold1", "Bold4", "Bold3", "Bold5"]);
    for (filter, expected) in [
        (
            BoardFilter {
                ward: Some("Allington ward".to_owned()),
                ..all.clone()
            },
            vec!["Bold2", "Bold4"],
        ),
        (
            BoardFilter {
                council: Some(place.neighbour),
                ..all.clone()
            },
            vec!["Bold3"],
        ),
        (
            BoardFilter {
                council_not_known: true,
                ..all.clone()
            },
            vec!["Bold4", "Bold5"],
        ),
        (
            BoardFilter {
                side: Some(Responsible::SocialCare),
                ..all.clone()
            },
            vec!["Bold3"],
        ),
        (
            BoardFilter {
                organisation: Some(place.council),
                ..all.clone()
            },
            vec!["Bold2", "Bold1", "Bold3"],
        ),
        (
            BoardFilter {
                ready: Some(false),
                ..all.clone()
            },
            vec!["Bold5"],
        ),
        (
            BoardFilter {
                hospital: Some(place.trust),
                ..all.clone()
            },
            vec![],
        ),
        (
            BoardFilter {
                pathway: Pathway::new(2),
                ..all.clone()
            },
            vec![],
        ),
        (
            BoardFilter {
                order: BoardOrder::Ward,
                ..all.clone()
            },
            vec!["Bold2", "Bold4", "Bold1", "Bold3", "Bold5"],
        ),
    ] {
        assert_eq!(names(&filter), expected, "{filter:?}");
    }
}

#[test]
fn a_row_of_the_board_says_how_long_and_whose_move() {
    let place = testkit::place();
    a_board(&place);
    let hub = hub(&place);
    let board = place.app.board(&hub, &BoardFilter::default(), 1).unwrap();
    let first = &board.rows[0];
    let action = StayChange::NextAction {
        what: "Ring the family".to_owned(),
        owner: Some(place.council),
        owner_name: "Duty social worker".to_owned(),
        due_at: Some(place.app.now() - SignedDuration::from_hours(3)),
    };
    place
        .app
        .change_stay(&hub, first.line.stay, 1, &action, "")
        .unwrap();
    let before = place.app.store().statements();
    let board = place.app.board(&hub, &BoardFilter::default(), 1).unwrap();
    assert_eq!(
        place.app.store().statements() - before,
        7,
        "three, one for whom the asker acts for, and three for the journal"
    );
    let row = &board.rows[0];
    assert_eq!(row.list_name, "BOLD2, John");
    assert_eq!(
        (row.age, row.days_in_hospital, row.mark),
        (Some(80), 15, Some(14))
    );
    assert_eq!(row.days_past_ready, Some(12));
    assert_eq!(row.reason.as_deref(), Some("Assessment to be completed"));
    assert_eq!(
        row.line.organisation.as_deref(),
        Some("Barsetshire County Council")
    );
    assert_eq!(
        row.line.next_owner.as_deref(),
        Some("Barsetshire County Council")
    );
    assert_eq!(row.overdue.as_deref(), Some("overdue by 3 hours"));
    let counts = &board.counts;
    assert_eq!((counts.open, counts.ready, counts.overdue), (5, 4, 1));
    let councils: Vec<_> = counts
        .councils
        .iter()
        .map(|c| (c.name.as_str(), c.stays))
        .collect();
    assert_eq!(
        councils,
        [
            ("Barsetshire County Council", 2),
            ("East Barsetshire Council", 1),
            ("", 2)
        ]
    );
    assert_eq!(board.pages, 1);
}

#[test]
fn the_board_comes_in_pages() {
    let place = testkit::place();
    for serial in 0..130 {
        if NhsNumber::synthetic(serial).is_some() {
            add_stay(&place, &new(serial, october(1)));
        }
    }
    let hub = hub(&place);
    let pages = [1, 2, 3].map(|page| {
        place
            .app
            .board(&hub, &BoardFilter::default(), page)
            .unwrap()
    });
    assert_eq!(pages[0].pages, 2);
    assert_eq!(pages[0].rows.len(), 100);
    let fitting = usize::try_from(pages[0].fitting).unwrap();
    assert_eq!(pages[1].rows.len(), fitting - 100);
    assert!(pages[2].rows.is_empty());
}
