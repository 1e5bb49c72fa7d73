//! `almoner simulate` on the two models that speed is compared with, beside SimPy.

use super::link::children_seconds;
use super::peer::Peer;
use super::report::Line;
use super::{Bed, load_report};
use crate::sample::{Spread, shown};
use anyhow::{Context, Result, ensure};
use serde_json::Value;
use std::path::Path;

/// Models, from the root of the repository.
const QUEUE: &str = "crates/simulate/examples/mm20.toml";
const NETWORK: &str = "crates/simulate/examples/discharge.toml";
/// Replications of the network for SimPy, whose time is then told for a hundred.
const PEER_REPLICATIONS: u32 = 3;

/// What a run cost and found.
struct Taken {
    cpu_seconds: f64,
    events: f64,
    report: Value,
}

/// Runs both models, ours and SimPy's in turn.
pub fn simulate(bed: &Bed) -> Result<(String, Vec<Line>)> {
    let peer = Peer::with(Path::new("target/peer-simpy"), &["simpy==4.1.2"], "simpy");
    let mut lines = Vec::new();
    if let Err(error) = &peer {
        lines.push(Line::fact(
            "SimPy",
            format!("could not be installed, so it is not measured: {error:#}"),
        ));
    }
    let peer = peer.ok();
    lines.extend(queue(bed, peer.as_ref())?);
    lines.extend(network(bed, peer.as_ref())?);
    Ok((method(bed), lines))
}

fn method(bed: &Bed) -> String {
    format!(
        "`almoner simulate MODEL --threads 1 --format csv` from the start of the process to the last row, processor seconds (user and \
         system) of the whole process; models in `crates/simulate/examples` (`mm20.toml`: M/M/20 at nine tenths, a million arrivals; \
         `discharge.toml`: 600 beds, four pathways, blocking, three years, a hundred replications). Events are arrivals, moves and \
         departures. *Inner loop* takes off what the process needs for one replication less: ten replications of the queue against one. \
         Beside it, in turn, SimPy 4.1.2 (`crates/trial/peer/simpy_peer.py`), processor seconds of its runs without its start; the network \
         {PEER_REPLICATIONS} times, told for a hundred. {} repeats.",
        bed.repeats
    )
}

fn ours(bed: &Bed, model: &str, more: &[&str]) -> Result<Taken> {
    let almoner = bed.fresh("simulate-store")?;
    let report = load_report(
        &almoner
            .command(["simulate", model, "--threads", "1", "--format", "json"])
            .args(more)
            .output()?,
    )?;
    let before = children_seconds()?;
    let output = almoner
        .command(["simulate", model, "--threads", "1", "--format", "csv"])
        .args(more)
        .output()?;
    let cpu_seconds = (children_seconds()? - before).max(0.01);
    ensure!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let events = report["scenarios"][0]["events"]
        .as_f64()
        .context("the report has no events")?;
    Ok(Taken {
        cpu_seconds,
        events,
        report,
    })
}

fn theirs(peer: &Peer, kind: &str, number: u32) -> Result<Taken> {
    let output = peer
        .python()
        .args(["crates/trial/peer/simpy_peer.py", kind, &number.to_string()])
        .output()?;
    let said = String::from_utf8_lossy(&output.stderr);
    ensure!(
        output.status.success(),
        "{}",
        said.lines().last().unwrap_or("it said nothing")
    );
    let report: Value = serde_json::from_slice(&output.stdout)?;
    let figure = |name: &str| {
        report[name]
            .as_f64()
            .with_context(|| format!("SimPy gave no {name}"))
    };
    Ok(Taken {
        cpu_seconds: figure("cpu_seconds")?,
        events: figure("events")?,
        report,
    })
}

/// A figure of the summary.
fn found(report: &Value, station: &str, measure: &str) -> f64 {
    let rows = report["scenarios"][0]["summary"].as_array();
    rows.into_iter()
        .flatten()
        .find(|row| row["station"] == station && row["measure"] == measure)
        .and_then(|row| row["mean"].as_f64())
        .unwrap_or(f64::NAN)
}

