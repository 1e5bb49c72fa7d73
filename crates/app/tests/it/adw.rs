//! Care Act notices into the store.

use access::Actor;
use app::inbox::Report;
use fhir::adw::{
    Address, AdwMessage, Coded, Document, Encounter, Organisation, Patient, Reason, read, write,
};
use flow::receive::{Withdraws, answers};
use flow::{NoticeKind, NoticeStatus};
use jiff::civil::{Date, date};
use jiff::{SignedDuration, Timestamp};
use kernel::{NhsNumber, OdsCode, PersonId};
use person::Gender;
use store::flow as rows;
use store::inbox::{InboxKind, InboxState};
use store::scope::ItemScope;
use testkit::Place;

fn day(number: i8) -> Date {
    date(2018, 10, number)
}

/// Noon of a day of October 2018.
fn noon(number: i8) -> Timestamp {
    let first: Timestamp = "2018-10-01T12:00:00Z".parse().unwrap();
    first + SignedDuration::from_hours(24 * i64::from(number - 1))
}

fn organisation(code: &str, name: &str) -> Organisation {
    Organisation {
        code: OdsCode::new(code),
        name: name.to_owned(),
    }
}

/// A message about the stay of a person with a serial number.
fn message(kind: NoticeKind, sent: i8, serial: u32) -> AdwMessage {
    let response = answers(kind).is_some();
    let opens = !response && kind != NoticeKind::Withdrawal;
    let hospital = OdsCode::new("ZRB01").unwrap();
    let council = OdsCode::new("E10000099").unwrap();
    let (sender, receiver) = if response {
        (council, hospital)
    } else {
        (hospital, council)
    };
    AdwMessage {
        id: format!("{}-{serial}", kind.as_str().replace(' ', "-")),
        bundle_id: String::new(),
        kind,
        withdraws: (kind == NoticeKind::Withdrawal).then_some(Withdraws::All),
        sent_at: noon(sent),
        sender,
        receiver,
        responds_to: answers(kind).map(|kind| format!("{kind}-{serial}")),
        referral: format!("referral-{serial}"),
        reason: (!opens).then(|| Reason {
            coded: None,
            text: "A reason in words".to_owned(),
        }),
        patient: Patient {
            nhs_number: NhsNumber::synthetic(serial),
            nhs_number_status: None,
            identifiers: vec![],
            family_name: "Quiverful".to_owned(),
            given_name: "Letty".to_owned(),
            birth_date: Some(date(1936, 2, 29)),
            gender: Gender::Female,
            died_on: None,
            address: opens.then(|| Address {
                lines: vec!["The Parsonage".to_owned()],
                town: "Puddingdale".to_owned(),
                county: String::new(),
                postcode: "ZZ1 4AB".to_owned(),
            }),
            telephone: String::new(),
            email: String::new(),
            language: None,
            interpreter: None,
            contacts: vec![],
            gp: None,
        },
        encounter: Encounter {
            identifier: Some((
                "https://fhir.nhs.uk/encounter-id".to_owned(),
                format!("e-{serial}"),
            )),
            status: "in-progress".to_owned(),
            class: "inpatient".to_owned(),
            admission_type: None,
            admitted_on: opens.then(|| day(2)),
            ends_on: match kind {
                NoticeKind::Admission => Some(day(12)),
                NoticeKind::Assessment => Some(day(11)),
                NoticeKind::Discharge => Some(day(9)),
                _ => None,
            },
            ward: "Allington ward".to_owned(),
            hospital: organisation("ZRB01", "Barchester Royal Infirmary"),
            diagnosis: String::new(),
        },
        council: organisation("E10000099", "Barsetshire County Council"),
        author: None,
        clinician: None,
        liaison: None,
        referral_reason: String::new(),
        details: String::new(),
        answers: vec![],
        medicines: vec![],
        documents: vec![],
    }
}

fn take(place: &Place, bytes: &[u8]) -> Report {
    place
        .app
        .take_in(&Actor::operator(), InboxKind::Adw, "notice.xml", bytes)
        .unwrap()
}

fn send(place: &Place, message: &AdwMessage) -> Report {
    take(place, write(message).as_bytes())
}

fn codes(report: &Report) -> Vec<&str> {
    let asked = |issue: &&store::inbox::KeptIssue| issue.code != "not-answered";
    report
        .issues
        .iter()
        .filter(asked)
        .map(|issue| issue.code.as_str())
        .collect()
}

