//! The stays that touch a month, a stretch at a time, for the returns.

use super::{STAY, StayRow, read_segment, read_stay};
use crate::{Error, Tx};
use flow::Stay;
use jiff::civil::Date;
use kernel::{PersonId, StayId};
use std::collections::HashMap;

/// A stay with the date of birth of its person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MonthStay {
    /// The stay with the segments that stand.
    pub stay: Stay,
    /// Date of birth, if known.
    pub birth_date: Option<Date>,
    /// The head of the person's records.
    pub head: PersonId,
}

/// Whose stays are read for figures.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Counted {
    /// Everybody's: what the law asks for, and the doctor.
    Everybody,
    /// Not those of people with the national data opt-out.
    NotOptedOut,
    /// Not those of people whose being here is kept secret: for whoever sees people too, and
    /// would find them by a count that is one more.
    NotKeptApart,
    /// Neither.
    NeitherOptedOutNorKeptApart,
}

impl Counted {
    /// A condition that holds for the heads of records that are counted. `head` is an expression
    /// for the id of a head; the place is `?1`.
    pub(crate) fn sql(self, head: &str) -> String {
        let opted_out = crate::wish::not_opted_out(head);
        let kept_apart = format!(
            "{head} NOT IN (SELECT xp.head_id FROM restriction x JOIN person xp \
             ON xp.place = x.place AND xp.id = x.person_id WHERE x.place = ?1 \
             AND x.kind = 'record' AND x.ended_at IS NULL)"
        );
        match self {
            Self::Everybody => "1 = 1".to_owned(),
            Self::NotOptedOut => opted_out,
            Self::NotKeptApart => kept_apart,
            Self::NeitherOptedOutNorKeptApart => format!("{opted_out} AND {kept_apart}"),
        }
    }
}

/// What of stays is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Read {
    /// The stays with the segments that stand.
    WithDelays,
    /// The stays with no segments: for figures that ask for no delay.
    Alone,
}

/// Up to `limit` stays, by id after `after`, of people who were in the bed on
/// any of the days, first and last. Whoever is not counted is left out here, before
/// anything is worked out (RULES H.7).
///
/// # Errors
/// The database's.
pub fn month_stays(
    tx: &mut dyn Tx,
    read: Read,
    days: (Date, Date),
    counted: Counted,
    (after, limit): (Option<StayId>, i64),
) -> Result<Vec<MonthStay>, Error> {
    let after = after.map_or_else(String::new, |id| id.to_string());
    let mut stays = stays_alone(tx, days, counted, (&after, limit))?;
    if read == Read::WithDelays {
        add_segments(tx, &after, &mut stays)?;
    }
    Ok(stays)
}

fn stays_alone(
    tx: &mut dyn Tx,
    (first, last): (Date, Date),
    counted: Counted,
    (after, limit): (&str, i64),
) -> Result<Vec<MonthStay>, Error> {
    let place = tx.place().to_owned();
    let columns = STAY
        .split(", ")
        .map(|name| format!("s.{name}"))
        .collect::<Vec<_>>()
        .join(", ");
    let sql = format!(
        "SELECT {columns}, p.birth_date, p.head_id FROM stay s \
         LEFT JOIN person p ON p.place = s.place AND p.id = s.person_id \
         WHERE s.place = ?1 AND s.id > ?2 AND s.admitted_on <= ?3 \
         AND (s.discharged_on IS NULL OR s.discharged_on >= ?4) AND {} ORDER BY s.id LIMIT ?5",
        counted.sql("p.head_id")
    );
    let rows = tx.query(
        &sql,
        &[
            place.as_str().into(),
            after.into(),
            last.into(),
            first.into(),
            limit.into(),
        ],
    )?;
    let mut stays = Vec::with_capacity(rows.len());
    for row in &rows {
        let StayRow { stay, .. } = read_stay(row)?;
        stays.push(MonthStay {
            birth_date: row.opt_date(31)?,
            head: row.opt_id(32)?.unwrap_or(stay.person),
            stay,
        });
    }
    Ok(stays)
}

/// Gives stays, read in order after an id, the segments that stand.
fn add_segments(tx: &mut dyn Tx, after: &str, stays: &mut [MonthStay]) -> Result<(), Error> {
    let place = tx.place().to_owned();
    let Some(end) = stays.last().map(|found| found.stay.id) else {
        return Ok(());
    };
    let place_of: HashMap<StayId, usize> = stays
        .iter()
        .enumerate()
        .map(|(index, found)| (found.stay.id, index))
        .collect();
    let segments = tx.query(
        "SELECT id, starts_on, ends_on, code_set, reason, responsible, organisation_id, \
         recorded_at, recorded_by, superseded_at, superseded_by, superseded_why, stay_id \
         FROM delay_segment WHERE place = ?1 AND stay_id > ?2 AND stay_id <= ?3 \
         AND superseded_at IS NULL ORDER BY stay_id, starts_on, recorded_at, id",
        &[place.into(), after.into(), end.into()],
    )?;
    for row in &segments {
        if let Some(index) = place_of.get(&row.id::<StayId>(12)?) {
            stays[*index].stay.segments.push(read_segment(row)?.segment);
        }
    }
    Ok(())
}
