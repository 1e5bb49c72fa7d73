//! The benchmarks: one module a measure, one section of
//! `docs/reference/benchmarks.md` each.

mod answers;
mod api;
mod arrive;
mod bare;
mod board;
mod clients;
mod ledger;
mod link;
mod loads;
mod machine;
mod pages;
mod peer;
mod report;
mod returns;
mod rounds;
mod routing;
mod simulate;
mod staff;
mod synthea;

use crate::served::Almoner;
use anyhow::{Context, Result, bail};
use app::App;
use report::Line;
use std::path::{Path, PathBuf};
use std::process::Output;
use std::sync::Arc;
use store::Location;

/// What can be measured, in the order of the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Measure {
    /// From a built binary to a served first page of the demonstration.
    FirstPage,
    /// FHIR resources a second into a fresh store.
    LoadFhir,
    /// Time to load the monthly workbooks.
    LoadDtoc,
    /// The hub board under 16 clients, and with 16 staff at work.
    Board,
    /// The person page under 16 clients.
    Person,
    /// Memory of the server after both.
    Memory,
    /// Reads and searches of programs on a million resources.
    Api,
    /// Linkage of files, beside the public reference.
    Link,
    /// Whose an arriving record is, among a million people in the store.
    Arrive,
    /// 200 people at work at the same time.
    Staff,
    /// The month's return over 100,000 stays.
    Returns,
    /// The ledger: posting, balances among millions of postings, closing a month.
    Ledger,
    /// Rounds of published problems and of a fictional county.
    Rounds,
    /// Simulation of patient flow, beside SimPy.
    Simulate,
}

/// Their names, in order.
const ORDER: &[&str] = &[
    "first-page",
    "load-fhir",
    "load-dtoc",
    "board",
    "person",
    "memory",
    "api",
    "link",
    "arrive",
    "staff",
    "returns",
    "ledger",
    "rounds",
    "simulate",
];

impl Measure {
    const ALL: [Self; 14] = [
        Self::FirstPage,
        Self::LoadFhir,
        Self::LoadDtoc,
        Self::Board,
        Self::Person,
        Self::Memory,
        Self::Api,
        Self::Link,
        Self::Arrive,
        Self::Staff,
        Self::Returns,
        Self::Ledger,
        Self::Rounds,
        Self::Simulate,
    ];

    fn name(self) -> &'static str {
        match self {
            Self::FirstPage => "first-page",
            Self::LoadFhir => "load-fhir",
            Self::LoadDtoc => "load-dtoc",
            Self::Board => "board",
            Self::Person => "person",
            Self::Memory => "memory",
            Self::Api => "api",
            Self::Link => "link",
            Self::Arrive => "arrive",
            Self::Staff => "staff",
            Self::Returns => "returns",
            Self::Ledger => "ledger",
            Self::Rounds => "rounds",
            Self::Simulate => "simulate",
        }
    }
}

/// How to measure.
#[derive(clap::Args)]
pub struct Bench {
    /// What to measure; everything, if nothing is named.
    #[arg(value_enum)]
    measures: Vec<Measure>,
    /// How often each load is repeated.
    #[arg(long, default_value_t = 3)]
    repeats: usize,
    /// People in the store behind the pages.
    #[arg(long, default_value_t = 100_000)]
    people: usize,
    /// Resources in the store behind the API.
    #[arg(long, default_value_t = 1_000_000)]
    resources: usize,
    /// Records of people in the store that one more arrives at.
    #[arg(long, default_value_t = 1_000_000)]
    records: u32,
    /// Postings in the ledger whose balances are asked.
    #[arg(long, default_value_t = 10_000_000)]
    postings: usize,
    /// Minutes that staff are at work.
    #[arg(long, default_value_t = 10)]
    minutes: u64,
    /// Only print the figures, which may then be of a debug build.
    #[arg(long)]
    rough: bool,
    /// Where the figures go.
    #[arg(long, default_value = "docs/reference/benchmarks.md")]
    page: PathBuf,
}

/// What every measure needs.
struct Bed {
    /// A folder on the disk that is measured; emptied at the end.
    folder: tempfile::TempDir,
    repeats: usize,
    people: usize,
    resources: usize,
    place: Option<pages::BigPlace>,
}

