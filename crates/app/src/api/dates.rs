//! Dates of searches.
//!
//! Source: HL7 FHIR R4 4.0.1 (2019), Search, date. In words: a date is the whole stretch of
//! time that it names (a year, a month, a day, a minute, a second); a search compares that
//! stretch with the stretch of the resource. A time without a zone is that of the place.

use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp, ToSpan};
use kernel::calendar::instant as local_instant;

/// A stretch of time: from the first instant to just before the second.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stretch {
    /// The first instant.
    pub from: Timestamp,
    /// The first instant after it.
    pub to: Timestamp,
}

impl Stretch {
    /// All of time.
    pub const ALL: Self = Self {
        from: Timestamp::MIN,
        to: Timestamp::MAX,
    };

    /// The stretch that a FHIR date or time names.
    pub fn of(text: &str) -> Option<Self> {
        if text.len() > 40 || !text.is_ascii() {
            return None;
        }
        if text.contains('T') {
            return instant(text);
        }
        let (from, to) = days(text)?;
        Some(Self {
            from: midnight(from)?,
            to: midnight(to)?,
        })
    }
}

/// First day, and first day after.
fn days(text: &str) -> Option<(Date, Date)> {
    let number = |part: &str, digits: usize| -> Option<i16> {
        let plain = part.len() == digits && part.bytes().all(|b| b.is_ascii_digit());
        plain.then(|| part.parse().ok()).flatten()
    };
    let mut parts = text.split('-');
    let year = number(parts.next()?, 4)?;
    let month = parts.next().map(|part| number(part, 2));
    let day = parts.next().map(|part| number(part, 2));
    if parts.next().is_some() {
        return None;
    }
    let date = |month: i16, day: i16| {
        Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()
    };
    let (from, span) = match (month, day) {
        (None, _) => (date(1, 1)?, 1.year()),
        (Some(month), None) => (date(month?, 1)?, 1.month()),
        (Some(month), Some(day)) => (date(month?, day?)?, 1.day()),
    };
    Some((from, from.checked_add(span).ok()?))
}

fn midnight(date: Date) -> Option<Timestamp> {
    local_instant(date.at(0, 0, 0, 0))
}

fn instant(text: &str) -> Option<Stretch> {
    let (date, time) = text.split_once('T')?;
    let clock = time
        .find(['Z', '+', '-'])
        .map_or(time, |zone| time.get(..zone).unwrap_or(time));
    let zone = time.get(clock.len()..)?;
    let (whole, long) = match clock.len() {
        5 => (
            format!("{date}T{clock}:00{zone}"),
            SignedDuration::from_mins(1),
        ),
        8 => (text.to_owned(), SignedDuration::from_secs(1)),
        10.. => (text.to_owned(), SignedDuration::from_micros(1)),
        _ => return None,
    };
    let from = if zone.is_empty() {
        local_instant(whole.parse().ok()?)?
    } else {
        whole.parse().ok()?
    };
    Some(Stretch {
        from,
        to: from.checked_add(long).ok()?,
    })
}

/// How a date of a search compares.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Prefix {
    /// Within it.
    Eq,
    /// Not within it.
    Ne,
    /// Reaches later.
    Gt,
    /// Reaches earlier.
    Lt,
    /// Reaches into it or later.
    Ge,
    /// Reaches into it or earlier.
    Le,
    /// Begins after it.
    Sa,
    /// Ends before it.
    Eb,
}

/// A date to compare with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Test {
    /// How.
    pub prefix: Prefix,
    /// With what.
    pub with: Stretch,
}

impl Test {
    /// Reads a date of a search, such as `ge2024-01-31`.
    pub fn parse(text: &str) -> Option<Self> {
        let (prefix, rest) = match text.get(..2) {
            Some("eq") => (Prefix::Eq, &text[2..]),
            Some("ne") => (Prefix::Ne, &text[2..]),
            Some("gt") => (Prefix::Gt, &text[2..]),
            Some("lt") => (Prefix::Lt, &text[2..]),
            Some("ge") => (Prefix::Ge, &text[2..]),
            Some("le") => (Prefix::Le, &text[2..]),
            Some("sa") => (Prefix::Sa, &text[2..]),
            Some("eb") => (Prefix::Eb, &text[2..]),
            _ => (Prefix::Eq, text),
        };
        Some(Self {
            prefix,
            with: Stretch::of(rest)?,
        })
    }

