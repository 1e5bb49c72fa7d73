//! Months and dates as people write them at the top of a sheet.

use jiff::civil::Date;
use kernel::Month;

const MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];

/// Words and numbers of a text, lower case, with letters and digits apart:
/// `27th May 2011` gives `27`, `th`, `may`, `2011`.
fn tokens(text: &str) -> Vec<String> {
    let mut tokens: Vec<String> = Vec::new();
    let mut last = None;
    for c in text.chars().take(200) {
        let kind = match c {
            _ if c.is_ascii_digit() => Some(true),
            _ if c.is_alphabetic() => Some(false),
            _ => None,
        };
        if let Some(digit) = kind {
            match tokens.last_mut() {
                Some(token) if last == Some(digit) => token.extend(c.to_lowercase()),
                _ => tokens.push(c.to_lowercase().collect()),
            }
        }
        last = kind;
    }
    tokens
}

/// The number of a month by its name, in full or by at least three letters.
fn month_number(word: &str) -> Option<i8> {
    let word = if word == "sept" { "sep" } else { word };
    let at = MONTHS
        .iter()
        .position(|name| word.len() >= 3 && name.starts_with(word))?;
    Some(at as i8 + 1)
}

/// A year of two or four digits.
fn year_number(word: &str) -> Option<i16> {
    let number: i16 = word.parse().ok()?;
    match word.len() {
        4 => Some(number),
        2 => Some(2000 + number),
        _ => None,
    }
}

/// The one month a text names, such as `April 2011`, `Apr-11` or `2011-04`; `None`
/// if it names none, or more than one.
pub(crate) fn month(text: &str) -> Option<Month> {
    let tokens = tokens(text);
    let mut found: Option<Month> = None;
    let mut add = |month: Option<Month>| {
        if let Some(month) = month {
            if found.is_some_and(|other| other != month) {
                return false;
            }
            found = Some(month);
        }
        true
    };
    for pair in tokens.windows(2) {
        let named =
            month_number(&pair[0]).and_then(|month| Month::new(year_number(&pair[1])?, month));
        if !add(named) {
            return None;
        }
    }
    if found.is_none() {
        found = date(text).map(Month::of);
    }
    if let (None, [year, month]) = (found, tokens.as_slice()) {
        let (year, month) = if year.len() == 4 {
            (year, month)
        } else {
            (month, year)
        };
        found = month
            .parse()
            .ok()
            .and_then(|month| Month::new(year_number(year)?, month));
    }
    found
}

/// A date such as `27th May 2011`, `27/05/2011` (day first) or `2011-05-27`.
pub(crate) fn date(text: &str) -> Option<Date> {
    let tokens: Vec<String> = tokens(text)
        .into_iter()
        .filter(|token| !matches!(token.as_str(), "st" | "nd" | "rd" | "th"))
        .collect();
    let [.., a, b, c] = tokens.as_slice() else {
        return None;
    };
    let named = month_number(b).or_else(|| b.parse().ok());
    let (year, day) = if a.len() == 4 { (a, c) } else { (c, a) };
    Date::new(year_number(year)?, named?, day.parse().ok()?).ok()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]

    #[test]
    fn months_as_written() {
        for (text, month) in [
            ("April 2011", Some("2011-04")),
            ("Apr-11", Some("2011-04")),
            ("Period: sept 2018 (revised)", Some("2018-09")),
            ("2011-04", Some("2011-04")),
            ("04/2011", Some("2011-04")),
            ("1 April 2011", Some("2011-04")),
            ("01/04/2011", Some("2011-04")),
            ("April 2011 to March 2012", None),
            ("2011-13", None),
            ("Published", None),
            ("", None),
        ] {
            let read = super::month(text).map(|month| month.to_string());
            assert_eq!(read.as_deref(), month, "{text}");
        }
    }

    #[test]
    fn dates_as_written() {
        for (text, date) in [
            ("27th May 2011", Some("2011-05-27")),
            ("23rd September 2011", Some("2011-09-23")),
            ("1st Jan 2019", Some("2019-01-01")),
            ("Thursday 9 May 2019", Some("2019-05-09")),
            ("09/05/2019", Some("2019-05-09")),
            ("2019-05-09", Some("2019-05-09")),
            ("31st February 2019", None),
            ("-", None),
            ("May 2019", None),
        ] {
            let read = super::date(text).map(|date| date.to_string());
            assert_eq!(read.as_deref(), date, "{text}");
        }
    }
}
