//! `almoner simulate`: what others script against, the guide, and models that are wrong.

use serde_json::Value;
use std::collections::HashMap;
use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn simulate(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_almoner"))
        .current_dir(root())
        .arg("simulate")
        .args(arguments)
        .output()
        .unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

fn code(output: &Output) -> i32 {
    output.status.code().unwrap()
}

const SMALL: &str = "title = \"Small\"\ndays = 3\nreplications = 5\nseed = 4\n\
    [source.door]\narrivals_per_day = 4.0\nto = \"ward, east\"\n\
    [station.\"ward, east\"]\ncapacity_beds = 3\nstay = { distribution = \"exponential\", mean_days = 0.5 }\n\
    cost = [{ payer = \"NHS\", occupied_day_pence = 34600 }]\n\
    [scenario.larger.station.\"ward, east\"]\ncapacity_beds = 5\n";

fn written(text: &str) -> (tempfile::TempDir, String) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("model.toml");
    std::fs::write(&path, text).unwrap();
    let path = path.to_str().unwrap().to_owned();
    (folder, path)
}

#[test]
fn a_table_of_days_and_an_object() {
    let (_folder, model) = written(SMALL);
    let csv = simulate(&[&model, "--format", "csv"]);
    assert_eq!(code(&csv), 0, "{}", text(&csv.stderr));
    assert!(text(&csv.stderr).contains("seed 4, 5 replications of 3 days"));
    let table = text(&csv.stdout);
    assert_eq!(
        table.lines().next(),
        Some("scenario,day,station,measure,mean,sd,q05,q25,q50,q75,q95")
    );
    // Two scenarios, three days, one station, seven measures.
    assert_eq!(table.lines().count(), 1 + 2 * 3 * 7);
    assert!(
        table
            .lines()
            .nth(1)
            .unwrap()
            .starts_with("baseline,1,\"ward, east\",occupancy,")
    );
    let again = simulate(&[&model, "--format", "csv", "--threads", "1"]);
    assert_eq!(text(&again.stdout), table);
    let other = simulate(&[&model, "--format", "csv", "--seed", "5"]);
    assert_ne!(text(&other.stdout), table);
    let json = simulate(&[
        &model,
        "--format",
        "json",
        "--scenario",
        "larger",
        "--reps",
        "2",
    ]);
    let object: Value = serde_json::from_slice(&json.stdout).unwrap();
    assert_eq!(object["scenarios"][0]["scenario"], "larger");
    assert_eq!(object["scenarios"][0]["replications"], 2);
    assert_eq!(
        object["scenarios"][0]["by_day"].as_array().unwrap().len(),
        21
    );
    assert!(
        object["scenarios"][0]["costs"][0]["pounds_per_day"]["mean"]
            .as_f64()
            .unwrap()
            > 0.0
    );
    insta::assert_snapshot!(text(&simulate(&[&model]).stdout));
}

#[test]
fn a_chart_has_words_and_bands() {
    let (folder, model) = written(SMALL);
    let chart = folder.path().join("queue.svg");
    let drawn = simulate(&[
        &model,
        "--scenario",
        "baseline",
        "--chart",
        chart.to_str().unwrap(),
        "--chart-of",
        "ward, east:queue",
    ]);
    assert_eq!(code(&drawn), 0, "{}", text(&drawn.stderr));
    insta::assert_snapshot!(std::fs::read_to_string(&chart).unwrap());
}

#[test]
fn replications_are_added_until_the_interval_is_narrow() {
    let (_folder, model) = written(SMALL);
    let run = |width: &str| {
        let output = simulate(&[
            &model,
            "--format",
            "json",
            "--scenario",
            "baseline",
            "--half-width",
            width,
        ]);
        assert_eq!(code(&output), 0, "{}", text(&output.stderr));
        let object: Value = serde_json::from_slice(&output.stdout).unwrap();
        object["scenarios"][0].clone()
    };
    let wide = run("ward, east:occupancy:10");
    assert_eq!(wide["replications"], 5);
    let narrow = run("ward, east:occupancy:0.05");
    assert!(narrow["replications"].as_u64().unwrap() > 100);
    assert!(narrow["summary"][0]["half_width"].as_f64().unwrap() <= 0.05);
    assert!(narrow["stopped"].is_null());
}

