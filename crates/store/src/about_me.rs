//! Rows of "About me": what people say of themselves, a heading at a time.
//!
//! Nothing is written over. The latest of a heading is what stands, and empty words as the
//! latest mean that it was taken back. A row hangs on the record it was written under and never
//! moves; a person's words are those of all their records.

use crate::{Error, Row, Tx};
use jiff::Timestamp;
use kernel::PersonId;

/// What somebody says of themselves under one heading.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Said {
    /// The record it hangs on.
    pub person: PersonId,
    /// Key of the heading, as `policy/person/about-me.csv` has it.
    pub heading: String,
    /// The words; empty when they were taken back.
    pub words: String,
    /// When they were written.
    pub written_at: Timestamp,
    /// Who wrote them.
    pub written_by: String,
    /// Who helped, in the person's words; empty when nobody did.
    pub helped_by: String,
}

const COLUMNS: &str = "SELECT a.person_id, a.heading, a.words, a.written_at, a.written_by, \
     a.helped_by FROM person p CROSS JOIN about_me a \
     WHERE p.place = ?1 AND p.head_id = ?2 AND a.place = ?1 AND a.person_id = p.id";

fn read(row: &Row) -> Result<Said, Error> {
    Ok(Said {
        person: row.id(0)?,
        heading: row.text(1)?.to_owned(),
        words: row.text(2)?.to_owned(),
        written_at: row.instant(3)?,
        written_by: row.text(4)?.to_owned(),
        helped_by: row.text(5)?.to_owned(),
    })
}

/// Adds what was said; it is what stands from now on.
///
/// # Errors
/// The database's: there is no such person.
pub fn add(tx: &mut dyn Tx, said: &Said) -> Result<(), Error> {
    let place = tx.place().to_owned();
    // A place has one writer at a time, so that nobody else takes the number.
    tx.execute(
        "INSERT INTO about_me (place, person_id, heading, number, words, written_at, written_by, \
         helped_by) VALUES (?1, ?2, ?3, (SELECT COALESCE(MAX(b.number), 0) + 1 FROM about_me b \
         WHERE b.place = ?1 AND b.person_id = ?2 AND b.heading = ?3), ?4, ?5, ?6, ?7)",
        &[
            place.into(),
            said.person.into(),
            said.heading.as_str().into(),
            said.words.as_str().into(),
            said.written_at.into(),
            said.written_by.as_str().into(),
            said.helped_by.as_str().into(),
        ],
    )?;
    Ok(())
}

/// What stands under each heading, in the order of their keys; the person is the head of the
/// records. Headings that were taken back are left out.
///
/// # Errors
/// The database's.
pub fn latest(tx: &mut dyn Tx, head: PersonId) -> Result<Vec<Said>, Error> {
    let place = tx.place().to_owned();
    let sql = format!("{COLUMNS} ORDER BY a.heading, a.written_at DESC, a.number DESC");
    let mut said = Vec::new();
    for row in tx.query(&sql, &[place.into(), head.into()])? {
        said.push(read(&row)?);
    }
    said.dedup_by(|later, first| later.heading == first.heading);
    said.retain(|one| !one.words.is_empty());
    Ok(said)
}

/// Everything that was ever said under a heading, the latest first; the person is the head of
/// the records.
///
/// # Errors
/// The database's.
pub fn history(tx: &mut dyn Tx, head: PersonId, heading: &str) -> Result<Vec<Said>, Error> {
    let place = tx.place().to_owned();
    let sql = format!("{COLUMNS} AND a.heading = ?3 ORDER BY a.written_at DESC, a.number DESC");
    tx.query(&sql, &[place.into(), head.into(), heading.into()])?
        .iter()
        .map(read)
        .collect()
}
