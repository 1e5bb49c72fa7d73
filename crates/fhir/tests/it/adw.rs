//! Care Act notices: every kind written and read, the published examples, and
//! what is wrong with others.

use fhir::adw::{
    Address, AdwMessage, Answer, Coded, Contact, Document, Encounter, Gp, Identifier, Organisation,
    Patient, Practitioner, Reason, questions, read, write,
};
use flow::NoticeKind;
use flow::receive::{Withdraws, answers};
use jiff::civil::date;
use kernel::{NhsNumber, OdsCode, Severity};
use person::Gender;

fn coded(list: &str, code: &str, display: &str) -> Coded {
    Coded {
        system: format!("https://fhir.nhs.uk/{list}"),
        code: code.to_owned(),
        display: display.to_owned(),
    }
}

fn organisation(code: &str, name: &str) -> Organisation {
    Organisation {
        code: OdsCode::new(code),
        name: name.to_owned(),
    }
}

fn practitioner(family: &str) -> Practitioner {
    Practitioner {
        family_name: family.to_owned(),
        given_name: "Mark".to_owned(),
        telephone: "01632 960 001".to_owned(),
        email: "mark@barchester.example".to_owned(),
        role: Some(coded("CareConnect-SDSJobRoleName-1", "R8003", "")),
        role_text: "Discharge <co-ordinator> & \"friend\"".to_owned(),
    }
}

fn patient() -> Patient {
    Patient {
        nhs_number: NhsNumber::synthetic(17),
        nhs_number_status: Some(coded("CareConnect-NHSNumberVerificationStatus-1", "01", "")),
        identifiers: vec![Identifier {
            system: "https://fhir.nhs.uk/Id/local-patient-identifier".to_owned(),
            value: "B17".to_owned(),
            assigner: Some(organisation("ZRB01", "Barchester Royal Infirmary")),
        }],
        family_name: "Quiverful".to_owned(),
        given_name: "Letty Ann".to_owned(),
        birth_date: Some(date(1936, 2, 29)),
        gender: Gender::Female,
        died_on: None,
        address: Some(Address {
            lines: vec!["The Parsonage".to_owned(), "Puddingdale".to_owned()],
            town: "Barchester".to_owned(),
            county: "Barsetshire".to_owned(),
            postcode: "ZZ1 4AB".to_owned(),
        }),
        telephone: "01632 960 002".to_owned(),
        email: "letty@barchester.example".to_owned(),
        language: Some(coded("CareConnect-HumanLanguage-1", "cy", "Welsh")),
        interpreter: Some(false),
        contacts: vec![Contact {
            relationships: vec![
                coded("CareConnect-PersonRelationshipType-1", "20", "Carer"),
                coded("CareConnect-PersonRelationshipType-1", "04", "Next of kin"),
            ],
            family_name: "Quiverful".to_owned(),
            given_name: "Tom".to_owned(),
            telephone: "01632 960 003".to_owned(),
            email: String::new(),
        }],
        gp: Some(Gp {
            practitioner: Some(practitioner("Rerechild")),
            practice: Some(organisation("Z12345", "Close Surgery")),
        }),
    }
}

