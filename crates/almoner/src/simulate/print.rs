//! What a run prints: a table of days, an object, or words.

use super::{Table, Told};
use crate::failure::Failure;
use crate::load::quoted;
use kernel::money::{Pence, thousands};
use serde_json::{Value, json};
use simulate::outcome::Spread;
use simulate::{Measure, Plan};
use std::io::{BufWriter, Write};

/// Seed, warnings and limits go beside the result, to standard error.
pub(super) fn asides(told: &[Told], left: &[String], published: bool) {
    let Some(first) = told.first() else { return };
    eprintln!(
        "seed {}, {} replications of {} days",
        first.outcome.seed,
        first.outcome.replications(),
        first.outcome.days
    );
    if published {
        eprintln!(
            "note: beds are counted as the published program counts them: people of the first queue may be counted twice (--counting plain does not)"
        );
    }
    for one in told {
        warnings(&one.outcome.scenario, &one.plan);
        if let Some(stopped) = &one.outcome.stopped {
            eprintln!("stopped: {}: {stopped}", one.outcome.scenario);
        }
    }
    for scenario in left {
        eprintln!("stopped: {scenario}: a limit was reached; it was not run");
    }
}

/// What is worth a second look, to standard error.
pub(super) fn warnings(scenario: &str, plan: &Plan) {
    for warning in &plan.warnings {
        eprintln!("warning: {scenario}: {warning}");
    }
}

/// Columns of a figure that is over replications.
const FIGURES: &str = "mean,sd,q05,q25,q50,q75,q95";

/// A table as CSV, with a header of its own.
pub(super) fn csv(told: &[Told], table: Table) -> Result<(), Failure> {
    let mut out = BufWriter::new(std::io::stdout().lock());
    let of = match table {
        Table::ByDay => "day,station,measure",
        Table::Costs => "payer",
        Table::CostsByDay => "day,station,payer",
    };
    writeln!(out, "scenario,{of},{FIGURES}")?;
    for one in told {
        match table {
            Table::ByDay => by_day(&mut out, one)?,
            Table::Costs => costs(&mut out, one)?,
            Table::CostsByDay => costs_of_days(&mut out, one)?,
        }
    }
    Ok(out.flush()?)
}

/// One row for each day, station and measure.
fn by_day(out: &mut impl Write, told: &Told) -> Result<(), Failure> {
    let Told { outcome, .. } = told;
    let scenario = quoted(&outcome.scenario);
    let stations: Vec<String> = outcome.stations.iter().map(|name| quoted(name)).collect();
    for (day, station, measure, spread) in outcome.table() {
        let (station, measure) = (&stations[station], measure.as_str());
        write!(out, "{scenario},{},{station},{measure}", day + 1)?;
        figures(out, spread.as_ref())?;
    }
    Ok(())
}

/// One row for each payer: pounds a day.
fn costs(out: &mut impl Write, told: &Told) -> Result<(), Failure> {
    let Told { outcome, .. } = told;
    for (at, payer) in outcome.payers.iter().enumerate() {
        if let Some((a_day, _)) = outcome.paid(at) {
            write!(out, "{},{}", quoted(&outcome.scenario), quoted(payer))?;
            figures(out, Some(&a_day))?;
        }
    }
    Ok(())
}

/// One row for each day, station and payer: pounds.
fn costs_of_days(out: &mut impl Write, told: &Told) -> Result<(), Failure> {
    let scenario = quoted(&told.outcome.scenario);
    for Paid {
        day,
        station,
        payer,
        pounds,
    } in paid_by_day(told)
    {
        let (station, payer) = (quoted(station), quoted(payer));
        write!(out, "{scenario},{},{station},{payer}", day + 1)?;
        figures(out, Some(&pounds))?;
    }
    Ok(())
}

/// The figures of a row, and its end; empty where there are none.
fn figures(out: &mut impl Write, spread: Option<&Spread>) -> Result<(), Failure> {
    let Some(Spread {
        mean,
        sd,
        quantiles: [a, b, c, d, e],
        ..
    }) = spread
    else {
        return Ok(writeln!(out, ",,,,,,,")?);
    };
    let sd = sd.map_or_else(String::new, |sd| format!("{sd:.4}"));
    Ok(writeln!(
        out,
        ",{mean:.4},{sd},{a:.4},{b:.4},{c:.4},{d:.4},{e:.4}"
    )?)
}

/// A figure with its spread.
pub(super) fn spread(spread: &Spread) -> Value {
    let [q05, q25, q50, q75, q95] = spread.quantiles;
    json!({
        "mean": spread.mean, "sd": spread.sd, "half_width": spread.half_width,
        "q05": q05, "q25": q25, "q50": q50, "q75": q75, "q95": q95,
    })
}

/// An object with everything.
pub(super) fn json(told: &[Told], left: &[String]) -> Result<(), Failure> {
    let first = told.first();
    let scenarios: Vec<Value> = told.iter().map(scenario).collect();
    let whole = json!({
        "model": first.map(|one| one.plan.title.as_str()),
        "version": env!("CARGO_PKG_VERSION"),
        "start": first.and_then(|one| one.plan.start).map(|date| date.to_string()),
        "seed": first.map(|one| one.outcome.seed),
        "not_run": left,
        "scenarios": scenarios,
    });
    let mut out = BufWriter::new(std::io::stdout().lock());
    serde_json::to_writer(&mut out, &whole)?;
    writeln!(out)?;
    Ok(out.flush()?)
}

