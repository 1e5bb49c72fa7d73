//! An agreement in plain words: the fund, each partner and each scheme.

use super::{
    Agreement, Arrangement, Cap, Contribution, NamedRule, PartnerKey, Rule, Scheme, Stage, TierEnd,
    Underspend,
};
use crate::words::list_of;
use kernel::Pence;

/// The whole agreement, one sentence a line, a blank line between its parts.
pub fn whole(agreement: &Agreement) -> String {
    let mut parts = vec![fund(agreement)];
    parts.extend(
        agreement
            .partners
            .iter()
            .map(|one| partner(agreement, &one.key)),
    );
    parts.extend(agreement.schemes.iter().map(|one| scheme(agreement, one)));
    parts.push(disputes(&agreement.stages));
    parts
        .into_iter()
        .map(|lines| lines.join("\n") + "\n")
        .collect::<Vec<_>>()
        .join("\n")
}

/// The fund as a whole.
pub fn fund(agreement: &Agreement) -> Vec<String> {
    let paid: Pence = agreement.contributions.iter().map(|one| one.amount).sum();
    let risk = &agreement.risk;
    let mut lines = vec![
        agreement.title.clone(),
        format!("Under the {}.", agreement.nation.law()),
        format!(
            "It runs from {} to {} and is reviewed by {}. Its amounts are for {}.",
            agreement.begins, agreement.ends, agreement.review, agreement.year
        ),
        format!(
            "{} is the host and keeps its books. {} manages the fund.",
            agreement.name_of(&agreement.host),
            agreement.pool_manager
        ),
        format!("Partners pay in {paid}."),
        format!("It serves {}.", agreement.people),
        format!("Its aims: {}.", list_of(&agreement.aims)),
        if risk.net {
            "Gains of one scheme first make good the losses of another.".to_owned()
        } else {
            "Each scheme is shared by itself: gains do not make good losses.".to_owned()
        },
        format!(
            "If the fund overspends, {}.",
            bears(agreement, &risk.overspend.rule)
        ),
        format!(
            "If the fund underspends, {}.",
            gains(agreement, &risk.underspend)
        ),
    ];
    if let Some(performance) = &agreement.performance
        && let Some(one) = agreement.contribution(&performance.contribution)
    {
        lines.push(format!(
            "{} of {} is paid only as far as it is earned. What is not earned stays with {}; of \
             what the fund then lacks, {}.",
            one.amount,
            one.source,
            agreement.name_of(&one.partner),
            bears(agreement, &performance.shortfall.rule)
        ));
    }
    lines.push(format!(
        "The pool manager reports within {} days of the end of each quarter, and for the year by {}.",
        agreement.reporting.quarterly_days, agreement.reporting.annual_by
    ));
    lines.push(format!(
        "A partner may leave with {} months' notice. {}",
        agreement.exit.notice_months, agreement.exit.terms
    ));
    lines
}

/// One partner: what it pays, leads and may not have.
pub fn partner(agreement: &Agreement, key: &PartnerKey) -> Vec<String> {
    let kind = agreement
        .partner(key)
        .map_or("partner", |one| one.kind.as_str());
    let mut lines = vec![format!("{} ({kind})", agreement.name_of(key))];
    let mut pays = agreement
        .contributions
        .iter()
        .filter(|one| one.partner == *key)
        .peekable();
    if pays.peek().is_none() {
        lines.push("It pays nothing into the fund.".to_owned());
    }
    lines.extend(pays.map(|one| contribution(agreement, one)));
    for one in &agreement.contributions {
        for on in one.passed_on.iter().filter(|on| on.partner == *key) {
            lines.push(format!(
                "It is passed {} of {} in full.",
                on.amount, one.source
            ));
        }
        if one.never_to.contains(key) {
            lines.push(format!(
                "It may never have any of {} back: {}.",
                one.source, one.ring_fence
            ));
        }
    }
    let leads: Vec<String> = agreement
        .schemes
        .iter()
        .filter(|scheme| scheme.lead == *key)
        .map(|scheme| format!("{} ({})", scheme.key, scheme.name))
        .collect();
    if !leads.is_empty() {
        lines.push(format!("It leads scheme {}.", list_of(&leads)));
    }
    lines
}

fn contribution(agreement: &Agreement, one: &Contribution) -> String {
    let mut text = format!("It gives {} as {}", one.amount, one.source);
    if one.in_kind {
        text += ", in kind";
        text += if agreement.risk.in_kind_counts {
            ", which counts when shares go by contributions"
        } else {
            ", which does not count when shares go by contributions"
        };
    } else {
        let dues: Vec<String> = one
            .due
            .iter()
            .map(|due| format!("{} on {}", due.amount, due.on))
            .collect();
        text += &format!(": {}", list_of(&dues));
    }
    text += ".";
    if let Some((kept, consent)) = &one.kept_back {
        text += &format!(" {kept} is not passed on ({consent}).");
    }
    let variation = if one.variation.is_empty() {
        &agreement.variation
    } else {
        &one.variation
    };
    text += &format!(" It may be varied: {variation}");
    if !text.ends_with('.') {
        text.push('.');
    }
    text
}

