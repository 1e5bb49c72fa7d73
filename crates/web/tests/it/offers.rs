//! Capacity, needs and offers on their pages: the hub asks, a provider answers on a telephone or
//! by a link.

use crate::house::{House, Reply};
use access::Role;
use axum::http::StatusCode;
use kernel::{NhsNumber, PersonId, ServiceId};
use person::Person;
use place::service::Typed;

fn somebody(house: &House) -> PersonId {
    let app = &house.place.app;
    let person = Person {
        nhs_number: NhsNumber::synthetic(31),
        family_name: "Quiverful".to_owned(),
        given_name: "Mary".to_owned(),
        birth_date: Some(jiff::civil::date(1938, 4, 3)),
        address: "1 Hiram Street".to_owned(),
        postcode: "ZZ1 4AB".to_owned(),
        ..Person::unknown(app.ids().person())
    };
    let insert = |tx: &mut dyn store::Tx| store::person::insert(tx, &person, app.now());
    app.store().write(insert).unwrap();
    house.place.tie(person.id);
    person.id
}

/// The service of the test place's provider.
fn service(house: &House) -> ServiceId {
    let typed = Typed {
        name: "Ullathorne House".to_owned(),
        organisation: "Ullathorne House".to_owned(),
        organisation_code: "ZVW01".to_owned(),
        what: "A care home".to_owned(),
        needs: "care-homes".to_owned(),
        how: "Call".to_owned(),
        who_for: "Adults".to_owned(),
        referral: "professional".to_owned(),
        telephone: "01632 960 900".to_owned(),
        ..Typed::default()
    };
    let hub = house.place.actor(Role::HubLead);
    house.place.app.add_service(&hub, &typed).unwrap()
}

fn location(reply: &Reply) -> String {
    assert_eq!(reply.status, StatusCode::SEE_OTHER, "{}", reply.text());
    reply.header("location").to_owned()
}

fn has(text: &str, words: &[&str]) {
    for word in words {
        assert!(text.contains(word), "{word}\n{text}");
    }
}

const FIGURE: &str = "kind=residential+bed&unit=beds&free=1&skills=hoist&skills=dementia";
const NEED: &str = "kind=residential+bed&zone=&double=no&skills=hoist&starts_on-day=20&\
     starts_on-month=10&starts_on-year=2018&latest_start-day=21&latest_start-month=10&\
     latest_start-year=2018&funding=adult-social-care&words=Walks+with+a+frame";

/// A need that was offered to the provider: its address and the address of the offer.
fn asked(house: &House, hub: &str, provider: &str) -> (String, String) {
    let (person, service) = (somebody(house), service(house));
    let add = format!("/capacity/own/{service}/add");
    location(&house.submit(&add, provider, FIGURE));
    let new = format!("/person/{person}/need");
    has(
        &house.get(&new, Some(hub)).text(),
        &["Look for a service", "value=\"ZZ1\""],
    );
    let need = location(&house.submit(&new, hub, NEED));
    let need = need.split('?').next().unwrap().to_owned();
    let page = house.get(&need, Some(hub)).text();
    has(
        &page,
        &[
            "Nobody has been asked yet.",
            "Ullathorne House",
            "1 bed of 1 free",
        ],
    );
    let ask = format!("version=1&services={service}&do=at-once");
    location(&house.submit(&need, hub, &ask));
    let list = house.get("/offers", Some(provider)).text();
    has(
        &list,
        &["Care home bed", "Answer by today at", "(2 hours left)"],
    );
    let at = list.find("/offers/").unwrap();
    let offer = list[at..].split('"').next().unwrap().to_owned();
    (need, offer)
}

#[test]
fn a_provider_starts_with_what_is_coming() {
    let house = House::new();
    let (hub, provider) = (house.enter(Role::HubLead), house.enter(Role::Provider));
    assert_eq!(location(&house.get("/", Some(&provider))), "/coming");
    let nothing = house.get("/coming", Some(&provider)).text();
    has(
        &nothing,
        &[
            "0 people are coming. 0 people should have begun. 0 offers wait for an answer.",
            "The directory lists no service of your organisation.",
        ],
    );
    let (_, offer) = asked(&house, &hub, &provider);
    let page = house.get("/coming", Some(&provider)).text();
    has(
        &page,
        &[
            "1 offer waits for an answer.",
            "Care home bed",
            "1 bed free",
        ],
    );
    assert!(!page.contains("Quiverful"), "an offer has no name: {page}");
    let yes = "answer=yes&starts_on-day=20&starts_on-month=10&starts_on-year=2018";
    house.submit(&offer, &provider, yes);
    let page = house.get("/coming", Some(&provider)).text();
    has(&page, &["1 person is coming.", "20 October 2018"]);
    // The day passes.
    house
        .place
        .clock
        .set("2018-10-22T09:00:00Z".parse().unwrap());
    let provider = house.enter(Role::Provider);
    let page = house.get("/coming", Some(&provider)).text();
    has(&page, &["1 person should have begun", "2 days late"]);
    // Whoever works on the hub's board runs no service here.
    let worker = house.enter(Role::Practitioner);
    let page = house.get("/coming", Some(&worker)).text();
    has(&page, &["0 people are coming", "Waiting for you"]);
}

