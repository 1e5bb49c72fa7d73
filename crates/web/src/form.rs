//! What came in a form or after a question mark, and reading dates and times
//! out of it in a way that can be said back to the person in words.

use crate::components::{DateInput, Fault};
use crate::words;
use jiff::Timestamp;
use jiff::civil::Date;

/// Names and values in the order they came. Values keep their new lines, as
/// plain `\n`.
#[derive(Clone, Debug, Default)]
pub struct Fields(Vec<(String, String)>);

impl Fields {
    /// Reads `application/x-www-form-urlencoded` bytes. Escapes that are none
    /// stay as they are; bytes that are no UTF-8 become the replacement sign.
    pub fn parse(bytes: &[u8]) -> Self {
        let pairs = bytes
            .split(|byte| *byte == b'&')
            .filter(|pair| !pair.is_empty())
            .map(|pair| {
                let cut = pair
                    .iter()
                    .position(|byte| *byte == b'=')
                    .unwrap_or(pair.len());
                let value = pair.get(cut + 1..).unwrap_or_default();
                (decode(&pair[..cut]), lines(&decode(value)))
            })
            .collect();
        Self(pairs)
    }

    /// Of names and values as they came in the parts of a form. New lines as in [`Fields::parse`].
    pub(crate) fn of_pairs(pairs: impl IntoIterator<Item = (String, String)>) -> Self {
        let pairs = pairs.into_iter();
        Self(pairs.map(|(name, value)| (name, lines(&value))).collect())
    }

    /// The first value of a name without spaces around it; empty if there is none.
    pub fn get(&self, name: &str) -> &str {
        self.0
            .iter()
            .find(|(key, _)| key == name)
            .map_or("", |(_, value)| value.trim())
    }

    /// Every name with its value, in the order they came.
    pub fn pairs(&self) -> impl Iterator<Item = (&str, &str)> {
        let pairs = self.0.iter();
        pairs.map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// Whether a name came with a value, among all that it came with: a box that was ticked.
    pub fn has(&self, name: &str, value: &str) -> bool {
        self.0
            .iter()
            .any(|(key, sent)| key == name && sent == value)
    }

    /// Every value that a name came with, in order: boxes that were ticked.
    pub fn all<'f>(&'f self, name: &'f str) -> impl Iterator<Item = &'f str> {
        let sent = self.0.iter().filter(move |(key, _)| key == name);
        sent.map(|(_, value)| value.as_str())
    }

    /// The first value as it was typed, with its spaces; empty if there is none.
    pub fn raw(&self, name: &str) -> &str {
        let found = self.0.iter().find(|(key, _)| key == name);
        found.map_or("", |(_, value)| value.as_str())
    }

    /// The first value, or `None` when it is missing or empty.
    pub fn given(&self, name: &str) -> Option<&str> {
        Some(self.get(name)).filter(|value| !value.is_empty())
    }

    /// The value read as something else; `None` when missing, empty or not readable.
    pub fn parsed<T: std::str::FromStr>(&self, name: &str) -> Option<T> {
        self.given(name)?.parse().ok()
    }

    /// The number of the page asked for, from 1.
    pub fn page(&self) -> usize {
        self.parsed::<usize>("page").unwrap_or(1).clamp(1, 100_000)
    }
}

/// A text with its new lines as plain `\n`, however they came.
fn lines(text: &str) -> String {
    text.replace("\r\n", "\n").replace('\r', "\n")
}

fn decode(bytes: &[u8]) -> String {
    let mut out = Vec::with_capacity(bytes.len());
    let mut rest = bytes;
    while let Some((&byte, after)) = rest.split_first() {
        rest = after;
        match byte {
            b'+' => out.push(b' '),
            b'%' => match after.get(..2).and_then(hex) {
                Some(value) => {
                    out.push(value);
                    rest = &after[2..];
                }
                None => out.push(b'%'),
            },
            other => out.push(other),
        }
    }
    String::from_utf8_lossy(&out).into_owned()
}

fn hex(pair: &[u8]) -> Option<u8> {
    let digit = |byte: u8| char::from(byte).to_digit(16);
    let (high, low) = (digit(*pair.first()?)?, digit(*pair.get(1)?)?);
    u8::try_from(high * 16 + low).ok()
}

/// Escapes a value for an address.
pub fn escape(value: &str) -> String {
    let mut out = String::with_capacity(value.len());
    for byte in value.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}

/// Collects what is wrong while a form is read.
#[derive(Debug, Default)]
pub struct Reading {
    /// What is wrong so far, in the order of the page.
    pub faults: Vec<Fault>,
}

impl Reading {
    /// Notes a fault of a field.
    pub fn fault(&mut self, field: &str, text: impl Into<String>) {
        self.faults.push(Fault {
            field: field.to_owned(),
            text: text.into(),
        });
    }

