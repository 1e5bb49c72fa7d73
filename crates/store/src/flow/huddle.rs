//! Rows of huddles: a meeting at the board, with its minutes written as it goes.

use super::owned;
use crate::{Error, Row, Tx};
use jiff::Timestamp;
use kernel::{HuddleId, OrganisationId, StayId};

/// A huddle.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Huddle {
    /// Its id.
    pub id: HuddleId,
    /// Of which hospital; `None` for the whole place.
    pub hospital: Option<OrganisationId>,
    /// What it is called, such as the hospital's name.
    pub title: String,
    /// When it began.
    pub began_at: Timestamp,
    /// Who leads it.
    pub began_by: String,
    /// For which organisation.
    pub organisation: String,
    /// When it ended; `None` while it goes on.
    pub ended_at: Option<Timestamp>,
    /// Who was there, in words.
    pub present: String,
}

/// One case of a huddle.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HuddleCase {
    /// Its place on the list, from 1.
    pub number: i64,
    /// Whose stay.
    pub stay: StayId,
    /// When it was spoken about; `None` if not yet.
    pub said_at: Option<Timestamp>,
    /// It was left for another time.
    pub skipped: bool,
    /// What was said.
    pub said: String,
    /// What was agreed.
    pub action: String,
    /// Which organisation does it.
    pub owner: Option<OrganisationId>,
    /// Who there.
    pub owner_name: String,
    /// By when.
    pub due_at: Option<Timestamp>,
    /// Who wrote it down.
    pub actor: String,
}

const HUDDLE: &str = "SELECT id, hospital_id, title, began_at, began_by, organisation, ended_at, \
     present FROM huddle ";

fn read(row: &Row) -> Result<Huddle, Error> {
    Ok(Huddle {
        id: row.id(0)?,
        hospital: row.opt_id(1)?,
        title: row.text(2)?.to_owned(),
        began_at: row.instant(3)?,
        began_by: row.text(4)?.to_owned(),
        organisation: row.text(5)?.to_owned(),
        ended_at: row.opt_instant(6)?,
        present: owned(row, 7)?.unwrap_or_default(),
    })
}

/// A huddle by its id.
///
/// # Errors
/// The database's.
pub fn huddle(tx: &mut dyn Tx, id: HuddleId) -> Result<Option<Huddle>, Error> {
    let place = tx.place().to_owned();
    let sql = format!("{HUDDLE}WHERE place = ?1 AND id = ?2");
    tx.query_opt(&sql, &[place.into(), id.into()])?
        .as_ref()
        .map(read)
        .transpose()
}

/// Huddles, newest first, at most `limit`.
///
/// # Errors
/// The database's.
pub fn huddles(tx: &mut dyn Tx, limit: usize) -> Result<Vec<Huddle>, Error> {
    let place = tx.place().to_owned();
    let sql = format!("{HUDDLE}WHERE place = ?1 ORDER BY began_at DESC, id DESC LIMIT ?2");
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    tx.query(&sql, &[place.into(), limit.into()])?
        .iter()
        .map(read)
        .collect()
}

/// Writes a huddle and its list of cases.
///
/// # Errors
/// The database's.
pub fn insert_huddle(tx: &mut dyn Tx, huddle: &Huddle, stays: &[StayId]) -> Result<(), Error> {
    let place = tx.place().to_owned();
    tx.execute(
        "INSERT INTO huddle (place, id, hospital_id, title, began_at, began_by, organisation, \
         ended_at, present) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
        &[
            place.as_str().into(),
            huddle.id.into(),
            huddle.hospital.into(),
            huddle.title.as_str().into(),
            huddle.began_at.into(),
            huddle.began_by.as_str().into(),
            huddle.organisation.as_str().into(),
            huddle.ended_at.into(),
            huddle.present.as_str().into(),
        ],
    )?;
    for (index, stay) in stays.iter().enumerate() {
        tx.execute(
            "INSERT INTO huddle_case (place, huddle_id, number, stay_id, skipped, said, action, \
             owner_name, actor) VALUES (?1, ?2, ?3, ?4, 0, '', '', '', '')",
            &[
                place.as_str().into(),
                huddle.id.into(),
                (i64::try_from(index).unwrap_or(0) + 1).into(),
                (*stay).into(),
            ],
        )?;
    }
    Ok(())
}

/// Writes when a huddle ended and who was there.
///
/// # Errors
/// The database's.
pub fn update_huddle(tx: &mut dyn Tx, huddle: &Huddle) -> Result<(), Error> {
    let place = tx.place().to_owned();
    tx.execute(
        "UPDATE huddle SET ended_at = ?3, present = ?4 WHERE place = ?1 AND id = ?2",
        &[
            place.into(),
            huddle.id.into(),
            huddle.ended_at.into(),
            huddle.present.as_str().into(),
        ],
    )?;
    Ok(())
}

/// The cases of a huddle, in order.
///
/// # Errors
/// The database's.
pub fn huddle_cases(tx: &mut dyn Tx, id: HuddleId) -> Result<Vec<HuddleCase>, Error> {
    let place = tx.place().to_owned();
    tx.query(
        "SELECT number, stay_id, said_at, skipped, said, action, owner_id, owner_name, due_at, \
         actor FROM huddle_case WHERE place = ?1 AND huddle_id = ?2 ORDER BY number",
        &[place.into(), id.into()],
    )?
    .iter()
    .map(|row| {
        Ok(HuddleCase {
            number: row.int(0)?,
            stay: row.id(1)?,
            said_at: row.opt_instant(2)?,
            skipped: row.int(3)? == 1,
            said: row.text(4)?.to_owned(),
            action: row.text(5)?.to_owned(),
            owner: row.opt_id(6)?,
            owner_name: row.text(7)?.to_owned(),
            due_at: row.opt_instant(8)?,
            actor: row.text(9)?.to_owned(),
        })
    })
    .collect()
}

/// Writes what was said of a case. False if something was written already.
///
/// # Errors
/// The database's.
pub fn say_case(tx: &mut dyn Tx, id: HuddleId, case: &HuddleCase) -> Result<bool, Error> {
    let place = tx.place().to_owned();
    let changed = tx.execute(
        "UPDATE huddle_case SET said_at = ?4, skipped = ?5, said = ?6, action = ?7, \
         owner_id = ?8, owner_name = ?9, due_at = ?10, actor = ?11 \
         WHERE place = ?1 AND huddle_id = ?2 AND number = ?3 AND said_at IS NULL",
        &[
            place.into(),
            id.into(),
            case.number.into(),
            case.said_at.into(),
            i64::from(case.skipped).into(),
            case.said.as_str().into(),
            case.action.as_str().into(),
            case.owner.into(),
            case.owner_name.as_str().into(),
            case.due_at.into(),
            case.actor.as_str().into(),
        ],
    )?;
    Ok(changed == 1)
}
