//! Who may see whose record: links that begin and end, opening without one, what people say.

use access::{Actor, Role};
use app::Error;
use app::flow::{BoardFilter, Regime};
use app::person::TimelineFilter;
use app::person::caseload::TakeOn;
use app::person::opening::{Asked, Opening};
use app::person::wishes::NewWish;
use jiff::SignedDuration;
use jiff::civil::{Date, date};
use kernel::{NhsNumber, PersonId};
use person::{Gender, Person};
use store::timeline::NewLine;
use store::wish::{Restriction, WishKind};
use testkit::Place;

const BORN: Date = date(1938, 4, 3);
const WHY: Opening<'_> = Opening {
    reason: "danger",
    words: "Collapsed at the bus stop",
};

fn number() -> NhsNumber {
    NhsNumber::synthetic(7).unwrap()
}

/// Mary, with whom nobody has anything to do.
fn mary(place: &Place) -> PersonId {
    let person = Person {
        nhs_number: Some(number()),
        family_name: "Quiverful".to_owned(),
        given_name: "Mary".to_owned(),
        birth_date: Some(BORN),
        gender: Gender::Female,
        address: "1 Hiram Street".to_owned(),
        postcode: "ZZ1 4AB".to_owned(),
        ..Person::unknown(place.app.ids().person())
    };
    let now = place.app.now();
    let insert = |tx: &mut dyn store::Tx| store::person::insert(tx, &person, now);
    place.app.store().write(insert).unwrap();
    person.id
}

/// A line of her timeline.
fn line(place: &Place, person: PersonId, (title, category): (&str, &str), sector: &str, of: &str) {
    let line = NewLine {
        person: Some(person),
        person_key: None,
        happened_at: Some("2018-10-01"),
        kind: "Condition",
        title,
        sector,
        source: of,
        category,
        codes: None,
        received_at: place.app.now(),
        shelf: None,
        stay: None,
        document: None,
    };
    let id = place.app.ids().timeline();
    let add = |tx: &mut dyn store::Tx| store::timeline::add(tx, id, &line);
    place.app.store().write(add).unwrap();
}

fn restrict(place: &Place, person: PersonId, whole: bool) {
    let restriction = Restriction {
        id: place.app.ids().restriction(),
        person,
        whole,
        why: "A court order".to_owned(),
        made_at: place.app.now(),
        made_by: "test".to_owned(),
        ended: None,
    };
    let put = |tx: &mut dyn store::Tx| store::wish::restrict(tx, &restriction);
    place.app.store().write(put).unwrap();
}

fn opens(place: &Place, actor: &Actor, id: PersonId) -> Result<String, Error> {
    let page = place.app.person(actor, id, &TimelineFilter::default())?;
    Ok(page.sight.because)
}

/// Titles of what somebody sees of her.
fn seen(place: &Place, actor: &Actor, id: PersonId) -> Vec<String> {
    let page = place.app.person(actor, id, &TimelineFilter::default());
    let mut titles: Vec<String> = page
        .unwrap()
        .timeline
        .into_iter()
        .map(|line| line.title)
        .collect();
    titles.sort();
    titles
}

fn found(place: &Place, actor: &Actor, typed: &str) -> Vec<(PersonId, bool)> {
    let hits = place.app.find_person(actor, typed).unwrap();
    hits.iter().map(|hit| (hit.found.id, hit.tie)).collect()
}

#[test]
fn a_record_without_a_link_is_found_by_whoever_knows_who_it_is_and_asked_for() {
    let place = testkit::place();
    let id = mary(&place);
    let nurse = place.actor(Role::Practitioner);
    assert_eq!(found(&place, &nurse, "quiverful"), []);
    assert_eq!(found(&place, &nurse, "ZZ1 4AB"), []);
    assert_eq!(found(&place, &nurse, &number().spaced()), [(id, false)]);
    assert_eq!(
        found(&place, &nurse, "mary quiverful 3/4/1938"),
        [(id, false)]
    );
    let hit = place.app.find_person(&nurse, &number().spaced()).unwrap();
    assert_eq!(hit[0].found.address, "", "not where she lives");
    assert!(matches!(opens(&place, &nurse, id), Err(Error::NoTie(_))));

    let shown = place.app.to_open(&nurse, id).unwrap().unwrap();
    assert_eq!(shown.list_name(), "QUIVERFUL, Mary");
    assert_eq!(shown.address, "");
    for (reason, words, field) in [
        ("", "It is urgent", "reason"),
        ("curious", "It is urgent", "reason"),
        ("danger", "  ", "words"),
    ] {
        let refused = place
            .app
            .open_without_tie(&nurse, id, Opening { reason, words });
        let Err(Error::Invalid(errors)) = refused else {
            panic!("{reason} {words}: {refused:?}");
        };
        assert_eq!(errors[0].field, field);
    }
    place.app.open_without_tie(&nurse, id, WHY).unwrap();
    assert_eq!(
        opens(&place, &nurse, id).unwrap(),
        "Shown because you opened it without a link and said why until 6:30pm."
    );
    let other = place.actor(Role::HubLead);
    assert!(
        matches!(opens(&place, &other, id), Err(Error::NoTie(_))),
        "it opens for whoever said why, and for nobody else"
    );
    let waiting = place
        .app
        .store()
        .read(|tx| store::glass::waiting(tx, 0, 10))
        .unwrap();
    assert_eq!(waiting.len(), 1);
    // 16 October 2018 was a Tuesday.
    assert_eq!(waiting[0].review_by, date(2018, 10, 23));
    assert_eq!(waiting[0].words, WHY.words);
    place.clock.advance(SignedDuration::from_hours(8));
    assert!(matches!(opens(&place, &nurse, id), Err(Error::NoTie(_))));
}

