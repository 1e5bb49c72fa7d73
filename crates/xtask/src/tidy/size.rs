//! Functions fit a screen and files can be read in one sitting.

use super::Finding;
use super::tree::{Tree, is_test_file, product_lines};
use std::collections::BTreeSet;

/// Longest function before it is listed, in lines.
const FUNCTION: usize = 70;
/// Longest Rust file before it is listed, in lines.
const FILE: usize = 600;
/// Longest Rust file allowed, in lines.
const FILE_LIMIT: usize = 800;
/// Longest ARCHITECTURE.md, in lines and words: four printed pages.
const PAGES: (usize, usize) = (200, 2_000);

/// Measures every Rust file and the architecture page.
pub fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings: Vec<Finding> = tree
        .rust()
        .flat_map(|(path, text)| rust_file(path, text))
        .collect();
    if let Some(text) = tree.text("ARCHITECTURE.md") {
        let (lines, words) = (text.lines().count(), text.split_whitespace().count());
        if lines > PAGES.0 || words > PAGES.1 {
            let said = format!(
                "{lines} lines, {words} words: at most {} and {}; cut what changes often",
                PAGES.0, PAGES.1
            );
            findings.push(Finding::new("ARCHITECTURE.md", 0, "size", said));
        }
    }
    findings
}

fn rust_file(path: &str, text: &str) -> Vec<Finding> {
    let mut findings = Vec::new();
    let count = text.lines().count();
    if count > FILE_LIMIT {
        findings.push(Finding::new(
            path,
            0,
            "size",
            format!("{count} lines, at most {FILE_LIMIT}: split it by what it does"),
        ));
    } else if count > FILE {
        findings.push(Finding::note(
            path,
            0,
            "size",
            format!("{count} lines: think of splitting it by what it does"),
        ));
    }
    // A table of examples may be as long as it needs to be.
    let product: BTreeSet<usize> = if is_test_file(path) {
        BTreeSet::new()
    } else {
        product_lines(text)
            .into_iter()
            .map(|(line, _)| line)
            .collect()
    };
    for (line, name, length) in functions(text) {
        if length > FUNCTION && product.contains(&line) {
            let said =
                format!("`{name}` has {length} lines: name its steps and make them functions");
            findings.push(Finding::note(path, line, "size", said));
        }
    }
    findings
}

/// Line, name and length of every function, by the indentation rustfmt gives it.
fn functions(text: &str) -> Vec<(usize, &str, usize)> {
    let lines: Vec<&str> = text.lines().collect();
    let mut found = Vec::new();
    for (index, line) in lines.iter().enumerate() {
        let start = line.trim_start();
        let indent = &line[..line.len() - start.len()];
        let Some(name) = function_name(start) else {
            continue;
        };
        let end = format!("{indent}}}");
        let one_line = start.ends_with('}') || start.ends_with(';');
        if let Some(length) = lines[index..]
            .iter()
            .position(|line| *line == end)
            .filter(|_| !one_line)
        {
            found.push((index + 1, name, length + 1));
        }
    }
    found
}

fn function_name(start: &str) -> Option<&str> {
    let mut rest = start;
    for word in [
        "pub ",
        "pub(crate) ",
        "pub(super) ",
        "const ",
        "async ",
        "unsafe ",
    ] {
        rest = rest.strip_prefix(word).unwrap_or(rest);
    }
    let rest = rest.strip_prefix("fn ")?;
    rest.split(['(', '<']).next()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_functions_are_noted_and_long_files_fail() {
        let long = format!("pub fn long(a: u8) {{\n{}}}\n", "    a();\n".repeat(70));
        let findings = rust_file("a.rs", &long);
        assert_eq!(findings.len(), 1);
        assert!(findings[0].note && findings[0].text.contains("`long` has 72 lines"));
        assert!(rust_file("a.rs", &"// x\n".repeat(601))[0].note);
        assert!(!rust_file("a.rs", &"// x\n".repeat(801))[0].note);
        assert_eq!(rust_file("a.rs", "fn a() {}\n"), []);
    }

    #[test]
    fn the_architecture_stays_short() {
        let tree = Tree::of(&[("ARCHITECTURE.md", &"a b c\n".repeat(201))]);
        assert_eq!(check(&tree).len(), 1);
    }
}
