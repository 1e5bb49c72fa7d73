//! Rows of official statistics: publications by edition, areas, delayed days and
//! population.

use crate::{Error, Row, Tx, Value};
use ::place::series::Edition;
use ::place::{AreaCode, DelayDays, DelayKey};
use jiff::Timestamp;
use kernel::{InboxId, Month, PublicationId};

/// One edition of a month's figures.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Publication {
    /// Its id.
    pub id: PublicationId,
    /// The month.
    pub month: Month,
    /// Its dates.
    pub edition: Edition,
    /// Which bytes it was read from.
    pub sha256: String,
    /// The arrival it was read from.
    pub inbox: Option<InboxId>,
    /// When it was loaded.
    pub loaded_at: Timestamp,
    /// The edition that stands in its stead, if it does not stand itself.
    pub superseded_by: Option<PublicationId>,
}

/// An area of official statistics.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Area {
    /// Its code.
    pub code: AreaCode,
    /// Its name, as last published.
    pub name: String,
    /// Its ONS code, if any publication had one.
    pub ons: Option<String>,
}

/// Rows in one statement.
const ROWS: usize = 40;

/// Columns of the figures, in the order of [`DelayKey::ALL`].
const FIGURES: &str = "total, acute, non_acute, nhs, social_care, nhs_and_social_care, reason_a, \
     reason_b, reason_c, reason_d_i, reason_d_ii, reason_e, reason_f, reason_g, reason_h, \
     reason_i, reason_o";

/// `(?1, ?2, ?3), (?1, ?4, ?5)`: rows of values, the first of each the place.
fn rows_of(rows: usize, values: usize) -> String {
    let mut text = String::with_capacity(rows * values * 6);
    for row in 0..rows {
        text.push_str(if row == 0 { "(?1" } else { ", (?1" });
        for value in 0..values {
            text.push_str(&format!(", ?{}", 2 + row * values + value));
        }
        text.push(')');
    }
    text
}

/// Runs `INSERT INTO {into} VALUES rows {after}` on all rows, many at a time.
fn insert_many(
    tx: &mut dyn Tx,
    into: &str,
    after: &str,
    values: usize,
    rows: &[Vec<Value>],
) -> Result<(), Error> {
    let place = tx.place().to_owned();
    for chunk in rows.chunks(ROWS) {
        let sql = format!(
            "INSERT INTO {into} VALUES {} {after}",
            rows_of(chunk.len(), values)
        );
        let mut parameters = vec![Value::from(place.as_str())];
        parameters.extend(chunk.iter().flatten().cloned());
        tx.execute(&sql, &parameters)?;
    }
    Ok(())
}

/// The publication that was read from these bytes, if they have been loaded.
///
/// # Errors
/// The database's.
pub fn by_content(tx: &mut dyn Tx, sha256: &str) -> Result<Option<Publication>, Error> {
    let place = tx.place().to_owned();
    tx.query_opt(
        "SELECT id, month, published_on, revised_on, sha256, inbox_id, loaded_at, superseded_by \
         FROM publication WHERE place = ?1 AND sha256 = ?2",
        &[place.into(), sha256.into()],
    )?
    .map(|row| read_publication(&row))
    .transpose()
}

/// The edition of a month that stands, and the number of its areas.
///
/// # Errors
/// The database's.
pub fn standing(tx: &mut dyn Tx, month: Month) -> Result<Option<(Publication, i64)>, Error> {
    let place = tx.place().to_owned();
    tx.query_opt(
        "SELECT id, month, published_on, revised_on, sha256, inbox_id, loaded_at, superseded_by, \
         (SELECT COUNT(*) FROM official_delay WHERE official_delay.place = publication.place \
         AND official_delay.publication_id = publication.id) \
         FROM publication WHERE place = ?1 AND month = ?2 AND superseded_by IS NULL",
        &[place.into(), month.to_string().into()],
    )?
    .map(|row| Ok((read_publication(&row)?, row.int(8)?)))
    .transpose()
}

/// Every edition of a month, by when it was loaded.
///
/// # Errors
/// The database's.
pub fn editions(tx: &mut dyn Tx, month: Month) -> Result<Vec<Publication>, Error> {
    let place = tx.place().to_owned();
    tx.query(
        "SELECT id, month, published_on, revised_on, sha256, inbox_id, loaded_at, superseded_by \
         FROM publication WHERE place = ?1 AND month = ?2 ORDER BY loaded_at, id",
        &[place.into(), month.to_string().into()],
    )?
    .iter()
    .map(read_publication)
    .collect()
}

