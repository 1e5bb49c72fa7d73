//! The trials of the real binary, which live in a crate of their own so that the
//! other house-keeping builds in seconds.

use crate::run;
use crate::suite::Database;
use anyhow::Result;
use clap::Args;
use std::ffi::OsString;
use std::process::{Command, ExitCode};

/// Kills the binary in the middle of loads and edits; checks that nothing acknowledged is lost.
#[derive(Args)]
pub struct Crash {
    /// Which database.
    #[arg(long, value_enum, default_value_t = Database::Both)]
    database: Database,
    /// How often to kill, on each database.
    #[arg(long, default_value_t = 50)]
    rounds: usize,
    /// Seed of the moments of killing.
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

/// Runs the crash test.
pub fn crash(crash: &Crash) -> Result<ExitCode> {
    let this = run::this_program()?;
    run::to_end(run::cargo().args(["build", "--locked", "--workspace", "--bins"]))?;
    let arguments = [
        "--rounds",
        &crash.rounds.to_string(),
        "--seed",
        &crash.seed.to_string(),
    ]
    .map(str::to_owned);
    let program = run::root().join("target/debug/trial");
    if crash.database != Database::Postgres {
        let mut command = Command::new(&program);
        run::to_end(
            command
                .arg("crash")
                .args(&arguments)
                .env("ALMONER_TEST_DATABASE", "sqlite"),
        )?;
    }
    if crash.database != Database::Sqlite {
        let mut command = Command::new(this);
        command
            .args(["postgres", "run", "--durable", "--"])
            .arg(&program)
            .arg("crash")
            .args(&arguments);
        run::to_end(&mut command)?;
    }
    Ok(ExitCode::SUCCESS)
}

/// Takes the measures with release builds.
#[derive(Args)]
pub struct Bench {
    /// Measures and options, as `cargo xtask bench --help` of the trial lists them.
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    arguments: Vec<OsString>,
}

/// Runs the benchmarks.
pub fn bench(bench: &Bench) -> Result<ExitCode> {
    run::to_end(run::cargo().args([
        "build",
        "--locked",
        "--release",
        "--package",
        "almoner",
        "--package",
        "trial",
    ]))?;
    let mut command = Command::new(run::root().join("target/release/trial"));
    run::to_end(
        command
            .arg("bench")
            .args(&bench.arguments)
            .current_dir(run::root()),
    )?;
    Ok(ExitCode::SUCCESS)
}
