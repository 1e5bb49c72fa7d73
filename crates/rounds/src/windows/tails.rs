//! Two routes exchange what comes after a point of each (2-opt* of Potvin and Rousseau,
//! 1995): what strings of a few customers cannot do where routes are long.

use super::data::{Data, Near};
use super::routes::{NOWHERE, Routes};
use crate::chance::Chance;

/// Neighbours that are tried.
const NEAR: usize = 24;
/// Neighbours that a shake chooses from.
const NEAREST: usize = 8;
/// Chance that a shake begins a new route.
const SPLIT: f64 = 0.2;

/// Exchanges tails beside each of some customers while the way becomes shorter.
pub fn shorten(data: &Data, routes: &mut Routes, customers: &[u16]) {
    for customer in customers {
        while let Some((before, after)) = shorter(data, routes, *customer) {
            exchange(data, routes, before, after);
        }
    }
}

/// The first exchange that makes the way shorter: who is to follow whom.
fn shorter(data: &Data, routes: &Routes, customer: u16) -> Option<(u16, u16)> {
    let node = routes.nodes[usize::from(customer)];
    if node.route == NOWHERE {
        return None;
    }
    let ways = data.ways(customer.into());
    let (before, after) = (
        &data.before[usize::from(customer)],
        &data.after[usize::from(customer)],
    );
    let next = data.ways(node.next.into());
    for Near {
        customer: to, way, ..
    } in after.iter().take(NEAR)
    {
        let other = routes.nodes[usize::from(*to)];
        let gain = node.out + other.into - way - next[usize::from(other.previous)];
        if gain > 0 && other.route != NOWHERE && may(data, routes, customer, *to) {
            return Some((customer, *to));
        }
    }
    let previous = data.ways(node.previous.into());
    for Near { customer: from, .. } in before.iter().take(NEAR) {
        let other = routes.nodes[usize::from(*from)];
        let way = ways[usize::from(*from)] + previous[usize::from(other.next)];
        if node.into + other.out > way
            && other.route != NOWHERE
            && may(data, routes, *from, customer)
        {
            return Some((*from, customer));
        }
    }
    None
}

/// Now and then, an exchange whatever it costs, or a new route, beside a customer.
pub fn shake(data: &Data, routes: &mut Routes, chance: &mut Chance, customer: u16) {
    let node = routes.nodes[usize::from(customer)];
    if node.route == NOWHERE {
        return;
    }
    if chance.happens(SPLIT) {
        let empty = routes.chains.iter().position(|chain| chain.count == 0);
        if let Some(empty) = empty.filter(|_| node.next != 0) {
            routes.swap_tails(
                data,
                [node.route, empty as u16],
                [customer, 0],
                [0, node.next],
            );
        }
        return;
    }
    let after = &data.after[usize::from(customer)];
    let Some(near) = after.get(chance.below(NEAREST)) else {
        return;
    };
    if routes.nodes[usize::from(near.customer)].route != NOWHERE
        && may(data, routes, customer, near.customer)
    {
        exchange(data, routes, customer, near.customer);
    }
}

/// Whether `after` can follow `before`, and what `before` had take its place, with nobody
/// late and no vehicle too full.
fn may(data: &Data, routes: &Routes, before: u16, after: u16) -> bool {
    let [one, two] = [before, after].map(|at| routes.nodes[usize::from(at)]);
    if one.route == two.route {
        return false;
    }
    let in_time = |from: u16, to: u16| {
        let way = data.distance(from.into(), to.into());
        routes.nodes[usize::from(from)].free + way <= routes.nodes[usize::from(to)].latest
    };
    if !in_time(before, after) || !in_time(two.previous, one.next) {
        return false;
    }
    let [first, second] = [one.route, two.route].map(|at| routes.chains[usize::from(at)].load);
    let (heads, tails) = (
        routes.load_to(data, before),
        routes.load_to(data, two.previous),
    );
    data.holds(heads + second - tails) && data.holds(tails + first - heads)
}

fn exchange(data: &Data, routes: &mut Routes, before: u16, after: u16) {
    let [one, two] = [before, after].map(|at| routes.nodes[usize::from(at)]);
    routes.swap_tails(
        data,
        [one.route, two.route],
        [before, two.previous],
        [after, one.next],
    );
}
