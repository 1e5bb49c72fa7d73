//! `almoner fund plan`: Better Care Fund plans, as files and in the store.

mod keep;

use super::read;
use crate::Format;
use crate::failure::Failure;
use crate::load::quoted;
use crate::open::At;
use clap::{Args, Subcommand};
use fund::double_count::DoubleCount;
use fund::ledger::Code;
use fund::period::Periods;
use fund::plan::Plan;
use fund::plan::changed::{Change, changes};
use fund::plan::check::{Report, check};
use kernel::{Issue, Severity};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};

/// Better Care Fund plans.
///
/// Example: almoner fund plan check plan.xlsx --format json
#[derive(Args)]
pub(super) struct Plans {
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand)]
enum What {
    /// Whether a plan meets each condition: met, not met, or cannot tell.
    Check {
        /// The plan, as TOML or as the planning workbook (.xlsx).
        #[arg(value_name = "FILE")]
        file: PathBuf,
        /// Plans of other funds of the area: money that both count is found.
        #[arg(long, value_name = "FILE")]
        beside: Vec<PathBuf>,
        /// How to print.
        #[arg(long, value_enum, default_value = "text")]
        format: Format,
    },
    /// What changed from one plan to another.
    Changed {
        /// The earlier plan.
        #[arg(value_name = "OLD")]
        old: PathBuf,
        /// The later plan.
        #[arg(value_name = "NEW")]
        new: PathBuf,
        /// How to print.
        #[arg(long, value_enum, default_value = "text")]
        format: Format,
    },
    /// Keep a plan as the next version of a fund's plan, and tell what changed.
    ///
    /// What of it can be read is kept, and the rest told; exit 3 if anything was not. A file of which nothing can be used makes
    /// no version; it is kept among the refused: almoner fund files --refused.
    ///
    /// Example: almoner fund plan keep plan.xlsx --fund bcf
    Keep {
        /// The plan, as TOML or as the planning workbook (.xlsx).
        #[arg(value_name = "FILE")]
        file: PathBuf,
        /// Code of the fund; needed unless one fund has an agreement.
        #[arg(long, value_name = "CODE")]
        fund: Option<Code>,
        /// How to print.
        #[arg(long, value_enum, default_value = "text")]
        format: Format,
    },
    /// The versions of plans that are kept, with what changed from one to the next.
    ///
    /// Example: almoner fund plan versions --format csv
    Versions {
        /// Code of the fund. Default: every fund.
        #[arg(long, value_name = "CODE")]
        fund: Option<Code>,
        /// How to print.
        #[arg(long, value_enum, default_value = "text")]
        format: Format,
    },
}

/// A plan as it was read, with what was wrong.
struct Read {
    plan: Option<Plan>,
    issues: Vec<Issue>,
}

impl Read {
    /// Reads a plan of either kind, told apart by its first bytes.
    fn file(path: &Path, periods: &Periods) -> Result<Self, Failure> {
        let (plan, issues) = app::fund::read_plan(&read::bytes(path)?, periods);
        Ok(Self { plan, issues })
    }

    /// Tells what was wrong on standard error.
    fn tell(&self, path: &Path) {
        for issue in &self.issues {
            eprintln!("almoner: {}: {issue}", path.display());
        }
    }

    /// True if a part or all of it could not be used.
    fn refused(&self) -> bool {
        self.plan.is_none()
            || self
                .issues
                .iter()
                .any(|issue| issue.severity != Severity::Note)
    }
}

impl Plans {
    pub(super) fn run(&self, at: &At) -> Result<(), Failure> {
        match &self.what {
            What::Check {
                file,
                beside,
                format,
            } => checked(file, beside, *format, &read::periods(at)?),
            What::Changed { old, new, format } => changed(old, new, *format, &read::periods(at)?),
            What::Keep { file, fund, format } => keep::keep(file, fund.as_ref(), *format, at),
            What::Versions { fund, format } => keep::versions(fund.as_ref(), *format, at),
        }
    }
}

fn checked(
    file: &Path,
    beside: &[PathBuf],
    format: Format,
    periods: &Periods,
) -> Result<(), Failure> {
    let read = Read::file(file, periods)?;
    read.tell(file);
    let Some(plan) = &read.plan else {
        return Err(Failure::Rejected);
    };
    let mut refused = read.refused();
    let mut others = Vec::new();
    for path in beside {
        let other = Read::file(path, periods)?;
        other.tell(path);
        refused |= other.refused();
        others.extend(other.plan);
    }
    let others: Vec<&Plan> = others.iter().collect();
    let report = check(plan, &others, periods)
        .map_err(|error| Failure::Refused(format!("{}: {error}", file.display())))?;
    match format {
        Format::Json => println!("{}", as_json(&report, &read.issues)),
        Format::Csv => print!("{}", csv(&report)),
        Format::Text => print!("{}", in_words(&report)),
    }
    if !report.rests_on.is_empty() {
        eprintln!(
            "almoner: check: rests on values from memory ({})",
            report.rests_on.join(", ")
        );
    }
    if refused {
        Err(Failure::Rejected)
    } else {
        Ok(())
    }
}

