//! Content that is kept compressed comes back as it came, and what was harmed is found.

use crate::inbox::arrival;
use kernel::{DocumentId, PersonId, ShelfId};
use sha2::{Digest, Sha256};
use store::document::{self, NewDocument};
use store::shelf::{self, Shelved};
use store::{Error, Store, inbox};
use uuid::Uuid;

const RECORD: &str = r#"{"resourceType":"Patient","id":"1","name":[{"family":"Harding","given":["Eleanor"]}],"address":[{"postalCode":"ZZ1 1AA"}],"birthDate":"1940-01-01"}"#;

/// A file that is sent compressed with zstd already: "ten" on each of ten lines.
const SENT: &[u8] = &[
    0x28, 0xb5, 0x2f, 0xfd, 0x24, 0x28, 0x55, 0x00, 0x00, 0x20, 0x74, 0x65, 0x6e, 0x0a, 0x01, 0x00,
    0x27, 0x1d, 0x11, 0xa5, 0xbe, 0x0a, 0x38,
];

fn id(number: u128) -> Uuid {
    Uuid::from_u128(number)
}

/// Keeps a file, a resource of it and a document of it.
fn keep(store: &Store, file: &[u8], resource: &[u8], letter: &[u8]) {
    let arrival = arrival(file);
    let sha256 = Sha256::digest(resource);
    store
        .write(|tx| {
            inbox::receive(tx, &arrival, file)?;
            let shelved = Shelved {
                id: ShelfId::new(id(1)),
                inbox: arrival.id,
                record: 1,
                format: "json",
                resource_type: "Patient",
                key: "Patient/1",
                sha256: &sha256,
                bytes: resource,
            };
            shelf::put(tx, &shelved, arrival.received_at)?;
            let person = a_person(tx)?;
            let document = NewDocument {
                id: DocumentId::new(id(2)),
                person,
                title: "Letter",
                media_type: "text/plain",
                sha256: Sha256::digest(letter).into(),
                bytes: letter,
                inbox: arrival.id,
            };
            document::add(tx, &document)
        })
        .unwrap();
}

fn a_person(tx: &mut dyn store::Tx) -> Result<PersonId, Error> {
    let person = PersonId::new(id(3));
    let place = tx.place().to_owned();
    tx.execute(
        "INSERT INTO person (place, id, head_id, family_name, given_name, gender, address, \
         postcode, telephone, flags, created_at) \
         VALUES (?1, ?2, ?2, 'Harding', 'Eleanor', 'female', '', '', '', '', 0)",
        &[place.into(), person.into()],
    )?;
    Ok(person)
}

/// What the readers of the three tables give back.
fn given_back(store: &Store) -> [Result<Vec<u8>, Error>; 3] {
    let document = DocumentId::new(id(2));
    [
        store.read(|tx| inbox::content(tx, arrival(b"").id)),
        store.read(|tx| Ok::<_, Error>(shelf::latest(tx, "Patient/1")?.unwrap())),
        store.read(|tx| Ok::<_, Error>(document::by_id(tx, document)?.unwrap().bytes)),
    ]
}

const TABLES: [&str; 3] = ["inbox_content", "shelf", "document"];

/// The bytes as the database has them.
fn kept(store: &Store, table: &str) -> Vec<u8> {
    let sql = format!("SELECT bytes FROM {table}");
    store
        .read(|tx| Ok::<_, Error>(tx.query_opt(&sql, &[])?.unwrap().bytes(0)?.to_vec()))
        .unwrap()
}

fn put(store: &Store, table: &str, bytes: &[u8]) {
    let sql = format!("UPDATE {table} SET bytes = ?1");
    store.write(|tx| tx.execute(&sql, &[bytes.into()])).unwrap();
}

fn problems(store: &Store) -> Vec<(&'static str, String)> {
    let problems = store.read(|tx| store::verify(tx)).unwrap();
    problems.into_iter().map(|p| (p.check, p.what)).collect()
}

#[test]
fn content_is_kept_smaller_and_comes_back_as_it_came() {
    let store = testkit::store();
    let file = RECORD.repeat(3_000);
    let letter = "Dear Ms Harding, ".repeat(30);
    let all = [file.as_bytes(), RECORD.as_bytes(), letter.as_bytes()];
    keep(&store, all[0], all[1], all[2]);
    for ((table, came), back) in TABLES.into_iter().zip(all).zip(given_back(&store)) {
        assert!(back.unwrap() == came, "{table}");
        let size = kept(&store, table).len();
        assert!(
            size * 3 < came.len() * 2,
            "{table}: {size} of {}",
            came.len()
        );
    }
    assert_eq!(problems(&store), []);
}

/// Nothing that is sent is taken for what the store compressed itself.
#[test]
fn a_file_that_is_compressed_already_comes_back_as_it_came() {
    let store = testkit::store();
    keep(&store, SENT, b"{}", SENT);
    let [file, resource, letter] = given_back(&store).map(Result::unwrap);
    assert_eq!((&*file, &*resource, &*letter), (SENT, &b"{}"[..], SENT));
    assert_eq!(
        kept(&store, "shelf"),
        b"{}",
        "what does not shrink is as it came"
    );
    assert_ne!(kept(&store, "document"), SENT);
    assert_eq!(problems(&store), []);
}

/// A store of before: everything is kept as it came, also what looks compressed.
#[test]
fn what_was_kept_before_content_was_compressed_is_read() {
    let text = RECORD.repeat(10).into_bytes();
    for all in [[&*text, RECORD.as_bytes(), &*text], [SENT, b"{}", SENT]] {
        let store = testkit::store();
        keep(&store, all[0], all[1], all[2]);
        for (table, came) in TABLES.into_iter().zip(all) {
            put(&store, table, came);
        }
        let back = given_back(&store).map(Result::unwrap);
        assert!(back.iter().zip(all).all(|(back, came)| back == came));
        assert_eq!(problems(&store), []);
    }
}

#[test]
fn a_flipped_bit_is_found_and_nothing_else_is_given_in_its_stead() {
    let checks = [
        "every arrival has its bytes",
        "what is on the shelf is as it came",
        "a document is as it came",
    ];
    let store = testkit::store();
    let text = RECORD.repeat(10).into_bytes();
    keep(&store, &text, RECORD.as_bytes(), &text);
    for (at, table) in TABLES.into_iter().enumerate() {
        let whole = kept(&store, table);
        let mut harmed = whole.clone();
        harmed[whole.len() / 2] ^= 0x10;
        put(&store, table, &harmed);
        let found = problems(&store);
        assert_eq!(found.len(), 1, "{found:?}");
        assert_eq!(found[0].0, checks[at]);
        assert!(
            found[0]
                .1
                .ends_with("what was kept cannot be read: it is damaged"),
            "{found:?}"
        );
        assert!(matches!(given_back(&store)[at], Err(Error::Compressed(_))));
        // Bytes that were never compressed have nothing but their hash.
        let came = if table == "shelf" {
            RECORD.as_bytes()
        } else {
            &*text
        };
        let mut raw = came.to_vec();
        raw[5] ^= 0x01;
        put(&store, table, &raw);
        let found = problems(&store);
        assert_eq!(found.len(), 1, "{found:?}");
        assert!(found[0].1.ends_with("its bytes are not those that came"));
        put(&store, table, &whole);
    }
    assert_eq!(problems(&store), []);
}
