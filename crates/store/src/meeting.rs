//! Rows of meetings, what they spoke of, and what is to be done.

use crate::value::listed;
use crate::{Error, Row, Tx};
use jiff::Timestamp;
use jiff::civil::Date;
use kernel::{MeetingId, OrganisationId, PersonId, StayId};

/// A meeting.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Meeting {
    /// Its id.
    pub id: MeetingId,
    /// What it is called.
    pub name: String,
    /// Whose it is.
    pub organisation: Option<OrganisationId>,
    /// Who was there, in words.
    pub present: String,
    /// When it opened.
    pub opened_at: Timestamp,
    /// Who opened it.
    pub opened_by: String,
    /// When it closed, and who closed it.
    pub closed: Option<(Timestamp, String)>,
}

/// Somebody on the agenda.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    /// Its number, from 1.
    pub number: i64,
    /// Who it is about.
    pub person: PersonId,
    /// The stay, if it is about one.
    pub stay: Option<StayId>,
    /// Why it is on the agenda, a line each.
    pub why: Vec<String>,
    /// What was decided; empty until then.
    pub decision: String,
    /// When, and who wrote it down.
    pub decided: Option<(Timestamp, String)>,
}

/// Something to be done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Action {
    /// Number of the item that it is for.
    pub item: i64,
    /// Its number, from 1.
    pub number: i64,
    /// What.
    pub what: String,
    /// By whom.
    pub owner: String,
    /// By when.
    pub due_on: Date,
    /// When it was done, and who said so.
    pub done: Option<(Timestamp, String)>,
}

const MEETING: &str = "SELECT id, name, organisation_id, present, opened_at, opened_by, \
     closed_at, closed_by FROM meeting ";

fn when(row: &Row, at: usize) -> Result<Option<(Timestamp, String)>, Error> {
    let by = row.text(at + 1)?.to_owned();
    Ok(row.opt_instant(at)?.map(|instant| (instant, by)))
}

fn read(row: &Row) -> Result<Meeting, Error> {
    Ok(Meeting {
        id: row.id(0)?,
        name: row.text(1)?.to_owned(),
        organisation: row.opt_id(2)?,
        present: row.text(3)?.to_owned(),
        opened_at: row.instant(4)?,
        opened_by: row.text(5)?.to_owned(),
        closed: when(row, 6)?,
    })
}

/// Adds a meeting that opens. `closed` is not looked at.
///
/// # Errors
/// The database's.
pub fn insert(tx: &mut dyn Tx, meeting: &Meeting) -> Result<(), Error> {
    let place = tx.place().to_owned();
    tx.execute(
        "INSERT INTO meeting (place, id, name, organisation_id, present, opened_at, opened_by, \
         closed_by) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, '')",
        &[
            place.into(),
            meeting.id.into(),
            meeting.name.as_str().into(),
            meeting.organisation.into(),
            meeting.present.as_str().into(),
            meeting.opened_at.into(),
            meeting.opened_by.as_str().into(),
        ],
    )?;
    Ok(())
}

/// Adds somebody to the agenda. `decision` and `decided` are not looked at.
///
/// # Errors
/// The database's.
pub fn add_item(tx: &mut dyn Tx, meeting: MeetingId, item: &Item) -> Result<(), Error> {
    let place = tx.place().to_owned();
    tx.execute(
        "INSERT INTO meeting_item (place, meeting_id, number, person_id, stay_id, why, decision, \
         decided_by) VALUES (?1, ?2, ?3, ?4, ?5, ?6, '', '')",
        &[
            place.into(),
            meeting.into(),
            item.number.into(),
            item.person.into(),
            item.stay.into(),
            item.why.join("\n").into(),
        ],
    )?;
    Ok(())
}

/// Writes down what was decided of somebody. False when that was done already.
///
/// # Errors
/// The database's.
pub fn decide(
    tx: &mut dyn Tx,
    (meeting, number): (MeetingId, i64),
    decision: &str,
    (at, by): (Timestamp, &str),
) -> Result<bool, Error> {
    let place = tx.place().to_owned();
    let changed = tx.execute(
        "UPDATE meeting_item SET decision = ?4, decided_at = ?5, decided_by = ?6 \
         WHERE place = ?1 AND meeting_id = ?2 AND number = ?3 AND decided_at IS NULL",
        &[
            place.into(),
            meeting.into(),
            number.into(),
            decision.into(),
            at.into(),
            by.into(),
        ],
    )?;
    Ok(changed > 0)
}

/// Adds something to be done. `done` is not looked at.
///
/// # Errors
/// The database's.
pub fn add_action(tx: &mut dyn Tx, meeting: MeetingId, action: &Action) -> Result<(), Error> {
    let place = tx.place().to_owned();
    tx.execute(
        "INSERT INTO meeting_action (place, meeting_id, item, number, what, owner, due_on, \
         done_by) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, '')",
        &[
            place.into(),
            meeting.into(),
            action.item.into(),
            action.number.into(),
            action.what.as_str().into(),
            action.owner.as_str().into(),
            action.due_on.into(),
        ],
    )?;
    Ok(())
}

