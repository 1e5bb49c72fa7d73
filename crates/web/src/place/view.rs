//! What the statistics page says.

use crate::chart::{self, Drawing};
use crate::components::{Choice, Input, Select};
use crate::door::Visit;
use crate::form::escape;
use crate::shell::{Section, Shell};
use crate::{Web, words};
use ::place::series::{Edition, Point, Series};
use ::place::spc::{Chart, Judgement, Options, RULES, Run, Wanted};
use ::place::{DelayKey, Dimension};
use app::place::Statistics;
use askama::Template;
use kernel::Month;

/// What can be asked of the page beside the area and the breakdown.
struct Asked {
    key: Option<DelayKey>,
    rate: bool,
    last: Option<usize>,
    options: Options,
    target: Option<i64>,
}

impl Asked {
    fn read(visit: &Visit, by: Dimension) -> Self {
        let query = &visit.query;
        Self {
            key: DelayKey::parse(by, query.get("key")),
            rate: query.get("measure") == "rate",
            last: query
                .parsed::<usize>("months")
                .filter(|months| (1..=1_200).contains(months)),
            options: Options {
                run: if query.get("run") == "6" {
                    Run::Six
                } else {
                    Run::Seven
                },
                screen_ranges: query.get("screen") == "yes",
                two_of_three_inside_only: query.get("outer") == "no",
                fix_after: None,
            },
            target: query
                .parsed::<i64>("target")
                .filter(|t| (0..=10_000_000).contains(t)),
        }
    }

    /// Decimals of the values charted.
    fn places(&self) -> u32 {
        if self.rate { 2 } else { 0 }
    }

    fn value(&self, point: &Point) -> Option<i64> {
        if self.rate {
            point.rate.map(|rate| rate.scaled(2))
        } else {
            Some(point.days)
        }
    }

    fn measure(&self) -> &'static str {
        if self.rate {
            "delayed days per 100,000 adults"
        } else {
            "delayed days"
        }
    }
}

/// One line of the summary: a measure with its latest value, limits and icons.
pub(super) struct Measure {
    name: String,
    href: String,
    current: bool,
    latest: String,
    mean: String,
    limits: String,
    variation: String,
    variation_words: String,
    assurance: String,
    assurance_words: &'static str,
}

/// One month of the table.
pub(super) struct Line {
    month: String,
    days: Vec<String>,
    rate: String,
    signal: String,
    edition: String,
}

