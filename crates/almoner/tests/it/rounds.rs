//! `almoner rounds`: the shapes that others script against, bad input, and the guide.

use serde_json::Value;
use std::path::Path;
use std::process::{Command, Output};

fn rounds(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_almoner"))
        .current_dir(folder)
        .arg("rounds")
        .args(arguments)
        .output()
        .unwrap()
}

fn code(output: &Output) -> i32 {
    output.status.code().unwrap()
}

fn error(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

/// Two carers, three people, four visits; the last cannot be made.
const SMALL: &str = r#"{
  "name": "three people", "start": "2026-11-30", "days": 1, "skills": ["PEG"],
  "places": [
    {"id": "a", "latitude": 51.2, "longitude": -2.2},
    {"id": "b", "latitude": 51.21, "longitude": -2.2},
    {"id": "c", "latitude": 51.2, "longitude": -2.21}],
  "carers": [
    {"id": "c1", "home": "a", "skills": ["hoist"], "shifts": [{"day": "2026-11-30", "from": "07:00", "to": "13:00"}]},
    {"id": "c2", "home": "b", "shifts": [{"day": "2026-11-30", "from": "07:00", "to": "13:00"}]}],
  "people": [{"id": "p1", "place": "a"}, {"id": "p2", "place": "b"}, {"id": "p3", "place": "c"}],
  "visits": [
    {"id": "v1", "person": "p1", "day": "2026-11-30", "earliest": "08:00", "latest": "09:00", "minutes": 30, "carers": 2},
    {"id": "v2", "person": "p2", "day": "2026-11-30", "earliest": "08:00", "latest": "09:30", "minutes": 45, "skills": ["hoist"]},
    {"id": "v3", "person": "p3", "day": "2026-11-30", "earliest": "10:00", "latest": "11:00", "minutes": 30},
    {"id": "v4", "person": "p3", "day": "2026-11-30", "earliest": "12:50", "latest": "12:55", "minutes": 30, "priority": 3}],
  "gaps": [{"first": "v1", "second": "v3", "least_minutes": 90}]
}"#;

#[test]
fn a_plan_in_the_shape_that_others_script_against() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("p.json"), SMALL).unwrap();
    let arguments = [
        "p.json",
        "--iterations",
        "50",
        "--threads",
        "1",
        "--seed",
        "7",
        "--format",
        "json",
    ];
    let output = rounds(folder.path(), &arguments);
    assert_eq!(code(&output), 0, "{}", error(&output));
    let mut plan: Value = serde_json::from_slice(&output.stdout).unwrap();
    std::fs::write(folder.path().join("plan.json"), &output.stdout).unwrap();
    assert_eq!(
        code(&rounds(folder.path(), &["check", "p.json", "plan.json"])),
        0
    );

    // The same again, to the byte, but for the clock.
    let again = rounds(folder.path(), &arguments);
    let mut second: Value = serde_json::from_slice(&again.stdout).unwrap();
    plan["seconds"] = 0.into();
    second["seconds"] = 0.into();
    assert_eq!(plan, second);
    insta::assert_snapshot!(serde_json::to_string_pretty(&plan).unwrap());

    // Who cheats is found.
    let mut cheated: Value = plan.clone();
    let start = cheated["routes"][0]["stops"][0]["start"].as_f64().unwrap();
    cheated["routes"][0]["stops"][0]["start"] = (start - 30.0).into();
    std::fs::write(folder.path().join("plan.json"), cheated.to_string()).unwrap();
    assert_eq!(
        code(&rounds(folder.path(), &["check", "p.json", "plan.json"])),
        3
    );
}

