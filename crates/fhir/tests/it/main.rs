//! The reader over real and hostile input.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod adw;
mod common;
mod hostile;
mod read;
mod shared;
