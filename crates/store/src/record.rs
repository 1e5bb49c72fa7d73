//! Reading a person's record: finding people, the timeline, documents.

use crate::{Error, Row, Tx, Value};
use ::person::search::{SearchKind, head};
use jiff::Timestamp;
use jiff::civil::Date;
use kernel::{DocumentId, NhsNumber, PersonId, ShelfId, StayId, TimelineId};

/// A person as the list of search results shows them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// Their id.
    pub id: PersonId,
    /// NHS number, if known.
    pub nhs_number: Option<NhsNumber>,
    /// Family name.
    pub family_name: String,
    /// Given names.
    pub given_name: String,
    /// Date of birth, if known.
    pub birth_date: Option<Date>,
    /// Address on one line.
    pub address: String,
    /// Postcode.
    pub postcode: String,
}

/// What to look for. Every part given must fit.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Search {
    /// NHS number.
    pub nhs_number: Option<NhsNumber>,
    /// Date of birth.
    pub birth_date: Option<Date>,
    /// Beginning of the postcode, as `person::search` files it.
    pub postcode: Option<String>,
    /// Beginnings of words of names, as `person::search` files them.
    pub names: Vec<String>,
}

/// People who fit a search, by name, at most `limit`.
///
/// # Errors
/// The database's.
pub fn search(tx: &mut dyn Tx, search: &Search, limit: usize) -> Result<Vec<Found>, Error> {
    let mut values = vec![Value::from(tx.place())];
    let mut sql = String::from(
        "SELECT id, nhs_number, family_name, given_name, birth_date, address, postcode \
         FROM person WHERE place = ?1",
    );
    let mut also = |condition: &str, value: Value| {
        values.push(value);
        sql.push_str(&condition.replace("?n", &format!("?{}", values.len())));
    };
    if let Some(number) = search.nhs_number {
        also(" AND nhs_number = ?n", number.into());
    }
    if let Some(date) = search.birth_date {
        also(" AND birth_date = ?n", date.into());
    }
    let mut words: Vec<_> = search
        .names
        .iter()
        .map(|name| (SearchKind::Name, name))
        .collect();
    words.extend(
        search
            .postcode
            .iter()
            .map(|word| (SearchKind::Postcode, word)),
    );
    for (kind, word) in words {
        also(
            " AND id IN (SELECT person_id FROM person_word WHERE place = ?1 AND kind = ?n",
            kind.as_str().into(),
        );
        // One letter cannot be looked up by its first two: it is compared only.
        if word.chars().count() > 1 {
            also(" AND head = ?n", head(word).into());
        }
        also(" AND word LIKE ?n ESCAPE '!')", begins(word).into());
    }
    also(
        " ORDER BY family_name, given_name, birth_date, id LIMIT ?n",
        Value::Int(i64::try_from(limit).unwrap_or(i64::MAX)),
    );
    tx.query(&sql, &values)?.iter().map(found).collect()
}

/// A LIKE pattern for texts that begin so; `!` is its escape.
fn begins(text: &str) -> String {
    let mut pattern = String::with_capacity(text.len() + 1);
    for character in text.chars() {
        if matches!(character, '%' | '_' | '!') {
            pattern.push('!');
        }
        pattern.push(character);
    }
    pattern.push('%');
    pattern
}

fn found(row: &Row) -> Result<Found, Error> {
    Ok(Found {
        id: row.id(0)?,
        nhs_number: row.opt_parsed(1)?,
        family_name: row.text(2)?.to_owned(),
        given_name: row.text(3)?.to_owned(),
        birth_date: row.opt_date(4)?,
        address: row.text(5)?.to_owned(),
        postcode: row.text(6)?.to_owned(),
    })
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

/// A person's timeline, newest first; lines without a date come last.
///
/// # Errors
/// The database's.
pub fn timeline(tx: &mut dyn Tx, person: PersonId, filter: &Filter) -> Result<Vec<Line>, Error> {
    let place = tx.place().to_owned();
    tx.query(
        "SELECT id, happened_at, kind, title, sector, source, received_at, shelf_id, stay_id, \
         document_id FROM timeline WHERE place = ?1 AND person_id = ?2 \
         AND (CAST(?3 AS TEXT) IS NULL OR kind = ?3) \
         AND (CAST(?4 AS TEXT) IS NULL OR source = ?4) \
         ORDER BY happened_at DESC NULLS LAST, id DESC LIMIT ?5 OFFSET ?6",
        &[
            place.into(),
            person.into(),
            filter.kind.as_deref().into(),
            filter.source.as_deref().into(),
            Value::Int(i64::try_from(filter.limit).unwrap_or(i64::MAX)),
            Value::Int(i64::try_from(filter.offset).unwrap_or(i64::MAX)),
        ],
    )?
    .iter()
    .map(|row| {
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
        })
    })
    .collect()
}

/// How many lines of each kind and source a person's timeline has.
///
/// # Errors
/// The database's.
pub fn timeline_kinds(
    tx: &mut dyn Tx,
    person: PersonId,
) -> Result<Vec<(String, String, i64)>, Error> {
    let place = tx.place().to_owned();
    tx.query(
        "SELECT kind, source, COUNT(*) FROM timeline WHERE place = ?1 AND person_id = ?2 \
         GROUP BY kind, source ORDER BY kind, source",
        &[place.into(), person.into()],
    )?
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

/// A document kept whole.
#[derive(Clone, PartialEq, Eq)]
pub struct Document {
    /// Its id.
    pub id: DocumentId,
    /// Whose it is.
    pub person: PersonId,
    /// Title.
    pub title: String,
    /// Media type, such as `application/pdf`.
    pub media_type: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// The document with an id.
///
/// # Errors
/// The database's.
pub fn document(tx: &mut dyn Tx, id: DocumentId) -> Result<Option<Document>, Error> {
    let place = tx.place().to_owned();
    tx.query_opt(
        "SELECT person_id, title, media_type, bytes FROM document WHERE place = ?1 AND id = ?2",
        &[place.into(), id.into()],
    )?
    .map(|row| {
        Ok(Document {
            id,
            person: row.id(0)?,
            title: row.text(1)?.to_owned(),
            media_type: row.text(2)?.to_owned(),
            bytes: row.bytes(3)?.to_vec(),
        })
    })
    .transpose()
}
