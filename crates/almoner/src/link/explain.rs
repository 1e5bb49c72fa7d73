//! `almoner link explain`.

use crate::failure::Failure;
use clap::Args;
use linkage::Model;
use linkage::blocking::Blocks;
use std::path::PathBuf;

/// Why two records are, or are not, thought to be one person: the weight of each field.
///
/// Example: almoner link explain A17 B4 --records people.csv --svg why.svg
#[derive(Args)]
#[command(after_help = "Example: almoner link explain A17 B4 --records people.csv --svg why.svg")]
pub(crate) struct Explain {
    /// Id of a record.
    left: String,
    /// Id of the other.
    right: String,
    /// The file or files that they are in.
    #[arg(long, required = true, value_name = "CSV")]
    records: Vec<PathBuf>,
    /// The configuration; people without it.
    #[arg(long, value_name = "TOML")]
    config: Option<PathBuf>,
    /// Where to draw it.
    #[arg(long, value_name = "SVG")]
    svg: Option<PathBuf>,
}

impl Explain {
    pub(crate) fn run(&self) -> Result<(), Failure> {
        let config = super::config(self.config.as_deref())?;
        let (table, _) = super::table(&self.records, &config)?;
        let find = |id: &str| {
            table
                .find(id)
                .ok_or_else(|| Failure::Refused(format!("no record has the id {id}")))
        };
        let (left, right) = (find(&self.left)?, find(&self.right)?);
        let blocks =
            Blocks::make(&table, &config).map_err(|error| Failure::Usage(error.to_string()))?;
        let model = Model::learn(&table, &blocks, &config);
        let comparison = model.compare(&table, &config, left, right);
        print!("{}", comparison.text());
        if let Some(path) = &self.svg {
            std::fs::write(path, comparison.waterfall_svg())?;
        }
        Ok(())
    }
}