    /// What is wrong with a field, for the message beside it. A date's boxes
    /// count as their field.
    pub fn of(&self, field: &str) -> Option<String> {
        let fits = |fault: &&Fault| {
            fault.field == field
                || fault
                    .field
                    .strip_prefix(field)
                    .is_some_and(|rest| rest == "-day")
        };
        self.faults
            .iter()
            .find(fits)
            .map(|fault| fault.text.clone())
    }

    /// A text that must be there and not be too long.
    pub fn text(&mut self, fields: &Fields, name: &str, missing: &str, most: usize) -> String {
        let value = fields.get(name).to_owned();
        if value.is_empty() {
            self.fault(name, missing);
        } else {
            self.short(name, &value, most);
        }
        value
    }

    /// A text that may be empty but not be too long.
    pub fn optional(&mut self, fields: &Fields, name: &str, most: usize) -> String {
        let value = fields.get(name).to_owned();
        self.short(name, &value, most);
        value
    }

    fn short(&mut self, name: &str, value: &str, most: usize) {
        let length = value.chars().count();
        if length > most {
            self.fault(
                name,
                format!("Use {most} characters or fewer. You have used {length}"),
            );
        }
    }

    /// A day in three boxes; `None` when all are empty or it cannot be read
    /// (which is noted). Months may be typed as words; years in full.
    pub fn date(&mut self, fields: &Fields, name: &str, what: &str) -> Option<Date> {
        let [day, month, year] = boxes(fields, name);
        if day.is_empty() && month.is_empty() && year.is_empty() {
            return None;
        }
        let first = format!("{name}-day");
        let missing: Vec<&str> = [(&day, "day"), (&month, "month"), (&year, "year")]
            .iter()
            .filter(|(value, _)| value.is_empty())
            .map(|(_, part)| *part)
            .collect();
        if !missing.is_empty() {
            self.fault(
                &first,
                format!("{what} must include a {}", missing.join(" and a ")),
            );
            return None;
        }
        let date = day
            .parse()
            .ok()
            .zip(month_number(&month))
            .zip(year.parse::<i16>().ok());
        let date = date
            .filter(|(_, year)| (1900..=2200).contains(year))
            .and_then(|((day, month), year)| Date::new(year, month, day).ok());
        if date.is_none() {
            self.fault(
                &first,
                format!("{what} must be a real day, such as 6 8 2026"),
            );
        }
        date
    }

    /// A day that must be given.
    pub fn needed_date(&mut self, fields: &Fields, name: &str, what: &str) -> Option<Date> {
        let before = self.faults.len();
        let date = self.date(fields, name, what);
        if date.is_none() && self.faults.len() == before {
            self.fault(
                &format!("{name}-day"),
                format!("Enter {}", words::lower_first(what)),
            );
        }
        date
    }

