//! `almoner fund plan keep` and `versions`, and `almoner fund files`: plans go into a store a version each, and what is
//! refused stays as it came.

use crate::command::{fund_on, said};
use crate::schema::assert_fits;
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use std::process::Output;
use testkit::PlanBook;

struct Store(tempfile::TempDir);

impl Store {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn file(&self, name: &str, bytes: &[u8]) -> PathBuf {
        let path = self.0.path().join(name);
        std::fs::write(&path, bytes).unwrap();
        path
    }

    fn fund(&self, arguments: &[&str]) -> Output {
        fund_on(&self.0.path().join("store"), arguments)
    }

    fn keep(&self, file: &Path, more: &[&str]) -> Output {
        let file = file.to_str().unwrap();
        self.fund(&[&["plan", "keep", file, "--fund", "bcf"], more].concat())
    }

    fn json(&self, arguments: &[&str], schema: &str) -> Value {
        let done = self.fund(&[arguments, &["--format", "json"]].concat());
        assert_eq!(done.status.code(), Some(0), "{}", said(&done));
        printed(&done, schema)
    }

    fn versions(&self) -> Vec<Value> {
        let all = self.json(&["plan", "versions"], "fund-plan-versions");
        all["versions"].as_array().unwrap().clone()
    }

    fn files(&self, arguments: &[&str]) -> Vec<Value> {
        let all = self.json(&[&["files"], arguments].concat(), "fund-files");
        all["files"].as_array().unwrap().clone()
    }

    /// The bytes of a file that is kept.
    fn bytes(&self, id: &Value) -> Vec<u8> {
        let done = self.fund(&["files", id.as_str().unwrap()]);
        assert_eq!(done.status.code(), Some(0), "{}", said(&done));
        done.stdout
    }
}

fn printed(output: &Output, schema: &str) -> Value {
    let value =
        serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{}", said(output)));
    assert_fits(&value, schema);
    value
}

fn example() -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fund/examples/plan-2025-26.toml");
    std::fs::read_to_string(path).unwrap()
}

#[test]
fn each_plan_is_a_version_that_says_what_changed() {
    let store = Store::new();
    let text = example();
    let first = store.file("march.toml", text.as_bytes());
    let done = store.keep(&first, &["--format", "json"]);
    assert_eq!(done.status.code(), Some(0), "{}", said(&done));
    let kept = printed(&done, "fund-plan-keep");
    let version = &kept["version"];
    assert_eq!(
        (&version["fund"], &version["number"], &version["years"]),
        (&json!("bcf"), &json!(1), &json!(["2025/26"]))
    );
    assert_eq!(
        (&version["changes"], &kept["issues"]),
        (&json!([]), &json!([]))
    );
    let sums = json!({"id": "sums", "verdict": "met"});
    assert!(
        kept["conditions"].as_array().unwrap().contains(&sums),
        "{kept}"
    );

    let changed = text.replace("planned = [560]", "planned = [550]");
    let second = store.file("june.toml", changed.as_bytes());
    let done = store.keep(&second, &[]);
    assert_eq!(done.status.code(), Some(0), "{}", said(&done));
    let words = String::from_utf8_lossy(&done.stdout).into_owned();
    let title =
        "Version 2 of the plan of bcf for 2025/26: Barsetshire Health and Wellbeing Board\n";
    assert!(words.starts_with(title), "{words}");
    let change = "What changed since version 1:\n    metric care-home-admissions: 560, now 550\n";
    assert!(words.ends_with(change), "{words}");

    // The same again is no version.
    let again = store.keep(&second, &[]);
    assert_eq!(again.status.code(), Some(3));
    let already = "june.toml: This is version 2 as it is kept already";
    assert!(said(&again).contains(already), "{}", said(&again));

    let versions = store.versions();
    assert_eq!(versions.len(), 2);
    assert_eq!(
        versions[1]["changes"],
        json!(["metric care-home-admissions: 560, now 550"])
    );
    assert_eq!(store.bytes(&versions[0]["file"]), text.as_bytes());
    assert_eq!(store.bytes(&versions[1]["file"]), changed.as_bytes());
    for format in ["text", "csv"] {
        let done = store.fund(&["plan", "versions", "--fund", "bcf", "--format", format]);
        let words = said(&done);
        assert!(words.contains("560, now 550"), "{words}");
        assert_eq!(done.status.code(), Some(0));
    }
    let of_another = store.fund(&["plan", "versions", "--fund", "other"]);
    assert_eq!(of_another.stdout, b"");
}

