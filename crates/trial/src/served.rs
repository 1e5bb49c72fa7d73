//! The real binary, started and stopped.

use crate::http::Client;
use anyhow::{Context, Result, bail};
use std::ffi::OsStr;
use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

/// The binary and the store it works on.
#[derive(Clone, Debug)]
pub struct Almoner {
    /// Path of the binary.
    pub program: PathBuf,
    /// `--data DIR` or `--database-url ADDRESS`.
    pub store: [String; 2],
}

impl Almoner {
    /// The binary beside this program, on a folder.
    pub fn on_folder(folder: &Path) -> Result<Self> {
        Ok(Self {
            program: beside_us()?,
            store: ["--data".to_owned(), folder.display().to_string()],
        })
    }

    /// The binary beside this program, on a PostgreSQL database.
    pub fn on_postgres(address: &str) -> Result<Self> {
        Ok(Self {
            program: beside_us()?,
            store: ["--database-url".to_owned(), address.to_owned()],
        })
    }

    /// A command of the binary on the store.
    pub fn command<S: AsRef<OsStr>>(&self, arguments: impl IntoIterator<Item = S>) -> Command {
        let mut command = Command::new(&self.program);
        command
            .args(arguments)
            .args(&self.store)
            .stdin(Stdio::null());
        command
    }

    /// Runs a command to its end.
    pub fn run<S: AsRef<OsStr>>(&self, arguments: impl IntoIterator<Item = S>) -> Result<Output> {
        let mut command = self.command(arguments);
        command
            .output()
            .with_context(|| format!("cannot start {}", self.program.display()))
    }

    /// `almoner doctor` finds nothing wrong.
    pub fn doctor(&self) -> Result<()> {
        let output = self.run(["doctor"])?;
        if !output.status.success() {
            bail!(
                "almoner doctor found faults:\n{}{}",
                String::from_utf8_lossy(&output.stdout),
                String::from_utf8_lossy(&output.stderr)
            );
        }
        Ok(())
    }

    /// Starts `serve` or `demo` with further arguments and waits until it answers.
    pub fn serve<S: AsRef<OsStr>>(&self, arguments: impl IntoIterator<Item = S>) -> Result<Served> {
        let started = Instant::now();
        let mut command = self.command(arguments);
        let mut child = command
            .args(["--listen", "127.0.0.1:0"])
            .stdout(Stdio::piped())
            .spawn()
            .with_context(|| format!("cannot start {}", self.program.display()))?;
        let stdout = child.stdout.take().context("its output is ours to read")?;
        let mut served = Served {
            child,
            address: ([127, 0, 0, 1], 0).into(),
            said: Vec::new(),
            first_page: Duration::ZERO,
        };
        let mut lines = BufReader::new(stdout).lines();
        for line in lines.by_ref() {
            let line = line?;
            let address = line
                .split("http://")
                .nth(1)
                .and_then(|rest| rest.split('/').next()?.trim().parse().ok());
            served.said.push(line);
            if let Some(address) = address {
                served.address = address;
                break;
            }
        }
        if served.address.port() == 0 {
            bail!(
                "the server ended before it said where it is: {:?}",
                served.said
            );
        }
        let status = Client::new(served.address)
            .get("/health")
            .context("the server does not answer")?
            .status;
        if status != 200 {
            bail!("GET /health answered {status}");
        }
        let page = Client::new(served.address).get("/sign-in")?;
        if page.status != 200 || !page.text().contains("password") {
            bail!("GET /sign-in answered {} and no form", page.status);
        }
        served.first_page = started.elapsed();
        // What else it says must be read, or it would stop when the pipe is full.
        std::thread::spawn(move || lines.for_each(drop));
        Ok(served)
    }
}

/// `almoner` in the folder of this program: both are built with the same profile.
fn beside_us() -> Result<PathBuf> {
    let here = std::env::current_exe()?;
    let program = here.with_file_name("almoner");
    if !program.exists() {
        bail!(
            "{} is not built: run `cargo build --workspace --bins`",
            program.display()
        );
    }
    Ok(program)
}

/// A running server; killed when dropped.
pub struct Served {
    child: Child,
    /// Where it listens.
    pub address: SocketAddr,
    /// What it said until it told its address.
    pub said: Vec<String>,
    /// From the start of the process to the sign-in page answered.
    pub first_page: Duration,
}

impl Served {
    /// Its process number.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// `kill -9`.
    pub fn kill(&mut self) -> Result<()> {
        self.child.kill()?;
        self.child.wait()?;
        Ok(())
    }

    /// A client that is signed in.
    pub fn sign_in(&self, username: &str, password: &str) -> Result<Client> {
        let mut client = Client::new(self.address);
        let page = client.get("/sign-in")?.text();
        let csrf = hidden(&page, "csrf").unwrap_or_default();
        let answer = client.post(
            "/sign-in",
            &[
                ("username", username),
                ("password", password),
                ("csrf", &csrf),
            ],
        )?;
        if answer.status != 303 || client.cookie.is_empty() {
            bail!(
                "signing in as {username} answered {}:\n{}",
                answer.status,
                answer.text()
            );
        }
        Ok(client)
    }

    /// Its memory now and at its highest, in bytes.
    pub fn memory(&self) -> Result<(u64, u64)> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.id()))?;
        let of = |name: &str| {
            status
                .lines()
                .find_map(|line| {
                    line.strip_prefix(name)?
                        .trim()
                        .strip_suffix(" kB")?
                        .trim()
                        .parse::<u64>()
                        .ok()
                })
                .map(|kilobytes| kilobytes * 1024)
                .with_context(|| format!("no {name} in /proc"))
        };
        Ok((of("VmRSS:")?, of("VmHWM:")?))
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        // It may have ended by itself or been killed already.
        let _ = self.kill();
    }
}

/// The value of a hidden field of a page.
pub fn hidden(page: &str, name: &str) -> Option<String> {
    attribute(page, &format!("name=\"{name}\""), "value")
}

/// An attribute of the first element that holds a text.
pub fn attribute(page: &str, holds: &str, attribute: &str) -> Option<String> {
    let at = page.find(holds)?;
    let start = page[..at].rfind('<')?;
    let element = &page[start..start + page[start..].find('>')?];
    let (_, rest) = element.split_once(&format!("{attribute}=\""))?;
    Some(rest.split('"').next()?.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hidden_fields_are_found() {
        let page =
            r#"<p>x</p><input type="hidden" name="csrf" value="abc"><input name="why" value="">"#;
        assert_eq!(hidden(page, "csrf").as_deref(), Some("abc"));
        assert_eq!(hidden(page, "why").as_deref(), Some(""));
        assert_eq!(hidden(page, "gone"), None);
    }
}
