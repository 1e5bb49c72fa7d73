//! What the API reads: its clients by their tokens, resources as they lie on the shelf
//! with the line of the timeline they belong to, and a person's part of the journal.

use crate::journal::ABOUT;
use crate::{Error, Row, Tx, Value, compressed};
use jiff::Timestamp;
use kernel::{InboxId, OrganisationId, PersonId, ShelfId, TimelineId};
use std::cmp::Ordering;

/// A program that may use the API, by one token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Client {
    /// Name of the program.
    pub name: String,
    /// For which organisation it acts.
    pub organisation: OrganisationId,
    /// That organisation's name; not stored.
    pub organisation_name: String,
    /// Role, as `access` names it.
    pub role: String,
    /// What it uses people's data for.
    pub purpose: String,
    /// What its token opens: words with a space between them.
    pub scopes: String,
    /// When the token was made.
    pub created_at: Timestamp,
    /// When the token ends.
    pub expires_at: Timestamp,
    /// When the token was revoked, if it was.
    pub revoked_at: Option<Timestamp>,
}

const CLIENTS: &str = "SELECT api_client.name, api_client.organisation_id, organisation.name, \
     api_client.role, api_client.purpose, api_client.scopes, api_client.created_at, \
     api_client.expires_at, api_client.revoked_at FROM api_client \
     JOIN organisation ON organisation.place = api_client.place \
     AND organisation.id = api_client.organisation_id ";

fn client(row: &Row) -> Result<Client, Error> {
    Ok(Client {
        name: row.text(0)?.to_owned(),
        organisation: row.id(1)?,
        organisation_name: row.text(2)?.to_owned(),
        role: row.text(3)?.to_owned(),
        purpose: row.text(4)?.to_owned(),
        scopes: row.text(5)?.to_owned(),
        created_at: row.instant(6)?,
        expires_at: row.instant(7)?,
        revoked_at: row.opt_instant(8)?,
    })
}

/// Adds a client with the hash of its token.
///
/// # Errors
/// The database's: no such organisation.
pub fn add_client(tx: &mut dyn Tx, token_hash: &str, client: &Client) -> Result<(), Error> {
    let place = tx.place().to_owned();
    tx.execute(
        "INSERT INTO api_client (place, token_hash, name, organisation_id, role, purpose, scopes, \
         created_at, expires_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
        &[
            place.into(),
            token_hash.into(),
            client.name.as_str().into(),
            client.organisation.into(),
            client.role.as_str().into(),
            client.purpose.as_str().into(),
            client.scopes.as_str().into(),
            client.created_at.into(),
            client.expires_at.into(),
        ],
    )?;
    Ok(())
}

/// The client of a token, also one that was revoked or has ended.
///
/// # Errors
/// The database's.
pub fn client_of(tx: &mut dyn Tx, token_hash: &str) -> Result<Option<Client>, Error> {
    let place = tx.place().to_owned();
    let sql = format!("{CLIENTS} WHERE api_client.place = ?1 AND api_client.token_hash = ?2");
    tx.query_opt(&sql, &[place.into(), token_hash.into()])?
        .as_ref()
        .map(client)
        .transpose()
}

/// Every client, by name and age.
///
/// # Errors
/// The database's.
pub fn clients(tx: &mut dyn Tx) -> Result<Vec<Client>, Error> {
    let place = tx.place().to_owned();
    let sql = format!(
        "{CLIENTS} WHERE api_client.place = ?1 \
         ORDER BY api_client.name, api_client.created_at, api_client.token_hash"
    );
    tx.query(&sql, &[place.into()])?
        .iter()
        .map(client)
        .collect()
}

/// Revokes every token of a client. Returns how many were not revoked before.
///
/// # Errors
/// The database's.
pub fn revoke_client(tx: &mut dyn Tx, name: &str, now: Timestamp) -> Result<u64, Error> {
    let place = tx.place().to_owned();
    tx.execute(
        "UPDATE api_client SET revoked_at = ?3 \
         WHERE place = ?1 AND name = ?2 AND revoked_at IS NULL",
        &[place.into(), name.into(), now.into()],
    )
}

