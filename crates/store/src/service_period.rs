//! Rows of the services that people have or had, their goals and their history.

use crate::flow::{Change, Counted};
use crate::{Error, Row, Tx, Value};
use flow::service::{Component, Outcome, Service, ServiceType};
use flow::text_enum;
use jiff::Timestamp;
use jiff::civil::Date;
use kernel::{OrganisationId, PersonId, ServicePeriodId};

text_enum! {
    /// How far a goal was reached.
    GoalResult {
        /// Nobody has said yet.
        NotYet = "not yet known",
        /// Reached.
        Reached = "reached",
        /// In part.
        Partly = "partly reached",
        /// Not reached.
        Not = "not reached",
    }
}

/// A goal in the person's own words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Goal {
    /// Its number, from 1.
    pub number: i64,
    /// The words.
    pub goal: String,
    /// How far it was reached.
    pub result: GoalResult,
}

/// A period of a service with what stands beside it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Period {
    /// What the rules count.
    pub service: Service,
    /// The record it hangs on.
    pub person: PersonId,
    /// The council that is responsible, if known.
    pub council: Option<OrganisationId>,
    /// The organisation that provides it, if known.
    pub organisation: Option<OrganisationId>,
    /// Visits a week, if recorded.
    pub visits_a_week: Option<i64>,
    /// Minutes a visit, if recorded.
    pub minutes_a_visit: Option<i64>,
    /// Why it was written down by mistake; `None` if it stands.
    pub mistake_why: Option<String>,
    /// Name of the organisation that wrote it down.
    pub source: String,
    /// That organisation's sector: `nhs`, `council` or `other`.
    pub sector: String,
    /// When it was first written down.
    pub made_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
    /// Who changed it.
    pub updated_by: String,
    /// Goes up by one with each change.
    pub version: i64,
}

const PERIOD: &str = "v.id, v.person_id, v.service_type, v.component, v.starts_on, v.ends_on, \
     v.outcome, v.council_id, v.organisation_id, v.stay_id, v.visits_a_week, v.minutes_a_visit, \
     v.mistake_why, v.source, v.sector, v.made_at, v.updated_at, v.updated_by, v.version";

/// A word of a list, where there is one.
fn opt_word<T>(row: &Row, column: usize, parse: fn(&str) -> Option<T>) -> Result<Option<T>, Error> {
    row.opt_text(column)?
        .map(|text| {
            parse(text).ok_or(Error::Column {
                column,
                expected: "a word of its list",
            })
        })
        .transpose()
}

fn read(row: &Row) -> Result<Period, Error> {
    Ok(Period {
        service: Service {
            id: row.id(0)?,
            kind: ServiceType::parse(row.text(2)?).ok_or(Error::Column {
                column: 2,
                expected: "a service type",
            })?,
            component: opt_word(row, 3, Component::parse)?,
            starts_on: row.date(4)?,
            ends_on: row.opt_date(5)?,
            outcome: opt_word(row, 6, Outcome::parse)?,
            stay: row.opt_id(9)?,
        },
        person: row.id(1)?,
        council: row.opt_id(7)?,
        organisation: row.opt_id(8)?,
        visits_a_week: row.opt_int(10)?,
        minutes_a_visit: row.opt_int(11)?,
        mistake_why: row.opt_text(12)?.map(str::to_owned),
        source: row.text(13)?.to_owned(),
        sector: row.text(14)?.to_owned(),
        made_at: row.instant(15)?,
        updated_at: row.instant(16)?,
        updated_by: row.text(17)?.to_owned(),
        version: row.int(18)?,
    })
}

fn values(place: &str, period: &Period) -> Vec<Value> {
    let service = &period.service;
    vec![
        place.into(),
        service.id.into(),
        period.person.into(),
        service.kind.as_str().into(),
        service.component.map(Component::as_str).into(),
        service.starts_on.into(),
        service.ends_on.into(),
        service.outcome.map(Outcome::as_str).into(),
        period.council.into(),
        period.organisation.into(),
        service.stay.into(),
        period.visits_a_week.into(),
        period.minutes_a_visit.into(),
        period.mistake_why.as_deref().into(),
        period.source.as_str().into(),
        period.sector.as_str().into(),
        period.made_at.into(),
        period.updated_at.into(),
        period.updated_by.as_str().into(),
        period.version.into(),
    ]
}

/// Adds a period.
///
/// # Errors
/// The database's.
pub fn insert(tx: &mut dyn Tx, period: &Period) -> Result<(), Error> {
    let values = values(tx.place(), period);
    tx.execute(
        "INSERT INTO service_period (place, id, person_id, service_type, component, starts_on, \
         ends_on, outcome, council_id, organisation_id, stay_id, visits_a_week, minutes_a_visit, \
         mistake_why, source, sector, made_at, updated_at, updated_by, version) \
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, \
         ?19, ?20)",
        &values,
    )?;
    Ok(())
}

/// Writes a period over, if its version is still the one before `period.version`. False if it
/// is not: somebody else was quicker.
///
/// # Errors
/// The database's.
pub fn update(tx: &mut dyn Tx, period: &Period) -> Result<bool, Error> {
    let values = values(tx.place(), period);
    let changed = tx.execute(
        "UPDATE service_period SET person_id = ?3, service_type = ?4, component = ?5, \
         starts_on = ?6, ends_on = ?7, outcome = ?8, council_id = ?9, organisation_id = ?10, \
         stay_id = ?11, visits_a_week = ?12, minutes_a_visit = ?13, mistake_why = ?14, \
         source = ?15, sector = ?16, made_at = ?17, updated_at = ?18, updated_by = ?19, \
         version = ?20 WHERE place = ?1 AND id = ?2 AND version = ?20 - 1",
        &values,
    )?;
    Ok(changed == 1)
}

