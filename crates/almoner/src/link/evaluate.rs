//! `almoner link evaluate`.

use crate::Format;
use crate::failure::Failure;
use clap::Args;
use linkage::blocking::Blocks;
use linkage::evaluate::{Evaluation, Measure, Truth, evaluate, pairs, truth};
use linkage::{Config, Table};
use serde::Serialize;
use std::collections::{BTreeMap, HashMap};
use std::fmt::Write;
use std::path::PathBuf;

/// Measure pairs against the truth: precision, recall and F1 by threshold.
///
/// The truth is a CSV of pairs (left,right) or of records with the person they belong to
/// (id,person or id,cluster). With --records it also says how many true pairs no pass
/// proposed, and which pass came nearest.
///
/// Example: almoner link evaluate pairs.csv --truth truth.csv
#[derive(Args)]
#[command(
    after_help = "Example: almoner link evaluate pairs.csv --truth truth.csv --records people.csv"
)]
pub(crate) struct Evaluate {
    /// The pairs that `almoner link` wrote.
    pairs: PathBuf,
    /// The truth.
    #[arg(long, value_name = "CSV")]
    truth: PathBuf,
    /// The file that was linked, to see where blocking lost pairs; twice if there were two.
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
#[derive(Debug, Default, PartialEq, Eq, Serialize)]
struct Blocking {
    /// True pairs whose two records are in the files.
    true_pairs: usize,
    /// Of them, those that no pass proposed.
    lost: usize,
    /// What each pass did for the true pairs.
    passes: BTreeMap<String, Proposed>,
    /// The lost pairs by the pass that came nearest.
    nearest: Vec<Nearest>,
}

/// What a pass did.
#[derive(Debug, Default, PartialEq, Eq, Serialize)]
struct Proposed {
    /// True pairs that it proposed.
    proposed: usize,
    /// Those that no other pass proposed.
    alone: usize,
}

/// Lost pairs that agree on all keys of a pass but these.
#[derive(Debug, PartialEq, Eq, Serialize)]
struct Nearest {
    pass: String,
    differs: String,
    pairs: usize,
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
        let refused = |path: &PathBuf, error: linkage::Error| {
            Failure::Refused(format!("{}: {error}", path.display()))
        };
        let truth = truth(&super::bytes(&self.truth)?).map_err(|e| refused(&self.truth, e))?;
        let pairs = pairs(&super::bytes(&self.pairs)?).map_err(|e| refused(&self.pairs, e))?;
        let blocking = if self.records.is_empty() {
            None
        } else {
            Some(self.blocking(&truth)?)
        };
        let whole = Whole {
            evaluation: evaluate(&pairs, &truth),
            blocking,
        };
        match self.format {
            Format::Json => println!("{}", serde_json::to_string_pretty(&whole)?),
            Format::Text | Format::Csv => print!("{}", in_words(&whole)),
        }
        Ok(())
    }

    fn blocking(&self, truth: &Truth) -> Result<Blocking, Failure> {
        let config = super::config(self.config.as_deref())?;
        let (table, _) = super::table(&self.records, &config)?;
        let blocks = blocks(&table, &config)?;
        let places: HashMap<&str, u32> = (0_u32..)
            .take(table.len())
            .map(|record| (table.id(record), record))
            .collect();
        let mut found = Blocking::default();
        let mut lost = Vec::new();
        for (one, other) in truth {
            let (Some(one), Some(other)) = (places.get(one.as_str()), places.get(other.as_str()))
            else {
                continue;
            };
            found.true_pairs += 1;
            let proposing = blocks.proposing(*one, *other);
            if proposing.is_empty() {
                lost.push((*one, *other));
            }
            for pass in &proposing {
                let entry = found.passes.entry((*pass).to_owned()).or_default();
                entry.proposed += 1;
                entry.alone += usize::from(proposing.len() == 1);
            }
        }
        found.lost = lost.len();
        found.nearest = nearest(&table, &config, &lost)?;
        Ok(found)
    }
}

fn blocks(table: &Table, config: &Config) -> Result<Blocks, Failure> {
    Blocks::make(table, config).map_err(|error| Failure::Usage(error.to_string()))
}

/// For each lost pair the pass with the fewest keys on which the two differ, the first of
/// several; counted, the most frequent first. Each key alone is a pass of its own here.
fn nearest(table: &Table, config: &Config, lost: &[(u32, u32)]) -> Result<Vec<Nearest>, Failure> {
    if lost.is_empty() {
        return Ok(Vec::new());
    }
    let mut alone = config.clone();
    let mut keys: Vec<String> = config.passes.concat();
    keys.sort();
    keys.dedup();
    alone.passes = keys.into_iter().map(|key| vec![key]).collect();
    alone.block_cap = usize::MAX;
    let blocks = blocks(table, &alone)?;
    let mut counts: BTreeMap<(String, String), usize> = BTreeMap::new();
    for (one, other) in lost {
        let agreed = blocks.proposing(*one, *other);
        let differing = |pass: &Vec<String>| -> Vec<String> {
            let differs = |key: &&String| !agreed.contains(&key.as_str());
            pass.iter().filter(differs).cloned().collect()
        };
        let best = config
            .passes
            .iter()
            .min_by_key(|pass| differing(pass).len());
        if let Some(pass) = best {
            let entry = (pass.join(", "), differing(pass).join(", "));
            *counts.entry(entry).or_default() += 1;
        }
    }
    let mut all: Vec<Nearest> = counts
        .into_iter()
        .map(|((pass, differs), pairs)| Nearest {
            pass,
            differs,
            pairs,
        })
        .collect();
    all.sort_by_key(|one| std::cmp::Reverse(one.pairs));
    Ok(all)
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
    let _ = writeln!(
        text,
        "{:<28}{:>10}{:>10}{:>10}{:>10}{:>10}",
        "probability from", "precision", "recall", "F1", "linked", "right"
    );
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
        blocking_in_words(&mut text, blocking);
    }
    text
}

fn blocking_in_words(text: &mut String, blocking: &Blocking) {
    let _ = writeln!(
        text,
        "\nOf {} true pairs, blocking lost {}.",
        blocking.true_pairs, blocking.lost
    );
    for (pass, Proposed { proposed, alone }) in &blocking.passes {
        let _ = writeln!(
            text,
            "{proposed:>10} proposed, {alone:>8} by this pass alone: {pass}"
        );
    }
    for Nearest {
        pass,
        differs,
        pairs,
    } in blocking.nearest.iter().take(20)
    {
        let _ = writeln!(
            text,
            "{pairs:>10} lost, nearest to: {pass}. They differ in: {differs}"
        );
    }
}
