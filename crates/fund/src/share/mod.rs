//! Each partner's share of what a fund spent over or under, to the penny and with its steps.
//!
//! Source: RULES D.4 (models of risk share) and C.5 (money paid for performance); PEERS c D4
//! (gains as well as losses, wherever in the system they fall).
//!
//! In words: the variance of a scheme is what was spent less its budget. A scheme with rules of
//! its own is shared by them. The others are added up, gains against losses unless the agreement
//! says otherwise, and shared by the rules of the fund. A rule by which each lead bears its own
//! schemes is never added up. An underspend first goes by the money it is of: what may not be
//! returned to somebody stays in the fund for its purpose. Money that only the partnership board
//! can decide is said to be undecided. Shares, what is undecided and what stays in the fund add
//! up to the variance, always: [`Shares::verify`].
//!
//! Rounding is by largest remainders ([`crate::split`]); caps and the ends of tiers are rounded
//! down to the penny.

mod gains;
pub mod outturn;
#[cfg(test)]
mod places;
mod rules;
#[cfg(test)]
mod tests;
pub mod text;
pub mod to_date;

use crate::agreement::{
    Agreement, ContributionKey, NamedRule, PartnerKey, Rule, Scheme, SchemeKey, Underspend,
};
use kernel::Pence;
use rules::{Parts, Within};
use std::collections::BTreeMap;

pub use outturn::Outturn;

/// Why shares cannot be worked out.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ShareError {
    /// A rule shares by contributions and none count.
    #[error("{of}: the rule {rule:?} shares by contributions, and those that count make nothing")]
    NoContributions {
        /// Which scheme, or the fund.
        of: String,
        /// The rule.
        rule: String,
    },
    /// A scheme has no figure.
    #[error("scheme {0}: no outturn is given; write 0 if nothing was spent")]
    NoOutturn(SchemeKey),
    /// The sums do not fit.
    #[error("{0}: the amounts are too large to add up")]
    TooLarge(String),
}

/// One step of how a share came about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// What is shared: a scheme, or the pooled fund.
    pub of: String,
    /// The rule, in words.
    pub rule: String,
    /// What this step adds to the share; below nought where it is a gain.
    pub amount: Pence,
    /// How it was worked out.
    pub why: String,
}

/// A partner's share.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PartnerShare {
    /// Its key.
    pub partner: PartnerKey,
    /// Its name.
    pub name: String,
    /// What it pays in, in money and in kind.
    pub contribution: Pence,
    /// What it pays more (above nought) or has back (below).
    pub share: Pence,
    /// How that came about; the amounts add up to the share.
    pub steps: Vec<Step>,
}

/// Money that goes to no partner: undecided, or staying in the fund.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Held {
    /// What it is of: a scheme, or the pooled fund.
    pub of: String,
    /// How much: above nought for a loss, below for a gain.
    pub amount: Pence,
    /// Why.
    pub why: String,
}

/// Everybody's shares.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Shares {
    /// One for each partner, in the order of the agreement.
    pub partners: Vec<PartnerShare>,
    /// What the partnership board has to decide.
    pub undecided: Vec<Held>,
    /// What stays in the fund.
    pub retained: Vec<Held>,
    /// The whole variance, with money for performance that was not earned.
    pub total: Pence,
}

impl Shares {
    /// Whether shares, undecided and retained money add up to the total, and steps to shares.
    ///
    /// # Errors
    /// What does not add up, in words.
    pub fn verify(&self) -> Result<(), String> {
        let held = |all: &[Held]| all.iter().map(|one| one.amount).sum::<Pence>();
        let shares: Pence = self.partners.iter().map(|one| one.share).sum();
        let all = shares + held(&self.undecided) + held(&self.retained);
        if all != self.total {
            return Err(format!(
                "shares make {all}, and the variance is {}",
                self.total
            ));
        }
        for one in &self.partners {
            let steps: Pence = one.steps.iter().map(|step| step.amount).sum();
            if steps != one.share {
                return Err(format!(
                    "the steps of {} make {steps}, and the share is {}",
                    one.name, one.share
                ));
            }
        }
        Ok(())
    }
}

/// What was spent on a scheme.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Spent {
    /// In all.
    pub amount: Pence,
    /// Of it, on the people of each partner, where that was said.
    pub by_origin: BTreeMap<PartnerKey, Pence>,
}

/// A scheme with what was spent on it.
#[derive(Clone, Copy)]
struct Line<'a> {
    scheme: &'a Scheme,
    spent: &'a Spent,
}