/// Every row that a message can touch, but for the inbox and the journal.
fn dump(place: &Place) -> Vec<String> {
    let tables = [
        "organisation",
        "person",
        "person_word",
        "person_identifier",
        "stay",
        "notice",
        "stay_change",
        "delay_segment",
        "document",
        "timeline",
        "shelf",
        "resource_link",
    ];
    let read = |tx: &mut dyn store::Tx| {
        let mut all = Vec::new();
        for table in tables {
            for row in tx.query(&format!("SELECT * FROM {table}"), &[])? {
                all.push(format!("{table} {row:?}"));
            }
        }
        Ok::<_, store::Error>(all)
    };
    let mut all = place.app.store().read(read).unwrap();
    all.sort();
    all
}

fn person(place: &Place, serial: u32) -> Option<PersonId> {
    let number = NhsNumber::synthetic(serial).unwrap();
    let found = place
        .app
        .store()
        .read(|tx| store::person::by_nhs_number(tx, number))
        .unwrap();
    assert!(found.len() < 2);
    found.first().map(|one| one.id)
}

/// What is known of a person's stay: it, and each notice with its kind, status and
/// what it answers or withdraws, without the person's serial number.
fn state(place: &Place, person: PersonId, serial: u32) -> Vec<String> {
    let own = |text: &str| text.replace(&format!("-{serial}"), "");
    let mut lines = Vec::new();
    place
        .app
        .store()
        .read(|tx| {
            lines.clear();
            for row in rows::stay_rows_of_person(tx, person)? {
                let stay = &row.stay;
                lines.push(format!(
                    "stay {} {} {:?} {} {:?} {:?} {:?}",
                    stay.admitted_on,
                    stay.ward,
                    stay.expected_on,
                    row.next_action,
                    row.next_due_at,
                    row.next_owner == stay.council,
                    row.source_key.as_deref().map(own),
                ));
                for told in rows::told_of_stay(tx, stay.id)? {
                    let notice = &told.notice;
                    lines.push(format!(
                        "{} {} {} {:?} {:?}",
                        notice.kind,
                        own(&notice.message_id),
                        notice.status,
                        notice.responds_to.as_deref().map(own),
                        notice.proposed_on,
                    ));
                }
            }
            for told in rows::told_waiting(tx, person)? {
                lines.push(format!("waiting {}", told.notice.kind));
            }
            let who = store::person::by_id(tx, person)?.unwrap();
            lines.push(format!(
                "{} {} {:?}",
                who.address,
                who.postcode,
                who.council.is_some()
            ));
            Ok::<_, store::Error>(())
        })
        .unwrap();
    lines
}

fn well(place: &Place) {
    assert_eq!(place.app.doctor(&Actor::operator()).unwrap(), []);
}

fn examples() -> Option<Vec<(String, Vec<u8>)>> {
    let Some(folder) = testkit::shared_data("fhir/adw") else {
        testkit::not_run("Care Act notice examples");
        return None;
    };
    let mut all: Vec<_> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap())
        .filter(|entry| entry.file_name().to_string_lossy().ends_with(".xml"))
        .map(|entry| {
            let name = entry.file_name().to_string_lossy().into_owned();
            (name, std::fs::read(entry.path()).unwrap())
        })
        .collect();
    all.sort();
    assert_eq!(all.len(), 7);
    Some(all)
}

/// The person of the published examples.
fn of_examples(place: &Place) -> PersonId {
    let number = NhsNumber::parse("9413946000").unwrap();
    let found = place
        .app
        .store()
        .read(|tx| store::person::by_nhs_number(tx, number))
        .unwrap();
    assert_eq!(found.len(), 1);
    found[0].id
}

