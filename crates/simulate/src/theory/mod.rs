//! Answers from theory, beside the simulation.

pub mod erlang;
pub mod markov;
pub mod network;

pub use network::{Expected, expected, warnings};
