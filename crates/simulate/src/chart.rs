//! A chart of one measure at one station over the days, as SVG with fan bands: the middle of the
//! replications, and what half and nine tenths of them lie within.
//!
//! Nothing rests on colour alone: bands and line are named beside them, and the chart has a title and
//! a description. Colours stand in attributes, so a page needs no inline style.

use crate::outcome::{Measure, Outcome, Spread};
use std::fmt::Write;

const WIDTH: f64 = 940.0;
const HEIGHT: f64 = 400.0;
const LEFT: f64 = 70.0;
const RIGHT: f64 = 740.0;
const TOP: f64 = 50.0;
const BOTTOM: f64 = 345.0;
/// Most points along the days; more days are drawn every second, third and so on.
const POINTS: usize = 670;
const INK: &str = "#212b32";
const GREY: &str = "#4c6272";
const BLUE: &str = "#005eb8";

/// What the measure counts, in words.
fn words(measure: Measure) -> &'static str {
    match measure {
        Measure::Occupancy => "people with a place",
        Measure::Queue => "people waiting",
        Measure::WaitDays => "days waited",
        Measure::Arrivals => "arrivals a day",
        Measure::Departures => "departures a day",
        Measure::Blocked => "people ready who keep their place",
        Measure::Cost => "pounds a day",
    }
}

/// Draws it.
pub fn fan(outcome: &Outcome, station: usize, measure: Measure, title: &str) -> String {
    let days: Vec<u32> = outcome.told_days().collect();
    let step = days.len().div_ceil(POINTS).max(1);
    let points: Vec<(u32, Spread)> = days
        .iter()
        .step_by(step)
        .filter_map(|day| Some((*day, outcome.day(*day, station, measure)?)))
        .collect();
    let first = days.first().copied().unwrap_or(0);
    let span = f64::from(days.last().map_or(1, |last| (last - first).max(1)));
    let highest = points
        .iter()
        .map(|(_, spread)| spread.quantiles[4])
        .fold(0.0, f64::max);
    let top = round_up(highest);
    let x = |day: u32| LEFT + (RIGHT - LEFT) * f64::from(day - first) / span;
    let y = |value: f64| BOTTOM - (BOTTOM - TOP) * value / top;
    let station_name = outcome.stations.get(station).map_or("", String::as_str);
    let heading = format!(
        "{title}: {} at {station_name}, {}",
        words(measure),
        outcome.scenario
    );
    let mut svg = String::new();
    let _ = write!(
        svg,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {HEIGHT}\" role=\"img\" aria-labelledby=\"t d\" font-family=\"Arial, sans-serif\" font-size=\"15\">\n\
         <title id=\"t\">{}</title>\n<desc id=\"d\">{}</desc>\n",
        escaped(&heading),
        escaped(&description(outcome, &points, measure)),
    );
    let _ = writeln!(
        svg,
        "<rect width=\"{WIDTH}\" height=\"{HEIGHT}\" fill=\"#ffffff\"/>"
    );
    let _ = writeln!(
        svg,
        "<text x=\"{LEFT}\" y=\"26\" fill=\"{INK}\" font-weight=\"bold\">{}</text>",
        escaped(&heading)
    );
    for part in 0..=4 {
        let value = top * f64::from(part) / 4.0;
        let at = y(value);
        let _ = writeln!(
            svg,
            "<line x1=\"{LEFT}\" y1=\"{at:.1}\" x2=\"{RIGHT}\" y2=\"{at:.1}\" stroke=\"#d8dde0\"/><text x=\"{:.1}\" y=\"{:.1}\" fill=\"{GREY}\" text-anchor=\"end\">{}</text>",
            LEFT - 8.0,
            at + 5.0,
            short(value)
        );
    }
    for part in 0..=4_u32 {
        let day = first + (span as u32 * part) / 4;
        let _ = writeln!(
            svg,
            "<text x=\"{:.1}\" y=\"{:.1}\" fill=\"{GREY}\" text-anchor=\"middle\">day {}</text>",
            x(day),
            BOTTOM + 22.0,
            day + 1
        );
    }
    bands(&mut svg, &points, &x, &y);
    legend(&mut svg);
    svg.push_str("</svg>\n");
    svg
}

