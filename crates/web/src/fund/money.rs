//! Amounts as tables of the fund show them: on the right, pence only where there are some, and what is
//! less than nought with its sign and in words.

use crate::sheet::Cell;
use kernel::Pence;

/// An amount with its sign: `£300`, `−£300`.
pub(super) fn signed(amount: Pence) -> String {
    let magnitude = Pence(amount.0.saturating_abs());
    match amount.0 < 0 {
        true => format!("−{magnitude}"),
        false => magnitude.to_string(),
    }
}

/// An amount to the nearest pound, half a pound away from nought: a forecast is no truer to the penny.
pub(super) const fn to_the_pound(amount: Pence) -> Pence {
    let half = if amount.0 < 0 { -50 } else { 50 };
    Pence(amount.0.saturating_add(half) / 100 * 100)
}

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
        let plus = if amount.0 > 0 { "+" } else { "" };
        Cell::number(format!("{plus}{}", signed(amount))).with_under(self.of(amount))
    }
}

/// An amount. One that is less than nought says so under it.
pub(super) fn cell(amount: Pence) -> Cell {
    let under = if amount.0 < 0 { "minus" } else { "" };
    Cell::number(signed(amount)).with_under(under)
}

/// The same, leading to what is behind it.
pub(super) fn link(href: impl Into<String>, amount: Pence, hidden: impl Into<String>) -> Cell {
    let under = if amount.0 < 0 { "minus" } else { "" };
    Cell::number_link(href, signed(amount), hidden).with_under(under)
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
            assert_eq!(signed(amount), text);
            assert_eq!(VARIANCE.of(amount), variance);
            assert_eq!(SHARE.of(amount), share);
            let under = cell(amount).under;
            assert_eq!(under == "minus", pence < 0, "{text}");
        }
        assert_eq!(VARIANCE.cell(Pence(100)).text, "+£1");
        for (pence, pounds) in [(149, 100), (150, 200), (-149, -100), (-150, -200), (0, 0)] {
            assert_eq!(to_the_pound(Pence(pence)), Pence(pounds), "{pence}");
        }
        assert_eq!(signed(Pence(i64::MIN + 1)), "−£92,233,720,368,547,758.07");
    }
}
