//! A fresh store for one test, on the database the environment names.

use kernel::PlaceId;
use postgres::{Client, NoTls};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::ops::Deref;
use std::sync::atomic::{AtomicU32, Ordering};
use store::{Location, Store};

/// Which database tests keep their stores on: `sqlite` (default) or `postgres`.
const DATABASE: &str = "ALMONER_TEST_DATABASE";
/// Connection string of the PostgreSQL server tests make their databases on.
const SERVER: &str = "ALMONER_TEST_POSTGRES";

/// A migrated, empty store that goes away with its value.
pub struct TestStore {
    store: Option<Store>,
    location: Location,
    _keep: Keep,
}

/// What is removed at the end.
pub(crate) enum Keep {
    Folder(#[expect(dead_code, reason = "held so that the folder stays")] tempfile::TempDir),
    Database(#[expect(dead_code, reason = "held so that the database stays")] Database),
}

/// A database of its own on a PostgreSQL server; dropped with this value.
pub(crate) struct Database {
    server: String,
    name: String,
}

/// A fresh store of the place `barsetshire`.
///
/// # Panics
/// When PostgreSQL is asked for and is not there: a test that cannot run fails.
pub fn store() -> TestStore {
    let place = PlaceId::new("barsetshire").unwrap_or_else(|| panic!("a fitting name"));
    let (location, keep) = fresh();
    let store = Store::open(&location, place)
        .unwrap_or_else(|error| panic!("a fresh store opens: {error}"));
    TestStore {
        store: Some(store),
        location,
        _keep: keep,
    }
}

/// A place to keep a store, with no store in it yet; goes away with this value.
pub struct TestLocation {
    /// Where it is.
    pub location: Location,
    _keep: Keep,
}

/// A fresh place to keep a store, to start the binary on it.
///
/// # Panics
/// When PostgreSQL is asked for and is not there.
pub fn location() -> TestLocation {
    let (location, keep) = fresh();
    TestLocation {
        location,
        _keep: keep,
    }
}

/// A setting of a test run, such as `ALMONER_DAYS`; `None` when it is not set.
pub fn setting(name: &str) -> Option<String> {
    std::env::var(name).ok()
}

/// Which engine this run is on: `sqlite` or `postgres`.
pub fn engine() -> String {
    std::env::var(DATABASE).unwrap_or_else(|_| "sqlite".to_owned())
}

pub(crate) fn fresh() -> (Location, Keep) {
    match engine().as_str() {
        "sqlite" => {
            let folder =
                tempfile::tempdir().unwrap_or_else(|error| panic!("a temporary folder: {error}"));
            (
                Location::Folder(folder.path().to_owned()),
                Keep::Folder(folder),
            )
        }
        "postgres" => {
            let database = Database::create();
            (
                Location::Postgres(database.address()),
                Keep::Database(database),
            )
        }
        other => panic!("{DATABASE} is `{other}`: set it to `sqlite` or `postgres`"),
    }
}

impl TestStore {
    /// Where the store is, to open it a second time or to start the binary on it.
    pub fn location(&self) -> &Location {
        &self.location
    }
}

impl Deref for TestStore {
    type Target = Store;

    fn deref(&self) -> &Store {
        match &self.store {
            Some(store) => store,
            None => unreachable!("the store is there until the end"),
        }
    }
}

impl Drop for TestStore {
    fn drop(&mut self) {
        // Connections close before the database under them goes.
        self.store = None;
    }
}

impl Database {
    fn create() -> Self {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let server = std::env::var(SERVER).unwrap_or_else(|_| {
            panic!(
                "{DATABASE} is `postgres` but {SERVER} is not set: run the tests with \
                 `cargo xtask test --database postgres`, or start a server with \
                 `cargo xtask postgres start` and put what it prints into {SERVER}"
            )
        });
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let database = Self {
            server,
            name: format!("almoner_test_{}_{number}", std::process::id()),
        };
        database.run(&format!(
            "DROP DATABASE IF EXISTS {} WITH (FORCE)",
            database.name
        ));
        let template = database.template();
        database.run(&format!(
            "CREATE DATABASE {} TEMPLATE {template} STRATEGY wal_log",
            database.name
        ));
        database
    }

    /// The name of the server's database that has every table and no row of ours: to copy it is
    /// quicker than to run every migration for every test. Whichever test comes first makes it,
    /// and the others wait for that one.
    fn template(&self) -> String {
        let mut version = DefaultHasher::new();
        for migration in store::migrations() {
            migration.checksum().hash(&mut version);
        }
        let version = version.finish();
        let name = format!("almoner_template_{version:x}");
        let mut client = self.connect();
        // The lock goes with the connection.
        self.said(client.execute("SELECT pg_advisory_lock(1826)", &[]));
        let known = "SELECT 1 FROM pg_database WHERE datname = $1";
        if self.said(client.query_opt(known, &[&name])).is_some() {
            return name;
        }
        // Under its own name only once it is whole.
        let draft = format!("{name}_draft");
        self.run(&format!("DROP DATABASE IF EXISTS {draft} WITH (FORCE)"));
        self.run(&format!("CREATE DATABASE {draft}"));
        let place = PlaceId::new("template").unwrap_or_else(|| panic!("a fitting name"));
        let address = format!("{} dbname={draft}", self.server);
        match Store::open(&Location::Postgres(address.clone()), place) {
            Ok(store) => drop(store),
            Err(error) => panic!("a fresh store opens: {error}"),
        }
        let mut inside = self.said(Client::connect(&address, NoTls));
        self.said(inside.batch_execute("DELETE FROM journal_head"));
        drop(inside);
        self.run(&format!("ALTER DATABASE {draft} RENAME TO {name}"));
        name
    }

    fn connect(&self) -> Client {
        self.said(Client::connect(&self.server, NoTls))
    }

    /// The server's connection string with this database's name. Later settings win.
    fn address(&self) -> String {
        format!("{} dbname={}", self.server, self.name)
    }

    fn run(&self, sql: &str) {
        self.said(self.connect().batch_execute(sql));
    }

    fn said<T>(&self, outcome: Result<T, postgres::Error>) -> T {
        outcome.unwrap_or_else(|error| {
            panic!(
                "PostgreSQL at `{}` ({SERVER}): {error}; start one with `cargo xtask postgres start`",
                self.server
            )
        })
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            self.run(&format!(
                "DROP DATABASE IF EXISTS {} WITH (FORCE)",
                self.name
            ));
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]

    use super::*;
    use store::{Error, Value};

    #[test]
    fn each_store_is_fresh_and_its_own() {
        let (one, two) = (store(), store());
        one.write(|tx| {
            tx.execute(
                "INSERT INTO organisation (place, id, kind, name) VALUES (?1, 'a', 'council', 'Barsetshire')",
                &[Value::from(tx.place())],
            )?;
            Ok::<_, Error>(())
        })
        .unwrap();
        let count = |store: &Store| {
            store
                .read(|tx| Ok::<_, Error>(tx.query("SELECT id FROM organisation", &[])?.len()))
                .unwrap()
        };
        assert_eq!((count(&one), count(&two)), (1, 0));
        assert_eq!(one.engine_name(), engine());
    }
}
