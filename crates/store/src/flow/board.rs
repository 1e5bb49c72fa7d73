//! The hub board: a page of open stays, in one statement, which reads the index `stay_open` alone
//! until the rows of the page are known; and what the numbers around it are counted from.

use super::{owned, word};
use crate::scope::PeopleScope;
use crate::value::listed;
use crate::{Error, Row, Tx, Value};
use flow::board_view::BoardView;
use flow::offer::NeedState;
use flow::readmission::Which;
use flow::{CareType, DestinationState, Pathway, Responsible};
use jiff::Timestamp;
use jiff::civil::Date;
use kernel::{NhsNumber, OrganisationId, PersonId, StayId};
use std::collections::BTreeMap;

/// In which order the board stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum BoardOrder {
    /// Longest past the ready date first; those not ready after them, by expected date.
    #[default]
    LongestReady,
    /// By ward.
    Ward,
    /// By expected date, for the huddle.
    Expected,
    /// By ward and bed.
    Bed,
    /// By when the next action is due.
    Due,
    /// By the first day of what comes after.
    Start,
}

/// Which open stays to show. Every part given must fit.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BoardFilter {
    /// Only this hospital.
    pub hospital: Option<OrganisationId>,
    /// Only this ward.
    pub ward: Option<String>,
    /// Only people of this council.
    pub council: Option<OrganisationId>,
    /// Only people whose council is not known.
    pub council_not_known: bool,
    /// Only this pathway.
    pub pathway: Option<Pathway>,
    /// Only people whose pathway is not decided.
    pub pathway_not_known: bool,
    /// Only delays attributed to this side.
    pub side: Option<Responsible>,
    /// Only people for whom this organisation has the move.
    pub organisation: Option<OrganisationId>,
    /// Only people who are ready (true) or not (false).
    pub ready: Option<bool>,
    /// Only people who are back soon after they left. Who they are is worked out before: `only`.
    pub back: Option<Which>,
    /// Only these stays.
    pub only: Option<Vec<StayId>>,
    /// The view; `None` for none.
    pub view: Option<BoardView>,
    /// Whether to take the view that whoever asks starts with, where none is named.
    pub usual_view: bool,
    /// Only people whose need a service of one of these organisations has accepted, or for whom
    /// one of them has a step or is offered one.
    pub taken_by: Option<Vec<OrganisationId>>,
    /// The order; `None` for that of the view.
    pub order: Option<BoardOrder>,
    /// Rows to pass over.
    pub offset: usize,
    /// Most rows to give.
    pub limit: usize,
}

/// One row of the board.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BoardLine {
    /// The stay.
    pub stay: StayId,
    /// Whose it is.
    pub person: PersonId,
    /// Family name.
    pub family_name: String,
    /// Given names.
    pub given_name: String,
    /// NHS number, if known.
    pub nhs_number: Option<NhsNumber>,
    /// Date of birth, if known.
    pub birth_date: Option<Date>,
    /// Things to know at once.
    pub flags: Vec<String>,
    /// Name of the hospital.
    pub hospital: String,
    /// Ward; empty if not known.
    pub ward: String,
    /// Bed; empty if not known.
    pub bed: String,
    /// Name of the council, if known.
    pub council: Option<String>,
    /// Acute or not.
    pub care_type: CareType,
    /// Day of admission.
    pub admitted_on: Date,
    /// Expected date of discharge.
    pub expected_on: Option<Date>,
    /// Discharge-ready date.
    pub ready_on: Option<Date>,
    /// Pathway.
    pub pathway: Option<Pathway>,
    /// List and code of the reason for delay, such as `("dtoc", "E")`.
    pub reason: Option<(String, String)>,
    /// Side the delay is attributed to.
    pub side: Option<Responsible>,
    /// Name of the organisation that has the move.
    pub organisation: Option<String>,
    /// What is to be done next; empty if nothing is set.
    pub next_action: String,
    /// Organisation that is to do it.
    pub next_owner: Option<String>,
    /// Person or team that is to do it; empty if not set.
    pub next_owner_name: String,
    /// When it is due.
    pub next_due_at: Option<Timestamp>,
    /// Next place or service; empty if none is known.
    pub destination: String,
    /// How far it has come.
    pub destination_state: DestinationState,
    /// First day of it.
    pub starts_on: Option<Date>,
    /// The step that has the move: what, whose, by when.
    pub step: Option<BoardStep>,
    /// When somebody last reviewed whether the person needs a hospital bed.
    pub reviewed_at: Option<Timestamp>,
    /// The highest mark of a long stay that was reviewed.
    pub long_stay_reviewed: Option<i64>,
    /// Day on which the council said it had assessed.
    pub assessed_on: Option<Date>,
    /// Things on the list for leaving that are done or not needed.
    pub checked: i64,
    /// Where the latest need of the stay stands; `None` if no service was looked for.
    pub need: Option<NeedState>,
}

