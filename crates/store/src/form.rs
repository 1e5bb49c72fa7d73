//! Rows of forms that are filled in: the form, its answers, its sections.

use crate::{Error, Row, Tx};
use flow::text_enum;
use jiff::Timestamp;
use kernel::{FormId, OrganisationId, PersonId};

text_enum! {
    /// How a form stands.
    FormState {
        /// It is being filled in.
        Open = "open",
        /// Somebody has signed it.
        Signed = "signed",
        /// It was sent: a referral.
        Sent = "sent",
        /// It was given up, with a reason.
        Withdrawn = "withdrawn",
    }
}

/// A form that is filled in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept {
    /// Its id.
    pub id: FormId,
    /// Short name of the form.
    pub name: String,
    /// Version it was begun with.
    pub version: String,
    /// The record it hangs on, where the person is known.
    pub person: Option<PersonId>,
    /// How it stands.
    pub state: FormState,
    /// The organisation it was begun for; none for somebody who does not sign in.
    pub organisation: Option<OrganisationId>,
    /// Its name; `The public` for somebody who does not sign in.
    pub source: String,
    /// When it was begun.
    pub started_at: Timestamp,
    /// Name of whoever began it.
    pub started_by: String,
    /// Their user name; `public:` for somebody who does not sign in.
    pub starter: String,
    /// When an answer was last changed.
    pub touched_at: Timestamp,
    /// When, by whom and why it was finished or given up.
    pub finished: Option<(Timestamp, String, String)>,
}

/// One answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// Short name of its question.
    pub link: String,
    /// The answer; empty where the question was looked at and left.
    pub value: String,
    /// How often it was changed.
    pub number: i64,
    /// The page it was last typed on.
    pub page: String,
    /// When.
    pub at: Timestamp,
    /// Name of who.
    pub by: String,
    /// The earlier form it was taken over from, and when it was answered there.
    pub taken: Option<(FormId, Timestamp)>,
}

const COLUMNS: &str = "SELECT f.id, f.name, f.version, f.person_id, f.state, f.organisation_id, \
     f.source, f.started_at, f.started_by, f.starter, f.touched_at, f.finished_at, f.finished_by, \
     f.finished_why FROM form f ";

fn read(row: &Row) -> Result<Kept, Error> {
    let finished = row.opt_instant(11)?;
    let who = row.opt_text(12)?.unwrap_or_default().to_owned();
    let why = row.opt_text(13)?.unwrap_or_default().to_owned();
    Ok(Kept {
        id: row.id(0)?,
        name: row.text(1)?.to_owned(),
        version: row.text(2)?.to_owned(),
        person: row.opt_id(3)?,
        state: FormState::parse(row.text(4)?).ok_or(Error::Column {
            column: 4,
            expected: "a state of a form",
        })?,
        organisation: row.opt_id(5)?,
        source: row.text(6)?.to_owned(),
        started_at: row.instant(7)?,
        started_by: row.text(8)?.to_owned(),
        starter: row.text(9)?.to_owned(),
        touched_at: row.instant(10)?,
        finished: finished.map(|at| (at, who, why)),
    })
}

/// Begins a form. `key_hash` is for somebody who does not sign in.
///
/// # Errors
/// The database's.
pub fn insert(tx: &mut dyn Tx, form: &Kept, key_hash: Option<&str>) -> Result<(), Error> {
    let place = tx.place().to_owned();
    tx.execute(
        "INSERT INTO form (place, id, name, version, person_id, state, organisation_id, source, \
         started_at, started_by, starter, key_hash, touched_at) \
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)",
        &[
            place.into(),
            form.id.into(),
            form.name.as_str().into(),
            form.version.as_str().into(),
            form.person.into(),
            form.state.as_str().into(),
            form.organisation.into(),
            form.source.as_str().into(),
            form.started_at.into(),
            form.started_by.as_str().into(),
            form.starter.as_str().into(),
            key_hash.into(),
            form.touched_at.into(),
        ],
    )?;
    Ok(())
}

/// The form with an id.
///
/// # Errors
/// The database's.
pub fn by_id(tx: &mut dyn Tx, id: FormId) -> Result<Option<Kept>, Error> {
    let place = tx.place().to_owned();
    let sql = format!("{COLUMNS} WHERE f.place = ?1 AND f.id = ?2");
    tx.query_opt(&sql, &[place.into(), id.into()])?
        .as_ref()
        .map(read)
        .transpose()
}

/// The form that somebody who does not sign in began, by the hash of what their browser holds.
///
/// # Errors
/// The database's.
pub fn by_key(tx: &mut dyn Tx, key_hash: &str) -> Result<Option<Kept>, Error> {
    let place = tx.place().to_owned();
    let sql = format!("{COLUMNS} WHERE f.place = ?1 AND f.key_hash = ?2");
    tx.query_opt(&sql, &[place.into(), key_hash.into()])?
        .as_ref()
        .map(read)
        .transpose()
}