#[test]
fn a_restricted_record_is_as_if_nobody_were_there() {
    let place = testkit::place();
    let id = mary(&place);
    place.tie(id);
    let lead = place.actor(Role::HubLead);
    assert!(opens(&place, &lead, id).is_ok());
    restrict(&place, id, true);
    let nobody = place.app.ids().person();
    let told = |id: PersonId| {
        [
            opens(&place, &lead, id).unwrap_err().to_string(),
            place.app.to_open(&lead, id).unwrap_err().to_string(),
            place
                .app
                .open_without_tie(&lead, id, WHY)
                .unwrap_err()
                .to_string(),
            place.app.wishes(&lead, id).unwrap_err().to_string(),
        ]
    };
    assert_eq!(told(id), told(nobody));
    for typed in ["quiverful", "mary quiverful 3/4/1938", &number().spaced()] {
        assert_eq!(found(&place, &lead, typed), []);
    }
    let asked = |born| place.app.open_by_number(&lead, (number(), born), WHY);
    assert_eq!(asked(date(1938, 4, 4)).unwrap(), Asked::NotOpened);
    assert_eq!(
        asked(BORN).unwrap(),
        Asked::NotOpened,
        "the answer is the same"
    );
    let waiting = place
        .app
        .store()
        .read(|tx| store::glass::waiting(tx, 0, 10))
        .unwrap();
    assert_eq!(waiting.len(), 1, "it waits for a second person");
    assert!(waiting[0].restricted && waiting[0].approved.is_none());
    assert!(opens(&place, &lead, id).is_err());

    // Named on the caseload, it is theirs to see.
    let account = lead.account.unwrap().to_string();
    place.relate(person::relationship::Relationship::Caseload, &account, id);
    assert_eq!(
        opens(&place, &lead, id).unwrap(),
        "Shown because she is on your caseload."
    );
    assert_eq!(found(&place, &lead, "quiverful"), [(id, true)]);
}

#[test]
fn a_protected_address_is_neither_shown_nor_searched_by() {
    let place = testkit::place();
    let id = mary(&place);
    place.tie(id);
    let lead = place.actor(Role::HubLead);
    assert_eq!(found(&place, &lead, "ZZ1 4AB"), [(id, true)]);
    restrict(&place, id, false);
    assert_eq!(found(&place, &lead, "ZZ1 4AB"), []);
    assert_eq!(found(&place, &lead, "quiverful"), [(id, true)]);
    let hit = place.app.find_person(&lead, "quiverful").unwrap();
    assert_eq!(
        (
            hit[0].found.address.as_str(),
            hit[0].found.postcode.as_str()
        ),
        ("", "")
    );
    let page = place
        .app
        .person(&lead, id, &TimelineFilter::default())
        .unwrap();
    assert_eq!(page.person.address, "");
    assert_eq!(page.records[0].record.postcode, "");
    assert_eq!(
        page.sight.withheld,
        ["Withheld: where she lives and how to reach her. It is protected."]
    );
}

