//! `almoner inbox`: what arrived, what became of it, and reading it again.

use crate::Format;
use crate::failure::Failure;
use crate::load::quoted;
use crate::open::At;
use access::Actor;
use app::inbox::Report;
use clap::{Args, Subcommand};
use kernel::InboxId;
use serde_json::json;
use store::inbox::{Arrival, InboxState};

/// See what arrived, and read it again.
///
/// Example: almoner inbox list --state rejected
#[derive(Args)]
pub(crate) struct Inbox {
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand)]
enum What {
    /// Arrivals, newest first.
    List {
        /// Only those in this state: received, accepted, "partly accepted", rejected,
        /// repeated, "to review".
        #[arg(long, value_parser = state)]
        state: Option<InboxState>,
        /// Page, from 1.
        #[arg(long, default_value_t = 1)]
        page: u64,
        /// How to print.
        #[arg(long, value_enum, default_value = "text")]
        format: Format,
    },
    /// One arrival and what was wrong with it.
    Show {
        /// Its id.
        id: InboxId,
        /// How to print.
        #[arg(long, value_enum, default_value = "text")]
        format: Format,
    },
    /// Read an arrival again, from the bytes that were kept.
    Retry {
        /// Its id.
        id: InboxId,
        /// How to print.
        #[arg(long, value_enum, default_value = "text")]
        format: Format,
    },
}

fn state(text: &str) -> Result<InboxState, String> {
    InboxState::parse(text).ok_or_else(|| {
        let names: Vec<_> = InboxState::ALL.iter().map(|state| state.as_str()).collect();
        format!("use one of: {}", names.join(", "))
    })
}

impl Inbox {
    pub(crate) fn run(&self, at: &At) -> Result<(), Failure> {
        let app = at.open()?;
        let actor = Actor::operator();
        match &self.what {
            What::List {
                state,
                page,
                format,
            } => list(&app.inbox_page(&actor, *state, *page)?.arrivals, *format),
            What::Show { id, format } => show(&app.inbox_report(&actor, *id)?, *format),
            What::Retry { id, format } => {
                let report = app.retry(&actor, *id)?;
                show(&report, *format)?;
                match report.arrival.state {
                    InboxState::Accepted | InboxState::Repeated => Ok(()),
                    _ => Err(Failure::Rejected),
                }
            }
        }
    }
}

fn as_json(arrival: &Arrival) -> serde_json::Value {
    json!({
        "id": arrival.id.to_string(),
        "kind": arrival.kind.as_str(),
        "name": arrival.name,
        "received": arrival.received_at.to_string(),
        "state": arrival.state.as_str(),
        "tries": arrival.tries,
        "size": arrival.size,
        "sha256": arrival.sha256,
        "records": arrival.counts.records,
        "accepted": arrival.counts.accepted,
        "partly": arrival.counts.partly,
        "rejected": arrival.counts.rejected,
        "repeated": arrival.counts.repeated,
    })
}

fn list(arrivals: &[Arrival], format: Format) -> Result<(), Failure> {
    match format {
        Format::Json => {
            let all: Vec<_> = arrivals.iter().map(as_json).collect();
            println!("{}", serde_json::to_string(&all)?);
        }
        Format::Csv => {
            println!("id,kind,name,received,state,records,accepted,partly,rejected,repeated");
            for arrival in arrivals {
                let counts = &arrival.counts;
                println!(
                    "{},{},{},{},{},{},{},{},{},{}",
                    arrival.id,
                    arrival.kind,
                    quoted(&arrival.name),
                    arrival.received_at,
                    arrival.state,
                    counts.records,
                    counts.accepted,
                    counts.partly,
                    counts.rejected,
                    counts.repeated
                );
            }
        }
        Format::Text => {
            for arrival in arrivals {
                println!(
                    "{}  {}  {:<10}  {:<15}  {}",
                    arrival.id, arrival.received_at, arrival.kind, arrival.state, arrival.name
                );
            }
            if arrivals.is_empty() {
                println!("Nothing has arrived.");
            }
        }
    }
    Ok(())
}

fn show(report: &Report, format: Format) -> Result<(), Failure> {
    match format {
        Format::Json => {
            let mut shown = as_json(&report.arrival);
            shown["issues"] = report
                .issues
                .iter()
                .map(|issue| {
                    json!({
                        "record": issue.record,
                        "path": issue.path,
                        "code": issue.code,
                        "severity": issue.severity,
                        "text": issue.text,
                    })
                })
                .collect();
            println!("{}", serde_json::to_string(&shown)?);
        }
        Format::Csv => {
            println!("record,path,code,severity,text");
            for issue in &report.issues {
                println!(
                    "{},{},{},{},{}",
                    issue.record,
                    quoted(&issue.path),
                    issue.code,
                    issue.severity,
                    quoted(&issue.text)
                );
            }
        }
        Format::Text => {
            let arrival = &report.arrival;
            let counts = &arrival.counts;
            println!(
                "{} ({}), arrived {}",
                arrival.name, arrival.kind, arrival.received_at
            );
            println!(
                "{}: {} records, {} accepted, {} in part, {} rejected, {} repeated",
                arrival.state,
                counts.records,
                counts.accepted,
                counts.partly,
                counts.rejected,
                counts.repeated
            );
            for issue in &report.issues {
                println!(
                    "  record {} {}: {} [{}]",
                    issue.record, issue.path, issue.text, issue.code
                );
            }
        }
    }
    Ok(())
}
