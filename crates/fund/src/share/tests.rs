#![allow(clippy::unwrap_used, clippy::expect_used)]

use super::*;
use crate::agreement::{
    Arrangement, Cap, Contribution, Funding, Partner, PartnerKind, Performance, Tier, TierEnd, read,
};
use crate::amount::Percent;
use proptest::prelude::*;
use std::collections::BTreeSet;

const TWO_TIERS: &str = include_str!("../../examples/two-tiers.toml");

fn key(text: &str) -> PartnerKey {
    PartnerKey::new(text)
}

fn rule(rule: Rule) -> NamedRule {
    NamedRule {
        name: "the rule".to_owned(),
        rule,
    }
}

/// Partners A, B … who pay so many pence, and one scheme led by A with all of it.
fn agreement(paid: &[i64], overspend: Rule, underspend: Underspend) -> Agreement {
    let mut agreement = read(TWO_TIERS).unwrap();
    let keys: Vec<String> = (0..paid.len())
        .map(|at| char::from(b'a' + u8::try_from(at).unwrap()).to_string())
        .collect();
    agreement.host = key("a");
    agreement.partners = keys
        .iter()
        .map(|text| Partner {
            key: key(text),
            name: text.to_uppercase(),
            kind: PartnerKind::Council,
            line: 1,
        })
        .collect();
    agreement.contributions = keys
        .iter()
        .zip(paid)
        .map(|(text, amount)| Contribution {
            key: ContributionKey::new(text.clone()),
            partner: key(text),
            source: format!("money of {text}"),
            amount: Pence(*amount),
            in_kind: false,
            due: Vec::new(),
            variation: String::new(),
            never_to: BTreeSet::new(),
            ring_fence: String::new(),
            passed_on: Vec::new(),
            kept_back: None,
            line: 1,
        })
        .collect();
    let mut scheme = agreement.schemes[0].clone();
    scheme.key = SchemeKey::new("1");
    scheme.lead = key("a");
    scheme.funded_by = Vec::new();
    scheme.budget = Pence(paid.iter().sum());
    agreement.schemes = vec![scheme];
    agreement.risk.overspend = rule(overspend);
    agreement.risk.underspend = underspend;
    agreement
}

fn spent(agreement: &Agreement, over: &[i64]) -> Outturn {
    let mut outturn = Outturn::default();
    for (scheme, over) in agreement.schemes.iter().zip(over) {
        outturn.spent.insert(
            scheme.key.clone(),
            Spent {
                amount: scheme.budget + Pence(*over),
                by_origin: BTreeMap::new(),
            },
        );
    }
    outturn
}

/// Shares in pence, undecided and retained.
fn result(agreement: &Agreement, outturn: &Outturn) -> (Vec<i64>, i64, i64) {
    let shares = shares(agreement, outturn).unwrap();
    shares.verify().unwrap();
    let held = |all: &[Held]| all.iter().map(|one| one.amount.0).sum();
    (
        shares.partners.iter().map(|one| one.share.0).collect(),
        held(&shares.undecided),
        held(&shares.retained),
    )
}

fn capped(percent: i64, rest: Rule) -> Rule {
    Rule::Capped {
        within: Box::new(Rule::Proportional),
        all: Some(Cap::OfContribution(Percent::whole(percent))),
        each: BTreeMap::new(),
        rest: Box::new(rest),
    }
}

fn tiers() -> Rule {
    let to = |percent| TierEnd::OfBudget(Percent::whole(percent));
    Rule::Tiered(vec![
        Tier {
            to: to(2),
            rule: Rule::LeadCommissioner,
        },
        Tier {
            to: to(5),
            rule: Rule::Proportional,
        },
        Tier {
            to: TierEnd::Open,
            rule: Rule::Board,
        },
    ])
}

fn fixed(parts: &[i64]) -> Rule {
    Rule::FixedShare(
        parts
            .iter()
            .enumerate()
            .map(|(at, part)| {
                let text = char::from(b'a' + u8::try_from(at).unwrap()).to_string();
                (key(&text), Percent::whole(*part))
            })
            .collect(),
    )
}

