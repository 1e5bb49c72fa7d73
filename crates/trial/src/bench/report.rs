//! The page the figures are kept on. Each measure has a section of its own, so
//! that one can be taken again without the others.

use super::machine;
use anyhow::{Context, Result};
use std::collections::BTreeMap;
use std::path::Path;

/// One line of a measure's table.
pub struct Line {
    /// What was measured.
    pub what: String,
    /// The figure, with its spread.
    pub figure: String,
    /// The target, or empty.
    pub target: String,
    /// Whether the target is met; `None` without a target.
    pub met: Option<bool>,
}

impl Line {
    /// A figure without a target.
    pub fn fact(what: impl Into<String>, figure: impl Into<String>) -> Self {
        Self {
            what: what.into(),
            figure: figure.into(),
            target: String::new(),
            met: None,
        }
    }

    /// A figure and its target.
    pub fn against(
        what: impl Into<String>,
        figure: impl Into<String>,
        target: impl Into<String>,
        met: bool,
    ) -> Self {
        Self {
            what: what.into(),
            figure: figure.into(),
            target: target.into(),
            met: Some(met),
        }
    }
}

const HEAD: &str = "# Benchmarks\n\n\
    Written by `make bench` (`cargo xtask bench`, crate `trial`); do not edit by hand. Run one measure with\n\
    `cargo xtask bench NAME`. Each figure is the middle of its repeats, with the lowest and highest. Ratios are\n\
    to what the same machine did in the same run, so that they can be compared between machines.\n";

/// Writes a measure's section into the page, leaving the others as they are.
pub fn write(page: &Path, order: &[&str], name: &str, method: &str, lines: &[Line]) -> Result<()> {
    let text = std::fs::read_to_string(page).unwrap_or_default();
    let mut sections = sections(&text);
    sections.insert(name.to_owned(), section(method, lines));
    let mut text = HEAD.to_owned();
    for name in order {
        if let Some(section) = sections.get(*name) {
            text.push_str(&format!("\n## {name}\n\n{}\n", section.trim()));
        }
    }
    std::fs::create_dir_all(page.parent().context("the page is in a folder")?)?;
    std::fs::write(page, text)?;
    Ok(())
}

fn section(method: &str, lines: &[Line]) -> String {
    let mut text = format!(
        "{method}\n\nMachine: {}; load average {} at the end.\n\n| what | figure | target | met |\n|---|---|---|---|\n",
        machine::describe(),
        machine::load(),
    );
    for line in lines {
        let met = line
            .met
            .map_or("", |met| if met { "yes" } else { "**no**" });
        text.push_str(&format!(
            "| {} | {} | {} | {met} |\n",
            line.what, line.figure, line.target
        ));
    }
    text
}

fn sections(text: &str) -> BTreeMap<String, String> {
    text.split("\n## ")
        .skip(1)
        .filter_map(|part| {
            part.split_once('\n')
                .map(|(name, body)| (name.to_owned(), body.to_owned()))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_section_changes_and_the_others_stay() {
        let folder = tempfile::tempdir().unwrap();
        let page = folder.path().join("docs/benchmarks.md");
        let order = ["board", "person"];
        write(&page, &order, "person", "How.", &[Line::fact("a", "1")]).unwrap();
        write(
            &page,
            &order,
            "board",
            "How else.",
            &[Line::against("b", "2", "1", false)],
        )
        .unwrap();
        write(&page, &order, "person", "How.", &[Line::fact("a", "3")]).unwrap();
        let text = std::fs::read_to_string(&page).unwrap();
        assert!(text.find("## board").unwrap() < text.find("## person").unwrap());
        assert!(text.contains("| a | 3 |  |  |") && !text.contains("| a | 1 |"));
        assert!(text.contains("| b | 2 | 1 | **no** |"));
    }
}
