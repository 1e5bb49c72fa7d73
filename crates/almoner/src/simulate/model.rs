//! What is simulated: a model in TOML, or a workbook.

use crate::failure::Failure;
use simulate::pathways::{Counting, Pathways};
use simulate::{Error, Limits, Model, Outcome, Plan, Settings};
use std::path::Path;

/// The model itself, without differences.
pub(super) const BASELINE: &str = "baseline";
/// Replications of a workbook, which does not say.
const REPLICATIONS: u32 = 100;

pub(super) enum Source {
    Toml { text: String, model: Box<Model> },
    Workbook(Pathways),
}

impl Source {
    /// Reads it by what it is, whatever it is called.
    pub(super) fn read(path: &Path, bytes: &[u8]) -> Result<Self, Failure> {
        let refused = |what: String| Failure::Refused(format!("{}: {what}", path.display()));
        // What a workbook starts with: the new kind is a zip, the old kind a compound file.
        if bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(&[0xd0, 0xcf, 0x11, 0xe0]) {
            return workbook::pathways::read(bytes)
                .map(Self::Workbook)
                .map_err(|issues| {
                    let lines: Vec<String> =
                        issues.iter().take(20).map(ToString::to_string).collect();
                    let more = issues.len().saturating_sub(lines.len());
                    let rest = if more > 0 {
                        format!("\nand {more} more")
                    } else {
                        String::new()
                    };
                    refused(format!("{}{rest}", lines.join("\n")))
                });
        }
        let text = std::str::from_utf8(bytes)
            .map_err(|_| refused("it is neither a model in TOML nor a workbook".to_owned()))?;
        let model = Model::parse(text).map_err(|error| refused(error.to_string()))?;
        Ok(Self::Toml {
            text: text.to_owned(),
            model: Box::new(model),
        })
    }

    fn scenarios(&self) -> Vec<String> {
        match self {
            Self::Toml { model, .. } => {
                let own = model.scenario.keys().cloned();
                std::iter::once(BASELINE.to_owned()).chain(own).collect()
            }
            Self::Workbook(pathways) => pathways.scenarios(),
        }
    }

    /// The scenarios asked for, or all.
    pub(super) fn chosen(&self, asked: &[String]) -> Result<Vec<String>, Failure> {
        let all = self.scenarios();
        if asked.is_empty() {
            return Ok(all);
        }
        match asked.iter().find(|name| !all.contains(name)) {
            None => Ok(asked.to_vec()),
            Some(name) => {
                let names: Vec<String> = all.iter().map(|name| format!("`{name}`")).collect();
                Err(Failure::Usage(format!(
                    "there is no scenario `{name}`; there are {}",
                    names.join(", ")
                )))
            }
        }
    }

    pub(super) fn plan(&self, scenario: &str) -> Result<Plan, Error> {
        match self {
            Self::Toml { model, .. } if scenario == BASELINE => Plan::new(model),
            Self::Toml { text, .. } => Plan::new(&Model::scenario_of(text, scenario)?),
            Self::Workbook(pathways) => pathways.plan(scenario),
        }
    }

    pub(super) fn settings(
        &self,
        scenario: &str,
        reps: Option<u32>,
        seed: Option<u64>,
    ) -> Settings {
        let (own_reps, own_seed) = match self {
            Self::Toml { model, .. } => (model.replications, model.seed),
            Self::Workbook(_) => (REPLICATIONS, 1),
        };
        Settings {
            scenario: scenario.to_owned(),
            seed: seed.unwrap_or(own_seed),
            replications: reps.unwrap_or(own_reps),
            precision: None,
        }
    }

    pub(super) fn run(
        &self,
        plan: &Plan,
        settings: &Settings,
        counting: Counting,
        limits: &Limits<'_>,
    ) -> Result<Outcome, Error> {
        match self {
            Self::Workbook(pathways) if self.counts_as_published(counting) => {
                pathways.run(settings, counting, limits)
            }
            _ => simulate::run(plan, settings, limits),
        }
    }

    pub(super) fn counts_as_published(&self, counting: Counting) -> bool {
        matches!(self, Self::Workbook(_)) && counting == Counting::Published
    }
}
