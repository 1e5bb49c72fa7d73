//! Rows of cases whose time is limited, and who may know of them.

use crate::flow::Change;
use crate::history::{self, History};
use crate::scope::PeopleScope;
use crate::{Error, Row, Tx, Value};
use flow::clocks::CaseKind;
use jiff::Timestamp;
use jiff::civil::Date;
use kernel::{OrganisationId, PersonId, StatutoryCaseId};

/// A case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Case {
    /// Its id.
    pub id: StatutoryCaseId,
    /// The record it hangs on.
    pub person: PersonId,
    /// What kind.
    pub kind: CaseKind,
    /// The organisation whose it is.
    pub owner: OrganisationId,
    /// Name of the professional who has it; empty if nobody is named.
    pub professional: String,
    /// When its clock started.
    pub opened_at: Timestamp,
    /// The day on which it was extended.
    pub extended_on: Option<Date>,
    /// The last day of an urgent authorisation that runs meanwhile.
    pub urgent_until: Option<Date>,
    /// When it was closed, and how it ended.
    pub closed: Option<(Timestamp, String)>,
    /// Why, in words; empty if nobody said.
    pub why: String,
    /// When it was last changed.
    pub updated_at: Timestamp,
    /// Who changed it.
    pub updated_by: String,
    /// Goes up by one with each change.
    pub version: i64,
}

/// A case on a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CaseLine {
    /// The case.
    pub case: Case,
    /// The head of the person's records.
    pub head: PersonId,
    /// Family name.
    pub family_name: String,
    /// Given name.
    pub given_name: String,
    /// Name of the organisation whose it is.
    pub owner_name: String,
}

/// Whose cases an asker may know of: those of their own organisations, of the people in scope,
/// and of others' those that are not kept to their owner and that the person does not object to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CaseScope {
    /// The people.
    pub people: PeopleScope,
    /// Kinds whose very existence is for their owner alone.
    pub kept_to_owner: Vec<CaseKind>,
    /// Nothing of others is shown: the place wants the person asked first.
    pub own_only: bool,
}

impl CaseScope {
    /// A condition on `statutory_case c` of the person whose head is `p.head_id`.
    fn sql(&self, values: &mut Vec<Value>) -> String {
        let people = self.people.sql("p.head_id", values);
        if self.people.everybody {
            return people;
        }
        let mut put = |value: Value| {
            values.push(value);
            format!("?{}", values.len())
        };
        let mut holders: Vec<String> = self
            .people
            .holders
            .iter()
            .map(|id| put(id.into()))
            .collect();
        holders.push("''".to_owned());
        let own = format!("c.owner_id IN ({})", holders.join(", "));
        if self.own_only {
            return format!("({people} AND {own})");
        }
        let mut kept: Vec<String> = self
            .kept_to_owner
            .iter()
            .map(|kind| put(kind.as_str().into()))
            .collect();
        kept.push("''".to_owned());
        let categories: Vec<String> = CaseKind::ALL
            .iter()
            .filter(|kind| !kind.category().is_empty())
            .map(|kind| {
                let (kind, category) = (put(kind.as_str().into()), put(kind.category().into()));
                format!("WHEN {kind} THEN {category}")
            })
            .collect();
        let category = format!("CASE c.kind {} ELSE '' END", categories.join(" "));
        let wish = |name: &str, kind: &str| {
            format!(
                "SELECT 1 FROM person {name}p JOIN wish {name} ON {name}.place = {name}p.place \
                 AND {name}.person_id = {name}p.id WHERE {name}p.place = ?1 \
                 AND {name}p.head_id = p.head_id AND {name}.kind = '{kind}' \
                 AND {name}.ended_at IS NULL"
            )
        };
        let objected = format!(
            "EXISTS ({} AND (wo.category = '' OR wo.category = {category}) AND NOT EXISTS \
             ({} AND (wv.category = '' OR wv.category = wo.category)))",
            wish("wo", "objection"),
            wish("wv", "override"),
        );
        format!(
            "({people} AND ({own} OR (c.kind NOT IN ({}) AND NOT {objected})))",
            kept.join(", ")
        )
    }
}

/// What a list is narrowed by.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CaseFilter {
    /// Only of one kind.
    pub kind: Option<CaseKind>,
    /// Only of one owner.
    pub owner: Option<OrganisationId>,
    /// Only of one person: the head of the records. Closed ones are listed too.
    pub person: Option<PersonId>,
}

const CASE: &str = "c.id, c.person_id, c.kind, c.owner_id, c.professional, c.opened_at, \
     c.extended_on, c.urgent_until, c.closed_at, c.outcome, c.why, c.updated_at, c.updated_by, \
     c.version";

fn read(row: &Row) -> Result<Case, Error> {
    let outcome = row.opt_text(9)?.unwrap_or_default().to_owned();
    Ok(Case {
        id: row.id(0)?,
        person: row.id(1)?,
        kind: CaseKind::parse(row.text(2)?).ok_or(Error::Column {
            column: 2,
            expected: "a kind of case",
        })?,
        owner: row.id(3)?,
        professional: row.text(4)?.to_owned(),
        opened_at: row.instant(5)?,
        extended_on: row.opt_date(6)?,
        urgent_until: row.opt_date(7)?,
        closed: row.opt_instant(8)?.map(|at| (at, outcome)),
        why: row.text(10)?.to_owned(),
        updated_at: row.instant(11)?,
        updated_by: row.text(12)?.to_owned(),
        version: row.int(13)?,
    })
}

