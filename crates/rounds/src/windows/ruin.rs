//! Taking out: strings of customers from routes that are near each other.

use super::routes::{Data, NOWHERE, Routes};
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

/// Takes strings out of neighbouring routes.
pub fn ruin(data: &Data, routes: &mut Routes, chance: &mut Chance) {
    let used = routes
        .chains
        .iter()
        .filter(|chain| chain.count > 0)
        .count()
        .max(1);
    let mean = (data.size - 1 - routes.absent.len()) as f64 / used as f64;
    let longest = LONGEST.min(mean);
    let most = (4.0 * MEAN / (1.0 + longest) - 1.0).max(1.0);
    let strings = ((chance.unit() * most + 1.0) as usize).min(MOST);
    let seed = 1 + chance.below(data.size - 1);
    let mut ruined = [NOWHERE; MOST];
    let mut count = 0;
    for customer in &data.around[seed] {
        if count == strings {
            break;
        }
        let customer = usize::from(*customer);
        let route = routes.route[customer];
        if route == NOWHERE || ruined[..count].contains(&route) {
            continue;
        }
        ruined[count] = route;
        count += 1;
        let length = longest.min(routes.chains[route].count as f64);
        let length = (chance.unit() * length + 1.0) as usize;
        string(data, routes, chance, customer, length);
    }
    for route in &ruined[..count] {
        routes.times(data, *route);
    }
}

/// Takes `length` customers out around one, perhaps keeping some in the middle.
fn string(data: &Data, routes: &mut Routes, chance: &mut Chance, customer: usize, length: usize) {
    let chain = routes.chains[routes.route[customer]];
    let length = length.min(chain.count);
    let mut kept = 0;
    if length > 1 && length < chain.count && chance.happens(SPLIT) {
        kept = 1;
        while length + kept < chain.count && !chance.happens(STOP) {
            kept += 1;
        }
    }
    let span = length + kept;
    // The window of `span` customers holds the chosen one at a random position that exists.
    let mut ahead = 0;
    let mut node = routes.previous[customer];
    while node != 0 && ahead + 1 < span {
        ahead += 1;
        node = routes.previous[node];
    }
    let mut behind = 0;
    let mut node = routes.next[customer];
    while node != 0 && behind + 1 < span {
        behind += 1;
        node = routes.next[node];
    }
    let least = (span - 1).saturating_sub(behind);
    let back = least + chance.below(ahead - least + 1);
    let mut node = customer;
    for _ in 0..back {
        node = routes.previous[node];
    }
    let skip = if kept > 0 {
        1 + chance.below(length - 1)
    } else {
        length
    };
    for at in 0..span {
        let following = routes.next[node];
        if at < skip || at >= skip + kept {
            routes.take_out(data, node);
        }
        node = following;
    }
}
