//! Who of those in hospital has been there before: the stays that ended before each open one.

use super::owned;
use crate::scope::PeopleScope;
use crate::{Error, Tx, Value};
use jiff::civil::Date;
use kernel::StayId;

/// An open stay, and a stay of the same person that ended on or before the day it began.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Earlier {
    /// The open stay.
    pub stay: StayId,
    /// When it began.
    pub admitted_on: Date,
    /// How.
    pub admission_method: Option<String>,
    /// The stay before.
    pub last: StayId,
    /// When that ended.
    pub left_on: Date,
    /// How.
    pub discharge_method: Option<String>,
    /// Where the person went.
    pub discharge_destination: Option<String>,
}

/// Every open stay of people in scope with each stay that ended before it, in no order. A
/// person's stays are those of all their records. One statement: from the open stays to their
/// people, and from these by index to what they had before.
///
/// # Errors
/// The database's.
pub fn earlier_stays(tx: &mut dyn Tx, scope: &PeopleScope) -> Result<Vec<Earlier>, Error> {
    let mut values = vec![Value::from(tx.place())];
    let in_scope = scope.sql("own.head_id", &mut values);
    // Cross joins pin the order in SQLite, which has no statistics to choose by; bare, the day of
    // discharge would have it walk every stay that ended before.
    let sql = format!(
        "SELECT stay.id, stay.admitted_on, stay.admission_method, prev.id, prev.discharged_on, \
         prev.discharge_method, prev.discharge_destination \
         FROM stay CROSS JOIN person own CROSS JOIN person other CROSS JOIN stay prev \
         WHERE stay.place = ?1 AND stay.discharged_on IS NULL \
         AND own.place = ?1 AND own.id = stay.person_id \
         AND other.place = ?1 AND other.head_id = own.head_id \
         AND prev.place = ?1 AND prev.person_id = other.id \
         AND prev.admitted_on <= stay.admitted_on \
         AND COALESCE(prev.discharged_on, '9999-12-31') <= stay.admitted_on \
         AND {in_scope}"
    );
    tx.query(&sql, &values)?
        .iter()
        .map(|row| {
            Ok(Earlier {
                stay: row.id(0)?,
                admitted_on: row.date(1)?,
                admission_method: owned(row, 2)?,
                last: row.id(3)?,
                left_on: row.date(4)?,
                discharge_method: owned(row, 5)?,
                discharge_destination: owned(row, 6)?,
            })
        })
        .collect()
}
