//! Rows of pooled funds: agreements, plans and their signatures, disputes and their steps.
//!
//! Files are kept among the ledger's ([`crate::ledger::put_file`]); rows here say which is which.

mod dispute;
mod mark;
mod moved;
mod sent;
mod shared;

pub use dispute::{DisputeRow, Step, StepKind, add_step, dispute, disputes, put_dispute, steps};
pub use mark::{Mark, mark};
pub use moved::{Moved, held, moved, moved_before};
pub(crate) use sent::broken;
use sent::sent_count;
pub use sent::{FigureRow, Sent, figures, hash_of, put_figure, put_sent, sent};
pub use shared::{SharedRow, put_shared, shared};

use crate::{Error, Row, Tx};
use fund::ledger::Code;
use fund::sign_off::Role;
use jiff::Timestamp;
use jiff::civil::Date;
use kernel::InboxId;

/// A version of an agreement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AgreementRow {
    /// The fund.
    pub fund: Code,
    /// From 1.
    pub number: i64,
    /// Its file.
    pub file: InboxId,
    /// What it is called.
    pub title: String,
    /// First day.
    pub begins: Date,
    /// Last day.
    pub ends: Date,
    /// When it was kept, and by whom.
    pub kept: (Timestamp, String),
}

const AGREEMENT: &str = "fund, number, file_id, title, begins, ends, kept_at, kept_by";

fn agreement(row: &Row) -> Result<AgreementRow, Error> {
    Ok(AgreementRow {
        fund: row.parsed(0)?,
        number: row.int(1)?,
        file: row.id(2)?,
        title: row.text(3)?.to_owned(),
        begins: row.date(4)?,
        ends: row.date(5)?,
        kept: (row.instant(6)?, row.text(7)?.to_owned()),
    })
}

/// Every version of every agreement, by fund and number.
///
/// # Errors
/// The database's.
pub fn agreements(tx: &mut dyn Tx) -> Result<Vec<AgreementRow>, Error> {
    let place = tx.place().to_owned();
    let sql = format!(
        "SELECT {AGREEMENT} FROM fund_agreement WHERE place = ?1 ORDER BY place, fund, number"
    );
    let rows = tx.query(&sql, &[place.into()])?;
    rows.iter().map(agreement).collect()
}

/// Adds a version.
///
/// # Errors
/// The database's: the number is taken.
pub fn put_agreement(tx: &mut dyn Tx, row: &AgreementRow) -> Result<(), Error> {
    let place = tx.place().to_owned();
    let sql = format!(
        "INSERT INTO fund_agreement (place, {AGREEMENT}) \
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)"
    );
    tx.execute(
        &sql,
        &[
            place.into(),
            row.fund.as_str().into(),
            row.number.into(),
            row.file.into(),
            row.title.as_str().into(),
            row.begins.into(),
            row.ends.into(),
            row.kept.0.into(),
            row.kept.1.as_str().into(),
        ],
    )?;
    Ok(())
}

/// A version of a plan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlanRow {
    /// The fund.
    pub fund: Code,
    /// From 1.
    pub number: i64,
    /// Its file.
    pub file: InboxId,
    /// The health and wellbeing board.
    pub board: String,
    /// Its financial years, such as `2025/26`, with commas between.
    pub years: String,
    /// How many things of its file could not be read.
    pub issues: i64,
    /// What changed since the version before, a line each.
    pub changes: String,
    /// When it was kept, and by whom.
    pub kept: (Timestamp, String),
}

const PLAN: &str = "fund, number, file_id, board, years, issues, changes, kept_at, kept_by";

fn plan(row: &Row) -> Result<PlanRow, Error> {
    Ok(PlanRow {
        fund: row.parsed(0)?,
        number: row.int(1)?,
        file: row.id(2)?,
        board: row.text(3)?.to_owned(),
        years: row.text(4)?.to_owned(),
        issues: row.int(5)?,
        changes: row.text(6)?.to_owned(),
        kept: (row.instant(7)?, row.text(8)?.to_owned()),
    })
}

/// Every version of every plan, by fund and number.
///
/// # Errors
/// The database's.
pub fn plans(tx: &mut dyn Tx) -> Result<Vec<PlanRow>, Error> {
    let place = tx.place().to_owned();
    let sql = format!("SELECT {PLAN} FROM fund_plan WHERE place = ?1 ORDER BY place, fund, number");
    let rows = tx.query(&sql, &[place.into()])?;
    rows.iter().map(plan).collect()
}

/// Adds a version.
///
/// # Errors
/// The database's: the number is taken.
pub fn put_plan(tx: &mut dyn Tx, row: &PlanRow) -> Result<(), Error> {
    let place = tx.place().to_owned();
    let sql = format!(
        "INSERT INTO fund_plan (place, {PLAN}) \
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)"
    );
    tx.execute(
        &sql,
        &[
            place.into(),
            row.fund.as_str().into(),
            row.number.into(),
            row.file.into(),
            row.board.as_str().into(),
            row.years.as_str().into(),
            row.issues.into(),
            row.changes.as_str().into(),
            row.kept.0.into(),
            row.kept.1.as_str().into(),
        ],
    )?;
    Ok(())
}

/// A signature under a version of a plan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignatureRow {
    /// In which office.
    pub role: Role,
    /// For which organisation.
    pub organisation: String,
    /// On which day.
    pub on: Date,
    /// Somebody else signed, with authority.
    pub delegated: bool,
    /// When it was kept, and by whom.
    pub kept: (Timestamp, String),
}

/// Signatures under a version of a plan, by office and organisation.
///
/// # Errors
/// The database's.
pub fn signatures(tx: &mut dyn Tx, fund: &Code, plan: i64) -> Result<Vec<SignatureRow>, Error> {
    let place = tx.place().to_owned();
    let rows = tx.query(
        "SELECT role, organisation, signed_on, delegated, kept_at, kept_by FROM fund_signature \
         WHERE place = ?1 AND fund = ?2 AND plan = ?3 ORDER BY role, organisation",
        &[place.into(), fund.as_str().into(), plan.into()],
    )?;
    let one = |row: &Row| {
        Ok(SignatureRow {
            role: Role::parse(row.text(0)?).ok_or(Error::Column {
                column: 0,
                expected: "an office that signs plans",
            })?,
            organisation: row.text(1)?.to_owned(),
            on: row.date(2)?,
            delegated: row.int(3)? == 1,
            kept: (row.instant(4)?, row.text(5)?.to_owned()),
        })
    };
    rows.iter().map(one).collect()
}

/// Adds a signature.
///
/// # Errors
/// The database's: that office has signed for that organisation.
pub fn put_signature(
    tx: &mut dyn Tx,
    (fund, plan): (&Code, i64),
    row: &SignatureRow,
) -> Result<(), Error> {
    let place = tx.place().to_owned();
    tx.execute(
        "INSERT INTO fund_signature (place, fund, plan, role, organisation, signed_on, delegated, \
         kept_at, kept_by) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
        &[
            place.into(),
            fund.as_str().into(),
            plan.into(),
            row.role.as_str().into(),
            row.organisation.as_str().into(),
            row.on.into(),
            i64::from(row.delegated).into(),
            row.kept.0.into(),
            row.kept.1.as_str().into(),
        ],
    )?;
    Ok(())
}
