//! Rows of people's timelines: what health and council know of a person, a line each.

use crate::scope::ItemScope;
use crate::{Error, Row, Tx, Value};
use jiff::Timestamp;
use kernel::{DocumentId, PersonId, ShelfId, StayId, TimelineId};

/// A line as it goes on a timeline.
#[derive(Clone, Copy, Debug)]
pub struct NewLine<'a> {
    /// Whose timeline, if they are here.
    pub person: Option<PersonId>,
    /// Key of the person's `Patient` resource, where the line was read from a resource.
    pub person_key: Option<&'a str>,
    /// When it happened, as its source wrote it: a date, or a date and time.
    pub happened_at: Option<&'a str>,
    /// Kind: the type of resource, or a few words such as `Discharge notice`.
    pub kind: &'a str,
    /// What it is, in words.
    pub title: &'a str,
    /// `nhs`, `council` or `other`.
    pub sector: &'a str,
    /// Which organisation it came from; empty while not known.
    pub source: &'a str,
    /// What kind of sensitive matter it is about; empty for most.
    pub category: &'a str,
    /// When it arrived.
    pub received_at: Timestamp,
    /// What it was read from.
    pub shelf: Option<ShelfId>,
    /// The stay it belongs to.
    pub stay: Option<StayId>,
    /// The document it holds.
    pub document: Option<DocumentId>,
}

/// What both statements below begin with: the place, the line they are about, and the
/// line's columns from the person to the shelf.
fn values(place: &str, about: Value, line: &NewLine<'_>) -> Vec<Value> {
    vec![
        place.into(),
        about,
        line.person.into(),
        line.person_key.into(),
        line.happened_at.into(),
        line.kind.into(),
        line.title.into(),
        line.sector.into(),
        line.source.into(),
        line.received_at.into(),
        line.shelf.into(),
        line.category.into(),
    ]
}

/// Adds a line to a timeline, or to those that wait for their person.
///
/// # Errors
/// The database's.
pub fn add(tx: &mut dyn Tx, id: TimelineId, line: &NewLine<'_>) -> Result<(), Error> {
    let mut values = values(tx.place(), id.into(), line);
    values.extend([line.stay.into(), line.document.into()]);
    tx.execute(
        "INSERT INTO timeline (place, id, person_id, person_key, happened_at, kind, title, \
         sector, source, received_at, shelf_id, category, stay_id, document_id) \
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)",
        &values,
    )?;
    Ok(())
}

/// Puts a newer version of what was read from `earlier` in the place of its line, which
/// keeps its id, stay and document: those of `line` are not looked at. False when
/// `earlier` had no line.
///
/// # Errors
/// The database's.
pub fn replace(tx: &mut dyn Tx, earlier: ShelfId, line: &NewLine<'_>) -> Result<bool, Error> {
    let values = values(tx.place(), earlier.into(), line);
    let changed = tx.execute(
        "UPDATE timeline SET person_id = ?3, person_key = ?4, happened_at = ?5, kind = ?6, \
         title = ?7, sector = ?8, source = ?9, received_at = ?10, shelf_id = ?11, category = ?12 \
         WHERE place = ?1 AND shelf_id = ?2",
        &values,
    )?;
    Ok(changed > 0)
}

/// Gives a person the lines that wait for a key. Returns how many.
///
/// # Errors
/// The database's.
pub fn attach_waiting(tx: &mut dyn Tx, key: &str, person: PersonId) -> Result<u64, Error> {
    let place = tx.place().to_owned();
    tx.execute(
        "UPDATE timeline SET person_id = ?3 \
         WHERE place = ?1 AND person_key = ?2 AND person_id IS NULL",
        &[place.into(), key.into(), person.into()],
    )
}

/// Puts the lines that were read from what is on the shelf under a key to a stay.
///
/// # Errors
/// The database's.
pub fn attach_to_stay(tx: &mut dyn Tx, shelf_key: &str, stay: StayId) -> Result<(), Error> {
    let place = tx.place().to_owned();
    tx.execute(
        "UPDATE timeline SET stay_id = ?3 WHERE place = ?1 AND shelf_id IN \
         (SELECT id FROM shelf WHERE place = ?1 AND resource_key = ?2)",
        &[place.into(), shelf_key.into(), stay.into()],
    )?;
    Ok(())
}

/// Names the source of a resource's line, where it was not known.
///
/// # Errors
/// The database's.
pub fn name_source(
    tx: &mut dyn Tx,
    shelf: ShelfId,
    source: &str,
    sector: &str,
) -> Result<u64, Error> {
    let place = tx.place().to_owned();
    tx.execute(
        "UPDATE timeline SET source = ?3, sector = ?4 \
         WHERE place = ?1 AND shelf_id = ?2 AND source = ''",
        &[place.into(), shelf.into(), source.into(), sector.into()],
    )
}