#[test]
fn the_published_examples_load_in_any_order_and_again() {
    let Some(all) = examples() else { return };
    let mut first: Option<Vec<String>> = None;
    for turn in 0..all.len() {
        let place = testkit::place();
        let mut turned = all.clone();
        turned.rotate_left(turn);
        if turn % 2 == 1 {
            turned.reverse();
        }
        for (name, bytes) in &turned {
            let report = take(&place, bytes);
            assert_eq!(
                report.arrival.state,
                InboxState::Accepted,
                "{name}: {:?}",
                report.issues
            );
        }
        let id = of_examples(&place);
        let state = state(&place, id, 0);
        assert_eq!(
            first.get_or_insert_with(|| state.clone()),
            &state,
            "turn {turn}"
        );
        well(&place);
        if turn == 0 {
            documents_are_kept_whole(&place, id, &all);
            let before = dump(&place);
            for (name, bytes) in &all {
                assert_eq!(
                    take(&place, bytes).arrival.state,
                    InboxState::Repeated,
                    "{name}"
                );
            }
            assert_eq!(dump(&place), before);
        }
    }
    let state = first.unwrap();
    assert_eq!(
        state
            .iter()
            .filter(|line| line.starts_with("stay "))
            .count(),
        1
    );
    let of = |kind: &str| state.iter().filter(|line| line.starts_with(kind)).count();
    assert_eq!((state.len(), of("waiting")), (9, 0));
    let line = |start: &str| {
        state
            .iter()
            .find(|line| line.starts_with(start))
            .unwrap()
            .as_str()
    };
    assert!(line("assessment 5bfa").contains(" withdrawn "));
    assert!(line("discharge 19db").contains(" withdrawn "));
    assert!(
        line("stay ").contains("2017-04-24 Collier Ward Some(2017-05-12)"),
        "{state:?}"
    );
}

fn documents_are_kept_whole(place: &Place, person: PersonId, all: &[(String, Vec<u8>)]) {
    let mut sent: Vec<Vec<u8>> = all
        .iter()
        .flat_map(|(_, bytes)| read(bytes).unwrap().message.documents)
        .map(|document| document.bytes)
        .collect();
    let kept = |tx: &mut dyn store::Tx| {
        let stays = rows::stay_rows_of_person(tx, person)?;
        let mut kept = Vec::new();
        for listed in store::document::of_stay(tx, person, stays[0].stay.id, &ItemScope::default())?
        {
            let document = store::document::by_id(tx, listed.id)?.unwrap();
            assert_eq!(document.media_type, "application/pdf");
            kept.push(document.bytes);
        }
        Ok::<_, store::Error>(kept)
    };
    let mut kept = place.app.store().read(kept).unwrap();
    sent.sort();
    kept.sort();
    assert_eq!(sent.len(), 2);
    assert!(sent == kept, "documents differ");
}

#[test]
fn all_ten_kinds_load() {
    let place = testkit::place();
    for (number, kind) in NoticeKind::ALL.iter().enumerate() {
        let sent = 3 + i8::try_from(number).unwrap();
        let report = send(&place, &message(*kind, sent, 1));
        assert_eq!(
            report.arrival.state,
            InboxState::Accepted,
            "{kind}: {:?}",
            report.issues
        );
    }
    let id = person(&place, 1).unwrap();
    assert_eq!(
        state(&place, id, 1),
        [
            "stay 2018-10-02 Allington ward Some(2018-10-12) Decide if new notices are needed \
             None false Some(\"ZRB01|e\")",
            "admission admission sent None Some(2018-10-12)",
            "assessment assessment withdrawn None Some(2018-10-11)",
            "assessment accept assessment-accept answer Some(\"assessment\") None",
            "assessment reject assessment-reject answer Some(\"assessment\") None",
            "discharge discharge withdrawn None Some(2018-10-09)",
            "discharge accept discharge-accept answer Some(\"discharge\") None",
            "discharge reject discharge-reject answer Some(\"discharge\") None",
            "withdrawal withdrawal rejected Some(\"discharge\") None",
            "withdrawal accept withdrawal-accept answer Some(\"withdrawal\") None",
            "withdrawal reject withdrawal-reject answer Some(\"withdrawal\") None",
            "The Parsonage, Puddingdale ZZ1 4AB true",
        ]
    );
    well(&place);
}

/// Every order of a list.
fn orders<T: Clone>(list: &[T]) -> Vec<Vec<T>> {
    if list.len() < 2 {
        return vec![list.to_vec()];
    }
    let mut all = Vec::new();
    for at in 0..list.len() {
        let mut rest = list.to_vec();
        let one = rest.remove(at);
        for mut order in orders(&rest) {
            order.insert(0, one.clone());
            all.push(order);
        }
    }
    all
}

