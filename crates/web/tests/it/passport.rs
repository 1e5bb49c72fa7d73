//! The pages of passports: filled in, read, printed, replaced, ended and checked.

use crate::house::{House, Reply};
use access::Role;
use axum::http::StatusCode;
use jiff::civil::date;
use kernel::{NhsNumber, PersonId};
use person::relationship::Relationship;
use person::{Gender, Person};

fn mary(house: &House) -> PersonId {
    let person = Person {
        nhs_number: NhsNumber::synthetic(7),
        family_name: "Quiverful".to_owned(),
        given_name: "Mary <b>".to_owned(),
        birth_date: Some(date(1938, 4, 3)),
        gender: Gender::Female,
        ..Person::unknown(house.place.app.ids().person())
    };
    let now = house.place.app.now();
    let store = house.place.app.store();
    store
        .write(|tx| store::person::insert(tx, &person, now))
        .unwrap();
    house.place.tie(person.id);
    person.id
}

const FILLED: &str = "answer-kind=Through+the+urethra&answer-why=Cannot+empty+the+bladder&\
    answer-size=14+Ch%2C+silicone%2C+10+ml&answer-put-in-day=1&answer-put-in-month=10&\
    answer-put-in-year=2018&answer-change-by-day=1&answer-change-by-month=dec&\
    answer-change-by-year=2018&answer-problems=Blocks.%0D%0AWater+helps+%3Ci%3E&\
    answer-allergies=Latex&answer-call=District+nurses";

/// Makes one and gives its address.
fn made(house: &House, token: &str, person: PersonId, version: i64) -> String {
    let to = format!("/person/{person}/passport/catheter");
    let reply = house.submit(&to, token, &format!("version={version}&{FILLED}"));
    assert_eq!(reply.status, StatusCode::SEE_OTHER, "{}", reply.text());
    let address = reply.header("location").to_owned();
    address.strip_suffix("?saved=1").unwrap().to_owned()
}

/// The code as its page gives it to be copied.
fn code(house: &House, token: &str, address: &str) -> String {
    let page = house.get(address, Some(token)).text();
    let start = page.find("readonly>").unwrap() + 9;
    let end = start + page[start..].find("</textarea>").unwrap();
    page[start..end].to_owned()
}

fn check(house: &House, token: &str, code: &str) -> Reply {
    let code: String = code
        .bytes()
        .map(|byte| match byte.is_ascii_alphanumeric() {
            true => char::from(byte).to_string(),
            false => format!("%{byte:02X}"),
        })
        .collect();
    house.submit("/passport/check", token, &format!("code={code}"))
}

#[test]
fn a_passport_is_filled_in_read_printed_and_checked() {
    let house = House::new();
    let person = mary(&house);
    let token = house.enter(Role::Practitioner);
    let record = house.get(&format!("/person/{person}"), Some(&token)).text();
    let list = format!("/person/{person}/passports");
    assert!(record.contains(&format!("href=\"{list}\"")));
    let page = house.get(&list, Some(&token)).text();
    for words in [
        "There are none.",
        "Catheter passport",
        "Dementia passport",
        "End of life passport",
    ] {
        assert!(page.contains(words), "{words}");
    }

    let form = format!("/person/{person}/passport/catheter");
    let page = house.get(&form, Some(&token)).text();
    for words in [
        "QUIVERFUL, Mary &#60;b&#62;",
        "When must it be changed, or taken out?",
        "Which bags or valve are used, and how are they held? (optional)",
        "valid until 14 January 2019 at the latest",
        "Make the passport",
    ] {
        assert!(page.contains(words), "{words}: {page}");
    }
    let address = made(&house, &token, person, 0);
    let page = house
        .get(&format!("{address}?saved=1"), Some(&token))
        .text();
    for words in [
        "The passport is made.",
        "Valid until 1 December 2018",
        "Blocks. Water helps &#60;i&#62;",
        "Version 1, made on 16 October 2018 by Practitioner Harding, Barsetshire County Council",
    ] {
        assert!(page.contains(words), "{words}: {page}");
    }

    let other = house.enter(Role::Provider);
    let code = code(&house, &token, &address);
    assert!(code.starts_with("ALMONER:"));
    let page = check(&house, &other, &code).text();
    for words in [
        "This passport is genuine",
        "Mary &#60;b&#62; Quiverful",
        "3 April 1938",
        "Blocks. Water helps &#60;i&#62;",
    ] {
        assert!(page.contains(words), "{words}: {page}");
    }
    assert!(
        page.contains("Signs since 16 October 2018"),
        "the public key"
    );
    // What was put in does not come back.
    assert!(!page.contains(&code[..40]));
}

#[test]
fn the_printed_page_says_it_all() {
    let house = House::new();
    let person = mary(&house);
    let token = house.enter(Role::Practitioner);
    let address = made(&house, &token, person, 0);
    let page = house.get(&format!("{address}/print"), Some(&token));
    assert_eq!(page.status, StatusCode::OK);
    let text = page.text();
    let start = text.find("<main").unwrap();
    let main = &text[start..text.find("</main>").unwrap()];
    // The picture is as long as the code: that it is one is `qr`'s to show.
    let (before, rest) = main.split_once("<path").unwrap();
    let (_, after) = rest.split_once("/>").unwrap();
    insta::assert_snapshot!("printed_passport", format!("{before}<path …/>{after}"));
}