impl Line<'_> {
    fn variance(&self) -> Pence {
        self.spent.amount - self.scheme.budget
    }
}

/// What is shared together: one scheme, or several that are netted.
struct Group<'a> {
    name: String,
    lines: Vec<Line<'a>>,
    overspend: &'a NamedRule,
    underspend: &'a Underspend,
    /// Shares go by what the partners pay for this scheme, not for the fund.
    own: bool,
}

/// Works out everybody's shares.
///
/// # Errors
/// If a scheme has no figure, or a rule has nothing to share by.
pub fn shares(agreement: &Agreement, outturn: &Outturn) -> Result<Shares, ShareError> {
    let mut lines = Vec::new();
    for scheme in &agreement.schemes {
        let spent = outturn
            .spent
            .get(&scheme.key)
            .ok_or_else(|| ShareError::NoOutturn(scheme.key.clone()))?;
        lines.push(Line { scheme, spent });
    }
    let mut all = Collected::new(agreement);
    for group in groups(agreement, &lines) {
        let variance: Pence = group.lines.iter().map(Line::variance).sum();
        let parts = group_parts(agreement, &group, variance)?;
        all.add(&group.name, variance, parts);
    }
    if let Some((name, amount, parts)) = shortfall(agreement, outturn)? {
        all.add(&name, amount, parts);
    }
    Ok(all.shares)
}

/// Which schemes are shared together.
fn groups<'a>(agreement: &'a Agreement, lines: &[Line<'a>]) -> Vec<Group<'a>> {
    let mut groups = Vec::new();
    let mut pooled = Vec::new();
    for line in lines {
        let scheme = line.scheme;
        match (&scheme.overspend, &scheme.underspend) {
            (Some(overspend), Some(underspend)) => groups.push(Group {
                name: name_of(scheme),
                lines: vec![*line],
                overspend,
                underspend,
                own: true,
            }),
            _ if !scheme.arrangement.is_pooled() => groups.push(Group {
                name: name_of(scheme),
                lines: vec![*line],
                overspend: leads(),
                underspend: leads_gain(),
                own: true,
            }),
            _ => pooled.push(*line),
        }
    }
    let risk = &agreement.risk;
    let each = !risk.net || matches!(risk.overspend.rule, Rule::LeadCommissioner | Rule::Origin);
    let fund = |name: String, lines: Vec<Line<'a>>| Group {
        name,
        lines,
        overspend: &risk.overspend,
        underspend: &risk.underspend,
        own: false,
    };
    if each {
        groups.extend(
            pooled
                .into_iter()
                .map(|line| fund(name_of(line.scheme), vec![line])),
        );
    } else if !pooled.is_empty() {
        groups.push(fund("the pooled fund".to_owned(), pooled));
    }
    groups
}

/// Money that is not pooled is its lead's, unless the scheme says otherwise.
fn leads() -> &'static NamedRule {
    static RULE: std::sync::OnceLock<NamedRule> = std::sync::OnceLock::new();
    RULE.get_or_init(|| NamedRule {
        name: "not pooled: its lead's own".to_owned(),
        rule: Rule::LeadCommissioner,
    })
}

fn leads_gain() -> &'static Underspend {
    static POLICY: std::sync::OnceLock<Underspend> = std::sync::OnceLock::new();
    POLICY.get_or_init(|| Underspend::Shared(leads().clone()))
}

fn name_of(scheme: &Scheme) -> String {
    format!("scheme {} ({})", scheme.key, scheme.name)
}

fn group_parts(
    agreement: &Agreement,
    group: &Group<'_>,
    variance: Pence,
) -> Result<Parts, ShareError> {
    let within = within(agreement, group);
    if variance.0 >= 0 {
        return rules::apply(&group.overspend.rule, variance, &within)
            .map_err(|error| no_contributions(error, &group.name, &group.overspend.name));
    }
    gains::gain(agreement, group, variance, &within)
}

/// Names the rule of an error that knows only that there was nothing to share by.
fn no_contributions(_: rules::NothingToShareBy, of: &str, rule: &str) -> ShareError {
    ShareError::NoContributions {
        of: of.to_owned(),
        rule: rule.to_owned(),
    }
}

