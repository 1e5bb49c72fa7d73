//! What a return of a fund rests on, in a few numbers: equal marks mean that nothing was added in between.

use crate::{Error, Tx, ledger};
use fund::ledger::Code;
use kernel::Month;

/// What is there of all that a return is worked out from. Rows of each are only ever added, so that
/// the last or the count of each tells whether any was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mark {
    /// Agreements, plans, signatures, figures and returns that were sent, of the fund.
    counts: [i64; 5],
    /// The last month that is closed.
    closed_to: Option<Month>,
    /// Of each month that is open, up to the last of the return: the row of the journal that made its
    /// latest transfer. In a closed month there can be no other.
    latest: Vec<(Month, i64)>,
}

/// The mark of a fund's return of a period, up to a month.
///
/// # Errors
/// The database's.
pub fn mark(tx: &mut dyn Tx, fund: &Code, (period, last): (&str, Month)) -> Result<Mark, Error> {
    let place = tx.place().to_owned();
    let of_fund = [place.as_str().into(), fund.as_str().into()];
    let mut counts = [0; 5];
    for (count, table) in counts.iter_mut().zip([
        "fund_agreement",
        "fund_plan",
        "fund_signature",
        "fund_figure",
    ]) {
        let sql = format!("SELECT COUNT(*) FROM {table} WHERE place = ?1 AND fund = ?2");
        let row = tx.query_opt(&sql, &of_fund)?;
        *count = row.map_or(Ok(0), |row| row.int(0))?;
    }
    counts[4] = super::sent_count(tx, fund, period)?;
    let closed_to = ledger::closed_to(tx)?;
    Ok(Mark {
        counts,
        closed_to,
        latest: latest(tx, (closed_to, last))?,
    })
}

/// The row of the journal that made the latest transfer of each month after one, up to another. It goes
/// from one month that has transfers to the next, however many those are.
fn latest(
    tx: &mut dyn Tx,
    (after, last): (Option<Month>, Month),
) -> Result<Vec<(Month, i64)>, Error> {
    let place = tx.place().to_owned();
    let last = last.to_string();
    let mut after = after.map(|month| month.to_string()).unwrap_or_default();
    let mut all = Vec::new();
    loop {
        let next = tx.query_opt(
            "SELECT period FROM ledger_transfer WHERE place = ?1 AND period > ?2 AND period <= ?3 \
             ORDER BY period LIMIT 1",
            &[
                place.as_str().into(),
                after.as_str().into(),
                last.as_str().into(),
            ],
        )?;
        let Some(row) = next else {
            return Ok(all);
        };
        let (month, text) = (row.parsed(0)?, row.text(0)?.to_owned());
        let row = tx.query_opt(
            "SELECT entry FROM ledger_transfer WHERE place = ?1 AND period = ?2 \
             ORDER BY entry DESC LIMIT 1",
            &[place.as_str().into(), text.as_str().into()],
        )?;
        all.push((month, row.map_or(Ok(0), |row| row.int(0))?));
        after = text;
    }
}
