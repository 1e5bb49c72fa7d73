//! The history of a stay.

use crate::{Error, Tx};
use jiff::Timestamp;
use kernel::StayId;

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
