use super::*;
use access::{Actor, Role};
use app::flow::BoardOrder;
use flow::board_view::BoardView;
use kernel::OrganisationId;

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
                order: Some(BoardOrder::Ward),
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

/// Somebody of an organisation, as a practitioner.
fn of(place: &Place, organisation: OrganisationId) -> Actor {
    Actor {
        organisation: Some(organisation),
        account: None,
        ..place.actor(Role::Practitioner)
    }
}

#[test]
fn each_view_has_its_people_and_its_order_in_the_same_number_of_statements() {
    let place = testkit::place();
    a_board(&place);
    let names = |actor: &Actor, view: Option<BoardView>| {
        let filter = BoardFilter {
            view,
            usual_view: true,
            ..BoardFilter::default()
        };
        let before = place.app.store().statements();
        let board = place.app.board(actor, &filter, 1).unwrap();
        let made = place.app.store().statements() - before;
        // One of them counts what the view leaves, by itself, so that it is kept.
        assert!(made <= 8, "{made} statements");
        let before = place.app.store().statements();
        assert_eq!(place.app.board(actor, &filter, 1).unwrap().rows, board.rows);
        let again = place.app.store().statements() - before;
        // PostgreSQL does not tell whether anything changed, so the page is read again.
        let most = match place.app.store().engine_name() {
            "sqlite" => 7,
            _ => 8,
        };
        assert!(again <= most, "{again} statements the second time");
        let names: Vec<_> = board
            .rows
            .iter()
            .map(|row| row.line.family_name.clone())
            .collect();
        (board.view, board.of, names)
    };
    let own = |text: &str| Some(text.to_owned());
    // By what is due: the second has an action due tomorrow, the first today.
    let (lead, council) = (hub(&place), of(&place, place.council));
    for (serial, hours) in [("Bold2", 20), ("Bold1", 2)] {
        let board = place.app.board(&lead, &BoardFilter::default(), 1).unwrap();
        let row = board.rows.iter().find(|row| row.line.family_name == serial);
        let action = StayChange::NextAction {
            what: "Ring the family".to_owned(),
            owner: Some(place.council),
            owner_name: String::new(),
            due_at: Some(place.app.now() + SignedDuration::from_hours(hours)),
        };
        place
            .app
            .change_stay(&lead, row.unwrap().line.stay, 1, &action, "")
            .unwrap();
    }
    let (view, whose, people) = names(&council, None);
    assert_eq!(view, BoardView::Council);
    assert_eq!(whose, own("Barsetshire County Council"));
    assert_eq!(people, ["Bold1", "Bold2"]);
    // The lead starts with the hub's, and may look through the others.
    let (view, whose, people) = names(&lead, None);
    assert_eq!((view, whose), (BoardView::Hub, None));
    assert_eq!(people, ["Bold2", "Bold1", "Bold4", "Bold3", "Bold5"]);
    let ward = of(&place, place.ward);
    let (view, whose, people) = names(&ward, None);
    assert_eq!((view, whose), (BoardView::Ward, own("Allington ward")));
    assert_eq!(people.len(), 2);
    let hospital = of(&place, place.hospital);
    let (_, whose, people) = names(&hospital, None);
    assert_eq!(whose, own("Barchester Royal Infirmary"));
    assert_eq!(people.len(), 5);
    // A view never shows more than the scope: the home has nobody, whatever it looks through.
    let home = of(&place, place.provider);
    for view in BoardView::ALL {
        assert!(names(&home, Some(*view)).2.is_empty(), "{view}");
    }
}

#[test]
fn a_provider_sees_those_whose_step_it_has_and_its_own_council_filter_can_be_overruled() {
    let place = testkit::place();
    a_board(&place);
    let lead = hub(&place);
    let provider = BoardFilter {
        view: Some(BoardView::Provider),
        ..BoardFilter::default()
    };
    let ids = |actor: &Actor, filter: &BoardFilter| -> Vec<String> {
        let board = place.app.board(actor, filter, 1).unwrap();
        let rows = board.rows.iter();
        rows.map(|row| row.line.family_name.clone()).collect()
    };
    assert!(
        ids(&lead, &provider).is_empty(),
        "no chain, no step, no offer"
    );
    let council = of(&place, place.council);
    let other = BoardFilter {
        view: Some(BoardView::Council),
        council: Some(place.neighbour),
        ..BoardFilter::default()
    };
    // Whoever asks for another council's people gets those that they may see: here none.
    assert!(ids(&council, &other).iter().all(|name| name == "Bold3"));
    let plain = BoardFilter {
        view: Some(BoardView::Council),
        ..BoardFilter::default()
    };
    assert_eq!(ids(&council, &plain), ["Bold2", "Bold1"]);
    // A step of the council's is its own.
    let stay = place
        .app
        .board(&lead, &BoardFilter::default(), 1)
        .unwrap()
        .rows[0]
        .line
        .stay;
    place
        .app
        .store()
        .write(|tx| {
            let row = store::flow::stay(tx, stay)?.unwrap();
            place.app.follow_chain(tx, &row)
        })
        .unwrap();
    let shown = ids(&council, &provider);
    let step = place.app.board(&lead, &BoardFilter::default(), 1).unwrap();
    let owner = step.rows[0]
        .line
        .step
        .as_ref()
        .and_then(|step| step.owner.clone());
    let council_has_it = owner.as_deref() == Some("Barsetshire County Council");
    assert_eq!(shown.contains(&"Bold2".to_owned()), council_has_it);
    let hospital_has_it = owner.as_deref() == Some("Barchester Royal Infirmary");
    let hospital = of(&place, place.hospital);
    assert_eq!(
        ids(&hospital, &provider).contains(&"Bold2".to_owned()),
        hospital_has_it
    );
    assert!(council_has_it || hospital_has_it, "{owner:?}");
}
