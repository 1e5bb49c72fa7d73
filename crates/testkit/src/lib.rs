//! A store on either database with a fake clock, for tests.

mod database;
mod shared;

pub use database::{TestStore, engine, store};
pub use shared::{not_run, shared_data};
