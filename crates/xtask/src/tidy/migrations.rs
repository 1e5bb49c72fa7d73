//! Migrations are portable: the same text runs on SQLite and PostgreSQL, and
//! `place` is the first column of every key.

use super::Finding;
use super::tree::Tree;

/// Words that do not mean the same, or anything, on both engines.
const FORBIDDEN: &[(&str, &str)] = &[
    ("SERIAL", "the application makes ids"),
    ("BIGSERIAL", "the application makes ids"),
    ("IDENTITY", "the application makes ids"),
    ("AUTOINCREMENT", "the application makes ids"),
    ("CREATE SEQUENCE", "the application makes ids"),
    ("NEXTVAL", "the application makes ids"),
    ("TRIGGER", "write it in Rust, where it is seen and tested"),
    ("PROCEDURE", "write it in Rust, where it is seen and tested"),
    ("FUNCTION", "write it in Rust, where it is seen and tested"),
    ("NOW()", "take the time as a parameter"),
    ("CURRENT_TIMESTAMP", "take the time as a parameter"),
    ("CURRENT_DATE", "take the time as a parameter"),
    ("TIMESTAMP", "instants are BIGINT microseconds, UTC"),
    ("TIMESTAMPTZ", "instants are BIGINT microseconds, UTC"),
    ("DATETIME", "instants are BIGINT microseconds, UTC"),
    ("BOOLEAN", "flags are BIGINT 0 or 1"),
    ("REAL", "money is BIGINT pence, counts are BIGINT"),
    ("NUMERIC", "money is BIGINT pence"),
    (
        "INTEGER",
        "write BIGINT: INTEGER has 4 bytes on one engine and 8 on the other",
    ),
    ("JSON", "keep it as TEXT and never look into it with SQL"),
    ("JSONB", "keep it as TEXT and never look into it with SQL"),
    ("->>", "a JSON operator: keep what is searched in a column"),
    ("ILIKE", "only PostgreSQL has it"),
    ("LATERAL", "only PostgreSQL has it"),
    ("ARRAY", "only PostgreSQL has it"),
    ("UUID", "ids are TEXT"),
    ("DEFERRABLE", "distributed engines lack it"),
    ("EXCLUDE", "only PostgreSQL has it"),
    ("LISTEN", "only PostgreSQL has it"),
    ("NOTIFY", "only PostgreSQL has it"),
    (
        "WITHOUT",
        "WITHOUT ROWID is SQLite's own: write it as the remark that only SQLite reads",
    ),
    ("STRICT", "SQLite's own"),
    ("TEMP", "distributed engines lack temporary tables"),
    (
        "CASCADE",
        "nothing is deleted behind the application's back",
    ),
    (
        "DROP",
        "expand first, contract in a later version: say so in docs/decisions and here",
    ),
];

/// The one thing that may be said to SQLite alone. To PostgreSQL it is a remark, and
/// the table means the same with and without it (docs/decisions/0001).
const SQLITE_ONLY: &str = "/* sqlite: WITHOUT ROWID */";

/// What must have `place` first inside its brackets.
const KEYS: &[&str] = &["PRIMARY KEY (", "FOREIGN KEY (", "UNIQUE ("];

/// Checks every migration.
pub fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (path, text) in tree
        .texts()
        .filter(|(path, _)| path.starts_with("migrations/") && path.ends_with(".sql"))
    {
        for (index, line) in text.lines().enumerate() {
            let line = line.replace(SQLITE_ONLY, "");
            let code = line.split("--").next().unwrap_or_default();
            // An index holds nothing of its own: to drop it contracts nothing.
            let upper = without_texts(code)
                .to_uppercase()
                .replace("DROP INDEX ", "");
            for (word, instead) in FORBIDDEN.iter().filter(|(word, _)| has(&upper, word)) {
                findings.push(Finding::new(
                    path,
                    index + 1,
                    "portable SQL",
                    format!("`{word}`: {instead}"),
                ));
            }
            if let Some(wrong) = key_without_place(code, &upper) {
                findings.push(Finding::new(path, index + 1, "place first", wrong));
            }
        }
        findings.extend(tables_without_key(path, text));
    }
    findings
}

