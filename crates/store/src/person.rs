//! Rows of people and of the identifiers they are known by.

use crate::{Error, Row, Tx, Value};
use jiff::Timestamp;
use kernel::{NhsNumber, PersonId};
use person::candidates::keys_of;
use person::search::{head, words_of};
use person::{Gender, Person};

const COLUMNS: &str = "SELECT id, nhs_number, family_name, given_name, birth_date, gender, \
     address, postcode, telephone, council_id, practice_code, died_on, flags FROM person ";

fn read(row: &Row) -> Result<Person, Error> {
    Ok(Person {
        id: row.id(0)?,
        nhs_number: row.opt_parsed(1)?,
        family_name: row.text(2)?.to_owned(),
        given_name: row.text(3)?.to_owned(),
        birth_date: row.opt_date(4)?,
        gender: Gender::parse(row.text(5)?),
        address: row.text(6)?.to_owned(),
        postcode: row.text(7)?.to_owned(),
        telephone: row.text(8)?.to_owned(),
        council: row.opt_id(9)?,
        practice_code: row.opt_text(10)?.map(str::to_owned),
        died_on: row.opt_date(11)?,
        flags: flags(row.text(12)?),
    })
}

/// Flags are kept on one line each.
fn flags(text: &str) -> Vec<String> {
    text.lines().map(str::to_owned).collect()
}

/// A person's columns, in the order of both statements below.
fn values(place: &str, person: &Person) -> Vec<Value> {
    vec![
        place.into(),
        person.id.into(),
        person.nhs_number.into(),
        person.family_name.as_str().into(),
        person.given_name.as_str().into(),
        person.birth_date.into(),
        person.gender.as_str().into(),
        person.address.as_str().into(),
        person.postcode.as_str().into(),
        person.telephone.as_str().into(),
        person.council.into(),
        person.practice_code.as_deref().into(),
        person.died_on.into(),
        person.flags.join("\n").into(),
    ]
}

/// Adds a person.
///
/// # Errors
/// The database's: the id is taken, or no such council.
pub fn insert(tx: &mut dyn Tx, person: &Person, now: Timestamp) -> Result<(), Error> {
    let mut values = values(tx.place(), person);
    values.push(now.into());
    tx.execute(
        "INSERT INTO person (place, id, nhs_number, family_name, given_name, birth_date, gender, \
         address, postcode, telephone, council_id, practice_code, died_on, flags, created_at, head_id) \
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?2)",
        &values,
    )?;
    file(tx, person)
}

/// Files a person under the words they can be found by, and under the keys by which a
/// record that may be theirs is met.
fn file(tx: &mut dyn Tx, person: &Person) -> Result<(), Error> {
    let place = tx.place().to_owned();
    // A row each: a statement of several rows inside a savepoint of a long transaction makes
    // SQLite keep, and walk, a journal of the statement that grows with the transaction.
    for key in keys_of(person) {
        tx.execute(
            "INSERT INTO person_key (place, key, person_id) VALUES (?1, ?2, ?3)",
            &[place.as_str().into(), key.into(), person.id.into()],
        )?;
    }
    for (kind, word) in words_of(person) {
        tx.execute(
            "INSERT INTO person_word (place, person_id, kind, word, head) \
             VALUES (?1, ?2, ?3, ?4, ?5)",
            &[
                place.as_str().into(),
                person.id.into(),
                kind.as_str().into(),
                word.as_str().into(),
                head(&word).into(),
            ],
        )?;
    }
    Ok(())
}

