//! Commands and queries on either database.
#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs)]

mod adw;
mod flow;
mod identity;
mod load_fhir;
mod looks;
mod own;
mod person;
mod place;
mod session;
