//! Rows of people's timelines: what health and council know of a person, a line each.

use crate::scope::ItemScope;
use crate::value::listed;
use crate::{Error, Row, Tx, Value};
use jiff::Timestamp;
use jiff::civil::Date;
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
    /// The codes that it can be searched by, each with a line feed before and after it; `None`
    /// where nobody looked for them.
    pub codes: Option<&'a str>,
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
/// line's columns from the person to the codes.
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
        line.codes.into(),
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
         sector, source, received_at, shelf_id, category, codes, stay_id, document_id) \
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)",
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
         title = ?7, sector = ?8, source = ?9, received_at = ?10, shelf_id = ?11, category = ?12, \
         codes = ?13 \
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
    /// Only this sector.
    pub sector: Option<String>,
    /// Not before this month, `YYYY-MM`. What is only known to a year is in the whole year.
    pub from: Option<String>,
    /// Not after this month, `YYYY-MM`.
    pub to: Option<String>,
    /// Only what arrived after this.
    pub received_after: Option<Timestamp>,
    /// Lines to pass over.
    pub offset: usize,
    /// Most lines to give.
    pub limit: usize,
}

/// The month in which a line happened, or the year where only that is known.
const MONTH: &str = "SUBSTR(timeline.happened_at, 1, 7)";

impl Filter {
    /// A condition on the lines; what it needs is put at the end of `values`.
    fn sql(&self, values: &mut Vec<Value>) -> String {
        let mut all = Vec::new();
        let mut put = |value: Value, condition: &str| {
            values.push(value);
            all.push(condition.replace("{}", &format!("?{}", values.len())));
        };
        let texts = [
            (&self.kind, "timeline.kind = {}".to_owned()),
            (&self.source, "timeline.source = {}".to_owned()),
            (&self.sector, "timeline.sector = {}".to_owned()),
            (
                &self.from,
                format!("{MONTH} >= SUBSTR(CAST({{}} AS TEXT), 1, LENGTH({MONTH}))"),
            ),
            (&self.to, format!("{MONTH} <= CAST({{}} AS TEXT)")),
        ];
        for (text, condition) in texts {
            if let Some(text) = text {
                put(text.into(), &condition);
            }
        }
        if let Some(after) = self.received_after {
            put(after.into(), "timeline.received_at > {}");
        }
        match all.is_empty() {
            true => "1 = 1".to_owned(),
            false => all.join(" AND "),
        }
    }
}

const LINE: &str = "timeline.id, timeline.happened_at, timeline.kind, timeline.title, \
     timeline.sector, timeline.source, timeline.received_at, timeline.shelf_id, timeline.stay_id, \
     timeline.document_id, timeline.category";

/// The lines of a person, who is the head of the records and the second parameter.
const OF_PERSON: &str = "timeline.place = ?1 AND timeline.person_id IN \
     (SELECT id FROM person WHERE place = ?1 AND head_id = ?2)";

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
        Value::Int(i64::try_from(filter.limit).unwrap_or(i64::MAX)),
        Value::Int(i64::try_from(filter.offset).unwrap_or(i64::MAX)),
    ];
    let wanted = filter.sql(&mut values);
    let in_scope = scope.sql(&mut values);
    let sql = format!(
        "SELECT {LINE} FROM timeline WHERE {OF_PERSON} AND {wanted} AND {in_scope} \
         ORDER BY timeline.happened_at DESC NULLS LAST, timeline.id DESC LIMIT ?3 OFFSET ?4"
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
        "SELECT {LINE} FROM timeline WHERE {OF_PERSON} AND timeline.document_id IS NOT NULL \
         AND {in_scope} ORDER BY timeline.happened_at DESC NULLS LAST, timeline.id DESC"
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
        "SELECT {LINE} FROM timeline WHERE {OF_PERSON} AND timeline.id = ?3 AND {in_scope}"
    );
    tx.query_opt(&sql, &values)?.as_ref().map(line).transpose()
}

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

/// How many lines a person's timeline has in scope, of each kind, source and sector.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Count {
    /// Kind.
    pub kind: String,
    /// Source; empty while not known.
    pub source: String,
    /// `nhs`, `council` or `other`.
    pub sector: String,
    /// How many.
    pub lines: i64,
    /// How many of them arrived after the instant that was asked about.
    pub new: i64,
}

/// How many lines of each kind, source and sector a person's timeline has in scope, and how many
/// of them arrived after an instant; none when no instant is given.
///
/// # Errors
/// The database's.
pub fn counts(
    tx: &mut dyn Tx,
    person: PersonId,
    since: Option<Timestamp>,
    scope: &ItemScope,
) -> Result<Vec<Count>, Error> {
    let after = since.unwrap_or(Timestamp::MAX);
    let mut values = vec![Value::from(tx.place()), person.into(), after.into()];
    let in_scope = scope.sql(&mut values);
    let sql = format!(
        "SELECT timeline.kind, timeline.source, timeline.sector, COUNT(*), \
         COUNT(CASE WHEN timeline.received_at > ?3 THEN 1 END) \
         FROM timeline WHERE {OF_PERSON} AND {in_scope} \
         GROUP BY timeline.kind, timeline.source, timeline.sector \
         ORDER BY timeline.kind, timeline.source, timeline.sector"
    );
    tx.query(&sql, &values)?
        .iter()
        .map(|row| {
            Ok(Count {
                kind: row.text(0)?.to_owned(),
                source: row.text(1)?.to_owned(),
                sector: row.text(2)?.to_owned(),
                lines: row.int(3)?,
                new: row.int(4)?,
            })
        })
        .collect()
}

