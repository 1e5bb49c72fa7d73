//! The house rules as a test. Every finding names a file and line, the rule,
//! and what to do about it.

mod dead;
mod layers;
mod licences;
mod migrations;
mod pages;
mod pure;
mod size;
mod sql;
mod tree;
mod words;

use crate::run;
use anyhow::Result;
use std::fmt;
use std::process::ExitCode;
use tree::Tree;

/// Something that breaks a house rule.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Finding {
    /// Path from the root of the repository.
    pub file: String,
    /// Line from 1; 0 is the file as a whole.
    pub line: usize,
    /// Short name of the rule.
    pub rule: &'static str,
    /// What is wrong and what to do.
    pub text: String,
    /// Whether it only asks for a thought, and does not fail the check.
    pub note: bool,
}

impl Finding {
    fn new(file: &str, line: usize, rule: &'static str, text: impl Into<String>) -> Self {
        Self {
            file: file.to_owned(),
            line,
            rule,
            text: text.into(),
            note: false,
        }
    }

    fn note(file: &str, line: usize, rule: &'static str, text: impl Into<String>) -> Self {
        Self {
            note: true,
            ..Self::new(file, line, rule, text)
        }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kind = if self.note { "note" } else { "breaks" };
        write!(
            f,
            "{}:{}: {kind} {}: {}",
            self.file,
            self.line.max(1),
            self.rule,
            self.text
        )
    }
}

/// Checks the repository and prints what it finds.
pub fn run() -> Result<ExitCode> {
    let tree = Tree::of_repository(&run::root())?;
    let cargo = layers::Metadata::of_workspace()?;
    let mut findings = Vec::new();
    findings.extend(layers::check(&cargo));
    findings.extend(pure::check(&tree));
    findings.extend(sql::check(&tree));
    findings.extend(dead::check(&tree, &cargo));
    findings.extend(licences::check(&tree, &cargo));
    findings.extend(words::check(&tree));
    findings.extend(migrations::check(&tree));
    findings.extend(pages::check(&tree));
    findings.extend(size::check(&tree));
    findings.sort();
    findings.sort_by_key(|finding| !finding.note);
    for finding in &findings {
        println!("{finding}");
    }
    let broken = findings.iter().filter(|finding| !finding.note).count();
    println!(
        "tidy: {} files, {broken} broken rules, {} notes",
        tree.files().count(),
        findings.len() - broken
    );
    Ok(if broken == 0 {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}