/// The part of the page that is there when there are figures.
pub(super) struct Figures {
    heading: String,
    summary: Vec<Measure>,
    chart: String,
    chart_name: String,
    keys: Vec<(String, &'static str)>,
    columns: Vec<(String, &'static str)>,
    lines: Vec<Line>,
    notes: Vec<String>,
    csv: String,
}

#[derive(Template)]
#[template(path = "place/statistics.html")]
pub(super) struct Page {
    shell: Shell,
    area: Select,
    by: Select,
    measure: Select,
    months: Select,
    run: Select,
    screen: Select,
    outer: Select,
    target: Input,
    figures: Option<Figures>,
}

/// The page for what was found.
pub(super) fn page(web: &Web, visit: &Visit, found: &Statistics) -> Page {
    let by = super::by(visit);
    let asked = Asked::read(visit, by);
    let area = found
        .series
        .as_ref()
        .map_or("", |series| series.area.as_str());
    let areas = found
        .areas
        .iter()
        .map(|choice| Choice::new(choice.code.as_str(), choice.name.as_str(), area))
        .collect();
    let yes_no = |name: &str| visit.query.get(name).to_owned();
    Page {
        shell: Shell::new(
            web,
            visit,
            "Delayed discharge statistics",
            Section::Statistics,
        ),
        area: select("area", "Council, or England", areas),
        by: select(
            "by",
            "Broken down by",
            Dimension::ALL
                .map(|d| Choice::new(d.as_str(), d.label(), by.as_str()))
                .into(),
        ),
        measure: two(
            "measure",
            "Count",
            ["days", "rate"],
            ["Delayed days", "Per 100,000 adults"],
            if asked.rate { "rate" } else { "days" },
        ),
        months: months(asked.last),
        run: two(
            "run",
            "Points that make a trend or a shift",
            ["7", "6"],
            ["7 points", "6 points"],
            if asked.options.run == Run::Six {
                "6"
            } else {
                "7"
            },
        ),
        screen: two(
            "screen",
            "Very large steps between months",
            ["no", "yes"],
            ["Count them", "Leave them out of the limits"],
            &yes_no("screen"),
        ),
        outer: two(
            "outer",
            "Two of three: points outside the limits",
            ["yes", "no"],
            ["Count them", "Do not count them"],
            &yes_no("outer"),
        ),
        target: Input {
            name: "target".to_owned(),
            label: "Target, as a whole number (optional)".to_owned(),
            value: asked
                .target
                .map_or_else(String::new, |target| target.to_string()),
            classes: "nhsuk-input--width-10".to_owned(),
            inputmode: "numeric".to_owned(),
            ..Input::default()
        },
        figures: found
            .series
            .as_ref()
            .and_then(|series| figures(series, &asked)),
    }
}

fn select(name: &str, label: &str, choices: Vec<Choice>) -> Select {
    Select {
        name: name.to_owned(),
        label: label.to_owned(),
        choices,
        ..Select::default()
    }
}

fn two(name: &str, label: &str, values: [&str; 2], texts: [&str; 2], current: &str) -> Select {
    let choices = values
        .into_iter()
        .zip(texts)
        .map(|(v, text)| Choice::new(v, text, current));
    select(name, label, choices.collect())
}

fn months(last: Option<usize>) -> Select {
    let current = last.map_or_else(String::new, |last| last.to_string());
    let mut choices = vec![Choice::new("", "All months", &current)];
    for (value, text) in [
        ("24", "Last 2 years"),
        ("36", "Last 3 years"),
        ("60", "Last 5 years"),
    ] {
        choices.push(Choice::new(value, text, &current));
    }
    select("months", "Months", choices)
}

/// One key's points that are charted, with their chart.
struct Charted<'a> {
    key: DelayKey,
    points: Vec<(&'a Point, i64)>,
    chart: Chart,
}

/// A target is one measure's: only the key chosen has it.
fn charted<'a>(
    series: &'a Series,
    key: DelayKey,
    chosen: DelayKey,
    asked: &Asked,
) -> Option<Charted<'a>> {
    let mut points: Vec<(&Point, i64)> = series
        .of(key)
        .filter_map(|point| Some((point, asked.value(point)?)))
        .collect();
    if let Some(last) = asked.last {
        points.drain(..points.len().saturating_sub(last));
    }
    let values: Vec<i64> = points.iter().map(|(_, value)| *value).collect();
    let scale = 10_i64.pow(asked.places());
    let target = asked
        .target
        .filter(|_| key == chosen)
        .map(|target| target.saturating_mul(scale));
    let chart = Chart::new(&values, Wanted::Down, target, &[], asked.options).ok()?;
    Some(Charted { key, points, chart })
}

fn figures(series: &Series, asked: &Asked) -> Option<Figures> {
    let keys = series.keys();
    let wanted = asked.key.filter(|key| keys.contains(key));
    let wanted = wanted.or(keys.first().copied())?;
    let all: Vec<Charted<'_>> = keys
        .into_iter()
        .filter_map(|key| charted(series, key, wanted, asked))
        .collect();
    let chosen = all.iter().find(|one| one.key == wanted).or(all.first())?;
    let heading = if series.by == Dimension::Total {
        series.name.clone()
    } else {
        format!("{}: {}", series.name, key_name(chosen.key))
    };
    Some(Figures {
        summary: all
            .iter()
            .map(|one| measure(series, one, asked, one.key == chosen.key))
            .collect(),
        chart: drawn(&heading, chosen, asked),
        chart_name: format!("Chart of {} for {heading}", asked.measure()),
        keys: key_of(chosen),
        columns: series.keys().into_iter().map(column).collect(),
        lines: lines(series, chosen, asked),
        notes: notes(series, chosen, asked),
        csv: format!(
            "/place/statistics.csv?area={}&by={}",
            escape(series.area.as_str()),
            series.by
        ),
        heading,
    })
}

