//! Makes the small official slice of `data/official` from the full publications.

use anyhow::{Context, Result, anyhow, bail};
use kernel::OnsCode;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use workbook::dtoc::{self, DtocWorkbook};
use workbook::population;

/// NHS codes of Greater Manchester's ten councils, Bolton to Wigan.
const COUNCILS: [&str; 10] = [
    "304", "305", "306", "307", "308", "309", "310", "311", "312", "313",
];

/// Where the full publications are.
#[derive(clap::Args)]
pub struct Official {
    /// Folder with `dtoc/raw` and `population` in it.
    #[arg(long, default_value = "../shared/data")]
    from: PathBuf,
}

/// Writes `data/official/delays.csv` and `data/official/population.csv`.
pub fn run(root: &Path, official: &Official) -> Result<()> {
    let to = root.join("data/official");
    fs::create_dir_all(&to)?;
    let months = read_months(&official.from.join("dtoc/raw"))?;
    let codes = ons_codes(&months);
    let slice = dtoc::write_slice(&months, &|area| codes.get(area.code.as_str()).cloned());
    fs::write(to.join("delays.csv"), slice)?;
    let file = official.from.join("population/population19_utla19.csv");
    fs::write(to.join("population.csv"), people(&file, &codes)?)?;
    println!(
        "data/official: {} months, {} areas",
        months.len(),
        codes.len()
    );
    Ok(())
}

fn read_months(folder: &Path) -> Result<Vec<DtocWorkbook>> {
    let entries = fs::read_dir(folder).with_context(|| folder.display().to_string())?;
    let mut files = entries
        .map(|entry| Ok(entry?.path()))
        .collect::<Result<Vec<_>>>()?;
    files.sort();
    let mut months = Vec::new();
    for file in files {
        let month = dtoc::read(&fs::read(&file)?)
            .map_err(|issues| anyhow!("{}: {}", file.display(), issues[0]))?;
        if let Some(issue) = month.issues.first() {
            bail!("{}: {issue}", file.display());
        }
        months.push(month);
    }
    months.sort_by_key(|month| month.month);
    Ok(months)
}

/// ONS codes of the areas that are kept: early months do not have them.
fn ons_codes(months: &[DtocWorkbook]) -> BTreeMap<String, OnsCode> {
    let mut codes = BTreeMap::new();
    if let Some(england) = OnsCode::new(place::ENGLAND) {
        codes.insert(place::ENGLAND.to_owned(), england);
    }
    for area in months.iter().flat_map(|month| &month.areas) {
        if let (true, Some(ons)) = (COUNCILS.contains(&area.code.as_str()), &area.ons) {
            codes.insert(area.code.as_str().to_owned(), ons.clone());
        }
    }
    codes
}

fn people(file: &Path, codes: &BTreeMap<String, OnsCode>) -> Result<String> {
    let read = population::read(&fs::read(file).with_context(|| file.display().to_string())?)
        .map_err(|issues| anyhow!("{}: {}", file.display(), issues[0]))?;
    let mut text = "year,area_code,area".to_owned();
    for age in 0..90 {
        write!(text, ",{age}")?;
    }
    text.push_str(",90+\n");
    for area in read
        .areas
        .iter()
        .filter(|area| codes.values().any(|code| *code == area.code))
    {
        write!(text, "{},{},{}", area.year, area.code, area.name)?;
        for people in &area.people {
            write!(text, ",{people}")?;
        }
        text.push('\n');
    }
    Ok(text)
}
