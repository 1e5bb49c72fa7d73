#![allow(clippy::unwrap_used, clippy::expect_used)]

use super::*;

/// Millions of pounds.
fn million(amount: Option<Pence>) -> Option<i64> {
    amount.map(|amount| amount.0 / 100_000_000)
}

#[test]
fn the_built_in_periods_have_no_faults() {
    let (periods, errors) = Periods::collect(BUILTIN.iter().copied());
    assert_eq!(errors, []);
    let keys: Vec<&str> = periods.all().iter().map(|one| one.key.as_str()).collect();
    assert_eq!(
        keys,
        [
            "2015-16", "2016-17", "2017-19", "2019-20", "2020-21", "2021-22", "2022-23", "2023-25",
            "2025-26", "2026-27"
        ]
    );
    assert_eq!(periods.of_year("2024/25").unwrap().key, "2023-25");
    assert_eq!(periods.of_year("2027/28"), None);
    let types = periods.scheme_types(periods.of_year("2024/25").unwrap());
    assert_eq!(types.unwrap().types.len(), 19);
}

/// RULES C.2, in millions of pounds: NHS minimum, grant of councils, disabled facilities grant,
/// total, all that was pooled; with what is from memory (`m`), found (`f`), derived (`d`) or not
/// established (`x`).
#[test]
#[rustfmt::skip]
fn money_by_year() {
    use Item::{DisabledFacilities, LocalAuthorityGrant, NhsMinimum, Pooled, Total};
    let periods = Periods::builtin();
    for (year, expected) in [
        ("2015/16", [Some((3_460, 'm')), None, Some((220, 'f')), Some((3_800, 'f')), Some((5_300, 'f'))]),
        ("2016/17", [Some((3_519, 'm')), Some((0, 'x')), Some((394, 'm')), Some((3_900, 'f')), Some((5_800, 'f'))]),
        ("2017/18", [Some((3_582, 'f')), Some((1_115, 'f')), Some((431, 'f')), Some((5_128, 'f')), None]),
        ("2018/19", [Some((3_650, 'f')), Some((1_499, 'f')), Some((468, 'f')), Some((5_617, 'f')), None]),
        ("2019/20", [Some((3_840, 'm')), Some((1_837, 'f')), Some((505, 'm')), Some((6_422, 'm')), Some((9_200, 'f'))]),
        ("2020/21", [Some((4_048, 'm')), Some((2_077, 'f')), Some((573, 'f')), Some((6_698, 'm')), None]),
        ("2021/22", [Some((4_263, 'm')), Some((2_077, 'm')), Some((573, 'm')), Some((6_913, 'm')), None]),
        ("2022/23", [Some((4_504, 'm')), Some((2_140, 'm')), Some((573, 'm')), Some((7_217, 'm')), None]),
        ("2023/24", [Some((4_759, 'm')), Some((2_140, 'm')), Some((573, 'm')), Some((8_100, 'm')), None]),
        ("2024/25", [Some((5_029, 'm')), Some((2_140, 'f')), Some((625, 'f')), Some((8_700, 'm')), None]),
        ("2025/26", [Some((5_614, 'f')), Some((2_640, 'f')), Some((711, 'f')), Some((8_965, 'd')), None]),
        ("2026/27", [Some((0, 'x')), Some((0, 'x')), Some((723, 'f')), Some((0, 'x')), None]),
    ] {
        let period = periods.of_year(year).unwrap();
        for (item, expected) in [NhsMinimum, LocalAuthorityGrant, DisabledFacilities, Total, Pooled].into_iter().zip(expected) {
            let found = period.money(year, item).map(|money| {
                let sure = match money.origin.confidence {
                    Some(Confidence::Found) => 'f',
                    Some(Confidence::Derived) => 'd',
                    Some(Confidence::Memory) => 'm',
                    Some(Confidence::Local) => 'l',
                    None => 'x',
                };
                (million(money.amount).unwrap_or(0), sure)
            });
            assert_eq!(found, expected, "{year}, {item}");
        }
    }
}

/// What else RULES C.2 has, in millions.
#[test]
fn other_money() {
    let periods = Periods::builtin();
    for (year, item, expected) in [
        ("2015/16", Item::SocialCareCapital, 134),
        ("2015/16", Item::SetAside, 1_000),
        ("2015/16", Item::Voluntary, 1_500),
        ("2018/19", Item::WinterPressuresOutside, 240),
        ("2019/20", Item::WinterPressures, 240),
        ("2022/23", Item::DischargeLocalAuthority, 200),
        ("2022/23", Item::DischargeNhs, 300),
        ("2023/24", Item::DisabledFacilitiesAdded, 50),
        ("2023/24", Item::DischargeLocalAuthority, 300),
        ("2023/24", Item::DischargeNhs, 300),
        ("2024/25", Item::DisabledFacilitiesAdded, 86),
        ("2024/25", Item::DischargeLocalAuthority, 500),
        ("2024/25", Item::DischargeNhs, 500),
    ] {
        let period = periods.of_year(year).unwrap();
        let found = period
            .money(year, item)
            .and_then(|money| million(money.amount));
        assert_eq!(found, Some(expected), "{year}, {item}");
    }
    let first = periods.of_year("2015/16").unwrap();
    let before = first.money("2014/15", Item::Preparation).unwrap();
    assert_eq!(million(before.amount), Some(200));
}

