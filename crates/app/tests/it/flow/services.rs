//! Services of people: written down, changed, withheld; episodes of reablement.

use super::{add_stay, new};
use access::Role;
use app::Error;
use app::flow::services::{Draft, GoalChange};
use flow::ascof::home_after_hospital::AfterWeeks;
use flow::chain::CaseKind;
use flow::service::{Outcome, ServiceType};
use jiff::civil::{Date, date};
use kernel::PersonId;
use store::service_period::GoalResult;
use testkit::Place;

/// A place in May 2026, with somebody who left hospital on 1 April.
fn somebody() -> (Place, PersonId, kernel::StayId) {
    let place = testkit::place();
    place.clock.set("2026-05-04T09:30:00Z".parse().unwrap());
    let mut stay = new(1, date(2026, 3, 20));
    stay.left = Some(date(2026, 4, 1));
    let stay = add_stay(&place, &stay);
    let person = place
        .app
        .store()
        .read(|tx| store::flow::stay(tx, stay))
        .unwrap()
        .unwrap()
        .stay
        .person;
    place.tie(person);
    (place, person, stay)
}

fn reablement(starts_on: Date, ends_on: Option<Date>) -> Draft {
    Draft {
        kind: ServiceType::StMax,
        component: None,
        starts_on,
        ends_on,
        outcome: ends_on.map(|_| Outcome::EndedAsPlanned),
        council: None,
        organisation: None,
        stay: None,
        visits_a_week: Some(14),
        minutes_a_visit: Some(45),
        mistake_why: String::new(),
    }
}

#[test]
fn an_episode_says_how_soon_it_began_and_what_is_free() {
    let (place, person, stay) = somebody();
    let actor = place.actor(Role::Practitioner);
    let app = &place.app;
    let draft = reablement(date(2026, 4, 3), None);
    let id = app.add_service_period(&actor, person, &draft).unwrap();
    let page = app.service_period(&actor, id).unwrap();
    let episode = page.episode.unwrap();
    let steps = super::steps_of(&place, CaseKind::Reablement, &id.to_string());
    let wanted = [
        ("goals", "going on"),
        ("start", "done"),
        ("review", "going on"),
        ("finish", "not started"),
    ];
    assert_eq!(steps, wanted.map(|(key, state)| (key.to_owned(), state)));
    assert_eq!(episode.follows, Some((stay, date(2026, 4, 1))));
    assert_eq!(episode.days_after_hospital, Some(2));
    assert!(!episode.follows_recorded);
    assert_eq!((episode.free.used, episode.free.left), (32, 10));
    assert_eq!(episode.free.last_day, date(2026, 5, 14));
    assert_eq!(
        episode.after_84,
        Some(AfterWeeks::NotYet {
            known_after: date(2026, 6, 24)
        })
    );
    assert_eq!(episode.on_91, Some(None));
    assert_eq!(page.changes.len(), 4, "{:?}", page.changes);
    // Twelve weeks on it is known.
    place.clock.set("2026-08-01T09:30:00Z".parse().unwrap());
    let episode = app.service_period(&actor, id).unwrap().episode.unwrap();
    assert_eq!(episode.after_84, Some(AfterWeeks::AtHome));
    assert_eq!(episode.on_91, Some(Some(true)));
    assert_eq!(app.store().read(store::verify).unwrap(), []);
}

#[test]
fn two_editors_of_one_service_are_told() {
    let (place, person, _) = somebody();
    let actor = place.actor(Role::Practitioner);
    let app = &place.app;
    let draft = reablement(date(2026, 4, 3), None);
    let id = app.add_service_period(&actor, person, &draft).unwrap();
    let ended = reablement(date(2026, 4, 3), Some(date(2026, 5, 1)));
    let hub = place.actor(Role::HubLead);
    app.change_service_period(&hub, id, 1, &ended, "Finished early")
        .unwrap();
    let again = app.change_service_period(&actor, id, 1, &draft, "");
    let Err(Error::Stale { who, what }) = again else {
        panic!("{again:?}");
    };
    assert_eq!(who, "Hub lead Harding");
    assert!(what.contains("last day is now 2026-05-01"), "{what}");
    // What changes nothing is no change.
    app.change_service_period(&actor, id, 2, &ended, "")
        .unwrap();
    let page = app.service_period(&actor, id).unwrap();
    assert_eq!(page.period.version, 2);
    let last = page.changes.last().unwrap();
    assert_eq!(
        (last.why.as_str(), last.actor.as_str()),
        ("Finished early", "Hub lead Harding")
    );
}

