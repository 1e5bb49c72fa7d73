//! Discrete-event simulation of patient flow: what happens if.
//!
//! A know-layer crate: no input or output, no clock; chance comes from a seed that is given.
//!
//! [`Model`] is the file as it is written; [`plan::Plan`] is what it means, checked; [`run()`] simulates
//! it, in parallel and with the same result on any number of threads; [`outcome`] is what came of
//! it, with quantiles and intervals; [`theory`] has the answers where there are formulas; [`ask`]
//! has questions that need many runs; [`chart`] draws. [`pathways`] is the model of discharge
//! pathways that is written in a workbook.
//!
//! Times are whole microseconds inside and days outside. Counts of people are whole; money is
//! whole pence.

pub mod ask;
pub mod chart;
mod engine;
pub mod model;
pub mod outcome;
pub mod pathways;
pub mod plan;
mod published;
pub mod random;
mod run;
pub mod stay;
pub mod student;
pub mod theory;

pub use model::Model;
pub use outcome::{Measure, Outcome};
pub use plan::Plan;
pub use run::{Limits, Precision, Settings, run};

use std::fmt;

/// What is wrong with a model, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Names from the outside in, such as `station.hospital.stay`.
    pub place: String,
    /// What is wrong and what to do.
    pub text: String,
}

impl Problem {
    /// A problem at a place.
    pub fn new(place: impl Into<String>, text: impl Into<String>) -> Self {
        Self {
            place: place.into(),
            text: text.into(),
        }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.place, self.text)
    }
}

/// Why there is no result.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// The text is no model.
    #[error("the model cannot be read: {0}")]
    Text(String),
    /// The model means something that cannot be.
    #[error("{}", listed(.0))]
    Model(Vec<Problem>),
    /// A limit was reached before there was anything to tell.
    #[error("{0} was reached before the first day was over; there is no result")]
    Nothing(&'static str),
    /// The model goes round without time passing.
    #[error("{0}")]
    Stuck(String),
}

fn listed(problems: &[Problem]) -> String {
    let lines: Vec<String> = problems.iter().map(ToString::to_string).collect();
    lines.join("\n")
}
