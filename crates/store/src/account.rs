//! Rows of accounts and sessions.

use crate::{Error, Row, Tx};
use jiff::Timestamp;
use kernel::{AccountId, OrganisationId};

/// A sign-in.
#[derive(Clone, PartialEq, Eq)]
pub struct Account {
    /// Its id.
    pub id: AccountId,
    /// What is typed to sign in.
    pub username: String,
    /// Name shown on screen.
    pub display_name: String,
    /// Role, as `access` names it.
    pub role: String,
    /// For which organisation.
    pub organisation: OrganisationId,
    /// That organisation's name.
    pub organisation_name: String,
    /// argon2id hash of the password.
    pub password_hash: String,
}

const COLUMNS: &str = "SELECT account.id, account.username, account.display_name, account.role, \
     account.organisation_id, organisation.name, account.password_hash FROM account \
     JOIN organisation ON organisation.place = account.place \
     AND organisation.id = account.organisation_id ";

fn read(row: &Row) -> Result<Account, Error> {
    Ok(Account {
        id: row.id(0)?,
        username: row.text(1)?.to_owned(),
        display_name: row.text(2)?.to_owned(),
        role: row.text(3)?.to_owned(),
        organisation: row.id(4)?,
        organisation_name: row.text(5)?.to_owned(),
        password_hash: row.text(6)?.to_owned(),
    })
}

/// Whether anybody signs in for an organisation or for something that is part of it.
///
/// # Errors
/// The database's.
pub fn any_of(tx: &mut dyn Tx, organisation: OrganisationId) -> Result<bool, Error> {
    let place = tx.place().to_owned();
    let found = tx.query_opt(
        "WITH RECURSIVE family AS (SELECT id FROM organisation WHERE place = ?1 AND id = ?2 \
         UNION SELECT o.id FROM family JOIN organisation o ON o.place = ?1 \
         AND o.parent_id = family.id) SELECT 1 FROM account WHERE place = ?1 \
         AND organisation_id IN (SELECT id FROM family) LIMIT 1",
        &[place.into(), organisation.into()],
    )?;
    Ok(found.is_some())
}

/// Those who sign in for an organisation or for something that is part of it, by name.
///
/// # Errors
/// The database's.
pub fn of_organisation(
    tx: &mut dyn Tx,
    organisation: OrganisationId,
) -> Result<Vec<Account>, Error> {
    let place = tx.place().to_owned();
    let sql = format!(
        "WITH RECURSIVE family AS (SELECT id FROM organisation WHERE place = ?1 AND id = ?2 \
         UNION SELECT o.id FROM family JOIN organisation o ON o.place = ?1 \
         AND o.parent_id = family.id) {COLUMNS} WHERE account.place = ?1 \
         AND account.organisation_id IN (SELECT id FROM family)"
    );
    let mut found = tx
        .query(&sql, &[place.into(), organisation.into()])?
        .iter()
        .map(read)
        .collect::<Result<Vec<_>, Error>>()?;
    found.sort_by(|one, other| one.display_name.cmp(&other.display_name));
    Ok(found)
}

/// Adds an account. `organisation_name` is not stored.
///
/// # Errors
/// The database's: the username is taken, or no such organisation.
pub fn insert(tx: &mut dyn Tx, account: &Account) -> Result<(), Error> {
    let place = tx.place().to_owned();
    tx.execute(
        "INSERT INTO account (place, id, username, display_name, role, organisation_id, \
         password_hash) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        &[
            place.into(),
            account.id.into(),
            account.username.as_str().into(),
            account.display_name.as_str().into(),
            account.role.as_str().into(),
            account.organisation.into(),
            account.password_hash.as_str().into(),
        ],
    )?;
    Ok(())
}

/// The account with a username.
///
/// # Errors
/// The database's.
pub fn by_username(tx: &mut dyn Tx, username: &str) -> Result<Option<Account>, Error> {
    let place = tx.place().to_owned();
    let sql = format!("{COLUMNS} WHERE account.place = ?1 AND account.username = ?2");
    tx.query_opt(&sql, &[place.into(), username.into()])?
        .as_ref()
        .map(read)
        .transpose()
}

/// The account with an id.
///
/// # Errors
/// The database's.
pub fn by_id(tx: &mut dyn Tx, id: AccountId) -> Result<Option<Account>, Error> {
    let place = tx.place().to_owned();
    let sql = format!("{COLUMNS} WHERE account.place = ?1 AND account.id = ?2");
    tx.query_opt(&sql, &[place.into(), id.into()])?
        .as_ref()
        .map(read)
        .transpose()
}

/// Every account, by role and username.
///
/// # Errors
/// The database's.
pub fn all(tx: &mut dyn Tx) -> Result<Vec<Account>, Error> {
    let place = tx.place().to_owned();
    let sql = format!("{COLUMNS} WHERE account.place = ?1 ORDER BY account.role, account.username");
    tx.query(&sql, &[place.into()])?.iter().map(read).collect()
}

/// Opens a session.
///
/// # Errors
/// The database's.
pub fn open_session(
    tx: &mut dyn Tx,
    token_hash: &str,
    account: AccountId,
    now: Timestamp,
    expires: Timestamp,
) -> Result<(), Error> {
    let place = tx.place().to_owned();
    tx.execute(
        "INSERT INTO session (place, token_hash, account_id, created_at, last_seen_at, \
         expires_at) VALUES (?1, ?2, ?3, ?4, ?4, ?5)",
        &[
            place.into(),
            token_hash.into(),
            account.into(),
            now.into(),
            expires.into(),
        ],
    )?;
    Ok(())
}

/// The account of a session that has not expired.
///
/// # Errors
/// The database's.
pub fn of_session(
    tx: &mut dyn Tx,
    token_hash: &str,
    now: Timestamp,
) -> Result<Option<Account>, Error> {
    let place = tx.place().to_owned();
    let sql = format!(
        "{COLUMNS} JOIN session ON session.place = account.place \
         AND session.account_id = account.id \
         WHERE session.place = ?1 AND session.token_hash = ?2 AND session.expires_at > ?3"
    );
    tx.query_opt(&sql, &[place.into(), token_hash.into(), now.into()])?
        .as_ref()
        .map(read)
        .transpose()
}

/// Ends a session and every one that has expired.
///
/// # Errors
/// The database's.
pub fn close_session(tx: &mut dyn Tx, token_hash: &str, now: Timestamp) -> Result<(), Error> {
    let place = tx.place().to_owned();
    tx.execute(
        "DELETE FROM session WHERE place = ?1 AND (token_hash = ?2 OR expires_at <= ?3)",
        &[place.into(), token_hash.into(), now.into()],
    )?;
    Ok(())
}
