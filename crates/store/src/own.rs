//! Rows of people who sign in to see their own record, and of carers whom they invited.

use crate::{Error, Row, Tx};
use jiff::Timestamp;
use kernel::{AccountId, DelegationId, PersonId};

/// Says whose record an account's own is.
///
/// # Errors
/// The database's: no such account or person, or the account has a record already.
pub fn give(tx: &mut dyn Tx, account: AccountId, person: PersonId) -> Result<(), Error> {
    let place = tx.place().to_owned();
    tx.execute(
        "INSERT INTO own_account (place, account_id, person_id) VALUES (?1, ?2, ?3)",
        &[place.into(), account.into(), person.into()],
    )?;
    Ok(())
}

/// The head of the records that an account's own is, if it has one.
///
/// # Errors
/// The database's.
pub fn person_of(tx: &mut dyn Tx, account: AccountId) -> Result<Option<PersonId>, Error> {
    let place = tx.place().to_owned();
    tx.query_opt(
        "SELECT p.head_id FROM own_account o JOIN person p ON p.place = o.place \
         AND p.id = o.person_id WHERE o.place = ?1 AND o.account_id = ?2",
        &[place.into(), account.into()],
    )?
    .map(|row| row.id(0))
    .transpose()
}

/// A person's invitation of a carer, and what became of it.
#[derive(Clone, PartialEq, Eq)]
pub struct Delegation {
    /// Its id.
    pub id: DelegationId,
    /// The record it hangs on.
    pub person: PersonId,
    /// The carer's name, as the person wrote it.
    pub carer: String,
    /// What the carer is to them, such as `daughter`.
    pub tie: String,
    /// Codes of the parts that the carer may see, with spaces between.
    pub parts: String,
    /// SHA-256 of the code.
    pub code_hash: String,
    /// The carer's account, once the code was typed.
    pub account: Option<AccountId>,
    /// When the person invited them.
    pub made_at: Timestamp,
    /// Who wrote it down.
    pub made_by: String,
    /// When the code was typed.
    pub taken_at: Option<Timestamp>,
    /// Until when the carer may look, exclusive.
    pub ends_at: Timestamp,
    /// When it was ended before that, and who ended it.
    pub ended: Option<(Timestamp, String)>,
}

const DELEGATIONS: &str = "SELECT d.id, d.person_id, d.carer_name, d.tie, d.parts, d.code_hash, \
     d.account_id, d.made_at, d.made_by, d.taken_at, d.ends_at, d.ended_at, d.ended_by \
     FROM delegation d ";

fn read(row: &Row) -> Result<Delegation, Error> {
    let who = row.opt_text(12)?.unwrap_or_default().to_owned();
    Ok(Delegation {
        id: row.id(0)?,
        person: row.id(1)?,
        carer: row.text(2)?.to_owned(),
        tie: row.text(3)?.to_owned(),
        parts: row.text(4)?.to_owned(),
        code_hash: row.text(5)?.to_owned(),
        account: row.opt_id(6)?,
        made_at: row.instant(7)?,
        made_by: row.text(8)?.to_owned(),
        taken_at: row.opt_instant(9)?,
        ends_at: row.instant(10)?,
        ended: row.opt_instant(11)?.map(|instant| (instant, who)),
    })
}

/// Writes an invitation down. Whether it was taken up or ended is not looked at.
///
/// # Errors
/// The database's: the code is another's too.
pub fn invite(tx: &mut dyn Tx, delegation: &Delegation) -> Result<(), Error> {
    let place = tx.place().to_owned();
    tx.execute(
        "INSERT INTO delegation (place, id, person_id, carer_name, tie, parts, code_hash, \
         made_at, made_by, ends_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
        &[
            place.into(),
            delegation.id.into(),
            delegation.person.into(),
            delegation.carer.as_str().into(),
            delegation.tie.as_str().into(),
            delegation.parts.as_str().into(),
            delegation.code_hash.as_str().into(),
            delegation.made_at.into(),
            delegation.made_by.as_str().into(),
            delegation.ends_at.into(),
        ],
    )?;
    Ok(())
}

/// Every invitation of a person, the latest first; the person is the head of the records.
///
/// # Errors
/// The database's.
pub fn invitations(tx: &mut dyn Tx, head: PersonId) -> Result<Vec<Delegation>, Error> {
    let place = tx.place().to_owned();
    let sql = format!(
        "{DELEGATIONS} WHERE d.place = ?1 AND d.person_id IN \
         (SELECT id FROM person WHERE place = ?1 AND head_id = ?2) ORDER BY d.made_at DESC, d.id"
    );
    tx.query(&sql, &[place.into(), head.into()])?
        .iter()
        .map(read)
        .collect()
}

/// The invitation with an id.
///
/// # Errors
/// The database's.
pub fn by_id(tx: &mut dyn Tx, id: DelegationId) -> Result<Option<Delegation>, Error> {
    let place = tx.place().to_owned();
    let sql = format!("{DELEGATIONS} WHERE d.place = ?1 AND d.id = ?2");
    tx.query_opt(&sql, &[place.into(), id.into()])?
        .as_ref()
        .map(read)
        .transpose()
}

/// The invitation whose code has a hash.
///
/// # Errors
/// The database's.
pub fn by_code(tx: &mut dyn Tx, code_hash: &str) -> Result<Option<Delegation>, Error> {
    let place = tx.place().to_owned();
    let sql = format!("{DELEGATIONS} WHERE d.place = ?1 AND d.code_hash = ?2");
    tx.query_opt(&sql, &[place.into(), code_hash.into()])?
        .as_ref()
        .map(read)
        .transpose()
}

/// Gives an invitation to an account. False when somebody has it already, or it was ended.
///
/// # Errors
/// The database's.
pub fn take_up(
    tx: &mut dyn Tx,
    id: DelegationId,
    account: AccountId,
    at: Timestamp,
) -> Result<bool, Error> {
    let place = tx.place().to_owned();
    let changed = tx.execute(
        "UPDATE delegation SET account_id = ?3, taken_at = ?4 WHERE place = ?1 AND id = ?2 \
         AND account_id IS NULL AND ended_at IS NULL",
        &[place.into(), id.into(), account.into(), at.into()],
    )?;
    Ok(changed > 0)
}

/// Ends an invitation, taken up or not. False when it was ended already.
///
/// # Errors
/// The database's.
pub fn end(tx: &mut dyn Tx, id: DelegationId, at: Timestamp, by: &str) -> Result<bool, Error> {
    let place = tx.place().to_owned();
    let changed = tx.execute(
        "UPDATE delegation SET ended_at = ?3, ended_by = ?4 \
         WHERE place = ?1 AND id = ?2 AND ended_at IS NULL",
        &[place.into(), id.into(), at.into(), by.into()],
    )?;
    Ok(changed > 0)
}
