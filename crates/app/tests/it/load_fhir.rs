//! Resources on the shelf and on timelines, in whatever order they arrive.

use access::Actor;
use app::inbox::Report;
use app::person::{PersonPage, TimelineFilter};
use kernel::{NhsNumber, PersonId};
use store::Value;
use store::inbox::{InboxKind, InboxState};
use testkit::Place;

fn load(place: &Place, name: &str, text: &str) -> Report {
    place
        .app
        .take_in(&Actor::operator(), InboxKind::Fhir, name, text.as_bytes())
        .unwrap()
}

fn state(report: &Report) -> (InboxState, [u64; 5]) {
    let counts = report.arrival.counts;
    let numbers = [
        counts.records,
        counts.accepted,
        counts.partly,
        counts.rejected,
        counts.repeated,
    ];
    (report.arrival.state, numbers)
}

fn codes(report: &Report) -> Vec<&str> {
    report
        .issues
        .iter()
        .map(|kept| kept.code.as_str())
        .collect()
}

fn patient(id: &str, number: Option<&str>, born: &str, family: &str) -> String {
    let identifier = number.map_or(String::new(), |number| {
        format!(
            r#","identifier":[{{"system":"https://fhir.nhs.uk/Id/nhs-number","value":"{number}"}}]"#
        )
    });
    format!(
        r#"{{"resourceType":"Patient","id":"{id}"{identifier},"name":[{{"family":"{family}","given":["Ann"]}}],"gender":"female","birthDate":"{born}"}}"#
    )
}

fn weight(id: &str, subject: &str, value: &str) -> String {
    format!(
        r#"{{"resourceType":"Observation","id":"{id}","status":"final","code":{{"text":"Weight"}},"subject":{{"reference":"{subject}"}},"effectiveDateTime":"2018-08-06","valueQuantity":{{"value":{value},"unit":"kg"}},"performer":[{{"reference":"Organization/o"}}]}}"#
    )
}

const HOSPITAL: &str =
    r#"{"resourceType":"Organization","id":"o","name":"Barchester Royal Infirmary"}"#;

/// The person a source calls so: the head of their records.
fn known_as(place: &Place, key: &str) -> Option<PersonId> {
    place
        .app
        .store()
        .read(
            |tx| match store::person::by_identifier(tx, "fhir:Patient", key)? {
                Some(record) => store::person::head_of(tx, record),
                None => Ok(None),
            },
        )
        .unwrap()
}

fn page(place: &Place, key: &str) -> PersonPage {
    let id = known_as(place, key).unwrap();
    place
        .app
        .person(&Actor::operator(), id, &TimelineFilter::default())
        .unwrap()
}

/// `source | title` of each line, newest first.
fn lines(place: &Place, key: &str) -> Vec<String> {
    let lines = page(place, key).timeline;
    lines
        .iter()
        .map(|line| format!("{} | {}", line.source, line.title))
        .collect()
}

fn count(place: &Place, sql: &str) -> i64 {
    place
        .app
        .store()
        .read(|tx| tx.query(sql, &[Value::from(tx.place())])?[0].int(0))
        .unwrap()
}

fn nothing_wrong(place: &Place) {
    assert_eq!(place.app.doctor(&Actor::operator()).unwrap(), []);
}

#[test]
fn every_order_of_arrival_gives_the_same_record() {
    let number = NhsNumber::synthetic(7).unwrap().to_string();
    let resources = [
        patient("p", Some(&number), "1938-04-03", "Quiverful"),
        weight("w", "Patient/p", "61"),
        HOSPITAL.to_owned(),
    ];
    for order in [
        [0, 1, 2],
        [0, 2, 1],
        [1, 0, 2],
        [1, 2, 0],
        [2, 0, 1],
        [2, 1, 0],
    ] {
        let place = testkit::place();
        for (file, resource) in order.iter().enumerate() {
            let report = load(&place, &format!("{file}.json"), &resources[*resource]);
            assert_eq!(state(&report), (InboxState::Accepted, [1, 1, 0, 0, 0]));
        }
        assert_eq!(
            lines(&place, "Patient/p"),
            [
                "Barchester Royal Infirmary | Weight: 61 kg",
                " | Personal details received"
            ],
            "{order:?}"
        );
        nothing_wrong(&place);
    }
}

