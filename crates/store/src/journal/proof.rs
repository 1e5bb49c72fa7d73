//! A copy of the journal's chain that can be checked without the store and without trust in
//! whoever runs it: the digest of every row, none of what is in it.
//!
//! Whoever keeps a copy can later show that no row up to then was changed, taken out or put
//! in: a later copy must begin with the same chain.

use kernel::hex;
use sha2::{Digest, Sha256};
use std::io::{BufRead, Write};

/// First line of a proof.
const FORMAT: &str = "almoner journal proof 1";
/// Longest line that is read, in bytes.
const LINE: u64 = 200;

/// The hash of a row: over the hash before it, its number and its digest.
pub(super) fn chain(previous: &str, sequence: i64, digest: &str) -> String {
    let mut hasher = Sha256::new();
    hasher.update(previous.as_bytes());
    hasher.update(sequence.to_be_bytes());
    hasher.update(digest.as_bytes());
    hex(&hasher.finalize())
}

/// What a proof says of itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Head {
    /// The place.
    pub place: String,
    /// When it was made.
    pub made: String,
    /// How many rows.
    pub rows: i64,
    /// Hash of the last; empty when there is none.
    pub hash: String,
}

/// Why a proof does not hold.
#[derive(Debug, thiserror::Error)]
pub enum Broken {
    /// It cannot be read.
    #[error("the file cannot be read: {0}")]
    Read(#[from] std::io::Error),
    /// It is no proof of this kind.
    #[error("line {line}: {what}")]
    Form {
        /// Line, from 1.
        line: i64,
        /// What is wrong.
        what: &'static str,
    },
    /// The chain does not come to the head.
    #[error(
        "the chain of {0} rows does not come to the hash that the file ends with: a row was changed, taken out or put in"
    )]
    Chain(i64),
    /// An earlier proof is not the beginning of this one.
    #[error("up to row {0} the journal is not what the earlier file says it was")]
    Rewritten(i64),
    /// The earlier proof has more rows.
    #[error("the earlier file has {earlier} rows, this one only {rows}: rows are missing")]
    Shorter {
        /// Rows of the earlier.
        earlier: i64,
        /// Rows of this.
        rows: i64,
    },
}

/// Writes the lines before the digests.
///
/// # Errors
/// The writer's.
pub fn begin(out: &mut dyn Write, head: &Head) -> std::io::Result<()> {
    let Head {
        place,
        made,
        rows,
        hash,
    } = head;
    writeln!(
        out,
        "{FORMAT}\nplace {place}\nmade {made}\nrows {rows}\nhead {hash}"
    )
}

fn line(input: &mut dyn BufRead, number: &mut i64) -> Result<Option<String>, Broken> {
    let mut bytes = Vec::new();
    let mut limited = std::io::Read::take(input, LINE);
    limited.read_until(b'\n', &mut bytes)?;
    if bytes.is_empty() {
        return Ok(None);
    }
    *number += 1;
    let wrong = |what| Broken::Form {
        line: *number,
        what,
    };
    let text = String::from_utf8(bytes).map_err(|_| wrong("this is no text"))?;
    let text = text
        .strip_suffix('\n')
        .ok_or_else(|| wrong("the line is cut off or too long"))?;
    Ok(Some(text.to_owned()))
}

