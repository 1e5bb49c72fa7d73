//! `almoner return`.

mod figures;

use crate::Format;
use crate::failure::Failure;
use crate::load::quoted;
use crate::open::At;
use access::Actor;
use app::flow::figures::ReturnKind;
use app::flow::{Regime, Return, ReturnRow};
use clap::{Args, Subcommand, ValueEnum};
use kernel::Month;
use serde_json::json;

/// Make a return from the stays in the store.
///
/// Example: almoner return drd --period 2026-05 --format csv --lineage
#[derive(Args)]
pub(crate) struct Returns {
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand)]
enum What {
    /// The month's delays by council, care type, responsible side and reason.
    Delays {
        /// The month, as YYYY-MM.
        #[arg(long, visible_alias = "period")]
        month: String,
        /// By which rules: delayed transfers of care, or discharge ready date.
        #[arg(long, value_enum, default_value = "dtoc")]
        regime: RegimeName,
        /// What it is for, as the list of legal bases names it. People with the national data
        /// opt-out are left out where it applies, as for planning and research.
        #[arg(long, default_value = "official return")]
        purpose: String,
        /// How to print.
        #[arg(long, value_enum, default_value = "text")]
        format: Format,
        /// Add the ids of the stays behind each row.
        #[arg(long)]
        lineage: bool,
    },
    /// The situation report of a day, by hospital.
    Sitrep(figures::Asked),
    /// Days from ready date to discharge of a month, by council: bands, means, pathways.
    Drd(figures::Asked),
    /// Measures of adult social care of a financial year: ASCOF 2A, 2B, 2C, 2D.
    Ascof(figures::Asked),
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum RegimeName {
    Dtoc,
    Drd,
}

impl Returns {
    pub(crate) fn run(&self, at: &At) -> Result<(), Failure> {
        let (month, regime, purpose, format, lineage) = match &self.what {
            What::Sitrep(asked) => return asked.run(ReturnKind::Sitrep, at),
            What::Drd(asked) => return asked.run(ReturnKind::Drd, at),
            What::Ascof(asked) => return asked.run(ReturnKind::Ascof, at),
            What::Delays {
                month,
                regime,
                purpose,
                format,
                lineage,
            } => (month, regime, purpose, format, *lineage),
        };
        let month: Month = month
            .parse()
            .map_err(|error| Failure::Usage(format!("--month {month} is {error}")))?;
        let regime = match regime {
            RegimeName::Dtoc => Regime::Dtoc,
            RegimeName::Drd => Regime::Drd,
        };
        let made = at
            .open()?
            .return_delays(&Actor::operator(), month, regime, purpose)?;
        match format {
            Format::Csv => print!("{}", csv(&made, lineage)),
            Format::Json => println!("{}", serde_json::to_string(&as_json(&made, lineage))?),
            Format::Text => print!("{}", text(&made)),
        }
        if !matches!(format, Format::Text) {
            for note in notes(&made) {
                eprintln!("almoner: {note}");
            }
        }
        Ok(())
    }
}

/// What a reader of the figures must know.
fn notes(made: &Return) -> Vec<String> {
    let mut notes = Vec::new();
    if !made.complete {
        notes.push(format!(
            "{} is not over: only days that are over are counted",
            made.month
        ));
    }
    if !made.collected {
        notes.push("the national collection by these rules did not run in this month".to_owned());
    }
    if !made.rests_on.is_empty() {
        notes.push(format!(
            "check: rests on values from memory ({})",
            made.rests_on.join(", ")
        ));
    }
    notes
}

fn csv(made: &Return, lineage: bool) -> String {
    let mut text = "month,regime,council,care_type,responsible,reason,days".to_owned();
    text.push_str(if lineage { ",ids\n" } else { "\n" });
    let month = made.month.to_string();
    for row in &made.rows {
        let cells = [
            month.as_str(),
            made.regime.as_str(),
            &row.council,
            row.care_type.as_str(),
            &row.responsible,
            &row.reason,
            &row.days,
        ];
        text.push_str(&cells.map(quoted).join(","));
        if lineage {
            text.push(',');
            text.push_str(&ids(row).join(" "));
        }
        text.push('\n');
    }
    text
}

/// Ids of the stays behind a row.
fn ids(row: &ReturnRow) -> Vec<String> {
    row.ids.iter().map(ToString::to_string).collect()
}

fn as_json(made: &Return, lineage: bool) -> serde_json::Value {
    let rows: Vec<_> = made
        .rows
        .iter()
        .map(|row| {
            let mut one = json!({
                "council": row.council,
                "care_type": row.care_type.as_str(),
                "responsible": row.responsible,
                "reason": row.reason,
                "days": value(&row.days),
            });
            if lineage {
                one["ids"] = ids(row).into();
            }
            one
        })
        .collect();
    json!({
        "month": made.month.to_string(),
        "regime": made.regime.as_str(),
        "complete": made.complete,
        "nationally_collected": made.collected,
        "purpose": made.purpose,
        "rests_on_memory": made.rests_on,
        "rows": rows,
    })
}

/// A whole number as a number, what is not known as null, all else as text.
fn value(days: &str) -> serde_json::Value {
    match days.parse::<i64>() {
        Ok(number) => number.into(),
        Err(_) if days == "not known" => serde_json::Value::Null,
        Err(_) => days.into(),
    }
}

fn text(made: &Return) -> String {
    let regime = match made.regime {
        Regime::Dtoc => "Delayed transfers of care",
        Regime::Drd => "Discharge ready date",
    };
    let mut text = format!("{regime}, {}\n", made.month.in_words());
    for note in notes(made) {
        text.push_str(&format!("Note: {note}\n"));
    }
    if made.rows.is_empty() {
        text.push_str("No data: no stay in the store counts in this month.\n");
    }
    let mut council = "";
    for row in &made.rows {
        if row.council != council {
            council = &row.council;
            text.push_str(&format!("\n{council}\n"));
        }
        let care = row.care_type.as_str();
        text.push_str(&format!(
            "  {care:<10} {:<12} {:<45} {:>9}\n",
            row.responsible, row.reason, row.days
        ));
    }
    text
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::*;
    use flow::CareType;

    fn made() -> Return {
        let row = |council: &str, responsible: &str, reason: &str, days: &str| ReturnRow {
            council: council.to_owned(),
            care_type: CareType::Acute,
            responsible: responsible.to_owned(),
            reason: reason.to_owned(),
            days: days.to_owned(),
            ids: Vec::new(),
        };
        Return {
            month: "2018-10".parse().unwrap(),
            regime: Regime::Dtoc,
            rows: vec![
                row("Barsetshire County Council", "nhs", "D(i)", "12"),
                row("Barsetshire County Council", "not known", "not known", "3"),
                row("Silverbridge, Borough of", "both", "E", "4"),
            ],
            purpose: "official return",
            looked_at: 3,
            rests_on: vec!["dtoc.count_ready_day".to_owned()],
            complete: false,
            collected: true,
        }
    }

    #[test]
    fn the_csv_is_the_shape_that_others_script_against() {
        assert_eq!(
            csv(&made(), false),
            "month,regime,council,care_type,responsible,reason,days\n\
             2018-10,dtoc,Barsetshire County Council,acute,nhs,D(i),12\n\
             2018-10,dtoc,Barsetshire County Council,acute,not known,not known,3\n\
             2018-10,dtoc,\"Silverbridge, Borough of\",acute,both,E,4\n"
        );
    }

    #[test]
    fn lineage_adds_the_ids_at_the_end() {
        let mut made = made();
        made.rows.truncate(1);
        let id = "01890a5d-ac96-774b-bcce-b302099a8057";
        made.rows[0].ids = vec![id.parse().unwrap()];
        let text = csv(&made, true);
        assert!(text.starts_with("month,regime,council,care_type,responsible,reason,days,ids\n"));
        assert!(text.ends_with(&format!("12,{id}\n")), "{text}");
        assert_eq!(as_json(&made, true)["rows"][0]["ids"], json!([id]));
        assert_eq!(as_json(&made, false)["rows"][0]["ids"], json!(null));
    }

    #[test]
    fn json_has_numbers_and_null_for_what_is_not_known() {
        assert_eq!(value("12"), json!(12));
        assert_eq!(value("not known"), json!(null));
        assert_eq!(value("1.2"), json!("1.2"));
    }

    #[test]
    fn the_text_says_what_it_rests_on() {
        insta::assert_snapshot!(text(&made()));
        let empty = Return {
            rows: vec![],
            rests_on: vec![],
            complete: true,
            ..made()
        };
        assert!(text(&empty).contains("No data"));
    }
}
