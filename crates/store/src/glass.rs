//! Rows of records opened without a relationship, and what the review of each came to.

use crate::{Error, Row, Tx, Value};
use jiff::Timestamp;
use jiff::civil::Date;
use kernel::{AccountId, BreakGlassId, PersonId};

/// What a review came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GlassVerdict {
    /// There was good cause.
    Justified,
    /// There was not.
    NotJustified,
}

impl GlassVerdict {
    /// The text it is kept as.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Justified => "justified",
            Self::NotJustified => "not justified",
        }
    }

    /// Reads the text back.
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Justified, Self::NotJustified]
            .into_iter()
            .find(|verdict| verdict.as_str() == text)
    }
}

/// What became of an opening.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GlassReview {
    /// When.
    pub at: Timestamp,
    /// Name of whoever reviewed it.
    pub by: String,
    /// What they found.
    pub verdict: GlassVerdict,
    /// Why.
    pub why: String,
}

/// A record opened without a relationship.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BreakGlass {
    /// Its id.
    pub id: BreakGlassId,
    /// Whose record: the head when it was opened.
    pub person: PersonId,
    /// Who opened it.
    pub account: AccountId,
    /// The reason, as the list of reasons has it.
    pub reason: String,
    /// In their own words.
    pub words: String,
    /// The record is restricted: nothing is shown until somebody else approves.
    pub restricted: bool,
    /// When.
    pub opened_at: Timestamp,
    /// Until when it is open.
    pub ends_at: Timestamp,
    /// Who else approved, and when.
    pub approved: Option<(Timestamp, String)>,
    /// The last day for its review.
    pub review_by: Date,
    /// The review, if it has been.
    pub review: Option<GlassReview>,
    /// Goes with every change.
    pub version: i64,
}

impl BreakGlass {
    /// Whether it opens the record at an instant: it has begun, has not ended, and where
    /// somebody else must approve they have.
    pub fn opens_at(&self, now: Timestamp) -> bool {
        self.opened_at <= now && now < self.ends_at && (!self.restricted || self.approved.is_some())
    }

    /// Whether its review is late on a day.
    pub fn is_late(&self, today: Date) -> bool {
        self.review.is_none() && today > self.review_by
    }
}

const COLUMNS: &str = "SELECT id, person_id, account_id, reason, words, restricted, opened_at, \
     ends_at, approved_at, approved_by, review_by, reviewed_at, reviewed_by, verdict, \
     verdict_why, version FROM break_glass ";

fn read(row: &Row) -> Result<BreakGlass, Error> {
    let approved = match (row.opt_instant(8)?, row.opt_text(9)?) {
        (Some(at), by) => Some((at, by.unwrap_or_default().to_owned())),
        _ => None,
    };
    let review = match (row.opt_instant(11)?, row.opt_text(13)?) {
        (Some(at), Some(verdict)) => Some(GlassReview {
            at,
            by: row.opt_text(12)?.unwrap_or_default().to_owned(),
            verdict: GlassVerdict::parse(verdict)
                .ok_or_else(|| Error::Schema("an opening has no known verdict".to_owned()))?,
            why: row.opt_text(14)?.unwrap_or_default().to_owned(),
        }),
        _ => None,
    };
    Ok(BreakGlass {
        id: row.id(0)?,
        person: row.id(1)?,
        account: row.id(2)?,
        reason: row.text(3)?.to_owned(),
        words: row.text(4)?.to_owned(),
        restricted: row.int(5)? != 0,
        opened_at: row.instant(6)?,
        ends_at: row.instant(7)?,
        approved,
        review_by: row.date(10)?,
        review,
        version: row.int(15)?,
    })
}

fn all(tx: &mut dyn Tx, rest: &str, values: &[Value]) -> Result<Vec<BreakGlass>, Error> {
    tx.query(&format!("{COLUMNS}{rest}"), values)?
        .iter()
        .map(read)
        .collect()
}

/// Adds an opening. Its review, if it has one, is not kept: use [`review`].
///
/// # Errors
/// The database's.
pub fn insert(tx: &mut dyn Tx, opening: &BreakGlass) -> Result<(), Error> {
    let place = tx.place().to_owned();
    let (approved_at, approved_by) = opening.approved.clone().unzip();
    tx.execute(
        "INSERT INTO break_glass (place, id, person_id, account_id, reason, words, restricted, \
         opened_at, ends_at, approved_at, approved_by, review_by, version) \
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)",
        &[
            place.into(),
            opening.id.into(),
            opening.person.into(),
            opening.account.into(),
            opening.reason.as_str().into(),
            opening.words.as_str().into(),
            i64::from(opening.restricted).into(),
            opening.opened_at.into(),
            opening.ends_at.into(),
            approved_at.into(),
            approved_by.into(),
            opening.review_by.into(),
            opening.version.into(),
        ],
    )?;
    Ok(())
}

