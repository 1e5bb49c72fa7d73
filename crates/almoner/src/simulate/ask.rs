//! Questions: `simulate capacity`, `next-pound`, `frees`, `weeks`.

use super::model::{BASELINE, Source};
use super::{Common, print, station_of};
use crate::Format;
use crate::failure::Failure;
use crate::load::quoted;
use clap::Args;
use kernel::money::Pence;
use serde_json::json;
use simulate::ask::{self, Tolerance};
use simulate::outcome::Spread;
use simulate::{Limits, Outcome, Plan};

/// The smallest capacity for a tolerance.
///
/// Example: almoner simulate capacity model.toml --station reablement --at-most 5 --on-days 0.9
#[derive(Args)]
pub(super) struct Capacity {
    #[command(flatten)]
    common: Common,
    /// The scenario it is asked of.
    #[arg(long, value_name = "NAME", default_value = BASELINE)]
    scenario: String,
    /// The station.
    #[arg(long, value_name = "STATION")]
    station: String,
    /// At most so many people wait.
    #[arg(long, value_name = "PEOPLE")]
    at_most: f64,
    /// On at least this share of days.
    #[arg(long, value_name = "SHARE", default_value_t = 0.9)]
    on_days: f64,
}

/// Where the next pound does most.
///
/// Example: almoner simulate next-pound model.toml --places 5
#[derive(Args)]
pub(super) struct NextPound {
    #[command(flatten)]
    common: Common,
    /// The scenario it is asked of.
    #[arg(long, value_name = "NAME", default_value = BASELINE)]
    scenario: String,
    /// Places that are added at one station at a time.
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..=100_000))]
    places: u32,
}

/// What a scheme frees, and when.
///
/// Example: almoner simulate frees model.toml --scenario "ten more" --station hospital --ward-beds 28
#[derive(Args)]
pub(super) struct Frees {
    #[command(flatten)]
    common: Common,
    /// The scheme.
    #[arg(long, value_name = "NAME")]
    scenario: String,
    /// What it is compared with.
    #[arg(long, value_name = "NAME", default_value = BASELINE)]
    against: String,
    /// Where something is to be freed.
    #[arg(long, value_name = "STATION")]
    station: String,
    /// Beds of a ward: how many whole wards could close.
    #[arg(long, value_name = "BEDS", value_parser = clap::value_parser!(u32).range(1..=10_000))]
    ward_beds: Option<u32>,
}

/// Capacity and demand by week.
///
/// Example: almoner simulate weeks model.toml --format csv
#[derive(Args)]
pub(super) struct Weeks {
    #[command(flatten)]
    common: Common,
    /// The scenario it is asked of.
    #[arg(long, value_name = "NAME", default_value = BASELINE)]
    scenario: String,
}

/// A scenario, ready to be run.
fn ready(common: &Common, source: &Source, name: &str) -> Result<Plan, Failure> {
    source.chosen(&[name.to_owned()])?;
    let plan = source.plan(name).map_err(|error| common.refused(&error))?;
    print::warnings(name, &plan);
    Ok(plan)
}

fn run(
    common: &Common,
    source: &Source,
    name: &str,
    plan: &Plan,
    limits: &Limits<'_>,
) -> Result<Outcome, Failure> {
    let settings = source.settings(name, common.reps, common.seed);
    let outcome = simulate::run(plan, &settings, limits).map_err(|error| common.refused(&error))?;
    eprintln!(
        "seed {}, {} replications of {} days",
        outcome.seed,
        outcome.replications(),
        outcome.days
    );
    if let Some(stopped) = &outcome.stopped {
        eprintln!("stopped: {name}: {stopped}");
    }
    Ok(outcome)
}

/// A figure in a table: mean, and the ends of its 95 % interval.
fn cells(found: &Spread) -> String {
    match found.half_width {
        Some(half) => format!(
            "{:.4},{:.4},{:.4}",
            found.mean,
            found.mean - half,
            found.mean + half
        ),
        None => format!("{:.4},,", found.mean),
    }
}

