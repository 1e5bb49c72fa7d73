//! The inbox: everything that arrived, what became of it, what was wrong and
//! what to do. Those who may can have it read again.

use crate::components::{Choice, Select, Tag};
use crate::door::Visit;
use crate::form;
use crate::routes::{Outcome, Route, staff, staff_post};
use crate::shell::{self, Section, Shell};
use crate::{Web, words};
use access::{Action, Actor};
use askama::Template;
use kernel::InboxId;
use store::inbox::{Arrival, Counts, InboxKind, InboxState};

pub(crate) fn routes() -> Vec<Route> {
    vec![
        staff("/inbox", list),
        staff("/inbox/{id}", report),
        staff_post("/inbox/{id}/retry", retry),
    ]
}

/// One line of the list.
struct Line {
    href: String,
    name: String,
    kind: &'static str,
    received: String,
    state: Tag,
    records: String,
}

#[derive(Template)]
#[template(path = "inbox/list.html")]
struct ListPage {
    shell: Shell,
    state: Select,
    counts: String,
    lines: Vec<Line>,
    previous: Option<String>,
    next: Option<String>,
    page: u64,
}

fn list(web: &Web, visit: &Visit, actor: &Actor) -> Outcome {
    let state = visit.query.given("state").and_then(InboxState::parse);
    let number = u64::try_from(visit.query.page()).unwrap_or(1);
    let page = web.app.inbox_page(actor, state, number)?;
    let chosen = state.map_or("", InboxState::as_str);
    let address = |number: u64| {
        let state = form::escape(chosen);
        format!("/inbox?state={state}&page={number}")
    };
    let now = web.app.now();
    shell::ok(&ListPage {
        shell: Shell::new(web, visit, "Inbox", Section::Inbox),
        state: states(chosen),
        counts: counts_line(&page.by_state),
        previous: (page.page > 1).then(|| address(page.page - 1)),
        next: page.more.then(|| address(page.page + 1)),
        page: page.page,
        lines: page
            .arrivals
            .iter()
            .map(|arrival| Line {
                href: format!("/inbox/{}", arrival.id),
                name: words::known(&arrival.name).to_owned(),
                kind: kind_in_words(arrival.kind),
                received: words::sentence(&words::near_time(arrival.received_at, now)),
                state: state_tag(arrival.state),
                records: records_line(&arrival.counts),
            })
            .collect(),
    })
}

fn states(chosen: &str) -> Select {
    let mut choices = vec![Choice::new("", "All", chosen)];
    for state in InboxState::ALL {
        choices.push(Choice::new(
            state.as_str(),
            words::sentence(state.as_str()),
            chosen,
        ));
    }
    Select {
        name: "state".to_owned(),
        label: "What became of it".to_owned(),
        choices,
        ..Select::default()
    }
}

/// "3 rejected, 1 to review, 120 accepted", the ones that need someone first.
fn counts_line(by_state: &[(InboxState, u64)]) -> String {
    const ORDER: [InboxState; 6] = [
        InboxState::Review,
        InboxState::Rejected,
        InboxState::Partly,
        InboxState::Received,
        InboxState::Accepted,
        InboxState::Repeated,
    ];
    let parts: Vec<String> = ORDER
        .iter()
        .filter_map(|state| {
            by_state
                .iter()
                .find(|(of, count)| of == state && *count > 0)
        })
        .map(|(state, count)| format!("{} {}", kernel::money::thousands(*count), state.as_str()))
        .collect();
    if parts.is_empty() {
        "Nothing has arrived yet".to_owned()
    } else {
        parts.join(", ")
    }
}

fn records_line(counts: &Counts) -> String {
    let read = words::counted(i64::try_from(counts.records).unwrap_or(i64::MAX), "record");
    let mut parts = vec![read];
    for (count, what) in [
        (counts.partly, "used in part"),
        (counts.rejected, "not used"),
        (counts.repeated, "seen before"),
    ] {
        if count > 0 {
            parts.push(format!("{} {what}", kernel::money::thousands(count)));
        }
    }
    parts.join(", ")
}

const fn kind_in_words(kind: InboxKind) -> &'static str {
    match kind {
        InboxKind::Adw => "Care Act notice",
        InboxKind::Fhir => "Health records (FHIR)",
        InboxKind::Dtoc => "Official delays workbook",
        InboxKind::Population => "Population table",
        InboxKind::Organisations => "List of NHS organisations",
        InboxKind::Directory => "Services for the directory",
    }
}

fn state_tag(state: InboxState) -> Tag {
    let colour = match state {
        InboxState::Accepted => "green",
        InboxState::Rejected => "red",
        InboxState::Review => "orange",
        InboxState::Partly => "yellow",
        InboxState::Received => "blue",
        InboxState::Repeated => "grey",
    };
    Tag::new(words::sentence(state.as_str()), colour)
}

