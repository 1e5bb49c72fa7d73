use std::sync::Barrier;
use std::sync::atomic::{AtomicUsize, Ordering};
use store::{Error, Of, Store, Tx, Value};

fn put(tx: &mut dyn Tx, id: &str) -> Result<(), Error> {
    tx.execute(
        "INSERT INTO organisation (place, id, kind, name) VALUES (?1, ?2, 'council', 'Made up')",
        &[tx.place().into(), id.into()],
    )?;
    Ok(())
}

fn ids(store: &Store) -> Vec<String> {
    store
        .read(|tx| {
            tx.query(
                "SELECT id FROM organisation WHERE place = ?1 ORDER BY id",
                &[tx.place().into()],
            )?
            .iter()
            .map(|row| row.text(0).map(str::to_owned))
            .collect::<Result<_, Error>>()
        })
        .unwrap()
}

#[test]
fn a_failed_write_leaves_nothing_and_a_good_one_stays() {
    let store = testkit::store();
    let failed: Result<(), Error> = store.write(|tx| {
        put(tx, "lost")?;
        Err(Error::NotSaved)
    });
    assert!(failed.is_err());
    store.write(|tx| put(tx, "kept")).unwrap();
    assert_eq!(ids(&store), ["kept"]);
}

#[test]
fn a_long_load_keeps_what_succeeds_and_undoes_what_fails() {
    let store = testkit::store();
    let loaded = store.load(|| {
        store.write(|tx| put(tx, "first"))?;
        let failed: Result<(), Error> = store.write(|tx| {
            put(tx, "lost")?;
            Err(Error::NotSaved)
        });
        assert!(failed.is_err());
        store.write(|tx| put(tx, "second"))
    });
    loaded.unwrap();
    store.write(|tx| put(tx, "third")).unwrap();
    assert_eq!(ids(&store), ["first", "second", "third"]);
    let refused: Result<(), Error> = store.load(|| Err(Error::NotSaved));
    assert!(refused.is_err());
    store.write(|tx| put(tx, "zeroth")).unwrap();
    assert_eq!(ids(&store).len(), 4);
}

#[test]
fn what_there_is_to_read_is_told_from_what_it_becomes() {
    let store = testkit::store();
    let content = || store.write(|tx| tx.content(Of::Everything)).unwrap();
    let first = content();
    assert_eq!(store.read(|tx| tx.content(Of::Everything)).unwrap(), None);
    if store.engine_name() == "postgres" {
        assert_eq!(first, None, "it cannot tell");
        return;
    }
    let entry = store::journal::Entry {
        at: jiff::Timestamp::UNIX_EPOCH,
        kind: store::journal::Kind::Look,
        action: "look".to_owned(),
        actor: "somebody".to_owned(),
        actor_role: "operator".to_owned(),
        organisation: String::new(),
        purpose: String::new(),
        legal_basis: String::new(),
        person: None,
        subject: String::new(),
        results: 0,
        detail: String::new(),
    };
    store
        .write(|tx| store::journal::append(tx, &entry).map(|_| ()))
        .unwrap();
    assert_eq!(content(), first, "a look changes nothing");
    store.write(|tx| put(tx, "one")).unwrap();
    let second = content();
    assert_ne!(second, first);
    let undone: Result<(), Error> = store.write(|tx| {
        put(tx, "two")?;
        assert_ne!(tx.content(Of::Everything)?, second);
        Err(Error::NotSaved)
    });
    assert!(undone.is_err());
    let third = content();
    assert_ne!(third, second, "what was undone is told from what it was");
    let other = Store::open(store.location(), store.place().clone()).unwrap();
    other.write(|tx| put(tx, "three")).unwrap();
    assert_ne!(content(), third, "somebody else has written");
}

