//! `almoner fund return`: the Better Care Fund return of a fund, as a workbook and as CSV.

use super::read;
use crate::Format;
use crate::failure::Failure;
use crate::open::At;
use access::Actor;
use app::fund::{FundReturn, MEANWHILE, SentReturn};
use clap::Args;
use fund::ledger::Code;
use fund::returns::{Behind, Cell, LINEAGE, Line, Return, Span, Value};
use serde::Serialize;
use serde_json::{Value as Json, json};
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

/// Write the Better Care Fund return of a quarter or a year's end, as .xlsx and .csv.
///
/// Each amount has behind it the accounts and months that make it: in the workbook by a link, with
/// --lineage in files of their own. What is missing is told on standard error.
///
/// Example: almoner fund return --quarter 2026-27-Q2 --lineage
#[derive(Args)]
pub(super) struct Give {
    /// Code of the fund; needed where there are several.
    #[arg(long, value_name = "CODE")]
    fund: Option<Code>,
    /// A quarter of a financial year, such as 2026-27-Q2.
    #[arg(long, value_name = "QUARTER", required_unless_present = "year_end")]
    quarter: Option<Span>,
    /// A financial year, such as 2026-27.
    #[arg(long, value_name = "YEAR", conflicts_with = "quarter")]
    year_end: Option<Span>,
    /// Folder for the files. Default: this one.
    #[arg(long, value_name = "DIR", default_value = ".")]
    to: PathBuf,
    /// Write what is behind each cell too, as .csv and .json; people's accounts each by its id.
    #[arg(long)]
    lineage: bool,
    /// Freeze it as sent: it is kept with its hash, and a later change makes a new version.
    #[arg(long)]
    send: bool,
    /// What to print: text, JSON, or the return as CSV.
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
}

impl Give {
    pub(super) fn run(&self, at: &At) -> Result<(), Failure> {
        let span = self.span()?;
        let app = at.open()?;
        let operator = Actor::operator();
        let fund = read::fund(&app, self.fund.as_ref())?;
        let made = app.fund_return(&operator, &fund, span)?;
        let sent = match self.send {
            true => Some(sent(app.send_fund_return(
                &operator,
                (&fund, span),
                &made.hash,
            )?)?),
            false => None,
        };
        std::fs::create_dir_all(&self.to)?;
        let stem = format!("{fund}-{span}");
        let made = match sent {
            // What was sent stands among those that were sent.
            Some(_) => app.fund_return(&operator, &fund, span)?,
            None => made,
        };
        let book = made.workbook()?;
        let mut files = vec![
            written(&self.to, &format!("{stem}.xlsx"), &book)?,
            written(&self.to, &format!("{stem}.csv"), made.content.as_bytes())?,
        ];
        if self.lineage {
            let csv = self.to.join(format!("{stem}-lineage.csv"));
            let json = self.to.join(format!("{stem}-lineage.json"));
            let mut out = Lineage::begin(&csv, &json)?;
            app.fund_return_lineage::<Failure>(&operator, &made.figures, &mut |line| {
                out.line(line)
            })?;
            out.end()?;
            files.extend([csv, json]);
        }
        let gaps = &made.figures.gaps;
        match self.format {
            Format::Csv => print!("{}", made.content),
            Format::Json => println!("{}", as_json(&made, sent, &files)),
            Format::Text => print!("{}", in_words(&made, &files)),
        }
        for gap in gaps {
            let why = if gap.why.is_empty() { "" } else { ". " };
            eprintln!("almoner: check: {}{why}{}", gap.text, gap.why);
        }
        Ok(())
    }

    fn span(&self) -> Result<Span, Failure> {
        match (self.quarter, self.year_end) {
            (Some(quarter), _) if quarter.is_year() => Err(Failure::Usage(
                "--quarter wants a quarter, such as 2026-27-Q2; for a year use --year-end"
                    .to_owned(),
            )),
            (_, Some(year)) if !year.is_year() => Err(Failure::Usage(
                "--year-end wants a year, such as 2026-27".to_owned(),
            )),
            (Some(span), _) | (_, Some(span)) => Ok(span),
            // The arguments' own rules ask for one.
            (None, None) => Err(Failure::Usage("name a quarter or a year".to_owned())),
        }
    }
}

/// The number under which a return is kept.
fn sent(outcome: SentReturn) -> Result<i64, Failure> {
    match outcome {
        SentReturn::Kept(number) | SentReturn::Same(number) => Ok(number),
        SentReturn::Meanwhile => Err(Failure::Failed(MEANWHILE.to_owned())),
    }
}

