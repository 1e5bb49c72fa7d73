//! Rows of notices and answers.

use super::{owned, word};
use crate::{Error, Row, Tx, timeline};
use flow::receive::{Standing, Told, Withdraws};
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

/// The notices of all of a person's stays, each with its stay, oldest first; the person is the
/// head of the records.
///
/// # Errors
/// The database's.
pub fn notices_of_person(tx: &mut dyn Tx, head: PersonId) -> Result<Vec<(StayId, Notice)>, Error> {
    let place = tx.place().to_owned();
    let sql = format!(
        "SELECT {NOTICE}, stay_id FROM notice WHERE place = ?1 AND stay_id IN \
         (SELECT s.id FROM person p CROSS JOIN stay s WHERE p.place = ?1 AND p.head_id = ?2 \
         AND s.place = ?1 AND s.person_id = p.id) ORDER BY sent_at, received_at, id"
    );
    tx.query(&sql, &[place.into(), head.into()])?
        .iter()
        .map(|row| Ok((row.id(12)?, read_notice(row)?)))
        .collect()
}

const TOLD: &str = "id, message_id, kind, sent_at, received_at, sender, receiver, proposed_on, \
     responds_to, status, reason, free_text, withdraws, stay_key, admitted_on, ward";

fn read_told(row: &Row) -> Result<Told, Error> {
    Ok(Told {
        notice: read_notice(row)?,
        withdraws: row.opt_text(12)?.and_then(Withdraws::parse),
        stay_key: owned(row, 13)?,
        admitted_on: row.opt_date(14)?,
        ward: row.text(15)?.to_owned(),
    })
}

/// What every message of a stay told, oldest first.
///
/// # Errors
/// The database's.
pub fn told_of_stay(tx: &mut dyn Tx, stay: StayId) -> Result<Vec<Told>, Error> {
    let place = tx.place().to_owned();
    let sql = format!(
        "SELECT {TOLD} FROM notice WHERE place = ?1 AND stay_id = ?2 ORDER BY sent_at, kind, message_id"
    );
    tx.query(&sql, &[place.into(), stay.into()])?
        .iter()
        .map(read_told)
        .collect()
}

/// What every message of every stay told, stay by stay.
///
/// # Errors
/// The database's.
pub fn told_of_all(tx: &mut dyn Tx) -> Result<Vec<(StayId, Told)>, Error> {
    let place = tx.place().to_owned();
    let sql = format!(
        "SELECT {TOLD}, stay_id FROM notice WHERE place = ?1 AND stay_id IS NOT NULL ORDER BY stay_id, sent_at"
    );
    tx.query(&sql, &[place.into()])?
        .iter()
        .map(|row| Ok((row.id(16)?, read_told(row)?)))
        .collect()
}

/// What the messages about a person told that wait for their stay.
///
/// # Errors
/// The database's.
pub fn told_waiting(tx: &mut dyn Tx, person: PersonId) -> Result<Vec<Told>, Error> {
    let place = tx.place().to_owned();
    let sql = format!(
        "SELECT {TOLD} FROM notice WHERE place = ?1 AND person_id = ?2 AND stay_id IS NULL \
         ORDER BY sent_at, kind, message_id"
    );
    tx.query(&sql, &[place.into(), person.into()])?
        .iter()
        .map(read_told)
        .collect()
}

/// The notice that a message of a kind became, with its stay if it has one.
///
/// # Errors
/// The database's.
pub fn notice_by_message(
    tx: &mut dyn Tx,
    message_id: &str,
    kind: NoticeKind,
) -> Result<Option<(Option<StayId>, Notice)>, Error> {
    let place = tx.place().to_owned();
    let sql = format!(
        "SELECT {NOTICE}, stay_id FROM notice WHERE place = ?1 AND message_id = ?2 AND kind = ?3"
    );
    tx.query_opt(
        &sql,
        &[place.into(), message_id.into(), kind.as_str().into()],
    )?
    .map(|row| Ok((row.opt_id(12)?, read_notice(&row)?)))
    .transpose()
}

/// Puts a notice that waited to its stay, with its lines on the timeline.
///
/// # Errors
/// The database's.
pub fn attach_notice(
    tx: &mut dyn Tx,
    id: NoticeId,
    shelf_key: &str,
    stay: StayId,
) -> Result<(), Error> {
    let place = tx.place().to_owned();
    tx.execute(
        "UPDATE notice SET stay_id = ?3 WHERE place = ?1 AND id = ?2 AND stay_id IS NULL",
        &[place.into(), id.into(), stay.into()],
    )?;
    timeline::attach_to_stay(tx, shelf_key, stay)
}

/// Sets where a notice stands and what it answers or withdraws.
///
/// # Errors
/// The database's.
pub fn set_standing(tx: &mut dyn Tx, standing: &Standing) -> Result<(), Error> {
    let place = tx.place().to_owned();
    tx.execute(
        "UPDATE notice SET status = ?3, responds_to = ?4 WHERE place = ?1 AND id = ?2",
        &[
            place.into(),
            standing.id.into(),
            standing.status.as_str().into(),
            standing.responds_to.as_deref().into(),
        ],
    )?;
    Ok(())
}

/// Adds a notice to a stay, without what its message said of the stay.
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
    let told = Told {
        notice: notice.clone(),
        withdraws: None,
        stay_key: None,
        admitted_on: None,
        ward: String::new(),
    };
    insert_told(tx, Some(stay), person, inbox, &told)
}

/// Adds a notice with what its message said, to a stay or to those that wait for one.
///
/// # Errors
/// The database's: the message is there already, or a reference leads nowhere.
pub fn insert_told(
    tx: &mut dyn Tx,
    stay: Option<StayId>,
    person: PersonId,
    inbox: InboxId,
    told: &Told,
) -> Result<(), Error> {
    let place = tx.place().to_owned();
    let notice = &told.notice;
    tx.execute(
        "INSERT INTO notice (place, id, message_id, stay_id, person_id, kind, sent_at, received_at, \
         sender, receiver, proposed_on, responds_to, status, reason, free_text, inbox_id, \
         withdraws, stay_key, admitted_on, ward) \
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, \
         ?17, ?18, ?19, ?20)",
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
            told.withdraws.map(Withdraws::as_str).into(),
            told.stay_key.as_deref().into(),
            told.admitted_on.into(),
            told.ward.as_str().into(),
        ],
    )?;
    Ok(())
}
