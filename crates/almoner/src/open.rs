//! Where the data is, and opening the application on it.

use crate::failure::Failure;
use app::{App, Settings, SystemClock, SystemRandomness};
use clap::Args;
use kernel::PlaceId;
use person::passport::Templates;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use store::Location;

/// Where the data is.
#[derive(Args, Clone, Debug)]
pub(crate) struct At {
    /// Folder of the embedded database. Default: almoner in your data folder.
    #[arg(long, global = true, value_name = "DIR", env = "ALMONER_DATA")]
    pub(crate) data: Option<PathBuf>,
    /// PostgreSQL address, instead of a folder.
    #[arg(
        long,
        global = true,
        value_name = "ADDRESS",
        env = "ALMONER_DATABASE_URL",
        hide_env_values = true,
        conflicts_with = "data"
    )]
    pub(crate) database_url: Option<String>,
    /// Short name of the place whose data this is.
    #[arg(
        long,
        global = true,
        value_name = "NAME",
        env = "ALMONER_PLACE",
        default_value = "barsetshire"
    )]
    pub(crate) place: String,
    /// Folder of policy files that replace or add to those built in.
    #[arg(long, global = true, value_name = "DIR", env = "ALMONER_POLICY")]
    pub(crate) policy: Option<PathBuf>,
}

impl At {
    /// The folder or address to use.
    pub(crate) fn location(&self) -> Result<Location, Failure> {
        if let Some(address) = &self.database_url {
            return Ok(Location::Postgres(address.clone()));
        }
        if let Some(folder) = &self.data {
            return Ok(Location::Folder(folder.clone()));
        }
        data_folder().map(Location::Folder).ok_or_else(|| {
            Failure::Usage("no data folder is known here; name one with --data DIR".to_owned())
        })
    }

    /// Opens the application on a location.
    pub(crate) fn open_at(&self, location: Location) -> Result<App, Failure> {
        let place = PlaceId::new(&self.place).ok_or_else(|| {
            Failure::Usage("--place needs lower-case letters, digits and dashes".to_owned())
        })?;
        Ok(App::open(Settings {
            location,
            place,
            clock: Arc::new(SystemClock),
            randomness: Box::new(SystemRandomness),
            policy: Arc::new(self.read_policy()?),
        })?
        .with_passport_templates(self.read_passport_templates()?)
        .with_forms(self.read_forms()?)
        .with_fund_periods(crate::fund::periods(self)?))
    }

    /// The built-in templates of passports with those of the policy folder over them.
    fn read_passport_templates(&self) -> Result<Templates, Failure> {
        let Some(folder) = &self.policy else {
            return Ok(Templates::builtin());
        };
        let texts = texts_in(folder, "passports", "toml")?;
        let texts: Vec<_> = texts
            .iter()
            .map(|(name, text)| (name.trim_start_matches("passports/"), text.as_str()))
            .collect();
        Templates::from_texts(&texts).map_err(|errors| refused(&errors))
    }

    /// The built-in forms with those of the policy folder over them.
    fn read_forms(&self) -> Result<flow::form::Forms, Failure> {
        let Some(folder) = &self.policy else {
            return Ok(flow::form::Forms::builtin());
        };
        let texts = texts_in(folder, "forms", "json")?;
        let texts: Vec<_> = texts
            .iter()
            .map(|(name, text)| (name.as_str(), text.as_str()))
            .collect();
        flow::form::Forms::from_texts(&texts).map_err(|errors| refused(&errors))
    }

    /// The built-in policy with the files of the policy folder over it. A file
    /// with a fault is refused: a rule is never followed in part.
    pub(crate) fn read_policy(&self) -> Result<flow::Policy, Failure> {
        let Some(folder) = &self.policy else {
            return Ok(flow::Policy::builtin());
        };
        let mut texts = Vec::new();
        for part in ["", "parameters", "codes", "directory"] {
            texts.extend(texts_in(folder, part, "csv")?);
        }
        for part in ["flow", "letters"] {
            texts.extend(texts_in(folder, part, "toml")?);
        }
        let texts: Vec<_> = texts
            .iter()
            .map(|(name, text)| (name.as_str(), text.as_str()))
            .collect();
        flow::Policy::from_texts(&texts).map_err(|errors| refused(&errors))
    }

    /// Path below the policy folder and text of its files of the Better Care Fund; none if no
    /// folder is given.
    pub(crate) fn fund_texts(&self) -> Result<Vec<(String, String)>, Failure> {
        match &self.policy {
            Some(folder) => texts_in(folder, "fund", "toml"),
            None => Ok(Vec::new()),
        }
    }

    /// Opens the application where the options say.
    pub(crate) fn open(&self) -> Result<App, Failure> {
        self.open_at(self.location()?)
    }
}

fn refused(errors: &[impl std::fmt::Display]) -> Failure {
    let lines: Vec<_> = errors.iter().map(ToString::to_string).collect();
    Failure::Refused(format!(
        "the policy files cannot be used:\n  {}",
        lines.join("\n  ")
    ))
}

/// Path below the policy folder and text of each file of one of its parts.
fn texts_in(folder: &Path, part: &str, ends: &str) -> Result<Vec<(String, String)>, Failure> {
    let mut texts = Vec::new();
    let Ok(entries) = std::fs::read_dir(folder.join(part)) else {
        return Ok(texts);
    };
    for path in entries.flatten().map(|entry| entry.path()) {
        if path.extension().is_some_and(|extension| extension == ends) {
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            let name = match part {
                "" => name.into_owned(),
                part => format!("{part}/{name}"),
            };
            texts.push((name, std::fs::read_to_string(&path)?));
        }
    }
    Ok(texts)
}

/// `$XDG_DATA_HOME/almoner`, or `~/.local/share/almoner`.
#[allow(
    clippy::disallowed_methods,
    reason = "the one place where the user's folders are looked up"
)]
fn data_folder() -> Option<PathBuf> {
    let set = |name| {
        std::env::var_os(name)
            .filter(|value| !value.is_empty())
            .map(PathBuf::from)
    };
    set("XDG_DATA_HOME")
        .or_else(|| set("HOME").map(|home| home.join(".local/share")))
        .map(|folder| folder.join("almoner"))
}
