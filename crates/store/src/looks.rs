//! Rows of the journal as who looked at whose record: for the person, and for whoever reviews.

use crate::journal::{ABOUT, PROGRAM};
use crate::value::listed;
use crate::{Error, Row, Tx, Value};
use jiff::Timestamp;
use kernel::{AccountId, PersonId};

/// A row of the journal about one person, with the name of whoever it was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Look {
    /// Its number in the journal.
    pub sequence: i64,
    /// When.
    pub at: Timestamp,
    /// `look`, `command`, `load` or `sign-in`.
    pub kind: String,
    /// What was done.
    pub action: String,
    /// Sign-in name of whoever did it.
    pub actor: String,
    /// Their account, if it is one.
    pub account: Option<AccountId>,
    /// Their name, if it is an account's.
    pub name: Option<String>,
    /// In what role.
    pub role: String,
    /// For which organisation.
    pub organisation: String,
    /// What for.
    pub purpose: String,
    /// Whose record it was.
    pub person: Option<PersonId>,
    /// Kind and id of the thing.
    pub subject: String,
    /// How many things were shown or changed.
    pub results: i64,
    /// Further detail.
    pub detail: String,
}

const COLUMNS: &str = "SELECT j.sequence, j.at, j.kind, j.action, j.actor, a.id, a.display_name, \
     j.actor_role, j.organisation, j.purpose, j.person_id, j.subject, j.results, j.detail \
     FROM journal j LEFT JOIN account a ON a.place = j.place AND a.username = j.actor ";

fn read(row: &Row) -> Result<Look, Error> {
    Ok(Look {
        sequence: row.int(0)?,
        at: row.instant(1)?,
        kind: row.text(2)?.to_owned(),
        action: row.text(3)?.to_owned(),
        actor: row.text(4)?.to_owned(),
        account: row.opt_id(5)?,
        name: row.opt_text(6)?.map(str::to_owned),
        role: row.text(7)?.to_owned(),
        organisation: row.text(8)?.to_owned(),
        purpose: row.text(9)?.to_owned(),
        person: row.opt_id(10)?,
        subject: row.text(11)?.to_owned(),
        results: row.int(12)?,
        detail: row.text(13)?.to_owned(),
    })
}

fn count(number: usize) -> Value {
    Value::Int(i64::try_from(number).unwrap_or(i64::MAX))
}

/// Rows about the person with this head, the latest first.
///
/// # Errors
/// The database's.
pub fn of_person(
    tx: &mut dyn Tx,
    head: PersonId,
    offset: usize,
    limit: usize,
) -> Result<Vec<Look>, Error> {
    let place = tx.place().to_owned();
    let columns = COLUMNS.replace(
        "FROM journal j",
        &format!("FROM {ABOUT} CROSS JOIN journal j"),
    );
    let sql = format!(
        "{columns} WHERE j.place = ?1 AND j.sequence = about.sequence \
         ORDER BY about.sequence DESC LIMIT ?3 OFFSET ?4"
    );
    let values = [place.into(), head.into(), count(limit), count(offset)];
    tx.query(&sql, &values)?.iter().map(read).collect()
}

/// A row of one account's, with what the rules of unusual looks ask of the person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seen {
    /// The row.
    pub look: Look,
    /// Whose record it was: the head.
    pub head: PersonId,
    /// Family name on the record.
    pub family: String,
    /// Given names on the record.
    pub given: String,
    /// Postcode on the record.
    pub postcode: String,
    /// Whether one of the holders had a relationship with the person at that moment.
    pub linked: bool,
}

/// What somebody with this sign-in name, not a program, did with people's records in a stretch of time, the
/// earliest first. `holders` are the ids that a relationship of theirs may be under.
///
/// # Errors
/// The database's.
pub fn of_actor(
    tx: &mut dyn Tx,
    actor: &str,
    (from, to): (Timestamp, Timestamp),
    holders: &[String],
) -> Result<Vec<Seen>, Error> {
    let mut values = vec![
        Value::from(tx.place()),
        actor.into(),
        from.into(),
        to.into(),
    ];
    let holders = listed(&mut values, holders);
    let columns = COLUMNS.replace(
        " FROM journal",
        &format!(
            ", p.head_id, p.family_name, p.given_name, p.postcode, CASE WHEN EXISTS (SELECT 1 \
             FROM person q CROSS JOIN relationship r WHERE q.place = ?1 \
             AND q.head_id = p.head_id AND r.place = ?1 AND r.person_id = q.id \
             AND r.holder_id IN ({holders}) AND r.starts_at <= j.at \
             AND (r.ends_at IS NULL OR r.ends_at > j.at)) THEN 1 ELSE 0 END FROM journal"
        ),
    );
    let no_program = no_program();
    let sql = format!(
        "{columns} JOIN person p ON p.place = j.place AND p.id = j.person_id \
         WHERE j.place = ?1 AND j.actor = ?2 AND {no_program} AND j.at >= ?3 \
         AND j.at < ?4 ORDER BY j.at, j.sequence"
    );
    tx.query(&sql, &values)?
        .iter()
        .map(|row| {
            Ok(Seen {
                look: read(row)?,
                head: row.id(14)?,
                family: row.text(15)?.to_owned(),
                given: row.text(16)?.to_owned(),
                postcode: row.text(17)?.to_owned(),
                linked: row.int(18)? != 0,
            })
        })
        .collect()
}