/// RULES D.4 with V15 and its example of caps, and each of the models. A pays 60 pounds, B 40.
#[test]
fn examples_of_each_model() {
    for (id, overspend, over, expected, undecided) in [
        ("V15 proportional", Rule::Proportional, 1_000, [600, 400], 0),
        (
            "D.4 capped, lead A",
            capped(5, Rule::LeadCommissioner),
            1_000,
            [800, 200],
            0,
        ),
        (
            "under the caps",
            capped(5, Rule::LeadCommissioner),
            400,
            [240, 160],
            0,
        ),
        (
            "capped, rest to the board",
            capped(5, Rule::Board),
            1_000,
            [300, 200],
            500,
        ),
        ("host bears", Rule::HostBears, 1_000, [1_000, 0], 0),
        (
            "lead commissioner",
            Rule::LeadCommissioner,
            1_000,
            [1_000, 0],
            0,
        ),
        ("fixed share", fixed(&[50, 50]), 1_000, [500, 500], 0),
        ("fixed share of a penny", fixed(&[50, 50]), 1, [1, 0], 0),
        ("tiered, first slice", tiers(), 150, [150, 0], 0),
        ("tiered, second slice", tiers(), 400, [200 + 120, 80], 0),
        ("tiered, undecided", tiers(), 1_000, [200 + 180, 120], 500),
        ("the board", Rule::Board, 1_000, [0, 0], 1_000),
        ("on budget", Rule::Proportional, 0, [0, 0], 0),
    ] {
        let agreement = agreement(&[6_000, 4_000], overspend, Underspend::Retain);
        let outturn = spent(&agreement, &[over]);
        assert_eq!(
            result(&agreement, &outturn),
            (expected.to_vec(), undecided, 0),
            "{id}"
        );
    }
}

#[test]
fn examples_of_underspends() {
    for (id, underspend, over, expected, undecided, retained) in [
        (
            "gains as losses",
            Underspend::Shared(rule(Rule::Proportional)),
            -1_000,
            [-600, -400],
            0,
            0,
        ),
        (
            "gains within caps",
            Underspend::Shared(rule(capped(5, Rule::HostBears))),
            -1_000,
            [-800, -200],
            0,
            0,
        ),
        (
            "gains in tiers",
            Underspend::Shared(rule(tiers())),
            -1_000,
            [-380, -120],
            -500,
            0,
        ),
        (
            "returned",
            Underspend::ReturnProRata,
            -1_000,
            [-600, -400],
            0,
            0,
        ),
        ("retained", Underspend::Retain, -1_000, [0, 0], 0, -1_000),
        (
            "reinvested",
            Underspend::Reinvest,
            -1_000,
            [0, 0],
            -1_000,
            0,
        ),
    ] {
        let agreement = agreement(&[6_000, 4_000], Rule::HostBears, underspend);
        let outturn = spent(&agreement, &[over]);
        assert_eq!(
            result(&agreement, &outturn),
            (expected.to_vec(), undecided, retained),
            "{id}"
        );
    }
}

/// A pool for people of several councils: each bears what its own people cost more.
#[test]
fn by_origin_and_what_nobody_is_named_for() {
    let mut agreement = agreement(
        &[6_000, 4_000],
        Rule::Origin,
        Underspend::Shared(rule(Rule::Origin)),
    );
    agreement.schemes[0].budget_by_origin =
        [(key("a"), Pence(5_000)), (key("b"), Pence(5_000))].into();
    let mut outturn = spent(&agreement, &[1_000]);
    let line = outturn.spent.get_mut(&SchemeKey::new("1")).unwrap();
    line.by_origin = [(key("a"), Pence(6_500)), (key("b"), Pence(4_500))].into();
    assert_eq!(result(&agreement, &outturn), (vec![1_500, -500], 0, 0));
    let line = outturn.spent.get_mut(&SchemeKey::new("1")).unwrap();
    line.by_origin = [(key("a"), Pence(6_500)), (key("b"), Pence(4_100))].into();
    assert_eq!(result(&agreement, &outturn), (vec![1_500, -900], 400, 0));
    agreement.risk.overspend = rule(Rule::Tiered(vec![
        Tier {
            to: TierEnd::Amount(Pence(500)),
            rule: Rule::Origin,
        },
        Tier {
            to: TierEnd::Open,
            rule: Rule::HostBears,
        },
    ]));
    // Of the first £5, in proportion to what went over: A 15, nobody named 4.
    assert_eq!(
        result(&agreement, &outturn),
        (vec![395 + 500, 0], 105, 0),
        "£5 × 15/19 = 3.947…"
    );
}

