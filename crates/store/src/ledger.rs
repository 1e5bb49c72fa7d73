//! Rows of the ledger: accounts with their balances, transfers, reservations, closed months, and
//! the files that transfers came in.
//!
//! Transfers are only ever added. What moved on an account in a month, and in all, is kept beside
//! them in the transaction that adds them, so that a balance is one row; [`audit`] reads the
//! transfers again to hold them against it. Which transfers an account has is listed in sets
//! ([`list_postings`]), and read through [`postings`], which knows of those that are still to be listed.

pub mod audit;
mod file;
mod listed;
mod read;

pub use file::{File, KeptFile, file_bytes, files, put_file, settle_file};
pub use listed::{drawn, list_postings, moved_in_month, postings};
pub use read::{
    At, Posted, Posting, accounts_upto, balances_upto, by_name, every_account, funds,
    posted_transfer, sums_of_all, transfers_after,
};

use crate::value::listed;
use crate::{Error, Row, Tx, Value};
use fund::ledger::{Account, Balance, Frozen, Kind, Limit, Reservation, Transfer};
use jiff::Timestamp;
use jiff::civil::Date;
use kernel::{LedgerAccountId, Month, Pence, TransferId};
use std::collections::BTreeMap;

/// Accounts of the place, by more that follows, then [`EACH`].
const ACCOUNT: &str = "SELECT a.id, a.name, a.limited, \
     CAST(COALESCE(SUM(b.debits_posted), 0) AS BIGINT), \
     CAST(COALESCE(SUM(b.credits_posted), 0) AS BIGINT), \
     CAST(COALESCE(SUM(b.debits_pending), 0) AS BIGINT), \
     CAST(COALESCE(SUM(b.credits_pending), 0) AS BIGINT) \
     FROM ledger_account a LEFT JOIN ledger_balance b \
     ON b.place = a.place AND b.account_id = a.id WHERE a.place = ?1";

/// A row for each account: the sum of its months.
const EACH: &str = "GROUP BY a.place, a.id";

const COLUMNS: &str = "t.id, t.kind, t.debit_id, t.credit_id, t.amount, t.released, \
     t.effective_on, t.reservation_id, t.reverses_id, t.lapses_on, t.keep_rest, t.set_id, t.note, \
     t.period, t.entry, t.line, t.posted_at";

/// Transfers of the place, by more that follows.
fn select() -> String {
    format!("SELECT {COLUMNS} FROM ledger_transfer t WHERE t.place = ?1")
}

fn balance(row: &Row, at: usize) -> Result<Balance, Error> {
    Ok(Balance {
        debits_posted: Pence(row.int(at)?),
        credits_posted: Pence(row.int(at + 1)?),
        debits_pending: Pence(row.int(at + 2)?),
        credits_pending: Pence(row.int(at + 3)?),
    })
}

fn account(row: &Row) -> Result<(Account, Balance), Error> {
    let limit = Limit::parse(row.text(2)?).ok_or(Error::Column {
        column: 2,
        expected: "a limit",
    })?;
    let account = Account {
        id: row.id(0)?,
        name: row.parsed(1)?,
        limit,
    };
    Ok((account, balance(row, 3)?))
}

fn transfer(row: &Row) -> Result<Transfer, Error> {
    let wrong = |column| Error::Column {
        column,
        expected: "what the kind of transfer needs",
    };
    let reservation = || row.opt_id(7)?.ok_or_else(|| wrong(7));
    let kind = match row.text(1)? {
        "post" => Kind::Post,
        "reserve" => Kind::Reserve {
            lapses_on: row.opt_date(9)?,
        },
        "post-reserved" => Kind::PostReserved {
            reservation: reservation()?,
            keep_rest: row.int(10)? == 1,
        },
        "release" => Kind::Release {
            reservation: reservation()?,
        },
        "reverse" => Kind::Reverse {
            of: row.opt_id(8)?.ok_or_else(|| wrong(8))?,
        },
        _ => return Err(wrong(1)),
    };
    Ok(Transfer {
        id: row.id(0)?,
        kind,
        debit: row.id(2)?,
        credit: row.id(3)?,
        amount: Pence(row.int(4)?),
        released: Pence(row.int(5)?),
        effective: row.date(6)?,
        set: row.opt_id(11)?,
        note: row.text(12)?.to_owned(),
    })
}

