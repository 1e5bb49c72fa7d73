//! The commands, run as a user runs them.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod demo;
mod directory;
mod dtoc;
mod fund;
mod journal;
mod link;
mod passport;
mod policy;
