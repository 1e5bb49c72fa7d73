//! An underspend: returned, kept, spent anew or shared; and what may not go to whom.
//!
//! Source: RULES D.4, underspend policies; ring-fenced grants (disabled facilities grant, improved
//! Better Care Fund) cannot be returned to the NHS (D.4, from memory).
//!
//! In words: an underspend is of the schemes that spent less, each by how much less, and within a
//! scheme of the contributions that pay for it. What comes from a ring-fenced contribution is
//! taken apart first: the part that the rule gives to somebody who may not have it stays in the
//! fund, for what it was given for.

use super::rules::{Part, Parts, Within, apply};
use super::{Group, ShareError, no_contributions};
use crate::agreement::{Agreement, Contribution, PartnerKey, Underspend};
use crate::split::by_weights;
use kernel::Pence;
use std::collections::{BTreeMap, BTreeSet};

/// Divides a gain (an amount below nought) by the group's policy.
pub(super) fn gain(
    agreement: &Agreement,
    group: &Group<'_>,
    amount: Pence,
    within: &Within<'_>,
) -> Result<Parts, ShareError> {
    match group.underspend {
        Underspend::Retain => Ok(held(amount, false, "stays in the fund, carried forward")),
        Underspend::Reinvest => Ok(held(
            amount,
            true,
            "the partnership board decides what it is spent on",
        )),
        Underspend::ReturnProRata => Ok(returned(sources(agreement, group, amount)?)),
        Underspend::Shared(named) => {
            let mut parts = Parts::default();
            for (fence, amount) in fences(sources(agreement, group, amount)?) {
                let part = apply(&named.rule, amount, within)
                    .map_err(|error| no_contributions(error, &group.name, &named.name))?;
                parts.and(kept_within(fence, part));
            }
            Ok(parts)
        }
    }
}

fn held(amount: Pence, undecided: bool, why: &str) -> Parts {
    let held = vec![(amount, why.to_owned())];
    if undecided {
        Parts {
            undecided: held,
            ..Parts::default()
        }
    } else {
        Parts {
            retained: held,
            ..Parts::default()
        }
    }
}

/// The contributions that a gain is of, with how much of it.
fn sources<'a>(
    agreement: &'a Agreement,
    group: &Group<'_>,
    amount: Pence,
) -> Result<Vec<(&'a Contribution, Pence)>, ShareError> {
    let nothing = || ShareError::NoContributions {
        of: group.name.clone(),
        rule: "underspend".to_owned(),
    };
    let mut by_source: BTreeMap<&str, u64> = BTreeMap::new();
    let under = group.lines.iter().filter(|line| line.variance().0 < 0);
    for line in under {
        let weights: Vec<(&str, u64)> = if line.scheme.funded_by.is_empty() {
            let all = agreement.contributions.iter();
            all.map(|one| (one.key.as_str(), one.amount.0.unsigned_abs()))
                .collect()
        } else {
            let own = line.scheme.funded_by.iter();
            own.map(|one| (one.from.as_str(), one.amount.0.unsigned_abs()))
                .collect()
        };
        let parts = by_weights(line.variance(), &weights).ok_or_else(nothing)?;
        for ((key, _), part) in weights.iter().zip(parts) {
            *by_source.entry(key).or_default() += part.0.unsigned_abs();
        }
    }
    let weights: Vec<(&str, u64)> = by_source.into_iter().collect();
    let parts = by_weights(amount, &weights).ok_or_else(nothing)?;
    let mut sources = Vec::new();
    for ((key, _), part) in weights.iter().zip(parts) {
        let found = agreement
            .contributions
            .iter()
            .find(|one| one.key.as_str() == *key);
        sources.push((found.ok_or_else(nothing)?, part));
    }
    Ok(sources)
}

/// Each contribution's part back to whoever paid it, unless it may not go there.
fn returned(sources: Vec<(&Contribution, Pence)>) -> Parts {
    let mut parts = Parts::default();
    for (one, amount) in sources {
        if one.never_to.contains(&one.partner) {
            parts
                .retained
                .push((amount, fenced(&one.source, &one.ring_fence)));
        } else {
            parts.shares.push(Part {
                partner: one.partner.clone(),
                amount,
                rule: "return pro rata".to_owned(),
                why: format!("the part of the underspend that is of {}", one.source),
            });
        }
    }
    parts
}

/// Who may not have a part back, and why.
struct Fence {
    never_to: BTreeSet<PartnerKey>,
    why: String,
}

/// Puts together what has the same ring fence, so that it is rounded once.
fn fences(sources: Vec<(&Contribution, Pence)>) -> Vec<(Fence, Pence)> {
    let mut fences: Vec<(Fence, Pence)> = Vec::new();
    for (one, amount) in sources {
        let same = fences.iter_mut().find(|(fence, _)| {
            fence.never_to == one.never_to
                && (fence.never_to.is_empty() || fence.why == fenced(&one.source, &one.ring_fence))
        });
        match same {
            Some((_, sum)) => *sum = *sum + amount,
            None => fences.push((
                Fence {
                    never_to: one.never_to.clone(),
                    why: fenced(&one.source, &one.ring_fence),
                },
                amount,
            )),
        }
    }
    fences
}

fn fenced(source: &str, why: &str) -> String {
    format!("{source} stays in the fund for its purpose: {why}")
}

/// Keeps in the fund what a rule would give to somebody who may not have it.
fn kept_within(fence: Fence, mut parts: Parts) -> Parts {
    let (kept, shares) = parts
        .shares
        .into_iter()
        .partition::<Vec<Part>, _>(|part| fence.never_to.contains(&part.partner));
    parts.shares = shares;
    parts.retained.extend(
        kept.into_iter()
            .map(|part| (part.amount, fence.why.clone())),
    );
    parts
}