fn queue(bed: &Bed, peer: Option<&Peer>) -> Result<Vec<Line>> {
    let (mut whole, mut inner, mut times, mut peers) =
        (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    let mut wait = 0.0;
    for _ in 0..bed.repeats {
        let one = ours(bed, QUEUE, &[])?;
        let ten = ours(bed, QUEUE, &["--reps", "10"])?;
        let rate = one.events / one.cpu_seconds;
        whole.push(rate / 1e6);
        inner.push((ten.events - one.events) / (ten.cpu_seconds - one.cpu_seconds).max(0.01) / 1e6);
        wait = found(&ten.report, "desk", "wait_days") * 24.0;
        if let Some(peer) = peer {
            let taken = theirs(peer, "mm20", 1_000_000)?;
            peers.push(taken.events / taken.cpu_seconds / 1e6);
            times.push(rate / (taken.events / taken.cpu_seconds));
        }
    }
    let mut lines = vec![
        against(
            "M/M/20: million events a processor second, whole process",
            &whole,
            2,
            10.0,
            true,
        ),
        Line::fact(
            "M/M/20: million events a processor second, inner loop",
            Spread::of(inner).shown(2),
        ),
        Line::fact(
            "M/M/20: mean wait, hours (Erlang C 0.27538)",
            shown(wait, 5),
        ),
    ];
    if !times.is_empty() {
        lines.push(Line::fact(
            "M/M/20: SimPy, million events a processor second",
            Spread::of(peers).shown(3),
        ));
        lines.push(against("M/M/20: times SimPy", &times, 0, 50.0, true));
    }
    Ok(lines)
}

fn network(bed: &Bed, peer: Option<&Peer>) -> Result<Vec<Line>> {
    let (mut seconds, mut rates, mut times, mut peers) =
        (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    let mut last = None;
    for _ in 0..bed.repeats {
        let taken = ours(bed, NETWORK, &[])?;
        seconds.push(taken.cpu_seconds);
        rates.push(taken.events / taken.cpu_seconds / 1e6);
        if let Some(peer) = peer {
            let theirs = theirs(peer, "discharge", PEER_REPLICATIONS)?;
            let hundred = theirs.cpu_seconds * 100.0 / f64::from(PEER_REPLICATIONS);
            peers.push(hundred);
            times.push(hundred / taken.cpu_seconds);
        }
        last = Some(taken);
    }
    let mut lines = vec![
        against(
            "the discharge network: processor seconds for a hundred replications",
            &seconds,
            2,
            4.5,
            false,
        ),
        Line::fact(
            "the discharge network: million events a processor second",
            Spread::of(rates).shown(2),
        ),
    ];
    if let Some(taken) = last {
        let figure = |measure| found(&taken.report, "hospital", measure);
        lines.push(Line::fact(
            "the discharge network: beds occupied, of them blocked, hours of wait",
            format!(
                "{}, {}, {}",
                shown(figure("occupancy"), 1),
                shown(figure("blocked"), 1),
                shown(24.0 * figure("wait_days"), 1)
            ),
        ));
        let people = taken.report["scenarios"][0]["most_people"]
            .as_f64()
            .unwrap_or(0.0);
        lines.push(Line::fact(
            "the discharge network: most people in memory at once",
            shown(people, 0),
        ));
    }
    if !times.is_empty() {
        lines.push(Line::fact(
            "the discharge network: SimPy, processor seconds for a hundred",
            Spread::of(peers).shown(1),
        ));
        lines.push(against(
            "the discharge network: times SimPy",
            &times,
            0,
            50.0,
            true,
        ));
    }
    Ok(lines)
}

fn against(what: &str, figures: &[f64], decimals: usize, target: f64, least: bool) -> Line {
    let spread = Spread::of(figures.to_vec());
    let met = if least {
        spread.middle >= target
    } else {
        spread.middle <= target
    };
    let places = usize::from(target.fract() > 0.0);
    Line::against(what, spread.shown(decimals), shown(target, places), met)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_read_from_the_summary() {
        let report = serde_json::json!({ "scenarios": [{ "summary": [
            { "station": "a", "measure": "queue", "mean": 2.5 },
            { "station": "b", "measure": "queue", "mean": 3.5 },
        ] }] });
        assert!((found(&report, "b", "queue") - 3.5).abs() < 1e-9);
        assert!(found(&report, "c", "queue").is_nan());
        let line = against("speed", &[9.0, 11.0, 12.0], 1, 10.0, true);
        assert_eq!((line.met, line.target.as_str()), (Some(true), "10"));
    }
}
