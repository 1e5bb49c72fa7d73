//! The pages that decide whose a record is.

use crate::house::House;
use access::{Actor, Role};
use axum::http::StatusCode;
use store::inbox::InboxKind;

fn arrives(house: &House, id: &str, given: &str, born: &str) {
    let text = format!(
        r#"{{"resourceType":"Patient","id":"{id}","birthDate":"{born}","name":[{{"family":"Quiverful","given":["{given}"]}}],"address":[{{"line":["1 Close <b>"],"postalCode":"ZZ1 4AB"}}]}}"#
    );
    let app = &house.place.app;
    app.take_in(&Actor::operator(), InboxKind::Fhir, id, text.as_bytes())
        .unwrap();
    house.place.tie_all();
}

/// The only address of a page that begins so.
fn address(page: &str, begins: &str) -> String {
    let start = page.find(&format!("href=\"{begins}")).unwrap() + 6;
    page[start..].split('"').next().unwrap().to_owned()
}

#[test]
fn a_record_is_decided_side_by_side_and_undone() {
    let house = House::new();
    arrives(&house, "mary", "Mary", "1938-04-03");
    arrives(&house, "molly", "Molly", "1938-04-03");
    let token = house.enter(Role::HubLead);
    let list = house.get("/identity", Some(&token)).text();
    assert!(list.contains("QUIVERFUL, Molly") && list.contains("To decide"));
    let one = address(&list, "/identity/0");
    let page = house.get(&one, Some(&token)).text();
    for text in [
        "QUIVERFUL, Mary",
        "Same",
        "Different",
        "a form of the same name",
        "<svg",
        "1 Close &#60;b&#62;",
    ] {
        assert!(page.contains(text), "{text}: {page}");
    }
    assert!(!page.contains("<b>,"), "what came is text, never markup");
    let person = page
        .split("name=\"verdict\"")
        .nth(1)
        .unwrap()
        .split("value=\"")
        .nth(1)
        .unwrap()
        .split('"')
        .next()
        .unwrap()
        .to_owned();

    let sent = |form: &str| house.submit(&one, &token, form);
    let refused = sent("version=1&why=I+know");
    assert_eq!(refused.status, StatusCode::OK);
    assert!(refused.text().contains("Choose what you decide"));
    let refused = sent(&format!("version=1&verdict={person}&why="));
    assert!(refused.text().contains("Say why"));
    assert_eq!(
        sent("version=7&verdict=apart&why=I+know").status,
        StatusCode::CONFLICT
    );
    assert_eq!(
        sent(&format!("version=1&verdict={person}&why=She+told+us")).status,
        StatusCode::SEE_OTHER
    );
    assert!(
        house
            .get("/identity?saved=1", Some(&token))
            .text()
            .contains("Nothing waits to be decided")
    );

    let record = house.get(&format!("/person/{person}"), Some(&token)).text();
    assert!(record.contains("2 records are this person") && record.contains("She told us"));
    let undo = address(&record, "/identity/link/");
    assert!(
        house
            .get(&undo, Some(&token))
            .text()
            .contains("two people again")
    );
    assert_eq!(house.submit(&undo, &token, "why=").status, StatusCode::OK);
    assert_eq!(
        house.submit(&undo, &token, "why=Two+sisters").status,
        StatusCode::SEE_OTHER
    );
    let record = house.get(&format!("/person/{person}"), Some(&token)).text();
    assert!(!record.contains("records are this person"));
    // A practitioner sees the records together, and no way to part them.
    let other = house.enter(Role::Practitioner);
    assert_eq!(house.get(&one, Some(&other)).status, StatusCode::FORBIDDEN);
}
