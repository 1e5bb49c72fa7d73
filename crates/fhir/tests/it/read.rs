//! Every shape a file can have, on small examples of our own.

use std::io::Write as _;

use fhir::Record;

use crate::common::{Read, read, text};

fn keys<'r>(read: &'r Read<'_>) -> Vec<&'r str> {
    read.records
        .iter()
        .map(|record| record.key.as_str())
        .collect()
}

/// `kind | date | person | source | title` of each record.
fn lines(read: &Read<'_>) -> String {
    let line = |record: &Record<'_>| {
        let about = &record.about;
        let happened = about.happened.as_deref().unwrap_or("-");
        let person = about.person.as_deref().unwrap_or("-");
        let source = about.source.key.as_deref().unwrap_or(&about.source.name);
        format!(
            "{} | {happened} | {person} | {source} | {}",
            record.resource_type, about.title
        )
    };
    read.records.iter().map(line).collect::<Vec<_>>().join("\n")
}

#[test]
fn a_resource_a_bundle_and_lines_give_the_same_records() {
    let patient = r#"{"resourceType":"Patient","id":"1","gender":"female"}"#;
    let flag = r#"{"resourceType":"Flag","id":"2","status":"active","code":{"text":"Falls"},"subject":{"reference":"Patient/1"}}"#;
    let bundle = format!(
        r#"{{"entry":[{{"resource":{patient}}},{{"resource":{flag}}}],"type":"searchset","total":2,"resourceType":"Bundle"}}"#
    );
    let lines = format!("{patient}\n\n{flag}\n");
    let spaced = format!("\n  {patient}  \n");
    for (text, expected) in [
        (patient, vec!["Patient/1"]),
        (&spaced, vec!["Patient/1"]),
        (&bundle, vec!["Patient/1", "Flag/2"]),
        (&lines, vec!["Patient/1", "Flag/2"]),
    ] {
        let read = read(text);
        assert_eq!(keys(&read), expected, "{text}");
        assert_eq!(read.issues(), Vec::<String>::new());
        for record in &read.records {
            assert!(
                record.source == patient || record.source == flag,
                "byte for byte"
            );
        }
    }
    assert_eq!(read(&lines).records[1].number, 3, "the number of its line");
}

#[test]
fn compressed_files_are_unpacked() {
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    packed
        .write_all(br#"{"resourceType":"Patient","id":"1"}"#)
        .unwrap();
    let packed = packed.finish().unwrap();
    assert_eq!(keys(&read(&text(&packed).unwrap())), ["Patient/1"]);
    assert_eq!(text(&packed[..20]).unwrap_err().code, "bad-gzip");
    assert_eq!(text(b"PK\x03\x04").unwrap_err().code, "not-fhir");
}

#[test]
fn a_bad_entry_stops_no_other() {
    let text = r#"{"resourceType":"Bundle","type":"collection","entry":[
        {"resource":{"resourceType":"Patient","id":"1"}},
        {"resource":{"resourceType":"Patient","id":}},
        {"resource":{"resourceType":"Unicorn","id":"2"}},
        {"resource":{"id":"3"}},
        {"resource":7},
        {"request":{"method":"DELETE","url":"Patient/9"}},
        {"resource":{"resourceType":"Patient","id":"4"}}]}"#;
    let read = read(text);
    assert_eq!(keys(&read), ["Patient/1", "Patient/4"]);
    insta::assert_snapshot!(read.issues().join("\n"));
}

#[test]
fn a_bad_line_stops_no_other() {
    let text = "{\"resourceType\":\"Patient\",\"id\":\"1\"}\n{\"resourceType\":\"Pati\n[]\n{\"resourceType\":\"Patient\",\"id\":\"2\"}\n";
    let read = read(text);
    assert_eq!(keys(&read), ["Patient/1", "Patient/2"]);
    let codes: Vec<_> = read
        .rejected
        .iter()
        .map(|issue| (issue.record, issue.code))
        .collect();
    assert_eq!(codes, [(2, "truncated"), (3, "not-fhir")]);
}

#[test]
fn a_bundle_cut_anywhere_gives_its_whole_entries() {
    let json = r#"{"resourceType":"Bundle","type":"collection","entry":[{"resource":{"resourceType":"Patient","id":"1"}},{"resource":{"resourceType":"Patient","id":"2"}}]}"#;
    let xml = r#"<Bundle xmlns="http://hl7.org/fhir"><type value="collection"/><entry><resource><Patient><id value="1"/></Patient></resource></entry><entry><resource><Patient><id value="2"/></Patient></resource></entry></Bundle>"#;
    for (whole, end) in [(json, "\"1\"}}"), (xml, "</entry>")] {
        let first = whole.find(end).unwrap() + end.len();
        for at in 1..whole.len() {
            let read = read(&whole[..at]);
            assert!(
                read.rejected.len() + read.told.len() > 0,
                "cut at {at}: {}",
                &whole[..at]
            );
            assert!(read.records.len() <= 2);
            assert!(
                at < first || !read.records.is_empty(),
                "cut at {at}: {:?}",
                read.issues()
            );
        }
        assert_eq!(keys(&read(whole)), ["Patient/1", "Patient/2"]);
    }
}

