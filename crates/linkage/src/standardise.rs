//! Makes values comparable: case, accents, punctuation, titles, postcodes, dates, numbers.
//!
//! Nothing is lost by it: the record keeps what was written; only the comparison sees this.

use jiff::civil::Date;

/// Dates that stand for "not known" in many systems.
const STAND_INS: &[(i16, i8, i8)] = &[(1900, 1, 1), (1901, 1, 1), (1800, 1, 1), (9999, 12, 31)];

/// Words for "nothing" that people and systems write.
const NOTHING: &[&str] = &[
    "",
    "na",
    "nan",
    "nil",
    "none",
    "null",
    "unknown",
    "notknown",
    "notgiven",
    "notstated",
];

const TITLES: &[&str] = &[
    "mr", "mrs", "miss", "ms", "dr", "prof", "sir", "dame", "rev", "master",
];

/// Latin letters with marks, as their plain letters.
fn plain(letter: char) -> Option<&'static str> {
    Some(match letter {
        'à'..='å' | 'ā' | 'ă' | 'ą' => "a",
        'æ' => "ae",
        'ç' | 'ć' | 'ĉ' | 'ċ' | 'č' => "c",
        'ď' | 'đ' | 'ð' => "d",
        'è'..='ë' | 'ē' | 'ĕ' | 'ė' | 'ę' | 'ě' => "e",
        'ĝ' | 'ğ' | 'ġ' | 'ģ' => "g",
        'ĥ' | 'ħ' => "h",
        'ì'..='ï' | 'ĩ' | 'ī' | 'ĭ' | 'į' | 'ı' => "i",
        'ĵ' => "j",
        'ķ' => "k",
        'ĺ' | 'ļ' | 'ľ' | 'ŀ' | 'ł' => "l",
        'ñ' | 'ń' | 'ņ' | 'ň' => "n",
        'ò'..='ö' | 'ø' | 'ō' | 'ŏ' | 'ő' => "o",
        'œ' => "oe",
        'ŕ' | 'ŗ' | 'ř' => "r",
        'ś' | 'ŝ' | 'ş' | 'š' | 'ș' => "s",
        'ß' => "ss",
        'ţ' | 'ť' | 'ŧ' | 'ț' => "t",
        'þ' => "th",
        'ù'..='ü' | 'ũ' | 'ū' | 'ŭ' | 'ů' | 'ű' | 'ų' => "u",
        'ŵ' => "w",
        'ý' | 'ÿ' | 'ŷ' => "y",
        'ź' | 'ż' | 'ž' => "z",
        _ => return None,
    })
}

