//! A store on either database with a fake clock, for tests.
#![allow(
    clippy::disallowed_methods,
    reason = "tests are told by the environment which database to use"
)]

mod clock;
mod database;
mod place;
mod plan_book;
mod shared;

pub use clock::{FakeClock, Seeded};
pub use database::{TestLocation, TestStore, engine, location, setting, store};
pub use place::{PASSWORD, Place, place, place_with};
pub use plan_book::PlanBook;
/// The writer of workbooks, to spoil cells with.
pub use rust_xlsxwriter as xlsx;
pub use shared::{not_run, shared_data};

/// The record of a fictional person as a FHIR bundle, from their surgery and their council: what
/// holds, what has ended, what was ruled out, and a diagnosis that is withheld. Written for the
/// day that a test place shows.
pub const RECORD: &str = include_str!("fixtures/record.json");
