//! Rows of relationships: who has to do with a person, from when until when.
//!
//! A row hangs on the record it came with and never moves; a person's relationships are those of
//! all their records.

use crate::value::listed;
use crate::{Error, Row, Tx, Value};
use ::person::Gender;
use ::person::relationship::Relationship;
use jiff::Timestamp;
use kernel::{PersonId, RelationshipId};

/// A relationship.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept {
    /// Its id.
    pub id: RelationshipId,
    /// The record it hangs on.
    pub person: PersonId,
    /// What kind.
    pub kind: Relationship,
    /// Id of the organisation or account that has it.
    pub holder: String,
    /// As what, such as `social worker`; empty if that is not said.
    pub capacity: String,
    /// From when.
    pub starts_at: Timestamp,
    /// Until when, exclusive; `None` while it lasts.
    pub ends_at: Option<Timestamp>,
    /// What it follows from, such as `stay 0190…`; empty when somebody made it.
    pub follows: String,
    /// When it was made.
    pub made_at: Timestamp,
    /// Who made it.
    pub made_by: String,
}

const COLUMNS: &str = "SELECT r.id, r.person_id, r.kind, r.holder_id, r.capacity, r.starts_at, \
     r.ends_at, r.follows, r.made_at, r.made_by FROM relationship r ";

fn read(row: &Row) -> Result<Kept, Error> {
    Ok(Kept {
        id: row.id(0)?,
        person: row.id(1)?,
        kind: kind(row, 2)?,
        holder: row.text(3)?.to_owned(),
        capacity: row.text(4)?.to_owned(),
        starts_at: row.instant(5)?,
        ends_at: row.opt_instant(6)?,
        follows: row.text(7)?.to_owned(),
        made_at: row.instant(8)?,
        made_by: row.text(9)?.to_owned(),
    })
}

fn kind(row: &Row, column: usize) -> Result<Relationship, Error> {
    Relationship::parse(row.text(column)?).ok_or(Error::Column {
        column,
        expected: "a kind of relationship",
    })
}

/// Adds a relationship, or gives the one of the same person, holder, kind and cause these times
/// and this capacity.
///
/// # Errors
/// The database's.
pub fn put(tx: &mut dyn Tx, kept: &Kept) -> Result<(), Error> {
    let place = tx.place().to_owned();
    tx.execute(
        "INSERT INTO relationship (place, id, person_id, kind, holder_id, capacity, starts_at, \
         ends_at, follows, made_at, made_by) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11) \
         ON CONFLICT (place, person_id, holder_id, kind, follows) DO UPDATE SET \
         capacity = excluded.capacity, starts_at = excluded.starts_at, ends_at = excluded.ends_at",
        &[
            place.into(),
            kept.id.into(),
            kept.person.into(),
            kept.kind.as_str().into(),
            kept.holder.as_str().into(),
            kept.capacity.as_str().into(),
            kept.starts_at.into(),
            kept.ends_at.into(),
            kept.follows.as_str().into(),
            kept.made_at.into(),
            kept.made_by.as_str().into(),
        ],
    )?;
    Ok(())
}

/// Everything that follows from one cause.
///
/// # Errors
/// The database's.
pub fn following(tx: &mut dyn Tx, cause: &str) -> Result<Vec<Kept>, Error> {
    let place = tx.place().to_owned();
    // Sorted here: asked for in order of the key, SQLite goes through everything by that key.
    let sql = format!("{COLUMNS} WHERE r.place = ?1 AND r.follows = ?2");
    let rows = tx.query(&sql, &[place.into(), cause.into()])?;
    let mut kept = rows.iter().map(read).collect::<Result<Vec<_>, _>>()?;
    kept.sort_by_key(|one| one.id);
    Ok(kept)
}

/// The relationship with an id.
///
/// # Errors
/// The database's.
pub fn by_id(tx: &mut dyn Tx, id: RelationshipId) -> Result<Option<Kept>, Error> {
    let place = tx.place().to_owned();
    let sql = format!("{COLUMNS} WHERE r.place = ?1 AND r.id = ?2");
    tx.query_opt(&sql, &[place.into(), id.into()])?
        .as_ref()
        .map(read)
        .transpose()
}

