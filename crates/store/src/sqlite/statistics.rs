//! What SQLite's planner is told of tables and indexes.
//!
//! Without statistics SQLite takes it that the first column of any key finds about ten rows. Here
//! the first is the place, which every row of a store shares, so that a key with nothing but the
//! place looked as good as one with an id, and a statement that found rows by a list of ids walked
//! through the whole table. `ANALYZE` would measure instead, but then a plan depends on when it ran.
//! So every store has the same figures, made from the columns of each index alone: the place finds
//! every row, and each column after it what SQLite assumes of the first, the second and so on.
//!
//! Source: SQLite, *The Query Optimizer Overview*, 8, and *The ANALYZE command*, 4 and 6.

use super::Error;
use rusqlite::Connection;

/// Rows that each table is taken to have.
const ROWS: u64 = 1_000_000;
/// Rows that each index of some rows only is taken to have.
const SOME_ROWS: u64 = 100_000;
/// Rows that SQLite expects of one, two, three ... columns of an index that it knows nothing about.
const FOUND: [u64; 5] = [10, 9, 8, 7, 6];
/// As [`FOUND`], for all columns after those.
const FOUND_BY_MORE: u64 = 5;

/// An index: its table, its name, whether it is of some rows only, whether two rows can have the same
/// key, and its columns in order.
struct Index {
    table: String,
    name: String,
    partial: bool,
    unique: bool,
    columns: Vec<String>,
}

/// Writes the figures down, if they are not there just so, and has the connection read them. Other
/// connections read them as they open.
pub(super) fn keep(connection: &Connection) -> Result<(), Error> {
    let wanted: Vec<(String, String, String)> = indexes(connection)?
        .into_iter()
        .map(|index| {
            let figures = figures(&index);
            (index.table, index.name, figures)
        })
        .collect();
    if has_table(connection)? && kept(connection)? == wanted {
        return Ok(());
    }
    // Makes the table of figures, if there is none; measures nothing of ours.
    connection.execute_batch("ANALYZE sqlite_schema")?;
    // Undone as a whole if any of it fails.
    let all = connection.unchecked_transaction()?;
    all.execute("DELETE FROM sqlite_stat1", [])?;
    for (table, name, figures) in &wanted {
        all.prepare_cached("INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES (?1, ?2, ?3)")?
            .execute((table, name, figures))?;
    }
    all.commit()?;
    connection.execute_batch("ANALYZE sqlite_schema")?;
    Ok(())
}

fn has_table(connection: &Connection) -> Result<bool, Error> {
    let sql = "SELECT 1 FROM sqlite_schema WHERE name = 'sqlite_stat1'";
    Ok(connection.prepare(sql)?.exists([])?)
}

