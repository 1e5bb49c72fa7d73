//! Trials of the real binary: the crash test and the benchmarks.
//!
//! Both start `almoner` as anyone would, and look at its store only when it has
//! stopped.
#![allow(
    clippy::disallowed_methods,
    reason = "a trial measures time, waits and reads the environment; it is no part of the product"
)]

mod batch;
mod bench;
mod crash;
mod filling;
mod forms;
mod http;
mod money;
mod people;
mod sample;
mod served;

use anyhow::Result;
use clap::{Parser, Subcommand};
use std::process::ExitCode;

/// Trials of the real binary.
#[derive(Parser)]
#[command(name = "trial")]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Kills the binary in the middle of loads and edits and checks that nothing acknowledged is lost.
    Crash(crash::Crash),
    /// Takes the measures and writes them down.
    Bench(bench::Bench),
}

fn main() -> ExitCode {
    let done: Result<()> = match Arguments::parse().command {
        Command::Crash(crash) => crash::run(&crash),
        Command::Bench(bench) => bench::run(&bench),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error:#}");
            ExitCode::FAILURE
        }
    }
}
