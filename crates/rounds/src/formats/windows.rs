//! Vehicle routing with time windows: the layout of Solomon (1987) and of Gehring and
//! Homberger (1999), and VRPLIB files (`.vrp`) of the same. The distance is Euclidean, cut
//! to one decimal, as the DIMACS challenge (2021) counts it; travel takes as long as it is
//! far. Only the summed distance counts, and every customer is served.

use super::{ticks, wrong};
use crate::Error;
use crate::problem::{
    Carer, Kind, NEVER, Names, Place, Problem, Rules, Shift, Travel, Visit, Weights,
};
use crate::solution::{Route, Solution, Stop};

/// Ticks in a unit: one decimal.
pub const TICKS: i64 = 10;
/// Most customers that are read.
pub const MOST_CUSTOMERS: usize = 5_000;

struct Row {
    x: f64,
    y: f64,
    demand: i64,
    ready: i64,
    due: i64,
    service: i64,
}

struct Read {
    vehicles: usize,
    capacity: i64,
    rows: Vec<Row>,
}

/// Whether this is one of the two layouts.
pub fn recognised(text: &str) -> bool {
    text.contains("NODE_COORD_SECTION") || (text.contains("VEHICLE") && text.contains("CUSTOMER"))
}

/// Reads a problem in either layout.
///
/// # Errors
/// With the line of what is missing, no number, or negative; with the customer whom no
/// vehicle can serve.
pub fn read(name: &str, text: &str) -> Result<Problem, Error> {
    let read = if text.contains("NODE_COORD_SECTION") {
        vrplib(text)?
    } else {
        solomon(text)?
    };
    let size = read.rows.len();
    if !(2..=MOST_CUSTOMERS + 1).contains(&size) {
        return Err(Error::File(format!(
            "{} customers; from 1 to {MOST_CUSTOMERS} can be planned",
            size.saturating_sub(1)
        )));
    }
    build(name, &read)
}

fn build(name: &str, read: &Read) -> Result<Problem, Error> {
    let size = read.rows.len();
    let mut table = Vec::with_capacity(size * size);
    for from in &read.rows {
        for to in &read.rows {
            let far = ((from.x - to.x).powi(2) + (from.y - to.y).powi(2)).sqrt();
            table.push((far * 10.0) as i32);
        }
    }
    let travel = Travel::new("any", size, table, Vec::new()).map_err(Error::File)?;
    let depot = &read.rows[0];
    let visits = read.rows.iter().enumerate().skip(1).map(|(index, row)| {
        if let Some(text) = impossible(read, row, travel.ticks(0, index)) {
            return Err(Error::File(format!("customer {index}: {text}")));
        }
        Ok(Visit {
            id: index.to_string(),
            person: index,
            place: index,
            earliest: row.ready,
            latest: row.due,
            due: NEVER,
            length: row.service,
            hands: 1,
            skills: Vec::new(),
            priority: 1,
            excluded: Vec::new(),
            preferred: Vec::new(),
            zone: None,
            provider: None,
            locked: Vec::new(),
            had: Vec::new(),
            load: row.demand,
        })
    });
    Ok(Problem {
        name: name.to_owned(),
        kind: Kind::Windows,
        ticks: TICKS,
        places: (0..size)
            .map(|place| Place {
                id: place.to_string(),
                at: None,
            })
            .collect(),
        visits: visits.collect::<Result<_, _>>()?,
        travel: vec![travel],
        names: Names::default(),
        carers: (1..=read.vehicles)
            .map(|vehicle| Carer {
                id: vehicle.to_string(),
                ..Carer::default()
            })
            .collect(),
        shifts: (0..read.vehicles)
            .map(|carer| Shift {
                carer,
                open: depot.ready,
                close: depot.due,
                start: Some(0),
                end: Some(0),
            })
            .collect(),
        people: (0..size).map(|person| person.to_string()).collect(),
        links: Vec::new(),
        rules: Rules {
            home_in_shift: true,
            capacity: Some(read.capacity),
            ..Rules::default()
        },
        weights: Weights::travel_only(),
    })
}

