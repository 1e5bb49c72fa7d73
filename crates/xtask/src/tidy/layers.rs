//! Arrows between crates point down only.

use super::Finding;
use crate::run;
use anyhow::Result;
use serde::Deserialize;
use std::collections::BTreeSet;

/// The layer of each of our crates, from the ground up: a crate may depend on
/// crates of lower layers. `DESIGN` of the layers: know, keep, use, edge, run.
const LAYERS: &[(&str, u8)] = &[
    // know
    ("kernel", 0),
    ("linkage", 1),
    ("person", 2),
    ("flow", 1),
    ("place", 1),
    ("fund", 1),
    ("simulate", 1),
    ("rounds", 1),
    // keep
    ("fhir", 3),
    ("workbook", 3),
    ("store", 3),
    // use
    ("access", 4),
    ("app", 5),
    // edge
    ("web", 6),
    ("api", 6),
    // dev, of which the binary uses one: its demo is a synthetic place
    ("synth", 6),
    // run
    ("almoner", 7),
    // dev
    ("testkit", 7),
    ("trial", 8),
    ("xtask", 8),
];

/// What know-layer crates may depend on besides our own: nothing with input or
/// output, a clock that is on by default, or randomness.
const KNOW_MAY_USE: &[&str] = &[
    "csv",
    "jiff",
    "rayon",
    "serde",
    "serde_json",
    "strsim",
    "thiserror",
    "toml",
    "uuid",
];

/// What only some crates may depend on, and why.
const ONLY_IN: &[(&str, &[&str], &str)] = &[
    ("rusqlite", &["store", "trial"], "all SQL lives in `store`"),
    (
        "postgres",
        &["store", "testkit"],
        "all SQL lives in `store`",
    ),
    (
        "axum",
        &["web", "api", "almoner", "trial"],
        "HTTP lives in `web`, and `almoner` listens",
    ),
    (
        "tokio",
        &["web", "api", "almoner", "trial"],
        "only the edge is asynchronous",
    ),
    (
        "testkit",
        &["trial"],
        "it is for tests: put it under [dev-dependencies]",
    ),
    ("trial", &[], "nothing depends on house-keeping"),
    ("xtask", &[], "nothing depends on house-keeping"),
];

/// What `cargo metadata` says, as far as the rules need it.
#[derive(Deserialize)]
pub struct Metadata {
    /// Every locked package, ours and others'.
    pub packages: Vec<Package>,
    workspace_members: BTreeSet<String>,
    /// The folder of the workspace.
    pub workspace_root: String,
}

/// One package.
#[derive(Deserialize)]
pub struct Package {
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: String,
    id: String,
    /// Its licence, as an SPDX expression.
    pub license: Option<String>,
    /// Whole path of its manifest.
    pub manifest_path: String,
    /// What it depends on.
    pub dependencies: Vec<Dependency>,
    /// What is built from it.
    pub targets: Vec<Target>,
}

/// One dependency.
#[derive(Deserialize)]
pub struct Dependency {
    /// Its name.
    pub name: String,
    /// `None` for an ordinary one, else `dev` or `build`.
    pub kind: Option<String>,
}

/// Something that is built: a library, a binary, a test.
#[derive(Deserialize)]
pub struct Target {
    /// Whole path of its root file.
    pub src_path: String,
}

impl Metadata {
    /// Asks cargo about this workspace.
    pub fn of_workspace() -> Result<Self> {
        let text =
            run::output(run::cargo().args(["metadata", "--format-version", "1", "--locked"]))?;
        Ok(serde_json::from_str(&text)?)
    }

    /// Our own packages.
    pub fn ours(&self) -> impl Iterator<Item = &Package> {
        self.packages
            .iter()
            .filter(|package| self.workspace_members.contains(&package.id))
    }

    /// A path from the root of the workspace.
    pub fn relative<'a>(&self, path: &'a str) -> &'a str {
        path.strip_prefix(&self.workspace_root)
            .unwrap_or(path)
            .trim_start_matches('/')
    }
}

/// Checks the direction of every arrow between our crates.
pub fn check(metadata: &Metadata) -> Vec<Finding> {
    metadata
        .ours()
        .flat_map(|package| {
            let manifest = metadata.relative(&package.manifest_path);
            package
                .dependencies
                .iter()
                .filter(|dependency| dependency.kind.as_deref() != Some("dev"))
                .filter_map(|dependency| arrow(&package.name, &dependency.name))
                .chain(layer(&package.name).is_none().then(|| {
                    format!(
                        "crate `{}` has no layer: give it one in crates/xtask/src/tidy/layers.rs",
                        package.name
                    )
                }))
                .map(|text| Finding::new(manifest, 0, "layers", text))
                .collect::<Vec<_>>()
        })
        .collect()
}

fn layer(name: &str) -> Option<u8> {
    LAYERS
        .iter()
        .find(|(known, _)| *known == name)
        .map(|(_, layer)| *layer)
}

/// What is wrong with `from` depending on `to`, if anything.
fn arrow(from: &str, to: &str) -> Option<String> {
    if let Some((_, may, why)) = ONLY_IN.iter().find(|(name, ..)| *name == to)
        && !may.contains(&from)
    {
        return Some(format!("`{from}` may not depend on `{to}`: {why}"));
    }
    match (layer(from), layer(to)) {
        (Some(above), Some(below)) if below >= above => Some(format!(
            "`{from}` may not depend on `{to}`: arrows point down only; move what is shared to a lower crate, or pass it in"
        )),
        (Some(0 | 1), None) if !KNOW_MAY_USE.contains(&to) => Some(format!(
            "`{from}` is a know-layer crate and may not depend on `{to}`: it must stay free of input, output, clock and randomness"
        )),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arrows_point_down() {
        for (from, to, fits) in [
            ("app", "store", true),
            ("app", "access", true),
            ("access", "app", false),
            ("store", "fhir", false),
            ("kernel", "flow", false),
            ("flow", "person", false),
            ("flow", "jiff", true),
            ("flow", "rand", false),
            ("kernel", "tokio", false),
            ("web", "rusqlite", false),
            ("store", "rusqlite", true),
            ("almoner", "synth", true),
            ("almoner", "testkit", false),
        ] {
            assert_eq!(arrow(from, to).is_none(), fits, "{from} -> {to}");
        }
    }

    #[test]
    fn a_crate_without_a_layer_is_found() {
        let metadata: Metadata = serde_json::from_value(serde_json::json!({
            "packages": [{"name": "stray", "version": "0.1.0", "id": "stray", "license": null,
                "manifest_path": "/r/crates/stray/Cargo.toml", "dependencies": [], "targets": []}],
            "workspace_members": ["stray"], "workspace_root": "/r",
        }))
        .unwrap();
        let findings = check(&metadata);
        assert_eq!(findings.len(), 1);
        assert_eq!(findings[0].file, "crates/stray/Cargo.toml");
    }
}
