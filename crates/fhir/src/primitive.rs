//! The formats of FHIR values.
//!
//! Source: HL7 FHIR R4 4.0.1 (2019), Data Types, primitive types: the regular expression
//! of each, and that dates must exist.

use crate::tree::Node;

/// Most digits of a decimal: the standard asks for 18; more than this is refused as hostile.
const DIGITS: usize = 60;
/// Longest string, in bytes: the standard's limit of one mebibyte.
const STRING_BYTES: usize = 1 << 20;

/// What is wrong with a value: the code and a sentence.
pub type Wrong = (&'static str, &'static str);

/// Checks one value against the format of a primitive type.
///
/// # Errors
/// What is wrong, without the value.
pub fn check(ty: &str, node: &Node<'_>) -> Result<(), Wrong> {
    match (ty, node) {
        ("boolean", Node::Bool(_)) => Ok(()),
        ("boolean", _) => Err(("wrong-type", "The value must be true or false.")),
        ("integer" | "unsignedInt" | "positiveInt", Node::Number(digits)) => integer(ty, digits),
        ("integer" | "unsignedInt" | "positiveInt", _) => {
            Err(("wrong-type", "The value must be a whole number."))
        }
        ("decimal", Node::Number(digits)) => decimal(digits),
        ("decimal", _) => Err(("wrong-type", "The value must be a number.")),
        (_, Node::Text(text)) => check_text(ty, text),
        _ => Err(("wrong-type", "The value must be a text.")),
    }
}

fn check_text(ty: &str, text: &str) -> Result<(), Wrong> {
    if text.is_empty() {
        return Err((
            "empty-value",
            "The value is empty. Leave the element out when there is nothing to say.",
        ));
    }
    let ok = match ty {
        "date" => return date_check(text, false),
        "dateTime" => return date_check(text, true),
        "instant" => return instant(text),
        "time" => {
            return if time(text) {
                Ok(())
            } else {
                Err(("not-a-time", "The value must be a time such as 14:30:00."))
            };
        }
        "base64Binary" => return base64(text),
        "code" => code(text),
        "id" => {
            text.len() <= 64
                && text
                    .bytes()
                    .all(|byte| byte.is_ascii_alphanumeric() || b"-.".contains(&byte))
        }
        "uri" | "url" | "canonical" => !text.contains(char::is_whitespace),
        "oid" => text.strip_prefix("urn:oid:").is_some_and(oid),
        "uuid" => text.strip_prefix("urn:uuid:").is_some_and(uuid),
        _ => return string(text),
    };
    if ok { Ok(()) } else { Err(format_of(ty)) }
}

fn format_of(ty: &str) -> Wrong {
    match ty {
        "code" => (
            "not-a-code",
            "The value must be a code: no spaces at its ends and none doubled.",
        ),
        "id" => (
            "not-an-id",
            "The value must be an id: 1 to 64 letters, digits, dashes and dots.",
        ),
        "oid" => (
            "not-an-oid",
            "The value must be an object identifier such as urn:oid:1.2.3.",
        ),
        "uuid" => (
            "not-a-uuid",
            "The value must be a UUID such as urn:uuid: and 36 characters.",
        ),
        _ => ("not-a-uri", "The value must be an address without spaces."),
    }
}

fn string(text: &str) -> Result<(), Wrong> {
    if text.len() > STRING_BYTES {
        return Err(("too-long", "The text is longer than one mebibyte."));
    }
    let control = |byte: u8| byte < 0x20 && !b"\t\r\n".contains(&byte);
    if text.bytes().any(control) {
        return Err(("control-character", "The text has a control character."));
    }
    if text.chars().all(char::is_whitespace) {
        return Err((
            "empty-value",
            "The text is only spaces. Leave the element out when there is nothing to say.",
        ));
    }
    Ok(())
}

fn integer(ty: &str, digits: &str) -> Result<(), Wrong> {
    let least = match ty {
        "positiveInt" => 1,
        "unsignedInt" => 0,
        _ => i64::from(i32::MIN),
    };
    let fits = digits
        .parse::<i64>()
        .is_ok_and(|value| (least..=i64::from(i32::MAX)).contains(&value));
    if fits {
        return Ok(());
    }
    Err(match ty {
        "positiveInt" => (
            "not-an-integer",
            "The value must be a whole number from 1 to 2147483647.",
        ),
        "unsignedInt" => (
            "not-an-integer",
            "The value must be a whole number from 0 to 2147483647.",
        ),
        _ => (
            "not-an-integer",
            "The value must be a whole number that fits 32 bits.",
        ),
    })
}

