//! Capacity told, needs offered, and the first acceptable answer that wins.

mod coming;
mod model;
mod trusted;

use ::flow::chain::CaseKind;
use access::{Actor, Role};
use app::Error;
use app::flow::{About, Asking, CapacityFilter, NewFigure, NewNeed, TellFigure};
use flow::offer::{Answer, Kind, OfferState, Outcome, TimeOfDay, Unit, Visits, Way};
use jiff::SignedDuration;
use jiff::civil::{Date, date};
use kernel::{CapacityId, NeedId, NhsNumber, OfferId, OrganisationId, PersonId, ServiceId};
use person::{Gender, Person};
use place::service::Typed;
use std::sync::Barrier;
use store::organisation::Organisation;
use testkit::Place;

/// First day of care; the clock shows 16 October 2018.
pub(crate) const START: Date = date(2018, 12, 1);

/// Somebody at home, whom the trust and the council may see.
pub(crate) fn somebody(place: &Place, serial: u32) -> PersonId {
    let person = Person {
        nhs_number: NhsNumber::synthetic(serial),
        family_name: format!("Quiverful{serial}"),
        given_name: "Mary".to_owned(),
        birth_date: Some(date(1938, 4, 3)),
        gender: Gender::Female,
        address: "1 Hiram Street".to_owned(),
        postcode: "ZZ1 4AB".to_owned(),
        ..Person::unknown(place.app.ids().person())
    };
    let now = place.app.now();
    let insert = |tx: &mut dyn store::Tx| store::person::insert(tx, &person, now);
    place.app.store().write(insert).unwrap();
    place.tie(person.id);
    person.id
}

/// A provider with its service in the directory, and somebody who acts for it.
pub(crate) fn provider(place: &Place, number: u32) -> (ServiceId, Actor) {
    let app = &place.app;
    let organisation = Organisation {
        id: app.ids().organisation(),
        kind: "provider".to_owned(),
        code: Some(format!("ZVX{number:02}")),
        name: format!("Home care {number}"),
        parent: None,
    };
    let insert = |tx: &mut dyn store::Tx| store::organisation::insert(tx, &organisation);
    app.store().write(insert).unwrap();
    let service = service(
        place,
        &organisation.name,
        organisation.code.as_deref().unwrap(),
    );
    (service, acts_for(organisation.id, &organisation.name))
}

fn acts_for(organisation: OrganisationId, name: &str) -> Actor {
    Actor {
        account: None,
        username: format!("manager of {name}"),
        display_name: format!("Manager of {name}"),
        role: Role::Provider,
        organisation: Some(organisation),
        organisation_name: name.to_owned(),
    }
}

fn service(place: &Place, name: &str, code: &str) -> ServiceId {
    let typed = Typed {
        name: name.to_owned(),
        organisation: name.to_owned(),
        organisation_code: code.to_owned(),
        what: "Help at home".to_owned(),
        needs: "help-at-home".to_owned(),
        areas: "ZZ1; ZZ2".to_owned(),
        how: "Call".to_owned(),
        who_for: "Adults".to_owned(),
        referral: "professional".to_owned(),
        hours: "every day 7am-10pm".to_owned(),
        telephone: "01632 960 900".to_owned(),
        ..Typed::default()
    };
    let hub = place.actor(Role::HubLead);
    place.app.add_service(&hub, &typed).unwrap()
}

pub(crate) fn figure(free: u32) -> NewFigure {
    NewFigure {
        kind: Some(Kind::HomeCare),
        zone: String::new(),
        time: TimeOfDay::Any,
        unit: Some(Unit::Visits),
        free: Some(free),
        skills: Vec::new(),
    }
}

pub(crate) fn wanted(visits: u32) -> NewNeed {
    NewNeed {
        kind: Some(Kind::HomeCare),
        zone: "ZZ1".to_owned(),
        visits: vec![Visits {
            time: TimeOfDay::Morning,
            count: visits,
            minutes: 30,
        }],
        starts_on: Some(START),
        latest_start: Some(START),
        funding: "not-decided".to_owned(),
        words: "Needs help to wash and dress. Uses a frame.".to_owned(),
        ..NewNeed::default()
    }
}