fn changed(old: &Path, new: &Path, format: Format, periods: &Periods) -> Result<(), Failure> {
    let (before, after) = (Read::file(old, periods)?, Read::file(new, periods)?);
    before.tell(old);
    after.tell(new);
    let (Some(first), Some(second)) = (&before.plan, &after.plan) else {
        return Err(Failure::Rejected);
    };
    let found = changes(first, second);
    match format {
        Format::Json => println!("{}", changes_json(&found)),
        Format::Csv => print!("{}", changes_csv(&found)),
        Format::Text => print!("{}", changes_text(&found)),
    }
    if before.refused() || after.refused() {
        Err(Failure::Rejected)
    } else {
        Ok(())
    }
}

fn double_count(one: &DoubleCount) -> Value {
    let claims: Value = one
        .claims
        .iter()
        .map(|claim| {
            json!({
                "fund": claim.fund, "scheme": claim.scheme, "amount": claim.amount.0,
                "at": claim.at,
            })
        })
        .collect();
    json!({
        "what": one.what.as_str(),
        "reference": one.reference,
        "claimed": one.claimed.0,
        "whole": one.whole.0,
        "twice": one.twice().0,
        "claims": claims,
    })
}

/// Pence throughout.
fn as_json(report: &Report, issues: &[Issue]) -> Value {
    let conditions: Value = report
        .conditions
        .iter()
        .map(|one| {
            json!({
                "id": one.id,
                "title": one.title,
                "verdict": one.finding.verdict.as_str(),
                "why": one.finding.why,
                "lines": one.finding.lines,
            })
        })
        .collect();
    let sums: Value = report
        .sums
        .iter()
        .map(|sum| {
            json!({
                "source": sum.source.as_str(),
                "income": sum.income.0,
                "expenditure": sum.expenditure.0,
                "difference": sum.difference().0,
                "year": sum.year,
            })
        })
        .collect();
    let issues: Value = issues
        .iter()
        .map(|issue| json!({"at": issue.path, "code": issue.code, "text": issue.text}))
        .collect();
    let double_counts: Value = report.double_counts.iter().map(double_count).collect();
    json!({
        "period": report.period,
        "conditions": conditions,
        "sums": sums,
        "double_counts": double_counts,
        "unknown_parameters": report.unknown_parameters,
        "savings": {
            "cashable": report.savings.cashable.0,
            "not_cashable": report.savings.not_cashable.0,
        },
        "rests_on": report.rests_on,
        "issues": issues,
    })
}

fn csv(report: &Report) -> String {
    let mut text = "id,title,verdict,why,lines\n".to_owned();
    for one in &report.conditions {
        let lines = one.finding.lines.join("; ");
        let cells = [
            one.id.as_str(),
            &one.title,
            one.finding.verdict.as_str(),
            &one.finding.why,
            &lines,
        ];
        text.push_str(&cells.map(quoted).join(","));
        text.push('\n');
    }
    text
}

fn in_words(report: &Report) -> String {
    let mut text = format!("Better Care Fund plan, period {}\n\n", report.period);
    for one in &report.conditions {
        let finding = &one.finding;
        text += &format!(
            "{:<12}{} {}\n            {}\n",
            finding.verdict.as_str(),
            one.id,
            one.title,
            finding.why
        );
        if !finding.lines.is_empty() {
            text += &format!("            See {}\n", finding.lines.join(", "));
        }
    }
    text += "\nIncome and expenditure by source\n";
    for sum in &report.sums {
        text += &format!(
            "{} {}: {} in, {} out, difference {}\n",
            sum.year,
            sum.source,
            sum.income,
            sum.expenditure,
            sum.difference()
        );
    }
    if !report.double_counts.is_empty() {
        text += "\nCounted more than once\n";
    }
    for one in &report.double_counts {
        let at: Vec<&str> = one.claims.iter().map(|claim| claim.at.as_str()).collect();
        text += &format!(
            "{} {}: {} claimed of {}, {} too much; see {}\n",
            one.what,
            one.reference,
            one.claimed,
            one.whole,
            one.twice(),
            at.join(", ")
        );
    }
    let savings = report.savings;
    if savings.cashable.0 + savings.not_cashable.0 > 0 {
        text += &format!(
            "\nSavings: {} that can be spent elsewhere, {} that cannot\n",
            savings.cashable, savings.not_cashable
        );
    }
    if !report.unknown_parameters.is_empty() {
        text += "\nNot established\n";
    }
    for unknown in &report.unknown_parameters {
        text += &format!("{unknown}\n");
    }
    text
}

fn changes_json(found: &[Change]) -> Value {
    let all: Value = found
        .iter()
        .map(|one| {
            json!({
                "part": one.part, "which": one.which, "before": one.before, "after": one.after,
            })
        })
        .collect();
    json!({ "changes": all })
}

fn changes_csv(found: &[Change]) -> String {
    let mut text = "part,which,before,after\n".to_owned();
    for one in found {
        let cells = [one.part, &one.which, &one.before, &one.after];
        text.push_str(&cells.map(quoted).join(","));
        text.push('\n');
    }
    text
}

fn changes_text(found: &[Change]) -> String {
    if found.is_empty() {
        return "Nothing changed.\n".to_owned();
    }
    let shown = |text: &str| if text.is_empty() { "not there" } else { text }.to_owned();
    found
        .iter()
        .map(|one| {
            format!(
                "{} {}: {}, then {}\n",
                one.part,
                one.which,
                shown(&one.before),
                shown(&one.after)
            )
        })
        .collect()
}