#[test]
fn a_history_is_read_oldest_first() {
    let version = |n: u32| {
        format!(
            r#"{{"fullUrl":"https://a.example/Patient/1","resource":{{"resourceType":"Patient","id":"1","meta":{{"versionId":"{n}"}}}}}}"#
        )
    };
    let text = format!(
        r#"{{"resourceType":"Bundle","type":"history","entry":[{},{}]}}"#,
        version(2),
        version(1)
    );
    let read = read(&text);
    let versions: Vec<_> = read
        .records
        .iter()
        .map(|one| one.tree.object("meta").unwrap().text("versionId").unwrap())
        .collect();
    assert_eq!(versions, ["1", "2"]);
    assert_eq!(keys(&read), ["https://a.example/Patient/1"; 2]);
}

#[test]
fn a_bundle_without_resources_is_itself_the_record() {
    for text in [
        r#"{"resourceType":"Bundle","id":"b","type":"batch","entry":[{"request":{"method":"GET","url":"Patient/1"}}]}"#,
        r#"{"resourceType":"Bundle","id":"b","type":"searchset","total":0}"#,
        r#"<Bundle xmlns="http://hl7.org/fhir"><id value="b"/><type value="batch"/></Bundle>"#,
    ] {
        let read = read(text);
        assert_eq!(keys(&read), ["Bundle/b"], "{text}");
        assert_eq!(read.issues(), Vec::<String>::new(), "{text}");
    }
}

#[test]
fn a_bundle_within_a_bundle_is_opened() {
    let text = r#"{"resourceType":"Bundle","type":"searchset","entry":[{"resource":{"resourceType":"Bundle","type":"document","entry":[
        {"fullUrl":"urn:uuid:c757873d-ec9a-4326-a141-556f43239520","resource":{"resourceType":"Patient","id":"1","birthDate":"2023-02-30"}}]}}]}"#;
    let read = read(text);
    assert_eq!(keys(&read), ["Patient/1"]);
    assert_eq!(
        read.records[0].issues[0].path,
        "Bundle.entry[0].resource.ofType(Bundle).entry[0].resource.ofType(Patient).birthDate"
    );
}

