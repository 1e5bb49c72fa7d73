//! The embedded engine: SQLite with a write-ahead log.
//!
//! Writers share commits. A writer runs its closure in a savepoint of the open transaction; if
//! another writer is already waiting, it leaves the commit to that one; the last of a group
//! commits for all. Then the log is flushed, for every group that is in it by then, while the next
//! group runs ([`disk`]). Only then does any of them return. So each acknowledged write is on
//! disk, and sixteen writers cost one flush rather than sixteen.

mod copier;
mod disk;
mod statistics;

use crate::migrate::{Migrate, apply};
use crate::{Content, Error, Of, Row, Tx, Value};
use copier::Copier;
use disk::Disk;
use kernel::PlaceId;
use rusqlite::config::DbConfig;
use rusqlite::types::{ToSql, ToSqlOutput, ValueRef};
use rusqlite::{Connection, OpenFlags, params_from_iter};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Most transactions that share one commit.
const GROUP: usize = 128;
/// Statements kept prepared on each connection.
const PREPARED: usize = 256;
/// KiB of pages that the writing connection keeps.
const SERVING: u32 = 16 << 10;
/// KiB of pages that it keeps in a long load.
const LOADING: u32 = 1 << 20;
/// Pages of the log after which they are copied into the database ([`copier`]): each 32 MiB, so that
/// pages of indexes that many commits touch are copied once.
const CHECKPOINT: u64 = 8_192;
/// Bytes of the log by then: a frame is a page of 4 KiB and a head of 24 bytes, and the last
/// commit may be long.
const LOG_BYTES: u64 = CHECKPOINT * (4_096 + 24) + (1 << 20);
/// Longest wait for another process that holds the database, in milliseconds.
const BUSY_MILLISECONDS: u64 = 10_000;

/// How statements begin that only read, and those that write the journal.
const LEAVE_AS_IT_IS: [&str; 7] = [
    "SELECT ",
    "WITH ",
    "PRAGMA ",
    "INSERT INTO journal (",
    "INSERT INTO journal_filed ",
    "INSERT INTO journal_stretch ",
    "UPDATE journal_head ",
];

pub(crate) struct Sqlite {
    /// First, so that its connection is closed before the writer's.
    copier: Copier,
    file: PathBuf,
    writer: Mutex<Writer>,
    disk: Disk,
    changes: Changes,
    waiting: AtomicUsize,
    readers: Mutex<Vec<Connection>>,
}

/// Parts that are told apart: of organisations, and of the ledger. Each by a word that
/// every statement about it has.
const PARTS: [&str; 2] = ["organisation", "ledger_"];

/// How much was changed here, the journal apart.
#[derive(Default)]
struct Changes {
    /// Counts statements that changed something, changes that were undone, and commits of either.
    all: AtomicU64,
    /// Counts statements that may have changed each part, and such that were undone.
    parts: [AtomicU64; PARTS.len()],
}

impl Changes {
    fn of(&self, of: Of) -> u64 {
        match of {
            Of::Everything => self.all.load(Ordering::SeqCst),
            Of::Organisations => self.parts()[0],
            Of::Ledger => self.parts()[1],
        }
    }

    fn parts(&self) -> [u64; PARTS.len()] {
        self.parts
            .each_ref()
            .map(|part| part.load(Ordering::SeqCst))
    }

    /// Counts a statement, unless it only reads or is one of the journal's.
    fn note(&self, sql: &str) {
        if LEAVE_AS_IT_IS.iter().any(|word| sql.starts_with(word)) {
            return;
        }
        self.all.fetch_add(1, Ordering::SeqCst);
        for (part, word) in self.parts.iter().zip(PARTS) {
            if sql.contains(word) {
                part.fetch_add(1, Ordering::SeqCst);
            }
        }
    }

    /// Counts that something was undone; of each part, if it has changed since it was counted before.
    fn undone(&self, before: [u64; PARTS.len()]) {
        self.all.fetch_add(1, Ordering::SeqCst);
        for (part, before) in self.parts.iter().zip(before) {
            if part.load(Ordering::SeqCst) != before {
                part.fetch_add(1, Ordering::SeqCst);
            }
        }
    }
}

