//! Rows of requests for help that were sent, and of what became of them.

use crate::scope::PeopleScope;
use crate::value::listed;
use crate::{Error, Row, Tx, Value};
use flow::text_enum;
use flow::triage::{Outcome, Priority};
use jiff::Timestamp;
use kernel::{FormId, InboxId, OrganisationId, PersonId, ReferralId, ServiceId};

text_enum! {
    /// How a request stands.
    ReferralState {
        /// Nobody has taken it yet.
        Waiting = "waiting",
        /// Somebody is looking at it.
        Taken = "taken",
        /// It is decided.
        Decided = "decided",
        /// It goes on as part of another one.
        Merged = "merged",
    }
}

impl ReferralState {
    /// Whether it is still to be decided.
    pub const fn is_live(self) -> bool {
        matches!(self, Self::Waiting | Self::Taken)
    }
}

/// A request for help.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Referral {
    /// Its id.
    pub id: ReferralId,
    /// The number that whoever asked was given.
    pub reference: String,
    /// What was asked.
    pub form: FormId,
    /// The record it hangs on.
    pub person: PersonId,
    /// The arrival it was kept as.
    pub inbox: InboxId,
    /// The organisation that has to decide.
    pub owner: OrganisationId,
    /// Who asked, as a code of the form: `self`, `carer`, `gp` and so on.
    pub asked_by: String,
    /// Their name; empty where it is the person.
    pub asker: String,
    /// Their organisation, or `The public`.
    pub source: String,
    /// Whether the person knows of it.
    pub told: bool,
    /// When it was sent.
    pub sent_at: Timestamp,
    /// How soon it is to be looked at.
    pub priority: Priority,
    /// Why somebody changed that; empty if nobody did.
    pub priority_why: String,
    /// By when.
    pub due_at: Timestamp,
    /// How it stands.
    pub state: ReferralState,
    /// Name of who is looking at it; empty for nobody.
    pub taken_by: String,
    /// What the person is told.
    pub answer: String,
    /// Why it was decided so, for colleagues.
    pub note: String,
    /// Whether it is kept from the person's own pages.
    pub hidden: bool,
    /// The one that it goes on in.
    pub merged_into: Option<ReferralId>,
    /// When and by whom it was decided.
    pub decided: Option<(Timestamp, String)>,
    /// Goes up with each change.
    pub version: i64,
}

impl Referral {
    /// Whether the person sees it on their own pages: they know of it or it was answered, and
    /// nobody has said that it is to be kept from there.
    pub fn is_shown(&self) -> bool {
        !self.hidden
            && (self.told || self.asked_by == "self" || self.state == ReferralState::Decided)
    }
}

const COLUMNS: &str = "r.id, r.reference, r.form_id, r.person_id, r.inbox_id, r.owner_id, \
     r.asked_by, r.asker, r.source, r.told, r.sent_at, r.priority, r.priority_why, r.due_at, \
     r.state, r.taken_by, r.answer, r.note, r.hidden, r.merged_into, r.decided_at, r.decided_by, \
     r.version";

fn word<T>(row: &Row, at: usize, parse: fn(&str) -> Option<T>) -> Result<T, Error> {
    parse(row.text(at)?).ok_or(Error::Column {
        column: at,
        expected: "one of the words of the schema",
    })
}

fn read(row: &Row) -> Result<Referral, Error> {
    let decided = row.opt_instant(20)?;
    let who = row.opt_text(21)?.unwrap_or_default().to_owned();
    let text = |at: usize| row.text(at).map(str::to_owned);
    Ok(Referral {
        id: row.id(0)?,
        reference: text(1)?,
        form: row.id(2)?,
        person: row.id(3)?,
        inbox: row.id(4)?,
        owner: row.id(5)?,
        asked_by: text(6)?,
        asker: text(7)?,
        source: text(8)?,
        told: row.int(9)? != 0,
        sent_at: row.instant(10)?,
        priority: word(row, 11, Priority::parse)?,
        priority_why: text(12)?,
        due_at: row.instant(13)?,
        state: word(row, 14, ReferralState::parse)?,
        taken_by: text(15)?,
        answer: text(16)?,
        note: text(17)?,
        hidden: row.int(18)? != 0,
        merged_into: row.opt_id(19)?,
        decided: decided.map(|at| (at, who)),
        version: row.int(22)?,
    })
}

