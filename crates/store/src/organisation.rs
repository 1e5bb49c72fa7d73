//! Rows of organisations.

use crate::{Error, Row, Tx};
use kernel::OrganisationId;

/// An organisation, hospital, ward or team.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Organisation {
    /// Its id.
    pub id: OrganisationId,
    /// `trust`, `hospital`, `ward`, `council`, `board`, `provider`, `practice` or `team`.
    pub kind: String,
    /// ODS or ONS code, if it has one.
    pub code: Option<String>,
    /// Name.
    pub name: String,
    /// What it is part of.
    pub parent: Option<OrganisationId>,
}

const COLUMNS: &str = "SELECT id, kind, code, name, parent_id FROM organisation ";

fn read(row: &Row) -> Result<Organisation, Error> {
    Ok(Organisation {
        id: row.id(0)?,
        kind: row.text(1)?.to_owned(),
        code: row.opt_text(2)?.map(str::to_owned),
        name: row.text(3)?.to_owned(),
        parent: row.opt_id(4)?,
    })
}

/// Adds an organisation.
///
/// # Errors
/// The database's: a second one of the same kind and code, or no such parent.
pub fn insert(tx: &mut dyn Tx, organisation: &Organisation) -> Result<(), Error> {
    let place = tx.place().to_owned();
    tx.execute(
        "INSERT INTO organisation (place, id, kind, code, name, parent_id) \
         VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        &[
            place.into(),
            organisation.id.into(),
            organisation.kind.as_str().into(),
            organisation.code.as_deref().into(),
            organisation.name.as_str().into(),
            organisation.parent.into(),
        ],
    )?;
    Ok(())
}

/// The organisation with an id.
///
/// # Errors
/// The database's.
pub fn by_id(tx: &mut dyn Tx, id: OrganisationId) -> Result<Option<Organisation>, Error> {
    let place = tx.place().to_owned();
    let sql = format!("{COLUMNS} WHERE place = ?1 AND id = ?2");
    tx.query_opt(&sql, &[place.into(), id.into()])?
        .as_ref()
        .map(read)
        .transpose()
}

/// The organisation of a kind with a code.
///
/// # Errors
/// The database's.
pub fn by_code(tx: &mut dyn Tx, kind: &str, code: &str) -> Result<Option<Organisation>, Error> {
    let place = tx.place().to_owned();
    let sql = format!("{COLUMNS} WHERE place = ?1 AND kind = ?2 AND code = ?3");
    tx.query_opt(&sql, &[place.into(), kind.into(), code.into()])?
        .as_ref()
        .map(read)
        .transpose()
}

/// Every organisation, by kind and name.
///
/// # Errors
/// The database's.
pub fn all(tx: &mut dyn Tx) -> Result<Vec<Organisation>, Error> {
    let place = tx.place().to_owned();
    let sql = format!("{COLUMNS} WHERE place = ?1 ORDER BY kind, name, id");
    tx.query(&sql, &[place.into()])?.iter().map(read).collect()
}

/// An organisation with everything that is one with it for those who act for it: what it is
/// made of, and for a team or a ward also what that is part of and all of that. Ids and names,
/// its own first.
///
/// # Errors
/// The database's.
pub fn family(tx: &mut dyn Tx, id: OrganisationId) -> Result<Vec<Organisation>, Error> {
    let place = tx.place().to_owned();
    let rows = tx.query(
        "WITH RECURSIVE root AS (SELECT CASE WHEN kind IN ('team', 'ward') \
         AND parent_id IS NOT NULL THEN parent_id ELSE id END AS id \
         FROM organisation WHERE place = ?1 AND id = ?2), \
         family AS (SELECT id FROM root UNION SELECT o.id FROM family JOIN organisation o \
         ON o.place = ?1 AND o.parent_id = family.id) \
         SELECT o.id, o.kind, o.code, o.name, o.parent_id FROM family JOIN organisation o \
         ON o.place = ?1 AND o.id = family.id ORDER BY o.id",
        &[place.into(), id.into()],
    )?;
    let mut family = rows.iter().map(read).collect::<Result<Vec<_>, Error>>()?;
    family.sort_by_key(|one| one.id != id);
    Ok(family)
}

/// Says that a care transfer hub works for a hospital.
///
/// # Errors
/// The database's.
pub fn serve_hospital(
    tx: &mut dyn Tx,
    hub: OrganisationId,
    hospital: OrganisationId,
) -> Result<(), Error> {
    let place = tx.place().to_owned();
    tx.execute(
        "INSERT INTO hub_hospital (place, hub_id, hospital_id) VALUES (?1, ?2, ?3) \
         ON CONFLICT (place, hub_id, hospital_id) DO NOTHING",
        &[place.into(), hub.into(), hospital.into()],
    )?;
    Ok(())
}

/// The care transfer hubs that work for a hospital.
///
/// # Errors
/// The database's.
pub fn hubs_of(tx: &mut dyn Tx, hospital: OrganisationId) -> Result<Vec<OrganisationId>, Error> {
    let place = tx.place().to_owned();
    tx.query(
        "SELECT hub_id FROM hub_hospital WHERE place = ?1 AND hospital_id = ?2 ORDER BY hub_id",
        &[place.into(), hospital.into()],
    )?
    .iter()
    .map(|row| row.id(0))
    .collect()
}
