//! Rows of agreements on trusted assessors, of what was accepted under them, and of placements
//! that failed.

use crate::{Error, Row, Tx, Value};
use flow::trusted::{Purpose, Terms};
use jiff::Timestamp;
use jiff::civil::Date;
use kernel::{AgreementId, FailedPlacementId, FormId, OrganisationId};

/// An agreement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Agreement {
    /// Its id.
    pub id: AgreementId,
    /// The organisation whose assessors do it, and its name.
    pub assessor: (OrganisationId, String),
    /// The organisation that accepts it, and its name.
    pub acceptor: (OrganisationId, String),
    /// What for.
    pub purpose: Purpose,
    /// Short name of the form that is the tool.
    pub tool: String,
    /// What assessors must be able to do and have learnt.
    pub competencies: String,
    /// Who answers for a wrong assessment.
    pub indemnity: String,
    /// First day.
    pub starts_on: Date,
    /// Last day, if there is one.
    pub ends_on: Option<Date>,
    /// By when it is to be reviewed.
    pub review_on: Date,
    /// When and by whom it was changed last.
    pub changed: (Timestamp, String),
    /// Why; empty for the first version.
    pub changed_why: String,
    /// Goes up with each change.
    pub version: i64,
}

impl Agreement {
    /// What decides whether it holds.
    pub fn terms(&self) -> Terms<'_> {
        Terms {
            assessor: self.assessor.0,
            purpose: self.purpose,
            tool: &self.tool,
            starts_on: self.starts_on,
            ends_on: self.ends_on,
            review_on: self.review_on,
        }
    }
}

const COLUMNS: &str = "SELECT a.id, a.assessor_id, o.name, a.acceptor_id, p.name, a.kind, a.tool, \
     a.competencies, a.indemnity, a.starts_on, a.ends_on, a.review_on, a.changed_at, a.changed_by, \
     a.changed_why, a.version FROM agreement a \
     JOIN organisation o ON o.place = a.place AND o.id = a.assessor_id \
     JOIN organisation p ON p.place = a.place AND p.id = a.acceptor_id ";

fn read(row: &Row) -> Result<Agreement, Error> {
    let text = |at: usize| row.text(at).map(str::to_owned);
    Ok(Agreement {
        id: row.id(0)?,
        assessor: (row.id(1)?, text(2)?),
        acceptor: (row.id(3)?, text(4)?),
        purpose: Purpose::parse(row.text(5)?).ok_or(Error::Column {
            column: 5,
            expected: "a purpose of an agreement",
        })?,
        tool: text(6)?,
        competencies: text(7)?,
        indemnity: text(8)?,
        starts_on: row.date(9)?,
        ends_on: row.opt_date(10)?,
        review_on: row.date(11)?,
        changed: (row.instant(12)?, text(13)?),
        changed_why: text(14)?,
        version: row.int(15)?,
    })
}

/// Every agreement, by who accepts.
///
/// # Errors
/// The database's.
pub fn all(tx: &mut dyn Tx) -> Result<Vec<Agreement>, Error> {
    let place = tx.place().to_owned();
    let sql = format!("{COLUMNS} WHERE a.place = ?1 ORDER BY p.name, a.starts_on DESC, a.id");
    tx.query(&sql, &[place.into()])?.iter().map(read).collect()
}

/// The agreement with an id.
///
/// # Errors
/// The database's.
pub fn by_id(tx: &mut dyn Tx, id: AgreementId) -> Result<Option<Agreement>, Error> {
    let place = tx.place().to_owned();
    let sql = format!("{COLUMNS} WHERE a.place = ?1 AND a.id = ?2");
    tx.query_opt(&sql, &[place.into(), id.into()])?
        .as_ref()
        .map(read)
        .transpose()
}

