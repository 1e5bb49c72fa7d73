//! Files of transfers and of funds, kept as they came.

use crate::{Error, Row, Tx, compressed};
use jiff::Timestamp;
use kernel::InboxId;

/// A file of transfers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File<'a> {
    /// Its id.
    pub id: InboxId,
    /// Its name.
    pub name: &'a str,
    /// SHA-256 of its bytes.
    pub sha256: &'a [u8],
    /// Its bytes.
    pub bytes: &'a [u8],
}

/// Keeps a file, before anything of it is read.
///
/// # Errors
/// The database's.
pub fn put_file(
    tx: &mut dyn Tx,
    file: &File<'_>,
    (at, by): (Timestamp, &str),
) -> Result<(), Error> {
    let place = tx.place().to_owned();
    tx.execute(
        "INSERT INTO ledger_file (place, id, name, sha256, bytes, received_at, received_by, \
         posted, repeated, refused, issues) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, 0, 0, 0, '')",
        &[
            place.into(),
            file.id.into(),
            file.name.into(),
            file.sha256.into(),
            compressed::keep(file.bytes)?.into(),
            at.into(),
            by.into(),
        ],
    )?;
    Ok(())
}

/// Writes down what became of a file: how many transfers were posted, were there already, and
/// were refused, and what was wrong, a line each.
///
/// # Errors
/// The database's.
pub fn settle_file(
    tx: &mut dyn Tx,
    id: InboxId,
    [posted, repeated, refused]: [i64; 3],
    issues: &str,
) -> Result<(), Error> {
    let place = tx.place().to_owned();
    tx.execute(
        "UPDATE ledger_file SET posted = ?3, repeated = ?4, refused = ?5, issues = ?6 \
         WHERE place = ?1 AND id = ?2",
        &[
            place.into(),
            id.into(),
            posted.into(),
            repeated.into(),
            refused.into(),
            issues.into(),
        ],
    )?;
    Ok(())
}

/// A kept file without its bytes, and what became of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeptFile {
    /// Its id.
    pub id: InboxId,
    /// Its name.
    pub name: String,
    /// SHA-256 of its bytes.
    pub sha256: Vec<u8>,
    /// When it came, and by whom.
    pub received: (Timestamp, String),
    /// Transfers of it that were posted, were there already, and were refused; a file of a fund that was
    /// refused counts as one.
    pub counts: [i64; 3],
    /// What was wrong, a line each.
    pub issues: String,
}

/// Kept files, newest first: all, or those of which something was refused.
///
/// # Errors
/// The database's.
pub fn files(
    tx: &mut dyn Tx,
    only_refused: bool,
    (offset, limit): (u64, u64),
) -> Result<Vec<KeptFile>, Error> {
    let place = tx.place().to_owned();
    let count = |number| i64::try_from(number).unwrap_or(i64::MAX);
    // Ids begin with the time, so that the newest are found without reading what came before.
    let rows = tx.query(
        "SELECT id, name, sha256, received_at, received_by, posted, repeated, refused, issues \
         FROM ledger_file WHERE place = ?1 AND refused >= ?2 \
         ORDER BY place DESC, id DESC LIMIT ?3 OFFSET ?4",
        &[
            place.into(),
            i64::from(only_refused).into(),
            count(limit).into(),
            count(offset).into(),
        ],
    )?;
    let read = |row: &Row| {
        Ok(KeptFile {
            id: row.id(0)?,
            name: row.text(1)?.to_owned(),
            sha256: row.bytes(2)?.to_vec(),
            received: (row.instant(3)?, row.text(4)?.to_owned()),
            counts: [row.int(5)?, row.int(6)?, row.int(7)?],
            issues: row.text(8)?.to_owned(),
        })
    };
    rows.iter().map(read).collect()
}

/// Bytes, and their SHA-256.
pub type BytesAndHash = (Vec<u8>, Vec<u8>);

/// The bytes of a kept file, as they came, and their SHA-256.
///
/// # Errors
/// Not there, not as it came, or the database's.
pub fn file_bytes(tx: &mut dyn Tx, id: InboxId) -> Result<Option<BytesAndHash>, Error> {
    let place = tx.place().to_owned();
    let row = tx.query_opt(
        "SELECT sha256, bytes FROM ledger_file WHERE place = ?1 AND id = ?2",
        &[place.into(), id.into()],
    )?;
    row.map(|row| {
        let sha256 = row.bytes(0)?.to_vec();
        let bytes = compressed::open_known(row.bytes(1)?.to_vec(), &sha256)?;
        Ok((bytes, sha256))
    })
    .transpose()
}
