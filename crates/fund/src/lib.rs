//! Pooled money: the ledger, the agreement and its shares, and the Better Care Fund by period,
//! as pure rules. Every amount is in whole pence.
//!
//! A know-layer crate: no input or output, no clock, no randomness.

pub mod ledger;
