//! Open steps of people in scope, for a list of work.

use super::chain::{HANDOVER, read_handover};
use super::told::WaitsFor;
use super::{owned, word};
use crate::scope::PeopleScope;
use crate::value::listed;
use crate::{Error, Row, Tx, Value};
use flow::chain::{CaseKind, Handover, StepState};
use jiff::Timestamp;
use kernel::{OrganisationId, PersonId};

/// One open step of somebody in scope, for a list of work.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WorkLine {
    /// The kind of case and its id.
    pub case: CaseKind,
    /// Its id.
    pub case_id: String,
    /// Whose case it is.
    pub person: PersonId,
    /// Family name.
    pub family_name: String,
    /// Given name.
    pub given_name: String,
    /// What is to be done.
    pub title: String,
    /// Where the step stands.
    pub state: StepState,
    /// Who owns it.
    pub owner: Option<String>,
    /// The person or team there.
    pub owner_name: String,
    /// Since when.
    pub started_at: Option<Timestamp>,
    /// By when.
    pub due_at: Option<Timestamp>,
    /// What it waits for.
    pub waits_for: Option<(String, String)>,
    /// Id of the organisation that owns it.
    pub owner_id: Option<OrganisationId>,
    /// The offer of it that has no answer yet, with the name of whoever made it.
    pub offer: Option<(Handover, Option<String>, String)>,
}

/// Which steps a list of work has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WorkFilter {
    /// Organisations whose steps, and offers to whom, are listed; empty for all.
    pub organisations: Vec<OrganisationId>,
    /// Only steps that are offered and have no answer.
    pub offered: bool,
    /// Only steps whose time is past at this moment.
    pub late_at: Option<Timestamp>,
    /// Only steps that wait for somebody.
    pub waits_for: Option<WaitsFor>,
    /// How many at most.
    pub limit: usize,
}

/// Open steps of people in scope, those due first at the top.
///
/// # Errors
/// The database's.
pub fn work(
    tx: &mut dyn Tx,
    filter: &WorkFilter,
    scope: &PeopleScope,
) -> Result<Vec<WorkLine>, Error> {
    let mut values = vec![Value::from(tx.place())];
    let mut conditions = String::new();
    if !filter.organisations.is_empty() {
        let list = listed(&mut values, filter.organisations.iter().copied());
        conditions.push_str(&format!(
            " AND (s.owner_id IN ({list}) OR h.to_id IN ({list}))"
        ));
    }
    if filter.offered {
        conditions.push_str(" AND h.id IS NOT NULL");
    }
    if let Some(now) = filter.late_at {
        values.push(now.into());
        conditions.push_str(&format!(" AND s.due_at < ?{}", values.len()));
    }
    if let Some(whom) = &filter.waits_for {
        let ids = whom.sql(&mut values);
        conditions.push_str(&format!(" AND s.id IN ({ids})"));
    }
    let in_scope = scope.sql_of("c.person_id", &mut values);
    values.push(i64::try_from(filter.limit).unwrap_or(i64::MAX).into());
    let sql = format!(
        "SELECT c.kind, c.case_id, c.person_id, p.family_name, p.given_name, s.title, s.state, \
         o.name, s.owner_name, s.started_at, s.due_at, s.waits_set, s.waits_code, {HANDOVER}, \
         f.name, t.name, s.owner_id FROM chain_step s JOIN chain c ON c.place = s.place AND c.id = s.chain_id \
         JOIN person p ON p.place = c.place AND p.id = c.person_id \
         LEFT JOIN organisation o ON o.place = s.place AND o.id = s.owner_id \
         LEFT JOIN handover h ON h.place = s.place AND h.step_id = s.id AND h.answer IS NULL \
         LEFT JOIN organisation f ON f.place = s.place AND f.id = h.from_id \
         LEFT JOIN organisation t ON t.place = s.place AND t.id = h.to_id \
         WHERE s.place = ?1 AND s.state IN ('going on', 'waiting'){conditions} AND {in_scope} \
         ORDER BY CASE WHEN s.due_at IS NULL THEN 1 ELSE 0 END, s.due_at, s.started_at, s.id \
         LIMIT ?{}",
        values.len()
    );
    tx.query(&sql, &values)?.iter().map(read_work).collect()
}

fn read_work(row: &Row) -> Result<WorkLine, Error> {
    let waits = row.opt_text(11)?.zip(row.opt_text(12)?);
    let offer = match row.opt_text(13)? {
        Some(_) => Some((
            read_handover(row, 13)?,
            owned(row, 26)?,
            owned(row, 27)?.unwrap_or_default(),
        )),
        None => None,
    };
    Ok(WorkLine {
        case: word(row, 0, CaseKind::parse)?,
        case_id: row.text(1)?.to_owned(),
        person: row.id(2)?,
        family_name: row.text(3)?.to_owned(),
        given_name: row.text(4)?.to_owned(),
        title: row.text(5)?.to_owned(),
        state: word(row, 6, StepState::parse)?,
        owner: owned(row, 7)?,
        owner_name: row.text(8)?.to_owned(),
        started_at: row.opt_instant(9)?,
        due_at: row.opt_instant(10)?,
        owner_id: row.opt_id(28)?,
        waits_for: waits.map(|(set, code)| (set.to_owned(), code.to_owned())),
        offer,
    })
}
