//! Rows of notices and answers.

use super::{owned, word};
use crate::{Error, Row, Tx};
use flow::{Notice, NoticeKind, NoticeStatus};
use kernel::{InboxId, NoticeId, PersonId, StayId};

const NOTICE: &str = "id, message_id, kind, sent_at, received_at, sender, receiver, proposed_on, \
     responds_to, status, reason, free_text";

fn read_notice(row: &Row) -> Result<Notice, Error> {
    Ok(Notice {
        id: row.id(0)?,
        message_id: row.text(1)?.to_owned(),
        kind: word(row, 2, NoticeKind::parse)?,
        sent_at: row.instant(3)?,
        received_at: row.instant(4)?,
        sender: row.text(5)?.to_owned(),
        receiver: row.text(6)?.to_owned(),
        proposed_on: row.opt_date(7)?,
        responds_to: owned(row, 8)?,
        status: word(row, 9, NoticeStatus::parse)?,
        reason: owned(row, 10)?,
        free_text: row.text(11)?.to_owned(),
    })
}

/// The notices of a stay, oldest first.
///
/// # Errors
/// The database's.
pub fn notices_of_stay(tx: &mut dyn Tx, stay: StayId) -> Result<Vec<Notice>, Error> {
    let place = tx.place().to_owned();
    let sql = format!(
        "SELECT {NOTICE} FROM notice WHERE place = ?1 AND stay_id = ?2 ORDER BY sent_at, received_at, id"
    );
    tx.query(&sql, &[place.into(), stay.into()])?
        .iter()
        .map(read_notice)
        .collect()
}

/// The notice a message became, with its stay.
///
/// # Errors
/// The database's.
pub fn notice_by_message(
    tx: &mut dyn Tx,
    message_id: &str,
) -> Result<Option<(StayId, Notice)>, Error> {
    let place = tx.place().to_owned();
    let sql = format!("SELECT {NOTICE}, stay_id FROM notice WHERE place = ?1 AND message_id = ?2");
    tx.query_opt(&sql, &[place.into(), message_id.into()])?
        .map(|row| Ok((row.id(12)?, read_notice(&row)?)))
        .transpose()
}

/// Adds a notice to a stay.
///
/// # Errors
/// The database's: the message is there already, or a reference leads nowhere.
pub fn insert_notice(
    tx: &mut dyn Tx,
    stay: StayId,
    person: PersonId,
    inbox: InboxId,
    notice: &Notice,
) -> Result<(), Error> {
    let place = tx.place().to_owned();
    tx.execute(
        "INSERT INTO notice (place, id, message_id, stay_id, person_id, kind, sent_at, received_at, \
         sender, receiver, proposed_on, responds_to, status, reason, free_text, inbox_id) \
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16)",
        &[
            place.into(),
            notice.id.into(),
            notice.message_id.as_str().into(),
            stay.into(),
            person.into(),
            notice.kind.as_str().into(),
            notice.sent_at.into(),
            notice.received_at.into(),
            notice.sender.as_str().into(),
            notice.receiver.as_str().into(),
            notice.proposed_on.into(),
            notice.responds_to.as_deref().into(),
            notice.status.as_str().into(),
            notice.reason.as_deref().into(),
            notice.free_text.as_str().into(),
            inbox.into(),
        ],
    )?;
    Ok(())
}

/// Sets where a notice stands.
///
/// # Errors
/// The database's.
pub fn set_notice_status(tx: &mut dyn Tx, id: NoticeId, status: NoticeStatus) -> Result<(), Error> {
    let place = tx.place().to_owned();
    tx.execute(
        "UPDATE notice SET status = ?3 WHERE place = ?1 AND id = ?2",
        &[place.into(), id.into(), status.as_str().into()],
    )?;
    Ok(())
}
