//! Rows of reviews of identity, of links between records, and of what was said to be apart.

use crate::scope::PeopleScope;
use crate::{Error, Row, Tx, Value};
use jiff::Timestamp;
use jiff::civil::Date;
use kernel::{InboxId, LinkId, NhsNumber, PersonId, ReviewId};
use person::{Gender, Person};

/// What became of a review.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReviewState {
    /// Nobody has decided.
    Open,
    /// The source has been asked.
    Asked,
    /// The record is a candidate's.
    Linked,
    /// It is nobody's who is here.
    Apart,
}

impl ReviewState {
    /// The text it is kept as.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Asked => "asked",
            Self::Linked => "linked",
            Self::Apart => "apart",
        }
    }

    /// Reads the text back.
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Open, Self::Asked, Self::Linked, Self::Apart]
            .into_iter()
            .find(|state| state.as_str() == text)
    }

    /// Whether somebody has still to decide.
    pub const fn waits(self) -> bool {
        matches!(self, Self::Open | Self::Asked)
    }
}

/// A record whose person somebody must decide.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Review {
    /// Its id.
    pub id: ReviewId,
    /// What became of it.
    pub state: ReviewState,
    /// Why it is not decided by rule, in words.
    pub why: String,
    /// Key of the `Patient` resource.
    pub patient_key: String,
    /// The record's own row, if one was made.
    pub person: Option<PersonId>,
    /// What the record says; its id is the row's, or means nothing where none was made.
    pub said: Person,
    /// What it came in.
    pub inbox: InboxId,
    /// When.
    pub made_at: Timestamp,
    /// Goes with every change.
    pub version: i64,
    /// Who decided or asked, when and why.
    pub decided: Option<(String, Timestamp, String)>,
}

/// A candidate as it was weighed when the record arrived.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeptCandidate {
    /// The head of the candidate's records.
    pub person: PersonId,
    /// Match weight in thousandths of a bit.
    pub millibits: i64,
    /// A line a field: weight in millibits, field, level, with tabs between.
    pub fields: String,
}

const COLUMNS: &str = "SELECT id, state, why, patient_key, person_id, nhs_number, family_name, \
     given_name, birth_date, gender, address, postcode, telephone, inbox_id, made_at, version, \
     decided_by, decided_at, decided_why FROM identity_review ";

fn read(row: &Row) -> Result<Review, Error> {
    let person: Option<PersonId> = row.opt_id(4)?;
    let nobody = PersonId::new(uuid::Uuid::nil());
    let birth_date: Option<Date> = row.opt_date(8)?;
    let nhs_number: Option<NhsNumber> = row.opt_parsed(5)?;
    let decided = match (row.opt_text(16)?, row.opt_instant(17)?, row.opt_text(18)?) {
        (Some(who), Some(at), why) => {
            Some((who.to_owned(), at, why.unwrap_or_default().to_owned()))
        }
        _ => None,
    };
    Ok(Review {
        id: row.id(0)?,
        state: ReviewState::parse(row.text(1)?)
            .ok_or_else(|| Error::Schema("a review has no known state".to_owned()))?,
        why: row.text(2)?.to_owned(),
        patient_key: row.text(3)?.to_owned(),
        person,
        said: Person {
            nhs_number,
            family_name: row.text(6)?.to_owned(),
            given_name: row.text(7)?.to_owned(),
            birth_date,
            gender: Gender::parse(row.text(9)?),
            address: row.text(10)?.to_owned(),
            postcode: row.text(11)?.to_owned(),
            telephone: row.text(12)?.to_owned(),
            ..Person::unknown(person.unwrap_or(nobody))
        },
        inbox: row.id(13)?,
        made_at: row.instant(14)?,
        version: row.int(15)?,
        decided,
    })
}

