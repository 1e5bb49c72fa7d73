//! The headings of "About me": what people say of themselves to those who care for them.
//!
//! Source: PRSB, About Me standard (RULES G.9). Who helped to write it and when, which the
//! standard has as headings too, belong to each entry. The headings are data:
//! `policy/person/about-me.csv`.

/// One heading.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Heading {
    /// Its key, such as `important`.
    pub key: String,
    /// As it is read: "What is most important to me".
    pub words: String,
    /// What to write under it; empty for none.
    pub hint: String,
}

/// Why the list cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("about-me.csv, line {line}: {what}")]
pub struct HeadingError {
    /// Which line, the first being 1.
    pub line: usize,
    /// What is wrong and what to do.
    pub what: String,
}

const FIRST_LINE: &str = "heading,words,hint,source,confidence";

/// Reads the list, in its order.
///
/// # Errors
/// A line that is not as it must be: which, and what to do.
pub fn parse(text: &str) -> Result<Vec<Heading>, HeadingError> {
    let fail = |line: usize, what: &str| HeadingError {
        line,
        what: what.to_owned(),
    };
    let mut lines = text.lines().enumerate();
    if lines.next().map(|(_, line)| line) != Some(FIRST_LINE) {
        return Err(fail(1, &format!("it must be {FIRST_LINE}")));
    }
    let mut headings: Vec<Heading> = Vec::new();
    for (at, line) in lines.filter(|(_, line)| !line.trim().is_empty()) {
        let columns: Vec<&str> = line.split(',').map(str::trim).collect();
        let [key, words, hint, _, _] = columns.as_slice() else {
            return Err(fail(at + 1, "5 columns are needed, without commas in them"));
        };
        if key.is_empty() || words.is_empty() {
            return Err(fail(at + 1, "heading and words are needed"));
        }
        if headings.iter().any(|one| one.key == *key) {
            return Err(fail(at + 1, "the heading is there already"));
        }
        headings.push(Heading {
            key: (*key).to_owned(),
            words: (*words).to_owned(),
            hint: (*hint).to_owned(),
        });
    }
    Ok(headings)
}

/// The list that is built in.
pub fn builtin() -> &'static [Heading] {
    static LIST: std::sync::LazyLock<Vec<Heading>> = std::sync::LazyLock::new(|| {
        parse(include_str!("../../../policy/person/about-me.csv")).unwrap_or_default()
    });
    &LIST
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::*;

    #[test]
    fn the_headings_of_the_standard_in_their_order() {
        let list = parse(include_str!("../../../policy/person/about-me.csv")).unwrap();
        let keys: Vec<&str> = list.iter().map(|one| one.key.as_str()).collect();
        assert_eq!(
            keys,
            [
                "important",
                "people",
                "communicate",
                "wellness",
                "do-and-do-not",
                "support",
                "also"
            ]
        );
        assert_eq!(builtin(), list);
    }

    #[test]
    fn a_wrong_list_says_where() {
        for (text, said) in [
            ("x", "line 1: it must be heading"),
            (
                "heading,words,hint,source,confidence\na,b",
                "line 2: 5 columns",
            ),
            (
                "heading,words,hint,source,confidence\n,b,,s,local",
                "line 2: heading and words",
            ),
            (
                "heading,words,hint,source,confidence\na,b,,s,local\n\na,c,,s,local",
                "line 4: the heading is there already",
            ),
        ] {
            let error = parse(text).unwrap_err().to_string();
            assert!(error.contains(said), "{error}");
        }
    }
}
