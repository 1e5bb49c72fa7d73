//! The engine of rounds, on published problems and on made-up ones.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::cast_precision_loss)]

mod plans;
mod published;
mod reasons;