#[test]
fn every_order_of_a_case_comes_to_the_same() {
    let cases: [&[(NoticeKind, i8)]; 3] = [
        &[
            (NoticeKind::Admission, 2),
            (NoticeKind::Assessment, 3),
            (NoticeKind::AssessmentAccept, 4),
            (NoticeKind::Discharge, 5),
        ],
        &[
            (NoticeKind::Assessment, 3),
            (NoticeKind::AssessmentReject, 4),
            (NoticeKind::AssessmentAccept, 5),
            (NoticeKind::Discharge, 6),
        ],
        &[
            (NoticeKind::Assessment, 3),
            (NoticeKind::Discharge, 6),
            (NoticeKind::Withdrawal, 7),
            (NoticeKind::WithdrawalAccept, 8),
        ],
    ];
    let place = testkit::place();
    let mut serial = 0;
    for case in cases {
        let mut first: Option<Vec<String>> = None;
        for order in orders(case) {
            serial += 1;
            while NhsNumber::synthetic(serial).is_none() {
                serial += 1;
            }
            for (kind, sent) in &order {
                let report = send(&place, &message(*kind, *sent, serial));
                assert_eq!(
                    report.arrival.state,
                    InboxState::Accepted,
                    "{:?}",
                    report.issues
                );
            }
            let id = person(&place, serial).unwrap();
            let state = state(&place, id, serial);
            assert_eq!(
                first.get_or_insert_with(|| state.clone()),
                &state,
                "{order:?}"
            );
        }
        let state = first.unwrap();
        assert_eq!(state.len(), 6, "{state:?}");
        assert!(
            !state.iter().any(|line| line.contains("unmatched")),
            "{state:?}"
        );
    }
    well(&place);
}

#[test]
fn the_doctor_finds_a_notice_that_stands_wrongly() {
    let place = testkit::place();
    send(&place, &message(NoticeKind::Assessment, 3, 1));
    well(&place);
    let spoil = |tx: &mut dyn store::Tx| tx.execute("UPDATE notice SET status = 'accepted'", &[]);
    place.app.store().write(spoil).unwrap();
    let found = place.app.doctor(&Actor::operator()).unwrap();
    assert_eq!(found.len(), 1);
    assert!(
        found[0]
            .what
            .ends_with("stands as accepted, its messages say sent")
    );
}

#[test]
fn an_answer_waits_for_its_notice() {
    let place = testkit::place();
    let report = send(&place, &message(NoticeKind::AssessmentAccept, 4, 1));
    assert_eq!(codes(&report), ["waits-for-stay"]);
    let id = person(&place, 1).unwrap();
    let waiting = place
        .app
        .store()
        .read(|tx| rows::told_waiting(tx, id))
        .unwrap();
    assert_eq!(waiting.len(), 1);
    assert_eq!(waiting[0].notice.status, NoticeStatus::Unmatched);
    // The stay comes, but not yet the notice.
    let report = send(&place, &message(NoticeKind::Admission, 2, 1));
    assert_eq!(codes(&report), [""; 0]);
    assert!(
        state(&place, id, 1)
            .iter()
            .any(|line| line.contains("unmatched"))
    );
    send(&place, &message(NoticeKind::Assessment, 3, 1));
    let state = state(&place, id, 1);
    assert!(
        state
            .iter()
            .any(|line| line.starts_with("assessment assessment accepted"))
    );
    assert!(!state.iter().any(|line| line.contains("unmatched")));
    well(&place);
}

#[test]
fn contradictions_change_nothing_and_go_to_review() {
    let place = testkit::place();
    let ask = |change: &dyn Fn(&mut AdwMessage)| {
        let mut message = message(NoticeKind::Assessment, 3, 1);
        change(&mut message);
        message
    };
    send(&place, &ask(&|_| {}));
    let other = "E-2".to_owned();
    let key = Some(("https://fhir.nhs.uk/encounter-id".to_owned(), other));
    let cases: Vec<(&str, AdwMessage)> = vec![
        (
            "message-id-reused",
            ask(&|m| m.details = "Something else".to_owned()),
        ),
        (
            "discharge-before-admission",
            AdwMessage {
                encounter: Encounter {
                    ends_on: Some(day(1)),
                    ..message(NoticeKind::Discharge, 4, 1).encounter
                },
                ..message(NoticeKind::Discharge, 4, 1)
            },
        ),
        (
            "two-current-stays",
            ask(&|m| {
                m.id = "new-1".to_owned();
                m.encounter.hospital = organisation("ZRB02", "Barchester Cottage Hospital");
                m.sender = OdsCode::new("ZRB02").unwrap();
            }),
        ),
        (
            "two-current-stays",
            ask(&|m| {
                m.id = "new-2".to_owned();
                m.encounter.identifier.clone_from(&key);
                m.encounter.admitted_on = Some(day(3));
            }),
        ),
        (
            "identity-to-review",
            ask(&|m| {
                m.id = "new-3".to_owned();
                m.patient.birth_date = Some(date(1936, 2, 28));
            }),
        ),
        (
            "identity-to-review",
            ask(&|m| {
                m.id = "new-4".to_owned();
                m.patient.birth_date = None;
            }),
        ),
        (
            "identity-to-review",
            ask(&|m| {
                m.id = "new-5".to_owned();
                m.patient.family_name = "Proudie".to_owned();
                m.patient.given_name = "Jane".to_owned();
                m.patient.address = None;
            }),
        ),
        (
            "stay-of-another-person",
            ask(&|m| {
                m.id = "new-6".to_owned();
                m.patient = message(NoticeKind::Assessment, 3, 2).patient;
            }),
        ),
    ];
    let before = dump(&place);
    for (code, message) in cases {
        let report = send(&place, &message);
        assert_eq!(codes(&report), [code]);
        assert_eq!(report.arrival.state, InboxState::Review, "{code}");
        assert_eq!(report.arrival.counts.rejected, 1, "{code}");
        assert_eq!(dump(&place), before, "{code}");
    }
    well(&place);
}

