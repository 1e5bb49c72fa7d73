//! What partners are asked for when a month closes: their shares of the year so far, less what they were
//! asked for before.
//!
//! Source: RULES D.4 (shares by the agreement); that the months to come count as budgeted, and
//! that gains wait for the year's end, is our choice. An agreement that wants it otherwise closes its
//! months without a share and settles at the end.
//!
//! In words: months up to the one that closes count as what was spent in them, months to come as
//! their part of the budget; the agreement shares that. Its tiers and caps are of the year, so that they
//! fill up as the year goes on. A partner is asked for its share less what it was asked for earlier in the
//! year; if its share has become smaller it is given that back. Before the year is over nobody's share
//! is less than nought: an underspend may still be needed. With the last month it is shared too.
//! What is undecided, or stays in the fund, is posted to nobody.

use super::{Outturn, ShareError, Shares, Spent, shares};
use crate::agreement::{Agreement, PartnerKey, SchemeKey};
use crate::variance::spread;
use kernel::Pence;
use std::collections::BTreeMap;

/// Months of a year.
const MONTHS: usize = 12;

/// Shares of the year so far. `spent` has what was spent on each scheme in each month that is over, in
/// order; what a scheme has no month for counts as nought.
///
/// # Errors
/// As [`shares`].
pub fn to_date(
    agreement: &Agreement,
    spent: &BTreeMap<SchemeKey, Vec<Pence>>,
    over: usize,
) -> Result<Shares, ShareError> {
    let each = agreement.schemes.iter().map(|scheme| {
        let actual = spent.get(&scheme.key).into_iter().flatten().take(over);
        let to_come = spread(scheme.budget, [0; MONTHS]).into_iter().skip(over);
        let amount = actual.copied().sum::<Pence>() + to_come.sum();
        let spent = Spent {
            amount,
            ..Spent::default()
        };
        (scheme.key.clone(), spent)
    });
    // What of a contribution is paid for performance is known at the year's end: until then it counts
    // as received in whole.
    let performance = agreement.performance.iter().filter_map(|one| {
        let whole = agreement.contribution(&one.contribution)?.amount;
        Some((one.contribution.clone(), whole))
    });
    let outturn = Outturn {
        spent: each.collect(),
        received: performance.collect(),
    };
    shares(agreement, &outturn)
}

/// What each partner is asked for now (below nought: given back), in the order of the agreement;
/// those with nothing are left out. `before` is what each was asked for earlier in the year.
pub fn to_post(
    shares: &Shares,
    before: &BTreeMap<PartnerKey, Pence>,
    year_is_over: bool,
) -> Vec<(PartnerKey, Pence)> {
    let each = shares.partners.iter().map(|one| {
        let share = match year_is_over {
            true => one.share,
            false => one.share.max(Pence(0)),
        };
        let asked = before.get(&one.partner).copied().unwrap_or_default();
        (one.partner.clone(), share - asked)
    });
    each.filter(|(_, amount)| amount.0 != 0).collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::*;
    use proptest::prelude::*;

    fn agreement() -> Agreement {
        crate::agreement::read(include_str!("../../examples/two-tiers.toml")).unwrap()
    }

    /// Every scheme as budgeted in the months that are over, but for one with more or less a month.
    fn spent(over: usize, scheme: &str, more: i64) -> BTreeMap<SchemeKey, Vec<Pence>> {
        let one = |each: &crate::agreement::Scheme| {
            let more = if each.key.as_str() == scheme { more } else { 0 };
            let months = spread(each.budget, [0; MONTHS]).into_iter().take(over);
            let months = months.map(|month| month + Pence(more)).collect();
            (each.key.clone(), months)
        };
        agreement().schemes.iter().map(one).collect()
    }

    fn key(text: &str) -> PartnerKey {
        PartnerKey::new(text)
    }

    #[test]
    fn a_lead_is_asked_month_by_month_for_what_its_scheme_spent_over() {
        let agreement = agreement();
        // Scheme 2 is its lead's own: 1,000 pounds over in each month.
        let mut before = BTreeMap::new();
        for over in 1..=3 {
            let found = to_date(&agreement, &spent(over, "2", 100_000), over).unwrap();
            assert_eq!(found.verify(), Ok(()));
            let asked = to_post(&found, &before, false);
            assert_eq!(asked, [(key("icb"), Pence(100_000))], "month {over}");
            let sum = before.entry(key("icb")).or_insert(Pence(0));
            *sum = *sum + Pence(100_000);
        }
        // In the fourth month it is back on budget: all is given back.
        let found = to_date(&agreement, &spent(4, "2", 0), 4).unwrap();
        let back = to_post(&found, &before, false);
        assert_eq!(back, [(key("icb"), Pence(-300_000))]);
    }

    #[test]
    fn a_gain_waits_until_the_year_is_over() {
        let agreement = agreement();
        let none = BTreeMap::new();
        let half = to_date(&agreement, &spent(6, "2", -100_000), 6).unwrap();
        assert_eq!(to_post(&half, &none, false), []);
        let whole = to_date(&agreement, &spent(12, "2", -100_000), 12).unwrap();
        assert_eq!(
            to_post(&whole, &none, true),
            [(key("icb"), Pence(-1_200_000))]
        );
    }

    #[test]
    fn what_the_board_decides_is_posted_to_nobody() {
        let agreement = agreement();
        // 30 per cent over: beyond the last tier that is shared.
        let found = to_date(&agreement, &spent(12, "1", 68_125_000), 12).unwrap();
        let undecided: Pence = found.undecided.iter().map(|one| one.amount).sum();
        assert!(undecided.0 > 0);
        let none = BTreeMap::new();
        let posted: Pence = to_post(&found, &none, true).iter().map(|one| one.1).sum();
        assert_eq!(posted + undecided, found.total);
    }

    proptest! {
        /// However the months go, what was posted in all is each partner's share at the end.
        #[test]
        fn at_the_end_each_has_paid_its_share(
            months in prop::collection::vec((-200_000_000i64..200_000_000, 0usize..4), 12),
        ) {
            let agreement = agreement();
            let mut spent: BTreeMap<SchemeKey, Vec<Pence>> = BTreeMap::new();
            let mut before: BTreeMap<PartnerKey, Pence> = BTreeMap::new();
            for (at, (more, scheme)) in months.iter().enumerate() {
                for (number, one) in agreement.schemes.iter().enumerate() {
                    let budget = spread(one.budget, [0; MONTHS])[at];
                    let more = if number == *scheme { *more } else { 0 };
                    spent.entry(one.key.clone()).or_default().push(budget + Pence(more));
                }
                let over = at + 1;
                let found = to_date(&agreement, &spent, over).unwrap();
                prop_assert_eq!(found.verify(), Ok(()));
                for (partner, amount) in to_post(&found, &before, over == MONTHS) {
                    let sum = before.entry(partner).or_default();
                    *sum = *sum + amount;
                }
                for one in &found.partners {
                    let asked = before.get(&one.partner).copied().unwrap_or_default();
                    let share = if over == MONTHS { one.share } else { one.share.max(Pence(0)) };
                    prop_assert_eq!(asked, share);
                }
            }
        }
    }
}