/// The step of a stay that has the move.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BoardStep {
    /// What is to be done.
    pub title: String,
    /// Whose it is.
    pub owner: Option<String>,
    /// By when.
    pub due_at: Option<Timestamp>,
    /// To whom it is offered without an answer yet.
    pub offered_to: Option<String>,
}

/// Whose stay it is.
const PERSON: &str = "stay.person_id";

impl BoardFilter {
    /// Which stays the filter leaves out, whoever asks: the same for filters that leave out the
    /// same. `None` if it leaves out none.
    pub fn left_out(&self) -> Option<String> {
        let written = |filter: &Self| {
            let mut values = Vec::new();
            let everybody = PeopleScope::everybody(Timestamp::UNIX_EPOCH);
            let sql = conditions(filter, &everybody, &mut values);
            format!("{sql} {values:?}")
        };
        Some(written(self)).filter(|own| *own != written(&Self::default()))
    }
}

fn conditions(filter: &BoardFilter, scope: &PeopleScope, values: &mut Vec<Value>) -> String {
    let mut sql = String::from("place = ?1 AND discharged_on IS NULL");
    let mut also = |column: &str, value: Value| {
        values.push(value);
        sql.push_str(&format!(" AND {column} = ?{}", values.len()));
    };
    if let Some(hospital) = filter.hospital {
        also("hospital_id", hospital.into());
    }
    if let Some(ward) = &filter.ward {
        also("ward", ward.into());
    }
    if let Some(council) = filter.council {
        also("council_id", council.into());
    }
    if let Some(pathway) = filter.pathway {
        also("pathway", i64::from(pathway.number()).into());
    }
    if let Some(side) = filter.side {
        also("waiting_responsible", side.as_str().into());
    }
    if let Some(organisation) = filter.organisation {
        also("waiting_organisation_id", organisation.into());
    }
    if filter.council_not_known {
        sql.push_str(" AND council_id IS NULL");
    }
    if filter.pathway_not_known {
        sql.push_str(" AND pathway IS NULL");
    }
    match filter.ready {
        Some(true) => sql.push_str(" AND ready_on IS NOT NULL"),
        Some(false) => sql.push_str(" AND ready_on IS NULL"),
        None => {}
    }
    if let Some(holders) = &filter.taken_by {
        sql.push_str(" AND ");
        sql.push_str(&taken_by(holders, values));
    }
    if let Some(only) = &filter.only {
        let only = listed(values, only.iter().copied());
        sql.push_str(&format!(" AND id IN ({only})"));
    }
    sql.push_str(" AND ");
    sql.push_str(&scope.sql_of(PERSON, values));
    sql
}

