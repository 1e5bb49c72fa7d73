//! Returns of pooled funds as they were sent, and what came of planned metrics.

use crate::{Error, Row, Tx};
use fund::effect::{CountedFrom, Figure};
use fund::ledger::Code;
use jiff::Timestamp;
use kernel::hex;
use kernel::parameters::Decimal;
use sha2::{Digest, Sha256};

/// A return as it was sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sent {
    /// The fund.
    pub fund: Code,
    /// Its period: `2025-26-Q3` or `2025-26`.
    pub period: String,
    /// From 1.
    pub number: i64,
    /// SHA-256 of the content, in hex.
    pub hash: String,
    /// The cells, as CSV.
    pub content: String,
    /// What is behind each cell, as CSV without people's ids.
    pub lineage: String,
    /// How many things were missing.
    pub gaps: i64,
    /// What is different from the one before, a line each.
    pub changes: String,
    /// When it was sent, and by whom.
    pub sent: (Timestamp, String),
}

const SENT: &str = "fund, period, number, hash, content, lineage, gaps, changes, sent_at, sent_by";

fn read(row: &Row) -> Result<Sent, Error> {
    Ok(Sent {
        fund: row.parsed(0)?,
        period: row.text(1)?.to_owned(),
        number: row.int(2)?,
        hash: row.text(3)?.to_owned(),
        content: row.text(4)?.to_owned(),
        lineage: row.text(5)?.to_owned(),
        gaps: row.int(6)?,
        changes: row.text(7)?.to_owned(),
        sent: (row.instant(8)?, row.text(9)?.to_owned()),
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

/// How many versions of a return were sent.
///
/// # Errors
/// The database's.
pub(super) fn sent_count(tx: &mut dyn Tx, fund: &Code, period: &str) -> Result<i64, Error> {
    let place = tx.place().to_owned();
    let sql = "SELECT COUNT(*) FROM fund_return WHERE place = ?1 AND fund = ?2 AND period = ?3";
    let row = tx.query_opt(sql, &[place.into(), fund.as_str().into(), period.into()])?;
    row.map_or(Ok(0), |row| row.int(0))
}

/// Keeps a return that was sent.
///
/// # Errors
/// The database's: the number is taken.
pub fn put_sent(tx: &mut dyn Tx, sent: &Sent) -> Result<(), Error> {
    let place = tx.place().to_owned();
    let sql = format!(
        "INSERT INTO fund_return (place, {SENT}) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, \
         ?10, ?11)"
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
            sent.gaps.into(),
            sent.changes.as_str().into(),
            sent.sent.0.into(),
            sent.sent.1.as_str().into(),
        ],
    )?;
    Ok(())
}

/// Returns whose content or lineage is not the one that was sent: what is wrong, without amounts.
///
/// # Errors
/// The database's.
pub(crate) fn broken(tx: &mut dyn Tx) -> Result<Vec<String>, Error> {
    let place = tx.place().to_owned();
    let sql = format!("SELECT {SENT} FROM fund_return WHERE place = ?1 ORDER BY place, fund");
    let rows = tx.query(&sql, &[place.into()])?;
    let mut found = Vec::new();
    for row in &rows {
        let one = read(row)?;
        if hash_of(&one.content, &one.lineage) != one.hash {
            let (fund, period, number) = (one.fund, one.period, one.number);
            found.push(format!("fund {fund}, {period}, number {number}"));
        }
    }
    Ok(found)
}

/// The hash of a return: over its content and what is behind it.
pub fn hash_of(content: &str, lineage: &str) -> String {
    let mut hasher = Sha256::new();
    hasher.update((content.len() as u64).to_be_bytes());
    hasher.update(content.as_bytes());
    hasher.update(lineage.as_bytes());
    hex(&hasher.finalize())
}

const FIGURE: &str =
    "metric, month, number, figure, figure_of, source, kept_at, kept_by, counted_from";

/// A figure of a metric, with when it was kept and by whom.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FigureRow {
    /// The figure.
    pub figure: Figure,
    /// When it was kept, and by whom.
    pub kept: (Timestamp, String),
}

/// What came of every metric of a fund, by metric and month: of each month the latest that was typed and
/// the latest that was counted.
///
/// # Errors
/// The database's.
pub fn figures(tx: &mut dyn Tx, fund: &Code) -> Result<Vec<FigureRow>, Error> {
    let place = tx.place().to_owned();
    let sql = format!(
        "SELECT {FIGURE} FROM fund_figure WHERE place = ?1 AND fund = ?2 \
         ORDER BY place, fund, metric, month, number"
    );
    let rows = tx.query(&sql, &[place.into(), fund.as_str().into()])?;
    let mut all: Vec<FigureRow> = Vec::new();
    for row in &rows {
        let one = figure(row)?;
        let same = |last: &&FigureRow| {
            last.figure.metric == one.figure.metric && last.figure.month == one.figure.month
        };
        // Of a month there are two at most.
        let of_month = all.iter().rev().take_while(same).take(2).count();
        let how = |other: &FigureRow| other.figure.counted.is_some();
        let from = all.len() - of_month;
        if let Some(before) = all[from..].iter().position(|other| how(other) == how(&one)) {
            all.remove(from + before);
        }
        all.push(one);
    }
    Ok(all)
}

fn figure(row: &Row) -> Result<FigureRow, Error> {
    Ok(FigureRow {
        figure: Figure {
            metric: row.text(0)?.to_owned(),
            month: row.parsed(1)?,
            number: row.int(2)?,
            value: Decimal::parse(row.text(3)?).ok_or(Error::Column {
                column: 3,
                expected: "a figure with decimals",
            })?,
            of: row.opt_int(4)?,
            source: row.text(5)?.to_owned(),
            counted: row.opt_text(8)?.and_then(CountedFrom::parse),
        },
        kept: (row.instant(6)?, row.text(7)?.to_owned()),
    })
}

/// Adds what came of a metric in a month.
///
/// # Errors
/// The database's: the number is taken.
pub fn put_figure(tx: &mut dyn Tx, fund: &Code, row: &FigureRow) -> Result<(), Error> {
    let place = tx.place().to_owned();
    let sql = format!(
        "INSERT INTO fund_figure (place, fund, {FIGURE}) \
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)"
    );
    let counted = row.figure.counted.as_ref();
    tx.execute(
        &sql,
        &[
            place.into(),
            fund.as_str().into(),
            row.figure.metric.as_str().into(),
            row.figure.month.to_string().into(),
            row.figure.number.into(),
            row.figure.value.to_string().into(),
            row.figure.of.into(),
            row.figure.source.as_str().into(),
            row.kept.0.into(),
            row.kept.1.as_str().into(),
            counted.map(ToString::to_string).into(),
        ],
    )?;
    Ok(())
}