/// A line of the timeline.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// Its id.
    pub id: TimelineId,
    /// When it happened, as the source wrote it: a date, or a date and time.
    pub happened_at: Option<String>,
    /// Kind, such as `Condition` or `Discharge notice`.
    pub kind: String,
    /// What it is, in words.
    pub title: String,
    /// `nhs`, `council` or `other`.
    pub sector: String,
    /// Which organisation it came from.
    pub source: String,
    /// What kind of sensitive matter it is about; empty for most.
    pub category: String,
    /// When it arrived.
    pub received_at: Timestamp,
    /// What it was read from.
    pub shelf: Option<ShelfId>,
    /// The stay it belongs to.
    pub stay: Option<StayId>,
    /// The document it holds.
    pub document: Option<DocumentId>,
}

/// Which lines of a timeline to show.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// Only this kind.
    pub kind: Option<String>,
    /// Only this source.
    pub source: Option<String>,
    /// Lines to pass over.
    pub offset: usize,
    /// Most lines to give.
    pub limit: usize,
}

/// A person's timeline, newest first; lines without a date come last. Only what is in scope.
///
/// # Errors
/// The database's.
pub fn of_person(
    tx: &mut dyn Tx,
    person: PersonId,
    filter: &Filter,
    scope: &ItemScope,
) -> Result<Vec<Line>, Error> {
    let mut values = vec![
        Value::from(tx.place()),
        person.into(),
        filter.kind.as_deref().into(),
        filter.source.as_deref().into(),
        Value::Int(i64::try_from(filter.limit).unwrap_or(i64::MAX)),
        Value::Int(i64::try_from(filter.offset).unwrap_or(i64::MAX)),
    ];
    let in_scope = scope.sql(&mut values);
    let sql = format!(
        "SELECT {COLUMNS} FROM timeline WHERE place = ?1 AND person_id IN \
         (SELECT id FROM person WHERE place = ?1 AND head_id = ?2) \
         AND (CAST(?3 AS TEXT) IS NULL OR kind = ?3) \
         AND (CAST(?4 AS TEXT) IS NULL OR source = ?4) AND {in_scope} \
         ORDER BY happened_at DESC NULLS LAST, id DESC LIMIT ?5 OFFSET ?6"
    );
    tx.query(&sql, &values)?.iter().map(line).collect()
}

/// The lines of a person's timeline that hold a document, newest first. Only what is in scope.
///
/// # Errors
/// The database's.
pub fn with_documents(
    tx: &mut dyn Tx,
    head: PersonId,
    scope: &ItemScope,
) -> Result<Vec<Line>, Error> {
    let mut values = vec![Value::from(tx.place()), head.into()];
    let in_scope = scope.sql(&mut values);
    let sql = format!(
        "SELECT {COLUMNS} FROM timeline WHERE place = ?1 AND person_id IN \
         (SELECT id FROM person WHERE place = ?1 AND head_id = ?2) \
         AND document_id IS NOT NULL AND {in_scope} \
         ORDER BY happened_at DESC NULLS LAST, id DESC"
    );
    tx.query(&sql, &values)?.iter().map(line).collect()
}

/// One line of a person's timeline, if it is in scope.
///
/// # Errors
/// The database's.
pub fn one(
    tx: &mut dyn Tx,
    head: PersonId,
    id: TimelineId,
    scope: &ItemScope,
) -> Result<Option<Line>, Error> {
    let mut values = vec![Value::from(tx.place()), head.into(), id.into()];
    let in_scope = scope.sql(&mut values);
    let sql = format!(
        "SELECT {COLUMNS} FROM timeline WHERE place = ?1 AND person_id IN \
         (SELECT id FROM person WHERE place = ?1 AND head_id = ?2) AND id = ?3 AND {in_scope}"
    );
    tx.query_opt(&sql, &values)?.as_ref().map(line).transpose()
}

const COLUMNS: &str = "id, happened_at, kind, title, sector, source, received_at, shelf_id, \
     stay_id, document_id, category";

fn line(row: &Row) -> Result<Line, Error> {
    Ok(Line {
        id: row.id(0)?,
        happened_at: row.opt_text(1)?.map(str::to_owned),
        kind: row.text(2)?.to_owned(),
        title: row.text(3)?.to_owned(),
        sector: row.text(4)?.to_owned(),
        source: row.text(5)?.to_owned(),
        received_at: row.instant(6)?,
        shelf: row.opt_id(7)?,
        stay: row.opt_id(8)?,
        document: row.opt_id(9)?,
        category: row.text(10)?.to_owned(),
    })
}

/// How many lines of each kind and source a person's timeline has in scope.
///
/// # Errors
/// The database's.
pub fn kinds(
    tx: &mut dyn Tx,
    person: PersonId,
    scope: &ItemScope,
) -> Result<Vec<(String, String, i64)>, Error> {
    let mut values = vec![Value::from(tx.place()), person.into()];
    let in_scope = scope.sql(&mut values);
    let sql = format!(
        "SELECT kind, source, COUNT(*) FROM timeline WHERE place = ?1 AND person_id IN \
         (SELECT id FROM person WHERE place = ?1 AND head_id = ?2) AND {in_scope} \
         GROUP BY kind, source ORDER BY kind, source"
    );
    tx.query(&sql, &values)?
        .iter()
        .map(|row| {
            Ok((
                row.text(0)?.to_owned(),
                row.text(1)?.to_owned(),
                row.int(2)?,
            ))
        })
        .collect()
}