/// Adds a review with its candidates; an earlier one of the same key that waits gives way
/// to it.
///
/// # Errors
/// The database's.
pub fn ask(tx: &mut dyn Tx, review: &Review, candidates: &[KeptCandidate]) -> Result<(), Error> {
    let place = tx.place().to_owned();
    let waiting = tx.query_opt(
        "SELECT id FROM identity_review WHERE place = ?1 AND patient_key = ?2 \
         AND state IN ('open', 'asked')",
        &[place.as_str().into(), review.patient_key.as_str().into()],
    )?;
    if let Some(row) = waiting {
        let old: ReviewId = row.id(0)?;
        let old = [place.as_str().into(), old.into()];
        tx.execute(
            "DELETE FROM identity_candidate WHERE place = ?1 AND review_id = ?2",
            &old,
        )?;
        tx.execute(
            "DELETE FROM identity_review WHERE place = ?1 AND id = ?2",
            &old,
        )?;
    }
    let said = &review.said;
    tx.execute(
        "INSERT INTO identity_review (place, id, state, why, patient_key, person_id, nhs_number, \
         family_name, given_name, birth_date, gender, address, postcode, telephone, inbox_id, \
         made_at, version) \
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17)",
        &[
            place.as_str().into(),
            review.id.into(),
            review.state.as_str().into(),
            review.why.as_str().into(),
            review.patient_key.as_str().into(),
            review.person.into(),
            said.nhs_number.into(),
            said.family_name.as_str().into(),
            said.given_name.as_str().into(),
            said.birth_date.into(),
            said.gender.as_str().into(),
            said.address.as_str().into(),
            said.postcode.as_str().into(),
            said.telephone.as_str().into(),
            review.inbox.into(),
            review.made_at.into(),
            review.version.into(),
        ],
    )?;
    for one in candidates {
        tx.execute(
            "INSERT INTO identity_candidate (place, review_id, person_id, millibits, fields) \
             VALUES (?1, ?2, ?3, ?4, ?5)",
            &[
                place.as_str().into(),
                review.id.into(),
                one.person.into(),
                one.millibits.into(),
                one.fields.as_str().into(),
            ],
        )?;
    }
    Ok(())
}

/// The review with an id.
///
/// # Errors
/// The database's.
pub fn review(tx: &mut dyn Tx, id: ReviewId) -> Result<Option<Review>, Error> {
    let place = tx.place().to_owned();
    let sql = format!("{COLUMNS} WHERE place = ?1 AND id = ?2");
    tx.query_opt(&sql, &[place.into(), id.into()])?
        .as_ref()
        .map(read)
        .transpose()
}

/// A condition on rows of `identity_review`: the record itself or somebody it may be is in
/// scope, and nobody it may be is kept secret from whoever asks.
fn for_whom(scope: &PeopleScope, values: &mut Vec<Value>) -> String {
    let in_scope = scope.sql("wp.head_id", values);
    let candidates = "FROM identity_candidate c JOIN person wp ON wp.place = c.place \
         AND wp.id = c.person_id WHERE c.place = ?1 AND c.review_id = identity_review.id";
    format!(
        "(EXISTS (SELECT 1 FROM person wp WHERE wp.place = ?1 \
         AND wp.id = identity_review.person_id AND {in_scope}) \
         OR EXISTS (SELECT 1 {candidates} AND {in_scope})) \
         AND NOT EXISTS (SELECT 1 {candidates} AND NOT {in_scope} AND wp.head_id IN \
         (SELECT xp.head_id FROM restriction x JOIN person xp ON xp.place = x.place \
         AND xp.id = x.person_id WHERE x.place = ?1 AND x.kind = 'record' \
         AND x.ended_at IS NULL))"
    )
}

/// Reviews that wait, oldest first; with a scope only those that are for whoever asks.
///
/// # Errors
/// The database's.
pub fn waiting(
    tx: &mut dyn Tx,
    offset: usize,
    limit: usize,
    scope: Option<&PeopleScope>,
) -> Result<Vec<Review>, Error> {
    let count = |number: usize| Value::Int(i64::try_from(number).unwrap_or(i64::MAX));
    let mut values = vec![Value::from(tx.place()), count(limit), count(offset)];
    let whose = match scope {
        Some(scope) => format!(" AND {}", for_whom(scope, &mut values)),
        None => String::new(),
    };
    let sql = format!(
        "{COLUMNS} WHERE place = ?1 AND state IN ('open', 'asked'){whose} \
         ORDER BY made_at, id LIMIT ?2 OFFSET ?3"
    );
    tx.query(&sql, &values)?.iter().map(read).collect()
}

/// Whether a review is for whoever asks.
///
/// # Errors
/// The database's.
pub fn is_for(tx: &mut dyn Tx, id: ReviewId, scope: &PeopleScope) -> Result<bool, Error> {
    let mut values = vec![Value::from(tx.place()), id.into()];
    let whose = for_whom(scope, &mut values);
    let sql = format!("SELECT 1 FROM identity_review WHERE place = ?1 AND id = ?2 AND {whose}");
    Ok(tx.query_opt(&sql, &values)?.is_some())
}

