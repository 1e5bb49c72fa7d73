//! Routes as chains with the earliest and latest times of every customer. Node 0 is the
//! depot; customers count from 1.

use super::data::Data;

/// What a customer left out costs: more than any travel.
pub const LEFT_OUT: i64 = 1 << 40;
/// In no route.
pub const NOWHERE: u16 = u16::MAX;
/// Way beside somebody who is in no route: no place there is ever the cheapest.
const NO_WAY: i32 = -(1 << 29);

/// A customer in its route, small enough that a thousand stay in the nearest cache.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Node {
    /// The earliest that the carer can leave.
    pub free: i32,
    /// The latest start that keeps the rest of the route in time.
    pub latest: i32,
    /// The way from the one before.
    pub into: i32,
    /// The way to the one after.
    pub out: i32,
    /// The one before; 0 if it is the first.
    pub previous: u16,
    /// The one after; 0 if it is the last.
    pub next: u16,
    /// Its route, or [`NOWHERE`].
    pub route: u16,
}

impl Node {
    const ABSENT: Self = Self {
        free: 0,
        latest: 0,
        into: NO_WAY,
        out: NO_WAY,
        previous: 0,
        next: 0,
        route: NOWHERE,
    };
}

/// One chain.
#[derive(Clone, Copy, Default)]
pub struct Chain {
    pub first: u16,
    pub last: u16,
    pub count: u16,
    pub load: i64,
}

/// What the plan was before this step: to go back.
#[derive(Clone, Default)]
struct Saved {
    nodes: Vec<(u16, Node)>,
    chains: Vec<(u16, Chain)>,
    absent: Vec<u16>,
    cost: i64,
    used: usize,
    /// The step in which each node, and each chain, was kept last.
    node_step: Vec<u32>,
    chain_step: Vec<u32>,
    step: u32,
}

/// All chains. Customers that are in none are `absent`.
#[derive(Clone)]
pub struct Routes {
    /// The depot's own node says when the first leave and the last are back.
    pub nodes: Vec<Node>,
    pub chains: Vec<Chain>,
    pub absent: Vec<u16>,
    /// Travel, and [`LEFT_OUT`] for each who is absent.
    pub cost: i64,
    /// Chains that have customers.
    pub used: usize,
    saved: Saved,
}

impl Routes {
    pub fn empty(data: &Data) -> Self {
        let absent: Vec<u16> = (1..data.size as u16).collect();
        let mut nodes = vec![Node::ABSENT; data.size];
        nodes[0].free = data.earliest[0];
        nodes[0].latest = data.latest[0];
        let cost = absent.len() as i64 * LEFT_OUT;
        let saved = Saved {
            node_step: vec![0; data.size],
            chain_step: vec![0; data.vehicles],
            step: 1,
            absent: absent.clone(),
            cost,
            ..Saved::default()
        };
        Self {
            nodes,
            chains: vec![Chain::default(); data.vehicles],
            absent,
            cost,
            used: 0,
            saved,
        }
    }

    /// Forgets the last step: from here on can be gone back to.
    pub fn begin(&mut self) {
        let saved = &mut self.saved;
        saved.nodes.clear();
        saved.chains.clear();
        saved.absent.clone_from(&self.absent);
        (saved.cost, saved.used) = (self.cost, self.used);
        saved.step = saved.step.wrapping_add(1);
        if saved.step == 0 {
            saved.node_step.fill(0);
            saved.chain_step.fill(0);
            saved.step = 1;
        }
    }

    /// Goes back to where the step began.
    pub fn undo(&mut self) {
        for (at, node) in &self.saved.nodes {
            self.nodes[usize::from(*at)] = *node;
        }
        for (at, chain) in &self.saved.chains {
            self.chains[usize::from(*at)] = *chain;
        }
        self.absent.clone_from(&self.saved.absent);
        (self.cost, self.used) = (self.saved.cost, self.saved.used);
    }

    /// Takes over the plan of another, without its way back.
    pub fn copy_plan(&mut self, other: &Self) {
        self.nodes.clone_from(&other.nodes);
        self.chains.clone_from(&other.chains);
        self.absent.clone_from(&other.absent);
        (self.cost, self.used) = (other.cost, other.used);
        self.begin();
    }

    /// A customer that is about to change, kept as it is before its first change.
    fn node(&mut self, at: u16) -> &mut Node {
        let index = usize::from(at);
        let saved = &mut self.saved;
        if saved.node_step[index] != saved.step {
            saved.node_step[index] = saved.step;
            saved.nodes.push((at, self.nodes[index]));
        }
        &mut self.nodes[index]
    }

    /// A chain that is about to change, kept as it is before its first change.
    fn chain(&mut self, at: u16) -> &mut Chain {
        let index = usize::from(at);
        let saved = &mut self.saved;
        if saved.chain_step[index] != saved.step {
            saved.chain_step[index] = saved.step;
            saved.chains.push((at, self.chains[index]));
        }
        &mut self.chains[index]
    }

