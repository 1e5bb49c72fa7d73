//! Taking out: strings of customers from routes that are near each other.

use super::data::Data;
use super::routes::{NOWHERE, Node, Routes};
use crate::chance::Chance;

/// Customers taken out in the mean.
const MEAN: f64 = 10.0;
/// Longest string.
const LONGEST: f64 = 10.0;
/// Chance that a string keeps customers in its middle.
const SPLIT: f64 = 0.5;
/// Chance that one fewer is kept in the middle.
const STOP: f64 = 0.1;
/// Most routes that one ruin reaches.
const MOST: usize = 32;

/// Takes strings out of the routes around a customer.
pub fn ruin(data: &Data, routes: &mut Routes, chance: &mut Chance, seed: u16) {
    let served = data.size - 1 - routes.absent.len();
    let mean = served as f64 / routes.used.max(1) as f64;
    let longest = LONGEST.min(mean);
    let most = (4.0 * MEAN / (1.0 + longest) - 1.0).max(1.0);
    let strings = ((chance.unit() * most + 1.0) as usize).min(MOST);
    let mut ruined = [NOWHERE; MOST];
    let mut count = 0;
    for customer in &data.around[usize::from(seed)] {
        if count == strings {
            break;
        }
        let route = routes.nodes[usize::from(*customer)].route;
        if route == NOWHERE || ruined[..count].contains(&route) {
            continue;
        }
        ruined[count] = route;
        count += 1;
        let chain = usize::from(routes.chains[usize::from(route)].count);
        let length = (chance.unit() * longest.min(chain as f64) + 1.0) as usize;
        string(data, routes, chance, *customer, length.min(chain), chain);
    }
}

/// Takes `length` customers out around one, perhaps keeping some in the middle, of a route
/// that has `all`.
fn string(
    data: &Data,
    routes: &mut Routes,
    chance: &mut Chance,
    customer: u16,
    length: usize,
    all: usize,
) {
    let mut kept = 0;
    if length > 1 && length < all && chance.happens(SPLIT) {
        kept = 1;
        while length + kept < all && !chance.happens(STOP) {
            kept += 1;
        }
    }
    let span = length + kept;
    let mut node = first_of(routes, chance, customer, span);
    let skip = if kept > 0 {
        1 + chance.below(length - 1)
    } else {
        length
    };
    let route = routes.nodes[usize::from(customer)].route;
    let before = routes.nodes[usize::from(node)].previous;
    for at in 0..span {
        let following = routes.nodes[usize::from(node)].next;
        if at < skip || at >= skip + kept {
            routes.take_out(data, node);
        }
        node = following;
    }
    routes.times(data, route, before, node);
}

/// The first of `span` customers in a row that hold one, at a random position that exists.
fn first_of(routes: &Routes, chance: &mut Chance, customer: u16, span: usize) -> u16 {
    let count = |step: fn(&Node) -> u16| {
        let mut node = step(&routes.nodes[usize::from(customer)]);
        let mut many = 0;
        while node != 0 && many + 1 < span {
            many += 1;
            node = step(&routes.nodes[usize::from(node)]);
        }
        many
    };
    let ahead = count(|node| node.previous);
    let behind = count(|node| node.next);
    let least = (span - 1).saturating_sub(behind);
    let back = least + chance.below(ahead - least + 1);
    (0..back).fold(customer, |node, _| routes.nodes[usize::from(node)].previous)
}