/// Whether somebody is asked whose a record is.
///
/// # Errors
/// The database's.
pub fn waits_for(tx: &mut dyn Tx, record: PersonId) -> Result<bool, Error> {
    let place = tx.place().to_owned();
    let found = tx.query_opt(
        "SELECT 1 FROM identity_review WHERE place = ?1 AND person_id = ?2 \
         AND state IN ('open', 'asked') LIMIT 1",
        &[place.into(), record.into()],
    )?;
    Ok(found.is_some())
}

/// Candidates of a review, the likeliest first.
///
/// # Errors
/// The database's.
pub fn candidates(tx: &mut dyn Tx, id: ReviewId) -> Result<Vec<KeptCandidate>, Error> {
    let place = tx.place().to_owned();
    tx.query(
        "SELECT person_id, millibits, fields FROM identity_candidate \
         WHERE place = ?1 AND review_id = ?2 ORDER BY millibits DESC, person_id",
        &[place.into(), id.into()],
    )?
    .iter()
    .map(|row| {
        Ok(KeptCandidate {
            person: row.id(0)?,
            millibits: row.int(1)?,
            fields: row.text(2)?.to_owned(),
        })
    })
    .collect()
}

/// Notes what became of a review; false if it is no longer at that version.
///
/// # Errors
/// The database's.
pub fn decide(
    tx: &mut dyn Tx,
    review: &Review,
    state: ReviewState,
    (who, why): (&str, &str),
    now: Timestamp,
) -> Result<bool, Error> {
    let place = tx.place().to_owned();
    let changed = tx.execute(
        "UPDATE identity_review SET state = ?3, version = version + 1, decided_by = ?4, \
         decided_at = ?5, decided_why = ?6 WHERE place = ?1 AND id = ?2 AND version = ?7",
        &[
            place.into(),
            review.id.into(),
            state.as_str().into(),
            who.into(),
            now.into(),
            why.into(),
            review.version.into(),
        ],
    )?;
    Ok(changed == 1)
}

/// A record that nothing was made of has come again and a rule has said whose it is.
///
/// # Errors
/// The database's.
pub fn settled_by_rule(
    tx: &mut dyn Tx,
    patient_key: &str,
    (who, why): (&str, &str),
    now: Timestamp,
) -> Result<(), Error> {
    let place = tx.place().to_owned();
    tx.execute(
        "UPDATE identity_review SET state = 'linked', version = version + 1, decided_by = ?3, \
         decided_at = ?4, decided_why = ?5 WHERE place = ?1 AND patient_key = ?2 \
         AND person_id IS NULL AND state IN ('open', 'asked')",
        &[
            place.into(),
            patient_key.into(),
            who.into(),
            now.into(),
            why.into(),
        ],
    )?;
    Ok(())
}

/// The record's own row is now this one.
///
/// # Errors
/// The database's.
pub fn set_person(tx: &mut dyn Tx, id: ReviewId, person: PersonId) -> Result<(), Error> {
    let place = tx.place().to_owned();
    tx.execute(
        "UPDATE identity_review SET person_id = ?3 WHERE place = ?1 AND id = ?2",
        &[place.into(), id.into(), person.into()],
    )?;
    Ok(())
}

/// A link between two sets of records.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// Its id.
    pub id: LinkId,
    /// The head that stayed.
    pub kept: PersonId,
    /// The head that was given up.
    pub given_up: PersonId,
    /// The records whose head it was.
    pub moved: Vec<PersonId>,
    /// Why.
    pub why: String,
    /// When.
    pub made_at: Timestamp,
    /// By whom.
    pub made_by: String,
    /// When it was undone, by whom and why.
    pub undone: Option<(Timestamp, String, String)>,
}