/// Adds an account with nothing on it.
///
/// # Errors
/// The database's; a name that is there already.
pub fn open(tx: &mut dyn Tx, account: &Account, (at, by): (Timestamp, &str)) -> Result<(), Error> {
    let place = tx.place().to_owned();
    tx.execute(
        // The four sums have been those of the months since migration 0047.
        "INSERT INTO ledger_account (place, id, name, fund, person_id, limited, debits_posted, \
         credits_posted, debits_pending, credits_pending, opened_at, opened_by) \
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, 0, 0, 0, 0, ?7, ?8)",
        &[
            place.as_str().into(),
            account.id.into(),
            account.name.to_string().into(),
            account.name.of.fund.as_str().into(),
            account.name.of.person.into(),
            account.limit.as_str().into(),
            at.into(),
            by.into(),
        ],
    )?;
    Ok(())
}

/// Accounts with these ids, each with everything posted and reserved on it.
///
/// # Errors
/// The database's.
pub fn accounts(
    tx: &mut dyn Tx,
    ids: &[LedgerAccountId],
) -> Result<Vec<(Account, Balance)>, Error> {
    let place = tx.place().to_owned();
    let mut found = Vec::with_capacity(ids.len());
    for some in ids.chunks(AT_ONCE) {
        let mut values = vec![Value::from(place.as_str())];
        let marks = listed(&mut values, filled_up(some));
        let sql = format!("{ACCOUNT} AND a.id IN ({marks}) {EACH}");
        for row in tx.query(&sql, &values)? {
            found.push(account(&row)?);
        }
    }
    Ok(found)
}

/// Most ids in one statement.
const AT_ONCE: usize = 64;

/// Ids, the last one repeated up to a power of two, so that few texts of statements are kept
/// prepared.
fn filled_up<T: Copy>(ids: &[T]) -> impl Iterator<Item = T> {
    let last = ids.last().copied();
    let missing = ids.len().next_power_of_two() - ids.len();
    ids.iter()
        .copied()
        .chain(std::iter::repeat_n(last, missing).flatten())
}

/// Transfers with these ids, of those that are there.
///
/// # Errors
/// The database's.
pub fn transfers(tx: &mut dyn Tx, ids: &[TransferId]) -> Result<Vec<Transfer>, Error> {
    let place = tx.place().to_owned();
    let mut found = Vec::new();
    for some in ids.chunks(AT_ONCE) {
        let mut values = vec![Value::from(place.as_str())];
        let marks = listed(&mut values, filled_up(some));
        let sql = format!("{} AND t.id IN ({marks})", select());
        for row in tx.query(&sql, &values)? {
            found.push(transfer(&row)?);
        }
    }
    Ok(found)
}

/// Transfers that were posted all or none with a first one, and that one, in order.
///
/// # Errors
/// The database's.
pub fn set(tx: &mut dyn Tx, first: TransferId) -> Result<Vec<TransferId>, Error> {
    let place = tx.place().to_owned();
    let rows = tx.query(
        "SELECT id, line FROM ledger_transfer WHERE place = ?1 AND set_id = ?2",
        &[place.into(), first.into()],
    )?;
    let mut found = rows
        .iter()
        .map(|row| Ok((row.int(1)?, row.id(0)?)))
        .collect::<Result<Vec<(i64, TransferId)>, Error>>()?;
    found.sort_unstable();
    Ok(found.into_iter().map(|(_, id)| id).collect())
}

/// The transfer that reversed one.
///
/// # Errors
/// The database's.
pub fn reversal(tx: &mut dyn Tx, of: TransferId) -> Result<Option<TransferId>, Error> {
    let place = tx.place().to_owned();
    let row = tx.query_opt(
        "SELECT id FROM ledger_transfer WHERE place = ?1 AND reverses_id = ?2",
        &[place.into(), of.into()],
    )?;
    row.map(|row| row.id(0)).transpose()
}

const RESERVATION: &str = "SELECT transfer_id, debit_id, credit_id, remaining, effective_on, \
     lapses_on FROM ledger_reservation WHERE place = ?1";

fn held(row: &Row) -> Result<Reservation, Error> {
    Ok(Reservation {
        id: row.id(0)?,
        debit: row.id(1)?,
        credit: row.id(2)?,
        remaining: Pence(row.int(3)?),
        effective: row.date(4)?,
        lapses_on: row.opt_date(5)?,
    })
}