/// V14, and the years whose parts make their total.
#[test]
fn parts_make_totals() {
    use Item::{DisabledFacilities, LocalAuthorityGrant, NhsMinimum, Total, WinterPressures};
    let periods = Periods::builtin();
    for year in [
        "2017/18", "2018/19", "2019/20", "2020/21", "2021/22", "2022/23", "2025/26",
    ] {
        let period = periods.of_year(year).unwrap();
        let amount = |item| period.money(year, item).and_then(|money| money.amount);
        let sum: Pence = [
            NhsMinimum,
            LocalAuthorityGrant,
            DisabledFacilities,
            WinterPressures,
        ]
        .into_iter()
        .filter_map(amount)
        .sum();
        assert_eq!(Some(sum), amount(Total), "{year}");
    }
    assert_eq!(
        2_077,
        1_837 + 240,
        "2020/21: the grant took winter pressures in"
    );
}

/// RULES C.4: what the plans of 2015/16 promised and what there was.
#[test]
fn outcomes_of_the_first_year() {
    let periods = Periods::builtin();
    let outcomes = &periods.of_year("2015/16").unwrap().outcomes;
    let shown: Vec<_> = outcomes
        .iter()
        .map(|one| {
            (
                one.planned.map(|number| number.to_string()),
                one.actual.map(|number| number.to_string()),
                million(one.planned_saving),
                million(one.cost_over_plan),
                one.areas_met,
            )
        })
        .collect();
    let text = |number: &str| Some(number.to_owned());
    assert_eq!(
        shown,
        [
            (text("-293000"), text("185000"), Some(90), Some(146), None),
            (text("-106000"), text("87000"), Some(171), Some(311), None),
            (text("659"), text("628"), None, None, Some(53)),
            (text("81.9"), text("82.7"), None, None, Some(31)),
            (None, None, Some(511), None, None),
        ]
    );
    // J.6: what the plans thought a day and an admission are worth, rounded to the pound.
    for (at, count, pounds) in [(0, 293_000, 307), (1, 106_000, 1_613)] {
        let saving = outcomes[at].planned_saving.unwrap().0 / 100;
        assert_eq!((saving + count / 2) / count, pounds);
    }
}

#[test]
fn growth_of_the_minimum_for_social_care() {
    let periods = Periods::builtin();
    for (year, expected) in [
        ("2017/18", Some("1.79%")),
        ("2018/19", Some("1.9%")),
        ("2019/20", Some("5.3%")),
        ("2022/23", Some("5.66%")),
        ("2023/24", Some("5.66%")),
        ("2024/25", Some("5.66%")),
        ("2025/26", Some("3.9%")),
        ("2026/27", None),
    ] {
        let period = periods.of_year(year).unwrap();
        let found = period.uplift(year).map(|uplift| uplift.percent.to_string());
        assert_eq!(found.as_deref(), expected, "{year}");
    }
}

/// RULES C.3 to C.8 by period: conditions, metrics that are planned, whether somebody else may
/// sign for a chief executive, and how many things are not established.
#[test]
fn conditions_metrics_and_signing() {
    let periods = Periods::builtin();
    for (year, conditions, metrics, delegable, unknown) in [
        ("2015/16", 6, 5, Some(true), 0),
        ("2016/17", 8, 5, Some(true), 0),
        ("2017/18", 4, 4, Some(true), 0),
        ("2019/20", 4, 4, Some(true), 0),
        ("2020/21", 4, 0, Some(true), 1),
        ("2021/22", 4, 6, Some(true), 0),
        ("2022/23", 4, 4, Some(true), 0),
        ("2023/24", 4, 5, Some(true), 0),
        ("2025/26", 4, 3, Some(false), 3),
        ("2026/27", 0, 0, None, 8),
    ] {
        let period = periods.of_year(year).unwrap();
        assert_eq!(
            (
                period.conditions.len(),
                period.headline_metrics().count(),
                period.sign_off.delegable,
                period.unknown.len()
            ),
            (conditions, metrics, delegable, unknown),
            "{year}"
        );
    }
}

#[test]
fn a_place_may_replace_a_period_and_faults_name_the_file() {
    let text = BUILTIN[8].1.replace("million = 711", "million = 712");
    let periods = Periods::from_texts(&[("fund/2025-26.toml", &text)]).unwrap();
    let money = periods.of_year("2025/26").unwrap();
    let amount = money
        .money("2025/26", Item::DisabledFacilities)
        .unwrap()
        .amount;
    assert_eq!(million(amount), Some(712));
    let errors = Periods::from_texts(&[("fund/own.toml", "period = 3\n")]).unwrap_err();
    assert!(
        errors[0].to_string().starts_with("fund/own.toml, line 1, "),
        "{}",
        errors[0]
    );
    let guessed = BUILTIN[8].1.replace("million = 711\n", "");
    assert_eq!(
        Periods::from_texts(&[("fund/2025-26.toml", &guessed)])
            .unwrap_err()
            .len(),
        1
    );
}