/// Writes a person's details over. Whoever calls keeps what was there before.
///
/// # Errors
/// The database's.
pub fn update(tx: &mut dyn Tx, person: &Person) -> Result<(), Error> {
    let values = values(tx.place(), person);
    tx.execute(
        "UPDATE person SET nhs_number = ?3, family_name = ?4, given_name = ?5, birth_date = ?6, \
         gender = ?7, address = ?8, postcode = ?9, telephone = ?10, council_id = ?11, \
         practice_code = ?12, died_on = ?13, flags = ?14 WHERE place = ?1 AND id = ?2",
        &values,
    )?;
    tx.execute(
        "DELETE FROM person_word WHERE place = ?1 AND person_id = ?2",
        &[tx.place().into(), person.id.into()],
    )?;
    tx.execute(
        "DELETE FROM person_key WHERE place = ?1 AND person_id = ?2",
        &[tx.place().into(), person.id.into()],
    )?;
    file(tx, person)
}

/// The person with an id.
///
/// # Errors
/// The database's.
pub fn by_id(tx: &mut dyn Tx, id: PersonId) -> Result<Option<Person>, Error> {
    let place = tx.place().to_owned();
    let sql = format!("{COLUMNS} WHERE place = ?1 AND id = ?2");
    tx.query_opt(&sql, &[place.into(), id.into()])?
        .as_ref()
        .map(read)
        .transpose()
}

/// The head of the set of records that a record belongs to: itself when it is alone.
///
/// # Errors
/// The database's.
pub fn head_of(tx: &mut dyn Tx, id: PersonId) -> Result<Option<PersonId>, Error> {
    let place = tx.place().to_owned();
    tx.query_opt(
        "SELECT head_id FROM person WHERE place = ?1 AND id = ?2",
        &[place.into(), id.into()],
    )?
    .map(|row| row.id(0))
    .transpose()
}

/// Every record of the person whose head this is: the head first, then by age.
///
/// # Errors
/// The database's.
pub fn records_of(tx: &mut dyn Tx, head: PersonId) -> Result<Vec<Person>, Error> {
    let place = tx.place().to_owned();
    let sql = format!(
        "{COLUMNS} WHERE place = ?1 AND head_id = ?2 \
         ORDER BY CASE WHEN id = head_id THEN 0 ELSE 1 END, created_at, id"
    );
    tx.query(&sql, &[place.into(), head.into()])?
        .iter()
        .map(read)
        .collect()
}

/// Everyone with an NHS number: one person, or none, in a store that is well. Records that
/// are one person count once, by their head.
///
/// # Errors
/// The database's.
pub fn by_nhs_number(tx: &mut dyn Tx, number: NhsNumber) -> Result<Vec<Person>, Error> {
    let place = tx.place().to_owned();
    // The heads first, then each by its id: asked at once, PostgreSQL goes through everybody of
    // the place while it has not counted a young store's rows.
    let rows = tx.query(HEADS_BY_NHS_NUMBER, &[place.into(), number.into()])?;
    let mut heads = rows
        .iter()
        .map(|row| row.id(0))
        .collect::<Result<Vec<PersonId>, _>>()?;
    heads.sort();
    heads.dedup();
    let mut people = Vec::new();
    for head in heads {
        people.extend(by_id(tx, head)?);
    }
    Ok(people)
}

/// Neither sorted nor made distinct here: for that SQLite would go through everybody by head.
const HEADS_BY_NHS_NUMBER: &str = "SELECT head_id FROM person WHERE place = ?1 AND nhs_number = ?2";

/// Most people that are weighed under one key of an arriving record.
pub const A_KEY: i64 = 50;

/// Codes of the practices that records name, each once.
///
/// # Errors
/// The database's.
pub fn named_practices(tx: &mut dyn Tx) -> Result<Vec<String>, Error> {
    let place = tx.place().to_owned();
    tx.query(
        "SELECT DISTINCT practice_code FROM person WHERE place = ?1 \
         AND practice_code IS NOT NULL ORDER BY practice_code",
        &[place.into()],
    )?
    .iter()
    .map(|row| Ok(row.text(0)?.to_owned()))
    .collect()
}