fn decimal(digits: &str) -> Result<(), Wrong> {
    let power = digits
        .split_once(['e', 'E'])
        .map_or("0", |(_, power)| power);
    let small = power.parse::<i32>().is_ok_and(|power| power.abs() <= 100);
    if small && digits.len() <= DIGITS {
        Ok(())
    } else {
        Err((
            "number-too-large",
            "The number is too large or has too many digits.",
        ))
    }
}

/// Whether a text is a code: words parted by single spaces.
fn code(text: &str) -> bool {
    text.split(' ')
        .all(|word| !word.is_empty() && !word.contains(char::is_whitespace))
}

fn oid(text: &str) -> bool {
    let numbers = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    text.contains('.') && text.split('.').all(numbers)
}

fn uuid(text: &str) -> bool {
    let lengths = text.split('-').map(str::len).eq([8, 4, 4, 4, 12]);
    lengths
        && text
            .bytes()
            .all(|byte| byte == b'-' || byte.is_ascii_hexdigit())
}

fn base64(text: &str) -> Result<(), Wrong> {
    let mut signs = 0_usize;
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'+' | b'/' | b'=' => signs += 1,
            b' ' | b'\t' | b'\r' | b'\n' => {}
            _ => return Err(("not-base64", "The content is not base64.")),
        }
    }
    if signs.is_multiple_of(4) {
        Ok(())
    } else {
        Err(("not-base64", "The base64 content is cut short."))
    }
}

fn date_check(text: &str, with_time: bool) -> Result<(), Wrong> {
    let (day, clock) = match text.split_once('T') {
        Some((day, clock)) => (day, Some(clock)),
        None => (text, None),
    };
    let format = if with_time {
        (
            "not-a-date",
            "The value must be a date, or a date and time with its offset, such as 2018-08-06 or 2018-08-06T14:30:00+01:00.",
        )
    } else {
        (
            "not-a-date",
            "The value must be a date such as 2018-08-06, 2018-08 or 2018.",
        )
    };
    match (calendar(day), clock) {
        (Calendar::NotADate, _) => Err(format),
        (Calendar::NoSuchDay, _) => Err(("no-such-date", "There is no such date in the calendar.")),
        (Calendar::Day, Some(clock)) if with_time && clock_with_offset(clock) => Ok(()),
        (_, Some(_)) => Err(format),
        (_, None) => Ok(()),
    }
}

fn instant(text: &str) -> Result<(), Wrong> {
    match text.split_once('T') {
        Some((day, clock)) => match calendar(day) {
            Calendar::NoSuchDay => Err(("no-such-date", "There is no such date in the calendar.")),
            Calendar::Day if clock_with_offset(clock) => Ok(()),
            _ => Err((
                "not-an-instant",
                "The value must be a date and time with its offset, such as 2018-08-06T14:30:00Z.",
            )),
        },
        None => Err((
            "not-an-instant",
            "The value must be a date and time with its offset, such as 2018-08-06T14:30:00Z.",
        )),
    }
}

enum Calendar {
    Day,
    MonthOrYear,
    NoSuchDay,
    NotADate,
}

fn calendar(text: &str) -> Calendar {
    let bytes = text.as_bytes();
    let shape = match bytes.len() {
        4 => bytes.iter().all(u8::is_ascii_digit),
        7 | 10 => bytes.iter().enumerate().all(|(at, byte)| {
            if at == 4 || at == 7 {
                *byte == b'-'
            } else {
                byte.is_ascii_digit()
            }
        }),
        _ => false,
    };
    if !shape {
        return Calendar::NotADate;
    }
    let part =
        |range: std::ops::Range<usize>| text.get(range).and_then(|part| part.parse::<i16>().ok());
    let (year, month, day) = (part(0..4).unwrap_or(0), part(5..7), part(8..10));
    // The standard has no year nought.
    let exists = year > 0 && jiff::civil::Date::new(year, narrow(month), narrow(day)).is_ok();
    match (exists, bytes.len()) {
        (false, _) => Calendar::NoSuchDay,
        (true, 10) => Calendar::Day,
        (true, _) => Calendar::MonthOrYear,
    }
}

/// A two-digit number as a month or day; the first, when there is none.
fn narrow(part: Option<i16>) -> i8 {
    i8::try_from(part.unwrap_or(1)).unwrap_or(0)
}

fn clock_with_offset(text: &str) -> bool {
    if let Some(clock) = text.strip_suffix('Z') {
        return time(clock);
    }
    let Some(at) = text.rfind(['+', '-']) else {
        return false;
    };
    let (clock, offset) = text.split_at(at);
    let offset = &offset[1..];
    let two =
        |range: std::ops::Range<usize>| offset.get(range).and_then(|part| part.parse::<u8>().ok());
    let sound = offset.len() == 5
        && offset.as_bytes()[2] == b':'
        && matches!(
            (two(0..2), two(3..5)),
            (Some(0..=13), Some(0..=59)) | (Some(14), Some(0))
        );
    sound && time(clock)
}

