//! Rows of the inbox: everything that arrives, byte for byte, with its state.

use crate::{Error, Row, Tx, Value, compressed};
use flow::text_enum;
use jiff::Timestamp;
use kernel::{InboxId, Issue, Severity, hex, limits};
use sha2::{Digest, Sha256};

/// Largest part of a content kept in one row (8 MiB).
const PART_BYTES: usize = 8 << 20;

text_enum! {
    /// What kind of thing arrived, and so which reader takes it.
    InboxKind {
        /// A Care Act notice message.
        Adw = "adw",
        /// FHIR R4 resources.
        Fhir = "fhir",
        /// An official delayed-transfers workbook.
        Dtoc = "dtoc",
        /// A population table.
        Population = "population",
        /// A list of organisations of the NHS Organisation Data Service.
        Organisations = "organisations",
        /// Services for the directory.
        Directory = "directory",
    }
}

text_enum! {
    /// What became of it.
    InboxState {
        /// Kept; not read yet.
        Received = "received",
        /// All of it went through.
        Accepted = "accepted",
        /// Some of it went through.
        Partly = "partly accepted",
        /// None of it could be used.
        Rejected = "rejected",
        /// It had all arrived before; nothing changed.
        Repeated = "repeated",
        /// A person must decide, such as whose record it is.
        Review = "to review",
    }
}

/// How many records of an arrival went which way.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Records found.
    pub records: u64,
    /// Went through whole.
    pub accepted: u64,
    /// Went through in part.
    pub partly: u64,
    /// Could not be used.
    pub rejected: u64,
    /// Had arrived before.
    pub repeated: u64,
}

/// One thing that arrived.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Arrival {
    /// Its id.
    pub id: InboxId,
    /// Which reader takes it.
    pub kind: InboxKind,
    /// File name without folders.
    pub name: String,
    /// SHA-256 of its bytes, hex.
    pub sha256: String,
    /// Size in bytes.
    pub size: u64,
    /// When it arrived.
    pub received_at: Timestamp,
    /// What became of it.
    pub state: InboxState,
    /// How many records went which way at the last try.
    pub counts: Counts,
    /// Times it was read.
    pub tries: u64,
    /// When it was last read.
    pub last_try_at: Timestamp,
}

/// Keeps what arrived, before anything is done with it.
///
/// # Errors
/// The database's.
pub fn receive(tx: &mut dyn Tx, arrival: &Arrival, bytes: &[u8]) -> Result<(), Error> {
    let place = tx.place().to_owned();
    tx.execute(
        "INSERT INTO inbox (place, id, kind, name, sha256, size, received_at, state, records, \
         accepted, partly, rejected, repeated, tries, last_try_at) \
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, 0, 0, 0, 0, 0, 0, ?7)",
        &[
            place.as_str().into(),
            arrival.id.into(),
            arrival.kind.as_str().into(),
            arrival.name.as_str().into(),
            arrival.sha256.as_str().into(),
            count(arrival.size),
            arrival.received_at.into(),
            InboxState::Received.as_str().into(),
        ],
    )?;
    for (part, bytes) in bytes.chunks(PART_BYTES).enumerate() {
        tx.execute(
            "INSERT INTO inbox_content (place, inbox_id, part, bytes) VALUES (?1, ?2, ?3, ?4)",
            &[
                place.as_str().into(),
                arrival.id.into(),
                count(part as u64),
                compressed::keep(bytes)?.into(),
            ],
        )?;
    }
    Ok(())
}

/// Records the outcome of reading an arrival: state, counts and issues.
///
/// # Errors
/// The database's.
pub fn settle(
    tx: &mut dyn Tx,
    id: InboxId,
    state: InboxState,
    counts: Counts,
    issues: &[Issue],
    now: Timestamp,
) -> Result<(), Error> {
    let place = tx.place().to_owned();
    let tries = tx
        .query_opt(
            "UPDATE inbox SET state = ?3, records = ?4, accepted = ?5, partly = ?6, \
             rejected = ?7, repeated = ?8, tries = tries + 1, last_try_at = ?9 \
             WHERE place = ?1 AND id = ?2 RETURNING tries",
            &[
                place.as_str().into(),
                id.into(),
                state.as_str().into(),
                count(counts.records),
                count(counts.accepted),
                count(counts.partly),
                count(counts.rejected),
                count(counts.repeated),
                now.into(),
            ],
        )?
        .map_or(Ok(1), |row| row.int(0))?;
    for (number, issue) in issues.iter().take(limits::ISSUES_KEPT).enumerate() {
        tx.execute(
            "INSERT INTO inbox_issue (place, inbox_id, try, number, record, path, code, severity, \
             text) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
            &[
                place.as_str().into(),
                id.into(),
                tries.into(),
                count(number as u64 + 1),
                issue.record.into(),
                issue.path.as_str().into(),
                issue.code.into(),
                severity_text(issue.severity).into(),
                issue.text.as_str().into(),
            ],
        )?;
    }
    Ok(())
}

/// The text a severity is kept as.
pub const fn severity_text(severity: Severity) -> &'static str {
    match severity {
        Severity::Note => "note",
        Severity::Part => "part",
        Severity::Reject => "reject",
    }
}

fn count(number: u64) -> Value {
    Value::Int(i64::try_from(number).unwrap_or(i64::MAX))
}

const COLUMNS: &str = "SELECT id, kind, name, sha256, size, received_at, state, records, \
     accepted, partly, rejected, repeated, tries, last_try_at FROM inbox ";

