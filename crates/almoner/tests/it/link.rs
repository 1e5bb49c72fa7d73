//! `almoner link`, `link evaluate` and `link explain`: what others script against, and what
//! happens with files that are wrong.

use serde_json::Value;
use std::collections::HashSet;
use std::fmt::Write;
use std::path::Path;
use std::process::{Command, Output};
use synth::duplicates::{Duplicates, Rates};

fn link(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_almoner"))
        .current_dir(folder)
        .arg("link")
        .args(arguments)
        .output()
        .unwrap()
}

fn code(output: &Output) -> i32 {
    output.status.code().unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

fn json(output: &Output) -> Value {
    serde_json::from_slice(&output.stdout).unwrap()
}

/// Rows of `pairs.csv` after its heading.
fn pairs(folder: &Path) -> Vec<Vec<String>> {
    let all = std::fs::read_to_string(folder.join("pairs.csv")).unwrap();
    let mut lines = all.lines();
    assert_eq!(lines.next(), Some("left,right,weight,probability,decision"));
    lines
        .map(|line| line.split(',').map(str::to_owned).collect())
        .collect()
}

/// Ids of the pairs that are linked, the smaller first.
fn linked(folder: &Path) -> HashSet<(String, String)> {
    pairs(folder)
        .iter()
        .filter(|row| row[4] == "link")
        .map(|row| {
            (
                row[0].clone().min(row[1].clone()),
                row[0].clone().max(row[1].clone()),
            )
        })
        .collect()
}

/// A folder with `people.csv` of so many records, more rows, and `truth.csv`.
fn people(records: u32, more: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let made = Duplicates::make(7, records, &Rates::usual());
    std::fs::write(folder.path().join("people.csv"), made.records_csv() + more).unwrap();
    std::fs::write(folder.path().join("truth.csv"), made.truth_csv()).unwrap();
    folder
}

#[test]
fn one_file_is_linked_measured_and_explained() {
    let folder = people(4_000, "");
    let run = |arguments: &[&str]| link(folder.path(), arguments);
    let done = run(&[
        "people.csv",
        "--out",
        "pairs.csv",
        "--clusters",
        "who.csv",
        "--format",
        "json",
    ]);
    assert_eq!(code(&done), 0, "{}", text(&done.stderr));
    let summary = json(&done);
    assert_eq!(summary["records"][0], 4_000);
    assert_eq!(summary["left_out"], serde_json::json!([]));
    assert!(summary["pairs_compared"].as_u64() > Some(3_000));
    assert!(summary["peak_memory_mb"].as_u64() > Some(0));
    for stage in ["read", "block", "learn", "score", "decide", "write"] {
        assert!(summary["seconds"][stage].as_f64() >= Some(0.0), "{stage}");
        let ran = &summary["processor_seconds"];
        assert!(ran.is_null() || ran[stage].as_f64() >= Some(0.0), "{stage}");
    }
    let rows = pairs(folder.path());
    let of = |decision: &str| rows.iter().filter(|row| row[4] == decision).count();
    assert_eq!(summary["links"].as_u64(), Some(of("link") as u64));
    assert_eq!(summary["reviews"].as_u64(), Some(of("review") as u64));

    let measured = run(&[
        "evaluate",
        "pairs.csv",
        "--truth",
        "truth.csv",
        "--records",
        "people.csv",
        "--format",
        "json",
    ]);
    assert_eq!(code(&measured), 0, "{}", text(&measured.stderr));
    let measured = json(&measured);
    assert!(measured["best"]["f1"].as_f64() > Some(0.95), "{measured}");
    let blocking = &measured["blocking"];
    assert_eq!(blocking["true_pairs"], measured["true_pairs"]);
    let nearest = blocking["nearest"].as_array().unwrap();
    let near: u64 = nearest.iter().filter_map(|one| one["pairs"].as_u64()).sum();
    assert_eq!(Some(near), blocking["lost"].as_u64());

    let row = rows.iter().find(|row| row[4] == "link").unwrap();
    let why = run(&[
        "explain",
        &row[0],
        &row[1],
        "--records",
        "people.csv",
        "--svg",
        "why.svg",
    ]);
    assert_eq!(code(&why), 0, "{}", text(&why.stderr));
    let words = text(&why.stdout);
    assert!(
        words.contains("birth date: ") && words.contains("match weight"),
        "{words}"
    );
    let drawn = std::fs::read_to_string(folder.path().join("why.svg")).unwrap();
    assert!(drawn.starts_with("<svg ") && drawn.ends_with("</svg>"));
}

#[test]
fn the_result_is_the_same_on_one_thread_and_on_three() {
    let folder = people(3_000, "");
    let mut seen = HashSet::new();
    for threads in ["1", "3"] {
        let done = link(
            folder.path(),
            &["people.csv", "--out", "pairs.csv", "--threads", threads],
        );
        assert_eq!(code(&done), 0, "{}", text(&done.stderr));
        seen.insert(std::fs::read(folder.path().join("pairs.csv")).unwrap());
    }
    assert_eq!(seen.len(), 1);
}

#[test]
fn two_files_are_linked_across_only() {
    let folder = tempfile::tempdir().unwrap();
    let made = Duplicates::make(8, 3_000, &Rates::usual()).records_csv();
    let (mut left, mut right) = (String::new(), String::new());
    for (number, line) in made.lines().enumerate() {
        if number == 0 || number % 2 == 0 {
            writeln!(left, "{line}").unwrap();
        }
        if number == 0 || number % 2 == 1 {
            writeln!(right, "{line}").unwrap();
        }
    }
    std::fs::write(folder.path().join("a.csv"), &left).unwrap();
    std::fs::write(folder.path().join("b.csv"), &right).unwrap();
    let done = link(
        folder.path(),
        &["a.csv", "b.csv", "--out", "pairs.csv", "--format", "json"],
    );
    assert_eq!(code(&done), 0, "{}", text(&done.stderr));
    assert_eq!(json(&done)["records"], serde_json::json!([1_500, 1_500]));
    let rows = pairs(folder.path());
    assert!(rows.len() > 300, "{}", rows.len());
    let even = |id: &str| id[1..].parse::<u32>().unwrap().is_multiple_of(2);
    assert!(rows.iter().all(|row| even(&row[0]) && !even(&row[1])));
}

#[test]
fn the_truth_is_pairs_or_clusters() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).unwrap();
    write(
        "pairs.csv",
        "left,right,weight,probability,decision\n1,2,9,0.99,link\n3,1,1,0.6,review\n",
    );
    write("clusters.csv", "id,person\n1,a\n2,a\n3,b\n4,b\n");
    write("both.csv", "left,right\n2,1\n3,4\n");
    let measure = |truth: &str| {
        link(
            folder.path(),
            &[
                "evaluate",
                "pairs.csv",
                "--truth",
                truth,
                "--format",
                "json",
            ],
        )
    };
    let found = json(&measure("clusters.csv"));
    assert_eq!(found, json(&measure("both.csv")));
    assert_eq!(found["true_pairs"], 2);
    assert_eq!(found["best"]["precision"], 1.0);
    assert_eq!(found["best"]["recall"], 0.5);
    let words = link(
        folder.path(),
        &["evaluate", "pairs.csv", "--truth", "both.csv"],
    );
    insta::assert_snapshot!(text(&words.stdout));
}

