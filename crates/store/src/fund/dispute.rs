//! Disputes and what happened in them.

use crate::{Error, Row, Tx};
use fund::agreement::PartnerKey;
use fund::ledger::Code;
use jiff::Timestamp;
use jiff::civil::Date;
use kernel::{DisputeId, InboxId, Pence};
use std::collections::BTreeMap;

/// A dispute as it was raised.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DisputeRow {
    /// Its id.
    pub id: DisputeId,
    /// The fund.
    pub fund: Code,
    /// Version of the agreement whose stages hold.
    pub agreement: i64,
    /// Who raised it.
    pub by: PartnerKey,
    /// With whom.
    pub with: PartnerKey,
    /// Over how much.
    pub amount: Pence,
    /// About what.
    pub about: String,
    /// On which day.
    pub on: Date,
    /// When it was kept, and by whom.
    pub kept: (Timestamp, String),
}

/// What a step of a dispute is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StepKind {
    /// A side shows something.
    Evidence,
    /// It goes up to the next stage.
    Up,
    /// It ends.
    End,
}

impl StepKind {
    const ALL: [Self; 3] = [Self::Evidence, Self::Up, Self::End];

    /// The word for it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Evidence => "evidence",
            Self::Up => "up",
            Self::End => "end",
        }
    }
}

/// A step of a dispute.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// What it is.
    pub kind: StepKind,
    /// On which day.
    pub on: Date,
    /// Which partner did it; empty of what nobody did alone.
    pub by: PartnerKey,
    /// What was shown, or why it ended so.
    pub words: String,
    /// The file of what was shown, and its SHA-256 in hex.
    pub file: Option<(InboxId, String)>,
    /// What each partner pays more or has back.
    pub amounts: BTreeMap<PartnerKey, Pence>,
    /// When it was kept, and by whom.
    pub kept: (Timestamp, String),
}

const DISPUTE: &str =
    "id, fund, agreement, raised_by, with_whom, amount, about, raised_on, kept_at, kept_by";

fn read(row: &Row) -> Result<DisputeRow, Error> {
    Ok(DisputeRow {
        id: row.id(0)?,
        fund: row.parsed(1)?,
        agreement: row.int(2)?,
        by: PartnerKey::new(row.text(3)?),
        with: PartnerKey::new(row.text(4)?),
        amount: Pence(row.int(5)?),
        about: row.text(6)?.to_owned(),
        on: row.date(7)?,
        kept: (row.instant(8)?, row.text(9)?.to_owned()),
    })
}

/// Every dispute, the first raised first.
///
/// # Errors
/// The database's.
pub fn disputes(tx: &mut dyn Tx) -> Result<Vec<DisputeRow>, Error> {
    let place = tx.place().to_owned();
    let sql = format!("SELECT {DISPUTE} FROM fund_dispute WHERE place = ?1");
    let rows = tx.query(&sql, &[place.into()])?;
    let mut all = rows.iter().map(read).collect::<Result<Vec<_>, Error>>()?;
    all.sort_by_key(|one| (one.on, one.id));
    Ok(all)
}

/// One dispute.
///
/// # Errors
/// The database's.
pub fn dispute(tx: &mut dyn Tx, id: DisputeId) -> Result<Option<DisputeRow>, Error> {
    let place = tx.place().to_owned();
    let sql = format!("SELECT {DISPUTE} FROM fund_dispute WHERE place = ?1 AND id = ?2");
    let row = tx.query_opt(&sql, &[place.into(), id.into()])?;
    row.as_ref().map(read).transpose()
}

/// Adds a dispute.
///
/// # Errors
/// The database's.
pub fn put_dispute(tx: &mut dyn Tx, row: &DisputeRow) -> Result<(), Error> {
    let place = tx.place().to_owned();
    let sql = format!(
        "INSERT INTO fund_dispute (place, {DISPUTE}) \
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)"
    );
    tx.execute(
        &sql,
        &[
            place.into(),
            row.id.into(),
            row.fund.as_str().into(),
            row.agreement.into(),
            row.by.as_str().into(),
            row.with.as_str().into(),
            row.amount.0.into(),
            row.about.as_str().into(),
            row.on.into(),
            row.kept.0.into(),
            row.kept.1.as_str().into(),
        ],
    )?;
    Ok(())
}

/// What happened in a dispute, in order.
///
/// # Errors
/// The database's.
pub fn steps(tx: &mut dyn Tx, id: DisputeId) -> Result<Vec<Step>, Error> {
    let place = tx.place().to_owned();
    let rows = tx.query(
        "SELECT s.kind, s.done_on, s.partner, s.words, s.file_id, f.sha256, s.amounts, s.kept_at, \
         s.kept_by FROM fund_dispute_step s LEFT JOIN ledger_file f ON f.place = s.place \
         AND f.id = s.file_id WHERE s.place = ?1 AND s.dispute_id = ?2 ORDER BY s.number",
        &[place.into(), id.into()],
    )?;
    rows.iter().map(step).collect()
}

fn step(row: &Row) -> Result<Step, Error> {
    let kind = row.text(0)?;
    let file = match row.opt_id(4)? {
        Some(file) => Some((file, kernel::hex(row.bytes(5)?))),
        None => None,
    };
    Ok(Step {
        kind: StepKind::ALL
            .into_iter()
            .find(|one| one.as_str() == kind)
            .ok_or(Error::Column {
                column: 0,
                expected: "a step of a dispute",
            })?,
        on: row.date(1)?,
        by: PartnerKey::new(row.text(2)?),
        words: row.text(3)?.to_owned(),
        file,
        amounts: amounts(row.text(6)?)?,
        kept: (row.instant(7)?, row.text(8)?.to_owned()),
    })
}

/// Lines of a partner and whole pence.
fn amounts(text: &str) -> Result<BTreeMap<PartnerKey, Pence>, Error> {
    let one = |line: &str| {
        let (partner, pence) = line.split_once(' ')?;
        Some((PartnerKey::new(partner), Pence(pence.parse().ok()?)))
    };
    text.lines()
        .map(|line| {
            one(line).ok_or(Error::Column {
                column: 6,
                expected: "lines of a partner and whole pence",
            })
        })
        .collect()
}

/// Adds a step under its number, from 1.
///
/// # Errors
/// The database's: the number is taken.
pub fn add_step(tx: &mut dyn Tx, id: DisputeId, number: i64, step: &Step) -> Result<(), Error> {
    let place = tx.place().to_owned();
    let amounts: Vec<String> = step
        .amounts
        .iter()
        .map(|(partner, amount)| format!("{partner} {}", amount.0))
        .collect();
    tx.execute(
        "INSERT INTO fund_dispute_step (place, dispute_id, number, kind, done_on, partner, words, \
         file_id, amounts, kept_at, kept_by) \
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
        &[
            place.into(),
            id.into(),
            number.into(),
            step.kind.as_str().into(),
            step.on.into(),
            step.by.as_str().into(),
            step.words.as_str().into(),
            step.file.as_ref().map(|(file, _)| *file).into(),
            amounts.join("\n").into(),
            step.kept.0.into(),
            step.kept.1.as_str().into(),
        ],
    )?;
    Ok(())
}
