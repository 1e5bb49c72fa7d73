//! No dead files: every Rust file is reached by a `mod`, every template,
//! migration, policy and data file is named somewhere, every snapshot has its test.

use super::Finding;
use super::layers::Metadata;
use super::tree::Tree;
use std::collections::BTreeSet;

/// Checks the whole tree.
pub fn check(tree: &Tree, metadata: &Metadata) -> Vec<Finding> {
    let roots: Vec<String> = metadata
        .ours()
        .flat_map(|package| &package.targets)
        .map(|target| metadata.relative(&target.src_path).to_owned())
        .chain(fuzz_roots(tree))
        .collect();
    let mut findings = rust_files(tree, &roots);
    findings.extend(named_files(tree));
    findings.extend(snapshots(tree));
    findings
}

/// Roots of crates outside the workspace, such as `fuzz/`: the `path`s their manifests name.
fn fuzz_roots(tree: &Tree) -> Vec<String> {
    let mut roots = Vec::new();
    for (path, text) in tree.texts() {
        let Some(folder) = path.strip_suffix("fuzz/Cargo.toml") else {
            continue;
        };
        for line in text.lines() {
            if let Some(target) = line
                .trim()
                .strip_prefix("path = \"")
                .and_then(|rest| rest.strip_suffix('"'))
            {
                roots.push(format!("{folder}fuzz/{target}"));
            }
        }
    }
    roots
}

/// Rust files that no root reaches.
fn rust_files(tree: &Tree, roots: &[String]) -> Vec<Finding> {
    let mut reached = BTreeSet::new();
    let mut next: Vec<(String, bool)> = roots.iter().map(|root| (root.clone(), true)).collect();
    while let Some((path, is_root)) = next.pop() {
        let Some(text) = tree.text(&path) else {
            continue;
        };
        if !reached.insert(path.clone()) {
            continue;
        }
        next.extend(
            modules(&path, text, is_root)
                .into_iter()
                .filter(|file| tree.has(file))
                .map(|file| (file, false)),
        );
    }
    tree.rust()
        .filter(|(path, _)| !reached.contains(*path) && !path.contains("/fixtures/"))
        .map(|(path, _)| {
            Finding::new(
                path,
                0,
                "dead files",
                "no `mod` reaches this file: name it in its parent or delete it",
            )
        })
        .collect()
}

/// The files that the `mod x;` and `include!` lines of a file may mean.
fn modules(path: &str, text: &str, is_root: bool) -> Vec<String> {
    let (folder, file) = path.rsplit_once('/').unwrap_or((".", path));
    let stem = file.trim_end_matches(".rs");
    let inside = if is_root || stem == "mod" {
        folder.to_owned()
    } else {
        format!("{folder}/{stem}")
    };
    let mut files = Vec::new();
    let mut given: Option<String> = None;
    for line in text.lines().map(str::trim) {
        if let Some(named) = line
            .strip_prefix("#[path = \"")
            .and_then(|rest| rest.split('"').next())
        {
            given = Some(resolve(folder, named));
        } else if let Some(named) = line
            .split_once("include!(\"")
            .and_then(|(_, rest)| rest.split('"').next())
        {
            files.push(resolve(folder, named));
        } else if let Some(name) = module_name(line) {
            match given.take() {
                Some(file) => files.push(file),
                None => files.extend([
                    format!("{inside}/{name}.rs"),
                    format!("{inside}/{name}/mod.rs"),
                ]),
            }
        }
    }
    files
}

fn module_name(line: &str) -> Option<&str> {
    let at = line.find("mod ")?;
    let before = line[..at].trim();
    (before.is_empty() || before.starts_with("pub") || before.ends_with(']'))
        .then(|| line[at + 4..].strip_suffix(';'))
        .flatten()
        .map(str::trim)
}

/// A path relative to a folder, with `..` taken away.
pub fn resolve(folder: &str, path: &str) -> String {
    let mut parts: Vec<&str> = folder
        .split('/')
        .filter(|part| !part.is_empty() && *part != ".")
        .collect();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop();
            }
            other => parts.push(other),
        }
    }
    parts.join("/")
}

/// Folders whose files must each be named in code, or taken whole by a line that
/// embeds the folder. The second says what kind of file it is.
const NAMED: &[(&str, &str)] = &[
    ("migrations/", "migration"),
    ("policy/", "policy file"),
    ("data/", "data file"),
    ("crates/web/templates/", "template"),
];

fn named_files(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (folder, kind) in NAMED {
        for path in tree.files().filter(|path| path.starts_with(folder)) {
            let below = &path[folder.len()..];
            let beside_data = below.ends_with(".md")
                || below
                    .rsplit('/')
                    .next()
                    .is_some_and(|name| name.starts_with("SOURCE"));
            let named = tree.texts().any(|(user, text)| {
                user != path
                    && [".rs", ".html", ".toml", ".txt", ".css", ".svg"]
                        .iter()
                        .any(|end| user.ends_with(end))
                    && names(text, below, folder)
            });
            if !named && !beside_data {
                findings.push(Finding::new(
                    path,
                    0,
                    "dead files",
                    format!("nothing names this {kind}: use it or delete it"),
                ));
            }
        }
    }
    findings
}