fn read_link(row: &Row) -> Result<Link, Error> {
    let undone = match (row.opt_instant(7)?, row.opt_text(8)?, row.opt_text(9)?) {
        (Some(at), Some(by), why) => Some((at, by.to_owned(), why.unwrap_or_default().to_owned())),
        _ => None,
    };
    let moved = row
        .text(3)?
        .lines()
        .map(str::parse)
        .collect::<Result<_, _>>();
    Ok(Link {
        id: row.id(0)?,
        kept: row.id(1)?,
        given_up: row.id(2)?,
        moved: moved.map_err(|_| Error::Schema("a link has an id that is none".to_owned()))?,
        why: row.text(4)?.to_owned(),
        made_at: row.instant(5)?,
        made_by: row.text(6)?.to_owned(),
        undone,
    })
}

const LINK: &str = "SELECT id, kept_id, given_up_id, moved, why, made_at, made_by, undone_at, \
     undone_by, undone_why FROM identity_link ";

/// Makes one person of two: the records of one head get the other. Nothing else changes.
///
/// # Errors
/// The database's.
pub fn link(tx: &mut dyn Tx, link: &Link) -> Result<(), Error> {
    let place = tx.place().to_owned();
    let moved: Vec<String> = link.moved.iter().map(ToString::to_string).collect();
    tx.execute(
        "UPDATE person SET head_id = ?3 WHERE place = ?1 AND head_id = ?2",
        &[
            place.as_str().into(),
            link.given_up.into(),
            link.kept.into(),
        ],
    )?;
    tx.execute(
        "INSERT INTO identity_link (place, id, kept_id, given_up_id, moved, why, made_at, made_by) \
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
        &[
            place.into(),
            link.id.into(),
            link.kept.into(),
            link.given_up.into(),
            moved.join("\n").into(),
            link.why.as_str().into(),
            link.made_at.into(),
            link.made_by.as_str().into(),
        ],
    )?;
    Ok(())
}

/// The link with an id.
///
/// # Errors
/// The database's.
pub fn link_by_id(tx: &mut dyn Tx, id: LinkId) -> Result<Option<Link>, Error> {
    let place = tx.place().to_owned();
    let sql = format!("{LINK} WHERE place = ?1 AND id = ?2");
    tx.query_opt(&sql, &[place.into(), id.into()])?
        .as_ref()
        .map(read_link)
        .transpose()
}

/// Links that hold, of the person with this head, oldest first.
///
/// # Errors
/// The database's.
pub fn links_of(tx: &mut dyn Tx, head: PersonId) -> Result<Vec<Link>, Error> {
    let place = tx.place().to_owned();
    let sql = format!(
        "{LINK} WHERE place = ?1 AND undone_at IS NULL AND given_up_id IN \
         (SELECT id FROM person WHERE place = ?1 AND head_id = ?2) ORDER BY made_at, id"
    );
    tx.query(&sql, &[place.into(), head.into()])?
        .iter()
        .map(read_link)
        .collect()
}

/// Gives back what a link moved, as far as it is still where the link put it or where a
/// later link took it together with the head that was kept.
///
/// # Errors
/// The database's.
pub fn undo(
    tx: &mut dyn Tx,
    link: &Link,
    (who, why): (&str, &str),
    now: Timestamp,
) -> Result<(), Error> {
    let place = tx.place().to_owned();
    for record in &link.moved {
        tx.execute(
            "UPDATE person SET head_id = ?3 WHERE place = ?1 AND id = ?2 AND head_id = \
             (SELECT head_id FROM person WHERE place = ?1 AND id = ?4)",
            &[
                place.as_str().into(),
                (*record).into(),
                link.given_up.into(),
                link.kept.into(),
            ],
        )?;
    }
    tx.execute(
        "UPDATE identity_link SET undone_at = ?3, undone_by = ?4, undone_why = ?5 \
         WHERE place = ?1 AND id = ?2",
        &[
            place.into(),
            link.id.into(),
            now.into(),
            who.into(),
            why.into(),
        ],
    )?;
    Ok(())
}

/// Notes that two records are two people.
///
/// # Errors
/// The database's.
pub fn keep_apart(
    tx: &mut dyn Tx,
    one: PersonId,
    other: PersonId,
    who: &str,
    now: Timestamp,
) -> Result<(), Error> {
    let place = tx.place().to_owned();
    tx.execute(
        "INSERT INTO identity_apart (place, one_id, other_id, said_at, said_by) \
         VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT (place, one_id, other_id) DO NOTHING",
        &[
            place.into(),
            one.min(other).into(),
            one.max(other).into(),
            now.into(),
            who.into(),
        ],
    )?;
    Ok(())
}
