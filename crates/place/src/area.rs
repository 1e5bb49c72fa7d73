//! Areas of official statistics: their codes and names.
//!
//! The delayed-days workbooks name an area by a local authority code of the NHS
//! (three digits, or two digits and two letters) in every month, and by an ONS
//! code from about July 2015 only. So the NHS code is the one that lasts.

use std::fmt;

/// Code of an area in official statistics: two to nine letters and digits, upper
/// case. England is [`ENGLAND`]; a council has its NHS local authority code, or
/// its ONS code where it has no other.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct AreaCode(String);

/// ONS code of England, used as its area code too.
pub const ENGLAND: &str = "E92000001";

impl AreaCode {
    /// Trims, upper-cases and checks a code; `None` if it cannot be one.
    pub fn new(text: &str) -> Option<Self> {
        let text = text.trim().to_ascii_uppercase();
        let fits = (2..=9).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_alphanumeric());
        fits.then_some(Self(text))
    }

    /// England as a whole.
    pub fn england() -> Self {
        Self(ENGLAND.to_owned())
    }

    /// Whether this is England as a whole.
    pub fn is_england(&self) -> bool {
        self.0 == ENGLAND
    }

    /// The code.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for AreaCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The name as we show it: without the old mark " UA" (unitary authority), with
/// "and" for "&", and small joining words in lower case.
pub fn shown_name(published: &str) -> String {
    let mut words: Vec<&str> = published.split_whitespace().collect();
    if words.len() > 1 && words.last() == Some(&"UA") {
        words.pop();
    }
    let mut shown = String::with_capacity(published.len());
    for (at, word) in words.iter().enumerate() {
        if at > 0 {
            shown.push(' ');
        }
        match word.to_ascii_lowercase().as_str() {
            "&" => shown.push_str("and"),
            small @ ("of" | "and" | "upon" | "on" | "the" | "in" | "with") if at > 0 => {
                shown.push_str(small);
            }
            _ => shown.push_str(word),
        }
    }
    shown
}

/// The name as we compare it: lower case, letters and digits only, "&" as "and",
/// without words that come and go ("UA", "council", "county", "city of", "borough").
pub fn folded_name(name: &str) -> String {
    let plain = shown_name(name).to_lowercase().replace('&', " and ");
    // The City is one borough of London, not London.
    if plain == "city of london" {
        return plain;
    }
    plain
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| {
            !matches!(
                *word,
                "" | "ua"
                    | "council"
                    | "county"
                    | "city"
                    | "borough"
                    | "metropolitan"
                    | "of"
                    | "the"
            )
        })
        .collect::<Vec<_>>()
        .join(" ")
}

/// The names nearest to what was asked for, best first, at most `most` of them:
/// those that hold it or start alike first, then by the number of changed letters.
pub fn nearest<'a>(asked: &str, names: impl Iterator<Item = &'a str>, most: usize) -> Vec<&'a str> {
    let asked = folded_name(asked);
    let mut ranked: Vec<(usize, &str)> = names
        .filter_map(|name| {
            let folded = folded_name(name);
            let longest = asked.chars().count().max(folded.chars().count());
            if !asked.is_empty() && (folded.contains(&asked) || asked.contains(&folded)) {
                return Some((0, name));
            }
            let changes = edits(&asked, &folded);
            (changes * 2 <= longest).then_some((changes, name))
        })
        .collect();
    ranked.sort_by_key(|(changes, name)| (*changes, name.len(), *name));
    ranked
        .into_iter()
        .take(most)
        .map(|(_, name)| name)
        .collect()
}

/// Letters added, dropped or changed between two short texts (Levenshtein).
fn edits(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().take(80).collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.chars().take(80).enumerate() {
        let mut corner = row[0];
        row[0] = i + 1;
        for (j, y) in b.iter().enumerate() {
            let change = corner + usize::from(x != *y);
            corner = row[j + 1];
            row[j + 1] = change.min(row[j] + 1).min(corner + 1);
        }
    }
    row[b.len()]
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]

    use super::*;

    #[test]
    fn names_are_shown_in_plain_words() {
        for (published, shown) in [
            ("Derby UA", "Derby"),
            ("Barking & Dagenham", "Barking and Dagenham"),
            ("Kingston Upon Hull UA", "Kingston upon Hull"),
            ("Stockton On Tees UA", "Stockton on Tees"),
            ("City Of London", "City of London"),
            ("Resident In Wales", "Resident in Wales"),
            ("  England ", "England"),
            ("UA", "UA"),
        ] {
            assert_eq!(shown_name(published), shown, "{published}");
        }
    }

    #[test]
    fn names_are_compared_without_what_varies() {
        assert_eq!(folded_name("Bristol UA"), folded_name("City of Bristol"));
        assert_eq!(
            folded_name("Barking & Dagenham"),
            folded_name("barking AND dagenham")
        );
        assert_eq!(folded_name("Barsetshire County Council"), "barsetshire");
        assert_ne!(folded_name("City Of London"), folded_name("London"));
    }

    #[test]
    fn the_nearest_names_come_first() {
        let names = ["Barchester", "Plumstead", "Barsetshire", "West Barsetshire"];
        assert_eq!(
            nearest("Barsetshir", names.into_iter(), 2),
            ["Barsetshire", "West Barsetshire"]
        );
        assert_eq!(nearest("Barcester", names.into_iter(), 1), ["Barchester"]);
        assert!(nearest("zzzzzzzz", names.into_iter(), 5).is_empty());
    }

    #[test]
    fn codes_are_checked() {
        assert_eq!(AreaCode::new(" 00eq ").unwrap().as_str(), "00EQ");
        assert_eq!(AreaCode::new("-"), None);
        assert!(AreaCode::england().is_england());
    }
}
