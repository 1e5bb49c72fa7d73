//! Charts as SVG, written on the server: a control chart by the rules of
//! `place::spc`, and the icons that go with it.
//!
//! Nothing rests on colour alone: each kind of point has a shape of its own, each
//! line its name, and each chart a title, a description and a table beside it.
//! Colours stand in attributes, not in styles, so the pages need no inline style.

use kernel::money::thousands;
use place::spc::{Assurance, Chart, Judgement, Variation};
use std::fmt::Write;

/// Width and height of a chart, in its own units.
const WIDTH: f64 = 940.0;
const HEIGHT: f64 = 380.0;
/// The field that the points lie in.
const LEFT: f64 = 74.0;
const RIGHT: f64 = 722.0;
const TOP: f64 = 20.0;
const BOTTOM: f64 = 330.0;

/// Ink of words and outlines.
const INK: &str = "#212b32";
/// Ink of limits and lesser words.
const GREY: &str = "#4c6272";

/// What there is to draw.
pub struct Drawing<'a> {
    /// Starts the ids inside, so that two charts can be on one page.
    pub id: &'a str,
    /// What the chart is of.
    pub title: &'a str,
    /// What it shows, in a sentence or two.
    pub description: &'a str,
    /// Limits and signals.
    pub chart: &'a Chart,
    /// Name of each point, in full, such as "April 2011".
    pub names: &'a [String],
    /// Points that have a mark below the field, with its short words.
    pub marks: &'a [(usize, String)],
    /// Points that do not follow on from the one before (a gap in time).
    pub gaps: &'a [usize],
    /// Reason of each rebase, by the point it starts at.
    pub rebases: &'a [(usize, String)],
    /// Decimals of the values: 2 means that 31352 stands for 313.52.
    pub places: u32,
    /// What the values count, such as "Delayed days".
    pub unit: &'a str,
}

/// Text for between tags or in quotes.
pub(crate) fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            _ => out.push(c),
        }
    }
    out
}

/// A value as it is read: whole with thousands, or with its decimals.
pub(crate) fn value_text(value: i64, places: u32) -> String {
    let unit = 10_i64.pow(places.min(6));
    let whole = thousands(value.unsigned_abs() / unit.unsigned_abs());
    let sign = if value < 0 { "-" } else { "" };
    match places {
        0 => format!("{sign}{whole}"),
        _ => {
            let rest = value.unsigned_abs() % unit.unsigned_abs();
            // One decimal is enough for reading.
            let tenths = rest * 10 / unit.unsigned_abs();
            format!("{sign}{whole}.{tenths}")
        }
    }
}

/// A mean or a limit as it is read: with one decimal, or none where it is large and
/// the values are whole.
pub(crate) fn limit_text(limit: f64, places: u32) -> String {
    let shown = limit / 10_f64.powi(places.min(6) as i32);
    if places == 0 && shown.abs() >= 100.0 {
        value_text(shown.round() as i64, 0)
    } else {
        value_text((shown * 10.0).round() as i64, 1)
    }
}

/// A mark of the axis, with a decimal only where the marks are that close.
fn mark_text(mark: f64, step: f64, places: u32) -> String {
    let unit = 10_f64.powi(places.min(6) as i32);
    if step / unit >= 1.0 {
        value_text((mark / unit).round() as i64, 0)
    } else {
        value_text((mark / unit * 10.0).round() as i64, 1)
    }
}

/// Where values lie on the page.
struct Scale {
    low: f64,
    high: f64,
    step: f64,
    points: usize,
}

impl Scale {
    /// A scale with round marks that holds every value, limit and target. Limits
    /// below nought are not drawn where no value is.
    fn new(chart: &Chart) -> Self {
        let mut low = f64::INFINITY;
        let mut high = f64::NEG_INFINITY;
        let mut hold = |value: f64| {
            low = low.min(value);
            high = high.max(value);
        };
        chart.values().iter().for_each(|value| hold(*value as f64));
        chart
            .target()
            .into_iter()
            .for_each(|target| hold(target as f64));
        for stretch in chart
            .stretches()
            .iter()
            .filter(|stretch| stretch.has_limits())
        {
            hold(stretch.upper());
            hold(if is_drawn(chart, stretch.lower()) {
                stretch.lower()
            } else {
                0.0
            });
        }
        let spread = (high - low).max(1.0);
        let rough = spread / 5.0;
        let power = 10_f64.powf(rough.log10().floor());
        let step = [1.0, 2.0, 5.0, 10.0]
            .into_iter()
            .map(|times| times * power)
            .find(|step| *step >= rough)
            .unwrap_or(power);
        Self {
            low: (low / step).floor() * step,
            high: (high / step).ceil() * step,
            step,
            points: chart.values().len(),
        }
    }