fn values(place: &str, case: &Case) -> Vec<Value> {
    let closed = case.closed.as_ref();
    vec![
        place.into(),
        case.id.into(),
        case.person.into(),
        case.kind.as_str().into(),
        case.owner.into(),
        case.professional.as_str().into(),
        case.opened_at.into(),
        case.extended_on.into(),
        case.urgent_until.into(),
        closed.map(|(at, _)| *at).into(),
        closed.map(|(_, outcome)| outcome.as_str()).into(),
        case.why.as_str().into(),
        case.updated_at.into(),
        case.updated_by.as_str().into(),
        case.version.into(),
    ]
}

/// Adds a case.
///
/// # Errors
/// The database's.
pub fn insert(tx: &mut dyn Tx, case: &Case) -> Result<(), Error> {
    let values = values(tx.place(), case);
    tx.execute(
        "INSERT INTO statutory_case (place, id, person_id, kind, owner_id, professional, \
         opened_at, extended_on, urgent_until, closed_at, outcome, why, updated_at, updated_by, \
         version) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)",
        &values,
    )?;
    Ok(())
}

/// Writes a case over, if its version is still the one before `case.version`. False if it is
/// not: somebody else was quicker.
///
/// # Errors
/// The database's.
pub fn update(tx: &mut dyn Tx, case: &Case) -> Result<bool, Error> {
    let values = values(tx.place(), case);
    let changed = tx.execute(
        "UPDATE statutory_case SET person_id = ?3, kind = ?4, owner_id = ?5, professional = ?6, \
         opened_at = ?7, extended_on = ?8, urgent_until = ?9, closed_at = ?10, outcome = ?11, \
         why = ?12, updated_at = ?13, updated_by = ?14, version = ?15 \
         WHERE place = ?1 AND id = ?2 AND version = ?15 - 1",
        &values,
    )?;
    Ok(changed == 1)
}

/// The cases in scope that were open at an instant, or all of one person, by when they were
/// opened.
///
/// # Errors
/// The database's.
pub fn list(
    tx: &mut dyn Tx,
    scope: &CaseScope,
    filter: &CaseFilter,
    at: Timestamp,
) -> Result<Vec<CaseLine>, Error> {
    let mut wanted = vec!["c.place = ?1".to_owned()];
    let mut values: Vec<Value> = vec![tx.place().into()];
    let mut put = |value: Value| {
        values.push(value);
        format!("?{}", values.len())
    };
    match filter.person {
        Some(head) => wanted.push(format!("p.head_id = {}", put(head.into()))),
        None => {
            let at = put(at.into());
            wanted.push(format!(
                "c.opened_at <= {at} AND (c.closed_at IS NULL OR c.closed_at > {at})"
            ));
        }
    }
    if let Some(kind) = filter.kind {
        wanted.push(format!("c.kind = {}", put(kind.as_str().into())));
    }
    if let Some(owner) = filter.owner {
        wanted.push(format!("c.owner_id = {}", put(owner.into())));
    }
    lines(tx, scope, &wanted, values)
}

/// The case with an id, if it is in scope: one that is not is as if it were not there.
///
/// # Errors
/// The database's.
pub fn by_id(
    tx: &mut dyn Tx,
    scope: &CaseScope,
    id: StatutoryCaseId,
) -> Result<Option<CaseLine>, Error> {
    let wanted = ["c.place = ?1".to_owned(), "c.id = ?2".to_owned()];
    let values = vec![tx.place().into(), id.into()];
    Ok(lines(tx, scope, &wanted, values)?.pop())
}

fn lines(
    tx: &mut dyn Tx,
    scope: &CaseScope,
    wanted: &[String],
    mut values: Vec<Value>,
) -> Result<Vec<CaseLine>, Error> {
    let scope = scope.sql(&mut values);
    let sql = format!(
        "SELECT {CASE}, p.head_id, h.family_name, h.given_name, o.name FROM statutory_case c \
         JOIN person p ON p.place = c.place AND p.id = c.person_id \
         JOIN person h ON h.place = p.place AND h.id = p.head_id \
         JOIN organisation o ON o.place = c.place AND o.id = c.owner_id \
         WHERE {} AND {scope} ORDER BY c.opened_at, c.id",
        wanted.join(" AND ")
    );
    tx.query(&sql, &values)?
        .iter()
        .map(|row| {
            Ok(CaseLine {
                case: read(row)?,
                head: row.id(14)?,
                family_name: row.text(15)?.to_owned(),
                given_name: row.text(16)?.to_owned(),
                owner_name: row.text(17)?.to_owned(),
            })
        })
        .collect()
}

const CASES: History = History {
    table: "statutory_case_change",
    column: "statutory_case_id",
};

/// Every change of a case, oldest first.
///
/// # Errors
/// The database's.
pub fn changes(tx: &mut dyn Tx, case: StatutoryCaseId) -> Result<Vec<Change>, Error> {
    history::changes(tx, &CASES, &case.to_string())
}

/// Appends changes to a case's history.
///
/// # Errors
/// The database's.
pub fn add_changes(
    tx: &mut dyn Tx,
    case: StatutoryCaseId,
    changes: &[Change],
) -> Result<(), Error> {
    history::add(tx, &CASES, &case.to_string(), changes)
}