/// A full message of a kind.
fn message(kind: NoticeKind, withdraws: Option<Withdraws>) -> AdwMessage {
    let response = answers(kind).is_some();
    let (hospital, council) = (OdsCode::new("ZRB01").unwrap(), OdsCode::new("Z99").unwrap());
    let (sender, receiver) = if response {
        (council, hospital)
    } else {
        (hospital, council)
    };
    let asked = questions(kind);
    let reason = match kind {
        NoticeKind::Withdrawal => Some(Reason {
            coded: Some(coded("ADW-WithdrawalReason-1", "07", "")),
            text: "Unwell again".to_owned(),
        }),
        _ if response => Some(Reason {
            coded: Some(coded(
                "ADW-NoticeAcceptReason-1",
                "OFT",
                "Other - Free Text",
            )),
            text: "The council knows the person".to_owned(),
        }),
        _ => None,
    };
    AdwMessage {
        id: format!("message-{}", kind.as_str().replace(' ', "-")),
        bundle_id: "b-1".to_owned(),
        kind,
        withdraws,
        sent_at: "2017-05-01T15:02:11Z".parse().unwrap(),
        sender,
        receiver,
        responds_to: response.then(|| "message-1".to_owned()),
        referral: "referral-1".to_owned(),
        reason,
        patient: patient(),
        encounter: Encounter {
            identifier: Some((
                "https://fhir.nhs.uk/encounter-id".to_owned(),
                "e-1".to_owned(),
            )),
            status: "in-progress".to_owned(),
            class: "inpatient".to_owned(),
            admission_type: Some(coded("ADW-AdmissionType-1", "E", "Emergency")),
            admitted_on: Some(date(2017, 4, 24)),
            ends_on: Some(date(2017, 5, 12)),
            ward: "Allington ward".to_owned(),
            hospital: organisation("ZRB01", "Barchester Royal Infirmary"),
            diagnosis: "A fall & a cough".to_owned(),
        },
        council: organisation("Z99", "Barsetshire County Council"),
        author: Some(practitioner("Harding")),
        clinician: (!response).then(|| practitioner("Fillgrave")),
        liaison: response.then(|| practitioner("Bold")),
        referral_reason: "Cannot manage the stairs".to_owned(),
        details: "Lives alone.\nA second line".to_owned(),
        answers: asked
            .iter()
            .map(|one| Answer {
                question: one.text.to_owned(),
                coded: one
                    .list
                    .map(|list| coded(list, if list.contains("Third") { "N/A" } else { "Y" }, "")),
                text: if one.list.is_none() {
                    "In words".to_owned()
                } else {
                    String::new()
                },
            })
            .collect(),
        medicines: vec!["Paracetamol, one when needed".to_owned()],
        documents: vec![Document {
            title: "letter.pdf".to_owned(),
            media_type: "application/pdf".to_owned(),
            bytes: (0..=255).collect(),
        }],
    }
}

#[test]
fn every_kind_is_written_and_read_back_the_same() {
    for kind in NoticeKind::ALL.iter().copied() {
        let scopes: &[Option<Withdraws>] = match kind {
            NoticeKind::Withdrawal => &[
                Some(Withdraws::All),
                Some(Withdraws::Assessment),
                Some(Withdraws::Discharge),
            ],
            _ => &[None],
        };
        for scope in scopes {
            let message = message(kind, *scope);
            let found = read(write(&message).as_bytes()).unwrap();
            assert_eq!(found.message, message, "{kind}");
            assert_eq!(found.issues, [], "{kind}");
        }
    }
}

#[test]
fn a_bare_message_is_written_and_read_back_the_same() {
    let mut bare = message(NoticeKind::Admission, None);
    bare.referral = String::new();
    bare.referral_reason = String::new();
    bare.details = String::new();
    bare.patient = Patient {
        nhs_number: None,
        nhs_number_status: None,
        identifiers: vec![],
        address: None,
        telephone: String::new(),
        email: String::new(),
        language: None,
        interpreter: Some(true),
        contacts: vec![],
        gp: Some(Gp {
            practitioner: None,
            practice: Some(organisation("Z12345", "Close Surgery")),
        }),
        died_on: Some(date(2017, 5, 1)),
        gender: Gender::Unknown,
        ..patient()
    };
    bare.encounter = Encounter {
        admitted_on: bare.encounter.admitted_on,
        ..Encounter::default()
    };
    bare.clinician = None;
    bare.author = None;
    bare.documents = vec![];
    bare.medicines = vec![];
    let found = read(write(&bare).as_bytes()).unwrap();
    assert_eq!(found.message, bare);
}

