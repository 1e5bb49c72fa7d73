//! One synchronous transaction interface over SQLite and PostgreSQL: migrations,
//! journal, inbox, and the typed rows of every quarter.
//!
//! A [`Store`] belongs to one place. [`Store::read`] gives a closure a snapshot;
//! [`Store::write`] gives it a write transaction that is durable when `write`
//! returns. The SQL text is the same on both engines. **Every write closure may
//! be run again**, so it builds nothing outside itself.
//!
//! A place has one writer at a time on both engines: what a closure read is
//! still true when it commits (docs/decisions/0002).

mod compressed;
mod error;
mod history;
mod migrate;
mod postgres;
mod sqlite;
mod value;
mod verify;

pub mod about_me;
pub mod account;
pub mod acting;
pub mod agreement;
pub mod api;
pub mod begun;
pub mod capacity;
pub mod correction;
pub mod directory;
pub mod document;
pub mod find;
pub mod flow;
pub mod form;
pub mod fund;
pub mod glass;
pub mod identity;
pub mod inbox;
pub mod journal;
pub mod ledger;
pub mod looks;
pub mod meeting;
pub mod offer;
pub mod organisation;
pub mod outgoing;
pub mod own;
pub mod passport;
pub mod person;
pub mod place;
pub mod plan;
pub mod referral;
pub mod register;
pub mod relationship;
pub mod return_version;
pub mod scope;
pub mod service_period;
pub mod shelf;
pub mod statutory_case;
pub mod timeline;
pub mod wish;

pub use error::Error;
pub use migrate::{Migration, migrations};
pub use value::{Row, Value};
pub use verify::{Problem, verify};

use kernel::PlaceId;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// Where the data is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Location {
    /// A folder with one SQLite database in it, `almoner.sqlite`.
    Folder(PathBuf),
    /// A PostgreSQL connection string or `postgres://` address.
    Postgres(String),
}

/// An open transaction on either engine.
pub trait Tx {
    /// Short name of the place whose data this is: the first column of every key.
    fn place(&self) -> &str;

    /// Runs a statement and returns the number of rows it changed.
    ///
    /// # Errors
    /// What the database refused.
    fn execute(&mut self, sql: &str, parameters: &[Value]) -> Result<u64, Error>;

    /// Runs a query and returns its rows.
    ///
    /// # Errors
    /// What the database refused.
    fn query(&mut self, sql: &str, parameters: &[Value]) -> Result<Vec<Row>, Error>;

    /// What there is to read now, the journal apart; `None` where the engine cannot tell, and on
    /// a snapshot, which may be older. Whoever keeps what was read, with this, need not read it
    /// again while it is equal. It costs no statement.
    ///
    /// # Errors
    /// What the database refused.
    fn content(&mut self, of: Of) -> Result<Option<Content>, Error> {
        let _ = of;
        Ok(None)
    }

    /// The only row of a query, or `None`.
    ///
    /// # Errors
    /// What the database refused.
    fn query_opt(&mut self, sql: &str, parameters: &[Value]) -> Result<Option<Row>, Error> {
        Ok(self.query(sql, parameters)?.into_iter().next())
    }
}

/// Of which part of the store [`Tx::content`] tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Of {
    /// All of it, the journal apart.
    Everything,
    /// The organisations, which seldom change.
    Organisations,
    /// Accounts, transfers and months of the ledger.
    Ledger,
}

/// Tells what a transaction reads from what it becomes: two that are equal were taken of the same
/// content of the same part, the journal apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Content {
    /// Changes when another process has written.
    outside: i64,
    /// Counts what this process has written.
    here: u64,
}

enum Engine {
    Sqlite(Box<sqlite::Sqlite>),
    Postgres(postgres::Postgres),
}

/// A place's store. Cheap to clone; every clone is the same store.
#[derive(Clone)]
pub struct Store {
    place: PlaceId,
    engine: Arc<Engine>,
    statements: Arc<AtomicU64>,
}

impl Store {
    /// Opens the store of a place, making it when it is not there, and brings
    /// its schema up to date.
    ///
    /// # Errors
    /// The database cannot be reached or opened, or its schema is not one that
    /// this version knows (a newer one, or one whose migrations were altered).
    pub fn open(location: &Location, place: PlaceId) -> Result<Self, Error> {
        let engine = match location {
            Location::Folder(folder) => Engine::Sqlite(Box::new(sqlite::Sqlite::open(folder)?)),
            Location::Postgres(address) => Engine::Postgres(postgres::Postgres::open(address)?),
        };
        let store = Self {
            place,
            engine: Arc::new(engine),
            statements: Arc::new(AtomicU64::new(0)),
        };
        match &*store.engine {
            Engine::Sqlite(sqlite) => sqlite.migrate()?,
            Engine::Postgres(postgres) => postgres.migrate()?,
        }
        store.write(|tx| journal::begin(tx))?;
        Ok(store)
    }

