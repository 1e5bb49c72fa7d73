//! `almoner link` on public and made-up files, beside the public reference.

use super::peer::Peer;
use super::report::Line;
use super::{Bed, load_report};
use crate::sample::{Spread, shown};
use anyhow::{Context, Result, ensure};
use serde_json::Value;
use std::fmt::Write;
use std::path::{Path, PathBuf};
use synth::duplicates::{Duplicates, Rates};

/// Files that are linked, and the truth about them.
struct Set {
    /// As the page calls it.
    name: &'static str,
    /// As the script of the reference calls its kind.
    kind: &'static str,
    files: Vec<PathBuf>,
    truth: PathBuf,
    config: Option<&'static str>,
    targets: Targets,
}

/// What is asked of a set; nought for what is not.
#[derive(Clone, Copy, Default)]
struct Targets {
    f1: f64,
    recall: f64,
    seconds: f64,
    memory: f64,
    pairs_a_second: f64,
}

/// What one run did.
struct Taken {
    cpu_seconds: f64,
    wall_seconds: f64,
    memory_mb: f64,
    scored: f64,
    /// Processor seconds of the stage that scores; nought if not known.
    scoring_seconds: f64,
    quality: Value,
}

/// Links each set with ours and, where it can be had, with the reference.
pub fn link(bed: &Bed, rough: bool) -> Result<(String, Vec<Line>)> {
    let peer = Peer::ready(Path::new("target/peer"));
    let folder = bed.path("link")?;
    let mut lines = Vec::new();
    let mut sets = Vec::new();
    match &peer {
        Err(error) => lines.push(Line::fact(
            "Splink and the FEBRL files",
            format!("could not be installed, so they are not measured: {error:#}"),
        )),
        Ok(peer) if !rough => sets.extend(febrl(peer, &folder)?),
        Ok(_) => {}
    }
    sets.push(people("100,000 English people", 100_000, 11, &folder)?);
    if !rough {
        sets.push(people("1,000,000 English people", 1_000_000, 12, &folder)?);
    }
    for set in &sets {
        let mut ours = Vec::new();
        let mut theirs = Vec::new();
        let mut failed = None;
        for _ in 0..bed.repeats {
            ours.push(run_ours(bed, &folder, set)?);
            if let Ok(peer) = &peer {
                match run_peer(bed, peer, &folder, set) {
                    Ok(taken) => theirs.push(taken),
                    Err(error) => failed = Some(format!("did not run: {error:#}")),
                }
            }
        }
        lines.extend(shown_of_ours(set, &ours));
        if !theirs.is_empty() {
            lines.extend(shown_of_theirs(set, &theirs));
        }
        lines.extend(failed.map(|why| Line::fact(format!("{}: Splink", set.name), why)));
    }
    Ok((method(bed), lines))
}

fn method(bed: &Bed) -> String {
    format!(
        "`almoner link` from the start of the process to the file of pairs, and beside it, in turn, Splink 4.0.17 on DuckDB \
         (`crates/trial/peer/splink_peer.py`: its documented comparisons, term frequencies, training and blocking rules for \
         such files). Processor seconds are user and system time of the whole process. *While scoring* is the time that all \
         threads of `almoner link` ran from the finished model to the sorted weights: to go through the blocks, to leave out \
         pairs that an earlier pass proposed (they are not counted), and to compare and weigh the others; blocks are made and \
         files are read before. Both files of pairs are measured by \
         `almoner link evaluate`. English people are made by `synth::duplicates` (columns: names, birth date, sex, town, \
         postcode; no NHS number). {} repeats.",
        bed.repeats
    )
}

/// FEBRL 4 without the number that gives the answer away, and FEBRL 3 with all fields.
fn febrl(peer: &Peer, folder: &Path) -> Result<Vec<Set>> {
    let four = vec![peer.febrl("dataset4a.csv")?, peer.febrl("dataset4b.csv")?];
    let three = vec![peer.febrl("dataset3.csv")?];
    let truth = |name: &str, files: &[PathBuf]| -> Result<PathBuf> {
        let path = folder.join(name);
        std::fs::write(&path, febrl_truth(files)?)?;
        Ok(path)
    };
    Ok(vec![
        Set {
            name: "FEBRL 4 without soc_sec_id",
            kind: "febrl4",
            truth: truth("febrl4-truth.csv", &four)?,
            files: four,
            config: Some("crates/linkage/examples/febrl-no-ssid.toml"),
            targets: Targets {
                f1: 0.993,
                ..Targets::default()
            },
        },
        Set {
            name: "FEBRL 3, all fields",
            kind: "febrl3",
            truth: truth("febrl3-truth.csv", &three)?,
            files: three,
            config: Some("crates/linkage/examples/febrl.toml"),
            targets: Targets {
                f1: 0.998,
                ..Targets::default()
            },
        },
    ])
}

