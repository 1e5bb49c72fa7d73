//! Rows of chains of steps, their handovers and their history.

use super::word;
use crate::{Error, Row, Tx, Value};
use flow::chain::{Answer, Answered, CaseKind, Chain, Fact, Handover, OwnerRole, Step, StepState};
use jiff::Timestamp;
use kernel::{ChainId, HandoverId, PersonId, StepId};

/// A chain with what stands beside its steps.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChainRow {
    /// Its id.
    pub id: ChainId,
    /// Id of the case, such as a stay's.
    pub case_id: String,
    /// Whose case it is.
    pub person: PersonId,
    /// When the case began.
    pub began_at: Timestamp,
    /// When it was over; `None` while it goes on.
    pub over_at: Option<Timestamp>,
    /// When it was last changed.
    pub updated_at: Timestamp,
    /// Name of whoever changed it.
    pub updated_by: String,
    /// Goes up by one with each change.
    pub version: i64,
    /// Steps and handovers.
    pub chain: Chain,
}

/// One thing that somebody did to a chain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChainEvent {
    /// Title of the step; empty if it was about the whole chain.
    pub step: String,
    /// What was done, in words.
    pub what: String,
    /// Why, if somebody said.
    pub why: String,
    /// When.
    pub at: Timestamp,
    /// Name of whoever did it.
    pub actor: String,
    /// For which organisation.
    pub organisation: String,
}

pub(super) const CHAIN: &str = "SELECT id, kind, case_id, person_id, set_name, began_at, over_at, updated_at, \
     updated_by, version FROM chain ";

pub(super) const STEP: &str = "SELECT id, step_key, title, after_keys, role, owner_id, owner_name, hours, \
     ends_with, pathways, state, started_at, due_at, ended_at, ended_why, waits_set, waits_code, \
     waits_since FROM chain_step ";

pub(super) const HANDOVER: &str = "h.id, h.step_id, h.from_id, h.to_id, h.to_name, h.note, \
     h.offered_at, h.offered_by, h.answer_due_at, h.answer, h.answered_at, h.answered_by, \
     h.answer_why";

pub(super) fn read_chain(row: &Row) -> Result<ChainRow, Error> {
    Ok(ChainRow {
        id: row.id(0)?,
        case_id: row.text(2)?.to_owned(),
        person: row.id(3)?,
        began_at: row.instant(5)?,
        over_at: row.opt_instant(6)?,
        updated_at: row.instant(7)?,
        updated_by: row.text(8)?.to_owned(),
        version: row.int(9)?,
        chain: Chain {
            case: word(row, 1, CaseKind::parse)?,
            set: row.text(4)?.to_owned(),
            steps: Vec::new(),
            handovers: Vec::new(),
        },
    })
}

pub(super) fn read_step(row: &Row) -> Result<Step, Error> {
    let words = |text: &str| -> Vec<String> { text.split(' ').map(str::to_owned).collect() };
    let waits = row.opt_text(15)?.zip(row.opt_text(16)?);
    Ok(Step {
        id: row.id(0)?,
        key: row.text(1)?.to_owned(),
        title: row.text(2)?.to_owned(),
        after: words(row.text(3)?)
            .into_iter()
            .filter(|key| !key.is_empty())
            .collect(),
        role: word(row, 4, OwnerRole::parse)?,
        owner: row.opt_id(5)?,
        owner_name: row.text(6)?.to_owned(),
        hours: row.opt_int(7)?,
        ends_with: match row.opt_text(8)? {
            Some(_) => Some(word(row, 8, Fact::parse)?),
            None => None,
        },
        pathways: words(row.text(9)?)
            .iter()
            .filter_map(|number| number.parse().ok())
            .collect(),
        state: word(row, 10, StepState::parse)?,
        started_at: row.opt_instant(11)?,
        due_at: row.opt_instant(12)?,
        ended_at: row.opt_instant(13)?,
        ended_why: row.text(14)?.to_owned(),
        waits_for: waits.map(|(set, code)| (set.to_owned(), code.to_owned())),
        waits_since: row.opt_instant(17)?,
    })
}