#[test]
fn a_message_says_what_the_place_needs() {
    let mut notice = message(NoticeKind::Assessment, None);
    assert_eq!(notice.stay_key().unwrap(), "ZRB01|e-1");
    assert!(notice.names_a_carer() && notice.has_safeguarding_concerns());
    assert!(!notice.lacks_capacity());
    notice.answers[4].coded = Some(coded("ADW-PatientConsentStatus-1", "L", ""));
    assert!(notice.lacks_capacity());
    let text = notice.free_text();
    for words in [
        "Reason for referral: Cannot manage the stairs",
        "Has the patient consented to this Assessment Notice?: Lacks Mental Capacity",
        "Admitted with: A fall & a cough",
        "Medicine: Paracetamol, one when needed",
    ] {
        assert!(text.lines().any(|line| line == words), "{words}\n{text}");
    }
    let withdrawal = message(NoticeKind::Withdrawal, Some(Withdraws::All));
    assert_eq!(
        withdrawal.reason.unwrap().in_words(),
        "Patient's condition has deteriorated: Unwell again"
    );
    let answer = message(NoticeKind::AssessmentAccept, None);
    assert_eq!(
        answer.reason.as_ref().unwrap().in_words(),
        "The council knows the person"
    );
    assert_eq!(answer.hospital_code().as_str(), "ZRB01");
    assert_eq!(answer.council_code().as_str(), "Z99");
    assert!(!format!("{:?}", answer.documents).contains("37"));
}

#[test]
fn what_is_wrong_is_named_with_its_place() {
    let assessment = write(&message(NoticeKind::Assessment, None));
    let answer = write(&message(NoticeKind::AssessmentAccept, None));
    let number = NhsNumber::synthetic(17).unwrap().to_string();
    let wrong_number = format!("{}{}", &number[..9], (number.as_bytes()[9] - b'0' + 1) % 10);
    let long = "x".repeat(10_001);
    let response = "<response><identifier value=\"message-1\"/><code value=\"ok\"/></response>";
    let patient = "Bundle.entry[3].resource.Patient";
    let header = "Bundle.entry[0].resource.MessageHeader";
    let cases: &[(&str, &str, &str, &str, String)] = &[
        (
            &assessment,
            "type value=\"message\"",
            "type value=\"document\"",
            "not-a-notice",
            String::new(),
        ),
        (
            &assessment,
            "http://hl7.org/fhir\"",
            "http://hl7.org/v3\"",
            "not-a-notice",
            String::new(),
        ),
        (
            &assessment,
            "975701000000106",
            "975701000000107",
            "unknown-event",
            format!("{header}.event.code"),
        ),
        (
            &assessment,
            "2017-05-01T15:02:11Z",
            "2017-05-01T15:02:11",
            "not-an-instant",
            format!("{header}.timestamp"),
        ),
        (
            &assessment,
            "ods:ZRB01",
            "ods:?",
            "not-an-ods-code",
            format!("{header}.source.endpoint"),
        ),
        (
            &assessment,
            "<id value=\"message-assessment\"/>",
            "<id value=\"a b\"/>",
            "not-an-id",
            format!("{header}.id"),
        ),
        (
            &assessment,
            "<id value=\"message-assessment\"/>",
            "",
            "missing",
            format!("{header}.id"),
        ),
        (
            &answer,
            response,
            "",
            "missing",
            format!("{header}.response.identifier"),
        ),
        (
            &assessment,
            "1936-02-29",
            "1937-02-29",
            "not-a-date",
            format!("{patient}.birthDate"),
        ),
        (
            &assessment,
            "2017-04-24",
            "24/04/2017",
            "not-a-date",
            "Bundle.entry[2].resource.Encounter.period.start".to_owned(),
        ),
        (
            &assessment,
            "<birthDate value=\"1936-02-29\"/>",
            "<birthDate value=\"1936-02-29\"/><birthDate value=\"1937-02-27\"/>",
            "repeated-element",
            format!("{patient}.birthDate[1]"),
        ),
        (
            &assessment,
            &number,
            &wrong_number,
            "nhs-number-invalid",
            format!("{patient}.identifier[0].value"),
        ),
        (
            &assessment,
            "Lives alone.",
            &long,
            "too-long",
            "Bundle.entry[1].resource.ReferralRequest.description".to_owned(),
        ),
        (
            &assessment,
            "<Patient>",
            "<!DOCTYPE x><Patient>",
            "dtd-refused",
            "line 2".to_owned(),
        ),
        (
            &assessment,
            "</Bundle>\n",
            "",
            "truncated",
            "line 2".to_owned(),
        ),
    ];
    for (text, from, to, code, place) in cases {
        assert!(text.contains(from), "{from}");
        let issues = read(text.replacen(from, to, 1).as_bytes()).unwrap_err();
        let found = issues
            .iter()
            .find(|issue| issue.severity == Severity::Reject && issue.code == *code);
        let found = found.unwrap_or_else(|| panic!("{code}: {issues:?}"));
        assert!(
            found.path.starts_with(place.as_str()),
            "{code}: {}",
            found.path
        );
    }
}

