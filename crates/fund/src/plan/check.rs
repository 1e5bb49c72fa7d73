//! Whether a plan meets each condition: met, not met, or cannot tell.
//!
//! Source: RULES C.3; the conditions of a period and what each is checked by are in
//! `policy/fund/`.
//!
//! In words: a condition is met when everything it is checked by is; not met when one thing is
//! not; otherwise it cannot be told. A plan of which a part could not be read never meets a
//! condition about sums, because the missing part may be what matters. What rests on values from
//! memory says so.

use super::sums::Sum;
use super::{Plan, minimums, requirements, schemes, sums};
use crate::double_count::{Claim, DoubleCount, Savings, What, find, savings};
use crate::period::{Check, Condition, Period, Periods};
use crate::words::words;
use kernel::Pence;
use std::collections::BTreeMap;

words!(
    /// The answer to a condition.
    Verdict {
        /// It is met.
        Met = "met",
        /// It is not met.
        NotMet = "not met",
        /// What would tell is not there.
        CannotTell = "cannot tell",
    }
);

/// What a check found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The answer.
    pub verdict: Verdict,
    /// Why, with figures.
    pub why: String,
    /// Lines or cells behind it.
    pub lines: Vec<String>,
    /// Values from memory that it rests on.
    pub rests_on: Vec<String>,
}

impl Default for Finding {
    fn default() -> Self {
        Self::cannot_tell("", Vec::new())
    }
}

impl Finding {
    pub(super) fn met(why: impl Into<String>) -> Self {
        Self {
            verdict: Verdict::Met,
            why: why.into(),
            lines: Vec::new(),
            rests_on: Vec::new(),
        }
    }

    pub(super) fn not_met(why: impl Into<String>, lines: Vec<String>) -> Self {
        Self {
            verdict: Verdict::NotMet,
            why: why.into(),
            lines,
            rests_on: Vec::new(),
        }
    }

    pub(super) fn cannot_tell(why: impl Into<String>, lines: Vec<String>) -> Self {
        Self {
            verdict: Verdict::CannotTell,
            why: why.into(),
            lines,
            rests_on: Vec::new(),
        }
    }
}

/// A condition with its answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answered {
    /// Number of a national condition, or the short name of a check of its own.
    pub id: String,
    /// It, in words.
    pub title: String,
    /// What was found.
    pub finding: Finding,
}

/// Everything that a check of a plan says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// The period.
    pub period: String,
    /// National conditions, then checks of their own.
    pub conditions: Vec<Answered>,
    /// Income and expenditure by source and year.
    pub sums: Vec<Sum>,
    /// What is counted more than once.
    pub double_counts: Vec<DoubleCount>,
    /// Savings that are claimed, split.
    pub savings: Savings,
    /// What the period needs and nobody has established.
    pub unknown_parameters: Vec<String>,
    /// Values from memory that any answer rests on.
    pub rests_on: Vec<String>,
}

/// Why a plan cannot be checked at all.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CheckError {
    /// Its year is in no period on file.
    #[error(
        "years: there are no parameters for {0}; the years on file are {1}. Add the period to \
         policy/fund, or put the year right"
    )]
    NoPeriod(String, String),
    /// Its two years are of two periods.
    #[error("years: {0} and {1} are of two policy periods; a plan is for one")]
    TwoPeriods(String, String),
}

/// Checks a plan; `beside` are plans of other funds of the area, which may claim the same money.
///
/// # Errors
/// If its years are in no period on file, or in two.
pub fn check(plan: &Plan, beside: &[&Plan], periods: &Periods) -> Result<Report, CheckError> {
    let period = period_of(plan, periods)?;
    let mut conditions: Vec<Answered> = period
        .conditions
        .iter()
        .map(|condition| Answered {
            id: condition.id.clone(),
            title: condition.title.clone(),
            finding: together(
                condition
                    .checks
                    .iter()
                    .map(|one| run(*one, plan, period, condition)),
            ),
        })
        .collect();
    conditions.extend(own_checks(plan, period, periods));
    let mut rests_on: Vec<String> = conditions
        .iter()
        .flat_map(|one| one.finding.rests_on.iter().cloned())
        .collect();
    rests_on.sort();
    rests_on.dedup();
    Ok(Report {
        period: period.key.clone(),
        conditions,
        sums: sums::sums(plan),
        double_counts: double_counts(plan, beside),
        savings: savings(&plan.savings),
        unknown_parameters: unknown(period, plan),
        rests_on,
    })
}