/// When somebody with this sign-in name, not a program, looked at whom, in a stretch of time: for counting.
///
/// # Errors
/// The database's.
pub fn times_of_actor(
    tx: &mut dyn Tx,
    actor: &str,
    (from, to): (Timestamp, Timestamp),
) -> Result<Vec<(Timestamp, PersonId)>, Error> {
    let (place, no_program) = (tx.place().to_owned(), no_program());
    tx.query(
        &format!(
            "SELECT j.at, p.head_id FROM journal j \
             JOIN person p ON p.place = j.place AND p.id = j.person_id \
             WHERE j.place = ?1 AND j.actor = ?2 AND {no_program} AND j.at >= ?3 \
             AND j.at < ?4 ORDER BY j.at"
        ),
        &[place.into(), actor.into(), from.into(), to.into()],
    )?
    .iter()
    .map(|row| Ok((row.instant(0)?, row.id(1)?)))
    .collect()
}

/// What the looks of an account have and the index by account has: it leaves programs out. The
/// index is used only if this is its own condition, word for word.
fn no_program() -> String {
    let length = PROGRAM.len();
    format!("j.person_id IS NOT NULL AND substr(j.actor, 1, {length}) <> '{PROGRAM}'")
}

/// The row of the journal with a number, if it is about a person.
///
/// # Errors
/// The database's.
pub fn by_sequence(tx: &mut dyn Tx, sequence: i64) -> Result<Option<Look>, Error> {
    let place = tx.place().to_owned();
    let sql =
        format!("{COLUMNS} WHERE j.place = ?1 AND j.sequence = ?2 AND j.person_id IS NOT NULL");
    tx.query_opt(&sql, &[place.into(), sequence.into()])?
        .as_ref()
        .map(read)
        .transpose()
}

/// Family name, given names and postcode of those who are filed under the longest of some words
/// of a name. Whether they carry the others too is for whoever asks.
///
/// # Errors
/// The database's.
pub fn namesakes(
    tx: &mut dyn Tx,
    words: &[String],
) -> Result<Vec<(String, String, String)>, Error> {
    let Some(longest) = words.iter().max_by_key(|word| word.chars().count()) else {
        return Ok(Vec::new());
    };
    let place = tx.place().to_owned();
    let head = ::person::search::head(longest);
    tx.query(
        "SELECT p.family_name, p.given_name, p.postcode FROM person_word w CROSS JOIN person p \
         WHERE w.place = ?1 AND w.kind = 'name' AND w.head = ?2 AND w.word = ?3 AND p.place = ?1 \
         AND p.id = w.person_id ORDER BY p.postcode, p.family_name, p.given_name",
        &[place.into(), head.into(), longest.into()],
    )?
    .iter()
    .map(|row| {
        Ok((
            row.text(0)?.to_owned(),
            row.text(1)?.to_owned(),
            row.text(2)?.to_owned(),
        ))
    })
    .collect()
}

/// What became of an unusual look.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LookReview {
    /// Number of the look's row in the journal.
    pub sequence: i64,
    /// Whether it was in order.
    pub in_order: bool,
    /// What was found, in words.
    pub note: String,
    /// What made it unusual when it was looked into.
    pub why: String,
    /// When.
    pub at: Timestamp,
    /// Name of whoever looked into it.
    pub by: String,
}

/// Adds what became of an unusual look, after what was said before.
///
/// # Errors
/// The database's.
pub fn add_review(tx: &mut dyn Tx, review: &LookReview) -> Result<(), Error> {
    let place = tx.place().to_owned();
    let before = tx.query_opt(
        "SELECT COUNT(*) FROM look_review WHERE place = ?1 AND sequence = ?2",
        &[place.as_str().into(), review.sequence.into()],
    )?;
    let number = match before {
        Some(row) => row.int(0)? + 1,
        None => 1,
    };
    tx.execute(
        "INSERT INTO look_review (place, sequence, number, verdict, note, why, reviewed_at, \
         reviewed_by) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
        &[
            place.into(),
            review.sequence.into(),
            number.into(),
            match review.in_order {
                true => "in order",
                false => "not in order",
            }
            .into(),
            review.note.as_str().into(),
            review.why.as_str().into(),
            review.at.into(),
            review.by.as_str().into(),
        ],
    )?;
    Ok(())
}

/// What became of the unusual looks with numbers in a stretch, each look's in order.
///
/// # Errors
/// The database's.
pub fn reviews(tx: &mut dyn Tx, first: i64, last: i64) -> Result<Vec<LookReview>, Error> {
    let place = tx.place().to_owned();
    tx.query(
        "SELECT sequence, verdict, note, why, reviewed_at, reviewed_by FROM look_review \
         WHERE place = ?1 AND sequence >= ?2 AND sequence <= ?3 ORDER BY sequence, number",
        &[place.into(), first.into(), last.into()],
    )?
    .iter()
    .map(|row| {
        Ok(LookReview {
            sequence: row.int(0)?,
            in_order: row.text(1)? == "in order",
            note: row.text(2)?.to_owned(),
            why: row.text(3)?.to_owned(),
            at: row.instant(4)?,
            by: row.text(5)?.to_owned(),
        })
    })
    .collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    /// An index over some rows serves only statements that ask for just these.
    #[test]
    fn looks_of_accounts_are_asked_for_as_their_index_has_them() {
        let migration = include_str!("../../../migrations/0048_journal_person.sql");
        let (_, index) = migration
            .split_once("CREATE INDEX journal_by_account")
            .unwrap();
        let (_, condition) = index.split_once("WHERE ").unwrap();
        assert_eq!(
            condition.trim().trim_end_matches(';'),
            super::no_program().replace("j.", "")
        );
    }
}
