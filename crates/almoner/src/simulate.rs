//! `almoner simulate`: what happens if? Works on files; needs no store.

mod ask;
mod model;
mod print;

use crate::Format;
use crate::failure::Failure;
use clap::{Args, Subcommand, ValueEnum};
use model::Source;
use simulate::pathways::Counting;
use simulate::{Limits, Measure, Outcome, Plan, Precision};
use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// Simulate how people flow through hospital and care at home, many times.
///
/// Example: almoner simulate crates/simulate/examples/reablement.toml --reps 200
#[derive(Args)]
#[command(
    after_help = "Example: almoner simulate reablement.toml --reps 200 --format csv > days.csv"
)]
#[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
pub(crate) struct Simulate {
    #[command(subcommand)]
    question: Option<Question>,
    #[command(flatten)]
    run: Run,
}

#[derive(Subcommand)]
enum Question {
    /// The smallest capacity for a tolerance, such as at most 5 waiting on 9 days of 10.
    Capacity(ask::Capacity),
    /// Where the next pound does most.
    NextPound(ask::NextPound),
    /// What a scheme frees, and when.
    Frees(ask::Frees),
    /// Capacity and demand by week.
    Weeks(ask::Weeks),
}

/// What every run and question takes.
#[derive(Args)]
struct Common {
    /// A model in TOML, or a workbook of discharge pathways.
    #[arg(required = true, value_name = "MODEL")]
    model: Option<PathBuf>,
    /// How often the whole is simulated; as the model says, or 100.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    reps: Option<u32>,
    /// Seed of all chance; as the model says, or 1.
    #[arg(long, value_name = "S")]
    seed: Option<u64>,
    /// How many threads; as many as the machine has if not given. The result is the same.
    #[arg(long, value_name = "N")]
    threads: Option<usize>,
    /// Stop after so many seconds with the best answer so far.
    #[arg(long, value_name = "SECONDS", default_value_t = 600)]
    max_seconds: u64,
    /// Memory for results, in megabytes; fewer replications if it is not enough.
    #[arg(long, value_name = "MB", default_value_t = 2_048)]
    max_memory_mb: u64,
    /// Stop a replication when more people than this are in the model.
    #[arg(long, value_name = "N", default_value_t = 5_000_000)]
    max_people: u32,
    /// How the result is printed.
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
}

#[derive(Args)]
struct Run {
    #[command(flatten)]
    common: Common,
    /// Only this scenario; may be given again. `baseline` is the model without differences.
    #[arg(long = "scenario", value_name = "NAME")]
    scenarios: Vec<String>,
    /// Add replications until the 95 % interval of a figure is this narrow: station, measure and
    /// half-width, such as hospital:queue:0.5.
    #[arg(long, value_name = "STATION:MEASURE:WIDTH")]
    half_width: Option<String>,
    /// Most replications that --half-width may come to.
    #[arg(long, value_name = "N", default_value_t = 10_000)]
    max_reps: u32,
    /// How beds of a workbook are counted.
    #[arg(long, value_enum, default_value = "published")]
    counting: CountingName,
    /// Which table --format csv prints: measures by day, what each payer pays a day, or what each
    /// pays by day and station.
    #[arg(long, value_enum, value_name = "TABLE", default_value = "by_day")]
    table: Table,
    /// Where to draw a chart with fan bands.
    #[arg(long, value_name = "SVG")]
    chart: Option<PathBuf>,
    /// What the chart shows: station and measure, such as hospital:queue.
    #[arg(long, value_name = "STATION:MEASURE", requires = "chart")]
    chart_of: Option<String>,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum CountingName {
    /// As the published program does, to compare with its figures.
    Published,
    /// As a plain queue.
    Plain,
}

/// A table of the result, by its name in JSON.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
#[value(rename_all = "snake_case")]
enum Table {
    /// A measure of a station on a day.
    ByDay,
    /// What a payer pays a day.
    Costs,
    /// What a payer pays for a station on a day.
    CostsByDay,
}

/// The clock of a run: when it must end.
struct Clock(Instant);

impl Clock {
    fn is_on(&self) -> bool {
        Instant::now() < self.0
    }
}

impl Common {
    fn path(&self) -> Result<&Path, Failure> {
        self.model
            .as_deref()
            .ok_or_else(|| Failure::Usage("name a model".to_owned()))
    }

    fn source(&self) -> Result<Source, Failure> {
        let path = self.path()?;
        let bytes = fs::read(path)
            .map_err(|error| Failure::Usage(format!("{}: {error}", path.display())))?;
        Source::read(path, &bytes)
    }

