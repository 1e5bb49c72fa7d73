//! Rows of documents that are kept whole.

use crate::scope::ItemScope;
use crate::{Error, Tx, Value, compressed};
use kernel::{DocumentId, InboxId, PersonId, StayId};

/// A document as it is put in, and what it came with.
#[derive(Clone, Copy, Debug)]
pub struct NewDocument<'a> {
    /// Its id.
    pub id: DocumentId,
    /// Whose it is.
    pub person: PersonId,
    /// Title.
    pub title: &'a str,
    /// Media type, such as `application/pdf`.
    pub media_type: &'a str,
    /// SHA-256 of its bytes.
    pub sha256: [u8; 32],
    /// Its bytes.
    pub bytes: &'a [u8],
    /// The message it came in.
    pub inbox: InboxId,
}

/// Adds a document.
///
/// # Errors
/// The database's.
pub fn add(tx: &mut dyn Tx, document: &NewDocument<'_>) -> Result<(), Error> {
    let place = Value::from(tx.place());
    tx.execute(
        "INSERT INTO document (place, id, person_id, title, media_type, sha256, bytes, inbox_id) \
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
        &[
            place,
            document.id.into(),
            document.person.into(),
            document.title.into(),
            document.media_type.into(),
            document.sha256.as_slice().into(),
            compressed::keep(document.bytes)?.into(),
            document.inbox.into(),
        ],
    )?;
    Ok(())
}

/// A document kept whole.
#[derive(Clone, PartialEq, Eq)]
pub struct Document {
    /// Its id.
    pub id: DocumentId,
    /// Whose it is.
    pub person: PersonId,
    /// Title.
    pub title: String,
    /// Media type, such as `application/pdf`.
    pub media_type: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// The document with an id.
///
/// # Errors
/// The database's.
pub fn by_id(tx: &mut dyn Tx, id: DocumentId) -> Result<Option<Document>, Error> {
    let place = tx.place().to_owned();
    tx.query_opt(
        "SELECT person_id, title, media_type, bytes, sha256 FROM document WHERE place = ?1 AND id = ?2",
        &[place.into(), id.into()],
    )?
    .map(|row| {
        Ok(Document {
            id,
            person: row.id(0)?,
            title: row.text(1)?.to_owned(),
            media_type: row.text(2)?.to_owned(),
            bytes: compressed::open_known(row.bytes(3)?.to_vec(), row.bytes(4)?)?,
        })
    })
    .transpose()
}

/// A document that came with a notice of a stay.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StayDocument {
    /// Its id.
    pub id: DocumentId,
    /// Title.
    pub title: String,
    /// Media type, such as `application/pdf`.
    pub media_type: String,
    /// When it happened, as the source wrote it.
    pub happened_at: Option<String>,
}

/// The documents on the timeline lines of a stay that are in scope; the person is the head of
/// the records.
///
/// # Errors
/// The database's.
pub fn of_stay(
    tx: &mut dyn Tx,
    head: PersonId,
    stay: StayId,
    scope: &ItemScope,
) -> Result<Vec<StayDocument>, Error> {
    let mut values = vec![Value::from(tx.place()), head.into(), stay.into()];
    let in_scope = scope.sql(&mut values);
    let sql = format!(
        "SELECT DISTINCT d.id, d.title, d.media_type, timeline.happened_at FROM timeline \
         JOIN document d ON d.place = timeline.place AND d.id = timeline.document_id \
         WHERE timeline.place = ?1 AND timeline.person_id IN \
         (SELECT id FROM person WHERE place = ?1 AND head_id = ?2) AND timeline.stay_id = ?3 \
         AND {in_scope} ORDER BY timeline.happened_at, d.title, d.id"
    );
    tx.query(&sql, &values)?
        .iter()
        .map(|row| {
            Ok(StayDocument {
                id: row.id(0)?,
                title: row.text(1)?.to_owned(),
                media_type: row.text(2)?.to_owned(),
                happened_at: row.opt_text(3)?.map(str::to_owned),
            })
        })
        .collect()
}

/// Whether a document is on a line of its person's timeline that is in scope. One that is on no
/// line is in nobody's.
///
/// # Errors
/// The database's.
pub fn in_scope(
    tx: &mut dyn Tx,
    head: PersonId,
    document: DocumentId,
    scope: &ItemScope,
) -> Result<bool, Error> {
    let mut values = vec![Value::from(tx.place()), head.into(), document.into()];
    let in_scope = scope.sql(&mut values);
    let sql = format!(
        "SELECT 1 FROM timeline WHERE timeline.place = ?1 AND timeline.person_id IN \
         (SELECT id FROM person WHERE place = ?1 AND head_id = ?2) \
         AND timeline.document_id = ?3 AND {in_scope} LIMIT 1"
    );
    Ok(tx.query_opt(&sql, &values)?.is_some())
}