#[test]
fn a_stay_that_has_ended_is_not_opened_again() {
    let place = testkit::place();
    send(&place, &message(NoticeKind::Assessment, 3, 1));
    let id = person(&place, 1).unwrap();
    place
        .app
        .store()
        .write(|tx| {
            let mut row = rows::stay_rows_of_person(tx, id)?.remove(0);
            row.stay.discharged_on = Some(day(5));
            row.version += 1;
            assert!(rows::update_stay(tx, &row)?);
            Ok::<_, store::Error>(())
        })
        .unwrap();
    let report = send(&place, &message(NoticeKind::AssessmentAccept, 7, 1));
    assert_eq!(codes(&report), ["stay-ended"]);
    assert_eq!(report.arrival.state, InboxState::Accepted);
    let mut late = message(NoticeKind::Discharge, 7, 1);
    late.encounter.admitted_on = Some(day(6));
    let report = send(&place, &late);
    assert_eq!(codes(&report), ["admission-after-discharge"]);
    assert_eq!(report.arrival.state, InboxState::Review);
    // Once the day is put right, the same arrival can be read again.
    place
        .app
        .store()
        .write(|tx| {
            let mut row = rows::stay_rows_of_person(tx, id)?.remove(0);
            row.stay.discharged_on = Some(day(6));
            row.version += 1;
            assert!(rows::update_stay(tx, &row)?);
            Ok::<_, store::Error>(())
        })
        .unwrap();
    let again = place
        .app
        .retry(&Actor::operator(), report.arrival.id)
        .unwrap();
    assert_eq!(again.arrival.state, InboxState::Accepted);
    assert!(
        codes(&again).contains(&"admission-date-differs"),
        "{:?}",
        again.issues
    );
    // With the stay ended, the next may be opened.
    let mut next = message(NoticeKind::Assessment, 8, 1);
    next.id = "next-1".to_owned();
    next.encounter.identifier = None;
    next.encounter.admitted_on = Some(day(7));
    assert_eq!(codes(&send(&place, &next)), [""; 0]);
    let stays = place
        .app
        .store()
        .read(|tx| rows::stay_rows_of_person(tx, id))
        .unwrap();
    assert_eq!(stays.len(), 2);
    well(&place);
}

#[test]
fn staff_corrections_stand_until_something_newer_is_sent() {
    let place = testkit::place();
    send(&place, &message(NoticeKind::Assessment, 3, 1));
    let id = person(&place, 1).unwrap();
    let stay = || {
        let read = |tx: &mut dyn store::Tx| rows::stay_rows_of_person(tx, id);
        place.app.store().read(read).unwrap().remove(0)
    };
    assert_eq!(stay().next_action, "Answer the assessment notice");
    assert_eq!(stay().next_owner, Some(place.council));
    place
        .app
        .store()
        .write(|tx| {
            let mut row = stay();
            row.stay.ward = "Plumstead ward".to_owned();
            row.next_action = "Ring the daughter".to_owned();
            row.version += 1;
            assert!(rows::update_stay(tx, &row)?);
            Ok::<_, store::Error>(())
        })
        .unwrap();
    send(&place, &message(NoticeKind::Admission, 2, 1));
    send(&place, &message(NoticeKind::AssessmentAccept, 4, 1));
    assert_eq!(stay().stay.ward, "Plumstead ward");
    assert_eq!(stay().next_action, "Ring the daughter");
    let mut moved = message(NoticeKind::Discharge, 5, 1);
    moved.encounter.ward = "Courcy ward".to_owned();
    send(&place, &moved);
    assert_eq!(stay().stay.ward, "Courcy ward");
    let changes = place
        .app
        .store()
        .read(|tx| rows::changes(tx, stay().stay.id))
        .unwrap();
    let ward = changes.iter().find(|one| one.field == "ward").unwrap();
    assert_eq!(ward.after, "Courcy ward");
    well(&place);
}