fn read_publication(row: &Row) -> Result<Publication, Error> {
    Ok(Publication {
        id: row.id(0)?,
        month: row.parsed(1)?,
        edition: Edition {
            published: row.opt_date(2)?,
            revised: row.opt_date(3)?,
        },
        sha256: row.text(4)?.to_owned(),
        inbox: row.opt_id(5)?,
        loaded_at: row.instant(6)?,
        superseded_by: row.opt_id(7)?,
    })
}

/// Adds an edition.
///
/// # Errors
/// The database's.
pub fn insert_publication(tx: &mut dyn Tx, publication: &Publication) -> Result<(), Error> {
    let place = tx.place().to_owned();
    tx.execute(
        "INSERT INTO publication (place, id, month, published_on, revised_on, sha256, inbox_id, \
         loaded_at, superseded_by) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
        &[
            place.into(),
            publication.id.into(),
            publication.month.to_string().into(),
            publication.edition.published.into(),
            publication.edition.revised.into(),
            publication.sha256.as_str().into(),
            publication.inbox.into(),
            publication.loaded_at.into(),
            publication.superseded_by.into(),
        ],
    )?;
    Ok(())
}

/// Puts a later edition in the stead of every other of its month.
///
/// # Errors
/// The database's.
pub fn supersede(tx: &mut dyn Tx, month: Month, by: PublicationId) -> Result<(), Error> {
    let place = tx.place().to_owned();
    tx.execute(
        "UPDATE publication SET superseded_by = ?3 \
         WHERE place = ?1 AND month = ?2 AND superseded_by IS NULL AND id <> ?3",
        &[place.into(), month.to_string().into(), by.into()],
    )?;
    Ok(())
}

/// Takes an edition's figures out, to be read anew from the bytes that were kept.
///
/// # Errors
/// The database's.
pub fn clear(tx: &mut dyn Tx, publication: PublicationId) -> Result<(), Error> {
    let place = tx.place().to_owned();
    tx.execute(
        "DELETE FROM official_delay WHERE place = ?1 AND publication_id = ?2",
        &[place.into(), publication.into()],
    )?;
    Ok(())
}

/// Adds areas, or brings their names up to date; an ONS code once known stays.
///
/// # Errors
/// The database's.
pub fn put_areas(tx: &mut dyn Tx, areas: &[Area]) -> Result<(), Error> {
    let rows: Vec<Vec<Value>> = areas
        .iter()
        .map(|area| {
            vec![
                area.code.as_str().into(),
                area.name.as_str().into(),
                area.ons.as_deref().into(),
            ]
        })
        .collect();
    insert_many(
        tx,
        "official_area (place, code, name, ons)",
        "ON CONFLICT (place, code) DO UPDATE SET name = excluded.name, \
         ons = COALESCE(excluded.ons, official_area.ons)",
        3,
        &rows,
    )
}

/// Every area, England first, then by name.
///
/// # Errors
/// The database's.
pub fn areas(tx: &mut dyn Tx) -> Result<Vec<Area>, Error> {
    let place = tx.place().to_owned();
    tx.query(
        "SELECT code, name, ons FROM official_area WHERE place = ?1 \
         ORDER BY CASE WHEN code = ?2 THEN 0 ELSE 1 END, LOWER(name), code",
        &[place.into(), ::place::ENGLAND.into()],
    )?
    .iter()
    .map(|row| {
        Ok(Area {
            code: AreaCode::new(row.text(0)?).ok_or_else(|| bad_code(0))?,
            name: row.text(1)?.to_owned(),
            ons: row.opt_text(2)?.map(str::to_owned),
        })
    })
    .collect()
}

fn bad_code(column: usize) -> Error {
    Error::Column {
        column,
        expected: "an area code",
    }
}