#[test]
fn what_is_wrong_is_named_with_its_place_and_nothing_is_planned() {
    let folder = tempfile::tempdir().unwrap();
    for (from, to, place, text) in [
        (
            "\"latest\": \"09:30\"",
            "\"latest\": \"07:30\"",
            "visits[1] (v2)",
            "window",
        ),
        (
            "[\"hoist\"]}",
            "[\"flying\"]}",
            "visits[1] (v2)",
            "skill `flying` is unknown",
        ),
        (
            "\"minutes\": 45",
            "\"minutes\": -45",
            "visits[1] (v2)",
            "takes -45 minutes",
        ),
        (
            "\"earliest\": \"10:00\"",
            "\"earliest\": \"-10:00\"",
            "visits[2] (v3)",
            "no time of day",
        ),
        (
            "\"latitude\": 51.21",
            "\"latitude\": 11.21",
            "places[1] (b)",
            "km from every other place",
        ),
        (
            "\"person\": \"p2\"",
            "\"person\": \"p9\"",
            "visits[1] (v2)",
            "no person `p9`",
        ),
        (
            "\"least_minutes\": 90",
            "\"least_minutes\": 900",
            "gaps[0]",
            "no time for this gap",
        ),
        (
            "\"to\": \"13:00\"}]},",
            "\"to\": \"06:00\"}]},",
            "carers[0].shifts[0] (c1)",
            "ends at 06:00",
        ),
        (
            "\"id\": \"v2\"",
            "\"id\": \"v1\"",
            "visits[1] (v1)",
            "has the id of visits[0]",
        ),
        ("\"days\": 1", "\"days\": 0", "days", "0 days"),
        ("\"name\"", "\"nmae\"", "line 2", "unknown field `nmae`"),
    ] {
        assert!(SMALL.contains(from), "{from}");
        std::fs::write(folder.path().join("p.json"), SMALL.replacen(from, to, 1)).unwrap();
        let output = rounds(folder.path(), &["p.json", "--iterations", "1"]);
        let said = error(&output);
        assert_eq!(code(&output), 3, "{to}: {said}");
        assert!(output.stdout.is_empty(), "{to}");
        assert!(said.contains(place) && said.contains(text), "{to}: {said}");
    }
}

#[test]
fn an_island_and_too_many_visits_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let mut file: Value = serde_json::from_str(SMALL).unwrap();
    file["matrices"] = serde_json::json!([{"mode": "car", "minutes": [[0, 5, null], [5, 0, null], [null, null, 0]]}]);
    std::fs::write(folder.path().join("p.json"), file.to_string()).unwrap();
    let output = rounds(folder.path(), &["p.json"]);
    assert_eq!(code(&output), 3);
    assert!(
        error(&output).contains("place `c` is an island"),
        "{}",
        error(&output)
    );

    let visit = file["visits"][1].clone();
    file["visits"] = Value::Array(vec![visit; 20_001]);
    std::fs::write(folder.path().join("p.json"), file.to_string()).unwrap();
    let output = rounds(folder.path(), &["p.json"]);
    assert_eq!(code(&output), 3);
    assert!(
        error(&output).contains("20001 visits; from 1 to 20000"),
        "{}",
        error(&output)
    );

    std::fs::write(folder.path().join("p.txt"), "no such format\n").unwrap();
    assert_eq!(code(&rounds(folder.path(), &["p.txt"])), 3);
    std::fs::write(folder.path().join("p.txt"), [0xff, 0xfe, 0x00]).unwrap();
    assert_eq!(code(&rounds(folder.path(), &["p.txt"])), 3);
}

/// A limit below what the program has from the start: the first plan, said to be that.
#[test]
fn a_memory_limit_stops_a_run_with_its_best_plan_so_far() {
    if !Path::new("/proc/self/status").exists() {
        eprintln!("did not run: the system does not say how much memory is used");
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("p.json"), SMALL).unwrap();
    let plan = |limit: &[&str]| {
        let mut arguments = vec!["p.json", "--iterations", "40", "--threads", "2"];
        arguments.extend(["--format", "json"]);
        arguments.extend(limit);
        let output = rounds(folder.path(), &arguments);
        assert_eq!(code(&output), 0, "{}", error(&output));
        std::fs::write(folder.path().join("plan.json"), &output.stdout).unwrap();
        let checked = rounds(folder.path(), &["check", "p.json", "plan.json"]);
        assert_eq!(code(&checked), 0);
        serde_json::from_slice::<Value>(&output.stdout).unwrap()
    };
    let stopped = plan(&["--max-memory-mb", "1"]);
    assert_eq!(
        stopped["stopped"],
        "the memory limit of 1 MB was reached: the best plan so far"
    );
    assert_eq!(stopped["iterations"], 0);
    let whole = plan(&[]);
    assert_eq!(whole["iterations"], 80);
    assert!(whole["cost"].as_f64() <= stopped["cost"].as_f64());
}