#[test]
fn faults_are_told_beside_their_fields_and_nothing_is_lost() {
    let house = House::new();
    let person = mary(&house);
    let token = house.enter(Role::HubLead);
    let to = format!("/person/{person}/passport/catheter");
    let form = FILLED
        .replace("answer-change-by-day=1", "answer-change-by-day=31")
        .replace("answer-change-by-month=dec", "answer-change-by-month=2")
        .replace("answer-put-in-day=1", "answer-put-in-day=")
        .replace("answer-call=District+nurses", "answer-call=");
    let page = house
        .submit(&to, &token, &format!("version=0&{form}"))
        .text();
    assert!(page.contains("<title>Error: Catheter passport"));
    for words in [
        "href=\"#answer-change-by-day\">Change by must be a real day, such as 6 8 2026",
        "href=\"#answer-put-in-day\">Put in on must include a day",
        "href=\"#answer-call\">Who to call: this must be filled in",
        "value=\"31\"",
        "Blocks.\nWater helps &#60;i&#62;",
        "value=\"Through the urethra\" checked",
    ] {
        assert!(page.contains(words), "{words}: {page}");
    }
    let list = house.get(&format!("/person/{person}/passports"), Some(&token));
    assert!(list.text().contains("There are none."));
    // Somebody else was first.
    made(&house, &token, person, 0);
    let late = house.submit(&to, &token, &format!("version=0&{FILLED}"));
    assert_eq!(late.status, StatusCode::CONFLICT);
    assert!(late.text().contains("version 1 of the passport was made"));
    assert!(
        late.text().contains("Cannot empty the bladder"),
        "what was typed is given back"
    );
    let none = house.get(&format!("/person/{person}/passport/travel"), Some(&token));
    assert_eq!(none.status, StatusCode::NOT_FOUND);
}

#[test]
fn an_old_copy_is_refused_and_an_ended_one_is_not_printed() {
    let house = House::new();
    let person = mary(&house);
    let token = house.enter(Role::Practitioner);
    let address = made(&house, &token, person, 0);
    let first = code(&house, &token, &address);
    let page = house.get(&format!("/person/{person}/passport/catheter"), Some(&token));
    assert!(page.text().contains("This replaces version 1."));
    assert!(
        page.text().contains("value=\"14 Ch, silicone, 10 ml\"")
            || page.text().contains(">14 Ch, silicone, 10 ml<")
    );
    assert_eq!(made(&house, &token, person, 1), address);
    let page = check(&house, &token, &first).text();
    assert!(page.contains("There is a newer version of this passport"));
    assert!(!page.contains("Latex"), "what it says is not shown");
    let second = code(&house, &token, &address);
    let mut changed = second.clone();
    let at = changed.len() / 2;
    let other = if &changed[at..=at] == "7" { "8" } else { "7" };
    changed.replace_range(at..=at, other);
    assert!(
        check(&house, &token, &changed)
            .text()
            .contains("This is not a genuine passport")
    );
    assert!(
        check(&house, &token, "hello")
            .text()
            .contains("This is not the code of a passport")
    );
    let page = check(&house, &token, "").text();
    assert!(page.contains("href=\"#code\">Put in what the code says"));

    let end = format!("{address}/end");
    let form = house.submit(&end, &token, "version=1&why=");
    assert!(form.text().contains("Say why it is ended"));
    let stale = house.submit(&end, &token, "version=1&why=Taken+out");
    assert_eq!(stale.status, StatusCode::CONFLICT);
    let done = house.submit(&end, &token, "version=2&why=Taken+out");
    assert_eq!(done.header("location"), address);
    let page = house.get(&address, Some(&token)).text();
    assert!(page.contains("Ended on 16 October 2018 by Practitioner Harding: Taken out"));
    let print = format!("{address}/print");
    assert!(!page.contains(&print) && !page.contains("readonly"));
    let print = house.get(&print, Some(&token));
    assert_eq!(print.header("location"), address, "it is not put on paper");
    assert!(
        check(&house, &token, &second)
            .text()
            .contains("This passport was ended")
    );
}

#[test]
fn a_person_reads_and_prints_their_own_and_no_others() {
    let house = House::new();
    let person = mary(&house);
    let staff = house.enter(Role::Practitioner);
    let address = made(&house, &staff, person, 0);
    let token = house.enter(Role::Person);
    assert_eq!(
        house.get(&address, Some(&token)).status,
        StatusCode::FORBIDDEN
    );
    let account = house.place.actor(Role::Person).account.unwrap().to_string();
    house.place.relate(Relationship::Oneself, &account, person);
    for path in [
        address.clone(),
        format!("{address}/print"),
        format!("/person/{person}/passports"),
    ] {
        let page = house.get(&path, Some(&token));
        assert_eq!(page.status, StatusCode::OK, "{path}");
        let text = page.text();
        assert!(text.contains("Catheter passport"), "{path}");
        for link in ["/end\"", "/passport/catheter\"", "/passport/check"] {
            assert!(!text.contains(link), "{path} {link}");
        }
    }
}
