//! `almoner flow`.

mod clocks;
mod eligible;

use crate::Format;
use crate::failure::Failure;
use crate::open::At;
use clap::{Args, Subcommand};
use jiff::civil::Date;
use std::path::PathBuf;

/// Rules of the way from the front door to home.
///
/// Example: almoner flow eligible judgements.json
#[derive(Args)]
pub(crate) struct Flow {
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand)]
enum What {
    /// Open cases whose time is limited: what is due, late, and whose.
    Clocks {
        /// The day to look at, as YYYY-MM-DD. Default: now.
        #[arg(long, value_name = "YYYY-MM-DD")]
        on: Option<Date>,
        /// How to print.
        #[arg(long, value_enum, default_value = "text")]
        format: Format,
    },
    /// Whether needs are eligible by the Care Act, from what was judged; exit 3 if the file is wrong.
    Eligible {
        /// The judgements, as JSON.
        #[arg(value_name = "FILE")]
        file: PathBuf,
    },
}

impl Flow {
    pub(crate) fn run(&self, at: &At) -> Result<(), Failure> {
        match &self.what {
            What::Clocks { on, format } => clocks::run(*on, *format, at),
            What::Eligible { file } => eligible::run(file, at),
        }
    }
}
