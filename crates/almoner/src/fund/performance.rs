//! `almoner fund p4p`: the payment for performance of 2015/16.

use super::read;
use crate::Format;
use crate::failure::Failure;
use crate::load::quoted;
use crate::open::At;
use clap::Args;
use fund::payment_for_performance::{self, Payments, payments};
use kernel::Pence;
use serde_json::{Value, json};
use std::path::PathBuf;

/// What the payment for performance of 2015/16 pays by quarter.
///
/// Example: almoner fund p4p admissions.toml --format json
#[derive(Args)]
pub(super) struct Performance {
    /// Baseline, plan and actual admissions (see docs/reference/better-care-fund-plans.md).
    #[arg(value_name = "FILE.toml")]
    file: PathBuf,
    /// How to print.
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
}

impl Performance {
    pub(super) fn run(&self, at: &At) -> Result<(), Failure> {
        let periods = read::periods(at)?;
        let rule = periods
            .all()
            .iter()
            .find_map(|period| period.performance.as_ref())
            .ok_or_else(|| {
                Failure::Refused("no period has a payment for performance".to_owned())
            })?;
        let text = read::text(&self.file)?;
        let promised = payment_for_performance::read(&text, rule.value)
            .map_err(|faults| read::refused(&self.file, &faults))?;
        let paid = payments(&promised)
            .map_err(|error| Failure::Refused(format!("{}: {error}", self.file.display())))?;
        match self.format {
            Format::Json => println!("{}", as_json(&paid)),
            Format::Csv => print!("{}", csv(&paid)),
            Format::Text => print!("{}", in_words(&paid)),
        }
        if paid.reduction < rule.least_reduction {
            eprintln!(
                "almoner: check: a fall of {} is less than the {} that was asked for",
                paid.reduction, rule.least_reduction
            );
        }
        if rule.value_origin.is_memory() && promised.value == rule.value {
            eprintln!(
                "almoner: check: rests on values from memory (value of an admission avoided, {})",
                rule.value
            );
        }
        Ok(())
    }
}

/// Pence throughout; a quarter that is not over is null.
fn as_json(paid: &Payments) -> Value {
    let pence = |amount: Option<Pence>| amount.map(|amount| amount.0);
    json!({
        "fund": paid.fund.0,
        "payments": paid.payments.map(pence),
        "unreleased": paid.unreleased.0,
        "reduction_percent": paid.reduction.to_string().trim_end_matches('%'),
        "out_of_hospital": pence(paid.out_of_hospital),
    })
}

fn csv(paid: &Payments) -> String {
    let mut text = "quarter,payment\n".to_owned();
    for (at, payment) in paid.payments.iter().enumerate() {
        let payment = payment.map_or(String::new(), |payment| payment.0.to_string());
        text.push_str(&format!("{},{}\n", at + 1, quoted(&payment)));
    }
    text
}

fn in_words(paid: &Payments) -> String {
    let mut text = format!(
        "Fund: {}, for a planned fall of {}\n",
        paid.fund, paid.reduction
    );
    for (at, payment) in paid.payments.iter().enumerate() {
        let payment = payment.map_or("not over yet".to_owned(), |payment| payment.to_string());
        text.push_str(&format!("Quarter {}: {payment}\n", at + 1));
    }
    text.push_str(&format!(
        "Not released: {}. It stays with the NHS.\n",
        paid.unreleased
    ));
    text
}
