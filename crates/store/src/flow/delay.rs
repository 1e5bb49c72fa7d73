//! Delays of those in hospital now, for what they cost.

use super::{owned, word};
use crate::scope::PeopleScope;
use crate::{Error, Tx, Value};
use flow::Responsible;
use jiff::civil::Date;
use kernel::StayId;

/// A stretch of delay of an open stay.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenDelay {
    /// The stay.
    pub stay: StayId,
    /// First day.
    pub starts_on: Date,
    /// Day it ended; `None` while it lasts.
    pub ends_on: Option<Date>,
    /// Code set of the reason.
    pub code_set: String,
    /// Its code.
    pub reason: String,
    /// Side it is attributed to.
    pub responsible: Responsible,
    /// Name of the organisation that has the move.
    pub organisation: Option<String>,
}

/// The delays that stand of every open stay of somebody in scope, by stay and start.
///
/// # Errors
/// The database's.
pub fn open_delays(tx: &mut dyn Tx, scope: &PeopleScope) -> Result<Vec<OpenDelay>, Error> {
    let mut values = vec![Value::from(tx.place())];
    let in_scope = scope.sql_of("s.person_id", &mut values);
    let sql = format!(
        "SELECT s.id, d.starts_on, d.ends_on, d.code_set, d.reason, d.responsible, o.name \
         FROM stay s CROSS JOIN delay_segment d \
         LEFT JOIN organisation o ON o.place = d.place AND o.id = d.organisation_id \
         WHERE s.place = ?1 AND s.discharged_on IS NULL AND d.place = ?1 AND d.stay_id = s.id \
         AND d.superseded_at IS NULL AND {in_scope} ORDER BY s.id, d.starts_on, d.recorded_at"
    );
    tx.query(&sql, &values)?
        .iter()
        .map(|row| {
            Ok(OpenDelay {
                stay: row.id(0)?,
                starts_on: row.date(1)?,
                ends_on: row.opt_date(2)?,
                code_set: row.text(3)?.to_owned(),
                reason: row.text(4)?.to_owned(),
                responsible: word(row, 5, Responsible::parse)?,
                organisation: owned(row, 6)?,
            })
        })
        .collect()
}