/// The forms of a person, the latest first; the person is the head of the records.
///
/// # Errors
/// The database's.
pub fn of_person(tx: &mut dyn Tx, head: PersonId) -> Result<Vec<Kept>, Error> {
    let place = tx.place().to_owned();
    let sql = format!(
        "{COLUMNS} WHERE f.place = ?1 AND f.person_id IN \
         (SELECT id FROM person WHERE place = ?1 AND head_id = ?2) \
         ORDER BY f.started_at DESC, f.id DESC"
    );
    tx.query(&sql, &[place.into(), head.into()])?
        .iter()
        .map(read)
        .collect()
}

/// What somebody has begun about nobody known and not finished, the latest first.
///
/// # Errors
/// The database's.
pub fn open_of(tx: &mut dyn Tx, starter: &str, limit: usize) -> Result<Vec<Kept>, Error> {
    let place = tx.place().to_owned();
    let sql = format!(
        "{COLUMNS} WHERE f.place = ?1 AND f.starter = ?2 AND f.state = 'open' \
         AND f.person_id IS NULL ORDER BY f.started_at DESC, f.id LIMIT ?3"
    );
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    tx.query(&sql, &[place.into(), starter.into(), limit.into()])?
        .iter()
        .map(read)
        .collect()
}

/// Says whose a form is.
///
/// # Errors
/// The database's.
pub fn set_person(tx: &mut dyn Tx, id: FormId, person: PersonId) -> Result<(), Error> {
    let place = tx.place().to_owned();
    tx.execute(
        "UPDATE form SET person_id = ?3 WHERE place = ?1 AND id = ?2",
        &[place.into(), id.into(), person.into()],
    )?;
    Ok(())
}

/// Finishes a form that is open. False when it is not.
///
/// # Errors
/// The database's.
pub fn finish(
    tx: &mut dyn Tx,
    id: FormId,
    state: FormState,
    at: Timestamp,
    (by, why): (&str, &str),
) -> Result<bool, Error> {
    let place = tx.place().to_owned();
    let changed = tx.execute(
        "UPDATE form SET state = ?3, finished_at = ?4, finished_by = ?5, finished_why = ?6 \
         WHERE place = ?1 AND id = ?2 AND state = 'open'",
        &[
            place.into(),
            id.into(),
            state.as_str().into(),
            at.into(),
            by.into(),
            why.into(),
        ],
    )?;
    Ok(changed > 0)
}

const ANSWERS: &str = "SELECT link_id, value, number, page, answered_at, answered_by, taken_from, \
     taken_at FROM form_answer WHERE place = ?1 AND form_id = ?2";

fn read_answer(row: &Row) -> Result<Answer, Error> {
    let taken = row.opt_id(6)?.zip(row.opt_instant(7)?);
    Ok(Answer {
        link: row.text(0)?.to_owned(),
        value: row.text(1)?.to_owned(),
        number: row.int(2)?,
        page: row.text(3)?.to_owned(),
        at: row.instant(4)?,
        by: row.text(5)?.to_owned(),
        taken,
    })
}

/// Every answer of a form, by the short names of the questions.
///
/// # Errors
/// The database's.
pub fn answers(tx: &mut dyn Tx, id: FormId) -> Result<Vec<Answer>, Error> {
    let place = tx.place().to_owned();
    let sql = format!("{ANSWERS} ORDER BY link_id");
    tx.query(&sql, &[place.into(), id.into()])?
        .iter()
        .map(read_answer)
        .collect()
}

/// One answer.
///
/// # Errors
/// The database's.
pub fn answer(tx: &mut dyn Tx, id: FormId, link: &str) -> Result<Option<Answer>, Error> {
    let place = tx.place().to_owned();
    let sql = format!("{ANSWERS} AND link_id = ?3");
    tx.query_opt(&sql, &[place.into(), id.into(), link.into()])?
        .as_ref()
        .map(read_answer)
        .transpose()
}

/// Keeps an answer. What somebody else had written there is kept beside it.
///
/// # Errors
/// The database's.
pub fn put_answer(
    tx: &mut dyn Tx,
    id: FormId,
    answer: &Answer,
    over: Option<&Answer>,
) -> Result<(), Error> {
    let place = tx.place().to_owned();
    if let Some(before) = over.filter(|before| before.by != answer.by && !before.value.is_empty()) {
        tx.execute(
            "INSERT INTO form_answer_before (place, form_id, link_id, number, value, answered_at, \
             answered_by) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
            &[
                place.as_str().into(),
                id.into(),
                before.link.as_str().into(),
                before.number.into(),
                before.value.as_str().into(),
                before.at.into(),
                before.by.as_str().into(),
            ],
        )?;
    }
    tx.execute(
        "INSERT INTO form_answer (place, form_id, link_id, value, number, page, answered_at, \
         answered_by, taken_from, taken_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10) \
         ON CONFLICT (place, form_id, link_id) DO UPDATE SET value = excluded.value, \
         number = excluded.number, page = excluded.page, answered_at = excluded.answered_at, \
         answered_by = excluded.answered_by, taken_from = excluded.taken_from, \
         taken_at = excluded.taken_at",
        &[
            place.as_str().into(),
            id.into(),
            answer.link.as_str().into(),
            answer.value.as_str().into(),
            answer.number.into(),
            answer.page.as_str().into(),
            answer.at.into(),
            answer.by.as_str().into(),
            answer.taken.map(|(from, _)| from).into(),
            answer.taken.map(|(_, at)| at).into(),
        ],
    )?;
    tx.execute(
        "UPDATE form SET touched_at = ?3 WHERE place = ?1 AND id = ?2",
        &[place.into(), id.into(), answer.at.into()],
    )?;
    Ok(())
}