/// The period that a plan's years are of.
fn period_of<'a>(plan: &Plan, periods: &'a Periods) -> Result<&'a Period, CheckError> {
    let mut found: Option<(&Period, &str)> = None;
    for year in &plan.years {
        let Some(period) = periods.of_year(year) else {
            let known: Vec<&str> = periods
                .all()
                .iter()
                .flat_map(|period| period.years.iter().map(String::as_str))
                .collect();
            return Err(CheckError::NoPeriod(year.clone(), known.join(", ")));
        };
        match found {
            Some((other, first)) if other.key != period.key => {
                return Err(CheckError::TwoPeriods(first.to_owned(), year.clone()));
            }
            _ => found = Some((period, year)),
        }
    }
    found
        .map(|(period, _)| period)
        .ok_or_else(|| CheckError::NoPeriod("no year".to_owned(), String::new()))
}

/// One check of a condition.
fn run(check: Check, plan: &Plan, period: &Period, condition: &Condition) -> Finding {
    let found = match check {
        Check::Plan => requirements::has_its_parts(plan),
        Check::SignOff => requirements::signed(plan, period),
        Check::Sums => sums::add_up(plan, period.tolerance),
        Check::DisabledFacilities => sums::passed_on(plan),
        Check::NhsMinimum => minimums::nhs(plan),
        Check::SocialCareMinimum => minimums::social_care(plan, period),
        Check::OutOfHospitalMinimum => minimums::out_of_hospital(plan),
        Check::Requirement => requirements::answered(plan, condition),
        Check::Metrics => requirements::metrics(plan, period),
        Check::CapacityAndDemand => requirements::capacity_and_demand(plan),
        Check::Performance => requirements::performance(plan, period.performance.as_ref()),
    };
    let of_sums = matches!(
        check,
        Check::Sums
            | Check::DisabledFacilities
            | Check::NhsMinimum
            | Check::SocialCareMinimum
            | Check::OutOfHospitalMinimum
    );
    if of_sums && !plan.unread.is_empty() {
        return Finding {
            verdict: Verdict::CannotTell,
            why: format!(
                "a part of the plan could not be read; of the rest: {}",
                found.why
            ),
            lines: plan.unread.clone(),
            rests_on: found.rests_on,
        };
    }
    found
}

/// All of several findings: the worst answer, with every reason.
fn together(findings: impl Iterator<Item = Finding>) -> Finding {
    let mut all = Finding::met("");
    let mut why = Vec::new();
    for found in findings {
        all.verdict = match (all.verdict, found.verdict) {
            (Verdict::NotMet, _) | (_, Verdict::NotMet) => Verdict::NotMet,
            (Verdict::CannotTell, _) | (_, Verdict::CannotTell) => Verdict::CannotTell,
            (Verdict::Met, Verdict::Met) => Verdict::Met,
        };
        why.push(if found.verdict == Verdict::Met {
            found.why
        } else {
            format!("{}: {}", found.verdict, found.why)
        });
        all.lines.extend(found.lines);
        all.rests_on.extend(found.rests_on);
    }
    all.why = why.join("; ");
    all
}

