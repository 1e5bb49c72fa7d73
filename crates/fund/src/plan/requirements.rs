//! The other checks of a condition: parts of a plan, signatures, answers, metrics, performance.
//!
//! Source: RULES C.3 to C.5, C.8.

use super::check::{Finding, Verdict};
use super::{Plan, PlanPartnerKind};
use crate::payment_for_performance::payments;
use crate::period::{Condition, PerformanceRule, Period};
use crate::sign_off;
use crate::words::list_of;

/// The plan names its board, its partners, its income and its schemes.
pub(super) fn has_its_parts(plan: &Plan) -> Finding {
    let of = |kind| plan.partners.iter().any(|partner| partner.kind == kind);
    let missing: Vec<&str> = [
        (!plan.board.is_empty(), "the health and wellbeing board"),
        (of(PlanPartnerKind::Council), "a council among the partners"),
        (
            of(PlanPartnerKind::IntegratedCareBoard),
            "an integrated care board among the partners",
        ),
        (!plan.income.is_empty(), "income"),
        (!plan.lines.is_empty(), "expenditure"),
    ]
    .into_iter()
    .filter_map(|(there, what)| (!there).then_some(what))
    .collect();
    if missing.is_empty() {
        Finding::met("board, partners, income and expenditure are there")
    } else {
        Finding::not_met(format!("missing: {}", list_of(&missing)), Vec::new())
    }
}

/// Everybody has signed whom the year asks.
pub(super) fn signed(plan: &Plan, period: &Period) -> Finding {
    let of = |kind| -> Vec<&str> {
        plan.partners
            .iter()
            .filter(|partner| partner.kind == kind)
            .map(|partner| partner.name.as_str())
            .collect()
    };
    let round = plan
        .years
        .first()
        .and_then(|year| period.rounds.iter().find(|round| round.year == *year));
    let chain = sign_off::chain(
        &period.sign_off,
        round,
        &of(PlanPartnerKind::Council),
        &of(PlanPartnerKind::IntegratedCareBoard),
        &plan.signatures,
    );
    let rests_on = if period.sign_off.origin.is_memory() {
        vec![format!("who signs in {}", period.title)]
    } else {
        Vec::new()
    };
    let (verdict, why) = if !chain.missing.is_empty() {
        (Verdict::NotMet, chain.missing.join("; "))
    } else if !chain.unknown.is_empty() {
        let why = format!("not established: {}", chain.unknown.join("; "));
        (Verdict::CannotTell, why)
    } else {
        let why = format!("{} signatures are there", chain.at.len());
        (Verdict::Met, why)
    };
    Finding {
        verdict,
        why,
        lines: chain.at,
        rests_on,
    }
}

/// The plan's own answer to a condition.
pub(super) fn answered(plan: &Plan, condition: &Condition) -> Finding {
    let answers: Vec<_> = plan
        .answers
        .iter()
        .filter(|answer| answer.condition == condition.id)
        .collect();
    let lines: Vec<String> = answers.iter().map(|answer| answer.at.clone()).collect();
    if answers.is_empty() {
        return Finding::cannot_tell(
            format!("the plan has no answer for condition {}", condition.id),
            lines,
        );
    }
    let noes: Vec<String> = answers
        .iter()
        .filter(|answer| !answer.yes)
        .map(|answer| answer.at.clone())
        .collect();
    if noes.is_empty() {
        Finding {
            lines,
            ..Finding::met("the plan's own answer is yes")
        }
    } else {
        Finding::not_met("the plan's own answer is no", noes)
    }
}

/// Every headline metric has a planned value.
pub(super) fn metrics(plan: &Plan, period: &Period) -> Finding {
    let mut rests_on = Vec::new();
    let mut missing = Vec::new();
    let mut lines = Vec::new();
    for metric in period.headline_metrics() {
        let planned = plan.metrics.iter().find(|planned| {
            planned.key == metric.key && planned.values.iter().any(|v| !v.trim().is_empty())
        });
        match planned {
            Some(planned) => lines.push(planned.at.clone()),
            None => missing.push(metric.title.as_str()),
        }
        if metric.origin.is_memory() {
            rests_on.push(format!("metric {}", metric.key));
        }
    }
    let found = if period.headline_metrics().next().is_none() {
        Finding::cannot_tell("the metrics of the period are not established", Vec::new())
    } else if missing.is_empty() {
        Finding {
            lines,
            ..Finding::met("every headline metric has a plan")
        }
    } else {
        Finding::not_met(format!("without a plan: {}", list_of(&missing)), Vec::new())
    };
    Finding { rests_on, ..found }
}

/// Demand and capacity of intermediate care are there.
pub(super) fn capacity_and_demand(plan: &Plan) -> Finding {
    match plan.capacity_and_demand {
        Some(true) => Finding::met("demand and capacity of intermediate care are there"),
        Some(false) => Finding::not_met(
            "the plan says that demand and capacity are not there",
            Vec::new(),
        ),
        None => Finding::cannot_tell(
            "the plan does not say whether demand and capacity are there (capacity_and_demand)",
            Vec::new(),
        ),
    }
}

/// The planned fall in admissions is at least the least, and fits the money set aside.
pub(super) fn performance(plan: &Plan, rule: Option<&PerformanceRule>) -> Finding {
    let Some(rule) = rule else {
        return Finding::cannot_tell("the period has no payment for performance", Vec::new());
    };
    let Some(promised) = &plan.performance else {
        return Finding::cannot_tell("the plan has no [performance]", Vec::new());
    };
    let mut rests_on = Vec::new();
    if rule.value_origin.is_memory() && promised.value == rule.value {
        rests_on.push(format!(
            "the value of an admission avoided ({})",
            rule.value
        ));
    }
    let found = match payments(promised) {
        Err(error) => Finding::not_met(error.to_string(), Vec::new()),
        Ok(paid) if paid.reduction < rule.least_reduction => Finding::not_met(
            format!(
                "admissions are planned to fall by {}, less than {}",
                paid.reduction, rule.least_reduction
            ),
            Vec::new(),
        ),
        Ok(paid) => Finding::met(format!(
            "admissions are planned to fall by {}; {} depends on it",
            paid.reduction, paid.fund
        )),
    };
    Finding { rests_on, ..found }
}
