//! The large engine: PostgreSQL over a small pool of blocking connections.
//!
//! A write transaction first takes its place's row of `journal_head`, so a place
//! has one writer at a time here too, and a closure that checks and then acts is
//! right without further locks. Serialization failures and deadlocks are retried.

use crate::migrate::{Migrate, apply};
use crate::{Error, Row, Tx, Value};
use kernel::PlaceId;
use postgres::types::private::BytesMut;
use postgres::types::{IsNull, ToSql, Type, to_sql_checked};
use postgres::{Client, NoTls, Statement};
use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Condvar, Mutex, PoisonError};
use std::time::Duration;

/// Most connections of one process.
const CONNECTIONS: usize = 16;
/// Longest wait for a free connection, in seconds.
const WAIT_SECONDS: u64 = 10;
/// Most runs of one closure.
const RUNS: usize = 8;
/// At how many changed rows of this process the planner is told what is in the tables. The server
/// does so itself, but a minute later, and takes it until then that a place finds one row: among a
/// hundred people who came in that minute, one statement took it a minute and a half.
const TELL: [u64; 4] = [100, 1_000, 10_000, 100_000];

pub(crate) struct Postgres {
    address: String,
    pool: Mutex<Pool>,
    freed: Condvar,
    /// Rows that this process has changed.
    changed: AtomicU64,
    /// How many of [`TELL`] are behind it.
    told: AtomicUsize,
}

struct Pool {
    idle: Vec<Connection>,
    open: usize,
}

/// A client with the statements it has prepared, by their text here.
struct Connection {
    client: Client,
    prepared: HashMap<String, Statement>,
}

impl Postgres {
    pub(crate) fn open(address: &str) -> Result<Self, Error> {
        let first = connect(address)?;
        Ok(Self {
            address: address.to_owned(),
            pool: Mutex::new(Pool {
                idle: vec![first],
                open: 1,
            }),
            freed: Condvar::new(),
            changed: AtomicU64::new(0),
            told: AtomicUsize::new(0),
        })
    }

    pub(crate) fn migrate(&self) -> Result<(), Error> {
        let mut connection = self.take()?;
        let outcome = connection
            .client
            .batch_execute("SET lock_timeout = '30s'")
            .map_err(Error::from)
            .and_then(|()| apply(&mut connection));
        let reset = connection
            .client
            .batch_execute("RESET lock_timeout")
            .map_err(Error::from);
        self.give_back(connection);
        outcome.and(reset)
    }

    fn take(&self) -> Result<Connection, Error> {
        let mut pool = self.pool.lock().unwrap_or_else(PoisonError::into_inner);
        loop {
            while let Some(connection) = pool.idle.pop() {
                if !connection.client.is_closed() {
                    return Ok(connection);
                }
                pool.open -= 1;
            }
            if pool.open < CONNECTIONS {
                pool.open += 1;
                drop(pool);
                return connect(&self.address).inspect_err(|_| self.lost());
            }
            let (next, waited) = self
                .freed
                .wait_timeout(pool, Duration::from_secs(WAIT_SECONDS))
                .unwrap_or_else(PoisonError::into_inner);
            pool = next;
            if waited.timed_out() && pool.idle.is_empty() {
                return Err(Error::Busy);
            }
        }
    }

    fn lost(&self) {
        self.pool
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .open -= 1;
        self.freed.notify_one();
    }

    fn give_back(&self, connection: Connection) {
        if connection.client.is_closed() {
            return self.lost();
        }
        self.pool
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .idle
            .push(connection);
        self.freed.notify_one();
    }

    pub(crate) fn read<T, E: From<Error>>(
        &self,
        place: &PlaceId,
        statements: &AtomicU64,
        work: &mut dyn FnMut(&mut dyn Tx) -> Result<T, E>,
    ) -> Result<T, E> {
        let begin = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";
        self.transaction(begin, "ROLLBACK", place, statements, work)
    }

    pub(crate) fn write<T, E: From<Error>>(
        &self,
        place: &PlaceId,
        statements: &AtomicU64,
        work: &mut dyn FnMut(&mut dyn Tx) -> Result<T, E>,
    ) -> Result<T, E> {
        let outcome = self.transaction("BEGIN", "COMMIT", place, statements, work);
        self.tell_the_planner();
        outcome
    }

