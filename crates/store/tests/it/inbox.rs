use jiff::Timestamp;
use kernel::{InboxId, Issue, Severity, hex, limits};
use sha2::{Digest, Sha256};
use store::inbox::{self, Arrival, Counts, InboxKind, InboxState};

pub(crate) fn arrival(bytes: &[u8]) -> Arrival {
    let at = Timestamp::from_second(1_700_000_000).unwrap();
    Arrival {
        id: InboxId::new(uuid::Uuid::from_u128(7)),
        kind: InboxKind::Fhir,
        name: "bundle.json".to_owned(),
        sha256: hex(&Sha256::digest(bytes)),
        size: bytes.len() as u64,
        received_at: at,
        state: InboxState::Received,
        counts: Counts::default(),
        tries: 0,
        last_try_at: at,
    }
}

/// Content comes back byte for byte, also when it spans several rows.
#[test]
fn bytes_come_back_as_they_arrived() {
    let store = testkit::store();
    let bytes: Vec<u8> = (0..9_000_000u32).map(|n| (n % 251) as u8).collect();
    let arrival = arrival(&bytes);
    store
        .write(|tx| inbox::receive(tx, &arrival, &bytes))
        .unwrap();
    let (kept, found) = store
        .read(|tx| {
            Ok::<_, store::Error>((
                inbox::content(tx, arrival.id)?,
                inbox::by_id(tx, arrival.id)?,
            ))
        })
        .unwrap();
    assert!(kept == bytes);
    assert_eq!(found, Some(arrival));
    assert_eq!(store.read(|tx| store::verify(tx)).unwrap(), []);
}

#[test]
fn each_try_keeps_its_issues_and_the_last_is_shown() {
    let store = testkit::store();
    let arrival = arrival(b"x");
    let issue = |text: &str| Issue::new(Severity::Part, 1, "Patient.birthDate", "not-a-date", text);
    let counts = Counts {
        records: 1,
        partly: 1,
        ..Counts::default()
    };
    let many: Vec<_> = (0..limits::ISSUES_KEPT + 5)
        .map(|n| issue(&n.to_string()))
        .collect();
    store
        .write(|tx| {
            inbox::receive(tx, &arrival, b"x")?;
            let now = arrival.received_at;
            inbox::settle(tx, arrival.id, InboxState::Partly, counts, &many, now)?;
            inbox::settle(
                tx,
                arrival.id,
                InboxState::Partly,
                counts,
                &[issue("again")],
                now,
            )
        })
        .unwrap();
    let (issues, found, states) = store
        .read(|tx| {
            Ok::<_, store::Error>((
                inbox::issues(tx, arrival.id)?,
                inbox::list(tx, Some(InboxState::Partly), 0, 10)?,
                inbox::by_state(tx)?,
            ))
        })
        .unwrap();
    assert_eq!(
        issues.iter().map(|i| i.text.as_str()).collect::<Vec<_>>(),
        ["again"]
    );
    assert_eq!((found.len(), found[0].tries), (1, 2));
    assert_eq!(states, [(InboxState::Partly, 1)]);
    assert_eq!(store.read(|tx| store::verify(tx)).unwrap(), []);
}

#[test]
fn lost_bytes_and_wrong_counts_are_found() {
    let store = testkit::store();
    let arrival = arrival(b"four");
    let wrong = Counts {
        records: 2,
        accepted: 1,
        ..Counts::default()
    };
    store
        .write(|tx| {
            inbox::receive(tx, &arrival, b"fo")?;
            inbox::settle(
                tx,
                arrival.id,
                InboxState::Accepted,
                wrong,
                &[],
                arrival.received_at,
            )
        })
        .unwrap();
    let problems = store.read(|tx| store::verify(tx)).unwrap();
    let checks: Vec<_> = problems.iter().map(|problem| problem.check).collect();
    assert_eq!(
        checks,
        ["every arrival has its bytes", "an arrival's counts add up"]
    );
}
