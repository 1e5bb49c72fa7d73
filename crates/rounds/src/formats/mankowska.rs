//! Home health care routing and scheduling as published by Mankowska, Meisel and Bierwirth
//! (2014), "The home health care routing and scheduling problem with interdependent
//! services", Health Care Management Science 17, 15-30.
//!
//! Named blocks of numbers: `nbNodes` (the first and last node are the office), `nbVehi`
//! (staff), `nbServi`; `r` which services each node wants; `DS` nodes with two services,
//! counted from 1; `a` which services each member of staff offers; `x`, `y`; `d` travel;
//! `p` length by node, staff and service; `mind`, `maxd` least and most time from the start
//! of the first service to the start of the second (both nil: at the same time); `e`, `l`
//! window, whose end may be passed. The cost is the mean of travel, summed lateness and
//! largest lateness.
//!
//! Each service of a node is a visit, `node.service`; two services of one node are a pair.

use super::{ticks, wrong};
use crate::Error;
use crate::problem::{
    Carer, Kind, Link, NEVER, Names, Place, Problem, Rules, Shift, Travel, Visit, Weights,
};
use crate::solution::{Route, Solution, Stop};
use std::collections::BTreeMap;

/// Ticks in a unit: travel times have seven decimals.
pub const TICKS: i64 = 10_000_000;
/// Most nodes that are read.
pub const MOST_NODES: usize = 2_000;

type Rows<'a> = Vec<(usize, Vec<&'a str>)>;

struct Blocks<'a>(BTreeMap<&'a str, Rows<'a>>);

impl<'a> Blocks<'a> {
    fn of(text: &'a str) -> Result<Self, Error> {
        let mut blocks: BTreeMap<&str, Rows> = BTreeMap::new();
        let mut name = None;
        for (line, row) in text.lines().enumerate() {
            let cells: Vec<&str> = row.split_whitespace().collect();
            match (cells.first(), name) {
                (None, _) => {}
                (Some(first), _) if first.starts_with(|c: char| c.is_ascii_alphabetic()) => {
                    name = Some(*first);
                    blocks.entry(first).or_default();
                }
                (Some(_), Some(name)) => blocks.entry(name).or_default().push((line, cells)),
                (Some(_), None) => return Err(wrong(line, "numbers before the name of a block")),
            }
        }
        Ok(Self(blocks))
    }

    /// A block of so many rows and columns as whole ticks.
    fn table(&self, name: &str, rows: usize, columns: usize) -> Result<Vec<Vec<i64>>, Error> {
        let found = self
            .0
            .get(name)
            .ok_or_else(|| Error::File(format!("block {name} is missing")))?;
        if found.len() != rows {
            return Err(Error::File(format!(
                "block {name} has {} rows where {rows} are needed",
                found.len()
            )));
        }
        found
            .iter()
            .map(|(line, cells)| {
                if cells.len() != columns {
                    let said = format!(
                        "block {name} has {} numbers in this row where {columns} are needed",
                        cells.len()
                    );
                    return Err(wrong(*line, said));
                }
                cells
                    .iter()
                    .map(|cell| {
                        let value = ticks(cell, TICKS).ok_or_else(|| {
                            wrong(*line, format!("{cell} in block {name} is no number"))
                        })?;
                        if !(0..=super::MOST).contains(&value) {
                            return Err(wrong(
                                *line,
                                format!("{cell} in block {name} is negative or too large"),
                            ));
                        }
                        Ok(value)
                    })
                    .collect()
            })
            .collect()
    }

    fn count(&self, name: &str, most: usize) -> Result<usize, Error> {
        let value = self.table(name, 1, 1)?[0][0];
        usize::try_from(value / TICKS)
            .ok()
            .filter(|count| value % TICKS == 0 && (1..=most).contains(count))
            .ok_or_else(|| Error::File(format!("{name} must be a whole number from 1 to {most}")))
    }
}

/// Reads a problem.
///
/// # Errors
/// If a block is missing or has the wrong size, a number is negative, or the length of a
/// service hangs on who does it, which no published file has.
pub fn read(name: &str, text: &str) -> Result<Problem, Error> {
    let blocks = Blocks::of(text)?;
    let nodes = blocks.count("nbNodes", MOST_NODES)?;
    let staff = blocks.count("nbVehi", MOST_NODES)?;
    let services = blocks.count("nbServi", 64)?;
    let wants = blocks.table("r", nodes, services)?;
    let offers = blocks.table("a", staff, services)?;
    let travel = blocks.table("d", nodes, nodes)?;
    let carers = offers.iter().enumerate().map(|(index, row)| Carer {
        id: index.to_string(),
        skills: (0..services).filter(|service| row[*service] > 0).collect(),
        ..Carer::default()
    });
    let carers: Vec<Carer> = carers.collect();
    let shifts = (0..staff).map(|carer| Shift {
        carer,
        open: 0,
        close: NEVER,
        start: Some(0),
        end: Some(0),
    });
    let (visits, links) = visits(&blocks, nodes, staff, services, &wants)?;
    let cells = travel
        .into_iter()
        .flatten()
        .map(|time| i32::try_from(time).map_err(|_| Error::File(TOO_FAR.to_owned())));
    let travel = Travel::new("any", nodes, cells.collect::<Result<_, _>>()?, Vec::new())
        .map_err(Error::File)?;
    Ok(Problem {
        name: name.to_owned(),
        kind: Kind::Mankowska,
        ticks: TICKS,
        places: (0..nodes)
            .map(|node| Place {
                id: node.to_string(),
                at: None,
            })
            .collect(),
        travel: vec![travel],
        names: Names {
            skills: (0..services).map(|s| format!("service {s}")).collect(),
            ..Names::default()
        },
        shifts: shifts.collect(),
        carers,
        people: (0..nodes).map(|node| node.to_string()).collect(),
        visits,
        links,
        rules: Rules {
            home_in_shift: true,
            ..Rules::default()
        },
        weights: Weights {
            lateness: 1,
            worst_lateness: 1,
            divide_by: 3,
            ..Weights::travel_only()
        },
    })
}