/// A line of SQL without what stands in quotes.
fn without_texts(code: &str) -> String {
    code.split('\'').step_by(2).collect::<Vec<_>>().join("''")
}

/// Whether the line has the word by itself.
fn has(upper: &str, word: &str) -> bool {
    let is_name = |c: char| c.is_alphanumeric() || c == '_';
    upper.match_indices(word).any(|(at, _)| {
        let before = upper[..at].chars().next_back();
        let after = upper[at + word.len()..].chars().next();
        !word.starts_with(is_name)
            || !(before.is_some_and(is_name)
                || (word.ends_with(is_name) && after.is_some_and(is_name)))
    })
}

fn key_without_place(code: &str, upper: &str) -> Option<String> {
    let mut lists: Vec<&str> = KEYS
        .iter()
        .flat_map(|key| {
            code.match_indices(key)
                .map(|(at, _)| &code[at + key.len()..])
        })
        .collect();
    if upper.trim_start().starts_with("CREATE") && upper.contains("INDEX") {
        lists.extend(code.split_once('(').map(|(_, list)| list));
    }
    if let Some(at) = code.find("REFERENCES ") {
        lists.extend(code[at..].split_once('(').map(|(_, list)| list));
    }
    if upper.contains("PRIMARY KEY") && !upper.contains("PRIMARY KEY (") {
        return Some(
            "a key of one column: write PRIMARY KEY (place, …) at the end of the table".to_owned(),
        );
    }
    lists
        .iter()
        .any(|list| list.split([',', ')']).next().map(str::trim) != Some("place"))
        .then(|| "`place` must be the first column of every key, reference and index".to_owned())
}

fn tables_without_key(path: &str, text: &str) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut table: Option<(usize, bool)> = None;
    for (index, line) in text.lines().enumerate() {
        let upper = line.to_uppercase();
        if upper.starts_with("CREATE TABLE") {
            table = Some((index + 1, false));
        }
        if let Some((_, key)) = &mut table {
            *key |= upper.contains("PRIMARY KEY (");
        }
        if line.starts_with(");")
            && let Some((at, false)) = table.take()
        {
            findings.push(Finding::new(
                path,
                at,
                "place first",
                "a table without PRIMARY KEY (place, …)",
            ));
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> Vec<(usize, &'static str)> {
        check(&Tree::of(&[("migrations/0001_a.sql", text)]))
            .into_iter()
            .map(|f| (f.line, f.rule))
            .collect()
    }

    #[test]
    fn a_good_migration_passes() {
        let good = "-- JSON is not queried\nCREATE TABLE a (\n    format TEXT CHECK (format IN ('json', 'xml')),\n    place TEXT NOT NULL,\n    id TEXT NOT NULL,\n    sequence_of BIGINT,\n    PRIMARY KEY (place, id),\n    FOREIGN KEY (place, id) REFERENCES b (place, id)\n);\nCREATE INDEX a_by_id ON a (place, id) WHERE id IS NULL;\nDROP INDEX a_by_format;\n";
        assert_eq!(of(good), []);
    }

    #[test]
    fn what_is_not_portable_is_found() {
        for (line, rule) in [
            ("    id BIGSERIAL,", "portable SQL"),
            ("    at TIMESTAMPTZ,", "portable SQL"),
            ("    b JSONB,", "portable SQL"),
            ("    at BIGINT DEFAULT (now()),", "portable SQL"),
            ("CREATE TRIGGER a", "portable SQL"),
            ("DROP TABLE a;", "portable SQL"),
            ("ALTER TABLE a DROP COLUMN b;", "portable SQL"),
            ("SELECT a ->> 'b'", "portable SQL"),
            ("    PRIMARY KEY (id),", "place first"),
            (
                "    FOREIGN KEY (place, a) REFERENCES b (id),",
                "place first",
            ),
            ("CREATE UNIQUE INDEX a ON b (code);", "place first"),
            ("    id TEXT PRIMARY KEY,", "place first"),
        ] {
            assert_eq!(of(line), [(1, rule)], "{line}");
        }
    }

    #[test]
    fn a_table_needs_a_key() {
        assert_eq!(
            of("CREATE TABLE a (\n    place TEXT NOT NULL\n);\n"),
            [(1, "place first")]
        );
    }
}
