#![allow(clippy::unwrap_used, clippy::expect_used)]

use super::check::{CheckError, Report, Verdict, check};
use super::*;
use crate::period::Periods;

const PLAN: &str = include_str!("../../examples/plan-2025-26.toml");

fn plan_of(text: &str) -> Plan {
    let (plan, faults) = read(text, Pence(149_000));
    assert_eq!(faults, []);
    plan.unwrap()
}

/// The plan with one text for another, which must be there.
fn with(from: &str, to: &str) -> Plan {
    assert!(PLAN.contains(from), "{from}");
    plan_of(&PLAN.replacen(from, to, 1))
}

fn report(plan: &Plan) -> Report {
    check(plan, &[], &Periods::builtin()).unwrap()
}

fn verdict(report: &Report, id: &str) -> (Verdict, String) {
    let one = report.conditions.iter().find(|one| one.id == id).unwrap();
    (one.finding.verdict, one.finding.why.clone())
}

fn words(report: &Report) -> String {
    let mut text = String::new();
    for one in &report.conditions {
        text += &format!(
            "{} {}: {}\n    {}\n    {}\n",
            one.id,
            one.title,
            one.finding.verdict,
            one.finding.why,
            one.finding.lines.join(", ")
        );
    }
    text + &format!("{:#?}\n{:#?}", report.unknown_parameters, report.rests_on)
}

#[test]
fn a_good_plan_is_answered_condition_by_condition() {
    let report = report(&plan_of(PLAN));
    insta::assert_snapshot!(words(&report));
    assert!(report.double_counts.is_empty());
    assert_eq!(report.savings.cashable, Pence(120_000_000));
    assert_eq!(report.savings.not_cashable, Pence(90_000_000));
}

/// One change to the good plan, the check that then answers otherwise, and what its reason has.
#[test]
#[rustfmt::skip]
fn each_condition_can_be_not_met() {
    use Verdict::{CannotTell, Met, NotMet};
    for (from, to, id, expected, why) in [
        ("amount = 13_000_000", "amount = 13_000_001", "sums", Met, ""),
        ("amount = 13_000_000", "amount = 13_000_001.01", "sums", NotMet, "£40,000,001.01 is spent"),
        ("amount = 13_000_000", "amount = 13_000_001.01", "1", NotMet, "NHS Minimum Contribution 2025/26"),
        // 12 million and 3.9 per cent are 12,468,000.
        ("amount = 13_000_000", "amount = 12_467_999.99", "social-care-minimum", NotMet, "less than the £12,468,000 required"),
        ("amount = 13_000_000", "amount = 12_468_000", "social-care-minimum", Met, "at least"),
        ("social_care_before = 12_000_000\n", "", "social-care-minimum", CannotTell, "not given"),
        ("social_care_before = 12_000_000\n", "", "3", CannotTell, ""),
        // 17 million and 60 per cent of 10 are 23 million.
        ("out_of_hospital = 11_000_000", "out_of_hospital = 23_000_000", "out-of-hospital-minimum", Met, "£23,000,000"),
        ("out_of_hospital = 11_000_000", "out_of_hospital = 23_000_000.01", "out-of-hospital-minimum", NotMet, "less than"),
        ("area = \"Community Health\"", "area = \"Acute\"", "out-of-hospital-minimum", NotMet, "£6,000,000"),
        ("commissioner = \"NHS\"", "commissioner = \"LA\"", "out-of-hospital-minimum", NotMet, "£6,000,000"),
        ("nhs = 40_000_000", "nhs = 40_000_000.01", "3", NotMet, "less than"),
        ("amount = 1_900_000", "amount = 1_800_000", "disabled-facilities-grant", NotMet, "districts get £4,900,000"),
        ("on = 2025-03-27", "on = 2025-04-02", "sign-off", NotMet, "after the last day"),
        ("Care Board\"\non = 2025-03-28", "Care Board\"\non = 2025-03-28\ndelegated = true", "sign-off", NotMet, "in person"),
        ("condition = \"4\"\nyes = true", "condition = \"4\"\nyes = false", "4", NotMet, "own answer is no"),
        ("condition = \"4\"", "condition = \"9\"", "4", CannotTell, "no answer"),
        ("key = \"care-home-admissions\"", "key = \"another\"", "metrics", NotMet, "Long-term admissions"),
        ("kind = \"integrated care board\"", "kind = \"district\"", "1", NotMet, "an integrated care board among the partners"),
        ("la_percent = 40", "la_percent = 30", "scheme-types", NotMet, "do not make 100%"),
    ] {
        let (found, said) = verdict(&report(&with(from, to)), id);
        assert_eq!(found, expected, "{to}: {said}");
        assert!(said.contains(why), "{to}: {said}");
    }
}

