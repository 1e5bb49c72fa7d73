//! A restricted record changes no byte of any answer of the API, whatever names it shares with
//! others: its ids, its NHS number, its names.

use crate::house::{House, observation, patient};
use access::Actor;
use kernel::PersonId;
use serde_json::{Value, json};
use store::inbox::InboxKind;
use store::wish::Restriction;

/// Somebody's resources under a server's address, or under bare ids.
fn resources(server: &str, id: &str, number: &str, family: &str) -> Vec<Value> {
    let all = vec![
        patient(id, number, family),
        observation(&format!("{id}-one"), id, "8310-5", "2018-03-01"),
        observation("one", id, "8310-5", "2018-03-01"),
        json!({
            "resourceType": "Condition", "id": format!("{id}-hip"), "subject": { "reference": format!("Patient/{id}") },
            "code": { "text": "Fracture of hip" },
        }),
    ];
    let entry = |resource: Value| {
        let (kind, id) = (resource["resourceType"].clone(), resource["id"].clone());
        let url = format!(
            "{server}{}/{}",
            kind.as_str().unwrap(),
            id.as_str().unwrap()
        );
        json!({ "fullUrl": url, "resource": resource })
    };
    all.into_iter().map(entry).collect()
}

fn send(house: &House, server: &str, id: &str, number: &str, family: &str) -> PersonId {
    let app = &house.place.app;
    let entries = resources(server, id, number, family);
    let bundle = json!({ "resourceType": "Bundle", "type": "collection", "entry": entries });
    let operator = Actor::operator();
    app.take_in(
        &operator,
        InboxKind::Fhir,
        "hidden",
        bundle.to_string().as_bytes(),
    )
    .unwrap();
    let key = format!("{server}Patient/{id}");
    let found = app
        .store()
        .read(|tx| store::api::person_of(tx, "fhir:Patient", &key));
    found.unwrap().unwrap()
}

fn restrict(house: &House, person: PersonId, whole: bool) {
    let restriction = Restriction {
        id: house.place.app.ids().restriction(),
        person,
        whole,
        why: "A court order".to_owned(),
        made_at: house.place.app.now(),
        made_by: "test".to_owned(),
        ended: None,
    };
    let put = |tx: &mut dyn store::Tx| store::wish::restrict(tx, &restriction);
    house.place.app.store().write(put).unwrap();
}

#[test]
fn a_restricted_record_changes_no_byte_of_any_answer() {
    let (one, other) = (House::new(), House::new());
    assert_eq!(
        one.token, other.token,
        "the places are the same to the byte"
    );
    let mut compared = 0;
    for (round, (server, id, number, family)) in [
        ("https://a.example/r4/", "hidden", "9990000034", "Jones"),
        // The ids that others have, from another server.
        ("https://a.example/r4/", "arthur", "9990000042", "Jones"),
        ("https://b.example/r4/", "other", "9990000050", "Smith"),
    ]
    .into_iter()
    .enumerate()
    {
        let person = send(&other, server, id, number, family);
        other.place.tie(person);
        restrict(&other, person, true);
        let system = "https://fhir.nhs.uk/Id/nhs-number";
        for path in [
            "/metadata".to_owned(),
            format!("/Patient/{id}"),
            format!("/Patient/{person}"),
            "/Patient/arthur".to_owned(),
            "/Patient/other".to_owned(),
            "/Observation/one".to_owned(),
            format!("/Observation/{id}-one"),
            format!("/Condition/{id}-hip"),
            format!("/Patient?identifier={system}|{number}"),
            format!("/Patient?family={family}"),
            "/Patient?birthdate=1938-04-03".to_owned(),
            "/Patient?address-postalcode=ZZ1&given=arthur".to_owned(),
            format!("/Patient?_id={id}"),
            format!("/Patient?_id={person}"),
            format!("/Observation?patient={id}"),
            format!("/Observation?patient={person}"),
            format!("/Observation?patient={server}Patient/{id}"),
            "/Observation?patient=arthur&_include=Observation:patient".to_owned(),
            format!("/Condition?patient={id}"),
            format!("/Patient/{id}/$everything"),
            format!("/Patient/{person}/$everything"),
            "/Patient/arthur/$everything".to_owned(),
            format!("/AuditEvent?patient={person}"),
        ] {
            let (without, with) = (one.get(&path), other.get(&path));
            assert_eq!(with.status, without.status, "round {round}: {path}");
            assert_eq!(with.text, without.text, "round {round}: {path}");
            assert_eq!(with.headers, without.headers, "round {round}: {path}");
            compared += 1;
        }
    }
    assert_eq!(compared, 69);
}

#[test]
fn a_protected_address_is_in_no_answer() {
    let house = House::new();
    let found = house
        .place
        .app
        .store()
        .read(|tx| store::api::person_of(tx, "fhir:Patient", "Patient/arthur"));
    let person = found.unwrap().unwrap();
    let everywhere = [
        "/Patient/arthur".to_owned(),
        "/Patient?family=jones".to_owned(),
        "/Patient/arthur/$everything".to_owned(),
        "/Observation?patient=arthur&_include=Observation:patient".to_owned(),
        format!("/Patient/{person}"),
    ];
    for path in &everywhere {
        assert!(house.get(path).text.contains("ZZ1 4AB"), "{path}");
    }
    let by_postcode = "/Patient?address-postalcode=ZZ1&family=jones";
    assert_eq!(house.get(by_postcode).ids(), ["arthur"]);
    restrict(&house, person, false);
    for path in &everywhere {
        let reply = house.get(path);
        assert_eq!(reply.status, 200, "{path}");
        assert!(!reply.text.contains("ZZ1"), "{path}: {}", reply.text);
    }
    let read = house.get("/Patient/arthur").json();
    assert_eq!(read["name"][0]["family"], "Jones");
    assert_eq!(read["id"], person.to_string());
    assert!(house.get(by_postcode).ids().is_empty());
    let everything = house.get("/Patient/arthur/$everything").ids();
    assert!(everything.contains(&person.to_string()), "{everything:?}");
}

#[test]
fn who_has_no_link_is_told_how_one_begins() {
    let house = House::new();
    send(&house, "", "stranger", "9990000034", "Proudie");
    house.get("/Patient/stranger").refused(403, "forbidden", "");
    house
        .get("/Observation?patient=stranger")
        .refused(403, "forbidden", "");
    assert!(house.get("/Patient?family=proudie").ids().is_empty());
    assert!(house.get("/Patient/stranger").text.contains("has no link"));
}
