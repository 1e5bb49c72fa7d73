//! The words a person can be found by.
//!
//! In words: every part of a family or given name, in lower case and without
//! apostrophes and full stops, parted at spaces and dashes; and the postcode
//! without spaces. Staff type beginnings, so each word is also filed under its
//! first two letters, which any database looks up quickly in the same way.

/// Letters by which a word is filed.
const HEAD: usize = 2;

/// What a word is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum SearchKind {
    /// Part of a name.
    Name,
    /// The postcode.
    Postcode,
}

impl SearchKind {
    /// The text it is kept as.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::Postcode => "postcode",
        }
    }
}

/// The words of a name, as they are filed and looked for.
pub fn name_words(name: &str) -> Vec<String> {
    let plain: String = name
        .chars()
        .filter(|c| !matches!(c, '\'' | '’' | '‘' | '.'))
        .collect();
    let mut words: Vec<String> = plain
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
        .collect();
    words.sort();
    words.dedup();
    words
}

/// A postcode, or its beginning, as it is filed and looked for.
pub fn postcode_word(postcode: &str) -> String {
    postcode
        .chars()
        .filter(|c| c.is_alphanumeric())
        .map(|c| c.to_ascii_lowercase())
        .collect()
}

/// The letters a word is filed under.
pub fn head(word: &str) -> String {
    word.chars().take(HEAD).collect()
}

/// Every word a person is filed under.
pub fn words_of(person: &crate::Person) -> Vec<(SearchKind, String)> {
    let names = format!("{} {}", person.family_name, person.given_name);
    let postcode = Some(postcode_word(&person.postcode)).filter(|word| !word.is_empty());
    name_words(&names)
        .into_iter()
        .map(|word| (SearchKind::Name, word))
        .chain(postcode.map(|word| (SearchKind::Postcode, word)))
        .collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::*;

    #[test]
    fn names_are_parted_and_folded() {
        for (name, words) in [
            ("O'Brien", vec!["obrien"]),
            (
                "Smith-Jones Mary Ann",
                vec!["ann", "jones", "mary", "smith"],
            ),
            ("ÉLODIE St. John", vec!["john", "st", "élodie"]),
            ("Ann Ann", vec!["ann"]),
            ("", vec![]),
        ] {
            assert_eq!(name_words(name), words, "{name}");
        }
        assert_eq!(postcode_word("ZZ1 4ab"), "zz14ab");
        assert_eq!(
            (head("élodie"), head("x")),
            ("él".to_owned(), "x".to_owned())
        );
    }
}
