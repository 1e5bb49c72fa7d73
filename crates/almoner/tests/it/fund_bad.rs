//! `almoner fund` with input that is wrong: refused in part or whole, with where and why; the books stay right.

use crate::command::{fund, fund_on, said};
use std::path::{Path, PathBuf};
use std::process::Output;

/// A folder for files and a store.
struct Desk(tempfile::TempDir);

impl Desk {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn file(&self, name: &str, text: &str) -> String {
        let path = self.0.path().join(name);
        std::fs::write(&path, text).unwrap();
        path.display().to_string()
    }

    /// `almoner fund` on the store.
    fn books(&self, arguments: &[&str]) -> Output {
        fund_on(&self.0.path().join("store"), arguments)
    }
}

fn example(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../fund/examples")
        .join(name)
}

const SPENT: &str = "scheme,amount\n1,29000000.01\n2,30900000\n3,4800000\n4,900000\n";

#[test]
fn an_agreement_that_does_not_add_up_is_refused_with_its_line() {
    let desk = Desk::new();
    let text = std::fs::read_to_string(example("two-tiers.toml")).unwrap();
    let spent = desk.file("spent.csv", SPENT);
    let nhs = "amount = 40_000_000";
    for (from, to, expected) in [
        (
            nhs,
            "amount = 41_000_000",
            "line 47, contribution 1, due: the payments make £40,000,000, and the contribution is £41,000,000",
        ),
        (
            "budget = 30_000_000",
            "budget = 31_000_000",
            "line 101, scheme 2, funded_by: makes £30,000,000, and the budget is £31,000,000",
        ),
        (
            "percent = 62",
            "percent = 72",
            "line 125, rule 1, share: the shares make 110% and not 100%",
        ),
        (
            "percent = 62",
            "percent = 52",
            "line 125, rule 1, share: the shares make 90% and not 100%",
        ),
        (
            "{ partner = \"plumstead\", percent",
            "{ partner = \"nobody\", percent",
            "\"nobody\" has a share, and is no partner of the agreement",
        ),
        (
            "partner = \"icb\"\nsource",
            "partner = \"trust\"\nsource",
            "line 44, contribution 1, partner: \"trust\" pays this, and is no partner of the agreement",
        ),
        (
            nhs,
            "amount = \"(300)\"",
            "line 46, contribution 1, amount: is below nought",
        ),
    ] {
        assert!(text.contains(from), "{from}");
        let broken = desk.file("broken.toml", &text.replacen(from, to, 1));
        let done = fund(&["share", &broken, "--outturn", &spent]);
        assert_eq!(done.status.code(), Some(3), "{to}");
        assert!(done.stdout.is_empty(), "{to}");
        assert!(said(&done).contains(expected), "{to}: {}", said(&done));
    }
    // What could not be read is in no sum, and is told once.
    for (written, why) in [
        ("\"1.234,50\"", "a comma stands before the pence"),
        (
            "40000000.005",
            "more than two figures stand after the point",
        ),
        ("\"=SUM(A1:A4)\"", "a formula stands there"),
    ] {
        let broken = text.replacen(nhs, &format!("amount = {written}"), 1);
        let broken = desk.file("broken.toml", &broken);
        let done = fund(&["share", &broken, "--outturn", &spent]);
        let told = said(&done);
        assert_eq!(done.status.code(), Some(3), "{written}");
        assert_eq!(told.lines().count(), 1, "{told}");
        assert!(told.contains("line 46, contribution 1, amount"), "{told}");
        assert!(told.contains(why), "{told}");
    }
}

#[test]
fn amounts_of_an_outturn_are_read_or_refused_and_never_guessed() {
    let desk = Desk::new();
    let agreement = example("two-tiers.toml").display().to_string();
    let total = |cell: &str| -> Result<i64, String> {
        let rest = "2,30000000\n3,5000000\n4,900000\n";
        let file = desk.file("spent.csv", &format!("scheme,amount\n1,{cell}\n{rest}"));
        let done = fund(&["share", &agreement, "--outturn", &file, "--format", "json"]);
        match done.status.code() {
            Some(0) => {
                let value: serde_json::Value = serde_json::from_slice(&done.stdout).unwrap();
                Ok(value["total"].as_i64().unwrap() + 2_725_000_000)
            }
            Some(3) => Err(said(&done)),
            other => panic!("{other:?}: {}", said(&done)),
        }
    };
    for (cell, pence) in [
        ("\"£1,234.5\"", 123_450),
        ("(300)", -30_000),
        ("1234.50", 123_450),
    ] {
        assert_eq!(total(cell), Ok(pence), "{cell}");
    }
    for (cell, why) in [
        // Without quotation marks it would be read as £1.
        (
            "£1,234.5",
            "line 2: the line has more cells than the heading",
        ),
        ("\"1.234,50\"", "line 2, amount: \"1.234,50\": a comma"),
        ("\"1,23,4\"", "line 2, amount: \"1,23,4\": the commas"),
        ("=SUM(A1:A4)", "line 2, amount: \"=SUM(A1:A4)\": a formula"),
        ("1e5", "not an amount of pounds"),
        ("", "no amount is there"),
        ("99999999999999999999", "too large"),
    ] {
        let refused = total(cell).unwrap_err();
        assert!(refused.contains(why), "{cell}: {refused}");
    }
}

