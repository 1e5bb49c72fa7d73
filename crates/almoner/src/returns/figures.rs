//! `almoner return sitrep|drd|ascof`: cells, with the ids behind each where asked for.

use super::value;
use crate::Format;
use crate::failure::Failure;
use crate::load::quoted;
use crate::open::At;
use access::Actor;
use app::flow::figures::{Figures, ReturnKind};
use clap::Args;
use flow::figures::Cell;
use serde_json::{Value, json};

/// What is asked of a return.
#[derive(Args)]
pub(super) struct Asked {
    /// The period: a day (sitrep), a month (drd) or a financial year such as 2025-26 (ascof).
    #[arg(long)]
    period: String,
    /// What it is for, as the list of legal bases names it. People with the national data opt-out
    /// are left out where it applies, as for planning and research.
    #[arg(long, default_value = "official return")]
    purpose: String,
    /// How to print.
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
    /// Add the ids behind each cell.
    #[arg(long)]
    lineage: bool,
}

impl Asked {
    pub(super) fn run(&self, kind: ReturnKind, at: &At) -> Result<(), Failure> {
        let app = at.open()?;
        let made = app.figures(&Actor::operator(), kind, &self.period, &self.purpose)?;
        match self.format {
            Format::Csv => print!("{}", csv(&made, self.lineage)),
            Format::Json => println!("{}", as_json(&made, self.lineage)),
            Format::Text => print!("{}", text(&made, self.lineage)),
        }
        if self.format != Format::Text {
            for note in notes(&made) {
                eprintln!("almoner: {note}");
            }
        }
        Ok(())
    }
}

/// What a reader of the figures must know.
fn notes(made: &Figures) -> Vec<String> {
    let mut notes = Vec::new();
    if !made.complete {
        notes.push(format!("{} is not over", made.period));
    }
    if !made.rests_on.is_empty() {
        notes.push(format!(
            "check: rests on values from memory ({})",
            made.rests_on.join(", ")
        ));
    }
    notes.extend(
        made.quality
            .iter()
            .map(|one| format!("{} {}", one.ids.len(), one.what)),
    );
    notes
}

fn csv(made: &Figures, lineage: bool) -> String {
    let mut text = "period,organisation,measure,value".to_owned();
    text.push_str(if lineage { ",ids\n" } else { "\n" });
    for cell in &made.cells {
        let cells = [&made.period, &cell.group, &cell.measure, &cell.value];
        text.push_str(&cells.map(|one| quoted(one)).join(","));
        if lineage {
            text.push(',');
            text.push_str(&quoted(&cell.ids.join("; ")));
        }
        text.push('\n');
    }
    text
}

fn as_json(made: &Figures, lineage: bool) -> Value {
    let row = |cell: &Cell| {
        let mut row = json!({
            "organisation": cell.group,
            "measure": cell.measure,
            "value": value(&cell.value),
        });
        if lineage {
            row["ids"] = cell.ids.clone().into();
        }
        row
    };
    let quality = made.quality.iter().map(|one| {
        let mut row = json!({ "what": one.what, "number": one.ids.len() });
        if lineage {
            row["ids"] = one.ids.clone().into();
        }
        row
    });
    json!({
        "return": made.kind.as_str(),
        "period": made.period,
        "complete": made.complete,
        "purpose": made.purpose,
        "rests_on_memory": made.rests_on,
        "rows": made.cells.iter().map(row).collect::<Vec<_>>(),
        "quality": quality.collect::<Vec<_>>(),
    })
}

fn text(made: &Figures, lineage: bool) -> String {
    let mut text = format!("{}, {}\n", made.kind.in_words(), made.period);
    for note in notes(made) {
        text.push_str(&format!("Note: {note}\n"));
    }
    if made.cells.is_empty() {
        text.push_str("No data: nothing in the store counts in this period.\n");
    }
    let mut group = "";
    for cell in &made.cells {
        if cell.group != group {
            group = &cell.group;
            text.push_str(&format!("\n{group}\n"));
        }
        text.push_str(&format!("  {:<70} {:>9}\n", cell.measure, cell.value));
        if lineage && !cell.ids.is_empty() {
            text.push_str(&format!("    {}\n", cell.ids.join("; ")));
        }
    }
    text
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::*;
    use flow::figures::Quality;

    fn made() -> Figures {
        let cell = |measure: &str, value: &str, ids: &[&str]| Cell {
            group: "Silverbridge, Borough of".to_owned(),
            measure: measure.to_owned(),
            value: value.to_owned(),
            ids: ids.iter().map(|id| (*id).to_owned()).collect(),
        };
        Figures {
            kind: ReturnKind::Drd,
            period: "2026-05".to_owned(),
            purpose: "official return",
            cells: vec![
                cell("acute, band, 0 days", "2", &["stay 1", "stay 2"]),
                cell("acute, measure, mean days, all", "not known", &[]),
            ],
            quality: vec![Quality {
                what: "stays have no ready date".to_owned(),
                ids: vec!["stay 3".to_owned()],
            }],
            rests_on: vec!["drd.bands".to_owned()],
            complete: false,
            to_send: true,
        }
    }

    #[test]
    fn the_shapes_that_others_script_against() {
        insta::assert_snapshot!(format!(
            "{}\n{}\n{}\n\n{}\n\n{}",
            csv(&made(), false),
            csv(&made(), true),
            as_json(&made(), false),
            as_json(&made(), true),
            text(&made(), false)
        ));
    }
}
