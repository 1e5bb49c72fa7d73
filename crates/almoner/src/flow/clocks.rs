//! `almoner flow clocks`: open cases with their limits.

use crate::Format;
use crate::failure::Failure;
use crate::load::quoted;
use crate::open::At;
use access::Actor;
use app::flow::clocks::Clock;
use flow::clocks::Limit;
use jiff::civil::Date;
use kernel::calendar::local_time_zone;
use serde_json::{Value, json};
use store::statutory_case::CaseFilter;

pub(super) fn run(on: Option<Date>, format: Format, at: &At) -> Result<(), Failure> {
    let app = at.open()?;
    let found = app.clocks(&Actor::operator(), on, &CaseFilter::default())?;
    let lines: Vec<Line> = found.clocks.iter().map(Line::of).collect();
    match format {
        Format::Json => println!("{}", as_json(&lines)),
        Format::Csv => print!("{}", csv(&lines)),
        Format::Text => print!("{}", text(found.day, &lines)),
    }
    let mut rests_on: Vec<&str> = found
        .clocks
        .iter()
        .flat_map(|one| one.due.rests_on.keys())
        .collect();
    rests_on.sort_unstable();
    rests_on.dedup();
    if !rests_on.is_empty() {
        eprintln!(
            "almoner: check: rests on values from memory ({})",
            rests_on.join(", ")
        );
    }
    Ok(())
}

/// One case, as it is printed.
struct Line {
    kind: &'static str,
    case: String,
    owner: String,
    /// Empty where nothing limits it.
    due: String,
    state: &'static str,
    rule: &'static str,
}

impl Line {
    fn of(clock: &Clock) -> Self {
        let case = &clock.line.case;
        Self {
            kind: case.kind.as_str(),
            case: case.id.to_string(),
            owner: clock.line.owner_name.clone(),
            due: clock.due.limit.map(due).unwrap_or_default(),
            state: clock.state.as_str(),
            rule: case.kind.rule(),
        }
    }
}

/// A day for what ends with it; an instant with its offset in the United Kingdom for hours.
fn due(limit: Limit) -> String {
    match limit {
        Limit::EndOf(day) => day.to_string(),
        Limit::At(instant) => instant
            .to_zoned(local_time_zone().clone())
            .strftime("%Y-%m-%dT%H:%M:%S%:z")
            .to_string(),
    }
}

fn as_json(lines: &[Line]) -> Value {
    lines
        .iter()
        .map(|line| {
            json!({
                "kind": line.kind,
                "case": line.case,
                "owner": line.owner,
                "due": if line.due.is_empty() { Value::Null } else { line.due.as_str().into() },
                "state": line.state,
                "rule": line.rule,
            })
        })
        .collect()
}

fn csv(lines: &[Line]) -> String {
    let mut text = "kind,case,owner,due,state,rule\n".to_owned();
    for line in lines {
        let cells = [
            line.kind,
            &line.case,
            &line.owner,
            &line.due,
            line.state,
            line.rule,
        ];
        text.push_str(&cells.map(quoted).join(","));
        text.push('\n');
    }
    text
}

fn text(day: Date, lines: &[Line]) -> String {
    if lines.is_empty() {
        return format!("No case is open on {day}.\n");
    }
    let mut text = format!("Open cases on {day}\n");
    for line in lines {
        let due = if line.due.is_empty() {
            "no limit set"
        } else {
            &line.due
        };
        text.push_str(&format!(
            "{:<12} {:<25} {:<40} {}\n",
            line.state, due, line.kind, line.owner
        ));
    }
    text
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::*;
    use flow::clocks::CaseKind;

    fn lines() -> Vec<Line> {
        let line = |kind: CaseKind, due: &str, state| Line {
            kind: kind.as_str(),
            case: "01890a5d-ac96-774b-bcce-b302099a8057".to_owned(),
            owner: "Silverbridge, Borough of".to_owned(),
            due: due.to_owned(),
            state,
            rule: kind.rule(),
        };
        vec![
            line(CaseKind::Chc, "2026-05-29", "late"),
            line(CaseKind::Safeguarding, "", "no limit set"),
        ]
    }

    #[test]
    fn the_shapes_that_others_script_against() {
        insta::assert_snapshot!(format!(
            "{}\n\n{}\n{}",
            as_json(&lines()),
            csv(&lines()),
            text("2026-06-01".parse().unwrap(), &lines())
        ));
    }

    #[test]
    fn hours_have_their_offset() {
        let at = |text: &str| due(Limit::At(text.parse().unwrap()));
        assert_eq!(at("2026-03-30T12:00:00Z"), "2026-03-30T13:00:00+01:00");
        assert_eq!(at("2026-12-26T17:00:00Z"), "2026-12-26T17:00:00+00:00");
        assert_eq!(
            due(Limit::EndOf("2026-05-29".parse().unwrap())),
            "2026-05-29"
        );
    }
}