/// Checks a proof by itself and, if an earlier one's head is given, that it goes on from it.
///
/// # Errors
/// What does not hold.
pub fn check(input: &mut dyn BufRead, earlier: Option<&Head>) -> Result<Head, Broken> {
    let mut number = 0;
    let mut named = |input: &mut dyn BufRead, name: &str| -> Result<String, Broken> {
        let text = line(input, &mut number)?;
        let value = text
            .as_deref()
            .and_then(|text| text.strip_prefix(name))
            .map(str::to_owned);
        value.ok_or(Broken::Form {
            line: number.max(1),
            what: "this is not a journal proof of a kind that this version reads",
        })
    };
    named(input, FORMAT)?;
    let head = Head {
        place: named(input, "place ")?,
        made: named(input, "made ")?,
        rows: named(input, "rows ")?.parse().unwrap_or(-1),
        hash: named(input, "head ")?,
    };
    if let Some(earlier) = earlier
        && earlier.rows > head.rows
    {
        return Err(Broken::Shorter {
            earlier: earlier.rows,
            rows: head.rows,
        });
    }
    let (mut row, mut hash) = (0, String::new());
    let fits = |row: i64, hash: &str| {
        earlier.is_none_or(|earlier| earlier.rows != row || earlier.hash == hash)
    };
    while let Some(digest) = line(input, &mut number)? {
        if digest.len() != 64 || !digest.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return Err(Broken::Form {
                line: number,
                what: "this is no digest of a row",
            });
        }
        row += 1;
        hash = chain(&hash, row, &digest);
        if !fits(row, &hash) {
            return Err(Broken::Rewritten(row));
        }
    }
    if row != head.rows || hash != head.hash {
        return Err(Broken::Chain(row));
    }
    Ok(head)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::*;

    /// A proof of rows whose digests are these numbers.
    fn proof(rows: &[u8]) -> String {
        let (mut hash, mut lines) = (String::new(), String::new());
        for (number, row) in (1_i64..).zip(rows) {
            let digest = format!("{row:064x}");
            hash = chain(&hash, number, &digest);
            lines.push_str(&format!("{digest}\n"));
        }
        let mut out = Vec::new();
        let head = Head {
            place: "barsetshire".to_owned(),
            made: "2018-10-16T09:30:00Z".to_owned(),
            rows: i64::try_from(rows.len()).unwrap(),
            hash,
        };
        begin(&mut out, &head).unwrap();
        String::from_utf8(out).unwrap() + &lines
    }

    fn found(text: &[u8], earlier: Option<&str>) -> String {
        let earlier = earlier.map(|text| check(&mut text.as_bytes(), None).unwrap());
        match check(&mut &text[..], earlier.as_ref()) {
            Ok(head) => format!("{} rows", head.rows),
            Err(broken) => broken.to_string(),
        }
    }

    #[test]
    fn what_holds_and_what_does_not() {
        let whole = proof(&[1, 2, 3, 4]);
        let swap = |from: &str, to: &str| whole.replacen(from, to, 1);
        let (two, three) = (format!("{:064x}\n", 2), format!("{:064x}\n", 3));
        for (what, text, earlier, expected) in [
            ("as it was made", whole.clone(), None, "4 rows"),
            ("nothing yet", proof(&[]), None, "0 rows"),
            (
                "after an earlier one",
                whole.clone(),
                Some(proof(&[1, 2])),
                "4 rows",
            ),
            (
                "the same twice",
                whole.clone(),
                Some(whole.clone()),
                "4 rows",
            ),
            (
                "a row changed",
                swap(&two, &format!("{:064x}\n", 9)),
                None,
                "does not come to the hash",
            ),
            (
                "a row taken out",
                swap(&two, ""),
                None,
                "does not come to the hash",
            ),
            (
                "two exchanged",
                swap(&format!("{two}{three}"), &format!("{three}{two}")),
                None,
                "does not come to the hash",
            ),
            (
                "the end cut off",
                whole[..whole.len() - 65].to_owned(),
                None,
                "does not come to the hash",
            ),
            (
                "half a line",
                whole[..whole.len() - 9].to_owned(),
                None,
                "cut off",
            ),
            (
                "made anew with another past",
                proof(&[1, 9, 3, 4]),
                Some(proof(&[1, 2])),
                "up to row 2",
            ),
            (
                "shorter than before",
                proof(&[1]),
                Some(proof(&[1, 2])),
                "rows are missing",
            ),
            (
                "another version",
                swap("proof 1", "proof 2"),
                None,
                "line 1",
            ),
            ("another file", "id,name\n".to_owned(), None, "line 1"),
            ("an empty file", String::new(), None, "line 1"),
            ("no digest", swap(&two, "zz\n"), None, "no digest"),
        ] {
            let found = found(text.as_bytes(), earlier.as_deref());
            assert!(found.contains(expected), "{what}: {found}");
        }
        assert!(found(b"\xff\xfe\n", None).contains("no text"));
        assert!(found(&vec![b'a'; 100_000], None).contains("line 1"));
    }
}