#[test]
fn organisations_are_told_from_what_they_become() {
    let store = testkit::store();
    let content = || store.write(|tx| tx.content(Of::Organisations)).unwrap();
    let first = content();
    if store.engine_name() == "postgres" {
        assert_eq!(first, None, "it cannot tell");
        return;
    }
    let other_change = |tx: &mut dyn Tx| {
        let place = tx.place().to_owned();
        let sql = "DELETE FROM api_client WHERE place = ?1";
        tx.execute(sql, &[place.into()]).map(|_| ())
    };
    store.write(other_change).unwrap();
    assert_eq!(content(), first, "a program is no organisation");
    let undone: Result<(), Error> = store.write(|tx| {
        other_change(tx)?;
        Err(Error::NotSaved)
    });
    assert!(undone.is_err());
    assert_eq!(content(), first, "nor is what was undone of it");
    store.write(|tx| put(tx, "one")).unwrap();
    let second = content();
    assert_ne!(second, first);
    let mut inside = None;
    let undone: Result<(), Error> = store.write(|tx| {
        put(tx, "two")?;
        inside = tx.content(Of::Organisations)?;
        Err(Error::NotSaved)
    });
    assert!(undone.is_err());
    assert_ne!(inside, second);
    assert_ne!(
        content(),
        inside,
        "what was undone is told from what it was"
    );
    let other = Store::open(store.location(), store.place().clone()).unwrap();
    let third = content();
    other.write(|tx| put(tx, "three")).unwrap();
    assert_ne!(content(), third, "somebody else has written");
}

#[test]
fn the_ledger_is_told_from_what_it_becomes() {
    let store = testkit::store();
    let content = || store.write(|tx| tx.content(Of::Ledger)).unwrap();
    let first = content();
    if store.engine_name() == "postgres" {
        assert_eq!(first, None, "it cannot tell");
        return;
    }
    let close = |tx: &mut dyn Tx, month: &str| {
        let frozen = fund::ledger::Frozen {
            period: month.parse().unwrap(),
            transfers: 0,
            previous: String::new(),
            hash: String::new(),
        };
        store::ledger::freeze(tx, &frozen, (jiff::Timestamp::UNIX_EPOCH, "somebody"))
    };
    store.write(|tx| put(tx, "one")).unwrap();
    assert_eq!(content(), first, "an organisation is no month");
    let undone: Result<(), Error> = store.write(|tx| {
        close(tx, "2026-04")?;
        Err(Error::NotSaved)
    });
    assert!(undone.is_err());
    let second = content();
    assert_ne!(second, first);
    let mut inside = None;
    store
        .write(|tx| {
            close(tx, "2026-04")?;
            inside = tx.content(Of::Ledger)?;
            Ok::<_, Error>(())
        })
        .unwrap();
    assert_ne!(inside, second);
    assert_eq!(content(), inside, "a commit changes nothing more");
    let undone: Result<(), Error> = store.write(|tx| {
        close(tx, "2026-05")?;
        inside = tx.content(Of::Ledger)?;
        Err(Error::NotSaved)
    });
    assert!(undone.is_err());
    let third = content();
    assert_ne!(third, inside, "what was undone is told from what it was");
    let other = Store::open(store.location(), store.place().clone()).unwrap();
    other.write(|tx| close(tx, "2026-05")).unwrap();
    assert_ne!(content(), third, "somebody else has written");
}

#[test]
fn a_refused_statement_fails_only_its_own_write() {
    let store = testkit::store();
    store.write(|tx| put(tx, "one")).unwrap();
    let again = store.write(|tx| {
        put(tx, "two")?;
        put(tx, "one")
    });
    assert!(again.is_err(), "the same key twice");
    store.write(|tx| put(tx, "three")).unwrap();
    assert_eq!(ids(&store), ["one", "three"]);
}

/// Sixteen writers at once, each fourth of whose writes fails: what was
/// acknowledged is there, and nothing else.
#[test]
fn writers_at_once_do_not_mix() {
    let store = testkit::store();
    let (writers, each) = (16, 20);
    let start = Barrier::new(writers);
    let acknowledged = AtomicUsize::new(0);
    std::thread::scope(|scope| {
        for writer in 0..writers {
            let (store, start, acknowledged) = (&*store, &start, &acknowledged);
            scope.spawn(move || {
                start.wait();
                for number in 0..each {
                    let outcome = store.write(|tx| {
                        put(tx, &format!("{writer:02}-{number:02}"))?;
                        if number % 4 == 3 {
                            Err(Error::NotSaved)
                        } else {
                            Ok(())
                        }
                    });
                    assert_eq!(outcome.is_ok(), number % 4 != 3);
                    acknowledged.fetch_add(usize::from(outcome.is_ok()), Ordering::SeqCst);
                }
            });
        }
    });
    let found = ids(&store);
    assert_eq!(found.len(), acknowledged.load(Ordering::SeqCst));
    assert!(
        found
            .iter()
            .all(|id| !id.ends_with("03") && !id.ends_with("19"))
    );
}

