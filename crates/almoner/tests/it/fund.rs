//! `almoner fund`: what others script against, checked with the published schemas, and what
//! happens with files that are wrong.

use crate::schema::assert_fits;
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn example(name: &str) -> String {
    root()
        .join("crates/fund/examples")
        .join(name)
        .display()
        .to_string()
}

fn fund(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_almoner"))
        .arg("fund")
        .args(arguments)
        .output()
        .unwrap()
}

fn code(output: &Output) -> i32 {
    output.status.code().unwrap()
}

fn said(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

/// The JSON a command prints, which must fit its published schema.
fn printed(output: &Output, schema: &str) -> Value {
    let value: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_fits(&value, schema);
    value
}

/// A folder with files of these names and texts.
fn folder(files: &[(&str, &str)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        std::fs::write(folder.path().join(name), text).unwrap();
    }
    folder
}

fn path(folder: &tempfile::TempDir, name: &str) -> String {
    folder.path().join(name).display().to_string()
}

const OUTTURN: &str = "scheme,amount\n1,29000000.01\n2,30900000\n3,4800000\n4,900000\n";

#[test]
fn shares_are_printed_with_every_step() {
    let files = folder(&[("spent.csv", OUTTURN)]);
    let spent = path(&files, "spent.csv");
    let agreement = example("two-tiers.toml");
    let run = |format| fund(&["share", &agreement, "--outturn", &spent, "--format", format]);
    let done = run("json");
    assert_eq!(code(&done), 0, "{}", said(&done));
    let value = printed(&done, "fund-share");
    assert_eq!(value["total"], 245_000_001);
    let sum = |list: &Value, field: &str| -> i64 {
        list.as_array()
            .unwrap()
            .iter()
            .map(|one| one[field].as_i64().unwrap())
            .sum()
    };
    let all = sum(&value["partners"], "share")
        + sum(&value["undecided"], "amount")
        + sum(&value["retained"], "amount");
    assert_eq!(all, 245_000_001);
    assert_eq!(value["partners"][1]["share"], 130_000_000);
    assert_eq!(value["partners"][1]["contribution"], 4_000_000_000_i64);
    for partner in value["partners"].as_array().unwrap() {
        assert_eq!(
            sum(&partner["steps"], "amount"),
            partner["share"].as_i64().unwrap()
        );
    }
    let text = String::from_utf8(run("text").stdout).unwrap();
    assert!(
        text.contains(
            "Barsetshire Integrated Care Board (pays in £40,000,000): pays £1,300,000 more"
        )
    );
    let csv = String::from_utf8(run("csv").stdout).unwrap();
    assert!(csv.starts_with("partner,of,rule,amount,why\n"), "{csv}");
    let words = fund(&["words", &agreement]);
    assert!(
        String::from_utf8(words.stdout)
            .unwrap()
            .contains("Scheme 3: Adaptations")
    );
}

#[test]
fn every_fault_of_an_agreement_or_outturn_is_told() {
    let text = std::fs::read_to_string(example("two-tiers.toml")).unwrap();
    let broken = text
        .replace("percent = 38", "percent = 30")
        .replace("host = \"council\"", "host = \"trust\"");
    let files = folder(&[
        ("spent.csv", OUTTURN),
        ("broken.toml", &broken),
        ("wrong.csv", "scheme,amount\n1,lots\n9,1\n"),
    ]);
    let spent = path(&files, "spent.csv");
    let done = fund(&["share", &path(&files, "broken.toml"), "--outturn", &spent]);
    assert_eq!(code(&done), 3);
    assert!(done.stdout.is_empty());
    let told = said(&done);
    assert!(
        told.contains("broken.toml: line 11, agreement, host: "),
        "{told}"
    );
    assert!(told.contains("the shares make 92% and not 100%"), "{told}");
    let agreement = example("two-tiers.toml");
    let done = fund(&["share", &agreement, "--outturn", &path(&files, "wrong.csv")]);
    assert_eq!(code(&done), 3);
    assert_eq!(said(&done).lines().count(), 2, "{}", said(&done));
    let done = fund(&["share", &path(&files, "none.toml"), "--outturn", &spent]);
    assert_eq!(code(&done), 3);
}

#[test]
fn a_plan_is_answered_condition_by_condition() {
    let plan = example("plan-2025-26.toml");
    let done = fund(&["plan", "check", &plan, "--format", "json"]);
    assert_eq!(code(&done), 0, "{}", said(&done));
    let value = printed(&done, "fund-plan-check");
    assert_eq!(value["period"], "2025-26");
    assert_eq!(value["conditions"][0]["id"], "1");
    assert_eq!(value["conditions"][0]["verdict"], "met");
    assert_eq!(
        value["savings"],
        json!({"cashable": 120_000_000, "not_cashable": 90_000_000})
    );
    assert!(
        said(&done).contains("rests on values from memory"),
        "{}",
        said(&done)
    );
    let twice = fund(&[
        "plan", "check", &plan, "--beside", &plan, "--format", "json",
    ]);
    let value = printed(&twice, "fund-plan-check");
    assert!(value["double_counts"].as_array().unwrap().len() > 4);
    for format in ["text", "csv"] {
        assert_eq!(
            code(&fund(&["plan", "check", &plan, "--format", format])),
            0
        );
    }
}

#[test]
fn a_plan_that_cannot_be_read_is_refused_in_part_or_whole() {
    let text = std::fs::read_to_string(example("plan-2025-26.toml")).unwrap();
    let files = folder(&[
        (
            "part.toml",
            &text.replacen("amount = 13_000_000", "amount = \"1.300,00\"", 1),
        ),
        ("year.toml", &text.replace("[\"2025/26\"]", "[\"2035/36\"]")),
        ("not.toml", "board: 5"),
    ]);
    let done = fund(&[
        "plan",
        "check",
        &path(&files, "part.toml"),
        "--format",
        "json",
    ]);
    assert_eq!(code(&done), 3);
    let value = printed(&done, "fund-plan-check");
    assert_eq!(value["issues"][0]["at"], "line 62, line 1, amount");
    assert_eq!(value["conditions"][0]["verdict"], "cannot tell");
    let done = fund(&["plan", "check", &path(&files, "year.toml")]);
    assert_eq!(code(&done), 3);
    assert!(
        said(&done).contains("there are no parameters for 2035/36"),
        "{}",
        said(&done)
    );
    assert_eq!(
        code(&fund(&["plan", "check", &path(&files, "not.toml")])),
        3
    );
}

#[test]
fn two_plans_are_compared() {
    let plan = example("plan-2025-26.toml");
    let text = std::fs::read_to_string(&plan).unwrap();
    let files = folder(&[(
        "new.toml",
        &text.replace("planned = [560]", "planned = [550]"),
    )]);
    let new = path(&files, "new.toml");
    let done = fund(&["plan", "changed", &plan, &new, "--format", "json"]);
    assert_eq!(code(&done), 0, "{}", said(&done));
    let value = printed(&done, "fund-plan-changed");
    assert_eq!(
        value["changes"],
        json!([{"part": "metric", "which": "care-home-admissions", "before": "560", "after": "550"}])
    );
    let same = fund(&["plan", "changed", &plan, &plan]);
    assert_eq!(same.stdout, b"Nothing changed.\n");
}

/// RULES P, vector V13.
#[test]
fn payment_for_performance_by_quarter() {
    let v13 = "baseline = [10_000, 10_000, 10_000, 10_000]\nplan = [9_650, 9_650, 9_650, 9_650]\n\
               actual = [9_825]\nvalue = 1_490\n";
    let files = folder(&[
        ("v13.toml", v13),
        (
            "none.toml",
            "baseline = [1, 1, 1, 1]\nplan = [1, 1, 1, 1]\n",
        ),
    ]);
    let done = fund(&["p4p", &path(&files, "v13.toml"), "--format", "json"]);
    assert_eq!(code(&done), 0, "{}", said(&done));
    let value = printed(&done, "fund-p4p");
    assert_eq!(value["fund"], 208_600_000);
    assert_eq!(value["payments"], json!([26_075_000, null, null, null]));
    assert_eq!(value["unreleased"], 182_525_000);
    assert_eq!(code(&fund(&["p4p", &path(&files, "none.toml")])), 3);
}
