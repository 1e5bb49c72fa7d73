//! Reading and searching.

use crate::house::{House, observation, resources};
use serde_json::Value;

#[test]
fn a_resource_is_given_back_as_it_came() {
    let house = House::new();
    let sent = resources()[4].to_string();
    let reply = house.get("/Observation/one");
    assert_eq!(reply.text, sent);
    assert_eq!(
        reply.headers["content-type"],
        "application/fhir+json; charset=utf-8"
    );
    let etag = reply.headers["etag"].to_str().unwrap().to_owned();
    assert_eq!(
        reply.headers["last-modified"],
        "Tue, 16 Oct 2018 09:30:00 GMT"
    );
    let mut request = house.request("GET", "/Observation/one", Some(&house.token), "");
    request
        .headers_mut()
        .insert("if-none-match", etag.parse().unwrap());
    let again = house.send(request);
    assert_eq!((again.status.as_u16(), again.text.as_str()), (304, ""));
    let (action, actor, detail, results, named) = house.journal(1).remove(0);
    assert_eq!(
        (
            action.as_str(),
            actor.as_str(),
            detail.as_str(),
            results,
            named
        ),
        ("see people's records", "client:all", "api read", 1, true)
    );
}

#[test]
fn the_newest_version_is_read() {
    let house = House::new();
    let old = house.get("/Observation/one").headers["etag"].clone();
    house
        .place
        .clock
        .advance(jiff::SignedDuration::from_secs(5));
    let newer = observation("one", "arthur", "8310-5", "2018-03-07");
    let bundle = format!(
        r#"{{"resourceType":"Bundle","type":"batch","entry":[{{"resource":{newer},"request":{{"method":"PUT","url":"Observation/one"}}}}]}}"#
    );
    assert_eq!(house.post("/", &bundle).status, 200);
    let reply = house.get("/Observation/one");
    assert_eq!(reply.text, newer.to_string());
    assert_ne!(reply.headers["etag"], old);
    assert_eq!(
        house
            .get("/Observation?patient=arthur&_id=one")
            .text
            .matches("2018-03-07")
            .count(),
        1
    );
}

#[test]
fn of_many_versions_of_one_instant_the_one_on_the_timeline_is_read() {
    let house = House::new();
    for day in ["2018-03-04", "2018-03-05", "2018-03-06", "2018-03-07"] {
        let version = observation("one", "arthur", "8310-5", day);
        let bundle = format!(
            r#"{{"resourceType":"Bundle","type":"batch","entry":[{{"resource":{version},"request":{{"method":"PUT","url":"Observation/one"}}}}]}}"#
        );
        assert_eq!(house.post("/", &bundle).status, 200);
        let read = house.get("/Observation/one");
        let found = house.get("/Observation?patient=arthur&_id=one").json();
        let shown = &found["entry"][0]["resource"]["effectiveDateTime"];
        assert_eq!(&read.json()["effectiveDateTime"], shown, "{day}");
    }
}

#[test]
fn what_came_as_xml_is_given_as_json() {
    let house = House::new();
    let xml = r#"<Flag xmlns="http://hl7.org/fhir"><id value="alert"/><status value="active"/><code><text value="Lives alone"/></code><subject><reference value="Patient/arthur"/></subject></Flag>"#;
    let operator = access::Actor::operator();
    let kind = store::inbox::InboxKind::Fhir;
    house
        .place
        .app
        .take_in(&operator, kind, "flag", xml.as_bytes())
        .unwrap();
    let flag = house.get("/Flag/alert").json();
    assert_eq!(flag["code"]["text"], "Lives alone");
    assert_eq!(flag["resourceType"], "Flag");
    assert_eq!(house.get("/Flag?patient=arthur").ids(), ["alert"]);
}