/// A key with its letter where it has one: "D(i) Residential home place".
fn key_name(key: DelayKey) -> String {
    if key.dimension() == Dimension::Reason {
        format!("{key} {}", key.label())
    } else {
        key.label().to_owned()
    }
}

/// Heading of a column: what is seen, and what is said after it. Reasons are seen
/// as their letters, which stand with their names in the summary.
fn column(key: DelayKey) -> (String, &'static str) {
    if key.dimension() == Dimension::Reason {
        (key.to_string(), key.label())
    } else {
        (key.label().to_owned(), "")
    }
}

/// The last point of a chart: there is always one.
fn latest<'a>(one: &Charted<'a>) -> Option<&'a Point> {
    one.points.last().map(|(point, _)| *point)
}

fn measure(series: &Series, one: &Charted<'_>, asked: &Asked, current: bool) -> Measure {
    let places = asked.places();
    let last = latest(one).map_or_else(String::new, |point| point.month.in_words());
    let value = one.chart.values().last().copied().unwrap_or(0);
    let stretch = one.chart.stretches().last();
    let limits = match stretch.filter(|stretch| stretch.has_limits()) {
        None => "Not applicable".to_owned(),
        Some(stretch) => format!(
            "{}{} to {}",
            if stretch.is_trial() { "Trial: " } else { "" },
            if stretch.lower() < 0.0 {
                "below 0".to_owned()
            } else {
                chart::limit_text(stretch.lower(), places)
            },
            chart::limit_text(stretch.upper(), places)
        ),
    };
    Measure {
        name: key_name(one.key),
        href: address(series, one.key, asked),
        current,
        latest: format!("{} in {last}", chart::value_text(value, places)),
        mean: stretch.map_or_else(
            || "Not applicable".to_owned(),
            |stretch| chart::limit_text(stretch.mean(), places),
        ),
        limits,
        variation: chart::variation(one.chart.variation()),
        variation_words: one.chart.variation_words(asked.measure(), &last),
        assurance: chart::assurance(one.chart.assurance()),
        assurance_words: one.chart.assurance_words(),
    }
}

/// The address of the page with another key.
fn address(series: &Series, key: DelayKey, asked: &Asked) -> String {
    let mut address = format!(
        "/place/statistics?area={}&by={}&key={}",
        escape(series.area.as_str()),
        series.by,
        escape(key.as_str())
    );
    let mut add = |name: &str, value: &str| address.push_str(&format!("&{name}={value}"));
    if asked.rate {
        add("measure", "rate");
    }
    if let Some(last) = asked.last {
        add("months", &last.to_string());
    }
    if asked.options.run == Run::Six {
        add("run", "6");
    }
    if asked.options.screen_ranges {
        add("screen", "yes");
    }
    if asked.options.two_of_three_inside_only {
        add("outer", "no");
    }
    if let Some(target) = asked.target {
        add("target", &target.to_string());
    }
    address
}

fn drawn(heading: &str, one: &Charted<'_>, asked: &Asked) -> String {
    let names: Vec<String> = one
        .points
        .iter()
        .map(|(point, _)| point.month.in_words())
        .collect();
    // A mark each April, or each month where there are few.
    let each = one.points.len() > 18;
    let marks: Vec<(usize, String)> = one
        .points
        .iter()
        .enumerate()
        .filter(|(at, (point, _))| {
            if each {
                point.month.number() == 4
            } else {
                at % 3 == 0
            }
        })
        .map(|(at, (point, _))| (at, short(point.month)))
        .collect();
    let gaps: Vec<usize> = one
        .points
        .windows(2)
        .enumerate()
        .filter(|(_, pair)| pair[0].0.month.next() != pair[1].0.month)
        .map(|(at, _)| at + 1)
        .collect();
    let last = names.last().map_or("", String::as_str);
    let description = format!(
        "Monthly {} from {} to {last}. {} The same figures are in the table below.",
        asked.measure(),
        names.first().map_or("", String::as_str),
        one.chart.variation_words(asked.measure(), last),
    );
    chart::svg(&Drawing {
        id: "delays",
        title: &format!("{}: {heading}", words::sentence(asked.measure())),
        description: &description,
        chart: &one.chart,
        names: &names,
        marks: &marks,
        gaps: &gaps,
        rebases: &[],
        places: asked.places(),
        unit: &words::sentence(asked.measure()),
    })
}