/// Checks that are shown by themselves, whichever condition they are of.
fn own_checks(plan: &Plan, period: &Period, periods: &Periods) -> Vec<Answered> {
    let own = |check: Check| {
        // Only `Check::Requirement` looks at the condition, and it is none of these.
        let none = Condition {
            id: String::new(),
            title: String::new(),
            checks: Vec::new(),
            origin: period.sign_off.origin.clone(),
        };
        run(check, plan, period, &none)
    };
    let mut all = vec![
        (
            "sums",
            "Income and expenditure are equal, by source",
            own(Check::Sums),
        ),
        ("sign-off", "Everybody has signed", own(Check::SignOff)),
        (
            "disabled-facilities-grant",
            "The disabled facilities grant is passed on in full",
            own(Check::DisabledFacilities),
        ),
        (
            "social-care-minimum",
            "Minimum for social care from the NHS contribution",
            own(Check::SocialCareMinimum),
        ),
        (
            "out-of-hospital-minimum",
            "Minimum for NHS-commissioned services out of hospital",
            own(Check::OutOfHospitalMinimum),
        ),
        (
            "scheme-types",
            "Scheme types, sub-types and units are of the year",
            schemes::lines_fit(plan, period, periods),
        ),
        (
            "metrics",
            "Every headline metric has a plan",
            own(Check::Metrics),
        ),
    ];
    if period.performance.is_some() {
        all.push((
            "performance",
            "Payment for performance is planned",
            own(Check::Performance),
        ));
    }
    all.into_iter()
        .map(|(id, title, finding)| Answered {
            id: id.to_owned(),
            title: title.to_owned(),
            finding,
        })
        .collect()
}

/// What nobody has established of a period, and what would be needed of its years.
fn unknown(period: &Period, plan: &Plan) -> Vec<String> {
    let mut all: Vec<String> = period
        .unknown
        .iter()
        .map(|unknown| format!("{} {}: {}", period.key, unknown.what, unknown.source))
        .collect();
    all.extend(
        period
            .money
            .iter()
            .filter(|money| money.amount.is_none() && plan.years.contains(&money.year))
            .map(|money| format!("{} {}: {}", money.year, money.item, money.origin.source)),
    );
    if period.scheme_types.is_none() && !period.unknown.iter().any(|one| one.what == "scheme types")
    {
        all.push(format!("{} scheme types: not established", period.key));
    }
    all
}

/// What the plan, or it and others, count more than once.
fn double_counts(plan: &Plan, beside: &[&Plan]) -> Vec<DoubleCount> {
    let mut claims = Vec::new();
    let mut wholes: BTreeMap<String, Pence> = BTreeMap::new();
    let several = !beside.is_empty();
    for (number, one) in std::iter::once(&plan).chain(beside).enumerate() {
        let fund = match (one.board.as_str(), several) {
            (board, false) => board.to_owned(),
            (board, true) => format!("{board} ({})", number + 1),
        };
        claims_of(one, &fund, &mut claims);
        wholes.extend(one.wholes.clone());
    }
    find(&claims, &wholes)
}

/// Everything that a plan claims. Of two years the first is looked at: a package that is paid for
/// in both is not counted twice.
fn claims_of(plan: &Plan, fund: &str, claims: &mut Vec<Claim>) {
    let mut claim = |what, reference: &str, scheme: &str, amount: Option<&Pence>, at: &str| {
        claims.push(Claim {
            what,
            reference: reference.to_owned(),
            fund: fund.to_owned(),
            scheme: scheme.to_owned(),
            amount: amount.copied().unwrap_or_default(),
            at: at.to_owned(),
        });
    };
    for income in &plan.income {
        let scheme = format!("{} of {}", income.source, income.from);
        claim(
            What::Grant,
            &income.grant,
            &scheme,
            income.amounts.first(),
            &income.at,
        );
    }
    for line in &plan.lines {
        let amount = line.amounts.first();
        for package in &line.packages {
            claim(What::Package, package, &line.scheme, amount, &line.at);
        }
        if line.packages.is_empty() && amount.is_some_and(|amount| amount.0 > 0) {
            let words = [
                line.name.as_str(),
                line.source.as_str(),
                &amount.copied().unwrap_or_default().to_string(),
            ]
            .join(" | ");
            claim(What::Alike, &words, &line.scheme, amount, &line.at);
        }
    }
    for saving in &plan.savings {
        let amount = Some(&saving.amount);
        claim(
            What::Saving,
            &saving.reference,
            &saving.scheme,
            amount,
            &saving.at,
        );
    }
}
