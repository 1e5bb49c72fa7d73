//! Rows of answers: every one as it came, also those that changed nothing.

use crate::{Error, Tx};
use flow::offer::Outcome;
use jiff::Timestamp;
use jiff::civil::Date;
use kernel::{NeedId, OfferId};

/// An answer, and what became of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answered {
    /// To which offer.
    pub offer: OfferId,
    /// Yes or no.
    pub yes: bool,
    /// First day, of a yes.
    pub starts_on: Option<Date>,
    /// Code of the reason, of a no.
    pub reason: String,
    /// More about it.
    pub words: String,
    /// What became of it.
    pub outcome: Outcome,
    /// When.
    pub at: Timestamp,
    /// Who.
    pub by: String,
}

/// Keeps an answer.
///
/// # Errors
/// The database's.
pub fn add_answer(tx: &mut dyn Tx, answer: &Answered) -> Result<(), Error> {
    let place = tx.place().to_owned();
    tx.execute(
        "INSERT INTO offer_answer (place, offer_id, number, said, starts_on, reason, words, \
         outcome, at, by_whom) VALUES (?1, ?2, (SELECT COALESCE(MAX(a.number), 0) + 1 \
         FROM offer_answer a WHERE a.place = ?1 AND a.offer_id = ?2), ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
        &[
            place.into(),
            answer.offer.into(),
            if answer.yes { "yes" } else { "no" }.into(),
            answer.starts_on.into(),
            answer.reason.as_str().into(),
            answer.words.as_str().into(),
            answer.outcome.as_str().into(),
            answer.at.into(),
            answer.by.as_str().into(),
        ],
    )?;
    Ok(())
}

/// Every answer to the offers of a need, oldest first.
///
/// # Errors
/// The database's.
pub fn answers_of_need(tx: &mut dyn Tx, need: NeedId) -> Result<Vec<Answered>, Error> {
    let place = tx.place().to_owned();
    let rows = tx.query(
        "SELECT a.offer_id, a.said, a.starts_on, a.reason, a.words, a.outcome, a.at, a.by_whom \
         FROM offer_answer a JOIN offer o ON o.place = a.place AND o.id = a.offer_id \
         WHERE a.place = ?1 AND o.need_id = ?2 ORDER BY a.at, a.offer_id, a.number",
        &[place.into(), need.into()],
    )?;
    rows.iter()
        .map(|row| {
            Ok(Answered {
                offer: row.id(0)?,
                yes: row.text(1)? == "yes",
                starts_on: row.opt_date(2)?,
                reason: row.text(3)?.to_owned(),
                words: row.text(4)?.to_owned(),
                outcome: Outcome::parse(row.text(5)?).ok_or(Error::Column {
                    column: 5,
                    expected: "an outcome",
                })?,
                at: row.instant(6)?,
                by: row.text(7)?.to_owned(),
            })
        })
        .collect()
}
