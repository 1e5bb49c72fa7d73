//! Home care visits to rounds: who visits whom, in which order, and when.
//!
//! [`problem`] and [`solution`] are the types; [`formats`] reads benchmark files as they are
//! published. [`check`] judges any plan by itself and shares no code with what makes plans.
//!
//! A know-layer crate: bytes come in as arguments, chance is a seed, and whoever calls says
//! how much of the time is spent.

pub mod chance;
pub mod check;
pub mod formats;
pub mod island;
pub mod problem;
pub mod solution;
pub mod windows;

pub use check::check;
pub use problem::Problem;
pub use solution::Solution;

/// Why something cannot be read or planned.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// The file as a whole cannot be used.
    #[error("{0}")]
    File(String),
    /// One line is wrong.
    #[error("line {line}: {text}")]
    Line {
        /// Line from 1.
        line: usize,
        /// What is wrong and what is expected.
        text: String,
    },
}