/// Keeps a request that was sent. `decided` and `merged_into` are not looked at.
///
/// # Errors
/// The database's.
pub fn insert(tx: &mut dyn Tx, one: &Referral) -> Result<(), Error> {
    let place = tx.place().to_owned();
    tx.execute(
        "INSERT INTO referral (place, id, reference, form_id, person_id, inbox_id, owner_id, \
         asked_by, asker, source, told, sent_at, priority, priority_why, due_at, state, taken_by, \
         answer, note, hidden, version) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, \
         ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21)",
        &[
            place.into(),
            one.id.into(),
            one.reference.as_str().into(),
            one.form.into(),
            one.person.into(),
            one.inbox.into(),
            one.owner.into(),
            one.asked_by.as_str().into(),
            one.asker.as_str().into(),
            one.source.as_str().into(),
            i64::from(one.told).into(),
            one.sent_at.into(),
            one.priority.as_str().into(),
            one.priority_why.as_str().into(),
            one.due_at.into(),
            one.state.as_str().into(),
            one.taken_by.as_str().into(),
            one.answer.as_str().into(),
            one.note.as_str().into(),
            i64::from(one.hidden).into(),
            one.version.into(),
        ],
    )?;
    Ok(())
}

/// Keeps what has become of a request that was read at its version less one. False when somebody
/// else has changed it since.
///
/// # Errors
/// The database's.
pub fn update(tx: &mut dyn Tx, one: &Referral) -> Result<bool, Error> {
    let place = tx.place().to_owned();
    let changed = tx.execute(
        "UPDATE referral SET priority = ?3, priority_why = ?4, due_at = ?5, state = ?6, \
         taken_by = ?7, answer = ?8, note = ?9, hidden = ?10, merged_into = ?11, decided_at = ?12, \
         decided_by = ?13, version = ?14 WHERE place = ?1 AND id = ?2 AND version = ?15",
        &[
            place.into(),
            one.id.into(),
            one.priority.as_str().into(),
            one.priority_why.as_str().into(),
            one.due_at.into(),
            one.state.as_str().into(),
            one.taken_by.as_str().into(),
            one.answer.as_str().into(),
            one.note.as_str().into(),
            i64::from(one.hidden).into(),
            one.merged_into.into(),
            one.decided.as_ref().map(|(at, _)| *at).into(),
            one.decided.as_ref().map(|(_, who)| who.as_str()).into(),
            one.version.into(),
            (one.version - 1).into(),
        ],
    )?;
    Ok(changed > 0)
}

fn one(tx: &mut dyn Tx, condition: &str, value: Value) -> Result<Option<Referral>, Error> {
    let place = tx.place().to_owned();
    let sql = format!("SELECT {COLUMNS} FROM referral r WHERE r.place = ?1 AND {condition}");
    tx.query_opt(&sql, &[place.into(), value])?
        .as_ref()
        .map(read)
        .transpose()
}

/// The request with an id, whoever has to decide on it.
///
/// # Errors
/// The database's.
pub fn by_id(tx: &mut dyn Tx, id: ReferralId) -> Result<Option<Referral>, Error> {
    one(tx, "r.id = ?2", id.into())
}

/// The request that a form was sent as.
///
/// # Errors
/// The database's.
pub fn of_form(tx: &mut dyn Tx, form: FormId) -> Result<Option<Referral>, Error> {
    one(tx, "r.form_id = ?2", form.into())
}

/// The request with a reference number.
///
/// # Errors
/// The database's.
pub fn by_reference(tx: &mut dyn Tx, reference: &str) -> Result<Option<Referral>, Error> {
    one(tx, "r.reference = ?2", reference.into())
}

/// Whose requests somebody may see: those that their organisations have to decide, about people
/// whose records they may see.
#[derive(Clone, Copy, Debug)]
pub struct QueueScope<'a> {
    /// The people.
    pub people: &'a PeopleScope,
}

impl QueueScope<'_> {
    fn sql(&self, values: &mut Vec<Value>) -> String {
        let owners = listed(values, &self.people.holders);
        let people = self.people.sql("p.head_id", values);
        format!("r.owner_id IN ({owners}) AND {people}")
    }
}

/// What of the queue is asked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Wanted {
    /// Those that are decided or merged, and not those that wait.
    pub closed: bool,
    /// Only of this priority.
    pub priority: Option<Priority>,
    /// Only those whose time is past.
    pub late: bool,
    /// Only those that nobody has taken.
    pub untaken: bool,
}

/// One line of the queue: the request, the person's head and name, and how many other requests
/// of the same person are live.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// The request.
    pub referral: Referral,
    /// Head of the person's records.
    pub head: PersonId,
    /// Family name.
    pub family_name: String,
    /// Given names.
    pub given_name: String,
    /// Other live requests of the same person.
    pub others: i64,
}

