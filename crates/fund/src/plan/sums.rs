//! Income and expenditure by source, and the disabled facilities grant passed on.
//!
//! Source: RULES C.6 (sums by source, tolerance £1) and C.9 (the grant goes to districts in full,
//! unless they agree in writing to leave some).

use super::check::{Finding, Verdict};
use super::{Plan, Source};
use kernel::Pence;

/// Income and expenditure of a source in a year.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sum {
    /// The financial year.
    pub year: String,
    /// The source.
    pub source: Source,
    /// What comes in.
    pub income: Pence,
    /// What is spent.
    pub expenditure: Pence,
}

impl Sum {
    /// Income less expenditure.
    pub fn difference(&self) -> Pence {
        self.income - self.expenditure
    }
}

/// Every source that a plan has, by year.
pub fn sums(plan: &Plan) -> Vec<Sum> {
    let mut sums = Vec::new();
    for (at, year) in plan.years.iter().enumerate() {
        for source in Source::ALL.iter().copied() {
            let there = plan.income.iter().any(|income| income.source == source)
                || plan.lines.iter().any(|line| line.source == source);
            if there {
                sums.push(Sum {
                    year: year.clone(),
                    source,
                    income: plan.income_of(source, at),
                    expenditure: plan.spent_from(source, at),
                });
            }
        }
    }
    sums
}

/// For each source expenditure equals income, but for the tolerance.
pub(super) fn add_up(plan: &Plan, tolerance: Pence) -> Finding {
    let sums = sums(plan);
    if sums.is_empty() {
        return Finding::not_met("the plan has no income and no expenditure", Vec::new());
    }
    let wrong: Vec<&Sum> = sums
        .iter()
        .filter(|sum| sum.difference().0.abs() > tolerance.0)
        .collect();
    if wrong.is_empty() {
        let total: Pence = sums.iter().map(|sum| sum.income).sum();
        return Finding::met(format!("{total} comes in and is spent, source by source"));
    }
    let said: Vec<String> = wrong
        .iter()
        .map(|sum| {
            format!(
                "{} {}: {} comes in and {} is spent",
                sum.source, sum.year, sum.income, sum.expenditure
            )
        })
        .collect();
    let of = |source: Source| wrong.iter().any(|sum| sum.source == source);
    let lines = plan
        .income
        .iter()
        .filter(|income| of(income.source))
        .map(|income| income.at.clone())
        .chain(
            plan.lines
                .iter()
                .filter(|line| of(line.source))
                .map(|line| line.at.clone()),
        )
        .collect();
    Finding::not_met(said.join("; "), lines)
}

/// The grant goes to the housing authorities in full.
pub(super) fn passed_on(plan: &Plan) -> Finding {
    let lines: Vec<String> = plan
        .districts
        .iter()
        .map(|district| district.at.clone())
        .chain(plan.kept_back.iter().map(|kept| kept.at.clone()))
        .collect();
    match plan.two_tiers {
        None if plan.districts.is_empty() => {
            return Finding::cannot_tell(
                "the plan does not say whether the county has district councils (two_tiers)",
                lines,
            );
        }
        Some(false) if plan.districts.is_empty() => {
            return Finding::met("the council is itself the housing authority");
        }
        _ => {}
    }
    let mut said = Vec::new();
    for (at, year) in plan.years.iter().enumerate() {
        let grant = plan.income_of(Source::DisabledFacilities, at);
        let sum = |amounts: &[Pence]| amounts.get(at).copied().unwrap_or_default();
        let passed: Pence = plan.districts.iter().map(|one| sum(&one.amounts)).sum();
        let kept = plan
            .kept_back
            .as_ref()
            .map_or(Pence(0), |kept| sum(&kept.amounts));
        if passed + kept != grant {
            said.push(format!(
                "{year}: of {grant} districts get {passed}, and {kept} is kept with their consent"
            ));
        }
    }
    if said.is_empty() {
        Finding {
            lines,
            ..Finding::met("districts get the grant in full, or agreed in writing to leave some")
        }
    } else {
        Finding {
            verdict: Verdict::NotMet,
            why: said.join("; "),
            lines,
            ..Finding::default()
        }
    }
}
