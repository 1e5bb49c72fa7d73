//! A place in a store: everything arrives, on either database, and the store is well.

use access::Actor;
use app::{App, Settings};
use kernel::PlaceId;
use std::sync::Arc;
use store::inbox::InboxState;
use synth::Barsetshire;
use testkit::{FakeClock, Seeded};

pub(crate) fn open(place: &Barsetshire, kept: &testkit::TestLocation) -> App {
    App::open(Settings {
        location: kept.location.clone(),
        place: PlaceId::new("barsetshire").unwrap(),
        clock: Arc::new(FakeClock::at(place.now)),
        randomness: Box::new(Seeded(1)),
        policy: Arc::new(flow::Policy::builtin()),
    })
    .unwrap()
}

#[test]
fn everything_arrives_and_the_store_is_well() {
    let place = Barsetshire::make(&crate::config(600, 3)).unwrap();
    let kept = testkit::location();
    let app = open(&place, &kept);
    synth::fill::fill(&app, &place).unwrap();

    assert_eq!(app.doctor(&Actor::operator()).unwrap(), vec![]);
    let board = app
        .board(&Actor::operator(), &app::flow::BoardFilter::default(), 1)
        .unwrap();
    assert!(board.back.failed > 0, "somebody is back: {:?}", board.back);
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
                let id = &record.notice.message_id;
                let (stay, notice) =
                    store::flow::notice_by_message(tx, id, record.notice.kind)?.unwrap();
                assert_eq!(stay, Some(place.stays[record.stay_index].stay.id));
                // What it says is kept in the words of its message.
                let (reason, free_text) = (notice.reason.clone(), notice.free_text.clone());
                assert!(free_text.contains(&record.notice.free_text));
                assert_eq!(
                    notice,
                    flow::Notice {
                        reason,
                        free_text,
                        ..record.notice.clone()
                    }
                );
            }
            let states = store::inbox::by_state(tx)?;
            assert_eq!(
                states,
                vec![(InboxState::Accepted, place.notices.len() as u64)]
            );
            let with_line = place.timeline.last().unwrap();
            let person = place.people[with_line.person_index].id;
            let filter = store::timeline::Filter {
                limit: 500,
                ..Default::default()
            };
            let lines = store::timeline::of_person(
                tx,
                person,
                &filter,
                &store::scope::ItemScope::default(),
            )?;
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
            .read(|tx| store::document::by_id(tx, document.id))
            .unwrap()
            .unwrap();
        assert_eq!(found.bytes, document.bytes);
    }
}

/// What goes in through the inbox's own door ends as it was made to end.
#[test]
fn what_arrives_is_accepted_rejected_or_to_review_as_it_was_meant() {
    let config = synth::Config {
        open_stays: Some(40),
        ..crate::config(800, 1)
    };
    let place = Barsetshire::make(&config).unwrap();
    let kept = testkit::location();
    let app = open(&place, &kept);
    synth::fill::fill(&app, &place).unwrap();
    let arriving = synth::arrivals::arriving(&place);
    let reports = synth::arrivals::deliver(&app, &place).unwrap();
    assert_eq!(reports.len(), arriving.len());
    for (report, arriving) in reports.iter().zip(&arriving) {
        let (name, issues) = (&arriving.name, &report.issues);
        assert_eq!(
            report.arrival.state, arriving.expected,
            "{name}: {issues:?}"
        );
    }
    let states: std::collections::BTreeSet<_> =
        arriving.iter().map(|one| one.expected.as_str()).collect();
    assert_eq!(states.len(), 4, "one of each: {states:?}");
    assert_eq!(app.doctor(&Actor::operator()).unwrap(), vec![]);
}

/// A notice of the past that arrives again as its message changes nothing.
#[test]
fn a_kept_message_read_again_is_a_repeat() {
    let place = Barsetshire::make(&crate::config(600, 3)).unwrap();
    let kept = testkit::location();
    let app = open(&place, &kept);
    synth::fill::fill(&app, &place).unwrap();
    for record in &place.notices {
        let report = app.retry(&Actor::operator(), record.inbox).unwrap();
        assert_eq!(
            report.arrival.state,
            InboxState::Repeated,
            "{}: {:?}",
            record.notice.kind,
            report.issues
        );
    }
    let unchanged = app.store().read(|tx| {
        for record in &place.stays {
            let row = store::flow::stay(tx, record.stay.id)?;
            assert_eq!(row.map(|row| row.stay).as_ref(), Some(&record.stay));
        }
        Ok::<_, store::Error>(())
    });
    unchanged.unwrap();
}

#[test]
fn the_directory_arrives_whole() {
    let place = Barsetshire::make(&crate::config(100, 3)).unwrap();
    let kept = testkit::location();
    let app = open(&place, &kept);
    synth::fill::fill(&app, &place).unwrap();
    let reports = synth::directory::deliver(&app, &place).unwrap();
    for report in &reports {
        let counts = report.arrival.counts;
        assert_eq!(report.issues, [], "{}", report.arrival.name);
        assert_eq!(report.arrival.state, InboxState::Accepted);
        assert_eq!(counts.accepted, counts.records);
    }
    let services = app.store().read(store::directory::all).unwrap();
    assert!((25..=40).contains(&services.len()), "{}", services.len());
    // Each need has somebody who meets it, but for those that come from the NHS's own lists.
    for need in &app.policy().needs {
        let met = services
            .iter()
            .any(|kept| kept.service.needs.contains(&need.code));
        let listed = ["doctor", "medicines"].contains(&need.code.as_str());
        assert!(met || listed, "nobody meets {}", need.code);
    }
    assert_eq!(app.store().read(store::verify).unwrap(), []);
}
