//! Commands and queries on either database.
#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs)]

mod access;
mod acting;
mod adw;
mod agreements;
mod begun;
mod directory;
mod ends;
mod flow;
mod forms;
mod fund;
mod identity;
mod ledger;
mod load_fhir;
mod looks;
mod meeting;
mod offers;
mod own;
mod passport;
mod person;
mod place;
mod plan;
mod privacy;
mod referrals;
mod session;
mod summary;