fn time(text: &str) -> bool {
    let bytes = text.as_bytes();
    if bytes.len() < 8 || bytes[2] != b':' || bytes[5] != b':' {
        return false;
    }
    let two = |at: usize| {
        let (tens, ones) = (bytes[at], bytes[at + 1]);
        (tens.is_ascii_digit() && ones.is_ascii_digit()).then(|| (tens - b'0') * 10 + (ones - b'0'))
    };
    let whole = matches!(
        (two(0), two(3), two(6)),
        (Some(0..=23), Some(0..=59), Some(0..=60))
    );
    let rest = &bytes[8..];
    whole
        && (rest.is_empty()
            || (rest.len() > 1 && rest[0] == b'.' && rest[1..].iter().all(u8::is_ascii_digit)))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::*;

    #[test]
    fn texts_by_type() {
        let cases = [
            ("date", "2018", ""),
            ("date", "2018-08", ""),
            ("date", "2020-02-29", ""),
            ("date", "2023-02-30", "no-such-date"),
            ("date", "2023-13", "no-such-date"),
            ("date", "0000-01-01", "no-such-date"),
            ("date", "06/08/2018", "not-a-date"),
            ("date", "2018-8-6", "not-a-date"),
            ("date", "2018-08-06T10:00:00Z", "not-a-date"),
            ("dateTime", "2018-08-06", ""),
            ("dateTime", "2018-08-06T10:00:00Z", ""),
            ("dateTime", "2018-08-06T10:00:00.123+01:00", ""),
            ("dateTime", "2018-08-06T10:00:00", "not-a-date"),
            ("dateTime", "2018-08T10:00:00Z", "not-a-date"),
            ("dateTime", "2018-08-06T25:00:00Z", "not-a-date"),
            ("dateTime", "2018-08-06T10:00:00é", "not-a-date"),
            ("instant", "2018-08-06T10:00:00-05:30", ""),
            ("instant", "2018-08-06", "not-an-instant"),
            ("instant", "2018-06-31T10:00:00Z", "no-such-date"),
            ("time", "23:59:60", ""),
            ("time", "24:00:00", "not-a-time"),
            ("time", "10:00:00.", "not-a-time"),
            ("code", "final", ""),
            ("code", "two words", ""),
            ("code", "two  words", "not-a-code"),
            ("code", " final", "not-a-code"),
            ("id", "UKCore-Patient.1", ""),
            ("id", "a/b", "not-an-id"),
            ("uri", "http://a b", "not-a-uri"),
            ("uri", "urn:x", ""),
            ("oid", "urn:oid:1.2.3", ""),
            ("oid", "1.2.3", "not-an-oid"),
            ("uuid", "urn:uuid:c757873d-ec9a-4326-a141-556f43239520", ""),
            ("uuid", "urn:uuid:c757873d", "not-a-uuid"),
            ("base64Binary", "AAAA\nBBB=", ""),
            ("base64Binary", "AAAAB", "not-base64"),
            ("base64Binary", "&", "not-base64"),
            ("string", "", "empty-value"),
            ("string", "  ", "empty-value"),
            ("string", "a\u{1}b", "control-character"),
            ("markdown", "a\nb", ""),
        ];
        for (ty, text, code) in cases {
            let got = check(ty, &Node::Text(text.into()))
                .err()
                .map_or("", |(code, _)| code);
            assert_eq!(got, code, "{ty} {text:?}");
        }
        let long = "a".repeat(STRING_BYTES + 1);
        assert!(check("string", &Node::Text(long.as_str().into())).is_err());
    }

    #[test]
    fn numbers_by_type() {
        let cases = [
            ("integer", "-2147483648", ""),
            ("integer", "2147483648", "not-an-integer"),
            ("integer", "1.0", "not-an-integer"),
            ("positiveInt", "0", "not-an-integer"),
            ("unsignedInt", "0", ""),
            ("unsignedInt", "-1", "not-an-integer"),
            ("decimal", "1.10", ""),
            ("decimal", "172.7165854279858", ""),
            ("decimal", "1e999999999999", "number-too-large"),
            ("string", "1", "wrong-type"),
            ("boolean", "1", "wrong-type"),
        ];
        for (ty, digits, code) in cases {
            let got = check(ty, &Node::Number(digits.into()))
                .err()
                .map_or("", |(code, _)| code);
            assert_eq!(got, code, "{ty} {digits}");
        }
        let long = "1".repeat(1_000_000);
        assert!(check("decimal", &Node::Number(long.as_str().into())).is_err());
        assert!(check("integer", &Node::Text("1".into())).is_err());
        assert!(check("boolean", &Node::Bool(true)).is_ok());
    }
}
