//! Closing a month: from then on nothing counts in it any more.
//!
//! Source: RULES D.5 (month-end, quarterly statement, year-end agreement of balances); PEERS a4 64 and
//! b 19 (freeze before you pay; a later fact makes an adjustment, never a silent change). Months are
//! closed one after the other, each once it is over. A closed month is frozen by a hash over its transfers in
//! the order in which they were made, chained to the month before. What comes to light later is
//! posted in an open month.

use super::Refusal;
use jiff::civil::Date;
use kernel::Month;

/// A month that is closed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Frozen {
    /// The month.
    pub period: Month,
    /// How many transfers count in it, and, for the first month that was closed, before it.
    pub transfers: u64,
    /// Hash of the month before; empty for the first.
    pub previous: String,
    /// Hash over the month.
    pub hash: String,
}

/// Whether a month may be closed on a day: it comes next and is over. `closed_to` is the last one
/// that is closed; `earliest` is the first in which anything counts.
///
/// # Errors
/// Closed already, not next, or not over.
pub fn may_close(
    period: Month,
    closed_to: Option<Month>,
    earliest: Option<Month>,
    today: Date,
) -> Result<(), Refusal> {
    if closed_to.is_some_and(|closed| period <= closed) {
        return Err(Refusal::ClosedAlready(period));
    }
    let first = match closed_to {
        Some(closed) => closed.next(),
        None => earliest.unwrap_or(period),
    };
    // Where nothing is closed yet and nothing counts so early, closing begins where it is asked to.
    if period > first {
        return Err(Refusal::OutOfOrder {
            asked: period,
            first,
        });
    }
    match period.last() < today {
        true => Ok(()),
        false => Err(Refusal::NotOver(period)),
    }
}

/// What the hash of a month begins with: the month before it, then the month.
pub fn frozen_heading(period: Month, previous: &str) -> String {
    format!("almoner ledger period 1\n{previous}\n{period}\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn months_are_closed_in_turn() {
        let month = |text: &str| text.parse::<Month>().unwrap();
        let day = |text: &str| text.parse::<Date>().unwrap();
        let (april, may, june) = (month("2026-04"), month("2026-05"), month("2026-06"));
        for (period, closed_to, earliest, today, expected) in [
            (april, None, Some(april), "2026-05-01", Ok(())),
            (
                april,
                None,
                Some(april),
                "2026-04-30",
                Err(Refusal::NotOver(april)),
            ),
            (
                may,
                None,
                Some(april),
                "2026-07-01",
                Err(Refusal::OutOfOrder {
                    asked: may,
                    first: april,
                }),
            ),
            (april, None, None, "2026-07-01", Ok(())),
            (april, None, Some(may), "2026-07-01", Ok(())),
            (may, Some(april), Some(april), "2026-07-01", Ok(())),
            (
                april,
                Some(april),
                Some(april),
                "2026-07-01",
                Err(Refusal::ClosedAlready(april)),
            ),
            (
                june,
                Some(april),
                Some(april),
                "2026-07-01",
                Err(Refusal::OutOfOrder {
                    asked: june,
                    first: may,
                }),
            ),
        ] {
            assert_eq!(may_close(period, closed_to, earliest, day(today)), expected);
        }
    }
}