/// A closure that reads and then writes is right among others: a counter counted
/// up by many hands loses none.
#[test]
fn what_a_write_has_read_still_holds_when_it_commits() {
    let store = testkit::store();
    store.write(|tx| put(tx, "counter")).unwrap();
    let (writers, each) = (8, 10);
    std::thread::scope(|scope| {
        for _ in 0..writers {
            let store = &*store;
            scope.spawn(move || {
                for _ in 0..each {
                    store
                        .write(|tx| {
                            let place = Value::from(tx.place());
                            let sql = "SELECT name FROM organisation WHERE place = ?1 AND id = ?2";
                            let row = tx.query_opt(sql, &[place.clone(), "counter".into()])?;
                            let name = row.as_ref().unwrap().text(0)?;
                            let next = name.parse::<u64>().unwrap_or(0) + 1;
                            let sql = "UPDATE organisation SET name = ?3 \
                                       WHERE place = ?1 AND id = ?2";
                            tx.execute(sql, &[place, "counter".into(), next.to_string().into()])?;
                            Ok::<_, Error>(())
                        })
                        .unwrap();
                }
            });
        }
    });
    let name = store
        .read(|tx| {
            let row = tx.query_opt("SELECT name FROM organisation WHERE id = 'counter'", &[])?;
            Ok::<_, Error>(row.unwrap().text(0)?.to_owned())
        })
        .unwrap();
    assert_eq!(name, (writers * each).to_string());
}

#[test]
fn a_panic_in_a_write_undoes_it_and_the_store_goes_on() {
    let store = testkit::store();
    let panicked = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        store.write(|tx| {
            put(tx, "lost")?;
            if tx.place() == "barsetshire" {
                panic!("on purpose");
            }
            Ok::<_, Error>(())
        })
    }));
    assert!(panicked.is_err());
    store.write(|tx| put(tx, "kept")).unwrap();
    assert_eq!(ids(&store), ["kept"]);
}

#[test]
fn a_read_is_a_snapshot_and_changes_nothing() {
    let store = testkit::store();
    store.write(|tx| put(tx, "one")).unwrap();
    store
        .read(|tx| {
            let before = tx.query("SELECT id FROM organisation", &[])?.len();
            std::thread::scope(|scope| {
                scope
                    .spawn(|| store.write(|tx| put(tx, "two")))
                    .join()
                    .unwrap()
                    .unwrap();
            });
            assert_eq!(tx.query("SELECT id FROM organisation", &[])?.len(), before);
            assert!(put(tx, "three").is_err(), "a read may not write");
            Ok::<_, Error>(())
        })
        .unwrap();
    assert_eq!(ids(&store), ["one", "two"]);
}

#[test]
fn every_kind_of_value_comes_back_as_it_went() {
    let store = testkit::store();
    let bytes = vec![0, 255, 39, 10];
    store
        .write(|tx| {
            let place = tx.place().to_owned();
            tx.execute(
                "INSERT INTO inbox (place, id, kind, name, sha256, size, received_at, state, \
                 records, accepted, partly, rejected, repeated, tries, last_try_at) \
                 VALUES (?1, 'i', 'fhir', ?2, '', ?3, ?4, 'received', 0, 0, 0, 0, 0, 0, 0)",
                &[
                    place.as_str().into(),
                    "Ünïcode ‘quoted’ ?1".into(),
                    i64::MAX.into(),
                    i64::MIN.into(),
                ],
            )?;
            tx.execute(
                "INSERT INTO inbox_content (place, inbox_id, part, bytes) VALUES (?1, 'i', 0, ?2)",
                &[place.into(), bytes.clone().into()],
            )?;
            Ok::<_, Error>(())
        })
        .unwrap();
    store
        .read(|tx| {
            let row = tx.query_opt("SELECT name, size, received_at, NULL FROM inbox", &[])?;
            let row = row.unwrap();
            assert_eq!(row.text(0)?, "Ünïcode ‘quoted’ ?1");
            assert_eq!((row.int(1)?, row.int(2)?), (i64::MAX, i64::MIN));
            assert_eq!(row.opt_text(3)?, None);
            assert!(row.text(1).is_err(), "a number is not a text");
            let row = tx
                .query_opt("SELECT bytes FROM inbox_content", &[])?
                .unwrap();
            assert_eq!(row.bytes(0)?, bytes);
            Ok::<_, Error>(())
        })
        .unwrap();
}

