//! Running the Rust tests, on one database or both, and blessing their expected output.

use crate::run;
use anyhow::Result;
use clap::{Args, ValueEnum};
use std::ffi::OsString;
use std::process::{Command, ExitCode};

/// Runs the Rust tests.
#[derive(Args)]
pub struct Test {
    /// Which database the tests keep their stores on.
    #[arg(long, value_enum, default_value_t = Database::Both)]
    database: Database,
    /// Given on to the test runner, such as `-p store`.
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    arguments: Vec<OsString>,
}

/// A database the product runs on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Database {
    /// The embedded default.
    Sqlite,
    /// A private server, started for the run.
    Postgres,
    /// One after the other.
    Both,
}

/// Runs the tests; on PostgreSQL those of packages that know the store, because the others would
/// only do the same again. Expected output that differs fails a test and is written nowhere:
/// `cargo xtask bless` is the way to accept it.
pub fn test(test: &Test) -> Result<ExitCode> {
    let this = run::this_program()?;
    if test.database != Database::Postgres {
        run::to_end(runner(&test.arguments).env("ALMONER_TEST_DATABASE", "sqlite"))?;
    }
    if test.database != Database::Sqlite {
        let mut runner = runner(&test.arguments);
        if names_no_package(&test.arguments) {
            for package in without_store()? {
                runner.args(["--exclude", &package]);
            }
        }
        run::to_end(
            Command::new(this)
                .args(["postgres", "run", "--"])
                .arg(runner.get_program())
                .args(runner.get_args())
                .env("INSTA_UPDATE", "no")
                .current_dir(run::root()),
        )?;
    }
    Ok(ExitCode::SUCCESS)
}

/// `cargo nextest run` where it is installed, `cargo test` where it is not.
fn runner(arguments: &[OsString]) -> Command {
    let mut command = run::cargo();
    if run::installed("cargo-nextest") {
        command.args(["nextest", "run", "--no-fail-fast"]);
    } else {
        command.args(["test", "--no-fail-fast", "--lib", "--bins", "--tests"]);
    }
    if names_no_package(arguments) {
        command.args(["--workspace", "--locked"]);
    }
    command.args(arguments);
    command.env("INSTA_UPDATE", "no");
    command
}

fn names_no_package(arguments: &[OsString]) -> bool {
    !arguments
        .iter()
        .any(|argument| argument == "-p" || argument == "--package")
}

/// The packages of the workspace that name neither the store nor the kit that makes one.
fn without_store() -> Result<Vec<String>> {
    let mut packages = Vec::new();
    for folder in std::fs::read_dir(run::root().join("crates"))? {
        let folder = folder?.path();
        let manifest = std::fs::read_to_string(folder.join("Cargo.toml"))?;
        let knows = |name: &str| {
            manifest
                .lines()
                .any(|line| line.split(['.', ' ', '=']).next() == Some(name))
        };
        let name = folder.file_name().unwrap_or_default().to_string_lossy();
        if name != "store" && !knows("store") && !knows("testkit") {
            packages.push(name.into_owned());
        }
    }
    packages.sort();
    Ok(packages)
}

/// Accepts every changed snapshot by running the tests with `INSTA_UPDATE=always`.
pub fn bless() -> Result<ExitCode> {
    run::to_end(
        runner(&[])
            .env("ALMONER_TEST_DATABASE", "sqlite")
            .env("ALMONER_BLESS", "1")
            .env("INSTA_UPDATE", "always")
            .env("INSTA_FORCE_PASS", "1"),
    )?;
    eprintln!("Now read the changes: git diff");
    Ok(ExitCode::SUCCESS)
}