const LINES: &str = "SELECT {columns}, p.head_id, p.family_name, p.given_name, \
     (SELECT COUNT(*) FROM referral o JOIN person op ON op.place = o.place AND op.id = o.person_id \
     WHERE o.place = r.place AND op.head_id = p.head_id AND o.id <> r.id \
     AND o.state IN ('waiting', 'taken')) \
     FROM referral r JOIN person p ON p.place = r.place AND p.id = r.person_id WHERE r.place = ?1";

fn read_line(row: &Row) -> Result<Line, Error> {
    Ok(Line {
        referral: read(row)?,
        head: row.id(23)?,
        family_name: row.text(24)?.to_owned(),
        given_name: row.text(25)?.to_owned(),
        others: row.int(26)?,
    })
}

fn lines_sql(conditions: &str) -> String {
    format!("{} AND {conditions}", LINES.replace("{columns}", COLUMNS))
}

fn conditions(wanted: Wanted, now: Timestamp, values: &mut Vec<Value>) -> String {
    let mut all = vec![
        match (wanted.closed, wanted.untaken) {
            (true, _) => "r.state IN ('decided', 'merged')",
            (false, true) => "r.state = 'waiting'",
            (false, false) => "r.state IN ('waiting', 'taken')",
        }
        .to_owned(),
    ];
    if let Some(priority) = wanted.priority {
        values.push(priority.as_str().into());
        all.push(format!("r.priority = ?{}", values.len()));
    }
    if wanted.late {
        values.push(now.into());
        all.push(format!("r.due_at < ?{}", values.len()));
    }
    all.join(" AND ")
}

/// A page of the queue: what is due first comes first; of what is decided, the latest.
///
/// # Errors
/// The database's.
pub fn queue(
    tx: &mut dyn Tx,
    scope: QueueScope<'_>,
    (wanted, now): (Wanted, Timestamp),
    (offset, limit): (usize, usize),
) -> Result<Vec<Line>, Error> {
    let mut values = vec![Value::from(tx.place())];
    let scoped = scope.sql(&mut values);
    let wants = conditions(wanted, now, &mut values);
    let number = |many: usize| i64::try_from(many).unwrap_or(i64::MAX);
    values.push(number(limit).into());
    values.push(number(offset).into());
    let order = match wanted.closed {
        true => "r.decided_at DESC, r.id",
        false => "r.due_at, r.id",
    };
    let (limit_at, offset_at) = (values.len() - 1, values.len());
    let sql = format!(
        "{} ORDER BY {order} LIMIT ?{limit_at} OFFSET ?{offset_at}",
        lines_sql(&format!("{scoped} AND {wants}"))
    );
    tx.query(&sql, &values)?.iter().map(read_line).collect()
}

/// How many live requests there are in scope, how many of them are late, and how many nobody has
/// taken.
///
/// # Errors
/// The database's.
pub fn counts(
    tx: &mut dyn Tx,
    scope: QueueScope<'_>,
    now: Timestamp,
) -> Result<(i64, i64, i64), Error> {
    let mut values = vec![Value::from(tx.place()), now.into()];
    let scoped = scope.sql(&mut values);
    let sql = format!(
        "SELECT COUNT(*), COALESCE(SUM(CASE WHEN r.due_at < ?2 THEN 1 ELSE 0 END), 0), \
         COALESCE(SUM(CASE WHEN r.state = 'waiting' THEN 1 ELSE 0 END), 0) \
         FROM referral r JOIN person p ON p.place = r.place AND p.id = r.person_id \
         WHERE r.place = ?1 AND r.state IN ('waiting', 'taken') AND {scoped}"
    );
    let row = tx.query_opt(&sql, &values)?;
    row.map_or(Ok((0, 0, 0)), |row| {
        Ok((row.int(0)?, row.int(1)?, row.int(2)?))
    })
}

/// One request, if it is in scope.
///
/// # Errors
/// The database's.
pub fn in_queue(
    tx: &mut dyn Tx,
    scope: QueueScope<'_>,
    id: ReferralId,
) -> Result<Option<Line>, Error> {
    let mut values = vec![Value::from(tx.place()), id.into()];
    let scoped = scope.sql(&mut values);
    let sql = lines_sql(&format!("r.id = ?2 AND {scoped}"));
    tx.query_opt(&sql, &values)?
        .as_ref()
        .map(read_line)
        .transpose()
}

