//! Rows of returns as they were sent, and the people behind their cells.

use crate::scope::PeopleScope;
use crate::value::listed;
use crate::{Error, Row, Tx, Value};
use jiff::Timestamp;
use kernel::{PersonId, hex};
use sha2::{Digest, Sha256};

/// A return as it was sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Version {
    /// Which return: `delays`, `sitrep`, `drd` or `ascof`.
    pub kind: String,
    /// Its period, as asked for.
    pub period: String,
    /// What it is for.
    pub purpose: String,
    /// From 1.
    pub number: i64,
    /// SHA-256 of the content, in hex.
    pub hash: String,
    /// The cells, as text without ids.
    pub content: String,
    /// The ids behind each cell, a line for each.
    pub lineage: String,
    /// What is different from the one before, a line for each.
    pub changes: String,
    /// When.
    pub made_at: Timestamp,
    /// Who sent it.
    pub made_by: String,
    /// For which organisation.
    pub organisation: String,
}

/// The hash of a content.
pub fn hash_of(content: &str) -> String {
    hex(&Sha256::digest(content.as_bytes()))
}

const VERSION: &str = "kind, period, purpose, number, hash, content, lineage, changes, made_at, \
     made_by, organisation";

fn read(row: &Row) -> Result<Version, Error> {
    Ok(Version {
        kind: row.text(0)?.to_owned(),
        period: row.text(1)?.to_owned(),
        purpose: row.text(2)?.to_owned(),
        number: row.int(3)?,
        hash: row.text(4)?.to_owned(),
        content: row.text(5)?.to_owned(),
        lineage: row.text(6)?.to_owned(),
        changes: row.text(7)?.to_owned(),
        made_at: row.instant(8)?,
        made_by: row.text(9)?.to_owned(),
        organisation: row.text(10)?.to_owned(),
    })
}

/// Keeps a return that was sent.
///
/// # Errors
/// The database's: the number is taken.
pub fn insert(tx: &mut dyn Tx, version: &Version) -> Result<(), Error> {
    let place = tx.place().to_owned();
    let sql = format!(
        "INSERT INTO return_version (place, {VERSION}) \
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)"
    );
    tx.execute(
        &sql,
        &[
            place.into(),
            version.kind.as_str().into(),
            version.period.as_str().into(),
            version.purpose.as_str().into(),
            version.number.into(),
            version.hash.as_str().into(),
            version.content.as_str().into(),
            version.lineage.as_str().into(),
            version.changes.as_str().into(),
            version.made_at.into(),
            version.made_by.as_str().into(),
            version.organisation.as_str().into(),
        ],
    )?;
    Ok(())
}

/// Every version of a return, the latest first.
///
/// # Errors
/// The database's.
pub fn of(tx: &mut dyn Tx, kind: &str, period: &str, purpose: &str) -> Result<Vec<Version>, Error> {
    let place = tx.place().to_owned();
    let sql = format!(
        "SELECT {VERSION} FROM return_version WHERE place = ?1 AND kind = ?2 AND period = ?3 \
         AND purpose = ?4 ORDER BY number DESC"
    );
    let values = [place.into(), kind.into(), period.into(), purpose.into()];
    tx.query(&sql, &values)?.iter().map(read).collect()
}

/// Versions whose content is not what their hash says, for the doctor.
///
/// # Errors
/// The database's.
pub(crate) fn broken(tx: &mut dyn Tx) -> Result<Vec<String>, Error> {
    let place = tx.place().to_owned();
    let sql = format!("SELECT {VERSION} FROM return_version WHERE place = ?1");
    let versions = tx.query(&sql, &[place.into()])?;
    let mut found = Vec::new();
    for row in &versions {
        let one = read(row)?;
        if hash_of(&one.content) != one.hash {
            found.push(format!("return {} {} {}", one.kind, one.period, one.number));
        }
    }
    Ok(found)
}

/// Somebody behind a cell.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Behind {
    /// Family name.
    pub family_name: String,
    /// Given name.
    pub given_name: String,
    /// The head of the person's records.
    pub person: PersonId,
    /// `stay 0190…` or `service 0190…`.
    pub thing: String,
}

/// Most ids in one statement.
const IDS: usize = 400;

/// The people in scope behind stays and services, by name. A service of somebody who objects to
/// sharing is not told of.
///
/// # Errors
/// The database's.
pub fn behind(
    tx: &mut dyn Tx,
    things: &[String],
    scope: &PeopleScope,
) -> Result<Vec<Behind>, Error> {
    let mut found = Vec::new();
    for (kind, table, also) in [
        ("stay ", "stay", ""),
        (
            "service ",
            "service_period",
            " AND p.head_id NOT IN (SELECT wp.head_id FROM wish w JOIN person wp \
             ON wp.place = w.place AND wp.id = w.person_id WHERE w.place = ?1 \
             AND w.kind = 'objection' AND w.category = '' AND w.ended_at IS NULL)",
        ),
    ] {
        let ids: Vec<&str> = things
            .iter()
            .filter_map(|one| one.strip_prefix(kind))
            .collect();
        for part in ids.chunks(IDS) {
            let mut values: Vec<Value> = vec![tx.place().into()];
            let ids = listed(&mut values, part.iter().copied());
            let people = scope.sql("p.head_id", &mut values);
            let sql = format!(
                "SELECT t.id, p.head_id, h.family_name, h.given_name FROM {table} t \
                 JOIN person p ON p.place = t.place AND p.id = t.person_id \
                 JOIN person h ON h.place = p.place AND h.id = p.head_id \
                 WHERE t.place = ?1 AND t.id IN ({ids}) AND {people}{also}"
            );
            for row in tx.query(&sql, &values)? {
                found.push(Behind {
                    thing: format!("{kind}{}", row.text(0)?),
                    person: row.id(1)?,
                    family_name: row.text(2)?.to_owned(),
                    given_name: row.text(3)?.to_owned(),
                });
            }
        }
    }
    found.sort();
    Ok(found)
}
