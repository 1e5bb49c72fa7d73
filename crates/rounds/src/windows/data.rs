//! The problem, laid out for speed.

use crate::problem::{Problem, Visit};

/// Customers before and after whom a customer is tried now and then; most of the time only
/// the first of them.
const FAR: usize = 320;
/// Customers whose routes a ruin may reach.
const REACH: usize = 400;
/// Temperatures at the start and at the end, in mean ways from the depot.
const HOT: f64 = 0.3;
const COLD: f64 = 0.005;
/// Longest way and latest time, ticks: sums of three fit.
const MOST: i64 = 1 << 29;

/// Somebody who may be next to a customer, and how far away.
#[derive(Clone, Copy)]
pub struct Near {
    pub customer: u16,
    pub way: i32,
}

/// The problem, laid out for speed. The way back is as long as the way there.
pub struct Data {
    pub size: usize,
    /// The visit that each customer is; the depot is none.
    pub visit: Vec<usize>,
    pub vehicles: usize,
    capacity: i64,
    distance: Vec<i32>,
    pub earliest: Vec<i32>,
    pub latest: Vec<i32>,
    pub service: Vec<i32>,
    pub load: Vec<i64>,
    /// Customers who can come before one, the best first.
    pub before: Vec<Vec<Near>>,
    /// Customers who can come after one, the best first.
    pub after: Vec<Vec<Near>>,
    /// Customers by distance from one, itself first.
    pub around: Vec<Vec<u16>>,
    /// Temperature at the start, ticks.
    pub hot: f64,
    /// Temperature at the end, ticks.
    pub cold: f64,
}

impl Data {
    pub fn of(problem: &Problem) -> Self {
        let size = problem.visits.len() + 1;
        let travel = &problem.travel[0];
        let cut = |ticks: i64| ticks.min(MOST) as i32;
        let order = chain(size, |from, to| cut(travel.ticks(from, to)));
        let mut distance = Vec::with_capacity(size * size);
        for from in &order {
            distance.extend(order.iter().map(|to| cut(travel.ticks(*from, *to))));
        }
        let shift = &problem.shifts[0];
        let visit: Vec<usize> = order.iter().map(|one| one.saturating_sub(1)).collect();
        let visits = || visit[1..].iter().map(|one| &problem.visits[*one]);
        let column = |depot: i64, of: fn(&Visit) -> i64| {
            let all = std::iter::once(depot).chain(visits().map(of));
            all.map(cut).collect::<Vec<i32>>()
        };
        let mut data = Self {
            size,
            vehicles: problem.shifts.len(),
            capacity: problem.rules.capacity.unwrap_or(i64::MAX),
            distance,
            earliest: column(shift.open, |visit| visit.earliest),
            latest: column(shift.close, |visit| visit.latest),
            service: column(0, |visit| visit.length),
            load: std::iter::once(0)
                .chain(visits().map(|visit| visit.load))
                .collect(),
            before: Vec::new(),
            after: Vec::new(),
            around: Vec::new(),
            hot: 0.0,
            cold: 0.0,
            visit,
        };
        data.neighbours();
        data
    }

    pub fn distance(&self, from: usize, to: usize) -> i32 {
        self.distance[from * self.size + to]
    }

    /// All ways to and from one.
    pub fn ways(&self, one: usize) -> &[i32] {
        &self.distance[one * self.size..(one + 1) * self.size]
    }

    /// Whether a vehicle holds so much.
    pub fn holds(&self, load: i64) -> bool {
        load <= self.capacity
    }

    pub fn fits(&self, load: i64, customer: usize) -> bool {
        self.holds(load + self.load[customer])
    }

    /// How well `to` follows `from`: the way, a fifth of the wait at least; `None` if never.
    fn follows(&self, from: usize, to: usize) -> Option<i64> {
        let way = self.distance(from, to);
        let leave = self.earliest[from] + self.service[from] + way;
        if leave > self.latest[to] {
            return None;
        }
        let wait = self.earliest[to] - (self.latest[from] + self.service[from] + way);
        Some(i64::from(way) * 5 + i64::from(wait.max(0)))
    }

    fn neighbours(&mut self) {
        let customers = || 1..self.size;
        let id = |customer: usize| customer as u16;
        let (mut before, mut after, mut around) = (vec![vec![]], vec![vec![]], vec![vec![]]);
        for one in customers() {
            let others = || customers().filter(|other| *other != one);
            let near = |list: Vec<(i64, u16)>| {
                let near = |customer: u16| Near {
                    customer,
                    way: self.distance(one, customer.into()),
                };
                best(list, FAR).into_iter().map(near).collect::<Vec<_>>()
            };
            let comes = |other| Some((self.follows(other, one)?, id(other)));
            let goes = |other| Some((self.follows(one, other)?, id(other)));
            before.push(near(others().filter_map(comes).collect()));
            after.push(near(others().filter_map(goes).collect()));
            let far = |other| (i64::from(self.distance(one, other)), id(other));
            let mut list = best(others().map(far).collect(), REACH);
            list.insert(0, id(one));
            around.push(list);
        }
        let ways = customers().map(|one| i64::from(self.distance(0, one)));
        let mean = ways.sum::<i64>() as f64 / (self.size - 1) as f64;
        (self.hot, self.cold) = (mean * HOT, mean * COLD);
        (self.before, self.after, self.around) = (before, after, around);
    }
}

/// All nodes in an order in which neighbours are near each other, so that what is looked at
/// together lies together in memory: from the depot always to the nearest that is left.
fn chain(size: usize, way: impl Fn(usize, usize) -> i32) -> Vec<usize> {
    let mut left: Vec<usize> = (1..size).collect();
    let mut order = vec![0];
    let mut at = 0;
    while !left.is_empty() {
        let nearest = (0..left.len()).min_by_key(|index| (way(at, left[*index]), left[*index]));
        at = left.swap_remove(nearest.unwrap_or(0));
        order.push(at);
    }
    order
}

/// The first so many by their number.
fn best(mut list: Vec<(i64, u16)>, most: usize) -> Vec<u16> {
    if list.len() > most {
        list.select_nth_unstable(most);
        list.truncate(most);
    }
    list.sort_unstable();
    list.into_iter().map(|(_, customer)| customer).collect()
}

#[cfg(test)]
pub mod tests {
    use super::*;
    use crate::chance::Chance;

    /// Customers at random points with random windows and loads.
    pub fn scattered(seed: u64, customers: usize) -> Data {
        let mut chance = Chance::new(seed);
        let mut text = "T\n\nVEHICLE\nNUMBER CAPACITY\n25 100\n\nCUSTOMER\nCUST NO.\n\n".to_owned();
        text.push_str("0 50 50 0 0 600 0\n");
        for number in 1..=customers {
            let from = chance.below(450);
            text.push_str(&format!(
                "{number} {} {} {} {from} {} 10\n",
                chance.below(100),
                chance.below(100),
                1 + chance.below(20),
                from + 30 + chance.below(80),
            ));
        }
        Data::of(&crate::formats::problem("T", &text).unwrap())
    }
}
