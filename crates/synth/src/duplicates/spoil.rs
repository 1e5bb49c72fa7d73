//! How what is written down differs from what is so: slips of the finger, of the ear and of
//! the scanner.

use crate::dice::Dice;

const ROWS: &[&str] = &["qwertyuiop", "asdfghjkl", "zxcvbnm", "1234567890"];
const HEARD: &[(&str, &str)] = &[
    ("ph", "f"),
    ("f", "ph"),
    ("ck", "k"),
    ("k", "ck"),
    ("ie", "y"),
    ("y", "ie"),
    ("ee", "ea"),
    ("ea", "ee"),
    ("s", "z"),
    ("c", "k"),
    ("th", "t"),
    ("wr", "r"),
    ("kn", "n"),
    ("tt", "t"),
    ("ll", "l"),
    ("l", "ll"),
    ("nn", "n"),
    ("n", "nn"),
    ("ss", "s"),
    ("ey", "y"),
    ("ai", "ay"),
    ("er", "or"),
    ("ou", "o"),
    ("mac", "mc"),
    ("au", "or"),
    ("i", "y"),
    ("x", "cks"),
    ("sh", "ch"),
    ("j", "g"),
    ("oo", "u"),
    ("a", "e"),
    ("rr", "r"),
];
const SCANNED: &[(&str, &str)] = &[
    ("m", "rn"),
    ("rn", "m"),
    ("l", "i"),
    ("i", "l"),
    ("o", "0"),
    ("cl", "d"),
    ("d", "cl"),
    ("e", "c"),
    ("h", "b"),
    ("u", "v"),
    ("n", "ri"),
    ("w", "vv"),
    ("1", "7"),
    ("0", "8"),
    ("5", "6"),
    ("b", "8"),
    ("s", "5"),
];

/// One slip of the finger: a character too many, too few, exchanged, or its neighbour's.
pub(super) fn mistype(dice: &mut Dice, text: &str) -> String {
    let mut all: Vec<char> = text.chars().collect();
    if all.is_empty() {
        return String::new();
    }
    let at = dice.index(all.len());
    match dice.below(4) {
        0 => {
            let one = near(dice, all[at]);
            all.insert(at, one);
        }
        1 if all.len() > 2 => {
            all.remove(at);
        }
        2 if all.len() > 1 => {
            let at = at.min(all.len() - 2);
            all.swap(at, at + 1);
        }
        _ => all[at] = near(dice, all[at]),
    }
    all.into_iter().collect()
}

/// A key beside that of a character.
fn near(dice: &mut Dice, one: char) -> char {
    let small = one.to_ascii_lowercase();
    let Some((row, at)) = ROWS.iter().find_map(|row| Some((*row, row.find(small)?))) else {
        return 'e';
    };
    let step = if at == 0 || (dice.per_mille(500) && at + 1 < row.len()) {
        at + 1
    } else {
        at - 1
    };
    let found = row.chars().nth(step).unwrap_or('e');
    if one.is_ascii_uppercase() {
        found.to_ascii_uppercase()
    } else {
        found
    }
}

/// Written as it was heard.
pub(super) fn misheard(dice: &mut Dice, text: &str) -> String {
    exchanged(dice, text, HEARD)
}

/// Read wrongly by a scanner.
pub(super) fn misread(dice: &mut Dice, text: &str) -> String {
    exchanged(dice, text, SCANNED)
}

fn exchanged(dice: &mut Dice, text: &str, table: &[(&str, &str)]) -> String {
    let small = text.to_lowercase();
    let fitting: Vec<&(&str, &str)> = table
        .iter()
        .filter(|(from, _)| small.contains(from))
        .collect();
    let Some((from, to)) = dice.pick(&fitting) else {
        return mistype(dice, text);
    };
    let changed = small.replacen(from, to, 1);
    let mut rest = changed.chars();
    match rest.next() {
        Some(first) => first.to_uppercase().chain(rest).collect(),
        None => changed,
    }
}

/// A birth date with one thing wrong: year, month, day.
pub(super) fn wrong_date(dice: &mut Dice, [year, month, day]: [i64; 3]) -> [i64; 3] {
    match dice.below(5) {
        0 => [
            year,
            month,
            (day + [1, -1, 10, -10, 2][dice.index(5)]).clamp(1, 28),
        ],
        1 => [
            year,
            (month + dice.between(-1, 1)).clamp(1, 12),
            (day % 28) + 1,
        ],
        2 => [year + [1, -1, 10, -10, 2][dice.index(5)], month, day],
        3 => [
            year,
            month,
            if day > 9 {
                (day % 10) * 10 + day / 10
            } else {
                day + 10
            }
            .clamp(1, 28),
        ],
        _ => [
            year / 100 * 100 + year % 10 * 10 + year / 10 % 10,
            month,
            day,
        ],
    }
}

/// Day and month exchanged; where that cannot be, a digit of the day is wrong.
pub(super) fn swapped_date(dice: &mut Dice, [year, month, day]: [i64; 3]) -> [i64; 3] {
    if day <= 12 {
        [year, day, month]
    } else {
        wrong_date(dice, [year, month, day])
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::*;

    #[test]
    fn slips_are_small() {
        let mut dice = Dice::new(3, 0);
        for _ in 0..500 {
            let one = mistype(&mut dice, "Catherine");
            assert!((8..=10).contains(&one.chars().count()), "{one}");
        }
        assert!(HEARD.iter().any(|(from, to)| {
            misheard(&mut dice, "Philip").to_lowercase().contains(to) && "philip".contains(from)
        }));
        assert_eq!(swapped_date(&mut dice, [1950, 3, 4]), [1950, 4, 3]);
        for _ in 0..200 {
            let [year, month, day] = wrong_date(&mut dice, [1987, 11, 29]);
            assert!(
                (1900..2100).contains(&year)
                    && (1..=12).contains(&month)
                    && (1..=31).contains(&day)
            );
        }
        assert_eq!(mistype(&mut dice, ""), "");
    }
}
