//! `almoner fund share` and `almoner fund words`: an agreement's shares, and the agreement in words.

use super::read;
use crate::Format;
use crate::failure::Failure;
use crate::load::quoted;
use clap::Args;
use fund::agreement::{Agreement, in_words};
use fund::share::{Held, Shares, outturn, shares, text};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};

/// Each partner's share of an overspend or underspend, with every step.
///
/// Example: almoner fund share section75.toml --outturn outturn.csv --format json
#[derive(Args)]
pub(super) struct Share {
    /// The agreement (see docs/reference/section75.md).
    #[arg(value_name = "AGREEMENT.toml")]
    agreement: PathBuf,
    /// What was spent: scheme,amount and where needed origin,contribution.
    #[arg(long, value_name = "OUTTURN.csv")]
    outturn: PathBuf,
    /// How to print.
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
}

/// An agreement in plain words.
///
/// Example: almoner fund words section75.toml
#[derive(Args)]
pub(super) struct Words {
    /// The agreement (see docs/reference/section75.md).
    #[arg(value_name = "AGREEMENT.toml")]
    agreement: PathBuf,
}

fn agreement(path: &Path) -> Result<Agreement, Failure> {
    let text = read::text(path)?;
    fund::agreement::read(&text).map_err(|faults| read::refused(path, &faults))
}

impl Words {
    pub(super) fn run(&self) -> Result<(), Failure> {
        print!("{}", in_words::whole(&agreement(&self.agreement)?));
        Ok(())
    }
}

impl Share {
    pub(super) fn run(&self) -> Result<(), Failure> {
        let agreement = agreement(&self.agreement)?;
        let spent = read::text(&self.outturn)?;
        let spent = outturn::read(&spent, &agreement)
            .map_err(|faults| read::refused(&self.outturn, &faults))?;
        let shares =
            shares(&agreement, &spent).map_err(|error| Failure::Refused(error.to_string()))?;
        // Never shown unless it adds up.
        shares.verify().map_err(Failure::Failed)?;
        match self.format {
            Format::Json => println!("{}", as_json(&shares)),
            Format::Csv => print!("{}", csv(&shares)),
            Format::Text => print!("{}", text::explained(&agreement.title, &shares)),
        }
        Ok(())
    }
}

fn held(all: &[Held]) -> Value {
    all.iter()
        .map(|one| json!({"of": one.of, "amount": one.amount.0, "why": one.why}))
        .collect()
}

/// Pence throughout.
fn as_json(shares: &Shares) -> Value {
    let partners: Value = shares
        .partners
        .iter()
        .map(|one| {
            let steps: Value = one
                .steps
                .iter()
                .map(|step| {
                    json!({
                        "of": step.of, "rule": step.rule, "amount": step.amount.0, "why": step.why,
                    })
                })
                .collect();
            json!({
                "name": one.name,
                "contribution": one.contribution.0,
                "share": one.share.0,
                "steps": steps,
                "key": one.partner.as_str(),
            })
        })
        .collect();
    json!({
        "partners": partners,
        "total": shares.total.0,
        "undecided": held(&shares.undecided),
        "retained": held(&shares.retained),
    })
}

/// A row a step; pence.
fn csv(shares: &Shares) -> String {
    let mut text = "partner,of,rule,amount,why\n".to_owned();
    let mut row = |partner: &str, of: &str, rule: &str, amount: i64, why: &str| {
        let cells = [partner, of, rule, &amount.to_string(), why].map(quoted);
        text.push_str(&cells.join(","));
        text.push('\n');
    };
    for one in &shares.partners {
        for step in &one.steps {
            row(&one.name, &step.of, &step.rule, step.amount.0, &step.why);
        }
    }
    for (name, all) in [
        ("undecided", &shares.undecided),
        ("retained", &shares.retained),
    ] {
        for one in all {
            row("", &one.of, name, one.amount.0, &one.why);
        }
    }
    text
}