#[test]
fn postings_that_cannot_be_are_refused_by_line_and_the_books_stay_right() {
    let desk = Desk::new();
    let accounts = [
        "open",
        "assets:cash:bcf",
        "income:contribution:bcf:icb:from=nhs-minimum",
    ];
    assert!(desk.books(&accounts).status.success());
    let post = |id: &str, on: &str, account: &str, amount: &str| {
        let row = format!(
            "id,date,debit,credit,amount,note\n\
             {id},{on},assets:cash:bcf,income:contribution:bcf:{account},{amount},x\n"
        );
        let file = desk.file("post.csv", &row);
        let done = desk.books(&["post", &file]);
        (done.status.code(), said(&done))
    };
    let icb = "icb:from=nhs-minimum";
    let (code, told) = post("a", "2026-04-05", icb, "\"£1,234.5\"");
    assert_eq!(code, Some(0), "{told}");
    let closed = desk.books(&["close", "2026-04"]);
    assert!(closed.status.success(), "{}", said(&closed));
    for (on, account, amount, why) in [
        ("2026-05-05", icb, "\"1.234,50\"", "line 2: amount: a comma"),
        (
            "2026-05-05",
            icb,
            "(300)",
            "line 2: the amount is minus £300",
        ),
        ("2026-05-05", icb, "=A1", "line 2: amount: a formula"),
        ("2026-05-05", icb, "0", "line 2: the amount is £0"),
        (
            "2026-05-05",
            icb,
            "£1,234.5",
            "not as many cells as the heading",
        ),
        ("45383", icb, "3", "line 2: date: not a date"),
        (
            "2026-04-30",
            icb,
            "3",
            "which is closed: use a day in May 2026",
        ),
        (
            "2026-05-05",
            "trust",
            "3",
            "income:contribution:bcf:trust is not open",
        ),
        (
            "2026-05-05",
            "icb:from=winter",
            "3",
            "income:contribution:bcf:icb:from=winter is not open",
        ),
    ] {
        let (code, told) = post("b", on, account, amount);
        assert_eq!(code, Some(3), "{amount} {on}: {told}");
        assert!(told.contains(why), "{amount} {on}: {told}");
        let check = desk.books(&["check"]);
        assert!(check.status.success(), "{}", said(&check));
    }
    let balances = said(&desk.books(&["balances", "--format", "csv"]));
    let cash = balances
        .lines()
        .find(|line| line.starts_with("assets:cash:bcf"));
    assert!(cash.unwrap().contains("1234.50"), "{balances}");
}

#[test]
fn a_plan_for_a_year_without_parameters_and_a_return_without_an_agreement_are_refused() {
    let desk = Desk::new();
    let text = std::fs::read_to_string(example("plan-2025-26.toml")).unwrap();
    let plan = desk.file("plan.toml", &text.replace("2025/26", "2035/36"));
    let done = fund(&["plan", "check", &plan, "--format", "json"]);
    assert_eq!(done.status.code(), Some(3));
    assert!(
        said(&done).contains("there are no parameters for 2035/36"),
        "{}",
        said(&done)
    );
    for (arguments, code) in [
        (&["return", "--quarter", "2026-27-Q5"][..], 2),
        (&["return", "--year-end", "2026-27-Q1"], 2),
        (&["figure", "average-discharge-delay", "2026-04"], 2),
        (
            &[
                "figure",
                "average-discharge-delay",
                "2026-04",
                "1",
                "--counted",
            ],
            2,
        ),
        (
            &["figure", "average-discharge-delay", "2026-04", "--counted"],
            3,
        ),
    ] {
        let done = desk.books(arguments);
        assert_eq!(
            done.status.code(),
            Some(code),
            "{arguments:?}: {}",
            said(&done)
        );
    }
}