/// Whose each record is: the number in `rec-NUMBER-org` and `rec-NUMBER-dup-N`.
fn febrl_truth(files: &[PathBuf]) -> Result<String> {
    let mut text = "id,person\n".to_owned();
    for file in files {
        for line in std::fs::read_to_string(file)?.lines().skip(1) {
            let id = line.split(',').next().unwrap_or_default().trim();
            let person = id
                .split('-')
                .nth(1)
                .with_context(|| format!("`{id}` is no id of FEBRL"))?;
            let _ = writeln!(text, "{id},{person}");
        }
    }
    Ok(text)
}

/// Made-up people, of whom there are `records` records.
fn people(name: &'static str, records: u32, seed: u64, folder: &Path) -> Result<Set> {
    let made = Duplicates::make(seed, records, &Rates::usual());
    let file = folder.join(format!("people-{records}.csv"));
    let truth = folder.join(format!("people-{records}-truth.csv"));
    std::fs::write(&file, made.records_csv())?;
    std::fs::write(&truth, made.truth_csv())?;
    let many = records > 500_000;
    Ok(Set {
        name,
        kind: "people",
        files: vec![file],
        truth,
        config: None,
        targets: Targets {
            f1: if many { 0.965 } else { 0.975 },
            recall: 0.95,
            seconds: if many { 40.0 } else { 3.0 },
            memory: 1_500.0,
            pairs_a_second: 2_000_000.0,
        },
    })
}

/// User and system seconds of all our processes that have ended. Linux counts in hundredths.
pub(super) fn children_seconds() -> Result<f64> {
    let line = std::fs::read_to_string("/proc/self/stat")?;
    let (_, rest) = line
        .rsplit_once(')')
        .context("/proc/self/stat has a name")?;
    let ticks: f64 = rest
        .split_whitespace()
        .skip(13)
        .take(2)
        .filter_map(|field| field.parse::<f64>().ok())
        .sum();
    Ok(ticks / 100.0)
}

fn run_ours(bed: &Bed, folder: &Path, set: &Set) -> Result<Taken> {
    let pairs = folder.join("ours.csv");
    let almoner = bed.fresh("link-store")?;
    let mut command = almoner.command(["link"]);
    command
        .args(&set.files)
        .arg("--out")
        .arg(&pairs)
        .args(["--format", "json"]);
    if let Some(config) = set.config {
        command.args(["--config", config]);
    }
    let before = children_seconds()?;
    let started = std::time::Instant::now();
    let output = command.output()?;
    let wall_seconds = started.elapsed().as_secs_f64();
    let cpu_seconds = children_seconds()? - before;
    let summary = load_report(&output)?;
    let figure = |name: &str| {
        summary[name]
            .as_f64()
            .with_context(|| format!("the summary has no {name}"))
    };
    Ok(Taken {
        cpu_seconds,
        wall_seconds,
        memory_mb: figure("peak_memory_mb")?,
        scored: figure("pairs_compared")?,
        scoring_seconds: summary["processor_seconds"]["score"]
            .as_f64()
            .unwrap_or(0.0),
        quality: evaluate(bed, &pairs, &set.truth)?,
    })
}

fn run_peer(bed: &Bed, peer: &Peer, folder: &Path, set: &Set) -> Result<Taken> {
    let pairs = folder.join("theirs.csv");
    let mut command = peer.python();
    command
        .args(["-W", "ignore", "crates/trial/peer/splink_peer.py", set.kind])
        .args(&set.files)
        .arg(&pairs);
    let output = command.output()?;
    let said = String::from_utf8_lossy(&output.stderr);
    ensure!(
        output.status.success(),
        "{}",
        said.lines().last().unwrap_or("it said nothing")
    );
    let summary: Value = serde_json::from_slice(&output.stdout)?;
    let figure = |name: &str| {
        summary[name]
            .as_f64()
            .with_context(|| format!("the reference gave no {name}"))
    };
    Ok(Taken {
        cpu_seconds: figure("cpu_seconds")?,
        wall_seconds: figure("wall_seconds")?,
        memory_mb: figure("peak_memory_mb")?,
        scored: figure("pairs_scored")?,
        scoring_seconds: 0.0,
        quality: evaluate(bed, &pairs, &set.truth)?,
    })
}

fn evaluate(bed: &Bed, pairs: &Path, truth: &Path) -> Result<Value> {
    let almoner = bed.fresh("link-store")?;
    let mut command = almoner.command(["link", "evaluate"]);
    command
        .arg(pairs)
        .arg("--truth")
        .arg(truth)
        .args(["--format", "json"]);
    load_report(&command.output()?)
}

/// A figure over runs.
fn over(runs: &[Taken], of: impl Fn(&Taken) -> f64) -> Spread {
    Spread::of(runs.iter().map(of).collect())
}