pub(crate) fn yes(days: i64) -> Answer {
    Answer::Accept {
        starts_on: kernel::calendar::add_days(START, days),
    }
}

pub(crate) fn no() -> Answer {
    Answer::Decline {
        reason: "no-staff".to_owned(),
        words: String::new(),
    }
}

fn free(place: &Place, id: CapacityId) -> u32 {
    let read = |tx: &mut dyn store::Tx| store::capacity::by_id(tx, id);
    place.app.store().read(read).unwrap().unwrap().slot.free
}

/// The page of a need as the hub sees it.
fn page(place: &Place, id: NeedId) -> app::flow::NeedPage {
    place.app.need(&place.actor(Role::HubLead), id).unwrap()
}

pub(crate) fn offer_to(place: &Place, id: NeedId, service: ServiceId) -> (OfferId, OfferState) {
    let page = page(place, id);
    let mut lines = page.offers.iter();
    let line = lines.find(|line| line.offer.service == service).unwrap();
    (line.offer.id, line.offer.state)
}

pub(crate) fn ask(place: &Place, need: NeedId, way: Way, services: &[ServiceId]) {
    let hub = place.actor(Role::HubLead);
    let version = page(place, need).row.version;
    let asking = Asking {
        way,
        services: services.to_vec(),
    };
    place
        .app
        .offer_need(&hub, (need, version), &asking)
        .unwrap();
}

/// A need of one morning visit, and services with one visit free each.
struct Case {
    place: Place,
    person: PersonId,
    need: NeedId,
    services: Vec<(ServiceId, Actor, CapacityId)>,
}

fn case(services: u32) -> Case {
    let place = testkit::place();
    let hub = place.actor(Role::HubLead);
    let person = somebody(&place, 1);
    let services: Vec<_> = (1..=services)
        .map(|number| {
            let (service, actor) = provider(&place, number);
            let figure = place.app.add_capacity(&actor, service, &figure(1)).unwrap();
            (service, actor, figure)
        })
        .collect();
    let need = place
        .app
        .write_need(&hub, About::Person(person), &wanted(1))
        .unwrap();
    Case {
        place,
        person,
        need,
        services,
    }
}

impl Case {
    fn ids(&self) -> Vec<ServiceId> {
        self.services.iter().map(|one| one.0).collect()
    }

    fn answer(&self, at: usize, answer: &Answer) -> Outcome {
        let (service, actor, _) = &self.services[at];
        let (offer, _) = offer_to(&self.place, self.need, *service);
        self.place.app.answer_offer(actor, offer, answer).unwrap()
    }

    fn states(&self) -> Vec<OfferState> {
        let page = page(&self.place, self.need);
        page.offers.iter().map(|line| line.offer.state).collect()
    }

    fn sound(&self) {
        let problems = self.place.app.store().read(store::verify).unwrap();
        assert_eq!(problems, []);
    }
}

