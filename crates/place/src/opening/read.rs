//! Reading opening hours as people write them, and writing them in one way.
//!
//! In words: rules are parted by semicolons or new lines. A rule names days and then hours:
//! `Mon-Fri 9am-5pm`, `Saturday 09:00-12:30, 13:00-16:00`, `every day 24 hours`,
//! `bank holidays closed`, `2026-12-24 9am-noon`, `2026-12-25..2026-12-28 closed`.

use super::{DAY, Holidays, Opening, Span};
use jiff::civil::Date;
use kernel::calendar::add_days;
use std::fmt;

/// A rule that cannot be read: what to write.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{text}")]
pub struct Fault {
    /// Number of the rule, from 1; 0 is all of them together.
    pub rule: usize,
    /// What is wrong and what to do.
    pub text: String,
}

/// Most rules of one service.
const RULES: usize = 100;
/// Most days in one rule of single days.
const DAYS: i64 = 366;

const WEEK: [&str; 7] = [
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
];
const SHORT: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
/// What a rule is about.
enum Days {
    Week(Vec<usize>),
    Holidays,
    Dates(Date, Date),
}

/// What a rule says of it.
enum Hours {
    Spans(Vec<Span>),
    AsUsual,
}

/// Reads opening hours. Nothing written is nothing known.
///
/// # Errors
/// Every rule that cannot be read.
pub fn read(text: &str) -> Result<Opening, Vec<Fault>> {
    let mut opening = Opening::default();
    let mut said = [false; 7];
    let mut faults = Vec::new();
    let rules = text.split([';', '\n']).map(str::trim);
    for (at, rule) in (1..).zip(rules.filter(|rule| !rule.is_empty())) {
        if at > RULES {
            faults.push(fault(at, format!("write {RULES} rules at most")));
            break;
        }
        if let Err(text) = one(rule, &mut opening, &mut said) {
            faults.push(fault(at, format!("\"{}\": {text}", shortened(rule))));
        }
    }
    if faults.is_empty() && said.contains(&true) && !opening.is_known() {
        faults.push(fault(
            0,
            "write hours for at least one day, or nothing if they are not known".to_owned(),
        ));
    }
    if faults.is_empty() {
        Ok(opening)
    } else {
        Err(faults)
    }
}

fn fault(rule: usize, text: String) -> Fault {
    Fault { rule, text }
}

fn shortened(rule: &str) -> String {
    rule.chars().take(60).collect()
}

fn one(rule: &str, opening: &mut Opening, said: &mut [bool; 7]) -> Result<(), String> {
    let plain = normal(rule);
    let (days, rest) = days(&plain)?;
    let hours = hours(rest.trim_start_matches([':', ' ']), &days)?;
    match (days, hours) {
        (Days::Week(days), Hours::Spans(spans)) => {
            for day in days {
                if std::mem::replace(&mut said[day], true) {
                    return Err(format!("{} is given twice", capital(WEEK[day])));
                }
                opening.week[day].clone_from(&spans);
            }
        }
        (Days::Holidays, hours) => {
            if opening.holidays != Holidays::NotSaid {
                return Err("bank holidays are given twice".to_owned());
            }
            opening.holidays = match hours {
                Hours::AsUsual => Holidays::AsUsual,
                Hours::Spans(spans) => Holidays::Hours(spans),
            };
        }
        (Days::Dates(first, last), Hours::Spans(spans)) => {
            let mut day = first;
            while day <= last {
                if opening.days.insert(day, spans.clone()).is_some() {
                    return Err(format!("{day} is given twice"));
                }
                day = add_days(day, 1);
            }
        }
        (_, Hours::AsUsual) => {
            return Err("\"as usual\" can be said of bank holidays only".to_owned());
        }
    }
    Ok(())
}

/// Lower case, one kind of dash without spaces around it, commas for "and".
fn normal(rule: &str) -> String {
    let mut text = rule.to_lowercase().replace(['–', '—', '−'], "-");
    for (from, to) in [(" to ", "-"), (" and ", ","), ("&", ",")] {
        text = text.replace(from, to);
    }
    let mut text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    for mark in ["-", ",", ".."] {
        text = text
            .replace(&format!(" {mark}"), mark)
            .replace(&format!("{mark} "), mark);
    }
    text
}

fn days(rule: &str) -> Result<(Days, &str), String> {
    if rule.starts_with(|c: char| c.is_ascii_digit()) {
        return dates(rule);
    }
    for (words, days) in [
        ("bank holidays", None),
        ("bank holiday", None),
        ("every day", Some(0..7)),
        ("daily", Some(0..7)),
        ("weekdays", Some(0..5)),
        ("weekends", Some(5..7)),
    ] {
        if let Some(rest) = rule.strip_prefix(words) {
            return Ok((
                days.map_or(Days::Holidays, |days| Days::Week(days.collect())),
                rest,
            ));
        }
    }
    let end = rule.find([' ', ':']).unwrap_or(rule.len());
    let (names, rest) = rule.split_at(end);
    let mut days = Vec::new();
    for part in names.split(',').filter(|part| !part.is_empty()) {
        let (first, last) = part.split_once('-').unwrap_or((part, part));
        match (weekday(first), weekday(last)) {
            (Some(first), Some(last)) if first <= last => days.extend(first..=last),
            // From Saturday to Monday, over the end of the week.
            (Some(first), Some(last)) => days.extend((first..7).chain(0..=last)),
            _ => {
                return Err(
                    "start with days, such as Mon-Fri, bank holidays or 2026-12-24".to_owned(),
                );
            }
        }
    }
    Ok((Days::Week(days), rest))
}