/// A fictional county with many idle carers, whom no visit can have: each plan that is searched takes megabytes for them.
fn county_with_idle_carers(folder: &Path) {
    let made = rounds(
        folder,
        &["make", "--visits", "60", "--carers", "12", "--days", "2"],
    );
    assert_eq!(code(&made), 0, "{}", error(&made));
    let mut county: Value = serde_json::from_slice(&made.stdout).unwrap();
    let skilled = |one: &mut Value| {
        let skills = one["skills"].as_array().cloned().unwrap_or_default();
        one["skills"] = skills.into_iter().chain(["at work".into()]).collect();
    };
    skilled(&mut county);
    for list in ["carers", "visits"] {
        county[list]
            .as_array_mut()
            .unwrap()
            .iter_mut()
            .for_each(skilled);
    }
    let carers = county["carers"].as_array_mut().unwrap();
    let home = carers[0]["home"].clone();
    let shift = |day| serde_json::json!({"day": day, "from": "07:00", "to": "07:30"});
    for number in carers.len()..5_000 {
        carers.push(serde_json::json!({
            "id": format!("idle {number}"), "home": home,
            "shifts": [shift("2026-11-30"), shift("2026-12-01")],
        }));
    }
    std::fs::write(folder.join("p.json"), county.to_string()).unwrap();
}

