//! Which of those in hospital somebody may see, and who of them has been there before: the stays
//! that ended before each open one.

use super::owned;
use crate::scope::PeopleScope;
use crate::value::listed;
use crate::{Error, Row, Tx, Value};
use jiff::civil::Date;
use kernel::StayId;

/// An open stay of somebody in scope, with what came before it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Before {
    /// The open stay.
    pub stay: StayId,
    /// When it began.
    pub admitted_on: Date,
    /// How.
    pub admission_method: Option<String>,
    /// A stay of the same person that ended on or before that day; `None` if there is none.
    pub earlier: Option<Earlier>,
}

/// A stay that ended before another began.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Earlier {
    /// The stay.
    pub stay: StayId,
    /// When it ended.
    pub left_on: Date,
    /// How.
    pub discharge_method: Option<String>,
    /// Where the person went.
    pub discharge_destination: Option<String>,
}

/// Every open stay of people in scope, or of some open stays those: a row with each stay that ended
/// before it, and at least one; in no order. A person's stays are those of all their records. One
/// statement: from the open stays to their people, and from these by index to what they had before.
///
/// # Errors
/// The database's.
pub fn stays_before(
    tx: &mut dyn Tx,
    scope: &PeopleScope,
    only: Option<&[StayId]>,
) -> Result<Vec<Before>, Error> {
    let mut values = vec![Value::from(tx.place())];
    let in_scope = scope.sql("own.head_id", &mut values);
    let among = only.map_or_else(String::new, |only| {
        let only = listed(&mut values, only.iter().copied());
        format!(" AND stay.id IN ({only})")
    });
    // Cross and left joins pin the order in SQLite, which has no statistics to choose by; bare, the
    // day of discharge would have it walk every stay that ended before.
    let sql = format!(
        "SELECT stay.id, stay.admitted_on, stay.admission_method, prev.id, prev.discharged_on, \
         prev.discharge_method, prev.discharge_destination \
         FROM stay CROSS JOIN person own \
         LEFT JOIN person other ON other.place = ?1 AND other.head_id = own.head_id \
         LEFT JOIN stay prev ON prev.place = ?1 AND prev.person_id = other.id \
         AND prev.admitted_on <= stay.admitted_on \
         AND COALESCE(prev.discharged_on, '9999-12-31') <= stay.admitted_on \
         WHERE stay.place = ?1 AND stay.discharged_on IS NULL{among} \
         AND own.place = ?1 AND own.id = stay.person_id AND {in_scope}"
    );
    tx.query(&sql, &values)?.iter().map(before).collect()
}

fn before(row: &Row) -> Result<Before, Error> {
    let earlier = match row.opt_id(3)? {
        None => None,
        Some(stay) => Some(Earlier {
            stay,
            left_on: row.date(4)?,
            discharge_method: owned(row, 5)?,
            discharge_destination: owned(row, 6)?,
        }),
    };
    Ok(Before {
        stay: row.id(0)?,
        admitted_on: row.date(1)?,
        admission_method: owned(row, 2)?,
        earlier,
    })
}
