#![allow(clippy::unwrap_used, clippy::expect_used)]

use super::*;

const TWO_TIERS: &str = include_str!("../../examples/two-tiers.toml");

fn faults(from: &str, to: &str) -> Vec<String> {
    assert!(TWO_TIERS.contains(from), "{from}");
    read(&TWO_TIERS.replacen(from, to, 1))
        .err()
        .unwrap_or_default()
        .iter()
        .map(ToString::to_string)
        .collect()
}

#[test]
fn the_agreement_in_words() {
    let agreement = read(TWO_TIERS).unwrap();
    insta::assert_snapshot!(in_words::whole(&agreement));
}

#[test]
fn faults_say_line_field_and_what_to_do() {
    let mut said = String::new();
    for (from, to) in [
        ("host = \"council\"", "host = \"trust\""),
        ("percent = 38", "percent = 37.5"),
        ("percent = 38", "percent = 39"),
        (
            "lead = \"icb\"\nbudget = 30_000_000",
            "lead = \"trust\"\nbudget = 30_000_000",
        ),
        ("    { on = 2026-01-15, amount = 10_000_000 },\n", ""),
        (
            "plumstead\", amount = 1_900_000",
            "plumstead\", amount = 1_800_000",
        ),
        ("\"equipment\"]", "\"Emergency ambulance calls\"]"),
        ("rest = \"board\"", "rest = \"in tiers\""),
        ("overspend = \"in tiers\"", "overspend = \"in turns\""),
        ("kind = \"district\"", "kind = \"borough\""),
        (
            "pool_manager = \"The head of integrated commissioning\"\n",
            "",
        ),
        ("review = 2025-12-01", "review = 2026-12-01"),
        ("[exit]\nnotice_months = 6", "[exit]\nnotice_month = 6"),
        ("{ to_percent = 4, by", "{ to_percent = 0.5, by"),
        ("never_returned_to = [\"icb\"]\n", ""),
        ("from = \"joint-team\"", "from = \"joint-teams\""),
        ("budget = 900_000", "budget = \"900.000,00\""),
        (
            "underspend = \"return pro rata\"\n\n[[scheme]]",
            "\n[[scheme]]",
        ),
    ] {
        let found = faults(from, to);
        assert_ne!(found, [""; 0], "{to}");
        said += &format!("{}\n    {}\n", to.trim(), found.join("\n    "));
    }
    insta::assert_snapshot!(said);
}

#[test]
fn every_fault_is_told_and_not_only_the_first() {
    let text = TWO_TIERS
        .replace("host = \"council\"", "host = \"trust\"")
        .replace("percent = 38", "percent = 30")
        .replace("budget = 5_000_000", "budget = 4_000_000")
        .replace("overspend = \"in tiers\"", "overspend = \"turns\"");
    let found = read(&text).unwrap_err();
    let fields: Vec<&str> = found.iter().map(|fault| fault.field.as_str()).collect();
    assert_eq!(
        fields,
        [
            "agreement, host",
            "contribution",
            "scheme 3, funded_by",
            "rule 1, share",
            "risk, overspend",
        ]
    );
    let lines: Vec<u32> = found.iter().map(|fault| fault.line).collect();
    assert!(lines.is_sorted(), "{lines:?}");
}

#[test]
fn a_partner_without_a_part_is_told() {
    let more = "[[partner]]\nkey = \"trust\"\nname = \"St Ewold's Trust\"\nkind = \"trust\"\n";
    let found = read(&format!("{TWO_TIERS}\n{more}")).unwrap_err();
    assert_eq!(found.len(), 1);
    assert!(
        found[0]
            .text
            .starts_with("trust pays, leads, receives and bears nothing"),
        "{}",
        found[0]
    );
}

#[test]
fn what_is_not_an_agreement_is_told_in_whole() {
    let found = read("").unwrap_err();
    let said: Vec<String> = found.iter().map(ToString::to_string).collect();
    for part in [
        "[agreement]",
        "[[partner]]",
        "[[contribution]]",
        "[[scheme]]",
        "[risk]",
    ] {
        assert!(
            said.iter()
                .any(|text| text.contains(&format!("there is no {part}"))),
            "{part}: {said:#?}"
        );
    }
    assert!(read("= 3").is_err());
}
