//! How far spending is from budget: by scheme, by month and by partner.
//!
//! Source: pooled-fund reports that the host owes each quarter (SI 2000/617 regulation 7, RULES
//! D.1, from memory); variance is actual less budget (RULES D.4), above nought an overspend.
//!
//! In words: a budget for the year is spread over months by a profile that adds up to it; where no
//! profile is given it is spread evenly by largest remainders. What is late in coming in is not
//! money saved: only months that are closed are compared.

use crate::agreement::{PartnerKey, SchemeKey};
use crate::split::by_weights;
use kernel::{Month, Pence};
use std::collections::BTreeMap;

/// Spending of a scheme in a month, by the partner that paid it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spending {
    /// The scheme.
    pub scheme: SchemeKey,
    /// The month.
    pub month: Month,
    /// Who paid it.
    pub partner: PartnerKey,
    /// How much.
    pub amount: Pence,
}

/// Budget, spending and the difference.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Variance {
    /// Budget of the months that are closed.
    pub budget: Pence,
    /// What was spent in them.
    pub actual: Pence,
}

impl Variance {
    /// Actual less budget: above nought an overspend.
    pub fn amount(self) -> Pence {
        self.actual - self.budget
    }
}

/// Variances by what one looks at.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Variances {
    /// By scheme.
    pub by_scheme: BTreeMap<SchemeKey, Variance>,
    /// By month.
    pub by_month: BTreeMap<Month, Variance>,
    /// By partner.
    pub by_partner: BTreeMap<PartnerKey, Variance>,
    /// In all.
    pub total: Variance,
}

/// A budget of a scheme and partner for a year.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Budget {
    /// The scheme.
    pub scheme: SchemeKey,
    /// Who pays it.
    pub partner: PartnerKey,
    /// By month, in the order of the months of the year.
    pub by_month: Vec<Pence>,
}

/// Spreads a budget over twelve months by weights; evenly if all are nought.
pub fn spread(amount: Pence, weights: [u64; 12]) -> Vec<Pence> {
    let keyed =
        |weights: [u64; 12]| -> Vec<(usize, u64)> { weights.into_iter().enumerate().collect() };
    by_weights(amount, &keyed(weights))
        .or_else(|| by_weights(amount, &keyed([1; 12])))
        .unwrap_or_default()
}

/// Compares what was spent with budgets, for the first `closed` months from `first`. Spending in
/// other months is left out.
pub fn variances(
    budgets: &[Budget],
    spending: &[Spending],
    first: Month,
    closed: usize,
) -> Variances {
    let mut months = Vec::new();
    let mut month = first;
    for _ in 0..closed {
        months.push(month);
        month = month.next();
    }
    let mut found = Variances::default();
    for budget in budgets {
        for (month, amount) in months.iter().zip(&budget.by_month) {
            found.each(&budget.scheme, *month, &budget.partner, |one| {
                one.budget = one.budget + *amount;
            });
        }
    }
    for spent in spending.iter().filter(|one| months.contains(&one.month)) {
        found.each(&spent.scheme, spent.month, &spent.partner, |one| {
            one.actual = one.actual + spent.amount;
        });
    }
    found
}

impl Variances {
    fn each(
        &mut self,
        scheme: &SchemeKey,
        month: Month,
        partner: &PartnerKey,
        add: impl Fn(&mut Variance),
    ) {
        add(self.by_scheme.entry(scheme.clone()).or_default());
        add(self.by_month.entry(month).or_default());
        add(self.by_partner.entry(partner.clone()).or_default());
        add(&mut self.total);
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::*;

    fn month(number: i8) -> Month {
        Month::new(2025, number).unwrap()
    }

    #[test]
    fn a_year_is_spread_to_the_penny() {
        let even = spread(Pence(100), [0; 12]);
        assert_eq!(even.iter().copied().sum::<Pence>(), Pence(100));
        assert_eq!((even[0], even[11]), (Pence(9), Pence(8)));
        let mut winter = [1; 12];
        winter[9] = 13;
        assert_eq!(spread(Pence(2_400), winter)[9], Pence(1_300));
    }

    /// Two schemes and two partners, two months of which one is closed.
    #[test]
    fn by_scheme_month_and_partner() {
        let budget = |scheme: &str, partner: &str, amounts: [i64; 2]| Budget {
            scheme: SchemeKey::new(scheme),
            partner: PartnerKey::new(partner),
            by_month: amounts.into_iter().map(Pence).collect(),
        };
        let spent = |scheme: &str, partner: &str, at: i8, amount| Spending {
            scheme: SchemeKey::new(scheme),
            partner: PartnerKey::new(partner),
            month: month(at),
            amount: Pence(amount),
        };
        let budgets = [budget("1", "a", [100, 100]), budget("2", "b", [50, 50])];
        let spending = [
            spent("1", "a", 4, 120),
            spent("2", "b", 4, 45),
            spent("2", "a", 4, 10),
            spent("1", "a", 5, 999),
        ];
        let found = variances(&budgets, &spending, month(4), 1);
        let of =
            |map: &BTreeMap<SchemeKey, Variance>, key: &str| map[&SchemeKey::new(key)].amount();
        assert_eq!(of(&found.by_scheme, "1"), Pence(20));
        assert_eq!(of(&found.by_scheme, "2"), Pence(5));
        assert_eq!(found.by_partner[&PartnerKey::new("a")].amount(), Pence(30));
        assert_eq!(found.by_partner[&PartnerKey::new("b")].amount(), Pence(-5));
        assert_eq!(found.by_month.len(), 1);
        assert_eq!(found.total.amount(), Pence(25));
        let two = variances(&budgets, &spending, month(4), 2);
        assert_eq!(two.total.amount(), Pence(25 + 999 - 150));
    }
}
