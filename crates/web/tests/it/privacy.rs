//! The privacy officer's pages.

use crate::flow::words;
use crate::house::House;
use access::Role;
use app::person::TimelineFilter;
use axum::http::StatusCode;
use jiff::SignedDuration;
use jiff::civil::date;
use kernel::{BreakGlassId, NhsNumber, PersonId};
use person::relationship::Relationship;
use person::{Gender, Person};
use store::glass::{self, BreakGlass};

fn add(house: &House, serial: u32, family: &str) -> PersonId {
    let app = &house.place.app;
    let person = Person {
        nhs_number: NhsNumber::synthetic(serial),
        family_name: family.to_owned(),
        given_name: "Mary".to_owned(),
        birth_date: Some(date(1938, 4, 3)),
        gender: Gender::Female,
        address: "1 Hiram Street, Barchester".to_owned(),
        postcode: "ZZ1 4AB".to_owned(),
        ..Person::unknown(app.ids().person())
    };
    let now = app.now();
    app.store()
        .write(|tx| store::person::insert(tx, &person, now))
        .unwrap();
    person.id
}

/// The hub lead opens a record without a link, and reads it unless it is restricted.
fn opened(house: &House, person: PersonId, restricted: bool) -> BreakGlassId {
    let (place, app) = (&house.place, &house.place.app);
    let hub = place.actor(Role::HubLead);
    let now = app.now();
    let opening = BreakGlass {
        id: app.ids().break_glass(),
        person,
        account: hub.account.unwrap(),
        reason: "danger".to_owned(),
        words: "Brought in <b>alone</b>".to_owned(),
        restricted,
        opened_at: now,
        ends_at: now + SignedDuration::from_hours(8),
        approved: None,
        review_by: date(2018, 10, 23),
        review: None,
        version: 1,
    };
    app.store().write(|tx| glass::insert(tx, &opening)).unwrap();
    let holder = hub.account.unwrap().to_string();
    place.relate(Relationship::Emergency, &holder, person);
    let read = app.person(&hub, person, &TimelineFilter::default());
    assert_eq!(read.is_ok(), !restricted);
    opening.id
}

#[test]
fn an_opening_is_reviewed_on_its_page() {
    let house = House::new();
    let mary = add(&house, 1, "Bold");
    let id = opened(&house, mary, false);
    let token = house.enter(Role::PrivacyOfficer);
    // It is what whoever reviews starts with.
    let start = house.get("/", Some(&token));
    assert_eq!(start.header("location"), "/privacy");
    let overview = house.get("/privacy", Some(&token)).text();
    assert!(overview.contains("1 opening to review"));
    let list = house.get("/privacy/openings", Some(&token)).text();
    insta::assert_snapshot!("openings", words(&list));
    let one = format!("/privacy/opening/{id}");
    let page = house.get(&one, Some(&token)).text();
    assert!(
        page.contains("Brought in &#60;b&#62;alone"),
        "text, not markup"
    );
    assert!(!page.contains("Hiram Street"), "no more than is needed");
    insta::assert_snapshot!("opening", words(&page));

    for (form, said) in [
        (
            "version=1&why=I+asked",
            "Choose whether there was good cause",
        ),
        (
            "version=1&verdict=justified&why=",
            "Say why, for whoever asks later",
        ),
    ] {
        let reply = house.submit(&one, &token, form);
        assert_eq!(reply.status, StatusCode::OK);
        assert!(reply.text().contains("There is a problem"));
        assert!(reply.text().contains(said), "{said}");
    }
    let stale = house.submit(&one, &token, "version=4&verdict=justified&why=I+asked");
    assert_eq!(stale.status, StatusCode::CONFLICT);
    let reply = house.submit(&one, &token, "version=1&verdict=not+justified&why=I+asked");
    assert_eq!(reply.status, StatusCode::SEE_OTHER);
    let list = house.get(reply.header("location"), Some(&token)).text();
    assert!(list.contains("Your review is saved") && list.contains("Nothing waits for review"));
    let page = house.get(&one, Some(&token)).text();
    assert!(page.contains("Not justified") && page.contains("I asked"));
    assert!(!page.contains("Save the review"));
    // A late one says so.
    opened(&house, mary, false);
    house
        .place
        .clock
        .advance(SignedDuration::from_hours(24 * 9));
    let token = house.enter(Role::PrivacyOfficer);
    let list = house.get("/privacy/openings", Some(&token)).text();
    assert!(list.contains("23 October 2018, 2 days late") && list.contains(">Late<"));
    assert!(
        house
            .get("/privacy", Some(&token))
            .text()
            .contains("1 late")
    );
}

