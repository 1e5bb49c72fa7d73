//! Putting back: each where it costs least, in an order that chance chooses.

use super::data::Data;
use super::routes::{NOWHERE, Node, Routes};
use crate::chance::Chance;

/// Places that are overlooked, of 256.
const BLINKS: u64 = 2;
/// Customers before and after whom a customer is tried.
const NEAR: usize = 48;
/// Chance that a step tries all whom the problem lists: between clusters the nearest are not
/// enough.
const WIDE: f64 = 0.06;
/// More than any way costs.
const NEVER: i32 = 1 << 29;

/// Room that is used again.
#[derive(Clone, Default)]
pub struct Workspace {
    /// Those whom the last call tried to put back.
    pub list: Vec<u16>,
    keys: Vec<(i64, u16)>,
}

/// Puts every absent customer back; those for whom there is no place stay absent.
pub fn recreate(data: &Data, routes: &mut Routes, chance: &mut Chance, room: &mut Workspace) {
    room.list.clear();
    room.list.append(&mut routes.absent);
    order(data, chance, room);
    let reach = if chance.happens(WIDE) {
        usize::MAX
    } else {
        NEAR
    };
    let mut blinks = Blinks::default();
    for at in 0..room.list.len() {
        let customer = room.list[at];
        match best_place(data, routes, chance, &mut blinks, customer.into(), reach) {
            Some(place) => routes.put_in(data, customer, place.route, place.before),
            None => routes.absent.push(customer),
        }
    }
}

/// Random, large loads, far from or near the depot, narrow windows, early or late ones.
fn order(data: &Data, chance: &mut Chance, room: &mut Workspace) {
    chance.shuffle(&mut room.list);
    let key: fn(&Data, usize) -> i64 = match chance.below(17) {
        0..4 => return,
        4..8 => |data, one| -data.load[one],
        8..10 => |data, one| -i64::from(data.distance(0, one)),
        10 => |data, one| i64::from(data.distance(0, one)),
        11..13 => |data, one| i64::from(data.latest[one] - data.earliest[one]),
        13..15 => |data, one| i64::from(data.earliest[one]),
        _ => |data, one| -i64::from(data.latest[one]),
    };
    room.keys.clear();
    room.keys
        .extend(room.list.iter().map(|one| (key(data, (*one).into()), *one)));
    room.keys.sort_by_key(|(key, _)| *key);
    room.list.clear();
    room.list.extend(room.keys.iter().map(|(_, one)| *one));
}

/// Chance by the byte, whether a place is overlooked.
#[derive(Default)]
struct Blinks {
    bits: u64,
    left: u32,
}

impl Blinks {
    fn next(&mut self, chance: &mut Chance) -> bool {
        if self.left == 0 {
            (self.bits, self.left) = (chance.bits(), 8);
        }
        self.left -= 1;
        let byte = self.bits & 0xff;
        self.bits >>= 8;
        byte < BLINKS
    }
}

/// A place, and what the way grows by.
#[derive(Clone, Copy)]
struct Place {
    cost: i32,
    route: u16,
    before: u16,
}

/// The cheapest place among the neighbours, in an empty route, or, where there is none,
/// anywhere. What it costs is looked at before whether anybody would be late: the first is
/// cheap to know and turns most places down.
fn best_place(
    data: &Data,
    routes: &Routes,
    chance: &mut Chance,
    blinks: &mut Blinks,
    customer: usize,
    reach: usize,
) -> Option<Place> {
    let ways = data.ways(customer);
    let mut best = Place {
        cost: NEVER,
        route: NOWHERE,
        before: 0,
    };
    let nodes = &routes.nodes;
    let mut offer = |cost: i32, route: u16, [before, after]: [u16; 2], [to, on]: [i32; 2]| {
        if cost < best.cost
            && data.fits(routes.chains[usize::from(route)].load, customer)
            && let there = nodes[usize::from(before)].free + to
            && in_time(data, customer, there, on, nodes[usize::from(after)])
            && !blinks.next(chance)
        {
            best = Place {
                cost,
                route,
                before,
            };
        }
    };
    for near in data.before[customer].iter().take(reach) {
        let node = &nodes[usize::from(near.customer)];
        let on = ways[usize::from(node.next)];
        let cost = near.way + on - node.out;
        offer(cost, node.route, [near.customer, node.next], [near.way, on]);
    }
    for near in data.after[customer].iter().take(reach) {
        let node = &nodes[usize::from(near.customer)];
        let to = ways[usize::from(node.previous)];
        let cost = to + near.way - node.into;
        let ends = [node.previous, near.customer];
        offer(cost, node.route, ends, [to, near.way]);
    }
    if 2 * ways[0] < best.cost
        && let Some(route) = routes.chains.iter().position(|chain| chain.count == 0)
        && let depot = routes.nodes[0]
        && in_time(data, customer, depot.free + ways[0], ways[0], depot)
    {
        best = Place {
            cost: 2 * ways[0],
            route: route as u16,
            before: 0,
        };
    }
    if best.route == NOWHERE {
        return anywhere(data, routes, customer);
    }
    Some(best)
}

/// Where no neighbour has room, every place is tried.
fn anywhere(data: &Data, routes: &Routes, customer: usize) -> Option<Place> {
    let ways = data.ways(customer);
    let mut best: Option<Place> = None;
    for (route, chain) in routes.chains.iter().enumerate() {
        if !data.fits(chain.load, customer) {
            continue;
        }
        let (mut before, mut after) = (0, chain.first);
        loop {
            let node = routes.nodes[usize::from(after)];
            let [to, on] = [before, after].map(|one| ways[usize::from(one)]);
            let cost = to + on - data.distance(before.into(), after.into());
            let there = routes.nodes[usize::from(before)].free + to;
            if best.is_none_or(|best| cost < best.cost) && in_time(data, customer, there, on, node)
            {
                best = Some(Place {
                    cost,
                    route: route as u16,
                    before,
                });
            }
            if after == 0 {
                break;
            }
            (before, after) = (after, node.next);
        }
    }
    best
}

/// Whether nobody is late if the carer is there at a time, and the one after is `on` away.
fn in_time(data: &Data, customer: usize, there: i32, on: i32, after: Node) -> bool {
    let start = there.max(data.earliest[customer]);
    start <= data.latest[customer] && start + data.service[customer] + on <= after.latest
}