/// Live requests in scope that may be of the same person as a record: of the same head, of
/// records that somebody is asked whether they are one person with it, and of the same name.
///
/// # Errors
/// The database's.
pub fn alike(
    tx: &mut dyn Tx,
    scope: QueueScope<'_>,
    (id, person): (ReferralId, PersonId),
) -> Result<Vec<Line>, Error> {
    let mut values = vec![Value::from(tx.place()), id.into(), person.into()];
    let scoped = scope.sql(&mut values);
    let head = |of: &str| format!("SELECT head_id FROM person WHERE place = ?1 AND id IN ({of})");
    let asked = "SELECT c.person_id FROM identity_review v JOIN identity_candidate c \
                 ON c.place = v.place AND c.review_id = v.id WHERE v.place = ?1 \
                 AND v.person_id = ?3 AND v.state IN ('open', 'asked') \
                 UNION SELECT v.person_id FROM identity_review v JOIN identity_candidate c \
                 ON c.place = v.place AND c.review_id = v.id WHERE v.place = ?1 \
                 AND c.person_id IN (SELECT head_id FROM person WHERE place = ?1 AND id = ?3) \
                 AND v.state IN ('open', 'asked') AND v.person_id IS NOT NULL UNION SELECT ?3";
    let sql = format!(
        "{} ORDER BY r.sent_at, r.id",
        lines_sql(&format!(
            "r.id <> ?2 AND r.state IN ('waiting', 'taken') AND (p.head_id IN ({}) OR EXISTS \
             (SELECT 1 FROM person q WHERE q.place = ?1 AND q.id = ?3 AND q.family_name <> '' \
             AND LOWER(q.family_name) = LOWER(p.family_name) \
             AND LOWER(q.given_name) = LOWER(p.given_name))) AND {scoped}",
            head(asked)
        ))
    );
    tx.query(&sql, &values)?.iter().map(read_line).collect()
}

/// The requests of a person, the latest first; the person is the head of the records.
///
/// # Errors
/// The database's.
pub fn of_person(tx: &mut dyn Tx, head: PersonId) -> Result<Vec<Referral>, Error> {
    let place = tx.place().to_owned();
    let sql = format!(
        "SELECT {COLUMNS} FROM referral r WHERE r.place = ?1 AND r.person_id IN \
         (SELECT id FROM person WHERE place = ?1 AND head_id = ?2) ORDER BY r.sent_at DESC, r.id"
    );
    tx.query(&sql, &[place.into(), head.into()])?
        .iter()
        .map(read)
        .collect()
}

/// Keeps what was decided, and the services that the person was told of.
///
/// # Errors
/// The database's.
pub fn decide(
    tx: &mut dyn Tx,
    id: ReferralId,
    outcomes: &[Outcome],
    services: &[ServiceId],
) -> Result<(), Error> {
    let place = tx.place().to_owned();
    for outcome in outcomes {
        tx.execute(
            "INSERT INTO referral_outcome (place, referral_id, kind) VALUES (?1, ?2, ?3) \
             ON CONFLICT (place, referral_id, kind) DO NOTHING",
            &[place.as_str().into(), id.into(), outcome.as_str().into()],
        )?;
    }
    for service in services {
        tx.execute(
            "INSERT INTO referral_service (place, referral_id, service_id) VALUES (?1, ?2, ?3) \
             ON CONFLICT (place, referral_id, service_id) DO NOTHING",
            &[place.as_str().into(), id.into(), (*service).into()],
        )?;
    }
    Ok(())
}

/// Services by id and name.
pub type Services = Vec<(ServiceId, String)>;

/// What was decided, and the services that the person was told of.
///
/// # Errors
/// The database's.
pub fn decided(tx: &mut dyn Tx, id: ReferralId) -> Result<(Vec<Outcome>, Services), Error> {
    let place = tx.place().to_owned();
    let values = [place.into(), id.into()];
    let outcomes = tx
        .query(
            "SELECT kind FROM referral_outcome WHERE place = ?1 AND referral_id = ?2 ORDER BY kind",
            &values,
        )?
        .iter()
        .map(|row| word(row, 0, Outcome::parse))
        .collect::<Result<_, Error>>()?;
    let services = tx
        .query(
            "SELECT s.id, s.name FROM referral_service o JOIN service s ON s.place = o.place \
             AND s.id = o.service_id WHERE o.place = ?1 AND o.referral_id = ?2 ORDER BY s.name, s.id",
            &values,
        )?
        .iter()
        .map(|row| Ok((row.id(0)?, row.text(1)?.to_owned())))
        .collect::<Result<_, Error>>()?;
    Ok((outcomes, services))
}
