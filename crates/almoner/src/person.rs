//! `almoner person`.

use crate::Format;
use crate::failure::Failure;
use crate::open::At;
use access::Actor;
use app::person::{PersonPage, TimelineFilter};
use clap::{Args, Subcommand};
use kernel::NhsNumber;
use serde_json::{Value, json};

/// A person's record.
///
/// Example: almoner person show "999 000 0018" --format json
#[derive(Args)]
pub(crate) struct Person {
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand)]
enum What {
    /// The record of whoever has an NHS number. The look is journalled.
    Show {
        /// The NHS number, with or without spaces.
        number: String,
        /// How to print.
        #[arg(long, value_enum, default_value = "text")]
        format: Format,
    },
}

impl Person {
    pub(crate) fn run(&self, at: &At) -> Result<(), Failure> {
        let What::Show { number, format } = &self.what;
        let number = NhsNumber::parse(number)
            .map_err(|error| Failure::Refused(format!("this is not an NHS number: it {error}")))?;
        let app = at.open()?;
        let actor = Actor::operator();
        let mut page = app.person_with_number(&actor, number)?;
        while page.more {
            let filter = TimelineFilter {
                page: page.page + 1,
                ..TimelineFilter::default()
            };
            let next = app.person(&actor, page.person.id, &filter)?;
            page.timeline.extend(next.timeline);
            page.more = next.more;
            page.page = next.page;
        }
        match format {
            Format::Json => println!("{}", serde_json::to_string(&as_json(&page))?),
            Format::Csv => print_csv(&page),
            Format::Text => print_text(&page),
        }
        Ok(())
    }
}

fn as_json(page: &PersonPage) -> Value {
    let stays: Vec<Value> = page
        .stays
        .iter()
        .map(|line| {
            let notices: Vec<Value> = line
                .notices
                .iter()
                .map(|notice| {
                    json!({
                        "kind": notice.kind.as_str(),
                        "message_id": notice.message_id,
                        "sent": notice.sent_at.to_string(),
                        "status": notice.status.as_str(),
                        "reason": notice.reason,
                    })
                })
                .collect();
            let stay = &line.stay;
            json!({
                "id": stay.id.to_string(),
                "hospital": line.hospital,
                "council": line.council,
                "admitted": stay.admitted_on.to_string(),
                "ready": stay.ready_on.map(|date| date.to_string()),
                "discharged": stay.discharged_on.map(|date| date.to_string()),
                "notices": notices,
            })
        })
        .collect();
    let timeline: Vec<Value> = page
        .timeline
        .iter()
        .map(|line| {
            json!({
                "when": line.happened_at,
                "kind": line.kind,
                "source": line.source,
                "title": line.title,
            })
        })
        .collect();
    json!({
        "nhs_number": page.person.nhs_number.map(|number| number.to_string()),
        "name": page.person.list_name(),
        "birth_date": page.person.birth_date.map(|date| date.to_string()),
        "stays": stays,
        "timeline": timeline,
    })
}

fn print_csv(page: &PersonPage) {
    println!("when,kind,source,title");
    for line in &page.timeline {
        let when = line.happened_at.as_deref().unwrap_or("");
        let cells = [when, &line.kind, &line.source, &line.title];
        println!("{}", cells.map(crate::load::quoted).join(","));
    }
}

fn print_text(page: &PersonPage) {
    let person = &page.person;
    let or = |text: Option<String>| text.unwrap_or_else(|| "not known".to_owned());
    println!("{}", person.list_name());
    println!(
        "NHS number: {}",
        or(person.nhs_number.map(|number| number.spaced()))
    );
    println!(
        "Date of birth: {}",
        or(person.birth_date.map(|date| date.to_string()))
    );
    println!("Council: {}", or(page.council.clone()));
    for line in &page.stays {
        let stay = &line.stay;
        println!(
            "Stay at {}: admitted {}, ready {}, discharged {}",
            line.hospital,
            stay.admitted_on,
            or(stay.ready_on.map(|date| date.to_string())),
            stay.discharged_on
                .map_or_else(|| "not yet".to_owned(), |date| date.to_string()),
        );
        for notice in &line.notices {
            println!(
                "  {} notice sent {}: {}",
                notice.kind, notice.sent_at, notice.status
            );
        }
    }
    println!("Timeline:");
    for line in &page.timeline {
        let when = line.happened_at.as_deref().unwrap_or("no date");
        let source = match line.source.as_str() {
            "" => "source not known",
            known => known,
        };
        println!("  {when}  {}  {}  ({source})", line.kind, line.title);
    }
}
