//! Home care visits to rounds: who visits whom, in which order, and when.
//!
//! [`problem`] and [`solution`] are the types; [`formats`] reads benchmark files as they are
//! published. [`mod@check`] judges any plan by itself and shares no code with what makes plans.
//!
//! A know-layer crate: bytes come in as arguments, chance is a seed, and whoever calls says
//! how much of the time is spent.

pub mod case;
pub mod chance;
pub mod change;
pub mod check;
pub mod fictional;
pub mod formats;
pub mod island;
pub mod plan;
pub mod problem;
pub mod report;
pub mod roads;
pub mod settings;
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
    /// Things of a file of home care are wrong, each with its place.
    #[error("{}", listed(.0))]
    Case(Vec<Finding>),
}

/// One thing that is wrong with a file of home care.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// Where: `visits[3] (v17)`.
    pub place: String,
    /// What is wrong and what is expected.
    pub text: String,
}

impl Finding {
    /// A finding.
    pub fn new(place: impl Into<String>, text: impl Into<String>) -> Self {
        Self {
            place: place.into(),
            text: text.into(),
        }
    }
}

fn listed(findings: &[Finding]) -> String {
    let lines: Vec<String> = findings
        .iter()
        .map(|finding| format!("{}: {}", finding.place, finding.text))
        .collect();
    lines.join("\n  ")
}
