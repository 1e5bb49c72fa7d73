//! Rows of who was told that nobody answers an offer of a step, and how much waits for somebody.

use super::word;
use crate::scope::PeopleScope;
use crate::value::listed;
use crate::{Error, Tx, Value};
use flow::chain::handover::Escalation;
use jiff::Timestamp;
use kernel::{HandoverId, OrganisationId};

/// Somebody was told of silence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    /// The offer.
    pub handover: HandoverId,
    /// How far it had come.
    pub level: Escalation,
    /// The organisation; `None` where the case knows none.
    pub organisation: Option<OrganisationId>,
    /// Who there, in words.
    pub whom: String,
    /// When.
    pub at: Timestamp,
}

/// Offers whose silence somebody has to be told of: due before `now` and nobody told, or due
/// before `hub_before` and the hub not told.
///
/// # Errors
/// The database's.
pub fn untold(
    tx: &mut dyn Tx,
    now: Timestamp,
    hub_before: Option<Timestamp>,
) -> Result<Vec<HandoverId>, Error> {
    let place = tx.place().to_owned();
    let told = |level: &str| {
        format!(
            "NOT EXISTS (SELECT 1 FROM handover_told t WHERE t.place = h.place \
             AND t.handover_id = h.id AND t.level = '{level}')"
        )
    };
    let sql = format!(
        "SELECT h.id FROM handover h WHERE h.place = ?1 AND h.answer IS NULL \
         AND h.answer_due_at < ?2 AND ({} OR (h.answer_due_at < ?3 AND {}))",
        told(Escalation::TheirLead.as_str()),
        told(Escalation::Hub.as_str())
    );
    let hub = hub_before.unwrap_or(Timestamp::MIN);
    tx.query(&sql, &[place.into(), now.into(), hub.into()])?
        .iter()
        .map(|row| row.id(0))
        .collect()
}

/// Keeps that somebody was told. False if that level was told before.
///
/// # Errors
/// The database's.
pub fn tell(tx: &mut dyn Tx, told: &Told) -> Result<bool, Error> {
    let place = tx.place().to_owned();
    let kept = tx.execute(
        "INSERT INTO handover_told (place, handover_id, level, organisation_id, whom, told_at) \
         VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT (place, handover_id, level) DO NOTHING",
        &[
            place.into(),
            told.handover.into(),
            told.level.as_str().into(),
            told.organisation.into(),
            told.whom.as_str().into(),
            told.at.into(),
        ],
    )?;
    Ok(kept > 0)
}

/// Who was told of the silence on some offers, in one statement.
///
/// # Errors
/// The database's.
pub fn told_of(tx: &mut dyn Tx, offers: &[HandoverId]) -> Result<Vec<Told>, Error> {
    if offers.is_empty() {
        return Ok(Vec::new());
    }
    let mut values = vec![Value::from(tx.place())];
    let list = listed(&mut values, offers.iter().copied());
    let sql = format!(
        "SELECT handover_id, level, organisation_id, whom, told_at FROM handover_told \
         WHERE place = ?1 AND handover_id IN ({list})"
    );
    let mut told = tx
        .query(&sql, &values)?
        .iter()
        .map(|row| {
            Ok(Told {
                handover: row.id(0)?,
                level: word(row, 1, Escalation::parse)?,
                organisation: row.opt_id(2)?,
                whom: row.text(3)?.to_owned(),
                at: row.instant(4)?,
            })
        })
        .collect::<Result<Vec<_>, Error>>()?;
    told.sort_by_key(|one| one.at);
    Ok(told)
}

/// Whom things wait for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WaitsFor {
    /// The organisations that they act for.
    pub organisations: Vec<OrganisationId>,
    /// Their name: a late step that bears another's is that other's.
    pub name: String,
    /// The moment.
    pub now: Timestamp,
}

impl WaitsFor {
    /// A list of ids of steps that wait: offered to them, told to them, theirs and late.
    pub(super) fn sql(&self, values: &mut Vec<Value>) -> String {
        let list = listed(values, self.organisations.iter().copied());
        let name = listed(values, [self.name.as_str()]);
        let now = listed(values, [self.now]);
        format!(
            "SELECT o.step_id FROM handover o WHERE o.place = ?1 AND o.to_id IN ({list}) \
             AND o.answer IS NULL UNION SELECT o.step_id FROM handover_told t \
             JOIN handover o ON o.place = t.place AND o.id = t.handover_id WHERE t.place = ?1 \
             AND t.organisation_id IN ({list}) AND o.answer IS NULL UNION \
             SELECT w.id FROM chain_step w WHERE w.place = ?1 AND w.owner_id IN ({list}) \
             AND w.state IN ('going on', 'waiting') AND w.due_at < {now} \
             AND w.owner_name IN ('', {name})"
        )
    }
}

/// How many steps wait for somebody, of people in scope: at most `most`. One statement.
///
/// # Errors
/// The database's.
pub fn waiting(
    tx: &mut dyn Tx,
    whom: &WaitsFor,
    scope: &PeopleScope,
    most: i64,
) -> Result<i64, Error> {
    let mut values = vec![Value::from(tx.place())];
    let ids = whom.sql(&mut values);
    let in_scope = scope.sql_of("c.person_id", &mut values);
    values.push(most.into());
    let sql = format!(
        "SELECT COUNT(*) FROM (SELECT s.id FROM chain_step s JOIN chain c ON c.place = s.place \
         AND c.id = s.chain_id WHERE s.place = ?1 AND s.id IN ({ids}) \
         AND s.state IN ('going on', 'waiting') AND {in_scope} LIMIT ?{}) waiting",
        values.len()
    );
    tx.query_opt(&sql, &values)?.map_or(Ok(0), |row| row.int(0))
}
