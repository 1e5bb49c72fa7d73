//! Chance, seeded: the same seed throws the same dice on every machine.
//!
//! Only whole-number arithmetic is used, so that no machine's logarithm or
//! rounding can change what is made.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};
use uuid::{Builder, Uuid};

/// A seeded source of chance and of ids.
pub(crate) struct Dice {
    source: ChaCha8Rng,
    next_id_millis: u64,
}

impl Dice {
    /// Dice from a seed. `first_id_millis` is the time stamped into the first
    /// id, in milliseconds since 1970; each later id is a millisecond later,
    /// so that ids sort in the order they were made.
    pub(crate) fn new(seed: u64, first_id_millis: u64) -> Self {
        Self {
            source: ChaCha8Rng::seed_from_u64(seed),
            next_id_millis: first_id_millis,
        }
    }

    /// A number from 0 up to but not including `end`; 0 when `end` is 0.
    pub(crate) fn below(&mut self, end: u64) -> u64 {
        // The high half of a 64 by 64 bit product: even to one part in 2^44
        // for the small ends used here.
        let product = u128::from(self.source.next_u64()) * u128::from(end);
        u64::try_from(product >> 64).unwrap_or(0)
    }

    /// A number from `low` to `high`, both included.
    pub(crate) fn between(&mut self, low: i64, high: i64) -> i64 {
        let span = u64::try_from(high - low + 1).unwrap_or(1);
        low + i64::try_from(self.below(span)).unwrap_or(0)
    }

    /// True `parts` times in a thousand.
    pub(crate) fn per_mille(&mut self, parts: u64) -> bool {
        self.below(1_000) < parts
    }

    /// True `parts` times in a million.
    pub(crate) fn per_million(&mut self, parts: u64) -> bool {
        self.below(1_000_000) < parts
    }

    /// An index below `length`; 0 when there is nothing to choose from.
    pub(crate) fn index(&mut self, length: usize) -> usize {
        usize::try_from(self.below(length as u64)).unwrap_or(0)
    }

    /// One of the items, or `None` when there are none.
    pub(crate) fn pick<'a, T>(&mut self, items: &'a [T]) -> Option<&'a T> {
        items.get(self.index(items.len()))
    }

    /// One of the texts; empty when there are none.
    pub(crate) fn word<'a>(&mut self, words: &[&'a str]) -> &'a str {
        self.pick(words).copied().unwrap_or("")
    }

    /// An index chosen by weight; 0 when all weights are nought.
    pub(crate) fn weighted(&mut self, weights: &[u64]) -> usize {
        let mut left = self.below(weights.iter().sum());
        for (index, weight) in weights.iter().enumerate() {
            if left < *weight {
                return index;
            }
            left -= weight;
        }
        0
    }

    /// A whole number from a table of quantiles: pairs of (parts in 1,000, value)
    /// in rising order, straight lines between them.
    pub(crate) fn quantile(&mut self, table: &[(i64, i64)]) -> i64 {
        let at = self.between(0, 999);
        for pair in table.windows(2) {
            let ((from, low), (to, high)) = (pair[0], pair[1]);
            if at < to {
                // Scaled by a thousand to round to the nearest.
                let scaled = low * 1_000 + (high - low) * 1_000 * (at - from) / (to - from).max(1);
                return (scaled + 500) / 1_000;
            }
        }
        table.last().map_or(0, |(_, value)| *value)
    }

    /// The next id: a UUID of version 7.
    pub(crate) fn id(&mut self) -> Uuid {
        let mut bytes = [0u8; 10];
        self.source.fill_bytes(&mut bytes);
        let millis = self.next_id_millis;
        self.next_id_millis += 1;
        Builder::from_unix_timestamp_millis(millis, &bytes).into_uuid()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::*;

    #[test]
    fn throws_stay_within_bounds_and_repeat() {
        let (mut one, mut two) = (Dice::new(7, 0), Dice::new(7, 0));
        for _ in 0..1_000 {
            let number = one.between(-3, 3);
            assert!((-3..=3).contains(&number));
            assert_eq!(number, two.between(-3, 3));
        }
        assert_eq!(one.id(), two.id());
        assert!(one.id() < one.id(), "ids sort in the order they were made");
        assert_eq!(one.below(0), 0);
        assert_eq!(one.weighted(&[0, 5, 0]), 1);
    }

    #[test]
    fn quantiles_follow_the_table() {
        let mut dice = Dice::new(1, 0);
        let table = [(0, 1), (500, 5), (900, 20), (1_000, 60)];
        let mut values: Vec<i64> = (0..4_001).map(|_| dice.quantile(&table)).collect();
        values.sort_unstable();
        assert!((4..=6).contains(&values[2_000]), "{}", values[2_000]);
        assert!((17..=23).contains(&values[3_600]), "{}", values[3_600]);
        assert!(values[0] >= 1 && values[4_000] <= 60);
    }
}
