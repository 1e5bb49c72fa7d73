//! House-keeping of the repository: `cargo xtask COMMAND`.
//!
//! Nothing here is part of the product. Each command is a module of its own.
#![allow(
    clippy::disallowed_methods,
    reason = "house-keeping reads the environment; it is no part of the product"
)]

mod assets;
mod fhir_pack;
mod official;
mod postgres;
mod run;
mod suite;
mod tidy;
mod trial;

use anyhow::Result;
use clap::{Parser, Subcommand};
use std::process::ExitCode;

/// House-keeping of the repository.
#[derive(Parser)]
#[command(name = "cargo xtask")]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Checks the house rules: layers, pure crates, SQL, dead files, licences, words, migrations, links.
    Tidy,
    /// Takes the front-end packages out of node_modules into assets/built.
    Assets,
    /// A private PostgreSQL on a Unix socket, for tests.
    #[command(subcommand)]
    Postgres(postgres::Action),
    /// Runs the Rust tests on one database or both.
    Test(suite::Test),
    /// Makes crates/fhir/definitions/r4.txt from the FHIR definitions in node_modules.
    FhirPack {
        /// The folder of the package, if not in node_modules.
        #[arg(long)]
        package: Option<std::path::PathBuf>,
    },
    /// Kills the real binary in the middle of loads and edits, and checks that nothing is lost.
    Crash(trial::Crash),
    /// Takes the measures with release builds and writes docs/reference/benchmarks.md.
    Bench(trial::Bench),
    /// Makes data/official, the small slice of official statistics, from the full publications.
    OfficialSlice(official::Official),
    /// Makes every expected output (snapshots, generated files) anew.
    Bless,
}

fn main() -> ExitCode {
    match act(Arguments::parse().command) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("{error:#}");
            ExitCode::FAILURE
        }
    }
}

fn act(command: Command) -> Result<ExitCode> {
    match command {
        Command::Tidy => tidy::run(),
        Command::Assets => assets::run().map(|()| ExitCode::SUCCESS),
        Command::Postgres(action) => postgres::act(action),
        Command::Test(test) => suite::test(&test),
        Command::FhirPack { package } => {
            fhir_pack::run(&run::root(), package).map(|()| ExitCode::SUCCESS)
        }
        Command::Crash(crash) => trial::crash(&crash),
        Command::Bench(bench) => trial::bench(&bench),
        Command::OfficialSlice(official) => {
            official::run(&run::root(), &official).map(|()| ExitCode::SUCCESS)
        }
        Command::Bless => suite::bless(),
    }
}
