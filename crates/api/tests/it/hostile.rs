//! Input that means harm, or is only broken.

use crate::house::House;

#[test]
fn parameters_that_do_not_read_are_refused_with_their_place() {
    let house = House::new();
    for (path, at) in [
        ("/Observation?patient=arthur&date=yesterday", "http.date"),
        ("/Observation?patient=arthur&date=ge2018-02-30", "http.date"),
        (
            "/Observation?patient=arthur&date=99999999999999999999",
            "http.date",
        ),
        ("/Observation?patient=arthur&_count=-5", "http._count"),
        ("/Observation?patient=arthur&_count=1e9", "http._count"),
        ("/Observation?patient=arthur&_cursor=AAAA", "http._cursor"),
        ("/Observation?patient=arthur&_cursor=%FF%00", "http._cursor"),
        ("/Observation?patient=arthur&colour=red", "http.colour"),
        ("/Observation?patient=arthur&code:in=x", "http.code:in"),
        ("/Observation?patient=arthur&_include=*", "http._include"),
        ("/Observation?patient=arthur&_sort=value", "http._sort"),
        ("/Observation", "http.patient"),
        ("/Observation?code=1", "http.patient"),
        ("/AuditEvent?patient=arthur&_cursor=MQoKeA", "http._cursor"),
        ("/Patient/arthur/$everything?_type=Nothing", "http._type"),
        ("/Patient/arthur/$everything?_since=then", "http._since"),
        ("/Patient/arthur/$everything?code=1", "http.code"),
    ] {
        house.get(path).refused(400, "invalid", at);
    }
    assert_eq!(
        house
            .get("/Observation?patient=arthur&_count=99999999999999999999999")
            .ids()
            .len(),
        3
    );
}

#[test]
fn what_is_not_there_is_not_found() {
    let house = House::new();
    for path in [
        "/Observation/nothing",
        "/Observation/arthur",
        "/Observation/%00",
        "/Observation/..%2F..%2Fetc",
        "/Patient/01890a5d-ac96-774b-bcce-b302099a8057",
        "/Patient/nobody/$everything",
    ] {
        house.get(path).refused(404, "not-found", "");
    }
    house
        .get("/Observation?patient=nobody")
        .refused(404, "not-found", "http.patient");
    house
        .get("/Observation?patient=%27%3B--")
        .refused(404, "not-found", "http.patient");
    house.get("/Binary/1").refused(404, "not-supported", "");
    house
        .get("/Patient/arthur/_history")
        .refused(404, "not-found", "");
    house.get("").refused(405, "not-supported", "");
}

#[test]
fn only_json_goes_in_and_out() {
    let house = House::new();
    house
        .get("/Patient/arthur?_format=xml")
        .refused(406, "not-supported", "http._format");
    house
        .get("/metadata?_format=xml")
        .refused(406, "not-supported", "http._format");
    assert_eq!(house.get("/Patient/arthur?_format=json").status, 200);
    let mut request = house.request("GET", "/Patient/arthur", Some(&house.token), "");
    request
        .headers_mut()
        .insert("accept", "application/fhir+xml".parse().unwrap());
    house.send(request).refused(406, "not-supported", "");
    let mut request = house.request("POST", "/", Some(&house.token), "<Bundle/>");
    request
        .headers_mut()
        .insert("content-type", "application/fhir+xml".parse().unwrap());
    house.send(request).refused(415, "not-supported", "");
}

#[test]
fn broken_bundles_are_refused_and_nothing_is_lost_over_them() {
    let house = House::new();
    let deep = format!(
        r#"{{"resourceType":"Bundle","type":"batch","entry":[{{"resource":{{"resourceType":"Basic","extension":{}1{}}}}}]}}"#,
        "[".repeat(100_000),
        "]".repeat(100_000)
    );
    let wide = format!(
        r#"{{"resourceType":"Bundle","type":"batch","entry":[{}1]}}"#,
        "1,".repeat(10_000)
    );
    for text in [
        "",
        "{",
        "[]",
        "null",
        "\u{feff}{}",
        r#"{"resourceType":"Bundle","type":"batch","entry":["#,
        r#"{"resourceType":"Bundle","type":"batch","entry":[{"resource":{"resourceType":"Pat"#,
        &deep,
    ] {
        house.post("/", text).refused(400, "invalid", "Bundle");
    }
    house
        .post("/", &wide)
        .refused(400, "invalid", "Bundle.entry");
    let twice = r#"{"resourceType":"Bundle","type":"batch","type":"transaction","entry":[{"request":{"method":"PUT"},"resource":{"resourceType":"Basic","id":"\u0000"}}]}"#;
    let reply = house.post("/", twice);
    assert!(reply.status.as_u16() < 500, "{}", reply.text);
    assert_eq!(house.get("/Patient/arthur").status, 200);
}

#[test]
fn a_refusal_gives_nothing_of_the_record_away() {
    let house = House::new();
    for path in [
        "/Observation/nothing",
        "/Patient?family=j",
        "/Observation?code=Jones",
    ] {
        let text = house.get(path).text;
        assert!(
            !text.contains("Jones") && !text.contains("9990000018"),
            "{text}"
        );
    }
}
