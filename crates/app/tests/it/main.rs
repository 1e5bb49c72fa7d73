//! Commands and queries on either database.
#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs)]

mod access;
mod adw;
mod flow;
mod identity;
mod load_fhir;
mod person;
mod place;
mod session;
mod summary;
