//! From pairs to people: clusters of one table, or one-to-one pairs of two files.

use crate::link::{Decision, Pair};
use crate::table::Table;
use std::collections::HashMap;

/// For each pair of one cluster, how sure the join is that put its records together.
type Joins = HashMap<(u32, u32), f32>;

/// Most pairs between two clusters that are weighed before they are joined.
const MOST_ACROSS: usize = 400;

/// The pairs from a weight on, the strongest first; ties by their records.
fn strongest_first(pairs: &[Pair], from: f32) -> Vec<usize> {
    let mut order: Vec<usize> = (0..pairs.len())
        .filter(|at| pairs[*at].weight >= from)
        .collect();
    order.sort_by(|a, b| {
        let (a, b) = (&pairs[*a], &pairs[*b]);
        b.weight
            .total_cmp(&a.weight)
            .then(a.left.cmp(&b.left))
            .then(a.right.cmp(&b.right))
    });
    order
}

/// Joins records into clusters, strongest pairs first. Two clusters are joined only if the
/// evidence of all pairs between them, taken together, speaks for it: so a chain of likely
/// pairs does not join twins. Gives the clusters and how many joins were refused.
pub(crate) fn cluster(
    pairs: &mut Vec<Pair>,
    table: &Table,
    link_from: f32,
    weigh: &mut dyn FnMut(u32, u32) -> f32,
    against: &dyn Fn(&[u32], &[u32]) -> f32,
) -> (Vec<Vec<u32>>, u64) {
    let order = strongest_first(pairs, link_from);
    let mut head: Vec<u32> = (0..u32::try_from(table.len()).unwrap_or(u32::MAX)).collect();
    let mut members: HashMap<u32, Vec<u32>> = HashMap::new();
    let mut refused = 0;
    let mut joins: Joins = HashMap::new();
    for at in order {
        let (one, other) = (
            head[pairs[at].left as usize],
            head[pairs[at].right as usize],
        );
        if one == other {
            continue;
        }
        let ours = members.get(&one).cloned().unwrap_or_else(|| vec![one]);
        let theirs = members.get(&other).cloned().unwrap_or_else(|| vec![other]);
        let sum = together(&ours, &theirs, weigh);
        // A pair is as sure as the join that put its records together.
        let sure = pairs[at].weight.min(sum) - against(&ours, &theirs);
        if ours.len() * theirs.len() > 1 && (sum <= 0.0 || sure < link_from.min(sum)) {
            refused += 1;
            continue;
        }
        for a in &ours {
            for b in &theirs {
                joins.insert((*a.min(b), *a.max(b)), sure);
            }
        }
        let (keep, give) = (one.min(other), one.max(other));
        let mut all = [ours, theirs].concat();
        all.sort_unstable();
        for record in &all {
            head[*record as usize] = keep;
        }
        members.remove(&give);
        members.insert(keep, all);
    }
    let mut clusters: Vec<Vec<u32>> = members.into_values().collect();
    clusters.sort_unstable();
    decide(pairs, joins, table, link_from, weigh);
    (clusters, refused)
}

/// What the pairs between two clusters say together of their being one.
fn together(ours: &[u32], theirs: &[u32], weigh: &mut dyn FnMut(u32, u32) -> f32) -> f32 {
    if ours.len() * theirs.len() > MOST_ACROSS {
        return f32::NEG_INFINITY;
    }
    let mut sum = 0.0;
    for a in ours {
        for b in theirs {
            sum += weigh(*a.min(b), *a.max(b)).clamp(-25.0, 25.0);
        }
    }
    sum
}

/// Decisions by cluster; pairs of a cluster that no pass proposed are added.
fn decide(
    pairs: &mut Vec<Pair>,
    mut joins: Joins,
    table: &Table,
    link_from: f32,
    weigh: &mut dyn FnMut(u32, u32) -> f32,
) {
    for pair in pairs.iter_mut() {
        match joins.remove(&(pair.left, pair.right)) {
            Some(sure) => {
                pair.decision = Decision::Link;
                pair.weight = pair.weight.max(sure).max(link_from);
            }
            // Likely by itself, but their clusters speak against it.
            None if pair.weight >= link_from => pair.weight = link_from - 0.5,
            None => {}
        }
    }
    let mut missed: Vec<((u32, u32), f32)> = joins.into_iter().collect();
    missed.sort_unstable_by_key(|(pair, _)| *pair);
    for ((left, right), sure) in missed {
        if table.in_one_file(left, right) {
            continue;
        }
        pairs.push(Pair {
            left,
            right,
            weight: weigh(left, right).max(sure).max(link_from),
            decision: Decision::Link,
        });
    }
}

/// Gives every record of two files at most one partner, strongest pairs first. Gives how
/// many likely pairs had to stand back.
pub(crate) fn one_to_one(
    pairs: &mut Vec<Pair>,
    records: usize,
    link_from: f32,
    review_from: f32,
) -> u64 {
    let order = strongest_first(pairs, review_from);
    let mut taken = vec![false; records];
    let mut refused = 0;
    let mut kept = Vec::new();
    for at in order {
        let mut pair = pairs[at];
        let (left, right) = (pair.left as usize, pair.right as usize);
        if taken[left] || taken[right] {
            if pair.weight >= link_from {
                refused += 1;
                pair.weight = link_from - 0.5;
            }
            pair.weight = pair.weight.min(review_from);
        } else {
            taken[left] = true;
            taken[right] = true;
            if pair.weight >= link_from {
                pair.decision = Decision::Link;
            }
        }
        kept.push(pair);
    }
    *pairs = kept;
    refused
}
