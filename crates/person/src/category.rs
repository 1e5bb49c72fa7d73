//! What kind of sensitive matter a line of a record is about.
//!
//! Source: RULES H.6 (sensitive exclusions from sharing) and the statutes that
//! `policy/access/categories.csv` names; the labels of `policy/access/labels.csv`.
//!
//! In words: a line whose source labelled it has the category of that label. A line without a
//! label whose title holds one of the words of the list has that word's category: a title that
//! speaks of it is enough to withhold it. The first of the list's rows that fits decides. What
//! fits none is general, which is written as an empty text.

/// One category.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Category {
    /// Its code, such as `sexual-health`.
    pub code: String,
    /// As it is said: "sexual health".
    pub words: String,
    /// Whether it is withheld by default.
    pub withheld: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Label {
    Code { system: String, value: String },
    Words(String),
}

/// The categories, and what a line is put into one by.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Categories {
    all: Vec<Category>,
    labels: Vec<(Label, String)>,
}

/// Why the lists cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{file}, line {line}: {what}")]
pub struct CategoryError {
    /// Which file.
    pub file: &'static str,
    /// Which line, the heading being 1.
    pub line: usize,
    /// What is wrong and what to do.
    pub what: String,
}

const CATEGORIES: (&str, &str) = (
    "categories.csv",
    "category,words,by_default,source,confidence",
);
const LABELS: (&str, &str) = ("labels.csv", "kind,system,value,category,source,confidence");

/// Rows of a list with their line numbers.
fn rows<'t>(
    (file, heading): (&'static str, &str),
    text: &'t str,
) -> Result<Vec<(usize, Vec<&'t str>)>, CategoryError> {
    let wanted = heading.split(',').count();
    let fail = |line: usize, what: String| CategoryError { file, line, what };
    let mut lines = text.lines().enumerate();
    if lines.next().map(|(_, line)| line) != Some(heading) {
        return Err(fail(1, format!("the heading must be {heading}")));
    }
    lines
        .filter(|(_, line)| !line.trim().is_empty())
        .map(|(at, line)| {
            let columns: Vec<&str> = line.split(',').map(str::trim).collect();
            match columns.len() == wanted {
                true => Ok((at + 1, columns)),
                false => {
                    let what = format!("{wanted} columns are needed, without commas in them");
                    Err(fail(at + 1, what))
                }
            }
        })
        .collect()
}

impl Categories {
    /// Reads the two lists.
    ///
    /// # Errors
    /// A heading or row that is not as it must be: which file and line, and what to do.
    pub fn parse(categories: &str, labels: &str) -> Result<Self, CategoryError> {
        let mut all = Vec::new();
        for (line, columns) in rows(CATEGORIES, categories)? {
            let withheld = match columns[2] {
                "withheld" => true,
                "shared" => false,
                _ => {
                    return Err(CategoryError {
                        file: CATEGORIES.0,
                        line,
                        what: "by_default is withheld or shared".to_owned(),
                    });
                }
            };
            all.push(Category {
                code: columns[0].to_owned(),
                words: columns[1].to_owned(),
                withheld,
            });
        }
        let mut found = Vec::new();
        for (line, columns) in rows(LABELS, labels)? {
            let fail = |what: &str| CategoryError {
                file: LABELS.0,
                line,
                what: what.to_owned(),
            };
            let label = match columns[0] {
                "code" => Label::Code {
                    system: columns[1].to_owned(),
                    value: columns[2].to_owned(),
                },
                "words" => Label::Words(columns[2].to_lowercase()),
                _ => return Err(fail("kind is code or words")),
            };
            if !all.iter().any(|one| one.code == columns[3]) {
                return Err(fail("no such category in categories.csv"));
            }
            found.push((label, columns[3].to_owned()));
        }
        Ok(Self { all, labels: found })
    }