/// The content of a resource as it is kept. It is opened where it is told, so that nobody else
/// waits for it meanwhile.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Packed(Vec<u8>);

/// A resource on the shelf, with its line on a timeline if it has one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Held<Content = Vec<u8>> {
    /// Its id on the shelf, which changes with each version.
    pub shelf: ShelfId,
    /// What others refer to it by.
    pub key: String,
    /// Its type.
    pub resource_type: String,
    /// Whether it came as XML.
    pub xml: bool,
    /// The resource as it came.
    pub bytes: Content,
    /// When this version arrived.
    pub received_at: Timestamp,
    /// Its line on a timeline, if it is about a person.
    pub line: Option<Line>,
}

impl Held<Packed> {
    /// The same with its content as it came.
    ///
    /// # Errors
    /// What is kept is damaged.
    pub fn open(self) -> Result<Held, Error> {
        let Self {
            shelf,
            key,
            resource_type,
            xml,
            bytes,
            received_at,
            line,
        } = self;
        Ok(Held {
            shelf,
            key,
            resource_type,
            xml,
            bytes: compressed::open(bytes.0)?,
            received_at,
            line,
        })
    }
}

/// What the line of a resource says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// Its id.
    pub id: TimelineId,
    /// Whose it is, if they are here: the head of the person's records.
    pub person: Option<PersonId>,
    /// When it happened, as the source wrote it.
    pub happened_at: Option<String>,
    /// `nhs`, `council` or `other`.
    pub sector: String,
    /// Which organisation it came from.
    pub source: String,
    /// The category of sensitive matter it is about; empty for most.
    pub category: String,
}

const HELD: &str = "SELECT shelf.id, shelf.resource_key, shelf.resource_type, shelf.format, \
     shelf.bytes, shelf.received_at, timeline.id, person.head_id, timeline.happened_at, \
     timeline.sector, timeline.source, timeline.category ";

/// Where the columns come from, when it is asked by the shelf.
const BY_SHELF: &str = "FROM shelf LEFT JOIN timeline ON timeline.place = shelf.place \
     AND timeline.shelf_id = shelf.id LEFT JOIN person ON person.place = timeline.place \
     AND person.id = timeline.person_id ";

/// Every version under one key.
const UNDER_KEY: &str = "WHERE shelf.place = ?1 AND shelf.resource_key = ?2";

/// Every record of the person whose head is the second parameter.
const RECORDS: &str = "(SELECT id FROM person WHERE place = ?1 AND head_id = ?2)";

fn held(row: Row) -> Result<Held, Error> {
    packed(row)?.open()
}

fn packed(row: Row) -> Result<Held<Packed>, Error> {
    let line = match row.opt_id(6)? {
        None => None,
        Some(id) => Some(Line {
            id,
            person: row.opt_id(7)?,
            happened_at: row.opt_text(8)?.map(str::to_owned),
            sector: row.text(9)?.to_owned(),
            source: row.text(10)?.to_owned(),
            category: row.text(11)?.to_owned(),
        }),
    };
    let mut held = Held {
        shelf: row.id(0)?,
        key: row.text(1)?.to_owned(),
        resource_type: row.text(2)?.to_owned(),
        xml: row.text(3)? == "xml",
        bytes: Packed(Vec::new()),
        received_at: row.instant(5)?,
        line,
    };
    let Row(mut values) = row;
    match values.get_mut(4) {
        // Taken, not copied: a page of them may be megabytes.
        Some(Value::Bytes(bytes)) => held.bytes = Packed(std::mem::take(bytes)),
        _ => {
            return Err(Error::Column {
                column: 4,
                expected: "bytes",
            });
        }
    }
    Ok(held)
}

