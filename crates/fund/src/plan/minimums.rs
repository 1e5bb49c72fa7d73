//! The minimum amounts: NHS contribution, social care, and NHS-commissioned care out of hospital.
//!
//! Source: RULES C.6, from memory, as printed on the workbook's summary:
//!
//! - out of hospital: of lines paid by the NHS minimum whose area is neither acute nor social
//!   care, the part that the NHS commissions (all, its percentage where it is joint, or none);
//! - social care: lines paid by the NHS minimum whose area is social care.
//!
//! Required are the amounts that were set for the area. Where the social care minimum of the plan
//! is not given, it is that of the year before and the year's growth, rounded up to the penny.

use super::check::{Finding, Verdict};
use super::{Area, Commissioner, Line, Plan, Source};
use crate::amount::Percent;
use crate::period::Period;
use kernel::Pence;

/// The NHS pays in at least what it must.
pub(super) fn nhs(plan: &Plan) -> Finding {
    let Some(required) = &plan.minimums.nhs else {
        return Finding::cannot_tell(
            "the minimum that was set for the area is not given (minimum, nhs)",
            Vec::new(),
        );
    };
    let lines = plan
        .income
        .iter()
        .filter(|income| income.source == Source::NhsMinimum)
        .map(|income| income.at.clone())
        .collect();
    let paid = |year| Some(plan.income_of(Source::NhsMinimum, year));
    compare(plan, |year| required.get(year).copied(), paid, lines)
}

/// Social care has at least its part of the NHS minimum.
pub(super) fn social_care(plan: &Plan, period: &Period) -> Finding {
    let (required, rests_on) = social_care_required(plan, period);
    let lines: Vec<&Line> = of_nhs_minimum(plan)
        .filter(|line| line.area == Area::SocialCare)
        .collect();
    let spent = |year| Some(sum(&lines, year));
    let at = places(&lines);
    let Some(required) = required else {
        return Finding::cannot_tell(
            "the minimum that was set for the area is not given (minimum, social_care), nor what \
             it was the year before (minimum, social_care_before) in a year whose growth is \
             established",
            at,
        );
    };
    Finding {
        rests_on,
        ..compare(plan, |year| required.get(year).copied(), spent, at)
    }
}

/// Required for social care by year, and what from memory that rests on.
fn social_care_required(plan: &Plan, period: &Period) -> (Option<Vec<Pence>>, Vec<String>) {
    if let Some(given) = &plan.minimums.social_care {
        return (Some(given.clone()), Vec::new());
    }
    let Some(mut amount) = plan.minimums.social_care_before else {
        return (None, Vec::new());
    };
    let mut required = Vec::new();
    let mut rests_on = Vec::new();
    for year in &plan.years {
        let Some(uplift) = period.uplift(year) else {
            return (None, Vec::new());
        };
        if uplift.origin.is_memory() {
            rests_on.push(format!(
                "growth of the minimum for social care into {year} ({})",
                uplift.percent
            ));
        }
        amount = grown(amount, uplift.percent);
        required.push(amount);
    }
    (Some(required), rests_on)
}

/// An amount and its growth, rounded up to the penny.
fn grown(amount: Pence, by: Percent) -> Pence {
    let whole = i128::from(Percent::WHOLE.millionths);
    let grown = i128::from(amount.0) * (whole + i128::from(by.millionths));
    Pence(i64::try_from((grown + whole - 1).div_euclid(whole)).unwrap_or(i64::MAX))
}

/// NHS-commissioned care out of hospital has at least its part.
pub(super) fn out_of_hospital(plan: &Plan) -> Finding {
    let lines: Vec<&Line> = of_nhs_minimum(plan)
        .filter(|line| !matches!(line.area, Area::Acute | Area::SocialCare))
        .filter(|line| line.commissioner != Commissioner::LocalAuthority)
        .collect();
    let at = places(&lines);
    let Some(required) = &plan.minimums.out_of_hospital else {
        return Finding::cannot_tell(
            "the minimum that was set for the area is not given (minimum, out_of_hospital)",
            at,
        );
    };
    let unsaid: Vec<&Line> = lines
        .iter()
        .copied()
        .filter(|line| line.commissioner == Commissioner::Joint && line.nhs_percent.is_none())
        .collect();
    let spent = |year| Some(commissioned(&lines, year));
    let found = compare(plan, |year| required.get(year).copied(), spent, at);
    if unsaid.is_empty() || found.verdict == Verdict::Met {
        return found;
    }
    Finding::cannot_tell(
        "joint lines do not say which part the NHS commissions (nhs_percent)",
        places(&unsaid),
    )
}

/// What of some lines the NHS commissions, rounded down to the penny once.
fn commissioned(lines: &[&Line], year: usize) -> Pence {
    let exact: i128 = lines
        .iter()
        .map(|line| {
            let part = match line.commissioner {
                Commissioner::Nhs => Percent::WHOLE,
                Commissioner::Joint => line.nhs_percent.unwrap_or_default(),
                Commissioner::LocalAuthority => Percent::default(),
            };
            let amount = line.amounts.get(year).copied().unwrap_or_default();
            i128::from(amount.0) * i128::from(part.millionths)
        })
        .sum();
    Pence(i64::try_from(exact / i128::from(Percent::WHOLE.millionths)).unwrap_or(i64::MAX))
}

fn of_nhs_minimum(plan: &Plan) -> impl Iterator<Item = &Line> {
    plan.lines
        .iter()
        .filter(|line| line.source == Source::NhsMinimum)
}

fn sum(lines: &[&Line], year: usize) -> Pence {
    lines
        .iter()
        .filter_map(|line| line.amounts.get(year).copied())
        .sum()
}

fn places(lines: &[&Line]) -> Vec<String> {
    lines.iter().map(|line| line.at.clone()).collect()
}

/// Year by year, whether there is as much as is required.
fn compare(
    plan: &Plan,
    required: impl Fn(usize) -> Option<Pence>,
    there: impl Fn(usize) -> Option<Pence>,
    lines: Vec<String>,
) -> Finding {
    let mut said = Vec::new();
    let mut met = true;
    for (at, year) in plan.years.iter().enumerate() {
        let (Some(required), Some(there)) = (required(at), there(at)) else {
            return Finding::cannot_tell(format!("nothing is given for {year}"), lines);
        };
        met &= there >= required;
        let than = if there >= required {
            "at least"
        } else {
            "less than"
        };
        said.push(format!("{year}: {there}, {than} the {required} required"));
    }
    Finding {
        verdict: if met { Verdict::Met } else { Verdict::NotMet },
        why: said.join("; "),
        lines,
        ..Finding::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn growth_is_rounded_up() {
        for (amount, millionths, expected) in [
            (10_000_000_000, 3_900_000, 10_390_000_000),
            (101, 3_900_000, 105),
            (100, 0, 100),
        ] {
            assert_eq!(
                grown(Pence(amount), Percent { millionths }),
                Pence(expected)
            );
        }
    }
}
