//! Rows of passports, their versions, and the keys that sign them.
//!
//! A row hangs on the record of the person it was made for and never moves.

use crate::{Error, Row, Tx};
use jiff::Timestamp;
use jiff::civil::Date;
use kernel::{PassportId, PersonId};

/// One version of a passport.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Version {
    /// From 1.
    pub number: i64,
    /// The answers, a JSON object by keys of headings.
    pub answers: String,
    /// The signed copy.
    pub code: String,
    /// Last day on which it is valid.
    pub valid_until: Date,
    /// When it was made.
    pub made_at: Timestamp,
    /// Name of who made it.
    pub made_by: String,
    /// Name of the organisation they acted for.
    pub organisation: String,
}

/// When, by whom and why a passport was ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct End {
    /// When.
    pub at: Timestamp,
    /// Name of who ended it.
    pub by: String,
    /// Why, in words.
    pub why: String,
}

/// A passport with its latest version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Passport {
    /// Its id, the same through all versions.
    pub id: PassportId,
    /// The record it hangs on.
    pub person: PersonId,
    /// The purpose of its template.
    pub purpose: String,
    /// The version that stands, or the last that did.
    pub latest: Version,
    /// Its end, if it was ended.
    pub ended: Option<End>,
}

const PASSPORTS: &str = "SELECT q.id, q.person_id, q.purpose, q.ended_at, q.ended_by, q.ended_why, \
     v.number, v.answers, v.code, v.valid_until, v.made_at, v.made_by, v.organisation \
     FROM passport q JOIN passport_version v ON v.place = q.place AND v.passport_id = q.id ";

fn version(row: &Row, at: usize) -> Result<Version, Error> {
    Ok(Version {
        number: row.int(at)?,
        answers: row.text(at + 1)?.to_owned(),
        code: row.text(at + 2)?.to_owned(),
        valid_until: row.date(at + 3)?,
        made_at: row.instant(at + 4)?,
        made_by: row.text(at + 5)?.to_owned(),
        organisation: row.text(at + 6)?.to_owned(),
    })
}

fn read(row: &Row) -> Result<Passport, Error> {
    let text = |column| Ok::<_, Error>(row.opt_text(column)?.unwrap_or_default().to_owned());
    Ok(Passport {
        id: row.id(0)?,
        person: row.id(1)?,
        purpose: row.text(2)?.to_owned(),
        ended: match row.opt_instant(3)? {
            Some(at) => Some(End {
                at,
                by: text(4)?,
                why: text(5)?,
            }),
            None => None,
        },
        latest: version(row, 6)?,
    })
}

/// The passport with an id, with its latest version.
///
/// # Errors
/// The database's.
pub fn by_id(tx: &mut dyn Tx, id: PassportId) -> Result<Option<Passport>, Error> {
    let place = tx.place().to_owned();
    let sql = format!("{PASSPORTS} AND v.number = q.version WHERE q.place = ?1 AND q.id = ?2");
    tx.query_opt(&sql, &[place.into(), id.into()])?
        .as_ref()
        .map(read)
        .transpose()
}

/// Every passport of a person, those that stand first, then the latest first; the person is the
/// head of the records.
///
/// # Errors
/// The database's.
pub fn of_person(tx: &mut dyn Tx, head: PersonId) -> Result<Vec<Passport>, Error> {
    let place = tx.place().to_owned();
    let sql = format!(
        "{PASSPORTS} AND v.number = q.version WHERE q.place = ?1 AND q.person_id IN \
         (SELECT id FROM person WHERE place = ?1 AND head_id = ?2) \
         ORDER BY CASE WHEN q.ended_at IS NULL THEN 0 ELSE 1 END, v.made_at DESC, q.id"
    );
    tx.query(&sql, &[place.into(), head.into()])?
        .iter()
        .map(read)
        .collect()
}

/// Every version of a passport, the latest first.
///
/// # Errors
/// The database's.
pub fn versions(tx: &mut dyn Tx, id: PassportId) -> Result<Vec<Version>, Error> {
    let place = tx.place().to_owned();
    tx.query(
        "SELECT number, answers, code, valid_until, made_at, made_by, organisation \
         FROM passport_version WHERE place = ?1 AND passport_id = ?2 ORDER BY number DESC",
        &[place.into(), id.into()],
    )?
    .iter()
    .map(|row| version(row, 0))
    .collect()
}

/// The code that was kept for a version, if there is such a version.
///
/// # Errors
/// The database's.
pub fn code(tx: &mut dyn Tx, id: PassportId, number: i64) -> Result<Option<String>, Error> {
    let place = tx.place().to_owned();
    tx.query_opt(
        "SELECT code FROM passport_version WHERE place = ?1 AND passport_id = ?2 AND number = ?3",
        &[place.into(), id.into(), number.into()],
    )?
    .map(|row| Ok(row.text(0)?.to_owned()))
    .transpose()
}

