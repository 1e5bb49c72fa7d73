//! Who acts for a person: written down with its source, shown on the record, used by letters and
//! notices, ended with why, and kept.

use crate::flow::{New, add_stay, new};
use crate::offers::somebody;
use access::{Actor, Role};
use app::Error;
use app::person::TimelineFilter;
use jiff::civil::date;
use kernel::{PersonId, StayId};
use person::acting::{Acting, Part, Scope, Source};
use testkit::Place;

fn attorney(name: &str) -> Acting {
    Acting {
        part: Part::Attorney,
        name: name.to_owned(),
        relation: "daughter".to_owned(),
        telephone: "01632 960 111".to_owned(),
        scope: Scope {
            welfare: true,
            property: false,
        },
        starts_on: Some(date(2018, 5, 1)),
        ends_on: None,
        source: Source::Seen,
        source_words: "Paper seen on Allington ward".to_owned(),
    }
}

fn kin(name: &str) -> Acting {
    Acting {
        part: Part::NextOfKin,
        name: name.to_owned(),
        scope: Scope::default(),
        source: Source::Told,
        source_words: "She said so".to_owned(),
        ..attorney(name)
    }
}

fn on_record(place: &Place, actor: &Actor, person: PersonId) -> Vec<String> {
    let page = place.app.person(actor, person, &TimelineFilter::default());
    let acting = page.unwrap().acting.into_iter();
    acting.map(|one| one.name).collect()
}

fn fields(error: Error) -> Vec<&'static str> {
    match error {
        Error::Invalid(errors) => errors.iter().map(|one| one.field).collect(),
        other => panic!("{other}"),
    }
}

#[test]
fn it_is_written_down_shown_and_ended_with_why() {
    let place = testkit::place();
    let worker = place.actor(Role::Practitioner);
    let person = somebody(&place, 1);
    let app = &place.app;
    app.add_acting(&worker, person, &kin("Mary Bold")).unwrap();
    app.add_acting(&worker, person, &attorney("Eleanor Bold"))
        .unwrap();
    assert_eq!(
        on_record(&place, &worker, person),
        ["Eleanor Bold", "Mary Bold"],
        "who may decide stands first"
    );
    // Twice the same, a power over nothing, and no word on how it is known.
    let twice = app.add_acting(&worker, person, &kin("Mary Bold"));
    assert_eq!(fields(twice.unwrap_err()), ["name"]);
    let wrong = Acting {
        scope: Scope::default(),
        source_words: "  ".to_owned(),
        ..attorney("Eleanor Bold")
    };
    let refused = app.add_acting(&worker, person, &wrong).unwrap_err();
    assert_eq!(fields(refused), ["scope", "source_words"]);
    let page = app.acting_for(&worker, person).unwrap();
    let id = page
        .kept
        .iter()
        .find(|one| one.acting.part == Part::Attorney)
        .unwrap()
        .id;
    assert_eq!(
        fields(app.end_acting(&worker, person, id, " ").unwrap_err()),
        ["why"]
    );
    app.end_acting(&worker, person, id, "Revoked by the person")
        .unwrap();
    assert!(matches!(
        app.end_acting(&worker, person, id, "Again"),
        Err(Error::NotFound(_))
    ));
    assert_eq!(on_record(&place, &worker, person), ["Mary Bold"]);
    // What was ended is kept, with who and why.
    let page = app.acting_for(&worker, person).unwrap();
    let (_, by, why) = page.kept[1].ended.clone().unwrap();
    assert_eq!(
        (by.as_str(), why.as_str()),
        (worker.display_name.as_str(), "Revoked by the person")
    );
    // Somebody else's entry is not theirs to end, and others may do nothing of it.
    let other = somebody(&place, 2);
    let kept = page.kept[0].id;
    assert!(matches!(
        app.end_acting(&worker, other, kept, "Not theirs"),
        Err(Error::NotFound(_))
    ));
    for role in [Role::Provider, Role::Analyst, Role::PrivacyOfficer] {
        let found = app.acting_for(&place.actor(role), person);
        assert!(matches!(found, Err(Error::Denied(_))), "{role}");
    }
    assert_eq!(app.store().read(store::verify).unwrap(), []);
}

#[test]
fn what_is_over_or_has_not_begun_does_not_act() {
    let place = testkit::place();
    let worker = place.actor(Role::Practitioner);
    let person = somebody(&place, 1);
    for (name, from, until) in [
        ("Over", None, Some(date(2018, 10, 15))),
        ("Today", None, Some(date(2018, 10, 16))),
        ("Later", Some(date(2018, 10, 17)), None),
    ] {
        let one = Acting {
            starts_on: from,
            ends_on: until,
            ..attorney(name)
        };
        place.app.add_acting(&worker, person, &one).unwrap();
    }
    assert_eq!(on_record(&place, &worker, person), ["Today"]);
}

fn stay(place: &Place) -> (StayId, PersonId) {
    let one = New {
        council: Some(place.council),
        ..new(1, date(2018, 10, 10))
    };
    let id = add_stay(place, &one);
    let read = |tx: &mut dyn store::Tx| store::flow::stay(tx, id);
    let row = place.app.store().read(read).unwrap().unwrap();
    (id, row.stay.person)
}

#[test]
fn letters_and_notices_name_who_acts() {
    let place = testkit::place();
    let hub = place.actor(Role::HubLead);
    let (id, person) = stay(&place);
    assert_eq!(place.app.choice_letters(&hub, id).unwrap().acting, []);
    let one = attorney("Eleanor Bold");
    place.app.add_acting(&hub, person, &one).unwrap();
    let letters = place.app.choice_letters(&hub, id).unwrap();
    assert_eq!(letters.acting, std::slice::from_ref(&one));
    let notices = place.app.notices_to_write(&hub, id).unwrap();
    assert_eq!(notices.acting, [one]);
}