/// What is wrong ends with 3, names its place, and prints no result.
#[test]
fn what_is_wrong_is_refused_whole() {
    for (old, new, says) in [
        (
            "capacity_beds = 3",
            "capacity_beds = 0",
            "station.ward, east: its capacity is nil",
        ),
        (
            "mean_days = 0.5",
            "mean_days = -0.5",
            "station.ward, east.stay: the mean must be more than 0, not -0.5",
        ),
        (
            "to = \"ward, east\"",
            "next = [{ to = \"ward, east\", share = 0.7 }]",
            "source.door.next: the shares add to 0.7, not to 1",
        ),
        ("days = 3", "days = \"three\"", "the model cannot be read"),
        (
            "capacity_beds = 5",
            "capacity_beds = 0",
            "station.ward, east: its capacity is nil",
        ),
    ] {
        let (_folder, model) = written(&SMALL.replacen(old, new, 1));
        let output = simulate(&[&model, "--format", "csv"]);
        assert_eq!(code(&output), 3, "{new}");
        assert_eq!(text(&output.stdout), "", "{new}");
        assert!(
            text(&output.stderr).contains(says),
            "{new}: {}",
            text(&output.stderr)
        );
    }
    let (folder, model) = written(SMALL);
    std::fs::write(&model, [0xff, 0xfe, 0x00]).unwrap();
    assert_eq!(code(&simulate(&[&model])), 3);
    assert_eq!(
        code(&simulate(&[folder
            .path()
            .join("none.toml")
            .to_str()
            .unwrap()])),
        2
    );
}

#[test]
fn a_loop_without_time_and_a_queue_without_end() {
    let round = "title = \"Round\"\ndays = 3\n[source.door]\narrivals_per_day = 1.0\nto = \"a\"\n\
        [station.a]\ncapacity_beds = 3\nstay = { distribution = \"fixed\", mean_days = 0.0 }\nnext = [{ to = \"b\" }]\n\
        [station.b]\ncapacity_beds = 3\nstay = { distribution = \"fixed\", mean_days = 0 }\nnext = [{ to = \"a\" }]\n";
    let (_folder, model) = written(round);
    let output = simulate(&[&model]);
    assert_eq!((code(&output), text(&output.stdout)), (3, String::new()));
    assert!(text(&output.stderr).contains("without end"));
    let (_folder, model) = written(
        &SMALL
            .replacen("arrivals_per_day = 4.0", "arrivals_per_day = 40.0", 1)
            .replacen("days = 3", "days = 300", 1),
    );
    let output = simulate(&[&model, "--scenario", "baseline", "--max-people", "500"]);
    assert_eq!(code(&output), 0);
    let said = text(&output.stderr);
    assert!(
        said.contains("cannot be steady")
            && said.contains("stopped: baseline: the limit of people"),
        "{said}"
    );
}

#[test]
fn questions_are_answered_with_intervals() {
    let (_folder, model) = written(
        &SMALL
            .replacen("days = 3", "days = 60\nwarm_up_days = 4", 1)
            .replacen(
                "capacity_beds = 3",
                "extra_place_per_day_pence = 40000\ncapacity_beds = 3",
                1,
            ),
    );
    let capacity = simulate(&[
        "capacity",
        &model,
        "--station",
        "ward, east",
        "--at-most",
        "1",
        "--on-days",
        "0.95",
        "--format",
        "json",
    ]);
    let answer: Value = serde_json::from_slice(&capacity.stdout).unwrap();
    let least = answer["capacity"].as_u64().unwrap();
    let tried = answer["tried"].as_array().unwrap();
    for one in tried {
        assert_eq!(
            one["enough"].as_bool().unwrap(),
            one["capacity"].as_u64().unwrap() >= least
        );
    }
    assert!((2..=5).contains(&least), "{least}");
    insta::assert_snapshot!(text(
        &simulate(&["next-pound", &model, "--format", "csv"]).stdout
    ));
    insta::assert_snapshot!(text(
        &simulate(&[
            "frees",
            &model,
            "--scenario",
            "larger",
            "--station",
            "ward, east",
            "--format",
            "csv"
        ])
        .stdout
    ));
    insta::assert_snapshot!(text(
        &simulate(&["weeks", &model, "--format", "csv"]).stdout
    ));
    let nowhere = simulate(&["capacity", &model, "--station", "west", "--at-most", "1"]);
    assert_eq!(code(&nowhere), 2);
    assert!(text(&nowhere.stderr).contains("`ward, east`"));
}

