//! Rows of the journal as who looked at whose record: for the person, and for whoever reviews.

use crate::{Error, Row, Tx, Value};
use jiff::Timestamp;
use kernel::{AccountId, PersonId};

/// A row of the journal about one person, with the name of whoever it was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Look {
    /// Its number in the journal.
    pub sequence: i64,
    /// When.
    pub at: Timestamp,
    /// `look`, `command`, `load` or `sign-in`.
    pub kind: String,
    /// What was done.
    pub action: String,
    /// Sign-in name of whoever did it.
    pub actor: String,
    /// Their account, if it is one.
    pub account: Option<AccountId>,
    /// Their name, if it is an account's.
    pub name: Option<String>,
    /// In what role.
    pub role: String,
    /// For which organisation.
    pub organisation: String,
    /// What for.
    pub purpose: String,
    /// Whose record it was.
    pub person: Option<PersonId>,
    /// Kind and id of the thing.
    pub subject: String,
    /// How many things were shown or changed.
    pub results: i64,
    /// Further detail.
    pub detail: String,
}

const COLUMNS: &str = "SELECT j.sequence, j.at, j.kind, j.action, j.actor, a.id, a.display_name, \
     j.actor_role, j.organisation, j.purpose, j.person_id, j.subject, j.results, j.detail \
     FROM journal j LEFT JOIN account a ON a.place = j.place AND a.username = j.actor ";

fn read(row: &Row) -> Result<Look, Error> {
    Ok(Look {
        sequence: row.int(0)?,
        at: row.instant(1)?,
        kind: row.text(2)?.to_owned(),
        action: row.text(3)?.to_owned(),
        actor: row.text(4)?.to_owned(),
        account: row.opt_id(5)?,
        name: row.opt_text(6)?.map(str::to_owned),
        role: row.text(7)?.to_owned(),
        organisation: row.text(8)?.to_owned(),
        purpose: row.text(9)?.to_owned(),
        person: row.opt_id(10)?,
        subject: row.text(11)?.to_owned(),
        results: row.int(12)?,
        detail: row.text(13)?.to_owned(),
    })
}

fn count(number: usize) -> Value {
    Value::Int(i64::try_from(number).unwrap_or(i64::MAX))
}

/// Rows about the person with this head, the latest first.
///
/// # Errors
/// The database's.
pub fn of_person(
    tx: &mut dyn Tx,
    head: PersonId,
    offset: usize,
    limit: usize,
) -> Result<Vec<Look>, Error> {
    let place = tx.place().to_owned();
    // The plus keeps SQLite from walking the whole journal in its order for a few rows.
    let sql = format!(
        "{COLUMNS} WHERE j.place = ?1 AND j.person_id IN \
         (SELECT id FROM person WHERE place = ?1 AND head_id = ?2) \
         ORDER BY +j.sequence DESC LIMIT ?3 OFFSET ?4"
    );
    let values = [place.into(), head.into(), count(limit), count(offset)];
    tx.query(&sql, &values)?.iter().map(read).collect()
}