    /// Whether a stretch fits.
    pub fn fits(&self, one: Stretch) -> bool {
        let with = self.with;
        let within = with.from <= one.from && one.to <= with.to;
        match self.prefix {
            Prefix::Eq => within,
            Prefix::Ne => !within,
            Prefix::Gt => one.to > with.to,
            Prefix::Lt => one.from < with.from,
            Prefix::Ge => one.to > with.from,
            Prefix::Le => one.from < with.to,
            Prefix::Sa => one.from >= with.to,
            Prefix::Eb => one.to <= with.from,
        }
    }

    /// The stretch outside which nothing fits.
    pub fn bounds(&self) -> Stretch {
        let (all, with) = (Stretch::ALL, self.with);
        let (from, to) = match self.prefix {
            Prefix::Eq => (with.from, with.to),
            Prefix::Ne => (all.from, all.to),
            Prefix::Gt | Prefix::Sa => (with.to, all.to),
            Prefix::Ge => (with.from, all.to),
            Prefix::Lt | Prefix::Eb => (all.from, with.from),
            Prefix::Le => (all.from, with.to),
        };
        Stretch { from, to }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::*;

    #[test]
    fn a_date_is_the_stretch_it_names() {
        for (text, from, to) in [
            ("2018", "2018-01-01T00:00:00Z", "2019-01-01T00:00:00Z"),
            ("2018-02", "2018-02-01T00:00:00Z", "2018-03-01T00:00:00Z"),
            ("2018-07-09", "2018-07-08T23:00:00Z", "2018-07-09T23:00:00Z"),
            (
                "2018-01-09T10:30Z",
                "2018-01-09T10:30:00Z",
                "2018-01-09T10:31:00Z",
            ),
            (
                "2018-07-09T10:30:05+01:00",
                "2018-07-09T09:30:05Z",
                "2018-07-09T09:30:06Z",
            ),
            (
                "2018-07-09T10:30",
                "2018-07-09T09:30:00Z",
                "2018-07-09T09:31:00Z",
            ),
        ] {
            let expected = Stretch {
                from: from.parse().unwrap(),
                to: to.parse().unwrap(),
            };
            assert_eq!(Stretch::of(text), Some(expected), "{text}");
        }
    }

    #[test]
    fn what_is_no_date_is_none() {
        for text in [
            "",
            "20",
            "2018-13",
            "2018-02-30",
            "2018-1-1",
            "yesterday",
            "2018-02-03T",
            "2018-02-03T25:00Z",
            "2018-02-03-04",
            "99999-01-01",
            "2018\u{200e}",
            "-2018",
            "2018-02-03Tx",
        ] {
            assert_eq!(Test::parse(text), None, "{text}");
        }
        assert_eq!(Test::parse("zz2018"), None);
    }

    #[test]
    fn prefixes_compare_stretches() {
        let day = |text| Stretch::of(text).unwrap();
        for (search, fits, does_not) in [
            ("2018", "2018-05-01", "2019-01-01"),
            ("eq2018-05-01", "2018-05-01T10:00:00Z", "2018-05"),
            ("ne2018", "2019", "2018-03"),
            ("gt2018-05-01", "2018-05-02", "2018-05-01"),
            ("ge2018-05-01", "2018-05-01", "2018-04-30"),
            ("lt2018-05-01", "2018-04-30", "2018-05-01"),
            ("le2018-05-01", "2018-05-01", "2018-05-02"),
            ("sa2018-05", "2018-06-01", "2018-05-31"),
            ("eb2018-05", "2018-04-30", "2018-05-01"),
        ] {
            let test = Test::parse(search).unwrap();
            assert!(test.fits(day(fits)), "{search} {fits}");
            assert!(!test.fits(day(does_not)), "{search} {does_not}");
        }
    }
}