/// The period with an id.
///
/// # Errors
/// The database's.
pub fn by_id(tx: &mut dyn Tx, id: ServicePeriodId) -> Result<Option<Period>, Error> {
    let place = tx.place().to_owned();
    let sql = format!("SELECT {PERIOD} FROM service_period v WHERE v.place = ?1 AND v.id = ?2");
    tx.query_opt(&sql, &[place.into(), id.into()])?
        .as_ref()
        .map(read)
        .transpose()
}

/// Every period of a person, latest first; the person is the head of the records.
///
/// # Errors
/// The database's.
pub fn of_person(tx: &mut dyn Tx, head: PersonId) -> Result<Vec<Period>, Error> {
    let place = tx.place().to_owned();
    let sql = format!(
        "SELECT {PERIOD} FROM person p CROSS JOIN service_period v WHERE p.place = ?1 \
         AND p.head_id = ?2 AND v.place = ?1 AND v.person_id = p.id \
         ORDER BY v.starts_on DESC, v.id DESC"
    );
    tx.query(&sql, &[place.into(), head.into()])?
        .iter()
        .map(read)
        .collect()
}

/// A period with what the returns need of its person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CountedPeriod {
    /// The period.
    pub period: Period,
    /// The head of the person's records.
    pub head: PersonId,
    /// Date of birth, if known.
    pub born: Option<Date>,
    /// Day of death, if dead.
    pub died: Option<Date>,
}

/// Every period that stands and started on or before a day, of those who are counted, by person
/// and first day.
///
/// # Errors
/// The database's.
pub fn until(tx: &mut dyn Tx, last: Date, counted: Counted) -> Result<Vec<CountedPeriod>, Error> {
    counted_where(tx, last, counted, "1 = 1")
}

/// As [`until`], of nursing and residential homes for a long time alone.
///
/// # Errors
/// The database's.
pub fn homes_until(
    tx: &mut dyn Tx,
    last: Date,
    counted: Counted,
) -> Result<Vec<CountedPeriod>, Error> {
    let (nursing, residential) = (ServiceType::NursingCare, ServiceType::ResidentialCare);
    let kinds = format!("v.service_type IN ('{nursing}', '{residential}')");
    counted_where(tx, last, counted, &kinds)
}

fn counted_where(
    tx: &mut dyn Tx,
    last: Date,
    counted: Counted,
    also: &str,
) -> Result<Vec<CountedPeriod>, Error> {
    let place = tx.place().to_owned();
    let sql = format!(
        "SELECT {PERIOD}, p.head_id, h.birth_date, h.died_on FROM service_period v \
         JOIN person p ON p.place = v.place AND p.id = v.person_id \
         JOIN person h ON h.place = p.place AND h.id = p.head_id \
         WHERE v.place = ?1 AND v.mistake_why IS NULL AND v.starts_on <= ?2 AND {also} AND {} \
         ORDER BY p.head_id, v.starts_on, v.id",
        counted.sql("p.head_id")
    );
    tx.query(&sql, &[place.into(), last.into()])?
        .iter()
        .map(|row| {
            Ok(CountedPeriod {
                period: read(row)?,
                head: row.id(19)?,
                born: row.opt_date(20)?,
                died: row.opt_date(21)?,
            })
        })
        .collect()
}

/// The goals of a period, in order.
///
/// # Errors
/// The database's.
pub fn goals(tx: &mut dyn Tx, period: ServicePeriodId) -> Result<Vec<Goal>, Error> {
    let place = tx.place().to_owned();
    tx.query(
        "SELECT number, goal, result FROM service_goal WHERE place = ?1 \
         AND service_period_id = ?2 ORDER BY number",
        &[place.into(), period.into()],
    )?
    .iter()
    .map(|row| {
        Ok(Goal {
            number: row.int(0)?,
            goal: row.text(1)?.to_owned(),
            result: GoalResult::parse(row.text(2)?).ok_or(Error::Column {
                column: 2,
                expected: "how far a goal was reached",
            })?,
        })
    })
    .collect()
}

/// Writes a goal down, or over.
///
/// # Errors
/// The database's.
pub fn put_goal(tx: &mut dyn Tx, period: ServicePeriodId, goal: &Goal) -> Result<(), Error> {
    let place = tx.place().to_owned();
    tx.execute(
        "INSERT INTO service_goal (place, service_period_id, number, goal, result) \
         VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT (place, service_period_id, number) \
         DO UPDATE SET goal = excluded.goal, result = excluded.result",
        &[
            place.into(),
            period.into(),
            goal.number.into(),
            goal.goal.as_str().into(),
            goal.result.as_str().into(),
        ],
    )?;
    Ok(())
}

/// Every change of a period, oldest first.
///
/// # Errors
/// The database's.
pub fn changes(tx: &mut dyn Tx, period: ServicePeriodId) -> Result<Vec<Change>, Error> {
    crate::history::changes(tx, &PERIODS, &period.to_string())
}

/// Appends changes to a period's history.
///
/// # Errors
/// The database's.
pub fn add_changes(
    tx: &mut dyn Tx,
    period: ServicePeriodId,
    changes: &[Change],
) -> Result<(), Error> {
    crate::history::add(tx, &PERIODS, &period.to_string(), changes)
}

const PERIODS: crate::history::History = crate::history::History {
    table: "service_period_change",
    column: "service_period_id",
};