/// Reads a handover whose columns start at `at`.
pub(super) fn read_handover(row: &Row, at: usize) -> Result<Handover, Error> {
    let answer = match row.opt_text(at + 9)? {
        Some(_) => Some(Answered {
            answer: word(row, at + 9, Answer::parse)?,
            at: row.instant(at + 10)?,
            by: row.text(at + 11)?.to_owned(),
            why: row.text(at + 12)?.to_owned(),
        }),
        None => None,
    };
    Ok(Handover {
        id: row.id(at)?,
        step: row.id(at + 1)?,
        from: row.opt_id(at + 2)?,
        to: row.id(at + 3)?,
        to_name: row.text(at + 4)?.to_owned(),
        note: row.text(at + 5)?.to_owned(),
        offered_at: row.instant(at + 6)?,
        offered_by: row.text(at + 7)?.to_owned(),
        answer_due_at: row.opt_instant(at + 8)?,
        answer,
    })
}

fn one(tx: &mut dyn Tx, condition: &str, values: &[Value]) -> Result<Option<ChainRow>, Error> {
    let Some(row) = tx.query_opt(&format!("{CHAIN}WHERE place = ?1 AND {condition}"), values)?
    else {
        return Ok(None);
    };
    let mut found = read_chain(&row)?;
    let key = [tx.place().to_owned().into(), found.id.into()];
    let sql = format!("{STEP}WHERE place = ?1 AND chain_id = ?2 ORDER BY number");
    let steps = tx.query(&sql, &key)?;
    found.chain.steps = steps.iter().map(read_step).collect::<Result<_, _>>()?;
    let sql = format!(
        "SELECT {HANDOVER} FROM handover h WHERE h.place = ?1 AND h.chain_id = ?2 \
         ORDER BY h.offered_at, h.id"
    );
    let offers = tx.query(&sql, &key)?;
    found.chain.handovers = offers
        .iter()
        .map(|row| read_handover(row, 0))
        .collect::<Result<_, _>>()?;
    Ok(Some(found))
}

/// The chain of a case, with its steps and handovers.
///
/// # Errors
/// The database's.
pub fn chain_of(tx: &mut dyn Tx, case: CaseKind, case_id: &str) -> Result<Option<ChainRow>, Error> {
    let values = [
        tx.place().to_owned().into(),
        case.as_str().into(),
        case_id.into(),
    ];
    one(tx, "kind = ?2 AND case_id = ?3", &values)
}

/// The chain that a step is of.
///
/// # Errors
/// The database's.
pub fn chain_of_step(tx: &mut dyn Tx, step: StepId) -> Result<Option<ChainRow>, Error> {
    let values = [tx.place().to_owned().into(), step.into()];
    let condition = "id = (SELECT chain_id FROM chain_step WHERE place = ?1 AND id = ?2)";
    one(tx, condition, &values)
}

/// A chain by its id.
///
/// # Errors
/// The database's.
pub fn chain(tx: &mut dyn Tx, id: ChainId) -> Result<Option<ChainRow>, Error> {
    let values = [tx.place().to_owned().into(), id.into()];
    one(tx, "id = ?2", &values)
}

/// Ids of chains of a kind that are not over and are in another set than this one.
///
/// # Errors
/// The database's.
pub fn chains_outside(tx: &mut dyn Tx, case: CaseKind, set: &str) -> Result<Vec<ChainId>, Error> {
    let place = tx.place().to_owned();
    let rows = tx.query(
        "SELECT id FROM chain WHERE place = ?1 AND kind = ?2 AND over_at IS NULL \
         AND set_name <> ?3",
        &[place.into(), case.as_str().into(), set.into()],
    )?;
    let mut ids = rows
        .iter()
        .map(|row| row.id(0))
        .collect::<Result<Vec<_>, Error>>()?;
    ids.sort();
    Ok(ids)
}

/// How many chains of a kind that are not over are in each set.
///
/// # Errors
/// The database's.
pub fn open_by_set(tx: &mut dyn Tx, case: CaseKind) -> Result<Vec<(String, i64)>, Error> {
    let place = tx.place().to_owned();
    tx.query(
        "SELECT set_name, COUNT(*) FROM chain WHERE place = ?1 AND kind = ?2 \
         AND over_at IS NULL GROUP BY set_name ORDER BY set_name",
        &[place.into(), case.as_str().into()],
    )?
    .iter()
    .map(|row| Ok((row.text(0)?.to_owned(), row.int(1)?)))
    .collect()
}