/// The newest version under the first of two keys whose newest is of a type.
///
/// # Errors
/// The database's.
pub fn newest(
    tx: &mut dyn Tx,
    resource_type: &str,
    keys: [&str; 2],
) -> Result<Option<Held<Packed>>, Error> {
    // Both databases walk the index from its end. To ask for the last instant first, or for an order within
    // it, would cost a second way through the index, or a table to sort in.
    let last_two = format!("{HELD}{BY_SHELF}{UNDER_KEY} ORDER BY shelf.received_at DESC LIMIT 2");
    for key in keys {
        let values = [tx.place().into(), key.into()];
        let mut found = versions(tx, &last_two, &values)?;
        if let [last, before] = found.as_slice()
            && last.received_at == before.received_at
        {
            let all = format!("{HELD}{BY_SHELF}{UNDER_KEY} AND shelf.received_at = ?3");
            let [place, key] = values;
            found = versions(tx, &all, &[place, key, last.received_at.into()])?;
        }
        let newest = found.into_iter().min_by(newer);
        if let Some(held) = newest.filter(|one| one.resource_type == resource_type) {
            return Ok(Some(held));
        }
    }
    Ok(None)
}

fn versions(tx: &mut dyn Tx, sql: &str, values: &[Value]) -> Result<Vec<Held<Packed>>, Error> {
    tx.query(sql, values)?.into_iter().map(packed).collect()
}

/// Which of two versions under one key is the newer. Of one instant, it is the one that the
/// timeline has.
fn newer<Content>(a: &Held<Content>, b: &Held<Content>) -> Ordering {
    b.received_at
        .cmp(&a.received_at)
        .then_with(|| b.line.is_some().cmp(&a.line.is_some()))
        .then_with(|| b.shelf.cmp(&a.shelf))
}

/// Everything on the timelines of a person's records that came as a resource, of one type
/// or of all; the person is the head of the records. Of each list of codes a resource must have
/// one: whoever asks must still look, because codes are compared here without their systems,
/// and not at all where they were not kept.
///
/// # Errors
/// The database's.
pub fn of_person(
    tx: &mut dyn Tx,
    person: PersonId,
    resource_type: Option<&str>,
    codes: &[Vec<&str>],
) -> Result<Vec<Held>, Error> {
    let place = tx.place().to_owned();
    let mut values = vec![place.into(), person.into()];
    // In this order: SQLite keeps to it in a cross join, and else may go through the place.
    let mut sql = format!(
        "{HELD} FROM person CROSS JOIN timeline CROSS JOIN shelf \
         WHERE person.place = ?1 AND person.head_id = ?2 AND timeline.place = ?1 \
         AND timeline.person_id = person.id AND shelf.place = ?1 AND shelf.id = timeline.shelf_id"
    );
    if let Some(resource_type) = resource_type {
        sql.push_str(" AND timeline.kind = ?3");
        values.push(resource_type.into());
    }
    for any in codes.iter().filter(|any| any.len() <= CODES).take(LISTS) {
        let mut likes = Vec::new();
        for code in any {
            values.push(between_line_feeds(code).into());
            likes.push(format!("timeline.codes LIKE ?{} ESCAPE '!'", values.len()));
        }
        let likes = likes.join(" OR ");
        sql.push_str(&format!(" AND (timeline.codes IS NULL OR {likes})"));
    }
    tx.query(&sql, &values)?.into_iter().map(held).collect()
}

/// Most codes of a list, and most lists, that the store compares.
const CODES: usize = 20;
const LISTS: usize = 4;

/// The pattern of a kept list of codes that has this one.
fn between_line_feeds(code: &str) -> String {
    let mut pattern = "%\n".to_owned();
    for letter in code.chars() {
        if matches!(letter, '!' | '%' | '_') {
            pattern.push('!');
        }
        pattern.push(letter);
    }
    pattern + "\n%"
}

/// Keys asked for in one statement. Lists are filled up to it, so that one statement
/// serves all lengths.
const KEYS: usize = 50;

/// `?from, ?from+1, …`, as many as there are in a list.
fn list(from: usize) -> String {
    let numbers: Vec<String> = (from..from + KEYS).map(|n| format!("?{n}")).collect();
    numbers.join(", ")
}