#[test]
fn the_same_again_changes_nothing_and_a_change_keeps_both() {
    let place = testkit::place();
    let bundle = |value: &str| {
        format!(
            r#"{{"resourceType":"Bundle","type":"collection","entry":[{{"resource":{}}},{{"resource":{}}}]}}"#,
            patient("p", None, "1938-04-03", "Quiverful"),
            weight("w", "Patient/p", value)
        )
    };
    assert_eq!(
        state(&load(&place, "a", &bundle("61"))),
        (InboxState::Accepted, [2, 2, 0, 0, 0])
    );
    let before = count(&place, "SELECT COUNT(*) FROM shelf WHERE place = ?1");
    assert_eq!(
        state(&load(&place, "b", &bundle("61"))),
        (InboxState::Repeated, [2, 0, 0, 0, 2])
    );
    assert_eq!(
        count(&place, "SELECT COUNT(*) FROM shelf WHERE place = ?1"),
        before
    );
    assert_eq!(
        state(&load(&place, "c", &bundle("62"))),
        (InboxState::Accepted, [2, 1, 0, 0, 1])
    );
    assert_eq!(
        count(&place, "SELECT COUNT(*) FROM shelf WHERE place = ?1"),
        before + 1
    );
    assert_eq!(
        lines(&place, "Patient/p"),
        [" | Weight: 62 kg", " | Personal details received"]
    );
    assert_eq!(
        count(&place, "SELECT COUNT(*) FROM person WHERE place = ?1"),
        1
    );
    nothing_wrong(&place);
}

#[test]
fn number_and_date_of_birth_say_who_somebody_is() {
    let number = NhsNumber::synthetic(7).unwrap().to_string();
    let place = testkit::place();
    load(
        &place,
        "a",
        &patient("p1", Some(&number), "1938-04-03", "Quiverful"),
    );
    load(
        &place,
        "b",
        &patient("p2", Some(&number), "1938-04-03", "Quiverful"),
    );
    assert_eq!(
        known_as(&place, "Patient/p1"),
        known_as(&place, "Patient/p2")
    );

    load(&place, "c", &weight("w", "Patient/p3", "70"));
    let other = patient("p3", Some(&number), "1939-04-03", "Harding");
    let report = load(&place, "d", &other);
    assert_eq!(state(&report), (InboxState::Review, [1, 0, 1, 0, 0]));
    assert_eq!(codes(&report), ["identity-to-review"]);
    assert_eq!(
        known_as(&place, "Patient/p3"),
        None,
        "nobody is made and nothing attached"
    );
    assert_eq!(page(&place, "Patient/p1").person.family_name, "Quiverful");
    assert_eq!(
        lines(&place, "Patient/p1").len(),
        2,
        "one line from each source"
    );
    assert_eq!(
        count(&place, "SELECT COUNT(*) FROM shelf WHERE place = ?1"),
        4
    );
    assert_eq!(
        count(
            &place,
            "SELECT COUNT(*) FROM timeline WHERE place = ?1 AND person_id IS NULL"
        ),
        2,
        "the weight and the details wait"
    );

    // The sender puts it right: what waited is found.
    let report = load(
        &place,
        "e",
        &patient("p3", Some(&number), "1938-04-03", "Quiverful"),
    );
    assert_eq!(state(&report).0, InboxState::Accepted);
    assert_eq!(
        known_as(&place, "Patient/p3"),
        known_as(&place, "Patient/p1")
    );
    assert_eq!(
        count(
            &place,
            "SELECT COUNT(*) FROM timeline WHERE place = ?1 AND person_id IS NULL"
        ),
        0
    );
    nothing_wrong(&place);
}

#[test]
fn a_known_person_is_never_given_another_identity() {
    let (one, two) = (
        NhsNumber::synthetic(7).unwrap().to_string(),
        NhsNumber::synthetic(8).unwrap().to_string(),
    );
    let place = testkit::place();
    load(
        &place,
        "a",
        &patient("p", Some(&one), "1938-04-03", "Quiverful"),
    );
    for changed in [
        patient("p", Some(&two), "1938-04-03", "Quiverful"),
        patient("p", Some(&one), "1938-04-04", "Quiverful"),
    ] {
        let report = load(&place, "b", &changed);
        assert_eq!(codes(&report), ["identity-to-review"]);
        let person = page(&place, "Patient/p").person;
        assert_eq!(person.nhs_number.unwrap().to_string(), one);
        assert_eq!(person.birth_date.unwrap().to_string(), "1938-04-03");
    }
    // Another name from the same source is its to change.
    load(&place, "c", &patient("p", Some(&one), "1938-04-03", "Bold"));
    assert_eq!(page(&place, "Patient/p").person.family_name, "Bold");
    nothing_wrong(&place);
}

