//! What waiting costs now, by reason and by whoever has the move.

use super::tabs::{Tabs, tabs};
use crate::door::Visit;
use crate::routes::Outcome;
use crate::shell::{self, Section, Shell};
use crate::{Web, words};
use access::Actor;
use app::flow::CostLine;
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
}

fn money(cost: Option<Pence>) -> String {
    cost.map_or_else(|| "Unit cost not known".to_owned(), |cost| cost.to_string())
}

fn lines(lines: &[CostLine]) -> Vec<Line> {
    lines
        .iter()
        .map(|line| Line {
            what: line.what.clone(),
            people: words::counted(line.people, "person"),
            days: words::counted(line.days, "day"),
            cost: money(line.cost),
        })
        .collect()
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
                lines: lines(&cost.by_reason),
            },
            Table {
                title: "By who has the move",
                what: "Organisation",
                lines: lines(&cost.by_payer),
            },
        ],
        notes,
    })
}