const TOO_FAR: &str = "a time in block d is above 214 units, the most that is read";

fn visits(
    blocks: &Blocks,
    nodes: usize,
    staff: usize,
    services: usize,
    wants: &[Vec<i64>],
) -> Result<(Vec<Visit>, Vec<Link>), Error> {
    let lengths = blocks.table("p", nodes * staff, services)?;
    let least = &blocks.table("mind", 1, nodes)?[0];
    let most = &blocks.table("maxd", 1, nodes)?[0];
    let earliest = &blocks.table("e", 1, nodes)?[0];
    let due = &blocks.table("l", 1, nodes)?[0];
    let (mut visits, mut links) = (Vec::new(), Vec::new());
    for node in 1..nodes.saturating_sub(1) {
        let wanted: Vec<usize> = (0..services).filter(|s| wants[node][*s] > 0).collect();
        if wanted.is_empty() || wanted.len() > 2 {
            return Err(Error::File(format!(
                "node {node} wants {} services; one or two can be planned",
                wanted.len()
            )));
        }
        if due[node] < earliest[node] {
            return Err(Error::File(format!(
                "the window of node {node} ends before it begins"
            )));
        }
        for service in &wanted {
            let length = lengths[node * staff][*service];
            if (1..staff).any(|who| lengths[node * staff + who][*service] != length) {
                return Err(Error::File(format!(
                    "block p: the length of service {service} at node {node} hangs on who does it"
                )));
            }
            visits.push(visit(node, *service, earliest[node], due[node], length));
        }
        if wanted.len() == 2 {
            if most[node] < least[node] {
                return Err(Error::File(format!(
                    "maxd of node {node} is less than its mind"
                )));
            }
            links.push(Link {
                first: visits.len() - 2,
                second: visits.len() - 1,
                least: least[node],
                most: Some(most[node]),
                pair: true,
            });
        }
    }
    Ok((visits, links))
}

fn visit(node: usize, service: usize, earliest: i64, due: i64, length: i64) -> Visit {
    Visit {
        id: format!("{node}.{service}"),
        person: node,
        place: node,
        earliest,
        latest: NEVER,
        due,
        length,
        hands: 1,
        skills: vec![service],
        priority: 1,
        excluded: Vec::new(),
        preferred: Vec::new(),
        zone: None,
        provider: None,
        locked: Vec::new(),
        had: Vec::new(),
        load: 0,
    }
}

/// Reads a published solution: `# Cost = …`, then for each member of staff a line with
/// number and count of legs, and a line `from to staff service` for each leg.
///
/// # Errors
/// If a leg does not begin where the last one ended, or names what is not in the problem.
pub fn read_solution(text: &str, problem: &Problem) -> Result<(Solution, Option<f64>), Error> {
    let mut stated = None;
    let mut routes: BTreeMap<usize, Vec<Stop>> = BTreeMap::new();
    let mut at = "0";
    for (line, row) in text.lines().enumerate() {
        if let Some((_, rest)) = row.split_once("Cost = ") {
            stated = rest.split_whitespace().next().and_then(|c| c.parse().ok());
        }
        if row.starts_with('#') {
            continue;
        }
        let cells: Vec<&str> = row.split_whitespace().collect();
        let &[from, to, staff, service] = cells.as_slice() else {
            at = "0";
            continue;
        };
        if from != at {
            return Err(wrong(
                line,
                format!("the leg begins at {from} and the last one ended at {at}"),
            ));
        }
        at = to;
        if to == "0" {
            continue;
        }
        let id = format!("{to}.{service}");
        let visit = problem.visits.iter().position(|visit| visit.id == id);
        let visit = visit.ok_or_else(|| wrong(line, format!("node {to} wants no {service}")))?;
        let shift = staff
            .parse()
            .ok()
            .filter(|shift| *shift < problem.shifts.len());
        let shift = shift.ok_or_else(|| wrong(line, format!("there is no staff {staff}")))?;
        routes
            .entry(shift)
            .or_default()
            .push(Stop { visit, times: None });
    }
    let routes = routes
        .into_iter()
        .map(|(shift, stops)| Route { shift, stops })
        .collect();
    Ok((Solution { routes }, stated))
}

/// Writes a plan as the published solutions are written.
pub fn write_solution(problem: &Problem, solution: &Solution, head: &str) -> String {
    let mut text = format!(
        "{head}\n# <vehicle> <route length>\n# <origin node> <dest node> <vehicle> <service type>\n"
    );
    for route in &solution.routes {
        text.push_str(&format!("{} {}\n", route.shift, route.stops.len() + 1));
        let mut at = "0";
        for stop in &route.stops {
            let (node, service) = problem.visits[stop.visit]
                .id
                .split_once('.')
                .unwrap_or_default();
            text.push_str(&format!("{at} {node} {} {service}\n", route.shift));
            at = node;
        }
        text.push_str(&format!("{at} 0 {} 0\n", route.shift));
    }
    text
}