#[test]
fn a_provider_tells_its_own_figures_and_nobody_elses() {
    let place = testkit::place();
    let hub = place.actor(Role::HubLead);
    let (one, manager) = provider(&place, 1);
    let (other, _) = provider(&place, 2);
    let id = place.app.add_capacity(&manager, one, &figure(3)).unwrap();
    let refused = place.app.add_capacity(&manager, other, &figure(3));
    assert!(matches!(refused, Err(Error::NotFound(_))));
    let again = place.app.add_capacity(&manager, one, &figure(5));
    assert!(
        matches!(again, Err(Error::Invalid(_))),
        "the same figure twice"
    );
    let bed = NewFigure {
        unit: Some(Unit::Beds),
        ..figure(1)
    };
    assert!(matches!(
        place.app.add_capacity(&manager, one, &bed),
        Err(Error::Invalid(_))
    ));

    place.clock.advance(SignedDuration::from_hours(25));
    let told = place
        .app
        .capacity(&hub, &CapacityFilter::default())
        .unwrap();
    assert_eq!(told.len(), 1, "who has told nothing is not listed");
    assert_eq!(told[0].figures[0].age, "told 25 hours ago");
    assert!(told[0].figures[0].stale);
    assert_eq!(
        told[0].figures[0].figure.told_by,
        "Manager of Home care 1, Home care 1"
    );
    let elsewhere = CapacityFilter {
        zone: "ZZ9".to_owned(),
        ..CapacityFilter::default()
    };
    assert_eq!(place.app.capacity(&hub, &elsewhere).unwrap(), []);

    let tell = |version, free| {
        let told = TellFigure { id, version, free };
        place.app.tell_capacity(&manager, one, &[told])
    };
    tell(1, Some(0)).unwrap();
    assert!(matches!(tell(1, Some(4)), Err(Error::Stale { .. })));
    assert!(matches!(tell(2, None), Err(Error::Invalid(_))));
    assert_eq!(free(&place, id), 0);
    let told = place
        .app
        .capacity(&hub, &CapacityFilter::default())
        .unwrap();
    assert!(!told[0].figures[0].stale, "told anew");
    place.app.end_capacity(&manager, one, (id, 2)).unwrap();
    assert_eq!(place.app.own_service(&manager, one).unwrap().figures, []);
    assert!(matches!(
        place.app.own_capacity(&place.actor(Role::Practitioner)),
        Err(Error::Denied(_))
    ));
}

#[test]
fn the_page_says_who_can_meet_it_and_why_the_others_cannot() {
    let case = case(2);
    let (place, hub) = (&case.place, case.place.actor(Role::HubLead));
    let (third, manager) = provider(place, 3);
    place.app.add_capacity(&manager, third, &figure(0)).unwrap();
    provider(place, 4);
    let page = page(place, case.need);
    assert_eq!(page.can.len(), 2);
    assert_eq!(page.silent, 1);
    let why = page.cannot[0].why[0].in_words(str::to_owned);
    assert_eq!(why, "1 visit a day needed in the morning, 0 free");
    let asking = Asking {
        way: Way::Parallel,
        services: vec![third],
    };
    let refused = place.app.offer_need(&hub, (case.need, 1), &asking);
    assert!(matches!(refused, Err(Error::Invalid(_))), "it has no room");
    let second = place
        .app
        .write_need(&hub, About::Person(case.person), &wanted(1));
    assert!(matches!(second, Err(Error::Invalid(_))), "one at a time");
}

#[test]
fn the_first_yes_wins_and_only_the_winner_is_told_who_it_is() {
    let case = case(3);
    let place = &case.place;
    ask(place, case.need, Way::Parallel, &case.ids());
    let (service, actor, figure) = &case.services[0];
    let (offer, state) = offer_to(place, case.need, *service);
    assert_eq!(state, OfferState::Sent);
    let before = place.app.offer(actor, offer).unwrap();
    assert_eq!(before.person, None, "not before they have accepted");
    assert_eq!(before.need.age_band, "75 to 84");
    assert_eq!(before.offer.state, OfferState::Seen);
    let stranger = place.app.offer(&case.services[1].1, offer);
    assert!(matches!(stranger, Err(Error::NotFound(_))));

    assert_eq!(case.answer(0, &yes(0)), Outcome::Won);
    assert_eq!(free(place, *figure), 0, "taken");
    let after = place.app.offer(actor, offer).unwrap();
    assert_eq!(after.person.unwrap().address, "1 Hiram Street");
    assert_eq!(case.answer(0, &yes(0)), Outcome::Again);
    assert_eq!(case.answer(1, &yes(0)), Outcome::Lost);
    assert_eq!(free(place, case.services[1].2), 1, "as it was");
    let (lost, _) = offer_to(place, case.need, case.services[1].0);
    let lost = place.app.offer(&case.services[1].1, lost).unwrap();
    assert_eq!(lost.person, None);
    let answers = page(place, case.need).answers;
    assert_eq!(answers.len(), 3, "every answer is kept");
    case.sound();

    let hub = place.actor(Role::HubLead);
    let at = (case.need, page(place, case.need).row.version);
    place
        .app
        .withdraw_need(&hub, at, "Went to stay with family")
        .unwrap();
    assert_eq!(free(place, *figure), 1, "given back");
    assert_eq!(case.answer(2, &yes(0)), Outcome::Withdrawn);
    assert_eq!(
        place.app.offer(actor, offer).unwrap().person,
        None,
        "no longer theirs to know"
    );
    case.sound();
}