fn weekday(name: &str) -> Option<usize> {
    let name = name.trim_end_matches('.');
    let name = name
        .strip_suffix('s')
        .filter(|n| n.ends_with("day"))
        .unwrap_or(name);
    (name.len() >= 2)
        .then(|| WEEK.iter().position(|day| day.starts_with(name)))
        .flatten()
}

fn dates(rule: &str) -> Result<(Days, &str), String> {
    let expected = || "write a day as 2026-12-24 or 24 December 2026".to_owned();
    let (first, rest) = date(rule).ok_or_else(expected)?;
    let after = rest.strip_prefix("..").or_else(|| rest.strip_prefix('-'));
    let Some(after) = after else {
        return Ok((Days::Dates(first, first), rest));
    };
    let (last, rest) = date(after).ok_or_else(expected)?;
    if last < first || add_days(first, DAYS) < last {
        return Err("the last day must come after the first, within a year".to_owned());
    }
    Ok((Days::Dates(first, last), rest))
}

fn date(text: &str) -> Option<(Date, &str)> {
    if let Some((day, rest)) = text.split_at_checked(10)
        && let Ok(day) = day.parse::<Date>()
    {
        return Some((day, rest));
    }
    let mut parts = text.splitn(3, ' ');
    let day = parts.next()?.parse().ok()?;
    let month = parts.next()?;
    let month = kernel::month::NAMES
        .iter()
        .position(|name| month.len() >= 3 && name.starts_with(month))?;
    let (year, rest) = parts.next()?.split_at_checked(4)?;
    let day = Date::new(year.parse().ok()?, i8::try_from(month + 1).ok()?, day).ok()?;
    Some((day, rest))
}

fn hours(text: &str, days: &Days) -> Result<Hours, String> {
    let text: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    match (text.as_str(), days) {
        ("", _) => return Err("write hours after the days, such as 9am-5pm, or closed".to_owned()),
        ("closed", _) => return Ok(Hours::Spans(Vec::new())),
        ("asusual" | "open" | "openasusual", Days::Holidays) => return Ok(Hours::AsUsual),
        ("asusual", _) => return Ok(Hours::AsUsual),
        ("24hours" | "allday" | "24h" | "open24hours", _) => {
            return Ok(Hours::Spans(Span::new(0, DAY).into_iter().collect()));
        }
        _ => {}
    }
    let mut spans = Vec::new();
    for part in text.split(',') {
        let (from, to) = part
            .split_once('-')
            .ok_or_else(|| "write hours as 9am-5pm or 09:00-17:00".to_owned())?;
        let (Some(from), Some(to)) = (time(from, false), time(to, true)) else {
            return Err("write times such as 9am, 5:30pm, midday or 17:30".to_owned());
        };
        let span = Span::new(from, to)
            .ok_or_else(|| "opening and closing are the same: write 24 hours".to_owned())?;
        spans.push(span);
    }
    spans.sort_unstable();
    if spans.windows(2).any(|two| two[1].from < two[0].to) {
        return Err("two times of one day overlap".to_owned());
    }
    Ok(Hours::Spans(spans))
}

/// Minutes after midnight; midnight as an end is the end of the day.
fn time(text: &str, end: bool) -> Option<u16> {
    let midnight = if end { DAY } else { 0 };
    match text {
        "midday" | "noon" | "12noon" | "12midday" => return Some(DAY / 2),
        "midnight" | "12midnight" => return Some(midnight),
        _ => {}
    }
    let (digits, half) = match (text.strip_suffix("am"), text.strip_suffix("pm")) {
        (Some(digits), _) => (digits, Some(0)),
        (_, Some(digits)) => (digits, Some(12)),
        _ => (text, None),
    };
    let number = |text: &str| {
        let fits = (1..=2).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
        fits.then(|| text.parse::<u16>().ok()).flatten()
    };
    let (hour, minute) = match digits.split_once([':', '.']) {
        Some((hour, minute)) if minute.len() == 2 => (number(hour)?, number(minute)?),
        Some(_) => return None,
        None if half.is_some() => (number(digits)?, 0),
        None => return None,
    };
    let hour = match half {
        Some(add) if (1..=12).contains(&hour) => hour % 12 + add,
        Some(_) => return None,
        None => hour,
    };
    let minutes = hour * 60 + minute;
    let fits = minute < 60 && (hour < 24 || (end && minutes == DAY));
    fits.then_some(if end && minutes == 0 { DAY } else { minutes })
}

fn capital(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(letters).collect()
    })
}

/// The one way in which hours are written: what is written reads back the same.
impl fmt::Display for Opening {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut rules = Vec::new();
        for (first, last) in super::words::alike(&self.week) {
            let spans = &self.week[first];
            if spans.is_empty() {
                continue;
            }
            let days = if first == last {
                SHORT[first].to_owned()
            } else {
                format!("{}-{}", SHORT[first], SHORT[last])
            };
            rules.push(format!("{days} {}", written(spans)));
        }
        match &self.holidays {
            Holidays::NotSaid => {}
            Holidays::AsUsual => rules.push("bank holidays as usual".to_owned()),
            Holidays::Hours(spans) => rules.push(format!("bank holidays {}", written(spans))),
        }
        for (first, last, spans) in super::words::runs(self) {
            let days = if first == last {
                first.to_string()
            } else {
                format!("{first}..{last}")
            };
            rules.push(format!("{days} {}", written(spans)));
        }
        f.write_str(&rules.join("; "))
    }
}

fn written(spans: &[Span]) -> String {
    if spans.is_empty() {
        return "closed".to_owned();
    }
    let time = |minute: u16| {
        let minute = if minute > DAY { minute - DAY } else { minute };
        format!("{:02}:{:02}", minute / 60, minute % 60)
    };
    let parts: Vec<String> = spans
        .iter()
        .map(|span| format!("{}-{}", time(span.from), time(span.to)))
        .collect();
    parts.join(", ")
}