#[test]
fn a_provider_tells_what_is_free_on_its_own_page() {
    let house = House::new();
    let (hub, provider) = (house.enter(Role::HubLead), house.enter(Role::Provider));
    let nothing = house.get("/capacity/own", Some(&provider)).text();
    has(
        &nothing,
        &["The directory lists no service of your organisation"],
    );
    let service = service(&house);
    let own = location(&house.get("/capacity/own", Some(&provider)));
    assert_eq!(
        own,
        format!("/capacity/own/{service}"),
        "one service is shown at once"
    );
    let add = format!("{own}/add");
    let wrong = house.submit(&add, &provider, "kind=&unit=&free=many");
    assert_eq!(wrong.status, StatusCode::OK);
    has(
        &wrong.text(),
        &["There is a problem", "Choose a kind of care", "as a number"],
    );
    location(&house.submit(&add, &provider, FIGURE));
    let page = house.get(&own, Some(&provider)).text();
    has(
        &page,
        &[
            "Care home bed",
            "Dementia care",
            "Told just now",
            "This is right now",
        ],
    );
    let at = page.find("name=\"free-").unwrap() + 11;
    let figure = &page[at..at + 36];
    let tell = |free: &str, version: u8| {
        house.submit(
            &own,
            &provider,
            &format!("free-{figure}={free}&version-{figure}={version}"),
        )
    };
    has(
        &tell("-1", 1).text(),
        &["Enter a whole number of beds for care home bed"],
    );
    location(&tell("0", 1));
    has(&tell("2", 1).text(), &["the figure was told anew"]);
    let list = house
        .get("/capacity?kind=residential+bed", Some(&hub))
        .text();
    has(
        &list,
        &["None free", "Care provider Harding, Ullathorne House"],
    );
    let none = house.get("/capacity?free=yes", Some(&hub)).text();
    has(&none, &["That does not mean that none is free"]);
    location(&house.submit(&own, &provider, &format!("end={figure}/2")));
    has(
        &house.get(&own, Some(&provider)).text(),
        &["You have told nothing yet"],
    );
}

#[test]
fn a_provider_accepts_and_is_then_told_who_it_is() {
    let house = House::new();
    let (hub, provider) = (house.enter(Role::HubLead), house.enter(Role::Provider));
    let (need, offer) = asked(&house, &hub, &provider);
    let page = house.get(&offer, Some(&provider)).text();
    has(
        &page,
        &[
            "Can you take this on?",
            "75 to 84",
            "Walks with a frame",
            "Yes, we take it",
        ],
    );
    assert!(
        !page.contains("QUIVERFUL") && !page.contains("Hiram"),
        "no name before"
    );
    let wrong = house.submit(&offer, &provider, "answer=no&reason=");
    has(&wrong.text(), &["There is a problem", "Choose a reason"]);
    let yes = "answer=yes&starts_on-day=20&starts_on-month=10&starts_on-year=2018";
    let answered = location(&house.submit(&offer, &provider, yes));
    let page = house.get(&answered, Some(&provider)).text();
    has(
        &page,
        &[
            "It is yours. Thank you",
            "QUIVERFUL, Mary",
            "1 Hiram Street",
        ],
    );
    let again = location(&house.submit(&offer, &provider, yes));
    has(
        &house.get(&again, Some(&provider)).text(),
        &["You have answered this before"],
    );
    let page = house.get(&need, Some(&hub)).text();
    has(
        &page,
        &[
            "Ullathorne House has accepted, from 20 October 2018.",
            "Care has begun",
        ],
    );
    let withdraw = house.submit(&need, &hub, "version=1&do=withdraw&why=Family");
    has(&withdraw.text(), &["a service has accepted"]);
    has(
        &house
            .submit(&need, &hub, "version=3&do=withdraw&why=")
            .text(),
        &["Say why"],
    );
    location(&house.submit(&need, &hub, "version=3&do=withdraw&why=Family"));
    let page = house.get(&offer, Some(&provider)).text();
    has(&page, &["This is no longer needed"]);
    assert!(!page.contains("QUIVERFUL"), "no longer theirs to know");
}

#[test]
fn a_link_is_opened_by_anybody_and_answered_by_the_form_alone() {
    let house = House::new();
    let (hub, provider) = (house.enter(Role::HubLead), house.enter(Role::Provider));
    let (need, offer) = asked(&house, &hub, &provider);
    let id = offer.strip_prefix("/offers/").unwrap();
    let made = house
        .submit(&need, &hub, &format!("do=link&offer={id}"))
        .text();
    let at = made.find("/offer/").unwrap();
    let link = made[at..].split('"').next().unwrap().to_owned();
    for _ in 0..2 {
        let page = house.get(&link, None);
        assert_eq!(page.status, StatusCode::OK);
        let text = page.text();
        has(&text, &["Care home bed", "Your name", "Yes, we take it"]);
        assert!(!text.contains("QUIVERFUL"));
    }
    let nameless = house.post(&link, None, "answer=no&reason=no-bed&words=");
    has(&nameless.text(), &["Enter your name"]);
    let said = house.post(&link, None, "name=Carol&answer=no&reason=no-bed&words=Full");
    has(&said.text(), &["Thank you for answering", "You said no"]);
    let page = house.get(&need, Some(&hub)).text();
    has(
        &page,
        &["Carol, by a link", "No bed free after all", "Full"],
    );
    let unknown = house.get(&format!("/offer/{}", "0".repeat(64)), None);
    assert_eq!(unknown.status, StatusCode::NOT_FOUND);
}