/// Every relationship of a person, the latest first; the person is the head of the records.
///
/// # Errors
/// The database's.
pub fn of_person(tx: &mut dyn Tx, head: PersonId) -> Result<Vec<Kept>, Error> {
    let place = tx.place().to_owned();
    let sql = format!(
        "{COLUMNS} WHERE r.place = ?1 AND r.person_id IN \
         (SELECT id FROM person WHERE place = ?1 AND head_id = ?2) \
         ORDER BY r.starts_at DESC, r.id"
    );
    tx.query(&sql, &[place.into(), head.into()])?
        .iter()
        .map(read)
        .collect()
}

/// A relationship that holds now, with the name of whoever has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Around {
    /// The relationship.
    pub kept: Kept,
    /// Name of the organisation, or of whoever's account it is.
    pub name: String,
    /// The organisation's kind; that of the account's organisation.
    pub organisation_kind: String,
    /// Name of the account's organisation; empty when an organisation has the relationship.
    pub organisation: String,
}

/// Who has to do with a person now, of these kinds: the latest first. The person is the head of
/// the records.
///
/// # Errors
/// The database's.
pub fn around(
    tx: &mut dyn Tx,
    head: PersonId,
    kinds: &[Relationship],
    now: Timestamp,
) -> Result<Vec<Around>, Error> {
    let mut values = vec![Value::from(tx.place()), head.into(), now.into()];
    let kinds = listed(&mut values, kinds.iter().map(|kind| kind.as_str()));
    let sql = COLUMNS.replace(
        "FROM relationship r ",
        ", COALESCE(o.name, a.display_name, ''), COALESCE(o.kind, ao.kind, ''), \
         CASE WHEN o.id IS NULL THEN COALESCE(ao.name, '') ELSE '' END \
         FROM person p CROSS JOIN relationship r \
         LEFT JOIN organisation o ON o.place = ?1 AND o.id = r.holder_id \
         LEFT JOIN account a ON a.place = ?1 AND a.id = r.holder_id \
         LEFT JOIN organisation ao ON ao.place = ?1 AND ao.id = a.organisation_id ",
    ) + &format!(
        "WHERE p.place = ?1 AND p.head_id = ?2 AND r.place = ?1 AND r.person_id = p.id \
         AND r.kind IN ({kinds}) AND r.starts_at <= ?3 AND (r.ends_at IS NULL OR r.ends_at > ?3) \
         ORDER BY r.starts_at DESC, r.id"
    );
    tx.query(&sql, &values)?
        .iter()
        .map(|row| {
            Ok(Around {
                kept: read(row)?,
                name: row.text(10)?.to_owned(),
                organisation_kind: row.text(11)?.to_owned(),
                organisation: row.text(12)?.to_owned(),
            })
        })
        .collect()
}

/// What a holder has of one kind and holds now, each with the head of the person's records.
///
/// # Errors
/// The database's.
pub fn held_now(
    tx: &mut dyn Tx,
    holder: &str,
    kind: Relationship,
    now: Timestamp,
) -> Result<Vec<(Kept, PersonId)>, Error> {
    let place = tx.place().to_owned();
    let sql = COLUMNS.replace(" FROM", ", p.head_id FROM")
        + "JOIN person p ON p.place = r.place AND p.id = r.person_id \
           WHERE r.place = ?1 AND r.holder_id = ?2 AND r.kind = ?3 AND r.starts_at <= ?4 \
           AND (r.ends_at IS NULL OR r.ends_at > ?4) ORDER BY r.starts_at, r.id";
    let values = [
        place.into(),
        holder.into(),
        kind.as_str().into(),
        now.into(),
    ];
    tx.query(&sql, &values)?
        .iter()
        .map(|row| Ok((read(row)?, row.id(10)?)))
        .collect()
}

/// Ends a relationship, unless it has ended before. False when there was nothing to end.
///
/// # Errors
/// The database's.
pub fn end(tx: &mut dyn Tx, id: RelationshipId, at: Timestamp) -> Result<bool, Error> {
    let place = tx.place().to_owned();
    let ended = tx.execute(
        "UPDATE relationship SET ends_at = ?3 WHERE place = ?1 AND id = ?2 \
         AND (ends_at IS NULL OR ends_at > ?3)",
        &[place.into(), id.into(), at.into()],
    )?;
    Ok(ended > 0)
}