#[test]
fn a_workbook_that_was_spoilt_is_a_version_that_says_so_and_a_broken_one_is_none() {
    let store = Store::new();
    let whole = PlanBook::new().unwrap().saved().unwrap();
    let good = store.keep(&store.file("plan.xlsx", &whole), &[]);
    assert_eq!(good.status.code(), Some(0), "{}", said(&good));

    let mut hidden = PlanBook::new().unwrap();
    hidden.spending.set_row_hidden(PlanBook::row(1)).unwrap();
    let hidden = hidden.saved().unwrap();
    let file = store.file("hidden.xlsx", &hidden);
    let done = store.keep(&file, &["--format", "json"]);
    assert_eq!(done.status.code(), Some(3), "{}", said(&done));
    let told = "hidden.xlsx: 6a. Expenditure!I9: The row is hidden and holds figures: I9.";
    assert!(said(&done).contains(told), "{}", said(&done));
    let kept = printed(&done, "fund-plan-keep");
    assert_eq!(
        (&kept["version"]["number"], &kept["version"]["unread"]),
        (&json!(2), &json!(1))
    );
    let issue = &kept["issues"][0];
    assert_eq!(
        (&issue["at"], &issue["code"]),
        (&json!("6a. Expenditure!I9"), &json!("hidden-row"))
    );
    let sums = json!({"id": "sums", "verdict": "cannot tell"});
    assert!(
        kept["conditions"].as_array().unwrap().contains(&sums),
        "{kept}"
    );

    let broken: [(&str, &[u8], &str); 4] = [
        (
            "cut.xlsx",
            &whole[..whole.len() / 2],
            "is cut short or damaged",
        ),
        ("not.toml", b"board: 5", "line 1"),
        (
            "picture.png",
            b"\x89PNG\r\n\xff\xfe",
            "neither a workbook nor a text",
        ),
        ("nothing.toml", b"", "plan"),
    ];
    for (number, (name, bytes, why)) in (1..).zip(broken) {
        let done = store.keep(&store.file(name, bytes), &["--format", "json"]);
        assert_eq!(
            (done.status.code(), &*done.stdout),
            (Some(3), &b""[..]),
            "{name}"
        );
        for line in String::from_utf8_lossy(&done.stderr).lines() {
            assert!(line.contains(&format!("{name}: ")), "{line}");
        }
        assert!(said(&done).contains(why), "{name}: {}", said(&done));
        // It makes no version, and stays as it came, with what was wrong.
        assert_eq!(store.versions().len(), 2, "{name}");
        let refused = store.files(&["--refused"]);
        assert_eq!(refused.len(), number, "{name}");
        let kept = refused.iter().find(|one| one["name"] == name).unwrap();
        assert_eq!(kept["refused"], 1);
        assert_ne!(kept["issues"], json!([]), "{name}");
        assert_eq!(store.bytes(&kept["id"]), bytes, "{name}");
    }
    assert_eq!(store.files(&[]).len(), 6);
    let check = store.fund(&["check"]);
    assert_eq!(check.status.code(), Some(0), "{}", said(&check));
}

#[test]
fn what_cannot_be_kept_or_checked_is_told() {
    let store = Store::new();
    let text = example();
    let file = store.file("plan.toml", text.as_bytes());
    let unnamed = store.fund(&["plan", "keep", file.to_str().unwrap()]);
    assert_eq!(unnamed.status.code(), Some(3));
    assert!(
        said(&unnamed).contains("no fund has an agreement here"),
        "{}",
        said(&unnamed)
    );
    let absent = store.keep(&store.0.path().join("absent.toml"), &[]);
    assert_eq!(absent.status.code(), Some(3), "{}", said(&absent));
    assert_eq!((store.versions().len(), store.files(&[]).len()), (0, 0));

    // A year without parameters: kept, and no condition is said to be met.
    let later = text.replace("[\"2025/26\"]", "[\"2035/36\"]");
    let done = store.keep(
        &store.file("later.toml", later.as_bytes()),
        &["--format", "json"],
    );
    assert_eq!(done.status.code(), Some(3), "{}", said(&done));
    let why = "it is kept and not checked: years: there are no parameters for 2035/36";
    assert!(said(&done).contains(why), "{}", said(&done));
    assert_eq!(printed(&done, "fund-plan-keep")["conditions"], json!([]));

    let unknown = store.fund(&["files", "01900000-0000-7000-8000-000000000000"]);
    assert_eq!(unknown.status.code(), Some(3), "{}", said(&unknown));
}
