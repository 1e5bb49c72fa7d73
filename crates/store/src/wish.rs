//! Rows of what people say about their data, and of restrictions on their records.

use crate::{Error, Row, Tx};
use jiff::Timestamp;
use kernel::{PersonId, RelationshipId, RestrictionId, WishId};

/// Kinds of wish.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum WishKind {
    /// They object to sharing: of one category, or of everything.
    Objection,
    /// They agree that one organisation sees the other sector's part; or why they were not asked.
    Agreement,
    /// The national data opt-out.
    OptOut,
    /// An objection was set aside: vital interests, safeguarding or a court.
    Override,
}

impl WishKind {
    /// The text it is kept as.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Objection => "objection",
            Self::Agreement => "agreement",
            Self::OptOut => "opt-out",
            Self::Override => "override",
        }
    }

    /// Reads the text back.
    pub fn parse(text: &str) -> Option<Self> {
        [
            Self::Objection,
            Self::Agreement,
            Self::OptOut,
            Self::Override,
        ]
        .into_iter()
        .find(|one| one.as_str() == text)
    }
}

/// A wish.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wish {
    /// Its id.
    pub id: WishId,
    /// The record it hangs on.
    pub person: PersonId,
    /// What kind.
    pub kind: WishKind,
    /// Which category it is about; empty is everything.
    pub category: String,
    /// Id of the organisation it is about; empty is everybody.
    pub holder: String,
    /// How it was said, or why it was set aside, in words.
    pub how: String,
    /// When.
    pub said_at: Timestamp,
    /// Who wrote it down.
    pub said_by: String,
    /// When it ended and who ended it.
    pub ended: Option<(Timestamp, String)>,
}

const WISHES: &str = "SELECT w.id, w.person_id, w.kind, w.category, w.holder_id, w.how, w.said_at, \
     w.said_by, w.ended_at, w.ended_by FROM wish w ";

fn ended(row: &Row, at: usize) -> Result<Option<(Timestamp, String)>, Error> {
    let who = row.opt_text(at + 1)?.unwrap_or_default().to_owned();
    Ok(row.opt_instant(at)?.map(|instant| (instant, who)))
}

fn read(row: &Row) -> Result<Wish, Error> {
    Ok(Wish {
        id: row.id(0)?,
        person: row.id(1)?,
        kind: WishKind::parse(row.text(2)?).ok_or(Error::Column {
            column: 2,
            expected: "a kind of wish",
        })?,
        category: row.text(3)?.to_owned(),
        holder: row.text(4)?.to_owned(),
        how: row.text(5)?.to_owned(),
        said_at: row.instant(6)?,
        said_by: row.text(7)?.to_owned(),
        ended: ended(row, 8)?,
    })
}

/// Writes a wish down. `ended` is not looked at.
///
/// # Errors
/// The database's.
pub fn say(tx: &mut dyn Tx, wish: &Wish) -> Result<(), Error> {
    let place = tx.place().to_owned();
    tx.execute(
        "INSERT INTO wish (place, id, person_id, kind, category, holder_id, how, said_at, said_by) \
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
        &[
            place.into(),
            wish.id.into(),
            wish.person.into(),
            wish.kind.as_str().into(),
            wish.category.as_str().into(),
            wish.holder.as_str().into(),
            wish.how.as_str().into(),
            wish.said_at.into(),
            wish.said_by.as_str().into(),
        ],
    )?;
    Ok(())
}

/// Every wish of a person, those that stand first; the person is the head of the records.
///
/// # Errors
/// The database's.
pub fn of_person(tx: &mut dyn Tx, head: PersonId) -> Result<Vec<Wish>, Error> {
    let place = tx.place().to_owned();
    let sql = format!(
        "{WISHES} WHERE w.place = ?1 AND w.person_id IN \
         (SELECT id FROM person WHERE place = ?1 AND head_id = ?2) \
         ORDER BY CASE WHEN w.ended_at IS NULL THEN 0 ELSE 1 END, w.said_at DESC, w.id"
    );
    tx.query(&sql, &[place.into(), head.into()])?
        .iter()
        .map(read)
        .collect()
}

/// The wish with an id.
///
/// # Errors
/// The database's.
pub fn by_id(tx: &mut dyn Tx, id: WishId) -> Result<Option<Wish>, Error> {
    let place = tx.place().to_owned();
    let sql = format!("{WISHES} WHERE w.place = ?1 AND w.id = ?2");
    tx.query_opt(&sql, &[place.into(), id.into()])?
        .as_ref()
        .map(read)
        .transpose()
}

/// Ends a wish. False when it had ended already.
///
/// # Errors
/// The database's.
pub fn end(tx: &mut dyn Tx, id: WishId, at: Timestamp, by: &str) -> Result<bool, Error> {
    let place = tx.place().to_owned();
    let changed = tx.execute(
        "UPDATE wish SET ended_at = ?3, ended_by = ?4 \
         WHERE place = ?1 AND id = ?2 AND ended_at IS NULL",
        &[place.into(), id.into(), at.into(), by.into()],
    )?;
    Ok(changed > 0)
}

/// A restriction on a record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Restriction {
    /// Its id.
    pub id: RestrictionId,
    /// The record it hangs on.
    pub person: PersonId,
    /// True for the record as a whole, false for the address alone.
    pub whole: bool,
    /// Why.
    pub why: String,
    /// When it was made.
    pub made_at: Timestamp,
    /// Who made it.
    pub made_by: String,
    /// When it ended and who ended it.
    pub ended: Option<(Timestamp, String)>,
}

