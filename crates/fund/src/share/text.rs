//! Shares in words: what each partner pays or has back, and every step of it.

use super::{Held, Shares};
use kernel::Pence;
use std::fmt::Write;

/// `overspent by £10`, `underspent by £10`, or `on budget`.
fn variance(amount: Pence) -> String {
    match amount.0 {
        0 => "on budget".to_owned(),
        1.. => format!("overspent by {amount}"),
        _ => format!("underspent by {}", -amount),
    }
}

/// `pays £6 more`, `has £6 back` or `pays nothing more`.
fn paid(amount: Pence) -> String {
    match amount.0 {
        0 => "pays nothing more and has nothing back".to_owned(),
        1.. => format!("pays {amount} more"),
        _ => format!("has {} back", -amount),
    }
}

/// A worked explanation, for reading.
pub fn explained(title: &str, shares: &Shares) -> String {
    let mut text = format!("{title}: {}\n", variance(shares.total));
    for one in &shares.partners {
        // Writing to a String cannot fail.
        let _ = writeln!(
            text,
            "\n{} (pays in {}): {}",
            one.name,
            one.contribution,
            paid(one.share)
        );
        for step in &one.steps {
            let _ = writeln!(
                text,
                "  {}: {} - {} [{}]",
                step.of, step.amount, step.why, step.rule
            );
        }
    }
    held(&mut text, "Undecided", &shares.undecided);
    held(&mut text, "Stays in the fund", &shares.retained);
    text
}

fn held(text: &mut String, heading: &str, all: &[Held]) {
    if all.is_empty() {
        return;
    }
    let sum: Pence = all.iter().map(|one| one.amount).sum();
    let _ = writeln!(text, "\n{heading}: {sum}");
    for one in all {
        let _ = writeln!(text, "  {}: {} - {}", one.of, one.amount, one.why);
    }
}
