//! Rows of the switches between sets of steps.

use super::owned;
use crate::{Error, Tx};
use flow::chain::CaseKind;
use jiff::Timestamp;

/// A switch of the set of steps that new cases get.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Switch {
    /// For which kind of case.
    pub case: CaseKind,
    /// To which set.
    pub set: String,
    /// From when.
    pub from: Timestamp,
    /// Open cases that were moved to it at once.
    pub moved: i64,
    /// Why.
    pub why: String,
    /// When it was said.
    pub said_at: Timestamp,
    /// By whom.
    pub said_by: String,
    /// For which organisation.
    pub organisation: String,
}

/// Every switch of a kind of case, newest first.
///
/// # Errors
/// The database's.
pub fn switches(tx: &mut dyn Tx, case: CaseKind) -> Result<Vec<Switch>, Error> {
    let place = tx.place().to_owned();
    tx.query(
        "SELECT set_name, from_at, moved, why, said_at, said_by, organisation \
         FROM workflow_switch WHERE place = ?1 AND kind = ?2 ORDER BY number DESC",
        &[place.into(), case.as_str().into()],
    )?
    .iter()
    .map(|row| {
        Ok(Switch {
            case,
            set: row.text(0)?.to_owned(),
            from: row.instant(1)?,
            moved: row.int(2)?,
            why: row.text(3)?.to_owned(),
            said_at: row.instant(4)?,
            said_by: row.text(5)?.to_owned(),
            organisation: row.text(6)?.to_owned(),
        })
    })
    .collect()
}

/// The set that holds for new cases of a kind at a moment: that of the last switch whose time
/// has come. `None` if there was none.
///
/// # Errors
/// The database's.
pub fn set_in_use(tx: &mut dyn Tx, case: CaseKind, at: Timestamp) -> Result<Option<String>, Error> {
    let place = tx.place().to_owned();
    let row = tx.query_opt(
        "SELECT set_name FROM workflow_switch WHERE place = ?1 AND kind = ?2 AND from_at <= ?3 \
         ORDER BY from_at DESC, number DESC LIMIT 1",
        &[place.into(), case.as_str().into(), at.into()],
    )?;
    row.map_or(Ok(None), |row| owned(&row, 0))
}

/// Writes a switch.
///
/// # Errors
/// The database's.
pub fn insert_switch(tx: &mut dyn Tx, switch: &Switch) -> Result<(), Error> {
    let place = tx.place().to_owned();
    tx.execute(
        "INSERT INTO workflow_switch (place, kind, number, set_name, from_at, moved, why, said_at, \
         said_by, organisation) VALUES (?1, ?2, (SELECT COALESCE(MAX(number), 0) + 1 \
         FROM workflow_switch WHERE place = ?1 AND kind = ?2), ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
        &[
            place.into(),
            switch.case.as_str().into(),
            switch.set.as_str().into(),
            switch.from.into(),
            switch.moved.into(),
            switch.why.as_str().into(),
            switch.said_at.into(),
            switch.said_by.as_str().into(),
            switch.organisation.as_str().into(),
        ],
    )?;
    Ok(())
}
