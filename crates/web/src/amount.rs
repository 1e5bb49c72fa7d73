//! Amounts of money as pages write them.
//!
//! A headline or an overview is to the pound from a thousand pounds on: nobody decides by its pence, and each leads to
//! where they are. Everything else is to the penny, with pence only where there are some; in a column
//! of a table either every amount has pence or none, so that the points stand under each other.

use kernel::Pence;

/// From which amount on a headline has no pence.
const WITHOUT_PENCE: u64 = 100_000;

/// An amount to the nearest pound, half a pound away from nought: a forecast is no truer to the penny.
pub(crate) const fn to_the_pound(amount: Pence) -> Pence {
    let half = if amount.0 < 0 { -50 } else { 50 };
    Pence(amount.0.saturating_add(half) / 100 * 100)
}

/// An amount as headlines have it.
pub(crate) const fn rounded(amount: Pence) -> Pence {
    match amount.0.unsigned_abs() {
        0..WITHOUT_PENCE => amount,
        _ => to_the_pound(amount),
    }
}

/// An amount in a headline, in words where it is less than nought: `£71,234,568`, `£12.50`, `minus £300`.
pub(crate) fn headline(amount: Pence) -> String {
    rounded(amount).to_string()
}

/// Whether an amount has pence.
pub(crate) const fn has_pence(amount: Pence) -> bool {
    amount.0 % 100 != 0
}

/// An amount with its sign: `£300`, `−£300`; with pence where there are some, or in any case.
pub(crate) fn signed(amount: Pence, pence: bool) -> String {
    let magnitude = Pence(amount.0.saturating_abs());
    let sign = if amount.0 < 0 { "−" } else { "" };
    let rest = if pence && !has_pence(amount) {
        ".00"
    } else {
        ""
    };
    format!("{sign}{magnitude}{rest}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_headline_is_to_the_pound_from_a_thousand_pounds_on() {
        for (pence, text) in [
            (0, "£0"),
            (1_250, "£12.50"),
            (-1_250, "minus £12.50"),
            (99_999, "£999.99"),
            (100_000, "£1,000"),
            (100_050, "£1,001"),
            (-7_123_456_789, "minus £71,234,568"),
        ] {
            assert_eq!(headline(Pence(pence)), text, "{pence}");
        }
        for (pence, pounds) in [(149, 100), (150, 200), (-149, -100), (-150, -200), (0, 0)] {
            assert_eq!(to_the_pound(Pence(pence)), Pence(pounds), "{pence}");
        }
    }

    #[test]
    fn an_amount_has_pence_where_there_are_some_or_where_its_column_has() {
        for (pence, alone, among) in [
            (30_000, "£300", "£300.00"),
            (-30_000, "−£300", "−£300.00"),
            (-30_050, "−£300.50", "−£300.50"),
            (0, "£0", "£0.00"),
            (
                i64::MIN + 1,
                "−£92,233,720,368,547,758.07",
                "−£92,233,720,368,547,758.07",
            ),
        ] {
            assert_eq!(signed(Pence(pence), false), alone);
            assert_eq!(signed(Pence(pence), true), among);
        }
    }
}
