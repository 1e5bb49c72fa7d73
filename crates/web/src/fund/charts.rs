//! Control charts of the fund: figures by month with their limits.

use crate::chart::{self, Drawing};
use crate::sheet::ChartPart;
use crate::words;
use ::fund::effect::Better;
use kernel::Month;
use place::spc::{Chart, Judgement, Options, Wanted};

/// Fewest points that are drawn: fewer show nothing.
const LEAST: usize = 3;

/// What there is to draw.
pub(super) struct Series<'a> {
    /// Starts the ids inside; unique on its page.
    pub(super) id: &'a str,
    /// What it is of, such as `Average discharge delay`.
    pub(super) title: &'a str,
    /// What the values count, such as `days`.
    pub(super) unit: &'a str,
    /// Month and value, in order; values in units of the last decimal.
    pub(super) points: &'a [(Month, i64)],
    /// Decimals of the values.
    pub(super) places: u32,
    /// Which way is better.
    pub(super) better: Better,
    /// A line to hold the values against.
    pub(super) target: Option<i64>,
}

const fn wanted(better: Better) -> Wanted {
    match better {
        Better::Lower => Wanted::Down,
        Better::Higher => Wanted::Up,
        Better::NotKnown => Wanted::Neither,
    }
}

/// A chart, and what it says in a sentence; `None` with too few points.
pub(super) fn drawn(series: &Series<'_>) -> Option<(ChartPart, String)> {
    if series.points.len() < LEAST {
        return None;
    }
    let values: Vec<i64> = series.points.iter().map(|(_, value)| *value).collect();
    let chart = Chart::new(
        &values,
        wanted(series.better),
        series.target,
        &[],
        Options::default(),
    )
    .ok()?;
    let names: Vec<String> = series
        .points
        .iter()
        .map(|(month, _)| month.in_words())
        .collect();
    let marks: Vec<(usize, String)> = series
        .points
        .iter()
        .enumerate()
        .filter(|(at, _)| at % 3 == 0)
        .map(|(at, (month, _))| (at, short(*month)))
        .collect();
    let gaps: Vec<usize> = series
        .points
        .windows(2)
        .enumerate()
        .filter(|(_, pair)| pair[0].0.next() != pair[1].0)
        .map(|(at, _)| at + 1)
        .collect();
    let last = names.last()?;
    let said = chart.variation_words(&words::lower_first(series.title), last);
    let description = format!(
        "By month, from {} to {last}. {said} The same figures are in a table on this page.",
        names.first()?
    );
    let svg = chart::svg(&Drawing {
        id: series.id,
        title: series.title,
        description: &description,
        chart: &chart,
        names: &names,
        marks: &marks,
        gaps: &gaps,
        rebases: &[],
        places: series.places,
        unit: series.unit,
    });
    let name = format!("Chart: {}", series.title);
    let keys = keys(&chart);
    Some((ChartPart { name, svg, keys }, said))
}

/// The kinds of point the chart has, with their words.
fn keys(chart: &Chart) -> Vec<(String, &'static str)> {
    let has = |kind: &Judgement| (0..chart.values().len()).any(|at| chart.judgement(at) == *kind);
    [
        Judgement::Common,
        Judgement::Improvement,
        Judgement::Concern,
        Judgement::Neutral,
    ]
    .into_iter()
    .filter(has)
    .map(|kind| (chart::key(kind), kind.words()))
    .collect()
}

/// `Apr 2026`.
fn short(month: Month) -> String {
    let name = words::month_name(month.number());
    format!("{} {}", name.get(..3).unwrap_or(name), month.year())
}