fn written(folder: &Path, name: &str, bytes: &[u8]) -> Result<PathBuf, Failure> {
    let path = folder.join(name);
    std::fs::write(&path, bytes)
        .map_err(|error| Failure::Failed(format!("{}: {error}", path.display())))?;
    Ok(path)
}

/// What is behind cells, written to two files as it comes.
struct Lineage {
    csv: BufWriter<File>,
    json: BufWriter<File>,
    /// The row that is being written.
    row: String,
    first: bool,
}

impl Lineage {
    fn begin(csv: &Path, json: &Path) -> Result<Self, Failure> {
        let file = |path: &Path| -> Result<BufWriter<File>, Failure> {
            let made = File::create(path);
            let made =
                made.map_err(|error| Failure::Failed(format!("{}: {error}", path.display())))?;
            Ok(BufWriter::with_capacity(1 << 16, made))
        };
        let mut all = Self {
            csv: file(csv)?,
            json: file(json)?,
            row: String::new(),
            first: true,
        };
        writeln!(all.csv, "{LINEAGE}")?;
        all.json.write_all(b"[")?;
        Ok(all)
    }

    fn line(&mut self, line: &Line<'_>) -> Result<(), Failure> {
        self.row.clear();
        line.csv(&mut self.row);
        self.csv.write_all(self.row.as_bytes())?;
        let joint = if self.first { "\n" } else { ",\n" };
        self.first = false;
        self.json.write_all(joint.as_bytes())?;
        serde_json::to_writer(&mut self.json, &Behinds::of(line))?;
        Ok(())
    }

    fn end(mut self) -> Result<(), Failure> {
        self.csv.flush()?;
        self.json.write_all(b"\n]\n")?;
        Ok(self.json.flush()?)
    }
}

/// A line of what is behind a cell, as JSON.
#[derive(Serialize)]
struct Behinds<'a> {
    cell: &'a str,
    what: &'static str,
    reference: &'a str,
    month: Option<String>,
    amount: Option<String>,
    people: usize,
}

impl<'a> Behinds<'a> {
    fn of(line: &Line<'a>) -> Self {
        Self {
            cell: line.cell,
            what: line.what,
            reference: line.reference,
            month: line.month.map(|month| month.to_string()),
            amount: line.amount.map(kernel::Pence::in_decimals),
            people: line.people,
        }
    }
}

/// A cell: amounts in pounds with two decimals as text, what is missing as null.
fn of_cell(figures: &Return, cell: &Cell) -> Json {
    let value = match &cell.value {
        Value::Money(amount) => Some(amount.in_decimals()),
        Value::Figure(figure) => Some(figure.to_string()),
        Value::Text(text) => Some(text.clone()),
        Value::Missing => None,
    };
    let behind = match cell.behind {
        Behind::Ledger(_) => "ledger",
        Behind::Agreement(..) => "agreement",
        Behind::Plan(..) => "plan",
        Behind::Figure(..) => "figure",
        Behind::Cells(_) => "cells",
        Behind::Nothing => "nothing",
    };
    json!({
        "key": cell.key(),
        "sheet": cell.sheet.as_str(),
        "row": cell.row,
        "title": cell.title,
        "column": cell.column.as_str(),
        "value": value,
        "behind": behind,
        "accounts": figures.sources(cell).len(),
    })
}

fn as_json(made: &FundReturn, sent: Option<i64>, files: &[PathBuf]) -> Json {
    let figures = &made.figures;
    let gaps = figures.gaps.iter();
    let gaps = gaps.map(
        |gap| json!({"kind": gap.kind.as_str(), "of": gap.of, "text": gap.text, "why": gap.why}),
    );
    json!({
        "fund": figures.fund.as_str(),
        "period": figures.span.to_string(),
        "hash": made.hash,
        "sent": sent,
        "cells": figures.cells.iter().map(|cell| of_cell(figures, cell)).collect::<Vec<_>>(),
        "missing": gaps.collect::<Vec<_>>(),
        "changes": made.changes,
        "files": files.iter().map(|path| path.display().to_string()).collect::<Vec<_>>(),
    })
}

fn in_words(made: &FundReturn, files: &[PathBuf]) -> String {
    let figures = &made.figures;
    let mut text = format!("{}, fund {}\n", figures.span.in_words(), figures.fund);
    text.push_str(&format!("{}. SHA-256 {}\n", made.state(), made.hash));
    for change in &made.changes {
        text.push_str(&format!("- {change}\n"));
    }
    let missing = figures.gaps.len();
    text.push_str(&format!("{missing} to see to\n"));
    for path in files {
        text.push_str(&format!("{}\n", path.display()));
    }
    text
}