/// One scheme by one rule, the rest of the fund by another; money that is not pooled is its lead's.
#[test]
fn mixed_rules_and_netting() {
    let mut agreement = agreement(
        &[6_000, 4_000],
        Rule::Proportional,
        Underspend::ReturnProRata,
    );
    let plain = agreement.schemes[0].clone();
    let scheme = |text: &str, lead: &str| {
        let mut scheme = plain.clone();
        scheme.key = SchemeKey::new(text);
        scheme.lead = key(lead);
        scheme.budget = Pence(5_000);
        scheme
    };
    let mut own = scheme("2", "b");
    own.overspend = Some(rule(Rule::LeadCommissioner));
    own.underspend = Some(Underspend::Shared(rule(Rule::LeadCommissioner)));
    let mut aligned = scheme("4", "b");
    aligned.arrangement = Arrangement::Aligned;
    agreement.schemes = vec![scheme("1", "a"), own, scheme("3", "a"), aligned];
    // Schemes 1 and 3 net to +5, by contributions 3 and 2; 2 and 4 are B's.
    let outturn = spent(&agreement, &[1_500, 700, -1_000, -30]);
    assert_eq!(
        result(&agreement, &outturn),
        (vec![300, 200 + 700 - 30], 0, 0)
    );
    agreement.risk.net = false;
    let apart = result(&agreement, &outturn);
    assert_eq!(apart, (vec![900 - 600, 600 - 400 + 700 - 30], 0, 0));
    agreement.risk.net = true;
    agreement.risk.overspend = rule(Rule::LeadCommissioner);
    agreement.risk.underspend = Underspend::Shared(rule(Rule::LeadCommissioner));
    assert_eq!(result(&agreement, &outturn), (vec![500, 670], 0, 0));
}

/// D.4: what is ring-fenced for councils never goes to the NHS, whichever way gains are shared.
#[test]
fn ring_fences_hold() {
    let mut agreement = agreement(
        &[6_000, 4_000],
        Rule::HostBears,
        Underspend::Shared(rule(fixed(&[50, 50]))),
    );
    // A is the council: 20 pounds of its 60 are a grant that may not go to B.
    let mut grant = agreement.contributions[0].clone();
    agreement.contributions[0].amount = Pence(4_000);
    grant.key = ContributionKey::new("grant");
    grant.source = "Disabled Facilities Grant".to_owned();
    grant.amount = Pence(2_000);
    grant.never_to = [key("b")].into();
    grant.ring_fence = "adaptations".to_owned();
    agreement.contributions.push(grant);
    // £10 under: £2 of it is of the grant. B's half of that stays.
    let outturn = spent(&agreement, &[-1_000]);
    assert_eq!(result(&agreement, &outturn), (vec![-500, -400], 0, -100));
    agreement.schemes[0].funded_by = vec![Funding {
        from: ContributionKey::new("grant"),
        amount: Pence(10_000),
    }];
    assert_eq!(result(&agreement, &outturn), (vec![-500, 0], 0, -500));
    agreement.risk.underspend = Underspend::ReturnProRata;
    assert_eq!(result(&agreement, &outturn), (vec![-1_000, 0], 0, 0));
    agreement.contributions[2].never_to.insert(key("a"));
    assert_eq!(result(&agreement, &outturn), (vec![0, 0], 0, -1_000));
}