/// Figures of the pathways in beds: by scenario, station and measure, the mean of each day.
type Days = HashMap<(String, String, &'static str), Vec<(f64, f64)>>;

fn of_csv(table: &str) -> Days {
    let mut days: Days = HashMap::new();
    for line in table.lines().skip(1) {
        let cells: Vec<&str> = line.split(',').collect();
        let measure = match cells[3] {
            "occupancy" => "occ",
            "queue" => "niq",
            _ => continue,
        };
        let figures = days
            .entry((cells[0].to_owned(), cells[2].to_owned(), measure))
            .or_default();
        figures.push((cells[4].parse().unwrap(), cells[5].parse().unwrap()));
    }
    days
}

/// Each scenario of the workbook beside the published daily means: the mean absolute difference of
/// occupancy and of queue is within twice the spread of the published means.
///
/// The published means are of few runs. How many is told by their roughness: the
/// week-on-week change of day-on-day differences has a variance of `a + b / runs`, and ours at
/// several numbers of runs gives `a` and `b`; that says 4 to 5 for every series. So the spread of
/// a published mean is our standard deviation between runs over the root of 5, or the half of a
/// person that the published means are rounded to, if that is more.
#[test]
fn every_scenario_of_the_workbook_beside_its_published_figures() {
    const RUNS: f64 = 5.0;
    let Some(folder) = testkit::shared_data("pathways") else {
        testkit::not_run("pathways beside published figures");
        return;
    };
    let workbook = folder.join("IPACS_params.xlsx");
    let output = simulate(&[
        workbook.to_str().unwrap(),
        "--reps",
        "100",
        "--format",
        "csv",
    ]);
    assert_eq!(code(&output), 0, "{}", text(&output.stderr));
    assert!(text(&output.stderr).contains("counted as the published program counts them"));
    let ours = of_csv(&text(&output.stdout));
    let published =
        std::fs::read_to_string(folder.join("bed_testing_using_IPACS_params.csv")).unwrap();
    let mut lines = published.lines();
    let headings: Vec<String> = lines
        .next()
        .unwrap()
        .split(',')
        .map(|cell| cell.trim_matches('"').to_owned())
        .collect();
    let rows: Vec<Vec<&str>> = lines.map(|line| line.split(',').collect()).collect();
    let (mut compared, mut wrong) = (0, String::new());
    for (column, heading) in headings.iter().enumerate().skip(1) {
        let (name, measure) = heading.split_once("__").unwrap();
        let measure = match measure {
            "occ" => "occ",
            "niq" => "niq",
            _ => continue,
        };
        // P2_B_BCap_Blos_S1Arr: pathway and place, then the scenario.
        let parts: Vec<&str> = name.splitn(3, '_').collect();
        let key = (
            parts[2].to_owned(),
            format!("{}_{}", parts[0], parts[1]),
            measure,
        );
        let days = &ours[&key];
        assert_eq!(days.len(), rows.len());
        let (mut difference, mut spread) = (0.0, 0.0);
        for ((mean, sd), row) in days.iter().zip(&rows) {
            difference += (mean - row[column].parse::<f64>().unwrap()).abs() / rows.len() as f64;
            spread += (sd / RUNS.sqrt()).max(0.5) / rows.len() as f64;
        }
        compared += 1;
        if difference > 2.0 * spread {
            let _ = writeln!(
                wrong,
                "{heading}: {difference:.2} is more than twice {spread:.2}"
            );
        }
    }
    assert_eq!((compared, wrong.as_str()), (144, ""));
}

/// The commands of the guide print what the guide says. `ALMONER_BLESS=1` writes it anew.
#[test]
#[expect(
    clippy::disallowed_methods,
    reason = "whether to write the guide anew is asked of whoever runs the test"
)]
fn the_guide_is_true() {
    let path = root().join("docs/guides/reablement-starts.md");
    let guide = std::fs::read_to_string(&path).unwrap();
    let mut made = String::new();
    let mut command: Option<Vec<String>> = None;
    let mut blocks = guide.split_inclusive("```\n");
    let mut ran = 0;
    for block in &mut blocks {
        if let Some((before, _)) = block.split_once("```text\n")
            && let Some(arguments) = command.take()
        {
            let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
            let output = simulate(&arguments);
            assert_eq!(code(&output), 0, "{}", text(&output.stderr));
            let _ = write!(
                made,
                "{before}```text\n{}```\n",
                text(&output.stdout).trim_end().to_owned() + "\n"
            );
            ran += 1;
            continue;
        }
        if let Some((_, shell)) = block.split_once("```sh\n") {
            let line = shell.lines().next().unwrap();
            command = line.strip_prefix("almoner simulate ").map(words);
        }
        made.push_str(block);
    }
    assert!(ran >= 4, "{ran}");
    if std::env::var_os("ALMONER_BLESS").is_some() {
        std::fs::write(&path, made).unwrap();
    } else {
        assert!(
            made == guide,
            "the guide is not what the commands print: ALMONER_BLESS=1 writes it anew\n{made}"
        );
    }
}