/// `Apr 2011`.
fn short(month: Month) -> String {
    let name = words::month_name(month.number());
    format!("{} {}", name.get(..3).unwrap_or(name), month.year())
}

/// The kinds of point the chart has, with their words.
fn key_of(one: &Charted<'_>) -> Vec<(String, &'static str)> {
    let points = 0..one.chart.values().len();
    [
        Judgement::Common,
        Judgement::Improvement,
        Judgement::Concern,
        Judgement::Neutral,
    ]
    .into_iter()
    .filter(|kind| {
        points
            .clone()
            .any(|point| one.chart.judgement(point) == *kind)
    })
    .map(|kind| (chart::key(kind), kind.words()))
    .collect()
}

/// The months charted, newest first.
fn lines(series: &Series, one: &Charted<'_>, asked: &Asked) -> Vec<Line> {
    let keys = series.keys();
    one.points
        .iter()
        .enumerate()
        .rev()
        .map(|(at, (point, _))| Line {
            month: point.month.in_words(),
            days: keys
                .iter()
                .map(|key| {
                    let found = series.of(*key).find(|other| other.month == point.month);
                    found.map_or_else(|| "No data".to_owned(), |p| chart::value_text(p.days, 0))
                })
                .collect(),
            rate: point
                .rate
                .map_or_else(|| "No data".to_owned(), |rate| rate.text(1)),
            signal: match one.chart.signals(at).first() {
                None => "None".to_owned(),
                Some(signal) => format!(
                    "{}: {}",
                    one.chart.judgement(at).words(),
                    signal.words(asked.options.run.points())
                ),
            },
            edition: edition(point.edition),
        })
        .collect()
}

/// `Published 9 May 2019, revised 12 September 2019`.
fn edition(edition: Edition) -> String {
    match (edition.published, edition.revised) {
        (Some(published), Some(revised)) => {
            format!(
                "Published {}, revised {}",
                words::date(published),
                words::date(revised)
            )
        }
        (Some(published), None) => format!("Published {}", words::date(published)),
        (None, Some(revised)) => format!("Revised {}", words::date(revised)),
        (None, None) => "Not known".to_owned(),
    }
}

/// What must be said beside the figures.
fn notes(series: &Series, one: &Charted<'_>, asked: &Asked) -> Vec<String> {
    let mut notes = Vec::new();
    if let Some(point) = latest(one) {
        notes.push(format!(
            "Figures for {}: {}.",
            point.month.in_words(),
            edition(point.edition).to_lowercase_first()
        ));
    }
    let years: Vec<String> = series
        .population_years()
        .iter()
        .map(|year| format!("mid-{year}"))
        .collect();
    notes.push(if years.is_empty() {
        "No population is known for this area, so there are no rates.".to_owned()
    } else {
        format!(
            "Rates are per 100,000 people aged 18 and over in the month, with the population of \
             {}, rounded to one decimal.",
            years.join(" and ")
        )
    });
    let missing: Vec<String> = series
        .missing()
        .iter()
        .map(|month| month.in_words())
        .collect();
    if !missing.is_empty() {
        notes.push(format!("There are no figures for {}.", missing.join(", ")));
    }
    if one
        .chart
        .stretches()
        .iter()
        .any(|stretch| stretch.has_limits() && stretch.lower() < 0.0)
    {
        notes.push("The lower limit is below 0 and is not drawn.".to_owned());
    }
    notes.push(format!(
        "{RULES}: limits are the mean ± 2.66 times the average step between months; a trend or a \
         shift is {} points. No month starts new limits.",
        asked.options.run.points()
    ));
    notes
}

/// Lower case for the first letter, to go on within a sentence.
trait LowercaseFirst {
    fn to_lowercase_first(&self) -> String;
}

impl LowercaseFirst for String {
    fn to_lowercase_first(&self) -> String {
        let mut letters = self.chars();
        letters.next().map_or_else(Self::new, |first| {
            first.to_lowercase().collect::<Self>() + letters.as_str()
        })
    }
}
