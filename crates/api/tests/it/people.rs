//! Finding people, and who looked.

use crate::house::House;

#[test]
fn people_are_found_by_what_is_known_of_them() {
    let house = House::new();
    let number = "https://fhir.nhs.uk/Id/nhs-number|9990000018";
    for (path, ids) in [
        (format!("/Patient?identifier={number}"), "arthur"),
        ("/Patient?identifier=9990000018".to_owned(), "arthur"),
        ("/Patient?identifier=9990000019".to_owned(), ""),
        ("/Patient?family=jon".to_owned(), "arthur"),
        (
            "/Patient?family=jones&birthdate=1938-04-03".to_owned(),
            "arthur",
        ),
        ("/Patient?family=jones&birthdate=1938-04-04".to_owned(), ""),
        (
            "/Patient?family=jones&birthdate=lt1940".to_owned(),
            "arthur",
        ),
        ("/Patient?family=arthur".to_owned(), ""),
        ("/Patient?given=arthur".to_owned(), "arthur other"),
        (
            "/Patient?address-postalcode=ZZ1&birthdate=1938-04-03".to_owned(),
            "arthur other",
        ),
        ("/Patient?_id=other".to_owned(), "other"),
        ("/Patient?_id=other&family=jones".to_owned(), ""),
        ("/Patient?family=jones&_lastUpdated=ge2030".to_owned(), ""),
        (
            "/Patient?family=jones&_include=Patient:organization".to_owned(),
            "arthur +trust",
        ),
    ] {
        let mut found = house.get(&path).ids();
        found.sort_by_key(|id| id.trim_start_matches('+').to_owned());
        assert_eq!(found.join(" "), ids, "{path}");
    }
    let first = house.get("/Patient?given=arthur&_count=1");
    let second = house.get(&first.next().unwrap());
    assert_eq!((first.ids().len(), second.ids().len()), (1, 1));
    assert_ne!(first.ids(), second.ids());
    assert_eq!(second.next(), None);
}

#[test]
fn searches_that_find_everybody_are_refused() {
    let house = House::new();
    house.get("/Patient").refused(400, "invalid", "http");
    house
        .get("/Patient?family=j")
        .refused(400, "too-costly", "http");
    house
        .get("/Patient?birthdate=ge1900")
        .refused(400, "too-costly", "http");
    house
        .get("/Patient?family=jones,smith")
        .refused(400, "invalid", "http");
}

#[test]
fn somebody_of_whom_no_patient_was_sent_is_told_too() {
    let house = House::new();
    let app = &house.place.app;
    let mut person = person::Person::unknown(app.ids().person());
    person.family_name = "Harding".to_owned();
    person.given_name = "Septimus John".to_owned();
    person.nhs_number = kernel::NhsNumber::parse("9990000034").ok();
    person.postcode = "ZZ2 2BB".to_owned();
    app.store()
        .write(|tx| store::person::insert(tx, &person, app.now()))
        .unwrap();
    house.place.tie(person.id);
    let found = house.get("/Patient?family=harding");
    assert_eq!(found.ids(), [person.id.to_string()]);
    let read = house.get(&format!("/Patient/{}", person.id)).json();
    assert_eq!(read["name"][0]["given"][1], "John");
    assert_eq!(read["address"][0]["postalCode"], "ZZ2 2BB");
    assert_eq!(
        read["identifier"][0]["extension"][0]["valueCodeableConcept"]["coding"][0]["code"],
        "number-present-but-not-traced"
    );
    assert_eq!(
        house
            .get(&format!("/Observation?patient={}", person.id))
            .ids()
            .len(),
        0
    );
}

#[test]
fn who_looked_is_told_as_audit_events() {
    let house = House::new();
    house.get("/Patient/arthur");
    house.get("/Observation?patient=arthur");
    house.get("/Patient/other");
    let reply = house.get("/AuditEvent?patient=arthur");
    let bundle = reply.json();
    let events = bundle["entry"].as_array().unwrap();
    assert_eq!(events.len(), 2, "only of that person: {bundle}");
    let event = &events[0]["resource"];
    assert_eq!(event["action"], "R");
    assert_eq!(
        event["agent"][0]["who"]["identifier"]["value"],
        "client:all"
    );
    assert_eq!(
        event["agent"][1]["who"]["display"],
        "Barsetshire Hospitals Trust"
    );
    assert_eq!(event["purposeOfEvent"][0]["coding"][0]["code"], "TREAT");
    assert_eq!(event["entity"][1]["detail"][1]["valueString"], "3");
    for (query, count) in [
        ("", 3),
        ("&date=2018-10-16", 4),
        ("&date=lt2018-10-16", 0),
        ("&date=ge2018-10-16T09:00:00Z", 6),
        ("&_count=1", 1),
    ] {
        let found = house.get(&format!("/AuditEvent?patient=arthur{query}"));
        assert_eq!(found.ids().len(), count, "{query}");
    }
    let (mut path, mut seen) = (
        Some("/AuditEvent?patient=arthur&_count=3".to_owned()),
        Vec::new(),
    );
    while let Some(next) = path {
        let reply = house.get(&next);
        seen.extend(reply.ids());
        path = reply.next();
    }
    let mut once = seen.clone();
    once.sort();
    once.dedup();
    assert_eq!(once.len(), seen.len(), "no row twice");
    house
        .get("/AuditEvent")
        .refused(400, "invalid", "http.patient");
    house
        .get("/AuditEvent/barsetshire-1")
        .refused(405, "not-supported", "");
}

#[test]
fn a_person_is_all_of_their_records() {
    let house = House::new();
    let store = house.place.app.store();
    let head = |id: &str| {
        let key = format!("Patient/{id}");
        let found = store.read(|tx| store::api::person_of(tx, "fhir:Patient", &key));
        found.unwrap().unwrap()
    };
    let (kept, given_up) = (head("arthur"), head("other"));
    let uuid = "01890a5d-ac96-774b-bcce-b302099a8057";
    let link = store::identity::Link {
        id: uuid.parse().unwrap(),
        kept,
        given_up,
        moved: vec![given_up],
        why: "the same person".to_owned(),
        made_at: house.place.app.now(),
        made_by: "operator".to_owned(),
        undone: None,
    };
    house.get("/Patient/other");
    store.write(|tx| store::identity::link(tx, &link)).unwrap();
    for id in ["arthur", "other"] {
        let found = house.get(&format!("/Observation?patient={id}")).ids();
        assert_eq!(found.len(), 4, "{id}: {found:?}");
        assert!(found.contains(&"others".to_owned()));
    }
    assert_eq!(house.get("/Observation/others").status, 200);
    let people = house.get("/Patient?family=jones").ids();
    assert_eq!(
        people,
        ["arthur", "other"],
        "one person, two records as they were sent"
    );
    let events = house.get("/AuditEvent?patient=arthur").ids();
    assert_eq!(events.len(), 5, "looks before and after the link");
}