    /// A time of day such as `9am`, `14:30`, `5:30pm`, `midday`.
    pub fn time(&mut self, fields: &Fields, name: &str) -> Option<(i8, i8)> {
        let text = fields.get(name);
        let time = parse_time(text);
        if time.is_none() && !text.is_empty() {
            self.fault(name, "Enter a time, such as 9am or 2:30pm");
        }
        time
    }
}

/// What is typed in the three boxes of a date.
pub fn boxes(fields: &Fields, name: &str) -> [String; 3] {
    ["day", "month", "year"].map(|part| fields.get(&format!("{name}-{part}")).to_owned())
}

/// A date field as typed, or as it stands when nothing has been sent yet.
pub fn date_input(
    name: &str,
    legend: &str,
    hint: &str,
    typed: [String; 3],
    error: Option<String>,
) -> DateInput {
    let [day, month, year] = typed;
    DateInput {
        name: name.to_owned(),
        legend: legend.to_owned(),
        hint: hint.to_owned(),
        error,
        day,
        month,
        year,
    }
}

/// A day as the three boxes show it.
pub fn as_boxes(day: Option<Date>) -> [String; 3] {
    day.map_or_else(Default::default, |day| {
        [
            day.day().to_string(),
            day.month().to_string(),
            day.year().to_string(),
        ]
    })
}

/// A time of day as a field shows it: `2:30pm`.
pub fn as_time(instant: Option<Timestamp>) -> String {
    instant.map_or_else(String::new, words::time)
}

fn month_number(text: &str) -> Option<i8> {
    if let Ok(number) = text.parse::<i8>() {
        return (1..=12).contains(&number).then_some(number);
    }
    let typed = text.to_lowercase();
    (typed.len() >= 3)
        .then(|| {
            (1..=12).find(|month| words::month_name(*month).to_lowercase().starts_with(&typed))
        })
        .flatten()
}

fn parse_time(text: &str) -> Option<(i8, i8)> {
    let text: String = text
        .to_lowercase()
        .chars()
        .filter(|c| !c.is_whitespace())
        .collect();
    match text.as_str() {
        "midday" | "noon" => return Some((12, 0)),
        "midnight" => return Some((0, 0)),
        _ => {}
    }
    let (digits, half) = match (text.strip_suffix("am"), text.strip_suffix("pm")) {
        (Some(digits), _) => (digits, Some(0)),
        (_, Some(digits)) => (digits, Some(12)),
        _ => (text.as_str(), None),
    };
    let (hour, minute) = match digits.split_once([':', '.']) {
        Some((hour, minute)) if minute.len() == 2 => (hour, minute.parse::<i8>().ok()?),
        Some(_) => return None,
        None if half.is_some() => (digits, 0),
        None => return None,
    };
    let hour: i8 = hour.parse().ok()?;
    let hour = match half {
        Some(add) if (1..=12).contains(&hour) => hour % 12 + add,
        Some(_) => return None,
        None => hour,
    };
    ((0..24).contains(&hour) && (0..60).contains(&minute)).then_some((hour, minute))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::*;

    #[test]
    fn fields_are_read_and_keep_new_lines() {
        let fields = Fields::parse(b"a=1+2&b=%C3%A9%0D%0Ax&c&a=3&d=100%25%zz");
        assert_eq!(fields.get("a"), "1 2");
        assert_eq!(fields.get("b"), "é\nx");
        assert_eq!(fields.given("c"), None);
        assert_eq!(fields.get("d"), "100%%zz");
        assert_eq!(fields.get("none"), "");
    }

    #[test]
    fn addresses_come_back_the_same() {
        let text = "/flow/board?ward=A & E/é";
        let fields = Fields::parse(format!("next={}", escape(text)).as_bytes());
        assert_eq!(fields.get("next"), text);
    }

    #[test]
    fn days_are_read_or_said_to_be_wrong() {
        for (typed, day, fault) in [
            ("r-day=6&r-month=8&r-year=2026", Some("2026-08-06"), None),
            ("r-day=06&r-month=aug&r-year=2026", Some("2026-08-06"), None),
            ("", None, None),
            (
                "r-day=31&r-month=2&r-year=2026",
                None,
                Some("The ready day must be a real day, such as 6 8 2026"),
            ),
            (
                "r-day=6&r-month=8&r-year=26",
                None,
                Some("The ready day must be a real day, such as 6 8 2026"),
            ),
            (
                "r-day=6",
                None,
                Some("The ready day must include a month and a year"),
            ),
        ] {
            let mut reading = Reading::default();
            let read = reading.date(&Fields::parse(typed.as_bytes()), "r", "The ready day");
            assert_eq!(read.map(|d| d.to_string()).as_deref(), day, "{typed}");
            assert_eq!(reading.of("r").as_deref(), fault, "{typed}");
        }
    }

    #[test]
    fn times_are_read_as_people_type_them() {
        for (typed, time) in [
            ("9am", Some((9, 0))),
            ("2:30 pm", Some((14, 30))),
            ("14:30", Some((14, 30))),
            ("14.30", Some((14, 30))),
            ("12am", Some((0, 0))),
            ("12:05PM", Some((12, 5))),
            ("midday", Some((12, 0))),
            ("9", None),
            ("25:00", None),
            ("13pm", None),
            ("9:5am", None),
        ] {
            assert_eq!(parse_time(typed), time, "{typed}");
        }
    }
}