/// A condition on the stays of people whom organisations have accepted, have a step of, or are
/// offered one of. A need that is only offered is not among them: it has no name.
fn taken_by(holders: &[OrganisationId], values: &mut Vec<Value>) -> String {
    let among = listed(values, holders.iter().copied());
    format!(
        "(id IN (SELECT n.stay_id FROM organisation oo CROSS JOIN service sv CROSS JOIN offer of \
         CROSS JOIN need n WHERE oo.place = ?1 AND oo.id IN ({among}) AND sv.place = ?1 \
         AND sv.organisation_code = oo.code AND of.place = ?1 AND of.service_id = sv.id \
         AND of.state = 'accepted' AND n.place = ?1 AND n.id = of.need_id \
         AND n.stay_id IS NOT NULL) \
         OR id IN (SELECT ch.case_id FROM chain_step st CROSS JOIN chain ch WHERE st.place = ?1 \
         AND st.owner_id IN ({among}) AND st.state IN ('going on', 'waiting') AND ch.place = ?1 \
         AND ch.id = st.chain_id AND ch.kind = 'stay') \
         OR id IN (SELECT ch.case_id FROM handover ho CROSS JOIN chain_step st CROSS JOIN chain ch \
         WHERE ho.place = ?1 AND ho.to_id IN ({among}) AND ho.answer IS NULL AND st.place = ?1 \
         AND st.id = ho.step_id AND ch.place = ?1 AND ch.id = st.chain_id AND ch.kind = 'stay'))"
    )
}

/// The order, for columns under a prefix. `COALESCE` puts what is not known last;
/// the first order is the one the index `stay_open` stands in.
fn order_by(order: BoardOrder, prefix: &str) -> String {
    let last = |column: &str| format!("COALESCE({prefix}{column}, '9999-12-31')");
    let (ready, expected) = (last("ready_on"), last("expected_on"));
    match order {
        BoardOrder::LongestReady => {
            format!("{ready}, {expected}, {prefix}admitted_on, {prefix}id")
        }
        BoardOrder::Ward => format!(
            "{prefix}hospital_id, {prefix}ward, {ready}, {expected}, {prefix}admitted_on, {prefix}id"
        ),
        BoardOrder::Expected => {
            format!("{expected}, {ready}, {prefix}admitted_on, {prefix}id")
        }
        // Shorter beds first: 7 stands before 10.
        BoardOrder::Bed => format!(
            "{prefix}hospital_id, {prefix}ward, LENGTH({prefix}bed), {prefix}bed, {prefix}id"
        ),
        BoardOrder::Due => format!(
            "COALESCE({prefix}next_due_at, {}), {ready}, {expected}, {prefix}id",
            i64::MAX
        ),
        BoardOrder::Start => format!("{}, {ready}, {prefix}id", last("starts_on")),
    }
}

/// A page of the board.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BoardPage {
    /// The rows, in order.
    pub lines: Vec<BoardLine>,
    /// Differs as soon as any open stay has changed, come or gone. `None` on an
    /// empty page.
    pub stamp: Option<String>,
}