/// Passport, version and code of every version there is.
///
/// # Errors
/// The database's.
pub fn codes(tx: &mut dyn Tx) -> Result<Vec<(PassportId, i64, String)>, Error> {
    let place = tx.place().to_owned();
    tx.query(
        "SELECT passport_id, number, code FROM passport_version WHERE place = ?1 \
         ORDER BY passport_id, number",
        &[place.into()],
    )?
    .iter()
    .map(|row| Ok((row.id(0)?, row.int(1)?, row.text(2)?.to_owned())))
    .collect()
}

/// Adds a passport with its first version. `ended` is not looked at.
///
/// # Errors
/// The database's.
pub fn insert(tx: &mut dyn Tx, passport: &Passport) -> Result<(), Error> {
    let place = tx.place().to_owned();
    tx.execute(
        "INSERT INTO passport (place, id, person_id, purpose, version) VALUES (?1, ?2, ?3, ?4, ?5)",
        &[
            place.into(),
            passport.id.into(),
            passport.person.into(),
            passport.purpose.as_str().into(),
            passport.latest.number.into(),
        ],
    )?;
    add_version(tx, passport.id, &passport.latest)
}

/// Adds a version to a passport, which then is the one that stands.
///
/// # Errors
/// The database's.
pub fn replace(tx: &mut dyn Tx, id: PassportId, version: &Version) -> Result<(), Error> {
    let place = tx.place().to_owned();
    tx.execute(
        "UPDATE passport SET version = ?3 WHERE place = ?1 AND id = ?2",
        &[place.into(), id.into(), version.number.into()],
    )?;
    add_version(tx, id, version)
}

fn add_version(tx: &mut dyn Tx, id: PassportId, version: &Version) -> Result<(), Error> {
    let place = tx.place().to_owned();
    tx.execute(
        "INSERT INTO passport_version (place, passport_id, number, answers, code, valid_until, \
         made_at, made_by, organisation) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
        &[
            place.into(),
            id.into(),
            version.number.into(),
            version.answers.as_str().into(),
            version.code.as_str().into(),
            version.valid_until.into(),
            version.made_at.into(),
            version.made_by.as_str().into(),
            version.organisation.as_str().into(),
        ],
    )?;
    Ok(())
}

/// Ends a passport. False when it had ended already, or is not there.
///
/// # Errors
/// The database's.
pub fn end(tx: &mut dyn Tx, id: PassportId, end: &End) -> Result<bool, Error> {
    let place = tx.place().to_owned();
    let changed = tx.execute(
        "UPDATE passport SET ended_at = ?3, ended_by = ?4, ended_why = ?5 \
         WHERE place = ?1 AND id = ?2 AND ended_at IS NULL",
        &[
            place.into(),
            id.into(),
            end.at.into(),
            end.by.as_str().into(),
            end.why.as_str().into(),
        ],
    )?;
    Ok(changed > 0)
}

/// A key that signs, without its secret part.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Key {
    /// The public part, in hexadecimal.
    pub public: String,
    /// When it was made.
    pub made_at: Timestamp,
    /// When another took its place.
    pub retired_at: Option<Timestamp>,
}

/// Every key of the place, the newest first, without their secret parts.
///
/// # Errors
/// The database's.
pub fn keys(tx: &mut dyn Tx) -> Result<Vec<Key>, Error> {
    let place = tx.place().to_owned();
    tx.query(
        "SELECT public_key, made_at, retired_at FROM passport_key WHERE place = ?1 \
         ORDER BY CASE WHEN retired_at IS NULL THEN 0 ELSE 1 END, made_at DESC, id",
        &[place.into()],
    )?
    .iter()
    .map(|row| {
        Ok(Key {
            public: row.text(0)?.to_owned(),
            made_at: row.instant(1)?,
            retired_at: row.opt_instant(2)?,
        })
    })
    .collect()
}

/// The secret part of the key that signs, in hexadecimal; `None` before the first.
///
/// # Errors
/// The database's.
pub fn signing_key(tx: &mut dyn Tx) -> Result<Option<String>, Error> {
    let place = tx.place().to_owned();
    tx.query_opt(
        "SELECT secret_key FROM passport_key WHERE place = ?1 AND retired_at IS NULL \
         ORDER BY made_at DESC, id",
        &[place.into()],
    )?
    .map(|row| Ok(row.text(0)?.to_owned()))
    .transpose()
}

/// Puts a key in force and retires the one before it. `secret` is in hexadecimal.
///
/// # Errors
/// The database's.
pub fn put_key(
    tx: &mut dyn Tx,
    id: &str,
    public: &str,
    secret: &str,
    at: Timestamp,
) -> Result<(), Error> {
    let place = tx.place().to_owned();
    tx.execute(
        "UPDATE passport_key SET retired_at = ?2 WHERE place = ?1 AND retired_at IS NULL",
        &[place.as_str().into(), at.into()],
    )?;
    tx.execute(
        "INSERT INTO passport_key (place, id, public_key, secret_key, made_at) \
         VALUES (?1, ?2, ?3, ?4, ?5)",
        &[
            place.into(),
            id.into(),
            public.into(),
            secret.into(),
            at.into(),
        ],
    )?;
    Ok(())
}
