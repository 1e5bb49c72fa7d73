//! The API over HTTP, on a real database.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod bundles;
mod capabilities;
mod doors;
mod exchange;
mod forbidden;
mod hostile;
mod house;
mod kept;
mod people;
mod resources;
