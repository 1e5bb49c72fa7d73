//! Reading the ledger: balances to a day, the transfers behind them, and all of it in order.

use super::{ACCOUNT, EACH, account, balance, select, transfer};
use crate::{Error, Row, Tx};
use fund::ledger::{Account, Balance, Code, Side, Transfer};
use jiff::Timestamp;
use kernel::{LedgerAccountId, Month, TransferId};
use std::collections::BTreeMap;

/// Where a transfer stands: its month, the row of the journal that made it, and its line there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct At {
    /// The month it counts in.
    pub period: Month,
    /// The row of the journal.
    pub entry: i64,
    /// The line, from 1.
    pub line: i64,
}

/// A transfer with where it stands and when it was made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Posted {
    /// The transfer.
    pub transfer: Transfer,
    /// Where it stands.
    pub at: At,
    /// When it was made.
    pub posted_at: Timestamp,
}

/// A transfer as one account sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Posting {
    /// The side of this account.
    pub side: Side,
    /// The transfer.
    pub posted: Posted,
}

pub(super) fn posted(row: &Row) -> Result<Posted, Error> {
    Ok(Posted {
        transfer: transfer(row)?,
        at: At {
            period: row.parsed(13)?,
            entry: row.int(14)?,
            line: row.int(15)?,
        },
        posted_at: row.instant(16)?,
    })
}

/// The account with a name, with everything posted and reserved on it.
///
/// # Errors
/// The database's.
pub fn by_name(tx: &mut dyn Tx, name: &str) -> Result<Option<(Account, Balance)>, Error> {
    let place = tx.place().to_owned();
    let sql = format!("{ACCOUNT} AND a.name = ?2 {EACH}");
    tx.query_opt(&sql, &[place.into(), name.into()])?
        .as_ref()
        .map(account)
        .transpose()
}

/// A transfer, with where it stands and when it was made.
///
/// # Errors
/// The database's.
pub fn posted_transfer(tx: &mut dyn Tx, id: TransferId) -> Result<Option<Posted>, Error> {
    let place = tx.place().to_owned();
    let sql = format!("{} AND t.id = ?2", select());
    tx.query_opt(&sql, &[place.into(), id.into()])?
        .as_ref()
        .map(posted)
        .transpose()
}

/// Codes of the funds that have accounts, in order.
///
/// # Errors
/// The database's.
pub fn funds(tx: &mut dyn Tx) -> Result<Vec<Code>, Error> {
    let place = tx.place().to_owned();
    let mut found: Vec<Code> = tx
        .query(
            "SELECT DISTINCT fund FROM ledger_account WHERE place = ?1",
            &[place.into()],
        )?
        .iter()
        .map(|row| row.parsed(0))
        .collect::<Result<_, Error>>()?;
    found.sort();
    Ok(found)
}

/// Every account, by name, with everything posted and reserved on it.
///
/// # Errors
/// The database's.
pub fn every_account(tx: &mut dyn Tx) -> Result<Vec<(Account, Balance)>, Error> {
    let place = tx.place().to_owned();
    let mut all = tx
        .query(&format!("{ACCOUNT} {EACH}"), &[place.into()])?
        .iter()
        .map(account)
        .collect::<Result<Vec<_>, Error>>()?;
    all.sort_by_cached_key(|(account, _)| account.name.to_string());
    Ok(all)
}

/// What moved on one account in each month up to one.
///
/// # Errors
/// The database's.
pub fn balances_upto(
    tx: &mut dyn Tx,
    id: LedgerAccountId,
    last: Month,
) -> Result<Vec<(Month, Balance)>, Error> {
    let place = tx.place().to_owned();
    tx.query(
        "SELECT period, debits_posted, credits_posted, debits_pending, credits_pending \
         FROM ledger_balance WHERE place = ?1 AND account_id = ?2 \
         AND period <= ?3 ORDER BY period",
        &[place.into(), id.into(), last.to_string().into()],
    )?
    .iter()
    .map(|row| Ok((row.parsed(0)?, balance(row, 1)?)))
    .collect()
}

/// What moved on every account from one month to another, both included.
///
/// # Errors
/// The database's.
pub fn accounts_upto(
    tx: &mut dyn Tx,
    first: Option<Month>,
    last: Month,
) -> Result<BTreeMap<LedgerAccountId, Balance>, Error> {
    let place = tx.place().to_owned();
    let first = first.map(|month| month.to_string()).unwrap_or_default();
    tx.query(
        "SELECT account_id, CAST(SUM(debits_posted) AS BIGINT), \
         CAST(SUM(credits_posted) AS BIGINT), CAST(SUM(debits_pending) AS BIGINT), \
         CAST(SUM(credits_pending) AS BIGINT) FROM ledger_balance \
         WHERE place = ?1 AND period >= ?2 AND period <= ?3 GROUP BY account_id",
        &[place.into(), first.into(), last.to_string().into()],
    )?
    .iter()
    .map(|row| Ok((row.id(0)?, balance(row, 1)?)))
    .collect()
}

/// The sums that are kept of every account and month.
///
/// # Errors
/// The database's.
pub fn sums_of_all(tx: &mut dyn Tx) -> Result<BTreeMap<(LedgerAccountId, Month), Balance>, Error> {
    let place = tx.place().to_owned();
    tx.query(
        "SELECT account_id, period, debits_posted, credits_posted, debits_pending, \
         credits_pending FROM ledger_balance WHERE place = ?1",
        &[place.into()],
    )?
    .iter()
    .map(|row| Ok(((row.id(0)?, row.parsed(1)?), balance(row, 2)?)))
    .collect()
}

/// Transfers in the order in which months are frozen, after one.
///
/// # Errors
/// The database's.
pub fn transfers_after(
    tx: &mut dyn Tx,
    after: Option<At>,
    last: Option<Month>,
    most: u32,
) -> Result<Vec<Posted>, Error> {
    let place = tx.place().to_owned();
    let period = after.map(|at| at.period.to_string()).unwrap_or_default();
    let (entry, line) = after.map_or((0, 0), |at| (at.entry, at.line));
    let last = last.map_or("9999-12".to_owned(), |month| month.to_string());
    let sql = format!(
        "{} AND (t.period, t.entry, t.line) > (?2, ?3, ?4) AND t.period <= ?5 \
         ORDER BY t.period, t.entry, t.line LIMIT ?6",
        select()
    );
    tx.query(
        &sql,
        &[
            place.into(),
            period.into(),
            entry.into(),
            line.into(),
            last.into(),
            most.into(),
        ],
    )?
    .iter()
    .map(posted)
    .collect()
}
