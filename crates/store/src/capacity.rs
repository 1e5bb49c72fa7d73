//! Rows of what services have free, and everything that changed it.

use crate::{Error, Row, Tx, Value};
use flow::offer::{Kind, Slot, Take, TimeOfDay, Unit};
use jiff::Timestamp;
use kernel::{CapacityId, NeedId, ServiceId};

/// A figure with who told it and when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Figure {
    /// The service whose it is.
    pub service: ServiceId,
    /// What it says.
    pub slot: Slot,
    /// When it was told.
    pub told_at: Timestamp,
    /// Who told it.
    pub told_by: String,
    /// When it ended; `None` while it stands.
    pub ended_at: Option<Timestamp>,
    /// Goes up by one with each change.
    pub version: i64,
}

/// Something that changed a figure.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// `told`, `taken`, `given back` or `ended`.
    pub what: String,
    /// How much was told, taken or given back.
    pub amount: u32,
    /// How much was free afterwards.
    pub free: u32,
    /// When.
    pub at: Timestamp,
    /// Who did it.
    pub by: String,
    /// For which need.
    pub need: Option<NeedId>,
}

const COLUMNS: &str = "SELECT id, service_id, kind, zone, time_of_day, unit, skills, free, \
     told_at, told_by, ended_at, version FROM capacity ";

fn word<T>(row: &Row, column: usize, parse: fn(&str) -> Option<T>) -> Result<T, Error> {
    parse(row.text(column)?).ok_or(Error::Column {
        column,
        expected: "a word of its list",
    })
}

fn number(row: &Row, column: usize) -> Result<u32, Error> {
    u32::try_from(row.int(column)?).map_err(|_| Error::Column {
        column,
        expected: "a number from nought",
    })
}

fn read(row: &Row) -> Result<Figure, Error> {
    Ok(Figure {
        service: row.id(1)?,
        slot: Slot {
            id: row.id(0)?,
            kind: word(row, 2, Kind::parse)?,
            zone: row.text(3)?.to_owned(),
            time: word(row, 4, TimeOfDay::parse)?,
            unit: word(row, 5, Unit::parse)?,
            skills: row.text(6)?.lines().map(str::to_owned).collect(),
            free: number(row, 7)?,
        },
        told_at: row.instant(8)?,
        told_by: row.text(9)?.to_owned(),
        ended_at: row.opt_instant(10)?,
        version: row.int(11)?,
    })
}

/// Adds a figure, as told.
///
/// # Errors
/// The database's.
pub fn insert(tx: &mut dyn Tx, figure: &Figure) -> Result<(), Error> {
    let place = tx.place().to_owned();
    let slot = &figure.slot;
    tx.execute(
        "INSERT INTO capacity (place, id, service_id, kind, zone, time_of_day, unit, skills, \
         free, told_at, told_by, version) \
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)",
        &[
            place.into(),
            slot.id.into(),
            figure.service.into(),
            slot.kind.as_str().into(),
            slot.zone.as_str().into(),
            slot.time.as_str().into(),
            slot.unit.as_str().into(),
            slot.skills.join("\n").into(),
            slot.free.into(),
            figure.told_at.into(),
            figure.told_by.as_str().into(),
            figure.version.into(),
        ],
    )?;
    let event = Event {
        what: "told".to_owned(),
        amount: slot.free,
        free: slot.free,
        at: figure.told_at,
        by: figure.told_by.clone(),
        need: None,
    };
    add_event(tx, slot.id, &event)
}

fn add_event(tx: &mut dyn Tx, id: CapacityId, event: &Event) -> Result<(), Error> {
    let place = tx.place().to_owned();
    tx.execute(
        "INSERT INTO capacity_event (place, capacity_id, number, what, amount, free, at, \
         by_whom, need_id) VALUES (?1, ?2, (SELECT COALESCE(MAX(e.number), 0) + 1 \
         FROM capacity_event e WHERE e.place = ?1 AND e.capacity_id = ?2), ?3, ?4, ?5, ?6, ?7, ?8)",
        &[
            place.into(),
            id.into(),
            event.what.as_str().into(),
            event.amount.into(),
            event.free.into(),
            event.at.into(),
            event.by.as_str().into(),
            event.need.into(),
        ],
    )?;
    Ok(())
}

/// Tells a figure anew: how many are free now. False when it is not in this version any more.
///
/// # Errors
/// The database's.
pub fn tell(
    tx: &mut dyn Tx,
    (id, version): (CapacityId, i64),
    free: u32,
    (at, by): (Timestamp, &str),
) -> Result<bool, Error> {
    let place = tx.place().to_owned();
    let changed = tx.execute(
        "UPDATE capacity SET free = ?4, told_at = ?5, told_by = ?6, version = version + 1 \
         WHERE place = ?1 AND id = ?2 AND version = ?3 AND ended_at IS NULL",
        &[
            place.into(),
            id.into(),
            version.into(),
            free.into(),
            at.into(),
            by.into(),
        ],
    )?;
    if changed == 0 {
        return Ok(false);
    }
    let event = Event {
        what: "told".to_owned(),
        amount: free,
        free,
        at,
        by: by.to_owned(),
        need: None,
    };
    add_event(tx, id, &event)?;
    Ok(true)
}

