//! Finding people.

use crate::scope::PeopleScope;
use crate::{Error, Row, Tx, Value};
use ::person::search::{SearchKind, head};
use jiff::civil::Date;
use kernel::{NhsNumber, PersonId};
use std::collections::HashSet;

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

impl Search {
    /// Whether it says enough of one person to trace them: the NHS number, or the date of birth
    /// with two names (RULES H.2).
    pub fn traces(&self) -> bool {
        self.nhs_number.is_some() || self.birth_date.is_some() && self.names.len() >= 2
    }
}

/// Whom a search reaches.
#[derive(Clone, Copy, Debug)]
pub enum Reach<'a> {
    /// People in scope.
    Scope(&'a PeopleScope),
    /// People out of scope whom it is no secret that they are here, and whose names are typed in
    /// full where they were typed.
    Traced(&'a PeopleScope),
}

impl Reach<'_> {
    fn scope(&self) -> &PeopleScope {
        match self {
            Self::Scope(scope) | Self::Traced(scope) => scope,
        }
    }
}

/// Heads of people whose address is protected.
const PROTECTED: &str = "(SELECT xp.head_id FROM restriction x JOIN person xp \
     ON xp.place = x.place AND xp.id = x.person_id WHERE x.place = ?1 AND x.kind = 'address' \
     AND x.ended_at IS NULL)";

/// A condition on heads that are kept secret.
const SECRET: &str = "head_id IN (SELECT xp.head_id FROM restriction x JOIN person xp \
     ON xp.place = x.place AND xp.id = x.person_id WHERE x.place = ?1 AND x.kind = 'record' \
     AND x.ended_at IS NULL)";

/// Heads of people whose address is protected.
///
/// # Errors
/// The database's.
pub fn protected(tx: &mut dyn Tx) -> Result<HashSet<PersonId>, Error> {
    let place = tx.place().to_owned();
    let sql = PROTECTED.trim_start_matches('(').trim_end_matches(')');
    tx.query(sql, &[place.into()])?
        .iter()
        .map(|row| row.id(0))
        .collect()
}

/// People who fit a search and whom it reaches, by name, at most `limit`.
///
/// # Errors
/// The database's.
pub fn search(
    tx: &mut dyn Tx,
    search: &Search,
    limit: usize,
    reach: Reach<'_>,
) -> Result<Vec<Found>, Error> {
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
        match reach {
            Reach::Scope(_) => also(" AND word LIKE ?n ESCAPE '!')", begins(word).into()),
            Reach::Traced(_) => also(" AND word = ?n)", word.into()),
        }
    }
    if search.postcode.is_some() && !reach.scope().everybody {
        // Whoever finds them by it would know where they live.
        sql.push_str(&format!(" AND head_id NOT IN {PROTECTED}"));
    }
    match reach {
        Reach::Scope(scope) => {
            sql.push_str(" AND ");
            sql.push_str(&scope.sql("person.head_id", &mut values));
        }
        Reach::Traced(scope) => {
            let in_scope = scope.sql("person.head_id", &mut values);
            sql.push_str(&format!(" AND NOT {in_scope} AND NOT {SECRET}"));
        }
    }
    let mut also = |condition: &str, value: Value| {
        values.push(value);
        sql.push_str(&condition.replace("?n", &format!("?{}", values.len())));
    };
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