const RESTRICTIONS: &str = "SELECT x.id, x.person_id, x.kind, x.why, x.made_at, x.made_by, \
     x.ended_at, x.ended_by FROM restriction x ";

fn read_restriction(row: &Row) -> Result<Restriction, Error> {
    Ok(Restriction {
        id: row.id(0)?,
        person: row.id(1)?,
        whole: row.text(2)? == "record",
        why: row.text(3)?.to_owned(),
        made_at: row.instant(4)?,
        made_by: row.text(5)?.to_owned(),
        ended: ended(row, 6)?,
    })
}

/// Restricts a record. `ended` is not looked at.
///
/// # Errors
/// The database's.
pub fn restrict(tx: &mut dyn Tx, restriction: &Restriction) -> Result<(), Error> {
    let place = tx.place().to_owned();
    tx.execute(
        "INSERT INTO restriction (place, id, person_id, kind, why, made_at, made_by) \
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        &[
            place.into(),
            restriction.id.into(),
            restriction.person.into(),
            if restriction.whole {
                "record"
            } else {
                "address"
            }
            .into(),
            restriction.why.as_str().into(),
            restriction.made_at.into(),
            restriction.made_by.as_str().into(),
        ],
    )?;
    Ok(())
}

/// Every restriction of a person, those that stand first.
///
/// # Errors
/// The database's.
pub fn restrictions_of(tx: &mut dyn Tx, head: PersonId) -> Result<Vec<Restriction>, Error> {
    let place = tx.place().to_owned();
    let sql = format!(
        "{RESTRICTIONS} WHERE x.place = ?1 AND x.person_id IN \
         (SELECT id FROM person WHERE place = ?1 AND head_id = ?2) \
         ORDER BY CASE WHEN x.ended_at IS NULL THEN 0 ELSE 1 END, x.made_at DESC, x.id"
    );
    tx.query(&sql, &[place.into(), head.into()])?
        .iter()
        .map(read_restriction)
        .collect()
}

/// Every restriction that stands, the latest first.
///
/// # Errors
/// The database's.
pub fn restrictions(tx: &mut dyn Tx) -> Result<Vec<Restriction>, Error> {
    let place = tx.place().to_owned();
    let sql = format!(
        "{RESTRICTIONS} WHERE x.place = ?1 AND x.ended_at IS NULL ORDER BY x.made_at DESC, x.id"
    );
    tx.query(&sql, &[place.into()])?
        .iter()
        .map(read_restriction)
        .collect()
}

/// Ends a restriction, with a reason. False when it had ended already, or is not there.
///
/// # Errors
/// The database's.
pub fn unrestrict(
    tx: &mut dyn Tx,
    id: RestrictionId,
    at: Timestamp,
    (by, why): (&str, &str),
) -> Result<bool, Error> {
    let place = tx.place().to_owned();
    let changed = tx.execute(
        "UPDATE restriction SET ended_at = ?3, ended_by = ?4, ended_why = ?5 \
         WHERE place = ?1 AND id = ?2 AND ended_at IS NULL",
        &[place.into(), id.into(), at.into(), by.into(), why.into()],
    )?;
    Ok(changed > 0)
}

/// Why the restrictions of a person that have ended did so, by their ids.
///
/// # Errors
/// The database's.
pub fn why_lifted(tx: &mut dyn Tx, head: PersonId) -> Result<Vec<(RestrictionId, String)>, Error> {
    let place = tx.place().to_owned();
    let rows = tx.query(
        "SELECT x.id, x.ended_why FROM restriction x WHERE x.place = ?1 AND x.person_id IN \
         (SELECT id FROM person WHERE place = ?1 AND head_id = ?2) \
         AND x.ended_at IS NOT NULL",
        &[place.into(), head.into()],
    )?;
    let mut lifted = rows
        .iter()
        .map(|row| Ok((row.id(0)?, row.text(1)?.to_owned())))
        .collect::<Result<Vec<_>, Error>>()?;
    lifted.sort();
    Ok(lifted)
}

/// Relationships that were made for a restriction and hold although it has ended.
///
/// # Errors
/// The database's.
pub fn named_after_lifting(tx: &mut dyn Tx) -> Result<Vec<RelationshipId>, Error> {
    let place = tx.place().to_owned();
    tx.query(
        "SELECT r.id FROM restriction x JOIN relationship r ON r.place = x.place \
         AND r.follows = 'restriction ' || x.id WHERE x.place = ?1 AND x.ended_at IS NOT NULL \
         AND (r.ends_at IS NULL OR r.ends_at > x.ended_at) ORDER BY r.id",
        &[place.into()],
    )?
    .iter()
    .map(|row| row.id(0))
    .collect()
}

/// A condition that holds for records of people who are counted in a use beyond individual care:
/// those who have not opted out. `head` is an expression for the id of a head.
pub fn not_opted_out(head: &str) -> String {
    format!(
        "{head} NOT IN (SELECT op.head_id FROM wish o JOIN person op ON op.place = o.place \
         AND op.id = o.person_id WHERE o.place = ?1 AND o.kind = 'opt-out' AND o.ended_at IS NULL)"
    )
}
