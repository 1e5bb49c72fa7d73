//! Pooled money: the ledger, the agreement and its shares, and the Better Care Fund by period,
//! as pure rules. Every amount is in whole pence.
//!
//! A know-layer crate: no input or output, no clock, no randomness.

pub mod agreement;
pub mod amount;
pub mod board;
pub mod dispute;
pub mod double_count;
pub mod effect;
pub mod forecast;
pub mod ledger;
pub mod owed;
pub mod pack;
pub mod payment_for_performance;
pub mod period;
pub mod plan;
pub mod position;
pub mod reading;
pub mod returns;
pub mod share;
pub mod sign_off;
pub mod split;
pub mod tie;
pub mod variance;
mod words;
pub mod year;
