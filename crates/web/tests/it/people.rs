//! Finding a person and their page.

use crate::house::House;
use access::Role;
use jiff::civil::date;
use kernel::NhsNumber;
use person::{Gender, Person};

fn arthur(house: &House) -> Person {
    let person = Person {
        id: house.place.app.ids().person(),
        nhs_number: NhsNumber::synthetic(1),
        family_name: "Jones".to_owned(),
        given_name: "Arthur <b>".to_owned(),
        birth_date: Some(date(1938, 4, 3)),
        gender: Gender::Male,
        address: "1 High Street, Barchester".to_owned(),
        postcode: "BZ1 4AB".to_owned(),
        telephone: String::new(),
        council: Some(house.place.council),
        practice_code: None,
        died_on: None,
        flags: vec!["safeguarding".to_owned()],
    };
    let now = house.place.app.now();
    house
        .place
        .app
        .store()
        .write(|tx| store::person::insert(tx, &person, now))
        .unwrap();
    house.place.tie(person.id);
    person
}

#[test]
fn one_box_finds_by_number_name_birth_and_postcode() {
    let house = House::new();
    let person = arthur(&house);
    let number = person.nhs_number.unwrap().spaced();
    let token = house.enter(Role::HubLead);
    for typed in [
        number.as_str(),
        "jones",
        "3/4/1938",
        "bz1 4ab",
        "jones 3/4/1938",
    ] {
        let form = format!("search={}", typed.replace(' ', "+"));
        let page = house.submit("/person/find", &token, &form).text();
        assert!(page.contains("1 person found"), "{typed}");
        assert!(page.contains(&format!("/person/{}", person.id)), "{typed}");
        assert!(
            page.contains("JONES, Arthur &#60;b&#62;"),
            "{typed}: escaped name"
        );
        assert!(page.contains("3 April 1938, 80 years"), "{typed}");
        assert!(
            page.contains("1 High Street, Barchester, BZ1 4AB"),
            "{typed}: the full address"
        );
    }
    let nobody = house
        .submit("/person/find", &token, "search=smithers")
        .text();
    assert!(nobody.contains("Nobody was found"));
}

#[test]
fn a_wrong_number_is_told_beside_the_box() {
    let house = House::new();
    let token = house.enter(Role::HubLead);
    let page = house
        .submit("/person/find", &token, "search=999+000+0019")
        .text();
    assert!(page.contains("<title>Error: Find a person"));
    assert!(page.contains("href=\"#search\""));
    assert!(page.contains("does not add up"));
    assert!(
        page.contains("value=\"999 000 0019\""),
        "what was typed is kept"
    );
}

#[test]
fn the_record_says_who_and_what_is_known() {
    let house = House::new();
    let person = arthur(&house);
    let token = house.enter(Role::Practitioner);
    let page = house
        .get(&format!("/person/{}", person.id), Some(&token))
        .text();
    for words in [
        "JONES, Arthur &#60;b&#62;",
        &person.nhs_number.unwrap().spaced(),
        "3 April 1938, 80 years",
        "1 High Street, Barchester, BZ1 4AB",
        "Barsetshire County Council",
        "Safeguarding",
        "No hospital stays are known.",
        "Nothing to show here.",
        "Nobody before you.",
    ] {
        assert!(page.contains(words), "{words}");
    }
    let again = house
        .get(&format!("/person/{}", person.id), Some(&token))
        .text();
    assert!(
        again.contains("Practitioner Harding") || again.contains("practitioner"),
        "the first look is on record"
    );
}