/// C.5: what is not earned stays with the NHS, and the fund lacks it.
#[test]
fn money_for_performance_that_was_not_earned() {
    let mut agreement = agreement(&[6_000, 4_000], Rule::Proportional, Underspend::Retain);
    agreement.performance = Some(Performance {
        contribution: ContributionKey::new("b"),
        shortfall: rule(fixed(&[25, 75])),
    });
    let mut outturn = spent(&agreement, &[0]);
    assert_eq!(result(&agreement, &outturn), (vec![0, 0], 0, 0));
    outturn
        .received
        .insert(ContributionKey::new("b"), Pence(3_000));
    assert_eq!(result(&agreement, &outturn), (vec![250, 750], 0, 0));
}

#[test]
fn an_outturn_is_read_with_every_fault() {
    let agreement = read(TWO_TIERS).unwrap();
    let text = "scheme,amount,origin\n1,£27,250,000\n2,30000000\n9,5\n3,lots\n1,3,trust\n";
    let found = outturn::read(text, &agreement).unwrap_err();
    let said: Vec<String> = found.iter().map(ToString::to_string).collect();
    assert_eq!(
        said,
        [
            "line 2: the line has more cells than the heading; put an amount with commas in quotation marks, \
             such as \"1,234.50\"",
            "line 4, scheme: the agreement has no scheme \"9\"; it has 1, 2, 3, 4",
            "line 5, amount: \"lots\": not an amount of pounds; write it as 1234.50",
            "line 6, origin: \"trust\" is no partner of the agreement",
        ]
    );
    let missing = outturn::read("scheme,amount\n1,1\n2,2\n3,3\n", &agreement).unwrap_err();
    assert_eq!(
        missing[0].to_string(),
        "scheme: no line is for scheme 4; write 0 if nothing was spent on it"
    );
    let heading = outturn::read("a,b\n", &agreement).unwrap_err();
    assert_eq!(heading.len(), 3, "{heading:?}");
}

#[test]
fn the_worked_explanation() {
    let agreement = read(TWO_TIERS).unwrap();
    let text = "scheme,amount\n1,29000000.01\n2,30900000\n3,4800000\n4,900000\n";
    let outturn = outturn::read(text, &agreement).unwrap();
    let shares = shares(&agreement, &outturn).unwrap();
    shares.verify().unwrap();
    insta::assert_snapshot!(text::explained(&agreement.title, &shares));
}

fn any_rule() -> impl Strategy<Value = Rule> {
    let leaf = prop_oneof![
        Just(Rule::HostBears),
        Just(Rule::LeadCommissioner),
        Just(Rule::Proportional),
        Just(fixed(&[20, 50, 30])),
        Just(Rule::Origin),
        Just(Rule::Board),
    ];
    leaf.prop_recursive(3, 12, 3, |inner| {
        prop_oneof![
            (inner.clone(), inner.clone(), 0i64..8).prop_map(|(within, rest, percent)| {
                Rule::Capped {
                    within: Box::new(within),
                    all: Some(Cap::OfContribution(Percent::whole(percent))),
                    each: [(key("b"), Cap::Amount(Pence(percent * 31)))].into(),
                    rest: Box::new(rest),
                }
            }),
            prop::collection::vec((0i64..20, inner), 1..4).prop_map(|tiers| {
                let last = tiers.len() - 1;
                let mut to = 0;
                let tiers = tiers.into_iter().enumerate().map(|(at, (step, rule))| {
                    to += step;
                    let end = TierEnd::OfBudget(Percent::whole(to));
                    Tier {
                        to: if at == last { TierEnd::Open } else { end },
                        rule,
                    }
                });
                Rule::Tiered(tiers.collect())
            }),
        ]
    })
}

fn any_underspend() -> impl Strategy<Value = Underspend> {
    prop_oneof![
        any_rule().prop_map(|found| Underspend::Shared(rule(found))),
        Just(Underspend::ReturnProRata),
        Just(Underspend::Retain),
        Just(Underspend::Reinvest),
    ]
}

