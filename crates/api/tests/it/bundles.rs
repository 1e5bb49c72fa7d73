//! Bundles in.

use crate::house::{House, observation};
use serde_json::{Value, json};

fn entry(resource: &Value, method: &str) -> Value {
    json!({ "resource": resource, "request": { "method": method, "url": "x" } })
}

fn bundle(kind: &str, entries: &[Value]) -> String {
    json!({ "resourceType": "Bundle", "type": kind, "entry": entries }).to_string()
}

#[test]
fn a_transaction_is_kept_and_answered_entry_by_entry() {
    let house = House::new();
    let new = observation("new", "arthur", "8310-5", "2018-04-01");
    let again = observation("one", "arthur", "8310-5", "2018-03-01");
    let mut odd = observation("odd", "arthur", "8310-5", "2018-04-02");
    odd["status"] = "finnal".into();
    let sent = bundle(
        "transaction",
        &[
            entry(&new, "PUT"),
            entry(&again, "PUT"),
            entry(&odd, "POST"),
        ],
    );
    let answer = house.post("/", &sent).json();
    assert_eq!(answer["type"], "transaction-response");
    let status = |index: usize| answer["entry"][index]["response"]["status"].clone();
    assert_eq!(
        [status(0), status(1), status(2)],
        ["201 Created", "200 OK", "201 Created"]
    );
    let response = &answer["entry"][0]["response"];
    assert_eq!(response["location"], "Observation/new");
    assert_eq!(
        response["etag"],
        house.get("/Observation/new").headers["etag"]
            .to_str()
            .unwrap()
    );
    let issue = &answer["entry"][2]["response"]["outcome"]["issue"][0];
    assert_eq!(issue["severity"], "warning", "{answer}");
    let place = issue["expression"][0].as_str().unwrap();
    assert!(
        place.contains("entry[2]") && place.ends_with("status"),
        "{place}"
    );
    assert_eq!(house.get("/Observation?patient=arthur").ids().len(), 5);
    let id = answer["id"].as_str().unwrap().parse().unwrap();
    let kept = house
        .place
        .app
        .store()
        .read(|tx| store::inbox::content(tx, id))
        .unwrap();
    assert_eq!(kept, sent.as_bytes());
}

#[test]
fn a_transaction_with_one_bad_entry_changes_nothing() {
    let house = House::new();
    let good = observation("new", "arthur", "8310-5", "2018-04-01");
    let bad = json!({ "resourceType": "Observatory", "id": "1" });
    let reply = house.post(
        "/",
        &bundle("transaction", &[entry(&good, "PUT"), entry(&bad, "PUT")]),
    );
    assert_eq!(reply.status, 422);
    let place = reply.json()["issue"][0]["expression"][0]
        .as_str()
        .unwrap()
        .to_owned();
    assert!(place.contains("entry[1]"), "{place}");
    house.get("/Observation/new").refused(404, "not-found", "");
    let reply = house.post(
        "/",
        &bundle("batch", &[entry(&good, "PUT"), entry(&bad, "PUT")]),
    );
    let answer = reply.json();
    assert_eq!(answer["entry"][0]["response"]["status"], "201 Created");
    assert_eq!(
        answer["entry"][1]["response"]["status"],
        "422 Unprocessable Entity"
    );
    assert_eq!(house.get("/Observation/new").status, 200);
}

#[test]
fn what_is_not_done_is_said() {
    let house = House::new();
    let good = observation("new", "arthur", "8310-5", "2018-04-01");
    let read = json!({ "request": { "method": "GET", "url": "Patient/arthur" } });
    let erase = json!({ "request": { "method": "DELETE", "url": "Patient/arthur" } });
    let mut condition = entry(&good, "POST");
    condition["request"]["ifNoneExist"] = "identifier=1".into();
    let at = "Bundle.entry[0].request";
    house
        .post("/", &bundle("transaction", std::slice::from_ref(&read)))
        .refused(400, "not-supported", at);
    house
        .post("/", &bundle("batch", &[condition]))
        .refused(400, "not-supported", at);
    house
        .post("/", &bundle("collection", &[]))
        .refused(400, "not-supported", "Bundle.type");
    house
        .post("/", &good.to_string())
        .refused(400, "invalid", "Bundle");
    let answer = house
        .post("/", &bundle("batch", &[read, erase, entry(&good, "PUT")]))
        .json();
    let status = |index: usize| answer["entry"][index]["response"]["status"].clone();
    assert_eq!(
        [status(0), status(1)],
        ["405 Method Not Allowed", "405 Method Not Allowed"]
    );
    assert_eq!(status(2), "201 Created", "{answer}");
    assert_eq!(house.get("/Patient/arthur").status, 200);
}

#[test]
fn a_transaction_has_a_longest_length() {
    let house = House::new();
    let entries: Vec<Value> = (0..501)
        .map(|number| {
            entry(
                &observation(&format!("n{number}"), "arthur", "1", "2018-04-01"),
                "PUT",
            )
        })
        .collect();
    house
        .post("/", &bundle("transaction", &entries))
        .refused(400, "too-costly", "Bundle.entry");
}