#[test]
fn remarks_are_made_and_unknown_organisations_are_named() {
    let place = testkit::place();
    let mut other = message(NoticeKind::Assessment, 3, 1);
    other.encounter.hospital = organisation("ZZZ01", "Silverbridge Hospital");
    other.sender = OdsCode::new("ZZZ01").unwrap();
    other.council = organisation("Z77", "");
    other.receiver = OdsCode::new("Z77").unwrap();
    other.documents = vec![Document {
        title: "letter.pdf".to_owned(),
        media_type: "application/pdf".to_owned(),
        bytes: (0..=255).collect(),
    }];
    assert_eq!(codes(&send(&place, &other)), [""; 0]);
    let find = |kind: &'static str, code: &'static str| {
        let read = |tx: &mut dyn store::Tx| store::organisation::by_code(tx, kind, code);
        place.app.store().read(read).unwrap().unwrap().name
    };
    assert_eq!(find("hospital", "ZZZ01"), "Silverbridge Hospital");
    assert_eq!(find("council", "Z77"), "Z77");
    let mut withdrawal = message(NoticeKind::Withdrawal, 4, 1);
    withdrawal.sender = OdsCode::new("ZZZ01").unwrap();
    withdrawal.encounter.hospital = other.encounter.hospital.clone();
    withdrawal.withdraws = Some(Withdraws::Discharge);
    withdrawal.reason = Some(Reason {
        coded: Some(Coded {
            system: "https://fhir.nhs.uk/ADW-WithdrawalReason-1".to_owned(),
            code: "10".to_owned(),
            display: String::new(),
        }),
        text: String::new(),
    });
    assert_eq!(
        codes(&send(&place, &withdrawal)),
        ["unmatched", "may-have-left"]
    );
    let id = person(&place, 1).unwrap();
    let told = place
        .app
        .store()
        .read(|tx| {
            let stay = rows::stay_rows_of_person(tx, id)?[0].stay.id;
            rows::told_of_stay(tx, stay)
        })
        .unwrap();
    assert_eq!(
        told[1].notice.reason.as_deref(),
        Some("Patient has self-discharged")
    );
    well(&place);
}

#[test]
fn what_is_no_notice_is_kept_and_refused() {
    let place = testkit::place();
    let before = dump(&place);
    let whole = write(&message(NoticeKind::Assessment, 3, 1));
    let entity = whole.replacen("<Bundle", "<!DOCTYPE a [<!ENTITY b \"c\">]><Bundle", 1);
    let deep = format!("{}{}", "<a>".repeat(10_000), "</a>".repeat(10_000));
    let number = NhsNumber::synthetic(1).unwrap().to_string();
    let wrong = format!("{}{}", &number[..9], (number.as_bytes()[9] - b'0' + 1) % 10);
    let cases: [(&str, Vec<u8>); 8] = [
        ("dtd-refused", entity.into_bytes()),
        ("too-deep", deep.into_bytes()),
        ("truncated", whole.as_bytes()[..whole.len() - 40].to_vec()),
        ("wrong-encoding", vec![0xff; 100]),
        (
            "not-a-notice",
            b"<Bundle xmlns=\"http://hl7.org/fhir\"/>".to_vec(),
        ),
        ("not-xml", Vec::new()),
        (
            "nhs-number-invalid",
            whole.replace(&number, &wrong).into_bytes(),
        ),
        (
            "not-a-date",
            whole.replace("1936-02-29", "1936-02-30").into_bytes(),
        ),
    ];
    for (code, bytes) in cases {
        let report = take(&place, &bytes);
        assert!(
            codes(&report).contains(&code),
            "{code}: {:?}",
            report.issues
        );
        assert_eq!(report.arrival.state, InboxState::Rejected, "{code}");
        let kept = |tx: &mut dyn store::Tx| store::inbox::content(tx, report.arrival.id);
        assert_eq!(place.app.store().read(kept).unwrap(), bytes, "{code}");
    }
    assert_eq!(dump(&place), before);
    well(&place);
}
