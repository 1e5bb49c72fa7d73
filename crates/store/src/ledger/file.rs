//! Files of transfers, kept as they came.

use crate::{Error, Tx, compressed};
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
