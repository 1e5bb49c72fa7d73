//! Finding people.

use crate::{Error, Row, Tx, Value};
use ::person::search::{SearchKind, head};
use jiff::civil::Date;
use kernel::{NhsNumber, PersonId};

/// A person as the list of search results shows them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// Their id.
    pub id: PersonId,
    /// NHS number, if known.
    pub nhs_number: Option<NhsNumber>,
    /// Family name.
    pub family_name: String,
    /// Given names.
    pub given_name: String,
    /// Date of birth, if known.
    pub birth_date: Option<Date>,
    /// Address on one line.
    pub address: String,
    /// Postcode.
    pub postcode: String,
}

/// What to look for. Every part given must fit.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Search {
    /// NHS number.
    pub nhs_number: Option<NhsNumber>,
    /// Date of birth.
    pub birth_date: Option<Date>,
    /// Beginning of the postcode, as `person::search` files it.
    pub postcode: Option<String>,
    /// Beginnings of words of names, as `person::search` files them.
    pub names: Vec<String>,
}

/// People who fit a search, by name, at most `limit`.
///
/// # Errors
/// The database's.
pub fn search(tx: &mut dyn Tx, search: &Search, limit: usize) -> Result<Vec<Found>, Error> {
    let mut values = vec![Value::from(tx.place())];
    let mut sql = String::from(
        "SELECT head_id, nhs_number, family_name, given_name, birth_date, address, postcode \
         FROM person WHERE place = ?1",
    );
    let mut also = |condition: &str, value: Value| {
        values.push(value);
        sql.push_str(&condition.replace("?n", &format!("?{}", values.len())));
    };
    if let Some(number) = search.nhs_number {
        also(" AND nhs_number = ?n", number.into());
    }
    if let Some(date) = search.birth_date {
        also(" AND birth_date = ?n", date.into());
    }
    let mut words: Vec<_> = search
        .names
        .iter()
        .map(|name| (SearchKind::Name, name))
        .collect();
    words.extend(
        search
            .postcode
            .iter()
            .map(|word| (SearchKind::Postcode, word)),
    );
    for (kind, word) in words {
        also(
            " AND id IN (SELECT person_id FROM person_word WHERE place = ?1 AND kind = ?n",
            kind.as_str().into(),
        );
        // One letter cannot be looked up by its first two: it is compared only.
        if word.chars().count() > 1 {
            also(" AND head = ?n", head(word).into());
        }
        also(" AND word LIKE ?n ESCAPE '!')", begins(word).into());
    }
    also(
        " ORDER BY family_name, given_name, birth_date, id LIMIT ?n",
        Value::Int(i64::try_from(limit).unwrap_or(i64::MAX)),
    );
    tx.query(&sql, &values)?.iter().map(found).collect()
}

/// A LIKE pattern for texts that begin so; `!` is its escape.
fn begins(text: &str) -> String {
    let mut pattern = String::with_capacity(text.len() + 1);
    for character in text.chars() {
        if matches!(character, '%' | '_' | '!') {
            pattern.push('!');
        }
        pattern.push(character);
    }
    pattern.push('%');
    pattern
}

fn found(row: &Row) -> Result<Found, Error> {
    Ok(Found {
        id: row.id(0)?,
        nhs_number: row.opt_parsed(1)?,
        family_name: row.text(2)?.to_owned(),
        given_name: row.text(3)?.to_owned(),
        birth_date: row.opt_date(4)?,
        address: row.text(5)?.to_owned(),
        postcode: row.text(6)?.to_owned(),
    })
}
