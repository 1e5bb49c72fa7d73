//! What must hold between the rows of the ledger, asked of the rows themselves.

use crate::{Error, Tx};
use fund::ledger::Fault;

/// A question that must find nothing; its first column names what is wrong.
const CHECKS: &[(&str, &str)] = &[
    (
        "a transfer is between accounts that are there",
        "SELECT 'transfer ' || t.id FROM ledger_transfer t WHERE t.place = ?1 AND (NOT EXISTS \
         (SELECT 1 FROM ledger_account a WHERE a.place = t.place AND a.id = t.debit_id) \
         OR NOT EXISTS (SELECT 1 FROM ledger_account a WHERE a.place = t.place \
         AND a.id = t.credit_id)) LIMIT 50",
    ),
    (
        "a transfer counts in the month of its day",
        "SELECT 'transfer ' || id FROM ledger_transfer WHERE place = ?1 \
         AND SUBSTR(effective_on, 1, 7) <> period LIMIT 50",
    ),
    (
        "a reversal is the whole of what it takes back, the other way round, and not before it",
        "SELECT 'transfer ' || r.id FROM ledger_transfer r LEFT JOIN ledger_transfer t \
         ON t.place = r.place AND t.id = r.reverses_id WHERE r.place = ?1 \
         AND r.reverses_id IS NOT NULL AND (t.id IS NULL OR t.debit_id <> r.credit_id \
         OR t.credit_id <> r.debit_id OR t.amount <> r.amount OR r.effective_on < t.effective_on \
         OR t.kind NOT IN ('post', 'post-reserved') OR r.note = '') LIMIT 50",
    ),
    (
        "what is drawn from a reservation is between its accounts and not before it",
        "SELECT 'transfer ' || d.id FROM ledger_transfer d LEFT JOIN ledger_transfer t \
         ON t.place = d.place AND t.id = d.reservation_id WHERE d.place = ?1 \
         AND d.reservation_id IS NOT NULL AND (t.id IS NULL OR t.kind <> 'reserve' \
         OR t.debit_id <> d.debit_id OR t.credit_id <> d.credit_id \
         OR d.effective_on < t.effective_on) LIMIT 50",
    ),
    (
        "transfers that were posted all or none are of one row of the journal",
        "SELECT 'set ' || t.set_id FROM ledger_transfer t WHERE t.place = ?1 \
         AND t.set_id IS NOT NULL GROUP BY t.set_id HAVING COUNT(DISTINCT t.entry) > 1 \
         OR SUM(CASE WHEN t.id = t.set_id AND t.line = 1 THEN 1 ELSE 0 END) <> 1 \
         OR MAX(t.line) <> COUNT(*) LIMIT 50",
    ),
    (
        "each transfer has its row of the journal",
        "SELECT 'transfer ' || t.id FROM ledger_transfer t WHERE t.place = ?1 AND NOT EXISTS \
         (SELECT 1 FROM journal j WHERE j.place = t.place AND j.sequence = t.entry \
         AND j.subject = 'transfer ' || COALESCE(t.set_id, t.id)) LIMIT 50",
    ),
    (
        "each row of the journal that posted has all its transfers",
        "SELECT 'journal row ' || j.sequence FROM journal j LEFT JOIN (SELECT entry, COUNT(*) AS n \
         FROM ledger_transfer WHERE place = ?1 GROUP BY entry) t ON t.entry = j.sequence \
         WHERE j.place = ?1 AND j.action = 'ledger: post' \
         AND COALESCE(t.n, 0) <> j.results LIMIT 50",
    ),
    (
        "a transfer that is listed is on the lists of both its accounts",
        "SELECT 'transfer ' || t.id FROM ledger_transfer t WHERE t.place = ?1 \
         AND t.entry <= (SELECT l.entry FROM ledger_listed l WHERE l.place = ?1) \
         AND (SELECT COUNT(*) FROM ledger_posting p WHERE p.place = t.place \
         AND p.account_id IN (t.debit_id, t.credit_id) AND p.period = t.period \
         AND p.entry = t.entry AND p.line = t.line \
         AND p.side = CASE p.account_id WHEN t.debit_id THEN 'debit' ELSE 'credit' END) <> 2 \
         LIMIT 50",
    ),
    (
        "what is on the list of an account is a transfer of it",
        "SELECT 'account ' || p.account_id FROM ledger_posting p LEFT JOIN ledger_transfer t \
         ON t.place = p.place AND t.period = p.period AND t.entry = p.entry AND t.line = p.line \
         WHERE p.place = ?1 AND (t.id IS NULL OR p.account_id NOT IN (t.debit_id, t.credit_id)) \
         LIMIT 50",
    ),
    (
        "an account is of a person who is there",
        "SELECT 'account ' || a.id FROM ledger_account a WHERE a.place = ?1 \
         AND a.person_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM person p \
         WHERE p.place = a.place AND p.id = a.person_id) LIMIT 50",
    ),
];

/// What does not hold.
///
/// # Errors
/// The database's.
pub fn faults(tx: &mut dyn Tx) -> Result<Vec<Fault>, Error> {
    let place = tx.place().to_owned();
    let mut faults = Vec::new();
    for (check, sql) in CHECKS {
        for row in tx.query(sql, &[place.as_str().into()])? {
            faults.push(Fault {
                check,
                what: row.text(0)?.to_owned(),
            });
        }
    }
    Ok(faults)
}

/// What remains of every reservation, over or not.
///
/// # Errors
/// The database's.
pub fn remaining(
    tx: &mut dyn Tx,
) -> Result<std::collections::BTreeMap<kernel::TransferId, kernel::Pence>, Error> {
    let place = tx.place().to_owned();
    tx.query(
        "SELECT transfer_id, remaining FROM ledger_reservation WHERE place = ?1",
        &[place.into()],
    )?
    .iter()
    .map(|row| Ok((row.id(0)?, kernel::Pence(row.int(1)?))))
    .collect()
}
