//! Whether an agreement is whole: what it names is there, what it adds adds up, and what the
//! regulations leave out is left out.

use super::read_rules::{is_by_contribution, partners_of};
use super::{Agreement, Nation, PartnerKey, Rule, Underspend};
use crate::reading::Table;
use crate::words::list_of;
use kernel::Pence;
use std::collections::BTreeMap;

/// Functions of the NHS that no such agreement may cover: SI 2000/617 (RULES D.1, from memory),
/// as words that are looked for in what an agreement covers.
pub const EXCLUDED_FUNCTIONS: &[&str] = &[
    "surgery",
    "radiotherapy",
    "termination of pregnancy",
    "endoscopy",
    "class 4 laser",
    "invasive treatment",
    "emergency ambulance",
];

/// Checks an agreement and notes its faults on the file.
pub(super) fn check(agreement: &Agreement, top: &Table<'_>) {
    partners_fit_the_nation(agreement, top);
    names_are_known(agreement, top);
    everyone_takes_part(agreement, top);
    nothing_excluded(agreement, top);
    contributions_add_up(agreement, top);
    schemes_add_up(agreement, top);
    rules_can_share(agreement, top);
}

/// A table among many of one name.
fn at<'t>(top: &Table<'t>, name: &str, index: usize) -> Option<Table<'t>> {
    top.tables(name).into_iter().nth(index)
}

fn wrong_at(top: &Table<'_>, name: &str, index: usize, field: &str, text: String) {
    match at(top, name, index) {
        Some(table) => table.wrong(field, text),
        None => top.wrong(name, text),
    }
}

/// Health and council must both be there (RULES M.3); Northern Ireland's trusts are both in one.
fn partners_fit_the_nation(agreement: &Agreement, top: &Table<'_>) {
    if agreement.partners.is_empty() || agreement.nation == Nation::NorthernIreland {
        return;
    }
    let health = agreement.partners.iter().any(|p| p.kind.is_health());
    let council = agreement.partners.iter().any(|p| !p.kind.is_health());
    if !health {
        top.wrong(
            "partner",
            "no partner is a health body; an agreement needs one and a council",
        );
    }
    if !council {
        top.wrong(
            "partner",
            "no partner is a council; an agreement needs one and a health body",
        );
    }
}

fn known(agreement: &Agreement) -> String {
    let keys: Vec<&str> = agreement.partners.iter().map(|p| p.key.as_str()).collect();
    keys.join(", ")
}

/// Every partner and contribution that is named is there.
fn names_are_known(agreement: &Agreement, top: &Table<'_>) {
    let stranger = |key: &PartnerKey| !key.as_str().is_empty() && agreement.partner(key).is_none();
    let say = |key: &PartnerKey, role: &str| {
        format!(
            "{:?} {role}, and is no partner of the agreement; the partners are {}",
            key.as_str(),
            known(agreement)
        )
    };
    if stranger(&agreement.host)
        && let Some(table) = top.table("agreement")
    {
        table.wrong("host", say(&agreement.host, "is the host"));
    }
    for (index, one) in agreement.contributions.iter().enumerate() {
        if stranger(&one.partner) {
            let text = say(&one.partner, "pays this");
            wrong_at(top, "contribution", index, "partner", text);
        }
        for key in one.never_to.iter().filter(|key| stranger(key)) {
            let text = say(key, "may not have it back");
            wrong_at(top, "contribution", index, "never_returned_to", text);
        }
        for key in one.passed_on.iter().map(|on| &on.partner) {
            if stranger(key) {
                let text = say(key, "has it passed on");
                wrong_at(top, "contribution", index, "passed_on", text);
            }
        }
    }
    for (index, scheme) in agreement.schemes.iter().enumerate() {
        if stranger(&scheme.lead) {
            let text = say(&scheme.lead, "leads this");
            wrong_at(top, "scheme", index, "lead", text);
        }
        for key in scheme.budget_by_origin.keys().filter(|key| stranger(key)) {
            let text = say(key, "has a part of the budget");
            wrong_at(top, "scheme", index, "budget_by_origin", text);
        }
        for funding in &scheme.funded_by {
            let from = &funding.from;
            if !from.as_str().is_empty() && agreement.contribution(from).is_none() {
                let text = format!("there is no contribution {:?}", from.as_str());
                wrong_at(top, "scheme", index, "funded_by", text);
            }
        }
    }
    for (index, table) in top.tables("rule").iter().enumerate() {
        for field in ["share", "cap"] {
            for one in table.tables(field) {
                let key = PartnerKey::new(one.text("partner").unwrap_or_default());
                if stranger(&key) {
                    let text = say(&key, &format!("has a {field}"));
                    wrong_at(top, "rule", index, field, text);
                }
            }
        }
    }
    if let Some(performance) = &agreement.performance
        && agreement.contribution(&performance.contribution).is_none()
        && let Some(table) = top.table("performance")
    {
        let text = format!(
            "there is no contribution {:?}",
            performance.contribution.as_str()
        );
        table.wrong("contribution", text);
    }
}

