//! `almoner link evaluate`.

use crate::Format;
use crate::failure::Failure;
use clap::Args;
use linkage::blocking::Blocks;
use linkage::evaluate::{Evaluation, Measure, evaluate, pairs, truth};
use serde::Serialize;
use std::collections::BTreeMap;
use std::path::PathBuf;

/// Measure pairs against the truth.
///
/// The truth is a CSV of pairs (left,right) or of records with the person they belong to
/// (id,cluster). With --records it also says how many true pairs no pass proposed.
///
/// Example: almoner link evaluate pairs.csv --truth truth.csv
#[derive(Args)]
pub(crate) struct Evaluate {
    /// The pairs that `almoner link` wrote.
    pairs: PathBuf,
    /// The truth.
    #[arg(long, value_name = "CSV")]
    truth: PathBuf,
    /// The file or files that were linked, to see where blocking lost pairs.
    #[arg(long, value_name = "CSV")]
    records: Vec<PathBuf>,
    /// The configuration that was used.
    #[arg(long, value_name = "TOML")]
    config: Option<PathBuf>,
    /// How it is printed.
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
}

/// Where blocking lost pairs.
#[derive(Serialize)]
struct Blocking {
    /// True pairs whose two records are in the files.
    true_pairs: usize,
    /// Of them, those that no pass proposed.
    lost: usize,
    /// True pairs that each pass proposed, and those that only it proposed.
    passes: BTreeMap<String, (u64, u64)>,
}

#[derive(Serialize)]
struct Whole {
    #[serde(flatten)]
    evaluation: Evaluation,
    #[serde(skip_serializing_if = "Option::is_none")]
    blocking: Option<Blocking>,
}

impl Evaluate {
    pub(crate) fn run(&self) -> Result<(), Failure> {
        let read = |path: &PathBuf| {
            std::fs::read(path)
                .map_err(|error| Failure::Usage(format!("{}: {error}", path.display())))
        };
        let refused = |error: linkage::Error| Failure::Refused(error.to_string());
        let truth = truth(&read(&self.truth)?).map_err(refused)?;
        let pairs = pairs(&read(&self.pairs)?).map_err(refused)?;
        let whole = Whole {
            evaluation: evaluate(&pairs, &truth),
            blocking: if self.records.is_empty() {
                None
            } else {
                Some(self.blocking(&truth)?)
            },
        };
        match self.format {
            Format::Json => println!("{}", serde_json::to_string_pretty(&whole)?),
            Format::Text | Format::Csv => print!("{}", in_words(&whole)),
        }
        Ok(())
    }

    fn blocking(&self, truth: &linkage::evaluate::Truth) -> Result<Blocking, Failure> {
        let config = super::config(self.config.as_deref())?;
        let (table, _) = super::table(&self.records, &config)?;
        let blocks =
            Blocks::make(&table, &config).map_err(|error| Failure::Usage(error.to_string()))?;
        let places: std::collections::HashMap<&str, u32> = (0_u32..)
            .take(table.len())
            .map(|record| (table.id(record), record))
            .collect();
        let mut found = Blocking {
            true_pairs: 0,
            lost: 0,
            passes: BTreeMap::new(),
        };
        for (one, other) in truth {
            let (Some(one), Some(other)) = (places.get(one.as_str()), places.get(other.as_str()))
            else {
                continue;
            };
            found.true_pairs += 1;
            let proposing = blocks.proposing(*one, *other);
            found.lost += usize::from(proposing.is_empty());
            for pass in &proposing {
                let entry = found.passes.entry((*pass).to_owned()).or_default();
                entry.0 += 1;
                entry.1 += u64::from(proposing.len() == 1);
            }
        }
        Ok(found)
    }
}

fn row(words: &str, one: &Measure) -> String {
    format!(
        "{words:<28}{:>10.4}{:>10.4}{:>10.4}{:>10}{:>10}\n",
        one.precision, one.recall, one.f1, one.linked, one.right
    )
}

fn in_words(whole: &Whole) -> String {
    let found = &whole.evaluation;
    let mut text = format!(
        "True pairs: {}; in the file of pairs: {}\n\n",
        found.true_pairs, found.found
    );
    text.push_str(&format!(
        "{:<28}{:>10}{:>10}{:>10}{:>10}{:>10}\n",
        "probability from", "precision", "recall", "F1", "linked", "right"
    ));
    for one in &found.thresholds {
        text.push_str(&row(&one.threshold.to_string(), one));
    }
    text.push_str(&row(
        &format!("best F1, from {:.6}", found.best.threshold),
        &found.best,
    ));
    match &found.recall_at_precision_999 {
        Some(one) => text.push_str(&row("precision at least 0.999", one)),
        None => text.push_str("No threshold reaches a precision of 0.999.\n"),
    }
    if let Some(blocking) = &whole.blocking {
        text.push_str(&format!(
            "\nNo pass proposed {} of {} true pairs.\n",
            blocking.lost, blocking.true_pairs
        ));
        for (pass, (proposed, alone)) in &blocking.passes {
            text.push_str(&format!(
                "{proposed:>10} proposed, {alone:>8} by this pass alone: {pass}\n"
            ));
        }
    }
    text
}
