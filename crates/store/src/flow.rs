//! Rows of stays and delays; notices, changes, the board and the month's stays
//! are in the files of this folder.

mod board;
mod cases;
mod chain;
mod change;
mod delay;
mod hub;
mod huddle;
mod letter;
mod month;
mod notice;
mod returned;
mod switch;
pub mod told;
mod work;

pub use board::{
    BoardFilter, BoardLine, BoardOrder, BoardPage, BoardStep, OpenStay, OpenStays, board,
    board_fitting, open_stays,
};
pub use cases::open_cases;
pub use chain::{
    ChainEvent, ChainRow, add_chain_event, answer_handover, chain, chain_events, chain_of,
    chain_of_handover, chain_of_step, chains_outside, insert_chain, insert_handover, open_by_set,
    update_chain,
};
pub use change::{Change, add_changes, changes};
pub use delay::{OpenDelay, open_delays};
pub use hub::{
    Check, LongStayReview, Reside, add_check, add_long_stay_review, add_reside, checks,
    long_stay_reviews, resides,
};
pub use huddle::{
    Huddle, HuddleCase, huddle, huddle_cases, huddles, insert_huddle, say_case, update_huddle,
};
pub use letter::{GivenLetter, add_letter, last_acting, letters};
pub use month::{Counted, MonthStay, Read, month_stays};
pub use notice::{
    attach_notice, insert_notice, insert_told, notice_by_message, notices_of_person,
    notices_of_stay, set_standing, told_of_all, told_of_stay, told_waiting,
};
pub use returned::{Before, Earlier, stays_before};
pub use switch::{Switch, insert_switch, set_in_use, switches};
pub use work::{WorkFilter, WorkLine, work};

use crate::{Error, Row, Tx, Value};
use flow::{CareType, DestinationState, Pathway, Responsible, Segment, Stay};
use jiff::Timestamp;
use jiff::civil::Date;
use kernel::{OrganisationId, PersonId, SegmentId, StayId};

/// A stay with everything that stands beside its dates.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StayRow {
    /// The stay with the segments that stand.
    pub stay: Stay,
    /// Where it came from: `adw`, `demo`, `screen`.
    pub source: String,
    /// The source's own key of it.
    pub source_key: Option<String>,
    /// Day on which the council said it had assessed.
    pub assessed_on: Option<Date>,
    /// Next place or service in words; empty if none is known.
    pub destination: String,
    /// How far it has come.
    pub destination_state: DestinationState,
    /// First day of it.
    pub starts_on: Option<Date>,
    /// What is to be done next; empty if nothing is set.
    pub next_action: String,
    /// The organisation that is to do it.
    pub next_owner: Option<OrganisationId>,
    /// The person or team that is to do it; empty if not set.
    pub next_owner_name: String,
    /// When it is due.
    pub next_due_at: Option<Timestamp>,
    /// When anything of it was last changed.
    pub updated_at: Timestamp,
    /// Name of whoever changed it.
    pub updated_by: String,
    /// Goes up by one with each change.
    pub version: i64,
}

const STAY: &str = "id, person_id, hospital_id, ward, bed, council_id, care_type, source, \
     source_key, admitted_on, admission_method, expected_on, clinical_ready_on, mdt_ready_on, \
     safe_on, ready_on, discharged_on, discharge_method, discharge_destination, pathway, \
     assessed_on, destination, destination_state, starts_on, next_action, next_owner_id, \
     next_owner_name, next_due_at, updated_at, updated_by, version";

/// Reads a word of a list that the schema holds to.
fn word<T>(row: &Row, column: usize, parse: fn(&str) -> Option<T>) -> Result<T, Error> {
    parse(row.text(column)?).ok_or(Error::Column {
        column,
        expected: "a word of its list",
    })
}

fn owned(row: &Row, column: usize) -> Result<Option<String>, Error> {
    Ok(row.opt_text(column)?.map(str::to_owned))
}