#[test]
fn the_same_id_of_two_servers_is_two_people() {
    let place = testkit::place();
    let bundle = |host: &str, family: &str| {
        format!(
            r#"{{"resourceType":"Bundle","type":"searchset","entry":[
            {{"fullUrl":"https://{host}/Observation/w","resource":{}}},
            {{"fullUrl":"https://{host}/Patient/1","resource":{}}}]}}"#,
            weight("w", "Patient/1", "61"),
            patient("1", None, "1938-04-03", family)
        )
    };
    load(&place, "a", &bundle("a.example", "Quiverful"));
    load(&place, "b", &bundle("b.example", "Harding"));
    assert_ne!(
        known_as(&place, "https://a.example/Patient/1").unwrap(),
        known_as(&place, "https://b.example/Patient/1").unwrap()
    );
    for key in ["https://a.example/Patient/1", "https://b.example/Patient/1"] {
        assert_eq!(lines(&place, key).len(), 2, "{key}");
    }
    nothing_wrong(&place);
}

#[test]
fn a_reference_by_nhs_number_alone_waits_for_its_person() {
    let number = NhsNumber::synthetic(7).unwrap().to_string();
    let place = testkit::place();
    let note = |id: &str| {
        format!(
            r#"{{"resourceType":"Flag","id":"{id}","status":"active","code":{{"text":"Falls"}},"subject":{{"identifier":{{"system":"https://fhir.nhs.uk/Id/nhs-number","value":"{number}"}}}}}}"#
        )
    };
    load(&place, "a", &note("f1"));
    load(
        &place,
        "b",
        &patient("p", Some(&number), "1938-04-03", "Quiverful"),
    );
    load(&place, "c", &note("f2"));
    assert_eq!(lines(&place, "Patient/p").len(), 3);
    nothing_wrong(&place);
}

#[test]
fn a_bad_record_stops_no_other_and_is_told_of() {
    let place = testkit::place();
    let text = format!(
        "{}\n{{\"resourceType\":\"Pati\n{}\n",
        patient("p", Some("9990000019"), "1938-02-30", "Quiverful"),
        weight("w", "Patient/p", "61")
    );
    let report = load(&place, "lines.ndjson", &text);
    assert_eq!(state(&report), (InboxState::Partly, [3, 1, 1, 1, 0]));
    assert_eq!(
        codes(&report),
        ["nhs-number-check-digit", "no-such-date", "truncated"]
    );
    let person = page(&place, "Patient/p").person;
    assert_eq!(
        (person.nhs_number, person.birth_date),
        (None, None),
        "bad values are not used"
    );
    assert_eq!(lines(&place, "Patient/p").len(), 2);
    for (name, text, code) in [
        ("empty", "", "empty-file"),
        ("not", "name,born", "not-fhir"),
        (
            "laughs",
            "<!DOCTYPE a [<!ENTITY b \"c\">]><a>&b;</a>",
            "dtd-refused",
        ),
    ] {
        let report = load(&place, name, text);
        assert_eq!(
            (state(&report).0, codes(&report)),
            (InboxState::Rejected, vec![code])
        );
    }
    nothing_wrong(&place);
}

#[test]
fn what_rows_cannot_hold_stays_on_the_shelf() {
    let place = testkit::place();
    let long = "x".repeat(100_000);
    let text = format!(
        r#"{{"resourceType":"Bundle","type":"collection","entry":[
        {{"fullUrl":"https://a.example/{long}/Patient/p","resource":{{"resourceType":"Patient","id":"p",
          "identifier":[{{"system":"{long}","value":"\u0000"}},{{"system":"urn:x","value":"a\u0000b"}}],
          "name":[{{"family":"Quiver\u0000ful{long}","given":["{long}"]}}],"address":[{{"line":["{long}"],"postalCode":"{long}"}}],
          "telecom":[{{"system":"phone","value":"\u0000{long}"}}],"managingOrganization":{{"display":"\u0000{long}"}}}}}},
        {{"fullUrl":"https://a.example/{long}/Flag/f","resource":{{"resourceType":"Flag","id":"f\u0000","status":"active",
          "code":{{"text":"Falls\u0000 {long}"}},"subject":{{"reference":"Patient/p"}},"author":{{"reference":"\u0000{long}"}}}}}}]}}"#
    );
    let report = load(&place, "long.json", &text);
    assert_eq!(state(&report), (InboxState::Partly, [2, 0, 2, 0, 0]));
    assert!(codes(&report).contains(&"control-character"));
    let people = "SELECT COUNT(*) FROM timeline WHERE place = ?1 AND person_id IS NOT NULL";
    assert_eq!(
        count(&place, people),
        2,
        "the two ends met by their long keys"
    );
    nothing_wrong(&place);
}