    /// Does something on the asked number of threads, within limits.
    fn within<T: Send>(
        &self,
        work: impl FnOnce(&Limits<'_>) -> Result<T, Failure> + Send,
    ) -> Result<T, Failure> {
        let clock = Clock(Instant::now() + Duration::from_secs(self.max_seconds.min(10_000_000)));
        let go_on = || clock.is_on();
        let limits = Limits {
            people: self.max_people,
            bytes: self.max_memory_mb.saturating_mul(1_000_000),
            go_on: &go_on,
        };
        let threads = rayon::ThreadPoolBuilder::new()
            .num_threads(self.threads.unwrap_or(0))
            .build()
            .map_err(|error| Failure::Failed(format!("threads cannot be started: {error}")))?;
        threads.install(|| work(&limits))
    }

    fn refused(&self, error: &simulate::Error) -> Failure {
        let path = self
            .path()
            .map_or_else(|_| String::new(), |path| path.display().to_string());
        match error {
            simulate::Error::Nothing(_) => Failure::Failed(format!("{path}: {error}")),
            _ => Failure::Refused(format!("{path}: {error}")),
        }
    }
}

impl Simulate {
    pub(crate) fn run(&self) -> Result<(), Failure> {
        match &self.question {
            Some(Question::Capacity(question)) => question.run(),
            Some(Question::NextPound(question)) => question.run(),
            Some(Question::Frees(question)) => question.run(),
            Some(Question::Weeks(question)) => question.run(),
            None => self.run.run(),
        }
    }
}

/// A scenario that was run.
struct Told {
    plan: Plan,
    outcome: Outcome,
}

impl Run {
    fn run(&self) -> Result<(), Failure> {
        if self.table != Table::ByDay && !matches!(self.common.format, Format::Csv) {
            return Err(Failure::Usage(
                "--table chooses a table of --format csv; --format json has all of them".to_owned(),
            ));
        }
        let source = self.common.source()?;
        let names = source.chosen(&self.scenarios)?;
        let counting = match self.counting {
            CountingName::Published => Counting::Published,
            CountingName::Plain => Counting::Plain,
        };
        // Everything is checked before anything is run: there is no partial output.
        let plans: Vec<(String, Plan)> = names
            .into_iter()
            .map(|name| {
                let plan = source
                    .plan(&name)
                    .map_err(|error| self.common.refused(&error))?;
                Ok((name, plan))
            })
            .collect::<Result<_, Failure>>()?;
        let chart = self.chart_of(&plans)?;
        let (told, left) = self
            .common
            .within(|limits| self.each(&source, plans, counting, limits))?;
        print::asides(&told, &left, source.counts_as_published(counting));
        if let (Some(path), Some((station, measure))) = (&self.chart, chart) {
            self.draw(path, &told, station, measure)?;
        }
        match self.common.format {
            Format::Csv => print::csv(&told, self.table)?,
            Format::Json => print::json(&told, &left)?,
            Format::Text => print::text(&told),
        }
        Ok(())
    }

    /// Runs one scenario after the other. When a limit leaves nothing to tell of one, those before
    /// it are told, and it and those after it are named.
    fn each(
        &self,
        source: &Source,
        plans: Vec<(String, Plan)>,
        counting: Counting,
        limits: &Limits<'_>,
    ) -> Result<(Vec<Told>, Vec<String>), Failure> {
        let (mut told, mut left) = (Vec::new(), Vec::new());
        for (name, plan) in plans {
            if !left.is_empty() {
                left.push(name);
                continue;
            }
            let mut settings = source.settings(&name, self.common.reps, self.common.seed);
            settings.precision = self.precision(&plan)?;
            match source.run(&plan, &settings, counting, limits) {
                Ok(outcome) => told.push(Told { plan, outcome }),
                Err(simulate::Error::Nothing(_)) if !told.is_empty() => left.push(name),
                Err(error) => return Err(self.common.refused(&error)),
            }
        }
        Ok((told, left))
    }

    fn precision(&self, plan: &Plan) -> Result<Option<Precision>, Failure> {
        let Some(text) = &self.half_width else {
            return Ok(None);
        };
        let wrong = || {
            Failure::Usage(format!(
                "--half-width `{text}`: write station, measure and half-width, such as hospital:queue:0.5"
            ))
        };
        let (what, width) = text.rsplit_once(':').ok_or_else(wrong)?;
        let half_width: f64 = width.parse().map_err(|_| wrong())?;
        if !half_width.is_finite() || half_width <= 0.0 {
            return Err(wrong());
        }
        let (station, measure) = station_and_measure(plan, what)?;
        Ok(Some(Precision {
            station,
            measure,
            half_width,
            most: self.max_reps,
        }))
    }

    fn chart_of(&self, plans: &[(String, Plan)]) -> Result<Option<(usize, Measure)>, Failure> {
        let (Some(_), Some((_, plan))) = (&self.chart, plans.first()) else {
            return Ok(None);
        };
        match &self.chart_of {
            Some(what) => station_and_measure(plan, what).map(Some),
            None => Ok(Some((0, Measure::Occupancy))),
        }
    }

    /// One chart for each scenario; with several, each has its number before the ending.
    fn draw(
        &self,
        path: &Path,
        told: &[Told],
        station: usize,
        measure: Measure,
    ) -> Result<(), Failure> {
        for (number, one) in (1..).zip(told) {
            let mut to = path.to_owned();
            if told.len() > 1 {
                let stem = path.file_stem().unwrap_or_default().to_string_lossy();
                to.set_file_name(format!("{stem}-{number}.svg"));
            }
            let svg = simulate::chart::fan(&one.outcome, station, measure, &one.plan.title);
            fs::write(&to, svg).map_err(|error| {
                Failure::Usage(format!("{} cannot be written: {error}", to.display()))
            })?;
        }
        Ok(())
    }
}

fn station_and_measure(plan: &Plan, text: &str) -> Result<(usize, Measure), Failure> {
    let (station, measure) = text.rsplit_once(':').ok_or_else(|| {
        Failure::Usage(format!(
            "`{text}`: write a station and a measure, such as hospital:queue"
        ))
    })?;
    let measure = Measure::named(measure).ok_or_else(|| {
        let names: Vec<&str> = Measure::ALL
            .iter()
            .map(|measure| measure.as_str())
            .collect();
        Failure::Usage(format!(
            "`{measure}` is no measure; there are {}",
            names.join(", ")
        ))
    })?;
    Ok((station_of(plan, station)?, measure))
}

fn station_of(plan: &Plan, name: &str) -> Result<usize, Failure> {
    plan.station(name).ok_or_else(|| {
        let names: Vec<String> = plan.stations().map(|name| format!("`{name}`")).collect();
        Failure::Usage(format!(
            "there is no station `{name}`; there are {}",
            names.join(", ")
        ))
    })
}