fn read_stay(row: &Row) -> Result<StayRow, Error> {
    let pathway = row
        .opt_int(19)?
        .and_then(|number| u8::try_from(number).ok())
        .and_then(Pathway::new);
    Ok(StayRow {
        stay: Stay {
            id: row.id(0)?,
            person: row.id(1)?,
            hospital: row.id(2)?,
            ward: row.text(3)?.to_owned(),
            bed: row.text(4)?.to_owned(),
            council: row.opt_id(5)?,
            care_type: word(row, 6, CareType::parse)?,
            admitted_on: row.date(9)?,
            admission_method: owned(row, 10)?,
            expected_on: row.opt_date(11)?,
            clinical_ready_on: row.opt_date(12)?,
            mdt_ready_on: row.opt_date(13)?,
            safe_on: row.opt_date(14)?,
            ready_on: row.opt_date(15)?,
            discharged_on: row.opt_date(16)?,
            discharge_method: owned(row, 17)?,
            discharge_destination: owned(row, 18)?,
            pathway,
            segments: Vec::new(),
        },
        source: row.text(7)?.to_owned(),
        source_key: owned(row, 8)?,
        assessed_on: row.opt_date(20)?,
        destination: row.text(21)?.to_owned(),
        destination_state: word(row, 22, DestinationState::parse)?,
        starts_on: row.opt_date(23)?,
        next_action: row.text(24)?.to_owned(),
        next_owner: row.opt_id(25)?,
        next_owner_name: row.text(26)?.to_owned(),
        next_due_at: row.opt_instant(27)?,
        updated_at: row.instant(28)?,
        updated_by: row.text(29)?.to_owned(),
        version: row.int(30)?,
    })
}

/// What the board says of an open stay: the reason it waits for, who is
/// responsible and which organisation has the move. It repeats the open segment,
/// so that the board reads one table.
fn waiting(stay: &Stay) -> [Value; 3] {
    match stay
        .segments
        .iter()
        .find(|segment| segment.ends_on.is_none())
    {
        Some(open) => [
            format!("{}/{}", open.code_set, open.reason).into(),
            open.responsible.as_str().into(),
            open.organisation.into(),
        ],
        None => [Value::Null, Value::Null, Value::Null],
    }
}

fn stay_values(place: &str, row: &StayRow) -> Vec<Value> {
    let stay = &row.stay;
    let mut values: Vec<Value> = vec![
        place.into(),
        stay.id.into(),
        stay.person.into(),
        stay.hospital.into(),
        stay.ward.as_str().into(),
        stay.bed.as_str().into(),
        stay.council.into(),
        stay.care_type.as_str().into(),
        row.source.as_str().into(),
        row.source_key.as_deref().into(),
        stay.admitted_on.into(),
        stay.admission_method.as_deref().into(),
        stay.expected_on.into(),
        stay.clinical_ready_on.into(),
        stay.mdt_ready_on.into(),
        stay.safe_on.into(),
        stay.ready_on.into(),
        stay.discharged_on.into(),
        stay.discharge_method.as_deref().into(),
        stay.discharge_destination.as_deref().into(),
        stay.pathway
            .map(|pathway| i64::from(pathway.number()))
            .into(),
        row.assessed_on.into(),
        row.destination.as_str().into(),
        row.destination_state.as_str().into(),
        row.starts_on.into(),
        row.next_action.as_str().into(),
        row.next_owner.into(),
        row.next_owner_name.as_str().into(),
        row.next_due_at.into(),
    ];
    values.extend(waiting(stay));
    values.extend([
        row.updated_at.into(),
        row.updated_by.as_str().into(),
        row.version.into(),
    ]);
    values
}

/// Adds a stay. Its segments are added one by one with [`insert_segment`].
///
/// # Errors
/// The database's: the id or the source's key is taken, or a reference leads nowhere.
pub fn insert_stay(tx: &mut dyn Tx, row: &StayRow) -> Result<(), Error> {
    let values = stay_values(tx.place(), row);
    tx.execute(
        "INSERT INTO stay (place, id, person_id, hospital_id, ward, bed, council_id, care_type, \
         source, source_key, admitted_on, admission_method, expected_on, clinical_ready_on, \
         mdt_ready_on, safe_on, ready_on, discharged_on, discharge_method, discharge_destination, \
         pathway, assessed_on, destination, destination_state, starts_on, next_action, \
         next_owner_id, next_owner_name, next_due_at, waiting_reason, waiting_responsible, \
         waiting_organisation_id, updated_at, updated_by, version) \
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, \
         ?19, ?20, ?21, ?22, ?23, ?24, ?25, ?26, ?27, ?28, ?29, ?30, ?31, ?32, ?33, ?34, ?35)",
        &values,
    )?;
    Ok(())
}

