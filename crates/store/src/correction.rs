//! Rows of what people ask to have put right in their record.

use crate::scope::PeopleScope;
use crate::{Error, Row, Tx, Value};
use jiff::Timestamp;
use jiff::civil::Date;
use kernel::{CorrectionId, PersonId, TimelineId};

/// What became of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CorrectionState {
    /// Nobody has answered.
    Open,
    /// The record was changed.
    Changed,
    /// It was not, and why not was told.
    Refused,
}

impl CorrectionState {
    /// The text it is kept as.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Changed => "changed",
            Self::Refused => "refused",
        }
    }

    /// Reads the text back.
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Open, Self::Changed, Self::Refused]
            .into_iter()
            .find(|one| one.as_str() == text)
    }
}

/// A request to put a record right.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Correction {
    /// Its id.
    pub id: CorrectionId,
    /// The record it hangs on.
    pub person: PersonId,
    /// What it is about: `details`, `record` or `line`.
    pub about: String,
    /// The line, where it is about one.
    pub line: Option<TimelineId>,
    /// What is wrong, in the person's words.
    pub words: String,
    /// When it was asked.
    pub asked_at: Timestamp,
    /// Who asked.
    pub asked_by: String,
    /// The last day for an answer.
    pub due_on: Date,
    /// What became of it.
    pub state: CorrectionState,
    /// The answer, in words; empty while there is none.
    pub answer: String,
    /// Who answered, and when.
    pub answered: Option<(Timestamp, String)>,
    /// Goes with every change.
    pub version: i64,
}

const COLUMNS: &str = "SELECT c.id, c.person_id, c.about, c.timeline_id, c.words, c.asked_at, \
     c.asked_by, c.due_on, c.state, c.answer, c.answered_at, c.answered_by, c.version \
     FROM correction c ";

fn read(row: &Row) -> Result<Correction, Error> {
    let who = row.opt_text(11)?.unwrap_or_default().to_owned();
    Ok(Correction {
        id: row.id(0)?,
        person: row.id(1)?,
        about: row.text(2)?.to_owned(),
        line: row.opt_id(3)?,
        words: row.text(4)?.to_owned(),
        asked_at: row.instant(5)?,
        asked_by: row.text(6)?.to_owned(),
        due_on: row.date(7)?,
        state: CorrectionState::parse(row.text(8)?)
            .ok_or_else(|| Error::Schema("a correction has no known state".to_owned()))?,
        answer: row.text(9)?.to_owned(),
        answered: row.opt_instant(10)?.map(|instant| (instant, who)),
        version: row.int(12)?,
    })
}

fn all(tx: &mut dyn Tx, rest: &str, values: &[Value]) -> Result<Vec<Correction>, Error> {
    tx.query(&format!("{COLUMNS}{rest}"), values)?
        .iter()
        .map(read)
        .collect()
}

/// Writes a request down. It is open, whatever `correction` says of its answer.
///
/// # Errors
/// The database's.
pub fn ask(tx: &mut dyn Tx, correction: &Correction) -> Result<(), Error> {
    let place = tx.place().to_owned();
    tx.execute(
        "INSERT INTO correction (place, id, person_id, about, timeline_id, words, asked_at, \
         asked_by, due_on, state, answer, version) \
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, 'open', '', 1)",
        &[
            place.into(),
            correction.id.into(),
            correction.person.into(),
            correction.about.as_str().into(),
            correction.line.into(),
            correction.words.as_str().into(),
            correction.asked_at.into(),
            correction.asked_by.as_str().into(),
            correction.due_on.into(),
        ],
    )?;
    Ok(())
}

/// Every request of a person, the latest first; the person is the head of the records.
///
/// # Errors
/// The database's.
pub fn of_person(tx: &mut dyn Tx, head: PersonId) -> Result<Vec<Correction>, Error> {
    let place = tx.place().to_owned();
    all(
        tx,
        "WHERE c.place = ?1 AND c.person_id IN \
         (SELECT id FROM person WHERE place = ?1 AND head_id = ?2) ORDER BY c.asked_at DESC, c.id",
        &[place.into(), head.into()],
    )
}

/// A condition that a request is about somebody in scope; without a scope about anybody.
fn about_whom(scope: Option<&PeopleScope>, values: &mut Vec<Value>) -> String {
    scope.map_or_else(String::new, |scope| {
        let in_scope = scope.sql("cp.head_id", values);
        format!(
            " AND EXISTS (SELECT 1 FROM person cp WHERE cp.place = ?1 AND cp.id = c.person_id \
             AND {in_scope})"
        )
    })
}

/// Requests that nobody has answered, the one that is due first first; with a scope only those
/// about people in it.
///
/// # Errors
/// The database's.
pub fn waiting(
    tx: &mut dyn Tx,
    scope: Option<&PeopleScope>,
    limit: i64,
) -> Result<Vec<Correction>, Error> {
    let mut values = vec![Value::from(tx.place()), limit.into()];
    let whose = about_whom(scope, &mut values);
    let rest = format!(
        "WHERE c.place = ?1 AND c.state = 'open'{whose} \
         ORDER BY c.due_on, c.asked_at, c.id LIMIT ?2"
    );
    all(tx, &rest, &values)
}

/// The latest answers, the last first; with a scope only those about people in it.
///
/// # Errors
/// The database's.
pub fn answered(
    tx: &mut dyn Tx,
    scope: Option<&PeopleScope>,
    limit: i64,
) -> Result<Vec<Correction>, Error> {
    let mut values = vec![Value::from(tx.place()), limit.into()];
    let whose = about_whom(scope, &mut values);
    let rest = format!(
        "WHERE c.place = ?1 AND c.state <> 'open'{whose} \
         ORDER BY c.answered_at DESC, c.id LIMIT ?2"
    );
    all(tx, &rest, &values)
}

/// The request with an id.
///
/// # Errors
/// The database's.
pub fn by_id(tx: &mut dyn Tx, id: CorrectionId) -> Result<Option<Correction>, Error> {
    let place = tx.place().to_owned();
    let sql = format!("{COLUMNS}WHERE c.place = ?1 AND c.id = ?2");
    tx.query_opt(&sql, &[place.into(), id.into()])?
        .as_ref()
        .map(read)
        .transpose()
}

/// Answers a request that was shown at a version. False when somebody answered it meanwhile.
///
/// # Errors
/// The database's.
pub fn answer(
    tx: &mut dyn Tx,
    shown: &Correction,
    state: CorrectionState,
    words: &str,
    (at, by): (Timestamp, &str),
) -> Result<bool, Error> {
    let place = tx.place().to_owned();
    let changed = tx.execute(
        "UPDATE correction SET state = ?4, answer = ?5, answered_at = ?6, answered_by = ?7, \
         version = version + 1 WHERE place = ?1 AND id = ?2 AND version = ?3 AND state = 'open'",
        &[
            place.into(),
            shown.id.into(),
            shown.version.into(),
            state.as_str().into(),
            words.into(),
            at.into(),
            by.into(),
        ],
    )?;
    Ok(changed > 0)
}