/// A page of the board, of people in scope only. One statement.
///
/// # Errors
/// The database's.
pub fn board(
    tx: &mut dyn Tx,
    filter: &BoardFilter,
    scope: &PeopleScope,
) -> Result<BoardPage, Error> {
    let mut values = vec![Value::from(tx.place())];
    let conditions = conditions(filter, scope, &mut values);
    let order = filter.order.unwrap_or_default();
    let inner = order_by(order, "");
    // A join keeps no order: it is said again.
    let outer = order_by(order, "s.");
    let count = |number: usize| Value::Int(i64::try_from(number).unwrap_or(i64::MAX));
    values.push(count(filter.limit));
    values.push(count(filter.offset));
    let (limit, offset) = (values.len() - 1, values.len());
    // Cross and left joins pin the order of the joins in SQLite, which has no
    // statistics to choose a good one by: the page first, then its rows by key.
    let sql = format!(
        "WITH page AS (SELECT id AS stay_id FROM stay WHERE {conditions} \
         ORDER BY {inner} LIMIT ?{limit} OFFSET ?{offset}) \
         SELECT (SELECT CAST(COUNT(*) AS TEXT) || ' ' || CAST(SUM(version) AS TEXT) || ' ' || MAX(id) \
         FROM stay WHERE place = ?1 AND discharged_on IS NULL), s.id, s.person_id, p.family_name, \
         p.given_name, p.nhs_number, \
         p.birth_date, p.flags, h.name, s.ward, s.bed, c.name, s.care_type, s.admitted_on, \
         s.expected_on, s.ready_on, s.pathway, s.waiting_reason, s.waiting_responsible, w.name, \
         s.next_action, o.name, s.next_owner_name, s.next_due_at, s.destination, \
         s.destination_state, s.starts_on, \
         st.title, so.name, st.due_at, \
         (SELECT ht.name FROM handover ho JOIN organisation ht ON ht.place = ho.place \
         AND ht.id = ho.to_id WHERE ho.place = st.place AND ho.step_id = st.id \
         AND ho.answer IS NULL), \
         (SELECT MAX(rr.at) FROM reside_review rr WHERE rr.place = s.place AND rr.stay_id = s.id), \
         (SELECT MAX(lr.mark) FROM stay_review lr WHERE lr.place = s.place AND lr.stay_id = s.id), \
         s.assessed_on, \
         (SELECT COUNT(*) FROM stay_check k WHERE k.place = s.place AND k.stay_id = s.id \
         AND k.state <> 'open' AND k.number = (SELECT MAX(l.number) FROM stay_check l \
         WHERE l.place = k.place AND l.stay_id = k.stay_id AND l.item = k.item)), \
         (SELECT n.state FROM need n WHERE n.place = s.place AND n.stay_id = s.id \
         AND n.state <> 'withdrawn' ORDER BY n.written_at DESC, n.id DESC LIMIT 1) \
         FROM page CROSS JOIN stay s \
         LEFT JOIN person p ON p.place = s.place AND p.id = s.person_id \
         LEFT JOIN organisation h ON h.place = s.place AND h.id = s.hospital_id \
         LEFT JOIN organisation c ON c.place = s.place AND c.id = s.council_id \
         LEFT JOIN organisation w ON w.place = s.place AND w.id = s.waiting_organisation_id \
         LEFT JOIN organisation o ON o.place = s.place AND o.id = s.next_owner_id \
         LEFT JOIN chain ch ON ch.place = s.place AND ch.kind = 'stay' AND ch.case_id = s.id \
         LEFT JOIN chain_step st ON st.place = s.place AND st.id = (SELECT q.id FROM chain_step q \
         WHERE q.place = ch.place AND q.chain_id = ch.id AND q.state IN ('going on', 'waiting') \
         ORDER BY q.number LIMIT 1) \
         LEFT JOIN organisation so ON so.place = s.place AND so.id = st.owner_id \
         WHERE s.place = ?1 AND s.id = page.stay_id ORDER BY {outer}"
    );
    let rows = tx.query(&sql, &values)?;
    let stamp = match rows.first() {
        Some(row) => owned(row, 0)?,
        None => None,
    };
    Ok(BoardPage {
        lines: rows.iter().map(read_line).collect::<Result<_, _>>()?,
        stamp,
    })
}

/// The open stays that a filter leaves, whoever's they are: who asks counts those in scope.
///
/// # Errors
/// The database's.
pub fn board_fitting(tx: &mut dyn Tx, filter: &BoardFilter) -> Result<Vec<StayId>, Error> {
    let mut values = vec![Value::from(tx.place())];
    let everybody = PeopleScope::everybody(Timestamp::UNIX_EPOCH);
    let conditions = conditions(filter, &everybody, &mut values);
    let sql = format!("SELECT id FROM stay WHERE {conditions}");
    tx.query(&sql, &values)?
        .iter()
        .map(|row| row.id(0))
        .collect()
}