/// Writes a stay over, if its version is still the one before `row.version`.
/// False if it is not: somebody else was quicker.
///
/// # Errors
/// The database's.
pub fn update_stay(tx: &mut dyn Tx, row: &StayRow) -> Result<bool, Error> {
    let values = stay_values(tx.place(), row);
    let changed = tx.execute(
        "UPDATE stay SET person_id = ?3, hospital_id = ?4, ward = ?5, bed = ?6, council_id = ?7, \
         care_type = ?8, source = ?9, source_key = ?10, admitted_on = ?11, admission_method = ?12, \
         expected_on = ?13, clinical_ready_on = ?14, mdt_ready_on = ?15, safe_on = ?16, \
         ready_on = ?17, discharged_on = ?18, discharge_method = ?19, discharge_destination = ?20, \
         pathway = ?21, assessed_on = ?22, destination = ?23, destination_state = ?24, \
         starts_on = ?25, next_action = ?26, next_owner_id = ?27, next_owner_name = ?28, \
         next_due_at = ?29, waiting_reason = ?30, waiting_responsible = ?31, \
         waiting_organisation_id = ?32, updated_at = ?33, updated_by = ?34, version = ?35 \
         WHERE place = ?1 AND id = ?2 AND version = ?35 - 1",
        &values,
    )?;
    Ok(changed == 1)
}

/// The stay with an id, with the segments that stand.
///
/// # Errors
/// The database's.
pub fn stay(tx: &mut dyn Tx, id: StayId) -> Result<Option<StayRow>, Error> {
    let place = tx.place().to_owned();
    let sql = format!("SELECT {STAY} FROM stay WHERE place = ?1 AND id = ?2");
    let found = tx.query_opt(&sql, &[place.into(), id.into()])?;
    found
        .map(|row| with_segments(tx, read_stay(&row)?))
        .transpose()
}

/// The stay that a source knows under a key of its own.
///
/// # Errors
/// The database's.
pub fn stay_by_source(tx: &mut dyn Tx, source: &str, key: &str) -> Result<Option<StayRow>, Error> {
    let place = tx.place().to_owned();
    let sql =
        format!("SELECT {STAY} FROM stay WHERE place = ?1 AND source = ?2 AND source_key = ?3");
    let found = tx.query_opt(&sql, &[place.into(), source.into(), key.into()])?;
    found
        .map(|row| with_segments(tx, read_stay(&row)?))
        .transpose()
}

/// A person's stays with what stands beside them, latest admission first.
///
/// # Errors
/// The database's.
pub fn stay_rows_of_person(tx: &mut dyn Tx, person: PersonId) -> Result<Vec<StayRow>, Error> {
    let place = tx.place().to_owned();
    let sql = format!(
        "SELECT {STAY} FROM stay WHERE place = ?1 AND person_id IN \
         (SELECT id FROM person WHERE place = ?1 AND head_id = ?2) ORDER BY admitted_on DESC, id DESC"
    );
    let mut rows = tx
        .query(&sql, &[place.clone().into(), person.into()])?
        .iter()
        .map(read_stay)
        .collect::<Result<Vec<_>, Error>>()?;
    if rows.is_empty() {
        return Ok(rows);
    }
    // The segments of all of them in one statement.
    let sql = format!(
        "SELECT {SEGMENT}, stay_id FROM delay_segment WHERE place = ?1 AND superseded_at IS NULL \
         AND stay_id IN (SELECT s.id FROM person p CROSS JOIN stay s WHERE p.place = ?1 \
         AND p.head_id = ?2 AND s.place = ?1 AND s.person_id = p.id) \
         ORDER BY starts_on, recorded_at, id"
    );
    for row in tx.query(&sql, &[place.into(), person.into()])? {
        let (stay, segment): (StayId, _) = (row.id(12)?, read_segment(&row)?.segment);
        if let Some(of) = rows.iter_mut().find(|one| one.stay.id == stay) {
            of.stay.segments.push(segment);
        }
    }
    Ok(rows)
}

/// A person's stays, latest admission first.
///
/// # Errors
/// The database's.
pub fn stays_of_person(tx: &mut dyn Tx, person: PersonId) -> Result<Vec<Stay>, Error> {
    Ok(stay_rows_of_person(tx, person)?
        .into_iter()
        .map(|row| row.stay)
        .collect())
}

fn with_segments(tx: &mut dyn Tx, mut row: StayRow) -> Result<StayRow, Error> {
    row.stay.segments = segments_of_stay(tx, row.stay.id)?
        .into_iter()
        .filter(|kept| kept.superseded.is_none())
        .map(|kept| kept.segment)
        .collect();
    Ok(row)
}