/// The rules of the fund and of its schemes.
fn rules(agreement: &Agreement) -> Vec<&Rule> {
    let mut all = vec![&agreement.risk.overspend.rule];
    if let Underspend::Shared(named) = &agreement.risk.underspend {
        all.push(&named.rule);
    }
    if let Some(performance) = &agreement.performance {
        all.push(&performance.shortfall.rule);
    }
    for scheme in &agreement.schemes {
        all.extend(scheme.overspend.as_ref().map(|named| &named.rule));
        if let Some(Underspend::Shared(named)) = &scheme.underspend {
            all.push(&named.rule);
        }
    }
    all
}

/// A partner that pays, leads, hosts, receives and bears nothing has no place in an agreement.
fn everyone_takes_part(agreement: &Agreement, top: &Table<'_>) {
    let mut named = vec![agreement.host.clone()];
    for one in &agreement.contributions {
        named.push(one.partner.clone());
        named.extend(one.passed_on.iter().map(|on| on.partner.clone()));
    }
    for scheme in &agreement.schemes {
        named.push(scheme.lead.clone());
        named.extend(scheme.budget_by_origin.keys().cloned());
    }
    for rule in rules(agreement) {
        partners_of(rule, &mut named);
    }
    for (index, partner) in agreement.partners.iter().enumerate() {
        if !partner.key.as_str().is_empty() && !named.contains(&partner.key) {
            let text = format!(
                "{} pays, leads, receives and bears nothing; give it its part or take it out",
                partner.key
            );
            wrong_at(top, "partner", index, "key", text);
        }
    }
}

fn nothing_excluded(agreement: &Agreement, top: &Table<'_>) {
    if agreement.nation != Nation::England {
        return;
    }
    let Some(table) = top.table("agreement") else {
        return;
    };
    for (field, texts) in [
        ("nhs_functions", &agreement.nhs_functions),
        ("services", &agreement.services),
    ] {
        for text in texts {
            let lower = text.to_lowercase();
            for word in EXCLUDED_FUNCTIONS
                .iter()
                .filter(|word| lower.contains(**word))
            {
                table.wrong(
                    field,
                    format!("{word} may not be in such an agreement (SI 2000/617); take it out"),
                );
            }
        }
    }
}

/// Instalments and what is passed on make the contribution.
fn contributions_add_up(agreement: &Agreement, top: &Table<'_>) {
    // A sum with an amount that could not be read would be a second fault that is none.
    let known = top.amounts_are_read();
    for (index, one) in agreement.contributions.iter().enumerate() {
        let fault = |field: &str, text| wrong_at(top, "contribution", index, field, text);
        let due: Pence = one.due.iter().map(|due| due.amount).sum();
        if one.in_kind && !one.due.is_empty() {
            fault(
                "due",
                "is there, but what is given in kind has no dates of payment".to_owned(),
            );
        } else if !one.in_kind && one.due.is_empty() {
            fault("due", "is missing; write when it is paid".to_owned());
        } else if known && !one.in_kind && due != one.amount {
            fault(
                "due",
                format!(
                    "the payments make {due}, and the contribution is {}",
                    one.amount
                ),
            );
        }
        let kept = one.kept_back.as_ref().map_or(Pence(0), |(kept, _)| *kept);
        let passed: Pence = one.passed_on.iter().map(|on| on.amount).sum();
        if known && !one.passed_on.is_empty() && passed + kept != one.amount {
            fault(
                "passed_on",
                format!(
                    "{passed} is passed on and {kept} kept back with consent; together they must \
                     make the whole of {}",
                    one.amount
                ),
            );
        }
        if one.never_to.is_empty() != one.ring_fence.is_empty() {
            fault(
                "ring_fence",
                "ring_fence (why) and never_returned_to (whom) must both be there, or neither"
                    .to_owned(),
            );
        }
    }
}