/// Words of a command, with double quotes around those that have spaces.
fn words(line: &str) -> Vec<String> {
    let mut words = Vec::new();
    for (number, part) in line.split('"').enumerate() {
        if number % 2 == 1 {
            words.push(part.to_owned());
        } else {
            words.extend(part.split_whitespace().map(str::to_owned));
        }
    }
    words
}

/// What a run prints keeps to the published schema: every property is named there.
#[test]
fn the_object_keeps_to_its_schema() {
    let schema: Value = serde_json::from_str(
        &std::fs::read_to_string(root().join("docs/reference/simulation.schema.json")).unwrap(),
    )
    .unwrap();
    let (_folder, model) = written(SMALL);
    let object: Value =
        serde_json::from_slice(&simulate(&[&model, "--format", "json"]).stdout).unwrap();
    let mut wrong = Vec::new();
    fits(&schema, &schema, &object, "", &mut wrong);
    assert_eq!(wrong, Vec::<String>::new());
}

/// The part of JSON Schema that the schema uses: type, required, properties without others, items,
/// and references to its own definitions.
fn fits(whole: &Value, schema: &Value, value: &Value, at: &str, wrong: &mut Vec<String>) {
    if let Some(name) = schema["$ref"].as_str() {
        let named = whole.pointer(name.trim_start_matches('#')).unwrap();
        return fits(whole, named, value, at, wrong);
    }
    let kind = match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(_) => "number",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    };
    let kinds: Vec<&str> = match &schema["type"] {
        Value::Array(kinds) => kinds.iter().filter_map(Value::as_str).collect(),
        kind => kind.as_str().into_iter().collect(),
    };
    let whole_number = kinds.contains(&"integer") && (value.is_i64() || value.is_u64());
    if !kinds.contains(&kind) && !whole_number {
        wrong.push(format!("{at}: {kind} is none of {kinds:?}"));
        return;
    }
    for name in schema["required"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
    {
        if value.get(name).is_none() {
            wrong.push(format!("{at}/{name} is missing"));
        }
    }
    for (name, own) in value.as_object().into_iter().flatten() {
        match schema["properties"].get(name) {
            Some(schema) => fits(whole, schema, own, &format!("{at}/{name}"), wrong),
            None => wrong.push(format!("{at}/{name} is not in the schema")),
        }
    }
    for (number, own) in value.as_array().into_iter().flatten().enumerate() {
        fits(
            whole,
            &schema["items"],
            own,
            &format!("{at}/{number}"),
            wrong,
        );
    }
}
