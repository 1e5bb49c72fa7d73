//! Each risk-share rule, applied to an amount (RULES D.4).
//!
//! An amount above nought is a loss and below nought a gain; a rule treats them alike. A rule
//! that limits (caps, tiers) limits gains as it limits losses.

use super::Line;
use crate::agreement::{Cap, PartnerKey, Rule, Tier, TierEnd};
use crate::amount::Percent;
use crate::split::by_weights;
use kernel::Pence;
use std::collections::BTreeMap;

/// All weights of a rule are nought.
pub(super) struct NothingToShareBy;

/// What a rule is applied within.
pub(super) struct Within<'a> {
    /// The host of the fund.
    pub host: &'a PartnerKey,
    /// The schemes.
    pub lines: Vec<Line<'a>>,
    /// Their budgets together.
    pub budget: Pence,
    /// What each partner pays, as far as it counts.
    pub weights: BTreeMap<PartnerKey, Pence>,
}

/// A part of an amount that is a partner's.
pub(super) struct Part {
    pub partner: PartnerKey,
    pub amount: Pence,
    pub rule: String,
    pub why: String,
}

/// An amount, divided.
#[derive(Default)]
pub(super) struct Parts {
    pub shares: Vec<Part>,
    pub undecided: Vec<(Pence, String)>,
    pub retained: Vec<(Pence, String)>,
}

impl Parts {
    fn one(partner: &PartnerKey, amount: Pence, rule: &str, why: String) -> Self {
        Self {
            shares: vec![Part {
                partner: partner.clone(),
                amount,
                rule: rule.to_owned(),
                why,
            }],
            ..Self::default()
        }
    }

    pub(super) fn and(&mut self, other: Self) {
        self.shares.extend(other.shares);
        self.undecided.extend(other.undecided);
        self.retained.extend(other.retained);
    }
}

/// Divides an amount by a rule.
pub(super) fn apply(
    rule: &Rule,
    amount: Pence,
    within: &Within<'_>,
) -> Result<Parts, NothingToShareBy> {
    match rule {
        Rule::HostBears => Ok(Parts::one(
            within.host,
            amount,
            "host bears",
            format!("the host bears all of {amount}"),
        )),
        Rule::LeadCommissioner => lead(amount, within),
        Rule::Proportional => proportional(amount, within),
        Rule::FixedShare(shares) => fixed(amount, shares),
        Rule::Capped {
            within: inner,
            all,
            each,
            rest,
        } => capped(amount, within, (inner, rest), *all, each),
        Rule::Tiered(tiers) => tiered(amount, within, tiers),
        Rule::Origin => origin(amount, within),
        Rule::Board => Ok(Parts {
            undecided: vec![(amount, "the partnership board decides".to_owned())],
            ..Parts::default()
        }),
    }
}

/// Divides by weights and says how.
fn weighed(
    amount: Pence,
    weights: &[(PartnerKey, u64)],
    rule: &str,
    why: impl Fn(u64, u64) -> String,
) -> Result<Parts, NothingToShareBy> {
    let parts = by_weights(amount, weights).ok_or(NothingToShareBy)?;
    let total: u64 = weights.iter().map(|(_, weight)| *weight).sum();
    let shares = weights
        .iter()
        .zip(parts)
        .map(|((partner, weight), amount)| Part {
            partner: partner.clone(),
            amount,
            rule: rule.to_owned(),
            why: why(*weight, total),
        })
        .collect();
    Ok(Parts {
        shares,
        ..Parts::default()
    })
}

fn shown(pence: u64) -> Pence {
    Pence(i64::try_from(pence).unwrap_or(i64::MAX))
}

/// The leads of the schemes that went the way of the amount, in proportion to how far each went.
fn lead(amount: Pence, within: &Within<'_>) -> Result<Parts, NothingToShareBy> {
    if let [line] = within.lines.as_slice() {
        return Ok(Parts::one(
            &line.scheme.lead,
            amount,
            "lead commissioner",
            format!("leads the scheme and bears all of {amount}"),
        ));
    }
    let mut weights: BTreeMap<PartnerKey, u64> = BTreeMap::new();
    for line in &within.lines {
        let variance = line.variance();
        if (variance.0 > 0) == (amount.0 > 0) {
            *weights.entry(line.scheme.lead.clone()).or_default() += variance.0.unsigned_abs();
        }
    }
    let weights: Vec<_> = weights.into_iter().collect();
    if amount.0 == 0 || weights.is_empty() {
        return Ok(Parts::one(
            within.host,
            amount,
            "lead commissioner",
            "no scheme has a lead for it, so it falls to the host".to_owned(),
        ));
    }
    weighed(amount, &weights, "lead commissioner", |weight, total| {
        format!(
            "leads schemes that make {} of {} that went this way, of {amount}",
            shown(weight),
            shown(total)
        )
    })
}

