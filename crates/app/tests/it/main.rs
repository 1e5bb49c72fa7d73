//! Commands and queries on either database.
#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs)]

mod flow;
mod person;
mod place;
mod session;