#[test]
fn what_can_be_left_out_is_left_out_and_said() {
    let whole = write(&message(NoticeKind::Assessment, None));
    let cases = [
        ("1936-02-29", "1936-02", "not-a-whole-date", Severity::Part),
        (
            "Y\"/></valueCoding>",
            "Q\"/></valueCoding>",
            "unknown-code",
            Severity::Part,
        ),
        (
            "<content value=\"AAEC",
            "<content value=\"?AEC",
            "document-unreadable",
            Severity::Part,
        ),
    ];
    for (from, to, code, severity) in cases {
        assert!(whole.contains(from), "{from}");
        let found = read(whole.replacen(from, to, 1).as_bytes()).unwrap();
        assert!(
            found
                .issues
                .iter()
                .any(|one| one.code == code && one.severity == severity),
            "{code}: {:?}",
            found.issues
        );
    }
    let mut silent = message(NoticeKind::Discharge, None);
    silent.answers.pop();
    let found = read(write(&silent).as_bytes()).unwrap();
    assert_eq!(found.issues.len(), 1);
    assert_eq!(found.issues[0].code, "not-answered");
    assert_eq!(found.issues[0].severity, Severity::Note);
}

/// The guidance (2.8) gives the withdrawal of an assessment notice the code that the
/// value set gives to the rejection of a discharge notice.
#[test]
fn one_code_means_two_things_and_the_message_tells_which() {
    let text = write(&message(
        NoticeKind::Withdrawal,
        Some(Withdraws::Assessment),
    ));
    let text = text.replace("1078011000000107", "975831000000106");
    let found = read(text.as_bytes()).unwrap().message;
    assert_eq!(found.kind, NoticeKind::Withdrawal);
    assert_eq!(found.withdraws, Some(Withdraws::Assessment));
    let reject = message(NoticeKind::DischargeReject, None);
    assert!(write(&reject).contains("975831000000106"));
    assert_eq!(
        read(write(&reject).as_bytes()).unwrap().message.kind,
        reject.kind
    );
}

#[test]
fn nothing_makes_the_reader_fall_over() {
    let whole = write(&message(NoticeKind::Discharge, None));
    for length in (0..whole.len()).step_by(97) {
        assert!(read(&whole.as_bytes()[..length]).is_err(), "{length}");
    }
    // Every 61st byte changed in several ways: an answer comes, whatever it is.
    for at in (0..whole.len()).step_by(61) {
        for byte in [b'<', b'"', b'>', b'0', b'&', 0xff] {
            let mut changed = whole.clone().into_bytes();
            changed[at] = byte;
            if let Ok(found) = read(&changed) {
                let again = read(write(&found.message).as_bytes()).unwrap();
                assert_eq!(again.message.kind, found.message.kind);
            }
        }
    }
    let deep = format!(
        "<Bundle xmlns=\"http://hl7.org/fhir\"><type value=\"message\"/>{}",
        "<entry><resource><Bundle>".repeat(10_000)
    );
    assert_eq!(read(deep.as_bytes()).unwrap_err()[0].code, "too-deep");
    let entity = "<!DOCTYPE a [<!ENTITY b \"bb\"><!ENTITY c \"&b;&b;\">]><Bundle>&c;</Bundle>";
    assert_eq!(read(entity.as_bytes()).unwrap_err()[0].code, "dtd-refused");
    assert_eq!(read(&[0xff; 64]).unwrap_err()[0].code, "wrong-encoding");
    assert_eq!(read(b"{}").unwrap_err()[0].code, "not-xml");
}

