//! `almoner fund files`: what came in for funds and their ledger, as it came.

use crate::Format;
use crate::failure::Failure;
use crate::load::quoted;
use crate::open::At;
use access::Actor;
use app::fund::KeptFile;
use clap::Args;
use kernel::{InboxId, hex};
use serde_json::json;
use std::io::Write;

/// Files of transfers, agreements, plans and evidence that were kept, newest first; or one as it came.
///
/// A file that was refused is kept too, with what was wrong.
///
/// Example: almoner fund files --refused
#[derive(Args)]
pub(super) struct Files {
    /// Id of a file: its bytes go to standard output.
    #[arg(value_name = "ID")]
    id: Option<InboxId>,
    /// Only those of which something was refused.
    #[arg(long, conflicts_with = "id")]
    refused: bool,
    /// Page, from 1.
    #[arg(long, default_value_t = 1, conflicts_with = "id")]
    page: u64,
    /// How to print the list.
    #[arg(long, value_enum, default_value = "text", conflicts_with = "id")]
    format: Format,
}

impl Files {
    pub(super) fn run(&self, at: &At) -> Result<(), Failure> {
        let (app, operator) = (at.open()?, Actor::operator());
        if let Some(id) = self.id {
            let bytes = app.fund_file(&operator, id)?;
            return Ok(std::io::stdout().lock().write_all(&bytes)?);
        }
        let files = app.fund_files(&operator, self.refused, self.page)?;
        match self.format {
            Format::Json => println!("{}", as_json(&files)),
            Format::Csv => print!("{}", csv(&files)),
            Format::Text => print!("{}", in_words(&files)),
        }
        Ok(())
    }
}

fn as_json(files: &[KeptFile]) -> serde_json::Value {
    let all: Vec<_> = files
        .iter()
        .map(|file| {
            let [posted, repeated, refused] = file.counts;
            let issues: Vec<&str> = file.issues.lines().collect();
            json!({
                "id": file.id.to_string(), "name": file.name, "sha256": hex(&file.sha256),
                "received_at": file.received.0.to_string(), "received_by": file.received.1,
                "posted": posted, "repeated": repeated, "refused": refused, "issues": issues,
            })
        })
        .collect();
    json!({ "files": all })
}

fn csv(files: &[KeptFile]) -> String {
    let mut text =
        "id,name,sha256,received_at,received_by,posted,repeated,refused,issues\n".to_owned();
    for file in files {
        let cells = [
            file.id.to_string(),
            file.name.clone(),
            hex(&file.sha256),
            file.received.0.to_string(),
            file.received.1.clone(),
            file.counts[0].to_string(),
            file.counts[1].to_string(),
            file.counts[2].to_string(),
            file.issues.replace('\n', "; "),
        ];
        text.push_str(&cells.map(|cell| quoted(&cell)).join(","));
        text.push('\n');
    }
    text
}

fn in_words(files: &[KeptFile]) -> String {
    let mut text = String::new();
    for file in files {
        let [posted, repeated, refused] = file.counts;
        text += &format!(
            "{}  {}  {} from {}: {posted} posted, {repeated} repeated, {refused} refused\n",
            file.id, file.received.0, file.name, file.received.1
        );
        for issue in file.issues.lines() {
            text += &format!("    {issue}\n");
        }
    }
    text
}