    fn y(&self, value: f64) -> f64 {
        let share = (value - self.low) / (self.high - self.low).max(f64::MIN_POSITIVE);
        BOTTOM - share * (BOTTOM - TOP)
    }

    fn x(&self, point: usize) -> f64 {
        if self.points < 2 {
            return (LEFT + RIGHT) / 2.0;
        }
        let span = RIGHT - LEFT - 16.0;
        LEFT + 8.0 + span * point as f64 / (self.points - 1) as f64
    }

    fn marks(&self) -> Vec<f64> {
        let count = ((self.high - self.low) / self.step).round() as i32;
        (0..=count.clamp(0, 20))
            .map(|n| self.low + f64::from(n) * self.step)
            .collect()
    }
}

/// Whether a lower limit is drawn: not when it is below nought and nothing else is.
fn is_drawn(chart: &Chart, limit: f64) -> bool {
    limit >= 0.0 || chart.values().iter().any(|value| *value < 0)
}

/// The chart as an SVG element.
pub fn svg(drawing: &Drawing<'_>) -> String {
    let scale = Scale::new(drawing.chart);
    let id = escaped(drawing.id);
    let mut out = format!(
        "<svg class=\"almoner-chart\" xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} \
         {HEIGHT}\" role=\"img\" aria-labelledby=\"{id}-title {id}-desc\" \
         font-family=\"inherit\" font-size=\"14\">\n<title id=\"{id}-title\">{}</title>\n\
         <desc id=\"{id}-desc\">{}</desc>\n",
        escaped(drawing.title),
        escaped(drawing.description),
    );
    axes(&mut out, drawing, &scale);
    limits(&mut out, drawing, &scale);
    line(&mut out, drawing, &scale);
    points(&mut out, drawing, &scale);
    out.push_str("</svg>");
    out
}

/// Writes a line of text at a place.
fn words(out: &mut String, x: f64, y: f64, anchor: &str, colour: &str, text: &str) {
    let _ = writeln!(
        out,
        "<text x=\"{x:.1}\" y=\"{y:.1}\" text-anchor=\"{anchor}\" fill=\"{colour}\">{}</text>",
        escaped(text)
    );
}

/// Writes a straight line; `dashes` empty for a whole one.
fn stroke(out: &mut String, from: (f64, f64), to: (f64, f64), colour: &str, dashes: &str) {
    let dashes = match dashes {
        "" => String::new(),
        dashes => format!(" stroke-dasharray=\"{dashes}\""),
    };
    let _ = writeln!(
        out,
        "<line x1=\"{:.1}\" y1=\"{:.1}\" x2=\"{:.1}\" y2=\"{:.1}\" stroke=\"{colour}\"{dashes}/>",
        from.0, from.1, to.0, to.1
    );
}

fn axes(out: &mut String, drawing: &Drawing<'_>, scale: &Scale) {
    for mark in scale.marks() {
        let y = scale.y(mark);
        stroke(out, (LEFT, y), (RIGHT, y), "#e8edee", "");
        words(
            out,
            LEFT - 8.0,
            y + 5.0,
            "end",
            GREY,
            &mark_text(mark, scale.step, drawing.places),
        );
    }
    stroke(out, (LEFT, BOTTOM), (RIGHT, BOTTOM), GREY, "");
    for (point, text) in drawing.marks {
        let x = scale.x(*point);
        stroke(out, (x, BOTTOM), (x, BOTTOM + 6.0), GREY, "");
        words(out, x, BOTTOM + 22.0, "middle", GREY, text);
    }
    words(out, LEFT, HEIGHT - 6.0, "start", INK, drawing.unit);
    for (point, reason) in drawing.rebases {
        let x = (scale.x(*point) + scale.x(point.saturating_sub(1))) / 2.0;
        stroke(out, (x, TOP), (x, BOTTOM), INK, "2 4");
        words(out, x + 4.0, TOP + 2.0, "start", INK, reason);
    }
}

