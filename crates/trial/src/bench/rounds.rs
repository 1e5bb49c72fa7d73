//! Rounds: published problems against the best published cost, and a fictional county.

use super::report::Line;
use super::routing::routing;
use super::{Bed, shared};
use crate::served::Almoner;
use anyhow::{Context, Result, ensure};
use serde_json::Value;
use std::path::Path;

/// Seconds for each problem of 10, 25 and 50 people.
const FAMILIES: [(&str, &str, u64); 3] = [("A", "10", 10), ("B", "25", 60), ("C", "50", 60)];

/// Takes the measures; a rough run gives each problem a tenth of its time.
pub fn rounds(bed: &Bed, rough: bool) -> Result<(String, Vec<Line>)> {
    let almoner = bed.fresh("rounds")?;
    let by = if rough { 10 } else { 1 };
    let mut lines = mankowska(&almoner, by)?;
    lines.extend(routing(&almoner, &bed.path("rounds-routing")?, by)?);
    lines.extend(county(bed, &almoner, by)?);
    let method = "`almoner rounds FILE --time … --threads 1 --seed 1 --format json`, one problem after another, each plan checked by \
        `almoner rounds check`. Gaps are to the best published cost; problems and costs are in the shared folder `visits`. The county is \
        `almoner rounds make` with 1,000 visits, 80 carers and 7 days; what it is compared with is `--nearest`. Two of three carers \
        there are paid less on the road than the minimum wage, so that the rule on pay is at work. Problems of windows only are made \
        as Solomon, and Gehring and Homberger, made theirs (`crates/trial/src/bench/routing.rs`); PyVRP 0.14.1 \
        (`crates/trial/peer/pyvrp_peer.py`) has the same file and the same time, one after the other, and our checker counts its plan.";
    Ok((method.to_owned(), lines))
}

/// Plans a file; the report has been checked.
pub(super) fn plan(almoner: &Almoner, file: &Path, arguments: &[&str]) -> Result<Value> {
    let file = file.to_str().context("the path is no text")?;
    let mut all = vec![
        "rounds",
        file,
        "--threads",
        "1",
        "--seed",
        "1",
        "--format",
        "json",
    ];
    all.extend(arguments);
    let output = almoner.run(all)?;
    ensure!(
        output.status.success(),
        "{file}: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    let folder = tempfile::tempdir()?;
    let written = folder.path().join("plan.json");
    std::fs::write(&written, &output.stdout)?;
    let written = written.to_str().context("the path is no text")?;
    let checked = almoner.run(["rounds", "check", file, written])?;
    ensure!(checked.status.success(), "{file}: the plan breaks a rule");
    Ok(serde_json::from_slice(&output.stdout)?)
}

pub(super) fn number(report: &Value, field: &str) -> Result<f64> {
    report[field]
        .as_f64()
        .with_context(|| format!("no {field}"))
}

pub(super) fn seconds(of: u64, by: u64) -> String {
    format!("{}s", (of / by).max(1))
}

fn mankowska(almoner: &Almoner, by: u64) -> Result<Vec<Line>> {
    let best = std::fs::read_to_string(shared("visits/best_costs.csv")?)?;
    let mut lines = Vec::new();
    let (mut larger, mut gaps) = (Vec::new(), Vec::new());
    for (family, people, time) in FAMILIES {
        let (mut figures, mut above) = (Vec::new(), 0);
        for row in best.lines().skip(1) {
            let cells: Vec<&str> = row.split(',').collect();
            let [instance, label, of, cost] = cells.as_slice() else {
                continue;
            };
            if *of != people {
                continue;
            }
            let file = shared(&format!("visits/instances/{instance}.txt"))?;
            let report = plan(almoner, &file, &["--time", &seconds(time, by)])?;
            let best: f64 = cost.parse()?;
            let gap = (number(&report, "cost")? / best - 1.0) * 100.0;
            // Published costs have one to three decimals.
            above += usize::from(gap > 0.03);
            figures.push(format!(
                "{label} {:.3} ({gap:+.2}%)",
                number(&report, "cost")?
            ));
            gaps.push(gap);
            if family != "A" {
                larger.push(gap);
            }
        }
        lines.push(Line::fact(
            format!("cost and gap, {people} people"),
            figures.join(", "),
        ));
        if family == "A" {
            let met = above == 0;
            lines.push(Line::against(
                "problems of 10 people above the best",
                above.to_string(),
                "0",
                met,
            ));
        }
    }
    let mean = larger.iter().sum::<f64>() / larger.len().max(1) as f64;
    lines.push(Line::against(
        "mean gap, 25 and 50 people, 60 s of one thread",
        format!("{mean:.2}%"),
        "0.5%",
        mean <= 0.5,
    ));
    Ok(lines)
}

fn county(bed: &Bed, almoner: &Almoner, by: u64) -> Result<Vec<Line>> {
    let made = almoner.run([
        "rounds", "make", "--visits", "1000", "--carers", "80", "--days", "7",
    ])?;
    ensure!(made.status.success(), "the county was not made");
    let file = bed.path("rounds-county")?.join("week.json");
    std::fs::write(&file, &made.stdout)?;
    let first = plan(almoner, &file, &["--iterations", "1"])?;
    let nearest = plan(almoner, &file, &["--nearest"])?;
    let searched = plan(almoner, &file, &["--time", &seconds(60, by)])?;
    let unlawful = paid_too_little(bed, almoner, &made.stdout, &seconds(20, by))?;
    let left = |report: &Value| report["unserved"].as_array().map_or(0, Vec::len);
    let took = number(&first, "seconds")?;
    let saved = (1.0 - number(&searched, "travel")? / number(&nearest, "travel")?) * 100.0;
    let told = format!(
        "{saved:.1}% (left out: {}, by the nearest {})",
        left(&searched),
        left(&nearest)
    );
    let met = saved >= 10.0 && left(&searched) <= left(&nearest);
    Ok(vec![
        Line::fact(
            "county: carers below the minimum wage in a plan that does not look at pay; in ours none is",
            unlawful.to_string(),
        ),
        Line::against(
            "county: seconds to the first legal plan",
            format!("{took:.2}"),
            "5",
            took <= 5.0,
        ),
        Line::against(
            "county: paid travel saved against the nearest, 60 s",
            told,
            "10%",
            met,
        ),
    ])
}

/// Plans the county as if nobody's pay were known; how many carers the checker then finds
/// below the minimum wage.
fn paid_too_little(bed: &Bed, almoner: &Almoner, county: &[u8], time: &str) -> Result<usize> {
    let folder = bed.path("rounds-county")?;
    let mut file: Value = serde_json::from_slice(county)?;
    for carer in file["carers"].as_array_mut().into_iter().flatten() {
        carer.as_object_mut().context("no carer")?.remove("pay");
    }
    let [paid, blind, planned] =
        ["week.json", "blind.json", "blind-plan.json"].map(|name| folder.join(name));
    std::fs::write(&blind, serde_json::to_vec(&file)?)?;
    let report = plan(almoner, &blind, &["--time", time])?;
    std::fs::write(&planned, serde_json::to_vec(&report)?)?;
    let paths = [&paid, &planned].map(|path| path.to_str().context("the path is no text"));
    let [paid, planned] = paths;
    let checked = almoner.run(["rounds", "check", paid?, planned?, "--format", "json"])?;
    let said: Value = serde_json::from_slice(&checked.stdout)?;
    let breaches = said["breaches"].as_array().context("no breaches")?;
    Ok(breaches.iter().filter(|one| one["rule"] == "pay").count())
}