/// Makes an agreement.
///
/// # Errors
/// The database's.
pub fn insert(tx: &mut dyn Tx, one: &Agreement) -> Result<(), Error> {
    let place = tx.place().to_owned();
    tx.execute(
        "INSERT INTO agreement (place, id, assessor_id, acceptor_id, kind, tool, competencies, \
         indemnity, starts_on, ends_on, review_on, made_at, made_by, changed_at, changed_by, \
         changed_why, version) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, \
         ?12, ?13, ?14, ?15)",
        &[
            place.into(),
            one.id.into(),
            one.assessor.0.into(),
            one.acceptor.0.into(),
            one.purpose.as_str().into(),
            one.tool.as_str().into(),
            one.competencies.as_str().into(),
            one.indemnity.as_str().into(),
            one.starts_on.into(),
            one.ends_on.into(),
            one.review_on.into(),
            one.changed.0.into(),
            one.changed.1.as_str().into(),
            one.changed_why.as_str().into(),
            one.version.into(),
        ],
    )?;
    Ok(())
}

/// Changes the last day and the day of review of an agreement that was read at its version less
/// one. False when somebody else has changed it since.
///
/// # Errors
/// The database's.
pub fn update(tx: &mut dyn Tx, one: &Agreement) -> Result<bool, Error> {
    let place = tx.place().to_owned();
    let changed = tx.execute(
        "UPDATE agreement SET ends_on = ?3, review_on = ?4, changed_at = ?5, changed_by = ?6, \
         changed_why = ?7, version = ?8 WHERE place = ?1 AND id = ?2 AND version = ?9",
        &[
            place.into(),
            one.id.into(),
            one.ends_on.into(),
            one.review_on.into(),
            one.changed.0.into(),
            one.changed.1.as_str().into(),
            one.changed_why.as_str().into(),
            one.version.into(),
            (one.version - 1).into(),
        ],
    )?;
    Ok(changed > 0)
}

/// That an assessment was accepted under an agreement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Acceptance {
    /// The agreement.
    pub agreement: AgreementId,
    /// Name of the organisation that accepted it.
    pub acceptor: String,
    /// Who of them said so.
    pub said_by: String,
    /// When it was noted, and by whom.
    pub noted: (Timestamp, String),
}

/// Notes that an assessment was accepted. False when it was noted before.
///
/// # Errors
/// The database's.
pub fn accept(
    tx: &mut dyn Tx,
    (form, agreement): (FormId, AgreementId),
    said_by: &str,
    (at, noted_by): (Timestamp, &str),
) -> Result<bool, Error> {
    let place = tx.place().to_owned();
    let changed = tx.execute(
        "INSERT INTO assessment_acceptance (place, form_id, agreement_id, said_by, accepted_at, \
         noted_by) VALUES (?1, ?2, ?3, ?4, ?5, ?6) \
         ON CONFLICT (place, form_id, agreement_id) DO NOTHING",
        &[
            place.into(),
            form.into(),
            agreement.into(),
            said_by.into(),
            at.into(),
            noted_by.into(),
        ],
    )?;
    Ok(changed > 0)
}

/// Who accepted an assessment, the first first.
///
/// # Errors
/// The database's.
pub fn accepted(tx: &mut dyn Tx, form: FormId) -> Result<Vec<Acceptance>, Error> {
    let place = tx.place().to_owned();
    tx.query(
        "SELECT c.agreement_id, p.name, c.said_by, c.accepted_at, c.noted_by \
         FROM assessment_acceptance c JOIN agreement a ON a.place = c.place AND a.id = c.agreement_id \
         JOIN organisation p ON p.place = a.place AND p.id = a.acceptor_id \
         WHERE c.place = ?1 AND c.form_id = ?2 ORDER BY c.accepted_at, c.agreement_id",
        &[place.into(), form.into()],
    )?
    .iter()
    .map(|row| {
        Ok(Acceptance {
            agreement: row.id(0)?,
            acceptor: row.text(1)?.to_owned(),
            said_by: row.text(2)?.to_owned(),
            noted: (row.instant(3)?, row.text(4)?.to_owned()),
        })
    })
    .collect()
}

/// That an assessment was not accepted under an agreement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// The agreement.
    pub agreement: AgreementId,
    /// Name of the organisation that did not accept it.
    pub acceptor: String,
    /// Why. It says nothing of who it was.
    pub why: String,
    /// Who of them said so.
    pub said_by: String,
    /// When.
    pub at: Timestamp,
}

