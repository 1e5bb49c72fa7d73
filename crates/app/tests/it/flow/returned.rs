//! Who is back soon after leaving: on the board, on the stay, in a huddle.

use super::{New, add_stay, hub, new, october, well};
use access::{Action, Role};
use app::flow::{BackCounts, StayChange};
use flow::readmission::Which;
use flow::{DestinationState, Pathway};
use jiff::civil::Date;
use kernel::StayId;
use store::flow::BoardFilter;
use testkit::Place;

/// The person of an earlier stay comes in again.
fn again(place: &Place, before: StayId, admitted: Date, how: &str) -> StayId {
    let app = &place.app;
    app.store()
        .write(|tx| {
            let mut row = store::flow::stay(tx, before)?.unwrap();
            row.stay.id = app.ids().stay();
            row.stay.admitted_on = admitted;
            row.stay.admission_method = Some(how.to_owned());
            row.stay.ready_on = None;
            row.stay.discharged_on = None;
            row.stay.discharge_method = None;
            row.stay.discharge_destination = None;
            row.source_key = Some(format!("again {before}"));
            store::flow::insert_stay(tx, &row)?;
            app.follow_stay(tx, (&row).into())?;
            Ok::<_, app::Error>(row.stay.id)
        })
        .unwrap()
}

fn left(serial: u32, on: Date) -> New {
    New {
        left: Some(on),
        ready: Some(october(1)),
        ..new(serial, october(1))
    }
}

fn shown(place: &Place, back: Option<Which>) -> Vec<String> {
    let filter = BoardFilter {
        back,
        ..BoardFilter::default()
    };
    let board = place.app.board(&hub(place), &filter, 1).unwrap();
    let mut names: Vec<_> = board
        .rows
        .iter()
        .map(|row| row.line.family_name.clone())
        .collect();
    names.sort();
    names
}

#[test]
fn who_is_back_is_on_the_board_the_stay_and_in_the_huddle() {
    let place = testkit::place();
    let (app, lead) = (&place.app, hub(&place));
    let failed = add_stay(&place, &left(1, october(10)));
    let failed_again = again(&place, failed, october(12), "21");
    let later = add_stay(&place, &left(2, october(5)));
    let later_again = again(&place, later, october(15), "21");
    // Neither a planned admission nor a first stay is a return.
    let planned = add_stay(&place, &left(3, october(10)));
    again(&place, planned, october(12), "12");
    add_stay(&place, &new(4, october(11)));

    assert_eq!(shown(&place, Some(Which::All)), ["Bold1", "Bold2"]);
    assert_eq!(shown(&place, Some(Which::Failed)), ["Bold1"]);
    assert_eq!(shown(&place, None).len(), 4);
    let counts = BackCounts { back: 2, failed: 1 };
    assert_eq!(app.back_counts(&lead).unwrap(), counts);
    let board = app.board(&lead, &BoardFilter::default(), 1).unwrap();
    assert_eq!(board.back, counts);
    let row = |stay: StayId| board.rows.iter().find(|row| row.line.stay == stay).unwrap();
    let back = row(failed_again).back.as_ref().unwrap();
    assert_eq!((back.back.days, back.back.failed), (2, true));
    assert_eq!((back.last, back.left_on), (failed, october(10)));
    assert_eq!(row(later_again).back.as_ref().unwrap().back.days, 10);

    let huddle = app.begin_huddle(&lead, None, false).unwrap();
    assert_eq!(app.next_case(&lead, huddle).unwrap().unwrap().back, counts);
    let page = app.stay(&lead, failed_again).unwrap().back.unwrap();
    assert_eq!(
        (page.last.stay.id, page.hospital.as_str()),
        (failed, "Barchester Royal Infirmary")
    );
    assert!(page.care.is_empty() && !page.restarts);
    assert!(app.stay(&lead, failed).unwrap().back.is_none());
    well(&place);
}

#[test]
fn it_follows_what_is_put_right_and_who_may_see() {
    let place = testkit::place();
    let (app, lead) = (&place.app, hub(&place));
    let before = add_stay(&place, &left(1, october(10)));
    let now = again(&place, before, october(12), "21");
    assert_eq!(shown(&place, Some(Which::Failed)), ["Bold1"]);
    // The discharge was a week earlier: it has not failed.
    let earlier = StayChange::Discharge {
        on: october(3),
        method: "1".to_owned(),
        destination: "19".to_owned(),
    };
    app.change_stay(&lead, before, 1, &earlier, "Wrong day")
        .unwrap();
    assert!(shown(&place, Some(Which::Failed)).is_empty());
    let back = app.stay(&lead, now).unwrap().back.unwrap();
    assert_eq!((back.back.back.days, back.back.back.failed), (9, false));
    // They had gone to another hospital: no return at all.
    let moved = StayChange::Discharge {
        on: october(3),
        method: "1".to_owned(),
        destination: "51".to_owned(),
    };
    app.change_stay(&lead, before, 2, &moved, "Wrong place")
        .unwrap();
    assert!(shown(&place, Some(Which::All)).is_empty());
    // Whoever has no link with the person counts nobody.
    let stranger = access::Actor {
        organisation: Some(place.neighbour),
        account: None,
        ..place.actor(Role::Practitioner)
    };
    assert!(access::decide(&stranger, Action::SeeBoard).is_ok());
    assert_eq!(app.back_counts(&stranger).unwrap(), BackCounts::default());
}

#[test]
fn the_last_stay_says_its_pathway_and_where_the_person_went() {
    let place = testkit::place();
    let (app, lead) = (&place.app, hub(&place));
    let before = add_stay(
        &place,
        &New {
            left: None,
            ..left(1, october(10))
        },
    );
    for (version, change) in [
        (1, StayChange::Pathway(Pathway::new(1))),
        (
            2,
            StayChange::Destination {
                what: "Plumstead Care".to_owned(),
                state: DestinationState::Started,
                starts_on: Some(october(10)),
            },
        ),
        (
            3,
            StayChange::Discharge {
                on: october(10),
                method: "1".to_owned(),
                destination: "19".to_owned(),
            },
        ),
    ] {
        app.change_stay(&lead, before, version, &change, "")
            .unwrap();
    }
    let now = again(&place, before, october(13), "21");
    let back = app.stay(&lead, now).unwrap().back.unwrap();
    assert_eq!(back.last.stay.pathway, Pathway::new(1));
    assert_eq!(back.last.destination, "Plumstead Care");
    assert!(!back.back.back.failed);
}
