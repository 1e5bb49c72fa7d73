//! Which transfers each account has.
//!
//! A transfer is on two accounts, and a ledger has many: were both lists kept up with each transfer, a
//! commit of sixteen would write some thirty pages more. So they are kept up in sets. `ledger_listed`
//! names the row of the journal up to which all is listed; transfers of later rows are few, and found in
//! their own order. Whoever reads here reads both.

use super::read::{Posted, Posting, posted};
use super::{At, COLUMNS, select, transfer};
use crate::value::listed;
use crate::{Error, Row, Tx, Value};
use fund::ledger::{Side, Transfer};
use jiff::civil::Date;
use kernel::{LedgerAccountId, Month, Pence};
use std::collections::BTreeMap;

/// Transfers that are not listed yet.
const UNLISTED: &str =
    "t.entry > COALESCE((SELECT l.entry FROM ledger_listed l WHERE l.place = ?1), 0)";

/// Transfers that are listed, by account.
const LISTED: &str = "FROM ledger_posting p JOIN ledger_transfer t ON t.place = p.place \
     AND t.period = p.period AND t.entry = p.entry AND t.line = p.line WHERE p.place = ?1";

/// Lists every transfer that is not listed yet. It changes nothing that can be read.
///
/// # Errors
/// The database's.
pub fn list_postings(tx: &mut dyn Tx) -> Result<(), Error> {
    let place = tx.place().to_owned();
    tx.execute(
        &format!(
            "INSERT INTO ledger_posting (place, account_id, period, entry, line, side) \
             SELECT place, account_id, period, entry, line, side FROM (\
             SELECT t.place, t.debit_id AS account_id, t.period, t.entry, t.line, 'debit' AS side \
             FROM ledger_transfer t WHERE t.place = ?1 AND {UNLISTED} UNION ALL \
             SELECT t.place, t.credit_id, t.period, t.entry, t.line, 'credit' \
             FROM ledger_transfer t WHERE t.place = ?1 AND {UNLISTED}) AS new_postings \
             ORDER BY account_id, period, entry, line"
        ),
        &[place.as_str().into()],
    )?;
    tx.execute(
        "INSERT INTO ledger_listed (place, entry) \
         SELECT place, entry FROM ledger_transfer WHERE place = ?1 ORDER BY entry DESC, line DESC \
         LIMIT 1 ON CONFLICT (place) DO UPDATE SET entry = excluded.entry",
        &[place.into()],
    )?;
    Ok(())
}

/// Transfers of an account that are not listed yet, and what else a condition asks.
fn unlisted(
    tx: &mut dyn Tx,
    id: LedgerAccountId,
    (condition, more): (&str, &[Value]),
) -> Result<Vec<Row>, Error> {
    let mut values: Vec<Value> = vec![tx.place().into(), id.into()];
    values.extend_from_slice(more);
    let sql = format!(
        "{} AND {UNLISTED} AND (t.debit_id = ?2 OR t.credit_id = ?2) AND {condition}",
        select()
    );
    tx.query(&sql, &values)
}

/// Transfers of one account in a month up to a day of it.
///
/// # Errors
/// The database's.
pub fn moved_in_month(
    tx: &mut dyn Tx,
    id: LedgerAccountId,
    last: Date,
) -> Result<Vec<Transfer>, Error> {
    let period = Month::of(last).to_string();
    let mut values: Vec<Value> = vec![tx.place().into(), id.into(), period.into(), last.into()];
    let sql = format!(
        "SELECT {COLUMNS} {LISTED} AND p.account_id = ?2 AND p.period = ?3 AND t.effective_on <= ?4"
    );
    let mut rows = tx.query(&sql, &values)?;
    let more = values.split_off(2);
    rows.extend(unlisted(
        tx,
        id,
        ("t.period = ?3 AND t.effective_on <= ?4", &more),
    )?);
    rows.iter().map(transfer).collect()
}