/// Lower case, without marks; whatever is no letter or digit becomes one space. Combining
/// marks and signs of direction go.
pub fn words(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars().flat_map(char::to_lowercase) {
        if let Some(plain) = plain(letter) {
            out.push_str(plain);
        } else if letter.is_alphanumeric() {
            out.push(letter);
        } else if matches!(letter, '\'' | '\u{2019}' | '`' | '\u{300}'..='\u{36f}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
        {
            // O'Brien is obrien.
        } else if !out.is_empty() && !out.ends_with(' ') {
            out.push(' ');
        }
    }
    out.truncate(out.trim_end().len());
    out
}

fn known(text: String) -> Option<String> {
    let bare: String = text.chars().filter(|c| *c != ' ').collect();
    (!NOTHING.contains(&bare.as_str())).then_some(text)
}

/// A name: its words without titles; "mac donald" and "mc donald" as one word.
pub fn name(text: &str) -> Option<String> {
    let all = words(text);
    if all.is_ascii() && !all.contains(' ') {
        return known(all);
    }
    let mut kept = String::with_capacity(all.len());
    let mut parts = all.split(' ').peekable();
    let several = all.contains(' ');
    while let Some(part) = parts.next() {
        if several && TITLES.contains(&part) && parts.peek().is_some() && kept.is_empty() {
            continue;
        }
        if !kept.is_empty() && !joins(&kept) {
            kept.push(' ');
        }
        kept.push_str(part);
    }
    known(kept)
}

/// Whether the next word belongs to the last one: `mc`, `mac`, `o`, `st` before it.
fn joins(kept: &str) -> bool {
    let last = kept.rsplit(' ').next().unwrap_or_default();
    matches!(last, "mc" | "mac" | "o")
}

/// A postcode or other code: letters and digits in a row.
pub fn code(text: &str) -> Option<String> {
    known(words(text).split(' ').collect())
}

/// Free text such as an address line.
pub fn text(text: &str) -> Option<String> {
    known(words(text))
}

/// Digits only, such as of a telephone; the country's own prefix as a nought.
pub fn digits(text: &str) -> Option<String> {
    let all: String = text.chars().filter(char::is_ascii_digit).collect();
    let all = match all.strip_prefix("0044").or_else(|| all.strip_prefix("44")) {
        Some(rest) if rest.len() >= 9 => format!("0{}", rest.trim_start_matches('0')),
        _ => all,
    };
    (!all.is_empty() && all.bytes().any(|b| b != b'0')).then_some(all)
}

/// An e-mail address in lower case.
pub fn email(text: &str) -> Option<String> {
    let text = text.trim().to_lowercase();
    text.contains('@').then_some(text)
}

/// Sex or gender as one letter.
pub fn sex(text: &str) -> Option<String> {
    let all = code(text)?;
    Some(match all.as_str() {
        "1" | "male" | "man" | "boy" => "m".to_owned(),
        "2" | "female" | "woman" | "girl" => "f".to_owned(),
        "0" | "9" | "u" | "x" | "indeterminate" => return None,
        other => other.to_owned(),
    })
}

/// A date in any of the usual forms, as `yyyymmdd`; what is no date is kept as its digits.
/// Days that stand for "not known" are missing.
pub fn date(text: &str) -> Option<String> {
    let text = text.trim();
    let text = text
        .split(['T', ' '])
        .next()
        .filter(|t| t.len() >= 8)
        .unwrap_or(text);
    let read = [
        "%Y-%m-%d", "%d/%m/%Y", "%Y%m%d", "%d-%m-%Y", "%d.%m.%Y", "%Y/%m/%d",
    ]
    .iter()
    .find_map(|form| Date::strptime(form, text).ok());
    match read {
        Some(day) if STAND_INS.contains(&(day.year(), day.month(), day.day())) => None,
        Some(day) => Some(format!(
            "{:04}{:02}{:02}",
            day.year(),
            day.month(),
            day.day()
        )),
        None => digits(text).filter(|all| all.len() <= 10),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn examples() {
        let yes = |text: &str| Some(text.to_owned());
        for (given, expected) in [
            ("O\u{2019}Brien", yes("obrien")),
            (" Mrs. Anne-Marie ", yes("anne marie")),
            ("Mc Donald", yes("mcdonald")),
            ("Zo\u{eb}", yes("zoe")),
            ("N/A", None),
            ("unknown", None),
            ("\u{202e}Lee", yes("lee")),
            ("\u{674e}", yes("\u{674e}")),
            ("\u{1f600}", None),
            ("X", yes("x")),
            ("Mr", yes("mr")),
        ] {
            assert_eq!(name(given), expected, "{given}");
        }
        for (given, expected) in [
            ("1938-04-03", yes("19380403")),
            ("03/04/1938", yes("19380403")),
            ("19380403", yes("19380403")),
            ("1938-04-03T00:00:00", yes("19380403")),
            ("1900-01-01", None),
            ("19381345", yes("19381345")),
            ("", None),
            ("soon", None),
        ] {
            assert_eq!(date(given), expected, "{given}");
        }
        assert_eq!(code("zz1 4ab"), yes("zz14ab"));
        assert_eq!(digits("+44 (0)7700 900123"), yes("07700900123"));
        assert_eq!(digits("07700 900123"), yes("07700900123"));
        assert_eq!(sex("Female"), yes("f"));
        assert_eq!(sex("9"), None);
    }
}
