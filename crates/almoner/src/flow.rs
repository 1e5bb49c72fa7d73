//! `almoner flow`.

mod clocks;
mod eligible;

use crate::Format;
use crate::failure::Failure;
use crate::open::At;
use access::Actor;
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
    /// Tells whoever has to be told that nobody answers an offer of a step, each once. For a timer.
    Escalate,
    /// Moves offers of needs on whose time to answer is over. For a timer.
    Offers,
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
            What::Escalate => {
                let told = at.open()?.escalate(&Actor::operator())?;
                println!("{told} told");
                Ok(())
            }
            What::Offers => {
                let moved = at.open()?.move_offers(&Actor::operator())?;
                println!("{moved} moved on");
                Ok(())
            }
            What::Eligible { file } => eligible::run(file, at),
        }
    }
}