fn read_line(row: &Row) -> Result<BoardLine, Error> {
    let side = match row.opt_text(18)? {
        None => None,
        Some(_) => Some(word(row, 18, Responsible::parse)?),
    };
    let reason = row.opt_text(17)?.and_then(|text| text.split_once('/'));
    Ok(BoardLine {
        stay: row.id(1)?,
        person: row.id(2)?,
        family_name: row.text(3)?.to_owned(),
        given_name: row.text(4)?.to_owned(),
        nhs_number: row.opt_parsed(5)?,
        birth_date: row.opt_date(6)?,
        flags: row.text(7)?.lines().map(str::to_owned).collect(),
        hospital: row.text(8)?.to_owned(),
        ward: row.text(9)?.to_owned(),
        bed: row.text(10)?.to_owned(),
        council: owned(row, 11)?,
        care_type: word(row, 12, CareType::parse)?,
        admitted_on: row.date(13)?,
        expected_on: row.opt_date(14)?,
        ready_on: row.opt_date(15)?,
        pathway: pathway(row, 16)?,
        reason: reason.map(|(set, code)| (set.to_owned(), code.to_owned())),
        side,
        organisation: owned(row, 19)?,
        next_action: row.text(20)?.to_owned(),
        next_owner: owned(row, 21)?,
        next_owner_name: row.text(22)?.to_owned(),
        next_due_at: row.opt_instant(23)?,
        destination: row.text(24)?.to_owned(),
        destination_state: word(row, 25, DestinationState::parse)?,
        starts_on: row.opt_date(26)?,
        step: match owned(row, 27)? {
            Some(title) => Some(BoardStep {
                title,
                owner: owned(row, 28)?,
                due_at: row.opt_instant(29)?,
                offered_to: owned(row, 30)?,
            }),
            None => None,
        },
        reviewed_at: row.opt_instant(31)?,
        long_stay_reviewed: row.opt_int(32)?,
        assessed_on: row.opt_date(33)?,
        checked: row.int(34)?,
        need: match row.opt_text(35)? {
            None => None,
            Some(_) => Some(word(row, 35, NeedState::parse)?),
        },
    })
}

/// What the numbers around the board are counted from: one open stay, whoever's it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenStay {
    /// The stay.
    pub id: StayId,
    /// Goes up by one with each change of it.
    pub version: i64,
    /// Its hospital.
    pub hospital: OrganisationId,
    /// Ward; empty if not known.
    pub ward: String,
    /// The person's council, if known.
    pub council: Option<OrganisationId>,
    /// Pathway, if decided.
    pub pathway: Option<Pathway>,
    /// Side the delay is attributed to.
    pub side: Option<Responsible>,
    /// Organisation that has the move.
    pub organisation: Option<OrganisationId>,
    /// Whether the person is ready to leave.
    pub ready: bool,
    /// When the next action is due.
    pub next_due_at: Option<Timestamp>,
}

/// Every open stay, and the names of the organisations in them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OpenStays {
    /// The stays, in no order.
    pub stays: Vec<OpenStay>,
    /// Names of hospitals, councils and those that have the move.
    pub names: BTreeMap<OrganisationId, String>,
}

/// Every open stay, whoever's it is. One statement, which reads the index `stay_open` alone.
///
/// # Errors
/// The database's.
pub fn open_stays(tx: &mut dyn Tx) -> Result<OpenStays, Error> {
    let place = tx.place().to_owned();
    let open = "FROM stay WHERE place = ?1 AND discharged_on IS NULL";
    let sql = format!(
        "SELECT id, version, hospital_id, ward, council_id, pathway, waiting_responsible, \
         waiting_organisation_id, CASE WHEN ready_on IS NULL THEN 0 ELSE 1 END, next_due_at, NULL \
         {open} UNION ALL SELECT o.id, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, o.name \
         FROM organisation o WHERE o.place = ?1 AND o.id IN (SELECT hospital_id {open} \
         UNION SELECT council_id {open} UNION SELECT waiting_organisation_id {open})"
    );
    let mut open = OpenStays::default();
    for row in &tx.query(&sql, &[place.into()])? {
        match row.opt_text(10)? {
            Some(name) => {
                open.names.insert(row.id(0)?, name.to_owned());
            }
            None => open.stays.push(read_open(row)?),
        }
    }
    Ok(open)
}

fn read_open(row: &Row) -> Result<OpenStay, Error> {
    Ok(OpenStay {
        id: row.id(0)?,
        version: row.int(1)?,
        hospital: row.id(2)?,
        ward: row.text(3)?.to_owned(),
        council: row.opt_id(4)?,
        pathway: pathway(row, 5)?,
        side: match row.opt_text(6)? {
            None => None,
            Some(_) => Some(word(row, 6, Responsible::parse)?),
        },
        organisation: row.opt_id(7)?,
        ready: row.int(8)? == 1,
        next_due_at: row.opt_instant(9)?,
    })
}

fn pathway(row: &Row, column: usize) -> Result<Option<Pathway>, Error> {
    let number = row.opt_int(column)?;
    Ok(number
        .and_then(|number| u8::try_from(number).ok())
        .and_then(Pathway::new))
}
