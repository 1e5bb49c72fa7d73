//! How alike two values are: a level for each kind of field, from "the same" to "different".

use crate::config::Kind;
use crate::dictionary::{Dictionary, Value};
use crate::nickname::related;
use crate::similarity::{
    PACKED, common_start, jaro_winkler, most_alike, one_edit, one_edit_packed,
};

/// The level of a pair in which a value is missing: it says nothing.
pub const MISSING: u8 = 0;
/// The level of two values that are the same.
pub const SAME: u8 = 1;
/// The level of two names that are nearly the same.
pub(crate) const NEARLY: u8 = 3;
/// Most levels of a kind, "exchanged" included.
pub const MOST: usize = 9;

/// The levels of a kind in words, from 1, without "exchanged with another field".
pub const fn names(kind: Kind) -> &'static [&'static str] {
    match kind {
        Kind::GivenName => &[
            "the same",
            "a form of the same name",
            "nearly the same",
            "the initial fits",
            "much alike",
            "somewhat alike",
            "different",
        ],
        Kind::FamilyName => &[
            "the same",
            "one part is the same",
            "nearly the same",
            "much alike",
            "somewhat alike",
            "different",
        ],
        Kind::Date => &[
            "the same",
            "day and month exchanged",
            "one digit differs",
            "two of day, month and year agree",
            "the year agrees",
            "different",
        ],
        Kind::Postcode => &[
            "the same",
            "one letter differs",
            "the same sector",
            "the same district",
            "the same area",
            "different",
        ],
        Kind::Identifier | Kind::Number | Kind::Telephone => {
            &["the same", "one digit differs", "different"]
        }
        Kind::Code => &["the same", "different"],
        Kind::Text => &[
            "the same",
            "nearly the same",
            "much alike",
            "somewhat alike",
            "different",
        ],
        Kind::Email => &[
            "the same",
            "one letter differs",
            "the same before the @",
            "different",
        ],
    }
}

/// The level that says "exchanged with another field".
pub fn exchanged(kind: Kind) -> u8 {
    u8::try_from(names(kind).len()).unwrap_or(0) + 1
}

/// The level of two values of a dictionary.
pub(crate) fn level(kind: Kind, values: &Dictionary, a: u32, b: u32) -> u8 {
    if a == 0 || b == 0 {
        return MISSING;
    }
    if a == b {
        return SAME;
    }
    quick(kind, values, a, b).unwrap_or_else(|| slow(kind, values, a, b))
}

/// The level of two different values where it follows from what is known of each of them;
/// `None` where their whole texts must be compared.
pub(crate) fn quick(kind: Kind, values: &Dictionary, a: u32, b: u32) -> Option<u8> {
    let (one, other) = (values.get(a), values.get(b));
    match kind {
        Kind::GivenName => {
            if related(&one.extra, &other.extra) {
                return Some(2);
            }
            if one.len().min(other.len()) == 1 {
                let same = common_start(one.packed, other.packed) > 0;
                return Some(if same { 4 } else { 7 });
            }
            quick_name(one, other, 7)
        }
        Kind::FamilyName => quick_name(one, other, 6),
        Kind::Date => (whole(one) && whole(other)).then(|| date(one, other, near(one, other))),
        Kind::Postcode => {
            (whole(one) && whole(other)).then(|| postcode(one, other, near(one, other)))
        }
        Kind::Code => Some(2),
        Kind::Text => {
            if !whole(one) || !whole(other) || near(one, other) {
                return None;
            }
            let far = !(one.words && other.words) && unlike(one, other, 0.78);
            far.then_some(5)
        }
        Kind::Identifier | Kind::Number | Kind::Telephone => {
            (whole(one) && whole(other)).then(|| if near(one, other) { 2 } else { 3 })
        }
        Kind::Email => None,
    }
}

fn quick_name(one: &Value, other: &Value, different: u8) -> Option<u8> {
    if !whole(one) || !whole(other) {
        return None;
    }
    if near(one, other) {
        return Some(NEARLY);
    }
    (!one.words && !other.words && unlike(one, other, 0.76)).then_some(different)
}

/// Whether all of a value is packed.
fn whole(value: &Value) -> bool {
    value.len() <= PACKED
}

