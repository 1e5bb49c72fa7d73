//! Rows of what the hub and the ward write down of a stay: the list for leaving, reviews of
//! whether the person still needs a hospital bed, reviews of long stays.

use super::owned;
use crate::{Error, Row, Tx};
use jiff::Timestamp;
use kernel::StayId;

/// Where one thing on the list for leaving stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Check {
    /// Its code on the list.
    pub item: String,
    /// `open`, `done` or `not needed`.
    pub state: String,
    /// A word about it; empty if there is none.
    pub note: String,
    /// When it was said.
    pub at: Timestamp,
    /// By whom.
    pub actor: String,
    /// For which organisation.
    pub organisation: String,
}

/// What stands of the list for leaving of a stay: the last that was said of each thing.
///
/// # Errors
/// The database's.
pub fn checks(tx: &mut dyn Tx, stay: StayId) -> Result<Vec<Check>, Error> {
    let place = tx.place().to_owned();
    tx.query(
        "SELECT item, state, note, at, actor, organisation FROM stay_check c \
         WHERE place = ?1 AND stay_id = ?2 AND number = (SELECT MAX(number) FROM stay_check l \
         WHERE l.place = c.place AND l.stay_id = c.stay_id AND l.item = c.item) ORDER BY item",
        &[place.into(), stay.into()],
    )?
    .iter()
    .map(|row| {
        Ok(Check {
            item: row.text(0)?.to_owned(),
            state: row.text(1)?.to_owned(),
            note: row.text(2)?.to_owned(),
            at: row.instant(3)?,
            actor: row.text(4)?.to_owned(),
            organisation: row.text(5)?.to_owned(),
        })
    })
    .collect()
}

/// Writes what is said of one thing on the list. What was said before stays.
///
/// # Errors
/// The database's.
pub fn add_check(tx: &mut dyn Tx, stay: StayId, check: &Check) -> Result<(), Error> {
    let place = tx.place().to_owned();
    tx.execute(
        "INSERT INTO stay_check (place, stay_id, item, state, note, at, actor, organisation, \
         number) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, (SELECT COALESCE(MAX(number), 0) + 1 \
         FROM stay_check WHERE place = ?1 AND stay_id = ?2 AND item = ?3))",
        &[
            place.into(),
            stay.into(),
            check.item.as_str().into(),
            check.state.as_str().into(),
            check.note.as_str().into(),
            check.at.into(),
            check.actor.as_str().into(),
            check.organisation.as_str().into(),
        ],
    )?;
    Ok(())
}

/// One review of whether somebody still needs a hospital bed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reside {
    /// When.
    pub at: Timestamp,
    /// Whether they do.
    pub meets: bool,
    /// Codes of the criteria that hold, in order.
    pub reasons: Vec<String>,
    /// A clinical exception in words; empty for none.
    pub exception: String,
    /// Who reviewed.
    pub actor: String,
    /// For which organisation.
    pub organisation: String,
}

fn read_reside(row: &Row) -> Result<Reside, Error> {
    let reasons = owned(row, 2)?.unwrap_or_default();
    Ok(Reside {
        at: row.instant(0)?,
        meets: row.int(1)? == 1,
        reasons: reasons
            .split(' ')
            .filter(|code| !code.is_empty())
            .map(str::to_owned)
            .collect(),
        exception: row.text(3)?.to_owned(),
        actor: row.text(4)?.to_owned(),
        organisation: row.text(5)?.to_owned(),
    })
}

/// Reviews of whether somebody still needs a hospital bed, newest first, at most `limit`.
///
/// # Errors
/// The database's.
pub fn resides(tx: &mut dyn Tx, stay: StayId, limit: usize) -> Result<Vec<Reside>, Error> {
    let place = tx.place().to_owned();
    tx.query(
        "SELECT at, meets, reasons, exception, actor, organisation FROM reside_review \
         WHERE place = ?1 AND stay_id = ?2 ORDER BY number DESC LIMIT ?3",
        &[
            place.into(),
            stay.into(),
            i64::try_from(limit).unwrap_or(i64::MAX).into(),
        ],
    )?
    .iter()
    .map(read_reside)
    .collect()
}

/// Writes a review.
///
/// # Errors
/// The database's.
pub fn add_reside(tx: &mut dyn Tx, stay: StayId, review: &Reside) -> Result<(), Error> {
    let place = tx.place().to_owned();
    tx.execute(
        "INSERT INTO reside_review (place, stay_id, number, at, meets, reasons, exception, actor, \
         organisation) VALUES (?1, ?2, (SELECT COALESCE(MAX(number), 0) + 1 FROM reside_review \
         WHERE place = ?1 AND stay_id = ?2), ?3, ?4, ?5, ?6, ?7, ?8)",
        &[
            place.into(),
            stay.into(),
            review.at.into(),
            i64::from(review.meets).into(),
            review.reasons.join(" ").into(),
            review.exception.as_str().into(),
            review.actor.as_str().into(),
            review.organisation.as_str().into(),
        ],
    )?;
    Ok(())
}

/// One review of a long stay.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LongStayReview {
    /// The mark in days that it is for: 7, 14, 21.
    pub mark: i64,
    /// When.
    pub at: Timestamp,
    /// What was found.
    pub found: String,
    /// What is next.
    pub next: String,
    /// Who reviewed.
    pub actor: String,
    /// For which organisation.
    pub organisation: String,
}

/// Reviews of a long stay, newest first.
///
/// # Errors
/// The database's.
pub fn long_stay_reviews(tx: &mut dyn Tx, stay: StayId) -> Result<Vec<LongStayReview>, Error> {
    let place = tx.place().to_owned();
    tx.query(
        "SELECT mark, at, found, next, actor, organisation FROM stay_review \
         WHERE place = ?1 AND stay_id = ?2 ORDER BY at DESC, mark DESC, number DESC",
        &[place.into(), stay.into()],
    )?
    .iter()
    .map(|row| {
        Ok(LongStayReview {
            mark: row.int(0)?,
            at: row.instant(1)?,
            found: row.text(2)?.to_owned(),
            next: row.text(3)?.to_owned(),
            actor: row.text(4)?.to_owned(),
            organisation: row.text(5)?.to_owned(),
        })
    })
    .collect()
}

/// Writes a review of a long stay.
///
/// # Errors
/// The database's.
pub fn add_long_stay_review(
    tx: &mut dyn Tx,
    stay: StayId,
    review: &LongStayReview,
) -> Result<(), Error> {
    let place = tx.place().to_owned();
    tx.execute(
        "INSERT INTO stay_review (place, stay_id, mark, number, at, found, next, actor, \
         organisation) VALUES (?1, ?2, ?3, (SELECT COALESCE(MAX(number), 0) + 1 FROM stay_review \
         WHERE place = ?1 AND stay_id = ?2 AND mark = ?3), ?4, ?5, ?6, ?7, ?8)",
        &[
            place.into(),
            stay.into(),
            review.mark.into(),
            review.at.into(),
            review.found.as_str().into(),
            review.next.as_str().into(),
            review.actor.as_str().into(),
            review.organisation.as_str().into(),
        ],
    )?;
    Ok(())
}