impl Capacity {
    pub(super) fn run(&self) -> Result<(), Failure> {
        let right = self.at_most.is_finite()
            && self.at_most >= 0.0
            && self.on_days > 0.0
            && self.on_days <= 1.0;
        if !right {
            return Err(Failure::Usage(
                "--at-most is 0 or more people, --on-days a share of days up to 1, such as 0.9"
                    .to_owned(),
            ));
        }
        let source = self.common.source()?;
        let plan = ready(&self.common, &source, &self.scenario)?;
        let station = station_of(&plan, &self.station)?;
        let tolerance = Tolerance {
            people: self.at_most,
            days: self.on_days,
        };
        let settings = source.settings(&self.scenario, self.common.reps, self.common.seed);
        let answer = self.common.within(|limits| {
            ask::least_capacity(&plan, station, tolerance, &settings, limits)
                .map_err(|error| self.common.refused(&error))
        })?;
        eprintln!(
            "seed {}, {} replications for each capacity",
            settings.seed, settings.replications
        );
        if let Some(stopped) = &answer.stopped {
            eprintln!("stopped: {stopped}");
        }
        match self.common.format {
            Format::Json => println!("{}", serde_json::to_string_pretty(&answer)?),
            Format::Csv => {
                println!(
                    "station,capacity,days_within,days_within_low,days_within_high,queue,queue_low,queue_high,enough"
                );
                for tried in &answer.tried {
                    println!(
                        "{},{},{},{},{}",
                        quoted(&answer.station),
                        tried.capacity,
                        cells(&tried.days_within),
                        cells(&tried.queue),
                        tried.enough
                    );
                }
            }
            Format::Text => {
                for tried in &answer.tried {
                    let within = tried.days_within.mean * 100.0;
                    let enough = if tried.enough { "enough" } else { "too few" };
                    println!(
                        "  {}: {within:.1} % of days, {} waiting on average: {enough}",
                        tried.capacity,
                        print::read(&tried.queue)
                    );
                }
                match answer.capacity {
                    Some(capacity) => println!(
                        "{} needs {capacity}: at most {} waiting on {} % of days",
                        answer.station,
                        self.at_most,
                        self.on_days * 100.0
                    ),
                    None => println!("No capacity was found that is enough"),
                }
            }
        }
        Ok(())
    }
}

impl NextPound {
    pub(super) fn run(&self) -> Result<(), Failure> {
        let source = self.common.source()?;
        let plan = ready(&self.common, &source, &self.scenario)?;
        let settings = source.settings(&self.scenario, self.common.reps, self.common.seed);
        let answers = self.common.within(|limits| {
            ask::next_pound(&plan, self.places, &settings, limits)
                .map_err(|error| self.common.refused(&error))
        })?;
        if answers.is_empty() {
            return Err(Failure::Refused(
                "no station says what one more place costs: give `extra_place_per_day_pence`"
                    .to_owned(),
            ));
        }
        eprintln!(
            "seed {}, {} replications for each station",
            settings.seed, settings.replications
        );
        match self.common.format {
            Format::Json => println!("{}", serde_json::to_string_pretty(&answers)?),
            Format::Csv => {
                println!(
                    "station,places,pence_per_day,fewer_waiting,fewer_waiting_low,fewer_waiting_high,per_thousand_pounds,per_thousand_pounds_low,per_thousand_pounds_high"
                );
                for one in &answers {
                    println!(
                        "{},{},{},{},{}",
                        quoted(&one.station),
                        one.places,
                        one.pence_per_day,
                        cells(&one.fewer_waiting),
                        cells(&one.fewer_waiting_per_thousand_pounds)
                    );
                }
            }
            Format::Text => {
                for one in &answers {
                    println!(
                        "  {}: {} more for {} a day: {} fewer people waiting; {} for each £1,000 a day",
                        one.station,
                        one.places,
                        Pence(one.pence_per_day),
                        print::read(&one.fewer_waiting),
                        print::read(&one.fewer_waiting_per_thousand_pounds)
                    );
                }
            }
        }
        Ok(())
    }
}