#[test]
fn a_protected_address_is_not_told_to_the_winner() {
    let case = case(1);
    let place = &case.place;
    ask(place, case.need, Way::Parallel, &case.ids());
    case.answer(0, &yes(0));
    let restriction = store::wish::Restriction {
        id: place.app.ids().restriction(),
        person: case.person,
        whole: false,
        why: "A court order".to_owned(),
        made_at: place.app.now(),
        made_by: "test".to_owned(),
        ended: None,
    };
    let put = |tx: &mut dyn store::Tx| store::wish::restrict(tx, &restriction);
    place.app.store().write(put).unwrap();
    let (offer, _) = offer_to(place, case.need, case.services[0].0);
    let page = place.app.offer(&case.services[0].1, offer).unwrap();
    assert!(page.protected);
    let person = page.person.unwrap();
    assert_eq!(
        (person.address.as_str(), person.postcode.as_str()),
        ("", "")
    );
}

#[test]
fn one_after_the_other_the_next_is_asked_when_one_declines_or_lets_time_run_out() {
    let case = case(3);
    let place = &case.place;
    use OfferState as O;
    ask(place, case.need, Way::InOrder, &case.ids());
    assert_eq!(case.states(), [O::Sent, O::Next, O::Next]);
    let (third, _) = offer_to(place, case.need, case.services[2].0);
    let early = place.app.offer(&case.services[2].1, third);
    assert!(matches!(early, Err(Error::NotFound(_))), "not its turn");
    assert_eq!(case.answer(0, &no()), Outcome::Declined);
    assert_eq!(case.states(), [O::Declined, O::Sent, O::Next]);
    place.clock.advance(SignedDuration::from_mins(31));
    // Nobody has looked since; the late yes itself works it out.
    let (second, _) = {
        let read = |tx: &mut dyn store::Tx| store::offer::offers_of(tx, case.need);
        let offers = place.app.store().read(read).unwrap();
        assert_eq!(offers[1].state, O::Sent);
        (offers[1].id, ())
    };
    let late = place.app.answer_offer(&case.services[1].1, second, &yes(0));
    assert_eq!(late.unwrap(), Outcome::Lapsed);
    assert_eq!(case.states(), [O::Declined, O::Lapsed, O::Sent]);
    assert_eq!(case.answer(2, &yes(0)), Outcome::Won);
    case.sound();
}

#[test]
fn a_later_day_waits_for_the_hub() {
    let case = case(2);
    let (place, hub) = (&case.place, case.place.actor(Role::HubLead));
    ask(place, case.need, Way::Parallel, &case.ids());
    assert_eq!(case.answer(0, &yes(3)), Outcome::Later);
    assert_eq!(free(place, case.services[0].2), 1, "nothing is taken yet");
    let (offer, _) = offer_to(place, case.need, case.services[0].0);
    let at = (case.need, page(place, case.need).row.version);
    place.app.take_later_start(&hub, at, offer).unwrap();
    assert_eq!(case.states(), [OfferState::Accepted, OfferState::Lost]);
    assert_eq!(free(place, case.services[0].2), 0);
    let again = place.app.take_later_start(&hub, (at.0, at.1 + 1), offer);
    assert!(matches!(again, Err(Error::Invalid(_))));
    case.sound();
}

