//! Returns of pooled funds as they were sent, and what came of planned metrics.

use crate::{Error, Row, Tx};
use fund::ledger::Code;
use jiff::Timestamp;
use kernel::Month;

/// A return as it was sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sent {
    /// The fund.
    pub fund: Code,
    /// Its period: `2025-Q3` or `2025`.
    pub period: String,
    /// From 1.
    pub number: i64,
    /// SHA-256 of the content, in hex.
    pub hash: String,
    /// The cells, a line each.
    pub content: String,
    /// The accounts and months behind each cell, a line for each.
    pub lineage: String,
    /// What is different from the one before, a line each.
    pub changes: String,
    /// When it was sent, and by whom.
    pub sent: (Timestamp, String),
}

const SENT: &str = "fund, period, number, hash, content, lineage, changes, sent_at, sent_by";

fn read(row: &Row) -> Result<Sent, Error> {
    Ok(Sent {
        fund: row.parsed(0)?,
        period: row.text(1)?.to_owned(),
        number: row.int(2)?,
        hash: row.text(3)?.to_owned(),
        content: row.text(4)?.to_owned(),
        lineage: row.text(5)?.to_owned(),
        changes: row.text(6)?.to_owned(),
        sent: (row.instant(7)?, row.text(8)?.to_owned()),
    })
}

/// Every version of a return, the latest first.
///
/// # Errors
/// The database's.
pub fn sent(tx: &mut dyn Tx, fund: &Code, period: &str) -> Result<Vec<Sent>, Error> {
    let place = tx.place().to_owned();
    let sql = format!(
        "SELECT {SENT} FROM fund_return WHERE place = ?1 AND fund = ?2 AND period = ?3 \
         ORDER BY number DESC"
    );
    let rows = tx.query(&sql, &[place.into(), fund.as_str().into(), period.into()])?;
    rows.iter().map(read).collect()
}

/// Keeps a return that was sent.
///
/// # Errors
/// The database's: the number is taken.
pub fn put_sent(tx: &mut dyn Tx, sent: &Sent) -> Result<(), Error> {
    let place = tx.place().to_owned();
    let sql = format!(
        "INSERT INTO fund_return (place, {SENT}) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)"
    );
    tx.execute(
        &sql,
        &[
            place.into(),
            sent.fund.as_str().into(),
            sent.period.as_str().into(),
            sent.number.into(),
            sent.hash.as_str().into(),
            sent.content.as_str().into(),
            sent.lineage.as_str().into(),
            sent.changes.as_str().into(),
            sent.sent.0.into(),
            sent.sent.1.as_str().into(),
        ],
    )?;
    Ok(())
}

/// What came of a planned metric in a month.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MetricRow {
    /// Its short name in the period.
    pub metric: String,
    /// The month.
    pub month: Month,
    /// From 1; the latest of a month stands.
    pub number: i64,
    /// Thousandths of its unit.
    pub thousandths: i64,
    /// Where the figure is from.
    pub source: String,
    /// When it was kept, and by whom.
    pub kept: (Timestamp, String),
}

/// What came of every metric of a fund: of each month the figure that stands, by metric and month.
///
/// # Errors
/// The database's.
pub fn metrics(tx: &mut dyn Tx, fund: &Code) -> Result<Vec<MetricRow>, Error> {
    let place = tx.place().to_owned();
    let rows = tx.query(
        "SELECT metric, month, number, thousandths, source, kept_at, kept_by FROM fund_metric \
         WHERE place = ?1 AND fund = ?2 ORDER BY place, fund, metric, month, number",
        &[place.into(), fund.as_str().into()],
    )?;
    let mut all: Vec<MetricRow> = Vec::new();
    for row in &rows {
        let one = MetricRow {
            metric: row.text(0)?.to_owned(),
            month: row.parsed(1)?,
            number: row.int(2)?,
            thousandths: row.int(3)?,
            source: row.text(4)?.to_owned(),
            kept: (row.instant(5)?, row.text(6)?.to_owned()),
        };
        let again = |last: &MetricRow| last.metric == one.metric && last.month == one.month;
        if all.last().is_some_and(again) {
            all.pop();
        }
        all.push(one);
    }
    Ok(all)
}

/// Adds what came of a metric in a month.
///
/// # Errors
/// The database's: the number is taken.
pub fn put_metric(tx: &mut dyn Tx, fund: &Code, row: &MetricRow) -> Result<(), Error> {
    let place = tx.place().to_owned();
    tx.execute(
        "INSERT INTO fund_metric (place, fund, metric, month, number, thousandths, source, \
         kept_at, kept_by) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
        &[
            place.into(),
            fund.as_str().into(),
            row.metric.as_str().into(),
            row.month.to_string().into(),
            row.number.into(),
            row.thousandths.into(),
            row.source.as_str().into(),
            row.kept.0.into(),
            row.kept.1.as_str().into(),
        ],
    )?;
    Ok(())
}
