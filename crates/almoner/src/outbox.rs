//! `almoner outbox`: messages written here that wait to be handed over, and handing them over.

use crate::Format;
use crate::failure::Failure;
use crate::load::quoted;
use crate::open::At;
use access::Actor;
use clap::{Args, Subcommand};
use serde_json::json;
use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};
use store::outgoing::Outgoing;

/// See which messages wait to be sent, and write them into a folder.
///
/// Example: almoner outbox write to-council/
#[derive(Args)]
pub(crate) struct Outbox {
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand)]
enum What {
    /// Messages that wait, oldest first.
    List {
        /// How to print.
        #[arg(long, value_enum, default_value = "text")]
        format: Format,
    },
    /// Write each message that waits into a folder, from which your messaging takes it. One that
    /// was written waits no longer. Should the program be killed in between, a message is written
    /// again under the same name.
    Write {
        /// The folder; made if it is not there.
        folder: PathBuf,
    },
}

impl Outbox {
    pub(crate) fn run(&self, at: &At) -> Result<(), Failure> {
        let app = at.open()?;
        let actor = Actor::operator();
        let waiting = app.outbox(&actor)?;
        match &self.what {
            What::List { format } => list(&waiting, *format),
            What::Write { folder } => {
                fs::create_dir_all(folder)?;
                for message in &waiting {
                    let bytes = app.outgoing_bytes(&actor, message.inbox)?;
                    put(folder, &message.name, &bytes)?;
                    app.handed_over(&actor, message.notice)?;
                    println!("{}", message.name);
                }
                Ok(())
            }
        }
    }
}

/// Writes a file whole or not at all: whoever watches the folder never reads half of one.
fn put(folder: &Path, name: &str, bytes: &[u8]) -> Result<(), Failure> {
    let half = folder.join(format!(".{name}.part"));
    let mut file = File::create(&half)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    fs::rename(&half, folder.join(name))?;
    File::open(folder)?.sync_all()?;
    Ok(())
}

fn list(waiting: &[Outgoing], format: Format) -> Result<(), Failure> {
    match format {
        Format::Json => {
            let all: Vec<_> = waiting
                .iter()
                .map(|one| {
                    json!({
                        "name": one.name,
                        "receiver": one.receiver,
                        "written": one.written_at.to_string(),
                        "by": one.written_by,
                        "organisation": one.organisation,
                    })
                })
                .collect();
            println!("{}", serde_json::to_string(&all)?);
        }
        Format::Csv => {
            println!("name,receiver,written,by,organisation");
            for one in waiting {
                println!(
                    "{},{},{},{},{}",
                    quoted(&one.name),
                    one.receiver,
                    one.written_at,
                    quoted(&one.written_by),
                    quoted(&one.organisation)
                );
            }
        }
        Format::Text => {
            for one in waiting {
                println!("{}  to {}  {}", one.written_at, one.receiver, one.name);
            }
        }
    }
    Ok(())
}
