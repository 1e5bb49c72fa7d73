//! `almoner link`: whose records are these? Works on files; needs no store.

mod evaluate;
mod explain;

use crate::Format;
use crate::failure::Failure;
use crate::load::quoted;
use clap::{Args, Subcommand};
use linkage::{Config, Decision, Outcome, Report, Stage, Table};
use serde::Serialize;
use std::fs;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::time::Instant;

/// Find the records that are one person: in one file, or across two.
///
/// Example: almoner link people.csv --out pairs.csv
#[derive(Args)]
#[command(after_help = "Example: almoner link people.csv --out pairs.csv --clusters who.csv")]
#[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
pub(crate) struct Link {
    #[command(subcommand)]
    what: Option<What>,
    #[command(flatten)]
    run: Run,
}

#[derive(Subcommand)]
enum What {
    /// Measure pairs against the truth: precision, recall and F1 by threshold.
    Evaluate(evaluate::Evaluate),
    /// Why two records are, or are not, thought to be one person.
    Explain(explain::Explain),
}

#[derive(Args)]
struct Run {
    /// A CSV file; a second one to link two files instead of finding doubles in one.
    #[arg(required = true, num_args = 1..=2, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// What to compare and how; people without it (see docs/reference/linkage-files.md).
    #[arg(long, value_name = "TOML")]
    config: Option<PathBuf>,
    /// Where the pairs go: left,right,weight,probability,decision.
    #[arg(long, value_name = "CSV", required = true)]
    out: Option<PathBuf>,
    /// Where to write which record is whose: id,cluster.
    #[arg(long, value_name = "CSV")]
    clusters: Option<PathBuf>,
    /// Seed of the random sample, in place of the configuration's.
    #[arg(long, value_name = "N")]
    seed: Option<u64>,
    /// How many threads; as many as the machine has if not given. The result is the same.
    #[arg(long, value_name = "N")]
    threads: Option<usize>,
    /// How the summary is printed.
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
}

/// What was done, for people and programs.
#[derive(Serialize)]
struct Summary {
    records: Vec<usize>,
    used: Vec<(String, String)>,
    not_there: Vec<String>,
    left_out: Vec<LeftOut>,
    stand_ins: Vec<(String, usize)>,
    passes: Vec<linkage::blocking::PassReport>,
    pairs_compared: u64,
    links: usize,
    reviews: usize,
    clusters: usize,
    joins_refused: u64,
    prior: f64,
    model: Vec<linkage::model::FieldChances>,
    seconds: Seconds,
    processor_seconds: Option<Seconds>,
    peak_memory_mb: Option<u64>,
}

/// A row that was left out, and why.
#[derive(Serialize)]
struct LeftOut {
    file: String,
    line: u64,
    code: &'static str,
    text: String,
}

/// Time by stage, in seconds.
#[derive(Clone, Copy, Serialize, Default)]
struct Seconds {
    read: f64,
    block: f64,
    learn: f64,
    score: f64,
    decide: f64,
    write: f64,
}

/// A moment, by the clock and by the processors.
#[derive(Clone, Copy)]
struct Moment {
    clock: Instant,
    processors: Option<f64>,
}

impl Moment {
    fn now() -> Self {
        Self {
            clock: Instant::now(),
            processors: processor_seconds(),
        }
    }
}

/// Seconds that all threads of this process have run, where the system says (Linux does, in
/// billionths).
fn processor_seconds() -> Option<f64> {
    let mut all = 0.0;
    for thread in fs::read_dir("/proc/self/task").ok()? {
        let text = fs::read_to_string(thread.ok()?.path().join("schedstat")).ok()?;
        all += text.split_whitespace().next()?.parse::<f64>().ok()? / 1e9;
    }
    Some(all)
}

/// How long each stage took.
struct Watch {
    began: Moment,
    clock: Seconds,
    processors: Option<Seconds>,
}

impl Watch {
    fn start() -> Self {
        Self {
            began: Moment::now(),
            clock: Seconds::default(),
            processors: Some(Seconds::default()),
        }
    }