/// Notes that an assessment was not accepted. False when it was noted before.
///
/// # Errors
/// The database's.
pub fn refuse(
    tx: &mut dyn Tx,
    (form, agreement): (FormId, AgreementId),
    (why, said_by): (&str, &str),
    at: Timestamp,
) -> Result<bool, Error> {
    let place = tx.place().to_owned();
    let changed = tx.execute(
        "INSERT INTO assessment_refusal (place, form_id, agreement_id, why, said_by, refused_at) \
         VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT (place, form_id, agreement_id) DO NOTHING",
        &[
            place.into(),
            form.into(),
            agreement.into(),
            why.into(),
            said_by.into(),
            at.into(),
        ],
    )?;
    Ok(changed > 0)
}

fn refusals_where(tx: &mut dyn Tx, column: &str, id: Value) -> Result<Vec<Refusal>, Error> {
    let place = tx.place().to_owned();
    let sql = format!(
        "SELECT x.agreement_id, p.name, x.why, x.said_by, x.refused_at \
         FROM assessment_refusal x JOIN agreement a ON a.place = x.place AND a.id = x.agreement_id \
         JOIN organisation p ON p.place = a.place AND p.id = a.acceptor_id \
         WHERE x.place = ?1 AND x.{column} = ?2 ORDER BY x.refused_at, x.form_id"
    );
    tx.query(&sql, &[place.into(), id])?
        .iter()
        .map(|row| {
            Ok(Refusal {
                agreement: row.id(0)?,
                acceptor: row.text(1)?.to_owned(),
                why: row.text(2)?.to_owned(),
                said_by: row.text(3)?.to_owned(),
                at: row.instant(4)?,
            })
        })
        .collect()
}

/// Who did not accept an assessment, the first first.
///
/// # Errors
/// The database's.
pub fn refused(tx: &mut dyn Tx, form: FormId) -> Result<Vec<Refusal>, Error> {
    refusals_where(tx, "form_id", form.into())
}

/// What was not accepted under an agreement, the first first.
///
/// # Errors
/// The database's.
pub fn refusals(tx: &mut dyn Tx, agreement: AgreementId) -> Result<Vec<Refusal>, Error> {
    refusals_where(tx, "agreement_id", agreement.into())
}

/// How many assessments were accepted under an agreement.
///
/// # Errors
/// The database's.
pub fn uses(tx: &mut dyn Tx, agreement: AgreementId) -> Result<i64, Error> {
    let place = tx.place().to_owned();
    tx.query_opt(
        "SELECT COUNT(*) FROM assessment_acceptance WHERE place = ?1 AND agreement_id = ?2",
        &[place.into(), agreement.into()],
    )?
    .map_or(Ok(0), |row| row.int(0))
}

/// A placement that failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failed {
    /// Its id.
    pub id: FailedPlacementId,
    /// The day.
    pub failed_on: Date,
    /// What went wrong.
    pub what: String,
    /// What was learnt.
    pub learnt: String,
    /// When and by whom it was noted.
    pub noted: (Timestamp, String),
}

/// Notes a placement that failed.
///
/// # Errors
/// The database's.
pub fn fail(tx: &mut dyn Tx, agreement: AgreementId, one: &Failed) -> Result<(), Error> {
    let place = tx.place().to_owned();
    tx.execute(
        "INSERT INTO failed_placement (place, id, agreement_id, failed_on, what, learnt, noted_at, \
         noted_by) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
        &[
            place.into(),
            one.id.into(),
            agreement.into(),
            one.failed_on.into(),
            one.what.as_str().into(),
            one.learnt.as_str().into(),
            one.noted.0.into(),
            one.noted.1.as_str().into(),
        ],
    )?;
    Ok(())
}

/// Placements under an agreement that failed, the latest first.
///
/// # Errors
/// The database's.
pub fn failed(tx: &mut dyn Tx, agreement: AgreementId) -> Result<Vec<Failed>, Error> {
    let place = tx.place().to_owned();
    tx.query(
        "SELECT id, failed_on, what, learnt, noted_at, noted_by FROM failed_placement \
         WHERE place = ?1 AND agreement_id = ?2 ORDER BY failed_on DESC, id",
        &[place.into(), agreement.into()],
    )?
    .iter()
    .map(|row| {
        Ok(Failed {
            id: row.id(0)?,
            failed_on: row.date(1)?,
            what: row.text(2)?.to_owned(),
            learnt: row.text(3)?.to_owned(),
            noted: (row.instant(4)?, row.text(5)?.to_owned()),
        })
    })
    .collect()
}
