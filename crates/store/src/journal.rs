//! The journal: one row per command and per look, append-only, each row holding
//! the hash of the one before it, written in the same transaction as what it
//! records.
//!
//! `hash = SHA-256(previous hash, number, digest)`, and `digest = SHA-256(every field in order,
//! each preceded by its length)`. Taking a row out, changing one or putting one in breaks the
//! chain from there on, and `almoner doctor` names the row. Since the digest says nothing of
//! what is in a row, the chain can be shown to whoever wants to check it ([`proof`]).

mod filed;
pub mod proof;

pub(crate) use filed::ABOUT;

use crate::value::Value;
use crate::{Error, Tx};
use jiff::Timestamp;
use kernel::{PersonId, hex};
use sha2::{Digest, Sha256};

/// What kind of thing a row records.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Someone looked.
    Look,
    /// Someone changed something.
    Command,
    /// Something that arrived was read in.
    Load,
    /// Someone signed in or out, or failed to.
    SignIn,
}

impl Kind {
    /// The text it is kept as.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Look => "look",
            Self::Command => "command",
            Self::Load => "load",
            Self::SignIn => "sign-in",
        }
    }
}

/// How the actor of a row begins that a program made, before its name.
pub const PROGRAM: &str = "client:";

/// What is to be recorded: who, for which organisation, in what role, why, what.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// When.
    pub at: Timestamp,
    /// Look, command, load or sign-in.
    pub kind: Kind,
    /// What was done, in a few words such as `stay: set reason`.
    pub action: String,
    /// Sign-in name of whoever did it; `almoner` for the command line.
    pub actor: String,
    /// In what role.
    pub actor_role: String,
    /// For which organisation.
    pub organisation: String,
    /// Purpose, such as `direct care`.
    pub purpose: String,
    /// Legal basis of the use (RULES H.5).
    pub legal_basis: String,
    /// Whose record, where it is one person's.
    pub person: Option<PersonId>,
    /// Kind and id of the thing, such as `stay 0190…`.
    pub subject: String,
    /// How many things were shown or changed.
    pub results: i64,
    /// Further detail without personal data: filters used, fields changed.
    pub detail: String,
}

/// Starts the place's chain if it has none.
///
/// # Errors
/// The database's.
pub(crate) fn begin(tx: &mut dyn Tx) -> Result<(), Error> {
    let place = tx.place().to_owned();
    tx.execute(
        "INSERT INTO journal_head (place, sequence, hash) VALUES (?1, 0, '') \
         ON CONFLICT (place) DO NOTHING",
        &[place.into()],
    )?;
    Ok(())
}

/// Appends a row and returns its number, from 1.
///
/// # Errors
/// The database's.
pub fn append(tx: &mut dyn Tx, entry: &Entry) -> Result<i64, Error> {
    append_all(tx, std::slice::from_ref(entry))
}

/// Appends rows in their order and returns the number of the last; that of the row before
/// them when there are none.
///
/// # Errors
/// The database's.
pub fn append_all(tx: &mut dyn Tx, entries: &[Entry]) -> Result<i64, Error> {
    let place = tx.place().to_owned();
    let head = tx
        .query_opt(
            "SELECT sequence, hash, filed FROM journal_head WHERE place = ?1",
            &[place.as_str().into()],
        )?
        .ok_or_else(|| Error::Schema("the journal of this place has no head".to_owned()))?;
    let mut sequence = head.int(0)?;
    let mut previous = head.text(1)?.to_owned();
    for entry in entries {
        sequence += 1;
        let fields = fields(entry);
        let hash = proof::chain(&previous, sequence, &digest(&fields));
        let mut values = vec![Value::from(place.as_str()), sequence.into()];
        values.extend(fields);
        values.push(previous.into());
        values.push(hash.as_str().into());
        tx.execute(
            "INSERT INTO journal (place, sequence, at, kind, action, actor, actor_role, \
             organisation, purpose, legal_basis, person_id, subject, results, detail, \
             previous_hash, hash) \
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16)",
            &values,
        )?;
        previous = hash;
    }
    tx.execute(
        "UPDATE journal_head SET sequence = ?2, hash = ?3 WHERE place = ?1",
        &[place.into(), sequence.into(), previous.into()],
    )?;
    filed::file(tx, head.int(2)?, sequence)?;
    Ok(sequence)
}

fn fields(entry: &Entry) -> Vec<Value> {
    vec![
        entry.at.into(),
        entry.kind.as_str().into(),
        entry.action.as_str().into(),
        entry.actor.as_str().into(),
        entry.actor_role.as_str().into(),
        entry.organisation.as_str().into(),
        entry.purpose.as_str().into(),
        entry.legal_basis.as_str().into(),
        entry.person.into(),
        entry.subject.as_str().into(),
        entry.results.into(),
        entry.detail.as_str().into(),
    ]
}

/// The digest of what a row says.
fn digest(fields: &[Value]) -> String {
    let mut hasher = Sha256::new();
    for field in fields {
        match field {
            Value::Null => hasher.update([0]),
            Value::Int(number) => {
                hasher.update([1]);
                hasher.update(number.to_be_bytes());
            }
            Value::Text(text) => {
                hasher.update([2]);
                hasher.update((text.len() as u64).to_be_bytes());
                hasher.update(text.as_bytes());
            }
            Value::Bytes(bytes) => {
                hasher.update([3]);
                hasher.update((bytes.len() as u64).to_be_bytes());
                hasher.update(bytes);
            }
        }
    }
    hex(&hasher.finalize())
}