/// A page of what stands behind an account's balance, in order: from a month to another, after
/// where the last page ended.
///
/// # Errors
/// The database's.
pub fn postings(
    tx: &mut dyn Tx,
    id: LedgerAccountId,
    (first, last): (Month, Month),
    after: Option<At>,
    most: usize,
) -> Result<Vec<Posting>, Error> {
    let from = after.filter(|after| after.period >= first).unwrap_or(At {
        period: first,
        entry: 0,
        line: 0,
    });
    let place = tx.place().to_owned();
    let more: [Value; 4] = [
        from.period.to_string().into(),
        from.entry.into(),
        from.line.into(),
        last.to_string().into(),
    ];
    let mut values: Vec<Value> = vec![place.into(), id.into()];
    values.extend_from_slice(&more);
    values.push(i64::try_from(most).unwrap_or(i64::MAX).into());
    let sql = format!(
        "SELECT {COLUMNS} {LISTED} AND p.account_id = ?2 \
         AND (p.period, p.entry, p.line) > (?3, ?4, ?5) AND p.period <= ?6 ORDER BY p.period, p.entry, p.line LIMIT ?7"
    );
    let mut rows = tx.query(&sql, &values)?;
    let condition = "(t.period, t.entry, t.line) > (?3, ?4, ?5) AND t.period <= ?6";
    rows.extend(unlisted(tx, id, (condition, &more))?);
    let mut found = rows
        .iter()
        .map(|row| posted(row).map(|posted| as_seen_by(id, posted)))
        .collect::<Result<Vec<_>, Error>>()?;
    found.sort_by_key(|one| one.posted.at);
    found.truncate(most);
    Ok(found)
}

fn as_seen_by(id: LedgerAccountId, posted: Posted) -> Posting {
    let side = match posted.transfer.debit == id {
        true => Side::Debit,
        false => Side::Credit,
    };
    Posting { side, posted }
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
    let what = "t.debit_id, t.period, CAST(SUM(t.amount) AS BIGINT)";
    let which = format!(
        "t.debit_id IN ({ids}) AND t.kind = 'post-reserved' AND t.period >= ?2 AND t.period <= ?3 \
         GROUP BY t.debit_id, t.period"
    );
    let mut rows = tx.query(
        &format!(
            "SELECT {what} {LISTED} AND p.account_id IN ({ids}) AND p.side = 'debit' \
             AND p.period >= ?2 AND p.period <= ?3 AND {which}"
        ),
        &values,
    )?;
    rows.extend(tx.query(
        &format!(
            "SELECT {what} FROM ledger_transfer t WHERE t.place = ?1 AND {UNLISTED} AND {which}"
        ),
        &values,
    )?);
    let mut all = BTreeMap::new();
    for row in &rows {
        let sum: &mut Pence = all.entry((row.id(0)?, row.parsed(1)?)).or_default();
        // Of two parts of what an account holds, whose sum was found to fit.
        sum.0 = sum.0.saturating_add(row.int(2)?);
    }
    Ok(all)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::*;

    #[test]
    fn what_is_not_listed_is_found_by_the_row_of_the_journal() {
        let database = rusqlite::Connection::open_in_memory().unwrap();
        for migration in crate::migrate::migrations() {
            database.execute_batch(migration.sql).unwrap();
        }
        let sql = format!(
            "EXPLAIN QUERY PLAN {} AND {UNLISTED} AND (t.debit_id = ?2 OR t.credit_id = ?2)",
            select()
        );
        let mut statement = database.prepare(&sql).unwrap();
        let plan: Vec<String> = statement
            .query_map(["place", "account"], |row| row.get(3))
            .unwrap()
            .collect::<Result<_, _>>()
            .unwrap();
        let by = "SEARCH t USING INDEX ledger_transfer_by_entry (place=? AND entry>?)";
        assert!(plan.iter().any(|step| step == by), "{plan:?}");
    }
}
