//! Rows of the directory of services.

use crate::{Error, Row, Tx, Value};
use jiff::Timestamp;
use kernel::{InboxId, ServiceId};
use place::opening;
use place::service::{Referral, Service, areas};

/// A service with what the directory knows of the entry itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept {
    /// Its id.
    pub id: ServiceId,
    /// The service.
    pub service: Service,
    /// Where the entry comes from: the name of a list, or of whoever wrote it here.
    pub source: String,
    /// What that list calls it.
    pub source_key: Option<String>,
    /// The arrival that last changed it.
    pub inbox: Option<InboxId>,
    /// Counts up with each change, from 1.
    pub version: i64,
    /// When it was last changed.
    pub changed_at: Timestamp,
    /// Who changed it last.
    pub changed_by: String,
    /// What they changed, in words.
    pub changed_what: String,
}

const COLUMNS: &str = "id, name, organisation, organisation_code, what, needs, areas, how, \
     who_for, referral, hours, hours_note, address, postcode, telephone, web, cost, checked_on, \
     checked_by, ended_on, source, source_key, inbox_id, version, changed_at, changed_by, \
     changed_what";

fn read(row: &Row) -> Result<Kept, Error> {
    let text = |column: usize| row.text(column).map(str::to_owned);
    let service = Service {
        name: text(1)?,
        organisation: text(2)?,
        organisation_code: row.opt_text(3)?.map(str::to_owned),
        what: text(4)?,
        needs: lines(row.text(5)?),
        areas: areas(row.text(6)?),
        how: text(7)?,
        who_for: text(8)?,
        referral: Referral::read(row.text(9)?).0,
        hours: opening::read(row.text(10)?).map_err(|_| Error::Column {
            column: 10,
            expected: "opening hours",
        })?,
        hours_note: text(11)?,
        address: text(12)?,
        postcode: text(13)?,
        telephone: text(14)?,
        web: text(15)?,
        cost: text(16)?,
        checked_on: row.date(17)?,
        checked_by: text(18)?,
        ended_on: row.opt_date(19)?,
    };
    Ok(Kept {
        id: row.id(0)?,
        service,
        source: text(20)?,
        source_key: row.opt_text(21)?.map(str::to_owned),
        inbox: row.opt_id(22)?,
        version: row.int(23)?,
        changed_at: row.instant(24)?,
        changed_by: text(25)?,
        changed_what: text(26)?,
    })
}

fn lines(text: &str) -> Vec<String> {
    text.lines().map(str::to_owned).collect()
}

/// The columns after the place, in the order of [`COLUMNS`].
fn values(place: &str, kept: &Kept) -> Vec<Value> {
    let service = &kept.service;
    vec![
        place.into(),
        kept.id.into(),
        service.name.as_str().into(),
        service.organisation.as_str().into(),
        service.organisation_code.as_deref().into(),
        service.what.as_str().into(),
        service.needs.join("\n").into(),
        service.areas_typed().into(),
        service.how.as_str().into(),
        service.who_for.as_str().into(),
        service.referral.to_string().into(),
        service.hours.to_string().into(),
        service.hours_note.as_str().into(),
        service.address.as_str().into(),
        service.postcode.as_str().into(),
        service.telephone.as_str().into(),
        service.web.as_str().into(),
        service.cost.as_str().into(),
        service.checked_on.into(),
        service.checked_by.as_str().into(),
        service.ended_on.into(),
        kept.source.as_str().into(),
        kept.source_key.as_deref().into(),
        kept.inbox.into(),
        kept.version.into(),
        kept.changed_at.into(),
        kept.changed_by.as_str().into(),
        kept.changed_what.as_str().into(),
    ]
}

/// Adds an entry.
///
/// # Errors
/// The database's: the source has one of that key already.
pub fn insert(tx: &mut dyn Tx, kept: &Kept) -> Result<(), Error> {
    let marks: Vec<String> = (1..=28).map(|at| format!("?{at}")).collect();
    let sql = format!(
        "INSERT INTO service (place, {COLUMNS}) VALUES ({})",
        marks.join(", ")
    );
    let values = values(tx.place(), kept);
    tx.execute(&sql, &values)?;
    Ok(())
}

/// Puts an entry in the place of the version before it. False when another version stands.
///
/// # Errors
/// The database's.
pub fn update(tx: &mut dyn Tx, kept: &Kept) -> Result<bool, Error> {
    let sets: Vec<String> = (3..)
        .zip(COLUMNS.split(", ").skip(1))
        .map(|(at, column)| format!("{column} = ?{at}"))
        .collect();
    let sql = format!(
        "UPDATE service SET {} WHERE place = ?1 AND id = ?2 AND version = ?25 - 1",
        sets.join(", ")
    );
    let values = values(tx.place(), kept);
    Ok(tx.execute(&sql, &values)? > 0)
}

/// The entry with an id.
///
/// # Errors
/// The database's.
pub fn by_id(tx: &mut dyn Tx, id: ServiceId) -> Result<Option<Kept>, Error> {
    let place = tx.place().to_owned();
    let sql = format!("SELECT {COLUMNS} FROM service WHERE place = ?1 AND id = ?2");
    tx.query_opt(&sql, &[place.into(), id.into()])?
        .as_ref()
        .map(read)
        .transpose()
}

/// The entry that a source calls by a key.
///
/// # Errors
/// The database's.
pub fn by_source(tx: &mut dyn Tx, source: &str, key: &str) -> Result<Option<Kept>, Error> {
    let place = tx.place().to_owned();
    let sql = format!(
        "SELECT {COLUMNS} FROM service WHERE place = ?1 AND source = ?2 AND source_key = ?3"
    );
    tx.query_opt(&sql, &[place.into(), source.into(), key.into()])?
        .as_ref()
        .map(read)
        .transpose()
}

/// Whether any service is run by an organisation, by its code.
///
/// # Errors
/// The database's.
pub fn any_run_by(tx: &mut dyn Tx, code: &str) -> Result<bool, Error> {
    let place = tx.place().to_owned();
    let found = tx.query_opt(
        "SELECT 1 FROM service WHERE place = ?1 AND organisation_code = ?2 LIMIT 1",
        &[place.into(), code.into()],
    )?;
    Ok(found.is_some())
}

/// Every entry, also those that have ended, by name.
///
/// # Errors
/// The database's.
pub fn all(tx: &mut dyn Tx) -> Result<Vec<Kept>, Error> {
    let place = tx.place().to_owned();
    let sql = format!("SELECT {COLUMNS} FROM service WHERE place = ?1 ORDER BY name, id");
    tx.query(&sql, &[place.into()])?.iter().map(read).collect()
}