fn scenario(told: &Told) -> Value {
    let Told { plan, outcome } = told;
    let mut summary = Vec::new();
    for (station, name) in outcome.stations.iter().enumerate() {
        for measure in Measure::ALL {
            if let Some(found) = outcome.whole(station, measure) {
                let mut row = json!({ "station": name, "measure": measure.as_str() });
                add(&mut row, spread(&found));
                summary.push(row);
            }
        }
    }
    let days: Vec<Value> = outcome
        .table()
        .into_iter()
        .filter_map(|(day, station, measure, found)| {
            let mut row = json!({
                "day": day + 1,
                "date": plan.date(day).map(|date| date.to_string()),
                "station": outcome.stations[station],
                "measure": measure.as_str(),
            });
            add(&mut row, spread(&found?));
            Some(row)
        })
        .collect();
    let costs: Vec<Value> = outcome
        .payers
        .iter()
        .enumerate()
        .filter_map(|(at, payer)| {
            let (a_day, _) = outcome.paid(at)?;
            Some(json!({ "payer": payer, "pounds_per_day": spread(&a_day) }))
        })
        .collect();
    let warnings: Vec<Value> = plan
        .warnings
        .iter()
        .map(|warning| json!({ "place": warning.place, "text": warning.text }))
        .collect();
    json!({
        "scenario": outcome.scenario,
        "replications": outcome.replications(),
        "days": outcome.days,
        "warm_up_days": outcome.warm_up_days,
        "events": outcome.events,
        "most_people": outcome.most_people,
        "stopped": outcome.stopped,
        "warnings": warnings,
        "theory": simulate::theory::expected(plan),
        "summary": summary,
        "costs": costs,
        "by_day": days,
        "costs_by_day": costs_by_day(told),
    })
}

/// What a payer pays for a station on a day, from 0.
struct Paid<'a> {
    day: u32,
    station: &'a str,
    payer: &'a str,
    pounds: Spread,
}

/// What each payer pays for each station on each day.
fn paid_by_day(told: &Told) -> impl Iterator<Item = Paid<'_>> {
    let Told { plan, outcome } = told;
    let stations = move || outcome.stations.iter().enumerate();
    let each = outcome.told_days().flat_map(move |day| {
        stations().flat_map(move |station| {
            let payers = plan.payers.iter().enumerate();
            payers.map(move |payer| (day, station, payer))
        })
    });
    each.filter_map(move |(day, (station, name), (payer, who))| {
        let pounds = outcome.paid_on(plan, payer, station, day)?;
        Some(Paid {
            day,
            station: name,
            payer: who,
            pounds,
        })
    })
}

/// The same as an object has it.
fn costs_by_day(told: &Told) -> Vec<Value> {
    paid_by_day(told)
        .map(|paid| {
            let mut row = json!({
                "day": paid.day + 1, "station": paid.station, "payer": paid.payer,
            });
            add(&mut row, spread(&paid.pounds));
            row
        })
        .collect()
}

fn add(row: &mut Value, more: Value) {
    if let (Value::Object(row), Value::Object(more)) = (row, more) {
        row.extend(more);
    }
}

/// A figure as it is read: the mean and the half-width of its 95 % interval.
pub(super) fn read(found: &Spread) -> String {
    let places = if found.mean.abs() >= 100.0 { 0 } else { 2 };
    match found.half_width {
        Some(half) => format!("{:.places$} ± {half:.places$}", found.mean),
        None => format!("{:.places$}", found.mean),
    }
}

/// What was found, in words and tables.
pub(super) fn text(told: &[Told]) {
    for Told { plan, outcome } in told {
        println!("{}: {}", plan.title, outcome.scenario);
        println!(
            "{} replications, seed {}, days {} to {}; means with their 95 % interval",
            outcome.replications(),
            outcome.seed,
            outcome.warm_up_days + 1,
            outcome.days
        );
        let widest = outcome
            .stations
            .iter()
            .map(|name| name.chars().count())
            .max()
            .unwrap_or(0)
            .max(7);
        println!(
            "  {:widest$}  {:>18} {:>18} {:>16} {:>16} {:>16}",
            "station", "occupancy", "queue", "wait, days", "blocked", "arrivals a day"
        );
        for (station, name) in outcome.stations.iter().enumerate() {
            let figure = |measure| {
                outcome
                    .whole(station, measure)
                    .as_ref()
                    .map_or_else(|| "none".to_owned(), read)
            };
            println!(
                "  {name:widest$}  {:>18} {:>18} {:>16} {:>16} {:>16}",
                figure(Measure::Occupancy),
                figure(Measure::Queue),
                figure(Measure::WaitDays),
                figure(Measure::Blocked),
                figure(Measure::Arrivals)
            );
        }
        theory(plan, widest);
        for (at, payer) in outcome.payers.iter().enumerate() {
            if let Some((a_day, _)) = outcome.paid(at) {
                let pence = (a_day.mean * 100.0).round() as i64;
                println!("  {payer} pays {} a day", Pence(pence / 100 * 100));
            }
        }
        println!(
            "  {} events; at most {} people at once",
            thousands(outcome.events),
            thousands(u64::from(outcome.most_people))
        );
        println!();
    }
}

fn theory(plan: &Plan, widest: usize) {
    for expected in simulate::theory::expected(plan) {
        let Some(formula) = expected.formula else {
            continue;
        };
        let wait = expected
            .wait_days
            .map_or_else(String::new, |wait| format!(", wait {wait:.4} days"));
        let away = expected
            .turned_away
            .map_or_else(String::new, |away| format!(", turned away {away:.4}"));
        println!(
            "  {:widest$}  by theory ({formula}): load {:.2}{wait}{away}",
            expected.station, expected.offered_load
        );
    }
}
