//! Rows of needs, of offers of them to services, and of every answer.

mod answer;

pub use answer::{Answered, add_answer, answers_of_need};

use crate::scope::PeopleScope;
use crate::value::listed;
use crate::{Error, Row, Tx, Value};
use flow::offer::need::{read_visits, visits_kept};
use flow::offer::{Kind, Need, NeedState, OfferState, Way};
use jiff::Timestamp;
use jiff::civil::Date;
use kernel::{NeedId, OfferId, OrganisationId, PersonId, ServiceId, StayId};

/// A need with everything that stands beside it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NeedRow {
    /// Its id.
    pub id: NeedId,
    /// The record it hangs on.
    pub person: PersonId,
    /// The stay that it is to end.
    pub stay: Option<StayId>,
    /// What is needed.
    pub need: Need,
    /// Code of who pays.
    pub funding: String,
    /// The person's age, as a band.
    pub age_band: String,
    /// What a service must know to decide, in words.
    pub words: String,
    /// In which way services are asked.
    pub way: Way,
    /// How long each has to answer, in minutes.
    pub answer_minutes: i64,
    /// Where it stands.
    pub state: NeedState,
    /// The need whose care it takes up again.
    pub restarts: Option<NeedId>,
    /// When it was written.
    pub written_at: Timestamp,
    /// Who wrote it.
    pub written_by: String,
    /// For which organisation.
    pub organisation: Option<OrganisationId>,
    /// When it was withdrawn, by whom and why.
    pub ended: Option<(Timestamp, String, String)>,
    /// Goes up by one with each change.
    pub version: i64,
}

impl NeedRow {
    /// Whether it looks for a service, or has one that has not begun.
    pub const fn goes_on(&self) -> bool {
        matches!(self.state, NeedState::Open | NeedState::Accepted)
    }
}

/// An offer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OfferRow {
    /// Its id.
    pub id: OfferId,
    /// The need.
    pub need: NeedId,
    /// The service asked.
    pub service: ServiceId,
    /// Its turn, from 1.
    pub position: i64,
    /// Where it stands.
    pub state: OfferState,
    /// When it was asked.
    pub asked_at: Option<Timestamp>,
    /// Until when there is time.
    pub due_at: Option<Timestamp>,
    /// When somebody of the service first opened it.
    pub seen_at: Option<Timestamp>,
    /// When it was answered.
    pub answered_at: Option<Timestamp>,
    /// By whom; empty if it was not.
    pub answered_by: String,
    /// First day of care, as answered.
    pub starts_on: Option<Date>,
    /// Code of the reason of a no.
    pub reason: String,
    /// More about it.
    pub words: String,
}

const NEED: &str = "SELECT n.id, n.person_id, n.stay_id, n.kind, n.zone, n.visits, \
     n.double_handed, n.skills, n.starts_on, n.latest_start, n.funding, n.age_band, n.words, \
     n.way, n.answer_minutes, n.state, n.restarts_id, n.written_at, n.written_by, \
     n.organisation_id, n.ended_at, n.ended_by, n.ended_why, n.version FROM need n ";

const OFFER: &str = "SELECT o.id, o.need_id, o.service_id, o.position, o.state, o.asked_at, \
     o.due_at, o.seen_at, o.answered_at, o.answered_by, o.starts_on, o.reason, o.words \
     FROM offer o ";

fn word<T>(row: &Row, column: usize, parse: fn(&str) -> Option<T>) -> Result<T, Error> {
    parse(row.text(column)?).ok_or(Error::Column {
        column,
        expected: "a word of its list",
    })
}

fn text(row: &Row, column: usize) -> Result<String, Error> {
    Ok(row.text(column)?.to_owned())
}

fn read_need(row: &Row) -> Result<NeedRow, Error> {
    let ended = match row.opt_instant(20)? {
        Some(at) => Some((at, text(row, 21)?, text(row, 22)?)),
        None => None,
    };
    Ok(NeedRow {
        id: row.id(0)?,
        person: row.id(1)?,
        stay: row.opt_id(2)?,
        need: Need {
            kind: word(row, 3, Kind::parse)?,
            zone: text(row, 4)?,
            visits: word(row, 5, read_visits)?,
            double_handed: row.int(6)? != 0,
            skills: row.text(7)?.lines().map(str::to_owned).collect(),
            starts_on: row.date(8)?,
            latest_start: row.date(9)?,
        },
        funding: text(row, 10)?,
        age_band: text(row, 11)?,
        words: text(row, 12)?,
        way: word(row, 13, Way::parse)?,
        answer_minutes: row.int(14)?,
        state: word(row, 15, NeedState::parse)?,
        restarts: row.opt_id(16)?,
        written_at: row.instant(17)?,
        written_by: text(row, 18)?,
        organisation: row.opt_id(19)?,
        ended,
        version: row.int(23)?,
    })
}

