//! A store on either database with a fake clock, for tests.

mod shared;

pub use shared::{not_run, shared_data};
