//! What is coming to a provider: accepted and not begun, offered and not answered, and what it has
//! free; to nobody else.

use super::*;
use app::flow::Coming;

fn coming(place: &Place, actor: &Actor) -> Coming {
    place.app.coming(actor).unwrap()
}

fn names(found: &Coming) -> Vec<String> {
    let people = found.coming.iter().map(|line| match &line.person {
        Some(person) => person.list_name(),
        None => "nobody named".to_owned(),
    });
    people.collect()
}

#[test]
fn a_provider_sees_whom_it_has_accepted_and_what_it_is_asked() {
    let Case {
        place,
        need,
        services,
        ..
    } = case(2);
    let ((first, one, _), (second, other, _)) = (&services[0], &services[1]);
    ask(&place, need, Way::Parallel, &[*first, *second]);
    // Offered: without a name, to both.
    for actor in [one, other] {
        let found = coming(&place, actor);
        assert_eq!((found.coming.len(), found.asked.len()), (0, 1));
        assert!(found.answers);
        assert_eq!(found.steps, None, "a provider works on no steps");
        assert_eq!(found.capacity.len(), 1);
        assert_eq!(found.capacity[0].figures.len(), 1, "with its age");
    }
    let (offer, _) = offer_to(&place, need, *first);
    place.app.answer_offer(one, offer, &yes(0)).unwrap();
    let found = coming(&place, one);
    assert_eq!(names(&found), ["QUIVERFUL1, Mary"]);
    assert_eq!(found.coming[0].starts_on, START);
    assert_eq!((found.coming[0].late, found.asked.len()), (None, 0));
    // The other lost it, and is not told who it was.
    let theirs = coming(&place, other);
    assert_eq!((theirs.coming.len(), theirs.asked.len()), (0, 0));
    // The day has passed and nobody said that care began.
    place.clock.set("2018-12-04T09:00:00Z".parse().unwrap());
    assert_eq!(coming(&place, one).coming[0].late, Some(3));
    // Begun: nobody is coming any more.
    let hub = place.actor(Role::HubLead);
    let version = page(&place, need).row.version;
    place.app.start_care(&hub, (need, version)).unwrap();
    assert_eq!(coming(&place, one).coming, []);
    assert_eq!(place.app.store().read(store::verify).unwrap(), []);
}

#[test]
fn somebody_kept_secret_is_coming_without_a_name() {
    let Case {
        place,
        person,
        need,
        services,
    } = case(1);
    let (service, actor, _) = &services[0];
    ask(&place, need, Way::Parallel, &[*service]);
    let (offer, _) = offer_to(&place, need, *service);
    place.app.answer_offer(actor, offer, &yes(0)).unwrap();
    let officer = place.actor(Role::PrivacyOfficer);
    let restricted = place.app.restrict(&officer, person, true, "Works here");
    restricted.unwrap();
    assert_eq!(names(&coming(&place, actor)), ["nobody named"]);
}

#[test]
fn others_have_no_such_page_or_an_empty_one() {
    let Case { place, .. } = case(1);
    for role in [Role::Analyst, Role::Finance, Role::PrivacyOfficer] {
        let found = place.app.coming(&place.actor(role));
        assert!(matches!(found, Err(Error::Denied(_))), "{role}");
    }
    // A worker of the council runs no service: nothing is theirs.
    let worker = place.actor(Role::Practitioner);
    let found = coming(&place, &worker);
    assert_eq!((found.coming.len(), found.asked.len()), (0, 0));
    assert_eq!(found.capacity, []);
    assert!(found.steps.is_some());
    assert!(!place.app.starts_with_coming(&worker).unwrap());
}

/// A trust's worker starts with what is coming once the directory has a service of the trust's.
#[test]
fn whoever_works_for_a_community_provider_starts_there() {
    let Case {
        place,
        need,
        services,
        ..
    } = case(1);
    assert!(place.app.starts_with_coming(&services[0].1).unwrap());
    let community = Organisation {
        id: place.app.ids().organisation(),
        kind: "trust".to_owned(),
        code: Some("ZVXCT".to_owned()),
        name: "St Ewold's Community Trust".to_owned(),
        parent: None,
    };
    let insert = |tx: &mut dyn store::Tx| store::organisation::insert(tx, &community);
    place.app.store().write(insert).unwrap();
    let nurse = Actor {
        role: Role::Practitioner,
        ..acts_for(community.id, &community.name)
    };
    assert!(!place.app.starts_with_coming(&nurse).unwrap());
    let own = service(&place, "Community nursing", "ZVXCT");
    assert!(place.app.starts_with_coming(&nurse).unwrap());
    let manager = acts_for(community.id, &community.name);
    place.app.add_capacity(&manager, own, &figure(1)).unwrap();
    ask(&place, need, Way::Parallel, &[own]);
    let (offer, _) = offer_to(&place, need, own);
    assert_eq!(coming(&place, &nurse).asked.len(), 1);
    place.app.answer_offer(&manager, offer, &yes(0)).unwrap();
    let found = coming(&place, &nurse);
    assert_eq!(found.coming.len(), 1);
    assert!(!found.answers, "a nurse answers no offers");
    place.clock.advance(SignedDuration::from_hours(1));
    assert_eq!(found.capacity.len(), 1);
}