impl Frees {
    pub(super) fn run(&self) -> Result<(), Failure> {
        let source = self.common.source()?;
        let (before, after) = (
            ready(&self.common, &source, &self.against)?,
            ready(&self.common, &source, &self.scenario)?,
        );
        let station = station_of(&before, &self.station)?;
        if before.stations().ne(after.stations())
            || (before.days, before.warm_up_days) != (after.days, after.warm_up_days)
        {
            return Err(Failure::Usage(
                "the two scenarios have other stations or days and cannot be compared week by week"
                    .to_owned(),
            ));
        }
        let weeks = self.common.within(|limits| {
            let before = run(&self.common, &source, &self.against, &before, limits)?;
            let after = run(&self.common, &source, &self.scenario, &after, limits)?;
            if before.days != after.days || before.replications() != after.replications() {
                return Err(Failure::Failed("a limit cut the two runs at different points; give more time or fewer replications".to_owned()));
            }
            Ok(ask::frees(&before, &after, station, self.ward_beds))
        })?;
        match self.common.format {
            Format::Json => println!("{}", serde_json::to_string_pretty(&weeks)?),
            Format::Csv => {
                println!(
                    "week,from_day,beds,beds_low,beds_high,blocked,blocked_low,blocked_high,queue,queue_low,queue_high,whole_wards"
                );
                for week in &weeks {
                    let wards = week
                        .whole_wards
                        .map_or_else(String::new, |wards| wards.to_string());
                    println!(
                        "{},{},{},{},{},{wards}",
                        week.week,
                        week.from_day,
                        cells(&week.beds),
                        cells(&week.blocked),
                        cells(&week.queue)
                    );
                }
            }
            Format::Text => {
                println!(
                    "{} frees at {}, against {}:",
                    self.scenario, self.station, self.against
                );
                for week in &weeks {
                    let wards = week
                        .whole_wards
                        .map_or_else(String::new, |wards| format!("; whole wards: {wards}"));
                    println!(
                        "  week {}, from day {}: {} beds, {} of them blocked; {} fewer waiting{wards}",
                        week.week,
                        week.from_day,
                        print::read(&week.beds),
                        print::read(&week.blocked),
                        print::read(&week.queue)
                    );
                }
            }
        }
        Ok(())
    }
}

impl Weeks {
    pub(super) fn run(&self) -> Result<(), Failure> {
        let source = self.common.source()?;
        let plan = ready(&self.common, &source, &self.scenario)?;
        let outcome = self
            .common
            .within(|limits| run(&self.common, &source, &self.scenario, &plan, limits))?;
        let weeks = ask::weeks(&plan, &outcome);
        match self.common.format {
            Format::Json => {
                println!(
                    "{}",
                    serde_json::to_string_pretty(
                        &json!({ "scenario": self.scenario, "weeks": weeks })
                    )?
                );
            }
            Format::Csv => {
                println!(
                    "station,week,from_day,arrivals_per_day,capacity,occupancy,demand,demand_q05,demand_q95"
                );
                for week in &weeks {
                    let capacity = week
                        .capacity
                        .map_or_else(String::new, |capacity| format!("{capacity:.4}"));
                    println!(
                        "{},{},{},{:.4},{capacity},{:.4},{:.4},{:.4},{:.4}",
                        quoted(&week.station),
                        week.week,
                        week.from_day,
                        week.arrivals_per_day.mean,
                        week.occupancy.mean,
                        week.demand.mean,
                        week.demand.quantiles[0],
                        week.demand.quantiles[4]
                    );
                }
            }
            Format::Text => {
                for week in &weeks {
                    let capacity = week.capacity.map_or_else(
                        || "unlimited".to_owned(),
                        |capacity| format!("{capacity:.1}"),
                    );
                    println!(
                        "  {}, week {}: {:.1} come a day; capacity {capacity}; {:.1} there; {:.1} there or waiting ({:.1} to {:.1})",
                        week.station,
                        week.week,
                        week.arrivals_per_day.mean,
                        week.occupancy.mean,
                        week.demand.mean,
                        week.demand.quantiles[0],
                        week.demand.quantiles[4]
                    );
                }
            }
        }
        Ok(())
    }
}
