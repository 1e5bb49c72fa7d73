//! An amount split by weights so that the parts always add up: the largest remainder.
//!
//! Source: RULES D.4 (shares by contribution or by agreed per cent). Each part is first its exact
//! share rounded down to whole pence; the pence left over go one each to the largest remainders, and of
//! equal remainders to the earlier part.

use super::Pence;

/// Why an amount cannot be split.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SplitError {
    /// Nobody has a weight.
    #[error("there is nobody to share it: every weight is nought")]
    NoWeights,
}

/// The parts of an amount by weights, in their order. They add up to the amount exactly; an
/// amount below nought is split as its opposite is.
///
/// # Errors
/// No weight is more than nought.
pub fn split(amount: Pence, weights: &[u64]) -> Result<Vec<Pence>, SplitError> {
    let total: u128 = weights.iter().map(|weight| u128::from(*weight)).sum();
    if total == 0 {
        return Err(SplitError::NoWeights);
    }
    let magnitude = amount.0.unsigned_abs();
    let shares = weights.iter().map(|weight| {
        let exact = u128::from(magnitude) * u128::from(*weight);
        (exact / total, exact % total)
    });
    let (mut parts, remainders): (Vec<u128>, Vec<u128>) = shares.unzip();
    let given: u128 = parts.iter().sum();
    let mut order: Vec<usize> = (0..weights.len()).collect();
    order.sort_by(|one, other| remainders[*other].cmp(&remainders[*one]));
    // Fewer pence are left than there are parts with a remainder.
    let left = usize::try_from(u128::from(magnitude) - given).unwrap_or(usize::MAX);
    for index in order.into_iter().take(left) {
        parts[index] += 1;
    }
    Ok(parts
        .into_iter()
        .map(|part| signed(part, amount.0 < 0))
        .collect())
}

/// A part with its sign. No part is larger than the amount, so each fits.
fn signed(part: u128, below: bool) -> Pence {
    match (i64::try_from(part), below) {
        (Ok(part), false) => Pence(part),
        (Ok(part), true) => Pence(-part),
        (Err(_), _) => Pence(if below { i64::MIN } else { i64::MAX }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn examples() {
        for (amount, weights, parts) in [
            (1_000, &[60, 40][..], &[600, 400][..]),
            (100, &[1, 1, 1], &[34, 33, 33]),
            (101, &[1, 1, 1], &[34, 34, 33]),
            (-100, &[1, 1, 1], &[-34, -33, -33]),
            (1, &[1, 2], &[0, 1]),
            (5, &[0, 7, 0], &[0, 5, 0]),
            (0, &[3, 4], &[0, 0]),
        ] {
            let parts: Vec<Pence> = parts.iter().map(|part| Pence(*part)).collect();
            assert_eq!(split(Pence(amount), weights), Ok(parts));
        }
        for none in [&[][..], &[0, 0]] {
            assert_eq!(split(Pence(5), none), Err(SplitError::NoWeights));
        }
    }

    proptest! {
        #[test]
        fn parts_add_up_and_are_within_a_penny(
            amount in any::<i64>(),
            weights in prop::collection::vec(any::<u64>(), 1..20),
        ) {
            prop_assume!(weights.iter().any(|weight| *weight > 0));
            let parts = split(Pence(amount), &weights).unwrap();
            let sum: i128 = parts.iter().map(|part| i128::from(part.0)).sum();
            prop_assert_eq!(sum, i128::from(amount));
            let total: u128 = weights.iter().map(|weight| u128::from(*weight)).sum();
            for (part, weight) in parts.iter().zip(&weights) {
                let whole = u128::from(amount.unsigned_abs()) * u128::from(*weight) / total;
                let size = u128::from(part.0.unsigned_abs());
                prop_assert!(size == whole || size == whole + 1);
            }
        }
    }
}