#[test]
fn searches_are_within_one_person() {
    let house = House::new();
    for (path, ids) in [
        ("/Observation?patient=arthur", "three two one"),
        ("/Observation?patient=Patient/arthur", "three two one"),
        ("/Observation?subject=Patient/arthur", "three two one"),
        ("/Observation?patient=other", "others"),
        ("/Observation?patient=arthur&_sort=date", "one two three"),
        ("/Observation?patient=arthur&code=8310-5", "two one"),
        (
            "/Observation?patient=arthur&code=http://loinc.org|8867-4",
            "three",
        ),
        (
            "/Observation?patient=arthur&code=http%3A%2F%2Floinc.org%7C8867-4",
            "three",
        ),
        (
            "/Observation?patient=arthur&code=http://snomed.info/sct|8867-4",
            "",
        ),
        ("/Observation?patient=arthur&date=ge2018-03-02", "three two"),
        (
            "/Observation?patient=arthur&date=ge2018-03-02&date=lt2018-03-03",
            "two",
        ),
        ("/Observation?patient=arthur&status=final", "three two one"),
        ("/Observation?patient=arthur&status=amended", ""),
        ("/Observation?patient=arthur&_id=one,two", "two one"),
        ("/Observation?patient=arthur&_lastUpdated=lt2018-10-16", ""),
        (
            "/Observation?patient=arthur&_lastUpdated=2018-10-16",
            "three two one",
        ),
        (
            "/Observation?patient=arthur&_count=1&_include=Observation:encounter",
            "three +stay",
        ),
        ("/Encounter?patient=arthur&date=2018-03&class=IMP", "stay"),
        (
            "/Encounter?patient=arthur&_include=Encounter:service-provider",
            "stay +trust",
        ),
        ("/Organization?_id=trust", "trust"),
        ("/Organization?_id=nobody", ""),
    ] {
        assert_eq!(house.get(path).ids().join(" "), ids, "{path}");
    }
    house.get("/Observation?patient=arthur&code=8310-5");
    let (_, _, detail, results, named) = house.journal(1).remove(0);
    assert_eq!(
        (detail.as_str(), results, named),
        ("api search Observation?patient,code", 2, true)
    );
}

#[test]
fn a_search_by_form_has_nothing_in_its_address() {
    let house = House::new();
    let mut request = house.request(
        "POST",
        "/Observation/_search",
        Some(&house.token),
        "patient=arthur&code=8867-4",
    );
    let kind = "application/x-www-form-urlencoded".parse().unwrap();
    request.headers_mut().insert("content-type", kind);
    assert_eq!(house.send(request).ids(), ["three"]);
}

#[test]
fn pages_follow_each_other_without_loss() {
    let house = House::new();
    let mut path = Some("/Observation?patient=arthur&_count=1".to_owned());
    let (mut seen, mut pages) = (Vec::new(), 0);
    while let Some(next) = path {
        let reply = house.get(&next);
        assert_eq!(reply.json()["total"], 3);
        seen.extend(reply.ids());
        pages += 1;
        path = reply.next();
    }
    assert_eq!((seen.join(" ").as_str(), pages), ("three two one", 3));
    assert_eq!(
        house.get("/Observation?patient=arthur&_count=0").json()["total"],
        3
    );
}

#[test]
fn everything_of_a_person_is_theirs_alone() {
    let house = House::new();
    let mut ids = house.get("/Patient/arthur/$everything").ids();
    ids.sort();
    assert_eq!(ids.join(" "), "+trust arthur one stay three two");
    let some = house
        .get("/Patient/arthur/$everything?_type=Observation,Encounter")
        .ids();
    assert_eq!(some.len(), 4);
    assert_eq!(
        house
            .get("/Patient/arthur/$everything?_since=2019")
            .ids()
            .len(),
        0
    );
    let (mut path, mut seen) = (Some("/Patient/arthur/$everything?_count=2".to_owned()), 0);
    while let Some(next) = path {
        let reply = house.get(&next);
        seen += reply.ids().iter().filter(|id| !id.starts_with('+')).count();
        path = reply.next();
    }
    assert_eq!(seen, 5);
}

#[test]
fn what_waits_for_its_person_is_shown_to_nobody() {
    let house = House::new();
    let early = observation("early", "not-here-yet", "8310-5", "2018-03-01").to_string();
    let operator = access::Actor::operator();
    let kind = store::inbox::InboxKind::Fhir;
    house
        .place
        .app
        .take_in(&operator, kind, "early", early.as_bytes())
        .unwrap();
    house
        .get("/Observation/early")
        .refused(404, "not-found", "");
}

