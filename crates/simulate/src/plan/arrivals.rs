//! Arrivals of each day: by day of the week, season and trend, or from a list.

use super::attributes::{Classes, cumulative};
use super::{Arrivals, Problems, Share, SourcePlan, month, weekday};
use crate::model::{Model, Rate, Route, Source};
use std::collections::BTreeMap;

/// Most arrivals a day.
const MOST_A_DAY: f64 = 10_000_000.0;

pub(super) fn source(
    model: &Model,
    name: &str,
    source: &Source,
    classes: &Classes,
    stations: &[&str],
    problems: &mut Problems,
) -> SourcePlan {
    let place = format!("source.{name}");
    let shares = classes.shares(&place, source, problems);
    let routes = match (&source.to, source.next.as_slice()) {
        (Some(to), []) => {
            let only = Route {
                to: to.clone(),
                share: 1.0,
                when: BTreeMap::new(),
            };
            classes.routes(&format!("{place}.to"), &[only], stations, problems)
        }
        (None, [_, ..]) => {
            classes.routes(&format!("{place}.next"), &source.next, stations, problems)
        }
        _ => {
            problems.say(&place, "say where people go: either `to` or `next`");
            vec![Vec::new(); classes.len()]
        }
    };
    SourcePlan {
        name: name.to_owned(),
        arrivals: arrivals(model, &place, source, problems),
        classes: shares,
        routes,
    }
}

fn arrivals(model: &Model, place: &str, source: &Source, problems: &mut Problems) -> Arrivals {
    let given = [
        source.arrivals_per_day.is_some(),
        source.arrivals_by_day.is_some(),
        source.people_by_day.is_some(),
    ];
    if given.iter().filter(|given| **given).count() != 1 {
        problems.say(
            place,
            "say how many arrive: one of `arrivals_per_day`, `arrivals_by_day` and `people_by_day`",
        );
        return Arrivals::Given(Vec::new());
    }
    let days = model.days as usize;
    if let Some(people) = &source.people_by_day {
        if people.len() < days {
            problems.say(
                place,
                format!("`people_by_day` has {} days of {days}", people.len()),
            );
        }
        if people.iter().any(|people| f64::from(*people) > MOST_A_DAY) {
            problems.say(place, format!("at most {MOST_A_DAY} arrive in a day"));
        }
        return Arrivals::Given(people.iter().copied().take(days).collect());
    }
    let base: Vec<f64> = match (&source.arrivals_per_day, &source.arrivals_by_day) {
        (_, Some(by_day)) => {
            if by_day.len() < days {
                problems.say(
                    place,
                    format!("`arrivals_by_day` has {} days of {days}", by_day.len()),
                );
            }
            by_day.iter().copied().take(days).collect()
        }
        (Some(rate), _) => (0..model.days)
            .map(|day| weekly(model, place, rate, day, problems))
            .collect(),
        _ => Vec::new(),
    };
    let factors = month_factors(model, place, source, problems);
    let growth = 1.0 + source.growth_percent_per_year / 100.0;
    if growth <= 0.0 || !growth.is_finite() {
        problems.say(place, "growth_percent_per_year is more than -100");
    }
    let rates: Vec<f64> = (0_u32..)
        .zip(base)
        .map(|(day, rate)| rate * factors(day) * growth.powf(f64::from(day) / 365.25))
        .collect();
    if let Some(wrong) = rates
        .iter()
        .find(|rate| !(0.0..=MOST_A_DAY).contains(*rate))
    {
        problems.say(
            place,
            format!("arrivals of a day lie between 0 and {MOST_A_DAY}, not {wrong}"),
        );
        return Arrivals::Given(Vec::new());
    }
    Arrivals::Poisson(rates)
}

fn weekly(model: &Model, place: &str, rate: &Rate, day: u32, problems: &mut Problems) -> f64 {
    match rate {
        Rate::Every(rate) => *rate,
        Rate::ByWeekday(rates) => {
            if day == 0 {
                if let Some(wrong) = rates.keys().find(|name| weekday(name).is_none()) {
                    problems.say(
                        place,
                        format!("`{wrong}` is no day of the week; write `monday` to `sunday`"),
                    );
                }
                if rates.len() < 7 {
                    problems.say(
                        place,
                        "arrivals_per_day names all seven days of the week, or is one number",
                    );
                }
                if model.start.is_none() {
                    problems.say(
                        "start",
                        "arrivals by day of the week need the date of the first day",
                    );
                }
            }
            let Some(date) = date(model, day) else {
                return 0.0;
            };
            let today = rates
                .iter()
                .find(|(name, _)| weekday(name) == Some(date.weekday()));
            today.map_or(0.0, |(_, rate)| *rate)
        }
    }
}

fn date(model: &Model, day: u32) -> Option<jiff::civil::Date> {
    let days = jiff::Span::new().try_days(i64::from(day)).ok()?;
    model.start?.checked_add(days).ok()
}

fn month_factors<'a>(
    model: &'a Model,
    place: &str,
    source: &'a Source,
    problems: &mut Problems,
) -> impl Fn(u32) -> f64 + 'a {
    if !source.month_factor.is_empty() && model.start.is_none() {
        problems.say("start", "factors of months need the date of the first day");
    }
    let mut factors = [1.0; 13];
    for (name, factor) in &source.month_factor {
        match month(name) {
            Some(month) => factors[usize::from(month.unsigned_abs())] = *factor,
            None => problems.say(
                place,
                format!("`{name}` is no month; write `january` to `december`"),
            ),
        }
    }
    let none = source.month_factor.is_empty();
    move |day| {
        if none {
            return 1.0;
        }
        date(model, day).map_or(1.0, |date| {
            factors[usize::from(date.month().unsigned_abs())]
        })
    }
}

/// Classes of everybody who arrives, by how many they are.
pub(super) fn mix(sources: &[SourcePlan], classes: usize) -> Vec<Share> {
    let mut weights = vec![0.0; classes];
    for source in sources {
        let total: f64 = match &source.arrivals {
            Arrivals::Poisson(days) => days.iter().sum(),
            Arrivals::Given(days) => days.iter().copied().map(f64::from).sum(),
        };
        let mut before = 0;
        for share in &source.classes {
            let own = (share.upto - before) as f64 / u64::MAX as f64;
            before = share.upto;
            weights[usize::from(share.to)] += total * own;
        }
    }
    let sum: f64 = weights.iter().sum();
    if sum <= 0.0 {
        return vec![Share {
            upto: u64::MAX,
            to: 0,
        }];
    }
    let shares = (0_u16..)
        .zip(weights)
        .map(|(class, weight)| (class, weight / sum));
    cumulative(shares)
}