/// The one connection that writes, and the group that is open on it.
struct Writer {
    connection: Connection,
    /// Transactions in the open group; 0 when none is open.
    group: usize,
    /// Number of the open group.
    generation: u64,
    /// How many changes there were when the last group was committed.
    committed: u64,
    /// Of them, of each part.
    parts: [u64; PARTS.len()],
    /// Whether this is a long load: each write is a group of its own.
    loading: bool,
}

impl Sqlite {
    pub(crate) fn open(folder: &Path) -> Result<Self, Error> {
        std::fs::create_dir_all(folder).map_err(|source| Error::Folder {
            folder: folder.display().to_string(),
            source,
        })?;
        let file = folder.join("almoner.sqlite");
        let mut connection = connect(&file, true)?;
        let copier = Copier::default();
        copier.watch(&mut connection)?;
        let disk = Disk::of(&file);
        Ok(Self {
            copier,
            file,
            writer: Mutex::new(Writer {
                connection,
                group: 0,
                generation: 0,
                committed: 0,
                parts: Default::default(),
                loading: false,
            }),
            changes: Changes::default(),
            disk,
            waiting: AtomicUsize::new(0),
            readers: Mutex::new(Vec::new()),
        })
    }

    pub(crate) fn migrate(&self) -> Result<(), Error> {
        let writer = self.lock();
        apply(&mut Direct(&writer.connection))?;
        statistics::keep(&writer.connection)
    }

    fn lock(&self) -> MutexGuard<'_, Writer> {
        self.writer.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn read<T, E: From<Error>>(
        &self,
        place: &PlaceId,
        statements: &AtomicU64,
        work: &mut dyn FnMut(&mut dyn Tx) -> Result<T, E>,
    ) -> Result<T, E> {
        let spare = self
            .readers
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .pop();
        let connection = match spare {
            Some(connection) => connection,
            None => connect(&self.file, false)?,
        };
        run(&connection, "BEGIN DEFERRED")?;
        let outcome = work(&mut SqliteTx {
            connection: &connection,
            place,
            statements,
            changes: None,
        });
        let ended = run(&connection, "ROLLBACK");
        if ended.is_ok() {
            self.readers
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .push(connection);
        }
        outcome
    }

    /// Runs a closure in a transaction of the open group and gives the number of the group.
    /// Nothing of it may be told before [`Sqlite::settle`] says that the group is on disk.
    pub(crate) fn write<T, E: From<Error>>(
        &self,
        place: &PlaceId,
        statements: &AtomicU64,
        work: &mut dyn FnMut(&mut dyn Tx) -> Result<T, E>,
    ) -> Result<(T, u64), E> {
        self.waiting.fetch_add(1, Ordering::SeqCst);
        let mut writer = self.lock();
        self.waiting.fetch_sub(1, Ordering::SeqCst);
        if writer.group == 0 {
            if self.disk.is_broken() {
                return Err(Error::NotSaved.into());
            }
            run(&writer.connection, "BEGIN IMMEDIATE")?;
        }
        let own = writer.loading && writer.group == 0;
        let outcome = writer.attempt((place, statements, &self.changes), work);
        let outcome = outcome.unwrap_or_else(|panic| {
            // The closure's panic goes on, but not before its group is settled.
            writer.commit(&self.disk, &self.changes);
            std::panic::resume_unwind(panic)
        });
        // Whoever waits for the lock will take the commit over; else it is ours.
        let pass_on = !own && self.waiting.load(Ordering::SeqCst) > 0 && writer.group < GROUP;
        let mine = writer.generation;
        if !pass_on {
            writer.commit(&self.disk, &self.changes);
        }
        outcome.map(|value| (value, mine))
    }

    /// A long load begins or ends: more pages are kept, and each write is a group of its own.
    pub(crate) fn loading(&self, loading: bool) -> Result<(), Error> {
        let mut writer = self.lock();
        writer.loading = loading;
        let kib = if loading { LOADING } else { SERVING };
        let sql = format!("PRAGMA cache_size = -{kib}; PRAGMA shrink_memory;");
        Ok(writer.connection.execute_batch(&sql)?)
    }

    /// Takes the room of the log on disk, and has it copied beside the writer from now on; see
    /// [`crate::Store::prepare_to_serve`].
    pub(crate) fn prepare_to_serve(&self) -> Result<(), Error> {
        self.lengthen_log()?;
        self.copier.begin(&self.file)
    }

