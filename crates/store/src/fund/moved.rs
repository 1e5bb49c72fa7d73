//! What moved on the accounts of one fund, by month.

use crate::ledger;
use crate::{Error, Tx};
use fund::ledger::{AccountKind, Balance, Code, Name, Reservation};
use kernel::{LedgerAccountId, Month, Pence};
use std::collections::{BTreeMap, HashMap};

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
        "SELECT id, name FROM ledger_account WHERE place = ?1 AND fund = ?2",
        &[place.as_str().into(), fund.as_str().into()],
    )?;
    // Each name is read once, however many months its account has.
    let mut accounts: Vec<(Name, String)> = rows
        .iter()
        .map(|row| Ok((row.parsed(1)?, row.text(0)?.to_owned())))
        .collect::<Result<_, Error>>()?;
    accounts.sort();
    let mut months = by_account(tx, fund, (first, last))?;
    let mut all = Vec::new();
    for (name, text) in accounts {
        let Some(mut mine) = months.remove(&text) else {
            continue;
        };
        let id = text.parse().map_err(|_| Error::Column {
            column: 0,
            expected: "an id of an account",
        })?;
        mine.sort_by_key(|(month, _)| *month);
        all.extend(mine.into_iter().map(|(month, balance)| Moved {
            id,
            name: name.clone(),
            month,
            balance,
        }));
    }
    Ok(all)
}

/// What moved before a month on the accounts of one kind of a fund, by account and month. For kinds that have few
/// accounts, such as what partners owe: each is asked for by itself.
///
/// # Errors
/// The database's.
pub fn moved_before(
    tx: &mut dyn Tx,
    fund: &Code,
    kind: AccountKind,
    month: Month,
) -> Result<Vec<Moved>, Error> {
    let place = tx.place().to_owned();
    let (class, word) = (kind.class().word(), kind.as_str());
    let rows = tx.query(
        "SELECT id, name FROM ledger_account WHERE place = ?1 AND fund = ?2 AND name LIKE ?3",
        &[
            place.into(),
            fund.as_str().into(),
            format!("{class}:{word}:{fund}:%").into(),
        ],
    )?;
    let mut accounts: Vec<(Name, LedgerAccountId)> = rows
        .iter()
        .map(|row| Ok((row.parsed(1)?, row.id(0)?)))
        .collect::<Result<_, Error>>()?;
    accounts.sort();
    let mut all = Vec::new();
    for (name, id) in accounts {
        let months = ledger::balances_upto(tx, id, month.previous())?;
        all.extend(months.into_iter().map(|(month, balance)| Moved {
            id,
            name: name.clone(),
            month,
            balance,
        }));
    }
    Ok(all)
}

/// Months with what moved in them, by the id of the account as it is kept.
type ByAccount = HashMap<String, Vec<(Month, Balance)>>;

fn by_account(
    tx: &mut dyn Tx,
    fund: &Code,
    (first, last): (Month, Month),
) -> Result<ByAccount, Error> {
    let place = tx.place().to_owned();
    let rows = tx.query(
        "SELECT b.account_id, b.period, b.debits_posted, b.credits_posted, b.debits_pending, \
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
    let mut all = ByAccount::new();
    for row in &rows {
        let balance = Balance {
            debits_posted: Pence(row.int(2)?),
            credits_posted: Pence(row.int(3)?),
            debits_pending: Pence(row.int(4)?),
            credits_pending: Pence(row.int(5)?),
        };
        let month = row.parsed(1)?;
        match all.get_mut(row.text(0)?) {
            Some(mine) => mine.push((month, balance)),
            None => {
                all.insert(row.text(0)?.to_owned(), vec![(month, balance)]);
            }
        }
    }
    Ok(all)
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