    /// Has the server look at its tables when this process has changed ten times as much as when it
    /// last did. If it cannot, plans are as they were.
    fn tell_the_planner(&self) {
        let told = self.told.load(Ordering::Relaxed);
        let due = |at: &u64| self.changed.load(Ordering::Relaxed) >= *at;
        let mine = || {
            let next = told + 1;
            self.told
                .compare_exchange(told, next, Ordering::Relaxed, Ordering::Relaxed)
                .is_ok()
        };
        if TELL.get(told).is_some_and(due)
            && mine()
            && let Ok(mut connection) = self.take()
        {
            let _ = connection.client.batch_execute("ANALYZE");
            self.give_back(connection);
        }
    }

    fn transaction<T, E: From<Error>>(
        &self,
        begin: &str,
        end: &str,
        place: &PlaceId,
        statements: &AtomicU64,
        work: &mut dyn FnMut(&mut dyn Tx) -> Result<T, E>,
    ) -> Result<T, E> {
        let mut connection = self.take()?;
        let mut runs = 0;
        let outcome = loop {
            runs += 1;
            let mut retry = false;
            let outcome = attempt(
                &mut connection,
                begin,
                end,
                place,
                (statements, &self.changed),
                work,
                &mut retry,
            );
            if !(retry && runs < RUNS) {
                break outcome;
            }
        };
        self.give_back(connection);
        outcome
    }
}

impl Drop for Postgres {
    /// Closing a connection waits for it, which must not be done on a thread that
    /// drives async tasks, and the last holder of a store may be on one.
    fn drop(&mut self) {
        let idle = std::mem::take(
            &mut self
                .pool
                .get_mut()
                .unwrap_or_else(PoisonError::into_inner)
                .idle,
        );
        if let Ok(closing) = std::thread::Builder::new().spawn(move || drop(idle)) {
            // Were it to panic, the connections are gone all the same.
            let _ = closing.join();
        }
    }
}

/// One run of a closure in a transaction. Sets `retry` when the failure is one
/// that a second run may not meet.
fn attempt<T, E: From<Error>>(
    connection: &mut Connection,
    begin: &str,
    end: &str,
    place: &PlaceId,
    (statements, changed): (&AtomicU64, &AtomicU64),
    work: &mut dyn FnMut(&mut dyn Tx) -> Result<T, E>,
    retry: &mut bool,
) -> Result<T, E> {
    connection
        .client
        .batch_execute(begin)
        .map_err(Error::from)?;
    let mut tx = PostgresTx {
        connection,
        place,
        statements,
        changed,
        retry: false,
    };
    let locked = if end == "COMMIT" {
        tx.lock_place()
    } else {
        Ok(())
    };
    let outcome = locked.map_err(E::from).and_then(|()| work(&mut tx));
    *retry = tx.retry;
    match outcome {
        Ok(value) => {
            let ended = connection.client.batch_execute(end);
            *retry = ended.as_ref().is_err_and(may_retry);
            ended.map_err(Error::from)?;
            *retry = false;
            Ok(value)
        }
        Err(error) => {
            // The closure's failure matters more than a broken connection's,
            // which the pool drops when it comes back.
            let _ = connection.client.batch_execute("ROLLBACK");
            Err(error)
        }
    }
}

fn connect(address: &str) -> Result<Connection, Error> {
    let mut client = Client::connect(address, NoTls)?;
    client.batch_execute(
        "SET synchronous_commit = on; SET client_min_messages = warning; SET jit = off; \
         SET idle_in_transaction_session_timeout = '5min';",
    )?;
    Ok(Connection {
        client,
        prepared: HashMap::new(),
    })
}

/// Serialization failure or deadlock.
fn may_retry(error: &postgres::Error) -> bool {
    error
        .code()
        .is_some_and(|code| matches!(code.code(), "40001" | "40P01"))
}

struct PostgresTx<'a> {
    connection: &'a mut Connection,
    place: &'a PlaceId,
    statements: &'a AtomicU64,
    changed: &'a AtomicU64,
    retry: bool,
}

impl PostgresTx<'_> {
    fn lock_place(&mut self) -> Result<(), Error> {
        let place = Value::from(self.place);
        self.connection.query(
            "SELECT sequence FROM journal_head WHERE place = ?1 FOR UPDATE",
            &[place],
        )?;
        Ok(())
    }

    fn note<T>(&mut self, outcome: Result<T, Error>) -> Result<T, Error> {
        if let Err(Error::Postgres(error)) = &outcome {
            self.retry |= may_retry(error);
        }
        outcome
    }
}