    /// Makes two follow each other in a route; 0 is the depot.
    fn join(&mut self, route: u16, before: u16, after: u16, way: i32) {
        if before == 0 {
            self.chain(route).first = after;
        } else {
            let node = self.node(before);
            (node.next, node.out) = (after, way);
        }
        if after == 0 {
            self.chain(route).last = before;
        } else {
            let node = self.node(after);
            (node.previous, node.into) = (before, way);
        }
    }

    /// Takes a customer out; the times of its route are out of date until [`Self::times`].
    pub fn take_out(&mut self, data: &Data, customer: u16) {
        let Node {
            previous,
            next,
            into,
            out,
            route,
            ..
        } = std::mem::replace(self.node(customer), Node::ABSENT);
        let way = data.distance(previous.into(), next.into());
        self.join(route, previous, next, way);
        let chain = self.chain(route);
        chain.count -= 1;
        chain.load -= data.load[usize::from(customer)];
        self.used -= usize::from(chain.count == 0);
        self.absent.push(customer);
        self.cost += LEFT_OUT + i64::from(way) - i64::from(into) - i64::from(out);
    }

    /// Puts a customer, who is no longer in `absent`, after `before` (0: first).
    pub fn put_in(&mut self, data: &Data, customer: u16, route: u16, before: u16) {
        let (after, way) = if before == 0 {
            let first = self.chains[usize::from(route)].first;
            (first, data.distance(0, first.into()))
        } else {
            let node = &self.nodes[usize::from(before)];
            (node.next, node.out)
        };
        let into = data.distance(before.into(), customer.into());
        let out = data.distance(customer.into(), after.into());
        self.join(route, before, customer, into);
        self.join(route, customer, after, out);
        self.node(customer).route = route;
        let chain = self.chain(route);
        chain.count += 1;
        chain.load += data.load[usize::from(customer)];
        self.used += usize::from(chain.count == 1);
        self.cost += i64::from(into) + i64::from(out) - i64::from(way) - LEFT_OUT;
        self.forward(data, customer, after);
        self.backward(data, customer, before);
    }

    /// What those up to and with one weigh; nothing for the depot.
    pub fn load_to(&self, data: &Data, customer: u16) -> i64 {
        let (mut load, mut at) = (0, usize::from(customer));
        while at != 0 {
            load += data.load[at];
            at = usize::from(self.nodes[at].previous);
        }
        load
    }

    /// Lets each of two routes go on, after the customer where its head ends, with a tail of
    /// the other, which begins with the customer given for it; 0 is the depot.
    pub fn swap_tails(&mut self, data: &Data, routes: [u16; 2], heads: [u16; 2], tails: [u16; 2]) {
        let old = routes.map(|route| self.chains[usize::from(route)]);
        let mut gone = [(0, 0); 2];
        for (at, route) in routes.into_iter().enumerate() {
            // The tail comes from the other route.
            let mut node = tails[at];
            while node != 0 {
                self.node(node).route = route;
                gone[1 - at].0 += 1;
                gone[1 - at].1 += data.load[usize::from(node)];
                node = self.nodes[usize::from(node)].next;
            }
        }
        for (at, route) in routes.into_iter().enumerate() {
            let other = 1 - at;
            // What came after the head is where the other tail begins.
            let was = data.distance(heads[at].into(), tails[other].into());
            let way = data.distance(heads[at].into(), tails[at].into());
            self.join(route, heads[at], tails[at], way);
            self.cost += i64::from(way) - i64::from(was);
            let chain = self.chain(route);
            if tails[at] != 0 {
                chain.last = old[other].last;
            }
            chain.count = old[at].count - gone[at].0 + gone[other].0;
            chain.load = old[at].load - gone[at].1 + gone[other].1;
            let now = usize::from(chain.count > 0);
            self.used = self.used + now - usize::from(old[at].count > 0);
        }
        for at in 0..2 {
            self.forward(data, tails[at], tails[at]);
            self.backward(data, heads[at], heads[at]);
        }
    }

    /// Works out the times of a route again, of which only what lies between these two, and
    /// the two themselves, has changed; 0 is the depot.
    pub fn times(&mut self, data: &Data, route: u16, before: u16, after: u16) {
        let chain = self.chains[usize::from(route)];
        let first = match before {
            0 => chain.first,
            one => self.nodes[usize::from(one)].next,
        };
        let last = match after {
            0 => chain.last,
            one => self.nodes[usize::from(one)].previous,
        };
        self.forward(data, first, after);
        self.backward(data, last, before);
    }

