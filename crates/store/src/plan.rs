//! Rows of care and support plans and their versions.

use crate::scope::PeopleScope;
use crate::{Error, Row, Tx, Value};
use ::person::plan::Plan;
use jiff::Timestamp;
use jiff::civil::Date;
use kernel::{AccountId, PersonId, PlanId};

/// A plan without what it says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlanRow {
    /// Its id.
    pub id: PlanId,
    /// The record it hangs on.
    pub person: PersonId,
    /// Number of the version that stands, from 1.
    pub version: i64,
    /// Day of the review.
    pub review_on: Option<Date>,
    /// Name of who co-ordinates it.
    pub coordinator: String,
    /// Their account, where they sign in here.
    pub coordinator_account: Option<AccountId>,
    /// `nhs`, `council` or `other`: the sector of whoever wrote it last.
    pub sector: String,
    /// When it was last changed.
    pub changed_at: Timestamp,
    /// By whom.
    pub changed_by: String,
}

/// A version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlanVersion {
    /// Its number, from 1.
    pub number: i64,
    /// What it says.
    pub plan: Plan,
    /// When it was made.
    pub made_at: Timestamp,
    /// By whom.
    pub made_by: String,
    /// For which organisation.
    pub organisation: String,
    /// When it was agreed, by whom and how.
    pub agreed: Option<(Timestamp, String, String)>,
}

const PLAN: &str = "SELECT c.id, c.person_id, c.version, c.review_on, c.coordinator, c.sector, \
     c.changed_at, c.changed_by, c.coordinator_id FROM care_plan c ";

fn read(row: &Row) -> Result<PlanRow, Error> {
    Ok(PlanRow {
        id: row.id(0)?,
        person: row.id(1)?,
        version: row.int(2)?,
        review_on: row.opt_date(3)?,
        coordinator: row.text(4)?.to_owned(),
        sector: row.text(5)?.to_owned(),
        changed_at: row.instant(6)?,
        changed_by: row.text(7)?.to_owned(),
        coordinator_account: row.opt_id(8)?,
    })
}

fn read_version(row: &Row) -> Result<PlanVersion, Error> {
    let agreed = match row.opt_instant(5)? {
        Some(at) => Some((at, row.text(6)?.to_owned(), row.text(7)?.to_owned())),
        None => None,
    };
    Ok(PlanVersion {
        number: row.int(0)?,
        plan: serde_json::from_str(row.text(1)?).map_err(|_| Error::Column {
            column: 1,
            expected: "a plan",
        })?,
        made_at: row.instant(2)?,
        made_by: row.text(3)?.to_owned(),
        organisation: row.text(4)?.to_owned(),
        agreed,
    })
}

/// Adds a plan; its first version goes in with [`add_version`].
///
/// # Errors
/// The database's.
pub fn insert(tx: &mut dyn Tx, row: &PlanRow) -> Result<(), Error> {
    let place = tx.place().to_owned();
    tx.execute(
        "INSERT INTO care_plan (place, id, person_id, version, review_on, coordinator, sector, \
         changed_at, changed_by, coordinator_id) \
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
        &[
            place.into(),
            row.id.into(),
            row.person.into(),
            row.version.into(),
            row.review_on.into(),
            row.coordinator.as_str().into(),
            row.sector.as_str().into(),
            row.changed_at.into(),
            row.changed_by.as_str().into(),
            row.coordinator_account.into(),
        ],
    )?;
    Ok(())
}

/// Moves a plan to its next version. False when another version stands.
///
/// # Errors
/// The database's.
pub fn update(tx: &mut dyn Tx, row: &PlanRow) -> Result<bool, Error> {
    let place = tx.place().to_owned();
    let changed = tx.execute(
        "UPDATE care_plan SET version = ?3, review_on = ?4, coordinator = ?5, sector = ?6, \
         changed_at = ?7, changed_by = ?8, coordinator_id = ?9 WHERE place = ?1 AND id = ?2 AND version = ?3 - 1",
        &[
            place.into(),
            row.id.into(),
            row.version.into(),
            row.review_on.into(),
            row.coordinator.as_str().into(),
            row.sector.as_str().into(),
            row.changed_at.into(),
            row.changed_by.as_str().into(),
            row.coordinator_account.into(),
        ],
    )?;
    Ok(changed > 0)
}