/// The months that a person's timeline has lines of in scope, `YYYY-MM` or `YYYY`, the latest
/// first, with how many.
///
/// # Errors
/// The database's.
pub fn months(
    tx: &mut dyn Tx,
    person: PersonId,
    scope: &ItemScope,
) -> Result<Vec<(String, i64)>, Error> {
    let mut values = vec![Value::from(tx.place()), person.into()];
    let in_scope = scope.sql(&mut values);
    let sql = format!(
        "SELECT {MONTH}, COUNT(*) FROM timeline WHERE {OF_PERSON} AND {in_scope} \
         AND timeline.happened_at IS NOT NULL GROUP BY {MONTH} ORDER BY {MONTH} DESC"
    );
    tx.query(&sql, &values)?
        .iter()
        .map(|row| Ok((row.text(0)?.to_owned(), row.int(1)?)))
        .collect()
}

/// A resource as it came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Resource {
    /// Its type.
    pub resource_type: String,
    /// Whether it came as XML.
    pub xml: bool,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

fn resource(row: &Row, at: usize) -> Result<Option<Resource>, Error> {
    let Some(resource_type) = row.opt_text(at)? else {
        return Ok(None);
    };
    Ok(Some(Resource {
        resource_type: resource_type.to_owned(),
        xml: row.text(at + 1)? == "xml",
        bytes: row.content(at + 2)?,
    }))
}

/// The lines of some kinds, and of others that happened on or after a day, each with the
/// resource it was read from; newest first. Only what is in scope, and at most `limit`.
///
/// # Errors
/// The database's.
pub fn with_resources(
    tx: &mut dyn Tx,
    person: PersonId,
    (kinds, recent, since): (&[&str], &[&str], Date),
    scope: &ItemScope,
    limit: usize,
) -> Result<Vec<(Line, Option<Resource>)>, Error> {
    let mut values = vec![
        Value::from(tx.place()),
        person.into(),
        since.into(),
        Value::Int(i64::try_from(limit).unwrap_or(i64::MAX)),
    ];
    let kinds = listed(&mut values, kinds.iter().copied());
    let recent = listed(&mut values, recent.iter().copied());
    let in_scope = scope.sql(&mut values);
    // In this order: SQLite keeps to it in a cross join, and else may go through the place.
    let sql = format!(
        "SELECT {LINE}, shelf.resource_type, shelf.format, shelf.bytes \
         FROM person CROSS JOIN timeline LEFT JOIN shelf ON shelf.place = ?1 \
         AND shelf.id = timeline.shelf_id WHERE person.place = ?1 AND person.head_id = ?2 \
         AND timeline.place = ?1 AND timeline.person_id = person.id \
         AND (timeline.kind IN ({kinds}) \
         OR (timeline.kind IN ({recent}) AND timeline.happened_at >= ?3)) AND {in_scope} \
         ORDER BY timeline.happened_at DESC NULLS LAST, timeline.id DESC LIMIT ?4"
    );
    tx.query(&sql, &values)?
        .iter()
        .map(|row| Ok((line(row)?, resource(row, 11)?)))
        .collect()
}

/// One line with all that is known of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Whole {
    /// The line.
    pub line: Line,
    /// Whose: the head of the person's records.
    pub person: PersonId,
    /// The resource it was read from.
    pub resource: Option<Resource>,
    /// How many versions of the resource there are on the shelf, this one counted.
    pub versions: i64,
}

/// The line with an id, if it is on somebody's timeline.
///
/// # Errors
/// The database's.
pub fn whole(tx: &mut dyn Tx, id: TimelineId) -> Result<Option<Whole>, Error> {
    let place = tx.place().to_owned();
    let sql = format!(
        "SELECT {LINE}, shelf.resource_type, shelf.format, shelf.bytes, person.head_id, \
         (SELECT COUNT(*) FROM shelf v WHERE v.place = ?1 AND v.resource_key = shelf.resource_key) \
         FROM timeline JOIN person ON person.place = ?1 AND person.id = timeline.person_id \
         LEFT JOIN shelf ON shelf.place = ?1 AND shelf.id = timeline.shelf_id \
         WHERE timeline.place = ?1 AND timeline.id = ?2"
    );
    tx.query_opt(&sql, &[place.into(), id.into()])?
        .map(|row| {
            Ok(Whole {
                line: line(&row)?,
                resource: resource(&row, 11)?,
                person: row.id(14)?,
                versions: row.int(15)?,
            })
        })
        .transpose()
}
