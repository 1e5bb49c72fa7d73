//! One synchronous transaction interface over SQLite and PostgreSQL: migrations, journal, inbox, rows.