/// Rows that are wrong are reported and left out; the others go through.
#[test]
fn wrong_rows_are_named_and_the_others_linked() {
    let wrong = "w1,,,,,,\n,Ann,Lee,1950-01-02,F,Ackby,QH1 1AA\nr1,Ann,Lee,1950-01-02,F,Ackby,QH1 1AA\nw4,x\n";
    let folder = people(2_000, wrong);
    let done = link(
        folder.path(),
        &["people.csv", "--out", "pairs.csv", "--format", "json"],
    );
    assert_eq!(code(&done), 3);
    assert!(pairs(folder.path()).len() > 1_000);
    let left_out = json(&done)["left_out"].clone();
    let seen: Vec<(&str, u64, &str)> = left_out
        .as_array()
        .unwrap()
        .iter()
        .map(|row| {
            (
                row["file"].as_str().unwrap(),
                row["line"].as_u64().unwrap(),
                row["code"].as_str().unwrap(),
            )
        })
        .collect();
    assert_eq!(
        seen,
        [
            ("people.csv", 2_002, "nothing-to-match-on"),
            ("people.csv", 2_003, "no-id"),
            ("people.csv", 2_004, "repeated-id"),
            ("people.csv", 2_005, "columns"),
        ]
    );
    let words = text(&link(folder.path(), &["people.csv", "--out", "pairs.csv"]).stdout);
    assert!(
        words.contains("Left out: people.csv line 2003: The row has no id. Give it one."),
        "{words}"
    );
}

/// Very many records with one birth date, which stands for "not known": nobody is linked
/// for it, it is said, and it does not take for ever.
#[test]
fn one_birth_date_for_very_many() {
    let mut more = String::new();
    for number in 0..6_000 {
        writeln!(
            more,
            "d{number},Given{number}q,Family{}z,1985-06-15,,,",
            number * 7
        )
        .unwrap();
    }
    let folder = people(2_000, &more);
    let done = link(
        folder.path(),
        &["people.csv", "--out", "pairs.csv", "--format", "json"],
    );
    assert_eq!(code(&done), 0, "{}", text(&done.stderr));
    let summary = json(&done);
    assert_eq!(summary["records"][0], 8_000);
    assert_eq!(summary["stand_ins"][0][0], "birth date");
    let wrong = linked(folder.path())
        .into_iter()
        .filter(|(one, other)| one.starts_with('d') || other.starts_with('d'))
        .count();
    assert_eq!(wrong, 0);
}

