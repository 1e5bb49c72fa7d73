//! The words of the letters, as `policy/letters/*.toml` or a place's own files have them.

use super::LetterKind;
use serde::Deserialize;

/// What a letter can name, and the field of the form that it is typed in.
pub(super) const NAMES: [&str; 9] = [
    "reader",
    "name",
    "hospital",
    "ward",
    "contact",
    "telephone",
    "choose_by",
    "interim",
    "starts_on",
];
/// Lists that a letter can show; each on a line of its own.
pub(super) const LISTS: [&str; 2] = ["offered", "declined"];
/// Of what a part can depend.
const CONDITIONS: [&str; 3] = ["offered", "declined", "acts_for"];

/// A part of a letter.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Part {
    /// Its heading; empty for none.
    #[serde(default)]
    pub heading: String,
    /// The part is left out unless there is this: `offered`, `declined`, `acts_for`.
    pub only_with: Option<String>,
    /// Its paragraphs. `{name}` stands for what is known; `{offered}` alone for a list.
    pub lines: Vec<String>,
}

/// A letter's words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Letter {
    /// Which it is.
    pub kind: LetterKind,
    /// Its title.
    pub title: String,
    /// Whose words they are.
    pub source: String,
    /// How sure we are of them.
    pub confidence: String,
    /// Its parts.
    pub parts: Vec<Part>,
}

/// Why a file of a letter cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LetterError {
    /// It is not TOML of this form.
    #[error("{0}")]
    Form(String),
    /// It says of itself that it is another letter than there are.
    #[error("letter is {0:?}; use one of: first, second, third")]
    Kind(String),
    /// A part names what no letter knows.
    #[error("part {part}: {{{name}}} is not known; use one of: {known}")]
    Name {
        /// Which part, from 1.
        part: usize,
        /// The name.
        name: String,
        /// What there is.
        known: String,
    },
    /// A list that is not on a line of its own.
    #[error("part {part}: {{{name}}} is a list; put it on a line of its own")]
    List {
        /// Which part, from 1.
        part: usize,
        /// The list.
        name: String,
    },
    /// A part that depends on what no letter knows.
    #[error("part {part}: only_with is {value:?}; use one of: offered, declined, acts_for")]
    Condition {
        /// Which part, from 1.
        part: usize,
        /// What it says.
        value: String,
    },
    /// Nobody says whose words they are.
    #[error("source and confidence must be filled in")]
    Source,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FileText {
    letter: String,
    title: String,
    source: String,
    confidence: String,
    part: Vec<Part>,
}

impl Letter {
    /// Reads a letter.
    ///
    /// # Errors
    /// The first fault, with its place.
    pub fn parse(text: &str) -> Result<Self, LetterError> {
        let file: FileText =
            toml::from_str(text).map_err(|error| LetterError::Form(error.message().to_owned()))?;
        let kind = LetterKind::parse(&file.letter).ok_or(LetterError::Kind(file.letter))?;
        if file.source.trim().is_empty() || file.confidence.trim().is_empty() {
            return Err(LetterError::Source);
        }
        for (index, part) in file.part.iter().enumerate() {
            check(index + 1, part)?;
        }
        Ok(Self {
            kind,
            title: file.title,
            source: file.source,
            confidence: file.confidence,
            parts: file.part,
        })
    }
}

impl Letter {
    /// Whether the letter shows something by its name, in a part that is always there or not.
    pub fn shows(&self, name: &str) -> bool {
        let lines = |part: &Part| {
            let mut lines = part.lines.iter().chain([&part.heading]);
            lines.any(|line| names_in(line).any(|one| one == name))
        };
        self.parts.iter().any(lines)
    }
}

fn check(part: usize, text: &Part) -> Result<(), LetterError> {
    if let Some(value) = &text.only_with
        && !CONDITIONS.contains(&value.as_str())
    {
        let value = value.clone();
        return Err(LetterError::Condition { part, value });
    }
    for line in text.lines.iter().chain([&text.heading]) {
        for name in names_in(line) {
            if LISTS.contains(&name) {
                if *line != format!("{{{name}}}") || *line == text.heading {
                    let name = name.to_owned();
                    return Err(LetterError::List { part, name });
                }
            } else if !NAMES.contains(&name) {
                return Err(LetterError::Name {
                    part,
                    name: name.to_owned(),
                    known: [&NAMES[..], &LISTS[..]].concat().join(", "),
                });
            }
        }
    }
    Ok(())
}

/// The names in braces in a line, in order.
pub(super) fn names_in(line: &str) -> impl Iterator<Item = &str> {
    line.split('{')
        .skip(1)
        .filter_map(|rest| rest.split_once('}').map(|(name, _)| name))
}

/// The letters of a place.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Letters {
    all: Vec<Letter>,
}

impl Letters {
    /// Adds a letter, in the place of one of its kind.
    pub fn add(&mut self, letter: Letter) {
        self.all.retain(|one| one.kind != letter.kind);
        self.all.push(letter);
        self.all.sort_by_key(|one| one.kind);
    }

    /// The letter of a kind.
    pub fn get(&self, kind: LetterKind) -> Option<&Letter> {
        self.all.iter().find(|one| one.kind == kind)
    }

    /// Every letter, in order.
    pub fn all(&self) -> &[Letter] {
        &self.all
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::*;

    #[test]
    fn a_file_with_a_fault_is_refused_with_its_place() {
        let whole = include_str!("../../../../policy/letters/choice-second.toml");
        assert_eq!(Letter::parse(whole).unwrap().kind, LetterKind::Second);
        for (from, to, said) in [
            (
                "\"second\"",
                "\"fourth\"",
                "letter is \"fourth\"; use one of: first, second, third",
            ),
            (
                "{hospital}",
                "{hospitel}",
                "part 2: {hospitel} is not known; use one of: reader,",
            ),
            (
                "\"{offered}\"",
                "\"now {offered}\"",
                "part 3: {offered} is a list; put it on",
            ),
            (
                "\"declined\"",
                "\"refused\"",
                "part 4: only_with is \"refused\"; use one of:",
            ),
            (
                "confidence = \"local\"",
                "confidence = \" \"",
                "source and confidence must be",
            ),
            ("title =", "titel =", "unknown field `titel`"),
        ] {
            let error = Letter::parse(&whole.replacen(from, to, 1)).unwrap_err();
            assert!(error.to_string().starts_with(said), "{from}: {error}");
        }
    }
}
