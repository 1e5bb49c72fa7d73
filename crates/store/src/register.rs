//! Rows of organisations as the NHS Organisation Data Service lists them.

use crate::{Error, Row, Tx};
use jiff::Timestamp;
use kernel::InboxId;
use place::register::{Listed, ListedAs};

const COLUMNS: &str = "SELECT code, listed_as, name, address, postcode, telephone, opened_on, \
     closed_on FROM listed_organisation ";

fn read(row: &Row) -> Result<Listed, Error> {
    Ok(Listed {
        code: row.text(0)?.to_owned(),
        listed_as: ListedAs::parse(row.text(1)?).ok_or(Error::Column {
            column: 1,
            expected: "what an organisation is listed as",
        })?,
        name: row.text(2)?.to_owned(),
        address: row.text(3)?.to_owned(),
        postcode: row.text(4)?.to_owned(),
        telephone: row.text(5)?.to_owned(),
        opened_on: row.opt_date(6)?,
        closed_on: row.opt_date(7)?,
    })
}

/// Lists an organisation, in the place of what was listed under its code.
///
/// # Errors
/// The database's: no such arrival.
pub fn put(tx: &mut dyn Tx, listed: &Listed, inbox: InboxId, now: Timestamp) -> Result<(), Error> {
    let place = tx.place().to_owned();
    tx.execute(
        "INSERT INTO listed_organisation (place, code, listed_as, name, address, postcode, \
         telephone, opened_on, closed_on, inbox_id, changed_at) \
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11) \
         ON CONFLICT (place, code) DO UPDATE SET listed_as = excluded.listed_as, \
         name = excluded.name, address = excluded.address, postcode = excluded.postcode, \
         telephone = excluded.telephone, opened_on = excluded.opened_on, \
         closed_on = excluded.closed_on, inbox_id = excluded.inbox_id, \
         changed_at = excluded.changed_at",
        &[
            place.into(),
            listed.code.as_str().into(),
            listed.listed_as.as_str().into(),
            listed.name.as_str().into(),
            listed.address.as_str().into(),
            listed.postcode.as_str().into(),
            listed.telephone.as_str().into(),
            listed.opened_on.into(),
            listed.closed_on.into(),
            inbox.into(),
            now.into(),
        ],
    )?;
    Ok(())
}

/// What is listed under a code.
///
/// # Errors
/// The database's.
pub fn by_code(tx: &mut dyn Tx, code: &str) -> Result<Option<Listed>, Error> {
    let place = tx.place().to_owned();
    let sql = format!("{COLUMNS} WHERE place = ?1 AND code = ?2");
    tx.query_opt(&sql, &[place.into(), code.into()])?
        .as_ref()
        .map(read)
        .transpose()
}

/// What is listed as something with a postcode that begins so, by name; `most` at most. The
/// beginning is of letters, digits and spaces.
///
/// # Errors
/// The database's.
pub fn near(
    tx: &mut dyn Tx,
    listed_as: ListedAs,
    postcode: &str,
    most: u32,
) -> Result<Vec<Listed>, Error> {
    let place = tx.place().to_owned();
    let sql = format!(
        "{COLUMNS} WHERE place = ?1 AND listed_as = ?2 AND postcode LIKE ?3 \
         ORDER BY name, code LIMIT ?4"
    );
    let values = [
        place.into(),
        listed_as.as_str().into(),
        format!("{postcode}%").into(),
        most.into(),
    ];
    tx.query(&sql, &values)?.iter().map(read).collect()
}
