//! The store on either database: the same suite runs on SQLite and PostgreSQL.
#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs)]

mod inbox;
mod journal;
mod kept;
mod transactions;
