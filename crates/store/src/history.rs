//! The history of a row, field by field, in a table of its own with the same columns each time.

use crate::flow::Change;
use crate::{Error, Tx};

/// Which history.
pub(crate) struct History {
    /// Its table.
    pub(crate) table: &'static str,
    /// The column that names the row.
    pub(crate) column: &'static str,
}

/// Every change of a row, oldest first.
pub(crate) fn changes(tx: &mut dyn Tx, of: &History, id: &str) -> Result<Vec<Change>, Error> {
    let place = tx.place().to_owned();
    let sql = format!(
        "SELECT field, before, after, why, at, actor, organisation FROM {} \
         WHERE place = ?1 AND {} = ?2 ORDER BY number",
        of.table, of.column
    );
    tx.query(&sql, &[place.into(), id.into()])?
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

/// Appends changes to a row's history.
pub(crate) fn add(
    tx: &mut dyn Tx,
    of: &History,
    id: &str,
    changes: &[Change],
) -> Result<(), Error> {
    let place = tx.place().to_owned();
    let last = format!(
        "SELECT COALESCE(MAX(number), 0) FROM {} WHERE place = ?1 AND {} = ?2",
        of.table, of.column
    );
    let last = tx.query_opt(&last, &[place.as_str().into(), id.into()])?;
    let mut number = last.map_or(Ok(0), |row| row.int(0))?;
    let sql = format!(
        "INSERT INTO {} (place, {}, number, field, before, after, why, at, actor, organisation) \
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
        of.table, of.column
    );
    for change in changes {
        number += 1;
        tx.execute(
            &sql,
            &[
                place.as_str().into(),
                id.into(),
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
