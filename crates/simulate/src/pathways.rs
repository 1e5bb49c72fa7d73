//! Discharge pathways of places, as they are written in a workbook: pathway 1 in visits, 2 and 3
//! in beds, each with capacities, lengths of stay and arrivals that are combined to scenarios.
//!
//! Source: RULES L.1. A scenario is named by its capacity, stay and arrivals: `BCap_Blos_BArr`.

use crate::engine::{Replication, Stop, replicate};
use crate::model::{
    Capacity, Cost, InitialStay, Kind, Model, Source, Station, StayShape, VisitNeed,
};
use crate::outcome::{COLUMNS, Outcome};
use crate::published::{self, Beds};
use crate::run::{Limits, Settings, run_each};
use crate::stay::Stay;
use crate::{Error, Plan, Problem};
use jiff::civil::Date;
use std::collections::BTreeMap;

/// How beds are counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Counting {
    /// As the published program for these workbooks counts, to compare with its figures.
    Published,
    /// As a plain queue.
    Plain,
}

/// A workbook of pathways.
#[derive(Clone, Debug, PartialEq)]
pub struct Pathways {
    /// First day.
    pub start: Date,
    /// Days it has arrivals for.
    pub days: u32,
    /// One pathway of one place each, in the order of the workbook.
    pub nodes: Vec<Node>,
}

/// One pathway of one place.
#[derive(Clone, Debug, PartialEq)]
pub struct Node {
    /// Its name, such as `P2_B`.
    pub name: String,
    /// Mean arrivals of each day, by scenario.
    pub arrivals: Vec<(String, Vec<f64>)>,
    /// Places, by scenario.
    pub capacities: Vec<(String, u32)>,
    /// Lengths of stay, by scenario.
    pub stays: Vec<(String, NodeStay)>,
    /// People there at the start.
    pub occupied: u32,
    /// People who wait at the start.
    pub waiting: u32,
    /// What somebody there costs the community a day, in pence.
    pub community_pence: i64,
    /// What somebody who waits costs in an acute bed a day, in pence.
    pub acute_pence: i64,
}

/// A length of stay of a pathway.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct NodeStay {
    /// Median in days.
    pub median: Option<f64>,
    /// Mean in days.
    pub mean: f64,
    /// Standard deviation in days.
    pub sd: Option<f64>,
    /// Visits a day at first and at the end, for pathways in visits.
    pub visits: Option<(f64, f64)>,
}

/// Standard deviation of the number of visits (RULES L.1).
const VISITS_SD: f64 = 0.5;
/// Standard deviation of a stay over its mean, where only its limits depend on it and the workbook
/// gives none.
const SD_OF_MEAN: f64 = 0.3;

impl Pathways {
    /// Names of all scenarios, in the order of the workbook.
    pub fn scenarios(&self) -> Vec<String> {
        let mut all = Vec::new();
        for node in &self.nodes {
            for (capacity, _) in &node.capacities {
                for (stay, _) in &node.stays {
                    for (arrivals, _) in &node.arrivals {
                        let name = format!("{capacity}_{stay}_{arrivals}");
                        if !all.contains(&name) {
                            all.push(name);
                        }
                    }
                }
            }
        }
        all
    }

    /// The pathways of a scenario as a model of plain queues.
    ///
    /// # Errors
    /// What is wrong with it, with where.
    pub fn plan(&self, scenario: &str) -> Result<Plan, Error> {
        self.plan_of(scenario, |_| true)
    }

    fn plan_of(&self, scenario: &str, keep: impl Fn(&Part<'_>) -> bool) -> Result<Plan, Error> {
        let mut model = Model {
            title: format!("Discharge pathways, {scenario}"),
            start: Some(self.start),
            days: self.days,
            warm_up_days: 0,
            replications: 1,
            seed: 1,
            source: BTreeMap::new(),
            station: BTreeMap::new(),
            scenario: BTreeMap::new(),
        };
        for part in self.parts(scenario).iter().filter(|part| keep(part)) {
            let name = &part.node.name;
            let source = Source {
                arrivals_by_day: Some(part.arrivals.to_vec()),
                to: Some(name.clone()),
                ..Source::default()
            };
            model.source.insert(name.clone(), source);
            model.station.insert(name.clone(), part.station());
        }
        Plan::new(&model)
    }

    fn parts(&self, scenario: &str) -> Vec<Part<'_>> {
        let mut parts: Vec<Part<'_>> = Vec::new();
        for node in &self.nodes {
            for (capacity, places) in &node.capacities {
                for (stay, length) in &node.stays {
                    for (arrivals, means) in &node.arrivals {
                        if format!("{capacity}_{stay}_{arrivals}") == scenario {
                            parts.push(Part {
                                node,
                                places: *places,
                                stay: length,
                                arrivals: means,
                            });
                        }
                    }
                }
            }
        }
        parts.sort_by(|a, b| a.node.name.cmp(&b.node.name));
        parts
    }

