//! What can go wrong in the store.

/// A failure of the store. Its text never holds values from the data.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// SQLite refused.
    #[error("the database refused: {0}")]
    Sqlite(#[from] rusqlite::Error),
    /// PostgreSQL refused.
    #[error("the database refused: {}", postgres_text(.0))]
    Postgres(#[from] postgres::Error),
    /// The data folder cannot be made or read.
    #[error("cannot use the data folder {folder}: {source}")]
    Folder {
        /// The folder.
        folder: String,
        /// Why.
        source: std::io::Error,
    },
    /// The schema is not one this version knows.
    #[error("{0}")]
    Schema(String),
    /// The group of transactions this one was in could not be made durable.
    #[error("the change could not be saved to disk; nothing of it was kept")]
    NotSaved,
    /// A row holds something other than what the schema promises.
    #[error("column {column} of a row is not {expected}")]
    Column {
        /// Number of the column, from 0.
        column: usize,
        /// What was expected there.
        expected: &'static str,
    },
    /// Content that is kept compressed cannot be given back, and why.
    #[error("what was kept cannot be read: {0}")]
    Compressed(&'static str),
    /// No connection came free in time.
    #[error("the database is busy; try again in a moment")]
    Busy,
}

/// The server's message and code, without the detail line, which may hold values.
fn postgres_text(error: &postgres::Error) -> String {
    match error.as_db_error() {
        Some(db) => format!("{} ({})", db.message(), db.code().code()),
        None => error.to_string(),
    }
}