fn read_offer(row: &Row) -> Result<OfferRow, Error> {
    Ok(OfferRow {
        id: row.id(0)?,
        need: row.id(1)?,
        service: row.id(2)?,
        position: row.int(3)?,
        state: word(row, 4, OfferState::parse)?,
        asked_at: row.opt_instant(5)?,
        due_at: row.opt_instant(6)?,
        seen_at: row.opt_instant(7)?,
        answered_at: row.opt_instant(8)?,
        answered_by: text(row, 9)?,
        starts_on: row.opt_date(10)?,
        reason: text(row, 11)?,
        words: text(row, 12)?,
    })
}

/// Adds a need.
///
/// # Errors
/// The database's.
pub fn insert_need(tx: &mut dyn Tx, row: &NeedRow) -> Result<(), Error> {
    let place = tx.place().to_owned();
    let need = &row.need;
    let marks: Vec<String> = (1..=22).map(|at| format!("?{at}")).collect();
    let sql = format!(
        "INSERT INTO need (place, id, person_id, stay_id, kind, zone, visits, double_handed, \
         skills, starts_on, latest_start, funding, age_band, words, way, answer_minutes, state, \
         restarts_id, written_at, written_by, organisation_id, version, ended_by, ended_why) \
         VALUES ({}, '', '')",
        marks.join(", ")
    );
    tx.execute(
        &sql,
        &[
            place.into(),
            row.id.into(),
            row.person.into(),
            row.stay.into(),
            need.kind.as_str().into(),
            need.zone.as_str().into(),
            visits_kept(&need.visits).into(),
            i64::from(need.double_handed).into(),
            need.skills.join("\n").into(),
            need.starts_on.into(),
            need.latest_start.into(),
            row.funding.as_str().into(),
            row.age_band.as_str().into(),
            row.words.as_str().into(),
            row.way.as_str().into(),
            row.answer_minutes.into(),
            row.state.as_str().into(),
            row.restarts.into(),
            row.written_at.into(),
            row.written_by.as_str().into(),
            row.organisation.into(),
            row.version.into(),
        ],
    )?;
    Ok(())
}

/// Writes where a need stands, and in which way services are asked, over the version before it.
/// False when another version stands.
///
/// # Errors
/// The database's.
pub fn update_need(tx: &mut dyn Tx, row: &NeedRow) -> Result<bool, Error> {
    let place = tx.place().to_owned();
    let (at, by, why) = row
        .ended
        .as_ref()
        .map_or((None, "", ""), |(at, by, why)| (Some(*at), by, why));
    let changed = tx.execute(
        "UPDATE need SET state = ?4, way = ?5, answer_minutes = ?6, latest_start = ?7, \
         ended_at = ?8, ended_by = ?9, ended_why = ?10, version = ?3 \
         WHERE place = ?1 AND id = ?2 AND version = ?3 - 1",
        &[
            place.into(),
            row.id.into(),
            row.version.into(),
            row.state.as_str().into(),
            row.way.as_str().into(),
            row.answer_minutes.into(),
            row.need.latest_start.into(),
            at.into(),
            by.into(),
            why.into(),
        ],
    )?;
    Ok(changed > 0)
}

/// The need with an id.
///
/// # Errors
/// The database's.
pub fn need(tx: &mut dyn Tx, id: NeedId) -> Result<Option<NeedRow>, Error> {
    let place = tx.place().to_owned();
    let sql = format!("{NEED} WHERE n.place = ?1 AND n.id = ?2");
    tx.query_opt(&sql, &[place.into(), id.into()])?
        .as_ref()
        .map(read_need)
        .transpose()
}

