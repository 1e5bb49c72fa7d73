//! A Bundle out of one place goes into another, and is the same there.

use crate::house::House;
use access::Actor;
use serde_json::Value;
use std::collections::BTreeMap;
use store::inbox::InboxKind;

/// Every resource of a person by its id, as text.
fn everything(house: &House, id: &str) -> BTreeMap<String, String> {
    let text = house.get(&format!("/Patient/{id}/$everything")).text;
    // The texts of the resources themselves: a tree would hide what was changed.
    let bundle: Value = serde_json::from_str(&text).unwrap();
    bundle["entry"]
        .as_array()
        .unwrap()
        .iter()
        .map(|entry| {
            let resource = entry["resource"].to_string();
            let key = format!(
                "{}/{}",
                entry["resource"]["resourceType"], entry["resource"]["id"]
            );
            assert!(text.contains(&resource), "{key} is given as it came");
            (key, resource)
        })
        .collect()
}

/// The Bundle as a transaction that puts each of its resources.
fn transaction(searchset: &str) -> String {
    let mut bundle: Value = serde_json::from_str(searchset).unwrap();
    bundle["type"] = "transaction".into();
    bundle.as_object_mut().unwrap().remove("link");
    bundle.as_object_mut().unwrap().remove("total");
    for entry in bundle["entry"].as_array_mut().unwrap() {
        let resource = &entry["resource"];
        let url = format!(
            "{}/{}",
            resource["resourceType"].as_str().unwrap(),
            resource["id"].as_str().unwrap()
        );
        entry["request"] = serde_json::json!({ "method": "PUT", "url": url });
        entry.as_object_mut().unwrap().remove("search");
    }
    bundle.to_string()
}

#[test]
fn what_one_place_gives_another_takes_whole() {
    let (one, other) = (House::new(), House::new());
    let own = everything(&one, "arthur");
    let sent = one.get("/Patient/arthur/$everything").text;
    let answer = other.post("/", &transaction(&sent));
    assert_eq!(answer.status, 200, "{}", answer.text);
    assert_eq!(everything(&other, "arthur"), own);
}

#[test]
fn made_up_people_of_synthea_go_over_whole() {
    let Some(folder) = testkit::shared_data("fhir/synthea") else {
        testkit::not_run("exchange of Synthea bundles");
        return;
    };
    let (one, other) = (House::new(), House::new());
    let mut files: Vec<_> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    files.sort();
    let bytes = std::fs::read(&files[0]).unwrap();
    let operator = Actor::operator();
    one.place
        .app
        .take_in(&operator, InboxKind::Fhir, "synthea", &bytes)
        .unwrap();
    one.place.tie_all();
    let plain = fhir::unpack(&bytes).unwrap().into_owned();
    let bundle: Value = serde_json::from_slice(&plain).unwrap();
    let first = &bundle["entry"][0]["resource"];
    assert_eq!(first["resourceType"], "Patient");
    let id = first["id"].as_str().unwrap();
    let sent = one.get(&format!("/Patient/{id}/$everything"));
    assert!(sent.ids().len() > 100);
    let kind = InboxKind::Fhir;
    let report = other
        .place
        .app
        .take_in(&operator, kind, "from one", sent.text.as_bytes())
        .unwrap();
    other.place.tie_all();
    assert_eq!(report.arrival.counts.rejected, 0);
    let by_id = |house: &House| {
        let bundle = house.get(&format!("/Patient/{id}/$everything")).json();
        let entries = bundle["entry"].as_array().unwrap().clone();
        let mut all: Vec<String> = entries
            .iter()
            .map(|entry| entry["resource"].to_string())
            .collect();
        all.sort();
        all
    };
    assert_eq!(by_id(&one), by_id(&other));
}
