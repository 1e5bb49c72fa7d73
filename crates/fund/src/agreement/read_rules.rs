//! The rules of an agreement's file: named, and made of each other.

use super::{Cap, NamedRule, PartnerKey, Rule, Tier, TierEnd, Underspend};
use crate::amount::Percent;
use crate::reading::Table;
use std::cell::Cell;
use std::collections::BTreeMap;

/// Deepest nesting of rules within rules.
const DEEPEST: usize = 8;
/// Most rules made while a file is read, those within rules counted each time.
const MADE: usize = 20_000;

/// Rules that need no words of their own.
const SIMPLE: &[(&str, Rule)] = &[
    ("host bears", Rule::HostBears),
    ("lead commissioner", Rule::LeadCommissioner),
    ("proportional", Rule::Proportional),
    ("by origin", Rule::Origin),
    ("board", Rule::Board),
];

/// The `[[rule]]` tables of a file, by name.
pub(super) struct Rules<'t> {
    named: Vec<(String, Table<'t>)>,
    made: Cell<usize>,
}

impl<'t> Rules<'t> {
    /// Takes the tables; each needs a name of its own.
    pub(super) fn take(top: &Table<'t>) -> Self {
        let mut named: Vec<(String, Table<'t>)> = Vec::new();
        for table in top.tables("rule") {
            let name = table.needed_text("name", "what the rule is called");
            if named.iter().any(|(other, _)| *other == name) {
                table.wrong(
                    "name",
                    format!("there are two rules called {name:?}; give each its own name"),
                );
            }
            if SIMPLE.iter().any(|(simple, _)| *simple == name) {
                table.wrong(
                    "name",
                    format!("{name:?} is the name of a simple rule; choose another"),
                );
            }
            named.push((name, table));
        }
        Self {
            named,
            made: Cell::new(0),
        }
    }

    /// Reads every rule once, so that faults in a rule that nobody uses are told too.
    pub(super) fn check(&self) {
        for (_, table) in &self.named {
            self.make(table, 1);
            table.nothing_else();
        }
    }

    /// The rule that a field names; the host's, with a fault, if it names none.
    pub(super) fn named(&self, table: &Table<'_>, field: &str) -> NamedRule {
        let name = table.needed_text(field, &format!("a rule: {}", self.known()));
        NamedRule {
            rule: self.find(table, field, &name, 0),
            name,
        }
    }

    /// What a field says of an underspend; `losses` is the rule for overspends beside it.
    pub(super) fn underspend(
        &self,
        table: &Table<'_>,
        field: &str,
        losses: &NamedRule,
    ) -> Underspend {
        let name = table.needed_text(
            field,
            "one of: as overspend, return pro rata, retain, reinvest, or a rule's name",
        );
        match name.as_str() {
            "as overspend" => Underspend::Shared(losses.clone()),
            "return pro rata" => Underspend::ReturnProRata,
            "retain" => Underspend::Retain,
            "reinvest" => Underspend::Reinvest,
            _ => Underspend::Shared(NamedRule {
                rule: self.find(table, field, &name, 0),
                name,
            }),
        }
    }

    fn known(&self) -> String {
        let simple = SIMPLE.iter().map(|(name, _)| *name);
        let own = self.named.iter().map(|(name, _)| name.as_str());
        simple.chain(own).collect::<Vec<_>>().join(", ")
    }

    fn find(&self, table: &Table<'_>, field: &str, name: &str, depth: usize) -> Rule {
        if name.is_empty() {
            return Rule::HostBears;
        }
        if let Some((_, rule)) = SIMPLE.iter().find(|(simple, _)| *simple == name) {
            return rule.clone();
        }
        self.made.set(self.made.get() + 1);
        if depth > DEEPEST || self.made.get() > MADE {
            table.wrong(
                field,
                format!(
                    "rules name each other in a ring, or more than {DEEPEST} deep; name a rule \
                     that does not come back to this one"
                ),
            );
            return Rule::HostBears;
        }
        match self.named.iter().find(|(known, _)| known == name) {
            Some((_, found)) => self.make(found, depth + 1),
            None => {
                table.wrong(
                    field,
                    format!("there is no rule {name:?}; use one of: {}", self.known()),
                );
                Rule::HostBears
            }
        }
    }

    fn make(&self, table: &Table<'_>, depth: usize) -> Rule {
        match table
            .needed_text("kind", "one of: fixed share, capped, tiered")
            .as_str()
        {
            "fixed share" => Rule::FixedShare(fixed(table)),
            "capped" => self.capped(table, depth),
            "tiered" => self.tiered(table, depth),
            "" => Rule::HostBears,
            other => {
                table.wrong(
                    "kind",
                    format!("{other:?} is not known; use one of: fixed share, capped, tiered"),
                );
                Rule::HostBears
            }
        }
    }

    fn capped(&self, table: &Table<'_>, depth: usize) -> Rule {
        let within = table.needed_text("by", &format!("a rule: {}", self.known()));
        let rest = table.needed_text("rest", "the rule for what is over the caps");
        let all = cap(table, "cap_percent", "cap_amount");
        let mut each = BTreeMap::new();
        for one in table.tables("cap") {
            let partner = partner(&one);
            match cap(&one, "percent", "amount") {
                Some(cap) => {
                    each.insert(partner, cap);
                }
                None => one.wrong("", "needs percent (of the contribution) or amount"),
            }
            one.nothing_else();
        }
        if all.is_none() && each.is_empty() {
            table.wrong(
                "",
                "a capped rule needs cap_percent or cap_amount for every partner, or cap for each",
            );
        }
        Rule::Capped {
            within: Box::new(self.find(table, "by", &within, depth)),
            all,
            each,
            rest: Box::new(self.find(table, "rest", &rest, depth)),
        }
    }

    fn tiered(&self, table: &Table<'_>, depth: usize) -> Rule {
        let written = table.tables("tier");
        if written.is_empty() {
            table.wrong(
                "",
                "a tiered rule needs tiers, each begun with [[rule.tier]]",
            );
        }
        let mut tiers: Vec<Tier> = Vec::new();
        let last = written.len().saturating_sub(1);
        for (at, one) in written.iter().enumerate() {
            let name = one.needed_text("by", &format!("a rule: {}", self.known()));
            let to = match cap(one, "to_percent", "to_amount") {
                Some(Cap::OfContribution(percent)) => TierEnd::OfBudget(percent),
                Some(Cap::Amount(amount)) => TierEnd::Amount(amount),
                None => TierEnd::Open,
            };
            if (to == TierEnd::Open) != (at == last) {
                one.wrong(
                    "",
                    "every tier but the last needs to_percent (of the budget) or to_amount, and \
                     the last has neither",
                );
            }
            if let Some(before) = tiers.last()
                && falls(before.to, to)
            {
                one.wrong("", "ends before the tier above it; tiers must rise");
            }
            tiers.push(Tier {
                to,
                rule: self.find(one, "by", &name, depth),
            });
            one.nothing_else();
        }
        Rule::Tiered(tiers)
    }
}

/// True if a tier's end lies at or below the one before it. An amount after a percentage can only
/// be compared when the budget is known.
fn falls(before: TierEnd, to: TierEnd) -> bool {
    match (before, to) {
        (TierEnd::OfBudget(before), TierEnd::OfBudget(to)) => to <= before,
        (TierEnd::Amount(before), TierEnd::Amount(to)) => to <= before,
        _ => false,
    }
}

fn partner(table: &Table<'_>) -> PartnerKey {
    PartnerKey::new(table.needed_text("partner", "a partner's key"))
}

/// A percentage or an amount, not both.
fn cap(table: &Table<'_>, percent: &str, amount: &str) -> Option<Cap> {
    let parts = (table.percent(percent), table.money(amount));
    match parts {
        (Some(_), Some(_)) => {
            table.wrong(
                percent,
                format!("is there beside {amount}; say one of them"),
            );
            None
        }
        (Some(percent), None) => Some(Cap::OfContribution(percent)),
        (None, Some(cap)) if cap.0 < 0 => {
            table.wrong(amount, "is below nought; write a limit from 0");
            None
        }
        (None, Some(amount)) => Some(Cap::Amount(amount)),
        (None, None) => None,
    }
}

/// Agreed shares, which must make 100 per cent.
fn fixed(table: &Table<'_>) -> BTreeMap<PartnerKey, Percent> {
    let mut shares = BTreeMap::new();
    for one in table.tables("share") {
        let key = partner(&one);
        if !one.has("percent") {
            one.wrong("percent", "is missing; write the share, such as 50");
        }
        let percent = one.percent("percent").unwrap_or_default();
        if shares.insert(key.clone(), percent).is_some() {
            one.wrong("partner", format!("{key} has two shares; write one"));
        }
        one.nothing_else();
    }
    let sum = Percent {
        millionths: shares.values().map(|share| share.millionths).sum(),
    };
    if sum != Percent::WHOLE {
        table.wrong(
            "share",
            format!("the shares make {sum} and not 100%; put them right"),
        );
    }
    shares
}

/// Every partner that a rule names.
pub(super) fn partners_of(rule: &Rule, found: &mut Vec<PartnerKey>) {
    match rule {
        Rule::FixedShare(shares) => found.extend(shares.keys().cloned()),
        Rule::Capped {
            within, each, rest, ..
        } => {
            found.extend(each.keys().cloned());
            partners_of(within, found);
            partners_of(rest, found);
        }
        Rule::Tiered(tiers) => tiers.iter().for_each(|tier| partners_of(&tier.rule, found)),
        Rule::HostBears
        | Rule::LeadCommissioner
        | Rule::Proportional
        | Rule::Origin
        | Rule::Board => {}
    }
}

/// True if a rule needs contributions to share by.
pub(super) fn is_by_contribution(rule: &Rule) -> bool {
    match rule {
        Rule::Proportional => true,
        Rule::Capped {
            within, all, rest, ..
        } => {
            matches!(all, Some(Cap::OfContribution(_)))
                || is_by_contribution(within)
                || is_by_contribution(rest)
        }
        Rule::Tiered(tiers) => tiers.iter().any(|tier| is_by_contribution(&tier.rule)),
        _ => false,
    }
}