/// What was written over in a form, the latest first: answers of others, as they stood.
///
/// # Errors
/// The database's.
pub fn before(tx: &mut dyn Tx, id: FormId) -> Result<Vec<Answer>, Error> {
    let place = tx.place().to_owned();
    tx.query(
        "SELECT link_id, value, number, '', answered_at, answered_by, NULL, NULL \
         FROM form_answer_before WHERE place = ?1 AND form_id = ?2 \
         ORDER BY answered_at DESC, link_id, number",
        &[place.into(), id.into()],
    )?
    .iter()
    .map(read_answer)
    .collect()
}

/// Whether something of a form was typed on a page already: what is typed on one page is one
/// row of the journal.
///
/// # Errors
/// The database's.
pub fn typed_on(tx: &mut dyn Tx, id: FormId, page: &str) -> Result<bool, Error> {
    let place = tx.place().to_owned();
    let found = tx.query_opt(
        "SELECT 1 FROM form_answer WHERE place = ?1 AND form_id = ?2 AND page = ?3 LIMIT 1",
        &[place.into(), id.into(), page.into()],
    )?;
    Ok(found.is_some())
}

/// The sections of a form that were opened, and whether somebody has said that they are complete.
///
/// # Errors
/// The database's.
pub fn sections(tx: &mut dyn Tx, id: FormId) -> Result<Vec<(String, bool)>, Error> {
    let place = tx.place().to_owned();
    tx.query(
        "SELECT link_id, complete FROM form_section WHERE place = ?1 AND form_id = ?2 \
         ORDER BY link_id",
        &[place.into(), id.into()],
    )?
    .iter()
    .map(|row| Ok((row.text(0)?.to_owned(), row.int(1)? != 0)))
    .collect()
}

/// Says of a section that it was opened, or whether it is complete. One that was only opened
/// (`None`) keeps what was said of it.
///
/// # Errors
/// The database's.
pub fn mark(
    tx: &mut dyn Tx,
    id: FormId,
    (link, complete): (&str, Option<bool>),
    (at, by): (Timestamp, &str),
) -> Result<(), Error> {
    let place = tx.place().to_owned();
    let what = match complete {
        None => "NOTHING",
        Some(_) => {
            "UPDATE SET complete = excluded.complete, marked_at = excluded.marked_at, \
             marked_by = excluded.marked_by"
        }
    };
    let sql = format!(
        "INSERT INTO form_section (place, form_id, link_id, complete, marked_at, marked_by) \
         VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT (place, form_id, link_id) DO {what}"
    );
    tx.execute(
        &sql,
        &[
            place.into(),
            id.into(),
            link.into(),
            i64::from(complete == Some(true)).into(),
            at.into(),
            by.into(),
        ],
    )?;
    Ok(())
}

/// How many forms were begun since an instant by people who do not sign in.
///
/// # Errors
/// The database's.
pub fn public_since(tx: &mut dyn Tx, since: Timestamp) -> Result<i64, Error> {
    let place = tx.place().to_owned();
    tx.query_opt(
        "SELECT COUNT(*) FROM form WHERE place = ?1 AND starter = 'public:' AND started_at > ?2",
        &[place.into(), since.into()],
    )?
    .map_or(Ok(0), |row| row.int(0))
}

/// Takes away what people who do not sign in began, never sent, and last touched before an
/// instant: nobody asked for anything, so nothing of it is kept. At most so many at a time.
///
/// # Errors
/// The database's.
pub fn forget_unsent(tx: &mut dyn Tx, before: Timestamp, limit: i64) -> Result<usize, Error> {
    let place = tx.place().to_owned();
    let old = tx.query(
        "SELECT id FROM form WHERE place = ?1 AND starter = 'public:' AND state = 'open' \
         AND touched_at < ?2 ORDER BY touched_at, id LIMIT ?3",
        &[place.as_str().into(), before.into(), limit.into()],
    )?;
    for row in &old {
        let id = row.text(0)?;
        for table in ["form_answer_before", "form_answer", "form_section"] {
            tx.execute(
                &format!("DELETE FROM {table} WHERE place = ?1 AND form_id = ?2"),
                &[place.as_str().into(), id.into()],
            )?;
        }
        tx.execute(
            "DELETE FROM form WHERE place = ?1 AND id = ?2",
            &[place.as_str().into(), id.into()],
        )?;
    }
    Ok(old.len())
}