/// Records that name a practice by its code.
///
/// # Errors
/// The database's.
pub fn of_practice(tx: &mut dyn Tx, code: &str) -> Result<Vec<Person>, Error> {
    let place = tx.place().to_owned();
    // Sorted here: asked for in order of the key, SQLite goes through everybody by that key.
    let sql = format!("{COLUMNS} WHERE place = ?1 AND practice_code = ?2");
    let rows = tx.query(&sql, &[place.into(), code.into()])?;
    let mut people = rows.iter().map(read).collect::<Result<Vec<_>, _>>()?;
    people.sort_by_key(|one| one.id);
    Ok(people)
}

/// Records filed under any of some keys, at most [`A_KEY`] a key, each with its head.
///
/// # Errors
/// The database's.
pub fn under_keys(tx: &mut dyn Tx, keys: &[i64]) -> Result<Vec<(Person, PersonId)>, Error> {
    if keys.is_empty() {
        return Ok(Vec::new());
    }
    let mut values: Vec<Value> = vec![tx.place().into(), A_KEY.into()];
    values.extend(keys.iter().map(|key| Value::from(*key)));
    let under = (3..=values.len()).map(|at| {
        format!(
            "SELECT person_id FROM (SELECT person_id FROM person_key WHERE place = ?1 \
             AND key = ?{at} ORDER BY person_id LIMIT ?2) AS under{at}"
        )
    });
    let sql = format!(
        "{} WHERE place = ?1 AND id IN ({}) ORDER BY id",
        COLUMNS.replace(" FROM person", ", head_id FROM person"),
        under.collect::<Vec<_>>().join(" UNION ALL ")
    );
    let rows = tx.query(&sql, &values)?;
    rows.iter()
        .map(|row| Ok((read(row)?, row.id(13)?)))
        .collect()
}

/// Whose an identifier is.
///
/// # Errors
/// The database's.
pub fn by_identifier(
    tx: &mut dyn Tx,
    system: &str,
    value: &str,
) -> Result<Option<PersonId>, Error> {
    let place = tx.place().to_owned();
    tx.query_opt(
        "SELECT person_id FROM person_identifier WHERE place = ?1 AND system = ?2 AND value = ?3",
        &[place.into(), system.into(), value.into()],
    )?
    .map(|row| row.id(0))
    .transpose()
}

/// Says that an identifier is now another record's: its source has given it away.
///
/// # Errors
/// The database's.
pub fn give_identifier(
    tx: &mut dyn Tx,
    system: &str,
    value: &str,
    person: PersonId,
) -> Result<(), Error> {
    let place = tx.place().to_owned();
    tx.execute(
        "UPDATE person_identifier SET person_id = ?4 WHERE place = ?1 AND system = ?2 AND value = ?3",
        &[place.into(), system.into(), value.into(), person.into()],
    )?;
    Ok(())
}

/// Notes that an identifier is a person's. An identifier that is someone's
/// already stays theirs.
///
/// # Errors
/// The database's.
pub fn add_identifier(
    tx: &mut dyn Tx,
    system: &str,
    value: &str,
    person: PersonId,
) -> Result<(), Error> {
    let place = tx.place().to_owned();
    tx.execute(
        "INSERT INTO person_identifier (place, system, value, person_id) VALUES (?1, ?2, ?3, ?4) \
         ON CONFLICT (place, system, value) DO NOTHING",
        &[place.into(), system.into(), value.into(), person.into()],
    )?;
    Ok(())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::*;

    #[test]
    fn a_number_is_found_by_its_index() {
        let database = rusqlite::Connection::open_in_memory().unwrap();
        for migration in crate::migrate::migrations() {
            database.execute_batch(migration.sql).unwrap();
        }
        let plan: String = database
            .query_row(
                &format!("EXPLAIN QUERY PLAN {HEADS_BY_NHS_NUMBER}"),
                ["place", "9990000000"],
                |row| row.get(3),
            )
            .unwrap();
        assert!(plan.contains("person_by_nhs_number"), "{plan}");
    }
}