#[test]
fn people_are_taken_on_handed_over_and_given_back() {
    let place = testkit::place();
    let id = mary(&place);
    let (lead, nurse) = (place.actor(Role::HubLead), place.actor(Role::Practitioner));
    let own = TakeOn {
        colleague: "",
        capacity: "Social Worker",
        until: Some(date(2019, 5, 3)),
    };
    assert!(
        matches!(place.app.take_on(&nurse, id, &own), Err(Error::NoTie(_))),
        "nobody takes on whom they may not see"
    );
    place.relate(
        person::relationship::Relationship::Ward,
        &place.hospital.to_string(),
        id,
    );
    for (day, colleague, field) in [
        (Some(date(2018, 10, 15)), "", "until"),
        (Some(date(2019, 10, 18)), "", "until"),
        (Some(date(2018, 11, 1)), "finance", "colleague"),
        (Some(date(2018, 11, 1)), "nobody", "colleague"),
    ] {
        let taken = TakeOn {
            colleague,
            until: day,
            ..own.clone()
        };
        let refused = place.app.take_on(&lead, id, &taken);
        let Err(Error::Invalid(errors)) = refused else {
            panic!("{day:?} {colleague}: {refused:?}");
        };
        assert_eq!(errors[0].field, field);
    }
    let handed = TakeOn {
        colleague: "practitioner",
        ..own.clone()
    };
    place.app.take_on(&lead, id, &handed).unwrap();
    assert_eq!(
        opens(&place, &nurse, id).unwrap(),
        "Shown because you are her allocated social worker until 3 May 2019."
    );
    let mine = place.app.my_people(&nurse).unwrap();
    assert_eq!(mine.len(), 1);
    assert_eq!(mine[0].until, Some(date(2019, 5, 3)));
    let around = place.app.around(&nurse, id).unwrap();
    let names: Vec<&str> = around.held.iter().map(|one| one.holder.as_str()).collect();
    assert_eq!(
        names,
        [
            "Practitioner Harding, Barsetshire County Council",
            "Barchester Royal Infirmary"
        ]
    );
    let caseload = around.held[0].kept.id;
    place.app.end_caseload(&nurse, id, caseload).unwrap();
    assert!(matches!(opens(&place, &nurse, id), Err(Error::NoTie(_))));
    assert_eq!(place.app.my_people(&nurse).unwrap(), []);

    let duty = TakeOn {
        until: None,
        ..handed
    };
    place.app.take_on(&lead, id, &duty).unwrap();
    assert!(opens(&place, &nurse, id).is_ok());
    place.clock.advance(SignedDuration::from_hours(24));
    assert!(matches!(opens(&place, &nurse, id), Err(Error::NoTie(_))));
}

#[test]
fn a_caseload_ends_with_its_last_day() {
    let place = testkit::place();
    let id = mary(&place);
    let nurse = place.actor(Role::Practitioner);
    place.relate(
        person::relationship::Relationship::Duty,
        &place.trust.to_string(),
        id,
    );
    let taken = TakeOn {
        colleague: "practitioner",
        capacity: "",
        until: Some(date(2018, 10, 16)),
    };
    let lead = place.actor(Role::HubLead);
    place.app.take_on(&lead, id, &taken).unwrap();
    // 10:30 in summer time; the day ends in 13 and a half hours.
    place.clock.advance(SignedDuration::from_mins(13 * 60 + 29));
    assert!(opens(&place, &nurse, id).is_ok());
    place.clock.advance(SignedDuration::from_mins(1));
    assert!(matches!(opens(&place, &nurse, id), Err(Error::NoTie(_))));
}

fn said(kind: WishKind, category: &str) -> NewWish<'_> {
    NewWish {
        kind,
        category,
        how: "on the telephone",
    }
}

