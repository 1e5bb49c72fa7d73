//! Since when something is new to somebody who looks at a record.
//!
//! Source: local; a choice of this product (PEERS D1: each item with source and time).
//!
//! In words: opening a record, going through its timeline and reading a letter is one sitting.
//! What has come since the last look of the sitting before this one is new, and stays new until
//! the sitting ends. Two looks belong to one sitting when no more time lies between them than the
//! parameter `summary.sitting_minutes` says. Who has never looked before has nothing marked as
//! new: everything is.

use jiff::Timestamp;

/// The last look of the sitting before this one. `looks` are somebody's earlier looks at one
/// record, the latest first; `now` is the look that is being taken.
pub fn last_before(now: Timestamp, looks: &[Timestamp], minutes: i64) -> Option<Timestamp> {
    let mut sitting = now;
    for look in looks {
        let apart = sitting.as_second() - look.as_second();
        if apart > minutes.saturating_mul(60) {
            return Some(*look);
        }
        sitting = *look;
    }
    None
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::*;
    use proptest::prelude::*;

    fn at(minute: i64) -> Timestamp {
        Timestamp::from_second(1_539_682_200 + minute * 60).unwrap()
    }

    #[test]
    fn a_sitting_ends_when_nobody_looks_for_a_while() {
        for (now, looks, last) in [
            (100, vec![], None),
            (100, vec![99], None),
            (100, vec![40], None),
            (100, vec![39], Some(39)),
            // One sitting of three looks, and the one before it.
            (200, vec![190, 140, 80, 10, 0], Some(10)),
            (200, vec![200, 200], None),
            (2000, vec![10, 0], Some(10)),
        ] {
            let looks: Vec<Timestamp> = looks.into_iter().map(at).collect();
            assert_eq!(
                last_before(at(now), &looks, 60),
                last.map(at),
                "{now} {looks:?}"
            );
        }
    }

    proptest! {
        /// Looking again within the sitting never changes what is new.
        #[test]
        fn looking_again_changes_nothing(mut minutes in prop::collection::vec(0i64..5000, 0..20), more in 0i64..=60) {
            minutes.sort_unstable_by(|a, b| b.cmp(a));
            let now = minutes.first().copied().unwrap_or(0) + more;
            let looks: Vec<Timestamp> = minutes.iter().copied().map(at).collect();
            let first = last_before(at(now), &looks, 60);
            let mut again = vec![at(now)];
            again.extend(&looks);
            prop_assert_eq!(last_before(at(now + 60), &again, 60), first);
        }
    }
}