impl Bed {
    /// The binary on a fresh store.
    fn fresh(&self, name: &str) -> Result<Almoner> {
        let folder = self.folder.path().join(name);
        if folder.exists() {
            std::fs::remove_dir_all(&folder)?;
        }
        std::fs::create_dir_all(&folder)?;
        Almoner::on_folder(&folder)
    }

    fn path(&self, name: &str) -> Result<PathBuf> {
        let folder = self.folder.path().join(name);
        std::fs::create_dir_all(&folder)?;
        Ok(folder)
    }
}

/// Takes the measures and writes the page.
pub fn run(bench: &Bench) -> Result<()> {
    if cfg!(debug_assertions) && !bench.rough {
        bail!("benchmarks are taken with release builds: run `cargo xtask bench`");
    }
    std::fs::create_dir_all("target")?;
    let folder = tempfile::Builder::new()
        .prefix("bench-")
        .tempdir_in("target")?;
    let mut bed = Bed {
        folder,
        repeats: bench.repeats.max(1),
        people: bench.people,
        resources: bench.resources,
        place: None,
    };
    let chosen = if bench.measures.is_empty() {
        &Measure::ALL[..]
    } else {
        &bench.measures
    };
    for measure in Measure::ALL
        .into_iter()
        .filter(|measure| chosen.contains(measure))
    {
        eprintln!("measuring {}", measure.name());
        let (method, lines) = match measure {
            Measure::FirstPage => pages::first_page(&bed)?,
            Measure::LoadFhir => loads::fhir(&bed)?,
            Measure::LoadDtoc => loads::dtoc(&bed)?,
            Measure::Board => board::board(&mut bed)?,
            Measure::Person => pages::person(&mut bed)?,
            Measure::Memory => pages::memory(&mut bed)?,
            Measure::Api => api::api(&bed)?,
            Measure::Link => link::link(&bed, bench.rough)?,
            Measure::Arrive => arrive::arrive(&bed, bench.records)?,
            Measure::Staff => staff::staff(&mut bed, bench.minutes)?,
            Measure::Returns => returns::returns(&bed)?,
            Measure::Ledger => ledger::ledger(&bed, bench.postings)?,
            Measure::Rounds => rounds::rounds(&bed, bench.rough)?,
            Measure::Simulate => simulate::simulate(&bed)?,
        };
        for Line {
            what,
            figure,
            target,
            ..
        } in &lines
        {
            println!("{}: {what}: {figure} {target}", measure.name());
        }
        if !bench.rough {
            report::write(&bench.page, ORDER, measure.name(), &method, &lines)?;
        }
    }
    Ok(())
}

/// The application on a store that this process made.
fn open_app(location: &Location) -> Result<App> {
    Ok(App::open(app::Settings {
        location: location.clone(),
        place: pages::place_id()?,
        clock: Arc::new(app::SystemClock),
        randomness: Box::new(app::SystemRandomness),
        policy: Arc::new(flow::Policy::builtin()),
    })?)
}

/// Shared data, or an error that says which is missing.
fn shared(sub: &str) -> Result<PathBuf> {
    testkit::shared_data(sub)
        .with_context(|| format!("this measure needs the shared data `{sub}` (ALMONER_SHARED)"))
}

/// The report of a load; it must have printed one.
fn load_report(output: &Output) -> Result<serde_json::Value> {
    serde_json::from_slice(&output.stdout).with_context(|| {
        format!(
            "the load printed no report: {}",
            String::from_utf8_lossy(&output.stderr)
        )
    })
}

/// Size of every file in a folder, in bytes.
fn bytes_in(folder: &Path) -> Result<Vec<Vec<u8>>> {
    let mut paths: Vec<PathBuf> = std::fs::read_dir(folder)?
        .map(|entry| entry.map(|entry| entry.path()))
        .collect::<std::io::Result<_>>()?;
    paths.sort();
    paths
        .iter()
        .map(|path| std::fs::read(path).with_context(|| path.display().to_string()))
        .collect()
}
