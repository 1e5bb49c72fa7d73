//! Rows of the verbatim shelf and the links between resources.

use crate::{Error, Tx, Value, compressed};
use jiff::Timestamp;
use kernel::{InboxId, ShelfId};

/// A resource as it goes on the shelf.
#[derive(Clone, Copy, Debug)]
pub struct Shelved<'a> {
    /// Its id on the shelf.
    pub id: ShelfId,
    /// The arrival it came in.
    pub inbox: InboxId,
    /// Its number in the arrival, from 1.
    pub record: u32,
    /// `json` or `xml`.
    pub format: &'a str,
    /// Its type, such as `Observation`.
    pub resource_type: &'a str,
    /// What others refer to it by.
    pub key: &'a str,
    /// SHA-256 of its bytes.
    pub sha256: &'a [u8],
    /// The resource as it came.
    pub bytes: &'a [u8],
}

/// What is on the shelf under a key.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Under {
    /// Every version there, in the order they arrived.
    pub ids: Vec<ShelfId>,
    /// Whether these very bytes are among them.
    pub same: bool,
}

/// The versions on the shelf under a key.
///
/// # Errors
/// The database's.
pub fn under(tx: &mut dyn Tx, key: &str, sha256: &[u8]) -> Result<Under, Error> {
    let place = tx.place().to_owned();
    let mut under = Under::default();
    for row in tx.query(
        "SELECT id, sha256 FROM shelf WHERE place = ?1 AND resource_key = ?2 \
         ORDER BY received_at, id",
        &[place.into(), key.into()],
    )? {
        under.ids.push(row.id(0)?);
        under.same |= row.bytes(1)? == sha256;
    }
    Ok(under)
}

/// Puts a resource on the shelf.
///
/// # Errors
/// The database's.
pub fn put(tx: &mut dyn Tx, shelved: &Shelved<'_>, now: Timestamp) -> Result<(), Error> {
    let place = tx.place().to_owned();
    tx.execute(
        "INSERT INTO shelf (place, id, inbox_id, record, format, resource_type, resource_key, \
         sha256, bytes, received_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
        &[
            place.into(),
            shelved.id.into(),
            shelved.inbox.into(),
            shelved.record.into(),
            shelved.format.into(),
            shelved.resource_type.into(),
            shelved.key.into(),
            shelved.sha256.into(),
            compressed::keep(shelved.bytes)?.into(),
            now.into(),
        ],
    )?;
    Ok(())
}

/// The bytes of the latest resource under a key.
///
/// # Errors
/// The database's.
pub fn latest(tx: &mut dyn Tx, key: &str) -> Result<Option<Vec<u8>>, Error> {
    let place = tx.place().to_owned();
    tx.query_opt(
        "SELECT bytes FROM shelf WHERE place = ?1 AND resource_key = ?2 \
         ORDER BY received_at DESC, id DESC LIMIT 1",
        &[place.into(), key.into()],
    )?
    .map(|row| row.content(0))
    .transpose()
}

/// Notes what a resource refers to: path in it and key of the target.
///
/// # Errors
/// The database's: a path comes twice.
pub fn link(tx: &mut dyn Tx, shelf: ShelfId, links: &[(&str, &str)]) -> Result<(), Error> {
    let mut values = [
        Value::from(tx.place()),
        shelf.into(),
        Value::Null,
        Value::Null,
    ];
    // One row a statement: for several, SQLite keeps a journal of the statement, which
    // costs more than the rows.
    for (path, target) in links {
        values[2] = (*path).into();
        values[3] = (*target).into();
        tx.execute(
            "INSERT INTO resource_link (place, shelf_id, path, target_key) \
             VALUES (?1, ?2, ?3, ?4)",
            &values,
        )?;
    }
    Ok(())
}

/// Resources that refer to a key: their ids and the paths they do it at.
///
/// # Errors
/// The database's.
pub fn referring(tx: &mut dyn Tx, key: &str) -> Result<Vec<(ShelfId, String)>, Error> {
    let place = tx.place().to_owned();
    // Put in order here: asked to, SQLite would walk every link of the place.
    let mut found = tx
        .query(
            "SELECT shelf_id, path FROM resource_link WHERE place = ?1 AND target_key = ?2",
            &[place.into(), key.into()],
        )?
        .iter()
        .map(|row| Ok((row.id(0)?, row.text(1)?.to_owned())))
        .collect::<Result<Vec<_>, Error>>()?;
    found.sort();
    Ok(found)
}