    /// Notes that what was done until now is over.
    fn over(&mut self, stage: fn(&mut Seconds) -> &mut f64) {
        let now = Moment::now();
        *stage(&mut self.clock) += now.clock.duration_since(self.began.clock).as_secs_f64();
        match (&mut self.processors, self.began.processors, now.processors) {
            (Some(all), Some(before), Some(after)) => *stage(all) += after - before,
            (all, _, _) => *all = None,
        }
        self.began = now;
    }
}

impl Link {
    pub(crate) fn run(&self) -> Result<(), Failure> {
        match &self.what {
            Some(What::Evaluate(evaluate)) => evaluate.run(),
            Some(What::Explain(explain)) => explain.run(),
            None => self.run.run(),
        }
    }
}

/// The configuration of a file, or the ready one for people.
fn config(path: Option<&Path>) -> Result<Config, Failure> {
    let Some(path) = path else {
        return Config::people().map_err(|error| Failure::Failed(error.to_string()));
    };
    let text = fs::read_to_string(path).map_err(|error| unusable(path, &error))?;
    Config::parse(&text).map_err(|error| unusable(path, &error))
}

fn bytes(path: &Path) -> Result<Vec<u8>, Failure> {
    fs::read(path).map_err(|error| unusable(path, &error))
}

fn unusable(path: &Path, error: &dyn std::fmt::Display) -> Failure {
    Failure::Usage(format!("{}: {error}", path.display()))
}

fn create(path: &Path) -> Result<BufWriter<fs::File>, Failure> {
    let file = fs::File::create(path);
    let file = file.map_err(|error| {
        Failure::Usage(format!("{} cannot be written: {error}", path.display()))
    })?;
    Ok(BufWriter::new(file))
}

fn table(files: &[PathBuf], config: &Config) -> Result<(Table, Report), Failure> {
    let bytes: Vec<Vec<u8>> = files
        .iter()
        .map(|path| bytes(path))
        .collect::<Result<_, _>>()?;
    let slices: Vec<&[u8]> = bytes.iter().map(Vec::as_slice).collect();
    linkage::table::read(&slices, config).map_err(|error| {
        let names: Vec<String> = files
            .iter()
            .map(|path| path.display().to_string())
            .collect();
        // A file that is no text must not reach the terminal as it is.
        let said: String = error
            .to_string()
            .chars()
            .filter(|one| !one.is_control())
            .collect();
        Failure::Refused(format!("{}: {said}", names.join(", ")))
    })
}

impl Run {
    fn run(&self) -> Result<(), Failure> {
        let Some(out) = &self.out else {
            return Err(Failure::Usage(
                "--out CSV says where the pairs go".to_owned(),
            ));
        };
        let mut config = config(self.config.as_deref())?;
        config.seed = self.seed.unwrap_or(config.seed);
        let threads = rayon::ThreadPoolBuilder::new()
            .num_threads(self.threads.unwrap_or(0))
            .build();
        let threads = threads
            .map_err(|error| Failure::Failed(format!("threads cannot be started: {error}")))?;
        let mut watch = Watch::start();
        let (table, report) = table(&self.files, &config)?;
        watch.over(|all| &mut all.read);
        let mut stage = Stage::Block;
        let mut next = |watch: &mut Watch, following: Stage| {
            match stage {
                Stage::Block => watch.over(|all| &mut all.block),
                Stage::Learn => watch.over(|all| &mut all.learn),
                Stage::Score => watch.over(|all| &mut all.score),
                Stage::Decide => watch.over(|all| &mut all.decide),
            }
            stage = following;
        };
        let outcome = threads.install(|| {
            linkage::link(&table, &config, &mut |following| {
                next(&mut watch, following)
            })
        });
        next(&mut watch, Stage::Decide);
        let outcome = outcome.map_err(|error| Failure::Usage(error.to_string()))?;
        write_pairs(out, &table, &outcome)?;
        if let Some(path) = &self.clusters {
            write_clusters(path, &table, &outcome)?;
        }
        watch.over(|all| &mut all.write);
        let rejected = !report.left_out.is_empty();
        let summary = summary(&self.files, report, &config, &outcome, &watch);
        match self.format {
            Format::Json => println!("{}", serde_json::to_string_pretty(&summary)?),
            Format::Text | Format::Csv => print!("{}", in_words(&summary)),
        }
        if rejected {
            Err(Failure::Rejected)
        } else {
            Ok(())
        }
    }
}

