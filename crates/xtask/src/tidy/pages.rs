//! Pages and settings: links in Markdown lead somewhere, every lint setting has
//! its reason, every environment variable has its page, every policy value its source.

use super::Finding;
use super::dead::resolve;
use super::tree::{Tree, is_test_file, product_lines};

/// Where environment variables are documented.
const SETTINGS: &str = "docs/operate/configuration.md";

/// Checks Markdown, `clippy.toml` and environment variables.
pub fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings: Vec<Finding> = tree
        .texts()
        .filter(|(path, _)| path.ends_with(".md"))
        .flat_map(|(path, text)| links(tree, path, text))
        .collect();
    findings.extend(lint_reasons(tree));
    findings.extend(variables(tree));
    findings
}

/// Links to files that are not there, and to headings that are not there.
fn links(tree: &Tree, path: &str, text: &str) -> Vec<Finding> {
    let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
    let mut findings = Vec::new();
    let mut fenced = false;
    for (index, line) in text.lines().enumerate() {
        fenced ^= line.trim_start().starts_with("```");
        if fenced {
            continue;
        }
        for target in targets(line) {
            let (file, heading) = target
                .split_once('#')
                .map_or((target, None), |(file, heading)| (file, Some(heading)));
            let whole = if file.is_empty() {
                path.to_owned()
            } else {
                resolve(folder, file)
            };
            if !tree.has(&whole) {
                findings.push(Finding::new(
                    path,
                    index + 1,
                    "links",
                    format!("`{target}` leads nowhere"),
                ));
            } else if let Some(heading) = heading
                && let Some(text) = tree.text(&whole).filter(|_| whole.ends_with(".md"))
                && !headings(text).any(|known| known == heading)
            {
                findings.push(Finding::new(
                    path,
                    index + 1,
                    "links",
                    format!("`{whole}` has no heading `{heading}`"),
                ));
            }
        }
    }
    findings
}

/// The targets of inline links and pictures on a line that stay inside the repository.
fn targets(line: &str) -> Vec<&str> {
    line.match_indices("](")
        .filter_map(|(at, _)| line[at + 2..].split([')', ' ']).next())
        .filter(|target| {
            !target.contains("://") && !target.starts_with("mailto:") && !target.is_empty()
        })
        .collect()
}

/// The names headings are linked by.
fn headings(text: &str) -> impl Iterator<Item = String> {
    text.lines()
        .filter(|line| line.starts_with('#'))
        .map(|line| {
            line.trim_start_matches('#')
                .trim()
                .chars()
                .filter_map(|c| match c {
                    ' ' => Some('-'),
                    '-' | '_' => Some(c),
                    c if c.is_alphanumeric() => Some(c.to_ascii_lowercase()),
                    _ => None,
                })
                .collect()
        })
}

/// Disallowed methods and types without a reason.
fn lint_reasons(tree: &Tree) -> Vec<Finding> {
    const FILE: &str = "clippy.toml";
    let Some(settings) = tree
        .text(FILE)
        .and_then(|text| text.parse::<toml::Table>().ok())
    else {
        return vec![Finding::new(
            FILE,
            0,
            "reasons",
            "the file is missing or is not TOML",
        )];
    };
    let mut findings = Vec::new();
    for key in [
        "disallowed-methods",
        "disallowed-types",
        "disallowed-macros",
    ] {
        for entry in settings
            .get(key)
            .and_then(toml::Value::as_array)
            .into_iter()
            .flatten()
        {
            let reason = entry
                .get("reason")
                .and_then(toml::Value::as_str)
                .unwrap_or_default();
            if reason.trim().is_empty() {
                let path = entry.get("path").unwrap_or(entry);
                findings.push(Finding::new(
                    FILE,
                    0,
                    "reasons",
                    format!("{path} is disallowed without a reason: say why and what to use"),
                ));
            }
        }
    }
    findings
}

/// Environment variables of the product that no page describes.
fn variables(tree: &Tree) -> Vec<Finding> {
    let page = tree.text(SETTINGS).unwrap_or_default();
    let mut findings = Vec::new();
    for (path, text) in tree.rust() {
        if !path.starts_with("crates/") || path.starts_with("crates/xtask/") || is_test_file(path) {
            continue;
        }
        for (number, line) in product_lines(text) {
            for name in line
                .match_indices("\"ALMONER_")
                .filter_map(|(at, _)| line[at + 1..].split('"').next())
            {
                if !page.contains(&format!("`{name}`")) {
                    findings.push(Finding::new(
                        path,
                        number,
                        "settings",
                        format!("`{name}` is not described in {SETTINGS}"),
                    ));
                }
            }
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_that_lead_nowhere_are_found() {
        let tree = Tree::of(&[
            (
                "docs/start.md",
                "# Start here\n[a](../README.md) [b](gone.md) [c](#start-here) [d](#no) [e](https://x.org/y)\n```\n[f](gone.md)\n```\n",
            ),
            (
                "README.md",
                "![p](docs/pictures/board.png)\n[s](docs/start.md#start-here)\n",
            ),
        ]);
        let found: Vec<_> = tree
            .texts()
            .flat_map(|(path, text)| links(&tree, path, text))
            .map(|f| (f.file, f.line))
            .collect();
        assert_eq!(
            found,
            [
                ("README.md".to_owned(), 1),
                ("docs/start.md".to_owned(), 2),
                ("docs/start.md".to_owned(), 2)
            ]
        );
    }

    #[test]
    fn settings_without_a_reason_or_a_page_are_found() {
        let tree = Tree::of(&[
            (
                "clippy.toml",
                "disallowed-methods = [{ path = \"a::b\" }, { path = \"c\", reason = \"d\" }]\n",
            ),
            (
                "crates/almoner/src/main.rs",
                "env(\"ALMONER_DATA\");\nenv(\"ALMONER_NEW\");\n",
            ),
            (SETTINGS, "`ALMONER_DATA`: the folder\n"),
        ]);
        assert_eq!(lint_reasons(&tree).len(), 1);
        let found = variables(&tree);
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].line, 2);
    }
}