fn limits(out: &mut String, drawing: &Drawing<'_>, scale: &Scale) {
    let chart = drawing.chart;
    let mut names: Vec<(f64, String)> = Vec::new();
    let count = chart.stretches().len();
    for (at, stretch) in chart.stretches().iter().enumerate() {
        let ends = (
            scale.x(stretch.start),
            scale.x(stretch.start + stretch.len - 1),
        );
        let level = |y: f64| ((ends.0 - 6.0, y), (ends.1 + 6.0, y));
        let mut draw = |value: f64, name: &str, colour: &str, dashes: &str| {
            let y = scale.y(value);
            let (from, to) = level(y);
            stroke(out, from, to, colour, dashes);
            if at + 1 == count {
                names.push((y, format!("{name} {}", limit_text(value, drawing.places))));
            }
        };
        draw(stretch.mean(), "Mean", "#000000", "");
        if stretch.has_limits() {
            let trial = if stretch.is_trial() { "Trial " } else { "" };
            let name = |side: &str| match trial {
                "" => format!("{side} limit"),
                _ => format!("Trial {} limit", side.to_lowercase()),
            };
            draw(stretch.upper(), &name("Upper"), GREY, "6 4");
            if is_drawn(chart, stretch.lower()) {
                draw(stretch.lower(), &name("Lower"), GREY, "6 4");
            }
        }
    }
    if let Some(target) = chart.target() {
        let y = scale.y(target as f64);
        stroke(out, (LEFT, y), (RIGHT, y), "#de1b1b", "10 3 2 3");
        names.push((y, format!("Target {}", value_text(target, drawing.places))));
    }
    // Names that would lie on each other move apart, top first.
    names.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut last = f64::NEG_INFINITY;
    for (y, name) in names {
        let y = (y + 5.0).max(last + 17.0);
        words(out, RIGHT + 8.0, y, "start", INK, &name);
        last = y;
    }
}

/// The line through the points, broken at gaps and rebases.
fn line(out: &mut String, drawing: &Drawing<'_>, scale: &Scale) {
    let starts: Vec<usize> = drawing.chart.stretches().iter().map(|s| s.start).collect();
    let mut path = String::new();
    for (point, value) in drawing.chart.values().iter().enumerate() {
        let broken = starts.contains(&point) || drawing.gaps.contains(&point);
        let pen = if broken { 'M' } else { 'L' };
        let _ = write!(
            path,
            "{pen}{:.1} {:.1}",
            scale.x(point),
            scale.y(*value as f64)
        );
    }
    let _ = writeln!(
        out,
        "<path d=\"{path}\" fill=\"none\" stroke=\"{GREY}\" stroke-width=\"1.5\"/>"
    );
}

fn points(out: &mut String, drawing: &Drawing<'_>, scale: &Scale) {
    let chart = drawing.chart;
    for (point, value) in chart.values().iter().enumerate() {
        let judgement = chart.judgement(point);
        let name = drawing.names.get(point).map_or("", String::as_str);
        let told = format!(
            "{name}: {}. {}",
            value_text(*value, drawing.places),
            judgement.words()
        );
        let shape = shape(judgement, scale.x(point), scale.y(*value as f64));
        let _ = writeln!(out, "{shape}<title>{}</title></path>", escaped(&told));
    }
}

/// The shape of a point, left open for its title: a disc, a diamond for
/// improvement, a square for concern, a triangle where neither way is better.
fn shape(judgement: Judgement, x: f64, y: f64) -> String {
    let path = match judgement {
        Judgement::Common => {
            format!(
                "M{:.1} {y:.1}a3.5 3.5 0 1 0 7 0a3.5 3.5 0 1 0 -7 0z",
                x - 3.5
            )
        }
        Judgement::Improvement => format!("M{x:.1} {:.1}l6 6l-6 6l-6 -6z", y - 6.0),
        Judgement::Concern => format!("M{:.1} {:.1}h10v10h-10z", x - 5.0, y - 5.0),
        Judgement::Neutral => format!("M{x:.1} {:.1}l6 11h-12z", y - 7.0),
    };
    format!(
        "<path d=\"{path}\" fill=\"{}\" stroke=\"{INK}\" stroke-width=\"1\">",
        judgement.colour()
    )
}

/// A point of the key beside a chart: the shape alone, to stand before its words.
pub fn key(judgement: Judgement) -> String {
    format!(
        "<svg class=\"almoner-key\" xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 16 16\" \
         width=\"16\" height=\"16\" aria-hidden=\"true\" focusable=\"false\">{}</path></svg>",
        shape(judgement, 8.0, 8.0)
    )
}

/// The variation icon; its words stand beside it.
pub fn variation(variation: Variation) -> String {
    icon(
        variation.sign(),
        variation.colour(),
        variation == Variation::TooFew,
    )
}