    fn lengthen_log(&self) -> Result<(), Error> {
        let writer = self.lock();
        // Nobody else writes to the log until it ends.
        run(&writer.connection, "BEGIN IMMEDIATE")?;
        let lengthened = self.disk.lengthen(LOG_BYTES);
        run(&writer.connection, "ROLLBACK")?;
        lengthened.map_err(|source| Error::Folder {
            folder: self.file.with_file_name("").display().to_string(),
            source,
        })
    }

    /// How much this process has changed; see [`Content`].
    pub(crate) fn changes(&self) -> u64 {
        self.changes.of(Of::Everything)
    }

    /// Waits until a group is on disk.
    ///
    /// # Errors
    /// [`Error::NotSaved`].
    pub(crate) fn settle(&self, group: u64) -> Result<(), Error> {
        self.disk.wait_for(group)
    }
}

impl Writer {
    /// Runs a closure in a savepoint of its own, so that its failure undoes only
    /// itself; the first of a group needs none, because its failure undoes all there is, and the
    /// group is over. SQLite copies each page that is changed after a savepoint, and walks through
    /// the copies at the end of each statement. The outer result is a panic of the closure.
    fn attempt<T, E: From<Error>>(
        &mut self,
        (place, statements, changes): (&PlaceId, &AtomicU64, &Changes),
        work: &mut dyn FnMut(&mut dyn Tx) -> Result<T, E>,
    ) -> std::thread::Result<Result<T, E>> {
        let first = self.group == 0;
        let (begin, undo, end) = match first {
            true => (None, "ROLLBACK", None),
            false => (
                Some("SAVEPOINT one"),
                "ROLLBACK TO one",
                Some("RELEASE one"),
            ),
        };
        self.group += 1;
        let connection = &self.connection;
        let perhaps = |sql: Option<&str>| sql.map_or(Ok(()), |sql| run(connection, sql));
        if let Err(error) = perhaps(begin) {
            return Ok(Err(error.into()));
        }
        let before = changes.parts();
        let outcome = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            work(&mut SqliteTx {
                connection,
                place,
                statements,
                changes: Some(changes),
            })
        }));
        let ended = match outcome {
            Ok(Ok(_)) => Ok(()),
            _ => {
                changes.undone(before);
                let undone = run(connection, undo);
                if first && undone.is_ok() {
                    self.group = 0;
                }
                undone
            }
        };
        let ended = ended.and_then(|()| perhaps(end));
        outcome.map(|outcome| match ended {
            Ok(()) => outcome,
            Err(error) => outcome.and(Err(error.into())),
        })
    }

    /// Commits the open group, if there is one; whoever waits for it is told by the disk.
    fn commit(&mut self, disk: &Disk, changes: &Changes) {
        if self.group == 0 {
            return;
        }
        let committed = run(&self.connection, "COMMIT").is_ok();
        if !committed {
            let _ = run(&self.connection, "ROLLBACK");
            changes.undone(self.parts);
        }
        // Whoever read beside the group before it was committed kept what is over now.
        if changes.of(Of::Everything) != self.committed {
            self.committed = changes.all.fetch_add(1, Ordering::SeqCst) + 1;
        }
        self.parts = changes.parts();
        disk.group_ended(self.generation, committed);
        self.group = 0;
        self.generation += 1;
    }
}

