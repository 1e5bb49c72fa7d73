//! `almoner load`: files and folders through the inbox.

use crate::Format;
use crate::failure::Failure;
use crate::open::At;
use access::Actor;
use app::App;
use app::inbox::Report;
use clap::{Args, ValueEnum};
use serde::Serialize;
use std::io::IsTerminal;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use store::inbox::{Counts, InboxKind, InboxState};

/// Load files or folders into the store.
///
/// Example: almoner load fhir bundles/ patient.xml --format json
#[derive(Args)]
pub(crate) struct Load {
    /// What the files are.
    kind: Kind,
    /// Files, or folders whose files are all taken.
    #[arg(required = true)]
    paths: Vec<PathBuf>,
    /// How to print the report.
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
}

#[derive(Clone, Copy, ValueEnum)]
enum Kind {
    /// FHIR R4 resources: JSON, XML, NDJSON, bundles, compressed or not.
    Fhir,
    /// Care Act notices between hospital and council.
    Adw,
    /// NHS England monthly delayed-transfers workbooks.
    Dtoc,
    /// Population by area and single year of age.
    Population,
    /// NHS organisations as the Organisation Data Service lists them: epraccur.csv and others.
    Organisations,
    /// Services for the directory.
    Directory,
}

impl From<Kind> for InboxKind {
    fn from(kind: Kind) -> Self {
        match kind {
            Kind::Fhir => Self::Fhir,
            Kind::Adw => Self::Adw,
            Kind::Dtoc => Self::Dtoc,
            Kind::Population => Self::Population,
            Kind::Organisations => Self::Organisations,
            Kind::Directory => Self::Directory,
        }
    }
}

/// The report, as programs read it.
#[derive(Default, Serialize)]
pub(crate) struct Summary {
    files: u64,
    records: u64,
    accepted: u64,
    partly: u64,
    rejected: u64,
    repeated: u64,
    issues: Vec<SummaryIssue>,
    #[serde(skip)]
    refused: bool,
}

#[derive(Serialize)]
struct SummaryIssue {
    file: String,
    record: i64,
    path: String,
    code: String,
    text: String,
}

impl Load {
    pub(crate) fn run(&self, at: &At) -> Result<(), Failure> {
        let app = at.open()?;
        let mut summary = Summary::default();
        let files = files_under(&self.paths, &mut summary);
        for part in take_all(&app, self.kind.into(), &files) {
            summary.append(part?);
        }
        summary.print(self.format)
    }
}

/// Files read at once: one is read in the time of another's writing.
const LOADERS: usize = 2;

/// Takes every file in and gives what became of each, in order. They are written in
/// order too: of two versions of one thing the later file's stands.
fn take_all(app: &App, kind: InboxKind, files: &[PathBuf]) -> Vec<Result<Summary, Failure>> {
    let progress = std::io::stderr().is_terminal();
    let (next, failed) = (AtomicUsize::new(0), AtomicBool::new(false));
    let turns = Turns::default();
    let work = || {
        let mut done = Vec::new();
        while !failed.load(Ordering::Relaxed) {
            let index = next.fetch_add(1, Ordering::Relaxed);
            let Some(file) = files.get(index) else {
                break;
            };
            if progress {
                eprint!("\r{} of {} files", index + 1, files.len());
            }
            let turn = turns.take(index);
            let mut part = Summary::default();
            let outcome = part.take_in(app, kind, file, &turn).map(|()| part);
            failed.fetch_or(outcome.is_err(), Ordering::Relaxed);
            done.push((index, outcome));
        }
        done
    };
    let mut done = std::thread::scope(|scope| {
        let threads: Vec<_> = (1..LOADERS).map(|_| scope.spawn(work)).collect();
        let mut done = work();
        for thread in threads {
            done.extend(
                thread
                    .join()
                    .unwrap_or_else(|panic| std::panic::resume_unwind(panic)),
            );
        }
        done
    });
    if progress && !files.is_empty() {
        eprintln!();
    }
    done.sort_by_key(|(index, _)| *index);
    done.into_iter().map(|(_, outcome)| outcome).collect()
}

/// Whose turn it is to write.
#[derive(Default)]
struct Turns {
    now: Mutex<usize>,
    passed: Condvar,
}

/// One file's turn. It passes to the next when this goes, also in a failure.
struct Turn<'a> {
    turns: &'a Turns,
    index: usize,
}

impl Turns {
    fn take(&self, index: usize) -> Turn<'_> {
        Turn { turns: self, index }
    }
}

impl Turn<'_> {
    /// Waits until the files before have been written.
    fn wait(&self) -> MutexGuard<'_, usize> {
        let now = self
            .turns
            .now
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        self.turns
            .passed
            .wait_while(now, |now| *now != self.index)
            .unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        *self.wait() += 1;
        self.turns.passed.notify_all();
    }
}