fn filled(place: &str, chunk: &[Value]) -> Vec<Value> {
    let mut values = vec![Value::from(place)];
    values.extend_from_slice(chunk);
    if let Some(last) = chunk.last() {
        values.resize(KEYS + 1, last.clone());
    }
    values
}

/// The newest version under each of some keys; keys with nothing under them are left out.
///
/// # Errors
/// The database's.
pub fn newest_of(tx: &mut dyn Tx, keys: &[String]) -> Result<Vec<Held<Packed>>, Error> {
    let place = tx.place().to_owned();
    let keys: Vec<Value> = keys.iter().map(Value::from).collect();
    let mut found: Vec<Held<Packed>> = Vec::new();
    for chunk in keys.chunks(KEYS) {
        let sql = format!(
            "{HELD}{BY_SHELF} WHERE shelf.place = ?1 AND shelf.resource_key IN ({})",
            list(2)
        );
        found.extend(versions(tx, &sql, &filled(&place, chunk))?);
    }
    found.sort_by(|a, b| a.key.cmp(&b.key).then_with(|| newer(a, b)));
    found.dedup_by(|later, first| later.key == first.key);
    Ok(found)
}

/// What some resources refer to: which of them, the path in it, and the key of the target.
///
/// # Errors
/// The database's.
pub fn links_of(
    tx: &mut dyn Tx,
    shelves: &[ShelfId],
) -> Result<Vec<(ShelfId, String, String)>, Error> {
    let place = tx.place().to_owned();
    let shelves: Vec<Value> = shelves.iter().map(|id| Value::from(*id)).collect();
    let mut found = Vec::new();
    let sql = format!(
        "SELECT shelf_id, path, target_key FROM resource_link \
         WHERE place = ?1 AND shelf_id IN ({})",
        list(2)
    );
    for chunk in shelves.chunks(KEYS) {
        for row in tx.query(&sql, &filled(&place, chunk))? {
            found.push((row.id(0)?, row.text(1)?.to_owned(), row.text(2)?.to_owned()));
        }
    }
    Ok(found)
}

/// Most servers whose addresses are gone through.
const BASES: usize = 50;

/// The addresses of servers that resources on the shelf came from, with the slash at their
/// ends: `https://host/fhir/` of `https://host/fhir/Patient/1`. It asks for the first key
/// after all those of one server, and so once a server.
///
/// # Errors
/// The database's.
pub fn bases(tx: &mut dyn Tx) -> Result<Vec<String>, Error> {
    let place = tx.place().to_owned();
    let mut found = Vec::new();
    let mut after = "http".to_owned();
    for _ in 0..BASES {
        let next = tx.query_opt(
            "SELECT resource_key FROM shelf WHERE place = ?1 AND resource_key > ?2 \
             AND resource_key < 'httq' ORDER BY resource_key LIMIT 1",
            &[place.as_str().into(), after.as_str().into()],
        )?;
        let Some(next) = next else { break };
        let key = next.text(0)?;
        let base = key
            .rsplit_once('/')
            .and_then(|(rest, _)| rest.rsplit_once('/'))
            .map(|(base, _)| format!("{base}/"))
            .filter(|base| base.len() > "https://".len());
        match base {
            Some(base) => {
                after = format!("{base}\u{10FFFF}");
                found.push(base);
            }
            None => after = key.to_owned(),
        }
    }
    Ok(found)
}

/// The person to whom an identifier belongs: the head of their records.
///
/// # Errors
/// The database's.
pub fn person_of(tx: &mut dyn Tx, system: &str, value: &str) -> Result<Option<PersonId>, Error> {
    let place = tx.place().to_owned();
    tx.query_opt(
        "SELECT person.head_id FROM person_identifier JOIN person \
         ON person.place = person_identifier.place AND person.id = person_identifier.person_id \
         WHERE person_identifier.place = ?1 AND person_identifier.system = ?2 \
         AND person_identifier.value = ?3",
        &[place.into(), system.into(), value.into()],
    )?
    .map(|row| row.id(0))
    .transpose()
}