/// A reservation as it stands.
///
/// # Errors
/// The database's.
pub fn reservation(tx: &mut dyn Tx, id: TransferId) -> Result<Option<Reservation>, Error> {
    let place = tx.place().to_owned();
    let sql = format!("{RESERVATION} AND transfer_id = ?2");
    tx.query_opt(&sql, &[place.into(), id.into()])?
        .as_ref()
        .map(held)
        .transpose()
}

/// Every reservation of which something remains.
///
/// # Errors
/// The database's.
pub fn open_reservations(tx: &mut dyn Tx) -> Result<Vec<Reservation>, Error> {
    let place = tx.place().to_owned();
    let sql = format!("{RESERVATION} AND remaining > 0");
    tx.query(&sql, &[place.into()])?.iter().map(held).collect()
}

/// Reservations of which something remains and whose last day was before a day.
///
/// # Errors
/// The database's.
pub fn lapsed(tx: &mut dyn Tx, today: Date, most: u32) -> Result<Vec<Reservation>, Error> {
    let place = tx.place().to_owned();
    let sql =
        format!("{RESERVATION} AND remaining > 0 AND lapses_on < ?2 ORDER BY lapses_on LIMIT ?3");
    tx.query(&sql, &[place.into(), today.into(), most.into()])?
        .iter()
        .map(held)
        .collect()
}

/// Writes how a reservation now stands.
///
/// # Errors
/// The database's.
pub fn put_reservation(tx: &mut dyn Tx, held: &Reservation) -> Result<(), Error> {
    let place = tx.place().to_owned();
    tx.execute(
        "INSERT INTO ledger_reservation (place, transfer_id, debit_id, credit_id, remaining, \
         effective_on, lapses_on) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) \
         ON CONFLICT (place, transfer_id) DO UPDATE SET remaining = excluded.remaining",
        &[
            place.into(),
            held.id.into(),
            held.debit.into(),
            held.credit.into(),
            held.remaining.0.into(),
            held.effective.into(),
            held.lapses_on.into(),
        ],
    )?;
    Ok(())
}

/// Adds a transfer: the line of the journal's row that made it.
///
/// # Errors
/// The database's.
pub fn add(
    tx: &mut dyn Tx,
    made: &Transfer,
    (entry, line): (i64, i64),
    posted_at: Timestamp,
) -> Result<(), Error> {
    let (reservation, reverses, lapses_on, keep_rest) = match made.kind {
        Kind::Post => (None, None, None, false),
        Kind::Reserve { lapses_on } => (None, None, lapses_on, false),
        Kind::PostReserved {
            reservation,
            keep_rest,
        } => (Some(reservation), None, None, keep_rest),
        Kind::Release { reservation } => (Some(reservation), None, None, false),
        Kind::Reverse { of } => (None, Some(of), None, false),
    };
    let place = tx.place().to_owned();
    tx.execute(
        "INSERT INTO ledger_transfer (place, period, entry, line, id, kind, debit_id, credit_id, \
         amount, released, effective_on, posted_at, reservation_id, reverses_id, lapses_on, \
         keep_rest, set_id, note) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, \
         ?14, ?15, ?16, ?17, ?18)",
        &[
            place.into(),
            made.period().to_string().into(),
            entry.into(),
            line.into(),
            made.id.into(),
            made.kind.as_str().into(),
            made.debit.into(),
            made.credit.into(),
            made.amount.0.into(),
            made.released.0.into(),
            made.effective.into(),
            posted_at.into(),
            reservation.into(),
            reverses.into(),
            lapses_on.into(),
            i64::from(keep_rest).into(),
            made.set.into(),
            made.note.as_str().into(),
        ],
    )?;
    Ok(())
}

/// Adds what moved to the sums of accounts' months.
///
/// # Errors
/// The database's.
pub fn move_balances(
    tx: &mut dyn Tx,
    moved: &BTreeMap<(LedgerAccountId, Month), Balance>,
) -> Result<(), Error> {
    for ((id, period), by) in moved {
        let mut values: Vec<Value> =
            vec![tx.place().into(), (*id).into(), period.to_string().into()];
        values.extend(sums(by));
        tx.execute(
            "INSERT INTO ledger_balance (place, account_id, period, debits_posted, credits_posted, \
             debits_pending, credits_pending) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) \
             ON CONFLICT (place, account_id, period) \
             DO UPDATE SET debits_posted = ledger_balance.debits_posted + excluded.debits_posted, \
             credits_posted = ledger_balance.credits_posted + excluded.credits_posted, \
             debits_pending = ledger_balance.debits_pending + excluded.debits_pending, \
             credits_pending = ledger_balance.credits_pending + excluded.credits_pending",
            &values,
        )?;
    }
    Ok(())
}