    /// The lists that are built in.
    pub fn builtin() -> &'static Self {
        static LISTS: std::sync::LazyLock<Categories> = std::sync::LazyLock::new(|| {
            Categories::parse(
                include_str!("../../../policy/access/categories.csv"),
                include_str!("../../../policy/access/labels.csv"),
            )
            .unwrap_or_default()
        });
        &LISTS
    }

    /// Every category, in the order of the list.
    pub fn all(&self) -> &[Category] {
        &self.all
    }

    /// The category with a code.
    pub fn find(&self, code: &str) -> Option<&Category> {
        self.all.iter().find(|one| one.code == code)
    }

    /// The category of a line with a title and its source's labels, each a system and a value;
    /// empty for most lines.
    pub fn of<'c>(&'c self, title: &str, labels: &[(&str, &str)]) -> &'c str {
        let title = title.to_lowercase();
        let by_code = self.labels.iter().find(|(label, _)| match label {
            Label::Code { system, value } => {
                labels.iter().any(|(of, one)| of == system && one == value)
            }
            Label::Words(_) => false,
        });
        let by_words = || {
            self.labels.iter().find(|(label, _)| match label {
                Label::Words(words) => has_words(&title, words),
                Label::Code { .. } => false,
            })
        };
        by_code
            .or_else(by_words)
            .map_or("", |(_, category)| category.as_str())
    }
}

/// Whether a text holds these words as whole words.
fn has_words(text: &str, words: &str) -> bool {
    text.match_indices(words).any(|(at, found)| {
        let before = text[..at].chars().next_back();
        let after = text[at + found.len()..].chars().next();
        let apart = |c: Option<char>| c.is_none_or(|c| !c.is_alphanumeric());
        apart(before) && apart(after)
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::*;

    const ACT: &str = "http://terminology.hl7.org/CodeSystem/v3-ActCode";

    fn lists() -> Categories {
        Categories::parse(
            include_str!("../../../policy/access/categories.csv"),
            include_str!("../../../policy/access/labels.csv"),
        )
        .unwrap()
    }

    #[test]
    fn a_label_or_a_word_of_the_title_decides() {
        let lists = lists();
        for (title, labels, category) in [
            ("Blood test", vec![], ""),
            ("Blood test", vec![(ACT, "HIV")], "sexual-health"),
            ("HIV antibody test", vec![], "sexual-health"),
            ("Test (HIV): negative", vec![], "sexual-health"),
            // Only whole words.
            ("Shivering", vec![], ""),
            ("Archive of letters", vec![], ""),
            // A label is surer than a word.
            ("HIV antibody test", vec![(ACT, "PSY")], "mental-health"),
            // A code of another system is no label.
            ("Blood test", vec![("urn:other", "HIV")], ""),
            ("Depression", vec![], "mental-health"),
            ("", vec![], ""),
        ] {
            assert_eq!(lists.of(title, &labels), category, "{title} {labels:?}");
        }
    }

    #[test]
    fn what_the_law_names_is_withheld() {
        for code in [
            "sexual-health",
            "assisted-conception",
            "gender-recognition",
            "termination",
            "adoption",
        ] {
            assert!(lists().find(code).unwrap().withheld, "{code}");
        }
        assert!(!lists().find("mental-health").unwrap().withheld);
    }

    #[test]
    fn wrong_lists_say_where() {
        let categories = format!("{}\na,b,withheld,s,local\n", CATEGORIES.1);
        for (categories, labels, said) in [
            ("x", "y", "categories.csv, line 1: the heading"),
            (
                &format!("{}\na,b,perhaps,s,local\n", CATEGORIES.1),
                LABELS.1,
                "categories.csv, line 2: by_default",
            ),
            (categories.as_str(), "y", "labels.csv, line 1"),
            (
                categories.as_str(),
                &format!("{}\ncode,s,v,z,s,local\n", LABELS.1),
                "labels.csv, line 2: no such category",
            ),
            (
                categories.as_str(),
                &format!("{}\nsmell,s,v,a,s,local\n", LABELS.1),
                "kind is code or words",
            ),
            (
                categories.as_str(),
                &format!("{}\ncode,s\n", LABELS.1),
                "6 columns are needed",
            ),
        ] {
            let error = Categories::parse(categories, labels)
                .unwrap_err()
                .to_string();
            assert!(error.contains(said), "{error}");
        }
    }
}
