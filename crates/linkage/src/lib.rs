//! Whose record is this? Probabilistic record linkage after Fellegi and Sunter (1969).
//!
//! Two records of one person agree on a field with chance `m`, two records of different
//! people with chance `u`. The *match weight* of a field is `log2(m / u)`; the weights of
//! all fields and of the prior chance add up to the log-odds that the two are one person.
//!
//! In order: [`table::read`] makes values comparable, [`blocking`] proposes pairs,
//! [`levels`] says how alike two values are, [`model`] estimates `m` and `u` and weighs,
//! [`link()`] puts it together and [`evaluate`] measures against the truth. [`people`] weighs
//! one arriving record against those a store proposes.
//!
//! A know-layer crate: bytes and records come in as arguments, chance is a seed. The result
//! does not depend on how many threads there are.

mod again;
pub mod blocking;
mod cluster;
mod compare;
pub mod config;
mod dictionary;
pub mod evaluate;
pub mod explain;
mod frequency;
mod learn;
pub mod levels;
pub mod link;
pub mod model;
mod nickname;
pub mod people;
mod score;
pub mod similarity;
pub mod sound;
pub mod standardise;
pub mod table;

pub use config::Config;
pub use link::{Decision, Outcome, Pair, Stage, link};
pub use model::Model;
pub use table::{Report, Table};

/// Most fields of a configuration.
pub const MOST_FIELDS: usize = 16;

/// What cannot be done, for whoever asked.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The configuration is wrong.
    #[error("the configuration is wrong: {0}")]
    Config(String),
    /// The file as a whole cannot be used.
    #[error("{0}")]
    File(String),
}
