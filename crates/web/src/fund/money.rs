//! Amounts as tables of the fund show them: on the right, and what is less than nought with its sign and in words.
//! With which pence is [`crate::amount`]'s.

use crate::amount::{rounded, signed};
use crate::sheet::Cell;
use kernel::Pence;

pub(super) use crate::amount::{headline, to_the_pound};

/// What an amount is that may be on either side: `over budget`, `under budget`, `on budget`.
pub(super) struct Sides {
    pub(super) more: &'static str,
    pub(super) less: &'static str,
    pub(super) nought: &'static str,
}

/// What was spent less the budget.
pub(super) const VARIANCE: Sides = Sides {
    more: "over budget",
    less: "under budget",
    nought: "on budget",
};

/// What a partner is asked for.
pub(super) const SHARE: Sides = Sides {
    more: "to pay in",
    less: "to have back",
    nought: "nothing to pay or have back",
};

impl Sides {
    /// The words for an amount.
    pub(super) const fn of(&self, amount: Pence) -> &'static str {
        match amount.0 {
            0 => self.nought,
            1.. => self.more,
            _ => self.less,
        }
    }

    /// An amount in words, its sign and its side: `+£300 over budget`.
    pub(super) fn cell(&self, amount: Pence) -> Cell {
        Cell::amount(amount).with_plus().with_under(self.of(amount))
    }

    /// The same as an overview has it.
    pub(super) fn overview(&self, amount: Pence) -> Cell {
        let shown = rounded(amount);
        let plus = if shown.0 > 0 { "+" } else { "" };
        Cell::number(format!("{plus}{}", signed(shown, false))).with_under(self.of(amount))
    }

    /// The same in a sentence: `£300 over budget`, `on budget`.
    pub(super) fn said(&self, amount: Pence) -> String {
        match amount.0 {
            0 => self.nought.to_owned(),
            _ => format!(
                "{} {}",
                headline(Pence(amount.0.saturating_abs())),
                self.of(amount)
            ),
        }
    }
}

/// What is said under an amount.
fn under(amount: Pence) -> &'static str {
    if amount.0 < 0 { "minus" } else { "" }
}

/// An amount to the penny. One that is less than nought says so under it.
pub(super) fn cell(amount: Pence) -> Cell {
    Cell::amount(amount).with_under(under(amount))
}

/// An amount as an overview has it.
pub(super) fn overview(amount: Pence) -> Cell {
    Cell::number(signed(rounded(amount), false)).with_under(under(amount))
}

/// An amount to the penny, leading to what is behind it.
pub(super) fn link(href: impl Into<String>, amount: Pence, hidden: impl Into<String>) -> Cell {
    cell(amount).leading(href, hidden)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sign_is_never_alone() {
        for (pence, text, variance, share) in [
            (30_000, "£300", "over budget", "to pay in"),
            (-30_050, "−£300.50", "under budget", "to have back"),
            (0, "£0", "on budget", "nothing to pay or have back"),
        ] {
            let amount = Pence(pence);
            assert_eq!(overview(amount).text, text);
            assert_eq!(VARIANCE.of(amount), variance);
            assert_eq!(SHARE.of(amount), share);
            for under in [cell(amount).under, overview(amount).under] {
                assert_eq!(under == "minus", pence < 0, "{text}");
            }
        }
        assert_eq!(VARIANCE.overview(Pence(100)).text, "+£1");
        assert_eq!(VARIANCE.overview(Pence(-123_456)).text, "−£1,235");
        assert_eq!(VARIANCE.said(Pence(-123_456)), "£1,235 under budget");
        assert_eq!(VARIANCE.said(Pence(0)), "on budget");
    }
}