fn proportional(amount: Pence, within: &Within<'_>) -> Result<Parts, NothingToShareBy> {
    let weights: Vec<(PartnerKey, u64)> = within
        .weights
        .iter()
        .map(|(partner, paid)| (partner.clone(), paid.0.unsigned_abs()))
        .collect();
    weighed(amount, &weights, "proportional", |weight, total| {
        format!("{amount} × {} of {} paid in", shown(weight), shown(total))
    })
}

fn fixed(amount: Pence, shares: &BTreeMap<PartnerKey, Percent>) -> Result<Parts, NothingToShareBy> {
    let weights: Vec<(PartnerKey, u64)> = shares
        .iter()
        .map(|(partner, share)| (partner.clone(), share.millionths.unsigned_abs()))
        .collect();
    weighed(amount, &weights, "fixed share", |weight, _| {
        let share = Percent {
            millionths: i64::try_from(weight).unwrap_or(i64::MAX),
        };
        format!("{amount} × {share}")
    })
}

/// By one rule up to each partner's cap; what is over by another.
fn capped(
    amount: Pence,
    within: &Within<'_>,
    (inner, rest): (&Rule, &Rule),
    all: Option<Cap>,
    each: &BTreeMap<PartnerKey, Cap>,
) -> Result<Parts, NothingToShareBy> {
    let mut parts = apply(inner, amount, within)?;
    let mut room: BTreeMap<PartnerKey, Option<Pence>> = BTreeMap::new();
    let mut over = Pence(0);
    for part in &mut parts.shares {
        let left = room.entry(part.partner.clone()).or_insert_with(|| {
            each.get(&part.partner)
                .or(all.as_ref())
                .map(|cap| limit(*cap, &part.partner, within))
        });
        let Some(left) = left else { continue };
        let magnitude = part.amount.0.abs();
        let kept = magnitude.min(left.0);
        *left = *left - Pence(kept);
        if kept < magnitude {
            let kept = Pence(if part.amount.0 < 0 { -kept } else { kept });
            over = over + part.amount - kept;
            part.why = format!("{}, cut to the cap from {}", part.why, part.amount);
            part.amount = kept;
        }
        part.rule = format!("capped, {}", part.rule);
    }
    if over != Pence(0) {
        let mut beyond = apply(rest, over, within)?;
        for part in &mut beyond.shares {
            part.rule = format!("over the caps, {}", part.rule);
        }
        for (_, why) in &mut beyond.undecided {
            *why = format!("over the caps: {why}");
        }
        parts.and(beyond);
    }
    Ok(parts)
}

/// A cap in pence, rounded down.
fn limit(cap: Cap, partner: &PartnerKey, within: &Within<'_>) -> Pence {
    match cap {
        Cap::Amount(amount) => amount,
        Cap::OfContribution(percent) => {
            percent.of(within.weights.get(partner).copied().unwrap_or_default())
        }
    }
}

/// Each slice of the amount by the rule of its tier.
fn tiered(amount: Pence, within: &Within<'_>, tiers: &[Tier]) -> Result<Parts, NothingToShareBy> {
    let sign = if amount.0 < 0 { -1 } else { 1 };
    let magnitude = amount.0.abs();
    let mut from = 0;
    let mut parts = Parts::default();
    for tier in tiers {
        let end = match tier.to {
            TierEnd::OfBudget(percent) => percent.of(within.budget).0,
            TierEnd::Amount(amount) => amount.0,
            TierEnd::Open => magnitude,
        };
        let end = end.min(magnitude).max(from);
        if end == from && magnitude > 0 {
            continue;
        }
        let slice = format!("the slice from {} to {}", Pence(from), Pence(end));
        let mut part = apply(&tier.rule, Pence(sign * (end - from)), within)?;
        for one in &mut part.shares {
            one.rule = format!("tiered, {}", one.rule);
            one.why = format!("{slice}: {}", one.why);
        }
        for (_, why) in &mut part.undecided {
            *why = format!("{slice}: {why}");
        }
        parts.and(part);
        from = end;
    }
    Ok(parts)
}