/// What is to be minded when somebody asks for a person's record: one statement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Minded {
    /// Gender, as the head of the records has it: for speaking of the person.
    pub gender: Gender,
    /// Ties that hold now: kind, capacity, end.
    pub ties: Vec<(Relationship, String, Option<Timestamp>)>,
    /// Kinds of restriction that stand: `record`, `address`.
    pub restrictions: Vec<String>,
    /// Wishes that stand: kind, category, holder.
    pub wishes: Vec<(String, String, String)>,
    /// Until when this holds while nobody writes: the first instant at which one of the ties
    /// ends or another begins.
    pub until: Option<Timestamp>,
}

/// What is to be minded when some holders ask for a person's record, the head of the records.
///
/// # Errors
/// The database's.
pub fn minded(
    tx: &mut dyn Tx,
    head: PersonId,
    holders: &[String],
    now: Timestamp,
) -> Result<Minded, Error> {
    let mut values = vec![Value::from(tx.place()), head.into(), now.into()];
    let holders = listed(&mut values, holders);
    // Cross joins pin the order: the few records of the person first, then what hangs on each.
    let sql = format!(
        "SELECT 'tie', r.kind, r.capacity, '', r.ends_at, r.starts_at FROM person p \
         CROSS JOIN relationship r \
         WHERE p.place = ?1 AND p.head_id = ?2 AND r.place = ?1 AND r.person_id = p.id \
         AND r.holder_id IN ({holders}) AND (r.ends_at IS NULL OR r.ends_at > ?3) \
         UNION ALL SELECT 'restriction', x.kind, '', '', NULL, NULL FROM person p \
         CROSS JOIN restriction x WHERE p.place = ?1 AND p.head_id = ?2 AND x.place = ?1 \
         AND x.person_id = p.id AND x.ended_at IS NULL \
         UNION ALL SELECT 'wish', w.kind, w.category, w.holder_id, NULL, NULL FROM person p \
         CROSS JOIN wish w WHERE p.place = ?1 AND p.head_id = ?2 AND w.place = ?1 \
         AND w.person_id = p.id AND w.ended_at IS NULL \
         UNION ALL SELECT 'gender', p.gender, '', '', NULL, NULL FROM person p \
         WHERE p.place = ?1 AND p.id = ?2"
    );
    let mut minded = Minded {
        gender: Gender::Unknown,
        ties: Vec::new(),
        restrictions: Vec::new(),
        wishes: Vec::new(),
        until: None,
    };
    for row in tx.query(&sql, &values)? {
        match row.text(0)? {
            "tie" => {
                let (starts, ends) = (row.instant(5)?, row.opt_instant(4)?);
                let changes = if starts > now { Some(starts) } else { ends };
                minded.until = minded.until.into_iter().chain(changes).min();
                if starts <= now {
                    let capacity = row.text(2)?.to_owned();
                    minded.ties.push((kind(&row, 1)?, capacity, ends));
                }
            }
            "gender" => minded.gender = Gender::parse(row.text(1)?),
            "restriction" => minded.restrictions.push(row.text(1)?.to_owned()),
            _ => minded.wishes.push((
                row.text(1)?.to_owned(),
                row.text(2)?.to_owned(),
                row.text(3)?.to_owned(),
            )),
        }
    }
    Ok(minded)
}

/// Open stays whose hospital has no relationship that follows from them.
///
/// # Errors
/// The database's.
pub fn stays_without(tx: &mut dyn Tx) -> Result<Vec<kernel::StayId>, Error> {
    let place = tx.place().to_owned();
    tx.query(
        "SELECT s.id FROM stay s WHERE s.place = ?1 AND s.discharged_on IS NULL AND NOT EXISTS \
         (SELECT 1 FROM relationship r WHERE r.place = ?1 AND r.person_id = s.person_id \
         AND r.holder_id = s.hospital_id AND r.kind = 'ward' AND r.follows = 'stay ' || s.id \
         AND r.ends_at IS NULL) ORDER BY s.id",
        &[place.into()],
    )?
    .iter()
    .map(|row| row.id(0))
    .collect()
}