/// A person's keys and identifiers of a system, such as the keys of their `Patient`
/// resources.
///
/// # Errors
/// The database's.
pub fn identifiers(tx: &mut dyn Tx, person: PersonId, system: &str) -> Result<Vec<String>, Error> {
    let place = tx.place().to_owned();
    tx.query(
        &format!(
            "SELECT value FROM person_identifier \
             WHERE place = ?1 AND person_id IN {RECORDS} AND system = ?3 ORDER BY value"
        ),
        &[place.into(), person.into(), system.into()],
    )?
    .iter()
    .map(|row| row.text(0).map(str::to_owned))
    .collect()
}

/// What an arrival put on the shelf: keys and ids.
///
/// # Errors
/// The database's.
pub fn versions_under(
    tx: &mut dyn Tx,
    keys: &[String],
) -> Result<Vec<(String, ShelfId, InboxId, Timestamp)>, Error> {
    let place = tx.place().to_owned();
    let keys: Vec<Value> = keys.iter().map(Value::from).collect();
    let sql = format!(
        "SELECT resource_key, id, inbox_id, received_at FROM shelf \
         WHERE place = ?1 AND resource_key IN ({}) ORDER BY received_at, id",
        list(2)
    );
    let mut found = Vec::new();
    for chunk in keys.chunks(KEYS) {
        for row in tx.query(&sql, &filled(&place, chunk))? {
            found.push((
                row.text(0)?.to_owned(),
                row.id(1)?,
                row.id(2)?,
                row.instant(3)?,
            ));
        }
    }
    Ok(found)
}

/// A row of the journal about a person, as it is told to programs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recorded {
    /// Number of the row.
    pub sequence: i64,
    /// When.
    pub at: Timestamp,
    /// `look`, `command`, `load` or `sign-in`.
    pub kind: String,
    /// What was done.
    pub action: String,
    /// Who did it.
    pub actor: String,
    /// In what role.
    pub role: String,
    /// For which organisation.
    pub organisation: String,
    /// Why.
    pub purpose: String,
    /// On what legal basis.
    pub legal_basis: String,
    /// Kind and id of the thing.
    pub subject: String,
    /// How many things were shown or changed.
    pub results: i64,
    /// Its hash in the chain.
    pub hash: String,
}

/// Which rows of the journal about a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stretch {
    /// Only rows with a lower number.
    pub before: i64,
    /// Not earlier than this.
    pub from: Timestamp,
    /// Earlier than this.
    pub to: Timestamp,
    /// Most rows.
    pub limit: i64,
}

/// The rows of the journal about a person, newest first, from a stretch of time.
///
/// # Errors
/// The database's.
pub fn journal_of(
    tx: &mut dyn Tx,
    person: PersonId,
    stretch: &Stretch,
) -> Result<Vec<Recorded>, Error> {
    let place = tx.place().to_owned();
    tx.query(
        &format!(
            "SELECT j.sequence, j.at, j.kind, j.action, j.actor, j.actor_role, j.organisation, \
             j.purpose, j.legal_basis, j.subject, j.results, j.hash \
             FROM {ABOUT} CROSS JOIN journal j WHERE j.place = ?1 \
             AND j.sequence = about.sequence AND j.sequence < ?3 AND j.at >= ?4 \
             AND j.at < ?5 ORDER BY about.sequence DESC LIMIT ?6"
        ),
        &[
            place.into(),
            person.into(),
            stretch.before.into(),
            stretch.from.into(),
            stretch.to.into(),
            stretch.limit.into(),
        ],
    )?
    .iter()
    .map(|row: &Row| {
        Ok(Recorded {
            sequence: row.int(0)?,
            at: row.instant(1)?,
            kind: row.text(2)?.to_owned(),
            action: row.text(3)?.to_owned(),
            actor: row.text(4)?.to_owned(),
            role: row.text(5)?.to_owned(),
            organisation: row.text(6)?.to_owned(),
            purpose: row.text(7)?.to_owned(),
            legal_basis: row.text(8)?.to_owned(),
            subject: row.text(9)?.to_owned(),
            results: row.int(10)?,
            hash: row.text(11)?.to_owned(),
        })
    })
    .collect()
}