/// Why a customer `way` ticks from the depot can be in no plan at all.
fn impossible(read: &Read, row: &Row, way: i64) -> Option<String> {
    let depot = &read.rows[0];
    let [ready, due] = [row.ready, row.due].map(|ticks| ticks as f64 / TICKS as f64);
    let start = (depot.ready + way).max(row.ready);
    if row.due < row.ready {
        Some(format!(
            "the window ends at {due} before it begins at {ready}"
        ))
    } else if start > row.due {
        Some(format!(
            "nobody can be there before the window ends at {due}"
        ))
    } else if start + row.service + way > depot.due {
        Some(format!(
            "nobody who begins at {ready} or later is back at the depot in time"
        ))
    } else if row.demand > read.capacity {
        let (wanted, holds) = (row.demand, read.capacity);
        Some(format!("{wanted} are wanted and a vehicle holds {holds}"))
    } else {
        None
    }
}

fn whole(line: usize, cell: &str) -> Result<i64, Error> {
    cell.parse()
        .ok()
        .filter(|value| (0..=super::MOST).contains(value))
        .ok_or_else(|| {
            wrong(
                line,
                format!("{cell} is no whole number from nil up, or too large"),
            )
        })
}

fn time(line: usize, cell: &str) -> Result<i64, Error> {
    ticks(cell, TICKS)
        .filter(|value| (0..=super::MOST).contains(value))
        .ok_or_else(|| wrong(line, format!("{cell} is no time from nil up, or too large")))
}

fn coordinate(line: usize, cell: &str) -> Result<f64, Error> {
    cell.parse()
        .ok()
        .filter(|value: &f64| value.abs() < 1e7)
        .ok_or_else(|| wrong(line, format!("{cell} is no coordinate")))
}

fn solomon(text: &str) -> Result<Read, Error> {
    let (mut vehicles, mut capacity, mut rows) = (None, None, Vec::new());
    for (line, row) in text.lines().enumerate() {
        let cells: Vec<&str> = row.split_whitespace().collect();
        let numbers = cells
            .first()
            .is_some_and(|cell| cell.starts_with(|c: char| c.is_ascii_digit()));
        match cells.as_slice() {
            [many, holds] if numbers => {
                vehicles = usize::try_from(whole(line, many)?).ok();
                capacity = Some(whole(line, holds)?);
            }
            [number, x, y, demand, ready, due, service] if numbers => {
                if whole(line, number)? != rows.len() as i64 {
                    return Err(wrong(line, "customers are not numbered in order"));
                }
                rows.push(Row {
                    x: coordinate(line, x)?,
                    y: coordinate(line, y)?,
                    demand: whole(line, demand)?,
                    ready: time(line, ready)?,
                    due: time(line, due)?,
                    service: time(line, service)?,
                });
            }
            _ if numbers && line > 0 => {
                return Err(wrong(line, "a customer has seven numbers"));
            }
            _ => {}
        }
    }
    match (vehicles, capacity) {
        (Some(vehicles), Some(capacity)) if (1..=MOST_CUSTOMERS).contains(&vehicles) => Ok(Read {
            vehicles,
            capacity,
            rows,
        }),
        _ => Err(Error::File(
            "the number and the capacity of the vehicles are missing".to_owned(),
        )),
    }
}