/// RULES C.9: districts may leave some of the grant, in writing.
#[test]
fn the_grant_may_stay_with_consent() {
    let less = PLAN.replacen("amount = 1_900_000", "amount = 1_400_000", 1);
    let consent =
        "\n[kept_back]\namount = 500_000\nconsent = \"Both districts, 3 February 2025\"\n";
    let found = report(&plan_of(&(less.clone() + consent)));
    assert_eq!(verdict(&found, "disabled-facilities-grant").0, Verdict::Met);
    let found = report(&plan_of(&less));
    assert_eq!(
        verdict(&found, "disabled-facilities-grant").0,
        Verdict::NotMet
    );
    let one_tier = PLAN.replace("two_tiers = true\n", "");
    let without = one_tier
        .replace(
            "[[district]]\nname = \"Silverbridge District Council\"\namount = 3_100_000\n",
            "",
        )
        .replace(
            "[[district]]\nname = \"Plumstead District Council\"\namount = 1_900_000\n",
            "",
        );
    let found = report(&plan_of(&without));
    assert_eq!(
        verdict(&found, "disabled-facilities-grant").0,
        Verdict::CannotTell
    );
}

/// Scheme types by year: a list in 2024/25, nothing established in 2025/26.
#[test]
fn types_and_units_are_of_the_year() {
    let found = report(&plan_of(PLAN));
    let (told, why) = verdict(&found, "scheme-types");
    assert_eq!(told, Verdict::CannotTell, "{why}");
    let before = PLAN.replace("2025/26\"]", "2024/25\"]").replace(
        "Local Authority Better Care Grant",
        "Improved Better Care Fund",
    );
    let (told, why) = verdict(&report(&plan_of(&before)), "scheme-types");
    assert_eq!(told, Verdict::Met, "{why}");
    for (from, to, expected) in [
        (
            "unit = \"packages\"",
            "unit = \"beds\"",
            "counts in \"beds\"",
        ),
        (
            "type = \"Home-based intermediate care services\"",
            "type = \"Magic\"",
            "not on the list",
        ),
        ("outputs = [2_400]\n", "", "no expected outputs in packages"),
        (
            "sub_type = \"Domiciliary care packages\"\n",
            "",
            "has no sub-type",
        ),
        (
            "sub_type = \"Domiciliary care packages\"",
            "sub_type = \"Other\"",
            "does not say what it is",
        ),
    ] {
        let (told, why) = verdict(
            &report(&plan_of(&before.replacen(from, to, 1))),
            "scheme-types",
        );
        assert_eq!(told, Verdict::NotMet, "{to}");
        assert!(why.contains(expected), "{to}: {why}");
    }
}

#[test]
fn a_year_without_parameters_is_refused_and_an_unknown_one_says_so() {
    let (plan, _) = read(&PLAN.replace("2025/26\"]", "2031/32\"]"), Pence(1));
    let error = check(&plan.unwrap(), &[], &Periods::builtin()).unwrap_err();
    assert!(
        error
            .to_string()
            .contains("there are no parameters for 2031/32"),
        "{error}"
    );
    let (plan, _) = read(
        &PLAN.replace("[\"2025/26\"]", "[\"2024/25\", \"2025/26\"]"),
        Pence(1),
    );
    // Its lines have one amount each, so none is read; its years are still of two periods.
    assert!(matches!(
        check(&plan.unwrap(), &[], &Periods::builtin()),
        Err(CheckError::TwoPeriods(..))
    ));
    let found = report(&plan_of(&PLAN.replace("2025/26\"]", "2026/27\"]")));
    assert_eq!(
        found.unknown_parameters.len(),
        11,
        "{:#?}",
        found.unknown_parameters
    );
    assert_eq!(verdict(&found, "sign-off").0, Verdict::CannotTell);
}

/// The good part goes through; a sum that may miss something is never said to be met.
#[test]
fn a_part_that_cannot_be_read_is_told_and_marked() {
    let text = PLAN.replacen("amount = 13_000_000", "amount = \"1.300.000,00\"", 1);
    let (plan, faults) = read(&text, Pence(149_000));
    assert_eq!(faults.len(), 1, "{faults:?}");
    assert!(
        faults[0]
            .to_string()
            .starts_with("line 62, line 1, amount: "),
        "{}",
        faults[0]
    );
    let plan = plan.unwrap();
    assert_eq!((plan.lines.len(), plan.unread.len()), (4, 1));
    let found = report(&plan);
    for id in [
        "sums",
        "social-care-minimum",
        "out-of-hospital-minimum",
        "3",
    ] {
        assert_eq!(verdict(&found, id).0, Verdict::CannotTell, "{id}");
    }
    assert_eq!(verdict(&found, "sign-off").0, Verdict::Met);
    assert_eq!(read("= 5", Pence(1)).0, None);
    assert_eq!(read("[plan]\nboard = \"B\"\n", Pence(1)).0, None);
}

