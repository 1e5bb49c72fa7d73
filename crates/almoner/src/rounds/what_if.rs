//! `almoner rounds what-if`: the same visits before and after a change.

use super::Effort;
use super::input::{Input, bytes, care, refused, settings, text};
use crate::Format;
use crate::failure::Failure;
use crate::open::At;
use clap::Args;
use rounds::change::{Change, Figures, figures};
use serde::Serialize;
use std::path::PathBuf;

/// Two plans side by side, before and after a change.
///
/// Example: almoner rounds what-if week.json --zones-merged north,east
#[derive(Args)]
pub(super) struct WhatIf {
    /// The problem, as JSON.
    #[arg(value_name = "FILE")]
    file: PathBuf,
    #[command(flatten)]
    change: Wanted,
    #[command(flatten)]
    effort: Effort,
    /// How to print.
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
}

#[derive(Args)]
#[group(required = true, multiple = false)]
struct Wanted {
    /// Two zones become one.
    #[arg(long, value_name = "A,B", value_parser = two)]
    zones_merged: Option<(String, String)>,
    /// Two providers exchange their packages.
    #[arg(long, value_name = "A,B", value_parser = two)]
    providers_swapped: Option<(String, String)>,
    /// A provider goes with all its carers.
    #[arg(long, value_name = "A")]
    provider_gone: Option<String>,
}

fn two(text: &str) -> Result<(String, String), String> {
    let (one, other) = text
        .split_once(',')
        .ok_or("two names with a comma between are wanted")?;
    Ok((one.trim().to_owned(), other.trim().to_owned()))
}

#[derive(Serialize)]
struct Compared {
    before: Figures,
    after: Figures,
}

impl WhatIf {
    pub(super) fn run(&self, at: &At) -> Result<(), Failure> {
        let content = text(&self.file, bytes(&self.file)?)?;
        let before = rounds::case::parse(&content).map_err(|error| refused(&self.file, &error))?;
        let change = self.change.change()?;
        let after = change
            .apply(&before)
            .map_err(|error| refused(&self.file, &error))?;
        let compared = Compared {
            before: self.figures(before, at)?,
            after: self.figures(after, at)?,
        };
        match self.format {
            Format::Json => println!("{}", serde_json::to_string_pretty(&compared)?),
            Format::Csv => print!("{}", rows(&compared, ",")),
            Format::Text => print!("{}", rows(&compared, "  ")),
        }
        Ok(())
    }

    fn figures(&self, file: rounds::case::file::File, at: &At) -> Result<Figures, Failure> {
        let settings = settings(&file, at)?;
        let Input::Care(case) = care(&self.file, file, at)? else {
            return Err(Failure::Usage("home care as JSON is wanted".to_owned()));
        };
        let planned = self.effort.plan(&case.problem, None)?;
        Ok(figures(&case, &planned.checked, &settings))
    }
}

impl Wanted {
    fn change(&self) -> Result<Change, Failure> {
        let changes = [
            self.zones_merged
                .clone()
                .map(|(one, two)| Change::ZonesMerged(one, two)),
            self.providers_swapped
                .clone()
                .map(|(one, two)| Change::ProvidersSwapped(one, two)),
            self.provider_gone.clone().map(Change::ProviderGone),
        ];
        changes
            .into_iter()
            .flatten()
            .next()
            .ok_or_else(|| Failure::Usage("say which change".to_owned()))
    }
}

fn rows(compared: &Compared, between: &str) -> String {
    let row = |name: &str, of: &dyn Fn(&Figures) -> String| {
        [name.to_owned(), of(&compared.before), of(&compared.after)].join(between) + "\n"
    };
    let mut text = ["figure", "before", "after"].join(between) + "\n";
    text.push_str(&row("visits left out", &|figures| {
        figures.unserved.to_string()
    }));
    text.push_str(&row("miles", &|figures| format!("{:.1}", figures.miles)));
    text.push_str(&row("paid hours", &|figures| {
        format!("{:.1}", figures.paid_hours)
    }));
    text.push_str(&row("contact hours", &|figures| {
        format!("{:.1}", figures.contact_hours)
    }));
    text.push_str(&row("carers per person", &|figures| {
        format!("{:.2}", figures.carers_per_person)
    }));
    text.push_str(&row("pence per contact hour", &|figures| {
        figures.pence_per_contact_hour.to_string()
    }));
    text
}