/// Whether two packed values are one slip apart.
fn near(one: &Value, other: &Value) -> bool {
    one_edit_packed((one.packed, one.len()), (other.packed, other.len()))
}

/// Whether two values of at most sixteen bytes cannot be as alike as that.
fn unlike(one: &Value, other: &Value, least: f64) -> bool {
    let only = |one: &Value, other: &Value| (one.letters & !other.letters).count_ones();
    let start = common_start(one.packed, other.packed);
    let (ours, theirs) = (only(one, other), only(other, one));
    whole(one)
        && whole(other)
        && most_alike((one.len(), ours), (other.len(), theirs), start) < least - 1e-9
}

/// The level of two different values by their whole texts.
pub(crate) fn slow(kind: Kind, values: &Dictionary, a: u32, b: u32) -> u8 {
    let (one, other) = (values.text(a), values.text(b));
    match kind {
        Kind::GivenName => {
            if one_edit(one, other) {
                return NEARLY;
            }
            if common_word(one, other) {
                return 2;
            }
            match likeness(values, a, b) {
                like if like >= 0.92 => NEARLY,
                like if like >= 0.86 => 5,
                like if like >= 0.76 => 6,
                _ => 7,
            }
        }
        Kind::FamilyName => {
            if one_edit(one, other) {
                return NEARLY;
            }
            if common_word(one, other) {
                return 2;
            }
            match likeness(values, a, b) {
                like if like >= 0.93 => NEARLY,
                like if like >= 0.86 => 4,
                like if like >= 0.76 => 5,
                _ => 6,
            }
        }
        Kind::Date => date(values.get(a), values.get(b), one_edit(one, other)),
        Kind::Postcode => postcode(values.get(a), values.get(b), one_edit(one, other)),
        Kind::Identifier | Kind::Number | Kind::Telephone => {
            if one_edit(one, other) {
                2
            } else {
                3
            }
        }
        Kind::Code => 2,
        Kind::Text => text(values, a, b),
        Kind::Email => email(one, other),
    }
}

/// Whether two names are one name in other spelling: the same or nearly.
pub(crate) fn close_names(values: &Dictionary, a: u32, b: u32) -> bool {
    a != 0
        && b != 0
        && (a == b || (!unlike(values.get(a), values.get(b), 0.9) && likeness(values, a, b) >= 0.9))
}

/// Jaro-Winkler, or 0 where too few letters are common to both for it to be high.
fn likeness(values: &Dictionary, a: u32, b: u32) -> f64 {
    let common = (values.get(a).letters & values.get(b).letters).count_ones();
    let fewer = values
        .get(a)
        .letters
        .count_ones()
        .min(values.get(b).letters.count_ones());
    if common * 2 < fewer {
        return 0.0;
    }
    jaro_winkler(values.text(a), values.text(b))
}

/// Whether two names of several words have a word in common, or one is in the other.
fn common_word(one: &[u8], other: &[u8]) -> bool {
    if !one.contains(&b' ') && !other.contains(&b' ') {
        return false;
    }
    words(one).any(|word| word.len() > 1 && words(other).any(|there| there == word))
}

fn words(text: &[u8]) -> impl Iterator<Item = &[u8]> {
    text.split(|byte| *byte == b' ')
}

fn date(one: &Value, other: &Value, one_slip: bool) -> u8 {
    let ([year, month, day, _], [other_year, other_month, other_day, _]) = (one.extra, other.extra);
    let same_year = year == other_year;
    if year != 0 && same_year && month == other_day && day == other_month {
        return 2;
    }
    if one_slip {
        return 3;
    }
    if year == 0 || other_year == 0 {
        return 6;
    }
    let agree = u8::from(same_year) + u8::from(month == other_month) + u8::from(day == other_day);
    match agree {
        2 => 4,
        _ if same_year => 5,
        _ => 6,
    }
}

/// A postcode is as alike as its beginning: no outward part is longer than what is packed.
fn postcode(one: &Value, other: &Value, one_slip: bool) -> u8 {
    if one_slip {
        return 2;
    }
    let start = common_start(one.packed, other.packed);
    let ([outward, area, ..], [other_outward, other_area, ..]) = (one.extra, other.extra);
    if outward == other_outward && start >= usize::from(outward) {
        return if start > usize::from(outward) { 3 } else { 4 };
    }
    if area > 0 && area == other_area && start >= usize::from(area) {
        5
    } else {
        6
    }
}

