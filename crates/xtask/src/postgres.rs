//! A private PostgreSQL for tests: own folder, Unix socket only, no TCP.
//!
//! The server refuses to run as root, so as root it is run as the user
//! `postgres` that the Debian package makes. Text sorts by bytes (`C`), as it
//! does on SQLite.

use crate::run;
use anyhow::{Context, Result, bail};
use clap::Subcommand;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};

/// What to do with the private server.
#[derive(Subcommand)]
pub enum Action {
    /// Starts a server and prints its connection string.
    Start {
        /// Keep commits on disk (fsync on), as the crash test needs. Off, the server is quicker and a
        /// power cut may break it.
        #[arg(long)]
        durable: bool,
    },
    /// Stops the server that `start` started and removes its folder.
    Stop,
    /// Starts a server, runs a command with ALMONER_TEST_DATABASE and ALMONER_TEST_POSTGRES set, stops the server.
    Run {
        /// Keep commits on disk (fsync on), as the crash test needs.
        #[arg(long)]
        durable: bool,
        /// The command and its arguments.
        #[arg(trailing_var_arg = true, required = true, allow_hyphen_values = true)]
        command: Vec<OsString>,
    },
}

/// Does it.
pub fn act(action: Action) -> Result<ExitCode> {
    match action {
        Action::Start { durable } => {
            let cluster = Cluster::start(&named("default"), durable)?;
            println!("{}", cluster.connection());
            cluster.leave_running();
            Ok(ExitCode::SUCCESS)
        }
        Action::Stop => {
            Cluster {
                folder: named("default"),
                programs: programs()?,
                running: true,
            }
            .stop();
            Ok(ExitCode::SUCCESS)
        }
        Action::Run { durable, command } => with_server(durable, &command),
    }
}

