//! Local search on whole tails: two routes exchange everything after a point (2-opt*).
//! Judged in constant time by the earliest start before the cut and the latest after it.

use super::routes::{Data, NOWHERE, Routes};

/// Improves a plan by exchanging tails until no exchange of near customers helps.
pub fn improve(data: &Data, routes: &mut Routes) {
    let mut again = true;
    while again {
        again = false;
        for one in 1..data.size {
            for at in 0..data.after[one].len() {
                let other = usize::from(data.after[one][at]);
                again |= exchange(data, routes, one, other);
            }
        }
    }
}

/// Lets `other` and what follows come after `one`, and what followed `one` after whoever
/// was before `other`, if both stay in time and capacity and the way is shorter.
fn exchange(data: &Data, routes: &mut Routes, one: usize, other: usize) -> bool {
    let (left, right) = (routes.route[one], routes.route[other]);
    if left == NOWHERE || right == NOWHERE || left == right {
        return false;
    }
    let (after, before) = (routes.next[one], routes.previous[other]);
    let gain = data.distance(one, after) + data.distance(before, other)
        - data.distance(one, other)
        - data.distance(before, after);
    if gain <= 0 || !in_time(data, routes, one, other) || !in_time(data, routes, before, after) {
        return false;
    }
    let head = walk(routes, routes.chains[left].first, after);
    let tail = walk(routes, other, 0);
    let (mut first, mut second) = (head, walk(routes, routes.chains[right].first, other));
    let rest = walk(routes, after, 0);
    first.extend(tail);
    second.extend(rest);
    let load = |list: &[usize]| list.iter().map(|node| data.load[*node]).sum::<i64>();
    if !data.fits(load(&first), 0) || !data.fits(load(&second), 0) {
        return false;
    }
    routes.set_route(data, left, &first);
    routes.set_route(data, right, &second);
    routes.cost -= i64::from(gain);
    true
}

fn in_time(data: &Data, routes: &Routes, before: usize, after: usize) -> bool {
    let free = if before == 0 {
        data.earliest[0]
    } else {
        routes.start[before] + data.service[before]
    };
    let latest = if after == 0 {
        data.latest[0]
    } else {
        routes.latest[after]
    };
    free + data.distance(before, after) <= latest
}

/// Customers from one up to, and without, another.
fn walk(routes: &Routes, from: usize, until: usize) -> Vec<usize> {
    let mut list = Vec::new();
    let mut node = from;
    while node != until && node != 0 {
        list.push(node);
        node = routes.next[node];
    }
    list
}