/// One person with one of most things, in the words a reader of the timeline sees.
#[test]
fn titles_dates_people_and_sources() {
    let resources = [
        r#""resourceType":"Patient","id":"p","managingOrganization":{"reference":"Organization/o"}"#,
        r#""resourceType":"Organization","id":"o","name":"Barchester Royal Infirmary""#,
        r#""resourceType":"RelatedPerson","id":"r","patient":{"reference":"Patient/p"},"relationship":[{"text":"Daughter"}],"name":[{"given":["Ann"],"family":"Quiverful"}]"#,
        r#""resourceType":"Encounter","id":"e","status":"finished","class":{"code":"IMP"},"type":[{"text":"Orthopaedics"}],"subject":{"reference":"Patient/p"},"period":{"start":"2018-08-06T09:15:00+01:00"},"serviceProvider":{"reference":"Organization/o"}"#,
        r#""resourceType":"EpisodeOfCare","id":"ec","status":"active","type":[{"text":"Reablement"}],"patient":{"reference":"Patient/p"},"period":{"start":"2018-08-10"},"managingOrganization":{"display":"Barsetshire County Council"}"#,
        r#""resourceType":"Condition","id":"c","code":{"text":"Broken hip"},"subject":{"reference":"Patient/p"},"onsetDateTime":"2018-08-05","encounter":{"reference":"Encounter/e"}"#,
        r#""resourceType":"Condition","id":"c2","code":{"coding":[{"display":"Stroke"}]},"verificationStatus":{"coding":[{"code":"refuted"}]},"subject":{"reference":"Patient/p"},"recordedDate":"2018-08-05""#,
        r#""resourceType":"AllergyIntolerance","id":"a","code":{"text":"Penicillin"},"patient":{"reference":"Patient/p"},"recordedDate":"2001""#,
        r#""resourceType":"MedicationRequest","id":"m","status":"active","intent":"order","medicationCodeableConcept":{"text":"Paracetamol 500 mg tablets"},"dosageInstruction":[{"text":"2 tablets 4 times a day"}],"subject":{"reference":"Patient/p"},"authoredOn":"2018-08-07""#,
        r##""resourceType":"MedicationStatement","id":"ms","status":"active","contained":[{"resourceType":"Medication","id":"x","code":{"text":"Aspirin"}}],"medicationReference":{"reference":"#x"},"subject":{"reference":"Patient/p"},"effectivePeriod":{"start":"2017-01"}"##,
        r#""resourceType":"Procedure","id":"pr","status":"completed","code":{"text":"Hip replacement"},"subject":{"reference":"Patient/p"},"performedPeriod":{"start":"2018-08-06T14:00:00Z"}"#,
        r#""resourceType":"Observation","id":"ob","status":"final","code":{"text":"Weight"},"valueQuantity":{"value":61.2500,"unit":"kg"},"subject":{"reference":"Patient/p"},"effectiveDateTime":"2018-08-06""#,
        r#""resourceType":"Observation","id":"bp","status":"final","code":{"text":"Blood pressure"},"component":[{"code":{"text":"systolic"},"valueQuantity":{"value":120,"unit":"mmHg"}},{"code":{"text":"diastolic"},"valueQuantity":{"value":80,"unit":"mmHg"}}],"subject":{"reference":"Patient/p"},"issued":"2018-08-06T10:00:00Z""#,
        r#""resourceType":"Observation","id":"er","status":"entered-in-error","code":{"text":"Height"},"valueString":"tall","subject":{"reference":"Patient/p"}"#,
        r#""resourceType":"DiagnosticReport","id":"d","status":"final","code":{"text":"Full blood count"},"subject":{"reference":"Patient/p"},"issued":"2018-08-06T10:00:00Z","performer":[{"reference":"Organization/o"}]"#,
        r#""resourceType":"Immunization","id":"i","status":"not-done","vaccineCode":{"text":"Influenza vaccine"},"patient":{"reference":"Patient/p"},"occurrenceDateTime":"2018-10-01""#,
        r#""resourceType":"CarePlan","id":"cp","status":"active","intent":"plan","title":"Home with care","subject":{"reference":"Patient/p"},"period":{"start":"2018-08-20"},"author":{"display":"Barsetshire County Council"}"#,
        r#""resourceType":"CareTeam","id":"ct","name":"Discharge team","subject":{"reference":"Patient/p"}"#,
        r#""resourceType":"Goal","id":"g","lifecycleStatus":"active","description":{"text":"Walk to the shop"},"subject":{"reference":"Patient/p"},"startDate":"2018-08-21""#,
        r#""resourceType":"Consent","id":"co","status":"active","scope":{"text":"Sharing"},"category":[{"text":"Share my record"}],"patient":{"reference":"Patient/p"},"dateTime":"2018-08-01","provision":{"type":"deny"}"#,
        r#""resourceType":"Flag","id":"f","status":"active","code":{"text":"Two carers to visit"},"subject":{"reference":"Patient/p"}"#,
        r#""resourceType":"ServiceRequest","id":"s","status":"active","intent":"order","code":{"text":"Occupational therapy"},"subject":{"reference":"Patient/p"},"authoredOn":"2018-08-08""#,
        r#""resourceType":"Task","id":"t","status":"requested","intent":"order","code":{"text":"Order a commode"},"for":{"reference":"Patient/p"},"authoredOn":"2018-08-09""#,
        r#""resourceType":"Appointment","id":"ap","status":"booked","description":"Fracture clinic","start":"2018-09-03T11:00:00+01:00","participant":[{"actor":{"reference":"Location/l"},"status":"accepted"},{"actor":{"reference":"Patient/p"},"status":"accepted"}]"#,
        r#""resourceType":"DocumentReference","id":"dr","status":"current","type":{"text":"Discharge summary"},"subject":{"reference":"Patient/p"},"date":"2018-08-20T16:00:00Z","custodian":{"reference":"Organization/o"},"content":[{"attachment":{"contentType":"application/pdf"}}]"#,
        r#""resourceType":"Composition","id":"cm","status":"final","type":{"text":"Letter"},"title":"Letter to the GP","subject":{"reference":"Patient/p"},"date":"2018-08-20","author":[{"reference":"Organization/o"}]"#,
        r#""resourceType":"QuestionnaireResponse","id":"q","status":"completed","questionnaire":"https://barchester.example/Questionnaire/Care-needs|2","subject":{"reference":"Patient/p"},"authored":"2018-08-12""#,
        r#""resourceType":"Communication","id":"cn","status":"completed","topic":{"text":"Call to the family"},"subject":{"reference":"Patient/p"},"sent":"2018-08-11T12:00:00Z""#,
        r#""resourceType":"Observation","id":"nn","status":"final","code":{"text":"Pulse"},"valueInteger":70,"subject":{"identifier":{"system":"https://fhir.nhs.uk/Id/nhs-number","value":"9990000018"}},"effectiveDateTime":"2018-08-06""#,
        r#""resourceType":"Location","id":"l","name":"Allington ward""#,
        r#""resourceType":"RiskAssessment","id":"ra","status":"final","subject":{"reference":"Patient/p"},"occurrenceDateTime":"2018-08-07""#,
    ];
    let entries: Vec<String> = resources
        .iter()
        .map(|one| format!("{{\"resource\":{{{one}}}}}"))
        .collect();
    let text = format!(
        r#"{{"resourceType":"Bundle","type":"collection","entry":[{}]}}"#,
        entries.join(",")
    );
    let read = read(&text);
    assert_eq!(read.issues(), Vec::<String>::new());
    insta::assert_snapshot!(lines(&read));
}

