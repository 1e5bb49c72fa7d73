//! The commands, run as a user runs them.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod demo;
mod directory;
mod dtoc;
mod journal;
mod link;
mod passport;
mod policy;
mod simulate;