/// C.5 within a plan of 2015/16.
#[test]
fn performance_is_planned_by_its_rules() {
    let first = PLAN
        .replace("2025/26\"]", "2015/16\"]")
        .replace("2025-", "2015-");
    let with = |plan: &str| {
        let text = format!(
            "{first}\n[performance]\nbaseline = [10_000, 10_000, 10_000, 10_000]\nplan = [{plan}]\n"
        );
        verdict(&report(&plan_of(&text)), "performance")
    };
    let (told, why) = with("9_650, 9_650, 9_650, 9_650");
    assert_eq!(told, Verdict::Met);
    assert!(why.contains("£2,086,000"), "{why}");
    assert_eq!(with("9_651, 9_650, 9_650, 9_650").0, Verdict::NotMet);
    assert_eq!(with("10_000, 10_000, 10_000, 10_000").0, Verdict::NotMet);
    let without = report(&plan_of(&first));
    assert_eq!(verdict(&without, "performance").0, Verdict::CannotTell);
    assert_eq!(
        without
            .conditions
            .iter()
            .filter(|one| one.id.len() == 1)
            .count(),
        6
    );
}

#[test]
fn money_that_is_counted_twice_is_found() {
    let again = PLAN.replacen(
        "provider = \"Private sector\"\n",
        "provider = \"Private sector\"\npackages = [\"reablement contract\"]\n",
        1,
    );
    let found = report(&plan_of(&again)).double_counts;
    assert_eq!(found.len(), 1);
    assert_eq!(
        (found[0].claimed, found[0].whole),
        (Pence(3_000_000_000), Pence(1_700_000_000))
    );
    let other = PLAN.replace("Barsetshire Health", "Barchester Health");
    let both = check(&plan_of(PLAN), &[&plan_of(&other)], &Periods::builtin()).unwrap();
    let twice: Vec<_> = both
        .double_counts
        .iter()
        .map(|one| one.what.as_str())
        .collect();
    // A whole plan again: its package, two grants, two savings and four lines that look alike.
    assert_eq!(
        twice,
        [
            "package", "grant", "grant", "saving", "saving", "alike", "alike", "alike", "alike"
        ]
    );
}

#[test]
fn two_plans_are_compared() {
    let text = PLAN
        .replacen("amount = 13_000_000", "amount = 12_500_000", 1)
        .replacen("amount = 17_000_000\n\n[[line]]", "amount = 17_500_000\n\n[[line]]", 1)
        .replace("planned = [560]", "planned = [550]")
        .replace("[[signature]]\nrole = \"section 151 officer\"\norganisation = \"Barsetshire County Council\"\non = 2025-03-27\n", "");
    let changes = changed::changes(&plan_of(PLAN), &plan_of(&text));
    let said: Vec<String> = changes
        .iter()
        .map(|one| {
            format!(
                "{}, {}: {} -> {}",
                one.part, one.which, one.before, one.after
            )
        })
        .collect();
    assert_eq!(
        said,
        [
            "scheme, 1 Reablement at home (NHS Minimum Contribution, Social Care, LA): £13,000,000 -> £12,500,000",
            "scheme, 2 Community nursing at night (NHS Minimum Contribution, Community Health, NHS): £17,000,000 -> £17,500,000",
            "signature, section 151 officer of Barsetshire County Council: 2025-03-27 -> ",
            "metric, care-home-admissions: 560 -> 550",
        ]
    );
    assert_eq!(changed::changes(&plan_of(PLAN), &plan_of(PLAN)), []);
    assert_eq!(with("sent_on = 2025-03-28\n", "").sent_on, None);
}

#[test]
fn sources_by_the_names_that_years_used() {
    for (text, source) in [
        ("DFG", Some(Source::DisabledFacilities)),
        ("iBCF Contribution", Some(Source::ImprovedBetterCareFund)),
        ("NHS minimum contribution", Some(Source::NhsMinimum)),
        ("Minimum CCG Contribution", Some(Source::NhsMinimum)),
        (
            "Additional LA contribution",
            Some(Source::AdditionalLocalAuthority),
        ),
        ("Lottery", None),
    ] {
        assert_eq!(Source::read(text), source, "{text}");
    }
}
