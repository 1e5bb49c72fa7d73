//! `almoner journal`: a proof of who looked and what was changed, for those who do not trust
//! the server.

use crate::failure::Failure;
use crate::open::At;
use access::Actor;
use clap::{Args, Subcommand};
use std::fs::File;
use std::io::{BufReader, BufWriter, Write};
use std::path::{Path, PathBuf};
use store::journal::proof::{Broken, Head, check};

/// The journal of looks and changes, as something that others can check.
///
/// Example: almoner journal prove --out october.proof
#[derive(Args)]
pub(crate) struct Journal {
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand)]
enum What {
    /// Write the chain of the whole journal into a file: digests only, nobody's data.
    Prove {
        /// Where it goes.
        #[arg(long, value_name = "FILE")]
        out: PathBuf,
    },
    /// Check such a file; needs no store. Exit 3 if it does not hold.
    Check {
        /// The file.
        file: PathBuf,
        /// A file that was made earlier: the new one must go on from it.
        #[arg(long, value_name = "FILE")]
        earlier: Option<PathBuf>,
    },
}

impl Journal {
    pub(crate) fn run(&self, at: &At) -> Result<(), Failure> {
        match &self.what {
            What::Prove { out } => {
                let app = at.open()?;
                let mut file = BufWriter::new(File::create(out)?);
                let head = app.prove_journal(&Actor::operator(), &mut file)?;
                file.flush()?;
                println!("{} rows, head {}", head.rows, head.hash);
                Ok(())
            }
            What::Check { file, earlier } => {
                let earlier = earlier
                    .as_deref()
                    .map(|path| checked(path, None))
                    .transpose()?;
                let head = checked(file, earlier.as_ref())?;
                println!(
                    "The chain of {} holds: {} rows, made {}, head {}",
                    head.place, head.rows, head.made, head.hash
                );
                if let Some(earlier) = earlier {
                    println!(
                        "It goes on from the {} rows of {}, all unchanged.",
                        earlier.rows, earlier.made
                    );
                }
                Ok(())
            }
        }
    }
}

fn checked(path: &Path, earlier: Option<&Head>) -> Result<Head, Failure> {
    let said = |error: &dyn std::fmt::Display| format!("{}: {error}", path.display());
    let file = File::open(path).map_err(|error| Failure::Usage(said(&error)))?;
    check(&mut BufReader::new(file), earlier).map_err(|broken| match broken {
        Broken::Read(error) => Failure::Failed(said(&error)),
        other => Failure::Refused(said(&other)),
    })
}
