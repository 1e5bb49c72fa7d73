//! By when a request to put a record right must be answered.
//!
//! Source: UK GDPR articles 12(3) and 16 (without undue delay, within one month of receipt), and
//! article 3 of Regulation 1182/71 as the Information Commissioner's guidance applies it, from
//! memory.
//!
//! In words: the last day is the day of the same number in the next month. Where that month has
//! no such day it is its last day. Where the last day is a Saturday, a Sunday or a bank holiday
//! it is the next working day.

use jiff::ToSpan;
use jiff::civil::Date;
use kernel::calendar::{Calendar, CalendarError};

/// The last day for an answer to what was asked on a day.
///
/// # Errors
/// The bank holidays of a year that is needed are not on file.
pub fn due_on(asked_on: Date, calendar: &Calendar) -> Result<Date, CalendarError> {
    calendar.working_day_on_or_after(asked_on.saturating_add(1.month()))
}

/// How a request stands on a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Clock {
    /// Days that are left; 0 on the last day.
    Left(i64),
    /// Days that it is late.
    Late(i64),
}

/// How a request that nobody has answered stands on a day.
pub fn clock(due_on: Date, today: Date) -> Clock {
    match kernel::calendar::days_between(today, due_on) {
        left if left >= 0 => Clock::Left(left),
        late => Clock::Late(-late),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::*;
    use jiff::civil::date;

    #[test]
    fn one_month_to_the_day_or_the_next_working_day() {
        let (calendar, wrong) = Calendar::parse(include_str!("../../../policy/bank-holidays.csv"));
        assert_eq!(wrong, []);
        for (asked_on, due) in [
            // A Tuesday to a Friday.
            (date(2018, 10, 16), date(2018, 11, 16)),
            // 31 January: February has no such day.
            (date(2018, 1, 31), date(2018, 2, 28)),
            (date(2024, 1, 31), date(2024, 2, 29)),
            (date(2024, 1, 30), date(2024, 2, 29)),
            // 31 March to 30 April.
            (date(2026, 3, 31), date(2026, 4, 30)),
            (date(2018, 9, 3), date(2018, 10, 3)),
            // To a Saturday, to a Sunday.
            (date(2018, 10, 3), date(2018, 11, 5)),
            (date(2018, 10, 4), date(2018, 11, 5)),
            // Christmas Day 2026 is a Friday; Boxing Day is kept on the Monday.
            (date(2026, 11, 25), date(2026, 12, 29)),
            // To New Year's Day.
            (date(2025, 12, 1), date(2026, 1, 2)),
            // Good Friday 2026 to the Tuesday after Easter.
            (date(2026, 3, 3), date(2026, 4, 7)),
            // Over the end of a year.
            (date(2018, 12, 12), date(2019, 1, 14)),
        ] {
            assert_eq!(due_on(asked_on, &calendar), Ok(due), "{asked_on}");
        }
    }

    #[test]
    fn the_clock_runs_to_the_last_day_and_then_is_late() {
        let due = date(2026, 5, 8);
        assert_eq!(clock(due, date(2026, 5, 1)), Clock::Left(7));
        assert_eq!(clock(due, due), Clock::Left(0));
        assert_eq!(clock(due, date(2026, 5, 9)), Clock::Late(1));
    }

    proptest::proptest! {
        #[test]
        fn the_last_day_is_a_working_day_about_a_month_away(days in 0_i64..2_000) {
            let (calendar, _) = Calendar::parse(include_str!("../../../policy/bank-holidays.csv"));
            let asked = kernel::calendar::add_days(date(2019, 1, 1), days);
            let due = due_on(asked, &calendar).unwrap();
            let away = kernel::calendar::days_between(asked, due);
            proptest::prop_assert!((28..=36).contains(&away), "{asked} {due}");
            proptest::prop_assert!(calendar.is_working_day(due).unwrap());
            // Asking later never gives an earlier last day.
            let next = due_on(kernel::calendar::add_days(asked, 1), &calendar).unwrap();
            proptest::prop_assert!(next >= due);
        }
    }
}
