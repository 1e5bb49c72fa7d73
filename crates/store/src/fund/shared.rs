//! The working of shares that were posted when a month closed.

use crate::{Error, Row, Tx};
use fund::ledger::Code;
use jiff::Timestamp;
use kernel::Month;

/// The working of one fund's shares in one month.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SharedRow {
    /// The fund.
    pub fund: Code,
    /// The month that closed.
    pub period: Month,
    /// Version of the agreement by which they were worked out.
    pub agreement: i64,
    /// Every step, for reading.
    pub explained: String,
    /// When it was kept, and by whom.
    pub kept: (Timestamp, String),
}

const SHARED: &str = "fund, period, agreement, explained, kept_at, kept_by";

fn read(row: &Row) -> Result<SharedRow, Error> {
    Ok(SharedRow {
        fund: row.parsed(0)?,
        period: row.parsed(1)?,
        agreement: row.int(2)?,
        explained: row.text(3)?.to_owned(),
        kept: (row.instant(4)?, row.text(5)?.to_owned()),
    })
}

/// Every working, by fund and month.
///
/// # Errors
/// The database's.
pub fn shared(tx: &mut dyn Tx) -> Result<Vec<SharedRow>, Error> {
    let place = tx.place().to_owned();
    let sql =
        format!("SELECT {SHARED} FROM fund_share WHERE place = ?1 ORDER BY place, fund, period");
    let rows = tx.query(&sql, &[place.into()])?;
    rows.iter().map(read).collect()
}

/// Adds a working.
///
/// # Errors
/// The database's: the month has one.
pub fn put_shared(tx: &mut dyn Tx, row: &SharedRow) -> Result<(), Error> {
    let place = tx.place().to_owned();
    let sql =
        format!("INSERT INTO fund_share (place, {SHARED}) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)");
    tx.execute(
        &sql,
        &[
            place.into(),
            row.fund.as_str().into(),
            row.period.to_string().into(),
            row.agreement.into(),
            row.explained.as_str().into(),
            row.kept.0.into(),
            row.kept.1.as_str().into(),
        ],
    )?;
    Ok(())
}