#[test]
fn what_is_wrong_is_told_with_its_place() {
    let text = r##"{"resourceType":"Bundle","type":"message","timestamp":"2018-13-01T00:00:00Z","entry":[
      {"fullUrl":"urn:uuid:c757873d-ec9a-4326-a141-556f43239520","fullUrll":"x","resource":{"resourceType":"Patient","shoeSize":43,"Dr Proudie was here":1,
        "identifier":[{"system":"https://fhir.nhs.uk/Id/nhs-number","value":"9990000019"},{"system":"https://fhir.nhs.uk/Id/nhs-number","value":"12"}],
        "name":[{"given":["Ann",7,null,"",null],"_given":[null,null,{"id":"a"}],"family":"X","family":"Y"}],
        "gender":"F","birthDate":"2023-02-30","deceasedBoolean":true,"deceasedDateTime":"yesterday",
        "active":"true","contact":{"gender":"male"},"telecom":[],"photo":[{}],"language":null,
        "multipleBirthInteger":1.5,"contained":[{"resourceType":"Medication","amount":{"numerator":{"value":"1"}}},{"id":"no"}],
        "text":{"status":"generated","div":"<p>no</p>"},"communication":[{"preferred":true}],"maritalStatus":"M",
        "address":["home"],"generalPractitioner":[[{"reference":"x"}]]}},
      {"resource":{"resourceType":"Observation","status":"final","status":"final","code":{"text":"\u0001"},"valueQuantity":{"value":1e999},"effectiveInstant":"2018-01-01","subject":[{"reference":"Patient/1"}]}}]}"##;
    let read = read(text);
    assert_eq!(read.records.len(), 2);
    let mut report = read.issues();
    report.sort();
    insta::assert_snapshot!(report.join("\n"));
}

#[test]
fn xml_has_the_same_faults_in_the_same_places() {
    let text = r#"<?xml version="1.0" encoding="UTF-8"?>
<Patient xmlns="http://hl7.org/fhir" xmlns:x="urn:x" colour="red">
  <id value="1" size="2"/>
  <text><status value="generated"/><x:div>no</x:div></text>
  <name>stray<given value="Ann"/><given id="g"><extension url="urn:y"><valueCode value="B"/></extension></given></name>
  <name><family value=""/></name>
  <shoeSize value="43"/><hat><brim value="1"/></hat>
  <birthDate value="2023-02-30"/>
  <multipleBirthInteger value="two"/>
  <contained><Medication/><Medication/></contained>
</Patient>"#;
    let read = read(text);
    assert_eq!(keys(&read), ["Patient/1"]);
    insta::assert_snapshot!(read.issues().join("\n"));
    insta::assert_snapshot!(fhir::json::write(&fhir::tree::Node::Object(
        read.records[0].tree.clone()
    )));
}

#[test]
fn narrative_keeps_its_namespace_wherever_it_was_declared() {
    let text = r#"<f:Patient xmlns:f="http://hl7.org/fhir" xmlns:h="http://www.w3.org/1999/xhtml"><f:text><f:status value="generated"/><h:div>A &amp; B<h:br/></h:div></f:text></f:Patient>"#;
    let read = read(text);
    assert_eq!(read.issues(), Vec::<String>::new());
    let tree = &read.records[0].tree;
    let division = tree.object("text").unwrap().text("div").unwrap();
    assert_eq!(
        division,
        r#"<h:div xmlns:h="http://www.w3.org/1999/xhtml">A &amp; B<h:br/></h:div>"#
    );
    let again = fhir::convert::to_xml(tree);
    assert!(
        again.contains(division) && fhir::xml::parse_xml(&again).is_ok(),
        "{again}"
    );
}

#[test]
fn baby_patient_and_no_other_number() {
    let Some(folder) = crate::common::shared("fhir/uk-core", "BabyPatient's issues") else {
        return;
    };
    let text =
        std::fs::read_to_string(folder.join("UKCore-Patient-BabyPatient-Example.xml")).unwrap();
    insta::assert_snapshot!(read(&text).issues().join("\n"));
}
