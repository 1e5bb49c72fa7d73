//! What was kept is read again, and must be what came: its bytes by their hash.

use super::{Problem, TOLD};
use crate::{Error, Row, Tx, Value, compressed, inbox};
use kernel::{InboxId, hex};
use sha2::{Digest, Sha256};

/// Rows read at a time.
const STRETCH: i64 = 100;

/// What is not as it came.
///
/// # Errors
/// The database's.
pub(super) fn broken(tx: &mut dyn Tx) -> Result<Vec<Problem>, Error> {
    let mut problems = arrivals(tx)?;
    for (check, table) in [
        ("what is on the shelf is as it came", "shelf"),
        ("a document is as it came", "document"),
        ("a file of transfers is as it came", "ledger_file"),
    ] {
        let sql = format!(
            "SELECT id, sha256, bytes FROM {table} WHERE place = ?1 AND id > ?2 \
             ORDER BY id LIMIT ?3"
        );
        let wrong = walk(tx, &sql, |_, row| {
            let (sha256, kept) = (row.bytes(1)?, row.bytes(2)?.to_vec());
            match compressed::open_known(kept, sha256) {
                Ok(bytes) if Sha256::digest(&bytes).as_slice() == sha256 => Ok(None),
                Ok(_) => Ok(Some("its bytes are not those that came".to_owned())),
                Err(error) => why(error),
            }
        })?;
        problems.extend(wrong.into_iter().map(|(id, why)| Problem {
            check,
            what: format!("{table} {id}: {why}"),
        }));
    }
    Ok(problems)
}

fn arrivals(tx: &mut dyn Tx) -> Result<Vec<Problem>, Error> {
    let sql = "SELECT id, size, sha256 FROM inbox WHERE place = ?1 AND id > ?2 \
               ORDER BY id LIMIT ?3";
    let wrong = walk(tx, sql, |tx, row| {
        let id: InboxId = row.id(0)?;
        match inbox::content(tx, id) {
            Ok(bytes) if Ok(bytes.len()) != usize::try_from(row.int(1)?) => {
                Ok(Some("bytes are missing".to_owned()))
            }
            Ok(bytes) if hex(&Sha256::digest(&bytes)) == row.text(2)? => Ok(None),
            Ok(_) => Ok(Some("its bytes are not those that came".to_owned())),
            Err(error) => why(error),
        }
    })?;
    Ok(wrong
        .into_iter()
        .map(|(id, why)| Problem {
            check: "every arrival has its bytes",
            what: format!("inbox {id}: {why}"),
        })
        .collect())
}

/// What is wrong with the content of one row; an error of the database stays one.
fn why(error: Error) -> Result<Option<String>, Error> {
    match error {
        Error::Compressed(_) => Ok(Some(error.to_string())),
        other => Err(other),
    }
}

/// Goes through the rows of a place by their id, and gives those that something is wrong with.
fn walk(
    tx: &mut dyn Tx,
    sql: &str,
    mut wrong: impl FnMut(&mut dyn Tx, &Row) -> Result<Option<String>, Error>,
) -> Result<Vec<(String, String)>, Error> {
    let place = Value::from(tx.place());
    let (mut after, mut found) = (String::new(), Vec::new());
    loop {
        let rows = tx.query(sql, &[place.clone(), after.as_str().into(), STRETCH.into()])?;
        let Some(last) = rows.last() else {
            return Ok(found);
        };
        after = last.text(0)?.to_owned();
        for row in &rows {
            if let Some(why) = wrong(tx, row)? {
                found.push((row.text(0)?.to_owned(), why));
            }
        }
        if found.len() >= TOLD {
            found.truncate(TOLD);
            return Ok(found);
        }
    }
}