/// A segment with its history.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeptSegment {
    /// The segment.
    pub segment: Segment,
    /// When it was written down.
    pub recorded_at: Timestamp,
    /// Name of whoever wrote it.
    pub recorded_by: String,
    /// If it no longer stands: when that was found, what stands instead, and why.
    pub superseded: Option<Superseded>,
}

/// Why a segment no longer stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Superseded {
    /// When it was corrected.
    pub at: Timestamp,
    /// The segment that stands in its stead, if one does.
    pub by: Option<SegmentId>,
    /// Why, in words.
    pub why: String,
}

const SEGMENT: &str = "id, starts_on, ends_on, code_set, reason, responsible, organisation_id, \
     recorded_at, recorded_by, superseded_at, superseded_by, superseded_why";

fn read_segment(row: &Row) -> Result<KeptSegment, Error> {
    let superseded = match row.opt_instant(9)? {
        None => None,
        Some(at) => Some(Superseded {
            at,
            by: row.opt_id(10)?,
            why: row.opt_text(11)?.unwrap_or_default().to_owned(),
        }),
    };
    Ok(KeptSegment {
        segment: Segment {
            id: row.id(0)?,
            starts_on: row.date(1)?,
            ends_on: row.opt_date(2)?,
            code_set: row.text(3)?.to_owned(),
            reason: row.text(4)?.to_owned(),
            responsible: word(row, 5, Responsible::parse)?,
            organisation: row.opt_id(6)?,
        },
        recorded_at: row.instant(7)?,
        recorded_by: row.text(8)?.to_owned(),
        superseded,
    })
}

/// Every segment of a stay, those that no longer stand too, by start and by
/// when they were written down.
///
/// # Errors
/// The database's.
pub fn segments_of_stay(tx: &mut dyn Tx, stay: StayId) -> Result<Vec<KeptSegment>, Error> {
    let place = tx.place().to_owned();
    let sql = format!(
        "SELECT {SEGMENT} FROM delay_segment WHERE place = ?1 AND stay_id = ?2 \
         ORDER BY starts_on, recorded_at, id"
    );
    tx.query(&sql, &[place.into(), stay.into()])?
        .iter()
        .map(read_segment)
        .collect()
}

/// Adds a segment to a stay.
///
/// # Errors
/// The database's.
pub fn insert_segment(
    tx: &mut dyn Tx,
    stay: StayId,
    segment: &Segment,
    at: Timestamp,
    by: &str,
) -> Result<(), Error> {
    let place = tx.place().to_owned();
    tx.execute(
        "INSERT INTO delay_segment (place, id, stay_id, starts_on, ends_on, code_set, reason, \
         responsible, organisation_id, recorded_at, recorded_by) \
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
        &[
            place.into(),
            segment.id.into(),
            stay.into(),
            segment.starts_on.into(),
            segment.ends_on.into(),
            segment.code_set.as_str().into(),
            segment.reason.as_str().into(),
            segment.responsible.as_str().into(),
            segment.organisation.into(),
            at.into(),
            by.into(),
        ],
    )?;
    Ok(())
}

/// Ends a segment that is open.
///
/// # Errors
/// The database's.
pub fn end_segment(tx: &mut dyn Tx, id: SegmentId, ends_on: Date) -> Result<(), Error> {
    let place = tx.place().to_owned();
    tx.execute(
        "UPDATE delay_segment SET ends_on = ?3 WHERE place = ?1 AND id = ?2 AND ends_on IS NULL",
        &[place.into(), id.into(), ends_on.into()],
    )?;
    Ok(())
}

/// Marks a segment as no longer standing. It stays in the history.
///
/// # Errors
/// The database's.
pub fn supersede_segment(
    tx: &mut dyn Tx,
    id: SegmentId,
    superseded: &Superseded,
) -> Result<(), Error> {
    let place = tx.place().to_owned();
    tx.execute(
        "UPDATE delay_segment SET superseded_at = ?3, superseded_by = ?4, superseded_why = ?5 \
         WHERE place = ?1 AND id = ?2 AND superseded_at IS NULL",
        &[
            place.into(),
            id.into(),
            superseded.at.into(),
            superseded.by.into(),
            superseded.why.as_str().into(),
        ],
    )?;
    Ok(())
}