/// Rows read at a time while the chain is checked.
const STRETCH: i64 = 5_000;

/// Walks the chain from its start and returns what is wrong with it, in words;
/// empty when it holds.
///
/// # Errors
/// The database's.
pub fn broken_links(tx: &mut dyn Tx) -> Result<Vec<String>, Error> {
    let place = tx.place().to_owned();
    let mut wrong = Vec::new();
    let (mut sequence, mut hash) = (0, String::new());
    loop {
        let rows = tx.query(
            "SELECT sequence, at, kind, action, actor, actor_role, organisation, purpose, \
             legal_basis, person_id, subject, results, detail, previous_hash, hash \
             FROM journal WHERE place = ?1 AND sequence > ?2 ORDER BY sequence LIMIT ?3",
            &[place.as_str().into(), sequence.into(), STRETCH.into()],
        )?;
        if rows.is_empty() {
            break;
        }
        for row in &rows {
            let found = row.int(0)?;
            if found != sequence + 1 {
                wrong.push(format!("journal row {} is missing", sequence + 1));
            }
            let fields = &row.values()[1..13];
            if row.text(13)? != hash || row.text(14)? != proof::chain(&hash, found, &digest(fields))
            {
                wrong.push(format!(
                    "journal row {found} does not fit the row before it"
                ));
            }
            sequence = found;
            hash = row.text(14)?.to_owned();
        }
        if wrong.len() > 20 {
            break;
        }
    }
    let head = tx.query_opt(
        "SELECT sequence, hash FROM journal_head WHERE place = ?1",
        &[place.into()],
    )?;
    let fits = match &head {
        Some(head) => head.int(0)? == sequence && head.text(1)? == hash,
        None => false,
    };
    if wrong.is_empty() && !fits {
        wrong.push("the journal's head is not its last row".to_owned());
    }
    Ok(wrong)
}

/// The digests of some rows after one, in order; none at the end.
///
/// # Errors
/// The database's.
pub fn digests(tx: &mut dyn Tx, after: i64) -> Result<Vec<String>, Error> {
    let place = tx.place().to_owned();
    let rows = tx.query(
        "SELECT at, kind, action, actor, actor_role, organisation, purpose, legal_basis, \
         person_id, subject, results, detail FROM journal \
         WHERE place = ?1 AND sequence > ?2 ORDER BY sequence LIMIT ?3",
        &[place.into(), after.into(), STRETCH.into()],
    )?;
    Ok(rows.iter().map(|row| digest(row.values())).collect())
}

/// Number and hash of the last row.
///
/// # Errors
/// The database's.
pub fn head(tx: &mut dyn Tx) -> Result<(i64, String), Error> {
    let place = tx.place().to_owned();
    let row = tx.query_opt(
        "SELECT sequence, hash FROM journal_head WHERE place = ?1",
        &[place.into()],
    )?;
    let row =
        row.ok_or_else(|| Error::Schema("the journal of this place has no head".to_owned()))?;
    Ok((row.int(0)?, row.text(1)?.to_owned()))
}

/// Found by the person: by the actor, it would be all that they ever looked at.
fn looks_by_sql() -> String {
    format!(
        "SELECT j.at FROM {ABOUT} CROSS JOIN journal j WHERE j.place = ?1 \
         AND j.sequence = about.sequence AND j.kind = 'look' AND j.actor || '' = ?3 \
         AND j.action = ?4 ORDER BY about.sequence DESC LIMIT ?5"
    )
}

/// When somebody looked at one person's record, the latest first. The person is the head of the
/// records; `action` is how the look is named.
///
/// # Errors
/// The database's.
pub fn looks_by(
    tx: &mut dyn Tx,
    person: PersonId,
    (actor, action): (&str, &str),
    limit: i64,
) -> Result<Vec<Timestamp>, Error> {
    let place = tx.place().to_owned();
    tx.query(
        &looks_by_sql(),
        &[
            place.into(),
            person.into(),
            actor.into(),
            action.into(),
            limit.into(),
        ],
    )?
    .iter()
    .map(|row| row.instant(0))
    .collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::*;

    #[test]
    fn looks_of_somebody_at_a_person_are_found_by_the_person() {
        let database = rusqlite::Connection::open_in_memory().unwrap();
        for migration in crate::migrate::migrations() {
            // As SQLite's engine takes them.
            let sql = migration.sql.replace("/* sqlite:", "").replace("*/", "");
            database.execute_batch(&sql).unwrap();
        }
        let sql = format!("EXPLAIN QUERY PLAN {}", looks_by_sql());
        let mut statement = database.prepare(&sql).unwrap();
        let lines = statement.query_map(["place", "person", "actor", "action", "1"], |row| {
            row.get::<_, String>(3)
        });
        let plan: Vec<String> = lines.unwrap().map(Result::unwrap).collect();
        let plan = plan.join("; ");
        for step in [
            "SEARCH f USING PRIMARY KEY (place=? AND stretch=? AND person_id=?)",
            "SEARCH late USING INDEX sqlite_autoindex_journal_1 (place=? AND sequence>?)",
            "SEARCH j USING INDEX sqlite_autoindex_journal_1 (place=? AND sequence=?)",
        ] {
            assert!(plan.contains(step), "{step}: {plan}");
        }
    }
}