/// The assurance icon; its words stand beside it.
pub fn assurance(assurance: Assurance) -> String {
    icon(
        assurance.sign(),
        assurance.colour(),
        assurance == Assurance::None,
    )
}

/// A ring with a sign in it; dashed when there is nothing to judge.
fn icon(sign: &str, colour: &str, dashed: bool) -> String {
    let dashes = if dashed {
        " stroke-dasharray=\"6 4\""
    } else {
        ""
    };
    // Common cause has the wavy line of a process that goes on as it did.
    let inside = match (sign, dashed) {
        ("", true) => String::new(),
        ("", false) => format!(
            "<path d=\"M12 26l6 -6l6 8l6 -8l6 6\" fill=\"none\" stroke=\"{INK}\" stroke-width=\"2\"/>"
        ),
        (sign, _) => format!(
            "<text x=\"24\" y=\"32\" text-anchor=\"middle\" font-size=\"24\" font-weight=\"700\" \
             fill=\"{INK}\">{}</text>",
            escaped(sign)
        ),
    };
    format!(
        "<svg class=\"almoner-icon\" xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 48 48\" \
         width=\"48\" height=\"48\" aria-hidden=\"true\" focusable=\"false\"><circle cx=\"24\" \
         cy=\"24\" r=\"20\" fill=\"#ffffff\" stroke=\"{colour}\" stroke-width=\"5\"{dashes}/>\
         {inside}</svg>"
    )
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]

    use super::*;
    use place::spc::{Options, Wanted};

    const ORACLE: [i64; 18] = [1, 2, 1, 2, 10, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1];

    fn draw(chart: &Chart, rebases: &[(usize, String)], places: u32) -> String {
        let names: Vec<String> = (1..=chart.values().len())
            .map(|n| format!("Week {n}"))
            .collect();
        svg(&Drawing {
            id: "chart",
            title: "Days by week & <ward>",
            description: "It varies as usual.",
            chart,
            names: &names,
            marks: &[(0, "Week 1".to_owned()), (12, "Week 13".to_owned())],
            gaps: &[7],
            rebases,
            places,
            unit: "Days",
        })
    }

    #[test]
    fn the_oracle_drawn() {
        let chart = Chart::new(&ORACLE, Wanted::Down, Some(3), &[], Options::default()).unwrap();
        insta::assert_snapshot!(draw(&chart, &[], 0));
    }

    #[test]
    fn a_rebase_breaks_every_line() {
        let chart = Chart::new(&ORACLE, Wanted::Neither, None, &[9], Options::default()).unwrap();
        let drawn = draw(&chart, &[(9, "New ward".to_owned())], 0);
        assert_eq!(drawn.matches("stroke=\"#000000\"").count(), 2, "two means");
        assert!(drawn.contains(">New ward</text>"));
        assert!(drawn.contains("Trial upper limit"));
        assert_eq!(
            drawn.matches('M').count() - drawn.matches("Mean").count(),
            18 + 3
        );
    }

    #[test]
    fn values_are_read_with_thousands_and_one_decimal() {
        for (value, places, text) in [
            (200_095, 0, "200,095"),
            (31_352, 2, "313.5"),
            (-5, 0, "-5"),
            (0, 2, "0.0"),
        ] {
            assert_eq!(value_text(value, places), text);
        }
        assert_eq!(limit_text(31_355.0, 2), "313.6");
        assert_eq!(limit_text(1_944.5, 0), "1,945");
        assert_eq!(limit_text(6.951, 0), "7.0");
        assert_eq!(mark_text(2.0, 2.0, 0), "2");
        assert_eq!(mark_text(250.0, 50.0, 2), "2.5");
    }

    #[test]
    fn one_point_and_level_points_can_be_drawn() {
        for values in [vec![5], vec![0, 0, 0], vec![7; 20]] {
            let chart = Chart::new(&values, Wanted::Down, None, &[], Options::default()).unwrap();
            let drawn = draw(&chart, &[], 0);
            assert!(
                !drawn.contains("NaN") && !drawn.contains("inf"),
                "{values:?}"
            );
        }
    }

    #[test]
    fn icons() {
        insta::assert_snapshot!(
            [
                variation(Variation::ConcernHigh),
                variation(Variation::Common),
                variation(Variation::TooFew),
                assurance(Assurance::HitAndMiss),
                assurance(Assurance::None),
                key(Judgement::Concern),
            ]
            .join("\n")
        );
    }
}