#[test]
fn the_published_examples_are_read() {
    let Some(folder) = crate::common::shared("fhir/adw", "Care Act notice examples") else {
        return;
    };
    let example = |name: &str| {
        let file = folder.join(format!("ADW-Message-{name}-Bundle-1-Example-1.xml"));
        read(&std::fs::read(file).unwrap()).unwrap()
    };
    for (name, kind, id) in [
        ("Admission-Notice", NoticeKind::Admission, "5bfa2a2e"),
        ("Assessment-Notice", NoticeKind::Assessment, "5bfa2a2e"),
        (
            "Assessment-Notice-Accept-Response",
            NoticeKind::AssessmentAccept,
            "f30279eb",
        ),
        (
            "Assessment-Notice-Reject-Response",
            NoticeKind::AssessmentReject,
            "236103d8",
        ),
        ("Discharge-Notice", NoticeKind::Discharge, "19db5f65"),
        (
            "Discharge-Notice-Accept-Response",
            NoticeKind::DischargeAccept,
            "19db5f65",
        ),
        ("Withdrawal-Notice", NoticeKind::Withdrawal, "5bfa2a2e"),
    ] {
        let found = example(name);
        let message = &found.message;
        assert_eq!(message.kind, kind);
        assert!(message.id.starts_with(id), "{name}");
        assert!(
            found
                .issues
                .iter()
                .all(|one| one.severity == Severity::Note),
            "{:?}",
            found.issues
        );
        assert_eq!(
            message.stay_key().unwrap(),
            "RFM8C2|2562b8b6-c0db-424a-8c6b-0fa43b0d6c2f"
        );
        assert_eq!(message.council.name, "Hebburn Council");
        assert_eq!(message.encounter.ward, "Collier Ward");
        let again = read(write(message).as_bytes()).unwrap();
        assert_eq!(again.message, *message, "{name}");
    }
    let discharge = example("Discharge-Notice").message;
    assert_eq!(discharge.encounter.ends_on, Some(date(2017, 5, 6)));
    assert_eq!(discharge.documents.len(), 1);
    assert_eq!(
        discharge.documents[0].title,
        "Social services assessment record"
    );
    assert!(discharge.documents[0].bytes.starts_with(b"%PDF-1.5"));
    assert_eq!(
        discharge.medicines,
        ["Paracetamol, one 10 mg tablet four times daily"]
    );
    let assessment = example("Assessment-Notice").message;
    assert_eq!(assessment.answers.len(), 8);
    assert_eq!(
        assessment.patient.gp.unwrap().practice.unwrap().code,
        OdsCode::new("L83043")
    );
    assert_eq!(assessment.patient.contacts.len(), 2);
}

/// The corpus of the fuzz target. Its files are named for the issue they must give, or
/// `ok-…` when they must be read.
#[test]
fn the_corpus_is_read_or_refused() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../fuzz/corpus/adw");
    let files = crate::common::files(std::path::Path::new(folder));
    assert!(files.len() > 15);
    for (name, bytes) in files {
        match read(&bytes) {
            Ok(_) => assert!(name.starts_with("ok-"), "{name}"),
            Err(issues) => assert!(
                issues.iter().any(|issue| name.starts_with(issue.code)),
                "{name}: {issues:?}"
            ),
        }
    }
}
