//! `almoner load dtoc` and `almoner dtoc series`: what others script against.

use std::path::Path;
use std::process::{Command, Output};

fn almoner(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_almoner"))
        .args(arguments)
        .arg("--data")
        .arg(folder.join("store"))
        .env_remove("ALMONER_DATA")
        .env_remove("ALMONER_DATABASE_URL")
        .output()
        .unwrap()
}

fn text(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn official(name: &str) -> String {
    format!("{}/../../data/official/{name}", env!("CARGO_MANIFEST_DIR"))
}

#[test]
fn a_series_as_csv_json_and_text() {
    let folder = tempfile::tempdir().unwrap();
    let run = |arguments: &[&str]| almoner(folder.path(), arguments);
    let loaded = run(&["load", "dtoc", &official("delays.csv"), "--format", "json"]);
    assert_eq!(
        text(&loaded),
        "{\"files\":1,\"records\":1056,\"accepted\":1056,\"partly\":0,\"rejected\":0,\
         \"repeated\":0,\"issues\":[]}\n"
    );
    let bare = run(&[
        "dtoc", "series", "--area", "England", "--from", "2019-03", "--format", "csv",
    ]);
    assert_eq!(
        text(&bare),
        "month,area,by,key,days,rate_per_100k\n2019-03,England,total,total,138776,\n"
    );
    assert!(
        run(&["load", "population", &official("population.csv")])
            .status
            .success()
    );
    let series = |by: &str, format: &str| {
        let arguments = [
            "dtoc",
            "series",
            "--area",
            "manchester",
            "--from",
            "2019-02",
            "--to",
        ];
        let rest = ["2019-02", "--by", by, "--format", format];
        text(&run(&[&arguments[..], &rest[..]].concat()))
    };
    insta::assert_snapshot!(
        ["total", "responsible", "reason", "care-type"]
            .map(|by| series(by, "csv"))
            .join("\n")
    );
    insta::assert_snapshot!(series("responsible", "text"));
    insta::assert_snapshot!(series("total", "json"));
}

#[test]
fn what_cannot_be_is_refused_with_its_exit_code() {
    let folder = tempfile::tempdir().unwrap();
    let run = |arguments: &[&str]| almoner(folder.path(), arguments);
    assert!(
        run(&["load", "dtoc", &official("delays.csv")])
            .status
            .success()
    );
    let unknown = run(&["dtoc", "series", "--area", "Manchestr"]);
    assert_eq!(unknown.status.code(), Some(3));
    let said = String::from_utf8(unknown.stderr).unwrap();
    assert!(said.contains("the nearest are: Manchester"), "{said}");
    for wrong in [
        &["dtoc", "series", "--area", "England", "--by", "ward"][..],
        &[
            "dtoc",
            "series",
            "--area",
            "England",
            "--from",
            "March 2019",
        ],
        &[
            "dtoc", "series", "--area", "England", "--from", "2019-03", "--to", "2019-02",
        ],
    ] {
        assert_eq!(run(wrong).status.code(), Some(2), "{wrong:?}");
    }
    let not_one = run(&["load", "dtoc", &official("SOURCE.md"), "--format", "json"]);
    assert_eq!(not_one.status.code(), Some(3));
    assert!(text(&not_one).contains("\"code\":\"not-a-workbook\""));
}