fn with_server(durable: bool, command: &[OsString]) -> Result<ExitCode> {
    let cluster = Cluster::start(&named(&std::process::id().to_string()), durable)?;
    cluster.stop_when_we_die()?;
    let (program, arguments) = command.split_first().context("no command given")?;
    let status = Command::new(program)
        .args(arguments)
        .env("ALMONER_TEST_DATABASE", "postgres")
        .env("ALMONER_TEST_POSTGRES", cluster.connection())
        .status()
        .with_context(|| format!("cannot start {}", program.to_string_lossy()))?;
    Ok(if status.success() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

fn named(name: &str) -> PathBuf {
    std::env::temp_dir().join(format!("almoner-postgres-{name}"))
}

/// The folder of the server's programs: the newest Debian package's, or that of `initdb` on the path.
fn programs() -> Result<PathBuf> {
    let mut versions: Vec<(u32, PathBuf)> = std::fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(|entry| {
            let version = entry.file_name().to_str()?.parse().ok()?;
            let folder = entry.path().join("bin");
            folder.join("initdb").exists().then_some((version, folder))
        })
        .collect();
    versions.sort();
    if let Some((_, folder)) = versions.pop() {
        return Ok(folder);
    }
    std::env::var_os("PATH")
        .and_then(|path| std::env::split_paths(&path).find(|dir| dir.join("initdb").exists()))
        .context("PostgreSQL is not installed: run `apt-get install postgresql`, or put its initdb on the PATH")
}

/// A running server; stopped and removed when dropped.
pub struct Cluster {
    folder: PathBuf,
    programs: PathBuf,
    running: bool,
}

impl Cluster {
    /// Makes and starts a server in a new folder.
    pub fn start(folder: &Path, durable: bool) -> Result<Self> {
        let programs = programs()?;
        if folder.exists() {
            bail!(
                "{} is there already: run `cargo xtask postgres stop` first",
                folder.display()
            );
        }
        std::fs::create_dir_all(folder)?;
        let mut cluster = Self {
            folder: folder.to_owned(),
            programs,
            running: true,
        };
        if as_root() {
            run::to_end(Command::new("chown").arg("postgres").arg(folder))
                .context("the server cannot run as root and there is no user postgres: install the Debian package")?;
        }
        run::to_end(Command::new("chmod").arg("700").arg(folder))?;
        run::output(
            cluster
                .program("initdb")
                .args([
                    "--username=postgres",
                    "--auth=trust",
                    "--encoding=UTF8",
                    "--locale=C",
                    "--no-sync",
                ])
                .arg("--pgdata")
                .arg(cluster.data()),
        )?;
        cluster.start_again(durable)?;
        eprintln!(
            "PostgreSQL in {}: fsync {}",
            folder.display(),
            if durable {
                "on"
            } else {
                "off (quicker; the crash test uses on)"
            }
        );
        cluster.running = true;
        Ok(cluster)
    }

    fn start_again(&self, durable: bool) -> Result<()> {
        let fsync = if durable { "on" } else { "off" };
        let options = format!(
            "-c listen_addresses= -c unix_socket_directories={} -c max_connections=200 -c fsync={fsync}",
            self.folder.display()
        );
        // The server would keep our output pipe open, so its output goes to a file.
        let status = self
            .program("pg_ctl")
            .args([
                "start",
                "--wait",
                "--silent",
                "--options",
                &options,
                "--log",
            ])
            .arg(self.folder.join("log"))
            .arg("--pgdata")
            .arg(self.data())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status()?;
        if !status.success() {
            let log = std::fs::read_to_string(self.folder.join("log")).unwrap_or_default();
            bail!("the private PostgreSQL did not start:\n{log}");
        }
        Ok(())
    }

    /// The connection string of its database `postgres`.
    pub fn connection(&self) -> String {
        format!(
            "host={} user=postgres dbname=postgres",
            self.folder.display()
        )
    }

    /// Leaves the server running after this process.
    fn leave_running(mut self) {
        self.running = false;
    }

    /// A watcher outside our process group that stops the server even if we are killed.
    fn stop_when_we_die(&self) -> Result<()> {
        let mut stop = self.program("pg_ctl");
        stop.args(["stop", "--silent", "--mode=immediate", "--pgdata"])
            .arg(self.data());
        let script = "parent=$1; folder=$2; shift 2; trap '' INT TERM\n\
             while kill -0 \"$parent\" 2>/dev/null; do sleep 1; done\n\
             if [ -d \"$folder\" ]; then \"$@\"; rm -rf \"$folder\"; fi";
        Command::new("setsid")
            .args(["sh", "-c", script, "sh", &std::process::id().to_string()])
            .arg(&self.folder)
            .arg(stop.get_program())
            .args(stop.get_args())
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .context("cannot start the watcher (setsid, of util-linux)")?;
        Ok(())
    }

    fn stop(&mut self) {
        let stopped = self
            .program("pg_ctl")
            .args(["stop", "--silent", "--mode=immediate", "--pgdata"])
            .arg(self.data())
            .stderr(Stdio::null())
            .status();
        if !stopped.is_ok_and(|status| status.success()) {
            eprintln!("no PostgreSQL was running in {}", self.folder.display());
        }
        if let Err(error) = std::fs::remove_dir_all(&self.folder) {
            eprintln!("{} stays behind: {error}", self.folder.display());
        }
        self.running = false;
    }

    fn data(&self) -> PathBuf {
        self.folder.join("data")
    }

    /// One of the server's programs, run as `postgres` where we are root.
    fn program(&self, name: &str) -> Command {
        let path = self.programs.join(name);
        let mut command = if as_root() {
            let mut command = Command::new("runuser");
            command.args(["-u", "postgres", "--"]).arg(path);
            command
        } else {
            Command::new(path)
        };
        command.current_dir("/");
        command
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        if self.running {
            self.stop();
        }
    }
}

fn as_root() -> bool {
    run::output(Command::new("id").arg("-u")).is_ok_and(|id| id.trim() == "0")
}