/// Every file named, and every file in every folder named, in order of name.
fn files_under(paths: &[PathBuf], summary: &mut Summary) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for path in paths {
        let mut folders = vec![path.clone()];
        if !path.is_dir() {
            files.push(path.clone());
            continue;
        }
        while let Some(folder) = folders.pop() {
            let entries = match std::fs::read_dir(&folder) {
                Ok(entries) => entries,
                Err(error) => {
                    summary.cannot_read(&folder, &error);
                    continue;
                }
            };
            for entry in entries.flatten() {
                let hidden = entry.file_name().to_string_lossy().starts_with('.');
                match entry.file_type() {
                    Ok(kind) if kind.is_dir() && !hidden => folders.push(entry.path()),
                    Ok(kind) if kind.is_file() && !hidden => files.push(entry.path()),
                    _ => {}
                }
            }
        }
    }
    files.sort();
    files.dedup();
    files
}

impl Summary {
    fn take_in(
        &mut self,
        app: &App,
        kind: InboxKind,
        file: &Path,
        turn: &Turn<'_>,
    ) -> Result<(), Failure> {
        self.files += 1;
        let bytes = match std::fs::read(file) {
            Ok(bytes) => bytes,
            Err(error) => {
                self.cannot_read(file, &error);
                return Ok(());
            }
        };
        let name = file
            .file_name()
            .map_or_else(String::new, |n| n.to_string_lossy().into_owned());
        let in_turn = || drop(turn.wait());
        match app.take_in_turn(&Actor::operator(), kind, &name, &bytes, &in_turn) {
            Ok(report) => {
                self.add(file, &report);
                Ok(())
            }
            Err(app::Error::Invalid(errors)) => {
                let text = errors.iter().map(|e| format!("{} {}", e.field, e.text));
                self.refuse(file, "too-large", text.collect::<Vec<_>>().join("; "));
                Ok(())
            }
            Err(error) => Err(error.into()),
        }
    }

    /// Adds what became of a further file.
    fn append(&mut self, part: Self) {
        self.files += part.files;
        self.records += part.records;
        self.accepted += part.accepted;
        self.partly += part.partly;
        self.rejected += part.rejected;
        self.repeated += part.repeated;
        self.issues.extend(part.issues);
        self.refused |= part.refused;
    }

    fn add(&mut self, file: &Path, report: &Report) {
        let Counts {
            records,
            accepted,
            partly,
            rejected,
            repeated,
        } = report.arrival.counts;
        self.records += records;
        self.accepted += accepted;
        self.partly += partly;
        self.rejected += rejected;
        self.repeated += repeated;
        self.refused |= !matches!(
            report.arrival.state,
            InboxState::Accepted | InboxState::Repeated
        );
        self.issues
            .extend(report.issues.iter().map(|issue| SummaryIssue {
                file: file.display().to_string(),
                record: issue.record,
                path: issue.path.clone(),
                code: issue.code.clone(),
                text: issue.text.clone(),
            }));
    }

    fn cannot_read(&mut self, file: &Path, error: &std::io::Error) {
        self.refuse(file, "cannot-read", format!("cannot be read: {error}"));
    }

    fn refuse(&mut self, file: &Path, code: &str, text: String) {
        self.refused = true;
        self.records += 1;
        self.rejected += 1;
        self.issues.push(SummaryIssue {
            file: file.display().to_string(),
            record: 0,
            path: String::new(),
            code: code.to_owned(),
            text,
        });
    }

    fn print(&self, format: Format) -> Result<(), Failure> {
        match format {
            Format::Json => println!("{}", serde_json::to_string(self)?),
            Format::Csv => {
                println!("file,record,path,code,text");
                for i in &self.issues {
                    let cells = [&i.file, &i.record.to_string(), &i.path, &i.code, &i.text];
                    println!("{}", cells.map(|cell| quoted(cell)).join(","));
                }
            }
            Format::Text => {
                for i in &self.issues {
                    let record = if i.record > 0 {
                        format!(" record {}", i.record)
                    } else {
                        String::new()
                    };
                    let path = if i.path.is_empty() {
                        String::new()
                    } else {
                        format!(" {}", i.path)
                    };
                    println!("{}{record}{path}: {} [{}]", i.file, i.text, i.code);
                }
                println!(
                    "{} files, {} records: {} accepted, {} in part, {} rejected, {} repeated",
                    self.files,
                    self.records,
                    self.accepted,
                    self.partly,
                    self.rejected,
                    self.repeated
                );
            }
        }
        if self.refused {
            Err(Failure::Rejected)
        } else {
            Ok(())
        }
    }
}

/// A cell of CSV, quoted where it must be.
pub(crate) fn quoted(cell: &str) -> String {
    if cell.contains([',', '"', '\n', '\r']) {
        format!("\"{}\"", cell.replace('"', "\"\""))
    } else {
        cell.to_owned()
    }
}