fn best_f1(run: &Taken) -> f64 {
    run.quality["best"]["f1"].as_f64().unwrap_or(0.0)
}

/// Most recall with at most one wrong pair in a thousand; nought if that cannot be had.
fn sure_recall(run: &Taken) -> f64 {
    run.quality["recall_at_precision_999"]["recall"]
        .as_f64()
        .unwrap_or(0.0)
}

/// Recall of the pairs whose probability is at least 0.95.
fn recall_at_95(run: &Taken) -> f64 {
    let rows = run.quality["thresholds"].as_array();
    rows.into_iter()
        .flatten()
        .find(|row| row["threshold"].as_f64() == Some(0.95))
        .and_then(|row| row["recall"].as_f64())
        .unwrap_or(0.0)
}

fn rate(run: &Taken) -> f64 {
    run.scored / run.cpu_seconds.max(0.01)
}

/// The same, of the stage that scores; nought if its time is not known.
fn scoring_rate(run: &Taken) -> f64 {
    if run.scoring_seconds <= 0.0 {
        return 0.0;
    }
    run.scored / run.scoring_seconds
}

fn shown_of_ours(set: &Set, runs: &[Taken]) -> Vec<Line> {
    let Targets {
        f1,
        recall,
        seconds,
        memory,
        pairs_a_second,
    } = set.targets;
    let line = |what: &str, of: fn(&Taken) -> f64, decimals: usize, target: f64, least: bool| {
        let figure = over(runs, of);
        let what = format!("{}: {what}", set.name);
        if target == 0.0 {
            return Line::fact(what, figure.shown(decimals));
        }
        let met = if least {
            figure.middle >= target
        } else {
            figure.middle <= target
        };
        let decimals_of_target = if target < 1.0 { 3 } else { 0 };
        Line::against(
            what,
            figure.shown(decimals),
            shown(target, decimals_of_target),
            met,
        )
    };
    vec![
        line("best F1", best_f1, 4, f1, true),
        line("recall at precision 0.999", sure_recall, 4, recall, true),
        line("recall at probability 0.95", recall_at_95, 4, 0.0, true),
        line(
            "processor seconds",
            |run| run.cpu_seconds,
            2,
            seconds,
            false,
        ),
        line("seconds", |run| run.wall_seconds, 2, 0.0, false),
        line("peak memory, MB", |run| run.memory_mb, 0, memory, false),
        line("pairs scored", |run| run.scored, 0, 0.0, true),
        line(
            "scored pairs a processor second, whole process",
            rate,
            0,
            0.0,
            true,
        ),
        line(
            "scored pairs a processor second while scoring",
            scoring_rate,
            0,
            pairs_a_second,
            true,
        ),
    ]
}

fn shown_of_theirs(set: &Set, runs: &[Taken]) -> Vec<Line> {
    let line = |what: &str, of: fn(&Taken) -> f64, decimals: usize| {
        Line::fact(
            format!("{}: Splink, {what}", set.name),
            over(runs, of).shown(decimals),
        )
    };
    vec![
        line("best F1", best_f1, 4),
        line("recall at precision 0.999", sure_recall, 4),
        line("recall at probability 0.95", recall_at_95, 4),
        line("processor seconds", |run| run.cpu_seconds, 2),
        line("seconds", |run| run.wall_seconds, 2),
        line("peak memory, MB", |run| run.memory_mb, 0),
        line("pairs scored", |run| run.scored, 0),
        line("scored pairs a processor second, whole process", rate, 0),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_truth_is_in_the_ids() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("a.csv");
        std::fs::write(
            &file,
            "rec_id, name\nrec-7-org, ann\nrec-7-dup-0, anne\nrec-8-org, bo\n",
        )
        .unwrap();
        let text = febrl_truth(std::slice::from_ref(&file)).unwrap();
        assert_eq!(text, "id,person\nrec-7-org,7\nrec-7-dup-0,7\nrec-8-org,8\n");
        std::fs::write(&file, "rec_id\nseven\n").unwrap();
        assert!(febrl_truth(&[file]).is_err());
    }

    #[test]
    fn figures_are_read_from_the_evaluation() {
        let quality = serde_json::json!({
            "best": { "f1": 0.9 },
            "thresholds": [{ "threshold": 0.9, "recall": 0.5 }, { "threshold": 0.95, "recall": 0.4 }],
            "recall_at_precision_999": null,
        });
        let run = Taken {
            cpu_seconds: 2.0,
            wall_seconds: 1.0,
            memory_mb: 9.0,
            scored: 500.0,
            scoring_seconds: 0.5,
            quality,
        };
        assert_eq!(
            (
                best_f1(&run),
                recall_at_95(&run),
                sure_recall(&run),
                rate(&run),
                scoring_rate(&run)
            ),
            (0.9, 0.4, 0.0, 250.0, 1_000.0)
        );
        assert!(children_seconds().unwrap() >= 0.0);
    }
}
