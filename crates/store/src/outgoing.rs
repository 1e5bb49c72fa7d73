//! Rows of messages written here that are to be handed to another system.

use crate::{Error, Row, Tx, Value};
use jiff::Timestamp;
use kernel::{InboxId, NoticeId, StayId};

/// A message that was written here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outgoing {
    /// The notice that it is.
    pub notice: NoticeId,
    /// The stay that it is about.
    pub stay: StayId,
    /// The arrival that has its bytes.
    pub inbox: InboxId,
    /// Its file name: kind and message id, nothing of the person.
    pub name: String,
    /// ODS code of whom it is for.
    pub receiver: String,
    /// When it was written.
    pub written_at: Timestamp,
    /// By whom.
    pub written_by: String,
    /// For which organisation.
    pub organisation: String,
    /// When it was handed over; `None` while it waits.
    pub taken_at: Option<Timestamp>,
}

const OUTGOING: &str = "notice_id, stay_id, inbox_id, name, receiver, written_at, written_by, \
     organisation, taken_at";

fn read(row: &Row) -> Result<Outgoing, Error> {
    Ok(Outgoing {
        notice: row.id(0)?,
        stay: row.id(1)?,
        inbox: row.id(2)?,
        name: row.text(3)?.to_owned(),
        receiver: row.text(4)?.to_owned(),
        written_at: row.instant(5)?,
        written_by: row.text(6)?.to_owned(),
        organisation: row.text(7)?.to_owned(),
        taken_at: row.opt_instant(8)?,
    })
}

/// Adds a message.
///
/// # Errors
/// The database's.
pub fn insert(tx: &mut dyn Tx, message: &Outgoing) -> Result<(), Error> {
    let place = Value::from(tx.place());
    tx.execute(
        "INSERT INTO outgoing (place, notice_id, stay_id, inbox_id, name, receiver, written_at, \
         written_by, organisation, taken_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
        &[
            place,
            message.notice.into(),
            message.stay.into(),
            message.inbox.into(),
            message.name.as_str().into(),
            message.receiver.as_str().into(),
            message.written_at.into(),
            message.written_by.as_str().into(),
            message.organisation.as_str().into(),
            message.taken_at.into(),
        ],
    )?;
    Ok(())
}

/// The messages about a stay that were written here, in no order.
///
/// # Errors
/// The database's.
pub fn of_stay(tx: &mut dyn Tx, stay: StayId) -> Result<Vec<Outgoing>, Error> {
    let place = tx.place().to_owned();
    let sql = format!("SELECT {OUTGOING} FROM outgoing WHERE place = ?1 AND stay_id = ?2");
    tx.query(&sql, &[place.into(), stay.into()])?
        .iter()
        .map(read)
        .collect()
}

/// The messages that wait to be handed over, oldest first.
///
/// # Errors
/// The database's.
pub fn waiting(tx: &mut dyn Tx) -> Result<Vec<Outgoing>, Error> {
    let place = tx.place().to_owned();
    let sql = format!(
        "SELECT {OUTGOING} FROM outgoing WHERE place = ?1 AND taken_at IS NULL \
         ORDER BY written_at, notice_id"
    );
    tx.query(&sql, &[place.into()])?.iter().map(read).collect()
}

/// Notes that a message was handed over. False if that was noted before.
///
/// # Errors
/// The database's.
pub fn taken(tx: &mut dyn Tx, notice: NoticeId, at: Timestamp) -> Result<bool, Error> {
    let place = tx.place().to_owned();
    let changed = tx.execute(
        "UPDATE outgoing SET taken_at = ?3 \
         WHERE place = ?1 AND notice_id = ?2 AND taken_at IS NULL",
        &[place.into(), notice.into(), at.into()],
    )?;
    Ok(changed == 1)
}