/// Whether a text names a file below a folder, or takes a folder it lies in whole.
fn names(text: &str, below: &str, folder: &str) -> bool {
    if text.contains(&format!("{below}\"")) || text.contains(&format!("/{below}")) {
        return true;
    }
    let whole = below.rsplit_once('/').map_or_else(
        || folder.trim_end_matches('/').to_owned(),
        |(sub, _)| format!("{folder}{sub}"),
    );
    text.contains("#[folder")
        && text
            .lines()
            .any(|line| line.contains("#[folder") && line.contains(&whole))
}

/// Snapshots whose test is gone.
fn snapshots(tree: &Tree) -> Vec<Finding> {
    tree.texts()
        .filter(|(path, _)| path.ends_with(".snap"))
        .filter_map(|(path, text)| {
            let why = dead_snapshot(tree, path, text)?;
            Some(Finding::new(
                path,
                0,
                "dead files",
                format!("{why}: delete the snapshot"),
            ))
        })
        .collect()
}

fn dead_snapshot(tree: &Tree, path: &str, text: &str) -> Option<String> {
    let source = text
        .lines()
        .find_map(|line| line.strip_prefix("source: "))?
        .trim()
        .trim_matches('"');
    let Some(code) = tree.text(source) else {
        return Some(format!("its test {source} is gone"));
    };
    let file = path
        .rsplit('/')
        .next()
        .unwrap_or(path)
        .trim_end_matches(".snap");
    let name = file.rsplit("__").next().unwrap_or(file);
    let name = name.split('@').next().unwrap_or(name);
    let plain = name
        .trim_end_matches(|c: char| c.is_ascii_digit())
        .trim_end_matches('-');
    let known = code.contains(name) || code.contains(plain) || code.contains("format!(");
    (!known).then(|| format!("{source} has no test of this name"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rust_files_that_nothing_reaches_are_found() {
        let tree = Tree::of(&[
            (
                "crates/a/src/lib.rs",
                "mod b;\npub(crate) mod c;\n#[cfg(test)]\n#[path = \"odd.rs\"]\nmod tests;\n",
            ),
            ("crates/a/src/b.rs", "mod inner;\n"),
            ("crates/a/src/b/inner.rs", ""),
            ("crates/a/src/c/mod.rs", "mod d;\n"),
            ("crates/a/src/c/d.rs", ""),
            ("crates/a/src/odd.rs", ""),
            ("crates/a/src/stray.rs", "mod b;\n"),
        ]);
        let found: Vec<_> = rust_files(&tree, &["crates/a/src/lib.rs".to_owned()])
            .into_iter()
            .map(|f| f.file)
            .collect();
        assert_eq!(found, ["crates/a/src/stray.rs"]);
    }

    #[test]
    fn files_that_nothing_names_are_found() {
        let tree = Tree::of(&[
            ("migrations/0001_a.sql", ""),
            ("migrations/0002_b.sql", ""),
            ("policy/reasons.csv", ""),
            ("policy/README.md", ""),
            (
                "crates/web/templates/flow/board.html",
                "{% include \"flow/row.html\" %}",
            ),
            ("crates/web/templates/flow/row.html", ""),
            (
                "crates/web/src/a.rs",
                "#[template(path = \"flow/board.html\")]\n",
            ),
            (
                "crates/store/src/a.rs",
                "include_str!(\"../../../migrations/0001_a.sql\")\n",
            ),
        ]);
        let found: Vec<_> = named_files(&tree).into_iter().map(|f| f.file).collect();
        assert_eq!(found, ["migrations/0002_b.sql", "policy/reasons.csv"]);
    }

    #[test]
    fn snapshots_without_a_test_are_found() {
        let tree = Tree::of(&[
            (
                "crates/a/tests/it/board.rs",
                "fn board_reads_well() { assert_snapshot!(text); }\n",
            ),
            (
                "crates/a/tests/it/snapshots/it__board__board_reads_well-2.snap",
                "---\nsource: crates/a/tests/it/board.rs\n---\n",
            ),
            (
                "crates/a/tests/it/snapshots/it__board__old_name.snap",
                "---\nsource: crates/a/tests/it/board.rs\n---\n",
            ),
            (
                "crates/a/tests/it/snapshots/it__gone__x.snap",
                "---\nsource: crates/a/tests/it/gone.rs\n---\n",
            ),
        ]);
        let found: Vec<_> = snapshots(&tree).into_iter().map(|f| f.file).collect();
        assert_eq!(
            found,
            [
                "crates/a/tests/it/snapshots/it__board__old_name.snap",
                "crates/a/tests/it/snapshots/it__gone__x.snap"
            ]
        );
    }
}
