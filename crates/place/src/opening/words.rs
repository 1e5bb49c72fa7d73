//! Opening hours in words: "Closed now" and "Opens again on Monday at 9am".

use super::{DAY, Holidays, Opening, Span, State};
use jiff::civil::{Date, Time};
use jiff::{SignedDuration, Timestamp};
use kernel::calendar::{add_days, days_between, local, time_in_words};

const DAYS: [&str; 7] = [
    "Monday",
    "Tuesday",
    "Wednesday",
    "Thursday",
    "Friday",
    "Saturday",
    "Sunday",
];
/// How a service stands, in a few words and then a sentence: "Open now", "Closes at 5pm". `at`
/// is the instant that was asked about and `now` the one it is: for another instant than now the
/// words are "Open then".
pub fn said(state: &State, at: Timestamp, now: Timestamp) -> (String, String) {
    let then = if at == now { "now" } else { "then" };
    let call = "Call before you go";
    let (short, long) = match state {
        State::Open { until: None } => ("Open", "Day and night".to_owned()),
        State::Open { until: Some(until) } => {
            ("Open", format!("Closes {}", near(*until, at, at == now)))
        }
        State::Closed { opens: None } => ("Closed", "When it opens again is not known".to_owned()),
        State::Closed { opens: Some(opens) } => (
            "Closed",
            format!("Opens again {}", near(*opens, at, at == now)),
        ),
        State::NotSaid { holiday } => {
            let long = match holiday {
                None => call.to_owned(),
                Some(name) => format!("{name} is a bank holiday. {call}"),
            };
            return ("Hours not known".to_owned(), long);
        }
    };
    (format!("{short} {then}"), long)
}

/// `at 5pm`, `tomorrow at 9am`, `on Monday at 9am`, `on Monday 4 January at 9am`. `today` says
/// whether the instant looked from is in the day that it is.
fn near(at: Timestamp, from: Timestamp, today: bool) -> String {
    let (at, from) = (local(at), local(from));
    let time = time_in_words(at);
    match days_between(from.date(), at.date()) {
        0 => format!("at {time}"),
        1 if today => format!("tomorrow at {time}"),
        1 => format!("the next day at {time}"),
        2..=6 => format!("on {} at {time}", weekday(at.date())),
        _ => format!("on {} at {time}", day(at.date(), from.date())),
    }
}

/// A minute of the day: `9am`, `5:30pm`, `midday`, `midnight`.
fn clock(minute: u16) -> String {
    let minutes = SignedDuration::from_mins(i64::from(minute % DAY));
    time_in_words(Date::ZERO.to_datetime(Time::midnight().wrapping_add(minutes)))
}

/// The name of a day of the week, such as `Monday`.
pub fn weekday(day: Date) -> &'static str {
    usize::try_from(day.weekday().to_monday_zero_offset())
        .ok()
        .and_then(|at| DAYS.get(at))
        .copied()
        .unwrap_or("")
}

/// `Friday 25 December`, with the year if it is another than that of `from`.
fn day(day: Date, from: Date) -> String {
    let form = match day.year() == from.year() {
        true => "%A %-d %B",
        false => "%A %-d %B %Y",
    };
    day.strftime(form).to_string()
}

/// Hours of a day: `9am to 5pm`, `9am to midday and 1pm to 5pm`, `Closed`.
pub fn hours(spans: &[Span]) -> String {
    if spans.is_empty() {
        return "Closed".to_owned();
    }
    let words = |span: &Span| {
        if (span.from, span.to) == (0, DAY) {
            return "Open all day and night".to_owned();
        }
        let next = if span.to > DAY { " the next day" } else { "" };
        format!("{} to {}{next}", clock(span.from), clock(span.to))
    };
    let said = spans.iter().map(words).collect::<Vec<_>>().join(" and ");
    match said.strip_prefix('m') {
        // "Midnight" and "Midday" begin a line.
        Some(rest) => format!("M{rest}"),
        None => said,
    }
}

/// Opening hours as lines of a table: days and their hours. Single days that are over are left
/// out. Empty where no hours are known.
pub fn table(opening: &Opening, today: Date) -> Vec<(String, String)> {
    if !opening.is_known() {
        return Vec::new();
    }
    let mut lines = Vec::new();
    for (first, last) in alike(&opening.week) {
        let days = match (first, last) {
            (0, 6) => "Every day".to_owned(),
            _ if first == last => DAYS[first].to_owned(),
            _ if first + 1 == last => format!("{} and {}", DAYS[first], DAYS[last]),
            _ => format!("{} to {}", DAYS[first], DAYS[last]),
        };
        lines.push((days, hours(opening.weekday(first))));
    }
    let holidays = match &opening.holidays {
        Holidays::NotSaid => "Not known. Call before you go".to_owned(),
        Holidays::AsUsual => "As usual".to_owned(),
        Holidays::Hours(spans) => hours(spans),
    };
    lines.push(("Bank holidays".to_owned(), holidays));
    for (first, last, spans) in runs(opening) {
        if last < today {
            continue;
        }
        let days = if first == last {
            day(first, today)
        } else {
            format!("{} to {}", day(first, today), day(last, today))
        };
        lines.push((days, hours(spans)));
    }
    lines
}

/// First and last of days of the week that follow one another and have the same hours.
pub(super) fn alike(week: &[Vec<Span>; 7]) -> Vec<(usize, usize)> {
    let mut runs: Vec<(usize, usize)> = Vec::new();
    for day in 0..7 {
        match runs.last_mut() {
            Some((_, last)) if week[*last] == week[day] => *last = day,
            _ => runs.push((day, day)),
        }
    }
    runs
}

/// First and last of single days that follow one another and have the same hours.
pub(super) fn runs(opening: &Opening) -> Vec<(Date, Date, &[Span])> {
    let mut runs: Vec<(Date, Date, &[Span])> = Vec::new();
    for (day, spans) in opening.days() {
        match runs.last_mut() {
            Some((first, last, same))
                if *same == spans
                    && add_days(*last, 1) == day
                    && days_between(*first, day) <= 300 =>
            {
                *last = day;
            }
            _ => runs.push((day, day, spans)),
        }
    }
    runs
}
