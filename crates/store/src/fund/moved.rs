//! What moved on the accounts of one fund, by month.

use crate::ledger;
use crate::value::listed;
use crate::{Error, Row, Tx, Value};
use fund::ledger::{Balance, Code, Name, Reservation};
use kernel::{LedgerAccountId, Month, Pence};
use std::collections::BTreeMap;

/// What moved on an account in a month.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Moved {
    /// The account.
    pub id: LedgerAccountId,
    /// Its name.
    pub name: Name,
    /// The month.
    pub month: Month,
    /// What moved.
    pub balance: Balance,
}

/// What moved on every account of a fund from one month to another, by account and month.
///
/// # Errors
/// The database's.
pub fn moved(
    tx: &mut dyn Tx,
    fund: &Code,
    (first, last): (Month, Month),
) -> Result<Vec<Moved>, Error> {
    let place = tx.place().to_owned();
    let rows = tx.query(
        "SELECT a.id, a.name, b.period, b.debits_posted, b.credits_posted, b.debits_pending, \
         b.credits_pending FROM ledger_account a JOIN ledger_balance b ON b.place = a.place \
         AND b.account_id = a.id WHERE a.place = ?1 AND a.fund = ?2 AND b.period >= ?3 \
         AND b.period <= ?4",
        &[
            place.into(),
            fund.as_str().into(),
            first.to_string().into(),
            last.to_string().into(),
        ],
    )?;
    let one = |row: &Row| {
        Ok(Moved {
            id: row.id(0)?,
            name: row.parsed(1)?,
            month: row.parsed(2)?,
            balance: Balance {
                debits_posted: Pence(row.int(3)?),
                credits_posted: Pence(row.int(4)?),
                debits_pending: Pence(row.int(5)?),
                credits_pending: Pence(row.int(6)?),
            },
        })
    };
    let mut all = rows.iter().map(one).collect::<Result<Vec<_>, Error>>()?;
    all.sort_by(|one, other| (&one.name, one.month).cmp(&(&other.name, other.month)));
    Ok(all)
}

/// What was drawn from commitments on accounts, by account and month.
///
/// # Errors
/// The database's.
pub fn drawn(
    tx: &mut dyn Tx,
    accounts: &[LedgerAccountId],
    (first, last): (Month, Month),
) -> Result<BTreeMap<(LedgerAccountId, Month), Pence>, Error> {
    let mut values: Vec<Value> = vec![
        tx.place().into(),
        first.to_string().into(),
        last.to_string().into(),
    ];
    let ids = listed(&mut values, accounts.iter().copied());
    let sql = format!(
        "SELECT debit_id, period, CAST(SUM(amount) AS BIGINT) FROM ledger_transfer \
         WHERE place = ?1 AND debit_id IN ({ids}) AND kind = 'post-reserved' AND period >= ?2 \
         AND period <= ?3 GROUP BY debit_id, period"
    );
    tx.query(&sql, &values)?
        .iter()
        .map(|row| Ok(((row.id(0)?, row.parsed(1)?), Pence(row.int(2)?))))
        .collect()
}

/// Commitments of which something remains, on accounts of a fund, with the account's name, the
/// first to end first.
///
/// # Errors
/// The database's.
pub fn held(tx: &mut dyn Tx, fund: &Code) -> Result<Vec<(Name, Reservation)>, Error> {
    let open = ledger::open_reservations(tx)?;
    let ids: Vec<LedgerAccountId> = open.iter().map(|one| one.debit).collect();
    let names: BTreeMap<LedgerAccountId, Name> = ledger::accounts(tx, &ids)?
        .into_iter()
        .map(|(account, _)| (account.id, account.name))
        .collect();
    let mut all: Vec<(Name, Reservation)> = open
        .into_iter()
        .filter_map(|one| Some((names.get(&one.debit)?.clone(), one)))
        .filter(|(name, _)| name.of.fund == *fund)
        .collect();
    all.sort_by_key(|(_, one)| (one.lapses_on, one.id));
    Ok(all)
}