/// Whose people the money was spent on. What was spent on people of whom that is not said is
/// undecided.
fn origin(amount: Pence, within: &Within<'_>) -> Result<Parts, NothingToShareBy> {
    let (by_partner, unsaid) = variances_by_origin(within)?;
    let exact: Pence = by_partner.values().map(|(variance, _)| *variance).sum();
    let why = |spent: Pence, variance: Pence| {
        format!("{spent} was spent on its people, {variance} more than its part of the budget")
    };
    let undecided =
        "spent on people for whom no responsible body is given; give it, or the board decides";
    if exact + unsaid == amount {
        let shares = by_partner
            .into_iter()
            .map(|(partner, (variance, spent))| Part {
                partner,
                amount: variance,
                rule: "by origin".to_owned(),
                why: why(spent, variance),
            })
            .collect();
        return Ok(Parts {
            shares,
            undecided: vec![(unsaid, undecided.to_owned())],
            ..Parts::default()
        });
    }
    // A slice of the variance (within caps or tiers): in proportion to whoever went its way.
    let mut weights: Vec<(Option<PartnerKey>, u64)> = by_partner
        .into_iter()
        .map(|(partner, (variance, _))| (Some(partner), way(variance, amount)))
        .collect();
    weights.push((None, way(unsaid, amount)));
    let divided = by_weights(amount, &weights).ok_or(NothingToShareBy)?;
    let mut parts = Parts::default();
    for ((partner, weight), part) in weights.into_iter().zip(divided) {
        match partner {
            Some(partner) => parts.shares.push(Part {
                partner,
                amount: part,
                rule: "by origin".to_owned(),
                why: format!("{amount} by {} that went this way", shown(weight)),
            }),
            None => parts.undecided.push((part, undecided.to_owned())),
        }
    }
    Ok(parts)
}

/// How far a variance went the way of an amount.
fn way(variance: Pence, amount: Pence) -> u64 {
    if (variance.0 > 0) == (amount.0 > 0) {
        variance.0.unsigned_abs()
    } else {
        0
    }
}

/// By partner, what was spent on its people over its part of the budget, and what was spent; and
/// what was spent without a partner.
#[allow(clippy::type_complexity)]
fn variances_by_origin(
    within: &Within<'_>,
) -> Result<(BTreeMap<PartnerKey, (Pence, Pence)>, Pence), NothingToShareBy> {
    let mut by_partner: BTreeMap<PartnerKey, (Pence, Pence)> = BTreeMap::new();
    let mut unsaid = Pence(0);
    for line in &within.lines {
        let budgets = budget_by_origin(line, within)?;
        for (partner, budget) in &budgets {
            let variance = &mut by_partner.entry(partner.clone()).or_default().0;
            *variance = *variance - *budget;
        }
        let mut said = Pence(0);
        for (partner, spent) in &line.spent.by_origin {
            let sums = by_partner.entry(partner.clone()).or_default();
            *sums = (sums.0 + *spent, sums.1 + *spent);
            said = said + *spent;
        }
        unsaid = unsaid + line.spent.amount - said;
    }
    Ok((by_partner, unsaid))
}

/// Each partner's part of a scheme's budget: as agreed, else by contributions.
fn budget_by_origin(
    line: &Line<'_>,
    within: &Within<'_>,
) -> Result<BTreeMap<PartnerKey, Pence>, NothingToShareBy> {
    if !line.scheme.budget_by_origin.is_empty() {
        return Ok(line.scheme.budget_by_origin.clone());
    }
    let weights: Vec<(PartnerKey, u64)> = within
        .weights
        .iter()
        .map(|(partner, paid)| (partner.clone(), paid.0.unsigned_abs()))
        .collect();
    let parts = by_weights(line.scheme.budget, &weights).ok_or(NothingToShareBy)?;
    Ok(weights
        .into_iter()
        .map(|(partner, _)| partner)
        .zip(parts)
        .collect())
}