/// Every need of a person, the latest first; the person is the head of the records.
///
/// # Errors
/// The database's.
pub fn needs_of_person(tx: &mut dyn Tx, head: PersonId) -> Result<Vec<NeedRow>, Error> {
    let place = tx.place().to_owned();
    let sql = format!(
        "{NEED} WHERE n.place = ?1 AND n.person_id IN \
         (SELECT id FROM person WHERE place = ?1 AND head_id = ?2) \
         ORDER BY n.written_at DESC, n.id DESC"
    );
    tx.query(&sql, &[place.into(), head.into()])?
        .iter()
        .map(read_need)
        .collect()
}

/// Needs of a state whose people an asker may see, with the heads of their records, the oldest
/// first.
///
/// # Errors
/// The database's.
pub fn needs_in(
    tx: &mut dyn Tx,
    states: &[NeedState],
    scope: &PeopleScope,
    (skip, most): (usize, usize),
) -> Result<Vec<(NeedRow, PersonId)>, Error> {
    let mut values: Vec<Value> = vec![tx.place().into()];
    let mut put = |value: Value| {
        values.push(value);
        format!("?{}", values.len())
    };
    let states: Vec<String> = states.iter().map(|one| put(one.as_str().into())).collect();
    let (skip, most) = (
        put(i64::try_from(skip).unwrap_or(i64::MAX).into()),
        put(i64::try_from(most).unwrap_or(i64::MAX).into()),
    );
    let scope = scope.sql("p.head_id", &mut values);
    let sql = format!(
        "{} WHERE n.place = ?1 AND n.state IN ({}) AND {scope} \
         ORDER BY n.written_at, n.id LIMIT {most} OFFSET {skip}",
        NEED.replace("n.version FROM need n", "n.version, p.head_id FROM need n JOIN person p ON p.place = n.place AND p.id = n.person_id"),
        states.join(", ")
    );
    tx.query(&sql, &values)?
        .iter()
        .map(|row| Ok((read_need(row)?, row.id(24)?)))
        .collect()
}

/// Ids of every open need of which an offer has run out of time, or of which one waits for its
/// turn and nobody is asked.
///
/// # Errors
/// The database's.
pub fn to_move_on(tx: &mut dyn Tx, now: Timestamp) -> Result<Vec<NeedId>, Error> {
    let place = tx.place().to_owned();
    let offer = |which: &str| {
        format!(
            "EXISTS (SELECT 1 FROM offer o WHERE o.place = n.place AND o.need_id = n.id \
             AND {which})"
        )
    };
    let sql = format!(
        "SELECT n.id FROM need n WHERE n.place = ?1 AND n.state = 'open' AND ({} OR ({} AND NOT \
         {}))",
        offer("o.state IN ('sent', 'seen') AND o.due_at <= ?2"),
        offer("o.state = 'not asked yet'"),
        offer("o.state IN ('sent', 'seen')"),
    );
    // Sorted here: asked to sort by id, SQLite goes through every need there ever was.
    let rows = tx.query(&sql, &[place.into(), now.into()])?;
    let mut ids = rows
        .iter()
        .map(|row| row.id(0))
        .collect::<Result<Vec<_>, _>>()?;
    ids.sort();
    Ok(ids)
}

/// Adds an offer.
///
/// # Errors
/// The database's: the need was offered to this service before.
pub fn insert_offer(tx: &mut dyn Tx, row: &OfferRow) -> Result<(), Error> {
    let place = tx.place().to_owned();
    tx.execute(
        "INSERT INTO offer (place, id, need_id, service_id, position, state, asked_at, due_at, \
         answered_by, reason, words) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, '', '', '')",
        &[
            place.into(),
            row.id.into(),
            row.need.into(),
            row.service.into(),
            row.position.into(),
            row.state.as_str().into(),
            row.asked_at.into(),
            row.due_at.into(),
        ],
    )?;
    Ok(())
}

/// Writes where an offer stands.
///
/// # Errors
/// The database's.
pub fn update_offer(tx: &mut dyn Tx, row: &OfferRow) -> Result<(), Error> {
    let place = tx.place().to_owned();
    tx.execute(
        "UPDATE offer SET position = ?3, state = ?4, asked_at = ?5, due_at = ?6, seen_at = ?7, \
         answered_at = ?8, answered_by = ?9, starts_on = ?10, reason = ?11, words = ?12 \
         WHERE place = ?1 AND id = ?2",
        &[
            place.into(),
            row.id.into(),
            row.position.into(),
            row.state.as_str().into(),
            row.asked_at.into(),
            row.due_at.into(),
            row.seen_at.into(),
            row.answered_at.into(),
            row.answered_by.as_str().into(),
            row.starts_on.into(),
            row.reason.as_str().into(),
            row.words.as_str().into(),
        ],
    )?;
    Ok(())
}

