//! A place in a store: everything arrives, on either database, and the store is well.

use access::Actor;
use app::{App, Settings};
use kernel::PlaceId;
use std::sync::Arc;
use store::inbox::InboxState;
use synth::Barsetshire;
use testkit::{FakeClock, Seeded};

#[test]
fn everything_arrives_and_the_store_is_well() {
    let place = Barsetshire::make(&crate::config(600, 3)).unwrap();
    let kept = testkit::location();
    let app = App::open(Settings {
        location: kept.location.clone(),
        place: PlaceId::new("barsetshire").unwrap(),
        clock: Arc::new(FakeClock::at(place.now)),
        randomness: Box::new(Seeded(1)),
        policy: Arc::new(flow::Policy::builtin()),
    })
    .unwrap();
    synth::fill::fill(&app, &place).unwrap();

    assert_eq!(app.doctor(&Actor::operator()).unwrap(), vec![]);
    let mut stays = 0;
    app.store()
        .read(|tx| {
            assert_eq!(
                store::organisation::all(tx)?.len(),
                place.organisations.all.len()
            );
            for person in &place.people {
                assert_eq!(store::person::by_id(tx, person.id)?.as_ref(), Some(person));
            }
            for record in &place.stays {
                let row = store::flow::stay(tx, record.stay.id)?.expect("the stay is there");
                assert_eq!(row.stay, record.stay);
                assert_eq!(row.next_action, record.next_action);
                stays += 1;
            }
            for record in &place.notices {
                let (stay, notice) =
                    store::flow::notice_by_message(tx, &record.notice.message_id)?.unwrap();
                assert_eq!(stay, place.stays[record.stay_index].stay.id);
                assert_eq!(notice, record.notice);
            }
            let states = store::inbox::by_state(tx)?;
            assert_eq!(
                states,
                vec![(InboxState::Accepted, place.notices.len() as u64)]
            );
            let with_line = place.timeline.last().unwrap();
            let person = place.people[with_line.person_index].id;
            let filter = store::record::Filter {
                limit: 500,
                ..Default::default()
            };
            let lines = store::record::timeline(tx, person, &filter)?;
            let made = place
                .timeline
                .iter()
                .filter(|l| l.person_index == with_line.person_index);
            assert_eq!(lines.len(), made.count());
            Ok::<_, store::Error>(())
        })
        .unwrap();
    assert!(stays > 50, "{stays} stays");
    for document in &place.documents {
        let found = app
            .store()
            .read(|tx| store::record::document(tx, document.id))
            .unwrap()
            .unwrap();
        assert_eq!(found.bytes, document.bytes);
    }
}
