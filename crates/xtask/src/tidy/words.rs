//! Words that no tracked file may hold, from one list.

use super::Finding;
use super::tree::Tree;

/// The list: `word | what to do | where`, one a line. A dot in a word written as
/// `[.]`, or any letter in brackets, stands for itself, so that the list does
/// not hold the words it forbids.
const LIST: &str = "crates/xtask/tidy/words.txt";

struct Forbidden {
    word: String,
    instead: String,
    ends: Vec<String>,
}

/// Checks every text file against the list.
pub fn check(tree: &Tree) -> Vec<Finding> {
    let Some(list) = tree.text(LIST) else {
        return vec![Finding::new(
            LIST,
            0,
            "words",
            "the list of forbidden words is missing",
        )];
    };
    let forbidden: Vec<Forbidden> = list.lines().filter_map(read).collect();
    let mut findings = Vec::new();
    for (path, text) in tree.texts() {
        for (index, line) in text.lines().enumerate() {
            for rule in &forbidden {
                let here = rule.ends.is_empty()
                    || rule.ends.iter().any(|end| path.ends_with(end.as_str()));
                if here && line.contains(&rule.word) {
                    findings.push(Finding::new(
                        path,
                        index + 1,
                        "words",
                        format!("`{}`: {}", rule.word, rule.instead),
                    ));
                }
            }
        }
    }
    findings
}

fn read(line: &str) -> Option<Forbidden> {
    if line.trim().is_empty() || line.starts_with('#') {
        return None;
    }
    let mut parts = line.split(" | ");
    Some(Forbidden {
        word: parts.next()?.replace(['[', ']'], ""),
        instead: parts.next().unwrap_or("take it out").to_owned(),
        ends: parts
            .next()
            .map(|ends| ends.split_whitespace().map(str::to_owned).collect())
            .unwrap_or_default(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_found_where_they_are_forbidden() {
        let tree = Tree::of(&[
            (
                LIST,
                "# a list\nf[o]o | write bar\n\"res[o]lved\": \"http | leave it out | lock.json\n",
            ),
            ("a.md", "one\nfoo two\n"),
            ("b.json", "\"resolved\": \"http\n"),
            ("package-lock.json", "\"resolved\": \"http\n"),
        ]);
        let found: Vec<_> = check(&tree).into_iter().map(|f| (f.file, f.line)).collect();
        assert_eq!(
            found,
            [("a.md".to_owned(), 2), ("package-lock.json".to_owned(), 1)]
        );
    }
}
