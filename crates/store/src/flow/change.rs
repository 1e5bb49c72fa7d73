//! The history of a stay.

use crate::history::{self, History};
use crate::{Error, Tx};
use jiff::Timestamp;
use kernel::StayId;

/// Where it is kept.
const HISTORY: History = History {
    table: "stay_change",
    column: "stay_id",
};

/// One change of one field of a stay.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// The field, in words.
    pub field: String,
    /// What it was; empty if it was not known.
    pub before: String,
    /// What it is; empty if it is no longer known.
    pub after: String,
    /// Why, if somebody said.
    pub why: String,
    /// When.
    pub at: Timestamp,
    /// Name of whoever did it.
    pub actor: String,
    /// For which organisation.
    pub organisation: String,
}

/// Every change of a stay, oldest first.
///
/// # Errors
/// The database's.
pub fn changes(tx: &mut dyn Tx, stay: StayId) -> Result<Vec<Change>, Error> {
    history::changes(tx, &HISTORY, &stay.to_string())
}

/// Appends changes to a stay's history.
///
/// # Errors
/// The database's.
pub fn add_changes(tx: &mut dyn Tx, stay: StayId, changes: &[Change]) -> Result<(), Error> {
    history::add(tx, &HISTORY, &stay.to_string(), changes)
}