/// Names in other scripts, of one letter, of emoji, with quotes, markup and formulas: each
/// record comes twice and both are found to be one.
#[test]
fn names_of_every_kind() {
    let names = [
        ("ח", "כהן"),
        ("محمد", "العلي"),
        ("N", "O"),
        ("😀", "🦊🦊"),
        ("<script>alert(1)</script>", "x'; DROP TABLE people;--"),
        ("=cmd|' /C calc'!A0", "+1+1"),
        ("Zoë", "Ó Súilleabháin"),
        ("王", "小明"),
        ("\u{202e}gnirts", "Ma\u{0301}ry"),
        ("\"\"Quoted\"\"", "Comma, Smith"),
    ];
    let mut more = String::new();
    for (number, (given, family)) in names.iter().enumerate() {
        for copy in ["a", "b"] {
            writeln!(
                more,
                "h{number}{copy},\"{given}\",\"{family}\",19{}3-0{}-14,,Ackby,XT{number} 4TT",
                number + 50,
                number % 9 + 1
            )
            .unwrap();
        }
    }
    let folder = people(3_000, &more);
    let done = link(
        folder.path(),
        &["people.csv", "--out", "pairs.csv", "--format", "json"],
    );
    assert_eq!(code(&done), 0, "{}", text(&done.stderr));
    assert_eq!(json(&done)["records"][0], 3_020);
    let found = linked(folder.path());
    for (number, name) in names.iter().enumerate() {
        let pair = (format!("h{number}a"), format!("h{number}b"));
        assert!(found.contains(&pair), "{name:?}");
    }
}

/// Files that cannot be used, and what is said: never a trace, always what to do.
#[test]
fn files_that_cannot_be_used() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, bytes: &[u8]| std::fs::write(folder.path().join(name), bytes).unwrap();
    write("empty.csv", b"");
    write("heading.csv", b"id,given_name,family_name\n");
    write("no-id.csv", b"given_name,family_name\nAnn,Lee\n");
    write("colours.csv", b"id,colour\n1,red\n");
    write(
        "binary.csv",
        &(0..=255).cycle().take(5_000).collect::<Vec<u8>>(),
    );
    write("wrong.toml", b"id = [\"id\"\n");
    write(
        "good.csv",
        b"id,given_name,family_name,birth_date\n1,Ann,Lee,1950-01-02\n",
    );
    for (arguments, expected, said) in [
        (
            vec!["empty.csv"],
            3,
            "empty.csv: file 1 has no column of ids",
        ),
        (vec!["no-id.csv"], 3, "It has: given_name, family_name"),
        (
            vec!["colours.csv"],
            3,
            "none of the columns that the configuration compares",
        ),
        (vec!["binary.csv"], 3, "binary.csv: file 1"),
        (vec!["not-there.csv"], 2, "not-there.csv"),
        (
            vec!["good.csv", "--config", "wrong.toml"],
            2,
            "wrong.toml: the configuration is wrong",
        ),
        (vec!["good.csv", "--config", "none.toml"], 2, "none.toml"),
        (vec!["heading.csv"], 0, ""),
        (vec!["good.csv"], 0, ""),
    ] {
        let done = link(
            folder.path(),
            &[&arguments[..], &["--out", "pairs.csv"]].concat(),
        );
        let error = text(&done.stderr);
        assert_eq!(code(&done), expected, "{arguments:?}: {error}");
        assert!(error.contains(said), "{arguments:?}: {error}");
        assert!(
            !error.contains("panicked") && !error.contains('\0'),
            "{arguments:?}: {error}"
        );
    }
    assert!(pairs(folder.path()).is_empty());
    let nowhere = link(folder.path(), &["good.csv", "--out", "no/such/folder.csv"]);
    assert_eq!(code(&nowhere), 2);
    assert!(text(&nowhere.stderr).contains("no/such/folder.csv cannot be written"));
    let no_one = link(
        folder.path(),
        &["explain", "1", "2", "--records", "good.csv"],
    );
    assert_eq!(code(&no_one), 3);
    assert!(text(&no_one.stderr).contains("no record has the id 2"));
    let no_pairs = link(
        folder.path(),
        &["evaluate", "good.csv", "--truth", "good.csv"],
    );
    assert_eq!(code(&no_pairs), 3);
    assert!(
        text(&no_pairs.stderr).contains("good.csv: "),
        "{}",
        text(&no_pairs.stderr)
    );
    let help = text(&link(folder.path(), &["--help"]).stdout);
    assert!(
        help.contains("Example: almoner link people.csv --out pairs.csv"),
        "{help}"
    );
}