/// Writes a new chain with its steps.
///
/// # Errors
/// The database's: a second one of the same case.
pub fn insert_chain(tx: &mut dyn Tx, row: &ChainRow) -> Result<(), Error> {
    let place = tx.place().to_owned();
    tx.execute(
        "INSERT INTO chain (place, id, kind, case_id, person_id, set_name, began_at, over_at, \
         updated_at, updated_by, version) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
        &[
            place.into(),
            row.id.into(),
            row.chain.case.as_str().into(),
            row.case_id.as_str().into(),
            row.person.into(),
            row.chain.set.as_str().into(),
            row.began_at.into(),
            row.over_at.into(),
            row.updated_at.into(),
            row.updated_by.as_str().into(),
            row.version.into(),
        ],
    )?;
    for (number, step) in row.chain.steps.iter().enumerate() {
        insert_step(tx, row.id, number, step)?;
    }
    Ok(())
}

fn step_values(place: &str, chain: ChainId, number: usize, step: &Step) -> Vec<Value> {
    let (set, code) = step.waits_for.clone().unzip();
    let pathways: Vec<String> = step.pathways.iter().map(u8::to_string).collect();
    vec![
        place.into(),
        step.id.into(),
        chain.into(),
        i64::try_from(number).unwrap_or(i64::MAX).into(),
        step.key.as_str().into(),
        step.title.as_str().into(),
        step.after.join(" ").into(),
        step.role.as_str().into(),
        step.owner.into(),
        step.owner_name.as_str().into(),
        step.hours.into(),
        step.ends_with.map(Fact::as_str).into(),
        pathways.join(" ").into(),
        step.state.as_str().into(),
        step.started_at.into(),
        step.due_at.into(),
        step.ended_at.into(),
        step.ended_why.as_str().into(),
        set.into(),
        code.into(),
        step.waits_since.into(),
    ]
}

fn insert_step(tx: &mut dyn Tx, chain: ChainId, number: usize, step: &Step) -> Result<(), Error> {
    let place = tx.place().to_owned();
    tx.execute(
        "INSERT INTO chain_step (place, id, chain_id, number, step_key, title, after_keys, role, \
         owner_id, owner_name, hours, ends_with, pathways, state, started_at, due_at, ended_at, \
         ended_why, waits_set, waits_code, waits_since) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, \
         ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21)",
        &step_values(&place, chain, number, step),
    )?;
    Ok(())
}

/// Writes what changed of a chain: its own row, and the steps that differ from `before`. False
/// if somebody else changed it since.
///
/// # Errors
/// The database's.
pub fn update_chain(tx: &mut dyn Tx, before: &ChainRow, after: &ChainRow) -> Result<bool, Error> {
    let place = tx.place().to_owned();
    let changed = tx.execute(
        "UPDATE chain SET set_name = ?3, over_at = ?4, updated_at = ?5, updated_by = ?6, \
         version = ?7 WHERE place = ?1 AND id = ?2 AND version = ?8",
        &[
            place.as_str().into(),
            after.id.into(),
            after.chain.set.as_str().into(),
            after.over_at.into(),
            after.updated_at.into(),
            after.updated_by.as_str().into(),
            after.version.into(),
            before.version.into(),
        ],
    )?;
    if changed == 0 {
        return Ok(false);
    }
    let was = |number: usize, step: &Step| {
        let old = before
            .chain
            .steps
            .iter()
            .position(|old| old.id == step.id)?;
        let same = old == number && before.chain.steps.get(old) == Some(step);
        Some(same)
    };
    for (number, step) in after.chain.steps.iter().enumerate() {
        match was(number, step) {
            Some(true) => {}
            Some(false) => {
                tx.execute(
                    "UPDATE chain_step SET number = ?4, step_key = ?5, title = ?6, \
                     after_keys = ?7, role = ?8, owner_id = ?9, owner_name = ?10, hours = ?11, \
                     ends_with = ?12, pathways = ?13, state = ?14, started_at = ?15, \
                     due_at = ?16, ended_at = ?17, ended_why = ?18, waits_set = ?19, \
                     waits_code = ?20, waits_since = ?21 \
                     WHERE place = ?1 AND id = ?2 AND chain_id = ?3",
                    &step_values(&place, after.id, number, step),
                )?;
            }
            None => insert_step(tx, after.id, number, step)?,
        }
    }
    Ok(true)
}