/// Writes down that something is done. False when it was done already, or is not there.
///
/// # Errors
/// The database's.
pub fn done(
    tx: &mut dyn Tx,
    (meeting, item, number): (MeetingId, i64, i64),
    (at, by): (Timestamp, &str),
) -> Result<bool, Error> {
    let place = tx.place().to_owned();
    let changed = tx.execute(
        "UPDATE meeting_action SET done_at = ?5, done_by = ?6 WHERE place = ?1 \
         AND meeting_id = ?2 AND item = ?3 AND number = ?4 AND done_at IS NULL",
        &[
            place.into(),
            meeting.into(),
            item.into(),
            number.into(),
            at.into(),
            by.into(),
        ],
    )?;
    Ok(changed > 0)
}

/// Closes a meeting. False when it was closed already.
///
/// # Errors
/// The database's.
pub fn close(
    tx: &mut dyn Tx,
    meeting: MeetingId,
    (at, by): (Timestamp, &str),
) -> Result<bool, Error> {
    let place = tx.place().to_owned();
    let changed = tx.execute(
        "UPDATE meeting SET closed_at = ?3, closed_by = ?4 \
         WHERE place = ?1 AND id = ?2 AND closed_at IS NULL",
        &[place.into(), meeting.into(), at.into(), by.into()],
    )?;
    Ok(changed > 0)
}

/// The meeting with an id.
///
/// # Errors
/// The database's.
pub fn by_id(tx: &mut dyn Tx, id: MeetingId) -> Result<Option<Meeting>, Error> {
    let place = tx.place().to_owned();
    let sql = format!("{MEETING} WHERE place = ?1 AND id = ?2");
    tx.query_opt(&sql, &[place.into(), id.into()])?
        .as_ref()
        .map(read)
        .transpose()
}

/// The latest meetings of some organisations.
///
/// # Errors
/// The database's.
pub fn latest(tx: &mut dyn Tx, organisations: &[String], most: u32) -> Result<Vec<Meeting>, Error> {
    let place = tx.place().to_owned();
    let mut values = vec![place.into(), most.into()];
    if organisations.is_empty() {
        return Ok(Vec::new());
    }
    let marks = listed(&mut values, organisations);
    let sql = format!(
        "{MEETING} WHERE place = ?1 AND organisation_id IN ({marks}) \
         ORDER BY opened_at DESC, id LIMIT ?2"
    );
    tx.query(&sql, &values)?.iter().map(read).collect()
}

/// What a meeting speaks of, in order.
///
/// # Errors
/// The database's.
pub fn items(tx: &mut dyn Tx, meeting: MeetingId) -> Result<Vec<Item>, Error> {
    let place = tx.place().to_owned();
    tx.query(
        "SELECT number, person_id, stay_id, why, decision, decided_at, decided_by \
         FROM meeting_item WHERE place = ?1 AND meeting_id = ?2 ORDER BY number",
        &[place.into(), meeting.into()],
    )?
    .iter()
    .map(|row| {
        Ok(Item {
            number: row.int(0)?,
            person: row.id(1)?,
            stay: row.opt_id(2)?,
            why: row.text(3)?.lines().map(str::to_owned).collect(),
            decision: row.text(4)?.to_owned(),
            decided: when(row, 5)?,
        })
    })
    .collect()
}

/// What meetings decided of a person: the meeting, and the number of the item. The latest first;
/// the person is the head of the records.
///
/// # Errors
/// The database's.
pub fn of_person(
    tx: &mut dyn Tx,
    head: PersonId,
    most: u32,
) -> Result<Vec<(MeetingId, i64)>, Error> {
    let place = tx.place().to_owned();
    tx.query(
        "SELECT meeting_id, number FROM meeting_item WHERE place = ?1 AND decided_at IS NOT NULL \
         AND person_id IN (SELECT id FROM person WHERE place = ?1 AND head_id = ?2) \
         ORDER BY decided_at DESC, meeting_id, number LIMIT ?3",
        &[place.into(), head.into(), most.into()],
    )?
    .iter()
    .map(|row| Ok((row.id(0)?, row.int(1)?)))
    .collect()
}

/// What is to be done after a meeting, by item.
///
/// # Errors
/// The database's.
pub fn actions(tx: &mut dyn Tx, meeting: MeetingId) -> Result<Vec<Action>, Error> {
    let place = tx.place().to_owned();
    tx.query(
        "SELECT item, number, what, owner, due_on, done_at, done_by FROM meeting_action \
         WHERE place = ?1 AND meeting_id = ?2 ORDER BY item, number",
        &[place.into(), meeting.into()],
    )?
    .iter()
    .map(|row| {
        Ok(Action {
            item: row.int(0)?,
            number: row.int(1)?,
            what: row.text(2)?.to_owned(),
            owner: row.text(3)?.to_owned(),
            due_on: row.date(4)?,
            done: when(row, 5)?,
        })
    })
    .collect()
}