#[test]
fn a_restricted_record_is_opened_by_a_second_person() {
    let house = House::new();
    let mary = add(&house, 1, "Bold");
    let officer = house.place.actor(Role::PrivacyOfficer);
    house
        .place
        .app
        .restrict(&officer, mary, true, "Works at the trust")
        .unwrap();
    let id = opened(&house, mary, true);
    let token = house.enter(Role::PrivacyOfficer);
    let one = format!("/privacy/opening/{id}");
    let page = house.get(&one, Some(&token)).text();
    assert!(page.contains("A second person must agree"));
    let reply = house.submit(&format!("{one}/approve"), &token, "version=1");
    assert_eq!(reply.status, StatusCode::SEE_OTHER);
    let page = house.get(reply.header("location"), Some(&token)).text();
    assert!(page.contains("You agreed") && page.contains("Second person"));
    assert!(!page.contains("Agree and open"));
    let hub = house.place.actor(Role::HubLead);
    let read = house
        .place
        .app
        .person(&hub, mary, &TimelineFilter::default());
    assert!(read.is_ok());
    let again = house.submit(&format!("{one}/approve"), &token, "version=2");
    assert!(again.text().contains("does not wait for a second person"));
}

#[test]
fn an_unusual_look_is_looked_into_on_its_page() {
    let house = House::new();
    let namesake = add(&house, 1, "Harding");
    house.place.tie(namesake);
    let hub = house.place.actor(Role::HubLead);
    let app = &house.place.app;
    app.person(&hub, namesake, &TimelineFilter::default())
        .unwrap();
    let token = house.enter(Role::PrivacyOfficer);
    let list = house.get("/privacy/looks", Some(&token)).text();
    insta::assert_snapshot!("looks", words(&list));
    let start = list.find("/privacy/look/").unwrap();
    let one = list[start..].split('"').next().unwrap().to_owned();
    let page = house.get(&one, Some(&token)).text();
    insta::assert_snapshot!("look", words(&page));
    let reply = house.submit(&one, &token, "note=I+asked");
    assert!(reply.text().contains("Choose whether it was in order"));
    let reply = house.submit(&one, &token, "verdict=in-order");
    assert!(reply.text().contains("Say what you found"));
    let reply = house.submit(&one, &token, "verdict=in-order&note=No+relation");
    assert_eq!(reply.status, StatusCode::SEE_OTHER);
    let page = house.get(reply.header("location"), Some(&token)).text();
    assert!(page.contains("No relation") && page.contains("In order"));
    let list = house.get("/privacy/looks", Some(&token)).text();
    assert!(list.contains("Nothing to show here"));
    let all = house.get("/privacy/looks?which=all", Some(&token)).text();
    assert!(all.contains("HARDING, Mary"));
    let wrong = house
        .get(
            "/privacy/looks?from-day=1&from-month=1&from-year=2018&which=all",
            Some(&token),
        )
        .text();
    assert!(wrong.contains("Ask for at most 31 days"));
    let unknown = house.get("/privacy/look/999999", Some(&token));
    assert_eq!(unknown.status, StatusCode::NOT_FOUND);
}

#[test]
fn who_looked_at_one_person_is_found_without_a_number_in_an_address() {
    let house = House::new();
    let mary = add(&house, 1, "Bold");
    opened(&house, mary, false);
    let token = house.enter(Role::PrivacyOfficer);
    for (number, said) in [
        ("123", "10 digits that adds up"),
        (
            &*NhsNumber::synthetic(2).unwrap().to_string(),
            "No record here",
        ),
    ] {
        let reply = house.submit("/privacy/looked", &token, &format!("number={number}"));
        assert!(reply.text().contains(said), "{said}");
    }
    let number = NhsNumber::synthetic(1).unwrap();
    let reply = house.submit("/privacy/looked", &token, &format!("number={number}"));
    assert_eq!(reply.status, StatusCode::SEE_OTHER);
    let address = reply.header("location").to_owned();
    assert!(!address.contains(&number.to_string()));
    let page = house.get(&address, Some(&token)).text();
    insta::assert_snapshot!("looked", words(&page));
}