/// Adds the figures of an edition, one row an area.
///
/// # Errors
/// The database's; an area without a total.
pub fn insert_delays(
    tx: &mut dyn Tx,
    publication: PublicationId,
    month: Month,
    areas: &[(&AreaCode, &DelayDays)],
) -> Result<(), Error> {
    let rows: Vec<Vec<Value>> = areas
        .iter()
        .map(|(code, days)| {
            let mut row: Vec<Value> = vec![
                publication.into(),
                code.as_str().into(),
                month.to_string().into(),
            ];
            row.extend(DelayKey::ALL.map(|key| Value::from(days.get(key))));
            row
        })
        .collect();
    let into = format!("official_delay (place, publication_id, area_code, month, {FIGURES})");
    insert_many(tx, &into, "", 3 + DelayKey::ALL.len(), &rows)
}

/// One month of an area as it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MonthRow {
    /// The month.
    pub month: Month,
    /// The edition that stands.
    pub edition: Edition,
    /// The figures.
    pub days: DelayDays,
}

/// The months of an area from the editions that stand, by month.
///
/// # Errors
/// The database's.
pub fn months(
    tx: &mut dyn Tx,
    area: &AreaCode,
    from: Option<Month>,
    to: Option<Month>,
) -> Result<Vec<MonthRow>, Error> {
    let place = tx.place().to_owned();
    let text = |month: Option<Month>, open: &str| {
        month.map_or_else(|| open.to_owned(), |month| month.to_string())
    };
    let sql = format!(
        "SELECT delay.month, publication.published_on, publication.revised_on, {FIGURES} \
         FROM official_delay delay JOIN publication ON publication.place = delay.place \
         AND publication.id = delay.publication_id WHERE delay.place = ?1 \
         AND delay.area_code = ?2 AND delay.month >= ?3 AND delay.month <= ?4 \
         AND publication.superseded_by IS NULL ORDER BY delay.month"
    );
    let parameters: [Value; 4] = [
        place.into(),
        area.as_str().into(),
        text(from, "0000-00").into(),
        text(to, "9999-99").into(),
    ];
    tx.query(&sql, &parameters)?
        .iter()
        .map(|row| {
            let mut days = DelayDays::default();
            for (at, key) in DelayKey::ALL.into_iter().enumerate() {
                if let Some(count) = row.opt_int(3 + at)? {
                    days.set(key, count);
                }
            }
            Ok(MonthRow {
                month: row.parsed(0)?,
                edition: Edition {
                    published: row.opt_date(1)?,
                    revised: row.opt_date(2)?,
                },
                days,
            })
        })
        .collect()
}

/// Puts the people of an area in a year in place of whatever was there.
///
/// # Errors
/// The database's.
pub fn put_population(tx: &mut dyn Tx, ons: &str, year: i16, people: &[i64]) -> Result<(), Error> {
    let place = tx.place().to_owned();
    tx.execute(
        "DELETE FROM population WHERE place = ?1 AND area_code = ?2 AND year = ?3",
        &[place.into(), ons.into(), i64::from(year).into()],
    )?;
    let rows: Vec<Vec<Value>> = (0_i64..)
        .zip(people)
        .map(|(age, people)| {
            vec![
                ons.into(),
                i64::from(year).into(),
                age.into(),
                (*people).into(),
            ]
        })
        .collect();
    insert_many(
        tx,
        "population (place, area_code, year, age, people)",
        "",
        4,
        &rows,
    )
}

/// The people of an area in a year by single year of age, from 0; empty if unknown.
///
/// # Errors
/// The database's.
pub fn population(tx: &mut dyn Tx, ons: &str, year: i16) -> Result<Vec<i64>, Error> {
    let place = tx.place().to_owned();
    tx.query(
        "SELECT people FROM population WHERE place = ?1 AND area_code = ?2 AND year = ?3 \
         ORDER BY age",
        &[place.into(), ons.into(), i64::from(year).into()],
    )?
    .iter()
    .map(|row| row.int(0))
    .collect()
}

/// The adults of an area by year, in order of year.
///
/// # Errors
/// The database's.
pub fn adults(tx: &mut dyn Tx, ons: &str) -> Result<Vec<(i16, i64)>, Error> {
    let place = tx.place().to_owned();
    tx.query(
        "SELECT year, CAST(SUM(people) AS BIGINT) FROM population \
         WHERE place = ?1 AND area_code = ?2 AND age >= ?3 GROUP BY year ORDER BY year",
        &[
            place.into(),
            ons.into(),
            i64::from(::place::rate::ADULT_AGE).into(),
        ],
    )?
    .iter()
    .map(|row| Ok((i16::try_from(row.int(0)?).unwrap_or(i16::MAX), row.int(1)?)))
    .collect()
}
