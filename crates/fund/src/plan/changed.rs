//! What changed between two plans, in words and as data.

use super::{Line, Plan};
use kernel::Pence;
use std::collections::BTreeMap;

/// One thing that changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// What: `income`, `scheme`, `minimum`, `signature`, `answer`, `metric` or `plan`.
    pub part: &'static str,
    /// Which one.
    pub which: String,
    /// What it was; empty if it was not there.
    pub before: String,
    /// What it is; empty if it is no longer there.
    pub after: String,
}

/// Everything that changed, by part and name.
pub fn changes(old: &Plan, new: &Plan) -> Vec<Change> {
    let mut all = Vec::new();
    let mut compare = |part, before: BTreeMap<String, String>, after: BTreeMap<String, String>| {
        let mut keys: Vec<&String> = before.keys().chain(after.keys()).collect();
        keys.sort();
        keys.dedup();
        for key in keys {
            let at = |map: &BTreeMap<String, String>| map.get(key).cloned().unwrap_or_default();
            let (before, after) = (at(&before), at(&after));
            if before != after {
                all.push(Change {
                    part,
                    which: key.clone(),
                    before,
                    after,
                });
            }
        }
    };
    compare("plan", head(old), head(new));
    compare("income", income(old), income(new));
    compare("scheme", schemes(old), schemes(new));
    compare("district", districts(old), districts(new));
    compare("minimum", minimums(old), minimums(new));
    compare("answer", answers(old), answers(new));
    compare("signature", signatures(old), signatures(new));
    compare("metric", metrics(old), metrics(new));
    all
}

fn written(amounts: &[Pence]) -> String {
    let all: Vec<String> = amounts.iter().map(ToString::to_string).collect();
    all.join(" then ")
}

/// Adds amounts, year by year.
fn add(sums: &mut Vec<Pence>, amounts: &[Pence]) {
    if sums.len() < amounts.len() {
        sums.resize(amounts.len(), Pence(0));
    }
    for (sum, amount) in sums.iter_mut().zip(amounts) {
        *sum = *sum + *amount;
    }
}

fn summed<'a>(parts: impl Iterator<Item = (String, &'a [Pence])>) -> BTreeMap<String, String> {
    let mut sums: BTreeMap<String, Vec<Pence>> = BTreeMap::new();
    for (key, amounts) in parts {
        add(sums.entry(key).or_default(), amounts);
    }
    sums.into_iter()
        .map(|(key, amounts)| (key, written(&amounts)))
        .collect()
}

fn head(plan: &Plan) -> BTreeMap<String, String> {
    [
        ("board", plan.board.clone()),
        ("years", plan.years.join(", ")),
    ]
    .into_iter()
    .map(|(key, value)| (key.to_owned(), value))
    .collect()
}

fn income(plan: &Plan) -> BTreeMap<String, String> {
    summed(plan.income.iter().map(|one| {
        (
            format!("{} of {}", one.source, one.from),
            one.amounts.as_slice(),
        )
    }))
}

fn schemes(plan: &Plan) -> BTreeMap<String, String> {
    let key = |line: &Line| {
        format!(
            "{} {} ({}, {}, {})",
            line.scheme, line.name, line.source, line.area, line.commissioner
        )
    };
    summed(
        plan.lines
            .iter()
            .map(|line| (key(line), line.amounts.as_slice())),
    )
}

fn districts(plan: &Plan) -> BTreeMap<String, String> {
    summed(
        plan.districts
            .iter()
            .map(|one| (one.name.clone(), one.amounts.as_slice())),
    )
}

fn minimums(plan: &Plan) -> BTreeMap<String, String> {
    let minimums = &plan.minimums;
    [
        ("NHS contribution", &minimums.nhs),
        ("social care", &minimums.social_care),
        ("out of hospital", &minimums.out_of_hospital),
    ]
    .into_iter()
    .filter_map(|(key, amounts)| Some((key.to_owned(), written(amounts.as_ref()?))))
    .collect()
}

fn answers(plan: &Plan) -> BTreeMap<String, String> {
    let mut all: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    for answer in &plan.answers {
        let said = if answer.yes { "yes" } else { "no" };
        all.entry(format!("condition {}", answer.condition))
            .or_default()
            .push(said);
    }
    all.into_iter()
        .map(|(key, said)| (key, said.join(", ")))
        .collect()
}

fn signatures(plan: &Plan) -> BTreeMap<String, String> {
    plan.signatures
        .iter()
        .map(|one| {
            let on = one.on.map_or("not signed".to_owned(), |on| on.to_string());
            let by = if one.delegated {
                ", by somebody else"
            } else {
                ""
            };
            (
                format!("{} of {}", one.role, one.organisation),
                format!("{on}{by}"),
            )
        })
        .collect()
}

fn metrics(plan: &Plan) -> BTreeMap<String, String> {
    plan.metrics
        .iter()
        .map(|metric| (metric.key.clone(), metric.values.join(", ")))
        .collect()
}