/// Adds a version. `agreed` is not looked at.
///
/// # Errors
/// The database's.
pub fn add_version(tx: &mut dyn Tx, plan: PlanId, version: &PlanVersion) -> Result<(), Error> {
    let place = tx.place().to_owned();
    let content = serde_json::to_string(&version.plan).map_err(|_| Error::Column {
        column: 1,
        expected: "a plan",
    })?;
    tx.execute(
        "INSERT INTO care_plan_version (place, plan_id, number, content, made_at, made_by, \
         organisation, agreed_by, agreed_how) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, '', '')",
        &[
            place.into(),
            plan.into(),
            version.number.into(),
            content.into(),
            version.made_at.into(),
            version.made_by.as_str().into(),
            version.organisation.as_str().into(),
        ],
    )?;
    Ok(())
}

/// Writes down who agreed to a version, and how. False when it was agreed already.
///
/// # Errors
/// The database's.
pub fn agree(
    tx: &mut dyn Tx,
    (plan, number): (PlanId, i64),
    at: Timestamp,
    (by, how): (&str, &str),
) -> Result<bool, Error> {
    let place = tx.place().to_owned();
    let changed = tx.execute(
        "UPDATE care_plan_version SET agreed_at = ?4, agreed_by = ?5, agreed_how = ?6 \
         WHERE place = ?1 AND plan_id = ?2 AND number = ?3 AND agreed_at IS NULL",
        &[
            place.into(),
            plan.into(),
            number.into(),
            at.into(),
            by.into(),
            how.into(),
        ],
    )?;
    Ok(changed > 0)
}

/// The plan of a person: of all their records the one that was changed last. The person is the
/// head of the records.
///
/// # Errors
/// The database's.
pub fn of_person(tx: &mut dyn Tx, head: PersonId) -> Result<Option<PlanRow>, Error> {
    let place = tx.place().to_owned();
    let sql = format!(
        "{PLAN} WHERE c.place = ?1 AND c.person_id IN \
         (SELECT id FROM person WHERE place = ?1 AND head_id = ?2) \
         ORDER BY c.changed_at DESC, c.id LIMIT 1"
    );
    tx.query_opt(&sql, &[place.into(), head.into()])?
        .as_ref()
        .map(read)
        .transpose()
}

/// Every version of a plan, the latest first.
///
/// # Errors
/// The database's.
pub fn versions(tx: &mut dyn Tx, plan: PlanId) -> Result<Vec<PlanVersion>, Error> {
    let place = tx.place().to_owned();
    tx.query(
        "SELECT number, content, made_at, made_by, organisation, agreed_at, agreed_by, agreed_how \
         FROM care_plan_version WHERE place = ?1 AND plan_id = ?2 ORDER BY number DESC",
        &[place.into(), plan.into()],
    )?
    .iter()
    .map(read_version)
    .collect()
}

/// Plans whose review is due by a day, of people whom an asker may see, with the heads of their
/// records, the longest due first.
///
/// # Errors
/// The database's.
pub fn due_by(
    tx: &mut dyn Tx,
    day: Date,
    scope: &PeopleScope,
    most: u32,
) -> Result<Vec<(PlanRow, PersonId)>, Error> {
    let mut values: Vec<Value> = vec![tx.place().into(), day.into(), most.into()];
    let scope = scope.sql("p.head_id", &mut values);
    let sql = format!(
        "{} WHERE c.place = ?1 AND c.review_on <= ?2 AND {scope} \
         ORDER BY c.review_on, c.id LIMIT ?3",
        PLAN.replace(
            "c.coordinator_id FROM care_plan c",
            "c.coordinator_id, p.head_id FROM care_plan c \
             JOIN person p ON p.place = c.place AND p.id = c.person_id"
        )
    );
    tx.query(&sql, &values)?
        .iter()
        .map(|row| Ok((read(row)?, row.id(9)?)))
        .collect()
}

/// Heads of the records in scope whose plan somebody with an account co-ordinates.
///
/// # Errors
/// The database's.
pub fn coordinated_by(
    tx: &mut dyn Tx,
    account: AccountId,
    scope: &PeopleScope,
) -> Result<Vec<PersonId>, Error> {
    let mut values: Vec<Value> = vec![tx.place().into(), account.into()];
    let scope = scope.sql("p.head_id", &mut values);
    let sql = format!(
        "SELECT DISTINCT p.head_id FROM care_plan c JOIN person p ON p.place = c.place \
         AND p.id = c.person_id WHERE c.place = ?1 AND c.coordinator_id = ?2 AND {scope}"
    );
    tx.query(&sql, &values)?
        .iter()
        .map(|row| row.id(0))
        .collect()
}