#[test]
fn more_records_than_one_transaction_holds() {
    let place = testkit::place();
    let mut text = String::new();
    for n in 0..1_234 {
        text.push_str(&weight(&format!("w{n}"), "Patient/p", "61"));
        text.push('\n');
    }
    text.push_str(&patient("p", None, "1938-04-03", "Quiverful"));
    let report = load(&place, "lines.ndjson", &text);
    assert_eq!(
        state(&report),
        (InboxState::Accepted, [1_235, 1_235, 0, 0, 0])
    );
    let rows = "SELECT COUNT(*) FROM journal WHERE place = ?1 AND action = 'load resources'";
    assert!(
        count(&place, rows) >= 3,
        "at most 500 records a transaction"
    );
    let most = "SELECT MAX(results) FROM journal WHERE place = ?1 AND action = 'load resources'";
    assert!(count(&place, most) <= 500);
    assert_eq!(
        count(
            &place,
            "SELECT COUNT(*) FROM timeline WHERE place = ?1 AND person_id IS NOT NULL"
        ),
        1_235
    );
    nothing_wrong(&place);
}

#[test]
fn what_is_on_the_shelf_is_what_came() {
    let place = testkit::place();
    let xml =
        "<Patient xmlns=\"http://hl7.org/fhir\">\n  <id value=\"x\"/> <!-- kept -->\n</Patient>";
    load(
        &place,
        "a.xml",
        &format!("<?xml version=\"1.0\"?>\n{xml}\n"),
    );
    let bytes = place
        .app
        .store()
        .read(|tx| store::shelf::latest(tx, "Patient/x"))
        .unwrap()
        .unwrap();
    assert_eq!(String::from_utf8(bytes).unwrap(), xml);
}

#[test]
fn uk_core_and_synthea_load_with_no_rejection() {
    let Some(folder) = testkit::shared_data("fhir") else {
        testkit::not_run("FHIR examples into the store");
        return;
    };
    let place = testkit::place();
    let mut files = Vec::new();
    for sub in ["uk-core", "synthea"] {
        for entry in std::fs::read_dir(folder.join(sub)).unwrap() {
            files.push(entry.unwrap().path());
        }
    }
    // Backwards, so that most references come before what they refer to.
    files.sort();
    files.reverse();
    assert_eq!(files.len(), 166);
    let mut total = 0;
    for file in &files {
        let bytes = std::fs::read(file).unwrap();
        let name = file.file_name().unwrap().to_string_lossy();
        let report = place
            .app
            .take_in(&Actor::operator(), InboxKind::Fhir, &name, &bytes)
            .unwrap();
        assert_eq!(
            report.arrival.counts.rejected,
            0,
            "{name}: {:?}",
            codes(&report)
        );
        total += report.arrival.counts.records;
    }
    assert_eq!(
        total,
        1_008 + 173,
        "one of the 162 examples is a bundle of twelve"
    );
    let of_synthea = count(
        &place,
        "SELECT COUNT(*) FROM timeline JOIN shelf ON shelf.place = timeline.place AND shelf.id = timeline.shelf_id \
         WHERE timeline.place = ?1 AND shelf.format = 'json' AND timeline.person_id IS NULL",
    );
    assert_eq!(of_synthea, 0, "everything of Synthea found its person");
    nothing_wrong(&place);
    // All of it again changes nothing.
    for file in &files {
        let bytes = std::fs::read(file).unwrap();
        let report = place
            .app
            .take_in(&Actor::operator(), InboxKind::Fhir, "again", &bytes)
            .unwrap();
        assert_eq!(
            report.arrival.state,
            InboxState::Repeated,
            "{}",
            file.display()
        );
    }
}