/// The opening with an id.
///
/// # Errors
/// The database's.
pub fn by_id(tx: &mut dyn Tx, id: BreakGlassId) -> Result<Option<BreakGlass>, Error> {
    let place = tx.place().to_owned();
    let found = all(
        tx,
        "WHERE place = ?1 AND id = ?2",
        &[place.into(), id.into()],
    )?;
    Ok(found.into_iter().next())
}

/// Somebody else approves the opening of a restricted record, which is open from then to
/// `ends_at`; false if it is no longer at that version or was approved before.
///
/// # Errors
/// The database's.
pub fn approve(
    tx: &mut dyn Tx,
    opening: &BreakGlass,
    who: &str,
    now: Timestamp,
    ends_at: Timestamp,
) -> Result<bool, Error> {
    let place = tx.place().to_owned();
    let changed = tx.execute(
        "UPDATE break_glass SET approved_at = ?3, approved_by = ?4, ends_at = ?5, \
         version = version + 1 \
         WHERE place = ?1 AND id = ?2 AND version = ?6 AND approved_at IS NULL",
        &[
            place.into(),
            opening.id.into(),
            now.into(),
            who.into(),
            ends_at.into(),
            opening.version.into(),
        ],
    )?;
    Ok(changed == 1)
}

/// Openings whose review waits, the one due first at the top.
///
/// # Errors
/// The database's.
pub fn waiting(tx: &mut dyn Tx, offset: usize, limit: usize) -> Result<Vec<BreakGlass>, Error> {
    let place = tx.place().to_owned();
    let count = |number: usize| Value::Int(i64::try_from(number).unwrap_or(i64::MAX));
    all(
        tx,
        "WHERE place = ?1 AND reviewed_at IS NULL \
         ORDER BY review_by, opened_at, id LIMIT ?2 OFFSET ?3",
        &[place.into(), count(limit), count(offset)],
    )
}

/// How many openings wait for review, and how many of them are late on a day.
///
/// # Errors
/// The database's.
pub fn counts(tx: &mut dyn Tx, today: Date) -> Result<(i64, i64), Error> {
    let place = tx.place().to_owned();
    let row = tx.query_opt(
        "SELECT COUNT(*), COUNT(CASE WHEN review_by < ?2 THEN 1 END) FROM break_glass \
         WHERE place = ?1 AND reviewed_at IS NULL",
        &[place.into(), today.into()],
    )?;
    match row {
        Some(row) => Ok((row.int(0)?, row.int(1)?)),
        None => Ok((0, 0)),
    }
}

/// Notes what a review came to; false if the opening is no longer at that version or was
/// reviewed before.
///
/// # Errors
/// The database's.
pub fn review(tx: &mut dyn Tx, opening: &BreakGlass, found: &GlassReview) -> Result<bool, Error> {
    let place = tx.place().to_owned();
    let changed = tx.execute(
        "UPDATE break_glass SET reviewed_at = ?3, reviewed_by = ?4, verdict = ?5, \
         verdict_why = ?6, version = version + 1 \
         WHERE place = ?1 AND id = ?2 AND version = ?7 AND reviewed_at IS NULL",
        &[
            place.into(),
            opening.id.into(),
            found.at.into(),
            found.by.as_str().into(),
            found.verdict.as_str().into(),
            found.why.as_str().into(),
            opening.version.into(),
        ],
    )?;
    Ok(changed == 1)
}

/// Every opening of the records of the person with this head, latest first.
///
/// # Errors
/// The database's.
pub fn of_person(tx: &mut dyn Tx, head: PersonId) -> Result<Vec<BreakGlass>, Error> {
    let place = tx.place().to_owned();
    all(
        tx,
        "WHERE place = ?1 AND person_id IN \
         (SELECT id FROM person WHERE place = ?1 AND head_id = ?2) ORDER BY opened_at DESC, id",
        &[place.into(), head.into()],
    )
}

/// The openings of an account that have begun and not ended, of the records of the person with
/// this head, latest first. Those of restricted records that nobody has approved are among
/// them: ask [`BreakGlass::opens_at`].
///
/// # Errors
/// The database's.
pub fn open_of_account(
    tx: &mut dyn Tx,
    account: AccountId,
    head: PersonId,
    now: Timestamp,
) -> Result<Vec<BreakGlass>, Error> {
    let place = tx.place().to_owned();
    all(
        tx,
        "WHERE place = ?1 AND account_id = ?2 AND opened_at <= ?3 AND ends_at > ?3 \
         AND person_id IN (SELECT id FROM person WHERE place = ?1 AND head_id = ?4) \
         ORDER BY opened_at DESC, id",
        &[place.into(), account.into(), now.into(), head.into()],
    )
}