#[test]
fn an_objection_hides_what_others_hold_until_it_is_taken_back_or_set_aside() {
    let place = testkit::place();
    let id = mary(&place);
    place.tie(id);
    let (lead, nurse) = (place.actor(Role::HubLead), place.actor(Role::Practitioner));
    let (trust, council) = ("Barsetshire Hospitals Trust", "Barsetshire County Council");
    line(&place, id, ("Depression", "mental-health"), "nhs", trust);
    line(&place, id, ("Fracture of hip", ""), "nhs", trust);
    line(&place, id, ("Care assessment", ""), "council", council);
    line(&place, id, ("HIV infection", "sexual-health"), "nhs", trust);
    let all = ["Care assessment", "Depression", "Fracture of hip"];
    assert_eq!(
        seen(&place, &nurse, id),
        all,
        "what is sensitive is withheld by default"
    );
    assert_eq!(seen(&place, &lead, id).len(), 4, "its own it sees");

    place
        .app
        .say_wish(&nurse, id, said(WishKind::Objection, "mental-health"))
        .unwrap();
    assert_eq!(
        seen(&place, &nurse, id),
        ["Care assessment", "Fracture of hip"]
    );
    assert_eq!(seen(&place, &lead, id).len(), 4);
    let page = place
        .app
        .person(&nurse, id, &TimelineFilter::default())
        .unwrap();
    assert_eq!(
        page.sight.withheld,
        ["Withheld: she asked that mental health records are not shared."]
    );
    assert_eq!(page.seen.all(), 2, "counts are of what is shown");

    let again = place
        .app
        .say_wish(&nurse, id, said(WishKind::Objection, "mental-health"));
    assert!(matches!(again, Err(Error::Invalid(_))));
    place
        .app
        .say_wish(&nurse, id, said(WishKind::Override, "mental-health"))
        .unwrap();
    assert_eq!(seen(&place, &nurse, id), all);
    let wishes = place.app.wishes(&nurse, id).unwrap();
    for wish in wishes.said {
        place.app.end_wish(&nurse, id, wish.id).unwrap();
    }
    assert_eq!(seen(&place, &nurse, id), all);

    place
        .app
        .say_wish(&nurse, id, said(WishKind::Objection, ""))
        .unwrap();
    assert_eq!(seen(&place, &nurse, id), ["Care assessment"]);
    let wishes = place.app.wishes(&nurse, id).unwrap();
    assert_eq!(
        wishes.said.len(),
        3,
        "what no longer stands is kept with its end"
    );
    for (kind, category) in [
        (WishKind::Objection, "no-such"),
        (WishKind::Override, "adoption"),
    ] {
        let refused = place.app.say_wish(&nurse, id, said(kind, category));
        assert!(matches!(refused, Err(Error::Invalid(_))), "{category}");
    }
}

#[test]
fn whoever_opted_out_is_in_no_figures_for_planning() {
    let place = testkit::place();
    for serial in [1, 2] {
        let new = super::flow::new(serial, date(2018, 9, 1));
        super::flow::add_stay(
            &place,
            &super::flow::New {
                council: Some(place.council),
                ready: Some(date(2018, 9, 3)),
                left: Some(date(2018, 9, 9)),
                ..new
            },
        );
    }
    let days = |purpose: &str| {
        let month = "2018-09".parse().unwrap();
        let made = place
            .app
            .return_delays(&Actor::operator(), month, Regime::Dtoc, purpose)
            .unwrap();
        let days = made.rows.iter().map(|row| row.days.parse::<i64>().unwrap());
        (days.sum::<i64>(), made.looked_at)
    };
    assert_eq!(days("planning"), days("official return"));
    let (both, 2) = days("planning") else {
        panic!("two stays");
    };
    let lead = place.actor(Role::HubLead);
    let board = place.app.board(&lead, &BoardFilter::default(), 1).unwrap();
    assert_eq!(board.rows.len(), 0, "both have left");
    place.tie_all();
    let people = place.app.find_person(&lead, "bold1").unwrap();
    place
        .app
        .say_wish(&lead, people[0].found.id, said(WishKind::OptOut, ""))
        .unwrap();
    assert_eq!(days("planning"), (both / 2, 1));
    assert_eq!(days("research"), (both / 2, 1));
    assert_eq!(
        days("official return"),
        (both, 2),
        "what the law asks for is outside the opt-out"
    );
    let month = "2018-09".parse().unwrap();
    let refused = place
        .app
        .return_delays(&Actor::operator(), month, Regime::Dtoc, "direct care");
    assert_eq!(
        refused.unwrap_err().to_string(),
        "purpose: is one of official return, planning, research"
    );
}

#[test]
fn a_ward_sees_a_record_for_some_days_after_the_stay() {
    let place = testkit::place();
    let stay = super::flow::add_stay(&place, &super::flow::new(1, date(2018, 10, 1)));
    let lead = place.actor(Role::HubLead);
    let page = place.app.stay(&lead, stay).unwrap();
    let id = page.person.id;
    assert_eq!(
        opens(&place, &lead, id).unwrap(),
        "Shown because he is in your hospital."
    );
    let left = app::flow::StayChange::Discharge {
        on: date(2018, 10, 16),
        method: "1".to_owned(),
        destination: "19".to_owned(),
    };
    place.app.change_stay(&lead, stay, 1, &left, "").unwrap();
    assert_eq!(
        opens(&place, &lead, id).unwrap(),
        "Shown because he left your hospital; you can see it until 30 October."
    );
    place.clock.advance(SignedDuration::from_hours(24 * 15));
    assert!(matches!(opens(&place, &lead, id), Err(Error::NoTie(_))));
    assert!(matches!(place.app.stay(&lead, stay), Err(Error::NoTie(_))));
    assert_eq!(
        place.app.doctor(&Actor::operator()).unwrap(),
        vec![],
        "a stay that is over needs no link"
    );
}