/// One fault of an arrival.
struct IssueLine {
    record: String,
    path: String,
    severity: Tag,
    text: String,
    code: String,
}

#[derive(Template)]
#[template(path = "inbox/report.html")]
struct ReportPage {
    shell: Shell,
    retried: bool,
    facts: Vec<(&'static str, String)>,
    state: Tag,
    advice: &'static str,
    issues: Vec<IssueLine>,
    retry: Option<String>,
}

fn report(web: &Web, visit: &Visit, actor: &Actor) -> Outcome {
    let id: InboxId = visit.id("id")?;
    let report = web.app.inbox_report(actor, id)?;
    let arrival = &report.arrival;
    let may_retry = access::decide(actor, Action::LoadInbox).is_ok();
    shell::ok(&ReportPage {
        shell: Shell::new(web, visit, "What arrived", Section::Inbox),
        retried: visit.query.given("read") == Some("again"),
        facts: facts(arrival),
        state: state_tag(arrival.state),
        advice: advice(arrival.state),
        retry: may_retry.then(|| format!("/inbox/{id}/retry")),
        issues: report
            .issues
            .iter()
            .map(|issue| IssueLine {
                record: match issue.record {
                    0 => "The whole file".to_owned(),
                    number => number.to_string(),
                },
                path: if issue.path.is_empty() {
                    "All of it".to_owned()
                } else {
                    issue.path.clone()
                },
                severity: severity_tag(&issue.severity),
                text: issue.text.clone(),
                code: issue.code.clone(),
            })
            .collect(),
    })
}

fn facts(arrival: &Arrival) -> Vec<(&'static str, String)> {
    vec![
        ("Name", words::known(&arrival.name).to_owned()),
        ("Kind", kind_in_words(arrival.kind).to_owned()),
        ("Arrived", words::date_time(arrival.received_at)),
        ("Size", size_in_words(arrival.size)),
        ("Records", records_line(&arrival.counts)),
        ("Times read", kernel::money::thousands(arrival.tries)),
        (
            "Last read",
            match arrival.tries {
                0 => "Not yet".to_owned(),
                _ => words::date_time(arrival.last_try_at),
            },
        ),
    ]
}

fn size_in_words(bytes: u64) -> String {
    match bytes {
        0..1024 => words::counted(i64::try_from(bytes).unwrap_or(0), "byte"),
        1024..1_048_576 => format!("{} KB", kernel::money::thousands(bytes.div_ceil(1024))),
        _ => format!("{} MB", kernel::money::thousands(bytes.div_ceil(1_048_576))),
    }
}

const fn advice(state: InboxState) -> &'static str {
    match state {
        InboxState::Received => "It is kept and has not been read yet.",
        InboxState::Accepted => "All of it was used. There is nothing to do.",
        InboxState::Partly => {
            "Some of it was used. What was not used is listed below, with what to do."
        }
        InboxState::Rejected => {
            "None of it was used. It is kept byte for byte. What is wrong is listed below."
        }
        InboxState::Repeated => "All of it had arrived before. Nothing changed.",
        InboxState::Review => {
            "A person must decide. What to look at is listed below. Nothing was overwritten."
        }
    }
}

fn severity_tag(severity: &str) -> Tag {
    match severity {
        "reject" => Tag::new("Not used", "red"),
        "part" => Tag::new("Used in part", "yellow"),
        _ => Tag::new("Used", "grey"),
    }
}

fn retry(web: &Web, visit: &Visit, actor: &Actor) -> Outcome {
    let id: InboxId = visit.id("id")?;
    web.app.retry(actor, id)?;
    Ok(shell::see_other(&format!("/inbox/{id}?read=again")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_needs_someone_comes_first() {
        let line = counts_line(&[
            (InboxState::Accepted, 1200),
            (InboxState::Rejected, 3),
            (InboxState::Review, 1),
            (InboxState::Repeated, 0),
        ]);
        assert_eq!(line, "1 to review, 3 rejected, 1,200 accepted");
        assert_eq!(counts_line(&[]), "Nothing has arrived yet");
    }

    #[test]
    fn records_are_counted_in_words() {
        let counts = Counts {
            records: 12,
            accepted: 9,
            partly: 1,
            rejected: 2,
            repeated: 0,
        };
        assert_eq!(
            records_line(&counts),
            "12 records, 1 used in part, 2 not used"
        );
        assert_eq!(size_in_words(900), "900 bytes");
        assert_eq!(size_in_words(2_000), "2 KB");
        assert_eq!(size_in_words(5_000_000), "5 MB");
    }
}