/// What a rule is applied within.
fn within<'a>(agreement: &'a Agreement, group: &Group<'a>) -> Within<'a> {
    let own = group.own
        && group
            .lines
            .iter()
            .all(|line| !line.scheme.funded_by.is_empty());
    let weights = if own {
        paid_for(agreement, &group.lines)
    } else {
        paid(agreement)
    };
    Within {
        host: &agreement.host,
        lines: group.lines.clone(),
        budget: group.lines.iter().map(|line| line.scheme.budget).sum(),
        weights,
    }
}

fn counts(agreement: &Agreement, key: &ContributionKey) -> bool {
    agreement
        .contribution(key)
        .is_some_and(|one| !one.in_kind || agreement.risk.in_kind_counts)
}

/// What each partner pays into the fund, as far as it counts; every partner has an entry.
fn paid(agreement: &Agreement) -> BTreeMap<PartnerKey, Pence> {
    let mut paid: BTreeMap<PartnerKey, Pence> = agreement
        .partners
        .iter()
        .map(|partner| (partner.key.clone(), Pence(0)))
        .collect();
    for one in &agreement.contributions {
        if counts(agreement, &one.key) {
            let sum = paid.entry(one.partner.clone()).or_default();
            *sum = *sum + one.amount;
        }
    }
    paid
}

/// What each partner pays for some schemes, as far as it counts.
fn paid_for(agreement: &Agreement, lines: &[Line<'_>]) -> BTreeMap<PartnerKey, Pence> {
    let mut paid: BTreeMap<PartnerKey, Pence> = BTreeMap::new();
    for funding in lines.iter().flat_map(|line| &line.scheme.funded_by) {
        let Some(from) = agreement.contribution(&funding.from) else {
            continue;
        };
        if counts(agreement, &from.key) {
            let sum = paid.entry(from.partner.clone()).or_default();
            *sum = *sum + funding.amount;
        }
    }
    paid
}

/// What the fund lacks because money for performance was not earned. It stays with whoever would
/// have paid it (RULES C.5); who bears the hole is the agreement's rule.
fn shortfall(
    agreement: &Agreement,
    outturn: &Outturn,
) -> Result<Option<(String, Pence, Parts)>, ShareError> {
    let Some(performance) = &agreement.performance else {
        return Ok(None);
    };
    let (Some(received), Some(contribution)) = (
        outturn.received.get(&performance.contribution),
        agreement.contribution(&performance.contribution),
    ) else {
        return Ok(None);
    };
    let amount = contribution.amount - *received;
    let name = format!("{} that was not earned", contribution.source);
    let within = Within {
        host: &agreement.host,
        lines: Vec::new(),
        budget: contribution.amount,
        weights: paid(agreement),
    };
    let rule = &performance.shortfall;
    let parts = rules::apply(&rule.rule, amount, &within)
        .map_err(|error| no_contributions(error, &name, &rule.name))?;
    Ok(Some((name, amount, parts)))
}

/// Shares as they are added up.
struct Collected {
    shares: Shares,
}

impl Collected {
    fn new(agreement: &Agreement) -> Self {
        let partners = agreement
            .partners
            .iter()
            .map(|partner| PartnerShare {
                partner: partner.key.clone(),
                name: partner.name.clone(),
                contribution: agreement.paid_by(&partner.key),
                share: Pence(0),
                steps: Vec::new(),
            })
            .collect();
        Self {
            shares: Shares {
                partners,
                ..Shares::default()
            },
        }
    }

    fn add(&mut self, of: &str, amount: Pence, parts: Parts) {
        self.shares.total = self.shares.total + amount;
        for part in parts.shares {
            let found = self
                .shares
                .partners
                .iter_mut()
                .find(|one| one.partner == part.partner);
            let Some(one) = found else {
                // Cannot be for an agreement that was read; the money is not lost even so.
                self.shares.undecided.push(Held {
                    of: of.to_owned(),
                    amount: part.amount,
                    why: format!("{} is no partner", part.partner),
                });
                continue;
            };
            if part.amount == Pence(0) {
                continue;
            }
            one.share = one.share + part.amount;
            one.steps.push(Step {
                of: of.to_owned(),
                rule: part.rule,
                amount: part.amount,
                why: part.why,
            });
        }
        for (held, into) in [
            (parts.undecided, &mut self.shares.undecided),
            (parts.retained, &mut self.shares.retained),
        ] {
            into.extend(held.into_iter().filter(|(amount, _)| amount.0 != 0).map(
                |(amount, why)| Held {
                    of: of.to_owned(),
                    amount,
                    why,
                },
            ));
        }
    }
}
