//! Every locked package has a licence that goes with Apache-2.0, and their
//! number does not grow without a thought.

use super::Finding;
use super::layers::Metadata;
use super::tree::Tree;

/// Licences that go with Apache-2.0.
const ALLOWED: &[&str] = &[
    "0BSD",
    "Apache-2.0",
    "Apache-2.0 WITH LLVM-exception",
    "BlueOak-1.0.0",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "BSL-1.0",
    "CC0-1.0",
    "CDLA-Permissive-2.0",
    "ISC",
    "MIT",
    "MIT-0",
    "MPL-2.0",
    "Python-2.0",
    "Unicode-3.0",
    "Unlicense",
    "Zlib",
];

/// The file that holds the number of locked packages.
const COUNT: &str = "crates/xtask/tidy/locked-packages.txt";

/// Checks licences of Rust and of front-end packages, and the number of locked Rust packages.
pub fn check(tree: &Tree, metadata: &Metadata) -> Vec<Finding> {
    let mut findings: Vec<Finding> = metadata
        .packages
        .iter()
        .filter_map(|package| {
            let licence = package.license.as_deref().unwrap_or("none named");
            (!allowed(licence))
                .then(|| refused("Cargo.lock", &package.name, &package.version, licence))
        })
        .collect();
    findings.extend(front_end(tree));
    findings.extend(count(tree));
    findings
}

fn refused(file: &str, name: &str, version: &str, licence: &str) -> Finding {
    let text = format!(
        "{name} {version} has licence `{licence}`, which is not on the list in crates/xtask/src/tidy/licences.rs: use another package"
    );
    Finding::new(file, 0, "licences", text)
}

fn front_end(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (path, text) in tree
        .texts()
        .filter(|(path, _)| path.ends_with("package-lock.json"))
    {
        let Ok(lock) = serde_json::from_str::<serde_json::Value>(text) else {
            findings.push(Finding::new(
                path,
                0,
                "licences",
                "not JSON: run `npm install` again",
            ));
            continue;
        };
        for (name, package) in lock["packages"]
            .as_object()
            .into_iter()
            .flatten()
            .filter(|(name, _)| !name.is_empty())
        {
            let licence = package["license"].as_str().unwrap_or("none named");
            if !allowed(licence) {
                let version = package["version"].as_str().unwrap_or_default();
                findings.push(refused(path, name, version, licence));
            }
        }
    }
    findings
}

fn count(tree: &Tree) -> Option<Finding> {
    let locked = tree
        .text("Cargo.lock")?
        .lines()
        .filter(|line| *line == "[[package]]")
        .count();
    let agreed = tree.text(COUNT).and_then(|text| text.trim().parse().ok());
    (agreed != Some(locked)).then(|| {
        let text = format!(
            "Cargo.lock has {locked} packages, {} are agreed: take out what is not needed, or write {locked} into this file and say why in the commit",
            agreed.map_or_else(|| "no number of".to_owned(), |number| number.to_string()),
        );
        Finding::new(COUNT, 1, "locked packages", text)
    })
}

/// Whether an SPDX expression can be met with allowed licences only.
fn allowed(expression: &str) -> bool {
    let expression = expression.replace('/', " OR ");
    either(
        &mut expression
            .replace('(', " ( ")
            .replace(')', " ) ")
            .split_whitespace()
            .collect::<Vec<_>>()
            .as_slice(),
    )
}

fn either(words: &mut &[&str]) -> bool {
    let mut good = both(words);
    while let Some((&"OR", rest)) = words.split_first() {
        *words = rest;
        good |= both(words);
    }
    good
}

fn both(words: &mut &[&str]) -> bool {
    let mut good = one(words);
    while let Some((&"AND", rest)) = words.split_first() {
        *words = rest;
        good &= one(words);
    }
    good
}

fn one(words: &mut &[&str]) -> bool {
    let Some((&first, rest)) = words.split_first() else {
        return false;
    };
    *words = rest;
    if first == "(" {
        let good = either(words);
        if let Some((&")", rest)) = words.split_first() {
            *words = rest;
        }
        return good;
    }
    let mut name = first.to_owned();
    if let Some((&"WITH", rest)) = words.split_first()
        && let Some((exception, rest)) = rest.split_first()
    {
        name = format!("{first} WITH {exception}");
        *words = rest;
    }
    ALLOWED.contains(&name.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn expressions_are_read() {
        for (expression, good) in [
            ("MIT OR Apache-2.0", true),
            ("MIT/Apache-2.0", true),
            ("GPL-3.0-only", false),
            ("GPL-3.0-only OR MIT", true),
            ("MIT AND GPL-3.0-only", false),
            ("(MIT OR Apache-2.0) AND Unicode-3.0", true),
            ("(GPL-2.0-only OR LGPL-2.1-only) AND MIT", false),
            ("Apache-2.0 WITH LLVM-exception OR MIT", true),
            ("none named", false),
            ("", false),
        ] {
            assert_eq!(allowed(expression), good, "{expression}");
        }
    }

    #[test]
    fn growth_of_the_lock_file_is_found() {
        let lock = "[[package]]\nname = \"a\"\n[[package]]\nname = \"b\"\n";
        assert_eq!(
            count(&Tree::of(&[("Cargo.lock", lock), (COUNT, "2\n")])),
            None
        );
        assert!(count(&Tree::of(&[("Cargo.lock", lock), (COUNT, "1\n")])).is_some());
        assert!(count(&Tree::of(&[("Cargo.lock", lock)])).is_some());
    }

    #[test]
    fn front_end_licences_are_found() {
        let lock = r#"{"packages": {"": {}, "node_modules/a": {"version": "1", "license": "MIT"}, "node_modules/b": {"version": "2", "license": "SSPL-1.0"}}}"#;
        let found = front_end(&Tree::of(&[("package-lock.json", lock)]));
        assert_eq!(found.len(), 1);
        assert!(found[0].text.contains("node_modules/b 2"));
    }
}