/// Two searches tell each other what they found after 400 steps each, and the better plan is copied: from then on the program holds
/// more than before. How much it holds is not the same everywhere, so the limit between is looked for: below it nothing or
/// little is searched, above it the search ends by itself.
#[test]
fn a_search_that_outgrows_its_memory_midway_gives_its_best_plan_so_far() {
    if !cfg!(all(target_os = "linux", target_env = "gnu")) {
        eprintln!("did not run: the test keeps what is freed by settings of glibc");
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    county_with_idle_carers(folder.path());
    let plan = |limit: u64| -> Value {
        let limit = limit.to_string();
        let arguments = ["--iterations", "410", "--threads", "2", "--max-memory-mb"];
        let output = Command::new(env!("CARGO_BIN_EXE_almoner"))
            .current_dir(folder.path())
            .args(["rounds", "p.json", "--format", "json"])
            .args(arguments)
            .arg(&limit)
            // What the copy took is not given back to the system, so that it is seen at the next look.
            .env("MALLOC_MMAP_THRESHOLD_", "33554432")
            .env("MALLOC_TRIM_THRESHOLD_", "4294967296")
            .output()
            .unwrap();
        assert_eq!(code(&output), 0, "{}", error(&output));
        std::fs::write(folder.path().join("plan.json"), &output.stdout).unwrap();
        serde_json::from_slice(&output.stdout).unwrap()
    };
    let (mut low, mut high) = (4_u64, 512_u64);
    let midway = loop {
        assert!(
            high - low > 1,
            "no limit between {low} and {high} MB is reached midway"
        );
        // About as many times more than the one as less than the other.
        let limit = (low * high).isqrt().clamp(low + 1, high - 1);
        let found = plan(limit);
        let told = format!("the memory limit of {limit} MB was reached: the best plan so far");
        match (
            found["stopped"] == told,
            found["iterations"].as_u64().unwrap(),
        ) {
            (true, 0) => low = limit,
            (true, _) => break found,
            (false, 820) => high = limit,
            other => panic!("{other:?}: {}", found["stopped"]),
        }
    };
    assert!(midway["iterations"].as_u64() < Some(820));
    let checked = rounds(folder.path(), &["check", "p.json", "plan.json"]);
    assert_eq!(code(&checked), 0, "{}", error(&checked));
    let first = plan(1);
    assert_eq!(first["iterations"], 0);
    assert!(midway["cost"].as_f64() <= first["cost"].as_f64());
}

/// Benchmark files with a customer that no plan can have.
#[test]
fn a_benchmark_that_cannot_be_planned_is_refused_with_its_customer() {
    let folder = tempfile::tempdir().unwrap();
    let good = "T1\n\nVEHICLE\nNUMBER CAPACITY\n2 10\n\nCUSTOMER\nCUST NO.\n\n\
        0 0 0 0 0 100 0\n1 3 4 5 0 50 10\n2 6 8 5 0 50 10\n";
    for (from, to, said) in [
        (
            "5 0 50 10\n2",
            "5 60 50 10\n2",
            "customer 1: the window ends at 50",
        ),
        (
            "5 0 50 10\n2",
            "5 0 4 10\n2",
            "customer 1: nobody can be there",
        ),
        ("5 0 50 10\n2", "5 -7 50 10\n2", "line 11: -7 is no time"),
        ("5 0 50 10\n2", "50 0 50 10\n2", "customer 1: 50 are wanted"),
    ] {
        assert!(good.contains(from), "{from}");
        std::fs::write(folder.path().join("t.txt"), good.replacen(from, to, 1)).unwrap();
        let output = rounds(folder.path(), &["t.txt", "--iterations", "1"]);
        assert_eq!(code(&output), 3, "{to}");
        assert!(output.stdout.is_empty(), "{to}");
        assert!(error(&output).contains(said), "{to}: {}", error(&output));
    }
}

#[test]
fn two_csv_files_do_instead() {
    let folder = tempfile::tempdir().unwrap();
    let visits = "id,person,latitude,longitude,day,earliest,latest,minutes,skills\n\
        v1,p1,51.2,-2.2,2026-11-30,08:00,09:00,30,\n\
        v2,p2,51.21,-2.2,2026-11-30,08:00,10:00,45,hoist;medication\n";
    let carers = "id,day,from,to,skills,latitude,longitude\nc1,2026-11-30,07:00,13:00,hoist;medication,51.2,-2.21\n";
    std::fs::write(folder.path().join("v.csv"), visits).unwrap();
    std::fs::write(folder.path().join("c.csv"), carers).unwrap();
    let output = rounds(
        folder.path(),
        &[
            "v.csv",
            "--carers",
            "c.csv",
            "--iterations",
            "20",
            "--format",
            "csv",
        ],
    );
    assert_eq!(code(&output), 0, "{}", error(&output));
    let text = String::from_utf8(output.stdout).unwrap();
    assert_eq!(text.lines().next(), Some("carer,visit,arrive,start,end"));
    assert_eq!(text.lines().count(), 3);

    std::fs::write(
        folder.path().join("v.csv"),
        visits.replace(",30,", ",thirty,"),
    )
    .unwrap();
    let output = rounds(
        folder.path(),
        &["v.csv", "--carers", "c.csv", "--iterations", "20"],
    );
    assert_eq!(code(&output), 3);
    assert!(
        error(&output).contains("visits line 2, column minutes"),
        "{}",
        error(&output)
    );
}

/// Every command of the guide, in its order, in a folder of its own.
#[test]
fn the_guide_runs_as_it_stands() {
    let guide = include_str!("../../../../docs/guides/plan-rounds.md");
    let folder = tempfile::tempdir().unwrap();
    let mut said = String::new();
    let mut run = 0;
    for line in guide
        .lines()
        .filter_map(|line| line.strip_prefix("almoner rounds "))
    {
        let (arguments, into) = match line.split_once(" > ") {
            Some((arguments, file)) => (arguments, Some(file)),
            None => (line, None),
        };
        let arguments: Vec<&str> = arguments.split_whitespace().collect();
        let output = rounds(folder.path(), &arguments);
        assert_eq!(code(&output), 0, "{line}: {}", error(&output));
        match into {
            Some(file) => std::fs::write(folder.path().join(file), &output.stdout).unwrap(),
            None => said.push_str(&String::from_utf8(output.stdout).unwrap()),
        }
        run += 1;
    }
    assert_eq!(run, 6);
    for wanted in [
        "Every rule holds",
        "Visits that go to another carer: ",
        "pence per contact hour",
    ] {
        assert!(said.contains(wanted), "{wanted} is not in:\n{said}");
    }
    let sheets = std::fs::read_to_string(folder.path().join("rounds.html")).unwrap();
    assert!(sheets.contains("<h1>Round of carer-0"));
    let map: Value = serde_json::from_str(
        &std::fs::read_to_string(folder.path().join("rounds.geojson")).unwrap(),
    )
    .unwrap();
    assert!(map["features"].as_array().unwrap().len() > 100);
}