fn connect(file: &Path, writes: bool) -> Result<Connection, Error> {
    let access = if writes {
        OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE
    } else {
        OpenFlags::SQLITE_OPEN_READ_WRITE
    };
    let connection = Connection::open_with_flags(file, access | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
    connection.busy_timeout(std::time::Duration::from_millis(BUSY_MILLISECONDS))?;
    connection.set_prepared_statement_cache_capacity(PREPARED);
    // A plan that may depend on bound values is made anew each time a kept statement is
    // used, which costs more than most statements themselves.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    // What `disk` promises holds for a write-ahead log only.
    let mode: String = connection.query_row("PRAGMA journal_mode = WAL", [], |row| row.get(0))?;
    if mode != "wal" {
        return Err(Error::Schema(format!(
            "the file system of {} cannot hold a write-ahead log; keep the store on a local disk",
            file.display()
        )));
    }
    connection.execute_batch(&format!(
        "PRAGMA synchronous = NORMAL; PRAGMA foreign_keys = ON; PRAGMA cache_size = -{SERVING}; \
         PRAGMA temp_store = MEMORY;",
    ))?;
    if !writes {
        connection.execute_batch("PRAGMA query_only = ON; PRAGMA cache_size = -4096;")?;
    }
    Ok(connection)
}

fn run(connection: &Connection, sql: &str) -> Result<(), Error> {
    connection.prepare_cached(sql)?.execute([])?;
    Ok(())
}

impl ToSql for Value {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match self {
            Self::Null => ValueRef::Null,
            Self::Int(number) => ValueRef::Integer(*number),
            Self::Text(text) => ValueRef::Text(text.as_bytes()),
            Self::Bytes(bytes) => ValueRef::Blob(bytes),
        }))
    }
}

struct SqliteTx<'a> {
    connection: &'a Connection,
    place: &'a PlaceId,
    statements: &'a AtomicU64,
    /// Of the writer.
    changes: Option<&'a Changes>,
}

impl SqliteTx<'_> {
    fn note(&self, sql: &str) {
        if let Some(changes) = self.changes {
            changes.note(sql);
        }
    }
}

impl Tx for SqliteTx<'_> {
    fn place(&self) -> &str {
        self.place.as_str()
    }

    fn execute(&mut self, sql: &str, parameters: &[Value]) -> Result<u64, Error> {
        self.statements.fetch_add(1, Ordering::Relaxed);
        self.note(sql);
        let changed = self
            .connection
            .prepare_cached(sql)?
            .execute(params_from_iter(parameters))?;
        Ok(changed as u64)
    }

    fn query(&mut self, sql: &str, parameters: &[Value]) -> Result<Vec<Row>, Error> {
        self.statements.fetch_add(1, Ordering::Relaxed);
        self.note(sql);
        rows(self.connection, sql, parameters)
    }

    fn content(&mut self, of: Of) -> Result<Option<Content>, Error> {
        let Some(changes) = self.changes else {
            return Ok(None);
        };
        // SQLite has the number at hand: it reads nothing for it.
        let found = rows(self.connection, "PRAGMA data_version", &[])?;
        let outside = found.first().map_or(Ok(0), |row| row.int(0))?;
        let here = changes.of(of);
        Ok(Some(Content { outside, here }))
    }
}

fn rows(connection: &Connection, sql: &str, parameters: &[Value]) -> Result<Vec<Row>, Error> {
    let mut statement = connection.prepare_cached(sql)?;
    let columns = statement.column_count();
    let mut found = statement.query(params_from_iter(parameters))?;
    let mut all = Vec::new();
    while let Some(row) = found.next()? {
        let mut values = Vec::with_capacity(columns);
        for column in 0..columns {
            values.push(match row.get_ref(column)? {
                ValueRef::Null => Value::Null,
                ValueRef::Integer(number) => Value::Int(number),
                ValueRef::Text(text) => Value::Text(
                    std::str::from_utf8(text)
                        .map_err(|_| Error::Column {
                            column,
                            expected: "UTF-8 text",
                        })?
                        .to_owned(),
                ),
                ValueRef::Blob(bytes) => Value::Bytes(bytes.to_vec()),
                ValueRef::Real(_) => {
                    return Err(Error::Column {
                        column,
                        expected: "free of floating point",
                    });
                }
            });
        }
        all.push(Row(values));
    }
    Ok(all)
}

/// The connection outside any group, for migrations.
struct Direct<'a>(&'a Connection);

impl Migrate for Direct<'_> {
    fn run(&mut self, sql: &str, parameters: &[Value]) -> Result<Vec<Row>, Error> {
        rows(self.0, sql, parameters)
    }

    /// Words between `/* sqlite:` and `*/` are for this engine; elsewhere they are a remark.
    fn batch(&mut self, sql: &str) -> Result<(), Error> {
        let sql = sql.replace("/* sqlite:", "").replace("*/", "");
        self.0.execute_batch(&sql).map_err(|error| {
            let _ = self.0.execute_batch("ROLLBACK");
            error.into()
        })
    }
}