    /// The place whose data this is.
    pub fn place(&self) -> &PlaceId {
        &self.place
    }

    /// `sqlite` or `postgres`.
    pub fn engine_name(&self) -> &'static str {
        match &*self.engine {
            Engine::Sqlite(_) => "sqlite",
            Engine::Postgres(_) => "postgres",
        }
    }

    /// Runs a closure on a snapshot. Nothing it changes is kept.
    ///
    /// # Errors
    /// The closure's own, or the database's.
    pub fn read<T, E: From<Error>>(
        &self,
        mut work: impl FnMut(&mut dyn Tx) -> Result<T, E>,
    ) -> Result<T, E> {
        match &*self.engine {
            Engine::Sqlite(sqlite) => sqlite.read(&self.place, &self.statements, &mut work),
            Engine::Postgres(postgres) => postgres.read(&self.place, &self.statements, &mut work),
        }
    }

    /// Runs a closure in a write transaction. When this returns `Ok`, what the
    /// closure did is on disk; when it returns `Err`, none of it is.
    ///
    /// # Errors
    /// The closure's own, or the database's.
    pub fn write<T, E: From<Error>>(
        &self,
        work: impl FnMut(&mut dyn Tx) -> Result<T, E>,
    ) -> Result<T, E> {
        let (value, unsettled) = self.write_ahead(work)?;
        unsettled.settle()?;
        Ok(value)
    }

    /// As [`Store::write`], but returns before what the closure did is on disk, so that the next
    /// can begin. Nobody may be told of it before it is settled.
    ///
    /// # Errors
    /// The closure's own, or the database's: then nothing of it is kept.
    pub fn write_ahead<T, E: From<Error>>(
        &self,
        mut work: impl FnMut(&mut dyn Tx) -> Result<T, E>,
    ) -> Result<(T, Unsettled), E> {
        let (value, group) = match &*self.engine {
            Engine::Sqlite(sqlite) => {
                let (value, group) = sqlite.write(&self.place, &self.statements, &mut work)?;
                (value, Some(group))
            }
            Engine::Postgres(postgres) => (
                postgres.write(&self.place, &self.statements, &mut work)?,
                None,
            ),
        };
        let engine = Arc::clone(&self.engine);
        Ok((value, Unsettled { engine, group }))
    }

    /// Does one long load that nothing else waits for, such as the first of a large place, with
    /// much of the database kept in memory (1 GiB at most): pages of indexes that are changed again
    /// and again are then written once. No write shares a commit with another meanwhile. On PostgreSQL its own settings say what it keeps.
    ///
    /// # Errors
    /// The closure's own, or the database's.
    pub fn load<T, E: From<Error>>(&self, work: impl FnOnce() -> Result<T, E>) -> Result<T, E> {
        let Engine::Sqlite(sqlite) = &*self.engine else {
            return work();
        };
        sqlite.loading(true)?;
        let outcome = work();
        sqlite.loading(false)?;
        outcome
    }

    /// Takes the room that the log needs on disk at once (33 MiB), so that from the first write on it is
    /// as quick to flush as it will ever be; and from now on the log is copied into the database beside
    /// the writer. Nothing changes by it. PostgreSQL sees to both itself.
    ///
    /// # Errors
    /// The database's: there is no room on the disk.
    pub fn prepare_to_serve(&self) -> Result<(), Error> {
        match &*self.engine {
            Engine::Sqlite(sqlite) => sqlite.prepare_to_serve(),
            Engine::Postgres(_) => Ok(()),
        }
    }

    /// Differs when this process has changed anything, the journal apart; `None` where the engine
    /// cannot tell. What another process changes, it does not tell.
    pub fn changes(&self) -> Option<u64> {
        match &*self.engine {
            Engine::Sqlite(sqlite) => Some(sqlite.changes()),
            Engine::Postgres(_) => None,
        }
    }

    /// Whether the database answers.
    ///
    /// # Errors
    /// The database's, when it does not.
    pub fn answers(&self) -> Result<(), Error> {
        self.read(|tx| tx.query("SELECT 1", &[]).map(|_| ()))
    }

    /// Number of SQL statements run by closures since the store was opened.
    pub fn statements(&self) -> u64 {
        self.statements.load(Ordering::Relaxed)
    }
}

/// A write that may not be on disk yet.
#[must_use = "nobody may be told of a write before it is settled"]
pub struct Unsettled {
    engine: Arc<Engine>,
    /// The group of transactions it is in; `None` where the engine has it on disk already.
    group: Option<u64>,
}

impl Unsettled {
    /// Waits until the write is on disk.
    ///
    /// # Errors
    /// [`Error::NotSaved`]: it is not, and nothing of it is kept.
    pub fn settle(self) -> Result<(), Error> {
        match (&*self.engine, self.group) {
            (Engine::Sqlite(sqlite), Some(group)) => sqlite.settle(group),
            _ => Ok(()),
        }
    }
}