#[test]
fn a_record_is_restricted_named_for_and_freed() {
    let house = House::new();
    let mary = add(&house, 1, "Bold");
    let token = house.enter(Role::PrivacyOfficer);
    let list = "/privacy/restrictions";
    let number = NhsNumber::synthetic(1).unwrap();
    let born = |day: i8| format!("number={number}&born-day={day}&born-month=4&born-year=1938");
    let wrong = house.submit(list, &token, &born(4));
    assert!(
        wrong
            .text()
            .contains("this NHS number and this date of birth")
    );
    let reply = house.submit(list, &token, &born(3));
    let one = reply.header("location").to_owned();
    assert_eq!(one, format!("/privacy/restrictions/{mary}"));
    let sent = |form: &str| house.submit(&one, &token, form);
    assert!(
        sent("do=put&why=Fear")
            .text()
            .contains("Choose what you restrict")
    );
    assert!(sent("do=put&kind=record").text().contains("Say why"));
    assert_eq!(
        sent("do=put&kind=record&why=Works+here").status,
        StatusCode::SEE_OTHER
    );
    assert_eq!(
        sent("do=put&kind=address&why=In+fear").status,
        StatusCode::SEE_OTHER
    );
    let page = house.get(&one, Some(&token)).text();
    assert!(page.contains("Nobody is named") && !page.contains("Add a restriction"));
    let hub = house.place.actor(Role::HubLead).account.unwrap();
    let until =
        |year: i16| format!("do=name&account={hub}&until-day=1&until-month=11&until-year={year}");
    assert!(
        sent("do=name")
            .text()
            .contains("Choose who may see this record")
    );
    assert!(sent(&until(2020)).text().contains("must be from today to"));
    assert_eq!(sent(&until(2018)).status, StatusCode::SEE_OTHER);
    let page = house.get(&one, Some(&token)).text();
    insta::assert_snapshot!("restriction", words(&page));
    insta::assert_snapshot!("restrictions", words(&house.get(list, Some(&token)).text()));
    let after = |mark: &str| {
        let at = page.find(mark).unwrap() + mark.len();
        page[at..].split('"').next().unwrap().to_owned()
    };
    let relationship = after("name=\"relationship\" value=\"");
    assert_eq!(
        sent(&format!("do=unname&relationship={relationship}")).status,
        StatusCode::SEE_OTHER
    );
    assert!(
        sent("do=lift&why-lift=Over")
            .text()
            .contains("Choose which")
    );
    let restriction = page
        .split("name=\"restriction\" type=\"radio\" value=\"")
        .nth(1)
        .unwrap()
        .split('"')
        .next()
        .unwrap();
    assert_eq!(
        sent(&format!("do=lift&restriction={restriction}&why-lift=Over")).status,
        StatusCode::SEE_OTHER
    );
    assert!(house.get(&one, Some(&token)).text().contains("Lifted"));
    assert_eq!(sent("do=nothing").status, StatusCode::NOT_FOUND);
}

#[test]
fn the_journal_is_checked_and_its_seal_kept() {
    let house = House::new();
    let token = house.enter(Role::PrivacyOfficer);
    let reply = house.submit("/privacy/journal", &token, "");
    assert!(reply.text().contains("It holds."));
    let head = house.get("/privacy/journal/head", Some(&token));
    assert!(
        head.text()
            .starts_with("almoner journal proof 1\nplace barsetshire\n")
    );
    assert!(
        head.header("content-disposition")
            .contains("journal-head.txt")
    );
    // A row that was changed is named.
    house
        .place
        .app
        .store()
        .write(|tx| tx.execute("UPDATE journal SET results = 9 WHERE sequence = 2", &[]))
        .unwrap();
    let reply = house.submit("/privacy/journal", &token, "");
    assert!(reply.text().contains("journal row 2 does not fit"));
}
