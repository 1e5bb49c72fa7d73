//! Know-layer crates have no input or output, no clock, no randomness, no
//! threads and nothing asynchronous; message and workbook readers take bytes.

use super::Finding;
use super::tree::{Tree, is_test_file, product_lines};

const KNOW: &[&str] = &[
    "crates/kernel/src/",
    "crates/person/src/",
    "crates/flow/src/",
    "crates/place/src/",
    "crates/fund/src/",
    "crates/rounds/src/",
    "crates/simulate/src/",
];
const READERS: &[&str] = &["crates/fhir/src/", "crates/workbook/src/"];

/// Words no pure crate may have, with what to do instead.
const WORDS: &[(&str, &str)] = &[
    ("std::time", "take the time as a parameter"),
    ("SystemTime", "take the time as a parameter"),
    ("Instant::now", "take the time as a parameter"),
    ("Timestamp::now", "take the time as a parameter"),
    ("Zoned::now", "take the time as a parameter"),
    ("std::fs", "take bytes as a parameter"),
    ("File::open", "take bytes as a parameter"),
    ("std::net", "leave the network to `web`"),
    ("std::env", "take the setting as a parameter"),
    ("std::process", "leave processes to `almoner`"),
    ("std::thread", "leave threads to `store` and `web`"),
    ("rand::", "take the random source as a parameter"),
    ("thread_rng", "take the random source as a parameter"),
    ("now_v7", "take the id as a parameter"),
    ("new_v4", "take the id as a parameter"),
    ("async fn", "only the edge is asynchronous"),
    (".await", "only the edge is asynchronous"),
    ("println!", "return what is to be said"),
    ("eprintln!", "return what is to be said"),
];

/// Checks the source words of the pure crates.
pub fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (path, text) in tree.rust() {
        let know = KNOW.iter().any(|start| path.starts_with(start));
        let reader = READERS.iter().any(|start| path.starts_with(start));
        if !(know || reader) || is_test_file(path) {
            continue;
        }
        for (number, line) in product_lines(text) {
            for (word, instead) in WORDS {
                if has_word(line, word) {
                    findings.push(Finding::new(
                        path,
                        number,
                        "pure crates",
                        format!("`{word}`: {instead}"),
                    ));
                }
            }
        }
    }
    findings
}

/// Whether the line has the text, not as the end of a longer name.
fn has_word(line: &str, word: &str) -> bool {
    line.match_indices(word).any(|(at, _)| {
        !line[..at]
            .chars()
            .next_back()
            .is_some_and(|before| before.is_alphanumeric() || before == '_')
            || !word.starts_with(char::is_alphanumeric)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_in_a_rule_is_found() {
        let tree = Tree::of(&[
            (
                "crates/flow/src/clock.rs",
                "// Timestamp::now is not for us\nfn today() {\n    jiff::Timestamp::now()\n}\n",
            ),
            (
                "crates/fhir/src/read.rs",
                "fn read() { std::fs::read(\"x\") }\n",
            ),
            (
                "crates/fhir/tests/it.rs",
                "fn read() { std::fs::read(\"x\") }\n",
            ),
            (
                "crates/app/src/lib.rs",
                "fn read() { std::fs::read(\"x\") }\n",
            ),
            (
                "crates/person/src/brand.rs",
                "use brand::x;\n#[cfg(test)]\nmod tests {\n    use std::fs;\n}\n",
            ),
        ]);
        let found: Vec<_> = check(&tree).into_iter().map(|f| (f.file, f.line)).collect();
        assert_eq!(
            found,
            [
                ("crates/fhir/src/read.rs".to_owned(), 1),
                ("crates/flow/src/clock.rs".to_owned(), 3)
            ]
        );
    }
}
