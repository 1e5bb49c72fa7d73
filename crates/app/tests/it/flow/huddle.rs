//! The huddle: its list stands, what is agreed is the next action, minutes are for those who may.

use super::{add_stay, hub, new, october};
use app::Error;
use app::flow::CaseSaid;
use testkit::Place;

fn place() -> Place {
    let place = testkit::place();
    for serial in 1..=3 {
        let mut one = new(serial, october(10));
        one.ready = (serial < 3).then(|| october(11 + i8::try_from(serial).unwrap()));
        add_stay(&place, &one);
    }
    place
}

#[test]
fn what_is_agreed_becomes_the_next_action() {
    let place = place();
    let lead = hub(&place);
    let id = place
        .app
        .begin_huddle(&lead, Some(place.hospital), true)
        .unwrap();
    let first = place.app.next_case(&lead, id).unwrap().unwrap();
    assert_eq!((first.done, first.case.number), ((2, 0), 1));
    // Somebody who came in after it began is not on its list.
    let mut late = new(4, october(15));
    late.ready = Some(october(15));
    add_stay(&place, &late);
    let say = |number: i64, version: i64, said: &CaseSaid| {
        place.app.say_case(&lead, id, number, version, said)
    };
    let version = first.stay.row.version;
    let nothing = say(1, version, &CaseSaid::default());
    assert!(matches!(nothing, Err(Error::Invalid(_))));
    let agreed = CaseSaid {
        action: "Ring the daughter".to_owned(),
        owner: Some(place.council),
        owner_name: "Duty desk".to_owned(),
        ..CaseSaid::default()
    };
    say(1, version, &agreed).unwrap();
    assert!(matches!(
        say(1, version + 1, &agreed),
        Err(Error::Stale { .. })
    ));
    let row = place.app.stay(&lead, first.case.stay).unwrap().row;
    assert_eq!(row.next_action, "Ring the daughter");
    assert_eq!(row.next_owner, Some(place.council));
    let skip = CaseSaid {
        skip: true,
        ..CaseSaid::default()
    };
    say(2, 1, &skip).unwrap();
    assert!(place.app.next_case(&lead, id).unwrap().is_none());
    place.app.end_huddle(&lead, id, "Ann, Bob").unwrap();
    let over = say(2, 1, &agreed);
    assert!(matches!(over, Err(Error::Invalid(_))));
    let minutes = place.app.huddle(&lead, id).unwrap();
    assert_eq!((minutes.cases.len(), minutes.hidden), (2, 0));
    assert!(minutes.huddle.ended_at.is_some());
}

#[test]
fn the_whole_board_and_nobody() {
    let place = place();
    let lead = hub(&place);
    let id = place.app.begin_huddle(&lead, None, false).unwrap();
    assert_eq!(place.app.huddle(&lead, id).unwrap().cases.len(), 3);
    let empty = testkit::place();
    let nobody = empty.app.begin_huddle(&hub(&empty), None, true);
    assert!(matches!(nobody, Err(Error::Invalid(_))));
}
