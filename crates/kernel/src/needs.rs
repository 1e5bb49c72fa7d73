//! What people need help with, as a list of data: `policy/directory/needs.csv`.
//!
//! The directory of services is arranged by it, and whatever advises people speaks of needs in
//! its codes. The words are those that people type; they are matched, never shown.

/// One need.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Need {
    /// Its code, such as `help-at-home`.
    pub code: String,
    /// What it is called on screen.
    pub label: String,
    /// What it stands with in a list, such as `living at home`.
    pub group: String,
    /// What people type when they mean it: words and short phrases.
    pub words: Vec<String>,
}

/// A row of the list that cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line}, column {column}: {text}")]
pub struct NeedError {
    /// Line from 1; the header is line 1.
    pub line: u64,
    /// Name of the column.
    pub column: &'static str,
    /// What is expected.
    pub text: String,
}

/// The list of needs, in the order of its file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Needs(Vec<Need>);

const HEADER: [&str; 6] = ["code", "label", "group", "words", "source", "confidence"];

impl Needs {
    /// Reads `code,label,group,words,source,confidence`; words are parted by semicolons. Good
    /// rows go in; each bad one is an error.
    pub fn parse(text: &str) -> (Self, Vec<NeedError>) {
        let mut needs = Self::default();
        let mut errors = Vec::new();
        let mut reader = csv::ReaderBuilder::new()
            .flexible(true)
            .from_reader(text.as_bytes());
        if !reader.headers().is_ok_and(|h| h.iter().eq(HEADER)) {
            errors.push(NeedError {
                line: 1,
                column: "code",
                text: format!("the header must be {}", HEADER.join(",")),
            });
            return (needs, errors);
        }
        for record in reader.records().flatten() {
            let line = record.position().map_or(0, csv::Position::line);
            match needs.read(&record) {
                Ok(need) => needs.0.push(need),
                Err((column, text)) => errors.push(NeedError { line, column, text }),
            }
        }
        (needs, errors)
    }

    fn read(&self, record: &csv::StringRecord) -> Result<Need, (&'static str, String)> {
        let cell = |at: usize| record.get(at).unwrap_or_default().trim();
        let code = cell(0);
        let plain = |c: char| c.is_ascii_lowercase() || c == '-';
        if code.is_empty() || !code.chars().all(plain) {
            return Err((
                "code",
                "lower-case letters and dashes are expected".to_owned(),
            ));
        }
        if self.get(code).is_some() {
            return Err(("code", format!("{code} is in the list already")));
        }
        for (at, column) in [(1, "label"), (2, "group"), (4, "source"), (5, "confidence")] {
            if cell(at).is_empty() {
                return Err((column, "it must not be empty".to_owned()));
            }
        }
        let words = cell(3).split(';').map(str::trim);
        Ok(Need {
            code: code.to_owned(),
            label: cell(1).to_owned(),
            group: cell(2).to_owned(),
            words: words
                .filter(|word| !word.is_empty())
                .map(str::to_owned)
                .collect(),
        })
    }

    /// The need with a code.
    pub fn get(&self, code: &str) -> Option<&Need> {
        self.0.iter().find(|need| need.code == code)
    }

    /// What a need is called; its code if the list does not have it.
    pub fn label<'a>(&'a self, code: &'a str) -> &'a str {
        self.get(code).map_or(code, |need| &need.label)
    }

    /// Every need, in the order of the file.
    pub fn iter(&self) -> std::slice::Iter<'_, Need> {
        self.0.iter()
    }
}

impl<'a> IntoIterator for &'a Needs {
    type Item = &'a Need;
    type IntoIter = std::slice::Iter<'a, Need>;
    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_that_is_built_in_has_no_errors() {
        let (needs, errors) = Needs::parse(include_str!("../../../policy/directory/needs.csv"));
        assert_eq!(errors, []);
        assert!(needs.iter().count() > 25);
        assert_eq!(needs.label("falls"), "Falls and balance");
        assert_eq!(needs.label("none-such"), "none-such");
        for need in &needs {
            assert!(!need.words.is_empty(), "{} can be typed", need.code);
        }
    }

    #[test]
    fn bad_rows_are_named_and_the_good_go_in() {
        let (needs, errors) = Needs::parse(
            "code,label,group,words,source,confidence\n\
             falls,Falls,health,fall; fell over,ours,local\n\
             Falls!,Falls,health,,ours,local\n\
             falls,Again,health,,ours,local\n\
             meals,,living at home,,ours,local\n",
        );
        assert_eq!(needs.iter().count(), 1);
        let texts: Vec<String> = errors.iter().map(ToString::to_string).collect();
        assert_eq!(
            texts,
            [
                "line 3, column code: lower-case letters and dashes are expected",
                "line 4, column code: falls is in the list already",
                "line 5, column label: it must not be empty",
            ]
        );
    }
}