/// Writes an offer of a step.
///
/// # Errors
/// The database's: the step has an offer without an answer already.
pub fn insert_handover(tx: &mut dyn Tx, chain: ChainId, offer: &Handover) -> Result<(), Error> {
    let place = tx.place().to_owned();
    tx.execute(
        "INSERT INTO handover (place, id, chain_id, step_id, from_id, to_id, to_name, note, \
         offered_at, offered_by, answer_due_at, answered_by, answer_why) \
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, '', '')",
        &[
            place.into(),
            offer.id.into(),
            chain.into(),
            offer.step.into(),
            offer.from.into(),
            offer.to.into(),
            offer.to_name.as_str().into(),
            offer.note.as_str().into(),
            offer.offered_at.into(),
            offer.offered_by.as_str().into(),
            offer.answer_due_at.into(),
        ],
    )?;
    Ok(())
}

/// Writes the answer of an offer. False if it has one already.
///
/// # Errors
/// The database's.
pub fn answer_handover(
    tx: &mut dyn Tx,
    id: HandoverId,
    answered: &Answered,
) -> Result<bool, Error> {
    let place = tx.place().to_owned();
    let changed = tx.execute(
        "UPDATE handover SET answer = ?3, answered_at = ?4, answered_by = ?5, answer_why = ?6 \
         WHERE place = ?1 AND id = ?2 AND answer IS NULL",
        &[
            place.into(),
            id.into(),
            answered.answer.as_str().into(),
            answered.at.into(),
            answered.by.as_str().into(),
            answered.why.as_str().into(),
        ],
    )?;
    Ok(changed == 1)
}

/// The chain of an offer.
///
/// # Errors
/// The database's.
pub fn chain_of_handover(tx: &mut dyn Tx, id: HandoverId) -> Result<Option<ChainRow>, Error> {
    let values = [tx.place().to_owned().into(), id.into()];
    let condition = "id = (SELECT chain_id FROM handover WHERE place = ?1 AND id = ?2)";
    one(tx, condition, &values)
}

/// What was done to a chain, oldest first.
///
/// # Errors
/// The database's.
pub fn chain_events(tx: &mut dyn Tx, chain: ChainId) -> Result<Vec<ChainEvent>, Error> {
    let place = tx.place().to_owned();
    tx.query(
        "SELECT step_title, what, why, at, actor, organisation FROM chain_event \
         WHERE place = ?1 AND chain_id = ?2 ORDER BY number",
        &[place.into(), chain.into()],
    )?
    .iter()
    .map(|row| {
        Ok(ChainEvent {
            step: row.text(0)?.to_owned(),
            what: row.text(1)?.to_owned(),
            why: row.text(2)?.to_owned(),
            at: row.instant(3)?,
            actor: row.text(4)?.to_owned(),
            organisation: row.text(5)?.to_owned(),
        })
    })
    .collect()
}

/// Appends to the history of a chain.
///
/// # Errors
/// The database's.
pub fn add_chain_event(tx: &mut dyn Tx, chain: ChainId, event: &ChainEvent) -> Result<(), Error> {
    let place = tx.place().to_owned();
    tx.execute(
        "INSERT INTO chain_event (place, chain_id, number, step_title, what, why, at, actor, \
         organisation) VALUES (?1, ?2, (SELECT COALESCE(MAX(number), 0) + 1 FROM chain_event \
         WHERE place = ?1 AND chain_id = ?2), ?3, ?4, ?5, ?6, ?7, ?8)",
        &[
            place.into(),
            chain.into(),
            event.step.as_str().into(),
            event.what.as_str().into(),
            event.why.as_str().into(),
            event.at.into(),
            event.actor.as_str().into(),
            event.organisation.as_str().into(),
        ],
    )?;
    Ok(())
}
