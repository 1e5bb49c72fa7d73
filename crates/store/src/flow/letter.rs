//! Rows of letters about choice that were given in a stay.

use super::word;
use crate::{Error, Row, Tx};
use flow::letter::LetterKind;
use jiff::Timestamp;
use jiff::civil::Date;
use kernel::{DocumentId, PersonId, StayId};

/// A letter that was given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GivenLetter {
    /// Which letter of the stay, from 1. Set by [`add_letter`].
    pub number: i64,
    /// Which kind.
    pub kind: LetterKind,
    /// When.
    pub at: Timestamp,
    /// By whom.
    pub by: String,
    /// For which organisation.
    pub organisation: String,
    /// To whom.
    pub to: String,
    /// Whether that is who acts for the person.
    pub acts_for: bool,
    /// Why it went to the person although a decision about capacity is on record; mostly empty.
    pub why: String,
    /// The day to choose by, if it names one.
    pub choose_by: Option<Date>,
    /// Its words.
    pub document: DocumentId,
}

const LETTER: &str = "number, kind, given_at, given_by, organisation, given_to, acts_for, why, \
     choose_by, document_id";

fn read(row: &Row) -> Result<GivenLetter, Error> {
    Ok(GivenLetter {
        number: row.int(0)?,
        kind: word(row, 1, LetterKind::parse)?,
        at: row.instant(2)?,
        by: row.text(3)?.to_owned(),
        organisation: row.text(4)?.to_owned(),
        to: row.text(5)?.to_owned(),
        acts_for: row.int(6)? == 1,
        why: row.text(7)?.to_owned(),
        choose_by: row.opt_date(8)?,
        document: row.id(9)?,
    })
}

/// The letters given in a stay, oldest first.
///
/// # Errors
/// The database's.
pub fn letters(tx: &mut dyn Tx, stay: StayId) -> Result<Vec<GivenLetter>, Error> {
    let place = tx.place().to_owned();
    let sql = format!(
        "SELECT {LETTER} FROM stay_letter WHERE place = ?1 AND stay_id = ?2 ORDER BY number"
    );
    tx.query(&sql, &[place.into(), stay.into()])?
        .iter()
        .map(read)
        .collect()
}

/// Who last took a letter for a person, in any stay: whoever acts for them.
///
/// # Errors
/// The database's.
pub fn last_acting(tx: &mut dyn Tx, head: PersonId) -> Result<Option<String>, Error> {
    let place = tx.place().to_owned();
    let found = tx.query_opt(
        "SELECT l.given_to FROM person p CROSS JOIN stay s CROSS JOIN stay_letter l \
         WHERE p.place = ?1 AND p.head_id = ?2 AND s.place = ?1 AND s.person_id = p.id \
         AND l.place = ?1 AND l.stay_id = s.id AND l.acts_for = 1 \
         ORDER BY l.given_at DESC LIMIT 1",
        &[place.into(), head.into()],
    )?;
    found.map(|row| Ok(row.text(0)?.to_owned())).transpose()
}

/// Writes a letter that was given; its number.
///
/// # Errors
/// The database's.
pub fn add_letter(tx: &mut dyn Tx, stay: StayId, letter: &GivenLetter) -> Result<i64, Error> {
    let place = tx.place().to_owned();
    let number = letters(tx, stay)?.last().map_or(0, |last| last.number) + 1;
    tx.execute(
        "INSERT INTO stay_letter (place, stay_id, number, kind, given_at, given_by, \
         organisation, given_to, acts_for, why, choose_by, document_id) \
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)",
        &[
            place.into(),
            stay.into(),
            number.into(),
            letter.kind.as_str().into(),
            letter.at.into(),
            letter.by.as_str().into(),
            letter.organisation.as_str().into(),
            letter.to.as_str().into(),
            i64::from(letter.acts_for).into(),
            letter.why.as_str().into(),
            letter.choose_by.into(),
            letter.document.into(),
        ],
    )?;
    Ok(number)
}