impl Tx for PostgresTx<'_> {
    fn place(&self) -> &str {
        self.place.as_str()
    }

    fn execute(&mut self, sql: &str, parameters: &[Value]) -> Result<u64, Error> {
        self.statements.fetch_add(1, Ordering::Relaxed);
        let outcome = self.connection.execute(sql, parameters);
        if let Ok(rows) = &outcome {
            self.changed.fetch_add(*rows, Ordering::Relaxed);
        }
        self.note(outcome)
    }

    fn query(&mut self, sql: &str, parameters: &[Value]) -> Result<Vec<Row>, Error> {
        self.statements.fetch_add(1, Ordering::Relaxed);
        let outcome = self.connection.query(sql, parameters);
        self.note(outcome)
    }
}

impl Connection {
    fn statement(&mut self, sql: &str) -> Result<Statement, Error> {
        if let Some(statement) = self.prepared.get(sql) {
            return Ok(statement.clone());
        }
        let statement = self.client.prepare(&numbered(sql))?;
        self.prepared.insert(sql.to_owned(), statement.clone());
        Ok(statement)
    }

    fn execute(&mut self, sql: &str, parameters: &[Value]) -> Result<u64, Error> {
        let statement = self.statement(sql)?;
        let parameters: Vec<&(dyn ToSql + Sync)> = parameters
            .iter()
            .map(|value| value as &(dyn ToSql + Sync))
            .collect();
        Ok(self.client.execute(&statement, &parameters)?)
    }

    fn query(&mut self, sql: &str, parameters: &[Value]) -> Result<Vec<Row>, Error> {
        let statement = self.statement(sql)?;
        let parameters: Vec<&(dyn ToSql + Sync)> = parameters
            .iter()
            .map(|value| value as &(dyn ToSql + Sync))
            .collect();
        let found = self.client.query(&statement, &parameters)?;
        found.iter().map(row).collect()
    }
}

/// `?1` as PostgreSQL writes it, `$1`. Question marks in quotes stay.
fn numbered(sql: &str) -> String {
    let mut quoted = false;
    sql.chars()
        .map(|character| match character {
            '\'' => {
                quoted = !quoted;
                character
            }
            '?' if !quoted => '$',
            _ => character,
        })
        .collect()
}

fn row(found: &postgres::Row) -> Result<Row, Error> {
    (0..found.len())
        .map(|column| {
            Ok(match *found.columns()[column].type_() {
                Type::INT8 => found.try_get::<_, Option<i64>>(column)?.into(),
                Type::INT4 => found
                    .try_get::<_, Option<i32>>(column)?
                    .map(i64::from)
                    .into(),
                Type::BYTEA => found.try_get::<_, Option<Vec<u8>>>(column)?.into(),
                Type::TEXT | Type::VARCHAR | Type::NAME => {
                    found.try_get::<_, Option<String>>(column)?.into()
                }
                Type::BOOL => found
                    .try_get::<_, Option<bool>>(column)?
                    .map(i64::from)
                    .into(),
                // Sums of BIGINT are NUMERIC in PostgreSQL: cast them in the SQL text.
                _ => {
                    return Err(Error::Column {
                        column,
                        expected: "of a type the store uses",
                    });
                }
            })
        })
        .collect::<Result<Vec<_>, _>>()
        .map(Row)
}

impl ToSql for Value {
    fn to_sql(
        &self,
        kind: &Type,
        out: &mut BytesMut,
    ) -> Result<IsNull, Box<dyn std::error::Error + Sync + Send>> {
        match self {
            Self::Null => Ok(IsNull::Yes),
            Self::Int(number) if *kind == Type::INT4 => i32::try_from(*number)?.to_sql(kind, out),
            Self::Int(number) => number.to_sql(kind, out),
            Self::Text(text) => text.to_sql(kind, out),
            Self::Bytes(bytes) => bytes.to_sql(kind, out),
        }
    }

    fn accepts(kind: &Type) -> bool {
        matches!(
            *kind,
            Type::INT8 | Type::INT4 | Type::TEXT | Type::VARCHAR | Type::BYTEA
        )
    }

    to_sql_checked!();
}

impl Migrate for Connection {
    fn run(&mut self, sql: &str, parameters: &[Value]) -> Result<Vec<Row>, Error> {
        self.query(sql, parameters)
    }

    fn batch(&mut self, sql: &str) -> Result<(), Error> {
        self.client.batch_execute(sql).map_err(|error| {
            let _ = self.client.batch_execute("ROLLBACK");
            error.into()
        })
    }
}

#[cfg(test)]
mod tests {
    use super::numbered;

    #[test]
    fn parameters_are_renumbered_outside_quotes() {
        assert_eq!(
            numbered("a = ?1 AND b = '?2' AND c = ?12"),
            "a = $1 AND b = '?2' AND c = $12"
        );
    }
}