/// One scheme: its money, its lead and its own rules.
pub fn scheme(agreement: &Agreement, scheme: &Scheme) -> Vec<String> {
    let mut lines = vec![
        format!("Scheme {}: {}", scheme.key, scheme.name),
        format!(
            "{}. {} leads it. Its budget is {}.",
            arranged(scheme.arrangement),
            agreement.name_of(&scheme.lead),
            scheme.budget
        ),
    ];
    let funding: Vec<String> = scheme
        .funded_by
        .iter()
        .map(|funding| {
            let from = agreement.contribution(&funding.from);
            let source = from.map_or(funding.from.as_str(), |one| one.source.as_str());
            format!("{} from {source}", funding.amount)
        })
        .collect();
    if !funding.is_empty() {
        lines.push(format!("It is paid for with {}.", list_of(&funding)));
    }
    match (&scheme.overspend, &scheme.underspend) {
        (Some(overspend), Some(underspend)) => {
            lines.push(format!(
                "If it overspends, {}.",
                bears(agreement, &overspend.rule)
            ));
            lines.push(format!(
                "If it underspends, {}.",
                gains(agreement, underspend)
            ));
        }
        _ if scheme.arrangement.is_pooled() => {
            lines.push(
                "What it spends over or under is shared by the rules of the fund.".to_owned(),
            );
        }
        _ => lines.push(format!(
            "Its money is not in the fund: {} bears what it spends over and keeps what it spends \
             under.",
            agreement.name_of(&scheme.lead)
        )),
    }
    lines
}

const fn arranged(arrangement: Arrangement) -> &'static str {
    match arrangement {
        Arrangement::Pooled => "Pooled",
        Arrangement::LeadCommissioning => "One partner commissions for all",
        Arrangement::IntegratedProvision => "One body provides for all",
        Arrangement::Aligned => "Aligned: planned together, each with its own money",
        Arrangement::Section76 => "A grant of the council to the NHS (section 76)",
        Arrangement::Section256 => "A grant of the NHS to the council (section 256)",
        Arrangement::Delegated => "Delegated: the integration authority directs it",
        Arrangement::SetAside => "Set aside: the hospital's, planned by the integration authority",
    }
}

fn gains(agreement: &Agreement, policy: &Underspend) -> String {
    match policy {
        Underspend::Shared(NamedRule { rule, .. }) => format!(
            "gains are shared as losses are: {}",
            bears(agreement, rule).replace(" bears ", " has ")
        ),
        Underspend::ReturnProRata => {
            "each partner has its part back, in proportion to what it paid in".to_owned()
        }
        Underspend::Retain => "it stays in the fund and is carried forward".to_owned(),
        Underspend::Reinvest => "the partnership board decides what it is spent on".to_owned(),
    }
}

/// Who bears what, as the second half of a sentence.
fn bears(agreement: &Agreement, rule: &Rule) -> String {
    match rule {
        Rule::HostBears => format!("{} bears all of it", agreement.name_of(&agreement.host)),
        Rule::LeadCommissioner => "the lead of each scheme bears that scheme's".to_owned(),
        Rule::Proportional => "each partner bears it in proportion to what it pays in".to_owned(),
        Rule::FixedShare(shares) => {
            let parts: Vec<String> = shares
                .iter()
                .map(|(partner, share)| format!("{} bears {share}", agreement.name_of(partner)))
                .collect();
            list_of(&parts)
        }
        Rule::Capped {
            within,
            all,
            each,
            rest,
        } => {
            let mut caps: Vec<String> = all
                .iter()
                .map(|cap| format!("none more than {}", cap_words(*cap)))
                .collect();
            caps.extend(each.iter().map(|(partner, cap)| {
                let but = if all.is_some() { "but " } else { "" };
                format!(
                    "{but}{} not more than {}",
                    agreement.name_of(partner),
                    cap_words(*cap)
                )
            }));
            format!(
                "{}, {}; of what is over the caps, {}",
                bears(agreement, within),
                list_of(&caps),
                bears(agreement, rest)
            )
        }
        Rule::Tiered(tiers) => {
            let mut parts = Vec::new();
            for tier in tiers {
                let who = bears(agreement, &tier.rule);
                parts.push(match tier.to {
                    TierEnd::OfBudget(percent) => format!("up to {percent} of the budget: {who}"),
                    TierEnd::Amount(amount) => format!("up to {amount}: {who}"),
                    TierEnd::Open if tiers.len() == 1 => who,
                    TierEnd::Open => format!("above that: {who}"),
                });
            }
            parts.join("; ")
        }
        Rule::Origin => {
            "each partner bears what was spent on its own people over its part of the budget"
                .to_owned()
        }
        Rule::Board => "the partnership board decides".to_owned(),
    }
}

fn cap_words(cap: Cap) -> String {
    match cap {
        Cap::OfContribution(percent) => format!("{percent} of what it pays in"),
        Cap::Amount(amount) => amount.to_string(),
    }
}

/// How disputes are settled, stage by stage.
pub fn disputes(stages: &[Stage]) -> Vec<String> {
    let mut lines = vec!["If partners disagree".to_owned()];
    for (at, stage) in stages.iter().enumerate() {
        let days = if stage.working {
            "working days"
        } else {
            "days"
        };
        lines.push(format!(
            "{}. {}: settled by {} within {} {days}.",
            at + 1,
            stage.name,
            stage.who,
            stage.days
        ));
    }
    lines
}