fn vrplib(text: &str) -> Result<Read, Error> {
    let (mut vehicles, mut capacity, mut service) = (None, None, 0);
    let mut rows: Vec<Row> = Vec::new();
    let mut section = "";
    for (line, row) in text.lines().enumerate() {
        if let Some((key, value)) = row.split_once(':') {
            let value = value.trim();
            match key.trim() {
                "VEHICLES" => vehicles = usize::try_from(whole(line, value)?).ok(),
                "CAPACITY" => capacity = Some(whole(line, value)?),
                "SERVICE_TIME" => service = time(line, value)?,
                _ => {}
            }
            continue;
        }
        let cells: Vec<&str> = row.split_whitespace().collect();
        if let [name] = cells.as_slice()
            && name.ends_with("_SECTION")
        {
            section = name.trim_end_matches("_SECTION");
            continue;
        }
        match (section, cells.as_slice()) {
            ("NODE_COORD", [number, x, y]) => {
                if whole(line, number)? != rows.len() as i64 + 1 {
                    return Err(wrong(line, "nodes are not numbered in order"));
                }
                rows.push(Row {
                    x: coordinate(line, x)?,
                    y: coordinate(line, y)?,
                    demand: 0,
                    ready: 0,
                    due: NEVER,
                    service: if rows.is_empty() { 0 } else { service },
                });
            }
            ("DEMAND" | "TIME_WINDOW" | "SERVICE_TIME", [number, rest @ ..]) => {
                let index = whole(line, number)? - 1;
                let row = usize::try_from(index).ok().and_then(|i| rows.get_mut(i));
                let row = row.ok_or_else(|| wrong(line, format!("there is no node {number}")))?;
                match (section, rest) {
                    ("DEMAND", [demand]) => row.demand = whole(line, demand)?,
                    ("SERVICE_TIME", [service]) => row.service = time(line, service)?,
                    ("TIME_WINDOW", [ready, due]) => {
                        (row.ready, row.due) = (time(line, ready)?, time(line, due)?);
                    }
                    _ => return Err(wrong(line, format!("too few or many numbers in {section}"))),
                }
            }
            _ => {}
        }
    }
    let capacity = capacity.ok_or_else(|| Error::File("CAPACITY is missing".to_owned()))?;
    let vehicles = vehicles.unwrap_or(rows.len().saturating_sub(1));
    if vehicles == 0 || vehicles > MOST_CUSTOMERS {
        return Err(Error::File(format!(
            "VEHICLES must be from 1 to {MOST_CUSTOMERS}"
        )));
    }
    Ok(Read {
        vehicles,
        capacity,
        rows,
    })
}

/// Reads a published solution: `Route #1: 5 3 7`, then `Cost 828.9`.
///
/// # Errors
/// If it names a customer that the problem does not have, or has more routes than vehicles.
pub fn read_solution(text: &str, problem: &Problem) -> Result<(Solution, Option<f64>), Error> {
    let (mut routes, mut stated) = (Vec::new(), None);
    for (line, row) in text.lines().enumerate() {
        if let Some(cost) = row.strip_prefix("Cost") {
            stated = cost.trim().trim_start_matches([':', ' ']).parse().ok();
        } else if let Some((_, list)) = row.split_once(':')
            && row.trim_start().starts_with("Route")
        {
            let stops = list.split_whitespace().map(|cell| {
                let number = usize::try_from(whole(line, cell)?).unwrap_or(0);
                if number == 0 || number > problem.visits.len() {
                    return Err(wrong(line, format!("there is no customer {cell}")));
                }
                Ok(Stop {
                    visit: number - 1,
                    times: None,
                })
            });
            let shift = routes.len();
            if shift >= problem.shifts.len() {
                return Err(wrong(line, "more routes than vehicles"));
            }
            let stops = stops.collect::<Result<_, _>>()?;
            routes.push(Route { shift, stops });
        }
    }
    Ok((Solution { routes }, stated))
}

/// Writes a plan as the published solutions are written.
pub fn write_solution(solution: &Solution, cost: f64) -> String {
    let mut text = String::new();
    for (index, route) in solution.routes.iter().enumerate() {
        text.push_str(&format!("Route #{}:", index + 1));
        for stop in &route.stops {
            text.push_str(&format!(" {}", stop.visit + 1));
        }
        text.push('\n');
    }
    text.push_str(&format!("Cost {cost:.1}\n"));
    text
}