#[test]
fn what_cannot_be_is_refused_at_its_field() {
    let (place, person, _) = somebody();
    let actor = place.actor(Role::Practitioner);
    let app = &place.app;
    let start = date(2026, 4, 3);
    let with = |change: fn(&mut Draft)| {
        let mut draft = reablement(start, None);
        change(&mut draft);
        draft
    };
    for (draft, field) in [
        (reablement(start, Some(date(2026, 4, 2))), "ends_on"),
        (reablement(start, Some(date(2026, 5, 5))), "ends_on"),
        (reablement(date(1930, 1, 1), None), "starts_on"),
        (reablement(date(2028, 1, 1), None), "starts_on"),
        (with(|d| d.outcome = Some(Outcome::Died)), "ends_on"),
        (
            with(|d| d.stay = Some("01890a5d-ac96-774b-bcce-b302099a8057".parse().unwrap())),
            "stay",
        ),
    ] {
        let Err(Error::Invalid(errors)) = app.add_service_period(&actor, person, &draft) else {
            panic!("{draft:?}");
        };
        assert_eq!(errors[0].field, field, "{draft:?}");
    }
    let draft = reablement(start, None);
    app.add_service_period(&actor, person, &draft).unwrap();
    let twice = app.add_service_period(&actor, person, &draft);
    assert!(matches!(twice, Err(Error::Invalid(_))), "{twice:?}");
}

#[test]
fn a_mistake_stays_in_the_history_and_counts_nowhere() {
    let (place, person, _) = somebody();
    let actor = place.actor(Role::Practitioner);
    let app = &place.app;
    let draft = reablement(date(2026, 4, 3), None);
    let id = app.add_service_period(&actor, person, &draft).unwrap();
    let mistake = Draft {
        mistake_why: "Another person's".to_owned(),
        ..draft.clone()
    };
    app.change_service_period(&actor, id, 1, &mistake, "")
        .unwrap();
    let page = app.service_period(&actor, id).unwrap();
    assert!(page.episode.is_none());
    assert_eq!(page.period.mistake_why.as_deref(), Some("Another person's"));
    // The same can then be written down again.
    app.add_service_period(&actor, person, &draft).unwrap();
}

#[test]
fn goals_are_added_and_judged() {
    let (place, person, _) = somebody();
    let actor = place.actor(Role::Practitioner);
    let app = &place.app;
    let draft = reablement(date(2026, 4, 3), None);
    let id = app.add_service_period(&actor, person, &draft).unwrap();
    app.change_goal(&actor, id, 1, GoalChange::Add("Make my own tea"))
        .unwrap();
    app.change_goal(&actor, id, 2, GoalChange::Judge(1, GoalResult::Reached))
        .unwrap();
    let goals = app.service_period(&actor, id).unwrap().goals;
    assert_eq!(goals[0].result, GoalResult::Reached);
    let stale = app.change_goal(&actor, id, 2, GoalChange::Add("Walk"));
    assert!(matches!(stale, Err(Error::Stale { .. })), "{stale:?}");
    let empty = app.change_goal(&actor, id, 3, GoalChange::Add(" "));
    assert!(matches!(empty, Err(Error::Invalid(_))), "{empty:?}");
}

/// Without a link nothing is read or written; an objection hides what others wrote.
#[test]
fn services_are_part_of_the_record() {
    let (place, person, _) = somebody();
    let app = &place.app;
    let social_worker = place.actor(Role::Practitioner);
    let draft = reablement(date(2026, 4, 3), None);
    let id = app
        .add_service_period(&social_worker, person, &draft)
        .unwrap();
    let hub = place.actor(Role::HubLead);
    assert_eq!(app.services_of(&hub, person).unwrap().periods.len(), 1);
    app.say_wish(
        &social_worker,
        person,
        app::person::wishes::NewWish {
            kind: store::wish::WishKind::Objection,
            category: "",
            how: "Said so at home",
        },
    )
    .unwrap();
    assert_eq!(app.services_of(&hub, person).unwrap().periods.len(), 0);
    let hidden = app.service_period(&hub, id);
    assert!(matches!(hidden, Err(Error::NotFound(_))), "{hidden:?}");
    assert_eq!(
        app.services_of(&social_worker, person)
            .unwrap()
            .periods
            .len(),
        1
    );
    let denied = app.services_of(&place.actor(Role::Analyst), person);
    assert!(matches!(denied, Err(Error::Denied(_))), "{denied:?}");
}
