//! The CapabilityStatement says what is so.

use crate::house::House;
use app::api::{How, KINDS, Whose};

#[test]
fn anybody_may_ask_what_the_api_can_do() {
    let house = House::new();
    let reply = house.send(house.request("GET", "/metadata", None, ""));
    assert_eq!(reply.status, 200);
    let statement = reply.json();
    assert_eq!(statement["resourceType"], "CapabilityStatement");
    assert_eq!(statement["fhirVersion"], "4.0.1");
    assert_eq!(
        statement["implementation"]["url"],
        "http://api.example/fhir"
    );
}

/// A value that each type of parameter takes.
fn example(how: &str) -> &'static str {
    match how {
        "date" => "2018-01-01",
        "string" => "Jones",
        "reference" => "arthur",
        _ => "x",
    }
}

#[test]
fn what_it_says_can_be_done_can_be_done() {
    let house = House::new();
    let statement = house.get("/metadata").json();
    let resources = statement["rest"][0]["resource"].as_array().unwrap();
    assert_eq!(resources.len(), KINDS.len());
    for (resource, kind) in resources.iter().zip(KINDS) {
        assert_eq!(resource["type"], kind.name);
        let within = match kind.whose {
            Whose::Person(_) | Whose::Journal => "patient=arthur&",
            Whose::Patient => "identifier=9990000018&",
            Whose::Nobody => "_id=trust&",
        };
        let codes: Vec<&str> = resource["interaction"]
            .as_array()
            .unwrap()
            .iter()
            .map(|one| one["code"].as_str().unwrap())
            .collect();
        let read = house.get(&format!("/{}/nothing", kind.name));
        assert_eq!(codes.contains(&"read"), read.status == 404, "{}", kind.name);
        for parameter in resource["searchParam"].as_array().unwrap() {
            let (name, how) = (
                parameter["name"].as_str().unwrap(),
                parameter["type"].as_str().unwrap(),
            );
            let path = format!("/{}?{within}{name}={}", kind.name, example(how));
            let path = path.replace("patient=arthur&patient=arthur", "patient=arthur");
            let reply = house.get(&path);
            assert_eq!(reply.status, 200, "{path}: {}", reply.text);
        }
        for include in resource["searchInclude"].as_array().into_iter().flatten() {
            let path = format!(
                "/{}?{within}_include={}",
                kind.name,
                include.as_str().unwrap()
            );
            assert_eq!(house.get(&path).status, 200, "{path}");
        }
        for operation in resource["operation"].as_array().into_iter().flatten() {
            let path = format!(
                "/{}/arthur/${}",
                kind.name,
                operation["name"].as_str().unwrap()
            );
            assert_eq!(house.get(&path).status, 200, "{path}");
        }
    }
    for interaction in statement["rest"][0]["interaction"].as_array().unwrap() {
        let kind = interaction["code"].as_str().unwrap();
        let bundle = format!(r#"{{"resourceType":"Bundle","type":"{kind}"}}"#);
        let reply = house.post("/", &bundle);
        assert!(reply.status == 200, "{kind}: {}", reply.text);
    }
}

#[test]
fn a_parameter_that_is_not_listed_is_refused() {
    let house = House::new();
    let every: Vec<(&str, How)> = KINDS
        .iter()
        .flat_map(|kind| kind.parameters.iter().map(|one| (one.name, one.how)))
        .collect();
    for kind in KINDS {
        let listed = api::capability::parameters(kind);
        let within = if matches!(kind.whose, Whose::Person(_) | Whose::Journal) {
            "patient=arthur&"
        } else {
            ""
        };
        for (name, how) in &every {
            if listed.iter().any(|(known, _)| known == name) {
                continue;
            }
            let path = format!("/{}?{within}{name}={}", kind.name, example(how.as_str()));
            house
                .get(&path)
                .refused(400, "invalid", &format!("http.{name}"));
        }
    }
}