#[test]
fn an_id_that_two_servers_gave_is_not_guessed() {
    let house = House::new();
    let operator = access::Actor::operator();
    let kind = store::inbox::InboxKind::Fhir;
    let send = |host: &str| {
        let own = observation("same", "x", "8310-5", "2018-04-01").to_string();
        let own = own.replace("\"Patient/x\"", "\"Patient/arthur\"");
        let arthur = crate::house::patient("arthur", "9990000018", "Jones");
        let bundle = format!(
            r#"{{"resourceType":"Bundle","type":"collection","entry":[{{"fullUrl":"https://{host}/r4/Patient/arthur","resource":{arthur}}},{{"fullUrl":"https://{host}/r4/Observation/same","resource":{own}}}]}}"#
        );
        house
            .place
            .app
            .take_in(&operator, kind, "elsewhere", bundle.as_bytes())
            .unwrap();
    };
    send("a.example");
    assert_eq!(house.get("/Observation/same").json()["id"], "same");
    send("b.example");
    house
        .get("/Observation/same")
        .refused(409, "multiple-matches", "http._id");
    let both = house.get("/Observation?patient=arthur&_id=same");
    assert_eq!(both.ids(), ["same", "same"]);
    let urls: Vec<Value> = both.json()["entry"]
        .as_array()
        .unwrap()
        .iter()
        .map(|e| e["fullUrl"].clone())
        .collect();
    assert!(
        urls.contains(&Value::from("https://a.example/r4/Observation/same")),
        "{urls:?}"
    );
}

#[test]
fn a_read_takes_few_statements() {
    let house = House::new();
    let count = |path: &str| {
        let before = house.place.app.store().statements();
        assert_eq!(house.get(path).status, 200);
        house.place.app.store().statements() - before
    };
    count("/Observation/one");
    // The resource and the three of the journal. The token, whom it acts for and what is to be
    // minded about the person are read again only where the store cannot tell that nothing has
    // changed.
    let again = match house.place.app.store().engine_name() {
        "postgres" => 3,
        _ => 0,
    };
    assert_eq!(count("/Observation/one"), 4 + again);
    // Beside those the person behind the id.
    assert!(count("/Observation?patient=Patient/arthur") <= 8);
    assert!(count("/Patient/arthur/$everything") <= 11);
}

#[test]
fn a_signed_assessment_is_read_as_a_questionnaire_response() {
    let house = House::new();
    let app = &house.place.app;
    house.place.tie_all();
    let worker = house.place.actor(access::Role::Practitioner);
    let find =
        |tx: &mut dyn store::Tx| store::person::by_identifier(tx, "fhir:Patient", "Patient/arthur");
    let arthur = app.store().read(find).unwrap().unwrap();
    let form = app
        .start_form(&worker, "initial-screening", Some(arthur))
        .unwrap();
    let which = app::flow::forms::Which::Staff(&worker, form);
    for (link, value) in [
        ("what", "Fell"),
        ("safe", "yes"),
        ("safeguarding", "no"),
        ("eats", "yes"),
        ("moves", "yes"),
        ("next", "equipment"),
    ] {
        let typed = app::flow::forms::Typed {
            link,
            value,
            number: 0,
            page: "p",
        };
        app.save_answer(which, &typed).unwrap();
    }
    // Half way it is nobody's to read.
    let found = house.get("/QuestionnaireResponse?patient=arthur");
    assert_eq!(found.ids(), [""; 0]);
    app.sign_form(&worker, form, &[]).unwrap();
    let found = house.get("/QuestionnaireResponse?patient=arthur");
    assert_eq!(found.ids(), [form.to_string()]);
    let read = house.get(&format!("/QuestionnaireResponse/{form}"));
    assert_eq!(read.status.as_u16(), 200, "{}", read.text);
    let read = read.json();
    assert_eq!(read["status"], "completed");
    assert_eq!(
        read["questionnaire"],
        "https://almoner.example/Questionnaire/initial-screening|1"
    );
    assert_eq!(
        read["item"][0]["item"][0]["answer"][0]["valueString"],
        "Fell"
    );
}