/// Three partners, three schemes with leads, one of them by rules of its own, some ring-fenced.
fn any_agreement() -> impl Strategy<Value = Agreement> {
    (
        prop::collection::vec(1i64..9_000_000, 3),
        any_rule(),
        any_underspend(),
        any_rule(),
        any_underspend(),
        any::<[bool; 3]>(),
    )
        .prop_map(
            |(paid, over, under, own_over, own_under, [net, fence, aligned])| {
                let mut agreement = agreement(&paid, over, under);
                agreement.risk.net = net;
                if fence {
                    agreement.contributions[1].never_to = [key("c")].into();
                    agreement.contributions[1].ring_fence = "a grant".to_owned();
                }
                let plain = agreement.schemes[0].clone();
                agreement.schemes = (0..3usize)
                    .map(|at| {
                        let mut scheme = plain.clone();
                        scheme.key = SchemeKey::new(at.to_string());
                        scheme.lead = agreement.partners[at].key.clone();
                        scheme.budget = Pence(paid[at]);
                        scheme
                    })
                    .collect();
                agreement.schemes[1].overspend = Some(rule(own_over));
                agreement.schemes[1].underspend = Some(own_under);
                if aligned {
                    agreement.schemes[2].arrangement = Arrangement::Aligned;
                }
                agreement
            },
        )
}

fn any_outturn(agreement: &Agreement, over: &[i64], origin: [i64; 3]) -> Outturn {
    let mut outturn = spent(agreement, over);
    for spent in outturn.spent.values_mut() {
        spent.by_origin = ["a", "b", "c"]
            .into_iter()
            .zip(origin)
            .map(|(text, amount)| (key(text), Pence(amount)))
            .collect();
    }
    outturn
}

proptest! {
    #[test]
    fn shares_add_to_the_variance(
        agreement in any_agreement(),
        over in prop::collection::vec(-9_000_000i64..9_000_000, 3),
        origin in prop::array::uniform3(0i64..5_000_000),
    ) {
        let outturn = any_outturn(&agreement, &over, origin);
        let shares = shares(&agreement, &outturn).unwrap();
        prop_assert_eq!(shares.verify(), Ok(()));
        prop_assert_eq!(shares.total, Pence(over.iter().sum()));
    }

    #[test]
    fn the_order_of_partners_changes_no_sum(
        agreement in any_agreement(),
        over in prop::collection::vec(-9_000_000i64..9_000_000, 3),
        origin in prop::array::uniform3(0i64..5_000_000),
    ) {
        let outturn = any_outturn(&agreement, &over, origin);
        let mut turned = agreement.clone();
        turned.partners.reverse();
        turned.contributions.reverse();
        turned.schemes.rotate_left(1);
        let by_key = |agreement: &Agreement| -> BTreeMap<PartnerKey, Pence> {
            let shares = shares(agreement, &outturn).unwrap();
            shares.partners.into_iter().map(|one| (one.partner, one.share)).collect()
        };
        prop_assert_eq!(by_key(&agreement), by_key(&turned));
    }

    /// A larger overspend never lowers what a partner bears, but for the pennies of rounding.
    #[test]
    fn more_spent_is_never_less_borne(
        paid in prop::collection::vec(1i64..9_000_000, 3),
        overspend in any_rule().prop_filter("by origin is not by size", |rule| !has_origin(rule)),
        less in 0i64..9_000_000,
        more in 0i64..3_000_000,
    ) {
        let agreement = agreement(&paid, overspend, Underspend::Retain);
        let at = |over| result(&agreement, &spent(&agreement, &[over]));
        let (before, undecided_before, _) = at(less);
        let (after, undecided_after, _) = at(less + more);
        for (before, after) in before.iter().zip(&after) {
            prop_assert!(after + 32 >= *before, "{before} then {after}");
        }
        prop_assert!(undecided_after + 32 >= undecided_before);
    }
}

fn has_origin(rule: &Rule) -> bool {
    match rule {
        Rule::Origin => true,
        Rule::Capped { within, rest, .. } => has_origin(within) || has_origin(rest),
        Rule::Tiered(tiers) => tiers.iter().any(|tier| has_origin(&tier.rule)),
        _ => false,
    }
}