/// The two bands and the line of the middle.
fn bands(
    svg: &mut String,
    points: &[(u32, Spread)],
    x: &dyn Fn(u32) -> f64,
    y: &dyn Fn(f64) -> f64,
) {
    for (low, high, opacity) in [(0, 4, "0.2"), (1, 3, "0.35")] {
        let mut path = String::new();
        for (day, spread) in points {
            let _ = write!(path, "{:.1},{:.1} ", x(*day), y(spread.quantiles[high]));
        }
        for (day, spread) in points.iter().rev() {
            let _ = write!(path, "{:.1},{:.1} ", x(*day), y(spread.quantiles[low]));
        }
        let _ = writeln!(
            svg,
            "<polygon points=\"{}\" fill=\"{BLUE}\" fill-opacity=\"{opacity}\"/>",
            path.trim_end()
        );
    }
    let mut line = String::new();
    for (day, spread) in points {
        let _ = write!(line, "{:.1},{:.1} ", x(*day), y(spread.quantiles[2]));
    }
    let _ = writeln!(
        svg,
        "<polyline points=\"{}\" fill=\"none\" stroke=\"{INK}\" stroke-width=\"2\"/>",
        line.trim_end()
    );
}

fn legend(svg: &mut String) {
    let left = RIGHT + 20.0;
    let _ = writeln!(
        svg,
        "<line x1=\"{left}\" y1=\"80\" x2=\"{:.1}\" y2=\"80\" stroke=\"{INK}\" stroke-width=\"2\"/><text x=\"{:.1}\" y=\"85\" fill=\"{INK}\">middle</text>",
        left + 24.0,
        left + 32.0
    );
    for (at, opacity, words) in [
        (110.0, "0.5", "half of the runs"),
        (140.0, "0.2", "nine of ten runs"),
    ] {
        let _ = writeln!(
            svg,
            "<rect x=\"{left}\" y=\"{:.1}\" width=\"24\" height=\"16\" fill=\"{BLUE}\" fill-opacity=\"{opacity}\"/><text x=\"{:.1}\" y=\"{:.1}\" fill=\"{INK}\">{words}</text>",
            at - 8.0,
            left + 32.0,
            at + 5.0
        );
    }
}

fn description(outcome: &Outcome, points: &[(u32, Spread)], measure: Measure) -> String {
    let Some((_, last)) = points.last() else {
        return "No day has a figure.".to_owned();
    };
    format!(
        "{} replications, seed {}. On the last day the middle is {} {}, and nine of ten runs lie between {} and {}.",
        outcome.replications(),
        outcome.seed,
        short(last.quantiles[2]),
        words(measure),
        short(last.quantiles[0]),
        short(last.quantiles[4])
    )
}

/// The next of 1, 2, 4, 5, 8, 10 times a power of ten.
fn round_up(value: f64) -> f64 {
    if value <= 0.0 {
        return 1.0;
    }
    let power = 10_f64.powf(value.log10().floor());
    let steps = [1.0, 2.0, 4.0, 5.0, 8.0, 10.0];
    let step = steps.into_iter().find(|step| step * power >= value);
    step.unwrap_or(10.0) * power
}

fn short(value: f64) -> String {
    if value >= 100.0 {
        kernel::money::thousands(value.round() as u64)
    } else if (value - value.round()).abs() < 1e-9 {
        format!("{value:.0}")
    } else {
        format!("{value:.1}")
    }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_axis_ends_on_a_round_number() {
        for (value, top) in [
            (0.0, 1.0),
            (0.7, 0.8),
            (3.0, 4.0),
            (10.0, 10.0),
            (101.0, 200.0),
            (561.0, 800.0),
        ] {
            assert!((round_up(value) - top).abs() < 1e-9, "{value}");
        }
    }

    #[test]
    fn words_cannot_become_marks() {
        assert_eq!(escaped("<a \"b\" & c>"), "&lt;a &quot;b&quot; &amp; c&gt;");
    }
}
