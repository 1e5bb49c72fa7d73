//! Putting back: each where it costs least, in an order that chance chooses.

use super::routes::{Data, NOWHERE, Routes};
use crate::chance::Chance;

/// Chance that a place is overlooked.
const BLINK: f64 = 0.01;

/// Room that is used again.
#[derive(Clone, Default)]
pub struct Workspace {
    list: Vec<usize>,
    keys: Vec<(i64, usize)>,
}

/// Puts every absent customer back; those for whom there is no place stay absent.
pub fn recreate(data: &Data, routes: &mut Routes, chance: &mut Chance, room: &mut Workspace) {
    room.list.clear();
    room.list.append(&mut routes.absent);
    order(data, chance, room);
    for at in 0..room.list.len() {
        let customer = room.list[at];
        match best_place(data, routes, chance, customer) {
            Some((route, before)) => routes.put_in(data, customer, route, before),
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
        .extend(room.list.iter().map(|one| (key(data, *one), *one)));
    room.keys.sort_by_key(|(key, _)| *key);
    room.list.clear();
    room.list.extend(room.keys.iter().map(|(_, one)| *one));
}

/// Route and customer before the cheapest place.
fn best_place(
    data: &Data,
    routes: &Routes,
    chance: &mut Chance,
    customer: usize,
) -> Option<(usize, usize)> {
    let mut blinks = chance.bits();
    let mut left = 8;
    let mut overlooks = |chance: &mut Chance| {
        if left == 0 {
            (blinks, left) = (chance.bits(), 8);
        }
        left -= 1;
        let byte = blinks & 0xff;
        blinks >>= 8;
        // Two or three of 256 places: about one in a hundred.
        byte < (BLINK * 256.0) as u64
    };
    let mut best = (i32::MAX, NOWHERE, 0);
    for other in &data.before[customer] {
        let other = usize::from(*other);
        let route = routes.route[other];
        if route == NOWHERE || !data.fits(routes.chains[route].load, customer) {
            continue;
        }
        if let Some(cost) = place(data, routes, customer, other, routes.next[other])
            && cost < best.0
            && !overlooks(chance)
        {
            best = (cost, route, other);
        }
    }
    for other in &data.after[customer] {
        let other = usize::from(*other);
        let route = routes.route[other];
        if route == NOWHERE || !data.fits(routes.chains[route].load, customer) {
            continue;
        }
        let before = routes.previous[other];
        if let Some(cost) = place(data, routes, customer, before, other)
            && cost < best.0
            && !overlooks(chance)
        {
            best = (cost, route, before);
        }
    }
    let alone = data.distance(0, customer) + data.distance(customer, 0);
    if alone < best.0
        && let Some(empty) = routes.chains.iter().position(|chain| chain.count == 0)
        && place(data, routes, customer, 0, 0).is_some()
    {
        best = (alone, empty, 0);
    }
    if best.1 == NOWHERE {
        return anywhere(data, routes, customer);
    }
    Some((best.1, best.2))
}

/// Where no neighbour has room, every place is tried.
fn anywhere(data: &Data, routes: &Routes, customer: usize) -> Option<(usize, usize)> {
    let mut best: Option<(i32, usize, usize)> = None;
    for (route, chain) in routes.chains.iter().enumerate() {
        if !data.fits(chain.load, customer) {
            continue;
        }
        let (mut before, mut after) = (0, chain.first);
        loop {
            if let Some(cost) = place(data, routes, customer, before, after)
                && best.is_none_or(|(least, ..)| cost < least)
            {
                best = Some((cost, route, before));
            }
            if after == 0 {
                break;
            }
            (before, after) = (after, routes.next[after]);
        }
    }
    best.map(|(_, route, before)| (route, before))
}

/// What the way grows by between two who follow each other; `None` if somebody is late.
fn place(
    data: &Data,
    routes: &Routes,
    customer: usize,
    before: usize,
    after: usize,
) -> Option<i32> {
    let to = data.distance(before, customer);
    let free = if before == 0 {
        data.earliest[0]
    } else {
        routes.start[before] + data.service[before]
    };
    let start = (free + to).max(data.earliest[customer]);
    if start > data.latest[customer] {
        return None;
    }
    let on = data.distance(customer, after);
    let there = start + data.service[customer] + on;
    let latest = if after == 0 {
        data.latest[0]
    } else {
        routes.latest[after]
    };
    (there <= latest).then(|| to + on - data.distance(before, after))
}