#[test]
fn a_store_opened_again_is_the_same_and_an_altered_one_is_refused() {
    let store = testkit::store();
    store.write(|tx| put(tx, "one")).unwrap();
    let again = Store::open(store.location(), store.place().clone()).unwrap();
    assert_eq!(ids(&again), ["one"]);
    again
        .write(|tx| {
            tx.execute(
                "UPDATE migration SET checksum = 'other' WHERE name LIKE '0002%'",
                &[],
            )
        })
        .unwrap();
    let refused = Store::open(store.location(), store.place().clone());
    assert!(matches!(refused, Err(Error::Schema(text)) if text.contains("0002_account.sql")));
}

#[test]
fn a_store_made_by_a_newer_version_is_refused() {
    let store = testkit::store();
    store
        .write(|tx| {
            tx.execute(
                "INSERT INTO migration (name, checksum) VALUES ('9999_new.sql', 'x')",
                &[],
            )
        })
        .unwrap();
    let refused = Store::open(store.location(), store.place().clone());
    assert!(matches!(refused, Err(Error::Schema(text)) if text.contains("9999_new.sql")));
}

#[test]
fn what_is_in_a_lengthened_log_is_there_after_a_crash() {
    let folders = [(); 3].map(|()| tempfile::tempdir().unwrap());
    let open = |at: usize| {
        let place = kernel::PlaceId::new("barsetshire").unwrap();
        let folder = folders[at].path().to_owned();
        Store::open(&store::Location::Folder(folder), place).unwrap()
    };
    // As the disk has it when the machine stops: the store is still open.
    let crash = |to: usize| {
        for file in ["almoner.sqlite", "almoner.sqlite-wal"] {
            let from = folders[0].path().join(file);
            std::fs::copy(from, folders[to].path().join(file)).unwrap();
        }
        open(to)
    };
    let store = open(0);
    store.prepare_to_serve().unwrap();
    assert!(ids(&crash(1)).is_empty(), "nothing was written yet");
    store.write(|tx| put(tx, "before")).unwrap();
    store.prepare_to_serve().unwrap();
    store.write(|tx| put(tx, "since")).unwrap();
    let log = folders[0].path().join("almoner.sqlite-wal");
    assert!(std::fs::metadata(log).unwrap().len() > 32 << 20);
    let crashed = crash(2);
    assert_eq!(ids(&crashed), ["before", "since"]);
    crashed.write(|tx| put(tx, "third")).unwrap();
    assert_eq!(ids(&crashed).len(), 3);
}

/// The log is copied into the database beside the writer, and begins anew, while writers and readers are at
/// work; nothing is lost or seen half.
#[test]
fn the_log_is_copied_beside_the_writer() {
    let folder = tempfile::tempdir().unwrap();
    let open = || {
        let place = kernel::PlaceId::new("barsetshire").unwrap();
        let folder = folder.path().to_owned();
        Store::open(&store::Location::Folder(folder), place).unwrap()
    };
    let store = open();
    store.prepare_to_serve().unwrap();
    store.prepare_to_serve().unwrap();
    let name = "x".repeat(200 << 10);
    let write = |number: usize| {
        store.write(|tx| {
            let values = [
                tx.place().into(),
                format!("{number:05}").into(),
                name.as_str().into(),
            ];
            let sql =
                "INSERT INTO organisation (place, id, kind, name) VALUES (?1, ?2, 'council', ?3)";
            tx.execute(sql, &values).map(drop)
        })
    };
    // 200 MiB, six times what the log has room for.
    std::thread::scope(|scope| {
        for number in 0..1_000 {
            if number % 2 == 0 {
                write(number).unwrap();
                continue;
            }
            let writer = scope.spawn(move || write(number));
            let before = ids(&store);
            writer.join().unwrap().unwrap();
            let last: usize = before.last().unwrap().parse().unwrap();
            assert_eq!(before.len(), last + 1);
        }
    });
    let log = std::fs::metadata(folder.path().join("almoner.sqlite-wal")).unwrap();
    assert!(log.len() < 136 << 20, "{} bytes of log", log.len());
    let all: Vec<String> = (0..1_000).map(|number| format!("{number:05}")).collect();
    assert_eq!(ids(&store), all);
    drop(store);
    assert!(!folder.path().join("almoner.sqlite-wal").exists());
    assert_eq!(ids(&open()), all);
}