fn summary(
    files: &[PathBuf],
    report: Report,
    config: &Config,
    outcome: &Outcome,
    watch: &Watch,
) -> Summary {
    let of = |decision: Decision| {
        outcome
            .pairs
            .iter()
            .filter(|pair| pair.decision == decision)
            .count()
    };
    let named = |file: usize| files.get(file.saturating_sub(1));
    let left_out = report.left_out.into_iter().map(|row| LeftOut {
        file: named(row.file).map_or_else(String::new, |path| path.display().to_string()),
        line: row.line,
        code: row.code,
        text: row.text,
    });
    Summary {
        records: report.records,
        used: report.used,
        not_there: report.not_there,
        left_out: left_out.collect(),
        stand_ins: report.stand_ins,
        passes: outcome.passes.clone(),
        pairs_compared: outcome.scored,
        links: of(Decision::Link),
        reviews: of(Decision::Review),
        clusters: outcome.clusters.len(),
        joins_refused: outcome.refused,
        prior: outcome.model.prior,
        model: outcome.model.in_words(config),
        seconds: watch.clock,
        processor_seconds: watch.processors,
        peak_memory_mb: crate::memory::peak_mb(),
    }
}

fn write_pairs(path: &Path, table: &Table, outcome: &Outcome) -> Result<(), Failure> {
    let mut file = create(path)?;
    writeln!(file, "left,right,weight,probability,decision")?;
    for pair in &outcome.pairs {
        let (left, right) = (quoted(table.id(pair.left)), quoted(table.id(pair.right)));
        writeln!(
            file,
            "{left},{right},{:.3},{:.9},{}",
            pair.weight,
            pair.probability(),
            pair.decision.as_str()
        )?;
    }
    Ok(file.flush()?)
}

fn write_clusters(path: &Path, table: &Table, outcome: &Outcome) -> Result<(), Failure> {
    let mut file = create(path)?;
    writeln!(file, "id,cluster")?;
    for (number, cluster) in (1..).zip(&outcome.clusters) {
        for record in cluster {
            writeln!(file, "{},{number}", quoted(table.id(*record)))?;
        }
    }
    Ok(file.flush()?)
}

fn in_words(summary: &Summary) -> String {
    let mut text = String::new();
    let mut line = |words: String| {
        text.push_str(&words);
        text.push('\n');
    };
    let records: Vec<String> = summary.records.iter().map(usize::to_string).collect();
    line(format!("Records: {}", records.join(" and ")));
    for (field, column) in &summary.used {
        line(format!("  {field} from column {column}"));
    }
    if !summary.not_there.is_empty() {
        line(format!(
            "Not in the file, so not compared: {}",
            summary.not_there.join(", ")
        ));
    }
    for (field, most) in &summary.stand_ins {
        line(format!(
            "{field}: up to {most} records have one value; it is taken as not known"
        ));
    }
    for row in summary.left_out.iter().take(20) {
        line(format!(
            "Left out: {} line {}: {}",
            row.file, row.line, row.text
        ));
    }
    if summary.left_out.len() > 20 {
        line(format!(
            "Left out: {} more rows",
            summary.left_out.len() - 20
        ));
    }
    for pass in summary.passes.iter().filter(|pass| pass.cut > 0) {
        line(format!(
            "Pass `{}`: {} blocks were too large; {} of their pairs were not compared by it",
            pass.pass, pass.divided, pass.cut
        ));
    }
    line(format!("Pairs compared: {}", summary.pairs_compared));
    line(format!(
        "Links: {}; to review: {}; people with several records: {}",
        summary.links, summary.reviews, summary.clusters
    ));
    if summary.joins_refused > 0 {
        line(format!(
            "Joins refused because other records speak against them: {}",
            summary.joins_refused
        ));
    }
    text
}