/// What is written down: table, index, figures.
fn kept(connection: &Connection) -> Result<Vec<(String, String, String)>, Error> {
    let mut statement =
        connection.prepare("SELECT tbl, idx, stat FROM sqlite_stat1 ORDER BY tbl, idx")?;
    let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Every index of every table, by name. The key of a table without row numbers has the table's
/// name in the figures.
fn indexes(connection: &Connection) -> Result<Vec<Index>, Error> {
    let mut statement = connection.prepare(
        "SELECT t.name, CASE WHEN i.origin = 'pk' AND t.wr THEN t.name ELSE i.name END, \
         i.partial, i.\"unique\", \
         (SELECT group_concat(coalesce(c.name, ''), ' ' ORDER BY c.seqno) \
          FROM pragma_index_info(i.name) c) \
         FROM pragma_table_list t, pragma_index_list(t.name) i \
         WHERE t.schema = 'main' AND t.type = 'table' AND t.name NOT LIKE 'sqlite_%' \
         ORDER BY 1, 2",
    )?;
    let rows = statement.query_map([], |row| {
        Ok(Index {
            table: row.get(0)?,
            name: row.get(1)?,
            partial: row.get(2)?,
            unique: row.get(3)?,
            columns: row
                .get::<_, String>(4)?
                .split(' ')
                .map(str::to_owned)
                .collect(),
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// The figures of an index: its rows, then how many each of its first columns finds.
fn figures(index: &Index) -> String {
    let rows = if index.partial { SOME_ROWS } else { ROWS };
    let shared = index.columns.iter().take_while(|name| *name == "place");
    let shared = shared.count();
    let mut figures = vec![rows; 1 + shared];
    let telling = index.columns.len() - shared;
    figures.extend((0..telling).map(|at| FOUND.get(at).copied().unwrap_or(FOUND_BY_MORE)));
    if let (true, true, Some(last)) = (index.unique, telling > 0, figures.last_mut()) {
        *last = 1;
    }
    let figures: Vec<String> = figures.iter().map(u64::to_string).collect();
    figures.join(" ")
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    const TABLES: &str = "CREATE TABLE transfer (place TEXT NOT NULL, period TEXT NOT NULL, \
         entry BIGINT NOT NULL, line BIGINT NOT NULL, id TEXT NOT NULL, reverses TEXT, \
         amount BIGINT NOT NULL, note TEXT NOT NULL, \
         PRIMARY KEY (place, period, entry, line)) WITHOUT ROWID; \
         CREATE UNIQUE INDEX transfer_by_id ON transfer (place, id); \
         CREATE INDEX transfer_by_reversed ON transfer (place, reverses) \
         WHERE reverses IS NOT NULL; \
         CREATE TABLE note (at TEXT NOT NULL PRIMARY KEY, words TEXT NOT NULL);";

    fn plan(connection: &Connection, sql: &str) -> String {
        let mut statement = connection
            .prepare(&format!("EXPLAIN QUERY PLAN {sql}"))
            .unwrap();
        let lines = statement.query_map([], |row| row.get::<_, String>(3));
        lines.unwrap().map(Result::unwrap).collect()
    }

    #[test]
    fn the_place_tells_nothing_and_each_further_column_more() {
        let connection = Connection::open_in_memory().unwrap();
        connection.execute_batch(TABLES).unwrap();
        keep(&connection).unwrap();
        let lines: Vec<_> = kept(&connection)
            .unwrap()
            .into_iter()
            .map(|(_, index, figures)| format!("{index}: {figures}"))
            .collect();
        assert_eq!(
            lines,
            [
                "sqlite_autoindex_note_1: 1000000 1",
                "transfer: 1000000 1000000 10 9 1",
                "transfer_by_id: 1000000 1000000 1",
                "transfer_by_reversed: 100000 100000 10",
            ]
        );
    }

    /// A new index has its figures when the store is next opened; nothing is written where they
    /// are there already.
    #[test]
    fn figures_are_kept_once_and_follow_the_tables() {
        let connection = Connection::open_in_memory().unwrap();
        connection.execute_batch(TABLES).unwrap();
        keep(&connection).unwrap();
        let before = connection.total_changes();
        keep(&connection).unwrap();
        assert_eq!(connection.total_changes(), before);
        let more = "CREATE INDEX transfer_by_entry ON transfer (place, entry, id)";
        connection.execute_batch(more).unwrap();
        keep(&connection).unwrap();
        let kept = kept(&connection).unwrap();
        assert!(kept.iter().any(|one| one.1 == "transfer_by_entry"));
    }

    #[test]
    fn rows_are_found_by_a_list_of_ids_without_walking_the_place() {
        let connection = Connection::open_in_memory().unwrap();
        connection.execute_batch(TABLES).unwrap();
        let ids = ["'x'"; 64].join(", ");
        let by_ids = format!("SELECT amount FROM transfer WHERE place = 'a' AND id IN ({ids})");
        // What this file is for: without figures the whole place is walked.
        assert!(!plan(&connection, &by_ids).contains("id=?"));
        keep(&connection).unwrap();
        for (sql, index) in [
            (by_ids.as_str(), "transfer_by_id (place=? AND id=?)"),
            (
                "SELECT id FROM transfer WHERE place = 'a' AND reverses = 'x'",
                "transfer_by_reversed (place=? AND reverses=?)",
            ),
            (
                "SELECT id FROM transfer WHERE place = 'a' AND period = '2026-04' ORDER BY entry",
                "PRIMARY KEY (place=? AND period=?)",
            ),
        ] {
            let plan = plan(&connection, sql);
            assert!(plan.contains(index), "{sql}: {plan}");
        }
    }
}
