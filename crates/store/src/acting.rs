//! Rows of who acts for people.

use crate::{Error, Row, Tx};
use jiff::Timestamp;
use kernel::{ActingId, PersonId};
use person::acting::{Acting, Part, Scope, Source};

/// Somebody who acts for a person, as written down.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept {
    /// Its id.
    pub id: ActingId,
    /// The record it hangs on.
    pub person: PersonId,
    /// Who, and what they may do.
    pub acting: Acting,
    /// When it was written down.
    pub made_at: Timestamp,
    /// By whom.
    pub made_by: String,
    /// For which organisation.
    pub organisation: String,
    /// Its sector.
    pub sector: String,
    /// When it was ended, by whom, and why.
    pub ended: Option<(Timestamp, String, String)>,
}

const COLUMNS: &str = "a.id, a.person_id, a.part, a.name, a.relation, a.telephone, a.welfare, \
     a.property, a.starts_on, a.ends_on, a.source, a.source_words, a.made_at, a.made_by, \
     a.organisation, a.sector, a.ended_at, a.ended_by, a.ended_why";

fn read(row: &Row) -> Result<Kept, Error> {
    let wrong = |column| Error::Column {
        column,
        expected: "one of the words of the schema",
    };
    let ended = row.opt_instant(16)?;
    Ok(Kept {
        id: row.id(0)?,
        person: row.id(1)?,
        acting: Acting {
            part: Part::parse(row.text(2)?).ok_or(wrong(2))?,
            name: row.text(3)?.to_owned(),
            relation: row.text(4)?.to_owned(),
            telephone: row.text(5)?.to_owned(),
            scope: Scope {
                welfare: row.int(6)? == 1,
                property: row.int(7)? == 1,
            },
            starts_on: row.opt_date(8)?,
            ends_on: row.opt_date(9)?,
            source: Source::parse(row.text(10)?).ok_or(wrong(10))?,
            source_words: row.text(11)?.to_owned(),
        },
        made_at: row.instant(12)?,
        made_by: row.text(13)?.to_owned(),
        organisation: row.text(14)?.to_owned(),
        sector: row.text(15)?.to_owned(),
        ended: match ended {
            Some(at) => Some((at, row.text(17)?.to_owned(), row.text(18)?.to_owned())),
            None => None,
        },
    })
}

/// Writes down who acts for a person. `ended` is not looked at.
///
/// # Errors
/// The database's.
pub fn insert(tx: &mut dyn Tx, kept: &Kept) -> Result<(), Error> {
    let place = tx.place().to_owned();
    let one = &kept.acting;
    tx.execute(
        "INSERT INTO acting (place, id, person_id, part, name, relation, telephone, welfare, \
         property, starts_on, ends_on, source, source_words, made_at, made_by, organisation, \
         sector, ended_by, ended_why) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, \
         ?13, ?14, ?15, ?16, ?17, '', '')",
        &[
            place.into(),
            kept.id.into(),
            kept.person.into(),
            one.part.as_str().into(),
            one.name.as_str().into(),
            one.relation.as_str().into(),
            one.telephone.as_str().into(),
            i64::from(one.scope.welfare).into(),
            i64::from(one.scope.property).into(),
            one.starts_on.into(),
            one.ends_on.into(),
            one.source.as_str().into(),
            one.source_words.as_str().into(),
            kept.made_at.into(),
            kept.made_by.as_str().into(),
            kept.organisation.as_str().into(),
            kept.sector.as_str().into(),
        ],
    )?;
    Ok(())
}

/// Everybody who acts or acted for a person, what was not ended first; the person is the head of
/// the records.
///
/// # Errors
/// The database's.
pub fn of_person(tx: &mut dyn Tx, head: PersonId) -> Result<Vec<Kept>, Error> {
    let place = tx.place().to_owned();
    let sql = format!(
        "SELECT {COLUMNS} FROM person p CROSS JOIN acting a WHERE p.place = ?1 \
         AND p.head_id = ?2 AND a.place = ?1 AND a.person_id = p.id"
    );
    let rows = tx.query(&sql, &[place.into(), head.into()])?;
    let mut all = rows.iter().map(read).collect::<Result<Vec<_>, _>>()?;
    all.sort_by_key(|one| (one.ended.is_some(), one.made_at, one.id));
    Ok(all)
}

/// Ends what was written down. False if it was ended already or is not there.
///
/// # Errors
/// The database's.
pub fn end(
    tx: &mut dyn Tx,
    id: ActingId,
    (at, by, why): (Timestamp, &str, &str),
) -> Result<bool, Error> {
    let place = tx.place().to_owned();
    let changed = tx.execute(
        "UPDATE acting SET ended_at = ?3, ended_by = ?4, ended_why = ?5 \
         WHERE place = ?1 AND id = ?2 AND ended_at IS NULL",
        &[place.into(), id.into(), at.into(), by.into(), why.into()],
    )?;
    Ok(changed == 1)
}
