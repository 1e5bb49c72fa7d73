//! Rows put in by the thousand, when a whole place is made at once.

use crate::{Error, Tx, Value};
use jiff::Timestamp;
use kernel::{DocumentId, InboxId, PersonId, ShelfId, StayId, TimelineId};

/// A line of somebody's timeline.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FilledLine<'a> {
    /// Its id.
    pub id: TimelineId,
    /// Whose it is.
    pub person: PersonId,
    /// When it happened: a date, or a date and time.
    pub happened_at: String,
    /// Kind.
    pub kind: &'a str,
    /// What it is, in words.
    pub title: &'a str,
    /// `nhs`, `council` or `other`.
    pub sector: &'a str,
    /// Which organisation it came from.
    pub source: &'a str,
    /// When it arrived.
    pub received_at: Timestamp,
    /// The message it was read from.
    pub shelf: Option<ShelfId>,
    /// The stay it belongs to.
    pub stay: Option<StayId>,
    /// The document it holds.
    pub document: Option<DocumentId>,
}

/// Lines in one statement.
const LINES: usize = 32;
/// Values of a line beside the place.
const VALUES: usize = 11;

/// Adds lines to timelines, many in one statement.
///
/// # Errors
/// The database's.
pub fn add_lines(tx: &mut dyn Tx, lines: &[FilledLine<'_>]) -> Result<(), Error> {
    let place = tx.place().to_owned();
    let whole = lines_statement(LINES);
    for group in lines.chunks(LINES) {
        let mut values = Vec::with_capacity(1 + VALUES * group.len());
        values.push(Value::from(place.as_str()));
        for line in group {
            values.extend([
                line.id.into(),
                line.person.into(),
                line.happened_at.as_str().into(),
                line.kind.into(),
                line.title.into(),
                line.sector.into(),
                line.source.into(),
                line.received_at.into(),
                line.shelf.into(),
                line.stay.into(),
                line.document.into(),
            ]);
        }
        if group.len() == LINES {
            tx.execute(&whole, &values)?;
        } else {
            tx.execute(&lines_statement(group.len()), &values)?;
        }
    }
    Ok(())
}

fn lines_statement(lines: usize) -> String {
    let mut sql = String::from(
        "INSERT INTO timeline (place, id, person_id, happened_at, kind, title, sector, source, \
         received_at, shelf_id, stay_id, document_id) VALUES ",
    );
    for line in 0..lines {
        sql.push_str(if line == 0 { "(?1" } else { ", (?1" });
        for value in 0..VALUES {
            sql.push_str(&format!(", ?{}", 2 + line * VALUES + value));
        }
        sql.push(')');
    }
    sql
}

/// A document kept whole, and what it came with.
#[derive(Clone, Copy, Debug)]
pub struct FilledDocument<'a> {
    /// Its id.
    pub id: DocumentId,
    /// Whose it is.
    pub person: PersonId,
    /// Title.
    pub title: &'a str,
    /// Media type.
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
pub fn add_document(tx: &mut dyn Tx, document: &FilledDocument<'_>) -> Result<(), Error> {
    let place = tx.place().to_owned();
    tx.execute(
        "INSERT INTO document (place, id, person_id, title, media_type, sha256, bytes, inbox_id) \
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
        &[
            place.into(),
            document.id.into(),
            document.person.into(),
            document.title.into(),
            document.media_type.into(),
            document.sha256.as_slice().into(),
            document.bytes.into(),
            document.inbox.into(),
        ],
    )?;
    Ok(())
}
