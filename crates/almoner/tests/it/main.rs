//! The commands, run as a user runs them.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod command;
mod demo;
mod directory;
mod dtoc;
mod fund;
mod fund_bad;
mod fund_bad_book;
mod fund_ledger;
mod fund_plan_kept;
mod fund_return;
mod journal;
mod link;
mod outbox;
mod passport;
mod pipe;
mod policy;
mod rounds;
mod schema;
mod simulate;
