//! The history of a stay, and the documents that came with it.

use super::owned;
use crate::{Error, Tx};
use jiff::Timestamp;
use kernel::{DocumentId, PersonId, StayId};

/// One change of one field of a stay.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// The field, in words.
    pub field: String,
    /// What it was; empty if it was not known.
    pub before: String,
    /// What it is; empty if it is no longer known.
    pub after: String,
    /// Why, if somebody said.
    pub why: String,
    /// When.
    pub at: Timestamp,
    /// Name of whoever did it.
    pub actor: String,
    /// For which organisation.
    pub organisation: String,
}

/// Every change of a stay, oldest first.
///
/// # Errors
/// The database's.
pub fn changes(tx: &mut dyn Tx, stay: StayId) -> Result<Vec<Change>, Error> {
    let place = tx.place().to_owned();
    tx.query(
        "SELECT field, before, after, why, at, actor, organisation FROM stay_change \
         WHERE place = ?1 AND stay_id = ?2 ORDER BY number",
        &[place.into(), stay.into()],
    )?
    .iter()
    .map(|row| {
        Ok(Change {
            field: row.text(0)?.to_owned(),
            before: row.text(1)?.to_owned(),
            after: row.text(2)?.to_owned(),
            why: row.text(3)?.to_owned(),
            at: row.instant(4)?,
            actor: row.text(5)?.to_owned(),
            organisation: row.text(6)?.to_owned(),
        })
    })
    .collect()
}

/// Appends changes to a stay's history.
///
/// # Errors
/// The database's.
pub fn add_changes(tx: &mut dyn Tx, stay: StayId, changes: &[Change]) -> Result<(), Error> {
    let place = tx.place().to_owned();
    let last = tx.query_opt(
        "SELECT COALESCE(MAX(number), 0) FROM stay_change WHERE place = ?1 AND stay_id = ?2",
        &[place.as_str().into(), stay.into()],
    )?;
    let mut number = last.map_or(Ok(0), |row| row.int(0))?;
    for change in changes {
        number += 1;
        tx.execute(
            "INSERT INTO stay_change (place, stay_id, number, field, before, after, why, at, actor, \
             organisation) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
            &[
                place.as_str().into(),
                stay.into(),
                number.into(),
                change.field.as_str().into(),
                change.before.as_str().into(),
                change.after.as_str().into(),
                change.why.as_str().into(),
                change.at.into(),
                change.actor.as_str().into(),
                change.organisation.as_str().into(),
            ],
        )?;
    }
    Ok(())
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

/// The documents on the timeline lines of a stay.
///
/// # Errors
/// The database's.
pub fn documents_of_stay(
    tx: &mut dyn Tx,
    person: PersonId,
    stay: StayId,
) -> Result<Vec<StayDocument>, Error> {
    let place = tx.place().to_owned();
    tx.query(
        "SELECT DISTINCT d.id, d.title, d.media_type, t.happened_at FROM timeline t \
         JOIN document d ON d.place = t.place AND d.id = t.document_id \
         WHERE t.place = ?1 AND t.person_id = ?2 AND t.stay_id = ?3 ORDER BY t.happened_at, d.title, d.id",
        &[place.into(), person.into(), stay.into()],
    )?
    .iter()
    .map(|row| {
        Ok(StayDocument {
            id: row.id(0)?,
            title: row.text(1)?.to_owned(),
            media_type: row.text(2)?.to_owned(),
            happened_at: owned(row, 3)?,
        })
    })
    .collect()
}
