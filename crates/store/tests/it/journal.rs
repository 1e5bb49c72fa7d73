use jiff::Timestamp;
use store::journal::{self, Entry, Kind};
use store::{Error, Store};

fn entry(number: i64) -> Entry {
    Entry {
        at: Timestamp::from_microsecond(1_700_000_000_000_000 + number).unwrap(),
        kind: Kind::Look,
        action: "see a stay".to_owned(),
        actor: "hub".to_owned(),
        actor_role: "hub-lead".to_owned(),
        organisation: "Barsetshire County Council".to_owned(),
        purpose: "direct care".to_owned(),
        legal_basis: "implied consent".to_owned(),
        person: None,
        subject: format!("stay {number}"),
        results: 1,
        detail: String::new(),
    }
}

fn wrong(store: &Store) -> Vec<String> {
    store.read(|tx| journal::broken_links(tx)).unwrap()
}

fn filled() -> testkit::TestStore {
    let store = testkit::store();
    for number in 1..=10 {
        let row = store
            .write(|tx| journal::append(tx, &entry(number)))
            .unwrap();
        assert_eq!(row, number);
    }
    store
}

#[test]
fn the_chain_holds_and_a_failed_write_leaves_no_row() {
    let store = filled();
    let failed: Result<(), Error> = store.write(|tx| {
        journal::append(tx, &entry(11))?;
        Err(Error::NotSaved)
    });
    assert!(failed.is_err());
    assert_eq!(
        store.write(|tx| journal::append(tx, &entry(11))).unwrap(),
        11
    );
    assert_eq!(wrong(&store), Vec::<String>::new());
}

/// Each way of tampering is found, and the finding names the row.
#[test]
fn tampering_is_found() {
    for (sql, named) in [
        (
            "UPDATE journal SET subject = 'stay 99' WHERE sequence = 4",
            "row 4 does not fit",
        ),
        (
            "UPDATE journal SET results = results + 1 WHERE sequence = 7",
            "row 7 does not fit",
        ),
        ("DELETE FROM journal WHERE sequence = 5", "row 5 is missing"),
        (
            "DELETE FROM journal WHERE sequence = 10",
            "head is not its last row",
        ),
        (
            "UPDATE journal SET person_id = '' WHERE sequence = 2",
            "row 2 does not fit",
        ),
    ] {
        let store = filled();
        store.write(|tx| tx.execute(sql, &[])).unwrap();
        let found = wrong(&store).join("; ");
        assert!(found.contains(named), "{sql}: {found}");
        let problems = store.read(|tx| store::verify(tx)).unwrap();
        assert!(problems.iter().any(|p| p.check.contains("chain")), "{sql}");
    }
}

#[test]
fn writers_at_once_make_one_chain() {
    let store = testkit::store();
    std::thread::scope(|scope| {
        for writer in 0..8 {
            let store = &*store;
            scope.spawn(move || {
                for number in 0..25 {
                    store
                        .write(|tx| journal::append(tx, &entry(writer * 100 + number)))
                        .unwrap();
                }
            });
        }
    });
    assert_eq!(wrong(&store), Vec::<String>::new());
    let last = store
        .read(|tx| {
            let row = tx
                .query_opt("SELECT MAX(sequence), COUNT(*) FROM journal", &[])?
                .unwrap();
            Ok::<_, Error>((row.int(0)?, row.int(1)?))
        })
        .unwrap();
    assert_eq!(last, (200, 200));
}