#[test]
fn a_yes_to_more_than_there_is_is_told_and_changes_nothing() {
    let case = case(1);
    let place = &case.place;
    ask(place, case.need, Way::Parallel, &case.ids());
    let (service, actor, figure) = &case.services[0];
    let tell = |version, free| TellFigure {
        id: *figure,
        version,
        free: Some(free),
    };
    place
        .app
        .tell_capacity(actor, *service, &[tell(1, 0)])
        .unwrap();
    assert_eq!(case.answer(0, &yes(0)), Outcome::NoRoom);
    assert_eq!(free(place, *figure), 0);
    let (offer, state) = offer_to(place, case.need, *service);
    assert!(state.is_live(), "they may answer again");
    let lacks = place.app.offer(actor, offer).unwrap().lacks;
    assert_eq!(lacks.len(), 1);
    place
        .app
        .tell_capacity(actor, *service, &[tell(2, 2)])
        .unwrap();
    assert_eq!(case.answer(0, &yes(0)), Outcome::Won);
    assert_eq!(free(place, *figure), 1);
    case.sound();
}

#[test]
fn a_link_answers_one_offer_once_and_opening_it_answers_nothing() {
    let case = case(2);
    let (place, hub) = (&case.place, case.place.actor(Role::HubLead));
    ask(place, case.need, Way::Parallel, &case.ids());
    let (offer, _) = offer_to(place, case.need, case.services[0].0);
    let (old, _) = place.app.make_offer_link(&hub, offer).unwrap();
    let (token, _) = place.app.make_offer_link(&hub, offer).unwrap();
    assert!(matches!(
        place.app.offer_by_link(&old),
        Err(Error::NotFound(_))
    ));
    for _ in 0..3 {
        let seen = place.app.offer_by_link(&token).unwrap();
        assert_eq!(
            seen.offer.state,
            OfferState::Sent,
            "a scanner changes nothing"
        );
    }
    let nameless = place.app.answer_by_link(&token, " ", &yes(0));
    assert!(matches!(nameless, Err(Error::Invalid(_))));
    let answer = |answer: &Answer| place.app.answer_by_link(&token, "Carol Mason", answer);
    assert_eq!(answer(&yes(0)).unwrap(), Outcome::Won);
    assert_eq!(answer(&no()).unwrap(), Outcome::Again);
    let kept = page(place, case.need).answers;
    assert_eq!(kept[0].by, "Carol Mason, by a link");
    place.clock.advance(SignedDuration::from_hours(24 * 7));
    assert!(matches!(
        place.app.offer_by_link(&token),
        Err(Error::NotFound(_))
    ));
    // What the store keeps does not open anything.
    let text = |tx: &mut dyn store::Tx| {
        let rows = tx.query(
            "SELECT link_hash FROM offer WHERE link_hash IS NOT NULL",
            &[],
        )?;
        rows[0].text(0).map(str::to_owned)
    };
    let hash = place.app.store().read(text).unwrap();
    assert_ne!(hash, token);
    assert!(matches!(
        place.app.offer_by_link(&hash),
        Err(Error::NotFound(_))
    ));
    case.sound();
}

#[test]
fn care_that_was_is_taken_up_again_in_one_step() {
    let case = case(2);
    let (place, hub) = (&case.place, case.place.actor(Role::HubLead));
    ask(place, case.need, Way::Parallel, &case.ids());
    case.answer(1, &yes(0));
    let at = |id| (id, page(place, id).row.version);
    place.app.start_care(&hub, at(case.need)).unwrap();
    let steps = crate::flow::steps_of(place, CaseKind::Placement, &case.need.to_string());
    let wanted = [
        ("service", "done"),
        ("start", "done"),
        ("review", "going on"),
        ("finish", "going on"),
    ];
    assert_eq!(steps, wanted.map(|(key, state)| (key.to_owned(), state)));
    place.clock.advance(SignedDuration::from_hours(24 * 30));
    let start = place.app.today();
    let again = place
        .app
        .restart_care(&hub, case.need, None, start)
        .unwrap();
    let shown = page(place, again);
    assert_eq!(shown.offers[0].offer.service, case.services[1].0);
    assert_eq!(shown.offers[0].offer.state, OfferState::Sent);
    assert_eq!(shown.offers[1].offer.service, case.services[0].0);
    assert_eq!(
        shown.offers[1].offer.state,
        OfferState::Next,
        "should the first say no"
    );
    // The place that the old care holds counts as free for the new one.
    assert_eq!(free(place, case.services[1].2), 0);
    let yes = Answer::Accept { starts_on: start };
    let offer = shown.offers[0].offer.id;
    let won = place.app.answer_offer(&case.services[1].1, offer, &yes);
    assert_eq!(won.unwrap(), Outcome::Won);
    assert_eq!(free(place, case.services[1].2), 0);
    case.sound();
}