    /// Earliest times from a customer on: up to `until` all, from there what still changes.
    fn forward(&mut self, data: &Data, from: u16, until: u16) {
        let (mut at, mut beyond) = (from, false);
        while at != 0 {
            beyond |= at == until;
            let index = usize::from(at);
            let Node {
                previous,
                into,
                free: old,
                next,
                ..
            } = self.nodes[index];
            let there = self.nodes[usize::from(previous)].free + into;
            let free = there.max(data.earliest[index]) + data.service[index];
            if free == old && beyond {
                return;
            }
            if free != old {
                self.node(at).free = free;
            }
            at = next;
        }
    }

    /// Latest times from a customer back: down to `until` all, from there what still changes.
    fn backward(&mut self, data: &Data, from: u16, until: u16) {
        let (mut at, mut beyond) = (from, false);
        while at != 0 {
            beyond |= at == until;
            let index = usize::from(at);
            let Node {
                previous,
                out,
                latest: old,
                next,
                ..
            } = self.nodes[index];
            let leave = self.nodes[usize::from(next)].latest - out;
            let latest = (leave - data.service[index]).min(data.latest[index]);
            if latest == old && beyond {
                return;
            }
            if latest != old {
                self.node(at).latest = latest;
            }
            at = previous;
        }
    }

    /// Customers of every route that has some, in order.
    pub fn sequences(&self) -> Vec<Vec<usize>> {
        let chains = self.chains.iter().filter(|chain| chain.count > 0);
        chains
            .map(|chain| {
                let mut list = Vec::with_capacity(chain.count.into());
                let mut node = chain.first;
                while node != 0 {
                    list.push(usize::from(node));
                    node = self.nodes[usize::from(node)].next;
                }
                list
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chance::Chance;
    use crate::windows::{data::tests::scattered, recreate, ruin, tails};

    /// Every node's times, worked out from nothing.
    fn from_nothing(data: &Data, routes: &Routes) -> Vec<(i32, i32)> {
        let mut times: Vec<(i32, i32)> = routes.nodes.iter().map(|n| (n.free, n.latest)).collect();
        for list in routes.sequences() {
            let (mut at, mut free) = (0, data.earliest[0]);
            for one in &list {
                let there = free + data.distance(at, *one);
                free = there.max(data.earliest[*one]) + data.service[*one];
                (at, times[*one].0) = (*one, free);
            }
            let (mut at, mut latest) = (0, data.latest[0]);
            for one in list.iter().rev() {
                let leave = latest - data.distance(*one, at) - data.service[*one];
                latest = leave.min(data.latest[*one]);
                (at, times[*one].1) = (*one, latest);
            }
        }
        times
    }

    fn travel(data: &Data, routes: &Routes) -> i64 {
        let of = |list: &Vec<usize>| {
            let ends = [&[0], &list[..], &[0]].concat();
            let ways = ends
                .windows(2)
                .map(|two| i64::from(data.distance(two[0], two[1])));
            ways.sum::<i64>()
        };
        routes.sequences().iter().map(of).sum()
    }

    fn loads(routes: &Routes) -> Vec<(usize, i64)> {
        let chains = routes.chains.iter().filter(|chain| chain.count > 0);
        chains
            .map(|chain| (usize::from(chain.count), chain.load))
            .collect()
    }

    fn loads_from_nothing(data: &Data, routes: &Routes) -> Vec<(usize, i64)> {
        let of = |list: &Vec<usize>| (list.len(), list.iter().map(|one| data.load[*one]).sum());
        routes.sequences().iter().map(of).collect()
    }

    /// Times and costs that are kept up equal those worked out from nothing, and a step that
    /// is taken back leaves no trace.
    #[test]
    fn what_is_kept_up_equals_what_is_worked_out() {
        for seed in 1..6 {
            let data = scattered(seed, 60);
            let mut chance = Chance::new(seed);
            let mut room = recreate::Workspace::default();
            let mut routes = Routes::empty(&data);
            recreate::recreate(&data, &mut routes, &mut chance, &mut room);
            for step in 0..400 {
                routes.begin();
                let before = (routes.nodes.clone(), routes.cost, routes.used);
                let seed = 1 + chance.below(60) as u16;
                tails::shake(&data, &mut routes, &mut chance, seed);
                ruin::ruin(&data, &mut routes, &mut chance, seed);
                recreate::recreate(&data, &mut routes, &mut chance, &mut room);
                tails::shorten(&data, &mut routes, &room.list);
                let kept: Vec<(i32, i32)> =
                    routes.nodes.iter().map(|n| (n.free, n.latest)).collect();
                assert_eq!(
                    kept,
                    from_nothing(&data, &routes),
                    "seed {seed} step {step}"
                );
                let left_out = routes.absent.len() as i64 * LEFT_OUT;
                assert_eq!(routes.cost, travel(&data, &routes) + left_out);
                assert_eq!(routes.used, routes.sequences().len());
                assert_eq!(loads(&routes), loads_from_nothing(&data, &routes));
                if chance.happens(0.5) {
                    routes.undo();
                    assert_eq!(before, (routes.nodes.clone(), routes.cost, routes.used));
                }
            }
        }
    }
}
