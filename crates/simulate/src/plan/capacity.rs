//! Capacity over time: constant, changed from some day on, or by shifts.

use super::{DAY, Level, Problems, weekday};
use crate::model::{Capacity, Kind, Model, Shift, Station};
use jiff::civil::Weekday;

/// Unlimited capacity.
const UNLIMITED: u32 = u32::MAX;
/// Most that a capacity may be.
const MOST: u32 = 10_000_000;

pub(super) fn levels(
    model: &Model,
    place: &str,
    station: &Station,
    problems: &mut Problems,
) -> Vec<Level> {
    let given = [
        ("capacity_beds", Kind::Beds, &station.capacity_beds),
        ("capacity_staff", Kind::Team, &station.capacity_staff),
        (
            "capacity_visits_per_day",
            Kind::Visits,
            &station.capacity_visits_per_day,
        ),
    ];
    for (name, kind, capacity) in given {
        if capacity.is_some() && kind != station.kind {
            problems.say(place, format!("`{name}` is for another kind of station"));
        }
    }
    let (name, _, own) = given[match station.kind {
        Kind::Beds => 0,
        Kind::Team => 1,
        Kind::Visits => 2,
    }];
    let levels = match (own, station.shifts.as_slice()) {
        (Some(capacity), []) => {
            let mut levels = vec![Level {
                from: 0,
                capacity: number(place, name, capacity, problems),
            }];
            change(model, place, station, &mut levels, problems);
            levels
        }
        (None, [_, ..]) => {
            if station.kind == Kind::Visits || !station.changes.is_empty() {
                problems.say(place, "shifts are for beds and teams without `changes`");
            }
            shifts(model, place, &station.shifts, problems)
        }
        _ => {
            problems.say(
                place,
                format!("say how much it holds: either `{name}` or `shifts`"),
            );
            Vec::new()
        }
    };
    if !levels.is_empty() && levels.iter().all(|level| level.capacity == 0) {
        problems.say(place, "its capacity is nil, so nobody who comes here would ever leave; give it capacity or take it out");
    }
    levels
}

fn number(place: &str, name: &str, capacity: &Capacity, problems: &mut Problems) -> u32 {
    match capacity {
        Capacity::Number(number) if *number <= MOST => *number,
        Capacity::Number(number) => {
            problems.say(
                place,
                format!("`{name}` is at most {MOST}, not {number}; or write \"unlimited\""),
            );
            1
        }
        Capacity::Word(word) if word == "unlimited" => UNLIMITED,
        Capacity::Word(word) => {
            problems.say(
                place,
                format!("`{name}` is a number or \"unlimited\", not \"{word}\""),
            );
            1
        }
    }
}

fn change(
    model: &Model,
    place: &str,
    station: &Station,
    levels: &mut Vec<Level>,
    problems: &mut Problems,
) {
    for (number, change) in (1..).zip(&station.changes) {
        let place = format!("{place}.changes[{number}]");
        at_most(&place, change.capacity, problems);
        let day = match (change.from_day, change.from, model.start) {
            (Some(day), None, _) if day > 0 => day - 1,
            (Some(_), None, _) => {
                problems.say(&place, "the first day is 1");
                continue;
            }
            (None, Some(date), Some(start)) => {
                match start.until(date).map(|span| span.get_days()) {
                    Ok(days) if days >= 0 => days.unsigned_abs(),
                    _ => {
                        problems.say(&place, format!("{date} lies before the first day, {start}"));
                        continue;
                    }
                }
            }
            (None, Some(_), None) => {
                problems.say("start", "changes by date need the date of the first day");
                continue;
            }
            _ => {
                problems.say(&place, "say from when: either `from_day` or `from`");
                continue;
            }
        };
        levels.push(Level {
            from: u64::from(day) * DAY,
            capacity: change.capacity.min(MOST),
        });
    }
    levels.sort_by_key(|level| level.from);
}

fn at_most(place: &str, capacity: u32, problems: &mut Problems) {
    if capacity > MOST {
        problems.say(
            place,
            format!("`capacity` is at most {MOST}, not {capacity}"),
        );
    }
}

/// Minutes since midnight of such as `08:30`.
fn minutes(text: &str) -> Option<u64> {
    let (hours, minutes) = text.split_once(':')?;
    let (hours, minutes): (u64, u64) = (hours.parse().ok()?, minutes.parse().ok()?);
    (minutes < 60 && hours * 60 + minutes <= 1_440).then_some(hours * 60 + minutes)
}

type ReadShift = (Vec<Weekday>, u64, u64, u32);

fn shifts(model: &Model, place: &str, shifts: &[Shift], problems: &mut Problems) -> Vec<Level> {
    let mut read: Vec<ReadShift> = Vec::new();
    for (number, shift) in (1..).zip(shifts) {
        let place = format!("{place}.shifts[{number}]");
        at_most(&place, shift.capacity, problems);
        let days: Vec<Weekday> = shift.days.iter().filter_map(|name| weekday(name)).collect();
        if days.len() < shift.days.len() {
            problems.say(&place, "days are `monday` to `sunday`");
        }
        if !days.is_empty() && model.start.is_none() {
            problems.say(
                "start",
                "shifts by day of the week need the date of the first day",
            );
        }
        match (minutes(&shift.from), minutes(&shift.to)) {
            (Some(from), Some(to)) if from < to => {
                read.push((days, from, to, shift.capacity.min(MOST)))
            }
            _ => problems.say(
                &place,
                format!(
                    "it lasts from `{}` to `{}`: write such as 08:00 to 20:30, within one day",
                    shift.from, shift.to
                ),
            ),
        }
    }
    let mut levels: Vec<Level> = Vec::new();
    let mut edges: Vec<u64> = read
        .iter()
        .flat_map(|(_, from, to, _)| [*from, *to])
        .collect();
    edges.push(0);
    edges.retain(|edge| *edge < 1_440);
    edges.sort_unstable();
    edges.dedup();
    for day in 0..model.days {
        let today = model.start.and_then(|start| {
            let days = jiff::Span::new().try_days(i64::from(day)).ok()?;
            Some(start.checked_add(days).ok()?.weekday())
        });
        for edge in &edges {
            let on = read.iter().filter(|(days, from, to, _)| {
                (days.is_empty() || today.is_some_and(|today| days.contains(&today)))
                    && from <= edge
                    && edge < to
            });
            let capacity = on.map(|(.., capacity)| *capacity).sum();
            if levels.last().is_none_or(|last| last.capacity != capacity) {
                let from = u64::from(day) * DAY + edge * (DAY / 1_440);
                levels.push(Level { from, capacity });
            }
        }
    }
    levels
}

/// Mean capacity over a span; `None` where it is unlimited at some time of it.
pub(super) fn mean(levels: &[Level], from: u64, span: u64) -> Option<f64> {
    let to = from + span;
    let mut sum = 0.0;
    for (at, level) in levels.iter().enumerate() {
        let end = levels.get(at + 1).map_or(u64::MAX, |next| next.from);
        let (begins, ends) = (level.from.max(from), end.min(to));
        if begins < ends {
            if level.capacity == UNLIMITED {
                return None;
            }
            sum += f64::from(level.capacity) * (ends - begins) as f64;
        }
    }
    Some(sum / span as f64)
}
