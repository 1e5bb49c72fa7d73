//! What an account has been debited and credited with, posted and reserved apart.

use super::Side;
use kernel::Pence;

/// Sums of an account, in whole pence. Of a period it is what moved in it, so that what is
/// reserved may be less than nought there: reserved in April and paid in May.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Balance {
    /// Debits that are posted.
    pub debits_posted: Pence,
    /// Credits that are posted.
    pub credits_posted: Pence,
    /// Debits that are reserved.
    pub debits_pending: Pence,
    /// Credits that are reserved.
    pub credits_pending: Pence,
}

impl Balance {
    /// What a side moves by.
    pub fn of(side: Side, posted: Pence, pending: Pence) -> Self {
        match side {
            Side::Debit => Self {
                debits_posted: posted,
                debits_pending: pending,
                ..Self::default()
            },
            Side::Credit => Self {
                credits_posted: posted,
                credits_pending: pending,
                ..Self::default()
            },
        }
    }

    /// Both together, or `None` if a sum does not fit.
    pub fn plus(&self, other: &Self) -> Option<Self> {
        Some(Self {
            debits_posted: self.debits_posted.plus(other.debits_posted)?,
            credits_posted: self.credits_posted.plus(other.credits_posted)?,
            debits_pending: self.debits_pending.plus(other.debits_pending)?,
            credits_pending: self.credits_pending.plus(other.credits_pending)?,
        })
    }

    /// What is posted, as it stands on the side on which the account grows. `None` if it does
    /// not fit.
    pub fn posted(&self, normal: Side) -> Option<Pence> {
        on(normal, self.debits_posted, self.credits_posted)
    }

    /// What is reserved, on the same side. `None` if it does not fit.
    pub fn pending(&self, normal: Side) -> Option<Pence> {
        on(normal, self.debits_pending, self.credits_pending)
    }
}

fn on(normal: Side, debits: Pence, credits: Pence) -> Option<Pence> {
    let (more, less) = match normal {
        Side::Debit => (debits, credits),
        Side::Credit => (credits, debits),
    };
    more.0.checked_sub(less.0).map(Pence)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_balance_stands_on_its_normal_side() {
        let one = Balance::of(Side::Debit, Pence(500), Pence(20));
        let other = Balance::of(Side::Credit, Pence(200), Pence(0));
        let both = one.plus(&other).unwrap();
        assert_eq!(both.posted(Side::Debit), Some(Pence(300)));
        assert_eq!(both.posted(Side::Credit), Some(Pence(-300)));
        assert_eq!(both.pending(Side::Debit), Some(Pence(20)));
        let full = Balance::of(Side::Debit, Pence(i64::MAX), Pence(0));
        assert_eq!(full.plus(&one), None);
    }
}
