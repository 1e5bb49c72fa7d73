//! The files of the repository, as the rules see them.

use crate::run;
use anyhow::Result;
use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

/// Paths from the root with their text; files that are not text have none.
#[derive(Default)]
pub struct Tree(BTreeMap<String, Option<String>>);

impl Tree {
    /// Every tracked file, and every new one that is not ignored.
    pub fn of_repository(root: &Path) -> Result<Self> {
        let list = run::output(
            Command::new("git")
                .args([
                    "ls-files",
                    "-z",
                    "--cached",
                    "--others",
                    "--exclude-standard",
                ])
                .current_dir(root),
        )?;
        let mut files = BTreeMap::new();
        for path in list.split('\0').filter(|path| !path.is_empty()) {
            if let Ok(bytes) = std::fs::read(root.join(path)) {
                files.insert(path.to_owned(), String::from_utf8(bytes).ok());
            }
        }
        Ok(Self(files))
    }

    /// A tree for a test.
    #[cfg(test)]
    pub fn of(files: &[(&str, &str)]) -> Self {
        Self(
            files
                .iter()
                .map(|(path, text)| ((*path).to_owned(), Some((*text).to_owned())))
                .collect(),
        )
    }

    /// Every path.
    pub fn files(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }

    /// Every text file with its text.
    pub fn texts(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0
            .iter()
            .filter_map(|(path, text)| Some((path.as_str(), text.as_deref()?)))
    }

    /// Rust files with their text.
    pub fn rust(&self) -> impl Iterator<Item = (&str, &str)> {
        self.texts().filter(|(path, _)| path.ends_with(".rs"))
    }

    /// The text of one file.
    pub fn text(&self, path: &str) -> Option<&str> {
        self.0.get(path)?.as_deref()
    }

    /// Whether there is such a file or folder.
    pub fn has(&self, path: &str) -> bool {
        let path = path.trim_end_matches('/');
        self.0.contains_key(path)
            || self
                .0
                .range(format!("{path}/")..)
                .next()
                .is_some_and(|(next, _)| next.starts_with(&format!("{path}/")))
    }
}

/// Whether a Rust file is test code as a whole.
pub fn is_test_file(path: &str) -> bool {
    path.contains("/tests/")
        || path.starts_with("tests/")
        || path.ends_with("/tests.rs")
        || path.ends_with("_tests.rs")
}

/// The lines of a Rust file that are product code, numbered from 1: without
/// comments and without `#[cfg(test)]` modules.
pub fn product_lines(text: &str) -> Vec<(usize, &str)> {
    let mut lines = Vec::new();
    let mut skip_until: Option<String> = None;
    let mut test_next = false;
    for (index, line) in text.lines().enumerate() {
        if let Some(end) = &skip_until {
            if line == end {
                skip_until = None;
            }
            continue;
        }
        let code = without_comment(line);
        let start = code.trim_start();
        if start.starts_with("#[cfg(test)]") {
            test_next = true;
            continue;
        }
        if test_next && !start.starts_with("#[") && !start.is_empty() {
            test_next = false;
            let indent = &code[..code.len() - start.len()];
            if code.trim_end().ends_with('{') {
                skip_until = Some(format!("{indent}}}"));
            }
            continue;
        }
        if !start.is_empty() && !test_next {
            lines.push((index + 1, code));
        }
    }
    lines
}

/// A line of Rust without its `//` comment; `//` after a colon is taken for an address.
fn without_comment(line: &str) -> &str {
    let mut from = 0;
    while let Some(at) = line[from..].find("//").map(|at| from + at) {
        if at == 0 || !line[..at].ends_with(':') {
            return &line[..at];
        }
        from = at + 2;
    }
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn product_lines_leave_out_comments_and_tests() {
        let text = "fn a() {} // std::fs\n#[cfg(test)]\nmod tests {\n    fn b() {}\n}\n/// x\nfn c() {}\n#[cfg(test)]\nmod more;\nconst D: &str = \"http://e\";\n";
        let lines: Vec<_> = product_lines(text)
            .into_iter()
            .map(|(n, line)| (n, line.trim()))
            .collect();
        assert_eq!(
            lines,
            [
                (1, "fn a() {}"),
                (7, "fn c() {}"),
                (10, "const D: &str = \"http://e\";")
            ]
        );
    }

    #[test]
    fn folders_are_found() {
        let tree = Tree::of(&[("docs/start.md", "")]);
        assert!(tree.has("docs") && tree.has("docs/") && tree.has("docs/start.md"));
        assert!(!tree.has("doc") && !tree.has("docs/star"));
    }
}
