//! Routes as chains with the earliest and latest start of every customer. Node 0 is the
//! depot; customers count from 1.

use crate::problem::Problem;

/// What a customer left out costs: more than any travel.
pub const LEFT_OUT: i64 = 1 << 40;
/// Customers before and after whom a customer is tried.
const NEAR: usize = 48;
/// Customers whose routes a ruin may reach.
const REACH: usize = 400;

/// The problem, laid out for speed.
pub struct Data {
    pub size: usize,
    pub vehicles: usize,
    capacity: i64,
    distance: Vec<i32>,
    pub earliest: Vec<i32>,
    pub latest: Vec<i32>,
    pub service: Vec<i32>,
    pub load: Vec<i64>,
    /// Customers who can come before one, the best first.
    pub before: Vec<Vec<u16>>,
    /// Customers who can come after one, the best first.
    pub after: Vec<Vec<u16>>,
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
        let cut = |ticks: i64| i32::try_from(ticks.min(1 << 29)).unwrap_or(1 << 29);
        let mut distance = Vec::with_capacity(size * size);
        for from in 0..size {
            distance.extend((0..size).map(|to| cut(travel.ticks(from, to))));
        }
        let shift = &problem.shifts[0];
        let column = |depot: i64, of: fn(&crate::problem::Visit) -> i64| {
            std::iter::once(depot)
                .chain(problem.visits.iter().map(of))
                .map(cut)
                .collect::<Vec<i32>>()
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
                .chain(problem.visits.iter().map(|visit| visit.load))
                .collect(),
            before: Vec::new(),
            after: Vec::new(),
            around: Vec::new(),
            hot: 0.0,
            cold: 0.0,
        };
        data.neighbours();
        data
    }

    pub fn distance(&self, from: usize, to: usize) -> i32 {
        self.distance[from * self.size + to]
    }

    pub fn fits(&self, load: i64, customer: usize) -> bool {
        load + self.load[customer] <= self.capacity
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
        let best = |list: Vec<(i64, u16)>, most: usize| {
            let mut list = list;
            list.sort_unstable();
            list.truncate(most);
            list.into_iter()
                .map(|(_, customer)| customer)
                .collect::<Vec<u16>>()
        };
        let id = |customer: usize| customer as u16;
        let (mut before, mut after, mut around) = (vec![vec![]], vec![vec![]], vec![vec![]]);
        for one in customers() {
            let others = || customers().filter(|other| *other != one);
            let comes = |other| Some((self.follows(other, one)?, id(other)));
            let goes = |other| Some((self.follows(one, other)?, id(other)));
            before.push(best(others().filter_map(comes).collect(), NEAR));
            after.push(best(others().filter_map(goes).collect(), NEAR));
            let near = |other| (i64::from(self.distance(one, other)), id(other));
            let mut list = best(others().map(near).collect(), REACH);
            list.insert(0, id(one));
            around.push(list);
        }
        let ways = customers().map(|one| i64::from(self.distance(0, one)));
        let mean = ways.sum::<i64>() as f64 / (self.size - 1) as f64;
        (self.hot, self.cold) = (mean * 0.1, mean * 0.001);
        (self.before, self.after, self.around) = (before, after, around);
    }
}

/// One chain.
#[derive(Clone, Copy, Default)]
pub struct Chain {
    pub first: usize,
    pub last: usize,
    pub count: usize,
    pub load: i64,
}

/// All chains. Customers that are in none are `absent`.
#[derive(Clone)]
pub struct Routes {
    pub next: Vec<usize>,
    pub previous: Vec<usize>,
    pub route: Vec<usize>,
    /// Earliest start of each customer.
    pub start: Vec<i32>,
    /// Latest start of each that keeps the rest of its route in time.
    pub latest: Vec<i32>,
    pub chains: Vec<Chain>,
    pub absent: Vec<usize>,
    /// Travel, and [`LEFT_OUT`] for each who is absent.
    pub cost: i64,
    /// What the chains of this step were before: to go back.
    saved: Vec<(usize, usize, usize)>,
    saved_nodes: Vec<usize>,
    saved_cost: i64,
    saved_absent: Vec<usize>,
    touched: Vec<bool>,
}

/// In no route.
pub const NOWHERE: usize = usize::MAX;

impl Routes {
    pub fn empty(data: &Data) -> Self {
        let absent: Vec<usize> = (1..data.size).collect();
        Self {
            next: vec![0; data.size],
            previous: vec![0; data.size],
            route: vec![NOWHERE; data.size],
            start: data.earliest.clone(),
            latest: data.latest.clone(),
            chains: vec![Chain::default(); data.vehicles],
            cost: LEFT_OUT * absent.len() as i64,
            absent,
            saved: Vec::new(),
            saved_nodes: Vec::new(),
            saved_cost: 0,
            saved_absent: Vec::new(),
            touched: vec![false; data.vehicles],
        }
    }

