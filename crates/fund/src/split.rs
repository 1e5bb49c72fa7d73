//! Dividing an amount so that the parts add up to it.
//!
//! Source: the method of largest remainders (Hamilton), our choice; an agreement that names
//! another rounding must be asked about.
//!
//! In words: each part is first rounded down to the penny. The pennies that are left go one each
//! to the parts that lost most by rounding. Where two lost the same, the key that comes first in
//! the alphabet gets it, so that the order in which parts are listed changes nothing.

use kernel::Pence;
use kernel::money::split;

/// Divides an amount by weights. Negative amounts are divided as positive ones and turned round.
/// `None` if all weights are nought.
pub fn by_weights<K: Ord>(amount: Pence, weights: &[(K, u64)]) -> Option<Vec<Pence>> {
    let mut order: Vec<usize> = (0..weights.len()).collect();
    order.sort_by(|one, other| weights[*one].0.cmp(&weights[*other].0));
    let sorted: Vec<u64> = order.iter().map(|at| weights[*at].1).collect();
    let mut parts = vec![Pence(0); weights.len()];
    for (at, part) in order.into_iter().zip(split(amount, &sorted).ok()?) {
        parts[at] = part;
    }
    Some(parts)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn examples() {
        for (amount, weights, expected) in [
            (1_000, vec![60, 40], vec![600, 400]),
            (100, vec![1, 1, 1], vec![34, 33, 33]),
            (-100, vec![1, 1, 1], vec![-34, -33, -33]),
            (101, vec![1, 1, 1], vec![34, 34, 33]),
            (1, vec![1, 999], vec![0, 1]),
            (0, vec![1, 2], vec![0, 0]),
            (7, vec![0, 5], vec![0, 7]),
        ] {
            let keyed: Vec<(usize, u64)> = weights.into_iter().enumerate().collect();
            let parts: Vec<i64> = by_weights(Pence(amount), &keyed)
                .unwrap()
                .into_iter()
                .map(|part| part.0)
                .collect();
            assert_eq!(parts, expected, "{amount}");
        }
        assert_eq!(by_weights(Pence(5), &[("a", 0)]), None);
        assert_eq!(by_weights::<&str>(Pence(5), &[]), None);
    }

    proptest! {
        #[test]
        fn parts_add_up_and_are_within_a_penny(
            amount in -1_000_000_000_000_000i64..1_000_000_000_000_000,
            weights in prop::collection::vec(0u64..10_000_000_000_000, 1..12),
        ) {
            let keyed: Vec<(usize, u64)> = weights.iter().copied().enumerate().collect();
            let total: u128 = weights.iter().map(|weight| u128::from(*weight)).sum();
            prop_assume!(total > 0);
            let parts = by_weights(Pence(amount), &keyed).unwrap();
            prop_assert_eq!(parts.iter().copied().sum::<Pence>(), Pence(amount));
            for (part, weight) in parts.iter().zip(&weights) {
                let exact = i128::from(amount) * i128::from(*weight);
                let off = (i128::from(part.0) * total as i128 - exact).unsigned_abs();
                prop_assert!(off < total);
            }
        }

        #[test]
        fn the_order_changes_nothing(
            amount in -1_000_000i64..1_000_000,
            weights in prop::collection::vec(1u64..50, 2..8),
        ) {
            let keyed: Vec<(usize, u64)> = weights.into_iter().enumerate().collect();
            let mut turned = keyed.clone();
            turned.reverse();
            let mut parts = by_weights(Pence(amount), &turned).unwrap();
            parts.reverse();
            prop_assert_eq!(by_weights(Pence(amount), &keyed).unwrap(), parts);
        }
    }
}