fn read(row: &Row) -> Result<Arrival, Error> {
    let number = |column| row.int(column).map(|n| u64::try_from(n).unwrap_or(0));
    Ok(Arrival {
        id: row.id(0)?,
        kind: InboxKind::parse(row.text(1)?).ok_or(Error::Column {
            column: 1,
            expected: "a kind",
        })?,
        name: row.text(2)?.to_owned(),
        sha256: row.text(3)?.to_owned(),
        size: number(4)?,
        received_at: row.instant(5)?,
        state: InboxState::parse(row.text(6)?).ok_or(Error::Column {
            column: 6,
            expected: "a state",
        })?,
        counts: Counts {
            records: number(7)?,
            accepted: number(8)?,
            partly: number(9)?,
            rejected: number(10)?,
            repeated: number(11)?,
        },
        tries: number(12)?,
        last_try_at: row.instant(13)?,
    })
}

/// The arrival with an id.
///
/// # Errors
/// The database's.
pub fn by_id(tx: &mut dyn Tx, id: InboxId) -> Result<Option<Arrival>, Error> {
    let place = tx.place().to_owned();
    let sql = format!("{COLUMNS} WHERE place = ?1 AND id = ?2");
    tx.query_opt(&sql, &[place.into(), id.into()])?
        .as_ref()
        .map(read)
        .transpose()
}

/// Arrivals, newest first, of one state or of all, from an offset.
///
/// # Errors
/// The database's.
pub fn list(
    tx: &mut dyn Tx,
    state: Option<InboxState>,
    offset: u64,
    limit: u64,
) -> Result<Vec<Arrival>, Error> {
    let place = tx.place().to_owned();
    let sql = format!(
        "{COLUMNS} WHERE place = ?1 AND (CAST(?2 AS TEXT) IS NULL OR state = ?2) \
         ORDER BY received_at DESC, id DESC LIMIT ?3 OFFSET ?4"
    );
    let state = state.map(InboxState::as_str);
    tx.query(
        &sql,
        &[place.into(), state.into(), count(limit), count(offset)],
    )?
    .iter()
    .map(read)
    .collect()
}

/// How many arrivals are in each state that has any.
///
/// # Errors
/// The database's.
pub fn by_state(tx: &mut dyn Tx) -> Result<Vec<(InboxState, u64)>, Error> {
    let place = tx.place().to_owned();
    tx.query(
        "SELECT state, COUNT(*) FROM inbox WHERE place = ?1 GROUP BY state ORDER BY state",
        &[place.into()],
    )?
    .iter()
    .map(|row| {
        let state = InboxState::parse(row.text(0)?).ok_or(Error::Column {
            column: 0,
            expected: "a state",
        })?;
        Ok((state, u64::try_from(row.int(1)?).unwrap_or(0)))
    })
    .collect()
}

/// The bytes as they arrived.
///
/// # Errors
/// The database's, or [`Error::Compressed`].
pub fn content(tx: &mut dyn Tx, id: InboxId) -> Result<Vec<u8>, Error> {
    let place = tx.place().to_owned();
    let parts = tx.query(
        "SELECT bytes FROM inbox_content WHERE place = ?1 AND inbox_id = ?2 ORDER BY part",
        &[place.as_str().into(), id.into()],
    )?;
    if let Some(all) = kept_before(tx, id, &parts)? {
        return Ok(all);
    }
    let mut all = Vec::new();
    for part in parts {
        let part = part.content(0)?;
        match all.is_empty() {
            true => all = part,
            false => all.extend_from_slice(&part),
        }
    }
    Ok(all)
}

/// The bytes of an arrival that was kept before content was compressed, where a part of it
/// looks compressed because the arrival itself was. It is known by its size and hash.
fn kept_before(tx: &mut dyn Tx, id: InboxId, parts: &[Row]) -> Result<Option<Vec<u8>>, Error> {
    let (mut size, mut in_doubt) = (0, false);
    for part in parts {
        let bytes = part.bytes(0)?;
        size += bytes.len() as u64;
        in_doubt |= compressed::looks_compressed(bytes);
    }
    if !in_doubt {
        return Ok(None);
    }
    let Some(arrival) = by_id(tx, id)?.filter(|arrival| arrival.size == size) else {
        return Ok(None);
    };
    let mut all = Vec::new();
    for part in parts {
        all.extend_from_slice(part.bytes(0)?);
    }
    Ok((hex(&Sha256::digest(&all)) == arrival.sha256).then_some(all))
}

/// An issue as it was kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeptIssue {
    /// Number of the record, from 1; 0 is the file.
    pub record: i64,
    /// Where in the record.
    pub path: String,
    /// Kind of issue.
    pub code: String,
    /// `note`, `part` or `reject`.
    pub severity: String,
    /// What is wrong and what to do.
    pub text: String,
}

/// The issues of an arrival's last try.
///
/// # Errors
/// The database's.
pub fn issues(tx: &mut dyn Tx, id: InboxId) -> Result<Vec<KeptIssue>, Error> {
    let place = tx.place().to_owned();
    tx.query(
        "SELECT inbox_issue.record, inbox_issue.path, inbox_issue.code, inbox_issue.severity, \
         inbox_issue.text FROM inbox_issue \
         JOIN inbox ON inbox.place = inbox_issue.place AND inbox.id = inbox_issue.inbox_id \
         WHERE inbox_issue.place = ?1 AND inbox_issue.inbox_id = ?2 \
         AND inbox_issue.try = inbox.tries ORDER BY inbox_issue.number",
        &[place.into(), id.into()],
    )?
    .iter()
    .map(|row| {
        Ok(KeptIssue {
            record: row.int(0)?,
            path: row.text(1)?.to_owned(),
            code: row.text(2)?.to_owned(),
            severity: row.text(3)?.to_owned(),
            text: row.text(4)?.to_owned(),
        })
    })
    .collect()
}