/// The offer with an id.
///
/// # Errors
/// The database's.
pub fn offer(tx: &mut dyn Tx, id: OfferId) -> Result<Option<OfferRow>, Error> {
    let place = tx.place().to_owned();
    let sql = format!("{OFFER} WHERE o.place = ?1 AND o.id = ?2");
    tx.query_opt(&sql, &[place.into(), id.into()])?
        .as_ref()
        .map(read_offer)
        .transpose()
}

/// The offer that a link answers, by the hash of its token.
///
/// # Errors
/// The database's.
pub fn by_link(tx: &mut dyn Tx, hash: &str) -> Result<Option<OfferRow>, Error> {
    let place = tx.place().to_owned();
    let sql = format!("{OFFER} WHERE o.place = ?1 AND o.link_hash = ?2");
    tx.query_opt(&sql, &[place.into(), hash.into()])?
        .as_ref()
        .map(read_offer)
        .transpose()
}

/// Gives an offer a link; one that it had opens nothing any more.
///
/// # Errors
/// The database's.
pub fn set_link(tx: &mut dyn Tx, id: OfferId, hash: &str) -> Result<(), Error> {
    let place = tx.place().to_owned();
    tx.execute(
        "UPDATE offer SET link_hash = ?3 WHERE place = ?1 AND id = ?2",
        &[place.into(), id.into(), hash.into()],
    )?;
    Ok(())
}

/// The offers of a need, in the order in which they are asked.
///
/// # Errors
/// The database's.
pub fn offers_of(tx: &mut dyn Tx, need: NeedId) -> Result<Vec<OfferRow>, Error> {
    let place = tx.place().to_owned();
    let sql = format!("{OFFER} WHERE o.place = ?1 AND o.need_id = ?2 ORDER BY o.position, o.id");
    tx.query(&sql, &[place.into(), need.into()])?
        .iter()
        .map(read_offer)
        .collect()
}

/// What some services have accepted and not begun, each with its need.
///
/// # Errors
/// The database's.
pub fn accepted_not_begun(
    tx: &mut dyn Tx,
    services: &[ServiceId],
) -> Result<Vec<(OfferRow, NeedRow)>, Error> {
    if services.is_empty() {
        return Ok(Vec::new());
    }
    let mut values: Vec<Value> = vec![tx.place().into()];
    let marks = listed(&mut values, services.iter().copied());
    let sql = format!(
        "{OFFER} WHERE o.place = ?1 AND o.service_id IN ({marks}) AND o.state = 'accepted' \
         AND o.need_id IN (SELECT n.id FROM need n WHERE n.place = ?1 AND n.state = 'accepted')"
    );
    let mut found = Vec::new();
    for row in &tx.query(&sql, &values)? {
        let offer = read_offer(row)?;
        if let Some(need) = need(tx, offer.need)? {
            found.push((offer, need));
        }
    }
    Ok(found)
}

/// The offers to some services that have been asked, those that wait first, then the latest.
///
/// # Errors
/// The database's.
pub fn offers_to(
    tx: &mut dyn Tx,
    services: &[ServiceId],
    most: u32,
) -> Result<Vec<OfferRow>, Error> {
    if services.is_empty() {
        return Ok(Vec::new());
    }
    let mut values: Vec<Value> = vec![tx.place().into(), most.into()];
    let marks = listed(&mut values, services.iter().copied());
    let sql = format!(
        "{OFFER} WHERE o.place = ?1 AND o.service_id IN ({marks}) AND o.asked_at IS NOT NULL \
         ORDER BY CASE WHEN o.state IN ('sent', 'seen') THEN 0 ELSE 1 END, \
         CASE WHEN o.state IN ('sent', 'seen') THEN o.due_at ELSE -o.asked_at END, o.id LIMIT ?2"
    );
    tx.query(&sql, &values)?.iter().map(read_offer).collect()
}