/// Each scheme's budget is made of what funds it, and it has both rules of its own or neither.
fn schemes_add_up(agreement: &Agreement, top: &Table<'_>) {
    let known = top.amounts_are_read();
    for (index, scheme) in agreement.schemes.iter().enumerate() {
        let fault = |field: &str, text| wrong_at(top, "scheme", index, field, text);
        let funded: Pence = scheme.funded_by.iter().map(|funding| funding.amount).sum();
        let origin: Pence = scheme.budget_by_origin.values().copied().sum();
        for (field, is_said, sum) in [
            ("funded_by", !scheme.funded_by.is_empty(), funded),
            (
                "budget_by_origin",
                !scheme.budget_by_origin.is_empty(),
                origin,
            ),
        ] {
            if known && is_said && sum != scheme.budget {
                fault(
                    field,
                    format!("makes {sum}, and the budget is {}", scheme.budget),
                );
            }
        }
        let (missing, there) = match (&scheme.overspend, &scheme.underspend) {
            (None, Some(_)) => ("overspend", "underspend"),
            (Some(_), None) => ("underspend", "overspend"),
            _ => continue,
        };
        let rule = "a scheme has both rules of its own or neither";
        fault(missing, format!("is missing beside {there}; {rule}"));
    }
    if known {
        budgets_are_paid_in(agreement, top);
    }
}

/// Budgets make what is paid in, for the fund and for each contribution.
fn budgets_are_paid_in(agreement: &Agreement, top: &Table<'_>) {
    let pooled = || {
        agreement
            .schemes
            .iter()
            .filter(|s| s.arrangement.is_pooled())
    };
    let paid: Pence = agreement.contributions.iter().map(|one| one.amount).sum();
    let budgets: Pence = pooled().map(|scheme| scheme.budget).sum();
    if paid != budgets && !agreement.contributions.is_empty() && !agreement.schemes.is_empty() {
        top.wrong(
            "contribution",
            format!(
                "contributions make {paid}, and the budgets of schemes in the fund {budgets}; \
                 put one of them right"
            ),
        );
    }
    let each_says = pooled().all(|scheme| !scheme.funded_by.is_empty());
    if !each_says {
        return;
    }
    let mut spent: BTreeMap<&str, Pence> = BTreeMap::new();
    for funding in pooled().flat_map(|scheme| &scheme.funded_by) {
        let sum = spent.entry(funding.from.as_str()).or_default();
        *sum = *sum + funding.amount;
    }
    for (index, one) in agreement.contributions.iter().enumerate() {
        let spent = spent.get(one.key.as_str()).copied().unwrap_or_default();
        if spent != one.amount {
            let text = format!(
                "is {}, and schemes are funded with {spent} of it",
                one.amount
            );
            wrong_at(top, "contribution", index, "amount", text);
        }
    }
}

/// A rule that shares by contributions needs contributions above nought to share by.
fn rules_can_share(agreement: &Agreement, top: &Table<'_>) {
    let counted: Pence = agreement
        .contributions
        .iter()
        .filter(|one| !one.in_kind || agreement.risk.in_kind_counts)
        .map(|one| one.amount)
        .sum();
    let by_contribution = rules(agreement).into_iter().any(is_by_contribution);
    let known = top.amounts_are_read();
    if known && by_contribution && counted == Pence(0) && !agreement.contributions.is_empty() {
        let fields = list_of(&["contribution", "in_kind_counts"]);
        top.wrong(
            "contribution",
            format!(
                "a rule shares by contributions, and those that count make nothing; see {fields}"
            ),
        );
    }
}