/// Ends a figure. False when it is not in this version any more.
///
/// # Errors
/// The database's.
pub fn end(
    tx: &mut dyn Tx,
    (id, version): (CapacityId, i64),
    (at, by): (Timestamp, &str),
) -> Result<bool, Error> {
    let place = tx.place().to_owned();
    let changed = tx.execute(
        "UPDATE capacity SET ended_at = ?4, version = version + 1 \
         WHERE place = ?1 AND id = ?2 AND version = ?3 AND ended_at IS NULL",
        &[place.into(), id.into(), version.into(), at.into()],
    )?;
    if changed == 0 {
        return Ok(false);
    }
    let free = by_id(tx, id)?.map_or(0, |figure| figure.slot.free);
    let event = Event {
        what: "ended".to_owned(),
        amount: 0,
        free,
        at,
        by: by.to_owned(),
        need: None,
    };
    add_event(tx, id, &event)?;
    Ok(true)
}

/// Takes some of each figure for a need: all of it, or an error and nothing.
///
/// # Errors
/// [`Error::NotSaved`] if a figure has not so much free; the database's.
pub fn take(
    tx: &mut dyn Tx,
    takes: &[Take],
    need: NeedId,
    (at, by): (Timestamp, &str),
) -> Result<(), Error> {
    let place = tx.place().to_owned();
    for take in takes {
        let changed = tx.execute(
            "UPDATE capacity SET free = free - ?3, version = version + 1 \
             WHERE place = ?1 AND id = ?2 AND free >= ?3 AND ended_at IS NULL",
            &[place.as_str().into(), take.slot.into(), take.amount.into()],
        )?;
        if changed == 0 {
            return Err(Error::NotSaved);
        }
        put_down(tx, "taken", take, need, (at, by))?;
    }
    Ok(())
}

fn put_down(
    tx: &mut dyn Tx,
    what: &str,
    take: &Take,
    need: NeedId,
    (at, by): (Timestamp, &str),
) -> Result<(), Error> {
    let free = by_id(tx, take.slot)?.map_or(0, |figure| figure.slot.free);
    let event = Event {
        what: what.to_owned(),
        amount: take.amount,
        free,
        at,
        by: by.to_owned(),
        need: Some(need),
    };
    add_event(tx, take.slot, &event)
}

/// What a need has taken and not given back.
///
/// # Errors
/// The database's.
pub fn held_by(tx: &mut dyn Tx, need: NeedId) -> Result<Vec<Take>, Error> {
    let place = tx.place().to_owned();
    let rows = tx.query(
        "SELECT capacity_id, \
         CAST(SUM(CASE WHEN what = 'taken' THEN amount ELSE -amount END) AS BIGINT) \
         FROM capacity_event WHERE place = ?1 AND need_id = ?2 GROUP BY capacity_id \
         HAVING SUM(CASE WHEN what = 'taken' THEN amount ELSE -amount END) > 0 \
         ORDER BY capacity_id",
        &[place.into(), need.into()],
    )?;
    rows.iter()
        .map(|row| {
            Ok(Take {
                slot: row.id(0)?,
                amount: number(row, 1)?,
            })
        })
        .collect()
}

/// Gives back whatever a need has taken. How many figures that was.
///
/// # Errors
/// The database's.
pub fn give_back(
    tx: &mut dyn Tx,
    need: NeedId,
    (at, by): (Timestamp, &str),
) -> Result<usize, Error> {
    let place = tx.place().to_owned();
    let held = held_by(tx, need)?;
    for take in &held {
        tx.execute(
            "UPDATE capacity SET free = free + ?3, version = version + 1 \
             WHERE place = ?1 AND id = ?2",
            &[place.as_str().into(), take.slot.into(), take.amount.into()],
        )?;
        put_down(tx, "given back", take, need, (at, by))?;
    }
    Ok(held.len())
}

/// The figure with an id, also one that has ended.
///
/// # Errors
/// The database's.
pub fn by_id(tx: &mut dyn Tx, id: CapacityId) -> Result<Option<Figure>, Error> {
    let place = tx.place().to_owned();
    let sql = format!("{COLUMNS} WHERE place = ?1 AND id = ?2");
    tx.query_opt(&sql, &[place.into(), id.into()])?
        .as_ref()
        .map(read)
        .transpose()
}

/// Every figure that stands, by service; of one service if it is named.
///
/// # Errors
/// The database's.
pub fn standing(tx: &mut dyn Tx, service: Option<ServiceId>) -> Result<Vec<Figure>, Error> {
    let place = tx.place().to_owned();
    let mut values: Vec<Value> = vec![place.into()];
    let mut of = "";
    if let Some(service) = service {
        values.push(service.into());
        of = "AND service_id = ?2 ";
    }
    let sql = format!(
        "{COLUMNS} WHERE place = ?1 {of}AND ended_at IS NULL ORDER BY service_id, kind, id"
    );
    tx.query(&sql, &values)?.iter().map(read).collect()
}

/// Everything that changed a figure, oldest first.
///
/// # Errors
/// The database's.
pub fn events(tx: &mut dyn Tx, id: CapacityId) -> Result<Vec<Event>, Error> {
    let place = tx.place().to_owned();
    let rows = tx.query(
        "SELECT what, amount, free, at, by_whom, need_id FROM capacity_event \
         WHERE place = ?1 AND capacity_id = ?2 ORDER BY number",
        &[place.into(), id.into()],
    )?;
    rows.iter()
        .map(|row| {
            Ok(Event {
                what: row.text(0)?.to_owned(),
                amount: number(row, 1)?,
                free: number(row, 2)?,
                at: row.instant(3)?,
                by: row.text(4)?.to_owned(),
                need: row.opt_id(5)?,
            })
        })
        .collect()
}
