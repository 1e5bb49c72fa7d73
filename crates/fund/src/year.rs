//! Financial years, as they are written: `2025/26`, from 1 April to 31 March.

use jiff::civil::Date;

/// The first day of a financial year; `None` if the text is not one.
pub fn begins(text: &str) -> Option<Date> {
    let (first, second) = text.trim().split_once('/')?;
    let well = first.len() == 4 && matches!(second.len(), 2 | 4);
    let year: i16 = first.parse().ok().filter(|_| well)?;
    let next: i16 = second.parse().ok()?;
    let wanted = if second.len() == 2 {
        (year + 1) % 100
    } else {
        year + 1
    };
    (next == wanted)
        .then(|| Date::new(year, 4, 1).ok())
        .flatten()
}

/// How a financial year is written, from the year of its April.
pub fn written(year: i16) -> String {
    format!("{year}/{:02}", (year + 1).rem_euclid(100))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::*;

    #[test]
    fn as_written() {
        for (text, year) in [
            ("2025/26", Some(2025)),
            ("2025/2026", Some(2025)),
            ("1999/00", Some(1999)),
            ("2025/27", None),
            ("2025", None),
            ("25/26", None),
            ("2025-26", None),
        ] {
            assert_eq!(begins(text).map(Date::year), year, "{text}");
        }
        assert_eq!(written(2025), "2025/26");
        assert_eq!(written(1999), "1999/00");
    }
}
