//! What a partner owes a fund: of this year, and of earlier ones.
//!
//! Source: what is paid on a running account settles what has been owed longest (Clayton's Case, *Devaynes v
//! Noble* (1816) 1 Mer 572; from memory), unless somebody says otherwise. An account of what is owed is never begun
//! anew with a year: its balance goes on, and is agreed at the year's end (RULES D.5).
//!
//! In words: **owed** is all that was asked for and is not paid, whenever it was asked for. Of it, *of the
//! year* is at most what was asked for in the year and not taken back; the rest, at most what was owed when the year
//! began, is *of earlier years*. What was paid ahead is owed by nobody; what a dispute put on a partner is owed, and is no
//! income of the year.

use crate::ledger::Balance;
use kernel::Pence;

/// What a partner owes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Owed {
    /// Everything that was asked for and is not paid; less than nought if it has paid ahead.
    pub all: Pence,
    /// What of it was asked for before the year began.
    pub earlier: Pence,
    /// What of it was asked for in the year.
    pub of_year: Pence,
}

/// What a partner owes at the end of some months of a year. `before` is what stood on its account when the
/// year began; `moved` is what moved on it since; `recorded` is what was recorded as its income since:
/// contributions, parts of the variance and what was charged on.
pub fn owed(before: &Balance, moved: &Balance, recorded: Pence) -> Owed {
    let net = |balance: &Balance| balance.debits_posted - balance.credits_posted;
    let began = net(before);
    let all = began + net(moved);
    // What was taken back is no longer asked for, though it stays among the debits.
    let asked = moved.debits_posted.min(recorded);
    let of_year = asked.min(all).max(Pence(0));
    let rest = (all - of_year).max(Pence(0));
    Owed {
        all,
        earlier: rest.min(began.max(Pence(0))),
        of_year,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn balance(debits: i64, credits: i64) -> Balance {
        Balance {
            debits_posted: Pence(debits),
            credits_posted: Pence(credits),
            ..Balance::default()
        }
    }

    #[test]
    fn what_is_paid_settles_what_is_oldest() {
        // Before the year: asked for and paid; in the year: asked for, paid, recorded as income.
        for (before, moved, recorded, expected) in [
            // Nothing before; half of it is paid.
            ((0, 0), (100, 50), 100, (50, 0, 50)),
            // Of an earlier year, and not paid since.
            ((80, 30), (0, 0), 0, (50, 50, 0)),
            // Paid in part: what is older is settled first.
            ((50, 0), (100, 30), 100, (120, 20, 100)),
            ((50, 0), (100, 70), 100, (80, 0, 80)),
            // All paid.
            ((50, 0), (100, 150), 100, (0, 0, 0)),
            // This year's contribution came straight in as money: the old debt is not its.
            ((50, 0), (0, 0), 400, (50, 50, 0)),
            // What was asked for was taken back: the old debt stands.
            ((50, 0), (100, 100), 0, (50, 50, 0)),
            // Paid ahead, in this year or the one before.
            ((0, 0), (0, 70), 0, (-70, 0, 0)),
            ((0, 70), (100, 0), 100, (30, 0, 30)),
            // A contribution given back is no debt.
            ((0, 0), (0, 0), -10, (0, 0, 0)),
        ] {
            let (from, to) = (balance(before.0, before.1), balance(moved.0, moved.1));
            let found = owed(&from, &to, Pence(recorded));
            let found = (found.all.0, found.earlier.0, found.of_year.0);
            assert_eq!(found, expected, "{before:?} {moved:?} {recorded}");
        }
    }
}