fn sums(balance: &Balance) -> [Value; 4] {
    [
        balance.debits_posted.0.into(),
        balance.credits_posted.0.into(),
        balance.debits_pending.0.into(),
        balance.credits_pending.0.into(),
    ]
}

/// The last month that is closed.
///
/// # Errors
/// The database's.
pub fn closed_to(tx: &mut dyn Tx) -> Result<Option<Month>, Error> {
    Ok(last_frozen(tx)?.map(|frozen| frozen.period))
}

const FROZEN: &str =
    "SELECT period, transfers, previous_hash, hash FROM ledger_period WHERE place = ?1";

fn frozen_row(row: &Row) -> Result<Frozen, Error> {
    Ok(Frozen {
        period: row.parsed(0)?,
        transfers: u64::try_from(row.int(1)?).unwrap_or(0),
        previous: row.text(2)?.to_owned(),
        hash: row.text(3)?.to_owned(),
    })
}

/// The last month that is closed, with its hash.
///
/// # Errors
/// The database's.
pub fn last_frozen(tx: &mut dyn Tx) -> Result<Option<Frozen>, Error> {
    let place = tx.place().to_owned();
    let sql = format!("{FROZEN} ORDER BY period DESC LIMIT 1");
    tx.query_opt(&sql, &[place.into()])?
        .as_ref()
        .map(frozen_row)
        .transpose()
}

/// Every month that is closed, in order.
///
/// # Errors
/// The database's.
pub fn frozen(tx: &mut dyn Tx) -> Result<Vec<Frozen>, Error> {
    let place = tx.place().to_owned();
    let sql = format!("{FROZEN} ORDER BY period");
    tx.query(&sql, &[place.into()])?
        .iter()
        .map(frozen_row)
        .collect()
}

/// Every month that is closed, in order, with when and by whom.
///
/// # Errors
/// The database's.
pub fn closings(tx: &mut dyn Tx) -> Result<Vec<(Frozen, Timestamp, String)>, Error> {
    let place = tx.place().to_owned();
    let sql = "SELECT period, transfers, previous_hash, hash, closed_at, closed_by \
               FROM ledger_period WHERE place = ?1 ORDER BY period";
    tx.query(sql, &[place.into()])?
        .iter()
        .map(|row| Ok((frozen_row(row)?, row.instant(4)?, row.text(5)?.to_owned())))
        .collect()
}

/// Adds a month that is closed.
///
/// # Errors
/// The database's.
pub fn freeze(tx: &mut dyn Tx, frozen: &Frozen, (at, by): (Timestamp, &str)) -> Result<(), Error> {
    let place = tx.place().to_owned();
    tx.execute(
        "INSERT INTO ledger_period (place, period, transfers, previous_hash, hash, closed_at, \
         closed_by) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        &[
            place.into(),
            frozen.period.to_string().into(),
            i64::try_from(frozen.transfers).unwrap_or(i64::MAX).into(),
            frozen.previous.as_str().into(),
            frozen.hash.as_str().into(),
            at.into(),
            by.into(),
        ],
    )?;
    Ok(())
}

/// The first month in which anything counts.
///
/// # Errors
/// The database's.
pub fn earliest(tx: &mut dyn Tx) -> Result<Option<Month>, Error> {
    let place = tx.place().to_owned();
    let row = tx.query_opt(
        "SELECT period FROM ledger_transfer WHERE place = ?1 ORDER BY period LIMIT 1",
        &[place.into()],
    )?;
    row.map(|row| row.parsed(0)).transpose()
}

/// When a month was closed, and by whom.
///
/// # Errors
/// The database's.
pub fn closing(tx: &mut dyn Tx, period: Month) -> Result<Option<(Timestamp, String)>, Error> {
    let place = tx.place().to_owned();
    let row = tx.query_opt(
        "SELECT closed_at, closed_by FROM ledger_period WHERE place = ?1 AND period = ?2",
        &[place.into(), period.to_string().into()],
    )?;
    row.map(|row| Ok((row.instant(0)?, row.text(1)?.to_owned())))
        .transpose()
}