    /// Runs a scenario: all its pathways at once.
    ///
    /// # Errors
    /// A scenario that is not there, parameters that cannot be, or a limit reached too early.
    pub fn run(
        &self,
        settings: &Settings,
        counting: Counting,
        limits: &Limits<'_>,
    ) -> Result<Outcome, Error> {
        let plan = self.plan(&settings.scenario)?;
        if counting == Counting::Plain {
            return crate::run(&plan, settings, limits);
        }
        let parts = self.parts(&settings.scenario);
        let in_visits = if parts.iter().any(|part| part.is_in_visits()) {
            Some(self.plan_of(&settings.scenario, |part| part.is_in_visits())?)
        } else {
            None
        };
        let stays: Vec<Stay> = parts.iter().map(Part::stay).collect::<Result<_, _>>()?;
        let stop = Stop {
            people: limits.people,
            go_on: limits.go_on,
        };
        run_each(&plan, settings, limits, &|number| {
            let visits = match &in_visits {
                Some(plan) => {
                    replicate(plan, settings.seed, number, &stop).map_err(Error::Stuck)?
                }
                None => Replication {
                    days: self.days,
                    ..Replication::default()
                },
            };
            let beds = parts.iter().zip(&stays).map(|(part, stay)| {
                (!part.is_in_visits())
                    .then(|| published::replicate(&part.beds(stay), settings.seed, number))
            });
            Ok(together(visits, &beds.collect::<Vec<_>>()))
        })
    }
}

/// Rows of the pathways in visits and of those in beds, as one replication in order of name.
fn together(visits: Replication, beds: &[Option<Replication>]) -> Replication {
    let in_visits = beds.iter().filter(|bed| bed.is_none()).count();
    let mut all = Replication {
        days: visits.days,
        stopped: visits.stopped,
        events: visits.events,
        most_people: visits.most_people,
        ..Replication::default()
    };
    for bed in beds.iter().flatten() {
        all.events += bed.events;
        all.most_people += bed.most_people;
    }
    for day in 0..visits.days as usize {
        let mut own = 0;
        for bed in beds {
            let (values, at) = match bed {
                Some(bed) => (&bed.values, day),
                None => {
                    own += 1;
                    (&visits.values, day * in_visits + own - 1)
                }
            };
            all.values
                .extend_from_slice(&values[at * COLUMNS..(at + 1) * COLUMNS]);
        }
    }
    let mut own = visits.paid.chunks(2);
    for bed in beds {
        match bed {
            Some(bed) => all.paid.extend(&bed.paid),
            None => all.paid.extend(own.next().unwrap_or(&[0, 0])),
        }
    }
    all
}

/// A pathway in one scenario.
struct Part<'a> {
    node: &'a Node,
    places: u32,
    stay: &'a NodeStay,
    arrivals: &'a [f64],
}

impl Part<'_> {
    fn is_in_visits(&self) -> bool {
        self.stay.visits.is_some()
    }

    fn beds<'b>(&'b self, stay: &'b Stay) -> Beds<'b> {
        Beds {
            name: &self.node.name,
            capacity: self.places,
            occupied: self.node.occupied,
            waiting: self.node.waiting,
            stay,
            arrivals: self.arrivals,
            occupied_pence: self.node.community_pence,
            waiting_pence: self.node.acute_pence,
        }
    }

    fn stay(&self) -> Result<Stay, Error> {
        let stay = match (self.stay.median, self.stay.sd) {
            (Some(median), _) => Stay::log_normal_median_mean(median, self.stay.mean),
            (None, sd) => {
                Stay::log_normal_mean_sd(self.stay.mean, sd.unwrap_or(SD_OF_MEAN * self.stay.mean))
            }
        };
        stay.map_err(|text| {
            Error::Model(vec![Problem::new(format!("los, {}", self.node.name), text)])
        })
    }

    fn station(&self) -> Station {
        let NodeStay {
            median,
            mean,
            sd,
            visits,
        } = *self.stay;
        let mut stay = StayShape {
            distribution: "log-normal".to_owned(),
            mean_days: Some(mean),
            median_days: median,
            ..StayShape::default()
        };
        if median.is_none() {
            stay.sd_days = Some(sd.unwrap_or(SD_OF_MEAN * mean));
        }
        let mut station = Station {
            initial_people: self.node.occupied,
            initial_queue_people: self.node.waiting,
            initial_stay: InitialStay::Uniform,
            cost: vec![
                Cost {
                    payer: "community".to_owned(),
                    occupied_day_pence: self.node.community_pence,
                    ..Cost::default()
                },
                Cost {
                    payer: "acute".to_owned(),
                    waiting_day_pence: self.node.acute_pence,
                    ..Cost::default()
                },
            ],
            ..Station::default()
        };
        match visits {
            None => station.capacity_beds = Some(Capacity::Number(self.places)),
            Some((first, last)) => {
                let visits = (f64::from(self.places) * (first + last) / 2.0).round();
                station.kind = Kind::Visits;
                station.capacity_visits_per_day = Some(Capacity::Number(visits as u32));
                station.visits = Some(VisitNeed {
                    first_per_day: first,
                    first_sd: VISITS_SD,
                    last_per_day: last,
                    last_sd: VISITS_SD,
                });
                // In whole days, at least one.
                stay.least_days = Some(0.5);
                stay.most_days = Some(mean + 3.0 * sd.unwrap_or(SD_OF_MEAN * mean));
            }
        }
        station.stay = Some(stay);
        station
    }
}
