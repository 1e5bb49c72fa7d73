//! What waiting costs now, by reason and by whoever has the move.

use super::tabs::{Tabs, tabs};
use crate::door::Visit;
use crate::routes::Outcome;
use crate::shell::{self, Section, Shell};
use crate::{Web, words};
use access::Actor;
use app::flow::{CaseCost, CasesCost, CostLine};
use askama::Template;
use kernel::Pence;

struct Line {
    what: String,
    people: String,
    days: String,
    cost: String,
}

struct Table {
    title: &'static str,
    what: &'static str,
    lines: Vec<Line>,
}

#[derive(Template)]
#[template(path = "flow/cost.html")]
struct Page {
    shell: Shell,
    tabs: Tabs,
    headline: Vec<String>,
    tables: Vec<Table>,
    notes: Vec<String>,
    cases: Vec<Table>,
    case_notes: Vec<String>,
}

fn money(cost: Option<Pence>) -> String {
    cost.map_or_else(|| "Unit cost not known".to_owned(), |cost| cost.to_string())
}

fn line(line: &CostLine, of: &str) -> Line {
    Line {
        what: words::sentence(&line.what),
        people: words::counted(line.people, of),
        days: words::counted(line.days, "day"),
        cost: money(line.cost),
    }
}

fn lines(lines: &[CostLine], of: &str) -> Vec<Line> {
    lines.iter().map(|one| line(one, of)).collect()
}

/// The tables of cases that are no stays.
fn case_tables(cost: &CasesCost) -> Vec<Table> {
    let by_case = cost.by_case.iter();
    let waits = |one: &&CaseCost| one.line.people > 0 || one.line.days > 0;
    vec![
        Table {
            title: "By kind of case",
            what: "Kind of case",
            lines: by_case
                .filter(waits)
                .map(|one| line(&one.line, "case"))
                .collect(),
        },
        Table {
            title: "By reason",
            what: "Reason",
            lines: lines(&cost.by_reason, "case"),
        },
        Table {
            title: "By who has the move",
            what: "Organisation",
            lines: lines(&cost.by_payer, "case"),
        },
    ]
}

/// What a day costs in each kind of case, or that nobody has said.
fn case_notes(cost: &CasesCost) -> Vec<String> {
    let mut notes = vec![
        "A case outside hospital waits while one of its steps says so or is past its time. Its days belong to that step and to whoever owned it then. Somebody may wait in hospital and outside at once: the two are never added up.".to_owned(),
    ];
    notes.extend(cost.by_case.iter().map(|one| {
        let what = one.case.in_words();
        match &one.unit {
            Some((unit, source)) => {
                format!("A day of waiting in a {what} is counted as {unit}. Source: {source}.")
            }
            None => format!(
                "What a day of waiting in a {what} costs is not established: set {} in policy/parameters.",
                one.key
            ),
        }
    }));
    notes
}

pub(super) fn page(web: &Web, visit: &Visit, actor: &Actor) -> Outcome {
    let cost = web.app.cost_of_delay(actor)?;
    let mut headline = vec![format!(
        "{} in hospital {} after being ready to leave. So far: {}, {}.",
        words::counted(cost.people, "person"),
        if cost.people == 1 { "waits" } else { "wait" },
        words::counted(cost.days, "day"),
        money(cost.cost)
    )];
    if let Some(each) = cost.each_day {
        headline.push(format!("Each further day costs {each} if nobody leaves."));
    }
    let mut notes = Vec::new();
    match &cost.unit {
        Some((unit, source)) => notes.push(format!(
            "A day in a hospital bed is counted as {unit}. Source: {source}. It is a cost to the whole system: it is not money that one organisation owes another."
        )),
        None => notes.push(
            "No unit cost of a hospital bed is on file for today: set cost.hospital_bed_day in policy/parameters.".to_owned(),
        ),
    }
    notes.push("Only those in hospital now whom you may see are counted, from the first day of each delay. Days are counted as the delay return counts them.".to_owned());
    notes.extend(cost.rests_on.iter().map(|key| {
        format!(
            "Check: this rests on a value from memory ({})",
            words::rule(key)
        )
    }));
    shell::ok(&Page {
        shell: Shell::new(web, visit, "What waiting costs", Section::Board),
        tabs: tabs(actor, "/flow/cost"),
        headline,
        tables: vec![
            Table {
                title: "By reason",
                what: "Reason",
                lines: lines(&cost.by_reason, "person"),
            },
            Table {
                title: "By who has the move",
                what: "Organisation",
                lines: lines(&cost.by_payer, "person"),
            },
        ],
        notes,
        cases: case_tables(&cost.cases),
        case_notes: case_notes(&cost.cases),
    })
}