fn text(values: &Dictionary, a: u32, b: u32) -> u8 {
    let (one, other) = (values.text(a), values.text(b));
    if one_edit(one, other) {
        return 2;
    }
    let like = likeness(values, a, b);
    if like >= 0.93 {
        return 2;
    }
    let share = if like >= 0.5 || one.contains(&b' ') {
        shared_words(one, other)
    } else {
        0
    };
    match like {
        _ if share >= 66 => 3,
        like if like >= 0.87 => 3,
        like if like >= 0.78 => 4,
        _ if share >= 40 => 4,
        _ => 5,
    }
}

/// Per cent of the words of the text with fewer that are in the other.
fn shared_words(one: &[u8], other: &[u8]) -> usize {
    let (ours, theirs) = (words(one).count(), words(other).count());
    let (short, long, all) = if ours <= theirs {
        (one, other, ours)
    } else {
        (other, one, theirs)
    };
    if all < 2 {
        return 0;
    }
    let found = words(short).filter(|word| words(long).any(|there| there == *word));
    found.count() * 100 / all
}

fn email(one: &[u8], other: &[u8]) -> u8 {
    if one_edit(one, other) {
        return 2;
    }
    let before = |text: &'_ [u8]| {
        text.iter()
            .position(|byte| *byte == b'@')
            .unwrap_or(text.len())
    };
    if one[..before(one)] == other[..before(other)] {
        3
    } else {
        4
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn examples() {
        for (kind, a, b, expected) in [
            (Kind::GivenName, "margaret", "margaret", "the same"),
            (
                Kind::GivenName,
                "margaret",
                "peggy",
                "a form of the same name",
            ),
            (Kind::GivenName, "margaret", "margret", "nearly the same"),
            (Kind::GivenName, "margaret", "m", "the initial fits"),
            (Kind::GivenName, "margaret", "john", "different"),
            (
                Kind::GivenName,
                "mary ann",
                "mary",
                "a form of the same name",
            ),
            (
                Kind::FamilyName,
                "smith jones",
                "jones",
                "one part is the same",
            ),
            (Kind::FamilyName, "smith", "smyth", "nearly the same"),
            (Kind::FamilyName, "smith", "patel", "different"),
            (
                Kind::Date,
                "19380403",
                "19380304",
                "day and month exchanged",
            ),
            (Kind::Date, "19380403", "19380413", "one digit differs"),
            (
                Kind::Date,
                "19380403",
                "19380428",
                "two of day, month and year agree",
            ),
            (Kind::Date, "19380403", "19381128", "the year agrees"),
            (Kind::Date, "19380403", "19511128", "different"),
            (Kind::Postcode, "zz14ab", "zz14ad", "one letter differs"),
            (Kind::Postcode, "zz14ab", "zz14xy", "the same sector"),
            (Kind::Postcode, "zz14ab", "zz19xy", "the same district"),
            (Kind::Postcode, "zz14ab", "zz29xy", "the same area"),
            (Kind::Postcode, "zz14ab", "ab29xy", "different"),
            (
                Kind::Identifier,
                "9990000018",
                "9990000081",
                "one digit differs",
            ),
            (Kind::Code, "f", "m", "different"),
            (Kind::Text, "5 high street", "5 high st", "nearly the same"),
            (
                Kind::Text,
                "flat 2 5 high street",
                "5 high street flat 2",
                "much alike",
            ),
            (Kind::Text, "barchester", "plumstead", "different"),
            (
                Kind::Email,
                "a.b@c.example",
                "a.b@d.example",
                "one letter differs",
            ),
            (
                Kind::Email,
                "a.b@care.example",
                "a.b@home.example",
                "the same before the @",
            ),
        ] {
            let mut values = Dictionary::new(kind);
            let (one, other) = (values.intern(a), values.intern(b));
            let found = level(kind, &values, one, other);
            assert_eq!(names(kind)[usize::from(found) - 1], expected, "{a} {b}");
            assert_eq!(found, level(kind, &values, other, one), "{b} {a}");
        }
    }
}