#[test]
fn nobody_is_asked_to_care_for_somebody_who_has_died() {
    let case = case(1);
    let (place, hub) = (&case.place, case.place.actor(Role::HubLead));
    let died = |tx: &mut dyn store::Tx| {
        let mut person = store::person::by_id(tx, case.person)?.unwrap();
        person.died_on = Some(date(2018, 10, 15));
        store::person::update(tx, &person)
    };
    place.app.store().write(died).unwrap();
    let asking = Asking {
        way: Way::Parallel,
        services: case.ids(),
    };
    let asked = place.app.offer_need(&hub, (case.need, 1), &asking);
    assert!(matches!(asked, Err(Error::Invalid(_))));
    let line = place.app.needs(&hub, 1).unwrap().remove(0);
    assert_eq!(
        line.person.died_on,
        Some(date(2018, 10, 15)),
        "the list says so"
    );
}

#[test]
fn of_answers_at_the_same_moment_one_wins() {
    for round in 0..4 {
        let case = case(6);
        let place = &case.place;
        ask(place, case.need, Way::Parallel, &case.ids());
        let asked: Vec<(OfferId, &Actor)> = case
            .services
            .iter()
            .map(|(service, actor, _)| (offer_to(place, case.need, *service).0, actor))
            .collect();
        let start = Barrier::new(asked.len());
        let outcomes: Vec<Outcome> = std::thread::scope(|scope| {
            let (app, start) = (&place.app, &start);
            let all: Vec<_> = asked
                .iter()
                .map(|(offer, actor)| {
                    scope.spawn(move || {
                        start.wait();
                        app.answer_offer(actor, *offer, &yes(0)).unwrap()
                    })
                })
                .collect();
            all.into_iter().map(|one| one.join().unwrap()).collect()
        });
        let won = outcomes.iter().filter(|one| **one == Outcome::Won).count();
        let lost = outcomes.iter().filter(|one| **one == Outcome::Lost).count();
        assert_eq!((won, lost), (1, 5), "round {round}: {outcomes:?}");
        let left: u32 = case.services.iter().map(|one| free(place, one.2)).sum();
        assert_eq!(left, 5);
        assert_eq!(page(place, case.need).answers.len(), 6);
        case.sound();
    }
}

#[test]
fn one_free_visit_is_not_given_twice_at_the_same_moment() {
    let case = case(1);
    let (place, hub) = (&case.place, case.place.actor(Role::HubLead));
    let other = somebody(place, 2);
    let second = place
        .app
        .write_need(&hub, About::Person(other), &wanted(1))
        .unwrap();
    ask(place, case.need, Way::Parallel, &case.ids());
    ask(place, second, Way::Parallel, &case.ids());
    let (service, actor, figure) = &case.services[0];
    let offers = [case.need, second].map(|need| offer_to(place, need, *service).0);
    let start = Barrier::new(2);
    let mut outcomes: Vec<Outcome> = std::thread::scope(|scope| {
        let (app, start) = (&place.app, &start);
        let all = offers.map(|offer| {
            scope.spawn(move || {
                start.wait();
                app.answer_offer(actor, offer, &yes(0)).unwrap()
            })
        });
        all.into_iter().map(|one| one.join().unwrap()).collect()
    });
    outcomes.sort();
    assert_eq!(outcomes, [Outcome::Won, Outcome::NoRoom]);
    assert_eq!(free(place, *figure), 0);
    case.sound();
}