    /// Forgets the last step: from here on can be gone back to.
    pub fn begin(&mut self) {
        for (route, ..) in self.saved.drain(..) {
            self.touched[route] = false;
        }
        self.saved_nodes.clear();
        self.saved_cost = self.cost;
        self.saved_absent.clone_from(&self.absent);
    }

    /// Keeps a chain as it is before it is changed for the first time.
    fn keep(&mut self, route: usize) {
        if self.touched[route] {
            return;
        }
        self.touched[route] = true;
        let from = self.saved_nodes.len();
        let mut node = self.chains[route].first;
        while node != 0 {
            self.saved_nodes.push(node);
            node = self.next[node];
        }
        self.saved.push((route, from, self.saved_nodes.len()));
    }

    /// Goes back to where the step began.
    pub fn undo(&mut self, data: &Data) {
        for at in 0..self.saved.len() {
            let (route, ..) = self.saved[at];
            let mut node = self.chains[route].first;
            while node != 0 {
                self.route[node] = NOWHERE;
                node = self.next[node];
            }
        }
        for at in 0..self.saved.len() {
            let (route, from, to) = self.saved[at];
            let mut chain = Chain::default();
            for index in from..to {
                let node = self.saved_nodes[index];
                (self.previous[node], self.next[node]) = (chain.last, 0);
                if chain.last == 0 {
                    chain.first = node;
                } else {
                    self.next[chain.last] = node;
                }
                self.route[node] = route;
                chain.last = node;
                chain.count += 1;
                chain.load += data.load[node];
            }
            self.chains[route] = chain;
            self.times(data, route);
        }
        self.cost = self.saved_cost;
        self.absent.clone_from(&self.saved_absent);
        self.begin();
    }

    /// Takes over the plan of another, without its way back.
    pub fn copy_plan(&mut self, other: &Self) {
        self.next.clone_from(&other.next);
        self.previous.clone_from(&other.previous);
        self.route.clone_from(&other.route);
        self.start.clone_from(&other.start);
        self.latest.clone_from(&other.latest);
        self.chains.clone_from(&other.chains);
        self.absent.clone_from(&other.absent);
        self.cost = other.cost;
        self.begin();
    }

    /// Takes a customer out; the times of its route are out of date until [`Self::times`].
    pub fn take_out(&mut self, data: &Data, customer: usize) {
        let route = self.route[customer];
        self.keep(route);
        let (before, after) = (self.previous[customer], self.next[customer]);
        let chain = &mut self.chains[route];
        if before == 0 {
            chain.first = after;
        } else {
            self.next[before] = after;
        }
        if after == 0 {
            chain.last = before;
        } else {
            self.previous[after] = before;
        }
        chain.count -= 1;
        chain.load -= data.load[customer];
        self.route[customer] = NOWHERE;
        self.absent.push(customer);
        self.cost += LEFT_OUT + i64::from(data.distance(before, after))
            - i64::from(data.distance(before, customer))
            - i64::from(data.distance(customer, after));
    }

    /// Puts a customer, who is no longer in `absent`, after `before` (0: first).
    pub fn put_in(&mut self, data: &Data, customer: usize, route: usize, before: usize) {
        self.keep(route);
        let chain = &mut self.chains[route];
        let after = if before == 0 {
            std::mem::replace(&mut chain.first, customer)
        } else {
            std::mem::replace(&mut self.next[before], customer)
        };
        if after == 0 {
            chain.last = customer;
        } else {
            self.previous[after] = customer;
        }
        chain.count += 1;
        chain.load += data.load[customer];
        (self.previous[customer], self.next[customer]) = (before, after);
        self.route[customer] = route;
        self.cost += i64::from(data.distance(before, customer))
            + i64::from(data.distance(customer, after))
            - i64::from(data.distance(before, after))
            - LEFT_OUT;
        self.times(data, route);
    }

    /// Works out earliest and latest starts of a route.
    pub fn times(&mut self, data: &Data, route: usize) {
        let chain = self.chains[route];
        let (mut at, mut free) = (0, data.earliest[0]);
        let mut node = chain.first;
        while node != 0 {
            let start = (free + data.distance(at, node)).max(data.earliest[node]);
            self.start[node] = start;
            (at, free) = (node, start + data.service[node]);
            node = self.next[node];
        }
        let (mut at, mut latest) = (0, data.latest[0]);
        let mut node = chain.last;
        while node != 0 {
            latest = (latest - data.distance(node, at) - data.service[node]).min(data.latest[node]);
            self.latest[node] = latest;
            at = node;
            node = self.previous[node];
        }
    }

    /// Customers of every route that has some, in order.
    pub fn sequences(&self) -> Vec<Vec<usize>> {
        let chains = self.chains.iter().filter(|chain| chain.count > 0);
        chains
            .map(|chain| {
                let mut list = Vec::with_capacity(chain.count);
                let mut node = chain.first;
                while node != 0 {
                    list.push(node);
                    node = self.next[node];
                }
                list
            })
            .collect()
    }
}
